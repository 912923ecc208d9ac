//! What the form of a token proves, without any key: characters that are missing, and signatures that are written in
//! another form than tokens have.

use std::rc::Rc;

use super::case::{Case, has};
use super::words::Facts;
use super::{code, words};
use crate::crypto;
use crate::finding::{Certainty, Code, Fact};
use crate::jose::algorithm::{Curve, Kind};
use crate::jose::{self, base64url};
use crate::key::Material;
use crate::report::TokenKind;

/// A form in which the bytes of the signature may be meant.
pub struct Form {
    pub bytes: Rc<[u8]>,
    /// The cause when it verifies in this form; `None` for the signature as received.
    pub code: Option<Code>,
    /// Whether the form alone proves that it is meant.
    pub is_plain: bool,
}

/// Lengths that texts are cut to: columns, lines, limits of headers.
const LIMITS: [usize; 11] = [255, 256, 512, 1000, 1024, 2000, 2048, 4000, 4096, 8000, 8192];

/// Lengths of RSA signatures in use: keys of 1024 to 8192 bits.
const RSA_LENGTHS: [usize; 7] = [128, 192, 256, 384, 512, 768, 1024];

/// The shortest signature of RS and PS: "A key of size 2048 bits or larger MUST be used" (RFC 7518 §3.3).
const RSA_SHORTEST: usize = 256;

/// Lengths of signatures of every other kind.
const OTHER_LENGTHS: [usize; 6] = [32, 48, 64, 96, 132, 114];

/// Whether the token was cut, or lost characters, with the evidence.
pub fn truncated(case: &Case, forms: &[Form]) -> Option<(Certainty, Facts)> {
    let token = case.subject.token;
    let length = case.signature.len();
    let lacks = |codes: &[Code]| has(case.subject, codes);
    let needed = needed(case);
    let (certainty, reason) = if token.kind == TokenKind::Incomplete {
        (Certainty::Proved, "parts")
    } else if lacks(&[jose::code::BASE64URL_LENGTH]) {
        (Certainty::Proved, "base64")
    } else if lacks(&[jose::code::JSON_CUT_OFF]) {
        (Certainty::Proved, "json")
    } else if length == 0 {
        (Certainty::Likely, "empty")
    } else if forms.iter().any(|form| form.is_plain && form.code.is_some()) || length >= needed {
        return None;
    } else {
        match case.kind()? {
            Kind::Hmac if OTHER_LENGTHS.contains(&length) => return None,
            Kind::RsaPkcs1 | Kind::RsaPss if is_whole_rsa(case, length) => return None,
            Kind::Ecdsa if OTHER_LENGTHS.contains(&length) || length + LOST_ZEROS >= needed => return None,
            Kind::Eddsa if OTHER_LENGTHS.contains(&length) => return None,
            _ => (Certainty::Proved, "length"),
        }
    };
    Some((certainty, truncation(case, needed, reason)))
}

/// Whether the length of an RSA signature is that of some key, or of another algorithm.
fn is_whole_rsa(case: &Case, length: usize) -> bool {
    RSA_LENGTHS.contains(&length)
        || OTHER_LENGTHS.contains(&length)
        || case.keys.iter().any(|one| modulus_length(&one.key.material) == Some(length))
}

/// The facts of a token that was cut.
pub fn truncation(case: &Case, needed: usize, reason: &str) -> Facts {
    let total = case.subject.token.text.chars().count();
    let end = case.subject.token.pieces.last().map_or(0, |piece| piece.end);
    let behind = case.subject.text.get(end..).unwrap_or_default();
    let hint = match () {
        () if behind.starts_with("...") || behind.starts_with('…') => "ellipsis",
        () if LIMITS.contains(&total) => "limit",
        () => "none",
    };
    vec![
        ("reason", words::fact("cuts", reason)),
        ("length", Fact::Count(case.signature.len() as u64)),
        ("needed", Fact::Count(needed as u64)),
        ("total", Fact::Count(total as u64)),
        ("hint", words::fact("hints", hint)),
    ]
}

/// How many bytes a signature of this algorithm has; of an RSA one, with the largest key at hand.
pub fn needed(case: &Case) -> usize {
    let Some(algorithm) = case.algorithm else { return 0 };
    match algorithm.kind {
        Kind::RsaPkcs1 | Kind::RsaPss => {
            let lengths = case.keys.iter().filter_map(|one| modulus_length(&one.key.material));
            lengths.max().unwrap_or(RSA_SHORTEST).max(RSA_SHORTEST)
        }
        _ => algorithm.signature_length.unwrap_or(64),
    }
}

pub fn modulus_length(material: &Material) -> Option<usize> {
    match material {
        Material::Rsa { modulus, .. } => Some(modulus.len()),
        _ => None,
    }
}

/// So many bytes can two numbers lose by chance.
const LOST_ZEROS: usize = 6;

/// So many splits of a signature into two numbers are tried.
const MOST_SPLITS: usize = 16;

/// Every form that the signature may be meant in, as received first.
pub fn forms(case: &Case) -> Vec<Form> {
    let signature = &case.signature;
    let mut forms = vec![Form { bytes: signature.clone(), code: None, is_plain: false }];
    let mut add = |bytes: Vec<u8>, code: Code, is_plain: bool| {
        if !forms.iter().any(|form| *form.bytes == *bytes) {
            forms.push(Form { bytes: bytes.into(), code: Some(code), is_plain });
        }
    };
    // The signature's text itself may be hexadecimal, or what it decodes to.
    let text = case.part(2).trim_end_matches('=').as_bytes();
    for digits in [text, signature] {
        if let Some(bytes) = hexadecimal(digits).filter(|bytes| bytes.len() >= 32) {
            add(bytes, code::SIGNATURE_HEX, true);
            return forms;
        }
    }
    if let Some(bytes) = encoded(signature) {
        add(bytes, code::ENCODED_TWICE, true);
        return forms;
    }
    for width in widths(case) {
        if let Some(bytes) = integers(signature, width) {
            add(bytes, crypto::code::ECDSA_DER, true);
        }
    }
    if case.kind() == Some(Kind::Ecdsa) && !crate::key::is_der_integer_pair(signature) {
        let width = needed(case) / 2;
        for bytes in repadded(signature, width) {
            let (code, surplus) = match signature.len() < width * 2 {
                true => (code::ECDSA_UNPADDED, 0),
                false => (code::ECDSA_OVERPADDED, signature.len() - width * 2),
            };
            add(bytes, code, surplus >= 16);
        }
    }
    // What stands behind the end of the signature; of an RSA one, behind that of each key.
    let mut ends = vec![if matches!(case.key_type(), "RSA" | "") { usize::MAX } else { needed(case) }];
    ends.extend(case.keys.iter().filter_map(|one| modulus_length(&one.key.material)).take(MOST_SPLITS));
    for end in ends {
        if let Some((start, [_, ..])) = signature.split_at_checked(end) {
            add(start.to_vec(), code::SURPLUS, false);
        }
    }
    forms
}

/// The widths of the numbers that the algorithm and the keys at hand make.
fn widths(case: &Case) -> Vec<usize> {
    let named = case.algorithm.and_then(|algorithm| algorithm.curve);
    let curves = named.into_iter().chain(case.keys.iter().filter_map(|one| one.key.material.curve()));
    let mut widths = Vec::new();
    for curve in curves.filter_map(Curve::named).filter(|curve| curve.key_type == "EC") {
        if !widths.contains(&curve.coordinate_length) {
            widths.push(curve.coordinate_length);
        }
    }
    widths
}

/// The bytes of hexadecimal digits; `None` for anything else.
pub fn hexadecimal(digits: &[u8]) -> Option<Vec<u8>> {
    let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    if digits.is_empty() || !digits.len().is_multiple_of(2) {
        return None;
    }
    let pair = |pair: &[u8]| match pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    };
    digits.chunks(2).map(pair).collect()
}

/// What the signature decodes to a second time, when its bytes are base64 again.
fn encoded(signature: &[u8]) -> Option<Vec<u8>> {
    let text = std::str::from_utf8(signature).ok().filter(|text| text.len() >= 43)?;
    let decoded = base64url::decode(text);
    (decoded.is_unambiguous() && text.bytes().all(|byte| byte.is_ascii_graphic())).then_some(decoded.bytes)
}

/// The two numbers of an ASN.1 signature, each as wide as the curve's field.
fn integers(signature: &[u8], width: usize) -> Option<Vec<u8>> {
    if !crate::key::is_der_integer_pair(signature) {
        return None;
    }
    // It is one sequence of two integers, each shorter than 128 bytes; only the sequence of P-521 has a longer length.
    let content = match signature {
        [_, 0x81, _, rest @ ..] | [_, _, rest @ ..] => rest,
        _ => return None,
    };
    let [_, length, rest @ ..] = content else { return None };
    let (first, rest) = rest.split_at_checked(usize::from(*length))?;
    let [_, _, second @ ..] = rest else { return None };
    Some([widened(first, width)?, widened(second, width)?].concat())
}

/// A number with as many leading zeros as make it that wide.
fn widened(number: &[u8], width: usize) -> Option<Vec<u8>> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    let number = number.get(zeros..)?;
    let mut widened = vec![0; width.checked_sub(number.len())?];
    widened.extend_from_slice(number);
    Some(widened)
}

/// The signature as two numbers of the right width, for each place where the first may end.
fn repadded(signature: &[u8], width: usize) -> Vec<Vec<u8>> {
    let length = signature.len();
    if width == 0 || length == width * 2 || length + LOST_ZEROS < width * 2 || length > width * 6 {
        return Vec::new();
    }
    // The middle first: two numbers of the same width are the most likely.
    let middle = length / 2;
    let mut ends: Vec<usize> = vec![middle];
    for distance in 1..=(length - middle) {
        ends.extend([middle.checked_sub(distance), Some(middle + distance)].into_iter().flatten());
    }
    let split = |end: usize| {
        let (first, second) = signature.split_at_checked(end)?;
        if first.is_empty() || second.is_empty() {
            return None;
        }
        Some([widened(first, width)?, widened(second, width)?].concat())
    };
    ends.into_iter().filter_map(split).take(MOST_SPLITS).collect()
}

/// The curve whose signatures have this length, when it is not the one of the header.
pub fn other_curve(case: &Case) -> Option<&'static Curve> {
    let named = case.algorithm.filter(|algorithm| algorithm.kind == Kind::Ecdsa)?.curve?;
    let fits = |curve: &&Curve| curve.key_type == "EC" && curve.signature_length == case.signature.len();
    let curve = crate::jose::algorithm::CURVES.iter().find(fits)?;
    let same = Curve::named(named).is_some_and(|named| named.signature_length == curve.signature_length);
    (!same).then_some(curve)
}
