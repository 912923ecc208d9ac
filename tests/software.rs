//! What browsers lack: vectors of the standards, and laws that hold for every operation.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;
#[path = "support/vectors.rs"]
mod vectors;

use std::rc::Rc;

use oracle::{Signer, primitives};
use tokenscope::crypto::operation::{Generated, Operation, Outcome, RsaPadding};
use tokenscope::crypto::{Plan, Verification, software};
use tokenscope::inspect::Options;
use tokenscope::jose::algorithm::{ALGORITHMS, Algorithm, Kind};
use tokenscope::jose::base64url;
use tokenscope::key::{Material, Private, PrivateKey};
use tokenscope::report::SignatureStatus;
use tokenscope::time::Time;
use tokenscope::why::Choices;

const NOW: Time = Time::from_seconds(1_795_183_392);
const SEED: [u8; 32] = [7; 32];

fn vector(path: &str) -> Option<serde_json::Value> {
    vectors::text(path).map(|text| serde_json::from_str(&text).unwrap())
}

fn hex(text: &str) -> Vec<u8> {
    let text: Vec<u8> = text.bytes().filter(|byte| !byte.is_ascii_whitespace()).collect();
    text.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
}

fn named(name: &str) -> &'static Algorithm {
    Algorithm::named(name).unwrap()
}

fn key(public: Material, private: Private) -> PrivateKey {
    PrivateKey { kid: None, algorithm: None, public_key_use: None, key_operations: None, public, private }
}

/// From the token and the key as they are pasted to the verdict.
#[test]
fn tokens_of_every_rarer_algorithm_are_verified() {
    for (algorithm, own) in [
        ("ES256K", "ES256K"),
        ("Ed448", "Ed448"),
        ("EdDSA", "Ed448"),
        ("ML-DSA-44", "ML-DSA-44"),
        ("ML-DSA-65", "ML-DSA-65"),
        ("ML-DSA-87", "ML-DSA-87"),
    ] {
        let signer = Signer::of(own, 1);
        let token = oracle::token(&format!(r#"{{"alg":"{algorithm}"}}"#), r#"{"exp":1795190000}"#, &signer);
        for (key, expected) in [(1, SignatureStatus::Valid), (2, SignatureStatus::Invalid)] {
            let options = Options { keys: Signer::of(own, key).jwk(""), ..Options::default() };
            let explained = oracle::explained(&token, &options, &Choices::default(), NOW);
            assert_eq!(explained.report.tokens[0].signature.status, expected, "{algorithm}");
        }
    }
}

mod signatures {
    use super::*;

    /// Holds that a signature is good, and that it is no longer when a bit of it, of the data or of the key is another.
    fn check(algorithm: &'static Algorithm, key: &Material, data: &[u8], signature: &[u8]) {
        let plan = Plan { algorithm, key: key.clone(), data: Rc::from(data), signature: Rc::from(signature) };
        assert_eq!(software::verify(&plan), Verification::Valid, "{}", algorithm.name);
        let bits = signature.len() * 8;
        for bit in (0..bits).step_by(bits / 23).chain([bits - 1]) {
            let mut other = plan.clone();
            Rc::make_mut(&mut other.signature)[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(software::verify(&other), Verification::Invalid, "{}: bit {bit}", algorithm.name);
        }
        let mut other = plan.clone();
        other.data = [data, b" "].concat().into();
        assert_eq!(software::verify(&other), Verification::Invalid, "{}", algorithm.name);
        for length in [0, 1, signature.len() - 1] {
            let mut other = plan.clone();
            other.signature = Rc::from(&signature[..length]);
            assert_eq!(software::verify(&other), Verification::Invalid, "{}: {length} bytes", algorithm.name);
        }
        let mut other = plan.clone();
        match &mut other.key {
            Material::EllipticCurve { x: bytes, .. }
            | Material::OctetKeyPair { x: bytes, .. }
            | Material::AlgorithmKeyPair { public: bytes, .. } => bytes[5] ^= 4,
            Material::Rsa { .. } | Material::Octets(_) => unreachable!("browsers have these"),
        }
        assert_ne!(software::verify(&other), Verification::Valid, "{}: another key", algorithm.name);
        match &mut other.key {
            Material::EllipticCurve { x: bytes, .. }
            | Material::OctetKeyPair { x: bytes, .. }
            | Material::AlgorithmKeyPair { public: bytes, .. } => bytes.pop(),
            Material::Rsa { .. } | Material::Octets(_) => unreachable!("browsers have these"),
        };
        let outcome = software::verify(&other);
        assert!(matches!(outcome, Verification::KeyRefused(_)), "{}: a short key: {outcome:?}", algorithm.name);
    }

    const DATA: &[u8] = b"eyJhbGciOiJFUzI1NksifQ.e30";

    /// Made by OpenSSL. Both values of `s` are signatures; RFC 8812 has no rule that excludes one.
    #[test]
    fn es256k_takes_both_halves_of_s() {
        let key = Material::EllipticCurve {
            curve: "secp256k1".to_owned(),
            x: hex("24653eac434488002cc06bbfb7f10fe18991e35f9fe4302dbea6d2353dc0ab1c"),
            y: hex("119fc5009a032aa9fe47f5e149bb8442f71f884ccb516590686d8ff6ab91c613"),
        };
        for signature in [
            "1f414d7330d8dfa7494d4cc039a164e0f756e47cad9ad1c777b0e26eff4f67e1
             bc8c1223d42e3d59fbe3d61b1932c4ff64e8049c51ecefb77dc30ae2bf088c6f",
            "624808041ce47ee35461baa11ed975f4025b9cd89cd241d7ebf729f5b08e88a6
             7eebc3a22ca0de8a47a1e4582eb4d7733f7e746f61430b4c9936fb57dd129ef4",
        ] {
            check(named("ES256K"), &key, DATA, &hex(signature));
        }
    }

    /// RFC 8032 §7.4, "Blank" and "1 octet".
    #[test]
    fn ed448_follows_its_vectors() {
        let secret = "6c82a562cb808d10d632be89c8513ebf6c929f34ddfa8c9f63c9960ef6e348a3
                      528c8a3fcc2f044e39a3fc5b94492f8f032e7549a20098f95b";
        let public = "5fd7449b59b461fd2ce787ec616ad46a1da1342485a70e1f8a0ea75d80e96778
                      edf124769b46c7061bd6783df1e50f6cd1fa1abeafe8256180";
        let signature = "533a37f6bbe457251f023c0d88f976ae2dfb504a843e34d2074fd823d41a591f
                         2b233f034f628281f2fd7a22ddd47d7828c59bd0a21bfd3980ff0d2028d4b18a
                         9df63e006c5d1c2d345b925d8dc00b4104852db99ac5c7cdda8530a113a0f4db
                         b61149f05a7363268c71d95808ff2e652600";
        let public = Material::OctetKeyPair { curve: "Ed448".to_owned(), x: hex(public) };
        check(named("Ed448"), &public, b"", &hex(signature));
        check(named("EdDSA"), &public, b"", &hex(signature));
        let key = key(public, Private::Number(hex(secret)));
        let operation = Operation::Sign { algorithm: named("Ed448"), key, data: Rc::from(*b"") };
        assert!(software::operate(&operation, &SEED) == Outcome::Bytes(hex(signature)));
    }

    /// The last byte of R holds the sign of its x and nothing else.
    #[test]
    fn ed448_takes_no_stray_bits() {
        let signer = primitives::key(Generated::Curve("Ed448"), 3);
        let operation = Operation::Sign { algorithm: named("Ed448"), key: signer.clone(), data: Rc::from(*b"data") };
        let Outcome::Bytes(signature) = software::operate(&operation, &SEED) else { panic!("no signature") };
        for bits in 1..0x80 {
            let mut signature = signature.clone();
            signature[56] |= bits;
            let plan = Plan {
                algorithm: named("Ed448"),
                key: signer.public.clone(),
                data: Rc::from(*b"data"),
                signature: Rc::from(signature),
            };
            assert_eq!(software::verify(&plan), Verification::Invalid, "{bits:#x}");
        }
    }

    #[test]
    fn ml_dsa_follows_the_vectors_of_its_draft() {
        for name in ["ML-DSA-44", "ML-DSA-65", "ML-DSA-87"] {
            let path = ["ml-dsa-jose/", &name.replace('-', "_"), ".jose.json"].concat();
            let Some(file) = vector(&path) else { continue };
            let public = base64url::decode(file["jwk"]["pub"].as_str().unwrap()).bytes;
            assert_eq!(named(name).public_length, Some(public.len()));
            let public = Material::AlgorithmKeyPair { algorithm: name.to_owned(), public };
            let (data, signature) = file["jws"].as_str().unwrap().rsplit_once('.').unwrap();
            check(named(name), &public, data.as_bytes(), &base64url::decode(signature).bytes);
            // The seed makes the same public key: otherwise nothing would be signed.
            let key = key(public, Private::Number(hex(file["priv"].as_str().unwrap())));
            let operation = Operation::Sign { algorithm: named(name), key: key.clone(), data: DATA.into() };
            let Outcome::Bytes(signature) = software::operate(&operation, &SEED) else { panic!("{name}") };
            check(named(name), &key.public, DATA, &signature);
        }
    }

    #[test]
    fn what_is_signed_verifies_and_foreign_halves_do_not_sign() {
        for (algorithm, kind) in [
            ("ES256K", Generated::Curve("secp256k1")),
            ("Ed448", Generated::Curve("Ed448")),
            ("EdDSA", Generated::Curve("Ed448")),
            ("ML-DSA-44", Generated::AlgorithmKeyPair("ML-DSA-44")),
            ("ML-DSA-65", Generated::AlgorithmKeyPair("ML-DSA-65")),
            ("ML-DSA-87", Generated::AlgorithmKeyPair("ML-DSA-87")),
        ] {
            let sign = |key: PrivateKey| {
                software::operate(&Operation::Sign { algorithm: named(algorithm), key, data: DATA.into() }, &SEED)
            };
            let (own, other) = (primitives::key(kind, 1), primitives::key(kind, 2));
            assert!(own != other, "{algorithm}: keys differ");
            let Outcome::Bytes(signature) = sign(own.clone()) else { panic!("{algorithm}") };
            check(named(algorithm), &own.public, DATA, &signature);
            let mixed = sign(key(own.public.clone(), other.private));
            assert!(matches!(mixed, Outcome::KeyRefused(_)), "{algorithm}: {mixed:?}");
            let short = sign(key(own.public, Private::Number(vec![1; 31])));
            assert!(matches!(short, Outcome::KeyRefused(_)), "{algorithm}: {short:?}");
        }
    }

    /// Every row that says so is answered, and nothing that browsers have is.
    #[test]
    fn rows_say_what_is_in_software() {
        for algorithm in ALGORITHMS.iter().filter(|algorithm| algorithm.kind != Kind::None) {
            let key = Signer::of(algorithm.name, 1);
            let data = Rc::from(*b"data");
            let public = match &key {
                Signer::Software(key) => key.public.clone(),
                _ => {
                    tokenscope::key::read(&key.jwk(""), tokenscope::report::KeySource::Pasted).keys[0].material.clone()
                }
            };
            let signature = Rc::from(key.sign(algorithm.name, &data));
            let plan = Plan { algorithm, key: public, data, signature };
            let expected = if algorithm.fallback { Verification::Valid } else { Verification::Unsupported };
            assert_eq!(software::verify(&plan), expected, "{}", algorithm.name);
            assert_eq!(software::verifies(&plan), algorithm.fallback, "{}", algorithm.name);
        }
    }
}

mod key_agreement {
    use super::*;

    fn x448(private: &str, public: &str) -> Outcome {
        let own = Material::OctetKeyPair { curve: "X448".to_owned(), x: vec![5; 56] };
        let with = Material::OctetKeyPair { curve: "X448".to_owned(), x: hex(public) };
        software::operate(&Operation::Agree { key: key(own, Private::Number(hex(private))), with }, &SEED)
    }

    /// RFC 7748 §5.2 and §6.2.
    #[test]
    fn x448_follows_its_vectors() {
        let alice = "9a8f4925d1519f5775cf46b04b5800d4ee9ee8bae8bc5565d498c28d
                     d9c9baf574a9419744897391006382a6f127ab1d9ac2d8c0a598726b";
        let bob = "3eb7a829b0cd20f5bcfc0b599b6feccf6da4627107bdb0d4f345b430
                   27d8b972fc3e34fb4232a13ca706dcb57aec3dae07bdc1c67bf33609";
        for (private, public, secret) in [
            (
                "3d262fddf9ec8e88495266fea19a34d28882acef045104d0d1aae121
                 700a779c984c24f8cdd78fbff44943eba368f54b29259a4f1c600ad3",
                "06fce640fa3487bfda5f6cf2d5263f8aad88334cbd07437f020f08f9
                 814dc031ddbdc38c19c6da2583fa5429db94ada18aa7a7fb4ef8a086",
                "ce3e4ff95a60dc6697da1db1d85e6afbdf79b50a2412d7546d5f239f
                 e14fbaadeb445fc66a01b0779d98223961111e21766282f73dd96b6f",
            ),
            (
                alice,
                bob,
                "07fff4181ac6cc95ec1c16a94a0f74d12da232ce40a77552281d282b
                 b60c0b56fd2464c335543936521c24403085d59a449a5037514a879d",
            ),
        ] {
            assert!(x448(private, public) == Outcome::Bytes(hex(secret)), "{public}");
        }
    }

    #[test]
    fn points_of_low_order_are_refused() {
        for first in ["00", "01"] {
            let public = first.to_owned() + &"00".repeat(55);
            assert!(matches!(x448(&"77".repeat(56), &public), Outcome::KeyRefused(_)), "{first}");
        }
        assert!(matches!(x448(&"77".repeat(56), "0900"), Outcome::KeyRefused(_)), "a short one");
    }

    #[test]
    fn both_sides_agree_on_every_curve() {
        for curve in ["P-256", "P-384", "P-521", "X25519", "X448"] {
            let [one, other] = [1, 2].map(|number| primitives::key(Generated::Curve(curve), number));
            let agree = |key: &PrivateKey, with: &PrivateKey| {
                primitives::operate(&Operation::Agree { key: key.clone(), with: with.public.clone() })
            };
            let (Outcome::Bytes(first), Outcome::Bytes(second)) = (agree(&one, &other), agree(&other, &one)) else {
                panic!("{curve}")
            };
            assert_eq!(
                (first.len(), &first),
                (tokenscope::jose::algorithm::Curve::named(curve).unwrap().coordinate_length, &second),
                "{curve}"
            );
        }
    }
}

mod aes {
    use super::*;

    const KEY: &str = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    /// RFC 3394 §4.1 to §4.4 and §4.6.
    #[test]
    fn key_wrap_follows_its_vectors() {
        let data = "00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f";
        for (size, length, wrapped) in [
            (16, 16, "1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5"),
            (24, 16, "96778b25ae6ca435f92b5b97c050aed2468ab8a17ad84e5d"),
            (32, 16, "64e8c3f9ce0f5ba263e9777905818a2a93c8191e7d6e8ae7"),
            (24, 24, "031d33264e15d33268f24ec260743edce1c6c7ddee725a936ba814915c6762d2"),
            (32, 32, "28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21"),
        ] {
            let (key, plain) = (hex(&KEY[..size * 2]), hex(&data[..length * 2]));
            let wrap = Operation::KeyWrap { key: key.clone(), data: plain.clone() };
            assert!(software::operate(&wrap, &SEED) == Outcome::Bytes(hex(wrapped)), "{size} {length}");
            let unwrap = |data: Vec<u8>| software::operate(&Operation::KeyUnwrap { key: key.clone(), data }, &SEED);
            assert!(unwrap(hex(wrapped)) == Outcome::Bytes(plain), "{size} {length}");
            for bit in 0..hex(wrapped).len() * 8 {
                let mut other = hex(wrapped);
                other[bit / 8] ^= 1 << (bit % 8);
                assert!(unwrap(other) == Outcome::Failed, "{size} {length}: bit {bit}");
            }
            for cut in [0, 8, 16, 23] {
                assert!(unwrap(hex(wrapped)[..cut].to_vec()) == Outcome::Failed, "{size}: {cut} bytes");
            }
        }
    }

    /// The algorithm's own test cases 4, 10 and 16 of its proposal.
    #[test]
    fn gcm_follows_its_vectors() {
        let key = "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308";
        let plain = hex("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72
                         1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
        for (size, cipher, tag) in [
            (
                16,
                "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e
                 21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091",
                "5bc94fbc3221a5db94fae95ae7121a47",
            ),
            (
                24,
                "3980ca0b3c00e841eb06fac4872a2757859e1ceaa6efd984628593b40ca1e19c
                 7d773d00c144c525ac619d18c84a3f4718e2448b2fe324d9ccda2710",
                "2519498e80f1478f37ba55bd6d27618c",
            ),
            (
                32,
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa
                 8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
                "76fc6ece0f4e1768cddf8853bb2d551b",
            ),
        ] {
            let key = hex(&key[..size * 2]);
            let vector = hex("cafebabefacedbaddecaf888");
            let additional = hex("feedfacedeadbeeffeedfacedeadbeefabaddad2");
            let encrypt = Operation::GcmEncrypt {
                key: key.clone(),
                initialization_vector: vector.clone(),
                additional: additional.clone(),
                data: Rc::from(plain.clone()),
            };
            let sealed = [hex(cipher), hex(tag)].concat();
            assert!(software::operate(&encrypt, &SEED) == Outcome::Bytes(sealed), "{size}");
            let decrypt = |additional: &[u8], data: Vec<u8>, tag: Vec<u8>| {
                let (key, initialization_vector) = (key.clone(), vector.clone());
                let (additional, data) = (additional.to_vec(), Rc::from(data));
                let operation = Operation::GcmDecrypt { key, initialization_vector, additional, data, tag };
                software::operate(&operation, &SEED)
            };
            assert!(decrypt(&additional, hex(cipher), hex(tag)) == Outcome::Bytes(plain.clone()), "{size}");
            assert!(decrypt(b"", hex(cipher), hex(tag)) == Outcome::Failed, "{size}: other additional data");
            assert!(
                decrypt(&additional, hex(cipher), hex(tag)[..12].to_vec()) == Outcome::Failed,
                "{size}: a short tag"
            );
            for bit in 0..128 {
                let mut other = hex(tag);
                other[bit / 8] ^= 1 << (bit % 8);
                assert!(decrypt(&additional, hex(cipher), other) == Outcome::Failed, "{size}: bit {bit} of the tag");
            }
        }
    }

    /// SP 800-38A, F.2, its first two blocks; the padding behind them by OpenSSL.
    #[test]
    fn cbc_follows_its_vectors() {
        let plain = hex("6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51");
        for (key, cipher) in [
            (
                "2b7e151628aed2a6abf7158809cf4f3c",
                "7649abac8119b246cee98e9b12e9197d5086cb9b507219ee95db113a917678b255e21d7100b988ffec32feeafaf23538",
            ),
            (
                "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
                "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145ac81ca99c3a1e883fa8d834316a2275ec",
            ),
            (
                "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
                "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d3a3aa5e0213db1a9901f9036cf5102d2",
            ),
        ] {
            let key = hex(key);
            let vector = hex("000102030405060708090a0b0c0d0e0f");
            let encrypt = |plain: &[u8]| {
                let (key, initialization_vector) = (key.clone(), vector.clone());
                let data = Rc::from(plain);
                software::operate(&Operation::CbcEncrypt { key, initialization_vector, data }, &SEED)
            };
            let decrypt = |cipher: &[u8]| {
                let (key, initialization_vector) = (key.clone(), vector.clone());
                let data = Rc::from(cipher);
                software::operate(&Operation::CbcDecrypt { key, initialization_vector, data }, &SEED)
            };
            assert!(encrypt(&plain) == Outcome::Bytes(hex(cipher)));
            assert!(decrypt(&hex(cipher)) == Outcome::Bytes(plain.clone()));
            for length in 0..=plain.len() {
                let Outcome::Bytes(sealed) = encrypt(&plain[..length]) else { panic!("{length}") };
                assert_eq!(sealed.len(), length / 16 * 16 + 16);
                assert!(decrypt(&sealed) == Outcome::Bytes(plain[..length].to_vec()), "{length}");
            }
            // Without its last block the text ends in no padding.
            for cut in [0, 15, 16, 32] {
                assert!(decrypt(&hex(cipher)[..cut]) == Outcome::Failed, "{cut}");
            }
        }
    }

    #[test]
    fn keys_of_another_size_are_refused() {
        for size in [0, 1, 15, 17, 31, 33, 64] {
            let (key, data) = (vec![1; size], vec![2; 32]);
            let operations = [
                Operation::KeyWrap { key: key.clone(), data: data.clone() },
                Operation::KeyUnwrap { key: key.clone(), data: data.clone() },
                Operation::CbcDecrypt { key, initialization_vector: vec![0; 16], data: Rc::from(data) },
            ];
            for operation in &operations {
                assert!(matches!(software::operate(operation, &SEED), Outcome::KeyRefused(_)), "{operation:?} {size}");
            }
        }
    }
}

mod rsa {
    use super::*;

    /// RFC 7520 §5.1.
    #[test]
    fn the_cookbook_opens() {
        let path = "cookbook/jwe/5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2.json";
        let Some(file) = vector(path) else { return };
        let key = primitives::private_key(&file["input"]["key"].to_string());
        let bytes = |value: &serde_json::Value| base64url::decode(value.as_str().unwrap()).bytes;
        let encrypted = bytes(&file["encrypting_key"]["encrypted_key"]);
        let decrypt = |data: Vec<u8>| {
            let operation = Operation::RsaDecrypt { padding: RsaPadding::Pkcs1, key: key.clone(), data };
            software::operate(&operation, &SEED)
        };
        assert!(decrypt(encrypted.clone()) == Outcome::Bytes(bytes(&file["generated"]["cek"])));
        // Zeros before it do not change the number, but the length is wrong (RFC 8017 §7.2.2).
        assert!(decrypt([&[0], encrypted.as_slice()].concat()) == Outcome::Failed);
        assert!(decrypt(encrypted[1..].to_vec()) == Outcome::Failed);
        assert!(decrypt(vec![0xff; encrypted.len()]) == Outcome::Failed);
        assert!(decrypt(Vec::new()) == Outcome::Failed);
        let mut other = encrypted;
        other[9] ^= 1;
        assert!(decrypt(other) == Outcome::Failed);
    }

    #[test]
    fn what_is_encrypted_opens_with_every_padding() {
        let key = primitives::key(Generated::Rsa(2048), 1);
        for padding in [
            RsaPadding::Pkcs1,
            RsaPadding::Oaep("SHA-1"),
            RsaPadding::Oaep("SHA-256"),
            RsaPadding::Oaep("SHA-384"),
            RsaPadding::Oaep("SHA-512"),
        ] {
            for length in [0, 16, 64] {
                let plain = vec![3; length];
                let encrypt = Operation::RsaEncrypt { padding, key: key.public.clone(), data: plain.clone() };
                let Outcome::Bytes(data) = primitives::operate(&encrypt) else { panic!("{padding:?}") };
                assert_eq!(data.len(), 256);
                let decrypt = Operation::RsaDecrypt { padding, key: key.clone(), data };
                assert!(primitives::operate(&decrypt) == Outcome::Bytes(plain), "{padding:?} {length}");
            }
        }
    }

    /// No number that is no key makes it panic or run for long.
    #[test]
    fn what_is_no_key_is_refused() {
        let good = primitives::key(Generated::Rsa(2048), 1);
        let decrypt = |key: &PrivateKey| {
            let operation = Operation::RsaDecrypt { padding: RsaPadding::Pkcs1, key: key.clone(), data: vec![1; 256] };
            software::operate(&operation, &SEED)
        };
        assert!(decrypt(&good) == Outcome::Failed);
        for wrong in [vec![], vec![0], vec![1], vec![2], vec![0xff; 256], vec![0xff; 5000]] {
            for member in 0..5 {
                let mut key = good.clone();
                let Private::Rsa { exponent, first_prime, second_prime, .. } = &mut key.private else {
                    unreachable!("an RSA key")
                };
                match (&mut key.public, member) {
                    (Material::Rsa { modulus, .. }, 0) => modulus.clone_from(&wrong),
                    (Material::Rsa { exponent, .. }, 1) => exponent.clone_from(&wrong),
                    (_, 2) => exponent.clone_from(&wrong),
                    (_, 3) => first_prime.clone_from(&wrong),
                    _ => second_prime.clone_from(&wrong),
                }
                assert!(matches!(decrypt(&key), Outcome::KeyRefused(_)), "{member} {wrong:?}");
                if member < 2 {
                    let padding = RsaPadding::Pkcs1;
                    let encrypt = Operation::RsaEncrypt { padding, key: key.public.clone(), data: vec![1; 32] };
                    let outcome = software::operate(&encrypt, &SEED);
                    // Any odd number may be a modulus, and 0xff… is a public exponent only where it is short.
                    let is_modulus = member == 0 && wrong == vec![0xff; 256];
                    assert!(is_modulus || matches!(outcome, Outcome::KeyRefused(_) | Outcome::Failed), "{member}");
                }
            }
        }
    }
}

mod transport {
    use proptest::prelude::*;
    use proptest::sample::select;
    use tokenscope::crypto::operation::carry;

    use super::*;

    fn bytes() -> impl Strategy<Value = Vec<u8>> {
        proptest::collection::vec(any::<u8>(), 0..80)
    }

    fn material() -> impl Strategy<Value = Material> {
        prop_oneof![
            (bytes(), bytes()).prop_map(|(modulus, exponent)| Material::Rsa { modulus, exponent }),
            (any::<String>(), bytes(), bytes()).prop_map(|(curve, x, y)| Material::EllipticCurve { curve, x, y }),
            (any::<String>(), bytes()).prop_map(|(curve, x)| Material::OctetKeyPair { curve, x }),
            (any::<String>(), bytes()).prop_map(|(algorithm, public)| Material::AlgorithmKeyPair { algorithm, public }),
            bytes().prop_map(Material::Octets),
        ]
    }

    fn private_key() -> impl Strategy<Value = PrivateKey> {
        let text = proptest::option::of(any::<String>());
        let private = (0..3, proptest::array::uniform6(bytes()));
        let operations = proptest::option::of(proptest::collection::vec(any::<String>(), 0..3));
        (text.clone(), text.clone(), text, operations, material(), private).prop_map(
            |(kid, algorithm, public_key_use, key_operations, public, (kind, numbers))| {
                let [exponent, first_prime, second_prime, first_exponent, second_exponent, coefficient] = numbers;
                let private = match kind {
                    0 => Private::Rsa {
                        exponent,
                        first_prime,
                        second_prime,
                        first_exponent,
                        second_exponent,
                        coefficient,
                    },
                    1 => Private::Number(exponent),
                    _ => Private::Shared,
                };
                PrivateKey { kid, algorithm, public_key_use, key_operations, public, private }
            },
        )
    }

    fn algorithm() -> impl Strategy<Value = &'static Algorithm> {
        (0..ALGORITHMS.len()).prop_map(|index| &ALGORITHMS[index])
    }

    fn padding() -> impl Strategy<Value = RsaPadding> {
        select(vec![
            RsaPadding::Pkcs1,
            RsaPadding::Oaep("SHA-1"),
            RsaPadding::Oaep("SHA-256"),
            RsaPadding::Oaep("SHA-384"),
            RsaPadding::Oaep("SHA-512"),
        ])
    }

    fn generated() -> impl Strategy<Value = Generated> {
        let curves = tokenscope::jose::algorithm::CURVES.iter().map(|curve| curve.name).collect::<Vec<_>>();
        prop_oneof![
            any::<u16>().prop_map(Generated::Rsa),
            select(curves).prop_map(Generated::Curve),
            algorithm().prop_map(|algorithm| Generated::AlgorithmKeyPair(algorithm.name)),
            any::<usize>().prop_map(Generated::Octets),
        ]
    }

    fn operation() -> impl Strategy<Value = Operation> {
        let shared = || bytes().prop_map(Rc::<[u8]>::from);
        prop_oneof![
            (algorithm(), private_key(), shared()).prop_map(|(algorithm, key, data)| Operation::Sign {
                algorithm,
                key,
                data
            }),
            (padding(), private_key(), bytes()).prop_map(|(padding, key, data)| Operation::RsaDecrypt {
                padding,
                key,
                data
            }),
            (padding(), material(), bytes()).prop_map(|(padding, key, data)| Operation::RsaEncrypt {
                padding,
                key,
                data
            }),
            (bytes(), bytes()).prop_map(|(key, data)| Operation::KeyUnwrap { key, data }),
            (bytes(), bytes()).prop_map(|(key, data)| Operation::KeyWrap { key, data }),
            (bytes(), bytes(), bytes(), shared(), bytes()).prop_map(
                |(key, initialization_vector, additional, data, tag)| Operation::GcmDecrypt {
                    key,
                    initialization_vector,
                    additional,
                    data,
                    tag
                }
            ),
            (bytes(), bytes(), bytes(), shared()).prop_map(|(key, initialization_vector, additional, data)| {
                Operation::GcmEncrypt { key, initialization_vector, additional, data }
            }),
            (bytes(), bytes(), shared()).prop_map(|(key, initialization_vector, data)| Operation::CbcDecrypt {
                key,
                initialization_vector,
                data
            }),
            (bytes(), bytes(), shared()).prop_map(|(key, initialization_vector, data)| Operation::CbcEncrypt {
                key,
                initialization_vector,
                data
            }),
            (private_key(), material()).prop_map(|(key, with)| Operation::Agree { key, with }),
            (select(vec!["SHA-1", "SHA-256", "SHA-384", "SHA-512"]), bytes(), bytes(), any::<u32>(), any::<usize>())
                .prop_map(|(hash, password, salt, iterations, length)| Operation::Derive {
                    hash,
                    password,
                    salt,
                    iterations,
                    length
                }),
            generated().prop_map(Operation::Generate),
            (any::<u32>(), any::<usize>()).prop_map(|(number, length)| Operation::Random { number, length }),
        ]
    }

    fn outcome() -> impl Strategy<Value = Outcome> {
        prop_oneof![
            bytes().prop_map(Outcome::Bytes),
            Just(Outcome::Failed),
            any::<String>().prop_map(Outcome::KeyRefused),
            Just(Outcome::Unsupported),
            Just(Outcome::Unavailable),
        ]
    }

    fn verification() -> impl Strategy<Value = Verification> {
        prop_oneof![
            Just(Verification::Valid),
            Just(Verification::Invalid),
            any::<String>().prop_map(Verification::KeyRefused),
            Just(Verification::Unsupported),
            Just(Verification::Unavailable),
        ]
    }

    proptest! {
        #[test]
        fn operations_arrive_as_they_left(operation in operation()) {
            prop_assert!(carry::read_operation(&carry::write_operation(&operation)) == Some(operation));
        }

        #[test]
        fn outcomes_and_verifications_arrive_as_they_left(outcome in outcome(), verification in verification()) {
            prop_assert!(carry::read_outcome(&carry::write_outcome(&outcome)) == Some(outcome));
            prop_assert!(carry::read_verification(&carry::write_verification(&verification)) == Some(verification));
        }

        #[test]
        fn plans_arrive_as_they_left(algorithm in algorithm(), key in material(), data in bytes(), signature in bytes()) {
            let plan = Plan { algorithm, key, data: data.into(), signature: signature.into() };
            prop_assert!(carry::read_plan(&carry::write_plan(&plan)) == Some(plan));
        }

        /// Nothing that arrives makes the module panic.
        #[test]
        fn no_operation_panics(operation in operation()) {
            if software::has(&operation) || matches!(operation, Operation::Sign { .. }) {
                let _ = software::operate(&operation, &SEED);
            }
            // An ordinary JSON text is no operation.
            prop_assert!(carry::read_operation("[\"sign\",1]").is_none());
        }

        #[test]
        fn no_text_panics(text in any::<String>()) {
            let _ = (carry::read_operation(&text), carry::read_outcome(&text), carry::read_plan(&text));
            let _ = carry::read_verification(&text);
        }
    }
}
