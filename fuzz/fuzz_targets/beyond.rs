//! Any text with keys and what may be pasted beside, explained to the end: it terminates, and is never accepted without
//! a signature that somebody vouched for.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tokenscope::crypto::Verification;
use tokenscope::crypto::operation::Outcome;
use tokenscope::inspect::{self, Options};
use tokenscope::report::{SignatureStatus, Verdict, json};
use tokenscope::time::Time;
use tokenscope::why::{Answers, Ask, Choices, explain};

fuzz_target!(|input: (&str, &str, Option<String>, Option<String>, &[u8], u8)| {
    let (text, keys, payload, password, outcome, choice) = input;
    let now = Time::from_seconds(1_795_183_392);
    let mut options = Options { keys: keys.to_owned(), secret: "password".to_owned(), ..Options::default() };
    options.expectations.issuers.push("a".to_owned());
    options.expectations.audiences.push("b".to_owned());
    let choices = Choices { detached_payload: payload, key_password: password, stopped: true, ..Choices::default() };
    let verification = if choice & 1 > 0 { Verification::Valid } else { Verification::Invalid };
    let outcome = if choice & 2 > 0 { Outcome::Bytes(outcome.to_vec()) } else { Outcome::Failed };
    let mut answers = Answers::default();
    for _ in 0..40 {
        let (explained, asks) = explain(text, &options, &choices, now, now, &answers);
        if asks.is_empty() {
            for token in &explained.report.tokens {
                assert!(token.verdict != Verdict::Accepted || choice & 1 > 0);
                let is_signed = token.signature.status == SignatureStatus::Valid;
                assert!(!is_signed || choice & 1 > 0);
            }
            json::text(&explained.report, text);
            return;
        }
        for ask in asks {
            match ask {
                Ask::Inspect(inspect::Ask::Verify(plan)) => answers.inspect.verify(plan, verification.clone()),
                Ask::Operate(operation) => answers.operations.answer(*operation, outcome.clone()),
                _ => unreachable!("nothing else is asked once searching was stopped"),
            }
        }
    }
    panic!("asks without end");
});
