//! The buttons, choices and lists of the view, which its templates are filled with once.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, NodeList};

use super::side::Side;
use super::{key, words};
use crate::create::template;
use crate::jose::algorithm::ALGORITHMS;
use crate::jose::encryption::CONTENT_ENCRYPTIONS;
use crate::page::dom::{self, Template};

/// Fills everything that does not change.
pub fn fill() {
    let quiet = |what, value, text| button("btn quiet sm", what, value, text, None);
    let examples = quiet("examples", "", words::EXAMPLES);
    for (name, value) in [
        ("id", "create-examples-button"),
        ("aria-expanded", "false"),
        ("aria-controls", "create-examples"),
        ("aria-keyshortcuts", "e"),
    ] {
        dom::set(&examples, name, value);
    }
    dom::update("create-header-buttons", &[quiet("undo", "", words::UNDO), quiet("jwk", "", words::JWK), examples]);
    let helpers: Vec<Element> = words::HELPERS.iter().map(|(value, text)| quiet("set", value, text)).collect();
    dom::update("create-payload-buttons", &helpers);
    let items: Vec<Element> = template::all()
        .map(|row| {
            let item = Template::fill("menu-item");
            item.set("button", "data-create", "template").set("button", "data-value", row.text("id"));
            item.text("name", row.text("name")).text("about", row.text("about"));
            item.done()
        })
        .collect();
    dom::update("create-templates", &items);
    dom::update("create-mode", &[quiet("nest", "", ""), quiet("mode", "", "")]);
    dom::update("create-choice", &choices("create-choice", &words::CHOICES, key::FIRST));
    let copy_icon = Some("copy");
    for side in [Side::Own, Side::Outer] {
        let form = side.id("form");
        dom::update(&form, &choices(&form, &words::FORMS, words::FORMS[0].0));
        let encodings: Vec<Element> = words::ENCODINGS.iter().map(|(value, text)| option(value, text)).collect();
        dom::update(&side.id("secret-encoding"), &encodings);
        let contents: Vec<Element> = CONTENT_ENCRYPTIONS.iter().map(|row| option(row.name, row.name)).collect();
        dom::update(&side.id("encryption"), &contents);
        let own = |class, what, text, icon| button(class, what, side.prefix(), text, icon);
        dom::update(&side.id("key-buttons"), &[own("btn", "generate", "", None)]);
        dom::update(&side.id("give-buttons"), &[own("btn sm", "copy-public", words::COPY, copy_icon)]);
        dom::update(&side.id("private-buttons"), &[own("btn sm", "copy-private", words::COPY_PRIVATE, copy_icon)]);
    }
    dom::update(
        "create-actions",
        &[
            button("btn primary", "sign", "", words::SIGN, None),
            button("btn primary", "copy", "", words::COPY_TOKEN, copy_icon),
            button("btn", "inspect", "", words::INSPECT, None),
            button("btn", "copy-header", "", words::copy_header(false), None),
        ],
    );
}

/// The algorithms that have no choice of their own.
pub fn other_algorithms() -> Vec<&'static str> {
    let own = |name: &str| words::CHOICES.iter().any(|(choice, _)| *choice == name);
    ALGORITHMS.iter().map(|algorithm| algorithm.name).filter(|name| !own(name)).collect()
}

fn button(class: &str, what: &str, value: &str, text: &str, icon: Option<&str>) -> Element {
    let button = Template::fill("button");
    button.set("button", "class", class).set("button", "data-create", what).text("text", text);
    if !value.is_empty() {
        button.set("button", "data-value", value);
    }
    match icon {
        Some(icon) => button.set("icon", "href", &["#i-", icon].concat()),
        None => button.remove("picture"),
    };
    button.done()
}

fn choices(name: &str, rows: &[(&str, &str)], checked: &str) -> Vec<Element> {
    rows.iter()
        .map(|(value, text)| {
            let choice = Template::fill("choice");
            choice.set("input", "name", name).set("input", "value", value).text("text", text);
            if *value == checked {
                choice.set("input", "checked", "");
            }
            choice.done()
        })
        .collect()
}

/// An entry of a list.
pub fn option(value: &str, text: &str) -> Element {
    let option = Template::fill("option");
    option.set("option", "value", value).text("option", text);
    option.done()
}

/// Chooses one of a group of radio buttons.
pub fn check(name: &str, value: &str) {
    let selector = ["[name=", name, "][value=", value, "]"].concat();
    if let Ok(Some(choice)) = dom::document().query_selector(&selector) {
        choice.unchecked_into::<web_sys::HtmlInputElement>().set_checked(true);
    }
}

/// Every button of the view that this selector fits.
fn each(selector: &str, change: impl Fn(&Element)) {
    let Ok(found): Result<NodeList, _> = dom::find::<Element>("create").query_selector_all(selector) else { return };
    for index in 0..found.length() {
        if let Some(button) = found.get(index) {
            change(&button.unchecked_into());
        }
    }
}

/// Lets buttons be pressed, or not.
pub fn enable(selector: &str, enabled: bool) {
    each(selector, |button| drop(button.toggle_attribute_with_force("disabled", !enabled)));
}

/// Shows or hides buttons.
pub fn show(selector: &str, shown: bool) {
    each(selector, |button| drop(button.toggle_attribute_with_force("hidden", !shown)));
}

/// Sets what a button says.
pub fn say(selector: &str, text: &str) {
    each(&[selector, " .swap > :first-child"].concat(), |said| {
        if said.text_content().as_deref() != Some(text) {
            said.set_text_content(Some(text));
        }
    });
}

/// Opens or closes the list of templates, and says so on its button. Opened, its first entry has the focus.
pub fn toggle_examples() {
    let open = dom::find::<Element>("create-examples").has_attribute("hidden");
    set_examples(open);
    if open && let Ok(Some(first)) = dom::document().query_selector("#create-templates button") {
        let _ = first.unchecked_into::<HtmlElement>().focus();
    }
}

/// Closes the list of templates; the focus stays in sight.
pub fn close_examples() {
    set_examples(false);
    super::focus("create-examples-button");
}

fn set_examples(open: bool) {
    dom::show("create-examples", open);
    let button: Element = dom::find("create-examples-button");
    dom::set(&button, "aria-expanded", if open { "true" } else { "false" });
}
