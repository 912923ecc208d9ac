//! Keys that a token shows possession of: of a DPoP proof the one in its own header
//! ([RFC 9449 §4.2](https://www.rfc-editor.org/rfc/rfc9449#section-4.2)). That its signature is good with that key proves that whoever
//! made it has the private one, and nothing else.

use crate::key::{self, Key};
use crate::report::{KeySource, Token, TokenKind};

/// The only keys that may verify a token, where it is a proof; `None` for every other one.
pub(super) fn keys(token: &Token) -> Option<Vec<Key>> {
    let header = token.header.as_ref().filter(|_| token.kind == TokenKind::Jws)?;
    let typ = header.string("typ")?.to_ascii_lowercase();
    if typ.strip_prefix("application/").unwrap_or(&typ) != "dpop+jwt" {
        return None;
    }
    Some(key::read(&header.raw(header.member("jwk")?), KeySource::Token).keys)
}
