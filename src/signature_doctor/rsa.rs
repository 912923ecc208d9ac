//! What an RSA signature opens to, and what the padding says: the strongest proof that can be made without the private
//! key ([RFC 8017](https://www.rfc-editor.org/rfc/rfc8017)).
//!
//! `s^e mod n` gives back the block that was signed. Its padding is there only when the key is the right one, and the
//! hash in it is the hash of the bytes that were signed, whatever the token shows now. That a block reads well never
//! makes a token valid: with the exponent 3, blocks of which only the beginning counts can be made without the private
//! key.

use ruint::Uint;

use super::Opening;

mod hash;

pub use hash::Hash;

/// The largest modulus, in bits.
const MOST_BITS: usize = 16384;

/// The smallest modulus, in bits: what is shorter is no key that anybody signs with.
const FEWEST_BITS: usize = 512;

/// Digits of 64 bits in the largest modulus.
const DIGITS: usize = MOST_BITS / 64;

/// Room for the largest modulus.
type Number = Uint<MOST_BITS, DIGITS>;

/// What the opened block is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Padding {
    /// RSASSA-PKCS1-v1_5 with a hash that is known (RFC 8017 §9.2).
    Pkcs1 {
        /// The hash that the block names: "SHA-1", "SHA-256", "SHA-384", "SHA-512" and others of RFC 8017 §B.1.
        hash: &'static str,
        /// The hash of the bytes that were signed.
        digest: Vec<u8>,
        /// Whether the hash's parameters are the `NULL` that RFC 8017 §A.2.4 demands; strict verifiers refuse a block
        /// without it.
        has_parameters: bool,
    },
    /// RSASSA-PSS (RFC 8017 §9.1).
    Pss {
        /// The hash.
        hash: &'static str,
        /// The hash of the mask generation function, which should be the same.
        mask_hash: &'static str,
        /// How many bytes of salt there are. RFC 7518 §3.5 demands as many as the hash has.
        salt_length: usize,
        /// How many zero bytes stand before the salt's marker: each makes chance 256 times less likely.
        leading_zeros: usize,
        /// Whether the hash in the block is that of the bytes at hand.
        message: bool,
        /// The salt.
        salt: Vec<u8>,
        /// The hash in the block, over the hash of the message and the salt.
        digest: Vec<u8>,
    },
    /// The form of PKCS#1 v1.5 with something else in it than the name of a known hash and its digest.
    OtherPkcs1 {
        /// What it is.
        content: OtherContent,
        /// How many bytes of padding there are before the zero byte.
        padding_length: usize,
        /// The bytes behind the padding.
        bytes: Vec<u8>,
    },
    /// Neither form: another key, or a damaged signature.
    None,
}

/// What a block of PKCS#1 v1.5 holds that is no digest with the name of its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherContent {
    /// A well-formed `DigestInfo` with a hash that is not known.
    UnknownHash,
    /// A known hash with a digest of another length, or a `DigestInfo` that is not well-formed.
    Malformed,
    /// As many bytes as a hash has, without a `DigestInfo` around them.
    BareDigest,
    /// Padding of type 2, which is for encryption (RFC 8017 §7.2.1). Chance makes it too often for a proof.
    Encryption,
}

impl Padding {
    /// Whether this proves that the key is the one that signed.
    ///
    /// A wrong key passes the test of PSS's form alone about once in 10,000 times, so that takes the hash of the message,
    /// or eight zero bytes. Without a known `DigestInfo` half of the block has to be padding.
    pub fn is_proof(&self) -> bool {
        match self {
            Padding::Pkcs1 { .. } => true,
            Padding::Pss { leading_zeros, message, .. } => *message || *leading_zeros >= LEAST_ZEROS,
            Padding::OtherPkcs1 { content, padding_length, bytes } => {
                *content != OtherContent::Encryption && *padding_length >= bytes.len()
            }
            Padding::None => false,
        }
    }

    /// Whether [`digest_matches`] can tell at all: whether the hash of the block is one that is computed here.
    pub fn is_comparable(&self) -> bool {
        match self {
            Padding::Pkcs1 { hash, .. } | Padding::Pss { hash, .. } => Hash::of(hash).is_some(),
            Padding::OtherPkcs1 { content, bytes, .. } => {
                *content == OtherContent::BareDigest && Hash::ALL.iter().any(|hash| hash.length() == bytes.len())
            }
            Padding::None => false,
        }
    }
}

/// So many zero bytes before the salt of PSS are no chance: fewer than one wrong key in 2^63 has them.
const LEAST_ZEROS: usize = 8;

/// Opens an RSA signature: `s^e mod n`, as long as the modulus (RFC 8017 §5.2.2).
///
/// `None` where it cannot be: the signature is not as long as the modulus or not smaller than it, the modulus is even or
/// has fewer than 512 or more than 16384 bits, or the exponent is even, smaller than 3 or longer than 64 bits.
pub fn open(opening: &Opening) -> Option<Vec<u8>> {
    let modulus = trimmed(&opening.modulus);
    let bits = bits(modulus);
    let fits = (FEWEST_BITS..=MOST_BITS).contains(&bits) && modulus.last()? % 2 == 1;
    let exponent = trimmed(&opening.exponent);
    if !fits || opening.signature.len() != modulus.len() || exponent.len() > 8 {
        return None;
    }
    let exponent = exponent.iter().fold(0_u64, |value, byte| value << 8 | u64::from(*byte));
    if exponent < 3 || exponent % 2 == 0 {
        return None;
    }
    let (number, modulus) = (number(&opening.signature), number(modulus));
    if number >= modulus {
        return None;
    }
    let mut power = number;
    // The highest bit of the exponent is the number itself.
    for bit in (0..63 - exponent.leading_zeros()).rev() {
        power = power.mul_mod(power, modulus);
        if exponent >> bit & 1 == 1 {
            power = power.mul_mod(number, modulus);
        }
    }
    Some(block(&power, opening.signature.len()))
}

/// How many bits a number has, big-endian.
pub fn bits(number: &[u8]) -> usize {
    let number = trimmed(number);
    (number.len() * 8).saturating_sub(number.first().map_or(0, |first| first.leading_zeros() as usize))
}

fn trimmed(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default()
}

fn number(bytes: &[u8]) -> Number {
    let mut digits = [0; DIGITS];
    for (digit, bytes) in digits.iter_mut().zip(bytes.rchunks(8)) {
        *digit = bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte));
    }
    Number::from_limbs(digits)
}

fn block(number: &Number, length: usize) -> Vec<u8> {
    let mut block: Vec<u8> = number.as_limbs().iter().flat_map(|digit| digit.to_le_bytes()).take(length).collect();
    block.reverse();
    block
}

/// Reads the padding of an opened block, which is as long as the modulus. `signed` are the bytes at hand that should have
/// been signed, and `hint` the hash that the token's algorithm names, such as "SHA-256", which is tried first.
pub fn read(opened: &[u8], modulus_bits: usize, signed: &[u8], hint: Option<&str>) -> Padding {
    if opened.len() != modulus_bits.div_ceil(8) {
        return Padding::None;
    }
    if let [0, 1, rest @ ..] = opened {
        let padding_length = rest.iter().take_while(|byte| **byte == 0xff).count();
        if let Some([0, bytes @ ..]) = rest.get(padding_length..)
            && padding_length >= 8
        {
            return content(padding_length, bytes);
        }
    }
    let pss = pss(opened, modulus_bits, signed, hint);
    if let [0, 2, rest @ ..] = opened
        && !pss.as_ref().is_some_and(Padding::is_proof)
    {
        let padding_length = rest.iter().take_while(|byte| **byte != 0).count();
        // Eight bytes are demanded, and what is encrypted instead of a signature is no longer than half a block.
        if let Some([0, bytes @ ..]) = rest.get(padding_length..)
            && padding_length >= 8.max(bytes.len())
        {
            let content = OtherContent::Encryption;
            return Padding::OtherPkcs1 { content, padding_length, bytes: bytes.to_vec() };
        }
    }
    pss.unwrap_or(Padding::None)
}

/// The object identifiers of the hashes, as DER without tag and length, with the length of the digest (RFC 8017 §B.1 and
/// the NIST registry of algorithm identifiers).
const OBJECT_IDENTIFIERS: [(&str, &[u8], usize); 13] = [
    ("SHA-256", b"\x60\x86\x48\x01\x65\x03\x04\x02\x01", 32),
    ("SHA-384", b"\x60\x86\x48\x01\x65\x03\x04\x02\x02", 48),
    ("SHA-512", b"\x60\x86\x48\x01\x65\x03\x04\x02\x03", 64),
    ("SHA-1", b"\x2b\x0e\x03\x02\x1a", 20),
    ("SHA-224", b"\x60\x86\x48\x01\x65\x03\x04\x02\x04", 28),
    ("SHA-512/224", b"\x60\x86\x48\x01\x65\x03\x04\x02\x05", 28),
    ("SHA-512/256", b"\x60\x86\x48\x01\x65\x03\x04\x02\x06", 32),
    ("SHA3-224", b"\x60\x86\x48\x01\x65\x03\x04\x02\x07", 28),
    ("SHA3-256", b"\x60\x86\x48\x01\x65\x03\x04\x02\x08", 32),
    ("SHA3-384", b"\x60\x86\x48\x01\x65\x03\x04\x02\x09", 48),
    ("SHA3-512", b"\x60\x86\x48\x01\x65\x03\x04\x02\x0a", 64),
    ("MD5", b"\x2a\x86\x48\x86\xf7\x0d\x02\x05", 16),
    ("MD2", b"\x2a\x86\x48\x86\xf7\x0d\x02\x02", 16),
];

/// What stands behind the padding of PKCS#1 v1.5: `DigestInfo ::= SEQUENCE { SEQUENCE { OID, NULL }, OCTET STRING }`, of
/// which every byte but the digest is fixed.
fn content(padding_length: usize, bytes: &[u8]) -> Padding {
    let info = digest_info(bytes);
    if let Some((identifier, has_parameters, digest)) = info
        && let Some((hash, ..)) =
            OBJECT_IDENTIFIERS.iter().find(|(_, known, length)| *known == identifier && *length == digest.len())
    {
        return Padding::Pkcs1 { hash, digest: digest.to_vec(), has_parameters };
    }
    let content = match info {
        Some((identifier, ..)) if OBJECT_IDENTIFIERS.iter().any(|(_, known, _)| *known == identifier) => {
            OtherContent::Malformed
        }
        Some(_) => OtherContent::UnknownHash,
        // 36 bytes are MD5 and SHA-1 side by side, which TLS signed before 1.2.
        None if [16, 20, 28, 32, 36, 48, 64].contains(&bytes.len()) => OtherContent::BareDigest,
        None => OtherContent::Malformed,
    };
    Padding::OtherPkcs1 { content, padding_length, bytes: bytes.to_vec() }
}

/// The object identifier, whether it has `NULL` as parameters, and the digest.
fn digest_info(bytes: &[u8]) -> Option<(&[u8], bool, &[u8])> {
    let (info, []) = element(bytes, 0x30)? else { return None };
    let (algorithm, rest) = element(info, 0x30)?;
    let (digest, []) = element(rest, 0x04)? else { return None };
    let (identifier, parameters) = element(algorithm, 0x06)?;
    match parameters {
        [] => Some((identifier, false, digest)),
        [5, 0] => Some((identifier, true, digest)),
        _ => None,
    }
}

/// The content of a DER element with that tag and a length below 128, and what follows it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    match bytes {
        [first, length @ 0..128, rest @ ..] if *first == tag => rest.split_at_checked(usize::from(*length)),
        _ => None,
    }
}

/// The hashes of PSS and of its mask: the same, as RFC 7518 §3.5 demands, or SHA-1 for the mask, which is what libraries
/// take when only the first is named.
const PSS_HASHES: [(Hash, Hash); 7] = [
    (Hash::Sha256, Hash::Sha256),
    (Hash::Sha384, Hash::Sha384),
    (Hash::Sha512, Hash::Sha512),
    (Hash::Sha1, Hash::Sha1),
    (Hash::Sha256, Hash::Sha1),
    (Hash::Sha384, Hash::Sha1),
    (Hash::Sha512, Hash::Sha1),
];

/// RFC 8017 §9.1.2, with any length of salt. Of several hashes that fit, the one of the message counts, and then the one
/// with the most zero bytes.
fn pss(opened: &[u8], modulus_bits: usize, signed: &[u8], hint: Option<&str>) -> Option<Padding> {
    // The block has one bit less than the modulus, so its first byte can be one that is not there.
    let block_bits = modulus_bits.checked_sub(1)?;
    let (outside, block) = opened.split_at_checked(opened.len() - block_bits.div_ceil(8))?;
    let unused = block.len() * 8 - block_bits;
    let (0xbc, masked) = block.split_last()? else { return None };
    let first = masked.first()?;
    if outside.iter().any(|byte| *byte != 0) || u16::from(*first) >> (8 - unused) != 0 {
        return None;
    }
    let hinted = PSS_HASHES.iter().filter(|(hash, _)| Some(hash.name()) == hint);
    let others = PSS_HASHES.iter().filter(|(hash, _)| Some(hash.name()) != hint);
    let mut best: Option<(usize, Padding)> = None;
    for (hash, mask_hash) in hinted.chain(others) {
        let Some((mut data, digest)) = unmasked(masked, *hash, *mask_hash) else { continue };
        if let Some(first) = data.first_mut() {
            *first &= 0xff >> unused;
        }
        let leading_zeros = data.iter().take_while(|byte| **byte == 0).count();
        let Some([1, salt @ ..]) = data.get(leading_zeros..) else { continue };
        let message = pss_digest(*hash, signed, salt) == digest;
        let found = Padding::Pss {
            hash: hash.name(),
            mask_hash: mask_hash.name(),
            salt_length: salt.len(),
            leading_zeros,
            message,
            salt: salt.to_vec(),
            digest: digest.to_vec(),
        };
        if message {
            return Some(found);
        }
        if best.as_ref().is_none_or(|(zeros, _)| *zeros < leading_zeros) {
            best = Some((leading_zeros, found));
        }
    }
    best.map(|(_, found)| found)
}

/// The data block without its mask, and the hash that the mask was made of; `None` where the block is too short.
fn unmasked(masked: &[u8], hash: Hash, mask_hash: Hash) -> Option<(Vec<u8>, &[u8])> {
    let (data, digest) = masked.split_at_checked(masked.len().checked_sub(hash.length())?)?;
    let mut unmasked = data.to_vec();
    // RFC 8017 §B.2.1: the mask is the hashes of the seed with a counter.
    for (counter, chunk) in (0_u32..).zip(unmasked.chunks_mut(mask_hash.length())) {
        let mask = mask_hash.digest(&[digest, &counter.to_be_bytes()]);
        for (byte, mask) in chunk.iter_mut().zip(mask) {
            *byte ^= mask;
        }
    }
    Some((unmasked, digest))
}

/// What the block holds for that message and salt: `Hash(00 00 00 00 00 00 00 00 | Hash(message) | salt)`.
fn pss_digest(hash: Hash, message: &[u8], salt: &[u8]) -> Vec<u8> {
    hash.digest(&[&[0; 8], &hash.digest(&[message]), salt])
}

/// Whether these bytes are the ones that were signed. `false`, too, where the hash is one that is not computed here: ask
/// [`Padding::is_comparable`].
pub fn digest_matches(padding: &Padding, candidate: &[u8]) -> bool {
    match padding {
        Padding::Pkcs1 { hash, digest, .. } => Hash::of(hash).is_some_and(|hash| hash.digest(&[candidate]) == *digest),
        Padding::Pss { hash, salt, digest, .. } => {
            Hash::of(hash).is_some_and(|hash| pss_digest(hash, candidate, salt) == *digest)
        }
        Padding::OtherPkcs1 { content: OtherContent::BareDigest, bytes, .. } => {
            Hash::ALL.iter().any(|hash| hash.length() == bytes.len() && hash.digest(&[candidate]) == *bytes)
        }
        Padding::OtherPkcs1 { .. } | Padding::None => false,
    }
}
