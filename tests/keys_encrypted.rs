//! Private keys under a password. All were made by OpenSSL and OpenSSH of the same made-up key and password, for these
//! tests.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

#[path = "support/keys.rs"]
mod support;

use hmac::digest::block_api::EagerHash;
use hmac::{Hmac, KeyInit, Mac};
use support::{hex, inside};
use tokenscope::crypto::operation::{Operation, Operations, Outcome};
use tokenscope::finding::{Code, Finding};
use tokenscope::jose::base64url;
use tokenscope::key::details::code;
use tokenscope::key::{encrypted, private};
use tokenscope::report::KeySource;
use tokenscope::{json, key};

const PASSWORD: &str = "made up password";
const OPENED: &str = include_str!("keys/encrypted-opened.pem");

/// PBKDF2 (RFC 8018 §5.2), of keys that one or two blocks give.
fn derive(hash: &str, password: &[u8], salt: &[u8], iterations: u32, length: usize) -> Vec<u8> {
    fn block<D: EagerHash>(password: &[u8], salt: &[u8], iterations: u32, number: u32) -> Vec<u8>
    where
        Hmac<D>: Mac + KeyInit,
    {
        let mac = |data: &[u8]| {
            let mut mac = <Hmac<D> as KeyInit>::new_from_slice(password).unwrap();
            mac.update(data);
            mac.finalize().into_bytes().to_vec()
        };
        let mut last = mac(&[salt, &number.to_be_bytes()].concat());
        let mut sum = last.clone();
        for _ in 1..iterations {
            last = mac(&last);
            sum.iter_mut().zip(&last).for_each(|(sum, last)| *sum ^= last);
        }
        sum
    }
    let block = match hash {
        "SHA-1" => block::<sha1::Sha1>,
        "SHA-256" => block::<sha2::Sha256>,
        "SHA-384" => block::<sha2::Sha384>,
        "SHA-512" => block::<sha2::Sha512>,
        other => panic!("{other}"),
    };
    let mut octets = Vec::new();
    for number in 1.. {
        octets.extend(block(password, salt, iterations, number));
        if octets.len() >= length {
            break;
        }
    }
    octets.truncate(length);
    octets
}

/// What the password gives, and what decrypting with it gives: the key when the derived key is the right one.
fn carry_out(operation: &Operation, expected: &[u8]) -> Outcome {
    match operation {
        Operation::Derive { hash, password, salt, iterations, length } => {
            Outcome::Bytes(derive(hash, password, salt, *iterations, *length))
        }
        Operation::CbcDecrypt { key, initialization_vector, data } => {
            assert_eq!((initialization_vector.len(), data.len() % 16), (16, 0));
            if key == expected { Outcome::Bytes(inside(OPENED)) } else { Outcome::Failed }
        }
        other => panic!("{other:?}"),
    }
}

fn check(text: &str, password: &str, expected: &[u8], opens: bool, findings: &[Code]) {
    assert!(encrypted::is_encrypted(text), "{text}");
    let mut operations = Operations::default();
    for _ in 0..4 {
        let (opened, asked, found) = encrypted::open(text, password, &operations);
        if asked.is_empty() {
            assert_eq!(opened.is_some(), opens, "{text}");
            assert_eq!(found.iter().map(|finding| finding.code).collect::<Vec<_>>(), findings, "{text}");
            if let Some(opened) = opened {
                assert!(private::read(&opened).keys == private::read(OPENED).keys);
            }
            return;
        }
        for operation in asked {
            let outcome = carry_out(&operation, expected);
            operations.answer(operation, outcome);
        }
    }
    panic!("asks without end: {text}");
}

#[test]
fn the_right_password_opens_and_a_wrong_one_is_said() {
    // The keys as Python's `cryptography` derives them.
    for (text, key) in [
        (include_str!("keys/encrypted-aes128-sha1.pem"), "8e9fa554eb79ad56b38f1e7e97c15c16"),
        (include_str!("keys/encrypted-aes192-sha384.pem"), "8c096c1a991a65090c8ff172c1f72477a758c34c856a3945"),
        (
            include_str!("keys/encrypted-aes256-sha256.pem"),
            "a8c0ac7e8f2c659c341a3656d59c14da17a6c1ab45f65693571e9cab581a392a",
        ),
        (
            include_str!("keys/encrypted-aes256-sha512.pem"),
            "07d897b4c33616c53733002ab3e6c101adbc58adb7b1eaf01c472970c7afd29c",
        ),
    ] {
        check(text, PASSWORD, &hex(key), true, &[]);
        check(text, "another", &hex(key), false, &[code::PASSWORD_WRONG]);
        check(text, "", &hex(key), false, &[code::PASSWORD_MISSING]);
    }
}

/// The text with its keys opened, once everything that it takes was carried out.
fn unlocked(text: &str, password: &str, expected: &[u8]) -> (Option<String>, Vec<(Code, String)>) {
    let mut operations = Operations::default();
    loop {
        let (unlocked, asked, found) = encrypted::unlock(text, password, &operations);
        if asked.is_empty() {
            let name = |finding: &Finding| finding.fact_text("key").unwrap_or_default().to_owned();
            return (unlocked, found.iter().map(|finding| (finding.code, name(finding))).collect());
        }
        for operation in asked {
            let outcome = carry_out(&operation, expected);
            operations.answer(operation, outcome);
        }
    }
}

#[test]
fn what_is_opened_is_read_in_the_form_that_it_stood_in() {
    let pem = include_str!("keys/encrypted-aes256-sha256.pem");
    let key = hex("a8c0ac7e8f2c659c341a3656d59c14da17a6c1ab45f65693571e9cab581a392a");
    let (text, findings) = unlocked(pem, PASSWORD, &key);
    assert_eq!(findings, []);
    assert!(private::read(&text.unwrap()).keys == private::read(OPENED).keys);
    assert_eq!(unlocked(pem, "another", &key), (None, vec![(code::PASSWORD_WRONG, "#1".to_owned())]));

    let json = format!(" {{ \"a\": {}, \"b\" :{} }}", json::quoted(pem), json::quoted(OPENED));
    let (text, findings) = unlocked(&json, PASSWORD, &key);
    assert_eq!(findings, []);
    let names: Vec<_> = key::read(&text.unwrap(), KeySource::Pasted).keys.into_iter().map(|key| key.kid).collect();
    assert_eq!(names, [Some("a".to_owned()), Some("b".to_owned())]);
    assert_eq!(unlocked(&json, "another", &key), (None, vec![(code::PASSWORD_WRONG, "a".to_owned())]));
    assert_eq!(unlocked(r#"{"keys":[]}"#, PASSWORD, &key), (None, Vec::new()));
}

#[test]
fn what_is_not_carried_out_is_named() {
    for (text, finding) in [
        (include_str!("keys/encrypted-triple-des.pem"), code::ENCRYPTED_UNSUPPORTED),
        (include_str!("keys/encrypted-scrypt.pem"), code::ENCRYPTED_UNSUPPORTED),
        (include_str!("keys/encrypted-pkcs12.pem"), code::ENCRYPTED_UNSUPPORTED),
        (include_str!("keys/encrypted-traditional-private.pem"), code::ENCRYPTED_TRADITIONAL),
        (include_str!("keys/encrypted-openssh.pem"), code::ENCRYPTED_SSH),
    ] {
        check(text, PASSWORD, &[], false, &[finding]);
    }
    let (_, _, findings) =
        encrypted::open(include_str!("keys/encrypted-triple-des.pem"), PASSWORD, &Operations::default());
    assert_eq!(findings[0].fact_text("algorithm"), Some("Triple DES"));
}

#[test]
fn a_text_without_encrypted_keys_gives_nothing() {
    for text in ["", "hello", OPENED, r#"{"keys":[]}"#] {
        assert!(!encrypted::is_encrypted(text));
        let (opened, asked, findings) = encrypted::open(text, PASSWORD, &Operations::default());
        assert!(opened.is_none() && asked.is_empty() && findings.is_empty(), "{text}");
    }
}

#[test]
fn damage_is_said_and_never_takes_long() {
    let text = include_str!("keys/encrypted-aes256-sha256.pem");
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    let bytes = base64url::decode_standard(&body).bytes;
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flip;
            let text = base64url::encode(&damaged);
            let (_, asked, _) = encrypted::open(&text, PASSWORD, &Operations::default());
            for operation in asked {
                let Operation::Derive { iterations, length, .. } = operation else { panic!() };
                assert!(iterations <= 10_000_000 && length <= 32);
            }
        }
    }
}
