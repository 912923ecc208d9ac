//! One signature that fails, with everything at hand: the token's parts, and the keys in the order in which they are
//! likely.

use std::rc::Rc;

use super::words;
use crate::finding::Code;
use crate::inspect::Place;
use crate::jose::algorithm::{Algorithm, Kind};
use crate::json::{self, Document, Value};
use crate::key::{self, Key, Material};
use crate::order;
use crate::report::{KeySource, SegmentRole, SignatureStatus, TokenKind};
use crate::why::Subject;
use crate::{crypto, inspect};

/// So many keys are tried at most.
const MOST_KEYS: usize = 256;

/// What is at hand.
pub struct Case<'a> {
    pub subject: &'a Subject<'a>,
    /// The algorithm that the header names; `None` where the header can't be read.
    pub algorithm: Option<&'static Algorithm>,
    pub header: Option<&'a Document>,
    /// The signed text as received.
    pub signed: Rc<[u8]>,
    /// The signature's bytes as received.
    pub signature: Rc<[u8]>,
    /// Every key, the likely ones first. Secrets are not among them.
    pub keys: Vec<Candidate>,
    /// Whether there is a secret, or a key of type `oct`.
    pub has_secret: bool,
    /// The header's `kid`.
    pub kid: Option<&'a str>,
    /// Whether something was given to check the signature with, or it failed without. Otherwise only its form can show
    /// anything.
    pub is_checked: bool,
}

/// A key that may have made the signature.
pub struct Candidate {
    pub key: Key,
    /// Whether it was taken from the certificate beside a JWK, which holds another key than the JWK itself.
    pub from_certificate: bool,
}

impl<'a> Case<'a> {
    /// The case, when there is one: a signature that fails, or that no key at hand could be tried on.
    pub fn of(subject: &'a Subject<'a>) -> Option<Case<'a>> {
        let token = subject.token;
        let fails = match (token.kind, token.signature.status) {
            (TokenKind::Incomplete, _) => token.segments.len() < 3,
            (TokenKind::Jws, SignatureStatus::Invalid) => true,
            // A check that is not allowed, or that the browser can't make, says nothing about the signature.
            (TokenKind::Jws, SignatureStatus::NotChecked) => !has(subject, &NOT_A_FAILURE),
            _ => false,
        };
        if !fails || has(subject, &[inspect::code::CRITICAL_EXTENSION]) {
            return None;
        }
        let header = token.header.as_ref();
        let algorithm = header.and_then(|header| header.string("alg")).and_then(Algorithm::named);
        if algorithm.is_some_and(|algorithm| !algorithm.supported) {
            return None;
        }
        let signed = token.text.rfind('.').and_then(|at| token.text.get(..at)).unwrap_or_default();
        let signature = token.segments.iter().find(|segment| segment.role == SegmentRole::Signature);
        let is_secret = |key: &Key| matches!(key.material, Material::Octets(_));
        let is_given = subject.places.iter().any(|place| place.keys.iter().any(is_secret));
        // A public key in the field of the secret is no secret, and was said to be none.
        let has_secret = is_given || !subject.options.secret.is_empty() && !is_public(&subject.options.secret);
        let mut case = Case {
            subject,
            algorithm,
            header,
            signed: Rc::from(signed.as_bytes()),
            signature: Rc::from(signature.map_or(&[][..], |segment| &segment.bytes)),
            keys: Vec::new(),
            has_secret,
            kid: header.and_then(|header| header.string("kid")),
            is_checked: false,
        };
        case.keys = case.candidates();
        let given = !subject.options.secret.is_empty()
            || has_secret
            || !subject.options.keys.trim().is_empty()
            || !case.keys.is_empty();
        let told = token.kind == TokenKind::Incomplete || token.signature.status == SignatureStatus::Invalid;
        case.is_checked = given || told;
        Some(case)
    }

    /// The kind of the header's algorithm.
    pub fn kind(&self) -> Option<Kind> {
        self.algorithm.map(|algorithm| algorithm.kind)
    }

    /// The `kty` that the header's algorithm asks for.
    pub fn key_type(&self) -> &'static str {
        self.algorithm.map_or("", |algorithm| algorithm.key_type)
    }

    /// The name of the header's algorithm.
    pub fn algorithm_name(&self) -> &'static str {
        self.algorithm.map_or("", |algorithm| algorithm.name)
    }

    /// Whether every part is written as its bytes demand.
    pub fn is_canonical(&self) -> bool {
        !has(self.subject, &[inspect::code::NOT_BASE64URL])
    }

    /// The text of a part as received.
    pub fn part(&self, index: usize) -> &'a str {
        let segment = self.subject.token.segments.get(index);
        segment.and_then(|segment| self.subject.token.text.get(segment.span.clone())).unwrap_or_default()
    }

    /// Whether the first verdict has a failed check of the signature already.
    pub fn has_failed(&self) -> bool {
        let about = |subject: &str| subject == "/signature" || subject == "/header/alg";
        let mut findings = self.subject.token.findings.iter();
        findings.any(|finding| finding.severity == crate::finding::Severity::Error && about(&finding.subject))
    }

    /// Whether the token is for Microsoft Graph, or another API of Microsoft that the header is changed for.
    pub fn is_for_graph(&self) -> bool {
        let payload = self.subject.token.payload.as_ref();
        let audience = payload.and_then(|payload| payload.string("aud")).unwrap_or_default();
        let audience = audience.strip_suffix('/').unwrap_or(audience);
        let is_known = words::rows("graph-audiences").iter().any(|known| known.as_str() == Some(audience));
        is_known && self.header.is_some_and(|header| header.member("nonce").is_some())
    }

    /// Whether the keys have names, and none of them the one that the token gives.
    pub fn is_kid_absent(&self) -> bool {
        let Some(kid) = self.kid else { return false };
        let mut fitting = self.keys.iter().filter(|one| one.key.material.key_type() == self.key_type()).peekable();
        fitting.peek().is_some() && fitting.all(|one| one.key.kid.as_deref().is_some_and(|name| name != kid))
    }

    fn candidates(&self) -> Vec<Candidate> {
        let mut keys: Vec<Candidate> = Vec::new();
        for place in self.subject.places {
            let public = place.keys.iter().filter(|key| !matches!(key.material, Material::Octets(_)));
            let room = MOST_KEYS * 4 - keys.len().min(MOST_KEYS * 4);
            keys.extend(public.take(room).map(|key| Candidate { key: key.clone(), from_certificate: false }));
            if place.source == KeySource::Pasted {
                certificates(&self.subject.options.keys, place, &mut keys);
            }
        }
        let rank = |one: &Candidate| self.rank(&one.key);
        order::sort(&mut keys, |one, other| rank(one) < rank(other));
        keys.truncate(MOST_KEYS);
        // The same key from two places is tried once.
        let mut distinct: Vec<Candidate> = Vec::new();
        for one in keys {
            if !distinct.iter().any(|known| known.key.material == one.key.material) {
                distinct.push(one);
            }
        }
        distinct
    }

    /// Lower is more likely.
    fn rank(&self, key: &Key) -> usize {
        let named = self.kid.is_some() && (key.kid.as_deref() == self.kid || key.thumbprint().as_deref() == self.kid);
        let fits = key.material.key_type() == self.key_type();
        let labelled = key.algorithm.as_deref().is_none_or(|label| label == self.algorithm_name())
            && key.public_key_use.as_deref().is_none_or(|usage| usage == "sig");
        usize::from(!fits) * 4 + usize::from(!named) * 2 + usize::from(!labelled)
    }
}

/// While one of these is the reason why nothing was checked, nothing has failed.
const NOT_A_FAILURE: [Code; 6] = [
    inspect::code::ALGORITHM_NOT_ALLOWED,
    inspect::code::CHECKING,
    inspect::code::TOO_MANY_TO_CHECK,
    crypto::code::UNAVAILABLE,
    crypto::code::BROWSER_LACKS,
    crypto::code::NONE,
];

/// Whether a text is a key of another kind than a secret.
fn is_public(text: &str) -> bool {
    let keys = key::read(text, KeySource::Pasted).keys;
    keys.iter().any(|key| !matches!(key.material, Material::Octets(_)))
}

/// Whether the token has a finding of one of these codes.
pub fn has(subject: &Subject, codes: &[Code]) -> bool {
    subject.token.findings.iter().any(|finding| codes.contains(&finding.code))
}

/// Keys of the certificates in `x5c` that are not those of the JWK around them
/// ([RFC 7517 §4.7](https://www.rfc-editor.org/rfc/rfc7517#section-4.7): the key "MUST match").
fn certificates(text: &str, place: &Place, keys: &mut Vec<Candidate>) {
    if !text.trim_start().starts_with('{') || text.len() > 1 << 20 || !crate::text::contains(text, "\"x5c\"") {
        return;
    }
    let document = json::read(text.as_bytes().to_vec());
    let set = document.member("keys").map(Value::items).unwrap_or_default();
    for jwk in set.iter().chain(document.root.iter()).take(MOST_KEYS) {
        let Some(certificate) = jwk.member("x5c").and_then(|list| list.items().first()?.as_str()) else { continue };
        let frame = words::words("frames", "CERTIFICATE");
        let Some((begin, end)) = frame.split_once('|') else { continue };
        let reading = key::read(&[begin, "\n", certificate, "\n", end].concat(), place.source);
        for mut key in reading.keys {
            if !keys.iter().any(|known| known.key.material == key.material) {
                key.kid = jwk.member("kid").and_then(Value::as_str).map(str::to_owned);
                keys.push(Candidate { key, from_certificate: true });
            }
        }
    }
}
