//! The Response view: a failing answer, the token and the request make a case, and its explanation is painted; beside it,
//! what is known of codes, scopes and causes can be looked up.
//!
//! As in the page, every input ends in [`send`], and everything is painted again: patching keeps what did not change.

mod answer;
mod examples;
mod hiding;
mod history;
mod knowledge;
mod known;
mod listeners;
mod next;
mod report;
mod token;
mod words;

use std::cell::RefCell;
use std::collections::VecDeque;

use gloo_timers::callback::Timeout;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, Element, HtmlDetailsElement};

use super::Host;
use super::cors::{copy, focus};
use crate::browser::clock;
use crate::browser::file::{self, FileFault};
use crate::messages::Prose;
use crate::page::{dom, expectations};
use crate::response_doctor::evidence::{self, Kind, SentToken};
use crate::response_doctor::{Case, Catalogue, Explanation, answer as answers, explain, explanation, join};
use crate::text;
use crate::time::Time;

/// Everything that can happen to the view.
pub enum Event {
    /// A text came in as a whole: pasted or dropped beside the fields, or from another view.
    Text(String),
    /// A file was chosen or dropped; its name.
    File(Blob, String),
    /// A file could not be read.
    FileFault(FileFault),
    /// A link named something to look up, as a query string: `page=403`, `code=okta.E0000006`, `search=expired`.
    Settings(String),
    /// Back or Forward was pressed: what the entry of the history holds.
    Returned(String),
    /// The text of a field changed; its id.
    Typed(String),
    /// A field was left after a change; its id.
    Left(String),
    /// The query changed.
    Query,
    /// A button with `data-response` was pressed: what to do, its `data-value`, and the button.
    Pressed(String, String, Element),
    /// A single key, outside of fields.
    Key(String),
    /// Typing stopped: what is new is read out.
    Pause,
    /// "Forget everything" was pressed.
    Forget,
    /// The window became wide or narrow.
    Width,
}

/// How long after the last key a change is read out, in milliseconds.
const PAUSE: u32 = 400;

/// Of a longer text, in bytes, only the beginning is kept: no answer is that long, and each key would take a while.
const LONGEST: usize = 512 * 1024;

/// The fields of texts; that of the token is another matter.
const FIELDS: [&str; 3] = ["response-text", "response-request", "response-registered"];

/// The view and what it holds.
pub struct View {
    host: Host,
    catalogue: Catalogue,
    /// What was hidden in the fields.
    hidden: hiding::Hidden,
    /// The token as it was given; empty where the field is.
    given_token: String,
    /// The token that was sent, as it was given or as the texts have it.
    sent_token: Option<SentToken>,
    /// Whether the token is shown.
    token_shown: bool,
    /// The length of what is being typed into the token's field.
    token_length: usize,
    /// Whether the focus has to leave that field, because it is gone.
    focus_token: bool,
    /// The text of the response before the last Clear.
    cleared: Option<String>,
    explanation: Explanation,
    /// What is shown in the place of the explanation, the last one on top.
    screens: Vec<knowledge::Screen>,
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

/// Starts the view, which `boot.js` has shown, with the text of the catalogue.
pub fn start(host: Host, catalogue: &str) {
    let text = |id| dom::find::<Element>(id).text_content().unwrap_or_default();
    let catalogue = Catalogue::read(catalogue);
    let explanation = explain(&Case::default(), &catalogue, now());
    let view = View {
        host,
        catalogue,
        hidden: hiding::Hidden::default(),
        given_token: String::new(),
        sent_token: None,
        token_shown: false,
        token_length: 0,
        focus_token: false,
        cleared: None,
        explanation,
        screens: Vec::new(),
        greeting: (text("response-headline"), text("response-support")),
        announced: String::new(),
        pause: None,
        _listeners: listeners::all(),
    };
    view.paint_pages();
    VIEW.with_borrow_mut(|slot| *slot = Some(view));
    // What was read before the page was loaded anew.
    if let Some(held) = history::current().filter(|held| !held.is_empty()) {
        send(Event::Returned(held));
    }
    send(Event::Width);
    // What stood in the fields before the module came.
    send(Event::Left("response-token".to_owned()));
    send(Event::Left("response-text".to_owned()));
    send(Event::Query);
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

impl View {
    fn handle(&mut self, event: Event) {
        match event {
            Event::Text(text) => {
                self.set_text(&text);
                self.show_case();
            }
            Event::File(file, _) => spawn_local(async move {
                send(match file::read_text(&file).await {
                    Ok(text) => Event::Text(text),
                    Err(fault) => Event::FileFault(fault),
                });
            }),
            Event::FileFault(fault) => {
                dom::set_text("response-notice", words::file_fault(fault));
                dom::show("response-notice", true);
            }
            Event::Settings(settings) => {
                self.settings(&settings);
                self.remember(false);
            }
            Event::Returned(held) => self.returned(&held),
            Event::Typed(id) => self.typed(&id, false),
            Event::Left(id) => self.typed(&id, true),
            Event::Query => self.search(),
            Event::Pressed(what, value, button) => self.pressed(&what, &value, &button),
            Event::Key(key) => self.key(&key),
            Event::Pause => self.announce(),
            Event::Forget => self.forget(),
            Event::Width => fold(),
        }
    }

    /// A field changed. What is secret in it is hidden at once where it came as a whole; what is typed key by key is left
    /// alone until the field is.
    fn typed(&mut self, id: &str, left: bool) {
        let mut pasted = false;
        if id == "response-token" {
            self.token_typed(left);
        } else if FIELDS.contains(&id) {
            let shortened = self.shorten(id);
            pasted = self.hidden.field_changed(id, left);
            if pasted && !shortened {
                dom::show("response-notice", false);
            }
        }
        if self.cleared.is_some() && !expectations::value("response-text").is_empty() {
            self.cleared = None;
        }
        if pasted {
            self.prune();
        }
        // Leaving a field is a change only where something was hidden in it; painting it again does no harm.
        self.refresh();
        if !left {
            self.show_case();
        }
    }

    /// Explains the case again and paints it.
    fn refresh(&mut self) {
        expectations::grow();
        let case = self.case();
        let evidence = evidence::recognise(&case);
        let said = answers::read(&evidence, &self.catalogue);
        let joined = join::join(&evidence, &said, &self.catalogue, now());
        self.explanation = explanation::explained(&evidence, &said, &joined, &self.catalogue, now());
        // What someone else has hidden is no token to show, nor is what is left of a mark.
        let is_hidden = |token: &SentToken| token.text.contains('…') || token.text.starts_with('[');
        self.sent_token = evidence.token.filter(|token| !token.text.is_empty() && !is_hidden(token));
        self.paint(&case);
        self.pause = Some(Timeout::new(PAUSE, || send(Event::Pause)));
    }

    /// Keeps no more of a text than can be explained while someone types in it, and says so. Returns whether it did.
    fn shorten(&self, id: &str) -> bool {
        let text = expectations::value(id);
        if text.len() <= LONGEST {
            return false;
        }
        // Whole lines where there are any: half a token would be one that nobody sent.
        let kept = beginning(&text, LONGEST);
        let end = kept.rfind('\n').filter(|at| *at > LONGEST / 2).unwrap_or(kept.len());
        expectations::set_value(id, kept.get(..end).unwrap_or_default());
        dom::set_text("response-notice", words::TOO_LONG);
        dom::show("response-notice", true);
        true
    }

    /// Forgets what was hidden in texts that are gone.
    fn prune(&mut self) {
        let mut texts: Vec<String> = FIELDS.iter().map(|id| expectations::value(id)).collect();
        texts.extend(self.cleared.clone());
        self.hidden.prune(&texts);
    }

    /// The case as it was pasted, with what was hidden in its place again.
    fn case(&self) -> Case {
        let text = |id| self.hidden.restored(&expectations::value(id));
        Case {
            answer: text("response-text"),
            request: text("response-request"),
            token: self.given_token.clone(),
            registered: text("response-registered"),
        }
    }

    fn is_empty(&self) -> bool {
        let blank = |id: &&str| expectations::value(id).trim().is_empty();
        self.given_token.is_empty() && FIELDS.iter().all(blank)
    }

    fn paint(&mut self, case: &Case) {
        self.paint_fields(case);
        self.hidden.paint(&FIELDS);
        self.paint_token();
        self.paint_verdict();
        self.paint_scopes();
        self.paint_findings();
        self.paint_challenges();
        self.paint_next();
        self.paint_title();
    }

    fn paint_fields(&self, case: &Case) {
        let empty = expectations::value("response-text").is_empty();
        let _ = dom::find::<Element>("response-clear").toggle_attribute_with_force("disabled", empty);
        dom::show("response-undo", self.cleared.is_some() && empty);
        let line = case.request.trim().lines().next().unwrap_or_default();
        let summary = if line.is_empty() { words::OPTIONAL.to_owned() } else { self.hidden.masked_line(line) };
        dom::set_text("response-request-summary", &summary);
        let count = case.registered.lines().filter(|line| !line.trim().is_empty()).count();
        dom::set_text(
            "response-registered-summary",
            &if count == 0 { words::NONE.to_owned() } else { count.to_string() },
        );
        dom::show("response-registered-part", count > 0 || self.is_about_redirect_uris(case));
    }

    /// Whether the registered redirect URIs would say more.
    fn is_about_redirect_uris(&self, case: &Case) -> bool {
        matches!(self.explanation.kind, Kind::Redirect | Kind::AuthorizationRequest)
            || ["redirect_uri", "redirect URI", "redirect uri"].iter().any(|name| text::contains(&case.answer, name))
    }

    fn pressed(&mut self, what: &str, value: &str, button: &Element) {
        match what {
            "clear" => self.clear(),
            "undo" => {
                if let Some(text) = self.cleared.take() {
                    self.set_text(&text);
                    focus("response-clear");
                }
            }
            "example" => self.load_example(value),
            "show" => {
                self.hidden.toggle(&FIELDS);
                self.refresh();
            }
            "token-show" => {
                self.token_shown = !self.token_shown;
                self.paint_token();
            }
            "token-remove" => self.remove_token(),
            "token-inspect" => {
                if let Some(token) = &self.sent_token {
                    self.host.inspect(&token.text);
                }
            }
            "copy" => {
                let from = button.get_attribute("data-from").unwrap_or_default();
                copy(button, dom::find::<Element>(&from).text_content().unwrap_or_default());
            }
            "copy-report" => copy(button, self.report()),
            _ => self.pressed_in_knowledge(what, value),
        }
    }

    fn key(&mut self, key: &str) {
        match key {
            "Escape" if !self.screens.is_empty() => self.close_knowledge(),
            "Escape" => self.clear(),
            "/" => focus("response-text"),
            "s" | "S" => focus("response-search"),
            "c" | "C" if !self.is_empty() && self.screens.is_empty() => {
                copy(&dom::find("response-copy-report"), self.report());
            }
            "e" | "E" => {
                if let Ok(Some(first)) = dom::document().query_selector("#response-examples button") {
                    let _ = wasm_bindgen::JsCast::unchecked_into::<web_sys::HtmlElement>(first).focus();
                }
            }
            _ => {}
        }
    }

    /// Puts a text in the place of the old response.
    fn set_text(&mut self, text: &str) {
        dom::show("response-notice", false);
        expectations::set_value("response-text", text);
        self.typed("response-text", true);
    }

    fn clear(&mut self) {
        let text = expectations::value("response-text");
        if text.is_empty() {
            return;
        }
        self.cleared = Some(text);
        self.set_text("");
        focus("response-text");
    }

    /// Drops everything that was pasted, and what was hidden of it.
    fn forget(&mut self) {
        for id in FIELDS.iter().chain(&["response-token", "response-search"]) {
            expectations::set_value(id, "");
        }
        self.hidden = hiding::Hidden::default();
        (self.given_token, self.cleared, self.token_shown) = (String::new(), None, false);
        self.refresh();
        self.close_knowledge();
    }

    /// Reads out what is new, once typing has stopped.
    fn announce(&mut self) {
        if !dom::in_view("response") || !self.screens.is_empty() {
            return;
        }
        let text = if self.is_empty() { String::new() } else { self.explanation.headline.to_string() };
        if text != self.announced {
            dom::set_text("announcer", &text);
            self.announced = text;
        }
    }
}

/// The beginning of a text, of at most so many bytes.
fn beginning(text: &str, most: usize) -> &str {
    let mut end = most.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// On a narrow window request and registered URIs fold to one line; the user's folding holds until the width changes.
fn fold() {
    let wide = dom::window().match_media(expectations::WIDE).ok().flatten().is_none_or(|query| query.matches());
    for id in ["response-request-part", "response-registered-part"] {
        dom::find::<HtmlDetailsElement>(id).set_open(wide);
    }
}

fn now() -> Time {
    clock::now()
}

/// Sets the words of an element.
fn set_prose(id: &str, prose: &Prose) {
    let holder = dom::element("p");
    dom::push_prose(&holder, prose);
    dom::update_from(id, &holder);
}
