//! Header and payload line by line, as received: order, duplicates, escapes and the exact text of numbers; beside each
//! outer member its meaning.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::checks::{chip, state};
use super::dom::{self, Template};
use super::{Event, Page, checks, send};
use crate::claims::{Explained, explanation, header_explanation, wording};
use crate::finding::{Finding, Severity};
use crate::jose::pointer;
use crate::json::{Document, Kind, Value};
use crate::messages::{Section, visible};
use crate::report::SignatureStatus;
use crate::time::Time;

/// Values up to this many characters without objects in them stay on one line.
const SHORT: usize = 72;
/// More lines than this are not painted: the raw payload has them all.
const MOST_LINES: usize = 2000;
/// Until more is asked for: so many lines, and of a list so many entries.
const FEW_LINES: usize = 150;
const FEW_ENTRIES: usize = 20;
/// Lines that are painted at a stretch, before others may run.
const SLICE: usize = 40;

/// What is painted of header and payload, so that only what changes is painted again.
#[derive(Default)]
pub struct Painted {
    header: Lines,
    payload: Lines,
    /// Whether all of a long payload was asked for.
    pub unfolded: bool,
    slice: Option<Timeout>,
}

/// The lines that are painted, and the ones that are to be, of which the first ones are `done`.
#[derive(Default)]
struct Lines {
    painted: Vec<Line>,
    wanted: Vec<Line>,
    done: usize,
    /// The element of the line behind these.
    next: Option<Element>,
}

/// One line: everything that it shows.
#[derive(Default, PartialEq)]
struct Line {
    class: &'static str,
    name: String,
    text: String,
    state: Option<Severity>,
    meaning: String,
}

/// The class of a line that stands for entries which are not painted; its text is how many.
const MORE: &str = "more";

impl Page {
    pub(super) fn paint_members(&mut self) {
        let now = self.now();
        let Page { report, chosen, members, .. } = self;
        let Some(token) = report.tokens.get(*chosen).or(report.tokens.first()) else {
            members.header.want(Vec::new());
            members.payload.want(Vec::new());
            members.paint_slice();
            return;
        };
        let parts = [
            (
                "header",
                &token.header,
                header_explanation as fn(&str) -> Option<&'static Explained>,
                &mut members.header,
            ),
            ("payload", &token.payload, explanation, &mut members.payload),
        ];
        for (name, document, explain, lines) in parts {
            dom::show(&["sec-", name].concat(), document.is_some());
            let Some(document) = document else { continue };
            let root = ["/", name].concat();
            let mut reader = Reader {
                document,
                findings: &token.findings,
                root,
                now,
                explain,
                unfolded: members.unfolded,
                lines: Vec::new(),
            };
            reader.document();
            lines.want(reader.lines);
            let noun = if name == "header" { "member" } else { "claim" };
            let proven = name == "header" || token.signature.status == SignatureStatus::Valid;
            let size = [size(document, noun), if proven { "" } else { ", unproven" }.to_owned()].concat();
            dom::set_text(&[name, "-aside"].concat(), &size);
        }
        dom::show("sec-raw", token.payload.is_some());
        if let Some(payload) = &token.payload {
            paint_raw(payload, &token.findings);
        }
        self.paint_lines();
    }

    /// Paints the next lines, and the ones behind them in tasks of their own.
    pub(super) fn paint_lines(&mut self) {
        let rest = self.members.paint_slice();
        self.members.slice = rest.then(|| Timeout::new(0, || send(Event::Lines)));
    }

    /// Shows the rest of a long payload. The line of the pressed button becomes the first of these, and has the focus.
    pub(super) fn unfold_lines(&mut self) {
        let button = dom::document().active_element();
        let line = button.and_then(|button| button.closest(".inner").ok().flatten());
        self.members.unfolded = true;
        self.paint_members();
        if let Some(line) = line {
            dom::set(&line, "tabindex", "-1");
            let _ = line.unchecked_into::<HtmlElement>().focus();
        }
    }
}

impl Painted {
    /// Paints some of the lines that changed; whether there are more.
    fn paint_slice(&mut self) -> bool {
        let more = self.header.paint("header");
        self.payload.paint("payload") || more
    }
}

impl Lines {
    fn want(&mut self, wanted: Vec<Line>) {
        (self.wanted, self.done) = (wanted, 0);
    }

    /// Paints some of the lines that changed; whether there are more.
    fn paint(&mut self, id: &str) -> bool {
        let mut left = SLICE;
        let list: Element = dom::find(id);
        if self.done == 0 {
            if self.painted == self.wanted {
                return false;
            }
            self.next = list.first_element_child();
        }
        while let Some(wanted) = self.wanted.get_mut(self.done) {
            let painted = self.painted.get_mut(self.done);
            let old = self.next.take();
            let next = old.as_ref().and_then(Element::next_element_sibling);
            if painted.as_deref() != Some(wanted) {
                if left == 0 {
                    self.next = old;
                    return true;
                }
                left -= 1;
                let (fresh, line) = (element(wanted), std::mem::take(wanted));
                match (old, painted) {
                    (Some(old), Some(painted)) => {
                        dom::patch_node(&old, &fresh);
                        *painted = line;
                    }
                    _ => {
                        let _ = list.append_child(&fresh);
                        self.painted.push(line);
                    }
                }
            }
            self.next = next;
            self.done += 1;
        }
        if self.painted.len() > self.done {
            self.painted.truncate(self.done);
            while let Some(rest) = self.next.take() {
                self.next = rest.next_element_sibling();
                rest.remove();
            }
        }
        false
    }
}

fn element(line: &Line) -> Element {
    if line.class == MORE {
        return Template::fill("lines").text("count", &line.text).done();
    }
    let painted = Template::fill("claim");
    if !line.class.is_empty() {
        painted.set("line", "class", line.class);
    }
    if line.name.trim().is_empty() {
        painted.remove("name").text("value", &[line.name.as_str(), &line.text].concat());
    } else {
        painted.text("name", &line.name).text("value", &[": ", &line.text].concat());
    }
    let meaning = painted.slot("meaning");
    if let Some(severity) = line.state {
        let (name, word) = state(severity);
        let _ = meaning.append_child(&chip(name, word));
    }
    if !line.meaning.is_empty() {
        dom::push_marked(meaning, &line.meaning);
    }
    painted.done()
}

fn size(document: &Document, noun: &str) -> String {
    let count =
        |count: usize, noun: &str| [count.to_string().as_str(), " ", noun, if count == 1 { "" } else { "s" }].concat();
    let members = document.root.as_ref().map_or(0, |root| root.members().len());
    [count(members, noun), count(document.bytes.len(), "byte")].join(", ")
}

struct Reader<'a> {
    document: &'a Document,
    findings: &'a [Finding],
    root: String,
    now: Time,
    explain: fn(&str) -> Option<&'static Explained>,
    unfolded: bool,
    lines: Vec<Line>,
}

impl Reader<'_> {
    fn document(&mut self) {
        let Some(root) = &self.document.root else { return };
        if !matches!(root.kind, Kind::Object(_)) {
            return self.value(root, "", "", 0);
        }
        self.line("brace", "", "{");
        let members = root.members();
        for (number, member) in members.iter().enumerate() {
            if !self.unfolded && self.lines.len() >= FEW_LINES {
                self.more(members.len() - number);
                break;
            }
            let name = self.document.text(&member.name_span);
            let first = self.lines.len();
            self.value(&member.value, &name, if number + 1 < members.len() { "," } else { "" }, 0);
            let (state, meaning) = self.explanation(&member.name, &member.value);
            if let Some(line) = self.lines.get_mut(first) {
                (line.state, line.meaning) = (state, meaning);
                if state.is_some() {
                    line.class = "flag";
                }
            }
        }
        // A token that was cut off has no closing brace; none is added.
        if self.document.bytes.get(root.span.end.saturating_sub(1)) == Some(&b'}') {
            self.line("brace", "", "}");
        }
    }

    /// One line for a short value, and one for each member or item of a longer one.
    fn value(&mut self, value: &Value, name: &str, comma: &str, depth: usize) {
        if self.lines.len() == MOST_LINES {
            self.line("inner", "", "…");
        }
        if self.lines.len() >= MOST_LINES {
            return;
        }
        let class = if depth > 0 { "inner" } else { "" };
        let nests = |inner: &Value| !inner.members().is_empty() || !inner.items().is_empty();
        let long = value.span.len() > SHORT || !value.members().is_empty() || value.items().iter().any(nests);
        if !nests(value) || !long {
            let text = [&visible(&self.document.raw(value)), comma].concat();
            return self.indented(class, name, &text, depth);
        }
        let (open, close) = if value.items().is_empty() { ("{", "}") } else { ("[", "]") };
        self.indented(class, name, open, depth);
        let (items, members) = (value.items(), value.members());
        let count = items.len().max(members.len());
        // A last one alone takes no more room than the button.
        let few = if self.unfolded || count <= FEW_ENTRIES + 1 { count } else { FEW_ENTRIES };
        let comma_after = |number: usize| if number + 1 < count { "," } else { "" };
        for (number, item) in items.iter().take(few).enumerate() {
            self.value(item, "", comma_after(number), depth + 1);
        }
        for (number, member) in members.iter().take(few).enumerate() {
            self.value(&member.value, &self.document.text(&member.name_span), comma_after(number), depth + 1);
        }
        if few < count {
            self.more(count - few);
        }
        self.indented("inner", "", &[close, comma].concat(), depth);
    }

    fn indented(&mut self, class: &'static str, name: &str, text: &str, depth: usize) {
        let indent = "  ".repeat(depth.min(40));
        let name = if name.is_empty() { indent } else { [indent, visible(name)].concat() };
        self.line(class, &name, text);
    }

    fn line(&mut self, class: &'static str, name: &str, text: &str) {
        self.lines.push(Line { class, name: name.to_owned(), text: text.to_owned(), ..Line::default() });
    }

    /// In the place of entries that are not painted. The button shows those of every list.
    fn more(&mut self, count: usize) {
        self.line(MORE, "", &count.to_string());
    }

    /// What the member means, and how its checks went.
    fn explanation(&self, name: &str, value: &Value) -> (Option<Severity>, String) {
        let subject = pointer(&self.root, name);
        let findings = self.findings.iter().filter(|finding| finding.subject == subject);
        let severities = findings.map(|finding| finding.severity);
        let worst = severities.filter(|severity| *severity <= Severity::Warning).min();
        let mut text = String::new();
        match (self.explain)(name) {
            Some(explained) => {
                text.push_str(explained.explanation);
                if let Some(wording) = wording(explained.meaning, self.document, value, self.now) {
                    text.push(' ');
                    text.push_str(&wording);
                }
            }
            None => text.push_str("Custom: no registry defines it."),
        }
        (worst, text)
    }
}

/// The payload's bytes, with those marked that a remark is about.
fn paint_raw(payload: &Document, findings: &[Finding]) {
    let remarks: Vec<&Finding> = findings.iter().filter(|finding| checks::section(finding) == Section::Lint).collect();
    let members = payload.root.iter().flat_map(|root| root.members());
    let is_marked = |name: &str| {
        let subject = pointer("/payload", name);
        remarks.iter().any(|remark| remark.subject == subject)
    };
    let marks = members.filter(|member| is_marked(&member.name)).map(|member| member.value.span.clone());
    let holder = dom::element("pre");
    let mut at = 0;
    for mark in marks.chain(std::iter::once(payload.bytes.len()..payload.bytes.len())) {
        if mark.start < at {
            continue;
        }
        dom::push_text(&holder, &lines(&payload.text(&(at..mark.start))));
        if !mark.is_empty() {
            let _ = holder.append_child(&dom::span("mark", "", &lines(&payload.text(&mark))));
        }
        at = mark.end;
    }
    dom::update_from("raw", &holder);
    let kind = if payload.is_json() { "UTF-8, well-formed JSON." } else { "Not well-formed JSON." };
    dom::set_text("raw-note", kind);
}

/// The text with its line breaks kept and everything else that cannot be seen written as escapes.
fn lines(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}
