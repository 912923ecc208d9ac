//! Keys that anybody can break, as far as their numbers show it.

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

/// Whether an Ed25519 key is a point whose order divides 8, written in whatever way: anybody can make signatures that fit it,
/// and RFC 8032 leaves it to the verifier to refuse it. The sign does not matter.
pub(super) fn is_of_small_order(x: &[u8]) -> bool {
    let [first, middle @ .., last] = x else { return false };
    let all = |byte: u8| middle.iter().all(|one| *one == byte);
    match (*first, last & 0x7f) {
        (0x00 | 0x01, 0x00) if all(0x00) => true,
        (0xec..=0xee, 0x7f) if all(0xff) => true,
        (_, last) => {
            let is = |point: &[u8; 32]| {
                point.split_last() == Some((&last, x.split_last().map_or(&[][..], |(_, rest)| rest)))
            };
            ORDER_EIGHT.iter().any(is)
        }
    }
}

/// The two points of order 8, up to their sign.
const ORDER_EIGHT: [[u8; 32]; 2] = [
    *b"\x26\xe8\x95\x8f\xc2\xb2\x27\xb0\x45\xc3\xf4\x89\xf2\xef\x98\xf0\xd5\xdf\xac\x05\xd3\xc6\x33\x39\xb1\x38\x02\x88\x6d\x53\xfc\x05",
    *b"\xc7\x17\x6a\x70\x3d\x4d\xd8\x4f\xba\x3c\x0b\x76\x0d\x10\x67\x0f\x2a\x20\x53\xfa\x2c\x39\xcc\xc6\x4e\xc7\xfd\x77\x92\xac\x03\x7a",
];

/// The remainder of a big-endian number.
pub(super) fn remainder(number: &[u8], divisor: u32) -> u32 {
    number.iter().fold(0, |rest, byte| (rest << 8 | u32::from(*byte)) % divisor)
}

/// Whether a number above 2 is prime, by trying; for small numbers.
pub(super) fn is_prime(number: u32) -> bool {
    !(2..number).take_while(|divisor| divisor * divisor <= number).any(|divisor| number.is_multiple_of(divisor))
}
