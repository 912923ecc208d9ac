//! Private keys: the half that decrypts and signs. They are read only where that is asked for; verifying never sees them.

use std::fmt;

use super::{Key, Material, code, read_watched};
use crate::finding::Finding;
use crate::jose::base64url;
use crate::json::quoted;
use crate::report::KeySource;

mod collect;
pub(super) mod structure;

/// A key that can decrypt or sign, or a shared secret.
#[derive(Clone, PartialEq, Eq)]
pub struct PrivateKey {
    /// Its name, `kid`.
    pub kid: Option<String>,
    /// The only algorithm it is for, `alg`.
    pub algorithm: Option<String>,
    /// What it is for, `use`: "sig" or "enc".
    pub public_key_use: Option<String>,
    /// What may be done with it, `key_ops`.
    pub key_operations: Option<Vec<String>>,
    /// The public half; the secret itself where it is shared.
    pub public: Material,
    /// The private half.
    pub private: Private,
}

/// The numbers of a private half: big-endian.
#[derive(Clone, PartialEq, Eq)]
pub enum Private {
    /// RSA: `d`, and the primes with their exponents and coefficient. Where a key has only `d`, the others are computed from
    /// it when it is read.
    Rsa {
        /// `d`
        exponent: Vec<u8>,
        /// `p`
        first_prime: Vec<u8>,
        /// `q`
        second_prime: Vec<u8>,
        /// `dp`
        first_exponent: Vec<u8>,
        /// `dq`
        second_exponent: Vec<u8>,
        /// `qi`
        coefficient: Vec<u8>,
    },
    /// EC and OKP: `d`, as long as the curve demands. AKP: the seed, `priv`.
    Number(Vec<u8>),
    /// A shared secret: [`PrivateKey::public`] is all there is.
    Shared,
}

/// The private keys of a text, and what is worth knowing about them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The keys, in order.
    pub keys: Vec<PrivateKey>,
    /// What was wrong, repaired or worth knowing.
    pub findings: Vec<Finding>,
}

/// Reads every private key in a text, in every form that [`super::read`] knows. Public keys in it are passed over.
///
/// What follows from the private half is computed where it is missing: the public key of EC and OKP keys, the primes of
/// RSA. The public key of ML-DSA is left empty where the text has only the seed.
///
/// ```
/// let key = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
///     "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
/// assert_eq!(tokenscope::key::private::read(key).keys.len(), 1);
/// ```
pub fn read(text: &str) -> Reading {
    let mut collector = collect::Collector::default();
    let mut findings = read_watched(text, KeySource::Pasted, Some(&mut collector)).findings;
    // What is said of the public half is not asked for here, and of the two halves the one was looked for that is there.
    let passed_over =
        [code::PRIVATE_KEY, code::PRIVATE_MEMBERS, code::PRIVATE_ONLY, code::CERTIFICATE, code::CERTIFICATE_DATED];
    findings.retain(|finding| !passed_over.contains(&finding.code));
    Reading { keys: collector.keys, findings }
}

impl PrivateKey {
    /// Its public half, as a key to verify with or to encrypt for. `None` where the text did not have it and it was not
    /// computed.
    pub fn public_key(&self, source: KeySource) -> Option<Key> {
        let is_there = !matches!(&self.public, Material::AlgorithmKeyPair { public, .. } if public.is_empty());
        is_there.then(|| Key {
            source,
            kid: self.kid.clone(),
            algorithm: self.algorithm.clone(),
            public_key_use: self.public_key_use.clone(),
            key_operations: None,
            material: self.public.clone(),
            certificate: None,
        })
    }

    /// A shared secret.
    pub fn shared(octets: Vec<u8>) -> PrivateKey {
        let public = Material::Octets(octets);
        let private = Private::Shared;
        PrivateKey { kid: None, algorithm: None, public_key_use: None, key_operations: None, public, private }
    }

    /// The key as a private JWK with the required members only, and without labels: what WebCrypto imports.
    pub fn jwk(&self) -> String {
        let mut text = String::from("{");
        let mut member = |name: &str, value: &str| {
            if text.len() > 1 {
                text.push(',');
            }
            text.push_str(&quoted(name));
            text.push(':');
            text.push_str(&quoted(value));
        };
        member("kty", self.public.key_type());
        for (name, value) in self.public.members() {
            member(name, &value);
        }
        for (name, value) in self.private.members(&self.public) {
            member(name, &value);
        }
        text.push('}');
        text
    }
}

impl Private {
    /// The members of a private JWK that its public half does not have.
    pub(super) fn members(&self, public: &Material) -> Vec<(&'static str, String)> {
        match self {
            Private::Rsa { exponent, first_prime, second_prime, first_exponent, second_exponent, coefficient } => {
                let numbers = [exponent, first_prime, second_prime, first_exponent, second_exponent, coefficient];
                let numbers = numbers.map(|number| base64url::encode(number));
                ["d", "p", "q", "dp", "dq", "qi"].into_iter().zip(numbers).collect()
            }
            Private::Number(number) => {
                let name = if matches!(public, Material::AlgorithmKeyPair { .. }) { "priv" } else { "d" };
                vec![(name, base64url::encode(number))]
            }
            Private::Shared => Vec::new(),
        }
    }
}

/// Its public half alone.
impl fmt::Debug for PrivateKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.public.fmt(formatter)
    }
}
