//! The verdict in one sentence, and what it means for the next attempt. It is never vague: where nothing says why, it says
//! what to paste.

use super::phrases::{facts, is_about, phrase, words};
use super::scene::Scene;
use crate::finding::{Certainty, Fact, Finding, Severity};
use crate::messages::{Prose, Span, fill, visible};
use crate::response_doctor::catalogue::Next;
use crate::response_doctor::evidence::{Body, Kind};
use crate::response_doctor::json::kind_name;
use crate::response_doctor::token::TokenWhat;

/// The line above everything else.
pub(super) struct Headline {
    pub severity: Severity,
    pub headline: Prose,
    pub support: Prose,
    pub next: Next,
}

/// The headline of a case.
pub(super) fn headline(scene: &Scene) -> Headline {
    match scene.lead() {
        Some(lead) => led(scene, lead),
        None => without_reason(scene),
    }
}

fn led(scene: &Scene, lead: &Finding) -> Headline {
    let said = scene.catalogue.words(lead, scene.now);
    let mut headline = beginning(scene);
    let mut clause = said.brief.unwrap_or(said.problem);
    if lead.certainty == Certainty::Likely {
        let mut likely = words("headline", "likely");
        append_clause(&mut likely, clause);
        clause = likely;
    }
    append_clause(&mut headline, clause);
    Headline { severity: lead.severity, headline, support: support(scene, lead), next: scene.advice(lead).next }
}

/// What stands before the reason: the status, or what else was pasted.
fn beginning(scene: &Scene) -> Prose {
    let kind = phrase("kinds", kind_name(scene.evidence.kind));
    let mut beginning = Prose::default();
    match (scene.evidence.status, error_code(scene)) {
        (Some(status), _) => beginning.push_text(&status.to_string()),
        // A body or a line without a status: its error code says as much.
        (None, Some(code)) if kind.is_empty() => beginning.0.push(Span::Code(visible(code))),
        (None, _) if kind.is_empty() => return beginning,
        (None, _) => {
            beginning.push_text(kind);
            return beginning;
        }
    }
    beginning.push_text(": ");
    beginning
}

/// The error code of the answer, when it is as short as codes are.
fn error_code<'a>(scene: &Scene<'a>) -> Option<&'a str> {
    let envelope = scene.said.envelope.as_ref().map(|envelope| envelope.code.as_str());
    let oauth = scene.said.oauth.as_ref().map(|oauth| oauth.error.as_str());
    let is_code = |code: &&str| !code.is_empty() && code.len() <= 60 && !code.contains(char::is_whitespace);
    envelope.filter(is_code).or(oauth.filter(is_code))
}

/// Appends a clause: behind a beginning it goes on in lower case, else it is a sentence.
fn append_clause(headline: &mut Prose, mut clause: Prose) {
    let goes_on = !headline.0.is_empty();
    if let Some(Span::Text(text)) = clause.0.first_mut() {
        let word = text.split([' ', '’', ',']).next().unwrap_or_default();
        if !goes_on || lists_lowered(word) {
            let first = text.get(..1).unwrap_or_default();
            let first = if goes_on { first.to_ascii_lowercase() } else { first.to_ascii_uppercase() };
            *text = [&first, text.get(first.len()..).unwrap_or_default()].concat();
        }
    }
    headline.append(clause);
}

/// Whether a word is written small inside of a sentence.
fn lists_lowered(word: &str) -> bool {
    super::phrases::table().member("lowered").is_some_and(|list| super::phrases::holds(list, word))
}

/// What the leading finding means for the next attempt.
fn support(scene: &Scene, lead: &Finding) -> Prose {
    let advice = scene.advice(lead);
    let mut support = Prose::default();
    let name = next_phrase(scene, lead, advice.next);
    // What asks for a new token for the scope has said what renewing does.
    for what in advice.excludes.iter().filter(|_| !matches!(name, "setup-scope" | "setup-role")) {
        append_sentence(&mut support, words("excludes", what));
    }
    let is_fault = matches!(lead.severity, Severity::Error | Severity::Warning);
    if advice.next != Next::None || !is_fault {
        let facts = facts().with("wait", Fact::Duration(told(scene).unwrap_or_default()));
        append_sentence(&mut support, fill(phrase("next", name), &facts, scene.now));
    }
    if scene.has_no_answer() {
        append_sentence(&mut support, words("support", "answer-missing"));
    }
    support
}

/// The name of the sentence for what comes next.
pub(super) fn next_phrase(scene: &Scene, lead: &Finding, next: Next) -> &'static str {
    match next {
        Next::Renew => "renew",
        Next::Setup | Next::SignIn if is_about("scope", lead.code.0, scene.catalogue) => "setup-scope",
        Next::Setup if is_about("role", lead.code.0, scene.catalogue) => {
            if is_role(scene, lead) {
                "setup-role"
            } else {
                "setup-permission"
            }
        }
        Next::SignIn => "sign-in",
        Next::Request => "request",
        Next::Setup => "setup",
        Next::Wait if is_about("not-yet-valid", lead.code.0, scene.catalogue) => "wait-begin",
        Next::Wait => wait(scene),
        Next::Retry => "retry",
        Next::Poll => "poll",
        Next::Support => "support",
        Next::None => "none",
    }
}

/// Whether a missing permission is a role, and no scope: the answer says so, the scopes are there, or the token has none.
fn is_role(scene: &Scene, lead: &Finding) -> bool {
    let mut needed = scene.joined.scopes.iter().filter(|row| row.needed).peekable();
    let is_there = needed.peek().is_some() && needed.all(|row| row.in_token == Some(true) || row.covered_by.is_some());
    let is_api_token = scene.joined.token.as_ref().is_some_and(|token| token.what == TokenWhat::ApiToken);
    is_there || is_api_token || scene.advice(lead).excludes.contains(&"scope")
}

fn wait(scene: &Scene) -> &'static str {
    if scene.said.limit.as_ref().is_some_and(|limit| limit.is_concurrency) {
        return "wait-concurrency";
    }
    match told(scene) {
        Some(wait) if wait > 0 => "wait-told",
        Some(_) => "wait-over",
        None => "wait",
    }
}

/// The wait that the headers tell. The end of a window that has requests left is no wait: what is limited is something
/// else.
fn told(scene: &Scene) -> Option<i64> {
    let limit = scene.said.limit.as_ref().filter(|limit| limit.remaining.is_none_or(|remaining| remaining <= 0));
    limit.and_then(|limit| limit.wait).or(scene.said.retry_after)
}

/// Nothing leads: what was pasted is well, or does not say why.
fn without_reason(scene: &Scene) -> Headline {
    let (severity, name) = match (scene.evidence.kind, scene.evidence.status) {
        (_, Some(100..=199)) => (Severity::Info, "interim"),
        (_, Some(200..=299)) => (Severity::Ok, "success"),
        (_, Some(300..=399)) => (Severity::Info, "redirection"),
        (_, Some(_)) => (Severity::Warning, "no-reason"),
        (Kind::Nothing, None) => (Severity::Info, missing_answer(scene)),
        (Kind::Redirect, None) => (Severity::Info, "redirect"),
        (Kind::AuthorizationRequest, None) => (Severity::Ok, "authorization-request"),
        (Kind::SystemLog, None) => (Severity::Info, "event"),
        (Kind::Challenge, None) => (Severity::Info, "challenge"),
        (Kind::Curl, None) => (Severity::Warning, "curl"),
        (Kind::Saml, None) => (Severity::Warning, "saml"),
        (Kind::Html, None) => (Severity::Info, "html"),
        (Kind::Json, None) => (Severity::Info, "json"),
        (Kind::Http | Kind::HeaderTable | Kind::HarEntry, None) => (Severity::Info, "headers"),
        (Kind::Text, None) => (Severity::Info, "text"),
    };
    let mut facts = facts().text("code", scene.evidence.curl.unwrap_or_default().to_string());
    if let Some(event) = &scene.evidence.event {
        facts = facts.text("event", event.event_type.as_str());
    }
    let mut headline = beginning(scene);
    append_clause(&mut headline, fill(phrase("headline", name), &facts, scene.now));
    Headline { severity, headline, support: words("support", what_to_paste(scene, name)), next: Next::None }
}

/// There is no answer: what is there instead.
fn missing_answer(scene: &Scene) -> &'static str {
    match (scene.evidence.token.is_some(), scene.evidence.request.is_some()) {
        (false, false) => "greeting",
        (true, false) => "only-token",
        (false, true) => "only-request",
        (true, true) => "no-answer",
    }
}

/// The one thing that would tell most.
fn what_to_paste(scene: &Scene, headline: &str) -> &'static str {
    match headline {
        "greeting" => "greeting",
        "only-token" | "only-request" | "no-answer" => "answer-missing",
        "success" if scene.has_body() => "success",
        "success" => "success-body",
        "redirection" => "redirection",
        "interim" => "interim",
        "authorization-request" if scene.evidence.registered.is_empty() => "registered",
        "authorization-request" | "redirect" => "answer-missing",
        "text" | "saml" | "curl" | "event" => "text",
        "challenge" | "json" | "headers" => "status",
        "html" => "headers",
        _ if !scene.evidence.has_headers => "headers",
        _ if scene.evidence.body == Body::Unknown => "body",
        _ if scene.evidence.token.is_none() => "token",
        _ if scene.evidence.request.is_none() => "request",
        _ => "log",
    }
}

pub(super) fn append_sentence(prose: &mut Prose, sentence: Prose) {
    if !prose.0.is_empty() && !sentence.0.is_empty() {
        prose.push_text(" ");
    }
    prose.append(sentence);
}
