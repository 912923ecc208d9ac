//! Large and hostile input: an answer comes within a second, whatever the text. The limits are generous, because a
//! busy machine must not fail; what they catch is time that grows with the square of the length. Only with optimisation,
//! `cargo test --release --test hostile`, is the text as long as it should be.

use std::time::{Duration, Instant};

use tokenscope::crypto::Verification;
use tokenscope::inspect::{Answers, Ask, Options, inspect};
use tokenscope::jose::base64url;
use tokenscope::report::{Report, json, markdown};
use tokenscope::time::Time;

const NOW: Time = Time::from_seconds(1_795_183_392);

/// Without optimisation the same work takes some twenty times as long.
const SIZE: usize = if cfg!(debug_assertions) { 100_000 } else { 5_000_000 };
const LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 4 });

fn check(name: &str, text: &str) -> Report {
    let mut options = Options::default();
    options.expectations.issuers = vec!["https://issuer.example".to_owned()];
    options.expectations.audiences = vec!["api://orders".to_owned()];
    options.expectations.required_scopes = vec!["read".to_owned()];
    options.issuer_keys = true;
    timed(name, text, &options)
}

fn timed(name: &str, text: &str, options: &Options) -> Report {
    let start = Instant::now();
    let mut answers = Answers::default();
    let (mut report, asks) = inspect(text, options, NOW, NOW, &answers);
    let first = start.elapsed();
    if !asks.is_empty() {
        for ask in asks {
            if let Ask::Verify(plan) = ask {
                answers.verify(plan, Verification::Invalid);
            }
        }
        report = inspect(text, options, NOW, NOW, &answers).0;
    }
    let second = start.elapsed();
    for token in report.tokens.iter().take(2) {
        markdown::redacted(token, NOW);
    }
    let length = json::text(&report, text).len();
    let third = start.elapsed();
    let findings: usize = report.tokens.iter().map(|token| token.findings.len()).sum();
    println!("{name}: {first:?}, settled {second:?}, written {third:?}, {findings} findings, {length} bytes");
    assert!(second < LIMIT, "{name} took {second:?}");
    assert!(third < LIMIT * 10, "{name} took {third:?} to write");
    report
}

fn repeated(text: &str) -> String {
    text.repeat(SIZE / text.len())
}

fn token(payload: &str) -> String {
    [br#"{"alg":"ES256","kid":"k1"}"#, payload.as_bytes(), &[7; 64]].map(base64url::encode).join(".")
}

#[test]
fn any_long_text_is_read_in_time() {
    for text in [
        "a",
        ".",
        " ",
        "\n",
        "=",
        "eyJ",
        "eyJ\n",
        "eyJ ",
        "eyJ.",
        "eyJ.a.a.a",
        ".a",
        "eyJ9.eyJ9.a ",
        "eyJ9.eyJ9.a\n",
        "eyJhbGciOiJFUzI1NiJ9.e30.\n",
        "eyJhbGciOiJFUzI1NiJ9\n",
        "eyJhbGciOiJFUzI1NiJ9",
        "Bearer a1b2c3d4e5f6g7h8 ",
        "access_token=",
        "access_token=\"abcdefghijklmnop\" ",
        "access_token=eyJ9.eyJ9.a&",
        "\u{200b}",
        "\\n",
        "> ",
        "é",
        "😀",
        "\"",
        "{",
        "[",
        "curl ",
        "https://a/?t=eyJ9.eyJ9.a ",
        "https://a/?t=eyJ9.eyJ9.aaaaaaa&u=",
        "Authorization: Bearer eyJ9.eyJ9.aaaaaaaaaa ",
        "AAAAAAAAAAAAAAAAAAAA.",
        "BEGIN PUBLIC KEY-----",
    ] {
        check(&format!("{text:?} again and again"), &repeated(text));
    }
}

#[test]
fn tokens_after_much_else_are_read_in_time() {
    let half = SIZE / 2;
    for (before, unit) in [
        (" ", "eyJ9.eyJ9.a "),
        ("a", " eyJ9.eyJ9.a"),
        ("\"", "eyJ9.eyJ9.a "),
        ("=", "eyJ9.eyJ9.a="),
        ("https://a?", "eyJ9.eyJ9.a="),
        (" ", "Bearer a1b2c3d4e5f6g7h8 "),
    ] {
        let text = before.repeat(half / before.len()) + &unit.repeat(half / unit.len());
        check(&format!("{before:?}, then {unit:?}"), &text);
    }
}

#[test]
fn one_long_token_is_read_in_time() {
    let many = |unit: &str| unit.repeat(SIZE / 2 / unit.len());
    let name = "n".repeat(SIZE / 10);
    let payloads = [
        ("numbers", format!("{{\"a\":[{}0]}}", many("9007199254740993,"))),
        ("numbers under a long name", format!("{{\"{name}\":[{}0]}}", many("9007199254740993,"))),
        ("nothing under a long name", format!("{{\"{name}\":[{}0]}}", many("0,"))),
        ("members", format!("{{{}\"z\":0}}", (0..SIZE / 25).map(|at| format!("\"m{at}\":0,")).collect::<String>())),
        ("the same member", format!("{{{}\"a\":0}}", many("\"a\":0,"))),
        ("the same claim", format!("{{{}\"exp\":0}}", many("\"exp\":0,"))),
        ("surrogates", format!("{{\"a\":\"{}\"}}", many("\\ud800"))),
        ("controls", format!("{{\"a\":\"{}\"}}", many("\n"))),
        ("audiences", format!("{{\"aud\":[{}\"z\"]}}", many("\"api://other\","))),
        ("numbers as audiences", format!("{{\"aud\":[{}0]}}", many("0,"))),
        ("scopes", format!("{{\"scope\":\"{}\"}}", many("a b "))),
        ("scope items", format!("{{\"scp\":[{}\"z\"]}}", many("\"a\","))),
        ("depth", format!("{{\"a\":{}{}}}", "[".repeat(500), "]".repeat(500))),
        ("too much depth", format!("{{\"a\":{}", many("["))),
        ("objects", format!("{{\"a\":[{}0]}}", many("{\"a\":{}},"))),
        ("long strings", format!("{{\"iss\":\"{}\"}}", many("a"))),
        ("a long number", format!("{{\"exp\":{}}}", many("9"))),
        ("a long fraction", format!("{{\"exp\":0.{}}}", many("0"))),
    ];
    for (name, payload) in &payloads {
        check(name, &token(payload));
    }
    check("binary", &token(&many("\u{1}\u{7f}é")));
    check("dots", &(token("{}") + &".".repeat(100_000)));
    check("parts", &(token("{}") + &".YQ".repeat(100_000)));
    check("parts that are none", &(token("{}") + &".Y+=".repeat(100_000)));
    let wrapped = token(&format!("{{\"a\":\"{}\"}}", many("x")));
    let lines: Vec<&str> = (0..wrapped.len()).step_by(64).map(|at| &wrapped[at..wrapped.len().min(at + 64)]).collect();
    check("a wrapped token", &lines.join("\n"));
    check("a wrapped token of many members", &{
        let wrapped = token(&payloads[3].1);
        let lines: Vec<&str> =
            (0..wrapped.len()).step_by(1024).map(|at| &wrapped[at..wrapped.len().min(at + 1024)]).collect();
        lines.join("\n")
    });
}

#[test]
fn many_tokens_and_many_keys_are_read_in_time() {
    let key = |number: usize| {
        let mut x = vec![1; 32];
        x[..8].copy_from_slice(&number.to_be_bytes());
        let x = base64url::encode(&x);
        format!(r#"{{"kty":"EC","crv":"P-256","kid":"k1","x":"{x}","y":"{x}"}}"#)
    };
    let keys: Vec<String> = (0..1000).map(key).collect();
    let keys = format!("{{\"keys\":[{}]}}", keys.join(","));
    let options = Options { keys, ..Options::default() };
    let tokens: Vec<String> = (0..200).map(|number| token(&format!("{{\"sub\":\"{number}\"}}"))).collect();
    timed("200 tokens and 1000 keys", &tokens.join("\n"), &options);
    let long = token(&format!("{{\"a\":\"{}\"}}", "x".repeat(1_000_000)));
    timed("1 MB and 1000 keys", &long, &options);
}
