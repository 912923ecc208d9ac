//! Changes to JSON text that touch one value and leave every other byte as it is.

use std::ops::Range;

use crate::json::{self, Document, Kind, Value, quoted};

/// A change of a text: what stands in `range` gives way to `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edit {
    /// Where the old text stands, in bytes; empty where something is only added.
    pub range: Range<usize>,
    /// The new text.
    pub text: String,
}

impl Edit {
    /// The text with the change made.
    pub fn applied(&self, text: &str) -> String {
        let before = text.get(..self.range.start).unwrap_or_default();
        [before, &self.text, text.get(self.range.end..).unwrap_or_default()].concat()
    }
}

/// Sets a member of the outermost object: replaces its value, or adds the member behind the last one, written as that one
/// is. `value` is JSON text. With duplicates the last one is replaced, which is the one that counts for most readers.
/// `None` where the text is no JSON object.
///
/// ```
/// use tokenscope::create::edit::member;
/// let text = "{ \"exp\" : 1.0,\n  \"a\": 2 }";
/// assert_eq!(member(text, "exp", "17").unwrap().applied(text), "{ \"exp\" : 17,\n  \"a\": 2 }");
/// assert_eq!(member(text, "iat", "3").unwrap().applied(text), "{ \"exp\" : 1.0,\n  \"a\": 2,\n  \"iat\": 3 }");
/// ```
pub fn member(text: &str, name: &str, value: &str) -> Option<Edit> {
    let document = json::read(text.as_bytes().to_vec());
    if !document.is_json() {
        return None;
    }
    let root = document.root.as_ref().filter(|root| matches!(root.kind, Kind::Object(_)))?;
    match root.member(name) {
        Some(old) => Some(Edit { range: old.span.clone(), text: value.to_owned() }),
        None => Some(added(&document, root, name, value)),
    }
}

fn added(document: &Document, root: &Value, name: &str, value: &str) -> Edit {
    let Some(last) = root.members().last() else {
        let at = root.span.start + 1;
        let is_broken = document.text(&root.span).contains('\n');
        return Edit {
            range: at..at,
            text: [if is_broken { "\n  " } else { "" }, &quoted(name), ": ", value].concat(),
        };
    };
    let at = last.value.span.end;
    let between = document.text(&(last.name_span.end..last.value.span.start));
    let before = document.bytes.get(..last.name_span.start).unwrap_or_default();
    let space = before.iter().rev().take_while(|byte| byte.is_ascii_whitespace()).count();
    let indent = document.text(&(before.len() - space..before.len()));
    Edit { range: at..at, text: [",", &indent, &quoted(name), &between, value].concat() }
}

/// The line and the column of a byte, both counted from 1, the column in characters.
///
/// ```
/// assert_eq!(tokenscope::create::edit::place("{\n ä}", 5), (2, 3));
/// ```
pub fn place(text: &str, at: usize) -> (usize, usize) {
    // A position inside of a character is that character's.
    let at = (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let before = text.get(..at).unwrap_or_default();
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
    (line, column)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, name: &str, expected: &str) {
        assert_eq!(member(text, name, "17").map(|edit| edit.applied(text)).unwrap_or_default(), expected, "{text}");
    }

    #[test]
    fn only_the_value_changes() {
        check(r#"{"exp":1}"#, "exp", r#"{"exp":17}"#);
        check("{\r\n\t\"exp\" :\n[1, {\"exp\": 2}] , \"é\":\"exp\"}", "exp", "{\r\n\t\"exp\" :\n17 , \"é\":\"exp\"}");
        check(r#"{"exp":1,"exp":2}"#, "exp", r#"{"exp":1,"exp":17}"#);
        check(r#"{"\u0065xp":1}"#, "exp", r#"{"\u0065xp":17}"#);
        check(r#"{"a":{"exp":1},"exp":"soon"}"#, "exp", r#"{"a":{"exp":1},"exp":17}"#);
    }

    #[test]
    fn what_is_missing_is_added_as_its_neighbour_is_written() {
        check(r#"{"a":1}"#, "exp", r#"{"a":1,"exp":17}"#);
        check("{\n  \"a\": 1\n}", "exp", "{\n  \"a\": 1,\n  \"exp\": 17\n}");
        check("{}", "exp", r#"{"exp": 17}"#);
        check("{\n}", "exp", "{\n  \"exp\": 17\n}");
        check(" { } ", "exp", r#" {"exp": 17 } "#);
    }

    #[test]
    fn what_is_no_object_is_left_alone() {
        for text in ["", "[]", "1", "{", r#"{"exp":1"#, r#"{"exp":01}"#, r#"{"exp":1} x"#, "{'exp':1}"] {
            assert_eq!(member(text, "exp", "17"), None, "{text}");
        }
    }

    #[test]
    fn places_are_counted_in_lines_and_characters() {
        for (text, at, expected) in
            [("", 0, (1, 1)), ("a", 9, (1, 2)), ("a\n", 2, (2, 1)), ("ä\r\nb", 4, (2, 1)), ("ä", 1, (1, 1))]
        {
            assert_eq!(place(text, at), expected, "{text:?} at {at}");
        }
    }
}
