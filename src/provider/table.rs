//! The table of providers, read once.

use std::sync::OnceLock;

use crate::finding::{Code, Finding, Severity};
use crate::json::{self, Document, Value};
use crate::messages::{self, Prose};
use crate::time::Time;

/// The table.
pub fn table() -> &'static Document {
    static TABLE: OnceLock<Document> = OnceLock::new();
    TABLE.get_or_init(|| json::read(include_bytes!("../data/providers.json").to_vec()))
}

/// The rows of the providers.
pub fn providers() -> impl Iterator<Item = &'static Value> {
    rows(table().member("providers")).iter()
}

/// The row of a provider.
pub fn provider(id: &str) -> Option<&'static Value> {
    providers().find(|row| text(row, "id") == id)
}

/// The rows of the tokens that are no JSON Web Tokens.
pub fn opaque() -> &'static [Value] {
    rows(table().member("opaque"))
}

/// Every code in the table.
pub fn codes() -> Vec<Code> {
    let traps = providers().flat_map(|row| list(row, "traps"));
    traps.chain(opaque()).map(|row| Code(text(row, "code"))).collect()
}

/// A text of a row; empty where it has none.
pub fn text(row: &'static Value, name: &str) -> &'static str {
    row.member(name).and_then(Value::as_str).unwrap_or_default()
}

/// A list of a row; empty where it has none.
pub fn list(row: &'static Value, name: &str) -> &'static [Value] {
    rows(row.member(name))
}

/// The cell of a row that is a list.
pub fn cell(row: &'static Value, at: usize) -> &'static str {
    row.items().get(at).and_then(Value::as_str).unwrap_or_default()
}

/// The cells of a row from one on.
pub fn cells(row: &'static Value, from: usize) -> &'static [Value] {
    row.items().get(from..).unwrap_or_default()
}

/// A finding of the severity that its row names.
pub fn finding(row: &'static Value) -> Finding {
    let mut finding = Finding::info(Code(text(row, "code")), text(row, "subject"));
    if text(row, "severity") == "warning" {
        finding.severity = Severity::Warning;
    }
    finding
}

/// Words of the table with a value in them, as `{value}`.
pub fn words(template: &str, value: &str) -> Prose {
    messages::fill(template, &Finding::info(Code(""), "").text("value", value), Time::default())
}

fn rows(value: Option<&'static Value>) -> &'static [Value] {
    value.map(Value::items).unwrap_or_default()
}
