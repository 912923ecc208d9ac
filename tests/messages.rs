//! Every finding code has its words, and every row of the message tables a code.

use std::collections::BTreeMap;

use tokenscope::finding::{Code, Finding};
use tokenscope::messages::{self, Words};
use tokenscope::time::Time;

/// Every code with its words, the core's and those of the rooms that have a catalogue of their own.
fn all() -> Vec<(Code, Words)> {
    let words = |code: &Code, words: fn(&Finding, Time) -> Words| {
        (*code, words(&Finding::error(*code, "/test"), Time::default()))
    };
    let core = core();
    let core = core.iter().map(|code| words(code, messages::words));
    let cors = tokenscope::cors::code::ALL
        .iter()
        .map(|code| words(code, |finding, now| tokenscope::cors::WORDS.words(finding, now)));
    let response = response();
    let response =
        response.iter().map(|code| words(code, |finding, now| tokenscope::response_doctor::WORDS.words(finding, now)));
    let why = why();
    let why = why.iter().map(|code| words(code, |finding, now| tokenscope::why::WORDS.words(finding, now)));
    core.chain(cors).chain(response).chain(why).collect()
}

/// The codes behind the first verdict: of some rooms they are the rows of a table.
fn why() -> Vec<Code> {
    tokenscope::why::codes()
}

fn response() -> Vec<Code> {
    [tokenscope::response_doctor::answer::code::ALL, tokenscope::response_doctor::join::code::ALL].concat()
}

fn core() -> Vec<Code> {
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
    for (code, _) in all() {
        counts.entry(code.0).or_default().0 += 1;
    }
    let rooms = tokenscope::cors::WORDS.codes().chain(tokenscope::response_doctor::WORDS.codes());
    let rooms = rooms.chain(tokenscope::why::WORDS.codes());
    for code in messages::codes().chain(rooms) {
        counts.entry(code).or_default().1 += 1;
    }
    let wrong: Vec<_> = counts.iter().filter(|(_, count)| **count != (1, 1)).collect();
    assert!(wrong.is_empty(), "code: (declared, rows): {wrong:#?}");
}

#[test]
fn every_row_says_what_is_the_case_and_every_sentence_is_whole() {
    for (code, words) in all() {
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
    let rows = all()
        .into_iter()
        .map(|(code, words)| format!("{} {} {:?} {:?}\n", code.0, words.problem, words.explanation, words.remedy));
    // Beside the findings: the words of the CORS lab's walk, causes, fixes and providers, and those around an explained answer.
    let tables = [
        include_str!("../src/data/cors_causes.json"),
        include_str!("../src/data/cors_fixes.json"),
        include_str!("../src/data/cors_providers.json"),
        include_str!("../src/data/cors_servers.json"),
        include_str!("../src/data/cors_steps.json"),
        include_str!("../src/data/response_checkup.json"),
        include_str!("../src/data/response_commands.json"),
        include_str!("../src/data/response_next.json"),
    ];
    let document: String = rows.chain(tables.map(str::to_owned)).collect();
    for line in document.lines() {
        let lower = line.to_lowercase();
        for word in ["you entered", "your mistake", "oops", "sorry", "illegal", "please"] {
            assert!(!lower.contains(word), "{line}");
        }
    }
}
