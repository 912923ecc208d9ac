//! Reading JSON text: one pass, by the grammar of [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259).

use super::{Document, Fault, FaultKind, Kind, MAX_DEPTH, Member, Value};
use crate::order;

/// Reads a JSON text; see [`super::read`].
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
