//! The browser's Back and Forward: each card and page that is opened has an entry in the history, which holds what was
//! shown by its keys in the catalogue, and nothing that was pasted. The address stays as it is.

use gloo_events::EventListener;
use gloo_timers::callback::Timeout;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::knowledge::{Screen, screen};
use super::{Event, View, send};
use crate::page::dom;
use crate::page::expectations::value;

#[wasm_bindgen]
extern "C" {
    type History;

    #[wasm_bindgen(thread_local_v2, js_name = history)]
    static HISTORY: History;

    #[wasm_bindgen(method, getter)]
    fn state(this: &History) -> JsValue;

    #[wasm_bindgen(method, js_name = pushState)]
    fn push_state(this: &History, state: &str, unused: &str);

    #[wasm_bindgen(method, js_name = replaceState)]
    fn replace_state(this: &History, state: &str, unused: &str);
}

/// What the entry at hand holds, one screen a line; `None` where it is not an entry of this view.
pub fn current() -> Option<String> {
    HISTORY.with(History::state).as_string().filter(|_| is_here())
}

fn is_here() -> bool {
    dom::window().location().hash().is_ok_and(|hash| hash == "#response")
}

/// Listens to Back and Forward.
pub fn listener() -> EventListener {
    EventListener::new(&dom::window(), "popstate", |_| {
        if let Some(held) = current() {
            // Afterwards: going to an entry, the browser moves the focus to what its address names, which is the whole view.
            Timeout::new(0, || send(Event::Returned(held))).forget();
        }
    })
}

impl View {
    /// Keeps what is shown in the history: in a new entry, or in the one at hand.
    pub(super) fn remember(&self, is_new: bool) {
        let held: Vec<String> = self.screens.iter().map(Screen::address).collect();
        let held = held.join("\n");
        if !is_here() || current().as_ref() == Some(&held) {
            return;
        }
        HISTORY.with(|history| if is_new { history.push_state(&held, "") } else { history.replace_state(&held, "") });
    }

    /// Shows what an entry of the history holds.
    pub(super) fn returned(&mut self, held: &str) {
        let has_query = !value("response-search").trim().is_empty();
        let mut screens: Vec<Screen> = held.lines().filter_map(screen).collect();
        screens.retain(|screen| if *screen == Screen::Results { has_query } else { self.article(screen).is_some() });
        self.screens = screens;
        if self.screens.is_empty() && has_query {
            self.screens.push(Screen::Results);
        }
        if self.screens.is_empty() {
            self.close_knowledge();
        } else {
            self.show_screen();
        }
        // The entry is this one again, whatever was shown while the browser came to it.
        self.remember(false);
    }
}
