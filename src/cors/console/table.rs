//! The rows of `src/data/cors_console.json`: one for each text that a browser prints, to read it and to write it.

use std::sync::OnceLock;

use super::fold::{self, Folded};
use crate::cors::evidence::{Neighbour, Says};
use crate::cors::{Cause, Engine};
use crate::json::{self, Value};

/// The table, as it is used.
pub(super) struct Table {
    /// Every row, in the order in which they are tried.
    pub rows: Vec<Row>,
    /// For each byte the rows that begin with it.
    beginning: Vec<Vec<usize>>,
    /// Network errors of Chromium, and what they say; the first that the code begins with counts.
    codes: Vec<(String, Neighbour)>,
    /// Words that say "several" in translations of Firefox.
    pub several: Vec<String>,
}

/// A text that a browser prints, or a part of one.
pub(super) struct Row {
    /// Whose it is.
    pub engine: Option<Engine>,
    /// Whether browsers print it today.
    pub current: bool,
    /// Which part of a message it is.
    pub part: Part,
    /// The text, with places.
    pub text: String,
    /// The causes that it stands for.
    pub causes: Vec<Cause>,
    /// What it says when that is no cause.
    pub says: Option<Says>,
    /// Whether a more specific message about the same request outweighs it.
    pub generic: bool,
    pieces: Vec<Piece>,
}

/// The parts of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// URL and reason in one.
    Whole,
    /// What stands before the reason, with the URL.
    Frame,
    /// What stands before the reason, without a URL.
    Issue,
    /// Between the two: the reason speaks of the preflight.
    Preflight,
    /// The reason.
    Reason,
    /// What may follow the reason.
    Tail,
    /// The URL, on a line of its own behind the reason.
    After,
    /// A failure without a reason.
    Failed,
    /// A word of the Network panel, behind the URL.
    Panel,
}

enum Piece {
    Literal(Vec<u8>),
    Place(Place),
}

/// What may stand in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    Url,
    From,
    Origin,
    Page,
    Parameter,
    Policy,
    Directive,
    Space,
    Kind,
    Status,
}

/// The places by their names in the table.
const PLACES: &[(&str, Place)] = &[
    ("url", Place::Url),
    ("from", Place::From),
    ("origin", Place::Origin),
    ("page", Place::Page),
    ("parameter", Place::Parameter),
    ("policy", Place::Policy),
    ("directive", Place::Directive),
    ("space", Place::Space),
    ("kind", Place::Kind),
    ("status", Place::Status),
];

const PARTS: &[(&str, Part)] = &[
    ("whole", Part::Whole),
    ("frame", Part::Frame),
    ("issue", Part::Issue),
    ("preflight", Part::Preflight),
    ("reason", Part::Reason),
    ("tail", Part::Tail),
    ("after", Part::After),
    ("failed", Part::Failed),
    ("panel", Part::Panel),
];

const ENGINES: &[(&str, Engine)] =
    &[("Chromium", Engine::Chromium), ("Firefox", Engine::Firefox), ("WebKit", Engine::WebKit)];

const NEIGHBOURS: &[(&str, Neighbour)] = &[
    ("ContentSecurityPolicy", Neighbour::ContentSecurityPolicy),
    ("MixedContent", Neighbour::MixedContent),
    ("Dns", Neighbour::Dns),
    ("Tls", Neighbour::Tls),
    ("Unreachable", Neighbour::Unreachable),
    ("BlockedPort", Neighbour::BlockedPort),
    ("LocalNetworkAccess", Neighbour::LocalNetworkAccess),
    ("ResourcePolicy", Neighbour::ResourcePolicy),
    ("Extension", Neighbour::Extension),
    ("Offline", Neighbour::Offline),
    ("TimedOut", Neighbour::TimedOut),
    ("Aborted", Neighbour::Aborted),
    ("BadUrl", Neighbour::BadUrl),
];

/// The longest URL that is read. The limits keep reading linear however the text is made.
const LONGEST_URL: usize = 8192;
/// The longest value of a header.
const LONGEST_VALUE: usize = 2048;
/// How many line breaks may stand in a URL.
const LINE_BREAKS: usize = 4;
/// The longest word: a status, or the kind of a request.
const LONGEST_WORD: usize = 40;

/// Of a text that was cut off, this many bytes of its beginning are enough to know it.
const ENOUGH: usize = 24;

/// A row found in a text.
pub(super) struct Found {
    /// Which row.
    pub row: usize,
    /// Where it stands in the folded text.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What stands in its places.
    pub values: Vec<(Place, String)>,
}

impl Found {
    /// What stands in a place.
    pub fn value(&self, place: Place) -> Option<&str> {
        self.values.iter().find(|(other, _)| *other == place).map(|(_, value)| value.as_str())
    }
}

/// The table, read when it is first needed.
pub(super) fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| read(include_bytes!("../../data/cors_console.json")))
}

impl Table {
    /// The first row that stands at a place of the text as a whole, or else the first that is cut off by its end.
    pub fn at(&self, text: &Folded, at: usize) -> Option<Found> {
        let first = usize::from(*text.text.get(at)?);
        let mut cut = None;
        for row in self.beginning.get(first)? {
            let Some((found, whole)) = self.rows.get(*row).and_then(|known| known.matches(*row, text, at)) else {
                continue;
            };
            if whole {
                return Some(found);
            }
            cut = cut.or(Some(found));
        }
        cut
    }

    /// What a network error of Chromium says, such as `ERR_NAME_NOT_RESOLVED`.
    pub fn code(&self, code: &str) -> Says {
        let known = self.codes.iter().find(|(beginning, _)| code.starts_with(beginning.as_str()));
        known.map_or(Says::Failed, |(_, neighbour)| Says::Neighbour(*neighbour))
    }
}

impl Row {
    /// The row as it stands at a place of the text, and whether it stands there as a whole.
    fn matches(&self, row: usize, text: &Folded, start: usize) -> Option<(Found, bool)> {
        let bytes = &text.text;
        let mut found = Found { row, start, end: start, values: Vec::new() };
        let mut pieces = self.pieces.iter().peekable();
        let mut quoted = false;
        while let Some(piece) = pieces.next() {
            let rest = bytes.get(found.end..).unwrap_or_default();
            match piece {
                Piece::Literal(literal) if rest.starts_with(literal) => {
                    found.end += literal.len();
                    quoted = literal.last() == Some(&b'\'');
                }
                Piece::Literal(literal) => {
                    let enough = literal.starts_with(rest) && bytes.len() - start >= ENOUGH;
                    found.end = bytes.len();
                    return enough.then_some((found, false));
                }
                Piece::Place(place) => {
                    let behind = match pieces.peek() {
                        Some(Piece::Literal(literal)) => Some(literal.as_slice()),
                        _ => None,
                    };
                    let at = found.end;
                    let end = place.end(bytes, at, behind, quoted)?;
                    if end == bytes.len() && behind.is_some() && bytes.get(at..)?.contains(&b' ') {
                        // It is not the value that is cut off here, but another message that stands here.
                        return None;
                    }
                    let value = place.value(text, at..end, quoted);
                    let mut value = value;
                    if matches!(place, Place::Url | Place::From | Place::Page) {
                        if !value.contains(':') {
                            return None;
                        }
                        if behind.is_none() {
                            value.truncate(value.trim_end_matches('.').len());
                        }
                    }
                    found.values.push((*place, value));
                    found.end = end;
                }
            }
        }
        Some((found, true))
    }
}

impl Place {
    /// Where the value that begins here ends: before the literal behind it, or where no more of it can stand.
    fn end(self, bytes: &[u8], start: usize, behind: Option<&[u8]>, quoted: bool) -> Option<usize> {
        let longest = match self {
            Place::Url | Place::From | Place::Page => LONGEST_URL,
            Place::Origin | Place::Parameter | Place::Policy => LONGEST_VALUE,
            Place::Directive | Place::Space | Place::Kind | Place::Status => LONGEST_WORD,
        };
        let last = bytes.len().min(start + longest);
        let mut at = start;
        let mut spaces = 0;
        let mut keyword = false;
        loop {
            let rest = bytes.get(at..last).unwrap_or_default();
            let whole = bytes.get(at..).unwrap_or_default();
            let Some(byte) = rest.first() else {
                // Cut off: what is there is the value, when the text ends here.
                return (at == bytes.len() && at > start).then_some(at);
            };
            if self == Place::Policy && *byte == b'\'' {
                // Keywords of a policy stand in quotation marks of their own: connect-src 'self'.
                let opens = at > start && bytes.get(at - 1) == Some(&b' ');
                if opens || keyword {
                    keyword = opens;
                    at += 1;
                    continue;
                }
            }
            match behind {
                Some(literal) if whole.starts_with(literal) => return Some(at),
                // Cut off inside the next literal: only a few bytes can say so, and only at the end of the text.
                Some(literal) if whole.len() < literal.len() && whole.len() > 1 && literal.starts_with(whole) => {
                    return Some(at);
                }
                _ => {}
            }
            let belongs = match self {
                Place::Kind => byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'-' | b'_'),
                Place::Status => byte.is_ascii_alphanumeric() || matches!(byte, b'(' | b')'),
                _ if *byte != b' ' => true,
                // A URL has none, but for the line breaks that a console put into it.
                Place::Url | Place::From | Place::Page | Place::Origin => {
                    spaces += 1;
                    quoted && spaces <= LINE_BREAKS
                }
                _ => quoted,
            };
            if !belongs {
                return (behind.is_none() && at > start).then_some(at);
            }
            at += 1;
        }
    }

    fn value(self, text: &Folded, range: std::ops::Range<usize>, quoted: bool) -> String {
        let value = text.value(range);
        match self {
            Place::Url | Place::From | Place::Page if quoted => value.chars().filter(|one| *one != ' ').collect(),
            // Firefox quotes some URLs in some translations, and not in others.
            Place::Url | Place::From | Place::Page => {
                value.trim_matches(|one: char| matches!(one, '\'' | '"' | '‘' | '’' | '“' | '”' | '«' | '»')).to_owned()
            }
            Place::Origin => value.trim_matches('\'').to_owned(),
            _ => value,
        }
    }
}

fn read(bytes: &[u8]) -> Table {
    let document = json::read(bytes.to_vec());
    let items = |name: &str| document.member(name).map(Value::items).unwrap_or_default();
    let rows: Vec<Row> = items("rows").iter().filter_map(row).collect();
    let mut beginning: Vec<Vec<usize>> = vec![Vec::new(); 256];
    for (number, row) in rows.iter().enumerate() {
        let Some(Piece::Literal(literal)) = row.pieces.first() else { continue };
        let Some(rows) = literal.first().and_then(|first| beginning.get_mut(usize::from(*first))) else { continue };
        rows.push(number);
    }
    let codes = items("codes").iter().filter_map(|pair| match pair.items() {
        [code, name] => Some((code.as_str()?.to_owned(), named(NEIGHBOURS, name.as_str()?)?)),
        _ => None,
    });
    let several = items("several").iter().filter_map(|word| word.as_str().map(str::to_owned)).collect();
    Table { codes: codes.collect(), beginning, several, rows }
}

fn row(value: &Value) -> Option<Row> {
    let text = |name: &str| value.member(name).and_then(Value::as_str);
    let template = text("text")?;
    let causes = value.member("causes").map(Value::items).unwrap_or_default();
    let causes: Vec<Cause> = causes.iter().filter_map(|name| cause(name.as_str()?)).collect();
    let says = match text("says") {
        Some("WildcardAuthorization") => Some(Says::WildcardAuthorization),
        Some(_) => Some(Says::Failed),
        None => text("neighbour").and_then(|name| named(NEIGHBOURS, name)).map(Says::Neighbour),
    };
    Some(Row {
        engine: named(ENGINES, text("engine")?),
        current: text("era") == Some("current"),
        part: named(PARTS, text("part")?)?,
        text: template.to_owned(),
        causes,
        says,
        generic: value.member("generic").is_some(),
        pieces: pieces(template),
    })
}

fn cause(name: &str) -> Option<Cause> {
    Cause::ALL.iter().copied().find(|cause| cause.name() == name)
}

fn named<T: Copy>(names: &[(&str, T)], name: &str) -> Option<T> {
    names.iter().find(|(other, _)| *other == name).map(|(_, value)| *value)
}

/// The pieces of a template. A full stop at the end of a sentence is left out: people lose it when they select.
fn pieces(template: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = template.strip_suffix('.').unwrap_or(template);
    while let Some((before, behind)) = rest.split_once('{') {
        if !before.is_empty() {
            pieces.push(Piece::Literal(fold::folded(before)));
        }
        let (name, behind) = behind.split_once('}').unwrap_or((behind, ""));
        if let Some(place) = named(PLACES, name) {
            pieces.push(Piece::Place(place));
        }
        rest = behind;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Literal(fold::folded(rest)));
    }
    pieces
}

/// The text with its places filled in; `None` when one of them is not known.
pub(super) fn fill(template: &str, fact: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        let (name, behind) = behind.split_once('}')?;
        filled.push_str(before);
        filled.push_str(&fact(name)?);
        rest = behind;
    }
    filled.push_str(rest);
    Some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_is_read() {
        let document = json::read(include_bytes!("../../data/cors_console.json").to_vec());
        assert!(document.is_json());
        let rows = document.member("rows").unwrap().items();
        assert_eq!(table().rows.len(), rows.len());
        assert_eq!(table().codes.len(), document.member("codes").unwrap().items().len());
        for (row, value) in table().rows.iter().zip(rows) {
            let named = value.member("causes").map_or(0, |causes| causes.items().len());
            assert_eq!(row.causes.len(), named, "{}", row.text);
            assert!(value.member("neighbour").is_none() || row.says.is_some(), "{}", row.text);
            assert!(matches!(row.pieces.first(), Some(Piece::Literal(_))), "{}", row.text);
            let places = row.text.bytes().filter(|byte| *byte == b'{').count();
            let read = row.pieces.iter().filter(|piece| matches!(piece, Piece::Place(_))).count();
            assert_eq!(places, read, "{}", row.text);
        }
    }
}
