//! The walk: what the browser did, a line for each step that matters.

use super::phrases::{Facts, of_cause, of_step, reference};
use super::{HeaderKind, HeaderLine, WalkLine, WalkState};
use crate::cors::request::{is_safelisted_method, unsafe_names};
use crate::cors::url::{self, origin_of};
use crate::cors::{Cause, Credentials, Decision, Engine, Exchange, Mode, Outcome, Step, StepName, StepResult};
use crate::finding::Fact;
use crate::http::Answer;
use crate::text;

/// The lines, and which of them stands for a step of the decision.
#[derive(Clone, Debug, Default)]
pub(crate) struct Walk {
    /// The lines.
    pub lines: Vec<WalkLine>,
    /// For each line its step.
    pub steps: Vec<Option<usize>>,
}

impl Walk {
    /// The number of the line of that step, counted from 1.
    pub fn number(&self, steps: &[Step], hop: usize, name: StepName) -> Option<usize> {
        let step = steps.iter().position(|step| step.hop == hop && step.name == name)?;
        self.steps.iter().position(|other| *other == Some(step)).map(|at| at + 1)
    }
}

/// Whether a step belongs to the preflight.
pub(crate) fn is_of_preflight(step: StepName) -> bool {
    use StepName::{
        AllowHeadersSyntax, AllowMethodsSyntax, Method, PreflightCredentials, PreflightOrigin, PreflightRedirect,
        PreflightStatus, RequestHeaders,
    };
    matches!(
        step,
        PreflightRedirect
            | PreflightOrigin
            | PreflightCredentials
            | PreflightStatus
            | AllowMethodsSyntax
            | AllowHeadersSyntax
            | Method
            | RequestHeaders
    )
}

/// Walks through a decision. `stated` says that a console told the failing step, and no answer is at hand.
pub(crate) fn walk(exchange: &Exchange, decision: &Decision, facts: &Facts, stated: bool) -> Walk {
    let mut walk = Walk::default();
    for (number, step) in decision.steps.iter().enumerate() {
        let at = Place { exchange, decision, hop: step.hop };
        let facts = at.facts(step.name, facts);
        let Some(mut line) = at.line(step, &facts, stated) else { continue };
        if step.hop > 0 && walk.lines.len() < LONGEST_WALK {
            let mut question = facts.phrase("hop");
            question.append(line.question);
            line.question = question;
        }
        if walk.lines.len() >= LONGEST_WALK && line.state != WalkState::Fail {
            continue;
        }
        let sent = step.name == StepName::PreflightNeeded && line.state == WalkState::Pass && at.is_preflighted();
        walk.lines.push(line);
        walk.steps.push(Some(number));
        if sent && step.hop == 0 {
            walk.lines.push(WalkLine {
                answer: Some(facts.phrase("preflight-sent-found")),
                ..plain(WalkState::Pass, facts.phrase("preflight-sent"))
            });
            walk.steps.push(None);
        }
    }
    walk
}

/// No walk is longer, however many redirects there are.
const LONGEST_WALK: usize = 24;

/// A hop of a decision.
pub(crate) struct Place<'a> {
    /// What was exchanged.
    pub exchange: &'a Exchange,
    /// What was decided.
    pub decision: &'a Decision,
    /// Which hop.
    pub hop: usize,
}

impl Place<'_> {
    fn is_preflighted(&self) -> bool {
        self.decision.preflights.get(self.hop).is_some_and(Option::is_some)
    }

    /// The URL that is asked.
    pub fn url(&self) -> &str {
        self.decision.urls.get(self.hop).map_or(self.exchange.request.url.as_str(), String::as_str)
    }

    /// The method.
    pub fn method(&self) -> &str {
        self.decision.methods.get(self.hop).map_or(self.exchange.request.method.as_str(), String::as_str)
    }

    /// The `Origin` header.
    pub fn origin(&self) -> &str {
        self.decision.origins.get(self.hop).map_or(self.exchange.origin.as_str(), String::as_str)
    }

    /// The answer that a step looks at.
    pub fn answer(&self, step: StepName) -> Option<&Answer> {
        let hop = self.exchange.hops.get(self.hop)?;
        if is_of_preflight(step) { hop.preflight.as_ref() } else { hop.response.as_ref() }
    }

    /// The names of the headers that need leave.
    pub fn names(&self) -> Vec<String> {
        let asked = self.decision.preflights.get(self.hop).and_then(Option::as_ref);
        match asked.and_then(|asked| asked.headers.as_ref()) {
            Some(names) => names.split(',').map(str::to_owned).collect(),
            None if self.hop == 0 => unsafe_names(&self.exchange.request.headers, Engine::Chromium.rules()),
            None => Vec::new(),
        }
    }

    fn facts(&self, step: StepName, facts: &Facts) -> Facts {
        let target = origin_of(self.url()).unwrap_or_else(|| self.url().to_owned());
        let answer = self.answer(step);
        let header = header_of(step).unwrap_or_default();
        let value = answer.and_then(|answer| answer.headers.combined(header)).unwrap_or_default();
        let include = self.exchange.request.credentials == Credentials::Include;
        let sent = match facts.get("origin") {
            Some(Fact::Words(_)) => Fact::Words("the app's origin"),
            _ => Fact::Text(self.origin().to_owned()),
        };
        let status = answer.map(|answer| Fact::Text(answer.status.to_string()));
        facts
            .clone()
            .text("target", target)
            .with("sent", sent)
            .text("method", self.method())
            .text("value", value)
            .text("header", header)
            .with("status", status.or_else(|| facts.get("status").cloned()).unwrap_or(Fact::Words("")))
            .text("location", answer.and_then(|answer| answer.headers.combined("location")).unwrap_or_default())
            .with("names", Fact::List(self.names().into_iter().take(MOST_NAMES).collect()))
            .with("cookies", Fact::Words(if include { " with cookies" } else { "" }))
            .with("again", Fact::Words(if self.is_preflighted() { " again" } else { "" }))
    }

    fn line(&self, step: &Step, facts: &Facts, stated: bool) -> Option<WalkLine> {
        let words = |part: &str| of_step(step.name, part).map(|template| facts.fill(template));
        let line = |state: WalkState, part: &str| {
            let question = words(part).or_else(|| words("passed")).unwrap_or_default();
            WalkLine { reference: reference(step.name), ..plain(state, question) }
        };
        match &step.result {
            StepResult::Passed if !self.matters(step.name) => None,
            StepResult::Passed => {
                let answer = match step.name {
                    StepName::PreflightNeeded => Some(self.why_preflight(facts, stated)),
                    _ if stated && (is_of_preflight(step.name) || step.name == StepName::RequestSent) => {
                        Some(facts.phrase("stated"))
                    }
                    _ => words("found")
                        .filter(|_| self.answer(step.name).is_some() || step.name == StepName::OtherOrigin),
                };
                Some(WalkLine { answer, ..line(WalkState::Pass, "passed") })
            }
            StepResult::NotNeeded => match step.name {
                StepName::OtherOrigin if self.exchange.request.mode != Mode::NoCors && self.hop == 0 => {
                    Some(line(WalkState::Pass, "skipped"))
                }
                StepName::PreflightNeeded if self.hop == 0 && self.is_foreign() => {
                    let answer = match self.exchange.request.headers.0.is_empty() {
                        true => facts.phrase("not-needed-method"),
                        false => facts.phrase("not-needed"),
                    };
                    Some(WalkLine { answer: Some(answer), ..line(WalkState::Pass, "skipped") })
                }
                _ => None,
            },
            StepResult::Failed(cause, parameter) => {
                let facts = facts.clone().text("parameter", parameter.as_str());
                Some(WalkLine {
                    headers: self.evidence(step.name, *cause, parameter),
                    cause: because(*cause, &facts),
                    ..line(WalkState::Fail, "question")
                })
            }
            StepResult::NetworkError(_) => Some(line(WalkState::Fail, "question")),
            StepResult::NotReached(next) => {
                if self.hop > 0 || (next.is_none() && !self.matters(step.name)) {
                    return None;
                }
                let answer = next.as_ref().map(|(_, parameter)| {
                    let facts = facts.clone().text("parameter", parameter.as_str());
                    let answer = self.answer(step.name);
                    let missing =
                        header_of(step.name).is_some_and(|name| answer.is_some_and(|answer| !answer.headers.has(name)));
                    match step.name {
                        StepName::PreflightStatus => facts.phrase("next-status"),
                        _ if missing => facts.phrase("next-missing"),
                        _ if header_of(step.name).is_some() => facts.phrase("next-value"),
                        _ => facts.phrase("next-other"),
                    }
                });
                let open = next.is_none() && self.decision.outcome == Outcome::Unknown;
                let state = if open { WalkState::Unknown } else { WalkState::NotReached };
                Some(WalkLine { answer, ..line(state, "ahead") })
            }
            StepResult::Unknown => {
                if !self.matters(step.name) || step.name == StepName::RedirectFollowed {
                    return None;
                }
                let answer = (step.name != StepName::RequestSent).then(|| facts.phrase("unknown"));
                Some(WalkLine { answer, ..line(WalkState::Unknown, "question") })
            }
        }
    }

    /// Whether the request goes to another origin, as far as the first step says.
    fn is_foreign(&self) -> bool {
        let first = self.decision.steps.iter().find(|step| step.name == StepName::OtherOrigin);
        let fails = |step: &Step| step.name == StepName::ModeAndScheme && step.result != StepResult::Passed;
        first.is_some_and(|step| step.result == StepResult::Passed)
            && self.exchange.request.mode != Mode::NoCors
            && !self.decision.steps.iter().any(fails)
    }

    /// Whether a step that passed, or might, is worth a line.
    fn matters(&self, step: StepName) -> bool {
        match step {
            StepName::ModeAndScheme
            | StepName::PreflightRedirect
            | StepName::AllowMethodsSyntax
            | StepName::AllowHeadersSyntax => false,
            StepName::OtherOrigin => self.hop == 0,
            StepName::PreflightCredentials | StepName::Credentials => {
                self.exchange.request.credentials == Credentials::Include
            }
            StepName::Method => !is_safelisted_method(self.method()),
            StepName::RequestHeaders => !self.names().is_empty(),
            StepName::RedirectFollowed => {
                self.answer(StepName::Origin).is_some_and(|answer| answer.headers.has("location"))
            }
            _ => true,
        }
    }

    fn why_preflight(&self, facts: &Facts, stated: bool) -> crate::messages::Prose {
        match self.names().len() {
            0 if is_safelisted_method(self.method()) && stated => facts.phrase("needed-console"),
            0 if is_safelisted_method(self.method()) => facts.phrase("needed-flag"),
            0 => facts.phrase("needed-method"),
            1 => facts.phrase("needed-headers-one"),
            _ => facts.phrase("needed-headers-many"),
        }
    }

    /// The header lines that decide a step: what was sent, what came back, what is missing and what is needed.
    fn evidence(&self, step: StepName, cause: Cause, parameter: &str) -> Vec<HeaderLine> {
        let mut lines = Vec::new();
        let of_preflight = is_of_preflight(step);
        let method = if of_preflight { "OPTIONS" } else { self.method() };
        lines.push(line(HeaderKind::Sent, &[method, " ", &path(self.url())], 0));
        lines.push(line(HeaderKind::Sent, &["Origin: ", self.origin()], self.origin().len()));
        let asked = self.decision.preflights.get(self.hop).and_then(Option::as_ref).filter(|_| of_preflight);
        if let Some(asked) = asked {
            let mark = if step == StepName::Method { asked.method.len() } else { 0 };
            lines.push(line(HeaderKind::Sent, &["Access-Control-Request-Method: ", &asked.method], mark));
            if let Some(names) = &asked.headers {
                let mut sent = line(HeaderKind::Sent, &["Access-Control-Request-Headers: ", names], 0);
                if step == StepName::RequestHeaders {
                    sent.mark = text::find(&sent.text, parameter).map(|at| at..at + parameter.len());
                }
                lines.push(sent);
            }
        }
        let header = header_of(step);
        match (self.answer(step), header) {
            (Some(answer), _) => self.received(answer, step, &mut lines),
            // The console quotes the value.
            (None, Some(header)) if quotes_value(cause) && !parameter.is_empty() => {
                lines.push(line(HeaderKind::Received, &[header, ": ", parameter], parameter.len()));
            }
            (None, _) => {}
        }
        if let Some(needed) = self.needed(step, cause, parameter) {
            lines.push(line(HeaderKind::Needed, &[&needed], 0));
        }
        lines
    }

    fn received(&self, answer: &Answer, step: StepName, lines: &mut Vec<HeaderLine>) {
        let status = answer.status.to_string();
        let mark = if step == StepName::PreflightStatus { status.len() } else { 0 };
        lines.push(line(HeaderKind::Received, &["HTTP ", &status], mark));
        let header = header_of(step);
        for (name, value) in answer.headers.0.iter().take(MOST_HEADERS) {
            let decides = header.is_some_and(|header| header.eq_ignore_ascii_case(name))
                || (step == StepName::PreflightRedirect || step == StepName::RedirectFollowed)
                    && name.eq_ignore_ascii_case("location");
            if decides || name.eq_ignore_ascii_case("vary") {
                let mark = if decides { value.len() } else { 0 };
                lines.push(line(HeaderKind::Received, &[name, ": ", value], mark));
            }
        }
        if let Some(header) = header.filter(|header| !answer.headers.has(header)) {
            let facts = Facts::default().text("header", header);
            lines.push(line(HeaderKind::Missing, &[&facts.words("value-missing")], 0));
        }
    }

    /// What belongs in the answer instead.
    fn needed(&self, step: StepName, cause: Cause, parameter: &str) -> Option<String> {
        match step {
            StepName::PreflightStatus | StepName::PreflightRedirect => Some("HTTP 204".to_owned()),
            StepName::PreflightOrigin | StepName::Origin if self.origin() != "null" => {
                Some([ALLOW_ORIGIN, ": ", self.origin()].concat())
            }
            StepName::PreflightCredentials | StepName::Credentials => Some([ALLOW_CREDENTIALS, ": true"].concat()),
            StepName::Method | StepName::RequestHeaders => {
                let header = header_of(step)?;
                let answer = self.answer(step).and_then(|answer| answer.headers.combined(header));
                let include = self.exchange.request.credentials == Credentials::Include;
                let counts = |value: &str| !value.is_empty() && (value != "*" || !include);
                let kept = answer.filter(|value| counts(value.trim()));
                let names = if step == StepName::Method { vec![parameter.to_owned()] } else { self.names() };
                let names = names.into_iter().take(MOST_NAMES);
                let mut list = kept.unwrap_or_default();
                for name in names {
                    let listed = list.split(',').any(|other| match step {
                        StepName::Method => other.trim() == name,
                        _ => other.trim().eq_ignore_ascii_case(&name),
                    });
                    if !listed {
                        list.push_str(if list.is_empty() { "" } else { ", " });
                        list.push_str(&name);
                    }
                }
                Some([header, ": ", &list].concat())
            }
            StepName::AllowMethodsSyntax => Some([ALLOW_METHODS, ": ", self.method()].concat()),
            StepName::AllowHeadersSyntax if !self.names().is_empty() => {
                Some([ALLOW_HEADERS, ": ", &self.names().join(", ")].concat())
            }
            _ if cause == Cause::PreflightInvalidStatus => Some("HTTP 204".to_owned()),
            _ => None,
        }
    }
}

/// Why a step failed; for a provider that is known, what it does with origins that it does not trust.
fn because(cause: Cause, facts: &Facts) -> Option<crate::messages::Prose> {
    let of_provider = facts.get("provider").and_then(|_| of_cause(cause, "becauseProvider"));
    of_provider.or_else(|| of_cause(cause, "because")).map(|template| facts.fill(template))
}

const ALLOW_ORIGIN: &str = "access-control-allow-origin";
const ALLOW_CREDENTIALS: &str = "access-control-allow-credentials";
const ALLOW_METHODS: &str = "access-control-allow-methods";
const ALLOW_HEADERS: &str = "access-control-allow-headers";

/// Longer lines are cut.
const LONGEST_LINE: usize = 2000;

/// More names than any request has.
const MOST_NAMES: usize = 50;

/// More headers than any answer has.
const MOST_HEADERS: usize = 1000;

/// The header that a step looks at.
pub(crate) fn header_of(step: StepName) -> Option<&'static str> {
    match step {
        StepName::PreflightOrigin | StepName::Origin => Some(ALLOW_ORIGIN),
        StepName::PreflightCredentials | StepName::Credentials => Some(ALLOW_CREDENTIALS),
        StepName::AllowMethodsSyntax | StepName::Method => Some(ALLOW_METHODS),
        StepName::AllowHeadersSyntax | StepName::RequestHeaders => Some(ALLOW_HEADERS),
        _ => None,
    }
}

/// Whether the parameter of a cause is the value of the header.
fn quotes_value(cause: Cause) -> bool {
    use Cause::{
        AllowOriginMismatch, InvalidAllowCredentials, InvalidAllowOriginValue, MultipleAllowOriginValues,
        PreflightAllowOriginMismatch, PreflightInvalidAllowCredentials, PreflightInvalidAllowOriginValue,
        PreflightMultipleAllowOriginValues,
    };
    matches!(
        cause,
        AllowOriginMismatch
            | InvalidAllowCredentials
            | InvalidAllowOriginValue
            | MultipleAllowOriginValues
            | PreflightAllowOriginMismatch
            | PreflightInvalidAllowCredentials
            | PreflightInvalidAllowOriginValue
            | PreflightMultipleAllowOriginValues
    )
}

fn plain(state: WalkState, question: crate::messages::Prose) -> WalkLine {
    WalkLine { state, question, answer: None, headers: Vec::new(), cause: None, reference: None }
}

/// A line of these parts, the last `marked` bytes of which matter.
fn line(kind: HeaderKind, parts: &[&str], marked: usize) -> HeaderLine {
    let whole = parts.concat();
    let end = whole.char_indices().nth(LONGEST_LINE).map_or(whole.len(), |(at, _)| at);
    let text = crate::messages::visible(whole.get(..end).unwrap_or_default());
    let start = text.len().saturating_sub(marked.min(end));
    let mark = (marked > 0 && text.is_char_boundary(start)).then_some(start..text.len());
    HeaderLine { kind, text, mark }
}

/// The path and query of a URL; the whole where it has none.
pub(crate) fn path(url: &str) -> String {
    url::parse(url).map_or_else(|| url.to_owned(), |url| url.path)
}
