//! What happens to text and to encoded parts: line ends, byte order marks, character sets, alphabets, padding, and what is
//! put around or left out.

use crate::jose::base64url::encode;
use crate::signature_doctor::rsa::Hash;

/// A change of a JSON text as bytes; `None` where it does not apply.
pub struct Transcoding {
    /// Its key in the table of words.
    pub what: &'static str,
    change: fn(&[u8]) -> Option<Vec<u8>>,
}

/// Every change of a JSON text as bytes.
pub const TRANSCODINGS: [Transcoding; 9] = [
    Transcoding { what: "trimmed", change: |text| Some(trimmed(text).to_vec()) },
    Transcoding { what: "line-feed", change: |text| Some([text, b"\n"].concat()) },
    Transcoding { what: "line-feed", change: |text| Some([text, b"\r\n"].concat()) },
    Transcoding { what: "byte-order-mark", change: |text| Some([BYTE_ORDER_MARK, text].concat()) },
    Transcoding { what: "line-ends", change: without_carriage_returns },
    Transcoding { what: "line-ends", change: with_carriage_returns },
    Transcoding { what: "utf-8-once", change: |text| latin1(text).filter(|bytes| str::from_utf8(bytes).is_ok()) },
    Transcoding { what: "latin-1", change: latin1 },
    Transcoding { what: "utf-8-twice", change: utf8_twice },
];

impl Transcoding {
    /// The text as it would have been signed.
    pub fn of(&self, text: &[u8]) -> Option<Vec<u8>> {
        (self.change)(text)
    }
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// Without a byte order mark, and without white space around.
pub fn trimmed(text: &[u8]) -> &[u8] {
    text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text).trim_ascii()
}

fn without_carriage_returns(text: &[u8]) -> Option<Vec<u8>> {
    Some(text.iter().copied().filter(|byte| *byte != b'\r').collect())
}

fn with_carriage_returns(text: &[u8]) -> Option<Vec<u8>> {
    let mut changed = Vec::with_capacity(text.len());
    for byte in without_carriage_returns(text)? {
        if byte == b'\n' {
            changed.push(b'\r');
        }
        changed.push(byte);
    }
    Some(changed)
}

/// One byte a character, where there are characters that differ.
fn latin1(text: &[u8]) -> Option<Vec<u8>> {
    if text.is_ascii() {
        return None;
    }
    str::from_utf8(text).ok()?.chars().map(|character| u8::try_from(u32::from(character)).ok()).collect()
}

/// Each byte as a character.
fn utf8_twice(text: &[u8]) -> Option<Vec<u8>> {
    if text.is_ascii() {
        return None;
    }
    Some(text.iter().map(|byte| char::from(*byte)).collect::<String>().into_bytes())
}

/// The two parts that a signature covers.
pub struct Input<'a> {
    /// The header's text in the token.
    pub header: &'a str,
    /// The payload's text in the token.
    pub payload: &'a str,
    /// The header's bytes.
    pub header_bytes: &'a [u8],
    /// The payload's bytes.
    pub payload_bytes: &'a [u8],
}

/// Another way to make the signed bytes out of the parts; `None` where it does not apply.
pub struct Assembly {
    /// Its key in the table of words.
    pub what: &'static str,
    make: fn(&Input) -> Option<Vec<u8>>,
}

/// Every way to make the signed bytes out of the parts that were received.
pub const ASSEMBLIES: [Assembly; 46] = [
    Assembly { what: "base64url", make: |input| joined(input, encode) },
    Assembly { what: "padded", make: |input| joined(input, padded) },
    Assembly { what: "standard", make: |input| joined(input, standard) },
    Assembly { what: "standard-padded", make: |input| joined(input, standard_padded) },
    Assembly { what: "unencoded", make: |input| Some([input.header.as_bytes(), b".", input.payload_bytes].concat()) },
    Assembly { what: "line-feed", make: |input| around(input, "", "\n") },
    Assembly { what: "line-feed", make: |input| around(input, "", "\r\n") },
    Assembly { what: "bearer", make: |input| around(input, "Bearer ", "") },
    Assembly { what: "space", make: |input| around(input, " ", "") },
    Assembly { what: "space", make: |input| around(input, "", " ") },
    Assembly { what: "quoted", make: |input| around(input, "\"", "\"") },
    Assembly { what: "trailing-dot", make: |input| around(input, "", ".") },
    Assembly { what: "zero-byte", make: |input| around(input, "", "\0") },
    Assembly { what: "payload-text", make: |input| Some(input.payload.as_bytes().to_vec()) },
    Assembly { what: "payload-json", make: |input| Some(input.payload_bytes.to_vec()) },
    Assembly { what: "header-text", make: |input| Some(input.header.as_bytes().to_vec()) },
    Assembly { what: "swapped", make: |input| Some([input.payload, ".", input.header].concat().into_bytes()) },
    Assembly { what: "joined-json", make: |input| Some([input.header_bytes, b".", input.payload_bytes].concat()) },
    Assembly { what: "joined-json", make: |input| Some([input.header_bytes, input.payload_bytes].concat()) },
    Assembly { what: "no-dot", make: |input| Some([input.header, input.payload].concat().into_bytes()) },
    Assembly { what: "detached", make: |input| Some([input.header, "."].concat().into_bytes()) },
    Assembly { what: "without-header", make: |input| Some([".", input.payload].concat().into_bytes()) },
    Assembly { what: "percent-encoded", make: |input| joined(input, |part| percent_encoded(&padded(part))) },
    Assembly { what: "percent-encoded", make: |input| joined(input, |part| percent_encoded(&standard_padded(part))) },
    Assembly { what: "percent-encoded", make: |input| joined(input, |part| percent_encoded(&standard(part))) },
    Assembly {
        what: "percent-encoded",
        make: |input| Some([input.header, "%2E", input.payload].concat().into_bytes()),
    },
    Assembly { what: "encoded-twice", make: |input| joined(input, |part| encode(encode(part).as_bytes())) },
    Assembly { what: "wrapped", make: |input| joined(input, |part| wrapped(part, 76, "\r\n")) },
    Assembly { what: "wrapped", make: |input| joined(input, |part| wrapped(part, 76, "\n")) },
    Assembly { what: "wrapped", make: |input| joined(input, |part| wrapped(part, 64, "\n")) },
    Assembly {
        what: "wrapped",
        make: |input| joined(input, |part| [wrapped(part, 60, "\n"), "\n".to_owned()].concat()),
    },
    Assembly { what: "hashed", make: |input| Some(hashed(input, Hash::Sha256)) },
    Assembly { what: "hashed", make: |input| Some(hashed(input, Hash::Sha384)) },
    Assembly { what: "hashed", make: |input| Some(hashed(input, Hash::Sha512)) },
    Assembly { what: "hashed-text", make: |input| Some(hexadecimal(&hashed(input, Hash::Sha256), false)) },
    Assembly { what: "hashed-text", make: |input| Some(hexadecimal(&hashed(input, Hash::Sha256), true)) },
    Assembly { what: "hashed-text", make: |input| Some(hexadecimal(&hashed(input, Hash::Sha384), false)) },
    Assembly { what: "hashed-text", make: |input| Some(hexadecimal(&hashed(input, Hash::Sha384), true)) },
    Assembly { what: "hashed-text", make: |input| Some(hexadecimal(&hashed(input, Hash::Sha512), false)) },
    Assembly { what: "hashed-text", make: |input| Some(hexadecimal(&hashed(input, Hash::Sha512), true)) },
    Assembly { what: "hashed-text", make: |input| Some(standard_padded(&hashed(input, Hash::Sha256)).into_bytes()) },
    Assembly { what: "hashed-text", make: |input| Some(encode(&hashed(input, Hash::Sha256)).into_bytes()) },
    Assembly { what: "utf-16", make: |input| Some(utf16(input, "", u16::to_le_bytes)) },
    Assembly { what: "utf-16", make: |input| Some(utf16(input, "\u{feff}", u16::to_le_bytes)) },
    Assembly { what: "utf-16", make: |input| Some(utf16(input, "", u16::to_be_bytes)) },
    Assembly { what: "utf-16", make: |input| Some(utf16(input, "\u{feff}", u16::to_be_bytes)) },
];

impl Assembly {
    /// The bytes that would have been signed.
    pub fn of(&self, input: &Input) -> Option<Vec<u8>> {
        (self.make)(input)
    }
}

/// An encoding that is put together with another style of the payload.
pub struct Encoding {
    /// The key of such a pair in the table of words.
    pub what: &'static str,
    /// The encoding of one part.
    pub encode: fn(&[u8]) -> String,
}

/// Every encoding that is put together with another style of the payload.
pub const ENCODINGS: [Encoding; 3] = [
    Encoding { what: "padded-anew", encode: padded },
    Encoding { what: "standard-anew", encode: standard },
    Encoding { what: "standard-padded-anew", encode: standard_padded },
];

fn received(input: &Input) -> String {
    [input.header, ".", input.payload].concat()
}

fn around(input: &Input, before: &str, behind: &str) -> Option<Vec<u8>> {
    Some([before, &received(input), behind].concat().into_bytes())
}

fn joined(input: &Input, encode: impl Fn(&[u8]) -> String) -> Option<Vec<u8>> {
    Some([&encode(input.header_bytes), ".", &encode(input.payload_bytes)].concat().into_bytes())
}

fn padded(bytes: &[u8]) -> String {
    let mut text = encode(bytes);
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

fn standard(bytes: &[u8]) -> String {
    in_standard_alphabet(&encode(bytes))
}

fn standard_padded(bytes: &[u8]) -> String {
    in_standard_alphabet(&padded(bytes))
}

fn in_standard_alphabet(text: &str) -> String {
    let standard = |character| match character {
        '-' => '+',
        '_' => '/',
        other => other,
    };
    text.chars().map(standard).collect()
}

fn percent_encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '+' => encoded.push_str("%2B"),
            '/' => encoded.push_str("%2F"),
            '=' => encoded.push_str("%3D"),
            other => encoded.push(other),
        }
    }
    encoded
}

/// Lines of that width, as encoders for mail write them.
fn wrapped(bytes: &[u8], width: usize, end: &str) -> String {
    let mut text = String::with_capacity(bytes.len() * 3 / 2);
    for (index, character) in standard_padded(bytes).chars().enumerate() {
        if index > 0 && index % width == 0 {
            text.push_str(end);
        }
        text.push(character);
    }
    text
}

fn hashed(input: &Input, hash: Hash) -> Vec<u8> {
    hash.digest(&[input.header.as_bytes(), b".", input.payload.as_bytes()])
}

fn hexadecimal(bytes: &[u8], capitals: bool) -> Vec<u8> {
    let digits: &[u8; 16] = if capitals { b"0123456789ABCDEF" } else { b"0123456789abcdef" };
    let digit = |value: u8| digits.get(usize::from(value)).copied().unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

fn utf16(input: &Input, before: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
    [before, &received(input)].concat().encode_utf16().flat_map(bytes).collect()
}
