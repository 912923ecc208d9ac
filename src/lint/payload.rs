//! What a payload gives away: whoever holds the token can read it. Values are looked at and never shown; of what is found,
//! the names of the claims are listed.

use std::sync::OnceLock;

use super::code;
use super::look::{Look, beginning, strings, table};
use crate::finding::{Code, Fact, Finding};
use crate::json::{Document, Kind, Value};
use crate::order;

/// Of so many values the first ones are looked at: no payload that a person reads has more.
const MOST_VALUES: usize = 10_000;

/// So many names are listed of each group.
const MOST_NAMES: usize = 20;

/// Longer names are none of the table.
const LONGEST_NAME: usize = 40;

/// Sixteen digits, each with a separator between.
const LONGEST_CARD: usize = 31;

/// Names of a token's own are cut here.
const SHOWN: usize = 60;

/// What a value is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Personal,
    Official,
    Card,
    Password,
    Secret,
    Token,
    /// Holds tokens on purpose: nothing in it is looked at.
    Carrier,
}

const GROUPS: [(&str, Group); 7] = [
    ("personal", Group::Personal),
    ("official", Group::Official),
    ("card", Group::Card),
    ("password", Group::Password),
    ("secret", Group::Secret),
    ("token", Group::Token),
    ("carriers", Group::Carrier),
];

impl Look<'_> {
    pub(super) fn payload(&mut self) {
        let Some(document) = self.payload_object() else { return };
        let Some(root) = &document.root else { return };
        let mut walk = Walk { document, seen: 0, found: Vec::new() };
        walk.run(root);
        let listed = |code: Code, group: Group| {
            let names: Vec<String> =
                walk.found.iter().filter(|found| found.0 == group).map(|found| found.1.clone()).collect();
            let finding = Finding::warning(code, "/payload").with("claims", Fact::List(names.clone()));
            (!names.is_empty()).then_some(finding)
        };
        // By design: an ID token and a credential say who somebody is, and a response carries tokens.
        if !self.kind.is_personal
            && let Some(finding) = listed(code::PERSONAL_DATA, Group::Personal)
        {
            let info = Finding { severity: crate::finding::Severity::Info, ..finding };
            self.push_likely(info.with("kind", Fact::Words(self.kind.words)));
        }
        let is_credential = self.kind.is_personal && self.kind.carries_tokens;
        for (code, group, by_design) in [
            (code::OFFICIAL_NUMBER, Group::Official, is_credential),
            (code::CARD_NUMBER, Group::Card, is_credential),
            (code::PASSWORD, Group::Password, false),
            (code::SECRET, Group::Secret, false),
            (code::TOKEN, Group::Token, self.kind.carries_tokens),
        ] {
            if !by_design && let Some(finding) = listed(code, group) {
                self.push_likely(finding);
            }
        }
    }
}

/// A walk through all values of a payload, up to a bound.
struct Walk<'a> {
    document: &'a Document,
    /// How many values were looked at.
    seen: usize,
    /// What was found, with the name of the claim.
    found: Vec<(Group, String)>,
}

impl<'a> Walk<'a> {
    fn run(&mut self, root: &'a Value) {
        let mut waiting: Vec<(&'a str, &'a Value, usize)> = vec![("", root, 0)];
        while let Some((name, value, depth)) = waiting.pop() {
            self.seen += 1;
            if self.seen > MOST_VALUES {
                return;
            }
            let room = MOST_VALUES.saturating_sub(waiting.len());
            match &value.kind {
                Kind::Object(members) => {
                    for member in members.iter().take(room).rev() {
                        if !self.name(&member.name, &member.value, depth) {
                            waiting.push((&member.name, &member.value, depth + 1));
                        }
                    }
                }
                Kind::Array(items) => waiting.extend(items.iter().take(room).rev().map(|item| (name, item, depth))),
                Kind::String(text) => self.text(name, text),
                _ => {}
            }
        }
    }

    /// Looks at the name of a member; whether that is all there is to look at.
    fn name(&mut self, name: &str, value: &Value, depth: usize) -> bool {
        let piece = last_piece(name);
        let Some(group) = group(piece) else { return false };
        let holds_text = has_text(value);
        let is_something = holds_text || matches!(&value.kind, Kind::Number);
        let counts = match group {
            Group::Carrier => return true,
            // A dot before it makes it another thing's: `service-account.name`.
            Group::Personal => is_something && (!is_shallow(piece) || depth == 0 && !is_dotted(name)),
            Group::Official => is_something,
            // The number itself decides.
            Group::Card => self.is_card_number(value, true),
            Group::Password | Group::Secret | Group::Token => holds_text,
        };
        if counts {
            self.add(group, piece);
        }
        counts && group != Group::Personal
    }

    /// Looks at a text, whatever its claim is called.
    fn text(&mut self, name: &str, text: &str) {
        let piece = last_piece(name);
        if is_token(text) {
            return self.add(Group::Token, piece);
        }
        let begun = text.trim_start();
        for row in beginnings() {
            let fits = || (row.least..=row.most).contains(&begun.trim_end().len()) && is_key_text(begun);
            if begun.starts_with(row.start) && fits() {
                return self.add(row.group, piece);
            }
        }
        if is_grouped(text) && is_card_text(text) {
            self.add(Group::Card, piece);
        }
    }

    fn is_card_number(&self, value: &Value, in_members: bool) -> bool {
        match &value.kind {
            Kind::String(text) => text.len() <= LONGEST_CARD && is_card_text(text),
            Kind::Number => value.span.len() <= LONGEST_CARD && is_card_text(&self.document.raw(value)),
            Kind::Object(members) if in_members => {
                members.iter().take(MOST_NAMES).any(|member| self.is_card_number(&member.value, false))
            }
            _ => false,
        }
    }

    fn add(&mut self, group: Group, name: &str) {
        let name = beginning(if name.is_empty() { "…" } else { name }, SHOWN);
        let same = self.found.iter().filter(|found| found.0 == group);
        let (mut count, mut known) = (0, false);
        for found in same {
            count += 1;
            known |= found.1 == name;
        }
        if !known && count < MOST_NAMES {
            self.found.push((group, name.to_owned()));
        }
    }
}

/// How the keys and tokens of a service begin, and how long they are.
struct Beginning {
    start: &'static str,
    least: usize,
    most: usize,
    group: Group,
}

fn beginnings() -> &'static [Beginning] {
    static BEGINNINGS: OnceLock<Vec<Beginning>> = OnceLock::new();
    let beginning = |row: &'static Value| {
        let mut texts = strings(Some(row));
        let (group, start) = (texts.next()?, texts.next()?);
        let mut limits = row.items().iter().skip(2).map(|limit| names().raw(limit).parse().unwrap_or(0));
        let (least, most) = (limits.next().unwrap_or(0), limits.next().unwrap_or(0));
        let group = GROUPS.iter().find(|known| known.0 == group).map_or(Group::Secret, |known| known.1);
        Some(Beginning { start, least, most, group })
    };
    let rows = || names().member("values").map(Value::items).unwrap_or_default();
    BEGINNINGS.get_or_init(|| rows().iter().filter_map(beginning).collect())
}

/// The last piece of a name that has a namespace before it: `https://example.com/email`.
fn last_piece(name: &str) -> &str {
    name.rsplit(['/', ':', '#', '.']).find(|piece| !piece.is_empty()).unwrap_or(name)
}

/// Whether a dot stands before the last piece.
fn is_dotted(name: &str) -> bool {
    name.strip_suffix(last_piece(name)).is_some_and(|before| before.ends_with('.'))
}

/// The letters and digits of a name, in lower case.
fn plain(name: &str) -> Option<String> {
    let short = name.len() <= LONGEST_NAME;
    let letters = || name.chars().filter(char::is_ascii_alphanumeric).map(|character| character.to_ascii_lowercase());
    short.then(|| letters().collect())
}

fn group(name: &str) -> Option<Group> {
    static NAMES: OnceLock<Vec<(&'static str, Group)>> = OnceLock::new();
    let known = NAMES.get_or_init(|| {
        let mut known = Vec::new();
        for (group, meaning) in GROUPS {
            known.extend(strings(names().member(group)).map(|name| (name, meaning)));
        }
        order::sort(&mut known, |one, other| one.0 < other.0);
        known
    });
    let name = plain(name)?;
    let at = known.binary_search_by(|row| row.0.cmp(name.as_str())).ok()?;
    known.get(at).map(|row| row.1)
}

fn is_shallow(name: &str) -> bool {
    plain(name).is_some_and(|name| strings(names().member("shallow")).any(|shallow| shallow == name))
}

/// Whether there is any text in a value: an empty one, a boolean or `null` gives nothing away.
fn has_text(value: &Value) -> bool {
    match &value.kind {
        Kind::String(text) => !text.trim().is_empty(),
        Kind::Array(items) => items.iter().take(MOST_NAMES).any(has_text),
        Kind::Object(members) => members.iter().take(MOST_NAMES).any(|member| has_text(&member.value)),
        _ => false,
    }
}

/// Whether a text has the form of a signed or encrypted token with a JSON header.
fn is_token(text: &str) -> bool {
    let dots = || text.bytes().filter(|byte| *byte == b'.').count();
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte);
    text.len() > 30 && text.starts_with("eyJ") && text.bytes().all(fits) && matches!(dots(), 2 | 4)
}

/// Keys and tokens of services are one word, and PEM has its frame.
fn is_key_text(text: &str) -> bool {
    text.starts_with('-') || text.trim_end().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
}

/// Digits in groups, as cards have them printed.
fn is_grouped(text: &str) -> bool {
    text.len() <= LONGEST_CARD && text.contains([' ', '-']) && text.starts_with(|first: char| first.is_ascii_digit())
}

/// Fifteen or sixteen digits with the right last one (ISO/IEC 7812-1, Annex B), by one of the networks.
fn is_card_text(text: &str) -> bool {
    let separated = text.bytes().all(|byte| byte.is_ascii_digit() || b" -".contains(&byte));
    let digits: Vec<u32> = text.chars().filter_map(|character| character.to_digit(10)).collect();
    if !separated || !matches!(digits.len(), 15 | 16) {
        return false;
    }
    let first = digits.iter().take(4).fold(0, |number, digit| number * 10 + digit);
    let is_network = match digits.len() {
        15 => matches!(first / 100, 34 | 37),
        _ => first / 1000 == 4 || matches!(first / 100, 51..=55 | 65 | 35) || matches!(first, 2221..=2720 | 6011),
    };
    let doubled = |(place, digit): (usize, &u32)| match place % 2 {
        1 if *digit > 4 => digit * 2 - 9,
        1 => digit * 2,
        _ => *digit,
    };
    is_network && digits.iter().rev().enumerate().map(doubled).sum::<u32>() % 10 == 0
}

/// The table of names.
pub(super) fn names() -> &'static Document {
    static TABLE: OnceLock<Document> = OnceLock::new();
    TABLE.get_or_init(|| table(include_bytes!("../data/lint_claims.json")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json;

    #[test]
    fn a_hostile_payload_is_looked_at_up_to_a_bound() {
        let members: Vec<String> =
            (0..100_000).map(|number| format!(r#""password{number}":"x","email":"y""#)).collect();
        let flat = format!("{{{}}}", members.join(","));
        let deep = format!("{}1{}", r#"{"email":["#.repeat(200), "]}".repeat(200));
        let wide = format!("[{}]", vec![r#"{"a":["eyJ"],"b":{"secret":"x"}}"#; 50_000].join(","));
        for payload in [flat, deep, wide] {
            let document = json::read(payload.into_bytes());
            let mut walk = Walk { document: &document, seen: 0, found: Vec::new() };
            walk.run(document.root.as_ref().unwrap());
            assert!(walk.seen <= MOST_VALUES + 1, "{}", walk.seen);
            assert!(walk.found.len() <= MOST_NAMES * GROUPS.len());
        }
    }

    #[test]
    fn names_are_told_apart() {
        for (name, expected) in [
            ("email", Some(Group::Personal)),
            ("E-Mail", Some(Group::Personal)),
            ("https://example.com/claims/email", Some(Group::Personal)),
            ("http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress", Some(Group::Personal)),
            ("clientSecret", Some(Group::Secret)),
            ("software_statement", Some(Group::Carrier)),
            ("email_verified", None),
            ("pwd_exp", None),
            ("nonce", None),
        ] {
            assert_eq!(group(last_piece(name)), expected, "{name}");
        }
    }

    #[test]
    fn every_name_of_the_table_is_written_as_it_is_compared_and_stands_once() {
        let mut seen = Vec::new();
        for (group, _) in GROUPS {
            for name in strings(names().member(group)) {
                assert_eq!(plain(name).as_deref(), Some(name));
                assert!(!seen.contains(&name), "{name}");
                seen.push(name);
            }
        }
        assert!(seen.len() > 100);
    }

    #[test]
    fn cards_have_a_check_digit() {
        for (text, expected) in [
            ("4111 1111 1111 1111", true),
            ("4111-1111-1111-1111", true),
            ("4111 1111 1111 1112", false),
            ("3782 822463 10005", true),
            ("5555555555554444", true),
            ("9007199254740993", false),
            ("0000 0000 0000 0000", false),
            ("2026-11-20 14:00:00", false),
        ] {
            assert_eq!(is_card_text(text), expected, "{text}");
        }
    }
}
