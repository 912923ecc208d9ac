//! No token, cookie or key gets into an explanation: whatever looks like one is replaced before it is shown.

use super::Explanation;
use crate::cors::Exchange;
use crate::finding::{Fact, Finding};
use crate::messages::{Prose, Span};
use crate::text;

/// What stands in place of a secret.
pub(crate) const MASK: &str = "…";

/// The request headers whose values are secret.
const SECRET_HEADERS: &[&str] = &[
    "authorization",
    "proxy-authorization",
    "cookie",
    "set-cookie",
    "dpop",
    "x-api-key",
    "api-key",
    "apikey",
    "x-auth-token",
    "x-csrf-token",
    "x-xsrf-token",
    "x-amz-security-token",
    "ocp-apim-subscription-key",
];

/// The members of queries and forms whose values are secret.
const SECRET_MEMBERS: &[&str] = &[
    "access_token",
    "id_token",
    "refresh_token",
    "token",
    "id_token_hint",
    "code",
    "code_verifier",
    "client_secret",
    "client_assertion",
    "assertion",
    "password",
    "sessiontoken",
    "session_token",
    "samlresponse",
    "samlrequest",
    "sig",
    "signature",
    "api_key",
    "apikey",
    "key",
    "state",
    "nonce",
    "secret",
    "jwt",
    "request",
    "login_hint",
];

/// Values shorter than this are too short to be told from words.
const SHORTEST_SECRET: usize = 8;

/// A run of letters, digits, `-` and `_` this long, with letters of both cases and digits in it, is no name.
const LONGEST_NAME: usize = 40;

/// Whether the value of a header is secret by the header's name.
pub(crate) fn is_secret_header(name: &str) -> bool {
    SECRET_HEADERS.iter().any(|secret| secret.eq_ignore_ascii_case(name))
}

/// A text without what looks like a token, and without the values of query members that hold one.
pub(crate) fn masked(text: &str) -> String {
    let mut masked = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|character| !is_run(character)).unwrap_or(rest.len());
        if length == 0 {
            masked.push(first);
            rest = rest.get(first.len_utf8()..).unwrap_or_default();
            continue;
        }
        let (run, behind) = rest.split_at_checked(length).unwrap_or((rest, ""));
        let hidden = is_token(run) || is_scheme_value(&masked, run);
        masked.push_str(if hidden { MASK } else { run });
        rest = behind;
        let is_secret = SECRET_MEMBERS.iter().any(|member| member.eq_ignore_ascii_case(run));
        if let Some(value) = behind.strip_prefix('=').filter(|_| is_secret) {
            let end = value.find(ends_value).unwrap_or(value.len());
            masked.push('=');
            masked.push_str(if end > 0 { MASK } else { "" });
            rest = value.get(end..).unwrap_or_default();
        }
    }
    masked
}

/// What ends a value in a query or a form.
fn ends_value(character: char) -> bool {
    character.is_whitespace() || matches!(character, '&' | '#' | ';' | '"' | '\'' | ',' | '<' | '>' | ')')
}

fn is_run(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '~')
}

fn is_token(run: &str) -> bool {
    if run.starts_with("eyJ") && run.len() >= SHORTEST_SECRET {
        return true;
    }
    run.split(['.', '~']).any(|part| {
        let has = |kind: fn(&u8) -> bool| part.as_bytes().iter().any(kind);
        part.len() >= LONGEST_NAME
            && has(u8::is_ascii_digit)
            && has(u8::is_ascii_lowercase)
            && has(u8::is_ascii_uppercase)
    })
}

/// Whether the run stands behind `Bearer`, `Basic` or `DPoP` and a space.
fn is_scheme_value(before: &str, run: &str) -> bool {
    let Some(before) = before.strip_suffix(' ') else { return false };
    let word = before.rsplit(|character: char| !character.is_ascii_alphanumeric()).next().unwrap_or_default();
    run.len() >= SHORTEST_SECRET
        && ["bearer", "basic", "dpop", "ssws"].iter().any(|name| name.eq_ignore_ascii_case(word))
}

/// Masks every text of an explanation but for the evidence itself, which is what was pasted.
pub(super) fn mask(explanation: &mut Explanation) {
    let secrets = explanation.exchange.as_ref().map(secrets).unwrap_or_default();
    let mut text = |text: &mut String| mask_text(text, &secrets);
    text(&mut explanation.parameter);
    prose(&mut explanation.headline, &mut text);
    prose(&mut explanation.support, &mut text);
    for line in &mut explanation.walk {
        for words in [Some(&mut line.question), line.answer.as_mut(), line.cause.as_mut()].into_iter().flatten() {
            prose(words, &mut text);
        }
        for header in &mut line.headers {
            let before = header.text.len();
            text(&mut header.text);
            if header.text.len() != before {
                header.mark = None;
            }
        }
    }
    for engine in &mut explanation.engines {
        engine.console.iter_mut().for_each(&mut text);
    }
    for finding in explanation.findings.iter_mut().chain(explanation.next_test.as_mut()) {
        mask_finding(finding, &mut text);
    }
    if let Some(fix) = &mut explanation.fix {
        prose(&mut fix.title, &mut text);
        fix.copy.iter_mut().for_each(&mut text);
        for words in fix.notes.iter_mut().chain(&mut fix.not_this).chain(fix.recognised.as_mut()) {
            prose(words, &mut text);
        }
        fix.configurations.iter_mut().for_each(|configuration| text(&mut configuration.text));
    }
    if let Some(sequence) = &mut explanation.sequence {
        for message in &mut sequence.messages {
            text(&mut message.label);
            text(&mut message.note);
        }
        text(&mut sequence.end);
        text(&mut sequence.text);
    }
    // Its values are placeholders already.
    explanation.confirm.iter_mut().for_each(|command| without(command, &secrets));
}

fn prose(prose: &mut Prose, text: &mut impl FnMut(&mut String)) {
    for span in &mut prose.0 {
        let (Span::Text(run) | Span::Code(run)) = span;
        text(run);
    }
}

fn mask_finding(finding: &mut Finding, text: &mut impl FnMut(&mut String)) {
    for (_, fact) in &mut finding.evidence {
        match fact {
            Fact::Text(value) => text(value),
            Fact::List(values) => values.iter_mut().for_each(&mut *text),
            _ => {}
        }
    }
}

fn without(shown: &mut String, secrets: &[String]) {
    for secret in secrets {
        if text::contains(shown, secret) {
            *shown = text::replace(shown, secret, MASK);
        }
    }
}

fn mask_text(shown: &mut String, secrets: &[String]) {
    without(shown, secrets);
    if shown.len() >= SHORTEST_SECRET {
        *shown = masked(shown);
    }
}

/// The secret values of a request's headers, the whole and the part behind the scheme.
fn secrets(exchange: &Exchange) -> Vec<String> {
    let headers = exchange.request.headers.0.iter().filter(|(name, _)| is_secret_header(name));
    let parts = headers.flat_map(|(_, value)| [Some(value.as_str()), value.split_once(' ').map(|(_, rest)| rest)]);
    parts.flatten().filter(|value| value.len() >= SHORTEST_SECRET).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(masked(text), expected);
    }

    #[test]
    fn tokens_are_masked() {
        check("Authorization: Bearer abcdefghijkl", "Authorization: Bearer …");
        check("Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer …");
        check("https://a.example/cb?code=abc%2Fdef&x=1#id_token=q", "https://a.example/cb?code=…&x=1#id_token=…");
        check("https://a.example/?access_token=a", "https://a.example/?access_token=…");
        check("x Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1Ab1 y", "x … y");
    }

    #[test]
    fn names_are_left() {
        for text in [
            "https://dev-1234.okta.com/oauth2/aus1234567890ABCDEFG/v1/keys",
            "https://login.microsoftonline.com/72f988bf-86f1-41af-91ab-2d7cd011db47/v2.0",
            "curl -i 'https://api.example/a?page=2' \\\n  -H 'Origin: https://app.example'",
            "bearer of news",
            "é…",
        ] {
            check(text, text);
        }
    }
}
