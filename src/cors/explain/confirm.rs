//! The command that repeats what a browser would send, without its secrets.

use super::mask::{MASK, is_secret_header, masked};
use super::walk::Place;
use crate::http::is_token;
use crate::text;

/// What stands in a command in place of a secret.
const PLACEHOLDER: &str = "VALUE";

/// The command for a hop: its preflight, or the request itself.
pub(super) fn command(place: &Place, preflight: bool) -> Option<String> {
    let asked = place.decision.preflights.get(place.hop).and_then(Option::as_ref);
    let mut command = String::from("curl -i");
    let mut lines: Vec<(String, String)> = vec![("Origin".to_owned(), place.origin().to_owned())];
    let method = place.method();
    if preflight {
        let asked = asked?;
        command.push_str(" -X OPTIONS");
        lines.push(("Access-Control-Request-Method".to_owned(), asked.method.clone()));
        if let Some(names) = &asked.headers {
            lines.push(("Access-Control-Request-Headers".to_owned(), names.clone()));
        }
    } else {
        if method == "HEAD" {
            // With -X HEAD curl would wait for a body that never comes.
            command = String::from("curl -I");
        } else if method != "GET" {
            command.push_str(" -X ");
            command.push_str(&quoted(method));
        }
        for (name, value) in place.exchange.request.headers.0.iter().filter(|(name, _)| is_token(name)) {
            let value = if is_secret_header(name) || !is_harmless(name) { placeholder(name) } else { bare(value) };
            lines.push((name.clone(), value));
        }
    }
    command.push(' ');
    command.push_str(&quoted(&bare(place.url())));
    for (name, value) in lines {
        command.push_str(" \\\n  -H ");
        command.push_str(&quoted(&[&name, ": ", &value].concat()));
    }
    Some(command)
}

/// A text with placeholders for its secrets.
fn bare(text: &str) -> String {
    text::replace(&masked(text), MASK, PLACEHOLDER)
}

fn placeholder(name: &str) -> String {
    let scheme = if name.eq_ignore_ascii_case("authorization") { "Bearer " } else { "" };
    [scheme, PLACEHOLDER].concat()
}

/// Headers whose values say nothing about who asks.
fn is_harmless(name: &str) -> bool {
    const NAMES: [&str; 6] =
        ["accept", "accept-language", "cache-control", "content-language", "content-type", "range"];
    NAMES.iter().any(|harmless| harmless.eq_ignore_ascii_case(name))
}

/// A word of a shell command; bare where nothing in it means anything to the shell.
fn quoted(word: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    if !word.is_empty() && word.bytes().all(plain) {
        return word.to_owned();
    }
    let mut quoted = String::from("'");
    for character in word.chars().filter(|character| !character.is_control()) {
        match character {
            '\'' => quoted.push_str("'\\''"),
            other => quoted.push(other),
        }
    }
    quoted.push('\'');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_sees_one_word() {
        assert_eq!(quoted("PUT"), "PUT");
        assert_eq!(quoted("a'; rm -rf '$(x)\n"), "'a'\\''; rm -rf '\\''$(x)'");
        assert_eq!(quoted(""), "''");
    }
}
