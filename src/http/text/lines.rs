//! Lines, without their ends, colours and the marks of `curl -v`.

use std::borrow::Cow;
use std::ops::Range;

/// A line, without its end, its colours and the mark of `curl -v`.
pub(super) struct Line<'a> {
    pub range: Range<usize>,
    pub text: Cow<'a, str>,
    pub stream: Stream,
}

/// What `curl -v` marks a line with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    /// Nothing.
    Raw,
    /// `>`
    Sent,
    /// `<`
    Received,
    /// `*`, and the counts of bytes.
    Remark,
}

pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |whole| {
        let start = at;
        at += whole.len();
        let bare = whole.strip_suffix('\n').unwrap_or(whole);
        let bare = bare.strip_suffix('\r').unwrap_or(bare);
        let text = without_colours(bare.strip_prefix('\u{feff}').unwrap_or(bare));
        let indented = text.trim_start_matches([' ', '\t']);
        let (stream, skip) = match indented.as_bytes() {
            [b'>', b' ', ..] => (Stream::Sent, 2),
            [b'<', b' ', ..] => (Stream::Received, 2),
            [b'>'] => (Stream::Sent, 1),
            [b'<'] => (Stream::Received, 1),
            [b'*', b' ', ..] | [b'{' | b'}', b' ', b'[', ..] => (Stream::Remark, 0),
            // The progress of a transfer.
            [b'0'..=b'9' | b'%' | b'D', ..] if is_progress(indented) => (Stream::Remark, 0),
            _ => (Stream::Raw, 0),
        };
        let skip = if skip == 0 { 0 } else { text.len() - indented.len() + skip };
        let text = match text {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(skip..).unwrap_or_default()),
            Cow::Owned(text) => Cow::Owned(text.get(skip..).unwrap_or_default().to_owned()),
        };
        Line { range: start..start + bare.len(), text, stream }
    })
}

fn is_progress(line: &str) -> bool {
    line.starts_with("% Total") || line.starts_with("Dload ") || crate::text::contains(line, " --:--:-- ")
}

/// A line without escape sequences: curl prints the names of headers in bold.
pub(crate) fn without_colours(line: &str) -> Cow<'_, str> {
    if !line.contains('\u{1b}') {
        return Cow::Borrowed(line);
    }
    let mut plain = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once('\u{1b}') {
        plain.push_str(before);
        let sequence = behind.strip_prefix('[').unwrap_or_default();
        let end = sequence.char_indices().find(|(_, one)| ('\u{40}'..='\u{7e}').contains(one));
        rest = match end {
            Some((at, _)) => sequence.get(at + 1..).unwrap_or_default(),
            None => behind,
        };
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}
