//! What an answer allows: the CORS check, the lists of a preflight's answer, and which headers script may read.

use super::engine::{ListSyntax, Rules, SeveralOrigins};
use super::request::{is_token, normalised_value};
use super::{Cause, Engine, url};
use crate::http::{Answer, Headers};

/// How `Access-Control-Allow-Origin` fares in the [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check): the
/// first half of it.
///
/// # Errors
///
/// The cause, by its name without "Preflight", and its parameter.
pub fn check_origin(headers: &Headers, origin: &str, include: bool, rules: &Rules) -> Result<(), (Cause, String)> {
    const NAME: &str = "access-control-allow-origin";
    if rules.several_origins == SeveralOrigins::Lines && headers.values(NAME).count() > 1 {
        return Err((Cause::MultipleAllowOriginValues, combined(headers, NAME).unwrap_or_default()));
    }
    let Some(value) = combined(headers, NAME) else {
        return Err((Cause::MissingAllowOriginHeader, String::new()));
    };
    if value == "*" {
        return if include { Err((Cause::WildcardOriginNotAllowed, String::new())) } else { Ok(()) };
    }
    if value == origin {
        return Ok(());
    }
    let several = match rules.several_origins {
        SeveralOrigins::SpaceOrComma => value.contains([' ', ',']),
        SeveralOrigins::Comma => value.contains(','),
        SeveralOrigins::Lines => false,
    };
    if several {
        Err((Cause::MultipleAllowOriginValues, value))
    } else if rules.tells_invalid_origin && value != "null" && url::parse(&value).is_none() {
        Err((Cause::InvalidAllowOriginValue, value))
    } else {
        Err((Cause::AllowOriginMismatch, value))
    }
}

/// How `Access-Control-Allow-Credentials` fares, its second half; for credentials mode `include` alone.
///
/// # Errors
///
/// As [`check_origin`].
pub fn check_credentials(headers: &Headers) -> Result<(), (Cause, String)> {
    match combined(headers, "access-control-allow-credentials") {
        Some(value) if value == "true" => Ok(()),
        value => Err((Cause::InvalidAllowCredentials, value.unwrap_or_default())),
    }
}

/// The items of a list of methods or names: [extracted](https://fetch.spec.whatwg.org/#extract-header-list-values) from
/// every header of that name. `None` when one of them can't be read; empty when there is none.
pub fn list(headers: &Headers, name: &str, rules: &Rules) -> Option<Vec<String>> {
    let mut items = Vec::new();
    for value in headers.values(name) {
        for item in value.split(',').map(|item| item.trim_matches([' ', '\t'])).filter(|item| !item.is_empty()) {
            if rules.list_syntax == ListSyntax::Tokens && !is_token(item) {
                return None;
            }
            items.push(item.to_owned());
        }
    }
    Some(items)
}

/// The names of the headers that script may not read, as received and each of them once, of an answer that it may read:
/// what the [CORS filter](https://fetch.spec.whatwg.org/#concept-filtered-response-cors) takes away.
pub fn hidden_headers(headers: &Headers, include: bool, rules: &Rules) -> Vec<String> {
    let exposed = list(headers, "access-control-expose-headers", rules).unwrap_or_default();
    let all = !include && exposed.iter().any(|name| name == "*");
    let exposed: Vec<String> = sorted(exposed.into_iter().map(|name| name.to_ascii_lowercase()).collect());
    hidden(headers, |name| all || SAFELISTED.contains(&name) || has(&exposed, name))
}

/// The same of an answer from the page's own origin.
pub fn forbidden_headers(headers: &Headers) -> Vec<String> {
    hidden(headers, |_| true)
}

/// For how many seconds the answer to a preflight
/// [counts](https://fetch.spec.whatwg.org/#http-access-control-max-age), from its own `Access-Control-Max-Age` and the
/// engine's limit.
///
/// ```
/// use tokenscope::cors::{Engine, preflight_lifetime};
/// use tokenscope::http::{Answer, Headers};
/// let headers: Headers = [("Access-Control-Max-Age", "86400")].into_iter().collect();
/// assert_eq!(preflight_lifetime(&Answer { status: 204, headers }, Engine::Chromium), 7200);
/// assert_eq!(preflight_lifetime(&Answer::default(), Engine::Chromium), 5);
/// ```
pub fn preflight_lifetime(answer: &Answer, engine: Engine) -> u32 {
    let rules = engine.rules();
    let Some(value) = combined(&answer.headers, "access-control-max-age") else { return rules.default_max_age };
    let is_number = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if value.strip_prefix('-').is_some_and(is_number) {
        rules.negative_max_age
    } else if is_number(&value) {
        // What does not fit is very long.
        value.parse().unwrap_or(u32::MAX).min(rules.longest_max_age)
    } else {
        rules.unreadable_max_age
    }
}

/// Whether caches keep the answers to different origins apart: `Vary` names `Origin`, or everything.
pub fn vary_on_origin(answer: &Answer) -> bool {
    let names = answer.headers.values("vary").flat_map(|value| value.split(','));
    names.map(normalised_value).any(|name| name == "*" || name.eq_ignore_ascii_case("origin"))
}

/// Whether an answer speaks of one origin, but caches are not told so: another origin may get it from a cache, and is
/// refused. Harmless only where the server says the same to everyone.
pub fn unvaried_origin(answer: &Answer) -> bool {
    let origin = combined(&answer.headers, "access-control-allow-origin");
    origin.is_some_and(|origin| origin != "*") && !vary_on_origin(answer)
}

/// The combined value, each part of it without the whitespace that HTTP takes away.
fn combined(headers: &Headers, name: &str) -> Option<String> {
    let mut combined: Option<String> = None;
    for value in headers.values(name).map(normalised_value) {
        match &mut combined {
            None => combined = Some(value.to_owned()),
            Some(text) => {
                text.push_str(", ");
                text.push_str(value);
            }
        }
    }
    combined
}

/// [CORS-safelisted response-header names](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name).
const SAFELISTED: [&str; 7] =
    ["cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"];

/// [Forbidden response-header names](https://fetch.spec.whatwg.org/#forbidden-response-header-name).
const FORBIDDEN: [&str; 2] = ["set-cookie", "set-cookie2"];

fn hidden(headers: &Headers, exposed: impl Fn(&str) -> bool) -> Vec<String> {
    let hidden = sorted(headers.0.iter().map(|(name, _)| name.to_ascii_lowercase()).collect());
    let mut left: Vec<bool> = hidden.iter().map(|name| FORBIDDEN.contains(&name.as_str()) || !exposed(name)).collect();
    let mut first = |name: &str| {
        let at = hidden.binary_search(&name.to_ascii_lowercase()).ok()?;
        left.get_mut(at).map(std::mem::take)
    };
    let names = headers.0.iter().map(|(name, _)| name);
    names.filter(|name| first(name) == Some(true)).cloned().collect()
}

fn sorted(mut names: Vec<String>) -> Vec<String> {
    crate::order::sort(&mut names, |one, other| one < other);
    names.dedup();
    names
}

fn has(sorted: &[String], name: &str) -> bool {
    sorted.binary_search_by(|other| other.as_str().cmp(name)).is_ok()
}
