//! Key sets as programs print them: a Python dictionary or a JavaScript object in place of JSON.

use crate::json::literal::{self, Dialect};

const PRINTED: Dialect = Dialect { marks: &['"', '\''], spans_lines: false, word, is_word: |_| false };

/// The text as JSON, when it is a literal of Python or JavaScript; `None` when it is not written like one.
pub(super) fn json(text: &str) -> Option<String> {
    literal::json(text, &PRINTED)
}

/// A word without quotation marks: a name, a number, or one of the values that have names.
fn word<'a>(json: &mut String, text: &'a str) -> Option<&'a str> {
    let is_part = |one: char| one.is_ascii_alphanumeric() || matches!(one, '_' | '$' | '-' | '.' | '+');
    let length = text.find(|one: char| !is_part(one)).unwrap_or(text.len());
    let (word, behind) = text.split_at_checked(length).filter(|(word, _)| !word.is_empty())?;
    match (word, behind.trim_start().chars().next()) {
        // Python marks its kinds of strings before the quotation mark.
        ("u" | "b", Some('\'' | '"')) => {}
        (name, Some(':')) => json.push_str(&crate::json::quoted(name)),
        ("True" | "true", _) => json.push_str("true"),
        ("False" | "false", _) => json.push_str("false"),
        ("None" | "null" | "undefined", _) => json.push_str("null"),
        (number, _) if number.starts_with(|one: char| one.is_ascii_digit() || one == '-') => json.push_str(number),
        _ => return None,
    }
    Some(behind)
}

#[cfg(test)]
mod tests {
    use super::json;

    #[test]
    fn literals_become_json() {
        let check = |text: &str, expected: Option<&str>| assert_eq!(json(text).as_deref(), expected, "{text}");
        check("{'a': 'it\\'s \"b\"', 'n': None, 't': True}", Some(r#"{"a": "it's \"b\"", "n": null, "t": true}"#));
        check(
            "{keys: [{kty: \"RSA\", e: 'AQAB', f: undefined,},],}",
            Some(r#"{"keys": [{"kty": "RSA", "e": "AQAB", "f": null}]}"#),
        );
        check("{u'a': b'c', 'i': -1}", Some(r#"{"a": "c", "i": -1}"#));
        check("{'a", None);
        check("{a: b}", None);
        check("{} and text", None);
    }
}
