//! The explanation of what is no exchange: neighbours, messages without a reason, probes, and lists of trusted origins.

use super::headline;
use super::known::Known;
use super::phrases::Facts;
use super::{Case, Explanation, probes, trusted};
use crate::cors::evidence::{Evidence, Neighbour, Says};
use crate::cors::probe::statically;
use crate::cors::url;
use crate::cors::{Engine, Outcome, code};
use crate::finding::{Certainty, Code, Fact, Finding};

/// Fills in what follows from the evidence beside an exchange.
pub(super) fn told(explanation: &mut Explanation, known: &Known, case: &Case) {
    match explanation.evidence.clone() {
        Evidence::Nothing if explanation.exchange.is_none() => say(explanation, "nothing", &Facts::default()),
        Evidence::Nothing if case.probes.is_some() => {}
        Evidence::Nothing => explanation.findings.push(Finding::info(code::EVIDENCE_FORM, "/input")),
        Evidence::Har => {
            say(explanation, "har", &Facts::default());
            explanation.findings.push(Finding::info(code::EVIDENCE_HAR, "/input"));
        }
        Evidence::Unrecognised => {
            say(explanation, "unrecognised", &Facts::default());
            explanation.findings.insert(0, Finding::warning(code::EVIDENCE_UNRECOGNISED, "/input"));
        }
        Evidence::Console(_) => console_says(explanation, known, case),
        Evidence::TrustedOrigins(list) => trusted::compared(explanation, &list, case),
        Evidence::Probes(run) => probes::probed(explanation, &run, case, true),
        Evidence::Request(..) => explanation.findings.push(Finding::info(code::EVIDENCE_FORM, "/input")),
        _ => {}
    }
    if let Some(run) = &case.probes {
        let decides =
            matches!(explanation.evidence, Evidence::Nothing | Evidence::Request(..) | Evidence::Unrecognised);
        probes::probed(explanation, run, case, decides);
    }
    unsent(explanation);
}

/// What browsers do not even send, by the two addresses alone; where nothing says that an answer came.
fn unsent(explanation: &mut Explanation) {
    let Some(exchange) = &explanation.exchange else { return };
    let answered = exchange.hops.iter().any(|hop| hop.preflight.is_some() || hop.response.is_some());
    if answered || explanation.outcome != Outcome::Unknown || explanation.not_cors {
        return;
    }
    let address = exchange.request.url.clone();
    if address.is_empty() {
        return;
    }
    let neighbours = statically(&exchange.origin, &address);
    let has = |neighbour: Neighbour| neighbours.contains(&neighbour);
    if has(Neighbour::BlockedPort) {
        stopped_by(explanation, Neighbour::BlockedPort, &address, Certainty::Proved);
    } else if has(Neighbour::MixedContent) && !has(Neighbour::LocalNetworkAccess) {
        stopped_by(explanation, Neighbour::MixedContent, &address, Certainty::Likely);
    } else if has(Neighbour::LocalNetworkAccess) {
        // Whether the browser asks, and what the answer is, the addresses alone do not tell.
        let host = url::parse(&address).map_or_else(String::new, |url| url.host);
        let finding = Finding::warning(code::LOCAL_NETWORK_ACCESS, "/request/url").certainty(Certainty::Likely);
        explanation.findings.push(finding.text("host", host));
    }
}

fn say(explanation: &mut Explanation, name: &str, facts: &Facts) {
    (explanation.headline, explanation.support) = headline::pair(name, facts);
}

fn console_says(explanation: &mut Explanation, known: &Known, case: &Case) {
    let Some(said) = &known.said else { return };
    match &said.says {
        Says::Cors(causes) => {
            if causes.len() > 1 {
                let names = causes.iter().map(|cause| cause.name().to_owned()).collect();
                let finding = Finding::info(code::EVIDENCE_AMBIGUOUS, "/input").with("causes", Fact::List(names));
                explanation.findings.push(finding.with("engine", Fact::Words(name(said.engine))));
            }
            explanation.findings.push(Finding::info(code::EVIDENCE_CONSOLE, "/input"));
        }
        Says::Neighbour(neighbour) => {
            let address = said.url.clone().unwrap_or_else(|| case.form.url.trim().to_owned());
            stopped_by(explanation, *neighbour, &address, Certainty::Stated);
        }
        Says::WildcardAuthorization => {
            let finding =
                Finding::warning(code::WILDCARD_AUTHORIZATION, "/preflight/headers/access-control-allow-headers");
            explanation.findings.insert(0, finding.certainty(Certainty::Stated));
            explanation.outcome = Outcome::Allowed;
            explanation.not_cors = true;
            explanation.certainty = Certainty::Stated;
            explanation.next_test = None;
            say(explanation, "wildcard-authorization", &Facts::default());
        }
        Says::Status => {
            let status = said.status.unwrap_or_default().to_string();
            let finding = Finding::error(code::STATUS, "/response/status").certainty(Certainty::Likely);
            // Whoever asked could read it: the origin does not matter.
            explanation.findings.retain(|other| other.code != code::ORIGIN_UNKNOWN);
            explanation.findings.insert(0, finding.text("status", status.as_str()));
            explanation.outcome = Outcome::Allowed;
            explanation.not_cors = true;
            explanation.certainty = Certainty::Likely;
            explanation.next_test = None;
            explanation.fix = None;
            explanation.walk.clear();
            explanation.sequence = None;
            say(explanation, "console-status", &Facts::default().text("status", status));
        }
        Says::Failed => {
            let message =
                case.text.get(said.span.clone()).unwrap_or_default().lines().next().unwrap_or_default().trim();
            let message: String = message.chars().take(LONGEST_MESSAGE).collect();
            explanation.findings.insert(0, Finding::info(code::EVIDENCE_FAILED, "/input").text("message", message));
            explanation.next_test = Some(Finding::info(code::NEXT_CONSOLE, "/input"));
            say(explanation, "failed", &Facts::default());
        }
    }
    if known.warned && said.says != Says::WildcardAuthorization {
        explanation
            .findings
            .push(Finding::warning(code::WILDCARD_AUTHORIZATION, "/preflight/headers/access-control-allow-headers"));
    }
}

/// No message that says nothing is longer.
const LONGEST_MESSAGE: usize = 120;

/// Says that a neighbour stopped the request, and what to do about it.
pub(super) fn stopped_by(explanation: &mut Explanation, neighbour: Neighbour, address: &str, certainty: Certainty) {
    let parsed = url::parse(address);
    let host = match &parsed {
        Some(url) if !url.host.is_empty() => Fact::Text(url.host.clone()),
        _ => Fact::Words("the server"),
    };
    let target = url::origin_of(address).unwrap_or_else(|| address.to_owned());
    let target = match neighbour {
        Neighbour::LoginRedirect => Fact::Text(address.to_owned()),
        _ if target.is_empty() => Fact::Words("the address"),
        _ => Fact::Text(target),
    };
    let other = host.clone();
    let finding = Finding::error(code::of_neighbour(neighbour), "/request/url").certainty(certainty);
    let finding = finding.with("host", host.clone()).text("url", address).with("target", target.clone());
    explanation.findings.insert(0, finding);
    let facts = Facts::default().with("host", host).with("target", target).with("other", other).text("url", address);
    (explanation.headline, explanation.support) = headline::of_neighbour(neighbour, &facts);
    explanation.outcome = match neighbour {
        Neighbour::OpaqueAnswer => Outcome::Opaque,
        Neighbour::CachedAnswer | Neighbour::LoginRedirect => Outcome::Blocked,
        _ => Outcome::Blocked,
    };
    explanation.not_cors = !matches!(neighbour, Neighbour::CachedAnswer | Neighbour::LoginRedirect);
    explanation.certainty = certainty;
    explanation.cause = None;
    explanation.fix = None;
    explanation.sequence = None;
    explanation.walk.clear();
    explanation.engines.clear();
    explanation.confirm = None;
    explanation.failed_step = None;
    let tab = if address.is_empty() { Fact::Words("the address") } else { Fact::Text(address.to_owned()) };
    explanation.next_test = next_of(neighbour).map(|code| Finding::info(code, "/input").with("url", tab));
}

/// The test that tells more about a neighbour.
fn next_of(neighbour: Neighbour) -> Option<Code> {
    match neighbour {
        Neighbour::Dns | Neighbour::Tls | Neighbour::Unreachable | Neighbour::TimedOut => Some(code::NEXT_TAB),
        Neighbour::Extension | Neighbour::ServiceWorker => Some(code::NEXT_PRIVATE_WINDOW),
        _ => None,
    }
}

/// What people call an engine.
pub(super) fn name(engine: Option<Engine>) -> &'static str {
    match engine {
        Some(Engine::Chromium) => "Chrome",
        Some(Engine::Firefox) => "Firefox",
        Some(Engine::WebKit) => "Safari",
        Some(Engine::Standard) | None => "The browser",
    }
}
