//! Why two identifiers differ that should be equal: the well-known reasons, by a table of patterns.
//!
//! A row of `src/data/reasons.json` is a code, a pattern for what the token holds, and a pattern for what was expected.
//! `<name>` stands for one or more characters other than `/`, `<name*>` for one or more of any kind, and the same name
//! stands for the same text on both sides. `<name#>` stands for a GUID. The first row that fits is the reason.

use std::sync::OnceLock;

use super::code;
use crate::finding::{Certainty, Code, Finding};
use crate::json::{self, Document, Value};

/// Longer texts are no identifiers; matching them would only cost time.
const LONGEST: usize = 300;

/// Of longer lists only the beginning is looked at, so that a hostile token can't stop the page.
const MOST: usize = 32;

/// A reason as a finding: a fact about the finding before it.
pub(super) fn finding(code: Code, subject: &str) -> Finding {
    Finding::info(code, subject).certainty(Certainty::Likely)
}

/// The reason why an issuer is none of the accepted ones, and the accepted one to compare it with.
pub(super) fn issuer<'a>(found: &str, accepted: &'a [String]) -> (Option<Code>, &'a str) {
    match best("issuer", &[found], accepted) {
        Some((code, _, expected)) => (Some(code), expected),
        None => (None, nearest(found, accepted)),
    }
}

/// The accepted text that begins most like the one found, which makes the shortest difference.
fn nearest<'a>(found: &str, accepted: &'a [String]) -> &'a str {
    let same = |text: &&String| text.bytes().zip(found.bytes()).take_while(|(one, other)| one == other).count();
    accepted.iter().rev().max_by_key(same).map_or("", String::as_str)
}

/// The reason why two audiences that nearly agree are not equal, and the two texts.
pub(super) fn near_audience<'f, 'e>(found: &[&'f str], accepted: &'e [String]) -> Option<(Code, &'f str, &'e str)> {
    best("audience", found, accepted)
}

/// The reason why a well-known audience is not the accepted one. In a list it may stand beside the one that matters, so
/// only a single audience is looked at.
pub(super) fn known_audience<'f, 'e>(found: &[&'f str], accepted: &'e [String]) -> Option<(Code, &'f str, &'e str)> {
    let [_] = found else { return None };
    best("audience-value", found, accepted)
}

/// The first row of a table that fits any pair.
fn best<'f, 'e>(table: &str, found: &[&'f str], expected: &'e [String]) -> Option<(Code, &'f str, &'e str)> {
    let rows = reasons().member(table).map(Value::items).unwrap_or_default();
    rows.iter().find_map(|row| {
        let mut texts = row.items().iter().filter_map(Value::as_str);
        let code = texts.next()?;
        let code = code::ALL.iter().find(|known| known.0 == code)?;
        let (left, right) = (texts.next()?, texts.next()?);
        found.iter().take(MOST).find_map(|found| {
            expected
                .iter()
                .find(|expected| fits(left, right, found, expected))
                .map(|expected| (*code, *found, expected.as_str()))
        })
    })
}

fn reasons() -> &'static Document {
    static TABLE: OnceLock<Document> = OnceLock::new();
    TABLE.get_or_init(|| json::read(include_bytes!("../data/reasons.json").to_vec()))
}

/// Whether two texts fit a pair of patterns. `=case` and `=space` are relations that no pattern can say.
fn fits(left: &str, right: &str, found: &str, expected: &str) -> bool {
    if found.len() > LONGEST || expected.len() > LONGEST {
        return false;
    }
    match left {
        "=case" => found.eq_ignore_ascii_case(expected),
        "=space" => found.trim() == expected.trim(),
        _ => {
            let mut pattern = left.to_owned();
            pattern.push('\n');
            pattern.push_str(right);
            let mut text = found.to_owned();
            text.push('\n');
            text.push_str(expected);
            matches(&pattern, &text, &mut Vec::new())
        }
    }
}

/// Matches by trying the shortest text for each name first. Both texts are matched as one, divided by a line break that
/// no name spans, so that a name on the right is bound on the left.
fn matches<'a>(pattern: &'a str, text: &'a str, bound: &mut Vec<(&'a str, &'a str)>) -> bool {
    let Some(open) = pattern.find('<') else { return pattern == text };
    let (Some(literal), Some(rest)) = (pattern.get(..open), pattern.get(open + 1..)) else { return false };
    let Some(text) = text.strip_prefix(literal) else { return false };
    let Some((name, rest)) = rest.split_once('>') else { return false };
    if let Some((_, known)) = bound.iter().find(|(known, _)| *known == name) {
        return text.strip_prefix(known).is_some_and(|text| matches(rest, text, bound));
    }
    let wide = name.ends_with('*');
    for (at, character) in text.char_indices() {
        if character == '\n' || (character == '/' && !wide) {
            return false;
        }
        let Some((taken, left)) = text.split_at_checked(at + character.len_utf8()) else { return false };
        if name.ends_with('#') && !is_guid(taken) {
            continue;
        }
        bound.push((name, taken));
        if matches(rest, left, bound) {
            return true;
        }
        bound.pop();
    }
    false
}

fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}
