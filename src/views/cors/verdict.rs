//! The verdict, and what to change.

use web_sys::Element;

use super::View;
use crate::cors::evidence::Evidence;
use crate::cors::explain::WalkState;
use crate::cors::{Outcome, WORDS};
use crate::messages::{self, Prose};
use crate::page::checks::{certainty, chip};
use crate::page::dom::{self, Template};

/// A state of the walk: its class, which is also its icon, and its word.
pub fn state(state: WalkState) -> (&'static str, &'static str) {
    match state {
        WalkState::Pass => ("pass", "Pass"),
        WalkState::Fail => ("fail", "Fail"),
        WalkState::NotReached => ("skip", "Not reached"),
        WalkState::Unknown => ("note", "Not known"),
    }
}

/// Sets the words of an element.
pub fn set_prose(id: &str, prose: &Prose) {
    let holder = dom::element("p");
    dom::push_prose(&holder, prose);
    dom::update_from(id, &holder);
}

fn item(prose: &Prose) -> Element {
    let item = dom::element("li");
    dom::push_prose(&item, prose);
    item
}

impl View {
    /// The icon of the verdict, its colour, and its word for the title.
    fn outcome(&self) -> (&'static str, &'static str, &'static str) {
        let explanation = &self.explanation;
        match explanation.outcome {
            _ if self.is_empty() => ("note", "none", ""),
            _ if explanation.evidence == Evidence::Unrecognised => ("skip", "undecided", "Not recognised"),
            Outcome::Allowed => ("pass", "accepted", "Allowed"),
            _ if explanation.not_cors => ("warn", "warned", "Not CORS"),
            Outcome::Blocked => ("fail", "rejected", "Blocked"),
            Outcome::Opaque => ("warn", "warned", "Opaque"),
            Outcome::Unknown => ("skip", "undecided", "Not decided"),
        }
    }

    pub(super) fn paint_verdict(&self) {
        let empty = self.is_empty();
        let (icon, verdict, word) = self.outcome();
        let block: Element = dom::find("cors-verdict");
        if block.get_attribute("data-verdict").as_deref() != Some(verdict) {
            dom::set(&block, "data-verdict", verdict);
        }
        dom::set_icon("cors-verdict-icon", icon);
        if empty {
            let (headline, support) = &self.greeting;
            set_prose("cors-headline", &Prose::text(headline));
            set_prose("cors-support", &Prose::text(support));
        } else {
            set_prose("cors-headline", &self.explanation.headline);
            set_prose("cors-support", &self.explanation.support);
        }
        dom::update("cors-counts", &if empty { Vec::new() } else { self.counts() });
        dom::show("cors-actions", !empty);
        dom::show("cors-respond", self.says_no());
        dom::show("cors-examples", empty);
        dom::show("cors-looked-for", !empty && self.explanation.evidence == Evidence::Unrecognised);
        dom::show("cors-notice", false);
        let title =
            if word.is_empty() { "CORS · Tokenscope".to_owned() } else { [word, " · CORS · Tokenscope"].concat() };
        if dom::in_view("cors") && dom::document().title() != title {
            dom::document().set_title(&title);
        }
    }

    /// Whether an answer that was pasted says no: what it means is for the Response view to say.
    fn says_no(&self) -> bool {
        let hops = self.explanation.exchange.iter().flat_map(|exchange| &exchange.hops);
        let status = hops.filter_map(|hop| hop.response.as_ref()).next_back().map(|answer| answer.status);
        matches!(self.explanation.evidence, Evidence::Answers(_)) && status.is_some_and(|status| status >= 400)
    }

    /// How many lines of the walk went how, and how sure the verdict is.
    fn counts(&self) -> Vec<Element> {
        let walk = &self.explanation.walk;
        let words = [
            (WalkState::Fail, "fail"),
            (WalkState::Pass, "pass"),
            (WalkState::NotReached, "not reached"),
            (WalkState::Unknown, "not known"),
        ];
        let count = |(kind, word): (WalkState, &str)| {
            let count = walk.iter().filter(|line| line.state == kind).count();
            (count > 0).then(|| chip(state(kind).0, &[&count.to_string(), " ", word].concat()))
        };
        let mut counts: Vec<Element> = words.into_iter().filter_map(count).collect();
        if self.explanation.outcome != Outcome::Unknown || self.explanation.not_cors {
            let (class, word) = certainty(self.explanation.certainty);
            counts.push(dom::span("span", &["tag ", class].concat(), word));
        }
        counts
    }

    pub(super) fn paint_fix(&self) {
        let fix = self.explanation.fix.as_ref();
        dom::show("cors-fix", fix.is_some());
        dom::show("cors-two", fix.is_some() || self.explanation.sequence.is_some());
        let Some(fix) = fix else { return };
        let class = if self.outcome().0 == "fail" { "callout fail" } else { "callout warn" };
        dom::find::<Element>("cors-fix").set_class_name(class);
        set_prose("cors-fix-title", &fix.title);
        dom::show("cors-fix-field", fix.copy.is_some());
        dom::set_text("cors-fix-copy", fix.copy.as_deref().unwrap_or_default());
        let steps: Vec<Element> = fix.path.iter().map(|step| dom::span("li", "", step)).collect();
        dom::show("cors-fix-path", !steps.is_empty());
        dom::update("cors-fix-path", &steps);
        for (id, list) in [("cors-fix-notes", &fix.notes), ("cors-not-this-list", &fix.not_this)] {
            dom::show(id, !list.is_empty());
            dom::update(id, &list.iter().map(item).collect::<Vec<_>>());
        }
        dom::show("cors-not-this", !fix.not_this.is_empty());
        set_prose("cors-fix-recognised", &fix.recognised.clone().unwrap_or_default());
        dom::show("cors-fix-link", fix.link.is_some());
        if let Some((title, address)) = &fix.link {
            let link: Element = dom::find("cors-fix-link");
            dom::set(&link, "href", address);
            dom::set_text("cors-fix-link", title);
        }
        let servers: Vec<Element> = fix.configurations.iter().map(server).collect();
        dom::update("cors-servers", &servers);
    }

    /// The one test that would tell more.
    pub(super) fn paint_next(&self) {
        dom::show("cors-next", self.explanation.next_test.is_some());
        let Some(finding) = &self.explanation.next_test else { return };
        let words = WORDS.words(finding, super::now());
        set_prose("cors-next-title", &words.problem);
        set_prose("cors-next-why", &words.explanation.clone().unwrap_or_default());
        set_prose("cors-next-do", &messages::to_do(finding, &words).cloned().unwrap_or_default());
    }
}

fn server(configuration: &crate::cors::explain::Configuration) -> Element {
    let server = Template::fill("server");
    let name = configuration.server.as_str();
    let id: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let id = ["cors-server-", &id].concat();
    server.set("item", "data-key", name).text("name", name).prose("place", &configuration.place);
    server.set("text", "id", &id).set("text", "aria-label", &[name, ", configuration"].concat());
    server.text("text", &configuration.text).set("copy", "data-from", &id);
    server.set("copy", "aria-label", &["Copy for ", name].concat());
    server.done()
}
