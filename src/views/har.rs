//! A recording of the network in the CORS view: read by the worker, shown by cause. Its layout has no input pane.
//!
//! The result stays a JavaScript object, which may hold tens of thousands of requests: only what is shown is looked at.

mod painting;
mod refusal;
mod result;

use gloo_events::EventListener;
use js_sys::{Array, JSON};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, Element, MessageEvent, Worker};

use super::cors::{Event, View, copy, focus, send};
use crate::page::dom;
use result::{Message, Outcome, Progress};

/// Of each cause so many requests are shown at first, and so many more at each press.
const FIRST_ROWS: u32 = 3;
const MORE_ROWS: u32 = 100;

/// What the worker says, in the words of `worker.js`.
pub enum Said {
    /// It listens.
    Ready,
    /// So far it has come.
    Progress(Progress),
    /// It is done.
    Result(Outcome),
    /// The text of a token; `None` where there is none.
    Token(String, Option<String>),
    /// The file could not be read, or the worker could not start.
    Failed(String),
}

/// A file that was opened.
pub struct Recording {
    name: String,
    file: Blob,
    worker: Worker,
    progress: Option<Progress>,
    result: Option<Outcome>,
    failure: Option<String>,
    /// How many rows of which cause are shown, by its key.
    shown: Vec<(String, u32)>,
    /// How many of all requests are shown; 0 when the list is closed.
    all: u32,
    /// The tokens whose text is shown, by their letters.
    revealed: Vec<(String, String)>,
    /// The token that is to be taken to another view: its letter, and the text that it goes with to the Response view;
    /// without one it goes to the Inspect view.
    taken: Option<(String, Option<String>)>,
    /// Whether it is shown, and not the exchange that was walked into.
    open: bool,
    _listeners: Vec<EventListener>,
}

impl Drop for Recording {
    fn drop(&mut self) {
        // It forgets everything that it read.
        self.worker.terminate();
    }
}

fn understood(data: &JsValue) -> Option<Said> {
    let message: &Message = data.unchecked_ref();
    if message.ready() == Some(true) {
        return Some(Said::Ready);
    }
    if let Some(progress) = message.progress() {
        return Some(Said::Progress(progress));
    }
    if let Some(result) = message.result() {
        return Some(Said::Result(result));
    }
    if let Some(token) = message.token() {
        return Some(Said::Token(token.letter(), token.text()));
    }
    message.error().map(Said::Failed)
}

impl View {
    /// Opens a file, in the place of the one that was open.
    pub(super) fn open_recording(&mut self, file: Blob, name: String) {
        self.recording = None;
        let worker = self.host.start_worker();
        let listeners = vec![
            EventListener::new(&worker, "message", |event| {
                let event: &MessageEvent = event.unchecked_ref();
                if let Some(said) = understood(&event.data()) {
                    send(Event::Heard(said));
                }
            }),
            EventListener::new(&worker, "error", |_| send(Event::Heard(Said::Failed(String::new())))),
        ];
        self.recording = Some(Recording {
            name,
            file,
            worker,
            progress: None,
            result: None,
            failure: None,
            shown: Vec::new(),
            all: 0,
            revealed: Vec::new(),
            taken: None,
            open: true,
            _listeners: listeners,
        });
        self.paint_recording();
        focus("har-headline");
    }

    /// What was pasted is a recording: it is read like a file, and the field is left empty.
    pub(super) fn open_pasted_recording(&mut self, text: &str) {
        if let Ok(file) = Blob::new_with_str_sequence(&Array::of1(&JsValue::from_str(text))) {
            self.open_recording(file, "pasted text".to_owned());
        }
    }

    /// Whether a recording is shown, in the place of input and explanation.
    pub(super) fn shows_recording(&self) -> bool {
        self.recording.as_ref().is_some_and(|recording| recording.open)
    }

    pub(super) fn close_recording(&mut self) {
        self.recording = None;
        self.paint_recording();
    }

    pub(super) fn heard(&mut self, said: Said) {
        let Some(recording) = &mut self.recording else { return };
        match said {
            Said::Ready => self.host.tell(&recording.worker, "file", &recording.file),
            Said::Progress(progress) => recording.progress = Some(progress),
            Said::Result(result) => {
                recording.progress = None;
                recording.result = Some(result);
                self.paint_recording();
                let text = dom::find::<Element>("har-headline").text_content();
                return dom::set_text("announcer", &text.unwrap_or_default());
            }
            Said::Token(letter, text) => {
                let Some(text) = text else { return };
                match recording.taken.take_if(|(taken, _)| *taken == letter) {
                    Some((_, Some(answer))) => {
                        return self.host.carry("response", &refusal::with_token(&answer, &text));
                    }
                    Some((_, None)) => return self.host.inspect(&text),
                    None => {}
                }
                recording.revealed.push((letter, text));
            }
            Said::Failed(why) => recording.failure = Some(why),
        }
        self.paint_recording();
    }

    pub(super) fn pressed_in_recording(&mut self, what: &str, value: &str, button: &Element) {
        let Some(recording) = &mut self.recording else { return };
        match what {
            "har-stop" => self.host.tell(&recording.worker, "stop", &JsValue::TRUE),
            "har-close" => {
                self.close_recording();
                return focus("cors-headline");
            }
            "har-back" => recording.open = true,
            "har-copy" => return copy(button, recording.report()),
            "har-all" => recording.all = if recording.all == 0 { MORE_ROWS } else { 0 },
            "har-more-all" => recording.all += MORE_ROWS,
            "har-more" => match recording.shown.iter_mut().find(|(key, _)| key == value) {
                Some((_, shown)) => *shown += MORE_ROWS,
                None => recording.shown.push((value.to_owned(), FIRST_ROWS + MORE_ROWS)),
            },
            "har-walk" => return self.walk_through(value),
            "har-respond" => {
                let Some(refusal) = value.parse().ok().and_then(|number| recording.refusal(number)) else { return };
                let text = refusal::text(&refusal);
                match refusal.token() {
                    Some(letter) => {
                        self.host.tell(&recording.worker, "reveal", &JsValue::from_str(&letter));
                        recording.taken = Some((letter, Some(text)));
                    }
                    None => self.host.carry("response", &text),
                }
                return;
            }
            "har-inspect" | "har-show" => {
                let revealed = recording.revealed.iter().position(|(letter, _)| letter == value);
                match revealed {
                    Some(place) if what == "har-show" => drop(recording.revealed.remove(place)),
                    _ => {
                        recording.taken = (what == "har-inspect").then(|| (value.to_owned(), None));
                        self.host.tell(&recording.worker, "reveal", &JsValue::from_str(value));
                    }
                }
            }
            _ => return,
        }
        self.paint_recording();
        if what == "har-back" {
            focus("har-headline");
        }
    }

    pub(super) fn key_in_recording(&mut self, key: &str) {
        let reading = self.recording.as_ref().is_some_and(Recording::is_reading);
        match key {
            "Escape" if reading => self.pressed_in_recording("har-stop", "", &dom::find("har-stop")),
            "c" | "C" if !reading => self.pressed_in_recording("har-copy", "", &dom::find("har-copy")),
            _ => {}
        }
    }

    /// Takes a request with its answers into the view of one exchange.
    fn walk_through(&mut self, number: &str) {
        let Some(recording) = &mut self.recording else { return };
        let exchange = number.parse().ok().and_then(|number| recording.exchange(number)?.exchange());
        let Some(text) = exchange.and_then(|exchange| {
            JSON::stringify_with_replacer_and_space(&exchange, &JsValue::NULL, &JsValue::from_f64(2.0)).ok()
        }) else {
            return;
        };
        recording.open = false;
        self.paint_recording();
        self.empty_form();
        self.replace_text(&String::from(text));
        focus("cors-headline");
    }
}

impl Recording {
    fn is_reading(&self) -> bool {
        self.result.is_none() && self.failure.is_none()
    }

    /// A request by its number, counted from 1.
    fn exchange(&self, number: u32) -> Option<result::Exchange> {
        let exchanges = self.result.as_ref()?.exchanges();
        let found = exchanges.get(number.checked_sub(1)?);
        (!found.is_undefined()).then(|| found.unchecked_into())
    }

    /// An answer that says no, by the number of its request.
    fn refusal(&self, number: u32) -> Option<result::Refusal> {
        let refusals = self.result.as_ref()?.refusals();
        refusals
            .iter()
            .map(JsCast::unchecked_into)
            .find(|refusal: &result::Refusal| refusal.number() == f64::from(number))
    }
}
