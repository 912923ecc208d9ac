//! Keys that a token shows possession of: of a DPoP proof the one in its own header
//! ([RFC 9449 §4.2](https://www.rfc-editor.org/rfc/rfc9449#section-4.2)). That its signature is good with that key proves that whoever
//! made it has the private one, and nothing else.

use crate::key::{self, Key, Material};
use crate::report::{KeySource, Token, TokenKind};

/// The only keys that may verify a token, where it is a proof; `None` for every other one.
pub(super) fn keys(token: &Token) -> Option<Vec<Key>> {
    let header = token.header.as_ref().filter(|_| token.kind == TokenKind::Jws)?;
    let typ = header.string("typ")?.to_ascii_lowercase();
    if typ.strip_prefix("application/").unwrap_or(&typ) != "dpop+jwt" {
        return None;
    }
    Some(header.member("jwk").map(|jwk| one(&header.raw(jwk))).unwrap_or_default())
}

/// The one public key of a JWK. A set says not which of its keys is meant, and whoever reads a shared secret in a token can
/// sign with it.
pub(super) fn one(jwk: &str) -> Vec<Key> {
    let mut keys = key::read(jwk, KeySource::Token).keys;
    keys.retain(|key| !matches!(key.material, Material::Octets(_)));
    if keys.len() > 1 {
        keys.clear();
    }
    keys
}

/// Whether a token proves the possession of a key, and nothing about who issued it.
pub fn is_proof(token: &Token) -> bool {
    let typ = token.header.as_ref().and_then(|header| header.string("typ")).unwrap_or_default().to_ascii_lowercase();
    match typ.strip_prefix("application/").unwrap_or(&typ) {
        "dpop+jwt" => true,
        "kb+jwt" => token.inside().is_some(),
        _ => false,
    }
}
