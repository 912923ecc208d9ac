//! The signature doctor: the cause, the keys that were tried, and what the cause is not.

use web_sys::{Element, HtmlElement, HtmlInputElement};

use super::{View, fill, focus, words};
use crate::finding::{Fact, Finding, Severity};
use crate::messages::{self, Prose};
use crate::page::checks::{certainty, chip, compared, specification};
use crate::page::dom::{self, Template};
use crate::signature_doctor::{CauseOutcome, CauseTried, Diagnosis, KeyTried};
use crate::time::Time;

/// Keys that are shown; a key set may have a thousand.
const MOST_KEYS: usize = 100;

/// Pairs of facts that are held beside each other, with the words for each; the first pair that a finding has is shown.
const PAIRS: [(Named, Named); 2] =
    [(("keys-from", "Keys from"), ("issuer-keys", "Issuer’s keys")), (("found", "Found"), ("expected", "Expected"))];

/// A fact, and the word for it.
type Named = (&'static str, &'static str);

impl View {
    pub(super) fn paint_doctor(&self) {
        let section: Element = dom::find("sec-doctor");
        let diagnosis = self.why().and_then(|why| why.diagnosis.as_ref());
        let Some(diagnosis) = diagnosis else {
            // Until all is known, the place is kept where the first verdict has one.
            if !self.searching {
                dom::set(&section, "data-doctor", "none");
            }
            clear();
            return;
        };
        if section.get_attribute("data-doctor").as_deref() != Some("found") {
            dom::set(&section, "data-doctor", "found");
        }
        dom::update("doctor", &callouts(diagnosis, self.searching, self.now()));
        let searching = self.searching && self.slow && diagnosis.progress.left > 0;
        let stop: HtmlElement = dom::find("doctor-stop");
        if !searching && dom::document().active_element().as_ref() == Some(&stop) {
            focus("h-doctor");
        }
        dom::show("doctor-search", searching);
        self.paint_count();
        // The tables come when they are whole, so that nothing moves while the search goes on.
        let (keys, causes) =
            if self.searching { (&[][..], &[][..]) } else { (&diagnosis.keys[..], &diagnosis.causes[..]) };
        paint_tables(keys, causes, diagnosis.progress.stopped);
    }

    /// How far the search is.
    pub(super) fn paint_count(&self) {
        let Some(progress) = self.why().and_then(|why| why.diagnosis.as_ref()).map(|found| found.progress) else {
            return;
        };
        let made = progress.done + self.step.min(progress.left);
        dom::set_text("doctor-count", &words::searched(made, progress.done + progress.left));
    }
}

/// Chooses the issuer's own keys as the source, and goes to the button that fetches them: it names the host.
pub fn use_issuer_keys() {
    dom::find::<HtmlInputElement>("source-issuer").click();
    focus("fetch");
}

/// What was concluded, to be read out.
pub fn sentence(diagnosis: &Diagnosis, now: Time) -> String {
    match told(diagnosis).first() {
        Some(finding) => [words::DOCTOR, ": ", &messages::words(finding, now).problem.to_string()].concat(),
        None if diagnosis.progress.stopped => [words::DOCTOR, ": ", words::STOPPED].concat(),
        None => [words::DOCTOR, ": ", words::NOT_PROVED].concat(),
    }
}

/// Drops what was concluded of an earlier token.
pub fn erase() {
    let _ = dom::find::<Element>("sec-doctor").remove_attribute("data-doctor");
    clear();
}

fn clear() {
    dom::update("doctor", &[Template::fill("doctor-wait").done()]);
    let stop: Element = dom::find("doctor-stop");
    if dom::document().active_element().as_ref() == Some(&stop) {
        focus("h-doctor");
    }
    dom::show("doctor-search", false);
    paint_tables(&[], &[], false);
}

fn callouts(diagnosis: &Diagnosis, searching: bool, now: Time) -> Vec<Element> {
    let told = told(diagnosis);
    if told.is_empty() {
        let name = match (searching, diagnosis.progress.stopped) {
            (true, _) => "doctor-wait",
            (false, true) => "doctor-stopped",
            (false, false) => "doctor-unknown",
        };
        return vec![Template::fill(name).done()];
    }
    told.into_iter().map(|finding| callout(finding, now)).collect()
}

/// What stands in the callout: the cause; without one, what the tests showed beside.
fn told(diagnosis: &Diagnosis) -> Vec<&Finding> {
    let is_cause = |finding: &&Finding| Some(finding.code) == diagnosis.cause;
    if let Some(cause) = diagnosis.findings.iter().find(is_cause) {
        return vec![cause];
    }
    diagnosis.findings.iter().filter(|finding| finding.severity <= Severity::Warning).take(3).collect()
}

fn callout(finding: &Finding, now: Time) -> Element {
    let words = messages::words(finding, now);
    let callout = Template::fill("doctor");
    callout.set("callout", "data-key", finding.code.0).set("callout", "data-code", finding.code.0);
    callout.set("callout", "class", "callout fail");
    let (class, word) = certainty(finding.certainty);
    callout.prose("problem", &words.problem);
    callout.set("tag", "class", &["tag ", class].concat()).text("tag", word);
    match difference(finding) {
        Some(difference) => callout.push("difference", &difference),
        None => callout.remove("difference"),
    };
    for (slot, prose) in [("explanation", words.explanation.as_ref()), ("remedy", messages::to_do(finding, &words))] {
        match prose {
            Some(prose) => callout.prose(slot, prose),
            None => callout.remove(slot),
        };
    }
    // Where the keys come from elsewhere, the issuer's own are one press away.
    let elsewhere = finding.fact_text("keys-from").zip(finding.fact_text("issuer-keys"));
    if elsewhere.is_none_or(|(from, issuer)| from == issuer) {
        callout.remove("issuer-keys");
    }
    match words.reference {
        Some(reference) => callout.set("link", "href", reference).text("link", &specification(reference)),
        None => callout.remove("link"),
    };
    callout.done()
}

/// The evidence: two values below each other, with the characters that differ marked.
fn difference(finding: &Finding) -> Option<Element> {
    PAIRS.iter().find_map(|((first, first_word), (second, second_word))| {
        let (Fact::Text(one), Fact::Text(other)) = (finding.fact(first)?, finding.fact(second)?) else { return None };
        if one == other {
            return None;
        }
        let difference = compared(one, other);
        let names = difference.query_selector_all("dt").ok()?;
        for (at, word) in [(0, first_word), (1, second_word)] {
            names.get(at)?.set_text_content(Some(word));
        }
        Some(difference)
    })
}

fn paint_tables(tried: &[KeyTried], causes: &[CauseTried], stopped: bool) {
    let keys: Vec<Element> =
        tried.iter().take(MOST_KEYS).enumerate().map(|(number, key)| key_row(number, key)).collect();
    fill("doctor-keys", "sec-tried", &keys);
    let fitting = tried.iter().filter(|key| key.fits).count();
    // Of a search that was stopped the rest of the keys may still fit.
    let all = if stopped { String::new() } else { words::tried(tried.len(), fitting) };
    dom::set_text("tried-aside", &all);
    let of = |outcome| causes.iter().filter(move |cause| cause.outcome == outcome).map(cause);
    let mut shown: Vec<Element> = of(CauseOutcome::NotDecided).collect();
    let open = shown.len();
    shown.extend(of(CauseOutcome::RuledOut));
    dom::set_text("not-aside", &words::ruled_out(shown.len() - open, open));
    fill("doctor-causes", "sec-not", &shown);
}

fn key_row(number: usize, key: &KeyTried) -> Element {
    let row = Template::fill("tried");
    row.set("row", "data-key", &number.to_string());
    row.text("name", &messages::visible(&key.name)).text("type", &messages::visible(&key.description));
    let (icon, word) = words::key(key.fits);
    row.replace("state", &chip(icon, word)).prose("result", &key.result);
    row.done()
}

fn cause(cause: &CauseTried) -> Element {
    let (icon, word) = words::cause(cause.outcome);
    remark(cause.code.0, &chip(icon, word), &cause.title, &cause.note)
}

/// A line of a list: its state, what it is about, and what is said of it.
fn remark(code: &str, state: &Element, about: &Prose, said: &Prose) -> Element {
    let line = Template::fill("lint");
    line.set("item", "data-key", code)
        .replace("state", state)
        .prose("problem", about)
        .prose("more", said)
        .remove("link");
    let about = line.slot("problem");
    if !about.text_content().unwrap_or_default().ends_with(['.', '?', '!']) {
        dom::push_text(about, ".");
    }
    line.done()
}
