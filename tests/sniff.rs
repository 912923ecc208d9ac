//! What is found in pasted text: a file a case in `tests/corpus/sniff`, and laws over arbitrary text.
//!
//! A case begins with lines that say what is expected, then `---`, then the text. `\u{…}` in the text stands for the
//! character, so that a file can hold what an editor would lose; a final line break is not part of the text.

#[path = "support/corpus.rs"]
mod corpus;

use corpus::{Case, cases};
use proptest::prelude::*;
use tokenscope::report::InputKind;
use tokenscope::sniff::{Candidate, sniff};

/// A good header, payload and signature of HS256, for the placeholder `TOKEN` in the corpus.
const TOKEN: &str = "eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwic3ViIjoiYWxpY2UifQ.aEk3cYqzXe9qEo1uJ0rXhS2m3pXW0nqk4yYt8Yx1b7o";

fn check(case: &Case) {
    let text = case.text.replace("TOKEN", TOKEN);
    let sniffed = sniff(&text);
    let found: Vec<String> = sniffed.candidates.iter().map(|candidate| described(candidate, &text)).collect();
    let expected: Vec<String> = case.values("token").map(|value| value.replace("TOKEN", TOKEN)).collect();
    assert_eq!(found, expected, "{}", case.name);
    let kind = sniffed.inputs.first().map_or_else(|| "nothing".to_owned(), |input| format!("{:?}", input.kind));
    assert_eq!(case.value("input").unwrap_or("nothing"), kind, "{}", case.name);
    let findings: Vec<&str> = sniffed.findings.iter().map(|finding| finding.code.0).collect();
    let expected: Vec<&str> = case.values("finding").collect();
    assert_eq!(findings, expected, "{}", case.name);
}

/// A candidate in one line: its name or "token", "opaque" where it is, and its text.
fn described(candidate: &Candidate, text: &str) -> String {
    let name = candidate.name.map_or("token".to_owned(), |name| format!("{name:?}"));
    let opaque = if candidate.opaque { " opaque" } else { "" };
    let pieces = match candidate.pieces.len() {
        1 => String::new(),
        count => format!(" in {count} pieces"),
    };
    format!("{name}{opaque}{pieces} {}", candidate.text(text))
}

#[test]
fn every_case_of_the_corpus_is_found_as_written() {
    let cases = cases("sniff");
    assert!(cases.len() >= 30, "only {} cases", cases.len());
    cases.iter().for_each(check);
}

#[test]
fn a_token_is_found_whole_wherever_it_is_wrapped() {
    for width in 20..TOKEN.len() {
        for separator in ["\n", "\r\n", "\n  ", " \\\n", "\\n"] {
            let lines: Vec<&str> =
                (0..TOKEN.len()).step_by(width).map(|at| &TOKEN[at..TOKEN.len().min(at + width)]).collect();
            let text = format!("Authorization: Bearer {}\nThanks", lines.join(separator));
            let sniffed = sniff(&text);
            let found: Vec<String> = sniffed.candidates.iter().map(|candidate| candidate.text(&text)).collect();
            assert_eq!(found, [TOKEN], "width {width}, separator {separator:?}");
        }
        for joint in ["\" + \"", "\" +\n    \"", "\"\n    + \"", "\"\n    \"", "\" \\\n    \"", "\" . \"", "\"..\""] {
            let literals: Vec<&str> =
                (0..TOKEN.len()).step_by(width).map(|at| &TOKEN[at..TOKEN.len().min(at + width)]).collect();
            let text = format!("token = \"{}\"; // \"more\"", literals.join(joint));
            let sniffed = sniff(&text);
            let found: Vec<String> = sniffed.candidates.iter().map(|candidate| candidate.text(&text)).collect();
            assert_eq!(found, [TOKEN], "width {width}, joint {joint:?}");
        }
    }
}

proptest! {
    #![proptest_config(corpus::config())]

    #[test]
    fn arbitrary_text_never_panics_and_loses_no_byte(text in any::<String>()) {
        lossless(&text)?;
    }

    #[test]
    fn text_that_looks_like_tokens_never_panics_and_loses_no_byte(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "eyJhbGciOiJIUzI1NiJ9", "ewogImFsZyI6Im5vbmUifQ", "eyJ", "e30", ".", "..", "...", "=", "==", "+", "/", "-", "_", "\n", "\r\n", " ",
                "\\\n", "\\n", "\"", "'", "Bearer ", "access_token", ":", "id_token=", "{", "}", "%20", "é", "\u{200b}", "\u{1f600}", "> ", "&", "#", "?",
                "https://jwt.io/#debugger-io?token=", "curl -H ", "Thanks", "\" + \"", "'\n '", "~", "pk.", "%2E", "aEk3cYqzXe9qEo1uJ0rXhS2m3pXW0nqk4yYt8Yx1b7o",
            ]),
            0..24,
        )
    ) {
        lossless(&parts.concat())?;
    }

    #[test]
    fn a_token_is_found_in_prose(before in "[ a-z,;:()\n]{0,40}", after in "[ ,;()\n]{0,2}") {
        let text = format!("{before} {TOKEN}{after}");
        let sniffed = sniff(&text);
        prop_assert!(sniffed.candidates.iter().any(|candidate| candidate.text(&text) == TOKEN), "{text}");
    }
}

/// Pieces are ranges of the text, in order, on character boundaries, and apart: what is not in a piece is shown as
/// skipped, so nothing is lost.
fn lossless(text: &str) -> Result<(), TestCaseError> {
    let sniffed = sniff(text);
    let mut at = 0;
    for candidate in &sniffed.candidates {
        prop_assert!(!candidate.pieces.is_empty());
        for piece in &candidate.pieces {
            prop_assert!(at <= piece.start && piece.start < piece.end, "{piece:?} after {at} in {text:?}");
            prop_assert!(text.get(piece.clone()).is_some(), "{piece:?} in {text:?}");
            at = piece.end;
        }
        // What was found is read: the rooms below take whatever the rooms above hand them.
        let token = candidate.text(text);
        let jose = tokenscope::jose::read(&token);
        let parts: Vec<&str> = jose.segments.iter().map(|segment| &token[segment.span.clone()]).collect();
        prop_assert_eq!(parts.join("."), token);
    }
    prop_assert!(at <= text.len());
    prop_assert_eq!(sniffed.inputs.is_empty(), sniffed.candidates.is_empty());
    prop_assert!(sniffed.inputs.iter().all(|input| input.kind != InputKind::Bare || sniffed.candidates.len() == 1));
    Ok(())
}
