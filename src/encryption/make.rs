//! The key of the content, and how the recipient gets it.

use std::rc::Rc;

use sha2::{Digest, Sha256};

use super::header::Header;
use super::{Content, code};
use crate::crypto::operation::{Generated, Operation, Operations, Outcome, RsaPadding};
use crate::decryption::derivation;
use crate::finding::{Fact, Finding};
use crate::jose::base64url;
use crate::jose::encryption::{GCM_INITIALIZATION_VECTOR_LENGTH, GCM_TAG_LENGTH, Kind, agreement_curve};
use crate::json::quoted;
use crate::key::{Material, private};

/// Bytes of a salt that is made.
const SALT_LENGTH: usize = 16;

/// Why nothing came of it yet.
pub enum Halt {
    /// Something was asked.
    Asked,
    /// It cannot be encrypted so.
    Finding(Finding),
}

impl From<Finding> for Halt {
    fn from(finding: Finding) -> Halt {
        Halt::Finding(finding)
    }
}

/// Carries out what is known, and collects what is not.
pub struct Asker<'a> {
    operations: &'a Operations,
    pub asks: Vec<Operation>,
    /// The numbers of random questions begin here.
    number: u32,
}

/// What random bytes are for.
#[derive(Clone, Copy)]
pub enum Purpose {
    ContentKey,
    InitializationVector,
    WrappingVector,
    Salt,
}

impl<'a> Asker<'a> {
    /// The questions for randomness are told apart by what is encrypted. Whoever encrypts another content with the same
    /// outcomes at hand gets another initialisation vector: the same one twice, under one key, would give AES-GCM away.
    pub fn of(content: &Content<'_>, operations: &'a Operations) -> Asker<'a> {
        let mut hash = Sha256::new();
        hash.update((content.header.len() as u64).to_be_bytes());
        hash.update(content.header);
        hash.update(content.plaintext);
        let number = hash.finalize().iter().take(4).fold(0, |number, byte| number << 8 | u32::from(*byte));
        Asker { operations, asks: Vec::new(), number: number & !3 }
    }

    pub fn random(&mut self, purpose: Purpose, length: usize) -> Result<Vec<u8>, Halt> {
        self.ask(Operation::Random { number: self.number | purpose as u32, length })
    }

    pub fn ask(&mut self, operation: Operation) -> Result<Vec<u8>, Halt> {
        let finding = |code| Finding::error(code, "/keys").text("operation", operation.name());
        Err(match self.operations.outcome(&operation) {
            Some(Outcome::Bytes(bytes)) => return Ok(bytes.clone()),
            Some(Outcome::Failed) => finding(code::FAILED).into(),
            Some(Outcome::KeyRefused(reason)) => finding(code::KEY_REFUSED).text("reason", reason.as_str()).into(),
            Some(Outcome::Unsupported) => finding(code::UNSUPPORTED).into(),
            Some(Outcome::Unavailable) => finding(code::UNAVAILABLE).into(),
            None => {
                self.asks.push(operation);
                Halt::Asked
            }
        })
    }
}

/// The key of the content, and how the recipient gets it.
pub struct Keyed {
    pub content_key: Vec<u8>,
    pub encrypted_key: Vec<u8>,
    /// What is added to the header: names, and values as JSON.
    pub added: Vec<(&'static str, String)>,
}

/// RFC 7516 §5.1, steps 1 to 8.
pub fn keyed(header: &Header, content: &Content<'_>, asker: &mut Asker<'_>) -> Result<Keyed, Halt> {
    let (management, key_length) = (header.management, header.content.key_length);
    let done = |content_key, encrypted_key, added| Ok(Keyed { content_key, encrypted_key, added });
    match management.kind {
        Kind::Direct => done(secret(header, content, key_length)?, Vec::new(), Vec::new()),
        Kind::Wrap => {
            let key = secret(header, content, management.wrapping_length.unwrap_or_default())?;
            let content_key = asker.random(Purpose::ContentKey, key_length)?;
            let encrypted_key = asker.ask(Operation::KeyWrap { key, data: content_key.clone() })?;
            done(content_key, encrypted_key, Vec::new())
        }
        Kind::GcmWrap => {
            header.without(&["iv", "tag"])?;
            let key = secret(header, content, management.wrapping_length.unwrap_or_default())?;
            let vector = asker.random(Purpose::WrappingVector, GCM_INITIALIZATION_VECTOR_LENGTH);
            let content_key = asker.random(Purpose::ContentKey, key_length)?;
            let initialization_vector = vector?;
            let (encrypted_key, tag) = split(asker.ask(Operation::GcmEncrypt {
                key,
                initialization_vector: initialization_vector.clone(),
                additional: Vec::new(),
                data: Rc::from(content_key.as_slice()),
            })?);
            done(content_key, encrypted_key, vec![("iv", octets(&initialization_vector)), ("tag", octets(&tag))])
        }
        Kind::RsaPkcs1 | Kind::RsaOaep => {
            let key = public(header, content)?.clone();
            let padding = match management.kind {
                Kind::RsaOaep => RsaPadding::Oaep(management.hash),
                _ => RsaPadding::Pkcs1,
            };
            let content_key = asker.random(Purpose::ContentKey, key_length)?;
            let encrypted_key = asker.ask(Operation::RsaEncrypt { padding, key, data: content_key.clone() })?;
            done(content_key, encrypted_key, Vec::new())
        }
        Kind::Agreement => agreed(header, content, asker),
        Kind::Password => with_password(header, content, asker),
    }
}

/// RFC 7518 §4.6: an ephemeral key, made for this token alone.
fn agreed(header: &Header, content: &Content<'_>, asker: &mut Asker<'_>) -> Result<Keyed, Halt> {
    header.without(&["epk"])?;
    let (party_u, party_v) = (header.bytes("apu")?, header.bytes("apv")?);
    let with = public(header, content)?.clone();
    let curve = with.curve().and_then(agreement_curve).map_or("", |curve| curve.name);
    let generated = asker.ask(Operation::Generate(Generated::Curve(curve)))?;
    let text = String::from_utf8_lossy(&generated);
    let ephemeral = private::read(&text).keys.into_iter().next();
    let refused = || Finding::error(code::FAILED, "/keys").text("operation", "generateKey");
    let ephemeral = ephemeral.filter(|key| key.public.curve() == Some(curve)).ok_or_else(refused)?;
    let added = vec![("epk", ephemeral.public.jwk().unwrap_or_default())];
    let secret = asker.ask(Operation::Agree { key: ephemeral, with })?;
    // RFC 7748 §6.1: with a point of small order everybody agrees on zero, and everybody could read the content.
    if secret.iter().all(|byte| *byte == 0) {
        return Err(Finding::error(code::FAILED, "/keys").text("operation", "ECDH").into());
    }
    let (party_u, party_v) = (party_u.unwrap_or_default(), party_v.unwrap_or_default());
    let key = derivation::concat_kdf(&secret, header.management, header.content, &party_u, &party_v);
    if header.management.is_direct() {
        return Ok(Keyed { content_key: key, encrypted_key: Vec::new(), added });
    }
    let content_key = asker.random(Purpose::ContentKey, header.content.key_length)?;
    let encrypted_key = asker.ask(Operation::KeyWrap { key, data: content_key.clone() })?;
    Ok(Keyed { content_key, encrypted_key, added })
}

/// RFC 7518 §4.8.
fn with_password(header: &Header, content: &Content<'_>, asker: &mut Asker<'_>) -> Result<Keyed, Halt> {
    let missing = || Finding::error(code::PASSWORD_MISSING, "/keys").text("algorithm", header.management.name);
    let password = content.secret.and_then(|secret| match &secret.public {
        Material::Octets(octets) if !octets.is_empty() => Some(octets.clone()),
        _ => None,
    });
    let password = password.ok_or_else(missing)?;
    let mut added = Vec::new();
    let iterations = header.count("p2c", crate::decryption::MOST_ITERATIONS)?;
    let salt = match header.bytes("p2s")? {
        Some(salt) if salt.len() < crate::decryption::SHORTEST_SALT => {
            let finding = Finding::error(code::PARAMETER_VALUE, "/header/p2s");
            return Err(finding.text("parameter", "p2s").into());
        }
        Some(salt) => Ok(salt),
        None => asker.random(Purpose::Salt, SALT_LENGTH).inspect(|salt| added.push(("p2s", octets(salt)))),
    };
    let iterations = iterations.unwrap_or_else(|| {
        added.push(("p2c", header.management.iterations.to_string()));
        header.management.iterations
    });
    let content_key = asker.random(Purpose::ContentKey, header.content.key_length)?;
    let key = asker.ask(Operation::Derive {
        hash: header.management.hash,
        password,
        salt: derivation::password_salt(header.management, &salt?),
        iterations,
        length: header.management.wrapping_length.unwrap_or_default(),
    })?;
    let encrypted_key = asker.ask(Operation::KeyWrap { key, data: content_key.clone() })?;
    Ok(Keyed { content_key, encrypted_key, added })
}

/// The shared secret, of exactly so many bytes.
fn secret(header: &Header, content: &Content<'_>, needed: usize) -> Result<Vec<u8>, Finding> {
    let about = |code| {
        let finding = Finding::error(code, "/keys").text("algorithm", header.management.name);
        finding.with("needed", Fact::Count(needed as u64))
    };
    match content.secret.map(|secret| &secret.public) {
        Some(Material::Octets(octets)) if octets.len() == needed => Ok(octets.clone()),
        Some(Material::Octets(octets)) => {
            Err(about(code::SECRET_SIZE).with("length", Fact::Count(octets.len() as u64)))
        }
        _ => Err(about(code::SECRET_MISSING)),
    }
}

/// The public key of the recipient, of a type that the algorithm takes.
fn public<'a>(header: &Header, content: &Content<'a>) -> Result<&'a Material, Finding> {
    let needed: Vec<String> = header.management.key_types.iter().map(|name| (*name).to_owned()).collect();
    let about = |code| {
        let finding = Finding::error(code, "/keys").text("algorithm", header.management.name);
        finding.with("needed", Fact::List(needed))
    };
    let Some(key) = content.key else { return Err(about(code::KEY_MISSING)) };
    let is_curve = key.material.curve().is_none_or(|curve| agreement_curve(curve).is_some());
    match header.management.key_types.contains(&key.material.key_type()) && is_curve {
        true => Ok(&key.material),
        false => Err(about(code::KEY_TYPE).text("found", key.material.description())),
    }
}

/// A ciphertext of AES-GCM, and the tag that stands behind it.
pub fn split(mut ciphertext: Vec<u8>) -> (Vec<u8>, Vec<u8>) {
    let tag = ciphertext.split_off(ciphertext.len().saturating_sub(GCM_TAG_LENGTH));
    (ciphertext, tag)
}

fn octets(bytes: &[u8]) -> String {
    quoted(&base64url::encode(bytes))
}
