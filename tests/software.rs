//! What browsers lack: vectors of the standards, and laws that hold for every operation.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;

use oracle::{Signer, primitives};
use tokenscope::inspect::Options;
use tokenscope::report::SignatureStatus;
use tokenscope::time::Time;
use tokenscope::why::Choices;

const NOW: Time = Time::from_seconds(1_795_183_392);

/// From the token and the key as they are pasted to the verdict.
#[test]
fn tokens_of_every_rarer_algorithm_are_verified() {
    for (algorithm, own) in [("ES256K", "ES256K"), ("Ed448", "Ed448"), ("EdDSA", "Ed448")] {
        let signer = Signer::of(own, 1);
        let token = oracle::token(&format!(r#"{{"alg":"{algorithm}"}}"#), r#"{"exp":1795190000}"#, &signer);
        for (key, expected) in [(1, SignatureStatus::Valid), (2, SignatureStatus::Invalid)] {
            let options = Options { keys: Signer::of(own, key).jwk(""), ..Options::default() };
            let explained = oracle::explained(&token, &options, &Choices::default(), NOW);
            assert_eq!(explained.report.tokens[0].signature.status, expected, "{algorithm}");
        }
    }
}
