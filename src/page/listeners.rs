//! The page's listeners: a few on the document, for all elements there are and will be, but those of other views. What
//! is pasted beside a field, dropped or chosen comes through `boot.js`, which knows the view that is shown.
//!
//! An event's name says its type, so most casts are unchecked: what an event made by a script lacks reads as absent.
//! Only keys are checked, because browsers themselves send "keydown" events without a key when they fill in a form.

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, HtmlInputElement, KeyboardEvent};

use super::{Event, dom, keyboard, send};

/// All of them; they listen until they are dropped.
pub fn all() -> Vec<EventListener> {
    let document = dom::document();
    let mut listeners = vec![
        EventListener::new(&document, "input", |event| {
            if let Some(id) = target(event).filter(is_own).map(|element| element.id()) {
                send(if id == "input" { Event::Typed } else { Event::Setting(id) });
            }
        }),
        EventListener::new(&document, "change", changed),
        EventListener::new(&document, "click", |event| {
            if let Some((what, value)) = pressed_button(event, "data-do") {
                send(Event::Pressed(what, value));
            }
        }),
    ];
    let cancelling = EventListenerOptions::enable_prevent_default();
    listeners.push(EventListener::new_with_options(&document, "keydown", cancelling, pressed_key));
    if let Ok(Some(wide)) = dom::window().match_media(super::expectations::WIDE) {
        listeners.push(EventListener::new(&wide, "change", |_| send(Event::Width)));
    }
    listeners
}

/// The element that an event is about.
pub(crate) fn target(event: &web_sys::Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// What the pressed button does, by the attribute that says so, and its `data-value`.
pub(crate) fn pressed_button(event: &web_sys::Event, attribute: &str) -> Option<(String, String)> {
    let selector = ["[", attribute, "]"].concat();
    let button = target(event)?.closest(&selector).ok()??;
    Some((button.get_attribute(attribute)?, button.get_attribute("data-value").unwrap_or_default()))
}

/// Whether an element is not another view's. What the views share stands in the one that is shown.
fn is_own(element: &Element) -> bool {
    element.closest("#cors, #response, #create, #shared").ok().flatten().is_none_or(|part| part.id() == "shared")
}

/// Whether an event belongs to a field, which then deals with it itself.
pub(crate) fn in_field(event: &web_sys::Event) -> bool {
    target(event).is_some_and(|element| {
        element.matches("textarea, select, input:not([type=radio], [type=checkbox], [type=file])").unwrap_or(false)
    })
}

/// Radio buttons; the other fields have told by their `input` event already.
fn changed(event: &web_sys::Event) {
    let Some(field) = target(event).filter(is_own) else { return };
    if let Some(field) = field.dyn_ref::<HtmlInputElement>()
        && field.type_() == "radio"
    {
        send(Event::Setting(field.name()));
    }
}

fn pressed_key(event: &web_sys::Event) {
    let Some(key) = key_of(event) else { return };
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
        // Firefox opens its quick find on a slash. The other views see to it themselves, for a prevented key is a taken one.
        if (key == "/" || key == "'") && dom::in_view("inspect") {
            event.prevent_default();
        }
        send(Event::Key(key));
    }
}

/// A key that was pressed alone, and that nobody else has dealt with.
pub(crate) fn key_of(event: &web_sys::Event) -> Option<String> {
    let event = event.dyn_ref::<KeyboardEvent>()?;
    let taken =
        event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() || event.default_prevented();
    (!taken).then(|| event.key())
}
