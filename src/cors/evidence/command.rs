//! Requests as commands: "copy as fetch", "copy as cURL", and what people type.

use super::answers;
use crate::cors::{Credentials, Request, url};
use crate::http::Headers;
use crate::http::text::{Message, Start, is_command};
use crate::json::{self, Kind, Value};

/// Of a long text only the first commands are read.
const MOST: usize = 64;

/// No command is longer.
const LONGEST: usize = 1 << 16;

/// A command of curl.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Command {
    /// Where it stands in the text, in bytes.
    pub at: usize,
    /// What it asks.
    pub request: Request,
    /// All headers that it names.
    pub sent: Headers,
    /// The values of `--data` and its like, in order.
    pub data: Vec<String>,
    /// User name and password of `-u`.
    pub user: Option<String>,
}

/// "Copy as fetch".
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fetch {
    /// What it asks.
    pub request: Request,
    /// All headers that it names.
    pub sent: Headers,
    /// The body.
    pub body: String,
}

/// The request that a text shows without an answer, and the origin of the page.
pub(super) fn request(text: &str, messages: &[Message]) -> Option<(Request, Option<String>)> {
    fetch(text)
        .map(|fetch| {
            let credentials = fetch.request.credentials;
            let (mut request, origin) = of_sent(fetch.request, &fetch.sent);
            request.credentials = credentials;
            (request, origin)
        })
        .or_else(|| commands(text).into_iter().next_back().map(|command| of_sent(command.request, &command.sent)))
        .or_else(|| {
            let message = messages.iter().find(|message| !message.is_response())?;
            let Start::Request { method, .. } = &message.start else { return None };
            let url = answers::url_of(message, answers::scheme(text), None)?;
            let method = if method.is_empty() { "GET".to_owned() } else { method.clone() };
            Some(of_sent(Request { method, url, ..Request::default() }, &message.headers))
        })
}

/// The request of script behind the headers that were sent: without those that the browser adds.
fn of_sent(mut request: Request, sent: &Headers) -> (Request, Option<String>) {
    let referer = || sent.combined("referer").and_then(|referer| url::origin_of(&referer));
    let origin = sent.combined("origin").or_else(referer);
    if sent.has("cookie") {
        request.credentials = Credentials::Include;
    }
    // With the tools open and the cache off, the browser adds both.
    let no_cache = sent.has("pragma") && sent.has("cache-control");
    let own = |name: &str| !(is_browsers(name) || (no_cache && matches!(name, "pragma" | "cache-control")));
    request.headers = Headers(sent.0.iter().filter(|(name, _)| own(&name.to_ascii_lowercase())).cloned().collect());
    (request, origin)
}

/// Headers that script can't set ([Fetch](https://fetch.spec.whatwg.org/#forbidden-request-header)), and those that
/// browsers set by themselves; in lower case.
fn is_browsers(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "accept-charset",
        "accept-encoding",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "if-modified-since",
        "if-none-match",
        "keep-alive",
        "origin",
        "priority",
        "referer",
        "save-data",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "upgrade-insecure-requests",
        "user-agent",
        "via",
    ];
    name.starts_with("sec-")
        || name.starts_with("proxy-")
        || name.starts_with("access-control-request-")
        || name.starts_with(':')
        || NAMES.contains(&name)
}

/// "Copy as fetch" of Chromium and Firefox: a URL and options as JSON.
pub(crate) fn fetch(text: &str) -> Option<Fetch> {
    let at = crate::text::find(text, "fetch(")?;
    let arguments = text.get(at + 6..)?.get(..).map(|rest| rest.get(..LONGEST).unwrap_or(rest))?.trim_start();
    let first = json::read(arguments.as_bytes().to_vec());
    let url = first.root.as_ref()?.as_str()?.to_owned();
    url::parse(&url)?;
    let behind = arguments.get(first.root.as_ref()?.span.end..)?.trim_start();
    let mut request = Request { method: "GET".to_owned(), url, ..Request::default() };
    let mut sent = Headers::default();
    let mut body = String::new();
    if let Some(options) = behind.strip_prefix(',') {
        let options = json::read(options.trim_start().as_bytes().to_vec());
        let root = options.root.as_ref()?;
        if let Some(method) = root.member("method").and_then(Value::as_str) {
            request.method = method.to_owned();
        }
        request.credentials = match root.member("credentials").and_then(Value::as_str) {
            Some("include") => Credentials::Include,
            Some("omit") => Credentials::Omit,
            _ => Credentials::SameOrigin,
        };
        for header in root.member("headers").map(Value::members).unwrap_or_default() {
            if let Kind::String(value) = &header.value.kind {
                sent.push(header.name.as_str(), value.as_str());
            }
        }
        if let Some(referrer) = root.member("referrer").and_then(Value::as_str).filter(|_| !sent.has("referer")) {
            sent.push("Referer", referrer);
        }
        body.push_str(root.member("body").and_then(Value::as_str).unwrap_or_default());
    }
    Some(Fetch { request, sent, body })
}

/// Every curl command.
pub(crate) fn commands(text: &str) -> Vec<Command> {
    let mut commands = Vec::new();
    let mut at = 0;
    let mut continued = false;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let begins = !continued && is_command(line.trim());
        continued = line.trim_end().ends_with(['\\', '^', '`']);
        if !begins || commands.len() == MOST {
            continue;
        }
        let Some(curl) = crate::text::find(line, "curl") else { continue };
        let rest = text.get(start + curl..).unwrap_or_default();
        if let Some(command) = curl_command(words(rest)) {
            commands.push(Command { at: start, ..command });
        }
    }
    commands
}

/// Options of curl that take a value and say nothing here.
const WITH_VALUE: &[&str] = &[
    "-o",
    "--output",
    "-w",
    "--write-out",
    "-m",
    "--max-time",
    "--connect-timeout",
    "-x",
    "--proxy",
    "-D",
    "--dump-header",
    "-E",
    "--cert",
    "--cacert",
    "--key",
    "--resolve",
    "--retry",
    "-c",
    "--cookie-jar",
    "-K",
    "--config",
    "--connect-to",
    "--interface",
    "-F",
    "--form",
    "-T",
    "--upload-file",
    "--ciphers",
    "--max-redirs",
    "-C",
    "-r",
    "--range",
];

fn curl_command(words: Vec<String>) -> Option<Command> {
    let mut words = words.into_iter().skip(1);
    let mut request = Request::default();
    let mut sent = Headers::default();
    let mut bodies: Vec<String> = Vec::new();
    let mut user = None;
    let (mut data, mut head, mut query) = (false, false, false);
    while let Some(word) = words.next() {
        let (option, joined) = match word.split_once('=') {
            Some((option, value)) if option.starts_with("--") => (option.to_owned(), Some(value.to_owned())),
            // A short option may have its value behind it: -XOPTIONS.
            _ => match word.get(..2) {
                Some(short @ ("-X" | "-H" | "-b" | "-d" | "-A" | "-e")) if word.len() > 2 => {
                    (short.to_owned(), word.get(2..).map(str::to_owned))
                }
                _ => (word, None),
            },
        };
        let mut value = || joined.clone().or_else(|| words.next()).unwrap_or_default();
        match option.as_str() {
            "-X" | "--request" => request.method = value(),
            "-H" | "--header" => {
                let line = value();
                if let Some((name, value)) = line.split_once(':') {
                    sent.push(name.trim(), value.trim());
                }
            }
            "-b" | "--cookie" => sent.push("Cookie", value()),
            "-A" | "--user-agent" => sent.push("User-Agent", value()),
            "-e" | "--referer" => sent.push("Referer", value()),
            "-I" | "--head" => head = true,
            "--url" => request.url = value(),
            "-G" | "--get" => query = true,
            "-u" | "--user" => user = Some(value()),
            "--oauth2-bearer" => {
                let token = value();
                sent.push("Authorization", ["Bearer ", token.as_str()].concat());
            }
            "--json" => {
                bodies.push(value());
                data = true;
                sent.push("Content-Type", "application/json");
                sent.push("Accept", "application/json");
            }
            "-F" | "--form" => {
                value();
                data = true;
            }
            "--data-urlencode" => {
                let value = value();
                bodies.push(encoded(&value));
                data = true;
            }
            long if long == "-d" || long.starts_with("--data") => {
                bodies.push(value());
                data = true;
            }
            other if WITH_VALUE.contains(&other) => {
                value();
            }
            // Several short options in one word; the last of them may take a value.
            short if short.starts_with('-') && !short.starts_with("--") => {
                head |= short.contains('I');
                match short.as_bytes().last() {
                    Some(b'X') if short.len() > 2 => request.method = value(),
                    Some(b'u') if short.len() > 2 => user = Some(value()),
                    Some(b'D' | b'o' | b'w' | b'm' | b'x') if short.len() > 2 => {
                        value();
                    }
                    _ => {}
                }
            }
            long if long.starts_with("--") => {}
            plain if request.url.is_empty() => request.url = plain.to_owned(),
            _ => {}
        }
    }
    if request.url.is_empty() {
        return None;
    }
    if !crate::text::contains(&request.url, "://") {
        // What curl does.
        request.url.insert_str(0, "http://");
    }
    if query {
        // The data goes into the query.
        for part in std::mem::take(&mut bodies) {
            request.url.push(if request.url.contains('?') { '&' } else { '?' });
            request.url.push_str(&part);
        }
        data = false;
    }
    if data && !head && request.method.is_empty() && !sent.has("content-type") {
        sent.push("Content-Type", "application/x-www-form-urlencoded");
    }
    if request.method.is_empty() {
        request.method = if head {
            "HEAD"
        } else if data {
            "POST"
        } else {
            "GET"
        }
        .to_owned();
    }
    url::parse(&request.url)?;
    Some(Command { at: 0, request, sent, data: bodies, user })
}

/// What curl makes of the value of `--data-urlencode`, as far as parameters are told apart by it.
fn encoded(value: &str) -> String {
    let (name, content) = value.split_once('=').unwrap_or(("", value));
    let mut encoded = name.to_owned();
    if value.contains('=') && !name.is_empty() {
        encoded.push('=');
    }
    for character in content.chars() {
        match character {
            ' ' => encoded.push_str("%20"),
            '"' => encoded.push_str("%22"),
            '#' => encoded.push_str("%23"),
            '%' => encoded.push_str("%25"),
            '&' => encoded.push_str("%26"),
            '+' => encoded.push_str("%2B"),
            other => encoded.push(other),
        }
    }
    encoded
}

/// The words of a command as a shell splits them: POSIX, and what "copy as cURL (cmd)" writes for Windows.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut escapes = false;
    let mut characters = text.char_indices().peekable();
    while let Some((at, character)) = characters.next() {
        if at > LONGEST {
            break;
        }
        match (quote, character) {
            (None, '\\' | '^' | '`') => match characters.next() {
                // The command goes on in the next line.
                Some((_, '\r')) => {
                    characters.next_if(|(_, next)| *next == '\n');
                }
                Some((_, '\n')) | None => {}
                // Behind a caret Windows has its quotation mark.
                Some((_, '"')) if character == '^' => {
                    word.get_or_insert_default();
                    quote = Some('^');
                }
                Some((_, other)) => word.get_or_insert_default().push(other),
            },
            (None, '\n') => break,
            (None, '|' | ';' | '&') => break,
            (None, '$') if characters.peek().is_some_and(|(_, next)| *next == '\'') => escapes = true,
            (None, '\'' | '"') => {
                word.get_or_insert_default();
                quote = Some(character);
            }
            (None, white) if white.is_whitespace() => words.extend(word.take()),
            (Some('^'), '^') => match characters.next() {
                Some((_, '"')) => quote = None,
                Some((_, other)) => word.get_or_insert_default().push(other),
                None => {}
            },
            (Some(mark), end) if mark == end => {
                quote = None;
                escapes = false;
            }
            (Some('"'), '\\') | (Some('\''), '\\') if quote == Some('"') || escapes => {
                if let Some((_, next)) = characters.next() {
                    word.get_or_insert_default().push(next);
                }
            }
            (_, other) => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    words
}
