//! Any text as keys and as a secret. A public key never becomes a secret.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tokenscope::jose::algorithm::ALGORITHMS;
use tokenscope::json;
use tokenscope::key::{Material, SecretEncoding, read, read_secret, select};
use tokenscope::report::KeySource;

fuzz_target!(|text: &str| {
    let header = json::read(br#"{"kid":"a"}"#.to_vec());
    for source in [KeySource::Pasted, KeySource::Issuer] {
        let reading = read(text, source);
        assert!(source == KeySource::Pasted || !reading.keys.iter().any(|key| matches!(key.material, Material::Octets(_))));
        for algorithm in &ALGORITHMS {
            for index in select(&reading.keys, &header, algorithm).candidates {
                let key = &reading.keys[index];
                assert_eq!(key.material.key_type(), algorithm.key_type);
                let _ = tokenscope::crypto::plan(algorithm, key, b"a.b", &[7; 64]);
            }
        }
    }
    for encoding in
        [SecretEncoding::Utf8, SecretEncoding::Base64, SecretEncoding::Base64Url, SecretEncoding::Hex]
    {
        read_secret(text, encoding);
    }
});
