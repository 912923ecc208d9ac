//! From a header and a key to the question that WebCrypto is asked.
//!
//! [`plan`] is pure: it pins the algorithm to the key, refuses what can be refused without asking, and writes the exact
//! parameters of the call. Whoever carries it out adds nothing.

pub mod operation;
pub mod software;

use std::fmt;
use std::rc::Rc;

use crate::finding::{Fact, Finding};
use crate::jose::algorithm::{Algorithm, Curve, Kind};
use crate::key::{Key, Material};

/// The codes of this room.
pub mod code {
    crate::codes! {
        /// The signature verifies.
        VALID = "signature.valid";
        /// The signature does not verify with the key.
        INVALID = "signature.invalid";
        /// The browser does not take the key.
        KEY_REFUSED = "signature.key-refused";
        /// The browser does not have the algorithm.
        BROWSER_LACKS = "signature.browser-lacks";
        /// The page has no WebCrypto, because it was not loaded over a secure connection.
        UNAVAILABLE = "signature.unavailable";
        /// The header has no `alg`.
        ALGORITHM_MISSING = "signature.algorithm-missing";
        /// The header's `alg` is a name that is not known.
        ALGORITHM_UNKNOWN = "signature.algorithm-unknown";
        /// The header's `alg` is known, but not supported yet.
        ALGORITHM_UNSUPPORTED = "signature.algorithm-unsupported";
        /// The key's curve is not supported yet.
        CURVE_UNSUPPORTED = "signature.curve-unsupported";
        /// The header says `none`: there is no signature.
        NONE = "signature.none";
        /// The signature is empty although the header names an algorithm.
        EMPTY = "signature.empty";
        /// No signature of this algorithm by this key has this length.
        LENGTH = "signature.length";
        /// The ECDSA signature is ASN.1 instead of two numbers side by side.
        ECDSA_DER = "signature.ecdsa-der";
        /// The algorithm takes another type of key.
        KEY_TYPE = "signature.key-type";
        /// The algorithm takes a key on another curve.
        CURVE_MISMATCH = "signature.curve-mismatch";
        /// The secret is empty.
        SECRET_EMPTY = "signature.secret-empty";
    }
}

/// A question to WebCrypto, or to [`software`] where it lacks the algorithm: is this the signature of this algorithm by this key over these bytes?
#[derive(Clone, Eq)]
pub struct Plan {
    /// The algorithm. The key is imported for it and for nothing else.
    pub algorithm: &'static Algorithm,
    /// The key's numbers, free of labels.
    pub key: Material,
    /// The signed bytes, as received.
    pub data: Rc<[u8]>,
    /// The signature.
    pub signature: Rc<[u8]>,
}

impl PartialEq for Plan {
    /// What tells plans apart comes first: the key for the hundreds of tries of one signature, which differ in it alone.
    fn eq(&self, other: &Plan) -> bool {
        self.key == other.key
            && self.signature == other.signature
            && self.algorithm.name == other.algorithm.name
            && self.data == other.data
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = formatter.debug_struct("Plan");
        fields.field("algorithm", &self.algorithm.name).field("key", &self.key).finish_non_exhaustive()
    }
}

/// The answer to a [`Plan`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verification {
    /// It is.
    Valid,
    /// It is not.
    Invalid,
    /// The browser did not take the key; its words.
    KeyRefused(String),
    /// The browser does not have the algorithm, and nothing else here has it either.
    Unsupported,
    /// There is no WebCrypto here: the page was not loaded over a secure connection.
    Unavailable,
}

/// The algorithm that a header names.
///
/// # Errors
///
/// A finding when there is no `alg`, when it is unknown, known but not supported, or `none`.
pub fn algorithm(header: &crate::json::Document) -> Result<&'static Algorithm, Finding> {
    let Some(name) = header.string("alg") else {
        return Err(Finding::error(code::ALGORITHM_MISSING, "/header/alg"));
    };
    let Some(algorithm) = Algorithm::named(name) else {
        return Err(Finding::info(code::ALGORITHM_UNKNOWN, "/header/alg").text("algorithm", name));
    };
    supported(algorithm).map(|()| algorithm)
}

/// Plans the verification of a signature, or proves that there is nothing to ask.
///
/// # Errors
///
/// A finding that says why the signature cannot be verified with this key: severity error when no key of this kind can
/// have made it, info when it is beyond what this page can do.
pub fn plan(algorithm: &'static Algorithm, key: &Key, signing_input: &[u8], signature: &[u8]) -> Result<Plan, Finding> {
    supported(algorithm)?;
    let plan = plan_thoroughly(algorithm, key, signing_input, signature)?;
    // Last, because even of a key beyond this page it is plain that it makes no signature of another length.
    match key.material.curve().filter(|_| !key.material.is_supported()) {
        Some(curve) => Err(Finding::info(code::CURVE_UNSUPPORTED, "/keys").text("curve", curve)),
        None => Ok(plan),
    }
}

/// Plans the verification of a signature by whoever has the algorithm, be it a browser or [`software`].
///
/// # Errors
///
/// A finding that says why no key of this kind can have made the signature.
pub fn plan_thoroughly(
    algorithm: &'static Algorithm,
    key: &Key,
    signing_input: &[u8],
    signature: &[u8],
) -> Result<Plan, Finding> {
    if algorithm.kind == Kind::None {
        return Err(Finding::error(code::NONE, "/header/alg"));
    }
    let needed = key_fits(algorithm, &key.material)?;
    if signature.is_empty() {
        return Err(Finding::error(code::EMPTY, "/signature").text("algorithm", algorithm.name));
    }
    if signature.len() != needed {
        let code = match algorithm.kind == Kind::Ecdsa && is_der_pair(signature) {
            true => code::ECDSA_DER,
            false => code::LENGTH,
        };
        let finding = Finding::error(code, "/signature").text("algorithm", algorithm.name);
        let finding = finding.with("length", Fact::Count(signature.len() as u64));
        return Err(finding.with("needed", Fact::Count(needed as u64)));
    }
    let (data, signature) = (Rc::from(signing_input), Rc::from(signature));
    Ok(Plan { algorithm, key: key.material.clone(), data, signature })
}

/// The `algorithm` argument of `importKey`, as JSON. It pins the key: a key imported for one algorithm cannot be used
/// with another ([Web Cryptography, §14.3.9](https://www.w3.org/TR/WebCryptoAPI/#SubtleCrypto-method-importKey)).
///
/// `curve` is the key's, which `EdDSA` leaves open; without one it is Ed25519.
pub fn import_parameters(algorithm: &Algorithm, curve: Option<&str>) -> String {
    let mut parameters = Parameters::named(algorithm, curve);
    match algorithm.kind {
        Kind::Hmac | Kind::RsaPkcs1 | Kind::RsaPss => parameters.member("hash", algorithm.hash),
        Kind::Ecdsa => parameters.member("namedCurve", algorithm.curve.unwrap_or_default()),
        Kind::Eddsa | Kind::MlDsa | Kind::None => {}
    }
    parameters.end()
}

/// The `algorithm` argument of `verify` and `sign`, as JSON, with a key on that curve.
pub fn signature_parameters(algorithm: &Algorithm, curve: Option<&str>) -> String {
    let mut parameters = Parameters::named(algorithm, curve);
    match algorithm.kind {
        Kind::Ecdsa => parameters.member("hash", algorithm.hash),
        Kind::RsaPss => {
            parameters.0.push_str(",\"saltLength\":");
            parameters.0.push_str(&algorithm.salt_length.to_string());
        }
        Kind::Hmac | Kind::RsaPkcs1 | Kind::Eddsa | Kind::MlDsa | Kind::None => {}
    }
    parameters.end()
}

/// A JSON object in the making.
struct Parameters(String);

impl Parameters {
    /// Begins with the name that WebCrypto has for the algorithm.
    fn named<'a>(algorithm: &'a Algorithm, curve: Option<&'a str>) -> Parameters {
        let name = match algorithm.kind {
            Kind::Hmac => "HMAC",
            Kind::RsaPkcs1 => "RSASSA-PKCS1-v1_5",
            Kind::RsaPss => "RSA-PSS",
            Kind::Ecdsa => "ECDSA",
            Kind::Eddsa => algorithm.curve.or(curve).unwrap_or("Ed25519"),
            Kind::MlDsa => algorithm.name,
            Kind::None => "",
        };
        let mut parameters = Parameters(String::from("{\"name\":\""));
        parameters.0.push_str(name);
        parameters.0.push('"');
        parameters
    }

    fn member(&mut self, name: &str, value: &str) {
        for part in [",\"", name, "\":\"", value, "\""] {
            self.0.push_str(part);
        }
    }

    fn end(mut self) -> String {
        self.0.push('}');
        self.0
    }
}

fn supported(algorithm: &Algorithm) -> Result<(), Finding> {
    if algorithm.kind == Kind::None {
        return Err(Finding::error(code::NONE, "/header/alg"));
    }
    if !algorithm.supported {
        return Err(Finding::info(code::ALGORITHM_UNSUPPORTED, "/header/alg").text("algorithm", algorithm.name));
    }
    Ok(())
}

/// Holds the key against the algorithm; gives the length of its signatures in bytes.
fn key_fits(algorithm: &Algorithm, key: &Material) -> Result<usize, Finding> {
    if key.key_type() != algorithm.key_type {
        let finding = Finding::error(code::KEY_TYPE, "/header/alg").text("algorithm", algorithm.name);
        return Err(finding.text("type", key.key_type()).text("needed", algorithm.key_type));
    }
    let length = match key {
        Material::Rsa { modulus, .. } => Some(modulus.len()),
        Material::Octets(octets) if octets.is_empty() => {
            return Err(Finding::error(code::SECRET_EMPTY, "/keys"));
        }
        Material::Octets(_) => None,
        Material::AlgorithmKeyPair { algorithm: own, .. } if own != algorithm.name => {
            let finding = Finding::error(code::KEY_TYPE, "/header/alg").text("algorithm", algorithm.name);
            return Err(finding.text("type", own.as_str()).text("needed", algorithm.name));
        }
        Material::AlgorithmKeyPair { .. } => None,
        Material::EllipticCurve { curve, .. } | Material::OctetKeyPair { curve, .. } => {
            if let Some(needed) = algorithm.curve.filter(|needed| needed != curve) {
                let finding = Finding::error(code::CURVE_MISMATCH, "/header/alg").text("algorithm", algorithm.name);
                return Err(finding.text("curve", curve.as_str()).text("needed", needed));
            }
            match Curve::named(curve).filter(|curve| curve.signature_length > 0) {
                Some(curve) => Some(curve.signature_length),
                None => return Err(Finding::info(code::CURVE_UNSUPPORTED, "/keys").text("curve", curve.as_str())),
            }
        }
    };
    Ok(length.or(algorithm.signature_length).unwrap_or(0))
}

/// Whether the bytes are exactly `SEQUENCE { INTEGER r, INTEGER s }`, as most libraries outside JOSE write ECDSA
/// signatures.
fn is_der_pair(bytes: &[u8]) -> bool {
    crate::key::is_der_integer_pair(bytes)
}
