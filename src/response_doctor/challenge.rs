//! `WWW-Authenticate` as it is really sent: commas missing, quotes missing, several challenges in one line.
//!
//! The reader goes over the value once. What tells a quote that ends a value from one that a sender forgot to escape is
//! what stands behind it: the end, a comma with another parameter or challenge, or the next parameter without its comma.
//! A value that follows the grammar of [RFC 9110 §11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1) is read
//! as the grammar says.

mod grammar;

use grammar::{LONGEST_PARAMETER, is_curly, is_parameter, is_scheme, is_space, is_word, unfolded};

/// A challenge ([RFC 9110 §11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    /// The scheme as it is written: `Bearer`, `DPoP`, `Basic`. Empty where parameters stand without one.
    pub scheme: String,
    /// The parameters in order, with names as they are written.
    pub parameters: Vec<(String, String)>,
    /// What stands behind the scheme instead of parameters, as with `Negotiate`
    /// ([RFC 9110 §11.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.2)).
    pub token68: Option<String>,
    /// What departs from the grammar, in the order found, each once.
    pub faults: Vec<ChallengeFault>,
}

/// Where a challenge departs from the grammar of [RFC 9110 §11.2](https://www.rfc-editor.org/rfc/rfc9110#section-11.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChallengeFault {
    /// Parameters are separated by spaces alone, or by semicolons.
    MissingComma,
    /// A value that needs quotes has none.
    Unquoted,
    /// A quote inside a quoted value is not escaped.
    UnescapedQuote,
    /// A quoted value does not end.
    Unterminated,
    /// A comma with nothing behind or before it.
    StrayComma,
    /// The quotes are not those of ASCII.
    CurlyQuotes,
    /// The quotes are apostrophes, which the grammar takes for a part of the value.
    SingleQuotes,
    /// There are parameters, and no scheme before them.
    MissingScheme,
    /// Text that is neither a scheme nor a parameter.
    StrayText,
    /// A control character.
    ControlCharacter,
}

impl Challenge {
    /// The first parameter of that name, compared without regard to case.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// Whether it says nothing but its scheme, and perhaps what it protects: with
    /// [RFC 6750 §3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1) that no credentials arrived.
    pub fn is_bare(&self) -> bool {
        let silent = |(name, _): &(String, String)| {
            [
                "realm",
                "scope",
                "resource_metadata",
                "authorization_uri",
                "client_id",
                "trusted_issuers",
                "algs",
                "charset",
            ]
            .iter()
            .any(|known| name.eq_ignore_ascii_case(known))
        };
        !self.scheme.is_empty() && self.token68.is_none() && self.parameters.iter().all(silent)
    }
}

/// The challenges in the value of one `WWW-Authenticate` header. Nothing is refused: what is neither a scheme nor a
/// parameter is passed over, and noted as a fault.
///
/// ```
/// use tokenscope::response_doctor::challenge::{ChallengeFault, read};
/// let [challenge] = &read(r#"Bearer scope="" error="invalid_token""#)[..] else { panic!() };
/// assert_eq!(challenge.parameter("Error"), Some("invalid_token"));
/// assert_eq!(challenge.faults, [ChallengeFault::MissingComma]);
/// ```
pub fn read(value: &str) -> Vec<Challenge> {
    let mut reader = Reader {
        text: value,
        at: 0,
        challenges: Vec::new(),
        early: Vec::new(),
        behind: Behind::Start,
        value_end: 0,
        no_apostrophe_ends: false,
    };
    reader.run();
    reader.challenges
}

/// What stands directly before the place of the reader.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Behind {
    Start,
    Scheme,
    /// A quoted value, or a token68.
    Closed,
    /// A value without quotes, of one word.
    Open,
    /// A value without quotes, of several words.
    OpenWords,
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    challenges: Vec<Challenge>,
    /// Faults before the first challenge; they become its.
    early: Vec<ChallengeFault>,
    behind: Behind,
    /// Where the last value without quotes ended.
    value_end: usize,
    /// A search for the end of a value in apostrophes went through to the end of the text; there is no use in another.
    no_apostrophe_ends: bool,
}

impl<'a> Reader<'a> {
    fn run(&mut self) {
        if self.text.bytes().any(|byte| byte.is_ascii_control() && !is_space(byte)) {
            self.note(ChallengeFault::ControlCharacter);
        }
        loop {
            let commas = self.separators();
            if commas > 1 || (commas > 0 && (self.behind == Behind::Start || self.peek().is_none())) {
                self.note(ChallengeFault::StrayComma);
            }
            if self.peek().is_none() {
                return;
            }
            let word = self.word_end(self.at);
            let next = self.skip_space(word);
            match self.byte(next) {
                Some(b'=') if word > self.at => self.named(word, next, commas > 0),
                behind if word > self.at && (next > word || matches!(behind, None | Some(b',' | b';'))) => {
                    self.word(word, next, commas > 0);
                }
                _ => self.stray(commas > 0),
            }
        }
    }

    /// A name with an equals sign behind it: a parameter, or a token68 with its padding.
    fn named(&mut self, word: usize, equals: usize, comma: bool) {
        if self.behind == Behind::Scheme && !comma && word == equals && self.is_padded_token68(word) {
            let padded = self.while_byte(word, |byte| byte == b'=');
            return self.token68(padded);
        }
        match self.behind {
            Behind::Start => {
                self.challenge(String::new());
                self.note(ChallengeFault::MissingScheme);
            }
            Behind::Scheme if comma => self.note(ChallengeFault::StrayComma),
            Behind::Closed | Behind::Open | Behind::OpenWords if !comma => self.note(ChallengeFault::MissingComma),
            _ => {}
        }
        let name = self.slice(self.at, word).to_owned();
        let start = self.skip_space(equals + 1);
        let value = self.value(equals + 1, start);
        if let Some(challenge) = self.challenges.last_mut() {
            challenge.parameters.push((name, value));
        }
    }

    /// Whether the equals signs from here on are the padding of a token68, and not those of a parameter without a value.
    fn is_padded_token68(&self, equals: usize) -> bool {
        let padded = self.while_byte(equals, |byte| byte == b'=');
        let scheme = self.challenges.last().map_or("", |challenge| challenge.scheme.as_str());
        let by_parameters = ["Bearer", "DPoP"].iter().any(|name| scheme.eq_ignore_ascii_case(name));
        let next = self.skip_space(padded);
        let ends = matches!(self.byte(next), None | Some(b','));
        let other = self.while_byte(next, |byte| byte == b',' || is_space(byte));
        let parameter_follows = next != other && self.is_name(other);
        ends && !by_parameters && !is_parameter(self.slice(self.at, equals)) && !parameter_follows
    }

    /// The value whose equals sign ends at `from`; its first character that is no space stands at `start`.
    fn value(&mut self, from: usize, start: usize) -> String {
        let first = self.slice(start, self.text.len()).chars().next();
        match first {
            Some('"') => self.quoted(start + 1, &['"']),
            Some(quote) if is_curly(quote) => {
                self.note(ChallengeFault::CurlyQuotes);
                self.quoted(start + quote.len_utf8(), &['“', '”', '„', '‟', '″', '"'])
            }
            Some('\'') => match self.apostrophe_end(start + 1) {
                Some(end) => {
                    self.note(ChallengeFault::SingleQuotes);
                    self.close(end + 1, unfolded(self.slice(start + 1, end)))
                }
                None => self.unquoted(start),
            },
            // `realm= error="…"`: what follows is the next parameter, and not the value of this one.
            Some(_) if start > from && self.is_name(start) => self.empty(from),
            None | Some(',') => self.empty(from),
            Some(_) => self.unquoted(start),
        }
    }

    fn empty(&mut self, from: usize) -> String {
        self.note(ChallengeFault::Unquoted);
        self.at = from;
        self.behind = Behind::Closed;
        String::new()
    }

    fn unquoted(&mut self, start: usize) -> String {
        let mut end = self.while_byte(start, |byte| byte != b',' && !is_space(byte));
        // A semicolon is left for the separators, where it stands between two parameters.
        if self.slice(start, end).ends_with(';') {
            end -= 1;
        }
        let value = self.slice(start, end).to_owned();
        if !crate::http::is_token(&value) {
            self.note(ChallengeFault::Unquoted);
        }
        self.at = end;
        self.value_end = end;
        self.behind = Behind::Open;
        value
    }

    /// A value behind its opening quote.
    fn quoted(&mut self, start: usize, quotes: &[char]) -> String {
        let mut value = String::new();
        let mut from = start;
        let mut characters = self.slice(start, self.text.len()).char_indices();
        let mut end = self.text.len();
        let mut behind = end;
        let mut fault = Some(ChallengeFault::Unterminated);
        while let Some((offset, character)) = characters.next() {
            let at = start + offset;
            if character == '\\' {
                value.push_str(self.slice(from, at));
                // What is escaped stands for itself (RFC 9110 §5.6.4).
                from = at + 1;
                characters.next();
            } else if quotes.contains(&character) {
                if self.ends_behind(at + character.len_utf8()) {
                    (end, behind, fault) = (at, at + character.len_utf8(), None);
                    break;
                }
                if let Some(comma) = self.parameter_before(from, at) {
                    (end, behind) = (comma, comma);
                    break;
                }
                self.note(ChallengeFault::UnescapedQuote);
            }
        }
        if let Some(fault) = fault {
            self.note(fault);
        }
        value.push_str(self.slice(from, end));
        self.close(behind, unfolded(&value))
    }

    fn close(&mut self, at: usize, value: String) -> String {
        self.at = at;
        self.behind = Behind::Closed;
        value
    }

    /// Where the comma stands before a parameter whose value begins with the quote at `quote`: the value before that
    /// parameter has lost its own. Only names that are known count.
    fn parameter_before(&self, from: usize, quote: usize) -> Option<usize> {
        let before = self.slice(from, quote).strip_suffix('=')?;
        let name = before.bytes().rev().take(LONGEST_PARAMETER).take_while(|byte| is_word(*byte)).count();
        let (before, name) = before.split_at_checked(before.len() - name)?;
        let space = before.bytes().rev().take(4).take_while(|byte| is_space(*byte)).count();
        let before = before.get(..before.len() - space)?.strip_suffix(',')?;
        is_parameter(name).then_some(from + before.len())
    }

    /// The end of a value in apostrophes.
    fn apostrophe_end(&mut self, start: usize) -> Option<usize> {
        if self.no_apostrophe_ends {
            return None;
        }
        let mut quotes = self.slice(start, self.text.len()).bytes().enumerate().filter(|(_, byte)| *byte == b'\'');
        // An apostrophe is part of a word, so that only one at the end of a word is looked behind of.
        let ends = |at: usize| !self.byte(at).is_some_and(is_word) && self.ends_behind(at);
        let end = quotes.find(|(at, _)| ends(start + at + 1)).map(|(at, _)| start + at);
        self.no_apostrophe_ends = end.is_none();
        end
    }

    /// Whether a quote before `at` ends a value. Never looks beyond the next quote, so that it is linear in all.
    fn ends_behind(&self, at: usize) -> bool {
        let next = self.skip_space(at);
        let word = self.while_byte(next, |byte| matches!(byte, b',' | b';') || is_space(byte));
        let end = self.word_end(word);
        let behind = self.skip_space(end);
        let follows = |at: usize| matches!(self.byte(at), None | Some(b',' | b';'));
        match self.byte(next) {
            None => true,
            Some(b',' | b';') if word == self.text.len() => true,
            Some(_) if end == word => false,
            Some(b',' | b';') => {
                let second = self.word_end(behind);
                let last = self.skip_space(second);
                self.byte(behind) == Some(b'=')
                    || follows(behind)
                    || (second > behind && behind > end && (self.byte(last) == Some(b'=') || follows(last)))
            }
            Some(_) => {
                self.byte(behind) == Some(b'=')
                    || (is_scheme(self.slice(word, end)) && (follows(behind) || self.is_name(behind)))
            }
        }
    }

    /// A word without an equals sign behind it: a scheme, a token68, or part of a value without quotes.
    fn word(&mut self, end: usize, next: usize, comma: bool) {
        let known = is_scheme(self.slice(self.at, end));
        let ends = matches!(self.byte(next), None | Some(b','));
        let named = self.is_name(next);
        match self.behind {
            Behind::Start => self.scheme(end),
            Behind::OpenWords if comma && !known && !named => self.continuation(end),
            _ if comma => self.scheme(end),
            Behind::Scheme if !known && ends => self.token68(end),
            Behind::Scheme | Behind::Closed if known && (ends || named || self.behind == Behind::Scheme) => {
                self.note(ChallengeFault::MissingComma);
                self.scheme(end);
            }
            Behind::Open | Behind::OpenWords if known && named => {
                self.note(ChallengeFault::MissingComma);
                self.scheme(end);
            }
            Behind::Open | Behind::OpenWords => self.continuation(end),
            _ => {
                self.note(ChallengeFault::StrayText);
                self.at = end;
            }
        }
    }

    /// What is no word: part of a value without quotes, or nothing that the grammar knows.
    fn stray(&mut self, comma: bool) {
        let end = self.while_byte(self.at, |byte| byte != b',' && !is_space(byte)).max(self.at + 1);
        let word = self.word_end(self.at);
        match self.behind {
            // `Bearer: error="…"`
            Behind::Start if self.byte(word) == Some(b':') && is_scheme(self.slice(self.at, word)) => {
                self.note(ChallengeFault::StrayText);
                self.scheme(word);
                self.at = word + 1;
            }
            Behind::OpenWords => self.continuation(end),
            Behind::Open if !comma => self.continuation(end),
            _ => {
                self.note(ChallengeFault::StrayText);
                self.at = end;
            }
        }
    }

    fn continuation(&mut self, end: usize) {
        let more = unfolded(self.slice(self.value_end, end));
        if let Some((_, value)) = self.challenges.last_mut().and_then(|challenge| challenge.parameters.last_mut()) {
            value.push_str(&more);
        }
        self.note(ChallengeFault::Unquoted);
        self.at = end;
        self.value_end = end;
        self.behind = Behind::OpenWords;
    }

    fn scheme(&mut self, end: usize) {
        self.challenge(self.slice(self.at, end).to_owned());
        self.at = end;
        self.behind = Behind::Scheme;
    }

    fn challenge(&mut self, scheme: String) {
        let faults = std::mem::take(&mut self.early);
        self.challenges.push(Challenge { scheme, faults, ..Challenge::default() });
    }

    fn token68(&mut self, end: usize) {
        let token = self.slice(self.at, end).to_owned();
        if let Some(challenge) = self.challenges.last_mut() {
            challenge.token68 = Some(token);
        }
        self.at = end;
        self.behind = Behind::Closed;
    }

    fn note(&mut self, fault: ChallengeFault) {
        let faults = self.challenges.last_mut().map_or(&mut self.early, |challenge| &mut challenge.faults);
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }

    /// Passes over spaces and commas; how many commas there were. A semicolon is taken for a comma, and noted.
    fn separators(&mut self) -> usize {
        let mut commas = 0;
        let mut semicolon = false;
        while let Some(byte) = self.peek() {
            match byte {
                b',' => commas += 1,
                b';' => {
                    commas += 1;
                    semicolon = true;
                }
                _ if is_space(byte) => {}
                _ => break,
            }
            self.at += 1;
        }
        if semicolon {
            self.note(ChallengeFault::MissingComma);
        }
        commas
    }

    /// Whether a name with an equals sign behind it stands there.
    fn is_name(&self, at: usize) -> bool {
        let end = self.word_end(at);
        end > at && self.byte(self.skip_space(end)) == Some(b'=')
    }

    fn word_end(&self, at: usize) -> usize {
        self.while_byte(at, is_word)
    }

    fn skip_space(&self, at: usize) -> usize {
        self.while_byte(at, is_space)
    }

    fn while_byte(&self, at: usize, is: impl Fn(u8) -> bool) -> usize {
        let rest = self.text.as_bytes().get(at..).unwrap_or_default();
        at + rest.iter().take_while(|byte| is(**byte)).count()
    }

    fn peek(&self) -> Option<u8> {
        self.byte(self.at)
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn slice(&self, from: usize, to: usize) -> &'a str {
        self.text.get(from..to).unwrap_or_default()
    }
}
