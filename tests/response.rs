//! Cases for the response doctor and what is said about them: a file a case in `tests/corpus/response`. A file has parts,
//! each begun by its name: `--- answer`, and where there are any `--- request`, `--- token`, `--- registered`, `--- now`
//! (seconds), then `--- expected`. A token may be written as its header and payload, one JSON object each, on a line of
//! its own; it is encoded with a made-up signature, and `[token]` in any other part stands for it.
//! `TOKENSCOPE_UPDATE=1 cargo test --test response` writes what comes out, for reading.

#![allow(clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use std::path::{Path, PathBuf};

use tokenscope::finding::{Certainty, Severity};
use tokenscope::jose::base64url;
use tokenscope::response_doctor::explanation::CheckState;
use tokenscope::response_doctor::{Case, Explanation, explain};
use tokenscope::time::Time;

#[path = "support/catalogue.rs"]
mod catalogue;

use catalogue::catalogue;

/// Fri 20 Nov 2026, 13:45:00 UTC: the reader's clock where a case has none.
const NOW: i64 = 1_795_182_300;

fn files() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/response");
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

struct Parsed {
    case: Case,
    now: Time,
    expected: String,
}

fn parse(text: &str) -> Parsed {
    let mut parsed = Parsed { case: Case::default(), now: Time::from_seconds(NOW), expected: String::new() };
    let mut part = "";
    let mut parts: Vec<(&str, String)> = Vec::new();
    for line in text.split_inclusive('\n') {
        match line.trim_end().strip_prefix("--- ") {
            Some(name) => {
                part = name;
                parts.push((name, String::new()));
            }
            None if !part.is_empty() => parts.last_mut().unwrap().1.push_str(line),
            None => {}
        }
    }
    let token = parts.iter().find(|(name, _)| *name == "token").map(|(_, text)| token(text)).unwrap_or_default();
    for (name, text) in parts {
        let text = text.strip_suffix('\n').unwrap_or(&text).replace("[token]", &token);
        match name {
            "answer" => parsed.case.answer = text,
            "request" => parsed.case.request = text,
            // A token that stands in another part was pasted there and nowhere else.
            "token" if !parsed.case.answer.contains(&token) && !parsed.case.request.contains(&token) => {
                parsed.case.token = token.clone();
            }
            "token" => {}
            "registered" => parsed.case.registered = text,
            "now" => parsed.now = Time::from_seconds(text.trim().parse().unwrap()),
            "expected" => parsed.expected = text,
            other => panic!("there is no part {other}"),
        }
    }
    parsed
}

/// A token as it stands, or of a header and a payload.
fn token(text: &str) -> String {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    match lines.as_slice() {
        [header, payload] if header.starts_with('{') => {
            let part = |text: &str| base64url::encode(text.as_bytes());
            format!("{}.{}.{}", part(header), part(payload), base64url::encode(&[0x5a; 256]))
        }
        lines => lines.join("\n"),
    }
}

/// What is held of an explanation.
fn outline(explanation: &Explanation) -> String {
    let mut outline =
        format!("headline: {}\nsupport: {}\n", explanation.headline.markdown(), explanation.support.markdown());
    for finding in &explanation.findings {
        let sure = match finding.certainty {
            Certainty::Proved => "proved",
            Certainty::Stated => "stated",
            Certainty::Likely => "likely",
        };
        let severity = match finding.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
            Severity::Ok => "ok",
        };
        outline.push_str(&format!("{severity}, {sure}: {}\n", finding.code.0));
    }
    for row in &explanation.scopes {
        let token = row.in_token.map_or("unknown", |has| if has { "in the token" } else { "not in the token" });
        let needed = if row.needed { "needed" } else { "not needed" };
        let by = row.covered_by.as_ref().map(|by| format!(", covered by {by}")).unwrap_or_default();
        outline.push_str(&format!("scope: {} {token}, {needed}{by}\n", row.scope));
    }
    let states: Vec<String> = explanation
        .checkup
        .iter()
        .map(|check| {
            let state = match check.state {
                CheckState::Pass => "+",
                CheckState::Fail => "!",
                CheckState::Warn => "~",
                CheckState::Unknown => "?",
            };
            format!("{}{state}", check.key)
        })
        .collect();
    outline.push_str(&format!("checkup: {}\n", states.join(" ")));
    let commands: Vec<&str> = explanation.commands.iter().map(|command| command.key).collect();
    outline.push_str(&format!("commands: {}\n", commands.join(", ")));
    outline
}

#[test]
fn every_case_is_explained_as_its_file_says() {
    let mut wrong = Vec::new();
    for path in files() {
        let text = std::fs::read_to_string(&path).unwrap();
        let parsed = parse(&text);
        let outline = outline(&explain(&parsed.case, catalogue(), parsed.now));
        if std::env::var_os("TOKENSCOPE_UPDATE").is_some() {
            let (before, _) = text.split_once("--- expected\n").unwrap_or((&text, ""));
            std::fs::write(&path, format!("{}\n--- expected\n{outline}", before.trim_end_matches('\n'))).unwrap();
        } else if outline.trim_end() != parsed.expected.trim_end() {
            wrong.push(format!("{}\nexpected:\n{}\nfound:\n{outline}", path.display(), parsed.expected));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_cases_cover_every_curated_code_of_okta() {
    let files = files();
    assert!(files.len() >= 150, "there are {} cases", files.len());
    let expected: Vec<String> = files
        .iter()
        .filter_map(|path| Some(std::fs::read_to_string(path).unwrap().split_once("--- expected\n")?.1.to_owned()))
        .collect();
    let mut curated = 0;
    for name in ["okta_api", "okta_oauth"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("src/data/catalogue/{name}.json"));
        let document: serde_json::Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        for (key, row) in document["rows"].as_object().unwrap() {
            if row["curated"] == true {
                curated += 1;
                let named = format!(": okta.{key}");
                let has_case = expected.iter().any(|text| text.lines().any(|line| line.ends_with(&named)));
                assert!(has_case, "{key} has no case");
            }
        }
    }
    assert_eq!(curated, 97 + 117);
}

#[test]
fn a_ticket_keeps_the_challenge_as_it_was_sent() {
    let text = std::fs::read_to_string(
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/response/curl-verbose-whole.txt"),
    );
    let parsed = parse(&text.unwrap());
    let ticket = explain(&parsed.case, catalogue(), parsed.now).ticket.unwrap();
    assert!(ticket.contains("Bearer authorization_uri=\"http://dev-1234.okta.com/oauth2/v1/authorize\""), "{ticket}");
}

#[test]
fn no_secret_and_no_subject_of_a_case_gets_into_a_text_that_is_sent_on() {
    for path in files() {
        let parsed = parse(&std::fs::read_to_string(&path).unwrap());
        let explanation = explain(&parsed.case, catalogue(), parsed.now);
        let mut texts = vec![explanation.ticket.clone().unwrap_or_default()];
        texts.extend(explanation.commands.iter().map(|command| command.text.clone()));
        texts.push(tokenscope::response_doctor::explanation::report(&explanation, catalogue(), parsed.now));
        let all = [&parsed.case.answer, &parsed.case.request, &parsed.case.token].map(String::as_str).join("\n");
        for secret in tokenscope::response_doctor::masking::secrets(&all) {
            let secret = &all[secret.span];
            let hidden = secret.len() < 8 || texts.iter().all(|text| !text.contains(secret));
            assert!(hidden, "{}: {secret}", path.display());
        }
        assert!(texts.iter().all(|text| !text.contains("jane.doe")), "{}", path.display());
    }
}

#[test]
fn no_place_of_a_sentence_stays_empty() {
    for path in files() {
        let parsed = parse(&std::fs::read_to_string(&path).unwrap());
        let explanation = explain(&parsed.case, catalogue(), parsed.now);
        let mut sentences = vec![explanation.headline.clone(), explanation.support.clone()];
        for finding in &explanation.findings {
            let words = catalogue().words(finding, parsed.now);
            sentences.push(words.problem);
            sentences.extend([words.brief, words.explanation, words.remedy].into_iter().flatten());
        }
        sentences.extend(explanation.steps.iter().map(|step| step.text.clone()));
        sentences.extend(explanation.checkup.iter().flat_map(|check| [check.question.clone(), check.answer.clone()]));
        sentences.extend(explanation.commands.iter().flat_map(|command| [command.title.clone(), command.note.clone()]));
        for sentence in sentences {
            let text = sentence.markdown();
            // An ellipsis stands for a place without a fact, or for a secret within a value.
            let empty = text.contains(" … ") || text.starts_with('…') || text.ends_with('…') || text.contains("``");
            assert!(!empty, "{}: {text}", path.display());
        }
    }
}
