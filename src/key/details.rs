//! The second look at keys: what is worth knowing about them beyond what verifying needs.
//!
//! [`of`] reads a text of keys once more: the thumbprints of each key, its certificates, and what makes it weak. Nothing here
//! decides about a token: a wrong label or a chain out of order is worth a change, and every such finding is a warning at most.

use super::der::Structure;
use super::jwk::Jwk;
use super::{Material, Place, Watcher, read_watched};
use crate::finding::{Fact, Finding, Severity};
use crate::jose::base64url;
use crate::json::{Document, Value};
use crate::report::KeySource;
use crate::time::Time;

mod certificate;
pub mod code;
mod known;
mod weakness;

pub use certificate::{CertificateDetails, Name};

/// How many keys of one text are looked at closely: factoring takes some milliseconds each.
const MOST_KEYS: usize = 4;

/// How many certificates of a chain are read; three are usual.
const MOST_CERTIFICATES: usize = 16;

/// The keys of a text, and what is worth knowing about them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Details {
    /// The keys whose public halves were read, in order.
    pub keys: Vec<KeyDetails>,
    /// What is weak or does not fit together.
    pub findings: Vec<Finding>,
}

/// One key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyDetails {
    /// What it is called: its `kid`, or its number in the text.
    pub name: String,
    /// Type and size: "RSA 2048", "EC P-256".
    pub description: String,
    /// Whether its private half is in the text.
    pub is_private: bool,
    /// Its thumbprint ([RFC 7638](https://www.rfc-editor.org/rfc/rfc7638)); `None` for secrets.
    pub thumbprint: Option<String>,
    /// Its certificates, its own first. Nobody has checked them: they are shown, and trusted for nothing.
    pub certificates: Vec<CertificateDetails>,
}

/// Looks closely at the keys of a text; `now` is when the dates of certificates are held against.
///
/// ```
/// use tokenscope::{key, time::Time};
/// let key = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
/// let details = key::details::of(key, Time::from_seconds(0));
/// // The key of RFC 8037, of which everybody knows the private half.
/// assert_eq!(details.findings[0].code, key::details::code::KNOWN);
/// ```
pub fn of(text: &str, now: Time) -> Details {
    let mut collector = Collector { now, ..Collector::default() };
    read_watched(text, KeySource::Pasted, Some(&mut collector));
    collector.chain();
    collector.details
}

/// Looks closely at one key: what makes it weak, with `name` as what it is called.
pub fn weaknesses(material: &Material, name: &str) -> Vec<Finding> {
    let mut findings = weakness::of(material);
    findings.extend(known::known(material));
    findings.into_iter().map(|finding| finding.text("key", name)).collect()
}

/// Looks at what a token's header says of certificates: `x5c`, and whether `x5t` and `x5t#S256` are of its first one
/// ([RFC 7515 §4.1.6](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.6)). A key from there is never used.
pub fn header(header: &Document, now: Time) -> Details {
    let mut details = Details::default();
    let Some(root) = &header.root else { return details };
    let certificates = certificates(root, "/header/x5c", now, "x5c", &mut details.findings);
    stated_thumbprints(root, "/header", certificates.first(), "x5c", &mut details.findings);
    if let Some(first) = certificates.first() {
        details.keys.push(KeyDetails {
            name: "x5c".to_owned(),
            description: first.key.clone().unwrap_or_default(),
            is_private: false,
            thumbprint: first.material.as_ref().and_then(thumbprint),
            certificates,
        });
    }
    details
}

/// Whether the `x5t` and `x5t#S256` of a token's header are of the first certificate of the key that it was verified with.
pub fn stated(header: &Document, key: &KeyDetails) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(root) = &header.root {
        stated_thumbprints(root, "/header", key.certificates.first(), HEADER, &mut findings);
    }
    findings
}

/// What the header is called in findings about its thumbprints.
const HEADER: &str = "header";

#[derive(Default)]
struct Collector {
    now: Time,
    details: Details,
    /// The certificates that are blocks of their own, by the key that each gave.
    blocks: Vec<(usize, CertificateDetails)>,
}

impl Watcher for Collector {
    fn jwk(&mut self, jwk: &mut Jwk<'_, '_, '_>, material: &Material) {
        let is_private = ["d", "priv"].iter().any(|name| jwk.value.member(name).is_some());
        let mut findings = Vec::new();
        let certificates = certificates(jwk.value, &jwk.subject, self.now, &jwk.name, &mut findings);
        stated_thumbprints(jwk.value, &jwk.subject, certificates.first(), &jwk.name, &mut findings);
        if let Some(first) = certificates.first()
            && first.material.as_ref().is_some_and(|own| own != material)
        {
            findings.push(Finding::warning(code::CHAIN_KEY, &*jwk.subject).text("key", &*jwk.name));
        }
        self.add(&jwk.name, material, is_private, certificates, findings);
    }

    fn structure(&mut self, structure: &Structure, bytes: &[u8], place: &mut Place<'_, '_>) -> bool {
        let Ok(public) = &structure.key else { return true };
        let mut findings = Vec::new();
        let mut certificates = Vec::new();
        if structure.certificate.is_some()
            && let Some(certificate) = certificate::read(bytes, self.now)
        {
            findings.extend(own(&certificate, place.name, place.subject));
            self.blocks.push((self.details.keys.len(), certificate.clone()));
            certificates.push(certificate);
        }
        self.add(place.name, &public.material, structure.is_private, certificates, findings);
        true
    }
}

impl Collector {
    fn add(
        &mut self,
        name: &str,
        material: &Material,
        is_private: bool,
        certificates: Vec<CertificateDetails>,
        findings: Vec<Finding>,
    ) {
        self.details.findings.extend(findings);
        if self.details.keys.len() < MOST_KEYS {
            self.details.findings.extend(weaknesses(material, name));
        }
        self.details.keys.push(KeyDetails {
            name: name.to_owned(),
            description: material.description(),
            is_private,
            thumbprint: thumbprint(material),
            certificates,
        });
    }

    /// Certificates below one another are a chain where one of them issued another: then the first key has them all.
    fn chain(&mut self) {
        let [(first, _), ..] = self.blocks.as_slice() else { return };
        let linked = self.blocks.iter().take(MOST_CERTIFICATES).any(|(at, one)| {
            self.blocks
                .iter()
                .take(MOST_CERTIFICATES)
                .any(|(other_at, other)| at != other_at && one.is_issued_by(other))
        });
        if !linked {
            return;
        }
        let chain: Vec<CertificateDetails> =
            self.blocks.iter().take(MOST_CERTIFICATES).map(|(_, certificate)| certificate.clone()).collect();
        if let Some(key) = self.details.keys.get_mut(*first) {
            // The dates of each have been said.
            let order = order(&chain, &key.name, "/keys");
            self.details.findings.extend(order.filter(|finding| finding.code != code::ISSUER_EXPIRED));
            key.certificates = chain;
        }
    }
}

/// The certificates of `x5c`, which are base64 of DER ([RFC 7517 §4.7](https://www.rfc-editor.org/rfc/rfc7517#section-4.7)).
fn certificates(
    owner: &Value,
    subject: &str,
    now: Time,
    name: &str,
    findings: &mut Vec<Finding>,
) -> Vec<CertificateDetails> {
    let mut certificates = Vec::new();
    let Some(chain) = owner.member("x5c") else { return certificates };
    for (number, item) in chain.items().iter().take(MOST_CERTIFICATES).enumerate() {
        let decoded = item.as_str().map(base64url::decode_standard).filter(base64url::Decoded::is_unambiguous);
        match decoded.as_ref().and_then(|decoded| certificate::read(&decoded.bytes, now)) {
            Some(certificate) => certificates.push(certificate),
            None => {
                let finding = Finding::warning(code::CERTIFICATE_BROKEN, subject).text("key", name);
                findings.push(finding.with("number", Fact::Count(number as u64 + 1)));
                break;
            }
        }
        if decoded.is_some_and(|decoded| !decoded.faults.is_empty()) {
            let finding = Finding::warning(code::CERTIFICATE_ALPHABET, subject).text("key", name);
            findings.push(finding.with("number", Fact::Count(number as u64 + 1)));
        }
    }
    if let Some(first) = certificates.first() {
        findings.push(Finding::info(code::CHAIN_UNTRUSTED, subject).text("key", name));
        findings.extend(own(first, name, subject));
    }
    findings.extend(order(&certificates, name, subject));
    certificates
}

/// What is worth knowing about the certificate of a key: its dates, and a signature that nobody takes any more.
fn own(certificate: &CertificateDetails, name: &str, subject: &str) -> Vec<Finding> {
    let finding = |code| Finding::info(code, subject).text("key", name);
    let mut findings = Vec::new();
    if let Some(until) = certificate.not_after.filter(|_| certificate.is_expired) {
        findings.push(finding(code::CERTIFICATE_EXPIRED).with("until", Fact::Time(until)));
    } else if let Some(from) = certificate.not_before.filter(|_| certificate.is_early) {
        findings.push(finding(code::CERTIFICATE_EARLY).with("from", Fact::Time(from)));
    }
    if !certificate.is_self_signed && certificate.has_broken_hash() {
        findings.push(finding(code::CERTIFICATE_SHA1).text("algorithm", certificate.signature_algorithm.as_str()));
    }
    findings
}

/// What is worth knowing about certificates that stand below one another. Each has to be issued by the one behind it: "each
/// subsequent certificate being the one used to certify the previous one".
fn order(chain: &[CertificateDetails], name: &str, subject: &str) -> Option<Finding> {
    let numbered = |code, number: usize| {
        Finding::warning(code, subject).text("key", name).with("number", Fact::Count(number as u64 + 1))
    };
    for (number, one) in chain.iter().enumerate() {
        if let Some(again) = chain.iter().skip(number + 1).position(|other| other.sha256 == one.sha256) {
            let again = Fact::Count((number + again) as u64 + 2);
            return Some(numbered(code::CHAIN_TWICE, number).with("again", again));
        }
    }
    for (number, pair) in chain.windows(2).enumerate() {
        let [one, next] = pair else { continue };
        if one.is_issued_by(next) {
            continue;
        }
        let is_elsewhere = one.is_self_signed || chain.iter().any(|other| one.is_issued_by(other));
        if is_elsewhere {
            return Some(numbered(code::CHAIN_ORDER, number));
        }
        let issuer =
            one.issuer.text().map_or(Fact::Words("an issuer without a name"), |name| Fact::Text(name.to_owned()));
        return Some(numbered(code::CHAIN_GAP, number).with("issuer", issuer));
    }
    let over = chain.iter().skip(1).position(|one| one.is_expired)?;
    let until = chain.get(over + 1)?.not_after?;
    let mut finding = numbered(code::ISSUER_EXPIRED, over + 1).with("until", Fact::Time(until));
    finding.severity = Severity::Info;
    Some(finding)
}

/// Whether the thumbprints that stand beside a certificate are its own.
fn stated_thumbprints(
    owner: &Value,
    subject: &str,
    certificate: Option<&CertificateDetails>,
    name: &str,
    findings: &mut Vec<Finding>,
) {
    let Some(certificate) = certificate else { return };
    for (member, own) in [("x5t", &certificate.sha1), ("x5t#S256", &certificate.sha256)] {
        let Some(stated) = owner.member(member).and_then(Value::as_str).filter(|stated| *stated != own) else {
            continue;
        };
        // As OpenSSL prints them: hexadecimal, of which base64url was made or not.
        let octets = base64url::decode(own).bytes;
        let text = hexadecimal(&octets);
        let same = |one: &str| {
            one.bytes().filter(u8::is_ascii_hexdigit).map(|byte| byte.to_ascii_lowercase()).eq(text.bytes())
        };
        let decoded = base64url::decode(stated).bytes;
        let is_text = same(stated) || std::str::from_utf8(&decoded).is_ok_and(same);
        let is_padded = decoded == octets;
        let code = if is_text || is_padded { code::THUMBPRINT_FORM } else { code::THUMBPRINT_WRONG };
        let finding = Finding::warning(code, subject).text("key", name).text("member", member);
        findings.push(finding.text("found", stated).text("expected", own.as_str()));
    }
}

fn thumbprint(material: &Material) -> Option<String> {
    super::thumbprint::of(material)
}

/// Two digits a byte, in lower case.
fn hexadecimal(octets: &[u8]) -> String {
    let digit = |value: u8| char::from_digit(u32::from(value), 16).unwrap_or('0');
    octets.iter().flat_map(|octet| [digit(octet >> 4), digit(octet & 15)]).collect()
}
