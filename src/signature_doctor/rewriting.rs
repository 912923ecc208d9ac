//! What may have been signed instead of what was received: the ways in which software on the way, or the signer itself,
//! is known to write the same token differently.

use crate::report::Token;

/// Bytes that may have been signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewriting {
    /// The stable key of what was done, such as `payload.compact`: what would give back the signed form.
    pub what: &'static str,
    /// What was done to the bytes, and by whom, in a sentence.
    pub words: &'static str,
    /// What of the token differs: "header", "payload" or "signing-input".
    pub part: &'static str,
    /// The bytes that would have been signed.
    pub signed: Vec<u8>,
    /// The JSON of the part as it would have been signed; `None` where the JSON is the one received.
    pub shown: Option<Vec<u8>>,
}

/// The byte strings that may have been signed instead of what was received, the likely ones first; without duplicates,
/// and never what was received.
pub fn rewritings(_token: &Token) -> Vec<Rewriting> {
    Vec::new()
}
