//! What the server says, in whatever dialect: a small catalogue, answers, and what is read in them.

#![allow(clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use std::sync::OnceLock;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use tokenscope::finding::{Certainty, Code, Fact, Finding, Severity};
use tokenscope::json;
use tokenscope::response_doctor::answer::{self, Said};
use tokenscope::response_doctor::catalogue::{Next, Row};
use tokenscope::response_doctor::evidence::{Body, Event, Kind, Request};
use tokenscope::response_doctor::{Catalogue, Evidence, WORDS, challenge};
use tokenscope::time::Time;

#[path = "support/catalogue.rs"]
mod all;

fn row(code: &'static str, status: u16, error: &'static str, fragments: &[&'static str]) -> Row {
    let (prefix, key) = code.split_once('.').unwrap();
    let file = match prefix {
        "okta" if key.starts_with("E0") => "okta_api",
        "okta" => "okta_oauth",
        "gateway" => "bodies",
        other => other,
    };
    Row {
        code: Code(code),
        file,
        key,
        status: Some(status).filter(|status| *status > 0),
        title: "A title",
        error,
        fragments: fragments.to_vec(),
        next: Next::None,
        place: Vec::new(),
        excludes: Vec::new(),
        severity: Severity::Error,
        sender: "",
        says: "",
        problem: "A problem",
        explanation: None,
        remedy: None,
        reference: None,
    }
}

/// The small catalogue, made once.
fn known() -> &'static Catalogue {
    static KNOWN: OnceLock<Catalogue> = OnceLock::new();
    KNOWN.get_or_init(catalogue)
}

fn catalogue() -> Catalogue {
    let mut rows = vec![
        row("okta.E0000001", 400, "", &[]),
        row("okta.E0000006", 403, "", &[]),
        row("okta.E0000009", 500, "", &[]),
        row("okta.E0000011", 401, "", &["Invalid token provided"]),
        Row { excludes: vec!["token"], ..row("okta.E0000015", 401, "", &[]) },
        row("okta.E0000047", 429, "", &[]),
        Row { excludes: vec!["quota"], ..row("okta.E0000109", 429, "", &[]) },
        row("okta.user_not_assigned", 400, "access_denied", &["not assigned to the client"]),
        row("okta.no_matching_policy", 401, "access_denied", &["Policy evaluation failed"]),
        row("okta.scope_denied", 400, "access_denied", &["denied by the policy"]),
        row("okta.invalid_client_secret", 401, "invalid_client", &["client secret supplied"]),
        row("okta.invalid_client", 401, "invalid_client", &["Either the client or the client credentials"]),
        row("okta.invalid_token_endpoint_auth_method", 401, "invalid_client", &["Either the client"]),
        row("okta.shared_one", 400, "invalid_scope", &["No scopes were requested"]),
        row("okta.shared_two", 400, "invalid_scope", &["No scopes were requested"]),
        row("okta.too_many_user_codes", 429, "", &["Too many user codes"]),
        row("okta.access_token_missing", 401, "invalid_request", &["access token is missing"]),
        row("okta.illegal_redirect_uri", 400, "invalid_request", &["a Login redirect URI"]),
        row("oauth.access_denied", 0, "", &[]),
        row("oauth.inactive", 200, "", &[]),
        row("oauth.insufficient_scope", 403, "", &[]),
        row("oauth.insufficient_user_authentication", 401, "", &[]),
        row("oauth.insufficient_claims", 401, "", &[]),
        row("oauth.invalid_client", 401, "", &[]),
        row("oauth.invalid_grant", 400, "", &[]),
        row("oauth.invalid_request", 400, "", &[]),
        row("oauth.invalid_scope", 400, "", &[]),
        row("oauth.invalid_token", 401, "", &[]),
        row("oauth.use_dpop_nonce", 401, "", &[]),
        row("entra.AADSTS50011", 400, "", &[]),
        row("entra.AADSTS700016", 400, "", &[]),
        row("curl.6", 0, "", &["Could not resolve host"]),
        row("saml.signature", 0, "", &["signature validation failed", "invalid signature in saml"]),
        Row { says: "expired", sender: "Envoy or Istio", ..row("gateway.envoy-expired", 401, "", &["Jwt is expired"]) },
        Row { says: "missing", sender: "Envoy or Istio", ..row("gateway.envoy-missing", 401, "", &["Jwt is missing"]) },
        Row {
            says: "audience",
            sender: "Envoy or Istio",
            excludes: vec!["scope"],
            ..row("gateway.envoy-audience", 403, "", &["Audiences in Jwt are not allowed"])
        },
        Row {
            says: "expired",
            sender: "Spring Security",
            ..row("gateway.spring-expired", 401, "", &["Jwt expired at"])
        },
        Row {
            sender: "AWS API Gateway",
            excludes: vec!["token", "scope"],
            ..row("gateway.aws-path", 403, "", &["Missing Authentication Token"])
        },
        Row { says: "expired", sender: "Kong", ..row("gateway.kong-expired", 401, "", &["token expired"]) },
        Row {
            says: "signature",
            sender: "Kong",
            ..row("gateway.kong-signature", 401, "", &["{\"message\":\"Invalid signature\"}"])
        },
        row("gateway.cloudflare", 403, "", &["cf-mitigated: challenge"]),
        row("gateway.nginx", 403, "", &["<center><h1>403 Forbidden</h1></center>"]),
        row("topic.groups", 0, "", &["groups claim is missing", "no groups"]),
    ];
    rows.sort_by_key(|row| row.code.0);
    let mut catalogue = Catalogue::default();
    catalogue.rows.extend(rows);
    catalogue
}

/// An answer: status and header lines, then an empty line and the body.
fn evidence(text: &str) -> Evidence {
    let (head, body) = text.split_once("\n\n").unwrap_or((text, ""));
    let mut lines = head.lines();
    let status: Option<u16> = lines.next().and_then(|line| line.trim().parse().ok());
    let headers = lines.map(|line| line.split_once(':').map(|(name, value)| (name, value.trim())).unwrap());
    let body = match body {
        "" if text.contains("\n\n") => Body::Empty,
        "" => Body::Unknown,
        json if json.starts_with(['{', '[', '"']) => Body::Json(json::read(json.as_bytes().to_vec())),
        page if page.starts_with('<') => {
            let title = page.split_once("<title>").and_then(|(_, rest)| rest.split_once("</title>"));
            Body::Html { title: title.map(|(title, _)| title.to_owned()).unwrap_or_default(), text: page.to_owned() }
        }
        text => Body::Text(text.to_owned()),
    };
    Evidence { kind: Kind::Http, status, headers: headers.collect(), has_headers: true, body, ..Evidence::default() }
}

fn read(evidence: &Evidence) -> Said {
    let said = answer::read(evidence, known());
    for finding in &said.findings {
        if answer::code::ALL.contains(&finding.code) {
            let words = WORDS.words(finding, Time::default());
            for prose in [Some(words.problem), words.brief, words.explanation, words.remedy].into_iter().flatten() {
                assert!(!prose.to_string().contains('…'), "a place without its fact: {finding:?}");
            }
        }
    }
    said
}

/// The findings, those that fail first marked: `!` error, `~` warning, `+` passed, `?` likely.
fn outline(said: &Said) -> String {
    let mark = |finding: &Finding| {
        let severity = match finding.severity {
            Severity::Error => "!",
            Severity::Warning => "~",
            Severity::Info => "",
            Severity::Ok => "+",
        };
        let sure = if finding.certainty == Certainty::Likely { "?" } else { "" };
        format!("{severity}{sure}{}", finding.code.0.trim_start_matches("response."))
    };
    said.findings.iter().map(mark).collect::<Vec<_>>().join(" ")
}

fn check(text: &str, expected: &str) {
    let said = read(&evidence(text));
    assert_eq!(outline(&said), expected, "{text}\n{said:#?}");
}

#[test]
fn codes_of_okta_are_named() {
    check(
        "401\n\n{\"errorCode\":\"E0000011\",\"errorSummary\":\"Invalid token provided\",\"errorId\":\"oae1\",\"errorCauses\":[]}",
        "!okta.E0000011",
    );
    check(
        "400\n\n[{\"errorCode\":\"E0000001\",\"errorSummary\":\"Api validation failed: login\",\"errorId\":\"oae1\",\"errorCauses\":[{\"errorSummary\":\"login: taken\"},\"too short\"]}]",
        "!okta.E0000001 causes",
    );
    check("403\n\n{\"error\":{\"errorCode\":\"E0000006\",\"errorSummary\":\"No\"}}", "!okta.E0000006");
    check(
        "401\n\n{\"errorCode\":\"E0000015\",\"errorSummary\":\"No\",\"errorId\":\"1\"}",
        "!okta.E0000015 not-the-token",
    );
    check(
        "400\n\n{\"errorCode\":\"E0000009\",\"errorId\":\"1\",\"errorLink\":\"E0000009\"}",
        "!okta.E0000009 status-differs",
    );
    check("400\n\n{\"errorCode\":\"E0000999\",\"errorSummary\":\"No\"}", "~unknown-code");
    check("500\nX-Okta-Request-Id: a\n\nsee E0000009 in the log", "!okta.E0000009");
    check(
        "429\nX-Okta-Request-Id: a\n\nE0000109: wait. XE0000009 E00000090 E000009",
        "!okta.E0000109 other-limit not-a-quota",
    );
}

#[test]
fn errors_of_okta_are_told_apart_by_their_wording() {
    let okta = |status: u16, error: &str, description: &str| {
        format!("{status}\nX-Okta-Request-Id: a\n\n{{\"error\":\"{error}\",\"error_description\":\"{description}\"}}")
    };
    check(&okta(400, "access_denied", "User is not assigned to the client application."), "!okta.user_not_assigned");
    check(
        &okta(400, "access_denied", "Policy evaluation failed for this request."),
        "!okta.no_matching_policy status-differs",
    );
    // The longest fragment counts.
    check(
        &okta(401, "invalid_client", "Either the client or the client credentials are wrong."),
        "!okta.invalid_client",
    );
    // A wording that two share names both.
    check(&okta(400, "invalid_scope", "No scopes were requested."), "!?okta.shared_one !?okta.shared_two");
    check(&okta(400, "invalid_grant", "Something new."), "!oauth.invalid_grant");
    check(&okta(429, "too_many_user_codes", "Something new."), "!okta.too_many_user_codes !rate-limited-untold");
    check(&okta(400, "brand_new_error", "Something new."), "~unknown-code !own-words");
    // Another sender's error is not looked up among Okta's.
    check(
        "401\nx-auth0-requestid: 1\n\n{\"error\":\"access_denied\",\"error_description\":\"Policy evaluation failed\"}",
        "!oauth.access_denied ?sender",
    );
    // An unknown sender makes it likely alone.
    check(
        "400\n\n{\"error\":\"access_denied\",\"error_description\":\"is not assigned to the client\"}",
        "!?okta.user_not_assigned",
    );
    // A status line is no OAuth error.
    check("401\n\n{\"timestamp\":1,\"status\":401,\"error\":\"Unauthorized\",\"path\":\"/\"}", "?sender no-reason");
}

#[test]
fn the_general_row_is_named_behind_the_specific_one() {
    let said = read(&evidence(
        "400\nX-Okta-Request-Id: a\n\n{\"error\":\"access_denied\",\"error_description\":\"not assigned to the client\"}",
    ));
    let named: Vec<&str> = said.named.iter().map(|named| named.code.0).collect();
    assert_eq!(named, ["okta.user_not_assigned", "oauth.access_denied"]);
    let Some(Fact::Text(text)) = said.findings[0].fact("text") else { panic!() };
    assert_eq!(text, "not assigned to the client");
    assert_eq!(said.findings[0].fact("status"), Some(&Fact::Count(400)));
    // The server's words are kept as they were written.
    let said = read(&evidence("401\n\n{\"message\":\"JWT is Expired\"}"));
    assert_eq!(said.findings[0].fact_text("text"), Some("JWT is Expired"));
}

#[test]
fn microsofts_codes_are_named() {
    check(
        "400\n\n{\"error\":\"invalid_client\",\"error_description\":\"AADSTS700016: Application with identifier was not found. Trace ID: 1\",\"error_codes\":[700016],\"trace_id\":\"t\"}",
        "!entra.AADSTS700016 ?sender",
    );
    check(
        "400\n\n{\"error\":\"invalid_grant\",\"error_codes\":[50011,1234567],\"trace_id\":\"t\"}",
        "!entra.AADSTS50011 ~unknown-code ?sender",
    );
    check("400\n\nAADSTS9: odd", "?sender !own-words");
    check(
        "401\nWWW-Authenticate: Bearer realm=\"\", authorization_uri=\"https://login.microsoftonline.com/common/oauth2/authorize\", error=\"insufficient_claims\", claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ==\"",
        "!oauth.insufficient_claims !claims-challenge ?sender",
    );
}

#[test]
fn wordings_of_gateways_are_recognised() {
    check(
        "401\nWWW-Authenticate: Bearer realm=\"https://api.example.com/v1\", error=\"invalid_token\"\n\nJwt is expired",
        "!gateway.envoy-expired ?gateway-answered",
    );
    check("403\n\nAudiences in Jwt are not allowed", "!gateway.envoy-audience ?gateway-answered not-a-scope");
    check(
        "401\nWWW-Authenticate: Bearer realm=\"https://api.example.com/v1\"\n\nJwt is missing",
        "!gateway.envoy-missing !no-credentials-arrived ?gateway-answered",
    );
    check(
        "401\nWWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"An error occurred while attempting to decode the Jwt: Jwt expired at 2024-01-01T00:00:00Z\", error_uri=\"https://tools.ietf.org/html/rfc6750#section-3.1\"\n\n",
        "!gateway.spring-expired ?sender",
    );
    check(
        "403\nx-amzn-ErrorType: MissingAuthenticationTokenException\n\n{\"message\":\"Missing Authentication Token\"}",
        "!gateway.aws-path ?gateway-answered not-the-token not-a-scope",
    );
    check("401\nX-Kong-Response-Latency: 1\n\n{\"exp\":\"token expired\"}", "!gateway.kong-expired ?gateway-answered");
    // Some are known with the quotes around them, some with the name of the header, some with markup.
    check("401\n\n{\n  \"message\": \"Invalid signature\"\n}", "!?gateway.kong-signature ?gateway-answered");
    check("401\n\n{\"message\":\"Invalid signature of the parcel\"}", "!own-words");
    check("403\ncf-mitigated: challenge\n\n", "!?gateway.cloudflare ?gateway-answered");
    check(
        "403\nServer: nginx\n\n<html><title>403 Forbidden</title>nginx</html>",
        "!?gateway.nginx ~html-page ?gateway-answered",
    );
    // A wording begins where a word begins.
    check("401\n\nXJwt is expiredX", "!own-words");
}

#[test]
fn challenges_say_what_is_asked_for() {
    check("401\nWWW-Authenticate: Bearer", "!no-credentials-arrived");
    check("401\nWWW-Authenticate: Basic realm=\"a\"", "no-reason");
    check("403\nWWW-Authenticate: Bearer realm=\"a\"", "no-reason");
    check("401\nWWW-Authenticate: Bearer realm=\"api\", DPoP algs=\"ES256\"", "!no-credentials-arrived ?sender");
    check("401\nWWW-Authenticate: Bearer error=\"invalid_token\", DPoP algs=\"ES256\"", "!oauth.invalid_token");
    check(
        "401\napigw-requestid: 1\nWWW-Authenticate: Bearer scope=\"\" error=\"invalid_token\" error_description=\"odd\"",
        "!oauth.invalid_token challenge-odd ?gateway-answered",
    );
    check(
        "401\nx-amzn-Remapped-WWW-Authenticate: Bearer error=\"invalid_token\"",
        "!oauth.invalid_token ?gateway-answered",
    );
    check(
        "401\nWWW-Authenticate: Bearer error=\"insufficient_user_authentication\", acr_values=\"urn:okta:loa:2fa:any\", max_age=300",
        "!oauth.insufficient_user_authentication !step-up",
    );
    check("400\nDPoP-Nonce: n\n\n{\"error\":\"use_dpop_nonce\"}", "!oauth.use_dpop_nonce dpop-nonce");
    check("400\n\n{\"error\":\"use_dpop_nonce\"}", "!oauth.use_dpop_nonce ~dpop-nonce-missing");
    check(
        "401\nX-Okta-Request-Id: a\nWWW-Authenticate: Bearer error=\"invalid_request\", error_description=\"The access token is missing.\"",
        "!okta.access_token_missing !no-credentials-arrived",
    );
}

#[test]
fn what_is_missing_is_said() {
    check("403\nX-Okta-Request-Id: a\n\n", "~empty-403 script-blind");
    check("401\nX-Okta-Request-Id: a\n\n", "script-blind no-reason");
    check("403\n\n", "no-reason");
    check("200\n\n", "");
    check(
        "502\n\n<html><head><title>502 Bad Gateway</title></head><center>nginx</center></html>",
        "~html-page !server-error",
    );
    check(
        "502\nServer: nginx\n\n<html><head><title>502 Bad Gateway</title></head><center>nginx</center></html>",
        "~html-page !server-error ?gateway-answered",
    );
    check("503\nServer: nginx\n\n", "!server-error");
    check(
        "403\nserver: cloudflare\ncf-ray: 1\n\n<html><title>Attention Required! | Cloudflare</title></html>",
        "~html-page ?gateway-answered",
    );
}

#[test]
fn limits_are_counted_by_the_servers_clock() {
    let at = "Date: Fri, 20 Nov 2026 14:00:00 GMT";
    let check = |head: &str, expected: &str, wait: Option<i64>| {
        let said = read(&evidence(&format!("{head}\n{at}")));
        assert_eq!(outline(&said), expected, "{head}");
        assert_eq!(said.limit.and_then(|limit| limit.wait), wait, "{head}");
    };
    let okta = |limit: u32, remaining: u32, reset: &str| {
        format!(
            "X-Okta-Request-Id: a\nX-Rate-Limit-Limit: {limit}\nX-Rate-Limit-Remaining: {remaining}\nX-Rate-Limit-Reset: {reset}"
        )
    };
    check(&format!("429\n{}", okta(600, 0, "1795183230")), "!rate-limited", Some(31));
    check(&format!("429\n{}", okta(600, 0, "1795183199")), "!rate-limited", Some(0));
    check(&format!("429\n{}", okta(0, 0, "1795183230")), "!concurrency-limit", Some(31));
    check(&format!("429\n{}", okta(600, 40, "1795183230")), "!other-limit", Some(31));
    check(&format!("429\n{}", okta(600, 0, "1795186800")), "!rate-limited ~limit-odd", Some(3601));
    check(&format!("429\n{}", okta(600, 0, "1795183230000")), "!rate-limited", Some(31));
    check(&format!("200\n{}", okta(600, 59, "1795183230")), "~rate-limit-low", Some(31));
    check(&format!("200\n{}", okta(600, 60, "1795183230")), "+rate-limit-ok", Some(31));
    // The headers twice: the larger reset counts, and what stands with it.
    check(
        "429\nX-Rate-Limit-Limit: 600\nX-Rate-Limit-Limit: 50\nX-Rate-Limit-Remaining: 590\nX-Rate-Limit-Remaining: 0\nX-Rate-Limit-Reset: 1795183210\nX-Rate-Limit-Reset: 1795183230",
        "!rate-limited",
        Some(31),
    );
    check(
        "429\nX-RateLimit-Limit: 10\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 1795183230",
        "!rate-limited",
        Some(31),
    );
    check("429\nX-RateLimit-Limit: 10\nX-RateLimit-Remaining: 0\nX-RateLimit-Reset: 30", "!rate-limited", Some(31));
    check("429\nRateLimit-Limit: 10;w=60\nRateLimit-Remaining: 0\nRateLimit-Reset: 30", "!rate-limited", Some(31));
    check("429\nRateLimit: limit=100, remaining=0, reset=30", "!rate-limited", Some(31));
    check(
        "429\nRateLimit-Policy: \"day\";q=1000;w=86400, \"burst\";q=10;w=60\nRateLimit: \"day\";r=500;t=9000, \"burst\";r=0;t=30",
        "!rate-limited",
        Some(31),
    );
    check("200\nRateLimit-Policy: \"burst\";q=10;w=60\nRateLimit: \"burst\";r=10;t=30", "+rate-limit-ok", Some(31));
    check("429\nRetry-After: 17", "!rate-limited", None);
    check("429\nRetry-After: Fri, 20 Nov 2026 14:02:00 GMT", "!rate-limited", None);
    check("503\nRetry-After: 17", "retry-after !server-error", None);
    check("429\nRetry-After: soon", "!rate-limited-untold", None);
    check("200\nX-Rate-Limit-Limit: -1\nX-Rate-Limit-Remaining: many", "", None);
}

#[test]
fn waiting_times_are_read_in_every_form() {
    let check = |header: &str, expected: Option<i64>| {
        let said = read(&evidence(&format!("429\nDate: Fri, 20 Nov 2026 14:00:00 GMT\n{header}")));
        assert_eq!(said.retry_after, expected, "{header}");
    };
    check("Retry-After: 17", Some(17));
    check("Retry-After: Fri, 20 Nov 2026 14:02:00 GMT", Some(120));
    check("Retry-After: Fri Nov 20 14:02:00 2026", Some(120));
    check("Retry-After: Fri, 20 Nov 2026 13:00:00 GMT", Some(0));
    check("x-ms-retry-after-ms: 1500", Some(2));
    check("Retry-After: 99999999999999999999", None);
    check("Retry-After: -5", None);
    // Without the server's clock a date tells no length.
    let said = read(&evidence("429\nRetry-After: Fri, 20 Nov 2026 14:02:00 GMT"));
    assert_eq!((said.retry_after, said.date), (None, None));
    let said =
        read(&evidence("429\nX-Rate-Limit-Limit: 600\nX-Rate-Limit-Remaining: 0\nX-Rate-Limit-Reset: 1795183230"));
    assert_eq!(outline(&said), "!rate-limited-until");
}

#[test]
fn another_limit_than_the_quota_is_named() {
    check(
        "429\nX-Okta-Request-Id: a\nX-Rate-Limit-Limit: 600\nX-Rate-Limit-Remaining: 599\nX-Rate-Limit-Reset: 1795183230\n\n{\"errorCode\":\"E0000109\",\"errorSummary\":\"An SMS was sent\",\"errorId\":\"1\"}",
        "!okta.E0000109 other-limit not-a-quota",
    );
    check(
        "429\n\n{\"errorCode\":\"E0000047\",\"errorSummary\":\"Too many\",\"errorId\":\"1\"}",
        "!okta.E0000047 !rate-limited-untold",
    );
}

#[test]
fn descriptions_give_scopes_and_the_redirect_uri() {
    let check = |error: &str, description: &str, expected: &[&str]| {
        let body = format!("{{\"error\":\"{error}\",\"error_description\":{description:?}}}");
        let said = read(&evidence(&format!("400\n\n{body}")));
        let listed = said.findings.iter().find(|finding| finding.code.0 == "response.scopes-denied");
        let expected_fact = Fact::List(expected.iter().map(|scope| (*scope).to_owned()).collect());
        assert_eq!(
            listed.and_then(|finding| finding.fact("scopes")),
            Some(&expected_fact).filter(|_| !expected.is_empty()),
            "{description}"
        );
        assert_eq!(said.oauth.unwrap().scopes, expected, "{description}");
    };
    check(
        "access_denied",
        "The following scopes are denied by the policy: orders.write, orders.delete",
        &["orders.write", "orders.delete"],
    );
    check(
        "invalid_scope",
        "The following scopes are not allowed for this request: [openid, profile]",
        &["openid", "profile"],
    );
    check(
        "insufficient_scope",
        "The access token must provide access to at least one of these scopes - profile, email, address or phone",
        &["profile", "email", "address", "phone"],
    );
    check("invalid_scope", "The scope is wrong: it was never created on this server", &[]);
    check("invalid_scope", "One or more scopes are not configured for the authorization server resource.", &[]);
    check("access_denied", "Policy evaluation failed for this request, please check the policy configurations.", &[]);

    let uri = |description: &str, expected: Option<&str>| {
        let body = format!("{{\"error\":\"invalid_request\",\"error_description\":{description:?}}}");
        let said = read(&evidence(&format!("400\n\n{body}")));
        let sent = said.findings.iter().find(|finding| finding.code.0 == "response.redirect-uri-sent");
        assert_eq!(sent.and_then(|finding| finding.fact_text("uri")), expected, "{description}");
    };
    uri(
        "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings: https://app.example/cb/",
        Some("https://app.example/cb/"),
    );
    uri(
        "AADSTS50011: The redirect URI 'com.example.app://cb' specified in the request does not match.",
        Some("com.example.app://cb"),
    );
    // A link for administrators is where to register, not what was sent.
    uri(
        "The 'redirect_uri' parameter must be a Login redirect URI in the client app settings: https://dev-1234-admin.okta.com/admin/app/oidc_client/instance/0oa1#tab-general",
        None,
    );
    uri("No URI https://app.example/cb", None);
}

#[test]
fn errors_come_from_wherever_they_stand() {
    let named = |evidence: Evidence| {
        let said = read(&evidence);
        said.named.first().map(|named| named.code.0)
    };
    let parameters = |error: &str, description: &str| Evidence {
        kind: Kind::Redirect,
        parameters: vec![
            ("error".to_owned(), error.to_owned()),
            ("error_description".to_owned(), description.to_owned()),
        ],
        ..Evidence::default()
    };
    assert_eq!(
        named(parameters("access_denied", "User is not assigned to the client application.")),
        Some("okta.user_not_assigned")
    );
    let text = |text: &str| Evidence { kind: Kind::Text, text: text.to_owned(), ..Evidence::default() };
    assert_eq!(named(text("POST /token failed: invalid_grant (the code is old)")), Some("oauth.invalid_grant"));
    assert_eq!(named(text("Sign-in failed. AADSTS50011: no")), Some("entra.AADSTS50011"));
    assert_eq!(named(text("HTTP 403 E0000006 You do not have permission")), Some("okta.E0000006"));
    assert_eq!(named(text("User is not assigned to the client application.")), Some("okta.user_not_assigned"));
    assert_eq!(named(text("my groups claim is missing in the token")), Some("topic.groups"));
    assert_eq!(named(text("Invalid signature in SAML response")), Some("saml.signature"));
    assert_eq!(named(text("nothing at all")), None);
    assert_eq!(outline(&read(&text("nothing at all"))), "unread");
    for kind in [Kind::Nothing, Kind::AuthorizationRequest] {
        assert_eq!(outline(&read(&Evidence { kind, ..Evidence::default() })), "");
    }
    assert_eq!(named(text("Could not resolve host: dev-1234.okta.com")), Some("curl.6"));
    assert_eq!(named(text("the job said: invalid token provided")), Some("okta.E0000011"));
    assert_eq!(named(evidence("200\n\n{\"active\":false}")), Some("oauth.inactive"));
    assert_eq!(named(evidence("200\n\n{\"active\":true}")), None);
    let curl = Evidence {
        kind: Kind::Curl,
        curl: Some(6),
        text: "curl: (6) Could not resolve host".to_owned(),
        ..Evidence::default()
    };
    assert_eq!(named(curl), Some("curl.6"));
    let event = |reason: &str| Evidence {
        kind: Kind::SystemLog,
        event: Some(Event {
            result: "FAILURE".to_owned(),
            reason: reason.to_owned(),
            transaction: "tx1".to_owned(),
            ..Event::default()
        }),
        ..Evidence::default()
    };
    assert_eq!(named(event("no_matching_policy")), Some("okta.no_matching_policy"));
    assert_eq!(named(event("User is not assigned to the client application")), Some("okta.user_not_assigned"));
    let said = read(&event("brand_new_reason"));
    assert_eq!(outline(&said), "~unknown-code");
    let violation = |kind: &str| {
        let event = Event { event_type: kind.to_owned(), ..Event::default() };
        outline(&read(&Evidence { kind: Kind::SystemLog, event: Some(event), ..Evidence::default() }))
    };
    assert_eq!(violation("system.org.rate_limit.violation"), "!rate-limited-untold");
    assert_eq!(violation("core.concurrency.org.limit.violation"), "!concurrency-limit");
    assert_eq!(violation("system.org.rate_limit.warning"), "unread");
    assert_eq!(said.sender, Some("okta"));
    assert_eq!(said.request_ids, [("transaction.id".to_owned(), "tx1".to_owned())]);
    let challenge = Evidence {
        kind: Kind::Challenge,
        text: "< WWW-Authenticate: Bearer error=\"invalid_token\",\n  error_description=\"expired\"\n< www-authenticate: DPoP algs=\"ES256\"".to_owned(),
        ..Evidence::default()
    };
    assert_eq!(read(&challenge).challenges.len(), 2);
    assert_eq!(read(&challenge).challenges[0].parameter("error_description"), Some("expired"));
    assert_eq!(named(challenge), Some("oauth.invalid_token"));
}

#[test]
fn foreign_error_objects_are_read() {
    let oauth = |body: &str| {
        let oauth = read(&evidence(&format!("403\n\n{body}"))).oauth?;
        Some((oauth.error, oauth.description))
    };
    let pair = |error: &str, description: &str| Some((error.to_owned(), description.to_owned()));
    assert_eq!(
        oauth(r#"{"error":{"code":403,"status":"PERMISSION_DENIED","message":"No scope"}}"#),
        pair("PERMISSION_DENIED", "No scope")
    );
    assert_eq!(
        oauth(r#"{"error":{"code":"InvalidAuthenticationToken","message":"Expired","innerError":{"request-id":"r"}}}"#),
        pair("InvalidAuthenticationToken", "Expired")
    );
    assert_eq!(
        oauth(
            r#"{"message":"Request failed","response":{"status":400,"data":{"error":"invalid_grant","error_description":"old"}}}"#
        ),
        pair("invalid_grant", "old")
    );
    assert_eq!(oauth(r#"{"error":"Forbidden"}"#), None);
    assert_eq!(oauth(r#"{"error":[]}"#), None);
}

#[test]
fn every_sender_is_known_by_its_marks() {
    let check = |text: &str, expected: Option<&str>| {
        assert_eq!(read(&evidence(text)).sender, expected, "{text}");
    };
    check("401\nX-Okta-Request-Id: a", Some("okta"));
    check(
        "401\nWWW-Authenticate: Bearer authorization_uri=\"http://id.example.com/oauth2/v1/authorize\", realm=\"x\"",
        Some("okta"),
    );
    check(
        "401\nWWW-Authenticate: Bearer error=\"invalid_request\", error_description=\"The access token is missing.\"",
        Some("okta"),
    );
    check(
        "401\nWWW-Authenticate: Bearer realm=\"\", authorization_uri=\"https://login.windows.net/common/oauth2/authorize\", client_id=\"0\"",
        Some("entra"),
    );
    check(
        "401\n\n{\"error\":{\"code\":\"InvalidAuthenticationToken\",\"message\":\"\",\"innerError\":{}}}",
        Some("entra"),
    );
    check("401\nWWW-Authenticate: Bearer realm=\"api\"", Some("auth0"));
    check(
        "401\nWWW-Authenticate: Bearer realm=\"api\", error=\"invalid_token\", error_description=\"Unexpected 'iss' value\"",
        Some("auth0"),
    );
    check(
        "403\nWWW-Authenticate: Bearer error=\"insufficient_scope\", error_uri=\"https://tools.ietf.org/html/rfc6750#section-3.1\"",
        Some("spring"),
    );
    check(
        "401\nWWW-Authenticate: Bearer scope=\"\" error=\"invalid_token\" error_description=\"the token does not have a valid audience\"",
        Some("aws-http-api"),
    );
    check("403\nx-amzn-errortype: ForbiddenException", Some("aws-rest-api"));
    check("403\n\n{\"message\":\"Missing Authentication Token\"}", Some("aws-rest-api"));
    check("503\nServer: awselb/2.0", Some("alb"));
    check("403\nServer: CloudFront", Some("cloudfront"));
    check("401\nServer: kong/3.4.0", Some("kong"));
    check("401\n\n{\"message\":\"No credentials found for given 'iss'\"}", Some("kong"));
    check("401\nserver: istio-envoy\n\nJwt issuer is not configured", Some("envoy"));
    check("403\nserver: istio-envoy\n\nRBAC: access denied", Some("envoy"));
    check(
        "401\nWWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"The audience 'a' is invalid\"",
        Some("aspnet"),
    );
    check(
        "401\nWWW-Authenticate: Bearer realm=\"https://accounts.google.com/\", error=\"invalid_token\"",
        Some("google"),
    );
    check("403\n\n{\"error\":{\"code\":403,\"status\":\"PERMISSION_DENIED\",\"message\":\"\"}}", Some("google"));
    check(
        "401\nWWW-Authenticate: Bearer realm=\"orders\", error=\"invalid_token\", error_description=\"Token verification failed\"",
        Some("keycloak"),
    );
    check("401\nWWW-Authenticate: Bearer realm=\"closed site\",error=\"invalid_token\"", Some("nginx"));
    check("403\nSet-Cookie: _oauth2_proxy_csrf=; Path=/", Some("oauth2-proxy"));
    check("401\nWWW-Authenticate: Basic realm=\"traefik\"", Some("traefik"));
    check("403\ncf-mitigated: challenge", Some("cloudflare"));
    check(
        "401\n\n{\"statusCode\":401,\"message\":\"Access denied due to missing subscription key.\"}",
        Some("azure-apim"),
    );
    check(
        "401\n\n{\"fault\":{\"faultstring\":\"Invalid access token\",\"detail\":{\"errorcode\":\"keymanagement.service.invalid_access_token\"}}}",
        Some("apigee"),
    );
    check("403\nX-Generator: tyk.io", Some("tyk"));
    // What every answer of a proxy carries names nobody.
    for header in [
        "Server: nginx",
        "Server: cloudflare",
        "cf-ray: 1",
        "server: istio-envoy",
        "x-amzn-requestid: 1",
        "x-request-id: 1",
        "x-kong-request-id: 1",
    ] {
        check(&format!("403\n{header}\n\n"), None);
    }
    let asked = |url: &str| {
        let request = Some(Request { url: url.to_owned(), ..Request::default() });
        read(&Evidence { request, ..evidence("403\n\n") }).sender
    };
    assert_eq!(asked("https://dev-1234.okta.com/api/v1/users"), Some("okta"));
    assert_eq!(asked("https://dev-1234.oktapreview.com/api/v1/users"), Some("okta"));
    assert_eq!(asked("https://okta.com.example.com/api/v1/users"), None);
    assert_eq!(asked("https://example.com/?at=dev-1234.okta.com"), None);
    assert_eq!(asked("https://graph.microsoft.com/v1.0/me"), Some("entra"));
    assert_eq!(asked("https://notgraph.microsoft.com/v1.0/me"), None);
}

#[test]
fn request_ids_are_kept_by_their_names() {
    let said = read(&evidence(
        "500\nx-okta-request-id: a1\nCF-Ray: b2\ntraceparent: 00-c3-d4-01\n\n{\"errorCode\":\"E0000009\",\"errorSummary\":\"\",\"errorId\":\"oae5\",\"trace_id\":\"t6\"}",
    ));
    let ids: Vec<String> = said.request_ids.iter().map(|(name, id)| format!("{name}={id}")).collect();
    assert_eq!(ids, ["X-Okta-Request-Id=a1", "cf-ray=b2", "traceparent=00-c3-d4-01", "errorId=oae5", "trace_id=t6"]);
    let said = read(&evidence(
        "401\n\n{\"error\":{\"code\":\"x\",\"innerError\":{\"request-id\":\"r\",\"client-request-id\":\"c\"}}}",
    ));
    assert_eq!(said.request_ids.len(), 2);
    let many: String = (0..50_000).map(|number| format!("X-Request-Id: {number}\n")).collect();
    let started = std::time::Instant::now();
    assert_eq!(read(&evidence(&format!("500\n{many}"))).request_ids.len(), 20);
    assert!(started.elapsed().as_secs() < 5, "{:?}", started.elapsed());
}

#[test]
fn challenges_are_explained_parameter_by_parameter() {
    let check = |value: &str, expected: &[&str]| {
        let explained = answer::explained(&challenge::read(value)[0]);
        let mut lines = vec![explained.scheme.markdown()];
        lines.extend(explained.parameters.iter().map(|prose| prose.markdown()));
        assert_eq!(lines, expected, "{value}");
    };
    check(
        "Bearer realm=\"orders\", error=\"insufficient_scope\", scope=\"a b\", max_age=300, x=y",
        &[
            "Scheme: the API takes bearer tokens, `Authorization: Bearer` and the token.",
            "The API’s own name for this area.",
            "The token is good but does not permit this. RFC 6750 §3.1",
            "What the request needs: `a` and `b`. RFC 6750 §3",
            "How long ago the sign-in may be: 5 min. Send it as `max_age` in a new authorization request. RFC 9470 §3",
            "The sender’s own parameter `x`; no specification says what it means.",
        ],
    );
    check(
        "Foo scope=\"\", error=\"x`{value}\", claims=\"e30=\"",
        &[
            "Scheme `Foo`: not one that bearer tokens are sent with.",
            "No scope is named: the sender leaves this empty.",
            "An error that no specification of bearer tokens has: `` x`{value} ``.",
            "The claims that the new token must have: `{}`. Send the JSON as `claims` in a new authorization request.",
        ],
    );
    // Every parameter that the specifications have is explained as itself.
    for name in [
        "realm",
        "scope",
        "error",
        "error_description",
        "error_uri",
        "algs",
        "acr_values",
        "max_age",
        "resource_metadata",
        "authorization_uri",
        "resource",
        "claims",
        "client_id",
        "trusted_issuers",
        "resource_id",
    ] {
        let prose = answer::meaning(name, "7", "Bearer").to_string();
        assert!(!prose.contains("own parameter") && !prose.contains('…'), "{name}: {prose}");
    }
}

#[test]
fn every_code_has_its_words_and_every_row_a_code() {
    let document = json::read(include_bytes!("../src/data/messages/response_answer.json").to_vec());
    assert!(document.is_json());
    let mut rows: Vec<&str> =
        document.root.as_ref().unwrap().members().iter().map(|member| member.name.as_str()).collect();
    let mut codes: Vec<&str> = answer::code::ALL.iter().map(|code| code.0).collect();
    rows.sort_unstable();
    codes.sort_unstable();
    assert_eq!(codes, rows);
}

#[test]
fn the_list_of_senders_is_whole() {
    let senders = answer::senders();
    assert!(senders.len() >= 20);
    for sender in senders {
        assert!(!sender.name.is_empty() && sender.note.ends_with('.'), "{sender:?}");
        assert_eq!(answer::of_key(&sender.key).map(|found| &found.name), Some(&sender.name));
        for word in ["your", "please", "sorry", "illegal", "simply", "`", "{"] {
            assert!(!sender.note.contains(word), "{}: {word}", sender.key);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_answer_is_read(
        status in proptest::option::of(any::<u16>()),
        values in proptest::collection::vec((0_usize..14, any::<String>()), 0..6),
        number in any::<i64>(),
        body in any::<String>(),
        kind in 0_usize..6,
    ) {
        let names = [
            "Date", "WWW-Authenticate", "Retry-After", "RateLimit", "RateLimit-Policy", "X-Rate-Limit-Reset",
            "X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "Server", "x-ms-retry-after-ms", "X-Okta-Request-Id",
            "Content-Length", "Proxy-Authenticate", "DPoP-Nonce",
        ];
        let mut headers: tokenscope::http::Headers = values.iter().map(|(name, value)| (names[*name], value.as_str())).collect();
        headers.push("X-Rate-Limit-Reset", number.to_string());
        headers.push("X-Rate-Limit-Remaining", (number / 2).to_string());
        headers.push("X-Rate-Limit-Limit", number.to_string());
        let quoted = json::quoted(&body);
        let document = |text: String| Body::Json(json::read(text.into_bytes()));
        let body = match kind {
            0 => Body::Empty,
            1 => document(format!("{{\"error\":{quoted},\"error_description\":{quoted}}}")),
            2 => document(format!("{{\"error\":\"invalid_scope\",\"error_description\":{quoted}}}")),
            3 => document(format!("[{{\"errorCode\":{quoted},\"errorSummary\":{quoted},\"errorCauses\":[{quoted}]}}]")),
            4 => Body::Html { title: body.clone(), text: body.clone() },
            _ => document(body.clone()),
        };
        let text = values.iter().map(|(_, value)| value.as_str()).collect::<Vec<_>>().join(" redirect scope: ");
        let evidence = Evidence { status, headers, has_headers: true, body, text, kind: Kind::Text, ..Evidence::default() };
        let said = answer::read(&evidence, known());
        prop_assert!(said.limit.and_then(|limit| limit.wait).is_none_or(|wait| wait >= 0));
        prop_assert!(said.retry_after.is_none_or(|wait| wait >= 0));
    }
}

/// Long texts of whatever, with the catalogue as it is. Quadratic would be minutes.
#[test]
fn reading_is_linear() {
    for piece in [
        "a",
        "jwt is ",
        "aadsts5",
        "e0000001 ",
        "redirect://",
        "scope: [",
        "invalid_grant ",
        "://",
        "'",
        "ü",
        " ",
        "[1,",
    ] {
        let long = piece.repeat(60_000 / piece.len());
        let quoted = json::quoted(&long);
        let json = format!("{{\"error\":\"invalid_scope\",\"error_description\":{quoted},\"errors\":{quoted}}}");
        for body in [
            Body::Text(long.clone()),
            Body::Json(json::read(json.into_bytes())),
            Body::Json(json::read(long.clone().into_bytes())),
        ] {
            let headers = [("WWW-Authenticate", long.as_str()), ("RateLimit", &long), ("Retry-After", &long)]
                .into_iter()
                .collect();
            let evidence = Evidence { kind: Kind::Text, body, headers, text: long.clone(), ..Evidence::default() };
            let started = Instant::now();
            let _ = answer::read(&evidence, all::catalogue());
            assert!(started.elapsed() < Duration::from_secs(5), "{piece}: {:?}", started.elapsed());
        }
    }
}
