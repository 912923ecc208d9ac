//! Exchanges as JSON: entries of a HAR file, and the error objects of HTTP clients.

use super::{Body, Evidence, Hop, Kind, Request, body, parameters, request};
use crate::http::Headers;
use crate::jose::base64url;
use crate::json::{Document, Kind as Shape, Value};

/// The failing entry of a HAR file, or the only one.
pub(super) fn har(document: &Document) -> Option<Evidence> {
    let root = document.root.as_ref()?;
    let entries = root.member("log").unwrap_or(root).member("entries");
    let entries: Vec<&Value> = match entries {
        Some(entries) => entries.items().iter().collect(),
        None if !root.items().is_empty() => root.items().iter().collect(),
        None => vec![root],
    };
    let entries: Vec<&Value> = entries.into_iter().filter(|entry| is_entry(entry)).collect();
    let status = |entry: &Value| number(document, entry.member("response")?.member("status")?);
    let wanted = |status: u16| matches!(status, 401 | 403 | 429) || status >= 500;
    let last = |fits: &dyn Fn(u16) -> bool| entries.iter().rposition(|entry| status(entry).is_some_and(fits));
    let at = last(&wanted).or_else(|| last(&|status| status >= 400)).or(entries.len().checked_sub(1))?;
    let entry = entries.get(at)?;
    let sent = entry.member("request")?;
    let mut evidence = Evidence { kind: Kind::HarEntry, ..Evidence::default() };
    let mut request = Request {
        method: string(sent, "method"),
        url: string(sent, "url"),
        headers: sent.member("headers").map(|headers| pairs(document, headers)).unwrap_or_default(),
        ..Request::default()
    };
    request.has_headers = !request.headers.0.is_empty();
    if let Some(posted) = sent.member("postData") {
        let listed = posted.member("params").map(|list| pairs(document, list).0).unwrap_or_default();
        request.form = match listed.is_empty() {
            true => request::form(&string(posted, "text")),
            // The file has them as they were sent.
            false => {
                listed.iter().map(|(name, value)| (parameters::decoded(name), parameters::decoded(value))).collect()
            }
        };
    }
    if let Some(response) = entry.member("response") {
        evidence.status = status(entry).filter(|status| *status > 0);
        evidence.reason = string(response, "statusText");
        evidence.headers = response.member("headers").map(|headers| pairs(document, headers)).unwrap_or_default();
        evidence.has_headers = !evidence.headers.0.is_empty();
        let failure = string(response, "_error");
        evidence.text = if failure.is_empty() { string(entry, "_error") } else { failure };
        evidence.body = content(document, response);
    }
    evidence.hops = hops(document, &entries, at, &request.url);
    evidence.request = Some(request);
    Some(evidence)
}

fn is_entry(value: &Value) -> bool {
    let url = value.member("request").and_then(|request| request.member("url")).and_then(Value::as_str);
    url.is_some() && (value.member("response").is_some() || value.member("startedDateTime").is_some())
}

/// The redirects that led to an entry.
fn hops(document: &Document, entries: &[&Value], at: usize, url: &str) -> Vec<Hop> {
    let mut hops: Vec<Hop> = Vec::new();
    let mut wanted = url.to_owned();
    for entry in entries.iter().take(at).rev().take(200) {
        let (Some(request), Some(response)) = (entry.member("request"), entry.member("response")) else { continue };
        let location = string(response, "redirectURL");
        if location.is_empty() || location != wanted {
            continue;
        }
        let status = response.member("status").and_then(|status| number(document, status)).unwrap_or_default();
        wanted = string(request, "url");
        hops.push(Hop { url: wanted.clone(), status, location });
    }
    hops.reverse();
    hops
}

fn content(document: &Document, response: &Value) -> Body {
    let content = response.member("content");
    let text = content.map(|content| string(content, "text")).unwrap_or_default();
    let encoded = content.is_some_and(|content| string(content, "encoding") == "base64");
    let text = match encoded {
        true => String::from_utf8_lossy(&base64url::decode_standard(&text).bytes).into_owned(),
        false => text,
    };
    let size = content.and_then(|content| content.member("size")).map(|size| document.raw(size));
    match body::read(&text) {
        Body::Unknown if size.as_deref() == Some("0") => Body::Empty,
        body => body,
    }
}

/// What a client makes of an answer: `{"status":403,"headers":{…},"data":{…}}`, perhaps inside of its error.
pub(super) fn client_error(document: &Document) -> Option<Evidence> {
    let root = document.root.as_ref()?;
    let outer = root.member("error").filter(|error| error.member("response").is_some()).unwrap_or(root);
    let response = outer.member("response").filter(|response| !response.members().is_empty());
    let answer = response.unwrap_or(outer);
    let status = ["status", "statusCode", "status_code"].iter().find_map(|name| {
        answer.member(name).or_else(|| outer.member(name)).and_then(|status| number(document, status))
    });
    let content = ["data", "body", "error", "responseText", "_bodyText", "text"].iter().find_map(|name| {
        answer.member(name).filter(|value| !matches!(value.kind, Shape::Null | Shape::Number | Shape::Bool(_)))
    });
    let headers =
        answer.member("headers").filter(|headers| !headers.members().is_empty() || !headers.items().is_empty());
    let config = outer.member("config").or_else(|| answer.member("config")).or_else(|| outer.member("request"));
    // A body may have a status too; only a client has headers, a configuration, or an answer inside.
    let is_client = headers.is_some() || response.is_some() || (config.is_some() && outer.member("message").is_some());
    status.filter(|_| is_client)?;
    let mut evidence = Evidence { kind: Kind::Http, status, ..Evidence::default() };
    evidence.reason = string(answer, "statusText");
    evidence.headers = headers.map(|headers| pairs(document, headers)).unwrap_or_default();
    evidence.has_headers = evidence.headers.0.len() >= 2;
    evidence.body = match content.map(|content| (&content.kind, content)) {
        Some((Shape::String(text), _)) => body::read(text),
        Some((_, value)) => body::read(&document.raw(value)),
        None => Body::Unknown,
    };
    if let Some(config) = config {
        let headers = config.member("headers").map(|headers| pairs(document, headers)).unwrap_or_default();
        let url = string(config, "url");
        let base = string(config, "baseURL");
        let url = if crate::text::contains(&url, "://") || base.is_empty() {
            url
        } else {
            [base.trim_end_matches('/'), "/", url.trim_start_matches('/')].concat()
        };
        let form = config.member("data").and_then(Value::as_str).map(request::form).unwrap_or_default();
        let method = string(config, "method").to_ascii_uppercase();
        if !url.is_empty() || !headers.0.is_empty() {
            evidence.request = Some(Request { method, url, has_headers: false, headers, form });
        }
    }
    if evidence.request.is_none() {
        let url = string(answer, "url");
        evidence.request = (!url.is_empty()).then(|| Request { url, ..Request::default() });
    }
    Some(evidence)
}

/// The status that a body says of itself: [RFC 9457 §3.1.2](https://www.rfc-editor.org/rfc/rfc9457#section-3.1.2), and the
/// frameworks that do the same.
pub(super) fn status_of_body(document: &Document) -> Option<u16> {
    let root = document.root.as_ref()?;
    let own = |value: &Value| {
        ["status", "statusCode", "status_code"].iter().find_map(|name| number(document, value.member(name)?))
    };
    // Google's APIs have it inside of the error.
    let inside = || {
        let error = root.member("error")?;
        own(error).or_else(|| number(document, error.member("code")?))
    };
    own(root).or_else(inside).filter(|status| (400..600).contains(status))
}

/// Names and values: of an object, or of a list of `{"name":…,"value":…}`, or of pairs.
fn pairs(document: &Document, value: &Value) -> Headers {
    let text = |value: &Value| match &value.kind {
        Shape::String(text) => Some(text.clone()),
        Shape::Number | Shape::Bool(_) => Some(document.raw(value)),
        _ => None,
    };
    let mut pairs = Headers::default();
    for member in value.members() {
        match &member.value.kind {
            Shape::Array(items) => {
                items.iter().filter_map(text).for_each(|value| pairs.push(member.name.as_str(), value))
            }
            _ => pairs.0.extend(text(&member.value).map(|value| (member.name.clone(), value))),
        }
    }
    for item in value.items() {
        let pair = match item.items() {
            [name, value] => name.as_str().zip(text(value)),
            _ => item
                .member("name")
                .or_else(|| item.member("key"))
                .and_then(Value::as_str)
                .zip(item.member("value").and_then(text)),
        };
        pairs.0.extend(pair.map(|(name, value)| (name.to_owned(), value)));
    }
    pairs
}

fn number(document: &Document, value: &Value) -> Option<u16> {
    match &value.kind {
        Shape::Number => document.raw(value).parse().ok(),
        Shape::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn string(value: &Value, name: &str) -> String {
    value.member(name).and_then(Value::as_str).unwrap_or_default().to_owned()
}
