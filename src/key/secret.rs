//! Shared secrets, and the many ways in which their text and their bytes part.
//!
//! No finding here carries any part of the secret.

use super::{Key, Material, Reading, code, der, pem};
use crate::finding::{Certainty, Fact, Finding};
use crate::jose::base64url::{self, Decoded, FaultKind};
use crate::json;
use crate::report::KeySource;

/// The least bits of a secret that any HMAC algorithm of JOSE allows: those of HS256. "A key of the same size as the
/// hash output ... or larger MUST be used" ([RFC 7518 §3.2](https://www.rfc-editor.org/rfc/rfc7518#section-3.2)).
pub(super) const SHORTEST_BITS: usize = 256;

/// From how many characters on a text that happens to fit another encoding is more likely to be meant that way: 32
/// bytes, the usual size of a generated secret, in base64url.
const TELLING_LENGTH: usize = 43;

/// How the text of a secret stands for its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecretEncoding {
    /// The characters themselves, as UTF-8.
    #[default]
    Utf8,
    /// Base64 with the standard alphabet.
    Base64,
    /// Base64 with the alphabet for URLs.
    Base64Url,
    /// Two hexadecimal digits a byte.
    Hex,
}

impl SecretEncoding {
    /// What the encoding is called.
    pub const fn name(self) -> &'static str {
        match self {
            SecretEncoding::Utf8 => "UTF-8",
            SecretEncoding::Base64 => "base64",
            SecretEncoding::Base64Url => "base64url",
            SecretEncoding::Hex => "hexadecimal",
        }
    }
}

/// Reads a shared secret. The bytes are exactly what the encoding says: a line break at the end of UTF-8 text is part
/// of the secret, and a finding.
///
/// A public key, certificate or private key is refused: an HMAC over its text is what a forger makes who counts on a
/// verifier that mixes up the two kinds of key ([RFC 8725 §2.1](https://www.rfc-editor.org/rfc/rfc8725#section-2.1)).
/// A JWK of type `oct` is read as what it is.
///
/// ```
/// use tokenscope::key::{Material, SecretEncoding, read_secret};
/// let reading = read_secret("00ff", SecretEncoding::Hex);
/// assert_eq!(reading.keys[0].material, Material::Octets(vec![0x00, 0xff]));
/// ```
pub fn read_secret(text: &str, encoding: SecretEncoding) -> Reading {
    let mut findings = Vec::new();
    if is_key_text(text) {
        findings.push(Finding::error(code::SECRET_IS_A_KEY, "/secret"));
        return Reading { keys: Vec::new(), findings };
    }
    if let Some(reading) = jwk(text) {
        return reading;
    }
    let octets = match encoding {
        SecretEncoding::Utf8 => Some(utf8(text, &mut findings)),
        SecretEncoding::Base64 => decoded(base64url::decode_standard(text.trim()), encoding, &mut findings),
        SecretEncoding::Base64Url => decoded(base64url::decode(text.trim()), encoding, &mut findings),
        SecretEncoding::Hex => hexadecimal(text, &mut findings),
    };
    let Some(octets) = octets else { return Reading { keys: Vec::new(), findings } };
    if octets.is_empty() {
        findings.push(Finding::error(code::SECRET_EMPTY, "/secret"));
        return Reading { keys: Vec::new(), findings };
    }
    if is_public_key(&octets) {
        findings.push(Finding::error(code::SECRET_IS_A_KEY, "/secret"));
        return Reading { keys: Vec::new(), findings };
    }
    findings.extend(short(octets.len() * 8));
    let key = Key {
        source: KeySource::Secret,
        kid: None,
        algorithm: None,
        public_key_use: None,
        key_operations: None,
        material: Material::Octets(octets),
        certificate: None,
    };
    Reading { keys: vec![key], findings }
}

fn short(bits: usize) -> Option<Finding> {
    let finding = Finding::warning(code::SECRET_SHORT, "/secret").with("bits", Fact::Count(bits as u64));
    (bits < SHORTEST_BITS).then(|| finding.with("needed", Fact::Count(SHORTEST_BITS as u64)))
}

/// Whether the bytes of a secret are a key of another kind: PEM, its inside, or the DER in it. These are the bytes that a
/// forger signs with who counts on a mix-up.
pub(super) fn is_public_key(octets: &[u8]) -> bool {
    let is_der = |octets: &[u8]| der::recognise(octets).is_ok();
    let Ok(text) = std::str::from_utf8(octets) else { return is_der(octets) };
    let body = || base64url::decode_standard(text.trim());
    is_key_text(text) || is_der(octets) || (text.trim_start().starts_with("MI") && is_der(&body().bytes))
}

fn is_key_text(text: &str) -> bool {
    if pem::has_armour(text) || ["ssh-", "ecdsa-sha2-"].iter().any(|prefix| text.trim_start().starts_with(prefix)) {
        return true;
    }
    // Generated secrets begin with a brace once in 10^22 times and are no JSON objects with a `kty` then.
    object(text).is_some_and(|document| document.string("kty").is_some_and(|key_type| key_type != "oct"))
}

fn object(text: &str) -> Option<json::Document> {
    text.trim_start().starts_with('{').then(|| json::read(text.as_bytes().to_vec())).filter(json::Document::is_json)
}

/// A secret as a JWK, or a set of such.
fn jwk(text: &str) -> Option<Reading> {
    let document = object(text)?;
    if document.string("kty").is_none() && document.member("keys").is_none() {
        return None;
    }
    let mut reading = super::read(text, KeySource::Secret);
    reading.keys.retain(|key| matches!(key.material, Material::Octets(_)));
    if reading.keys.is_empty() {
        reading.findings.insert(0, Finding::error(code::SECRET_IS_A_KEY, "/secret"));
    } else {
        reading.findings.insert(0, Finding::info(code::SECRET_IS_JWK, "/secret"));
    }
    reading.findings.extend(reading.keys.iter().filter_map(|key| short(key.material.bits())));
    Some(reading)
}

/// The text's own bytes. What stands at its ends, and what it looks like, is worth a word.
fn utf8(text: &str, findings: &mut Vec<Finding>) -> Vec<u8> {
    let inner = text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
    let quoted = inner.len() > 2
        && [('"', '"'), ('\'', '\'')].iter().any(|(open, close)| inner.starts_with(*open) && inner.ends_with(*close));
    for (applies, code) in [
        (text.starts_with('\u{feff}'), code::SECRET_BYTE_ORDER_MARK),
        (text.ends_with(['\n', '\r']), code::SECRET_LINE_BREAK),
        (
            text.trim_start_matches('\u{feff}') != text.trim_start_matches('\u{feff}').trim_start()
                || text.trim_end_matches(['\n', '\r']) != text.trim_end(),
            code::SECRET_SPACE,
        ),
        (quoted, code::SECRET_QUOTED),
    ] {
        if applies && !inner.is_empty() {
            findings.push(Finding::warning(code, "/secret"));
        }
    }
    if let Some(other) = looks_like(inner) {
        let finding = Finding::info(code::SECRET_LOOKS_ENCODED, "/secret").certainty(Certainty::Likely);
        findings.push(finding.with("encoding", Fact::Words(other.name())));
    }
    text.as_bytes().to_vec()
}

/// The encoding that the text fits so well that it is hardly an accident.
fn looks_like(text: &str) -> Option<SecretEncoding> {
    let has = |kind: fn(&u8) -> bool| text.as_bytes().iter().any(kind);
    if text.len() >= 32 && text.len().is_multiple_of(2) && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Some(SecretEncoding::Hex);
    }
    let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_digit);
    let telling = text.len() >= TELLING_LENGTH && mixed;
    let padded = text.ends_with('=') && text.len() >= 12;
    if (telling || padded) && base64url::decode_standard(text).faults.is_empty() {
        return Some(SecretEncoding::Base64);
    }
    (telling && base64url::decode(text).faults.is_empty()).then_some(SecretEncoding::Base64Url)
}

/// The decoded bytes; what decodes differently from library to library is said, and what is beyond reading refused.
fn decoded(decoded: Decoded, encoding: SecretEncoding, findings: &mut Vec<Finding>) -> Option<Vec<u8>> {
    let words = Fact::Words(encoding.name());
    if !decoded.is_unambiguous() {
        let fatal = |kind: &FaultKind| matches!(kind, FaultKind::NotBase64(_) | FaultKind::ImpossibleLength);
        let at = decoded.faults.iter().find(|fault| fatal(&fault.kind)).map_or(0, |fault| fault.at);
        let finding = Finding::error(code::SECRET_NOT_ENCODED, "/secret").with("encoding", words);
        findings.push(finding.with("at", Fact::Count(at as u64)));
        return None;
    }
    if !decoded.faults.is_empty() {
        findings.push(Finding::warning(code::SECRET_LENIENT, "/secret").with("encoding", words));
    }
    Some(decoded.bytes)
}

fn hexadecimal(text: &str, findings: &mut Vec<Finding>) -> Option<Vec<u8>> {
    let octets = hexadecimal_octets(text);
    if let Err(at) = octets {
        let finding = Finding::error(code::SECRET_NOT_ENCODED, "/secret");
        let finding = finding.with("encoding", Fact::Words(SecretEncoding::Hex.name()));
        findings.push(finding.with("at", Fact::Count(at as u64)));
    }
    octets.ok()
}

/// Hexadecimal, with or without `0x`, spaces or colons between bytes; where it goes wrong.
pub(super) fn hexadecimal_octets(text: &str) -> Result<Vec<u8>, usize> {
    let trimmed = text.trim_start();
    let start = text.len() - trimmed.len() + if trimmed.starts_with("0x") { 2 } else { 0 };
    let mut octets = Vec::new();
    let mut half = None;
    for (at, character) in text.char_indices().skip_while(|(at, _)| *at < start) {
        match (character.to_digit(16), half) {
            (Some(digit), None) => half = Some((digit as u8, at)),
            (Some(digit), Some((high, _))) => {
                octets.push(high << 4 | digit as u8);
                half = None;
            }
            (None, _) if character.is_whitespace() || character == ':' => {}
            (None, _) => return Err(at),
        }
    }
    half.map_or(Ok(octets), |(_, at)| Err(at))
}
