//! Okta's error envelope and OAuth errors, wherever an answer has them.

use super::{Envelope, OauthError};
use crate::json::{Kind, Value};
use crate::response_doctor::Evidence;
use crate::response_doctor::challenge::Challenge;
use crate::response_doctor::evidence::Body;
use crate::text;

/// The number of objects of a body that are looked at.
const OBJECTS: usize = 2_000;

/// The number of causes that are kept.
const CAUSES: usize = 50;

/// The number of scopes that are taken from a text.
const SCOPES: usize = 100;

/// Okta's error envelope: the outermost one, also inside an array or of another object.
pub fn envelope(evidence: &Evidence) -> Option<Envelope> {
    let found = objects(evidence).into_iter().find(|object| {
        let others = ["errorSummary", "errorId", "errorLink", "errorCauses"];
        object.member("errorCode").and_then(Value::as_str).is_some()
            && others.iter().any(|name| object.member(name).is_some())
    })?;
    let string = |name: &str| found.member(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let cause = |cause: &Value| {
        let names = ["errorSummary", "errorMessage", "message", "reason"];
        let said = cause.as_str().or_else(|| names.iter().find_map(|name| cause.member(name)?.as_str()))?;
        (!said.trim().is_empty()).then(|| said.to_owned())
    };
    let causes = found.member("errorCauses").map(Value::items).unwrap_or_default();
    Some(Envelope {
        code: string("errorCode"),
        summary: string("errorSummary"),
        id: string("errorId"),
        causes: causes.iter().filter_map(cause).take(CAUSES).collect(),
    })
}

/// The OAuth error: of the body, of a challenge, of the parameters of a redirect or form.
pub fn oauth(evidence: &Evidence, challenges: &[Challenge]) -> Option<OauthError> {
    let of_challenge = challenges.iter().find_map(of_challenge);
    match (of_body(evidence), of_challenge) {
        // The challenge often says the more: the scopes, and a description that the body leaves out.
        (Some(mut body), Some(challenge)) if body.error == challenge.error => {
            if body.description.is_empty() {
                body.description = challenge.description;
            }
            if !challenge.scopes.is_empty() {
                body.scopes = challenge.scopes;
            }
            Some(body)
        }
        (Some(body), Some(challenge)) if !is_error(&body.error) => Some(challenge).or(Some(body)),
        (body, challenge) => body.or(challenge).or_else(|| of_parameters(evidence)),
    }
}

/// Whether a word is written as errors of OAuth are: `invalid_grant`.
pub fn is_error(word: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    (3..=80).contains(&word.len())
        && word.bytes().all(fits)
        && word.starts_with(|first: char| first.is_ascii_lowercase())
}

fn of_challenge(challenge: &Challenge) -> Option<OauthError> {
    let error = challenge.parameter("error").filter(|error| !error.trim().is_empty())?;
    let description = challenge.parameter("error_description").unwrap_or_default();
    let scope = challenge.parameter("scope").unwrap_or_default();
    let scopes: Vec<String> = scope.split_whitespace().take(SCOPES).map(str::to_owned).collect();
    let scopes = if scopes.is_empty() { scopes_of(description) } else { scopes };
    Some(OauthError { error: error.trim().to_owned(), description: description.to_owned(), scopes })
}

fn of_body(evidence: &Evidence) -> Option<OauthError> {
    let objects = objects(evidence);
    let standard = objects.iter().find_map(|object| {
        let error = object.member("error")?.as_str().filter(|error| is_error(error))?;
        let names = ["error_description", "errorDescription", "error_message", "description", "message", "detail"];
        Some(described(error, object, &names))
    });
    standard.or_else(|| {
        objects.iter().find_map(|object| {
            let error = object.member("error").filter(|error| !error.members().is_empty())?;
            // Google's `status` and Graph's `code` are names; Google's `code` is the number of the HTTP status.
            let name = ["code", "status", "type"].iter().find_map(|name| error.member(name)?.as_str())?;
            Some(described(name, error, &["message", "error_description", "description", "detail"]))
        })
    })
}

fn described(error: &str, object: &Value, names: &[&str]) -> OauthError {
    let description = names.iter().find_map(|name| object.member(name)?.as_str()).unwrap_or_default();
    OauthError { error: error.to_owned(), description: description.to_owned(), scopes: scopes_of(description) }
}

fn of_parameters(evidence: &Evidence) -> Option<OauthError> {
    let parameter = |name: &str| {
        let found = evidence.parameters.iter().find(|(key, value)| key == name && !value.is_empty());
        found.map(|(_, value)| value.as_str())
    };
    let description = parameter("error_description").unwrap_or_default();
    let error = parameter("error")?;
    Some(OauthError { error: error.to_owned(), description: description.to_owned(), scopes: scopes_of(description) })
}

/// The objects of the body, in the order of their depth.
fn objects(evidence: &Evidence) -> Vec<&Value> {
    let Body::Json(document) = &evidence.body else { return Vec::new() };
    let mut waiting: Vec<&Value> = document.root.iter().collect();
    let mut at = 0;
    while let Some(value) = waiting.get(at).copied() {
        at += 1;
        if waiting.len() > OBJECTS {
            break;
        }
        let nested = |value: &&Value| matches!(value.kind, Kind::Object(_) | Kind::Array(_));
        match &value.kind {
            Kind::Object(members) => waiting.extend(members.iter().map(|member| &member.value).filter(nested)),
            Kind::Array(items) => waiting.extend(items.iter().take(100).filter(nested)),
            _ => {}
        }
    }
    waiting.retain(|value| matches!(value.kind, Kind::Object(_)));
    waiting
}

/// The scopes that a description lists: behind its colon, in its brackets, or behind a dash.
pub fn scopes_of(description: &str) -> Vec<String> {
    if !text::contains(&description.to_ascii_lowercase(), "scope") {
        return Vec::new();
    }
    let bracketed =
        description.split_once('[').and_then(|(_, behind)| behind.split_once(']')).map(|(inside, _)| inside);
    let listed = bracketed
        .or_else(|| text::split_once(description, " - ").map(|(_, behind)| behind))
        .or_else(|| after_colon(description));
    let quotes = ['\'', '"', '`', '.', '(', ')', '[', ']', '{', '}'];
    let words = listed.unwrap_or_default().split([' ', ',', ';', '\t', '\n']);
    let words = words.map(|word| word.trim_matches(quotes)).filter(|word| !matches!(*word, "" | "and" | "or"));
    let mut scopes: Vec<String> = Vec::new();
    for word in words.take(SCOPES) {
        // One word that is none makes the whole a sentence.
        if !is_scope(word) {
            return Vec::new();
        }
        if !scopes.iter().any(|known| known == word) {
            scopes.push(word.to_owned());
        }
    }
    // Words of a sentence look like scopes too: several of them, none with a sign that words lack.
    let is_list = listed.is_some_and(|listed| listed.contains(',')) || scopes.len() == 1;
    let marked = scopes.iter().any(|scope| scope.contains(['.', ':', '_', '/', '*', '-']));
    let standard = scopes.iter().all(|scope| STANDARD.contains(&scope.as_str()));
    if bracketed.is_some() || is_list || marked || standard { scopes } else { Vec::new() }
}

/// The scopes of [OpenID Connect](https://openid.net/specs/openid-connect-core-1_0.html#ScopeClaims).
const STANDARD: [&str; 6] = ["openid", "profile", "email", "address", "phone", "offline_access"];

fn after_colon(description: &str) -> Option<&str> {
    text::positions(description, ": ").last().and_then(|at| description.get(at + 2..))
}

/// Whether a word may be a scope ([RFC 6749 §3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)).
fn is_scope(word: &str) -> bool {
    let fits = |byte: u8| (0x21..=0x7e).contains(&byte) && !b"\"\\<>".contains(&byte);
    word.len() <= 200 && word.bytes().all(fits)
}

/// The redirect URI that was sent, as a text about redirect URIs repeats it. A link into the admin console is none: Okta
/// adds one for administrators.
pub fn redirect_uri_of(description: &str) -> Option<&str> {
    if !text::contains(&description.to_ascii_lowercase(), "redirect") {
        return None;
    }
    let ends = |character: char| character.is_whitespace() || "\"'`<>“”‘’".contains(character);
    let uri = |at: usize| {
        let before = description.get(..at)?;
        let is_scheme = |character: char| character.is_ascii_alphanumeric() || "+-.".contains(character);
        let start =
            before.len() - before.bytes().rev().take(60).take_while(|byte| is_scheme(char::from(*byte))).count();
        let uri = description.get(start..)?.split(ends).next()?.trim_end_matches(['.', ',', ';', ')', ']', ':']);
        let lower = uri.to_ascii_lowercase();
        let others =
            ["/admin/app/", "-admin.", "//aka.ms/", "learn.microsoft.com", "developer.okta.com", "help.okta.com"];
        (start < at && !others.iter().any(|other| text::contains(&lower, other))).then_some(uri)
    };
    text::positions(description, "://").into_iter().take(20).find_map(uri)
}
