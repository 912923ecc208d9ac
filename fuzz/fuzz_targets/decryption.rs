//! Any encrypted token, with keys of every kind: it ends, whatever the primitives come to, and what comes out of it is
//! no longer than it may be.
#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use tokenscope::crypto::operation::{Operations, Outcome};
use tokenscope::decryption::{Encrypted, Openers, Recipient, Status, decrypt};
use tokenscope::jose::base64url;
use tokenscope::key::{PrivateKey, private};

/// RFC 7516 leaves the bound to whoever inflates.
const MOST_BYTES: usize = 8 << 20;

fuzz_target!(|input: (&str, &str, &[u8], &[u8], &[u8])| {
    let (protected, own, key, content, outcome) = input;
    let (ciphertext, tag) = content.split_at(content.len().saturating_sub(16));
    let encrypted = Encrypted {
        protected: base64url::encode(protected.as_bytes()),
        unprotected: None,
        recipients: vec![
            Recipient { header: Some(own.as_bytes().to_vec()), encrypted_key: key.to_vec() },
            Recipient { header: None, encrypted_key: key.to_vec() },
        ],
        initialization_vector: vec![1; if protected.contains("CBC") { 16 } else { 12 }],
        ciphertext: ciphertext.to_vec(),
        tag: tag.to_vec(),
        additional: None,
    };
    let openers = Openers { keys: keys(), password: Some(b"password"), public: &[] };
    let mut operations = Operations::default();
    for _ in 0..5 {
        let (decryption, asks) = decrypt(&encrypted, &openers, &operations);
        if asks.is_empty() {
            assert!(decryption.plaintext.is_none() || decryption.status == Status::Decrypted);
            assert!(decryption.plaintext.is_none_or(|plaintext| plaintext.len() <= MOST_BYTES));
            return;
        }
        for ask in asks {
            operations.answer(ask, Outcome::Bytes(outcome.to_vec()));
        }
    }
    panic!("asks without end");
});

/// From RFC 7517, appendix A.2, and RFC 8037, appendix A.6, and secrets of every length.
fn keys() -> &'static [PrivateKey] {
    static KEYS: OnceLock<Vec<PrivateKey>> = OnceLock::new();
    KEYS.get_or_init(|| {
        let mut keys = private::read(include_str!("../../tests/keys/rsa-pkcs8-private.pem")).keys;
        keys.extend(private::read(r#"{"kty":"EC","crv":"P-256","x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4","y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM","d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}"#).keys);
        keys.extend(private::read(r#"{"kty":"OKP","crv":"X25519","d":"dwdtCnMYpX08FsFyUbJmRd9ML4frwJkqsXf7pR25LCo","x":"hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"}"#).keys);
        keys.extend([16, 24, 32, 48, 64].map(|length| PrivateKey::shared(vec![7; length])));
        keys
    })
}
