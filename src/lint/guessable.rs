//! A typed secret that a person thought of: "Human-memorizable passwords MUST NOT be directly used as the key to a
//! keyed-MAC algorithm" ([RFC 8725 §3.5](https://www.rfc-editor.org/rfc/rfc8725#section-3.5)). That it is too short is
//! said where keys are read. No part of the secret becomes evidence.

use super::code;
use super::look::{Look, beginning};
use super::secret::known;
use crate::finding::{Fact, Finding};
use crate::jose::algorithm::Kind;
use crate::key::SecretEncoding;
use crate::text;

/// So much of a secret is looked at.
const LOOKED_AT: usize = 1024;

/// Thirty-two random hexadecimal digits have about fourteen different ones.
const FEWEST_CHARACTERS: usize = 8;

/// Up to this length a common word makes the better part of a secret.
const SHORT: usize = 24;

/// Shorter ones are a part of too many texts.
const SHORTEST_WORD: usize = 5;

impl Look<'_> {
    pub(super) fn guessable_secret(&mut self) {
        let options = self.subject.options;
        let is_hmac = self.named_algorithm().is_some_and(|algorithm| algorithm.kind == Kind::Hmac);
        let is_known = self.findings.iter().any(|finding| finding.code == code::WELL_KNOWN_SECRET);
        let secret = beginning(options.secret.trim(), LOOKED_AT);
        if !is_hmac || is_known || secret.is_empty() || options.secret_encoding != SecretEncoding::Utf8 {
            return;
        }
        // A JWK or a PEM block is no password.
        if secret.starts_with(['{', '-']) {
            return;
        }
        if let Some(reason) = reason(secret) {
            let finding = Finding::info(code::SECRET_GUESSABLE, "/secret");
            self.push_likely(finding.with("reason", Fact::Words(reason)));
        }
    }
}

/// Why a secret is easy to guess, as a clause with the secret as its subject.
fn reason(secret: &str) -> Option<&'static str> {
    let bytes = secret.as_bytes();
    if repeats(bytes) {
        return Some("repeats a short piece");
    }
    let steps = |pair: &[u8]| matches!(pair, [one, other] if one.abs_diff(*other) <= 1);
    if bytes.len() >= 6 && bytes.windows(2).filter(|pair| steps(pair)).count() * 5 >= (bytes.len() - 1) * 4 {
        return Some("is a row of letters or digits");
    }
    let different = (0..=255).filter(|byte| bytes.contains(byte)).count();
    if bytes.len() >= 16 && different < FEWEST_CHARACTERS {
        return Some("has only a few different characters");
    }
    let lower = secret.to_ascii_lowercase();
    let is_word = |word: &str| word.len() >= SHORTEST_WORD && word.bytes().all(|byte| byte.is_ascii_lowercase());
    let has_word = || known().iter().any(|known| is_word(known.text) && text::contains(&lower, known.text));
    (secret.len() < SHORT && has_word()).then_some("has a common word in it")
}

/// Whether the whole is a piece of it, again and again.
fn repeats(bytes: &[u8]) -> bool {
    let again = |length: usize| {
        bytes.len() > length && bytes.iter().zip(bytes.iter().skip(length)).all(|(one, other)| one == other)
    };
    (1..=bytes.len().min(64) / 2).any(again)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_person_thought_of_is_told_from_what_was_generated() {
        for (secret, guessable) in [
            ("abcabcabcabcabcabcabcabcabcabcabc", true),
            ("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", true),
            ("abcdefghijklmnopqrstuvwxyz0123456789", true),
            ("11223311332211223312331123332211", true),
            ("OrdersSecret2026!", true),
            ("correct horse battery staple", false),
            ("a-demonstration-secret-of-43-characters-long", false),
            ("kB7vQ2pXz9LmR4tYw8NcJ6hGd3FsA5eU", false),
            ("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", false),
            ("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8", false),
            ("7Kp!x2", false),
        ] {
            assert_eq!(reason(secret).is_some(), guessable, "{secret}: {:?}", reason(secret));
        }
    }
}
