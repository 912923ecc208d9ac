//! What verifiers look at, in their order, and what a difference in it means: `src/data/compare.json`, read once.

use std::sync::OnceLock;

use super::Bearing;
use crate::finding::{Code, Fact, Finding};
use crate::json::{self, Value};
use crate::messages::{self, Prose};
use crate::order;
use crate::time::Time;

/// One row: some names of one area, and what it means where they differ.
pub struct Row {
    /// The kind of thing.
    pub area: String,
    /// The names that the row speaks of.
    pub names: Vec<String>,
    /// How a difference bears where nothing more is known.
    pub bearing: Bearing,
    /// What a difference means.
    pub meaning: String,
    /// Findings that the difference explains, beside those whose subject it is; one that ends in a dot stands for all
    /// that begin with it.
    pub codes: Vec<String>,
}

/// The whole table.
pub struct Table {
    /// In the order in which verifiers look.
    pub rows: Vec<Row>,
    /// Failures that say nothing about whether a token worked before.
    pub time: Vec<String>,
    /// Findings that leave the signature undecided, where it may be decided for another token.
    pub undecided: Vec<String>,
    /// Findings that say more about a failed signature.
    pub hints: Vec<String>,
    phrases: Vec<(String, String)>,
    /// Every name of every row, sorted: a payload may have a hundred thousand members to look up.
    names: Vec<String>,
}

/// The table.
pub fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| read(include_str!("../data/compare.json")))
}

impl Table {
    /// The row of that name in one of these areas, and its place in the order.
    pub fn row(&self, areas: &[&str], name: &str) -> Option<(usize, &Row)> {
        let is = |row: &Row| areas.contains(&row.area.as_str()) && row.names.iter().any(|known| known == name);
        self.rows.iter().enumerate().find(|(_, row)| is(row))
    }

    /// Whether any row has that name.
    pub fn knows(&self, name: &str) -> bool {
        self.names.binary_search_by(|known| known.as_str().cmp(name)).is_ok()
    }

    /// Words that stand around values.
    pub fn phrase(&self, name: &str, evidence: Vec<(&'static str, Fact)>) -> Prose {
        let template = self.phrases.iter().find(|(key, _)| key == name).map_or("", |(_, text)| text.as_str());
        filled(template, evidence)
    }
}

/// A template with these facts.
pub fn filled(template: &str, evidence: Vec<(&'static str, Fact)>) -> Prose {
    let mut finding = Finding::info(Code(""), "");
    finding.evidence = evidence;
    messages::fill(template, &finding, Time::default())
}

impl Row {
    /// Whether a difference in this row explains that finding by its code.
    pub fn names_code(&self, code: Code) -> bool {
        let is = |known: &str| if known.ends_with('.') { code.0.starts_with(known) } else { code.0 == known };
        self.codes.iter().any(|known| is(known))
    }
}

fn read(text: &str) -> Table {
    let document = json::read(text.as_bytes().to_vec());
    let list = |value: Option<&Value>| {
        let items = value.map(Value::items).unwrap_or_default();
        items.iter().filter_map(|item| item.as_str().map(str::to_owned)).collect::<Vec<String>>()
    };
    let mut rows = Vec::new();
    for row in document.member("rows").map(Value::items).unwrap_or_default() {
        let cell = |at: usize| row.items().get(at).and_then(Value::as_str).unwrap_or_default();
        rows.push(Row {
            area: cell(0).to_owned(),
            names: if cell(0) == "claim" || cell(0) == "header" || cell(0) == "scopes" {
                cell(1).split(' ').map(str::to_owned).collect()
            } else {
                vec![cell(1).to_owned()]
            },
            bearing: match cell(2) {
                "expected" => Bearing::Expected,
                "none" => Bearing::None,
                _ => Bearing::Possible,
            },
            meaning: cell(3).to_owned(),
            codes: list(row.items().get(4)),
        });
    }
    let codes = |name: &str| list(document.member("codes").and_then(|codes| codes.member(name)));
    let phrases = document.member("phrases").map(Value::members).unwrap_or_default();
    let phrase = |member: &json::Member| (member.name.clone(), member.value.as_str().unwrap_or_default().to_owned());
    let mut names: Vec<String> = rows.iter().flat_map(|row: &Row| row.names.iter().cloned()).collect();
    order::sort(&mut names, |one, other| one < other);
    Table {
        rows,
        time: codes("time"),
        undecided: codes("undecided"),
        hints: codes("hints"),
        phrases: phrases.iter().map(phrase).collect(),
        names,
    }
}
