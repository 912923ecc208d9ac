//! The ledger: every request since the page was loaded. It survives "Forget everything", because it happened.

use web_sys::Element;

use super::dom::{self, Template};
use crate::browser::fetch::{self, LedgerEntry, Outcome};

/// Paints the line in the top bar, and the list.
pub fn paint() {
    let entries = fetch::ledger();
    let sent = entries.iter().filter(|entry| entry.outcome != Outcome::NotSent).count();
    let text = match sent {
        0 => "Nothing sent".to_owned(),
        1 => "1 request sent".to_owned(),
        count => [&count.to_string(), " requests sent"].concat(),
    };
    dom::set_icon("ledger-icon", if sent == 0 { "lock" } else { "out" });
    dom::set_text("ledger-text", &text);
    dom::show("ledger-why", sent > 0);
    dom::show("no-requests", entries.is_empty());
    dom::update("requests", &entries.iter().map(line).collect::<Vec<_>>());
}

fn line(entry: &LedgerEntry) -> Element {
    let line = Template::fill("request");
    let outcome = match entry.outcome {
        Outcome::Pending => "waiting for the answer".to_owned(),
        Outcome::Answered(status) => ["answered ", &status.to_string()].concat(),
        Outcome::Failed => "no answer that this page may read".to_owned(),
        Outcome::NotSent => "held back before it left".to_owned(),
    };
    line.text("time", &entry.time.time_of_day());
    line.text("what", &["GET ", entry.url.as_str(), ", ", &outcome].concat());
    line.done()
}
