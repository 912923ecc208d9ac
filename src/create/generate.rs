//! Keys to make: which kinds an algorithm takes, and what came of it as JWKs.

use super::check::PRIVATE;
use crate::crypto::operation::Generated;
use crate::jose::algorithm::{Algorithm, CURVES, Kind};
use crate::jose::base64url;
use crate::jose::encryption::{self, AGREEMENT_CURVES, ContentEncryption, KeyManagement};
use crate::json::{self, quoted};
use crate::key::Material;

/// The sizes of RSA keys that are offered, in bits: the first is the smallest that JOSE allows
/// ([RFC 7518 §3.3](https://www.rfc-editor.org/rfc/rfc7518#section-3.3)).
const RSA_BITS: [u16; 3] = [2048, 3072, 4096];

/// A made key as JWKs, each without whitespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyPair {
    /// The public half; `None` for a shared secret, which has none.
    pub public: Option<String>,
    /// The private half, or the secret.
    pub private: String,
}

/// The kinds of keys that an algorithm takes, the usual one first. `encryption` is the `enc` of an encrypted token, whose
/// key is the secret itself where its `alg` is `dir`. Empty for what takes no key, and for unknown names.
///
/// ```
/// use tokenscope::create::generate::kinds;
/// use tokenscope::crypto::operation::Generated;
/// assert_eq!(kinds("HS512", None), [Generated::Octets(64)]);
/// assert_eq!(kinds("EdDSA", None), [Generated::Curve("Ed25519"), Generated::Curve("Ed448")]);
/// ```
pub fn kinds(algorithm: &str, encryption: Option<&str>) -> Vec<Generated> {
    let Some(algorithm) = Algorithm::named(algorithm) else { return encrypting(algorithm, encryption) };
    match (algorithm.kind, algorithm.curve) {
        (Kind::None, _) => Vec::new(),
        (Kind::Hmac, _) => vec![Generated::Octets(algorithm.minimum_key_bits / 8)],
        (Kind::RsaPkcs1 | Kind::RsaPss, _) => RSA_BITS.map(Generated::Rsa).to_vec(),
        (Kind::MlDsa, _) => vec![Generated::AlgorithmKeyPair(algorithm.name)],
        (Kind::Ecdsa | Kind::Eddsa, Some(curve)) => vec![Generated::Curve(curve)],
        (Kind::Ecdsa | Kind::Eddsa, None) => {
            let signs =
                CURVES.iter().filter(|curve| curve.key_type == algorithm.key_type && curve.signature_length > 0);
            signs.map(|curve| Generated::Curve(curve.name)).collect()
        }
    }
}

/// The same for the algorithms of encrypted tokens.
fn encrypting(algorithm: &str, encryption: Option<&str>) -> Vec<Generated> {
    let Some(algorithm) = KeyManagement::named(algorithm) else { return Vec::new() };
    match algorithm.kind {
        encryption::Kind::RsaPkcs1 | encryption::Kind::RsaOaep => RSA_BITS.map(Generated::Rsa).to_vec(),
        encryption::Kind::Agreement => AGREEMENT_CURVES.map(Generated::Curve).to_vec(),
        encryption::Kind::Direct => {
            let content = encryption.and_then(ContentEncryption::named);
            content.map(|content| Generated::Octets(content.key_length)).into_iter().collect()
        }
        encryption::Kind::Wrap | encryption::Kind::GcmWrap | encryption::Kind::Password => {
            algorithm.wrapping_length.map(Generated::Octets).into_iter().collect()
        }
    }
}

/// A public key, or a secret, as a JWK with what says what it is for.
///
/// ```
/// use tokenscope::{create::generate::labelled, key::Material};
/// let key = Material::OctetKeyPair { curve: "Ed25519".to_owned(), x: vec![0xfb, 0xff] };
/// let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"-_8","kid":"a","use":"sig","alg":"EdDSA"}"#;
/// assert_eq!(labelled(&key, Some("a"), "sig", "EdDSA"), jwk);
/// ```
pub fn labelled(material: &Material, kid: Option<&str>, purpose: &str, algorithm: &str) -> String {
    let own = material.members().into_iter().filter(|(name, _)| *name != "alg");
    let mut members = vec![("kty", quoted(material.key_type()))];
    members.extend(own.map(|(name, value)| (name, quoted(&value))));
    members.extend(kid.map(|kid| ("kid", quoted(kid))));
    members.push(("use", quoted(purpose)));
    jwk(&members, algorithm)
}

/// What such a key is called: "RSA 2048", "P-256", "ML-DSA-44", "32 bytes".
pub fn name(kind: Generated) -> String {
    match kind {
        Generated::Rsa(bits) => ["RSA ", &bits.to_string()].concat(),
        Generated::Curve(name) | Generated::AlgorithmKeyPair(name) => name.to_owned(),
        Generated::Octets(bytes) => [&bytes.to_string(), " bytes"].concat(),
    }
}

/// The made key: from the private JWK that generating gives, or from the bytes of a secret. `algorithm` becomes its `alg`.
/// `None` where the outcome is no such thing.
pub fn key_pair(kind: Generated, outcome: &[u8], algorithm: &str) -> Option<KeyPair> {
    if let Generated::Octets(length) = kind {
        let members = [("kty", quoted("oct")), ("k", quoted(&base64url::encode(outcome)))];
        return (outcome.len() == length).then(|| KeyPair { public: None, private: jwk(&members, algorithm) });
    }
    let document = json::read(outcome.to_vec());
    let members: Vec<(&str, String)> = document
        .root
        .as_ref()
        .filter(|_| document.is_json())?
        .members()
        .iter()
        // What WebCrypto adds of its own, `ext` and `key_ops`, binds whoever imports the key, and `alg` is ours.
        .filter(|member| !matches!(member.name.as_str(), "ext" | "key_ops" | "alg"))
        .map(|member| (member.name.as_str(), document.raw(&member.value)))
        .collect();
    let public: Vec<_> = members.iter().filter(|(name, _)| !PRIVATE.contains(name)).cloned().collect();
    (public.len() > 1 && public.len() < members.len())
        .then(|| KeyPair { public: Some(jwk(&public, algorithm)), private: jwk(&members, algorithm) })
}

/// A JWK of these members, `alg` last; the values are JSON text.
fn jwk(members: &[(&str, String)], algorithm: &str) -> String {
    let mut text = String::from("{");
    for (name, value) in
        members.iter().map(|(name, value)| (*name, value.as_str())).chain([("alg", quoted(algorithm).as_str())])
    {
        text.push_str(if text.len() > 1 { "," } else { "" });
        text.push_str(&quoted(name));
        text.push(':');
        text.push_str(value);
    }
    text.push('}');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::algorithm::ALGORITHMS;

    #[test]
    fn every_algorithm_but_none_has_a_key_to_make() {
        for algorithm in &ALGORITHMS {
            assert_eq!(kinds(algorithm.name, None).is_empty(), algorithm.name == "none", "{}", algorithm.name);
        }
        assert_eq!(kinds("HS", None), []);
        assert_eq!(kinds("ES512", None), [Generated::Curve("P-521")]);
        assert_eq!(kinds("PS256", None).len(), 3);
        for algorithm in &encryption::KEY_MANAGEMENTS {
            assert!(!kinds(algorithm.name, Some("A128GCM")).is_empty(), "{}", algorithm.name);
        }
        assert_eq!(kinds("dir", Some("A256CBC-HS512")), [Generated::Octets(64)]);
        assert_eq!(kinds("A192KW", Some("A256CBC-HS512")), [Generated::Octets(24)]);
    }

    #[test]
    fn the_public_half_has_no_private_member() {
        let private = r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AQ","d":"Ag","ext":true,"key_ops":["sign"]}"#;
        let pair = key_pair(Generated::Curve("P-256"), private.as_bytes(), "ES256").unwrap();
        assert_eq!(pair.public.as_deref(), Some(r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AQ","alg":"ES256"}"#));
        assert_eq!(pair.private, r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AQ","d":"Ag","alg":"ES256"}"#);
        let secret = key_pair(Generated::Octets(2), &[0xfb, 0xff], "HS256").unwrap();
        assert_eq!(secret, KeyPair { public: None, private: r#"{"kty":"oct","k":"-_8","alg":"HS256"}"#.to_owned() });
    }

    #[test]
    fn what_is_no_key_makes_none() {
        for wrong in ["", "{}", "[]", r#"{"kty":"EC","x":"AA"}"#, r#"{"d":"AA"}"#, "{"] {
            assert_eq!(key_pair(Generated::Curve("P-256"), wrong.as_bytes(), "ES256"), None, "{wrong}");
        }
        assert_eq!(key_pair(Generated::Octets(32), &[1], "HS256"), None);
    }
}
