//! Any text, keys and expectations, to the end: it terminates, whatever WebCrypto and the network say, and is never
//! accepted without a key that says yes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tokenscope::crypto::Verification;
use tokenscope::discovery::{Answered, Fetch, Response};
use tokenscope::inspect::{Answers, Ask, Options, inspect};
use tokenscope::report::{SignatureStatus, Verdict, json, markdown};
use tokenscope::time::Time;

fuzz_target!(|input: (&str, &str, &str, &[u8], i64, u8)| {
    let (text, keys, expected, body, now, choice) = input;
    let now = Time::from_seconds(now);
    let mut options = Options { keys: keys.to_owned(), issuer_keys: choice & 1 > 0, ..Options::default() };
    let mut words = expected.split('\n').map(str::to_owned);
    options.expectations.issuers.extend(words.next());
    options.expectations.audiences.extend(words.next());
    options.expectations.nonce = words.next();
    options.expectations.leeway = now.seconds();
    options.secret = words.next().unwrap_or_default();
    options.fetch_from = words.next();
    options.fetch = Fetch::Issuer;
    let verification = if choice & 2 > 0 { Verification::Valid } else { Verification::Invalid };
    let mut answers = Answers::default();
    for _ in 0..20 {
        let (report, asks) = inspect(text, &options, now, now, &answers);
        if asks.is_empty() {
            for token in &report.tokens {
                if token.verdict == Verdict::Accepted {
                    assert!(token.signature.status == SignatureStatus::Valid && choice & 2 > 0);
                }
                markdown::redacted(token, now);
                let findings = &token.findings;
                assert!(findings.iter().all(|finding| finding.subject.starts_with('/')));
            }
            json::text(&report, text);
            return;
        }
        for ask in asks {
            match ask {
                Ask::Fetch(request) => {
                    let answered =
                        Answered { status: 200, body: body.to_vec(), received: now, ..Answered::default() };
                    answers.respond(request, Response::Answered(answered));
                }
                Ask::Verify(plan) => answers.verify(plan, verification.clone()),
            }
        }
    }
    panic!("asks without end");
});
