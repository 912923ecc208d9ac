//! What a text is: the recognisers in their order, and what stands beside what they found.

use super::{
    Body, Evidence, Kind, address, answer, challenge_line, cleaned, embedded, html, powershell, prose, record, request,
    saml, sent_token, system_log,
};
use crate::http::text::{self, Message};
use crate::json::{self, Document, FaultKind};

/// How often a text may stand in a string inside of another.
const NESTING: usize = 3;

/// A text with what more than one recogniser looks at.
pub(super) struct Pasted {
    /// The text, cleaned.
    pub text: String,
    /// The messages in it.
    pub messages: Vec<Message>,
}

/// From the most specific to the least.
const RECOGNISERS: &[fn(&Pasted) -> Option<Evidence>] = &[
    challenge_line::alone,
    json_alone,
    answer::with_status,
    powershell::read,
    curl_alone,
    answer::headers_and_body,
    page,
    found_json,
    log_event,
    url_or_form,
    saml_text,
    answer::headers_alone,
    challenge_inside,
    token_alone,
];

/// What the text of an answer tells. Nothing in it is emptied yet.
pub(super) fn recognised(text: String) -> Evidence {
    inside(text, NESTING)
}

fn inside(text: String, nesting: usize) -> Evidence {
    if text.trim().is_empty() {
        return Evidence::default();
    }
    // A text that stands in a string: read what it says.
    if nesting > 0
        && let Some(inside) = unquoted(&text)
    {
        return self::inside(cleaned::cleaned(&inside), nesting - 1);
    }
    let messages = text::messages(&text);
    let pasted = Pasted { text, messages };
    let found = RECOGNISERS.iter().find_map(|recognise| recognise(&pasted));
    let mut evidence = found.unwrap_or_else(|| Evidence {
        kind: Kind::Text,
        text: pasted.text.trim().to_owned(),
        ..Evidence::default()
    });
    beside(&mut evidence, &pasted.text);
    evidence
}

/// The content of a text that is a JSON string, or whose quotation marks are escaped.
fn unquoted(text: &str) -> Option<String> {
    let trimmed = text.trim().trim_end_matches([',', ';']);
    if trimmed.starts_with('"') && trimmed.len() > 2 {
        let document = json::read(trimmed.as_bytes().to_vec());
        let inside = document.root.as_ref().filter(|_| document.is_json())?.as_str()?;
        return Some(inside.to_owned());
    }
    let escaped = trimmed.starts_with("{\\") || trimmed.starts_with("\"{\\");
    if escaped { embedded::unescaped(trimmed) } else { None }
}

/// What stands beside what was recognised: the request of a command, a status in a sentence.
fn beside(evidence: &mut Evidence, text: &str) {
    let has_url = evidence.request.as_ref().is_some_and(|request| !request.url.is_empty());
    if !has_url && !matches!(evidence.kind, Kind::Redirect | Kind::AuthorizationRequest | Kind::SystemLog) {
        let own = request::of_command(text).or_else(|| prose::request(text));
        evidence.request = super::merged(evidence.request.take(), own);
    }
    let by_words =
        matches!(evidence.kind, Kind::Json | Kind::Text | Kind::Curl | Kind::Html | Kind::Saml | Kind::Challenge);
    if evidence.status.is_none()
        && by_words
        && let Some((status, reason)) = status_beside(evidence, text)
    {
        evidence.status = Some(status);
        evidence.reason = reason;
    }
    if evidence.curl.is_none() && by_words {
        evidence.curl = prose::curl_code(text);
    }
    if matches!(evidence.kind, Kind::Json | Kind::Text | Kind::Html)
        && let Some(headers) = challenge_line::inside(text)
        && evidence.headers.0.is_empty()
    {
        evidence.headers = headers;
    }
}

/// The status that a body names, or a sentence beside it.
fn status_beside(evidence: &Evidence, text: &str) -> Option<(u16, String)> {
    match &evidence.body {
        Body::Json(document) => {
            let own = record::status_of_body(document).map(|status| (status, String::new()));
            // What the body says in its sentences is not the status of the answer; what stands beside it is.
            own.or_else(|| prose::status(&evidence.text))
        }
        Body::Html { title, text } => prose::status(title).or_else(|| text.lines().take(3).find_map(prose::status)),
        // Where several lines speak of several answers, only an error is what is asked about.
        _ => prose::status(text).filter(|(status, _)| *status >= 400 || !text.trim().contains('\n')),
    }
}

/// A text that is JSON as a whole, or was cut off.
fn json_alone(pasted: &Pasted) -> Option<Evidence> {
    let trimmed = pasted.text.trim();
    if !trimmed.starts_with(['{', '[']) {
        return None;
    }
    let document = match embedded::read(trimmed) {
        Some(document) => document,
        None => json::read(trimmed.as_bytes().to_vec()),
    };
    let cut = document.faults.iter().all(|fault| fault.kind == FaultKind::Ended);
    let root = document.root.as_ref().filter(|_| document.is_json() || cut)?;
    if root.members().is_empty() && root.items().is_empty() && cut && !document.is_json() {
        return None;
    }
    if let Some((inside, before)) = embedded::inside_of_string(root)
        && record::har(&document).is_none()
        && record::client_error(&document).is_none()
    {
        return Some(Evidence { text: before, ..of_document(inside) });
    }
    Some(of_document(document))
}

/// What a JSON text is.
fn of_document(document: Document) -> Evidence {
    if let Some(evidence) = record::har(&document) {
        return evidence;
    }
    if let Some(event) = system_log::of_json(&document) {
        return Evidence { kind: Kind::SystemLog, event: Some(event), ..Evidence::default() };
    }
    if let Some(evidence) = record::client_error(&document) {
        return evidence;
    }
    Evidence { kind: Kind::Json, body: Body::Json(document), ..Evidence::default() }
}

/// JSON with other text around it.
fn found_json(pasted: &Pasted) -> Option<Evidence> {
    let found = embedded::object(&pasted.text)?;
    let mut evidence = of_document(found.document);
    let before = pasted.text.get(..found.span.start).unwrap_or_default().trim();
    let behind = pasted.text.get(found.span.end..).unwrap_or_default().trim();
    if evidence.text.is_empty() {
        let between = if before.is_empty() || behind.is_empty() { "" } else { "\n" };
        evidence.text = [before, between, behind].concat();
    }
    Some(evidence)
}

/// curl's own words, without an answer.
fn curl_alone(pasted: &Pasted) -> Option<Evidence> {
    let code = prose::curl_code(&pasted.text)?;
    let sent = pasted.messages.iter().find(|message| !message.is_response());
    let request = sent.and_then(|head| request::of_message(&pasted.text, &pasted.messages, head));
    Some(Evidence {
        kind: Kind::Curl,
        curl: Some(code),
        request,
        text: pasted.text.trim().to_owned(),
        ..Evidence::default()
    })
}

/// An HTML page, unless JSON stands before it.
fn page(pasted: &Pasted) -> Option<Evidence> {
    let at = html::beginning(&pasted.text)?;
    let before = pasted.text.get(..at).unwrap_or_default();
    if embedded::object(before).is_some() {
        return None;
    }
    let body = html::body(pasted.text.get(at..).unwrap_or_default());
    Some(Evidence { kind: Kind::Html, body, text: before.trim().to_owned(), ..Evidence::default() })
}

/// An event of the System Log that is no JSON.
fn log_event(pasted: &Pasted) -> Option<Evidence> {
    let lower = pasted.text.to_ascii_lowercase();
    let named = ["eventtype", "event_type", "event type"].iter().any(|name| crate::text::contains(&lower, name));
    let event = if named { system_log::of_text(&pasted.text)? } else { return None };
    Some(Evidence { kind: Kind::SystemLog, event: Some(event), ..Evidence::default() })
}

/// A redirect, an authorization request, or a form.
fn url_or_form(pasted: &Pasted) -> Option<Evidence> {
    address::read(&pasted.text)
}

/// What speaks of SAML.
fn saml_text(pasted: &Pasted) -> Option<Evidence> {
    let text = saml::text(&pasted.text)?;
    Some(Evidence { kind: Kind::Saml, text, ..Evidence::default() })
}

/// A challenge inside of other text.
fn challenge_inside(pasted: &Pasted) -> Option<Evidence> {
    let headers = challenge_line::inside(&pasted.text)?;
    let text = pasted.text.trim().to_owned();
    Some(Evidence { kind: Kind::Challenge, headers, text, ..Evidence::default() })
}

/// A token that was pasted in place of an answer.
fn token_alone(pasted: &Pasted) -> Option<Evidence> {
    let text = pasted.text.trim();
    let words = text.split_whitespace().count();
    let begins = text.split_whitespace().last().is_some_and(|word| crate::sniff::begins_object(word.as_bytes()));
    if words > 2 || !begins {
        return None;
    }
    Some(Evidence { kind: Kind::Text, token: sent_token::of_field(text), ..Evidence::default() })
}
