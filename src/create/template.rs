//! Templates: kinds of tokens to start from, rows of `src/data/create_templates.json`.

use std::sync::OnceLock;

use super::edit::member;
use crate::json::{self, Document, Value, quoted};
use crate::time::Time;

/// A kind of token to start from.
#[derive(Clone, Copy)]
pub struct Template {
    row: &'static Value,
}

/// All of them, in the order of the table.
pub fn all() -> impl Iterator<Item = Template> {
    let rows = table().member("templates").map(Value::items).unwrap_or_default();
    rows.iter().map(|row| Template { row })
}

/// The template of that identifier.
pub fn named(id: &str) -> Option<Template> {
    all().find(|template| template.text("id") == id)
}

/// Header and payload of a template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// The header, as text.
    pub header: String,
    /// The payload, as text.
    pub payload: String,
}

impl Template {
    /// The text of a member of its row: `id`, `name`, `about`, `profile`, by whose rules it is read, or
    /// `algorithm`, which is the algorithm to choose where the
    /// chosen one is symmetric and the kind of token takes none such. Empty where the row has none.
    pub fn text(self, name: &str) -> &'static str {
        self.row.member(name).and_then(Value::as_str).unwrap_or_default()
    }

    /// Its texts, with the times that follow from `now` and with `random`, which is a text that nobody can guess.
    pub fn filled(self, now: Time, random: &str) -> Filled {
        let lines = |name: &str| {
            let lines: Vec<&str> =
                self.row.member(name).map(Value::items).unwrap_or_default().iter().filter_map(Value::as_str).collect();
            lines.join("\n")
        };
        let mut payload = lines("payload");
        let mut set = |name: &str, value: &str| {
            if let Some(edit) = member(&payload, name, value) {
                payload = edit.applied(&payload);
            }
        };
        for time in self.row.member("times").map(Value::members).unwrap_or_default() {
            let after: i64 = table().raw(&time.value).parse().unwrap_or_default();
            set(&time.name, &(now.seconds() + after).to_string());
        }
        for name in self.row.member("random").map(Value::items).unwrap_or_default().iter().filter_map(Value::as_str) {
            set(name, &quoted(random));
        }
        Filled { header: lines("header"), payload }
    }
}

fn table() -> &'static Document {
    static TABLE: OnceLock<Document> = OnceLock::new();
    TABLE.get_or_init(|| json::read(include_bytes!("../data/create_templates.json").to_vec()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_is_whole() {
        let now = Time::from_seconds(1_795_183_392);
        for template in all() {
            let (id, filled) = (template.text("id"), template.filled(now, "a\"b"));
            for name in ["id", "name", "about"] {
                assert!(!template.text(name).is_empty(), "{id}: {name}");
            }
            assert!(named(id).is_some());
            let payload = json::read(filled.payload.clone().into_bytes());
            let header = json::read(filled.header.clone().into_bytes());
            assert!(payload.is_json() && payload.faults.is_empty(), "{id}: {}", filled.payload);
            assert!(header.is_json() && header.string("alg").is_some(), "{id}: {}", filled.header);
            for time in template.row.member("times").unwrap().members() {
                let at = Time::from_number(&payload.raw(payload.member(&time.name).unwrap())).unwrap();
                assert!((at.seconds() - now.seconds()).abs() <= 86_400, "{id}: {}", time.name);
            }
            if template.row.member("random").is_some() {
                assert_eq!(payload.string("jti"), Some("a\"b"), "{id}");
            }
        }
        assert!(all().count() >= 5);
    }
}
