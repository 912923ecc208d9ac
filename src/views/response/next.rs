//! What to do: the steps, the commands that would confirm it, the checkup, and a text for a ticket.

use web_sys::Element;

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
        let commands = explanation.commands.iter().take(MOST);
        let commands: Vec<Element> = commands.map(|it| command(it, "response-command-")).collect();
        dom::show("response-sec-commands", !commands.is_empty());
        dom::update("response-commands", &commands);
        let answered = !self.is_empty();
        let questions: Vec<Element> =
            explanation.checkup.iter().filter(|_| answered).enumerate().map(|(at, it)| question(at, it)).collect();
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

fn command(command: &Command, prefix: &str) -> Element {
    let painted = Template::fill("command");
    let id = [prefix, command.key].concat();
    let title = command.title.to_string();
    painted.set("item", "data-key", command.key).prose("title", &command.title);
    painted.set("text", "id", &id).set("text", "aria-label", &["Command: ", &title].concat());
    painted.text("text", &visible_lines(&command.text)).set("copy", "data-from", &id);
    painted.set("copy", "aria-label", &["Copy the command: ", &title].concat());
    if command.note.0.is_empty() {
        painted.remove("note");
    } else {
        painted.prose("note", &command.note);
    }
    painted.done()
}

fn question(number: usize, check: &Check) -> Element {
    let painted = Template::fill("question");
    let (name, word) = words::check(check.state);
    painted.set("item", "class", name).set("item", "data-key", check.key).text("number", &(number + 1).to_string());
    painted.replace("state", &chip(name, word)).prose("question", &check.question).prose("answer", &check.answer);
    match &check.command {
        Some(it) => painted.push("more", &command(it, "response-checkup-")),
        None => painted.remove("more"),
    };
    painted.done()
}

/// A text of several lines with what would not be seen in a line made visible.
pub fn visible_lines(text: &str) -> String {
    text.lines().map(visible).collect::<Vec<_>>().join("\n")
}
