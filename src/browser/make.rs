//! Makes tokens and keys: carries out what [`crate::create`] and [`crate::encryption`] ask, until there is nothing to ask.

use super::operate;
use crate::create::generate::{self, KeyPair};
use crate::create::{self, failed};
use crate::crypto::operation::{Generated, Operation, Operations, Outcome};
use crate::encryption::{self, Content};
use crate::finding::Finding;
use crate::jose::algorithm::Algorithm;
use crate::key::{Key, PrivateKey};

/// Signs both texts as they are, and gives the compact token.
///
/// # Errors
///
/// A finding that says why it is not signed.
pub async fn sign(
    header: &str,
    payload: &str,
    algorithm: &'static Algorithm,
    key: Option<&PrivateKey>,
) -> Result<String, Finding> {
    let mut operations = Operations::default();
    loop {
        match create::sign(header, payload, algorithm, key, &operations)? {
            Ok(token) => return Ok(token),
            Err(operation) => {
                let outcome = operate::carry_out(&operation).await;
                operations.answer(operation, outcome);
            }
        }
    }
}

/// Reads the key to sign with, and opens it where it is under a password.
pub async fn unlocked(
    text: &str,
    password: &str,
    header: &str,
    algorithm: &'static Algorithm,
) -> (Option<PrivateKey>, Vec<Finding>) {
    let mut operations = Operations::default();
    loop {
        let (key, findings, asked) = create::read_locked(text, password, header, Some(algorithm), &operations);
        if asked.is_empty() {
            return (key, findings);
        }
        for operation in asked {
            let outcome = operate::carry_out(&operation).await;
            operations.answer(operation, outcome);
        }
    }
}

/// Encrypts a text as it is, and gives the compact token.
///
/// # Errors
///
/// A finding that says why it is not encrypted.
pub async fn encrypt(
    header: &str,
    plaintext: &str,
    key: Option<&Key>,
    secret: Option<&PrivateKey>,
) -> Result<String, Finding> {
    let content = Content { header, plaintext: plaintext.as_bytes(), key, secret };
    let mut operations = Operations::default();
    loop {
        match encryption::encrypt(&content, &operations)? {
            Ok(token) => return Ok(token),
            Err(asked) if asked.is_empty() => return Err(failed(&Outcome::Unsupported, "JWE")),
            Err(asked) => {
                for operation in asked {
                    let outcome = operate::carry_out(&operation).await;
                    operations.answer(operation, outcome);
                }
            }
        }
    }
}

/// Makes a key of that kind for an algorithm.
///
/// # Errors
///
/// A finding that says why there is none.
pub async fn generate(kind: Generated, algorithm: &str) -> Result<KeyPair, Finding> {
    let outcome = operate::carry_out(&Operation::Generate(kind)).await;
    let made = match &outcome {
        Outcome::Bytes(bytes) => generate::key_pair(kind, bytes, algorithm),
        _ => None,
    };
    made.ok_or_else(|| failed(&outcome, &generate::name(kind)))
}

/// So many random bytes; none where there is no source of them.
pub async fn random(length: usize) -> Vec<u8> {
    match operate::carry_out(&Operation::Random { number: 0, length }).await {
        Outcome::Bytes(bytes) => bytes,
        _ => Vec::new(),
    }
}
