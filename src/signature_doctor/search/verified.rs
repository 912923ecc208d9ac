//! Signatures that can't be opened: keys, algorithms and texts are tried by verifying.

use std::rc::Rc;

use super::mismatch::curve_facts;
use super::{Found, MOST_ALGORITHMS, MOST_ASKED, Search, Tried};
use crate::crypto::{self, Plan, Verification};
use crate::finding::Code;
use crate::jose::algorithm::{ALGORITHMS, Algorithm, Kind};
use crate::key::Material;
use crate::signature_doctor::code;
use crate::signature_doctor::words::Facts;
use crate::why::MOST_PLANS;

impl Search<'_> {
    pub(super) fn verified(&mut self) -> Option<Found> {
        let mut any = false;
        let bases = self.bases();
        // The header's algorithm with every key comes before other ones with any.
        for rank in 0..MOST_ALGORITHMS {
            for key in 0..self.case.keys.len() {
                let Some(material) = self.case.keys.get(key).map(|one| one.key.material.clone()) else { break };
                let Some(algorithm) = self.algorithms(&material).get(rank).copied() else { continue };
                let length = algorithm.signature_length.unwrap_or(64);
                for form in 0..self.forms.len() {
                    let bytes = self.forms.get(form).map(|form| form.bytes.clone());
                    let Some(bytes) = bytes.filter(|bytes| bytes.len() == length) else { continue };
                    for (index, text) in bases.iter().enumerate() {
                        any = true;
                        if self.attempt(key, algorithm, &material, text, &bytes) {
                            let deviation = self.curve_deviation(algorithm);
                            return Some(self.success(form, Some(index), deviation, None, Some(key)));
                        }
                    }
                }
            }
        }
        if !any || !self.plans.is_empty() {
            return None;
        }
        let texts = self.rewritten_texts(None);
        let received = self.forms.first().map(|form| form.bytes.clone())?;
        for key in 0..self.case.keys.len() {
            let Some(material) = self.case.keys.get(key).map(|one| one.key.material.clone()) else { break };
            let Some(algorithm) = self.case.algorithm.filter(|named| fits(named, &material)) else { continue };
            if algorithm.signature_length.unwrap_or(64) != received.len() {
                continue;
            }
            for (text, facts) in &texts {
                self.rewritten += 1;
                if self.attempt(key, algorithm, &material, text, &received) {
                    return Some(self.altered(0, Some(key), facts.clone()));
                }
            }
        }
        None
    }

    /// Whether a key verifies; remembers what came of it.
    pub(super) fn attempt(
        &mut self,
        key: usize,
        algorithm: &'static Algorithm,
        material: &Material,
        text: &Rc<[u8]>,
        signature: &Rc<[u8]>,
    ) -> bool {
        let answer = self.verifies(algorithm, material, text, signature);
        if let (Some(tried), Some(answer)) = (self.tried.get_mut(key), answer) {
            match (answer, *tried) {
                (true, _) => *tried = Tried::Verifies,
                (false, Tried::Not) => *tried = Tried::Fails,
                _ => {}
            }
        }
        answer == Some(true)
    }

    /// The algorithms that a key may have been used with: the header's, that of its curve, and its curve with other
    /// hashes.
    pub(super) fn algorithms(&self, material: &Material) -> Vec<&'static Algorithm> {
        let named = self.case.algorithm.filter(|named| fits(named, material));
        let mut algorithms: Vec<&'static Algorithm> = named.into_iter().collect();
        if material.curve().is_none() {
            return Vec::new();
        }
        for algorithm in ALGORITHMS.iter().chain(&CROSSED).filter(|one| one.supported && one.curve == material.curve())
        {
            let is_known = |known: &&Algorithm| known.hash == algorithm.hash && known.kind == algorithm.kind;
            if fits(algorithm, material) && !algorithms.iter().any(is_known) {
                algorithms.push(algorithm);
            }
        }
        algorithms
    }

    pub(super) fn curve_deviation(&self, actual: &'static Algorithm) -> Option<(Code, Facts)> {
        let named = self.case.algorithm?;
        if named.kind != actual.kind {
            return Some((code::ALG_MISMATCH, self.other_algorithm(actual.name, actual.hash)));
        }
        if let (Some(needed), Some(curve)) = (named.curve, actual.curve)
            && needed != curve
        {
            return Some((crypto::code::CURVE_MISMATCH, curve_facts(named, needed, curve)));
        }
        (named.hash != actual.hash).then(|| (code::HASH_MISMATCH, self.other_algorithm(actual.name, actual.hash)))
    }

    /// The answer about a signature; `None` where it is asked for, or where there is none to be had.
    pub(super) fn verifies(
        &mut self,
        algorithm: &'static Algorithm,
        material: &Material,
        text: &Rc<[u8]>,
        signature: &Rc<[u8]>,
    ) -> Option<bool> {
        let bytes = self.asked.saturating_add(text.len());
        if self.room == 0 || bytes > MOST_ASKED {
            self.is_bounded = true;
            return None;
        }
        self.room -= 1;
        self.asked = bytes;
        let plan = Plan { algorithm, key: material.clone(), data: text.clone(), signature: signature.clone() };
        match self.answer(&plan) {
            Some(verification) => {
                self.done += 1;
                match verification {
                    Verification::Valid => Some(true),
                    Verification::Invalid => Some(false),
                    _ => None,
                }
            }
            None => {
                if self.plans.len() < MOST_PLANS {
                    self.plans.push(plan);
                }
                None
            }
        }
    }

    pub(super) fn answer(&mut self, plan: &Plan) -> Option<Verification> {
        let known = &self.answers.inspect.verifications;
        let (before, from) = known.split_at_checked(self.cursor.min(known.len()))?;
        let at = from.iter().position(|(known, _)| known == plan).map(|at| before.len() + at);
        let at = at.or_else(|| before.iter().position(|(known, _)| known == plan))?;
        self.cursor = at + 1;
        known.get(at).map(|(_, verification)| verification.clone())
    }
}

/// Whether the algorithm takes such a key.
fn fits(algorithm: &Algorithm, material: &Material) -> bool {
    algorithm.key_type == material.key_type()
        && material.is_supported()
        && algorithm.curve.is_none_or(|curve| material.curve() == Some(curve))
}

/// Curves with the hash of another curve's algorithm: libraries that take the hash from `alg` and the curve from the key
/// sign so.
static CROSSED: [Algorithm; 6] = [
    crossed("ECDSA P-256, SHA-384", "P-256", "SHA-384", 64),
    crossed("ECDSA P-256, SHA-512", "P-256", "SHA-512", 64),
    crossed("ECDSA P-384, SHA-256", "P-384", "SHA-256", 96),
    crossed("ECDSA P-384, SHA-512", "P-384", "SHA-512", 96),
    crossed("ECDSA P-521, SHA-256", "P-521", "SHA-256", 132),
    crossed("ECDSA P-521, SHA-384", "P-521", "SHA-384", 132),
];

const fn crossed(name: &'static str, curve: &'static str, hash: &'static str, length: usize) -> Algorithm {
    Algorithm {
        name,
        kind: Kind::Ecdsa,
        key_type: "EC",
        curve: Some(curve),
        hash,
        salt_length: 0,
        signature_length: Some(length),
        minimum_key_bits: 0,
        also: None,
        supported: true,
        fallback: false,
        public_length: None,
        reference: "https://www.rfc-editor.org/rfc/rfc7518#section-3.4",
    }
}
