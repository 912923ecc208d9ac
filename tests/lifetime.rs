//! What a lifetime says, what a token can't show, and how to ask its issuer.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

use std::process::Command;

use proptest::prelude::*;
use tokenscope::finding::{Certainty, Severity};
use tokenscope::inspect::{Options, inspect};
use tokenscope::jose::base64url;
use tokenscope::lifetime::{self, Lifetime};
use tokenscope::provider::Reading;
use tokenscope::time::Time;
use tokenscope::why::{Choices, Companions, Subject};

const NOW: i64 = 1_795_183_392;
const ISSUED: i64 = 1_795_183_000;

fn token(header: &str, payload: &str) -> String {
    [base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes()), "AAAA".to_owned()].join(".")
}

fn provider(id: &'static str, variant: Option<&'static str>) -> Reading {
    Reading {
        id,
        name: id,
        variant,
        certain: true,
        evidence: Vec::new(),
        claims: Vec::new(),
        places: Vec::new(),
        findings: Vec::new(),
    }
}

fn read_at(text: &str, provider: Option<&Reading>, options: &Options, now: i64) -> Option<Lifetime> {
    let now = Time::from_seconds(now);
    let (report, _) = inspect(text, options, now, now, &Default::default());
    let (companions, choices) = (Companions::default(), Choices::default());
    let token = report.tokens.first()?;
    let subject = Subject { text, token, companions: &companions, options, choices: &choices, places: &[], now };
    lifetime::read(&subject, None, provider)
}

fn read(text: &str, provider: Option<&Reading>) -> Lifetime {
    read_at(text, provider, &Options::default(), NOW).unwrap()
}

const ACCESS: &str = r#"{"alg":"RS256","typ":"at+jwt"}"#;
const ID: &str = r#""token_use":"id""#;

/// Provider, variant, seconds, further claims, what is said, whether that is outside of what the provider allows.
type Row = (&'static str, Option<&'static str>, i64, &'static str, &'static str, bool);

#[test]
fn a_lifetime_tells_of_the_policy_behind_it() {
    let rows: [Row; 47] = [
        ("okta", Some("custom"), 3600, "", "says nothing about which rule", false),
        ("okta", Some("custom"), 300, "", "another rule came first", false),
        ("okta", Some("custom"), 86_400, "", "set 1 day", false),
        ("okta", Some("custom"), 299, "", "outside of that", true),
        ("okta", Some("custom"), 86_401, "", "outside of that", true),
        ("okta", Some("org"), 3600, "", "no policy can change that", false),
        ("okta", Some("org"), 7200, "", "this one has 2 h", true),
        ("okta", Some("org"), 3600, ID, "every ID token 1 h", false),
        ("okta", Some("org"), 600, ID, "this one has 10 min", true),
        ("okta", Some("custom"), 3600, ID, "unless a token inline hook", false),
        ("okta", Some("custom"), 600, ID, "a token inline hook of the custom server sets", false),
        ("okta", Some("custom"), 100_000, ID, "outside of that", true),
        ("entra-v2", None, 4500, "", "Nothing follows from the exact length", false),
        ("entra-v2", None, 86_400, "", "continuous access evaluation", false),
        ("entra-v1", None, 1200, "", "token lifetime policy", false),
        ("ms-graph", None, 200_000, "", "outside of that", true),
        ("entra-v2", None, 3900, ID, "ID tokens 1 h", false),
        ("b2c", None, 3600, "", "user flow", false),
        ("auth0", None, 86_400, "", "nothing follows from it", false),
        ("auth0", None, 7200, "", "straight from the authorization endpoint", false),
        ("auth0", None, 3_000_000, "", "more than that", true),
        ("auth0", None, 36_000, ID, "10 h", false),
        ("keycloak", None, 300, "", "nothing follows", false),
        ("keycloak", None, 900, "", "set 15 min", false),
        ("cognito", None, 3600, r#""token_use":"access""#, "app client of Cognito", false),
        ("cognito", None, 100, r#""token_use":"access""#, "outside of that", true),
        ("google", None, 3600, "", "no setting changes that", false),
        ("firebase", None, 3600, "", "renews it", false),
        ("firebase", None, 432_000, "", "session cookie", false),
        ("github-actions", None, 300, "", "exchanged at once", false),
        ("kubernetes", None, 3607, "", "has to read it again", false),
        (
            "kubernetes",
            None,
            31_536_000,
            r#""kubernetes.io":{"warnafter":1795186607}"#,
            "extended the token to a year",
            false,
        ),
        ("kubernetes", None, 100, "", "chose 1 min", true),
        ("github-app", None, 660, "", "one minute back", false),
        ("github-app", None, 3600, "", "too much", true),
        ("google-sa", None, 3601, "", "too much", true),
        ("vapid", None, 86_401, "", "too much", true),
        ("supabase", None, 3600, "", "Supabase", false),
        ("b2c", Some("external-id"), 5299, "", "Nothing follows from the exact length", false),
        ("b2c", Some("external-id"), 3900, ID, "External ID gives ID tokens 1 h", false),
        ("keycloak", None, 1800, r#""typ":"Refresh""#, "30 min without use", false),
        ("keycloak", None, 3600, r#""typ":"Refresh""#, "ends with its session", false),
        ("google", Some("iap"), 600, "", "Identity-Aware Proxy", false),
        ("supabase", Some("api-key"), 315_360_000, "", "made for years", false),
        ("apple", Some("client-secret"), 15_777_000, "", "as often as it is sent", false),
        ("apple", Some("client-secret"), 15_777_001, "", "too much", true),
        ("gitlab-ci", None, 3600, "", "as long as the job may run", false),
    ];
    for (id, variant, seconds, claims, says, is_outside) in rows {
        let comma = if claims.is_empty() { "" } else { "," };
        let header = if claims.is_empty() { ACCESS } else { r#"{"alg":"RS256"}"# };
        let payload = format!(r#"{{"iat":{ISSUED},"exp":{}{comma}{claims}}}"#, ISSUED + seconds);
        let lifetime = read(&token(header, &payload), Some(&provider(id, variant)));
        assert_eq!(lifetime.seconds, Some(seconds));
        let about = lifetime.about.iter().map(|prose| prose.to_string()).collect::<String>();
        assert!(about.contains(says), "{id} {seconds}: {about}");
        let outside = lifetime.findings.iter().find(|finding| finding.code == lifetime::code::OUTSIDE_RANGE);
        assert_eq!(outside.is_some(), is_outside, "{id} {seconds}");
        if let Some(finding) = outside {
            assert_eq!((finding.severity, finding.certainty), (Severity::Info, Certainty::Likely));
            let words = tokenscope::why::WORDS.words(finding, Time::from_seconds(NOW));
            assert!(!words.problem.to_string().contains('…'), "{}", words.problem);
        }
    }
}

#[test]
fn a_kind_of_token_has_its_own_measure() {
    let check = |typ: &str, seconds: Option<i64>, says: &str, unknown: &str| {
        let exp = seconds.map_or(String::new(), |seconds| format!(r#","exp":{}"#, ISSUED + seconds));
        let header = format!(r#"{{"alg":"RS256","typ":"{typ}"}}"#);
        let lifetime = read(&token(&header, &format!(r#"{{"iat":{ISSUED}{exp}}}"#)), None);
        let about: String = lifetime.about.iter().map(|prose| prose.to_string()).collect();
        assert!(about.contains(says), "{typ}: {about}");
        assert!(lifetime.unknown.iter().any(|prose| prose.to_string().contains(unknown)), "{typ}");
        assert_eq!(lifetime.findings, []);
    };
    check("logout+jwt", Some(120), "recommends 2 min at most.", "delivered before");
    check("logout+jwt", Some(600), "This one has 10 min", "delivered before");
    check("dpop+jwt", None, "around its iat", "used before");
    check("client-authentication+jwt", Some(60), "a few minutes are enough", "used before");
    check("client-authentication+jwt", Some(7200), "many servers refuse it", "used before");
    check("oauth-authz-req+jwt", Some(7200), "1 h at most", "used before");
    check("oauth-id-jag+jwt", Some(300), "5 min at most", "used before");
    check("secevent+jwt", None, "never a session", "delivered before");
    check("at+jwt", Some(3600), "chose 1 h", "revoked");
    check("at+jwt", None, "takes a beginning and an exp", "revoked");
}

#[test]
fn what_a_token_cannot_show_depends_on_what_it_is() {
    let check = |header: &str, payload: &str, reading: Option<&Reading>, says: &[&str], not: &str| {
        let lifetime = read(&token(header, payload), reading);
        let unknown: Vec<String> = lifetime.unknown.iter().map(|prose| prose.to_string()).collect();
        for says in says {
            assert!(unknown.iter().any(|line| line.contains(says)), "{says}: {unknown:?}");
        }
        assert!(!unknown.iter().any(|line| line.contains(not)), "{not}: {unknown:?}");
    };
    let okta = provider("okta", Some("custom"));
    check(
        ACCESS,
        r#"{"iat":1}"#,
        Some(&okta),
        &["revoked", "stays dead", "Which rule", "assigned", "groups"],
        "session",
    );
    let org = provider("okta", Some("org"));
    check(ACCESS, r#"{"iat":1}"#, Some(&org), &["revoked", "stays dead"], "Which rule");
    check(ACCESS, r#"{"iat":1}"#, None, &["revoked", "the user or the client was deactivated"], "Okta");
    check(r#"{"alg":"RS256"}"#, r#"{"token_use":"id"}"#, None, &["session behind it"], "revoked");
}

#[test]
fn an_old_token_is_worth_a_question() {
    let check = |header: &str, iat: i64, exp: i64, is_old: bool| {
        let lifetime = read(&token(header, &format!(r#"{{"iat":{iat},"exp":{exp}}}"#)), None);
        let found = lifetime.findings.iter().find(|finding| finding.code == lifetime::code::OLD);
        assert_eq!(found.is_some(), is_old, "{iat} {exp}");
        assert!(found.is_none_or(|finding| finding.severity == Severity::Info));
    };
    let day = 86_400;
    check(ACCESS, NOW - day, NOW + 3600, true);
    check(ACCESS, NOW - day + 1, NOW + 3600, false);
    check(ACCESS, NOW - day, NOW + 3599, false);
    check(ACCESS, NOW - 30 * day, NOW - 1, false);
    check(r#"{"alg":"RS256","typ":"logout+jwt"}"#, NOW - day, NOW + day, false);
}

#[test]
fn an_opaque_token_shows_nothing() {
    let text = "opaque-0123456789abcdef0123456789abcdef";
    let mut options = Options::default();
    let lifetime = read_at(&format!("Authorization: Bearer {text}"), None, &options, NOW).unwrap();
    assert_eq!((lifetime.seconds, lifetime.about.len(), lifetime.commands.len()), (None, 0, 0));
    assert!(lifetime.unknown[0].to_string().starts_with("Everything"));
    options.expectations.issuers = vec!["https://issuer.example".to_owned()];
    let lifetime = read_at(&format!("Authorization: Bearer {text}"), None, &options, NOW).unwrap();
    assert_eq!(lifetime.commands.len(), 1);
    assert!(lifetime.commands[0].text.contains("'https://issuer.example/.well-known/openid-configuration'"));
    assert!(!lifetime.commands[0].text.contains(text));
    options.expectations.issuers.push("https://other.example".to_owned());
    let lifetime = read_at(&format!("Authorization: Bearer {text}"), None, &options, NOW).unwrap();
    assert_eq!(lifetime.commands, []);
}

#[test]
fn only_an_issuer_that_may_be_asked_is_asked() {
    let check = |issuer: &str, expected: &[&str], is_asked: bool| {
        let mut options = Options::default();
        options.expectations.issuers = expected.iter().map(|issuer| (*issuer).to_owned()).collect();
        let issuer = tokenscope::json::quoted(issuer);
        let text = token(ACCESS, &format!(r#"{{"iss":{issuer},"iat":{ISSUED},"exp":{}}}"#, ISSUED + 3600));
        let lifetime = read_at(&text, None, &options, NOW).unwrap();
        assert_eq!(!lifetime.commands.is_empty(), is_asked, "{issuer} {expected:?}");
        let warns = lifetime.commands.iter().any(|command| command.note.to_string().contains("Anyone can write"));
        assert_eq!(warns, is_asked && expected.is_empty(), "{issuer}");
    };
    check("https://issuer.example", &[], true);
    check("https://issuer.example/a", &["https://issuer.example/a"], true);
    check("https://issuer.example/a", &["https://issuer.example/b"], false);
    // Then it is said why no command stands there, and not that nobody is named.
    let foreign = |id: Option<&'static str>, variant, expected: &[&str]| {
        let mut options = Options::default();
        options.expectations.issuers = vec!["https://issuer.example".to_owned()];
        let text = token(ACCESS, &format!(r#"{{"iss":"https://dev-1234.okta.com","exp":{}}}"#, ISSUED + 3600));
        let provider = id.map(|id| provider(id, variant));
        let asking = read_at(&text, provider.as_ref(), &options, NOW).unwrap().asking;
        let begins: Vec<String> =
            asking.iter().map(|prose| prose.to_string().split(',').next().unwrap().to_owned()).collect();
        assert!(begins.iter().zip(expected).all(|(one, other)| one.starts_with(other)), "{begins:?}");
        assert!(!begins.iter().any(|prose| prose.contains("names no issuer")), "{begins:?}");
    };
    foreign(None, None, &["Its issuer"]);
    foreign(Some("okta"), Some("org"), &["Its issuer"]);
    foreign(Some("keycloak"), None, &["Its issuer", "Keycloak answers"]);
    foreign(Some("entra-v2"), None, &["Entra has no introspection endpoint"]);
    for issuer in [
        "http://issuer.example",
        "http://localhost:3000",
        "issuer.example",
        "",
        "https://",
        "https://user:password@issuer.example",
        "https://issuer.example/?a=b",
        "https://issuer.example/#a",
        "https://issuer.example/\n",
        "https://issuer.example/\u{202e}a",
        "https://issuer.example/'$(id)'\"",
        "file:///etc/passwd",
    ] {
        check(issuer, &[], false);
    }
    let without = token(ACCESS, &format!(r#"{{"exp":{}}}"#, ISSUED + 3600));
    assert_eq!(read(&without, None).commands, []);
    // Kinds that no issuer answers about.
    for typ in ["dpop+jwt", "logout+jwt", "client-authentication+jwt"] {
        let text = token(&format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#), r#"{"iss":"https://issuer.example"}"#);
        assert_eq!(read(&text, None).commands, []);
    }
}

#[test]
fn the_right_server_is_asked_in_the_right_way() {
    if tokenscope::provider::all().next().is_none() {
        return println!("skipped: no providers");
    }
    let check = |claims: &str, reading: Reading, keys: &[&str], contains: &[&str]| {
        let lifetime = read(&token(ACCESS, &format!("{{{claims}}}")), Some(&reading));
        let found: Vec<&str> = lifetime.commands.iter().map(|command| command.key).collect();
        assert_eq!(found, keys, "{claims}");
        let text: String = lifetime.commands.iter().map(|command| command.text.clone()).collect();
        for contains in contains {
            assert!(text.contains(contains), "{contains}: {text}");
        }
        assert_eq!(lifetime.commands.is_empty(), keys.is_empty());
        assert!(!lifetime.asking.is_empty() && lifetime.reference.starts_with("https://"), "{claims}");
    };
    let custom = || provider("okta", Some("custom"));
    let org = || provider("okta", Some("org"));
    let at = |path: &str| format!(r#""iss":"https://dev-1234.okta.com{path}""#);
    check(
        &format!(r#"{},"cid":"0oa1""#, at("/oauth2/default")),
        custom(),
        &["introspect"],
        &["--user '0oa1'", "token_type_hint=access_token", "'https://dev-1234.okta.com/oauth2/default/v1/introspect'"],
    );
    check(
        &format!(r#"{},"cid":"a:b'c","scp":["openid"]"#, at("/oauth2/aus1")),
        custom(),
        &["introspect", "userinfo"],
        &["--user 'CLIENT_ID'", "'https://dev-1234.okta.com/oauth2/aus1/v1/introspect'", "/oauth2/aus1/v1/userinfo'"],
    );
    check(
        &format!(r#"{},"cid":"0oa1","sub":"0oa1""#, at("")),
        org(),
        &["introspect"],
        &["client_assertion=%s", "'https://dev-1234.okta.com/oauth2/v1/introspect'"],
    );
    check(&format!(r#"{},"cid":"0oa1","sub":"00u1""#, at("")), org(), &["introspect"], &["--user '0oa1'"]);
    check(
        r#""iss":"https://keycloak.example/realms/a","azp":"app""#,
        provider("keycloak", None),
        &["introspect"],
        &["--user 'CLIENT_ID'", "'https://keycloak.example/realms/a/protocol/openid-connect/token/introspect'"],
    );
    check(r#""iss":"https://token.actions.githubusercontent.com""#, provider("github-actions", None), &[], &[]);
}

/// What `bash` makes of a command, with `curl` replaced by something that prints its last argument.
fn last_argument(command: &str) -> String {
    let script = format!("curl() {{ shift $(($# - 1)); printf '%s' \"$1\" >&2; }}\n{command}");
    let output = Command::new("bash").args(["-c", &script]).env("PATH", "/usr/bin:/bin").output().unwrap();
    String::from_utf8(output.stderr).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A hostile issuer stays one word: whatever gets into a command, the shell hands it on as it is.
    #[test]
    fn a_hostile_issuer_is_one_word(path in "[a-z'$&();*!,~]{0,12}", client in "[a-z'$;: `-]{0,8}") {
        let issuer = format!("https://issuer.example/{path}");
        let payload = format!(
            r#"{{"iss":{},"cid":{}}}"#, tokenscope::json::quoted(&issuer), tokenscope::json::quoted(&client)
        );
        let lifetime = read(&token(ACCESS, &payload), None);
        prop_assert_eq!(lifetime.commands.len(), 1, "{}", issuer);
        for command in lifetime.commands {
            let base = issuer.strip_suffix('/').unwrap_or(&issuer);
            prop_assert_eq!(last_argument(&command.text), format!("{base}/.well-known/openid-configuration"));
        }
        for command in read(&token(ACCESS, &payload), Some(&provider("okta", Some("custom")))).commands {
            let base = issuer.strip_suffix('/').unwrap_or(&issuer);
            prop_assert_eq!(last_argument(&command.text), format!("{base}/v1/introspect"));
        }
    }

    #[test]
    fn nothing_panics(iat in any::<i64>(), exp in any::<i64>(), now in any::<i64>(), id in prop_oneof![
        Just("okta"), Just("kubernetes"), Just("auth0"), Just("unheard-of")
    ]) {
        let text = token(ACCESS, &format!(r#"{{"iat":{iat},"exp":{exp}}}"#));
        let lifetime = read_at(&text, Some(&provider(id, None)), &Options::default(), now).unwrap();
        prop_assert!(lifetime.seconds.is_none_or(|seconds| seconds > 0));
        prop_assert!(lifetime.findings.iter().all(|finding| finding.severity == Severity::Info));
    }
}
