//! The listeners of this part: its buttons, and the key that stops a search. Its fields are the page's business.

use gloo_events::{EventListener, EventListenerOptions, EventListenerPhase};

use super::{Event, is_stoppable, send};
use crate::page::dom;
use crate::page::expectations::WIDE;
use crate::page::listeners::{in_field, key_of, target};

/// All of them; they listen until they are dropped.
pub fn all() -> Vec<EventListener> {
    let document = dom::document();
    let mut listeners = vec![
        EventListener::new(&document, "click", |event| {
            let Some(target) = target(event) else { return };
            if let Ok(Some(button)) = target.closest("[data-why]") {
                send(Event::Pressed(button.get_attribute("data-why").unwrap_or_default(), button));
            } else if target.closest("[data-do=forget]").ok().flatten().is_some() {
                send(Event::Forget);
            }
        }),
        EventListener::new(&dom::window(), "resize", |_| send(Event::Resized)),
    ];
    // Before the page hears of it, for which the same key clears the text: a prevented key is a taken one.
    let first = EventListenerOptions { phase: EventListenerPhase::Capture, passive: false };
    listeners.push(EventListener::new_with_options(&document, "keydown", first, |event| {
        let stops = key_of(event).is_some_and(|key| key == "Escape") && !in_field(event);
        if stops && dom::in_view("inspect") && is_stoppable() {
            event.prevent_default();
            send(Event::Stop);
        }
    }));
    if let Ok(Some(wide)) = dom::window().match_media(WIDE) {
        listeners.push(EventListener::new(&wide, "change", |_| send(Event::Width)));
    }
    listeners
}
