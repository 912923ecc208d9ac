//! The ledger: every request since the page was loaded. It survives "Forget everything", because it happened.

use super::dom::{self, Template};
use crate::discovery::{Response, Request};
use crate::inspect::Answers;
use crate::time::Time;

/// What was asked of the network.
#[derive(Default)]
pub struct Ledger {
    entries: Vec<Entry>,
}

#[derive(PartialEq)]
struct Entry {
    request: Request,
    received: Time,
    outcome: String,
}

impl Ledger {
    /// Takes up what is new among the answers.
    pub fn update(&mut self, answers: &Answers) {
        for (request, response) in &answers.responses {
            let outcome = match response {
                Response::Answered(answered) => {
                    let bytes = answered.body.len().to_string();
                    [&answered.status.to_string(), ", ", &bytes, " bytes"].concat()
                }
                Response::Failed(_) => "no readable answer".to_owned(),
            };
            let entry = Entry { request: request.clone(), received: response.received(), outcome };
            if !self.entries.contains(&entry) {
                self.entries.push(entry);
            }
        }
    }

    /// Paints the line in the top bar, and the list.
    pub fn paint(&self) {
        let count = self.entries.len();
        dom::set_icon("ledger-icon", if count == 0 { "lock" } else { "out" });
        let text = match count {
            0 => "Nothing sent".to_owned(),
            1 => "1 request sent, at your click".to_owned(),
            _ => [&count.to_string(), " requests sent, at your click"].concat(),
        };
        dom::set_text("ledger-text", &text);
        dom::show("no-requests", count == 0);
        let line = |entry: &Entry| {
            let line = Template::fill("request");
            line.text("time", &entry.received.time_of_day());
            line.text("what", &["GET ", entry.request.url.as_str(), ": ", &entry.outcome].concat());
            line.done()
        };
        dom::update("requests", &self.entries.iter().map(line).collect::<Vec<_>>());
    }
}
