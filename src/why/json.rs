//! What stands behind a verdict as JSON, as `docs/report.md` describes it: the report with its rooms filled.

use super::{Explained, Why};
use crate::compare::{Bearing, Comparison, Difference};
use crate::decryption::{self, Decryption, Tried};
use crate::disclosure::{Disclosed, Disclosure};
use crate::lifetime::{Command, Lifetime};
use crate::messages::Prose;
use crate::profile::{self, Level, Status};
use crate::provider;
use crate::report::Token;
use crate::report::json::{self, Node};
use crate::role::{Check, Outcome};
use crate::signature_doctor::{CauseOutcome, CauseTried, Diagnosis, KeyTried};
use crate::time::Time;
use crate::timeline::{Mark, Timeline, Verifier};

/// The explained report on a text, as a JSON value.
pub fn node(explained: &Explained, text: &str) -> Node {
    let mut report = json::node(&explained.report, text);
    if let Some(Node::List(tokens)) = member(&mut report, "tokens") {
        for (token, why) in tokens.iter_mut().zip(&explained.whys) {
            explain(token, why);
        }
        nest(tokens, &explained.report.tokens, explained.report.now);
    }
    if let Node::Object(members) = &mut report {
        members.push(("comparison", explained.comparison.as_ref().map_or(Node::Null, comparison)));
    }
    report
}

/// The explained report on a text, as JSON text.
pub fn text(explained: &Explained, text: &str) -> String {
    let mut written = String::new();
    json::write(&node(explained, text), &mut written);
    written
}

/// Puts tokens that stand inside others into them, and what else the second look found.
fn nest(nodes: &mut Vec<Node>, tokens: &[Token], now: Time) {
    // One inside stands behind the one around it, so the innermost are moved first.
    for (at, token) in tokens.iter().enumerate().rev() {
        let Some(beyond) = &token.beyond else {
            nodes.get_mut(at).into_iter().for_each(|node| set(node, "disclosure", Node::Null));
            continue;
        };
        if let Some(node) = nodes.get_mut(at) {
            for (name, value) in [
                ("decryption", beyond.decryption.as_ref().map(|one| decryption(one, now))),
                ("disclosure", beyond.disclosure.as_ref().map(disclosure)),
            ] {
                set(node, name, value.unwrap_or(Node::Null));
            }
        }
        if let Some(around) = beyond.inside.filter(|around| *around < at) {
            if at >= nodes.len() {
                continue;
            }
            let node = nodes.remove(at);
            let Some(slot) = nodes.get_mut(around) else { continue };
            // A payload and the token that binds it to a key may both stand inside.
            match member(slot, "nested") {
                Some(Node::List(list)) => list.insert(0, node),
                _ => set(slot, "nested", Node::List(vec![node])),
            }
        }
    }
}

fn set(node: &mut Node, name: &'static str, value: Node) {
    match member(node, name) {
        Some(slot) => *slot = value,
        None => {
            if let Node::Object(members) = node {
                members.push((name, value));
            }
        }
    }
}

fn decryption(decryption: &Decryption, now: Time) -> Node {
    let recipient = |tried: &Tried| {
        Node::Object(vec![
            ("algorithm", optional(&tried.algorithm)),
            ("kid", optional(&tried.kid)),
            ("status", word(decryption_status(tried.status))),
            ("step", tried.step.map_or(Node::Null, |step| word(decryption_step(step)))),
        ])
    };
    // What is no text can't be one.
    let text = decryption.plaintext.as_ref().and_then(|bytes| String::from_utf8(bytes.clone()).ok());
    Node::Object(vec![
        ("status", word(decryption_status(decryption.status))),
        ("step", decryption.step.map_or(Node::Null, |step| word(decryption_step(step)))),
        ("key", decryption.key.as_ref().map_or(Node::Null, json::used_key)),
        ("recipients", list(&decryption.recipients, recipient)),
        ("text", optional(&text)),
        ("bytes", decryption.plaintext.as_ref().map_or(Node::Null, |bytes| Node::Number(bytes.len() as i64))),
        ("findings", list(&decryption.findings, |finding| json::finding_node(finding, now))),
    ])
}

/// The name of how decrypting went.
pub fn decryption_status(status: decryption::Status) -> &'static str {
    match status {
        decryption::Status::NoKey => "no-key",
        decryption::Status::Waiting => "waiting",
        decryption::Status::Decrypted => "decrypted",
        decryption::Status::Failed => "failed",
        decryption::Status::Unsupported => "unsupported",
    }
}

/// The name of a step of decryption.
pub fn decryption_step(step: decryption::Step) -> &'static str {
    match step {
        decryption::Step::Header => "header",
        decryption::Step::Key => "key",
        decryption::Step::Tag => "tag",
        decryption::Step::Inflate => "inflate",
    }
}

fn disclosure(disclosure: &Disclosure) -> Node {
    let disclosed = |one: &Disclosed| {
        Node::Object(vec![
            ("name", optional(&one.name)),
            ("value", Node::Text(one.value.clone())),
            ("digest", Node::Text(one.digest.clone())),
            ("place", optional(&one.place)),
        ])
    };
    let undisclosed = |(place, digest): &(String, String)| {
        Node::Object(vec![("place", Node::Text(place.clone())), ("digest", Node::Text(digest.clone()))])
    };
    let processed = disclosure.processed.as_ref().map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    Node::Object(vec![
        ("disclosed", list(&disclosure.disclosed, disclosed)),
        ("undisclosed", list(&disclosure.undisclosed, undisclosed)),
        ("processed", optional(&processed)),
    ])
}

fn optional(text: &Option<String>) -> Node {
    text.as_ref().map_or(Node::Null, |text| Node::Text(text.clone()))
}

fn member<'a>(node: &'a mut Node, name: &str) -> Option<&'a mut Node> {
    let Node::Object(members) = node else { return None };
    members.iter_mut().find(|(key, _)| *key == name).map(|(_, value)| value)
}

fn explain(token: &mut Node, why: &Why) {
    for (name, id) in [
        ("profile", why.profile.as_ref().map(|profile| profile.id)),
        ("provider", why.provider.as_ref().map(|provider| provider.id)),
    ] {
        if let Some(slot) = member(token, name) {
            *slot = id.map_or(Node::Null, word);
        }
    }
    let Node::Object(members) = token else { return };
    members.push(("kindOfToken", why.profile.as_ref().map_or(Node::Null, profile_node)));
    members.push(("issuedBy", why.provider.as_ref().map_or(Node::Null, provider_node)));
    members.push(("serverChecks", list(&why.server_checks, check)));
    members.push(("lifetime", why.lifetime.as_ref().map_or(Node::Null, lifetime)));
    members.push(("timeline", why.timeline.as_ref().map_or(Node::Null, timeline)));
    members.push(("diagnosis", why.diagnosis.as_ref().map_or(Node::Null, diagnosis)));
}

fn profile_node(reading: &profile::Reading) -> Node {
    let requirement = |one: &profile::Requirement| {
        Node::Object(vec![
            ("item", word(one.item)),
            ("level", word(level(one.level))),
            ("rule", word(one.rule)),
            ("status", word(status(one.status))),
            ("note", prose(&one.note)),
            ("reference", word(one.reference)),
        ])
    };
    Node::Object(vec![
        ("id", word(reading.id)),
        ("name", word(reading.name)),
        ("specification", word(reading.specification)),
        ("reference", word(reading.reference)),
        ("chosen", Node::Bool(reading.chosen)),
        ("declared", Node::Bool(reading.declared)),
        ("evidence", list(&reading.evidence, prose)),
        ("alternatives", list(&reading.alternatives, |id| word(id))),
        ("requirements", list(&reading.requirements, requirement)),
    ])
}

/// The name of a level in JSON and in the page's words.
pub fn level(level: Level) -> &'static str {
    match level {
        Level::Required => "required",
        Level::Recommended => "recommended",
        Level::Optional => "optional",
        Level::Conditional => "conditional",
        Level::Forbidden => "forbidden",
    }
}

fn status(status: Status) -> &'static str {
    match status {
        Status::Met => "met",
        Status::Broken => "broken",
        Status::NotApplicable => "not-applicable",
        Status::NotChecked => "not-checked",
    }
}

fn provider_node(reading: &provider::Reading) -> Node {
    let claim = |(name, meaning): &(String, Prose)| {
        Node::Object(vec![("name", Node::Text(name.clone())), ("meaning", prose(meaning))])
    };
    let place = |place: &provider::Place| {
        Node::Object(vec![
            ("what", word(place.what)),
            ("place", prose(&place.place)),
            ("values", list(&place.values, |value| Node::Text(value.clone()))),
        ])
    };
    Node::Object(vec![
        ("id", word(reading.id)),
        ("name", word(reading.name)),
        ("certain", Node::Bool(reading.certain)),
        ("evidence", list(&reading.evidence, prose)),
        ("claims", list(&reading.claims, claim)),
        ("places", list(&reading.places, place)),
    ])
}

fn check(check: &Check) -> Node {
    let outcome = match check.outcome {
        Outcome::Pass => "pass",
        Outcome::Fail => "fail",
        Outcome::Unknown => "unknown",
        Outcome::NotApplicable => "not-applicable",
    };
    Node::Object(vec![
        ("key", word(check.key)),
        ("title", word(check.title)),
        ("outcome", word(outcome)),
        ("note", prose(&check.note)),
        ("reference", word(check.reference)),
    ])
}

fn lifetime(lifetime: &Lifetime) -> Node {
    let command = |command: &Command| {
        Node::Object(vec![
            ("key", word(command.key)),
            ("title", prose(&command.title)),
            ("text", Node::Text(command.text.clone())),
            ("note", prose(&command.note)),
        ])
    };
    Node::Object(vec![
        ("seconds", lifetime.seconds.map_or(Node::Null, Node::Number)),
        ("about", list(&lifetime.about, prose)),
        ("unknown", list(&lifetime.unknown, prose)),
        ("commands", list(&lifetime.commands, command)),
    ])
}

fn timeline(timeline: &Timeline) -> Node {
    let mark = |mark: &Mark| {
        Node::Object(vec![
            ("name", word(mark.name)),
            ("at", Node::Number(mark.at.seconds())),
            ("position", Node::Number(i64::from(mark.position))),
            ("label", Node::Text(mark.label.clone())),
        ])
    };
    let verifier = |verifier: &Verifier| {
        Node::Object(vec![
            ("name", word(verifier.name)),
            ("skew", Node::Number(verifier.skew)),
            ("accepts", Node::Bool(verifier.accepts)),
        ])
    };
    Node::Object(vec![
        ("description", Node::Text(timeline.description.clone())),
        ("marks", list(&timeline.marks, mark)),
        ("verifiers", list(&timeline.verifiers, verifier)),
    ])
}

fn diagnosis(diagnosis: &Diagnosis) -> Node {
    let key = |key: &KeyTried| {
        Node::Object(vec![
            ("name", Node::Text(key.name.clone())),
            ("description", Node::Text(key.description.clone())),
            ("fits", Node::Bool(key.fits)),
            ("result", prose(&key.result)),
        ])
    };
    let cause = |cause: &CauseTried| {
        let outcome = match cause.outcome {
            CauseOutcome::Found => "found",
            CauseOutcome::RuledOut => "ruled-out",
            CauseOutcome::NotDecided => "not-decided",
        };
        Node::Object(vec![
            ("code", word(cause.code.0)),
            ("title", prose(&cause.title)),
            ("outcome", word(outcome)),
            ("note", prose(&cause.note)),
        ])
    };
    let progress = diagnosis.progress;
    Node::Object(vec![
        ("cause", diagnosis.cause.map_or(Node::Null, |code| word(code.0))),
        ("tests", Node::Number(progress.done as i64)),
        ("left", Node::Number(progress.left as i64)),
        ("stopped", Node::Bool(progress.stopped)),
        ("keys", list(&diagnosis.keys, key)),
        ("causes", list(&diagnosis.causes, cause)),
    ])
}

fn comparison(comparison: &Comparison) -> Node {
    let value = |value: &Option<String>| value.as_ref().map_or(Node::Null, |value| Node::Text(value.clone()));
    let difference = |one: &Difference| {
        let bearing = match one.bearing {
            Bearing::Explains => "explains",
            Bearing::Possible => "possible",
            Bearing::Expected => "expected",
            Bearing::None => "none",
        };
        Node::Object(vec![
            ("area", word(one.area)),
            ("name", Node::Text(one.name.clone())),
            ("first", value(&one.first)),
            ("second", value(&one.second)),
            ("meaning", prose(&one.meaning)),
            ("bearing", word(bearing)),
        ])
    };
    Node::Object(vec![
        ("headline", prose(&comparison.headline)),
        ("differences", list(&comparison.differences, difference)),
        ("same", list(&comparison.same, |name| Node::Text(name.clone()))),
    ])
}

fn list<T>(items: &[T], node: impl FnMut(&T) -> Node) -> Node {
    Node::List(items.iter().map(node).collect())
}

fn prose(prose: &Prose) -> Node {
    Node::Text(prose.to_string())
}

fn word(word: &str) -> Node {
    Node::Text(word.to_owned())
}
