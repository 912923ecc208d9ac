//! Certificates ([RFC 5280 §4.1](https://www.rfc-editor.org/rfc/rfc5280#section-4.1)), read to be shown. No signature is
//! checked.

use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::hexadecimal;
use crate::jose::base64url;
use crate::key::der::{self, BIT_STRING, Element, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, SEQUENCE};
use crate::key::{Material, x509};
use crate::time::Time;

const COMMON_NAME: &[u8] = b"\x55\x04\x03";
const ORGANIZATION: &[u8] = b"\x55\x04\x0a";
const SUBJECT_KEY_IDENTIFIER: &[u8] = b"\x55\x1d\x0e";
const AUTHORITY_KEY_IDENTIFIER: &[u8] = b"\x55\x1d\x23";

/// The names of signature algorithms.
const SIGNATURES: [(&[u8], &str); 13] = [
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x04", "RSA with MD5"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05", "RSA with SHA-1"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", "RSA with SHA-256"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0c", "RSA with SHA-384"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0d", "RSA with SHA-512"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a", "RSA-PSS"),
    (b"\x2a\x86\x48\xce\x3d\x04\x01", "ECDSA with SHA-1"),
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x02", "ECDSA with SHA-256"),
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x03", "ECDSA with SHA-384"),
    (b"\x2a\x86\x48\xce\x3d\x04\x03\x04", "ECDSA with SHA-512"),
    (b"\x2b\x65\x70", "Ed25519"),
    (b"\x2b\x65\x71", "Ed448"),
    (b"\x60\x86\x48\x01\x65\x03\x04\x03\x12", "ML-DSA-65"),
];

/// What a certificate says about itself, and its thumbprints. Nothing of it is proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CertificateDetails {
    /// Whose key it has.
    pub subject: Name,
    /// Who issued it.
    pub issuer: Name,
    /// Its serial number, in hexadecimal.
    pub serial: String,
    /// The first moment of its validity.
    pub not_before: Option<Time>,
    /// The last moment of its validity.
    pub not_after: Option<Time>,
    /// Whether its validity is over.
    pub is_expired: bool,
    /// Whether its validity has not begun.
    pub is_early: bool,
    /// Whether it names itself as its issuer.
    pub is_self_signed: bool,
    /// How it is signed: "RSA with SHA-256", or an object identifier.
    pub signature_algorithm: String,
    /// Type and size of its key.
    pub key: Option<String>,
    /// SHA-1 over it in base64url: `x5t` ([RFC 7517 §4.8](https://www.rfc-editor.org/rfc/rfc7517#section-4.8)).
    pub sha1: String,
    /// SHA-256 over it in base64url: `x5t#S256` ([RFC 7517 §4.9](https://www.rfc-editor.org/rfc/rfc7517#section-4.9)).
    pub sha256: String,
    pub(super) material: Option<Material>,
    identifier: Option<Vec<u8>>,
    authority: Option<Vec<u8>>,
}

/// A name in a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name {
    /// Its common name.
    pub common_name: Option<String>,
    /// Its organisation.
    pub organization: Option<String>,
    /// The whole of it, to compare.
    octets: Vec<u8>,
}

impl CertificateDetails {
    /// Whether the other may have issued it: by name, and by key identifier where both have one.
    pub(super) fn is_issued_by(&self, other: &CertificateDetails) -> bool {
        let keys = match (&self.authority, &other.identifier) {
            (Some(authority), Some(identifier)) => authority == identifier,
            _ => true,
        };
        keys && self.issuer.octets == other.subject.octets
    }
}

impl CertificateDetails {
    /// Whether it is signed over a hash of which collisions are made.
    pub(super) fn has_broken_hash(&self) -> bool {
        self.signature_algorithm.ends_with("SHA-1") || self.signature_algorithm.ends_with("MD5")
    }
}

impl Name {
    /// Its common name, or its organisation where it has none.
    pub fn text(&self) -> Option<&str> {
        self.common_name.as_deref().or(self.organization.as_deref())
    }
}

/// Reads a certificate; `None` for what is none.
pub(super) fn read(bytes: &[u8], now: Time) -> Option<CertificateDetails> {
    let (outer, rest) = der::element(bytes).ok().filter(|(outer, _)| outer.tag == SEQUENCE)?;
    // What stands behind it is OpenSSL's own, and not part of the certificate.
    let whole = bytes.get(..bytes.len() - rest.len())?;
    let children = der::elements(outer.content)?;
    let [signed, algorithm, signature] = children.as_slice() else { return None };
    if signed.tag != SEQUENCE || signature.tag != BIT_STRING {
        return None;
    }
    let fields = der::elements(signed.content)?;
    let fields = match fields.as_slice() {
        [version, rest @ ..] if version.tag == 0xa0 => rest,
        all => all,
    };
    let [serial, _, issuer, validity, subject, key, rest @ ..] = fields else { return None };
    if serial.tag != INTEGER || key.tag != SEQUENCE {
        return None;
    }
    let material = match der::elements(key.content)?.as_slice() {
        [algorithm, key] => der::subject_public_key(algorithm, der::bits(key)).ok().map(|key| key.material),
        _ => return None,
    };
    let times = der::elements(validity.content).unwrap_or_default();
    let (not_before, not_after) = (times.first().and_then(x509::time), times.get(1).and_then(x509::time));
    let extensions = rest.iter().find(|field| field.tag == 0xa3);
    let identifier = extensions.and_then(|all| extension(all, SUBJECT_KEY_IDENTIFIER)).and_then(|value| {
        let (inner, _) = der::element(value).ok()?;
        (inner.tag == OCTET_STRING).then(|| inner.content.to_vec())
    });
    // AuthorityKeyIdentifier: the key identifier has the implicit tag 0.
    let authority = extensions.and_then(|all| extension(all, AUTHORITY_KEY_IDENTIFIER)).and_then(|value| {
        let (inner, _) = der::element(value).ok()?;
        let parts = der::elements(inner.content)?;
        parts.iter().find(|part| part.tag == 0x80).map(|part| part.content.to_vec())
    });
    let (issuer, subject) = (name(issuer), name(subject));
    let is_self_signed = issuer.octets == subject.octets
        && match (&identifier, &authority) {
            (Some(own), Some(authority)) => own == authority,
            _ => true,
        };
    Some(CertificateDetails {
        serial: hexadecimal(&der::trimmed(serial.content)),
        is_expired: not_after.is_some_and(|until| until < now),
        is_early: not_before.is_some_and(|from| now < from),
        not_before,
        not_after,
        is_self_signed,
        signature_algorithm: signature_algorithm(algorithm),
        key: material.as_ref().map(Material::description),
        sha1: base64url::encode(&Sha1::digest(whole)),
        sha256: base64url::encode(&Sha256::digest(whole)),
        issuer,
        subject,
        material,
        identifier,
        authority,
    })
}

fn signature_algorithm(algorithm: &Element) -> String {
    let identifier = der::elements(algorithm.content).and_then(|parts| parts.first().map(|first| first.content));
    let identifier = identifier.unwrap_or_default();
    let known = SIGNATURES.iter().find(|(known, _)| *known == identifier);
    known.map_or_else(|| der::dotted(identifier), |(_, name)| (*name).to_owned())
}

fn name(name: &Element) -> Name {
    Name {
        common_name: x509::attribute(name, COMMON_NAME),
        organization: x509::attribute(name, ORGANIZATION),
        octets: name.content.to_vec(),
    }
}

/// The value of an extension.
fn extension<'a>(extensions: &Element<'a>, identifier: &[u8]) -> Option<&'a [u8]> {
    let (list, _) = der::element(extensions.content).ok()?;
    der::elements(list.content)?.iter().find_map(|extension| {
        let parts = der::elements(extension.content)?;
        let first = parts.first().filter(|first| first.tag == OBJECT_IDENTIFIER && first.content == identifier);
        first.and(parts.last()).filter(|last| last.tag == OCTET_STRING).map(|last| last.content)
    })
}
