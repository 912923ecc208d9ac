//! The timeline: the times of a token as a drawing. All that it shows is in its text alternative too.

use web_sys::Element;

use super::{View, fill, open, set_prose, words};
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
        let (all, accepting) = (timeline.verifiers.len(), timeline.verifiers.iter().filter(|one| one.accepts).count());
        dom::set_text("verifiers-count", &words::accepting(accepting, all));
        // Who is who is news where they differ.
        open("verifiers-part", accepting > 0 && accepting < all);
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

/// A label with its place: where it begins or ends, and the row that it stands in, counted from the bar.
struct Label<'a> {
    mark: &'a Mark,
    words: String,
    x: String,
    anchor: &'static str,
    row: usize,
}

fn draw(timeline: &Timeline, width: f64) -> Element {
    let is_above = |mark: &&Mark| ABOVE.contains(&mark.name);
    let above = placed(timeline.marks.iter().filter(is_above), "", width);
    let below = placed(timeline.marks.iter().filter(|mark| !is_above(mark)), &timeline.relation, width);
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
    for at in &timeline.breaks {
        push(&svg, gap(*at, top));
    }
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
    let (from, to) = free(timeline);
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

/// The longest part of the life bar that nothing crosses: neither now nor a break of the axis.
fn free(timeline: &Timeline) -> (u32, u32) {
    let now = timeline.marks.iter().filter(|mark| mark.name == NOW).map(|mark| mark.position);
    let (from, to) = timeline.life;
    let mut crossed: Vec<u32> =
        now.chain(timeline.breaks.iter().copied()).filter(|at| from < *at && *at < to).collect();
    crossed.push(to);
    crate::order::sort(&mut crossed, |one, other| one < other);
    let mut start = from;
    let mut longest = (from, from);
    for end in crossed {
        if end - start > longest.1 - longest.0 {
            longest = (start, end);
        }
        start = end;
    }
    longest
}

/// Puts labels in rows, so that none lies over another. `relation` is how now stands to the life of the token.
fn placed<'a>(marks: impl Iterator<Item = &'a Mark>, relation: &str, width: f64) -> Vec<Label<'a>> {
    // What each row is taken by: from where to where.
    let mut rows: Vec<Vec<(f64, f64)>> = Vec::new();
    let mut labels = Vec::new();
    for mark in marks {
        let at = f64::from(mark.position.min(WHOLE)) / f64::from(WHOLE) * width;
        let (x, beside) = (percent(mark.position), f64::from(ASIDE));
        let mut words = visible(&mark.label);
        if mark.name == NOW && !relation.is_empty() {
            words = [&words, ", ", relation].concat();
        }
        let length = measure(mark.name) + CHARACTER + measure(&words) + beside;
        let (x, anchor, from) = match () {
            () if at + length <= width => (x, "start", at),
            () if at >= length => (x, "end", at - length),
            // Longer than the room on either side of its tick: it begins where there is enough.
            () => {
                let from = (width - length).max(0.0);
                (percent((from / width * f64::from(WHOLE)) as u32), "start", from)
            }
        };
        let to = from + length;
        let free = |row: &Vec<(f64, f64)>| row.iter().all(|(start, end)| to + GAP <= *start || end + GAP <= from);
        let row = rows.iter().position(free).unwrap_or(rows.len());
        match rows.get_mut(row) {
            Some(taken) => taken.push((from, to)),
            None => rows.push(vec![(from, to)]),
        }
        labels.push(Label { mark, words, x, anchor, row });
    }
    labels
}

fn measure(text: &str) -> f64 {
    text.chars().count() as f64 * CHARACTER
}

fn text(label: &Label, y: usize) -> Element {
    // Beside its tick, so that the tick of a label further out does not cross it.
    let aside = if label.anchor == "start" { ASIDE } else { -ASIDE }.to_string();
    let place = [("x", label.x.as_str()), ("dx", &aside), ("y", &y.to_string()), ("text-anchor", label.anchor)];
    let text = shape("text", &place);
    if label.mark.name == NOW {
        dom::set(&text, "class", NOW);
    }
    let name = shape("tspan", &[("class", "k")]);
    name.set_text_content(Some(label.mark.name));
    push(&text, name);
    dom::push_text(&text, " ");
    dom::push_text(&text, &label.words);
    text
}

/// Where the axis is broken: two strokes, and nothing between them.
fn gap(at: u32, top: usize) -> Element {
    let gap = shape("svg", &[("x", &percent(at)), ("y", &top.to_string()), ("overflow", "visible")]);
    push(&gap, shape("path", &[("class", "gap"), ("d", "M-5 25l4-30h6l-4 30z")]));
    push(&gap, shape("path", &[("class", "tick"), ("d", "M-5 25l4-30M1 25l4-30")]));
    gap
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
