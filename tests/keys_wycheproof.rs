//! Which keys are refused before anything is verified with them: Wycheproof's sets of keys, each with a token.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

#[path = "support/keys.rs"]
mod support;
#[path = "support/vectors.rs"]
mod vectors;

use tokenscope::finding::Severity;
use tokenscope::jose::algorithm::Algorithm;
use tokenscope::jose::base64url;
use tokenscope::json;
use tokenscope::key::{self, code, select};
use tokenscope::report::KeySource;

/// Cases where nothing is wrong with the key as such, and why they are invalid all the same.
const DECIDED_LATER: [(u64, &str); 3] = [
    (1, "a secret in one set with a public key: the format allows it, and the cookbook of RFC 7520 has such sets"),
    (3, "the signature is wrong"),
    (22, "the point is off its curve: whoever imports the key refuses it, and the second look says why"),
];

#[test]
fn keys_that_must_not_verify_are_refused() {
    let Some(text) = vectors::text("wycheproof/json_web_key_test.json") else { return };
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut wrong = Vec::new();
    for group in document["testGroups"].as_array().unwrap() {
        let keys = if group["public"].is_null() { &group["private"] } else { &group["public"] };
        let reading = key::read(&keys.to_string(), KeySource::Pasted);
        for test in group["tests"].as_array().unwrap() {
            let token = test["jws"].as_str().unwrap();
            let header = json::read(base64url::decode(token.split('.').next().unwrap()).bytes);
            let algorithm = Algorithm::named(header.string("alg").unwrap()).unwrap();
            let selection = select(&reading.keys, &header, algorithm);
            let is_refused = selection.candidates.is_empty()
                || selection.findings.iter().any(|finding| finding.severity == Severity::Error);
            let number = test["tcId"].as_u64().unwrap();
            let is_later = DECIDED_LATER.iter().any(|(known, _)| *known == number);
            if is_refused != (test["result"] == "invalid" && !is_later) {
                wrong.push((number, is_refused));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:?}");
}

fn selected(keys: &str, header: &str) -> Vec<(&'static str, Severity)> {
    let reading = key::read(keys, KeySource::Pasted);
    let header = json::read(header.as_bytes().to_vec());
    let algorithm = Algorithm::named(header.string("alg").unwrap()).unwrap();
    select(&reading.keys, &header, algorithm)
        .findings
        .iter()
        .map(|finding| (finding.code.0, finding.severity))
        .collect()
}

#[test]
fn one_name_for_several_keys_is_an_error_only_where_they_differ_and_fit() {
    let set = |second: &str| format!(r#"{{"keys":[{{"kty":"oct","kid":"a","k":"{}"}},{second}]}}"#, "A".repeat(44));
    let ambiguous = |keys: &str| {
        let found = selected(keys, r#"{"alg":"HS256","kid":"a"}"#);
        found.contains(&(code::KID_AMBIGUOUS.0, Severity::Error))
    };
    let second = |key: &str, more: &str| format!(r#"{{"kty":"oct","kid":"a","k":"{}"{more}}}"#, key.repeat(44));
    assert!(ambiguous(&set(&second("B", ""))));
    assert!(!ambiguous(&set(&second("A", ""))));
    assert!(!ambiguous(&set(&second("B", r#","use":"enc""#))));
    assert!(!ambiguous(&set(
        r#"{"kty":"OKP","crv":"Ed25519","kid":"a","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#
    )));
}

#[test]
fn a_short_secret_is_an_error_only_where_it_says_what_it_is_for() {
    let key = |more: &str| format!(r#"{{"kty":"oct","k":"AQAB"{more}}}"#);
    let header = r#"{"alg":"HS256"}"#;
    assert!(selected(&key(""), header).contains(&(code::TOO_SMALL.0, Severity::Warning)));
    assert!(selected(&key(r#","alg":"HS256""#), header).contains(&(code::TOO_SMALL.0, Severity::Error)));
}
