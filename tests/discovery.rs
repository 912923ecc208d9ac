//! Discovery against scripted servers: every answer that an issuer may give, and what must be made of it.

#![allow(clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use tokenscope::discovery::{
    Answered, CacheMode, FailureCause, Fetch, FetchFailure, Guard, Look, PublicUrl, RedirectMode, Request, Response,
    Sources, forget_stale, is_fresh, lifetime, look, public_url,
};
use tokenscope::finding::{Finding, Severity};
use tokenscope::messages;
use tokenscope::time::Time;

/// More rounds than any search takes: each of three places asked, reloaded and followed, then the keys the same way, and
/// once more for their kid, and a last one that asks nothing.
const MOST_ROUNDS: usize = 14;

const NOW: Time = Time::from_seconds(1_795_183_392);

fn corpus() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/discovery")
}

/// The lines of a table in the corpus: what is expected, and of what.
fn table(name: &str) -> Vec<(String, String)> {
    let text = fs::read_to_string(corpus().join(name)).unwrap();
    let rows = text.lines().filter(|line| !line.starts_with('#'));
    rows.map(|line| line.split_once(" <- ").unwrap_or_else(|| panic!("no ` <- ` in {line}")))
        .map(|(expected, text)| (expected.to_owned(), text.to_owned()))
        .collect()
}

#[test]
fn addresses_are_read_as_browsers_read_them_or_refused() {
    let check = |expected: &str, text: &str| {
        let found = match public_url(text, &Guard::default()) {
            Ok(url) => url.as_str().to_owned(),
            Err(fault) => format!("! {fault:?}"),
        };
        assert_eq!(found, expected, "{text}");
    };
    table("urls.txt").iter().for_each(|(expected, text)| check(expected, text));
}

#[test]
fn an_address_names_its_origin_and_host() {
    let check = |text: &str, origin: &str, host: &str, path: &str| {
        let url = public_url(text, &Guard::default()).unwrap();
        assert_eq!((url.origin(), url.host(), url.path()), (origin, host, path), "{text}");
    };
    check("https://As.example:443?a/b", "https://as.example", "as.example", "/");
    check("http://localhost:3000/a/b?c", "http://localhost:3000", "localhost:3000", "/a/b");
}

#[test]
fn nothing_of_a_token_stands_in_an_address() {
    let check = |text: &str, guard: &Guard, expected: bool| {
        assert_eq!(public_url(text, guard).is_ok(), expected, "{text} {guard:?}");
    };
    let secret = "0123456789abcdefg+/ é";
    let guard = Guard { secrets: vec![secret], ..Guard::default() };
    check("https://as.example/0123456789abcde", &guard, true);
    check("https://as.example/0123456789abcdeF", &guard, true);
    check("https://as.example/0123456789abcdef", &guard, false);
    check("https://as.example/?x=123456789abcdefg", &guard, false);
    check("https://as.example/%30123456789abcdef", &guard, false);
    check("https://as.example/%2530123456789abcdef", &guard, false);
    check("https://as.example/456789abcdefg%2B%2F%20%C3%A9", &guard, false);
    check("https://as.example/456789abcdefg%2B/+%C3%A9", &guard, false);
    check("https://0123456789abcdef.example/", &guard, false);
    // Across what only looks like a border.
    let guard = Guard { secrets: vec!["/keys/of/example?"], ..Guard::default() };
    check("https://as.example/keys/of/example?a", &guard, false);
    // What was typed excepts claims, and neither tokens nor secrets.
    let tenant = "7c9e6679-7425-40de";
    check("https://a.example/7c9e6679-7425-40de", &Guard { claims: vec![tenant], ..Guard::default() }, false);
    let allowed = vec!["https://a.example/7c9e6679-7425-40de/v2"];
    let guard = Guard { claims: vec![tenant], allowed: allowed.clone(), ..Guard::default() };
    check("https://a.example/7c9e6679-7425-40de", &guard, true);
    let guard = Guard { secrets: vec![tenant], allowed, ..Guard::default() };
    check("https://a.example/7c9e6679-7425-40de", &guard, false);
    // A token's issuer may stand in addresses of its own host, and of no other.
    let iss = vec!["https://a.example/oauth2/default"];
    let guard = Guard { claims: iss.clone(), issuers: iss, ..Guard::default() };
    check("https://a.example/oauth2/v1/keys", &guard, true);
    check("https://a.example/oauth2/default/keys", &guard, true);
    check("https://b.example/?https://a.example/oauth2/default", &guard, false);
    check("https://a.example.b.example/oauth2/default", &guard, false);
}

#[test]
fn a_large_token_is_compared_in_linear_time() {
    let secrets: Vec<String> = (0..4).map(|start| (start..300_000).map(|n: u32| n.to_string()).collect()).collect();
    let guard = Guard { secrets: secrets.iter().map(String::as_str).collect(), ..Guard::default() };
    let url = format!("https://as.example/{}", "keys/".repeat(400));
    let begin = std::time::Instant::now();
    assert!(public_url(&url, &guard).is_ok());
    // Comparing each window with each would take minutes.
    assert!(begin.elapsed().as_secs() < 5, "{:?}", begin.elapsed());
}

#[test]
fn lifetimes_follow_cache_control() {
    let check = |expected: &str, text: &str| {
        let (header, age) = text.split_once(" age ").map_or((text, None), |(header, age)| (header, Some(age)));
        let answered = Answered {
            cache_control: Some(header.to_owned()),
            age: age.map(str::to_owned),
            received: NOW,
            ..Answered::default()
        };
        assert_eq!(lifetime(&answered).to_string(), expected, "{text}");
    };
    table("cache-control.txt").iter().for_each(|(expected, text)| check(expected, text));
    assert_eq!(lifetime(&Answered::default()), 600);
}

#[test]
fn an_answer_is_fresh_for_its_lifetime_and_at_least_a_minute() {
    let check = |cache_control: &str, after: i64, expected: bool| {
        let cache_control = Some(cache_control.to_owned());
        let answered = Answered { cache_control, received: NOW, ..Answered::default() };
        assert_eq!(is_fresh(&answered, NOW.plus(after)), expected, "{after} s into {:?}", answered.cache_control);
    };
    check("max-age=3600", 3600, true);
    check("max-age=3600", 3601, false);
    check("no-store", 60, true);
    check("no-store", 61, false);
    check("max-age=3600", -5, true);
}

#[test]
fn a_press_forgets_what_is_worth_asking_again() {
    let answer = |body: &str, cache_control: &str, status| {
        let cache_control = Some(cache_control.to_owned());
        let body = body.as_bytes().to_vec();
        Response::Answered(Answered { status, cache_control, body, received: NOW, ..Answered::default() })
    };
    let check = |responses: &[(Request, Response)], after: i64, expected: &[(Request, Response)]| {
        let mut responses = responses.to_vec();
        forget_stale(&mut responses, NOW.plus(after));
        assert_eq!(responses, expected);
    };
    let keys = Request::new(public_url("https://as.example/keys", &Guard::default()).unwrap());
    let good = answer("first", "max-age=3600", 200);
    check(&[(keys.clone(), good.clone())], 3599, &[(keys.clone(), good.clone())]);
    check(&[(keys.clone(), good.clone())], 3600, &[]);
    check(&[(keys.clone(), answer("first", "no-store", 200))], 0, &[]);
    check(&[(keys.clone(), answer("", "max-age=3600", 404))], 0, &[]);
    check(&[(keys.clone(), network(false))], 0, &[]);
    // The newer copy takes the older one's place, so that another unknown kid is asked for again.
    let newer = answer("second", "max-age=3600", 200);
    check(&[(keys.clone(), good), (keys.reload(), newer.clone())], 0, &[(keys.clone(), newer.clone())]);
    check(&[(keys.clone(), network(false)), (keys.reload(), newer.clone())], 0, &[(keys.clone(), newer)]);
}

#[test]
fn every_search_in_the_corpus_comes_out_as_written() {
    let mut count = 0;
    for file in fs::read_dir(corpus()).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name.ends_with(".txt") && name != "urls.txt" && name != "cache-control.txt" {
            Scenario::read(&name, &fs::read_to_string(&path).unwrap()).check();
            count += 1;
        }
    }
    assert!(count >= 40, "only {count} searches were found");
}

/// A search, as written in the corpus; `tests/corpus/discovery/README.md` describes the lines.
#[derive(Default)]
struct Scenario {
    name: String,
    lines: Vec<(String, String)>,
    answers: HashMap<String, Response>,
}

impl Scenario {
    fn read(name: &str, text: &str) -> Scenario {
        let mut scenario = Scenario { name: name.to_owned(), ..Scenario::default() };
        let page = text.lines().find_map(|line| line.strip_prefix("page ")).unwrap_or("https://tools.example");
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
            match rest.split_once(" -> ") {
                Some((url, answer)) => {
                    let request = format!("{word} {url}");
                    scenario.answers.insert(request, response(url, answer, page));
                }
                None => scenario.lines.push((word.to_owned(), rest.trim().to_owned())),
            }
        }
        scenario
    }

    fn all<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        self.lines.iter().filter(move |line| line.0 == word).map(|line| line.1.as_str())
    }

    fn check(&self) {
        let name = &self.name;
        let sources = Sources { issuer: self.all("issuer").next(), jwks_url: self.all("jwks").next() };
        let guard = Guard {
            secrets: self.all("secret").collect(),
            claims: self.all("claim").collect(),
            allowed: self.all("allowed").collect(),
            issuers: self.all("iss").collect(),
        };
        let mut allow = self.all("allow").next().unwrap_or("issuer").split(' ');
        let fetch = match allow.next() {
            Some("never") => Fetch::Never,
            Some("issuer") => Fetch::Issuer,
            Some("origins") => Fetch::Origins(allow.map(str::to_owned).collect()),
            Some("follow") => Fetch::Follow(allow.map(str::to_owned).collect()),
            other => panic!("{name}: allow {other:?}"),
        };
        let kid = self.all("kid").next();
        let mut answer = |request: &Request| {
            let line = request_line(request);
            self.answers.get(&line).cloned().unwrap_or_else(|| panic!("{name}: {line} was not to be asked"))
        };
        let (mut look_there, responses) = drive(sources, kid, &fetch, &guard, &mut answer);
        if let Some(later) = self.all("later").next() {
            let now = NOW.plus(later.parse().unwrap());
            look_there = look(sources, &responses, kid, &Fetch::Never, &guard, now);
        }

        let expected = |word: &str| self.all(word).next().unwrap_or_default().to_owned();
        assert_eq!(responses.len().to_string(), expected("asked"), "{name}: asked {responses:#?}");
        let offer = |request: &Request| {
            let follow = if request.redirect == RedirectMode::Follow { "+follow" } else { "" };
            format!("{}{follow}", request.url.as_str())
        };
        let offers: Vec<String> = look_there.offers.iter().map(offer).collect();
        assert_eq!(offers.join(" "), expected("offers"), "{name}: offers");
        let mut keys: Vec<&str> = look_there.keys.iter().map(|key| key.kid.as_deref().unwrap_or("-")).collect();
        keys.push(if look_there.fresh { "fresh" } else { "old" });
        assert_eq!(keys.join(" "), expected("keys"), "{name}: keys");
        let findings: Vec<&Finding> = look_there.key_sets.iter().flat_map(|set| &set.findings).collect();
        let codes: Vec<&str> = findings
            .iter()
            .map(|finding| finding.code.0.strip_prefix("discovery.").unwrap_or(finding.code.0))
            .collect();
        assert_eq!(codes.join(" "), expected("findings"), "{name}: findings {findings:#?}");
        findings.iter().for_each(|finding| check_words(finding));

        // What was found stays there when nothing new may be asked.
        let again = look(sources, &responses, kid, &Fetch::Never, &guard, NOW);
        assert!(again.requests.is_empty(), "{name}: asks without leave");
        if self.all("later").next().is_none() {
            assert_eq!(again.keys, look_there.keys, "{name}: keys without leave");
        }
    }
}

/// Every finding has its words, and every place in them its fact.
fn check_words(finding: &Finding) {
    let code = finding.code.0;
    if !code.starts_with("discovery.") && !code.starts_with("fetch.") {
        return;
    }
    let table: serde_json::Value = serde_json::from_str(include_str!("../src/data/messages/discovery.json")).unwrap();
    let explanations: serde_json::Value = serde_json::from_str(messages::EXPLANATIONS).unwrap();
    let mut row = table[code].as_object().unwrap_or_else(|| panic!("{code} has no words")).clone();
    row.extend(explanations[code].as_object().cloned().unwrap_or_default());
    for (name, text) in &row {
        let text = text.as_str().unwrap();
        for place in text.split('{').skip(1) {
            let place = place.split([':', '}']).next().unwrap();
            assert!(finding.fact(place).is_some(), "{code}: {name} has {{{place}}}, the evidence has not");
        }
    }
    let words = messages::words(finding, NOW);
    let is_fault = matches!(finding.severity, Severity::Error | Severity::Warning);
    assert!(!is_fault || messages::to_do(finding, &words).is_some(), "{code}: what is wrong, and nothing to do");
    assert!(!messages::words(finding, NOW).problem.0.is_empty());
}

#[test]
fn every_code_has_its_words_and_none_is_left_over() {
    let table: serde_json::Value = serde_json::from_str(include_str!("../src/data/messages/discovery.json")).unwrap();
    let mut rows: Vec<&str> = table.as_object().unwrap().keys().map(String::as_str).collect();
    let mut codes: Vec<&str> = tokenscope::discovery::code::ALL.iter().map(|code| code.0).collect();
    rows.sort_unstable();
    codes.sort_unstable();
    assert_eq!(rows, codes);
}

/// Answers every request until none is left, and holds that none is asked twice or without leave.
fn drive(
    sources: Sources,
    kid: Option<&str>,
    fetch: &Fetch,
    guard: &Guard,
    answer: &mut dyn FnMut(&Request) -> Response,
) -> (Look, Vec<(Request, Response)>) {
    let mut responses: Vec<(Request, Response)> = Vec::new();
    for _ in 0..MOST_ROUNDS {
        let look = look(sources, &responses, kid, fetch, guard, NOW);
        for request in &look.requests {
            assert!(fetch.allows(request), "{request:?} was asked without leave");
            assert!(!responses.iter().any(|(asked, _)| asked == request), "{request:?} was asked twice");
            let response = answer(request);
            responses.push((request.clone(), response));
        }
        for offer in &look.offers {
            assert!(!fetch.allows(offer), "{offer:?} is offered, although it is allowed");
        }
        if look.requests.is_empty() {
            return (look, responses);
        }
    }
    panic!("still asking after {MOST_ROUNDS} rounds: {responses:#?}");
}

fn request_line(request: &Request) -> String {
    let method = match (request.redirect, request.cache) {
        (RedirectMode::Manual, CacheMode::Default) => "GET",
        (RedirectMode::Manual, CacheMode::Reload) => "RELOAD",
        (RedirectMode::Follow, CacheMode::Default) => "FOLLOW",
        (RedirectMode::Follow, CacheMode::Reload) => "FOLLOW+RELOAD",
    };
    format!("{method} {}", request.url.as_str())
}

fn network(no_response: bool) -> Response {
    failed(FailureCause::Network { no_response }, "https://tools.example")
}

fn failed(cause: FailureCause, page: &str) -> Response {
    Response::Failed(FetchFailure { cause, origin: page.to_owned(), received: NOW })
}

/// An answer as written in the corpus.
fn response(url: &str, text: &str, page: &str) -> Response {
    let text = text.trim();
    let (word, mut rest) = text.split_once(' ').unwrap_or((text, ""));
    let cause = match word {
        "network" => Some(FailureCause::Network { no_response: false }),
        "no-response" => Some(FailureCause::Network { no_response: true }),
        "timeout" => Some(FailureCause::Timeout),
        "redirect" => Some(FailureCause::OpaqueRedirect),
        "offline" => Some(FailureCause::Offline),
        "policy" => Some(FailureCause::ContentSecurityPolicy),
        "broken" => Some(FailureCause::BrokenOff(rest.parse().unwrap())),
        _ => None,
    };
    if let Some(cause) = cause {
        return failed(cause, page);
    }
    let status = word.parse().unwrap_or_else(|_| panic!("no answer: {text}"));
    let mut answered = Answered { status, url: url.to_owned(), received: NOW, ..Answered::default() };
    loop {
        rest = rest.trim();
        if let Some(quoted) = rest.strip_prefix("cache=\"") {
            let (value, tail) = quoted.split_once('"').unwrap();
            answered.cache_control = Some(value.to_owned());
            rest = tail;
            continue;
        }
        let (word, tail) = rest.split_once(' ').unwrap_or((rest, ""));
        match word.split_once('=') {
            Some(("type", value)) => answered.content_type = Some(value.to_owned()),
            Some(("at", value)) => answered.url = value.to_owned(),
            None if word == "large" => answered.too_large = true,
            None if word == "MARK" => answered.body.extend(b"\xef\xbb\xbf"),
            _ => break,
        }
        rest = tail;
    }
    let arguments =
        |name: &str| rest.strip_prefix(name)?.strip_suffix(')').map(|list| list.split(',').collect::<Vec<_>>());
    let body = match (arguments("KEYS("), arguments("METADATA(")) {
        (Some(kids), _) => key_set(&kids),
        (_, Some(parts)) => format!(r#"{{"issuer":"{}","jwks_uri":"{}"}}"#, parts[0], parts[1]),
        _ => rest.to_owned(),
    };
    answered.body.extend(body.into_bytes());
    Response::Answered(answered)
}

/// A set of RFC 8037's example key under several names. Each has another number, as no two keys of a set are the same.
fn key_set(kids: &[&str]) -> String {
    let key = |(at, kid): (usize, &&str)| {
        let x = format!("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHUR{}", ["o", "k", "g", "c"][at]);
        format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}","kid":"{kid}"}}"#)
    };
    let keys: Vec<String> = kids.iter().enumerate().map(key).collect();
    format!(r#"{{"keys":[{}]}}"#, keys.join(","))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the servers answer, a search ends, asks nothing twice and nothing without leave.
    #[test]
    fn every_search_ends(
        answers in proptest::collection::vec(0_usize..ANSWERS.len(), 40),
        issuer in prop_oneof!["https://as\\.example(/[a-z]{0,3}){0,3}", "\\PC{0,20}"],
        jwks_url in proptest::option::of(prop_oneof!["https://[a-z]{1,3}\\.example/keys", "\\PC{0,20}"]),
        kid in proptest::option::of("one|two"),
        leave in 0_usize..4,
    ) {
        let origins = vec!["https://as.example".to_owned()];
        let fetch = [Fetch::Never, Fetch::Issuer, Fetch::Origins(origins.clone()), Fetch::Follow(origins)];
        let mut answers = answers.into_iter().cycle();
        let mut sent = 0;
        let mut answer = |request: &Request| {
            sent += 1;
            let text = ANSWERS[answers.next().unwrap_or_default()].replace("ISSUER", issuer.trim());
            response(request.url.as_str(), &text, "https://tools.example")
        };
        let sources = Sources { issuer: Some(&issuer), jwks_url: jwks_url.as_deref() };
        let (look, _) = drive(sources, kid.as_deref(), &fetch[leave], &Guard::default(), &mut answer);
        prop_assert!(leave != 0 || sent == 0, "asked without leave");
        for set in &look.key_sets {
            prop_assert!(!set.findings.is_empty(), "nothing is said about {:?}", set.source);
            set.findings.iter().for_each(check_words);
        }
    }

    /// Any 16 characters of a guarded text make an address impossible, in whatever spelling.
    #[test]
    fn no_address_holds_a_secret(
        secret in "[A-Za-z0-9_-]{16,80}",
        from in 0_usize..65,
        place in 0_usize..4,
        spelling in 0_usize..3,
        claim: bool,
    ) {
        let from = from.min(secret.len() - 16);
        let part = match spelling {
            0 => secret[from..from + 16].to_owned(),
            1 => secret[from..from + 16].bytes().map(|byte| format!("%{byte:02X}")).collect(),
            _ => secret[from..from + 16].bytes().map(|byte| format!("%25{byte:02x}")).collect(),
        };
        let text = match place {
            0 => format!("https://as.example/{part}"),
            1 => format!("https://as.example/keys/{part}.json"),
            2 => format!("https://as.example/keys?x={part}&y=1"),
            _ => format!("https://as.example/?{part}"),
        };
        let list = vec![secret.as_str()];
        let guard = if claim {
            Guard { claims: list.clone(), ..Guard::default() }
        } else {
            Guard { secrets: list.clone(), ..Guard::default() }
        };
        prop_assert!(public_url(&text, &guard).is_err(), "{text}");
        prop_assert!(public_url(&text, &Guard::default()).is_ok(), "{text} is no address at all");
        let allowed = Guard { allowed: list, ..guard };
        prop_assert_eq!(public_url(&text, &allowed).is_ok(), claim, "{}", text);
    }

    /// The windows are those of a plain search for each of them.
    #[test]
    fn the_guard_agrees_with_a_plain_search(tail in "[ab]{0,60}", secret in "[ab]{0,60}") {
        let text = format!("https://a.b/{tail}");
        let windows: Vec<&str> = (0..text.len().saturating_sub(15)).filter_map(|at| text.get(at..at + 16)).collect();
        let guard = Guard { secrets: vec![&secret], ..Guard::default() };
        prop_assert_eq!(public_url(&text, &guard).is_err(), windows.iter().any(|window| secret.contains(window)));
    }

    /// Any text is an address or a fault, and an address comes back as it went in.
    #[test]
    fn any_text_is_read(text in prop_oneof!["\\PC*", "https?://[a-z0-9.:@/?#%-]{0,30}"]) {
        if let Ok(url) = public_url(&text, &Guard::default()) {
            let again: Result<PublicUrl, _> = public_url(url.as_str(), &Guard::default());
            prop_assert_eq!(again.as_ref(), Ok(&url));
            prop_assert!(url.as_str().starts_with(url.origin()));
            prop_assert!(!url.host().is_empty() && !url.host().contains('@') && !url.as_str().contains('#'));
            prop_assert!(url.path().starts_with('/'));
        }
    }

    /// Any body is read without a panic, and says something.
    #[test]
    fn any_body_is_read(body in proptest::collection::vec(any::<u8>(), 0..200), status in 100_u16..1000) {
        let sources = Sources { issuer: Some("https://as.example"), jwks_url: Some("https://as.example/keys") };
        let mut answer = |_: &Request| {
            Response::Answered(Answered { status, body: body.clone(), received: NOW, ..Answered::default() })
        };
        let (look, _) = drive(sources, Some("one"), &Fetch::Issuer, &Guard::default(), &mut answer);
        prop_assert!(look.key_sets.iter().all(|set| !set.findings.is_empty()));
    }
}

/// What servers of the property test answer.
const ANSWERS: [&str; 18] = [
    "network",
    "network",
    "no-response",
    "timeout",
    "redirect",
    "redirect",
    "offline",
    "policy",
    "broken 200",
    "404",
    "404",
    "500",
    "200 <html>",
    "200 METADATA(ISSUER,https://as.example/keys)",
    "200 METADATA(ISSUER,https://other.example/keys)",
    "200 at=https://www.example/ METADATA(ISSUER,https://as.example/keys)",
    "200 KEYS(one)",
    "200 cache=\"no-store\" KEYS(two)",
];
