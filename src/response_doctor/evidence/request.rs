//! The request: a line, a command, a head, or a table.

use super::{Request, parameters, powershell};
use crate::cors::evidence::{answers, command};
use crate::http::text::{self, Message, Start};
use crate::http::{Headers, is_token};

/// What Chromium says where it does not show the headers that were sent.
const PROVISIONAL: &str = "Provisional headers are shown";

/// The request in a field of its own. Nothing in it is emptied yet.
pub(super) fn of_field(field: &str) -> Option<Request> {
    let field = field.trim();
    if field.is_empty() {
        return None;
    }
    if let Some(request) = of_command(field) {
        return Some(request);
    }
    let messages = text::messages(field);
    let head = messages.iter().find(|message| !message.is_response());
    let shown = head.and_then(|head| of_message(field, &messages, head));
    // Headers below a line of method and target are no head of their own.
    let is_head = shown.as_ref().is_some_and(|request| !request.url.is_empty() || !request.method.is_empty());
    if is_head { shown } else { of_lines(field).or(shown) }
}

/// The request of a command: the last that a text has.
pub(super) fn of_command(text: &str) -> Option<Request> {
    if let Some(fetch) = command::fetch(text) {
        return Some(Request {
            method: fetch.request.method,
            url: fetch.request.url,
            form: form(&fetch.body),
            has_headers: !fetch.sent.0.is_empty(),
            headers: fetch.sent,
        });
    }
    match command::commands(text).pop() {
        Some(command) => Some(commanded(&command)),
        None => powershell::request(text),
    }
}

/// The request of a command of curl.
pub(super) fn commanded(command: &command::Command) -> Request {
    let mut headers = command.sent.clone();
    if let Some(user) = command.user.as_ref().filter(|_| !headers.has("authorization")) {
        headers.push("Authorization", ["Basic ", user.as_str()].concat());
    }
    Request {
        method: command.request.method.clone(),
        url: command.request.url.clone(),
        headers,
        has_headers: true,
        form: form(&command.data.join("&")),
    }
}

/// The request of a head.
pub(super) fn of_message(whole: &str, messages: &[Message], head: &Message) -> Option<Request> {
    let Start::Request { method, target } = &head.start else { return None };
    let url = answers::url_of(head, answers::scheme(whole), None).unwrap_or_else(|| target.clone());
    Some(Request {
        method: method.clone(),
        url,
        headers: head.headers.clone(),
        has_headers: !head.headers.0.is_empty() && !crate::text::contains(whole, PROVISIONAL),
        form: body_form(whole, messages, head),
    })
}

/// The form that stands between the head of a request and the next message.
pub(super) fn body_form(whole: &str, messages: &[Message], head: &Message) -> Vec<parameters::Parameter> {
    let next = messages.iter().map(|message| message.head.start).find(|start| *start >= head.head.end);
    let between = whole.get(head.head.end..next.unwrap_or(whole.len())).unwrap_or_default();
    let mut lines = between.lines().map(|line| line.trim().trim_start_matches(['|', ' ', '>']));
    lines.find_map(|line| Some(form(line)).filter(|form| !form.is_empty())).unwrap_or_default()
}

/// The parameters of a text that is a form of OAuth, as a whole; empty for everything else.
pub(super) fn form(text: &str) -> Vec<parameters::Parameter> {
    let text = text.trim();
    let white = text.contains(|one: char| one.is_whitespace() && one != ' ');
    if white || !text.contains('=') || text.starts_with(['{', '<', '[', '"']) {
        return Vec::new();
    }
    let name = text.split('=').next().unwrap_or_default();
    if is_token(name) { parameters::of_form(text) } else { Vec::new() }
}

/// `POST https://a.example/b`, a URL or a path alone; headers and a form may stand below.
fn of_lines(field: &str) -> Option<Request> {
    let mut lines = field.lines();
    let first = lines.next()?.trim();
    let mut request = line(first).or_else(|| {
        let form = form(field);
        (!form.is_empty()).then(|| Request { form, ..Request::default() })
    })?;
    let mut sent = Headers::default();
    let mut in_head = true;
    for line in lines {
        let line = line.trim();
        let header = line.split_once(':').filter(|(name, _)| in_head && is_token(name));
        match header {
            Some((name, value)) => sent.push(name, value.trim()),
            None if line.is_empty() => in_head = sent.0.is_empty(),
            None => {
                in_head = false;
                if request.form.is_empty() {
                    request.form = form(line);
                }
            }
        }
    }
    if let Some(host) = sent.combined("host").filter(|_| request.url.starts_with('/')) {
        request.url = ["https://", host.as_str(), request.url.as_str()].concat();
    }
    request.headers = sent;
    Some(request)
}

/// A line of method and target, or a target alone.
fn line(line: &str) -> Option<Request> {
    let line = line.trim_matches(['"', '\'', '`', ',']);
    let (first, rest) = line.split_once([' ', '\t']).unwrap_or(("", line));
    let is_method = !first.is_empty() && first.len() <= 10 && first.bytes().all(|byte| byte.is_ascii_alphabetic());
    let target = if is_method { rest.trim() } else { line };
    // What may stand behind a target: the version, or a status.
    let target = target.split_whitespace().next()?.trim_matches(['"', '\'', '<', '>']);
    let host_first = target.split(['/', '?']).next().unwrap_or_default();
    let is_host = host_first.contains('.')
        && target.len() > host_first.len()
        && host_first.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':'));
    let known = crate::text::contains(target, "://") || target.starts_with('/') || crate::text::contains(target, ":/");
    let url = match (known, is_host) {
        (true, _) => target.to_owned(),
        (false, true) => ["https://", target].concat(),
        _ => return None,
    };
    let method = if is_method { first.to_ascii_uppercase() } else { String::new() };
    Some(Request { method, url, ..Request::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read() {
        let check = |field: &str, method: &str, url: &str| {
            let request = of_field(field).unwrap_or_default();
            assert_eq!((request.method.as_str(), request.url.as_str()), (method, url), "{field}");
        };
        check("POST https://api.example.com/v1/orders", "POST", "https://api.example.com/v1/orders");
        check("get /api/v1/users", "GET", "/api/v1/users");
        check("https://api.example.com/v1/orders?a=b", "", "https://api.example.com/v1/orders?a=b");
        check("/api/v1/users", "", "/api/v1/users");
        check("GET /api/v1/users HTTP/1.1\nHost: dev-1234.okta.com", "GET", "https://dev-1234.okta.com/api/v1/users");
        check("POST /api/v1/users\nHost: dev-1234.okta.com", "POST", "https://dev-1234.okta.com/api/v1/users");
        check("dev-1234.okta.com/api/v1/users", "", "https://dev-1234.okta.com/api/v1/users");
        check(
            "curl -X DELETE https://dev-1234.okta.com/api/v1/users/1",
            "DELETE",
            "https://dev-1234.okta.com/api/v1/users/1",
        );
        check("some words", "", "");
    }
}
