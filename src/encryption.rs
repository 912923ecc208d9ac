//! Encrypting: [`crate::decryption`] the other way round.

use std::rc::Rc;

use miniz_oxide::deflate::compress_to_vec;

use crate::crypto::operation::{Operation, Operations};
use crate::decryption::derivation::{self, Authenticated};
use crate::finding::{Code, Finding};
use crate::jose::base64url;
use crate::jose::encryption::Cipher;
use crate::json::quoted;
use crate::key::{Key, PrivateKey};

pub mod code;
mod header;
mod make;

use header::Header;
use make::{Asker, Halt, Purpose};

/// How hard is tried to make a content small: the middle of 0 to 10, as elsewhere.
const COMPRESSION_LEVEL: u8 = 6;

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
/// The randomness of one content is never used for another. Whoever wants the same content encrypted anew begins with
/// fresh [`Operations`].
///
/// # Errors
///
/// A finding that says why it cannot be encrypted so.
pub fn encrypt(content: &Content<'_>, operations: &Operations) -> Result<Result<String, Vec<Operation>>, Finding> {
    let header = Header::read(content.header)?;
    let mut asker = Asker::of(content, operations);
    match encrypted(&header, content, &mut asker) {
        Ok(token) => Ok(Ok(token)),
        Err(Halt::Asked) => Ok(Err(asker.asks)),
        Err(Halt::Finding(finding)) => Err(finding),
    }
}

/// A compact token in the flattened JSON serialisation
/// ([RFC 7516 §7.2.2](https://www.rfc-editor.org/rfc/rfc7516#section-7.2.2)). `None` where it has not five parts.
///
/// ```
/// use tokenscope::encryption::flattened;
/// assert_eq!(
///     flattened("e30..dg.Yw.dA").as_deref(),
///     Some(r#"{"protected":"e30","iv":"dg","ciphertext":"Yw","tag":"dA"}"#)
/// );
/// ```
pub fn flattened(compact: &str) -> Option<String> {
    let [protected, key, vector, ciphertext, tag] = parts(compact)?;
    let members =
        [("protected", protected), ("encrypted_key", key), ("iv", vector), ("ciphertext", ciphertext), ("tag", tag)];
    Some(object(&members, None))
}

/// A compact token in the general JSON serialisation, with its one recipient
/// ([RFC 7516 §7.2.1](https://www.rfc-editor.org/rfc/rfc7516#section-7.2.1)). `None` where it has not five parts.
pub fn general(compact: &str) -> Option<String> {
    let [protected, key, vector, ciphertext, tag] = parts(compact)?;
    let members = [("protected", protected), ("iv", vector), ("ciphertext", ciphertext), ("tag", tag)];
    Some(object(&members, Some(&object(&[("encrypted_key", key)], None))))
}

/// Every code of encryption. Their words are in `src/data/messages/encryption.json`.
pub fn codes() -> Vec<Code> {
    code::ALL.to_vec()
}

/// RFC 7516 §5.1.
fn encrypted(header: &Header, content: &Content<'_>, asker: &mut Asker<'_>) -> Result<String, Halt> {
    // Asked together with what the key takes, so that there is one round less.
    let vector = asker.random(Purpose::InitializationVector, header.content.initialization_vector_length);
    let keyed = make::keyed(header, content, asker)?;
    let initialization_vector = vector?;
    let protected = base64url::encode(&header.with(&keyed.added));
    let plaintext: Rc<[u8]> = match header.compressed {
        true => Rc::from(compress_to_vec(content.plaintext, COMPRESSION_LEVEL)),
        false => Rc::from(content.plaintext),
    };
    let key = keyed.content_key;
    let (ciphertext, tag) = match header.content.cipher {
        Cipher::Gcm => make::split(asker.ask(Operation::GcmEncrypt {
            key,
            initialization_vector: initialization_vector.clone(),
            additional: protected.clone().into_bytes(),
            data: plaintext,
        })?),
        Cipher::CbcHmac(hash) => {
            let (mac_key, cipher_key) = key.split_at(key.len() / 2);
            let ciphertext = asker.ask(Operation::CbcEncrypt {
                key: cipher_key.to_vec(),
                initialization_vector: initialization_vector.clone(),
                data: plaintext,
            })?;
            let message = Authenticated {
                additional: protected.as_bytes(),
                initialization_vector: &initialization_vector,
                ciphertext: &ciphertext,
            };
            let tag = derivation::tag(hash, mac_key, message);
            (ciphertext, tag)
        }
    };
    let mut token = protected;
    for part in [keyed.encrypted_key, initialization_vector, ciphertext, tag] {
        token.push('.');
        token.push_str(&base64url::encode(&part));
    }
    Ok(token)
}

fn parts(compact: &str) -> Option<[&str; 5]> {
    let parts: Vec<&str> = compact.splitn(6, '.').collect();
    <[&str; 5]>::try_from(parts).ok()
}

/// A JSON object of texts, without the empty ones: an absent part is not written (RFC 7516 §7.2.1).
fn object(members: &[(&str, &str)], recipient: Option<&str>) -> String {
    let mut text = String::from("{");
    for (name, value) in members.iter().filter(|(_, value)| !value.is_empty()) {
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&quoted(name));
        text.push(':');
        text.push_str(&quoted(value));
    }
    if let Some(recipient) = recipient {
        for part in [",\"recipients\":[", recipient, "]"] {
            text.push_str(part);
        }
    }
    text.push('}');
    text
}
