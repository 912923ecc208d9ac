//! What is in this text? Finds every token in whatever was pasted, and says in what it was found. Never fails.
//!
//! A token is found by what it decodes to, not by how it is written: a run of base64url characters whose bytes begin
//! like a JSON object. So a pretty-printed header (`ewog…`) counts as well as `eyJ…`; a JSON serialisation is found by its
//! members. What lies between the pieces of
//! a hard-wrapped token is skipped and reported; no byte is ever lost, because tokens are ranges of the text.

use std::ops::Range;

use crate::finding::{Fact, Finding};
use crate::order;
use crate::report::{Input, InputKind, TokenName};

mod context;
mod opaque;
mod serialized;
mod wrapped;

pub(crate) use wrapped::pieces;

/// The codes of this room.
pub mod code {
    crate::codes! {
        /// The text holds no token.
        NOTHING_FOUND = "input.nothing-found";
        /// An authorization response stands in the query of a URL, as its standard has it.
        RESPONSE_IN_QUERY = "input.response-in-query";
        /// A token stands in the query of a URL.
        TOKEN_IN_QUERY = "input.token-in-query";
        /// More tokens were found than are read.
        TOO_MANY = "input.too-many";
    }
}

/// How many tokens are read from one text. A log with more than these is shown in part, and the page says so.
pub const MOST_TOKENS: usize = 200;

/// What a text holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sniffed {
    /// What the text, or parts of it, were recognised as.
    pub inputs: Vec<Input>,
    /// The tokens, in order.
    pub candidates: Vec<Candidate>,
    /// What is known about the text as a whole.
    pub findings: Vec<Finding>,
}

/// A token, as ranges of the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The pieces that make it up, in order; more than one where something was skipped.
    pub pieces: Vec<Range<usize>>,
    /// What the text around it calls it.
    pub name: Option<TokenName>,
    /// What it was found in.
    pub found_in: InputKind,
    /// Whether it is no JSON Web Token but a reference that only its issuer can resolve.
    pub opaque: bool,
}

impl Candidate {
    /// The token itself, without what was skipped, and with a dot where it was percent-encoded.
    pub fn text(&self, text: &str) -> String {
        let pieces = self.pieces.iter().filter_map(|piece| text.get(piece.clone()));
        pieces.map(|piece| if piece == "%" { "." } else { piece }).collect()
    }
}

/// Finds every token in a text.
///
/// ```
/// let sniffed = tokenscope::sniff::sniff("Authorization: Bearer eyJhbGciOiJub25lIn0.e30.");
/// assert_eq!(sniffed.candidates[0].pieces, [22..46]);
/// ```
pub fn sniff(text: &str) -> Sniffed {
    let context = context::of(text);
    let mut candidates = match unreadable(text) {
        Some(candidate) => vec![candidate],
        None => tokens(text, context),
    };
    opaque::find(text, context, &mut candidates);
    let start = |candidate: &Candidate| candidate.pieces.first().map_or(0, |piece| piece.start);
    order::sort(&mut candidates, |one, other| start(one) < start(other));

    let mut findings = Vec::new();
    if candidates.is_empty() && !text.trim().is_empty() {
        findings.push(
            Finding::info(code::NOTHING_FOUND, "/input").with("characters", Fact::Count(text.chars().count() as u64)),
        );
    }
    if candidates.len() > MOST_TOKENS {
        findings.push(
            Finding::warning(code::TOO_MANY, "/input")
                .with("found", Fact::Count(candidates.len() as u64))
                .with("read", Fact::Count(MOST_TOKENS as u64)),
        );
        candidates.truncate(MOST_TOKENS);
    }
    let parameters: Vec<&str> = candidates.iter().filter_map(|candidate| context::in_query(text, candidate)).collect();
    // The answer of an authorization endpoint as a JWT, which goes through the browser to its one client.
    let (responses, tokens): (Vec<&str>, Vec<&str>) = parameters.into_iter().partition(|name| *name == "response");
    if !tokens.is_empty() {
        findings.push(Finding::warning(code::TOKEN_IN_QUERY, "/input"));
    }
    if !responses.is_empty() {
        findings.push(Finding::info(code::RESPONSE_IN_QUERY, "/input"));
    }
    let inputs = match candidates.is_empty() {
        true => Vec::new(),
        false => vec![Input { kind: overall(context, &candidates), span: 0..text.len() }],
    };
    Sniffed { inputs, candidates, findings }
}

/// What the text as a whole is called: by its own shape, or else by what its only token was found in.
fn overall(context: InputKind, candidates: &[Candidate]) -> InputKind {
    match candidates {
        [only] => only.found_in,
        _ => context,
    }
}

fn tokens(text: &str, context: InputKind) -> Vec<Candidate> {
    let bytes = text.as_bytes();
    let mut candidates = Vec::new();
    // More than any text needs that was wrapped and not made to take long.
    let mut patience = bytes.len() + (1 << 16);
    let mut serialized = serialized::find(text).into_iter().peekable();
    let mut at = 0;
    while at < bytes.len() {
        if let Some(whole) = serialized.next_if(|whole| whole.start <= at) {
            at = whole.end;
            let pieces = vec![whole];
            let name = context::name_before(text, pieces.first().map_or(0, |piece| piece.start));
            let found_in = context::around(text, &pieces, context);
            candidates.push(Candidate { pieces, name, found_in, opaque: false });
            continue;
        }
        let starts = at == 0 || is_boundary(bytes, at);
        if !starts || !begins_object(bytes.get(at..).unwrap_or_default()) {
            at += 1;
            continue;
        }
        if let Some(run) = prefixed(text, at) {
            let shown = candidates.len() < MOST_TOKENS;
            let name = if shown { context::name_before(text, run.start) } else { None };
            let pieces = vec![run.clone()];
            let found_in = if shown { context::around(text, &pieces, context) } else { context };
            candidates.push(Candidate { pieces, name, found_in, opaque: true });
            at = run.end;
            continue;
        }
        let pieces = wrapped::pieces(bytes, at, &mut patience);
        let end = pieces.last().map_or(at + 1, |piece| piece.end);
        let length: usize = pieces.iter().map(|piece| piece.len()).sum();
        let dots =
            pieces.iter().flat_map(|piece| bytes.get(piece.clone())).flatten().filter(|byte| **byte == b'.').count();
        // A lone run without a dot is a token that was cut off only if there is enough of it; `eyJ0` alone is a word.
        if dots > 0 || length >= 12 {
            // Of those that are only counted nobody asks where they stood.
            let shown = candidates.len() < MOST_TOKENS;
            let name = if shown { context::name_before(text, at) } else { None };
            let found_in = if shown { context::around(text, &pieces, context) } else { context };
            candidates.push(Candidate { pieces, name, found_in, opaque: false });
        }
        at = end.max(at + 1);
    }
    candidates
}

/// What stands in place of a header in tokens that have claims and a signature, and that only their issuer can read:
/// public, secret and temporary tokens of Mapbox.
const IN_PLACE_OF_A_HEADER: [&str; 3] = ["pk.", "sk.", "tk."];

/// The token of which these claims are a part: it has a prefix in place of a header, and no further part.
fn prefixed(text: &str, claims: usize) -> Option<Range<usize>> {
    const LENGTH: usize = 3;
    let start = claims.checked_sub(LENGTH)?;
    let prefix = text.get(start..claims).filter(|prefix| IN_PLACE_OF_A_HEADER.contains(prefix))?;
    let bytes = text.as_bytes();
    let length = bytes.get(claims..)?.iter().take_while(|byte| wrapped::is_token_byte(**byte)).count();
    let run = bytes.get(claims..claims + length)?;
    // A dot behind it ends the sentence.
    let run = run.strip_suffix(b".").unwrap_or(run);
    let dots = run.iter().filter(|byte| **byte == b'.').count();
    (dots == 1 && is_boundary(bytes, start)).then_some(start..start + prefix.len() + run.len())
}

/// Three or more dot-separated parts, and nothing else, are meant as a token even when its header is damaged: it is
/// read, so that the page can say what is wrong with it.
fn unreadable(text: &str) -> Option<Candidate> {
    let trimmed = text.trim();
    let start = text.len() - text.trim_start().len();
    let token = trimmed.strip_prefix("Bearer ").unwrap_or(trimmed);
    let start = start + (trimmed.len() - token.len());
    let parts: Vec<&str> = token.split('.').collect();
    let fits = parts.len() >= 3
        && token.len() >= 40
        && parts.iter().take(3).filter(|part| part.len() >= 16).count() >= 2
        && !begins_object(token.as_bytes())
        && !begins_inside(parts.first().copied().unwrap_or_default())
        && prefixed(text, start + parts.first().map_or(0, |part| part.len()) + 1).is_none()
        && token.bytes().all(|byte| wrapped::is_token_byte(byte) || matches!(byte, b'+' | b'/' | b'='));
    let whole = start..start + token.len();
    let pieces = fits.then(|| Vec::from([whole]))?;
    let found_in = context::around(text, &pieces, InputKind::Text);
    Some(Candidate { pieces, name: None, found_in, opaque: false })
}

/// Whether a whole token begins behind the beginning of this part: `TOKEN=eyJ…`.
fn begins_inside(part: &str) -> bool {
    let bytes = part.as_bytes();
    let begins = |at: usize| is_boundary(bytes, at) && begins_object(bytes.get(at..).unwrap_or_default());
    (1..bytes.len()).any(begins)
}

/// Whether a token may begin here: not in the middle of a word. A percent-encoded character and a backslash escape
/// before it end in a letter or digit, and still are no part of it.
fn is_boundary(bytes: &[u8], at: usize) -> bool {
    let before = |distance: usize| at.checked_sub(distance).and_then(|place| bytes.get(place)).copied().unwrap_or(b' ');
    let in_word = before(1).is_ascii_alphanumeric() || matches!(before(1), b'-' | b'_');
    let percent_encoded = before(3) == b'%' && before(2).is_ascii_hexdigit() && before(1).is_ascii_hexdigit();
    let escaped = before(2) == b'\\' && matches!(before(1), b'n' | b'r' | b't');
    !in_word || percent_encoded || escaped
}

/// Whether base64url text decodes to the beginning of a JSON object: white space, `{`, white space, then a quote or
/// the closing brace.
pub(crate) fn begins_object(text: &[u8]) -> bool {
    // The shortest beginnings are `e30` for `{}` and `eyJ` for `{"`, so anything else is turned away at once; white
    // space before the brace begins with one of I, C, D or A.
    if !matches!(text.first(), Some(b'e' | b'I' | b'C' | b'D')) {
        return false;
    }
    let mut bits = 0_u32;
    let mut count = 0;
    let mut inside = false;
    for byte in text.iter().take(64) {
        let Some(value) = value(*byte) else { return false };
        bits = bits << 6 | value;
        count += 6;
        if count < 8 {
            continue;
        }
        count -= 8;
        match (bits >> count & 0xff) as u8 {
            b' ' | b'\t' | b'\n' | b'\r' => {}
            b'{' if !inside => inside = true,
            b'"' | b'}' if inside => return true,
            _ => return false,
        }
    }
    false
}

fn value(byte: u8) -> Option<u32> {
    let value = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'-' | b'+' => 62,
        b'_' | b'/' => 63,
        _ => return None,
    };
    Some(u32::from(value))
}
