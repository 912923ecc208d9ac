//! Signature algorithms and curves: one row each. Nothing else knows them by name.
//!
//! The names are those of the [IANA registry](https://www.iana.org/assignments/jose/jose.xhtml), and case matters:
//! "`alg` ... is a case-sensitive ASCII string" ([RFC 7515 §4.1.1](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.1)).

/// A value of the `alg` header parameter, and what it asks of key and signature.
#[derive(Debug, PartialEq, Eq)]
pub struct Algorithm {
    /// The registered name.
    pub name: &'static str,
    /// What kind of computation it is.
    pub kind: Kind,
    /// The `kty` of its keys; empty when it has none.
    pub key_type: &'static str,
    /// The one curve of its keys; `None` where it has no curve, or where the key says which (`EdDSA`).
    pub curve: Option<&'static str>,
    /// The hash, as WebCrypto names it; empty where the algorithm brings its own.
    pub hash: &'static str,
    /// Bytes of PSS salt: "the size of the salt value is the same size as the hash function output"
    /// ([RFC 7518 §3.5](https://www.rfc-editor.org/rfc/rfc7518#section-3.5)). 0 for every other kind.
    pub salt_length: usize,
    /// Bytes of every signature; `None` where it depends on the key.
    pub signature_length: Option<usize>,
    /// The smallest allowed key in bits; 0 where the curve or the parameter set fixes it.
    pub minimum_key_bits: usize,
    /// Another name for the same computation, when the key's curve agrees: `EdDSA` is the older, wider name of
    /// `Ed25519` ([RFC 9864 §2.2](https://www.rfc-editor.org/rfc/rfc9864#section-2.2)).
    pub also: Option<&'static str>,
    /// Whether this page can verify it.
    pub supported: bool,
    /// Whether browsers lack it, some or all: `crypto::software` has it then.
    pub fallback: bool,
    /// Bytes of every public key, for algorithms whose keys are for them alone (`kty` AKP); `None` for the others.
    pub public_length: Option<usize>,
    /// Where it is defined.
    pub reference: &'static str,
}

/// What kind of computation an algorithm is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A keyed hash over a shared secret: who can verify can also sign.
    Hmac,
    /// RSASSA-PKCS1-v1_5.
    RsaPkcs1,
    /// RSASSA-PSS.
    RsaPss,
    /// ECDSA; the signature is `r || s`, each as long as a coordinate.
    Ecdsa,
    /// Edwards-curve signatures.
    Eddsa,
    /// Module-lattice signatures, made to withstand quantum computers.
    MlDsa,
    /// No signature at all.
    None,
}

/// A value of a key's `crv` member.
#[derive(Debug, PartialEq, Eq)]
pub struct Curve {
    /// The registered name, which is also WebCrypto's.
    pub name: &'static str,
    /// The `kty` of its keys.
    pub key_type: &'static str,
    /// Bytes of a coordinate, or of the whole public key where there is only `x`.
    pub coordinate_length: usize,
    /// Bytes of a signature; 0 for curves that only agree on keys.
    pub signature_length: usize,
    /// Whether this page can use it: to verify, or to agree on keys.
    pub supported: bool,
    /// Whether browsers lack it, some or all: `crypto::software` has it then.
    pub fallback: bool,
    /// The object identifier that names it inside DER, without tag and length.
    pub object_identifier: &'static [u8],
}

impl Algorithm {
    /// The algorithm of that exact name, supported or not; `None` for names that this table does not have.
    ///
    /// ```
    /// use tokenscope::jose::algorithm::Algorithm;
    /// assert_eq!(Algorithm::named("PS384").map(|algorithm| algorithm.salt_length), Some(48));
    /// assert_eq!(Algorithm::named("rs256"), None);
    /// ```
    pub fn named(name: &str) -> Option<&'static Algorithm> {
        ALGORITHMS.iter().find(|algorithm| algorithm.name == name)
    }
}

impl Curve {
    /// The curve of that exact name.
    pub fn named(name: &str) -> Option<&'static Curve> {
        CURVES.iter().find(|curve| curve.name == name)
    }

    /// The curve that DER names so.
    pub fn identified(object_identifier: &[u8]) -> Option<&'static Curve> {
        CURVES.iter().find(|curve| curve.object_identifier == object_identifier)
    }
}

const RFC_7518_HMAC: &str = "https://www.rfc-editor.org/rfc/rfc7518#section-3.2";
const RFC_7518_RSA: &str = "https://www.rfc-editor.org/rfc/rfc7518#section-3.3";
const RFC_7518_ECDSA: &str = "https://www.rfc-editor.org/rfc/rfc7518#section-3.4";
const RFC_7518_PSS: &str = "https://www.rfc-editor.org/rfc/rfc7518#section-3.5";
const RFC_8037: &str = "https://www.rfc-editor.org/rfc/rfc8037#section-3.1";
const RFC_8812: &str = "https://www.rfc-editor.org/rfc/rfc8812#section-3.2";
const RFC_9864: &str = "https://www.rfc-editor.org/rfc/rfc9864#section-2.2";
const ML_DSA: &str = "https://datatracker.ietf.org/doc/draft-ietf-cose-dilithium/";

const NOTHING: Algorithm = Algorithm {
    name: "none",
    kind: Kind::None,
    key_type: "",
    curve: None,
    hash: "",
    salt_length: 0,
    signature_length: Some(0),
    minimum_key_bits: 0,
    also: None,
    supported: false,
    fallback: false,
    public_length: None,
    reference: "https://www.rfc-editor.org/rfc/rfc7518#section-3.6",
};

const fn hmac(name: &'static str, hash: &'static str, length: usize) -> Algorithm {
    Algorithm {
        name,
        kind: Kind::Hmac,
        key_type: "oct",
        hash,
        signature_length: Some(length),
        minimum_key_bits: length * 8,
        supported: true,
        reference: RFC_7518_HMAC,
        ..NOTHING
    }
}

const fn rsa(name: &'static str, hash: &'static str, salt_length: usize) -> Algorithm {
    Algorithm {
        name,
        kind: if salt_length == 0 { Kind::RsaPkcs1 } else { Kind::RsaPss },
        key_type: "RSA",
        hash,
        salt_length,
        signature_length: None,
        minimum_key_bits: 2048,
        supported: true,
        reference: if salt_length == 0 { RFC_7518_RSA } else { RFC_7518_PSS },
        ..NOTHING
    }
}

const fn ecdsa(name: &'static str, curve: &'static str, hash: &'static str, length: usize) -> Algorithm {
    Algorithm {
        name,
        kind: Kind::Ecdsa,
        key_type: "EC",
        curve: Some(curve),
        hash,
        signature_length: Some(length),
        supported: true,
        reference: RFC_7518_ECDSA,
        ..NOTHING
    }
}

/// With the lengths of FIPS 204, table 2.
const fn ml_dsa(name: &'static str, public_length: usize, length: usize) -> Algorithm {
    Algorithm {
        name,
        kind: Kind::MlDsa,
        key_type: "AKP",
        signature_length: Some(length),
        supported: true,
        fallback: true,
        public_length: Some(public_length),
        reference: ML_DSA,
        ..NOTHING
    }
}

const EDDSA: Algorithm = Algorithm {
    name: "EdDSA",
    kind: Kind::Eddsa,
    key_type: "OKP",
    signature_length: None,
    supported: true,
    reference: RFC_8037,
    ..NOTHING
};

/// Every algorithm that is known by name.
pub static ALGORITHMS: [Algorithm; 20] = [
    hmac("HS256", "SHA-256", 32),
    hmac("HS384", "SHA-384", 48),
    hmac("HS512", "SHA-512", 64),
    rsa("RS256", "SHA-256", 0),
    rsa("RS384", "SHA-384", 0),
    rsa("RS512", "SHA-512", 0),
    rsa("PS256", "SHA-256", 32),
    rsa("PS384", "SHA-384", 48),
    rsa("PS512", "SHA-512", 64),
    ecdsa("ES256", "P-256", "SHA-256", 64),
    ecdsa("ES384", "P-384", "SHA-384", 96),
    ecdsa("ES512", "P-521", "SHA-512", 132),
    EDDSA,
    Algorithm {
        name: "Ed25519",
        curve: Some("Ed25519"),
        signature_length: Some(64),
        also: Some("EdDSA"),
        reference: RFC_9864,
        ..EDDSA
    },
    Algorithm {
        name: "Ed448",
        curve: Some("Ed448"),
        signature_length: Some(114),
        also: Some("EdDSA"),
        fallback: true,
        reference: RFC_9864,
        ..EDDSA
    },
    Algorithm { fallback: true, reference: RFC_8812, ..ecdsa("ES256K", "secp256k1", "SHA-256", 64) },
    ml_dsa("ML-DSA-44", 1312, 2420),
    ml_dsa("ML-DSA-65", 1952, 3309),
    ml_dsa("ML-DSA-87", 2592, 4627),
    NOTHING,
];

/// Every curve that is known by name.
pub static CURVES: [Curve; 8] = [
    curve("P-256", "EC", 32, 64, false, b"\x2a\x86\x48\xce\x3d\x03\x01\x07"),
    curve("P-384", "EC", 48, 96, false, b"\x2b\x81\x04\x00\x22"),
    curve("P-521", "EC", 66, 132, false, b"\x2b\x81\x04\x00\x23"),
    curve("secp256k1", "EC", 32, 64, true, b"\x2b\x81\x04\x00\x0a"),
    curve("Ed25519", "OKP", 32, 64, false, b"\x2b\x65\x70"),
    curve("Ed448", "OKP", 57, 114, true, b"\x2b\x65\x71"),
    curve("X25519", "OKP", 32, 0, false, b"\x2b\x65\x6e"),
    curve("X448", "OKP", 56, 0, true, b"\x2b\x65\x6f"),
];

const fn curve(
    name: &'static str,
    key_type: &'static str,
    coordinate_length: usize,
    signature_length: usize,
    fallback: bool,
    object_identifier: &'static [u8],
) -> Curve {
    Curve { name, key_type, coordinate_length, signature_length, supported: true, fallback, object_identifier }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_agrees_with_its_curve() {
        for algorithm in &ALGORITHMS {
            assert!(algorithm.reference.starts_with("https://"), "{}", algorithm.name);
            let Some(curve) = algorithm.curve.map(|name| Curve::named(name).unwrap()) else { continue };
            assert_eq!(algorithm.key_type, curve.key_type, "{}", algorithm.name);
            assert_eq!(algorithm.signature_length, Some(curve.signature_length), "{}", algorithm.name);
            assert_eq!(algorithm.supported, curve.supported, "{}", algorithm.name);
            assert_eq!(algorithm.fallback, curve.fallback, "{}", algorithm.name);
        }
    }

    #[test]
    fn names_are_unique() {
        for (index, algorithm) in ALGORITHMS.iter().enumerate() {
            assert!(ALGORITHMS[..index].iter().all(|other| other.name != algorithm.name), "{}", algorithm.name);
        }
    }
}
