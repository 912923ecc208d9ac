//! Keys in the states in which they arrive: a file a case. A line `key:` has the description of a key and its thumbprint,
//! computed by another implementation.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/keys.rs"]
mod support;

use proptest::prelude::*;
use support::line;
use tokenscope::key::{self, private};
use tokenscope::report::KeySource;

#[test]
fn every_case_gives_its_keys_and_says_what_was_repaired() {
    let mut wrong = String::new();
    for case in corpus::cases("keys") {
        let reading = key::read(&case.text, KeySource::Pasted);
        let keys: Vec<String> = reading.keys.iter().map(line).collect();
        let findings: Vec<&str> = reading.findings.iter().map(|finding| finding.code.0).collect();
        let expected: Vec<&str> = case.values("key").collect();
        if keys != expected || findings != case.values("finding").collect::<Vec<_>>() {
            wrong += &format!("{}: {keys:?} {findings:?}\n", case.name);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

proptest! {
    #![proptest_config(corpus::config())]

    /// No damage makes anything panic, and what comes out is read within a moment.
    #[test]
    fn damaged_cases_are_read(number in 0_usize..1000, at: prop::sample::Index, with in "\\PC{0,3}", length in 0_usize..40) {
        let cases = cases();
        let text = &cases[number % cases.len()];
        let mut from = at.index(text.len() + 1);
        while !text.is_char_boundary(from) {
            from -= 1;
        }
        let mut to = (from + length).min(text.len());
        while !text.is_char_boundary(to) {
            to -= 1;
        }
        let damaged = [&text[..from], &with, text.get(to.max(from)..).unwrap()].concat();
        let reading = key::read(&damaged, KeySource::Pasted);
        prop_assert!(reading.findings.len() < 100);
        private::read(&damaged);
    }

    /// Bytes that are no key at all, as DER, as SSH and as a certificate.
    #[test]
    fn hostile_bytes_are_read(beginning in 0_usize..6, bytes: Vec<u8>) {
        let beginnings: [&[u8]; 6] = [b"", b"\x30\x82\x01\x00", b"\x30\x84\xff\xff\xff\xff", b"\0\0\0\x07ssh-rsa", b"openssh-key-v1\0", b"\x30\x80"];
        let text = tokenscope::jose::base64url::encode(&[beginnings[beginning], &bytes].concat());
        key::read(&text, KeySource::Pasted);
        private::read(&text);
        private::read(&format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----"));
    }
}

fn cases() -> &'static [String] {
    static CASES: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    CASES.get_or_init(|| corpus::cases("keys").into_iter().map(|case| case.text).collect())
}

#[test]
fn large_texts_take_a_moment() {
    let began = std::time::Instant::now();
    for one in [
        "ssh-rsa AAAA\n",
        "-----BEGIN PUBLIC KEY-----\n",
        "30",
        "MIIB",
        "BEGIN END ",
        "30:",
        "\\n",
        "ssh-rsa ",
        "{\"x5c\":[\"",
    ] {
        let text = one.repeat(500_000 / one.len());
        key::read(&text, KeySource::Pasted);
        private::read(&text);
    }
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}
