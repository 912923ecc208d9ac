//! What an answer allows: the CORS check, the lists of a preflight's answer, and which headers script may read.

use super::engine::{EmptyLines, Rules, SeveralOrigins};
use super::request::normalised_value;
use super::{Cause, Engine, url};
use crate::http::{Answer, Headers, is_token};

/// How `Access-Control-Allow-Origin` fares in the [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check): the
/// first half of it.
///
/// # Errors
///
/// The cause, by its name without "Preflight", and its parameter.
pub fn check_origin(headers: &Headers, origin: &str, include: bool, rules: &Rules) -> Result<(), (Cause, String)> {
    const NAME: &str = "access-control-allow-origin";
    let Some(value) = joined(lines(headers, NAME, rules)) else {
        // Firefox leaves empty lines out, and still says of a header with nothing else that it does not match.
        let cause = if headers.has(NAME) { Cause::AllowOriginMismatch } else { Cause::MissingAllowOriginHeader };
        return Err((cause, String::new()));
    };
    let count = headers.0.iter().filter(|(name, _)| name == "Access-Control-Allow-Origin").count();
    if rules.several_origins == SeveralOrigins::Lines && count > 1 {
        return Err((Cause::MultipleAllowOriginValues, value));
    }
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
    } else if rules.tells_invalid_origin && value != "null" && !is_url(&value, rules) {
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
pub fn check_credentials(headers: &Headers, rules: &Rules) -> Result<(), (Cause, String)> {
    match joined(lines(headers, "access-control-allow-credentials", rules)) {
        Some(value) if value == "true" => Ok(()),
        value => Err((Cause::InvalidAllowCredentials, value.unwrap_or_default())),
    }
}

/// The items of a list of methods or names: [extracted](https://fetch.spec.whatwg.org/#extract-header-list-values) from
/// every header of that name. `None` when one of them can't be read; empty when there is none.
pub fn list(headers: &Headers, name: &str) -> Option<Vec<String>> {
    items(headers, name).map(|item| is_token(item).then(|| item.to_owned())).collect()
}

/// What makes a list unreadable: its first item that is no token, or all of it.
pub fn unreadable(headers: &Headers, name: &str, rules: &Rules) -> Option<String> {
    let item = items(headers, name).find(|item| !is_token(item))?.to_owned();
    if rules.prints_unreadable_item { Some(item) } else { headers.combined(name) }
}

/// What stands between the commas.
fn items<'a>(headers: &'a Headers, name: &'a str) -> impl Iterator<Item = &'a str> {
    let items = headers.values(name).flat_map(|value| value.split(','));
    items.map(|item| item.trim_matches([' ', '\t'])).filter(|item| !item.is_empty())
}

/// The names of the headers that script may not read, as received and each of them once, of an answer that it may read:
/// what the [CORS filter](https://fetch.spec.whatwg.org/#concept-filtered-response-cors) takes away.
pub fn hidden_headers(headers: &Headers, include: bool, rules: &Rules) -> Vec<String> {
    const NAME: &str = "access-control-expose-headers";
    let exposed = list(headers, NAME);
    let all = !include
        && match &exposed {
            Some(names) => names.iter().any(|name| name == "*"),
            None => {
                rules.exposes_before_fault
                    && items(headers, NAME).take_while(|item| is_token(item)).any(|item| item == "*")
            }
        };
    let exposed = exposed.unwrap_or_default();
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
    let Some(value) = joined(lines(&answer.headers, "access-control-max-age", rules)) else {
        return rules.default_max_age;
    };
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
    let mut origins = answer.headers.values("access-control-allow-origin").map(normalised_value);
    origins.any(|origin| origin != "*") && !vary_on_origin(answer)
}

/// Whether a value is a URL at all.
fn is_url(value: &str, rules: &Rules) -> bool {
    let bytes: Option<Vec<u8>> = value.chars().map(|character| u8::try_from(character).ok()).collect();
    // A byte beyond ASCII is a character of its own here, but in a URL only UTF-8 counts.
    let value = if rules.space_in_host { crate::text::replace(value, "%20", "") } else { value.to_owned() };
    bytes.is_none_or(|bytes| str::from_utf8(&bytes).is_ok()) && url::parse(&value).is_some()
}

/// The values of a header, without the whitespace that HTTP takes away.
fn lines<'a>(headers: &'a Headers, name: &'a str, rules: &Rules) -> Vec<&'a str> {
    let values = headers.values(name).map(normalised_value);
    match rules.empty_lines {
        EmptyLines::Count => values.collect(),
        EmptyLines::Drop => values.filter(|value| !value.is_empty()).collect(),
    }
}

fn joined(lines: Vec<&str>) -> Option<String> {
    (!lines.is_empty()).then(|| lines.join(", "))
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
