//! What the token says: its claims in words, and what its kind lacks.

use web_sys::Element;

use super::{Mode, View, words};
use crate::browser::clock;
use crate::create::{self, Line, template};
use crate::page::checks::{chip, remark_state};
use crate::page::dom::{self, Template};
use crate::page::expectations;

impl View {
    pub(super) fn paint_says(&self) {
        let (header, payload) = (expectations::value("create-header"), expectations::value("create-payload"));
        let header = Some(header.as_str()).filter(|_| self.mode == Mode::Sign);
        let profile = template::named(&self.template).map(|template| template.text("profile"));
        let profile = profile.filter(|profile| !profile.is_empty() && header.is_some());
        let says = create::says(header, &payload, profile, clock::now());
        dom::show("create-sec-says", says.is_some());
        let Some(says) = says else { return };
        dom::set_text("create-says-aside", &says.kind.map(words::read_as).unwrap_or_default());
        let lines: Vec<Element> = says.lines.iter().map(line).collect();
        dom::update("create-says", &lines);
    }
}

fn line(line: &Line) -> Element {
    let row = Template::fill("claim");
    row.text("name", &line.name);
    if line.value.is_empty() {
        row.remove("value");
    } else {
        row.text("value", &[": ", &line.value].concat());
    }
    if let Some(severity) = line.severity {
        let (icon, word) = remark_state(severity);
        row.set("line", "class", "flag").push("meaning", &chip(icon, word));
    }
    row.prose("meaning", &line.meaning);
    row.done()
}
