//! The texts of a public key that a forger may have taken for the secret
//! ([RFC 8725 §2.1](https://www.rfc-editor.org/rfc/rfc8725#section-2.1)): as it is published, and as libraries hold it.

use super::words;
use crate::jose::algorithm::Curve;
use crate::jose::base64url;
use crate::json::{self, Value};
use crate::key::{Key, Material};
use crate::text;

/// The longest pasted text whose forms are tried.
const LONGEST: usize = 64 << 10;

/// So many keys of a pasted set are taken one by one.
const MOST: usize = 16;

/// The pasted text as it is, in pieces, and with other line ends.
pub fn pasted(pasted: &str) -> Vec<Vec<u8>> {
    let mut texts = Vec::new();
    if pasted.len() > LONGEST || pasted.trim().is_empty() {
        return texts;
    }
    lines(&mut texts, pasted);
    let pieces = text::positions(pasted, "-----BEGIN ");
    for (index, start) in pieces.iter().take(MOST).enumerate() {
        let end = pieces.get(index + 1).copied().unwrap_or(pasted.len());
        lines(&mut texts, pasted.get(*start..end).unwrap_or_default());
    }
    if pasted.trim_start().starts_with('{') {
        let document = json::read(pasted.as_bytes().to_vec());
        let set = document.member("keys").map(Value::items).unwrap_or_default();
        for jwk in set.iter().chain(document.root.iter()).take(MOST) {
            lines(&mut texts, &document.raw(jwk));
            for name in ["n", "x", "k"] {
                texts.extend(jwk.member(name).and_then(Value::as_str).map(|text| text.as_bytes().to_vec()));
            }
            for certificate in jwk.member("x5c").map(Value::items).unwrap_or_default().iter().take(1) {
                let Some(body) = certificate.as_str() else { continue };
                let der = base64url::decode_standard(body).bytes;
                armoured(&mut texts, "CERTIFICATE", &der);
                texts.push(der);
            }
        }
    }
    texts
}

/// The forms that can be made of the key's numbers.
pub fn made(key: &Key) -> Vec<Vec<u8>> {
    let mut texts = Vec::new();
    let Some((pkcs1, spki)) = structures(&key.material) else { return texts };
    armoured(&mut texts, "PUBLIC KEY", &spki);
    if let Some(pkcs1) = pkcs1 {
        armoured(&mut texts, "RSA PUBLIC KEY", &pkcs1);
        // A label that is not what it holds is common, too.
        armoured(&mut texts, "PUBLIC KEY", &pkcs1);
        armoured(&mut texts, "RSA PUBLIC KEY", &spki);
        texts.push(pkcs1);
    }
    texts.push(spki);
    if let Some(jwk) = key.material.jwk() {
        texts.push(jwk.into_bytes());
    }
    match &key.material {
        Material::Rsa { modulus, .. } => {
            texts.push(base64url::encode(modulus).into_bytes());
            texts.push(modulus.clone());
        }
        Material::EllipticCurve { x, y, .. } => {
            texts.push([&[4], x.as_slice(), y].concat());
            texts.push([x.as_slice(), y].concat());
            texts.push(base64url::encode(x).into_bytes());
        }
        Material::OctetKeyPair { x, .. } => {
            texts.push(x.clone());
            texts.push(base64url::encode(x).into_bytes());
        }
        Material::AlgorithmKeyPair { public, .. } => {
            texts.push(public.clone());
            texts.push(base64url::encode(public).into_bytes());
        }
        Material::Octets(_) => {}
    }
    texts
}

/// A text with the ends of its lines in every way.
fn lines(texts: &mut Vec<Vec<u8>>, text: &str) {
    let unix = text::replace(text, "\r\n", "\n");
    let bare = unix.trim();
    let windows = text::replace(bare, "\n", "\r\n");
    for form in [
        text.to_owned(),
        [bare, "\n"].concat(),
        bare.to_owned(),
        [windows.as_str(), "\r\n"].concat(),
        windows.clone(),
        [bare, "\n\n"].concat(),
        bare.chars().filter(|one| *one != '\n').collect(),
        text::replace(bare, "\n", "\\n"),
        [&text::replace(bare, "\n", "\\n"), "\\n"].concat(),
        text::replace(bare, "\n", " "),
        bare.lines().filter(|line| !text::contains(line, "-----")).collect(),
    ] {
        let form = form.into_bytes();
        if !form.is_empty() && !texts.contains(&form) {
            texts.push(form);
        }
    }
}

/// PEM of a structure, with lines of 64 characters.
fn armoured(texts: &mut Vec<Vec<u8>>, label: &str, der: &[u8]) {
    let Some((begin, end)) = words::words("frames", label).split_once('|') else { return };
    let plain = base64url::encode(der);
    let mut body: String = plain
        .chars()
        .map(|one| match one {
            '-' => '+',
            '_' => '/',
            other => other,
        })
        .collect();
    body.push_str(&"=".repeat((4 - body.len() % 4) % 4));
    for width in [64, usize::MAX] {
        let mut text = begin.to_owned();
        for (index, one) in body.chars().enumerate() {
            if index % width == 0 {
                text.push('\n');
            }
            text.push(one);
        }
        text.push('\n');
        text.push_str(end);
        lines(texts, &text);
    }
}

/// The structures of a public key: RSAPublicKey ([RFC 8017 §A.1.1](https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.1))
/// for RSA, and SubjectPublicKeyInfo ([RFC 5280 §4.1](https://www.rfc-editor.org/rfc/rfc5280#section-4.1)).
fn structures(material: &Material) -> Option<(Option<Vec<u8>>, Vec<u8>)> {
    let identifier = |bytes: &[u8]| element(6, bytes);
    match material {
        Material::Rsa { modulus, exponent } => {
            let pkcs1 = element(0x30, &[integer(modulus), integer(exponent)].concat());
            let algorithm = [identifier(b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"), vec![5, 0]].concat();
            let spki = information(&algorithm, &pkcs1);
            Some((Some(pkcs1), spki))
        }
        Material::EllipticCurve { curve, x, y } => {
            let curve = identifier(Curve::named(curve)?.object_identifier);
            let algorithm = [identifier(b"\x2a\x86\x48\xce\x3d\x02\x01"), curve].concat();
            Some((None, information(&algorithm, &[&[4], x.as_slice(), y].concat())))
        }
        Material::OctetKeyPair { curve, x } => {
            Some((None, information(&identifier(Curve::named(curve)?.object_identifier), x)))
        }
        Material::AlgorithmKeyPair { .. } | Material::Octets(_) => None,
    }
}

fn information(algorithm: &[u8], key: &[u8]) -> Vec<u8> {
    let bits = element(3, &[&[0], key].concat());
    element(0x30, &[element(0x30, algorithm), bits].concat())
}

fn integer(number: &[u8]) -> Vec<u8> {
    let sign: &[u8] = if number.first().is_some_and(|byte| byte & 0x80 != 0) { &[0] } else { &[] };
    element(2, &[sign, number].concat())
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = (content.len() as u32).to_be_bytes();
    let zeros = length.iter().take_while(|byte| **byte == 0).count().min(3);
    let length = length.get(zeros..).unwrap_or_default();
    let mut element = vec![tag];
    if content.len() >= 0x80 {
        element.push(0x80 | length.len() as u8);
    }
    element.extend_from_slice(length);
    element.extend_from_slice(content);
    element
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::key;
    use crate::report::KeySource;

    /// What is made of a key is read as the same key.
    #[test]
    fn structures_are_the_ones_that_are_read() {
        for jwk in [
            r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
            r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM"}"#,
            r#"{"kty":"RSA","n":"3hECaK5R4iy5M7lDTQ5fJw0iL5vTqOz2OwJcvWBUx1M","e":"AQAB"}"#,
        ] {
            let known = key::read(jwk, KeySource::Pasted).keys.remove(0);
            let texts = made(&known);
            let pem =
                texts.iter().filter_map(|text| std::str::from_utf8(text).ok()).find(|text| text.contains("BEGIN"));
            let read = key::read(pem.unwrap(), KeySource::Pasted);
            assert_eq!(read.keys[0].material, known.material);
        }
    }
}
