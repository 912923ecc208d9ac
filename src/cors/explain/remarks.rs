//! The findings about an exchange, beside its cause: what makes it worse, what works by luck, and what is too open.

use super::phrases::Facts;
use super::walk::Place;
use crate::cors::server::is_worth_reading;
use crate::cors::url::{self, OriginFault, Url, corrected_origin, serialized_origin};
use crate::cors::{
    Cause, Decision, Engine, Exchange, Mode, NetworkError, Outcome, StepName, StepResult, code, decide,
    preflight_lifetime, unvaried_origin,
};
use crate::finding::{Certainty, Code, Fact, Finding};
use crate::http::Answer;
use crate::text;

/// What is looked at.
pub(super) struct Subject<'a> {
    /// What was exchanged.
    pub exchange: &'a Exchange,
    /// What Chromium decides.
    pub decision: &'a Decision,
    /// The facts for the words.
    pub facts: &'a Facts,
}

/// A redirect to a page where people sign in, by its address.
pub(super) fn is_login(address: &str) -> bool {
    let Some(url) = url::parse(address) else { return false };
    let path = url.path.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let segment = |name: &str| path.split(['/', '.']).any(|part| part == name);
    LOGIN_SEGMENTS.iter().any(|name| segment(name)) || LOGIN_PARTS.iter().any(|part| text::contains(&path, part))
}

/// An authorization endpoint ([RFC 6749](https://www.rfc-editor.org/rfc/rfc6749#section-3.1)), by its path and by the
/// parameters that each of its requests has.
pub(super) fn is_authorization(address: &str) -> bool {
    let Some(url) = url::parse(address) else { return false };
    let (path, query) = url.path.split_once('?').unwrap_or((&url.path, ""));
    let named = AUTHORIZATION_PATHS.iter().any(|end| path.trim_end_matches('/').ends_with(end));
    named && query.split('&').any(|member| member.starts_with("client_id=") || member.starts_with("response_type="))
}

const AUTHORIZATION_PATHS: &[&str] = &["/authorize", "/oauth2/v2/auth", "/openid-connect/auth", "/oauth2/auth"];
const LOGIN_SEGMENTS: &[&str] = &[
    "login",
    "log-in",
    "log_in",
    "signin",
    "sign-in",
    "sign_in",
    "logon",
    "authorize",
    "authenticate",
    "auth",
    "sso",
    "saml",
    "saml2",
    "cas",
];
const LOGIN_PARTS: &[&str] =
    &["/adfs/ls", "/oauth2/auth", "/openid-connect/auth", "login.", "/accounts/login", "signin-oidc"];

impl Subject<'_> {
    /// Every remark.
    pub fn remarks(&self) -> Vec<Finding> {
        let mut remarks = Vec::new();
        self.statuses(&mut remarks);
        self.redirects(&mut remarks);
        self.origins(&mut remarks);
        self.openness(&mut remarks);
        self.wildcards(&mut remarks);
        self.hidden(&mut remarks);
        self.caches(&mut remarks);
        remarks
    }

    /// The last hop that was decided about.
    pub fn place(&self) -> Place<'_> {
        place(self.exchange, self.decision)
    }

    /// The answer that failed, or the last one.
    fn answer(&self) -> Option<&Answer> {
        let hop = self.exchange.hops.get(self.place().hop)?;
        hop.response.as_ref()
    }

    /// The preflight's answer in that hop.
    fn preflight(&self) -> Option<&Answer> {
        let hop = self.exchange.hops.get(self.place().hop)?;
        hop.preflight.as_ref()
    }

    fn statuses(&self, remarks: &mut Vec<Finding>) {
        use Cause::{MissingAllowOriginHeader, PreflightInvalidStatus, PreflightMissingAllowOriginHeader};
        match (self.decision.outcome, self.decision.cause) {
            (Outcome::Allowed, _) => {
                if let Some(answer) = self.answer().filter(|answer| answer.status >= 400) {
                    remarks.push(status(Finding::error(code::STATUS, "/response/status"), answer));
                }
            }
            (_, Some(PreflightMissingAllowOriginHeader | PreflightInvalidStatus)) => {
                let Some(answer) = self.preflight().filter(|answer| answer.status >= 400) else { return };
                let code = match answer.status {
                    401 | 407 => code::PREFLIGHT_AUTHENTICATION,
                    // Frameworks answer so to an origin that they do not know, gateways to a route without `OPTIONS`.
                    403 => code::PREFLIGHT_REFUSED,
                    404 | 405 | 501 => code::PREFLIGHT_NOT_HANDLED,
                    _ => code::PREFLIGHT_ERROR,
                };
                remarks.push(status(Finding::error(code, "/preflight/status"), answer));
            }
            (_, Some(MissingAllowOriginHeader)) => {
                if let Some(answer) = self.answer().filter(|answer| answer.status >= 400) {
                    let finding = Finding::error(code::ERROR_ANSWER, "/response/status");
                    remarks.push(status(finding.certainty(Certainty::Likely), answer));
                }
                self.redirect_answer(remarks);
            }
            _ => {}
        }
    }

    /// A redirect that lacks the headers itself, which fails before it is followed.
    fn redirect_answer(&self, remarks: &mut Vec<Finding>) {
        let Some(answer) = self.answer().filter(|answer| (300..400).contains(&answer.status)) else { return };
        let base = url::parse(self.place().url());
        let location = answer.headers.values("location").next();
        let Some(target) = base.zip(location).and_then(|(base, location)| url::resolve(&base, location)) else {
            return;
        };
        let target = target.text();
        let (code, certainty) = match is_login(&target) {
            true => (code::LOGIN_REDIRECT, Certainty::Likely),
            false => (code::REDIRECT_ANSWER, Certainty::Proved),
        };
        remarks.push(Finding::error(code, "/response/headers/location").certainty(certainty).text("target", target));
    }

    fn redirects(&self, remarks: &mut Vec<Finding>) {
        for (number, url) in self.decision.urls.iter().enumerate().skip(1) {
            let subject = "/redirects";
            let target = |finding: Finding| finding.text("target", url.as_str());
            if is_login(url) {
                let finding = Finding::error(code::LOGIN_REDIRECT, subject).certainty(Certainty::Likely);
                remarks.push(target(finding));
            }
            let answer = self.exchange.hops.get(number).and_then(|hop| hop.response.as_ref());
            let known = answer.is_some() || self.exchange.hops.get(number).is_some_and(|hop| hop.preflight.is_some());
            if !known && self.decision.cause.is_none() {
                remarks.push(target(Finding::info(code::REDIRECT_UNKNOWN, subject)));
            }
            let origins = &self.decision.origins;
            if origins.get(number).is_some_and(|origin| origin == "null") && self.exchange.origin != "null" {
                remarks.push(target(Finding::warning(code::REDIRECT_NULL_ORIGIN, subject)));
            }
            let other = number.checked_sub(1).and_then(|before| self.decision.urls.get(before));
            let changed = other.and_then(|other| url::origin_of(other)) != url::origin_of(url);
            if changed && self.exchange.request.headers.has("authorization") {
                remarks.push(target(Finding::warning(code::AUTHORIZATION_DROPPED, subject)));
            }
        }
    }

    fn origins(&self, remarks: &mut Vec<Finding>) {
        use Cause::{
            AllowOriginMismatch, InvalidAllowOriginValue, PreflightAllowOriginMismatch,
            PreflightInvalidAllowOriginValue,
        };
        if self.exchange.origin == "null" {
            remarks.push(Finding::warning(code::NULL_ORIGIN, "/origin"));
        }
        let origin = self.place().origin().to_owned();
        let value = self.decision.parameter.as_str();
        match self.decision.cause {
            Some(
                AllowOriginMismatch
                | PreflightAllowOriginMismatch
                | InvalidAllowOriginValue
                | PreflightInvalidAllowOriginValue,
            ) => {}
            _ => return,
        }
        if let Some(finding) =
            origin_fault(value, Fact::Text("Access-Control-Allow-Origin".to_owned()), ALLOW_ORIGIN_SUBJECT)
        {
            remarks.push(finding);
        }
        if let Some(finding) = difference(value, &origin) {
            remarks.push(finding);
        }
    }

    fn openness(&self, remarks: &mut Vec<Finding>) {
        let answers =
            self.exchange.hops.iter().flat_map(|hop| [hop.preflight.as_ref(), hop.response.as_ref()]).flatten();
        let (mut null, mut any, mut both) = (false, None, false);
        for answer in answers {
            let Some(value) = answer.headers.combined("access-control-allow-origin") else { continue };
            let credentials =
                answer.headers.combined("access-control-allow-credentials").is_some_and(|value| value.trim() == "true");
            null |= value.trim() == "null";
            both |= value.trim() == "*" && credentials;
            if credentials && is_made_up(value.trim()) {
                any = Some(value);
            }
        }
        let server = |finding: Finding| with_server(finding, self.facts);
        if null {
            remarks.push(server(Finding::warning(code::ALLOWS_NULL, ALLOW_ORIGIN_SUBJECT)));
        }
        if let Some(value) = any {
            let finding = Finding::warning(code::REFLECTS_ANY_ORIGIN, ALLOW_ORIGIN_SUBJECT).text("value", value);
            remarks.push(server(finding).certainty(Certainty::Likely));
        }
        if both {
            remarks.push(Finding::warning(code::WILDCARD_CREDENTIALS, ALLOW_ORIGIN_SUBJECT));
        }
    }

    fn wildcards(&self, remarks: &mut Vec<Finding>) {
        let strict = decide(self.exchange, Engine::Standard);
        let refused = strict.cause == Some(Cause::HeaderDisallowedByPreflightResponse);
        if refused && self.decision.cause != strict.cause {
            remarks.push(Finding::warning(
                code::WILDCARD_AUTHORIZATION,
                "/preflight/headers/access-control-allow-headers",
            ));
        }
    }

    fn hidden(&self, remarks: &mut Vec<Finding>) {
        if self.exchange.request.mode != Mode::Cors {
            return;
        }
        let worth = self.decision.hidden_headers.iter().filter(|name| is_worth_reading(name));
        let names: Vec<String> = worth.cloned().collect();
        if !names.is_empty() {
            let finding = Finding::warning(code::HEADER_HIDDEN, "/response/headers/access-control-expose-headers");
            remarks.push(finding.with("names", Fact::List(names)));
        }
    }

    fn caches(&self, remarks: &mut Vec<Finding>) {
        let place = self.place();
        // Without the header on the preflight nothing is lost: caches do not keep answers to OPTIONS.
        let unvaried = self.exchange.hops.iter().filter_map(|hop| hop.response.as_ref()).any(unvaried_origin);
        if unvaried {
            remarks.push(Finding::warning(code::VARY_MISSING, "/response/headers/vary"));
        }
        let preflight = self.preflight().filter(|answer| answer.headers.has("access-control-max-age"));
        if let Some(answer) = preflight.filter(|_| place.decision.outcome != Outcome::Unknown || place.hop == 0) {
            let lifetime = |engine| Fact::Duration(i64::from(preflight_lifetime(answer, engine)));
            let value = answer.headers.combined("access-control-max-age").unwrap_or_default();
            let finding =
                Finding::info(code::MAX_AGE, "/preflight/headers/access-control-max-age").text("value", value);
            let finding =
                finding.with("chromium", lifetime(Engine::Chromium)).with("firefox", lifetime(Engine::Firefox));
            remarks.push(finding.with("webkit", lifetime(Engine::WebKit)));
        }
    }
}

/// The hop that failed, or the last one.
pub(super) fn place<'a>(exchange: &'a Exchange, decision: &'a Decision) -> Place<'a> {
    let last = decision.urls.len().saturating_sub(1);
    let failed = failed_step(decision).and_then(|(at, _)| decision.steps.get(at));
    Place { exchange, decision, hop: failed.map_or(last, |step| step.hop) }
}

/// What stopped it besides the CORS protocol, by the algorithm.
pub(super) fn of_error(error: NetworkError) -> Code {
    match error {
        NetworkError::Url => code::BAD_URL,
        NetworkError::Method => code::METHOD_FORBIDDEN,
        NetworkError::Header => code::HEADER_INVALID,
        NetworkError::Answer => code::ANSWER_BROKEN,
        NetworkError::RedirectMode => code::REDIRECT_MODE,
        NetworkError::Location => code::LOCATION_INVALID,
        NetworkError::Scheme => code::REDIRECT_SCHEME,
        NetworkError::Mode => code::SAME_ORIGIN_MODE,
        NetworkError::TooManyRedirects => code::TOO_MANY_REDIRECTS,
    }
}

const ALLOW_ORIGIN_SUBJECT: &str = "/response/headers/access-control-allow-origin";

/// The same finding with the name of who answers.
pub(super) fn with_server(mut finding: Finding, facts: &Facts) -> Finding {
    for name in ["server", "Server", "host", "origin", "url"] {
        if let Some(fact) = facts.get(name) {
            finding = finding.with(name, fact.clone());
        }
    }
    finding
}

fn status(finding: Finding, answer: &Answer) -> Finding {
    finding.text("status", answer.status.to_string())
}

/// An origin that nobody would name on purpose: those that people ask with when they test for echoes.
fn is_made_up(origin: &str) -> bool {
    let Some(url) = url::parse(origin) else { return false };
    let host = url.host.as_str();
    let made_up =
        ["example.org", "example.com", "example.net", "evil.com", "attacker.com", "evil.example", "attacker.example"];
    made_up.contains(&host) || host.ends_with(".invalid") || host.starts_with("evil") || host.starts_with("attacker")
}

/// What is wrong with an origin as typed, or as a server sends it.
pub(super) fn origin_fault(value: &str, place: Fact, subject: &str) -> Option<Finding> {
    let fault = serialized_origin(value).err()?;
    let code = match fault {
        OriginFault::Empty | OriginFault::Wildcard => return None,
        OriginFault::TrailingSlash => code::ORIGIN_TRAILING_SLASH,
        OriginFault::Path => code::ORIGIN_PATH,
        OriginFault::UpperCase => code::ORIGIN_CASE,
        OriginFault::DefaultPort => code::ORIGIN_DEFAULT_PORT,
        OriginFault::NoScheme => code::ORIGIN_NO_SCHEME,
        _ => code::ORIGIN_INVALID,
    };
    let expected = corrected_origin(value).unwrap_or_else(|| ["https://", value.trim()].concat());
    Some(Finding::warning(code, subject).text("found", value).text("expected", expected).with("place", place))
}

/// In what two origins differ, where that is one thing with a name.
pub(super) fn difference(found: &str, expected: &str) -> Option<Finding> {
    let corrected = corrected_origin(found)?;
    let (one, other) = (url::parse(&corrected)?, url::parse(expected)?);
    let finding =
        |code: Code| Finding::warning(code, "/origin").text("found", corrected.as_str()).text("expected", expected);
    let loopback = |url: &Url| matches!(url.host.as_str(), "localhost" | "127.0.0.1" | "[::1]");
    let apex = |url: &Url| url.host.split_once('.').map_or_else(String::new, |(_, rest)| rest.to_owned());
    if one == other {
        None
    } else if one.host == other.host && one.port == other.port {
        let schemes = finding(code::MISMATCH_SCHEME).text("found_scheme", one.scheme.as_str());
        Some(schemes.text("expected_scheme", other.scheme.as_str()))
    } else if one.host == other.host {
        Some(finding(code::MISMATCH_PORT))
    } else if loopback(&one) && loopback(&other) {
        Some(finding(code::MISMATCH_LOOPBACK))
    } else if one.host == apex(&other)
        || other.host == apex(&one)
        || (text::contains(&apex(&one), ".") && apex(&one) == apex(&other))
    {
        Some(finding(code::MISMATCH_SUBDOMAIN))
    } else {
        None
    }
}

/// Whether a step failed, and which one.
pub(super) fn failed_step(decision: &Decision) -> Option<(usize, StepName)> {
    let failed = |result: &StepResult| matches!(result, StepResult::Failed(..) | StepResult::NetworkError(_));
    let at = decision.steps.iter().position(|step| failed(&step.result))?;
    decision.steps.get(at).map(|step| (at, step.name))
}
