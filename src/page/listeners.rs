//! The page's listeners: a few on the document, for all elements there are and will be.
//!
//! An event's name says its type, so most casts are unchecked: what an event made by a script lacks reads as absent.
//! Only keys are checked, because browsers themselves send "keydown" events without a key when they fill in a form.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ClipboardEvent, DragEvent, Element, HtmlElement, HtmlInputElement, KeyboardEvent};

use super::{Event, dom, keyboard, send};

/// All of them; they listen until they are dropped.
pub fn all() -> Vec<EventListener> {
    let document = dom::document();
    let mut listeners = vec![
        EventListener::new(&document, "input", |event| {
            if let Some(id) = target(event).map(|element| element.id()) {
                send(if id == "input" { Event::Typed } else { Event::Setting(id) });
            }
        }),
        EventListener::new(&document, "change", changed),
        EventListener::new(&document, "click", |event| {
            let button = target(event).and_then(|element| element.closest("[data-do]").ok().flatten());
            if let Some(button) = button {
                let attribute = |name| button.get_attribute(name).unwrap_or_default();
                send(Event::Pressed(attribute("data-do"), attribute("data-value")));
            }
        }),
    ];
    let cancelling = EventListenerOptions::enable_prevent_default();
    let cancellable = [
        ("keydown", pressed_key as fn(&web_sys::Event)),
        ("paste", pasted),
        ("dragover", dragged),
        ("dragleave", left),
        ("drop", dropped),
    ];
    for (name, listener) in cancellable {
        listeners.push(EventListener::new_with_options(&document, name, cancelling, listener));
    }
    if let Ok(Some(wide)) = dom::window().match_media(super::expectations::WIDE) {
        listeners.push(EventListener::new(&wide, "change", |_| send(Event::Width)));
    }
    listeners
}

fn target(event: &web_sys::Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Whether an event belongs to a field, which then deals with it itself.
fn in_field(event: &web_sys::Event) -> bool {
    target(event).is_some_and(|element| {
        element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=file])").unwrap_or(false)
    })
}

/// Radio buttons, check boxes, selects and the file chooser; text fields have told by their `input` event already.
fn changed(event: &web_sys::Event) {
    let Some(field) = target(event) else { return };
    if let Some(field) = field.dyn_ref::<HtmlInputElement>()
        && field.type_() == "file"
    {
        if let Some(file) = field.files().and_then(|files| files.get(0)) {
            send(Event::File(file.into()));
        }
        // So that choosing the same file again is a change again.
        field.set_value("");
    } else if let Some(field) = field.dyn_ref::<HtmlInputElement>()
        && field.type_() == "radio"
    {
        send(Event::Setting(field.name()));
    }
}

fn pressed_key(event: &web_sys::Event) {
    let Some(event) = event.dyn_ref::<KeyboardEvent>() else { return };
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() || event.default_prevented() {
        return;
    }
    let key = event.key();
    if in_field(event) {
        if key == "Escape"
            && let Some(field) = target(event)
        {
            let _ = field.unchecked_into::<HtmlElement>().blur();
            event.prevent_default();
        }
        return;
    }
    if keyboard::KEYS.contains(&key.as_str()) {
        // Firefox opens its quick find on a slash.
        if key == "/" || key == "'" {
            event.prevent_default();
        }
        send(Event::Key(key));
    }
}

fn pasted(event: &web_sys::Event) {
    let Some(data) = event.unchecked_ref::<ClipboardEvent>().clipboard_data() else { return };
    if in_field(event) {
        return;
    }
    event.prevent_default();
    match data.files().and_then(|files| files.get(0)) {
        Some(file) => send(Event::File(file.into())),
        None => send(Event::Pasted(data.get_data("text/plain").unwrap_or_default())),
    }
}

/// Marks the page as a place to drop on.
fn mark_dropping(dropping: bool) {
    if let Some(body) = dom::document().body() {
        let _ = body.class_list().toggle_with_force("dropping", dropping);
    }
}

fn holds_file(event: &web_sys::Event) -> bool {
    let data = event.unchecked_ref::<DragEvent>().data_transfer();
    data.is_some_and(|data| data.types().includes(&JsValue::from_str("Files"), 0))
}

/// Text dropped on a field is the field's own business; a file would take the browser away from the page.
fn dragged(event: &web_sys::Event) {
    if holds_file(event) || !in_field(event) {
        event.prevent_default();
        mark_dropping(true);
    }
}

fn left(event: &web_sys::Event) {
    if event.unchecked_ref::<DragEvent>().related_target().is_none() {
        mark_dropping(false);
    }
}

fn dropped(event: &web_sys::Event) {
    mark_dropping(false);
    if in_field(event) && !holds_file(event) {
        return;
    }
    event.prevent_default();
    let Some(data) = event.unchecked_ref::<DragEvent>().data_transfer() else { return };
    match data.files().and_then(|files| files.get(0)) {
        Some(file) => send(Event::File(file.into())),
        None => send(Event::Pasted(data.get_data("text/plain").unwrap_or_default())),
    }
}
