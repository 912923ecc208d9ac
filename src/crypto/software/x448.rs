//! X448 ([RFC 7748 §5](https://www.rfc-editor.org/rfc/rfc7748#section-5)).

use x448::{X448_BASEPOINT_BYTES, x448};

use super::random::Stream;
use super::{NO_KEY, Reason, WRONG_SIZE};
use crate::key::Material;

pub(super) const CURVE: &str = "X448";

/// Bytes of a key and of what is agreed on.
const LENGTH: usize = 56;

/// Refuses the points of low order, with which everybody agrees on zero
/// ([RFC 8037 §3.2](https://www.rfc-editor.org/rfc/rfc8037#section-3.2)).
pub(super) fn agree(private: &[u8], public: &[u8]) -> Result<Vec<u8>, Reason> {
    let sized = |bytes: &[u8]| <[u8; LENGTH]>::try_from(bytes).map_err(|_| WRONG_SIZE);
    match x448(sized(private)?, sized(public)?) {
        Some(secret) if secret != [0; LENGTH] => Ok(secret.to_vec()),
        _ => Err(NO_KEY),
    }
}

pub(super) fn generate(random: &mut Stream) -> Option<(Vec<u8>, Material)> {
    let private = random.bytes::<LENGTH>();
    let x = x448(private, X448_BASEPOINT_BYTES)?.to_vec();
    Some((private.to_vec(), Material::OctetKeyPair { curve: CURVE.to_owned(), x }))
}
