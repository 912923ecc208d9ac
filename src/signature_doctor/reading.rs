//! The ways to read a secret: each is how some program takes the same text for other bytes.

use sha2::{Digest, Sha256};

use super::words;
use crate::finding::Code;
use crate::jose::base64url;
use crate::key::SecretEncoding;
use crate::text;

/// A secret as some program reads it.
pub struct Reading {
    pub bytes: Vec<u8>,
    /// The cause when it fits; `None` for the secret as given.
    pub code: Option<Code>,
    /// What was done to the text.
    pub how: &'static str,
}

/// Longer secrets are only read as they are.
const LONGEST: usize = 8 << 10;

/// The readings of a secret, the likely ones first, without duplicates. `given` is the secret as the page reads it.
pub fn readings(text: &str, encoding: SecretEncoding, given: Option<Vec<u8>>) -> Vec<Reading> {
    let mut all = Readings { list: Vec::new() };
    let octets = given.clone();
    if let Some(bytes) = given {
        all.list.push(Reading { bytes, code: None, how: "" });
    }
    if text.is_empty() {
        // Bytes that are no text.
        all.encoded(&octets.unwrap_or_default());
        return all.list;
    }
    if text.len() > LONGEST {
        return all.list;
    }
    if encoding != SecretEncoding::Utf8 {
        all.add("plain", text.as_bytes().to_vec());
        all.add("plain-trimmed", text.trim().as_bytes().to_vec());
    }
    all.decoded(text);
    let bare = trimmed(text);
    for (open, close) in MARKS {
        let inner = bare.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)).unwrap_or_default();
        let decoded = base64url::decode(inner);
        if decoded.is_unambiguous() {
            all.add("unquoted-base64", decoded.bytes);
        }
    }
    // An encoded text of which a line break is a part comes before what leaves out a part of the text.
    let strict = base64url::decode(bare);
    if strict.is_unambiguous() {
        all.add("decoded-newline", [&strict.bytes, &b"\n"[..]].concat());
        all.add("decoded-trimmed", trimmed_bytes(&strict.bytes).to_vec());
    }
    all.lenient(text);
    all.ends(text);
    all.marks(text);
    all.encoded(text.as_bytes());
    all.characters(text);
    // What happens together in practice.
    if bare != text {
        all.add("trimmed", bare.as_bytes().to_vec());
        all.decoded(bare);
        all.lenient(bare);
        all.encoded(bare.as_bytes());
    }
    for (open, close) in MARKS {
        all.add("quoted-newline", [open, bare, close, "\n"].concat().into_bytes());
        if let Some(inner) = bare.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
            all.add("unquoted", inner.as_bytes().to_vec());
            all.decoded(inner);
            all.lenient(inner);
            all.add("unquoted-newline", [inner, "\n"].concat().into_bytes());
        }
    }
    for bytes in [base64url::decode(bare).bytes, super::shape::hexadecimal(bare.as_bytes()).unwrap_or_default()] {
        if !bytes.is_empty() {
            all.add("decoded-newline", [&bytes, &b"\n"[..]].concat());
            all.add("decoded-trimmed", trimmed_bytes(&bytes).to_vec());
            all.encoded(&bytes);
            for order in [u16::from_le_bytes, u16::from_be_bytes] {
                all.add("decoded-utf16", from_utf16(&bytes, order).into_bytes());
            }
        }
    }
    all.encoded(&[bare.as_bytes(), b"\n"].concat());
    if let Some(octets) = octets {
        all.encoded(&octets);
    }
    all.list
}

/// Quotation marks that stand around secrets.
const MARKS: [(&str, &str); 8] = [
    ("\"", "\""),
    ("'", "'"),
    ("`", "`"),
    ("\u{201c}", "\u{201d}"),
    ("\u{2018}", "\u{2019}"),
    ("\u{201e}", "\u{201c}"),
    ("\u{ab}", "\u{bb}"),
    ("\\\"", "\\\""),
];

struct Readings {
    list: Vec<Reading>,
}

impl Readings {
    fn add(&mut self, id: &str, bytes: Vec<u8>) {
        if bytes.is_empty() || self.list.iter().any(|known| known.bytes == bytes) {
            return;
        }
        if let Some((code, how)) = words::reading(id) {
            self.list.push(Reading { bytes, code: Some(code), how });
        }
    }

    /// The text as the encoding of something.
    fn decoded(&mut self, text: &str) {
        if let Some(bytes) = hexadecimal(text) {
            self.add("hex", bytes);
        }
        let strict = base64url::decode(text.trim());
        let url = text.contains(['-', '_']);
        if strict.is_unambiguous() {
            self.add(if url { "base64url" } else { "base64" }, strict.bytes.clone());
        }
        // A block of PEM is base64 between two lines.
        if text::contains(text, "-----") {
            let body: String = text.lines().filter(|line| !text::contains(line, "-----")).collect();
            self.add("pem-body", base64url::decode(&body).bytes);
        }
    }

    /// The text as base64 although it is none.
    fn lenient(&mut self, text: &str) {
        // What is no base64 is decoded all the same by readers that leave out what they don't know.
        let both = |one: &char| one.is_ascii_alphanumeric() || matches!(one, '+' | '/' | '-' | '_');
        let standard = |one: &char| one.is_ascii_alphanumeric() || matches!(one, '+' | '/');
        let url = |one: &char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_');
        let until_padding = text.split('=').next().unwrap_or_default();
        let raw: String = text.chars().collect();
        let kept: [String; 5] = [
            text.chars().filter(both).collect(),
            text.chars().filter(standard).collect(),
            text.chars().filter(url).collect(),
            until_padding.chars().filter(both).collect(),
            raw,
        ];
        for kept in &kept {
            self.add("lenient", base64url::decode(kept).bytes);
        }
        for kept in &kept {
            let whole = kept.len() / 4 * 4;
            self.add("lenient-cut", base64url::decode(kept.get(..whole).unwrap_or_default()).bytes);
        }
    }

    /// What stands at the ends.
    fn ends(&mut self, text: &str) {
        let bytes = text.as_bytes();
        for (id, end) in [
            ("newline", "\n"),
            ("newline-crlf", "\r\n"),
            ("newline-cr", "\r"),
            ("newline-two", "\n\n"),
            ("newline-three", "\n\n\n"),
            ("newline-crlf-two", "\r\n\r\n"),
            ("space", " "),
            ("space-two", "  "),
            ("tab", "\t"),
            ("nul", "\0"),
            ("literal-newline", "\\n"),
            ("literal-newline", "\\r\\n"),
        ] {
            self.add(id, [text, end].concat().into_bytes());
        }
        for (id, start) in [("space-before", " "), ("tab-before", "\t"), ("newline-before", "\n")] {
            self.add(id, [start, text].concat().into_bytes());
        }
        self.add("space-around", [" ", text, " "].concat().into_bytes());
        self.add("no-newline", text.trim_end_matches(['\n', '\r']).as_bytes().to_vec());
        self.add("no-space", text.trim().as_bytes().to_vec());
        self.add("no-space", text.trim_end().as_bytes().to_vec());
        self.add("no-space", text.trim_start().as_bytes().to_vec());
        self.add("no-nul", text.trim_end_matches('\0').as_bytes().to_vec());
        if let Some((before, _)) = text.split_once('\0') {
            self.add("no-nul", before.as_bytes().to_vec());
        }
        self.add("no-newline-crlf", text::replace(text, "\r\n", "\n").into_bytes());
        if !text::contains(text, "\r\n") {
            self.add("crlf-inside", text::replace(text, "\n", "\r\n").into_bytes());
        }
        self.add("bom", [&[0xef, 0xbb, 0xbf], bytes].concat());
        self.add("bom-newline", [&[0xef, 0xbb, 0xbf], bytes, b"\n"].concat());
        self.add("bom-newline-crlf", [&[0xef, 0xbb, 0xbf], bytes, b"\r\n"].concat());
        self.add("no-bom", text.trim_start_matches('\u{feff}').as_bytes().to_vec());
    }

    /// Quotation marks around it.
    fn marks(&mut self, text: &str) {
        for (open, close) in MARKS {
            self.add("quoted", [open, text, close].concat().into_bytes());
            if let Some(inner) = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)) {
                self.add("unquoted", inner.as_bytes().to_vec());
            }
        }
        self.add("quoted-json", crate::json::quoted(text).into_bytes());
        self.add("unquoted", text.trim_matches(['"', '\'', '`']).as_bytes().to_vec());
    }

    /// The bytes as the decoding of something.
    fn encoded(&mut self, bytes: &[u8]) {
        let plain = base64url::encode(bytes);
        let padding = "=".repeat((4 - plain.len() % 4) % 4);
        let standard = standard(&plain);
        self.add("to-base64", [&standard, padding.as_str()].concat().into_bytes());
        self.add("to-base64url", plain.clone().into_bytes());
        self.add("to-base64", standard.into_bytes());
        self.add("to-base64url", [plain.as_str(), &padding].concat().into_bytes());
        let digits = hexadecimal_text(bytes);
        self.add("to-hex", digits.to_ascii_uppercase().into_bytes());
        self.add("to-hex", digits.into_bytes());
    }

    /// The same characters as other bytes.
    fn characters(&mut self, text: &str) {
        for (mark, big) in [(false, false), (true, false), (false, true), (true, true)] {
            let units = mark.then_some(0xfeff_u16).into_iter().chain(text.encode_utf16());
            let bytes: Vec<u8> =
                units.flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
            let id = match (big, mark) {
                (false, false) => "utf16le",
                (false, true) => "utf16le-bom",
                (true, false) => "utf16be",
                (true, true) => "utf16be-bom",
            };
            let base64 = standard(&base64url::encode(&bytes));
            self.add(id, bytes);
            let padding = "=".repeat((4 - base64.len() % 4) % 4);
            self.add("utf16-to-base64", [base64.as_str(), &padding].concat().into_bytes());
            self.add("utf16-to-base64", base64.into_bytes());
        }
        for end in ["\r\n", "\n"] {
            for mark in ["\u{feff}", ""] {
                let units = || [mark, text, end].concat().encode_utf16().collect::<Vec<u16>>();
                self.add("utf16le-newline", units().into_iter().flat_map(u16::to_le_bytes).collect());
                self.add("utf16be-newline", units().into_iter().flat_map(u16::to_be_bytes).collect());
            }
        }
        let latin: Option<Vec<u8>> = text.chars().map(|one| u8::try_from(u32::from(one)).ok()).collect();
        self.add("latin1", latin.unwrap_or_default());
        // UTF-8 that was taken for Latin-1 and written as UTF-8 again, and the reverse.
        self.add("utf8-twice", text.bytes().map(char::from).collect::<String>().into_bytes());
        self.add("unescaped", unescaped(text));
        self.add("literal-escapes", text::replace(&text::replace(text, "\r", "\\r"), "\n", "\\n").into_bytes());
        self.add("percent-decoded", percent_decoded(text, false));
        self.add("percent-decoded", percent_decoded(text, true));
        self.add("percent-encoded", percent_encoded(text));
        self.add("lower", text.to_ascii_lowercase().into_bytes());
        self.add("upper", text.to_ascii_uppercase().into_bytes());
        self.add("no-padding", text.trim_end_matches('=').as_bytes().to_vec());
        let missing = (4 - text.trim_end_matches('=').len() % 4) % 4;
        if missing < 3 {
            self.add("padding", [text.trim_end_matches('='), &"=".repeat(missing)].concat().into_bytes());
        }
        let swap = |from: [char; 2], to: [char; 2]| -> Vec<u8> {
            let swapped = text.chars().map(|one| {
                if one == from[0] {
                    to[0]
                } else if one == from[1] {
                    to[1]
                } else {
                    one
                }
            });
            swapped.collect::<String>().into_bytes()
        };
        self.add("to-url-alphabet", swap(['+', '/'], ['-', '_']));
        self.add("to-standard-alphabet", swap(['-', '_'], ['+', '/']));
        let spaces = text.chars().filter(|one| !one.is_whitespace()).collect::<String>();
        self.add("no-space-inside", spaces.into_bytes());
        let hash = Sha256::digest(text.as_bytes());
        self.add("hashed", hash.to_vec());
        self.add("hashed-hex", hexadecimal_text(&hash).into_bytes());
        self.add("hashed-base64", base64url::encode(&hash).into_bytes());
        for prefix in ["0x", "base64:", "hex:", "base64,"] {
            if let Some(rest) = text.strip_prefix(prefix) {
                self.add("no-prefix", rest.as_bytes().to_vec());
                self.decoded(rest);
                self.lenient(rest);
            }
        }
    }
}

/// base64url in the standard alphabet.
fn standard(base64url: &str) -> String {
    let exchanged = base64url.chars().map(|one| match one {
        '-' => '+',
        '_' => '/',
        other => other,
    });
    exchanged.collect()
}

/// The text of UTF-16 in that order of bytes; nothing where there is none. Either order may give characters of some script.
fn from_utf16(bytes: &[u8], order: fn([u8; 2]) -> u16) -> String {
    if !bytes.len().is_multiple_of(2) || !bytes.contains(&0) {
        return String::new();
    }
    let units: Vec<u16> = bytes.chunks(2).filter_map(|pair| pair.try_into().ok()).map(order).collect();
    let text = String::from_utf16(&units).ok().filter(|text| !text.contains('\0')).unwrap_or_default();
    text.trim_start_matches('\u{feff}').to_owned()
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|one: char| one.is_whitespace() || matches!(one, '\u{feff}' | '\0'))
}

fn trimmed_bytes(bytes: &[u8]) -> &[u8] {
    let is_white = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
    let end = bytes.iter().rposition(|byte| !is_white(byte)).map_or(0, |at| at + 1);
    bytes.get(..end).unwrap_or_default()
}

/// Hexadecimal, with or without what stands between bytes.
fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let text = text.strip_prefix("0x").unwrap_or(text);
    let digits: String = text.chars().filter(|one| !one.is_whitespace() && !matches!(one, ':' | '-')).collect();
    super::shape::hexadecimal(digits.as_bytes())
}

fn hexadecimal_text(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect()
}

/// The text with the escapes of JSON, shells and source code resolved.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(one) = characters.next() {
        let resolved = match one {
            '\\' => match characters.next() {
                Some('n') => '\n',
                Some('r') => '\r',
                Some('t') => '\t',
                Some('0') => '\0',
                Some(digits @ ('u' | 'x')) => {
                    let count = if digits == 'u' { 4 } else { 2 };
                    let code = characters.as_str().get(..count).and_then(|code| u32::from_str_radix(code, 16).ok());
                    match code.and_then(char::from_u32) {
                        Some(resolved) => {
                            characters.nth(count - 1);
                            resolved
                        }
                        None => digits,
                    }
                }
                Some(other) => other,
                None => '\\',
            },
            other => other,
        };
        bytes.extend_from_slice(resolved.encode_utf8(&mut [0; 4]).as_bytes());
    }
    bytes
}

fn percent_decoded(text: &str, plus: bool) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let decoded = after.get(..2).filter(|_| *first == b'%').and_then(super::shape::hexadecimal);
        match decoded.as_deref() {
            Some([byte]) => {
                bytes.push(*byte);
                rest = after.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(if plus && *first == b'+' { b' ' } else { *first });
                rest = after;
            }
        }
    }
    bytes
}

fn percent_encoded(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            bytes.push(byte);
        } else {
            bytes.push(b'%');
            bytes.extend_from_slice(hexadecimal_text(&[byte]).to_ascii_uppercase().as_bytes());
        }
    }
    bytes
}
