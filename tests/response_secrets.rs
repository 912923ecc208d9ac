//! A made-up secret in every place that pastes are known to have one: nothing that is made of them holds it.

#![allow(clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use tokenscope::response_doctor::explanation::report;
use tokenscope::response_doctor::{Case, explain, json};
use tokenscope::time::Time;

#[path = "support/catalogue.rs"]
mod catalogue;

use catalogue::catalogue;

/// Fri 20 Nov 2026, 13:45:00 UTC.
const NOW: i64 = 1_795_182_300;

/// What is looked for: in the middle of the secret, so that a part of it is found too.
const CANARY: &str = "canaryW3vT5";

#[test]
fn no_secret_of_a_paste_gets_into_what_is_made_of_it() {
    let s = "Zq9xK7canaryW3vT5bN8mL2p";
    let d = "HTTP/1.1 401 Unauthorized\r\nDate: Fri, 20 Nov 2026 13:45:00 GMT\r\n";
    let answers: Vec<(&str, String)> = vec![
        ("setcookie", format!("{d}Set-Cookie: sid={s}; Path=/\r\n\r\n{{}}")),
        ("setcookie2", format!("{d}set-cookie: a=1\r\nset-cookie: JSESSIONID={s}\r\n\r\n{{}}")),
        ("xapikey", format!("{d}X-Api-Key: {s}\r\n\r\n{{}}")),
        ("authheader", format!("{d}Authorization: Basic {s}\r\n\r\n{{}}")),
        ("echoed bearer", format!("{d}\r\nInvalid token: Bearer {s}")),
        ("json token", format!("{d}\r\n{{\"error\":\"invalid_token\",\"access_token\":\"{s}\"}}")),
        (
            "json nested",
            format!(
                "{d}\r\n{{\"error\":\"invalid_token\",\"request\":{{\"headers\":{{\"Authorization\":\"Bearer {s}\",\"cookie\":\"sid={s}\"}},\"password\":\"{s}\"}}}}"
            ),
        ),
        (
            "json array header",
            format!(
                "{d}\r\n{{\"error\":\"invalid_token\",\"headers\":[[\"Authorization\",\"Bearer {s}\"],[\"X-Api-Key\",\"{s}\"]]}}"
            ),
        ),
        (
            "json name value",
            format!(
                "{d}\r\n{{\"error\":\"invalid_token\",\"headers\":[{{\"name\":\"Cookie\",\"value\":\"sid={s}\"}},{{\"name\":\"X-Api-Key\",\"value\":\"{s}\"}}]}}"
            ),
        ),
        ("json escaped", format!("{d}\r\n{{\"error\":\"x\",\"message\":\"{{\\\"access_token\\\":\\\"{s}\\\"}}\"}}")),
        (
            "desc code",
            format!("{d}\r\n{{\"error\":\"invalid_grant\",\"error_description\":\"The code '{s}' is invalid\"}}"),
        ),
        (
            "desc reftoken",
            format!("{d}\r\n{{\"error\":\"invalid_grant\",\"error_description\":\"Unknown refresh token {s}\"}}"),
        ),
        (
            "desc reftoken2",
            format!("{d}\r\n{{\"error\":\"invalid_grant\",\"error_description\":\"refresh_token={s} is unknown\"}}"),
        ),
        (
            "desc secret",
            format!(
                "{d}\r\n{{\"error\":\"invalid_client\",\"error_description\":\"client_secret: {s} does not match\"}}"
            ),
        ),
        (
            "challenge token",
            format!(
                "{d}WWW-Authenticate: Bearer error=\"invalid_token\", error_description=\"The token {s} is bad\"\r\n\r\n"
            ),
        ),
        ("challenge tokenparam", format!("{d}WWW-Authenticate: Bearer error=\"invalid_token\", token=\"{s}\"\r\n\r\n")),
        ("challenge token68", format!("{d}WWW-Authenticate: Negotiate {s}\r\n\r\n")),
        (
            "challenge nonce uri",
            format!(
                "{d}WWW-Authenticate: Bearer error=\"invalid_token\", error_uri=\"https://a.example/?access_token={s}\"\r\n\r\n"
            ),
        ),
        (
            "location",
            format!("HTTP/1.1 302 Found\r\nLocation: https://app.example/cb?code={s}&error=access_denied\r\n\r\n"),
        ),
        (
            "location frag",
            format!(
                "HTTP/1.1 302 Found\r\nLocation: https://app.example/cb#access_token={s}&error=access_denied\r\n\r\n"
            ),
        ),
        ("redirect code", format!("https://app.example/cb?code={s}&error=access_denied&state={s}")),
        ("redirect frag", format!("https://app.example/cb#id_token={s}&error=access_denied&access_token={s}")),
        ("redirect desc", format!("https://app.example/cb?error=access_denied&error_description=code%3D{s}")),
        (
            "authz hint",
            format!(
                "https://dev-1234.okta.com/oauth2/v1/authorize?client_id=a&id_token_hint={s}&request={s}&login_hint={s}&response_type=code&redirect_uri=https://app.example/cb%3Ftoken%3D{s}&state={s}&nonce={s}"
            ),
        ),
        (
            "curl-v userinfo",
            format!(
                "* Connected to api.example.com\n> GET https://user:{s}@api.example.com/x HTTP/1.1\n> Authorization: Bearer {s}\n> Cookie: a={s}\n> DPoP: {s}\n>\n< HTTP/1.1 401 Unauthorized\n< Date: Fri, 20 Nov 2026 13:45:00 GMT\n<\nno"
            ),
        ),
        (
            "log line",
            format!("2026-11-20 ERROR token request failed client_secret={s} password={s} 401 invalid_client"),
        ),
        ("log json", format!("level=error msg=\"call failed\" headers=\"Authorization: Bearer {s}\" status=401")),
        (
            "syslog",
            format!(
                "{{\"eventType\":\"app.oauth2.as.token.grant\",\"outcome\":{{\"result\":\"FAILURE\",\"reason\":\"invalid code {s}\"}},\"debugContext\":{{\"debugData\":{{\"requestUri\":\"/oauth2/v1/token?code={s}\",\"refreshToken\":\"{s}\",\"authCode\":\"{s}\"}}}}}}"
            ),
        ),
        (
            "saml",
            format!(
                "<samlp:Response><samlp:Status><samlp:StatusCode Value=\"urn:oasis:names:tc:SAML:2.0:status:Responder\"/><samlp:StatusMessage>bad SAMLResponse={s}</samlp:StatusMessage></samlp:Status><saml:Assertion><ds:SignatureValue>{s}</ds:SignatureValue></saml:Assertion></samlp:Response>"
            ),
        ),
        ("samlform", format!("SAMLResponse={s}&RelayState=x error: Invalid signature in SAML response")),
        (
            "pem",
            format!(
                "HTTP/1.1 400 Bad Request\r\n\r\ninvalid_client: could not read key -----BEGIN PRIVATE KEY-----\n{s}\n-----END PRIVATE KEY-----"
            ),
        ),
        (
            "jwk private",
            format!(
                "{d}\r\n{{\"error\":\"invalid_client\",\"jwk\":{{\"kty\":\"RSA\",\"d\":\"{s}\",\"p\":\"{s}\",\"q\":\"{s}\",\"dp\":\"{s}\",\"qi\":\"{s}\",\"k\":\"{s}\"}}}}"
            ),
        ),
        (
            "html",
            format!(
                "<html><head><title>401 token {s}</title></head><body><p>access_token={s}</p><input type=hidden name=SAMLResponse value=\"{s}\"></body></html>"
            ),
        ),
        (
            "mfa",
            format!(
                "{d}\r\n{{\"errorCode\":\"E0000068\",\"errorSummary\":\"Invalid passcode {s}\",\"errorCauses\":[{{\"errorSummary\":\"stateToken={s}\"}}]}}"
            ),
        ),
        (
            "state token",
            format!(
                "{d}\r\n{{\"stateToken\":\"{s}\",\"sessionToken\":\"{s}\",\"status\":\"MFA_REQUIRED\",\"device_code\":\"{s}\",\"user_code\":\"{s}\",\"activationToken\":\"{s}\",\"recoveryToken\":\"{s}\",\"interaction_handle\":\"{s}\",\"stateHandle\":\"{s}\"}}"
            ),
        ),
        (
            "har",
            format!(
                "{{\"request\":{{\"method\":\"POST\",\"url\":\"https://dev-1234.okta.com/oauth2/v1/token?client_secret={s}\",\"headers\":[{{\"name\":\"Authorization\",\"value\":\"Basic {s}\"}}],\"cookies\":[{{\"name\":\"sid\",\"value\":\"{s}\"}}],\"postData\":{{\"text\":\"grant_type=authorization_code&code={s}&client_assertion={s}&code_verifier={s}&password={s}\"}}}},\"response\":{{\"status\":400,\"headers\":[{{\"name\":\"Set-Cookie\",\"value\":\"a={s}\"}}],\"content\":{{\"text\":\"{{\\\"error\\\":\\\"invalid_grant\\\"}}\"}}}}}}"
            ),
        ),
        (
            "requestid header",
            format!(
                "{d}X-Auth-Token: {s}\r\nX-Amz-Security-Token: {s}\r\nProxy-Authorization: Basic {s}\r\nX-Goog-Api-Key: {s}\r\nPRIVATE-TOKEN: {s}\r\nX-Vault-Token: {s}\r\nOcp-Apim-Subscription-Key: {s}\r\n\r\n"
            ),
        ),
        ("aws", format!("{d}\r\n{{\"message\":\"Credential=AKIA/20261120, Signature={s} X-Amz-Signature={s}\"}}")),
        ("ssws text", format!("{d}\r\nrejected SSWS {s}")),
        (
            "json apikey",
            format!(
                "{d}\r\n{{\"error\":\"x\",\"apiKey\":\"{s}\",\"api_key\":\"{s}\",\"x-api-key\":\"{s}\",\"secretKey\":\"{s}\",\"clientSecret\":\"{s}\",\"code_verifier\":\"{s}\",\"assertion\":\"{s}\",\"SAMLResponse\":\"{s}\",\"signature\":\"{s}\",\"auth\":\"{s}\",\"bearer\":\"{s}\",\"passwd\":\"{s}\",\"pwd\":\"{s}\",\"credentials\":\"{s}\",\"session\":\"{s}\",\"otp\":\"{s}\",\"authorization_code\":\"{s}\",\"authCode\":\"{s}\",\"subject_token\":\"{s}\",\"actor_token\":\"{s}\",\"auth_req_id\":\"{s}\",\"registration_access_token\":\"{s}\",\"dpop\":\"{s}\",\"csrf\":\"{s}\"}}"
            ),
        ),
    ];
    let requests: Vec<String> = vec![
        format!("GET https://dev-1234.okta.com/api/v1/users?access_token={s}"),
        format!("GET https://api.example.com/x;jsessionid={s}?api_key={s}"),
        format!("GET https://user:{s}@api.example.com/x"),
        format!("GET https://api.example.com/reset/token/{s}"),
        format!(
            "curl -X POST 'https://dev-1234.okta.com/oauth2/v1/token' -u 'id:{s}' -H 'Authorization: Basic {s}' -d 'grant_type=password&username=a&password={s}&client_secret={s}'"
        ),
        format!("curl https://api.example.com/x -H 'X-Api-Key: {s}' -b 'sid={s}' --data '{{\"password\":\"{s}\"}}'"),
        format!("curl https://api.example.com/x --oauth2-bearer {s}"),
        format!(
            "POST https://dev-1234.okta.com/oauth2/v1/token\nContent-Type: application/x-www-form-urlencoded\n\ngrant_type=refresh_token&refresh_token={s}"
        ),
        format!(
            "POST https://dev-1234.okta.com/oauth2/v1/token\nContent-Type: application/json\n\n{{\"grant_type\":\"refresh_token\",\"refresh_token\":\"{s}\"}}"
        ),
        format!(
            "fetch(\"https://api.example.com/x\", {{ headers: {{ \"authorization\": \"Bearer {s}\", \"cookie\": \"sid={s}\" }}, body: \"code={s}\", method: \"POST\" }})"
        ),
        format!("GET https://api.example.com/x\nAuthorization: SSWS {s}\nDPoP: {s}\nCookie: sid={s}"),
        format!("GET https://api.example.com/x\nAuthorization: {s}"),
        format!("GET https://api.example.com/x\nAuthorization: Token {s}"),
        format!("GET https://api.example.com/x\nAuthorization: ApiKey {s}"),
        format!("GET https://api.example.com/x\nAuthorization: Bearer: {s}"),
        format!("GET https://api.example.com/x\nAuthorization: BearerBearer {s}"),
    ];
    let tokens = [s.to_owned(), format!("Bearer {s}"), format!("00{s}AAAAAAAAAAAAAAAAAA")];
    let mut leaks = Vec::new();
    let mut check = |label: &str, case: Case| {
        let now = Time::from_seconds(NOW);
        let explanation = explain(&case, catalogue(), now);
        let commands: Vec<&str> = explanation.commands.iter().map(|command| command.text.as_str()).collect();
        let made = [
            ("JSON", json::text(&explanation, catalogue(), now)),
            ("report", report(&explanation, catalogue(), now)),
            ("ticket", explanation.ticket.clone().unwrap_or_default()),
            ("commands", commands.join("\n")),
        ];
        for (what, text) in made {
            if text.contains(CANARY) {
                leaks.push(format!("{what} of {label}:\n{text}"));
            }
        }
    };
    for (name, answer) in &answers {
        check(name, Case { answer: answer.clone(), ..Case::default() });
        for token in &tokens {
            let request = "GET https://dev-1234.okta.com/api/v1/users".to_owned();
            check(name, Case { answer: answer.clone(), token: token.clone(), request, ..Case::default() });
        }
    }
    let bases = [
        "HTTP/1.1 401 Unauthorized\nDate: Fri, 20 Nov 2026 13:45:00 GMT\nWWW-Authenticate: Bearer error=\"invalid_token\"\n\n",
        "HTTP/1.1 400 Bad Request\nDate: Fri, 20 Nov 2026 13:45:00 GMT\n\n{\"error\":\"invalid_grant\"}",
        "",
        "HTTP/1.1 403 Forbidden\n\n",
        "HTTP/1.1 429 Too Many Requests\n\n",
        "curl: (6) Could not resolve host",
    ];
    for request in &requests {
        for base in bases {
            check(request, Case { answer: base.to_owned(), request: request.clone(), ..Case::default() });
        }
    }
    assert!(leaks.is_empty(), "{} leaks\n{}", leaks.len(), leaks.join("\n"));
}
