//! An independent implementation of signatures: it makes the tokens of tests, and carries out what the core asks.

#[path = "primitives.rs"]
#[allow(dead_code, reason = "not every test that has the oracle carries out operations itself")]
pub mod primitives;

use std::rc::Rc;
use std::sync::OnceLock;

use hmac::{Hmac, KeyInit, Mac};
use p256::ecdsa::signature::hazmat::PrehashVerifier as _;
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::SeedableRng;
use rsa::signature::{RandomizedSigner, SignatureEncoding, Signer as _, Verifier as _};
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPrivateKey, RsaPublicKey, pkcs1v15, pss};
use sha2::Digest as _;
use tokenscope::crypto::operation::{Generated, Operation, Outcome};
use tokenscope::crypto::{Plan, Verification, software};
use tokenscope::inspect::{self, Options};
use tokenscope::jose::algorithm::Algorithm;
use tokenscope::jose::base64url;
use tokenscope::key::{Material, PrivateKey};
use tokenscope::signature_doctor;
use tokenscope::time::Time;
use tokenscope::why::{Answers, Ask, Choices, Explained, explain};

/// A private key. The same number always makes the same key.
#[derive(Clone)]
pub enum Signer {
    /// A shared secret.
    Secret(Vec<u8>),
    Rsa(Box<RsaPrivateKey>),
    P256(Box<p256::ecdsa::SigningKey>),
    P384(Box<p384::ecdsa::SigningKey>),
    P521(Box<p521::ecdsa::SigningKey>),
    Ed25519(Box<ed25519_dalek::SigningKey>),
    /// A key for what browsers lack; the product's own module signs.
    Software(Box<PrivateKey>),
}

impl Signer {
    pub fn secret(secret: &[u8]) -> Signer {
        Signer::Secret(secret.to_vec())
    }

    /// An RSA key of 2048 bits, of which there are four, 0 to 3: making one takes a moment, so each is made once.
    pub fn rsa(number: usize) -> Signer {
        static KEYS: [OnceLock<RsaPrivateKey>; 4] = [const { OnceLock::new() }; 4];
        Signer::Rsa(Box::new(KEYS[number].get_or_init(|| rsa_key(2048, number as u64)).clone()))
    }

    /// An RSA key of any size.
    pub fn rsa_of(bits: usize, number: u64) -> Signer {
        Signer::Rsa(Box::new(rsa_key(bits, number)))
    }

    /// A key for `ES256`, `ES384`, `ES512` or `Ed25519` (also `EdDSA`).
    pub fn curve(algorithm: &str, number: u8) -> Signer {
        let seed = [number.wrapping_add(1); 66];
        match algorithm {
            "ES256" => Signer::P256(Box::new(p256::ecdsa::SigningKey::from_slice(&seed[..32]).unwrap())),
            "ES384" => Signer::P384(Box::new(p384::ecdsa::SigningKey::from_slice(&seed[..48]).unwrap())),
            "ES512" => {
                // The order of P-521 has 521 bits, so its first byte is 0 or 1.
                let mut seed = seed;
                seed[0] = 0;
                Signer::P521(Box::new(p521::ecdsa::SigningKey::from_slice(&seed).unwrap()))
            }
            _ => Signer::Ed25519(Box::new(ed25519_dalek::SigningKey::from_bytes(&seed[..32].try_into().unwrap()))),
        }
    }

    /// A key for that algorithm.
    pub fn of(algorithm: &str, number: u8) -> Signer {
        match algorithm.get(..2) {
            Some("HS") => Signer::Secret(vec![number.wrapping_add(65); 64]),
            Some("RS" | "PS") => Signer::rsa(usize::from(number) % 4),
            _ if algorithm == "ES256K" => Signer::software(Generated::Curve("secp256k1"), number),
            _ if algorithm == "Ed448" => Signer::software(Generated::Curve("Ed448"), number),
            Some("ML") => {
                Signer::software(Generated::AlgorithmKeyPair(Algorithm::named(algorithm).unwrap().name), number)
            }
            _ => Signer::curve(algorithm, number),
        }
    }

    fn software(kind: Generated, number: u8) -> Signer {
        Signer::Software(Box::new(primitives::key(kind, u64::from(number))))
    }

    /// Signs, as the algorithm of that name demands.
    pub fn sign(&self, algorithm: &str, data: &[u8]) -> Vec<u8> {
        let hash = algorithm.get(2..).unwrap_or_default();
        match self {
            Signer::Secret(secret) => hmac(hash, secret, data),
            Signer::Rsa(key) if algorithm.starts_with("PS") => self.sign_pss(key, hash, None, data),
            Signer::Rsa(key) => match hash {
                "256" => pkcs1v15::SigningKey::<rsa::sha2::Sha256>::new(*key.clone()).sign(data).to_vec(),
                "384" => pkcs1v15::SigningKey::<rsa::sha2::Sha384>::new(*key.clone()).sign(data).to_vec(),
                _ => pkcs1v15::SigningKey::<rsa::sha2::Sha512>::new(*key.clone()).sign(data).to_vec(),
            },
            Signer::P256(key) => {
                let signature: p256::ecdsa::Signature = key.sign(data);
                signature.to_bytes().to_vec()
            }
            Signer::P384(key) => {
                let signature: p384::ecdsa::Signature = key.sign(data);
                signature.to_bytes().to_vec()
            }
            Signer::P521(key) => {
                let signature: p521::ecdsa::Signature = key.sign(data);
                signature.to_bytes().to_vec()
            }
            Signer::Ed25519(key) => key.sign(data).to_bytes().to_vec(),
            Signer::Software(key) => {
                let algorithm = Algorithm::named(algorithm).unwrap();
                let operation = Operation::Sign { algorithm, key: *key.clone(), data: Rc::from(data) };
                match primitives::operate(&operation) {
                    Outcome::Bytes(signature) => signature,
                    outcome => unreachable!("{}: {outcome:?}", algorithm.name),
                }
            }
        }
    }

    /// Signs with PSS and a salt of that length; `None` for the length of the hash.
    pub fn sign_with_salt(&self, hash: &str, salt: usize, data: &[u8]) -> Vec<u8> {
        match self {
            Signer::Rsa(key) => self.sign_pss(key, hash, Some(salt), data),
            _ => unreachable!("only RSA has salts"),
        }
    }

    fn sign_pss(&self, key: &RsaPrivateKey, hash: &str, salt: Option<usize>, data: &[u8]) -> Vec<u8> {
        let mut random = ChaCha20Rng::seed_from_u64(7);
        macro_rules! sign {
            ($hash:ty, $length:literal) => {
                pss::SigningKey::<$hash>::new_with_salt_len(key.clone(), salt.unwrap_or($length))
                    .sign_with_rng(&mut random, data)
                    .to_vec()
            };
        }
        match hash {
            "256" => sign!(rsa::sha2::Sha256, 32),
            "384" => sign!(rsa::sha2::Sha384, 48),
            _ => sign!(rsa::sha2::Sha512, 64),
        }
    }

    /// The members of the public JWK, without braces; of a secret the whole key.
    pub fn members(&self) -> String {
        let text = |bytes: &[u8]| base64url::encode(bytes);
        match self {
            Signer::Secret(secret) => format!(r#""kty":"oct","k":"{}""#, text(secret)),
            Signer::Rsa(key) => {
                format!(r#""kty":"RSA","n":"{}","e":"{}""#, text(&key.n().to_bytes_be()), text(&key.e().to_bytes_be()))
            }
            Signer::P256(key) => point("P-256", key.verifying_key().to_sec1_point(false).as_bytes()),
            Signer::P384(key) => point("P-384", key.verifying_key().to_sec1_point(false).as_bytes()),
            Signer::P521(key) => point("P-521", key.verifying_key().to_sec1_point(false).as_bytes()),
            Signer::Ed25519(key) => {
                format!(r#""kty":"OKP","crv":"Ed25519","x":"{}""#, text(key.verifying_key().as_bytes()))
            }
            Signer::Software(key) => key.public.jwk().unwrap().trim_matches(['{', '}']).to_owned(),
        }
    }

    /// The public JWK, with a `kid` when one is given.
    pub fn jwk(&self, kid: &str) -> String {
        let name = if kid.is_empty() { String::new() } else { format!(r#","kid":"{kid}""#) };
        format!("{{{}{name}}}", self.members())
    }

    /// The public key as PEM (SPKI); RSA only.
    pub fn pem(&self) -> String {
        use rsa::pkcs8::EncodePublicKey;
        match self {
            Signer::Rsa(key) => key.to_public_key().to_public_key_pem(rsa::pkcs8::LineEnding::LF).unwrap(),
            _ => unreachable!("only RSA keys are written as PEM here"),
        }
    }
}

fn rsa_key(bits: usize, number: u64) -> RsaPrivateKey {
    RsaPrivateKey::new(&mut ChaCha20Rng::seed_from_u64(number), bits).unwrap()
}

fn point(curve: &str, bytes: &[u8]) -> String {
    let (x, y) = bytes[1..].split_at((bytes.len() - 1) / 2);
    format!(r#""kty":"EC","crv":"{curve}","x":"{}","y":"{}""#, base64url::encode(x), base64url::encode(y))
}

fn hmac(hash: &str, secret: &[u8], data: &[u8]) -> Vec<u8> {
    macro_rules! authenticate {
        ($hash:ty) => {{
            let mut mac = Hmac::<$hash>::new_from_slice(secret).unwrap();
            mac.update(data);
            mac.finalize().into_bytes().to_vec()
        }};
    }
    match hash {
        "256" => authenticate!(sha2::Sha256),
        "384" => authenticate!(sha2::Sha384),
        _ => authenticate!(sha2::Sha512),
    }
}

/// A signed token of this header and payload, both JSON; the header's `alg` says how it is signed.
pub fn token(header: &str, payload: &str, signer: &Signer) -> String {
    let document = tokenscope::json::read(header.as_bytes().to_vec());
    let algorithm = document.string("alg").unwrap_or("HS256").to_owned();
    let signed = [base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes())].join(".");
    let signature = signer.sign(&algorithm, signed.as_bytes());
    [signed, base64url::encode(&signature)].join(".")
}

/// Carries out a plan.
pub fn verify(plan: &Plan) -> Verification {
    let hash = plan.algorithm.hash.trim_start_matches("SHA-");
    let good = match &plan.key {
        Material::AlgorithmKeyPair { .. } => return software::verify(plan),
        Material::Octets(secret) if secret.is_empty() => return Verification::KeyRefused("empty".to_owned()),
        Material::Octets(secret) => hmac(hash, secret, &plan.data) == *plan.signature,
        Material::Rsa { modulus, exponent } => {
            let number = BigUint::from_bytes_be;
            let Ok(key) = RsaPublicKey::new_with_max_size(number(modulus), number(exponent), 16384) else {
                return Verification::KeyRefused("no RSA key".to_owned());
            };
            macro_rules! verify {
                ($scheme:ident, $hash:ty) => {
                    $scheme::Signature::try_from(&*plan.signature).is_ok_and(|signature| {
                        $scheme::VerifyingKey::<$hash>::new(key).verify(&plan.data, &signature).is_ok()
                    })
                };
            }
            match (plan.algorithm.name.get(..2), hash) {
                (Some("RS"), "256") => verify!(pkcs1v15, rsa::sha2::Sha256),
                (Some("RS"), "384") => verify!(pkcs1v15, rsa::sha2::Sha384),
                (Some("RS"), _) => verify!(pkcs1v15, rsa::sha2::Sha512),
                (_, "256") => verify!(pss, rsa::sha2::Sha256),
                (_, "384") => verify!(pss, rsa::sha2::Sha384),
                _ => verify!(pss, rsa::sha2::Sha512),
            }
        }
        Material::EllipticCurve { curve, x, y } => {
            let point = [&[4], x.as_slice(), y.as_slice()].concat();
            macro_rules! verify {
                ($curve:ident) => {{
                    let Ok(key) = $curve::ecdsa::VerifyingKey::from_sec1_bytes(&point) else {
                        return Verification::KeyRefused("not on the curve".to_owned());
                    };
                    let digest = match hash {
                        "256" => sha2::Sha256::digest(&plan.data).to_vec(),
                        "384" => sha2::Sha384::digest(&plan.data).to_vec(),
                        _ => sha2::Sha512::digest(&plan.data).to_vec(),
                    };
                    // Of a hash that is too short for the curve, the number is the same with zeros before it.
                    let zeros = vec![0; (plan.signature.len() / 2).saturating_sub(digest.len())];
                    let digest = [zeros, digest].concat();
                    $curve::ecdsa::Signature::from_slice(&plan.signature)
                        .is_ok_and(|signature| key.verify_prehash(&digest, &signature).is_ok())
                }};
            }
            match curve.as_str() {
                "P-256" => verify!(p256),
                "P-384" => verify!(p384),
                "P-521" => verify!(p521),
                _ => return software::verify(plan),
            }
        }
        Material::OctetKeyPair { curve, x } => {
            if curve != "Ed25519" {
                return software::verify(plan);
            }
            let key = <[u8; 32]>::try_from(x.as_slice()).ok();
            let key = key.and_then(|x| ed25519_dalek::VerifyingKey::from_bytes(&x).ok());
            let Some(key) = key else { return Verification::Unsupported };
            ed25519_dalek::Signature::from_slice(&plan.signature)
                .is_ok_and(|signature| key.verify(&plan.data, &signature).is_ok())
        }
    };
    if good { Verification::Valid } else { Verification::Invalid }
}

/// Explains a text with everything carried out that needs no network.
pub fn explained(text: &str, options: &Options, choices: &Choices, now: Time) -> Explained {
    explained_with(text, options, choices, now, Answers::default())
}

/// The same, beginning with these answers, such as a fetched key set.
pub fn explained_with(text: &str, options: &Options, choices: &Choices, now: Time, mut answers: Answers) -> Explained {
    for _ in 0..40 {
        let (explained, asks) = explain(text, options, choices, now, now, &answers);
        if asks.is_empty() {
            return explained;
        }
        for ask in asks {
            match ask {
                Ask::Inspect(inspect::Ask::Verify(plan)) => {
                    let answer = verify(&plan);
                    answers.inspect.verify(plan, answer);
                }
                Ask::Inspect(inspect::Ask::Fetch(request)) => unreachable!("nothing is fetched in tests: {request:?}"),
                Ask::Operate(operation) => {
                    let outcome = primitives::operate(&operation);
                    answers.operations.answer(*operation, outcome);
                }
                Ask::VerifyMany(plans) => {
                    assert!(plans.len() <= tokenscope::why::MOST_PLANS, "{} plans at once", plans.len());
                    for plan in plans {
                        let answer = verify(&plan);
                        answers.inspect.verify(plan, answer);
                    }
                }
                Ask::Open(openings) => {
                    for opening in openings {
                        let opened = signature_doctor::open(&opening);
                        answers.open(opening, opened);
                    }
                }
            }
        }
    }
    unreachable!("asks without end")
}
