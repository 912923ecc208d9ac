//! What must never be accepted, and what must never be called invalid: the test driver's WebCrypto says yes to
//! everything it is asked, or no to everything, so that only the core's own rules stand in the way.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests too")]

#[path = "support/issuer.rs"]
mod issuer;

use issuer::{NOW, expecting, settle};
use tokenscope::crypto::Verification;
use tokenscope::discovery::{Answered, Fetch, Response};
use tokenscope::inspect::{Answers, Ask, Options, inspect};
use tokenscope::jose::base64url;
use tokenscope::key::SecretEncoding;
use tokenscope::report::{SignatureStatus, Token, Verdict};
use tokenscope::time::Time;

const CLAIMS: &str = r#"{"iss":"https://issuer.example","aud":"api://orders","exp":1795186600}"#;
const EC: &str = r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}"#;
const ED25519: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
const ED448: &str =
    r#"{"kty":"OKP","crv":"Ed448","x":"X9dEm1m0Yf0s54fsYWrUah2hNCSFpw4fig6nXYDpZ3jt8SR2m0bHBhvWeD3x5Q9s0foavq_oJWGA"}"#;

fn signed(header: &[u8], payload: &str, length: usize) -> String {
    [header, payload.as_bytes(), &vec![7; length]].map(base64url::encode).join(".")
}

fn fetching() -> Options {
    Options { issuer_keys: true, fetch: Fetch::Issuer, ..expecting() }
}

fn check(text: &str, options: &Options, set: &str, verification: Verification) -> Token {
    let (mut report, _) = settle(text, options, set, &verification);
    assert_eq!(report.tokens.len(), 1, "{text}");
    report.tokens.remove(0)
}

fn codes(token: &Token) -> Vec<&str> {
    token.findings.iter().map(|finding| finding.code.0).collect()
}

#[test]
fn a_secret_that_an_issuer_publishes_proves_nothing() {
    let set = r#"{"keys":[{"kty":"oct","k":"AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8"}]}"#;
    let token = check(&signed(br#"{"alg":"HS256"}"#, CLAIMS, 32), &fetching(), set, Verification::Valid);
    assert_ne!(token.signature.status, SignatureStatus::Valid);
    assert_ne!(token.verdict, Verdict::Accepted);
}

#[test]
fn a_public_key_is_no_secret_however_it_is_written() {
    let pem = include_str!("keys/rsa-pkcs1-public.pem");
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let der = base64url::decode_standard(&body).bytes;
    let hexadecimal: String = der.iter().map(|byte| format!("{byte:02x}")).collect();
    for (secret, secret_encoding) in [
        (pem.to_owned(), SecretEncoding::Utf8),
        (base64url::encode(pem.as_bytes()), SecretEncoding::Base64Url),
        (base64url::encode(&der), SecretEncoding::Base64Url),
        (body.clone(), SecretEncoding::Base64),
        (body.clone(), SecretEncoding::Utf8),
        (hexadecimal, SecretEncoding::Hex),
        (format!(r#"{{"kty":"oct","k":"{}"}}"#, base64url::encode(pem.as_bytes())), SecretEncoding::Utf8),
    ] {
        let options = Options { secret: secret.clone(), secret_encoding, ..expecting() };
        let token = check(&signed(br#"{"alg":"HS256"}"#, CLAIMS, 32), &options, "", Verification::Valid);
        assert_ne!(token.signature.status, SignatureStatus::Valid, "{secret_encoding:?} {secret}");
    }
}

#[test]
fn a_header_that_is_no_json_is_never_valid() {
    let options = Options { keys: EC.to_owned(), ..expecting() };
    for header in [
        &b"{\"alg\":\"ES256\"} x"[..],
        b"\xef\xbb\xbf{\"alg\":\"ES256\"}",
        b"{\"alg\":\"ES256\",}",
        b"{\"alg\":\"ES256\",\"x\":\"\xff\"}",
        b"{\"alg\":\"ES256\",\"x\":\"a\nb\"}",
        b"{\"alg\":\"ES256\"",
    ] {
        let token = check(&signed(header, CLAIMS, 64), &options, "", Verification::Valid);
        let header = String::from_utf8_lossy(header);
        assert_ne!(token.signature.status, SignatureStatus::Valid, "{header}");
        assert_eq!(token.verdict, Verdict::Rejected, "{header}");
    }
}

#[test]
fn what_another_key_may_have_signed_is_not_invalid() {
    let both = format!(r#"{{"keys":[{ED25519},{ED448}]}}"#);
    // An Ed448 signature has 114 bytes: the key that may have made it is one that the browser does not take.
    let options = Options { keys: both.clone(), ..expecting() };
    let token = check(&signed(br#"{"alg":"EdDSA"}"#, CLAIMS, 114), &options, "", Verification::Unsupported);
    assert_eq!(token.signature.status, SignatureStatus::Unsupported, "{:?}", codes(&token));
    // And one of 64 bytes cannot be by that key, so that the other one's answer counts.
    let token = check(&signed(br#"{"alg":"EdDSA"}"#, CLAIMS, 64), &options, "", Verification::Invalid);
    assert_eq!(token.signature.status, SignatureStatus::Invalid, "{:?}", codes(&token));
}

#[test]
fn the_key_that_was_tried_is_told_and_not_the_one_that_could_not_be() {
    let rsa = |bytes: usize| {
        let mut modulus = vec![0xc5; bytes];
        modulus.push(1);
        format!(r#"{{"kty":"RSA","e":"AQAB","n":"{}"}}"#, base64url::encode(&modulus))
    };
    let options = Options { keys: format!(r#"{{"keys":[{},{}]}}"#, rsa(511), rsa(255)), ..expecting() };
    let token = check(&signed(br#"{"alg":"RS256"}"#, CLAIMS, 256), &options, "", Verification::Invalid);
    assert_eq!(token.signature.status, SignatureStatus::Invalid);
    assert!(codes(&token).contains(&"signature.invalid"), "{:?}", codes(&token));
}

#[test]
fn a_key_that_the_browser_refused_leaves_the_question_open() {
    let mut answers = Answers::default();
    let options = Options { keys: format!(r#"{{"keys":[{EC},{}]}}"#, EC.replace("x_FE", "x_FF")), ..expecting() };
    let text = signed(br#"{"alg":"ES256"}"#, CLAIMS, 64);
    let (_, asks) = inspect(&text, &options, NOW, NOW, &answers);
    let words = [Verification::Invalid, Verification::KeyRefused("DataError".to_owned())];
    for (ask, verification) in asks.into_iter().zip(words) {
        let Ask::Verify(plan) = ask else { unreachable!() };
        answers.verify(plan, verification);
    }
    let (report, asks) = inspect(&text, &options, NOW, NOW, &answers);
    assert!(asks.is_empty());
    assert_eq!(report.tokens[0].signature.status, SignatureStatus::NotChecked, "{:?}", codes(&report.tokens[0]));
    assert_eq!(report.tokens[0].verdict, Verdict::Undecided);
}

#[test]
fn a_role_that_is_set_to_false_is_not_contained() {
    let mut options = Options { keys: EC.to_owned(), ..expecting() };
    options.expectations.required_claims = vec![tokenscope::claims::RequiredClaim {
        name: "roles".to_owned(),
        value: None,
        contains: Some("admin".to_owned()),
    }];
    for (roles, verdict) in [
        (r#"{"admin":false}"#, Verdict::Rejected),
        (r#"{"admin":null}"#, Verdict::Rejected),
        (r#"{"admin":{"1":"a.example"}}"#, Verdict::Accepted),
        (r#"["admin"]"#, Verdict::Accepted),
        (r#"["Admin"]"#, Verdict::Rejected),
        (r#""administrator""#, Verdict::Rejected),
    ] {
        let claims = CLAIMS.replace("\"exp\"", &format!("\"roles\":{roles},\"exp\""));
        let token = check(&signed(br#"{"alg":"ES256"}"#, &claims, 64), &options, "", Verification::Valid);
        assert_eq!(token.verdict, verdict, "{roles}");
    }
}

#[test]
fn no_trick_of_the_header_makes_it_accepted() {
    let options = Options { keys: EC.to_owned(), ..expecting() };
    let embedded = format!(r#"{{"alg":"ES256","jwk":{EC}}}"#);
    let trusted = check(&signed(embedded.as_bytes(), CLAIMS, 64), &options, "", Verification::Valid);
    assert_eq!(trusted.verdict, Verdict::Accepted, "{:?}", codes(&trusted));
    // Without the pasted key, the embedded one is never even tried.
    let alone = check(&signed(embedded.as_bytes(), CLAIMS, 64), &expecting(), "", Verification::Valid);
    assert_eq!((alone.verdict, alone.signature.status), (Verdict::Undecided, SignatureStatus::NotChecked));
    for header in [
        r#"{"alg":"ES256","alg":"none"}"#,
        r#"{"alg":"HS256"}"#,
        r#"{"alg":["ES256"]}"#,
        r#"{"alg":"ES256\u0000"}"#,
        r#"{"alg":"es256"}"#,
        r#"{"alg":"RS256"}"#,
        r#"{"alg":"ES384"}"#,
        r#"{"alg":"ES256","crit":["b64"],"b64":true}"#,
        r#"{"alg":"ES256","crit":null}"#,
        r#"{"alg":"ES256","crit":["b64","b65"]}"#,
        r#"[{"alg":"ES256"}]"#,
    ] {
        let token = check(&signed(header.as_bytes(), CLAIMS, 64), &options, "", Verification::Valid);
        assert_ne!(token.signature.status, SignatureStatus::Valid, "{header}");
        assert_ne!(token.verdict, Verdict::Accepted, "{header}");
    }
}

#[test]
fn no_trick_of_the_claims_makes_it_accepted() {
    let options = Options { keys: EC.to_owned(), ..expecting() };
    for (good, bad) in [
        ("1795186600", "\"1795186600\""),
        ("1795186600", "1e400"),
        ("1795186600", "-1795186600"),
        ("1795186600", "1795186600000"),
        ("1795186600", "null"),
        ("1795186600", "true"),
        ("1795186600", "[1795186600]"),
        ("1795186600", "1795186600,\"exp\":1"),
        ("1795186600", "1795183392"),
        ("1795186600", "1795183391.999999999"),
        ("1795186600", "1795186600,\"nbf\":1795183392.000000001"),
        ("1795186600", "1795186600,\"nbf\":\"1\""),
        ("\"api://orders\"", "\"api://orders \""),
        ("\"api://orders\"", "\"api://orders/\""),
        ("\"api://orders\"", "\"API://orders\""),
        ("\"api://orders\"", "\"api://orders\\u0000\""),
        ("\"api://orders\"", "\"api://order\u{17f}\""),
        ("\"api://orders\"", "[[\"api://orders\"]]"),
        ("\"api://orders\"", "{\"api://orders\":1}"),
        ("\"api://orders\"", "\"api://orders\",\"aud\":\"x\""),
        ("\"api://orders\"", "[]"),
        ("\"https://issuer.example\"", "[\"https://issuer.example\"]"),
        ("\"https://issuer.example\"", "\"https://issuer.example\",\"iss\":\"x\""),
        ("\"https://issuer.example\"", "\"https://issuer.example.\""),
        ("\"https://issuer.example\"", "\"https://issuer.e\u{445}ample\""),
    ] {
        assert!(CLAIMS.contains(good));
        let token =
            check(&signed(br#"{"alg":"ES256"}"#, &CLAIMS.replace(good, bad), 64), &options, "", Verification::Valid);
        assert_eq!(token.verdict, Verdict::Rejected, "{bad}");
    }
}

#[test]
fn leeway_and_time_have_no_end_to_wrap_round() {
    for (leeway, now, verdict) in [
        (i64::MAX, NOW, Verdict::Accepted),
        (i64::MAX, Time::from_seconds(i64::MAX), Verdict::Rejected),
        (i64::MIN, Time::from_seconds(1_795_186_600), Verdict::Rejected),
        (0, Time::from_seconds(i64::MAX), Verdict::Rejected),
    ] {
        let mut options = Options { keys: EC.to_owned(), ..expecting() };
        options.expectations.leeway = leeway;
        let text = signed(br#"{"alg":"ES256"}"#, CLAIMS, 64);
        let mut answers = Answers::default();
        for ask in inspect(&text, &options, now, now, &answers).1 {
            if let Ask::Verify(plan) = ask {
                answers.verify(plan, Verification::Valid);
            }
        }
        let (report, _) = inspect(&text, &options, now, now, &answers);
        assert_eq!(report.tokens[0].verdict, verdict, "{leeway} at {now:?}");
        assert!(tokenscope::report::json::text(&report, &text).contains("\"version\":1"));
    }
}

#[test]
fn one_token_lends_no_key_to_another() {
    let set = format!(r#"{{"keys":[{}]}}"#, EC.replacen('{', r#"{"kid":"k1","#, 1));
    let good = signed(br#"{"alg":"ES256","kid":"k1"}"#, CLAIMS, 64);
    let foreign = signed(br#"{"alg":"ES256","kid":"k1"}"#, &CLAIMS.replace("issuer.example", "evil.example"), 64);
    let other = signed(br#"{"alg":"ES256","kid":"k1"}"#, &CLAIMS.replace("issuer.example", "other.example"), 64);
    let mut options = fetching();
    options.expectations.issuers.push("https://other.example".to_owned());
    let (report, _) = settle(&[&*good, &foreign, &other].join("\n"), &options, &set, &Verification::Valid);
    let verdicts: Vec<Verdict> = report.tokens.iter().map(|token| token.verdict).collect();
    assert_eq!(verdicts[0], Verdict::Accepted);
    assert_eq!(verdicts[1], Verdict::Rejected);
    let support = tokenscope::report::headline(&report.tokens[1], NOW).support.to_string();
    assert!(!support.contains("evil"), "{support}");
    // The other issuer's keys were not to be had, and the first issuer's say nothing about it.
    assert_ne!(verdicts[2], Verdict::Accepted);
    assert_ne!(report.tokens[2].signature.status, SignatureStatus::Valid);
}

#[test]
fn an_answer_for_one_issuer_is_none_for_another() {
    let set = format!(r#"{{"keys":[{EC}]}}"#);
    let text = signed(br#"{"alg":"ES256"}"#, CLAIMS, 64);
    let mut answers = Answers::default();
    let first = fetching();
    for _ in 0..4 {
        for ask in inspect(&text, &first, NOW, NOW, &answers).1 {
            match ask {
                Ask::Fetch(request) => {
                    let body = if request.url.path().ends_with("jwks") {
                        set.clone()
                    } else {
                        r#"{"issuer":"https://issuer.example","jwks_uri":"https://issuer.example/jwks"}"#.to_owned()
                    };
                    let answered =
                        Answered { status: 200, body: body.into_bytes(), received: NOW, ..Answered::default() };
                    answers.respond(request, Response::Answered(answered));
                }
                Ask::Verify(plan) => answers.verify(plan, Verification::Valid),
            }
        }
    }
    assert_eq!(inspect(&text, &first, NOW, NOW, &answers).0.tokens[0].verdict, Verdict::Accepted);
    for issuer in
        ["https://issuer.example/", "https://ISSUER.example", "https://issuer.example/tenant", "https://other.example"]
    {
        let mut options = Options { fetch: Fetch::Never, ..fetching() };
        options.expectations.issuers = vec![issuer.to_owned()];
        let token = &inspect(&text, &options, NOW, NOW, &answers).0.tokens[0];
        assert_eq!(token.verdict, Verdict::Rejected, "{issuer}");
        assert_ne!(token.signature.status, SignatureStatus::Valid, "{issuer}");
    }
}
