//! ML-DSA ([FIPS 204](https://doi.org/10.6028/NIST.FIPS.204)): pure, with the empty context, as JOSE has it
//! ([draft-ietf-cose-dilithium](https://datatracker.ietf.org/doc/draft-ietf-cose-dilithium/)).

use ml_dsa::{
    EncodedSignature, EncodedVerifyingKey, MlDsa44, MlDsa65, MlDsa87, MlDsaParams, Seed, Signature, SigningKey,
    VerifyingKey,
};

use super::random::Stream;
use super::{NOT_A_PAIR, Reason, WRONG_SIZE, verification};
use crate::crypto::Verification;
use crate::key::Material;

/// Calls a function for the parameter set of that name.
macro_rules! with_parameters {
    ($name:expr, $function:ident($($argument:expr),*)) => {
        match $name {
            "ML-DSA-44" => Some($function::<MlDsa44>($($argument),*)),
            "ML-DSA-65" => Some($function::<MlDsa65>($($argument),*)),
            "ML-DSA-87" => Some($function::<MlDsa87>($($argument),*)),
            _ => None,
        }
    };
}

pub(super) fn verify(name: &str, public: &[u8], data: &[u8], signature: &[u8]) -> Verification {
    let answer = with_parameters!(name, verify_with(public, data, signature));
    answer.map_or(Verification::Unsupported, verification)
}

pub(super) fn sign(
    name: &str,
    private: &[u8],
    public: &[u8],
    data: &[u8],
    random: &[u8; 32],
) -> Result<Vec<u8>, Reason> {
    with_parameters!(name, sign_with(private, public, data, random)).unwrap_or(Err(super::NO_KEY))
}

pub(super) fn generate(name: &str, random: &mut Stream) -> Option<(Vec<u8>, Material)> {
    let seed = random.bytes::<32>();
    let public = with_parameters!(name, public_with(&seed))?;
    Some((seed.to_vec(), Material::AlgorithmKeyPair { algorithm: name.to_owned(), public }))
}

fn verify_with<P: MlDsaParams>(public: &[u8], data: &[u8], signature: &[u8]) -> Result<bool, Reason> {
    let public = EncodedVerifyingKey::<P>::try_from(public).map_err(|_| WRONG_SIZE)?;
    let signature = EncodedSignature::<P>::try_from(signature).ok();
    let Some(signature) = signature.and_then(|bytes| Signature::<P>::decode(&bytes)) else { return Ok(false) };
    Ok(VerifyingKey::<P>::decode(&public).verify_with_context(data, &[], &signature))
}

fn sign_with<P: MlDsaParams>(private: &[u8], public: &[u8], data: &[u8], random: &[u8; 32]) -> Result<Vec<u8>, Reason> {
    let seed = Seed::try_from(private).map_err(|_| WRONG_SIZE)?;
    let key = SigningKey::<P>::from_seed(&seed);
    if key.expanded_key().verifying_key().encode().as_slice() != public {
        return Err(NOT_A_PAIR);
    }
    // The two bytes say that the message is not hashed before and that the context is empty (FIPS 204, algorithm 2).
    let signature = key.expanded_key().sign_internal(&[&[0, 0], data], &(*random).into());
    Ok(signature.encode().to_vec())
}

fn public_with<P: MlDsaParams>(seed: &[u8; 32]) -> Vec<u8> {
    let key = SigningKey::<P>::from_seed(&(*seed).into());
    key.expanded_key().verifying_key().encode().to_vec()
}
