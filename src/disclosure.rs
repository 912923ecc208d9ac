//! Selective disclosure: SD-JWT ([RFC 9901](https://www.rfc-editor.org/rfc/rfc9901)).

use crate::finding::Finding;

/// What an SD-JWT discloses, and what it keeps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Disclosure {
    /// The disclosures, in order.
    pub disclosed: Vec<Disclosed>,
    /// Digests without a disclosure, by the JSON pointer of where they stand: undisclosed claims, or decoys.
    pub undisclosed: Vec<(String, String)>,
    /// The payload with the disclosed claims in their places, as JSON bytes.
    pub processed: Option<Vec<u8>>,
    /// The key-binding token behind the disclosures.
    pub key_binding: Option<String>,
    /// What is wrong with it.
    pub findings: Vec<Finding>,
}

/// One disclosure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Disclosed {
    /// As it stands in the text.
    pub text: String,
    /// The name of the claim; `None` for an element of an array.
    pub name: Option<String>,
    /// Its value, as JSON text.
    pub value: String,
    /// Its digest, as it stands in the payload.
    pub digest: String,
    /// The JSON pointer of where it belongs; `None` when no digest matches.
    pub place: Option<String>,
}

/// Reads what stands behind a token: `token~disclosure~…~key binding`. `None` when the token is no SD-JWT.
pub fn read(token: &str, payload: &crate::json::Document) -> Option<Disclosure> {
    let _ = (token, payload);
    None
}
