//! Forms of keys that belong to other worlds: key stores, requests, keys of PuTTY, of OpenPGP and of .NET. Where the public
//! key stands there in the clear it is read; everywhere else what is to be done is said.

use super::der::{self, BIT_STRING, INTEGER, OBJECT_IDENTIFIER, SEQUENCE};
use super::details::code;
use super::{Material, secret, ssh};
use crate::finding::{Code, Finding};
use crate::jose::base64url;
use crate::text;

/// `1.2.840.113549.1.7`, which everything of PKCS #7 begins with, PKCS #12 inside.
const PKCS_7: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07";

/// Texts that say what they are, and where they say it.
const SAID: [(&str, Code); 6] = [
    ("PuTTY-User-Key-File-", code::PUTTY),
    ("<RSAKeyValue>", code::RSA_XML),
    ("BEGIN PGP ", code::PGP),
    ("BEGIN CERTIFICATE REQUEST", code::REQUEST),
    ("BEGIN NEW CERTIFICATE REQUEST", code::REQUEST),
    ("BEGIN X509 CRL", code::REVOCATION_LIST),
];

/// Where such a text says it, in bytes.
const BEGINNING: usize = 4096;

/// A form that is recognised: what is said of it, and the key where it is readable.
pub(super) fn recognise(text: &str) -> Option<(Finding, Option<Material>)> {
    let mut end = text.len().min(BEGINNING);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let beginning = text.get(..end).unwrap_or_default();
    let said = SAID.iter().find(|(mark, _)| text::contains(beginning, mark)).map(|(_, code)| *code);
    let code = said.or_else(|| octets(text).and_then(|octets| structure(&octets)))?;
    let material = match code {
        code::PUTTY => putty(text),
        code::RSA_XML => xml(text),
        code::REQUEST => octets(text).and_then(|octets| request(&octets)),
        _ => None,
    };
    let finding = if material.is_some() { Finding::info(code, "/keys") } else { Finding::error(code, "/keys") };
    Some((finding.text("key", "#1"), material))
}

/// The bytes that a text stands for: hexadecimal, or base64 with or without lines around it.
fn octets(text: &str) -> Option<Vec<u8>> {
    let body = match text::split_once(text, "-----BEGIN ") {
        Some((_, behind)) => text::split_once(text::split_once(behind, "-----")?.1, "-----")?.0,
        None => text,
    };
    if let Ok(octets) = secret::hexadecimal_octets(body) {
        return Some(octets);
    }
    let plain: String = body.chars().filter(|character| !character.is_whitespace()).collect();
    Some(base64url::decode_standard(&plain)).filter(base64url::Decoded::is_unambiguous).map(|decoded| decoded.bytes)
}

fn structure(octets: &[u8]) -> Option<Code> {
    match octets {
        // JKS, and JCEKS.
        [0xfe, 0xed, 0xfe, 0xed, ..] | [0xce, 0xce, 0xce, 0xce, ..] => return Some(code::JAVA_KEY_STORE),
        _ => {}
    }
    let outer = der::sequence(octets)?;
    let is_pkcs_7 = |element: &der::Element| element.tag == OBJECT_IDENTIFIER && element.content.starts_with(PKCS_7);
    match outer.as_slice() {
        [version, content, ..] if version.tag == INTEGER && content.tag == SEQUENCE => {
            let inside = der::elements(content.content)?;
            inside.first().is_some_and(is_pkcs_7).then_some(code::PKCS_12)
        }
        [kind, ..] if is_pkcs_7(kind) => Some(code::PKCS_7),
        [_, _, bits] if bits.tag == BIT_STRING && request(octets).is_some() => Some(code::REQUEST),
        _ => None,
    }
}

/// The key of CertificationRequestInfo ([RFC 2986 §4.1](https://www.rfc-editor.org/rfc/rfc2986#section-4.1)): version,
/// subject, key, attributes.
fn request(octets: &[u8]) -> Option<Material> {
    let outer = der::sequence(octets)?;
    let inside = der::elements(outer.first().filter(|first| first.tag == SEQUENCE)?.content)?;
    let [version, subject, key, attributes] = inside.as_slice() else { return None };
    if version.tag != INTEGER || subject.tag != SEQUENCE || key.tag != SEQUENCE || attributes.tag != 0xa0 {
        return None;
    }
    let key = der::elements(key.content)?;
    let [algorithm, bits] = key.as_slice() else { return None };
    Some(der::subject_public_key(algorithm, der::bits(bits)).ok()?.material)
}

/// `Public-Lines:` counts the lines behind it, which are the key as SSH has it.
fn putty(text: &str) -> Option<Material> {
    let mut lines = text.lines();
    let count = lines.find_map(|line| line.strip_prefix("Public-Lines:"))?.trim().parse().ok()?;
    let body: String = lines.take(count).map(str::trim).collect();
    ssh::recognise(&base64url::decode_standard(&body).bytes)?.key.ok().map(|key| key.material)
}

/// `RSAKeyValue` of [XML signatures](https://www.w3.org/TR/xmldsig-core1/#sec-RSAKeyValue), which .NET writes.
fn xml(text: &str) -> Option<Material> {
    let number = |begins: &str| {
        let (_, behind) = text::split_once(text, begins)?;
        let (digits, _) = behind.split_once('<')?;
        let decoded = base64url::decode_standard(digits.trim());
        Some(der::trimmed(&decoded.bytes)).filter(|number| decoded.is_unambiguous() && !number.is_empty())
    };
    Some(Material::Rsa { modulus: number("<Modulus>")?, exponent: number("<Exponent>")? })
}
