//! What a pasted text says about a request: exchanges, console messages, probe results, or a list of trusted origins.

use super::{Cause, Credentials, Engine, Exchange, console, exchange_json};
use crate::http::text::{self, Message};
use crate::http::{Answer, Headers};
use crate::json::{self, Document};

pub(crate) mod answers;
pub(crate) mod command;
pub(crate) mod har;
mod origins;
mod probes;

/// What a pasted text is.
///
/// The recognisers are tried from the most specific to the least; what a text holds beside what was recognised is passed
/// over. Nothing is refused for being cut off or decorated.
///
/// ```
/// use tokenscope::cors::evidence::{Evidence, recognise};
/// let Evidence::Answers(answers) = recognise("HTTP/2 401\r\nvary: Origin\r\n\r\n") else { panic!() };
/// assert_eq!(answers[0].answer.status, 401);
/// assert_eq!(recognise(" \n"), Evidence::Nothing);
/// ```
pub fn recognise(text: &str) -> Evidence {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Evidence::Nothing;
    }
    if har::is_beginning(text) {
        return Evidence::Har;
    }
    let pasted = Pasted { text, json: json_in(text), messages: text::messages(text) };
    RECOGNISERS.iter().find_map(|recognise| recognise(&pasted)).unwrap_or(Evidence::Unrecognised)
}

/// A text with what more than one recogniser looks at.
struct Pasted<'a> {
    text: &'a str,
    json: Option<Document>,
    messages: Vec<Message>,
}

/// From the most specific to the least.
const RECOGNISERS: &[fn(&Pasted) -> Option<Evidence>] = &[
    |pasted| probes::read(pasted.json.as_ref()?).map(|run| Evidence::Probes(Box::new(run))),
    |pasted| exchange_json::read(pasted.json.as_ref()?).ok().map(|exchange| Evidence::Exchange(Box::new(exchange))),
    |pasted| origins::of_json(pasted.json.as_ref()?).map(Evidence::TrustedOrigins),
    |pasted| origins::of_bodies(pasted.text, &pasted.messages).map(Evidence::TrustedOrigins),
    |pasted| {
        let answers = filled(answers::with_status(pasted.text, &pasted.messages))?;
        Some(Evidence::Answers(answers::completed(answers, &console::read(pasted.text))))
    },
    |pasted| filled(console::read(pasted.text)).map(Evidence::Console),
    |pasted| filled(answers::all(pasted.text, &pasted.messages)).map(Evidence::Answers),
    |pasted| {
        command::request(pasted.text, &pasted.messages)
            .map(|(request, origin)| Evidence::Request(Box::new(request), origin))
    },
    |pasted| origins::of_lines(pasted.text).map(Evidence::TrustedOrigins),
    |pasted| filled(console::answered(pasted.text)).map(Evidence::Console),
];

fn filled<T>(list: Vec<T>) -> Option<Vec<T>> {
    (!list.is_empty()).then_some(list)
}

/// The JSON in a text: the text itself, or the result of the probes wherever it stands in what a console printed.
fn json_in(text: &str) -> Option<Document> {
    let whole = text.trim_start_matches(|one: char| one.is_whitespace() || one == '\u{feff}');
    let start = match crate::text::find(whole, probes::MARK) {
        Some(at) => at,
        None if whole.starts_with(['{', '[']) => 0,
        None => return None,
    };
    Some(json::read(whole.get(start..)?.as_bytes().to_vec()))
}

/// What a text was recognised as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Evidence {
    /// There is no text.
    Nothing,
    /// Lines of a browser's console, in order. Never empty.
    Console(Vec<ConsoleMessage>),
    /// Answers, perhaps with the requests that led to them: `curl -i`, `curl -v`, or the headers of the Network panel.
    /// Never empty; interim answers are left out, and redirects that curl followed stand in order.
    Answers(Vec<Answered>),
    /// A whole exchange as JSON, in the shape that `explainCors` takes.
    Exchange(Box<Exchange>),
    /// What probes found, from the snippet or from this page.
    Probes(Box<ProbeRun>),
    /// A list of trusted origins.
    TrustedOrigins(Vec<TrustedOrigin>),
    /// A request alone: "copy as fetch", "copy as cURL", or a command. The origin where the text has it, from the headers
    /// `Origin` and `Referer`.
    Request(Box<super::Request>, Option<String>),
    /// The beginning of a HAR file: [`crate::har`] reads it.
    Har,
    /// Nothing that speaks of a request to another origin.
    Unrecognised,
}

/// One message of a browser's console.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsoleMessage {
    /// Whose console it is, where the wording tells.
    pub engine: Option<Engine>,
    /// What it says.
    pub says: Says,
    /// The URL that it names, the last one of a chain of redirects.
    pub url: Option<String>,
    /// The URL that was asked first, where it names a redirect.
    pub redirected_from: Option<String>,
    /// The origin that it names.
    pub origin: Option<String>,
    /// The value, method, header or address space that it names.
    pub parameter: Option<String>,
    /// The status that it names.
    pub status: Option<u16>,
    /// Where it stands in the text, in bytes.
    pub span: std::ops::Range<usize>,
}

/// What a console message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Says {
    /// The CORS protocol refused it, for one of these causes: several where the wording is shared, as WebKit's is for a
    /// missing and a mismatched origin. The most likely one first.
    Cors(Vec<Cause>),
    /// Something else refused it.
    Neighbour(Neighbour),
    /// It works today although the standard forbids it: `*` covers `Authorization`.
    WildcardAuthorization,
    /// An error was answered with the status that the message names, and nothing says that CORS stopped it.
    Status,
    /// It failed, without a reason: "Failed to fetch", "Load failed", "net::ERR_FAILED".
    Failed,
}

/// What looks like CORS and is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Neighbour {
    /// The page's own content security policy.
    ContentSecurityPolicy,
    /// A page from https asked for http.
    MixedContent,
    /// The name could not be resolved.
    Dns,
    /// The certificate, or the handshake.
    Tls,
    /// The connection was refused, reset or timed out.
    Unreachable,
    /// A port that browsers never connect to.
    BlockedPort,
    /// Leave to reach this machine or its network.
    LocalNetworkAccess,
    /// `Cross-Origin-Resource-Policy`, or the page's own embedder policy.
    ResourcePolicy,
    /// A browser extension.
    Extension,
    /// A redirect to a page where people sign in.
    LoginRedirect,
    /// A stored answer for another origin, because `Vary: Origin` is missing.
    CachedAnswer,
    /// Mode `no-cors`: the answer came, and is opaque.
    OpaqueAnswer,
    /// The answer of a service worker.
    ServiceWorker,
    /// The browser is offline.
    Offline,
    /// No answer in time.
    TimedOut,
    /// The request was given up by the page, or by leaving it.
    Aborted,
    /// The URL can't be fetched at all: user name in it, or an unknown scheme.
    BadUrl,
}

/// An answer in a text, with what the text says about its request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// The method, where the text has the request.
    pub method: Option<String>,
    /// The URL, as far as the text has it.
    pub url: Option<String>,
    /// The request's headers, where the text has them.
    pub request_headers: Option<Headers>,
    /// Status and headers.
    pub answer: Answer,
    /// Whether the text has the status: a table of headers alone does not, and is taken for an answer of status 200.
    pub status_known: bool,
}

/// An entry in a list of trusted origins, as Okta's API returns it or as a line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedOrigin {
    /// Its name.
    pub name: Option<String>,
    /// The origin as it was typed there.
    pub origin: String,
    /// Whether it is for CORS; `None` where the list does not say.
    pub cors: Option<bool>,
    /// Whether it is for redirects.
    pub redirect: Option<bool>,
    /// Whether it is active.
    pub active: Option<bool>,
}

/// What probes of one URL found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProbeRun {
    /// The origin that probed.
    pub origin: String,
    /// The URL.
    pub url: String,
    /// Whether it is this page's own probe: it then speaks of this page's origin alone.
    pub own: bool,
    /// Whose engine probed, where the user agent's capabilities tell.
    pub engine: Option<Engine>,
    /// Whether the browser said that it is offline.
    pub offline: bool,
    /// The probes in the order they were sent.
    pub probes: Vec<Probe>,
}

/// One probe and its result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    /// Which one.
    pub kind: ProbeKind,
    /// What came of it.
    pub result: ProbeResult,
    /// The method and the header names of [`ProbeKind::Custom`].
    pub method: Option<String>,
    /// See `method`.
    pub headers: Vec<String>,
    /// The credentials mode.
    pub credentials: Credentials,
}

/// The probes, by their letters in the decision order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProbeKind {
    /// A: mode `cors`, without credentials, through the cache.
    Plain,
    /// A past the cache.
    Reload,
    /// N: mode `no-cors`, past the cache, redirects followed.
    NoCors,
    /// M: redirects not followed.
    Manual,
    /// P: with the method and headers of the app. Only in the snippet.
    Custom,
    /// I: with credentials. Only in the snippet.
    Credentials,
    /// N to another path of the same host.
    NoCorsElsewhere,
}

/// What came of a probe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProbeResult {
    /// An answer that script may read.
    Read {
        /// Its status.
        status: u16,
        /// Whether it came by a redirect.
        redirected: bool,
    },
    /// An opaque answer.
    Opaque,
    /// A redirect that was not followed.
    OpaqueRedirect,
    /// A network error, and the traces it left.
    Failed(Traces),
}

/// What a network error leaves behind for script to see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// The directive, when a `securitypolicyviolation` event came.
    pub policy: Option<String>,
    /// How long it took, in milliseconds.
    pub elapsed: u32,
    /// Whether there is an entry in the performance timeline.
    pub entry: Option<bool>,
    /// The entry's duration is 0 although time passed: in Firefox no answer came.
    pub no_response: bool,
    /// The entry shows that an answer came: `responseStart`, or a status.
    pub responded: bool,
    /// The status in the entry, where it is shown.
    pub status: Option<u16>,
    /// It was given up because it took too long.
    pub timed_out: bool,
    /// What the browser says of its permission for the local network, before and after: "granted", "prompt", "denied".
    pub permission: Option<(String, String)>,
}
