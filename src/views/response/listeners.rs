//! The view's listeners: on its own part of the page, and on the document for keys.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Element, HtmlInputElement, HtmlTextAreaElement};

use super::{Event, FIELDS, LONGEST, beginning, send};
use crate::page::listeners::{in_field, key_of, target};
use crate::page::{dom, expectations};

#[wasm_bindgen]
extern "C" {
    type PasteEvent;

    #[wasm_bindgen(method, getter, js_name = clipboardData)]
    fn clipboard_data(this: &PasteEvent) -> Option<PasteData>;

    type PasteData;

    #[wasm_bindgen(method, js_name = getData)]
    fn text(this: &PasteData, format: &str) -> String;
}

/// All of them; they listen until they are dropped.
pub fn all() -> Vec<EventListener> {
    let (view, document): (Element, _) = (dom::find("response"), dom::document());
    let mut listeners = vec![
        EventListener::new(&view, "input", |event| {
            let Some(id) = target(event).map(|field| field.id()) else { return };
            send(if id == "response-search" { Event::Query } else { Event::Typed(id) });
        }),
        EventListener::new(&view, "change", |event| {
            if let Some(id) = target(event).map(|field| field.id()).filter(|id| id != "response-search") {
                send(Event::Left(id));
            }
        }),
        EventListener::new(&document, "click", |event| {
            let Some(target) = target(event) else { return };
            if let Ok(Some(button)) = target.closest("[data-response]") {
                let attribute = |name| button.get_attribute(name).unwrap_or_default();
                send(Event::Pressed(attribute("data-response"), attribute("data-value"), button.clone()));
            } else if target.closest("[data-do=forget]").ok().flatten().is_some() {
                send(Event::Forget);
            }
        }),
    ];
    listeners.push(super::history::listener());
    let cancelling = EventListenerOptions::enable_prevent_default();
    // Of a long text only the beginning is kept; the browser would take seconds to put all of it into the field first.
    listeners.push(EventListener::new_with_options(&view, "paste", cancelling, |event| {
        let Some(field) = target(event).filter(|field| FIELDS.contains(&field.id().as_str())) else { return };
        let Some(data) = event.unchecked_ref::<PasteEvent>().clipboard_data() else { return };
        let text = data.text("text/plain");
        if text.len() > LONGEST {
            event.prevent_default();
            let id = field.id();
            let _ = field.unchecked_into::<HtmlTextAreaElement>().set_range_text(beginning(&text, LONGEST + 4));
            send(Event::Typed(id));
        }
    }));
    listeners.push(EventListener::new_with_options(&document, "keydown", cancelling, |event| {
        let Some(key) = key_of(event).filter(|_| dom::in_view("response")) else { return };
        if in_field(event) {
            if key == "Enter"
                && let Some(field) = target(event).filter(|field| field.id() == "response-search")
            {
                event.prevent_default();
                send(Event::Pressed("first".to_owned(), String::new(), field));
            }
            return;
        }
        let single = dom::find::<HtmlInputElement>("single-keys").checked();
        if single || key == "Escape" {
            // Firefox opens its quick find on a slash, and the letter would land in the field.
            if matches!(key.as_str(), "/" | "s" | "S") {
                event.prevent_default();
            }
            send(Event::Key(key));
        }
    }));
    if let Ok(Some(wide)) = dom::window().match_media(expectations::WIDE) {
        listeners.push(EventListener::new(&wide, "change", |_| send(Event::Width)));
    }
    listeners
}
