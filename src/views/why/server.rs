//! What an API should check, and what this token gives each check.

use web_sys::Element;

use super::{View, beside, fill, open, words};
use crate::page::checks::{chip, specification};
use crate::page::dom::{self, Template};
use crate::role::{Check, Outcome, Role};

/// The order in which outcomes are counted.
const ORDER: [Outcome; 4] = [Outcome::Fail, Outcome::Pass, Outcome::Unknown, Outcome::NotApplicable];

impl View {
    pub(super) fn paint_server(&self) {
        let checks = self.why().map_or(&[][..], |why| &why.server_checks);
        let painted: Vec<Element> = checks.iter().enumerate().map(|(number, check)| one(number, check)).collect();
        let counts: Vec<String> = ORDER
            .iter()
            .filter_map(|outcome| {
                let count = checks.iter().filter(|check| check.outcome == *outcome).count();
                (count > 0).then(|| [&count.to_string(), " ", &words::outcome(*outcome).1.to_lowercase()].concat())
            })
            .collect();
        dom::set_text("server-aside", &["with this token: ", &counts.join(", ")].concat());
        // An API has come for this; anybody else has the checks of the page.
        open("server-fold", beside::role() == Role::Api);
        fill("server", "sec-server", &painted);
    }
}

fn one(number: usize, check: &Check) -> Element {
    let painted = Template::fill("question");
    let (icon, word) = words::outcome(check.outcome);
    painted.set("item", "class", icon).set("item", "data-key", check.key).text("number", &(number + 1).to_string());
    painted.replace("state", &chip(icon, word)).prose("answer", &check.note).remove("more");
    dom::push_marked(painted.slot("question"), check.title);
    if !check.reference.is_empty() {
        let link = Template::fill("link");
        link.set("link", "href", check.reference).text("link", &specification(check.reference));
        dom::push_text(painted.slot("answer"), " ");
        painted.push("answer", &link.done());
    }
    painted.done()
}
