//! What kind of token it is, as far as the lint has to know: how long such a token may live, where it is sent, and what it
//! carries by design.

use std::sync::OnceLock;

use super::look::{is_bool, table};
use crate::json::{Document, Kind as JsonKind, Value};
use crate::profile;
use crate::provider;
use crate::report::TokenName;
use crate::why::Subject;

/// A kind of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Kind {
    /// What it is called: "an access token".
    pub(super) words: &'static str,
    /// The longest lifetime in seconds that is nothing unusual; `None` where any is.
    pub(super) longest: Option<i64>,
    /// Whether it is sent to APIs in a header.
    pub(super) is_sent: bool,
    /// Whether it carries personal data by design.
    pub(super) is_personal: bool,
    /// Whether it carries other tokens by design.
    pub(super) carries_tokens: bool,
    /// Whether its provider never signs it with a secret.
    pub(super) never_by_secret: bool,
}

/// The kind of a token: that of its profile, or what its own marks tell.
pub(super) fn of(subject: &Subject, profile: Option<&profile::Reading>, provider: Option<&provider::Reading>) -> Kind {
    let row = |group: &str, name: &str| kinds().member(group)?.member(name);
    let provider = provider.and_then(|provider| Some((provider.certain, row("providers", provider.id)?)));
    let named = profile
        .and_then(|profile| row("profiles", profile.id)?.member("kind")?.as_str())
        .or_else(|| by_name(subject))
        .or_else(|| provider?.1.member("kind")?.as_str())
        .or_else(|| by_marks(subject));
    let kind = row("kinds", named.unwrap_or("other"));
    let has = |name: &str| is_bool(kind.and_then(|kind| kind.member(name)), true);
    let longest = provider.and_then(|(_, provider)| provider.member("longest"));
    Kind {
        words: kind.and_then(|kind| kind.member("words")?.as_str()).unwrap_or("a token"),
        longest: longest.or(kind.and_then(|kind| kind.member("longest"))).and_then(seconds),
        is_sent: has("sent"),
        is_personal: has("personal"),
        carries_tokens: has("tokens"),
        never_by_secret: provider.is_some_and(|(certain, row)| certain && is_bool(row.member("secrets"), false)),
    }
}

/// Whether a profile is one of a kind of token, and not of tokens in general.
pub(super) fn is_of_a_kind(profile: &profile::Reading) -> bool {
    kinds().member("profiles").is_some_and(|profiles| profiles.member(profile.id).is_some())
}

/// What the text around the token calls it.
fn by_name(subject: &Subject) -> Option<&'static str> {
    match subject.token.name? {
        TokenName::IdToken => Some("id"),
        TokenName::RefreshToken => Some("refresh"),
        // A provider says more: not every access token is one for an API.
        TokenName::AccessToken => None,
    }
}

/// The first mark that the token has.
fn by_marks(subject: &Subject) -> Option<&'static str> {
    let marks = kinds().member("marks").map(Value::items).unwrap_or_default();
    marks.iter().find_map(|mark| {
        let mut texts = mark.items().iter().filter_map(Value::as_str);
        let (kind, part, name, wanted) = (texts.next()?, texts.next()?, texts.next()?, texts.next()?);
        let document = if part == "header" { &subject.token.header } else { &subject.token.payload };
        has_mark(document.as_ref()?.member(name)?, wanted).then_some(kind)
    })
}

fn has_mark(value: &Value, wanted: &str) -> bool {
    if wanted == "*" {
        return true;
    }
    let Some(text) = value.as_str() else { return false };
    if let Some(beginning) = wanted.strip_prefix('^') {
        return text.starts_with(beginning);
    }
    let text = text.to_ascii_lowercase();
    match wanted.strip_prefix('$') {
        Some(ending) => text.ends_with(ending),
        None => text == wanted.to_ascii_lowercase(),
    }
}

fn seconds(value: &Value) -> Option<i64> {
    match value.kind {
        JsonKind::Number => kinds().raw(value).parse().ok(),
        _ => None,
    }
}

fn kinds() -> &'static Document {
    static TABLE: OnceLock<Document> = OnceLock::new();
    TABLE.get_or_init(|| table(include_bytes!("../data/lint_kinds.json")))
}
