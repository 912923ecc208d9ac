//! Operations and plans as JSON text, to the module that has what browsers lack, and what came of them, back.
//!
//! Everything is a list that begins with its name; bytes are base64url.

use super::{Generated, Operation, Outcome, RsaPadding};
use crate::crypto::{Plan, Verification};
use crate::jose::algorithm::{Algorithm, Curve};
use crate::jose::base64url;
use crate::json::{self, Value};
use crate::key::{Material, Private, PrivateKey};
use crate::report::json::{Node, write};

/// An operation as JSON. It holds keys: it goes to the other module and nowhere else.
///
/// ```
/// use tokenscope::crypto::operation::{Operation, carry};
/// let operation = Operation::KeyWrap { key: vec![1; 16], data: vec![2; 16] };
/// assert_eq!(carry::read_operation(&carry::write_operation(&operation)), Some(operation));
/// ```
pub fn write_operation(operation: &Operation) -> String {
    text_of(match operation {
        Operation::Sign { algorithm, key, data } => {
            vec![text("sign"), text(algorithm.name), private_key(key), bytes(data)]
        }
        Operation::RsaDecrypt { padding, key, data } => {
            vec![text("rsa-decrypt"), text(padding_name(*padding)), private_key(key), bytes(data)]
        }
        Operation::RsaEncrypt { padding, key, data } => {
            vec![text("rsa-encrypt"), text(padding_name(*padding)), material(key), bytes(data)]
        }
        Operation::KeyUnwrap { key, data } => vec![text("unwrap"), bytes(key), bytes(data)],
        Operation::KeyWrap { key, data } => vec![text("wrap"), bytes(key), bytes(data)],
        Operation::GcmDecrypt { key, initialization_vector, additional, data, tag } => {
            let name = text("gcm-decrypt");
            vec![name, bytes(key), bytes(initialization_vector), bytes(additional), bytes(data), bytes(tag)]
        }
        Operation::GcmEncrypt { key, initialization_vector, additional, data } => {
            vec![text("gcm-encrypt"), bytes(key), bytes(initialization_vector), bytes(additional), bytes(data)]
        }
        Operation::CbcDecrypt { key, initialization_vector, data } => {
            vec![text("cbc-decrypt"), bytes(key), bytes(initialization_vector), bytes(data)]
        }
        Operation::CbcEncrypt { key, initialization_vector, data } => {
            vec![text("cbc-encrypt"), bytes(key), bytes(initialization_vector), bytes(data)]
        }
        Operation::Agree { key, with } => vec![text("agree"), private_key(key), material(with)],
        Operation::Derive { hash, password, salt, iterations, length } => {
            let name = text("derive");
            vec![name, text(hash), bytes(password), bytes(salt), number(u64::from(*iterations)), number(*length as u64)]
        }
        Operation::PublicHalf { algorithm, private } => vec![text("public"), text(algorithm), bytes(private)],
        Operation::Generate(Generated::Rsa(bits)) => vec![text("generate-rsa"), number(u64::from(*bits))],
        Operation::Generate(Generated::Curve(name)) => vec![text("generate-curve"), text(name)],
        Operation::Generate(Generated::AlgorithmKeyPair(name)) => vec![text("generate-pair"), text(name)],
        Operation::Generate(Generated::Octets(length)) => vec![text("generate-octets"), number(*length as u64)],
        Operation::Random { number: question, length } => {
            vec![text("random"), number(u64::from(*question)), number(*length as u64)]
        }
    })
}

/// Reads what [`write_operation`] wrote.
pub fn read_operation(text: &str) -> Option<Operation> {
    let document = json::read(text.as_bytes().to_vec());
    let (name, rest) = document.root.as_ref()?.items().split_first()?;
    Some(match (name.as_str()?, rest) {
        ("sign", [algorithm, key, data]) => Operation::Sign {
            algorithm: Algorithm::named(algorithm.as_str()?)?,
            key: read_private_key(key)?,
            data: read_bytes(data)?.into(),
        },
        ("rsa-decrypt", [padding, key, data]) => Operation::RsaDecrypt {
            padding: read_padding(padding)?,
            key: read_private_key(key)?,
            data: read_bytes(data)?,
        },
        ("rsa-encrypt", [padding, key, data]) => {
            Operation::RsaEncrypt { padding: read_padding(padding)?, key: read_material(key)?, data: read_bytes(data)? }
        }
        ("unwrap", [key, data]) => Operation::KeyUnwrap { key: read_bytes(key)?, data: read_bytes(data)? },
        ("wrap", [key, data]) => Operation::KeyWrap { key: read_bytes(key)?, data: read_bytes(data)? },
        ("gcm-decrypt", [key, vector, additional, data, tag]) => Operation::GcmDecrypt {
            key: read_bytes(key)?,
            initialization_vector: read_bytes(vector)?,
            additional: read_bytes(additional)?,
            data: read_bytes(data)?.into(),
            tag: read_bytes(tag)?,
        },
        ("gcm-encrypt", [key, vector, additional, data]) => Operation::GcmEncrypt {
            key: read_bytes(key)?,
            initialization_vector: read_bytes(vector)?,
            additional: read_bytes(additional)?,
            data: read_bytes(data)?.into(),
        },
        ("cbc-decrypt", [key, vector, data]) => Operation::CbcDecrypt {
            key: read_bytes(key)?,
            initialization_vector: read_bytes(vector)?,
            data: read_bytes(data)?.into(),
        },
        ("cbc-encrypt", [key, vector, data]) => Operation::CbcEncrypt {
            key: read_bytes(key)?,
            initialization_vector: read_bytes(vector)?,
            data: read_bytes(data)?.into(),
        },
        ("agree", [key, with]) => Operation::Agree { key: read_private_key(key)?, with: read_material(with)? },
        ("derive", [hash, password, salt, iterations, length]) => Operation::Derive {
            hash: read_hash(hash)?,
            password: read_bytes(password)?,
            salt: read_bytes(salt)?,
            iterations: read_number(iterations)?,
            length: read_number(length)?,
        },
        ("public", [algorithm, private]) => Operation::PublicHalf {
            algorithm: Algorithm::named(algorithm.as_str()?)?.name,
            private: read_bytes(private)?,
        },
        ("generate-rsa", [bits]) => Operation::Generate(Generated::Rsa(read_number(bits)?)),
        ("generate-curve", [name]) => Operation::Generate(Generated::Curve(Curve::named(name.as_str()?)?.name)),
        ("generate-pair", [name]) => {
            Operation::Generate(Generated::AlgorithmKeyPair(Algorithm::named(name.as_str()?)?.name))
        }
        ("generate-octets", [length]) => Operation::Generate(Generated::Octets(read_number(length)?)),
        ("random", [question, length]) => {
            Operation::Random { number: read_number(question)?, length: read_number(length)? }
        }
        _ => return None,
    })
}

/// What came of an operation as JSON.
pub fn write_outcome(outcome: &Outcome) -> String {
    text_of(match outcome {
        Outcome::Bytes(given) => vec![text("bytes"), bytes(given)],
        Outcome::Failed => vec![text("failed")],
        Outcome::KeyRefused(reason) => vec![text("refused"), text(reason)],
        Outcome::Unsupported => vec![text("unsupported")],
        Outcome::Unavailable => vec![text("unavailable")],
    })
}

/// Reads what [`write_outcome`] wrote.
pub fn read_outcome(text: &str) -> Option<Outcome> {
    let document = json::read(text.as_bytes().to_vec());
    let (name, rest) = document.root.as_ref()?.items().split_first()?;
    Some(match (name.as_str()?, rest) {
        ("bytes", [given]) => Outcome::Bytes(read_bytes(given)?),
        ("failed", []) => Outcome::Failed,
        ("refused", [reason]) => Outcome::KeyRefused(reason.as_str()?.to_owned()),
        ("unsupported", []) => Outcome::Unsupported,
        ("unavailable", []) => Outcome::Unavailable,
        _ => return None,
    })
}

/// A plan as JSON. Algorithms that stand in no registry have no name to read them by, and don't arrive.
pub fn write_plan(plan: &Plan) -> String {
    text_of(vec![text(plan.algorithm.name), material(&plan.key), bytes(&plan.data), bytes(&plan.signature)])
}

/// Reads what [`write_plan`] wrote.
pub fn read_plan(text: &str) -> Option<Plan> {
    let document = json::read(text.as_bytes().to_vec());
    let [algorithm, key, data, signature] = document.root.as_ref()?.items() else { return None };
    Some(Plan {
        algorithm: Algorithm::named(algorithm.as_str()?)?,
        key: read_material(key)?,
        data: read_bytes(data)?.into(),
        signature: read_bytes(signature)?.into(),
    })
}

/// The answer to a plan as JSON.
pub fn write_verification(verification: &Verification) -> String {
    text_of(match verification {
        Verification::Valid => vec![text("valid")],
        Verification::Invalid => vec![text("invalid")],
        Verification::KeyRefused(reason) => vec![text("refused"), text(reason)],
        Verification::Unsupported => vec![text("unsupported")],
        Verification::Unavailable => vec![text("unavailable")],
    })
}

/// Reads what [`write_verification`] wrote.
pub fn read_verification(text: &str) -> Option<Verification> {
    let document = json::read(text.as_bytes().to_vec());
    let (name, rest) = document.root.as_ref()?.items().split_first()?;
    Some(match (name.as_str()?, rest) {
        ("valid", []) => Verification::Valid,
        ("invalid", []) => Verification::Invalid,
        ("refused", [reason]) => Verification::KeyRefused(reason.as_str()?.to_owned()),
        ("unsupported", []) => Verification::Unsupported,
        ("unavailable", []) => Verification::Unavailable,
        _ => return None,
    })
}

fn text_of(parts: Vec<Node>) -> String {
    let mut json = String::new();
    write(&Node::List(parts), &mut json);
    json
}

fn text(text: &str) -> Node {
    Node::Text(text.to_owned())
}

fn optional(text: &Option<String>) -> Node {
    text.as_ref().map_or(Node::Null, |text| Node::Text(text.clone()))
}

fn bytes(bytes: &[u8]) -> Node {
    Node::Text(base64url::encode(bytes))
}

/// As text, because numbers of JSON end at 2^53 for some of its readers.
fn number(number: u64) -> Node {
    Node::Text(number.to_string())
}

fn material(material: &Material) -> Node {
    let mut parts = vec![text(material.key_type())];
    match material {
        Material::Rsa { modulus, exponent } => parts.extend([bytes(modulus), bytes(exponent)]),
        Material::EllipticCurve { curve, x, y } => parts.extend([text(curve), bytes(x), bytes(y)]),
        Material::OctetKeyPair { curve, x } => parts.extend([text(curve), bytes(x)]),
        Material::AlgorithmKeyPair { algorithm, public } => parts.extend([text(algorithm), bytes(public)]),
        Material::Octets(octets) => parts.push(bytes(octets)),
    }
    Node::List(parts)
}

fn private_key(key: &PrivateKey) -> Node {
    let private = match &key.private {
        Private::Rsa { exponent, first_prime, second_prime, first_exponent, second_exponent, coefficient } => {
            let numbers = [exponent, first_prime, second_prime, first_exponent, second_exponent, coefficient];
            numbers.iter().map(|number| bytes(number)).collect()
        }
        Private::Number(number) => vec![bytes(number)],
        Private::Shared => Vec::new(),
    };
    let operations = key.key_operations.as_ref();
    Node::List(vec![
        optional(&key.kid),
        optional(&key.algorithm),
        optional(&key.public_key_use),
        operations.map_or(Node::Null, |operations| Node::List(operations.iter().map(|one| text(one)).collect())),
        material(&key.public),
        Node::List(private),
    ])
}

fn padding_name(padding: RsaPadding) -> &'static str {
    match padding {
        RsaPadding::Pkcs1 => "",
        RsaPadding::Oaep(hash) => hash,
    }
}

fn read_bytes(value: &Value) -> Option<Vec<u8>> {
    let decoded = base64url::decode(value.as_str()?);
    decoded.faults.is_empty().then_some(decoded.bytes)
}

fn read_number<N: std::str::FromStr>(value: &Value) -> Option<N> {
    value.as_str()?.parse().ok()
}

fn read_hash(value: &Value) -> Option<&'static str> {
    let name = value.as_str()?;
    ["SHA-1", "SHA-256", "SHA-384", "SHA-512"].into_iter().find(|hash| *hash == name)
}

fn read_padding(value: &Value) -> Option<RsaPadding> {
    match value.as_str()? {
        "" => Some(RsaPadding::Pkcs1),
        _ => read_hash(value).map(RsaPadding::Oaep),
    }
}

fn read_material(value: &Value) -> Option<Material> {
    let (name, rest) = value.items().split_first()?;
    let name_of = |value: &Value| value.as_str().map(str::to_owned);
    Some(match (name.as_str()?, rest) {
        ("RSA", [modulus, exponent]) => {
            Material::Rsa { modulus: read_bytes(modulus)?, exponent: read_bytes(exponent)? }
        }
        ("EC", [curve, x, y]) => {
            Material::EllipticCurve { curve: name_of(curve)?, x: read_bytes(x)?, y: read_bytes(y)? }
        }
        ("OKP", [curve, x]) => Material::OctetKeyPair { curve: name_of(curve)?, x: read_bytes(x)? },
        ("AKP", [algorithm, public]) => {
            Material::AlgorithmKeyPair { algorithm: name_of(algorithm)?, public: read_bytes(public)? }
        }
        ("oct", [octets]) => Material::Octets(read_bytes(octets)?),
        _ => return None,
    })
}

fn read_private_key(value: &Value) -> Option<PrivateKey> {
    let [kid, algorithm, public_key_use, operations, public, private] = value.items() else { return None };
    let optional = |value: &Value| value.as_str().map(str::to_owned);
    let private = match private.items() {
        [exponent, first_prime, second_prime, first_exponent, second_exponent, coefficient] => Private::Rsa {
            exponent: read_bytes(exponent)?,
            first_prime: read_bytes(first_prime)?,
            second_prime: read_bytes(second_prime)?,
            first_exponent: read_bytes(first_exponent)?,
            second_exponent: read_bytes(second_exponent)?,
            coefficient: read_bytes(coefficient)?,
        },
        [number] => Private::Number(read_bytes(number)?),
        [] => Private::Shared,
        _ => return None,
    };
    Some(PrivateKey {
        kid: optional(kid),
        algorithm: optional(algorithm),
        public_key_use: optional(public_key_use),
        key_operations: (operations.type_name() == "array")
            .then(|| operations.items().iter().filter_map(optional).collect()),
        public: read_material(public)?,
        private,
    })
}
