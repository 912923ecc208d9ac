//! Chunks of a file to a [`Recording`].

use std::collections::BTreeMap;

use super::schema::Place;
use super::tokenizer::{Listener, Tokenizer};
use super::{
    Carrier, Entry, LONGEST_KEPT, MOST_BODIES, MOST_ENTRIES, MOST_HEADERS, MOST_TOKENS, Recording, moment, scan,
};
use crate::http::Headers;
use crate::text;
use crate::time::Time;

/// More pages than anybody records.
const MOST_PAGES: usize = 1000;

/// More than these of one entry are not told apart.
const MOST_TOKENS_OF_ENTRY: usize = 64;

/// How far reading has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Bytes read.
    pub bytes: u64,
    /// Entries read whole.
    pub entries: u64,
}

/// Reads a HAR file that is pushed through it in chunks, wherever they begin and end.
///
/// It never fails: what could be read is in the recording, and what was wrong in its shape.
///
/// ```
/// let mut reader = tokenscope::har::Reader::new();
/// reader.push(br#"{"log":{"entries":[{"request":{"method":"GET","url":"https://a.exa"#);
/// reader.push(br#"mple/"},"response":{"status":200}}]}}"#);
/// let recording = reader.finish();
/// assert_eq!(recording.entries[0].url, "https://a.example/");
/// ```
pub struct Reader {
    tokenizer: Tokenizer,
    builder: Builder,
    /// The first bytes, until there are enough to tell what the file is.
    head: Vec<u8>,
    is_begun: bool,
}

impl Default for Reader {
    fn default() -> Reader {
        Reader::new()
    }
}

impl Reader {
    /// A reader that has read nothing.
    pub fn new() -> Reader {
        Reader { tokenizer: Tokenizer::new(), builder: Builder::default(), head: Vec::new(), is_begun: false }
    }

    /// Reads a chunk.
    pub fn push(&mut self, chunk: &[u8]) {
        self.builder.recording.shape.bytes += chunk.len() as u64;
        if self.builder.recording.shape.other_format.is_some() {
            return;
        }
        if self.is_begun {
            self.tokenizer.push(chunk, &mut self.builder);
            return;
        }
        self.head.extend_from_slice(chunk);
        if self.head.len() >= 4 {
            self.begin();
        }
    }

    /// How far reading has come.
    pub fn progress(&self) -> Progress {
        let shape = &self.builder.recording.shape;
        Progress { bytes: shape.bytes, entries: shape.entries }
    }

    /// What was read so far.
    pub fn so_far(&self) -> &Recording {
        &self.builder.recording
    }

    /// Ends the file.
    pub fn finish(mut self) -> Recording {
        if !self.is_begun && self.builder.recording.shape.other_format.is_none() {
            self.begin();
        }
        self.builder.is_ending = true;
        let is_truncated = self.tokenizer.finish(&mut self.builder);
        let mut recording = self.builder.recording;
        let shape = &mut recording.shape;
        shape.is_truncated = is_truncated && !self.tokenizer.too_deep && shape.other_format.is_none();
        shape.damage = self.tokenizer.damage;
        shape.cut += self.tokenizer.cut;
        recording
    }

    /// Looks at the first bytes, which say what the file is, and reads them.
    fn begin(&mut self) {
        self.is_begun = true;
        let head = std::mem::take(&mut self.head);
        let other = match head.as_slice() {
            [0x1f, 0x8b, ..] => Some("gzip"),
            [b'P', b'K', 3 | 5, ..] => Some("ZIP"),
            [0xff, 0xfe, ..] | [0xfe, 0xff, ..] | [0, b'{', ..] | [b'{', 0, ..] => Some("UTF-16"),
            _ => None,
        };
        self.builder.recording.shape.other_format = other;
        if other.is_none() {
            let mark = if head.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
            self.tokenizer.offset = mark as u64;
            self.tokenizer.push(head.get(mark..).unwrap_or_default(), &mut self.builder);
        }
    }
}

/// Puts entries together from what the tokenizer tells.
#[derive(Default)]
struct Builder {
    recording: Recording,
    /// Where each token stands in the list.
    known: BTreeMap<String, usize>,
    entry: Entry,
    /// Whether something of an entry was read.
    is_begun: bool,
    header: (String, String),
    page: (String, String),
    is_base64: bool,
    is_media: bool,
    body: scan::Body,
    /// The body of the entry's answer, where it is kept, as it stands in the file.
    refused: Vec<u8>,
    /// Of how many answers the body was kept.
    bodies: usize,
    duration: i64,
    /// Whether the file has ended, so that what ends now is not whole.
    is_ending: bool,
}

impl Listener for Builder {
    fn begin(&mut self, place: Place) {
        match place {
            Place::Entries => self.recording.shape.has_entries = true,
            Place::Entry => {
                // An entry inside of an entry is none.
                self.entry = Entry::default();
                self.duration = 0;
                self.refused.clear();
                self.is_begun = true;
            }
            Place::Request | Place::Response => self.is_begun = true,
            Place::Page => self.page = Default::default(),
            Place::RequestHeader | Place::ResponseHeader => self.header = Default::default(),
            Place::RequestHeaders => self.entry.request_headers = Headers::default(),
            Place::ResponseHeaders => self.entry.headers = Headers::default(),
            Place::Content => {
                self.is_base64 = false;
                self.is_media = false;
                self.body.begin();
            }
            Place::Error => self.recording.shape.knows_errors = true,
            _ => {}
        }
    }

    fn end(&mut self, place: Place) {
        match place {
            Place::Page if self.recording.pages.len() < MOST_PAGES => {
                let page = std::mem::take(&mut self.page);
                self.recording.pages.push(page);
            }
            Place::RequestHeader => {
                let (name, value) = std::mem::take(&mut self.header);
                self.request_header(name, value);
            }
            Place::ResponseHeader => {
                let (name, value) = std::mem::take(&mut self.header);
                self.response_header(name, value);
            }
            Place::Content => {
                let found = self.body.take(self.is_base64);
                self.add_tokens(found, Carrier::ResponseBody);
                if !self.refused.is_empty() {
                    self.bodies += 1;
                    let text = String::from_utf8_lossy(&self.refused);
                    self.entry.body = if self.is_base64 { scan::decoded(&text) } else { text.into_owned() };
                    self.refused.clear();
                }
            }
            Place::Entry | Place::Root if self.is_begun => self.end_entry(),
            _ => {}
        }
    }

    fn begin_tokens(&mut self, place: Place) -> bool {
        if place == Place::BodyText && self.is_media {
            return false;
        }
        self.body.begin();
        self.body.carrier = match place {
            Place::RequestCookieValue => Carrier::Cookie,
            Place::ResponseCookieValue => Carrier::SetCookie,
            Place::PostText => Carrier::RequestBody,
            Place::MessageData => Carrier::Message,
            _ => Carrier::ResponseBody,
        };
        self.entry.has_cookies |= place == Place::RequestCookieValue;
        self.entry.sets_cookies |= place == Place::ResponseCookieValue;
        true
    }

    fn tokens(&mut self, part: &[u8]) {
        self.body.feed(part);
        let is_kept =
            self.body.carrier == Carrier::ResponseBody && self.bodies < MOST_BODIES && self.entry.is_refusal();
        if is_kept {
            let room = LONGEST_KEPT.saturating_sub(self.refused.len());
            self.refused.extend_from_slice(part.get(..room.min(part.len())).unwrap_or_default());
        }
    }

    fn end_tokens(&mut self, is_whole: bool) {
        self.body.end(is_whole);
        // Whether a response's body is in base64 stands behind it.
        if self.body.carrier != Carrier::ResponseBody {
            let found = self.body.take(false);
            self.add_tokens(found, self.body.carrier);
        }
    }

    fn value(&mut self, place: Place, name: &[u8], value: &[u8]) {
        let value = String::from_utf8_lossy(value).into_owned();
        let entry = &mut self.entry;
        match place {
            Place::RecorderName => self.recording.recorder = value,
            Place::RecorderVersion => self.recording.recorder_version = value,
            Place::PageId => self.page.0 = value,
            Place::PageTitle => self.page.1 = value,
            Place::Started => {
                self.is_begun = true;
                let begin = moment::milliseconds(&value);
                entry.started = begin.map(Time::from_milliseconds);
                entry.milliseconds = begin.map(|begin| (begin, begin));
            }
            Place::Duration => self.duration = moment::duration(&value),
            Place::PageReference => entry.page = value,
            Place::ResourceType => entry.resource_type = value,
            Place::FetchType => entry.is_from_cache |= text::contains(&value, "Cache"),
            Place::FromCache => entry.is_from_cache |= !value.is_empty(),
            Place::Initiator | Place::InitiatorType => entry.initiator = value,
            Place::Method => entry.method = value,
            Place::Url => self.url(value),
            Place::RequestHeaderName | Place::ResponseHeaderName => self.header.0 = value,
            Place::RequestHeaderValue | Place::ResponseHeaderValue => {
                // Headers as an object have no members for name and value.
                if name == b"value" {
                    self.header.1 = value;
                } else if place == Place::RequestHeaderValue {
                    self.request_header(String::from_utf8_lossy(name).into_owned(), value);
                } else {
                    self.response_header(String::from_utf8_lossy(name).into_owned(), value);
                }
            }
            Place::Status => entry.status = status(&value),
            Place::RedirectUrl => {
                self.add_tokens(scan::tokens(&value), Carrier::ResponseHeader);
                self.entry.redirect_url = value;
            }
            Place::MimeType => self.is_media = is_media(&value),
            Place::BodyEncoding => self.is_base64 = value == "base64",
            Place::Error | Place::ErrorText => {
                self.recording.shape.knows_errors = true;
                if entry.error.is_none() && !value.is_empty() {
                    entry.error = Some(value);
                }
            }
            _ => {}
        }
    }

    fn null(&mut self, place: Place) {
        if place == Place::Error {
            self.recording.shape.knows_errors = true;
        }
    }
}

impl Builder {
    fn url(&mut self, url: String) {
        let (sent, fragment) = url.split_once('#').unwrap_or((&url, ""));
        let (sent, fragment) = (scan::tokens(sent), scan::tokens(fragment));
        self.add_tokens(sent, Carrier::Url);
        self.add_tokens(fragment, Carrier::Fragment);
        self.entry.url = url;
    }

    fn request_header(&mut self, name: String, value: String) {
        let is = |other: &str| name.eq_ignore_ascii_case(other);
        let carrier = match () {
            _ if is("authorization") => Carrier::Authorization,
            _ if is("cookie") => Carrier::Cookie,
            _ if is("referer") => Carrier::Fragment,
            _ => Carrier::RequestHeader,
        };
        // A referrer repeats the URL of another request.
        if carrier != Carrier::Fragment {
            self.add_tokens(scan::tokens(&value), carrier);
        }
        let entry = &mut self.entry;
        entry.has_cookies |= carrier == Carrier::Cookie;
        let is_html = is("accept") && text::contains(&value, "text/html");
        let is_page = is("sec-fetch-mode") && value == "navigate";
        entry.is_navigation |= is_html || is_page || is("upgrade-insecure-requests");
        if is_browsers_own(&name) || entry.request_headers.0.len() >= MOST_HEADERS {
            return;
        }
        let value = match carrier {
            Carrier::Authorization => {
                value.split(' ').next().filter(|scheme| scheme.len() < value.len()).unwrap_or_default().to_owned()
            }
            _ => value,
        };
        entry.request_headers.push(name, kept(value));
    }

    fn response_header(&mut self, name: String, value: String) {
        let is_cookie = name.eq_ignore_ascii_case("set-cookie");
        let carrier = if is_cookie { Carrier::SetCookie } else { Carrier::ResponseHeader };
        self.add_tokens(scan::tokens(&value), carrier);
        let entry = &mut self.entry;
        entry.has_headers = true;
        entry.sets_cookies |= is_cookie;
        if !is_cookie && entry.headers.0.len() < MOST_HEADERS {
            entry.headers.push(name, kept(value));
        }
    }

    fn add_tokens(&mut self, found: Vec<String>, carrier: Carrier) {
        for token in found {
            let count = self.recording.tokens.len();
            let place = match self.known.get(&token) {
                Some(place) => *place,
                None if count >= MOST_TOKENS => {
                    self.recording.shape.further_tokens += 1;
                    continue;
                }
                None => {
                    self.recording.tokens.push(token.clone());
                    self.known.insert(token, count);
                    count
                }
            };
            let carried = &mut self.entry.tokens;
            if carried.len() < MOST_TOKENS_OF_ENTRY && !carried.contains(&(place, carrier)) {
                carried.push((place, carrier));
            }
        }
    }

    fn end_entry(&mut self) {
        self.is_begun = false;
        let mut entry = std::mem::take(&mut self.entry);
        let duration = std::mem::take(&mut self.duration);
        if self.is_ending && entry == Entry::default() {
            return;
        }
        let shape = &mut self.recording.shape;
        shape.has_entries = true;
        shape.entries += 1;
        if self.recording.entries.len() >= MOST_ENTRIES {
            return;
        }
        entry.is_cut = self.is_ending;
        entry.milliseconds = entry.milliseconds.map(|(begin, _)| (begin, begin.saturating_add(duration)));
        for text in [&mut entry.url, &mut entry.redirect_url, &mut entry.page] {
            shape.cut += u64::from(text.len() > LONGEST_KEPT);
            *text = kept(std::mem::take(text));
        }
        // Of an answer that went well only what the CORS protocol looks at.
        if entry.error.is_none() && entry.status.is_some_and(|status| (1..400).contains(&status)) {
            entry.headers.0.retain(|(name, _)| matters(name));
        }
        for headers in [&mut entry.headers, &mut entry.request_headers] {
            headers.0.shrink_to_fit();
        }
        self.recording.entries.push(entry);
    }
}

/// A status, which some recorders write as text or with decimals.
fn status(text: &str) -> Option<u16> {
    let digits = text.split('.').next().unwrap_or_default();
    Some(digits.trim().parse().unwrap_or(0))
}

/// What is kept of a text.
fn kept(mut text: String) -> String {
    let mut end = LONGEST_KEPT;
    if text.len() > end {
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
    }
    text.shrink_to_fit();
    text
}

/// Bodies that hold no text.
fn is_media(mime_type: &str) -> bool {
    let mime_type = mime_type.trim_start().to_ascii_lowercase();
    let is_kind = |kind: &&str| mime_type.starts_with(*kind);
    ["image/", "font/", "video/", "audio/", "application/font", "application/wasm", "application/x-font"]
        .iter()
        .any(is_kind)
        && !mime_type.starts_with("image/svg")
}

/// Request headers that browsers send by themselves and that decide nothing here.
fn is_browsers_own(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "accept",
        "accept-encoding",
        "accept-language",
        "cache-control",
        "connection",
        "content-length",
        "cookie",
        "dnt",
        "host",
        "if-modified-since",
        "if-none-match",
        "keep-alive",
        "pragma",
        "priority",
        "proxy-authorization",
        "proxy-connection",
        "sec-gpc",
        "te",
        "transfer-encoding",
        "upgrade",
        "upgrade-insecure-requests",
        "user-agent",
        "via",
    ];
    let lower = name.to_ascii_lowercase();
    name.starts_with(':')
        || lower.starts_with("sec-ch-")
        || lower.starts_with("sec-websocket-")
        || NAMES.contains(&lower.as_str())
}

/// Response headers that matter even when all went well.
fn matters(name: &str) -> bool {
    const NAMES: &[&str] = &["content-type", "cross-origin-resource-policy", "location", "vary", "www-authenticate"];
    let lower = name.to_ascii_lowercase();
    lower.starts_with("access-control-") || NAMES.contains(&lower.as_str())
}
