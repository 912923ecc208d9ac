//! `WWW-Authenticate` without anything around it, or anywhere in a text.

use super::recognisers::Pasted;
use super::{Evidence, Kind};
use crate::http::Headers;

/// Schemes with which challenges begin ([IANA](https://www.iana.org/assignments/http-authschemes)).
const SCHEMES: &[&str] = &[
    "bearer",
    "dpop",
    "basic",
    "digest",
    "negotiate",
    "ntlm",
    "gnap",
    "hoba",
    "mutual",
    "scram-sha-256",
    "privatetoken",
    "mac",
    "aws4-hmac-sha256",
    "sso",
    "oauth",
];

/// Challenges by themselves, with or without the name of the header.
pub(super) fn alone(pasted: &Pasted) -> Option<Evidence> {
    let mut headers = Headers::default();
    for line in pasted.text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some((name, value)) = named(line, 0) {
            headers.push(name, value);
        } else if is_challenge(line) {
            headers.push("WWW-Authenticate", line);
        } else {
            // The rest of the line before.
            let (_, value) = headers.0.last_mut()?;
            value.push(' ');
            value.push_str(line);
        }
    }
    (!headers.0.is_empty()).then(|| Evidence { kind: Kind::Challenge, headers, ..Evidence::default() })
}

/// The header somewhere in a text: a log, a printed object.
pub(super) fn inside(text: &str) -> Option<Headers> {
    let mut headers = Headers::default();
    for line in text.lines() {
        let places = line.char_indices().filter(|(_, one)| matches!(one, 'w' | 'W')).map(|(at, _)| at);
        for at in places {
            let in_word = line
                .get(..at)
                .is_some_and(|before| before.ends_with(|one: char| one.is_ascii_alphanumeric() || one == '-'));
            if let Some((name, value)) = named(line, at).filter(|_| !in_word) {
                headers.push(name, value);
                break;
            }
        }
    }
    (!headers.0.is_empty()).then_some(headers)
}

/// Name and value, where the name stands at a place of a line: with a colon, an equals sign or an arrow behind it.
fn named(line: &str, at: usize) -> Option<(&str, String)> {
    let rest = line.get(at..)?;
    let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
    let name = super::answer::CHALLENGES
        .iter()
        .find_map(|name| rest.get(..name.len()).filter(|word| word.eq_ignore_ascii_case(name)))?;
    let behind = rest.get(name.len()..)?;
    let after = behind.trim_start_matches(['"', '\'']).trim_start();
    let value = after.strip_prefix("=>").or_else(|| after.strip_prefix([':', '=', '→']))?.trim();
    if !behind.starts_with(['"', '\'']) {
        return Some((name, value.to_owned()));
    }
    // In the notation of an object the value is quoted, and the quotation marks in it are escaped.
    let value = value.trim_end_matches([',', '}', ']', ' ']);
    let value = value.strip_prefix(['"', '\'', '[']).unwrap_or(value).trim_start_matches(['"', '\'']);
    let value = value
        .strip_suffix("\\\"\"")
        .map_or_else(|| value.strip_suffix(['\'']).unwrap_or(value).to_owned(), |value| [value, "\\\""].concat());
    Some((name, crate::text::replace(&value, "\\\"", "\"")))
}

/// Whether a line is the value of the header: a scheme, and parameters behind it.
fn is_challenge(line: &str) -> bool {
    let end = line.find(|one: char| one.is_whitespace() || one == ',').unwrap_or(line.len());
    let (scheme, rest) = line.split_at_checked(end).unwrap_or((line, ""));
    let known = SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(scheme));
    let rest = rest.trim();
    let (name, value) = rest.split_once('=').unwrap_or((rest, ""));
    let name = name.trim_end();
    // A token may end with the same sign, but nothing stands behind it.
    let parameters = crate::http::is_token(name) && !value.is_empty() && !value.starts_with('=');
    let is_token = name.len() > 40 || crate::text::contains(name, "eyJ");
    known && (rest.is_empty() || (parameters && !is_token))
}

#[cfg(test)]
mod tests {
    use super::is_challenge;

    #[test]
    fn challenges_are_told_from_tokens_and_sentences() {
        for line in [
            "Bearer",
            "Bearer realm=\"\"",
            "DPoP algs=ES256, error=use_dpop_nonce",
            "bearer scope=\"\" error=\"x\"",
            "Negotiate",
        ] {
            assert!(is_challenge(line), "{line}");
        }
        for line in [
            "Bearer bWFkZS11cA==",
            "Bearer bWFkZS11cGE=",
            "Bearer eyJhbGciOiJub25lIn0.e30.",
            "Basic authentication failed",
            "Bear a=b",
        ] {
            assert!(!is_challenge(line), "{line}");
        }
    }
}
