//! The report on a token as Markdown, to send to others: without the token, and without personal claims.

use super::headline::{headline, token_noun};
use super::{Token, json, redaction};
use crate::finding::{Certainty, Code, Finding, Severity};
use crate::json::Document;
use crate::messages::{self, Prose, Section, Span, Words, visible};
use crate::time::Time;

/// The report on a token as Markdown. It holds no part of the token's text, no signature, and of the claims only the
/// values of those that say nothing about a person.
pub fn redacted(token: &Token, now: Time) -> String {
    redacted_with(token, &Behind::default(), now)
}

/// What stands behind the verdict, as far as it is known.
#[derive(Clone, Copy, Debug, Default)]
pub struct Behind<'a> {
    /// The name of the kind of token.
    pub kind: Option<&'a str>,
    /// The name of the issuer's product.
    pub issuer: Option<&'a str>,
    /// What the signature doctor found, one of the token's findings.
    pub cause: Option<Code>,
}

/// The same with what stands behind the verdict.
pub fn redacted_with(token: &Token, behind: &Behind, now: Time) -> String {
    // The headline may quote a claim: it is made again from what may be shown.
    let shown = Token {
        findings: token.findings.iter().map(|finding| redaction::redacted(finding, &token.text)).collect(),
        ..token.clone()
    };
    let headline = headline(&shown, now);
    let mut markdown = String::new();
    for part in ["# ", &headline.sentence.markdown(), "\n\n", &headline.support.markdown(), "\n\n"] {
        markdown.push_str(part);
    }
    for part in ["Checked as of ", &now.date_and_time(), ": ", token_noun(token), ", signature "] {
        markdown.push_str(part);
    }
    markdown.push_str(json::signature_status(token.signature.status));
    markdown.push_str(". Personal values are left out.\n");

    let rows: Vec<Row> = shown.findings.iter().map(|finding| (finding, messages::words(finding, now))).collect();
    for (what, name) in [("Kind: ", behind.kind), ("Issued by: ", behind.issuer)] {
        if let Some(name) = name {
            for part in ["\n", what, name, ".\n"] {
                markdown.push_str(part);
            }
        }
    }
    // What the doctor found explains another finding, and is no check of its own.
    let (told, rows): (Vec<Row>, Vec<Row>) = rows
        .into_iter()
        .partition(|(finding, _)| finding.severity == Severity::Info && Some(finding.code) == behind.cause);
    checks(&mut markdown, &rows);
    details(&mut markdown, &rows, &told);
    members(&mut markdown, "Header", token.header.as_ref());
    members(&mut markdown, "Payload", token.payload.as_ref());
    markdown
}

/// A finding with its words.
type Row<'a> = (&'a Finding, Words);

fn checks(markdown: &mut String, rows: &[Row]) {
    markdown.push_str("\n| Result | About | |\n|---|---|---|\n");
    // A likely reason belongs to the failure that names it, and is no check of its own.
    let is_check = |(finding, words): &&Row| words.section == Section::Checks && !is_reason(finding, rows);
    for (finding, words) in rows.iter().filter(is_check) {
        // A name may hold anything, a backtick or a line break too.
        let about = visible(finding.subject.rsplit('/').next().unwrap_or_default());
        let about = Prose(vec![Span::Code(about)]).markdown();
        for part in
            ["| ", result(finding.severity), " | ", &cell(&about), " | ", &cell(&words.problem.markdown()), " |\n"]
        {
            markdown.push_str(part);
        }
    }
}

fn details(markdown: &mut String, rows: &[Row], told: &[Row]) {
    let failed = |finding: &Finding| matches!(finding.severity, Severity::Error | Severity::Warning);
    for (finding, words) in rows.iter().filter(|(finding, _)| failed(finding)) {
        markdown.push_str("\n**");
        markdown.push_str(&words.problem.markdown());
        markdown.push_str("**");
        // The doctor knows better than what is said of all such failures.
        if let Some((cause, words)) = told.iter().find(|(cause, _)| cause.subject == finding.subject) {
            let sure = if cause.certainty == Certainty::Proved { "proved" } else { "likely" };
            for part in [" Signature doctor, ", sure, ": ", &words.problem.markdown(), "."] {
                markdown.push_str(part);
            }
            sentences(markdown, [words.explanation.as_ref(), messages::to_do(cause, words)]);
            markdown.push('\n');
            continue;
        }
        sentences(markdown, [words.explanation.as_ref(), messages::to_do(finding, words)]);
        for (reason, words) in rows.iter().filter(|(reason, _)| names(finding, reason)) {
            markdown.push_str(" Likely: ");
            markdown.push_str(&words.problem.markdown());
            markdown.push('.');
            sentences(markdown, [words.explanation.as_ref(), messages::to_do(reason, words)]);
        }
        if let Some(reference) = words.reference {
            for part in [" <", reference, ">"] {
                markdown.push_str(part);
            }
        }
        markdown.push('\n');
    }
}

fn sentences(markdown: &mut String, prose: [Option<&Prose>; 2]) {
    for prose in prose.into_iter().flatten() {
        markdown.push(' ');
        markdown.push_str(&prose.markdown());
    }
}

/// Whether a failure names the other finding as its likely reason.
fn names(finding: &Finding, reason: &Finding) -> bool {
    finding.subject == reason.subject && finding.fact_text("reason") == Some(reason.code.0)
}

fn is_reason(finding: &Finding, rows: &[Row]) -> bool {
    rows.iter().any(|(other, _)| names(other, finding))
}

fn members(markdown: &mut String, title: &str, document: Option<&Document>) {
    let Some(document) = document else { return };
    for part in ["\n## ", title, "\n\n"] {
        markdown.push_str(part);
    }
    for member in document.root.iter().flat_map(|root| root.members()) {
        let raw = document.raw(&member.value);
        let value = if redaction::is_public(&member.name) { visible(&raw) } else { redaction::stand_in(&raw) };
        // Indented, because a value may hold the backticks that would end a fence.
        for part in ["    ", &visible(&document.text(&member.name_span)), ": ", &value, "\n"] {
            markdown.push_str(part);
        }
    }
}

/// A bar would end the cell.
fn cell(text: &str) -> String {
    crate::text::replace(text, "|", "\\|")
}

fn result(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Fail",
        Severity::Warning => "Warn",
        Severity::Info => "Skip",
        Severity::Ok => "Pass",
    }
}
