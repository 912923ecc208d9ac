//! The explanation as JSON, as `docs/response.md` describes it: the result of `explainResponse`.

use super::catalogue::Next;
use super::evidence::Kind;
use super::explanation::{Check, CheckState, Command, ReadChallenge, Step, advice};
use super::scopes::ScopeRow;
use super::token::{TokenFacts, TokenWhat};
use super::{Catalogue, Explanation};
use crate::finding::{Certainty, Finding, Severity};
use crate::messages::Prose;
use crate::report::json::{Node, worded_node, write};
use crate::time::Time;

/// The explanation as JSON text, with relative times as of `now`.
///
/// ```
/// use tokenscope::response_doctor::{Case, Catalogue, explain, json};
/// let catalogue = Catalogue::default();
/// let json = json::text(&explain(&Case::default(), &catalogue, Default::default()), &catalogue, Default::default());
/// assert!(json.starts_with(r#"{"version":1,"kind":"nothing","status":null,"severity":"info""#), "{json}");
/// ```
pub fn text(explanation: &Explanation, catalogue: &Catalogue, now: Time) -> String {
    let mut json = String::new();
    write(&node(explanation, catalogue, now), &mut json);
    json
}

/// The version of the result's shape. It rises when a field changes its meaning or goes; new fields leave it as it is.
const VERSION: i64 = 1;

/// The explanation as a JSON value.
pub fn node(explanation: &Explanation, catalogue: &Catalogue, now: Time) -> Node {
    let certainty = explanation.lead().map(|lead| self::certainty(lead.certainty));
    Node::Object(vec![
        ("version", Node::Number(VERSION)),
        ("kind", word(kind_name(explanation.kind))),
        ("status", explanation.status.map_or(Node::Null, |status| Node::Number(i64::from(status)))),
        ("severity", word(severity(explanation.severity))),
        ("headline", prose(&explanation.headline)),
        ("support", prose(&explanation.support)),
        ("code", optional(explanation.lead().map(|lead| lead.code.0))),
        ("certainty", optional(certainty)),
        ("next", word(next_name(explanation.next))),
        ("findings", list(&explanation.findings, |finding| finding_node(finding, catalogue, now))),
        ("scopes", list(&explanation.scopes, scope)),
        ("challenges", list(&explanation.challenges, challenge)),
        ("token", explanation.token.as_ref().map_or(Node::Null, token)),
        ("steps", list(&explanation.steps, step)),
        ("commands", list(&explanation.commands, command)),
        ("ticket", optional(explanation.ticket.as_deref())),
        ("checkup", list(&explanation.checkup, check)),
        (
            "requestIds",
            list(&explanation.request_ids, |(name, value)| {
                Node::Object(vec![("name", word(name)), ("value", word(value))])
            }),
        ),
        ("date", time(explanation.date)),
        ("sender", optional(explanation.sender)),
    ])
}

/// A finding with its words, and what is advised beside them.
fn finding_node(finding: &Finding, catalogue: &Catalogue, now: Time) -> Node {
    let advice = advice::of(finding.code.0, catalogue);
    let mut node = worded_node(finding, catalogue.words(finding, now));
    if let Node::Object(members) = &mut node {
        members.push(("next", word(next_name(advice.next))));
        members.push(("place", list(&advice.place, |part| word(part))));
        members.push(("excludes", list(&advice.excludes, |what| word(what))));
    }
    node
}

fn scope(row: &ScopeRow) -> Node {
    Node::Object(vec![
        ("scope", word(&row.scope)),
        ("inToken", row.in_token.map_or(Node::Null, Node::Bool)),
        ("needed", Node::Bool(row.needed)),
        ("coveredBy", optional(row.covered_by.as_deref())),
    ])
}

fn challenge(read: &ReadChallenge) -> Node {
    let meanings = read.parameters.iter();
    let parameters = read.challenge.parameters.iter().zip(meanings).map(|((name, value), meaning)| {
        Node::Object(vec![("name", word(name)), ("value", word(value)), ("meaning", prose(meaning))])
    });
    Node::Object(vec![
        ("scheme", word(&read.challenge.scheme)),
        ("meaning", prose(&read.scheme)),
        ("parameters", Node::List(parameters.collect())),
    ])
}

fn token(token: &TokenFacts) -> Node {
    let what = match token.what {
        TokenWhat::Access => "access",
        TokenWhat::Id => "id",
        TokenWhat::OtherJwt => "other-jwt",
        TokenWhat::Encrypted => "encrypted",
        TokenWhat::ApiToken => "api-token",
        TokenWhat::Opaque => "opaque",
    };
    let filled = |text: &str| if text.is_empty() { Node::Null } else { word(text) };
    let words = |items: &[String]| list(items, |item| word(item));
    Node::Object(vec![
        ("what", word(what)),
        ("scheme", filled(&token.scheme)),
        ("issuer", filled(&token.issuer)),
        ("audiences", words(&token.audiences)),
        ("client", filled(&token.client)),
        ("subject", filled(&token.subject)),
        ("scopes", token.scopes.as_deref().map_or(Node::Null, words)),
        ("scopeClaim", filled(token.scope_claim)),
        ("expires", time(token.expires)),
        ("issued", time(token.issued)),
        ("notBefore", time(token.not_before)),
        ("authenticated", time(token.authenticated)),
        ("keyId", filled(&token.key_id)),
        ("type", filled(&token.token_type)),
        ("isMachine", Node::Bool(token.is_machine)),
        ("isDpopBound", Node::Bool(token.is_dpop_bound)),
        ("isOktaOrg", Node::Bool(token.is_okta_org)),
        ("isOktaCustom", Node::Bool(token.is_okta_custom)),
        ("claims", words(&token.claims)),
    ])
}

fn step(step: &Step) -> Node {
    Node::Object(vec![
        ("text", prose(&step.text)),
        ("place", list(&step.place, |part| word(part))),
        ("finding", Node::Number(i64::try_from(step.finding).unwrap_or(i64::MAX))),
    ])
}

fn command(command: &Command) -> Node {
    Node::Object(vec![
        ("key", word(command.key)),
        ("title", prose(&command.title)),
        ("text", word(&command.text)),
        ("note", prose(&command.note)),
    ])
}

fn check(check: &Check) -> Node {
    let state = match check.state {
        CheckState::Pass => "pass",
        CheckState::Fail => "fail",
        CheckState::Warn => "warn",
        CheckState::Unknown => "unknown",
    };
    Node::Object(vec![
        ("key", word(check.key)),
        ("question", prose(&check.question)),
        ("state", word(state)),
        ("answer", prose(&check.answer)),
        ("command", check.command.as_ref().map_or(Node::Null, command)),
    ])
}

/// The name of what a text was recognised as.
pub fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Nothing => "nothing",
        Kind::Http => "http",
        Kind::HeaderTable => "header-table",
        Kind::HarEntry => "har-entry",
        Kind::Json => "json",
        Kind::Challenge => "challenge",
        Kind::Redirect => "redirect",
        Kind::AuthorizationRequest => "authorization-request",
        Kind::Html => "html",
        Kind::SystemLog => "system-log",
        Kind::Curl => "curl",
        Kind::Saml => "saml",
        Kind::Text => "text",
    }
}

/// The name of what makes the next attempt succeed, as the tables have it.
pub fn next_name(next: Next) -> &'static str {
    match next {
        Next::Renew => "renew",
        Next::SignIn => "sign-in",
        Next::Request => "request",
        Next::Setup => "setup",
        Next::Wait => "wait",
        Next::Retry => "retry",
        Next::Poll => "poll",
        Next::Support => "support",
        Next::None => "none",
    }
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
        Severity::Ok => "ok",
    }
}

fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Proved => "proved",
        Certainty::Stated => "stated",
        Certainty::Likely => "likely",
    }
}

fn time(time: Option<Time>) -> Node {
    time.map_or(Node::Null, |time| Node::Number(time.seconds()))
}

fn prose(prose: &Prose) -> Node {
    Node::Text(prose.to_string())
}

fn word(word: &str) -> Node {
    Node::Text(word.to_owned())
}

fn optional(text: Option<&str>) -> Node {
    text.map_or(Node::Null, word)
}

fn list<T>(items: &[T], node: impl FnMut(&T) -> Node) -> Node {
    Node::List(items.iter().map(node).collect())
}
