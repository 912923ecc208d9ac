//! Firefox in other languages: what no row of the table knows, read by what translators leave alone.
//!
//! Those are the URL, the word CORS, the names of the headers, values in quotation marks, and the status.

use super::assemble::{Draft, url_before};
use super::fold::Folded;
use super::status;
use super::table::table;
use crate::cors::evidence::{Neighbour, Says};
use crate::cors::{Cause, Engine};

/// How far behind the URL the word CORS stands at most.
const REASON: usize = 240;

/// How far before the word CORS its reason begins at most.
const BACK: usize = 120;

/// How much is looked at behind it.
const REST: usize = 320;

/// The drafts, and those that are found between them.
pub(super) fn added(text: &Folded, drafts: Vec<Draft>) -> Vec<Draft> {
    let bytes = &text.text;
    let mut all: Vec<Draft> = Vec::with_capacity(drafts.len());
    let mut from = 0;
    let ends = drafts.iter().map(|draft| draft.start).chain([bytes.len()]).collect::<Vec<usize>>();
    let mut drafts = drafts.into_iter();
    for until in ends {
        while from < until {
            let Some(gap) = bytes.get(from..until) else { break };
            let Some(word) = gap.windows(4).position(|window| window == b"CORS").map(|at| from + at) else { break };
            let rest = text.text.get(word..until.min(word + REST)).unwrap_or_default();
            // The next message begins with its own URL, or with the sentence before it.
            let length = next_url(rest).unwrap_or(rest.len());
            let end = word + length;
            if let Some(url) = url_before(text, from, word, REASON)
                && let Some(draft) = read(text, url, word, end)
            {
                from = draft.end.max(word + 4);
                all.push(draft);
            } else {
                from = word + 4;
            }
        }
        let Some(draft) = drafts.next() else { break };
        from = from.max(draft.end);
        all.push(draft);
    }
    all
}

fn next_url(bytes: &[u8]) -> Option<usize> {
    // A URL in quotation marks is the value of a header.
    (1..bytes.len()).find(|at| {
        let quoted = bytes.get(at - 1) == Some(&b'\'');
        !quoted && bytes.get(*at..).is_some_and(|rest| rest.starts_with(b"http://") || rest.starts_with(b"https://"))
    })
}

/// The message around the word CORS.
fn read(text: &Folded, url: String, word: usize, end: usize) -> Option<Draft> {
    let bytes = &text.text;
    let before = bytes.get(word.saturating_sub(REASON)..word)?;
    let back = before.windows(7).rev().position(|window| window == b"http://" || window == b"https:/")?;
    let start = word - back - 7;
    // Behind the URL its closing quotation mark may stand.
    let from = word.saturating_sub(BACK).max(start + url.len() + 2);
    // A reason is introduced by its name and a colon, in every language.
    let introduced = bytes.get(from..word)?.contains(&b':');
    let (status, status_end, null) = status_of(bytes.get(word..end)?, word);
    let sentence = bytes.get(word..end)?.windows(2).position(|two| two == b". " || two.first() == Some(&b')'));
    let sentence = sentence.map_or(end, |length| word + length);
    let end = status_end.unwrap_or(sentence);
    let reason = bytes.get(from..sentence)?;
    let quoted = quoted(text, from, sentence);
    let header = |name: &str| quoted.iter().any(|value| value == name);
    let value =
        quoted.iter().find(|value| !value.starts_with("Access-Control-") && !matches!(value.as_str(), "*" | "Origin"));
    let several = table().several.iter().any(|word| contains(reason, word.as_bytes()));
    let mut draft = Draft {
        engine: Some(Engine::Firefox),
        url: Some(url),
        status,
        parameter: value.cloned(),
        reason: true,
        start,
        end,
        ..Draft::default()
    };
    use Cause::*;
    let causes: &[Cause] = if !introduced {
        return None;
    } else if header("Access-Control-Allow-Origin") && quoted.iter().any(|value| value == "*") {
        &[WildcardOriginNotAllowed, PreflightWildcardOriginNotAllowed]
    } else if header("Access-Control-Allow-Origin") && value.is_some() {
        &[
            AllowOriginMismatch,
            PreflightAllowOriginMismatch,
            InvalidAllowOriginValue,
            PreflightInvalidAllowOriginValue,
            MultipleAllowOriginValues,
            PreflightMultipleAllowOriginValues,
        ]
    } else if header("Access-Control-Allow-Origin") && several {
        &[MultipleAllowOriginValues, PreflightMultipleAllowOriginValues]
    } else if header("Access-Control-Allow-Origin") {
        &[MissingAllowOriginHeader, PreflightMissingAllowOriginHeader]
    } else if header("Access-Control-Allow-Credentials") {
        draft.parameter = None;
        &[InvalidAllowCredentials, PreflightInvalidAllowCredentials]
    } else if header("Access-Control-Allow-Methods") && value.is_some() {
        &[InvalidAllowMethodsPreflightResponse]
    } else if header("Access-Control-Allow-Methods") {
        &[MethodDisallowedByPreflightResponse]
    } else if header("Access-Control-Allow-Headers") {
        &[HeaderDisallowedByPreflightResponse, InvalidAllowHeadersPreflightResponse]
    } else if header("Origin") {
        &[]
    } else if null {
        draft.says = Some(Says::Neighbour(Neighbour::Unreachable));
        draft.generic = true;
        &[]
    } else if status.is_some() {
        draft.generic = true;
        &[PreflightInvalidStatus, PreflightDisallowedRedirect]
    } else {
        return None;
    };
    draft.causes = causes.to_vec();
    Some(draft)
}

/// What stands in quotation marks.
fn quoted(text: &Folded, from: usize, end: usize) -> Vec<String> {
    let bytes = text.text.get(from..end).unwrap_or_default();
    let mut quoted = Vec::new();
    let mut open: Option<usize> = None;
    for at in (0..bytes.len()).filter(|at| bytes.get(*at) == Some(&b'\'')) {
        let letter_before =
            at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(u8::is_ascii_alphanumeric);
        match open {
            // An apostrophe behind a letter opens nothing: l'en-tête.
            None if letter_before => {}
            None => open = Some(at + 1),
            Some(start) => {
                quoted.push(text.value(from + start..from + at));
                open = None;
            }
        }
    }
    quoted
}

/// The status behind a colon, where it ends, and whether there is none to be had: `(null)`.
fn status_of(reason: &[u8], from: usize) -> (Option<u16>, Option<usize>, bool) {
    for at in (0..reason.len()).filter(|at| reason.get(*at) == Some(&b':')) {
        let behind = reason.get(at + 1..).unwrap_or_default();
        let skip = usize::from(behind.first() == Some(&b' '));
        let behind = behind.get(skip..).unwrap_or_default();
        if behind.starts_with(b"(null)") {
            return (None, Some(from + at + 1 + skip + 6), true);
        }
        if let Some(status) = behind.get(..3).and_then(status)
            && !behind.get(3).is_some_and(u8::is_ascii_alphanumeric)
        {
            return (Some(status), Some(from + at + 1 + skip + 3), false);
        }
    }
    (None, None, false)
}

fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    !needle.is_empty() && bytes.windows(needle.len()).any(|window| window == needle)
}
