//! Published encrypted tokens: RFC 7520 in three collections, RFC 8037, and Wycheproof.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/jwe.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod jwe;
#[path = "support/primitives.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod primitives;
#[path = "support/vectors.rs"]
mod vectors;

use serde_json::Value;
use tokenscope::decryption::{Openers, Status, Step};
use tokenscope::key::PrivateKey;

/// Every serialisation of the cookbook opens, with each of its keys.
#[test]
fn the_cookbook_opens() {
    let Some(folder) = vectors::path("cookbook") else { return };
    let folder = folder.display();
    let mut paths: Vec<_> =
        std::fs::read_dir(format!("{folder}/jwe")).unwrap().map(|file| file.unwrap().path()).collect();
    paths.push(format!("{folder}/curve25519/ecdh-es.json").into());
    paths.push(format!("{folder}/6.nesting_signatures_and_encryption.json").into());
    let mut count = 0;
    for path in paths {
        let file: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let case = file.get("encrypt").unwrap_or(&file);
        let (input, output) = (&case["input"], &case["output"]);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for form in ["compact", "json", "json_flat"].into_iter().filter(|form| output.get(form).is_some()) {
            let token = &output[form];
            let encrypted = token.as_str().map_or_else(|| jwe::json(token), |text| jwe::compact(text).unwrap());
            let plaintext = match &input["plaintext"] {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let password = input["pwd"].as_str().map(str::as_bytes);
            let keys: Vec<Value> = match &input["key"] {
                Value::Array(keys) => keys.clone(),
                Value::Null => Vec::new(),
                key => vec![key.clone()],
            };
            let recipients = encrypted.recipients.len();
            let openings: Vec<Vec<PrivateKey>> =
                if password.is_some() { vec![Vec::new()] } else { keys.iter().map(jwe::keys).collect() };
            assert_eq!(openings.len(), recipients, "{name} {form}");
            for (at, keys) in openings.iter().enumerate() {
                let decryption = jwe::opened(&encrypted, &Openers { keys, password, public: &[] });
                let text = decryption.plaintext.as_deref().map(String::from_utf8_lossy);
                assert_eq!(text.as_deref(), Some(plaintext.as_str()), "{name} {form}: {decryption:?}");
                assert!(decryption.recipients[at].status == Status::Decrypted, "{name} {form} {at}: {decryption:?}");
                let opened = decryption.recipients.iter().filter(|tried| tried.status == Status::Decrypted).count();
                assert_eq!(opened, 1, "{name} {form}: {decryption:?}");
            }
            count += 1;
        }
    }
    assert_eq!(count, 9 * 3 + 3 * 2 + 1 + 3 + 3, "serialisations");
}

/// RFC 7520 as bare files: the same tokens, copied by somebody else.
#[test]
fn the_bare_files_of_rfc_7520_open() {
    let Some(folder) = vectors::path("latchset-vectors/tests/vectors") else { return };
    let folder = folder.display();
    let read = |name: &str| std::fs::read_to_string(format!("{folder}/rfc7520_5.{name}")).ok();
    let mut count = 0;
    for number in 1..=13 {
        let plaintext = read(&format!("{number}.pt")).unwrap();
        let names: Vec<String> = match number {
            13 => (1..=3).map(|key| format!("{number}.{key}.jwk")).collect(),
            _ => vec![format!("{number}.jwk")],
        };
        let keys = names.iter().flat_map(|name| jwe::keys(&serde_json::from_str(&read(name).unwrap()).unwrap()));
        let keys: Vec<PrivateKey> = keys.collect();
        let compact = read(&format!("{number}.jwec")).map(|text| jwe::compact(text.trim()).unwrap());
        let json = ["jwef", "jweg"].into_iter().filter_map(|form| read(&format!("{number}.{form}")));
        let json = json.map(|text| jwe::json(&serde_json::from_str(&text).unwrap()));
        for encrypted in compact.into_iter().chain(json) {
            let decryption = jwe::opened_with(&encrypted, &keys);
            let text = decryption.plaintext.as_deref().map(String::from_utf8_lossy);
            assert_eq!(text.as_deref(), Some(plaintext.as_str()), "5.{number}: {decryption:?}");
            count += 1;
        }
    }
    assert_eq!(count, 9 + 10 + 13, "compact, flattened, general");
}

/// The fixtures of joserfc: RFC 7520, and a draft that is not registered, of which the name is said.
#[test]
fn the_fixtures_of_joserfc_open() {
    let folder = "joserfc-fixtures/tests/";
    let Some(text) = vectors::text(&format!("{folder}fixtures/jwe_rfc7520.json")) else { return };
    let file: Value = serde_json::from_str(&text).unwrap();
    let mut count = 0;
    for case in file["tests"].as_array().unwrap() {
        let key = vectors::text(&format!("{folder}keys/{}", case["key"].as_str().unwrap())).unwrap();
        let keys = jwe::keys(&serde_json::from_str(&key).unwrap());
        for (form, token) in case.as_object().unwrap() {
            let encrypted = match (form.as_str(), token) {
                ("compact", Value::String(text)) => jwe::compact(text).unwrap(),
                ("general_json" | "flattened_json", Value::Object(_)) => jwe::json(token),
                _ => continue,
            };
            let decryption = jwe::opened_with(&encrypted, &keys);
            assert_eq!(decryption.status, Status::Decrypted, "{} {form}: {decryption:?}", case["name"]);
            count += 1;
        }
    }
    assert!(count >= 9, "{count}");

    let draft = vectors::text(&format!("{folder}fixtures/jwe_compact_ecdh_1pu.json")).unwrap();
    let draft: Value = serde_json::from_str(&draft).unwrap();
    for case in draft["tests"].as_array().unwrap() {
        let decryption = jwe::opened_with(&jwe::compact(case["value"].as_str().unwrap()).unwrap(), &[]);
        assert_eq!((decryption.status, decryption.step), (Status::Unsupported, Some(Step::Header)), "{}", case["name"]);
        assert_eq!(decryption.findings[0].code.0, "decryption.algorithm-unknown");
    }
}

/// Cases that are decided otherwise here, each with its reason. One that is decided as the file says is stale, and fails.
const DEVIATIONS: [(&str, u64, &str); 0] = [];

/// Wycheproof, by one policy: a key is used for its own `alg` alone (for `dir` also for the `enc` that it names), and only
/// the compact serialisation is read, as the files mean it: their tokens in JSON are whole and marked as not to be taken.
#[test]
fn wycheproof_is_decided_as_it_says() {
    let mut wrong = Vec::new();
    let mut counts = Vec::new();
    for file in ["json_web_encryption_test.json", "json_web_crypto_test.json"] {
        let Some(text) = vectors::text(&format!("wycheproof/{file}")) else { return };
        let document: Value = serde_json::from_str(&text).unwrap();
        let mut count = 0;
        for group in document["testGroups"].as_array().unwrap() {
            let keys = jwe::keys(&group["private"]);
            for case in group["tests"].as_array().unwrap().iter().filter(|case| case.get("jwe").is_some()) {
                let number = case["tcId"].as_u64().unwrap();
                let token = case["jwe"].as_str().and_then(jwe::compact);
                let decryption = token.map(|token| jwe::opened_with(&token, &keys));
                let opens = decryption.as_ref().is_some_and(|decryption| decryption.status == Status::Decrypted);
                let is_valid = case["result"] == "valid";
                let known = DEVIATIONS.iter().any(|(name, which, _)| *name == file && *which == number);
                if (opens == is_valid) == known {
                    wrong.push(format!("{file} {number} {}: {decryption:?}", case["comment"]));
                }
                if let (true, Some(expected)) = (opens, case["pt"].as_str()) {
                    let plaintext = decryption.unwrap().plaintext.unwrap();
                    let digits: String = plaintext.iter().map(|byte| format!("{byte:02x}")).collect();
                    assert_eq!(digits, expected, "{file} {number}");
                }
                count += 1;
            }
        }
        counts.push(count);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert_eq!(counts, [139, 34]);
}
