//! Header and payload line by line, as received: order, duplicates, escapes and the exact text of numbers; beside each
//! outer member its meaning.

use web_sys::Element;

use super::checks::{chip, state};
use super::dom::{self, Template};
use super::{Page, checks};
use crate::claims::{Explained, Meaning, explanation, header_explanation};
use crate::finding::{Finding, Severity};
use crate::jose::pointer;
use crate::json::{Document, Kind, Value};
use crate::messages::{Section, visible};
use crate::report::SignatureStatus;
use crate::time::{Time, duration, relative};

/// Values up to this many characters without objects in them stay on one line.
const SHORT: usize = 72;
/// More lines than this are not painted: the raw payload has them all.
const MOST_LINES: usize = 2000;

impl Page {
    pub(super) fn paint_members(&self) {
        let Some(token) = self.token() else { return };
        let parts = [
            ("header", &token.header, header_explanation as fn(&str) -> Option<&'static Explained>),
            ("payload", &token.payload, explanation),
        ];
        for (name, document, explain) in parts {
            dom::show(&["sec-", name].concat(), document.is_some());
            let Some(document) = document else { continue };
            let root = ["/", name].concat();
            let mut lines =
                Lines { document, findings: &token.findings, root, now: self.now(), explain, lines: Vec::new() };
            lines.document();
            dom::update(name, &lines.lines);
            let noun = if name == "header" { "member" } else { "claim" };
            let proven = name == "header" || token.signature.status == SignatureStatus::Valid;
            let size = [size(document, noun), if proven { "" } else { ", unproven" }.to_owned()].concat();
            dom::set_text(&[name, "-aside"].concat(), &size);
        }
        dom::show("sec-raw", token.payload.is_some());
        if let Some(payload) = &token.payload {
            paint_raw(payload, &token.findings);
        }
    }
}

fn size(document: &Document, noun: &str) -> String {
    let count =
        |count: usize, noun: &str| [count.to_string().as_str(), " ", noun, if count == 1 { "" } else { "s" }].concat();
    let members = document.root.as_ref().map_or(0, |root| root.members().len());
    [count(members, noun), count(document.bytes.len(), "byte")].join(", ")
}

struct Lines<'a> {
    document: &'a Document,
    findings: &'a [Finding],
    root: String,
    now: Time,
    explain: fn(&str) -> Option<&'static Explained>,
    lines: Vec<Element>,
}

impl Lines<'_> {
    fn document(&mut self) {
        let Some(root) = &self.document.root else { return };
        if !matches!(root.kind, Kind::Object(_)) {
            return self.value(root, "", "", 0);
        }
        self.line("brace", "", "{");
        let members = root.members();
        for (number, member) in members.iter().enumerate() {
            let name = self.document.text(&member.name_span);
            let first = self.lines.len();
            self.value(&member.value, &name, if number + 1 < members.len() { "," } else { "" }, 0);
            if let Some(line) = self.lines.get(first) {
                self.explain(line, &member.name, &member.value);
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
        let count = value.items().len().max(value.members().len());
        let comma_after = |number: usize| if number + 1 < count { "," } else { "" };
        for (number, item) in value.items().iter().enumerate() {
            self.value(item, "", comma_after(number), depth + 1);
        }
        for (number, member) in value.members().iter().enumerate() {
            self.value(&member.value, &self.document.text(&member.name_span), comma_after(number), depth + 1);
        }
        self.indented("inner", "", &[close, comma].concat(), depth);
    }

    fn indented(&mut self, class: &str, name: &str, text: &str, depth: usize) {
        let indent = "  ".repeat(depth.min(40));
        let name = if name.is_empty() { indent } else { [indent, visible(name)].concat() };
        self.line(class, &name, text);
    }

    fn line(&mut self, class: &str, name: &str, text: &str) {
        let line = Template::fill("claim");
        if !class.is_empty() {
            line.set("line", "class", class);
        }
        if name.trim().is_empty() {
            line.remove("name").text("value", &[name, text].concat());
        } else {
            line.text("name", name).text("value", &[": ", text].concat());
        }
        self.lines.push(line.done());
    }

    /// What the member means, and how its checks went.
    fn explain(&self, line: &Element, name: &str, value: &Value) {
        let Some(meaning) = line.last_element_child() else { return };
        let subject = pointer(&self.root, name);
        let findings = self.findings.iter().filter(|finding| finding.subject == subject);
        let worst =
            findings.filter(|finding| finding.severity <= Severity::Warning).min_by_key(|finding| finding.severity);
        if let Some(finding) = worst {
            line.set_class_name("flag");
            let (name, word) = state(finding.severity);
            let _ = meaning.append_child(&chip(name, word));
        }
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
        dom::push_marked(&meaning, &text);
    }
}

/// A value in words, where its text alone says little to a person.
fn wording(meaning: Meaning, document: &Document, value: &Value, now: Time) -> Option<String> {
    let number = || Time::from_number(&document.raw(value)).ok().filter(|_| value.kind == Kind::Number);
    match meaning {
        Meaning::Time => number().map(|time| [&time.date_and_time(), ", ", &relative(time, now), "."].concat()),
        Meaning::Duration => number().map(|time| [&duration(time.seconds()), "."].concat()),
        Meaning::Scopes => {
            let count = value.as_str().map_or(value.items().len(), |text| text.split_whitespace().count());
            Some([count.to_string().as_str(), if count == 1 { " scope." } else { " scopes." }].concat())
        }
        _ => None,
    }
}

/// The payload's bytes, with those marked that a remark is about.
fn paint_raw(payload: &Document, findings: &[Finding]) {
    let remarks: Vec<&Finding> = findings.iter().filter(|finding| checks::section(finding) == Section::Lint).collect();
    let members = payload.root.iter().flat_map(|root| root.members());
    let marks = members
        .filter(|member| remarks.iter().any(|remark| remark.subject == pointer("/payload", &member.name)))
        .map(|member| member.value.span.clone());
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
