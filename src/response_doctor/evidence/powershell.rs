//! What PowerShell prints: the members of an answer as a list, or the error of a command.

use super::{Body, Evidence, Kind, Pasted, body, embedded, prose};
use crate::http::text::messages;

/// Commands whose errors are read.
const COMMANDS: &[&str] = &["Invoke-RestMethod", "Invoke-WebRequest", "irm :", "iwr :"];

/// Reads the list of members, or the error.
pub(super) fn read(pasted: &Pasted) -> Option<Evidence> {
    list(&pasted.text).or_else(|| error(&pasted.text))
}

/// `StatusCode        : 403`, and the lines below.
fn list(text: &str) -> Option<Evidence> {
    let mut evidence = Evidence { kind: Kind::Http, ..Evidence::default() };
    let mut member = String::new();
    let mut raw = String::new();
    let mut content = String::new();
    for line in text.lines() {
        let begins = line.split_once(" : ").or_else(|| line.split_once(": ")).filter(|(name, _)| {
            let name = name.trim_end();
            !line.starts_with(' ') && !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric())
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
    if !content.trim().is_empty() && matches!(evidence.body, Body::Unknown | Body::Text(_)) {
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
