//! What came with a token: the other tokens of the same text, the code and the state beside them.

use super::Choices;
use crate::json::{self, Document};
use crate::report::{Report, Token, TokenName};
use crate::text;

/// What came with a token, from the same text or from fields of its own; a field wins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Companions {
    /// The access token, a JSON Web Token or not.
    pub access_token: Option<String>,
    /// The ID token.
    pub id_token: Option<String>,
    /// The authorization code.
    pub code: Option<String>,
    /// The `state` of the authorization request.
    pub state: Option<String>,
    /// The DPoP proofs of the text, in order.
    pub proofs: Vec<String>,
}

/// Of more proofs the first ones are kept.
const MOST_PROOFS: usize = 16;

/// Longer values are none of these.
const LONGEST: usize = 1 << 16;

/// What a text holds beside its tokens, and what was typed in addition.
pub fn of(text: &str, report: &Report, choices: &Choices) -> Companions {
    let named =
        |name: TokenName| report.tokens.iter().find(|token| token.name == Some(name)).map(|token| token.text.clone());
    let response = json(text);
    let beside = |name: &str| match &response {
        Some(document) => document.string(name).map(str::to_owned),
        None => parameter(text, name),
    };
    let typed = |value: &Option<String>| value.clone().filter(|value| !value.trim().is_empty());
    Companions {
        access_token: typed(&choices.access_token)
            .or_else(|| named(TokenName::AccessToken))
            .or_else(|| beside_a_proof(text, report))
            .or_else(|| beside("access_token")),
        id_token: named(TokenName::IdToken).or_else(|| beside("id_token")),
        code: typed(&choices.code).or_else(|| beside("code")),
        state: typed(&choices.state).or_else(|| beside("state")),
        proofs: report.tokens.iter().filter(is_proof).take(MOST_PROOFS).map(|token| token.text.clone()).collect(),
    }
}

/// Whether a token says of itself that it is a DPoP proof.
fn is_proof(token: &&Token) -> bool {
    let typ = token.header.as_ref().and_then(|header| header.string("typ")).unwrap_or_default().to_ascii_lowercase();
    typ.strip_prefix("application/").unwrap_or(&typ) == "dpop+jwt"
}

/// The token that a request sends with a DPoP proof: behind the scheme `DPoP`
/// ([RFC 9449 §7.1](https://www.rfc-editor.org/rfc/rfc9449#section-7.1)), where the proof stands behind a colon.
fn beside_a_proof(text: &str, report: &Report) -> Option<String> {
    let is_behind_the_scheme = |token: &&Token| {
        let before = token.pieces.first().and_then(|piece| text.get(..piece.start)).unwrap_or_default();
        let word = before.trim_end_matches([' ', '\t']);
        let start = word.len().checked_sub("DPoP".len());
        word.len() < before.len()
            && start.and_then(|start| word.get(start..)).is_some_and(|scheme| scheme.eq_ignore_ascii_case("DPoP"))
    };
    report.tokens.iter().find(is_behind_the_scheme).map(|token| token.text.clone())
}

/// The text as a JSON object, such as a token endpoint's answer.
fn json(text: &str) -> Option<Document> {
    let trimmed = text.trim();
    if !trimmed.starts_with('{') || trimmed.len() > 1 << 20 {
        return None;
    }
    let document = json::read(trimmed.as_bytes().to_vec());
    document.is_json().then_some(document)
}

/// A parameter of a redirect URL, from its fragment or its query.
fn parameter(text: &str, name: &str) -> Option<String> {
    let trimmed = text.trim();
    let start = trimmed.bytes().position(|byte| matches!(byte, b'#' | b'?'))?;
    if trimmed.contains(char::is_whitespace) || !trimmed.get(..start)?.is_empty() && !text::contains(trimmed, "://") {
        return None;
    }
    let pairs = trimmed.get(start + 1..)?.split(['&', '#', '?']);
    let value = pairs.filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name)?.1;
    (!value.is_empty() && value.len() <= LONGEST).then(|| percent_decoded(value))
}

fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let escaped = (byte == b'%').then(|| {
            let mut ahead = rest.clone();
            let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
            let (high, low) = (digit(ahead.next())?, digit(ahead.next())?);
            rest = ahead;
            u8::try_from(high * 16 + low).ok()
        });
        bytes.push(match escaped.flatten() {
            Some(escaped) => escaped,
            None if byte == b'+' => b' ',
            None => byte,
        });
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, name: &str, expected: Option<&str>) {
        assert_eq!(parameter(text, name).as_deref(), expected, "{text}");
    }

    #[test]
    fn parameters_of_a_redirect_are_read() {
        check("https://app.example/cb#code=a%2Bb&state=x", "code", Some("a+b"));
        check("https://app.example/cb?code=1#id_token=2", "code", Some("1"));
        check("https://app.example/cb?code=1#id_token=2", "id_token", Some("2"));
        check("#code=1%2", "code", Some("1%2"));
        check("a text with ?code=1", "code", None);
        check("https://app.example/cb", "code", None);
    }
}
