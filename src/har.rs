//! HTTP archives (HAR): recordings of the network by browsers and proxies, read in chunks and never held as a whole.
//!
//! The data flows down this list:
//!
//! 1. `tokenizer`, `schema`, `scan`: JSON text in pieces, the places in it that matter, and the tokens that pass by.
//! 2. [`Reader`]: chunks to a [`Recording`]: the entries with what is kept of them, and every token.
//! 3. `pairs`: which preflight belongs to which request, and where redirects led.
//! 4. `diagnosis`: each request to the rule that stopped it, by [`crate::cors`]; or what else did.
//! 5. [`Analysis`]: groups by cause, tokens with what was known of them when they were sent, findings.
//! 6. [`json`]: all of it for the JavaScript API, with everything secret masked.

use crate::http::Headers;
use crate::messages::Catalogue;
use crate::time::Time;

mod analysis;
pub mod code;
mod diagnosis;
pub mod json;
mod mask;
mod moment;
mod network_error;
mod pairs;
mod reader;
mod scan;
mod schema;
mod tokenizer;
mod tokens;

pub use analysis::{Analysis, Group};
pub use diagnosis::Diagnosis;
pub use mask::masked_url;
pub use reader::{Progress, Reader};
pub use tokens::{TokenReport, letter};

/// The words for the findings of this room, without those for the causes of the CORS protocol.
pub static WORDS: Catalogue = Catalogue::new(&[include_str!("data/messages/har.json")]);

/// How many entries are kept. Those behind are counted.
pub const MOST_ENTRIES: usize = 50_000;

/// How many different tokens are kept.
pub const MOST_TOKENS: usize = 500;

/// How many headers of a message are kept.
pub const MOST_HEADERS: usize = 200;

/// How much of a header's value, a URL or another text is kept, in bytes. Up to 65,536 are looked through for tokens.
pub const LONGEST_KEPT: usize = 8192;

/// Of so many answers that say no the body is kept.
pub const MOST_BODIES: usize = 1000;

/// What was read from a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// The program that wrote it: "WebInspector", "Firefox", "Charles Proxy".
    pub recorder: String,
    /// Its version.
    pub recorder_version: String,
    /// The pages: their identifier and their title, which is the URL in Chromium.
    pub pages: Vec<(String, String)>,
    /// The entries in the file's order, up to [`MOST_ENTRIES`].
    pub entries: Vec<Entry>,
    /// Every JSON Web Token, each once, in the order of their first appearance; up to [`MOST_TOKENS`].
    pub tokens: Vec<String>,
    /// What was noticed about the file itself.
    pub shape: Shape,
}

/// What was noticed about a file as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shape {
    /// How many bytes were read.
    pub bytes: u64,
    /// How many entries there are, with those that are not kept.
    pub entries: u64,
    /// The name of the format, when it is none that can be read: "gzip", "UTF-16".
    pub other_format: Option<&'static str>,
    /// Whether the recorder says of each request whether something went wrong.
    pub knows_errors: bool,
    /// Whether there is a list of entries at all.
    pub has_entries: bool,
    /// Where the text was no JSON for the first time, in bytes.
    pub damage: Option<u64>,
    /// Whether it ended before its end.
    pub is_truncated: bool,
    /// Whether reading was stopped.
    pub is_stopped: bool,
    /// How many texts were longer than what is kept of them.
    pub cut: u64,
    /// How many tokens were found beyond [`MOST_TOKENS`].
    pub further_tokens: u64,
}

/// A request and what came of it, as far as it is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// When it began.
    pub started: Option<Time>,
    /// When it began and when it ended, in milliseconds since the epoch.
    pub milliseconds: Option<(i64, i64)>,
    /// The page that it belongs to.
    pub page: String,
    /// The method.
    pub method: String,
    /// The URL, up to [`LONGEST_KEPT`].
    pub url: String,
    /// The request's headers that matter, names as recorded. Of `Authorization` only the scheme is kept.
    pub request_headers: Headers,
    /// Whether cookies went with it.
    pub has_cookies: bool,
    /// Whether it loads a page, not data for one.
    pub is_navigation: bool,
    /// The status; `None` where the entry has no response.
    pub status: Option<u16>,
    /// The response's headers that matter.
    pub headers: Headers,
    /// Whether the response has headers, be they kept or not.
    pub has_headers: bool,
    /// Whether the response sets cookies.
    pub sets_cookies: bool,
    /// Where it redirects to.
    pub redirect_url: String,
    /// What the recorder says went wrong.
    pub error: Option<String>,
    /// What kind of resource it is, in Chromium's words: "fetch", "xhr", "preflight", "document".
    pub resource_type: String,
    /// Whether the answer came from the browser's cache.
    pub is_from_cache: bool,
    /// What caused it, in Chromium's words: "script", "preflight", "redirect".
    pub initiator: String,
    /// The tokens in it, each as its place in [`Recording::tokens`] and where in the entry it stands.
    pub tokens: Vec<(usize, Carrier)>,
    /// The body of an answer that says no, up to [`LONGEST_KEPT`]; it is kept of the first [`MOST_BODIES`] of them.
    pub body: String,
    /// Whether the file ended inside of it.
    pub is_cut: bool,
}

/// Where in an entry a token stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Carrier {
    /// The `Authorization` header.
    Authorization,
    /// A cookie of the request.
    Cookie,
    /// Another header of the request.
    RequestHeader,
    /// The path or the query of the URL.
    Url,
    /// The fragment of the URL.
    Fragment,
    /// The request's body.
    RequestBody,
    /// A cookie that the response sets.
    SetCookie,
    /// Another header of the response, or the address that it redirects to.
    ResponseHeader,
    /// The response's body.
    ResponseBody,
    /// A message of a WebSocket.
    Message,
}

impl Carrier {
    /// Its name in JSON.
    pub fn name(self) -> &'static str {
        match self {
            Carrier::Authorization => "authorization",
            Carrier::Cookie => "cookie",
            Carrier::RequestHeader => "request-header",
            Carrier::Url => "url",
            Carrier::Fragment => "fragment",
            Carrier::RequestBody => "request-body",
            Carrier::SetCookie => "set-cookie",
            Carrier::ResponseHeader => "response-header",
            Carrier::ResponseBody => "response-body",
            Carrier::Message => "message",
        }
    }

    /// Whether the token was sent, not received.
    pub fn is_sent(self) -> bool {
        matches!(
            self,
            Carrier::Authorization | Carrier::Cookie | Carrier::RequestHeader | Carrier::Url | Carrier::RequestBody
        )
    }
}

impl Entry {
    /// Whether its answer says no: the response doctor knows why.
    pub fn is_refusal(&self) -> bool {
        !self.is_preflight() && matches!(self.status, Some(400 | 401 | 403 | 407 | 429 | 500..))
    }

    /// Whether it is the question that a browser asks before the request itself.
    pub fn is_preflight(&self) -> bool {
        self.resource_type == "preflight"
            || (self.method == "OPTIONS" && self.request_headers.has("access-control-request-method"))
    }
}
