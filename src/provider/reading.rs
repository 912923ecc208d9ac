//! Recognising a provider, and reading a token as its own.
//!
//! Each row of the table has patterns for issuers and other marks, each with a weight. A mark of weight 1 is one that
//! many issuers share, such as `azp`: however many of them stand in a token, they name nobody without a heavier one.

use super::condition::View;
use super::table::{self, cell, cells, list, text};
use super::{Place, Reading};
use crate::finding::{Certainty, Finding};
use crate::json::{Kind, Value};
use crate::messages::Prose;
use crate::why::Subject;

/// From this weight on a mark alone is enough to be certain.
const CERTAIN: i64 = 10;

/// With less than this weight a provider is not even likely.
const LIKELY: i64 = 3;

/// Of longer lists of scopes and roles the first values are shown.
const MOST_VALUES: usize = 1000;

/// A mark that many issuers share.
const SHARED: i64 = 1;

/// Recognises the provider of a token.
pub fn recognise(subject: &Subject) -> Option<Reading> {
    let mut view = View::new(subject);
    let mut best: Option<Match> = None;
    for row in table::providers() {
        let found = Match::of(row, &view);
        // Of equals the first row counts.
        if found.is_likely() && best.as_ref().is_none_or(|best| found.rank() > best.rank()) {
            best = Some(found);
        }
    }
    let best = best?;
    let row = best.row;
    let variant = list(row, "variants").iter().find(|variant| view.all_hold(list(variant, "when")));
    view.variant = variant.map(|variant| text(variant, "variant"));
    view.certain = best.is_certain();
    Some(Reading {
        id: text(row, "id"),
        name: variant.map_or_else(|| text(row, "name"), |variant| text(variant, "name")),
        variant: view.variant,
        certain: view.certain,
        evidence: best.evidence(&view),
        claims: claims(row, &view),
        places: list(row, "places").iter().map(|row| place(row, &view)).collect(),
        findings: list(row, "traps").iter().filter_map(|row| trap(row, &view)).collect(),
    })
}

/// How well a token fits a provider.
struct Match {
    row: &'static Value,
    /// The weight of the issuer's pattern, when one fits.
    issuer: i64,
    /// The marks that hold.
    marks: Vec<&'static Value>,
}

impl Match {
    fn of(row: &'static Value, view: &View) -> Match {
        let fits = |pattern: &&'static Value| view.holds_for("/payload/iss", list(pattern, "is"));
        let issuer = list(row, "issuers").iter().filter(fits).find(|pattern| view.all_hold(list(pattern, "when")));
        let issuer = issuer.map_or(0, |pattern| weight(pattern.member("weight")));
        let marks = list(row, "marks").iter().filter(|mark| view.all_hold(cells(mark, 2))).collect();
        Match { row, issuer, marks }
    }

    fn weights(&self) -> impl Iterator<Item = i64> {
        self.marks.iter().map(|mark| weight(mark.items().first()))
    }

    fn is_likely(&self) -> bool {
        let is_distinct = self.issuer > 0 || self.weights().any(|weight| weight > SHARED);
        is_distinct && self.total() >= LIKELY
    }

    fn is_certain(&self) -> bool {
        let alone = self.weights().chain([self.issuer]).max().unwrap_or(0) >= CERTAIN;
        alone || (self.issuer > 0 && self.total() >= CERTAIN)
    }

    fn rank(&self) -> (bool, i64) {
        (self.is_certain(), self.total())
    }

    /// Marks that are not certain by themselves never weigh as much as one that is.
    fn total(&self) -> i64 {
        let certain = self.weights().filter(|weight| *weight >= CERTAIN).max().unwrap_or(0);
        let others: i64 = self.weights().filter(|weight| *weight < CERTAIN).sum();
        self.issuer + certain + others.min(CERTAIN - 1)
    }

    fn evidence(&self, view: &View) -> Vec<Prose> {
        let mut evidence = Vec::new();
        if self.issuer > 0 {
            let issuer = view.texts("/payload/iss");
            let words = table::table().string("issuer").unwrap_or_default();
            evidence.push(table::words(words, issuer.first().map_or("", |value| value)));
        }
        for mark in &self.marks {
            // The first condition is the one that the words speak of.
            let conditions = cells(mark, 2);
            let source = conditions.first().and_then(|condition| condition.items().first()).and_then(Value::as_str);
            let value = source.map(|source| view.matching(source, conditions)).unwrap_or_default();
            evidence.push(table::words(cell(mark, 1), value.first().map_or("", |value| value)));
        }
        evidence
    }
}

/// A weight as the table has it; without one it is certain.
fn weight(value: Option<&'static Value>) -> i64 {
    value
        .filter(|value| value.kind == Kind::Number)
        .map_or(CERTAIN, |value| table::table().raw(value).parse().unwrap_or(CERTAIN))
}

/// What the claims in the token mean: of several rows for one claim the first that fits.
fn claims(row: &'static Value, view: &View) -> Vec<(String, Prose)> {
    let mut explained: Vec<(String, Prose)> = Vec::new();
    let mut explain = |name: &str, pointer: String, key: String| {
        if explained.iter().any(|(known, _)| known == name) {
            return;
        }
        let fits = |row: &&'static Value| super::pattern::fits(cell(row, 0), &key) && view.all_hold(cells(row, 2));
        // Entra's claims mean the same at each of its versions.
        let shared = table::provider(text(row, "claims_of")).map(|other| list(other, "claims")).unwrap_or_default();
        if let Some(row) = list(row, "claims").iter().chain(shared).find(fits) {
            let value = view.texts(&pointer);
            explained.push((name.to_owned(), table::words(cell(row, 1), value.first().map_or("", |value| value))));
        }
    };
    for name in view.claims() {
        explain(name, crate::jose::pointer("/payload", name), name.to_owned());
    }
    for name in view.parameters() {
        let pointer = crate::jose::pointer("/header", name);
        explain(&pointer, pointer.clone(), pointer.clone());
    }
    explained
}

/// A place with its values: words of a text with spaces where scopes stand in one.
fn place(row: &'static Value, view: &View) -> Place {
    let mut values = Vec::new();
    for source in cells(row, 2) {
        // A source of its own, or a list of one and the conditions under which it counts.
        let source = match source.items() {
            [] => source.as_str(),
            [source, conditions @ ..] => source.as_str().filter(|_| view.all_hold(conditions)),
        };
        for text in source.map(|source| view.first_texts(source, MOST_VALUES)).unwrap_or_default() {
            match cell(row, 0) {
                "scopes" => values.extend(text.split_whitespace().map(str::to_owned)),
                _ => values.push(text.into_owned()),
            }
        }
    }
    Place { what: cell(row, 0), place: table::words(cell(row, 1), ""), values }
}

/// A trap as a finding, when it applies.
fn trap(row: &'static Value, view: &View) -> Option<Finding> {
    let conditions = list(row, "when");
    if !view.all_hold(conditions) {
        return None;
    }
    let mut finding = table::finding(row);
    // What is known of a provider follows from the bytes only where the row says so, and the provider is certain.
    if !view.certain || row.member("proved").is_none() {
        finding = finding.certainty(Certainty::Likely);
    }
    for fact in row.member("facts").map(Value::members).unwrap_or_default() {
        if let Some(source) = fact.value.as_str()
            && let Some(value) = view.fact(source, conditions)
        {
            finding = finding.with(&fact.name, value);
        }
    }
    Some(finding)
}
