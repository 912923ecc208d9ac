//! Answers in the notation of HTTP: which of them counts, what led to it, and its body.

use super::recognisers::Pasted;
use super::{Body, Evidence, Hop, Kind, Request, address, body, prose, request};
use crate::cors::evidence::answers;
use crate::http::Headers;
use crate::http::text::{Message, Start};

/// Headers that hold challenges.
pub(super) const CHALLENGES: &[&str] = &["www-authenticate", "proxy-authenticate"];

/// The answer of a text that shows a status.
pub(super) fn with_status(pasted: &Pasted) -> Option<Evidence> {
    let shown = pasted.messages.iter().any(|message| message.status().is_some() && !message.interim);
    if shown { read(pasted) } else { None }
}

/// A table of headers without a status, or header lines.
pub(super) fn headers_alone(pasted: &Pasted) -> Option<Evidence> {
    let evidence = read(pasted)?;
    (!evidence.headers.0.is_empty()).then_some(evidence)
}

/// A table of headers, and the body behind it.
pub(super) fn headers_and_body(pasted: &Pasted) -> Option<Evidence> {
    let evidence = read(pasted)?;
    let is_body = matches!(evidence.body, Body::Json(_) | Body::Html { .. });
    (is_body && evidence.headers.0.len() >= 2).then_some(evidence)
}

fn read(pasted: &Pasted) -> Option<Evidence> {
    let text = pasted.text.as_str();
    let finals: Vec<&Message> =
        pasted.messages.iter().filter(|message| message.is_response() && !message.interim).collect();
    let answered = answers::all(text, &pasted.messages);
    let fails = |message: &&Message| message.status().is_some_and(|status| status >= 400);
    let says = |message: &&Message| message.status().is_some() || !message.headers.0.is_empty();
    let last = finals.iter().rposition(says).or(finals.len().checked_sub(1));
    let at = finals.iter().rposition(fails).or(last)?;
    let message = finals.get(at)?;
    let own = answered.get(at)?;
    let mut headers = message.headers.clone();
    let begins_with_status = head_begins_with_status(text, message);
    let marked = text.get(message.head.start..).is_some_and(|head| head.trim_start().starts_with("< "));
    if marked {
        trailers(pasted, message, &mut headers);
    }
    let only_challenges = !headers.0.is_empty()
        && headers.0.iter().all(|(name, _)| CHALLENGES.iter().any(|known| known.eq_ignore_ascii_case(name)));
    let kind = match message.status() {
        None if only_challenges => Kind::Challenge,
        _ if begins_with_status => Kind::Http,
        _ => Kind::HeaderTable,
    };
    let has_headers = match kind {
        Kind::Http => headers.0.len() >= 2,
        _ => message.status().is_some() && headers.0.len() >= 2 || (headers.0.len() >= 3 && headers.has("date")),
    };
    let mut evidence = Evidence {
        kind,
        status: message.status(),
        reason: match &message.start {
            Start::Response { reason, .. } => reason.clone(),
            Start::Request { .. } => String::new(),
        },
        has_headers,
        request: request_of(pasted, own, message),
        hops: hops(&finals, &answered, at),
        curl: prose::curl_code(text),
        ..Evidence::default()
    };
    let shown = body::shown(text.get(message.body.clone()).unwrap_or_default(), marked);
    evidence.body = match body::read(&shown) {
        Body::Unknown if is_empty(message, &headers, text, marked) => Body::Empty,
        // The panel shows the body beside its table, and Insomnia behind a mark of its own.
        Body::Unknown if kind != Kind::Http || marked => body::behind(text, message.head.end),
        body => body,
    };
    if let Some(location) = headers.combined("location") {
        evidence.parameters = address::of_location(&location);
    }
    evidence.headers = headers;
    Some(evidence)
}

/// Whether the head is one that begins with a status line, and not a table of a panel.
fn head_begins_with_status(text: &str, message: &Message) -> bool {
    let head = text.get(message.head.start..).unwrap_or_default().trim_start();
    head.strip_prefix("< ").unwrap_or(head).starts_with("HTTP/")
}

/// Headers that came behind the body: `curl -v` marks them like the others.
fn trailers(pasted: &Pasted, message: &Message, headers: &mut Headers) {
    let next = pasted.messages.iter().map(|other| other.head.start).find(|start| *start >= message.head.end);
    let behind = pasted.text.get(message.head.end..next.unwrap_or(pasted.text.len())).unwrap_or_default();
    for line in behind.lines().filter_map(|line| line.strip_prefix("< ")) {
        if let Some((name, value)) = line.split_once(':').filter(|(name, _)| crate::http::is_token(name)) {
            headers.push(name, value.trim());
        }
    }
}

/// Whether the text shows that the body is empty, and does not leave it out.
fn is_empty(message: &Message, headers: &Headers, text: &str, marked: bool) -> bool {
    let length = headers.combined("content-length");
    let without = matches!(message.status(), Some(204 | 205 | 304));
    // curl says that it is done where there is no body to print.
    let done = marked
        && length.as_deref().is_none_or(|length| length == "0")
        && text.get(message.head.end..).is_some_and(|behind| {
            let left =
                crate::text::contains(behind, "left intact") || crate::text::contains(behind, "losing connection");
            left && behind.lines().all(|line| line.trim().is_empty() || line.starts_with(['<', '*', '{', '}']))
        });
    length.as_deref() == Some("0") || without || done
}

fn request_of(pasted: &Pasted, own: &crate::cors::evidence::Answered, message: &Message) -> Option<Request> {
    let text = pasted.text.as_str();
    let sent = pasted.messages.iter().filter(|other| !other.is_response());
    let head = sent.clone().rev().find(|other| other.head.start < message.head.start).or_else(|| sent.clone().next());
    let commanded = request::of_command(text);
    let mut request = Request {
        method: own.method.clone().unwrap_or_default(),
        url: own.url.clone().unwrap_or_default(),
        headers: own.request_headers.clone().unwrap_or_default(),
        ..Request::default()
    };
    match head {
        Some(head) => {
            let shown = request::of_message(text, &pasted.messages, head).unwrap_or_default();
            request.has_headers = shown.has_headers;
            request.form = shown.form;
            if request.url.is_empty() {
                request.url = shown.url;
            }
        }
        None => request.has_headers = !request.headers.0.is_empty(),
    }
    if let Some(commanded) = commanded {
        if request.form.is_empty() {
            request.form = commanded.form;
        }
        // The user name and the password of the command.
        if request.headers.0.is_empty() {
            request.headers = commanded.headers;
            request.has_headers = commanded.has_headers;
        }
        if request.url.is_empty() {
            request.url = commanded.url;
        }
    }
    let is_shown = !request.url.is_empty() || !request.method.is_empty() || !request.headers.0.is_empty();
    is_shown.then_some(request)
}

/// The redirects right before an answer.
fn hops(finals: &[&Message], answered: &[crate::cors::evidence::Answered], at: usize) -> Vec<Hop> {
    let mut hops = Vec::new();
    for (message, own) in finals.iter().zip(answered).take(at).rev() {
        let location = message.headers.combined("location");
        let (Some(status), Some(location)) = (message.status().filter(|status| (300..400).contains(status)), location)
        else {
            break;
        };
        hops.push(Hop { url: own.url.clone().unwrap_or_default(), status, location });
    }
    hops.reverse();
    hops
}
