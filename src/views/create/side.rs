//! The two sets of fields: those of the token, and those that encrypt it once it is signed.
//!
//! The second set is a copy of the first, made when the view starts, so that the page's markup has it once.

use wasm_bindgen::JsCast;
use web_sys::{Element, NodeList};

use super::words;
use crate::page::dom;
use crate::text;

/// Which of the two a field belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// What makes the token, signed or encrypted.
    Own,
    /// What encrypts the signed token.
    Outer,
}

impl Side {
    /// The id of a field on this side.
    pub fn id(self, field: &str) -> String {
        [self.prefix(), "-", field].concat()
    }

    /// What the ids of its fields begin with.
    pub fn prefix(self) -> &'static str {
        match self {
            Side::Own => "create",
            Side::Outer => "outer",
        }
    }

    /// The side that an id is of, or the value of a button.
    pub fn of(id: &str) -> Side {
        if id.starts_with("outer") { Side::Outer } else { Side::Own }
    }
}

/// Copies the fields of the key for encrypting, the place of the token for the one inside, and that of the key for the
/// key that decrypts.
pub fn copy_fields() {
    let Some(fields) = dom::find::<Element>("create-row-choice").parent_element() else { return };
    let Some(header) = dom::find::<Element>("create-header").parent_element() else { return };
    let part = copied(&fields, "outer");
    dom::set(&part, "id", "outer-part");
    dom::set(&part, "hidden", "");
    let _ = fields.after_with_node_1(&part);
    dom::find::<Element>("outer-row-choice").remove();
    let label = dom::span("label", "small soft", words::OUTER_HEADER);
    dom::set(&label, "for", "outer-header");
    let notes = copied(&dom::find("create-header-notes"), "outer");
    if let Some(heading) = part.first_element_child() {
        let _ = heading.after_with_node_3(&label, &copied(&header, "outer"), &notes);
    }
    for (id, prefix) in [("create-sec-token", "inner"), ("create-sec-give", "outer")] {
        let section: Element = dom::find(id);
        let copy = copied(&section, prefix);
        dom::set(&copy, "hidden", "");
        let _ = section.after_with_node_1(&copy);
    }
    // Each region has a name of its own.
    for (id, label) in words::REGIONS {
        dom::set(&dom::find(id), "aria-label", label);
    }
    for (id, text) in [("h-inner-token", words::INNER_TOKEN), ("h-outer-give", words::OUTER_KEY)] {
        if let Some(said) = dom::find::<Element>(id).first_child() {
            said.set_node_value(Some(text));
        }
    }
}

/// A copy of a part of the page, in which the ids have another prefix.
fn copied(element: &Element, prefix: &str) -> Element {
    let Ok(copy) = element.clone_node_with_deep(true) else { return element.clone() };
    let copy: Element = copy.unchecked_into();
    rename(&copy, prefix);
    let found: Result<NodeList, _> = copy.query_selector_all("*");
    for node in found.iter().flat_map(|list| (0..list.length()).filter_map(|index| list.get(index))) {
        rename(&node.unchecked_into(), prefix);
    }
    copy
}

fn rename(element: &Element, prefix: &str) {
    for name in ["id", "for", "aria-labelledby", "aria-describedby"] {
        if let Some(value) = element.get_attribute(name) {
            dom::set(element, name, &text::replace(&value, "create", prefix));
        }
    }
}
