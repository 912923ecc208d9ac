//! Lossless JSON: member order, duplicate members, the exact text of numbers, and where each value stands.
//!
//! The reader takes and refuses exactly what [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259) says, and still returns
//! what it could read: a token that was cut in the middle shows the claims before the cut. Positions are byte offsets
//! into [`Document::bytes`].
//!
//! # Deviation
//!
//! Values nested deeper than [`MAX_DEPTH`] are a fault. RFC 8259 §9 allows a limit, and without one hostile input would
//! overflow the stack.

use std::ops::Range;

pub(crate) mod literal;
mod reader;

/// How deep arrays and objects may nest.
pub const MAX_DEPTH: usize = 512;

/// A JSON text: its bytes, what was read from them, and what was wrong with them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// The text as received.
    pub bytes: Vec<u8>,
    /// The value, as far as it could be read; `None` when there is not even a beginning.
    pub root: Option<Value>,
    /// Faults in the order of their positions. Empty for well-formed JSON without duplicate members.
    pub faults: Vec<Fault>,
}

/// A value and the bytes it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Value {
    /// Where the value stands in the document.
    pub span: Range<usize>,
    /// What it is.
    pub kind: Kind,
}

/// What a value is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number; its exact text is [`Document::raw`].
    Number,
    /// A string, escapes resolved. What is not valid UTF-8 or a lone surrogate is U+FFFD here, and a fault.
    String(String),
    /// An array.
    Array(Vec<Value>),
    /// An object: every member in order, duplicates included.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name, escapes resolved.
    pub name: String,
    /// Where the name stands, quotes included.
    pub name_span: Range<usize>,
    /// Its value.
    pub value: Value,
}

/// Something wrong with a JSON text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Byte offset of the fault.
    pub at: usize,
    /// What it is.
    pub kind: FaultKind,
}

/// The kinds of faults. All but the last three make the text not JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// The text ended inside a value.
    Ended,
    /// A character stands where another was expected.
    Expected(&'static str),
    /// A byte order mark before the text, which RFC 8259 §8.1 forbids to send.
    ByteOrderMark,
    /// An escape that JSON does not know.
    BadEscape,
    /// A number that JSON does not allow, such as `01` or `1.`.
    BadNumber,
    /// A control character inside a string.
    ControlCharacter,
    /// Nesting beyond [`MAX_DEPTH`].
    TooDeep,
    /// Text after the value.
    TrailingText,
    /// Bytes that are not UTF-8.
    InvalidUtf8,
    /// `\ud800` to `\udfff` without its other half: allowed by the grammar, but it stands for no character.
    LoneSurrogate,
    /// The same member name again in one object.
    DuplicateMember(String),
}

impl FaultKind {
    /// Whether a text with this fault is not JSON by RFC 8259.
    pub fn is_fatal(&self) -> bool {
        !matches!(self, FaultKind::LoneSurrogate | FaultKind::DuplicateMember(_))
    }
}

/// Reads a JSON text. Never fails: what could be read is in the document, and what could not is in its faults.
///
/// ```
/// let document = tokenscope::json::read(br#"{"tenant":9007199254740993,"tenant":1}"#.to_vec());
/// assert_eq!(document.faults.len(), 1);
/// let tenant = &document.root.as_ref().unwrap().members()[0].value;
/// assert_eq!(document.raw(tenant), "9007199254740993");
/// ```
pub fn read(bytes: Vec<u8>) -> Document {
    reader::read(bytes)
}

impl Document {
    /// The exact text of a value, as received; bytes that are not UTF-8 are U+FFFD.
    pub fn raw(&self, value: &Value) -> String {
        self.text(&value.span)
    }

    /// The exact text of a part of the document.
    pub fn text(&self, span: &Range<usize>) -> String {
        String::from_utf8_lossy(self.bytes.get(span.clone()).unwrap_or_default()).into_owned()
    }

    /// Whether the text is JSON by RFC 8259; duplicate members and lone surrogates do not count against it.
    pub fn is_json(&self) -> bool {
        self.root.is_some() && !self.faults.iter().any(|fault| fault.kind.is_fatal())
    }

    /// The member of that name in the outermost object. With duplicates the last one counts, as in
    /// [RFC 7519 §4](https://www.rfc-editor.org/rfc/rfc7519#section-4): "return only the lexically last member name".
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.root.as_ref()?.member(name)
    }

    /// The text of a string member of the outermost object; `None` when it is absent or no string.
    pub fn string(&self, name: &str) -> Option<&str> {
        self.member(name)?.as_str()
    }
}

impl Value {
    /// The last member of that name; `None` when there is none, or when this is not an object.
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.members().iter().rev().find(|member| member.name == name).map(|member| &member.value)
    }

    /// The members of an object, in order; empty for everything else.
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            Kind::Object(members) => members,
            _ => &[],
        }
    }

    /// The items of an array, in order; empty for everything else.
    pub fn items(&self) -> &[Value] {
        match &self.kind {
            Kind::Array(items) => items,
            _ => &[],
        }
    }

    /// The text of a string; `None` for everything else.
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            Kind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The name of the type: "null", "boolean", "number", "string", "array" or "object".
    pub fn type_name(&self) -> &'static str {
        match self.kind {
            Kind::Null => "null",
            Kind::Bool(_) => "boolean",
            Kind::Number => "number",
            Kind::String(_) => "string",
            Kind::Array(_) => "array",
            Kind::Object(_) => "object",
        }
    }
}

/// Writes a text as a JSON string, quotes included.
///
/// ```
/// assert_eq!(tokenscope::json::quoted("a\"b\n"), r#""a\"b\n""#);
/// ```
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            control if control < ' ' => {
                quoted.push_str("\\u00");
                quoted.push(char::from_digit(u32::from(control) >> 4, 16).unwrap_or('0'));
                quoted.push(char::from_digit(u32::from(control) & 15, 16).unwrap_or('0'));
            }
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[(usize, FaultKind)]) -> Document {
        let document = read(text.as_bytes().to_vec());
        let faults: Vec<_> = document.faults.iter().map(|fault| (fault.at, fault.kind.clone())).collect();
        assert_eq!(faults, expected, "{text}");
        document
    }

    #[test]
    fn order_duplicates_and_numbers_are_kept() {
        let document =
            check(r#" {"b":1.0,"a":1e400,"b":9007199254740993} "#, &[(20, FaultKind::DuplicateMember("b".to_owned()))]);
        let root = document.root.as_ref().unwrap();
        let members: Vec<_> =
            root.members().iter().map(|member| (member.name.as_str(), document.raw(&member.value))).collect();
        assert_eq!(members, [("b", "1.0".to_owned()), ("a", "1e400".to_owned()), ("b", "9007199254740993".to_owned())]);
        assert_eq!(document.raw(document.member("b").unwrap()), "9007199254740993");
        assert!(document.is_json());
    }

    #[test]
    fn a_cut_text_shows_what_came_before_the_cut() {
        let document = check(r#"{"iss":"https://a","aud":["x","y"#, &[(32, FaultKind::Ended)]);
        assert_eq!(document.string("iss"), Some("https://a"));
        assert_eq!(document.member("aud").unwrap().items().len(), 2);
        assert!(!document.is_json());
        check(r#"{"exp":17"#, &[(9, FaultKind::Ended)]);
        check(r#"{"exp""#, &[(6, FaultKind::Ended)]);
        check("", &[(0, FaultKind::Ended)]);
    }

    #[test]
    fn strings_say_what_is_wrong_with_them() {
        check(r#""\ud83d\ude00""#, &[]);
        check(r#""\ud83d""#, &[(1, FaultKind::LoneSurrogate)]);
        check(r#""\ud83d\u0041""#, &[(1, FaultKind::LoneSurrogate)]);
        check(r#""\ude00\ud83d""#, &[(1, FaultKind::LoneSurrogate), (7, FaultKind::LoneSurrogate)]);
        check(r#""\x""#, &[(1, FaultKind::BadEscape)]);
        check("\"a\nb\"", &[(2, FaultKind::ControlCharacter)]);
        let document = read(b"\"a\xffb\xc3\"".to_vec());
        assert_eq!(document.root.as_ref().unwrap().as_str(), Some("a\u{fffd}b\u{fffd}"));
        assert_eq!(document.faults.iter().map(|fault| fault.at).collect::<Vec<_>>(), [2, 4]);
    }

    #[test]
    fn numbers_follow_the_grammar() {
        for wrong in ["01", "1.", "-", "+1", ".5", "1e", "0x1", "Infinity", "1.e1", "-01"] {
            assert!(!read(wrong.as_bytes().to_vec()).is_json(), "{wrong}");
        }
        for right in ["0", "-0", "0.0", "1E+2", "1e-2", "123"] {
            check(right, &[]);
        }
    }

    #[test]
    fn depth_is_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(nested(MAX_DEPTH).into_bytes()).is_json());
        assert!(!read(nested(MAX_DEPTH + 1).into_bytes()).is_json());
        assert!(!read("[".repeat(1_000_000).into_bytes()).is_json());
    }

    #[test]
    fn trailing_text_is_a_fault() {
        check("{} x", &[(3, FaultKind::TrailingText)]);
        check("\u{feff}{}", &[(0, FaultKind::ByteOrderMark)]);
    }
}
