//! Messages in a text to answers: which request led to which, and what its URL was.

use super::command;
use crate::cors::evidence::{Answered, ConsoleMessage};
use crate::cors::url;
use crate::http::Answer;
use crate::http::text::{Message, Start};

/// The status that a table of headers without one is taken to have.
const UNKNOWN: u16 = 200;

/// The answers, when the text shows the status of any.
pub(super) fn with_status(text: &str, messages: &[Message]) -> Vec<Answered> {
    if messages.iter().any(|message| message.status().is_some() && !message.interim) {
        all(text, messages)
    } else {
        Vec::new()
    }
}

/// Every final answer, in order.
pub(crate) fn all(text: &str, messages: &[Message]) -> Vec<Answered> {
    let commands = command::commands(text);
    let scheme = scheme(text);
    let mut answers: Vec<Answered> = Vec::new();
    let mut request: Option<&Message> = None;
    // The Network panel shows the answer before the request; then the last message is a request.
    let panel = messages.first().is_some_and(Message::is_response)
        && messages.last().is_some_and(|message| !message.is_response());
    let mut command: Option<usize> = None;
    let mut next: Option<String> = None;
    for (at, message) in messages.iter().enumerate() {
        if !message.is_response() {
            request = Some(message);
            continue;
        }
        if message.interim {
            // What was sent to the proxy is over.
            request = request.filter(|_| message.status().is_some_and(|status| status < 200));
            continue;
        }
        let behind = messages.get(at + 1).filter(|behind| request.is_none() && (panel || is_table_request(behind)));
        let request_here = request.take().or(behind);
        let own = commands.iter().rposition(|command| command.at < message.head.start);
        if own != command {
            command = own;
            next = None;
        }
        let commanded = own.and_then(|own| commands.get(own)).map(|command| &command.request);
        let url = request_here
            .and_then(|request| {
                url_of(request, scheme, next.as_deref().or(commanded.map(|request| request.url.as_str())))
            })
            .or_else(|| next.take())
            .or_else(|| commanded.map(|request| request.url.clone()));
        let method = match request_here.map(|request| &request.start) {
            Some(Start::Request { method, .. }) if !method.is_empty() => Some(method.clone()),
            _ => commanded.map(|request| request.method.clone()),
        };
        let headers = match request_here {
            Some(request) => Some(request.headers.clone()),
            None => own.and_then(|own| commands.get(own)).map(|command| command.sent.clone()),
        };
        // Where `curl -L` goes on from here.
        let status = message.status().unwrap_or(UNKNOWN);
        let location = message.headers.combined("location").filter(|_| (300..400).contains(&status));
        next = url
            .as_deref()
            .zip(location)
            .and_then(|(base, location)| Some(url::resolve(&url::parse(base)?, &location)?.text()));
        answers.push(Answered {
            method: method.filter(|method| !method.is_empty()),
            url,
            request_headers: headers,
            answer: Answer { status, headers: message.headers.clone() },
            status_known: message.status().is_some(),
        });
    }
    answers
}

/// The answers with what console messages beside them say of URL and origin, where they don't say it themselves.
pub(super) fn completed(mut answers: Vec<Answered>, messages: &[ConsoleMessage]) -> Vec<Answered> {
    let url = messages.iter().find_map(|message| message.redirected_from.as_ref().or(message.url.as_ref()));
    let origin = messages.iter().find_map(|message| message.origin.as_ref());
    for answered in &mut answers {
        answered.url = answered.url.take().or_else(|| url.cloned());
        if answered.request_headers.is_none() {
            answered.request_headers = origin.map(|origin| [("Origin", origin.as_str())].into_iter().collect());
        }
    }
    answers
}

fn is_table_request(message: &Message) -> bool {
    matches!(&message.start, Start::Request { target, .. } if target.is_empty() || crate::text::contains(target, "://"))
}

/// The scheme that a text suggests: curl tells of the connection, and without TLS there it is plain.
pub(crate) fn scheme(text: &str) -> &'static str {
    // Where the lines about TLS were left out, the port and the version still tell.
    let secure = ["TLS", "SSL", " port 443", "HTTP/2", "HTTP/3", "> CONNECT "];
    let plain =
        crate::text::contains(text, "* Connected to ") && !secure.iter().any(|sign| crate::text::contains(text, sign));
    if plain { "http" } else { "https" }
}

/// The URL of a request: its target, or host and path with the scheme of the command, or else the one suggested.
pub(crate) fn url_of(request: &Message, suggested: &str, commanded: Option<&str>) -> Option<String> {
    let Start::Request { target, .. } = &request.start else { return None };
    if crate::text::contains(target, "://") {
        return Some(target.clone());
    }
    let host = request.headers.combined("host")?;
    let scheme = commanded.and_then(url::parse).map_or_else(|| suggested.to_owned(), |url| url.scheme);
    target.starts_with('/').then(|| [&scheme, "://", host.as_str(), target].concat())
}
