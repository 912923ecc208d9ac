//! Private keys in every form, against published keys and independent implementations.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use std::path::PathBuf;

use p256::elliptic_curve::sec1::ToSec1Point as _;
use proptest::prelude::*;
use rsa::pkcs1::EncodeRsaPrivateKey as _;
use rsa::pkcs8::{EncodePrivateKey as _, LineEnding};
use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
use tokenscope::finding::Code;
use tokenscope::jose::base64url;
use tokenscope::key::details::code;
use tokenscope::key::{self, Material, Private, PrivateKey, private};
use tokenscope::report::KeySource;

/// The text of a vector; `None`, and a line that says so, where the vectors are not installed.
fn vector(path: &str) -> Option<String> {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/vectors");
    let root = std::env::var_os("TOKENSCOPE_VECTORS").map_or_else(|| PathBuf::from(beside), PathBuf::from);
    match std::fs::read_to_string(root.join(path)) {
        Ok(text) => Some(text),
        Err(error) if std::env::var("CI").as_deref() == Ok("true") => panic!("{path}: {error}"),
        Err(_) => {
            println!("skipped: {path}");
            None
        }
    }
}

fn check(text: &str, descriptions: &[&str], findings: &[Code]) -> Vec<PrivateKey> {
    let reading = private::read(text);
    let keys: Vec<String> = reading.keys.iter().map(|key| key.public.description()).collect();
    assert_eq!(keys, descriptions, "{text}\n{:?}", reading.findings);
    let found: Vec<Code> = reading.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(found, findings, "{text}");
    reading.keys
}

fn pem(label: &str, der: &[u8]) -> String {
    let text = base64url::encode(der).replace('-', "+").replace('_', "/");
    let lines: Vec<&str> = text.as_bytes().chunks(64).map(|line| std::str::from_utf8(line).unwrap()).collect();
    let padding = "=".repeat((4 - text.len() % 4) % 4);
    format!("-----BEGIN {label}-----\n{}{padding}\n-----END {label}-----\n", lines.join("\n"))
}

fn hex(digits: &str) -> Vec<u8> {
    digits.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

/// One DER element.
fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let mut bytes = vec![tag];
    match length {
        0..=127 => bytes.push(length as u8),
        128..=255 => bytes.extend([0x81, length as u8]),
        _ => bytes.extend([0x82, (length >> 8) as u8, length as u8]),
    }
    bytes.extend(content);
    bytes
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
        let Some(text) = vector(path) else { continue };
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
        let (Some(public), Some(private)) = (vector(&path("-public.pem")), vector(&path("-private.pem"))) else {
            continue;
        };
        let public = key::read(&public, KeySource::Pasted).keys.remove(0);
        assert_eq!(private::read(&private).keys[0].public, public.material, "{name}");
    }
}

/// RFC 8032 §7.1 and §7.4, RFC 7748 §6.1 and §6.2.
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
        (
            0x6e,
            "77076d0a7318a57d3c16c17251b26645df4c7ad3b0f2d6d5d7d3a9f7c5d5b0e3",
            "",
        ),
        (
            0x6e,
            "77076d0a7318a57d3c16c17251b26645a42ad6f8b2ae0a9a2c1c8e4a3a1d1a4b",
            "",
        ),
        (
            0x6f,
            "9a8f4925d1519f5775cf46971028b71a6f9f8a5f8a1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c1c",
            "",
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
        assert!(public.is_empty() || *x == hex(public), "{private}");
    }
}
