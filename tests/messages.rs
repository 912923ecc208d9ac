//! Every finding code has its words, and every row of the message tables a code.

#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use std::collections::BTreeMap;

use tokenscope::finding::{Code, Finding};
use tokenscope::messages::{self, Explanations, Prose, Section, Span, Words};
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
    let create = tokenscope::create::codes();
    let create: Vec<_> = create.iter().map(|code| words(code, tokenscope::create::words)).collect();
    let har = tokenscope::har::code::ALL;
    let har = har.iter().map(|code| words(code, |finding, now| tokenscope::har::WORDS.words(finding, now)));
    core.chain(cors).chain(response).chain(why).chain(har).chain(create).collect()
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
    let rooms = rooms
        .chain(tokenscope::why::WORDS.codes())
        .chain(tokenscope::har::WORDS.codes())
        .chain(tokenscope::create::WORDS.codes());
    for code in messages::codes().chain(rooms) {
        counts.entry(code).or_default().1 += 1;
    }
    let wrong: Vec<_> = counts.iter().filter(|(_, count)| **count != (1, 1)).collect();
    assert!(wrong.is_empty(), "code: (declared, rows): {wrong:#?}");
}

/// What the first load goes without is kept apart as a whole: a row has its explanation in one place, and belongs to a code
/// of the core. What is said about the pasted text itself, and the headline, is shown without opening anything.
#[test]
fn an_explanation_that_comes_later_belongs_to_a_code_of_the_core() {
    let core: Vec<&str> = messages::codes().collect();
    let table = tokenscope::json::read(messages::EXPLANATIONS.as_bytes().to_vec());
    let explained: Vec<&str> = table.root.iter().flat_map(|root| root.members()).map(|row| row.name.as_str()).collect();
    let unknown: Vec<_> = explained.iter().filter(|code| !core.contains(code)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    let learned: &'static Explanations = Box::leak(Box::new(Explanations::read(messages::EXPLANATIONS)));
    for code in core {
        let code = Code(code);
        let finding = Finding::error(code, "/test");
        let first = messages::first_words(&finding, Time::default());
        let later = !matches!(first.section, Section::Input | Section::Verdict);
        let carried = first.explanation.is_some() || first.reference.is_some();
        assert!(!(later && carried), "{code:?} explains itself in the first load");
        assert_eq!(later, explained.contains(&code.0), "{code:?}");
        let mut words = first;
        learned.explain(&mut words, &finding, Time::default());
        assert_eq!(words, messages::words(&finding, Time::default()), "{code:?}");
    }
}

#[test]
fn every_row_says_what_is_the_case_and_every_sentence_is_whole() {
    for (code, words) in all() {
        let problem = words.problem.to_string();
        assert!(!problem.trim().is_empty(), "{code:?} has no problem");
        assert!(
            !has_full_stop(&words.problem) || code.0.starts_with("verdict."),
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

/// What every finding says: what is the case, what to do about it, and where that is specified. The sentences of the
/// verdict are exempt: they stand above the findings and never among them.
#[test]
fn every_code_has_a_problem_a_remedy_and_a_reference() {
    let mut missing = Vec::new();
    for (code, words) in all() {
        if code.0.starts_with("verdict.") {
            continue;
        }
        let text = |prose: &Option<Prose>| prose.as_ref().map(Prose::to_string).unwrap_or_default();
        for (part, text) in [
            ("problem", words.problem.to_string()),
            ("remedy", text(&words.remedy)),
            ("reference", words.reference.unwrap_or_default().to_owned()),
        ] {
            if text.trim().is_empty() {
                missing.push(format!("{}: {part}", code.0));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// The same of the rows of the response doctor's catalogue, which are data: those that only inform may leave out a remedy.
#[test]
fn every_row_of_the_catalogue_has_a_problem_and_a_source() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/data/catalogue");
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let text = std::fs::read_to_string(&path).unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let Some(rows) = document["rows"].as_object() else { continue };
        for (name, row) in rows {
            let place = format!("{} {name}", path.display());
            let problem = row["problem"].as_str().unwrap_or_default();
            assert!(!problem.is_empty() && !problem.ends_with('.'), "{place}: {problem}");
            assert!(row["remedy"].is_string() || row["severity"] == "info", "{place} has no remedy");
            let reference = row["reference"].as_str().or(document["reference"].as_str()).unwrap_or("https://");
            assert!(reference.starts_with("https://"), "{place}: {reference}");
        }
    }
}

/// One grammar: a problem is a clause, a remedy begins with what to do, and a reference is a whole address.
#[test]
fn every_row_follows_one_grammar() {
    let mut wrong = Vec::new();
    for (code, words) in all() {
        let mut fault = |what: &str, text: &str| wrong.push(format!("{}: {what}: {text}", code.0));
        let is_verdict = code.0.starts_with("verdict.");
        let problem = words.problem.to_string();
        if has_full_stop(&words.problem) && !is_verdict {
            fault("a problem has no full stop", &problem);
        }
        for alone in ["invalid token", "token invalid", "token is invalid", "invalid", "error", "failed"] {
            if problem.trim().eq_ignore_ascii_case(alone) {
                fault("a problem says what is the case", &problem);
            }
        }
        for (what, prose) in [("explanation", &words.explanation), ("remedy", &words.remedy)] {
            let Some(text) = prose.as_ref().map(Prose::to_string) else { continue };
            // A sentence may begin with a value as received, and end with one.
            let begins = text.chars().next().is_some_and(|first| !first.is_lowercase());
            // Programs and schemes are written small: `curl and browsers …` begins an explanation, never a remedy.
            if what == "remedy" && !begins && !matches!(prose.as_ref().unwrap().0.first(), Some(Span::Code(_))) {
                fault("a sentence begins in upper case", &text);
            }
            if what == "remedy" && !text.ends_with(['.', '?', ')', '`', '…', ':']) && !ends_in_code(prose) {
                fault("a remedy is a full sentence", &text);
            }
        }
        if let Some(remedy) = &words.remedy {
            let text = remedy.to_string();
            let first = text.split([' ', ',', '.', ':']).next().unwrap_or_default().to_owned();
            if NO_VERBS.contains(&first.as_str()) {
                fault("a remedy begins with what to do", &text);
            }
        }
        if let Some(reference) = words.reference {
            let host = reference.strip_prefix("https://").and_then(|rest| rest.split('/').next()).unwrap_or_default();
            if !host.contains('.') || reference.contains(char::is_whitespace) || reference.contains("example.") {
                fault("a reference is an address", reference);
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Words that begin a statement, not an instruction.
const NO_VERBS: [&str; 16] = [
    "A", "An", "It", "Its", "The", "They", "That", "These", "There", "This", "Those", "You", "Your", "We", "Tokens",
    "Servers",
];

/// Whether it ends in a full stop of ours: literal code such as `AT.` may end in one.
fn has_full_stop(prose: &Prose) -> bool {
    matches!(prose.0.last(), Some(Span::Text(text)) if text.ends_with('.'))
}

fn ends_in_code(prose: &Option<Prose>) -> bool {
    prose.as_ref().is_some_and(|prose| matches!(prose.0.last(), Some(Span::Code(_))))
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
        for word in [
            "you entered",
            "your mistake",
            "oops",
            "sorry",
            "illegal",
            "please",
            "your fault",
            "stupid",
            "you failed",
            "user error",
        ] {
            assert!(!lower.contains(word), "{line}");
        }
    }
}
