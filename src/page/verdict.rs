//! The verdict: the only first-level heading, what supports it, the counts, and what is read out.

use web_sys::Element;

use super::checks::{self, chip};
use super::dom::{self, Template};
use super::{Page, explanations, found, ledger};
use crate::finding::Severity;
use crate::report::{Headline, SignatureStatus, Token, Verdict, headline};
use crate::sniff;

/// What is painted from a token.
const PAINTED: [&str; 7] = ["checks", "lint", "sets", "header-aside", "payload-aside", "raw", "raw-note"];

impl Page {
    /// Paints everything that depends on the checks.
    pub(super) fn paint_results(&mut self) {
        let headline = self.headline();
        self.paint_verdict(&headline);
        self.paint_keys();
        // Without a token nothing of an earlier one stays, hidden parts of the page included.
        if self.token().is_none() {
            PAINTED.iter().for_each(|id| dom::update(id, &[]));
        }
        self.paint_checks();
        self.paint_sets();
        self.paint_members();
        ledger::paint();
    }

    fn headline(&self) -> Headline {
        if let Some(token) = self.token() {
            return headline(token, self.now());
        }
        let nothing = self.report.findings.iter().find(|finding| finding.code == sniff::code::NOTHING_FOUND);
        let words = nothing.map(|finding| explanations::words(finding, self.now()));
        let (sentence, support) = words.map(|words| (words.problem, words.explanation)).unwrap_or_default();
        Headline { sentence, support: support.unwrap_or_default() }
    }

    fn paint_verdict(&self, headline: &Headline) {
        let token = self.token();
        let (name, icon, word) = match token.map(|token| token.verdict) {
            Some(Verdict::Accepted) => ("accepted", "pass", "Accepted"),
            Some(Verdict::Rejected) => ("rejected", "fail", "Rejected"),
            _ => ("undecided", "skip", if token.is_some() { "Undecided" } else { "No token found" }),
        };
        let block: Element = dom::find("verdict");
        if block.get_attribute("data-verdict").as_deref() != Some(name) {
            dom::set(&block, "data-verdict", name);
        }
        // Accepted, and still something to look at.
        let warns = icon == "pass"
            && token
                .is_some_and(|token| checks::rows(token).iter().any(|row| row.finding.severity == Severity::Warning));
        let _ = block.class_list().toggle_with_force("warn", warns);
        dom::set_icon("verdict-icon", if warns { "warn" } else { icon });
        for (id, prose) in [("headline", &headline.sentence), ("support", &headline.support)] {
            let holder = dom::element("p");
            dom::push_prose(&holder, prose);
            dom::update_from(id, &holder);
        }
        dom::update("counts", &token.map(counts).unwrap_or_default());
        let title =
            if self.text.trim().is_empty() { "Tokenscope".to_owned() } else { [word, " · Tokenscope"].concat() };
        if dom::in_view("inspect") && dom::document().title() != title {
            dom::document().set_title(&title);
        }
    }

    /// Reads out what is new, once typing has stopped. Times tick on screen and are not read out again.
    pub(super) fn announce(&mut self) {
        let mut text = String::new();
        if !self.text.trim().is_empty() {
            let (count, place) = found::found(&self.report, &self.text);
            text = [&count, " ", &place, ". ", &self.headline().sentence.to_string()].concat();
        }
        // The ledger's change is read out too, once.
        let ledger = dom::find::<Element>("ledger-text").text_content().unwrap_or_default();
        if self.ledger != ledger && !self.ledger.is_empty() {
            text.push_str(". ");
            text.push_str(&ledger);
        }
        self.ledger = ledger;
        if text != self.announced {
            dom::set_text("announcer", &text);
            self.announced = text;
        }
    }
}

/// How many checks ended how.
fn counts(token: &Token) -> Vec<Element> {
    let rows = checks::rows(token);
    let words =
        [(Severity::Error, "fail"), (Severity::Warning, "warn"), (Severity::Ok, "pass"), (Severity::Info, "skipped")];
    let count = |(severity, word): (Severity, &str)| {
        let count = rows.iter().filter(|row| row.finding.severity == severity).count();
        (count > 0).then(|| chip(checks::state(severity).0, &[&count.to_string(), " ", word].concat()))
    };
    let mut counts: Vec<Element> = words.into_iter().filter_map(count).collect();
    let passes = rows.iter().any(|row| row.finding.severity == Severity::Ok);
    if passes && token.signature.status != SignatureStatus::Valid {
        counts.push(Template::fill("unproven").done());
    }
    counts
}
