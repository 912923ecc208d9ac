//! Keys as SSH writes them ([RFC 4253 §6.6](https://www.rfc-editor.org/rfc/rfc4253#section-6.6)): strings with their lengths
//! in front.

use super::der::{self, PublicKey, Refusal, Structure};
use super::{Material, Reader, pem};
use crate::jose::algorithm::Curve;
use crate::jose::base64url;
use crate::text;

/// The first bytes of a private key in OpenSSH's own format
/// ([PROTOCOL.key](https://cvsweb.openbsd.org/src/usr.bin/ssh/PROTOCOL.key)).
pub(super) const PRIVATE_MAGIC: &[u8] = b"openssh-key-v1\0";

/// The label of a public key between BEGIN and END ([RFC 4716](https://www.rfc-editor.org/rfc/rfc4716)).
pub(super) const PUBLIC: &str = "SSH2 PUBLIC KEY";

/// The types of keys, and the curve of each: [RFC 5656](https://www.rfc-editor.org/rfc/rfc5656) and
/// [RFC 8709](https://www.rfc-editor.org/rfc/rfc8709).
const TYPES: [(&[u8], &str); 6] = [
    (b"ssh-rsa", ""),
    (b"ecdsa-sha2-nistp256", "P-256"),
    (b"ecdsa-sha2-nistp384", "P-384"),
    (b"ecdsa-sha2-nistp521", "P-521"),
    (b"ssh-ed25519", "Ed25519"),
    (b"ssh-ed448", "Ed448"),
];

/// Reads the lines of a text that are public keys: `ssh-ed25519 AAAA… comment`, perhaps behind options as in
/// `authorized_keys`. Returns whether there are any.
pub(super) fn read(reader: &mut Reader, lines: &str) -> bool {
    let mut any = false;
    for line in lines.lines() {
        let mut words = line.split_whitespace();
        // Every such key begins with the length of its type's name, which is short.
        if !words.any(is_type) || !text::contains(line, "AAAA") {
            continue;
        }
        let Some(blob) = words.next().filter(|word| word.starts_with("AAAA")) else { continue };
        any = true;
        if !reader.has_room() {
            break;
        }
        let decoded = base64url::decode_standard(blob);
        pem::take_recognised(reader, &decoded.bytes);
    }
    any
}

fn is_type(word: &str) -> bool {
    ["ssh-", "ecdsa-sha2-", "sk-"].iter().any(|prefix| word.starts_with(prefix))
}

/// Recognises a public key, or a private one by its public half, which is never encrypted.
pub(super) fn recognise(bytes: &[u8]) -> Option<Structure> {
    let structure = |label, is_private, key| Structure { label, is_private, key, certificate: None };
    if let Some(rest) = bytes.strip_prefix(PRIVATE_MAGIC) {
        let (_, public) = private(rest)?;
        return Some(structure("OPENSSH PRIVATE KEY", true, key(public)));
    }
    let (name, _) = string(bytes)?;
    is_type(std::str::from_utf8(name).ok()?).then(|| structure(PUBLIC, false, key(bytes)))
}

/// The name of the cipher of a private key, and its public half.
pub(super) fn private(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (cipher, rest) = string(bytes)?;
    let (_derivation, rest) = string(rest)?;
    let (_options, rest) = string(rest)?;
    let (public, _) = string(rest.get(4..)?)?;
    Some((cipher, public))
}

fn key(bytes: &[u8]) -> Result<PublicKey, Refusal> {
    let read = || {
        let (name, rest) = string(bytes)?;
        let (first, rest) = string(rest)?;
        Some((name, first, rest))
    };
    let (name, first, rest) = read().ok_or(Refusal::Unknown)?;
    let curve = curve(name).ok_or_else(|| Refusal::Ssh(String::from_utf8_lossy(name).into_owned()))?;
    let Some(curve) = curve else {
        // The exponent stands before the modulus.
        let (modulus, _) = string(rest).ok_or(Refusal::Unknown)?;
        let material = Material::Rsa { modulus: der::trimmed(modulus), exponent: der::trimmed(first) };
        return Ok(PublicKey::of(material));
    };
    if curve.key_type == "OKP" {
        return der::octet_key_pair(curve, first);
    }
    // The curve is named once more.
    der::point(curve, string(rest).ok_or(Refusal::Unknown)?.0)
}

/// The curve of keys of that type, which those of RSA do not have; `None` for types that sign no tokens.
pub(super) fn curve(name: &[u8]) -> Option<Option<&'static Curve>> {
    let (_, curve) = TYPES.iter().find(|(known, _)| *known == name)?;
    Some(Curve::named(curve))
}

/// A string, and what is behind it.
pub(super) fn string(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let (length, rest) = bytes.split_at_checked(4)?;
    rest.split_at_checked(length.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)))
}
