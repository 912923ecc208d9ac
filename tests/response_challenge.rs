//! Challenges as senders write them: a file each in `tests/corpus/response_challenge`, the value, then what is read in it.
//! `TOKENSCOPE_UPDATE=1 cargo test --test response_challenge` writes what comes out, for reading.

#![allow(clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use std::fmt::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use tokenscope::response_doctor::challenge::{Challenge, read};

fn outline(challenges: &[Challenge]) -> String {
    let mut outline = String::new();
    for challenge in challenges {
        writeln!(outline, "{}", if challenge.scheme.is_empty() { "(no scheme)" } else { &challenge.scheme }).unwrap();
        if let Some(token) = &challenge.token68 {
            writeln!(outline, "  token68 {token}").unwrap();
        }
        for (name, value) in &challenge.parameters {
            writeln!(outline, "  {name} = {value:?}").unwrap();
        }
        if !challenge.faults.is_empty() {
            writeln!(outline, "  faults {:?}", challenge.faults).unwrap();
        }
    }
    outline
}

#[test]
fn every_sender_is_read_as_its_file_says() {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/response_challenge");
    let mut paths: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(paths.len() >= 80, "the corpus is whole");
    let mut wrong = String::new();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let (value, expected) = text.split_once("\n--- expected\n").unwrap();
        let found = outline(&read(value));
        if std::env::var_os("TOKENSCOPE_UPDATE").is_some() {
            std::fs::write(&path, format!("{value}\n--- expected\n{found}")).unwrap();
        } else if found != expected {
            writeln!(wrong, "{}\n{value}\nexpected:\n{expected}found:\n{found}", path.display()).unwrap();
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A challenge of the strict grammar, and how it is written.
#[derive(Clone, Debug)]
struct Written {
    challenge: Challenge,
    text: String,
}

fn token() -> impl Strategy<Value = String> {
    // Without apostrophes: `'a'` is a token by the grammar, and a value in quotes by everyone's intention.
    "[A-Za-z0-9!#$%&*+.^_`|~-]{1,12}"
}

/// A value, and how it is written: as a token, or in quotes with escapes.
fn value() -> impl Strategy<Value = (String, String)> {
    let quoted =
        (proptest::collection::vec((any::<bool>(), "[ \t!-~\u{a1}-\u{2fff}]"), 0..20)).prop_map(|characters| {
            let mut value = String::new();
            let mut text = String::from('"');
            for (escaped, character) in characters {
                if escaped || character == "\"" || character == "\\" {
                    text.push('\\');
                }
                value.push_str(&character);
                text.push_str(&character);
            }
            text.push('"');
            (value, text)
        });
    prop_oneof![3 => quoted, 1 => token().prop_map(|token| (token.clone(), token))]
}

fn parameter() -> impl Strategy<Value = (String, String, String)> {
    let name = prop_oneof![
        token(),
        Just("realm".to_owned()),
        Just("error".to_owned()),
        Just("error_description".to_owned()),
        Just("scope".to_owned()),
    ];
    let equals = prop_oneof![4 => Just("="), 1 => Just(" = "), 1 => Just("\t=")];
    (name, equals, value()).prop_map(|(name, equals, (value, text))| {
        let text = format!("{name}{equals}{text}");
        (name, value, text)
    })
}

fn challenge() -> impl Strategy<Value = Written> {
    let comma = || prop_oneof![3 => Just(", "), 1 => Just(","), 1 => Just(" ,\t")];
    let scheme = prop_oneof![token(), Just("Bearer".to_owned()), Just("DPoP".to_owned()), Just("Basic".to_owned())];
    let with_parameters =
        (scheme, proptest::collection::vec((comma(), parameter()), 0..6)).prop_map(|(scheme, list)| {
            let mut text = scheme.clone();
            let mut parameters = Vec::new();
            for (number, (comma, (name, value, written))) in list.into_iter().enumerate() {
                text.push_str(if number == 0 { " " } else { comma });
                text.push_str(&written);
                parameters.push((name, value));
            }
            Written { challenge: Challenge { scheme, parameters, ..Challenge::default() }, text }
        });
    let with_token = ("Negotiate|NTLM|Vapour", "[A-Za-z0-9._~+/-]{20,40}={0,2}").prop_map(|(scheme, token)| {
        let text = format!("{scheme} {token}");
        Written { challenge: Challenge { scheme, token68: Some(token), ..Challenge::default() }, text }
    });
    prop_oneof![5 => with_parameters, 1 => with_token]
}

/// What makes a text hard to read, in any order.
fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("Bearer"),
        Just("DPoP "),
        Just("error="),
        Just("realm"),
        Just("\""),
        Just("'"),
        Just("“"),
        Just("\\"),
        Just(","),
        Just(";"),
        Just("="),
        Just(" "),
        Just("\r\n "),
        Just("\u{0}"),
        Just("ü"),
        Just("a/b=="),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn what_follows_the_grammar_is_read_as_it_says(list in proptest::collection::vec(challenge(), 1..4)) {
        let text = list.iter().map(|written| written.text.as_str()).collect::<Vec<_>>().join(", ");
        let expected: Vec<Challenge> = list.into_iter().map(|written| written.challenge).collect();
        prop_assert_eq!(read(&text), expected, "{}", text);
    }

    #[test]
    fn any_text_is_read(text in prop_oneof![any::<String>(), hostile()]) {
        let challenges = read(&text);
        let kept: usize = challenges
            .iter()
            .flat_map(|challenge| &challenge.parameters)
            .map(|(name, value)| name.len() + value.len())
            .sum();
        // Nothing is made up: a value is never longer than what was written, but for the space of a fold.
        prop_assert!(kept <= text.len(), "{challenges:?}");
    }
}

/// Twice the text takes about twice the time, whatever stands in it.
#[test]
fn reading_is_linear() {
    for piece in [
        "\"",
        "'",
        "' ",
        "a='",
        "a='x ",
        "a=\"x ",
        "“",
        "“ ",
        ",",
        ", ",
        " ",
        "a ",
        "a,",
        "a=",
        "a= ",
        "=",
        "\\",
        "\\\"",
        "a=b c ",
        "a=\"\" ",
        "realm=\"x, ",
        "Bearer ",
        "Bearer,",
        "Bearer a=b ",
        "a=b c, d ",
        "(",
        "( ",
        "\r\n ",
        "a==,",
        "\", a ",
        "\" Bearer ",
        "a=“b, ",
        "ü",
        "a\" ",
        "' a",
        "'a",
    ] {
        for begin in ["", "Bearer ", "Bearer a=\"", "Bearer a='", "Bearer a=“", "Bearer a=b c"] {
            let text = begin.to_owned() + &piece.repeat(200_000 / piece.len());
            let started = Instant::now();
            let _ = read(&text);
            // Quadratic would be minutes.
            assert!(started.elapsed() < Duration::from_secs(4), "{begin}{piece}…: {:?}", started.elapsed());
        }
    }
}
