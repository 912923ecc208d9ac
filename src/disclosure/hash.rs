//! The hashes of digests.

use sha2::{Digest, Sha256, Sha384, Sha512};

use super::{code, shown};
use crate::finding::Finding;
use crate::json::Document;

/// A hash that can be computed here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

/// The names of the registry of named information
/// ([RFC 6920 §9.4](https://www.rfc-editor.org/rfc/rfc6920#section-9.4)).
const NAMES: [(&str, Hash); 3] = [("sha-256", Hash::Sha256), ("sha-384", Hash::Sha384), ("sha-512", Hash::Sha512)];

impl Hash {
    pub(crate) fn of(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Hash::Sha256 => Sha256::digest(bytes).to_vec(),
            Hash::Sha384 => Sha384::digest(bytes).to_vec(),
            Hash::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }

    /// The hash of that name as the registry writes it, or as WebCrypto does: `SHA-256`.
    pub(crate) fn named(name: &str) -> Option<Hash> {
        NAMES.iter().find(|(known, _)| name.eq_ignore_ascii_case(known)).map(|(_, hash)| *hash)
    }

    pub(crate) const fn length(self) -> usize {
        match self {
            Hash::Sha256 => 32,
            Hash::Sha384 => 48,
            Hash::Sha512 => 64,
        }
    }
}

/// The hash that the payload's `_sd_alg` names, letter by letter; SHA-256 where it is absent
/// ([RFC 9901 §4.1.1](https://www.rfc-editor.org/rfc/rfc9901#section-4.1.1)). `None` where it can't be computed here.
pub(super) fn of_payload(payload: &Document, findings: &mut Vec<Finding>) -> Option<Hash> {
    let Some(value) = payload.member("_sd_alg") else { return Some(Hash::Sha256) };
    let Some(name) = value.as_str().filter(|name| !name.is_empty()) else {
        findings.push(Finding::warning(code::HASH_NAME, "/payload/_sd_alg").text("found", shown(payload, value)));
        return None;
    };
    let hash = NAMES.iter().find(|(known, _)| name == *known).map(|(_, hash)| *hash);
    if hash.is_none() {
        findings.push(Finding::info(code::HASH_UNKNOWN, "/payload/_sd_alg").text("found", name));
    }
    hash
}
