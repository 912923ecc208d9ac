//! What the form of a signature says of the key and the algorithm that made it.

use super::{Found, Search};
use crate::crypto;
use crate::finding::{Certainty, Code, Fact};
use crate::jose::algorithm::{ALGORITHMS, Algorithm, Curve, Kind};
use crate::key;
use crate::report::KeySource;
use crate::signature_doctor::case::Candidate;
use crate::signature_doctor::words::{self, Facts};
use crate::signature_doctor::{code, shape};

impl Search<'_> {
    /// Every elliptic-curve key at hand is on another curve than the header's algorithm takes, and the signature is as
    /// long as those of that curve.
    pub(super) fn only_other_curves(&self) -> Option<Found> {
        let named = self.case.algorithm.filter(|named| named.kind == Kind::Ecdsa)?;
        let needed = named.curve?;
        let mut curves = self.case.keys.iter().filter_map(|one| one.key.material.curve()).peekable();
        curves.peek()?;
        let length = self.case.signature.len();
        let fits = |curve: &&str| Curve::named(curve).is_some_and(|curve| curve.signature_length == length);
        let mut is_other = true;
        let found = curves.inspect(|curve| is_other &= *curve != needed).filter(fits).last();
        let curve = found.filter(|_| is_other)?;
        let facts = curve_facts(named, needed, curve);
        Some(Found { code: crypto::code::CURVE_MISMATCH, certainty: Certainty::Proved, facts })
    }

    /// The length of the signature is that of another algorithm.
    pub(super) fn mismatched(&self, fitting: usize) -> Option<Found> {
        let case = &self.case;
        let named = case.algorithm?;
        let length = case.signature.len();
        let likely = |code: Code, facts: Facts| Some(Found { code, certainty: Certainty::Likely, facts });
        let mac = ALGORITHMS.iter().find(|one| one.kind == Kind::Hmac && one.signature_length == Some(length));
        if let Some(curve) = shape::other_curve(case) {
            // When the key is on the wrong curve, too, that is known for certain, and said below.
            let on_curve = |one: &Candidate| one.key.material.curve() == named.curve;
            if case.keys.iter().any(on_curve) {
                return likely(
                    crypto::code::CURVE_MISMATCH,
                    curve_facts(named, named.curve.unwrap_or_default(), curve.name),
                );
            }
        }
        if let Some(actual) = mac.filter(|actual| actual.name != named.name) {
            let mut facts = self.form_facts();
            facts.extend(self.other_algorithm(actual.name, actual.hash));
            facts.push(("proof", words::fact("proofs", "length")));
            return match named.kind {
                Kind::Hmac => likely(code::HASH_MISMATCH, facts),
                Kind::RsaPkcs1 | Kind::RsaPss => likely(code::ALG_MISMATCH, facts),
                Kind::Ecdsa if length != 64 && fitting > 0 => likely(code::ALG_MISMATCH, facts),
                _ => None,
            };
        }
        if named.kind == Kind::Hmac && length >= 128 && length.is_multiple_of(64) {
            let mut facts = self.form_facts();
            facts.extend(self.other_algorithm("RS256", "SHA-256"));
            facts.push(("proof", words::fact("proofs", "length")));
            return likely(code::ALG_MISMATCH, facts);
        }
        None
    }

    /// A signature of a length that nothing makes.
    pub(super) fn odd_length(&self, fitting: usize) -> Option<Found> {
        let case = &self.case;
        let kind = case.kind()?;
        let needed = shape::needed(case);
        let length = case.signature.len();
        if matches!(kind, Kind::RsaPkcs1 | Kind::RsaPss) {
            // A modulus of a strange size was cut itself.
            let odd =
                |one: &Candidate| shape::modulus_length(&one.key.material).is_some_and(|size| !size.is_multiple_of(32));
            let damaged = fitting > 0 && length.is_multiple_of(64) && case.keys.iter().any(odd);
            let damage = words::fact("damages", "modulus");
            return damaged.then(|| Found {
                code: code::KEY_DAMAGED,
                certainty: Certainty::Likely,
                facts: vec![("damage", damage)],
            });
        }
        if length == needed || (fitting == 0 && !case.has_secret && length == 0) {
            return None;
        }
        let (code, facts) = match length < needed {
            true => (code::TRUNCATED, shape::truncation(case, needed, "length")),
            false => {
                let mut facts = self.form_facts();
                facts.push(("proof", words::fact("proofs", "length")));
                (code::SURPLUS, facts)
            }
        };
        Some(Found { code, certainty: Certainty::Likely, facts })
    }

    /// Whether the keys were given, and none of them could be read.
    pub(super) fn has_damage(&self, fitting: usize) -> bool {
        let options = self.case.subject.options;
        if fitting > 0 || options.keys.trim().is_empty() {
            return false;
        }
        let reading = key::read(&options.keys, KeySource::Pasted);
        let is_error = |finding: &crate::finding::Finding| {
            // A private key that can't be used is whole all the same.
            let is_whole = [key::code::PRIVATE_ONLY, key::code::PRIVATE_ENCRYPTED].contains(&finding.code);
            finding.severity == crate::finding::Severity::Error && !is_whole
        };
        let about_this = reading.keys.iter().all(|key| key.material.key_type() != self.case.key_type());
        about_this && reading.findings.iter().any(is_error)
    }
}

pub(super) fn curve_facts(named: &Algorithm, needed: &str, curve: &str) -> Facts {
    vec![
        ("algorithm", Fact::Text(named.name.to_owned())),
        ("curve", Fact::Text(curve.to_owned())),
        ("needed", Fact::Text(needed.to_owned())),
    ]
}
