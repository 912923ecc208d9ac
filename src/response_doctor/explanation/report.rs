//! The explanation as Markdown, to send to others: without secrets, and without the queries of addresses.

use super::phrases::{facts, phrase};
use super::private::Mask;
use super::ticket::without_query;
use super::{CheckState, Explanation};
use crate::finding::{Certainty, Finding, Severity};
use crate::messages::{Prose, Span, fill};
use crate::response_doctor::Catalogue;
use crate::text;
use crate::time::Time;

/// The report.
pub(super) fn report(explanation: &Explanation, catalogue: &Catalogue, now: Time) -> String {
    let mut report = Report { markdown: String::new() };
    report.add(&["# ", &shown(&explanation.headline), "\n\n"]);
    if !explanation.support.0.is_empty() {
        report.add(&[&shown(&explanation.support), "\n\n"]);
    }
    report.add(&[phrase("report", "as-of"), " ", &now.date_and_time(), ". ", phrase("report", "left-out"), "\n"]);
    report.findings(explanation, catalogue, now);
    report.scopes(explanation);
    if !explanation.steps.is_empty() {
        report.section("steps");
        for (number, step) in explanation.steps.iter().enumerate() {
            report.add(&[&(number + 1).to_string(), ". ", &shown(&step.text)]);
            if !step.place.is_empty() {
                report.add(&[" (", &step.place.join(" › "), ")"]);
            }
            report.add(&["\n"]);
        }
    }
    if !explanation.checkup.is_empty() {
        report.section("checkup");
        for check in &explanation.checkup {
            report.add(&["- ", state(check.state), ": ", &shown(&check.question), " ", &shown(&check.answer), "\n"]);
        }
    }
    if !explanation.request_ids.is_empty() {
        report.section("request-ids");
        let mask = Mask::new(None);
        for (name, id) in &explanation.request_ids {
            let line = [&mask.text(name), ": ", &mask.short(id)].concat();
            report.add(&["- ", &Prose(vec![Span::Code(crate::messages::visible(&line))]).markdown(), "\n"]);
        }
    }
    if !explanation.commands.is_empty() {
        report.section("commands");
        for command in &explanation.commands {
            report.add(&["**", &shown(&command.title), "**\n\n"]);
            for line in command.text.split('\n') {
                report.add(&["    ", line, "\n"]);
            }
            report.add(&["\n", &shown(&command.note), "\n\n"]);
        }
    }
    report.markdown
}

struct Report {
    markdown: String,
}

impl Report {
    fn add(&mut self, parts: &[&str]) {
        parts.iter().for_each(|part| self.markdown.push_str(part));
    }

    fn section(&mut self, name: &str) {
        self.add(&["\n## ", phrase("report", name), "\n\n"]);
    }

    fn findings(&mut self, explanation: &Explanation, catalogue: &Catalogue, now: Time) {
        if explanation.findings.is_empty() {
            return;
        }
        self.section("findings");
        self.add(&["| ", phrase("report", "finding"), " | ", phrase("report", "sure"), " | |\n|---|---|---|\n"]);
        for finding in &explanation.findings {
            let problem = cell(&shown(&catalogue.words(finding, now).problem));
            self.add(&["| ", &problem, " | ", sure(finding), " | ", severity(finding.severity), " |\n"]);
        }
    }

    fn scopes(&mut self, explanation: &Explanation) {
        if explanation.scopes.is_empty() {
            return;
        }
        self.section("scopes");
        let head = |name| phrase("report", name);
        self.add(&["| ", head("scope"), " | ", head("in-token"), " | ", head("needed"), " |\n|---|---|---|\n"]);
        for row in &explanation.scopes {
            let scope = cell(&shown(&Prose(vec![Span::Code(row.scope.clone())])));
            let in_token = match (row.in_token, &row.covered_by) {
                (Some(false), Some(by)) => {
                    let covered = fill(head("covered"), &facts().text("by", by.as_str()), Time::default());
                    cell(&shown(&covered))
                }
                (Some(has), _) => head(if has { "yes" } else { "no" }).to_owned(),
                (None, _) => head("unknown").to_owned(),
            };
            self.add(&["| ", &scope, " | ", &in_token, " | ", head(if row.needed { "yes" } else { "no" }), " |\n"]);
        }
    }
}

/// How sure a finding is, in words.
pub(super) fn sure(finding: &Finding) -> &'static str {
    phrase(
        "words",
        match finding.certainty {
            Certainty::Proved => "proved",
            Certainty::Stated => "stated",
            Certainty::Likely => "likely",
        },
    )
}

fn severity(severity: Severity) -> &'static str {
    phrase(
        "words",
        match severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Info => "info",
            Severity::Ok => "ok",
        },
    )
}

fn state(state: CheckState) -> &'static str {
    phrase(
        "words",
        match state {
            CheckState::Pass => "pass",
            CheckState::Fail => "fail",
            CheckState::Warn => "warn",
            CheckState::Unknown => "unknown",
        },
    )
}

/// Prose as Markdown: values without secrets and without the query of an address.
fn shown(prose: &Prose) -> String {
    let mask = Mask::new(None);
    let spans = prose.0.iter().map(|span| match span {
        Span::Text(text) => Span::Text(text.clone()),
        Span::Code(code) => Span::Code(mask.value(&without_query(code))),
    });
    Prose(spans.collect()).markdown()
}

/// A bar would end the cell.
fn cell(text: &str) -> String {
    text::replace(text, "|", "\\|")
}
