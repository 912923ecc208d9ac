//! One try: a recipient's plan, with one key.
//!
//! The steps say where they failed. RFC 7516 §11.5 would have a server go on with a random key when RSAES-PKCS1-v1_5 does
//! not decrypt, so that who sends it a thousand ciphertexts cannot learn from its answers which of them were padded well.
//! Here the person who pastes the token also holds the key, nobody else sees the answer, and naming the step is the
//! purpose.

use std::rc::Rc;

use super::candidates::Candidate;
use super::derivation::{self, Authenticated, Inflated};
use super::header::{Plan, Way};
use super::{Encrypted, Recipient, Step, Stop, code};
use crate::crypto::operation::{Operation, Operations, Outcome};
use crate::finding::{Code, Fact, Finding};
use crate::jose::encryption::{Cipher, Kind};
use crate::key::{Material, PrivateKey};

/// The content of a token, ready to be handed out.
pub struct Content<'a> {
    pub encrypted: &'a Encrypted,
    pub ciphertext: Rc<[u8]>,
    pub additional: Vec<u8>,
}

impl<'a> Content<'a> {
    pub fn of(encrypted: &'a Encrypted) -> Content<'a> {
        // RFC 7516 §5.1, step 14: the texts, not what they stand for.
        let mut additional = encrypted.protected.clone().into_bytes();
        if let Some(text) = &encrypted.additional {
            additional.push(b'.');
            additional.extend_from_slice(text.as_bytes());
        }
        Content { encrypted, ciphertext: Rc::from(encrypted.ciphertext.as_slice()), additional }
    }
}

/// Carries out what is known, and collects what is not.
pub struct Asker<'a> {
    pub operations: &'a Operations,
    pub asks: Vec<Operation>,
}

impl Asker<'_> {
    /// What came of an operation. `failed` is the finding for when it does not work with this key and this data.
    fn ask(&mut self, operation: Operation, step: Step, failed: Finding) -> Result<Vec<u8>, Stop> {
        let unsupported = |finding: Finding| Err(Stop::Unsupported(step, finding));
        match self.operations.outcome(&operation) {
            Some(Outcome::Bytes(bytes)) => Ok(bytes.clone()),
            Some(Outcome::Failed) => Err(Stop::Failed(step, Some(failed))),
            Some(Outcome::KeyRefused(reason)) => {
                unsupported(Finding::info(code::KEY_REFUSED, "/keys").text("reason", reason.as_str()))
            }
            Some(Outcome::Unsupported) => {
                unsupported(Finding::info(code::UNSUPPORTED, "/token").text("operation", operation.name()))
            }
            Some(Outcome::Unavailable) => unsupported(Finding::info(code::UNAVAILABLE, "/token")),
            None => {
                if !self.asks.contains(&operation) {
                    self.asks.push(operation);
                }
                Err(Stop::Waiting)
            }
        }
    }
}

/// Decrypts for one recipient with one key: the plaintext, or where that stopped.
pub fn attempt(
    plan: &Plan,
    recipient: &Recipient,
    candidate: Candidate<'_>,
    content: &Content<'_>,
    asker: &mut Asker<'_>,
) -> Result<Vec<u8>, Stop> {
    let key = content_key(plan, recipient, candidate, asker)?;
    let needed = plan.content.key_length;
    if key.len() != needed {
        let finding = Finding::error(code::CONTENT_KEY_LENGTH, "/token").text("algorithm", plan.content.name);
        let finding = finding.with("length", Fact::Count(key.len() as u64));
        return Err(Stop::Failed(Step::Key, Some(finding.with("needed", Fact::Count(needed as u64)))));
    }
    let plaintext = decrypted(plan, key, content, asker)?;
    if !plan.compressed {
        return Ok(plaintext);
    }
    match derivation::inflate(&plaintext) {
        Inflated::Bytes(bytes) => Ok(bytes),
        Inflated::Failed => Err(Stop::Failed(Step::Inflate, Some(Finding::error(code::INFLATE_FAILED, "/header/zip")))),
        Inflated::TooLarge => {
            let finding = Finding::warning(code::INFLATE_BOUND, "/header/zip");
            let finding = finding.with("length", Fact::Count(plaintext.len() as u64));
            let limit = Fact::Count(derivation::MOST_INFLATED as u64 >> 20);
            Err(Stop::Unsupported(Step::Inflate, finding.with("limit", limit)))
        }
    }
}

/// RFC 7516 §5.2, steps 9 to 12: the content encryption key.
fn content_key(
    plan: &Plan,
    recipient: &Recipient,
    candidate: Candidate<'_>,
    asker: &mut Asker<'_>,
) -> Result<Vec<u8>, Stop> {
    let data = recipient.encrypted_key.clone();
    let failed = |code: Code| Finding::error(code, "/token").text("algorithm", plan.management.name);
    match (&plan.way, candidate) {
        (Way::Direct, Candidate::Key(key)) => secret(key),
        (Way::Wrap, Candidate::Key(key)) => {
            let operation = Operation::KeyUnwrap { key: secret(key)?, data };
            asker.ask(operation, Step::Key, failed(code::SECRET_WRONG))
        }
        (Way::GcmWrap { initialization_vector, tag }, Candidate::Key(key)) => {
            let operation = Operation::GcmDecrypt {
                key: secret(key)?,
                initialization_vector: initialization_vector.clone(),
                additional: Vec::new(),
                data: Rc::from(data),
                tag: tag.clone(),
            };
            asker.ask(operation, Step::Key, failed(code::SECRET_WRONG))
        }
        (Way::Rsa(padding), Candidate::Key(key)) => {
            // A number of another length is no ciphertext of this key (RFC 8017 §7.1.2 and §7.2.2), which not every
            // implementation checks.
            if let Material::Rsa { modulus, .. } = &key.public
                && modulus.len() != data.len()
            {
                let finding = failed(code::ENCRYPTED_KEY_LENGTH).with("length", Fact::Count(data.len() as u64));
                let finding = finding.with("needed", Fact::Count(modulus.len() as u64));
                return Err(Stop::Failed(Step::Key, Some(finding)));
            }
            let operation = Operation::RsaDecrypt { padding: *padding, key: key.clone(), data };
            asker.ask(operation, Step::Key, failed(code::PRIVATE_KEY_WRONG))
        }
        (Way::Agreement { ephemeral, party_u, party_v, curve }, Candidate::Key(key)) => {
            let refused = || Finding::error(code::AGREEMENT_REFUSED, "/header/epk").text("curve", curve.name);
            let operation = Operation::Agree { key: key.clone(), with: ephemeral.clone() };
            let agreed = match asker.ask(operation, Step::Key, refused()) {
                // A point that is not on the curve is no key: whoever reads it says so.
                Err(Stop::Unsupported(step, finding)) if finding.code == code::KEY_REFUSED => {
                    return Err(Stop::Failed(step, Some(refused())));
                }
                other => other?,
            };
            // RFC 7748 §6.1: from a point of small order comes zero, whatever the private key.
            if agreed.iter().all(|byte| *byte == 0) {
                return Err(Stop::Failed(Step::Key, Some(refused())));
            }
            let key = derivation::concat_kdf(&agreed, plan.management, plan.content, party_u, party_v);
            if plan.management.is_direct() {
                return Ok(key);
            }
            asker.ask(Operation::KeyUnwrap { key, data }, Step::Key, failed(code::AGREED_KEY_WRONG))
        }
        (Way::Password { salt, iterations }, candidate) => {
            let password = match candidate {
                Candidate::Key(key) => secret(key)?,
                Candidate::Password(password) => password.to_vec(),
            };
            let operation = Operation::Derive {
                hash: plan.management.hash,
                password,
                salt: derivation::password_salt(plan.management, salt),
                iterations: *iterations,
                length: plan.management.wrapping_length.unwrap_or_default(),
            };
            let key = asker.ask(operation, Step::Key, failed(code::PASSWORD_WRONG))?;
            asker.ask(Operation::KeyUnwrap { key, data }, Step::Key, failed(code::PASSWORD_WRONG))
        }
        (_, Candidate::Password(_)) => Err(Stop::Failed(Step::Key, None)),
    }
}

/// The octets of a shared secret. Choosing has let no other key by.
fn secret(key: &PrivateKey) -> Result<Vec<u8>, Stop> {
    match &key.public {
        Material::Octets(octets) => Ok(octets.clone()),
        _ => Err(Stop::Failed(Step::Key, None)),
    }
}

/// RFC 7516 §5.2, step 16: the content, if its tag is right.
fn decrypted(plan: &Plan, key: Vec<u8>, content: &Content<'_>, asker: &mut Asker<'_>) -> Result<Vec<u8>, Stop> {
    let Encrypted { initialization_vector, tag, .. } = content.encrypted;
    // A key that came out of a wrapping that is authenticated, or padded with OAEP, is the right one; any other may not be.
    let is_right = !plan.management.is_direct() && plan.management.kind != Kind::RsaPkcs1;
    let wrong =
        if is_right { Finding::error(code::ALTERED, "/payload") } else { Finding::error(code::TAG_WRONG, "/payload") };
    let wrong = wrong.text("algorithm", plan.content.name);
    let hash = match plan.content.cipher {
        Cipher::Gcm => {
            let operation = Operation::GcmDecrypt {
                key,
                initialization_vector: initialization_vector.clone(),
                additional: content.additional.clone(),
                data: Rc::clone(&content.ciphertext),
                tag: tag.clone(),
            };
            return asker.ask(operation, Step::Tag, wrong);
        }
        Cipher::CbcHmac(hash) => hash,
    };
    // RFC 7518 §5.2.2.1: the first half is the key of the HMAC. Its tag is compared before anything is decrypted, so that
    // no padding of a forged ciphertext is ever looked at.
    let (mac_key, cipher_key) = key.split_at(key.len() / 2);
    let message =
        Authenticated { additional: &content.additional, initialization_vector, ciphertext: &content.ciphertext };
    if !derivation::has_tag(hash, mac_key, message, tag) {
        return Err(Stop::Failed(Step::Tag, Some(wrong)));
    }
    let operation = Operation::CbcDecrypt {
        key: cipher_key.to_vec(),
        initialization_vector: initialization_vector.clone(),
        data: Rc::clone(&content.ciphertext),
    };
    asker.ask(
        operation,
        Step::Tag,
        Finding::error(code::PADDING_WRONG, "/payload").text("algorithm", plan.content.name),
    )
}
