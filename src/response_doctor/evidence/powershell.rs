//! What PowerShell prints: the members of an answer as a list, or the error of a command.

use super::recognisers::Pasted;
use super::{Body, Evidence, Kind, Request, body, embedded, prose, request};
use crate::http::Headers;
use crate::http::text::messages;

/// More headers no command has.
const MOST_HEADERS: usize = 200;

/// Commands whose errors are read.
const COMMANDS: &[&str] = &["Invoke-RestMethod", "Invoke-WebRequest", "irm :", "iwr :"];

/// Reads the list of members, or the error.
pub(super) fn read(pasted: &Pasted) -> Option<Evidence> {
    list(&pasted.text).or_else(|| error(&pasted.text))
}

/// The request of a command, as it is typed or as "copy as PowerShell" writes it.
pub(super) fn request(text: &str) -> Option<Request> {
    let lower: String =
        text.chars().map(|one| if one.is_ascii_whitespace() { ' ' } else { one.to_ascii_lowercase() }).collect();
    let named = ["invoke-restmethod", "invoke-webrequest"].iter().find_map(|name| crate::text::find(&lower, name))?;
    // Lower case of ASCII has the same length.
    let (lower, text) = (lower.get(named..)?, text.get(named..)?);
    let url = option(text, lower, " -uri ")?.to_owned();
    let mut headers = Headers::default();
    if let Some((_, pairs)) = crate::text::split_once(text, "@{") {
        let pairs = pairs.split(['}']).next().unwrap_or_default();
        for pair in pairs.split(['\n', ';']).take(MOST_HEADERS) {
            let Some((name, value)) = pair.split_once('=') else { continue };
            let bare = |text: &str| text.trim().trim_matches(['"', '\'', '`', ' ']).to_owned();
            headers.push(bare(name), bare(value));
        }
    }
    let method = option(text, lower, " -method ").unwrap_or("GET").to_ascii_uppercase();
    let form = option(text, lower, " -body ").map(request::form).unwrap_or_default();
    Some(Request { method, url, has_headers: !headers.0.is_empty(), headers, form })
}

/// The value behind an option.
fn option<'a>(text: &'a str, lower: &str, name: &str) -> Option<&'a str> {
    let value = text.get(crate::text::find(lower, name)? + name.len()..)?;
    match value.chars().next().filter(|one| matches!(one, '"' | '\'')) {
        Some(quote) => value.get(1..)?.split(quote).next(),
        None => value.split_whitespace().next(),
    }
}

/// `StatusCode        : 403`, and the lines below.
fn list(text: &str) -> Option<Evidence> {
    let mut evidence = Evidence { kind: Kind::Http, ..Evidence::default() };
    let mut member = String::new();
    let mut raw = String::new();
    let mut content = String::new();
    for line in text.lines() {
        let begins = line.split_once(':').filter(|(name, value)| {
            let name = name.trim_end();
            !line.starts_with(' ')
                && value.starts_with(' ')
                && !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
        });
        let (value, is_first) = match begins {
            Some((name, value)) => {
                member = name.trim_end().to_owned();
                (value.trim(), true)
            }
            None => (line.trim(), false),
        };
        match member.as_str() {
            "StatusCode" if is_first => evidence.status = value.parse().ok().or_else(|| named(value)),
            "StatusDescription" if is_first => evidence.reason = value.to_owned(),
            "Content" => push_line(&mut content, value),
            "RawContent" => push_line(&mut raw, value),
            _ => {}
        }
    }
    evidence.status?;
    if let Some(message) = messages(&raw).into_iter().find(|message| message.is_response()) {
        evidence.has_headers = message.headers.0.len() >= 2;
        evidence.headers = message.headers;
        evidence.body = body::read(raw.get(message.body).unwrap_or_default());
    }
    // It stands there twice, and is cut off in one of the two or in both.
    let is_whole = matches!(&evidence.body, Body::Json(document) if document.is_json());
    if !is_whole && !content.trim().is_empty() {
        evidence.body = body::read(&content);
    }
    Some(evidence)
}

/// The error of a command: a body, or a sentence with a status.
fn error(text: &str) -> Option<Evidence> {
    if !COMMANDS.iter().any(|command| crate::text::contains(text, command)) {
        return None;
    }
    // The text is wrapped where the window ends, also inside of words; JSON is put together again.
    let start = text.find('{')?;
    let mut message = String::new();
    for line in text.get(start..)?.lines() {
        if line.starts_with("At line:") || line.trim_start().starts_with("+ ") || line.trim_start().starts_with("at <")
        {
            break;
        }
        message.push_str(line.trim_end_matches('\r'));
    }
    let found = embedded::object(&message)?;
    let (status, reason) = prose::status(text).unwrap_or_default();
    let status = (status > 0).then_some(status);
    Some(Evidence { kind: Kind::Json, status, reason, body: Body::Json(found.document), ..Evidence::default() })
}

/// The status by the name that .NET has for it.
fn named(value: &str) -> Option<u16> {
    let spaced = match value {
        "Unauthorized" => 401,
        "Forbidden" => 403,
        "BadRequest" => 400,
        "NotFound" => 404,
        "TooManyRequests" => 429,
        "InternalServerError" => 500,
        "ServiceUnavailable" => 503,
        _ => return None,
    };
    Some(spaced)
}

fn push_line(text: &mut String, line: &str) {
    if !text.is_empty() {
        text.push('\n');
    }
    text.push_str(line);
}
