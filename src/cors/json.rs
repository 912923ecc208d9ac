//! The explanation as JSON, as `docs/cors.md` describes it: the result of `explainCors`.

use super::evidence::Evidence;
use super::explain::{
    EngineView, Explanation, Fix, HeaderKind, HeaderLine, MASK, Sequence, WalkLine, WalkState, is_of_preflight,
    is_secret_header, masked, of_step,
};
use super::{Credentials, Engine, Exchange, Mode, Outcome, Redirect, WORDS};
use crate::finding::{Certainty, Finding};
use crate::http::{Answer, Headers};
use crate::messages::Prose;
use crate::report::json::{Node, worded_node, write};
use crate::time::Time;

/// The explanation as JSON text.
///
/// ```
/// use tokenscope::cors::{explain::{Case, explain}, json};
/// let json = json::text(&explain(&Case::default()));
/// assert!(json.starts_with(r#"{"version":1,"outcome":"unknown","allowed":null"#));
/// ```
pub fn text(explanation: &Explanation) -> String {
    let mut json = String::new();
    write(&node(explanation), &mut json);
    json
}

/// The version of the result's shape. It rises when a field changes its meaning or goes; new fields leave it as it is.
const VERSION: i64 = 1;

/// The explanation as a JSON value.
pub fn node(explanation: &Explanation) -> Node {
    let allowed = match explanation.outcome {
        Outcome::Allowed => Node::Bool(true),
        Outcome::Blocked => Node::Bool(false),
        // Script gets an answer, and can't look into it.
        Outcome::Opaque => Node::Bool(true),
        Outcome::Unknown => Node::Null,
    };
    let engine_error = |engine: Engine| {
        let view = explanation.engines.iter().find(|view| view.engine == engine);
        optional(view.and_then(|view| view.console.as_deref()))
    };
    let step = explanation.failed_step.and_then(|at| explanation.steps.get(at));
    Node::Object(vec![
        ("version", Node::Number(VERSION)),
        ("outcome", word(outcome(explanation.outcome))),
        ("allowed", allowed),
        ("isCors", Node::Bool(!explanation.not_cors)),
        ("preflightNeeded", explanation.preflight_needed.map_or(Node::Null, Node::Bool)),
        ("cause", optional(explanation.cause.map(|cause| cause.name()))),
        ("parameter", word(&explanation.parameter)),
        ("certainty", word(certainty(explanation.certainty))),
        (
            "engineError",
            Node::Object(vec![
                ("chromium", engine_error(Engine::Chromium)),
                ("firefox", engine_error(Engine::Firefox)),
                ("webkit", engine_error(Engine::WebKit)),
            ]),
        ),
        ("step", optional(step.and_then(|step| of_step(step.name, "id")))),
        ("stepHop", step.map_or(Node::Null, |step| number(step.hop))),
        ("stepOf", optional(step.map(|step| if is_of_preflight(step.name) { "preflight" } else { "request" }))),
        ("headline", prose(&explanation.headline)),
        ("support", prose(&explanation.support)),
        ("evidence", word(evidence(&explanation.evidence))),
        ("exchange", explanation.exchange.as_ref().map_or(Node::Null, exchange)),
        ("findings", list(&explanation.findings, finding)),
        ("steps", list(&explanation.walk, walk_line)),
        ("engines", list(&explanation.engines, engine_view)),
        ("fix", explanation.fix.as_ref().map_or(Node::Null, fix)),
        ("sequence", explanation.sequence.as_ref().map_or(Node::Null, sequence)),
        ("nextTest", explanation.next_test.as_ref().map_or(Node::Null, finding)),
        ("confirm", optional(explanation.confirm.as_deref())),
    ])
}

fn finding(finding: &Finding) -> Node {
    worded_node(finding, WORDS.words(finding, Time::default()))
}

fn walk_line(line: &WalkLine) -> Node {
    let state = match line.state {
        WalkState::Pass => "pass",
        WalkState::Fail => "fail",
        WalkState::NotReached => "not-reached",
        WalkState::Unknown => "unknown",
    };
    Node::Object(vec![
        ("state", word(state)),
        ("question", prose(&line.question)),
        ("answer", line.answer.as_ref().map_or(Node::Null, prose)),
        ("headers", list(&line.headers, header_line)),
        ("because", line.cause.as_ref().map_or(Node::Null, prose)),
        ("reference", optional(line.reference.map(|(_, address)| address))),
    ])
}

fn header_line(line: &HeaderLine) -> Node {
    let kind = match line.kind {
        HeaderKind::Sent => "sent",
        HeaderKind::Received => "received",
        HeaderKind::Missing => "missing",
        HeaderKind::Needed => "needed",
    };
    Node::Object(vec![("kind", word(kind)), ("text", word(&line.text))])
}

fn engine_view(view: &EngineView) -> Node {
    Node::Object(vec![
        ("engine", word(engine(view.engine))),
        ("outcome", word(outcome(view.outcome))),
        ("cause", optional(view.cause.map(|cause| cause.name()))),
        ("console", optional(view.console.as_deref())),
    ])
}

fn fix(fix: &Fix) -> Node {
    Node::Object(vec![
        ("title", prose(&fix.title)),
        ("copy", optional(fix.copy.as_deref())),
        ("path", list(&fix.path, |part| word(part))),
        ("notes", list(&fix.notes, prose)),
        ("recognised", fix.recognised.as_ref().map_or(Node::Null, prose)),
        (
            "link",
            fix.link
                .as_ref()
                .map_or(Node::Null, |(title, url)| Node::Object(vec![("title", word(title)), ("url", word(url))])),
        ),
        ("notThis", list(&fix.not_this, prose)),
        (
            "configurations",
            list(&fix.configurations, |configuration| {
                Node::Object(vec![
                    ("server", word(&configuration.server)),
                    ("place", prose(&configuration.place)),
                    ("text", word(&configuration.text)),
                ])
            }),
        ),
    ])
}

fn sequence(sequence: &Sequence) -> Node {
    Node::Object(vec![("text", word(&sequence.text)), ("end", word(&sequence.end))])
}

/// The exchange in the shape that `explainCors` takes, secrets masked.
fn exchange(exchange: &Exchange) -> Node {
    let request = &exchange.request;
    let answers = |hop: usize| exchange.hops.get(hop).cloned().unwrap_or_default();
    let first = answers(0);
    let redirects: Vec<Node> = exchange
        .hops
        .iter()
        .skip(1)
        .map(|hop| {
            Node::Object(vec![
                ("preflight", answer(hop.preflight.as_ref())),
                ("response", answer(hop.response.as_ref())),
            ])
        })
        .collect();
    Node::Object(vec![
        ("origin", word(&masked(&exchange.origin))),
        (
            "request",
            Node::Object(vec![
                ("method", word(&masked(&request.method))),
                ("url", word(&masked(&request.url))),
                ("headers", headers(&request.headers)),
                ("credentials", word(credentials(request.credentials))),
                ("mode", word(mode(request.mode))),
                ("redirect", word(redirect(request.redirect))),
                ("useCorsPreflight", Node::Bool(request.use_cors_preflight)),
            ]),
        ),
        ("preflight", answer(first.preflight.as_ref())),
        ("response", answer(first.response.as_ref())),
        ("redirects", Node::List(redirects)),
    ])
}

fn answer(answer: Option<&Answer>) -> Node {
    answer.map_or(Node::Null, |answer| {
        Node::Object(vec![("status", Node::Number(i64::from(answer.status))), ("headers", headers(&answer.headers))])
    })
}

fn headers(headers: &Headers) -> Node {
    list(&headers.0, |(name, value)| {
        let value = if is_secret_header(name) { MASK.to_owned() } else { masked(value) };
        Node::List(vec![word(&masked(name)), word(&value)])
    })
}

/// The name of an outcome.
pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allowed => "allowed",
        Outcome::Opaque => "opaque",
        Outcome::Blocked => "blocked",
        Outcome::Unknown => "unknown",
    }
}

/// The name of a kind of evidence.
pub fn evidence(evidence: &Evidence) -> &'static str {
    match evidence {
        Evidence::Nothing => "nothing",
        Evidence::Console(_) => "console",
        Evidence::Answers(_) => "answers",
        Evidence::Exchange(_) => "exchange",
        Evidence::Request(..) => "request",
        Evidence::Probes(_) => "probes",
        Evidence::TrustedOrigins(_) => "trusted-origins",
        Evidence::Har => "har",
        Evidence::Unrecognised => "unrecognised",
    }
}

fn engine(engine: Engine) -> &'static str {
    match engine {
        Engine::Standard => "standard",
        Engine::Chromium => "chromium",
        Engine::Firefox => "firefox",
        Engine::WebKit => "webkit",
    }
}

fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Proved => "proved",
        Certainty::Stated => "stated",
        Certainty::Likely => "likely",
    }
}

fn credentials(credentials: Credentials) -> &'static str {
    match credentials {
        Credentials::Omit => "omit",
        Credentials::SameOrigin => "same-origin",
        Credentials::Include => "include",
    }
}

fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Cors => "cors",
        Mode::NoCors => "no-cors",
        Mode::SameOrigin => "same-origin",
    }
}

fn redirect(redirect: Redirect) -> &'static str {
    match redirect {
        Redirect::Follow => "follow",
        Redirect::Error => "error",
        Redirect::Manual => "manual",
    }
}

fn prose(prose: &Prose) -> Node {
    Node::Text(prose.to_string())
}

fn word(word: &str) -> Node {
    Node::Text(word.to_owned())
}

fn number(number: usize) -> Node {
    Node::Number(i64::try_from(number).unwrap_or(i64::MAX))
}

fn optional(text: Option<&str>) -> Node {
    text.map_or(Node::Null, word)
}

fn list<T>(items: &[T], node: impl FnMut(&T) -> Node) -> Node {
    Node::List(items.iter().map(node).collect())
}
