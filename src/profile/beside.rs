//! Values that follow from what came with the token: hashes of an access token, a code or a state, the thumbprint of a
//! key, the hash of a certificate. What is absent is named; what contradicts is proved.

use sha2::{Digest, Sha256};

use super::scene::{Found, Scene};
use super::shape::{Fault, Outcome, between};
use super::table::table;
use super::test::{Companion, Path};
use crate::disclosure::Hash;
use crate::jose::algorithm::{Algorithm, Kind};
use crate::jose::{self, base64url};
use crate::key;
use crate::report::{KeySource, SegmentRole};
use crate::text;

/// Bytes of an Ed25519 signature. Nothing else tells `EdDSA` with this curve from the one with Ed448.
const ED25519_SIGNATURE: usize = 64;

/// The hash that the token's `alg` goes with
/// ([OpenID Connect Core 1.0 §3.1.3.6](https://openid.net/specs/openid-connect-core-1_0.html#CodeIDToken)).
fn hash_of_algorithm(scene: &Scene) -> Option<Hash> {
    let algorithm = Algorithm::named(scene.algorithm()?)?;
    if algorithm.kind == Kind::Eddsa {
        // The convention for Ed25519 is the hash that it uses inside. Ed448 uses SHAKE256, which is not at hand.
        let segments = &scene.subject.token.segments;
        let signature = segments.iter().find(|segment| segment.role == SegmentRole::Signature);
        let length = algorithm.signature_length.or(signature.map(|signature| signature.bytes.len()));
        return (length == Some(ED25519_SIGNATURE)).then_some(Hash::Sha512);
    }
    Hash::named(algorithm.hash)
}

/// `at_hash` and its siblings: base64url of the left half of the hash.
pub(super) fn half_hash(scene: &Scene, found: &Found, companion: Companion) -> Outcome {
    let wrong = || Fault::new("value", vec![found.json()], found.pointer.clone());
    let Some(value) = found.value.as_str() else { return Outcome::Broken(wrong()) };
    let Some(hash) = hash_of_algorithm(scene) else {
        return Outcome::NotChecked(table().words("notes", "hash-unknown"));
    };
    let Some(text) = scene.companion(companion) else {
        // Without the value itself, its length still has to be right.
        if value.len() != (hash.length() / 2 * 4).div_ceil(3) {
            return Outcome::Broken(wrong());
        }
        return Outcome::NotChecked(table().words("notes", to_paste(companion)));
    };
    let digest = hash.of(text.as_bytes());
    let computed = base64url::encode(digest.get(..hash.length() / 2).unwrap_or_default());
    compare(found, value, computed, "hash")
}

/// `ath`: base64url of the whole hash, always SHA-256
/// ([RFC 9449 §4.2](https://www.rfc-editor.org/rfc/rfc9449#section-4.2)).
pub(super) fn hash(scene: &Scene, found: &Found, companion: Companion) -> Outcome {
    let wrong = || Outcome::Broken(Fault::new("value", vec![found.json()], found.pointer.clone()));
    let Some(value) = found.value.as_str() else { return wrong() };
    let Some(text) = scene.companion(companion) else {
        return match is_sha256(value) {
            true => Outcome::NotChecked(table().words("notes", to_paste(companion))),
            false => wrong(),
        };
    };
    compare(found, value, base64url::encode(&Sha256::digest(text.as_bytes())), "hash")
}

/// The access token beside a proof is bound to a key by its thumbprint, and the proof has the key
/// ([RFC 9449 §6.1](https://www.rfc-editor.org/rfc/rfc9449#section-6.1)).
pub(super) fn bound_key(scene: &Scene) -> Outcome {
    let words = |name| table().words("notes", name);
    let Some(text) = scene.companion(Companion::AccessToken) else {
        return Outcome::NotChecked(words(to_paste(Companion::AccessToken)));
    };
    let access_token = jose::read(text);
    let payload = access_token.payload.as_ref().filter(|payload| payload.is_json());
    let bound = payload.and_then(|payload| payload.member("cnf")?.member("jkt")?.as_str());
    let Some(bound) = bound else { return Outcome::NotChecked(words("not-bound")) };
    let jwk = scene.found(&Path::read("header/jwk"));
    let thumbprint = jwk.and_then(|jwk| key::read(&jwk.json(), KeySource::Token).keys.first()?.thumbprint());
    let Some(thumbprint) = thumbprint else { return Outcome::NotChecked(words("no-thumbprint")) };
    if bound == thumbprint {
        return Outcome::Met(vec![thumbprint]);
    }
    Outcome::Broken(Fault::new("value", vec![bound.to_owned()], "/header/jwk").against("key", thumbprint))
}

/// The key that an access token is bound to is the one of the DPoP proof beside it. Of several proofs one has to be by that key:
/// the others may have gone with other tokens.
pub(super) fn bound_proof(scene: &Scene, found: &Found) -> Outcome {
    let words = |name| table().words("notes", name);
    let wrong = || Outcome::Broken(Fault::new("value", vec![found.json()], found.pointer.clone()));
    let Some(bound) = found.value.as_str().filter(|text| is_sha256(text)) else { return wrong() };
    let mut keys = Vec::new();
    for proof in &scene.subject.companions.proofs {
        let header = jose::read(proof).header;
        let jwk = header.as_ref().and_then(|header| Some(header.raw(header.member("jwk")?)));
        keys.extend(jwk.and_then(|jwk| key::read(&jwk, KeySource::Token).keys.first()?.thumbprint()));
    }
    match keys.iter().any(|key| key == bound) {
        true => Outcome::Met(vec![bound.to_owned()]),
        false if keys.is_empty() => Outcome::NotChecked(words("no-proof")),
        false => {
            let fault = Fault::new("value", vec![bound.to_owned()], found.pointer.clone());
            Outcome::Broken(Fault { contrast: "proof", computed: keys, contradiction: true, ..fault })
        }
    }
}

/// `x5t#S256`: base64url of the SHA-256 hash of the certificate
/// ([RFC 8705 §3.1](https://www.rfc-editor.org/rfc/rfc8705#section-3.1)).
pub(super) fn certificate(scene: &Scene, found: &Found) -> Outcome {
    let words = |name| table().words("notes", name);
    // The example of RFC 8705 itself has stray bits in its last character, and verifiers compare bytes.
    let hash = found.value.as_str().map(base64url::decode).filter(|hash| {
        hash.bytes.len() == 32 && hash.faults.iter().all(|fault| fault.kind == base64url::FaultKind::StrayBits)
    });
    let value = match hash {
        Some(hash) => base64url::encode(&hash.bytes),
        _ => return Outcome::Broken(Fault::new("value", vec![found.json()], found.pointer.clone())),
    };
    let pasted = scene.subject.choices.client_certificate.as_deref().map(str::trim).filter(|text| !text.is_empty());
    let Some(pasted) = pasted else { return Outcome::NotChecked(words("paste-certificate")) };
    let Some(certificate) = der(pasted) else { return Outcome::NotChecked(words("no-certificate")) };
    compare(found, &value, base64url::encode(&Sha256::digest(&certificate)), "certificate")
}

fn compare(found: &Found, value: &str, computed: String, contrast: &'static str) -> Outcome {
    if value == computed {
        return Outcome::Met(vec![computed]);
    }
    Outcome::Broken(Fault::new("value", vec![found.raw()], found.pointer.clone()).against(contrast, computed))
}

/// Whether a text can be the SHA-256 hash of something.
fn is_sha256(text: &str) -> bool {
    let decoded = base64url::decode(text);
    decoded.bytes.len() == 32 && decoded.faults.is_empty()
}

/// The words that name what to paste.
const fn to_paste(companion: Companion) -> &'static str {
    match companion {
        Companion::AccessToken => "paste-access-token",
        Companion::Code => "paste-code",
        Companion::State => "paste-state",
    }
}

/// The bytes of the first certificate in PEM, or of one without its frame.
fn der(pasted: &str) -> Option<Vec<u8>> {
    // As environment variables and JSON carry it.
    let pasted = text::replace(&text::replace(pasted, "\\r", ""), "\\n", "\n");
    let body = match between(&pasted, "CERTIFICATE-----", "-----END") {
        Some(body) => body,
        None if text::contains(&pasted, "-----") => return None,
        None => &pasted,
    };
    let decoded = base64url::decode_standard(body);
    // A DER sequence with a length of two bytes, which spans all of it: no certificate is shorter or longer.
    let whole = match decoded.bytes.as_slice() {
        [0x30, 0x82, high, low, rest @ ..] => usize::from(*high) * 256 + usize::from(*low) == rest.len(),
        [0x30, 0x81, length, rest @ ..] => usize::from(*length) == rest.len(),
        _ => false,
    };
    (whole && decoded.is_unambiguous()).then_some(decoded.bytes)
}
