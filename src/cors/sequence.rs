//! The exchange as a drawing: what was sent, what came back, and where it stopped.

use super::explain::{Facts, Message, MessageKind, Place, Sequence, Walk, is_of_preflight, of_cause, path};
use super::url;
use super::{Decision, Exchange, Outcome, StepName, StepResult};
use crate::finding::Fact;
use crate::http::Answer;

/// Draws a decision. `walk` gives the numbers of the steps.
pub(crate) fn sequence(
    exchange: &Exchange,
    decision: &Decision,
    walk: &Walk,
    provider: Option<&'static str>,
    facts: &Facts,
) -> Sequence {
    let host = |address: &str| url::parse(address).map_or_else(String::new, |url| authority(&url));
    let first = decision.urls.first().map_or(exchange.request.url.as_str(), String::as_str);
    let other = decision.urls.iter().map(|url| host(url)).find(|other| *other != host(first));
    let name = provider.unwrap_or("Server");
    let mut drawing = Drawing { exchange, decision, walk, facts, first: host(first), messages: Vec::new() };
    for hop in 0..decision.urls.len().max(1) {
        if hop >= MOST_HOPS || !drawing.hop(hop) {
            break;
        }
    }
    let (end, good) = end(exchange, decision, facts);
    let page = if exchange.origin == "null" { "null".to_owned() } else { host(&exchange.origin) };
    let mut sequence = Sequence {
        page,
        server: (name.to_owned(), host(first)),
        other: other.map(|other| (other.clone(), other)),
        messages: drawing.messages,
        end,
        good,
        text: String::new(),
    };
    sequence.text = in_words(&sequence, facts);
    sequence
}

/// Longer chains of redirects are cut in the drawing.
const MOST_HOPS: usize = 4;

struct Drawing<'a> {
    exchange: &'a Exchange,
    decision: &'a Decision,
    walk: &'a Walk,
    facts: &'a Facts,
    first: String,
    messages: Vec<Message>,
}

impl Drawing<'_> {
    /// Draws a hop; tells whether the next one can follow.
    fn hop(&mut self, hop: usize) -> bool {
        let place = Place { exchange: self.exchange, decision: self.decision, hop };
        let to_other = url::parse(place.url()).is_some_and(|url| authority(&url) != self.first);
        let target = path(place.url());
        let preflighted = self.decision.preflights.get(hop).is_some_and(Option::is_some);
        let failed = self.failed(hop);
        let before = failed.is_some_and(|step| matches!(step, StepName::OtherOrigin | StepName::ModeAndScheme));
        let message = |back: bool, label: String, note: String, kind: MessageKind| {
            let label = crate::messages::visible(&label);
            Message { back, to_other, label, note, kind }
        };
        let mut stopped = before;
        if preflighted && !before {
            let note = self.numbered("draw-preflight", hop, StepName::PreflightNeeded, 1);
            let label = ["OPTIONS ", &target].concat();
            self.messages.push(message(false, label, note, MessageKind::Sent));
            let answer = self.exchange.hops.get(hop).and_then(|hop| hop.preflight.as_ref());
            stopped = failed.is_some_and(is_of_preflight);
            let (note, kind) = self.verdict(hop, failed.filter(|step| is_of_preflight(*step)), answer.is_some(), true);
            self.messages.push(message(true, self.status(answer, kind), note, kind));
        }
        let label = [place.method(), " ", &target].concat();
        if stopped {
            self.messages.push(message(false, label, self.facts.words("draw-never"), MessageKind::Never));
            return false;
        }
        let unknown = preflighted && self.is_unknown(hop, StepName::RequestSent);
        let (note, kind) = match unknown {
            true => (self.facts.words("draw-unknown"), MessageKind::Unknown),
            false => (self.numbered("draw-sent", hop, StepName::RequestSent, 0), MessageKind::Sent),
        };
        self.messages.push(message(false, label, note, kind));
        let answer = self.exchange.hops.get(hop).and_then(|hop| hop.response.as_ref());
        if unknown && answer.is_none() {
            return false;
        }
        let (note, kind) = self.verdict(hop, failed, answer.is_some(), false);
        self.messages.push(message(true, self.status(answer, kind), note, kind));
        failed.is_none() && answer.is_some()
    }

    /// The step of a hop that failed.
    fn failed(&self, hop: usize) -> Option<StepName> {
        let failed = |result: &StepResult| matches!(result, StepResult::Failed(..) | StepResult::NetworkError(_));
        self.decision.steps.iter().find(|step| step.hop == hop && failed(&step.result)).map(|step| step.name)
    }

    fn is_unknown(&self, hop: usize, name: StepName) -> bool {
        let step = self.decision.steps.iter().find(|step| step.hop == hop && step.name == name);
        step.is_some_and(|step| matches!(step.result, StepResult::Unknown | StepResult::NotReached(_)))
    }

    /// What is below an answer's arrow.
    fn verdict(&self, hop: usize, failed: Option<StepName>, known: bool, preflight: bool) -> (String, MessageKind) {
        if let Some(step) = failed {
            let kind = self.decision.cause.and_then(|cause| of_cause(cause, "fix")).unwrap_or_default();
            let mut note = if kind.is_empty() {
                self.facts.words("draw-error")
            } else {
                let why = Facts::default().words(&["why-", kind].concat());
                self.facts.clone().text("why", why).words("draw-fail")
            };
            self.push_number(&mut note, hop, step, 0);
            return (note, MessageKind::Failed);
        }
        let open = self.decision.steps.iter().any(|step| {
            let looked_at = if preflight { StepName::PreflightOrigin } else { StepName::Origin };
            step.hop == hop && step.name == looked_at && step.result == StepResult::Unknown
        });
        match (known, self.decision.outcome) {
            (true, _) if open => (self.facts.words("draw-undecided"), MessageKind::Sent),
            (false, _) => (self.facts.words("draw-unknown"), MessageKind::Unknown),
            (true, _) if !preflight && self.decision.urls.len() > hop + 1 => {
                let answer = self.exchange.hops.get(hop).and_then(|hop| hop.response.as_ref());
                let location = answer.and_then(|answer| answer.headers.combined("location")).unwrap_or_default();
                (self.facts.clone().text("location", location).words("draw-redirect"), MessageKind::Sent)
            }
            (true, Outcome::Opaque) => (self.facts.words("draw-not-readable"), MessageKind::Sent),
            (true, Outcome::Allowed) if hop + 1 == self.decision.urls.len() && !self.messages.is_empty() => {
                let readable = self.messages.last().is_some_and(|message| !is_preflight(message));
                (self.facts.words(if readable { "draw-readable" } else { "draw-passed" }), MessageKind::Sent)
            }
            (true, _) => (self.facts.words("draw-passed"), MessageKind::Sent),
        }
    }

    fn numbered(&self, phrase: &str, hop: usize, step: StepName, plus: usize) -> String {
        let mut note = self.facts.words(phrase);
        self.push_number(&mut note, hop, step, plus);
        note
    }

    fn push_number(&self, note: &mut String, hop: usize, step: StepName, plus: usize) {
        if let Some(number) = self.walk.number(&self.decision.steps, hop, step) {
            let number = Fact::Count((number + plus) as u64);
            note.push_str(&self.facts.clone().with("number", number).words("draw-step"));
        }
    }

    /// "200 OK"
    fn status(&self, answer: Option<&Answer>, kind: MessageKind) -> String {
        let Some(answer) = answer else {
            return self.facts.words(if kind == MessageKind::Failed { "draw-answer" } else { "draw-unknown" });
        };
        let mut text = answer.status.to_string();
        if let Some((_, name)) = STATUSES.iter().find(|(status, _)| *status == answer.status) {
            text.push(' ');
            text.push_str(name);
        }
        text
    }
}

fn is_preflight(message: &Message) -> bool {
    message.label.starts_with("OPTIONS ")
}

fn end(exchange: &Exchange, decision: &Decision, facts: &Facts) -> (String, bool) {
    match decision.outcome {
        Outcome::Blocked => (facts.clone().text("message", "Failed to fetch").words("end-rejects"), false),
        Outcome::Opaque => (facts.words("end-opaque"), true),
        Outcome::Unknown => (facts.words("end-unknown"), false),
        Outcome::Allowed => {
            let last = exchange.hops.get(decision.urls.len().saturating_sub(1)).and_then(|hop| hop.response.as_ref());
            let status = last.map_or_else(String::new, |answer| answer.status.to_string());
            (facts.clone().text("status", status).words("end-resolves"), true)
        }
    }
}

/// The whole drawing as sentences, for those who do not see it.
fn in_words(sequence: &Sequence, facts: &Facts) -> String {
    let host = &sequence.server.1;
    let facts = facts.clone().text("page", sequence.page.as_str()).text("name", sequence.server.0.as_str());
    let mut text = facts.clone().text("host", host.as_str()).words("text-begin");
    for (number, message) in sequence.messages.iter().enumerate() {
        let facts = facts.clone().text("label", message.label.as_str());
        text.push_str(if number == 0 { " " } else { "; " });
        text.push_str(&match (message.kind, message.back) {
            (MessageKind::Never, _) => facts.words("text-never"),
            (MessageKind::Unknown, true) => facts.words("text-answer-unknown"),
            (MessageKind::Unknown, false) => facts.words("text-unknown"),
            (_, true) => facts.words("text-back"),
            (_, false) if message.to_other => {
                let other = sequence.other.as_ref().map_or("", |(_, host)| host.as_str());
                facts.text("other", other).words("text-sent-other")
            }
            (_, false) => facts.words("text-sent"),
        });
        if message.back && message.kind != MessageKind::Unknown {
            text.push_str(" (");
            text.push_str(&message.note);
            text.push(')');
        }
    }
    text.push_str(". ");
    text.push_str(&facts.with("end", Fact::Text(sequence.end.clone())).words("text-end"));
    text
}

/// Host and port.
fn authority(url: &url::Url) -> String {
    let mut authority = url.host.clone();
    if let Some(port) = url.port {
        authority.push(':');
        authority.push_str(&port.to_string());
    }
    authority
}

/// [Status codes](https://www.iana.org/assignments/http-status-codes/) that are often seen.
const STATUSES: &[(u16, &str)] = &[
    (200, "OK"),
    (201, "Created"),
    (202, "Accepted"),
    (204, "No Content"),
    (301, "Moved Permanently"),
    (302, "Found"),
    (303, "See Other"),
    (304, "Not Modified"),
    (307, "Temporary Redirect"),
    (308, "Permanent Redirect"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Method Not Allowed"),
    (429, "Too Many Requests"),
    (500, "Internal Server Error"),
    (502, "Bad Gateway"),
    (503, "Service Unavailable"),
    (504, "Gateway Timeout"),
];
