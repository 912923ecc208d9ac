//! Console messages: every text that the three engines print, its cause, and the texts written back.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests too")]

use proptest::prelude::*;
use tokenscope::cors::console::{self, WordingFacts};
use tokenscope::cors::evidence::{ConsoleMessage, Neighbour, Says};
use tokenscope::cors::{Cause, Engine};

#[path = "support/corpus.rs"]
mod corpus;

/// What a message says, in a word: the name of its first cause, or of the neighbour.
fn named(message: &ConsoleMessage) -> String {
    match &message.says {
        Says::Cors(causes) => causes.first().map_or("Cors", |cause| cause.name()).to_owned(),
        Says::Neighbour(neighbour) => format!("{neighbour:?}"),
        Says::WildcardAuthorization => "WildcardAuthorization".to_owned(),
        Says::Status => "Status".to_owned(),
        Says::Failed => "Failed".to_owned(),
    }
}

fn check(text: &str, expected: &str) -> ConsoleMessage {
    let messages = console::read(text);
    let names: Vec<String> = messages.iter().map(named).collect();
    assert_eq!(names, [expected], "{text}\n{messages:#?}");
    messages.into_iter().next().unwrap()
}

/// A corpus file is a text, and for each of its messages a line `says: name url [from]`.
#[test]
fn the_corpus_says_what_it_is_said_to_say() {
    let cases = corpus::cases("cors_console");
    assert!(cases.len() > 100, "{}", cases.len());
    let mut wrong = Vec::new();
    for case in cases {
        let messages = console::read(&case.text);
        let line = |message: &ConsoleMessage| {
            let mut line = named(message);
            for (name, value) in [
                ("url", message.url.clone()),
                ("from", message.redirected_from.clone()),
                ("origin", message.origin.clone()),
                ("parameter", message.parameter.clone()),
                ("status", message.status.map(|status| status.to_string())),
            ] {
                if let Some(value) = value {
                    line.push_str(&format!(" {name}={value}"));
                }
            }
            if let Some(engine) = message.engine {
                line.push_str(&format!(" {engine:?}"));
            }
            line
        };
        let read: Vec<String> = messages.iter().map(line).collect();
        let expected: Vec<&str> = case.values("says").collect();
        if read != expected {
            wrong.push(format!("{}\n  read     {read:?}\n  expected {expected:?}", case.name));
        }
        for message in &messages {
            assert!(case.text.get(message.span.clone()).is_some_and(|text| !text.is_empty()), "{}", case.name);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A page that only an engine's own words decide: the same text in every disguise that pasting gives it.
#[test]
fn disguises_change_nothing() {
    let plain = "Access to fetch at 'https://api.example/a' from origin 'https://app.example' has been blocked by CORS policy: \
                 Response to preflight request doesn't pass access control check: It does not have HTTP ok status.";
    for text in [
        plain.to_owned(),
        format!("app.js:12 {plain}"),
        format!("(index):1 {plain}\n"),
        format!("  > {plain}"),
        plain.replace(' ', "\r\n    "),
        plain.replace(' ', "\u{a0}"),
        plain.replace('\'', "’"),
        plain.replace("'https://", "‘https://").replace("' ", "’ "),
        plain.replace('\'', "\""),
        plain.replace("fetch", "XMLHttpRequest"),
        plain.replace("fetch", "font"),
        format!("\u{1b}[31m{plain}\u{1b}[0m"),
        plain.trim_end_matches('.').to_owned(),
        plain.get(..plain.len() - 8).unwrap().to_owned(),
        format!("{plain}\nGET https://api.example/a net::ERR_FAILED\nUncaught (in promise) TypeError: Failed to fetch"),
        format!("Uncaught (in promise) TypeError: Failed to fetch\n{plain}"),
        format!("{plain}\n{plain}"),
    ] {
        let message = check(&text, "PreflightInvalidStatus");
        assert_eq!(message.url.as_deref(), Some("https://api.example/a"), "{text}");
        assert_eq!(message.origin.as_deref(), Some("https://app.example"), "{text}");
        assert_eq!(message.engine, Some(Engine::Chromium));
    }
}

#[test]
fn a_message_that_ends_before_the_reason_is_still_cors() {
    let message = check(
        "Access to fetch at 'https://api.example/a' from origin 'https://app.example' has been blocked by CORS policy",
        "Cors",
    );
    assert_eq!(message.url.as_deref(), Some("https://api.example/a"));
}

/// Every text in the recordings of the two browsers, with Chromium's own name for the cause as the oracle.
#[test]
fn the_recordings_agree_with_chromium() {
    let beside = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/vectors");
    let root = std::env::var("TOKENSCOPE_VECTORS").unwrap_or_else(|_| beside.to_owned());
    let path = format!("{root}/cors/dev-sample-20.json");
    let Ok(text) = std::fs::read_to_string(&path) else {
        println!("skipped: {path} is absent");
        return;
    };
    let recordings: serde_json::Value = serde_json::from_str(&text).unwrap();
    let scenarios = |browser: &str| recordings[browser]["scenarios"].as_array().unwrap().clone();
    let oracle = |id: &str| {
        let scenario = scenarios("chromium").into_iter().find(|scenario| scenario["id"] == id).unwrap();
        let network = scenario["network"].as_array().cloned().unwrap_or_default();
        network.iter().find_map(|event| event["corsErrorStatus"]["corsError"].as_str().map(str::to_owned))
    };
    let mut checked = 0;
    for browser in ["chromium", "firefox"] {
        for scenario in scenarios(browser) {
            let id = scenario["id"].as_str().unwrap();
            let lines = scenario["console"].as_array().cloned().unwrap_or_default();
            let lines: Vec<&str> = lines.iter().filter_map(|line| line["text"].as_str()).collect();
            let messages = console::read(&lines.join("\n"));
            let expected = oracle(id);
            match (&messages[..], expected) {
                ([message], Some(cause)) => {
                    let Says::Cors(causes) = &message.says else { panic!("{browser} {id}: {message:?}") };
                    assert_eq!(causes.first().map(|cause| cause.name()), Some(cause.as_str()), "{browser} {id}");
                    assert_eq!(
                        message.url.as_deref(),
                        lines[0]
                            .split(['\'', ' ', '‘', '’'])
                            .find(|word| { word.starts_with("http") })
                            .map(|url| url.trim_end_matches('.')),
                        "{browser} {id}"
                    );
                    checked += 1;
                }
                ([], None) => {}
                ([message], None) => assert!(!matches!(message.says, Says::Cors(_)), "{browser} {id}: {message:?}"),
                other => panic!("{browser} {id}: {other:?}"),
            }
        }
    }
    assert!(checked > 20, "{checked}");
    let unreachable = scenarios("firefox").into_iter().find(|scenario| scenario["id"] == "conn-refused").unwrap();
    let messages = console::read(unreachable["console"][0]["text"].as_str().unwrap());
    assert_eq!(messages[0].says, Says::Neighbour(Neighbour::Unreachable));
}

/// How many causes each engine has a text for.
#[test]
fn every_cause_that_an_engine_words_is_worded() {
    let facts = facts("https://api.example/a?b='c'", "X-Trace", Some(403));
    let worded = |engine: Engine| {
        Cause::ALL
            .iter()
            .filter(|cause| console::wording(engine, **cause, &facts).is_none())
            .copied()
            .collect::<Vec<_>>()
    };
    use Cause::*;
    assert_eq!(worded(Engine::Chromium), [InvalidLocalNetworkAccess]);
    let silent = [
        DisallowedByMode,
        InvalidResponse,
        RedirectContainsCredentials,
        InsecureLocalNetwork,
        InvalidLocalNetworkAccess,
        LocalNetworkAccessPermissionDenied,
        NoCorsRedirectModeNotFollow,
    ];
    assert_eq!(worded(Engine::Firefox), silent);
    let silent = [
        InvalidResponse,
        InsecureLocalNetwork,
        InvalidLocalNetworkAccess,
        LocalNetworkAccessPermissionDenied,
        NoCorsRedirectModeNotFollow,
    ];
    assert_eq!(worded(Engine::WebKit), silent);
    assert_eq!(worded(Engine::Standard).len(), Cause::ALL.len());
}

fn facts(url: &str, parameter: &str, status: Option<u16>) -> WordingFacts {
    WordingFacts {
        url: url.to_owned(),
        redirected_from: None,
        origin: "https://app.example".to_owned(),
        parameter: parameter.to_owned(),
        status,
        xml_http_request: false,
    }
}

fn written_and_read(engine: Engine, cause: Cause, facts: &WordingFacts) {
    let Some(text) = console::wording(engine, cause, facts) else { return };
    let messages = console::read(&text);
    let [message] = &messages[..] else { panic!("{text}\n{messages:#?}") };
    let Says::Cors(causes) = &message.says else { panic!("{text}\n{message:#?}") };
    assert!(causes.contains(&cause), "{text}\n{message:#?}");
    assert_eq!(message.engine, Some(engine), "{text}");
    assert_eq!(message.url.as_deref(), Some(facts.url.as_str()), "{text}");
    if engine == Engine::Chromium {
        assert_eq!(causes[..], [cause], "{text}");
        // The message about the redirect mode is the only one that names the URL alone.
        if cause != Cause::NoCorsRedirectModeNotFollow {
            assert_eq!(message.redirected_from, facts.redirected_from, "{text}");
            assert_eq!(message.origin.as_deref(), Some(facts.origin.as_str()), "{text}");
        }
    }
}

proptest! {
    #![proptest_config(corpus::config())]

    /// What is written says, when it is read, what it was written for.
    #[test]
    fn what_is_written_is_read(
        path in "[a-z0-9/?&=_-]{0,20}",
        parameter in "[A-Za-z][A-Za-z0-9-]{0,12}",
        from in proptest::option::of("https://from\\.example/[a-z]{0,5}"),
        status in proptest::option::of(200_u16..600),
        xml_http_request: bool,
    ) {
        let mut facts = facts(&format!("https://api.example/{path}"), &parameter, status);
        facts.redirected_from = from;
        facts.xml_http_request = xml_http_request;
        for engine in [Engine::Chromium, Engine::Firefox, Engine::WebKit] {
            for cause in Cause::ALL {
                written_and_read(engine, *cause, &facts);
            }
        }
    }

    /// No text makes the reader panic, and what it says stands where it says.
    #[test]
    fn any_text_is_read(
        parts in proptest::collection::vec(prop_oneof![
            Just("Access to fetch at '".to_owned()),
            Just("https://api.example/".to_owned()),
            Just("' from origin '".to_owned()),
            Just("' has been blocked by CORS policy: ".to_owned()),
            Just("Response to preflight request doesn't pass access control check: ".to_owned()),
            Just("The 'Access-Control-Allow-Origin' header has a value '".to_owned()),
            Just("(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: ".to_owned()),
            Just("Grund: CORS-Kopfzeile «\u{a0}Access-Control-Allow-Origin\u{a0}»".to_owned()),
            Just("Fetch API cannot load ".to_owned()),
            Just(" due to access control checks.".to_owned()),
            Just("net::ERR_".to_owned()),
            Just("404".to_owned()),
            Just("(null)".to_owned()),
            "\\PC{0,6}",
            "[\u{1b}\\[m\n é«»‘’'\"]{0,4}",
        ], 0..24),
    ) {
        let text = parts.concat();
        for message in console::read(&text) {
            prop_assert!(text.get(message.span.clone()).is_some(), "{message:?}");
        }
    }
}

/// Long texts that are made to be slow are not.
#[test]
fn hostile_texts_take_time_in_proportion() {
    let started = std::time::Instant::now();
    let length = 1 << 18;
    for part in [
        "The 'Access-Control-Allow-Origin' header has a value '",
        "Access to fetch at '",
        "Access to fetch at 'https://a/",
        "Failed to load ",
        "Cross-Origin Request Blocked: The Same Origin Policy disallows reading the remote resource at ",
        "https://a/ Grund: CORS ",
        "CORS",
        "https://a/CORS'",
        "net::ERR_FAILED ",
        "Failed to fetch ",
        "\u{1b}[",
        "«",
        "a",
    ] {
        console::read(&part.repeat(length / part.len()));
    }
    let elapsed = started.elapsed();
    assert!(elapsed.as_secs() < 60, "{elapsed:?}");
}
