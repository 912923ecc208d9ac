//! What kind of token it is, as far as a role asks: an access token, an ID token, or one of the others. The rows stand in
//! `src/data/server_checks.json`.

use std::sync::OnceLock;

use crate::json::{self, Document, Value};
use crate::report::TokenName;
use crate::why::Subject;
use crate::{profile, provider};

/// What kind of token it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// Its stable name: `access`, `id`, `refresh`, `key`, `logout`, `dpop`, `assertion`, and others.
    pub id: &'static str,
    /// Its name with the article: "an access token".
    pub name: &'static str,
    /// What it is for, as a clause: "tells the client who signed in".
    pub purpose: &'static str,
    /// Whether the token, the text around it or the user says so; otherwise its claims make it likely.
    pub sure: bool,
    /// "This is", or "This looks like".
    pub looks: &'static str,
    /// What it was recognised by, as a JSON pointer into the token's parts.
    pub at: &'static str,
    /// Whether it is an ID token of an issuer that makes them to be sent to APIs, such as Firebase.
    pub for_api: bool,
}

/// The kind of a token. What the user chose comes first, then what the token itself says, then the text around it, then
/// what its claims make likely. `None` where nothing tells.
pub fn kind(
    subject: &Subject,
    profile: Option<&profile::Reading>,
    provider: Option<&provider::Reading>,
) -> Option<Kind> {
    let kind = recognised(subject, profile, provider)?;
    let for_api = kind.id == "id" && is_sent_to_apis(subject, provider);
    Some(Kind { for_api, ..kind })
}

fn recognised(
    subject: &Subject,
    profile: Option<&profile::Reading>,
    provider: Option<&provider::Reading>,
) -> Option<Kind> {
    let by_profile = |sure: bool| of_id(id_of(profile?.kind)?, sure, "/token");
    let chosen = profile.is_some_and(|profile| profile.chosen);
    let declared = profile.is_some_and(|profile| is_declared(profile, provider));
    by_profile(true)
        .filter(|_| chosen)
        .or_else(|| of_type(subject))
        .or_else(|| hinted(subject, provider).filter(|kind| kind.sure))
        .or_else(|| by_profile(true).filter(|_| declared))
        .or_else(|| of_name(subject))
        .or_else(|| hinted(subject, provider))
        .or_else(|| by_profile(false))
        .or_else(|| marked(subject).filter(|_| profile.is_none()))
}

/// Whether the documentation of the issuer has its ID tokens sent to APIs. A row may ask for an audience that begins so.
fn is_sent_to_apis(subject: &Subject, provider: Option<&provider::Reading>) -> bool {
    let Some(provider) = provider else { return false };
    let audience = claim(subject, "aud").and_then(Value::as_str).unwrap_or_default();
    rows("sent").iter().any(|row| {
        text(row, "provider") == Some(provider.id)
            && text(row, "variant").is_none_or(|variant| provider.variant == Some(variant))
            && text(row, "audience").is_none_or(|beginning| audience.starts_with(beginning))
    })
}

/// Whether the issuer of such an access token calls it opaque.
pub(super) fn is_opaque(profile: Option<&profile::Reading>, provider: Option<&provider::Reading>) -> bool {
    let is = |row: &Value, name: &str, value: Option<&str>| text(row, name).is_none_or(|wanted| value == Some(wanted));
    rows("opaque").iter().any(|row| {
        is(row, "profile", profile.map(|profile| profile.id))
            && is(row, "provider", provider.map(|provider| provider.id))
            && is(row, "variant", provider.and_then(|provider| provider.variant))
    })
}

/// A phrase of the table.
pub(super) fn phrase(name: &str) -> &'static str {
    table().member("phrases").and_then(|phrases| phrases.member(name)).and_then(Value::as_str).unwrap_or_default()
}

/// The table of this room, read once.
pub(super) fn table() -> &'static Document {
    static TABLE: OnceLock<Document> = OnceLock::new();
    TABLE.get_or_init(|| json::read(include_bytes!("../data/server_checks.json").to_vec()))
}

/// By the header's `typ`, `application/` left out as [RFC 7515 §4.1.9](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.9)
/// allows.
fn of_type(subject: &Subject) -> Option<Kind> {
    let typ = subject.token.header.as_ref()?.string("typ").filter(|typ| typ.len() <= LONGEST_TYPE)?;
    let typ = typ.to_ascii_lowercase();
    let typ = typ.strip_prefix("application/").unwrap_or(&typ);
    let id = table().member("types")?.member(typ)?.as_str()?;
    of_id(id, true, "/header/typ")
}

/// Longer values of `typ` are none that is registered.
const LONGEST_TYPE: usize = 100;

/// By what providers write into their tokens. A hint of one provider is certain for its tokens alone.
fn hinted(subject: &Subject, provider: Option<&provider::Reading>) -> Option<Kind> {
    rows("hints").iter().find_map(|row| {
        let name = row.member("claim")?.as_str()?;
        let value = claim(subject, name)?;
        let fits = match (text(row, "value"), text(row, "begins"), text(row, "member")) {
            (Some(expected), ..) => value.as_str() == Some(expected),
            (_, Some(begin), _) => value.as_str().is_some_and(|value| value.starts_with(begin)),
            (_, _, Some(member)) => value.member(member).is_some(),
            _ => false,
        };
        let beside = row.member("with").map(Value::items).unwrap_or_default();
        let fits = fits && beside.iter().filter_map(Value::as_str).all(|name| claim(subject, name).is_some());
        let sure = is_of(text(row, "provider"), provider);
        of_id(text(row, "kind").filter(|_| fits)?, sure, "/payload")
    })
}

/// Whether the token itself says that it has this profile. A provider's own profile is certain for its tokens alone.
fn is_declared(profile: &profile::Reading, provider: Option<&provider::Reading>) -> bool {
    let owner = table().member("owners").and_then(|owners| text(owners, profile.id));
    profile.declared && is_of(owner, provider)
}

/// Whether it is certain that this provider, where one is named, issued the token. One that was recognised by the very
/// hint that is asked about makes it no surer.
fn is_of(owner: Option<&str>, provider: Option<&provider::Reading>) -> bool {
    owner.is_none_or(|owner| provider.is_some_and(|provider| provider.certain && provider.id == owner))
}

/// By the name that the text around the token gives it.
fn of_name(subject: &Subject) -> Option<Kind> {
    let id = match subject.token.name? {
        TokenName::AccessToken => "access",
        TokenName::IdToken => "id",
        TokenName::RefreshToken => "refresh",
    };
    of_id(id, true, "/token")
}

/// By claims that belong to one kind.
fn marked(subject: &Subject) -> Option<Kind> {
    let has = |value: &Value| value.as_str().is_some_and(|name| claim(subject, name).is_some());
    let row = rows("marks").iter().find(|row| row.member("claims").is_some_and(|list| list.items().iter().any(has)))?;
    of_id(text(row, "kind")?, false, "/token")
}

/// Of a larger payload the first claims are looked at, so that a hostile one does not take its time many times over.
const MOST_CLAIMS: usize = 512;

/// The claim of that name.
fn claim<'a>(subject: &Subject<'a>, name: &str) -> Option<&'a Value> {
    let members = subject.token.payload.as_ref()?.root.as_ref()?.members();
    let members = members.get(..MOST_CLAIMS.min(members.len()))?;
    members.iter().rev().find(|member| member.name == name).map(|member| &member.value)
}

/// The row for what a profile is for.
fn id_of(kind: profile::Kind) -> Option<&'static str> {
    use profile::Kind::*;
    Some(match kind {
        IdToken => "id",
        AccessToken => "access",
        RefreshToken => "refresh",
        ClientAssertion => "assertion",
        AuthorizationGrant => "grant",
        RequestObject => "request",
        AuthorizationResponse => "response",
        LogoutToken => "logout",
        DpopProof => "dpop",
        SecurityEvent => "event",
        Credential => "credential",
        KeyBinding => "binding",
        IntrospectionResponse => "introspection",
        Other => return None,
    })
}

fn of_id(id: &str, sure: bool, at: &'static str) -> Option<Kind> {
    let row = rows("kinds").iter().find(|row| text(row, "kind") == Some(id))?;
    Some(Kind {
        id: text(row, "kind")?,
        name: text(row, "name")?,
        purpose: text(row, "purpose")?,
        sure,
        looks: phrase(if sure { "sure" } else { "likely" }),
        at,
        for_api: false,
    })
}

fn rows(name: &str) -> &'static [Value] {
    table().member(name).map(Value::items).unwrap_or_default()
}

fn text<'a>(row: &'a Value, name: &str) -> Option<&'a str> {
    row.member(name)?.as_str()
}
