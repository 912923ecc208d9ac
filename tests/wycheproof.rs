//! Wycheproof's four files about JOSE, through the whole core: signatures, encryption, keys, and all of them together.
//!
//! The policy is the one that a careful verifier has. The key's own `alg`, `use` and `key_ops` are taken at their word;
//! base64url is read as its bytes would be written; the text is the token, with nothing left out; and a key that is known
//! to be weak, a name that two keys have, or a set of secrets and public keys refuses what the arithmetic alone would accept.
//! What is asked for is a JSON Web Token, which is compact (RFC 7519 §1); that the JSON serialisations verify as well is held
//! by `tests/beyond.rs`.
//!
//! Where the outcome differs from the file's, `tests/data/wycheproof-exceptions.json` says why. An entry that no longer differs
//! fails this test.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;
#[path = "support/vectors.rs"]
mod vectors;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tokenscope::decryption::Status;
use tokenscope::finding::Code;
use tokenscope::inspect::Options;
use tokenscope::key;
use tokenscope::report::SignatureStatus;
use tokenscope::time::Time;
use tokenscope::why::{Choices, Explained};

const NOW: Time = Time::from_seconds(1_795_183_392);

/// The files, with how many cases each has.
const FILES: [(&str, usize); 4] = [
    ("json_web_signature_test", 401),
    ("json_web_encryption_test", 139),
    ("json_web_key_test", 26),
    ("json_web_crypto_test", 83),
];

/// What refuses a token whose signature is good: what is known against its keys.
const REFUSED: [Code; 4] =
    [key::code::TOO_SMALL, key::code::KID_TWICE, key::code::ROCA, tokenscope::beyond::code::KEYS_MIXED];

fn read(path: PathBuf) -> Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Whether the token is accepted with this key.
fn accepts(test: &Value, key: &Value) -> bool {
    let value = test.get("jws").unwrap_or(&test["jwe"]);
    // Of the JSON serialisations some are objects, some text.
    let text = &value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let options = Options { keys: key.to_string(), ..Options::default() };
    let explained = oracle::explained(text, &options, &Choices::default(), NOW);
    let whole = explained
        .report
        .tokens
        .first()
        .is_some_and(|token| matches!(token.pieces.as_slice(), [piece] if *piece == (0..text.len())));
    let whole = whole && !text.starts_with('{');
    let known = explained.report.key_sets.iter().flat_map(|set| &set.findings);
    let known = known.chain(explained.report.tokens.iter().flat_map(|token| &token.findings));
    let refused = known.into_iter().any(|finding| REFUSED.contains(&finding.code));
    whole && !refused && if test.get("jws").is_some() { verifies(&explained) } else { decrypts(&explained, test) }
}

fn verifies(explained: &Explained) -> bool {
    explained.report.tokens[0].signatures().iter().all(|one| one.status == SignatureStatus::Valid)
}

fn decrypts(explained: &Explained, test: &Value) -> bool {
    let beyond = explained.report.tokens[0].beyond.as_ref();
    let decryption = beyond.and_then(|beyond| beyond.decryption.as_ref());
    let Some(decryption) = decryption.filter(|one| one.status == Status::Decrypted) else { return false };
    let hex: String = decryption.plaintext.iter().flatten().map(|byte| format!("{byte:02x}")).collect();
    test["pt"].as_str().is_none_or(|expected| expected == hex)
}

#[test]
fn every_case_ends_as_wycheproof_says_or_as_an_exception_explains() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let Some(folder) = vectors::path("wycheproof") else { return };
    let exceptions = read(root.join("tests/data/wycheproof-exceptions.json"));
    let (mut agreed, mut all) = (0, 0);
    let mut deviations: BTreeMap<String, String> = BTreeMap::new();
    for (file, count) in FILES {
        let mut cases = 0;
        for group in read(folder.join(file).with_extension("json"))["testGroups"].as_array().unwrap() {
            // A private key verifies as well: its public half is used.
            for test in group["tests"].as_array().unwrap() {
                cases += 1;
                let key = if test.get("jwe").is_some() {
                    &group["private"]
                } else {
                    group.get("public").unwrap_or(&group["private"])
                };
                let accepted = accepts(test, key);
                match accepted == (test["result"] == "valid") {
                    true => agreed += 1,
                    false => {
                        let told = format!("{} {}: accepted {accepted}", group["comment"], test["comment"]);
                        deviations.insert(format!("{file} {}", test["tcId"]), told);
                    }
                }
            }
        }
        assert_eq!(cases, count, "{file}");
        all += cases;
    }
    let unexplained: Vec<_> = deviations.iter().filter(|(name, _)| exceptions.get(name.as_str()).is_none()).collect();
    let stale: Vec<_> = exceptions.as_object().unwrap().keys().filter(|name| !deviations.contains_key(*name)).collect();
    println!("{agreed} of {all} agree");
    assert!(unexplained.is_empty(), "{agreed} of {all}; not explained: {unexplained:#?}");
    assert!(stale.is_empty(), "no longer exceptions: {stale:?}");
    assert!(agreed >= 640, "only {agreed} of {all} agree");
}
