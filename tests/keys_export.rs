//! What is written is read again as the same key, here and by others.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use p256::pkcs8::DecodePublicKey as _;
use proptest::prelude::*;
use rsa::pkcs8::DecodePrivateKey as _;
use tokenscope::key::{self, Key, Material, Private, PrivateKey, export, private};
use tokenscope::report::KeySource;

const RSA: &str = include_str!("keys/rsa-pkcs8-private.pem");

/// Private keys of every type, from a seed.
fn keys(seed: u8) -> Vec<PrivateKey> {
    let curve = |name: &str, length: usize| {
        // Below the order of every curve.
        let mut number = vec![seed.max(1); length];
        number[0] = 0;
        let text = format!(
            r#"{{"kty":"OKP","crv":"{name}","d":"{}","x":"{}"}}"#,
            tokenscope::jose::base64url::encode(&number),
            tokenscope::jose::base64url::encode(&vec![9; length])
        );
        private::read(&text).keys.remove(0)
    };
    let mut keys = private::read(RSA).keys;
    keys.extend(
        [("Ed25519", 32), ("Ed448", 57), ("X25519", 32), ("X448", 56)].map(|(name, length)| curve(name, length)),
    );
    let point = key::read(include_str!("keys/ec-public.pem"), KeySource::Pasted).keys.remove(0).material;
    keys.push(labelled(point, Private::Number(vec![seed.max(1); 32])));
    let akp = Material::AlgorithmKeyPair { algorithm: "ML-DSA-44".to_owned(), public: vec![seed; 1312] };
    keys.push(labelled(akp, Private::Number(vec![seed; 32])));
    keys.push(PrivateKey::shared(vec![seed; 32]));
    for (number, key) in keys.iter_mut().enumerate() {
        key.kid = Some(format!("key \"{number}\""));
        key.public_key_use = Some("sig".to_owned());
        if let Material::AlgorithmKeyPair { algorithm, .. } = &key.public {
            key.algorithm = Some(algorithm.clone());
        }
    }
    keys
}

fn labelled(public: Material, private: Private) -> PrivateKey {
    PrivateKey { kid: None, algorithm: None, public_key_use: None, key_operations: None, public, private }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read_again(seed: u8) {
        let keys = keys(seed);
        for key in &keys {
            let read = private::read(&export::private_jwk(key)).keys;
            prop_assert!(read == [key.clone()], "{:?}", key);
            serde_json::from_str::<serde_json::Value>(&export::private_jwk(key)).unwrap();
            let Some(public) = key.public_key(KeySource::Pasted) else { panic!() };
            let Some(jwk) = export::public_jwk(&public) else {
                prop_assert!(matches!(key.public, Material::Octets(_)));
                continue;
            };
            let read = key::read(&jwk, KeySource::Pasted).keys;
            prop_assert_eq!(read.as_slice(), std::slice::from_ref(&public));
            prop_assert!(!jwk.contains("\"d\"") && !jwk.contains("\"priv\"") && !jwk.contains("\"p\""));
            let pem = export::public_pem(&key.public).unwrap();
            let read = key::read(&pem, KeySource::Pasted);
            prop_assert_eq!(&read.keys[0].material, &key.public);
            prop_assert!(read.findings.iter().all(|finding| finding.code == key::code::CURVE_UNSUPPORTED), "{:?}", read.findings);
            let pem = export::private_pem(key).unwrap();
            let read = private::read(&pem).keys.remove(0);
            prop_assert!(read.private == key.private);
        }
        let set = export::private_set(&keys);
        prop_assert!(private::read(&set).keys == keys);
        let public: Vec<Key> = keys.iter().filter_map(|key| key.public_key(KeySource::JwksUrl)).collect();
        let read = key::read(&export::public_set(&public), KeySource::JwksUrl).keys;
        // A secret is in no public set.
        prop_assert_eq!(&read[..], &public[..public.len() - 1]);
    }
}

#[test]
fn an_empty_set_is_a_set() {
    let sets = [export::public_set(&[]), export::private_set(&[])];
    for set in sets {
        assert_eq!(serde_json::from_str::<serde_json::Value>(&set).unwrap(), serde_json::json!({ "keys": [] }));
    }
}

#[test]
fn others_read_the_pem() {
    let keys = private::read(RSA).keys;
    let theirs = rsa::RsaPrivateKey::from_pkcs8_pem(&export::private_pem(&keys[0]).unwrap()).unwrap();
    assert_eq!(theirs, rsa::RsaPrivateKey::from_pkcs8_pem(RSA).unwrap());
    let text = include_str!("keys/ec-public.pem");
    let material = key::read(text, KeySource::Pasted).keys.remove(0).material;
    // Byte for byte what OpenSSL wrote.
    assert_eq!(export::public_pem(&material).unwrap(), text);
    assert!(p256::PublicKey::from_public_key_pem(&export::public_pem(&material).unwrap()).is_ok());
    let text = include_str!("keys/ed25519-private.pem");
    assert_eq!(export::private_pem(&private::read(text).keys[0]).unwrap(), text);
    let text = include_str!("keys/ec-pkcs8-private.pem");
    assert_eq!(export::private_pem(&private::read(text).keys[0]).unwrap(), text);
    assert_eq!(export::private_pem(&keys[0]).unwrap(), RSA);
}
