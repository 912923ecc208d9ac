//! What to do: the steps, the commands that would confirm it, the checkup, and a text for a ticket.

use web_sys::Element;

use super::answer::more;
use super::{View, words};
use crate::messages::visible;
use crate::page::checks::chip;
use crate::page::dom::{self, Template};
use crate::response_doctor::explanation::{Check, Command, Step};

/// Steps that are shown, and commands.
const MOST: usize = 30;

impl View {
    pub(super) fn paint_next(&self) {
        let explanation = &self.explanation;
        let steps: Vec<Element> = explanation.steps.iter().take(MOST).map(step).collect();
        dom::show("response-sec-steps", !steps.is_empty());
        dom::update("response-steps", &steps);
        dom::set_text("response-steps-more", &more(explanation.steps.len(), MOST));
        let commands: Vec<Element> = explanation.commands.iter().take(MOST).map(command).collect();
        dom::show("response-sec-commands", !commands.is_empty());
        dom::update("response-commands", &commands);
        dom::set_text("response-commands-more", &more(explanation.commands.len(), MOST));
        let answered = !self.is_empty();
        let checkup = if answered { explanation.checkup.as_slice() } else { &[] };
        let questions: Vec<Element> = checkup.iter().enumerate().map(|(at, it)| question(at, it, checkup)).collect();
        dom::show("response-sec-checkup", !questions.is_empty());
        dom::update("response-checkup", &questions);
        let ticket = explanation.ticket.as_deref().filter(|_| answered);
        dom::show("response-sec-ticket", ticket.is_some());
        dom::set_text("response-ticket", &visible_lines(ticket.unwrap_or_default()));
    }
}

fn step(step: &Step) -> Element {
    let painted = Template::fill("step");
    painted.prose("text", &step.text);
    if step.place.is_empty() {
        painted.remove("path");
    }
    for place in &step.place {
        painted.push("path", &dom::span("li", "", &visible(place)));
    }
    painted.done()
}

fn command(command: &Command) -> Element {
    let painted = Template::fill("command");
    painted.prose("title", &command.title);
    fill(&painted, command, &["response-command-", command.key].concat());
    painted.done()
}

/// A command that would answer a question of the checkup: one line, until it is opened.
fn ask(command: &Command, question: &str) -> Element {
    let painted = Template::fill("ask");
    painted.prose("title", &command.title);
    fill(&painted, command, &["response-checkup-", question].concat());
    painted.done()
}

fn fill(painted: &Template, command: &Command, id: &str) {
    let title = command.title.to_string();
    painted.set("item", "data-key", id);
    painted.set("text", "id", id).set("text", "aria-label", &["Command: ", &title].concat());
    painted.text("text", &visible_lines(&command.text)).set("copy", "data-from", id);
    painted.set("copy", "aria-label", &["Copy the command: ", &title].concat());
    if command.note.0.is_empty() {
        painted.remove("note");
    } else {
        painted.prose("note", &command.note);
    }
}

fn question(number: usize, check: &Check, all: &[Check]) -> Element {
    let painted = Template::fill("question");
    let (name, word) = words::check(check.state);
    painted.set("item", "class", name).set("item", "data-key", check.key).text("number", &(number + 1).to_string());
    painted.replace("state", &chip(name, word)).prose("question", &check.question).prose("answer", &check.answer);
    // One command may answer several questions; it stands where it is first needed.
    let same = |other: &Check| check.command.is_some() && other.command == check.command;
    match (&check.command, all.iter().position(same)) {
        (Some(_), Some(first)) if first < number => {
            let reference = Template::fill("same-command");
            painted.push("more", &reference.text("number", &(first + 1).to_string()).done())
        }
        (Some(it), _) => painted.push("more", &ask(it, check.key)),
        (None, _) => painted.remove("more"),
    };
    painted.done()
}

/// A text of several lines with what would not be seen in a line made visible.
pub fn visible_lines(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}
