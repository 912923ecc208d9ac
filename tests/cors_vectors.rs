//! Recorded scenarios, `../shared/vectors/cors/*.json`: what real browsers did with a request, against what
//! `explainCors` says about the same headers and about the console's words. Skipped where the recordings are absent.

#![allow(clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use std::path::PathBuf;

use serde_json::{Value, json};
use tokenscope::cors::explain::{Case, Explanation, explain};
use tokenscope::cors::{Cause, Outcome};

fn documents() -> Vec<Value> {
    let directory = std::env::var_os("TOKENSCOPE_VECTORS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors"), PathBuf::from);
    let Ok(entries) = std::fs::read_dir(directory.join("cors")) else {
        eprintln!("skipped: there is no {}", directory.display());
        return Vec::new();
    };
    let paths =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.extension().is_some_and(|end| end == "json"));
    paths.map(|path| serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()).collect()
}

fn scenarios(browser: &str) -> Vec<Value> {
    let documents = documents();
    documents
        .iter()
        .flat_map(|document| document[browser]["scenarios"].as_array().cloned().unwrap_or_default())
        .collect()
}

/// The scenario as what `explainCors` takes.
fn exchange(scenario: &Value, with_response: bool) -> String {
    let request = &scenario["request"];
    let mut given = json!({
        "origin": request["pageOrigin"],
        "request": { "url": request["url"] },
        "preflight": scenario["preflightResponse"],
        "response": if with_response { scenario["actualResponse"].clone() } else { Value::Null },
    });
    for name in ["method", "headers", "credentials", "mode", "redirect"] {
        if !request[name].is_null() {
            given["request"][name] = request[name].clone();
        }
    }
    given.to_string()
}

fn explained(text: &str) -> Explanation {
    explain(&Case { text: text.to_owned(), ..Case::default() })
}

/// The name that Chromium gave the cause.
fn expected(scenario: &Value) -> Option<String> {
    let network = scenario["network"].as_array()?;
    network.iter().find_map(|event| event["corsErrorStatus"]["corsError"].as_str()).map(str::to_owned)
}

fn console(scenario: &Value) -> String {
    let lines = scenario["console"].as_array().cloned().unwrap_or_default();
    lines.iter().filter_map(|line| line["text"].as_str()).collect::<Vec<_>>().join("\n")
}

fn codes(explanation: &Explanation) -> Vec<&'static str> {
    explanation.findings.iter().map(|finding| finding.code.0).collect()
}

fn name(cause: Option<Cause>) -> Option<String> {
    cause.map(|cause| cause.name().to_owned())
}

#[test]
fn the_headers_give_the_cause_that_chromium_named() {
    for scenario in scenarios("chromium") {
        let id = scenario["id"].as_str().unwrap();
        let explanation = explained(&exchange(&scenario, true));
        // What stops these is not in the headers.
        if !["csp-blocked", "conn-refused"].contains(&id) {
            assert_eq!(name(explanation.cause), expected(&scenario), "{id}: {}", explanation.headline);
            let resolved = scenario["browser"]["resolved"].as_bool().unwrap();
            let outcomes: &[Outcome] =
                if resolved { &[Outcome::Allowed, Outcome::Opaque] } else { &[Outcome::Blocked] };
            assert!(outcomes.contains(&explanation.outcome), "{id}: {:?}", explanation.outcome);
            assert_eq!(explanation.not_cors, resolved, "{id}");
        }
        let without = explained(&exchange(&scenario, false));
        assert!(without.cause.is_none() || name(without.cause) == expected(&scenario), "{id}");
    }
}

#[test]
fn the_console_alone_gives_the_same_cause() {
    for scenario in scenarios("chromium") {
        let (id, text) = (scenario["id"].as_str().unwrap(), console(&scenario));
        if !text.is_empty() {
            let explanation = explained(&text);
            assert_eq!(name(explanation.cause), expected(&scenario), "{id}: {text}");
        }
    }
}

#[test]
fn what_is_not_cors_is_said_to_be_something_else() {
    let check = |id: &str, text: &dyn Fn(&Value) -> String, code: &str| {
        for browser in ["chromium", "firefox"] {
            for scenario in scenarios(browser).iter().filter(|scenario| scenario["id"] == id) {
                let text = text(scenario);
                let explanation = explained(&text);
                assert!(codes(&explanation).contains(&code), "{browser} {id}: {:?}\n{text}", codes(&explanation));
                assert!(explanation.not_cors && explanation.cause.is_none(), "{browser} {id}");
            }
        }
    };
    let headers = |scenario: &Value| exchange(scenario, true);
    check("csp-blocked", &console, "cors.content-security-policy");
    check("conn-refused", &console, "cors.unreachable");
    check("mode-no-cors", &headers, "cors.opaque-answer");
    check("cors-ok-401", &headers, "cors.status");
    check("expose-missing-dpop-nonce", &headers, "cors.header-hidden");
    check("ok-preflight-bearer", &headers, "cors.allowed");
}
