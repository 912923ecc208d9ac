//! What is known of a code beside its words: what makes the next attempt succeed, where, and what it excludes. For error codes
//! it stands in the catalogue, for this room's own codes in the rows of their messages.

use std::sync::OnceLock;

use super::phrases::{is_like, table};
use crate::json::{self, Document, Value};
use crate::response_doctor::Catalogue;
use crate::response_doctor::catalogue::{Next, next};

/// What is known of a code beside its words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Advice {
    /// What makes the next attempt succeed.
    pub next: Next,
    /// Where in the admin console, as a path; empty where it is elsewhere.
    pub place: Vec<&'static str>,
    /// The misreadings that it excludes: `token`, `scope`, `quota`, `outage`.
    pub excludes: Vec<&'static str>,
    /// The keys of the commands that would confirm it.
    pub commands: Vec<&'static str>,
}

/// The advice for a code; that of a code without a row is empty.
pub fn of(code: &str, catalogue: &Catalogue) -> Advice {
    if let Some(row) = catalogue.row(code) {
        let (place, excludes) = (row.place.clone(), row.excludes.clone());
        return Advice { next: row.next, place, excludes, commands: Vec::new() };
    }
    let own = tables().iter().find_map(|table| table.member(code)).map(read).unwrap_or_default();
    let usual = table().member("advice").map(Value::members).unwrap_or_default().iter();
    let usual = usual.into_iter().find(|member| is_like(&member.name, code)).map(|member| read(&member.value));
    own.or(usual.unwrap_or_default())
}

impl Advice {
    /// This advice, and the other's where this one says nothing.
    fn or(self, other: Advice) -> Advice {
        let either = |one: Vec<&'static str>, other: Vec<&'static str>| if one.is_empty() { other } else { one };
        Advice {
            next: if self.next == Next::None { other.next } else { self.next },
            place: either(self.place, other.place),
            excludes: either(self.excludes, other.excludes),
            commands: either(self.commands, other.commands),
        }
    }
}

/// The rows of this room's own codes.
fn tables() -> &'static [Document; 2] {
    static TABLES: OnceLock<[Document; 2]> = OnceLock::new();
    TABLES.get_or_init(|| {
        [
            json::read(include_bytes!("../../data/messages/response_answer.json").to_vec()),
            json::read(include_bytes!("../../data/messages/response_join.json").to_vec()),
        ]
    })
}

fn read(row: &'static Value) -> Advice {
    let text = |name: &str| row.member(name).and_then(Value::as_str).unwrap_or_default();
    // A list, or a single one.
    let texts = |name: &str| -> Vec<&'static str> {
        let Some(value) = row.member(name) else { return Vec::new() };
        value.as_str().into_iter().chain(value.items().iter().filter_map(Value::as_str)).collect()
    };
    Advice { next: next(text("next")), place: texts("place"), excludes: texts("not"), commands: texts("command") }
}
