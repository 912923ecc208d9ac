//! Laws of `inspect` over arbitrary text, keys, expectations and answers: it comes to an end, nothing panics, every
//! finding points at something, and nothing is accepted that WebCrypto did not say yes to.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests too")]

use proptest::prelude::*;
use proptest::test_runner::Config;
use tokenscope::claims::RequiredClaim;
use tokenscope::crypto::Verification;
use tokenscope::discovery::{Answered, Fetch, Response};
use tokenscope::inspect::{Answers, Ask, Options, inspect};
use tokenscope::jose::base64url;
use tokenscope::json::{Document, Value};
use tokenscope::key::SecretEncoding;
use tokenscope::report::{Report, SignatureStatus, Verdict, headline, json, markdown};
use tokenscope::time::Time;

#[path = "support/corpus.rs"]
mod corpus;

const EC: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;

fn any_token() -> impl Strategy<Value = String> {
    let header = prop_oneof![
        "\\{\"alg\":\"(none|HS256|ES256|EdDSA|RS256|x)\"(,\"(kid|crit|jwk|alg|enc|b64)\":(\"k1\"|\\[\"b64\"\\]|null|1))?\\}",
        "\\PC{0,12}",
    ];
    let value = "(\"(https://a\\.example|b|c d|[~/é]{0,3})\"|-?[0-9]{1,20}(\\.[0-9]{1,3})?(e[0-9]{1,3})?|null|true|\\[\\]|\\[\"b\",1\\]|\\{\"b\":false\\})";
    let name = "(iss|aud|exp|nbf|iat|auth_time|nonce|scope|scp|azp|cid|groups|[a~/\\\\u0030]{1,3})";
    let payload = prop_oneof![
        proptest::string::string_regex(&format!("\\{{(\"{name}\":{value})?(,\"{name}\":{value}){{0,4}}\\}}")).unwrap(),
        "\\PC{0,20}"
    ];
    let signature = prop_oneof![Just(0_usize), Just(32), Just(64), Just(114), Just(256), 0_usize..300];
    (header, payload, signature, 1_usize..7).prop_map(|(header, payload, length, parts)| {
        let mut all = vec![base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes())];
        all.push(base64url::encode(&vec![7; length]));
        all.resize(parts.max(2), "YQ".to_owned());
        all.join(".")
    })
}

fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => any_token(),
        1 => any::<String>(),
        2 => prop::sample::select(vec![" ", "\n", "\r\n", "Bearer ", "access_token=", "\"", "\u{200b}", "\u{202e}", "."])
            .prop_map(str::to_owned),
    ];
    prop::collection::vec(piece, 0..5).prop_map(|pieces| pieces.concat())
}

fn any_options() -> impl Strategy<Value = Options> {
    let word = || prop_oneof!["https://a\\.example", "b", "c", "\\PC{0,8}"];
    let words = || prop::collection::vec(word(), 0..3);
    let claim = (prop_oneof![word(), "/[a~/0-9]{0,5}"], prop::option::of(word()), prop::option::of(word()))
        .prop_map(|(name, value, contains)| RequiredClaim { name, value, contains });
    let keys = prop_oneof![Just(String::new()), Just(EC.to_owned()), any::<String>()];
    let encoding = prop::sample::select(vec![
        SecretEncoding::Utf8,
        SecretEncoding::Base64,
        SecretEncoding::Base64Url,
        SecretEncoding::Hex,
    ]);
    (
        (words(), words(), prop::option::of(word()), prop::option::of(word()), words()),
        (prop::collection::vec(claim, 0..3), any::<i64>(), keys, prop_oneof!["", "\\PC{0,40}"], encoding),
        (words(), any::<bool>(), prop::option::of(word())),
    )
        .prop_map(|(first, second, third)| {
            let mut options = Options::default();
            let expected = &mut options.expectations;
            (expected.issuers, expected.audiences, expected.client_id, expected.nonce, expected.required_scopes) =
                first;
            (expected.required_claims, expected.leeway, options.keys, options.secret, options.secret_encoding) = second;
            (options.algorithms, options.issuer_keys, options.fetch_from) = third;
            options.fetch = Fetch::Issuer;
            options
        })
}

fn settle(text: &str, options: &Options, now: Time, body: &str, verification: &Verification) -> Option<Report> {
    let mut answers = Answers::default();
    for _ in 0..20 {
        let (report, asks) = inspect(text, options, now, now, &answers);
        if asks.is_empty() {
            return Some(report);
        }
        for ask in asks {
            match ask {
                Ask::Fetch(request) => {
                    let body = body.as_bytes().to_vec();
                    let answered = Answered { status: 200, body, received: now, ..Answered::default() };
                    answers.respond(request, Response::Answered(answered));
                }
                Ask::Verify(plan) => answers.verify(plan, verification.clone()),
            }
        }
    }
    None
}

/// A JSON pointer by RFC 6901 §3: every `~` is followed by 0 or 1.
fn is_pointer(text: &str) -> bool {
    text.starts_with('/') && text.split('~').skip(1).all(|rest| rest.starts_with(['0', '1']))
}

fn spans_fit(document: &Document) -> bool {
    fn walk(value: &Value, end: usize) -> bool {
        value.span.start <= value.span.end
            && value.span.end <= end
            && value.items().iter().all(|item| walk(item, value.span.end))
            && value.members().iter().all(|member| walk(&member.value, value.span.end))
    }
    document.root.as_ref().is_none_or(|root| walk(root, document.bytes.len()))
}

proptest! {
    #![proptest_config(Config { cases: 1500, ..corpus::config() })]

    #[test]
    fn whatever_is_pasted_and_expected_there_is_an_honest_answer(
        text in any_text(),
        options in any_options(),
        now in prop_oneof![Just(1_795_183_392), any::<i64>()],
        body in prop_oneof![
            Just(r#"{"issuer":"https://a.example","jwks_uri":"https://a.example/jwks","keys":[]}"#.to_owned()),
            Just(format!(r#"{{"issuer":"https://a.example","jwks_uri":"https://b.example/jwks","keys":[{EC}]}}"#)),
            any::<String>(),
        ],
        yes in any::<bool>(),
    ) {
        let now = Time::from_seconds(now.clamp(-1 << 53, 1 << 53));
        let verification = if yes { Verification::Valid } else { Verification::Invalid };
        let report = settle(&text, &options, now, &body, &verification);
        prop_assert!(report.is_some(), "asks without end");
        let report = report.unwrap();
        for token in &report.tokens {
            if token.verdict == Verdict::Accepted {
                prop_assert!(yes && token.signature.status == SignatureStatus::Valid);
                prop_assert!(!options.expectations.issuers.is_empty() && !options.expectations.audiences.is_empty());
            }
            prop_assert!(token.pieces.iter().all(|piece| text.get(piece.clone()).is_some()));
            prop_assert!(token.segments.iter().all(|segment| token.text.get(segment.span.clone()).is_some()));
            prop_assert!([&token.header, &token.payload].into_iter().flatten().all(spans_fit));
            prop_assert!(!headline(token, now).sentence.to_string().is_empty());
            markdown::redacted(token, now);
        }
        let of_tokens = report.tokens.iter().flat_map(|token| &token.findings);
        let of_sets = report.key_sets.iter().flat_map(|set| &set.findings);
        for finding in report.findings.iter().chain(of_tokens).chain(of_sets) {
            prop_assert!(is_pointer(&finding.subject), "{finding:?}");
        }
        let written = json::text(&report, &text);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&written).is_ok());
    }

    /// What is sent to others holds nothing of the token's text, and no private claim.
    #[test]
    fn the_redacted_report_holds_no_private_value(
        name in "[a-z]{3,8}",
        value in "[A-Za-z0-9]{12,24}",
        options in any_options(),
    ) {
        let payload = format!(
            r#"{{"iss":"https://a.example","aud":"b","x_{name}":"{value}","email":"{value}","nonce":"{value}","sub":["{value}"]}}"#
        );
        let header = format!(r#"{{"alg":"ES256","x_{name}":"{value}"}}"#);
        let text = [header.as_bytes(), payload.as_bytes(), &[7; 64]].map(base64url::encode).join(".");
        let now = Time::from_seconds(1_795_183_392);
        let mut options = options;
        for claim in ["email", "nonce", "/sub/0"] {
            let (value, contains) = (Some("other".to_owned()), Some("another".to_owned()));
            options.expectations.required_claims.push(RequiredClaim { name: claim.to_owned(), value, contains });
        }
        options.expectations.nonce = Some("another nonce".to_owned());
        let report = settle(&text, &options, now, "{}", &Verification::Invalid);
        prop_assert!(report.is_some());
        for token in &report.unwrap().tokens {
            let markdown = markdown::redacted(token, now);
            prop_assert!(!markdown.contains(&value), "{markdown}");
            for part in token.text.split('.') {
                prop_assert!(!tokenscope::discovery::overlap(part, &markdown), "{markdown}");
            }
        }
    }
}
