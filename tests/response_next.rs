//! From what is known of a case to what is said of it: the order of findings, the headline, steps, commands, the ticket, the
//! checkup. The evidence is built by hand here; `tests/response.rs` holds whole cases.

#![allow(clippy::panic, clippy::unwrap_used, clippy::indexing_slicing, reason = "the helpers of tests are tests too")]

use std::process::{Command, Stdio};

use tokenscope::finding::{Certainty, Code, Finding, Severity};
use tokenscope::http::Headers;
use tokenscope::response_doctor::answer::{Envelope, Named, OauthError, RateLimit};
use tokenscope::response_doctor::challenge;
use tokenscope::response_doctor::evidence::{Body, Event, Hop, Kind, Request, SentToken};
use tokenscope::response_doctor::explanation::{CheckState, explained, report};
use tokenscope::response_doctor::join::Joined;
use tokenscope::response_doctor::scopes::ScopeRow;
use tokenscope::response_doctor::token::{TokenFacts, TokenWhat};
use tokenscope::response_doctor::{Case, Catalogue, Evidence, Explanation, Said, explain, json};
use tokenscope::time::Time;

#[path = "support/catalogue.rs"]
mod real;

/// Fri 20 Nov 2026, 14:00:00 UTC.
const NOW: Time = Time::from_seconds(1_795_183_200);

/// A small catalogue: what is held here does not hang on the words of the real one.
fn catalogue() -> Catalogue {
    Catalogue::read(
        r#"{
        "oauth": {"prefix": "oauth", "rows": {
            "insufficient_scope": {"problem": "The token is good, but a scope is missing", "remedy": "Ask for the scope.", "next": "setup"},
            "access_denied": {"problem": "The request was refused", "remedy": "Ask why.", "next": "setup"},
            "authorization_pending": {"problem": "The user has not finished", "remedy": "Keep polling.", "next": "poll", "severity": "info"},
            "invalid_token": {"problem": "The token is not accepted", "remedy": "Renew it.", "next": "renew"}
        }},
        "okta": {"prefix": "okta", "rows": {
            "E0000006": {"status": 403, "problem": "The token or its user may not do this", "remedy": "Assign an admin role.", "next": "setup", "place": ["Security", "Administrators"], "not": ["scope"]},
            "E0000009": {"status": 500, "problem": "Okta failed", "remedy": "Ask Okta.", "next": "support"},
            "E0000015": {"status": 401, "problem": "The org lacks the feature", "remedy": "Ask for the feature.", "next": "setup", "not": ["token"]},
            "E0000047": {"status": 429, "problem": "Too many requests", "remedy": "Wait.", "next": "wait"},
            "user_not_assigned": {"error": "access_denied", "problem": "The user is not assigned to the app", "remedy": "Assign the user.", "next": "setup"}
        }},
        "curl": {"prefix": "curl", "rows": {"6": {"problem": "The name of the host has no address", "remedy": "Check DNS.", "next": "retry"}}}
        }"#,
    )
}

struct Scene {
    evidence: Evidence,
    said: Said,
    joined: Joined,
}

impl Scene {
    fn status(status: u16) -> Scene {
        let evidence = Evidence { kind: Kind::Http, status: Some(status), has_headers: true, ..Evidence::default() };
        Scene { evidence, said: Said::default(), joined: Joined::default() }
    }

    fn kind(kind: Kind) -> Scene {
        let evidence = Evidence { kind, ..Evidence::default() };
        Scene { evidence, said: Said::default(), joined: Joined::default() }
    }

    fn asks(mut self, method: &str, url: &str) -> Scene {
        let request = Request { method: method.to_owned(), url: url.to_owned(), ..Request::default() };
        self.evidence.request = Some(request);
        self
    }

    fn states(mut self, code: &'static str) -> Scene {
        let row = catalogue().row(code).map_or(Severity::Error, |row| row.severity);
        let finding = Finding { severity: row, ..Finding::error(Code(code), "/answer") };
        self.said.findings.push(finding.certainty(Certainty::Stated));
        self.said.named.push(Named { code: Code(code), certainty: Certainty::Stated });
        self
    }

    fn proves(mut self, code: &'static str) -> Scene {
        self.joined.findings.push(Finding::error(Code(code), "/token"));
        self
    }

    fn finds(mut self, finding: Finding) -> Scene {
        self.joined.findings.push(finding);
        self
    }

    fn token(mut self, token: TokenFacts) -> Scene {
        self.evidence.token = Some(SentToken { text: "aaaaaaaa.bbbbbbbb".to_owned(), ..SentToken::default() });
        self.joined.token = Some(token);
        self
    }

    fn explained(&self) -> Explanation {
        explained(&self.evidence, &self.said, &self.joined, &catalogue(), NOW)
    }
}

fn custom_token() -> TokenFacts {
    TokenFacts {
        issuer: "https://dev-1234.okta.com/oauth2/default".to_owned(),
        audiences: vec!["api://default".to_owned()],
        expires: Some(NOW.plus(600)),
        issued: Some(NOW.plus(-3000)),
        scopes: Some(vec!["openid".to_owned(), "orders.read".to_owned()]),
        client: "0oab8eb55Kb9jdMIr5d6".to_owned(),
        subject: "jane.doe@example.com".to_owned(),
        key_id: "pDPt2vXk1sM7o3rYw0fQ9eJcA8uH5bLz6TnGdRiKx4E".to_owned(),
        is_okta_custom: true,
        claims: vec!["iss".to_owned(), "aud".to_owned()],
        ..TokenFacts::default()
    }
}

fn org_token() -> TokenFacts {
    TokenFacts {
        issuer: "https://dev-1234.okta.com".to_owned(),
        is_okta_org: true,
        is_okta_custom: false,
        ..custom_token()
    }
}

fn codes(explanation: &Explanation) -> Vec<&'static str> {
    explanation.findings.iter().map(|finding| finding.code.0).collect()
}

// The order.

#[test]
fn what_is_sure_comes_before_what_is_likely_and_each_once() {
    let likely = Finding::error(Code("response.a"), "").certainty(Certainty::Likely);
    let scene = Scene::status(403)
        .finds(Finding::ok(Code("response.good"), ""))
        .finds(likely.clone())
        .finds(Finding::info(Code("response.fact"), ""))
        .finds(Finding::warning(Code("response.warning"), ""))
        .finds(Finding::error(Code("response.proved"), ""))
        .finds(likely)
        .states("okta.E0000009");
    let expected =
        ["response.proved", "response.warning", "okta.E0000009", "response.a", "response.fact", "response.good"];
    assert_eq!(codes(&scene.explained()), expected);
}

#[test]
fn of_one_finding_told_twice_the_surest_stays() {
    let stated = Finding::error(Code("response.a"), "/answer").certainty(Certainty::Stated);
    let scene = Scene::status(403).finds(stated).proves("response.a");
    let explanation = scene.explained();
    assert_eq!(codes(&explanation), ["response.a"]);
    assert_eq!(explanation.findings[0].certainty, Certainty::Proved);
}

#[test]
fn a_proved_warning_does_not_lead_before_an_error() {
    let scene = Scene::status(500).finds(Finding::warning(Code("response.odd"), "")).states("okta.E0000009");
    assert_eq!(codes(&scene.explained()), ["okta.E0000009", "response.odd"]);
}

#[test]
fn the_specific_finding_leads_and_both_are_listed() {
    let scene = Scene::status(403).states("oauth.insufficient_scope").proves("response.scope-missing");
    assert_eq!(codes(&scene.explained()), ["response.scope-missing", "oauth.insufficient_scope"]);
    // The catalogue says itself for which OAuth error a row stands in.
    let scene = Scene::status(400).states("oauth.access_denied").states("okta.user_not_assigned");
    let explanation = scene.explained();
    assert_eq!(codes(&explanation), ["okta.user_not_assigned", "oauth.access_denied"]);
    let steps: Vec<String> = explanation.steps.iter().map(|step| step.text.to_string()).collect();
    assert_eq!(steps, ["Assign the user."]);
}

#[test]
fn what_the_server_excludes_does_not_lead() {
    let scene = Scene::status(401).states("okta.E0000015").proves("response.token-expired");
    let explanation = scene.explained();
    assert_eq!(codes(&explanation), ["okta.E0000015", "response.token-expired"]);
    assert_eq!(explanation.headline.to_string(), "401: the org lacks the feature");
    assert_eq!(
        explanation.support.to_string(),
        "It is not a fault of the token, so another token will be refused too. Something has to be set up differently \
         first. Until then every repetition ends the same."
    );
}

#[test]
fn what_its_wording_excludes_does_not_lead_before_what_is_likely() {
    let mut scene = Scene::status(401).proves("response.token-expired");
    scene.said.findings.push(Finding::error(Code("okta.E0000015"), "").certainty(Certainty::Likely));
    scene.said.named.push(Named { code: Code("okta.E0000015"), certainty: Certainty::Likely });
    assert_eq!(codes(&scene.explained()), ["okta.E0000015", "response.token-expired"]);
}

#[test]
fn what_is_odd_is_no_reason() {
    let odd = Finding::warning(Code("response.lifetime-not-oktas"), "");
    let explanation = Scene::status(401).finds(odd).explained();
    assert_eq!(explanation.headline.to_string(), "401: nothing in what was pasted says why");
    let warning = Finding::warning(Code("response.other-host"), "");
    let explanation = Scene::status(200).finds(warning.clone()).explained();
    assert_eq!((explanation.severity, explanation.is_led), (Severity::Ok, false));
    let explanation = Scene::status(401).finds(warning).explained();
    assert!(explanation.is_led);
}

#[test]
fn that_a_text_says_nothing_is_no_news_where_something_else_says_it() {
    let unread = || Finding::info(Code("response.unread"), "");
    assert_eq!(codes(&Scene::kind(Kind::Text).finds(unread()).explained()), ["response.unread"]);
    assert!(codes(&Scene::kind(Kind::Nothing).finds(unread()).explained()).is_empty());
    let scene = Scene::status(500).finds(unread()).states("okta.E0000009");
    assert_eq!(codes(&scene.explained()), ["okta.E0000009"]);
}

// The headline.

fn check_headline(scene: &Scene, severity: Severity, headline: &str, support: &str) {
    let explanation = scene.explained();
    assert_eq!(explanation.headline.to_string(), headline);
    assert!(explanation.support.to_string().starts_with(support), "{headline}: {}", explanation.support);
    assert_eq!(explanation.severity, severity, "{headline}");
}

#[test]
fn the_headline_begins_with_what_was_pasted() {
    let error = Severity::Error;
    check_headline(&Scene::status(500).states("okta.E0000009"), error, "500: Okta failed", "Only the provider");
    let mut scene = Scene::kind(Kind::Json).states("okta.E0000006");
    scene.said.envelope = Some(Envelope { code: "E0000006".to_owned(), ..Envelope::default() });
    check_headline(
        &scene,
        error,
        "E0000006: the token or its user may not do this",
        "It is not about a missing scope:",
    );
    check_headline(
        &Scene::kind(Kind::Curl).states("curl.6"),
        error,
        "curl: the name of the host has no address",
        "Repeat it later",
    );
    check_headline(
        &Scene::kind(Kind::Redirect).states("oauth.access_denied"),
        error,
        "Redirect: the request was refused",
        "Something has to be set up",
    );
    check_headline(
        &Scene::kind(Kind::SystemLog).states("okta.user_not_assigned"),
        error,
        "System Log: the user is not assigned to the app",
        "",
    );
    check_headline(&Scene::kind(Kind::Text).states("okta.E0000009"), error, "Okta failed", "Only the provider");
    check_headline(
        &Scene::status(400).states("oauth.authorization_pending"),
        Severity::Info,
        "400: the user has not finished",
        "This is no fault",
    );
}

#[test]
fn what_is_only_likely_is_said_to_be() {
    let likely = Finding::error(Code("okta.E0000009"), "").certainty(Certainty::Likely);
    let explanation = Scene::status(500).finds(likely).explained();
    assert_eq!(explanation.headline.to_string(), "500: most likely, Okta failed");
    let likely = Finding::error(Code("oauth.access_denied"), "").certainty(Certainty::Likely);
    let explanation = Scene::kind(Kind::Text).finds(likely).explained();
    assert_eq!(explanation.headline.to_string(), "Most likely, the request was refused");
}

#[test]
fn a_headline_without_a_reason_says_what_to_paste() {
    let body = |mut scene: Scene| {
        scene.evidence.body = Body::Empty;
        scene
    };
    let bare = |mut scene: Scene| {
        scene.evidence.has_headers = false;
        scene
    };
    let vague = "401: nothing in what was pasted says why";
    let warning = Severity::Warning;
    check_headline(&bare(Scene::status(401)), warning, vague, "Paste the headers of the answer too");
    check_headline(&Scene::status(401), warning, vague, "Paste the body of the answer too");
    check_headline(&body(Scene::status(401)), warning, vague, "Paste the token that was sent");
    let scene = body(Scene::status(401)).token(custom_token());
    check_headline(&scene, warning, vague, "Add the method and the address");
    let scene = scene.asks("GET", "https://api.example.com/");
    check_headline(&scene, warning, vague, "The reason then stands in the log");

    let info = Severity::Info;
    check_headline(&Scene::kind(Kind::Nothing), info, "Paste an answer that failed", "Take the output of");
    let scene = Scene::kind(Kind::Nothing).token(custom_token());
    check_headline(&scene, info, "The token alone shows no fault", "Paste the answer too");
    let scene = scene.asks("GET", "https://api.example.com/");
    check_headline(&scene, info, "Request and token are here, the answer is missing", "Paste the answer too");
    let scene = Scene::kind(Kind::Nothing).asks("GET", "https://api.example.com/");
    check_headline(&scene, info, "The answer to the request is missing", "Paste the answer too");

    check_headline(&body(Scene::status(200)), Severity::Ok, "200: the request worked", "Nothing is left");
    check_headline(&Scene::status(200), Severity::Ok, "200: the request worked", "Paste the body too");
    check_headline(&Scene::status(302), info, "302: a redirect, and no error", "Paste the address");
    for kind in [
        Kind::HeaderTable,
        Kind::HarEntry,
        Kind::Json,
        Kind::Challenge,
        Kind::Redirect,
        Kind::AuthorizationRequest,
        Kind::Html,
        Kind::SystemLog,
        Kind::Curl,
        Kind::Saml,
        Kind::Text,
    ] {
        let explanation = Scene::kind(kind).explained();
        assert!(explanation.headline.to_string().len() > 20, "{kind:?}: {}", explanation.headline);
        let support = explanation.support.to_string();
        assert!(["Paste", "Add"].iter().any(|word| support.starts_with(word)), "{kind:?}: {support}");
    }
}

#[test]
fn a_token_that_is_at_fault_without_an_answer_still_asks_for_one() {
    let scene = Scene::kind(Kind::Nothing).token(custom_token()).proves("okta.E0000009");
    let support = scene.explained().support.to_string();
    assert!(support.ends_with("Paste the answer too: it says what the server found."), "{support}");
}

#[test]
fn the_support_follows_what_comes_next() {
    let check = |limit: Option<RateLimit>, expected: &str| {
        let mut scene = Scene::status(429).states("okta.E0000047");
        scene.said.limit = limit;
        let support = scene.explained().support.to_string();
        assert!(support.starts_with(expected), "{support}");
    };
    let limit = RateLimit { limit: Some(600), remaining: Some(0), wait: Some(53), ..RateLimit::default() };
    check(None, "It will pass.");
    check(Some(limit.clone()), "Wait 53 s from the time of the answer");
    check(Some(RateLimit { wait: Some(0), ..limit.clone() }), "By the server’s own clock the wait is over");
    check(Some(RateLimit { is_concurrency: true, ..limit }), "Too many requests run at once");

    let scene = Scene::status(403).states("oauth.insufficient_scope");
    let expected = "Renewing it will not help. A new token must be asked for with the scope.";
    assert_eq!(scene.explained().support.to_string(), expected);
}

// Steps.

#[test]
fn steps_are_the_remedies_in_order_with_their_place() {
    let likely = Finding::error(Code("oauth.access_denied"), "").certainty(Certainty::Likely);
    let scene = Scene::status(403).finds(likely).states("okta.E0000009").states("okta.E0000006");
    let explanation = scene.explained();
    let steps: Vec<(String, usize)> =
        explanation.steps.iter().map(|step| (step.text.to_string(), step.finding)).collect();
    let expected = [("Ask Okta.", 0), ("Assign an admin role.", 1), ("Ask why.", 2)];
    assert_eq!(steps, expected.map(|(text, at)| (text.to_owned(), at)));
    assert_eq!(explanation.steps[1].place, ["Security", "Administrators"]);
}

#[test]
fn there_are_seven_steps_at_most() {
    let mut scene = Scene::status(403);
    let rows: Vec<String> = (0..20).map(|n| format!(r#""x{n:02}":{{"problem":"p","remedy":"Do {n}."}}"#)).collect();
    let text = format!(r#"{{"many":{{"prefix":"many","rows":{{{}}}}}}}"#, rows.join(","));
    let many = Catalogue::read(&text);
    scene.joined.findings = many.rows.iter().map(|row| Finding::error(row.code, "")).collect();
    let explanation = explained(&scene.evidence, &scene.said, &scene.joined, &many, NOW);
    assert_eq!(explanation.findings.len(), 20);
    assert_eq!(explanation.steps.len(), 7);
}

// Commands.

fn command(scene: &Scene, key: &str) -> Option<String> {
    let commands = scene.explained().commands;
    commands.into_iter().find(|command| command.key == key).map(|command| command.text)
}

#[test]
fn introspection_asks_the_server_that_issued_the_token() {
    let check = |token: TokenFacts, expected: &str| {
        let text = command(&Scene::status(401).token(token), "introspect").unwrap();
        assert!(text.contains(expected), "{text}");
    };
    check(custom_token(), "--user '0oab8eb55Kb9jdMIr5d6'");
    check(custom_token(), " 'https://dev-1234.okta.com/oauth2/default/v1/introspect'");
    check(org_token(), " 'https://dev-1234.okta.com/oauth2/v1/introspect'");
    let machine = TokenFacts { is_machine: true, ..org_token() };
    check(machine, "client_assertion_type=urn:ietf:params:oauth:client-assertion-type:jwt-bearer");
    let of = |issuer: &str| TokenFacts { issuer: issuer.to_owned(), is_okta_custom: false, ..custom_token() };
    check(
        of("https://sso.example.com/realms/shop"),
        " 'https://sso.example.com/realms/shop/protocol/openid-connect/token/introspect'",
    );
    check(of("https://login.example.com/"), "'https://login.example.com/.well-known/openid-configuration'");
    check(TokenFacts { client: "a:b".to_owned(), ..custom_token() }, "--user 'CLIENT_ID'");

    let without =
        |issuer: &str| assert_eq!(command(&Scene::status(401).token(of(issuer)), "introspect"), None, "{issuer}");
    for issuer in
        ["", "accounts.example.com", "file:///etc/passwd", "https://user:secret@a.example", "javascript:alert(1)"]
    {
        without(issuer);
    }
}

#[test]
fn an_answer_that_is_not_about_the_token_asks_nothing_about_it() {
    let scene = Scene::status(401).token(custom_token()).states("okta.E0000015");
    assert_eq!(command(&scene, "introspect"), None);
    assert_eq!(command(&scene, "whoami"), None);
}

#[test]
fn the_limit_is_asked_with_get_and_without_the_query() {
    let scene = Scene::status(429).states("okta.E0000047");
    let text = command(&scene.asks("GET", "https://dev-1234.okta.com/api/v1/users?q=jane#x"), "rate-limit").unwrap();
    assert!(text.contains(" 'https://dev-1234.okta.com/api/v1/users' |"), "{text}");
    assert!(!text.contains("-I") && !text.contains("HEAD"), "{text}");
    let scene = Scene::status(429).states("okta.E0000047");
    assert_eq!(command(&scene.asks("POST", "https://dev-1234.okta.com/oauth2/v1/token"), "rate-limit"), None);
    // A token that is bound to a key can't be sent by curl alone.
    let bound = TokenFacts { is_dpop_bound: true, ..custom_token() };
    let scene = Scene::status(429).asks("GET", "https://dev-1234.okta.com/api/v1/users").token(bound);
    assert_eq!(command(&scene, "rate-limit"), None);
    let api_token = TokenFacts { what: TokenWhat::ApiToken, ..TokenFacts::default() };
    let scene = Scene::status(429).asks("GET", "https://dev-1234.okta.com/api/v1/users").token(api_token);
    assert!(command(&scene, "rate-limit").unwrap().contains("'Authorization: SSWS %s\\n'"));
}

#[test]
fn the_system_log_is_asked_for_the_request() {
    let mut scene = Scene::status(500).asks("GET", "https://dev-1234.okta.com/api/v1/users").states("okta.E0000009");
    scene.said.sender = Some("okta");
    assert_eq!(command(&scene, "system-log"), None);
    scene.said.envelope = Some(Envelope { id: "oaeAbC-123".to_owned(), ..Envelope::default() });
    let text = command(&scene, "system-log").unwrap();
    assert!(text.contains("--data-urlencode 'q=oaeAbC-123'") && !text.contains("since"), "{text}");
    scene.said.date = Some(NOW);
    scene.said.request_ids = vec![("X-Okta-Request-Id".to_owned(), "Z1x-y_2".to_owned())];
    let text = command(&scene, "system-log").unwrap();
    let filter = "'filter=transaction.id eq \"Z1x-y_2\" or debugContext.debugData.requestId eq \"Z1x-y_2\"'";
    assert!(text.contains(filter), "{text}");
    assert!(text.contains("'since=2026-11-20T13:55:00Z' --data-urlencode 'until=2026-11-20T14:05:00Z'"), "{text}");
    assert!(text.contains(" 'https://dev-1234.okta.com/api/v1/logs'"), "{text}");
    // An id that could end the filter is none.
    scene.said.request_ids = vec![("X-Okta-Request-Id".to_owned(), "a\" or id pr".to_owned())];
    assert!(!command(&scene, "system-log").unwrap().contains("id pr"));
}

/// What bash makes of a command: the words that curl is given, one a line, and what it reads.
fn run(command: &str, input: &str) -> String {
    let script =
        format!("curl() {{ printf '<%s>\\n' \"$@\" >&2; case \" $* \" in *@-*) cat >&2; esac; }}\nset -e\n{command}\n");
    let mut child = Command::new("bash")
        .args(["-c", &script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    use std::io::Write;
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let read = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    read(output.stderr) + &read(output.stdout)
}

#[test]
fn bash_gives_curl_what_is_meant_and_no_secret() {
    let scene = Scene::status(401).token(custom_token()).asks("GET", "https://dev-1234.okta.com/api/v1/users");
    let given = run(&command(&scene, "introspect").unwrap(), "made.up.token\n");
    let expected = "<-sS>\n<--user>\n<0oab8eb55Kb9jdMIr5d6>\n<-d>\n<token_type_hint=access_token>\n<--data-urlencode>\n\
                    <token@->\n<https://dev-1234.okta.com/oauth2/default/v1/introspect>\nmade.up.token";
    assert_eq!(given, expected);
    let given = run(&command(&scene, "whoami").unwrap(), "made.up.token\n");
    assert!(given.contains("<@->\n<https://dev-1234.okta.com/oauth2/default/v1/userinfo>\n"), "{given}");
    assert!(given.contains("Authorization: Bearer made.up.token\n"), "{given}");
    assert!(!given.contains("<Authorization"), "the token stands in the list of processes: {given}");
}

#[test]
fn what_was_pasted_is_one_word_to_bash() {
    for hostile in [
        "'; echo HACKED; '",
        "$(echo HACKED)",
        "`echo HACKED`",
        "\"; echo HACKED #",
        "' || echo HACKED '",
        "\\'; echo HACKED",
    ] {
        let token = TokenFacts {
            client: hostile.to_owned(),
            issuer: format!("https://dev-1234.okta.com/oauth2/{}", hostile.replace(' ', "")),
            key_id: hostile.to_owned(),
            ..custom_token()
        };
        let scene = Scene::status(401).token(token).asks(hostile, &format!("https://a.example/{hostile}"));
        let explanation = scene.explained();
        assert!(!explanation.commands.is_empty());
        let checkup = explanation.checkup.into_iter().filter_map(|check| check.command);
        for command in explanation.commands.into_iter().chain(checkup) {
            let given = run(&command.text, "t\nt\n");
            assert!(!given.lines().any(|line| line == "HACKED"), "{}\n{given}", command.text);
        }
    }
}

#[test]
fn a_command_with_a_control_character_is_left_out() {
    let token = |client: &str| TokenFacts { client: client.to_owned(), ..custom_token() };
    for client in ["a\nb", "a\rb", "\u{1b}[2Jx", "\u{202e}x"] {
        assert_eq!(command(&Scene::status(401).token(token(client)), "introspect"), None, "{client:?}");
    }
}

#[test]
fn the_decoding_that_is_offered_reads_every_length_and_every_character() {
    let scene = Scene::kind(Kind::Http);
    let explanation = scene.explained();
    let check = explanation.checkup.iter().find(|check| check.key == "payload").unwrap();
    let text = &check.command.as_ref().unwrap().text;
    for name in ["", "a", "ab", "abc", "é", "日本", "Zoë ß?>~", "🙂🙂"] {
        for padding in 0..4 {
            let payload = format!(r#"{{"name":"{name}","pad":"{}"}}"#, "x".repeat(padding));
            let token = format!("e30.{}.c2ln\n", tokenscope::jose::base64url::encode(payload.as_bytes()));
            assert_eq!(run(text, &token), format!("{payload}\n"));
        }
    }
}

#[test]
fn a_host_that_cannot_be_reached_does_not_end_the_command_without_a_word() {
    let scene = Scene::kind(Kind::Curl).states("curl.6").asks("GET", "https://dev-1234.okta.com/api/v1/users");
    let text = command(&scene, "discovery").unwrap();
    assert!(text.contains("'https://dev-1234.okta.com/.well-known/openid-configuration'"), "{text}");
    let script = format!("curl() {{ return 6; }}\nset -e\n{text}\n");
    let output = Command::new("bash").args(["-c", &script]).output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), "curl ended with exit code 6\n");
    // Without a request curl's own line names the host.
    let mut scene = Scene::kind(Kind::Curl).states("curl.6");
    assert_eq!(command(&scene, "discovery"), None);
    scene.evidence.text = "curl: (6) Could not resolve host: api.example.com".to_owned();
    assert!(command(&scene, "discovery").unwrap().contains("'https://api.example.com/'"));
}

#[test]
fn what_is_proved_needs_nobodys_word() {
    let scene = Scene::status(401).token(custom_token()).states("oauth.invalid_token");
    assert!(command(&scene, "introspect").is_some());
    let scene = scene.proves("response.token-expired");
    assert_eq!(command(&scene, "introspect"), None);
    assert_eq!(command(&scene, "whoami"), None);
    let keys =
        scene.explained().checkup.iter().filter_map(|check| Some(check.command.as_ref()?.key)).collect::<Vec<_>>();
    assert_eq!(keys, ["introspect"], "a token that is read here is not decoded elsewhere");
}

// The tables.

#[derive(Default)]
struct Names {
    codes: Vec<String>,
    commands: Vec<String>,
}

/// The codes and commands that the tables of this room name.
fn named() -> Names {
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    let mut names = Names::default();
    let texts = |value: &serde_json::Value| -> Vec<String> {
        match value {
            serde_json::Value::String(text) => vec![text.clone()],
            list => list.as_array().into_iter().flatten().map(|text| text.as_str().unwrap().to_owned()).collect(),
        }
    };
    let next = read(include_str!("../src/data/response_next.json"));
    names.codes.extend(next["advice"].as_object().unwrap().keys().cloned());
    names.commands.extend(next["advice"].as_object().unwrap().values().flat_map(|row| texts(&row["command"])));
    names.codes.extend(texts(&next["remarks"]).into_iter().chain(texts(&next["unread"])));
    names.codes.extend(next["about"].as_object().unwrap().values().flat_map(texts));
    for row in next["standsInFor"].as_array().unwrap() {
        names.codes.extend(texts(&row["specific"]).into_iter().chain(texts(&row["general"])));
    }
    let checkup = read(include_str!("../src/data/response_checkup.json"));
    for row in checkup.as_object().unwrap().values() {
        names.codes.extend(texts(&row["codes"]));
        names.commands.extend(texts(&row["command"]));
    }
    let commands = read(include_str!("../src/data/response_commands.json"));
    for row in commands["confirm"].as_array().unwrap() {
        names.codes.extend(texts(&row["codes"]));
        names.commands.extend(texts(&row["command"]));
    }
    for table in [
        include_str!("../src/data/messages/response_answer.json"),
        include_str!("../src/data/messages/response_join.json"),
    ] {
        names.commands.extend(read(table).as_object().unwrap().values().flat_map(|row| texts(&row["command"])));
    }
    names
}

#[test]
fn every_code_and_command_that_a_table_names_exists() {
    let names = named();
    let own = tokenscope::response_doctor::WORDS.codes();
    let codes: Vec<&str> = own.chain(real::catalogue().rows.iter().map(|row| row.code.0)).collect();
    let is_code = |pattern: &str| match pattern.strip_suffix('*') {
        Some(beginning) => codes.iter().any(|code| code.starts_with(beginning)),
        None => codes.contains(&pattern),
    };
    let wrong: Vec<&String> = names.codes.iter().filter(|code| !is_code(code)).collect();
    assert!(wrong.is_empty() && names.codes.len() > 80, "{wrong:?}");
    let table: serde_json::Value = serde_json::from_str(include_str!("../src/data/response_commands.json")).unwrap();
    let wrong: Vec<&String> =
        names.commands.iter().filter(|key| table["commands"].get(key.as_str()).is_none()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn every_row_of_the_catalogue_has_what_a_headline_and_a_step_need() {
    for row in &real::catalogue().rows {
        let mut scene = Scene::status(row.status.unwrap_or(400));
        let finding = Finding { severity: row.severity, ..Finding::error(row.code, "/answer") };
        scene.said.findings.push(finding.certainty(Certainty::Stated));
        let explanation = explained(&scene.evidence, &scene.said, &scene.joined, real::catalogue(), NOW);
        assert!(explanation.is_led, "{}", row.code.0);
        let headline = explanation.headline.to_string();
        assert!(headline.starts_with(&format!("{}: ", scene.evidence.status.unwrap())), "{headline}");
        assert!(!headline.ends_with('.') && !headline.contains('…'), "{headline}");
        if row.severity == Severity::Error {
            assert!(!explanation.steps.is_empty(), "{}: nothing to do", row.code.0);
            assert!(!explanation.support.0.is_empty(), "{}: nothing follows", row.code.0);
        }
    }
}

// The checkup.

fn states(scene: &Scene) -> String {
    let explanation = scene.explained();
    let checks = explanation.checkup.iter().map(|check| {
        assert!(!check.question.0.is_empty() && !check.answer.0.is_empty(), "{}", check.key);
        let answer = check.answer.to_string();
        assert!(answer.ends_with('.') && !answer.contains('…'), "{}: {answer}", check.key);
        match check.state {
            CheckState::Pass => '+',
            CheckState::Fail => '!',
            CheckState::Warn => '~',
            CheckState::Unknown => '?',
        }
    });
    checks.collect()
}

#[test]
fn the_eight_questions_are_answered_from_what_was_pasted() {
    assert_eq!(states(&Scene::kind(Kind::Nothing)), "????????");
    assert_eq!(states(&Scene::status(401)), "++?????+");
    let scene = Scene::status(401).token(custom_token()).asks("GET", "https://dev-1234.okta.com/api/v1/users");
    assert_eq!(&states(&scene)[..5], "+++".to_owned() + "+?");
    let expired = TokenFacts { expires: Some(NOW.plus(-60)), ..custom_token() };
    assert_eq!(states(&Scene::status(401).token(expired)), "+++!???+");
    let early = TokenFacts { not_before: Some(NOW.plus(60)), ..custom_token() };
    assert_eq!(states(&Scene::status(401).token(early)), "+++!???+");
    let endless = TokenFacts { expires: None, ..custom_token() };
    assert_eq!(states(&Scene::status(401).token(endless)), "+++~???+");
    for what in [TokenWhat::Opaque, TokenWhat::Encrypted, TokenWhat::ApiToken] {
        let token = TokenFacts { what, ..TokenFacts::default() };
        assert_eq!(states(&Scene::status(401).token(token)), "++?????+", "{what:?}");
    }
    assert_eq!(states(&Scene::status(503)), "++?????~");
    let mut scene = Scene::kind(Kind::Curl);
    scene.evidence.curl = Some(28);
    assert_eq!(states(&scene), "!???????");
}

#[test]
fn the_time_of_the_answer_counts_not_the_time_of_reading() {
    let token = TokenFacts { expires: Some(NOW.plus(-60)), ..custom_token() };
    let mut scene = Scene::status(401).token(token);
    scene.said.date = Some(NOW.plus(-120));
    assert_eq!(states(&scene), "++++???+");
}

#[test]
fn limits_are_read_from_the_headers() {
    let check = |status: u16, limit: RateLimit, expected: char| {
        let mut scene = Scene::status(status);
        scene.said.limit = Some(limit);
        assert_eq!(states(&scene).chars().nth(1), Some(expected));
    };
    let limit = RateLimit { limit: Some(600), remaining: Some(599), reset: Some(NOW), ..RateLimit::default() };
    check(200, limit.clone(), '+');
    check(429, limit.clone(), '!');
    let used = RateLimit { remaining: Some(0), ..limit.clone() };
    check(200, used.clone(), '~');
    check(429, used, '!');
    check(429, RateLimit { limit: Some(0), remaining: Some(0), is_concurrency: true, ..limit }, '!');
    assert_eq!(states(&Scene::status(429)).chars().nth(1), Some('!'));
}

#[test]
fn scopes_are_compared() {
    let row = |scope: &str, in_token: Option<bool>, covered_by: Option<&str>| ScopeRow {
        scope: scope.to_owned(),
        in_token,
        needed: true,
        covered_by: covered_by.map(str::to_owned),
    };
    let check = |rows: Vec<ScopeRow>, token: Option<TokenFacts>, expected: char, answer: &str| {
        let mut scene = Scene::status(403);
        if let Some(token) = token {
            scene = scene.token(token);
        }
        scene.joined.scopes = rows;
        assert_eq!(states(&scene).chars().nth(4), Some(expected));
        assert_eq!(scene.explained().checkup[4].answer.to_string(), answer);
    };
    check(vec![row("orders.write", Some(false), None)], Some(custom_token()), '!', "No: orders.write is missing.");
    let covered = row("okta.users.read", Some(false), Some("okta.users.manage"));
    check(vec![covered], Some(custom_token()), '+', "Yes: okta.users.read.");
    let rows = vec![row("a", Some(false), None), row("b", Some(false), None)];
    check(rows, Some(custom_token()), '!', "No: a and b are missing.");
    check(vec![row("a", None, None)], None, '?', "The request needs a. No token was pasted to compare.");
    let has = "It has openid and orders.read. Which the request needs does not follow from what was pasted.";
    check(Vec::new(), Some(custom_token()), '?', has);
}

#[test]
fn issuer_and_introspection_are_judged_by_the_server_that_is_asked() {
    let mut scene = Scene::status(200);
    scene.evidence.body = Body::Json(tokenscope::json::read(br#"{"active":false}"#.to_vec()));
    assert_eq!(states(&scene).chars().nth(6), Some('!'));
    scene.evidence.body = Body::Json(tokenscope::json::read(br#"{"active":true}"#.to_vec()));
    assert_eq!(states(&scene).chars().nth(6), Some('+'));
    let check = scene.explained().checkup.remove(7);
    assert!(check.command.is_none());
    let scene = Scene::kind(Kind::Nothing).token(custom_token());
    let command = scene.explained().checkup.remove(6).command.unwrap();
    assert!(command.text.contains("/oauth2/default/v1/introspect"), "{}", command.text);
}

// The ticket, the report and the JSON.

/// A canary: it has the shape of a token, so that nothing needs to know where it stands.
const CANARY: &str = "eyJhbGciOiJDQU5BUlkifQ.eyJzdWIiOiJDQU5BUlkifQ.Q0FOQVJZQ0FOQVJZQ0FOQVJZ";

fn full_of_secrets() -> Scene {
    let canary = || CANARY.to_owned();
    let pair = |name: &str| (name.to_owned(), canary());
    let mut scene = Scene::status(403)
        .token(custom_token())
        .asks(
            &format!("POST {CANARY}"),
            &format!("https://dev-1234.okta.com/api/v1/users/{CANARY}/x@example.com?access_token={CANARY}#{CANARY}"),
        )
        .states("okta.E0000006")
        .finds(
            Finding::error(Code("response.canary"), "/x")
                .text("found", format!("https://a.example/00made-up_API.token0123?x={CANARY}")),
        );
    scene.evidence.token = Some(SentToken { text: "00made-up_API.token0123".to_owned(), ..SentToken::default() });
    scene.evidence.reason = format!("{CANARY} 00made-up_API.token0123");
    let names = ["WWW-Authenticate", "Location", "Set-Cookie", "Authorization", "X-Okta-Request-Id", "Server"];
    scene.evidence.headers = names.into_iter().map(|name| (name, CANARY)).collect::<Headers>();
    scene.evidence.headers.push("X-Rate-Limit-Limit", "Bearer aaaaaaaaaaaa");
    let body = format!(
        r#"{{"errorCode":"E0000006","password":"hunter2-hunter2","nested":[{{"clientSecret":"s3cr3t-s3cr3t","x":"{CANARY}"}}],"{CANARY}":1,"access_token":"opaque-0123456789"}}"#
    );
    scene.evidence.body = Body::Json(tokenscope::json::read(body.into_bytes()));
    scene.evidence.parameters = vec![pair("state"), pair("code")];
    scene.evidence.text = canary();
    scene.evidence.hops = vec![Hop { url: canary(), status: 302, location: canary() }];
    scene.evidence.event = Some(Event {
        event_type: canary(),
        result: canary(),
        reason: canary(),
        transaction: canary(),
        published: Some(NOW),
        targets: vec![pair("User")],
        debug: vec![pair("requestUri")],
    });
    if let Some(request) = &mut scene.evidence.request {
        request.headers = [("Authorization", CANARY), ("Cookie", CANARY)].into_iter().collect::<Headers>();
        request.form = vec![pair("client_secret"), pair("scope"), pair(CANARY)];
    }
    scene.said.envelope = Some(Envelope { code: canary(), summary: canary(), id: canary(), causes: vec![canary()] });
    scene.said.oauth = Some(OauthError { error: canary(), description: canary(), scopes: vec![canary()] });
    scene.said.request_ids = vec![pair("X-Okta-Request-Id"), pair(CANARY)];
    scene.said.challenges = challenge::read(&format!("Bearer error=\"{CANARY}\""));
    if let Some(token) = &mut scene.joined.token {
        token.issuer = format!("https://dev-1234.okta.com/{CANARY}");
        token.client = canary();
        token.key_id = canary();
        token.audiences = vec![canary()];
        token.scopes = Some(vec![canary()]);
    }
    scene
}

fn check_no_secret(text: &str) {
    for secret in [
        "CANARY",
        "eyJ",
        "Q0FOQVJZ",
        "hunter2",
        "s3cr3t",
        "opaque-0123456789",
        "aaaaaaaaaaaa",
        "x@example",
        "x%40",
        "access_token=",
    ] {
        assert!(!text.contains(secret), "{secret} in:\n{text}");
    }
}

#[test]
fn no_secret_gets_into_a_ticket_a_report_or_a_command() {
    let scene = full_of_secrets();
    let explanation = scene.explained();
    check_no_secret(explanation.ticket.as_ref().unwrap());
    check_no_secret(&report(&explanation, &catalogue(), NOW));
    let checkup = explanation.checkup.iter().filter_map(|check| check.command.as_ref());
    for command in explanation.commands.iter().chain(checkup) {
        check_no_secret(&command.text);
    }
}

#[test]
fn a_ticket_has_what_its_readers_need() {
    let mut scene = Scene::status(403)
        .token(custom_token())
        .asks("GET", "https://dev-1234.okta.com/api/v1/users/00u47ijy7sRLaeSdC0g7?fields=x")
        .states("okta.E0000006");
    scene.evidence.reason = "Forbidden".to_owned();
    scene.evidence.headers = [("Date", "Fri, 20 Nov 2026 14:00:00 GMT"), ("X-Powered-By", "x")].into_iter().collect();
    scene.evidence.body = Body::Json(tokenscope::json::read(br#"{"errorCode":"E0000006","errorId":"oae1"}"#.to_vec()));
    scene.said.date = Some(NOW);
    scene.said.sender = Some("okta");
    scene.said.request_ids = vec![("X-Okta-Request-Id".to_owned(), "ZABCdef-12345".to_owned())];
    scene.said.envelope = Some(Envelope { code: "E0000006".to_owned(), id: "oae1".to_owned(), ..Envelope::default() });
    let ticket = scene.explained().ticket.unwrap();
    let expected = "\
# Request refused: 403: the token or its user may not do this

- Time (the server’s `Date`): `2026-11-20T14:00:00Z`
- Status: `403 Forbidden`
- Request: `GET https://dev-1234.okta.com/api/v1/users/00u47ijy7sRLaeSdC0g7`
- `X-Okta-Request-Id`: `ZABCdef-12345`
- Answered by: `okta`
- Error code: `E0000006`
- Error id: `oae1`

## The token

- Issuer: `https://dev-1234.okta.com/oauth2/default`
- Audience: `api://default`
- Client id: `0oab8eb55Kb9jdMIr5d6`
- Scopes: `openid orders.read`
- Key id: `pDPt2vXk1sM7o3rYw0fQ9eJcA8uH5bLz6TnGdRiKx4E`
- Issued: `2026-11-20T13:10:00Z`
- Expires: `2026-11-20T14:10:00Z`

## What was checked

- The token or its user may not do this (Stated by the server, `okta.E0000006`)

## The answer, secrets left out

    Date: Fri, 20 Nov 2026 14:00:00 GMT
    
    {\"errorCode\": \"E0000006\", \"errorId\": \"oae1\"}

## To repeat it

    read -rs TOKEN   # paste the token, then Enter; it stays out of the shell history
    printf 'Authorization: Bearer %s\\n' \"$TOKEN\" | curl -sS -i -X 'GET' -H @- \\
      'https://dev-1234.okta.com/api/v1/users/00u47ijy7sRLaeSdC0g7'
";
    assert_eq!(ticket, expected);
    assert!(!ticket.contains("jane"));
}

#[test]
fn there_is_no_ticket_where_nothing_was_refused() {
    for scene in
        [Scene::status(200), Scene::status(302), Scene::kind(Kind::Nothing), Scene::kind(Kind::AuthorizationRequest)]
    {
        assert_eq!(scene.explained().ticket, None);
    }
}

#[test]
fn a_report_says_what_the_view_shows() {
    let mut scene = Scene::status(403).token(custom_token()).states("oauth.insufficient_scope");
    scene.joined.scopes =
        vec![ScopeRow { scope: "orders|write".to_owned(), in_token: Some(false), needed: true, covered_by: None }];
    let report = report(&scene.explained(), &catalogue(), NOW);
    for part in [
        "# 403: the token is good, but a scope is missing\n",
        "Renewing it will not help.",
        "As of Fri 20 Nov 2026, 14:00:00 UTC.",
        "| The token is good, but a scope is missing | Stated by the server | Error |",
        "| `orders\\|write` | no | yes |",
        "1. Ask for the scope.",
        "- Fault: Does the token have the scopes that the request needs? No: `orders|write` is missing.",
    ] {
        assert!(report.contains(part), "{part}\n{report}");
    }
}

#[test]
fn the_json_is_json() {
    for scene in [full_of_secrets(), Scene::kind(Kind::Nothing), Scene::status(403).states("okta.E0000006")] {
        let explanation = scene.explained();
        let text = json::text(&explanation, &catalogue(), NOW);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(value["version"], 1);
        assert_eq!(value["checkup"].as_array().unwrap().len(), 8);
        assert_eq!(value["headline"], explanation.headline.to_string());
    }
}

#[test]
fn what_is_no_address_may_hold_a_secret_anywhere() {
    for url in
        ["password=s3cr3t-s3cr3t&https://a.example/", "s3cr3t-s3cr3t@a.example/x", "/api/v1/users/x%40example.com"]
    {
        let ticket = Scene::status(403).asks("GET", url).states("okta.E0000006").explained().ticket.unwrap();
        check_no_secret(&ticket);
    }
}

#[test]
fn the_status_page_of_okta_is_for_okta() {
    let failing = |url: &str| Scene::status(503).asks("GET", url).states("okta.E0000009");
    let scene = failing("https://dev-1234.okta.com/api/v1/users");
    assert_eq!(command(&scene, "status").as_deref(), Some("https://status.okta.com/"));
    let scene = failing("https://api.example.com/v1/orders");
    assert_eq!(command(&scene, "status"), None);
    assert!(scene.explained().checkup[7].command.is_none());
}

// Laws.

/// Pieces of answers, of what is secret in them, and of what is hostile.
const PIECES: [&str; 22] = [
    "HTTP/1.1 401 Unauthorized\n",
    "HTTP/2 429\n",
    "Date: Fri, 20 Nov 2026 14:00:00 GMT\n",
    "WWW-Authenticate: Bearer error=\"invalid_token\"\n",
    "X-Okta-Request-Id: Zabc\n",
    "X-Rate-Limit-Limit: 600\nX-Rate-Limit-Remaining: 0\nX-Rate-Limit-Reset: 1795183260\n",
    "\n",
    "{\"errorCode\":\"E0000011\",\"errorSummary\":\"Invalid token provided\",\"errorId\":\"oae1\"}",
    "{\"error\":\"invalid_grant\",\"error_description\":\"x\"}",
    "{\"active\":false}",
    "GET https://dev-1234.okta.com/api/v1/users?limit=1 HTTP/1.1\n",
    "curl -X POST 'https://dev-1234.okta.com/oauth2/v1/token' -d 'client_secret=s3cr3t-s3cr3t'\n",
    "https://app.example/cb?error=access_denied&code=s3cr3t-s3cr3t\n",
    "Authorization: Bearer eyJhbGciOiJDQU5BUlkifQ.eyJzdWIiOiJDQU5BUlkifQ.Q0FOQVJZQ0FOQVJZQ0FOQVJZ\n",
    "Cookie: sid=s3cr3t-s3cr3t\n",
    "password=s3cr3t-s3cr3t&",
    "curl: (28) Connection timed out\n",
    "'; echo HACKED; '",
    "$(echo HACKED)",
    "\u{202e}\u{0}\u{1b}[2J",
    "<html><title>x</title>",
    "é日🙂",
];

fn pieces() -> impl proptest::strategy::Strategy<Value = String> {
    use proptest::prelude::*;
    prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..8).prop_map(|pieces| pieces.concat())
}

#[test]
fn of_a_placeholder_nothing_is_shown_that_stands_behind_it() {
    for token in ["undefined&code=s3cr3t-s3cr3t", "${TOKEN}…&code=s3cr3t-s3cr3t", "<token>?client_secret=s3cr3t-s3cr3t"]
    {
        for (request, token) in [
            (String::new(), token.to_owned()),
            (format!("GET https://api.example.com/ HTTP/1.1\nAuthorization: Bearer {token}"), String::new()),
        ] {
            let answer = "HTTP/1.1 401 Unauthorized\n\n".to_owned();
            let case = Case { answer, request, token, registered: String::new() };
            let explanation = explain(&case, real::catalogue(), NOW);
            let shown =
                report(&explanation, real::catalogue(), NOW) + explanation.ticket.as_deref().unwrap_or_default();
            assert!(!shown.contains("s3cr3t-s3cr3t"), "{shown}");
        }
    }
}

proptest::proptest! {
    /// Whatever is pasted where, there is an explanation: valid JSON, eight questions, no secret in what is sent to others.
    #[test]
    fn whatever_is_pasted_is_explained(answer in pieces(), request in pieces(), token in pieces(), registered in pieces()) {
        let case = Case { answer, request, token, registered };
        let explanation = explain(&case, real::catalogue(), NOW);
        let text = json::text(&explanation, real::catalogue(), NOW);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        proptest::prop_assert_eq!(value["checkup"].as_array().unwrap().len(), 8);
        proptest::prop_assert!(!explanation.headline.0.is_empty());
        proptest::prop_assert!(explanation.steps.len() <= 7 && explanation.commands.len() <= 5);
        let shown = report(&explanation, real::catalogue(), NOW) + explanation.ticket.as_deref().unwrap_or_default();
        for secret in ["s3cr3t-s3cr3t", "Q0FOQVJZ"] {
            proptest::prop_assert!(!shown.contains(secret), "{} in {}", secret, shown);
        }
        let checkup = explanation.checkup.iter().filter_map(|check| check.command.as_ref());
        for command in explanation.commands.iter().chain(checkup) {
            proptest::prop_assert!(!command.text.chars().any(|one| one.is_control() && one != '\n'), "{:?}", command.text);
        }
    }
}

#[test]
fn long_texts_take_no_more_than_their_length() {
    let started = std::time::Instant::now();
    for piece in ["eyJ", "a", "a.", "'", "/", "?x=", "Bearer ", "\n", "🙂", "@"] {
        let long = || piece.repeat(200_000 / piece.len());
        let mut scene = Scene::status(401)
            .token(TokenFacts {
                issuer: format!("https://a.example/{}", long()),
                audiences: vec![long()],
                client: long(),
                key_id: long(),
                scopes: Some(vec![long()]),
                ..custom_token()
            })
            .asks(&long(), &format!("https://a.example/{}", long()))
            .finds(Finding::error(Code("response.long"), "").text("found", long()));
        scene.evidence.token = Some(SentToken { text: long(), ..SentToken::default() });
        scene.evidence.headers = [("WWW-Authenticate", long()), ("Location", long())].into_iter().collect();
        scene.evidence.body = Body::Text(long());
        scene.evidence.text = long();
        scene.said.oauth =
            Some(OauthError { error: long(), description: long(), scopes: long().chars().map(String::from).collect() });
        scene.said.envelope = Some(Envelope { code: long(), summary: long(), id: long(), causes: vec![long()] });
        scene.said.request_ids = vec![(long(), long())];
        let explanation = scene.explained();
        assert!(!json::text(&explanation, &catalogue(), NOW).is_empty());
        assert!(explanation.ticket.is_some_and(|ticket| ticket.len() < 200_000));
    }
    // Far more than it takes without optimisation on a busy machine, and far less than anything quadratic would.
    assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
}
