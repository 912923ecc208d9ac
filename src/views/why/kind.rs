//! The kind of token: what it was recognised by, and every requirement of that kind.

use web_sys::Element;

use super::{View, joined, set_prose, words};
use crate::messages::Prose;
use crate::page::checks::{chip, specification};
use crate::page::dom::{self, Template};
use crate::profile::{self, Reading, Requirement, Status};

/// The states in the order in which they are shown and counted.
const ORDER: [Status; 4] = [Status::Broken, Status::NotChecked, Status::Met, Status::NotApplicable];

/// Fills the list of kinds to choose from, behind the entry that chooses none.
pub fn list() {
    let choice: Element = dom::find("kind-choice");
    for (id, name) in profile::all() {
        let option = Template::fill("option");
        option.set("option", "value", id).text("option", name);
        let _ = choice.append_child(&option.done());
    }
}

impl View {
    pub(super) fn paint_kind(&self) {
        let reading = self.why().and_then(|why| why.profile.as_ref());
        dom::show("sec-kind", reading.is_some());
        let Some(reading) = reading else { return };
        dom::set_text("kind-name", reading.name);
        dom::set_text("kind-reference", reading.specification);
        dom::set(&dom::find("kind-reference"), "href", reading.reference);
        dom::set_text("kind-sure", words::known(reading));
        let evidence = joined(&reading.evidence);
        let mut known = Prose::default();
        if !evidence.0.is_empty() {
            known.push_text("Known by: ");
            known.0.extend(evidence.0);
        }
        set_prose("kind-evidence", &known);
        dom::set_text("kind-alternatives", &alternatives(reading));
        let (broken, others): (Vec<&Requirement>, Vec<&Requirement>) =
            reading.requirements.iter().partition(|requirement| requirement.status == Status::Broken);
        dom::update("kind-counts", &counts(reading));
        let broken: Vec<Element> = broken.into_iter().map(|one| requirement(one, reading.chosen)).collect();
        dom::show("kind-broken", !broken.is_empty());
        dom::update("kind-broken", &broken);
        dom::show("kind-rest", !others.is_empty());
        let all = if broken.is_empty() {
            ("requirement", "requirements")
        } else {
            ("other requirement", "other requirements")
        };
        dom::set_text("kind-rest-text", &words::count(others.len(), all.0, all.1));
        let ordered = ORDER.iter().flat_map(|status| others.iter().filter(move |one| one.status == *status));
        let others: Vec<Element> = ordered.map(|one| requirement(one, reading.chosen)).collect();
        dom::update("kind-others", &others);
    }
}

/// The kinds that fit less well.
fn alternatives(reading: &Reading) -> String {
    let name = |id: &&str| profile::all().find(|(known, _)| known == id).map(|(_, name)| name);
    let names: Vec<&str> = reading.alternatives.iter().filter_map(name).collect();
    if names.is_empty() { String::new() } else { ["Fits less well: ", &names.join(", ")].concat() }
}

/// How many requirements are in which state.
fn counts(reading: &Reading) -> Vec<Element> {
    let count = |status: &Status| {
        let count = reading.requirements.iter().filter(|one| one.status == *status).count();
        let (icon, word) = words::status(*status, reading.chosen);
        (count > 0).then(|| chip(icon, &[&count.to_string(), " ", &word.to_lowercase()].concat()))
    };
    ORDER.iter().filter_map(count).collect()
}

fn requirement(requirement: &Requirement, chosen: bool) -> Element {
    let row = Template::fill("requirement");
    let (icon, word) = words::status(requirement.status, chosen);
    row.set("item", "data-key", requirement.item).set("item", "class", icon).replace("state", &chip(icon, word));
    row.text("name", requirement.item).text("level", words::level(requirement.level));
    dom::push_marked(row.slot("rule"), requirement.rule);
    row.prose("note", &requirement.note);
    if requirement.reference.is_empty() {
        row.remove("link");
    } else {
        // The host is enough: what it says stands beside it.
        let name = specification(requirement.reference);
        let name = name.split('/').next().unwrap_or_default();
        row.set("link", "href", requirement.reference).text("link", name);
        row.set("link", "aria-label", &[name, ": ", requirement.item].concat());
    }
    row.done()
}
