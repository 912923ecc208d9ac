//! What is said of encrypted tokens: which step fails, and why; and that no input stops the page.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/jwe.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod jwe;
#[path = "support/primitives.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod primitives;

use std::collections::BTreeSet;
use std::rc::Rc;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use miniz_oxide::deflate::core::{
    CompressorOxide, TDEFLFlush, TDEFLStatus, compress, create_comp_flags_from_zip_params,
};
use proptest::prelude::*;
use tokenscope::crypto::operation::{Generated, Operation, Operations, Outcome};
use tokenscope::decryption::{Decryption, Encrypted, Openers, Recipient, Status, Step, code, decrypt};
use tokenscope::encryption::Content;
use tokenscope::finding::{Finding, Severity};
use tokenscope::jose::base64url;
use tokenscope::key::{Key, Material, PrivateKey};
use tokenscope::report::KeySource;

fn rsa(number: u64) -> PrivateKey {
    primitives::key(Generated::Rsa(2048), number)
}

fn curve(name: &'static str, number: u64) -> PrivateKey {
    primitives::key(Generated::Curve(name), number)
}

fn secret(length: usize, byte: u8) -> PrivateKey {
    PrivateKey::shared(vec![byte; length])
}

fn public(key: &PrivateKey) -> Key {
    key.public_key(KeySource::Pasted).unwrap()
}

fn token(header: &str, key: &PrivateKey) -> Encrypted {
    let public = public(key);
    let content = Content { header, plaintext: b"{\"sub\":\"1\"}", key: Some(&public), secret: Some(key) };
    jwe::compact(&jwe::made(&content).unwrap()).unwrap()
}

/// A token that was never encrypted, with parts of the right lengths for A128GCM.
fn hollow(header: &str) -> Encrypted {
    Encrypted {
        protected: base64url::encode(header.as_bytes()),
        recipients: vec![Recipient::default()],
        initialization_vector: vec![0; 12],
        ciphertext: vec![0; 16],
        tag: vec![0; 16],
        ..Encrypted::default()
    }
}

fn with_key(mut encrypted: Encrypted, length: usize) -> Encrypted {
    encrypted.recipients[0].encrypted_key = vec![0; length];
    encrypted
}

/// The codes that the tests here met.
static MET: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

fn met(decryption: &Decryption) {
    MET.lock().unwrap().extend(decryption.findings.iter().map(|finding| finding.code.0));
}

fn check(encrypted: &Encrypted, openers: &Openers<'_>, expected: (Status, Step, &str)) -> Decryption {
    let decryption = jwe::opened(encrypted, openers);
    met(&decryption);
    let (status, step, code) = expected;
    let header = String::from_utf8(base64url::decode(&encrypted.protected).bytes).unwrap_or_default();
    assert_eq!((decryption.status, decryption.step), (status, Some(step)), "{code} {header}: {decryption:?}");
    let is_told = |finding: &Finding| finding.code.0 == format!("decryption.{code}");
    assert!(code.is_empty() || decryption.findings.iter().any(is_told), "{code} {header}: {decryption:?}");
    let rejected = decryption.findings.iter().any(|finding| finding.severity == Severity::Error);
    assert_eq!(rejected, status == Status::Failed && !code.is_empty(), "{code} {header}: {decryption:?}");
    assert_eq!(decryption.plaintext, None);
    decryption
}

const NOTHING: Openers<'static> = Openers { keys: &[], password: None, public: &[] };

/// What no key can open: it is said without any.
#[test]
fn what_is_wrong_with_a_header_is_named() {
    let failed = |header: &str, code: &str| {
        check(&hollow(header), &NOTHING, (Status::Failed, Step::Header, code));
    };
    let unsupported = |header: &str, step: Step, code: &str| {
        check(&hollow(header), &NOTHING, (Status::Unsupported, step, code));
    };
    // What reading a compact token has said is not said again.
    failed("{", "");
    failed("[]", "");
    failed(r#"{"enc":"A128GCM"}"#, "");
    failed(r#"{"alg":1,"enc":"A128GCM"}"#, "");
    failed(r#"{"alg":"dir"}"#, "parameter-missing");
    failed(r#"{"alg":"dir","enc":null}"#, "parameter-type");
    failed(r#"{"alg":"RS256","enc":"A128GCM"}"#, "algorithm-signs");
    failed(r#"{"alg":"none","enc":"A128GCM"}"#, "algorithm-signs");
    failed(r#"{"alg":"dir","enc":"A128GCM","crit":["exp"],"exp":1}"#, "critical");
    failed(r#"{"alg":"dir","enc":"A128GCM","crit":[]}"#, "critical");
    failed(r#"{"alg":"dir","enc":"A128GCM","crit":"exp"}"#, "critical");
    failed(r#"{"alg":"dir","enc":"A128GCM","crit":["b64"],"b64":true}"#, "critical");
    failed(r#"{"alg":"dir","enc":"A128GCM","zip":1}"#, "parameter-type");
    failed(r#"{"alg":"A128GCMKW","enc":"A128GCM"}"#, "parameter-missing");
    failed(r#"{"alg":"A128GCMKW","enc":"A128GCM","iv":"AAAAAAAAAAAAAAAA"}"#, "parameter-missing");
    failed(r#"{"alg":"A128GCMKW","enc":"A128GCM","iv":"AAAAAAAAAAAAAAA"}"#, "parameter-length");
    failed(r#"{"alg":"A128GCMKW","enc":"A128GCM","iv":"AAAAAAAAAAAAAAA="}"#, "parameter-base64url");
    failed(r#"{"alg":"A128GCMKW","enc":"A128GCM","iv":"AAAAAAAAAAAAAAAA","tag":"AAAA"}"#, "parameter-length");
    failed(r#"{"alg":"ECDH-ES","enc":"A128GCM"}"#, "parameter-missing");
    failed(r#"{"alg":"ECDH-ES","enc":"A128GCM","epk":"x"}"#, "parameter-type");
    failed(r#"{"alg":"ECDH-ES","enc":"A128GCM","epk":{}}"#, "ephemeral-key");
    failed(r#"{"alg":"ECDH-ES","enc":"A128GCM","epk":{"kty":"OKP","crv":"P-256","x":"AAAA"}}"#, "ephemeral-key");
    failed(
        r#"{"alg":"ECDH-ES","enc":"A128GCM","epk":{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}}"#,
        "ephemeral-key",
    );
    let x25519 = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
    let agreed = format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM","epk":{{"kty":"OKP","crv":"X25519","x":"{x25519}"}}"#);
    failed(&(agreed.clone() + r#","apu":"A"}"#), "parameter-base64url");
    failed(&(agreed.clone() + r#","apv":7}"#), "parameter-type");
    unsupported(
        r#"{"alg":"ECDH-ES","enc":"A128GCM","epk":{"kty":"EC","crv":"secp256k1"}}"#,
        Step::Header,
        "curve-unknown",
    );
    let pbes2 = r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM""#;
    failed(&format!(r#"{pbes2},"p2c":1000}}"#), "parameter-missing");
    failed(&format!(r#"{pbes2},"p2s":"AAAAAAAAAA","p2c":1000}}"#), "salt-short");
    failed(&format!(r#"{pbes2},"p2s":"AAAAAAAAAAA"}}"#), "parameter-missing");
    for (count, code) in [("\"1\"", "parameter-type"), ("0", "iterations"), ("-5", "iterations"), ("1e3", "iterations")]
    {
        failed(&format!(r#"{pbes2},"p2s":"AAAAAAAAAAA","p2c":{count}}}"#), code);
    }
    for count in ["10000001", "4294967296", "99999999999999999999999999"] {
        unsupported(&format!(r#"{pbes2},"p2s":"AAAAAAAAAAA","p2c":{count}}}"#), Step::Key, "iterations-refused");
    }
    unsupported(r#"{"alg":"ECDH-1PU","enc":"A128GCM"}"#, Step::Header, "algorithm-unknown");
    unsupported(r#"{"alg":"DIR","enc":"A128GCM"}"#, Step::Header, "algorithm-unknown");
    unsupported(r#"{"alg":"dir","enc":"A128gcm"}"#, Step::Header, "encryption-unknown");
    unsupported(r#"{"alg":"dir","enc":"A128GCM","zip":"def"}"#, Step::Header, "compression-unknown");
}

#[test]
fn what_is_wrong_with_a_part_is_named() {
    let dir = r#"{"alg":"dir","enc":"A128GCM"}"#;
    let wrap = r#"{"alg":"A128KW","enc":"A128GCM"}"#;
    let failed = |encrypted: Encrypted, step: Step, code: &str| {
        check(&encrypted, &NOTHING, (Status::Failed, step, code));
    };
    failed(with_key(hollow(dir), 1), Step::Key, "encrypted-key-surplus");
    failed(hollow(wrap), Step::Key, "encrypted-key-missing");
    failed(with_key(hollow(wrap), 25), Step::Key, "part-length");
    failed(Encrypted { tag: vec![0; 15], ..hollow(dir) }, Step::Tag, "part-length");
    failed(Encrypted { initialization_vector: vec![0; 16], ..hollow(dir) }, Step::Tag, "part-length");
    for length in [0, 15, 17] {
        let cbc = hollow(r#"{"alg":"dir","enc":"A128CBC-HS256"}"#);
        let cbc = Encrypted { initialization_vector: vec![0; 16], ciphertext: vec![0; length], ..cbc };
        failed(cbc, Step::Tag, "ciphertext-blocks");
    }
    failed(Encrypted { additional: Some("A".to_owned()), ..hollow(dir) }, Step::Header, "parameter-base64url");
    failed(Encrypted { recipients: Vec::new(), ..hollow(dir) }, Step::Header, "no-recipient");
}

/// The three headers are one.
#[test]
fn a_parameter_stands_in_one_of_the_headers() {
    let json = |protected: &str, unprotected: &str, own: &str| Encrypted {
        unprotected: Some(unprotected.as_bytes().to_vec()),
        recipients: vec![Recipient { header: Some(own.as_bytes().to_vec()), encrypted_key: Vec::new() }],
        ..hollow(protected)
    };
    let failed = |encrypted: Encrypted, code: &str| {
        check(&encrypted, &NOTHING, (Status::Failed, Step::Header, code));
    };
    let dir = r#"{"alg":"dir"}"#;
    let enc = r#"{"enc":"A128GCM"}"#;
    check(&json(dir, enc, "{}"), &NOTHING, (Status::NoKey, Step::Key, "no-secret"));
    check(&json("", dir, enc), &NOTHING, (Status::NoKey, Step::Key, "no-secret"));
    failed(json(dir, enc, dir), "parameter-repeated");
    failed(json(enc, enc, dir), "parameter-repeated");
    failed(json(r#"{"x":1}"#, dir, r#"{"x":1,"enc":"A128GCM"}"#), "parameter-repeated");
    failed(json(dir, "[]", enc), "header-type");
    failed(json(dir, enc, "7"), "header-type");
    failed(json("{", enc, dir), "header-unreadable");
    failed(json("", enc, "{}"), "parameter-missing");
    failed(json(dir, enc, r#"{"zip":"DEF"}"#), "parameter-unprotected");
    failed(json(dir, enc, r#"{"crit":["exp"]}"#), "parameter-unprotected");
}

#[test]
fn what_is_missing_is_named_by_what_it_takes() {
    let dir = hollow(r#"{"alg":"dir","enc":"A128GCM"}"#);
    let oaep = with_key(hollow(r#"{"alg":"RSA-OAEP-256","enc":"A128GCM"}"#), 256);
    let agreed = token(r#"{"alg":"ECDH-ES","enc":"A128GCM"}"#, &curve("P-256", 1));
    let password = token(r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":1}"#, &secret(9, b'x'));
    let no_key = |encrypted: &Encrypted, keys: &[PrivateKey], public: &[Key], code: &str| {
        check(encrypted, &Openers { keys, password: None, public }, (Status::NoKey, Step::Key, code));
    };
    no_key(&dir, &[], &[], "no-secret");
    no_key(&dir, &[rsa(0)], &[], "no-secret");
    no_key(&dir, &[secret(15, 0)], &[], "other-size");
    no_key(&password, &[], &[], "no-password");
    no_key(&oaep, &[], &[], "no-private-key");
    no_key(&oaep, &[curve("P-256", 0)], &[], "no-private-key");
    no_key(&oaep, &[secret(32, 0)], &[], "secret-for-private-key");
    no_key(&oaep, &[], &[public(&rsa(0))], "public-half");
    no_key(
        &oaep,
        &[PrivateKey { public_key_use: Some("sig".to_owned()), ..rsa(0) }],
        &[public(&rsa(0))],
        "no-private-key",
    );
    no_key(&agreed, &[], &[public(&curve("P-256", 0))], "public-half");
    no_key(&agreed, &[], &[public(&curve("P-384", 0))], "no-private-key");
    no_key(&agreed, &[curve("P-384", 0)], &[], "no-private-key");
    let openers = Openers { keys: &[], password: Some(b"secret"), public: &[] };
    check(&oaep, &openers, (Status::NoKey, Step::Key, "secret-for-private-key"));
}

#[test]
fn the_step_that_fails_is_named() {
    let failed = |encrypted: &Encrypted, key: PrivateKey, step: Step, code: &str| {
        let openers = Openers { keys: &[key], password: None, public: &[] };
        check(encrypted, &openers, (Status::Failed, step, code));
    };
    let wrapped = token(r#"{"alg":"A128KW","enc":"A128GCM"}"#, &secret(16, 1));
    failed(&wrapped, secret(16, 2), Step::Key, "secret-wrong");
    let wrapped = token(r#"{"alg":"A256GCMKW","enc":"A256GCM"}"#, &secret(32, 1));
    failed(&wrapped, secret(32, 2), Step::Key, "secret-wrong");
    for algorithm in ["RSA1_5", "RSA-OAEP", "RSA-OAEP-512"] {
        let header = format!(r#"{{"alg":"{algorithm}","enc":"A128CBC-HS256"}}"#);
        failed(&token(&header, &rsa(0)), rsa(1), Step::Key, "private-key-wrong");
    }
    let other = token(r#"{"alg":"RSA-OAEP-256","enc":"A128GCM"}"#, &rsa(0));
    let renamed = |header: &str, encrypted: &Encrypted| Encrypted {
        protected: base64url::encode(header.as_bytes()),
        ..encrypted.clone()
    };
    failed(&renamed(r#"{"alg":"RSA-OAEP","enc":"A128GCM"}"#, &other), rsa(0), Step::Key, "private-key-wrong");
    failed(&renamed(r#"{"alg":"RSA-OAEP-256","enc":"A256GCM"}"#, &other), rsa(0), Step::Key, "content-key-length");
    failed(&with_key(other.clone(), 255), rsa(0), Step::Key, "encrypted-key-length");
    failed(&renamed(r#"{"alg":"RSA-OAEP-256","enc":"A128GCM" }"#, &other), rsa(0), Step::Tag, "altered");
    let agreed = token(r#"{"alg":"ECDH-ES+A256KW","enc":"A128GCM"}"#, &curve("X25519", 1));
    failed(&agreed, curve("X25519", 2), Step::Key, "agreed-key-wrong");
    let agreed = token(r#"{"alg":"ECDH-ES","enc":"A256CBC-HS512"}"#, &curve("P-521", 1));
    failed(&agreed, curve("P-521", 2), Step::Tag, "tag-wrong");
    for enc in ["A192GCM", "A192CBC-HS384"] {
        let length = if enc == "A192GCM" { 24 } else { 48 };
        let direct = token(&format!(r#"{{"alg":"dir","enc":"{enc}"}}"#), &secret(length, 1));
        failed(&direct, secret(length, 2), Step::Tag, "tag-wrong");
    }
    let zipped = with_zip(b"no deflated text");
    failed(&zipped, secret(16, 1), Step::Inflate, "inflate-failed");
    failed(&with_zip(b""), secret(16, 1), Step::Inflate, "inflate-failed");
    // Zero is what comes from a point of small order; and these coordinates are on no curve.
    let zero = base64url::encode(&[0; 32]);
    let epk = format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM","epk":{{"kty":"OKP","crv":"X25519","x":"{zero}"}}}}"#);
    failed(&hollow(&epk), curve("X25519", 1), Step::Key, "agreement-refused");
    let one = base64url::encode(&[[0; 31].as_slice(), &[1]].concat());
    let epk =
        format!(r#"{{"alg":"ECDH-ES","enc":"A128GCM","epk":{{"kty":"EC","crv":"P-256","x":"{one}","y":"{one}"}}}}"#);
    failed(&hollow(&epk), curve("P-256", 1), Step::Key, "agreement-refused");
}

/// The tag is compared before anything is decrypted: who forges a token with AES-CBC learns nothing of padding.
#[test]
fn no_ciphertext_is_decrypted_before_its_tag_is_right() {
    let keys = [secret(32, 1)];
    let openers = Openers { keys: &keys, ..NOTHING };
    let mut encrypted = token(r#"{"alg":"dir","enc":"A128CBC-HS256"}"#, &keys[0]);
    let (_, asks) = decrypt(&encrypted, &openers, &Operations::default());
    assert!(matches!(asks.as_slice(), [Operation::CbcDecrypt { .. }]));
    // With the right tag and a padding that is none, the step is the same one.
    let mut operations = Operations::default();
    operations.answer(asks[0].clone(), Outcome::Failed);
    let (decryption, _) = decrypt(&encrypted, &openers, &operations);
    assert_eq!((decryption.step, decryption.findings[0].code), (Some(Step::Tag), code::PADDING_WRONG));
    met(&decryption);
    encrypted.tag[0] ^= 1;
    let (decryption, asks) = decrypt(&encrypted, &openers, &Operations::default());
    assert_eq!((decryption.status, asks.len()), (Status::Failed, 0));
}

/// What neither the browser nor the page has is no fault of the token.
#[test]
fn what_cannot_be_done_rejects_nothing() {
    let keys = [secret(16, 1)];
    let openers = Openers { keys: &keys, ..NOTHING };
    let encrypted = token(r#"{"alg":"A128KW","enc":"A128GCM"}"#, &keys[0]);
    let (_, asks) = decrypt(&encrypted, &openers, &Operations::default());
    for (outcome, code) in [
        (Outcome::Unsupported, code::UNSUPPORTED),
        (Outcome::Unavailable, code::UNAVAILABLE),
        (Outcome::KeyRefused("DataError".to_owned()), code::KEY_REFUSED),
    ] {
        let mut operations = Operations::default();
        operations.answer(asks[0].clone(), outcome);
        let (decryption, more) = decrypt(&encrypted, &openers, &operations);
        assert_eq!((decryption.status, decryption.step, more.len()), (Status::Unsupported, Some(Step::Key), 0));
        assert_eq!((decryption.findings[0].code, decryption.findings[0].severity), (code, Severity::Info));
        met(&decryption);
    }
}

/// Labels decide before numbers do, and a name is only a hint.
#[test]
fn a_key_is_used_for_what_it_is_labelled_for() {
    let header = r#"{"alg":"A128KW","enc":"A128GCM","kid":"right"}"#;
    let encrypted = token(header, &secret(16, 1));
    let labelled = |kid: &str, label: fn(&mut PrivateKey), byte: u8| {
        let mut key = PrivateKey { kid: Some(kid.to_owned()), ..secret(16, byte) };
        label(&mut key);
        key
    };
    let opens = |keys: &[PrivateKey]| jwe::opened_with(&encrypted, keys).status;
    assert_eq!(opens(&[secret(16, 1)]), Status::Decrypted);
    assert_eq!(opens(&[labelled("other", |_| {}, 1)]), Status::Decrypted);
    assert_eq!(opens(&[labelled("other", |_| {}, 1), labelled("right", |_| {}, 2)]), Status::Failed);
    assert_eq!(opens(&[labelled("other", |_| {}, 2), labelled("right", |_| {}, 1)]), Status::Decrypted);
    assert_eq!(opens(&[secret(16, 1), labelled("right", |_| {}, 2)]), Status::Decrypted);
    for wrong in [
        (|key| key.algorithm = Some("A128GCMKW".to_owned())) as fn(&mut PrivateKey),
        |key| key.algorithm = Some("A128GCM".to_owned()),
        |key| key.public_key_use = Some("sig".to_owned()),
        |key| key.key_operations = Some(vec!["verify".to_owned()]),
        |key| key.key_operations = Some(Vec::new()),
    ] {
        assert_eq!(opens(&[labelled("right", wrong, 1)]), Status::NoKey);
    }
    for right in [
        (|key| key.algorithm = Some("A128KW".to_owned())) as fn(&mut PrivateKey),
        |key| key.public_key_use = Some("enc".to_owned()),
        |key| key.key_operations = Some(vec!["wrapKey".to_owned(), "unwrapKey".to_owned()]),
    ] {
        assert_eq!(opens(&[labelled("right", right, 1)]), Status::Decrypted);
    }
}

/// Several recipients: each has its own result, and one that opens it is enough.
#[test]
fn every_recipient_has_its_own_result() {
    // The content key of the first is wrapped for the others as well.
    let (first, second) = (secret(16, 1), secret(32, 2));
    let protected = r#"{"enc":"A128GCM"}"#;
    let content_key = vec![9; 16];
    let bytes = |operation| match primitives::operate(&operation) {
        Outcome::Bytes(bytes) => bytes,
        other => panic!("{other:?}"),
    };
    let wrap = |key: &PrivateKey| {
        let Material::Octets(key) = key.public.clone() else { unreachable!() };
        bytes(Operation::KeyWrap { key, data: content_key.clone() })
    };
    let recipient = |header: &str, encrypted_key| Recipient { header: Some(header.as_bytes().to_vec()), encrypted_key };
    let mut ciphertext = bytes(Operation::GcmEncrypt {
        key: content_key.clone(),
        initialization_vector: vec![0; 12],
        additional: base64url::encode(protected.as_bytes()).into_bytes(),
        data: Rc::from(b"for all".as_slice()),
    });
    let tag = ciphertext.split_off(7);
    let encrypted = Encrypted {
        recipients: vec![
            recipient(r#"{"alg":"A128KW","kid":"one"}"#, wrap(&first)),
            recipient(r#"{"alg":"A256KW","kid":"two"}"#, wrap(&second)),
            recipient(r#"{"alg":"A256KW","enc":"A128GCM"}"#, wrap(&second)),
            recipient(r#"{"alg":"A256KW","kid":"four"}"#, wrap(&secret(32, 3))),
        ],
        ciphertext,
        tag,
        ..hollow(protected)
    };
    let statuses = |keys: &[PrivateKey]| {
        let decryption = jwe::opened_with(&encrypted, keys);
        met(&decryption);
        assert_eq!(decryption.plaintext.is_some(), decryption.status == Status::Decrypted);
        assert_eq!(decryption.recipients[1].kid.as_deref(), Some("two"));
        let is_error = |finding: &Finding| finding.severity == Severity::Error;
        assert_eq!(decryption.findings.iter().any(is_error), decryption.status == Status::Failed, "{decryption:?}");
        (decryption.status, decryption.recipients.iter().map(|tried| tried.status).collect::<Vec<_>>())
    };
    use Status::{Decrypted, Failed, NoKey};
    assert_eq!(statuses(&[]), (Failed, vec![NoKey, NoKey, Failed, NoKey]));
    assert_eq!(statuses(std::slice::from_ref(&first)), (Decrypted, vec![Decrypted, NoKey, Failed, NoKey]));
    assert_eq!(statuses(&[first, second.clone()]), (Decrypted, vec![Decrypted, Decrypted, Failed, Failed]));
    // A key with the name of another recipient is that one's.
    let named = PrivateKey { kid: Some("two".to_owned()), ..second };
    assert_eq!(statuses(&[named]), (Decrypted, vec![NoKey, Decrypted, Failed, NoKey]));
}

/// A token with `zip`, whose content is these bytes.
fn with_zip(bytes: &[u8]) -> Encrypted {
    let protected = base64url::encode(br#"{"alg":"dir","enc":"A128GCM","zip":"DEF"}"#);
    let operation = Operation::GcmEncrypt {
        key: vec![1; 16],
        initialization_vector: vec![0; 12],
        additional: protected.clone().into_bytes(),
        data: Rc::from(bytes),
    };
    let Outcome::Bytes(mut ciphertext) = primitives::operate(&operation) else { panic!("it encrypts") };
    let tag = ciphertext.split_off(bytes.len());
    Encrypted { protected, ciphertext, tag, ..hollow("") }
}

/// So many megabytes of zeros, deflated.
fn deflated(megabytes: usize) -> Vec<u8> {
    let mut compressor = CompressorOxide::new(create_comp_flags_from_zip_params(9, 0, 0));
    let mut block = vec![0; 1 << 16];
    let (status, _, length) = compress(&mut compressor, &vec![0; 1 << 20], &mut block, TDEFLFlush::Full);
    assert!(status == TDEFLStatus::Okay && length < block.len());
    // A full flush ends at a byte and looks back at nothing, so that blocks can be repeated. The last one is empty.
    [block[..length].repeat(megabytes), vec![3, 0]].concat()
}

/// 8 MiB are inflated and not a byte more, whatever it would become.
#[test]
fn a_bomb_is_not_inflated() {
    let keys = [secret(16, 1)];
    let openers = Openers { keys: &keys, ..NOTHING };
    // What AES-GCM gives is answered without it, which nobody has optimised here.
    let encrypted = with_zip(b"a bomb");
    let (_, asks) = decrypt(&encrypted, &openers, &Operations::default());
    let opened = |bytes: Vec<u8>| {
        let mut operations = Operations::default();
        operations.answer(asks[0].clone(), Outcome::Bytes(bytes));
        let start = Instant::now();
        let (decryption, more) = decrypt(&encrypted, &openers, &operations);
        assert!(more.is_empty());
        assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
        met(&decryption);
        decryption
    };
    assert_eq!(opened(deflated(8)).plaintext.map(|plaintext| plaintext.len()), Some(8 << 20));
    for megabytes in [9, 4096] {
        let bomb = deflated(megabytes);
        let before = most_memory();
        let decryption = opened(bomb);
        assert_eq!((decryption.status, decryption.step), (Status::Unsupported, Some(Step::Inflate)));
        assert_eq!(decryption.findings[0].code, code::INFLATE_BOUND);
        assert_eq!((decryption.findings[0].severity, decryption.plaintext), (Severity::Warning, None));
        if let (Some(before), Some(after)) = (before, most_memory()) {
            assert!(after - before < 128 << 10, "{before} KB before, {after} KB at the most");
        }
    }
}

/// The most memory that this process ever had, in KB.
fn most_memory() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// A thousand keys, a thousand recipients, a header of hundreds of kilobytes: bounded, and said.
#[test]
fn work_on_hostile_tokens_is_bounded() {
    let quick = |encrypted: &Encrypted, keys: &[PrivateKey], code: &str| {
        let start = Instant::now();
        let openers = Openers { keys, ..NOTHING };
        let (decryption, asks) = decrypt(encrypted, &openers, &Operations::default());
        met(&decryption);
        assert!(asks.len() <= 64, "{}", asks.len());
        assert!(decryption.findings.iter().any(|finding| finding.code.0 == code), "{code}: {decryption:?}");
        assert!(start.elapsed() < Duration::from_secs(3), "{code}: {:?}", start.elapsed());
    };
    let keys: Vec<PrivateKey> =
        (0..1000_u32).map(|number| PrivateKey::shared([number.to_be_bytes(); 4].concat())).collect();
    quick(&hollow(r#"{"alg":"dir","enc":"A128GCM"}"#), &keys, "decryption.too-many-tries");
    let recipient = Recipient { header: Some(br#"{"alg":"A128KW"}"#.to_vec()), encrypted_key: vec![0; 24] };
    let many = Encrypted { recipients: vec![recipient; 1000], ..hollow(r#"{"enc":"A128GCM"}"#) };
    quick(&many, &keys, "decryption.too-many-recipients");
    let long: String = (0..20_000).map(|number| format!(r#","m{number}":{number}"#)).collect();
    let long = format!(r#"{{"enc":"A128GCM"{long}}}"#);
    let many = Encrypted { unprotected: Some(long.clone().into_bytes()), ..many };
    quick(&Encrypted { protected: base64url::encode(b"{}"), ..many.clone() }, &keys, "decryption.too-many-recipients");
    quick(&Encrypted { protected: base64url::encode(long.as_bytes()), ..many }, &keys, "decryption.parameter-repeated");
    // Eight megabytes, of which the tag of every one of a thousand keys would be computed.
    let keys: Vec<PrivateKey> =
        (0..1000_u32).map(|number| PrivateKey::shared([number.to_be_bytes(); 8].concat())).collect();
    let large = hollow(r#"{"alg":"dir","enc":"A128CBC-HS256"}"#);
    let large = Encrypted { initialization_vector: vec![0; 16], ciphertext: vec![0; 8 << 20], ..large };
    quick(&large, &keys, "decryption.too-many-tries");
}

prop_compose! {
    /// Anything, of which a part is what a header has.
    fn anything()(
        protected in prop_oneof![any::<String>(), member().prop_map(|text| base64url::encode(text.as_bytes()))],
        unprotected in prop::option::of(member()),
        recipients in prop::collection::vec((prop::option::of(member()), prop::collection::vec(any::<u8>(), 0..50)), 0..3),
        parts in prop::array::uniform3(prop_oneof![
            prop::collection::vec(any::<u8>(), 0..40),
            prop::sample::select(vec![vec![0; 12], vec![0; 16], vec![0; 24], vec![0; 32]]),
        ]),
        additional in prop::option::of(any::<String>()),
    ) -> Encrypted {
        let [initialization_vector, ciphertext, tag] = parts;
        let unprotected = unprotected.map(String::into_bytes);
        let recipients = recipients.into_iter().map(|(header, encrypted_key)| Recipient {
            header: header.map(String::into_bytes),
            encrypted_key,
        }).collect();
        Encrypted { protected, unprotected, recipients, initialization_vector, ciphertext, tag, additional }
    }
}

fn member() -> impl Strategy<Value = String> {
    let algorithm = prop::sample::select(
        tokenscope::jose::encryption::KEY_MANAGEMENTS.iter().map(|row| row.name).chain(["x"]).collect::<Vec<_>>(),
    );
    let content = prop::sample::select(
        tokenscope::jose::encryption::CONTENT_ENCRYPTIONS.iter().map(|row| row.name).chain(["y"]).collect::<Vec<_>>(),
    );
    let value = prop_oneof![
        Just("\"AAAAAAAAAAAAAAAA\"".to_owned()),
        Just("\"AAAAAAAAAAAAAAAAAAAAAA\"".to_owned()),
        Just("2".to_owned()),
        Just("[{}]".to_owned()),
        Just(r#"{"kty":"OKP","crv":"X25519","x":"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"}"#.to_owned()),
        "[ -~]{0,4}".prop_map(|text| text),
    ];
    let name = prop::sample::select(vec!["zip", "crit", "kid", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c"]);
    let others = prop::collection::vec((name, value), 0..5);
    (prop::option::of(algorithm), prop::option::of(content), others).prop_map(|(algorithm, content, others)| {
        let algorithm = algorithm.map(|name| format!(r#""alg":"{name}""#));
        let content = content.map(|name| format!(r#""enc":"{name}""#));
        let others = others.into_iter().map(|(name, value)| format!(r#""{name}":{value}"#));
        let members: Vec<String> = algorithm.into_iter().chain(content).chain(others).collect();
        format!("{{{}}}", members.join(","))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(3000) })]

    /// Nothing panics, nothing opens that was not encrypted, and every refusal has a step.
    #[test]
    fn no_input_stops_it(encrypted in anything()) {
        let keys = [secret(16, 0), secret(32, 0), rsa(0), curve("X25519", 0), curve("P-256", 0)];
        let openers = Openers { keys: &keys, password: Some(b""), public: &[] };
        let decryption = jwe::opened(&encrypted, &openers);
        prop_assert_ne!(decryption.status, Status::Decrypted);
        prop_assert_ne!(decryption.status, Status::Waiting);
        prop_assert!(decryption.step.is_some());
        prop_assert_eq!(decryption.recipients.len(), encrypted.recipients.len());
    }
}

/// Every finding is met by a test of this file.
#[test]
fn every_finding_is_met() {
    what_is_wrong_with_a_header_is_named();
    what_is_wrong_with_a_part_is_named();
    a_parameter_stands_in_one_of_the_headers();
    what_is_missing_is_named_by_what_it_takes();
    the_step_that_fails_is_named();
    no_ciphertext_is_decrypted_before_its_tag_is_right();
    what_cannot_be_done_rejects_nothing();
    every_recipient_has_its_own_result();
    a_bomb_is_not_inflated();
    work_on_hostile_tokens_is_bounded();
    let password = token(r#"{"alg":"PBES2-HS512+A256KW","enc":"A128GCM","p2c":1}"#, &secret(9, b'x'));
    let openers = Openers { keys: &[], password: Some(b"another"), public: &[] };
    check(&password, &openers, (Status::Failed, Step::Key, "password-wrong"));
    let met = MET.lock().unwrap();
    let missing: Vec<_> = code::ALL.iter().filter(|code| !met.contains(code.0)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
