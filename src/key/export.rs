//! Writing keys: JWK and JWK sets with their labels ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517)), and PEM.
//!
//! What [`public_pem`] and [`private_pem`] write is SubjectPublicKeyInfo and PKCS #8, which everything reads that reads keys.

use super::der::{self, BIT_STRING, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};
use super::parameter_set::ParameterSet;
use super::{Key, Material, Private, PrivateKey};
use crate::jose::algorithm::Curve;
use crate::jose::base64url;
use crate::json::quoted;

/// Characters in a line of PEM ([RFC 7468 §2](https://www.rfc-editor.org/rfc/rfc7468#section-2)).
const LINE: usize = 64;

/// The public JWK, with its labels. `None` for secrets: those have no public half.
pub fn public_jwk(key: &Key) -> Option<String> {
    let is_public = !matches!(key.material, Material::Octets(_));
    is_public.then(|| object(&members(&key.material, &Labels::of(key), None), ""))
}

/// The private JWK, with its labels. Whoever has it can sign and decrypt.
pub fn private_jwk(key: &PrivateKey) -> String {
    object(&members(&key.public, &Labels::of_private(key), Some(&key.private)), "")
}

/// A set of the public keys among these: what an issuer publishes.
pub fn public_set(keys: &[Key]) -> String {
    let shown = keys.iter().filter(|key| !matches!(key.material, Material::Octets(_)));
    set(shown.map(|key| object(&members(&key.material, &Labels::of(key), None), "    ")))
}

/// A set of private keys: what an issuer keeps.
pub fn private_set(keys: &[PrivateKey]) -> String {
    set(keys.iter().map(|key| {
        let members = members(&key.public, &Labels::of_private(key), Some(&key.private));
        object(&members, "    ")
    }))
}

/// The public key as PEM: SubjectPublicKeyInfo. `None` for secrets, and for curves and algorithms that DER has no name for
/// here.
///
/// ```
/// use tokenscope::{key, report::KeySource};
/// let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
/// let key = key::read(jwk, KeySource::Pasted).keys.remove(0);
/// let pem = key::export::public_pem(&key.material).unwrap();
/// assert_eq!(key::read(&pem, KeySource::Pasted).keys[0].material, key.material);
/// ```
pub fn public_pem(material: &Material) -> Option<String> {
    let algorithm = algorithm(material)?;
    let key = element(BIT_STRING, &[&[0], &public_octets(material)?]);
    Some(armoured("PUBLIC KEY", &element(SEQUENCE, &[&algorithm, &key])))
}

/// The private key as PEM: PKCS #8. `None` for secrets, and for curves and algorithms that DER has no name for here.
pub fn private_pem(key: &PrivateKey) -> Option<String> {
    let algorithm = algorithm(&key.public)?;
    let private = match (&key.public, &key.private) {
        (
            Material::Rsa { modulus, exponent: public },
            Private::Rsa { exponent, first_prime, second_prime, first_exponent, second_exponent, coefficient },
        ) => {
            let numbers = [
                &[][..],
                modulus,
                public,
                exponent,
                first_prime,
                second_prime,
                first_exponent,
                second_exponent,
                coefficient,
            ];
            element(SEQUENCE, &[&numbers.map(integer).concat()])
        }
        (Material::EllipticCurve { .. }, Private::Number(number)) => {
            let public = element(BIT_STRING, &[&[0], &public_octets(&key.public)?]);
            element(SEQUENCE, &[&integer(&[1]), &element(OCTET_STRING, &[number]), &element(0xa1, &[&public])])
        }
        (Material::OctetKeyPair { .. }, Private::Number(number)) => element(OCTET_STRING, &[number]),
        // The seed alone, with an implicit tag.
        (Material::AlgorithmKeyPair { .. }, Private::Number(seed)) => element(0x80, &[seed]),
        _ => return None,
    };
    let structure = element(SEQUENCE, &[&integer(&[]), &algorithm, &element(OCTET_STRING, &[&private])]);
    Some(armoured("PRIVATE KEY", &structure))
}

/// DER between BEGIN and END lines.
pub(super) fn armoured(label: &str, bytes: &[u8]) -> String {
    let mut text = ["-----BEGIN ", label, "-----\n"].concat();
    let mut column = 0;
    let mut push = |character: char| {
        text.push(character);
        column += 1;
        if column % LINE == 0 {
            text.push('\n');
        }
    };
    for character in base64url::encode(bytes).chars() {
        push(match character {
            '-' => '+',
            '_' => '/',
            other => other,
        });
    }
    (0..(3 - bytes.len() % 3) % 3).for_each(|_| push('='));
    if column % LINE != 0 {
        text.push('\n');
    }
    for part in ["-----END ", label, "-----\n"] {
        text.push_str(part);
    }
    text
}

/// What says what a key is for.
struct Labels<'a> {
    kid: Option<&'a str>,
    algorithm: Option<&'a str>,
    public_key_use: Option<&'a str>,
    key_operations: Option<&'a [String]>,
}

impl Labels<'_> {
    fn of(key: &Key) -> Labels<'_> {
        Labels {
            kid: key.kid.as_deref(),
            algorithm: key.algorithm.as_deref(),
            public_key_use: key.public_key_use.as_deref(),
            key_operations: key.key_operations.as_deref(),
        }
    }

    fn of_private(key: &PrivateKey) -> Labels<'_> {
        Labels {
            kid: key.kid.as_deref(),
            algorithm: key.algorithm.as_deref(),
            public_key_use: key.public_key_use.as_deref(),
            key_operations: key.key_operations.as_deref(),
        }
    }
}

/// The members of a JWK, each with its value as JSON.
fn members(material: &Material, labels: &Labels<'_>, private: Option<&Private>) -> Vec<(&'static str, String)> {
    let mut members = vec![("kty", quoted(material.key_type()))];
    let mut label = |name, value: Option<&str>| members.extend(value.map(|value| (name, quoted(value))));
    label("kid", labels.kid);
    label("use", labels.public_key_use);
    // Of keys for one algorithm the name is among the numbers.
    if !matches!(material, Material::AlgorithmKeyPair { .. }) {
        label("alg", labels.algorithm);
    }
    if let Some(operations) = labels.key_operations {
        let operations: Vec<String> = operations.iter().map(|operation| quoted(operation)).collect();
        members.push(("key_ops", ["[", &operations.join(","), "]"].concat()));
    }
    members.extend(material.members().into_iter().map(|(name, value)| (name, quoted(&value))));
    members.extend(
        private.iter().flat_map(|private| private.members(material)).map(|(name, value)| (name, quoted(&value))),
    );
    members
}

/// An object with a member a line.
fn object(members: &[(&'static str, String)], indentation: &str) -> String {
    let mut text = [indentation, "{"].concat();
    for (number, (name, value)) in members.iter().enumerate() {
        for part in [if number > 0 { ",\n" } else { "\n" }, indentation, "  ", &quoted(name), ": ", value] {
            text.push_str(part);
        }
    }
    for part in ["\n", indentation, "}"] {
        text.push_str(part);
    }
    text
}

fn set(keys: impl Iterator<Item = String>) -> String {
    let keys: Vec<String> = keys.collect();
    if keys.is_empty() {
        return "{\n  \"keys\": []\n}".to_owned();
    }
    ["{\n  \"keys\": [\n", &keys.join(",\n"), "\n  ]\n}"].concat()
}

/// AlgorithmIdentifier.
fn algorithm(material: &Material) -> Option<Vec<u8>> {
    let identifier = |octets: &[u8]| element(OBJECT_IDENTIFIER, &[octets]);
    Some(match material {
        // RFC 3279 §2.3.1: the parameters are NULL.
        Material::Rsa { .. } => element(SEQUENCE, &[&identifier(der::RSA_ENCRYPTION), &[5, 0]]),
        Material::EllipticCurve { curve, .. } => {
            let curve = Curve::named(curve)?.object_identifier;
            element(SEQUENCE, &[&identifier(der::EC_PUBLIC_KEY), &identifier(curve)])
        }
        Material::OctetKeyPair { curve, .. } => {
            element(SEQUENCE, &[&identifier(Curve::named(curve)?.object_identifier)])
        }
        Material::AlgorithmKeyPair { algorithm, .. } => {
            element(SEQUENCE, &[&identifier(ParameterSet::named(algorithm)?.object_identifier)])
        }
        Material::Octets(_) => return None,
    })
}

/// What stands in the bit string of a public key.
fn public_octets(material: &Material) -> Option<Vec<u8>> {
    match material {
        Material::Rsa { modulus, exponent } => Some(element(SEQUENCE, &[&integer(modulus), &integer(exponent)])),
        Material::EllipticCurve { x, y, .. } => Some([&[4], x.as_slice(), y].concat()),
        Material::OctetKeyPair { x, .. } => Some(x.clone()),
        // Where only the seed is known, there is nothing to write.
        Material::AlgorithmKeyPair { public, .. } => Some(public.clone()).filter(|public| !public.is_empty()),
        Material::Octets(_) => None,
    }
}

/// A number that is not negative, given without leading zeros.
fn integer(number: &[u8]) -> Vec<u8> {
    let is_high = number.first().is_none_or(|first| first & 0x80 != 0);
    element(INTEGER, &[if is_high { &[0] } else { &[] }, number])
}

fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut element = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => element.push(short),
        _ => {
            let length = content.len().to_be_bytes();
            let zeros = length.iter().take_while(|byte| **byte == 0).count();
            element.push(0x80 | (length.len() - zeros) as u8);
            element.extend(length.iter().skip(zeros));
        }
    }
    element.extend(content);
    element
}
