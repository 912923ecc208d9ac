//! RSAES-PKCS1-v1_5, the `RSA1_5` of [RFC 7518 §4.2](https://www.rfc-editor.org/rfc/rfc7518#section-4.2).
//!
//! A wrong padding is told apart from everything else here. Who answers strangers must not do that
//! ([RFC 7516 §11.5](https://www.rfc-editor.org/rfc/rfc7516#section-11.5)), because a stranger learns the plaintext from
//! enough such answers; here the one who asks has the key.

use rsa::{BigUint, Pkcs1v15Encrypt, RsaPrivateKey, RsaPublicKey};

use super::random::Stream;
use super::{NO_KEY, NOT_A_PAIR, refused};
use crate::crypto::operation::Outcome;
use crate::key::{Material, Private, PrivateKey};

/// Browsers take no longer keys either, and the time grows with the third power.
const MOST_BITS: usize = 16384;

pub(super) fn decrypt(key: &PrivateKey, data: &[u8], seed: &[u8; 32]) -> Outcome {
    let (Material::Rsa { modulus, exponent }, Private::Rsa { exponent: private, first_prime, second_prime, .. }) =
        (&key.public, &key.private)
    else {
        return refused(NO_KEY);
    };
    if [modulus, exponent, private, first_prime, second_prime].iter().any(|number| number.len() > MOST_BITS / 8) {
        return refused(NO_KEY);
    }
    let [modulus_number, exponent, private, first_prime, second_prime] =
        [modulus, exponent, private, first_prime, second_prime].map(|number| BigUint::from_bytes_be(number));
    let primes = vec![first_prime, second_prime];
    let Ok(key) = RsaPrivateKey::from_components(modulus_number, exponent, private, primes) else {
        return refused(NOT_A_PAIR);
    };
    // The crate takes a ciphertext with zeros before it as well (RFC 8017 §7.2.2, step 1).
    if data.len() != modulus.len() {
        return Outcome::Failed;
    }
    key.decrypt_blinded(&mut Stream::new(seed), Pkcs1v15Encrypt, data).map_or(Outcome::Failed, Outcome::Bytes)
}

pub(super) fn encrypt(key: &Material, data: &[u8], seed: &[u8; 32]) -> Outcome {
    let Material::Rsa { modulus, exponent } = key else { return refused(NO_KEY) };
    let number = |bytes: &[u8]| BigUint::from_bytes_be(bytes);
    let Ok(key) = RsaPublicKey::new_with_max_size(number(modulus), number(exponent), MOST_BITS) else {
        return refused(NO_KEY);
    };
    key.encrypt(&mut Stream::new(seed), Pkcs1v15Encrypt, data).map_or(Outcome::Failed, Outcome::Bytes)
}
