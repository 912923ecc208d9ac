//! The explanation of an exchange: what the algorithm decides about it, or what a console said about it.

use super::headline;
use super::known::Known;
use super::phrases::{Facts, step_of};
use super::remarks::{self, Subject, failed_step, is_authorization, is_login, place, with_server};
use super::walk::{Place, is_of_preflight, walk};
use super::{Case, EngineView, Explanation, confirm};
use crate::cors::console::{WordingFacts, wording};
use crate::cors::evidence::{Evidence, Says};
use crate::cors::fix::{self, Need};
use crate::cors::provider::{self, Recognised};
use crate::cors::response::unreadable;
use crate::cors::sequence;
use crate::cors::url::{self, serialized_origin};
use crate::cors::{Cause, Decision, Engine, Exchange, Hop, Mode, Outcome, Step, StepName, StepResult, code, decide};
use crate::finding::{Certainty, Code, Fact, Finding};
use crate::http::Answer;

/// Stand-ins for what is not known. Nothing answers at them: `.example` is reserved for documentation.
const SOME_ORIGIN: &str = "https://your-app.example";
const SOME_URL: &str = "https://your-server.example/";

/// Longer values are cut before they go into sentences.
const LONGEST_PARAMETER: usize = 2000;

/// Fills in what follows from the exchange, if there is one.
pub(super) fn decided(explanation: &mut Explanation, known: &Known, case: &Case) {
    let Some(exchange) = &known.exchange else { return };
    let (mut exchange, origin_known) = (exchange.clone(), !exchange.origin.is_empty());
    if !origin_known {
        SOME_ORIGIN.clone_into(&mut exchange.origin);
    }
    let url_known = !exchange.request.url.is_empty();
    if !url_known {
        SOME_URL.clone_into(&mut exchange.request.url);
    }
    let mut decision = decide(&exchange, Engine::Chromium);
    let stated = apply_statement(explanation, known, &mut exchange, &mut decision);
    if !stated {
        explanation.certainty = Certainty::Proved;
        doubt(explanation, known, origin_known, &mut decision);
    }
    explanation.outcome = decision.outcome;
    explanation.cause = decision.cause;
    if let Some((end, _)) = decision.parameter.char_indices().nth(LONGEST_PARAMETER) {
        decision.parameter.truncate(end);
    }
    explanation.parameter.clone_from(&decision.parameter);
    explanation.preflight_needed = preflight_needed(known, &decision, url_known);
    explanation.failed_step = failed_step(&decision).map(|(at, _)| at);
    let place_url = place(&exchange, &decision).url().to_owned();
    let recognised = if url_known || known.has_answers() { recognised(&exchange, &place_url) } else { None };
    let mut facts = facts(&exchange, &decision, recognised.as_ref(), origin_known, url_known);
    if let Some(status) = known.said.as_ref().and_then(|said| said.status) {
        facts = facts.text("status", status.to_string());
    }
    let subject = Subject { exchange: &exchange, decision: &decision, facts: &facts };

    findings(explanation, known, &subject, origin_known, stated);
    likely_target(explanation, &subject);
    explanation.not_cors = match explanation.outcome {
        Outcome::Allowed | Outcome::Opaque => true,
        Outcome::Blocked => explanation.cause.is_none(),
        Outcome::Unknown => false,
    };
    explanation.exchange = Some(exchange.clone());
    let (headline, support) = headline::of_decision(explanation, known, &decision, &facts);
    explanation.headline = headline;
    explanation.support = support;
    explanation.engines = engines(explanation, known, &exchange, &decision, stated);
    let walked = walk(&exchange, &decision, &facts, stated);
    let name = recognised.as_ref().map(|recognised| recognised.provider.name());
    // Without a host there is nobody to draw on the other side.
    let has_host = url::parse(&exchange.request.url).is_some_and(|url| !url.host.is_empty());
    explanation.sequence = has_host.then(|| sequence::sequence(&exchange, &decision, &walked, name, &facts));
    explanation.findings.extend(difference(&explanation.engines));
    if explanation.cause.is_none() && !explanation.findings.iter().any(|finding| finding.code == code::LOGIN_REDIRECT) {
        explanation.findings.extend(sign_in(&exchange));
    }
    explanation.walk = walked.lines;
    explanation.fix = fix_of(explanation, &subject, recognised.as_ref());
    explanation.confirm = confirmation(explanation, &subject);
    explanation.next_test = next_test(explanation, known, &subject, origin_known, url_known);
    explanation.steps = decision.steps;
    if let Some(fault) = form_fault(case, known) {
        explanation.findings.push(fault);
    }
    if let Some(exchange) = &mut explanation.exchange {
        if !origin_known {
            exchange.origin.clear();
        }
        if !url_known {
            exchange.request.url.clear();
        }
    }
}

/// Takes over what a console said; tells whether it named a cause.
fn apply_statement(
    explanation: &mut Explanation,
    known: &Known,
    exchange: &mut Exchange,
    decision: &mut Decision,
) -> bool {
    let Some(said) = &known.said else { return false };
    let Says::Cors(causes) = &said.says else { return false };
    let Some(cause) = causes.first().copied() else { return false };
    let Some(target) = step_of(cause) else { return false };
    if let Some(last) = said.url.as_ref().filter(|_| said.redirected_from.is_some()) {
        // The steps of the last address are what the console speaks of.
        exchange.request.url.clone_from(last);
        *decision = decide(exchange, Engine::Chromium);
    }
    let parameter = said.parameter.clone().unwrap_or_default();
    let before = decision.steps.iter().position(|step| step.name == target && step.hop == 0);
    for (at, step) in decision.steps.iter_mut().enumerate() {
        let needed = is_of_preflight(target) && step.name == StepName::PreflightNeeded;
        step.result = match (before, &step.result) {
            (Some(before), _) if at == before => StepResult::Failed(cause, parameter.clone()),
            (Some(before), StepResult::NotNeeded) if at < before && needed => StepResult::Passed,
            (_, StepResult::NotNeeded) => StepResult::NotNeeded,
            (Some(before), _) if at < before => StepResult::Passed,
            _ => StepResult::NotReached(None),
        };
    }
    decision.outcome = Outcome::Blocked;
    decision.cause = Some(cause);
    decision.parameter = parameter;
    explanation.certainty = if causes.len() > 1 { Certainty::Likely } else { Certainty::Stated };
    true
}

/// Where the evidence is of the kind that does not decide, the decision is taken back.
fn doubt(explanation: &mut Explanation, known: &Known, origin_known: bool, decision: &mut Decision) {
    use Cause::{
        AllowOriginMismatch, MissingAllowOriginHeader, PreflightAllowOriginMismatch, PreflightMissingAllowOriginHeader,
    };
    let unknown = match decision.cause {
        // A server that looks at `Origin` says nothing to who sends none.
        Some(MissingAllowOriginHeader | PreflightMissingAllowOriginHeader) => known.with_origin == Some(false),
        Some(AllowOriginMismatch | PreflightAllowOriginMismatch) => !origin_known || known.with_origin == Some(false),
        _ => false,
    };
    if unknown {
        take_back(decision);
    } else if decision.outcome == Outcome::Unknown {
        // Whatever the preflight's answer is: when the answer itself fails, the request does.
        let next = decision.steps.iter().find(|step| {
            matches!(step.name, StepName::Origin | StepName::Credentials)
                && matches!(step.result, StepResult::NotReached(Some(_)))
        });
        let undecided = next.is_some_and(|_| known.with_origin == Some(false) || !origin_known);
        if let (Some(StepResult::NotReached(Some((cause, parameter)))), false) =
            (next.map(|step| step.result.clone()), undecided)
        {
            fail_at(decision, cause, &parameter);
            explanation.certainty = Certainty::Likely;
        }
    }
    if (known.guessed && decision.outcome == Outcome::Blocked) || known.without_status {
        explanation.certainty = Certainty::Likely;
    }
}

/// Lets the answer's own step be the one that failed, whatever came before it.
fn fail_at(decision: &mut Decision, cause: Cause, parameter: &str) {
    let failing = |step: &Step| matches!(&step.result, StepResult::NotReached(Some((other, _))) if *other == cause);
    if let Some(step) = decision.steps.iter_mut().find(|step| failing(step)) {
        step.result = StepResult::Failed(cause, parameter.to_owned());
    }
    decision.outcome = Outcome::Blocked;
    decision.cause = Some(cause);
    parameter.clone_into(&mut decision.parameter);
}

fn take_back(decision: &mut Decision) {
    for step in &mut decision.steps {
        if matches!(step.result, StepResult::Failed(..) | StepResult::NotReached(_)) {
            step.result = StepResult::Unknown;
        }
    }
    decision.outcome = Outcome::Unknown;
    decision.cause = None;
    decision.parameter.clear();
}

fn preflight_needed(known: &Known, decision: &Decision, url_known: bool) -> Option<bool> {
    let by_console = known.said.as_ref().and_then(|said| match &said.says {
        Says::Cors(causes) => causes.first().and_then(|cause| step_of(*cause)).map(is_of_preflight),
        _ => None,
    });
    match by_console {
        Some(true) => Some(true),
        // A console that names the answer itself does not say whether there was a preflight.
        Some(false) => decision.preflight.as_ref().map(|_| true),
        None if known.said.is_some() && decision.preflight.is_none() => None,
        None => (url_known || known.has_answers()).then_some(decision.preflight.is_some()),
    }
}

fn recognised(exchange: &Exchange, address: &str) -> Option<Recognised> {
    let hops = exchange.hops.iter();
    let answers: Vec<&Answer> =
        hops.flat_map(|hop: &Hop| [hop.preflight.as_ref(), hop.response.as_ref()]).flatten().collect();
    provider::recognise(address, if exchange.hops.len() == 1 { &answers } else { &[] })
}

fn facts(
    exchange: &Exchange,
    decision: &Decision,
    recognised: Option<&Recognised>,
    origin_known: bool,
    url_known: bool,
) -> Facts {
    let place = place(exchange, decision);
    let host = url::parse(place.url()).map_or_else(String::new, |url| url.host);
    let step = failed_step(decision).map_or(StepName::Origin, |(_, step)| step);
    let answer = place.answer(step);
    let value = super::walk::header_of(step).zip(answer).and_then(|(name, answer)| answer.headers.combined(name));
    // What a console does not say is left open in words.
    let status =
        answer.map_or(Fact::Words("a status outside 200 to 299"), |answer| Fact::Text(answer.status.to_string()));
    let parameter = match decision.cause {
        Some(Cause::MethodDisallowedByPreflightResponse | Cause::HeaderDisallowedByPreflightResponse)
            if decision.parameter.is_empty() =>
        {
            Fact::Words("of the request")
        }
        _ => Fact::Text(decision.parameter.clone()),
    };
    let mut facts = Facts::default()
        .text("url", if url_known { place.url() } else { "" })
        .text("method", place.method())
        .with("parameter", parameter)
        .text("value", value.unwrap_or_default())
        .with("status", status)
        .text("target", location(&place).unwrap_or_default())
        .text("other", decision.urls.last().and_then(|url| url::parse(url)).map_or_else(String::new, |url| url.host))
        .with("host", if url_known { Fact::Text(host) } else { Fact::Words("the server") })
        .with("origin", if origin_known { Fact::Text(place.origin().to_owned()) } else { Fact::Words("of the app") });
    facts = match recognised {
        Some(recognised) => {
            let name = Fact::Words(recognised.provider.name());
            let facts = facts.with("server", name.clone()).with("Server", name.clone());
            let bearer = exchange.request.headers.has("authorization");
            // Where every origin is answered, or there is no list of origins, nothing is said about this one.
            let listed = !recognised.provider.path().is_empty();
            if listed && !recognised.provider.is_open(place.url(), bearer) {
                facts.with("provider", name)
            } else {
                facts
            }
        }
        None => facts.with("server", Fact::Words("the server")).with("Server", Fact::Words("The server")),
    };
    facts
}

/// Where the answer of a hop leads.
fn location(place: &Place) -> Option<String> {
    let answer = place.answer(StepName::Origin).filter(|answer| (300..400).contains(&answer.status))?;
    let location = answer.headers.values("location").next()?;
    Some(url::resolve(&url::parse(place.url())?, location)?.text())
}

/// The cause first, then everything else that is worth saying.
fn findings(explanation: &mut Explanation, known: &Known, subject: &Subject, origin_known: bool, stated: bool) {
    let decision = subject.decision;
    if let Some(cause) = decision.cause {
        let mut finding =
            Finding::error(code::of_cause(cause), subject_of(cause, subject)).certainty(explanation.certainty);
        for name in ["parameter", "method", "status", "value"] {
            if let Some(fact) = subject.facts.get(name).filter(|fact| **fact != Fact::Text(String::new())) {
                finding = finding.with(name, fact.clone());
            }
        }
        explanation.findings.push(with_server(finding, subject.facts));
    }
    if let Some(error) = decision.network_error() {
        let finding = Finding::error(remarks::of_error(error), "/request")
            .text("method", subject.exchange.request.method.as_str());
        explanation.findings.push(with_server(finding, subject.facts));
    }
    let own = |step: &Step| step.name == StepName::OtherOrigin && step.result == StepResult::NotNeeded;
    match decision.outcome {
        Outcome::Allowed if decision.urls.len() == 1 && decision.steps.first().is_some_and(own) => {
            explanation.findings.push(with_server(Finding::ok(code::SAME_ORIGIN, "/request/url"), subject.facts));
        }
        Outcome::Allowed => {
            explanation.findings.push(with_server(Finding::ok(code::ALLOWED, "/response"), subject.facts));
        }
        Outcome::Opaque if subject.exchange.request.mode == Mode::NoCors => {
            explanation.findings.push(Finding::info(code::OPAQUE_ANSWER, "/request/mode"));
        }
        Outcome::Opaque => explanation.findings.push(Finding::info(code::OPAQUE_REDIRECT, "/request/redirect")),
        _ => {}
    }
    let neighbour = known.said.as_ref().is_some_and(|said| matches!(said.says, Says::Neighbour(_)));
    if !origin_known && !neighbour {
        explanation.findings.push(Finding::info(code::ORIGIN_UNKNOWN, "/origin"));
    }
    if known.has_answers() && known.with_origin == Some(false) && decision.outcome != Outcome::Allowed {
        explanation.findings.push(Finding::warning(code::CURL_WITHOUT_ORIGIN, "/request/headers/origin"));
    }
    let first = subject.exchange.hops.first();
    let silent = first.is_some_and(|hop| hop.preflight.is_none() && hop.response.is_some());
    if silent && decision.preflight.is_some() && !stated {
        explanation.findings.push(Finding::info(code::PREFLIGHT_ANSWER_UNKNOWN, "/preflight"));
    }
    // Of a chain of redirects a console names the first address too, and the exchange here has the last one.
    let redirected_from = known.said.as_ref().and_then(|said| said.redirected_from.as_deref());
    let asked = redirected_from.unwrap_or(&subject.exchange.request.url);
    if decision.cause.is_some() && is_authorization(asked) {
        let finding = Finding::error(code::AUTHORIZE_FETCHED, "/request/url").certainty(Certainty::Likely);
        explanation.findings.push(finding.text("target", asked));
    }
    if matches!(explanation.evidence, Evidence::Answers(_) | Evidence::Exchange(_)) && known.has_answers() {
        explanation.findings.append(&mut subject.remarks());
        if matches!(explanation.evidence, Evidence::Answers(_)) && decision.outcome != Outcome::Unknown {
            explanation.findings.push(Finding::info(code::EVIDENCE_HEADERS, "/input"));
        }
    } else if subject.exchange.origin == "null" || stated {
        explanation.findings.append(&mut subject.remarks());
        explanation.findings.append(&mut told_beside(known, subject));
    }
}

/// What a console tells beside the cause: a status that is the real problem, and a redirect to a page for signing in.
fn told_beside(known: &Known, subject: &Subject) -> Vec<Finding> {
    let mut findings = Vec::new();
    let Some(said) = &known.said else { return findings };
    let missing = subject.decision.cause == Some(Cause::MissingAllowOriginHeader);
    if let Some(status) = said.status.filter(|status| *status >= 400 && missing) {
        let finding = Finding::error(code::ERROR_ANSWER, "/response/status").certainty(Certainty::Likely);
        findings.push(finding.text("status", status.to_string()));
    }
    if let Some(last) = said.url.as_ref().filter(|url| said.redirected_from.is_some() && is_login(url)) {
        let finding = Finding::error(code::LOGIN_REDIRECT, "/redirects").certainty(Certainty::Likely);
        findings.push(finding.text("target", last.as_str()));
    }
    findings
}

/// What a cause is about, as a JSON pointer into the exchange.
fn subject_of(cause: Cause, subject: &Subject) -> String {
    let Some(step) = step_of(cause) else { return "/request".to_owned() };
    let hop = subject.place().hop;
    let mut pointer = String::new();
    if hop > 0 {
        pointer.push_str("/redirects/");
        pointer.push_str(&(hop - 1).to_string());
    }
    match step {
        StepName::OtherOrigin | StepName::ModeAndScheme => return "/request".to_owned(),
        _ => pointer.push_str(if is_of_preflight(step) { "/preflight" } else { "/response" }),
    }
    match super::walk::header_of(step) {
        Some(header) => {
            pointer.push_str("/headers/");
            pointer.push_str(header);
        }
        None if step == StepName::PreflightStatus => pointer.push_str("/status"),
        None => {}
    }
    pointer
}

/// A redirect whose target's answer is not known most likely fails there: a page for signing in sends no CORS headers,
/// and from the second change of origin on the origin is `null`.
fn likely_target(explanation: &mut Explanation, subject: &Subject) {
    let decision = subject.decision;
    let answered = subject.exchange.hops.len();
    let Some(last) =
        decision.urls.last().filter(|_| decision.outcome == Outcome::Unknown && decision.urls.len() > answered)
    else {
        return;
    };
    let (login, other) =
        (is_login(last), url::origin_of(last) != decision.urls.first().and_then(|first| url::origin_of(first)));
    if !(login || other) || subject.exchange.request.mode != Mode::Cors {
        return;
    }
    let cause = Cause::MissingAllowOriginHeader;
    explanation.cause = Some(cause);
    explanation.certainty = Certainty::Likely;
    if login {
        explanation.outcome = Outcome::Blocked;
    }
    let place = Place { exchange: subject.exchange, decision, hop: decision.urls.len().saturating_sub(1) };
    let origin = Fact::Text(place.origin().to_owned());
    let finding = Finding::error(code::of_cause(cause), "/redirects").certainty(Certainty::Likely);
    explanation.findings.insert(0, with_server(finding, subject.facts).with("origin", origin));
}

fn engines(
    explanation: &Explanation,
    known: &Known,
    exchange: &Exchange,
    decision: &Decision,
    stated: bool,
) -> Vec<EngineView> {
    let view = |engine: Engine| {
        let own = if stated { None } else { Some(decide(exchange, engine)) };
        // Where the decision was taken back, or is only likely, it is so for every engine.
        let follow = stated
            || explanation.outcome != decision.outcome
            || own.as_ref().is_some_and(|own| {
                decision.outcome != Outcome::Blocked
                    && own.outcome != decision.outcome
                    && decision.outcome == Outcome::Unknown
            });
        let (outcome, cause, parameter) = match own.filter(|_| !follow && explanation.certainty == Certainty::Proved) {
            Some(own) => (own.outcome, own.cause, own.parameter),
            None => (explanation.outcome, explanation.cause, explanation.parameter.clone()),
        };
        let console = cause.and_then(|cause| {
            let place = place(exchange, decision);
            let redirected_from = match &known.said {
                Some(said) => said.redirected_from.clone(),
                None => (place.hop > 0).then(|| exchange.request.url.clone()),
            };
            let answer = step_of(cause).and_then(|step| place.answer(step));
            let list = step_of(cause).and_then(super::walk::header_of).zip(answer);
            let unreadable = list.and_then(|(name, answer)| unreadable(&answer.headers, name, engine.rules()));
            let is_list = matches!(
                cause,
                Cause::InvalidAllowMethodsPreflightResponse | Cause::InvalidAllowHeadersPreflightResponse
            );
            let parameter = unreadable.filter(|_| is_list).unwrap_or(parameter);
            let status = answer.map(|answer| answer.status).or(known.said.as_ref().and_then(|said| said.status));
            wording(
                engine,
                cause,
                &WordingFacts {
                    url: place.url().to_owned(),
                    redirected_from,
                    origin: exchange.origin.clone(),
                    parameter,
                    status,
                    ..WordingFacts::default()
                },
            )
        });
        EngineView { engine, outcome, cause, console }
    };
    [Engine::Chromium, Engine::Firefox, Engine::WebKit].into_iter().map(view).collect()
}

/// A redirect to where people sign in says something, whoever asked.
fn sign_in(exchange: &Exchange) -> Option<Finding> {
    let base = url::parse(&exchange.request.url)?;
    let answers = exchange.hops.iter().filter_map(|hop| hop.response.as_ref());
    let locations = answers.filter(|answer| (300..400).contains(&answer.status)).filter_map(|answer| {
        let location = answer.headers.values("location").next()?;
        Some(url::resolve(&base, location)?.text())
    });
    let target = locations.into_iter().find(|target| super::remarks::is_login(target))?;
    let finding = Finding::warning(code::LOGIN_REDIRECT, "/response/headers/location").certainty(Certainty::Likely);
    Some(finding.text("target", target))
}

/// Where one browser lets through what another refuses.
fn difference(engines: &[EngineView]) -> Option<Finding> {
    let names = |outcome: Outcome| -> Vec<String> {
        let views = engines.iter().filter(|view| view.outcome == outcome);
        views.map(|view| super::told::name(Some(view.engine)).to_owned()).collect()
    };
    let (allowed, refused) = (names(Outcome::Allowed), names(Outcome::Blocked));
    let differ = !allowed.is_empty() && !refused.is_empty();
    let finding = Finding::warning(code::ENGINES_DIFFER, "/engines").with("allowed", Fact::List(allowed));
    differ.then(|| finding.with("refused", Fact::List(refused)))
}

fn fix_of(explanation: &Explanation, subject: &Subject, recognised: Option<&Recognised>) -> Option<super::Fix> {
    let cause = explanation.cause?;
    let has = |code: Code| explanation.findings.iter().any(|finding| finding.code == code);
    let place = subject.place();
    let bearer = subject.exchange.request.headers.has("authorization");
    let kind = if has(code::AUTHORIZE_FETCHED) {
        "authorize"
    } else if has(code::LOGIN_REDIRECT) && !is_of_preflight(step_of(cause)?) {
        "login"
    } else if place.origin() == "null" && subject.exchange.origin != "null" {
        "redirect-null"
    } else if has(code::REDIRECT_ANSWER) {
        "redirect-answer"
    } else if has(code::PREFLIGHT_AUTHENTICATION) || has(code::PREFLIGHT_NOT_HANDLED) {
        if recognised.is_some() { fix::kind_of(cause, place.origin()) } else { "status" }
    } else if has(code::ERROR_ANSWER) && (recognised.is_none() || bearer) {
        "error-answer"
    } else {
        fix::kind_of(cause, place.origin())
    };
    let need = Need {
        kind,
        exchange: subject.exchange,
        decision: subject.decision,
        url: place.url(),
        provider: recognised,
        facts: subject.facts,
    };
    let mut fix = fix::fix(&need);
    if let Some(fix) = &mut fix {
        match kind {
            "redirect-null" => fix.copy = Some(place.url().to_owned()),
            "redirect-answer" => fix.copy = location(&place),
            _ => {}
        }
    }
    if explanation.findings.iter().any(|finding| finding.code == code::ORIGIN_UNKNOWN)
        && let Some(fix) = &mut fix
    {
        // The stand-in is no origin to enter anywhere.
        fix.copy = None;
    }
    fix
}

fn confirmation(explanation: &Explanation, subject: &Subject) -> Option<String> {
    if explanation.outcome == Outcome::Opaque || subject.decision.network_error().is_some() {
        return None;
    }
    let preflight = match failed_step(subject.decision) {
        Some((_, step)) => is_of_preflight(step),
        None => {
            let unknown = subject.decision.steps.iter().find(|step| step.result == StepResult::Unknown);
            unknown.is_some_and(|step| is_of_preflight(step.name))
        }
    };
    confirm::command(&subject.place(), preflight).or_else(|| confirm::command(&subject.place(), false))
}

/// The one test that would tell more.
fn next_test(
    explanation: &Explanation,
    known: &Known,
    subject: &Subject,
    origin_known: bool,
    url_known: bool,
) -> Option<Finding> {
    let test = |code: Code| Some(Finding::info(code, "/input"));
    let has = |code: Code| explanation.findings.iter().any(|finding| finding.code == code);
    if explanation.not_cors && explanation.outcome != Outcome::Blocked {
        return None;
    }
    if let Some(Says::Neighbour(_)) = known.said.as_ref().map(|said| &said.says) {
        return None;
    }
    if let Some(Says::Failed) = known.said.as_ref().map(|said| &said.says) {
        return test(code::NEXT_CONSOLE);
    }
    if has(code::REFLECTS_ANY_ORIGIN) && explanation.outcome == Outcome::Allowed {
        return test(code::NEXT_MADE_UP_ORIGIN);
    }
    if !origin_known && explanation.outcome == Outcome::Unknown {
        return test(code::NEXT_ORIGIN);
    }
    if has(code::ERROR_ANSWER) {
        let finding = test(code::NEXT_STATUS)?;
        return Some(finding.with("status", subject.facts.get("status").cloned().unwrap_or(Fact::Text(String::new()))));
    }
    // What the browser decides by itself, no server can be asked about.
    let own =
        explanation.cause.is_some_and(|cause| ["local-network", "mode", "scheme"].contains(&fix::kind_of(cause, "")));
    if own {
        return None;
    }
    let undecided = explanation.outcome == Outcome::Unknown || explanation.certainty != Certainty::Proved;
    if !undecided || !url_known {
        return None;
    }
    if subject.decision.urls.len() > subject.exchange.hops.len() {
        return test(code::NEXT_TARGET);
    }
    let preflight = explanation.confirm.as_ref().is_some_and(|command| crate::text::contains(command, "-X OPTIONS"));
    test(if preflight { code::NEXT_PREFLIGHT } else { code::NEXT_CURL })
}

/// What is wrong with the origin as it was typed.
fn form_fault(case: &Case, known: &Known) -> Option<Finding> {
    let typed = case.form.origin.as_str();
    let used =
        known.exchange.as_ref().is_some_and(|exchange| serialized_origin(typed).as_ref() != Ok(&exchange.origin));
    if typed.is_empty() || !used {
        return None;
    }
    remarks::origin_fault(typed, Fact::Words("the form"), "/origin")
}
