//! What the core computes itself: the key derivation of `ECDH-ES`, the tag of AES-CBC with HMAC, and inflating.

use hmac::{Hmac, KeyInit, Mac};
use miniz_oxide::inflate::{TINFLStatus, decompress_to_vec_with_limit};
use sha2::{Digest, Sha256, Sha384, Sha512};

use crate::jose::encryption::{ContentEncryption, Hash, KeyManagement};

/// Derives so many bytes from the secret that was agreed on: the Concat KDF with SHA-256, as
/// [RFC 7518 §4.6.2](https://www.rfc-editor.org/rfc/rfc7518#section-4.6.2) fills it in.
pub fn concat_kdf(
    secret: &[u8],
    management: &KeyManagement,
    content: &ContentEncryption,
    party_u: &[u8],
    party_v: &[u8],
) -> Vec<u8> {
    let (algorithm, length) = match management.wrapping_length {
        Some(length) => (management.name, length),
        None => (content.name, content.key_length),
    };
    let mut key = Vec::with_capacity(length + 31);
    for round in 1..=length.div_ceil(32) as u32 {
        let mut hash = Sha256::new();
        hash.update(round.to_be_bytes());
        hash.update(secret);
        for info in [algorithm.as_bytes(), party_u, party_v] {
            hash.update((info.len() as u32).to_be_bytes());
            hash.update(info);
        }
        hash.update((length as u32 * 8).to_be_bytes());
        key.extend_from_slice(&hash.finalize());
    }
    key.truncate(length);
    key
}

/// The salt of PBES2: "(UTF8(Alg) || 0x00 || Salt Input)"
/// ([RFC 7518 §4.8.1.1](https://www.rfc-editor.org/rfc/rfc7518#section-4.8.1.1)).
pub fn password_salt(management: &KeyManagement, input: &[u8]) -> Vec<u8> {
    [management.name.as_bytes(), &[0], input].concat()
}

/// The parts of an authenticated message, in the order of
/// [RFC 7518 §5.2.2.1](https://www.rfc-editor.org/rfc/rfc7518#section-5.2.2.1).
#[derive(Clone, Copy)]
pub struct Authenticated<'a> {
    pub additional: &'a [u8],
    pub initialization_vector: &'a [u8],
    pub ciphertext: &'a [u8],
}

/// The tag of AES-CBC with HMAC: the first half of the HMAC.
pub fn tag(hash: Hash, key: &[u8], message: Authenticated<'_>) -> Vec<u8> {
    let mut tag = match hash {
        Hash::Sha256 => authenticated::<Hmac<Sha256>>(key, message).map(|mac| mac.finalize().into_bytes().to_vec()),
        Hash::Sha384 => authenticated::<Hmac<Sha384>>(key, message).map(|mac| mac.finalize().into_bytes().to_vec()),
        Hash::Sha512 => authenticated::<Hmac<Sha512>>(key, message).map(|mac| mac.finalize().into_bytes().to_vec()),
    }
    .unwrap_or_default();
    tag.truncate(tag.len() / 2);
    tag
}

/// Whether that is the tag, in constant time.
pub fn has_tag(hash: Hash, key: &[u8], message: Authenticated<'_>, tag: &[u8]) -> bool {
    match hash {
        Hash::Sha256 => {
            authenticated::<Hmac<Sha256>>(key, message).is_some_and(|mac| mac.verify_truncated_left(tag).is_ok())
        }
        Hash::Sha384 => {
            authenticated::<Hmac<Sha384>>(key, message).is_some_and(|mac| mac.verify_truncated_left(tag).is_ok())
        }
        Hash::Sha512 => {
            authenticated::<Hmac<Sha512>>(key, message).is_some_and(|mac| mac.verify_truncated_left(tag).is_ok())
        }
    }
}

fn authenticated<M: Mac + KeyInit>(key: &[u8], message: Authenticated<'_>) -> Option<M> {
    let mut mac = <M as KeyInit>::new_from_slice(key).ok()?;
    mac.update(message.additional);
    mac.update(message.initialization_vector);
    mac.update(message.ciphertext);
    mac.update(&(message.additional.len() as u64 * 8).to_be_bytes());
    Some(mac)
}

/// Bytes that a compressed content may have when it is inflated. Tokens have a few thousand.
pub const MOST_INFLATED: usize = 8 << 20;

/// What came of inflating.
pub enum Inflated {
    Bytes(Vec<u8>),
    Failed,
    /// It has more than [`MOST_INFLATED`] bytes.
    TooLarge,
}

/// Inflates raw DEFLATE ([RFC 1951](https://www.rfc-editor.org/rfc/rfc1951)), and stops at the bound.
pub fn inflate(bytes: &[u8]) -> Inflated {
    match decompress_to_vec_with_limit(bytes, MOST_INFLATED) {
        Ok(inflated) => Inflated::Bytes(inflated),
        Err(error) if error.status == TINFLStatus::HasMoreOutput => Inflated::TooLarge,
        Err(_) => Inflated::Failed,
    }
}
