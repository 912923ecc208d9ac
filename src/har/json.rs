//! An analysis as JSON, as `docs/har.md` describes it. Entries are counted from 1 here, as people count them.

use super::analysis::{Analysis, Group, groups_so_far, host};
use super::mask::{masked_url, without_tokens};
use super::{Diagnosis, Entry, Recording, WORDS, code, letter};
use crate::cors::explain::{Fix, explain_exchange};
use crate::cors::{self, Credentials, Exchange, Mode, Outcome};
use crate::finding::{Finding, Severity};
use crate::http::{Answer, Headers};
use crate::messages::Words;
use crate::report::TokenKind;
use crate::report::json::{Node, severity, worded_node, write};
use crate::report::redaction::stand_in;
use crate::time::Time;

/// The version of the shape. It rises when a field changes its meaning or goes; new fields leave it as it is.
pub const VERSION: i64 = 1;

/// Refusals for the response doctor: more than anybody looks through.
const MOST_REFUSALS: usize = 1000;

/// The whole analysis as JSON text. With `reveal` the tokens have their text.
pub fn text(analysis: &Analysis, reveal: bool, now: Time) -> String {
    let mut writing = Writing::begin(analysis, reveal, now);
    while writing.step() {}
    writing.text
}

/// So many exchanges are written at once.
const STEP: usize = 128;

/// An analysis while it is written, piece by piece.
pub struct Writing<'a> {
    /// The text so far.
    pub text: String,
    analysis: &'a Analysis,
    /// How many exchanges were written.
    written: usize,
}

impl<'a> Writing<'a> {
    /// Writes all but the exchanges.
    pub fn begin(analysis: &'a Analysis, reveal: bool, now: Time) -> Writing<'a> {
        let mut text = String::new();
        write(&node(analysis, reveal, now), &mut text);
        // The list of exchanges is the last member.
        text.pop();
        text.push_str(r#","exchanges":["#);
        Writing { text, analysis, written: 0 }
    }

    /// Writes the next few exchanges. Whether there are more.
    pub fn step(&mut self) -> bool {
        let Analysis { recording, diagnoses, .. } = self.analysis;
        let end = (self.written + STEP).min(recording.entries.len());
        for number in self.written..end {
            let (Some(entry), Some(diagnosis)) = (recording.entries.get(number), diagnoses.get(number)) else {
                continue;
            };
            if number > 0 {
                self.text.push(',');
            }
            write(&exchange_node(number, entry, diagnosis), &mut self.text);
        }
        self.written = end;
        let is_over = self.written >= recording.entries.len();
        if is_over {
            self.text.push_str("]}");
        }
        !is_over
    }
}

/// Of the groups so far these are shown.
const MOST_SO_FAR: usize = 20;

/// Of all groups these are shown: more than anybody reads. The others are counted.
const MOST_GROUPS: usize = 1000;

/// Of so many groups it is said what to change, which takes the longest.
const MOST_EXPLAINED: usize = 50;

/// The groups of what was read so far, the gravest and largest of them, as JSON text.
pub fn causes_so_far(recording: &Recording, now: Time) -> String {
    let mut json = String::new();
    let mut groups = groups_so_far(recording);
    groups.truncate(MOST_SO_FAR);
    write(&group_nodes(&groups, recording, now), &mut json);
    json
}

/// The words for a finding of a group or of the file. Those of the CORS protocol stand in `cors`.
pub fn words(finding: &Finding, now: Time) -> Words {
    if finding.code.0.starts_with("cors.") { cors::WORDS.words(finding, now) } else { WORDS.words(finding, now) }
}

fn node(analysis: &Analysis, reveal: bool, now: Time) -> Node {
    let Analysis { recording, groups, tokens, findings, .. } = analysis;
    let times = || recording.entries.iter().filter_map(|entry| entry.milliseconds);
    let from = times().map(|(begin, _)| begin).min();
    let to = times().map(|(_, end)| end).max();
    Node::Object(vec![
        ("version", Node::Number(VERSION)),
        ("recorder", recorder(recording)),
        ("recorded", Node::Object(vec![("from", optional(from, Node::Number)), ("to", optional(to, Node::Number))])),
        ("bytes", Node::Number(recording.shape.bytes as i64)),
        ("stopped", Node::Bool(recording.shape.is_stopped)),
        ("counts", counts(analysis)),
        ("causes", group_nodes(groups, recording, now)),
        (
            "tokens",
            Node::List(
                tokens.iter().zip(&recording.tokens).map(|(token, text)| token_node(token, text, reveal)).collect(),
            ),
        ),
        ("refusals", refusals(recording)),
        ("findings", list(findings, |finding| worded_node(finding, words(finding, now)))),
    ])
}

fn recorder(recording: &Recording) -> Node {
    Node::Object(vec![("name", word(&recording.recorder)), ("version", word(&recording.recorder_version))])
}

fn counts(analysis: &Analysis) -> Node {
    let entries = &analysis.recording.entries;
    let mut problems: Vec<bool> = vec![false; entries.len()];
    let grave = |severity: Severity| matches!(severity, Severity::Error | Severity::Warning);
    for number in analysis.groups.iter().filter(|group| grave(group.severity)).flat_map(|group| &group.entries) {
        if let Some(problem) = problems.get_mut(*number) {
            *problem = true;
        }
    }
    let origins: std::collections::BTreeSet<String> = entries.iter().map(|entry| host(&entry.url)).collect();
    let number = |count: usize| Node::Number(count as i64);
    Node::Object(vec![
        ("entries", Node::Number(analysis.recording.shape.entries as i64)),
        ("withProblem", number(problems.iter().filter(|problem| **problem).count())),
        ("preflights", number(entries.iter().filter(|entry| entry.is_preflight()).count())),
        ("hosts", number(origins.len())),
        ("causes", number(analysis.groups.len())),
        ("tokens", number(analysis.tokens.len())),
    ])
}

fn group_nodes(groups: &[Group], recording: &Recording, now: Time) -> Node {
    let shown = groups.iter().take(MOST_GROUPS).enumerate();
    Node::List(shown.map(|(place, group)| group_node(group, recording, now, place < MOST_EXPLAINED)).collect())
}

fn group_node(group: &Group, recording: &Recording, now: Time, explain: bool) -> Node {
    // What the CORS view would say of the first of them, which knows the provider and what to change there.
    let exchange = group.exchange.as_deref().filter(|_| explain);
    let explanation = exchange.map(|exchange| explain_exchange(exchange.clone()));
    let explained = explanation.as_ref().and_then(|known| known.findings.iter().find(|known| known.code == group.code));
    let mut finding = explained.cloned().unwrap_or_else(|| group.finding(recording));
    finding.severity = group.severity;
    finding.certainty = group.certainty;
    let fix = explanation.as_ref().and_then(|known| known.fix.as_ref());
    let first = recording.entries.get(group.first).and_then(|entry| entry.milliseconds).map(|(begin, _)| begin);
    let first = vec![("number", Node::Number(group.first as i64 + 1)), ("time", optional(first, Node::Number))];
    let mut members = vec![
        ("code", word(group.code.0)),
        ("cause", optional(group.cause, |cause| word(cause.name()))),
        ("neighbour", optional(group.neighbour, |neighbour| word(code::neighbour_name(neighbour)))),
        ("parameter", word(&group.parameter)),
        ("origin", word(&group.origin)),
        ("host", word(&group.host)),
        ("token", optional(group.token, |token| Node::Text(letter(token)))),
        ("count", Node::Number(group.entries.len() as i64)),
        ("first", Node::Object(first)),
        ("urls", list(&group.urls, |url| word(url))),
        ("urlCount", Node::Number(group.url_count as i64)),
        ("entries", list(&group.entries, |number| Node::Number(*number as i64 + 1))),
    ];
    members.push(("headline", optional(explanation.as_ref(), |known| Node::Text(known.headline.to_string()))));
    members.push(("fix", optional(fix, fix_node)));
    if let Node::Object(worded) = worded_node(&finding, words(&finding, now)) {
        let own = ["severity", "certainty", "problem", "explanation", "remedy", "evidence", "reference"];
        members.extend(worded.into_iter().filter(|(name, _)| own.contains(name)));
    }
    Node::Object(members)
}

/// What to change, where the provider is known or it is the same for all.
fn fix_node(fix: &Fix) -> Node {
    Node::Object(vec![
        ("title", Node::Text(fix.title.to_string())),
        ("copy", optional(fix.copy.as_deref(), word)),
        ("path", list(&fix.path, |part| word(part))),
    ])
}

fn token_node(token: &super::TokenReport, text: &str, reveal: bool) -> Node {
    let kind = match token.token.as_ref().map(|token| token.kind) {
        Some(TokenKind::Jws) => "jws",
        Some(TokenKind::Jwe) => "jwe",
        Some(TokenKind::Unsecured) => "unsecured",
        Some(TokenKind::Opaque) => "opaque",
        Some(TokenKind::Incomplete) | None => "incomplete",
    };
    let numbers = |numbers: &[usize]| list(numbers, |number| Node::Number(*number as i64 + 1));
    let mut members = vec![
        ("letter", word(&token.letter)),
        ("masked", Node::Text(stand_in(text))),
        ("kind", word(kind)),
        ("headline", word(&token.headline)),
        ("at", Node::Number(token.at.seconds())),
        ("expires", optional(token.expires, |time| Node::Number(time.seconds()))),
        ("expired", Node::Bool(!token.expired.is_empty())),
        ("places", list(&token.places, |place| word(place.name()))),
        ("entries", numbers(&token.entries)),
        ("expiredEntries", numbers(&token.expired)),
    ];
    if reveal {
        members.push(("text", word(text)));
    }
    Node::Object(members)
}

fn exchange_node(number: usize, entry: &Entry, diagnosis: &Diagnosis) -> Node {
    let mut letters: Vec<usize> = entry.tokens.iter().map(|(token, _)| *token).collect();
    crate::order::sort(&mut letters, |one, other| one < other);
    letters.dedup();
    let outcome = match diagnosis.outcome {
        Outcome::Allowed => "allowed",
        Outcome::Opaque => "opaque",
        Outcome::Blocked => "blocked",
        Outcome::Unknown => "unknown",
    };
    let count = |number: Option<usize>| optional(number, |number| Node::Number(number as i64 + 1));
    let mut members = vec![
        ("number", Node::Number(number as i64 + 1)),
        ("time", optional(entry.milliseconds, |(begin, _)| Node::Number(begin))),
        ("method", word(&entry.method)),
        ("url", Node::Text(masked_url(&entry.url))),
        ("status", optional(entry.status, |status| Node::Number(i64::from(status)))),
        ("error", optional(entry.error.as_deref(), |error| Node::Text(without_tokens(error)))),
        ("origin", word(&diagnosis.origin)),
        ("outcome", word(outcome)),
        ("cause", optional(diagnosis.cause, |cause| word(cause.name()))),
        ("neighbour", optional(diagnosis.neighbour, |neighbour| word(code::neighbour_name(neighbour)))),
        ("isPreflight", Node::Bool(entry.is_preflight())),
        ("preflight", count(diagnosis.preflight)),
        ("request", count(diagnosis.request)),
        ("redirect", count(diagnosis.next)),
        ("tokens", list(&letters, |token| Node::Text(letter(*token)))),
    ];
    if let Some(exchange) = &diagnosis.exchange {
        members.push(("exchange", whole_exchange(exchange)));
    }
    if entry.is_cut {
        members.push(("cut", Node::Bool(true)));
    }
    Node::Object(members)
}

/// What the algorithm ran over, in the shape that `explainCors` takes.
fn whole_exchange(exchange: &Exchange) -> Node {
    let request = &exchange.request;
    let credentials = match request.credentials {
        Credentials::Omit => "omit",
        Credentials::SameOrigin => "same-origin",
        Credentials::Include => "include",
    };
    let mode = match request.mode {
        Mode::Cors => "cors",
        Mode::NoCors => "no-cors",
        Mode::SameOrigin => "same-origin",
    };
    let hops: Vec<Node> = exchange
        .hops
        .iter()
        .map(|hop| Node::Object(vec![("preflight", answer(&hop.preflight)), ("response", answer(&hop.response))]))
        .collect();
    let first = exchange.hops.first();
    Node::Object(vec![
        ("origin", word(&exchange.origin)),
        (
            "request",
            Node::Object(vec![
                ("method", word(&request.method)),
                ("url", Node::Text(masked_url(&request.url))),
                ("headers", headers(&request.headers, true)),
                ("credentials", word(credentials)),
                ("mode", word(mode)),
                ("useCorsPreflight", Node::Bool(request.use_cors_preflight)),
            ]),
        ),
        ("preflight", first.map_or(Node::Null, |hop| answer(&hop.preflight))),
        ("response", first.map_or(Node::Null, |hop| answer(&hop.response))),
        ("redirects", Node::List(hops.into_iter().skip(1).collect())),
    ])
}

fn answer(answer: &Option<Answer>) -> Node {
    optional(answer.as_ref(), |answer| {
        Node::Object(vec![
            ("status", Node::Number(i64::from(answer.status))),
            ("headers", headers(&answer.headers, false)),
        ])
    })
}

/// Headers as pairs. Of a request's own headers only those have values that the CORS protocol looks at: they name
/// formats and languages, and never hold secrets.
fn headers(headers: &Headers, is_request: bool) -> Node {
    const PLAIN: &[&str] = &["accept", "accept-language", "content-language", "content-type", "range"];
    list(&headers.0, |(name, value)| {
        let lower = name.to_ascii_lowercase();
        let value = match lower.as_str() {
            "location" => masked_url(value),
            _ if is_request && !PLAIN.contains(&lower.as_str()) => String::new(),
            _ => without_tokens(value),
        };
        Node::List(vec![word(name), Node::Text(value)])
    })
}

/// The answers that say no, with what says why.
fn refusals(recording: &Recording) -> Node {
    let is_refusal = |entry: &&(usize, &Entry)| entry.1.is_refusal();
    let entries: Vec<(usize, &Entry)> = recording.entries.iter().enumerate().collect();
    let refused: Vec<&(usize, &Entry)> = entries.iter().filter(is_refusal).take(MOST_REFUSALS).collect();
    list(&refused, |(number, entry)| {
        let sent = entry.tokens.iter().find(|(_, carrier)| *carrier == super::Carrier::Authorization);
        let telling: Headers = entry.headers.0.iter().filter(|(name, _)| tells(name)).cloned().collect();
        Node::Object(vec![
            ("number", Node::Number(*number as i64 + 1)),
            ("method", word(&entry.method)),
            ("url", Node::Text(masked_url(&entry.url))),
            ("status", optional(entry.status, |status| Node::Number(i64::from(status)))),
            ("scheme", optional(entry.request_headers.combined("authorization"), Node::Text)),
            ("token", optional(sent, |(token, _)| Node::Text(letter(*token)))),
            ("headers", headers(&telling, false)),
            ("body", Node::Text(without_tokens(&entry.body))),
        ])
    })
}

/// Headers that say why a request was refused, and when to try again.
fn tells(name: &str) -> bool {
    const NAMES: &[&str] =
        &["content-type", "date", "dpop-nonce", "location", "retry-after", "server", "www-authenticate"];
    const STARTS: &[&str] = &[
        "apigw-",
        "ratelimit",
        "x-amzn-",
        "x-kong-",
        "x-ms-",
        "x-okta-",
        "x-ratelimit",
        "x-rate-limit",
        "x-request-id",
    ];
    let lower = name.to_ascii_lowercase();
    NAMES.contains(&lower.as_str())
        || lower.ends_with("request-id")
        || STARTS.iter().any(|start| lower.starts_with(start))
}

fn list<T>(items: &[T], node: impl FnMut(&T) -> Node) -> Node {
    Node::List(items.iter().map(node).collect())
}

fn optional<T>(value: Option<T>, node: impl FnOnce(T) -> Node) -> Node {
    value.map_or(Node::Null, node)
}

fn word(text: &str) -> Node {
    Node::Text(text.to_owned())
}

/// The name of a group's severity, for the page.
pub fn severity_name(group: &Group) -> &'static str {
    severity(group.severity)
}
