//! What the answer means: the headline, the scopes, and the challenges read.

use web_sys::Element;

use super::{View, set_prose, words};
use crate::messages::{Prose, visible};
use crate::page::checks::chip;
use crate::page::dom::{self, Template};
use crate::response_doctor::explanation::ReadChallenge;
use crate::response_doctor::scopes::ScopeRow;

/// Rows of the table of scopes that are shown; a token may have thousands.
const MOST_SCOPES: usize = 100;

/// Challenges that are shown.
const MOST_CHALLENGES: usize = 20;

/// Parameters of a challenge that are shown.
const MOST_PARAMETERS: usize = 50;

impl View {
    pub(super) fn paint_verdict(&self) {
        let empty = self.is_empty();
        let explanation = &self.explanation;
        let (icon, verdict, _) = if empty { ("note", "none", "") } else { words::verdict(explanation.severity) };
        let block: Element = dom::find("response-verdict");
        if block.get_attribute("data-verdict").as_deref() != Some(verdict) {
            dom::set(&block, "data-verdict", verdict);
        }
        dom::set_icon("response-verdict-icon", icon);
        if empty {
            set_prose("response-headline", &Prose::text(&self.greeting.0));
            set_prose("response-support", &Prose::text(&self.greeting.1));
        } else if explanation.headline.0.is_empty() {
            set_prose("response-headline", &Prose::text(words::NOTHING_KNOWN));
            set_prose("response-support", &Prose::default());
        } else {
            set_prose("response-headline", &explanation.headline);
            set_prose("response-support", &explanation.support);
        }
        dom::show("response-about", !empty);
        dom::show("response-greeting", empty);
    }

    /// The title of the page: the status, never a value that was pasted.
    pub(super) fn paint_title(&self) {
        if !dom::in_view("response") {
            return;
        }
        let status = self.explanation.status.filter(|_| self.screens.is_empty()).map(|status| status.to_string());
        let title = match status {
            Some(status) => [&status, " · Response · Tokenscope"].concat(),
            None => "Response · Tokenscope".to_owned(),
        };
        if dom::document().title() != title {
            dom::document().set_title(&title);
        }
    }

    pub(super) fn paint_scopes(&self) {
        let scopes = self.needed_scopes();
        let rows: Vec<Element> = scopes.iter().take(MOST_SCOPES).map(scope).collect();
        dom::show("response-sec-scopes", !rows.is_empty());
        dom::update("response-scopes", &rows);
        dom::set_text("response-scopes-more", &more(scopes.len(), MOST_SCOPES));
    }

    /// The rows of the scopes, where one is needed: what the token has tells nothing where nothing is asked of it.
    pub(super) fn needed_scopes(&self) -> &[ScopeRow] {
        let scopes = &self.explanation.scopes;
        if scopes.iter().any(|row| row.needed) { scopes } else { &[] }
    }

    pub(super) fn paint_challenges(&self) {
        let challenges = &self.explanation.challenges;
        let painted: Vec<Element> = challenges.iter().take(MOST_CHALLENGES).map(challenge).collect();
        dom::show("response-sec-challenges", !painted.is_empty());
        dom::update("response-challenges", &painted);
        dom::set_text("response-challenges-more", &more(challenges.len(), MOST_CHALLENGES));
    }
}

/// That there are more rows than are shown; empty where there are not.
pub fn more(count: usize, shown: usize) -> String {
    match count.checked_sub(shown) {
        None | Some(0) => String::new(),
        Some(more) => ["and ", &more.to_string(), " more"].concat(),
    }
}

fn scope(scope: &ScopeRow) -> Element {
    let row = Template::fill("scope");
    row.set("row", "data-key", &scope.scope).text("scope", &visible(&scope.scope));
    let yes_or_no = |slot: &str, yes: bool| {
        row.text(slot, if yes { "yes" } else { "no" });
        if !yes {
            row.set(slot, "class", "muted");
        }
    };
    match scope.in_token {
        Some(held) => yes_or_no("held", held),
        None => {
            row.text("held", "not known").set("held", "class", "muted");
        }
    }
    yes_or_no("needed", scope.needed);
    let (icon, word) = match (scope.in_token, scope.needed) {
        _ if scope.covered_by.is_some() => ("pass", "Covered"),
        (Some(true), _) => ("pass", "Granted"),
        (Some(false), true) => ("fail", "Missing"),
        (Some(false), false) => ("skip", "Not granted"),
        (None, true) => ("note", "Needed"),
        (None, false) => ("note", "Not known"),
    };
    row.push("result", &chip(icon, word));
    if let Some(other) = &scope.covered_by {
        let result = row.slot("result");
        dom::push_text(result, " by ");
        let _ = result.append_child(&dom::span("code", "", &visible(other)));
    }
    row.done()
}

fn challenge(read: &ReadChallenge) -> Element {
    let painted = Template::fill("challenge");
    let push = |name: &str, value: Option<&str>, meaning: Option<&Prose>| {
        let line = Template::fill("parameter");
        let slot = line.slot("name");
        dom::push_text(slot, &clipped(name));
        if let Some(value) = value {
            dom::push_text(slot, "=\"");
            // What the server says is wrong is marked.
            let is_error = name.eq_ignore_ascii_case("error");
            let _ = slot.append_child(&dom::span(if is_error { "mark" } else { "span" }, "", &clipped(value)));
            dom::push_text(slot, "\"");
            if is_error {
                line.set("line", "class", "flag");
            }
        }
        if let Some(meaning) = meaning {
            line.prose("meaning", meaning);
        }
        painted.push("list", &line.done());
    };
    push(&read.challenge.scheme, None, Some(&read.scheme));
    for (number, (name, value)) in read.challenge.parameters.iter().take(MOST_PARAMETERS).enumerate() {
        push(name, Some(value), read.parameters.get(number));
    }
    let left = more(read.challenge.parameters.len(), MOST_PARAMETERS);
    if !left.is_empty() {
        let line = Template::fill("parameter");
        line.text("name", &left);
        painted.push("list", &line.done());
    }
    painted.done()
}

/// A value as received, made visible; the middle of a long one is left out.
pub fn clipped(text: &str) -> String {
    const LONGEST: usize = 600;
    if text.len() <= LONGEST {
        return visible(text);
    }
    let mut clipped = visible(&text.chars().take(LONGEST).collect::<String>());
    clipped.push('…');
    clipped
}
