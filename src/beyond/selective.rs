//! Selective disclosure: what stands behind a token, what [`disclosure`](crate::disclosure) makes of it, and the token that
//! binds it to a key.

use super::{Inner, Look};
use crate::disclosure;
use crate::finding::Finding;
use crate::json::{self, Value};
use crate::key::{self, Key};
use crate::report::{Beyond, KeySource, Token};

/// More than that is no SD-JWT that anybody sends.
const LONGEST: usize = 1 << 20;

/// What stands behind a token in the text, from its first tilde on; empty where there is none.
pub(super) fn behind<'a>(token: &Token, text: &'a str) -> &'a str {
    let Some(end) = token.pieces.last().map(|piece| piece.end) else { return "" };
    let rest = text.get(end..).filter(|rest| rest.starts_with('~')).unwrap_or_default();
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'=');
    let length = rest.bytes().take(LONGEST).take_while(|byte| is_part(byte)).count();
    rest.get(..length).unwrap_or_default()
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
        let Some(payload) = token.payload.as_ref().filter(|_| !tail.is_empty()) else { return Vec::new() };
        let Some(disclosure) = disclosure::read(&[&token.text, tail].concat(), payload) else { return Vec::new() };
        findings.extend(disclosure.findings.iter().cloned());
        let binding = disclosure.key_binding.clone();
        let holder = holder(disclosure.processed.as_deref().unwrap_or(&payload.bytes));
        beyond.disclosure = Some(disclosure);
        binding.map(|text| Inner { text, tail: String::new(), only: Some(holder) }).into_iter().collect()
    }
}

/// The key that the issuer says the holder has, `cnf.jwk` ([RFC 7800 §3.2](https://www.rfc-editor.org/rfc/rfc7800#section-3.2)).
fn holder(payload: &[u8]) -> Vec<Key> {
    let document = json::read(payload.to_vec());
    let jwk =
        document.member("cnf").and_then(|confirmation| confirmation.member("jwk")).map(|jwk: &Value| document.raw(jwk));
    jwk.map(|jwk| key::read(&jwk, KeySource::Token).keys).unwrap_or_default()
}
