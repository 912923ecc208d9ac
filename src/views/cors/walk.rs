//! The walk: each rule that the browser applied, and what it found; and what each engine makes of it.

use web_sys::Element;

use super::View;
use super::verdict::state;
use crate::cors::explain::{EngineView, HeaderKind, HeaderLine, WalkLine, WalkState};
use crate::cors::{Engine, Outcome};
use crate::page::checks::chip;
use crate::page::dom::{self, Template};

impl View {
    pub(super) fn paint_walk(&self) {
        let walk = &self.explanation.walk;
        let lines: Vec<Element> = walk.iter().enumerate().map(|(number, line)| paint(number, line)).collect();
        dom::show("cors-sec-walk", !lines.is_empty());
        dom::update("cors-walk", &lines);
        let engines: Vec<Element> = self.explanation.engines.iter().map(engine).collect();
        dom::show("cors-sec-engines", !engines.is_empty());
        dom::update("cors-engines", &engines);
    }
}

fn paint(number: usize, line: &WalkLine) -> Element {
    let painted = Template::fill("walk");
    let (name, word) = state(line.state);
    let number = (number + 1).to_string();
    painted.set("item", "class", name).set("item", "data-key", &number).text("number", &number);
    painted.replace("state", &chip(name, word)).prose("question", &line.question);
    match &line.answer {
        Some(answer) => painted.prose("answer", answer),
        None => painted.remove("answer"),
    };
    let details = line.state == WalkState::Fail || !line.headers.is_empty();
    if !details {
        painted.remove("more");
        return painted.done();
    }
    if line.headers.is_empty() {
        painted.remove("headers");
    }
    for header in &line.headers {
        painted.push("headers", &header_line(header));
    }
    match &line.cause {
        Some(cause) => painted.prose("cause", cause),
        None => painted.remove("cause-row"),
    };
    match line.reference {
        Some((name, address)) => painted.set("link", "href", address).text("link", name),
        None => painted.remove("spec-row"),
    };
    if line.cause.is_none() && line.reference.is_none() {
        painted.remove("reasons");
    }
    painted.done()
}

/// A header line; which way it went is said in words, too.
fn header_line(header: &HeaderLine) -> Element {
    let line = Template::fill("header-line");
    let (mark, class, said) = match header.kind {
        HeaderKind::Sent => ("›", "", "Sent: "),
        HeaderKind::Received => ("‹", "", "Received: "),
        HeaderKind::Missing => ("−", "miss", "Missing or wrong: "),
        HeaderKind::Needed => ("+", "want", "Needed: "),
    };
    line.set("line", "data-mark", mark).text("said", said);
    if !class.is_empty() {
        line.set("line", "class", class);
    }
    let text = line.slot("text");
    let marked = header.mark.clone().and_then(|range| {
        Some((header.text.get(..range.start)?, header.text.get(range.clone())?, header.text.get(range.end..)?))
    });
    match marked {
        Some((before, marked, after)) => {
            dom::push_text(text, before);
            let _ = text.append_child(&dom::span("mark", "", marked));
            dom::push_text(text, after);
        }
        None => dom::push_text(text, &header.text),
    }
    line.done()
}

fn engine(view: &EngineView) -> Element {
    let row = Template::fill("engine");
    let name = match view.engine {
        Engine::Standard => "The standard",
        Engine::Chromium => "Chrome, Edge",
        Engine::Firefox => "Firefox",
        Engine::WebKit => "Safari",
    };
    let (icon, word) = match view.outcome {
        Outcome::Allowed => ("pass", "Allowed"),
        Outcome::Blocked => ("fail", "Blocked"),
        Outcome::Opaque => ("warn", "Opaque"),
        Outcome::Unknown => ("note", "Not known"),
    };
    row.set("row", "data-key", name).text("engine", name).push("outcome", &chip(icon, word));
    match &view.console {
        Some(console) => row.text("console", console),
        None => row.replace("console", &dom::span("span", "muted", "nothing")),
    };
    row.done()
}
