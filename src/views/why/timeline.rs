//! The timeline: the times of a token as a drawing. All that it shows is in its text alternative too.

use web_sys::Element;

use super::{View, fill, set_prose, words};
use crate::messages::visible;
use crate::page::checks::chip;
use crate::page::dom::{self, Template};
use crate::time::duration;
use crate::timeline::{Mark, Timeline, Verifier};

const SVG: &str = "http://www.w3.org/2000/svg";

/// The height of a row of labels, of the bar, and of the tick below it, in pixels.
const ROW: usize = 18;
const BAR: usize = 20;
const TICK: usize = 12;

/// How wide a character of a label is at most, and the room between two labels, in pixels.
const CHARACTER: f64 = 7.6;
const GAP: f64 = 12.0;

/// How far a label stands from its tick, in pixels.
const ASIDE: i32 = 4;

/// The width of the drawing where it is not known yet, in pixels.
const USUAL_WIDTH: f64 = 340.0;

/// The thousandths of the width that a drawing has.
const WHOLE: u32 = 1000;

/// The mark that stands for now: it is drawn differently, and labelled below the bar.
const NOW: &str = "now";

/// The marks that are labelled above the bar; the others stand below it.
const ABOVE: [&str; 3] = ["iat", "nbf", "exp"];

impl View {
    pub(super) fn paint_timeline(&self) {
        let timeline = self.why().and_then(|why| why.timeline.as_ref());
        dom::show("sec-timeline", timeline.is_some());
        let Some(timeline) = timeline else { return };
        let width = f64::from(dom::find::<Element>("timeline").client_width());
        dom::update("timeline", &[draw(timeline, if width > 0.0 { width } else { USUAL_WIDTH })]);
        set_prose("timeline-note", &timeline.note);
        let verifiers: Vec<Element> = timeline.verifiers.iter().map(verifier).collect();
        fill("verifiers", "verifiers-part", &verifiers);
    }
}

fn verifier(verifier: &Verifier) -> Element {
    let line = Template::fill("verifier");
    let (icon, word) = words::verifier(verifier.accepts);
    line.set("item", "data-key", verifier.name).set("item", "class", icon).replace("state", &chip(icon, word));
    let skew = if verifier.skew == 0 { "no skew".to_owned() } else { ["skew ", &duration(verifier.skew)].concat() };
    line.text("name", verifier.name).text("skew", &skew);
    line.done()
}

/// A label with its place: the row that it stands in, counted from the bar.
struct Label<'a> {
    mark: &'a Mark,
    anchor: &'static str,
    row: usize,
}

fn draw(timeline: &Timeline, width: f64) -> Element {
    let is_above = |mark: &&Mark| ABOVE.contains(&mark.name);
    let above = placed(timeline.marks.iter().filter(is_above), width);
    let below = placed(timeline.marks.iter().filter(|mark| !is_above(mark)), width);
    let rows = |labels: &[Label]| labels.iter().map(|label| label.row + 1).max().unwrap_or(0);
    let top = rows(&above) * ROW + 8;
    let bottom = top + BAR;
    let svg = shape("svg", &[("class", "tl"), ("role", "img"), ("aria-label", &visible(&timeline.description))]);
    dom::set(&svg, "height", &(bottom + TICK + rows(&below) * ROW + 4).to_string());
    push(&svg, bar("life", timeline.life, top));
    for band in &timeline.leeway {
        let hatched = bar("leeway", *band, top);
        dom::set(&hatched, "fill", "url(#hatch)");
        push(&svg, hatched);
    }
    if let Some(late) = timeline.late {
        push(&svg, bar("late", late, top));
    }
    push(&svg, line("axis", ("0", "100%"), (bottom, bottom)));
    for label in &above {
        let x = percent(label.mark.position);
        let y = top - 8 - label.row * ROW;
        push(&svg, line("tick", (&x, &x), (y + 4, bottom)));
        push(&svg, text(label, y));
    }
    for label in &below {
        let x = percent(label.mark.position);
        let y = bottom + TICK + ROW * (label.row + 1) - 2;
        let (class, from) = if label.mark.name == NOW { ("now-line", top - 5) } else { ("tick", bottom) };
        push(&svg, line(class, (&x, &x), (from, y - 13)));
        push(&svg, text(label, y));
    }
    let (from, to) = timeline.life;
    let room = f64::from(to.saturating_sub(from)) / f64::from(WHOLE) * width;
    if measure(&timeline.caption) + GAP < room {
        let middle = percent(from.midpoint(to));
        let y = (top + 14).to_string();
        let caption = shape("text", &[("class", "caption"), ("x", &middle), ("y", &y), ("text-anchor", "middle")]);
        caption.set_text_content(Some(&visible(&timeline.caption)));
        push(&svg, caption);
    }
    svg
}

/// Puts labels in rows, so that none lies over another.
fn placed<'a>(marks: impl Iterator<Item = &'a Mark>, width: f64) -> Vec<Label<'a>> {
    // The end of the last label of each row.
    let mut rows: Vec<f64> = Vec::new();
    let mut labels = Vec::new();
    for mark in marks {
        let (at, length) = (f64::from(mark.position.min(WHOLE)) / f64::from(WHOLE) * width, label_width(mark));
        let (anchor, from) = if at + length <= width { ("start", at) } else { ("end", at - length) };
        let row = rows.iter().position(|end| *end + GAP <= from).unwrap_or(rows.len());
        match rows.get_mut(row) {
            Some(end) => *end = from + length,
            None => rows.push(from + length),
        }
        labels.push(Label { mark, anchor, row });
    }
    labels
}

fn label_width(mark: &Mark) -> f64 {
    measure(mark.name) + CHARACTER + measure(&mark.label) + f64::from(ASIDE)
}

fn measure(text: &str) -> f64 {
    text.chars().count() as f64 * CHARACTER
}

fn text(label: &Label, y: usize) -> Element {
    let class = if label.mark.name == NOW { NOW } else { "" };
    let (x, y) = (percent(label.mark.position), y.to_string());
    // Beside its tick, so that the tick of a label further out does not cross it.
    let aside = if label.anchor == "start" { ASIDE } else { -ASIDE }.to_string();
    let place = [("x", x.as_str()), ("dx", &aside), ("y", &y), ("text-anchor", label.anchor)];
    let text = shape("text", &place);
    if !class.is_empty() {
        dom::set(&text, "class", class);
    }
    let name = shape("tspan", &[("class", "k")]);
    name.set_text_content(Some(label.mark.name));
    push(&text, name);
    dom::push_text(&text, " ");
    dom::push_text(&text, &visible(&label.mark.label));
    text
}

fn bar(class: &str, (from, to): (u32, u32), top: usize) -> Element {
    let (x, width) = (percent(from), percent(to.saturating_sub(from)));
    let (y, height) = (top.to_string(), BAR.to_string());
    shape("rect", &[("class", class), ("x", &x), ("width", &width), ("y", &y), ("height", &height)])
}

fn line(class: &str, (x1, x2): (&str, &str), (y1, y2): (usize, usize)) -> Element {
    let (y1, y2) = (y1.to_string(), y2.to_string());
    shape("line", &[("class", class), ("x1", x1), ("x2", x2), ("y1", &y1), ("y2", &y2)])
}

/// Thousandths as per cent: 857 is `85.7%`.
fn percent(thousandths: u32) -> String {
    [(thousandths / 10).to_string().as_str(), ".", &(thousandths % 10).to_string(), "%"].concat()
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

fn push(parent: &Element, child: Element) {
    let _ = parent.append_child(&child);
}
