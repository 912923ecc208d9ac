//! The table of this room, `src/data/lifetimes.json`, and which of its rows fit a token.

use std::sync::OnceLock;

use crate::json::{self, Document, Value};
use crate::why::Subject;
use crate::{profile, provider};

/// A token with all that rows ask about.
pub(super) struct Case<'a> {
    pub subject: &'a Subject<'a>,
    pub profile: Option<&'a profile::Reading>,
    pub provider: Option<&'a provider::Reading>,
    /// The kind of token; `other` where nothing tells.
    pub kind: &'static str,
}

impl Case<'_> {
    /// The first row of a section that fits.
    pub fn first(&self, section: &str) -> Option<&'static Value> {
        list(section).iter().find(|row| self.fits(row))
    }

    /// Whether a row fits: each list that it has must name what the token is. A profile says as much as a variant of the
    /// provider does.
    pub fn fits(&self, row: &Value) -> bool {
        let names = |name: &str, value: Option<&str>| match row.member(name) {
            None => true,
            Some(list) => value.is_some_and(|value| list.items().iter().any(|item| item.as_str() == Some(value))),
        };
        let provider = self.provider.map(|provider| provider.id);
        let is_variant = match (row.member("variants"), row.member("profiles")) {
            (None, None) => true,
            (variants, profiles) => {
                let variant = self.provider.and_then(|provider| provider.variant);
                let profile = self.profile.map(|profile| profile.id);
                variants.is_some() && names("variants", variant) || profiles.is_some() && names("profiles", profile)
            }
        };
        let is_excluded = row.member("not").is_some() && provider.is_some() && names("not", provider);
        names("providers", provider)
            && names("kinds", Some(self.kind))
            && is_variant
            && !is_excluded
            && row.member("claim").is_none_or(|path| self.has(path))
    }

    /// Whether the payload has a member at the end of a path.
    fn has(&self, path: &Value) -> bool {
        let mut value = self.subject.token.payload.as_ref().and_then(|payload| payload.root.as_ref());
        for step in path.items().iter().filter_map(Value::as_str) {
            value = value.and_then(|value| value.member(step));
        }
        value.is_some()
    }
}

/// The template of a row for a lifetime.
pub(super) fn said(row: &'static Value, seconds: i64) -> Option<&'static str> {
    let says = row.member("says").map(Value::items).unwrap_or_default();
    let fits = |entry: &&Value| {
        number(entry, "seconds").is_none_or(|exact| exact == seconds)
            && number(entry, "from").is_none_or(|from| from <= seconds)
            && number(entry, "to").is_none_or(|to| seconds <= to)
    };
    says.iter().find(fits).and_then(|entry| text(entry, "text"))
}

/// The rows of a section.
pub(super) fn list(section: &str) -> &'static [Value] {
    table().member(section).map(Value::items).unwrap_or_default()
}

/// A text of the table itself.
pub(super) fn word(name: &str) -> &'static str {
    table().string(name).unwrap_or_default()
}

/// The templates of a command.
pub(super) fn command(name: &str) -> Option<&'static Value> {
    table().member("commands")?.member(name)
}

/// A number of a row.
pub(super) fn number(row: &Value, name: &str) -> Option<i64> {
    table().raw(row.member(name)?).parse().ok()
}

/// A text of a row.
pub(super) fn text<'a>(row: &'a Value, name: &str) -> Option<&'a str> {
    row.member(name)?.as_str()
}

fn table() -> &'static Document {
    static TABLE: OnceLock<Document> = OnceLock::new();
    TABLE.get_or_init(|| json::read(include_bytes!("../data/lifetimes.json").to_vec()))
}
