//! The CORS view: what was pasted, filled in and probed makes a case, and its explanation is painted.
//!
//! As in the page, every input ends in [`send`], and everything is painted again: patching keeps what did not change.

mod drawing;
mod examples;
mod findings;
mod listeners;
mod probe;
mod report;
mod source;
mod verdict;
mod walk;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, Element, HtmlElement, HtmlTextAreaElement};

use super::Host;
use super::har::{Recording, Said};
use crate::browser::file::{self, FileFault};
use crate::browser::{clipboard, clock};
use crate::cors::evidence::{Evidence, ProbeRun};
use crate::cors::explain::{Case, Explanation, explain};
use crate::page::actions::replace;
use crate::page::{dom, expectations};
use crate::time::Time;

/// Everything that can happen to the view.
pub enum Event {
    /// The text in the field changed.
    Typed,
    /// A text came in as a whole: pasted or dropped beside the field, or from the Inspect view.
    Text(String),
    /// A file was chosen or dropped; its name.
    File(Blob, String),
    /// A recording of the network was chosen, dropped or pasted; its name.
    Recording(Blob, String),
    /// The worker said something.
    Heard(Said),
    /// A file could not be read.
    FileFault(FileFault),
    /// A link brought the form's values, as a query string.
    Settings(String),
    /// Another source was chosen.
    Source,
    /// A field of the form changed.
    Form,
    /// A button with `data-cors` was pressed: what to do, its `data-value`, and the button.
    Pressed(String, String, Element),
    /// A single key, outside of fields.
    Key(String),
    /// The probes came to an end, or one step further.
    Probed(Box<ProbeRun>, bool),
    /// Typing stopped: what is new is read out.
    Pause,
    /// "Forget everything" was pressed.
    Forget,
    /// The window became wide or narrow.
    Width,
}

/// How long after the last key a change is read out, in milliseconds.
const PAUSE: u32 = 400;

/// The view and what it holds.
pub struct View {
    pub(super) host: Rc<Host>,
    /// The text as the field has it.
    text: String,
    /// The text before the last Clear.
    cleared: Option<String>,
    /// What the last probes found.
    probes: Option<ProbeRun>,
    /// Whether probes are under way.
    probing: bool,
    explanation: Explanation,
    /// The recording that was opened last.
    pub(super) recording: Option<Recording>,
    /// What is said when there is nothing to explain: the headline and its support, as the markup has them.
    greeting: (String, String),
    /// What was read out last.
    announced: String,
    pause: Option<Timeout>,
    _listeners: Vec<gloo_events::EventListener>,
}

thread_local! {
    static VIEW: RefCell<Option<View>> = const { RefCell::new(None) };
    static EVENTS: RefCell<VecDeque<Event>> = const { RefCell::new(VecDeque::new()) };
}

/// Starts the view, which `boot.js` has shown.
pub fn start(host: Host) {
    let text = |id| dom::find::<Element>(id).text_content().unwrap_or_default();
    let view = View {
        host: Rc::new(host),
        text: field().value(),
        cleared: None,
        probes: None,
        probing: false,
        explanation: explain(&Case::default()),
        recording: None,
        greeting: (text("cors-headline"), text("cors-support")),
        announced: String::new(),
        pause: None,
        _listeners: listeners::all(),
    };
    dom::set_text("cors-own-origin", &own_origin());
    VIEW.with_borrow_mut(|slot| *slot = Some(view));
    send(Event::Width);
    send(Event::Source);
}

/// Hands an event to the view, after those that are still being handled.
pub fn send(event: Event) {
    EVENTS.with_borrow_mut(|events| events.push_back(event));
    VIEW.with(|view| {
        // Busy: whoever is at it will come to this event too.
        let Ok(mut view) = view.try_borrow_mut() else { return };
        let Some(view) = view.as_mut() else { return };
        while let Some(event) = EVENTS.with_borrow_mut(VecDeque::pop_front) {
            view.handle(event);
        }
    });
}

/// The field that everything is pasted into.
fn field() -> HtmlTextAreaElement {
    dom::find("cors-text")
}

/// This page's origin, as a request from it carries it.
fn own_origin() -> String {
    dom::window().location().origin().unwrap_or_default()
}

impl View {
    fn handle(&mut self, event: Event) {
        match event {
            Event::Typed => self.typed(),
            Event::Text(text) => self.replace_text(&text),
            Event::File(file, name) if source::chosen() == "har" => self.open_recording(file, name),
            Event::File(file, _) => self.read_file(file),
            Event::Recording(file, name) => self.open_recording(file, name),
            Event::Heard(said) => self.heard(said),
            Event::FileFault(fault) => self.say(match fault {
                FileFault::TooLarge => "The file is larger than 16 MiB, and no HAR file",
                FileFault::Unreadable => "The browser could not read the file",
            }),
            Event::Settings(settings) => self.settings(&settings),
            Event::Source => {
                self.carry_url();
                self.refresh();
            }
            Event::Form => self.refresh(),
            Event::Pressed(what, value, button) => self.pressed(&what, &value, &button),
            Event::Key(key) => self.key(&key),
            Event::Probed(run, done) => {
                self.probes = Some(*run);
                self.probing = !done;
                self.refresh();
            }
            Event::Pause => self.announce(),
            Event::Forget => self.forget(),
            Event::Width => source::fold(),
        }
    }

    fn typed(&mut self) {
        let text = field().value();
        if text == self.text {
            return;
        }
        self.text = text;
        if !self.text.is_empty() {
            self.cleared = None;
        }
        self.refresh();
        if self.explanation.evidence == Evidence::Har {
            // It is read like a file, and the field is left empty: what is in it is not shown.
            let text = std::mem::take(&mut self.text);
            field().set_value("");
            self.refresh();
            return self.open_pasted_recording(&text);
        }
        // What the text is says which source it comes from.
        if let Some(name) = source::of(&self.explanation.evidence) {
            source::choose(name);
            self.paint();
        }
    }

    /// Explains the case again and paints it.
    fn refresh(&mut self) {
        expectations::grow();
        self.explanation = explain(&self.case());
        self.paint();
        self.pause = Some(Timeout::new(PAUSE, || send(Event::Pause)));
    }

    fn case(&self) -> Case {
        let mut case = Case {
            text: if source::chosen() == "probe" { String::new() } else { self.text.clone() },
            form: source::form(),
            probes: None,
            own_origin: own_origin(),
        };
        if source::chosen() == "probe" {
            // A probe is this page's own request.
            if case.form.origin.is_empty() {
                case.form.origin = own_origin();
            }
            case.probes = self.probes.clone().filter(|run| self.is_about(run));
        }
        case
    }

    fn paint(&self) {
        self.paint_source();
        self.paint_probe();
        self.paint_verdict();
        self.paint_fix();
        self.paint_drawing();
        self.paint_walk();
        self.paint_findings();
    }

    /// Whether there is nothing to explain.
    fn is_empty(&self) -> bool {
        let nothing = self.explanation.evidence == Evidence::Nothing && self.explanation.walk.is_empty();
        nothing && self.text.trim().is_empty() && source::form().url.is_empty()
    }

    fn pressed(&mut self, what: &str, value: &str, button: &Element) {
        match what {
            "clear" => self.clear(),
            "undo" => {
                if let Some(text) = self.cleared.take() {
                    self.replace_text(&text);
                    focus("cors-clear");
                }
            }
            "example" => self.load_example(value),
            "probe" => self.probe(probe::Step::First),
            "reach" => self.probe(probe::Step::Second),
            "copy" => {
                let from = button.get_attribute("data-from").unwrap_or_default();
                copy(button, dom::find::<Element>(&from).text_content().unwrap_or_default());
            }
            "copy-report" => copy(button, self.report()),
            "respond" => self.host.carry("response", &self.text),
            _ => self.pressed_in_recording(what, value, button),
        }
    }

    fn key(&mut self, key: &str) {
        if self.shows_recording() {
            return self.key_in_recording(key);
        }
        match key {
            "Escape" => self.clear(),
            "/" => focus("cors-text"),
            "c" | "C" if !self.is_empty() => copy(&dom::find("cors-copy-report"), self.report()),
            "e" | "E" => {
                if let Ok(Some(first)) = dom::document().query_selector("#cors-examples button") {
                    let _ = wasm_bindgen::JsCast::unchecked_into::<HtmlElement>(first).focus();
                }
            }
            _ => {}
        }
    }

    /// Puts a text in the place of the old one.
    pub(super) fn replace_text(&mut self, text: &str) {
        // Where the field is not shown, the source of the text will show it.
        if matches!(source::chosen(), "har" | "probe") {
            source::choose("curl");
            self.paint_source();
        }
        replace(&field(), text);
        self.typed();
    }

    fn clear(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let text = self.text.clone();
        self.replace_text("");
        self.cleared = Some(text);
        self.paint_source();
        focus("cors-text");
    }

    fn read_file(&mut self, file: Blob) {
        spawn_local(async move {
            send(match file::read_text(&file).await {
                Ok(text) => Event::Text(text),
                Err(fault) => Event::FileFault(fault),
            });
        });
    }

    /// Drops everything that was typed, pasted or found.
    fn forget(&mut self) {
        self.empty_form();
        field().set_value("");
        (self.text, self.cleared, self.probes) = (String::new(), None, None);
        self.close_recording();
        self.refresh();
    }

    pub(super) fn empty_form(&self) {
        for id in source::FIELDS {
            expectations::set_value(id, "");
        }
    }

    /// Says something that is no part of the explanation.
    fn say(&mut self, text: &str) {
        dom::set_text("cors-notice", text);
        dom::show("cors-notice", true);
    }

    /// Reads out what is new, once typing has stopped.
    fn announce(&mut self) {
        if !dom::in_view("cors") {
            return;
        }
        let text = if self.is_empty() { String::new() } else { self.explanation.headline.to_string() };
        if text != self.announced {
            dom::set_text("announcer", &text);
            self.announced = text;
        }
    }
}

fn now() -> Time {
    clock::now()
}

/// Moves the focus.
pub(super) fn focus(id: &str) {
    let _ = dom::find::<HtmlElement>(id).focus();
}

/// Copies a text, says on the button how that went, and takes it back after two seconds.
pub(super) fn copy(button: &Element, text: String) {
    let button = button.clone();
    spawn_local(async move {
        let worked = clipboard::write(&text).await;
        let word = if worked { "Copied" } else { "Not copied" };
        dom::set_text("announcer", if worked { word } else { "The browser refused to copy" });
        let said = button.query_selector("[data-said]").ok().flatten();
        if let Some(said) = &said {
            said.set_text_content(Some(word));
        }
        let _ = button.class_list().add_1("said");
        Timeout::new(2000, move || {
            let _ = button.class_list().remove_1("said");
            if let Some(said) = said {
                said.set_text_content(None);
            }
        })
        .forget();
    });
}
