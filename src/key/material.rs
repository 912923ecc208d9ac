//! The numbers that make a key, apart from all labels.

use std::fmt;

use super::weak;
use crate::jose::algorithm::Curve;
use crate::jose::base64url;
use crate::json::quoted;
use crate::order;

/// The numbers that make a key. Public ones only, except for [`Material::Octets`], which [`fmt::Debug`] hides.
#[derive(Clone, PartialEq, Eq)]
pub enum Material {
    /// An RSA public key: big-endian numbers without leading zeros.
    Rsa {
        /// `n`
        modulus: Vec<u8>,
        /// `e`
        exponent: Vec<u8>,
    },
    /// A point on an elliptic curve: big-endian coordinates, each as long as the curve's field.
    EllipticCurve {
        /// The curve's registered name.
        curve: String,
        /// The first coordinate.
        x: Vec<u8>,
        /// The second coordinate.
        y: Vec<u8>,
    },
    /// A public key of [RFC 8037](https://www.rfc-editor.org/rfc/rfc8037).
    OctetKeyPair {
        /// The curve's registered name.
        curve: String,
        /// The public key.
        x: Vec<u8>,
    },
    /// A public key that is for one algorithm: `kty` AKP
    /// ([draft-ietf-cose-dilithium](https://datatracker.ietf.org/doc/draft-ietf-cose-dilithium/)).
    AlgorithmKeyPair {
        /// The algorithm's registered name, which is a required member of such a key.
        algorithm: String,
        /// `pub`
        public: Vec<u8>,
    },
    /// A shared secret.
    Octets(Vec<u8>),
}

impl Material {
    /// The `kty` of such a key.
    pub fn key_type(&self) -> &'static str {
        match self {
            Material::Rsa { .. } => "RSA",
            Material::EllipticCurve { .. } => "EC",
            Material::OctetKeyPair { .. } => "OKP",
            Material::AlgorithmKeyPair { .. } => "AKP",
            Material::Octets(_) => "oct",
        }
    }

    /// The name of its curve, when it has one.
    pub fn curve(&self) -> Option<&str> {
        match self {
            Material::EllipticCurve { curve, .. } | Material::OctetKeyPair { curve, .. } => Some(curve),
            Material::Rsa { .. } | Material::AlgorithmKeyPair { .. } | Material::Octets(_) => None,
        }
    }

    /// Its size in bits: of the modulus, of a coordinate, or of the secret.
    pub fn bits(&self) -> usize {
        match self {
            Material::Rsa { modulus: number, .. } => {
                number.len() * 8 - number.first().map_or(0, |first| first.leading_zeros() as usize)
            }
            Material::EllipticCurve { x, .. } | Material::OctetKeyPair { x, .. } => x.len() * 8,
            Material::AlgorithmKeyPair { public: octets, .. } | Material::Octets(octets) => octets.len() * 8,
        }
    }

    /// Whether this page can verify with such a key at all.
    pub fn is_supported(&self) -> bool {
        let signs = |curve: &Curve| curve.supported && curve.signature_length > 0;
        self.curve().is_none_or(|name| Curve::named(name).is_some_and(signs))
    }

    /// Whether anybody can make signatures that fit the key.
    pub(crate) fn is_forgeable(&self) -> bool {
        matches!(self, Material::OctetKeyPair { curve, x } if curve == "Ed25519" && weak::is_of_small_order(x))
    }

    /// Type and size: "RSA 2048", "EC P-256", "OKP Ed25519", "secret, 32 bytes".
    pub fn description(&self) -> String {
        let (before, size) = match self {
            Material::Octets(octets) => ("secret, ", octets.len().to_string() + " bytes"),
            Material::Rsa { .. } => ("RSA ", self.bits().to_string()),
            Material::EllipticCurve { curve, .. } => ("EC ", curve.clone()),
            Material::OctetKeyPair { curve, .. } => ("OKP ", curve.clone()),
            Material::AlgorithmKeyPair { algorithm, .. } => ("AKP ", algorithm.clone()),
        };
        before.to_owned() + &size
    }

    /// The key as a JWK with the required members only, in lexicographic order and without whitespace: what a
    /// thumbprint is made of ([RFC 7638 §3.2](https://www.rfc-editor.org/rfc/rfc7638#section-3.2)), and what WebCrypto
    /// imports. Labels such as `use` stay out, so that nothing but our own selection decides what a key is for.
    /// `None` for secrets, which must not travel as text.
    pub fn jwk(&self) -> Option<String> {
        if matches!(self, Material::Octets(_)) {
            return None;
        }
        let mut members = self.members();
        members.push(("kty", self.key_type().to_owned()));
        order::sort(&mut members, |(one, _), (other, _)| one < other);
        let mut text = String::from("{");
        for (name, value) in members {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(&quoted(name));
            text.push(':');
            text.push_str(&quoted(&value));
        }
        text.push('}');
        Some(text)
    }

    /// The members that a JWK of this material must have, besides `kty`.
    pub(crate) fn members(&self) -> Vec<(&'static str, String)> {
        let number = |octets: &[u8]| base64url::encode(octets);
        match self {
            Material::Rsa { modulus, exponent } => vec![("n", number(modulus)), ("e", number(exponent))],
            Material::EllipticCurve { curve, x, y } => vec![("crv", curve.clone()), ("x", number(x)), ("y", number(y))],
            Material::OctetKeyPair { curve, x } => vec![("crv", curve.clone()), ("x", number(x))],
            Material::AlgorithmKeyPair { algorithm, public } => {
                vec![("alg", algorithm.clone()), ("pub", number(public))]
            }
            Material::Octets(octets) => vec![("k", number(octets))],
        }
    }
}

impl fmt::Debug for Material {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A secret in a log is a secret lost.
        formatter.write_str(&self.jwk().unwrap_or_else(|| self.description()))
    }
}
