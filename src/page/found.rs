//! The input pane: which state the page is in, what was found, and the list to pick from when it is several tokens.

use web_sys::Element;

use super::dom::{self, Template};
use super::expectations::value;
use super::{Page, explanations, mirror};
use crate::messages::{self, Section, visible};
use crate::report::headline::{self, token_noun};
use crate::report::{Report, Token};
use crate::text;
use crate::time::{Time, relative};

impl Page {
    /// Paints all that depends on the text alone.
    pub(super) fn paint_input(&self) {
        let state = if self.text.trim().is_empty() {
            "empty"
        } else if self.report.tokens.is_empty() {
            "nothing"
        } else {
            "found"
        };
        let main: Element = dom::find("main");
        if main.get_attribute("data-state").as_deref() != Some(state) {
            dom::set(&main, "data-state", state);
        }
        dom::show("undo", self.cleared.is_some() && state == "empty");
        let (count, place) = found(&self.report, &self.text);
        dom::set_text("found-count", &count);
        dom::set_text("found-where", &place);
        let several = self.report.tokens.len() > 1;
        dom::show("pick", several);
        dom::update("pick", &if several { self.choices() } else { Vec::new() });
        mirror::paint(&self.text, &self.report, outermost(&self.report, self.chosen));
        dom::update("callouts", &self.callouts());
        let refusal = is_refusal(&self.text);
        dom::show("to-response", refusal);
        dom::show("to-cors", state == "nothing" && !refusal && speaks_of_a_request(&self.text));
    }

    fn choices(&self) -> Vec<Element> {
        let choice = |(number, token): (usize, &Token)| {
            let choice = Template::fill("pick");
            let pressed = if number == self.chosen { "true" } else { "false" };
            choice.set("button", "aria-pressed", pressed).set("button", "data-value", &number.to_string());
            choice.text("name", &[&(number + 1).to_string(), ". ", token_noun(token)].concat());
            choice.text("about", &about(token, self.now()));
            choice.done()
        };
        self.report.tokens.iter().enumerate().map(choice).collect()
    }

    /// What is to be said about the text as a whole, before the verdict.
    fn callouts(&self) -> Vec<Element> {
        let mut callouts: Vec<Element> =
            self.notice.iter().map(|name| Template::fill(&["notice-", name].concat()).done()).collect();
        // Whoever made the link chose the issuer; the notice stays until the user chooses another.
        let linked = self.linked_issuer.as_deref() == Some(&value("issuer"));
        if !self.report.tokens.is_empty() && linked {
            callouts.push(Template::fill("notice-link").done());
        }
        if !self.report.tokens.is_empty() && !dom::window().is_secure_context() {
            callouts.push(Template::fill("notice-insecure").done());
        }
        // The sentence for "nothing found" is the headline already.
        let findings = self.report.findings.iter().filter(|_| !self.report.tokens.is_empty());
        for finding in findings.chain(self.token().into_iter().flat_map(|token| &token.findings)) {
            let words = explanations::words(finding, self.now());
            if words.section != Section::Input || finding.code == crate::inspect::code::PREFIX {
                continue;
            }
            let callout = Template::fill("callout");
            callout.set("callout", "data-key", finding.code.0);
            callout.slot("callout").set_class_name(&["callout ", super::checks::state(finding.severity).0].concat());
            callout.prose("problem", &words.problem);
            for (slot, prose) in [("more", words.explanation.as_ref()), ("fix", messages::to_do(finding, &words))] {
                if let Some(prose) = prose {
                    callout.prose(slot, prose);
                }
            }
            callouts.push(callout.done());
        }
        callouts
    }
}

/// The token in the text that the chosen one is, or stands inside.
fn outermost(report: &Report, mut chosen: usize) -> usize {
    while let Some(around) = report.tokens.get(chosen).and_then(Token::inside).filter(|around| *around < chosen) {
        chosen = around;
    }
    chosen
}

/// How much of a text is looked at for what belongs into the CORS view, in bytes.
const LOOKED_AT: usize = 100_000;

/// Whether a text is worth opening in the CORS view: a console message, an answer's header lines, or a recording.
fn speaks_of_a_request(text: &str) -> bool {
    let text = text.trim_start();
    let text = text.get(..LOOKED_AT).unwrap_or(text);
    let fragments =
        ["blocked by CORS", "Cross-Origin Request", "access control checks", "ccess-control-", "ccess-Control-"];
    text.starts_with("HTTP/")
        || fragments.iter().any(|fragment| text::contains(text, fragment))
        || (text::contains(text, "\"log\"") && text::contains(text, "\"entries\""))
}

/// Whether a text holds what a server answered when it said no. The Response view knows better; it is loaded on demand.
fn is_refusal(text: &str) -> bool {
    let text = text.get(..LOOKED_AT).unwrap_or(text);
    let fragments =
        ["\"errorCode\"", "\"error_description\"", "WWW-Authenticate:", "www-authenticate:", "AADSTS", "?error="];
    let failed = |status: &str| status.trim_start().starts_with(['4', '5']);
    let head = text::positions(text, "HTTP/");
    let status = |at: &usize| text.get(*at..)?.split_once(' ').map(|(_, status)| failed(status));
    head.iter().any(|at| status(at) == Some(true)) || fragments.iter().any(|fragment| text::contains(text, fragment))
}

/// The line above the text: what was found, and in what.
pub fn found(report: &Report, text: &str) -> (String, String) {
    let (count, place) = headline::found(report);
    if !report.tokens.is_empty() {
        return (count, if place.starts_with("pasted") { place.to_owned() } else { ["found ", place].concat() });
    }
    let characters = text.chars().count();
    let noun = if characters == 1 { " character of text" } else { " characters of text" };
    (count, ["in ", &characters.to_string(), noun].concat())
}

/// What tells one token of several from the others.
fn about(token: &Token, now: Time) -> String {
    let mut about = Vec::new();
    if let Some(around) = token.inside() {
        about.push(["inside token ", &(around + 1).to_string()].concat());
    }
    let Some(payload) = &token.payload else { return about.join(", ") };
    if let Some(issuer) = payload.string("iss") {
        about.push(visible(issuer.strip_prefix("https://").unwrap_or(issuer)));
    }
    let expiry = payload.member("exp").map(|value| payload.raw(value)).and_then(|raw| Time::from_number(&raw).ok());
    if let Some(expiry) = expiry {
        about.push([if expiry < now { "expired " } else { "expires " }, &relative(expiry, now)].concat());
    }
    about.join(", ")
}
