//! What browsers lack, from well-known crates: it stands in a module of its own, `tokenscope_crypto`, which is loaded when it
//! is first needed.
//!
//! WebCrypto is asked first, whoever the browser is; what it refuses as unsupported comes here. So this holds what some
//! browser of today lacks, and nothing else:
//!
//! | | Chromium | Firefox |
//! |---|---|---|
//! | `ES256K`, Ed448, X448, RSAES-PKCS1-v1_5 | lacks | lacks |
//! | AES with keys of 192 bits | lacks | has |
//! | ML-DSA | has | lacks |
//!
//! The private keys here are the user's own, in the user's own page: nobody measures the time of these operations over a
//! network.

mod aes;
mod ed448;
mod ml_dsa;
mod random;
mod rsa;
mod secp256k1;
mod x448;

use super::operation::{Generated, Operation, Outcome, RsaPadding};
use super::{Plan, Verification};
use crate::jose::algorithm::{Algorithm, Curve, Kind};
use crate::key::{Material, Private, PrivateKey};
use random::Stream;

/// Whether [`verify`] can answer.
pub fn verifies(plan: &Plan) -> bool {
    let by_curve = plan.key.curve().and_then(Curve::named).is_some_and(|curve| curve.fallback);
    plan.algorithm.fallback || plan.algorithm.kind == Kind::Eddsa && by_curve
}

/// Whether [`operate`] can carry it out.
pub fn has(operation: &Operation) -> bool {
    let curve = |name: Option<&str>| name.and_then(Curve::named).is_some_and(|curve| curve.fallback);
    match operation {
        Operation::Sign { algorithm, key, .. } => algorithm.fallback || curve(key.public.curve()),
        Operation::RsaDecrypt { padding, .. } | Operation::RsaEncrypt { padding, .. } => *padding == RsaPadding::Pkcs1,
        Operation::KeyUnwrap { .. }
        | Operation::KeyWrap { .. }
        | Operation::GcmDecrypt { .. }
        | Operation::GcmEncrypt { .. }
        | Operation::CbcDecrypt { .. }
        | Operation::CbcEncrypt { .. } => true,
        Operation::Agree { with, .. } => curve(with.curve()),
        Operation::Generate(Generated::Curve(name)) => curve(Some(name)),
        Operation::PublicHalf { .. } | Operation::Generate(Generated::AlgorithmKeyPair(_)) => true,
        Operation::Generate(_) | Operation::Derive { .. } | Operation::Random { .. } => false,
    }
}

/// Verifies a signature that a browser may not be able to verify.
pub fn verify(plan: &Plan) -> Verification {
    let (data, signature) = (&*plan.data, &*plan.signature);
    match (plan.algorithm.kind, &plan.key) {
        (Kind::Ecdsa, Material::EllipticCurve { curve, x, y }) if curve == secp256k1::CURVE => {
            secp256k1::verify(x, y, data, signature)
        }
        (Kind::Eddsa, Material::OctetKeyPair { curve, x }) if curve == ed448::CURVE => {
            ed448::verify(x, data, signature)
        }
        (Kind::MlDsa, Material::AlgorithmKeyPair { algorithm, public }) if algorithm == plan.algorithm.name => {
            ml_dsa::verify(algorithm, public, data, signature)
        }
        _ => Verification::Unsupported,
    }
}

/// Carries out an operation that a browser may not be able to carry out. `seed` is 32 random bytes, for those that need
/// some; it must be another one for each call.
pub fn operate(operation: &Operation, seed: &[u8; 32]) -> Outcome {
    match operation {
        Operation::Sign { algorithm, key, data } => sign(algorithm, key, data, seed),
        Operation::RsaDecrypt { padding: RsaPadding::Pkcs1, key, data } => rsa::decrypt(key, data, seed),
        Operation::RsaEncrypt { padding: RsaPadding::Pkcs1, key, data } => rsa::encrypt(key, data, seed),
        Operation::KeyUnwrap { key, data } => aes::unwrap(key, data),
        Operation::KeyWrap { key, data } => aes::wrap(key, data),
        Operation::GcmDecrypt { key, initialization_vector, additional, data, tag } => {
            aes::gcm_decrypt(key, initialization_vector, additional, data, tag)
        }
        Operation::GcmEncrypt { key, initialization_vector, additional, data } => {
            aes::gcm_encrypt(key, initialization_vector, additional, data)
        }
        Operation::CbcDecrypt { key, initialization_vector, data } => {
            aes::cbc_decrypt(key, initialization_vector, data)
        }
        Operation::CbcEncrypt { key, initialization_vector, data } => {
            aes::cbc_encrypt(key, initialization_vector, data)
        }
        Operation::Agree { key, with } => agree(key, with),
        Operation::PublicHalf { algorithm, private } => {
            ml_dsa::public_half(algorithm, private).map_or_else(refused, Outcome::Bytes)
        }
        Operation::Generate(generated) => generate(*generated, seed),
        Operation::RsaDecrypt { .. }
        | Operation::RsaEncrypt { .. }
        | Operation::Derive { .. }
        | Operation::Random { .. } => Outcome::Unsupported,
    }
}

fn sign(algorithm: &Algorithm, key: &PrivateKey, data: &[u8], seed: &[u8; 32]) -> Outcome {
    let Private::Number(private) = &key.private else { return Outcome::Unsupported };
    let signature = match (algorithm.kind, &key.public) {
        (Kind::Ecdsa, Material::EllipticCurve { curve, x, y }) if curve == secp256k1::CURVE => {
            secp256k1::sign(private, x, y, data)
        }
        (Kind::Eddsa, Material::OctetKeyPair { curve, x }) if curve == ed448::CURVE => ed448::sign(private, x, data),
        (Kind::MlDsa, Material::AlgorithmKeyPair { algorithm: own, public }) if own == algorithm.name => {
            ml_dsa::sign(own, private, public, data, seed)
        }
        _ => return Outcome::Unsupported,
    };
    signature.map_or_else(refused, Outcome::Bytes)
}

fn agree(key: &PrivateKey, with: &Material) -> Outcome {
    let (Private::Number(private), Material::OctetKeyPair { curve, x }) = (&key.private, with) else {
        return Outcome::Unsupported;
    };
    if curve != x448::CURVE {
        return Outcome::Unsupported;
    }
    if key.public.curve() != Some(x448::CURVE) {
        return refused(NOT_A_PAIR);
    }
    x448::agree(private, x).map_or_else(refused, Outcome::Bytes)
}

fn generate(generated: Generated, seed: &[u8; 32]) -> Outcome {
    let mut random = Stream::new(seed);
    let pair = match generated {
        Generated::Curve(secp256k1::CURVE) => secp256k1::generate(&mut random),
        Generated::Curve(ed448::CURVE) => ed448::generate(&mut random),
        Generated::Curve(x448::CURVE) => x448::generate(&mut random),
        Generated::AlgorithmKeyPair(name) => ml_dsa::generate(name, &mut random),
        Generated::Curve(_) | Generated::Rsa(_) | Generated::Octets(_) => None,
    };
    let Some((private, public)) = pair else { return Outcome::Unsupported };
    let key = PrivateKey {
        kid: None,
        algorithm: None,
        public_key_use: None,
        key_operations: None,
        public,
        private: Private::Number(private),
    };
    Outcome::Bytes(key.jwk().into_bytes())
}

/// Why a key is not taken, in the manner of WebCrypto.
type Reason = &'static str;

const WRONG_SIZE: Reason = "DataError: the key has the wrong size";
pub(crate) const NO_KEY: Reason = "DataError: the numbers are no key of this kind";
const NOT_A_PAIR: Reason = "DataError: the private half belongs to another public half";

fn refused(reason: Reason) -> Outcome {
    Outcome::KeyRefused(reason.to_owned())
}

fn verification(answer: Result<bool, Reason>) -> Verification {
    match answer {
        Ok(true) => Verification::Valid,
        Ok(false) => Verification::Invalid,
        Err(reason) => Verification::KeyRefused(reason.to_owned()),
    }
}
