//! What a server says in words, and the value that it says it expects.

use crate::response_doctor::evidence::Body;
use crate::response_doctor::{Evidence, Said};
use crate::text;

/// A sentence that names a value stands at the beginning; what follows is a page.
const LONGEST: usize = 4096;

/// Descriptions, summaries and a text body, a line each.
pub(super) fn of(evidence: &Evidence, said: &Said) -> String {
    let mut statement = String::new();
    let mut add = |text: &str| {
        let end = text.char_indices().map(|(at, _)| at).find(|at| *at >= LONGEST).unwrap_or(text.len());
        statement.push_str(text.get(..end).unwrap_or_default());
        statement.push('\n');
    };
    if let Some(oauth) = &said.oauth {
        add(&oauth.description);
    }
    for challenge in said.challenges.iter().take(8) {
        add(challenge.parameter("error_description").unwrap_or_default());
    }
    if let Some(envelope) = &said.envelope {
        add(&envelope.summary);
        for cause in envelope.causes.iter().take(8) {
            add(cause);
        }
    }
    match &evidence.body {
        Body::Text(text) | Body::Html { text, .. } => add(text),
        Body::Json(document) => {
            for name in ["message", "error_description", "detail", "title"] {
                add(document.string(name).unwrap_or_default());
            }
        }
        Body::Unknown | Body::Empty => {}
    }
    add(&evidence.text);
    statement
}

/// The value that a sentence names as the expected one: behind "expected", "does not match" and the like.
pub(super) fn expected(statement: &str) -> Option<&str> {
    const MARKS: [&str; 9] = [
        "ValidIssuer:",
        "ValidAudience:",
        "expected issuer",
        "expected audience",
        "does not match",
        "doesn't match",
        "expected",
        "must be",
        "should be",
    ];
    MARKS.iter().find_map(|mark| {
        let (before, behind) = text::split_once(statement, mark)?;
        // "Unexpected 'aud' value" expects nothing.
        let is_word = !before.ends_with(|character: char| character.is_alphanumeric()) || mark.starts_with("Valid");
        if is_word { value(behind) } else { None }
    })
}

/// The first word that is a value: quoted, or with a sign in it that words do not have.
fn value(text: &str) -> Option<&str> {
    let line = text.lines().next().unwrap_or_default();
    line.split([' ', ',', '=']).take(8).find_map(|word| {
        let is_quote = |character: char| {
            matches!(character, '\'' | '"' | '`' | '“' | '”' | '‘' | '’' | '[' | ']' | '(' | ')' | '<' | '>')
        };
        let bare = word.trim_matches(|character: char| is_quote(character) || matches!(character, '.' | ';'));
        let bare = bare.trim_end_matches(':').trim_matches(is_quote);
        let is_name = ["null", "aud", "iss", "audience", "issuer"].contains(&bare);
        let is_quoted = word.starts_with(is_quote) && !is_name;
        let has_sign = bare.contains([':', '/', '.', '_']) || bare.contains(|sign: char| sign.is_ascii_digit());
        (bare.len() > 1 && (is_quoted || has_sign)).then_some(bare)
    })
}

/// Whether a sentence is about the issuer.
pub(super) fn is_about_issuer(statement: &str) -> bool {
    has_word(statement, &["issuer", "iss"])
}

/// Whether a sentence is about the audience.
pub(super) fn is_about_audience(statement: &str) -> bool {
    has_word(statement, &["audience", "audiences", "aud"])
}

/// Whether a word stands in a text, in upper or lower case.
pub(super) fn has_word(statement: &str, words: &[&str]) -> bool {
    let between = |character: char| !character.is_alphanumeric() && character != '_';
    statement.split(between).any(|word| words.iter().any(|other| word.eq_ignore_ascii_case(other)))
}

#[cfg(test)]
mod tests {
    use super::{expected, is_about_audience, is_about_issuer};

    #[test]
    fn the_expected_value_is_found_in_the_usual_sentences() {
        let check = |statement: &str, value: Option<&str>| assert_eq!(expected(statement), value, "{statement}");
        check("issuer https://a.example/ does not match expected issuer: https://a.example", Some("https://a.example"));
        check("jwt audience invalid. expected: api://orders", Some("api://orders"));
        check("jwt audience invalid. expected: orders", None);
        check("audience claim api://default does not match expected audience: 'orders'", Some("orders"));
        check(
            "IDX10214: Audiences: 'a'. Did not match: validationParameters.ValidAudience: 'api://b' or",
            Some("api://b"),
        );
        check("The audience 'x' is invalid", None);
        check("The aud claim is not valid", None);
        check("Unexpected 'aud' value", None);
        check("expected 'aud' claim to be api://orders", Some("api://orders"));
        check("", None);
    }

    #[test]
    fn what_a_sentence_is_about_is_told_by_whole_words() {
        assert!(is_about_issuer("Unexpected 'iss' value") && !is_about_issuer("missing permission"));
        assert!(is_about_audience("Audiences in Jwt are not allowed") && !is_about_audience("fraud"));
    }
}
