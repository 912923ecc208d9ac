//! Whom a token is for, and what an API checks of it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;
#[path = "support/ordinary.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod ordinary;

use oracle::Signer;
use proptest::prelude::*;
use tokenscope::finding::{Certainty, Finding, Severity};
use tokenscope::inspect::Options;
use tokenscope::jose::base64url;
use tokenscope::report::Verdict;
use tokenscope::role::{Check, Outcome, Role};
use tokenscope::time::Time;
use tokenscope::why::{Choices, Explained};

const NOW: Time = Time::from_seconds(1_795_183_392);
const ISSUER: &str = "https://issuer.example";

const OUTCOMES: [(&str, Outcome); 4] =
    [("pass", Outcome::Pass), ("fail", Outcome::Fail), ("unknown", Outcome::Unknown), ("n/a", Outcome::NotApplicable)];

fn signer() -> Signer {
    Signer::curve("ES256", 1)
}

fn token(header: &str, payload: &str) -> String {
    let comma = if header.is_empty() { "" } else { "," };
    oracle::token(&format!(r#"{{"alg":"ES256"{comma}{header}}}"#), &format!("{{{payload}}}"), &signer())
}

fn seen(text: &str, role: Role, options: &Options) -> Explained {
    oracle::explained(text, options, &Choices { role, ..Choices::default() }, NOW)
}

fn role_findings(explained: &Explained) -> Vec<&Finding> {
    let findings = explained.report.tokens[0].findings.iter();
    findings.filter(|finding| finding.code.0.starts_with("role.")).collect()
}

/// What is found as an API and as the client, as `severity code`; nothing is ever found as a mere reader.
fn check(text: &str, as_api: &str, as_client: &str) {
    for (role, expected) in [(Role::Api, as_api), (Role::Client, as_client), (Role::Looking, "")] {
        let explained = seen(text, role, &Options::default());
        let found = role_findings(&explained);
        let found: Vec<String> = found
            .iter()
            .map(|finding| {
                let likely = if finding.certainty == Certainty::Likely { " likely" } else { "" };
                format!("{:?}{likely} {}", finding.severity, finding.code.0.trim_start_matches("role."))
            })
            .collect();
        assert_eq!(found.join("; "), expected, "{role:?}: {text}");
        let is_rejected = expected.starts_with("Error");
        assert_eq!(explained.report.tokens[0].verdict == Verdict::Rejected, is_rejected, "{role:?}: {text}");
    }
}

#[test]
fn a_token_of_the_wrong_kind_fails_where_the_role_was_chosen() {
    let exp = r#""exp":1795190000"#;
    let typed = |typ: &str| token(&format!(r#""typ":"{typ}""#), exp);
    let claims = |claims: &str| token("", &format!("{exp},{claims}"));
    check(&typed("at+jwt"), "", "Info access-token-at-client");
    check(&typed("application/AT+JWT"), "", "Info access-token-at-client");
    check(&claims(r#""token_use":"id""#), "Error id-token-at-api", "Info id-token-at-client");
    check(&claims(r#""token_use":"access""#), "", "Info access-token-at-client");
    check(&claims(r#""typ":"ID""#), "Error id-token-at-api", "Info id-token-at-client");
    check(&claims(r#""typ":"Bearer""#), "", "Info access-token-at-client");
    check(&claims(r#""typ":"Refresh""#), "Error refresh-token-at-api", "");
    check(&claims(r#""typ":"Offline""#), "Error refresh-token-at-api", "");
    for typ in [
        "logout+jwt",
        "dpop+jwt",
        "client-authentication+jwt",
        "oauth-authz-req+jwt",
        "secevent+jwt",
        "token-introspection+jwt",
        "oauth-id-jag+jwt",
        "kb+jwt",
    ] {
        check(&typed(typ), "Error wrong-kind-at-api", "");
    }
}

#[test]
fn what_the_text_around_a_token_calls_it_is_what_it_is() {
    let bare = token("", r#""exp":1795190000"#);
    check(&format!(r#"{{"id_token":"{bare}"}}"#), "Error id-token-at-api", "Info id-token-at-client");
    check(&format!(r#"{{"access_token":"{bare}"}}"#), "", "Info access-token-at-client");
    // The token's own word counts more.
    let typed = token(r#""typ":"at+jwt""#, r#""exp":1795190000"#);
    check(&format!(r#"{{"id_token":"{typed}"}}"#), "", "Info access-token-at-client");
}

#[test]
fn a_token_that_says_nothing_of_its_kind_rejects_nothing() {
    for (header, payload) in [("", r#""sub":"a""#), (r#""typ":"JWT""#, r#""sub":"a","aud":"b""#)] {
        let explained = seen(&token(header, payload), Role::Api, &Options::default());
        assert!(role_findings(&explained).iter().all(|finding| finding.severity != Severity::Error), "{payload}");
    }
    // Marks of an ID token make it likely, and no more.
    let explained = seen(&token("", r#""exp":1795190000,"nonce":"n","at_hash":"x""#), Role::Api, &Options::default());
    let found = role_findings(&explained);
    assert_eq!((found[0].severity, found[0].certainty), (Severity::Warning, Certainty::Likely));
    assert_eq!(explained.report.tokens[0].verdict, Verdict::Undecided);
}

/// Ordinary tokens of every kind: an API never turns away what is meant for it, and never overlooks what is not.
#[test]
fn ordinary_tokens_are_told_apart() {
    let mut dice = ordinary::Dice::new(7);
    let mut wrong = String::new();
    for number in 0..ordinary::KINDS.len() * 8 {
        let at = NOW.seconds() - 30;
        let made = ordinary::KINDS[number % ordinary::KINDS.len()](&mut dice, at);
        let json = |members: &serde_json::Map<String, serde_json::Value>| serde_json::to_string(members).unwrap();
        let text = [json(&made.header), json(&made.payload)].map(|part| base64url::encode(part.as_bytes())).join(".");
        let text = format!("{text}.AAAA{}", made.behind);
        let explained = seen(&text, Role::Api, &Options::default());
        let found = role_findings(&explained);
        let token_type = outcome(&explained.whys[0].server_checks, "token-type").outcome;
        let is_right = match made.role {
            Some(Role::Api) => found.is_empty() && token_type != Outcome::Fail,
            Some(Role::Client) => found.len() == 1 && token_type == Outcome::Fail,
            _ => found.len() <= 1,
        };
        if !is_right {
            wrong +=
                &format!("{} {token_type:?} {:?}\n", made.kind, found.iter().map(|one| one.code.0).collect::<Vec<_>>());
        }
        let lifetime = explained.whys[0].findings.iter().find(|finding| finding.code.0 == "lifetime.outside-range");
        if let Some(finding) = lifetime {
            wrong += &format!("{} {:?}\n", made.kind, finding.evidence);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_chosen_profile_decides_the_kind() {
    let text = token(r#""typ":"at+jwt""#, r#""exp":1795190000"#);
    for (profile, expected) in [("oidc-id-token", 1), ("logout-token", 1), ("rfc9068", 0), ("rfc8725", 0)] {
        let choices = Choices { role: Role::Api, profile: Some(profile.to_owned()), ..Choices::default() };
        let explained = oracle::explained(&text, &Options::default(), &choices, NOW);
        let found = role_findings(&explained);
        assert_eq!(found.len(), expected, "{profile}");
        assert!(found.iter().all(|finding| finding.severity == Severity::Error));
    }
}

#[test]
fn a_hint_of_one_provider_counts_for_its_tokens_alone() {
    if tokenscope::provider::all().next().is_none() {
        return println!("skipped: no providers");
    }
    let okta = r#""exp":1795190000,"ver":1,"iss":"https://dev-1234.okta.com/oauth2/default""#;
    let id = token("", &format!(r#"{okta},"jti":"ID.a","aud":"0oa1","sub":"00u1""#));
    check(&id, "Error id-token-at-api", "Info id-token-at-client");
    // What it is known by is no row of its own: the finding is about the claims.
    let explained = seen(&id, Role::Api, &Options::default());
    let mut findings = explained.report.tokens[0].findings.iter();
    let finding = findings.find(|finding| finding.code.0 == "role.id-token-at-api").unwrap();
    assert_eq!(finding.subject, "/payload");
    let access = token("", &format!(r#"{okta},"jti":"AT.a","aud":"api://default","cid":"0oa1","scp":["a"]"#));
    check(&access, "", "Info access-token-at-client");
    let org = r#""exp":1795190000,"ver":1,"iss":"https://dev-1234.okta.com","aud":"https://dev-1234.okta.com""#;
    let org = token(r#""typ":"application/okta-internal-at+jwt""#, &format!(r#"{org},"jti":"AT.a","cid":"0oa1""#));
    check(&org, "", "Warning opaque-access-token-at-client");
    // On a domain of its own, Okta's tokens are known by what stands beside the id.
    let own = r#""exp":1795190000,"ver":1,"iss":"https://id.example/oauth2/default","jti":"ID.a""#;
    let own = token("", &format!(r#"{own},"aud":"0oa1","idp":"00o1","amr":["pwd"]"#));
    check(&own, "Error id-token-at-api", "Info id-token-at-client");
    let elsewhere = token("", r#""exp":1795190000,"iss":"https://issuer.example","jti":"ID.a","aud":"app","sub":"a""#);
    check(&elsewhere, "Warning likely id-token-at-api", "Info likely id-token-at-client");
}

#[test]
fn an_api_key_is_no_access_token_and_nobody_is_asked_about_it() {
    let times = r#""iat":1695182000,"exp":2110542000"#;
    for role in ["anon", "service_role"] {
        let key = token("", &format!(r#"{times},"iss":"supabase","ref":"abcdefghijklmnopqrst","role":"{role}""#));
        check(&key, "", "");
        let explained = seen(&key, Role::Api, &Options::default());
        let why = &explained.whys[0];
        assert_eq!(why.profile.as_ref().map(|profile| profile.id), None);
        let check = why.server_checks.iter().find(|check| check.key == "token-type").unwrap();
        assert_eq!(check.outcome, Outcome::NotApplicable);
        assert!(check.note.to_string().contains("an API key"), "{}", check.note);
        assert!(why.findings.iter().all(|finding| finding.code.0 != "lifetime.old"), "{:#?}", why.findings);
    }
    let user = format!(r#"{times},"iss":"https://abcdefghijklmnopqrst.supabase.co/auth/v1","role":"authenticated""#);
    let explained = seen(&token("", &user), Role::Api, &Options::default());
    assert_eq!(explained.whys[0].profile.as_ref().map(|profile| profile.id), Some("access-token"));
    assert!(explained.whys[0].findings.iter().any(|finding| finding.code.0 == "lifetime.old"));
}

#[test]
fn a_client_is_told_what_is_left_to_compare() {
    let text = token("", &format!(r#""exp":1795190000,"iss":"{ISSUER}","token_use":"id","aud":"app","nonce":"n""#));
    let mut options = Options::default();
    let mut check = |change: &dyn Fn(&mut Options), expected: &str| {
        change(&mut options);
        let explained = seen(&text, Role::Client, &options);
        let words = tokenscope::messages::words(role_findings(&explained)[0], NOW);
        let said = words.explanation.unwrap().to_string();
        assert!(said.ends_with(&format!("so far: {expected}.")), "{said}");
    };
    check(&|_| {}, "signature, iss, aud and nonce");
    check(&|options| options.expectations.nonce = Some("n".to_owned()), "signature, iss and aud");
    check(&|options| options.expectations.audiences = vec!["app".to_owned()], "signature and iss");
    check(&|options| options.expectations.issuers = vec![ISSUER.to_owned()], "signature");
    check(&|options| options.keys = signer().jwk(""), "nothing");
}

/// Firebase has no access tokens, and Google's services call one another with ID tokens: an API is right to take them.
#[test]
fn an_id_token_that_is_made_for_apis_is_not_refused() {
    let firebase = r#""exp":1795186000,"iat":1795183000,"iss":"https://securetoken.google.com/shop","aud":"shop","sub":"u","user_id":"u","auth_time":1795183000,"firebase":{"identities":{},"sign_in_provider":"password"}"#;
    let google = |audience: &str| {
        format!(
            r#""exp":1795186000,"iat":1795183000,"iss":"https://accounts.google.com","aud":"{audience}","azp":"1","sub":"1","email":"a@shop.iam.gserviceaccount.com","email_verified":true"#
        )
    };
    check(&token("", firebase), "", "");
    check(&token("", &google("https://orders.example.com")), "", "");
    let at_client = "Info likely id-token-at-client";
    check(&token("", &google("1.apps.googleusercontent.com")), "Warning likely id-token-at-api", at_client);
    let explained = seen(&token("", firebase), Role::Api, &Options::default());
    let check = outcome(&explained.whys[0].server_checks, "token-type");
    assert_eq!(check.outcome, Outcome::NotApplicable, "{}", check.note);
    assert!(check.note.to_string().starts_with("This looks like an ID token."), "{}", check.note);
}

/// Libraries of one's own server write the kind into a claim, and refuse the other one.
#[test]
fn tokens_that_say_themselves_that_they_renew_are_refused() {
    for claim in ["token_type", "type"] {
        let of =
            |kind: &str| token("", &format!(r#""exp":1795186000,"iat":1795183000,"{claim}":"{kind}","user_id":1"#));
        check(&of("refresh"), "Error refresh-token-at-api", "");
        check(&of("access"), "", "Info access-token-at-client");
        check(&of("member"), "", "");
    }
}

/// What asks for scopes does not grant them.
#[test]
fn an_assertion_grants_nothing() {
    let payload = r#""exp":1795186000,"iat":1795183000,"iss":"a@shop.iam.gserviceaccount.com","aud":"https://oauth2.googleapis.com/token","scope":"read""#;
    let explained = seen(&token("", payload), Role::Looking, &Options::default());
    let check = outcome(&explained.whys[0].server_checks, "scopes");
    assert_eq!(check.outcome, Outcome::NotApplicable);
    assert_eq!(check.note.to_string(), "It asks for read and grants nothing itself.");
}

/// Padding is a matter of the signature, not of the kind of token.
#[test]
fn padding_makes_no_token_of_another_kind() {
    let whole = token(r#""typ":"at+jwt""#, r#""exp":1795190000"#);
    let (signed, signature) = whole.rsplit_once('.').unwrap();
    let text = format!("{signed}=.{signature}==");
    let explained = seen(&text, Role::Looking, &Options::default());
    assert_eq!(explained.report.tokens[0].verdict, Verdict::Rejected);
    assert_eq!(outcome(&explained.whys[0].server_checks, "token-type").outcome, Outcome::Pass);
    assert_eq!(outcome(&explained.whys[0].server_checks, "signature").outcome, Outcome::Fail);
}

#[test]
fn the_checks_of_an_api_stand_in_the_order_of_a_verifier() {
    let explained = seen(&token("", r#""exp":1795190000"#), Role::Looking, &Options::default());
    let keys: Vec<&str> = explained.whys[0].server_checks.iter().map(|check| check.key).collect();
    assert_eq!(keys, ["token-type", "signature", "issuer", "audience", "expiry", "not-before", "client", "scopes"]);
    for text in ["opaque-0123456789abcdef0123456789abcdef", "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aaaa.bbbb.cccc"] {
        let explained = seen(text, Role::Api, &Options::default());
        assert!(explained.whys.iter().all(|why| why.server_checks.is_empty()), "{text}");
    }
}

/// Options that a good token of [`GOOD`] meets.
fn all_options() -> Options {
    let mut options = Options { keys: signer().jwk("k"), ..Options::default() };
    options.expectations.issuers = vec![ISSUER.to_owned()];
    options.expectations.audiences = vec!["api://default".to_owned()];
    options.expectations.client_id = Some("app".to_owned());
    options.expectations.required_scopes = vec!["read".to_owned()];
    options
}

const GOOD: &str =
    r#""iss":"https://issuer.example","aud":"api://default","client_id":"app","scope":"read","iat":1795180000"#;

#[test]
fn each_check_says_what_the_token_gives_it() {
    let check = |text: &str, options: &Options, key: &str, expected: &str, note: &str| {
        let explained = seen(text, Role::Looking, options);
        let checks = &explained.whys[0].server_checks;
        let found = checks.iter().find(|check| check.key == key).unwrap();
        let outcome = OUTCOMES.iter().find(|outcome| outcome.1 == found.outcome).unwrap().0;
        assert_eq!(outcome, expected, "{key}: {}", found.note);
        assert!(found.note.to_string().contains(note), "{key}: {}", found.note);
    };
    let typed = |payload: &str| token(r#""typ":"at+jwt","kid":"k""#, payload);
    let nothing = Options::default();
    let all = all_options();

    let good = typed(&format!(r#"{GOOD},"exp":1795190000,"nbf":1795180000"#));
    for key in ["token-type", "signature", "issuer", "audience", "expiry", "not-before", "client", "scopes"] {
        check(&good, &all, key, "pass", "");
    }
    check(&good, &nothing, "signature", "unknown", "key");
    check(&good, &nothing, "issuer", "unknown", "iss is https://issuer.example. Say which issuer");
    check(&good, &nothing, "audience", "unknown", "aud is api://default. Say which audience");
    check(&good, &nothing, "client", "unknown", "issued to app");
    check(&good, &nothing, "scopes", "unknown", "grants read");
    check(&good, &nothing, "expiry", "pass", "Valid for another");

    let bare = token("", r#""sub":"x""#);
    check(&bare, &nothing, "token-type", "unknown", "at+jwt");
    check(&bare, &nothing, "issuer", "unknown", "no iss");
    check(&bare, &nothing, "audience", "unknown", "no aud");
    check(&bare, &nothing, "expiry", "n/a", "no exp");
    check(&bare, &nothing, "not-before", "n/a", "Okta among them");
    check(&bare, &nothing, "client", "n/a", "No claim");
    check(&bare, &nothing, "scopes", "n/a", "neither scp nor scope");
    check(&bare, &all, "issuer", "fail", "");
    check(&bare, &all, "audience", "fail", "");
    check(&bare, &all, "client", "fail", "");
    check(&bare, &all, "scopes", "fail", "");

    let bad = typed(
        r#""iss":"https://other.example","aud":"other","client_id":"other","scope":"write","exp":1795180000,"nbf":1795190000"#,
    );
    for key in ["issuer", "audience", "expiry", "not-before", "client", "scopes"] {
        check(&bad, &all, key, "fail", "");
    }
    check(&bad, &all, "signature", "pass", "");
    check(&bad, &Options { keys: Signer::curve("ES256", 2).jwk("k"), ..nothing.clone() }, "signature", "fail", "");
    check("eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.", &nothing, "signature", "fail", "");
    check(&token("", r#""token_use":"id""#), &nothing, "token-type", "fail", "an ID token, which tells the client");
    check(&token("", r#""scope":"a""#), &nothing, "token-type", "unknown", "looks like an access token");
    check(&token("", r#""exp":1795190000000"#), &nothing, "expiry", "fail", "smaller unit");
    check(&token("", r#""iat":1795190000"#), &nothing, "not-before", "fail", "in the future");
    check(&token("", r#""aud":["a","b"],"nonce":"n""#), &nothing, "client", "n/a", "");
}

fn outcome<'a>(checks: &'a [Check], key: &str) -> &'a Check {
    checks.iter().find(|check| check.key == key).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// What the first verdict finds wrong fails the check, and nothing else does.
    #[test]
    fn checks_agree_with_the_findings(
        iss in prop_oneof![Just(""), Just(r#","iss":"https://issuer.example""#), Just(r#","iss":"x""#), Just(r#","iss":7"#)],
        aud in prop_oneof![Just(""), Just(r#","aud":["api://default","y"]"#), Just(r#","aud":[]"#), Just(r#","aud":{}"#)],
        exp in prop_oneof![Just(""), Just(r#","exp":"soon""#), Just(r#","exp":1e400"#), Just(r#","exp":1795190000"#), Just(r#","exp":1795183390"#), Just(r#","exp":1795180000"#)],
        nbf in prop_oneof![Just(""), Just(r#","nbf":1795183400"#), Just(r#","nbf":1795190000"#), Just(r#","nbf":null"#)],
        iat in prop_oneof![Just(""), Just(r#","iat":1795180000"#), Just(r#","iat":1795190000"#), Just(r#","iat":true"#)],
        client in prop_oneof![Just(""), Just(r#","cid":"app""#), Just(r#","azp":"other","cid":"app""#), Just(r#","client_id":1"#)],
        scope in prop_oneof![Just(""), Just(r#","scp":["read"]"#), Just(r#","scope":"write""#), Just(r#","scope":5"#)],
        expecting in any::<bool>(),
        leeway in prop_oneof![Just(0_i64), Just(60)],
        role in prop_oneof![Just(Role::Api), Just(Role::Client), Just(Role::Looking)],
    ) {
        let text = token("", &format!(r#""sub":"x"{iss}{aud}{exp}{nbf}{iat}{client}{scope}"#));
        let mut options = if expecting { all_options() } else { Options::default() };
        options.expectations.leeway = leeway;
        let explained = seen(&text, role, &options);
        let checks = &explained.whys[0].server_checks;
        let findings = &explained.report.tokens[0].findings;
        let is_wrong = |fits: &dyn Fn(&Finding) -> bool| {
            findings.iter().any(|finding| {
                finding.severity == Severity::Error && finding.code.0.starts_with("claims.") && fits(finding)
            })
        };
        let at = |names: &'static [&'static str]| {
            move |finding: &Finding| names.iter().any(|name| finding.subject == format!("/payload/{name}"))
        };
        type Row = (&'static str, Box<dyn Fn(&Finding) -> bool>);
        let rows: [Row; 6] = [
            ("issuer", Box::new(at(&["iss"]))),
            ("audience", Box::new(at(&["aud"]))),
            ("expiry", Box::new(at(&["exp"]))),
            ("not-before", Box::new(at(&["nbf", "iat"]))),
            ("client", Box::new(|finding| finding.code.0.starts_with("claims.client"))),
            ("scopes", Box::new(|finding| finding.code.0.starts_with("claims.scope"))),
        ];
        for (key, fits) in rows {
            let check = outcome(checks, key);
            prop_assert_eq!(check.outcome == Outcome::Fail, is_wrong(&*fits), "{}: {} in {}", key, check.note, text);
        }
        for check in checks {
            prop_assert!(check.note.to_string().ends_with('.'), "{}: {}", check.key, check.note);
            prop_assert!(!check.note.to_string().contains('…'), "{}: {}", check.key, check.note);
        }
    }
}
