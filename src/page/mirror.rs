//! The painted copy under the text field, and the legend of its colours.
//!
//! The copy holds exactly the field's characters, in runs that differ in colour and underline only, so that both break
//! their lines alike.

use web_sys::Element;

use super::dom::{self, Template};
use crate::jose::role_name;
use crate::report::{Report, SegmentRole, Token, TokenKind};

/// Paints the text with its tokens; the parts of the `chosen` one stand out.
pub fn paint(text: &str, report: &Report, chosen: usize) {
    let holder = dom::element("pre");
    let mut at = 0;
    for (number, token) in report.tokens.iter().enumerate() {
        let faint = number != chosen && report.tokens.len() > 1;
        for (range, class) in runs(token) {
            if range.start < at {
                continue;
            }
            push(&holder, "junk", text.get(at..range.start));
            let class = if faint && !class.is_empty() { [class, " other"].concat() } else { class.to_owned() };
            push(&holder, &class, text.get(range.clone()));
            at = range.end;
        }
    }
    // Text without any token is shown as it is: nothing was skipped over to reach something else.
    push(&holder, if report.tokens.is_empty() { "" } else { "junk" }, text.get(at..));
    // A last line break makes no line of its own; with one more, the text's own does, as in the field.
    dom::push_text(&holder, "\n");
    dom::update_from("mirror", &holder);
    dom::update("legend", &legend(text, report, chosen));
}

fn push(holder: &Element, class: &str, text: Option<&str>) {
    match text {
        None | Some("") => {}
        Some(text) if class.is_empty() => dom::push_text(holder, text),
        Some(text) => drop(holder.append_child(&dom::span("span", class, text))),
    }
}

/// The class that a part of a token is painted with.
fn class(role: SegmentRole) -> &'static str {
    match role {
        SegmentRole::Header => "sh",
        SegmentRole::Signature | SegmentRole::AuthenticationTag => "ss",
        SegmentRole::Surplus => "junk",
        _ => "sp",
    }
}

/// The ranges of the pasted text that belong to a token's parts and the dots between them. A part that was wrapped is
/// several ranges; what lies between them was skipped.
fn runs(token: &Token) -> Vec<(std::ops::Range<usize>, &'static str)> {
    let mut runs = Vec::new();
    // Where the piece begins in the token's own text.
    let mut offset = 0;
    for piece in &token.pieces {
        let end = offset + piece.len();
        let mut at = offset;
        let mut push = |from: usize, to: usize, class| {
            if to > from {
                runs.push((from - offset + piece.start..to - offset + piece.start, class));
            }
        };
        for segment in &token.segments {
            let (from, to) = (segment.span.start.clamp(at, end), segment.span.end.clamp(at, end));
            push(at, from, "");
            push(from, to, class(segment.role));
            at = to;
        }
        push(at, end, if token.kind == TokenKind::Opaque { "sp" } else { "" });
        offset = end;
    }
    runs
}

fn legend(text: &str, report: &Report, chosen: usize) -> Vec<Element> {
    let Some(token) = report.tokens.get(chosen).or(report.tokens.first()) else { return Vec::new() };
    let entry = |class: &str, text: &str| {
        let entry = Template::fill("part");
        entry.slot("swatch").set_class_name(&["sw ", class].concat());
        entry.text("text", text);
        entry.done()
    };
    let mut entries: Vec<Element> = Vec::new();
    for segment in &token.segments {
        let mut name = role_name(segment.role).to_owned();
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        entries.push(entry(class(segment.role), &[&name, " ", &segment.span.len().to_string()].concat()));
    }
    let read: usize = report.tokens.iter().flat_map(|token| &token.pieces).map(|piece| piece.len()).sum();
    if read < text.len() {
        entries.push(entry("junk", "Struck: not read"));
    }
    entries
}
