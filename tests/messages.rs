//! Every finding code has its words, and every row of the message tables a code.

use std::collections::BTreeMap;

use tokenscope::finding::{Code, Finding};
use tokenscope::messages::{self, words};
use tokenscope::time::Time;

fn all() -> Vec<Code> {
    [
        tokenscope::claims::code::ALL,
        tokenscope::crypto::code::ALL,
        tokenscope::discovery::code::ALL,
        tokenscope::inspect::code::ALL,
        tokenscope::jose::code::ALL,
        tokenscope::key::code::ALL,
        tokenscope::report::headline::code::ALL,
        tokenscope::sniff::code::ALL,
    ]
    .concat()
}

#[test]
fn every_code_has_exactly_one_row_and_every_row_a_code() {
    let mut counts: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for code in all() {
        counts.entry(code.0).or_default().0 += 1;
    }
    for code in messages::codes() {
        counts.entry(code).or_default().1 += 1;
    }
    let wrong: Vec<_> = counts.iter().filter(|(_, count)| **count != (1, 1)).collect();
    assert!(wrong.is_empty(), "code: (declared, rows): {wrong:#?}");
}

#[test]
fn every_row_says_what_is_the_case_and_every_sentence_is_whole() {
    for code in all() {
        let words = words(&Finding::error(code, "/test"), Time::default());
        let problem = words.problem.to_string();
        assert!(!problem.trim().is_empty(), "{code:?} has no problem");
        assert!(
            !problem.ends_with('.') || code.0.starts_with("verdict."),
            "{code:?}: a row is no sentence with a full stop: {problem}"
        );
        for prose in [words.explanation, words.remedy].into_iter().flatten() {
            let text = prose.to_string();
            assert!(text.ends_with(['.', '?', '…', ')', ':', '`']), "{code:?}: {text}");
        }
        if let Some(reference) = words.reference {
            assert!(reference.starts_with("https://"), "{code:?}: {reference}");
        }
    }
}

#[test]
fn nobody_is_blamed() {
    let document: String = messages::codes()
        .map(|code| {
            let words = words(&Finding::error(Code(code), "/test"), Time::default());
            format!("{code} {} {:?} {:?}\n", words.problem, words.explanation, words.remedy)
        })
        .collect();
    for line in document.lines() {
        let lower = line.to_lowercase();
        for word in ["you entered", "your mistake", "oops", "sorry", "illegal", "please"] {
            assert!(!lower.contains(word), "{line}");
        }
    }
}
