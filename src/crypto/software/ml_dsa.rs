//! ML-DSA ([FIPS 204](https://doi.org/10.6028/NIST.FIPS.204)): pure, with the empty context, as JOSE has it
//! ([draft-ietf-cose-dilithium](https://datatracker.ietf.org/doc/draft-ietf-cose-dilithium/)).

use ml_dsa::{
    EncodedSignature, EncodedVerifyingKey, ExpandedSigningKey, ExpandedSigningKeyBytes, MlDsa44, MlDsa65, MlDsa87,
    MlDsaParams, Seed, Signature, SigningKey, VerifyingKey,
};

use super::random::Stream;
use super::{NOT_A_PAIR, Reason, WRONG_SIZE, verification};
use crate::crypto::Verification;
use crate::key::{Material, shake256};

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

/// The public half of a seed, or of an expanded key.
pub(super) fn public_half(name: &str, private: &[u8]) -> Result<Vec<u8>, Reason> {
    if private.len() != 32 && !is_expanded(name, private) {
        return Err(super::NO_KEY);
    }
    with_parameters!(name, public_half_with(private)).unwrap_or(Err(super::NO_KEY))
}

/// Where the small numbers stand in an expanded key ([FIPS 204, algorithm 24](https://doi.org/10.6028/NIST.FIPS.204)), behind
/// three hashes: how many bytes of them there are, in how many bits each, and how large they may be.
const SMALL_NUMBERS: [(&str, usize, u32, u32); 3] =
    [("ML-DSA-44", 8 * 96, 3, 4), ("ML-DSA-65", 11 * 128, 4, 8), ("ML-DSA-87", 15 * 96, 3, 4)];

/// The bytes before the small numbers.
const HASHES: usize = 128;

/// Whether the small numbers of an expanded key are small: the crate does not look, and panics.
fn is_expanded(name: &str, key: &[u8]) -> bool {
    let Some((_, length, bits, largest)) = SMALL_NUMBERS.iter().find(|(known, ..)| *known == name) else {
        return false;
    };
    let Some(packed) = key.get(HASHES..HASHES + length) else { return false };
    // Eight numbers of three bits, or two of four, end on a whole byte.
    packed.chunks(*bits as usize).all(|chunk| {
        let whole = chunk.iter().rev().fold(0_u64, |whole, byte| whole << 8 | u64::from(*byte));
        (0..8 * chunk.len() as u32 / bits)
            .all(|number| (whole >> (number * bits) & ((1 << bits) - 1)) as u32 <= *largest)
    })
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
    // Where only the seed was given, the public half follows from it.
    if !public.is_empty() && key.expanded_key().verifying_key().encode().as_slice() != public {
        return Err(NOT_A_PAIR);
    }
    // The two bytes say that the message is not hashed before and that the context is empty (FIPS 204, algorithm 2).
    let signature = key.expanded_key().sign_internal(&[&[0, 0], data], &(*random).into());
    Ok(signature.encode().to_vec())
}

fn public_half_with<P: MlDsaParams>(private: &[u8]) -> Result<Vec<u8>, Reason> {
    if let Ok(seed) = <[u8; 32]>::try_from(private) {
        return Ok(public_with::<P>(&seed));
    }
    let expanded = ExpandedSigningKeyBytes::<P>::try_from(private).map_err(|_| WRONG_SIZE)?;
    #[allow(deprecated, reason = "keys that were written without their seed are read, never written")]
    let key = ExpandedSigningKey::<P>::from_expanded(&expanded);
    let public = key.verifying_key().encode().to_vec();
    // The third hash is that of the public half.
    if private.get(64..HASHES) != Some(&shake256(&public, 64)) {
        return Err(NOT_A_PAIR);
    }
    Ok(public)
}

fn public_with<P: MlDsaParams>(seed: &[u8; 32]) -> Vec<u8> {
    let key = SigningKey::<P>::from_seed(&(*seed).into());
    key.expanded_key().verifying_key().encode().to_vec()
}
