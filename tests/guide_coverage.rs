//! Three guides are followed by hand when an API says no; `tests/guide/items.json` lists what they treat, in our words, with
//! the finding that answers each and the case that shows it. `docs/guide-coverage.md` is written from it by
//! `TOKENSCOPE_UPDATE=1 cargo test --test guide_coverage`; without the variable this test compares.

#![allow(clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use std::path::Path;

use tokenscope::finding::{Code, Finding};
use tokenscope::json::{self, Document};
use tokenscope::time::Time;

#[path = "support/catalogue.rs"]
mod catalogue;

struct Item {
    id: String,
    symptom: String,
    code: String,
    case: String,
    shared: Option<String>,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> Document {
    json::read(std::fs::read(path).unwrap())
}

fn items() -> Vec<Item> {
    let document = read(root().join("tests/guide/items.json"));
    let item = |value: &json::Value| {
        let text = |name| value.member(name).and_then(|value| value.as_str()).map(str::to_owned);
        let text_of = |name| text(name).unwrap_or_default();
        Item {
            id: text_of("id"),
            symptom: text_of("symptom"),
            code: text_of("code"),
            case: text_of("case"),
            shared: text("shared"),
        }
    };
    document.root.unwrap().items().iter().map(item).collect()
}

#[test]
fn every_item_of_the_guides_has_its_finding_and_a_case_that_shows_it() {
    let items = items();
    assert_eq!(items.len(), 67);
    for item in &items {
        let case = std::fs::read_to_string(root().join(format!("tests/corpus/response/{}.txt", item.case))).unwrap();
        let (_, expected) = case.split_once("--- expected\n").unwrap();
        let found = expected.lines().any(|line| line.ends_with(&format!(": {}", item.code)));
        assert!(found, "{}: {} does not bring {}:\n{expected}", item.id, item.case, item.code);
    }
}

#[test]
fn a_code_answers_several_items_only_with_a_reason() {
    let items = items();
    for item in &items {
        let others = items.iter().filter(|other| other.code == item.code).count();
        assert!(others == 1 || item.shared.is_some(), "{} shares {} without a reason", item.id, item.code);
        assert_eq!(items.iter().filter(|other| other.case == item.case).count(), 1, "{} shares its case", item.id);
    }
}

#[test]
fn the_items_are_those_of_the_guides() {
    let path = root().join("../shared/data/guide-checklist.json");
    let Ok(bytes) = std::fs::read(path) else {
        println!("skipped: the list of the guides' items is not here");
        return;
    };
    let document = json::read(bytes);
    let listed: Vec<&str> =
        document.member("items").unwrap().items().iter().filter_map(|item| item.member("id")?.as_str()).collect();
    assert_eq!(items().iter().map(|item| item.id.as_str()).collect::<Vec<_>>(), listed);
}

#[test]
fn the_coverage_is_written_down() {
    let catalogue = catalogue::catalogue();
    let mut document = String::from(HEAD);
    for item in items() {
        let code: &'static str = item.code.clone().leak();
        let words = catalogue.words(&Finding::info(Code(code), ""), Time::default());
        let said = words.problem.markdown().replace('|', "\\|");
        let shared = item.shared.map(|reason| format!(" {reason}")).unwrap_or_default();
        document.push_str(&format!(
            "| {} | {} | `{}` | {}.{} | [`{}`](../tests/corpus/response/{}.txt) |\n",
            item.id, item.symptom, item.code, said, shared, item.case, item.case
        ));
    }
    let path = root().join("docs/guide-coverage.md");
    if std::env::var_os("TOKENSCOPE_UPDATE").is_some() {
        std::fs::write(&path, &document).unwrap();
    } else {
        let current = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(current == document, "docs/guide-coverage.md: TOKENSCOPE_UPDATE=1 cargo test --test guide_coverage");
    }
}

const HEAD: &str = "\
# What the guides treat, and where it is answered here

Three guides are followed by hand when an API says no: Okta's page on troubleshooting API Access Management (A), a guide to
401, 403, 429 and 500 (B) with a shell script (D), and a guide of a gateway's vendor (C). Each symptom that they treat is
answered by a finding of the response doctor, and a case of the corpus shows it: what is pasted, and what is found, in order.
A place for a fact is shown as `…`.

| Item | Symptom | Finding | What it says | Case |
|---|---|---|---|---|
";
