//! Secrets that everybody knows: those of documentation, of default configurations and of lists. The search asks for one
//! verification per secret, carried out in the browser; nothing leaves the page.

use std::sync::OnceLock;

use super::code;
use super::look::{Look, beginning, strings, table};
use crate::crypto::{self, Plan, Verification};
use crate::finding::{Fact, Finding};
use crate::inspect;
use crate::jose::algorithm::{Algorithm, Kind};
use crate::jose::base64url;
use crate::json::{self, Document, Value};
use crate::key::{Key, Material, SecretEncoding, read_secret};
use crate::report::{KeySource, SegmentRole, SignatureStatus, TokenKind};
use crate::text;
use crate::why::Answers;

/// Over more signed bytes four hundred verifications would take too long, and answers are kept with the bytes.
const MOST_SIGNED_BYTES: usize = 1 << 16;

/// In a text with more places that tokens begin at than this nobody looks for the first one that a secret signed.
const MOST_BEGINNINGS: usize = 64;

/// No header that names an algorithm first is longer.
const LONGEST_HEADER: usize = 1024;

/// A known secret.
pub(super) struct Known {
    /// Its bytes.
    pub(super) octets: Vec<u8>,
    /// Its text.
    pub(super) text: &'static str,
    /// How the text stands for the bytes.
    pub(super) encoding: SecretEncoding,
    /// Where it is known from.
    pub(super) source: &'static str,
}

impl Look<'_> {
    /// Reports the well-known secret that signed the token, or plans to look for it.
    pub(super) fn secrets(&mut self, answers: &Answers) -> Vec<Plan> {
        let Some(sample) = self.sample() else { return Vec::new() };
        let of_this = |plan: &Plan| {
            plan.signature == sample.signature
                && plan.algorithm.name == sample.algorithm.name
                && plan.data == sample.data
        };
        let mut tried: Vec<&[u8]> = Vec::new();
        for (plan, verification) in &answers.inspect.verifications {
            let Material::Octets(octets) = &plan.key else { continue };
            if !of_this(plan) {
                continue;
            }
            if *verification == Verification::Valid
                && let Some(known) = known().iter().find(|known| known.octets == *octets)
            {
                self.well_known(known);
                return Vec::new();
            }
            tried.push(octets);
        }
        // Of a signature by another secret, no well-known one is the secret.
        if self.subject.token.signature.status == SignatureStatus::Valid || self.is_behind_another() {
            return Vec::new();
        }
        let untried = known().iter().filter(|known| !tried.contains(&known.octets.as_slice()));
        let plan = |known: &Known| Plan { key: Material::Octets(known.octets.clone()), ..sample.clone() };
        untried.map(plan).collect()
    }

    /// The plan that all others differ from in the secret alone; `None` where there is nothing to try.
    fn sample(&self) -> Option<Plan> {
        let token = &self.subject.token;
        if token.kind != TokenKind::Jws
            || token.findings.iter().any(|finding| finding.code == inspect::code::NOT_BASE64URL)
        {
            return None;
        }
        let algorithm = self.named_algorithm().filter(|algorithm| algorithm.kind == Kind::Hmac)?;
        let signed = token.text.rfind('.').and_then(|at| token.text.get(..at))?;
        if signed.len() > MOST_SIGNED_BYTES {
            return None;
        }
        let signature = token.segments.iter().find(|segment| segment.role == SegmentRole::Signature)?;
        let key = Key {
            source: KeySource::Secret,
            kid: None,
            algorithm: None,
            public_key_use: None,
            key_operations: None,
            material: Material::Octets(vec![0]),
            certificate: None,
        };
        crypto::plan(algorithm, &key, signed.as_bytes(), &signature.bytes).ok()
    }

    /// Whether another token that is signed with a secret stands before this one in the text. Such a text may hold two
    /// hundred of them, and answers are kept for some: the secrets are tried for the first one, and what signed that one
    /// most likely signed the others.
    fn is_behind_another(&self) -> bool {
        let start = self.subject.token.pieces.first().map_or(0, |piece| piece.start);
        let before = self.subject.text.get(..start).unwrap_or_default();
        // A JSON object begins like this in base64url.
        let beginnings = text::positions(before, "eyJ");
        let is_signed_with_secret = |at: &usize| {
            let header = before.get(*at..).map(|rest| beginning(rest, LONGEST_HEADER)).unwrap_or_default();
            let header = json::read(base64url::decode(header.split('.').next().unwrap_or_default()).bytes);
            let algorithm = header.string("alg").and_then(Algorithm::named);
            algorithm.is_some_and(|algorithm| algorithm.kind == Kind::Hmac)
        };
        beginnings.len() > MOST_BEGINNINGS || beginnings.iter().any(is_signed_with_secret)
    }

    fn well_known(&mut self, known: &Known) {
        let finding = Finding::warning(code::WELL_KNOWN_SECRET, "/signature")
            .text("secret", beginning(known.text, 200))
            .with("encoding", Fact::Words(known.encoding.name()))
            .with("source", Fact::Words(known.source));
        self.push(finding);
    }
}

/// Every secret of the table.
pub(super) fn known() -> &'static [Known] {
    static KNOWN: OnceLock<Vec<Known>> = OnceLock::new();
    KNOWN.get_or_init(|| {
        let groups = secrets().member("groups").map(Value::items).unwrap_or_default();
        groups.iter().flat_map(group).collect()
    })
}

fn group(group: &'static Value) -> impl Iterator<Item = Known> {
    let text = |name: &str| group.member(name).and_then(Value::as_str);
    let source = text("known").unwrap_or_default();
    let encoding = match text("encoding") {
        Some("base64") => SecretEncoding::Base64,
        Some("base64url") => SecretEncoding::Base64Url,
        Some("hex") => SecretEncoding::Hex,
        _ => SecretEncoding::Utf8,
    };
    strings(group.member("secrets")).map(move |text| {
        let octets = match encoding {
            SecretEncoding::Utf8 => text.as_bytes().to_vec(),
            // Leniently, as the libraries do that decode any text.
            SecretEncoding::Base64 | SecretEncoding::Base64Url => base64url::decode(text).bytes,
            SecretEncoding::Hex => read_secret(text, encoding).keys.into_iter().find_map(octets).unwrap_or_default(),
        };
        Known { octets, text, encoding, source }
    })
}

fn octets(key: Key) -> Option<Vec<u8>> {
    match key.material {
        Material::Octets(octets) => Some(octets),
        _ => None,
    }
}

/// The table of secrets.
fn secrets() -> &'static Document {
    static TABLE: OnceLock<Document> = OnceLock::new();
    TABLE.get_or_init(|| table(include_bytes!("../data/lint_secrets.json")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::why::MOST_PLANS;

    #[test]
    fn every_secret_is_there_once_and_has_a_source() {
        assert!((300..=450).contains(&known().len()), "{}", known().len());
        assert!(known().len() < MOST_PLANS);
        for (at, one) in known().iter().enumerate() {
            assert!(!one.octets.is_empty() && !one.source.is_empty(), "{}", one.text);
            let twin = known().iter().skip(at + 1).find(|other| other.octets == one.octets);
            assert!(twin.is_none(), "{} stands twice", one.text);
        }
    }

    #[test]
    fn secrets_are_the_bytes_that_they_stand_for() {
        let find = |text: &str, encoding| known().iter().find(|known| known.text == text && known.encoding == encoding);
        assert_eq!(find("secret", SecretEncoding::Utf8).unwrap().octets, b"secret");
        assert_eq!(find("secret", SecretEncoding::Base64).unwrap().octets, [0xb1, 0xe7, 0x2b, 0x7a]);
        let example = find(
            "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow",
            SecretEncoding::Base64Url,
        );
        // RFC 7515 A.1.1: "3, 35, 53, 75, 43, 15, 165, …", 64 bytes.
        let octets = &example.unwrap().octets;
        assert_eq!((octets.len(), octets.get(..7)), (64, Some(&[3, 35, 53, 75, 43, 15, 165][..])));
    }
}
