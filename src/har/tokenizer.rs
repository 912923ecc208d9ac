//! JSON in pieces: a text is pushed through in chunks, and what stands at a place that matters is handed on.
//!
//! It takes more than JSON is: a comma too few or too many, a value without a name, a bracket that closes nothing. The
//! first such place is remembered, and reading goes on behind it. Each byte is looked at once, and nothing is kept but
//! the open containers and the value at hand.

use super::schema::{Place, Want};

/// How deep containers may nest. Behind a deeper one nothing is read any more.
const MAX_DEPTH: usize = 4096;

/// How many bytes of a string are kept: as long as the longest request line that servers take, and then some.
pub(super) const LONGEST_TEXT: usize = 1 << 16;

/// Longer names of members stand for none of the places.
const LONGEST_NAME: usize = 256;

/// What is told of what was read.
pub(super) trait Listener {
    /// An object or an array begins.
    fn begin(&mut self, place: Place);
    /// It has ended, or the file has.
    fn end(&mut self, place: Place);
    /// A string that is looked through for tokens begins. Whether it should be.
    fn begin_tokens(&mut self, place: Place) -> bool;
    /// A part of that string, escapes resolved.
    fn tokens(&mut self, part: &[u8]);
    /// It has ended, or else the file has.
    fn end_tokens(&mut self, is_whole: bool);
    /// A value, with the name of its member. Strings are without quotes, everything else as it is written.
    fn value(&mut self, place: Place, name: &[u8], value: &[u8]);
    /// `null`
    fn null(&mut self, place: Place);
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Expect {
    Name,
    Colon,
    Value,
    Comma,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    /// Between values.
    Structure,
    /// A number or a word.
    Word,
    /// A string.
    Text,
    /// Behind a backslash.
    Escape,
    /// Behind `\u`: how many digits there were, and what they are worth.
    Unicode(u8, u16),
}

struct Frame {
    place: Place,
    is_object: bool,
}

/// The state between two chunks.
pub(super) struct Tokenizer {
    stack: Vec<Frame>,
    inside: Inside,
    expect: Expect,
    /// Whether the string at hand is the name of a member.
    is_name: bool,
    want: Want,
    /// The place of the value at hand.
    place: Place,
    name: Vec<u8>,
    text: Vec<u8>,
    word_begin: u64,
    /// The first half of a surrogate pair that waits for the second.
    surrogate: Option<u16>,
    /// How many bytes were read.
    pub(super) offset: u64,
    /// Where the text was no JSON for the first time.
    pub(super) damage: Option<u64>,
    /// How many whole documents were read.
    pub(super) documents: u64,
    /// Whether containers nest too deep, so that nothing more is read.
    pub(super) too_deep: bool,
    /// How many strings were longer than what is kept of them.
    pub(super) cut: u64,
}

impl Tokenizer {
    pub(super) fn new() -> Tokenizer {
        Tokenizer {
            stack: Vec::new(),
            inside: Inside::Structure,
            expect: Expect::Value,
            is_name: false,
            want: Want::Nothing,
            place: Place::Root,
            name: Vec::new(),
            text: Vec::new(),
            word_begin: 0,
            surrogate: None,
            offset: 0,
            damage: None,
            documents: 0,
            too_deep: false,
            cut: 0,
        }
    }

    /// Reads a chunk.
    pub(super) fn push(&mut self, chunk: &[u8], listener: &mut impl Listener) {
        let begin = self.offset;
        let mut rest = chunk;
        while !rest.is_empty() && !self.too_deep {
            let read = match self.inside {
                Inside::Structure => self.structure(rest, listener),
                Inside::Word => self.word(rest, listener),
                Inside::Text => self.string(rest, listener),
                Inside::Escape => self.escape(rest, listener),
                Inside::Unicode(..) => self.unicode(rest, listener),
            };
            rest = rest.get(read..).unwrap_or_default();
            self.offset = begin + (chunk.len() - rest.len()) as u64;
        }
        self.offset = begin + chunk.len() as u64;
    }

    /// Ends the text. Whether it ended inside of something: the value at hand is lost, what is open is closed.
    pub(super) fn finish(&mut self, listener: &mut impl Listener) -> bool {
        // A number at the very end of the text may be whole.
        if self.inside == Inside::Word && self.stack.is_empty() {
            self.end_word(listener);
        }
        let cut = !self.stack.is_empty() || self.inside != Inside::Structure;
        if self.inside != Inside::Structure && self.want == Want::Tokens {
            listener.end_tokens(false);
        }
        while let Some(frame) = self.stack.pop() {
            listener.end(frame.place);
        }
        cut
    }

    fn damaged(&mut self, further: usize) {
        let at = self.offset + further as u64;
        self.damage.get_or_insert(at);
    }

    fn structure(&mut self, bytes: &[u8], listener: &mut impl Listener) -> usize {
        for (at, byte) in bytes.iter().enumerate() {
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' => continue,
                b',' => {
                    if self.expect != Expect::Comma || self.stack.is_empty() {
                        self.damaged(at);
                    }
                    self.expect = if self.in_object() { Expect::Name } else { Expect::Value };
                }
                b':' => {
                    if self.expect != Expect::Colon {
                        self.damaged(at);
                    }
                    self.expect = Expect::Value;
                }
                b'{' | b'[' => {
                    self.begin(*byte == b'{', at, listener);
                    if self.too_deep {
                        return bytes.len();
                    }
                }
                b'}' | b']' => self.close(*byte == b'}', at, listener),
                b'"' => {
                    self.begin_string(at, listener);
                    return at + 1;
                }
                _ => {
                    self.place_value(at);
                    self.is_name = false;
                    self.want = if self.place.wants() == Want::Text { Want::Text } else { Want::Nothing };
                    self.inside = Inside::Word;
                    self.word_begin = self.offset + at as u64;
                    self.text.clear();
                    return at;
                }
            }
        }
        bytes.len()
    }

    fn in_object(&self) -> bool {
        self.stack.last().is_some_and(|frame| frame.is_object)
    }

    /// Finds out where the value stands that begins here.
    fn place_value(&mut self, at: usize) {
        if self.expect != Expect::Value && !(self.stack.is_empty() && self.documents > 0) {
            self.damaged(at);
        }
        self.place = match self.stack.last() {
            None => Place::Root,
            Some(frame) if !frame.is_object => frame.place.child(""),
            // A value without a name stands nowhere.
            Some(_) if matches!(self.expect, Expect::Name | Expect::Comma) => Place::Elsewhere,
            Some(frame) => frame.place.child(std::str::from_utf8(&self.name).unwrap_or("\u{fffd}")),
        };
        self.expect = Expect::Comma;
    }

    fn begin(&mut self, is_object: bool, at: usize, listener: &mut impl Listener) {
        if self.stack.len() >= MAX_DEPTH {
            self.too_deep = true;
            self.damaged(at);
            return;
        }
        self.place_value(at);
        self.stack.push(Frame { place: self.place, is_object });
        self.expect = if is_object { Expect::Name } else { Expect::Value };
        listener.begin(self.place);
    }

    fn close(&mut self, is_object: bool, at: usize, listener: &mut impl Listener) {
        // Before a closing bracket stands a value, or nothing at all.
        if matches!(self.expect, Expect::Colon) || (self.expect == Expect::Value && self.in_object()) {
            self.damaged(at);
        }
        let Some(open) = self.stack.iter().rposition(|frame| frame.is_object == is_object) else {
            self.damaged(at);
            return;
        };
        if open + 1 < self.stack.len() {
            self.damaged(at);
        }
        while self.stack.len() > open {
            if let Some(frame) = self.stack.pop() {
                listener.end(frame.place);
            }
        }
        self.documents += u64::from(self.stack.is_empty());
        self.expect = Expect::Comma;
    }

    fn begin_string(&mut self, at: usize, listener: &mut impl Listener) {
        self.is_name = self.in_object() && matches!(self.expect, Expect::Name | Expect::Comma);
        if self.is_name {
            if self.expect == Expect::Comma {
                self.damaged(at);
            }
            self.want = Want::Text;
            self.name.clear();
        } else {
            self.place_value(at);
            self.want = self.place.wants();
            if self.want == Want::Tokens && !listener.begin_tokens(self.place) {
                self.want = Want::Nothing;
            }
            self.text.clear();
        }
        self.surrogate = None;
        self.inside = Inside::Text;
    }

    fn string(&mut self, bytes: &[u8], listener: &mut impl Listener) -> usize {
        let length = plain(bytes);
        if length > 0 {
            self.take(bytes.get(..length).unwrap_or_default(), listener);
        }
        match bytes.get(length) {
            None => return length,
            Some(b'\\') => self.inside = Inside::Escape,
            Some(_) => {
                self.take_lone_surrogate(listener);
                self.inside = Inside::Structure;
                self.end_string(listener);
            }
        }
        length + 1
    }

    fn end_string(&mut self, listener: &mut impl Listener) {
        if self.is_name {
            self.expect = Expect::Colon;
            return;
        }
        match self.want {
            Want::Text => listener.value(self.place, &self.name, &self.text),
            Want::Tokens => listener.end_tokens(true),
            Want::Nothing => {}
        }
        self.documents += u64::from(self.stack.is_empty());
    }

    /// Takes a part of a string that has no escapes.
    fn take(&mut self, part: &[u8], listener: &mut impl Listener) {
        self.take_lone_surrogate(listener);
        self.hand_on(part, listener);
    }

    fn hand_on(&mut self, part: &[u8], listener: &mut impl Listener) {
        let (kept, most) = if self.is_name { (&mut self.name, LONGEST_NAME) } else { (&mut self.text, LONGEST_TEXT) };
        match self.want {
            Want::Nothing => {}
            Want::Tokens => listener.tokens(part),
            Want::Text => {
                let room = most - kept.len().min(most);
                self.cut += u64::from(room > 0 && part.len() > room && !self.is_name);
                kept.extend_from_slice(part.get(..room).unwrap_or(part));
            }
        }
    }

    fn take_lone_surrogate(&mut self, listener: &mut impl Listener) {
        if self.surrogate.take().is_some() {
            self.hand_on_character(char::REPLACEMENT_CHARACTER, listener);
        }
    }

    fn escape(&mut self, bytes: &[u8], listener: &mut impl Listener) -> usize {
        let Some(byte) = bytes.first() else { return 0 };
        self.inside = Inside::Text;
        let resolved = match byte {
            b'u' => {
                self.inside = Inside::Unicode(0, 0);
                return 1;
            }
            b'b' => b"\x08",
            b'f' => b"\x0c",
            b'n' => b"\n",
            b'r' => b"\r",
            b't' => b"\t",
            b'"' | b'\\' | b'/' => bytes.get(..1).unwrap_or_default(),
            _ => {
                self.damaged(0);
                bytes.get(..1).unwrap_or_default()
            }
        };
        self.take(resolved, listener);
        1
    }

    fn unicode(&mut self, bytes: &[u8], listener: &mut impl Listener) -> usize {
        let (Some(byte), Inside::Unicode(count, value)) = (bytes.first(), self.inside) else { return 0 };
        let Some(digit) = char::from(*byte).to_digit(16) else {
            self.damaged(0);
            self.inside = Inside::Text;
            return 0;
        };
        let value = value << 4 | digit as u16;
        if count < 3 {
            self.inside = Inside::Unicode(count + 1, value);
            return 1;
        }
        self.inside = Inside::Text;
        if let Some(half) = self.surrogate.take() {
            if let Some(Ok(character)) = char::decode_utf16([half, value]).next() {
                self.hand_on_character(character, listener);
                return 1;
            }
            self.hand_on_character(char::REPLACEMENT_CHARACTER, listener);
        }
        if (0xd800..0xdc00).contains(&value) {
            self.surrogate = Some(value);
        } else {
            let character = char::from_u32(u32::from(value)).unwrap_or(char::REPLACEMENT_CHARACTER);
            self.hand_on_character(character, listener);
        }
        1
    }

    fn hand_on_character(&mut self, character: char, listener: &mut impl Listener) {
        let mut buffer = [0; 4];
        self.hand_on(character.encode_utf8(&mut buffer).as_bytes(), listener);
    }

    fn word(&mut self, bytes: &[u8], listener: &mut impl Listener) -> usize {
        let ends =
            |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b',' | b':' | b'{' | b'[' | b'}' | b']' | b'"');
        let length = bytes.iter().position(ends).unwrap_or(bytes.len());
        let part = bytes.get(..length).unwrap_or_default();
        // Enough to tell what it is; numbers with more digits than these are none that matter.
        let room = 64 - self.text.len().min(64);
        self.text.extend_from_slice(part.get(..room).unwrap_or(part));
        if length < bytes.len() {
            self.end_word(listener);
        }
        length
    }

    fn end_word(&mut self, listener: &mut impl Listener) {
        self.inside = Inside::Structure;
        let is_number =
            self.text.iter().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E'));
        if !is_number && !matches!(self.text.as_slice(), b"true" | b"false" | b"null") {
            self.damage.get_or_insert(self.word_begin);
        } else if self.text == b"null" {
            listener.null(self.place);
        } else if self.want == Want::Text {
            listener.value(self.place, &self.name, &self.text);
        }
        self.documents += u64::from(self.stack.is_empty());
    }
}

/// How many bytes stand before the next quote or backslash. Eight at a time: most of a recording is bodies.
fn plain(bytes: &[u8]) -> usize {
    const ONES: u64 = 0x0101_0101_0101_0101;
    let has = |word: u64, byte: u8| {
        let zero = word ^ (ONES * u64::from(byte));
        zero.wrapping_sub(ONES) & !zero & (ONES << 7)
    };
    let mut length = 0;
    for eight in bytes.chunks_exact(8) {
        let word = eight.try_into().map_or(0, u64::from_le_bytes);
        if has(word, b'"') | has(word, b'\\') != 0 {
            break;
        }
        length += 8;
    }
    let rest = bytes.get(length..).unwrap_or_default();
    length + rest.iter().position(|byte| matches!(byte, b'"' | b'\\')).unwrap_or(rest.len())
}
