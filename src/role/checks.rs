//! The checks of an API, each read off the findings of the first verdict: nothing is decided here a second time.

use super::kind::{Kind, table};
use super::{Check, Outcome};
use crate::finding::{Code, Fact, Finding, Severity};
use crate::json::Value;
use crate::messages::{self, Prose, fill};
use crate::report::SignatureStatus;
use crate::why::Subject;

/// Every check of the table; empty for a token without readable claims.
pub(super) fn of(subject: &Subject, kind: Option<&Kind>) -> Vec<Check> {
    let root = subject.token.payload.as_ref().and_then(|payload| payload.root.as_ref());
    if root.is_none_or(|root| root.type_name() != "object") {
        return Vec::new();
    }
    let rows = table().member("checks").map(Value::items).unwrap_or_default();
    rows.iter().filter_map(|row| check(row, subject, kind)).collect()
}

fn check(row: &'static Value, subject: &Subject, kind: Option<&Kind>) -> Option<Check> {
    let (outcome, note) = match text(row, "by")? {
        "kind" => by_kind(row, subject, kind),
        "signature" => by_signature(row, subject),
        _ => by_findings(row, subject, kind),
    };
    Some(Check {
        key: text(row, "key")?,
        title: text(row, "title")?,
        outcome,
        note,
        reference: text(row, "reference")?,
    })
}

/// Whether it is an access token. A payload that is no proper JSON makes it none; how its characters are encoded is a
/// matter of the signature.
fn by_kind(row: &'static Value, subject: &Subject, kind: Option<&Kind>) -> (Outcome, Prose) {
    let broken = subject.token.findings.iter().find(|finding| {
        let subject = finding.subject.as_str();
        finding.severity == Severity::Error
            && subject.starts_with("/payload")
            && finding.code.0.starts_with("jose.json")
    });
    if let Some(broken) = broken {
        return (Outcome::Fail, problem(broken, subject));
    }
    let (outcome, template) = match kind {
        None => (Outcome::Unknown, "unknown"),
        Some(kind) if kind.for_api => (Outcome::NotApplicable, "sent"),
        Some(kind) if kind.id == "key" => (Outcome::NotApplicable, "api-key"),
        Some(kind) if kind.id != "access" => (Outcome::Fail, "fail"),
        Some(kind) if kind.sure => (Outcome::Pass, "pass"),
        Some(_) => (Outcome::Unknown, "perhaps"),
    };
    let mut facts = Finding::info(Code(""), "");
    if let Some(kind) = kind {
        facts = facts.with("looks", Fact::Words(kind.looks)).with("purpose", Fact::Words(kind.purpose));
        facts = facts.with("kind", Fact::Words(kind.name));
    }
    (outcome, fill(text(row, template).unwrap_or_default(), &facts, subject.now))
}

/// By the status of the signature, and by whatever failed on the way to it.
fn by_signature(row: &'static Value, subject: &Subject) -> (Outcome, Prose) {
    let is_outside = |finding: &Finding| finding.subject == "/input";
    let mine = |finding: &&Finding| belongs(row, finding) && !is_outside(finding);
    let on_the_way = |finding: &&Finding| {
        let on_header = finding.subject.starts_with("/header") || finding.subject.starts_with("/signature");
        finding.severity == Severity::Error && (mine(finding) || on_header)
    };
    let findings = &subject.token.findings;
    if let Some(failure) = findings.iter().find(on_the_way) {
        return (Outcome::Fail, problem(failure, subject));
    }
    let outcome = match subject.token.signature.status {
        SignatureStatus::Valid => Outcome::Pass,
        SignatureStatus::Invalid | SignatureStatus::None => Outcome::Fail,
        SignatureStatus::NotChecked | SignatureStatus::Unsupported => Outcome::Unknown,
    };
    let wanted = if outcome == Outcome::Pass { Severity::Ok } else { Severity::Info };
    let stated = findings.iter().find(|finding| mine(finding) && finding.severity == wanted);
    let otherwise = if outcome == Outcome::Fail { "fail" } else { "unknown" };
    let note = stated.map(|finding| problem(finding, subject));
    (outcome, note.unwrap_or_else(|| fill(text(row, otherwise).unwrap_or_default(), &nothing(), subject.now)))
}

/// By the findings about some claims: an error fails the check, whatever it is.
fn by_findings(row: &'static Value, subject: &Subject, kind: Option<&Kind>) -> (Outcome, Prose) {
    let mine: Vec<&Finding> = subject.token.findings.iter().filter(|finding| belongs(row, finding)).collect();
    if let Some(failure) = mine.iter().find(|finding| finding.severity == Severity::Error) {
        return (Outcome::Fail, problem(failure, subject));
    }
    let notes = row.member("notes").map(Value::items).unwrap_or_default();
    let is_for = |note: &Value| {
        let kinds = note.member("kinds").map(Value::items);
        kinds.is_none_or(|kinds| kind.is_some_and(|kind| kinds.iter().any(|name| name.as_str() == Some(kind.id))))
    };
    let noted = notes.iter().filter(|note| is_for(note)).find_map(|note| {
        let fits = |finding: &&&Finding| {
            text(note, "code") == Some(finding.code.0)
                && text(note, "subject").is_none_or(|subject| subject == finding.subject)
        };
        let finding = mine.iter().find(fits)?;
        let words = text(note, "note").map(|template| fill(template, finding, subject.now));
        Some((outcome(note), words.unwrap_or_else(|| problem(finding, subject))))
    });
    if let Some(noted) = noted {
        return noted;
    }
    match mine.iter().find(|finding| finding.severity == Severity::Ok).or(mine.first()) {
        Some(finding) if finding.severity == Severity::Ok => (Outcome::Pass, problem(finding, subject)),
        // What is unusual about a claim, without a comparison, decides nothing.
        Some(finding) => (Outcome::Unknown, problem(finding, subject)),
        None => row.member("default").map_or((Outcome::Unknown, Prose::default()), |default| {
            (outcome(default), fill(text(default, "note").unwrap_or_default(), &nothing(), subject.now))
        }),
    }
}

/// Whether a finding is about what a check looks at: by where it stands, or by its code, which may be a beginning.
fn belongs(row: &Value, finding: &Finding) -> bool {
    let list = |name: &str| row.member(name).map(Value::items).unwrap_or_default().iter().filter_map(Value::as_str);
    let is_code = |code: &str| match code.strip_suffix('*') {
        Some(beginning) => finding.code.0.starts_with(beginning),
        None => finding.code.0 == code,
    };
    list("subjects").any(|subject| subject == finding.subject)
        || list("codes").any(is_code)
        // A damaged payload is said of the claim that would have been compared.
        || finding.subject == "/payload"
            && finding.fact_text("claim").is_some_and(|claim| {
                list("subjects").any(|subject| subject.strip_prefix("/payload/") == Some(claim))
            })
}

/// The words that the first verdict has for it, as a sentence.
fn problem(finding: &Finding, subject: &Subject) -> Prose {
    let mut words = messages::words(finding, subject.now).problem;
    words.push_text(".");
    words
}

fn outcome(row: &Value) -> Outcome {
    match text(row, "outcome") {
        Some("pass") => Outcome::Pass,
        Some("fail") => Outcome::Fail,
        Some("not-applicable") => Outcome::NotApplicable,
        _ => Outcome::Unknown,
    }
}

fn nothing() -> Finding {
    Finding::info(Code(""), "")
}

fn text<'a>(row: &'a Value, name: &str) -> Option<&'a str> {
    row.member(name)?.as_str()
}
