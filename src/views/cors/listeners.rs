//! The view's listeners: on its own part of the page, and on the document for keys.

use gloo_events::{EventListener, EventListenerOptions};
use web_sys::{Element, HtmlInputElement};

use super::{Event, send};
use crate::page::listeners::{in_field, key_of, target};
use crate::page::{dom, expectations};

/// All of them; they listen until they are dropped.
pub fn all() -> Vec<EventListener> {
    let (view, document): (Element, _) = (dom::find("cors"), dom::document());
    let mut listeners = vec![
        EventListener::new(&view, "input", |event| match target(event).map(|field| field.id()).as_deref() {
            Some("cors-text") => send(Event::Typed),
            Some(id) if super::source::FIELDS.contains(&id) => send(Event::Form),
            _ => {}
        }),
        EventListener::new(&view, "change", |event| {
            let chosen = target(event).and_then(|field| field.get_attribute("name"));
            if chosen.as_deref() == Some("cors-source") {
                send(Event::Source);
            }
        }),
        EventListener::new(&document, "click", |event| {
            let Some(target) = target(event) else { return };
            if let Ok(Some(button)) = target.closest("[data-cors]") {
                let attribute = |name| button.get_attribute(name).unwrap_or_default();
                send(Event::Pressed(attribute("data-cors"), attribute("data-value"), button.clone()));
            } else if target.closest("[data-do=forget]").ok().flatten().is_some() {
                send(Event::Forget);
            }
        }),
    ];
    let cancelling = EventListenerOptions::enable_prevent_default();
    listeners.push(EventListener::new_with_options(&document, "keydown", cancelling, |event| {
        let Some(key) = key_of(event).filter(|_| dom::in_view("cors") && !in_field(event)) else { return };
        let single = dom::find::<HtmlInputElement>("single-keys").checked();
        if single || key == "Escape" {
            // Firefox opens its quick find on a slash.
            if key == "/" {
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
