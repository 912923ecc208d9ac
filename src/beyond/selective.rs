//! Selective disclosure: what stands behind a token, what [`disclosure`](crate::disclosure) makes of it, and the token that
//! binds it to a key.

use super::{Inner, Look};
use crate::disclosure;
use crate::finding::Finding;
use crate::key;
use crate::report::{Beyond, KeySource, Token};

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
        let holder = disclosure.holder_key().map(|jwk| key::read(&jwk, KeySource::Token).keys).unwrap_or_default();
        beyond.disclosure = Some(disclosure);
        binding.map(|text| Inner { text, tail: String::new(), only: Some(holder) }).into_iter().collect()
    }
}
