//! What makes a public key weak, as far as its numbers show it.

use std::sync::OnceLock;

use super::code;
use crate::finding::{Fact, Finding};
use crate::key::curve::{self, Number};
use crate::key::{Material, factors, weak};

/// Up to which number primes are tried as factors of a modulus.
const LARGEST_FACTOR: u32 = 10_000;

/// The weaknesses of a key.
pub(super) fn of(material: &Material) -> Vec<Finding> {
    match material {
        Material::Rsa { modulus, exponent } => rsa(modulus, exponent, material.bits()),
        Material::EllipticCurve { curve, x, y } => {
            let off = curve::is_on_curve(curve, x, y) == Some(false);
            let finding = Finding::warning(code::POINT_OFF_CURVE, "/keys").text("curve", curve.as_str());
            if off { vec![finding] } else { Vec::new() }
        }
        Material::OctetKeyPair { curve, x } => {
            let finding = Finding::warning(code::POINT_SMALL, "/keys").text("curve", curve.as_str());
            if is_of_small_order(curve, x) { vec![finding] } else { Vec::new() }
        }
        Material::AlgorithmKeyPair { .. } | Material::Octets(_) => Vec::new(),
    }
}

fn rsa(modulus: &[u8], exponent: &[u8], bits: usize) -> Vec<Finding> {
    let mut findings = Vec::new();
    if weak::is_roca(modulus, bits) {
        // Of the key that a token is verified with the first verdict says the same.
        findings.push(Finding::warning(crate::key::code::ROCA, "/keys"));
    }
    if exponent == [3] {
        findings.push(Finding::info(code::EXPONENT_SMALL, "/keys"));
    }
    if let Some(factor) = primes().iter().find(|prime| remainder(modulus, **prime) == 0) {
        findings.push(Finding::warning(code::FACTOR, "/keys").with("factor", Fact::Count(u64::from(*factor))));
    } else if factors::are_close(modulus) {
        findings.push(Finding::warning(code::FACTORS_CLOSE, "/keys"));
    }
    findings
}

/// The remainder of a big-endian number, four bytes at a time.
fn remainder(number: &[u8], divisor: u32) -> u32 {
    let divisor = u64::from(divisor);
    let (head, words) = number.split_at(number.len() % 4);
    let head = head.iter().fold(0, |rest, byte| rest << 8 | u64::from(*byte)) % divisor;
    let word = |word: &[u8]| word.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
    words.chunks(4).fold(head, |rest, four| (rest << 32 | word(four)) % divisor) as u32
}

/// The odd primes up to the largest that is tried, by the sieve of Eratosthenes.
fn primes() -> &'static [u32] {
    static PRIMES: OnceLock<Vec<u32>> = OnceLock::new();
    PRIMES.get_or_init(|| {
        let mut composite = vec![false; LARGEST_FACTOR as usize + 1];
        let mut primes = Vec::new();
        for number in (3..=LARGEST_FACTOR).step_by(2) {
            if composite.get(number as usize) == Some(&true) {
                continue;
            }
            primes.push(number);
            let first = (number as usize).saturating_mul(number as usize);
            composite.iter_mut().skip(first).step_by(number as usize).for_each(|one| *one = true);
        }
        primes
    })
}

/// Coordinates of points whose order divides the cofactor, in hexadecimal: with such a key a signature can be made that fits
/// many messages, and a secret that is agreed on is one of a few ([RFC 7748 §6.1](https://www.rfc-editor.org/rfc/rfc7748#section-6.1)).
const SMALL: [(&str, &[&str]); 4] = [
    (
        "Ed25519",
        &[
            "7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7",
            "5fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826",
        ],
    ),
    (
        "X25519",
        &[
            "b8495f16056286fdb1329ceb8d09da6ac49ff1fae35616aeb8413b7c7aebe0",
            "57119fd0dd4e22d8868e1c58c45c44045bef839c55b1d0b1248c50a3bc959c5f",
        ],
    ),
    ("Ed448", &[]),
    ("X448", &[]),
];

fn is_of_small_order(name: &str, x: &[u8]) -> bool {
    let (Some((_, known)), Some(prime)) = (SMALL.iter().find(|(curve, _)| *curve == name), curve::prime(name)) else {
        return false;
    };
    let mut octets = x.to_vec();
    // The highest bit is a sign, or nothing.
    if name != "X448"
        && let Some(last) = octets.last_mut()
    {
        *last &= 0x7f;
    }
    let Some(number) = Number::try_from_le_slice(&octets) else { return false };
    let number = number.wrapping_rem(prime);
    number <= Number::ONE || number == prime - Number::ONE || known.iter().any(|digits| curve::hex(digits) == number)
}
