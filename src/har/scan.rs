//! JSON Web Tokens in a text that passes by in parts, without keeping the text.

use super::Carrier;
use crate::jose::base64url;
use crate::sniff::begins_object;

/// Longer tokens are not taken: no server takes a header of that length either.
pub const LONGEST_TOKEN: usize = 1 << 16;

/// The shortest text that could be one.
const SHORTEST: usize = 20;

/// So many different ones are taken from one text.
const MOST: usize = 64;

const WORD: u8 = 1;
const JOIN: u8 = 2;

/// What a byte can be in a token: a base64url character, or what joins parts.
const CLASS: [u8; 256] = {
    let mut class = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        let letter = byte as u8;
        if letter.is_ascii_alphanumeric() || letter == b'-' || letter == b'_' {
            class[byte] |= WORD;
        }
        if matches!(letter, b'.' | b'~') {
            class[byte] |= JOIN;
        }
        byte += 1;
    }
    class
};

fn class(byte: u8) -> u8 {
    CLASS.get(usize::from(byte)).copied().unwrap_or(0)
}

/// Whether this can stand behind `e`: a brace and a quote, or a brace and white space.
fn goes_on(byte: u8) -> bool {
    matches!(byte, b'y' | b'w')
}

/// Finds tokens in a text that is fed to it part by part.
#[derive(Default)]
pub(super) struct Scanner {
    /// The tokens found so far, each once.
    pub(super) found: Vec<String>,
    /// What may become one.
    token: Vec<u8>,
    inside: bool,
    /// What was begun can't become one, and is passed over.
    hopeless: bool,
    /// The last bytes before the next part.
    before: [u8; 3],
}

impl Scanner {
    pub(super) fn feed(&mut self, part: &[u8]) {
        let mut rest = part;
        if self.inside {
            rest = self.go_on(rest);
        }
        while !rest.is_empty() {
            let Some(start) = self.start(rest) else {
                self.remember(rest);
                return;
            };
            let (passed, from) = rest.split_at_checked(start).unwrap_or((rest, &[]));
            self.remember(passed);
            self.inside = true;
            rest = self.go_on(from);
        }
    }

    /// Ends the text. What may have been about to become a token counts only where the text is whole.
    pub(super) fn finish(&mut self, is_whole: bool) -> Vec<String> {
        self.hopeless |= !is_whole;
        self.end_token();
        self.before = [0; 3];
        std::mem::take(&mut self.found)
    }

    /// Where a token may begin: with the code of a brace, and not in the middle of a word. A percent-encoded character and a backslash escape before
    /// it end in a letter or digit, and still are no part of it.
    fn start(&self, part: &[u8]) -> Option<usize> {
        let mut from = 0;
        loop {
            let at = from + part.get(from..)?.iter().position(|byte| *byte == b'e')?;
            let before = if at == 0 { self.before[2] } else { part.get(at - 1).copied().unwrap_or(0) };
            if part.get(at + 1).is_none_or(|next| goes_on(*next))
                && (class(before) & WORD == 0 || self.is_escaped(part, at))
            {
                return Some(at);
            }
            from = at + 1;
        }
    }

    fn is_escaped(&self, part: &[u8], at: usize) -> bool {
        let before = |distance: usize| match at.checked_sub(distance) {
            Some(place) => part.get(place).copied().unwrap_or(0),
            None => self.before.get(3 + at - distance).copied().unwrap_or(0),
        };
        let is_hexadecimal = |byte: u8| byte.is_ascii_hexdigit();
        (before(3) == b'%' && is_hexadecimal(before(2)) && is_hexadecimal(before(1)))
            || (before(2) == b'\\' && matches!(before(1), b'n' | b'r' | b't'))
    }

    /// Takes what belongs to the token at hand, and returns the rest.
    fn go_on<'a>(&mut self, part: &'a [u8]) -> &'a [u8] {
        // The part before ended with the letter alone.
        if self.token == b"e" && part.first().is_some_and(|next| !goes_on(*next)) {
            self.token.clear();
            self.inside = false;
            return part;
        }
        let length = part.iter().position(|byte| class(*byte) & (WORD | JOIN) == 0).unwrap_or(part.len());
        let (taken, rest) = part.split_at_checked(length).unwrap_or((part, &[]));
        // Most of what begins like a token is a short word.
        let is_short = self.token.is_empty() && !rest.is_empty() && taken.len() < SHORTEST;
        if !self.hopeless && !is_short {
            if self.token.len() + taken.len() > LONGEST_TOKEN {
                self.hopeless = true;
            } else {
                let looked_at = self.token.len() >= 64;
                self.token.extend_from_slice(taken);
                self.hopeless = !looked_at && self.token.len() >= 64 && !begins_object(&self.token);
            }
            if self.hopeless {
                self.token = Vec::new();
            }
        }
        self.remember(taken);
        if !rest.is_empty() {
            self.end_token();
        }
        rest
    }

    fn end_token(&mut self) {
        let token = std::mem::take(&mut self.token);
        let hopeless = std::mem::take(&mut self.hopeless);
        self.inside = false;
        if !hopeless
            && self.found.len() < MOST
            && let Some(token) = token_in(&token)
            && !self.found.iter().any(|found| found == token)
        {
            self.found.push(token.to_owned());
        }
    }

    fn remember(&mut self, part: &[u8]) {
        for byte in part.get(part.len().saturating_sub(3)..).unwrap_or_default() {
            self.before = [self.before[1], self.before[2], *byte];
        }
    }
}

/// The token that a run of token characters is: three or five parts, of which the first is a header with an algorithm.
fn token_in(run: &[u8]) -> Option<&str> {
    if run.len() < SHORTEST || !begins_object(run) {
        return None;
    }
    let run = std::str::from_utf8(run).ok()?;
    let dots = run.bytes().filter(|byte| *byte == b'.').count();
    // A full stop behind a token in a sentence.
    let run = if dots == 3 { run.strip_suffix('.').unwrap_or(run) } else { run };
    let header = run.split('.').next()?;
    let header = base64url::decode(header.get(..header.len().min(8192))?).bytes;
    (dots >= 2 && header.windows(5).any(|window| window == b"\"alg\"")).then_some(run)
}

/// Every token in a whole text.
pub(super) fn tokens(text: &str) -> Vec<String> {
    let mut scanner = Scanner::default();
    scanner.feed(text.as_bytes());
    scanner.finish(true)
}

/// A text that a recorder wrote in base64.
pub(super) fn decoded(text: &str) -> String {
    let alphabet = |character: char| match character {
        '+' => Some('-'),
        '/' => Some('_'),
        '=' => None,
        other => Some(other),
    };
    let text: String = text.chars().filter_map(alphabet).collect();
    String::from_utf8_lossy(&base64url::decode(&text).bytes).into_owned()
}

/// A text that passes by, such as a body, which is written as it is or in base64: which of them stands behind it in the
/// file, so both are tried.
pub(super) struct Body {
    /// Where it stands.
    pub(super) carrier: Carrier,
    plain: Scanner,
    decoded: Scanner,
    /// Bits that wait for enough company to make a byte, and their number.
    bits: u32,
    waiting: u32,
    is_other: bool,
    found: [Vec<String>; 2],
}

impl Default for Body {
    fn default() -> Body {
        Body {
            carrier: Carrier::ResponseBody,
            plain: Scanner::default(),
            decoded: Scanner::default(),
            bits: 0,
            waiting: 0,
            is_other: false,
            found: Default::default(),
        }
    }
}

impl Body {
    pub(super) fn begin(&mut self) {
        *self = Body::default();
    }

    pub(super) fn feed(&mut self, part: &[u8]) {
        self.plain.feed(part);
        if self.is_other {
            return;
        }
        let mut bytes = [0; 1024];
        // 1365 characters make 1024 bytes.
        for part in part.chunks(1360) {
            let mut count = 0;
            for character in part {
                let value = match character {
                    b'A'..=b'Z' => character - b'A',
                    b'a'..=b'z' => character - b'a' + 26,
                    b'0'..=b'9' => character - b'0' + 52,
                    b'+' | b'-' => 62,
                    b'/' | b'_' => 63,
                    b'=' | b'\n' | b'\r' => continue,
                    _ => {
                        self.is_other = true;
                        return;
                    }
                };
                self.bits = self.bits << 6 | u32::from(value);
                self.waiting += 6;
                if self.waiting >= 8 {
                    self.waiting -= 8;
                    if let Some(byte) = bytes.get_mut(count) {
                        *byte = (self.bits >> self.waiting) as u8;
                        count += 1;
                    }
                }
            }
            self.decoded.feed(bytes.get(..count).unwrap_or_default());
        }
    }

    pub(super) fn end(&mut self, is_whole: bool) {
        self.found = [self.plain.finish(is_whole), self.decoded.finish(is_whole)];
    }

    /// What was found, once it is known whether the body is in base64.
    pub(super) fn take(&mut self, base64: bool) -> Vec<String> {
        let [plain, decoded] = std::mem::take(&mut self.found);
        if base64 { decoded } else { plain }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.";

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(tokens(text), expected, "{text}");
        for cut in 0..text.len() {
            let mut scanner = Scanner::default();
            scanner.feed(&text.as_bytes()[..cut]);
            scanner.feed(&text.as_bytes()[cut..]);
            assert_eq!(scanner.finish(true), expected, "{text} cut at {cut}");
        }
    }

    #[test]
    fn tokens_are_found_wherever_they_stand() {
        check(TOKEN, &[TOKEN]);
        check(&format!("Bearer {TOKEN}"), &[TOKEN]);
        check(&format!("?a=b&id_token={TOKEN}&c=d"), &[TOKEN]);
        check(&format!("next=%2Fa%3Ftoken%3D{TOKEN}%26b"), &[TOKEN]);
        check(&format!("{{\\\"a\\\":\\n{TOKEN}}}"), &[TOKEN]);
        check(&format!("example.{TOKEN}"), &[TOKEN]);
        check(&format!("it was {TOKEN}c2ln. And so on"), &[&format!("{TOKEN}c2ln")]);
        check(&format!("{TOKEN} {TOKEN} {TOKEN}c2ln"), &[TOKEN, &format!("{TOKEN}c2ln")]);
    }

    #[test]
    fn what_only_looks_like_one_is_none() {
        check("eyJ1c2VyIjoxfQ.Yx3bcd.sig_of_a_session_cookie", &[]);
        check("example.event.target", &[]);
        check("eye.example.eyJhbGciOiJub25lIn0.e30.", &[]);
        check(&format!("x{TOKEN}"), &[]);
        check("eyJhbGciOiJub25lIn0.e30", &[]);
        check(&"e".repeat(100), &[]);
    }

    #[test]
    fn base64_is_looked_into() {
        let text = base64url::encode(format!("{{\"access_token\":\"{TOKEN}\"}}").as_bytes());
        let mut body = Body::default();
        for part in text.as_bytes().chunks(7) {
            body.feed(part);
        }
        body.end(true);
        assert_eq!(body.take(true), [TOKEN]);
    }
}
