//! What of a request matters before it is sent: its method, its headers, and whether they need leave.

use super::engine::{Rules, ValueRule};
use super::{NetworkError, PreflightRequest, Request};
use crate::http::{Headers, is_token};

/// The longest value of a safelisted request header, in bytes.
const LONGEST_SAFE_VALUE: usize = 128;

/// The method [normalised](https://fetch.spec.whatwg.org/#concept-method-normalize): `get` is `GET`, but `patch` stays as
/// it is.
pub fn normalised_method(method: &str) -> String {
    const NORMALISED: [&str; 6] = ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"];
    let known = NORMALISED.iter().find(|known| known.eq_ignore_ascii_case(method));
    known.map_or_else(|| method.to_owned(), |known| (*known).to_owned())
}

/// Whether the method needs no preflight: a
/// [CORS-safelisted method](https://fetch.spec.whatwg.org/#cors-safelisted-method).
pub fn is_safelisted_method(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "POST")
}

/// The method and the headers that the browser takes from script, [normalised and without forbidden
/// ones](https://fetch.spec.whatwg.org/#dom-request).
///
/// # Errors
///
/// [`NetworkError::Method`] and [`NetworkError::Header`], where `fetch` throws.
pub fn taken(request: &Request, no_cors: bool, rules: &Rules) -> Result<(String, Headers), NetworkError> {
    let method = normalised_method(&request.method);
    let forbidden = ["CONNECT", "TRACE", "TRACK"].iter().any(|name| name.eq_ignore_ascii_case(&method));
    if !is_token(&method) || forbidden || (no_cors && !is_safelisted_method(&method)) {
        return Err(NetworkError::Method);
    }
    let mut headers = Headers::default();
    for (name, value) in &request.headers.0 {
        let value = normalised_value(value);
        if !is_token(name) || value.contains(|character| matches!(character, '\0' | '\r' | '\n' | '\u{100}'..)) {
            return Err(NetworkError::Header);
        }
        let also = rules.also_forbidden.iter().any(|other| other.eq_ignore_ascii_case(name));
        if !also && !is_forbidden_header(name, value) {
            headers.push(name.as_str(), value);
        }
    }
    Ok((method, headers))
}

/// The preflight that a request needs; `None` when it needs none.
pub fn preflight(method: &str, headers: &Headers, forced: bool, rules: &Rules) -> Option<PreflightRequest> {
    let names = unsafe_names(headers, rules);
    if !forced && is_safelisted_method(method) && names.is_empty() {
        return None;
    }
    let headers = (!names.is_empty()).then(|| names.join(","));
    Some(PreflightRequest { method: method.to_owned(), headers })
}

/// The [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names): in lower
/// case, sorted, each of them once.
///
/// ```
/// use tokenscope::cors::{Engine, request::unsafe_names};
/// let headers = [("X-Trace", "1"), ("Accept", "*/*"), ("authorization", "Bearer")].into_iter().collect();
/// assert_eq!(unsafe_names(&headers, Engine::Standard.rules()), ["authorization", "x-trace"]);
/// ```
pub fn unsafe_names(headers: &Headers, rules: &Rules) -> Vec<String> {
    let mut names = Vec::new();
    let mut safelisted = Vec::new();
    let mut bytes = 0;
    for (name, value) in &considered(headers, rules).0 {
        if is_safelisted(name, value, rules) {
            bytes += length(value);
            safelisted.push(name.to_ascii_lowercase());
        } else {
            names.push(name.to_ascii_lowercase());
        }
    }
    if bytes > rules.most_safe_bytes {
        names.append(&mut safelisted);
    }
    crate::order::sort(&mut names, |one, other| one < other);
    if !rules.repeats_names {
        names.dedup();
    }
    names
}

/// Whether a header needs no preflight: a
/// [CORS-safelisted request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header), or what the engine
/// takes for one.
pub fn is_safelisted(name: &str, value: &str, rules: &Rules) -> bool {
    let row = rules.safelisted.iter().find(|(other, _)| other.eq_ignore_ascii_case(name));
    length(value) <= LONGEST_SAFE_VALUE && row.is_some_and(|(_, rule)| fits(value, *rule, rules))
}

/// A value without [HTTP whitespace](https://fetch.spec.whatwg.org/#http-whitespace) around it.
pub fn normalised_value(value: &str) -> &str {
    value.trim_matches([' ', '\t', '\r', '\n'])
}

/// Whether script can't set a header: a
/// [forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header).
pub fn is_forbidden_header(name: &str, value: &str) -> bool {
    const NAMES: [&str; 21] = [
        "accept-charset",
        "accept-encoding",
        "access-control-request-headers",
        "access-control-request-method",
        "connection",
        "content-length",
        "cookie",
        "cookie2",
        "date",
        "dnt",
        "expect",
        "host",
        "keep-alive",
        "origin",
        "referer",
        "set-cookie",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "via",
    ];
    const OVERRIDES: [&str; 3] = ["x-http-method", "x-http-method-override", "x-method-override"];
    let name = name.to_ascii_lowercase();
    let overrides = OVERRIDES.contains(&name.as_str())
        && value
            .split(',')
            .map(normalised_value)
            .any(|method| ["CONNECT", "TRACE", "TRACK"].iter().any(|forbidden| forbidden.eq_ignore_ascii_case(method)));
    NAMES.contains(&name.as_str()) || name.starts_with("proxy-") || name.starts_with("sec-") || overrides
}

/// The headers as the engine looks at them.
fn considered(headers: &Headers, rules: &Rules) -> Headers {
    if !rules.combines_request_headers {
        return headers.clone();
    }
    let mut combined: Vec<(String, String)> = Vec::new();
    let mut order: Vec<usize> = (0..headers.0.len()).collect();
    let name = |at: usize| headers.0.get(at).map(|(name, _)| name.to_ascii_lowercase()).unwrap_or_default();
    let names: Vec<String> = order.iter().map(|at| name(*at)).collect();
    // Sorting keeps the values of a name in order, and makes this linear but for the sorting.
    crate::order::sort(&mut order, |one, other| names.get(*one) < names.get(*other));
    for at in order {
        let Some((name, value)) = headers.0.get(at) else { continue };
        match combined.last_mut() {
            Some((last, values)) if last.eq_ignore_ascii_case(name) => {
                values.push_str(", ");
                values.push_str(value);
            }
            _ => combined.push((name.clone(), value.clone())),
        }
    }
    Headers(combined)
}

fn fits(value: &str, rule: ValueRule, rules: &Rules) -> bool {
    let is_unsafe = |character| is_unsafe(character) || (rules.unsafe_beyond_ascii && character > '\x7f');
    match rule {
        ValueRule::NoUnsafeByte => !value.contains(is_unsafe),
        ValueRule::Language => {
            value.chars().all(|character| character.is_ascii_alphanumeric() || " *,-.;=".contains(character))
        }
        ValueRule::FormType { strict } => !value.contains(is_unsafe) && is_form_type(value, strict),
        ValueRule::SimpleRange { greatest } => is_simple_range(value, greatest),
        ValueRule::Integer => is_digits(value),
        ValueRule::Decimal => match value.split_once('.') {
            Some((whole, fraction)) => is_digits(whole) && is_digits(fraction),
            None => is_digits(value),
        },
        ValueRule::OneOf(words) => words.contains(&value),
        ValueRule::On => value.eq_ignore_ascii_case("on"),
        ValueRule::Anything => true,
    }
}

/// A [CORS-unsafe request-header byte](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte).
fn is_unsafe(character: char) -> bool {
    (character < ' ' && character != '\t') || "\"():<>?@[\\]{}\x7f".contains(character)
}

/// Whether the [essence](https://mimesniff.spec.whatwg.org/#mime-type-essence) is one that forms can send. Unless `strict`,
/// parameters don't matter, not even broken ones.
fn is_form_type(value: &str, strict: bool) -> bool {
    const ESSENCES: [&str; 3] = ["application/x-www-form-urlencoded", "multipart/form-data", "text/plain"];
    let (essence, parameters) = value.split_once(';').unwrap_or((value, ""));
    let broken = parameters.contains(',') || normalised_value(parameters).ends_with(';');
    !(strict && broken) && ESSENCES.iter().any(|other| other.eq_ignore_ascii_case(normalised_value(essence)))
}

/// Whether it is a [simple range header value](https://fetch.spec.whatwg.org/#simple-range-header-value) with a start.
fn is_simple_range(value: &str, greatest: Option<u64>) -> bool {
    let Some((start, end)) = value.strip_prefix("bytes=").and_then(|range| range.split_once('-')) else {
        return false;
    };
    if !is_digits(start) || !(end.is_empty() || is_digits(end)) {
        return false;
    }
    let readable = |digits: &str| greatest.is_none_or(|most| digits.parse::<u64>().is_ok_and(|value| value <= most));
    if !readable(start) || !(end.is_empty() || readable(end)) {
        return false;
    }
    let (first, last) = (start.trim_start_matches('0'), end.trim_start_matches('0'));
    end.is_empty() || (first.len(), first) <= (last.len(), last)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The length in bytes on the wire, where each character is a byte.
fn length(value: &str) -> usize {
    value.chars().count()
}
