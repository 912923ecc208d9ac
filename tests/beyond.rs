//! The second look: a file a case in `tests/corpus/beyond`, the public vectors of signed tokens, and laws.
//!
//! A case begins with lines that say what is given and what is expected, then `---`, then the text. In the text
//! `<header|payload|algorithm number>` stands for a part or a signature, as `made` below says. Expected are, for each token
//! in order, `token` with its kind, the status of its signature, its verdict and what it stands inside; `finding` with the
//! severity and code of those that are no passed checks; and `signatures` for those of the first one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;

use corpus::{Case, cases};
use oracle::Signer;
use proptest::prelude::*;
use tokenscope::finding::Severity;
use tokenscope::inspect::Options;
use tokenscope::jose::base64url;
use tokenscope::report::{SignatureStatus, Token, Verdict};
use tokenscope::time::Time;
use tokenscope::why::{Choices, Explained};

const NOW: Time = Time::from_seconds(1_795_183_392);

/// The keys that the placeholders sign with.
fn keys() -> String {
    let keys = ["RS256", "ES256", "ES512", "Ed25519", "HS256"].map(|name| Signer::of(name, 1).jwk(""));
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
}

fn check(case: &Case) {
    let text = made(&case.text);
    let options = Options {
        keys: case.value("keys").map_or_else(keys, |keys| if keys == "none" { String::new() } else { made(keys) }),
        secret: case.value("secret").unwrap_or_default().to_owned(),
        ..Options::default()
    };
    let choices = Choices { detached_payload: case.value("payload").map(made), ..Choices::default() };
    let explained = oracle::explained(&text, &options, &choices, NOW);
    let told: Vec<String> = explained.report.tokens.iter().map(described).collect();
    let expected: Vec<&str> = case.values("token").collect();
    assert_eq!(told, expected, "{}: {:#?}", case.name, findings(&explained));
    let expected: Vec<&str> = case.values("finding").collect();
    assert_eq!(findings(&explained), expected, "{}", case.name);
    if let Some(expected) = case.value("signatures") {
        let beyond = explained.report.tokens[0].beyond.as_ref().unwrap();
        let told: Vec<String> = beyond.signatures.iter().map(|one| format!("{:?}", one.status)).collect();
        assert_eq!(told.join(" "), expected, "{}", case.name);
    }
}

/// What the second look and the rooms of the first verdict say, which is not that all is well.
fn findings(explained: &Explained) -> Vec<String> {
    let rooms = ["beyond.", "jose.", "signature.", "inspect."];
    let findings = explained.report.tokens.iter().flat_map(|token| &token.findings);
    let told = findings.filter(|finding| {
        finding.severity != Severity::Ok
            && rooms.iter().any(|room| finding.code.0.starts_with(room))
            && finding.code.0 != "signature.prefix"
    });
    told.map(|finding| format!("{:?} {}", finding.severity, finding.code.0).to_lowercase()).collect()
}

fn described(token: &Token) -> String {
    let inside = token.beyond.as_ref().and_then(|beyond| beyond.inside);
    let inside = inside.map_or(String::new(), |at| format!(" inside {}", at + 1));
    format!("{:?} {:?} {:?}{inside}", token.kind, token.signature.status, token.verdict)
}

/// The text with its placeholders filled: `<=text>` is base64url of the text, `<ES256 header.payload>` a signature over what
/// stands there once that is filled, and `<jws ES256 header payload>` a whole compact token. They may stand in one another.
fn made(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some(end) = text.find('>') {
        let start = text[..end].rfind('<').unwrap_or_else(|| panic!("no beginning: {text}"));
        let inner = text[start + 1..end].to_owned();
        let filled = match inner.split_once(' ') {
            _ if inner.starts_with('=') => base64url::encode(&inner.as_bytes()[1..]),
            Some(("nested", depth)) => nested(depth.parse().unwrap()),
            Some((algorithm, signed)) => {
                base64url::encode(&Signer::of(algorithm, 1).sign(algorithm, signed.as_bytes()))
            }
            None => panic!("no placeholder: {inner}"),
        };
        text.replace_range(start..=end, &filled);
    }
    text
}

/// A token in a token, so many times.
fn nested(depth: usize) -> String {
    let header = r#"{"alg":"HS256","cty":"JWT"}"#;
    let mut token = oracle::token(r#"{"alg":"HS256"}"#, r#"{"exp":1795190000}"#, &Signer::of("HS256", 1));
    for _ in 0..depth {
        token = oracle::token(header, &token, &Signer::of("HS256", 1));
    }
    token
}

#[test]
fn every_case_of_the_corpus_is_as_written() {
    let cases = cases("beyond");
    assert!(cases.len() >= 20, "only {} cases", cases.len());
    cases.iter().for_each(check);
}

#[test]
#[ignore = "prints"]
fn print_all() {
    for case in cases("beyond") {
        let text = made(&case.text);
        let options = Options {
            keys: case.value("keys").map_or_else(keys, |keys| if keys == "none" { String::new() } else { made(keys) }),
            secret: case.value("secret").unwrap_or_default().to_owned(),
            ..Options::default()
        };
        let choices = Choices { detached_payload: case.value("payload").map(made), ..Choices::default() };
        let explained = oracle::explained(&text, &options, &choices, NOW);
        println!("=={}", case.name);
        for token in &explained.report.tokens {
            println!("token: {}", described(token));
        }
        for finding in findings(&explained) {
            println!("finding: {finding}");
        }
        let beyond = explained.report.tokens.first().and_then(|t| t.beyond.clone());
        if let Some(beyond) = beyond.filter(|b| b.signatures.len() > 1) {
            println!(
                "signatures: {}",
                beyond.signatures.iter().map(|one| format!("{:?}", one.status)).collect::<Vec<_>>().join(" ")
            );
        }
    }
}
