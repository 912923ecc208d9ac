//! Private keys in every form, against published keys and independent implementations.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

#[path = "support/keys.rs"]
mod support;
#[path = "support/vectors.rs"]
mod vectors;

use p256::elliptic_curve::sec1::ToSec1Point as _;
use proptest::prelude::*;
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::pkcs8::{EncodePrivateKey as _, LineEnding};
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use support::{element, hex, pem};
use tokenscope::finding::Code;
use tokenscope::jose::base64url;
use tokenscope::key::details::code;
use tokenscope::key::{self, Material, Private, PrivateKey, private};
use tokenscope::report::KeySource;

fn check(text: &str, descriptions: &[&str], findings: &[Code]) -> Vec<PrivateKey> {
    let reading = private::read(text);
    let keys: Vec<String> = reading.keys.iter().map(|key| key.public.description()).collect();
    assert_eq!(keys, descriptions, "{text}\n{:?}", reading.findings);
    let found: Vec<Code> = reading.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(found, findings, "{text}");
    reading.keys
}

/// PKCS #8 of that algorithm around a private key.
fn pkcs8(algorithm: &[u8], private: &[u8]) -> String {
    let content = [element(2, &[0]), element(0x30, algorithm), element(4, private)].concat();
    pem("PRIVATE KEY", &element(0x30, &content))
}

/// SEC 1 without the public half.
fn sec1(curve: &[u8], number: &[u8]) -> String {
    let content = [element(2, &[1]), element(4, number), element(0xa0, &element(6, curve))].concat();
    pem("EC PRIVATE KEY", &element(0x30, &content))
}

const P256: &[u8] = b"\x2a\x86\x48\xce\x3d\x03\x01\x07";
const P384: &[u8] = b"\x2b\x81\x04\x00\x22";
const P521: &[u8] = b"\x2b\x81\x04\x00\x23";

#[test]
fn published_private_keys_are_read_with_both_halves() {
    for (path, descriptions) in [
        ("latchset-vectors/tests/vectors/rfc7515_A.2.jwk", &["RSA 2048"][..]),
        ("latchset-vectors/tests/vectors/rfc7515_A.3.jwk", &["EC P-256"]),
        ("latchset-vectors/tests/vectors/rfc7515_A.4.jwk", &["EC P-521"]),
        ("latchset-vectors/tests/vectors/rfc7515_A.6.jwkset", &["RSA 2048", "EC P-256"]),
        ("latchset-vectors/tests/vectors/rfc7517_A.1.jwkset", &[]),
        ("latchset-vectors/tests/vectors/rfc7517_A.2.jwkset", &["EC P-256", "RSA 2048"]),
        ("latchset-vectors/tests/vectors/rfc7517_A.3.jwkset", &["secret, 16 bytes", "secret, 64 bytes"]),
        ("latchset-vectors/tests/vectors/rfc7520_3.4.jwk", &["RSA 2048"]),
        ("joserfc-fixtures/tests/keys/ec-p256-private.pem", &["EC P-256"]),
        ("joserfc-fixtures/tests/keys/ec-p384-private.pem", &["EC P-384"]),
        ("joserfc-fixtures/tests/keys/ec-p512-private.pem", &["EC P-521"]),
        ("joserfc-fixtures/tests/keys/ec-secp256k1-private.pem", &["EC secp256k1"]),
        ("joserfc-fixtures/tests/keys/rsa-openssl-private.pem", &["RSA 4096"]),
        ("joserfc-fixtures/tests/keys/okp-ed448-private.pem", &["OKP Ed448"]),
        ("joserfc-fixtures/tests/keys/okp-ed25519-private.json", &["OKP Ed25519"]),
        ("joserfc-fixtures/tests/keys/okp-x25519-alice.json", &["OKP X25519"]),
        ("joserfc-fixtures/tests/keys/rsa-openssl-public.pem", &[]),
        ("joserfc-fixtures/tests/keys/firebase-cert.pem", &[]),
    ] {
        let Some(text) = vectors::text(path) else { continue };
        let reading = private::read(&text);
        let keys: Vec<String> = reading.keys.iter().map(|key| key.public.description()).collect();
        assert_eq!(keys, descriptions, "{path}: {:?}", reading.findings);
        let warnings = reading.findings.iter().filter(|finding| finding.code != key::code::CURVE_UNSUPPORTED);
        assert_eq!(warnings.count(), 0, "{path}: {:?}", reading.findings);
    }
}

#[test]
fn the_public_half_of_a_pasted_pem_is_the_one_that_was_published() {
    for name in ["ec-p256", "ec-p384", "ec-p512", "ec-secp256k1", "okp-ed448", "rsa-openssl"] {
        let path = |half: &str| ["joserfc-fixtures/tests/keys/", name, half].concat();
        let (Some(public), Some(private)) = (vectors::text(&path("-public.pem")), vectors::text(&path("-private.pem")))
        else {
            continue;
        };
        let public = key::read(&public, KeySource::Pasted).keys.remove(0);
        assert_eq!(private::read(&private).keys[0].public, public.material, "{name}");
    }
}

/// RFC 8032 §7.1 and §7.4, and keys of OpenSSL.
#[test]
fn keys_of_one_coordinate_have_the_public_halves_of_the_standards() {
    for (identifier, private, public) in [
        (
            0x70,
            "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
            "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        ),
        (
            0x71,
            "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b",
            "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180",
        ),
        // Made by OpenSSL.
        (
            0x6e,
            "78c3290526f112db6a5913eb5904147331c01cd78b043b4efa4ddff3af837c4a",
            "ab984907136e6de81c77a55b30eb8573e02e0d0c508daa90680d7e1db7bed023",
        ),
        (
            0x6f,
            "6053cd0c43798acf1d2901a460741d488c727c8888013b55fa5a7f5f016ee737dcb87461c28584edd896a5228d9266a9038a84284e8a32eb",
            "4d1e5f35c99d23dfed1babfda69aa02e99c356d1018229bb10d32684b29e2800b8bc88715555762b2c33f94209bca9af2dd159c34788df3b",
        ),
    ] {
        let key = check(
            &pkcs8(&element(6, &[0x2b, 0x65, identifier]), &element(4, &hex(private))),
            &[match identifier {
                0x70 => "OKP Ed25519",
                0x71 => "OKP Ed448",
                0x6e => "OKP X25519",
                _ => "OKP X448",
            }],
            &[],
        );
        let Material::OctetKeyPair { x, .. } = &key[0].public else { panic!() };
        assert_eq!(*x, hex(public), "{private}");
    }
}

#[test]
fn numbers_of_ec_keys_give_the_points_that_others_compute() {
    macro_rules! compare {
        ($library:ident, $identifier:expr, $length:expr) => {
            for seed in 1..=8_u8 {
                let mut number = [seed; $length];
                // Below the order of the curve; the last round has leading zeros.
                number[0] = if seed == 1 { 1 } else { 0 };
                let theirs = $library::SecretKey::from_slice(&number).unwrap().public_key();
                let point = theirs.to_sec1_point(false);
                for text in [
                    sec1($identifier, &number),
                    sec1($identifier, &number[number.iter().take_while(|octet| **octet == 0).count()..]),
                ] {
                    let reading = private::read(&text);
                    let Material::EllipticCurve { x, y, .. } = &reading.keys[0].public else { panic!() };
                    assert_eq!((x.as_slice(), y.as_slice()), (&point.x().unwrap()[..], &point.y().unwrap()[..]));
                    assert!(reading.keys[0].private == Private::Number(number.to_vec()));
                }
            }
        };
    }
    compare!(p256, P256, 32);
    compare!(p384, P384, 48);
    compare!(p521, P521, 66);
}

#[test]
fn numbers_that_a_curve_does_not_have_are_refused() {
    for number in [vec![0; 32], vec![0xff; 32], vec![1; 33]] {
        check(&sec1(P256, &number), &[], &[code::PRIVATE_BROKEN]);
    }
}

#[test]
fn halves_of_two_keys_are_said() {
    let one = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
        "y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0","d":"jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"}"#;
    check(one, &["EC P-256"], &[]);
    check(&one.replace("jps", "kps"), &["EC P-256"], &[code::PRIVATE_MISMATCH]);
}

fn rsa_key() -> rsa::RsaPrivateKey {
    use rand_chacha::rand_core::SeedableRng as _;
    rsa::RsaPrivateKey::new(&mut rand_chacha::ChaCha20Rng::seed_from_u64(6), 1024).unwrap()
}

#[test]
fn an_rsa_key_is_completed_whatever_is_left_of_it() {
    let key = rsa_key();
    let number = |number: &rsa::BigUint| base64url::encode(&number.to_bytes_be());
    let public = format!(r#""kty":"RSA","n":"{}","e":"{}""#, number(key.n()), number(key.e()));
    // `d` modulo `φ(n)`, and the smaller one modulo `λ(n)`.
    let one = rsa::BigUint::from(1_u8);
    let orders: Vec<rsa::BigUint> = key.primes().iter().map(|prime| prime - &one).collect();
    let totient = &orders[0] * &orders[1];
    let (mut a, mut b) = (orders[0].clone(), orders[1].clone());
    while b != rsa::BigUint::from(0_u8) {
        (a, b) = (b.clone(), a % b);
    }
    let smaller = key.d() % (totient / a);
    let primes = format!(r#""p":"{}","q":"{}""#, number(&key.primes()[0]), number(&key.primes()[1]));
    let whole = check(&key.to_pkcs8_pem(LineEnding::LF).unwrap(), &["RSA 1024"], &[]);
    for (text, private) in [
        (key.to_pkcs1_pem(LineEnding::LF).unwrap().to_string(), key.d()),
        (format!(r#"{{{public},"d":"{}",{primes}}}"#, number(key.d())), key.d()),
        (format!(r#"{{{public},"d":"{}"}}"#, number(key.d())), key.d()),
        (format!(r#"{{{public},"d":"{}"}}"#, number(&smaller)), &smaller),
    ] {
        let read = check(&text, &["RSA 1024"], &[]);
        assert_eq!(read[0].public, whole[0].public);
        let Private::Rsa { exponent, first_prime, second_prime, coefficient, .. } = &read[0].private else { panic!() };
        assert_eq!(*exponent, private.to_bytes_be());
        let (p, q) = (rsa::BigUint::from_bytes_be(first_prime), rsa::BigUint::from_bytes_be(second_prime));
        assert_eq!(&p * &q, *key.n());
        assert_eq!(rsa::BigUint::from_bytes_be(coefficient) * q % p, one);
    }
    let broken = format!(r#"{{{public},"d":"{}"}}"#, number(&(key.d() + &one)));
    check(&broken, &[], &[code::PRIVATE_BROKEN]);
    check(&format!(r#"{{{public},"d":"AQAB","oth":[]}}"#), &[], &[code::PRIVATE_PRIMES]);
}

#[test]
fn seeds_of_ml_dsa_are_read() {
    let identifier = element(6, b"\x60\x86\x48\x01\x65\x03\x04\x03\x12");
    let both = element(0x30, &[element(4, &[7; 32]), element(4, &[1; 4032])].concat());
    for private in [element(0x80, &[7; 32]), both] {
        let key = check(&pkcs8(&identifier, &private), &["AKP ML-DSA-65"], &[code::PRIVATE_SEED]);
        assert!(key[0].private == Private::Number(vec![7; 32]));
    }
    check(&pkcs8(&identifier, &element(4, &[1; 4032])), &[], &[code::PRIVATE_EXPANDED]);
    for name in ["44", "65", "87"] {
        let Some(text) = vectors::text(&format!("ml-dsa-jose/ML_DSA_{name}.jose.json")) else { continue };
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let jwk = document["jwk"].to_string();
        let read = check(&jwk, &[&format!("AKP ML-DSA-{name}")], &[]);
        assert!(matches!(&read[0].private, Private::Number(seed) if seed.len() == 32));
        assert_eq!(key::read(&jwk, KeySource::Pasted).keys[0].material, read[0].public);
    }
}

#[test]
fn labels_are_kept() {
    let key = r#"{"kty":"oct","k":"AQAB","kid":"a","alg":"HS256","use":"sig","key_ops":["sign","verify"]}"#;
    let key = check(key, &["secret, 3 bytes"], &[]).remove(0);
    assert_eq!((key.kid.as_deref(), key.algorithm.as_deref()), (Some("a"), Some("HS256")));
    assert_eq!((key.public_key_use.as_deref(), key.key_operations.unwrap().len()), (Some("sig"), 2));
}

proptest! {
    /// Whatever is damaged, nothing panics, and what comes out is no other private key.
    #[test]
    fn damage_makes_no_other_key(at in 0_usize..1200, octet: u8) {
        let mut text = rsa_pem().into_bytes();
        let at = at % text.len();
        text[at] = octet;
        for key in private::read(&String::from_utf8_lossy(&text)).keys {
            let Material::Rsa { modulus, .. } = &key.public else { panic!() };
            let Private::Rsa { first_prime, second_prime, .. } = &key.private else { panic!() };
            let product = rsa::BigUint::from_bytes_be(first_prime) * rsa::BigUint::from_bytes_be(second_prime);
            prop_assert_eq!(product.to_bytes_be(), modulus.clone());
        }
    }
}

fn rsa_pem() -> String {
    static PEM: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    PEM.get_or_init(|| rsa_key().to_pkcs8_pem(LineEnding::LF).unwrap().to_string()).clone()
}

#[test]
fn the_own_format_of_openssh_is_read() {
    let text = |name: &str| {
        let path = format!("{}/tests/corpus/keys/ssh-private-{name}.txt", env!("CARGO_MANIFEST_DIR"));
        std::fs::read_to_string(path).unwrap().split_once("---\n").unwrap().1.to_owned()
    };
    for (name, description) in [("rsa", "RSA 2048"), ("ecdsa", "EC P-256"), ("ed25519", "OKP Ed25519")] {
        // A half that did not belong to the other would be a finding.
        let read = check(&text(name), &[description], &[]);
        assert_eq!(read[0].public, key::read(&text(name), KeySource::Pasted).keys[0].material);
    }
    check(&text("encrypted"), &[], &[code::ENCRYPTED_SSH]);
}
