//! What differs beside the members: the form of the tokens, their signatures, lifetimes and scopes, their kind and issuer.

use super::members::{self, Found, How, apart};
use super::table::table;
use crate::json::{Document, Kind, Value};
use crate::report::{Segment, SegmentRole, SignatureStatus, Token, TokenKind, json as words};
use crate::time::{self, Time};
use crate::why::Explained;

/// A difference, and the area that it belongs to.
pub type Row = (&'static str, Found);

/// Everything that differs and is no member of header or payload.
pub fn beside(first: &Explained, second: &Explained, one: &Token, other: &Token) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |area: &'static str, name: &str, first: Option<String>, second: Option<String>| {
        if first != second {
            rows.push((area, Found { name: name.to_owned(), first, second, how: How::Value }));
        }
    };
    let kind = |token: &Token| Some(words::token_kind(token.kind).to_owned());
    add("token", "kind", kind(one), kind(other));
    let status = |token: &Token| Some(words::signature_status(token.signature.status).to_owned());
    add("signature", "signature", status(one), status(other));
    if let (Some(first), Some(second)) = (used(one), used(other)) {
        add("key", "key used", Some(first), Some(second));
    }
    if let (Some(first), Some(second)) = (lifetime(one), lifetime(other)) {
        add("lifetime", "lifetime", Some(first), Some(second));
    }
    let profile = |explained: &Explained| {
        explained.whys.first().and_then(|why| why.profile.as_ref()).map(|profile| profile.name.to_owned())
    };
    add("profile", "profile", profile(first), profile(second));
    let provider = |explained: &Explained| {
        explained.whys.first().and_then(|why| why.provider.as_ref()).map(|provider| provider.name.to_owned())
    };
    add("provider", "provider", provider(first), provider(second));
    if limits(one) != limits(other) {
        add("token", "size", Some(size(one)), Some(size(other)));
    }
    rows.extend(encoding(one, other));
    if one.payload.is_some() && other.payload.is_some() {
        rows.extend(scopes(one, other).map(|found| ("scopes", found)));
    }
    rows
}

/// Whether two payloads are equal as JSON and differ as bytes.
pub fn same_claims(one: &Token, other: &Token) -> bool {
    match (&one.payload, &other.payload) {
        (Some(first), Some(second)) => first.bytes != second.bytes && members::equal(first, second),
        _ => false,
    }
}

/// Lengths that servers and browsers set as limits.
const LIMITS: [usize; 2] = [4096, 8192];

fn limits(token: &Token) -> usize {
    LIMITS.iter().filter(|limit| token.text.len() > **limit).count()
}

fn size(token: &Token) -> String {
    let count = crate::finding::Fact::Count(token.text.len() as u64);
    table().phrase("bytes", vec![("count", count)]).to_string()
}

/// The key that verified the signature, by its name.
fn used(token: &Token) -> Option<String> {
    let key = token.signature.key.as_ref().filter(|_| token.signature.status == SignatureStatus::Valid)?;
    key.thumbprint.clone().or_else(|| key.kid.clone())
}

/// From `iat`, or `nbf`, to `exp`.
fn lifetime(token: &Token) -> Option<String> {
    let payload = token.payload.as_ref()?;
    let at = |name: &str| {
        let value = payload.member(name).filter(|value| value.kind == Kind::Number)?;
        Time::from_number(&payload.raw(value)).ok()
    };
    let seconds = at("exp")?.since(at("iat").or_else(|| at("nbf"))?);
    Some(time::duration(seconds))
}

fn encoding(one: &Token, other: &Token) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut differs = |area: &'static str, name: &str, first: Option<String>, second: Option<String>| {
        rows.push((area, Found { name: name.to_owned(), first, second, how: How::Value }));
    };
    let text = |document: &Document| String::from_utf8_lossy(&document.bytes).into_owned();
    for (name, first, second) in
        [("encoding", &one.payload, &other.payload), ("header encoding", &one.header, &other.header)]
    {
        let (Some(first), Some(second)) = (first, second) else { continue };
        if first.bytes != second.bytes && members::equal(first, second) {
            differs("token", name, Some(text(first)), Some(text(second)));
        }
    }
    let whole = |token: &Token| {
        // Claims that are no object have no members to compare.
        let payload = token.payload.as_ref()?;
        let root = payload.root.as_ref()?;
        Some((!matches!(root.kind, Kind::Object(_)), payload.raw(root)))
    };
    match (whole(one), whole(other)) {
        (Some((false, _)), Some((false, _))) | (None, None) => {}
        (first, second) if first != second => {
            differs("token", "payload", first.map(|(_, raw)| raw), second.map(|(_, raw)| raw));
        }
        _ => {}
    }
    let segment = |token: &Token, role: SegmentRole| -> Option<Segment> {
        token.segments.iter().find(|segment| segment.role == role).cloned()
    };
    let written = |token: &Token, segment: &Segment| token.text.get(segment.span.clone()).map(str::to_owned);
    let mut signed_alike = one.kind == TokenKind::Jws && other.kind == TokenKind::Jws;
    for role in [SegmentRole::Header, SegmentRole::Payload, SegmentRole::Signature] {
        let (Some(first), Some(second)) = (segment(one, role), segment(other, role)) else { continue };
        let (first_text, second_text) = (written(one, &first), written(other, &second));
        if first.bytes == second.bytes && first_text != second_text {
            differs("token", "base64url", first_text, second_text);
        } else if signed_alike && role == SegmentRole::Signature && first.bytes != second.bytes {
            differs("signature", "signature bytes", first_text, second_text);
        }
        signed_alike &= first.bytes == second.bytes;
    }
    rows
}

/// What one claim says about scopes.
struct Scopes {
    claim: String,
    kind: &'static str,
    raw: String,
    granted: Vec<String>,
}

fn read_scopes(token: &Token) -> Vec<Scopes> {
    let Some(payload) = &token.payload else { return Vec::new() };
    let names = table().rows.iter().filter(|row| row.area == "scopes").flat_map(|row| &row.names);
    let read = |name: &String| {
        let value: &Value = payload.member(name)?;
        let mut granted: Vec<String> = Vec::new();
        for text in std::iter::once(value).chain(value.items()).filter_map(Value::as_str) {
            granted.extend(text.split_whitespace().map(str::to_owned));
        }
        Some(Scopes { claim: name.clone(), kind: members::type_name(value), raw: payload.raw(value), granted })
    };
    names.filter_map(read).collect()
}

fn scopes(one: &Token, other: &Token) -> Option<Found> {
    let (one, other) = (read_scopes(one), read_scopes(other));
    let facts = |scopes: &[Scopes]| -> Vec<(String, String)> {
        scopes.iter().map(|scopes| (scopes.claim.clone(), scopes.raw.clone())).collect()
    };
    if facts(&one) == facts(&other) {
        return None;
    }
    let names = |scopes: &[Scopes]| -> Vec<String> { scopes.iter().map(|scopes| scopes.claim.clone()).collect() };
    let kinds = |scopes: &[Scopes]| scopes.first().map_or("null", |scopes| scopes.kind);
    let granted = |scopes: &[Scopes]| -> Vec<String> {
        scopes.iter().flat_map(|scopes| scopes.granted.iter().cloned()).collect()
    };
    let (removed, added) = apart(granted(&one), granted(&other));
    let how = if one.is_empty() || other.is_empty() {
        How::Value
    } else if !removed.is_empty() || !added.is_empty() {
        How::Items(removed, added)
    } else if names(&one) != names(&other) {
        How::Place
    } else if kinds(&one) != kinds(&other) {
        How::Type(kinds(&one), kinds(&other))
    } else {
        How::Order
    };
    let mut name: Vec<String> = names(&one);
    name.extend(names(&other));
    let (name, _) = apart(name, Vec::new());
    let raw = |scopes: &[Scopes]| -> Option<String> {
        let raws: Vec<&str> = scopes.iter().map(|scopes| scopes.raw.as_str()).collect();
        (!raws.is_empty()).then(|| raws.join(", "))
    };
    Some(Found { name: name.join(", "), first: raw(&one), second: raw(&other), how })
}
