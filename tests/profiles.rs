//! Profiles: what kind of token it is, and every requirement of that kind.
//!
//! `corpus/profiles/good.json` has tokens that meet their profile, `broken.json` for every requirement tokens that break
//! it and nothing else. Hashes, digests and thumbprints there were computed by another implementation.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;

use proptest::prelude::*;
use serde_json::Value;
use tokenscope::disclosure;
use tokenscope::finding::{Certainty, Severity};
use tokenscope::inspect::{Options, inspect};
use tokenscope::jose::base64url;
use tokenscope::profile::{self, Kind, Level, Reading, Status};
use tokenscope::time::Time;
use tokenscope::why::{Answers, Choices, Companions, Explained, Subject, explain};

const NOW: Time = Time::from_seconds(1_795_183_392);

/// No signature of these tokens is checked, so all have the same one, of 64 bytes.
fn token(header: &Value, payload: &Value) -> String {
    let text = |value: &Value| base64url::encode(value.to_string().as_bytes());
    [text(header), text(payload), base64url::encode(&[1; 64])].join(".")
}

/// The text of a row of the corpus: bare, named, or in the fragment of a redirect.
fn text(case: &Value) -> String {
    let token = token(&case["header"], &case["payload"]);
    let member = |name: &str| case[name].as_str().unwrap_or_default();
    if case["redirect"] == true {
        let mut text = format!("https://app.example/cb#id_token={token}");
        for name in ["access_token", "code", "state"] {
            if !member(name).is_empty() {
                text += &format!("&{name}={}", member(name));
            }
        }
        return text;
    }
    match member("named") {
        "" => token + member("behind"),
        name => format!(r#"{{"{name}":"{token}"}}"#),
    }
}

fn explained(case: &Value, profile: Option<&str>) -> Explained {
    let member = |name: &str| case[name].as_str().map(str::to_owned);
    let choices = Choices {
        profile: profile.map(str::to_owned),
        access_token: member("access_token"),
        code: member("code"),
        state: member("state"),
        client_certificate: member("certificate"),
        ..Choices::default()
    };
    let mut options = Options::default();
    if case["keys"] == "two" {
        let keys = ["k1", "k2"].map(|kid| oracle::Signer::curve("ES256", 1).jwk(kid));
        options.keys = format!(r#"{{"keys":[{}]}}"#, keys.join(","));
    }
    oracle::explained(&text(case), &options, &choices, NOW)
}

fn reading(case: &Value, profile: Option<&str>) -> Reading {
    explained(case, profile).whys[0].profile.clone().unwrap_or_else(|| panic!("nothing recognised: {case}"))
}

fn codes(reading: &Reading) -> Vec<&'static str> {
    reading.findings.iter().map(|finding| finding.code.0).collect()
}

fn corpus(text: &'static str) -> Vec<(String, Vec<Value>)> {
    let table: serde_json::Map<String, Value> = serde_json::from_str(text).unwrap();
    table.into_iter().map(|(name, cases)| (name, cases.as_array().unwrap().clone())).collect()
}

fn good() -> Vec<(String, Vec<Value>)> {
    corpus(include_str!("corpus/profiles/good.json"))
}

fn broken() -> Vec<(String, Vec<Value>)> {
    corpus(include_str!("corpus/profiles/broken.json"))
}

#[test]
fn the_table_has_every_profile_of_the_knowledge_base() {
    let Ok(shared) = std::fs::read_to_string("../shared/data/token-profiles.json") else {
        return println!("skipped: ../shared is absent");
    };
    let shared: Value = serde_json::from_str(&shared).unwrap();
    let ids: Vec<&str> = profile::all().map(|(id, _)| id).collect();
    for row in shared["profiles"].as_array().unwrap() {
        assert!(ids.contains(&row["id"].as_str().unwrap()), "{}", row["id"]);
    }
    assert_eq!(ids.len(), shared["profiles"].as_array().unwrap().len() + 1);
}

#[test]
fn every_profile_has_tokens_that_meet_it() {
    let rows = good();
    for (id, name) in profile::all() {
        let (_, cases) = rows.iter().find(|(row, _)| row == id).unwrap_or_else(|| panic!("no token meets {name}"));
        for case in cases {
            for chosen in [Some(id), None].into_iter().filter(|chosen| chosen.is_some() || id != "rfc8725") {
                let reading = reading(case, chosen);
                assert_eq!((reading.id, reading.chosen), (id, chosen.is_some()), "{case} {:#?}", reading.evidence);
                for requirement in &reading.requirements {
                    let is_broken = requirement.status == Status::Broken && requirement.level != Level::Recommended;
                    assert!(!is_broken, "{case} {requirement:?}");
                    assert!(!requirement.note.to_string().is_empty(), "{requirement:?}");
                    assert!(!requirement.note.to_string().contains('…'), "{requirement:?}");
                }
                for finding in &reading.findings {
                    assert_eq!(finding.severity, Severity::Info, "{case} {finding:?}");
                }
                assert!(chosen.is_some() || !reading.evidence.is_empty(), "{id}");
            }
        }
        // The first token of each has nothing to remark at all.
        if !["client-assertion", "jwt-bearer-grant"].contains(&id) {
            assert_eq!(codes(&reading(&cases[0], Some(id))), Vec::<&str>::new(), "{id}");
        }
    }
}

#[test]
fn every_requirement_has_tokens_that_break_it_and_nothing_else() {
    let rows = broken();
    for code in profile::codes().into_iter().filter(|code| code.0 != "profile.declared-other") {
        let (_, cases) =
            rows.iter().find(|(row, _)| row == code.0).unwrap_or_else(|| panic!("nothing breaks {code:?}"));
        let id = code.0.split('.').nth(1).unwrap();
        for case in cases {
            let chosen = reading(case, Some(id));
            let expected =
                if code.0.starts_with("profile.client-assertion.") && code.0 != "profile.client-assertion.typ" {
                    // Nobody writes the type that the successor of RFC 7523 recommends.
                    let typ = case["header"]["typ"].is_null().then_some("profile.client-assertion.typ");
                    codes(&chosen).iter().copied().filter(|found| Some(*found) == typ).chain([code.0]).collect()
                } else {
                    vec![code.0]
                };
            let mut found = codes(&chosen);
            found.sort_unstable();
            let mut expected: Vec<&str> = expected;
            expected.sort_unstable();
            let count = chosen.requirements.iter().filter(|requirement| requirement.status == Status::Broken).count();
            assert_eq!(count, expected.len(), "{case}");
            if is_said_already(case, Some(id), code.0) {
                expected.retain(|expected| *expected != code.0);
                assert_eq!(found, expected, "{case}");
                continue;
            }
            assert_eq!(found, expected, "{case}");
            // Recognised it is no failure, unless something beside it proves it wrong.
            if let Some(recognised) = explained(case, None).whys[0].profile.clone().filter(|reading| reading.id == id) {
                if is_said_already(case, None, code.0) {
                    assert!(!codes(&recognised).contains(&code.0), "{case}");
                    continue;
                }
                let severity =
                    |reading: &Reading| reading.findings.iter().find(|finding| finding.code == code).unwrap().severity;
                let (one, other) = (severity(&chosen), severity(&recognised));
                let is_proof = other == Severity::Error;
                assert!(is_proof || other >= Severity::Warning && one <= other, "{code:?} {one:?} {other:?}");
            }
        }
    }
    let known: Vec<&str> = profile::codes().iter().map(|code| code.0).collect();
    for (code, cases) in rows {
        if !known.contains(&code.as_str()) {
            cases.iter().for_each(|case| breaks_a_rule_about_disclosures(&code, case));
        }
    }
}

/// Whether the first verdict says the same, no less gravely: then the profile's finding steps back, and its requirement is
/// broken all the same.
fn is_said_already(case: &Value, profile: Option<&str>, code: &str) -> bool {
    let explained = explained(case, profile);
    let item = code.rsplit('.').next().unwrap();
    let reading = explained.whys[0].profile.as_ref().unwrap();
    let is_recommended =
        reading.requirements.iter().any(|row| row.item.ends_with(item) && row.level == Level::Recommended);
    let own = match profile {
        _ if is_recommended => Severity::Info,
        // Verifiers of logout tokens do without it.
        Some("logout-token") if item == "exp" => Severity::Warning,
        Some(_) => Severity::Error,
        None => Severity::Warning,
    };
    explained.report.tokens[0].findings.iter().filter(|finding| finding.severity <= own).any(|finding| {
        let is_algorithm = ["signature.none", "signature.algorithm-missing"].contains(&finding.code.0);
        let is_time = finding.code.0 == "claims.no-expiry" || finding.code.0.starts_with("claims.time-");
        item == "alg" && is_algorithm || is_time && finding.subject == ["/payload/", item].concat()
    })
}

#[test]
fn one_fault_is_one_finding() {
    let check = |header: &str, claims: &str, profile: Option<&str>, codes: &[&str], broken: usize| {
        let explained = explained(&case(header, claims), profile);
        let found: Vec<&str> = explained.report.tokens[0]
            .findings
            .iter()
            .filter(|finding| finding.severity <= Severity::Warning)
            .map(|finding| finding.code.0)
            .collect();
        assert_eq!(found, codes, "{header} {claims}");
        let reading = explained.whys[0].profile.as_ref().unwrap();
        assert_eq!(reading.requirements.iter().filter(|row| row.status == Status::Broken).count(), broken, "{header}");
    };
    let at = r#"{"alg":"RS256","typ":"at+jwt","kid":"k"}"#;
    let claims = r#"{"iss":"https://issuer.example","sub":"u","aud":"x","client_id":"c","jti":"j","iat":1795183332,"exp":1795186932}"#;
    check(at, claims, None, &[], 0);
    check(r#"{"alg":"none","typ":"at+jwt"}"#, claims, None, &["signature.none"], 1);
    let endless = claims.replace(r#","exp":1795186932"#, "");
    check(at, &endless, None, &["claims.no-expiry"], 1);
    // What a chosen profile demands is graver than what the first verdict remarks.
    check(at, &endless, Some("rfc9068"), &["profile.rfc9068.exp", "claims.no-expiry"], 1);
    let text = claims.replace("1795186932", r#""1795186932""#);
    check(at, &text, None, &["claims.time-as-text"], 1);
    check(at, &text, Some("rfc9068"), &["claims.time-as-text"], 1);
}

/// What is wrong with disclosures is said by [`disclosure`], and once; among the requirements it is shown.
fn breaks_a_rule_about_disclosures(code: &str, case: &Value) {
    let id = code.split('.').nth(1).unwrap();
    let reading = reading(case, Some(id));
    assert_eq!(codes(&reading), [""; 0], "{case}");
    let broken: Vec<_> = reading.requirements.iter().filter(|one| one.status == Status::Broken).collect();
    assert_eq!(broken.len(), 1, "{case} {broken:?}");
    assert!(!broken[0].note.to_string().contains('…'), "{broken:?}");
    let text = text(case);
    let payload = tokenscope::jose::read(text.split('~').next().unwrap()).payload.unwrap();
    let found = disclosure::read(&text, &payload).unwrap().findings;
    assert!(!found.is_empty() && found.iter().all(|one| one.code == found[0].code), "{code} {case} {found:?}");
}

/// What contradicts what came with the token is an error, proved, whether the profile was chosen or recognised.
#[test]
fn contradictions_are_proved() {
    for code in [
        "profile.oidc-id-token.at_hash",
        "profile.oidc-id-token.c_hash",
        "profile.oidc-id-token.s_hash",
        "profile.dpop-proof.ath",
        "profile.dpop-proof.jkt",
        "profile.mtls-bound.x5t",
    ] {
        let (_, cases) = broken().into_iter().find(|(row, _)| row == code).unwrap();
        let finding = reading(&cases[0], None).findings.into_iter().find(|finding| finding.code.0 == code).unwrap();
        assert_eq!((finding.severity, finding.certainty), (Severity::Error, Certainty::Proved), "{code}");
        // The clause for the headline says what does not belong together; the values stand in the row.
        let brief = tokenscope::why::WORDS.words(&finding, NOW).brief.unwrap().to_string();
        let value = finding.fact("value").unwrap();
        let tokenscope::finding::Fact::List(values) = value else { panic!("{value:?}") };
        let is_of = code.ends_with("referred") || brief.contains(" is not of ");
        assert!(is_of && values.iter().all(|value| code.ends_with("referred") || !brief.contains(value)), "{brief}");
    }
    let (_, cases) = broken().into_iter().find(|(row, _)| row == "profile.oidc-id-token.at_hash").unwrap();
    let finding = reading(&cases[0], None).findings.into_iter().find(|finding| finding.code.0.ends_with("at_hash"));
    let words = tokenscope::why::WORDS.words(&finding.unwrap(), NOW);
    assert_eq!(words.brief.unwrap().markdown(), "`at_hash` is not of this access token");
}

fn case(header: &str, payload: &str) -> Value {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    serde_json::json!({ "header": read(header), "payload": read(payload) })
}

/// What a token is recognised as, with what it may be instead.
fn recognised(case: &Value) -> Option<Reading> {
    explained(case, None).whys[0].profile.clone()
}

#[test]
fn kinds_that_are_easily_confused_are_told_apart() {
    let plain = r#"{"alg":"RS256","kid":"k"}"#;
    let times = r#""iat":1795183332,"exp":1795186932"#;
    let check = |header: &str, claims: &str, name: Option<&str>, expected: Option<(&str, Kind)>, alternative: &str| {
        let mut case = case(header, &format!("{{{times}{}{claims}}}", if claims.is_empty() { "" } else { "," }));
        if let Some(name) = name {
            case["named"] = name.into();
        }
        let reading = recognised(&case);
        assert_eq!(reading.as_ref().map(|reading| (reading.id, reading.kind)), expected, "{header} {claims} {name:?}");
        if !alternative.is_empty() {
            assert!(reading.unwrap().alternatives.contains(&alternative), "{claims}: {alternative}");
        }
    };
    let id = Some(("oidc-id-token", Kind::IdToken));
    let access = Some(("access-token", Kind::AccessToken));
    let iss = r#""iss":"https://issuer.example","sub":"u","aud":"x""#;
    let with = |more: &str| format!("{iss},{more}");

    // Nothing tells: no claim of either, and no name.
    check(plain, iss, None, None, "");
    check(plain, "", None, None, "");
    check(plain, iss, Some("id_token"), id, "");
    check(plain, iss, Some("access_token"), access, "");
    // An ID token says how somebody signed in, an access token what it allows.
    check(plain, &with(r#""nonce":"n""#), None, id, "");
    check(plain, &with(r#""scope":"read""#), None, access, "");
    check(plain, &with(r#""scp":["read"]"#), None, access, "");
    check(plain, &with(r#""scope":"read","nonce":"n""#), None, access, "oidc-id-token");
    check(plain, &with(r#""scope":"read","nonce":"n""#), Some("id_token"), id, "access-token");
    check(plain, &with(r#""at_hash":"77QmUPtjPfzWtF2AnpK9RQ""#), Some("access_token"), id, "access-token");
    check(plain, &with(r#""nonce":"n""#), Some("access_token"), access, "oidc-id-token");
    // `typ` comes before everything else.
    let at = r#"{"alg":"RS256","typ":"at+jwt"}"#;
    check(
        at,
        &with(r#""nonce":"n","at_hash":"77QmUPtjPfzWtF2AnpK9RQ""#),
        Some("id_token"),
        Some(("rfc9068", Kind::AccessToken)),
        "oidc-id-token",
    );
    check(r#"{"alg":"RS256","typ":"application/AT+JWT"}"#, iss, None, Some(("rfc9068", Kind::AccessToken)), "");
    check(at, &with(r#""cnf":{"x5t#S256":"x"}"#), None, Some(("rfc9068", Kind::AccessToken)), "mtls-bound");
    check(
        at,
        &with(r#""jti":"AT.x","cid":"0oa1","scp":["a"]"#),
        None,
        Some(("rfc9068", Kind::AccessToken)),
        "okta-at-org",
    );
    check(
        plain,
        &with(r#""scope":"read","cnf":{"x5t#S256":"x"}"#),
        None,
        Some(("mtls-bound", Kind::AccessToken)),
        "access-token",
    );
    // `JWT` and `JOSE` say nothing.
    check(r#"{"alg":"RS256","typ":"JWT"}"#, &with(r#""nonce":"n""#), None, id, "");
    // A logout token looks like an ID token, and a security event token like a logout token.
    let logout = r#""events":{"http://schemas.openid.net/event/backchannel-logout":{}}"#;
    check(plain, &with(logout), None, Some(("logout-token", Kind::LogoutToken)), "");
    check(
        plain,
        &with(&[logout, r#""nonce":"n""#].join(",")),
        None,
        Some(("logout-token", Kind::LogoutToken)),
        "oidc-id-token",
    );
    check(plain, &with(r#""events":{"https://a.example/e":{}}"#), None, Some(("set", Kind::SecurityEvent)), "");
    // A client that speaks for itself, a grant for a user, and a request.
    let client = r#""iss":"c","sub":"c","aud":"https://issuer.example/token""#;
    check(plain, client, None, Some(("client-assertion", Kind::ClientAssertion)), "");
    check(
        plain,
        &client.replace("\"sub\":\"c\"", "\"sub\":\"u\""),
        None,
        Some(("jwt-bearer-grant", Kind::AuthorizationGrant)),
        "",
    );
    check(
        r#"{"alg":"RS256","typ":"oauth-id-jag+jwt"}"#,
        &with(r#""client_id":"c","scope":"a""#),
        None,
        Some(("jwt-bearer-grant", Kind::AuthorizationGrant)),
        "access-token",
    );
    let request = r#""iss":"c","aud":"https://issuer.example","client_id":"c","response_type":"code","redirect_uri":"https://app.example/cb","scope":"openid","nonce":"n""#;
    check(plain, request, None, Some(("request-object", Kind::RequestObject)), "oidc-id-token");
    // An authorization response has a code and no subject.
    check(
        plain,
        r#""iss":"https://issuer.example","aud":"c","code":"x","state":"s""#,
        None,
        Some(("jarm", Kind::AuthorizationResponse)),
        "",
    );
    check(plain, &with(r#""code":"x","nonce":"n""#), None, id, "");
    // Okta's own forms, also behind a custom domain.
    let okta = |host: &str, more: &str| format!(r#""iss":"{host}","sub":"u","aud":"x",{more}"#);
    for host in ["https://dev-1234.okta.com", "https://login.app.example"] {
        let custom = format!("{host}/oauth2/default");
        check(
            plain,
            &okta(&custom, r#""jti":"AT.x","cid":"0oa1","scp":["a"]"#),
            None,
            Some(("okta-at-custom", Kind::AccessToken)),
            "access-token",
        );
        check(
            plain,
            &okta(host, r#""jti":"AT.x","cid":"0oa1","scp":["a"]"#),
            None,
            Some(("okta-at-org", Kind::AccessToken)),
            "access-token",
        );
        check(
            plain,
            &okta(&custom, r#""jti":"ID.x","nonce":"n""#),
            Some("access_token"),
            Some(("okta-id", Kind::IdToken)),
            "oidc-id-token",
        );
        check(plain, &okta(host, r#""jti":"ID.x""#), None, Some(("okta-id", Kind::IdToken)), "");
    }
    // A credential without a tilde behind it.
    check(plain, &with(r#""_sd":[]"#), None, Some(("sd-jwt", Kind::Credential)), "");
    check(
        plain,
        &with(r#""_sd":[],"vct":"https://a.example/t""#),
        None,
        Some(("sd-jwt-vc", Kind::Credential)),
        "sd-jwt",
    );
    check(r#"{"alg":"RS256","typ":"vc+sd-jwt"}"#, iss, None, Some(("sd-jwt-vc", Kind::Credential)), "");
    // An introspection response may speak of a scope.
    check(
        plain,
        &with(r#""token_introspection":{"active":true},"scope":"a""#),
        None,
        Some(("introspection-jwt", Kind::IntrospectionResponse)),
        "access-token",
    );
    // Refresh tokens that say so, and other kinds that `typ` or their audience names.
    for (header, claims, name, kind) in [
        (plain, with(r#""typ":"Refresh","scope":"a""#), None, Kind::RefreshToken),
        (plain, with(r#""typ":"Offline""#), Some("refresh_token"), Kind::RefreshToken),
        (plain, iss.to_owned(), Some("refresh_token"), Kind::RefreshToken),
        (r#"{"alg":"ES256","typ":"statuslist+jwt"}"#, iss.to_owned(), None, Kind::Other),
        (r#"{"alg":"ES256","typ":"entity-statement+jwt"}"#, client.to_owned(), None, Kind::Other),
        (r#"{"alg":"ES256","typ":"openid4vci-proof+jwt","jwk":{}}"#, with(r#""nonce":"n""#), None, Kind::Other),
        (r#"{"alg":"ES256","typ":"oauth-client-attestation+jwt"}"#, with(r#""cnf":{"jwk":{}}"#), None, Kind::Other),
        (r#"{"alg":"ES256","typ":"kb+jwt"}"#, r#""nonce":"n","sd_hash":"x""#.to_owned(), None, Kind::KeyBinding),
        (r#"{"alg":"ES256","typ":"example+jwt"}"#, with(r#""scope":"a""#), Some("access_token"), Kind::Other),
        (
            r#"{"alg":"ES256"}"#,
            r#""iss":"ABCDE12345","sub":"app","aud":"https://appleid.apple.com""#.to_owned(),
            None,
            Kind::ClientAssertion,
        ),
        (
            plain,
            r#""iss":"a@b.iam.gserviceaccount.com","sub":"a@b.iam.gserviceaccount.com","aud":"https://pubsub.googleapis.com/""#
                .to_owned(),
            None,
            Kind::AccessToken,
        ),
        (
            plain,
            r#""iss":"a@b.iam.gserviceaccount.com","aud":"https://oauth2.googleapis.com/token","scope":"s""#.to_owned(),
            None,
            Kind::AuthorizationGrant,
        ),
    ] {
        check(header, &claims, name, Some(("other", kind)), "");
    }
}

#[test]
fn a_kind_that_has_no_rules_here_is_said() {
    let reading =
        recognised(&case(r#"{"alg":"ES256","typ":"application/statuslist+jwt"}"#, r#"{"iss":"https://a.example"}"#))
            .unwrap();
    assert_eq!((reading.name, reading.declared, reading.requirements.len()), ("token status list", true, 0));
    assert_eq!(codes(&reading), ["profile.declared-other"]);
    assert_eq!(reading.findings[0].severity, Severity::Info);
    let words = tokenscope::why::WORDS.words(&reading.findings[0], NOW).problem.to_string();
    assert_eq!(
        words,
        "The token says that it is of another kind: token status list, by draft-ietf-oauth-status-list §5.1"
    );
}

/// A signed request of CIBA has scopes, as access tokens do, and somebody to be signed in instead of a subject.
#[test]
fn a_request_of_ciba_is_no_access_token() {
    let request = r#"{"iss":"shop","aud":"https://id.example","exp":1795183692,"iat":1795183392,"nbf":1795183392,"jti":"j","scope":"openid""#;
    let read = |more: &str| recognised(&case(r#"{"alg":"PS256"}"#, &format!("{request}{more}}}"))).unwrap();
    let reading = read(r#","login_hint":"user@example.com","binding_message":"W4""#);
    assert_eq!((reading.kind, reading.name), (Kind::RequestObject, "signed authentication request of CIBA"));
    assert_eq!(read(r#","login_hint":"user@example.com","sub":"u""#).kind, Kind::AccessToken);
}

/// The hash of a certificate in RFC 8705's own example ends in a character with stray bits.
#[test]
fn the_example_of_rfc_8705_breaks_nothing() {
    let payload = r#"{"iss":"https://server.example.com","sub":"ty.webb@example.com","exp":1795190000,"nbf":1795183000,"cnf":{"x5t#S256":"bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2"}}"#;
    let reading = reading(&case(r#"{"alg":"ES256"}"#, payload), Some("mtls-bound"));
    assert_eq!(codes(&reading), [""; 0]);
}

/// Without a key binding JWT there is none that could not be read.
#[test]
fn a_key_binding_that_did_not_come_is_not_unreadable() {
    for (name, tokens) in good().into_iter().filter(|(name, _)| name == "sd-jwt" || name == "sd-jwt-vc") {
        let mut seen = 0;
        for token in tokens {
            for row in reading(&token, None).requirements.iter().filter(|row| row.item.starts_with("key binding")) {
                assert!(!row.note.to_string().contains("can’t be read"), "{name} {}", row.item);
                seen += 1;
            }
        }
        assert!(seen > 0, "{name}");
    }
}

/// The access tokens of issuers with a form of their own are no broken tokens of RFC 9068.
#[test]
fn no_issuers_own_form_is_held_against_rfc_9068() {
    for id in ["access-token", "okta-at-custom", "okta-at-org", "mtls-bound"] {
        for (_, cases) in good().iter().filter(|(row, _)| row == id) {
            for case in cases {
                let reading = reading(case, None);
                assert!(codes(&reading).iter().all(|code| !code.starts_with("profile.rfc9068.")), "{case}");
            }
        }
    }
}

/// Servers want different audiences, and none of the forms is called wrong.
#[test]
fn the_note_on_a_client_assertions_audience_says_who_wants_it() {
    for (aud, expected) in [
        (r#""https://issuer.example/oauth2/v1/token""#, "the address of an endpoint, as Okta wants it"),
        (r#""https://issuer.example""#, "as the successor of RFC 7523 wants it; Okta wants the address"),
        (r#"["https://issuer.example","https://issuer.example/token"]"#, "several, which RFC 7523 allows"),
    ] {
        let case = case(r#"{"alg":"RS256"}"#, &format!(r#"{{"iss":"c","sub":"c","aud":{aud},"exp":1795183452}}"#));
        let reading = recognised(&case).unwrap();
        let requirement = reading.requirements.iter().find(|requirement| requirement.item == "aud").unwrap();
        assert_eq!(requirement.status, Status::Met);
        let note = requirement.note.to_string();
        assert!(note.contains(expected), "{note}");
    }
}

#[test]
fn what_is_missing_beside_it_is_named() {
    let note = |id: &str, case: &Value, item: &str| {
        let reading = reading(case, Some(id));
        let requirement = reading.requirements.into_iter().find(|requirement| requirement.item == item).unwrap();
        (requirement.status, requirement.note.to_string())
    };
    let rows = good();
    let first = |id: &str, at: usize| rows.iter().find(|(row, _)| row == id).unwrap().1[at].clone();
    let mut id = first("oidc-id-token", 0);
    id["access_token"] = Value::Null;
    let expected = |words: &str| (Status::NotChecked, words.to_owned());
    assert_eq!(note("oidc-id-token", &id, "at_hash"), expected("Paste the access token that came with it to compare"));
    let mut proof = first("dpop-proof", 0);
    proof["access_token"] = Value::Null;
    assert_eq!(note("dpop-proof", &proof, "ath"), expected("Paste the access token that came with it to compare"));
    proof["access_token"] = "opaque-made-up-token".into();
    assert_eq!(
        note("dpop-proof", &proof, "cnf.jkt of the access token"),
        expected("The access token beside it names no key in cnf.jkt")
    );
    let mut bound = first("mtls-bound", 0);
    bound["certificate"] = Value::Null;
    assert_eq!(note("mtls-bound", &bound, "cnf.x5t#S256"), expected("Paste the client certificate as PEM to compare"));
    for wrong in ["-----BEGIN PUBLIC KEY-----\nMAAA\n-----END PUBLIC KEY-----", "no certificate", "MIIB"] {
        bound["certificate"] = wrong.into();
        assert_eq!(note("mtls-bound", &bound, "cnf.x5t#S256"), expected("What was pasted is no certificate as PEM"));
    }
    // As environment variables and JSON carry it, and without its frame.
    let pem = first("mtls-bound", 0)["certificate"].as_str().unwrap().to_owned();
    let inside: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    for written in [pem.replace('\n', "\\n"), pem.replace('\n', "\r\n"), inside] {
        bound["certificate"] = written.into();
        assert_eq!(note("mtls-bound", &bound, "cnf.x5t#S256").0, Status::Met);
    }
    // Ed448 goes with a hash that is not at hand, and so does what is unknown.
    for (algorithm, status) in
        [("Ed448", Status::NotChecked), ("ML-DSA-44", Status::NotChecked), ("Ed25519", Status::Broken)]
    {
        let mut token = first("oidc-id-token", 0);
        token["header"]["alg"] = algorithm.into();
        assert_eq!(note("oidc-id-token", &token, "at_hash").0, status, "{algorithm}");
    }
    // Digests by another hash.
    let mut credential = first("sd-jwt", 0);
    credential["payload"]["_sd_alg"] = "sha3-256".into();
    assert_eq!(note("sd-jwt", &credential, "digest of each disclosure").0, Status::NotChecked);
    assert_eq!(codes(&reading(&credential, None)), Vec::<&str>::new());
}

/// A token without what its kind demands may have it in the part that is lost.
#[test]
fn a_damaged_payload_breaks_no_rule_by_what_is_not_in_it() {
    let parts = [r#"{"alg":"RS256","typ":"at+jwt"}"#, r#"{"iss":"https://issuer.example","exp":1795"#];
    let text = parts.map(|part| base64url::encode(part.as_bytes())).join(".") + ".AQEB";
    let explained = oracle::explained(&text, &Options::default(), &Choices::default(), NOW);
    let reading = explained.whys[0].profile.clone().unwrap();
    assert_eq!((reading.id, codes(&reading)), ("rfc9068", Vec::new()));
    let exp = reading.requirements.iter().find(|requirement| requirement.item == "exp").unwrap();
    assert_eq!(exp.status, Status::NotChecked);
    // Of an encrypted token only the header can be read.
    let text = [parts[0].replace("RS256", "RSA-OAEP"), "k".repeat(20), "i".repeat(16), "c".repeat(40), "t".repeat(16)];
    let text = text.map(|part| base64url::encode(part.as_bytes())).join(".");
    let explained = oracle::explained(&text, &Options::default(), &Choices::default(), NOW);
    let reading = explained.whys[0].profile.clone().unwrap();
    assert_eq!((reading.id, codes(&reading)), ("rfc9068", Vec::new()));
}

#[test]
fn an_sd_jwt_that_was_broken_into_lines_is_read_whole() {
    let rows = good();
    let cases = &rows.iter().find(|(row, _)| row == "sd-jwt").unwrap().1;
    let whole = text(&cases[1]);
    let wrapped = |width: usize| {
        let lines: Vec<String> =
            whole.as_bytes().chunks(width).map(|line| String::from_utf8(line.to_vec()).unwrap()).collect();
        lines.join("\n")
    };
    // The search for tokens finds the end of one that is whole on its line.
    for text in [whole.clone(), wrapped(600), wrapped(700), wrapped(850), format!("Presentation: {whole}\nend")] {
        let explained = oracle::explained(&text, &Options::default(), &Choices::default(), NOW);
        let reading = explained.whys[0].profile.clone().unwrap();
        assert_eq!((reading.id, codes(&reading)), ("sd-jwt", Vec::new()), "{text}");
        let status =
            |item: &str| reading.requirements.iter().find(|requirement| requirement.item == item).unwrap().status;
        assert_eq!(status("digest of each disclosure"), Status::Met, "{text}");
        assert_eq!(status("key binding sd_hash"), Status::Met, "{text}");
    }
}

/// A choice that does not exist is no choice.
#[test]
fn an_unknown_profile_is_recognised_instead() {
    let rows = good();
    let (_, cases) = rows.iter().find(|(row, _)| row == "rfc9068").unwrap();
    let reading = reading(&cases[0], Some("no-such-profile"));
    assert_eq!((reading.id, reading.chosen), ("rfc9068", false));
}

/// The work of this room grows with the text and not faster. Without optimisation it has a second for a megabyte.
#[test]
fn hostile_tokens_take_no_time() {
    let many = |count: usize, item: &str| vec![item; count].join(",");
    let events: Vec<String> = (0..20_000).map(|at| format!(r#""e{at}":1"#)).collect();
    let digests: Vec<String> = (0..20_000).map(|at| format!(r#""{at}""#)).collect();
    let nested = format!(r#"{{"a":{}1{}}}"#, r#"{"_sd":[],"b":"#.repeat(200), "}".repeat(200));
    let audiences = many(20_000, "\"https://a.example/token\"");
    let rows = [
        (format!(r#"{{"_sd":[{}]}}"#, many(50_000, "\"x\"")), String::new()),
        (format!(r#"{{"_sd":[{}]}}"#, digests.join(",")), "~WyJzIiwiYSIsMV0".repeat(4000) + "~"),
        (nested, "~".repeat(4000)),
        (format!(r#"{{"aud":[{audiences}],"iss":"{}"}}"#, "/oauth2/".repeat(50_000)), String::new()),
        (format!(r#"{{"events":{{{}}}}}"#, events.join(",")), "~".repeat(100_000)),
        (format!(r#"{{"jti":"AT.{}","scope":"{}"}}"#, "x".repeat(200_000), " a".repeat(200_000)), String::new()),
        ("{}".to_owned(), "~WyJzIiwiYSIsMV0".repeat(100_000)),
    ];
    for (payload, behind) in rows {
        let token = [r#"{"alg":"ES256"}"#, &payload].map(|part| base64url::encode(part.as_bytes())).join(".");
        let text = format!("{token}.AQEB{behind}");
        let (report, _) = inspect(&text, &Options::default(), NOW, NOW, &Default::default());
        for id in [None, Some("sd-jwt"), Some("oidc-id-token"), Some("okta-at-custom")] {
            let choices = Choices { profile: id.map(str::to_owned), ..Choices::default() };
            let subject = Subject {
                text: &text,
                token: &report.tokens[0],
                companions: &Companions::default(),
                options: &Options::default(),
                choices: &choices,
                places: &[],
                now: NOW,
            };
            let start = std::time::Instant::now();
            profile::read(&subject, None);
            assert!(start.elapsed().as_millis() < 1500, "{} characters: {:?}", text.len(), start.elapsed());
        }
    }
}

/// JSON that resembles what tokens have.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        (0..2_000_000_000i64).prop_map(Value::from),
        "[a-z~.=:/é]{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "at+jwt",
            "dpop+jwt",
            "logout+jwt",
            "kb+jwt",
            "dc+sd-jwt",
            "none",
            "EdDSA",
            "ID",
            "Bearer",
            "AT.x",
            "ID.x",
            "https://issuer.example/oauth2/x",
            "0oa1",
            "sha-256",
            "…",
            "client-1",
            "https://",
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::vec((name(), inner), 0..3).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    let known = [
        "alg",
        "typ",
        "kid",
        "jwk",
        "kty",
        "d",
        "iss",
        "sub",
        "aud",
        "exp",
        "iat",
        "nbf",
        "jti",
        "nonce",
        "at_hash",
        "c_hash",
        "s_hash",
        "cnf",
        "x5t#S256",
        "jkt",
        "events",
        "scope",
        "scp",
        "cid",
        "uid",
        "htm",
        "htu",
        "ath",
        "_sd",
        "_sd_alg",
        "...",
        "vct",
        "token_introspection",
        "active",
        "code",
        "client_id",
        "response_type",
        "amr",
        "idp",
        "ver",
        "auth_time",
        "http://schemas.openid.net/event/backchannel-logout",
    ];
    prop::sample::select(known.to_vec()).prop_map(str::to_owned)
}

fn object() -> impl Strategy<Value = Value> {
    prop::collection::vec((name(), value()), 0..10).prop_map(|members| members.into_iter().collect())
}

proptest! {
    /// Whatever a token holds, and whatever stands behind it, it is read, and a choice is kept.
    #[test]
    fn nothing_makes_it_fail(
        header in object(),
        payload in value(),
        behind in "(~[A-Za-z0-9_.-]{0,12}){0,3}",
        chosen in prop::option::of(0usize..18),
        beside in prop::option::of("[ -~]{0,20}"),
    ) {
        let chosen = chosen.and_then(|at| profile::all().nth(at)).map(|(id, _)| id);
        let choices = Choices {
            profile: chosen.map(str::to_owned),
            access_token: beside.clone(),
            client_certificate: beside,
            ..Choices::default()
        };
        let text = token(&header, &payload) + &behind;
        let (explained, _) = explain(&text, &Options::default(), &choices, NOW, NOW, &Answers::default());
        for reading in explained.whys.iter().filter_map(|why| why.profile.as_ref()) {
            let broken = reading.requirements.iter().filter(|requirement| requirement.status == Status::Broken).count();
            prop_assert!(reading.findings.len() <= broken.max(1));
            if let Some(id) = chosen {
                prop_assert_eq!(reading.id, id);
                let own = ["profile.", id, "."].concat();
                prop_assert!(codes(reading).iter().all(|code| code.starts_with(&own)), "{:?}", codes(reading));
            } else {
                let errors = reading.findings.iter().filter(|finding| finding.severity == Severity::Error);
                prop_assert!(errors.clone().all(|finding| finding.certainty == Certainty::Proved));
            }
        }
    }

    /// A token of one profile that is held against another breaks only rules of that one.
    #[test]
    fn only_the_chosen_profile_is_spoken_of(one in 0usize..18, other in 0usize..18, at in 0usize..12) {
        let rows = good();
        let (id, _) = profile::all().nth(one).unwrap();
        let cases = &rows.iter().find(|(row, _)| row == id).unwrap().1;
        let (chosen, _) = profile::all().nth(other).unwrap();
        let reading = reading(&cases[at % cases.len()], Some(chosen));
        prop_assert_eq!(reading.id, chosen);
        let own = ["profile.", chosen, "."].concat();
        prop_assert!(codes(&reading).iter().all(|code| code.starts_with(&own)), "{:?}", codes(&reading));
    }
}
