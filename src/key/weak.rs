//! RSA keys that anybody can break, as far as their modulus shows it.

/// From how many bits on the generator took all primes up to which number.
const LIMITS: [(usize, u32); 3] = [(1984, 701), (992, 353), (0, 167)];

/// Whether a modulus comes from the generator of [CVE-2017-15361](https://nvd.nist.gov/vuln/detail/CVE-2017-15361), "ROCA".
/// Both its primes are powers of 65537 modulo a product of small primes, and so the modulus is one, too, modulo each of them.
/// Of chance numbers of 2048 bits that holds for fewer than one in 2^160.
pub(super) fn is_roca(modulus: &[u8], bits: usize) -> bool {
    let limit = LIMITS.iter().find(|(least, _)| bits >= *least).map_or(0, |(_, limit)| *limit);
    (3..=limit).filter(|number| is_prime(*number)).all(|prime| {
        let rest = remainder(modulus, prime);
        let mut power = 1;
        (1..prime).any(|_| {
            power = power * 65537 % prime;
            power == rest
        })
    })
}

/// The remainder of a big-endian number.
pub(super) fn remainder(number: &[u8], divisor: u32) -> u32 {
    number.iter().fold(0, |rest, byte| (rest << 8 | u32::from(*byte)) % divisor)
}

/// Whether a number above 2 is prime, by trying; for small numbers.
pub(super) fn is_prime(number: u32) -> bool {
    !(2..number).take_while(|divisor| divisor * divisor <= number).any(|divisor| number.is_multiple_of(divisor))
}
