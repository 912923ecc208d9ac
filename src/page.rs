//! The page: one [`Event`] enum in, one painting out.
//!
//! All markup stands in `www/index.html`; the files below fill its slots. Every input ends in [`send`], which hands the
//! events on one after another, so that an event which causes another one cannot meet a half-changed page.

pub(crate) mod actions;
pub(crate) mod checks;
mod difference;
pub mod dom;
mod examples;
pub(crate) mod expectations;
mod explanations;
mod found;
mod keyboard;
mod keys;
pub mod ledger;
pub(crate) mod listeners;
mod members;
mod mirror;
mod presets;
mod sets;
mod theme;
mod verdict;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use gloo_timers::callback::{Interval, Timeout};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::{Blob, HtmlTextAreaElement};

use crate::browser::file::FileFault;
use crate::browser::{clock, driver};
use crate::claims::{explanation, header_explanation};
use crate::discovery;
use crate::finding::Severity;
use crate::inspect::{Answers, Ask, Fetch, Options, inspect};
use crate::jose::base64url;
use crate::order;
use crate::report::{Report, Token, Verdict, headline};
use crate::time::Time;
use crate::why::carry::{self, Carried};

#[wasm_bindgen]
extern "C" {
    /// What `boot.js` does for the page: it knows the other modules.
    #[derive(Clone)]
    pub type Host;

    /// The redacted report on the token that is shown, from the module that knows all of it.
    #[wasm_bindgen(method, catch)]
    async fn report(this: &Host, generation: u32) -> Result<JsValue, JsValue>;

    /// Says that the verdict on an input is painted: its number, which of its tokens is shown, and how many there are.
    #[wasm_bindgen(method)]
    fn inspected(this: &Host, generation: u32, chosen: usize, count: usize);
}

/// Everything that can happen to the page.
pub enum Event {
    /// The text in the field changed.
    Typed,
    /// A text came in as a whole: pasted or dropped beside the field, or from another view.
    Pasted(String),
    /// A file was chosen or dropped.
    File(Blob),
    /// A form field changed; its id.
    Setting(String),
    /// A button with `data-do` was pressed: what to do, and its `data-value`.
    Pressed(String, String),
    /// A single key, outside of fields.
    Key(String),
    /// A shared link was entered while the page is open; its settings, with their `expect=`.
    Shared(String),
    /// A second went by.
    Tick,
    /// The window became wide or narrow.
    Width,
    /// More is known about the text of that generation; whether all is.
    Progress(u32, Box<Report>, bool),
    /// What stands behind the verdict is known, as `why::carry` writes it.
    Explained(String),
    /// Why, and where it is specified, has come for the findings of the first verdict.
    Learned(String),
    /// Fetching takes a while.
    Slow,
    /// Typing stopped: what is new is read out.
    Pause,
    /// A file could not be read.
    FileFault(FileFault),
    /// A demo token was signed.
    Signed(examples::Example),
    /// An example could not be signed here.
    ExampleFault,
    /// Something was copied, or could not be: the button's id, and whether it was.
    Copied(&'static str, bool),
    /// Two seconds after that.
    CopiedLongAgo(&'static str),
    /// The next lines of header and payload are to be painted.
    Lines,
}

/// How long after the start the core is run once for nothing, in milliseconds.
const WARMING: u32 = 40;

/// How long after the last key a change is read out, in milliseconds.
const PAUSE: u32 = 400;

/// The page and what it holds. Its listeners and timers live as long as it does.
struct Page {
    /// The text as the field has it.
    text: String,
    /// Counts the inputs, so that an answer to an older one is known as such.
    generation: u32,
    /// Whether a press of a fetch button is being carried out.
    fetching: bool,
    /// Whether that takes long enough to say so.
    slow: bool,
    patience: Option<Timeout>,
    /// Whether answers to this generation are still awaited.
    waiting: bool,
    report: Report,
    /// What stands behind the verdicts, as far as it is known for this text.
    behind: Option<Carried>,
    members: members::Painted,
    host: Host,
    /// Which of the tokens is shown.
    chosen: usize,
    answers: Rc<RefCell<Answers>>,
    presets: presets::Presets,
    /// The text before the last Clear.
    cleared: Option<String>,
    /// What the page says about itself, such as a file that could not be read: the id of its template.
    notice: Option<&'static str>,
    /// The issuer that a shared link chose, when the page was opened by one.
    linked_issuer: Option<String>,
    single_keys: bool,
    /// What was read out last.
    announced: String,
    /// The ledger as it was then.
    ledger: String,
    pause: Option<Timeout>,
    _listeners: Vec<gloo_events::EventListener>,
    _ticker: Interval,
    _warming: Timeout,
}

thread_local! {
    static PAGE: RefCell<Option<Page>> = const { RefCell::new(None) };
    static EVENTS: RefCell<VecDeque<Event>> = const { RefCell::new(VecDeque::new()) };
}

/// Starts the page. `arrival` says what stood in the page's address: "fragment" for a token that is in the field now,
/// "query" for one that was refused, or shared settings with their `expect=`.
pub fn start(arrival: Option<String>, host: Host) {
    let mut page = Page {
        text: String::new(),
        generation: 0,
        fetching: false,
        slow: false,
        patience: None,
        waiting: false,
        report: Report::default(),
        behind: None,
        members: members::Painted::default(),
        host,
        chosen: 0,
        answers: Rc::default(),
        presets: presets::Presets::load(),
        cleared: None,
        notice: None,
        linked_issuer: None,
        single_keys: keyboard::load(),
        announced: String::new(),
        ledger: String::new(),
        pause: None,
        _listeners: listeners::all(),
        _ticker: Interval::new(1000, || send(Event::Tick)),
        _warming: Timeout::new(WARMING, warm_up),
    };
    theme::start();
    dom::set_text("version", env!("CARGO_PKG_VERSION"));
    dom::set_text("own-origin", &dom::window().location().origin().unwrap_or_default());
    page.presets.list();
    match arrival.as_deref() {
        Some("query") => page.notice = Some("refused"),
        Some(settings) if settings.starts_with("expect=") => page.linked_issuer = presets::receive(settings),
        _ => {}
    }
    page.fold();
    page.settings_changed();
    PAGE.with_borrow_mut(|slot| *slot = Some(page));
    send(Event::Typed);
}

/// Inspects a token of no meaning. Browsers compile a function when it is first called, and the tables are read when they
/// are first used: both are done by the time that something is pasted.
fn warm_up() {
    // Encoded here: a ready-made token in the module would be a false find for whoever searches the network's log.
    let parts = [r#"{"alg":"ES256","kid":"1"}"#, r#"{"iss":"https://issuer.example","exp":1}"#, ""];
    let token = parts.map(|part| base64url::encode(part.as_bytes())).join(".");
    let now = clock::now();
    let (report, _) = inspect(&token, &Options::default(), now, now, &Answers::default());
    for token in &report.tokens {
        headline(token, now);
    }
    explanation("iss");
    header_explanation("alg");
}

/// The answers to the requests of this page, for the module that looks behind the verdict.
pub fn carried() -> String {
    PAGE.with_borrow(|page| {
        page.as_ref().map(|page| discovery::carry::write(&page.answers.borrow().responses)).unwrap_or_default()
    })
}

/// Hands an event to the page, after those that are still being handled.
pub fn send(event: Event) {
    EVENTS.with_borrow_mut(|events| events.push_back(event));
    PAGE.with(|page| {
        // Busy: whoever is at it will come to this event too.
        let Ok(mut page) = page.try_borrow_mut() else { return };
        let Some(page) = page.as_mut() else { return };
        while let Some(event) = EVENTS.with_borrow_mut(VecDeque::pop_front) {
            page.handle(event);
        }
    });
}

/// The field that everything is pasted into.
fn input() -> HtmlTextAreaElement {
    dom::find("input")
}

impl Page {
    fn handle(&mut self, event: Event) {
        match event {
            Event::Typed => self.typed(),
            Event::Pasted(text) => self.replace_text(&text),
            Event::File(file) => self.read_file(file),
            Event::Setting(id) => self.setting(&id),
            Event::Shared(settings) => self.shared(&settings),
            Event::Pressed(what, value) => self.pressed(&what, &value),
            Event::Key(key) => self.key(&key),
            Event::Tick => self.tick(),
            Event::Width => self.fold(),
            Event::Progress(generation, report, done) => self.progress(generation, *report, done),
            Event::Explained(findings) => self.explained(&findings),
            Event::Learned(table) => {
                explanations::learn(&table);
                self.paint_input();
                self.paint_results();
            }
            Event::Slow => {
                self.slow = self.fetching;
                self.paint_keys();
            }
            Event::Pause => self.announce(),
            Event::FileFault(fault) => self.say(match fault {
                FileFault::TooLarge => "file-large",
                FileFault::Unreadable => "file-unreadable",
            }),
            Event::ExampleFault => self.say("example"),
            Event::Signed(example) => self.show_example(example),
            Event::Copied(button, worked) => self.copied(button, worked),
            Event::CopiedLongAgo(button) => actions::unsay(button),
            Event::Lines => self.paint_lines(),
        }
    }

    /// The text changed: it is inspected again, and whatever concerned the old one is dropped.
    fn typed(&mut self) {
        let text = input().value();
        if text == self.text && self.generation > 0 {
            return;
        }
        // What is there at the start may come with a notice: a token in the fragment beside one that was refused.
        if !text.is_empty() && self.generation > 0 {
            self.notice = None;
            self.cleared = None;
            dom::show("forgotten", false);
        }
        self.text = text;
        self.behind = None;
        self.members.unfolded = false;
        self.chosen = 0;
        self.refresh(Fetch::Never);
        self.pause = Some(Timeout::new(PAUSE, || send(Event::Pause)));
    }

    fn shared(&mut self, settings: &str) {
        self.linked_issuer = presets::receive(settings);
        self.setting("issuer");
    }

    fn setting(&mut self, id: &str) {
        match id {
            "theme" => theme::chosen(),
            "single-keys" => self.single_keys = keyboard::chosen(),
            "preset" => self.preset_chosen(),
            _ => {}
        }
        self.settings_changed();
        self.refresh(Fetch::Never);
        self.pause = Some(Timeout::new(PAUSE, || send(Event::Pause)));
    }

    /// What follows from the form alone: the height of its fields, its summary, which key source is shown.
    fn settings_changed(&mut self) {
        expectations::grow();
        expectations::summarise();
        keys::show_source();
        self.presets.mark_edited();
    }

    fn tick(&mut self) {
        expectations::show_clock(clock::now());
        if !self.report.tokens.is_empty() && !self.waiting && !dom::document().hidden() {
            self.look_again();
        }
    }

    /// Inspects the text again, at another time or with more behind it, and asks nothing.
    fn look_again(&mut self) {
        let (report, _) = self.inspect(&expectations::options(Fetch::Never));
        self.take(report);
        self.paint_results();
    }

    /// Inspects the text again. What needs no answer is painted at once; where an answer is on its way, which takes
    /// WebCrypto a few milliseconds, the verdict waits for it, so that it does not flicker.
    fn refresh(&mut self, fetch: Fetch) {
        self.generation += 1;
        let generation = self.generation;
        let options = expectations::options(fetch);
        let (report, asks) = self.inspect(&options);
        let found = |report: &Report| report.tokens.iter().filter(|token| token.inside().is_none()).count();
        let same_tokens = found(&self.report) == found(&report);
        self.waiting = !asks.is_empty();
        self.take(report);
        self.paint_input();
        if asks.is_empty() || !same_tokens || options.fetch != Fetch::Never {
            self.paint_results();
        }
        if asks.is_empty() {
            self.inspected();
        } else {
            self.settle(generation, options);
        }
    }

    /// Takes a report in, with what is known to stand behind it. While settings change, the last of that stays until
    /// there is newer: it only adds findings, and tokens of the second look accept nothing meanwhile, so no verdict is
    /// better for a moment than it is.
    fn take(&mut self, report: Report) {
        self.report = report;
        let Some(behind) = &self.behind else { return };
        for (token, findings) in self.report.tokens.iter_mut().zip(&behind.tokens) {
            token.findings.extend(findings.iter().cloned());
            order::sort(&mut token.findings, |one, other| one.severity < other.severity);
            if findings.iter().any(|finding| finding.severity == Severity::Error) {
                token.verdict = Verdict::Rejected;
            }
        }
        if let Some(pasted) = behind.pasted.as_ref().filter(|_| behind.generation == self.generation) {
            pasted.put(&mut self.report.key_sets);
        }
        for whole in &behind.whole {
            whole.put(&mut self.report.tokens, behind.generation == self.generation);
        }
    }

    /// The verdict is painted: what stands behind it may be looked for.
    fn inspected(&self) {
        self.host.inspected(self.generation, self.chosen, self.report.tokens.len());
    }

    fn explained(&mut self, findings: &str) {
        let Some(behind) = carry::read(findings).filter(|behind| behind.generation == self.generation) else { return };
        if self.behind.as_ref() == Some(&behind) {
            return;
        }
        let has_tokens = !behind.whole.is_empty();
        let had_tokens = self.behind.as_ref().is_some_and(|before| !before.whole.is_empty());
        self.behind = Some(behind);
        if had_tokens || has_tokens {
            // Tokens were put in the place of the page's own, or are now: what is painted of the text changes with them.
            let (report, _) = self.inspect(&expectations::options(Fetch::Never));
            self.take(report);
            self.paint_input();
            self.paint_results();
        } else {
            self.look_again();
        }
        self.pause = Some(Timeout::new(PAUSE, || send(Event::Pause)));
    }

    fn inspect(&self, options: &Options) -> (Report, Vec<Ask>) {
        let clock = clock::now();
        inspect(&self.text, options, expectations::as_of().unwrap_or(clock), clock, &self.answers.borrow())
    }

    fn settle(&self, generation: u32, options: Options) {
        let (text, as_of, answers) = (self.text.clone(), expectations::as_of(), self.answers.clone());
        wasm_bindgen_futures::spawn_local(async move {
            let mut progress = |report: &Report| send(Event::Progress(generation, Box::new(report.clone()), false));
            let report = driver::settle(&text, &options, as_of, &answers, &mut progress).await;
            send(Event::Progress(generation, Box::new(report), true));
        });
    }

    fn progress(&mut self, generation: u32, report: Report, done: bool) {
        if done {
            self.fetched();
        }
        if generation == self.generation {
            self.waiting = !done;
            self.take(report);
            self.paint_input();
        } else if done && !self.waiting {
            // The answers came for an older text or other settings; they may still be good for these.
            return self.refresh(Fetch::Never);
        }
        self.paint_results();
        if done {
            self.pause = Some(Timeout::new(PAUSE, || send(Event::Pause)));
            if generation == self.generation {
                self.inspected();
            }
        }
    }

    /// Says something about the page itself, above the results.
    fn say(&mut self, notice: &'static str) {
        self.notice = Some(notice);
        self.paint_input();
        self.announced = notice.to_owned();
        let text = dom::find::<web_sys::Element>("callouts").text_content();
        dom::set_text("announcer", &text.unwrap_or_default());
    }

    /// The token that is shown.
    fn token(&self) -> Option<&Token> {
        self.report.tokens.get(self.chosen).or(self.report.tokens.first())
    }

    /// The time that the checks are made for.
    fn now(&self) -> Time {
        self.report.now
    }
}
