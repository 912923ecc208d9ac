//! Answer, token and request brought together: what is found, how sure it is, and what is not claimed.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests too")]

use std::time::Instant;

use proptest::prelude::*;
use tokenscope::finding::{Certainty, Code, Fact, Finding, Severity};
use tokenscope::http::Headers;
use tokenscope::jose::base64url;
use tokenscope::json;
use tokenscope::response_doctor::answer::{Envelope, Named, OauthError};
use tokenscope::response_doctor::catalogue::{self, Next, Operation, Row};
use tokenscope::response_doctor::challenge::Challenge;
use tokenscope::response_doctor::evidence::{Body, Hop, Kind, SentToken};
use tokenscope::response_doctor::join::{Joined, code, join};
use tokenscope::response_doctor::scopes::{self, Source};
use tokenscope::response_doctor::{Catalogue, Evidence, Said, WORDS};
use tokenscope::time::Time;

#[path = "support/catalogue.rs"]
mod whole;

/// When the servers of these tests answer, by their own clocks.
const DATE: i64 = 1_795_182_000;
const NOW: Time = Time::from_seconds(DATE + 600);
const ORG: &str = "https://dev-1234.okta.com";

#[derive(Clone, Debug, Default)]
struct Case {
    evidence: Evidence,
    said: Said,
}

impl Case {
    /// An answer with that status, dated.
    fn status(status: u16) -> Case {
        let mut case = Case::default();
        case.evidence.status = Some(status);
        case.said.date = Some(Time::from_seconds(DATE));
        case
    }

    fn asked(mut self, method: &str, url: &str) -> Case {
        let request = self.evidence.request.get_or_insert_default();
        request.method = method.to_owned();
        request.url = url.to_owned();
        self
    }

    fn header(mut self, name: &str, value: &str) -> Case {
        let request = self.evidence.request.get_or_insert_default();
        request.has_headers = true;
        request.headers.push(name, value);
        self
    }

    fn form(mut self, pairs: &[(&str, &str)]) -> Case {
        self.evidence.request.get_or_insert_default().form = owned(pairs);
        self
    }

    fn text(mut self, scheme: &str, text: &str) -> Case {
        self.evidence.token = Some(SentToken { text: text.to_owned(), scheme: scheme.to_owned(), written: None });
        self
    }

    fn token(self, payload: &str) -> Case {
        self.text("Bearer", &jwt(r#"{"kid":"k1","alg":"RS256"}"#, payload))
    }

    fn challenge(mut self, parameters: &[(&str, &str)]) -> Case {
        self.said.challenges.push(Challenge {
            scheme: "Bearer".to_owned(),
            parameters: owned(parameters),
            ..Challenge::default()
        });
        self
    }

    fn oauth(mut self, error: &str, description: &str) -> Case {
        self.said.oauth =
            Some(OauthError { error: error.to_owned(), description: description.to_owned(), scopes: Vec::new() });
        self
    }

    fn envelope(mut self, code: &str) -> Case {
        self.said.envelope = Some(Envelope { code: code.to_owned(), ..Envelope::default() });
        self.said.sender = Some("okta");
        self
    }

    fn named(mut self, code: &'static str) -> Case {
        self.said.named.push(Named { code: Code(code), certainty: Certainty::Stated });
        self
    }

    fn body(mut self, text: &str) -> Case {
        self.evidence.body = Body::Json(json::read(text.as_bytes().to_vec()));
        self
    }

    fn undated(mut self) -> Case {
        self.said.date = None;
        self
    }

    fn kind(mut self, kind: Kind) -> Case {
        self.evidence.kind = kind;
        self
    }

    fn parameters(mut self, pairs: &[(&str, &str)]) -> Case {
        self.evidence.parameters = owned(pairs);
        self
    }

    fn registered(mut self, uris: &[&str]) -> Case {
        self.evidence.registered = uris.iter().map(|uri| (*uri).to_owned()).collect();
        self
    }

    fn hop(mut self, url: &str, location: &str) -> Case {
        self.evidence.hops.push(Hop { url: url.to_owned(), status: 301, location: location.to_owned() });
        self
    }

    fn join(&self) -> Joined {
        join(&self.evidence, &self.said, &catalogue(), NOW)
    }
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

fn jwt(header: &str, payload: &str) -> String {
    [base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes()), base64url::encode(&[7; 256])]
        .join(".")
}

/// A payload of one of Okta's servers: good from half an hour before the answer until half an hour after it.
fn okta(issuer: &str, audience: &str, scopes: &str) -> String {
    let (issued, expires) = (DATE - 1800, DATE + 1800);
    format!(
        r#"{{"ver":1,"jti":"AT.a","iss":"{issuer}","aud":"{audience}","iat":{issued},"exp":{expires},"cid":"0oab8eb55Kb9jdMIr5d6","uid":"00u1","scp":[{scopes}],"sub":"jane.doe@example.com"}}"#
    )
}

fn org(scopes: &str) -> String {
    okta(ORG, ORG, scopes)
}

fn custom(scopes: &str) -> String {
    okta("https://dev-1234.okta.com/oauth2/default", "api://default", scopes)
}

fn catalogue() -> Catalogue {
    let operation = |method, path, scopes: &[&'static str], flags, roles: &[&'static str]| Operation {
        method,
        path,
        scopes: scopes.to_vec(),
        flags,
        roles: roles.to_vec(),
    };
    let operations = vec![
        operation("GET", "/api/v1/users", &["okta.users.read"], 1, &[]),
        operation("POST", "/api/v1/users", &["okta.users.manage"], 1, &[]),
        operation("GET", "/api/v1/users/{userId}", &["okta.users.read"], 1, &[]),
        operation("GET", "/api/v1/users/{userId}/factors/questions", &[], 37, &[]),
        operation("GET", "/api/v1/org/privacy/aerial", &["okta.orgs.manage"], 0, &["SUPER_ADMIN"]),
        operation("GET", "/governance/api/v1/campaigns", &["okta.governance.accessCertifications.read"], 0, &[]),
        operation("GET", "/oauth2/v1/userinfo", &["openid"], 32, &[]),
        operation("GET", "/oauth2/{authorizationServerId}/v1/userinfo", &["openid"], 32, &[]),
    ];
    let row = |code: &'static str, excludes: &[&'static str], says| Row {
        code: Code(code),
        file: "okta_api",
        key: "",
        status: None,
        title: "",
        error: "",
        fragments: Vec::new(),
        next: Next::None,
        place: Vec::new(),
        excludes: excludes.to_vec(),
        severity: Severity::Error,
        sender: "",
        says,
        problem: "",
        explanation: None,
        remedy: None,
        reference: None,
    };
    let rows = vec![
        row("okta.E0000006", &["token", "scope"], ""),
        row("okta.E0000015", &["token", "scope"], ""),
        row("okta.E0000038", &["token", "scope"], ""),
        row("text.expired", &[], "expired"),
    ];
    let mut catalogue = Catalogue::default();
    catalogue.operations.extend(operations);
    catalogue.rows.extend(rows);
    catalogue.sources.push(("scopes", catalogue::Source { date: "2026-06-29", ..Default::default() }));
    catalogue
}

/// The codes that a case gives, without the facts that every token has.
fn codes(joined: &Joined) -> Vec<&'static str> {
    let everyday = [code::LIFETIME, code::ID_TOKEN_LIFETIME, code::TOKEN_EXPIRED_SINCE];
    let findings = joined.findings.iter().filter(|finding| !everyday.contains(&finding.code));
    findings.map(|finding| finding.code.0.strip_prefix("response.").unwrap()).collect()
}

fn check(what: &str, case: &Case, expected: &[&str]) -> Joined {
    let joined = case.join();
    assert_eq!(codes(&joined), expected, "{what}");
    joined
}

fn finding(joined: &Joined, code: Code) -> &Finding {
    joined.findings.iter().find(|finding| finding.code == code).unwrap_or_else(|| panic!("{} is missing", code.0))
}

const USERS: &str = "https://dev-1234.okta.com/api/v1/users";
const ORDERS: &str = "https://api.example.com/v1/orders";

#[test]
fn times_are_those_of_the_servers_own_clock() {
    let expired = custom("").replace(&(DATE + 1800).to_string(), &(DATE - 192).to_string());
    let case = Case::status(401).asked("GET", ORDERS).token(&expired).challenge(&[("error", "invalid_token")]);
    let joined = check("expired", &case, &["token-expired", "validation-list"]);
    let found = finding(&joined, code::TOKEN_EXPIRED);
    assert_eq!((found.certainty, found.severity), (Certainty::Proved, Severity::Error));
    assert_eq!(found.fact("late"), Some(&Fact::Duration(192)));
    let joined = check("by own clock", &case.clone().undated(), &["expired-by-own-clock", "validation-list"]);
    assert_eq!(finding(&joined, code::EXPIRED_BY_OWN_CLOCK).certainty, Certainty::Likely);

    let since = custom("").replace(&(DATE + 1800).to_string(), &(DATE + 60).to_string());
    let case = Case::status(429).asked("GET", ORDERS).token(&since);
    let joined = check("since", &case, &["token-valid-then"]);
    assert_eq!(finding(&joined, code::TOKEN_EXPIRED_SINCE).severity, Severity::Info);

    let early = custom("").replace(&(DATE - 1800).to_string(), &(DATE + 45).to_string());
    let case = Case::status(401).asked("GET", ORDERS).token(&early).challenge(&[("error", "invalid_token")]);
    let joined = check("skew", &case, &["token-valid-then", "clock-skew", "validation-list"]);
    let found = finding(&joined, code::CLOCK_SKEW);
    assert_eq!((found.fact("seconds"), found.certainty), (Some(&Fact::Count(45)), Certainty::Proved));
    assert!(matches!(found.fact("refuses"), Some(Fact::Words(who)) if who.starts_with("Okta")), "{found:?}");

    let not_yet = custom("").replace("\"ver\":1", &format!("\"nbf\":{}", DATE + 30));
    let case = Case::status(401).asked("GET", ORDERS).token(&not_yet).challenge(&[("error", "invalid_token")]);
    check("not yet", &case, &["token-valid-then", "not-yet-valid", "validation-list"]);

    let milliseconds = custom("").replace(&(DATE + 1800).to_string(), &format!("{}000", DATE + 1800));
    let case = Case::status(401).asked("GET", ORDERS).token(&milliseconds);
    check("milliseconds", &case, &["time-in-milliseconds", "validation-list"]);

    let long = org("").replace(&(DATE + 1800).to_string(), &(DATE + 7200).to_string());
    let case = Case::status(200).asked("GET", USERS).token(&long);
    check("not Okta's", &case, &["token-valid-then", "lifetime-not-oktas"]);

    let none = custom("").replace(&format!("\"exp\":{},", DATE + 1800), "");
    check("no exp", &Case::status(200).asked("GET", ORDERS).token(&none), &["no-expiry"]);
}

#[test]
fn a_server_that_says_expired_of_a_good_token_is_contradicted() {
    let case = Case::status(401)
        .asked("GET", ORDERS)
        .token(&custom(""))
        .challenge(&[("error", "invalid_token"), ("error_description", "The token has expired.")]);
    check("by its words", &case, &["token-valid-then", "says-expired", "validation-list"]);
    let case = Case::status(401).asked("GET", ORDERS).token(&custom("")).named("text.expired");
    check("by its row", &case, &["token-valid-then", "says-expired", "validation-list"]);
}

#[test]
fn scopes_are_missing_where_the_server_or_the_table_says_so_and_the_token_lacks_them() {
    let stated = [("error", "insufficient_scope"), ("scope", "orders.write")];
    let case = Case::status(403).asked("POST", ORDERS).token(&custom(r#""orders.read""#)).challenge(&stated);
    let joined = check("stated", &case, &["token-valid-then", "scope-missing"]);
    let rows: Vec<_> = joined.scopes.iter().map(|row| (row.scope.as_str(), row.in_token, row.needed)).collect();
    assert_eq!(rows, [("orders.write", Some(false), true), ("orders.read", Some(true), false)]);
    assert_eq!(finding(&joined, code::SCOPE_MISSING).certainty, Certainty::Proved);

    let has = Case::status(403).asked("POST", ORDERS).token(&custom(r#""orders.write""#)).challenge(&stated);
    check("contradicted", &has, &["token-valid-then", "scopes-present", "says-scope-missing"]);

    let near = Case::status(403).asked("POST", ORDERS).token(&custom(r#""Orders.Write""#)).challenge(&stated);
    check("near", &near, &["token-valid-then", "scope-missing", "scope-near"]);

    let table = Case::status(403).asked("POST", USERS).token(&org(r#""okta.users.read""#));
    let joined = check("table", &table, &["token-valid-then", "scope-missing-by-table", "scope-read-not-manage"]);
    assert_eq!(finding(&joined, code::SCOPE_MISSING_BY_TABLE).severity, Severity::Error);

    let own = Case::status(403).asked("GET", USERS).token(&org(r#""okta.users.read.self""#));
    check("self", &own, &["token-valid-then", "scope-missing-by-table", "scope-self-only"]);
    let me = "https://dev-1234.okta.com/api/v1/users/me";
    let own = Case::status(200).asked("GET", me).token(&org(r#""okta.users.read.self""#));
    check("own self", &own, &["token-valid-then", "scopes-present"]);

    let rule =
        Case::status(403).asked("DELETE", "https://dev-1234.okta.com/api/v1/users/00u1/new").token(&org(r#""openid""#));
    let joined = check("rule", &rule, &["token-valid-then", "scope-missing-by-rule"]);
    assert_eq!(finding(&joined, code::SCOPE_MISSING_BY_RULE).certainty, Certainty::Likely);

    let none = custom("").replace("\"scp\":[],", "\"roles\":[\"orders.write\"],");
    let case = Case::status(403).asked("POST", ORDERS).token(&none).challenge(&stated);
    check("in roles", &case, &["token-valid-then", "scope-in-roles"]);
    let none = custom("").replace("\"scp\":[],", "");
    let case = Case::status(403).asked("POST", ORDERS).token(&none).challenge(&stated);
    check("none", &case, &["token-valid-then", "no-scopes"]);

    let any = [
        ("error", "insufficient_scope"),
        ("scope", "profile email"),
        ("error_description", "must provide at least one of these scopes"),
    ];
    let url = "https://dev-1234.okta.com/oauth2/v1/userinfo";
    let case = Case::status(403).asked("GET", url).token(&org(r#""openid","email""#)).challenge(&any);
    check("any of several", &case, &["token-valid-then", "scopes-present", "says-scope-missing"]);
}

#[test]
fn a_403_that_is_not_about_scopes_gets_no_scope_error() {
    let case = Case::status(403).asked("POST", ORDERS).token(&custom(r#""orders.read""#));
    check("own API", &case, &["token-valid-then", "scopes-listed"]);
    let named = case.clone().challenge(&[("scope", "orders.read")]);
    check("own API that names the scope", &named, &["token-valid-then", "scopes-present"]);
    let case = Case::status(403)
        .asked("POST", USERS)
        .token(&org(r#""okta.users.read""#))
        .envelope("E0000038")
        .named("okta.E0000038");
    let joined = case.join();
    assert_eq!(finding(&joined, code::SCOPE_MISSING_BY_TABLE).severity, Severity::Info, "the state is the reason");
    let case = Case::status(403)
        .asked("POST", USERS)
        .token(&org(r#""okta.users.manage""#))
        .envelope("E0000038")
        .named("okta.E0000038");
    check("state", &case, &["token-valid-then", "scopes-present"]);
}

#[test]
fn a_role_is_missing_where_the_scopes_are_there() {
    let case = Case::status(403)
        .asked("POST", USERS)
        .token(&org(r#""okta.users.manage""#))
        .envelope("E0000006")
        .named("okta.E0000006");
    let joined = check("E0000006", &case, &["token-valid-then", "scopes-present", "role-missing"]);
    assert_eq!(finding(&joined, code::ROLE_MISSING).certainty, Certainty::Likely);
    let url = "https://dev-1234.okta.com/api/v1/org/privacy/aerial";
    let case = Case::status(403).asked("GET", url).token(&org(r#""okta.orgs.manage""#));
    check("known roles", &case, &["token-valid-then", "scopes-present", "role-missing", "roles-known"]);
    let ssws = "00aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789_-ab";
    let case = Case::status(403).asked("POST", USERS).text("SSWS", ssws).envelope("E0000006").named("okta.E0000006");
    check("API token", &case, &["role-of-owner-missing"]);
}

#[test]
fn tokens_are_for_the_server_that_they_name() {
    let case = Case::status(401)
        .asked("GET", USERS)
        .token(&custom(r#""okta.users.read""#))
        .challenge(&[("error", "invalid_token")]);
    let joined =
        check("custom at Okta", &case, &["token-valid-then", "custom-server-token-at-okta-api", "scopes-present"]);
    assert_eq!(finding(&joined, code::CUSTOM_SERVER_TOKEN_AT_OKTA_API).certainty, Certainty::Proved);
    let case = Case::status(200).asked("GET", "https://dev-1234.okta.com/idp/myaccount/profile").token(&custom(""));
    check("MyAccount", &case, &["token-valid-then"]);
    let case = Case::status(401).asked("GET", ORDERS).token(&org("")).challenge(&[("error", "invalid_token")]);
    let joined = check("org elsewhere", &case, &["token-valid-then", "org-server-token-at-own-api", "validation-list"]);
    assert_eq!(finding(&joined, code::ORG_SERVER_TOKEN_AT_OWN_API).certainty, Certainty::Proved);
    let case =
        Case::status(401).asked("GET", "https://dev-9.okta.com/api/v1/users").token(&org(r#""okta.users.read""#));
    check("other org", &case, &["token-valid-then", "other-org", "scopes-present"]);
    let case = Case::status(401)
        .asked("GET", "https://id.example.com/api/v1/users")
        .token(&org(r#""okta.users.read""#))
        .envelope("E0000011");
    check("custom domain", &case, &["token-valid-then", "other-host", "scopes-present"]);
    let case = Case::status(404)
        .asked("GET", "https://dev-1234-admin.okta.com/api/v1/users")
        .token(&org(r#""okta.users.read""#));
    check("admin host", &case, &["token-valid-then", "issuer-admin-host", "scopes-present"]);
    let case =
        Case::status(401).asked("GET", "https://dev-1234.okta.com/oauth2/v1/userinfo").token(&custom(r#""openid""#));
    check("UserInfo of another", &case, &["token-valid-then", "other-server", "scopes-present"]);
}

#[test]
fn issuer_and_audience_are_compared_with_what_the_server_names() {
    let says = |description: &str| {
        Case::status(401).asked("GET", ORDERS).token(&custom("")).oauth("invalid_token", description)
    };
    let case = says(
        "issuer https://dev-1234.okta.com/oauth2/default does not match expected issuer: https://dev-1234.okta.com",
    );
    check("issuer", &case, &["token-valid-then", "issuer-differs", "validation-list"]);
    let case = says("jwt issuer invalid. expected: https://dev-1234.okta.com/oauth2/default/");
    check("slash", &case, &["token-valid-then", "issuer-trailing-slash", "validation-list"]);
    check("unnamed", &says("The iss claim is not valid"), &["token-valid-then", "issuer-refused", "validation-list"]);
    let case = says("jwt audience invalid. expected: api://orders");
    let joined =
        check("audience", &case, &["token-valid-then", "audience-differs", "two-audiences", "validation-list"]);
    assert_eq!(finding(&joined, code::AUDIENCE_DIFFERS).certainty, Certainty::Proved);
    let mut envoy = Case::status(403).asked("GET", ORDERS).token(&custom(""));
    envoy.evidence.body = Body::Text("Audiences in Jwt are not allowed".to_owned());
    check("Envoy", &envoy, &["token-valid-then", "audience-refused", "two-audiences"]);
    let own = custom("").replace("api://default", "0oab8eb55Kb9jdMIr5d6");
    let case = Case::status(401).asked("GET", ORDERS).token(&own).oauth("invalid_token", "");
    check("client id", &case, &["token-valid-then", "audience-is-client-id", "revoked-or-resource", "validation-list"]);
}

#[test]
fn what_was_sent_is_told_from_what_should_be() {
    let id = custom("").replace("AT.a", "ID.a").replace("\"scp\":[],", "");
    let case = Case::status(401).asked("GET", ORDERS).token(&id);
    let joined = check("ID token", &case, &["id-token-sent", "token-valid-then"]);
    assert_eq!(finding(&joined, code::ID_TOKEN_SENT).certainty, Certainty::Proved);
    let case = Case::status(401)
        .asked("GET", ORDERS)
        .text("Bearer", &jwt(r#"{"typ":"dpop+jwt"}"#, r#"{"iat":1795182000,"exp":1795183000}"#));
    check("DPoP proof", &case, &["other-jwt-sent", "token-valid-then"]);
    let case =
        Case::status(401).asked("GET", ORDERS).text("Bearer", &jwt("{}", r#"{"typ":"Refresh","exp":1795183000}"#));
    check("refresh token", &case, &["refresh-token-sent", "token-valid-then"]);
    let case = Case::status(401).asked("GET", USERS).text("Bearer", "x7Qd0cV3kPq2mS9tR5wY8zA1bC4eF6gH0jK2lM4nO6p");
    check("opaque", &case, &["refresh-or-opaque-token"]);
    let ssws = "00aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789_-ab";
    let case = Case::status(401).asked("GET", USERS).text("Bearer", ssws).envelope("E0000011");
    let joined = check("API token as Bearer", &case, &["api-token-as-bearer"]);
    assert_eq!(finding(&joined, code::API_TOKEN_AS_BEARER).certainty, Certainty::Proved);
    let case = Case::status(401).asked("GET", USERS).text("SSWS", &jwt("{}", &org(r#""okta.users.read""#)));
    check("Bearer as SSWS", &case, &["bearer-as-ssws", "token-valid-then", "scopes-present"]);
    let case =
        Case::status(403).asked("GET", "https://dev-1234.okta.com/governance/api/v1/campaigns").text("SSWS", ssws);
    check("no API token", &case, &["operation-without-api-token"]);
    let case = Case::status(401).asked("GET", ORDERS).text("Bearer", "undefined");
    check("placeholder", &case, &["token-not-replaced"]);
    for (written, expected) in [("Bearer undefined", "token-not-replaced"), ("Bearer", "header-written-odd")] {
        let mut case = Case::status(401).asked("GET", ORDERS).text("Bearer", "");
        case.evidence.token.as_mut().unwrap().written = Some(written.to_owned());
        check(written, &case, &[expected]);
    }
    let mut case = Case::status(401).asked("GET", ORDERS).token(&custom(""));
    case.evidence.token.as_mut().unwrap().written = Some("Bearer Bearer …".to_owned());
    check("written", &case, &["header-written-odd", "token-valid-then", "validation-list"]);
    let cut = jwt("{}", &custom(""));
    let case = Case::status(401).asked("GET", ORDERS).text("Bearer", &cut[..120]);
    check("cut", &case, &["token-damaged"]);
    let five = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aaaaaaaaaaaaaaaa.bbbb.cccccccccccccccccccccc";
    check("encrypted", &Case::status(401).asked("GET", ORDERS).text("Bearer", five), &["encrypted-token"]);
}

#[test]
fn a_header_that_did_not_arrive_is_told_from_one_that_was_not_sent() {
    let case = Case::status(401).asked("GET", ORDERS).header("Accept", "*/*").challenge(&[("realm", "orders")]);
    check("not sent", &case, &["header-not-sent"]);
    let case = Case::status(401).asked("GET", ORDERS).token(&custom("")).challenge(&[("realm", "orders")]);
    check("not arrived", &case, &["token-valid-then", "header-not-arrived"]);
    let case = Case::status(401)
        .asked("GET", "http://api.example.com/v1/orders")
        .header("Authorization", "Bearer ")
        .hop("http://api.example.com/v1/orders", "https://api.example.com/v1/orders")
        .challenge(&[("realm", "orders")]);
    let joined = check("dropped", &case, &["header-dropped"]);
    assert_eq!(finding(&joined, code::HEADER_DROPPED).certainty, Certainty::Likely);
    let case = Case::status(401).asked("GET", ORDERS).hop(ORDERS, "/v2/orders");
    check("same host", &case, &[]);
}

#[test]
fn dpop_is_compared_with_the_tokens_own_binding() {
    let bound = custom("").replace("\"ver\":1", r#""cnf":{"jkt":"t"}"#);
    let case = Case::status(401).asked("GET", ORDERS).token(&bound).oauth("invalid_token", "");
    let joined = check("bound", &case, &["dpop-bound-as-bearer", "token-valid-then", "validation-list"]);
    assert_eq!(finding(&joined, code::DPOP_BOUND_AS_BEARER).certainty, Certainty::Proved);
    let case = Case::status(401).asked("GET", ORDERS).text("DPoP", &jwt("{}", &custom(""))).oauth("invalid_token", "");
    check("unbound", &case, &["bearer-as-dpop", "token-valid-then", "validation-list"]);
    let case = Case::status(401)
        .asked("GET", ORDERS)
        .header("Authorization", "DPoP ")
        .text("DPoP", &jwt("{}", &bound))
        .oauth("invalid_dpop_proof", "");
    check("no proof", &case, &["dpop-proof-missing", "token-valid-then", "validation-list"]);
}

#[test]
fn a_machines_token_is_a_fault_where_a_user_is_asked_for() {
    let machine = org("").replace("\"uid\":\"00u1\",", "").replace("jane.doe@example.com", "0oab8eb55Kb9jdMIr5d6");
    let case = Case::status(401).asked("GET", "https://dev-1234.okta.com/oauth2/v1/userinfo").token(&machine);
    let joined = case.join();
    assert_eq!(finding(&joined, code::MACHINE_TOKEN_FOR_USER).severity, Severity::Error);
    let case = Case::status(200).asked("GET", "https://dev-1234.okta.com/api/v1/zones").token(&machine);
    check("no user needed", &case, &["machine-token", "token-valid-then"]);
    let groups = custom(r#""openid","groups""#);
    check(
        "groups",
        &Case::status(403).asked("GET", ORDERS).token(&groups),
        &["token-valid-then", "scopes-listed", "groups-missing"],
    );
}

#[test]
fn when_all_is_well_revocation_or_the_resource_is_left() {
    let case = Case::status(401).asked("GET", ORDERS).token(&custom("")).challenge(&[("error", "invalid_token")]);
    let joined = check("elimination", &case, &["token-valid-then", "revoked-or-resource", "validation-list"]);
    assert_eq!(finding(&joined, code::REVOKED_OR_RESOURCE).certainty, Certainty::Likely);
    let case = Case::status(401)
        .asked("GET", USERS)
        .token(&org(r#""okta.users.read""#))
        .envelope("E0000015")
        .named("okta.E0000015");
    check("a feature", &case, &["token-valid-then", "scopes-present"]);
    let case = Case::status(401)
        .asked("GET", ORDERS)
        .token(&custom(""))
        .oauth("invalid_token", "Signed JWT rejected: Invalid signature");
    check("a signature", &case, &["token-valid-then", "validation-list"]);
}

#[test]
fn introspection_is_asked_of_the_tokens_own_server() {
    let inactive = r#"{"active":false}"#;
    let org_url = "https://dev-1234.okta.com/oauth2/v1/introspect";
    let own_url = "https://dev-1234.okta.com/oauth2/default/v1/introspect";
    let case = Case::status(200).asked("POST", org_url).token(&custom("")).body(inactive);
    let joined =
        check("wrong server", &case, &["token-valid-then", "introspection-wrong-server", "introspection-inactive"]);
    let found = finding(&joined, code::INTROSPECTION_WRONG_SERVER);
    assert_eq!((found.fact_text("right"), found.certainty), (Some(own_url), Certainty::Proved));
    let case = Case::status(200).asked("POST", own_url).token(&custom("")).body(inactive);
    check("revoked", &case, &["token-valid-then", "introspection-inactive", "introspection-revoked"]);
    let expired = custom("").replace(&(DATE + 1800).to_string(), &(DATE - 192).to_string());
    let case = Case::status(200).asked("POST", own_url).token(&expired).body(inactive);
    check("expired", &case, &["token-expired", "introspection-inactive", "introspection-expired"]);
    let case = Case::status(200).asked("POST", own_url).token(&custom("")).body(r#"{"active":true}"#);
    check("active", &case, &["token-valid-then", "introspection-active"]);
    check("alone", &Case::default().body(inactive), &["introspection-inactive"]);
}

#[test]
fn keys_and_discovery_belong_to_a_server() {
    let set = |kid: &str| format!(r#"{{"keys":[{{"kty":"RSA","kid":"{kid}"}}]}}"#);
    let case =
        Case::status(200).asked("GET", "https://dev-1234.okta.com/oauth2/v1/keys").token(&custom("")).body(&set("k2"));
    let joined = check("wrong set", &case, &["token-valid-then", "keys-wrong-set", "key-id-not-in-set"]);
    assert_eq!(
        finding(&joined, code::KEYS_WRONG_SET).fact_text("right"),
        Some("https://dev-1234.okta.com/oauth2/default/v1/keys")
    );
    let mut case = Case::status(200)
        .asked("GET", "https://dev-1234.okta.com/oauth2/default/v1/keys")
        .token(&custom(""))
        .body(&set("k1"));
    case.evidence.headers = Headers(owned(&[("Cache-Control", "max-age=3600")]));
    check("right set", &case, &["token-valid-then", "keys-cache", "key-id-in-set"]);
    let case = Case::status(404).asked("GET", "https://dev-1234.okta.com/oauth2/.well-known/openid-configuration");
    let joined = check("discovery", &case, &["discovery-not-found"]);
    let Some(Fact::List(right)) = finding(&joined, code::DISCOVERY_NOT_FOUND).fact("right") else { panic!() };
    assert_eq!(right[1], "https://dev-1234.okta.com/oauth2/default/.well-known/openid-configuration");
}

#[test]
fn redirect_uris_are_compared_with_the_registered_ones() {
    let sent = |uri: &str| {
        let parameters = [
            ("response_type", "code"),
            ("client_id", "0oa1"),
            ("redirect_uri", uri),
            ("scope", "openid"),
            ("state", "s"),
            ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
            ("code_challenge_method", "S256"),
        ];
        Case::default().kind(Kind::AuthorizationRequest).parameters(&parameters)
    };
    let registered = ["https://app.example/cb", "http://localhost:3000/cb"];
    let case = sent("https://app.example/cb/").registered(&registered);
    let joined = check("slash", &case, &["redirect-uri-differs", "redirect-uri-slash"]);
    assert_eq!(finding(&joined, code::REDIRECT_URI_DIFFERS).fact("position"), Some(&Fact::Count(23)));
    check("registered", &sent("https://app.example/cb").registered(&registered), &["redirect-uri-registered"]);
    check(
        "http",
        &sent("http://app.example/cb").registered(&registered),
        &["redirect-uri-http", "redirect-uri-differs", "redirect-uri-scheme"],
    );
    check(
        "wildcard",
        &sent("https://pr-7.app.example/cb").registered(&["https://*.app.example/cb"]),
        &["redirect-uri-wildcard"],
    );
    let message =
        "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings: https://app.example/CB.";
    let case = Case::status(400).oauth("invalid_request", message).registered(&registered);
    check("from the message", &case, &["redirect-uri-differs", "redirect-uri-case"]);
    let case = Case::status(400).oauth("invalid_request", message);
    check("without registered ones", &case, &[]);
}

#[test]
fn authorization_requests_are_looked_through() {
    let all = [
        ("response_type", "code"),
        ("client_id", "0oa1"),
        ("redirect_uri", "https://app.example/cb"),
        ("scope", "openid"),
        ("state", "s"),
        ("code_challenge", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"),
        ("code_challenge_method", "S256"),
    ];
    let with = |name: &str, value: Option<&str>| {
        let mut parameters: Vec<_> = all.iter().copied().filter(|(key, _)| *key != name).collect();
        if let Some(value) = value {
            parameters.push((name, value));
        }
        Case::default()
            .kind(Kind::AuthorizationRequest)
            .parameters(&parameters)
            .asked("GET", "https://dev-1234.okta.com/oauth2/v1/authorize")
    };
    check("fine", &with("x", None), &[]);
    check("client_id", &with("client_id", None), &["request-incomplete"]);
    check("state", &with("state", None), &["state-missing"]);
    check("PKCE", &with("code_challenge", None), &["pkce-missing"]);
    check("method", &with("code_challenge_method", None), &["pkce-plain"]);
    check("form", &with("code_challenge", Some("abc=")), &["pkce-challenge-form"]);
    check("openid", &with("scope", Some("profile email")), &["openid-missing"]);
    check("implicit", &with("response_type", Some("id_token token")), &["implicit-flow", "nonce-missing"]);
    check("custom scope", &with("scope", Some("openid orders.read")), &["scopes-mixed", "custom-scopes-at-org-server"]);
    check(
        "two",
        &Case::default().kind(Kind::AuthorizationRequest).parameters(&[&all[..], &all[..1]].concat()),
        &["parameter-twice"],
    );
    let url = "https://dev-1234.okta.com/oauth2/default/v1/authorize?response_type=code&client_id=0oa1&redirect_uri=https%3A%2F%2Fapp.example%2Fcb&scope=okta.users.read+openid&state=s&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256";
    check("custom server", &Case::status(400).asked("GET", url), &["scopes-mixed", "scopes-not-on-server"]);
    let url = "https://dev-1234.okta.com/oauth2/default/v1/token";
    let form = [("grant_type", "authorization_code"), ("scope", "openid"), ("redirect_uri", ""), ("code_verifier", "")];
    let case = Case::status(401).asked("POST", url).form(&form).oauth("access_denied", "");
    check("no rule", &case, &["openid-scopes-need-a-rule"]);
    check("silent", &Case::default().kind(Kind::Redirect).oauth("login_required", ""), &["silent-sign-in"]);
}

#[test]
fn token_requests_are_looked_through() {
    let url = "https://dev-1234.okta.com/oauth2/default/v1/token";
    let ask = |pairs: &[(&str, &str)]| Case::status(400).asked("POST", url).form(pairs);
    check("no grant type", &ask(&[("code", "")]), &["grant-type-missing"]);
    check(
        "JSON",
        &Case::status(400).asked("POST", url).header("Content-Type", "application/json"),
        &["token-request-json"],
    );
    check("GET", &Case::status(405).asked("GET", url), &["token-request-method"]);
    check("openid", &ask(&[("grant_type", "client_credentials"), ("scope", "openid")]), &["client-credentials-openid"]);
    check(
        "code",
        &ask(&[("grant_type", "authorization_code"), ("code", "")]),
        &["token-redirect-uri-missing", "verifier-missing"],
    );
    let refresh = ask(&[("grant_type", "refresh_token"), ("refresh_token", "")]).oauth("invalid_grant", "");
    check("refresh", &refresh, &["refresh-token-idle", "refresh-reused"]);
    let org_url = "https://dev-1234.okta.com/oauth2/v1/token";
    let pairs = [("grant_type", "client_credentials"), ("scope", "okta.users.read"), ("client_secret", "")];
    check("secret", &Case::status(401).asked("POST", org_url).form(&pairs), &["service-app-secret"]);
    let pairs = [("grant_type", "client_credentials"), ("scope", "okta.users.read")];
    check("okta scope", &ask(&pairs).oauth("invalid_scope", ""), &["scopes-not-on-server"]);
    let case = Case::status(200).body(r#"{"access_token":"","refresh_token":""}"#);
    check("in the page", &case, &["refresh-token-in-page"]);
}

#[test]
fn a_fine_token_with_a_200_brings_no_error() {
    for (url, payload) in [
        (USERS, org(r#""okta.users.read""#)),
        (ORDERS, custom(r#""orders.read""#)),
        ("https://dev-1234.okta.com/oauth2/default/v1/userinfo", custom(r#""openid""#)),
    ] {
        let joined = Case::status(200).asked("GET", url).token(&payload).join();
        let bad: Vec<_> = joined.findings.iter().filter(|finding| finding.severity < Severity::Info).collect();
        assert!(bad.is_empty(), "{url}: {bad:#?}");
        assert_eq!(joined.token.unwrap().subject, "jane.doe@example.com");
    }
}

#[test]
fn nothing_gives_nothing() {
    check("nothing", &Case::default(), &[]);
}

#[test]
fn every_code_has_its_row_and_every_row_its_advice() {
    let table = json::read(include_bytes!("../src/data/messages/response_join.json").to_vec());
    let rows = table.root.as_ref().unwrap().members();
    for code in code::ALL {
        let row = rows.iter().find(|member| member.name == code.0).unwrap_or_else(|| panic!("{} has no row", code.0));
        let text = |name: &str| row.value.member(name).and_then(|value| value.as_str()).unwrap_or_default();
        assert!(!text("problem").is_empty() && !text("problem").ends_with('.'), "{}", code.0);
        for name in ["explanation", "remedy"] {
            assert!(text(name).is_empty() || text(name).ends_with(['.', ')']), "{}: {name}", code.0);
        }
        let nexts = ["renew", "sign-in", "request", "setup", "wait", "retry", "poll", "support", "none"];
        assert!(nexts.contains(&text("next")), "{}: {}", code.0, text("next"));
        assert!(text("next") == "none" || !text("remedy").is_empty(), "{}: what is to be done?", code.0);
        let commands =
            ["", "introspect", "rate-limit", "system-log", "discovery", "keys", "status", "token-decode", "whoami"];
        assert!(commands.contains(&text("command")), "{}: {}", code.0, text("command"));
    }
    let declared = |name: &str| code::ALL.iter().any(|code| code.0 == name);
    for member in rows {
        assert!(declared(&member.name), "{} is no code", member.name);
    }
}

#[test]
fn every_operation_of_oktas_table_is_found_by_its_own_path() {
    let catalogue = whole::catalogue();
    assert!(catalogue.operations.len() > 900);
    for operation in &catalogue.operations {
        // Ids with everything that paths may hold in them.
        let segments = operation.path.split('/').map(|part| match part.split_once('{') {
            Some((before, rest)) => format!("{before}x%2Fy@z.1{}", rest.split_once('}').unwrap().1),
            None => part.to_owned(),
        });
        let url = format!("{ORG}{}/?limit=1", segments.collect::<Vec<_>>().join("/"));
        let needed = scopes::needed(operation.method, &url, catalogue);
        assert_eq!(needed.operation, Some(operation), "{url}");
        assert_eq!(needed.scopes, operation.scopes, "{url}");
        assert_eq!(needed.source, Source::Table, "{url}");
    }
}

#[test]
fn the_rule_says_what_the_table_says_nearly_everywhere() {
    let catalogue = whole::catalogue();
    let is_listed = |operation: &&Operation| !operation.scopes.is_empty();
    let mut exceptions = Vec::new();
    for operation in catalogue.operations.iter().filter(is_listed) {
        let suffix = if operation.method == "GET" { ".read" } else { ".manage" };
        if !operation.scopes.iter().all(|scope| scope.ends_with(suffix)) {
            exceptions.push(operation.path);
        }
    }
    assert_eq!(exceptions.len(), 8, "{exceptions:#?}");
}

#[test]
fn hostile_cases_end_soon() {
    let long = |text: &str| text.repeat(1_000_000 / text.len());
    let many = (0..100_000).map(|number| format!("\"s{number}\"")).collect::<Vec<_>>().join(",");
    let claims = (0..50_000).map(|number| format!("\"c{number}\":1")).collect::<Vec<_>>().join(",");
    let started = Instant::now();
    let cases = [
        Case::status(403)
            .asked("POST", USERS)
            .token(&org(&many))
            .challenge(&[("scope", &long("scope ")), ("error", "insufficient_scope")]),
        Case::status(401).asked("GET", &long("/a%é")).token(&custom("").replace("\"ver\":1", &claims)),
        Case::status(400)
            .oauth("invalid_request", &long("redirect_uri é://é "))
            .registered(&["https://app.example/cb"; 1000]),
        Case::status(401).asked("GET", ORDERS).token(&custom("")).oauth("invalid_token", &long("expected issuer ")),
        Case::default().kind(Kind::AuthorizationRequest).parameters(&vec![("scope", "openid profile"); 50_000]),
        Case::status(400).asked("GET", &format!("{ORG}/oauth2/v1/authorize?{}", long("scope=a+b&"))),
        Case::status(200)
            .asked("GET", "https://dev-1234.okta.com/oauth2/v1/keys")
            .token(&org(""))
            .body(&format!("{{\"keys\":[{}]}}", vec!["{\"kid\":\"a\"}"; 50_000].join(","))),
        Case::status(401).asked("GET", ORDERS).text("Bearer", &long(".")),
        (0..20_000).fold(Case::status(401).asked("GET", ORDERS), |case, _| case.hop("", "https://b.example/")),
    ];
    for (number, case) in cases.iter().enumerate() {
        let before = Instant::now();
        join(&case.evidence, &case.said, whole::catalogue(), NOW);
        assert!(before.elapsed().as_secs() < 5, "case {number} takes {:?}", before.elapsed());
    }
    println!("{:?}", started.elapsed());
}

/// Everything that a case may be made of, for the laws.
fn any_case() -> impl Strategy<Value = Case> {
    let urls = prop::sample::select(vec![
        "",
        "/api/v1/users/me",
        USERS,
        ORDERS,
        "https://id.example.com/api/v1/users",
        "https://dev-1234-admin.okta.com/api/v1/users",
        "https://dev-1234.okta.com/oauth2/default/v1/introspect",
        "https://dev-1234.okta.com/oauth2/v1/userinfo",
        "https://dev-1234.okta.com/oauth2/v1/keys",
        "https://dev-1234.okta.com/oauth2/v1/token",
        "https://dev-1234.okta.com/oauth2/x/.well-known/openid-configuration",
        "https://dev-1234.okta.com/oauth2/default/v1/authorize?scope=okta.a+b&redirect_uri=http://é",
        "%%%",
    ]);
    let issuers =
        prop::sample::select(vec![ORG, "https://dev-1234.okta.com/oauth2/default", "https://dev-9.okta.com", "", "x"]);
    let scopes = prop::sample::subsequence(
        vec![
            "okta.users.read",
            "okta.users.manage",
            "okta.users.read.self",
            "openid",
            "orders.read",
            "groups",
            "Okta.Users.Read",
        ],
        0..=7,
    );
    let stated =
        prop::sample::select(vec!["", "okta.users.read", "orders.read orders.write", "openid", "okta.users.manage x"]);
    let errors = prop::sample::select(vec![
        "",
        "invalid_token",
        "insufficient_scope",
        "invalid_grant",
        "invalid_scope",
        "login_required",
    ]);
    let words = prop::sample::select(vec![
        "",
        "The token has expired.",
        "expected issuer: https://a/",
        "audience does not match api://x",
        "redirect_uri https://app.example/é",
        "expected",
        "at least one of",
    ]);
    let envelopes = prop::sample::select(vec!["", "E0000006", "E0000011", "E0000015"]);
    let status = prop::sample::select(vec![0_u16, 200, 302, 400, 401, 403, 404, 429, 500]);
    let times = (-4000_i64..4000, -4000_i64..4000);
    let extra = prop::sample::select(vec![
        "",
        r#","nonce":"n""#,
        r#","cnf":{"jkt":"t"}"#,
        r#","typ":"Refresh""#,
        r#","exp":1795182000000"#,
        "}}{",
    ]);
    let schemes = prop::sample::select(vec!["", "Bearer", "DPoP", "SSWS", "Token"]);
    let bodies = prop::sample::select(vec![
        "",
        r#"{"active":false}"#,
        r#"{"keys":[{"kid":"k1"},1]}"#,
        r#"{"refresh_token":"","access_token":""}"#,
    ]);
    (
        (urls, issuers, scopes, stated, errors, words),
        (envelopes, status, times, extra, schemes, bodies),
        (any::<bool>(), any::<bool>(), 0..5_usize),
    )
        .prop_map(
            |(
                (url, issuer, scopes, stated, error, words),
                (envelope, status, (issued, expires), extra, scheme, body),
                (dated, named, kind),
            )| {
                let mut case = if status == 0 { Case::default() } else { Case::status(status) };
                if !dated {
                    case = case.undated();
                }
                if !url.is_empty() {
                    case = case.asked(if named { "POST" } else { "GET" }, url);
                }
                let list = scopes.iter().map(|scope| format!("\"{scope}\"")).collect::<Vec<_>>().join(",");
                let payload = okta(issuer, issuer, &list)
                    .replace(&(DATE - 1800).to_string(), &(DATE + issued).to_string())
                    .replace(&(DATE + 1800).to_string(), &(DATE + expires).to_string());
                let payload = format!("{}{extra}}}", payload.trim_end_matches('}'));
                case = case.text(scheme, &jwt(r#"{"kid":"k1"}"#, &payload));
                if !stated.is_empty() || !error.is_empty() {
                    case = case.challenge(&[("scope", stated), ("error", error), ("error_description", words)]);
                }
                if !error.is_empty() && named {
                    case = case.oauth(error, words);
                }
                if !envelope.is_empty() {
                    case = case.envelope(envelope);
                    if named && envelope != "E0000011" {
                        case = case.named(if envelope == "E0000006" { "okta.E0000006" } else { "okta.E0000015" });
                    }
                }
                if !body.is_empty() {
                    case = case.body(body);
                }
                case.evidence.kind =
                    [Kind::Http, Kind::Json, Kind::Redirect, Kind::AuthorizationRequest, Kind::Nothing][kind];
                if kind > 2 {
                    case = case.parameters(&[
                        ("scope", "profile"),
                        ("scope", "okta.users.read"),
                        ("redirect_uri", "https://app.example/cb"),
                    ]);
                    case = case.registered(&["https://app.example/CB", ""]);
                }
                case.hop(url, "https://other.example/")
            },
        )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn no_combination_breaks_it_or_contradicts_itself(case in any_case()) {
        let joined = case.join();
        let has = |code: Code| joined.findings.iter().any(|finding| finding.code == code);
        let lacks = has(code::SCOPE_MISSING) || has(code::SCOPE_MISSING_BY_TABLE) || has(code::SCOPE_MISSING_BY_RULE) || has(code::NO_SCOPES);
        prop_assert!(!(lacks && has(code::SCOPES_PRESENT)));
        prop_assert!(!(has(code::TOKEN_EXPIRED) && has(code::TOKEN_VALID_THEN)));
        prop_assert!(!(has(code::REVOKED_OR_RESOURCE) && has(code::TOKEN_EXPIRED)));
        for finding in &joined.findings {
            // Every place for a fact is filled.
            let words = WORDS.words(finding, NOW);
            let texts = [Some(words.problem), words.explanation, words.remedy, words.brief];
            for prose in texts.into_iter().flatten() {
                let bare = prose.to_string().replace("Bearer …", "").replace("Token …", "").replace("v1/…", "");
                prop_assert!(!bare.contains('…'), "{}: {}", finding.code.0, bare);
            }
        }
        if case.evidence.status == Some(200) {
            let is_scope = |finding: &&Finding| finding.code.0.contains("scope") && finding.severity == Severity::Error;
            prop_assert!(joined.findings.iter().find(is_scope).is_none() || case.evidence.kind == Kind::AuthorizationRequest);
        }
    }
}
