//! Cases and what is said about them: a file a case in `tests/corpus/cors`. Above `--- text` stands the form, below it the
//! evidence, and below `--- expected` what has to come out. `TOKENSCOPE_UPDATE=1 cargo test --test cors_explain` writes
//! what comes out, for reading.

#![allow(clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tokenscope::cors::evidence::{Evidence, ProbeRun, recognise};
use tokenscope::cors::explain::{Case, Explanation, Form, WalkState, explain, explain_exchange};
use tokenscope::cors::server::{Allowance, configurations};
use tokenscope::cors::{Cause, Credentials, Engine, Exchange, Hop, Mode, Outcome, Request, StepResult, decide, json};
use tokenscope::http::{Answer, Headers};

fn files() -> Vec<PathBuf> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/cors");
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn case(text: &str) -> (Case, String) {
    let (head, rest) = text.split_once("--- text\n").unwrap();
    let (evidence, expected) = rest.split_once("--- expected\n").unwrap_or((rest, ""));
    let mut form = Form::default();
    for line in head.lines() {
        let (name, value) = line.split_once(": ").unwrap();
        match name {
            "origin" => form.origin = value.to_owned(),
            "url" => form.url = value.to_owned(),
            "method" => form.method = value.to_owned(),
            "headers" => form.headers = value.to_owned(),
            "credentials" => {
                form.credentials = Some(match value {
                    "include" => Credentials::Include,
                    "omit" => Credentials::Omit,
                    _ => Credentials::SameOrigin,
                });
            }
            other => panic!("there is no field {other}"),
        }
    }
    (Case { text: evidence.to_owned(), form, ..Case::default() }, expected.to_owned())
}

/// What is held of an explanation.
fn outline(explanation: &Explanation) -> String {
    let mut outline =
        format!("headline: {}\nsupport: {}\n", explanation.headline.markdown(), explanation.support.markdown());
    let not = if explanation.not_cors { ", not CORS" } else { "" };
    outline.push_str(&format!("outcome: {}{not}\n", json::outcome(explanation.outcome)));
    if let Some(cause) = explanation.cause {
        outline.push_str(format!("cause: {} {}", cause.name(), explanation.parameter).trim_end());
        outline.push_str(&format!("\ncertainty: {:?}\n", explanation.certainty));
    }
    let codes: Vec<&str> = explanation.findings.iter().map(|finding| finding.code.0).collect();
    outline.push_str(&format!("findings: {}\n", codes.join(", ")));
    let line = |state: WalkState| match state {
        WalkState::Pass => '+',
        WalkState::Fail => '!',
        WalkState::NotReached => '-',
        WalkState::Unknown => '?',
    };
    outline.push_str(&format!("walk: {}\n", explanation.walk.iter().map(|step| line(step.state)).collect::<String>()));
    if let Some(fix) = &explanation.fix {
        let copy = fix.copy.as_deref().unwrap_or("nothing to copy");
        outline.push_str(&format!(
            "fix: {} ({copy}; {} configurations)\n",
            fix.title.markdown(),
            fix.configurations.len()
        ));
    }
    if let Some(next) = &explanation.next_test {
        outline.push_str(&format!("next: {}\n", next.code.0));
    }
    if let Some(sequence) = &explanation.sequence {
        outline.push_str(&format!("drawn: {}\n", sequence.text));
    }
    outline
}

#[test]
fn every_case_is_explained_as_its_file_says() {
    let files = files();
    assert!(files.len() >= 60, "there are {} cases", files.len());
    let mut wrong = Vec::new();
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let (case, expected) = case(&text);
        let outline = outline(&explain(&case));
        if std::env::var_os("TOKENSCOPE_UPDATE").is_some() {
            let (before, _) = text.split_once("--- expected\n").unwrap_or((&text, ""));
            std::fs::write(&path, format!("{before}--- expected\n{outline}")).unwrap();
        } else if outline != expected {
            wrong.push(format!("{}\nexpected:\n{expected}found:\n{outline}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn no_place_of_a_sentence_stays_empty() {
    for path in files() {
        let (case, _) = case(&std::fs::read_to_string(&path).unwrap());
        let explanation = explain(&case);
        let mut texts = vec![explanation.headline.clone(), explanation.support.clone()];
        for line in &explanation.walk {
            texts.extend([Some(line.question.clone()), line.answer.clone(), line.cause.clone()].into_iter().flatten());
        }
        if let Some(fix) = &explanation.fix {
            texts.push(fix.title.clone());
            texts.extend(fix.notes.iter().chain(&fix.not_this).chain(&fix.recognised).cloned());
        }
        for finding in explanation.findings.iter().chain(&explanation.next_test) {
            let words = tokenscope::cors::WORDS.words(finding, tokenscope::time::Time::default());
            texts.push(words.problem);
            texts.extend([words.explanation, words.remedy].into_iter().flatten());
        }
        for text in texts {
            let text = text.markdown();
            assert!(!text.contains("``"), "{}: {text}", path.display());
            assert!(!text.contains("headline-") && !text.contains("support-"), "{}: {text}", path.display());
            // An ellipsis stands for a place without a fact, or for a secret.
            let masked = text.contains("=…") || text.contains("Bearer …");
            assert!(!text.contains('…') || masked, "{}: {text}", path.display());
        }
        assert!(!explanation.headline.0.is_empty(), "{}", path.display());
    }
}

/// An exchange that fails by a cause, for every cause that headers can bring about.
fn failing() -> Vec<(Cause, Exchange)> {
    let headers = |list: &[(&str, &str)]| -> Headers { list.iter().copied().collect() };
    let answer = |status: u16, list: &[(&str, &str)]| Some(Answer { status, headers: headers(list) });
    let (origin, allow) = ("https://app.example", "access-control-allow-origin");
    let request = |credentials: Credentials, names: &[&str], method: &str| Request {
        method: method.to_owned(),
        url: "https://api.example/orders".to_owned(),
        headers: names.iter().map(|name| (*name, "1")).collect(),
        credentials,
        ..Request::default()
    };
    let (omit, include) = (Credentials::Omit, Credentials::Include);
    let simple = |credentials, response| Exchange::new(origin, request(credentials, &[], "GET"), None, response);
    let asked =
        |credentials, preflight| Exchange::new(origin, request(credentials, &["x-trace"], "GET"), preflight, None);
    let own = (allow, origin);
    use Cause::*;
    vec![
        (WildcardOriginNotAllowed, simple(include, answer(200, &[(allow, "*")]))),
        (MissingAllowOriginHeader, simple(omit, answer(200, &[]))),
        (MissingAllowOriginHeader, simple(omit, answer(401, &[]))),
        (MultipleAllowOriginValues, simple(omit, answer(200, &[(allow, "https://app.example, *")]))),
        (MultipleAllowOriginValues, simple(omit, answer(200, &[own, (allow, "https://b.example")]))),
        (InvalidAllowOriginValue, simple(omit, answer(200, &[(allow, "app.example")]))),
        (AllowOriginMismatch, simple(omit, answer(200, &[(allow, "https://app.example/")]))),
        (InvalidAllowCredentials, simple(include, answer(200, &[own, ("access-control-allow-credentials", "TRUE")]))),
        (PreflightInvalidStatus, asked(omit, answer(302, &[own]))),
        (PreflightDisallowedRedirect, asked(omit, answer(302, &[own, ("location", "/a")]))),
        (PreflightWildcardOriginNotAllowed, asked(include, answer(204, &[(allow, "*")]))),
        (PreflightMissingAllowOriginHeader, asked(omit, answer(405, &[]))),
        (PreflightMultipleAllowOriginValues, asked(omit, answer(204, &[(allow, "a b")]))),
        (PreflightInvalidAllowOriginValue, asked(omit, answer(204, &[(allow, "app")]))),
        (PreflightAllowOriginMismatch, asked(omit, answer(204, &[(allow, "null")]))),
        (PreflightInvalidAllowCredentials, asked(include, answer(204, &[own]))),
        (
            InvalidAllowMethodsPreflightResponse,
            asked(omit, answer(204, &[own, ("access-control-allow-methods", "G@T")])),
        ),
        (
            InvalidAllowHeadersPreflightResponse,
            asked(omit, answer(204, &[own, ("access-control-allow-headers", "a b")])),
        ),
        (
            MethodDisallowedByPreflightResponse,
            Exchange::new(
                origin,
                request(include, &["authorization"], "patch"),
                answer(
                    204,
                    &[own, ("access-control-allow-credentials", "true"), ("access-control-allow-methods", "PATCH")],
                ),
                None,
            ),
        ),
        (
            HeaderDisallowedByPreflightResponse,
            asked(omit, answer(204, &[own, ("access-control-allow-headers", "x-other")])),
        ),
    ]
}

#[test]
fn what_is_recommended_passes() {
    for (cause, exchange) in failing() {
        let decision = decide(&exchange, Engine::Chromium);
        assert_eq!(decision.cause, Some(cause));
        let explanation = explain_exchange(exchange.clone());
        assert_eq!(explanation.cause, Some(cause));
        let fix = explanation.fix.unwrap_or_else(|| panic!("{cause:?} has no fix"));
        let allowance = Allowance::of(&exchange, &decision).unwrap();
        for status in [200, 401, 500] {
            let mut repaired = exchange.clone();
            repaired.hops =
                vec![Hop { preflight: Some(allowance.preflight()), response: Some(allowance.response(status)) }];
            for engine in [Engine::Standard, Engine::Chromium, Engine::Firefox, Engine::WebKit] {
                assert_eq!(decide(&repaired, engine).outcome, Outcome::Allowed, "{cause:?} {engine:?}");
            }
        }
        // Every configuration says what the header lines say.
        for configuration in configurations(&allowance) {
            let text = &configuration.text;
            let mut parts = vec![allowance.origin.clone()];
            parts.extend(allowance.methods.iter().chain(&allowance.headers).cloned());
            for part in parts {
                assert!(text.contains(&part), "{cause:?}: {} lacks {part}:\n{text}", configuration.server);
            }
            assert_eq!(text.to_lowercase().contains("credentials"), allowance.credentials, "{cause:?}\n{text}");
            assert!(!text.contains("{}") && !text.contains("_quoted"), "{text}");
        }
        let configured = !fix.configurations.is_empty();
        assert_eq!(configured, cause != Cause::PreflightDisallowedRedirect, "{cause:?}");
    }
}

#[test]
fn every_cause_has_a_walk_that_ends_at_its_step() {
    for (cause, exchange) in failing() {
        let explanation = explain_exchange(exchange);
        let failed: Vec<_> = explanation.walk.iter().filter(|line| line.state == WalkState::Fail).collect();
        assert_eq!(failed.len(), 1, "{cause:?}");
        assert!(
            failed[0].headers.len() >= 3 && failed[0].cause.is_some() && failed[0].reference.is_some(),
            "{cause:?}"
        );
        assert!((3..=11).contains(&explanation.walk.len()), "{cause:?}: {}", explanation.walk.len());
        for line in explanation.walk.iter().flat_map(|line| &line.headers) {
            assert!(line.mark.clone().is_none_or(|mark| line.text.get(mark).is_some_and(|part| !part.is_empty())));
        }
        let at = explanation.failed_step.unwrap();
        assert!(matches!(explanation.steps[at].result, StepResult::Failed(failed, _) if failed == cause));
        assert_eq!(explanation.engines.len(), 3);
        let sequence = explanation.sequence.unwrap();
        assert!(!sequence.good && sequence.text.contains("app.example"), "{}", sequence.text);
        assert!(explanation.confirm.unwrap().starts_with("curl -i"));
    }
}

#[test]
fn no_secret_is_in_an_explanation() {
    let token = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJlLW9mLXRoZS10b2tlbg";
    let mut exchange = Exchange::new(
        "https://app.example",
        Request {
            method: "GET".to_owned(),
            url: format!("https://api.example/cb?access_token={token}&code=0.AXoAsecretcode&page=2#id_token={token}"),
            headers: [("Authorization", format!("Bearer {token}")), ("X-Api-Key", "k3y-of-the-shop".to_owned())]
                .into_iter()
                .collect(),
            ..Request::default()
        },
        Some(Answer { status: 204, headers: [("access-control-allow-origin", token)].into_iter().collect() }),
        Some(Answer {
            status: 302,
            headers: [("location", format!("/next?code=0.AXoAsecretcode&state={token}"))].into_iter().collect(),
        }),
    );
    let check = |explanation: &Explanation| {
        let text = json::text(explanation);
        for secret in [token, "c2lnbmF0dXJl", "secretcode", "k3y-of-the-shop", "eyJzdWIi"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    };
    check(&explain_exchange(exchange.clone()));
    exchange.hops[0].preflight = Some(Answer {
        status: 204,
        headers: [("access-control-allow-origin", "*"), ("access-control-allow-headers", "*")].into_iter().collect(),
    });
    check(&explain_exchange(exchange.clone()));
    exchange.hops[0].response.as_mut().unwrap().headers.push("access-control-allow-origin", "*");
    check(&explain_exchange(exchange));
    let said = format!(
        "Access to fetch at 'https://api.example/?access_token={token}' from origin 'https://app.example' has been blocked \
         by CORS policy: The 'Access-Control-Allow-Origin' header contains the invalid value '{token}'."
    );
    check(&explain(&Case { text: said, ..Case::default() }));
}

#[test]
fn this_pages_own_probe_speaks_of_this_page() {
    let text = r#"{"tokenscope":"cors-probe","version":1,"origin":"https://tool.example","url":"https://api.example/",
        "probes":[{"kind":"plain","result":"read","status":200}]}"#;
    let Evidence::Probes(run) = recognise(text) else { panic!("no probes") };
    let run = ProbeRun { own: true, ..*run };
    let form = Form { origin: "https://app.example".to_owned(), ..Form::default() };
    let case = Case { form, probes: Some(run), own_origin: "https://tool.example".to_owned(), ..Case::default() };
    let codes =
        |explanation: &Explanation| -> Vec<&str> { explanation.findings.iter().map(|one| one.code.0).collect() };
    let alone = explain(&case);
    assert_eq!(codes(&alone), ["cors.evidence-own-probe", "cors.probe-readable"]);
    // Where something else decides, the probe only stands beside it.
    let console = "Access to fetch at 'https://api.example/' from origin 'https://app.example' has been blocked by CORS \
                   policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.";
    let both = explain(&Case { text: console.to_owned(), ..case });
    assert_eq!(both.cause, Some(Cause::MissingAllowOriginHeader));
    assert!(codes(&both).contains(&"cors.evidence-own-probe"), "{:?}", codes(&both));
}

fn headers() -> impl Strategy<Value = Headers> {
    let name = prop_oneof![
        Just("access-control-allow-origin"),
        Just("access-control-allow-credentials"),
        Just("access-control-allow-methods"),
        Just("access-control-allow-headers"),
        Just("access-control-max-age"),
        Just("vary"),
        Just("location"),
        Just("x-a"),
        Just("x-okta-request-id"),
        Just("authorization"),
        Just("content-type"),
    ];
    let value = prop_oneof![
        Just("*".to_owned()),
        Just("https://app.example".to_owned()),
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("https://login.example/authorize?state=1".to_owned()),
        Just("/login".to_owned()),
        ".{0,12}",
    ];
    proptest::collection::vec((name, value), 0..5).prop_map(|list| list.into_iter().collect())
}

fn answer() -> impl Strategy<Value = Option<Answer>> {
    let status = prop_oneof![Just(200_u16), Just(204), Just(302), Just(401), Just(0), any::<u16>()];
    proptest::option::of((status, headers()).prop_map(|(status, headers)| Answer { status, headers }))
}

proptest! {
    /// Any exchange is explained, and the parts agree with each other.
    #[test]
    fn any_exchange_is_explained(
        origin in prop_oneof![Just("https://app.example".to_owned()), Just("null".to_owned()), Just(String::new()), ".{0,9}"],
        url in prop_oneof![Just("https://api.example/a".to_owned()), Just("http://dev-1.okta.com/oauth2/v1/keys".to_owned()), ".{0,9}"],
        method in prop_oneof![Just("GET"), Just("patch"), Just("HEAD"), Just("a b")],
        headers in headers(),
        hops in proptest::collection::vec((answer(), answer()), 0..4),
        include in any::<bool>(),
        mode in prop_oneof![Just(Mode::Cors), Just(Mode::NoCors), Just(Mode::SameOrigin)],
    ) {
        let credentials = if include { Credentials::Include } else { Credentials::Omit };
        let request = Request { method: method.to_owned(), url, headers, credentials, mode, ..Request::default() };
        let hops = hops.into_iter().map(|(preflight, response)| Hop { preflight, response }).collect();
        let explanation = explain_exchange(Exchange { origin, request, hops });
        prop_assert!(!explanation.headline.0.is_empty());
        prop_assert!(explanation.cause.is_none() || matches!(explanation.outcome, Outcome::Blocked | Outcome::Unknown));
        prop_assert!(!(explanation.not_cors && explanation.cause.is_some()));
        prop_assert!(explanation.outcome != Outcome::Blocked || !explanation.findings.is_empty());
        let text = json::text(&explanation);
        let read: Result<serde_json::Value, _> = serde_json::from_str(&text);
        prop_assert!(read.is_ok(), "{}", text);
    }

    /// So is any text.
    #[test]
    fn any_text_is_explained(text in ".{0,200}", origin in ".{0,20}", url in ".{0,20}", headers in ".{0,30}") {
        let form = Form { origin, url, headers, ..Form::default() };
        let explanation = explain(&Case { text, form, ..Case::default() });
        prop_assert!(!explanation.headline.0.is_empty());
        json::text(&explanation);
    }
}
