//! The little of DER ([ITU-T X.690](https://www.itu.int/rec/T-REC-X.690)) that public keys need.
//!
//! Nothing here trusts a length: every element is cut out of the bytes that are there, and the depth is fixed by the
//! structures that are known, so that no input can make it recurse or read out of bounds.

use super::Material;
use super::parameter_set::ParameterSet;
use super::{ssh, x509};
use crate::jose::algorithm::Curve;

pub(super) const INTEGER: u8 = 0x02;
pub(super) const BIT_STRING: u8 = 0x03;
pub(super) const OCTET_STRING: u8 = 0x04;
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;
pub(super) const SEQUENCE: u8 = 0x30;
pub(super) const SET: u8 = 0x31;

/// What a structure can have at most; certificates have ten elements, RSA private keys nine.
const MAX_ELEMENTS: usize = 64;

pub(super) const RSA_ENCRYPTION: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
pub(super) const RSASSA_PSS: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a";
pub(super) const EC_PUBLIC_KEY: &[u8] = b"\x2a\x86\x48\xce\x3d\x02\x01";

/// The hashes that an RSASSA-PSS key may be bound to, and the algorithm that follows.
const PSS_HASHES: [(&[u8], &str); 3] = [
    (b"\x60\x86\x48\x01\x65\x03\x04\x02\x01", "PS256"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x02\x02", "PS384"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x02\x03", "PS512"),
];

/// A tag and what it holds.
#[derive(Clone, Copy, Debug)]
pub(super) struct Element<'a> {
    pub(super) tag: u8,
    pub(super) content: &'a [u8],
}

/// A structure that was recognised.
#[derive(Debug)]
pub(super) struct Structure {
    /// Its PEM label.
    pub(super) label: &'static str,
    /// Whether it holds a private key.
    pub(super) is_private: bool,
    /// The public key in it, or why there is none.
    pub(super) key: Result<PublicKey, Refusal>,
    /// What the certificate says, when it is one.
    pub(super) certificate: Option<super::Certificate>,
}

/// A public key as DER holds it.
#[derive(Debug)]
pub(super) struct PublicKey {
    pub(super) material: Material,
    /// The one algorithm that the key is bound to.
    pub(super) algorithm: Option<&'static str>,
    /// Whether it is for RSASSA-PSS alone.
    pub(super) is_pss: bool,
}

impl PublicKey {
    /// A key without labels.
    pub(super) fn of(material: Material) -> PublicKey {
        PublicKey { material, algorithm: None, is_pss: false }
    }
}

/// Why there is no key to be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The bytes end before the structure does: how many there are, and how many there should be.
    Cut(usize, usize),
    /// Not the structure of any key.
    Unknown,
    /// A key of SSH of another type.
    Ssh(String),
    /// A key of another algorithm; its object identifier.
    Algorithm(String),
    /// A key on a curve that is spelt out instead of named, or not said.
    Explicit,
    /// A key on a curve that is not known; its object identifier.
    Curve(String),
    /// A point given by one coordinate and a sign: its curve, and the point.
    Compressed(&'static str, Vec<u8>),
    /// A point or key of the wrong length: found, expected.
    Length(usize, usize),
    /// A private key under a password.
    Encrypted,
    /// A private key without its public half.
    PrivateOnly,
}

/// Recognises a structure by its shape, whatever it was called.
pub(super) fn recognise(bytes: &[u8]) -> Result<Structure, Refusal> {
    if let Some(structure) = ssh::recognise(bytes) {
        return Ok(structure);
    }
    let outer = match element(bytes) {
        Ok((outer, _)) if outer.tag == SEQUENCE => outer,
        Ok(_) => return Err(Refusal::Unknown),
        Err(refusal) => return Err(refusal),
    };
    let children = elements(outer.content).ok_or(Refusal::Unknown)?;
    let structure = |label, is_private, key| Structure { label, is_private, key, certificate: None };
    let tags: Vec<u8> = children.iter().map(|child| child.tag).collect();
    match (tags.as_slice(), children.as_slice()) {
        ([SEQUENCE, BIT_STRING], [algorithm, key]) => {
            Ok(structure("PUBLIC KEY", false, subject_public_key(algorithm, bits(key))))
        }
        ([INTEGER, INTEGER], _) => Ok(structure("RSA PUBLIC KEY", false, rsa(&children))),
        ([INTEGER, SEQUENCE, OCTET_STRING, ..], [_, algorithm, key, rest @ ..]) => {
            Ok(structure("PRIVATE KEY", true, pkcs8(algorithm, key, rest)))
        }
        ([INTEGER, INTEGER, INTEGER, INTEGER, ..], [_, numbers @ ..]) => {
            Ok(structure("RSA PRIVATE KEY", true, rsa(numbers)))
        }
        ([INTEGER, OCTET_STRING, ..], _) => Ok(structure("EC PRIVATE KEY", true, sec1(&children, None))),
        ([SEQUENCE, OCTET_STRING], _) => Ok(structure("ENCRYPTED PRIVATE KEY", true, Err(Refusal::Encrypted))),
        ([SEQUENCE, SEQUENCE, BIT_STRING], [signed, ..]) => x509::certificate(signed).ok_or(Refusal::Unknown),
        _ => Err(Refusal::Unknown),
    }
}

/// SubjectPublicKeyInfo ([RFC 5280 §4.1.2.7](https://www.rfc-editor.org/rfc/rfc5280#section-4.1.2.7)).
pub(super) fn subject_public_key(algorithm: &Element, key: Option<&[u8]>) -> Result<PublicKey, Refusal> {
    let parameters = elements(algorithm.content).ok_or(Refusal::Unknown)?;
    let identifier = parameters.first().filter(|first| first.tag == OBJECT_IDENTIFIER).ok_or(Refusal::Unknown)?.content;
    let key = key.ok_or(Refusal::Unknown)?;
    if identifier == RSA_ENCRYPTION || identifier == RSASSA_PSS {
        let numbers = sequence(key).ok_or(Refusal::Unknown)?;
        let mut public = rsa(&numbers)?;
        if identifier == RSASSA_PSS {
            public.algorithm = pss_algorithm(algorithm.content);
            public.is_pss = true;
        }
        return Ok(public);
    }
    if identifier == EC_PUBLIC_KEY {
        return point(curve(parameters.get(1))?, key);
    }
    if let Some(row) = ParameterSet::identified(identifier) {
        if key.len() != row.public_length {
            return Err(Refusal::Length(key.len(), row.public_length));
        }
        let material = Material::AlgorithmKeyPair { algorithm: row.algorithm.to_owned(), public: key.to_vec() };
        return Ok(PublicKey { material, algorithm: Some(row.algorithm), is_pss: false });
    }
    let curve = Curve::identified(identifier).filter(|curve| curve.key_type == "OKP");
    let curve = curve.ok_or_else(|| Refusal::Algorithm(dotted(identifier)))?;
    octet_key_pair(curve, key)
}

/// Whether the bytes are exactly `SEQUENCE { INTEGER, INTEGER }`.
pub(super) fn is_integer_pair(bytes: &[u8]) -> bool {
    let Ok((outer, [])) = element(bytes) else { return false };
    let children = elements(outer.content).unwrap_or_default();
    outer.tag == SEQUENCE && children.len() == 2 && children.iter().all(|child| child.tag == INTEGER)
}

/// The first element of the bytes, and the bytes behind it.
pub(super) fn element(bytes: &[u8]) -> Result<(Element<'_>, &[u8]), Refusal> {
    let [tag, first, rest @ ..] = bytes else { return Err(Refusal::Cut(bytes.len(), 2)) };
    if tag & 0x1f == 0x1f {
        // Tags of several bytes occur in no key.
        return Err(Refusal::Unknown);
    }
    let (length, rest) = match usize::from(*first) {
        short @ 0..=0x7f => (short, rest),
        long @ 0x81..=0x84 => {
            let count = long & 0x7f;
            let (length, rest) = rest.split_at_checked(count).ok_or(Refusal::Cut(bytes.len(), count + 2))?;
            (length.iter().fold(0usize, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return Err(Refusal::Unknown),
    };
    let header = bytes.len() - rest.len();
    let (content, rest) =
        rest.split_at_checked(length).ok_or(Refusal::Cut(bytes.len(), length.saturating_add(header)))?;
    Ok((Element { tag: *tag, content }, rest))
}

/// All elements of the bytes; `None` when they are no whole elements, or too many.
pub(super) fn elements(mut bytes: &[u8]) -> Option<Vec<Element<'_>>> {
    let mut all = Vec::new();
    while !bytes.is_empty() {
        let (one, rest) = element(bytes).ok()?;
        all.push(one);
        bytes = rest;
        if all.len() > MAX_ELEMENTS {
            return None;
        }
    }
    Some(all)
}

/// The bytes of a bit string that ends on a whole byte.
pub(super) fn bits<'a>(element: &Element<'a>) -> Option<&'a [u8]> {
    match element.content {
        [0, bytes @ ..] => Some(bytes),
        _ => None,
    }
}

/// An object identifier as people write it, such as `1.2.840.10045.2.1`.
pub(super) fn dotted(identifier: &[u8]) -> String {
    let mut text = String::new();
    let mut arc = 0u64;
    for byte in identifier {
        arc = arc << 7 | u64::from(byte & 0x7f);
        if byte & 0x80 != 0 {
            continue;
        }
        if text.is_empty() {
            // X.690 §8.19.4: the first two arcs share a number.
            let first = (arc / 40).min(2);
            text.push_str(&first.to_string());
            arc -= first * 40;
        }
        text.push('.');
        text.push_str(&arc.to_string());
        arc = 0;
    }
    text
}

pub(super) fn sequence(bytes: &[u8]) -> Option<Vec<Element<'_>>> {
    let (outer, _) = element(bytes).ok()?;
    if outer.tag == SEQUENCE { elements(outer.content) } else { None }
}

/// RSAPublicKey ([RFC 8017 §A.1.1](https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.1)): modulus and exponent. An
/// RSAPrivateKey has them in the same order, behind its version.
fn rsa(numbers: &[Element]) -> Result<PublicKey, Refusal> {
    let [modulus, exponent, ..] = numbers else { return Err(Refusal::Unknown) };
    if modulus.tag != INTEGER || exponent.tag != INTEGER {
        return Err(Refusal::Unknown);
    }
    let (modulus, exponent) = (number(modulus), number(exponent));
    Ok(PublicKey::of(Material::Rsa { modulus, exponent }))
}

/// A positive number without the zero byte that DER puts before a high bit.
pub(super) fn number(integer: &Element) -> Vec<u8> {
    trimmed(integer.content)
}

/// A number without leading zeros.
pub(super) fn trimmed(number: &[u8]) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default().to_vec()
}

/// The algorithm that RSASSA-PSS parameters bind a key to ([RFC 4055 §3.1](https://www.rfc-editor.org/rfc/rfc4055)); the
/// hash stands before the mask's, and both are the same in practice.
pub(super) fn pss_algorithm(parameters: &[u8]) -> Option<&'static str> {
    let names = |identifier: &[u8]| parameters.windows(identifier.len()).any(|window| window == identifier);
    PSS_HASHES.iter().find(|(identifier, _)| names(identifier)).map(|(_, algorithm)| *algorithm)
}

pub(super) fn curve(parameter: Option<&Element>) -> Result<&'static Curve, Refusal> {
    let parameter = parameter.filter(|parameter| parameter.tag == OBJECT_IDENTIFIER);
    let identifier = parameter.ok_or(Refusal::Explicit)?.content;
    Curve::identified(identifier).ok_or_else(|| Refusal::Curve(dotted(identifier)))
}

/// ECPoint ([SEC 1 §2.3.3](https://www.secg.org/sec1-v2.pdf)): 4, then both coordinates.
pub(super) fn point(curve: &'static Curve, bytes: &[u8]) -> Result<PublicKey, Refusal> {
    let needed = 1 + 2 * curve.coordinate_length;
    match bytes {
        [2 | 3, ..] => Err(Refusal::Compressed(curve.name, bytes.to_vec())),
        [4, coordinates @ ..] if bytes.len() == needed => {
            let (x, y) = coordinates.split_at(curve.coordinate_length);
            let curve = curve.name.to_owned();
            let material = Material::EllipticCurve { curve, x: x.to_vec(), y: y.to_vec() };
            Ok(PublicKey::of(material))
        }
        _ => Err(Refusal::Length(bytes.len(), needed)),
    }
}

pub(super) fn octet_key_pair(curve: &'static Curve, key: &[u8]) -> Result<PublicKey, Refusal> {
    if key.len() != curve.coordinate_length {
        return Err(Refusal::Length(key.len(), curve.coordinate_length));
    }
    let material = Material::OctetKeyPair { curve: curve.name.to_owned(), x: key.to_vec() };
    Ok(PublicKey::of(material))
}

/// OneAsymmetricKey ([RFC 5958 §2](https://www.rfc-editor.org/rfc/rfc5958#section-2)). The public half is inside the
/// private key (RSA, and mostly EC), or behind it in version 2.
fn pkcs8(algorithm: &Element, key: &Element, rest: &[Element]) -> Result<PublicKey, Refusal> {
    // `publicKey [1] IMPLICIT BIT STRING`
    let public = rest.iter().find(|element| element.tag == 0x81).and_then(bits);
    if public.is_some() {
        return subject_public_key(algorithm, public);
    }
    let parameters = elements(algorithm.content).ok_or(Refusal::Unknown)?;
    let identifier = parameters.first().map_or(&[][..], |first| first.content);
    if identifier == RSA_ENCRYPTION || identifier == RSASSA_PSS {
        let numbers = sequence(key.content).ok_or(Refusal::Unknown)?;
        let mut public = rsa(numbers.get(1..).unwrap_or_default())?;
        if identifier == RSASSA_PSS {
            public.algorithm = pss_algorithm(algorithm.content);
            public.is_pss = true;
        }
        return Ok(public);
    }
    if identifier == EC_PUBLIC_KEY {
        return sec1(&sequence(key.content).ok_or(Refusal::Unknown)?, parameters.get(1));
    }
    match Curve::identified(identifier).is_some() || ParameterSet::identified(identifier).is_some() {
        true => Err(Refusal::PrivateOnly),
        false => Err(Refusal::Algorithm(dotted(identifier))),
    }
}

/// ECPrivateKey ([RFC 5915 §3](https://www.rfc-editor.org/rfc/rfc5915#section-3)): `parameters [0]` and
/// `publicKey [1]` may both be missing.
fn sec1(children: &[Element], outer_parameters: Option<&Element>) -> Result<PublicKey, Refusal> {
    let tagged = |tag: u8| {
        let wrapper = children.iter().find(|child| child.tag == tag)?;
        element(wrapper.content).ok().map(|(inner, _)| inner)
    };
    let curve = curve(tagged(0xa0).as_ref().or(outer_parameters))?;
    let public = tagged(0xa1).filter(|inner| inner.tag == BIT_STRING);
    point(curve, public.as_ref().and_then(bits).ok_or(Refusal::PrivateOnly)?)
}
