//! Where a token ends, and whether it goes on after a line break.
//!
//! Terminals, mailers and chat programs break long lines. A token is put together again when what follows the break
//! completes it: it brings the missing dots, or it fills the signature to a length that its algorithm has. So a word
//! on the line after a whole token is never taken for a part of it.

use std::ops::Range;

use crate::jose::algorithm::{Algorithm, Kind};
use crate::jose::base64url;
use crate::jose::is_unencoded;
use crate::json::{self, Document};

/// A line this long or longer that consists of token characters only is taken for a part of a token.
const LONG_LINE: usize = 16;

/// How many line breaks are looked across for the rest of a token.
const MOST_LINES: usize = 4096;

/// The pieces of the token that begins at `start`.
///
/// `patience` is how many bytes may still be looked at in vain: what begins like a token at the head of every line would
/// otherwise have the lines behind it read again and again.
pub fn pieces(bytes: &[u8], start: usize, patience: &mut usize) -> Vec<Range<usize>> {
    if let Some(pieces) = percent_encoded(bytes, start) {
        return pieces;
    }
    if let Some(whole) = unencoded(bytes, start) {
        return vec![whole];
    }
    let mut pieces = vec![with_final_dot(bytes, start..run_end(bytes, start))];
    let mut dots = count_dots(bytes, &pieces);
    if dots < 2 {
        take_missing_parts(bytes, &mut pieces, dots, 2, patience);
        dots = count_dots(bytes, &pieces);
    }
    if !(2..=4).contains(&dots) {
        return pieces;
    }
    let header = header(bytes, &pieces);
    let most = if header.member("enc").is_some() { 4 } else { 2 };
    if dots < most {
        take_missing_parts(bytes, &mut pieces, dots, most, patience);
        dots = count_dots(bytes, &pieces);
    }
    if dots == most {
        take_rest(bytes, &mut pieces, &lengths(&header), patience);
    }
    pieces
}

/// The pieces of a token whose dots are percent-encoded, as over-eager libraries write them in URLs and forms. For each
/// dot the `%` stands as a piece of its own, so that every character of the token has its place in the text.
fn percent_encoded(bytes: &[u8], start: usize) -> Option<Vec<Range<usize>>> {
    let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let mut pieces = Vec::new();
    let mut at = start;
    // Of an encrypted token in five parts the second may be empty, and of one in three parts the last.
    for part in 1..=5 {
        let length = bytes.get(at..)?.iter().take_while(|byte| is_word(byte)).count();
        if length > 0 {
            pieces.push(at..at + length);
        }
        at += length;
        match (bytes.get(at..), part) {
            (Some([b'%', b'2', b'E' | b'e', ..]), 1 | 3 | 4) if length > 0 => {}
            (Some([b'%', b'2', b'E' | b'e', ..]), 2) => {}
            (Some([b'%', b'2', b'E' | b'e', ..]), _) => return None,
            (_, 3 | 5) => return Some(pieces),
            _ => return None,
        }
        pieces.push(at..at + 1);
        at += "%2E".len();
    }
    None
}

/// A token with its payload in it as it is ([RFC 7797 §5.2](https://www.rfc-editor.org/rfc/rfc7797#section-5.2)): any text of
/// one line, without a dot.
fn unencoded(bytes: &[u8], start: usize) -> Option<Range<usize>> {
    let run = |from: usize, is_part: fn(u8) -> bool| {
        bytes.get(from..).unwrap_or_default().iter().take_while(|byte| is_part(**byte)).count() + from
    };
    let header = start..run(start, |byte| is_token_byte(byte) && byte != b'.');
    // First, because the line may be as long as the text, and begin like this in a hundred thousand places.
    if bytes.get(header.end) != Some(&b'.') {
        return None;
    }
    let payload = header.end + 1..run(header.end + 1, |byte| !matches!(byte, b'.' | b'"' | 0..=31));
    if payload.is_empty() || bytes.get(payload.end) != Some(&b'.') {
        return None;
    }
    // What is base64url is found like any other.
    if bytes.get(payload.clone())?.iter().all(|byte| is_token_byte(*byte)) {
        return None;
    }
    let decoded = base64url::decode(&String::from_utf8_lossy(bytes.get(header)?)).bytes;
    let whole = start..run(payload.end + 1, |byte| is_token_byte(byte) && byte != b'.');
    // A fourth part is one too many, as it is of any other token.
    let goes_on =
        bytes.get(whole.end) == Some(&b'.') && bytes.get(whole.end + 1).is_some_and(|byte| is_token_byte(*byte));
    (!goes_on && is_unencoded(&json::read(decoded))).then_some(whole)
}

/// A dot at the end of a line belongs to the token when the token goes on behind the line break, and to the sentence
/// otherwise.
fn with_final_dot(bytes: &[u8], run: Range<usize>) -> Range<usize> {
    let dots = bytes.get(run.clone()).unwrap_or_default().iter().filter(|byte| **byte == b'.').count();
    let goes_on = dots < 2
        && bytes.get(run.end) == Some(&b'.')
        && next_run(bytes, run.end + 1).is_some_and(|next| {
            let is_payload = super::begins_object(bytes.get(next.run.clone()).unwrap_or_default());
            next.after_break && !is_token(bytes, &next.run) && (is_payload || next.run.len() >= LONG_LINE)
        });
    if goes_on { run.start..run.end + 1 } else { run }
}

/// The characters of base64url, and the dot.
pub fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// The end of the run of token characters. The standard alphabet and padding count as long as a token character
/// follows or precedes them as base64 would have it: such a token is wrong, and has to be shown whole to say why.
fn run_end(bytes: &[u8], start: usize) -> usize {
    let is_word =
        |at: usize| bytes.get(at).is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
    // A sign at the very end counts when the run has another one: alone it is more likely the end of an address.
    let is_standard =
        |at: usize| bytes.get(start..at).is_some_and(|run| run.iter().any(|byte| matches!(byte, b'+' | b'/')));
    let ends =
        |at: usize| bytes.get(at).is_none_or(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'='));
    let mut at = start;
    let mut dots_before = 0;
    loop {
        match bytes.get(at) {
            Some(b'.') => {
                // An ellipsis marks what was left out, and is no part of the token; two dots enclose an empty part.
                let following = bytes.get(at..).unwrap_or_default().iter().take_while(|byte| **byte == b'.').count();
                let ends = !is_word(at + following);
                if following > 2 || (ends && (following > 1 || dots_before != 1)) {
                    return at;
                }
                dots_before += following;
                at += following;
            }
            Some(b'+' | b'/') => {
                let signs =
                    bytes.get(at..).unwrap_or_default().iter().take_while(|byte| matches!(byte, b'+' | b'/')).count();
                let goes_on = is_word(at + signs) || (is_standard(at) && ends(at + signs));
                if !goes_on {
                    return at;
                }
                at += signs;
            }
            Some(b'=') if at > start => {
                let count = bytes.get(at..).unwrap_or_default().iter().take_while(|byte| **byte == b'=').count();
                let behind = bytes.get(at + count);
                let closes = behind.is_none_or(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'-' | b'_'));
                if count > 2 || !closes {
                    return at;
                }
                at += count;
                if behind != Some(&b'.') {
                    return at;
                }
            }
            Some(_) if is_word(at) => at += 1,
            _ => return at,
        }
    }
}

fn count_dots(bytes: &[u8], pieces: &[Range<usize>]) -> usize {
    pieces.iter().flat_map(|piece| bytes.get(piece.clone())).flatten().filter(|byte| **byte == b'.').count()
}

/// The next run of token characters after white space, and whether a line break lies between.
struct Next {
    run: Range<usize>,
    after_break: bool,
}

fn next_run(bytes: &[u8], end: usize) -> Option<Next> {
    if let Some(begin) = next_literal(bytes, end) {
        let run_end = run_end(bytes, begin).max(begin + 1);
        // A dot before the closing mark is a part of the token.
        let behind = bytes.get(run_end..).unwrap_or_default();
        let is_closed = behind.strip_prefix(b".").unwrap_or(behind).first() == bytes.get(end);
        return is_closed.then_some(Next { run: begin..run_end, after_break: true });
    }
    let mut at = end;
    let mut breaks = 0;
    let mut invisible = false;
    loop {
        let rest = bytes.get(at..)?;
        match rest {
            [b' ' | b'\t' | b'\r', ..] => at += 1,
            [b'\n', ..] => {
                breaks += 1;
                at += 1;
            }
            // A shell's line continuation, and line breaks written as escapes inside a JSON string.
            [b'\\', b'\n', ..] | [b'\\', b'\r', b'\n', ..] => at += 1,
            [b'\\', b'r', b'\\', b'n', ..] => {
                breaks += 1;
                at += 4;
            }
            [b'\\', b'n', ..] => {
                breaks += 1;
                at += 2;
            }
            // Zero-width space, joiners, word joiner, soft hyphen, byte order mark and no-break space.
            [0xe2, 0x80, 0x8b..=0x8d, ..] | [0xe2, 0x81, 0xa0, ..] | [0xef, 0xbb, 0xbf, ..] => {
                invisible = true;
                at += 3;
            }
            [0xc2, 0xad | 0xa0, ..] => {
                invisible = true;
                at += 2;
            }
            // The mark of a quoted mail, at the start of a line.
            [b'>', b' ', ..] if breaks == 1 => at += 2,
            _ => break,
        }
    }
    // An empty line ends what belongs together.
    if at == end || breaks > 1 || !bytes.get(at).is_some_and(|byte| is_token_byte(*byte)) {
        return None;
    }
    let run_end = run_end(bytes, at);
    let run_end = if run_end == at { at + 1 } else { run_end };
    let behind = bytes.get(run_end);
    let bounded = behind.is_none_or(|byte| {
        byte.is_ascii_whitespace()
            || matches!(
                byte,
                b'"' | b'\''
                    | b'`'
                    | b'\\'
                    | b','
                    | b';'
                    | b'&'
                    | b'<'
                    | b')'
                    | b'}'
                    | b']'
                    | b'.'
                    | b'~'
                    | 0xc2
                    | 0xe2
                    | 0xef
            )
    });
    // "sig word word": a run in the middle of a line of words is one of the words.
    let ends_line = !matches!(bytes.get(run_end..), Some([b' ' | b'\t', byte, ..]) if !byte.is_ascii_whitespace() && *byte != b'\\');
    // A line that was joined with spaces has long runs, and perhaps dots apart.
    let is_part = run_end - at >= LONG_LINE || bytes.get(at..run_end) == Some(b".");
    (bounded && (ends_line || invisible || is_part))
        .then_some(Next { run: at..run_end, after_break: breaks > 0 || invisible })
}

/// Between two string literals that a program puts together stands no more than this.
const LONGEST_JOINT: usize = 256;

/// Where the next literal begins, when a string literal ends here and a program puts the two together: with an operator,
/// as in `"eyJ" + "hbG"`, or on the next line with nothing but white space between, as in Python and C.
fn next_literal(bytes: &[u8], end: usize) -> Option<usize> {
    let mark = *bytes.get(end).filter(|byte| matches!(byte, b'"' | b'\'' | b'`'))?;
    let between = bytes.get(end + 1..bytes.len().min(end + 1 + LONGEST_JOINT))?;
    let length = between.iter().position(|byte| *byte == mark)?;
    let joint = between.get(..length)?;
    // Letters before a mark say what kind of literal it is: `b'…'`, `f"…"`.
    let joint = match joint {
        [before @ .., b'b' | b'f' | b'r' | b'u'] => before,
        _ => joint,
    };
    let is_white = |byte: &u8| byte.is_ascii_whitespace();
    let has_break = joint.contains(&b'\n');
    // A line goes on behind a backslash, in Visual Basic behind an underscore.
    let is_silent = |byte: &u8| is_white(byte) || has_break && matches!(byte, b'\\' | b'_');
    let operator: Vec<u8> = joint.iter().filter(|byte| !is_silent(byte)).copied().collect();
    let joins = match operator.as_slice() {
        [] => has_break,
        [b'+' | b'.' | b'&'] | [b'.', b'.'] | [b'|', b'|'] => true,
        _ => false,
    };
    let begin = end + 1 + length + 1;
    (joins && bytes.get(begin).is_some_and(|byte| is_token_byte(*byte))).then_some(begin)
}

/// Whether this run is a token of its own.
fn is_token(bytes: &[u8], run: &Range<usize>) -> bool {
    let text = bytes.get(run.clone()).unwrap_or_default();
    super::begins_object(text) && text.iter().filter(|byte| **byte == b'.').count() >= 2
}

fn take_missing_parts(bytes: &[u8], pieces: &mut Vec<Range<usize>>, dots: usize, most: usize, patience: &mut usize) {
    let before = pieces.len();
    let begin = pieces.last().map_or(0, |piece| piece.end);
    let mut dots = dots;
    let mut complete = dots >= most;
    let mut all_long = true;
    let mut spaced = false;
    while dots < most && pieces.len() < MOST_LINES {
        if pieces.last().is_some_and(|piece| piece.end - begin > *patience) {
            break;
        }
        let Some(next) = pieces.last().and_then(|piece| next_run(bytes, piece.end)) else { break };
        let joint = pieces.last().and_then(|piece| bytes.get(piece.end - 1)) == Some(&b'.')
            || bytes.get(next.run.start) == Some(&b'.');
        if is_token(bytes, &next.run) || !(next.after_break || joint || next.run.len() >= LONG_LINE) {
            break;
        }
        spaced |= !next.after_break;
        let run = with_final_dot(bytes, next.run);
        all_long &= run.len() >= LONG_LINE;
        dots += bytes.get(run.clone()).unwrap_or_default().iter().filter(|byte| **byte == b'.').count();
        complete = dots >= most;
        pieces.push(run);
    }
    // Without every dot it stays open whether the following lines belong to it; long ones do, but not behind a space.
    if !complete && (spaced || !all_long) {
        let end = pieces.last().map_or(begin, |piece| piece.end);
        *patience = patience.saturating_sub(end - begin);
        pieces.truncate(before);
    }
}

/// Takes what is missing of the last part, a signature or an authentication tag, of one of these lengths.
fn take_rest(bytes: &[u8], pieces: &mut Vec<Range<usize>>, lengths: &[usize], patience: &mut usize) {
    let text = pieces.iter().rev().flat_map(|piece| bytes.get(piece.clone())).flat_map(|piece| piece.iter().rev());
    let mut length = text.take_while(|byte| **byte != b'.').count();
    let mut longer: Vec<Range<usize>> = Vec::new();
    let mut fits_at = lengths.contains(&length).then_some(0);
    // A break may fall just where a shorter one would end; but then the lines are of one length.
    let is_wrapped = |one: Option<&Range<usize>>, two: Option<&Range<usize>>| {
        one.zip(two).is_some_and(|(one, two)| one.len() == two.len())
    };
    let ends = |length: usize| lengths.iter().all(|fitting| *fitting <= length);
    if fits_at.is_some() && (ends(length) || !is_wrapped(pieces.iter().rev().nth(1), pieces.last())) {
        return;
    }
    let mut all_long = true;
    let mut spaced = false;
    let begin = pieces.last().map_or(0, |piece| piece.end);
    while longer.len() < MOST_LINES {
        if longer.last().is_some_and(|piece| piece.end - begin > *patience) {
            break;
        }
        let end = longer.last().or(pieces.last()).map_or(0, |piece| piece.end);
        let Some(next) = next_run(bytes, end) else { break };
        let run = bytes.get(next.run.clone()).unwrap_or_default();
        // A dot belongs to something else, and so does what stands behind a space, unless the length fits with it.
        if run.contains(&b'.') || super::begins_object(run) {
            break;
        }
        spaced |= !next.after_break;
        length += run.len();
        if lengths.iter().all(|fitting| *fitting < length) && !lengths.is_empty() {
            break;
        }
        all_long &= run.len() >= LONG_LINE;
        longer.push(next.run);
        if lengths.contains(&length) {
            fits_at = Some(longer.len());
            let before = longer.iter().rev().nth(1).or(pieces.last());
            if ends(length) || !is_wrapped(before, longer.last()) {
                break;
            }
        }
    }
    match fits_at {
        Some(count) => longer.truncate(count),
        None if spaced || !all_long => {
            let end = longer.last().map_or(begin, |piece| piece.end);
            *patience = patience.saturating_sub(end - begin);
            longer.clear();
        }
        None => {}
    }
    pieces.append(&mut longer);
}

/// The header of a token, as far as it can be read.
fn header(bytes: &[u8], pieces: &[Range<usize>]) -> Document {
    let text = pieces.iter().flat_map(|piece| bytes.get(piece.clone())).flatten().copied();
    let text: Vec<u8> = text.take_while(|byte| *byte != b'.').collect();
    json::read(base64url::decode(&String::from_utf8_lossy(&text)).bytes)
}

/// The lengths, in characters, that the last part can have: of a signature one for most algorithms and the usual key sizes
/// for RSA, and none when the header can't be read; of an encrypted token those of its tags.
fn lengths(header: &Document) -> Vec<usize> {
    let algorithm = header.string("alg").and_then(Algorithm::named);
    let bytes = match algorithm.map(|algorithm| (algorithm.kind, algorithm.signature_length)) {
        _ if header.member("enc").is_some() => vec![16, 24, 32],
        None => return Vec::new(),
        Some((_, Some(length))) => vec![length],
        // EdDSA is Ed25519 or Ed448; RSA has the usual sizes of keys.
        Some((Kind::Eddsa, None)) => vec![64, 114],
        Some(_) => vec![128, 256, 384, 512],
    };
    bytes.into_iter().map(|bytes| (bytes * 8_usize).div_ceil(6)).collect()
}
