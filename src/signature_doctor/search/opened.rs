//! RSA signatures: each is opened with the keys at hand, and the padding read.

use super::{FIRST_KEYS, Found, Search, Tried};
use crate::finding::{Code, Fact};
use crate::jose::algorithm::{ALGORITHMS, Kind};
use crate::key::Material;
use crate::signature_doctor::rsa::{self, Padding};
use crate::signature_doctor::words::{self, Facts};
use crate::signature_doctor::{Opening, code};

impl Search<'_> {
    pub(super) fn opened(&mut self) -> Option<Found> {
        let mut pairs: Vec<(usize, usize, Opening)> = Vec::new();
        for (index, one) in self.case.keys.iter().enumerate() {
            let Material::Rsa { modulus, exponent } = &one.key.material else { continue };
            for (form, shape) in self.forms.iter().enumerate() {
                if shape.bytes.len() == modulus.len() {
                    let (modulus, exponent) = (modulus.clone(), exponent.clone());
                    let signature = shape.bytes.to_vec();
                    pairs.push((index, form, Opening { modulus, exponent, signature }));
                }
            }
            if let Some(tried) = self.tried.get_mut(index).filter(|_| !pairs.iter().any(|pair| pair.0 == index)) {
                *tried = Tried::Length;
            }
        }
        let mut doubtful = None;
        for batch in [pairs.get(..FIRST_KEYS.min(pairs.len())), pairs.get(FIRST_KEYS.min(pairs.len())..)] {
            for (key, form, opening) in batch.unwrap_or_default() {
                let Some(opened) = self.answers.opened(opening) else {
                    self.openings.push(opening.clone());
                    continue;
                };
                self.done += 1;
                let found = opened.and_then(|block| self.read(*key, *form, block));
                if let Some(found) = found {
                    // Content that was altered may still be the work of another key's neighbour: a match is sooner believed.
                    if found.code != code::CONTENT_ALTERED || found.facts.iter().any(|(name, _)| *name == "what") {
                        return Some(found);
                    }
                    doubtful = doubtful.or(Some(found));
                } else if let Some(tried @ (Tried::Not | Tried::Length)) = self.tried.get_mut(*key) {
                    // What fits only without its end was opened in vain, and is still not of this key's length.
                    *tried = if *form == 0 { Tried::Noise } else { Tried::Length };
                }
            }
            if doubtful.is_some() || !self.openings.is_empty() {
                return doubtful;
            }
        }
        None
    }

    /// Reads an opened block.
    pub(super) fn read(&mut self, key: usize, form: usize, block: &[u8]) -> Option<Found> {
        let bits = self.case.keys.get(key)?.key.material.bits();
        let bases = self.bases();
        let received = bases.first()?;
        let hint = self.case.algorithm.map(|algorithm| algorithm.hash).filter(|hash| !hash.is_empty());
        let padding = rsa::read(block, bits, received, hint);
        let deviation = self.padding_deviation(&padding)?;
        let matched = bases.iter().position(|text| {
            let bytes = text.len();
            self.hashed += bytes;
            rsa::digest_matches(&padding, text)
        });
        if let Some(text) = matched {
            self.opens(key, &padding);
            return Some(self.success(form, Some(text), deviation, None, Some(key)));
        }
        if matches!(padding, Padding::OtherPkcs1 { .. }) {
            self.opens(key, &padding);
            let mut found = self.success(form, None, deviation, None, Some(key));
            found.code = code::RSA_PADDING;
            return Some(found);
        }
        // The block names a hash that is not computed here: that it is another one than the header's is proved all the same.
        if matches!(padding, Padding::Pkcs1 { .. }) && !padding.is_comparable() {
            self.opens(key, &padding);
            return Some(self.success(form, None, deviation, None, Some(key)));
        }
        let actual = actual_algorithm(&padding);
        let texts = self.rewritten_texts(None);
        let texts = self.renamed(actual).into_iter().chain(texts);
        for (text, facts) in texts {
            if !self.may_hash(text.len()) {
                self.is_bounded = true;
                break;
            }
            self.rewritten += 1;
            if rsa::digest_matches(&padding, &text) {
                self.opens(key, &padding);
                return Some(self.altered(form, Some(key), facts));
            }
        }
        if !padding.is_proof() {
            self.plausible = self.plausible.or(Some(key));
            return None;
        }
        self.opens(key, &padding);
        Some(self.altered(form, Some(key), Vec::new()))
    }

    pub(super) fn opens(&mut self, key: usize, padding: &Padding) {
        if let Some(tried) = self.tried.get_mut(key) {
            *tried = Tried::Opens(match padding {
                Padding::Pkcs1 { .. } => "opens-pkcs1",
                Padding::Pss { .. } => "opens-pss",
                _ => "opens-other",
            });
        }
    }

    /// How the padding differs from what the header names; `None` where it is no padding, `Some(None)` where it does not.
    pub(super) fn padding_deviation(&self, padding: &Padding) -> Option<Option<(Code, Facts)>> {
        let named = self.case.algorithm;
        let kind = named.map(|algorithm| algorithm.kind);
        let named_hash = named.map_or("", |algorithm| algorithm.hash);
        let actual = actual_algorithm(padding).unwrap_or_default();
        let deviation = match padding {
            Padding::None => return None,
            Padding::OtherPkcs1 { .. } if !padding.is_proof() => return None,
            Padding::OtherPkcs1 { .. } => Some((code::RSA_PADDING, Vec::new())),
            Padding::Pkcs1 { hash, has_parameters, .. } => match kind {
                Some(Kind::RsaPkcs1) if *hash != named_hash => {
                    Some((code::HASH_MISMATCH, self.other_algorithm(actual, hash)))
                }
                Some(Kind::RsaPkcs1) if !has_parameters => Some((code::RSA_PADDING, Vec::new())),
                Some(Kind::RsaPkcs1) => None,
                Some(Kind::RsaPss) => Some((code::RS_PS_SWAP, self.other_padding("pkcs1", actual, hash))),
                _ => Some((code::ALG_MISMATCH, self.other_padding("pkcs1", actual, hash))),
            },
            Padding::Pss { hash, mask_hash, salt_length, .. } => {
                let salt = || {
                    let needed = named.map_or(0, |algorithm| algorithm.salt_length);
                    vec![
                        ("salt", Fact::Count(*salt_length as u64)),
                        ("needed", Fact::Count(needed as u64)),
                        ("hash", Fact::Words(hash)),
                        ("mask", Fact::Words(mask_hash)),
                    ]
                };
                match kind {
                    Some(Kind::RsaPss) if *hash != named_hash => {
                        Some((code::HASH_MISMATCH, self.other_algorithm(actual, hash)))
                    }
                    Some(Kind::RsaPss) if mask_hash != hash => Some((code::PSS_MASK, salt())),
                    Some(Kind::RsaPss) if named.is_some_and(|named| named.salt_length != *salt_length) => {
                        Some((code::PSS_SALT, salt()))
                    }
                    Some(Kind::RsaPss) => None,
                    Some(Kind::RsaPkcs1) => Some((code::RS_PS_SWAP, self.other_padding("pss", actual, hash))),
                    _ => Some((code::ALG_MISMATCH, self.other_padding("pss", actual, hash))),
                }
            }
        };
        Some(deviation)
    }

    /// The same where the padding matters, which has a name with every hash.
    pub(super) fn other_padding(&self, padding: &str, actual: &str, hash: &'static str) -> Facts {
        match actual == hash {
            true => vec![("actual", words::fact("names", padding)), ("hash", Fact::Words(hash))],
            false => self.other_algorithm(actual, hash),
        }
    }
}

/// The registered name of what the padding shows, where it has one.
fn actual_algorithm(padding: &Padding) -> Option<&'static str> {
    let (kind, hash) = match padding {
        Padding::Pkcs1 { hash, .. } => (Kind::RsaPkcs1, *hash),
        Padding::Pss { hash, .. } => (Kind::RsaPss, *hash),
        _ => return None,
    };
    ALGORITHMS.iter().find(|one| one.kind == kind && one.hash == hash).map(|one| one.name).or(Some(hash))
}
