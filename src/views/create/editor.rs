//! The two fields: a text area over a painted copy with line numbers, and what is worth knowing below it.
//!
//! The copy holds exactly the field's characters, so that both break their lines alike.

use std::ops::Range;

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDocument, HtmlElement, HtmlTextAreaElement};

use super::words_of;
use crate::create::edit::{self, Edit};
use crate::finding::{Fact, Finding};
use crate::json::{self, Value};
use crate::order;
use crate::page::checks::{remark, remark_state};
use crate::page::{dom, expectations};

/// Of a longer text, in bytes, names are not coloured: that would be felt at each key.
const LONGEST_COLOURED: usize = 50_000;

/// A longer text, in bytes, has no line numbers.
const LONGEST_NUMBERED: usize = 400_000;

/// Longer texts are set at once, without a place in the field's undo history: inserting them can take seconds.
const LONGEST_INSERTED: usize = 100_000;

/// Paints the copy of a field, and what is worth knowing about its text.
pub fn paint(id: &str, findings: &[Finding]) {
    let text = expectations::value(id);
    let part = ["/", id.rsplit('-').next().unwrap_or_default()].concat();
    let own: Vec<&Finding> = findings.iter().filter(|finding| finding.subject.starts_with(&part)).collect();
    let class = if part == "/header" { "h" } else { "p" };
    let names = if text.len() <= LONGEST_COLOURED { names(&text) } else { Vec::new() };
    let holder = dom::element("pre");
    if text.len() > LONGEST_NUMBERED {
        dom::push_text(&holder, &text);
        dom::push_text(&holder, "\n");
    } else {
        let hit: Vec<usize> = own.iter().flat_map(|finding| lines(finding)).collect();
        let mut names = names.into_iter().peekable();
        let mut at = 0;
        for (number, line) in text.split('\n').enumerate() {
            let painted = dom::span("span", if hit.contains(&(number + 1)) { "ln marked" } else { "ln" }, "");
            let end = at + line.len();
            let mut from = at;
            // A name can't hold a line break, but the text of one that is no JSON is cut where it ends.
            while let Some(name) = names.next_if(|name| name.end <= end) {
                push(&painted, text.get(from..name.start));
                let _ = painted.append_child(&dom::span("b", class, text.get(name.clone()).unwrap_or_default()));
                from = name.end;
            }
            push(&painted, text.get(from..end));
            let _ = holder.append_child(&painted);
            at = end + 1;
        }
    }
    dom::update_from(&[id, "-mirror"].concat(), &holder);
    let notes: Vec<Element> =
        own.iter().map(|finding| remark(finding, &words_of(finding), remark_state(finding.severity))).collect();
    dom::update(&[id, "-notes"].concat(), &notes);
}

fn push(parent: &Element, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        dom::push_text(parent, text);
    }
}

/// The lines that a finding is about.
fn lines(finding: &Finding) -> Vec<usize> {
    let line = |name| match finding.fact(name) {
        Some(Fact::Count(line)) => Some(*line as usize),
        _ => None,
    };
    [line("line"), line("last")].into_iter().flatten().collect()
}

/// Where the names of members stand, in order.
fn names(text: &str) -> Vec<Range<usize>> {
    let document = json::read(text.as_bytes().to_vec());
    let mut names = Vec::new();
    if let Some(root) = &document.root {
        collect(root, &mut names);
    }
    order::sort(&mut names, |one, other| one.start < other.start);
    names
}

fn collect(value: &Value, names: &mut Vec<Range<usize>>) {
    for item in value.items() {
        collect(item, names);
    }
    for member in value.members() {
        names.push(member.name_span.clone());
        collect(&member.value, names);
    }
}

/// Puts a text in the place of the old one; the browser's undo goes on working.
pub fn replace(id: &str, text: &str) {
    let before = expectations::value(id);
    if before != text {
        apply(id, &before, &Edit { range: 0..before.len(), text: text.to_owned() });
    }
}

/// Sets one member of the object in a field; every other character stays. Nothing happens where there is no object.
pub fn set_member(id: &str, name: &str, value: &str) {
    let text = expectations::value(id);
    let edit = edit::member(&text, name, value);
    if let Some(edit) = edit.filter(|edit| text.get(edit.range.clone()) != Some(&edit.text)) {
        apply(id, &text, &edit);
    }
}

fn apply(id: &str, text: &str, edit: &Edit) {
    let field: HtmlTextAreaElement = dom::find(id);
    let is_field = |element: &Element| element.is_same_node(Some(&field));
    let before = dom::document().active_element();
    let units = |end: usize| text.get(..end).map_or(0, |text| text.encode_utf16().count()) as u32;
    let _ = field.focus();
    // While the view is hidden the focus stays where it is, and what is inserted would stand there.
    let has_focus = dom::document().active_element().is_some_and(|element| is_field(&element));
    let _ = field.set_selection_range(units(edit.range.start), units(edit.range.end));
    let document: HtmlDocument = dom::document().unchecked_into();
    let command = if edit.text.is_empty() { "delete" } else { "insertText" };
    let inserted = has_focus
        && edit.text.len() <= LONGEST_INSERTED
        && document.exec_command_with_show_ui_and_value(command, false, &edit.text).unwrap_or(false);
    let wanted = edit.applied(text);
    if !inserted || field.value() != wanted {
        field.set_value(&wanted);
        let _ = field.set_selection_range(0, 0);
    }
    // The focus goes back to the button, so that it can be pressed again.
    if let Some(before) = before.filter(|element| has_focus && !is_field(element)) {
        let _ = field.blur();
        let _ = before.unchecked_into::<HtmlElement>().focus();
    }
}
