//! The body of an answer.

use super::{Body, embedded, html};
use crate::json;

/// No remark of curl is longer.
const LONGEST_REMARK: usize = 200;

/// The body as it came, of the lines that a tool printed: without its remarks.
pub(super) fn shown(text: &str, marked: bool) -> String {
    let mut shown = String::with_capacity(text.len());
    for line in text.lines() {
        let is_remark =
            line.starts_with("* ") || line.starts_with("{ [") || line.starts_with("} [") || line.starts_with("< ");
        if marked && (is_remark || line == "<") {
            continue;
        }
        // Insomnia marks the body.
        let line = if marked { line.strip_prefix("| ").unwrap_or(line) } else { line };
        if !shown.is_empty() {
            shown.push('\n');
        }
        shown.push_str(line);
    }
    // The remark that curl prints right behind a body without a line break.
    for remark in ["* Connection #", "* Closing connection", "* Received "] {
        let mut near = shown.len().saturating_sub(LONGEST_REMARK);
        while !shown.is_char_boundary(near) {
            near += 1;
        }
        let last = shown.get(near..).and_then(|end| crate::text::find(end, remark));
        if let Some(at) = last.filter(|_| marked) {
            shown.truncate(near + at);
        }
    }
    shown
}

/// Reads a body; [`Body::Unknown`] where there is nothing.
pub(super) fn read(text: &str) -> Body {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Body::Unknown;
    }
    if trimmed.starts_with(['{', '[']) {
        let mut patience = trimmed.len() * 2;
        let end = embedded::balanced(trimmed.as_bytes(), 0, &mut patience).unwrap_or(trimmed.len());
        let whole = trimmed.get(..end).unwrap_or(trimmed);
        let document = embedded::read(whole).unwrap_or_else(|| json::read(whole.as_bytes().to_vec()));
        let begins = document.root.as_ref().is_some_and(|root| !root.members().is_empty() || !root.items().is_empty());
        if begins || document.is_json() {
            return Body::Json(document);
        }
    }
    if let Some(at) = html::beginning(trimmed) {
        return html::body(trimmed.get(at..).unwrap_or(trimmed));
    }
    Body::Text(trimmed.to_owned())
}

/// The body that stands somewhere behind a place: an object that speaks of an error, or a page.
pub(super) fn behind(text: &str, at: usize) -> Body {
    let rest = text.get(at..).unwrap_or_default();
    let marked: Vec<&str> = rest.lines().filter_map(|line| line.strip_prefix("| ")).collect();
    if !marked.is_empty() {
        return read(&marked.join("\n"));
    }
    if let Some(found) = embedded::object(rest) {
        return Body::Json(found.document);
    }
    html::beginning(rest).and_then(|at| rest.get(at..)).map_or(Body::Unknown, html::body)
}
