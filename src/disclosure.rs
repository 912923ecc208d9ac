//! Selective disclosure: SD-JWT ([RFC 9901](https://www.rfc-editor.org/rfc/rfc9901)).
//!
//! [`whole`] says what stands behind a token of a pasted text, and [`read`] what that discloses: each disclosure with its
//! place, the digests that stay undisclosed, the payload as a verifier would see it, and every rule that is broken. Nothing
//! here looks at a signature: neither at the issuer's nor at the holder's, whose key [`Disclosure::holder_key`] gives.

use crate::finding::{Code, Finding};
use crate::json::{self, Document, Value};
use crate::order;
use crate::report::Token;

mod binding;
pub mod code;
mod form;
mod hash;
mod parts;
mod process;

use form::Form;
pub(crate) use hash::Hash;

/// What an SD-JWT discloses, and what it keeps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Disclosure {
    /// Whether it came in the form of an SD-JWT, and not as the JWT alone.
    pub is_presented: bool,
    /// The disclosures, in order.
    pub disclosed: Vec<Disclosed>,
    /// Digests without a disclosure, each as the JSON pointer of where it stands and the digest: undisclosed claims, or
    /// decoys, which nobody but the issuer can tell apart.
    pub undisclosed: Vec<(String, String)>,
    /// The payload with the disclosed claims in their places, as JSON bytes. `None` where the payload can't be read, or where
    /// the hash of the digests can't be computed here.
    pub processed: Option<Vec<u8>>,
    /// The key-binding token behind the disclosures.
    pub key_binding: Option<String>,
    /// Whether the `sd_hash` of the key-binding token is the hash of everything before it; `None` where that can't be told.
    pub is_bound: Option<bool>,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

/// One disclosure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disclosed {
    /// As it stands in the text.
    pub text: String,
    /// The name of the claim; `None` for an element of an array.
    pub name: Option<String>,
    /// Its value, as JSON text.
    pub value: String,
    /// Its digest, as it stands in the payload; empty where the hash can't be computed here.
    pub digest: String,
    /// The JSON pointer of where it belongs, such as `/payload/address/country`; `None` when no digest matches.
    pub place: Option<String>,
}

/// A hostile token can break thousands of rules; so many are told.
const MOST_FINDINGS: usize = 50;

/// Of longer values the beginning is told.
const LONGEST_SHOWN: usize = 400;

/// The whole of a token of a pasted text: with the disclosures and the key binding behind its tildes, where there are any.
pub fn whole(text: &str, token: &Token) -> String {
    form::whole(text, token)
}

/// Reads an SD-JWT: `token~disclosure~…~key binding`, or the JSON serialisation with its `disclosures`. `None` when the token
/// is no SD-JWT.
///
/// ```
/// use tokenscope::{disclosure, json};
/// let payload = json::read(br#"{"iss":"a","_sd":["hs43DIITYXZWxU9Dsw3QdMo7oizK7GtA77U1jmBgPxE"]}"#.to_vec());
/// let disclosure = disclosure::read("eyJhbGciOiJFUzI1NiJ9.e30.c2ln~WyJzIiwibmFtZSIsMV0~", &payload).unwrap();
/// assert_eq!(disclosure.disclosed[0].name.as_deref(), Some("name"));
/// ```
pub fn read(token: &str, payload: &Document) -> Option<Disclosure> {
    let form = form::read(token);
    let is_presented = form.is_some();
    let form = form.unwrap_or_default();
    if !is_presented && !process::has_digests(payload) {
        return None;
    }
    let mut findings = Vec::new();
    form::check(&form, &mut findings);
    let hash = hash::of_payload(payload, &mut findings);
    let parts = parts::read(&form.disclosures, hash, &mut findings);
    let processed = process::process(payload, &parts, hash.is_some(), is_presented, &mut findings);
    let is_bound = binding::check(&form, hash, &mut findings);
    let Form { binding, .. } = form;
    // The grave ones are never among those that are left out.
    order::sort(&mut findings, |one: &Finding, other| one.severity < other.severity);
    findings.truncate(MOST_FINDINGS);
    Some(Disclosure {
        is_presented,
        disclosed: parts.iter().zip(processed.places).map(|(part, place)| part.disclosed(place)).collect(),
        undisclosed: processed.undisclosed,
        processed: processed.payload,
        key_binding: binding,
        is_bound,
        findings,
    })
}

impl Disclosure {
    /// Whether everything that was disclosed could be read and held against its digests. Where it could not, a verifier that
    /// can may refuse the token.
    pub fn is_settled(&self) -> bool {
        let left = [code::TOO_LONG, code::TOO_MANY, code::TOO_DEEP];
        !self.is_presented
            || self.processed.is_some() && !self.findings.iter().any(|finding| left.contains(&finding.code))
    }

    /// The key that the holder has to prove, `cnf.jwk` ([RFC 7800 §3.2](https://www.rfc-editor.org/rfc/rfc7800#section-3.2)),
    /// as JSON text: it verifies [`Disclosure::key_binding`].
    pub fn holder_key(&self) -> Option<String> {
        let payload = json::read(self.processed.clone()?);
        Some(payload.raw(payload.member("cnf")?.member("jwk")?))
    }
}

/// A value as it stands there, for a finding.
fn shown(document: &Document, value: &Value) -> String {
    let end = value.span.end.min(value.span.start + LONGEST_SHOWN);
    let mut shown = document.text(&(value.span.start..end));
    if end < value.span.end {
        shown.push('…');
    }
    shown
}

/// Every code of this room.
pub fn codes() -> Vec<Code> {
    code::ALL.to_vec()
}
