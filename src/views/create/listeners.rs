//! The view's listeners: on its own part of the page, and on the document for keys.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlInputElement};

use super::{Event, send};
use crate::page::dom;
use crate::page::listeners::{in_field, key_of, target};

/// All of them; they listen until they are dropped.
pub fn all() -> Vec<EventListener> {
    let (view, document): (Element, _) = (dom::find("create"), dom::document());
    let mut listeners = vec![
        EventListener::new(&view, "input", |event| {
            if let Some(field) =
                target(event).filter(|field| field.matches("textarea, [type=text], [type=password]").unwrap_or(false))
            {
                send(Event::Typed(field.id()));
            }
        }),
        EventListener::new(&view, "change", |event| {
            let Some(field) = target(event) else { return };
            let event = match field.dyn_ref::<HtmlInputElement>().filter(|field| field.type_() == "radio") {
                Some(choice) => Event::Chosen(choice.name(), choice.value()),
                None if field.tag_name() == "SELECT" => Event::Typed(field.id()),
                None => return,
            };
            // A choice edits a text, and leaving that is a change again: this listener has to be done before.
            spawn_local(async move { send(event) });
        }),
        EventListener::new(&document, "click", |event| {
            let Some(target) = target(event) else { return };
            if let Ok(Some(button)) = target.closest("[data-create]") {
                let attribute = |name| button.get_attribute(name).unwrap_or_default();
                let event = Event::Pressed(attribute("data-create"), attribute("data-value"), button.clone());
                // A button may press another one, in another view: this listener has to be done before.
                spawn_local(async move { send(event) });
            } else if target.closest("[data-do=forget]").ok().flatten().is_some() {
                send(Event::Forget);
            }
        }),
    ];
    let cancelling = EventListenerOptions::enable_prevent_default();
    listeners.push(EventListener::new_with_options(&document, "keydown", cancelling, |event| {
        let Some(key) = key_of(event).filter(|_| dom::in_view("create") && !in_field(event)) else { return };
        let single = dom::find::<HtmlInputElement>("single-keys").checked();
        if single || key == "Escape" {
            // Firefox opens its quick find on a slash, and the letter would land in the field.
            if matches!(key.as_str(), "/" | "'") {
                event.prevent_default();
            }
            send(Event::Key(key));
        }
    }));
    listeners
}
