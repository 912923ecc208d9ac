//! URLs and forms that say something by their parameters: redirects with an error, authorization requests, and the bodies
//! that are written the same way.

use super::parameters::{self, Parameter, of_form, of_url};
use super::{Evidence, Kind, Request, prose, request};

/// Parameters by which an authorization request is known
/// ([RFC 6749 §4.1.1](https://www.rfc-editor.org/rfc/rfc6749#section-4.1.1),
/// [RFC 9101 §5](https://www.rfc-editor.org/rfc/rfc9101#section-5)).
const DECISIVE: &[&str] = &["response_type", "request_uri"];

/// Parameters that belong to one beside `client_id`.
const USUAL: &[&str] = &["redirect_uri", "scope", "request", "code_challenge", "login_hint", "prompt"];

/// More addresses than these of a text are not looked at.
const MOST: usize = 200;

/// No address is longer.
const LONGEST: usize = 1 << 17;

/// Reads the address or the form of a text.
pub(super) fn read(text: &str) -> Option<Evidence> {
    let trimmed = text.trim().trim_matches(['"', '\'', '`', '<', '>']);
    let whole = unfolded(trimmed);
    let mut request = None;
    let words = text.split(|one: char| one.is_whitespace() || matches!(one, '"' | '\'' | '`' | '<' | '>'));
    let addresses = words.filter(|word| word.contains('=') && word.len() < LONGEST).take(MOST);
    // Behind an address in a sentence stands what belongs to the sentence.
    let addresses = addresses.map(|word| word.trim_end_matches([',', ';', ')', '.', ']']));
    for address in std::iter::once(whole.as_str()).filter(|whole| !whole.is_empty()).chain(addresses) {
        let Some(found) = of_address(address) else { continue };
        if found.kind == Kind::Redirect {
            return Some(with_location(found, text));
        }
        request = request.or(Some(found));
    }
    request.or_else(|| of_body(&whole))
}

/// The parameters of an error that a redirect carries to the client.
pub(super) fn of_location(location: &str) -> Vec<Parameter> {
    let parameters = of_url(location);
    let is_error = parameters::value(&parameters, "error").is_some_and(|error| !error.is_empty());
    if is_error { parameters } else { Vec::new() }
}

/// Whether parameters are those of an authorization request.
pub(super) fn is_authorization_request(parameters: &[Parameter]) -> bool {
    let has = |name: &&str| parameters.iter().any(|(other, _)| other == name);
    let to_token = has(&"grant_type");
    !to_token && (DECISIVE.iter().any(has) || (has(&"client_id") && USUAL.iter().any(has)))
}

/// The text as one word: an address that was wrapped is put together. Empty where it is several words.
fn unfolded(text: &str) -> String {
    if text.len() > LONGEST {
        return String::new();
    }
    if !text.contains(char::is_whitespace) {
        return text.to_owned();
    }
    // Lines that go on where the one before has ended, as an address that is split at its parameters.
    let mut lines = text.lines().map(str::trim);
    let first = lines.next().unwrap_or_default();
    let is_address = crate::text::contains(first, "://") && !first.contains(' ');
    let continues = |line: &str| !line.contains(' ') && (line.starts_with(['?', '&', '#']) || line.contains('='));
    if is_address && lines.clone().all(continues) { text.split_whitespace().collect() } else { String::new() }
}

fn of_address(address: &str) -> Option<Evidence> {
    let start = crate::text::find(address, "Location:").map_or(0, |at| at + "Location:".len());
    let address = address.get(start..)?;
    // A fragment or a query by itself, too.
    let has_place = address.contains(['?', '#']);
    if !has_place {
        return None;
    }
    let parameters = of_url(address);
    let is_error = parameters::value(&parameters, "error").is_some_and(|error| !error.is_empty());
    let is_page = crate::text::contains(address, ":/") || address.starts_with(['/', '?', '#']);
    let kind = match (is_error, is_authorization_request(&parameters)) {
        (true, _) if is_page => Kind::Redirect,
        (false, true) if is_page => Kind::AuthorizationRequest,
        _ => return None,
    };
    let url = if address.starts_with(['?', '#']) { "" } else { address };
    // The redirect goes to the client: it is what was answered, not what was asked.
    let request = (kind == Kind::AuthorizationRequest && !url.is_empty())
        .then(|| Request { url: url.to_owned(), ..Request::default() });
    Some(Evidence { kind, parameters, request, ..Evidence::default() })
}

/// The status of a redirect, where the text says so.
fn with_location(mut evidence: Evidence, text: &str) -> Evidence {
    if crate::text::contains(&text.to_ascii_lowercase(), "location:")
        && let Some((status, reason)) = prose::status(text).filter(|(status, _)| (300..400).contains(status))
    {
        evidence.status = Some(status);
        evidence.reason = reason;
    }
    evidence
}

/// A body in the notation of forms.
fn of_body(whole: &str) -> Option<Evidence> {
    let form = request::form(whole);
    let has = |name: &str| form.iter().any(|(other, _)| other == name);
    if has("error") && !crate::text::contains(whole, "://")
        || (has("error") && (has("error_description") || has("state")))
    {
        // What `response_mode=form_post` sends, and what some token endpoints answer.
        return Some(Evidence { kind: Kind::Redirect, parameters: form, ..Evidence::default() });
    }
    if is_authorization_request(&form) {
        let request = Request { form: form.clone(), ..Request::default() };
        return Some(Evidence {
            kind: Kind::AuthorizationRequest,
            parameters: form,
            request: Some(request),
            ..Evidence::default()
        });
    }
    if has("grant_type") || has("client_assertion") || has("token") {
        let request = Request { method: "POST".to_owned(), form: of_form(whole), ..Request::default() };
        return Some(Evidence { kind: Kind::Text, parameters: form, request: Some(request), ..Evidence::default() });
    }
    None
}
