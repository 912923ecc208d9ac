//! The ledger: every request since the page was loaded. It survives "Forget everything", because it happened.
//!
//! Each wasm module has a list of its own requests; this one is told of the others' by `boot.js`.

use std::cell::RefCell;

use web_sys::Element;

use super::dom::{self, Template};
use crate::browser::clock;
use crate::browser::fetch::{self, LedgerEntry, Outcome};

/// A request of another module.
struct Other {
    /// Before which of this module's own it was sent.
    before: usize,
    time: String,
    what: String,
    left: bool,
}

thread_local! {
    static OTHERS: RefCell<Vec<Other>> = const { RefCell::new(Vec::new()) };
}

/// A request of another module was sent, or more is known of it: its number there, what became of it, and whether it left.
pub fn other(number: usize, what: String, left: bool) {
    OTHERS.with_borrow_mut(|others| match others.get_mut(number) {
        Some(known) => (known.what, known.left) = (what, left),
        None => {
            let (before, time) = (fetch::ledger().len(), clock::now().time_of_day());
            others.push(Other { before, time, what, left });
        }
    });
    paint();
}

/// Paints the line in the top bar, and the list.
pub fn paint() {
    let entries = fetch::ledger();
    let own = entries.iter().filter(|entry| entry.outcome != Outcome::NotSent).count();
    let sent = own + OTHERS.with_borrow(|others| others.iter().filter(|other| other.left).count());
    let text = match sent {
        0 => "Nothing sent".to_owned(),
        1 => "1 request sent".to_owned(),
        count => [&count.to_string(), " requests sent"].concat(),
    };
    dom::set_icon("ledger-icon", if sent == 0 { "lock" } else { "out" });
    dom::set_text("ledger-text", &text);
    dom::show("ledger-why", sent > 0);
    let mut lines = Vec::new();
    OTHERS.with_borrow(|others| {
        let mut others = others.iter().peekable();
        for number in 0..=entries.len() {
            while let Some(other) = others.next_if(|other| other.before == number) {
                lines.push(line(&other.time, &other.what));
            }
            lines.extend(entries.get(number).map(|entry| line(&entry.time.time_of_day(), &words(entry))));
        }
    });
    dom::show("no-requests", lines.is_empty());
    dom::update("requests", &lines);
}

/// A request in words.
pub fn words(entry: &LedgerEntry) -> String {
    let outcome = match entry.outcome {
        Outcome::Pending => "waiting for the answer".to_owned(),
        Outcome::Answered(status) => ["answered ", &status.to_string()].concat(),
        Outcome::Opaque => "an answer without anything to read".to_owned(),
        Outcome::Failed => "no answer that this page may read".to_owned(),
        Outcome::NotSent => "held back before it left".to_owned(),
    };
    ["GET ", entry.url.as_str(), ", ", &outcome].concat()
}

fn line(time: &str, what: &str) -> Element {
    let line = Template::fill("request");
    line.text("time", time).text("what", what);
    line.done()
}
