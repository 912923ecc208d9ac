//! The profiles as data: `src/data/token_profiles.json`, read once.
//!
//! A profile is a row with its signs, by which it is recognised, and its rules. A sign is a weight, a [`Test`] and the
//! clause that words it. A rule says where its value stands, what [`Want`] it has to satisfy, and when it applies.

use std::sync::OnceLock;

use super::shape::Want;
use super::test::{Path, Test};
use super::{Kind, Level};
use crate::finding::{Code, Severity};
use crate::json::{self, Document, Value};

/// The whole table.
pub(super) struct Table {
    /// Every profile, in order.
    pub profiles: Vec<Profile>,
    /// Kinds of token that say what they are and have no rules here.
    pub others: Vec<Other>,
    words: &'static Document,
}

/// A kind of token, with its rules.
pub(super) struct Profile {
    pub id: &'static str,
    pub name: &'static str,
    pub specification: &'static str,
    pub reference: &'static str,
    pub kind: Kind,
    pub signs: Vec<Sign>,
    pub rules: Vec<Rule>,
}

/// A kind of token without rules here.
pub(super) struct Other {
    pub name: &'static str,
    pub specification: &'static str,
    pub reference: &'static str,
    pub kind: Kind,
    pub sign: Sign,
}

/// Something that a kind is recognised by.
pub(super) struct Sign {
    /// How much it says. From [`DECLARES`] on, the token itself says so.
    pub weight: u32,
    pub test: Test,
    /// The template of its clause.
    pub evidence: &'static str,
}

/// Signs of this weight are declarations.
pub(super) const DECLARES: u32 = 500;

/// One requirement.
pub(super) struct Rule {
    pub code: Code,
    pub item: &'static str,
    pub level: Level,
    pub rule: &'static str,
    pub reference: &'static str,
    /// Where its value stands: the first place that has one.
    pub at: Vec<Path>,
    pub want: Want,
    pub when: When,
    /// The gravest that its finding may be.
    pub most: Severity,
    /// The findings of the first verdict that say the same: then it is not said again. `disclosure` for what
    /// [`crate::disclosure`] says.
    pub said_by: Vec<&'static str>,
    /// What is said where the value is right, if there is more to say than the value.
    pub note: &'static str,
}

impl Rule {
    /// Whether what breaks it always has a finding of [`crate::disclosure`].
    pub(super) fn is_said_of_disclosures(&self) -> bool {
        self.said_by.contains(&"disclosure")
    }
}

/// When a requirement applies.
pub(super) enum When {
    /// Always.
    Always,
    /// When the test holds; otherwise the words say why not.
    Test(Test, &'static str),
    /// Nothing at hand tells; the words say what it depends on.
    Unknown(&'static str),
}

/// The table, read when it is first used.
pub(super) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(read)
}

impl Table {
    /// The words of that group and name; empty without them.
    pub(super) fn words(&self, group: &str, name: &str) -> &'static str {
        self.words.member(group).and_then(|group| group.member(name)).and_then(Value::as_str).unwrap_or_default()
    }

    /// The texts of a list.
    pub(super) fn list(&self, name: &str) -> impl Iterator<Item = &'static str> {
        self.words.member(name).map(Value::items).unwrap_or_default().iter().filter_map(Value::as_str)
    }
}

fn read() -> Table {
    // The table is read once and lives as long as the program, like the text that it is read from.
    let document: &'static Document =
        Box::leak(Box::new(json::read(include_bytes!("../data/token_profiles.json").to_vec())));
    let rows = |name: &str| document.member(name).map(Value::items).unwrap_or_default();
    Table {
        profiles: rows("profiles").iter().map(profile).collect(),
        others: rows("others").iter().map(other).collect(),
        words: document,
    }
}

fn profile(row: &'static Value) -> Profile {
    let id = text(row, "id");
    Profile {
        id,
        name: text(row, "name"),
        specification: text(row, "specification"),
        reference: text(row, "reference"),
        kind: kind(text(row, "kind")),
        signs: items(row, "signs").iter().map(sign).collect(),
        rules: items(row, "requirements").iter().map(|row| rule(id, row)).collect(),
    }
}

fn other(row: &'static Value) -> Other {
    Other {
        name: text(row, "name"),
        specification: text(row, "specification"),
        reference: text(row, "reference"),
        kind: kind(text(row, "kind")),
        sign: row.member("sign").map_or(Sign { weight: 0, test: Test::Never, evidence: "" }, sign),
    }
}

fn sign(row: &'static Value) -> Sign {
    let cell = |at: usize| row.items().get(at);
    Sign {
        weight: cell(0).and_then(Value::as_str).and_then(|weight| weight.parse().ok()).unwrap_or(0),
        test: cell(1).map_or(Test::Never, Test::read),
        evidence: cell(2).and_then(Value::as_str).unwrap_or_default(),
    }
}

fn rule(profile: &str, row: &'static Value) -> Rule {
    let code: &'static str = Box::leak(["profile.", profile, ".", text(row, "id")].concat().into_boxed_str());
    let when = match (row.member("when"), text(row, "otherwise")) {
        (Some(test), words) => When::Test(Test::read(test), words),
        (None, "") => When::Always,
        (None, words) => When::Unknown(words),
    };
    Rule {
        code: Code(code),
        item: text(row, "item"),
        level: level(text(row, "level")),
        rule: text(row, "rule"),
        reference: text(row, "reference"),
        at: items(row, "at").iter().filter_map(Value::as_str).map(Path::read).collect(),
        want: row.member("want").map_or(Want::Never, Want::read),
        when,
        most: if text(row, "most") == "warning" { Severity::Warning } else { Severity::Error },
        said_by: items(row, "said-by").iter().filter_map(Value::as_str).collect(),
        note: text(row, "note"),
    }
}

fn text(row: &'static Value, name: &str) -> &'static str {
    row.member(name).and_then(Value::as_str).unwrap_or_default()
}

fn items(row: &'static Value, name: &str) -> &'static [Value] {
    row.member(name).map(Value::items).unwrap_or_default()
}

fn level(name: &str) -> Level {
    match name {
        "required" => Level::Required,
        "recommended" => Level::Recommended,
        "conditional" => Level::Conditional,
        "forbidden" => Level::Forbidden,
        _ => Level::Optional,
    }
}

fn kind(name: &str) -> Kind {
    match name {
        "id-token" => Kind::IdToken,
        "access-token" => Kind::AccessToken,
        "refresh-token" => Kind::RefreshToken,
        "client-assertion" => Kind::ClientAssertion,
        "authorization-grant" => Kind::AuthorizationGrant,
        "request-object" => Kind::RequestObject,
        "authorization-response" => Kind::AuthorizationResponse,
        "logout-token" => Kind::LogoutToken,
        "dpop-proof" => Kind::DpopProof,
        "security-event" => Kind::SecurityEvent,
        "credential" => Kind::Credential,
        "key-binding" => Kind::KeyBinding,
        "introspection-response" => Kind::IntrospectionResponse,
        _ => Kind::Other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A misspelt test, want, level or kind would silently be one that never holds.
    #[test]
    fn every_row_of_the_table_is_understood() {
        let table = table();
        assert!(table.words.is_json() && table.words.faults.is_empty(), "{:?}", table.words.faults);
        for profile in &table.profiles {
            assert!(profile.reference.starts_with("https://"), "{}", profile.id);
            assert!(!profile.specification.is_empty() && !profile.name.is_empty(), "{}", profile.id);
            for sign in &profile.signs {
                assert!(sign.weight > 0 && sign.test.is_whole() && !sign.evidence.is_empty(), "{}", profile.id);
            }
            for rule in &profile.rules {
                assert!(rule.reference.starts_with("https://"), "{:?}", rule.code);
                assert!(!matches!(rule.want, Want::Never), "{:?}", rule.code);
                assert!(!rule.item.is_empty() && !rule.rule.is_empty(), "{:?}", rule.code);
                assert!(rule.level != Level::Optional || rule.most == Severity::Error, "{:?}", rule.code);
                if let When::Test(test, words) = &rule.when {
                    assert!(test.is_whole() && !words.is_empty(), "{:?}", rule.code);
                }
            }
        }
        for other in &table.others {
            assert!(other.reference.starts_with("https://"), "{}", other.name);
            assert!(other.sign.weight > 0 && other.sign.test.is_whole(), "{}", other.name);
        }
        let document = json::read(include_bytes!("../data/token_profiles.json").to_vec());
        let known = ["required", "recommended", "conditional", "forbidden", "optional"];
        for profile in document.member("profiles").unwrap().items() {
            for rule in profile.member("requirements").unwrap().items() {
                assert!(known.contains(&rule.member("level").unwrap().as_str().unwrap()));
            }
        }
    }
}
