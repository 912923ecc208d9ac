//! Tokens that are no JSON Web Tokens: references that only their issuer can resolve, recognised by what the text
//! calls them.

use std::ops::Range;

use super::{Candidate, context};
use crate::order;
use crate::report::{InputKind, TokenName};
use crate::text;

/// A shorter value is more likely a placeholder or a word than a token.
const SHORTEST: usize = 16;

/// Adds the opaque tokens of a text to the ones found already.
pub fn find(text: &str, context: InputKind, candidates: &mut Vec<Candidate>) {
    let mut found = Vec::new();
    for name in ["access_token", "refresh_token", "id_token", "accessToken", "refreshToken", "idToken"] {
        for at in text::positions(text, name) {
            // "valid_token" is another word. Scripts without spaces run up to the name, so only ASCII counts.
            let within_word = text
                .get(..at)
                .and_then(|before| before.chars().next_back())
                .is_some_and(|character| character.is_ascii_alphanumeric() || character == '_');
            if !within_word && let Some(value) = value_after(text, at + name.len()) {
                found.push((value, context::named(name)));
            }
        }
    }
    for scheme in ["Bearer ", "bearer ", "BEARER ", "DPoP "] {
        for at in text::positions(text, scheme) {
            let value = token_at(text, at + scheme.len());
            // Words follow "bearer" in prose; a token has a digit in it.
            found.extend(
                value.filter(|value| has_digit(text, value)).map(|value| (value, Some(TokenName::AccessToken))),
            );
        }
    }
    // Both lists by their places, so that one walk finds what overlaps: each with each would take too long.
    order::sort(&mut found, |(one, _), (other, _)| one.start < other.start);
    let mut taken =
        candidates.iter().filter_map(|candidate| Some(candidate.pieces.first()?.start..candidate.pieces.last()?.end));
    let mut next = taken.next();
    let mut end = 0;
    let mut opaque = Vec::new();
    for (value, name) in found {
        while let Some(known) = next.take_if(|known| known.end <= value.start) {
            end = end.max(known.end);
            next = taken.next();
        }
        let known = next.as_ref().is_some_and(|known| known.start < value.end);
        if known || value.start < end {
            continue;
        }
        end = value.end;
        let pieces = vec![value];
        let shown = opaque.len() < super::MOST_TOKENS;
        let found_in = if shown { context::around(text, &pieces, context) } else { context };
        opaque.push(Candidate { pieces, name, found_in, opaque: true });
    }
    drop(taken);
    candidates.append(&mut opaque);
}

/// The value behind a name: `": "…"` in JSON, `=…` in a URL or a form.
fn value_after(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let after_name = rest.trim_start_matches(['"', '\'', '\\', ' ', '\t']);
    let after_sign = after_name.strip_prefix([':', '='])?;
    let value = after_sign.trim_start_matches(['"', '\'', '\\', ' ', '\t', '\n', '\r']);
    token_at(text, text.len() - value.len())
}

/// The run of the characters of [RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1) that begins here.
fn token_at(text: &str, at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let is_token =
        |character: char| character.is_ascii_alphanumeric() || matches!(character, '-' | '.' | '_' | '~' | '+' | '/');
    let length = rest.find(|character: char| !is_token(character)).unwrap_or(rest.len());
    let padding = rest.get(length..)?.bytes().take_while(|byte| *byte == b'=').count();
    // `Bearer error="…"` is a challenge, not a token: a name is followed by one equals sign and a value.
    let is_parameter = padding > 0
        && rest.as_bytes().get(length + padding).is_some_and(|byte| *byte == b'"' || byte.is_ascii_alphanumeric());
    let range = at..at + length + padding;
    (length >= SHORTEST && !is_parameter).then_some(range)
}

fn has_digit(text: &str, range: &Range<usize>) -> bool {
    text.get(range.clone()).is_some_and(|value| value.bytes().any(|byte| byte.is_ascii_digit()))
}
