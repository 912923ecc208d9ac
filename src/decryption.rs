//! Decrypting: which key, which step, and what came out.
//!
//! [`decrypt`] is pure, as everything in the core: it returns the primitives that it needs carried out, and is called again
//! with their outcomes.

use crate::crypto::operation::{Operation, Operations};
use crate::finding::Finding;
use crate::key::{Key, PrivateKey};
use crate::report::UsedKey;

/// An encrypted token, as its serialisation has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encrypted {
    /// The protected header, as it stands in the token: base64url text, which is authenticated as it is. Empty for none.
    pub protected: String,
    /// The shared unprotected header of a JSON serialisation, as JSON bytes.
    pub unprotected: Option<Vec<u8>>,
    /// For whom it is encrypted: one in the compact serialisation.
    pub recipients: Vec<Recipient>,
    /// The initialisation vector.
    pub initialization_vector: Vec<u8>,
    /// The ciphertext.
    pub ciphertext: Vec<u8>,
    /// The authentication tag.
    pub tag: Vec<u8>,
    /// The additional authenticated data of a JSON serialisation, `aad`, as it stands there: base64url text.
    pub additional: Option<String>,
}

/// One recipient of an encrypted token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipient {
    /// Its own unprotected header, as JSON bytes.
    pub header: Option<Vec<u8>>,
    /// The encrypted key; empty where the algorithm has none.
    pub encrypted_key: Vec<u8>,
}

/// What may open it.
#[derive(Clone, Copy)]
pub struct Openers<'a> {
    /// Private keys, and secrets as keys of the type `oct`.
    pub keys: &'a [PrivateKey],
    /// A password, for the algorithms of PBES2: the bytes of the secret as it was typed.
    pub password: Option<&'a [u8]>,
    /// Public keys that were given: they open nothing, and that is said of the one that the token was made for.
    pub public: &'a [Key],
}

/// How decrypting went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decryption {
    /// Whether it was decrypted, and if not, why.
    pub status: Status,
    /// The step that failed, or that could not be done.
    pub step: Option<Step>,
    /// How it went for each recipient.
    pub recipients: Vec<Tried>,
    /// The key that opened it, or that was tried last.
    pub key: Option<UsedKey>,
    /// What came out.
    pub plaintext: Option<Vec<u8>>,
    /// What is worth knowing.
    pub findings: Vec<Finding>,
}

/// How it went for one recipient.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tried {
    /// Its `alg`.
    pub algorithm: Option<String>,
    /// Its `kid`.
    pub kid: Option<String>,
    /// Whether it was decrypted for this recipient, and if not, why.
    pub status: Status,
    /// The step that failed, or that could not be done.
    pub step: Option<Step>,
}

/// Whether a token was decrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// There is no key that could open it.
    #[default]
    NoKey,
    /// A primitive is being carried out.
    Waiting,
    /// It was decrypted, and its tag is right.
    Decrypted,
    /// It was not: [`Decryption::step`] says where it failed.
    Failed,
    /// An algorithm is unknown, or neither the browser nor the page has it.
    Unsupported,
}

/// A step of decryption, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The header says what to do.
    Header,
    /// The content encryption key is agreed on, decrypted or unwrapped.
    Key,
    /// The content is decrypted and its tag compared.
    Tag,
    /// The plaintext is inflated.
    Inflate,
}

/// Decrypts a token as far as the outcomes at hand allow. Returns what is known so far, and which primitives must be
/// carried out to know more.
pub fn decrypt(encrypted: &Encrypted, openers: &Openers<'_>, operations: &Operations) -> (Decryption, Vec<Operation>) {
    let _ = (encrypted, openers, operations);
    (Decryption::default(), Vec::new())
}
