//! The verdict in one sentence, and what follows from it in one line.

use super::phrases::{Facts, of_cause};
use super::remarks::is_login;
use super::{Explanation, Known};
use crate::cors::evidence::{Neighbour, Says};
use crate::cors::{Cause, Decision, Mode, NetworkError, Outcome, StepName, StepResult, code};
use crate::finding::Finding;
use crate::messages::Prose;

/// The headline and the line below it, for a decision.
pub(super) fn of_decision(
    explanation: &Explanation,
    known: &Known,
    decision: &Decision,
    facts: &Facts,
) -> (Prose, Prose) {
    let name = match decision.outcome {
        Outcome::Blocked => return blocked(explanation, decision, facts),
        Outcome::Opaque if explanation.exchange.as_ref().is_some_and(|one| one.request.mode == Mode::NoCors) => {
            "opaque"
        }
        Outcome::Opaque => "opaque-redirect",
        Outcome::Allowed => return allowed(explanation, decision, facts),
        Outcome::Unknown => return unknown(explanation, known, decision, facts),
    };
    pair(name, facts)
}

/// The headline for what a console or a probe says is no matter of CORS.
pub(super) fn of_neighbour(neighbour: Neighbour, facts: &Facts) -> (Prose, Prose) {
    let name = name_of(neighbour);
    let support = match neighbour {
        Neighbour::CachedAnswer => "support-neighbour-cached",
        Neighbour::LoginRedirect => "support-login-redirect",
        Neighbour::OpaqueAnswer => "support-opaque",
        _ => "support-neighbour",
    };
    (facts.phrase(&["headline-neighbour-", name].concat()), facts.phrase(support))
}

/// A neighbour's name in the tables.
pub(super) fn name_of(neighbour: Neighbour) -> &'static str {
    NEIGHBOURS.iter().find(|(other, _)| *other == neighbour).map_or("", |(_, name)| name)
}

/// A headline and its support by name.
pub(super) fn pair(name: &str, facts: &Facts) -> (Prose, Prose) {
    (facts.phrase(&["headline-", name].concat()), facts.phrase(&["support-", name].concat()))
}

fn blocked(explanation: &Explanation, decision: &Decision, facts: &Facts) -> (Prose, Prose) {
    let has = |code| explanation.findings.iter().any(|finding: &Finding| finding.code == code);
    let Some(cause) = explanation.cause else {
        let error = decision.network_error().and_then(|error| ERRORS.iter().find(|(other, _)| *other == error));
        let name = error.map_or("", |(_, name)| name);
        return (facts.phrase(&["headline-error-", name].concat()), facts.phrase("support-neighbour"));
    };
    let of_row = |part: &str| of_cause(cause, part).map(|template| facts.fill(template));
    let support = of_row("support").unwrap_or_default();
    let known_provider = facts.get("provider").is_some();
    if has(code::AUTHORIZE_FETCHED) {
        return pair("authorize-fetched", facts);
    }
    if has(code::LOGIN_REDIRECT) && cause == Cause::MissingAllowOriginHeader {
        return pair("login-redirect", facts);
    }
    if has(code::REDIRECT_ANSWER) {
        return pair("redirect-answer", facts);
    }
    for (code, name) in [
        (code::PREFLIGHT_AUTHENTICATION, "headline-preflight-authentication"),
        (code::PREFLIGHT_REFUSED, "headline-preflight-refused"),
        (code::PREFLIGHT_NOT_HANDLED, "headline-preflight-not-handled"),
        (code::PREFLIGHT_ERROR, "headline-preflight-error"),
    ] {
        if has(code) {
            return (facts.phrase(name), support);
        }
    }
    if has(code::ERROR_ANSWER) && (!known_provider || explanation_has_bearer(explanation)) {
        return pair("error-answer", facts);
    }
    let headline = of_row("provider").filter(|_| known_provider).or_else(|| of_row("headline")).unwrap_or_default();
    let hop = explanation.failed_step.and_then(|at| decision.steps.get(at)).map_or(0, |step| step.hop);
    let redirected = hop > 0 || explanation.redirected();
    if !redirected {
        return (headline, support);
    }
    let mut whole = facts.phrase("headline-redirected");
    whole.append(headline);
    (whole, if hop > 0 { facts.phrase("support-redirect-target") } else { support })
}

fn explanation_has_bearer(explanation: &Explanation) -> bool {
    explanation.exchange.as_ref().is_some_and(|exchange| exchange.request.headers.has("authorization"))
}

fn allowed(explanation: &Explanation, decision: &Decision, facts: &Facts) -> (Prose, Prose) {
    let finding = |code| explanation.findings.iter().find(|finding: &&Finding| finding.code == code);
    let first = decision.steps.first();
    if first.is_some_and(|step| step.name == StepName::OtherOrigin && step.result == StepResult::NotNeeded)
        && decision.urls.len() == 1
    {
        return pair("same-origin", facts);
    }
    if finding(code::STATUS).is_some() {
        return pair("allowed-status", facts);
    }
    if finding(code::WILDCARD_AUTHORIZATION).is_some() {
        return pair("wildcard-authorization", facts);
    }
    if let Some(crate::finding::Fact::List(names)) =
        finding(code::HEADER_HIDDEN).and_then(|finding| finding.fact("names"))
    {
        let facts = facts.clone().text("name", names.first().cloned().unwrap_or_default());
        return pair("allowed-hidden", &facts);
    }
    pair("allowed", facts)
}

fn unknown(explanation: &Explanation, known: &Known, decision: &Decision, facts: &Facts) -> (Prose, Prose) {
    let exchange = explanation.exchange.as_ref();
    let hops = exchange.map_or(0, |exchange| exchange.hops.len());
    if let Some(Says::Failed) = known.said.as_ref().map(|said| &said.says) {
        return pair("failed", facts);
    }
    if decision.urls.len() > hops || (decision.urls.len() > 1 && decision.outcome == Outcome::Unknown) {
        let name =
            if decision.urls.last().is_some_and(|url| is_login(url)) { "login-redirect" } else { "redirect-unknown" };
        return pair(name, facts);
    }
    if known.with_origin == Some(false) && known.has_answers() {
        return pair("curl-without-origin", facts);
    }
    if explanation.findings.iter().any(|finding| finding.code == code::ORIGIN_UNKNOWN) && known.has_answers() {
        return pair("origin-unknown", facts);
    }
    let hop = exchange.and_then(|exchange| exchange.hops.first());
    match hop.map(|hop| (hop.preflight.is_some(), hop.response.is_some())) {
        Some((true, false)) => pair("answer-unknown", facts),
        Some((false, true)) => {
            let fails = |name: StepName| {
                let mut steps = decision.steps.iter().filter(|step| step.hop == 0 && step.name == name);
                steps.any(|step| matches!(step.result, StepResult::NotReached(Some(_))))
            };
            let state =
                if fails(StepName::Origin) || fails(StepName::Credentials) { "state-fails" } else { "state-passes" };
            let facts =
                facts.clone().with("state", crate::finding::Fact::Words(super::phrases::phrase(state).unwrap_or("")));
            pair("preflight-unknown", &facts)
        }
        _ => {
            let (headline, _) = (facts.phrase("headline-no-answer"), ());
            let asks = if explanation.preflight_needed == Some(true) { "asks-preflight" } else { "asks-no-preflight" };
            (headline, facts.phrase(asks))
        }
    }
}

const NEIGHBOURS: &[(Neighbour, &str)] = &[
    (Neighbour::ContentSecurityPolicy, "ContentSecurityPolicy"),
    (Neighbour::MixedContent, "MixedContent"),
    (Neighbour::Dns, "Dns"),
    (Neighbour::Tls, "Tls"),
    (Neighbour::Unreachable, "Unreachable"),
    (Neighbour::BlockedPort, "BlockedPort"),
    (Neighbour::LocalNetworkAccess, "LocalNetworkAccess"),
    (Neighbour::ResourcePolicy, "ResourcePolicy"),
    (Neighbour::Extension, "Extension"),
    (Neighbour::LoginRedirect, "LoginRedirect"),
    (Neighbour::CachedAnswer, "CachedAnswer"),
    (Neighbour::OpaqueAnswer, "OpaqueAnswer"),
    (Neighbour::ServiceWorker, "ServiceWorker"),
    (Neighbour::Offline, "Offline"),
    (Neighbour::TimedOut, "TimedOut"),
    (Neighbour::Aborted, "Aborted"),
    (Neighbour::BadUrl, "BadUrl"),
];

const ERRORS: &[(NetworkError, &str)] = &[
    (NetworkError::Url, "Url"),
    (NetworkError::Method, "Method"),
    (NetworkError::Header, "Header"),
    (NetworkError::Answer, "Answer"),
    (NetworkError::RedirectMode, "RedirectMode"),
    (NetworkError::Location, "Location"),
    (NetworkError::Scheme, "Scheme"),
    (NetworkError::Mode, "Mode"),
    (NetworkError::TooManyRedirects, "TooManyRedirects"),
];
