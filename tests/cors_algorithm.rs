//! The CORS algorithm, table by table: what needs a preflight, what an answer must say, what redirects do, and laws that
//! hold for every exchange. What browsers do with random exchanges is held by `tests/e2e/cors-differential.test.mjs`.

use tokenscope::cors::request::{is_safelisted, normalised_method};
use tokenscope::cors::{
    Cause, Credentials, Decision, Engine, Exchange, Hop, Mode, NetworkError, Outcome, Redirect, Request, StepName,
    StepResult, decide, preflight_lifetime, unvaried_origin,
};
use tokenscope::http::{Answer, Headers};

const ORIGIN: &str = "https://app.example";
const URL: &str = "https://api.example/orders";

#[test]
fn methods_are_normalised_but_for_those_that_are_not() {
    let cases = [
        ("get", "GET"),
        ("Head", "HEAD"),
        ("pOST", "POST"),
        ("put", "PUT"),
        ("delete", "DELETE"),
        ("options", "OPTIONS"),
        ("patch", "patch"),
        ("PATCH", "PATCH"),
        ("foo", "foo"),
        ("gets", "gets"),
    ];
    for (method, expected) in cases {
        assert_eq!(normalised_method(method), expected, "{method}");
    }
}

/// Name, value, and for which of the standard, Chromium and Firefox it needs no preflight. What is told of browsers was
/// measured with Chromium 156 and Firefox 153 ESR.
#[rustfmt::skip]
const REQUEST_HEADERS: &[(&str, &str, [bool; 3])] = &[
    ("Accept", "*/*", [true; 3]),
    ("accept", "text/html;q=0.9, application/json", [true; 3]),
    ("Accept", "a\tb", [true; 3]),
    ("Accept", "a\u{1}b", [false; 3]),
    ("Accept", "a\u{7f}b", [false; 3]),
    ("Accept", "a\"b", [false; 3]),
    ("Accept", "(a)", [false; 3]),
    ("Accept", "a:b", [false; 3]),
    ("Accept", "a@b", [false; 3]),
    ("Accept", "\u{ff}", [true, true, false]),
    ("Accept-Language", "en-US,en;q=0.5", [true; 3]),
    ("Accept-Language", "*", [true; 3]),
    ("Accept-Language", "en_US", [false; 3]),
    ("Content-Language", "de, en", [true; 3]),
    ("Content-Language", "a/b", [false; 3]),
    ("Content-Type", "text/plain", [true; 3]),
    ("Content-Type", "TEXT/Plain ; charset=utf-8", [true; 3]),
    ("Content-Type", "text/plain;charset=\"utf-8\"", [false; 3]),
    ("Content-Type", "text/plain;a", [true; 3]),
    ("Content-Type", "text/plain;", [true; 3]),
    ("Content-Type", "text/plain;;", [true, true, false]),
    ("Content-Type", "text/plain;a=b;", [true, true, false]),
    ("Content-Type", "text/plain;a=b,c", [true, true, false]),
    ("Content-Type", "text/plain, text/html", [false; 3]),
    ("Content-Type", "text/plain x", [false; 3]),
    ("Content-Type", "text/ plain", [false; 3]),
    ("Content-Type", "text", [false; 3]),
    ("Content-Type", "", [false; 3]),
    ("Content-Type", "application/json", [false; 3]),
    ("Content-Type", "application/x-www-form-urlencoded", [true; 3]),
    ("Content-Type", "multipart/form-data; boundary=a", [true; 3]),
    ("Range", "bytes=0-", [true; 3]),
    ("Range", "bytes=5-10", [true; 3]),
    ("Range", "bytes=007-7", [true; 3]),
    ("Range", "bytes=10-5", [false; 3]),
    ("Range", "bytes=-5", [false; 3]),
    ("Range", "bytes=0-1,3-4", [false; 3]),
    ("Range", "bytes=0 -", [false; 3]),
    ("Range", "Bytes=0-", [false; 3]),
    ("Range", "items=0-", [false; 3]),
    ("Range", "bytes=0-9223372036854775806", [true; 3]),
    ("Range", "bytes=0-9223372036854775807", [true, false, true]),
    ("Range", "bytes=0-18446744073709551616", [true, false, false]),
    ("Save-Data", "on", [false, true, false]),
    ("Save-Data", "off", [false; 3]),
    ("DPR", "1.5", [false, true, false]),
    ("DPR", "1.", [false; 3]),
    ("Width", "100", [false, true, false]),
    ("Width", "1.5", [false; 3]),
    ("ECT", "4g", [false, true, false]),
    ("ECT", "4G", [false; 3]),
    ("Intervention", "anything", [false, true, false]),
    ("Authorization", "Bearer a", [false; 3]),
    ("X-Requested-With", "XMLHttpRequest", [false; 3]),
    ("If-None-Match", "\"a\"", [false; 3]),
];

#[test]
fn request_headers_are_safelisted_by_name_and_value() {
    for (name, value, expected) in REQUEST_HEADERS {
        let found = [Engine::Standard, Engine::Chromium, Engine::Firefox]
            .map(|engine| is_safelisted(name, value, engine.rules()));
        assert_eq!(found, *expected, "{name}: {value}");
    }
    for length in [127, 128, 129] {
        for engine in Engine::ALL {
            assert_eq!(is_safelisted("Accept", &"a".repeat(length), engine.rules()), length <= 128, "{length}");
        }
    }
}

#[test]
fn the_preflight_names_what_is_unsafe() {
    let check = |headers: &[(&str, &str)], standard: Option<&str>, firefox: Option<&str>| {
        for (engine, expected) in [(Engine::Standard, standard), (Engine::Firefox, firefox)] {
            let request = Request { headers: headers.iter().copied().collect(), ..get() };
            let decision = decide(&Exchange::new(ORIGIN, request, None, None), engine);
            let names = decision.preflight.map(|preflight| preflight.headers.unwrap_or_default());
            assert_eq!(names.as_deref(), expected, "{engine:?} {headers:?}");
        }
    };
    let same = |headers: &[(&str, &str)], expected| check(headers, expected, expected);
    same(&[], None);
    same(&[("Accept", "*/*")], None);
    same(&[("X-B", "1"), ("Authorization", "a"), ("x-a", "1")], Some("authorization,x-a,x-b"));
    check(&[("X-A", "1"), ("x-a", "2")], Some("x-a"), Some("x-a,x-a"));
    // Forbidden ones are never sent, so that nobody needs to allow them.
    same(
        &[("Cookie", "a"), ("Origin", "a"), ("Sec-Fetch-Mode", "a"), ("Proxy-Authorization", "a"), ("Host", "a")],
        None,
    );
    same(&[("X-HTTP-Method-Override", "GET, TRACE")], None);
    same(&[("X-HTTP-Method-Override", "PUT")], Some("x-http-method-override"));
    // Each of them is short enough, but not all of them together; Firefox does not add them up.
    let long = "a".repeat(128);
    check(&[("Accept", long.as_str()); 8], None, None);
    check(&[("Accept", long.as_str()); 9], Some("accept"), None);
}

/// What stands in `Access-Control-Allow-Origin` for the origin `https://app.example`: cause without and with credentials.
#[rustfmt::skip]
const ALLOW_ORIGINS: &[(&[&str], Option<Cause>, Option<Cause>)] = &[
    (&["https://app.example"], None, None),
    (&[" https://app.example\t"], None, None),
    (&["*"], None, Some(Cause::WildcardOriginNotAllowed)),
    (&[" * "], None, Some(Cause::WildcardOriginNotAllowed)),
    (&[], Some(Cause::MissingAllowOriginHeader), Some(Cause::MissingAllowOriginHeader)),
    (&["null"], Some(Cause::AllowOriginMismatch), Some(Cause::AllowOriginMismatch)),
    (&["https://app.example/"], Some(Cause::AllowOriginMismatch), Some(Cause::AllowOriginMismatch)),
    (&["https://app.example:443"], Some(Cause::AllowOriginMismatch), Some(Cause::AllowOriginMismatch)),
    (&["HTTPS://app.example"], Some(Cause::AllowOriginMismatch), Some(Cause::AllowOriginMismatch)),
    (&["https://App.example"], Some(Cause::AllowOriginMismatch), Some(Cause::AllowOriginMismatch)),
    (&["http://app.example"], Some(Cause::AllowOriginMismatch), Some(Cause::AllowOriginMismatch)),
    (&["https://*.example"], Some(Cause::AllowOriginMismatch), Some(Cause::AllowOriginMismatch)),
    (&["localhost:3000"], Some(Cause::AllowOriginMismatch), Some(Cause::AllowOriginMismatch)),
    (&["app.example"], Some(Cause::InvalidAllowOriginValue), Some(Cause::InvalidAllowOriginValue)),
    (&["//app.example"], Some(Cause::InvalidAllowOriginValue), Some(Cause::InvalidAllowOriginValue)),
    (&[""], Some(Cause::InvalidAllowOriginValue), Some(Cause::InvalidAllowOriginValue)),
    (&["**"], Some(Cause::InvalidAllowOriginValue), Some(Cause::InvalidAllowOriginValue)),
    (&["NULL"], Some(Cause::InvalidAllowOriginValue), Some(Cause::InvalidAllowOriginValue)),
    (&["\"https://app.example\""], Some(Cause::InvalidAllowOriginValue), Some(Cause::InvalidAllowOriginValue)),
    (&["*\u{b}"], Some(Cause::InvalidAllowOriginValue), Some(Cause::InvalidAllowOriginValue)),
    (&["https://"], Some(Cause::InvalidAllowOriginValue), Some(Cause::InvalidAllowOriginValue)),
    (&["https://app.example, https://b.example"], Some(Cause::MultipleAllowOriginValues), Some(Cause::MultipleAllowOriginValues)),
    (&["https://app.example https://b.example"], Some(Cause::MultipleAllowOriginValues), Some(Cause::MultipleAllowOriginValues)),
    (&["https://app.example,"], Some(Cause::MultipleAllowOriginValues), Some(Cause::MultipleAllowOriginValues)),
    (&["https://app.example", "https://app.example"], Some(Cause::MultipleAllowOriginValues), Some(Cause::MultipleAllowOriginValues)),
    (&["*", "*"], Some(Cause::MultipleAllowOriginValues), Some(Cause::MultipleAllowOriginValues)),
];

#[test]
fn allow_origin_is_compared_byte_by_byte() {
    for (values, without, with) in ALLOW_ORIGINS {
        for (credentials, expected) in [(Credentials::Omit, without), (Credentials::Include, with)] {
            let mut headers: Headers = values.iter().map(|value| ("Access-Control-Allow-Origin", *value)).collect();
            headers.push("Access-Control-Allow-Credentials", "true");
            let request = Request { credentials, ..get() };
            let exchange = Exchange::new(ORIGIN, request, None, Some(Answer { status: 200, headers }));
            let decision = decide(&exchange, Engine::Chromium);
            assert_eq!(decision.cause, *expected, "{values:?} {credentials:?}");
            assert_eq!(decision.outcome == Outcome::Allowed, expected.is_none());
            // Nothing but empty lines makes a difference between the engines here.
            for engine in Engine::ALL {
                assert_eq!(decide(&exchange, engine).outcome, decision.outcome, "{engine:?} {values:?}");
            }
        }
    }
}

#[test]
fn empty_lines_are_nothing_to_firefox() {
    let headers = [("access-control-allow-origin", ""), ("Access-Control-Allow-Origin", ORIGIN)].into_iter().collect();
    let exchange = Exchange::new(ORIGIN, get(), None, Some(Answer { status: 200, headers }));
    assert_eq!(decide(&exchange, Engine::Firefox).outcome, Outcome::Allowed);
    assert_eq!(decide(&exchange, Engine::Chromium).cause, Some(Cause::MultipleAllowOriginValues));
}

#[test]
fn allow_credentials_is_true_and_nothing_else() {
    let check = |values: &[&str], allowed: bool| {
        let mut headers: Headers = [("Access-Control-Allow-Origin", ORIGIN)].into_iter().collect();
        values.iter().for_each(|value| headers.push("Access-Control-Allow-Credentials", *value));
        let request = Request { credentials: Credentials::Include, ..get() };
        let decision =
            decide(&Exchange::new(ORIGIN, request, None, Some(Answer { status: 200, headers })), Engine::Standard);
        assert_eq!(decision.cause, (!allowed).then_some(Cause::InvalidAllowCredentials), "{values:?}");
    };
    check(&["true"], true);
    check(&[" true\t"], true);
    for value in ["True", "TRUE", "", "false", "1", "\"true\"", "true,", "true, true", "true\u{b}"] {
        check(&[value], false);
    }
    check(&[], false);
    check(&["true", "true"], false);
}

#[test]
fn the_status_of_a_preflight_is_ok() {
    for status in 200..600 {
        let decision =
            preflighted(put(), allowing(status, &[("Access-Control-Allow-Methods", "PUT")]), Engine::Chromium);
        let expected = (!(200..300).contains(&status)).then_some(Cause::PreflightInvalidStatus);
        assert_eq!(decision.cause, expected, "{status}");
        let answer = allowing(status, &[("Access-Control-Allow-Methods", "PUT"), ("Location", "/elsewhere")]);
        let redirect = matches!(status, 301 | 302 | 303 | 307 | 308).then_some(Cause::PreflightDisallowedRedirect);
        assert_eq!(preflighted(put(), answer, Engine::Chromium).cause, redirect.or(expected), "{status}");
    }
}

/// `Access-Control-Allow-Methods` for `PUT`: cause without and with credentials.
#[rustfmt::skip]
const ALLOW_METHODS: &[(&[&str], Option<Cause>, Option<Cause>)] = {
    const REFUSED: Option<Cause> = Some(Cause::MethodDisallowedByPreflightResponse);
    const BROKEN: Option<Cause> = Some(Cause::InvalidAllowMethodsPreflightResponse);
    &[
        (&["PUT"], None, None),
        (&["GET,\tPUT ,"], None, None),
        (&[",,PUT"], None, None),
        (&["GET", "PUT"], None, None),
        (&["*"], None, REFUSED),
        (&["GET, *"], None, REFUSED),
        (&[], REFUSED, REFUSED),
        (&[""], REFUSED, REFUSED),
        (&["put"], REFUSED, REFUSED),
        (&["PUTS"], REFUSED, REFUSED),
        (&["**"], REFUSED, REFUSED),
        (&["GET PUT"], BROKEN, BROKEN),
        (&["PUT;"], BROKEN, BROKEN),
        (&["\"PUT\""], BROKEN, BROKEN),
        (&["PUT\u{b}"], BROKEN, BROKEN),
        (&["PUT, ("], BROKEN, BROKEN),
        (&["PUT", "@"], BROKEN, BROKEN),
    ]
};

#[test]
fn the_method_is_listed_as_it_is_sent() {
    for (values, without, with) in ALLOW_METHODS {
        for (credentials, expected) in [(Credentials::SameOrigin, without), (Credentials::Include, with)] {
            let headers: Vec<_> = values.iter().map(|value| ("Access-Control-Allow-Methods", *value)).collect();
            for engine in Engine::ALL {
                let decision = preflighted(Request { credentials, ..put() }, allowing(204, &headers), engine);
                assert_eq!(decision.cause, *expected, "{engine:?} {values:?} {credentials:?}");
            }
        }
    }
    // GET, HEAD and POST need not be listed.
    let request = Request { method: "POST".to_owned(), headers: [("X-A", "1")].into_iter().collect(), ..get() };
    let decision = preflighted(request, allowing(204, &[("Access-Control-Allow-Headers", "x-a")]), Engine::Standard);
    assert_eq!(decision.cause, None);
}

#[test]
fn headers_are_listed_in_any_case_and_the_wildcard_is_for_requests_without_credentials() {
    let check = |header: &str, allowed: &str, credentials: Credentials, engine: Engine, refused: Option<&str>| {
        let request = Request { headers: [(header, "1")].into_iter().collect(), credentials, ..get() };
        let decision = preflighted(request, allowing(204, &[("Access-Control-Allow-Headers", allowed)]), engine);
        let expected = refused.map(|_| Cause::HeaderDisallowedByPreflightResponse);
        assert_eq!((decision.cause, decision.parameter.as_str()), (expected, refused.unwrap_or_default()));
    };
    for engine in Engine::ALL {
        check("X-Trace", "x-trace", Credentials::Include, engine, None);
        check("x-trace", "A, X-TRACE", Credentials::Omit, engine, None);
        check("X-Trace", "x-trac", Credentials::Omit, engine, Some("x-trace"));
        check("X-Trace", "*", Credentials::Omit, engine, None);
        check("X-Trace", "*", Credentials::Include, engine, Some("x-trace"));
        check("Authorization", "*, authorization", Credentials::Omit, engine, None);
        check("Authorization", "*", Credentials::Include, engine, Some("authorization"));
    }
    // Browsers let it pass today; the standard does not.
    check("Authorization", "*", Credentials::Omit, Engine::Standard, Some("authorization"));
    for engine in [Engine::Chromium, Engine::Firefox, Engine::WebKit] {
        check("Authorization", "*", Credentials::Omit, engine, None);
    }
}

#[test]
fn each_engine_has_its_own_order() {
    let answer = Answer { status: 405, headers: Headers::default() };
    let cause = |engine| preflighted(put(), answer.clone(), engine).cause;
    assert_eq!(cause(Engine::Standard), Some(Cause::PreflightMissingAllowOriginHeader));
    assert_eq!(cause(Engine::Chromium), Some(Cause::PreflightMissingAllowOriginHeader));
    assert_eq!(cause(Engine::Firefox), Some(Cause::PreflightMissingAllowOriginHeader));
    assert_eq!(cause(Engine::WebKit), Some(Cause::PreflightInvalidStatus));
}

#[test]
fn steps_not_reached_say_what_they_would_fail_next() {
    let decision = preflighted(put(), Answer { status: 405, headers: Headers::default() }, Engine::Chromium);
    let result = |name| decision.steps.iter().find(|step| step.name == name).map(|step| step.result.clone()).unwrap();
    let missing = (Cause::PreflightMissingAllowOriginHeader, String::new());
    assert_eq!(result(StepName::PreflightRedirect), StepResult::Passed);
    assert_eq!(result(StepName::PreflightOrigin), StepResult::Failed(missing.0, missing.1));
    assert_eq!(result(StepName::PreflightCredentials), StepResult::NotNeeded);
    let next = |cause, parameter: &str| StepResult::NotReached(Some((cause, parameter.to_owned())));
    assert_eq!(result(StepName::PreflightStatus), next(Cause::PreflightInvalidStatus, ""));
    assert_eq!(result(StepName::AllowMethodsSyntax), StepResult::NotReached(None));
    assert_eq!(result(StepName::Method), next(Cause::MethodDisallowedByPreflightResponse, "PUT"));
    assert_eq!(result(StepName::RequestSent), StepResult::NotReached(None));
    assert_eq!(result(StepName::Origin), StepResult::NotReached(None));
}

#[test]
fn what_is_not_known_is_not_decided() {
    let unknown = |exchange: &Exchange, name: StepName| {
        let decision = decide(exchange, Engine::Standard);
        assert_eq!((decision.outcome, decision.cause), (Outcome::Unknown, None));
        let step = decision.steps.iter().find(|step| step.result == StepResult::Unknown).unwrap();
        assert_eq!(step.name, name);
        decision
    };
    unknown(&Exchange::new(ORIGIN, get(), None, None), StepName::Origin);
    unknown(&Exchange::new(ORIGIN, put(), None, Some(ok())), StepName::PreflightOrigin);
    let answer = allowing(204, &[("Access-Control-Allow-Methods", "PUT")]);
    unknown(&Exchange::new(ORIGIN, put(), Some(answer), None), StepName::Origin);
    let redirect = allowing(302, &[("Location", "https://login.example/")]);
    let decision = unknown(&Exchange::new(ORIGIN, get(), None, Some(redirect)), StepName::Origin);
    assert_eq!(decision.urls, [URL, "https://login.example/"]);
    assert_eq!(decision.origins, [ORIGIN, "null"]);
    // What can be told without the answer is told.
    let request = Request { mode: Mode::SameOrigin, ..get() };
    assert_eq!(
        decide(&Exchange::new(ORIGIN, request, None, None), Engine::Standard).cause,
        Some(Cause::DisallowedByMode)
    );
}

#[test]
fn the_own_origin_needs_nothing() {
    let request = Request { url: "https://app.example:443/api".to_owned(), credentials: Credentials::Include, ..put() };
    let headers = [("Set-Cookie", "a=b"), ("X-One", "1")].into_iter().collect();
    let decision =
        decide(&Exchange::new(ORIGIN, request, None, Some(Answer { status: 500, headers })), Engine::Standard);
    assert_eq!(decision.outcome, Outcome::Allowed);
    assert_eq!(decision.hidden_headers, ["Set-Cookie"]);
    assert!(decision.steps.iter().all(|step| matches!(step.result, StepResult::Passed | StepResult::NotNeeded)));
}

#[test]
fn headers_are_exposed_by_name_or_wildcard() {
    let check = |exposed: &[&str], credentials: Credentials, hidden: &[&str]| {
        let mut answer = allowing(200, &[]);
        for (name, value) in [("Content-Type", "a"), ("ETag", "a"), ("X-One", "1"), ("x-one", "2"), ("Set-Cookie", "a")]
        {
            answer.headers.push(name, value);
        }
        exposed.iter().for_each(|value| answer.headers.push("Access-Control-Expose-Headers", *value));
        let request = Request { credentials, ..get() };
        let decision = decide(&Exchange::new(ORIGIN, request, None, Some(answer)), Engine::Standard);
        let names: Vec<&str> = decision.hidden_headers.iter().map(String::as_str).collect();
        let names: Vec<&str> = names.into_iter().filter(|name| !name.starts_with("Access-Control-")).collect();
        assert_eq!(names, hidden, "{exposed:?}");
    };
    check(&[], Credentials::Omit, &["ETag", "X-One", "Set-Cookie"]);
    check(&["x-ONE, Set-Cookie"], Credentials::Omit, &["ETag", "Set-Cookie"]);
    check(&["X-One", "etag"], Credentials::Include, &["Set-Cookie"]);
    check(&["*"], Credentials::Omit, &["Set-Cookie"]);
    check(&["*"], Credentials::Include, &["ETag", "X-One", "Set-Cookie"]);
    check(&["X-One, a b"], Credentials::Omit, &["ETag", "X-One", "Set-Cookie"]);
}

/// Where a request from `https://app.example` is sent first, where that redirects to, which origin the second request
/// names, and whether it is one to another origin.
const REDIRECTS: [(&str, &str, &str, bool); 4] = [
    ("https://app.example/a", "https://app.example/b", ORIGIN, false),
    ("https://app.example/a", "https://api.example/b", ORIGIN, true),
    ("https://api.example/a", "https://api.example/b", ORIGIN, true),
    ("https://api.example/a", "https://login.example/b", "null", true),
];

#[test]
fn five_statuses_redirect_and_the_second_change_of_origin_makes_it_null() {
    for status in [301, 302, 303, 307, 308] {
        for (from, to, origin, other) in REDIRECTS {
            for method in ["GET", "POST", "PUT"] {
                let request = Request { url: from.to_owned(), method: method.to_owned(), ..get() };
                let methods = ("Access-Control-Allow-Methods", "*");
                let first = Answer { status, headers: allowing(200, &[("Location", to), methods]).headers };
                let headers: Headers = [("Access-Control-Allow-Origin", origin), methods].into_iter().collect();
                let last = Answer { status: 200, headers };
                let mut exchange = Exchange::new(ORIGIN, request, Some(allowing(200, &[methods])), Some(first));
                exchange.hops.push(Hop { preflight: Some(last.clone()), response: Some(last) });
                let decision = decide(&exchange, Engine::Standard);
                assert_eq!(decision.outcome, Outcome::Allowed, "{status} {method} {from} {to}: {:?}", decision.cause);
                assert_eq!(decision.origins, [ORIGIN, origin]);
                let becomes_get = status == 303 || (method == "POST" && status < 303);
                assert_eq!(decision.methods, [method, if becomes_get { "GET" } else { method }]);
                let asks = other && !becomes_get && method == "PUT";
                assert_eq!(decision.preflights.last().unwrap().is_some(), asks, "{status} {method} {from} {to}");
            }
        }
    }
}

#[test]
fn a_redirect_is_refused_where_it_must_be() {
    let check = |location: &str, redirect: Redirect, cause: Option<Cause>, error: Option<NetworkError>| {
        let answer = allowing(302, &[("Location", location)]);
        let mut exchange = Exchange::new(ORIGIN, Request { redirect, ..get() }, None, Some(answer));
        exchange.hops.push(Hop { preflight: None, response: Some(allowing(200, &[])) });
        let decision = decide(&exchange, Engine::Standard);
        assert_eq!((decision.cause, decision.network_error()), (cause, error), "{location}");
    };
    check("https://api.example/b", Redirect::Follow, None, None);
    check("https://a:b@api.example/", Redirect::Follow, Some(Cause::RedirectContainsCredentials), None);
    check("https://app.example@app.example/", Redirect::Follow, Some(Cause::RedirectContainsCredentials), None);
    check("data:text/plain,a", Redirect::Follow, Some(Cause::CorsDisabledScheme), None);
    check("https://[", Redirect::Follow, None, Some(NetworkError::Location));
    check("https://api.example/b", Redirect::Error, None, Some(NetworkError::RedirectMode));
    check("https://api.example/b", Redirect::Manual, None, None);
}

#[test]
fn twenty_redirects_are_followed_and_no_more() {
    for (count, outcome) in [(20, Outcome::Allowed), (21, Outcome::Blocked)] {
        let redirect = Hop { preflight: None, response: Some(allowing(302, &[("Location", "/again")])) };
        let mut exchange = Exchange { origin: ORIGIN.to_owned(), request: get(), hops: vec![redirect; count] };
        exchange.hops.push(Hop { preflight: None, response: Some(allowing(200, &[])) });
        let decision = decide(&exchange, Engine::Standard);
        assert_eq!(decision.outcome, outcome, "{count}");
        assert_eq!(decision.network_error().is_some(), count > 20);
    }
}

#[test]
fn authorization_does_not_go_to_another_origin_on_a_redirect() {
    for (location, named) in [("/b", Some("authorization")), ("https://login.example/", None)] {
        let request = Request { headers: [("Authorization", "Bearer a")].into_iter().collect(), ..get() };
        let allow = ("Access-Control-Allow-Headers", "authorization");
        let redirect = allowing(307, &[("Location", location)]);
        let mut exchange = Exchange::new(ORIGIN, request, Some(allowing(200, &[allow])), Some(redirect));
        exchange.hops.push(Hop { preflight: Some(allowing(200, &[allow])), response: Some(allowing(200, &[])) });
        let decision = decide(&exchange, Engine::Standard);
        let last = decision.preflights.last().unwrap().as_ref();
        assert_eq!(last.and_then(|preflight| preflight.headers.as_deref()), named, "{location}");
    }
}

#[test]
fn what_fetch_refuses_by_itself_is_no_cors_failure() {
    let check = |request: Request, error: NetworkError| {
        let decision = decide(&Exchange::new(ORIGIN, request.clone(), None, Some(ok())), Engine::Standard);
        assert_eq!((decision.outcome, decision.cause), (Outcome::Blocked, None), "{request:?}");
        assert_eq!(decision.network_error(), Some(error));
    };
    let with = |method: &str| Request { method: method.to_owned(), ..get() };
    for method in ["TRACE", "connect", "Track", "a b", ""] {
        check(with(method), NetworkError::Method);
    }
    check(Request { mode: Mode::NoCors, ..with("PUT") }, NetworkError::Method);
    check(Request { url: "/relative".to_owned(), ..get() }, NetworkError::Url);
    check(Request { url: "https://a:b@api.example/".to_owned(), ..get() }, NetworkError::Url);
    check(Request { headers: [("a b", "1")].into_iter().collect(), ..get() }, NetworkError::Header);
    check(Request { headers: [("a", "b\nc")].into_iter().collect(), ..get() }, NetworkError::Header);
}

#[test]
fn without_cors_the_answer_is_opaque() {
    let decide = |redirect| {
        let request = Request { mode: Mode::NoCors, redirect, credentials: Credentials::Include, ..get() };
        decide(&Exchange::new(ORIGIN, request, None, Some(ok())), Engine::Standard)
    };
    assert_eq!(decide(Redirect::Follow).outcome, Outcome::Opaque);
    assert_eq!(decide(Redirect::Manual).cause, Some(Cause::NoCorsRedirectModeNotFollow));
}

#[test]
fn upload_listeners_force_a_preflight() {
    let request = Request { use_cors_preflight: true, method: "POST".to_owned(), ..get() };
    let decision = preflighted(request.clone(), allowing(204, &[]), Engine::Standard);
    assert_eq!(decision.outcome, Outcome::Allowed);
    assert_eq!(preflighted(request, Answer { status: 204, ..ok() }, Engine::Standard).outcome, Outcome::Blocked);
}

/// `Access-Control-Max-Age`, and how long the answer counts for the standard, Chromium, Firefox and WebKit.
#[rustfmt::skip]
const MAX_AGES: &[(Option<&str>, [u32; 4])] = &[
    (None, [5, 5, 5, 5]),
    (Some("0"), [0, 0, 0, 0]),
    (Some(" 10 "), [10, 10, 10, 10]),
    (Some("600"), [600, 600, 600, 600]),
    (Some("601"), [601, 601, 601, 600]),
    (Some("86401"), [86_401, 7200, 86_400, 600]),
    (Some("99999999999999999999"), [u32::MAX, 7200, 86_400, 600]),
    (Some("-1"), [5, 0, 0, 0]),
    (Some("ten"), [5, 5, 0, 5]),
];

#[test]
fn the_answer_to_a_preflight_counts_for_a_while() {
    for (value, expected) in MAX_AGES {
        let answer =
            Answer { status: 204, headers: value.iter().map(|value| ("Access-Control-Max-Age", *value)).collect() };
        assert_eq!(Engine::ALL.map(|engine| preflight_lifetime(&answer, engine)), *expected, "{value:?}");
    }
}

#[test]
fn an_answer_to_one_origin_says_so_to_caches() {
    let check = |headers: &[(&str, &str)], unvaried: bool| {
        let answer = Answer { status: 200, headers: headers.iter().copied().collect() };
        assert_eq!(unvaried_origin(&answer), unvaried, "{headers:?}");
    };
    let origin = ("Access-Control-Allow-Origin", ORIGIN);
    check(&[], false);
    check(&[("Access-Control-Allow-Origin", "*")], false);
    check(&[origin], true);
    check(&[origin, ("Vary", "Accept-Encoding")], true);
    check(&[origin, ("Vary", "Accept-Encoding, origin")], false);
    check(&[origin, ("Vary", "Accept"), ("vary", "Origin")], false);
    check(&[origin, ("Vary", "*")], false);
}

fn get() -> Request {
    Request { method: "GET".to_owned(), url: URL.to_owned(), ..Request::default() }
}

fn put() -> Request {
    Request { method: "PUT".to_owned(), ..get() }
}

fn ok() -> Answer {
    Answer { status: 200, headers: Headers::default() }
}

/// An answer that allows the origin, with further headers.
fn allowing(status: u16, headers: &[(&str, &str)]) -> Answer {
    let origin = [("Access-Control-Allow-Origin", ORIGIN), ("Access-Control-Allow-Credentials", "true")];
    Answer { status, headers: origin.iter().chain(headers).copied().collect() }
}

/// The decision about a request whose preflight is answered so, and which itself is allowed.
fn preflighted(request: Request, answer: Answer, engine: Engine) -> Decision {
    decide(&Exchange::new(ORIGIN, request, Some(answer), Some(allowing(200, &[]))), engine)
}
