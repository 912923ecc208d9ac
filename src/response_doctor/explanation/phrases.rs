//! The words around the findings, from `src/data/response_next.json`: beginnings of headlines, what comes next, the labels of
//! the ticket. What is looked up here is a template by its group and name.

use std::sync::OnceLock;

use crate::finding::{Code, Finding};
use crate::json::{self, Document, Value};
use crate::messages::{Prose, fill};
use crate::response_doctor::Catalogue;
use crate::time::Time;

static NEXT: OnceLock<Document> = OnceLock::new();

/// The table.
pub(super) fn table() -> &'static Document {
    NEXT.get_or_init(|| json::read(include_bytes!("../../data/response_next.json").to_vec()))
}

/// The member of a group.
pub(super) fn row(group: &str, name: &str) -> Option<&'static Value> {
    table().member(group)?.member(name)
}

/// The template of that name; empty without one.
pub(super) fn phrase(group: &str, name: &str) -> &'static str {
    row(group, name).and_then(Value::as_str).unwrap_or_default()
}

/// The phrase of that name, without facts.
pub(super) fn words(group: &str, name: &str) -> Prose {
    fill(phrase(group, name), &facts(), Time::default())
}

/// Facts to fill a template with, none yet.
pub(super) fn facts() -> Finding {
    Finding::info(Code("response.facts"), "")
}

/// Whether a list holds a text.
pub(super) fn holds(list: &Value, text: &str) -> bool {
    list.items().iter().any(|item| item.as_str() == Some(text))
}

/// Whether a list of codes has one; `response.scope-*` stands for all that begin like it.
pub(super) fn matches(list: Option<&Value>, code: &str) -> bool {
    let patterns = list.map(Value::items).unwrap_or_default().iter().filter_map(Value::as_str);
    patterns.into_iter().any(|pattern| is_like(pattern, code))
}

/// Whether a code is this one, or begins like it up to a star.
pub(super) fn is_like(pattern: &str, code: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(beginning) => code.starts_with(beginning),
        None => code == pattern,
    }
}

/// Whether a code is about something, such as `scope`: by the table, or because its row says so of a token.
pub(super) fn is_about(what: &str, code: &str, catalogue: &Catalogue) -> bool {
    matches(row("about", what), code) || catalogue.row(code).is_some_and(|row| row.says == what)
}
