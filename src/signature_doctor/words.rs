//! The doctor's table, `src/data/doctor_causes.json`: what its causes are called, and what is said about each.

use std::sync::OnceLock;

use super::code;
use crate::finding::{Code, Fact, Finding};
use crate::json::{self, Document, Value};
use crate::messages::{self, Prose};
use crate::time::Time;

/// Facts for a template.
pub type Facts = Vec<(&'static str, Fact)>;

/// Words from the table, as a fact; nothing where the table has none.
pub fn fact(group: &str, id: &str) -> Fact {
    Fact::Words(words(group, id))
}

/// Words from the table.
pub fn words(group: &str, id: &str) -> &'static str {
    table().member(group).and_then(|group| group.member(id)).and_then(Value::as_str).unwrap_or_default()
}

/// Words from the table with facts in them.
pub fn prose(group: &str, id: &str, facts: Facts, now: Time) -> Prose {
    let mut scratch = Finding::info(code::WRONG_KEY, "/signature");
    scratch.evidence = facts;
    messages::fill(words(group, id), &scratch, now)
}

/// A way to read the secret: the code of the cause when it fits, and the way in words.
pub fn reading(id: &str) -> Option<(Code, &'static str)> {
    let row = table().member("readings")?.member(id)?;
    let mut texts = row.items().iter().filter_map(Value::as_str);
    let name = texts.next()?;
    let code = code::ALL.iter().find(|code| code.0 == name)?;
    Some((*code, texts.next()?))
}

/// What is known of the way in which a token is written that is not written as its bytes demand, and what to do.
pub fn spelling(how: &str) -> Facts {
    vec![("how", fact("spellings", how)), ("spelling-advice", fact("spellings-advice", how))]
}

/// The rows of a list of texts.
pub fn rows(group: &str) -> &'static [Value] {
    table().member(group).map(Value::items).unwrap_or_default()
}

fn table() -> &'static Document {
    static TABLE: OnceLock<Document> = OnceLock::new();
    TABLE.get_or_init(|| json::read(include_bytes!("../data/doctor_causes.json").to_vec()))
}
