//! What is known: each finding with how sure it is, and why, what the server said, and what to do.

use web_sys::Element;

use super::answer::{clipped, more};
use super::{View, now};
use crate::finding::{Finding, Severity};
use crate::messages;
use crate::page::checks::{certainty, chip, compared, remark_state, specification};
use crate::page::dom::{self, Template};
use crate::response_doctor::Catalogue;

/// Findings that are shown.
const MOST_FINDINGS: usize = 60;

impl View {
    pub(super) fn paint_findings(&self) {
        let findings = &self.explanation.findings;
        let mut painted: Vec<Element> = Vec::new();
        for (number, finding) in findings.iter().take(MOST_FINDINGS).enumerate() {
            let same = |other: &&Finding| other.code == finding.code && other.subject == finding.subject;
            let before = findings.iter().take(number).filter(same).count();
            let key = [finding.code.0, "#", &finding.subject, "#", &before.to_string()].concat();
            painted.push(paint(finding, &key, &self.catalogue));
        }
        dom::show("response-sec-findings", !painted.is_empty());
        dom::update("response-findings", &painted);
        dom::set_text("response-findings-more", &more(findings.len(), MOST_FINDINGS));
    }
}

fn paint(finding: &Finding, key: &str, catalogue: &Catalogue) -> Element {
    let words = catalogue.words(finding, now());
    let row = catalogue.row(finding.code.0);
    let reasons = Template::fill("reasons");
    let mut filled = false;
    let mut push = |part: &Template| {
        reasons.push("reasons", &part.done());
        filled = true;
    };
    if let Some(said) = finding.fact_text("text").filter(|said| !said.trim().is_empty()) {
        push(Template::fill("says").text("text", &clipped(said)));
    }
    if let Some(explanation) = &words.explanation {
        push(Template::fill("why").prose("text", explanation));
    }
    if let Some(remedy) = messages::to_do(finding, &words) {
        push(Template::fill("fix").prose("text", remedy));
    }
    if let Some(row) = row.filter(|row| !row.place.is_empty()) {
        push(&place(&row.place));
    }
    if let Some(reference) = words.reference {
        push(Template::fill("spec").set("link", "href", reference).text("link", &specification(reference)));
    }
    if let Some(row) = row.filter(|row| !row.title.is_empty()) {
        let more = Template::fill("more");
        more.set("open", "data-value", &["row ", row.code.0].concat()).text("open", row.title);
        push(&more);
    }
    let line = Template::fill(if filled { "known" } else { "known-line" });
    let (name, word) = remark_state(finding.severity);
    line.set("item", "data-key", key).set("item", "data-code", finding.code.0).set("item", "class", name);
    line.replace("state", &chip(name, word)).prose("problem", &words.problem);
    let (class, word) = certainty(finding.certainty);
    line.replace("tag", &dom::span("span", &["tag ", class].concat(), word));
    if filled {
        let open = finding.severity <= Severity::Warning;
        line.set("details", "data-open", if open { "true" } else { "false" });
        if open {
            line.set("details", "open", "");
        }
        if let (Severity::Error, Some(sent), Some(registered)) =
            (finding.severity, finding.fact_text("sent"), finding.fact_text("registered"))
        {
            line.push("body", &compared(&shortened(sent), &shortened(registered)));
        }
        line.push("body", &reasons.done());
    }
    line.done()
}

/// The beginning of a value: whole addresses fit, and nothing else is that long.
fn shortened(value: &str) -> String {
    value.chars().take(2000).collect()
}

fn place(path: &[&str]) -> Template {
    let place = Template::fill("place");
    for step in path {
        place.push("path", &dom::span("li", "", step));
    }
    place
}
