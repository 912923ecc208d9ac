//! Signatures that are authentication codes: the readings of the secrets at hand, and public keys used as secrets.

use std::rc::Rc;

use super::{Found, MOST_FORGED, MOST_HASHED, Search};
use crate::finding::{Code, Fact};
use crate::jose::algorithm::{ALGORITHMS, Kind};
use crate::jose::base64url;
use crate::key::{self, Material};
use crate::report::KeySource;
use crate::signature_doctor::reading::{self, Reading};
use crate::signature_doctor::words::{self, Facts};
use crate::signature_doctor::{code, mac, public_text};

impl Search<'_> {
    /// Whether a secret is at hand, and the signature as long as an authentication code.
    pub(super) fn may_be_mac(&self) -> bool {
        self.case.has_secret && self.forms.iter().any(|form| matches!(form.bytes.len(), 32 | 48 | 64))
    }

    pub(super) fn macs(&mut self, readings: &[Reading]) -> Option<Found> {
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
    pub(super) fn rewritten_macs(&mut self, readings: &[Reading]) -> Option<Found> {
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
    pub(super) fn secrets(&self) -> Vec<Reading> {
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
    pub(super) fn authenticated(&mut self, secret: &[u8], text: &Rc<[u8]>, may_ask: bool) -> Option<usize> {
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

    pub(super) fn may_hash(&mut self, bytes: usize) -> bool {
        let enough = self.hashed.saturating_add(bytes) <= MOST_HASHED;
        if enough {
            self.hashed += bytes;
        }
        enough
    }

    /// What it means that an HMAC of this form is the signature.
    pub(super) fn hash_deviation(&self, form: usize) -> Option<(Code, Facts)> {
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
    pub(super) fn forgery(&mut self) -> Option<Found> {
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

    pub(super) fn forged(&self, form: usize, key: Option<usize>) -> Found {
        let mut found = self.success(form, None, None, None, key);
        found.code = code::ALG_CONFUSION;
        found
    }
}
