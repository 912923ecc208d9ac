//! Shared secrets.

/// The least bits of a secret that any HMAC algorithm of JOSE allows: those of HS256.
pub(super) const SHORTEST_BITS: usize = 256;

/// How the text of a secret stands for its bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecretEncoding {
    /// The characters themselves, as UTF-8.
    #[default]
    Utf8,
    /// Base64 with the standard alphabet.
    Base64,
    /// Base64 with the alphabet for URLs.
    Base64Url,
    /// Two hexadecimal digits a byte.
    Hex,
}
/// Reads a secret.
pub fn read_secret(text: &str, _encoding: SecretEncoding) -> super::Reading {
    let _ = text;
    super::Reading::default()
}
