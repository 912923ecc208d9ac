//! The check list: what failed stands first and open, what passed is one line.

use web_sys::Element;

use super::dom::{self, Template};
use super::{Page, difference, explanations};
use crate::finding::{Certainty, Fact, Finding, Severity};
use crate::messages::{self, Section, Words};
use crate::report::Token;
use crate::text;
use crate::time::Time;

/// What the codes of all that concerns signatures begin with.
const SIGNATURE: &str = "signature.";

/// A check with the likely reasons for its outcome.
pub struct Row<'a> {
    pub finding: &'a Finding,
    pub reasons: Vec<&'a Finding>,
}

/// The class of a severity in the check list, which is also its icon, and its word.
pub fn state(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Error => ("fail", "Fail"),
        Severity::Warning => ("warn", "Warn"),
        Severity::Ok => ("pass", "Pass"),
        Severity::Info => ("skip", "Skip"),
    }
}

/// The same for remarks, where information is a note and not a skipped check.
pub fn remark_state(severity: Severity) -> (&'static str, &'static str) {
    if severity == Severity::Info { ("note", "Note") } else { state(severity) }
}

/// An icon and a word.
pub fn chip(name: &str, word: &str) -> Element {
    let chip = Template::fill("state");
    chip.slot("state").set_class_name(&["st ", name].concat());
    chip.set("icon", "href", &["#i-", name].concat()).text("word", word);
    chip.done()
}

/// The rows of a token's check list, in order. Information that follows a failed check of the same subject is a reason
/// for the failure, not a check of its own.
pub fn rows(token: &Token) -> Vec<Row<'_>> {
    let mut rows: Vec<Row> = Vec::new();
    let checks = || token.findings.iter().filter(|finding| section(finding) == Section::Checks);
    for severity in [Severity::Error, Severity::Warning, Severity::Ok, Severity::Info] {
        for finding in checks().filter(|finding| finding.severity == severity) {
            let failed =
                |row: &&mut Row| row.finding.severity == Severity::Error && row.finding.subject == finding.subject;
            match rows.iter_mut().find(failed).filter(|_| severity == Severity::Info) {
                Some(row) => row.reasons.push(finding),
                None => rows.push(Row { finding, reasons: Vec::new() }),
            }
        }
    }
    rows
}

/// Where a finding is shown.
pub fn section(finding: &Finding) -> Section {
    messages::first_words(finding, Time::default()).section
}

/// The last name of a JSON pointer: `exp` of `/payload/exp`.
pub fn subject(finding: &Finding) -> String {
    let name = finding.subject.rsplit('/').next().unwrap_or_default();
    messages::visible(&text::replace(&text::replace(name, "~1", "/"), "~0", "~"))
}

impl Page {
    pub(super) fn paint_checks(&self) {
        let Some(token) = self.token() else { return };
        let rows = rows(token);
        let mut seen: Vec<String> = Vec::new();
        let mut painted = Vec::new();
        for row in &rows {
            let key = [
                &row.finding.subject,
                "#",
                &seen.iter().filter(|seen| **seen == row.finding.subject).count().to_string(),
            ]
            .concat();
            seen.push(row.finding.subject.clone());
            painted.push(paint(row, &key, self.behind.is_none(), self.now()));
        }
        dom::update("checks", &painted);
        let remarks: Vec<Element> = token
            .findings
            .iter()
            .filter(|finding| section(finding) == Section::Lint)
            .map(|finding| remark(finding, &explanations::words(finding, self.now()), remark_state(finding.severity)))
            .collect();
        dom::show("sec-lint", !remarks.is_empty());
        dom::update("lint", &remarks);
    }
}

/// Whether the signature doctor, above the checks, says this.
fn is_told(finding: &Finding) -> bool {
    let callout = ["#doctor [data-code=\"", finding.code.0, "\"]"].concat();
    is_of_signature(finding) && dom::document().query_selector(&callout).is_ok_and(|callout| callout.is_some())
}

fn is_of_signature(finding: &Finding) -> bool {
    finding.code.0.starts_with(SIGNATURE)
}

/// `waiting` says that the doctor may still have something to say.
fn paint(row: &Row, key: &str, waiting: bool, now: Time) -> Element {
    let words = explanations::words(row.finding, now);
    let told = is_told(row.finding) || row.reasons.iter().any(|reason| is_told(reason));
    let body = body(row, &words, told, now);
    let check = Template::fill(if body.is_empty() { "check-line" } else { "check" });
    let (name, word) = state(row.finding.severity);
    check.set("item", "data-key", key).set("item", "data-code", row.finding.code.0).set("item", "class", name);
    check.replace("state", &chip(name, word)).text("subject", &subject(row.finding)).prose("problem", &words.problem);
    if !body.is_empty() {
        let waits = waiting && row.finding.severity == Severity::Error && is_of_signature(row.finding);
        let open = row.finding.severity <= Severity::Warning && !told && !waits;
        check.set("details", "data-open", if open { "true" } else { "false" });
        if open {
            check.set("details", "open", "");
        }
        for part in &body {
            check.push("body", part);
        }
    }
    check.done()
}

/// What an opened row shows: the difference, and why, what to do, and where it is specified.
/// What the doctor has told already is only named.
fn body(row: &Row, words: &Words, told: bool, now: Time) -> Vec<Element> {
    let mut body = Vec::new();
    body.extend(difference(row.finding));
    let list = Template::fill("reasons");
    let mut filled = false;
    let mut push = |part: &Template| {
        list.push("reasons", &part.done());
        filled = true;
    };
    for reason in &row.reasons {
        let words = explanations::words(reason, now);
        let part = Template::fill("sure");
        let (class, certainty) = certainty(reason.certainty);
        part.set("tag", "class", &["tag ", class].concat()).text("tag", certainty);
        let more = [words.explanation.as_ref(), messages::to_do(reason, &words)];
        let more = more.into_iter().flatten().filter(|_| !is_told(reason));
        for prose in [&words.problem].into_iter().chain(more) {
            let text = part.slot("text");
            if text.has_child_nodes() {
                let last = text.text_content().unwrap_or_default();
                dom::push_text(text, if last.ends_with(['.', '?', '!']) { " " } else { ". " });
            }
            dom::push_prose(text, prose);
        }
        push(&part);
    }
    if told {
        push(&Template::fill("told"));
        body.push(list.done());
        return body;
    }
    if let Some(explanation) = &words.explanation {
        push(Template::fill("why").prose("text", explanation));
    }
    if let Some(remedy) = messages::to_do(row.finding, words) {
        push(Template::fill("fix").prose("text", remedy));
    }
    if let Some(reference) = words.reference {
        push(Template::fill("spec").set("link", "href", reference).text("link", &specification(reference)));
    }
    if filled {
        body.push(list.done());
    }
    body
}

/// The class of a certainty, and its word.
pub fn certainty(certainty: Certainty) -> (&'static str, &'static str) {
    match certainty {
        Certainty::Proved => ("proved", "Proved"),
        Certainty::Stated => ("stated", "Stated by server"),
        Certainty::Likely => ("likely", "Likely"),
    }
}

/// What was found against what was expected, with the characters that differ marked.
fn difference(finding: &Finding) -> Option<Element> {
    let (Fact::Text(found), Fact::Text(expected)) = (finding.fact("found")?, finding.fact("expected")?) else {
        return None;
    };
    Some(compared(found, expected))
}

/// Two values below each other, with the characters that differ marked.
pub fn compared(found: &str, expected: &str) -> Element {
    let difference = Template::fill("diff");
    let (same, found, expected, end) = difference::split(found, expected);
    for (slot, tag, middle) in [("found", "del", found), ("expected", "ins", expected)] {
        let line = difference.slot(slot);
        dom::push_text(line, &messages::visible(same));
        if !middle.is_empty() {
            let _ = line.append_child(&dom::span(tag, "", &messages::visible(middle)));
        }
        dom::push_text(line, &messages::visible(end));
    }
    difference.done()
}

/// A remark in one line: the fact, then why and what to do.
pub fn remark(finding: &Finding, words: &Words, (name, word): (&str, &str)) -> Element {
    let remark = Template::fill("lint");
    remark.set("item", "data-code", finding.code.0).replace("state", &chip(name, word));
    remark.prose("problem", &words.problem);
    let problem = remark.slot("problem");
    if !problem.text_content().unwrap_or_default().ends_with(['.', '?', '!']) {
        dom::push_text(problem, ".");
    }
    for prose in [words.explanation.as_ref(), messages::to_do(finding, words)].into_iter().flatten() {
        remark.prose("more", prose);
        dom::push_text(remark.slot("more"), " ");
    }
    match words.reference {
        Some(reference) => remark.set("link", "href", reference).text("link", &specification(reference)),
        None => remark.remove("link"),
    };
    remark.done()
}

/// A short name for an address: "RFC 7519 §4.1.3", or the host.
pub fn specification(address: &str) -> String {
    let (page, section) = address.split_once('#').unwrap_or((address, ""));
    if let Some(number) = page.strip_prefix("https://www.rfc-editor.org/rfc/rfc") {
        let section = section.strip_prefix("section-").map(|section| [" §", section].concat());
        return ["RFC ", number, &section.unwrap_or_default()].concat();
    }
    page.strip_prefix("https://").unwrap_or(page).trim_end_matches('/').to_owned()
}
