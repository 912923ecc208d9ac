//! What a single line is: a start line, a header, a command; and which way a header goes.

use super::Start;
use crate::http::is_token;

/// Which way a header goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Request,
    Response,
}

/// Headers by which a table without any other sign is known.
const KNOWN: &[(&str, Direction)] = &[
    ("accept", Direction::Request),
    ("accept-encoding", Direction::Request),
    ("accept-language", Direction::Request),
    ("accept-ranges", Direction::Response),
    ("age", Direction::Response),
    ("allow", Direction::Response),
    ("alt-svc", Direction::Response),
    ("apigw-requestid", Direction::Response),
    ("authorization", Direction::Request),
    ("cache-control", Direction::Response),
    ("content-encoding", Direction::Response),
    ("content-length", Direction::Response),
    ("content-security-policy", Direction::Response),
    ("content-type", Direction::Response),
    ("cookie", Direction::Request),
    ("cross-origin-resource-policy", Direction::Response),
    ("date", Direction::Response),
    ("dpop", Direction::Request),
    ("dpop-nonce", Direction::Response),
    ("etag", Direction::Response),
    ("expires", Direction::Response),
    ("host", Direction::Request),
    ("last-modified", Direction::Response),
    ("location", Direction::Response),
    ("origin", Direction::Request),
    ("pragma", Direction::Response),
    ("proxy-authenticate", Direction::Response),
    ("ratelimit", Direction::Response),
    ("ratelimit-limit", Direction::Response),
    ("ratelimit-policy", Direction::Response),
    ("ratelimit-remaining", Direction::Response),
    ("ratelimit-reset", Direction::Response),
    ("referer", Direction::Request),
    ("referrer-policy", Direction::Response),
    ("request-id", Direction::Response),
    ("retry-after", Direction::Response),
    ("sec-fetch-dest", Direction::Request),
    ("sec-fetch-mode", Direction::Request),
    ("sec-fetch-site", Direction::Request),
    ("server", Direction::Response),
    ("set-cookie", Direction::Response),
    ("strict-transport-security", Direction::Response),
    ("timing-allow-origin", Direction::Response),
    ("transfer-encoding", Direction::Response),
    ("user-agent", Direction::Request),
    ("vary", Direction::Response),
    ("www-authenticate", Direction::Response),
    ("x-amzn-errortype", Direction::Response),
    ("x-amzn-requestid", Direction::Response),
    ("x-content-type-options", Direction::Response),
    ("x-okta-request-id", Direction::Response),
    ("x-rate-limit-limit", Direction::Response),
    ("x-rate-limit-remaining", Direction::Response),
    ("x-rate-limit-reset", Direction::Response),
    ("x-ratelimit-limit", Direction::Response),
    ("x-ratelimit-remaining", Direction::Response),
    ("x-ratelimit-reset", Direction::Response),
    ("x-request-id", Direction::Response),
];

pub(super) fn direction(name: &str) -> Option<Direction> {
    let lower = name.to_ascii_lowercase();
    if lower.starts_with("access-control-request-") {
        return Some(Direction::Request);
    }
    if lower.starts_with("access-control-") {
        return Some(Direction::Response);
    }
    KNOWN.iter().find(|(known, _)| *known == lower).map(|(_, direction)| *direction)
}

/// A status line ([RFC 9112 §4](https://www.rfc-editor.org/rfc/rfc9112#section-4)) or a request line (§3), also with the
/// version of a protocol that has neither.
pub(super) fn start_line(line: &str) -> Option<Start> {
    let version = |word: &str| {
        let number = word.strip_prefix("HTTP/");
        number.is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        })
    };
    let (first, rest) = line.split_once(' ').unwrap_or((line, ""));
    if version(first) {
        let rest = rest.trim_start();
        let (code, reason) = rest.split_once(' ').unwrap_or((rest, ""));
        let digits = code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_digit());
        let status = code.parse().ok().filter(|_| digits)?;
        return Some(Start::Response { status: Some(status), reason: reason.trim().to_owned() });
    }
    let (target, last) = rest.rsplit_once(' ')?;
    let target = target.trim();
    let request = version(last) && is_token(first) && !target.is_empty() && !target.contains(' ');
    request.then(|| Start::Request { method: first.to_owned(), target: target.to_owned() })
}

/// Name and value of a header line; the name may begin with the colon of HTTP/2's fields.
pub(super) fn header(line: &str) -> Option<(&str, &str)> {
    let skip = usize::from(line.starts_with(':'));
    let colon = line.get(skip..)?.find(':')? + skip;
    let name = line.get(..colon)?;
    let value = line.get(colon + 1..)?;
    // A URL is no header.
    (is_token(name.get(skip..)?) && !value.starts_with("//")).then(|| (name, value.trim()))
}

/// Whether a line is a command behind a prompt.
pub(crate) fn is_command(line: &str) -> bool {
    let after_prompt = line.trim_start_matches(|one: char| !one.is_ascii_alphanumeric());
    let word = |line: &str| line.strip_prefix("curl").is_some_and(|rest| rest.starts_with([' ', '.']));
    word(line)
        || word(after_prompt)
        || line.split(['$', '>', '%', '#']).nth(1).is_some_and(|rest| word(rest.trim_start()))
}

pub(super) fn first_number(text: &str) -> Option<u16> {
    let digits = text.split(|one: char| !one.is_ascii_digit()).find(|part| part.len() == 3)?;
    digits.parse().ok()
}
