//! The exchange as a drawing: lifelines, arrows and how it ends. All that it shows is in its text alternative too.

use web_sys::Element;

use super::View;
use crate::cors::Outcome;
use crate::cors::explain::{Message, MessageKind, Sequence};
use crate::messages::visible;
use crate::page::dom;

const SVG: &str = "http://www.w3.org/2000/svg";

/// The longest label in characters: what fits between two lifelines on a phone.
const LONGEST_LABEL: usize = 36;

/// Where the lifelines begin, how far apart the messages are, and the room for how it ends, in pixels.
const TOP: usize = 42;
const MESSAGE: usize = 60;
const END: usize = 44;

impl View {
    pub(super) fn paint_drawing(&self) {
        // An end that is not known is neither good nor bad.
        let end = match &self.explanation.sequence {
            Some(sequence) if sequence.good => "g",
            _ if self.explanation.outcome == Outcome::Unknown => "s",
            _ => "f",
        };
        let drawing = self.explanation.sequence.as_ref().map(|sequence| draw(sequence, end));
        dom::update("cors-figure", &drawing.into_iter().collect::<Vec<_>>());
    }
}

fn draw(sequence: &Sequence, end: &str) -> Element {
    let bottom = TOP + MESSAGE * sequence.messages.len() + END;
    let svg = shape("svg", &[("class", "seq"), ("role", "img"), ("aria-label", &sequence.text)]);
    dom::set(&svg, "height", &bottom.to_string());
    let three = sequence.other.is_some();
    let server = if three { "50%" } else { "92%" };
    let heads = [
        Some(("0", "start", "Browser", sequence.page.as_str())),
        Some(if three { "50%" } else { "100%" })
            .map(|x| (x, if three { "middle" } else { "end" }, sequence.server.0.as_str(), sequence.server.1.as_str())),
        sequence.other.as_ref().map(|(name, host)| ("100%", "end", name.as_str(), host.as_str())),
    ];
    let longest_host = if three { 16 } else { LONGEST_LABEL / 2 + 4 };
    for (x, anchor, name, host) in heads.into_iter().flatten() {
        push(&svg, text("k", x, 14, anchor, &shortened(name, longest_host)));
        push(&svg, text("", x, 31, anchor, &shortened(host, longest_host)));
    }
    let lifelines: &[&str] = if three { &["8%", server, "92%"] } else { &["8%", server] };
    for x in lifelines {
        push(&svg, line("life", x, x, TOP, bottom - END / 2));
    }
    for (number, message) in sequence.messages.iter().enumerate() {
        arrow(&svg, message, TOP + MESSAGE * number, server, three);
    }
    push(&svg, text(end, "11%", bottom - END / 2, "start", &visible(&sequence.end)));
    svg
}

fn arrow(svg: &Element, message: &Message, top: usize, server: &str, three: bool) {
    let far = if message.to_other { "92%" } else { server };
    let (from, to) = if message.back { (far, "8%") } else { ("8%", far) };
    let (class, head, label, note) = match message.kind {
        MessageKind::Sent => ("act", Some("url(#arrow)"), "m", "s"),
        MessageKind::Failed => ("bad", Some("url(#arrow-bad)"), "m", "f"),
        MessageKind::Never => ("never", None, "m s", "s"),
        MessageKind::Unknown => ("never", Some("url(#arrow)"), "m s", "s"),
    };
    // With three lifelines the labels begin at the first: there is no room between two.
    let (x, anchor) = if three { ("11%", "start") } else { ("50%", "middle") };
    push(svg, text(label, x, top + 24, anchor, &shortened(&message.label, LONGEST_LABEL)));
    let arrow = line(class, from, to, top + 34, top + 34);
    if let Some(head) = head {
        dom::set(&arrow, "marker-end", head);
    }
    push(svg, arrow);
    push(svg, text(note, x, top + 51, anchor, &shortened(&message.note, LONGEST_LABEL + 8)));
}

fn shape(tag: &str, attributes: &[(&str, &str)]) -> Element {
    let shape = match dom::document().create_element_ns(Some(SVG), tag) {
        Ok(shape) => shape,
        Err(_) => wasm_bindgen::throw_str(tag),
    };
    for (name, value) in attributes {
        dom::set(&shape, name, value);
    }
    shape
}

fn text(class: &str, x: &str, y: usize, anchor: &str, words: &str) -> Element {
    let text = shape("text", &[("class", class), ("x", x), ("y", &y.to_string()), ("text-anchor", anchor)]);
    text.set_text_content(Some(words));
    text
}

fn line(class: &str, x1: &str, x2: &str, y1: usize, y2: usize) -> Element {
    let (y1, y2) = (y1.to_string(), y2.to_string());
    shape("line", &[("class", class), ("x1", x1), ("x2", x2), ("y1", &y1), ("y2", &y2)])
}

fn push(parent: &Element, child: Element) {
    let _ = parent.append_child(&child);
}

/// A label that fits: longer ones lose their middle.
fn shortened(label: &str, longest: usize) -> String {
    let characters: Vec<char> = visible(label).chars().collect();
    if characters.len() <= longest {
        return characters.into_iter().collect();
    }
    let tail = longest / 3;
    let (head, tail) = (characters.get(..longest - tail - 1), characters.get(characters.len() - tail..));
    let mut shortened: String = head.unwrap_or_default().iter().collect();
    shortened.push('…');
    shortened.extend(tail.unwrap_or_default());
    shortened
}
