//! Algorithms of encrypted tokens: one row each. Nothing else knows them by name.
//!
//! The names are those of the [IANA registry](https://www.iana.org/assignments/jose/jose.xhtml), and case matters. Of
//! `ECDH-ES` no narrower names are registered: [RFC 9864](https://www.rfc-editor.org/rfc/rfc9864) has them for signatures
//! alone.

use super::algorithm::Curve;

/// A value of the `alg` header parameter of an encrypted token: how the content encryption key comes to the recipient.
#[derive(Debug, PartialEq, Eq)]
pub struct KeyManagement {
    /// The registered name.
    pub name: &'static str,
    /// What kind of computation it is.
    pub kind: Kind,
    /// The `kty` of its keys.
    pub key_types: &'static [&'static str],
    /// Bytes of the key that wraps the content encryption key: given, agreed on, or derived from a password. `None` where
    /// nothing is wrapped, or where it is encrypted with RSA.
    pub wrapping_length: Option<usize>,
    /// The hash, as WebCrypto names it; empty where there is none.
    pub hash: &'static str,
    /// How often a password is hashed when a token is made; 0 where there is none. The numbers are those of the
    /// [OWASP](https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html).
    pub iterations: u32,
    /// Where it is defined.
    pub reference: &'static str,
}

/// What kind of computation a [`KeyManagement`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The shared secret is itself the content encryption key.
    Direct,
    /// AES Key Wrap with a shared secret.
    Wrap,
    /// AES-GCM with a shared secret, its initialisation vector and tag being in the header.
    GcmWrap,
    /// RSAES-PKCS1-v1_5.
    RsaPkcs1,
    /// RSAES-OAEP.
    RsaOaep,
    /// Elliptic-curve Diffie-Hellman with an ephemeral key; what is agreed on wraps the content encryption key, or is it.
    Agreement,
    /// A key derived from a password.
    Password,
}

/// A value of the `enc` header parameter: how the content is encrypted.
#[derive(Debug, PartialEq, Eq)]
pub struct ContentEncryption {
    /// The registered name.
    pub name: &'static str,
    /// What kind of computation it is.
    pub cipher: Cipher,
    /// Bytes of the content encryption key.
    pub key_length: usize,
    /// Bytes of the initialisation vector.
    pub initialization_vector_length: usize,
    /// Bytes of the authentication tag.
    pub tag_length: usize,
    /// Where it is defined.
    pub reference: &'static str,
}

/// What kind of computation a [`ContentEncryption`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cipher {
    /// AES-CBC, then HMAC with this hash, of which the tag is the first half.
    CbcHmac(Hash),
    /// AES-GCM.
    Gcm,
}

/// The hash of an HMAC that the core computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256
    Sha256,
    /// SHA-384
    Sha384,
    /// SHA-512
    Sha512,
}

/// A value of the `zip` header parameter: how the content is compressed before it is encrypted.
#[derive(Debug, PartialEq, Eq)]
pub struct Compression {
    /// The registered name.
    pub name: &'static str,
    /// Where it is defined.
    pub reference: &'static str,
}

/// Bytes of a block of AES, which is how AES-CBC takes its ciphertext.
pub const BLOCK_LENGTH: usize = 16;

/// Bytes of the initialisation vector of AES-GCM: "Use of an Initialization Vector (IV) of size 96 bits is REQUIRED"
/// ([RFC 7518 §4.7.1.1](https://www.rfc-editor.org/rfc/rfc7518#section-4.7.1.1)).
pub const GCM_INITIALIZATION_VECTOR_LENGTH: usize = 12;

/// Bytes of the tag of AES-GCM: "The requested size of the Authentication Tag output MUST be 128 bits"
/// ([RFC 7518 §4.7](https://www.rfc-editor.org/rfc/rfc7518#section-4.7)).
pub const GCM_TAG_LENGTH: usize = 16;

impl KeyManagement {
    /// The algorithm of that exact name.
    ///
    /// ```
    /// use tokenscope::jose::encryption::{Kind, KeyManagement};
    /// assert_eq!(KeyManagement::named("A192KW").and_then(|algorithm| algorithm.wrapping_length), Some(24));
    /// assert_eq!(KeyManagement::named("DIR"), None);
    /// ```
    pub fn named(name: &str) -> Option<&'static KeyManagement> {
        KEY_MANAGEMENTS.iter().find(|algorithm| algorithm.name == name)
    }

    /// Whether nothing is wrapped or encrypted: the encrypted key is then empty
    /// ([RFC 7516 §5.2, step 10](https://www.rfc-editor.org/rfc/rfc7516#section-5.2)).
    pub fn is_direct(&self) -> bool {
        matches!(self.kind, Kind::Direct | Kind::Agreement) && self.wrapping_length.is_none()
    }

    /// Whether whoever made a token needs only public keys, and whoever reads it a private one.
    pub fn takes_private_key(&self) -> bool {
        matches!(self.kind, Kind::RsaPkcs1 | Kind::RsaOaep | Kind::Agreement)
    }
}

impl ContentEncryption {
    /// The algorithm of that exact name.
    ///
    /// ```
    /// use tokenscope::jose::encryption::ContentEncryption;
    /// assert_eq!(ContentEncryption::named("A256CBC-HS512").map(|algorithm| algorithm.key_length), Some(64));
    /// ```
    pub fn named(name: &str) -> Option<&'static ContentEncryption> {
        CONTENT_ENCRYPTIONS.iter().find(|algorithm| algorithm.name == name)
    }
}

impl Compression {
    /// The algorithm of that exact name.
    pub fn named(name: &str) -> Option<&'static Compression> {
        COMPRESSIONS.iter().find(|algorithm| algorithm.name == name)
    }
}

/// The curve of that name, when keys are agreed on over it.
pub fn agreement_curve(name: &str) -> Option<&'static Curve> {
    AGREEMENT_CURVES.iter().find(|known| **known == name).and_then(|name| Curve::named(name))
}

/// The curves of `ECDH-ES`: those of [RFC 7518 §6.2.1.1](https://www.rfc-editor.org/rfc/rfc7518#section-6.2.1.1) and of
/// [RFC 8037 §3.2](https://www.rfc-editor.org/rfc/rfc8037#section-3.2).
pub static AGREEMENT_CURVES: [&str; 5] = ["P-256", "P-384", "P-521", "X25519", "X448"];

const WEB_CRYPTO: &str = "https://www.w3.org/TR/WebCryptoAPI/#jwk-mapping-alg";

/// Every way to bring the key to the recipient that is registered.
pub static KEY_MANAGEMENTS: [KeyManagement; 19] = [
    secret("dir", Kind::Direct, None, "https://www.rfc-editor.org/rfc/rfc7518#section-4.5"),
    wrap("A128KW", 16),
    wrap("A192KW", 24),
    wrap("A256KW", 32),
    gcm_wrap("A128GCMKW", 16),
    gcm_wrap("A192GCMKW", 24),
    gcm_wrap("A256GCMKW", 32),
    rsa("RSA1_5", Kind::RsaPkcs1, "", "https://www.rfc-editor.org/rfc/rfc7518#section-4.2"),
    rsa("RSA-OAEP", Kind::RsaOaep, "SHA-1", "https://www.rfc-editor.org/rfc/rfc7518#section-4.3"),
    rsa("RSA-OAEP-256", Kind::RsaOaep, "SHA-256", "https://www.rfc-editor.org/rfc/rfc7518#section-4.3"),
    rsa("RSA-OAEP-384", Kind::RsaOaep, "SHA-384", WEB_CRYPTO),
    rsa("RSA-OAEP-512", Kind::RsaOaep, "SHA-512", WEB_CRYPTO),
    agreement("ECDH-ES", None),
    agreement("ECDH-ES+A128KW", Some(16)),
    agreement("ECDH-ES+A192KW", Some(24)),
    agreement("ECDH-ES+A256KW", Some(32)),
    password("PBES2-HS256+A128KW", "SHA-256", 16, 600_000),
    password("PBES2-HS384+A192KW", "SHA-384", 24, 210_000),
    password("PBES2-HS512+A256KW", "SHA-512", 32, 210_000),
];

/// Every way to encrypt the content that is registered.
pub static CONTENT_ENCRYPTIONS: [ContentEncryption; 6] = [
    cbc("A128CBC-HS256", Hash::Sha256, 32, "https://www.rfc-editor.org/rfc/rfc7518#section-5.2.3"),
    cbc("A192CBC-HS384", Hash::Sha384, 48, "https://www.rfc-editor.org/rfc/rfc7518#section-5.2.4"),
    cbc("A256CBC-HS512", Hash::Sha512, 64, "https://www.rfc-editor.org/rfc/rfc7518#section-5.2.5"),
    gcm("A128GCM", 16),
    gcm("A192GCM", 24),
    gcm("A256GCM", 32),
];

/// Every way to compress that is registered.
pub static COMPRESSIONS: [Compression; 1] =
    [Compression { name: "DEF", reference: "https://www.rfc-editor.org/rfc/rfc7516#section-4.1.3" }];

const fn secret(
    name: &'static str,
    kind: Kind,
    wrapping_length: Option<usize>,
    reference: &'static str,
) -> KeyManagement {
    KeyManagement { name, kind, key_types: &["oct"], wrapping_length, hash: "", iterations: 0, reference }
}

const fn wrap(name: &'static str, length: usize) -> KeyManagement {
    secret(name, Kind::Wrap, Some(length), "https://www.rfc-editor.org/rfc/rfc7518#section-4.4")
}

const fn gcm_wrap(name: &'static str, length: usize) -> KeyManagement {
    secret(name, Kind::GcmWrap, Some(length), "https://www.rfc-editor.org/rfc/rfc7518#section-4.7")
}

const fn rsa(name: &'static str, kind: Kind, hash: &'static str, reference: &'static str) -> KeyManagement {
    KeyManagement { name, kind, key_types: &["RSA"], wrapping_length: None, hash, iterations: 0, reference }
}

const fn agreement(name: &'static str, wrapping_length: Option<usize>) -> KeyManagement {
    let reference = "https://www.rfc-editor.org/rfc/rfc7518#section-4.6";
    KeyManagement {
        name,
        kind: Kind::Agreement,
        key_types: &["EC", "OKP"],
        wrapping_length,
        hash: "SHA-256",
        iterations: 0,
        reference,
    }
}

const fn password(name: &'static str, hash: &'static str, length: usize, iterations: u32) -> KeyManagement {
    let reference = "https://www.rfc-editor.org/rfc/rfc7518#section-4.8";
    KeyManagement { hash, iterations, ..secret(name, Kind::Password, Some(length), reference) }
}

const fn cbc(name: &'static str, hash: Hash, key_length: usize, reference: &'static str) -> ContentEncryption {
    ContentEncryption {
        name,
        cipher: Cipher::CbcHmac(hash),
        key_length,
        initialization_vector_length: BLOCK_LENGTH,
        tag_length: key_length / 2,
        reference,
    }
}

const fn gcm(name: &'static str, key_length: usize) -> ContentEncryption {
    ContentEncryption {
        name,
        cipher: Cipher::Gcm,
        key_length,
        initialization_vector_length: GCM_INITIALIZATION_VECTOR_LENGTH,
        tag_length: GCM_TAG_LENGTH,
        reference: "https://www.rfc-editor.org/rfc/rfc7518#section-5.3",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::jose::algorithm::Algorithm;

    #[test]
    fn names_are_unique_and_none_is_a_signature_algorithm() {
        let names: Vec<&str> = KEY_MANAGEMENTS
            .iter()
            .map(|row| row.name)
            .chain(CONTENT_ENCRYPTIONS.iter().map(|row| row.name))
            .chain(COMPRESSIONS.iter().map(|row| row.name))
            .collect();
        for (index, name) in names.iter().enumerate() {
            assert!(!names[..index].contains(name), "{name}");
            assert_eq!(Algorithm::named(name), None, "{name}");
        }
    }

    #[test]
    fn every_row_is_whole() {
        for row in &KEY_MANAGEMENTS {
            assert!(row.reference.starts_with("https://"), "{}", row.name);
            assert_eq!(row.takes_private_key(), !row.key_types.contains(&"oct"), "{}", row.name);
            // The name says how long the wrapping key is.
            let bits = row.wrapping_length.map(|length| format!("A{}", length * 8));
            assert!(bits.is_none_or(|bits| row.name.contains(&bits)), "{}", row.name);
        }
        for row in &CONTENT_ENCRYPTIONS {
            assert!(row.reference.starts_with("https://"), "{}", row.name);
            let cipher_key = if row.cipher == Cipher::Gcm { row.key_length } else { row.key_length / 2 };
            assert!(row.name.starts_with(&format!("A{}", cipher_key * 8)), "{}", row.name);
        }
        for name in AGREEMENT_CURVES {
            assert!(agreement_curve(name).is_some(), "{name}");
        }
        assert_eq!(agreement_curve("secp256k1"), None);
        assert_eq!(agreement_curve("Ed25519"), None);
    }
}
