//! The whole measured matrix: what each situation looks like to script, and what is concluded from it.

use Candidate::Cors;
use Neighbour::*;
use proptest::prelude::*;

use super::*;
use crate::cors::Credentials;

const APP: &str = "https://app.example";
const API: &str = "https://api.example/v1/me";

/// Results by the letters of the matrix: a status, `r` for a status behind a redirect, `T` for a network error, `o` and
/// `O` for opaque answers and redirects, `-` for a probe that was not made. A, reload, I, N, M, P.
fn run(engine: Engine, results: &str, traces: &Traces) -> ProbeRun {
    let kinds = [
        ProbeKind::Plain,
        ProbeKind::Reload,
        ProbeKind::Credentials,
        ProbeKind::NoCors,
        ProbeKind::Manual,
        ProbeKind::Custom,
    ];
    let probes = kinds.into_iter().zip(results.split_whitespace()).filter_map(|(kind, result)| {
        let result = match result {
            "T" => ProbeResult::Failed(traces.clone()),
            "o" => ProbeResult::Opaque,
            "O" => ProbeResult::OpaqueRedirect,
            "-" => return None,
            read => ProbeResult::Read {
                status: read.trim_start_matches('r').parse().unwrap(),
                redirected: read.starts_with('r'),
            },
        };
        let custom = kind == ProbeKind::Custom;
        let headers = if custom { vec!["authorization".to_owned()] } else { Vec::new() };
        let method = custom.then(|| "GET".to_owned());
        Some(Probe { kind, result, method, headers, credentials: Credentials::Omit })
    });
    ProbeRun {
        origin: APP.to_owned(),
        url: API.to_owned(),
        engine: Some(engine),
        probes: probes.collect(),
        ..ProbeRun::default()
    }
}

/// Traces of a failure as Chromium leaves them: an entry that says nothing.
fn masked() -> Traces {
    Traces { entry: Some(true), elapsed: 12, ..Traces::default() }
}

/// Traces as Firefox leaves them when no answer came.
fn silent() -> Traces {
    Traces { no_response: true, ..masked() }
}

fn check(run: &ProbeRun, says: Verdict, first: Option<Candidate>, next: Option<NextTest>) -> Conclusion {
    let conclusion = conclude(run);
    assert_eq!(conclusion.says, says, "{run:#?}\n{conclusion:#?}");
    assert_eq!(conclusion.candidates.first().copied(), first, "{run:#?}\n{conclusion:#?}");
    assert_eq!(conclusion.next, next, "{run:#?}\n{conclusion:#?}");
    assert_eq!(conclusion.decides_for, run.origin);
    conclusion
}

#[test]
fn the_measured_matrix_is_concluded() {
    let allowed = |status, redirected| Verdict::Allowed { status, redirected };
    let refused = |custom, credentials| Verdict::RequestRefused { custom, credentials };
    let missing = Some(Cors(Cause::MissingAllowOriginHeader));
    let wildcard = Some(Cors(Cause::WildcardOriginNotAllowed));
    let header = Some(Cors(Cause::HeaderDisallowedByPreflightResponse));
    let curl = Some(NextTest::CurlWithOrigin);
    let preflight = Some(NextTest::CurlPreflight);
    let unreachable = Some(Candidate::Neighbour(Unreachable));
    let open = Some(NextTest::OpenInTab);
    for (results, says, first, next) in [
        ("200 200 200 o 200 200", allowed(200, false), None, None),
        // ACAO `*`: credentials fail.
        ("200 200 T o 200 200", refused(false, true), wildcard, curl),
        ("200 200 T o 200 T", refused(true, true), header, preflight),
        ("404 404 T o 404 T", refused(true, true), header, preflight),
        ("404 404 - o 404 -", allowed(404, false), None, None),
        // No ACAO, or another one.
        ("T T T o T T", Verdict::Refused, missing, curl),
        // A redirect that may be followed.
        ("r200 r200 - o O -", allowed(200, true), None, None),
        ("r200 r200 T o O T", refused(true, true), header, preflight),
        ("T T T o O T", Verdict::RefusedBehindRedirect, Some(Candidate::Neighbour(LoginRedirect)), curl),
        // The preflight fails, the request alone works.
        ("200 200 - o 200 T", refused(true, false), header, preflight),
        // The cache.
        ("T 200 - o 200 200", Verdict::Cached, Some(Candidate::Neighbour(CachedAnswer)), None),
        ("T r200 - o O -", Verdict::Cached, Some(Candidate::Neighbour(CachedAnswer)), None),
        // No answer, or one that may not be had: refused, DNS, TLS, CORP, extension.
        ("T T T T T T", Verdict::NoAnswer, unreachable, open),
        // Only the first probe was made.
        ("T - - - - -", Verdict::NoAnswer, missing, Some(NextTest::RunSnippet)),
        ("- - - - - -", Verdict::Nothing, None, None),
    ] {
        for engine in [Engine::Chromium, Engine::Firefox, Engine::WebKit] {
            let traces = if results == "T T T T T T" && engine == Engine::Firefox { silent() } else { masked() };
            check(&run(engine, results, &traces), says, first, next);
        }
    }
}

#[test]
fn traces_of_firefox_tell_more() {
    let all = "T T T T T T";
    let candidates = |traces: &Traces| conclude(&run(Engine::Firefox, all, traces)).candidates;
    let neighbours = |list: &[Neighbour]| list.iter().map(|one| Candidate::Neighbour(*one)).collect::<Vec<_>>();
    assert_eq!(candidates(&silent()), neighbours(&[Unreachable, Dns, Tls, Extension]));
    assert_eq!(candidates(&masked()), neighbours(&[ResourcePolicy, Unreachable, Extension]));
    let chromium = conclude(&run(Engine::Chromium, all, &masked())).candidates;
    assert_eq!(chromium, neighbours(&[Unreachable, Dns, Tls, Extension, ResourcePolicy]));
    // Timing-Allow-Origin without ACAO says that an answer came, even when N was not made.
    let responded = Traces { responded: true, ..masked() };
    let conclusion = conclude(&run(Engine::Firefox, "T T - - T -", &responded));
    assert_eq!(conclusion.says, Verdict::Refused);
    let redirect = Traces { status: Some(302), ..masked() };
    let conclusion = conclude(&run(Engine::Firefox, "T T - o T -", &redirect));
    assert_eq!(conclusion.candidates.first(), Some(&Candidate::Redirect));
    // A preflight that failed leaves no time: then the answer itself is not to blame.
    let conclusion = conclude(&run(Engine::Firefox, "200 200 - o 200 T", &silent()));
    assert!(!conclusion.candidates.contains(&Cors(Cause::MissingAllowOriginHeader)));
    let conclusion = conclude(&run(Engine::Firefox, "200 200 - o 200 T", &masked()));
    assert!(conclusion.candidates.contains(&Cors(Cause::MissingAllowOriginHeader)));
}

#[test]
fn neighbours_are_told_apart() {
    let all = "T T T T T T";
    let sole = |neighbour| Some(Candidate::Neighbour(neighbour));
    let policy = Traces { policy: Some("connect-src".to_owned()), entry: Some(false), ..Traces::default() };
    let csp = run(Engine::Chromium, all, &policy);
    check(&csp, Verdict::Neighbour(ContentSecurityPolicy), sole(ContentSecurityPolicy), Some(NextTest::ReadPolicy));
    let offline = ProbeRun { offline: true, ..run(Engine::Chromium, all, &masked()) };
    check(&offline, Verdict::Neighbour(Offline), sole(Offline), None);
    let port = ProbeRun { url: "https://api.example:6667/".to_owned(), ..run(Engine::Chromium, all, &masked()) };
    check(&port, Verdict::Neighbour(BlockedPort), sole(BlockedPort), None);
    let mixed = ProbeRun { url: "http://api.example/".to_owned(), ..run(Engine::Chromium, all, &masked()) };
    check(&mixed, Verdict::Neighbour(MixedContent), sole(MixedContent), None);
    let name = ProbeRun { url: "https://u:p@api.example/".to_owned(), ..run(Engine::Chromium, all, &masked()) };
    check(&name, Verdict::Neighbour(BadUrl), sole(BadUrl), None);
    let late = Traces { timed_out: true, elapsed: 8000, ..Traces::default() };
    check(&run(Engine::Chromium, all, &late), Verdict::Neighbour(TimedOut), sole(TimedOut), Some(NextTest::OpenInTab));

    let flips = Traces { permission: Some(("prompt".to_owned(), "denied".to_owned())), ..masked() };
    let denied = check(
        &run(Engine::Chromium, all, &flips),
        Verdict::Neighbour(LocalNetworkAccess),
        sole(LocalNetworkAccess),
        Some(NextTest::AllowLocalNetwork),
    );
    assert_eq!(denied.certainty, Certainty::Proved);
    let was = Traces { permission: Some(("denied".to_owned(), "denied".to_owned())), ..masked() };
    check(&run(Engine::Chromium, all, &was), Verdict::NoAnswer, sole(LocalNetworkAccess), Some(NextTest::OpenInTab));
    let local = ProbeRun { url: "https://10.0.0.8/".to_owned(), ..run(Engine::Chromium, all, &was) };
    let denied = conclude(&local);
    assert_eq!((denied.says, denied.certainty), (Verdict::Neighbour(LocalNetworkAccess), Certainty::Likely));
    // An answer that comes without CORS was not kept away.
    let reachable = run(Engine::Chromium, "T T T o T T", &was);
    assert_eq!(conclude(&reachable).says, Verdict::Refused);

    let mut elsewhere = run(Engine::Chromium, all, &masked());
    elsewhere.probes.push(Probe {
        kind: ProbeKind::NoCorsElsewhere,
        result: ProbeResult::Opaque,
        method: None,
        headers: Vec::new(),
        credentials: Credentials::Omit,
    });
    check(&elsewhere, Verdict::NoAnswer, sole(ResourcePolicy), Some(NextTest::CurlWithOrigin));
    let own = ProbeRun { own: true, ..run(Engine::Chromium, "T T - o T -", &masked()) };
    check(&own, Verdict::Refused, Some(Cors(Cause::MissingAllowOriginHeader)), Some(NextTest::RunSnippet));
}

#[test]
fn urls_speak_for_themselves() {
    for (origin, url, expected) in [
        (APP, API, &[][..]),
        (APP, "http://127.0.0.1:3000/", &[LocalNetworkAccess]),
        (APP, "http://api.localhost/", &[LocalNetworkAccess]),
        (APP, "http://[::1]:80/", &[LocalNetworkAccess]),
        (APP, "http://192.168.1.1/", &[MixedContent, LocalNetworkAccess]),
        (APP, "https://printer.local/", &[LocalNetworkAccess]),
        (APP, "https://100.100.1.1/", &[LocalNetworkAccess]),
        (APP, "https://[fd00::1]/", &[LocalNetworkAccess]),
        (APP, "https://172.15.0.1/", &[]),
        ("http://localhost:3000", "http://api.example/", &[]),
        ("http://localhost:3000", "https://10.0.0.1/", &[]),
        ("https://10.0.0.2", "https://10.0.0.1/", &[]),
        ("null", "http://127.0.0.1/", &[]),
        ("http://app.example", "http://api.example/", &[]),
        (APP, "http://api.example:22/", &[BlockedPort, MixedContent]),
        (APP, "ftp://api.example/", &[BadUrl]),
        (APP, "/v1/me", &[BadUrl]),
        (APP, "https://user@api.example/", &[BadUrl]),
    ] {
        assert_eq!(statically(origin, url), expected, "{origin} {url}");
    }
}

proptest! {
    /// Every combination of results has a conclusion, and a conclusion that is sure of itself has one candidate.
    #[test]
    fn every_run_is_concluded(
        results in proptest::collection::vec(prop_oneof![Just("T"), Just("o"), Just("O"), Just("200"), Just("r302"), Just("-")], 6),
        responded: bool, no_response: bool, timed_out: bool, policy: bool, own: bool, offline: bool,
        permission in proptest::option::of(("prompt|denied|granted", "prompt|denied|granted")),
        url in prop_oneof![Just(API.to_owned()), Just("http://10.0.0.1/".to_owned()), "\\PC{0,12}"],
    ) {
        let policy = policy.then(|| "connect-src".to_owned());
        let traces = Traces { responded, no_response, timed_out, policy, permission, ..masked() };
        for engine in [Engine::Chromium, Engine::Firefox, Engine::WebKit] {
            let run = ProbeRun { own, offline, url: url.clone(), ..run(engine, &results.join(" "), &traces) };
            let conclusion = conclude(&run);
            let decided = matches!(conclusion.says, Verdict::Neighbour(_) | Verdict::Cached);
            if decided && conclusion.certainty == Certainty::Proved {
                prop_assert_eq!(conclusion.candidates.len(), 1);
            }
            let open = matches!(conclusion.says, Verdict::NoAnswer | Verdict::Refused | Verdict::RequestRefused { .. });
            prop_assert_eq!(open && conclusion.next.is_none(), false);
        }
    }
}
