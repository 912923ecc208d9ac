//! The catalogue's data: every row says what is the case and what to do, every code that a page names exists, and each
//! symptom of the guides has its place in a page.

#![allow(clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use std::collections::{BTreeMap, BTreeSet};

use tokenscope::finding::Severity;
use tokenscope::json::{self, Document, Value};
use tokenscope::response_doctor::WORDS;
use tokenscope::response_doctor::catalogue::{Next, pages::Page};

#[path = "support/catalogue.rs"]
mod catalogue;

use catalogue::catalogue;

/// The joined files, as they stand there.
fn document() -> Document {
    let document = json::read(catalogue::text().into_bytes());
    assert_eq!(document.faults, [], "the files are JSON without a member twice");
    document
}

/// Every row of every file: the file, the key, the row.
fn rows(document: &Document) -> Vec<(&str, &str, &Value)> {
    let mut all = Vec::new();
    for file in document.root.as_ref().unwrap().members() {
        for row in file.value.member("rows").map(Value::members).unwrap_or_default() {
            all.push((file.name.as_str(), row.name.as_str(), &row.value));
        }
    }
    all
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.member(name).and_then(Value::as_str).unwrap_or_default()
}

fn page(key: &str) -> &'static Page {
    catalogue().pages.iter().find(|page| page.key == key).unwrap_or_else(|| panic!("no page {key}"))
}

#[test]
fn every_row_says_what_is_the_case_and_what_to_do() {
    let document = document();
    let known = ["renew", "sign-in", "request", "setup", "wait", "retry", "poll", "support", "none"];
    for (file, key, row) in rows(&document) {
        let is_info = text(row, "severity") == "info";
        assert!(!text(row, "problem").is_empty(), "{file} {key} has no problem");
        assert!(is_info || !text(row, "remedy").is_empty(), "{file} {key} has no remedy");
        assert!(!text(row, "title").is_empty(), "{file} {key} has no title");
        assert!(known.contains(&text(row, "next")), "{file} {key}: next is {:?}", text(row, "next"));
        assert!(["", "error", "warning", "info"].contains(&text(row, "severity")), "{file} {key}");
        for misreading in row.member("not").map(Value::items).unwrap_or_default() {
            assert!(["token", "scope", "quota", "outage"].contains(&misreading.as_str().unwrap()), "{file} {key}");
        }
    }
}

#[test]
fn words_are_whole_sentences_that_blame_nobody() {
    let document = document();
    let mut words: Vec<(String, &str)> = Vec::new();
    for (file, key, row) in rows(&document) {
        let problem = text(row, "problem");
        assert!(!problem.ends_with(['.', '!', ' ']), "{file} {key}: a problem has no full stop: {problem}");
        for name in ["title", "problem", "explanation", "remedy"] {
            let said = text(row, name);
            let is_whole =
                matches!(name, "title" | "problem") || said.is_empty() || said.ends_with(['.', '?', ')', '`']);
            assert!(is_whole, "{file} {key}: {name} is cut: {said}");
            words.push((format!("{file} {key} {name}"), said));
        }
    }
    for page in &catalogue().pages {
        for branch in &page.branches {
            for said in [page.lead, branch.means, branch.remedy] {
                assert!(said.ends_with(['.', '?']), "{}: {said}", page.key);
            }
            words.extend([branch.seen, branch.means, branch.remedy].map(|said| (format!("page {}", page.key), said)));
        }
        words.extend([page.title, page.lead].map(|said| (format!("page {}", page.key), said)));
        words.extend(page.beliefs.iter().map(|said| (format!("page {}", page.key), *said)));
    }
    for (place, said) in words {
        assert!(!said.contains(['{', '}']), "{place}: braces are places for facts: {said}");
        assert_eq!(said.matches('`').count() % 2, 0, "{place}: a backtick is left open: {said}");
        assert!(!said.contains("  ") && said.trim() == said, "{place}: {said:?}");
        let prose: String = said.split('`').step_by(2).collect::<Vec<_>>().join(" ").to_lowercase();
        let quoted = prose.split(['“', '”']).step_by(2).collect::<Vec<_>>().join(" ");
        for word in quoted.split(|character: char| !character.is_alphabetic()) {
            let blame = ["please", "sorry", "illegal", "simply", "stupid"];
            assert!(!blame.contains(&word), "{place}: {word}: {said}");
        }
    }
}

#[test]
fn codes_are_unique_and_every_file_says_where_it_is_from() {
    let codes: BTreeSet<&str> = catalogue().rows.iter().map(|row| row.code.0).collect();
    assert_eq!(codes.len(), catalogue().rows.len());
    for row in &catalogue().rows {
        assert_eq!(catalogue().row(row.code.0).map(|found| found.key), Some(row.key));
        assert!(row.next != Next::None || row.severity != Severity::Error || row.remedy.is_some(), "{:?}", row.code);
    }
    let document = document();
    for file in document.root.as_ref().unwrap().members() {
        let source = file.value.member("source").unwrap_or_else(|| panic!("{} has no source", file.name));
        let date = text(source, "date");
        let is_date = date.len() == 10 && date.split('-').map(str::len).eq([4, 2, 2]);
        assert!(is_date && date.split('-').all(|part| part.parse::<u16>().is_ok()), "{}: date {date:?}", file.name);
        for name in ["name", "licence", "kept"] {
            assert!(!text(source, name).is_empty(), "{}: the source has no {name}", file.name);
        }
        assert!(!text(&file.value, "about").is_empty(), "{} does not say what it is about", file.name);
    }
}

#[test]
fn nothing_of_the_sources_is_missing() {
    let catalogue = catalogue();
    let count = |file: &str| catalogue.rows.iter().filter(|row| row.file == file).count();
    assert_eq!((count("okta_api"), count("okta_oauth")), (251, 476));
    assert!(count("oauth") >= 44 && count("entra") >= 52, "{} and {}", count("oauth"), count("entra"));
    assert_eq!((catalogue.operations.len(), catalogue.scopes.len()), (974, 175));
    assert_eq!(catalogue.operations.iter().filter(|operation| !operation.scopes.is_empty()).count(), 933);
    let scopes: BTreeSet<&str> = catalogue.scopes.iter().map(|(scope, _)| *scope).collect();
    let used: BTreeSet<&str> = catalogue.operations.iter().flat_map(|operation| operation.scopes.clone()).collect();
    assert_eq!((scopes.len(), used.len()), (175, 167));
    assert!(used.is_subset(&scopes), "{:?}", used.difference(&scopes));
}

/// Of the rows with one OAuth error the one with the longest fragment that occurs is meant. Rows that no text can tell apart
/// are listed in the file.
#[test]
fn every_fragment_of_an_oauth_error_of_okta_wins_for_its_own_row() {
    let document = document();
    let ambiguous: Vec<Vec<&str>> = document
        .member("okta_oauth")
        .and_then(|file| file.member("ambiguous"))
        .map(Value::items)
        .unwrap_or_default()
        .iter()
        .map(|group| group.items().iter().filter_map(Value::as_str).collect())
        .collect();
    let rows: Vec<_> = catalogue().rows.iter().filter(|row| row.file == "okta_oauth").collect();
    let together =
        |one: &str, other: &str| ambiguous.iter().any(|group| group.contains(&one) && group.contains(&other));
    for row in &rows {
        for fragment in &row.fragments {
            let text = fragment.to_lowercase();
            for other in rows.iter().filter(|other| other.error == row.error && other.key != row.key) {
                let best = other.fragments.iter().filter(|fragment| text.contains(&fragment.to_lowercase()));
                let longest = best.map(|fragment| fragment.len()).max().unwrap_or_default();
                let wins = longest < fragment.len() || together(row.key, other.key);
                assert!(wins, "{}: {fragment:?} is taken for {}", row.key, other.key);
            }
        }
    }
    for key in ambiguous.iter().flatten() {
        assert!(rows.iter().any(|row| row.key == *key), "{key} is listed as ambiguous and does not exist");
    }
}

#[test]
fn fragments_tell_something() {
    for row in &catalogue().rows {
        for fragment in &row.fragments {
            assert!(fragment.len() >= 5 && fragment.trim() == *fragment, "{:?}: {fragment:?}", row.code);
        }
    }
}

#[test]
fn a_page_is_a_tree_of_eight_to_fourteen_branches() {
    let keys: Vec<&str> = catalogue().pages.iter().map(|page| page.key).collect();
    assert_eq!(keys, ["401", "403", "429", "500", "400", "302", "saml", "connection", "token"]);
    for page in &catalogue().pages {
        assert!((8..=14).contains(&page.branches.len()), "{}: {} branches", page.key, page.branches.len());
        assert!(!page.title.is_empty() && !page.lead.is_empty() && !page.beliefs.is_empty(), "{}", page.key);
        assert!(page.sources.iter().any(|source| source.contains("202")), "{} has no source with a date", page.key);
        for branch in &page.branches {
            assert!(!branch.seen.is_empty() && !branch.means.is_empty() && !branch.remedy.is_empty(), "{branch:?}");
            let codes: BTreeSet<&str> = branch.codes.iter().copied().collect();
            assert!(!codes.is_empty(), "{}: no finding says {:?}", page.key, branch.seen);
            assert_eq!(codes.len(), branch.codes.len(), "{}: a code twice: {:?}", page.key, branch.codes);
        }
    }
    let document = document();
    for page in document.member("pages").and_then(|file| file.member("pages")).unwrap().members() {
        for branch in page.value.member("branches").unwrap().items() {
            assert!(["proved", "stated", "likely"].contains(&text(branch, "sure")), "{}", page.name);
        }
    }
}

#[test]
fn every_code_that_a_page_names_exists() {
    let own: BTreeSet<&str> = WORDS.codes().collect();
    for page in &catalogue().pages {
        for code in page.branches.iter().flat_map(|branch| &branch.codes) {
            let known = own.contains(code) || catalogue().row(code).is_some();
            assert!(known, "{}: {code} does not exist", page.key);
        }
    }
}

#[test]
fn statuses_of_a_page_are_those_of_its_codes() {
    for (key, statuses) in [("403", [403].as_slice()), ("429", &[429]), ("500", &[500, 501, 502, 503, 504])] {
        let page = page(key);
        let all = page.branches.iter().flat_map(|branch| &branch.codes);
        let rows: Vec<_> =
            all.filter(|code| code.starts_with("okta.E")).filter_map(|code| catalogue().row(code)).collect();
        assert!(!rows.is_empty(), "{key}");
        for row in rows {
            let status = row.status.unwrap();
            // A hook's own error has 400 and stands beside those of hooks that are not reached.
            assert!(statuses.contains(&status) || row.key == "E0000135", "{key}: {} has {status}", row.key);
        }
    }
    let limits: BTreeSet<&str> = catalogue()
        .rows
        .iter()
        .filter(|row| row.file == "okta_api" && row.status == Some(429))
        .map(|row| row.key)
        .collect();
    let named: BTreeSet<&str> = page("429")
        .branches
        .iter()
        .flat_map(|branch| &branch.codes)
        .filter_map(|code| code.strip_prefix("okta."))
        .collect();
    assert!(limits.is_subset(&named), "{:?}", limits.difference(&named));
}

#[test]
fn each_symptom_of_the_guides_has_its_place_in_a_page() {
    let mut ids = BTreeMap::new();
    for (id, key, branch) in PLACES {
        assert!(page(key).branches.get(*branch).is_some(), "{id}: page {key} has no branch {branch}");
        assert_eq!(ids.insert(*id, *key), None, "{id} has two places");
    }
    let items = json::read(include_bytes!("guide/items.json").to_vec());
    let listed: Vec<&str> = items.root.as_ref().unwrap().items().iter().map(|item| text(item, "id")).collect();
    assert_eq!((ids.len(), listed.len()), (67, 67));
    for id in listed {
        assert!(ids.contains_key(id), "{id} has no place in a page");
    }
}

#[test]
fn the_branch_of_a_symptom_names_the_finding_that_answers_it() {
    let items = json::read(include_bytes!("guide/items.json").to_vec());
    for item in items.root.as_ref().unwrap().items() {
        let (id, code) = (text(item, "id"), text(item, "code"));
        let (_, key, branch) = PLACES.iter().find(|(place, _, _)| *place == id).unwrap();
        let codes = &page(key).branches[*branch].codes;
        // That it exists is held where the coverage of the guides is written.
        let exists = catalogue().row(code).is_some() || WORDS.codes().any(|known| known == code);
        let known = !exists || codes.contains(&code);
        assert!(known, "{id}: branch {branch} of {key} does not name {code}: {codes:?}");
    }
}

/// What a text shows is known by the fragments of one topic.
#[test]
fn the_texts_of_the_guides_topics_are_told_apart() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/response");
    let items = json::read(include_bytes!("guide/items.json").to_vec());
    let mut count = 0;
    for item in items.root.as_ref().unwrap().items() {
        let Some(key) = text(item, "code").strip_prefix("topic.") else { continue };
        let case = std::fs::read_to_string(root.join(format!("{}.txt", text(item, "case")))).unwrap().to_lowercase();
        let said = case.split("--- expected").next().unwrap();
        let topics = catalogue().rows.iter().filter(|row| row.file == "topics");
        let shown: Vec<&str> = topics
            .filter(|row| row.fragments.iter().any(|fragment| said.contains(&fragment.to_lowercase())))
            .map(|row| row.key)
            .collect();
        // A request with HEAD is known by its method, not by words.
        let expected: &[&str] = if key == "head-request" { &[] } else { &[key] };
        assert_eq!(shown, expected, "{}", text(item, "case"));
        count += 1;
    }
    assert!(count >= 8, "{count} topics");
}

/// The guides are wrong or out of date in nineteen places: what they say is a belief of a page.
#[test]
fn what_the_guides_have_wrong_is_set_right() {
    for (number, key, words) in CORRECTIONS {
        let found = page(key).beliefs.iter().any(|belief| belief.contains(words));
        assert!(found, "correction {number}: page {key} does not treat {words:?}");
    }
    assert_eq!(CORRECTIONS.len(), 19);
}

const CORRECTIONS: &[(u8, &str, &str)] = &[
    (1, "401", "`E0000095`"),
    (2, "403", "Every failure has an `errorCode`"),
    (3, "429", "Okta sends `Retry-After`"),
    (4, "token", "Introspection is at `/oauth2/v1/introspect`"),
    (5, "401", "The keys are at `/oauth2/v1/keys`"),
    (6, "401", "Five minutes of clock skew"),
    (7, "401", "A wrong clock breaks the signature"),
    (8, "token", "An ID token lives one hour"),
    (9, "token", "A refresh token lives 90 days"),
    (10, "token", "must be an absolute URI"),
    (11, "connection", "CORS is set on the app’s page"),
    (12, "400", "`redirect_uri_mismatch`"),
    (13, "401", "`aud` is the client id"),
    (14, "403", "403 means that a scope is missing"),
    (15, "token", "Keys rotate every 45 or 90 days"),
    (16, "token", "A token must have `nbf`"),
    (17, "400", "the rule must say that there is no user"),
    (18, "400", "`no_matching_policy` has 401"),
    (19, "401", "`E0000015`"),
];

/// Where each symptom of the guides is treated: the page, and the branch in it.
const PLACES: &[(&str, &str, usize)] = &[
    ("A01", "500", 10),
    ("A02", "token", 7),
    ("A03", "400", 6),
    ("A04", "token", 7),
    ("A05", "token", 0),
    ("A06", "token", 0),
    ("A07", "400", 5),
    ("A08", "401", 13),
    ("A09", "token", 3),
    ("A10", "400", 7),
    ("A11", "400", 8),
    ("A12", "400", 9),
    ("A13", "token", 5),
    ("A14", "token", 5),
    ("A15", "token", 2),
    ("A16", "token", 1),
    ("B01", "400", 0),
    ("B02", "403", 1),
    ("B03", "403", 4),
    ("B04", "403", 3),
    ("B05", "token", 11),
    ("B06", "403", 2),
    ("B07", "403", 12),
    ("B08", "401", 4),
    ("B09", "401", 5),
    ("B10", "401", 6),
    ("B11", "401", 8),
    ("B12", "401", 0),
    ("B13", "token", 4),
    ("B14", "token", 10),
    ("B15", "429", 0),
    ("B16", "429", 10),
    ("B17", "429", 4),
    ("B18", "500", 0),
    ("B19", "saml", 1),
    ("B20", "connection", 2),
    ("D1", "connection", 8),
    ("D2", "429", 11),
    ("D3", "token", 11),
    ("D4", "token", 11),
    ("D5", "token", 9),
    ("D6", "token", 9),
    ("D7", "token", 4),
    ("D8", "500", 9),
    ("C01", "400", 2),
    ("C02", "connection", 7),
    ("C03", "400", 1),
    ("C04", "token", 5),
    ("C05", "connection", 9),
    ("C06", "connection", 1),
    ("C07", "connection", 0),
    ("C08", "401", 4),
    ("C09", "401", 8),
    ("C10", "401", 7),
    ("C11", "302", 1),
    ("C12", "token", 6),
    ("C13", "connection", 12),
    ("C14", "401", 9),
    ("C15", "token", 9),
    ("C16", "token", 10),
    ("C17", "token", 12),
    ("C18", "token", 13),
    ("C19", "302", 13),
    ("C20", "400", 11),
    ("C21", "500", 2),
    ("C22", "401", 12),
    ("C23", "token", 8),
];
