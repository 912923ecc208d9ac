//! Who issued the token: where it keeps what, what its claims mean there, and the traps that apply.

use web_sys::Element;

use super::{View, fill, joined, set_prose, words};
use crate::finding::Finding;
use crate::messages::{self, Prose, visible};
use crate::page::checks::{certainty, remark, remark_state};
use crate::page::dom::{self, Template};
use crate::provider::Place;
use crate::time::Time;

/// Values of one place that are shown; a token may have thousands of scopes.
const MOST_VALUES: usize = 50;

impl View {
    pub(super) fn paint_provider(&self) {
        let reading = self.why().and_then(|why| why.provider.as_ref());
        dom::show("sec-provider", reading.is_some());
        let Some(reading) = reading else { return };
        dom::set_text("provider-name", reading.name);
        dom::set_text("provider-sure", words::certain(reading.certain));
        let mut known = Prose::default();
        if !reading.evidence.is_empty() {
            known.push_text("Known by: ");
            known.0.extend(joined(&reading.evidence).0);
        }
        set_prose("provider-evidence", &known);
        let traps: Vec<Element> = reading.findings.iter().map(|finding| trap(finding, self.now())).collect();
        fill("provider-traps", "provider-traps-part", &traps);
        let places: Vec<Element> = reading.places.iter().map(place).collect();
        fill("provider-places", "provider-places-part", &places);
        let claims: Vec<Element> = reading.claims.iter().map(|(name, meaning)| claim(name, meaning)).collect();
        fill("provider-claims", "provider-claims-part", &claims);
    }
}

fn trap(finding: &Finding, now: Time) -> Element {
    let line = remark(finding, &messages::words(finding, now), remark_state(finding.severity));
    if let Ok(Some(problem)) = line.query_selector("b") {
        let (class, word) = certainty(finding.certainty);
        let _ = problem.after_with_node_1(&dom::span("span", &["tag ", class].concat(), word));
    }
    line
}

fn place(place: &Place) -> Element {
    let line = Template::fill("parameter");
    let mut name = place.what.to_owned();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    line.set("line", "data-key", place.what).text("name", &name).prose("meaning", &place.place);
    let meaning = line.slot("meaning");
    for (number, value) in place.values.iter().take(MOST_VALUES).enumerate() {
        dom::push_text(meaning, if number == 0 { ": " } else { ", " });
        let _ = meaning.append_child(&dom::span("code", "", &visible(value)));
    }
    if place.values.len() > MOST_VALUES {
        dom::push_text(meaning, &[" and ", &(place.values.len() - MOST_VALUES).to_string(), " more"].concat());
    }
    line.done()
}

fn claim(name: &str, meaning: &Prose) -> Element {
    let line = Template::fill("parameter");
    line.set("line", "data-key", name).text("name", &visible(name)).prose("meaning", meaning);
    line.done()
}
