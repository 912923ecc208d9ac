//! `ES256K`: ECDSA on secp256k1 with SHA-256 ([RFC 8812 §3.2](https://www.rfc-editor.org/rfc/rfc8812#section-3.2)).

use k256::AffinePoint;
use k256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use k256::ecdsa::{Signature, SigningKey, VerifyingKey};
use k256::elliptic_curve::point::AffineCoordinates;
use sha2::{Digest, Sha256};

use super::random::Stream;
use super::{NO_KEY, NOT_A_PAIR, Reason, WRONG_SIZE, verification};
use crate::crypto::Verification;
use crate::key::Material;

pub(super) const CURVE: &str = "secp256k1";

/// Bytes of a coordinate and of a private key.
const LENGTH: usize = 32;

pub(super) fn verify(x: &[u8], y: &[u8], data: &[u8], signature: &[u8]) -> Verification {
    let (Ok(x), Ok(y)) = (x.try_into(), y.try_into()) else { return verification(Err(WRONG_SIZE)) };
    // By coordinates, because the way through SEC1 would bring along what reads compressed points: 24 KB.
    let key = AffinePoint::from_coordinates(x, y).into_option();
    let Some(key) = key.and_then(|point| VerifyingKey::from_affine(point).ok()) else {
        return verification(Err(NO_KEY));
    };
    let Ok(signature) = Signature::from_slice(signature) else { return Verification::Invalid };
    // Bitcoin allows only the smaller of the two values that `s` can have, and the crate refuses the other; RFC 8812 has no
    // such rule.
    let digest = Sha256::digest(data);
    verification(Ok(key.verify_prehash(&digest, &signature.normalize_s()).is_ok()))
}

pub(super) fn sign(private: &[u8], x: &[u8], y: &[u8], data: &[u8]) -> Result<Vec<u8>, Reason> {
    let key = signing_key(private)?;
    if public(&key) != (Material::EllipticCurve { curve: CURVE.to_owned(), x: x.to_vec(), y: y.to_vec() }) {
        return Err(NOT_A_PAIR);
    }
    let signature: Signature = key.sign_prehash(&Sha256::digest(data)).map_err(|_| NO_KEY)?;
    Ok(signature.to_bytes().to_vec())
}

pub(super) fn generate(random: &mut Stream) -> Option<(Vec<u8>, Material)> {
    // One try in 2^127 gives a number beyond the order of the curve.
    (0..4).find_map(|_| {
        let private = random.bytes::<LENGTH>();
        let key = signing_key(&private).ok()?;
        Some((private.to_vec(), public(&key)))
    })
}

fn signing_key(private: &[u8]) -> Result<SigningKey, Reason> {
    if private.len() != LENGTH {
        return Err(WRONG_SIZE);
    }
    SigningKey::from_slice(private).map_err(|_| NO_KEY)
}

fn public(key: &SigningKey) -> Material {
    let point = key.verifying_key().as_affine();
    let (x, y) = (point.x(), point.y());
    Material::EllipticCurve { curve: CURVE.to_owned(), x: x.to_vec(), y: y.to_vec() }
}
