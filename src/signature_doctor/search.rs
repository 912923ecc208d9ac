//! The search for the cause: every test in its order, each with a bound.

use std::rc::Rc;

use super::case::{Candidate, Case, has};
use super::reading::{self, Reading};
use super::rewriting::{self, Rewriting};
use super::rsa::{self, Padding};
use super::shape::{self, Form};
use super::words::{self, Facts};
use super::{Opening, code, mac, origin, public_text};
use crate::crypto::{self, Plan, Verification};
use crate::finding::{Certainty, Code, Fact};
use crate::jose::algorithm::{ALGORITHMS, Algorithm, Curve, Kind};
use crate::jose::{self, base64url};
use crate::key::{self, Material};
use crate::report::{KeySource, SegmentRole, SignatureStatus, TokenKind};
use crate::why::{Answers, MOST_PLANS};

/// So many keys open a signature before the others do.
const FIRST_KEYS: usize = 8;

/// So many bytes are hashed at most in one call: some milliseconds.
const MOST_HASHED: usize = 384 << 10;

/// So many bytes are handed out to be verified at most.
const MOST_ASKED: usize = 8 << 20;

/// So many signatures are asked about at most in one call of everything that is explained.
const MOST_ATTEMPTS: usize = 1000;

/// A curve has so many hashes.
const MOST_ALGORITHMS: usize = 4;

/// Of so many public keys the texts are tried as secrets.
const MOST_FORGED: usize = 8;

/// What was found.
pub struct Found {
    pub code: Code,
    pub certainty: Certainty,
    pub facts: Facts,
}

/// What came of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// It was not tried yet.
    Not,
    /// It makes signatures of another length.
    Length,
    /// The signature does not open with it.
    Noise,
    /// The signature opens with it: the id of the words.
    Opens(&'static str),
    /// The signature verifies with it, in one form or another.
    Verifies,
    /// The signature does not verify with it.
    Fails,
}

/// A text that may have been signed.
struct Text {
    bytes: Rc<[u8]>,
    /// The cause when it is, with its facts.
    deviation: Option<(Code, Facts)>,
}

pub struct Search<'a> {
    pub case: Case<'a>,
    answers: &'a Answers,
    pub forms: Vec<Form>,
    texts: Vec<Text>,
    rewritings: Option<Vec<Rewriting>>,
    pub plans: Vec<Plan>,
    pub openings: Vec<Opening>,
    pub tried: Vec<Tried>,
    /// How many tests were made.
    pub done: usize,
    /// How many readings of the secret were tried.
    pub readings: usize,
    /// How many rewritings were tried.
    pub rewritten: usize,
    /// Whether a key looks right without proof.
    pub plausible: Option<usize>,
    /// Whether there was more to try than is tried.
    pub is_bounded: bool,
    hashed: usize,
    asked: usize,
    /// How many more signatures may be asked about, or were.
    room: usize,
    /// Where the last answer stood: answers come in the order of the plans.
    cursor: usize,
}

impl<'a> Search<'a> {
    pub fn new(case: Case<'a>, answers: &'a Answers) -> Search<'a> {
        let forms = shape::forms(&case);
        let texts = texts(&case);
        let tried = vec![Tried::Not; case.keys.len()];
        let room = MOST_ATTEMPTS / tokens(case.subject.text, case.subject.token.text.len());
        Search {
            case,
            answers,
            forms,
            texts,
            rewritings: None,
            plans: Vec::new(),
            openings: Vec::new(),
            tried,
            done: 0,
            readings: 0,
            rewritten: 0,
            plausible: None,
            is_bounded: false,
            hashed: 0,
            asked: 0,
            room,
            cursor: 0,
        }
    }

    /// The cause, as far as it is known.
    pub fn run(&mut self) -> Option<Found> {
        if let Some((certainty, facts)) = shape::truncated(&self.case, &self.forms) {
            let is_sure = self.case.is_checked || certainty == Certainty::Proved;
            return is_sure.then_some(Found { code: code::TRUNCATED, certainty, facts });
        }
        if !self.case.is_checked {
            return self.plain_form();
        }
        let readings = if self.may_be_mac() { self.secrets() } else { Vec::new() };
        // A forgery comes before rewritings: they are so many that the bound on what is hashed ends them.
        self.macs(&readings)
            .or_else(|| self.forgery())
            .or_else(|| self.rewritten_macs(&readings))
            .or_else(|| self.opened())
            .or_else(|| self.verified())
            .or_else(|| self.conclude())
    }

    /// Whether something is asked that may still change the answer.
    pub fn is_waiting(&self) -> bool {
        !self.plans.is_empty() || !self.openings.is_empty()
    }

    // HMAC

    /// Whether a secret is at hand, and the signature as long as an authentication code.
    fn may_be_mac(&self) -> bool {
        self.case.has_secret && self.forms.iter().any(|form| matches!(form.bytes.len(), 32 | 48 | 64))
    }

    fn macs(&mut self, readings: &[Reading]) -> Option<Found> {
        if !self.may_be_mac() {
            return None;
        }
        self.readings = readings.len();
        let texts = self.bases();
        for (index, text) in texts.iter().enumerate() {
            for reading in readings {
                if let Some(form) = self.authenticated(&reading.bytes, text, true) {
                    let read = reading.code.map(|code| (code, vec![("how", Fact::Words(reading.how))]));
                    return Some(self.success(form, Some(index), self.hash_deviation(form), read, None));
                }
            }
        }
        None
    }

    /// What was signed may have been written differently; that is tried with the readings that are likely.
    fn rewritten_macs(&mut self, readings: &[Reading]) -> Option<Found> {
        if self.case.kind() != Some(Kind::Hmac) || !self.may_be_mac() {
            return None;
        }
        let texts = self.rewritten_texts(self.forms.first().map(|form| form.bytes.len()));
        for (text, facts) in &texts {
            for reading in readings.iter().take(4) {
                self.rewritten += 1;
                if let Some(form) = self.authenticated(&reading.bytes, text, true) {
                    return Some(self.altered(form, None, facts.clone()));
                }
            }
        }
        None
    }

    /// The readings of every secret at hand.
    fn secrets(&self) -> Vec<Reading> {
        let options = self.case.subject.options;
        let octets = |key: &key::Key| match &key.material {
            Material::Octets(octets) => Some(octets.clone()),
            _ => None,
        };
        let mut readings: Vec<Reading> = Vec::new();
        for place in self.case.subject.places {
            for octets in place.keys.iter().filter_map(octets).take(MOST_FORGED) {
                let text = base64url::encode(&octets);
                // Of a JWK, its `k` may have been taken as it is written.
                match place.source {
                    KeySource::Secret if !options.secret.trim_start().starts_with('{') => {
                        readings.extend(reading::readings(&options.secret, options.secret_encoding, Some(octets)));
                    }
                    _ => {
                        let plain = String::from_utf8(octets.clone()).unwrap_or_default();
                        readings.extend(reading::readings(&plain, key::SecretEncoding::Utf8, Some(octets)));
                        let of_text = reading::readings(&text, key::SecretEncoding::Base64, None);
                        readings.extend(of_text.into_iter().filter_map(|reading| {
                            let (code, how) = words::reading("k-text")?;
                            (reading.bytes == text.as_bytes()).then_some(Reading { code: Some(code), how, ..reading })
                        }));
                    }
                }
            }
        }
        if readings.is_empty() && !options.secret.is_empty() {
            // It does not fit the encoding that was chosen.
            readings.extend(reading::readings(&options.secret, options.secret_encoding, None));
        }
        readings
    }

    /// The form of the signature that this secret gives for this text. What is more than can be hashed here is asked for,
    /// where that is wanted.
    fn authenticated(&mut self, secret: &[u8], text: &Rc<[u8]>, may_ask: bool) -> Option<usize> {
        let mut computed: Vec<(usize, Vec<u8>)> = Vec::new();
        for index in 0..self.forms.len() {
            let form = self.forms.get(index).map(|form| form.bytes.clone())?;
            if !matches!(form.len(), 32 | 48 | 64) {
                continue;
            }
            if let Some((_, code)) = computed.iter().find(|(length, _)| *length == form.len()) {
                if **code == *form {
                    return Some(index);
                }
                continue;
            }
            if !self.may_hash(text.len() + secret.len() + 512) {
                if !may_ask {
                    self.is_bounded = true;
                    continue;
                }
                let hash = ALGORITHMS.iter().find(|one| one.signature_length == Some(form.len()))?;
                if self.verifies(hash, &Material::Octets(secret.to_vec()), text, &form) == Some(true) {
                    return Some(index);
                }
                continue;
            }
            self.done += 1;
            let code = mac::hmac(form.len(), secret, text)?;
            if code == *form {
                return Some(index);
            }
            computed.push((form.len(), code));
        }
        None
    }

    fn may_hash(&mut self, bytes: usize) -> bool {
        let enough = self.hashed.saturating_add(bytes) <= MOST_HASHED;
        if enough {
            self.hashed += bytes;
        }
        enough
    }

    /// What it means that an HMAC of this form is the signature.
    fn hash_deviation(&self, form: usize) -> Option<(Code, Facts)> {
        let length = self.forms.get(form).map_or(0, |form| form.bytes.len());
        let actual = ALGORITHMS.iter().find(|one| one.kind == Kind::Hmac && one.signature_length == Some(length))?;
        let facts = self.other_algorithm(actual.name, actual.hash);
        match self.case.algorithm {
            Some(named) if named.name == actual.name => None,
            Some(named) if named.kind == Kind::Hmac => Some((code::HASH_MISMATCH, facts)),
            _ => Some((code::ALG_MISMATCH, facts)),
        }
    }

    /// Whether the text of a public key served as the secret.
    fn forgery(&mut self) -> Option<Found> {
        if self.case.kind() != Some(Kind::Hmac) {
            return None;
        }
        let options = self.case.subject.options;
        let text = self.texts.first().map(|text| text.bytes.clone())?;
        let mut secrets = public_text::pasted(&options.keys);
        if crate::text::contains(&options.secret, "BEGIN") || options.secret.trim_start().starts_with(['{', '[']) {
            secrets.extend(public_text::pasted(&options.secret));
            for key in key::read(&options.secret, KeySource::Pasted).keys.iter().take(MOST_FORGED) {
                secrets.extend(public_text::made(key));
            }
        }
        let is_octets = |secret: &Vec<u8>| {
            let given = self.case.subject.places.iter().flat_map(|place| &place.keys);
            given.into_iter().any(|key| key.material == Material::Octets(secret.clone()))
        };
        let has_public = !self.case.keys.is_empty() || crate::text::contains(&options.secret, "BEGIN");
        secrets.retain(|secret| has_public && !is_octets(secret));
        for secret in &secrets {
            if let Some(form) = self.authenticated(secret, &text, false) {
                return Some(self.forged(form, None));
            }
        }
        for index in 0..self.case.keys.len().min(MOST_FORGED) {
            let made = self.case.keys.get(index).map(|one| public_text::made(&one.key)).unwrap_or_default();
            for secret in made.iter().filter(|secret| !secrets.contains(secret)) {
                if let Some(form) = self.authenticated(secret, &text, false) {
                    return Some(self.forged(form, Some(index)));
                }
            }
        }
        None
    }

    fn forged(&self, form: usize, key: Option<usize>) -> Found {
        let mut found = self.success(form, None, None, None, key);
        found.code = code::ALG_CONFUSION;
        found
    }

    // RSA

    fn opened(&mut self) -> Option<Found> {
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
    fn read(&mut self, key: usize, form: usize, block: &[u8]) -> Option<Found> {
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

    fn opens(&mut self, key: usize, padding: &Padding) {
        if let Some(tried) = self.tried.get_mut(key) {
            *tried = Tried::Opens(match padding {
                Padding::Pkcs1 { .. } => "opens-pkcs1",
                Padding::Pss { .. } => "opens-pss",
                _ => "opens-other",
            });
        }
    }

    /// The signature fits another text than the one received. Without facts it is not known which.
    fn altered(&self, form: usize, key: Option<usize>, mut facts: Facts) -> Found {
        let mut found = self.success(form, None, None, None, key);
        found.code = code::CONTENT_ALTERED;
        if facts.is_empty() {
            facts.push(("rewriting", words::fact("rewritings", "unknown")));
        }
        let which = if key.is_some() { "key" } else { "secret" };
        facts.push(("which", words::fact("rights", which)));
        found.facts.extend(facts);
        found
    }

    /// How the padding differs from what the header names; `None` where it is no padding, `Some(None)` where it does not.
    fn padding_deviation(&self, padding: &Padding) -> Option<Option<(Code, Facts)>> {
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

    /// The algorithm that signed; one that has no name in tokens is described.
    fn other_algorithm(&self, actual: &str, hash: &'static str) -> Facts {
        let actual = match actual == hash {
            true => words::fact("names", "unregistered"),
            false => Fact::Text(actual.to_owned()),
        };
        vec![("actual", actual), ("hash", Fact::Words(hash))]
    }

    /// The same where the padding matters, which has a name with every hash.
    fn other_padding(&self, padding: &str, actual: &str, hash: &'static str) -> Facts {
        match actual == hash {
            true => vec![("actual", words::fact("names", padding)), ("hash", Fact::Words(hash))],
            false => self.other_algorithm(actual, hash),
        }
    }

    // Signatures that don't open

    fn verified(&mut self) -> Option<Found> {
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
    fn attempt(
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
    fn algorithms(&self, material: &Material) -> Vec<&'static Algorithm> {
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

    fn curve_deviation(&self, actual: &'static Algorithm) -> Option<(Code, Facts)> {
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
    fn verifies(
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

    fn answer(&mut self, plan: &Plan) -> Option<Verification> {
        let known = &self.answers.inspect.verifications;
        let (before, from) = known.split_at_checked(self.cursor.min(known.len()))?;
        let at = from.iter().position(|(known, _)| known == plan).map(|at| before.len() + at);
        let at = at.or_else(|| before.iter().position(|(known, _)| known == plan))?;
        self.cursor = at + 1;
        known.get(at).map(|(_, verification)| verification.clone())
    }

    // Texts

    /// The texts that may have been signed, apart from rewritings.
    fn bases(&self) -> Vec<Rc<[u8]>> {
        self.texts.iter().map(|text| text.bytes.clone()).collect()
    }

    /// The rewritings, with their facts; for an HMAC of another length, also with that algorithm in the header.
    fn rewritten_texts(&mut self, length: Option<usize>) -> Vec<(Rc<[u8]>, Facts)> {
        if self.rewritings.is_none() {
            self.rewritings = Some(rewriting::rewritings(self.case.subject.token));
        }
        let named = length.and_then(|length| {
            ALGORITHMS.iter().find(|one| one.kind == Kind::Hmac && one.signature_length == Some(length))
        });
        let mut texts = match named {
            Some(actual) => self.renamed(Some(actual.name)),
            None => Vec::new(),
        };
        for rewriting in self.rewritings.iter().flatten() {
            let mut facts: Facts = vec![
                ("what", Fact::Words(rewriting.what)),
                ("rewriting", Fact::Words(rewriting.words)),
                ("part", Fact::Words(rewriting.part)),
            ];
            if let Some(shown) = rewriting.shown.as_ref().and_then(|shown| std::str::from_utf8(shown).ok()) {
                facts.push(("signed", Fact::Text(shown.to_owned())));
            }
            texts.push((Rc::from(rewriting.signed.as_slice()), facts));
        }
        texts
    }

    /// The token with another algorithm in its header: the one that it was signed with.
    fn renamed(&self, actual: Option<&str>) -> Vec<(Rc<[u8]>, Facts)> {
        let (Some(actual), Some(header)) = (actual, self.case.header) else { return Vec::new() };
        if actual.is_empty() || actual == self.case.algorithm_name() {
            return Vec::new();
        }
        let value = header.member("alg").map(|value| value.span.clone());
        let Some(text) = value.and_then(|span| replaced(&header.bytes, span, actual)) else { return Vec::new() };
        let facts = vec![
            ("what", Fact::Words("header.alg")),
            ("rewriting", words::fact("rewritings", "alg")),
            ("part", Fact::Words("header")),
        ];
        vec![(joined(&text, self.case.part(1)), facts)]
    }

    // What a match means

    /// The cause, when a signature verifies after all: of everything that is different, what is furthest from the key.
    fn success(
        &self,
        form: usize,
        text: Option<usize>,
        algorithm: Option<(Code, Facts)>,
        reading: Option<(Code, Facts)>,
        key: Option<usize>,
    ) -> Found {
        let of_form = self.forms.get(form).and_then(|form| form.code).map(|code| (code, Vec::new()));
        let of_text = text.and_then(|text| self.texts.get(text)).and_then(|text| text.deviation.clone());
        let of_key = key.and_then(|key| self.case.keys.get(key)).map(|one| self.key_deviation(one));
        let causes = [of_form, of_text, algorithm, reading, of_key];
        let (code, mut facts) = causes.into_iter().flatten().next().unwrap_or((code::CONTENT_ALTERED, Vec::new()));
        facts.extend(self.form_facts());
        facts.push(("proof", words::fact("proofs", "verified")));
        if let Some(one) = key.and_then(|key| self.case.keys.get(key)) {
            facts.push(("key", Fact::Text(one.key.name())));
        }
        Found { code, certainty: Certainty::Proved, facts }
    }

    /// What is special about a key that made the signature and was not found by the first verdict.
    fn key_deviation(&self, one: &Candidate) -> (Code, Facts) {
        let kid = || ("kid", self.case.kid.map_or(Fact::Words("missing"), |kid| Fact::Text(kid.to_owned())));
        if one.from_certificate {
            return (code::KEY_DAMAGED, vec![("damage", words::fact("damages", "certificate"))]);
        }
        if self.case.kid.is_some() && one.key.kid.as_deref() != self.case.kid {
            let named = self.case.keys.iter().any(|other| other.key.kid.as_deref() == self.case.kid);
            let which = if named { "other" } else { "absent" };
            return (code::KID_MISMATCH, vec![kid(), ("which", words::fact("kids", which))]);
        }
        let label = match &one.key {
            key if key.public_key_use.as_deref().is_some_and(|usage| usage != "sig") => "use",
            key if key.algorithm.as_deref().is_some_and(|name| name != self.case.algorithm_name()) => "alg",
            _ => "key_ops",
        };
        (code::KEY_LABEL, vec![kid(), ("label", Fact::Text(label.to_owned()))])
    }

    /// The facts that every finding about a form has.
    pub fn form_facts(&self) -> Facts {
        vec![
            ("algorithm", Fact::Text(self.case.algorithm_name().to_owned())),
            ("length", Fact::Count(self.case.signature.len() as u64)),
            ("needed", Fact::Count(shape::needed(&self.case) as u64)),
        ]
    }

    // When nothing matches

    fn conclude(&mut self) -> Option<Found> {
        if self.is_waiting() {
            return None;
        }
        let case = &self.case;
        let found = |code: Code, certainty: Certainty, facts: Facts| Some(Found { code, certainty, facts });
        if let Some(found) = self.plain_form() {
            return Some(found);
        }
        let of_type = |one: &&Candidate| one.key.material.key_type() == case.key_type();
        let fitting = case.keys.iter().filter(of_type).count();
        let is_tried = |tried: &Tried| matches!(tried, Tried::Noise | Tried::Fails);
        let tried = self.tried.iter().filter(|tried| is_tried(tried)).count();
        let noise = self.tried.contains(&Tried::Noise);
        let is_rsa = case.key_type() == "RSA";
        // Of an RSA signature that no key opens, everything else is beside the point.
        if let Some(key) = self.plausible.filter(|_| is_rsa) {
            let mut found = self.altered(0, Some(key), Vec::new());
            found.certainty = Certainty::Likely;
            return Some(found);
        }
        if is_rsa && noise {
            let certainty = if self.is_bounded { Certainty::Likely } else { Certainty::Proved };
            return self.other_key(certainty, "rsa", tried);
        }
        if case.is_for_graph() {
            let proof = vec![("proof", words::fact("proofs", "nonce"))];
            return found(code::GRAPH_NONCE, Certainty::Likely, proof);
        }
        if let Some(found) = self.only_other_curves() {
            return Some(found);
        }
        // A cut leaves bits behind that belong to no byte: that is no other spelling.
        let is_short = !is_rsa && case.signature.len() < shape::needed(case);
        if let Some(found) = self.odd_length(fitting).filter(|_| is_short && !case.is_canonical()) {
            return Some(found);
        }
        if !case.is_canonical() {
            let mut facts = self.form_facts();
            let given = fitting > 0 || case.has_secret;
            facts.push(("proof", words::fact("proofs", if given { "unverified" } else { "form" })));
            facts.push(("how", Fact::Words("")));
            let certainty = if given { Certainty::Likely } else { Certainty::Proved };
            return found(self.spelling(), certainty, facts);
        }
        if let Some(found) = self.mismatched(fitting) {
            return Some(found);
        }
        let refused = has(case.subject, &[crypto::code::KEY_REFUSED]);
        if refused || self.has_damage(fitting) {
            let certainty = if refused { Certainty::Likely } else { Certainty::Proved };
            let damage = words::fact("damages", if refused { "refused" } else { "unread" });
            return found(code::KEY_DAMAGED, certainty, vec![("damage", damage)]);
        }
        if let Some(found) = self.odd_length(fitting) {
            return Some(found);
        }
        match case.kind() {
            Some(Kind::Hmac) if case.has_secret && self.readings > 0 => {
                self.other_key(Certainty::Likely, "hmac", self.readings)
            }
            Some(Kind::Ecdsa | Kind::Eddsa) if tried > 0 => self.other_key(Certainty::Likely, "curve", tried),
            Some(Kind::RsaPkcs1 | Kind::RsaPss) if fitting > 0 => {
                self.other_key(Certainty::Likely, "rsa-length", fitting)
            }
            _ => self.other_type(fitting),
        }
    }

    /// A form that no signature has, whatever the key.
    fn plain_form(&self) -> Option<Found> {
        let code = self.forms.iter().find(|form| form.is_plain).and_then(|form| form.code)?;
        let mut facts = self.form_facts();
        facts.push(("proof", words::fact("proofs", "form")));
        Some(Found { code, certainty: Certainty::Proved, facts })
    }

    /// What the letters of a token that is not written as its bytes demand are.
    fn spelling(&self) -> Code {
        let standard = [jose::code::BASE64URL_STANDARD_ALPHABET, jose::code::BASE64URL_PADDING];
        if has(self.case.subject, &standard) { code::STD_BASE64 } else { code::NONCANONICAL }
    }

    /// Another key made the signature.
    fn other_key(&self, certainty: Certainty, kind: &'static str, count: usize) -> Option<Found> {
        let case = &self.case;
        let origin = origin::of(case);
        let is_absent = case.is_kid_absent();
        let mut facts: Facts = self.form_facts();
        facts.extend([
            ("count", Fact::Count(count as u64)),
            ("summary", words::fact("summaries", kind)),
            ("opens", words::fact("verbs", kind)),
            ("why", words::fact("wrong-keys", kind)),
            ("advice", words::fact("advice", if kind == "hmac" { "secret" } else { "keys" })),
            ("kid", case.kid.map_or(Fact::Words("missing"), |kid| Fact::Text(kid.to_owned()))),
            ("issuer-keys", origin.published.filter(|_| kind != "hmac").map_or(Fact::Words(""), Fact::Text)),
        ]);
        let aside = match () {
            () if origin.is_sibling => "sibling",
            () if origin.differs => "issuer",
            () => "none",
        };
        facts.push(("aside", words::fact("asides", aside)));
        facts.extend(origin.from.map(|from| ("keys-from", Fact::Text(from))));
        let code = if is_absent && !origin.differs { code::KEY_ROTATED } else { code::WRONG_KEY };
        Some(Found { code, certainty, facts })
    }

    /// Every elliptic-curve key at hand is on another curve than the header's algorithm takes, and the signature is as
    /// long as those of that curve.
    fn only_other_curves(&self) -> Option<Found> {
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
    fn mismatched(&self, fitting: usize) -> Option<Found> {
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
    fn odd_length(&self, fitting: usize) -> Option<Found> {
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
    fn has_damage(&self, fitting: usize) -> bool {
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

    /// No key at hand is of the type, or on the curve, that the algorithm takes.
    fn other_type(&self, fitting: usize) -> Option<Found> {
        let case = &self.case;
        let named = case.algorithm?;
        if case.subject.token.kind == TokenKind::Incomplete
            || case.subject.token.signature.status == SignatureStatus::Invalid && fitting == 0
        {
            return None;
        }
        let (code, facts) = if fitting > 0 {
            let curve = case.keys.iter().filter_map(|one| one.key.material.curve()).next()?;
            let needed = named.curve.filter(|needed| *needed != curve)?;
            (crypto::code::CURVE_MISMATCH, curve_facts(named, needed, curve))
        } else {
            let found = case.keys.first().map(|one| one.key.material.key_type());
            let found = found.or(case.has_secret.then_some("oct"))?;
            let facts = vec![
                ("algorithm", Fact::Text(named.name.to_owned())),
                ("type", Fact::Text(found.to_owned())),
                ("needed", Fact::Text(named.key_type.to_owned())),
            ];
            (crypto::code::KEY_TYPE, facts)
        };
        Some(Found { code, certainty: Certainty::Proved, facts })
    }
}

fn curve_facts(named: &Algorithm, needed: &str, curve: &str) -> Facts {
    vec![
        ("algorithm", Fact::Text(named.name.to_owned())),
        ("curve", Fact::Text(curve.to_owned())),
        ("needed", Fact::Text(needed.to_owned())),
    ]
}

/// Whether the algorithm takes such a key.
fn fits(algorithm: &Algorithm, material: &Material) -> bool {
    algorithm.key_type == material.key_type()
        && material.is_supported()
        && algorithm.curve.is_none_or(|curve| material.curve() == Some(curve))
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
        reference: "https://www.rfc-editor.org/rfc/rfc7518#section-3.4",
    }
}

/// The texts that may have been signed: as received, as its bytes demand, and before Microsoft Graph's change.
fn texts(case: &Case) -> Vec<Text> {
    let mut texts = vec![Text { bytes: case.signed.clone(), deviation: None }];
    let bytes = |role: SegmentRole| {
        let segments = &case.subject.token.segments;
        segments.iter().find(|segment| segment.role == role).map_or(&[][..], |segment| &segment.bytes)
    };
    if !case.is_canonical() {
        let standard = [jose::code::BASE64URL_STANDARD_ALPHABET, jose::code::BASE64URL_PADDING];
        let code = if has(case.subject, &standard) { code::STD_BASE64 } else { code::NONCANONICAL };
        let deviation = |how: &str| Some((code, vec![("how", words::fact("spellings", how))]));
        let payload = base64url::encode(bytes(SegmentRole::Payload));
        let canonical = joined(bytes(SegmentRole::Header), &payload);
        let differs = *canonical != *case.signed;
        if let Some(received) = texts.first_mut() {
            received.deviation = deviation(if differs { "received" } else { "signature" });
        }
        if differs {
            texts.push(Text { bytes: canonical, deviation: deviation("rewritten") });
        }
    }
    if let Some(text) = before_graph(case) {
        texts.push(Text { bytes: text, deviation: Some((code::GRAPH_NONCE, Vec::new())) });
    }
    texts
}

/// The text that Microsoft signed, when the token is one whose header was changed for Microsoft Graph: the value of
/// `nonce` was its hash.
fn before_graph(case: &Case) -> Option<Rc<[u8]>> {
    use sha2::{Digest, Sha256};
    let header = case.header?;
    let nonce = header.member("nonce")?;
    let hash = base64url::encode(&Sha256::digest(nonce.as_str()?.as_bytes()));
    let text = replaced(&header.bytes, nonce.span.clone(), &hash)?;
    Some(joined(&text, case.part(1)))
}

/// A JSON text with one value replaced by a string.
fn replaced(json: &[u8], span: std::ops::Range<usize>, by: &str) -> Option<Vec<u8>> {
    let (before, behind) = (json.get(..span.start)?, json.get(span.end..)?);
    Some([before, crate::json::quoted(by).as_bytes(), behind].concat())
}

fn joined(header: &[u8], payload: &str) -> Rc<[u8]> {
    let text = [base64url::encode(header).as_str(), ".", payload].concat();
    Rc::from(text.into_bytes())
}

/// About how many tokens a text holds, from 1 to 20: what is asked for all of them has to be kept at once.
fn tokens(text: &str, length: usize) -> usize {
    const MOST: usize = 20;
    if text.len() < length * 2 {
        return 1;
    }
    if text.len() > 1 << 18 {
        return MOST;
    }
    let bytes = text.as_bytes();
    let starts = |at: &usize| at.checked_sub(1).and_then(|before| bytes.get(before)) != Some(&b'.');
    let found = crate::text::positions(text, "eyJ").iter().filter(|at| starts(at)).count();
    found.clamp(1, MOST)
}
