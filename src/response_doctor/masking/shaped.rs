//! Secrets by their shape: JSON Web Tokens, Okta's API tokens, private keys, SAML assertions, and what commands and
//! addresses have of passwords.

use super::{Secret, SecretKind};
use crate::{sniff, text};

/// Okta's API tokens are this long, and begin with two zeros.
const API_TOKEN: usize = 42;

/// No user name and password are longer.
const LONGEST_USER: usize = 1024;

/// Every secret that is known by its shape.
pub(super) fn find(whole: &str) -> Vec<Secret> {
    let mut secrets = Vec::new();
    tokens(whole, &mut secrets);
    keys(whole, &mut secrets);
    assertions(whole, &mut secrets);
    addresses(whole, &mut secrets);
    if text::contains(whole, "curl") {
        options(whole, &mut secrets);
    }
    secrets
}

/// JSON Web Tokens, and Okta's API tokens.
fn tokens(whole: &str, secrets: &mut Vec<Secret>) {
    let bytes = whole.as_bytes();
    let mut patience = bytes.len() + (1 << 16);
    let mut at = 0;
    while at < bytes.len() {
        let rest = bytes.get(at..).unwrap_or_default();
        let is_boundary = at
            .checked_sub(1)
            .and_then(|before| bytes.get(before))
            .is_none_or(|byte| !is_word(*byte) || is_escape(bytes, at));
        if is_boundary && sniff::begins_object(rest) {
            let pieces = sniff::pieces(bytes, at, &mut patience);
            let end = pieces.last().map_or(at + 1, |piece| piece.end);
            let dots = pieces
                .iter()
                .flat_map(|piece| bytes.get(piece.clone()))
                .flatten()
                .filter(|byte| **byte == b'.')
                .count();
            // Percent-encoded dots are pieces of their own.
            if dots > 0 || pieces.len() > 1 {
                secrets.push(Secret { span: at..end, kind: SecretKind::AccessToken });
            }
            at = end.max(at + 1);
        } else if is_boundary && rest.starts_with(b"00") {
            let length = rest.iter().take_while(|byte| is_word(**byte)).count();
            let run = rest.get(..length).unwrap_or_default();
            if length == API_TOKEN && run.iter().any(u8::is_ascii_alphabetic) {
                secrets.push(Secret { span: at..at + length, kind: SecretKind::ApiToken });
            }
            at += length.max(1);
        } else {
            at += 1;
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')
}

/// Whether an escape ends before a place, in its letters or digits.
fn is_escape(bytes: &[u8], at: usize) -> bool {
    let before = |distance: usize| at.checked_sub(distance).and_then(|place| bytes.get(place)).copied().unwrap_or(b' ');
    let percent = before(3) == b'%' && before(2).is_ascii_hexdigit() && before(1).is_ascii_hexdigit();
    percent || (before(2) == b'\\' && matches!(before(1), b'n' | b'r' | b't'))
}

/// The content of private keys in PEM ([RFC 7468](https://www.rfc-editor.org/rfc/rfc7468)).
fn keys(whole: &str, secrets: &mut Vec<Secret>) {
    let mut from = 0;
    for begin in text::positions(whole, "-----BEGIN ") {
        let Some(rest) = whole.get(begin + 11..).filter(|_| begin >= from) else { continue };
        let label = rest.get(..32.min(rest.len())).or_else(|| rest.get(..rest.len().min(30))).unwrap_or_default();
        let Some(end) = text::find(label, "PRIVATE KEY-----") else { continue };
        let start = begin + 11 + end + "PRIVATE KEY-----".len();
        let stop =
            whole.get(start..).and_then(|body| text::find(body, "-----END")).map_or(whole.len(), |at| start + at);
        secrets.push(Secret { span: start..stop, kind: SecretKind::PrivateKey });
        from = stop;
    }
}

/// Assertions of SAML.
fn assertions(whole: &str, secrets: &mut Vec<Secret>) {
    let mut open: Option<usize> = None;
    for at in text::positions(whole, ":Assertion") {
        let before = whole.as_bytes().get(..at).unwrap_or_default();
        let prefix = before.iter().rev().take(16).take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let start = at - prefix;
        let ends = matches!(whole.as_bytes().get(at + 10), Some(b'>' | b' ' | b'\n' | b'\r' | b'\t'));
        let behind = before.get(..start).unwrap_or_default();
        if behind.ends_with(b"</") && ends {
            if let Some(from) = open.take() {
                secrets.push(Secret { span: from..start - 2, kind: SecretKind::SamlMessage });
            }
        } else if behind.ends_with(b"<") && ends && open.is_none() {
            open = Some(at + 10);
        }
    }
    if let Some(from) = open {
        secrets.push(Secret { span: from..whole.len(), kind: SecretKind::SamlMessage });
    }
}

/// Passwords before the host of an address.
fn addresses(whole: &str, secrets: &mut Vec<Secret>) {
    for at in text::positions(whole, "://") {
        let start = at + 3;
        let rest = whole.as_bytes().get(start..).unwrap_or_default();
        let ends =
            |byte: &u8| matches!(byte, b'/' | b'?' | b'#' | b'"' | b'\'' | b'<' | b'>') || byte.is_ascii_whitespace();
        let length = rest.iter().take(LONGEST_USER).take_while(|byte| !ends(byte)).count();
        let authority = rest.get(..length).unwrap_or_default();
        let Some(host) = authority.iter().rposition(|byte| *byte == b'@') else { continue };
        let Some(colon) = authority.iter().take(host).position(|byte| *byte == b':') else { continue };
        secrets.push(Secret { span: start + colon + 1..start + host, kind: SecretKind::Password });
    }
}

/// Passwords and cookies in the options of curl.
fn options(whole: &str, secrets: &mut Vec<Secret>) {
    for at in text::positions(whole, " -") {
        let Some(rest) = whole.get(at + 1..) else { continue };
        let length = rest.bytes().take(24).take_while(|byte| byte.is_ascii_alphabetic() || *byte == b'-').count();
        let option = rest.get(..length).unwrap_or_default();
        let short = !option.starts_with("--") && option.len() <= 6;
        let is_user = matches!(option, "--user" | "--proxy-user") || (short && option.ends_with('u'));
        let is_cookie = option == "--cookie" || (short && option.ends_with('b'));
        let is_bearer = option == "--oauth2-bearer";
        if !(is_user || is_cookie || is_bearer) {
            continue;
        }
        let behind = rest.get(length..).unwrap_or_default();
        let value = behind.strip_prefix('=').unwrap_or(behind.trim_start_matches([' ', '^']));
        let quote = value.chars().next().filter(|one| matches!(one, '"' | '\''));
        let value = if quote.is_some() { value.get(1..).unwrap_or_default() } else { value };
        let start = whole.len() - value.len();
        let ends = |one: char| if let Some(quote) = quote { one == quote || one == '\n' } else { one.is_whitespace() };
        // No line of a command is read twice for its options.
        let window = value.char_indices().take(LONGEST_USER * 4).find(|(_, one)| ends(*one));
        let Some((end, _)) = window.or_else(|| (value.len() < LONGEST_USER * 4).then_some((value.len(), ' '))) else {
            continue;
        };
        let Some(value) = value.get(..end).filter(|value| !value.starts_with('$')) else { continue };
        if is_bearer {
            secrets.push(Secret { span: start..start + end, kind: SecretKind::AccessToken });
        } else if is_user {
            let Some((user, password)) = value.split_once(':').filter(|(_, password)| !password.starts_with('$'))
            else {
                continue;
            };
            let kind = if user.starts_with("0oa") { SecretKind::ClientSecret } else { SecretKind::Password };
            secrets.push(Secret { span: start + end - password.len()..start + end, kind });
        } else {
            let mut from = start;
            for part in value.split_inclusive(';') {
                let pair = part.strip_suffix(';').unwrap_or(part);
                if let Some((name, _)) = pair.split_once('=') {
                    secrets.push(Secret {
                        span: from + name.len() + 1..from + pair.trim_end().len(),
                        kind: SecretKind::Cookie,
                    });
                }
                from += part.len();
            }
        }
    }
}
