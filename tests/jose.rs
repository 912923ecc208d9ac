//! What is read from a token: a file a case in `tests/corpus/jose`, and laws.
//!
//! Below the dashes a case has the token's parts, one a line: `=text` is base64url of the text, and `x=00ff` of the bytes;
//! anything else stands as it is. Above them: `kind`, `canonical`, `header` and `payload` as names of the members that
//! could be read, and one `finding` a line, with its severity, code, subject, and the position where it has one.

#![allow(clippy::unwrap_used, reason = "a case that cannot be read is a failed test")]

#[path = "support/corpus.rs"]
mod corpus;

use corpus::{Case, cases};
use proptest::prelude::*;
use tokenscope::finding::Fact;
use tokenscope::jose::{self, base64url};
use tokenscope::json::Document;

fn check(case: &Case) {
    let parts: Vec<String> = case.text.split('\n').map(part).collect();
    let jose = jose::read(&parts.join("."));
    let findings: Vec<String> = jose
        .findings
        .iter()
        .map(|finding| {
            let severity = format!("{:?}", finding.severity).to_lowercase();
            let position = match finding.fact("position") {
                Some(Fact::Count(position)) => format!(" at {position}"),
                _ => String::new(),
            };
            format!("{severity} {} {}{position}", finding.code.0, finding.subject)
        })
        .collect();
    let expected: Vec<&str> = case.values("finding").collect();
    assert_eq!(findings, expected, "{}", case.name);
    assert_eq!(format!("{:?}", jose.kind), case.value("kind").unwrap_or("Jws"), "{}", case.name);
    assert_eq!(jose.canonical, case.value("canonical").is_none_or(|word| word == "yes"), "{}", case.name);
    for (name, document) in [("header", &jose.header), ("payload", &jose.payload)] {
        if let Some(expected) = case.value(name) {
            assert_eq!(members(document.as_ref()), expected, "{}: {name}", case.name);
        }
    }
}

fn part(line: &str) -> String {
    if let Some(text) = line.strip_prefix('=') {
        return base64url::encode(text.as_bytes());
    }
    match line.strip_prefix("x=") {
        Some(hex) => {
            let bytes: Vec<u8> =
                (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect();
            base64url::encode(&bytes)
        }
        None => line.to_owned(),
    }
}

/// Names and exact values of the members, in order.
fn members(document: Option<&Document>) -> String {
    let Some(document) = document else { return "nothing".to_owned() };
    let members = document.root.iter().flat_map(|root| root.members());
    let members: Vec<String> =
        members.map(|member| format!("{} {}", member.name, document.raw(&member.value))).collect();
    members.join(", ")
}

#[test]
fn every_case_of_the_corpus_is_read_as_written() {
    let cases = cases("jose");
    assert!(cases.len() >= 25, "only {} cases", cases.len());
    cases.iter().for_each(check);
}

proptest! {
    #![proptest_config(corpus::config())]

    #[test]
    fn what_was_encoded_is_read_back_without_a_remark(
        header in "[a-z]{1,12}", payload in prop::collection::vec(any::<u8>(), 0..200), signature in prop::collection::vec(any::<u8>(), 1..100),
    ) {
        let header = format!(r#"{{"alg":"{header}"}}"#);
        let parts = [header.as_bytes(), &payload, &signature];
        let token = parts.map(base64url::encode).join(".");
        let jose = jose::read(&token);
        prop_assert!(jose.canonical);
        let read: Vec<&[u8]> = jose.segments.iter().map(|segment| segment.bytes.as_slice()).collect();
        prop_assert_eq!(read, parts);
    }

    #[test]
    fn a_token_is_canonical_exactly_when_writing_its_bytes_gives_the_same_text(text in "[A-Za-z0-9_+/=-]{0,12}(\\.[A-Za-z0-9_+/=-]{0,12}){0,2}") {
        let jose = jose::read(&text);
        let written: Vec<String> = jose.segments.iter().map(|segment| base64url::encode(&segment.bytes)).collect();
        prop_assert_eq!(jose.canonical, written.join(".") == text);
    }
}
