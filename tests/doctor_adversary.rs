//! Tokens made and damaged by other implementations (Python's `cryptography`, `hmac` and `json`, `jq`), with throw-away
//! keys: each has its true cause named, and nothing else is claimed as proved.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;

use serde_json::Value;
use tokenscope::finding::{Certainty, Severity};
use tokenscope::inspect::Options;
use tokenscope::key::SecretEncoding;
use tokenscope::report::{SignatureStatus, Verdict};
use tokenscope::time::Time;
use tokenscope::why::Choices;

/// While the tokens are valid.
const NOW: Time = Time::from_seconds(1_763_601_000);

/// What the first verdict says of a signature, which names no cause.
const GENERAL: [&str; 8] =
    ["invalid", "no-key-fits", "no-key", "length", "key-type", "empty", "not-base64url", "key-refused"];

#[test]
fn every_damage_has_its_true_cause_and_nothing_else_is_proved() {
    let document: Value = serde_json::from_str(include_str!("corpus/doctor/damages.json")).unwrap();
    let fixtures = document["fixtures"].as_array().unwrap();
    assert!(fixtures.len() > 100);
    for fixture in fixtures {
        check(fixture, &document["keys"]);
    }
}

fn check(fixture: &Value, keys: &Value) {
    let text = |name: &str| fixture[name].as_str().unwrap_or_default();
    let id = text("id");
    let encoding = match text("encoding") {
        "base64" => SecretEncoding::Base64,
        "base64url" => SecretEncoding::Base64Url,
        "hex" => SecretEncoding::Hex,
        _ => SecretEncoding::Utf8,
    };
    let keys = keys[text("keys")].as_str().unwrap_or_default().to_owned();
    let options = Options { keys, secret: text("secret").to_owned(), secret_encoding: encoding, ..Options::default() };
    let explained = oracle::explained(text("token"), &options, &Choices::default(), NOW);
    let [token] = explained.report.tokens.as_slice() else { panic!("{id}: not one token") };
    let diagnosis = explained.whys[0].diagnosis.as_ref();
    if text("cause") == "valid" {
        assert_eq!(token.signature.status, SignatureStatus::Valid, "{id}");
        assert!(diagnosis.is_none(), "{id}: {diagnosis:?}");
        return;
    }
    assert_ne!(token.signature.status, SignatureStatus::Valid, "{id}");
    assert_ne!(token.verdict, Verdict::Accepted, "{id}");
    let diagnosis = diagnosis.unwrap_or_else(|| panic!("{id}: no diagnosis"));
    let cause = ["signature.", text("cause")].concat();
    assert_eq!(diagnosis.cause.map(|code| code.0), Some(cause.as_str()), "{id}");
    assert_eq!(diagnosis.progress.left, 0, "{id}");
    let found = token.findings.iter().find(|finding| finding.code.0 == cause);
    let found = found.unwrap_or_else(|| panic!("{id}: {cause} is not among the findings"));
    assert_eq!(found.certainty == Certainty::Proved, fixture["proved"].as_bool().unwrap(), "{id}");
    let proved = token.findings.iter().filter(|one| one.certainty == Certainty::Proved && one.severity != Severity::Ok);
    let proved: Vec<&str> = proved.filter_map(|one| one.code.0.strip_prefix("signature.")).collect();
    let known =
        |code: &&str| GENERAL.contains(code) || matches!(*code, "prefix" | "line-breaks") || *code == text("cause");
    assert!(proved.iter().all(known), "{id}: {proved:?}");
    // The words name what was found.
    let words = tokenscope::messages::words(found, NOW);
    let words = format!("{} {:?} {:?}", words.problem, words.explanation, words.remedy);
    for said in fixture["say"].as_array().into_iter().flatten() {
        assert!(words.contains(said.as_str().unwrap()), "{id}: {words}");
    }
}
