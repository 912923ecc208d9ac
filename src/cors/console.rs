//! What the engines print: console messages read, and the same messages written.
//!
//! One table, `src/data/cors_console.json`, holds the texts with places for URL, origin and the like. [`read`] looks for
//! all of them in one pass over the folded text and puts the parts together: a frame with the URL, the reason, what
//! follows it. [`wording`] fills the current row in. Translations of Firefox are read by the header names in them.

mod answered;
mod assemble;
mod fold;
mod table;
mod translated;

pub use answered::answered;
pub(crate) use answered::request_line;

use super::evidence::ConsoleMessage;
use super::{Cause, Engine};
use fold::Folded;
use table::{Found, Part, Row, table};

/// Reads every message of a browser's console in a text, in order.
///
/// Several lines about one request become one message where one of them is more specific: "Failed to fetch" and
/// `net::ERR_FAILED` say nothing beside a reason, nor does Firefox's "did not succeed". The causes of a message come most
/// likely first. There is none where the text ends before the reason, and for the two reasons of Firefox that are no
/// failures of the protocol: CORS disabled, and `Origin` that cannot be added.
///
/// ```
/// use tokenscope::cors::{Cause, console, evidence::Says};
/// let messages = console::read(
///     "app.js:12 Access to fetch at 'https://api.example/' from origin 'https://app.example' has been blocked by CORS \
///      policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.",
/// );
/// assert_eq!(messages[0].says, Says::Cors(vec![Cause::MissingAllowOriginHeader]));
/// assert_eq!(messages[0].url.as_deref(), Some("https://api.example/"));
/// ```
pub fn read(text: &str) -> Vec<ConsoleMessage> {
    let folded = Folded::new(text);
    let drafts = assemble::drafts(&folded, scan(&folded));
    let drafts = translated::added(&folded, drafts);
    assemble::messages(&folded, drafts)
}

/// What a message has places for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WordingFacts {
    /// The URL; after redirects the last one.
    pub url: String,
    /// The URL that was asked first, where redirects led to another one.
    pub redirected_from: Option<String>,
    /// The page's origin.
    pub origin: String,
    /// What goes with the cause: the header's value, or the name of the method or header.
    pub parameter: String,
    /// The status of the answer that failed.
    pub status: Option<u16>,
    /// Whether the request is made with `XMLHttpRequest`, not with `fetch`.
    pub xml_http_request: bool,
}

/// What an engine prints today when it refuses a request for that cause, lines separated by `\n`. `None` where it prints
/// nothing of the kind, or where a fact that belongs in it is not known.
///
/// ```
/// use tokenscope::cors::{Cause, Engine, console};
/// let facts = console::WordingFacts {
///     url: "https://api.example/".to_owned(),
///     status: Some(401),
///     ..Default::default()
/// };
/// let text = console::wording(Engine::Firefox, Cause::MissingAllowOriginHeader, &facts).unwrap();
/// assert!(text.ends_with("(Reason: CORS header ‘Access-Control-Allow-Origin’ missing). Status code: 401."));
/// ```
pub fn wording(engine: Engine, cause: Cause, facts: &WordingFacts) -> Option<String> {
    let row = |part: Part, needed: &dyn Fn(&Row) -> bool| {
        let rows = table().rows.iter().filter(|row| row.engine == Some(engine) && row.part == part && needed(row));
        // The first current row that can be filled in; an older one is better than nothing.
        let filled = |current: bool| {
            rows.clone().filter(|row| row.current == current).find_map(|row| facts.fill(engine, &row.text))
        };
        filled(true).or_else(|| filled(false))
    };
    let of_cause = |row: &Row| row.causes.contains(&cause);
    if let Some(whole) = row(Part::Whole, &|row| row.current && of_cause(row)) {
        return Some(whole);
    }
    let mut text = String::new();
    if engine != Engine::WebKit {
        text.push_str(&row(Part::Frame, &|_| true)?);
    }
    if engine == Engine::Chromium && cause.name().starts_with("Preflight") {
        text.push_str(&row(Part::Preflight, &|_| true)?);
    }
    text.push_str(&row(Part::Reason, &of_cause)?);
    if engine == Engine::WebKit {
        let interface = if facts.xml_http_request { "XML" } else { "Fetch" };
        text.push('\n');
        text.push_str(&row(Part::After, &|row| row.text.starts_with(interface))?);
    }
    Some(text)
}

impl WordingFacts {
    fn fill(&self, engine: Engine, template: &str) -> Option<String> {
        // Firefox names the last URL alone.
        let redirected = self.redirected_from.as_ref().filter(|_| engine == Engine::Chromium);
        table::fill(template, &|name| match name {
            "url" => Some(self.url.clone()),
            "from" => redirected.cloned(),
            "origin" => Some(self.origin.clone()),
            "parameter" => Some(self.parameter.clone()),
            "status" => Some(self.status?.to_string()),
            "kind" => Some(if self.xml_http_request { "XMLHttpRequest" } else { "fetch" }.to_owned()),
            _ => None,
        })
    }
}

/// A part of a message, or a network error of the browser.
enum Fragment {
    /// A row of the table.
    Row(Found),
    /// A code such as `ERR_NAME_NOT_RESOLVED`, with the status behind it, and the URL before it.
    Code { start: usize, end: usize, code: String, status: Option<u16> },
}

/// Every fragment, in order.
fn scan(text: &Folded) -> Vec<Fragment> {
    let bytes = &text.text;
    let mut fragments = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        let inside = at.checked_sub(1).and_then(|before| bytes.get(before)).is_some_and(u8::is_ascii_alphanumeric);
        let fragment = if inside { None } else { table().at(text, at).map(Fragment::Row).or_else(|| code(text, at)) };
        match fragment {
            Some(fragment) => {
                at = fragment.end().max(at + 1);
                fragments.push(fragment);
            }
            None => at += 1,
        }
    }
    fragments
}

impl Fragment {
    fn end(&self) -> usize {
        match self {
            Fragment::Row(found) => found.end,
            Fragment::Code { end, .. } => *end,
        }
    }
}

/// What stands before the codes of Chromium and Firefox.
const CODES: &[&[u8]] =
    &[b"net::ERR_", b"NS_ERROR_", b"NS_BINDING_", b"SEC_ERROR_", b"SSL_ERROR_", b"MOZILLA_PKIX_ERROR_"];

/// No code is longer.
const LONGEST_CODE: usize = 80;

/// A network error that stands at that place.
fn code(text: &Folded, start: usize) -> Option<Fragment> {
    let rest = text.text.get(start..)?;
    let prefix = CODES.iter().find(|prefix| rest.starts_with(prefix))?;
    let skip = if prefix.starts_with(b"net::") { 5 } else { 0 };
    let word = rest.get(skip..)?.iter().take(LONGEST_CODE);
    let length = word.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.')).count();
    let end = start + skip + length;
    let behind = text.text.get(end..).unwrap_or_default();
    let status = behind.get(1..4).filter(|_| behind.first() == Some(&b' ')).and_then(status);
    let code = text.value(start + skip..end);
    Some(Fragment::Code { start, end, code: code.trim_end_matches('.').to_owned(), status })
}

/// Three digits as a status.
fn status(digits: &[u8]) -> Option<u16> {
    std::str::from_utf8(digits).ok()?.parse().ok().filter(|status| (100..1000).contains(status))
}
