//! What a claim or header parameter means, from the tables in `src/data`.

use std::sync::OnceLock;

use crate::json::{self, Document, Kind, Value};
use crate::time::{Time, duration, relative};

/// What a claim or header parameter means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Its name.
    pub name: &'static str,
    /// What it means, in one sentence.
    pub explanation: &'static str,
    /// How its value is best worded.
    pub meaning: Meaning,
    /// Where it is specified, such as `RFC 7519 §4.1.1`; `None` for what only a provider defines.
    pub specification: Option<String>,
    /// Who uses it, for what no registry knows.
    pub provider: Option<&'static str>,
}

/// How a value is best worded.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Meaning {
    /// As it is.
    #[default]
    Plain,
    /// A NumericDate: a date.
    Time,
    /// A length of time in seconds.
    Duration,
    /// Scopes: a list, or words separated by spaces.
    Scopes,
    /// A short code from a fixed set.
    Code,
    /// The hash of something else.
    Hash,
    /// A URL.
    Url,
}

/// What the claim of that name means; `None` for a claim that neither the registry nor a known provider defines.
///
/// ```
/// use tokenscope::claims::{Meaning, explanation};
/// let exp = explanation("exp").unwrap();
/// assert_eq!((exp.meaning, exp.specification.as_deref()), (Meaning::Time, Some("RFC 7519 §4.1.4")));
/// ```
pub fn explanation(name: &str) -> Option<&'static Explained> {
    static TABLE: OnceLock<Vec<Explained>> = OnceLock::new();
    find(TABLE.get_or_init(|| read(include_str!("../data/claims.json"))), name)
}

/// What the header parameter of that name means.
///
/// ```
/// assert_eq!(tokenscope::claims::header_explanation("kid").unwrap().specification.as_deref(), Some("RFC 7515 §4.1.4"));
/// ```
pub fn header_explanation(name: &str) -> Option<&'static Explained> {
    static TABLE: OnceLock<Vec<Explained>> = OnceLock::new();
    find(TABLE.get_or_init(|| read(include_str!("../data/header_parameters.json"))), name)
}

/// A value in words, where its text alone says little to a person.
///
/// ```
/// use tokenscope::{claims::{Meaning, wording}, json, time::Time};
/// let payload = json::read(br#"{"scope":"read write"}"#.to_vec());
/// let scope = payload.member("scope").unwrap();
/// assert_eq!(wording(Meaning::Scopes, &payload, scope, Time::default()).as_deref(), Some("2 scopes."));
/// ```
pub fn wording(meaning: Meaning, document: &Document, value: &Value, now: Time) -> Option<String> {
    let number = || Time::from_number(&document.raw(value)).ok().filter(|_| value.kind == Kind::Number);
    match meaning {
        Meaning::Time => number().map(|time| [&time.date_and_time(), ", ", &relative(time, now), "."].concat()),
        Meaning::Duration => number().map(|time| [&duration(time.seconds()), "."].concat()),
        Meaning::Scopes => {
            let count = value.as_str().map_or(value.items().len(), |text| text.split_whitespace().count());
            Some([count.to_string().as_str(), if count == 1 { " scope." } else { " scopes." }].concat())
        }
        _ => None,
    }
}

fn find(table: &'static [Explained], name: &str) -> Option<&'static Explained> {
    table.iter().find(|row| row.name == name)
}

/// Reads `{"registered":{"RFC 7519":[[name, section, sentence, meaning], …]},"providers":{"Okta":[[name, sentence,
/// meaning], …]}}`; section and meaning may be empty or left out.
fn read(text: &'static str) -> Vec<Explained> {
    // The table is read once and lives as long as the program, like the text that it is read from.
    let document = Box::leak(Box::new(json::read(text.as_bytes().to_vec())));
    let groups = |name: &str| document.member(name).map(Value::members).unwrap_or_default();
    let mut rows = Vec::new();
    for group in groups("registered") {
        for row in group.value.items() {
            let cell = |at: usize| row.items().get(at).and_then(Value::as_str).unwrap_or_default();
            let mut specification = group.name.clone();
            if !cell(1).is_empty() {
                specification.push_str(" §");
                specification.push_str(cell(1));
            }
            rows.push(Explained {
                name: cell(0),
                explanation: cell(2),
                meaning: meaning(cell(3)),
                specification: Some(specification),
                provider: None,
            });
        }
    }
    for group in groups("providers") {
        for row in group.value.items() {
            let cell = |at: usize| row.items().get(at).and_then(Value::as_str).unwrap_or_default();
            rows.push(Explained {
                name: cell(0),
                explanation: cell(1),
                meaning: meaning(cell(2)),
                specification: None,
                provider: Some(&group.name),
            });
        }
    }
    rows
}

fn meaning(name: &str) -> Meaning {
    match name {
        "time" => Meaning::Time,
        "duration" => Meaning::Duration,
        "scopes" => Meaning::Scopes,
        "code" => Meaning::Code,
        "hash" => Meaning::Hash,
        "url" => Meaning::Url,
        _ => Meaning::Plain,
    }
}
