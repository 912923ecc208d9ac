//! Signing, sans-IO: the bytes that are signed, which algorithm a key signs with, and the one question to ask.

use std::rc::Rc;

use super::code;
use crate::crypto::operation::{Operation, Operations, Outcome};
use crate::finding::Finding;
use crate::jose::algorithm::{ALGORITHMS, Algorithm, Curve, Kind};
use crate::jose::base64url;
use crate::json;
use crate::key::{Material, PrivateKey};

/// What a signature covers: both texts, byte for byte, in base64url with a dot between them
/// ([RFC 7515 §5.1](https://www.rfc-editor.org/rfc/rfc7515#section-5.1)).
///
/// ```
/// assert_eq!(tokenscope::create::signing_input("{}", "{ }"), "e30.eyB9");
/// ```
pub fn signing_input(header: &str, payload: &str) -> String {
    [&base64url::encode(header.as_bytes()), ".", &base64url::encode(payload.as_bytes())].concat()
}

/// Signs both texts as they are: the compact token, once its primitive was carried out; before that, the primitive.
/// The algorithm `none` needs no key and has an empty signature.
///
/// # Errors
///
/// A finding that says why it can't be signed so.
pub fn sign(
    header: &str,
    payload: &str,
    algorithm: &'static Algorithm,
    key: Option<&PrivateKey>,
    operations: &Operations,
) -> Result<Result<String, Operation>, Finding> {
    let mut token = signing_input(header, payload);
    if algorithm.kind == Kind::None {
        token.push('.');
        return Ok(Ok(token));
    }
    let Some(key) = key else { return Err(Finding::info(code::KEY_MISSING, "/keys")) };
    if !fits(algorithm, &key.public) {
        let needed = algorithm.curve.unwrap_or(algorithm.key_type);
        let finding = Finding::error(code::KEY_UNFIT, "/keys").text("algorithm", algorithm.name);
        return Err(finding.text("key", key.public.description()).text("needed", needed));
    }
    let data = Rc::from(token.as_bytes());
    let operation = Operation::Sign { algorithm, key: key.clone(), data };
    match operations.outcome(&operation) {
        None => Ok(Err(operation)),
        Some(Outcome::Bytes(signature)) => {
            token.push('.');
            token.push_str(&base64url::encode(signature));
            Ok(Ok(token))
        }
        Some(other) => Err(failed(other, algorithm.name)),
    }
}

/// Why a primitive gave nothing.
pub fn failed(outcome: &Outcome, algorithm: &str) -> Finding {
    let error = |code| Finding::error(code, "/keys").text("algorithm", algorithm);
    match outcome {
        Outcome::KeyRefused(words) => error(code::KEY_REFUSED).text("words", words.as_str()),
        Outcome::Unsupported => error(code::LACKING),
        Outcome::Unavailable => error(code::UNAVAILABLE),
        Outcome::Failed | Outcome::Bytes(_) => error(code::FAILED),
    }
}

/// The algorithm that a key signs with: what the header says where the key can do that, else what the key itself says,
/// else the first one for keys of its kind. `None` for keys that sign nothing.
pub fn choose(header: &str, key: &PrivateKey) -> Option<&'static Algorithm> {
    let document = json::read(header.as_bytes().to_vec());
    let fitting = |name: &str| Algorithm::named(name).filter(|algorithm| fits(algorithm, &key.public));
    let said = document.string("alg").and_then(fitting);
    said.or_else(|| key.algorithm.as_deref().and_then(fitting)).or_else(|| algorithms_of(&key.public).next())
}

/// The algorithms that sign with a key of this kind, the usual one first.
pub fn algorithms_of(material: &Material) -> impl Iterator<Item = &'static Algorithm> {
    ALGORITHMS.iter().filter(move |algorithm| fits(algorithm, material))
}

/// Whether an algorithm signs with keys of this kind.
pub fn fits(algorithm: &Algorithm, material: &Material) -> bool {
    let signs = |curve: &String| Curve::named(curve).is_some_and(|curve| curve.signature_length > 0);
    algorithm.key_type == material.key_type()
        && match material {
            Material::EllipticCurve { curve, .. } | Material::OctetKeyPair { curve, .. } => {
                signs(curve) && algorithm.curve.is_none_or(|needed| needed == curve)
            }
            Material::AlgorithmKeyPair { algorithm: own, .. } => own == algorithm.name,
            Material::Octets(octets) => !octets.is_empty(),
            Material::Rsa { .. } => true,
        }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn curve(name: &str) -> PrivateKey {
        let public = match Curve::named(name).unwrap().key_type {
            "EC" => Material::EllipticCurve { curve: name.to_owned(), x: vec![1], y: vec![2] },
            _ => Material::OctetKeyPair { curve: name.to_owned(), x: vec![1] },
        };
        PrivateKey { public, ..PrivateKey::shared(Vec::new()) }
    }

    fn check(header: &str, key: &PrivateKey, expected: Option<&str>) {
        assert_eq!(choose(header, key).map(|algorithm| algorithm.name), expected, "{header} {key:?}");
    }

    #[test]
    fn a_key_signs_with_what_the_header_says_where_it_can() {
        let secret = PrivateKey::shared(vec![7; 64]);
        check(r#"{"alg":"HS512"}"#, &secret, Some("HS512"));
        check(r#"{"alg":"RS256"}"#, &secret, Some("HS256"));
        check("no JSON", &secret, Some("HS256"));
        check("{}", &PrivateKey { algorithm: Some("HS384".to_owned()), ..secret.clone() }, Some("HS384"));
        check("{}", &PrivateKey { algorithm: Some("ES384".to_owned()), ..secret }, Some("HS256"));
        check(r#"{"alg":"ES256"}"#, &curve("P-384"), Some("ES384"));
        check(r#"{"alg":"Ed25519"}"#, &curve("Ed25519"), Some("Ed25519"));
        check("{}", &curve("Ed25519"), Some("EdDSA"));
        check("{}", &curve("X25519"), None);
    }

    #[test]
    fn exactly_the_bytes_of_both_texts_are_signed() {
        let key = PrivateKey::shared(vec![7; 32]);
        let algorithm = Algorithm::named("HS256").unwrap();
        let mut operations = Operations::default();
        let operation = sign("{ }", "no JSON, ä", algorithm, Some(&key), &operations).unwrap().unwrap_err();
        let Operation::Sign { data, .. } = &operation else { panic!("it signs") };
        assert_eq!(&**data, b"eyB9.bm8gSlNPTiwgw6Q");
        operations.answer(operation, Outcome::Bytes(vec![0xfb, 0xff]));
        let token = sign("{ }", "no JSON, ä", algorithm, Some(&key), &operations).unwrap().unwrap();
        assert_eq!(token, "eyB9.bm8gSlNPTiwgw6Q.-_8");
    }

    #[test]
    fn what_does_not_fit_is_refused_before_anything_is_asked() {
        let operations = Operations::default();
        let code = |name: &str, key: Option<&PrivateKey>| {
            sign("{}", "{}", Algorithm::named(name).unwrap(), key, &operations).unwrap_err().code
        };
        assert_eq!(code("HS256", None), code::KEY_MISSING);
        assert_eq!(code("HS256", Some(&PrivateKey::shared(Vec::new()))), code::KEY_UNFIT);
        assert_eq!(code("RS256", Some(&PrivateKey::shared(vec![1]))), code::KEY_UNFIT);
        assert_eq!(code("ES256", Some(&curve("P-384"))), code::KEY_UNFIT);
        let unsecured = sign("{}", "{}", Algorithm::named("none").unwrap(), None, &operations);
        assert_eq!(unsecured, Ok(Ok("e30.e30.".to_owned())));
    }
}
