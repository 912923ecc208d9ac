//! Base64url and base64, read without ever failing.
//!
//! Tokens and JWKs use base64url "with all trailing '=' characters omitted ... and without the inclusion of any line
//! breaks, whitespace, or other additional characters"
//! ([RFC 7515 §2](https://www.rfc-editor.org/rfc/rfc7515#section-2)). What deviates is still read as far as its
//! meaning is plain, and every deviation is a [`Fault`] with its position: whoever needs the strict form asks whether
//! there are any.

use crate::order;

/// What was read, and what was wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decoded {
    /// The bytes, as far as they could be read.
    pub bytes: Vec<u8>,
    /// The deviations, in the order of their positions. The text is canonical exactly when there are none.
    pub faults: Vec<Fault>,
}

/// A deviation from the canonical form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Byte offset in the text.
    pub at: usize,
    /// What it is.
    pub kind: FaultKind,
}

/// The kinds of deviation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// `+` or `/` where base64url has `-` and `_`.
    StandardAlphabet(char),
    /// `-` or `_` where base64 has `+` and `/`; only from [`decode_standard`].
    UrlAlphabet(char),
    /// `=` at the end where there should be none; from [`decode_standard`], missing or surplus padding.
    Padding,
    /// Bits in the last character that belong to no byte and are not zero: another text stands for the same bytes.
    StrayBits,
    /// Spaces or line breaks, one fault a run.
    Whitespace,
    /// A character of neither alphabet; it is skipped.
    NotBase64(char),
    /// One character too many or three too few: no bytes have an encoding of this length. The last one is dropped.
    ImpossibleLength,
}

impl Decoded {
    /// Whether the bytes are beyond doubt in spite of the faults: nothing was skipped or dropped but padding and
    /// whitespace.
    pub fn is_unambiguous(&self) -> bool {
        !self.faults.iter().any(|fault| matches!(fault.kind, FaultKind::NotBase64(_) | FaultKind::ImpossibleLength))
    }
}

/// Reads base64url. Never fails; the canonical form has no padding.
///
/// ```
/// use tokenscope::jose::base64url::{FaultKind, decode};
/// let decoded = decode("-_8=");
/// assert_eq!(decoded.bytes, [0xfb, 0xff]);
/// assert_eq!(decoded.faults[0].kind, FaultKind::Padding);
/// ```
pub fn decode(text: &str) -> Decoded {
    read(text, false)
}

/// Reads base64 with the standard alphabet, as PEM and many secrets are written. Never fails; the canonical form is
/// padded ([RFC 4648 §4](https://www.rfc-editor.org/rfc/rfc4648#section-4)).
pub fn decode_standard(text: &str) -> Decoded {
    read(text, true)
}

/// Writes base64url without padding.
///
/// ```
/// assert_eq!(tokenscope::jose::base64url::encode(&[0xfb, 0xff]), "-_8");
/// ```
pub fn encode(bytes: &[u8]) -> String {
    const ALPHABET: [u8; 64] = *b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    // As bytes, because a `String` takes one character at a time: the signature doctor encodes megabytes.
    let mut text = Vec::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |index: usize| u32::from(chunk.get(index).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        let letter = |shift: u32| ALPHABET[((bits >> shift) & 63) as usize];
        let letters = [letter(18), letter(12), letter(6), letter(0)];
        text.extend_from_slice(letters.get(..=chunk.len()).unwrap_or_default());
    }
    String::from_utf8(text).unwrap_or_default()
}

fn read(text: &str, standard: bool) -> Decoded {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3 + 2);
    let mut faults = Vec::new();
    let body = text.trim_end_matches(|character: char| character == '=' || character.is_whitespace());
    // Bits that wait for enough company to make a byte.
    let (mut bits, mut waiting) = (0u32, 0);
    let (mut count, mut last) = (0usize, 0);
    let mut in_whitespace = false;
    for (at, character) in body.char_indices() {
        let was_in_whitespace = std::mem::replace(&mut in_whitespace, character.is_whitespace());
        let sextet = match character {
            'A'..='Z' => character as u32 - 'A' as u32,
            'a'..='z' => character as u32 - 'a' as u32 + 26,
            '0'..='9' => character as u32 - '0' as u32 + 52,
            '-' | '+' => 62,
            '_' | '/' => 63,
            _ => {
                if !in_whitespace {
                    faults.push(Fault { at, kind: FaultKind::NotBase64(character) });
                } else if !was_in_whitespace {
                    faults.push(Fault { at, kind: FaultKind::Whitespace });
                }
                continue;
            }
        };
        match character {
            '-' | '_' if standard => faults.push(Fault { at, kind: FaultKind::UrlAlphabet(character) }),
            '+' | '/' if !standard => faults.push(Fault { at, kind: FaultKind::StandardAlphabet(character) }),
            _ => {}
        }
        count += 1;
        last = at;
        bits = bits << 6 | sextet;
        waiting += 6;
        if waiting >= 8 {
            waiting -= 8;
            bytes.push((bits >> waiting) as u8);
            bits &= (1 << waiting) - 1;
        }
    }
    if count % 4 == 1 {
        faults.push(Fault { at: last, kind: FaultKind::ImpossibleLength });
    } else if bits != 0 {
        faults.push(Fault { at: last, kind: FaultKind::StrayBits });
    }
    end(text, body.len(), if standard { Some((4 - count % 4) % 4) } else { None }, &mut faults);
    order::sort(&mut faults, |one, other| one.at < other.at);
    Decoded { bytes, faults }
}

/// Reports what is wrong with padding and whitespace at the end. `wanted` is how many `=` the text should end in, or
/// `None` where padding has no place at all.
fn end(text: &str, body: usize, wanted: Option<usize>, faults: &mut Vec<Fault>) {
    let tail = text.get(body..).unwrap_or_default();
    if let Some(space) = tail.find(char::is_whitespace) {
        faults.push(Fault { at: body + space, kind: FaultKind::Whitespace });
    }
    let padding = tail.bytes().filter(|byte| *byte == b'=').count();
    if padding != wanted.unwrap_or(0) {
        let at = body + tail.find('=').unwrap_or(0);
        faults.push(Fault { at, kind: FaultKind::Padding });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(decoded: Decoded, bytes: &[u8], faults: &[(usize, FaultKind)]) {
        let found: Vec<_> = decoded.faults.iter().map(|fault| (fault.at, fault.kind)).collect();
        assert_eq!((decoded.bytes.as_slice(), found.as_slice()), (bytes, faults));
    }

    #[test]
    fn canonical_text_has_no_faults() {
        // RFC 7515 Appendix C.
        check(decode("A-z_4ME"), &[3, 236, 255, 224, 193], &[]);
        check(decode(""), b"", &[]);
        check(decode_standard("A+z/4ME="), &[3, 236, 255, 224, 193], &[]);
        check(decode_standard("Zm9v"), b"foo", &[]);
    }

    #[test]
    fn every_deviation_is_named_with_its_place() {
        check(
            decode("A+z/4ME="),
            &[3, 236, 255, 224, 193],
            &[(1, FaultKind::StandardAlphabet('+')), (3, FaultKind::StandardAlphabet('/')), (7, FaultKind::Padding)],
        );
        check(decode("Zg"), b"f", &[]);
        check(decode("Zh"), b"f", &[(1, FaultKind::StrayBits)]);
        check(decode("Zm9vY"), b"foo", &[(4, FaultKind::ImpossibleLength)]);
        check(decode("Zm\r\n9v "), b"foo", &[(2, FaultKind::Whitespace), (6, FaultKind::Whitespace)]);
        check(decode("Zm?9vé"), b"foo", &[(2, FaultKind::NotBase64('?')), (5, FaultKind::NotBase64('é'))]);
        check(decode("Zg==Zg"), b"f\x06\x60", &[(2, FaultKind::NotBase64('=')), (3, FaultKind::NotBase64('='))]);
        check(
            decode_standard("-_8"),
            &[251, 255],
            &[(0, FaultKind::UrlAlphabet('-')), (1, FaultKind::UrlAlphabet('_')), (3, FaultKind::Padding)],
        );
    }
}
