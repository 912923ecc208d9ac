//! Another token beside the first: what differs, and which difference explains that one works and the other does not.

use web_sys::Element;

use super::{View, focus, set_prose, words};
use crate::compare::{Bearing, Difference};
use crate::messages::visible;
use crate::page::checks::{chip, compared};
use crate::page::dom::{self, Template};
use crate::page::expectations::value;

/// Of a longer value the beginning is shown.
const LONGEST: usize = 400;

/// Names of equal claims that are shown.
const MOST_SAME: usize = 50;

impl View {
    /// Opens or closes the field for the other token.
    pub(super) fn toggle_comparison(&mut self) {
        self.comparing = !self.comparing;
        dom::show("sec-compare", self.comparing);
        dom::set(&dom::find("compare"), "aria-expanded", if self.comparing { "true" } else { "false" });
        focus(if self.comparing { "compare-text" } else { "compare" });
        if !value("compare-text").trim().is_empty() {
            self.run();
        }
    }

    pub(super) fn paint_comparison(&self) {
        let comparison = self.explained.comparison.as_ref().filter(|_| self.comparing);
        let given = !value("compare-text").trim().is_empty();
        let _ = dom::find::<Element>("compare-clear").toggle_attribute_with_force("disabled", !given);
        dom::show("compare-none", given && comparison.is_none() && !self.searching);
        dom::show("compare-result", comparison.is_some());
        let Some(comparison) = comparison else { return };
        set_prose("compare-headline", &comparison.headline);
        let (expected, telling): (Vec<&Difference>, Vec<&Difference>) =
            comparison.differences.iter().partition(|difference| difference.bearing == Bearing::Expected);
        let rows: Vec<Element> = telling.into_iter().map(row).collect();
        dom::show("compare-table", !rows.is_empty());
        dom::update("compare-rows", &rows);
        let rows: Vec<Element> = expected.into_iter().map(row).collect();
        dom::show("compare-rest", !rows.is_empty());
        let all = ("difference that tokens of one kind always have", "differences that tokens of one kind always have");
        dom::set_text("compare-rest-text", &words::count(rows.len(), all.0, all.1));
        dom::update("compare-rest-rows", &rows);
        dom::set_text("compare-same", &same(&comparison.same));
    }
}

fn same(names: &[String]) -> String {
    if names.is_empty() {
        return String::new();
    }
    let shown: Vec<String> = names.iter().take(MOST_SAME).map(|name| visible(name)).collect();
    let more = names.len().saturating_sub(MOST_SAME);
    let rest = if more > 0 { [" and ", &more.to_string(), " more"].concat() } else { String::new() };
    ["The same in both: ", &shown.join(", "), &rest].concat()
}

fn row(difference: &Difference) -> Element {
    let row = Template::fill("difference");
    row.set("row", "data-key", &[difference.area, " ", &difference.name].concat());
    row.text("name", &visible(&difference.name)).text("area", difference.area);
    let (icon, word) = words::bearing(difference.bearing);
    row.set("row", "class", icon).replace("state", &chip(icon, word)).prose("meaning", &difference.meaning);
    values(&row, difference.first.as_deref(), difference.second.as_deref());
    row.done()
}

/// The two values, with the characters that differ marked.
fn values(row: &Template, first: Option<&str>, second: Option<&str>) {
    let absent = |slot: &str| {
        row.push(slot, &dom::span("span", "muted", "not there"));
    };
    let (first, second) = (first.map(beginning), second.map(beginning));
    // The marks are those of any difference; only the place is another.
    let marked = compared(first.as_deref().unwrap_or_default(), second.as_deref().unwrap_or_default());
    let parts = marked.query_selector_all("dd").ok();
    for (at, slot, value) in [(0, "first", &first), (1, "second", &second)] {
        match (value, parts.as_ref().and_then(|parts| parts.get(at))) {
            (Some(_), Some(part)) => {
                let code = dom::element("code");
                while let Some(child) = part.first_child() {
                    let _ = code.append_child(&child);
                }
                row.push(slot, &code);
            }
            _ => absent(slot),
        }
    }
}

fn beginning(value: &str) -> String {
    match value.char_indices().nth(LONGEST) {
        Some((end, _)) => [value.get(..end).unwrap_or_default(), "…"].concat(),
        None => value.to_owned(),
    }
}
