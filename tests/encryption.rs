//! Tokens that are encrypted here open here, and nowhere else than with the right key.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/jwe.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod jwe;
#[path = "support/primitives.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod primitives;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use tokenscope::crypto::operation::{Generated, Operation, Operations, Outcome};
use tokenscope::decryption::{Encrypted, Openers, Status};
use tokenscope::encryption::{Content, codes, encrypt, flattened, general};
use tokenscope::jose::base64url;
use tokenscope::jose::encryption::{
    AGREEMENT_CURVES, CONTENT_ENCRYPTIONS, ContentEncryption, KEY_MANAGEMENTS, KeyManagement, Kind,
};
use tokenscope::key::PrivateKey;
use tokenscope::report::KeySource;

/// The key of that number that such a token takes.
fn key_for(management: &KeyManagement, content: &ContentEncryption, number: u64) -> PrivateKey {
    primitives::key(
        match management.kind {
            Kind::Direct => Generated::Octets(content.key_length),
            Kind::Wrap | Kind::GcmWrap | Kind::Password => Generated::Octets(management.wrapping_length.unwrap()),
            Kind::RsaPkcs1 | Kind::RsaOaep => Generated::Rsa(2048),
            Kind::Agreement => Generated::Curve(AGREEMENT_CURVES[number as usize % AGREEMENT_CURVES.len()]),
        },
        number,
    )
}

fn header(management: &KeyManagement, content: &ContentEncryption, zip: bool) -> String {
    let zip = if zip { r#","zip":"DEF""# } else { "" };
    // Of the passwords only few rounds, so that the test is done today.
    let rounds = if management.kind == Kind::Password { r#","p2c":7"# } else { "" };
    format!(r#"{{ "enc":"{}",  "alg":"{}"{zip}{rounds} }}"#, content.name, management.name)
}

fn made(header: &str, plaintext: &[u8], key: &PrivateKey) -> String {
    let public = key.public_key(KeySource::Pasted);
    jwe::made(&Content { header, plaintext, key: public.as_ref(), secret: Some(key) }).unwrap()
}

/// Every pair of algorithms, with random contents, compressed or not, in every serialisation.
#[test]
fn what_is_encrypted_opens_again() {
    for (management, content) in
        KEY_MANAGEMENTS.iter().flat_map(|row| CONTENT_ENCRYPTIONS.iter().map(move |content| (row, content)))
    {
        let is_rsa = matches!(management.kind, Kind::RsaPkcs1 | Kind::RsaOaep);
        let mut runner = TestRunner::new(Config { failure_persistence: None, ..Config::with_cases(5) });
        let values = (prop::collection::vec(any::<u8>(), 0..200), any::<bool>(), 0..if is_rsa { 2u64 } else { 10 });
        let law = |(plaintext, zip, number): (Vec<u8>, bool, u64)| {
            let key = key_for(management, content, number);
            let header = header(management, content, zip);
            let token = made(&header, &plaintext, &key);
            let compact = jwe::compact(&token).expect("the compact serialisation, exactly");
            let read = |text: Option<String>| jwe::json(&serde_json::from_str(&text.unwrap()).unwrap());
            let forms = [compact, read(flattened(&token)), read(general(&token))];
            prop_assert_eq!(&forms[0], &forms[1]);
            prop_assert_eq!(&forms[0], &forms[2]);
            let decryption = jwe::opened_with(&forms[0], std::slice::from_ref(&key));
            prop_assert_eq!(decryption.status, Status::Decrypted, "{:?}", decryption);
            prop_assert_eq!(decryption.plaintext.as_deref(), Some(plaintext.as_slice()));
            // The header begins as it was given, up to its last member.
            let protected = base64url::decode(&forms[0].protected).bytes;
            prop_assert!(protected.starts_with(&header.as_bytes()[..header.len() - 2]));
            prop_assert!(protected.ends_with(&header.as_bytes()[header.len() - 2..]));
            let other = key_for(management, content, if is_rsa { 1 - number } else { number + 10 });
            let refused = jwe::opened_with(&forms[0], std::slice::from_ref(&other));
            prop_assert_eq!(refused.status, Status::Failed);
            prop_assert_eq!(refused.plaintext, None);
            Ok(())
        };
        runner.run(&values, law).unwrap_or_else(|error| panic!("{} {}: {error}", management.name, content.name));
    }
}

/// One bit of any part, and it does not open.
#[test]
fn no_damaged_token_opens() {
    for (index, management) in KEY_MANAGEMENTS.iter().enumerate() {
        let content = &CONTENT_ENCRYPTIONS[index % CONTENT_ENCRYPTIONS.len()];
        let key = key_for(management, content, 1);
        let token = made(&header(management, content, index % 3 == 0), b"the quick brown fox", &key);
        let whole = jwe::compact(&token).unwrap();
        let keys = [key];
        assert_eq!(jwe::opened_with(&whole, &keys).status, Status::Decrypted);
        // RSA takes a moment a time, so of its ciphertext every fifth byte.
        let step = if matches!(management.kind, Kind::RsaPkcs1 | Kind::RsaOaep) { 5 } else { 1 };
        type Part = fn(&mut Encrypted) -> &mut Vec<u8>;
        let parts: [(Part, usize); 4] = [
            (|token| &mut token.recipients[0].encrypted_key, step),
            (|token| &mut token.initialization_vector, step),
            (|token| &mut token.ciphertext, step),
            (|token| &mut token.tag, step),
        ];
        let mut damaged = Vec::new();
        for (part, step) in parts {
            for at in (0..part(&mut whole.clone()).len()).step_by(step) {
                let mut token = whole.clone();
                part(&mut token)[at] ^= 1 << (at % 8);
                damaged.push(token);
            }
            for change in
                [|bytes: &mut Vec<u8>| bytes.push(0), |bytes: &mut Vec<u8>| bytes.truncate(bytes.len().max(1) - 1)]
            {
                let mut token = whole.clone();
                change(part(&mut token));
                damaged.extend((token != whole).then_some(token));
            }
        }
        let protected = base64url::decode(&whole.protected).bytes;
        for at in (0..protected.len()).step_by(step) {
            let mut bytes = protected.clone();
            bytes[at] ^= 1 << (at % 8);
            damaged.push(Encrypted { protected: base64url::encode(&bytes), ..whole.clone() });
        }
        for text in [whole.protected.clone() + "=", whole.protected.clone() + "A", String::new()] {
            damaged.push(Encrypted { protected: text, ..whole.clone() });
        }
        damaged.push(Encrypted { additional: Some(String::new()), ..whole.clone() });
        for token in damaged {
            let decryption = jwe::opened_with(&token, &keys);
            assert_ne!(decryption.status, Status::Decrypted, "{}: {token:?}", management.name);
            assert_eq!(decryption.plaintext, None);
        }
    }
}

/// The header stays as it was written; what is made stands behind its last member.
#[test]
fn nothing_but_new_members_changes_the_header() {
    let content = ContentEncryption::named("A128GCM").unwrap();
    let check = |algorithm: &str, given: &str, begins: &str, ends: &str| {
        let key = key_for(KeyManagement::named(algorithm).unwrap(), content, 0);
        let given = given.replace("ALG", algorithm);
        let token = made(&given, b"{}", &key);
        let written = base64url::decode(token.split('.').next().unwrap()).bytes;
        let written = String::from_utf8(written).unwrap();
        assert!(written.starts_with(&begins.replace("ALG", algorithm)), "{written}");
        assert!(written.ends_with(ends), "{written}");
        if begins.is_empty() {
            assert_eq!(written, given);
        }
    };
    check("A128KW", "\t{\"alg\": \"ALG\",\n\"x\":1e2,\"enc\":\"A128GCM\"}\r\n", "", "");
    check(
        "ECDH-ES",
        "{\n  \"alg\":\"ALG\",\"enc\":\"A128GCM\"\n}\n",
        "{\n  \"alg\":\"ALG\",\"enc\":\"A128GCM\",\"epk\":{\"crv\":\"P-256\"",
        "\"}\n}\n",
    );
    check(
        "A256GCMKW",
        r#"{"alg":"ALG","enc":"A128GCM","é":[1]}"#,
        r#"{"alg":"ALG","enc":"A128GCM","é":[1],"iv":""#,
        r#""}"#,
    );
    let rounds = r#"{"alg":"ALG","enc":"A128GCM","p2c":9}"#;
    check("PBES2-HS256+A128KW", rounds, r#"{"alg":"ALG","enc":"A128GCM","p2c":9,"p2s":""#, r#""}"#);
    let both = r#"{"alg":"ALG","enc":"A128GCM","p2c":9,"p2s":"AAAAAAAAAAAA"}"#;
    check("PBES2-HS512+A256KW", both, "", "");
}

/// What cannot be encrypted so, and why.
#[test]
fn what_is_missing_or_does_not_fit_is_named() {
    let rsa = primitives::key(Generated::Rsa(2048), 0);
    let ed25519 = primitives::key(Generated::Curve("Ed25519"), 0);
    let short = PrivateKey::shared(vec![7; 15]);
    let none: Option<&PrivateKey> = None;
    for (header, key, secret, code) in [
        ("", none, none, "header"),
        ("[]", None, None, "header"),
        (r#"{"alg":"dir","enc":"A128GCM""#, None, None, "header"),
        (r#"{"enc":"A128GCM"}"#, None, None, "parameter-missing"),
        (r#"{"alg":"dir"}"#, None, None, "parameter-missing"),
        (r#"{"alg":"dir","enc":1}"#, None, None, "parameter-missing"),
        (r#"{"alg":"RS256","enc":"A128GCM"}"#, None, None, "name-unknown"),
        (r#"{"alg":"dir","enc":"a128gcm"}"#, None, None, "name-unknown"),
        (r#"{"alg":"dir","enc":"A128GCM","zip":"GZIP"}"#, None, None, "name-unknown"),
        (r#"{"alg":"dir","enc":"A128GCM"}"#, Some(&rsa), None, "secret-missing"),
        (r#"{"alg":"dir","enc":"A128GCM"}"#, None, Some(&rsa), "secret-missing"),
        (r#"{"alg":"dir","enc":"A128GCM"}"#, None, Some(&short), "secret-size"),
        (r#"{"alg":"A256KW","enc":"A128GCM"}"#, None, Some(&short), "secret-size"),
        (r#"{"alg":"RSA-OAEP","enc":"A128GCM"}"#, None, Some(&short), "key-missing"),
        (r#"{"alg":"RSA-OAEP","enc":"A128GCM"}"#, Some(&ed25519), None, "key-type"),
        (r#"{"alg":"ECDH-ES","enc":"A128GCM"}"#, Some(&ed25519), None, "key-type"),
        (r#"{"alg":"ECDH-ES","enc":"A128GCM"}"#, Some(&rsa), None, "key-type"),
        (r#"{"alg":"ECDH-ES","enc":"A128GCM","epk":{}}"#, Some(&rsa), None, "parameter-made"),
        (r#"{"alg":"A128GCMKW","enc":"A128GCM","tag":""}"#, None, Some(&short), "parameter-made"),
        (r#"{"alg":"ECDH-ES","enc":"A128GCM","apu":"?"}"#, Some(&rsa), None, "parameter-value"),
        (r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":0}"#, None, Some(&short), "parameter-value"),
        (r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2c":10000001}"#, None, Some(&short), "parameter-value"),
        (r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM","p2s":"AAAA"}"#, None, Some(&short), "parameter-value"),
        (r#"{"alg":"PBES2-HS256+A128KW","enc":"A128GCM"}"#, None, None, "password-missing"),
    ] {
        let key = key.and_then(|key: &PrivateKey| key.public_key(KeySource::Pasted));
        let finding = jwe::made(&Content { header, plaintext: b"", key: key.as_ref(), secret }).unwrap_err();
        assert_eq!(finding.code.0, format!("encryption.{code}"), "{header}");
    }
}

/// The same outcomes at hand, another content: AES-GCM must not meet one initialisation vector twice under one key.
#[test]
fn another_content_asks_for_other_randomness() {
    let secret = PrivateKey::shared(vec![7; 16]);
    let asked = |header: &str, plaintext: &[u8]| {
        let content = Content { header, plaintext, key: None, secret: Some(&secret) };
        let asks = encrypt(&content, &Operations::default()).unwrap().unwrap_err();
        asks.into_iter().filter(|ask| matches!(ask, Operation::Random { .. })).collect::<Vec<_>>()
    };
    let header = r#"{"alg":"dir","enc":"A128GCM"}"#;
    let first = asked(header, b"one");
    assert_eq!(first.len(), 1);
    assert!(first == asked(header, b"one"));
    assert!(first != asked(header, b"two"));
    assert!(first != asked(r#"{"alg":"dir","enc":"A128GCM" }"#, b"one"));
    let wrapped = asked(r#"{"alg":"A128GCMKW","enc":"A128GCM"}"#, b"one");
    assert_eq!(wrapped.len(), 3);
    assert!(wrapped.iter().enumerate().all(|(at, ask)| !wrapped[..at].contains(ask)));
}

#[test]
fn a_password_opens_what_it_encrypted() {
    let secret = PrivateKey::shared("Pa\u{df}wort".as_bytes().to_vec());
    let header = r#"{"alg":"PBES2-HS384+A192KW","enc":"A192CBC-HS384","p2c":1000}"#;
    let token = jwe::made(&Content { header, plaintext: b"{}", key: None, secret: Some(&secret) }).unwrap();
    let encrypted = jwe::compact(&token).unwrap();
    let opened =
        |password: &[u8]| jwe::opened(&encrypted, &Openers { keys: &[], password: Some(password), public: &[] });
    assert_eq!(opened("Pa\u{df}wort".as_bytes()).status, Status::Decrypted);
    assert_eq!(opened(b"Passwort").findings[0].code.0, "decryption.password-wrong");
}

/// Every code has its words, and every row a code.
#[test]
fn every_code_has_its_words() {
    let rows: serde_json::Value = serde_json::from_str(include_str!("../src/data/messages/encryption.json")).unwrap();
    let mut rows: Vec<&str> = rows.as_object().unwrap().keys().map(String::as_str).collect();
    let mut codes: Vec<&str> = codes().iter().map(|code| code.0).collect();
    rows.sort_unstable();
    codes.sort_unstable();
    assert_eq!(rows, codes);
}

/// With a point of small order everybody agrees on zero, and not everybody who carries an agreement out refuses it.
#[test]
fn nothing_is_encrypted_with_a_secret_of_zeros() {
    let jwk = format!(r#"{{"kty":"OKP","crv":"X25519","x":"{}"}}"#, base64url::encode(&[9; 32]));
    let key = tokenscope::key::read(&jwk, KeySource::Pasted).keys.remove(0);
    for (secret, is_made) in [(0, false), (1, true)] {
        let header = r#"{"alg":"ECDH-ES","enc":"A128GCM"}"#;
        let content = Content { header, plaintext: b"{}", key: Some(&key), secret: None };
        let mut operations = Operations::default();
        let outcome = loop {
            match encrypt(&content, &operations) {
                Ok(Err(asks)) => {
                    for ask in asks {
                        let outcome = match &ask {
                            Operation::Agree { .. } => Outcome::Bytes(vec![secret; 32]),
                            ask => primitives::operate(ask),
                        };
                        operations.answer(ask, outcome);
                    }
                }
                Ok(Ok(_)) => break true,
                Err(_) => break false,
            }
        };
        assert_eq!(outcome, is_made, "{secret}");
    }
}
