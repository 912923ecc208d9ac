//! Objects as programs print them: with single quotes and names without any, as JavaScript and Python do.

use crate::json::literal::{self, Dialect};

const PRINTED: Dialect = Dialect { marks: &['"', '\'', '`'], spans_lines: true, word, is_word: is_placeholder };

/// The object as JSON, as far as it can be told; `None` when it is not written like one.
pub(super) fn json(text: &str) -> Option<String> {
    literal::json(text, &PRINTED)
}

/// `[Object]`, `[Array]`, `[Function: a]`: what Node prints where it does not go deeper.
fn is_placeholder(rest: &str) -> bool {
    ["[Object", "[Array", "[Function", "[Getter", "[Circular", "[Symbol", "[class"]
        .iter()
        .any(|word| rest.starts_with(word))
}

/// A word without quotation marks: a name, a number, or a value that is printed so.
fn word<'a>(json: &mut String, text: &'a str) -> Option<&'a str> {
    if is_placeholder(text) {
        let end = text.find(']')?;
        json.push_str(&crate::json::quoted(text.get(..=end)?));
        return text.get(end + 1..);
    }
    let ends = |one: char| one.is_whitespace() || matches!(one, ',' | ':' | '{' | '}' | '[' | ']' | '"' | '\'' | '`');
    let length = text.find(ends).unwrap_or(text.len());
    let (word, behind) = text.split_at_checked(length)?;
    let next = behind.trim_start().chars().next();
    if matches!(next, Some('"' | '\'')) && matches!(word, "b" | "u") {
        return Some(behind);
    }
    if next == Some(':') {
        json.push_str(&crate::json::quoted(word));
        return Some(behind);
    }
    // The name of a class before an object: `Object {`, `Object [AxiosHeaders] {`.
    if next == Some('{') {
        return Some(behind);
    }
    if next == Some('[') {
        let inside = behind.trim_start();
        let end = inside.get(..64.min(inside.len()))?.find(']')?;
        let after = inside.get(end + 1..)?;
        return after.trim_start().starts_with('{').then_some(after);
    }
    match word {
        "True" | "true" => json.push_str("true"),
        "False" | "false" => json.push_str("false"),
        "None" | "undefined" | "null" | "NaN" => json.push_str("null"),
        number if number.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.')) => {
            json.push_str(number)
        }
        other => json.push_str(&crate::json::quoted(other)),
    }
    Some(behind)
}

#[cfg(test)]
mod tests {
    use super::json;

    #[test]
    fn printed_objects_become_json() {
        let check = |text: &str, expected: &str| assert_eq!(json(text).as_deref(), Some(expected), "{text}");
        check("{'error': 'it\\'s', 'n': None}", "{\"error\": \"it's\", \"n\": null}");
        check(
            "{ error: 'x', headers: Object [AxiosHeaders] { 'a-b': \"c\" }, }",
            "{ \"error\": \"x\", \"headers\":  { \"a-b\": \"c\" }}",
        );
        check("{a: [Object], b: true, c: 401, d: -1.5}", "{\"a\": \"[Object]\", \"b\": true, \"c\": 401, \"d\": -1.5}");
        check("{'a': b'c\"d'}", "{\"a\": \"c\\\"d\"}");
        assert_eq!(json("{'a"), None);
    }
}
