//! The signature doctor names the true cause of every fixture, with proof where there is one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;
#[path = "support/vectors.rs"]
mod vectors;

use serde_json::Value;
use tokenscope::finding::Certainty;
use tokenscope::inspect::Options;
use tokenscope::report::SignatureStatus;
use tokenscope::time::Time;
use tokenscope::why::Choices;

/// While the fixtures' tokens are valid.
const NOW: Time = Time::from_seconds(1_763_601_000);

#[test]
fn every_fixture_has_its_true_cause() {
    let Some(text) = vectors::text("signature-fixtures.json") else { return };
    let document: Value = serde_json::from_str(&text).unwrap();
    let fixtures = document["fixtures"].as_array().unwrap();
    assert!(!fixtures.is_empty());
    for fixture in fixtures {
        let key = fixture["key"].as_str().map_or_else(|| fixture["key"].to_string(), str::to_owned);
        check(fixture, &key);
        if !fixture["key"].is_string() {
            // The same key set as Python prints it.
            check(fixture, &key.replace('"', "'"));
        }
    }
}

fn check(fixture: &Value, key: &str) {
    let text = |name: &str| fixture[name].as_str().unwrap();
    let id = text("id");
    let key = key.to_owned();
    let options = match text("key_format") {
        "secret-text" => Options { secret: key, ..Options::default() },
        _ => Options { keys: key, ..Options::default() },
    };
    let explained = oracle::explained(text("token"), &options, &Choices::default(), NOW);
    let [token] = explained.report.tokens.as_slice() else { panic!("{id}: not one token") };
    let diagnosis = explained.whys[0].diagnosis.as_ref();
    let cause = ["signature.", text("cause")].concat();
    if matches!(text("cause"), "none" | "prefix" | "line-breaks") {
        // What was left out around a token is information: the token itself is good.
        assert_eq!(token.signature.status, SignatureStatus::Valid, "{id}");
        assert!(diagnosis.is_none(), "{id}: {diagnosis:?}");
        let said = token.findings.iter().any(|finding| finding.code.0 == cause);
        assert_eq!(said, text("cause") != "none", "{id}");
        return;
    }
    assert_ne!(token.signature.status, SignatureStatus::Valid, "{id}");
    let diagnosis = diagnosis.unwrap_or_else(|| panic!("{id}: no diagnosis"));
    assert_eq!(diagnosis.cause.map(|code| code.0), Some(cause.as_str()), "{id}");
    assert_eq!(diagnosis.progress.left, 0, "{id}");
    let named = token.findings.iter().find(|finding| finding.code.0 == cause);
    assert_eq!(named.map(|finding| finding.certainty), Some(Certainty::Proved), "{id}");
    assert!(diagnosis.findings.len() <= 1, "{id}");
}
