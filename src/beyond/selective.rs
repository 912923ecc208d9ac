//! Selective disclosure: what stands behind a token, what [`disclosure`](crate::disclosure) makes of it, and the token that
//! binds it to a key.

use super::{Inner, Look, Only, proof};
use crate::claims::Expectations;
use crate::disclosure::{self, Disclosure};
use crate::finding::Finding;
use crate::json::{self, Document};
use crate::report::{Beyond, Token};

/// What stands behind a token in the text, from its first tilde on; empty where there is none.
pub(super) fn behind(token: &Token, text: &str) -> String {
    let is_followed = token
        .pieces
        .last()
        .and_then(|piece| text.get(piece.end..))
        .is_some_and(|rest| rest.trim_start_matches(['\r', '\n']).starts_with('~'));
    let whole = if is_followed { disclosure::whole(text, token) } else { String::new() };
    whole.get(token.text.len()..).unwrap_or_default().to_owned()
}

/// Whether a payload has digests in the place of claims.
pub(super) fn has_digests(payload: &[u8]) -> bool {
    let has = |name: &[u8]| payload.windows(name.len()).any(|window| window == name);
    has(b"\"_sd\"") || has(b"\"...\"")
}

/// Whether the claims that are disclosed, or were never hidden, have one of that name.
fn has(disclosure: &Disclosure, payload: &Document, name: &str) -> bool {
    match &disclosure.processed {
        Some(processed) => json::read(processed.clone()).member(name).is_some(),
        None => payload.member(name).is_some(),
    }
}

impl Look<'_> {
    /// Reads what a token discloses. The claims are then those of the processed payload; the token that binds it to a key
    /// is one of its own.
    pub(super) fn disclose(
        &mut self,
        token: &Token,
        beyond: &mut Beyond,
        tail: &str,
        findings: &mut Vec<Finding>,
    ) -> Vec<Inner> {
        let Some(payload) = &token.payload else { return Vec::new() };
        if tail.is_empty() && !token.text.starts_with('{') && !has_digests(&payload.bytes) {
            return Vec::new();
        }
        let Some(disclosure) = disclosure::read(&[&token.text, tail].concat(), payload) else { return Vec::new() };
        findings.extend(disclosure.findings.iter().cloned());
        let binding = disclosure.key_binding.clone();
        // The key is the one that the issuer says the holder has, and no other.
        let keys = disclosure.holder_key().map(|jwk| proof::one(&jwk)).unwrap_or_default();
        let expected = &self.given.options.expectations;
        let (has_audience, has_nonce) = (has(&disclosure, payload, "aud"), has(&disclosure, payload, "nonce"));
        let expectations = Expectations {
            audiences: if has_audience { Vec::new() } else { expected.audiences.clone() },
            nonce: expected.nonce.clone().filter(|_| !has_nonce),
            ..self.given.bare()
        };
        beyond.disclosure = Some(disclosure);
        let only = Some(Only { keys, expectations });
        let binding = binding.filter(|text| !text.is_empty());
        binding.map(|text| Inner { text, tail: String::new(), only }).into_iter().collect()
    }

    /// What is expected of a token that is presented with a key-binding token: for whom it is says that one, unless it does
    /// itself ([RFC 9901 §4.3](https://www.rfc-editor.org/rfc/rfc9901#section-4.3)).
    pub(super) fn presented(&self, token: &Token, beyond: &Beyond) -> Option<Expectations> {
        beyond.disclosure.as_ref()?.key_binding.as_ref()?;
        let mut expectations = self.given.options.expectations.clone();
        let payload = token.payload.as_ref()?;
        if payload.member("aud").is_none() {
            expectations.audiences.clear();
        }
        expectations.nonce = expectations.nonce.filter(|_| payload.member("nonce").is_some());
        Some(expectations)
    }
}
