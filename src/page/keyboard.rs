//! Single keys, which work while no field has the focus and can be switched off
//! ([WCAG 2.1.4](https://www.w3.org/WAI/WCAG22/Understanding/character-key-shortcuts)).

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDetailsElement, HtmlElement, HtmlInputElement};

use super::{Page, dom, input};
use crate::browser::storage;

/// The keys that do something.
pub const KEYS: [&str; 17] = ["/", "?", "Escape", "1", "2", "3", "4", "c", "C", "e", "E", "j", "J", "k", "K", "x", "X"];

const STORED: &str = "tokenscope.single-keys";

/// Whether single keys are on, as stored.
pub fn load() -> bool {
    let on = storage::read(STORED).is_none();
    dom::find::<HtmlInputElement>("single-keys").set_checked(on);
    on
}

/// Back to single keys being on, and nothing stored.
pub fn forget() {
    storage::remove(STORED);
    load();
}

/// The user switched single keys on or off.
pub fn chosen() -> bool {
    let on = dom::find::<HtmlInputElement>("single-keys").checked();
    if on {
        storage::remove(STORED)
    } else {
        storage::write(STORED, "off");
    }
    on
}

impl Page {
    pub(super) fn key(&mut self, key: &str) {
        if key == "Escape" && dom::in_view("inspect") {
            return self.pressed("clear", "");
        }
        if !self.single_keys {
            return;
        }
        // These are the same in every view.
        match key {
            "?" => return self.pressed("key-sheet", ""),
            "1" => return show("inspect"),
            "2" => return show("cors"),
            "3" => return show("response"),
            "4" => return show("create"),
            _ if !dom::in_view("inspect") => return,
            _ => {}
        }
        match key.to_ascii_lowercase().as_str() {
            "/" => {
                let _ = input().focus();
            }
            "c" => self.pressed("copy-report", ""),
            "e" => self.pressed("examples", ""),
            "j" => step(1),
            "k" => step(-1),
            "x" => open_all(),
            _ => {}
        }
    }
}

/// Shows a view: `boot.js` follows the address.
fn show(view: &str) {
    dom::window().scroll_to_with_x_and_y(0.0, 0.0);
    let _ = dom::window().location().set_hash(view);
}

fn summaries() -> Vec<HtmlElement> {
    let Ok(list) = dom::document().query_selector_all("#checks summary") else { return Vec::new() };
    (0..list.length()).filter_map(|index| Some(list.get(index)?.unchecked_into())).collect()
}

/// Moves the focus to the next or previous check; Enter then opens it, as the browser has it.
fn step(by: i32) {
    let summaries = summaries();
    let focused = dom::document().active_element();
    let at = summaries.iter().position(|summary| focused.as_ref() == Some(summary.unchecked_ref::<Element>()));
    let next = match (at, by) {
        (Some(at), 1) => at + 1,
        (Some(at), _) => at.saturating_sub(1),
        (None, 1) => 0,
        (None, _) => summaries.len().saturating_sub(1),
    };
    if let Some(summary) = summaries.get(next.min(summaries.len().saturating_sub(1))) {
        let _ = summary.focus();
    }
}

/// Opens all checks, or closes them when all are open.
fn open_all() {
    let all: Vec<HtmlDetailsElement> =
        summaries().iter().filter_map(|summary| Some(summary.parent_element()?.unchecked_into())).collect();
    let open = !all.iter().all(HtmlDetailsElement::open);
    for details in all {
        details.set_open(open);
    }
}
