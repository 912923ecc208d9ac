//! Points on curves: whether a point is on its curve, and which public key belongs to a private one.
//!
//! Nothing here is secret from the page that it runs in, and nothing that it computes makes a token valid: it completes
//! private keys that were written without their public half, and finds public keys that are none. The time that it takes
//! depends on the numbers.

use ruint::Uint;
use sha2::{Digest, Sha512};

use super::shake::shake256;
use crate::jose::algorithm::Curve;

/// Room for the largest coordinate, and for the sum of a few.
pub(super) type Number = Uint<576, 9>;

/// The public key of a private one on the curve of that name, as its members `x` and `y` hold it; `y` is empty for curves
/// that have only one coordinate. `None` where the curve is unknown, or the private key has the wrong length or is no
/// number that the curve has.
pub(super) fn public(curve: &str, private: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let length = Curve::named(curve)?.coordinate_length;
    if private.len() != length {
        return None;
    }
    if let Some(row) = WEIERSTRASS.iter().find(|row| row.name == curve) {
        let scalar = Number::try_from_be_slice(private)?;
        if scalar.is_zero() || scalar >= hex(row.order) {
            return None;
        }
        let group = Weierstrass::of(row);
        let (x, y) = group.affine(&multiple(&group, [hex(row.x), hex(row.y), Number::ONE], &scalar))?;
        return Some((big_endian(&x, length), big_endian(&y, length)));
    }
    let scalar = |mut octets: Vec<u8>| {
        clamp(curve, &mut octets);
        Number::try_from_le_slice(&octets)
    };
    if let Some(row) = EDWARDS.iter().find(|row| row.name == curve) {
        let digest = match row.name {
            "Ed25519" => Sha512::digest(private).to_vec(),
            _ => shake256(private, 2 * length),
        };
        let group = Edwards::of(row);
        let point = multiple(&group, [hex(row.x), hex(row.y), Number::ONE], &scalar(digest.get(..length)?.to_vec())?);
        let (x, y) = group.affine(&point)?;
        let mut octets = little_endian(&y, length);
        // RFC 8032 §5.1.2 and §5.2.2: the highest bit is the lowest of the other coordinate.
        if let Some(last) = octets.last_mut().filter(|_| x.bit(0)) {
            *last |= 0x80;
        }
        return Some((octets, Vec::new()));
    }
    let row = MONTGOMERY.iter().find(|row| row.name == curve)?;
    let x = ladder(row, &scalar(private.to_vec())?)?;
    Some((little_endian(&x, length), Vec::new()))
}

/// Whether a point is on the curve of that name; `None` for curves without points of two coordinates.
pub(super) fn is_on_curve(curve: &str, x: &[u8], y: &[u8]) -> Option<bool> {
    let group = Weierstrass::of(WEIERSTRASS.iter().find(|row| row.name == curve)?);
    let (Some(x), Some(y)) = (Number::try_from_be_slice(x), Number::try_from_be_slice(y)) else { return Some(false) };
    if x >= group.prime || y >= group.prime {
        return Some(false);
    }
    Some(Field(group.prime).multiply(y, y) == group.square(x))
}

/// The other coordinate of a compressed point ([SEC 1 §2.3.4](https://www.secg.org/sec1-v2.pdf)), which is odd or even.
/// `None` where the curve has no such point.
pub(super) fn other_coordinate(curve: &str, x: &[u8], is_odd: bool) -> Option<Vec<u8>> {
    let length = Curve::named(curve)?.coordinate_length;
    let group = Weierstrass::of(WEIERSTRASS.iter().find(|row| row.name == curve)?);
    let x = Number::try_from_be_slice(x).filter(|x| *x < group.prime)?;
    let (field, square) = (Field(group.prime), group.square(x));
    // All four primes are 3 modulo 4.
    let root = square.pow_mod((group.prime + Number::ONE) >> 2, group.prime);
    if field.multiply(root, root) != square {
        return None;
    }
    let root = if root.bit(0) == is_odd { root } else { field.subtract(Number::ZERO, root) };
    Some(big_endian(&root, length)).filter(|_| root.bit(0) == is_odd)
}

/// The prime of the field of a curve with one coordinate.
pub(super) fn prime(curve: &str) -> Option<Number> {
    let edwards = EDWARDS.iter().map(|row| (row.name, row.prime));
    let montgomery = MONTGOMERY.iter().map(|row| (row.name, row.prime));
    edwards.chain(montgomery).find(|(name, _)| *name == curve).map(|(_, prime)| hex(prime))
}

/// `y² = x³ + ax + b`: numbers of [SEC 2](https://www.secg.org/sec2-v2.pdf), which for the curves of NIST are those of
/// [SP 800-186](https://doi.org/10.6028/NIST.SP.800-186), in hexadecimal.
struct WeierstrassRow {
    name: &'static str,
    prime: &'static str,
    /// `-a`, which is small.
    a: u64,
    b: &'static str,
    x: &'static str,
    y: &'static str,
    order: &'static str,
}

static WEIERSTRASS: [WeierstrassRow; 4] = [
    WeierstrassRow {
        name: "P-256",
        prime: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        a: 3,
        b: "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
        x: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        y: "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
        order: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    },
    WeierstrassRow {
        name: "P-384",
        prime: concat!(
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffe",
            "ffffffff0000000000000000ffffffff"
        ),
        a: 3,
        b: "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
        x: "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
        y: "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
        order: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    },
    WeierstrassRow {
        name: "P-521",
        prime: concat!(
            "1ff",
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
            "ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
        ),
        a: 3,
        b: concat!(
            "51",
            "953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e1",
            "56193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00"
        ),
        x: concat!(
            "c6",
            "858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dba",
            "a14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66"
        ),
        y: concat!(
            "118",
            "39296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c",
            "97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650"
        ),
        order: concat!(
            "1ff",
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa",
            "51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409"
        ),
    },
    WeierstrassRow {
        name: "secp256k1",
        prime: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
        a: 0,
        b: "7",
        x: "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
        y: "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
        order: "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
    },
];

/// `ax² + y² = 1 + dx²y²`: numbers of [RFC 8032 §5](https://www.rfc-editor.org/rfc/rfc8032#section-5).
struct EdwardsRow {
    name: &'static str,
    prime: &'static str,
    /// Whether `a` is -1 and not 1.
    is_twisted: bool,
    d: &'static str,
    x: &'static str,
    y: &'static str,
}

const PRIME_25519: &str = "7fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffed";
const PRIME_448: &str = concat!(
    "fffffffffffffffffffffffffffffffffffffffffffffffffffffffe",
    "ffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
);

static EDWARDS: [EdwardsRow; 2] = [
    EdwardsRow {
        name: "Ed25519",
        prime: PRIME_25519,
        is_twisted: true,
        d: "52036cee2b6ffe738cc740797779e89800700a4d4141d8ab75eb4dca135978a3",
        x: "216936d3cd6e53fec0a4e231fdd6dc5c692cc7609525a7b2c9562d608f25d51a",
        y: "6666666666666666666666666666666666666666666666666666666666666658",
    },
    EdwardsRow {
        name: "Ed448",
        prime: PRIME_448,
        is_twisted: false,
        d: concat!(
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffe",
            "ffffffffffffffffffffffffffffffffffffffffffffffffffff6756"
        ),
        x: concat!(
            "4f1970c66bed0ded221d15a622bf36da9e146570470f1767ea6de324",
            "a3d3a46412ae1af72ab66511433b80e18b00938e2626a82bc70cc05e"
        ),
        y: concat!(
            "693f46716eb6bc248876203756c9c7624bea73736ca3984087789c1e",
            "05a0c2d73ad3ff1ce67c39c4fdbd132c4ed7c8ad9808795bf230fa14"
        ),
    },
];

/// Numbers of [RFC 7748 §4](https://www.rfc-editor.org/rfc/rfc7748#section-4).
struct MontgomeryRow {
    name: &'static str,
    prime: &'static str,
    /// `(A - 2) / 4`
    a24: u64,
    x: u64,
}

static MONTGOMERY: [MontgomeryRow; 2] = [
    MontgomeryRow { name: "X25519", prime: PRIME_25519, a24: 121_665, x: 9 },
    MontgomeryRow { name: "X448", prime: PRIME_448, a24: 39_081, x: 5 },
];

/// Arithmetic modulo a prime, of numbers below it.
#[derive(Clone, Copy)]
struct Field(Number);

impl Field {
    fn add(self, one: Number, other: Number) -> Number {
        let sum = one + other;
        if sum >= self.0 { sum - self.0 } else { sum }
    }

    fn subtract(self, one: Number, other: Number) -> Number {
        if one >= other { one - other } else { one + self.0 - other }
    }

    fn multiply(self, one: Number, other: Number) -> Number {
        one.mul_mod(other, self.0)
    }

    fn divide(self, one: Number, other: Number) -> Option<Number> {
        Some(self.multiply(one, other.inv_mod(self.0)?))
    }
}

/// A group with one addition that is right for all points.
trait Group {
    /// The point that changes nothing.
    fn identity(&self) -> [Number; 3];
    /// The sum of two points.
    fn sum(&self, one: &[Number; 3], other: &[Number; 3]) -> [Number; 3];
    /// The field of the coordinates.
    fn field(&self) -> Field;

    /// The coordinates of a point; `None` for one that has none.
    fn affine(&self, [x, y, z]: &[Number; 3]) -> Option<(Number, Number)> {
        let field = self.field();
        Some((field.divide(*x, *z)?, field.divide(*y, *z)?))
    }
}

/// So many times a point.
fn multiple(group: &dyn Group, point: [Number; 3], scalar: &Number) -> [Number; 3] {
    let mut sum = group.identity();
    for bit in (0..scalar.bit_len()).rev() {
        sum = group.sum(&sum, &sum);
        if scalar.bit(bit) {
            sum = group.sum(&sum, &point);
        }
    }
    sum
}

struct Weierstrass {
    prime: Number,
    a: Number,
    b: Number,
    /// `3b`
    triple: Number,
}

impl Weierstrass {
    fn of(row: &WeierstrassRow) -> Weierstrass {
        let (prime, b) = (hex(row.prime), hex(row.b));
        let field = Field(prime);
        let a = field.subtract(Number::ZERO, Number::from(row.a));
        Weierstrass { prime, a, b, triple: field.add(field.add(b, b), b) }
    }

    /// The square of the other coordinate, for a number below the prime.
    fn square(&self, x: Number) -> Number {
        let field = Field(self.prime);
        field.add(field.multiply(field.add(field.multiply(x, x), self.a), x), self.b)
    }
}

impl Group for Weierstrass {
    fn identity(&self) -> [Number; 3] {
        [Number::ZERO, Number::ONE, Number::ZERO]
    }

    /// The complete addition for groups of odd order: Renes, Costello and Batina,
    /// [Complete addition formulas](https://eprint.iacr.org/2015/1060), algorithm 1.
    fn sum(&self, [x1, y1, z1]: &[Number; 3], [x2, y2, z2]: &[Number; 3]) -> [Number; 3] {
        let field = Field(self.prime);
        let (add, subtract) = (|one, other| field.add(one, other), |one, other| field.subtract(one, other));
        let multiply = |one, other| field.multiply(one, other);
        let (xx, yy, zz) = (multiply(*x1, *x2), multiply(*y1, *y2), multiply(*z1, *z2));
        let mixed = |a1, b1, a2, b2, aa, bb| subtract(multiply(add(a1, b1), add(a2, b2)), add(aa, bb));
        let xy = mixed(*x1, *y1, *x2, *y2, xx, yy);
        let xz = mixed(*x1, *z1, *x2, *z2, xx, zz);
        let yz = mixed(*y1, *z1, *y2, *z2, yy, zz);
        let azz = multiply(self.a, zz);
        let both = add(multiply(self.triple, zz), multiply(self.a, xz));
        let (minus, plus) = (subtract(yy, both), add(yy, both));
        let one = add(add(add(xx, xx), xx), azz);
        let other = add(multiply(self.triple, xz), multiply(self.a, subtract(xx, azz)));
        [
            subtract(multiply(xy, minus), multiply(yz, other)),
            add(multiply(minus, plus), multiply(one, other)),
            add(multiply(yz, plus), multiply(xy, one)),
        ]
    }

    fn field(&self) -> Field {
        Field(self.prime)
    }
}

struct Edwards {
    prime: Number,
    is_twisted: bool,
    d: Number,
}

impl Edwards {
    fn of(row: &EdwardsRow) -> Edwards {
        Edwards { prime: hex(row.prime), is_twisted: row.is_twisted, d: hex(row.d) }
    }
}

impl Group for Edwards {
    fn identity(&self) -> [Number; 3] {
        [Number::ZERO, Number::ONE, Number::ONE]
    }

    /// The addition of Bernstein, Birkner, Joye, Lange and Peters, [Twisted Edwards
    /// curves](https://eprint.iacr.org/2008/013), §6, which is complete as `d` is no square.
    fn sum(&self, [x1, y1, z1]: &[Number; 3], [x2, y2, z2]: &[Number; 3]) -> [Number; 3] {
        let field = Field(self.prime);
        let (add, subtract) = (|one, other| field.add(one, other), |one, other| field.subtract(one, other));
        let multiply = |one, other| field.multiply(one, other);
        let zz = multiply(*z1, *z2);
        let (xx, yy) = (multiply(*x1, *x2), multiply(*y1, *y2));
        let (square, product) = (multiply(zz, zz), multiply(self.d, multiply(xx, yy)));
        let (minus, plus) = (subtract(square, product), add(square, product));
        let mixed = subtract(multiply(add(*x1, *y1), add(*x2, *y2)), add(xx, yy));
        let last = if self.is_twisted { add(yy, xx) } else { subtract(yy, xx) };
        [multiply(zz, multiply(minus, mixed)), multiply(zz, multiply(plus, last)), multiply(minus, plus)]
    }

    fn field(&self) -> Field {
        Field(self.prime)
    }
}

/// The Montgomery ladder ([RFC 7748 §5](https://www.rfc-editor.org/rfc/rfc7748#section-5)).
fn ladder(row: &MontgomeryRow, scalar: &Number) -> Option<Number> {
    let field = Field(hex(row.prime));
    let (add, subtract) = (|one, other| field.add(one, other), |one, other| field.subtract(one, other));
    let multiply = |one, other| field.multiply(one, other);
    let (base, a24) = (Number::from(row.x), Number::from(row.a24));
    let (mut one, mut other) = ([Number::ONE, Number::ZERO], [base, Number::ONE]);
    for bit in (0..scalar.bit_len()).rev() {
        let swapped = scalar.bit(bit);
        if swapped {
            std::mem::swap(&mut one, &mut other);
        }
        let ([x2, z2], [x3, z3]) = (one, other);
        let (a, b) = (add(x2, z2), subtract(x2, z2));
        let (aa, bb) = (multiply(a, a), multiply(b, b));
        let e = subtract(aa, bb);
        let (da, cb) = (multiply(subtract(x3, z3), a), multiply(add(x3, z3), b));
        let (plus, minus) = (add(da, cb), subtract(da, cb));
        other = [multiply(plus, plus), multiply(base, multiply(minus, minus))];
        one = [multiply(aa, bb), multiply(e, add(aa, multiply(a24, e)))];
        if swapped {
            std::mem::swap(&mut one, &mut other);
        }
    }
    let [x, z] = one;
    field.divide(x, z)
}

/// The bits that these curves fix: the lowest are cleared, so that the number is a multiple of the cofactor, and the
/// highest is set.
fn clamp(curve: &str, octets: &mut [u8]) {
    let lowest = if curve.ends_with("448") { 0xfc } else { 0xf8 };
    if let Some(first) = octets.first_mut() {
        *first &= lowest;
    }
    match (curve, octets) {
        ("Ed448", [.., before, last]) => {
            *last = 0;
            *before |= 0x80;
        }
        ("X448", [.., last]) => *last |= 0x80,
        (_, [.., last]) => *last = *last & 0x7f | 0x40,
        _ => {}
    }
}

/// A number of hexadecimal digits.
pub(super) fn hex(digits: &str) -> Number {
    let mut number = Number::ZERO;
    for digit in digits.chars().filter_map(|digit| digit.to_digit(16)) {
        number = (number << 4) + Number::from(digit);
    }
    number
}

fn little_endian(number: &Number, length: usize) -> Vec<u8> {
    number.as_limbs().iter().flat_map(|digit| digit.to_le_bytes()).take(length).collect()
}

fn big_endian(number: &Number, length: usize) -> Vec<u8> {
    let mut octets = little_endian(number, length);
    octets.reverse();
    octets
}
