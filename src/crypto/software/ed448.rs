//! Ed448 ([RFC 8032 §5.2](https://www.rfc-editor.org/rfc/rfc8032#section-5.2)), with the empty context, as
//! [RFC 8037 §3.1](https://www.rfc-editor.org/rfc/rfc8037#section-3.1) has it.

use ed448_goldilocks::{Signature, SigningKey, VerifyingKey};

use super::random::Stream;
use super::{NO_KEY, NOT_A_PAIR, Reason, WRONG_SIZE, verification};
use crate::crypto::Verification;
use crate::key::Material;

pub(super) const CURVE: &str = "Ed448";

/// Bytes of a key, and of each half of a signature.
const LENGTH: usize = 57;

pub(super) fn verify(public: &[u8], data: &[u8], signature: &[u8]) -> Verification {
    let Ok(public) = public.try_into() else { return verification(Err(WRONG_SIZE)) };
    let Ok(key) = VerifyingKey::from_bytes(public) else { return verification(Err(NO_KEY)) };
    // The last byte of R is the sign of x alone (§5.2.2). The crate passes over its other bits, and would take signatures
    // that nobody made.
    if !matches!(signature.get(LENGTH - 1), Some(0x00 | 0x80)) {
        return Verification::Invalid;
    }
    let Ok(signature) = Signature::try_from(signature) else { return Verification::Invalid };
    verification(Ok(key.verify_raw(&signature, data).is_ok()))
}

pub(super) fn sign(private: &[u8], public: &[u8], data: &[u8]) -> Result<Vec<u8>, Reason> {
    let key = SigningKey::try_from(private).map_err(|_| WRONG_SIZE)?;
    if key.verifying_key().as_bytes().as_slice() != public {
        return Err(NOT_A_PAIR);
    }
    Ok(key.sign_raw(data).to_bytes().to_vec())
}

pub(super) fn generate(random: &mut Stream) -> Option<(Vec<u8>, Material)> {
    let private = random.bytes::<LENGTH>();
    let key = SigningKey::try_from(private.as_slice()).ok()?;
    let x = key.verifying_key().as_bytes().to_vec();
    Some((private.to_vec(), Material::OctetKeyPair { curve: CURVE.to_owned(), x }))
}
