//! Secrets by their names: headers, parameters and members, in the notations of HTTP, JSON, forms, and programs.

use std::ops::Range;

use super::names::{Form, known};
use super::{Secret, SecretKind};
use crate::{sniff, text};

/// The schemes of `Authorization`, and what each sends.
const SCHEMES: &[(&str, SecretKind)] = &[
    ("bearer", SecretKind::AccessToken),
    ("dpop", SecretKind::AccessToken),
    ("ssws", SecretKind::ApiToken),
    ("basic", SecretKind::ClientSecret),
    ("token", SecretKind::AccessToken),
    ("jwt", SecretKind::AccessToken),
    ("digest", SecretKind::Other),
    ("negotiate", SecretKind::Other),
    ("ntlm", SecretKind::Other),
    ("aws4-hmac-sha256", SecretKind::Other),
    ("apikey", SecretKind::Other),
    ("hawk", SecretKind::Other),
];

/// A value of a weak name that is shorter is a word.
const SHORTEST: usize = 12;

/// A code in a member that is as long as this, and has letters and digits, is none of an error.
const SHORTEST_CODE: usize = 20;

/// How far around a code is looked for what says which one it is.
const NEAR: usize = 512;

/// How far around a member of a key the type of the key may stand.
const NEAR_KEY: usize = 8192;

/// Whether a parameter of that name holds a secret, whatever stands around it.
pub(super) fn is_secret(name: &str) -> bool {
    let known = known(name);
    known.is_some_and(|(form, _)| matches!(form, Form::Strong | Form::Weak | Form::Password | Form::Header))
}

/// Every secret that has a name.
pub(super) fn find(text: &str) -> Vec<Secret> {
    let bytes = text.as_bytes();
    let mut reader = Reader {
        text,
        bytes,
        grants: places(text, &["authorization_code", "code_verifier", "grant_type", "response_type"]),
        errors: places(text, &["error=", "error%3D"]),
        keys: places(text, &["\"kty\""]),
        cookies_until: 0,
        value_until: 0,
        scheme_until: 0,
        secrets: Vec::new(),
    };
    let mut at = 0;
    while at < bytes.len() {
        if !is_name_byte(bytes.get(at)) {
            at += 1;
            continue;
        }
        let end = at + bytes.iter().skip(at).take_while(|byte| is_name_byte(Some(byte))).count();
        reader.name(at..end);
        at = end;
    }
    reader.secrets
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    /// Where the text speaks of a grant.
    grants: Vec<usize>,
    /// Where a parameter says that it is an error.
    errors: Vec<usize>,
    /// Where the text names the type of a key.
    keys: Vec<usize>,
    /// Where the list of cookies ends that the reader is in.
    cookies_until: usize,
    /// Where the last value without quotation marks ends. What it holds is no name, and is not read again.
    value_until: usize,
    /// The same for what stands behind a scheme.
    scheme_until: usize,
    secrets: Vec<Secret>,
}

/// What stands between a name and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Colon,
    Equals,
    /// `%3D`: the parameter of an address inside of another.
    Encoded,
    /// A member of its own: `"name":"code","value":"…"`.
    Pair,
    /// A line break: the value has a line of its own.
    Line,
}

/// A value, and how it is written.
#[derive(Clone, Debug)]
struct Found {
    span: Range<usize>,
    sign: Sign,
    quoted: bool,
}

impl Reader<'_> {
    /// A word that may be a name.
    fn name(&mut self, mut name: Range<usize>) {
        // What is percent-encoded before a name ends in letters or digits.
        if name.start > 0 && self.bytes.get(name.start - 1) == Some(&b'%') && name.len() > 2 {
            name.start += 2;
        }
        let Some(word) = self.text.get(name.clone()) else { return };
        if let Some((form, kind)) = known(word) {
            self.named(name.clone(), form, kind);
        }
        if let Some((_, kind)) = SCHEMES.iter().take(4).find(|(scheme, _)| scheme.eq_ignore_ascii_case(word)) {
            self.scheme(name.end, *kind);
        }
    }

    fn named(&mut self, name: Range<usize>, form: Form, kind: SecretKind) {
        if form == Form::CookieValue && name.start >= self.cookies_until {
            return;
        }
        if name.start < self.value_until {
            return;
        }
        let Some(found) = self.value(&name, form) else { return };
        if !found.quoted {
            self.value_until = found.span.end;
        }
        let Some(value) = self.text.get(found.span.clone()) else { return };
        let start = found.span.start;
        match form {
            Form::CookieList => {
                if value.starts_with('[') && start >= self.cookies_until {
                    let length = self.bytes.iter().skip(start).take_while(|byte| **byte != b']').count();
                    self.cookies_until = start + length;
                }
            }
            Form::Authorization => self.authorization(found.span, kind),
            Form::Cookies | Form::SetCookie => self.cookies(found.span, form == Form::SetCookie),
            _ if is_stand_in(value) => {}
            Form::Header => {
                // A word of another meaning, where no proof follows.
                if kind != SecretKind::Proof || sniff::begins_object(value.as_bytes()) {
                    self.push(found.span, kind);
                }
            }
            Form::Strong => {
                let fits = match found.sign {
                    Sign::Colon if !found.quoted => {
                        value.len() >= SHORTEST && value.bytes().any(|byte| byte.is_ascii_digit())
                    }
                    Sign::Line => false,
                    _ => !value.contains(char::is_whitespace),
                };
                if fits {
                    self.push(found.span, kind);
                }
            }
            Form::Weak => {
                let fits = value.len() >= SHORTEST && !value.contains(char::is_whitespace);
                let parameter = matches!(found.sign, Sign::Equals | Sign::Encoded | Sign::Pair);
                if fits && (parameter || found.quoted) {
                    self.push(found.span, kind);
                }
            }
            Form::Password => {
                let is_number = value.bytes().all(|byte| byte.is_ascii_digit());
                let fits = match found.sign {
                    Sign::Colon if !found.quoted => is_number,
                    Sign::Line => false,
                    _ => !is_sentence(value),
                };
                if fits {
                    self.push(found.span, kind);
                }
            }
            Form::Code => {
                if self.is_grant_code(&name, &found, value) {
                    self.push(found.span, kind);
                }
            }
            Form::KeyMember => {
                let fits = found.quoted && value.len() >= SHORTEST && is_near(&self.keys, name.start, NEAR_KEY);
                if fits {
                    self.push(found.span, kind);
                }
            }
            Form::CookieValue => {
                if found.quoted && !value.is_empty() {
                    self.push(found.span, kind);
                }
            }
        }
    }

    /// Whether the value of `code` is an authorization code.
    fn is_grant_code(&self, name: &Range<usize>, found: &Found, value: &str) -> bool {
        let digits = value.bytes().all(|byte| byte.is_ascii_digit()) && value.len() < 6;
        if digits || value.contains(char::is_whitespace) {
            return false;
        }
        let is_random = value.len() >= SHORTEST_CODE
            && value.bytes().any(|byte| byte.is_ascii_digit())
            && value.bytes().any(|byte| byte.is_ascii_alphabetic());
        match found.sign {
            Sign::Equals | Sign::Encoded if !found.quoted => {
                let before = name.start.checked_sub(1).and_then(|at| self.bytes.get(at));
                let encoded = name.start >= 3 && self.bytes.get(name.start - 3) == Some(&b'%');
                let is_parameter = encoded || matches!(before, Some(b'?' | b'&' | b'#'));
                let in_form = before.is_none_or(|byte| matches!(byte, b'"' | b'\'' | b'\n' | b' '))
                    && self.bytes.get(found.span.end) == Some(&b'&');
                is_random
                    || is_near(&self.grants, name.start, NEAR)
                    || ((is_parameter || in_form) && !is_near(&self.errors, name.start, NEAR))
            }
            Sign::Line => false,
            _ => found.quoted && (is_random || is_near(&self.grants, name.start, NEAR)),
        }
    }

    /// All but the scheme of a value of `Authorization`.
    fn authorization(&mut self, span: Range<usize>, own: SecretKind) {
        let Some(value) = self.text.get(span.clone()) else { return };
        let mut rest = value.trim_start_matches(['"', '\'', ' ']);
        let mut kind = None;
        loop {
            let length = rest.find(|one: char| !(one.is_ascii_alphanumeric() || one == '-')).unwrap_or(rest.len());
            let word = rest.get(..length).unwrap_or_default();
            let behind = rest.get(length..).unwrap_or_default();
            let next = behind.trim_start_matches([':', ',']);
            let spaced = next.strip_prefix("%20").unwrap_or(next.trim_start());
            let Some((_, known)) = SCHEMES.iter().find(|(scheme, _)| scheme.eq_ignore_ascii_case(word)) else { break };
            if spaced.len() == behind.len() && !behind.is_empty() {
                break;
            }
            kind = kind.or(Some(*known));
            rest = spaced;
        }
        if kind.is_none() {
            // Another scheme, or none: words are no credentials.
            let (first, behind) = rest.split_once(' ').unwrap_or(("", rest));
            let is_word = !first.is_empty() && first.len() <= 24 && !first.bytes().any(|byte| byte.is_ascii_digit());
            if is_word {
                rest = behind;
            }
            let looks = rest.len() >= 8 && rest.bytes().any(|byte| byte.is_ascii_digit() || byte == b'=');
            if !looks {
                return;
            }
        }
        let core = rest.trim_start_matches(['"', '\'', '<', ' ']);
        let start = span.end - core.len();
        let core = core.trim_end_matches(['"', '\'', '>', ' ', '\\', ',', ';']);
        if !is_stand_in(core) {
            self.push(start..start + core.len(), kind.unwrap_or(own));
        }
    }

    /// The values of cookies; with attributes only the first pair is a cookie.
    fn cookies(&mut self, span: Range<usize>, only_first: bool) {
        let Some(value) = self.text.get(span.clone()) else { return };
        let mut at = span.start;
        for part in value.split_inclusive(';') {
            let pair = part.strip_suffix(';').unwrap_or(part);
            if let Some((name, value)) = pair.split_once('=') {
                let start = at + name.len() + 1;
                let end = start + value.trim_end().len();
                let inside = value.trim().trim_matches('"');
                if !inside.is_empty() && !is_stand_in(inside) {
                    self.push(start..end, SecretKind::Cookie);
                }
            }
            at += part.len();
            if only_first {
                break;
            }
        }
    }

    /// What stands behind a scheme without the name of the header.
    fn scheme(&mut self, end: usize, kind: SecretKind) {
        let Some(rest) = self.text.get(end..) else { return };
        let spaced =
            rest.strip_prefix("%20").or_else(|| rest.strip_prefix('+')).unwrap_or(rest.trim_start_matches(' '));
        if spaced.len() == rest.len() {
            return;
        }
        let start = self.text.len() - spaced.len();
        if start < self.scheme_until {
            return;
        }
        let is_token = |one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '.' | '_' | '~' | '+' | '/');
        let length = spaced.find(|one: char| !is_token(one)).unwrap_or(spaced.len());
        self.scheme_until = start + length;
        let padding = spaced.bytes().skip(length).take_while(|byte| *byte == b'=').count();
        let token = spaced.get(..length).unwrap_or_default();
        let behind = spaced.as_bytes().get(length + padding);
        // `Bearer error="…"` is a challenge, and "bearer of news" a sentence.
        let is_parameter = padding > 0 && behind.is_some_and(|byte| *byte == b'"' || byte.is_ascii_alphanumeric());
        let has_digit = token.bytes().any(|byte| byte.is_ascii_digit());
        if length >= 8 && !is_parameter && (has_digit || padding > 0) && !is_stand_in(token) {
            self.push(start..start + length + padding, kind);
        }
    }

    fn push(&mut self, span: Range<usize>, kind: SecretKind) {
        if !span.is_empty() {
            self.secrets.push(Secret { span, kind });
        }
    }

    /// The value behind a name, and how it is written.
    fn value(&self, name: &Range<usize>, form: Form) -> Option<Found> {
        let is_header = matches!(form, Form::Header | Form::Authorization | Form::Cookies | Form::SetCookie);
        let behind = self.text.get(name.end..)?;
        let (closed, after) = match ["\\\"", "\"", "'", "%22", "`"].iter().find_map(|quote| behind.strip_prefix(quote))
        {
            Some(after) => (true, after),
            None => (false, behind),
        };
        let spaced = if closed { skip(after, true) } else { skip(after, false) };
        let (sign, rest) = if let Some(rest) = spaced.strip_prefix("=>") {
            (Sign::Colon, rest)
        } else if let Some(rest) = spaced.strip_prefix(':') {
            (Sign::Colon, rest)
        } else if let Some(rest) = spaced.strip_prefix('=').filter(|rest| !rest.starts_with('=')) {
            (Sign::Equals, rest)
        } else if let Some(rest) = spaced.strip_prefix("%3D").or_else(|| spaced.strip_prefix("%3d")) {
            (Sign::Encoded, rest)
        } else if let Some(rest) = closed.then(|| pair(spaced)).flatten() {
            (Sign::Pair, rest)
        } else if is_header && !closed && spaced.starts_with(['\n', '\r']) && self.begins_line(name.start) {
            (Sign::Line, spaced)
        } else {
            return None;
        };
        let mut value = skip(rest, closed || sign == Sign::Pair);
        let mut sign = sign;
        if is_header && matches!(sign, Sign::Colon | Sign::Line) && value.starts_with(['\n', '\r']) {
            if !self.begins_line(name.start) {
                return None;
            }
            sign = Sign::Line;
            value = skip(value.trim_start_matches(['\n', '\r']), false);
        }
        let start = self.text.len() - value.len();
        let quote = ["\\\"", "\"", "'", "%22"].iter().find(|quote| value.starts_with(**quote));
        if let Some(quote) = quote.filter(|_| sign != Sign::Line) {
            let start = start + quote.len();
            let length = until_quote(self.text.get(start..)?, quote);
            return Some(Found { span: start..start + length, sign, quoted: true });
        }
        let opened =
            name.start.checked_sub(1).and_then(|at| self.bytes.get(at)).filter(|byte| matches!(byte, b'"' | b'\''));
        let length = if form == Form::CookieList {
            value.len().min(1)
        } else if is_header && sign != Sign::Equals {
            until_line_end(value, opened.filter(|_| !closed).copied())
        } else {
            until_parameter_end(value, sign == Sign::Encoded)
        };
        Some(Found { span: start..start + length, sign, quoted: false })
    }

    /// Whether nothing but white space stands before a place in its line.
    fn begins_line(&self, at: usize) -> bool {
        let before = self.bytes.get(..at).unwrap_or_default().iter().rev().take(64);
        let mut before = before.skip_while(|byte| matches!(byte, b' ' | b'\t'));
        before.next().is_none_or(|byte| *byte == b'\n')
    }
}

fn is_name_byte(byte: Option<&u8>) -> bool {
    byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

/// Every place of any of these words, in order.
fn places(whole: &str, words: &[&str]) -> Vec<usize> {
    let mut places: Vec<usize> = words.iter().flat_map(|word| text::positions(whole, word)).collect();
    crate::order::sort(&mut places, |one, other| one < other);
    places
}

/// Whether one of the places is near.
fn is_near(places: &[usize], at: usize, near: usize) -> bool {
    let next = places.partition_point(|place| *place < at.saturating_sub(near));
    places.get(next).is_some_and(|place| *place <= at + near)
}

/// Passes over white space, of several lines where that is allowed.
fn skip(text: &str, lines: bool) -> &str {
    text.trim_start_matches(|one: char| matches!(one, ' ' | '\t') || (lines && matches!(one, '\n' | '\r')))
}

/// What stands behind `, "value":`.
fn pair(text: &str) -> Option<&str> {
    let rest = skip(text.strip_prefix(',')?, true);
    let rest = rest.strip_prefix("\"value\"").or_else(|| rest.strip_prefix("\\\"value\\\""))?;
    skip(rest, true).strip_prefix(':')
}

/// The length of a value up to the quotation mark that ends it, or to the end of its line.
fn until_quote(text: &str, quote: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        if escaped && quote != "\\\"" {
            escaped = false;
            continue;
        }
        if byte == b'\n' || text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(quote.as_bytes())) {
            return at;
        }
        escaped = byte == b'\\';
    }
    text.len()
}

/// The length of a value up to the end of its line, or to the quotation mark around the whole line.
fn until_line_end(text: &str, opened: Option<u8>) -> usize {
    let bytes = text.as_bytes();
    let ends = |at: &usize| match bytes.get(*at) {
        Some(b'\n' | b'\r') => true,
        // The line break of a text that is written in a string.
        Some(b'\\') => matches!(bytes.get(at + 1), Some(b'r' | b'n')),
        byte => byte.copied() == opened,
    };
    let end = (0..bytes.len()).find(ends).unwrap_or(bytes.len());
    text.get(..end).map_or(0, |value| value.trim_end().len())
}

/// The length of a value up to what ends it in a query, a form or a log.
fn until_parameter_end(text: &str, encoded: bool) -> usize {
    let bytes = text.as_bytes();
    let ends = |at: &usize| match bytes.get(*at) {
        Some(b'&' | b'#' | b';' | b',' | b'"' | b'\'' | b'<' | b'>' | b')' | b'\\' | b'`' | b'|' | b'}' | b']') => true,
        Some(b'%') if encoded => matches!(bytes.get(at + 1..at + 3), Some([b'2', b'6' | b'3'])),
        Some(byte) => byte.is_ascii_whitespace(),
        None => true,
    };
    (0..bytes.len()).find(ends).unwrap_or(bytes.len())
}

/// Whether a value only stands in the place of a secret.
fn is_stand_in(value: &str) -> bool {
    let words =
        ["undefined", "null", "none", "nil", "true", "false", "[object Object]", "[object", "token", "access_token"];
    value.is_empty()
        || words.iter().any(|word| word.eq_ignore_ascii_case(value))
        || value.starts_with(['$', '<', '{', '…', '*'])
        || value == "["
        || text::contains(value.get(..4).unwrap_or_default(), "...")
}

/// Whether a value is a sentence about a password.
fn is_sentence(value: &str) -> bool {
    let words = ["is", "must", "required", "not", "does", "should", "cannot", "was", "has", "invalid"];
    value.split(' ').count() > 1
        && value.split(' ').any(|word| words.iter().any(|known| known.eq_ignore_ascii_case(word)))
}
