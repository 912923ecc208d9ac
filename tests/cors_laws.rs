//! Laws of the CORS algorithm: it answers for every exchange, says why when it blocks, and adding what permits never
//! forbids.

use proptest::prelude::*;
use tokenscope::cors::request::unsafe_names;
use tokenscope::cors::url::{origin_of, parse, resolve, serialized_origin};
use tokenscope::cors::{
    Credentials, Engine, Exchange, Hop, Mode, Outcome, Redirect, Request, StepResult, decide, decision_json,
    exchange_json, preflight_lifetime, unvaried_origin,
};
use tokenscope::http::{Answer, Headers};
use tokenscope::json;

const ORIGIN: &str = "https://app.example";

/// Any bytes, each as the character of its number.
fn value() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "*",
        "true",
        "PUT",
        "x-a",
        "authorization",
        ORIGIN,
        "https://b.example/",
        "null",
        ", ",
        "text/plain;a",
        "bytes=0-",
    ]);
    let bytes = prop::collection::vec(any::<u8>(), 0..6).prop_map(|bytes| bytes.into_iter().map(char::from).collect());
    prop::collection::vec(prop_oneof![words.prop_map(str::to_owned), bytes], 0..3).prop_map(|parts| parts.concat())
}

fn headers() -> impl Strategy<Value = Headers> {
    let names = prop::sample::select(vec![
        "Access-Control-Allow-Origin",
        "access-control-allow-origin",
        "Access-Control-Allow-Credentials",
        "Access-Control-Allow-Methods",
        "Access-Control-Allow-Headers",
        "Access-Control-Expose-Headers",
        "Access-Control-Max-Age",
        "Vary",
        "Location",
        "Set-Cookie",
        "X-A",
        "Accept",
        "Content-Type",
        "Range",
        "Authorization",
        "",
    ]);
    prop::collection::vec((names, value()), 0..6).prop_map(Headers::from_iter)
}

fn answer() -> impl Strategy<Value = Answer> {
    (prop_oneof![Just(200), Just(204), Just(302), Just(307), 0..1000_u16], headers())
        .prop_map(|(status, headers)| Answer { status, headers })
}

fn exchange() -> impl Strategy<Value = Exchange> {
    let hop = (prop::option::of(answer()), prop::option::of(answer()));
    let hops = prop::collection::vec(hop.prop_map(|(preflight, response)| Hop { preflight, response }), 0..4);
    let method = prop::sample::select(vec!["GET", "PUT", "post", "patch", "TRACE", ""]);
    let url = prop_oneof![
        Just("https://api.example/a".to_owned()),
        Just("https://app.example/a".to_owned()),
        value().prop_map(|path| ["https://api.example/", &path].concat()),
        value(),
    ];
    let modes = prop::sample::select(vec![Mode::Cors, Mode::Cors, Mode::NoCors, Mode::SameOrigin]);
    let redirects = prop::sample::select(vec![Redirect::Follow, Redirect::Follow, Redirect::Error, Redirect::Manual]);
    let credentials = prop::sample::select(vec![Credentials::Omit, Credentials::SameOrigin, Credentials::Include]);
    let request = (method, url, headers(), credentials, modes, redirects, any::<bool>());
    (request, hops).prop_map(|((method, url, headers, credentials, mode, redirect, use_cors_preflight), hops)| {
        Exchange {
            origin: ORIGIN.to_owned(),
            request: Request {
                method: method.to_owned(),
                url,
                headers,
                credentials,
                mode,
                redirect,
                use_cors_preflight,
            },
            hops,
        }
    })
}

proptest! {
    /// Every exchange has a decision, and what it says fits together.
    #[test]
    fn every_exchange_is_decided(exchange in exchange()) {
        for engine in Engine::ALL {
            let decision = decide(&exchange, engine);
            let failed = decision.steps.iter().filter(|step| matches!(step.result, StepResult::Failed(..))).count();
            let errors = decision.steps.iter().filter(|step| matches!(step.result, StepResult::NetworkError(_))).count();
            let unknown = decision.steps.iter().filter(|step| step.result == StepResult::Unknown).count();
            prop_assert_eq!(failed + errors, usize::from(decision.outcome == Outcome::Blocked));
            prop_assert_eq!(failed == 1, decision.cause.is_some());
            prop_assert_eq!(unknown > 0, decision.outcome == Outcome::Unknown);
            prop_assert_eq!(decision.urls.len(), decision.origins.len());
            prop_assert_eq!(decision.urls.len(), decision.preflights.len());
            prop_assert_eq!(decision.urls.len(), decision.methods.len());
            prop_assert!(json::read(decision_json::text(&decision).into_bytes()).is_json());
        }
    }

    /// What is not blocked stays so when methods, headers and exposed names are added.
    #[test]
    fn permission_never_forbids(request in headers(), answers in (answer(), answer()), credentials: bool) {
        let exchange = |preflight: Answer, response: Answer| Exchange::new(
            ORIGIN,
            Request {
                method: "PUT".to_owned(),
                url: "https://api.example/".to_owned(),
                headers: request.clone(),
                credentials: if credentials { Credentials::Include } else { Credentials::Omit },
                redirect: Redirect::Manual,
                ..Request::default()
            },
            Some(preflight),
            Some(response),
        );
        for engine in Engine::ALL {
            let before = exchange(answers.0.clone(), answers.1.clone());
            if decide(&before, engine).outcome == Outcome::Blocked {
                continue;
            }
            let mut after = before.clone();
            let hop = after.hops.first_mut().unwrap();
            let names = unsafe_names(&request, Engine::Standard.rules());
            hop.preflight.as_mut().unwrap().headers.push("Access-Control-Allow-Methods", "PUT, PATCH");
            hop.preflight.as_mut().unwrap().headers.push("Access-Control-Allow-Headers", names.join(", "));
            hop.response.as_mut().unwrap().headers.push("Access-Control-Expose-Headers", "X-A");
            prop_assert_ne!(decide(&after, engine).outcome, Outcome::Blocked);
        }
    }

    /// Where lists of header names decide, browsers allow what the standard allows, and beyond it `Authorization` alone.
    #[test]
    fn the_wildcard_for_authorization_is_all_that_browsers_allow_beyond(answer in answer(), header in "[a-z-]{1,9}") {
        let allow = [("Access-Control-Allow-Origin", "*"), ("Access-Control-Allow-Methods", "*")];
        let headers: Headers = answer.headers.0.into_iter().filter(|(name, _)| name == "Access-Control-Allow-Headers")
            .chain(allow.map(|(name, value)| (name.to_owned(), value.to_owned()))).collect();
        let answer = Answer { status: 204, headers };
        let request = Request {
            method: "PUT".to_owned(),
            url: "https://api.example/".to_owned(),
            headers: [(header.as_str(), "a"), ("Authorization", "a")].into_iter().collect(),
            ..Request::default()
        };
        let exchange = Exchange::new(ORIGIN, request, Some(answer.clone()), Some(answer));
        let standard = decide(&exchange, Engine::Standard);
        for engine in [Engine::Chromium, Engine::Firefox, Engine::WebKit] {
            let decision = decide(&exchange, engine);
            if standard.outcome == Outcome::Allowed {
                prop_assert_eq!(decision.outcome, Outcome::Allowed);
            } else if decision.outcome == Outcome::Allowed {
                prop_assert_eq!(standard.parameter.as_str(), "authorization");
            }
        }
    }

    /// Forbidden headers never ask for leave, and names are asked for in lower case and in order.
    #[test]
    fn names_are_sorted(headers in headers()) {
        let names = unsafe_names(&headers, Engine::Standard.rules());
        prop_assert!(names.is_sorted_by(|one, other| one < other));
        prop_assert!(names.iter().all(|name| !name.contains(|letter: char| letter.is_ascii_uppercase())));
    }

    /// Whatever is a serialized origin is its own origin, and every URL's origin is serialized.
    #[test]
    fn origins_are_their_own(text in value(), base in "https?://[a-z.]{1,9}(:[0-9]{1,5})?/?") {
        for text in [text.clone(), base.clone()] {
            if let Ok(origin) = serialized_origin(&text) {
                prop_assert_eq!(&origin, &text);
                prop_assert_eq!(origin_of(&text), (text != "null").then_some(origin));
            }
            // `*` may stand in a host, but whoever types it into an origin means a pattern.
            if let Some(origin) = origin_of(&text).filter(|origin| !origin.contains('*')) {
                prop_assert_eq!(serialized_origin(&origin), Ok(origin));
            }
        }
        if let Some(url) = parse(&base).and_then(|base| resolve(&base, &text)).filter(|url| url.is_http()) {
            prop_assert_eq!(parse(&url.text()).map(|again| again.text()), Some(url.text()));
        }
    }

    /// No answer lives longer than the engine allows.
    #[test]
    fn answers_live_no_longer_than_allowed(answer in answer()) {
        prop_assert!(preflight_lifetime(&answer, Engine::WebKit) <= 600);
        prop_assert!(preflight_lifetime(&answer, Engine::Chromium) <= 7200);
        prop_assert!(preflight_lifetime(&answer, Engine::Firefox) <= 86_400);
        unvaried_origin(&answer);
    }

    /// Any JSON is an exchange or names what is wrong with it.
    #[test]
    fn json_is_an_exchange_or_not(text in r#"(\{"(origin|request|response)":)?[{}\[\]",:a-z0-9]{0,24}"#) {
        if let Err(fault) = exchange_json::read(&json::read(text.into_bytes())) {
            prop_assert!(!fault.to_string().is_empty());
        }
    }
}

/// Many headers and a long path take no longer than they must.
#[test]
fn long_header_lists_take_linear_time() {
    let many: Headers = (0..20_000).map(|number| (["X-", &number.to_string()].concat(), "a")).collect();
    let mut answer = Answer { status: 200, headers: many.clone() };
    answer.headers.push("Access-Control-Allow-Origin", "*");
    let names: Vec<&str> = many.0.iter().map(|(name, _)| name.as_str()).collect();
    answer.headers.push("Access-Control-Allow-Headers", names.join(","));
    answer.headers.push("Access-Control-Expose-Headers", names.join(","));
    let request = Request {
        method: "GET".to_owned(),
        url: ["https://api.example/", &"../".repeat(100_000)].concat(),
        headers: many,
        ..Request::default()
    };
    let exchange = Exchange::new(ORIGIN, request, Some(answer.clone()), Some(answer));
    let started = std::time::Instant::now();
    for engine in Engine::ALL {
        assert_eq!(decide(&exchange, engine).outcome, Outcome::Allowed);
    }
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
