//! The Create view: two texts and a key make a token, which follows what is typed.
//!
//! As in the page, every input ends in [`send`], and everything is painted again: patching keeps what did not change. What
//! is signed is the text of the two fields, byte for byte. A token that came from elsewhere is a draft: nothing signs it
//! until someone presses Sign.

mod buttons;
mod editor;
mod give;
mod key;
mod listeners;
mod says;
mod side;
mod verdict;
mod words;

use std::cell::RefCell;
use std::collections::VecDeque;

use gloo_timers::callback::{Interval, Timeout};
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, Element};

use side::Side;

use super::Host;
use super::cors::{copy, focus};
use crate::browser::file::{self, FileFault};
use crate::browser::{clock, make, operate};
use crate::create::generate::KeyPair;
use crate::create::{self, code, edit, template};
use crate::crypto::operation::{Operation, Operations, Outcome};
use crate::finding::Finding;
use crate::jose::{self, base64url};
use crate::json::quoted;
use crate::page::{dom, expectations};
use crate::report::SegmentRole;
use crate::sniff;

/// Everything that can happen to the view.
pub enum Event {
    /// A text came in as a whole: pasted or dropped beside the fields, or from another view.
    Text(String),
    /// A file was chosen or dropped.
    File(Blob),
    /// A file could not be read.
    FileFault(FileFault),
    /// The text of a field changed; its id.
    Typed(String),
    /// Another choice was made in a group of radio buttons; its name and the value.
    Chosen(String, String),
    /// A button with `data-create` was pressed: what to do, its `data-value`, and the button.
    Pressed(String, String, Element),
    /// A single key, outside of fields.
    Key(String),
    /// Typing stopped for a moment: what was typed is made.
    Make,
    /// What came of making the token of this number.
    Made(u32, Result<key::Made, Finding>),
    /// What a key under a password takes was carried out.
    Operated(u32, Vec<(Operation, Outcome)>),
    /// A key was made: for which algorithm, and what came of it.
    Generated(String, Result<KeyPair, Finding>),
    /// Random bytes came, for a button.
    Random(String, String, Vec<u8>),
    /// Nothing changed for a while: what is new is read out.
    Pause,
    /// A second is over: how long a token lasts is another.
    Tick,
    /// "Forget everything" was pressed.
    Forget,
}

/// How long after the last key the token is made, in milliseconds.
const TYPING: u32 = 60;

/// How long after the last change it is read out, in milliseconds.
const PAUSE: u32 = 400;

/// How often times are worded anew, in milliseconds.
const TICK: u32 = 1000;

/// Bytes of randomness in a `jti`.
const RANDOM: usize = 16;

/// What the view makes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Sign,
    Encrypt,
}

/// The view and what it holds. All keys are here, and nowhere else.
pub struct View {
    host: Host,
    mode: Mode,
    /// Whether what was signed is then encrypted.
    nested: bool,
    /// The template that the texts began with.
    template: String,
    /// The header of the other mode, while this one is shown.
    other_header: String,
    /// What signs: an algorithm by name, "other" or "paste".
    choice: String,
    /// The keys that were made, by algorithm.
    keys: Vec<(String, KeyPair)>,
    /// For which side a key is being made.
    generating: Option<Side>,
    /// In which form the public key of each side is shown.
    forms: (String, String),
    /// The texts came from elsewhere, and nobody said to sign them.
    draft: bool,
    /// Why a draft has no token.
    draft_finding: Option<Finding>,
    /// What was read of the fields.
    read: key::Read,
    /// The same of the fields that encrypt what was signed.
    outer: key::Read,
    /// What was carried out to open keys that are under a password.
    operations: Operations,
    /// The token, or why there is none; `None` before the first one.
    made: Option<Result<key::Made, Finding>>,
    /// The number of the token that was asked for last.
    number: u32,
    /// Whether that one is still being made.
    pending: bool,
    /// What waits for it.
    waiting: Option<(String, String, Element)>,
    /// The texts before the last Clear.
    cleared: Option<(String, String)>,
    /// What was read out last.
    announced: String,
    typing: Option<Timeout>,
    pause: Option<Timeout>,
    _ticks: Interval,
    _listeners: Vec<gloo_events::EventListener>,
}

thread_local! {
    static VIEW: RefCell<Option<View>> = const { RefCell::new(None) };
    static EVENTS: RefCell<VecDeque<Event>> = const { RefCell::new(VecDeque::new()) };
}

/// Starts the view, which `boot.js` has shown.
pub fn start(host: Host) {
    side::copy_fields();
    buttons::fill();
    let mut view = View {
        host,
        mode: Mode::Sign,
        nested: false,
        template: String::new(),
        other_header: words::ENCRYPTED_HEADER.to_owned(),
        choice: key::FIRST.to_owned(),
        keys: Vec::new(),
        generating: None,
        forms: (words::FORMS[0].0.to_owned(), words::FORMS[0].0.to_owned()),
        draft: false,
        draft_finding: Some(draft()),
        read: key::Read::default(),
        outer: key::Read::default(),
        operations: Operations::default(),
        made: None,
        number: 0,
        pending: false,
        waiting: None,
        cleared: None,
        announced: String::new(),
        typing: None,
        pause: None,
        _ticks: Interval::new(TICK, || send(Event::Tick)),
        _listeners: listeners::all(),
    };
    let is_empty = |id: &str| expectations::value(id).is_empty();
    if is_empty("create-header") && is_empty("create-payload") {
        view.load_template(words::FIRST_TEMPLATE, "");
    }
    view.refresh();
    VIEW.with_borrow_mut(|slot| *slot = Some(view));
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
            Event::Text(text) => self.take(&text),
            Event::File(blob) => spawn_local(async move {
                send(match file::read_text(&blob).await {
                    Ok(text) => Event::Text(text),
                    Err(fault) => Event::FileFault(fault),
                });
            }),
            Event::FileFault(fault) => dom::set_text("announcer", words::file_fault(fault)),
            Event::Typed(id) => self.typed(&id),
            Event::Chosen(name, value) => self.chosen(&name, &value),
            Event::Pressed(what, value, button) => self.pressed(&what, &value, button),
            Event::Key(key) => self.key(&key),
            Event::Make => self.make(),
            Event::Made(number, made) => self.receive(number, made),
            Event::Operated(number, outcomes) => self.operated(number, outcomes),
            Event::Generated(algorithm, made) => self.generated(&algorithm, made),
            Event::Random(what, value, bytes) => self.random(&what, &value, &bytes),
            Event::Pause => self.announce(),
            Event::Tick if dom::in_view("create") => self.paint_says(),
            Event::Tick => {}
            Event::Forget => self.forget(),
        }
    }

    /// A field changed.
    fn typed(&mut self, id: &str) {
        let side = Side::of(id);
        match id.rsplit('-').next() {
            Some("algorithm") => self.algorithm_chosen(side, "alg", "algorithm"),
            Some("encryption") => self.algorithm_chosen(side, "enc", "encryption"),
            // Every password that was tried would be kept.
            Some("password" | "key") => self.operations = Operations::default(),
            _ => {}
        }
        if ["create-header", "create-payload"].iter().any(|id| !expectations::value(id).is_empty()) {
            self.cleared = None;
        }
        self.refresh();
    }

    /// Reads the fields again, paints what follows at once, and has the token made when typing stops.
    fn refresh(&mut self) {
        self.read = self.read_fields(Side::Own);
        self.outer = if self.nested { self.read_fields(Side::Outer) } else { key::Read::default() };
        let is_opening = !self.read.asked.is_empty();
        let is_whole = self.sides().all(|side| self.read_of(side).fault.is_none());
        self.pending = is_opening || is_whole && !self.draft;
        self.number += 1;
        if !self.pending {
            self.made = None;
            self.waiting = None;
        }
        self.paint();
        self.typing = self.pending.then(|| Timeout::new(TYPING, || send(Event::Make)));
        self.pause = Some(Timeout::new(PAUSE, || send(Event::Pause)));
    }

    /// Makes the token of what the fields say.
    fn make(&mut self) {
        let number = self.number;
        if !self.read.asked.is_empty() {
            let asked = std::mem::take(&mut self.read.asked);
            spawn_local(async move {
                let mut outcomes = Vec::new();
                for operation in asked {
                    let outcome = operate::carry_out(&operation).await;
                    outcomes.push((operation, outcome));
                }
                send(Event::Operated(number, outcomes));
            });
            return;
        }
        let mut content = self.read.content();
        content.outer = self.nested.then(|| Box::new(self.outer.content()));
        spawn_local(async move { send(Event::Made(number, content.make().await)) });
    }

    /// What a key under a password takes was carried out. What was overtaken by another text is dropped.
    fn operated(&mut self, number: u32, outcomes: Vec<(Operation, Outcome)>) {
        if number == self.number {
            for (operation, outcome) in outcomes {
                self.operations.answer(operation, outcome);
            }
            self.refresh();
        }
    }

    /// The sides that have a part in the token.
    fn sides(&self) -> impl Iterator<Item = Side> + use<> {
        [Some(Side::Own), self.nested.then_some(Side::Outer)].into_iter().flatten()
    }

    /// The token came. One that was overtaken by other text is dropped.
    fn receive(&mut self, number: u32, made: Result<key::Made, Finding>) {
        if number != self.number || !self.pending {
            return;
        }
        self.pending = false;
        self.made = Some(made);
        self.paint();
        self.pause = Some(Timeout::new(PAUSE, || send(Event::Pause)));
        if let Some((what, value, button)) = self.waiting.take() {
            self.pressed(&what, &value, button);
        }
    }

    fn paint(&self) {
        editor::paint("create-header", &self.read.findings);
        editor::paint("create-payload", &self.read.findings);
        self.paint_fields();
        self.paint_key(Side::Own);
        if self.nested {
            editor::paint("outer-header", &self.outer.findings);
            self.paint_key(Side::Outer);
        }
        self.paint_verdict();
        self.paint_token();
        self.paint_says();
        self.paint_give();
    }

    fn paint_fields(&self) {
        let is_object = edit::member(&expectations::value("create-payload"), "iat", "0").is_some();
        buttons::enable("[data-create=set]", is_object);
        let header = edit::member(&expectations::value("create-header"), "jwk", "0").is_some();
        buttons::enable("[data-create=jwk]", header && self.read.public_jwk().is_some());
        buttons::show("[data-create=jwk]", self.mode == Mode::Sign && self.read.is_asymmetric());
        buttons::show("[data-create=undo]", self.cleared.is_some());
        let encrypts = self.mode == Mode::Encrypt;
        buttons::say("[data-create=mode]", words::mode(encrypts));
        buttons::say("[data-create=nest]", words::nest(self.nested));
        buttons::show("[data-create=nest]", !encrypts);
        dom::show("create-row-choice", !encrypts);
        dom::show("outer-part", self.nested);
    }

    fn pressed(&mut self, what: &str, value: &str, button: Element) {
        match what {
            "examples" => buttons::toggle_examples(),
            "template" => {
                buttons::close_examples();
                self.ask_random("template", value);
            }
            "set" if value == "jti" => self.ask_random("set", value),
            "set" => self.set_time(value),
            "jwk" => self.set_jwk(),
            "mode" => self.change_mode(),
            "nest" => self.nest(),
            "generate" => self.generate(Side::of(value)),
            "sign" => {
                self.draft = false;
                self.refresh();
            }
            "copy-public" => copy(&button, self.public_text(Side::of(value))),
            "copy-private" => copy(&button, self.private_text(Side::of(value))),
            "undo" => self.undo(),
            // A token that is still being made is waited for.
            _ if self.pending => self.waiting = Some((what.to_owned(), value.to_owned(), button)),
            _ => self.pressed_for_token(what, &button),
        }
    }

    fn pressed_for_token(&self, what: &str, button: &Element) {
        let Some(Ok(key::Made { token, .. })) = &self.made else { return };
        match what {
            "copy" => copy(button, token.clone()),
            "copy-header" => copy(button, [words::field(self.is_proof()), token].concat()),
            "inspect" => self.host.inspect_with(token, &self.keys_for_inspect()),
            _ => {}
        }
    }

    /// Whether a DPoP proof is made, which has a header of its own
    /// ([RFC 9449 §4.1](https://www.rfc-editor.org/rfc/rfc9449#section-4.1)).
    fn is_proof(&self) -> bool {
        !self.nested && self.read.header("typ").is_some_and(|typ| typ.eq_ignore_ascii_case("dpop+jwt"))
    }

    fn key(&mut self, key: &str) {
        match key {
            "/" => focus("create-payload"),
            "Escape" => self.clear(),
            "c" | "C" => {
                if let Ok(Some(button)) = dom::document().query_selector("[data-create=copy]") {
                    self.pressed("copy", "", button);
                }
            }
            "e" | "E" => buttons::toggle_examples(),
            _ => {}
        }
    }

    /// A text from elsewhere: a token becomes a draft, of which only the texts are taken; anything else is a payload.
    fn take(&mut self, text: &str) {
        let sniffed = sniff::sniff(text);
        let token = sniffed.candidates.iter().find(|candidate| !candidate.opaque).map(|candidate| candidate.text(text));
        let read = token.map(|token| jose::read(&token));
        let part = |role| {
            let bytes = read.as_ref()?.bytes(role)?.to_vec();
            String::from_utf8(bytes).ok()
        };
        match (part(SegmentRole::Header), part(SegmentRole::Payload)) {
            (Some(header), Some(payload)) => {
                if self.mode == Mode::Encrypt {
                    self.change_mode();
                }
                editor::replace("create-header", &header);
                editor::replace("create-payload", &payload);
                self.draft = true;
                self.template.clear();
            }
            _ => editor::replace("create-payload", text),
        }
        self.refresh();
    }

    fn ask_random(&self, what: &str, value: &str) {
        let (what, value) = (what.to_owned(), value.to_owned());
        spawn_local(async move {
            let bytes = make::random(RANDOM).await;
            send(Event::Random(what, value, bytes));
        });
    }

    fn random(&mut self, what: &str, value: &str, bytes: &[u8]) {
        let random = base64url::encode(bytes);
        match what {
            "template" => self.load_template(value, &random),
            _ => editor::set_member("create-payload", value, &quoted(&random)),
        }
        self.refresh();
    }

    /// Begins with a template. The algorithm stays, unless this kind of token takes no secret.
    fn load_template(&mut self, id: &str, random: &str) {
        let Some(template) = template::named(id) else { return };
        id.clone_into(&mut self.template);
        let filled = template.filled(clock::now(), random);
        if self.mode == Mode::Encrypt {
            self.change_mode();
        }
        self.draft = false;
        self.cleared = None;
        editor::replace("create-header", &filled.header);
        editor::replace("create-payload", &filled.payload);
        let asymmetric = template.text("algorithm");
        if !asymmetric.is_empty() && !self.read_fields(Side::Own).is_asymmetric() {
            self.choose(asymmetric);
        }
        self.name_algorithm();
        self.read = self.read_fields(Side::Own);
        if !asymmetric.is_empty() && self.read.key.is_none() && self.choice != "paste" {
            self.generate(Side::Own);
        }
        self.fill_jwk();
    }

    /// Sets a time of the payload: `iat+0`, `exp+300`.
    fn set_time(&mut self, value: &str) {
        let Some((name, after)) = value.split_once('+') else { return };
        let time = clock::now().seconds() + after.parse().unwrap_or(0);
        editor::set_member("create-payload", name, &time.to_string());
        self.refresh();
    }

    fn set_header(&self, side: Side, name: &str, value: &str) {
        editor::set_member(&side.id("header"), name, value);
    }

    /// Writes the public half of the key into the header.
    fn set_jwk(&mut self) {
        if let Some(jwk) = self.read.public_jwk() {
            self.set_header(Side::Own, "jwk", &jwk);
            self.refresh();
        }
    }

    fn change_mode(&mut self) {
        self.mode = if self.mode == Mode::Sign { Mode::Encrypt } else { Mode::Sign };
        let header = expectations::value("create-header");
        editor::replace("create-header", &std::mem::replace(&mut self.other_header, header));
        (self.draft, self.nested) = (false, false);
        self.mode_changed(Side::Own);
        self.refresh();
    }

    /// Adds encryption to the signature, or takes it away.
    fn nest(&mut self) {
        self.nested = !self.nested;
        dom::show("outer-part", self.nested);
        if self.nested && expectations::value("outer-header").is_empty() {
            editor::replace("outer-header", words::NESTED_HEADER);
        }
        if self.nested {
            self.mode_changed(Side::Outer);
        }
        self.refresh();
    }

    fn clear(&mut self) {
        let texts = (expectations::value("create-header"), expectations::value("create-payload"));
        if texts.0.is_empty() && texts.1.is_empty() {
            return;
        }
        editor::replace("create-header", "");
        editor::replace("create-payload", "");
        self.draft = false;
        self.cleared = Some(texts);
        self.refresh();
        focus("create-header");
    }

    fn undo(&mut self) {
        if let Some((header, payload)) = self.cleared.take() {
            editor::replace("create-header", &header);
            editor::replace("create-payload", &payload);
            self.refresh();
            focus("create-payload");
        }
    }

    /// Drops every text, key and secret, and begins anew.
    fn forget(&mut self) {
        for side in [Side::Own, Side::Outer] {
            for field in ["secret", "key", "password", "header"] {
                expectations::set_value(&side.id(field), "");
            }
            expectations::set_value(&side.id("secret-encoding"), "utf8");
        }
        expectations::set_value("create-payload", "");
        self.keys = Vec::new();
        self.operations = Operations::default();
        self.nested = false;
        (self.made, self.waiting, self.cleared) = (None, None, None);
        self.other_header = words::ENCRYPTED_HEADER.to_owned();
        if self.mode == Mode::Encrypt {
            self.mode = Mode::Sign;
            self.mode_changed(Side::Own);
        }
        self.load_template(words::FIRST_TEMPLATE, "");
        self.refresh();
    }

    /// Reads out what is new, once nothing changes for a while.
    fn announce(&mut self) {
        if self.pending || self.generating.is_some() || !dom::in_view("create") {
            return;
        }
        let text = dom::find::<Element>("create-headline").text_content().unwrap_or_default();
        if text != self.announced {
            dom::set_text("announcer", &text);
            self.announced = text;
        }
    }
}

/// Why there is no token: it is a copy of one.
fn draft() -> Finding {
    Finding::info(code::DRAFT, "/signature")
}

/// The words of a finding, as of now.
fn words_of(finding: &Finding) -> crate::messages::Words {
    create::words(finding, clock::now())
}
