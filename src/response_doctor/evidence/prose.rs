//! What stands in sentences: statuses, exit codes of curl, requests in a browser's console.

use super::Request;

/// Statuses with the words that come with them ([RFC 9110 §15](https://www.rfc-editor.org/rfc/rfc9110#section-15)).
const REASONS: &[(u16, &str)] = &[
    (400, "bad request"),
    (401, "unauthorized"),
    (401, "unauthorised"),
    (401, "authorization required"),
    (402, "payment required"),
    (403, "forbidden"),
    (404, "not found"),
    (405, "method not allowed"),
    (406, "not acceptable"),
    (407, "proxy authentication required"),
    (408, "request timeout"),
    (409, "conflict"),
    (410, "gone"),
    (411, "length required"),
    (412, "precondition failed"),
    (413, "payload too large"),
    (413, "request entity too large"),
    (413, "content too large"),
    (414, "uri too long"),
    (415, "unsupported media type"),
    (422, "unprocessable"),
    (428, "precondition required"),
    (429, "too many requests"),
    (431, "request header fields too large"),
    (500, "internal server error"),
    (501, "not implemented"),
    (502, "bad gateway"),
    (503, "service unavailable"),
    (503, "service temporarily unavailable"),
    (504, "gateway timeout"),
    (504, "gateway time-out"),
];

/// What stands before a number that is a status. Signs and quotation marks between them are passed over.
const BEFORE: &[&str] = &[
    "status",
    "status code",
    "status code of",
    "status code is",
    "status was",
    "status is",
    "status of",
    "statuscode",
    "status_code",
    "http_status",
    "http_code",
    "httpstatus",
    "httpstatuscode",
    "http",
    "http code",
    "http/1.0",
    "http/1.1",
    "http/2",
    "http/2.0",
    "http/3",
    "http error",
    "http response",
    "response code",
    "responsecode",
    "response status",
    "returned error",
    "returned an error",
    "respcode",
    "sc-status",
];

/// A number that is followed by one of these is a status.
const BEHIND: &[&str] = &["client error", "server error"];

/// More words are not looked through for a request.
const MOST_WORDS: usize = 20_000;

/// How far before a number its words are looked for.
const NEAR: usize = 28;

/// The status that a text names, where it clearly names one; the first that is an error before the others.
pub(super) fn status(text: &str) -> Option<(u16, String)> {
    let bytes = text.as_bytes();
    let mut first = None;
    let mut at = 0;
    while at < bytes.len() {
        if !bytes.get(at).is_some_and(u8::is_ascii_digit) {
            at += 1;
            continue;
        }
        let length = bytes.get(at..).unwrap_or_default().iter().take_while(|byte| byte.is_ascii_digit()).count();
        let found = (length == 3).then(|| status_at(text, at)).flatten();
        if let Some((status, reason)) = found {
            if status >= 400 {
                return Some((status, reason));
            }
            first = first.or(Some((status, reason)));
        }
        at += length;
    }
    first
}

fn status_at(text: &str, at: usize) -> Option<(u16, String)> {
    let status: u16 = text.get(at..at + 3)?.parse().ok().filter(|status| (100..600).contains(status))?;
    let before = text.get(..at)?;
    let behind = text.get(at + 3..)?;
    let joins = |one: char| one.is_alphanumeric() || matches!(one, '_' | '-' | '.' | '/' | '%');
    if before.ends_with(joins)
        || behind.starts_with(|one: char| one.is_alphanumeric() || matches!(one, '_' | '/' | '%'))
    {
        return None;
    }
    // A fraction, or the parts of an address.
    if behind.strip_prefix(['.', ',']).is_some_and(|rest| rest.starts_with(|one: char| one.is_ascii_digit())) {
        return None;
    }
    let words = behind.trim_start_matches([' ', '\t', ')', '(', ':', '-', ',', '"', '\'', '[', ']', '{']);
    let says = |phrase: &str| words.get(..phrase.len()).is_some_and(|start| start.eq_ignore_ascii_case(phrase));
    let reason = REASONS.iter().find(|(known, phrase)| *known == status && says(phrase));
    let reason_text = reason.and_then(|(_, phrase)| words.get(..phrase.len())).unwrap_or_default().to_owned();
    if reason.is_some() || BEHIND.iter().any(|phrase| says(phrase)) {
        return Some((status, reason_text));
    }
    let mut start = at.saturating_sub(NEAR);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    let near = text.get(start..at)?.to_ascii_lowercase();
    let near = near.trim_end_matches([' ', ':', '=', '"', '\'', '(', '[', '>', '\t', '|']);
    let named = BEFORE.iter().any(|phrase| {
        let rest = near.strip_suffix(phrase);
        rest.is_some_and(|rest| !rest.ends_with(|one: char| one.is_ascii_alphanumeric()))
    });
    // The whole text is nothing but the number, perhaps with one word.
    let alone = text.len() <= 64
        && text.trim().len() <= 12
        && text.split_whitespace().all(|word| word.len() == 3 || is_error(word));
    // The log of a server: "GET / HTTP/1.1" 401 532.
    let logged = before.trim_end().ends_with("HTTP/1.1\"") || before.trim_end().ends_with("HTTP/2.0\"");
    (named || alone || logged).then_some((status, reason_text))
}

fn is_error(word: &str) -> bool {
    ["error", "error:", "http", "status"].iter().any(|known| word.eq_ignore_ascii_case(known))
}

/// The exit code of curl: `curl: (6) Could not resolve host`, or "exit code 28" where curl is spoken of.
pub(super) fn curl_code(text: &str) -> Option<u16> {
    let number = |rest: &str| {
        let length = rest.bytes().take_while(u8::is_ascii_digit).count();
        rest.get(..length)?.parse().ok().filter(|code| (1..=99).contains(code))
    };
    let own = crate::text::positions(text, "curl: (");
    if let Some(code) = own.iter().find_map(|at| text.get(at + 7..).and_then(number)) {
        return Some(code);
    }
    let lower = text.to_ascii_lowercase();
    if !crate::text::contains(&lower, "curl") {
        return None;
    }
    ["exit code", "exit status", "exited with", "returned exit code", "exit_code", "curle_", "errno"].iter().find_map(
        |word| {
            let places = crate::text::positions(&lower, word);
            places.iter().find_map(|at| {
                let rest = lower.get(at + word.len()..)?;
                let rest = rest.trim_start_matches([' ', ':', '=', '(']);
                let rest = rest.strip_prefix("code ").or_else(|| rest.strip_prefix("status ")).unwrap_or(rest);
                number(rest)
            })
        },
    )
}

/// The request that a console or a log names beside a status: `GET https://a.example/b 401 (Unauthorized)`.
pub(super) fn request(text: &str) -> Option<Request> {
    let methods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
    let mut words = text.split([' ', '\t', '"', '\n']).filter(|word| !word.is_empty()).take(MOST_WORDS).peekable();
    while let Some(word) = words.next() {
        // Firefox writes XHRGET, and the address on a line of its own.
        let word = word.strip_prefix("XHR").unwrap_or(word);
        let Some(next) = words.peek().filter(|_| methods.contains(&word)) else { continue };
        let next = next.trim_end_matches([',', ';', ':', ')']);
        let is_url = next.starts_with("https://") || next.starts_with("http://");
        if is_url || (next.starts_with('/') && next.len() > 1) {
            return Some(Request { method: word.to_owned(), url: next.to_owned(), ..Request::default() });
        }
    }
    for mark in ["for url: ", "for URL: ", "url: "] {
        let behind = crate::text::split_once(text, mark).map(|(_, behind)| behind);
        let url = behind.and_then(|behind| behind.split([' ', '\n', '\'', '"', ',']).next()).unwrap_or_default();
        if url.starts_with("https://") || url.starts_with("http://") {
            return Some(Request { url: url.to_owned(), ..Request::default() });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_are_taken_where_they_clearly_are() {
        let check =
            |text: &str, expected: Option<u16>| assert_eq!(status(text).map(|found| found.0), expected, "{text}");
        check("Request failed with status code 403", Some(403));
        check("403 Forbidden", Some(403));
        check("HTTP 401", Some(401));
        check("status=429", Some(429));
        check("\"statusCode\": 401,", Some(401));
        check("the server responded with a status of 401 (Unauthorized)", Some(401));
        check("HTTP Error 403: Forbidden", Some(403));
        check("The remote server returned an error: (403) Forbidden.", Some(403));
        check("curl: (22) The requested URL returned error: 403", Some(403));
        check("401 Client Error: Unauthorized for url: https://a.example", Some(401));
        check("\"GET /v1/orders HTTP/1.1\" 401 532", Some(401));
        check("GET https://a.example/b 401 (Unauthorized)", Some(401));
        check("status 200, then HTTP 503", Some(503));
        check("403", Some(403));
        check("error 401", Some(401));
        check("AADSTS500 status", None);
        check("it took 403 ms", None);
        check("port 443", None);
        check("192.168.401.12 status", None);
        check("status 4031", None);
        check("line 401: unexpected", None);
        check("HTTP 401.5", None);
    }

    #[test]
    fn curls_exit_codes_are_read() {
        let check = |text: &str, expected: Option<u16>| assert_eq!(curl_code(text), expected, "{text}");
        check("curl: (6) Could not resolve host: dev-1234.okta.com", Some(6));
        check("Error: curl exited with code 28", Some(28));
        check("The process ended with exit code 28", None);
        check("curl returned exit code 35", Some(35));
        check("curl: (x)", None);
    }
}
