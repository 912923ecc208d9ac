//! Encrypted tokens for tests: reading their serialisations, and opening and making them with every ask carried out.

use serde_json::Value;
use tokenscope::crypto::operation::Operations;
use tokenscope::decryption::{Decryption, Encrypted, Openers, Recipient, decrypt};
use tokenscope::encryption::{Content, encrypt};
use tokenscope::finding::Finding;
use tokenscope::jose::{self, base64url};
use tokenscope::key::{PrivateKey, private};
use tokenscope::report::{SegmentRole, TokenKind};

use crate::primitives;

/// A compact token, read strictly: five parts of base64url as their bytes would be written.
pub fn compact(text: &str) -> Option<Encrypted> {
    let read = jose::read(text);
    if read.kind != TokenKind::Jwe || !read.canonical {
        return None;
    }
    let bytes = |role| read.bytes(role).unwrap_or_default().to_vec();
    Some(Encrypted {
        protected: text.split('.').next().unwrap().to_owned(),
        recipients: vec![Recipient { header: None, encrypted_key: bytes(SegmentRole::EncryptedKey) }],
        initialization_vector: bytes(SegmentRole::InitializationVector),
        ciphertext: bytes(SegmentRole::Ciphertext),
        tag: bytes(SegmentRole::AuthenticationTag),
        ..Encrypted::default()
    })
}

/// A token in one of the JSON serialisations.
pub fn json(token: &Value) -> Encrypted {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let bytes = |value: &Value| base64url::decode(&text(value)).bytes;
    let header = |value: &Value| value.is_object().then(|| value.to_string().into_bytes());
    let recipient =
        |value: &Value| Recipient { header: header(&value["header"]), encrypted_key: bytes(&value["encrypted_key"]) };
    Encrypted {
        protected: text(&token["protected"]),
        unprotected: header(&token["unprotected"]),
        recipients: match token["recipients"].as_array() {
            Some(recipients) => recipients.iter().map(recipient).collect(),
            None => vec![recipient(token)],
        },
        initialization_vector: bytes(&token["iv"]),
        ciphertext: bytes(&token["ciphertext"]),
        tag: bytes(&token["tag"]),
        additional: token["aad"].as_str().map(str::to_owned),
    }
}

/// The private keys of a JWK or a set.
pub fn keys(jwk: &Value) -> Vec<PrivateKey> {
    private::read(&jwk.to_string()).keys
}

/// Opens a token with every ask carried out. Counts the rounds: a token takes three primitives at most.
pub fn opened(encrypted: &Encrypted, openers: &Openers<'_>) -> Decryption {
    let mut operations = Operations::default();
    for _ in 0..=3 {
        let (decryption, asks) = decrypt(encrypted, openers, &operations);
        if asks.is_empty() {
            return decryption;
        }
        for ask in asks {
            let outcome = primitives::operate(&ask);
            operations.answer(ask, outcome);
        }
    }
    panic!("more than three rounds: {:?}", encrypted.protected)
}

/// Opens a token with keys alone.
pub fn opened_with(encrypted: &Encrypted, keys: &[PrivateKey]) -> Decryption {
    opened(encrypted, &Openers { keys, password: None, public: &[] })
}

/// Makes a token with every ask carried out.
pub fn made(content: &Content<'_>) -> Result<String, Finding> {
    let mut operations = Operations::default();
    for _ in 0..=6 {
        match encrypt(content, &operations)? {
            Ok(token) => return Ok(token),
            Err(asks) => {
                assert!(!asks.is_empty(), "nothing is asked and nothing came out");
                for ask in asks {
                    let outcome = primitives::operate(&ask);
                    operations.answer(ask, outcome);
                }
            }
        }
    }
    panic!("more than six rounds: {}", content.header)
}
