//! JSON in a text: the first object that looks like an answer, wherever it stands.

use std::ops::Range;

use super::literal;
use crate::json::{self, Document, Kind, Value};

/// Members that say by themselves that an object is an answer about an error.
const DECISIVE: &[&str] = &[
    "errorCode",
    "errorSummary",
    "error_description",
    "error",
    "errors",
    "errorCauses",
    "fault",
    "error_code",
    "eventType",
];

/// Members that answers have, and other objects too.
const USUAL: &[&str] = &[
    "message",
    "Message",
    "detail",
    "title",
    "active",
    "access_token",
    "keys",
    "issuer",
    "statusCode",
    "status",
    "data",
    "response",
    "msg",
    "reason",
    "exp",
];

/// Members of what clients and recorders write about an answer: such an object is read as a whole.
const RECORDS: &[&str] = &["status", "statusCode", "headers", "response", "config", "log", "entries", "request"];

/// More than this no text holds that somebody pasted; the rest is not looked at.
const MOST_OBJECTS: usize = 2000;

/// How deep objects are looked into for an error.
const DEPTH: usize = 6;

/// An object in a text.
pub(super) struct Embedded {
    /// The object.
    pub document: Document,
    /// Where it stands.
    pub span: Range<usize>,
}

/// The first object that says something of an error, or else the first that may be an answer.
pub(super) fn object(text: &str) -> Option<Embedded> {
    let mut patience = text.len().saturating_mul(4) + (1 << 16);
    let mut usual = None;
    let mut at = 0;
    let mut objects = 0;
    while let Some(found) = text.get(at..).and_then(|rest| rest.find('{')) {
        let start = at + found;
        at = start + 1;
        objects += 1;
        if objects > MOST_OBJECTS {
            break;
        }
        let Some(end) = balanced(text.as_bytes(), start, &mut patience) else { continue };
        let Some(document) = text.get(start..end).and_then(read) else { continue };
        let Some(root) = &document.root else { continue };
        at = end;
        if let Some(inside) = decisive(root, DEPTH) {
            // The object that is inside of another is taken out, where the other has nothing to say.
            let whole = has(root, DECISIVE) || has(root, RECORDS);
            let document = if whole { document } else { json::read(document.raw(inside).into_bytes()) };
            return Some(Embedded { document, span: start..end });
        }
        if let Some((inside, _)) = inside_of_string(root) {
            return Some(Embedded { document: inside, span: start..end });
        }
        if usual.is_none() && has(root, USUAL) {
            usual = Some(Embedded { document, span: start..end });
        }
    }
    usual
}

/// JSON, or what a program printed of an object, in exactly this text. `None` when it is neither.
pub(super) fn read(text: &str) -> Option<Document> {
    let document = json::read(text.as_bytes().to_vec());
    if document.is_json() {
        return Some(document);
    }
    let document = json::read(literal::json(text)?.into_bytes());
    document.is_json().then_some(document)
}

/// The answer that stands in a string of an object, and what stands before it there: a line of a log, or the error of a
/// framework, `"message": "401 Unauthorized: {\"error\":…}"`.
pub(super) fn inside_of_string(value: &Value) -> Option<(Document, String)> {
    if has(value, &["errorCode", "errorSummary", "error_description"]) {
        return None;
    }
    value.members().iter().find_map(|member| {
        let text = member.value.as_str()?;
        let start = text.find('{')?;
        let mut patience = text.len() * 2;
        let end = balanced(text.as_bytes(), start, &mut patience)?;
        let document = text.get(start..end).and_then(read)?;
        decisive(document.root.as_ref()?, DEPTH)?;
        Some((document, text.get(..start)?.trim().to_owned()))
    })
}

/// A text whose quotation marks are escaped, with the escapes of one level resolved.
pub(super) fn unescaped(text: &str) -> Option<String> {
    let start = crate::text::find(text, "{\\\"").or_else(|| crate::text::find(text, "{\\n"))?;
    let mut quoted = String::with_capacity(text.len() - start + 2);
    quoted.push('"');
    quoted.push_str(text.get(start..)?);
    // Where the string is not ended, it ends with the text; a quotation mark that is not escaped ends it before.
    quoted.push('"');
    let document = json::read(quoted.into_bytes());
    document.root.as_ref()?.as_str().map(str::to_owned)
}

/// The first object, from outside in, that has a decisive member.
fn decisive(value: &Value, depth: usize) -> Option<&Value> {
    if has(value, DECISIVE) {
        return Some(value);
    }
    if depth == 0 {
        return None;
    }
    let inside = |value| decisive(value, depth - 1);
    value
        .members()
        .iter()
        .map(|member| &member.value)
        .find_map(inside)
        .or_else(|| value.items().iter().find_map(inside))
}

fn has(value: &Value, names: &[&str]) -> bool {
    value.members().iter().any(|member| names.contains(&member.name.as_str()) && member.value.kind != Kind::Null)
}

/// Where the object that begins here ends, behind its closing brace.
pub(super) fn balanced(bytes: &[u8], start: usize, patience: &mut usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut escaped = false;
    for (length, byte) in bytes.get(start..)?.iter().enumerate() {
        *patience = patience.checked_sub(1)?;
        match (quote, byte) {
            (Some(_), _) if escaped => escaped = false,
            (Some(_), b'\\') => escaped = true,
            (Some(mark), end) if mark == *end => quote = None,
            (Some(_), _) => {}
            (None, b'"') => quote = Some(b'"'),
            // Only where a value or a name may begin; elsewhere it is an apostrophe.
            (None, b'\'') if begins_value(bytes, start + length) => quote = Some(b'\''),
            (None, b'{' | b'[') => depth += 1,
            (None, b'}' | b']') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(start + length + 1);
                }
            }
            _ => {}
        }
    }
    None
}

fn begins_value(bytes: &[u8], at: usize) -> bool {
    let mut before = at;
    while before > 0 && at - before < 64 {
        before -= 1;
        match bytes.get(before) {
            Some(b' ' | b'\t' | b'\n' | b'\r') => {}
            Some(b'{' | b'[' | b',' | b':') => return true,
            // `b'…'` and `u'…'` of Python.
            Some(b'b' | b'u') if at - before == 1 => {}
            _ => return false,
        }
    }
    false
}
