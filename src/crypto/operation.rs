//! What decrypting, encrypting, signing and making keys ask of the outside world, one primitive at a time.
//!
//! An [`Operation`] is carried out by WebCrypto where it has the algorithm, and by [`super::software`] where it lacks it.
//! Whoever carries it out adds nothing: every parameter is here. Randomness is an operation too, so that the core stays
//! pure.

pub mod carry;

use std::fmt;
use std::rc::Rc;

use crate::jose::algorithm::Algorithm;
use crate::key::{Material, PrivateKey};

/// One primitive, with everything that it takes.
#[derive(Clone, PartialEq, Eq)]
pub enum Operation {
    /// Signs bytes.
    Sign {
        /// The algorithm.
        algorithm: &'static Algorithm,
        /// The key to sign with; a shared secret for the HMAC algorithms.
        key: PrivateKey,
        /// What is signed.
        data: Rc<[u8]>,
    },
    /// Decrypts a key with RSA.
    RsaDecrypt {
        /// The padding.
        padding: RsaPadding,
        /// The private key.
        key: PrivateKey,
        /// The ciphertext.
        data: Vec<u8>,
    },
    /// Encrypts a key with RSA.
    RsaEncrypt {
        /// The padding.
        padding: RsaPadding,
        /// The public key.
        key: Material,
        /// The key to encrypt.
        data: Vec<u8>,
    },
    /// Unwraps a key with AES Key Wrap ([RFC 3394](https://www.rfc-editor.org/rfc/rfc3394)).
    KeyUnwrap {
        /// The key-encryption key: 16, 24 or 32 bytes.
        key: Vec<u8>,
        /// The wrapped key.
        data: Vec<u8>,
    },
    /// Wraps a key with AES Key Wrap.
    KeyWrap {
        /// The key-encryption key: 16, 24 or 32 bytes.
        key: Vec<u8>,
        /// The key to wrap.
        data: Vec<u8>,
    },
    /// Decrypts with AES-GCM and a tag of 128 bits.
    GcmDecrypt {
        /// The key: 16, 24 or 32 bytes.
        key: Vec<u8>,
        /// The initialisation vector: 12 bytes.
        initialization_vector: Vec<u8>,
        /// The additional authenticated data.
        additional: Vec<u8>,
        /// The ciphertext, without its tag.
        data: Rc<[u8]>,
        /// The authentication tag: 16 bytes.
        tag: Vec<u8>,
    },
    /// Encrypts with AES-GCM; the outcome is the ciphertext with the 16 bytes of its tag behind it.
    GcmEncrypt {
        /// The key: 16, 24 or 32 bytes.
        key: Vec<u8>,
        /// The initialisation vector: 12 bytes.
        initialization_vector: Vec<u8>,
        /// The additional authenticated data.
        additional: Vec<u8>,
        /// The plaintext.
        data: Rc<[u8]>,
    },
    /// Decrypts with AES-CBC and takes the PKCS #7 padding off.
    CbcDecrypt {
        /// The key: 16, 24 or 32 bytes.
        key: Vec<u8>,
        /// The initialisation vector: 16 bytes.
        initialization_vector: Vec<u8>,
        /// The ciphertext.
        data: Rc<[u8]>,
    },
    /// Encrypts with AES-CBC and PKCS #7 padding.
    CbcEncrypt {
        /// The key: 16, 24 or 32 bytes.
        key: Vec<u8>,
        /// The initialisation vector: 16 bytes.
        initialization_vector: Vec<u8>,
        /// The plaintext.
        data: Rc<[u8]>,
    },
    /// Agrees on a secret: the x coordinate, or the output of X25519 or X448.
    Agree {
        /// Our private key.
        key: PrivateKey,
        /// Their public key, on the same curve.
        with: Material,
    },
    /// Derives bytes from a password with PBKDF2 ([RFC 8018 §5.2](https://www.rfc-editor.org/rfc/rfc8018#section-5.2)).
    Derive {
        /// The hash, as WebCrypto names it.
        hash: &'static str,
        /// The password.
        password: Vec<u8>,
        /// The salt.
        salt: Vec<u8>,
        /// How often.
        iterations: u32,
        /// How many bytes.
        length: usize,
    },
    /// Computes the public half of a private key that is for one algorithm, `kty` AKP.
    PublicHalf {
        /// The algorithm.
        algorithm: &'static str,
        /// The seed, or the expanded key.
        private: Vec<u8>,
    },
    /// Makes a key; the outcome is the private JWK as text, for a shared secret the bytes.
    Generate(Generated),
    /// Random bytes: so many, the number of the question telling one from the other.
    Random {
        /// Which of several questions.
        number: u32,
        /// How many bytes.
        length: usize,
    },
}

/// The padding of RSA encryption.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RsaPadding {
    /// RSAES-PKCS1-v1_5, the `RSA1_5` of [RFC 7518 §4.2](https://www.rfc-editor.org/rfc/rfc7518#section-4.2).
    Pkcs1,
    /// RSAES-OAEP with this hash, as WebCrypto names it, for the label and for the mask.
    Oaep(&'static str),
}

/// A kind of key to make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generated {
    /// An RSA key of so many bits, with the exponent 65537.
    Rsa(u16),
    /// A key on the curve of that registered name: EC or OKP.
    Curve(&'static str),
    /// A key of the algorithm of that name, with `kty` AKP.
    AlgorithmKeyPair(&'static str),
    /// A shared secret of so many bytes.
    Octets(usize),
}

/// What came of an [`Operation`].
#[derive(Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The bytes.
    Bytes(Vec<u8>),
    /// It does not work with this key and this data: the tag, the padding or the integrity check is wrong.
    Failed,
    /// The key was not taken; why, in the words of who refused it.
    KeyRefused(String),
    /// Neither the browser nor our own module has the algorithm.
    Unsupported,
    /// There is no WebCrypto here, or the module that has the rest could not be loaded.
    Unavailable,
}

/// Outcomes by operation.
#[derive(Clone, Debug, Default)]
pub struct Operations(Vec<(Operation, Outcome)>);

/// How many outcomes are kept: twice what the tokens of one text ask, because a second text may stand beside it.
pub(crate) const MOST_KEPT: usize = 1920;

impl Operations {
    /// Adds an outcome.
    pub fn answer(&mut self, operation: Operation, outcome: Outcome) {
        self.0.retain(|(known, _)| *known != operation);
        self.0.push((operation, outcome));
        self.0.drain(..self.0.len().saturating_sub(MOST_KEPT));
    }

    /// What came of an operation; `None` where that is not known yet.
    pub fn outcome(&self, operation: &Operation) -> Option<&Outcome> {
        self.0.iter().find(|(known, _)| known == operation).map(|(_, outcome)| outcome)
    }
}

impl Operation {
    /// Its name, for messages about what a browser lacks.
    pub fn name(&self) -> &'static str {
        match self {
            Operation::Sign { algorithm, .. } => algorithm.name,
            Operation::RsaDecrypt { padding: RsaPadding::Pkcs1, .. }
            | Operation::RsaEncrypt { padding: RsaPadding::Pkcs1, .. } => "RSAES-PKCS1-v1_5",
            Operation::RsaDecrypt { .. } | Operation::RsaEncrypt { .. } => "RSA-OAEP",
            Operation::KeyUnwrap { .. } | Operation::KeyWrap { .. } => "AES-KW",
            Operation::GcmDecrypt { .. } | Operation::GcmEncrypt { .. } => "AES-GCM",
            Operation::CbcDecrypt { .. } | Operation::CbcEncrypt { .. } => "AES-CBC",
            Operation::Agree { .. } => "ECDH",
            Operation::Derive { .. } => "PBKDF2",
            Operation::PublicHalf { .. } => "getPublicKey",
            Operation::Generate(_) => "generateKey",
            Operation::Random { .. } => "getRandomValues",
        }
    }
}

/// Without keys and data: a secret in a log is a secret lost.
impl fmt::Debug for Operation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Without the bytes, which may be a key.
impl fmt::Debug for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Outcome::Bytes(_) => "Bytes",
            Outcome::Failed => "Failed",
            Outcome::KeyRefused(_) => "KeyRefused",
            Outcome::Unsupported => "Unsupported",
            Outcome::Unavailable => "Unavailable",
        })
    }
}
