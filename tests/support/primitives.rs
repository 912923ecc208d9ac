//! Carries out every operation of the core natively: what browsers lack by the product's own module, everything else by
//! crates that the product does not have.

use std::sync::Mutex;

use hmac::{Hmac, KeyInit, Mac};
use rand_chacha::ChaCha20Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use rsa::signature::{RandomizedSigner, SignatureEncoding, Signer as _};
use rsa::traits::{PrivateKeyParts, PublicKeyParts};
use rsa::{BigUint, Oaep, RsaPrivateKey, RsaPublicKey, pkcs1v15, pss};
use tokenscope::crypto::operation::{Generated, Operation, Outcome, RsaPadding};
use tokenscope::crypto::software;
use tokenscope::jose::algorithm::{Algorithm, Kind};
use tokenscope::key::{Material, Private, PrivateKey};

/// Carries out an operation; the same operation always has the same outcome.
pub fn operate(operation: &Operation) -> Outcome {
    operate_with(operation, 7)
}

/// Carries out an operation with the randomness of that number.
pub fn operate_with(operation: &Operation, number: u64) -> Outcome {
    let mut random = ChaCha20Rng::seed_from_u64(number);
    match operation {
        Operation::Sign { algorithm, key, data } => match sign(algorithm, key, data, &mut random) {
            Outcome::Unsupported => in_software(operation, &mut random),
            outcome => outcome,
        },
        Operation::RsaDecrypt { padding: RsaPadding::Oaep(hash), key, data } => {
            let Some(key) = rsa_private(key) else { return refused() };
            if data.len() != key.size() {
                return Outcome::Failed;
            }
            key.decrypt(oaep(hash), data).map_or(Outcome::Failed, Outcome::Bytes)
        }
        Operation::RsaEncrypt { padding: RsaPadding::Oaep(hash), key, data } => {
            let Material::Rsa { modulus, exponent } = key else { return refused() };
            let Ok(key) = RsaPublicKey::new_with_max_size(number_of(modulus), number_of(exponent), 16384) else {
                return refused();
            };
            key.encrypt(&mut random, oaep(hash), data).map_or(Outcome::Failed, Outcome::Bytes)
        }
        Operation::Agree { key, with } => match agree(key, with) {
            Outcome::Unsupported => in_software(operation, &mut random),
            outcome => outcome,
        },
        Operation::Derive { hash, password, salt, iterations, length } => {
            let mut derived = vec![0; *length];
            match *hash {
                "SHA-1" => pbkdf2::pbkdf2_hmac::<sha1::Sha1>(password, salt, *iterations, &mut derived),
                "SHA-256" => pbkdf2::pbkdf2_hmac::<sha2::Sha256>(password, salt, *iterations, &mut derived),
                "SHA-384" => pbkdf2::pbkdf2_hmac::<sha2::Sha384>(password, salt, *iterations, &mut derived),
                _ => pbkdf2::pbkdf2_hmac::<sha2::Sha512>(password, salt, *iterations, &mut derived),
            }
            Outcome::Bytes(derived)
        }
        Operation::Generate(generated) => match generate(*generated, &mut random, number) {
            Outcome::Unsupported => in_software(operation, &mut random),
            outcome => outcome,
        },
        Operation::Random { number: question, length } => {
            let mut bytes = vec![0; *length];
            ChaCha20Rng::seed_from_u64(number.wrapping_mul(1000).wrapping_add(u64::from(*question)))
                .fill_bytes(&mut bytes);
            Outcome::Bytes(bytes)
        }
        _ => in_software(operation, &mut random),
    }
}

fn in_software(operation: &Operation, random: &mut ChaCha20Rng) -> Outcome {
    let mut seed = [0; 32];
    random.fill_bytes(&mut seed);
    software::operate(operation, &seed)
}

/// A private key of that kind, which the number decides.
pub fn key(generated: Generated, number: u64) -> PrivateKey {
    if let Generated::Octets(_) = generated {
        let Outcome::Bytes(bytes) = operate_with(&Operation::Generate(generated), number) else {
            unreachable!("secrets are only bytes")
        };
        return PrivateKey::shared(bytes);
    }
    let Outcome::Bytes(jwk) = operate_with(&Operation::Generate(generated), number) else {
        unreachable!("every kind of key is made: {generated:?}")
    };
    private_key(std::str::from_utf8(&jwk).unwrap())
}

/// A private JWK, read without the product's reader of private keys.
pub fn private_key(jwk: &str) -> PrivateKey {
    let document = tokenscope::json::read(jwk.as_bytes().to_vec());
    let text = |name: &str| document.string(name).unwrap_or_default().to_owned();
    let bytes = |name: &str| tokenscope::jose::base64url::decode(&text(name)).bytes;
    let number = |name: &str| bytes(name).into_iter().skip_while(|byte| *byte == 0).collect::<Vec<u8>>();
    let (public, private) = match text("kty").as_str() {
        "RSA" => (
            Material::Rsa { modulus: number("n"), exponent: number("e") },
            Private::Rsa {
                exponent: number("d"),
                first_prime: number("p"),
                second_prime: number("q"),
                first_exponent: number("dp"),
                second_exponent: number("dq"),
                coefficient: number("qi"),
            },
        ),
        "EC" => {
            (Material::EllipticCurve { curve: text("crv"), x: bytes("x"), y: bytes("y") }, Private::Number(bytes("d")))
        }
        "OKP" => (Material::OctetKeyPair { curve: text("crv"), x: bytes("x") }, Private::Number(bytes("d"))),
        "AKP" => (
            Material::AlgorithmKeyPair { algorithm: text("alg"), public: bytes("pub") },
            Private::Number(bytes("priv")),
        ),
        _ => (Material::Octets(bytes("k")), Private::Shared),
    };
    plain(public, private)
}

fn plain(public: Material, private: Private) -> PrivateKey {
    PrivateKey { kid: None, algorithm: None, public_key_use: None, key_operations: None, public, private }
}

fn refused() -> Outcome {
    Outcome::KeyRefused("DataError: no key of this kind".to_owned())
}

fn number_of(bytes: &[u8]) -> BigUint {
    BigUint::from_bytes_be(bytes)
}

fn rsa_private(key: &PrivateKey) -> Option<RsaPrivateKey> {
    let (
        Material::Rsa { modulus, exponent: public },
        Private::Rsa { exponent: private, first_prime, second_prime, .. },
    ) = (&key.public, &key.private)
    else {
        return None;
    };
    let primes = vec![number_of(first_prime), number_of(second_prime)];
    RsaPrivateKey::from_components(number_of(modulus), number_of(public), number_of(private), primes).ok()
}

fn oaep(hash: &str) -> Oaep {
    match hash {
        "SHA-1" => Oaep::new::<sha1_rsa::Sha1>(),
        "SHA-256" => Oaep::new::<rsa::sha2::Sha256>(),
        "SHA-384" => Oaep::new::<rsa::sha2::Sha384>(),
        _ => Oaep::new::<rsa::sha2::Sha512>(),
    }
}

fn sign(algorithm: &Algorithm, key: &PrivateKey, data: &[u8], random: &mut ChaCha20Rng) -> Outcome {
    macro_rules! by_hash {
        ($action:ident) => {
            match algorithm.hash {
                "SHA-256" => $action!(Sha256),
                "SHA-384" => $action!(Sha384),
                _ => $action!(Sha512),
            }
        };
    }
    if algorithm.kind == Kind::Hmac {
        let Material::Octets(secret) = &key.public else { return refused() };
        if secret.is_empty() {
            return refused();
        }
        macro_rules! authenticate {
            ($hash:ident) => {{
                let mut mac = Hmac::<sha2::$hash>::new_from_slice(secret).unwrap();
                mac.update(data);
                mac.finalize().into_bytes().to_vec()
            }};
        }
        return Outcome::Bytes(by_hash!(authenticate));
    }
    if matches!(algorithm.kind, Kind::RsaPkcs1 | Kind::RsaPss) {
        let Some(key) = rsa_private(key) else { return refused() };
        macro_rules! pkcs1 {
            ($hash:ident) => {
                pkcs1v15::SigningKey::<rsa::sha2::$hash>::new(key).try_sign(data).map(|signature| signature.to_vec())
            };
        }
        macro_rules! pss {
            ($hash:ident) => {
                pss::SigningKey::<rsa::sha2::$hash>::new_with_salt_len(key, algorithm.salt_length)
                    .try_sign_with_rng(random, data)
                    .map(|signature| signature.to_vec())
            };
        }
        let signature = if algorithm.kind == Kind::RsaPkcs1 { by_hash!(pkcs1) } else { by_hash!(pss) };
        return signature.map_or(Outcome::Failed, Outcome::Bytes);
    }
    let Private::Number(private) = &key.private else { return refused() };
    macro_rules! ecdsa {
        ($curve:ident) => {{
            use $curve::ecdsa::signature::Signer as _;
            let Ok(key) = $curve::ecdsa::SigningKey::from_slice(private) else { return refused() };
            let signature: $curve::ecdsa::Signature = key.sign(data);
            Outcome::Bytes(signature.to_bytes().to_vec())
        }};
    }
    match key.public.curve() {
        Some("P-256") => ecdsa!(p256),
        Some("P-384") => ecdsa!(p384),
        Some("P-521") => ecdsa!(p521),
        Some("Ed25519") => {
            use ed25519_dalek::Signer as _;
            let Ok(private) = private.as_slice().try_into() else { return refused() };
            Outcome::Bytes(ed25519_dalek::SigningKey::from_bytes(&private).sign(data).to_bytes().to_vec())
        }
        _ => Outcome::Unsupported,
    }
}

fn agree(key: &PrivateKey, with: &Material) -> Outcome {
    let Private::Number(private) = &key.private else { return refused() };
    if key.public.curve() != with.curve() {
        return refused();
    }
    macro_rules! agree {
        ($curve:ident, $x:expr, $y:expr) => {{
            let point = [&[4], $x.as_slice(), $y.as_slice()].concat();
            let public = $curve::PublicKey::from_sec1_bytes(&point).ok();
            let Some((public, key)) = public.zip($curve::SecretKey::from_slice(private).ok()) else { return refused() };
            let secret = $curve::ecdh::diffie_hellman(key.to_nonzero_scalar(), public.as_affine());
            Outcome::Bytes(secret.raw_secret_bytes().to_vec())
        }};
    }
    match with {
        Material::EllipticCurve { curve, x, y } => match curve.as_str() {
            "P-256" => agree!(p256, x, y),
            "P-384" => agree!(p384, x, y),
            "P-521" => agree!(p521, x, y),
            _ => Outcome::Unsupported,
        },
        Material::OctetKeyPair { curve, x } if curve == "X25519" => {
            let sized = |bytes: &[u8]| <[u8; 32]>::try_from(bytes).ok();
            let Some((private, x)) = sized(private).zip(sized(x)) else { return refused() };
            let secret = x25519_dalek::StaticSecret::from(private).diffie_hellman(&x.into());
            if secret.was_contributory() { Outcome::Bytes(secret.as_bytes().to_vec()) } else { refused() }
        }
        _ => Outcome::Unsupported,
    }
}

fn generate(generated: Generated, random: &mut ChaCha20Rng, number: u64) -> Outcome {
    let mut seed = [0; 66];
    random.fill_bytes(&mut seed);
    macro_rules! point {
        ($curve:ident, $length:literal) => {{
            // The order of P-521 has 521 bits, so its first byte is 0 or 1.
            let mut private = seed[..$length].to_vec();
            private[0] = 0;
            let key = $curve::ecdsa::SigningKey::from_slice(&private).unwrap();
            let point = key.verifying_key().to_sec1_point(false);
            let (x, y) = point.as_bytes()[1..].split_at($length);
            let curve = curve_name(generated).to_owned();
            let public = Material::EllipticCurve { curve, x: x.to_vec(), y: y.to_vec() };
            jwk(public, Private::Number(private))
        }};
    }
    let octets = |public: [u8; 32]| {
        let public = Material::OctetKeyPair { curve: curve_name(generated).to_owned(), x: public.to_vec() };
        jwk(public, Private::Number(seed[..32].to_vec()))
    };
    let seed_32: [u8; 32] = seed[..32].try_into().unwrap();
    match generated {
        Generated::Curve("P-256") => point!(p256, 32),
        Generated::Curve("P-384") => point!(p384, 48),
        Generated::Curve("P-521") => point!(p521, 66),
        Generated::Curve("Ed25519") => {
            octets(ed25519_dalek::SigningKey::from_bytes(&seed_32).verifying_key().to_bytes())
        }
        Generated::Curve("X25519") => {
            octets(x25519_dalek::PublicKey::from(&x25519_dalek::StaticSecret::from(seed_32)).to_bytes())
        }
        Generated::Rsa(bits) => {
            let key = rsa_key(bits, number);
            let bytes = |number: &BigUint| number.to_bytes_be();
            let public = Material::Rsa { modulus: bytes(key.n()), exponent: bytes(key.e()) };
            let [first, second] = key.primes() else { unreachable!("two primes") };
            let coefficient = key.crt_coefficient().unwrap();
            let private = Private::Rsa {
                exponent: bytes(key.d()),
                first_prime: bytes(first),
                second_prime: bytes(second),
                first_exponent: bytes(key.dp().unwrap()),
                second_exponent: bytes(key.dq().unwrap()),
                coefficient: bytes(&coefficient),
            };
            jwk(public, private)
        }
        Generated::Octets(length) => {
            let mut bytes = vec![0; length];
            random.fill_bytes(&mut bytes);
            Outcome::Bytes(bytes)
        }
        Generated::Curve(_) | Generated::AlgorithmKeyPair(_) => Outcome::Unsupported,
    }
}

fn curve_name(generated: Generated) -> &'static str {
    match generated {
        Generated::Curve(name) => name,
        _ => unreachable!("only curves have names"),
    }
}

fn jwk(public: Material, private: Private) -> Outcome {
    Outcome::Bytes(plain(public, private).jwk().into_bytes())
}

/// Making an RSA key takes a moment, so each is made once.
fn rsa_key(bits: u16, number: u64) -> RsaPrivateKey {
    static KEYS: Mutex<Vec<(u16, u64, RsaPrivateKey)>> = Mutex::new(Vec::new());
    let mut keys = KEYS.lock().unwrap();
    if let Some((_, _, key)) = keys.iter().find(|(size, which, _)| (*size, *which) == (bits, number)) {
        return key.clone();
    }
    let key = RsaPrivateKey::new(&mut ChaCha20Rng::seed_from_u64(number), usize::from(bits)).unwrap();
    keys.push((bits, number, key.clone()));
    key
}
