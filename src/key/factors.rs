//! The numbers of an RSA private key that follow from the others ([RFC 8017 §3.2](https://www.rfc-editor.org/rfc/rfc8017#section-3.2)).

use ruint::Uint;

use super::Private;

/// The largest modulus, in bytes: products of two of its size have room.
const LONGEST: usize = 1024;

/// Room for a product of two of the largest numbers.
type Number = Uint<16384, 256>;

/// How many multiples are tried of the number that `d` may be the inverse modulo: `λ(n)` is `φ(n)` divided by what
/// `p - 1` and `q - 1` have in common, which is small.
const MOST_TRIED: u64 = 512;

/// The private key with these primes: exponents and coefficient follow. `None` where it is no key: the product of the primes
/// is not the modulus, or the exponents do not fit together.
pub(super) fn of_primes(modulus: &[u8], exponent: &[u8], private: &[u8], primes: [&[u8]; 2]) -> Option<Private> {
    let [first, second] = primes.map(number);
    let (modulus, exponent, private) = (number(modulus)?, number(exponent)?, number(private)?);
    complete(&modulus, &exponent, &private, first?, second?)
}

/// The private key whose primes are not known: they follow from `d`, as `e·d - 1` is a multiple of `λ(n)`. `None` where
/// that does not lead to primes.
pub(super) fn of_exponent(modulus: &[u8], exponent: &[u8], private: &[u8]) -> Option<Private> {
    if exponent.len() > 8 {
        return None;
    }
    let (modulus, exponent, private) = (number(modulus)?, number(exponent)?, number(private)?);
    let product = (exponent * private).checked_sub(Number::ONE)?;
    if product.is_zero() || modulus.is_zero() {
        return None;
    }
    (1..=MOST_TRIED).find_map(|shared| {
        // `e·d - 1 = k·φ(n) / shared`, and `n` is hardly larger than `φ(n)`, so that `k` is known.
        let multiple = product.checked_mul(Number::from(shared))?;
        let (totient, rest) = multiple.div_rem(multiple.wrapping_div(modulus) + Number::ONE);
        if !rest.is_zero() {
            return None;
        }
        // `p + q = n + 1 - φ(n)`, and `(p - q)² = (p + q)² - 4n`.
        let sum = (modulus + Number::ONE).checked_sub(totient)?;
        let square = sum.checked_mul(sum)?.checked_sub(modulus << 2)?;
        let difference = root(square);
        if difference * difference != square {
            return None;
        }
        complete(&modulus, &exponent, &private, (sum + difference) >> 1, (sum - difference) >> 1)
    })
}

/// How many steps of Fermat's method are taken.
const STEPS: u32 = 100;

/// Whether a modulus falls into two factors that are so close that Fermat's method finds them at once: it looks for
/// `n = a² - b²`, from `a = √n` on.
pub(super) fn are_close(modulus: &[u8]) -> bool {
    let Some(modulus) = number(modulus).filter(|modulus| !modulus.is_zero()) else { return false };
    let mut a = root(modulus);
    if a * a < modulus {
        a += Number::ONE;
    }
    (0..STEPS).any(|_| {
        let rest = a * a - modulus;
        a += Number::ONE;
        // A square is 0, 1, 4, 9, 16, 17, 25, 33, 36, 41, 49 or 57 modulo 64.
        let low = rest.as_limbs().first().map_or(0, |digit| digit & 63);
        0x0202_0212_0203_0213_u64 >> low & 1 == 1 && {
            let b = root(rest);
            b * b == rest
        }
    })
}

fn complete(modulus: &Number, exponent: &Number, private: &Number, first: Number, second: Number) -> Option<Private> {
    if first <= Number::ONE || second <= Number::ONE || first == second || first.checked_mul(second) != Some(*modulus) {
        return None;
    }
    let of = |prime: Number| {
        let order = prime - Number::ONE;
        let reduced = private.wrapping_rem(order);
        let inverse = (reduced * exponent.wrapping_rem(order)).wrapping_rem(order) == Number::ONE;
        inverse.then_some(reduced)
    };
    let (first_exponent, second_exponent) = (of(first)?, of(second)?);
    let coefficient = second.wrapping_rem(first).inv_mod(first)?;
    Some(Private::Rsa {
        exponent: octets(private),
        first_prime: octets(&first),
        second_prime: octets(&second),
        first_exponent: octets(&first_exponent),
        second_exponent: octets(&second_exponent),
        coefficient: octets(&coefficient),
    })
}

/// The whole square root, by Newton's method from above.
fn root(square: Number) -> Number {
    if square.is_zero() {
        return square;
    }
    let mut root = Number::ONE << square.bit_len().div_ceil(2);
    loop {
        let next = (root + square.wrapping_div(root)) >> 1;
        if next >= root {
            return root;
        }
        root = next;
    }
}

fn number(octets: &[u8]) -> Option<Number> {
    if octets.len() > LONGEST { None } else { Number::try_from_be_slice(octets) }
}

fn octets(number: &Number) -> Vec<u8> {
    let mut octets: Vec<u8> = number.as_limbs().iter().flat_map(|digit| digit.to_le_bytes()).collect();
    octets.truncate(number.byte_len());
    octets.reverse();
    octets
}
