//! The private half of DER structures.

use crate::jose::algorithm::Curve;
use crate::key::der::{self, BIT_STRING, Element, INTEGER, OCTET_STRING, SEQUENCE};
use crate::key::parameter_set::{ParameterSet, SEED_LENGTH};
use crate::key::ssh::{self, string};

/// What a structure holds.
pub(in crate::key) struct Read {
    pub(in crate::key) numbers: Numbers,
    /// The one algorithm that the key is bound to.
    pub(in crate::key) algorithm: Option<&'static str>,
}

/// The numbers of a private key.
pub(in crate::key) enum Numbers {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
        private: Vec<u8>,
        primes: [Vec<u8>; 2],
    },
    /// The public half is there in one form only, that of a JWK; where it has another, it is computed.
    OnCurve {
        curve: &'static Curve,
        private: Vec<u8>,
        public: Option<(Vec<u8>, Vec<u8>)>,
    },
    Seed {
        algorithm: &'static str,
        seed: Vec<u8>,
    },
    /// A key of ML-DSA without its seed.
    Expanded {
        algorithm: &'static str,
        key: Vec<u8>,
    },
}

/// Reads PKCS #8, PKCS #1, SEC 1, and OpenSSH's own format where it is not encrypted. `None` for what holds no private key that is known.
pub(in crate::key) fn read(bytes: &[u8]) -> Option<Read> {
    if let Some(rest) = bytes.strip_prefix(ssh::PRIVATE_MAGIC) {
        return unlabelled(open_ssh(rest)?);
    }
    let (outer, _) = der::element(bytes).ok().filter(|(outer, _)| outer.tag == SEQUENCE)?;
    let children = der::elements(outer.content)?;
    let tags: Vec<u8> = children.iter().map(|child| child.tag).collect();
    match (tags.as_slice(), children.as_slice()) {
        ([INTEGER, SEQUENCE, OCTET_STRING, ..], [_, algorithm, key, rest @ ..]) => pkcs8(algorithm, key, rest),
        ([INTEGER, INTEGER, ..], [_, numbers @ ..]) => unlabelled(rsa(numbers)?),
        ([INTEGER, OCTET_STRING, ..], _) => unlabelled(sec1(&children, None)?),
        _ => None,
    }
}

fn unlabelled(numbers: Numbers) -> Option<Read> {
    Some(Read { numbers, algorithm: None })
}

/// OneAsymmetricKey ([RFC 5958 §2](https://www.rfc-editor.org/rfc/rfc5958#section-2)).
fn pkcs8(algorithm: &Element, key: &Element, rest: &[Element]) -> Option<Read> {
    let parameters = der::elements(algorithm.content)?;
    let identifier = parameters.first()?.content;
    if identifier == der::RSA_ENCRYPTION || identifier == der::RSASSA_PSS {
        let numbers = rsa(der::sequence(key.content)?.get(1..)?)?;
        let is_bound = identifier == der::RSASSA_PSS;
        let algorithm = if is_bound { der::pss_algorithm(algorithm.content) } else { None };
        return Some(Read { numbers, algorithm });
    }
    if identifier == der::EC_PUBLIC_KEY {
        return unlabelled(sec1(&der::sequence(key.content)?, parameters.get(1))?);
    }
    if let Some(row) = ParameterSet::identified(identifier) {
        return Some(Read { numbers: seed(row, key.content)?, algorithm: Some(row.algorithm) });
    }
    let curve = Curve::identified(identifier).filter(|curve| curve.key_type == "OKP")?;
    // CurvePrivateKey (RFC 8410 §7) is an octet string inside the octet string.
    let (inner, _) = der::element(key.content).ok().filter(|(inner, _)| inner.tag == OCTET_STRING)?;
    if inner.content.len() != curve.coordinate_length {
        return None;
    }
    let public = rest.iter().find(|element| element.tag == 0x81).and_then(der::bits);
    let public = public.filter(|octets| octets.len() == curve.coordinate_length);
    let public = public.map(|octets| (octets.to_vec(), Vec::new()));
    unlabelled(Numbers::OnCurve { curve, private: inner.content.to_vec(), public })
}

/// RSAPrivateKey ([RFC 8017 §A.1.2](https://www.rfc-editor.org/rfc/rfc8017#appendix-A.1.2)), behind its version.
fn rsa(numbers: &[Element]) -> Option<Numbers> {
    let [modulus, exponent, private, first, second, ..] = numbers else { return None };
    if [modulus, exponent, private, first, second].iter().any(|element| element.tag != INTEGER) {
        return None;
    }
    Some(Numbers::Rsa {
        modulus: der::number(modulus),
        exponent: der::number(exponent),
        private: der::number(private),
        primes: [der::number(first), der::number(second)],
    })
}

/// ECPrivateKey ([RFC 5915 §3](https://www.rfc-editor.org/rfc/rfc5915#section-3)). Some writers leave zero bytes at the
/// start of the number out, some put one too many there.
fn sec1(children: &[Element], outer_parameters: Option<&Element>) -> Option<Numbers> {
    let tagged = |tag: u8| {
        let wrapper = children.iter().find(|child| child.tag == tag)?;
        der::element(wrapper.content).ok().map(|(inner, _)| inner)
    };
    let curve = der::curve(tagged(0xa0).as_ref().or(outer_parameters)).ok()?;
    let length = curve.coordinate_length;
    let octets = children.get(1)?.content;
    let zeros = octets.iter().take_while(|octet| **octet == 0).count();
    let number = octets.get(zeros..)?;
    let mut private = vec![0; length.checked_sub(number.len())?];
    private.extend_from_slice(number);
    let public = tagged(0xa1).filter(|inner| inner.tag == BIT_STRING);
    let public = match public.as_ref().and_then(der::bits) {
        Some([4, coordinates @ ..]) if coordinates.len() == 2 * length => {
            let (x, y) = coordinates.split_at(length);
            Some((x.to_vec(), y.to_vec()))
        }
        _ => None,
    };
    Some(Numbers::OnCurve { curve, private, public })
}

/// ML-DSA-PrivateKey ([RFC 9881 §6](https://www.rfc-editor.org/rfc/rfc9881#section-6)): the seed, the expanded key, or both.
fn seed(row: &ParameterSet, key: &[u8]) -> Option<Numbers> {
    let seed = |octets: &[u8]| {
        (octets.len() == SEED_LENGTH).then(|| Numbers::Seed { algorithm: row.algorithm, seed: octets.to_vec() })
    };
    let (inner, _) = der::element(key).ok()?;
    match inner.tag {
        0x80 => seed(inner.content),
        OCTET_STRING => Some(Numbers::Expanded { algorithm: row.algorithm, key: inner.content.to_vec() }),
        SEQUENCE => seed(der::elements(inner.content)?.first().filter(|first| first.tag == OCTET_STRING)?.content),
        _ => None,
    }
}

/// The private section of OpenSSH's own format: two equal numbers, then what the type of the key demands. Its public half
/// stands once more inside.
fn open_ssh(bytes: &[u8]) -> Option<Numbers> {
    let (cipher, public) = ssh::private(bytes)?;
    let (name, _) = string(public)?;
    // Cipher, derivation, its options, the number of keys and the public half stand before.
    let mut rest = bytes;
    for _ in 0..3 {
        rest = string(rest)?.1;
    }
    let (_, rest) = string(rest.get(4..)?)?;
    let (section, _) = string(rest)?;
    let (own, rest) = string(section.get(8..)?)?;
    if cipher != b"none" || own != name {
        return None;
    }
    let mut rest = rest;
    let mut next = || {
        let (one, behind) = string(rest)?;
        rest = behind;
        Some(one)
    };
    let Some(curve) = ssh::curve(name)? else {
        let (modulus, exponent, private) = (next()?, next()?, next()?);
        let (_coefficient, first, second) = (next()?, next()?, next()?);
        let [modulus, exponent, private, first, second] = [modulus, exponent, private, first, second].map(der::trimmed);
        return Some(Numbers::Rsa { modulus, exponent, private, primes: [first, second] });
    };
    let length = curve.coordinate_length;
    if curve.key_type == "OKP" {
        let (public, private) = (next()?, next()?);
        // The seed, and the public half behind it.
        let private = private.get(..length).filter(|_| private.len() == 2 * length)?;
        return Some(Numbers::OnCurve {
            curve,
            private: private.to_vec(),
            public: Some((public.to_vec(), Vec::new())),
        });
    }
    let (_name, _public, number) = (next()?, next()?, der::trimmed(next()?));
    let mut private = vec![0; length.checked_sub(number.len())?];
    private.extend_from_slice(&number);
    Some(Numbers::OnCurve { curve, private, public: None })
}
