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

use crate::order;

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
    let mut reader = Reader { bytes: &bytes, at: 0, faults: Vec::new() };
    if bytes.starts_with(b"\xef\xbb\xbf") {
        reader.fault(FaultKind::ByteOrderMark);
        reader.at = 3;
    }
    reader.skip_whitespace();
    let root = reader.value(0).map(|(value, _)| value);
    reader.skip_whitespace();
    if root.is_some() && reader.at < bytes.len() && !reader.faults.iter().any(|fault| fault.kind.is_fatal()) {
        reader.fault(FaultKind::TrailingText);
    }
    let mut faults = reader.faults;
    if let Some(root) = &root {
        find_duplicates(root, &mut faults);
    }
    order::sort(&mut faults, |one, other| one.at < other.at);
    Document { bytes, root, faults }
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

/// Reports every member whose name stood before in the same object. Names are sorted first: comparing each with each
/// would let a payload of a hundred thousand members stop the page.
fn find_duplicates(value: &Value, faults: &mut Vec<Fault>) {
    let mut members: Vec<&Member> = value.members().iter().collect();
    order::sort(&mut members, |one, other| one.name < other.name);
    for pair in members.windows(2) {
        if let [one, other] = pair
            && one.name == other.name
        {
            faults.push(Fault { at: other.name_span.start, kind: FaultKind::DuplicateMember(other.name.clone()) });
        }
    }
    for member in value.members() {
        find_duplicates(&member.value, faults);
    }
    for item in value.items() {
        find_duplicates(item, faults);
    }
}

/// A value, and whether it was read to its end: reading stops where it was not.
type Read<T> = (T, bool);

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn fault(&mut self, kind: FaultKind) {
        self.faults.push(Fault { at: self.at, kind });
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_whitespace(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    /// The fault of finding something else than expected, or the end.
    fn unexpected(&mut self, expected: &'static str) {
        let kind = if self.peek().is_none() { FaultKind::Ended } else { FaultKind::Expected(expected) };
        self.fault(kind);
    }

    fn value(&mut self, depth: usize) -> Option<Read<Value>> {
        let start = self.at;
        let (kind, whole) = match self.peek() {
            Some(b'{') => self.object(depth)?,
            Some(b'[') => self.array(depth)?,
            Some(b'"') => {
                let (text, whole) = self.string();
                (Kind::String(text), whole)
            }
            Some(b'-' | b'0'..=b'9') => (Kind::Number, self.number()),
            Some(b't') => (Kind::Bool(true), self.word("true")?),
            Some(b'f') => (Kind::Bool(false), self.word("false")?),
            Some(b'n') => (Kind::Null, self.word("null")?),
            _ => {
                self.unexpected("a value");
                return None;
            }
        };
        Some((Value { span: start..self.at, kind }, whole))
    }

    fn word(&mut self, word: &'static str) -> Option<bool> {
        for expected in word.bytes() {
            if self.peek() != Some(expected) {
                self.unexpected(word);
                return None;
            }
            self.at += 1;
        }
        Some(true)
    }

    fn object(&mut self, depth: usize) -> Option<Read<Kind>> {
        if depth >= MAX_DEPTH {
            self.fault(FaultKind::TooDeep);
            return None;
        }
        self.at += 1;
        let mut members: Vec<Member> = Vec::new();
        self.skip_whitespace();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Some((Kind::Object(members), true));
        }
        loop {
            self.skip_whitespace();
            if self.peek() != Some(b'"') {
                self.unexpected("a member name in quotes");
                return Some((Kind::Object(members), false));
            }
            let name_start = self.at;
            let (name, whole) = self.string();
            let name_span = name_start..self.at;
            if !whole {
                return Some((Kind::Object(members), false));
            }
            self.skip_whitespace();
            if self.peek() != Some(b':') {
                self.unexpected("a colon after the member name");
                return Some((Kind::Object(members), false));
            }
            self.at += 1;
            self.skip_whitespace();
            let value = self.value(depth + 1);
            let whole = value.as_ref().is_some_and(|(_, whole)| *whole);
            if let Some((value, _)) = value {
                members.push(Member { name, name_span, value });
            }
            if !whole {
                return Some((Kind::Object(members), false));
            }
            self.skip_whitespace();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Some((Kind::Object(members), true));
                }
                _ => {
                    self.unexpected("a comma or a closing brace");
                    return Some((Kind::Object(members), false));
                }
            }
        }
    }

    fn array(&mut self, depth: usize) -> Option<Read<Kind>> {
        if depth >= MAX_DEPTH {
            self.fault(FaultKind::TooDeep);
            return None;
        }
        self.at += 1;
        let mut items = Vec::new();
        self.skip_whitespace();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Some((Kind::Array(items), true));
        }
        loop {
            self.skip_whitespace();
            let value = self.value(depth + 1);
            let whole = value.as_ref().is_some_and(|(_, whole)| *whole);
            items.extend(value.map(|(value, _)| value));
            if !whole {
                return Some((Kind::Array(items), false));
            }
            self.skip_whitespace();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Some((Kind::Array(items), true));
                }
                _ => {
                    self.unexpected("a comma or a closing bracket");
                    return Some((Kind::Array(items), false));
                }
            }
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    /// RFC 8259 §6: `[ minus ] int [ frac ] [ exp ]`, where `int` has no leading zero.
    fn number(&mut self) -> bool {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        let first = self.peek();
        let whole = self.digits();
        let mut fits = whole > 0 && !(first == Some(b'0') && whole > 1);
        if fits && self.peek() == Some(b'.') {
            self.at += 1;
            fits = self.digits() > 0;
        }
        if fits && matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            fits = self.digits() > 0;
        }
        if !fits {
            let kind = if self.peek().is_none() && self.at > start { FaultKind::Ended } else { FaultKind::BadNumber };
            self.fault(kind);
        }
        fits
    }

    fn string(&mut self) -> Read<String> {
        self.at += 1;
        let mut text = String::new();
        let mut whole = true;
        loop {
            let start = self.at;
            while matches!(self.peek(), Some(byte) if byte >= b' ' && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            self.push_utf8(&mut text, start);
            match self.peek() {
                None => {
                    self.fault(FaultKind::Ended);
                    return (text, false);
                }
                Some(b'"') => {
                    self.at += 1;
                    return (text, whole);
                }
                Some(b'\\') => whole &= self.escape(&mut text),
                Some(control) => {
                    // A raw line break inside a string is a fault, but what follows is still worth showing.
                    self.fault(FaultKind::ControlCharacter);
                    text.push(char::from(control));
                    self.at += 1;
                }
            }
        }
    }

    /// Appends the bytes from `start` up to here, marking what is not UTF-8.
    fn push_utf8(&mut self, text: &mut String, start: usize) {
        let mut at = start;
        for chunk in self.bytes.get(start..self.at).unwrap_or_default().utf8_chunks() {
            text.push_str(chunk.valid());
            at += chunk.valid().len();
            if !chunk.invalid().is_empty() {
                text.push('\u{fffd}');
                self.faults.push(Fault { at, kind: FaultKind::InvalidUtf8 });
                at += chunk.invalid().len();
            }
        }
    }

    /// Reads one escape; `false` when the text ended inside it.
    fn escape(&mut self, text: &mut String) -> bool {
        let start = self.at;
        self.at += 1;
        let plain = match self.peek() {
            None => {
                self.fault(FaultKind::Ended);
                return false;
            }
            Some(b'u') => {
                self.at += 1;
                return self.unicode_escape(text, start);
            }
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(byte),
            Some(_) => {
                self.faults.push(Fault { at: start, kind: FaultKind::BadEscape });
                return true;
            }
        };
        text.push(plain);
        self.at += 1;
        true
    }

    fn unicode_escape(&mut self, text: &mut String, start: usize) -> bool {
        let Some(unit) = self.hexadecimal(start) else {
            return self.peek().is_some();
        };
        if let Some(character) = char::from_u32(unit) {
            text.push(character);
            return true;
        }
        // A high surrogate needs its low half right behind it.
        let low = unit < 0xdc00 && self.bytes.get(self.at..).is_some_and(|rest| rest.starts_with(b"\\u"));
        if low {
            let before = (self.at, self.faults.len());
            self.at += 2;
            let second = self.hexadecimal(before.0).filter(|second| (0xdc00..0xe000).contains(second));
            let pair = second.and_then(|second| char::from_u32(0x10000 + ((unit - 0xd800) << 10) + (second - 0xdc00)));
            if let Some(character) = pair {
                text.push(character);
                return true;
            }
            // It is not a low half: read it again as an escape of its own.
            self.at = before.0;
            self.faults.truncate(before.1);
        }
        self.faults.push(Fault { at: start, kind: FaultKind::LoneSurrogate });
        text.push('\u{fffd}');
        true
    }

    fn hexadecimal(&mut self, start: usize) -> Option<u32> {
        let mut unit = 0;
        for _ in 0..4 {
            let digit = self.peek().and_then(|byte| char::from(byte).to_digit(16));
            let Some(digit) = digit else {
                let kind = if self.peek().is_none() { FaultKind::Ended } else { FaultKind::BadEscape };
                self.faults.push(Fault { at: start, kind });
                return None;
            };
            unit = unit * 16 + digit;
            self.at += 1;
        }
        Some(unit)
    }
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
