//! The eight questions of the guides' script, in its order, each answered from what was pasted, or with the command that
//! answers it. Words and the codes that answer a question stand in `src/data/response_checkup.json`.

use std::sync::OnceLock;

use super::commands::command;
use super::phrases::{facts, holds, matches};
use super::scene::Scene;
use super::{Check, CheckState};
use crate::finding::{Certainty, Fact, Finding, Severity};
use crate::json::{self, Document, Kind as JsonKind, Value};
use crate::messages::fill;
use crate::response_doctor::endpoint::What;
use crate::response_doctor::evidence::Body;
use crate::response_doctor::token::{TokenFacts, TokenWhat};

static CHECKUP: OnceLock<Document> = OnceLock::new();

fn table() -> &'static Document {
    CHECKUP.get_or_init(|| json::read(include_bytes!("../../data/response_checkup.json").to_vec()))
}

/// An answer to a question: its state, the name of its words, and their facts.
struct Answer(CheckState, &'static str, Finding);

/// A question: the key of its row, and what answers it.
type Question = (&'static str, fn(&Scene) -> Answer);

/// The questions, in order.
const QUESTIONS: [Question; 8] = [
    ("connectivity", connectivity),
    ("rate-limits", rate_limits),
    ("payload", payload),
    ("expiry", expiry),
    ("scopes", scopes),
    ("issuer-audience", issuer_audience),
    ("introspection", introspection),
    ("service-status", service_status),
];

/// The questions with their answers.
pub(super) fn checkup(scene: &Scene) -> Vec<Check> {
    QUESTIONS.iter().filter_map(|(key, answer)| check(scene, key, answer(scene))).collect()
}

fn check(scene: &Scene, key: &'static str, Answer(state, name, facts): Answer) -> Option<Check> {
    let row = table().member(key)?;
    let text = |name: &str| row.member(name).and_then(Value::as_str).unwrap_or_default();
    let words = row.member("answers").and_then(|answers| answers.member(name)).and_then(Value::as_str);
    // Of two answers that agree a finding's is the more exact one, but for the questions that answer with the facts at hand.
    let is_own = row.member("own").is_some();
    let (state, answer) = match told(scene, row) {
        Some((told, finding)) if rank(told) < rank(state) || (rank(told) == rank(state) && !is_own) => {
            let mut answer = scene.catalogue.words(finding, scene.now).problem;
            answer.push_text(".");
            (told, answer)
        }
        _ => (state, fill(words.unwrap_or_default(), &facts, scene.now)),
    };
    let question = fill(text("question"), &facts, scene.now);
    let is_open = matches!(state, CheckState::Unknown | CheckState::Warn);
    let wanted = match (key, name) {
        // Without a token it has to be read first: its issuer says which server to ask.
        ("introspection", "open") | ("scopes", "needed" | "open") => "token-decode",
        _ => text("command"),
    };
    // What a command would tell no more than the paste does is not asked.
    let useless =
        matches!(name, "api-token" | "id") || (name == "opaque" && wanted == "token-decode") || name == "encrypted";
    let command = if is_open && !useless { command(scene, wanted, true) } else { None };
    Some(Check { key, question, state, answer, command })
}

/// The worse a state, the less its rank; what is open comes last.
fn rank(state: CheckState) -> u8 {
    match state {
        CheckState::Fail => 0,
        CheckState::Warn => 1,
        CheckState::Pass => 2,
        CheckState::Unknown => 3,
    }
}

/// The finding that answers a question, by the codes in its row.
fn told<'a>(scene: &Scene<'a>, row: &Value) -> Option<(CheckState, &'a Finding)> {
    let state = |finding: &Finding| match (finding.severity, finding.certainty) {
        (Severity::Error, Certainty::Likely) | (Severity::Warning, _) => Some(CheckState::Warn),
        (Severity::Error, _) => Some(CheckState::Fail),
        (Severity::Ok, _) => Some(CheckState::Pass),
        (Severity::Info, _) => None,
    };
    let says = |code: &str| scene.catalogue.row(code).map(|row| row.says).filter(|says| !says.is_empty());
    let answers = scene.findings.iter().filter(|finding| {
        let says_it = says(finding.code.0).zip(row.member("says")).is_some_and(|(says, list)| holds(list, says));
        says_it || matches(row.member("codes"), finding.code.0)
    });
    answers
        .filter_map(|finding| Some((state(finding)?, finding)))
        .reduce(|one, other| if rank(other.0) < rank(one.0) { other } else { one })
}

fn connectivity(scene: &Scene) -> Answer {
    let evidence = scene.evidence;
    if let Some(status) = evidence.status {
        return Answer(CheckState::Pass, "answered", facts().with("status", Fact::Count(u64::from(status))));
    }
    if let Some(code) = evidence.curl {
        return Answer(CheckState::Fail, "refused", facts().with("code", Fact::Count(u64::from(code))));
    }
    let answered = !evidence.headers.0.is_empty() || scene.said.envelope.is_some() || scene.said.oauth.is_some();
    match answered {
        true => Answer(CheckState::Pass, "headers", facts()),
        false => Answer(CheckState::Unknown, "open", facts()),
    }
}

fn rate_limits(scene: &Scene) -> Answer {
    let status = scene.evidence.status;
    let Some(limit) = &scene.said.limit else {
        return match status {
            Some(429) => Answer(CheckState::Fail, "refused", facts()),
            Some(status) if scene.evidence.has_headers => {
                Answer(CheckState::Pass, "no-headers", facts().with("status", Fact::Count(u64::from(status))))
            }
            _ => Answer(CheckState::Unknown, "open", facts()),
        };
    };
    let count = |number: Option<i64>| Fact::Count(u64::try_from(number.unwrap_or_default()).unwrap_or_default());
    let facts = facts().with("remaining", count(limit.remaining)).with("limit", count(limit.limit));
    let used = if status == Some(429) { CheckState::Fail } else { CheckState::Warn };
    match (limit.remaining, limit.limit, limit.reset) {
        _ if limit.is_concurrency => Answer(CheckState::Fail, "concurrency", facts),
        (Some(0), Some(_), Some(reset)) => Answer(used, "used", facts.with("reset", Fact::Time(reset))),
        (Some(0), ..) => Answer(used, "used-unknown", facts),
        _ if status == Some(429) => Answer(CheckState::Fail, "refused", facts),
        (Some(_), Some(_), _) => Answer(CheckState::Pass, "left", facts),
        _ => Answer(CheckState::Unknown, "open", facts),
    }
}

fn payload(scene: &Scene) -> Answer {
    let Some(token) = &scene.joined.token else { return Answer(CheckState::Unknown, "open", facts()) };
    let count = facts().with("count", Fact::Count(token.claims.len() as u64));
    match token.what {
        TokenWhat::Access if token.claims.is_empty() => Answer(CheckState::Warn, "none", count),
        TokenWhat::Access => Answer(CheckState::Pass, "read", count),
        TokenWhat::Id => Answer(CheckState::Warn, "id", count),
        TokenWhat::OtherJwt => Answer(CheckState::Warn, "other", count),
        TokenWhat::Encrypted => Answer(CheckState::Unknown, "encrypted", count),
        TokenWhat::ApiToken => Answer(CheckState::Unknown, "api-token", count),
        TokenWhat::Opaque => Answer(CheckState::Unknown, "opaque", count),
    }
}

/// The answer for a token that can't be read.
fn unreadable(token: &TokenFacts) -> Option<Answer> {
    match token.what {
        TokenWhat::ApiToken => Some(Answer(CheckState::Unknown, "api-token", facts())),
        TokenWhat::Encrypted | TokenWhat::Opaque => Some(Answer(CheckState::Unknown, "opaque", facts())),
        _ => None,
    }
}

fn expiry(scene: &Scene) -> Answer {
    let Some(token) = &scene.joined.token else { return Answer(CheckState::Unknown, "open", facts()) };
    if let Some(answer) = unreadable(token) {
        return answer;
    }
    let moment = scene.moment();
    if let Some(begins) = token.not_before.filter(|begins| *begins > moment) {
        let ahead = Fact::Duration(begins.since(moment));
        return Answer(CheckState::Fail, "early", facts().with("begins", Fact::Time(begins)).with("ahead", ahead));
    }
    match token.expires {
        None => Answer(CheckState::Warn, "no-expiry", facts()),
        Some(expires) if expires > moment => {
            Answer(CheckState::Pass, "valid", facts().with("expires", Fact::Time(expires)))
        }
        Some(expires) => {
            let ago = Fact::Duration(moment.since(expires));
            Answer(CheckState::Fail, "expired", facts().with("expires", Fact::Time(expires)).with("ago", ago))
        }
    }
}

fn scopes(scene: &Scene) -> Answer {
    let list = |scopes: Vec<String>| facts().with("scopes", Fact::List(scopes));
    let needed = || scene.joined.scopes.iter().filter(|row| row.needed);
    let names: Vec<String> = needed().map(|row| row.scope.clone()).collect();
    let is_missing = |in_token: Option<bool>, is_covered: bool| in_token == Some(false) && !is_covered;
    let missing = needed().filter(|row| is_missing(row.in_token, row.covered_by.is_some()));
    let missing: Vec<String> = missing.map(|row| row.scope.clone()).collect();
    if !missing.is_empty() {
        let name = if missing.len() == 1 { "missing" } else { "missing-several" };
        return Answer(CheckState::Fail, name, list(missing));
    }
    let Some(token) = &scene.joined.token else {
        let named = scene.said.oauth.as_ref().map(|oauth| oauth.scopes.clone()).unwrap_or_default();
        let names = if names.is_empty() { named } else { names };
        let name = if names.is_empty() { "open" } else { "needed" };
        return Answer(CheckState::Unknown, name, list(names));
    };
    if token.what == TokenWhat::ApiToken {
        return Answer(CheckState::Unknown, "api-token", facts());
    }
    if !names.is_empty() && needed().all(|row| row.in_token == Some(true) || row.covered_by.is_some()) {
        return Answer(CheckState::Pass, "all", list(names));
    }
    match &token.scopes {
        Some(scopes) if !scopes.is_empty() => Answer(CheckState::Unknown, "has", list(scopes.clone())),
        _ => Answer(CheckState::Unknown, "has-none", facts()),
    }
}

fn issuer_audience(scene: &Scene) -> Answer {
    let Some(token) = &scene.joined.token else { return Answer(CheckState::Unknown, "open", facts()) };
    if let Some(answer) = unreadable(token) {
        return answer;
    }
    let facts = facts()
        .text("issuer", token.issuer.as_str())
        .with("audience", Fact::List(token.audiences.clone()))
        .text("client", if token.client.is_empty() { "?" } else { token.client.as_str() });
    let at_okta = scene.endpoint().is_some_and(|endpoint| endpoint.what == What::OktaApi && endpoint.is_okta);
    match () {
        () if at_okta && token.is_okta_custom => Answer(CheckState::Fail, "okta-custom", facts),
        () if at_okta && token.is_okta_org && is_same_origin(scene, token) => Answer(CheckState::Pass, "okta", facts),
        () if token.issuer.is_empty() && token.audiences.is_empty() => Answer(CheckState::Warn, "no-claims", facts),
        () => Answer(CheckState::Unknown, "compare", facts),
    }
}

/// Whether the org that issued the token is the one that is asked. A custom domain and the org's own name are one org, which
/// nobody can see from outside: then it stays open.
fn is_same_origin(scene: &Scene, token: &TokenFacts) -> bool {
    let asked = crate::cors::url::origin_of(scene.url());
    asked.is_some() && asked == crate::cors::url::origin_of(&token.issuer)
}

fn introspection(scene: &Scene) -> Answer {
    let active = match &scene.evidence.body {
        Body::Json(document) => document.member("active").map(|value| value.kind.clone()),
        _ => None,
    };
    match active {
        Some(JsonKind::Bool(true)) => return Answer(CheckState::Pass, "active", facts()),
        Some(JsonKind::Bool(false)) => return Answer(CheckState::Fail, "inactive", facts()),
        _ => {}
    }
    match &scene.joined.token {
        Some(token) if token.what == TokenWhat::ApiToken => Answer(CheckState::Unknown, "api-token", facts()),
        Some(token) if token.what == TokenWhat::Id => Answer(CheckState::Unknown, "id", facts()),
        Some(token) if !token.issuer.is_empty() => {
            Answer(CheckState::Unknown, "ask", facts().text("issuer", token.issuer.as_str()))
        }
        _ => Answer(CheckState::Unknown, "open", facts()),
    }
}

fn service_status(scene: &Scene) -> Answer {
    match scene.evidence.status {
        Some(status @ 500..) if scene.is_elsewhere() => {
            Answer(CheckState::Warn, "failing-elsewhere", facts().with("status", Fact::Count(status.into())))
        }
        Some(status @ 500..) => Answer(CheckState::Warn, "failing", facts().with("status", Fact::Count(status.into()))),
        Some(status) => Answer(CheckState::Pass, "up", facts().with("status", Fact::Count(status.into()))),
        None => Answer(CheckState::Unknown, "open", facts()),
    }
}
