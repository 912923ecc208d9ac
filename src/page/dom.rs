//! What the page needs of the document: typed lookup, templates, and a patch that touches only what changed.
//!
//! Text gets in as text nodes only, so nothing that was pasted can become markup.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Document, Element, HtmlTemplateElement, Node, Window};

use crate::messages::{Prose, Span};

/// The window; the page has one.
pub fn window() -> Window {
    web_sys::window().expect_throw("the page runs in a window")
}

/// The document.
pub fn document() -> Document {
    window().document().expect_throw("the window has a document")
}

#[wasm_bindgen]
extern "C" {
    /// What text areas, selects and input fields have in common.
    #[wasm_bindgen(extends = Element, extends = Node)]
    pub type Field;

    /// The text of the field.
    #[wasm_bindgen(method, getter)]
    pub fn value(this: &Field) -> String;

    /// Sets the text of the field.
    #[wasm_bindgen(method, setter)]
    pub fn set_value(this: &Field, text: &str);
}

/// Whether this view is the one that is shown.
pub fn in_view(name: &str) -> bool {
    document().document_element().and_then(|root| root.get_attribute("data-view")).is_none_or(|view| view == name)
}

/// The element of that id, which `www/index.html` holds as a `T`. A browser test holds that it does: a check at run time
/// would be an import and a copy of this function for each type.
pub fn find<T: JsCast>(id: &str) -> T {
    by_id(id).unchecked_into()
}

fn by_id(id: &str) -> Element {
    match document().get_element_by_id(id) {
        Some(element) => element,
        None => wasm_bindgen::throw_str(id),
    }
}

/// A new element without attributes, for wording inside a slot.
pub fn element(tag: &str) -> Element {
    document().create_element(tag).expect_throw("the tag is a name")
}

/// A new element with a class and a text.
pub fn span(tag: &str, class: &str, text: &str) -> Element {
    let span = element(tag);
    if !class.is_empty() {
        span.set_class_name(class);
    }
    span.set_text_content(Some(text));
    span
}

/// Sets an attribute; the names are ours, so it cannot fail.
pub fn set(element: &Element, name: &str, value: &str) {
    let _ = element.set_attribute(name, value);
}

/// Adds a text node.
pub fn push_text(parent: &Node, text: &str) {
    let _ = parent.append_child(&document().create_text_node(text));
}

/// Adds words, literal parts as code.
pub fn push_prose(parent: &Node, prose: &Prose) {
    for part in &prose.0 {
        match part {
            Span::Text(text) => push_text(parent, text),
            Span::Code(text) => {
                let _ = parent.append_child(&span("code", "", text));
            }
        }
    }
}

/// Adds a sentence in which backticks mark literal code.
pub fn push_marked(parent: &Node, text: &str) {
    for (number, part) in text.split('`').enumerate() {
        if number % 2 == 0 {
            push_text(parent, part);
        } else {
            let _ = parent.append_child(&span("code", "", part));
        }
    }
}

/// Sets the text of an element when it differs, so that a selection in it survives.
pub fn set_text(id: &str, text: &str) {
    let element: Element = find(id);
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Shows or hides an element.
pub fn show(id: &str, shown: bool) {
    let _ = find::<Element>(id).toggle_attribute_with_force("hidden", !shown);
}

/// Points an icon at a symbol of the sheet at the top of the page.
pub fn set_icon(id: &str, icon: &str) {
    let icon = ["#i-", icon].concat();
    let element: Element = find(id);
    if element.get_attribute("href").as_deref() != Some(&icon) {
        set(&element, "href", &icon);
    }
}

/// A copy of a `<template>`, with its slots to be filled.
pub struct Template {
    root: Element,
    slots: Vec<(String, Element)>,
}

impl Template {
    /// A copy of the template `t-` + `name`.
    pub fn fill(name: &str) -> Template {
        let template: HtmlTemplateElement = find(&["t-", name].concat());
        let copy = document().import_node_with_deep(&template.content(), true).expect_throw(name);
        let root: Element = copy.first_child().expect_throw(name).unchecked_into();
        let mut slots = Vec::new();
        collect_slots(&root, &mut slots);
        Template { root, slots }
    }

    /// The element of a slot.
    pub fn slot(&self, name: &str) -> &Element {
        match self.slots.iter().find(|(slot, _)| slot == name) {
            Some((_, element)) => element,
            None => wasm_bindgen::throw_str(name),
        }
    }

    /// The names of all slots, in document order.
    pub fn slots(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().map(|(name, _)| name.as_str())
    }

    /// Sets the text of a slot.
    pub fn text(&self, slot: &str, text: &str) -> &Template {
        self.slot(slot).set_text_content(Some(text));
        self
    }

    /// Adds words to a slot.
    pub fn prose(&self, slot: &str, prose: &Prose) -> &Template {
        push_prose(self.slot(slot), prose);
        self
    }

    /// Sets an attribute of a slot.
    pub fn set(&self, slot: &str, name: &str, value: &str) -> &Template {
        set(self.slot(slot), name, value);
        self
    }

    /// Adds an element to a slot.
    pub fn push(&self, slot: &str, child: &Element) -> &Template {
        let _ = self.slot(slot).append_child(child);
        self
    }

    /// Puts an element in the place of a slot.
    pub fn replace(&self, slot: &str, other: &Element) -> &Template {
        let _ = self.slot(slot).replace_with_with_node_1(other);
        self
    }

    /// Takes a slot out.
    pub fn remove(&self, slot: &str) -> &Template {
        self.slot(slot).remove();
        self
    }

    /// The filled copy.
    pub fn done(&self) -> Element {
        self.root.clone()
    }
}

fn collect_slots(element: &Element, slots: &mut Vec<(String, Element)>) {
    if let Some(name) = element.get_attribute("data-slot") {
        let _ = element.remove_attribute("data-slot");
        slots.push((name, element.clone()));
    }
    let mut child = element.first_element_child();
    while let Some(element) = child {
        collect_slots(&element, slots);
        child = element.next_element_sibling();
    }
}

/// Makes an element's children equal to `fresh`, by patching: nodes that agree are kept, with their focus, selection and
/// what the user opened.
pub fn update(id: &str, fresh: &[Element]) {
    let holder = element("div");
    for child in fresh {
        let _ = holder.append_child(child);
    }
    update_from(id, &holder);
}

/// As [`update`], from the children of `holder`, which is used up.
pub fn update_from(id: &str, holder: &Element) {
    let focused = document().active_element();
    patch_children(&find::<Element>(id), holder);
    // A node that had to move has lost the focus.
    if let Some(focused) = focused.filter(|element| element.is_connected())
        && document().active_element().as_ref() != Some(&focused)
    {
        // Whatever had the focus can be given it, drawings too.
        let _ = focused.unchecked_into::<web_sys::HtmlElement>().focus();
    }
}

/// Makes the children of `old` equal to those of `new`, taking new nodes over from it.
pub fn patch_children(old: &Node, new: &Node) {
    let mut at = old.first_child();
    while let Some(fresh) = new.first_child() {
        match partner(at.as_ref(), &fresh) {
            Some(kept) => {
                if at.as_ref().is_some_and(|at| at.is_same_node(Some(&kept))) {
                    at = kept.next_sibling();
                } else {
                    let _ = old.insert_before(&kept, at.as_ref());
                }
                patch_node(&kept, &fresh);
                let _ = new.remove_child(&fresh);
            }
            None => {
                let _ = old.insert_before(&fresh, at.as_ref());
            }
        }
    }
    while let Some(rest) = at {
        at = rest.next_sibling();
        let _ = old.remove_child(&rest);
    }
}

/// The node from `at` on that `fresh` is a newer form of: the one of the same key, or the next one where neither has one.
fn partner(at: Option<&Node>, fresh: &Node) -> Option<Node> {
    let wanted = key(fresh);
    let mut candidate = at.cloned();
    while let Some(node) = candidate {
        if node.node_name() == fresh.node_name() && key(&node) == wanted {
            return Some(node);
        }
        // Without a key, only the very next node can be meant.
        wanted.as_ref()?;
        candidate = node.next_sibling();
    }
    None
}

fn key(node: &Node) -> Option<String> {
    node.dyn_ref::<Element>()?.get_attribute("data-key")
}

/// Makes a node equal to a newer form of it.
pub fn patch_node(old: &Node, new: &Node) {
    if old.is_equal_node(Some(new)) {
        return;
    }
    match (old.dyn_ref::<Element>(), new.dyn_ref::<Element>()) {
        (Some(old), Some(new)) => {
            patch_attributes(old, new);
            patch_children(old, new);
        }
        _ => old.set_node_value(new.node_value().as_deref()),
    }
}

/// `open` belongs to the user: it follows only when `data-open`, which says how the page would have it, changes.
fn patch_attributes(old: &Element, new: &Element) {
    if old.get_attribute("data-open") != new.get_attribute("data-open") {
        let _ = old.toggle_attribute_with_force("open", new.has_attribute("open"));
    }
    for name in old.get_attribute_names().iter().filter_map(|name| name.as_string()) {
        if name != "open" && !new.has_attribute(&name) {
            let _ = old.remove_attribute(&name);
        }
    }
    for name in new.get_attribute_names().iter().filter_map(|name| name.as_string()) {
        let value = new.get_attribute(&name);
        if name != "open" && old.get_attribute(&name) != value {
            set(old, &name, value.as_deref().unwrap_or_default());
        }
    }
}
