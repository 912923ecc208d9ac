//! URLs without what lets somebody in: tokens, codes and passwords give way to their length.

use super::scan;
use crate::report::redaction::stand_in;
use crate::text;

/// Parameters whose values are secrets, without regard to case and punctuation: of OAuth and OpenID Connect, SAML, signed
/// storage URLs, and what applications call theirs.
const SECRET: &[&str] = &[
    "accesstoken",
    "actortoken",
    "apikey",
    "assertion",
    "auth",
    "authorization",
    "clientassertion",
    "clientsecret",
    "code",
    "codeverifier",
    "devicecode",
    "idtoken",
    "idtokenhint",
    "jwt",
    "key",
    "logouttoken",
    "otp",
    "passcode",
    "password",
    "pwd",
    "refreshtoken",
    "relaystate",
    "request",
    "response",
    "samlrequest",
    "samlresponse",
    "secret",
    "session",
    "sessionid",
    "sessiontoken",
    "sid",
    "sig",
    "signature",
    "statetoken",
    "subjecttoken",
    "ticket",
    "token",
    "usercode",
    "xamzcredential",
    "xamzsecuritytoken",
    "xamzsignature",
    "xgoogcredential",
    "xgoogsignature",
];

/// From this length on a value of letters and digits is taken for a secret, whatever it is called.
const LONG: usize = 40;

/// A URL with every secret in it masked. Parameters inside of parameters are masked too.
///
/// ```
/// let url = "https://app.example/callback?code=abc&next=%2Fa%3Ftoken%3Dxyz#id_token=1";
/// let masked = "https://app.example/callback?code=[3 characters]&next=%2Fa%3Ftoken%3D[3 characters]#id_token=[1 character]";
/// assert_eq!(tokenscope::har::masked_url(url), masked);
/// ```
pub fn masked_url(url: &str) -> String {
    let (address, mut rest) = url.split_at_checked(url.find(['?', '#']).unwrap_or(url.len())).unwrap_or((url, ""));
    let mut masked = without_password(&without_tokens(address));
    while !rest.is_empty() {
        let (mark, behind) = rest.split_at_checked(separator(rest.as_bytes())).unwrap_or((rest, ""));
        masked.push_str(mark);
        let mut end = 0;
        while end < behind.len() && separator(behind.as_bytes().get(end..).unwrap_or_default()) == 0 {
            end += 1;
        }
        let (parameter, next) = behind.split_at_checked(end).unwrap_or((behind, ""));
        push_parameter(&mut masked, parameter);
        rest = next;
    }
    masked
}

/// A text with every token in it masked, for headers and the like.
pub(super) fn without_tokens(text: &str) -> String {
    let mut masked = text.to_owned();
    for token in scan::tokens(text) {
        masked = text::replace(&masked, &token, &stand_in(&token));
    }
    masked
}

/// The length of what separates parameters here, percent-encoded or not; 0 when nothing does.
fn separator(bytes: &[u8]) -> usize {
    match bytes {
        [b'?' | b'#' | b'&' | b';', ..] => 1,
        [b'%', b'2', b'6' | b'3', ..] | [b'%', b'3', b'f' | b'F' | b'b' | b'B', ..] => 3,
        _ => 0,
    }
}

fn push_parameter(masked: &mut String, parameter: &str) {
    let bytes = parameter.as_bytes();
    let encoded = bytes.windows(3).position(|window| window.eq_ignore_ascii_case(b"%3d")).unwrap_or(bytes.len());
    let plain = parameter.find('=').unwrap_or(bytes.len());
    let (at, length) = if encoded < plain { (encoded, 3) } else { (plain, 1) };
    // What has no name is all value.
    let (name, sign, value) = match parameter.get(at + length..) {
        Some(value) => (parameter.get(..at).unwrap_or_default(), parameter.get(at..at + length), value),
        None => ("", None, parameter),
    };
    masked.push_str(name);
    masked.push_str(sign.unwrap_or_default());
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let letters: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    let is_secret = SECRET.contains(&letters.as_str()) || is_random(value) || !scan::tokens(value).is_empty();
    if is_secret && !value.is_empty() {
        masked.push_str(&stand_in(value));
    } else {
        masked.push_str(value);
    }
}

/// Whether a value looks as if nobody had chosen its letters.
fn is_random(value: &str) -> bool {
    let is_word =
        |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~' | b'+' | b'/' | b'=');
    value.len() >= LONG
        && value.bytes().all(is_word)
        && value.bytes().any(|byte| byte.is_ascii_digit())
        && value.bytes().any(|byte| byte.is_ascii_alphabetic())
}

/// An address without the user name and the password before its host.
fn without_password(address: &str) -> String {
    let Some((scheme, rest)) = text::split_once(address, "://") else { return address.to_owned() };
    let host_end = rest.find('/').unwrap_or(rest.len());
    let Some(at) = rest.get(..host_end).and_then(|host| host.rfind('@')) else { return address.to_owned() };
    let user = rest.get(..at).unwrap_or_default();
    [scheme, "://", &stand_in(user), rest.get(at..).unwrap_or_default()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_give_way_to_their_length() {
        let check = |url: &str, expected: &str| assert_eq!(masked_url(url), expected, "{url}");
        check("https://a.example/b?c=d&e#f", "https://a.example/b?c=d&e#f");
        check("https://u:p@a.example/@b", "https://[3 characters]@a.example/@b");
        check(
            "https://a.example/?Access_Token=x&client_id=0oa1",
            "https://a.example/?Access_Token=[1 character]&client_id=0oa1",
        );
        check("https://a.example/eyJhbGciOiJub25lIn0.e30.?a", "https://a.example/[24 characters]?a");
        check("https://a.example/#eyJhbGciOiJub25lIn0.e30.", "https://a.example/#[24 characters]");
        check("https://a.example/?n=0123456789abcdef0123456789abcdef01234567", "https://a.example/?n=[40 characters]");
        check(
            "https://a.example/?u=https%3A%2F%2Fb%3Fcode%3dx%26y%3Dé",
            "https://a.example/?u=https%3A%2F%2Fb%3Fcode%3d[1 character]%26y%3Dé",
        );
        check("", "");
    }
}
