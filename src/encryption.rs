//! Encrypting: [`crate::decryption`] the other way round.

use crate::crypto::operation::{Operation, Operations};
use crate::finding::Finding;
use crate::key::{Key, PrivateKey};

/// What an encrypted token is to be made of.
#[derive(Clone, Copy)]
pub struct Content<'a> {
    /// The protected header as JSON text, byte for byte as it will stand in the token. `alg`, `enc` and `zip` in it say what is
    /// done; the parameters that the algorithm makes itself (`epk`, `p2s`, `iv`, …) are added where they are missing, and the
    /// header is only then written anew.
    pub header: &'a str,
    /// The plaintext.
    pub plaintext: &'a [u8],
    /// The recipient's public key; for the symmetric algorithms [`Content::secret`].
    pub key: Option<&'a Key>,
    /// The shared secret, or the password.
    pub secret: Option<&'a PrivateKey>,
}

/// Encrypts: the compact serialisation, once every primitive was carried out; before that, which ones to carry out.
///
/// # Errors
///
/// A finding that says why it cannot be encrypted so.
pub fn encrypt(content: &Content<'_>, operations: &Operations) -> Result<Result<String, Vec<Operation>>, Finding> {
    let _ = (content, operations);
    Ok(Err(Vec::new()))
}
