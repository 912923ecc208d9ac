//! `docs/report.md`, `docs/cors.md`, `docs/har.md`, `docs/response.md` and `docs/create.md` describe every field and every finding code. Their table of
//! codes is written by `TOKENSCOPE_UPDATE=1 cargo test --test documentation`; without the variable this test compares.

#![allow(clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use std::path::Path;

use tokenscope::cors;
use tokenscope::cors::explain::{Case, explain};
use tokenscope::create;
use tokenscope::finding::{Code, Finding};
use tokenscope::har;
use tokenscope::inspect::{Answers, Options, inspect};
use tokenscope::messages::{self, Section, Words, words};
use tokenscope::report::json::{Node, node};
use tokenscope::response_doctor;
use tokenscope::time::Time;
use tokenscope::why;

const BEGIN: &str = "<!-- codes: begin -->\n";
const END: &str = "<!-- codes: end -->\n";

#[test]
fn every_code_is_documented() {
    check(
        "docs/report.md",
        messages::codes().map(|code| (code, words(&Finding::info(Code(code), ""), Time::default()))),
    );
    let words = |code| why::WORDS.words(&Finding::info(Code(code), ""), Time::default());
    check("docs/why.md", why::WORDS.codes().map(|code| (code, words(code))));
    let words = |code| cors::WORDS.words(&Finding::info(Code(code), ""), Time::default());
    check("docs/cors.md", cors::WORDS.codes().map(|code| (code, words(code))));
    let words = |code| har::WORDS.words(&Finding::info(Code(code), ""), Time::default());
    check("docs/har.md", har::WORDS.codes().map(|code| (code, words(code))));
    let words = |code| create::WORDS.words(&Finding::info(Code(code), ""), Time::default());
    check("docs/create.md", create::WORDS.codes().map(|code| (code, words(code))));
    let words = |code| response_doctor::WORDS.words(&Finding::info(Code(code), ""), Time::default());
    check("docs/response.md", response_doctor::WORDS.codes().map(|code| (code, words(code))));
}

fn check(path: &str, codes: impl Iterator<Item = (&'static str, Words)>) {
    let name = path;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    let document = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = document.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let expected = format!("{before}{BEGIN}{}{END}{after}", table(codes));
    if std::env::var_os("TOKENSCOPE_UPDATE").is_some() {
        std::fs::write(&path, &expected).unwrap();
        return;
    }
    assert!(document == expected, "{name} is not current: TOKENSCOPE_UPDATE=1 cargo test --test documentation");
}

/// The codes by room, with the sentence of each; places for facts are shown as `…`.
fn table(codes: impl Iterator<Item = (&'static str, Words)>) -> String {
    let mut table = String::from("\n| Code | Shown in | Sentence |\n|---|---|---|\n");
    for (code, words) in codes {
        let section = match words.section {
            Section::Checks => "checks",
            Section::Lint => "lint",
            Section::Input => "input",
            Section::Keys => "keys",
            Section::Verdict => continue,
        };
        let sentence = words.problem.markdown().replace('|', "\\|");
        let sentence = match words.reference {
            Some(reference) => format!("{sentence} ([specification]({reference}))"),
            None => sentence,
        };
        table.push_str(&format!("| `{code}` | {section} | {sentence} |\n"));
    }
    table.push('\n');
    table
}

#[test]
fn every_field_is_documented() {
    let document = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/report.md")).unwrap();
    let text = "Bearer eyJhbGciOiJFUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiJhIiwiYXVkIjpbImIiXSwieCI6eyJ5IjoxfX0.c2ln";
    let mut options = Options { keys: r#"{"kty":"oct","k":"AAAA"}"#.to_owned(), ..Options::default() };
    options.expectations.issuers = vec!["b".to_owned()];
    let (report, _) = inspect(text, &options, Time::default(), Time::default(), &Answers::default());
    let mut names = Vec::new();
    collect(&node(&report, text), false, &mut names);
    assert!(names.len() > 40, "{names:?}");
    for name in names {
        assert!(document.contains(&format!("`{name}`")), "docs/report.md does not describe the field `{name}`");
    }
}

#[test]
fn every_field_behind_a_verdict_is_documented() {
    let read = |path: &str| std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap();
    let document = read("docs/report.md") + &read("docs/why.md");
    let text = "Bearer eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJpc3MiOiJodHRwczovL2Rldi0xMjM0Lm9rdGEuY29tIiwiYXVkIjpbImIiXSwiZXhwIjoxLCJpYXQiOjB9.c2ln";
    let other = "eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9.eyJpc3MiOiJodHRwczovL2Rldi0xMjM0Lm9rdGEuY29tIn0.c2ln";
    let options = Options { keys: r#"{"kty":"oct","k":"AAAA"}"#.to_owned(), ..Options::default() };
    let choices = why::Choices { compare_with: Some(other.to_owned()), ..why::Choices::default() };
    let now = Time::from_seconds(10);
    let (explained, _) = why::explain(text, &options, &choices, now, now, &why::Answers::default());
    let mut names = Vec::new();
    collect(&why::json::node(&explained, text), false, &mut names);
    assert!(names.len() > 80, "{}: {names:?}", names.len());
    for name in names {
        assert!(document.contains(&format!("`{name}`")), "docs/why.md does not describe the field `{name}`");
    }
}

#[test]
fn every_field_of_an_explanation_is_documented() {
    let document = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/cors.md")).unwrap();
    let text = r#"{"origin":"https://app.example","request":{"url":"https://api.example/","headers":{"x-a":"1"}},
        "preflight":{"status":204,"headers":{}},"response":null,"redirects":[{"response":{"status":200}}]}"#;
    let explanation = explain(&Case { text: text.to_owned(), ..Case::default() });
    let mut names = Vec::new();
    collect(&cors::json::node(&explanation), false, &mut names);
    assert!(names.len() > 40, "{names:?}");
    for name in names {
        assert!(document.contains(&format!("`{name}`")), "docs/cors.md does not describe the field `{name}`");
    }
}

#[test]
fn every_field_of_an_explained_answer_is_documented() {
    let document = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/response.md")).unwrap();
    let catalogue = response_doctor::Catalogue::read(
        r#"{"curl":{"prefix":"curl","rows":{"6":{"problem":"The host has no address","remedy":"Check DNS."}}}}"#,
    );
    let evidence = response_doctor::Evidence {
        kind: response_doctor::evidence::Kind::Http,
        status: Some(401),
        ..response_doctor::Evidence::default()
    };
    let said = response_doctor::Said {
        findings: vec![Finding::error(Code("curl.6"), "/answer")],
        challenges: response_doctor::challenge::read(r#"Bearer realm="a""#),
        request_ids: vec![("X-Okta-Request-Id".to_owned(), "a".to_owned())],
        ..response_doctor::Said::default()
    };
    let joined = response_doctor::join::Joined {
        scopes: vec![response_doctor::scopes::ScopeRow {
            scope: "a".to_owned(),
            in_token: None,
            needed: true,
            covered_by: None,
        }],
        token: Some(response_doctor::token::TokenFacts {
            issuer: "https://dev-1234.okta.com".to_owned(),
            is_okta_org: true,
            ..response_doctor::token::TokenFacts::default()
        }),
        ..response_doctor::join::Joined::default()
    };
    let now = Time::default();
    let explanation = response_doctor::explanation::explained(&evidence, &said, &joined, &catalogue, now);
    let mut names = Vec::new();
    collect(&response_doctor::json::node(&explanation, &catalogue, now), false, &mut names);
    assert!(names.len() > 60, "{names:?}");
    for name in names {
        assert!(document.contains(&format!("`{name}`")), "docs/response.md does not describe the field `{name}`");
    }
    // Its names too: keys of the checkup and of commands, kinds, what comes next.
    let keys = explanation.checkup.iter().map(|check| check.key);
    for key in keys.chain(explanation.commands.iter().map(|command| command.key)) {
        assert!(document.contains(&format!("`{key}`")), "docs/response.md does not name `{key}`");
    }
}

/// Every member name of the report, but for the facts of findings, which are named in the sentences.
fn collect(node: &Node, is_evidence: bool, names: &mut Vec<&'static str>) {
    match node {
        Node::List(items) => items.iter().for_each(|item| collect(item, is_evidence, names)),
        Node::Object(members) => {
            for (name, value) in members {
                if !is_evidence && !names.contains(name) {
                    names.push(name);
                }
                collect(value, is_evidence || *name == "evidence", names);
            }
        }
        _ => {}
    }
}
