//! An issuer's metadata: where it may be, and what it must say.

use super::code;
use super::failure::What;
use super::public_url::{Guard, PublicUrl, UrlFault, public_url};
use crate::finding::{Certainty, Fact, Finding};
use crate::json::Document;
use crate::text;

const OPENID: &str = "/.well-known/openid-configuration";
const OAUTH: &str = "/.well-known/oauth-authorization-server";

/// Where an issuer's metadata may be, in the order in which to ask.
///
/// 1. `{issuer}/.well-known/openid-configuration`, as in [OpenID Connect Discovery
///    §4](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig).
/// 2. `/.well-known/oauth-authorization-server` between host and path, as in [RFC 8414
///    §3](https://www.rfc-editor.org/rfc/rfc8414#section-3).
/// 3. That name after the path, where Okta has it.
///
/// # Errors
///
/// The finding that says why the issuer is no address to begin with. A bare host is one of these: it would be looked for
/// on this page's own host.
pub(super) fn places(issuer: &str, guard: &Guard) -> Result<Vec<PublicUrl>, Finding> {
    // The issuer was typed, so its own characters may be sent to it, and so may our own names after it.
    let plain = issuer.trim_end_matches('/');
    let begin = text::find(plain, "://").map_or(0, |at| at + 3);
    let path = plain.get(begin..).and_then(|rest| rest.find('/')).map_or(plain.len(), |at| begin + at);
    let (host, path) = plain.split_at_checked(path).unwrap_or((plain, ""));
    let mut texts = vec![[plain, OPENID].concat(), [host, OAUTH, path].concat()];
    if !path.is_empty() {
        texts.push([plain, OAUTH].concat());
    }
    let mut guard = guard.clone();
    guard.allowed.push(issuer);
    guard.allowed.extend(texts.iter().map(String::as_str));

    let own = public_url(issuer, &guard).map_err(|fault| refused("issuer", issuer, fault))?;
    if own.has_query() {
        // OpenID Connect Discovery §3: "no query or fragment components".
        let finding = Finding::warning(code::ADDRESS_REFUSED, "/issuer").with("name", Fact::Words("issuer"));
        return Err(finding.text("url", issuer).with("reason", Fact::Words("has a query, which no issuer has")));
    }
    texts.iter().map(|text| public_url(text, &guard).map_err(|fault| refused("issuer", issuer, fault))).collect()
}

/// The finding about an address that may not be fetched. `name` says what it is the address of.
pub(super) fn refused(name: &'static str, text: &str, fault: UrlFault) -> Finding {
    let subject = if name == "issuer" { "/issuer" } else { "/keys" };
    let code = match fault {
        UrlFault::Secret => code::ADDRESS_HOLDS_SECRET,
        UrlFault::NotAbsolute if name == "issuer" => code::ISSUER_NOT_URL,
        _ => code::ADDRESS_REFUSED,
    };
    // What was typed is no check of anything; what the metadata says is.
    let finding = if name == "jwks_uri" { Finding::error(code, subject) } else { Finding::warning(code, subject) };
    let finding = finding.with("name", Fact::Words(name));
    match fault {
        // A report is made to be passed on, so the address itself stays out of it.
        UrlFault::Secret => finding,
        _ => finding.text("url", text).with("reason", Fact::Words(fault.words())),
    }
}

/// What was found at a place.
pub(super) enum Metadata {
    /// Metadata of the expected issuer: its `jwks_uri`, and what to say about it.
    Fits(String, Finding),
    /// JSON, but no metadata.
    None(Finding),
    /// Metadata that must not be used.
    Unusable(Finding),
}

/// Checks metadata: the issuer must be the expected one, byte by byte ([RFC 8414
/// §3.3](https://www.rfc-editor.org/rfc/rfc8414#section-3.3): "MUST be identical").
pub(super) fn check(document: &Document, url: &PublicUrl, expected: &str) -> Metadata {
    let error = |code| Finding::error(code, What::Metadata.subject()).text("url", url.as_str());
    let jwks_uri = document.member("jwks_uri");
    let Some(issuer) = document.string("issuer") else {
        let finding = error(code::ISSUER_MISSING);
        return if jwks_uri.is_none() { Metadata::None(finding) } else { Metadata::Unusable(finding) };
    };
    if text::contains(issuer, "{tenantid}") {
        return Metadata::Unusable(error(code::ISSUER_TEMPLATE).text("found", issuer).text("expected", expected));
    }
    if issuer != expected {
        return Metadata::Unusable(error(code::ISSUER_MISMATCH).text("found", issuer).text("expected", expected));
    }
    match jwks_uri.and_then(|value| value.as_str()) {
        Some(jwks_uri) => {
            let finding = Finding::ok(code::METADATA, What::Metadata.subject()).certainty(Certainty::Stated);
            Metadata::Fits(jwks_uri.to_owned(), finding.text("url", url.as_str()))
        }
        None => Metadata::Unusable(error(code::JWKS_URI_MISSING)),
    }
}
