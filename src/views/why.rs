//! What the Inspect view shows behind the first verdict: the signature doctor, the timeline, the kind of token with its
//! requirements, who issued it, what an API should check, its lifetime, and another token beside it.
//!
//! The page says when a verdict is painted; [`look`] then explains the text once more, with everything behind it. The
//! fields of this part stand among the page's own, so that a change of one is a change of the page's settings, and comes
//! back as another call of [`look`].

mod beside;
mod comparison;
mod decryption;
mod disclosure;
mod doctor;
mod keys;
mod kind;
mod lifetime;
mod listeners;
mod object;
mod provider;
mod server;
mod signatures;
mod timeline;
mod words;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use gloo_timers::callback::{Interval, Timeout};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlDetailsElement, HtmlTextAreaElement};

use super::Host;
use super::cors::{copy, focus};
use crate::browser::{clock, driver};
use crate::discovery;
use crate::inspect::{self, Fetch};
use crate::messages::Prose;
use crate::page::dom;
use crate::page::expectations::{as_of, options, set_value, value};
use crate::report::markdown::{Behind, redacted_with};
use crate::report::{Token, TokenKind};
use crate::time::Time;
use crate::why::{Answers, Choices, Explained, Why, carry};

/// Everything that can happen to this part of the page.
pub enum Event {
    /// The page has painted a verdict: the answers to its requests, which of its inputs it is, and which token is shown.
    Painted(String, u32, usize),
    /// More is known, by the run of that number; whether all is.
    Progress(u32, Box<Explained>, bool),
    /// The run of that number takes a while.
    Slow(u32),
    /// A button with `data-why` was pressed: what to do, and the button.
    Pressed(String, Element),
    /// So many tests of a round were made, by the run of that number.
    Step(u32, usize),
    /// Searching is to end.
    Stop,
    /// A second went by.
    Tick,
    /// What follows from the time, by the run of that number, and for how many milliseconds that was looked for.
    Looked(u32, Box<Explained>, f64),
    /// The next slice is to be painted.
    Slice,
    /// The window became wide or narrow.
    Width,
    /// The window has another size.
    Resized,
    /// Nothing new was learnt for a while: what was is read out.
    Pause,
    /// "Forget everything" was pressed.
    Forget,
}

/// How long searching may take before its progress is shown, in milliseconds.
const PATIENCE: u32 = 400;

/// How long after the end of searching its result is read out, in milliseconds: after the verdict.
const PAUSE: u32 = 1200;

/// This part of the page and what it holds.
pub struct View {
    host: Host,
    answers: Rc<RefCell<Answers>>,
    explained: Explained,
    /// Which of the page's inputs is looked at.
    generation: u32,
    /// Which of its tokens is shown.
    chosen: usize,
    /// Whether more is still to come.
    searching: bool,
    /// Whether that takes long enough to say so.
    slow: bool,
    /// Whether searching was stopped for this input.
    stopped: bool,
    /// Tests that were made since more was known.
    step: usize,
    /// The text of the token that is painted.
    painted: String,
    /// Which of [`SLICES`] is painted next, and the timer that does it.
    next: usize,
    slice: Option<Timeout>,
    /// Whether times are being looked at again.
    looking: bool,
    patience: Option<Timeout>,
    /// Whether the other token's field is open.
    comparing: bool,
    /// Header and payload of the token that a kind was chosen for.
    chosen_for: Option<(String, String)>,
    /// So many seconds go by before the times are looked at again: more than one where looking takes long.
    rest: u32,
    /// What was read out last.
    announced: String,
    pause: Option<Timeout>,
    _ticker: Interval,
    _listeners: Vec<gloo_events::EventListener>,
}

/// The sections that are there when there is something to show in them.
const SECTIONS: [&str; 5] = ["sec-timeline", "sec-kind", "sec-provider", "sec-server", "sec-lifetime"];

/// What is painted, a slice to a task. What the doctor says the list of checks does not say again, and that list, which is
/// the page's, stands above the rest and would move it. The third slice takes the room that is kept for it as a whole.
const SLICES: [&[fn(&View)]; 5] = [
    &[View::paint_doctor],
    &[View::tell],
    &[
        View::paint_object,
        View::paint_key_details,
        View::paint_kind,
        View::paint_provider,
        View::paint_timeline,
        View::fill_room,
    ],
    &[View::paint_server, View::paint_lifetime],
    &[View::paint_comparison, View::paint_beside],
];

/// What is painted from the token.
const PAINTED: [&str; 33] = [
    "timeline",
    "timeline-note",
    "verifiers",
    "verifiers-count",
    "kind-name",
    "kind-reference",
    "kind-sure",
    "kind-evidence",
    "kind-alternatives",
    "kind-counts",
    "kind-broken",
    "kind-rest-text",
    "kind-others",
    "provider-name",
    "provider-sure",
    "provider-evidence",
    "provider-traps",
    "provider-places",
    "provider-claims",
    "server",
    "server-aside",
    "lifetime-length",
    "lifetime-about",
    "lifetime-unknown",
    "lifetime-commands",
    "compare-headline",
    "compare-rows",
    "compare-rest-text",
    "compare-rest-rows",
    "compare-same",
    "doctor-count",
    "tried-aside",
    "not-aside",
];

thread_local! {
    static VIEW: RefCell<Option<View>> = const { RefCell::new(None) };
    static EVENTS: RefCell<VecDeque<Event>> = const { RefCell::new(VecDeque::new()) };
    /// The number of the run that counts; older ones end at their next step.
    static RUN: Cell<u32> = const { Cell::new(0) };
}

/// Starts this part of the page.
pub fn start(host: Host) {
    keys::prepare();
    let view = View {
        host,
        answers: Rc::default(),
        explained: Explained::default(),
        generation: 0,
        chosen: 0,
        searching: false,
        slow: false,
        stopped: false,
        step: 0,
        painted: String::new(),
        next: SLICES.len(),
        slice: None,
        looking: false,
        patience: None,
        comparing: false,
        chosen_for: None,
        rest: 0,
        announced: String::new(),
        pause: None,
        _ticker: Interval::new(1000, || send(Event::Tick)),
        _listeners: listeners::all(),
    };
    kind::list();
    VIEW.with_borrow_mut(|slot| *slot = Some(view));
    send(Event::Width);
}

/// Looks at what the Inspect view shows: the answers to its requests, which of its inputs they belong to, and which of the
/// tokens is shown.
pub fn look(responses: &str, generation: u32, chosen: usize) {
    send(Event::Painted(responses.to_owned(), generation, chosen));
}

/// The redacted report on the token that is shown, once everything about that input is known.
pub fn report(generation: u32) -> Option<String> {
    VIEW.with(|view| {
        let view = view.try_borrow().ok()?;
        let view = view.as_ref().filter(|view| view.generation == generation && !view.searching)?;
        let report = &view.explained.report;
        let token = report.tokens.get(view.chosen).or(report.tokens.first())?;
        let why = view.why();
        let behind = Behind {
            kind: why.and_then(|why| why.profile.as_ref()).map(|kind| kind.name),
            issuer: why.and_then(|why| why.provider.as_ref()).map(|provider| provider.name),
            cause: why.and_then(|why| why.diagnosis.as_ref()).and_then(|diagnosis| diagnosis.cause),
        };
        Some(redacted_with(token, &behind, report.now))
    })
}

/// Hands an event on, after those that are still being handled.
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

/// Whether a search is shown that a key can stop.
fn is_stoppable() -> bool {
    VIEW.with(|view| view.try_borrow().is_ok_and(|view| view.as_ref().is_some_and(|view| view.searching && view.slow)))
}

impl View {
    fn handle(&mut self, event: Event) {
        match event {
            Event::Painted(responses, generation, chosen) => self.painted(&responses, generation, chosen),
            Event::Progress(run, explained, done) if run == RUN.get() => self.progress(*explained, done),
            Event::Slow(run) if run == RUN.get() && self.searching => {
                self.slow = true;
                self.paint();
            }
            Event::Step(run, done) if run == RUN.get() => {
                self.step = done;
                self.paint_count();
            }
            Event::Looked(run, explained, took) if run == RUN.get() => self.looked(*explained, took),
            Event::Progress(..) | Event::Slow(_) | Event::Step(..) | Event::Looked(..) => {}
            Event::Slice => self.paint_slice(),
            Event::Pressed(what, button) => self.pressed(&what, &button),
            Event::Stop => self.stop(),
            Event::Tick => self.tick(),
            Event::Width => beside::fold(),
            Event::Resized => self.paint_timeline(),
            Event::Pause => self.announce(),
            Event::Forget => self.forget(),
        }
    }

    fn painted(&mut self, responses: &str, generation: u32, chosen: usize) {
        self.chosen = chosen;
        // Another one of the tokens that are explained already.
        if generation == self.generation && !self.searching {
            return self.paint();
        }
        self.answers.borrow_mut().inspect.responses = discovery::carry::read(responses);
        self.generation = generation;
        self.stopped = false;
        self.run();
    }

    /// Explains the text. A run that is still at it ends.
    fn run(&mut self) {
        let run = RUN.get().wrapping_add(1);
        RUN.set(run);
        self.searching = true;
        self.slow = false;
        self.step = 0;
        self.looking = false;
        self.patience = Some(Timeout::new(PATIENCE, move || send(Event::Slow(run))));
        self.pause = None;
        let (text, options, choices, as_of) = (text(), options(Fetch::Never), self.choices(), as_of());
        let answers = self.answers.clone();
        spawn_local(async move {
            let keep_going = move || RUN.get() == run;
            let mut progress = |explained| send(Event::Progress(run, Box::new(explained), false));
            let step = move |done| send(Event::Step(run, done));
            let told = driver::Listeners { keep_going: &keep_going, step: &step, progress: &mut progress };
            if let Some(explained) = driver::explain(&text, &options, &choices, as_of, &answers, None, told).await {
                send(Event::Progress(run, Box::new(explained), true));
            }
        });
    }

    fn choices(&self) -> Choices {
        Choices {
            profile: given("kind-choice"),
            compare_with: given("compare-text").filter(|_| self.comparing),
            stopped: self.stopped,
            ..beside::choices()
        }
    }

    fn progress(&mut self, explained: Explained, done: bool) {
        self.searching = !done;
        self.step = 0;
        // While the signature waits for WebCrypto, some milliseconds, what is shown stays.
        let waits = |token: &Token| token.findings.iter().any(|finding| finding.code == inspect::code::CHECKING);
        if !done && explained.report.tokens.iter().any(waits) {
            return;
        }
        self.explained = explained;
        if self.forget_choice() {
            return self.run();
        }
        // What is known of a token that is shown already waits for the rest of it, unless that takes long.
        if done || self.slow || self.token().is_some_and(|token| token.text != self.painted) {
            self.paint();
        }
        if done {
            self.pause = Some(Timeout::new(PAUSE, || send(Event::Pause)));
        }
    }

    /// A kind was chosen for one token, and for what that becomes by editing; it says nothing of another one. Returns
    /// whether the choice was dropped.
    fn forget_choice(&mut self) -> bool {
        let part = |token: &Token, at: usize| {
            let span = token.segments.get(at).map(|segment| segment.span.clone());
            span.and_then(|span| token.text.get(span)).unwrap_or_default().to_owned()
        };
        let parts = self.token().map(|token| (part(token, 0), part(token, 1)));
        let other = match (&self.chosen_for, &parts) {
            (Some((header, payload)), Some((other_header, other_payload))) => {
                header != other_header && payload != other_payload
            }
            (Some(_), None) => true,
            (None, _) => false,
        };
        let dropped = other && !value("kind-choice").is_empty();
        if dropped {
            set_value("kind-choice", "");
        }
        self.chosen_for = parts.filter(|_| !value("kind-choice").is_empty());
        dropped
    }

    /// The token that is shown.
    fn token(&self) -> Option<&Token> {
        let tokens = &self.explained.report.tokens;
        tokens.get(self.chosen).or(tokens.first())
    }

    /// What is known about it.
    fn why(&self) -> Option<&Why> {
        self.explained.whys.get(self.chosen).or(self.explained.whys.first())
    }

    /// The time that the checks are made for.
    fn now(&self) -> Time {
        self.explained.report.now
    }

    /// Paints everything anew, in slices. What was left to paint of an older state is not.
    fn paint(&mut self) {
        self.painted.clear();
        self.next = SLICES.len();
        self.slice = None;
        let Some(text) = self.token().map(|token| token.text.clone()) else { return erase() };
        self.painted = text;
        self.next = 0;
        self.paint_soon();
    }

    /// A task of its own, so that what came in meanwhile is heard first.
    fn paint_soon(&mut self) {
        self.slice = Some(Timeout::new(0, || send(Event::Slice)));
    }

    fn paint_slice(&mut self) {
        for part in SLICES.get(self.next).copied().unwrap_or_default() {
            part(self);
        }
        self.next += 1;
        if self.next < SLICES.len() {
            self.paint_soon();
        }
    }

    /// The room that was kept is taken.
    fn fill_room(&self) {
        let kind = if self.token().is_some_and(|token| token.kind == TokenKind::Jwe) { "encrypted" } else { "" };
        dom::set(&dom::find("main"), "data-behind", kind);
    }

    /// Hands the findings to the page, which paints them.
    fn tell(&self) {
        self.host.explained(&carry::write(&self.explained, self.generation));
    }

    /// Times go on: what follows from them is looked at again, without asking anything.
    fn tick(&mut self) {
        let busy = self.searching || self.looking || self.next < SLICES.len();
        if busy || self.explained.report.tokens.is_empty() || dom::document().hidden() {
            return;
        }
        if self.rest > 0 {
            self.rest -= 1;
            return;
        }
        self.looking = true;
        let run = RUN.get();
        let (text, options, choices, as_of) = (text(), options(Fetch::Never), self.choices(), as_of());
        let answers = self.answers.clone();
        spawn_local(async move {
            let begun = clock::milliseconds();
            let keep_going = move || RUN.get() == run;
            if let Some((explained, _)) = driver::look(&text, &options, &choices, as_of, &answers, &keep_going).await {
                send(Event::Looked(run, Box::new(explained), clock::milliseconds() - begun));
            }
        });
    }

    fn looked(&mut self, explained: Explained, took: f64) {
        self.looking = false;
        self.rest = (took / 5.0) as u32;
        let whys = || self.explained.whys.iter().zip(&explained.whys);
        let same = self.explained.comparison == explained.comparison
            && self.explained.whys.len() == explained.whys.len()
            && whys().all(|(one, other)| is_same(one, other));
        self.explained = explained;
        if same { self.paint_timeline() } else { self.paint() }
    }

    fn pressed(&mut self, what: &str, button: &Element) {
        match what {
            "stop" => self.stop(),
            "compare" => self.toggle_comparison(),
            "compare-clear" => {
                set_value("compare-text", "");
                focus("compare-text");
                self.run();
            }
            "issuer-keys" => doctor::use_issuer_keys(),
            "copy" => {
                let from = button.get_attribute("data-from").unwrap_or_default();
                copy(button, dom::find::<Element>(&from).text_content().unwrap_or_default());
            }
            _ => {}
        }
    }

    /// Ends the search. What is known stays.
    fn stop(&mut self) {
        if self.searching {
            self.stopped = true;
            self.run();
        }
    }

    /// Drops everything that was typed here.
    fn forget(&mut self) {
        beside::forget();
        for id in ["kind-choice", "compare-text"] {
            set_value(id, "");
        }
        *self.answers.borrow_mut() = Answers::default();
        if self.comparing {
            self.toggle_comparison();
            focus("input");
        }
        self.announced = String::new();
        self.run();
    }

    /// Reads out what was concluded, once.
    fn announce(&mut self) {
        let doctor = self.why().and_then(|why| why.diagnosis.as_ref()).map(|found| doctor::sentence(found, self.now()));
        let comparison = self.explained.comparison.as_ref().map(|comparison| comparison.headline.to_string());
        let text = comparison.or(doctor).unwrap_or_default();
        if text != self.announced && dom::in_view("inspect") {
            if !text.is_empty() {
                dom::set_text("announcer", &text);
            }
            self.announced = text;
        }
    }
}

/// Without a token nothing of an earlier one stays, hidden parts of the page included.
fn erase() {
    let _ = dom::find::<Element>("main").remove_attribute("data-behind");
    doctor::erase();
    object::erase();
    keys::erase();
    for id in SECTIONS {
        dom::show(id, false);
    }
    for id in PAINTED {
        dom::update(id, &[]);
    }
    let _ = dom::find::<Element>("kind-reference").remove_attribute("href");
}

/// Opens or folds what the page folds by itself, when that changes; otherwise the user's folding holds.
fn open(id: &str, open: bool) {
    let details: HtmlDetailsElement = dom::find(id);
    let wanted = if open { "true" } else { "false" };
    if details.get_attribute("data-open").as_deref() != Some(wanted) {
        dom::set(&details, "data-open", wanted);
        details.set_open(open);
    }
}

/// The pasted text.
fn text() -> String {
    dom::find::<HtmlTextAreaElement>("input").value()
}

/// What a field holds; `None` where it holds nothing.
fn given(id: &str) -> Option<String> {
    Some(value(id)).filter(|text| !text.trim().is_empty())
}

/// Whether the same is known of a token, but for the drawing of its times, which changes each second.
fn is_same(one: &Why, other: &Why) -> bool {
    let Why { profile, provider, server_checks, lifetime, timeline: _, diagnosis, findings } = one;
    (profile, provider, server_checks) == (&other.profile, &other.provider, &other.server_checks)
        && (lifetime, diagnosis, findings) == (&other.lifetime, &other.diagnosis, &other.findings)
}

/// Sets the words of an element.
fn set_prose(id: &str, prose: &Prose) {
    let holder = dom::element("p");
    dom::push_prose(&holder, prose);
    dom::update_from(id, &holder);
}

/// Fills a list, and shows the part of the page that it stands in where it has entries.
fn fill(list: &str, part: &str, entries: &[Element]) {
    dom::show(part, !entries.is_empty());
    dom::update(list, entries);
}

/// The entries of a plain list.
fn bullets(entries: &[Prose]) -> Vec<Element> {
    let entry = |prose: &Prose| {
        let entry = dom::element("li");
        dom::push_prose(&entry, prose);
        entry
    };
    entries.iter().map(entry).collect()
}

/// Clauses as one, with semicolons between them.
fn joined(clauses: &[Prose]) -> Prose {
    let mut joined = Prose::default();
    for (number, clause) in clauses.iter().enumerate() {
        if number > 0 {
            joined.push_text("; ");
        }
        joined.0.extend(clause.0.iter().cloned());
    }
    joined
}
