//! Objects as programs print them: with single quotes and names without any, as JavaScript and Python do.

/// No printed object is longer.
const LONGEST: usize = 1 << 20;

/// The object as JSON, as far as it can be told; `None` when it is not written like one.
pub(super) fn json(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let mut json = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let behind = rest.get(first.len_utf8()..)?;
        rest = match first {
            '"' | '\'' | '`' => string(&mut json, first, behind)?,
            '{' | '[' if is_placeholder(rest) => {
                let end = rest.find(']')?;
                json.push_str(&crate::json::quoted(rest.get(..=end)?));
                rest.get(end + 1..)?
            }
            '}' | ']' => {
                without_comma(&mut json);
                json.push(first);
                behind
            }
            '{' | '[' | ':' | ',' => {
                json.push(first);
                behind
            }
            white if white.is_whitespace() => {
                json.push(' ');
                behind
            }
            _ => word(&mut json, rest)?,
        };
    }
    Some(json)
}

/// `[Object]`, `[Array]`, `[Function: a]`: what Node prints where it does not go deeper.
fn is_placeholder(rest: &str) -> bool {
    ["[Object", "[Array", "[Function", "[Getter", "[Circular", "[Symbol", "[class"]
        .iter()
        .any(|word| rest.starts_with(word))
}

/// A string that began with this mark, to JSON; what stands behind it.
fn string<'a>(json: &mut String, mark: char, text: &'a str) -> Option<&'a str> {
    json.push('"');
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            end if end == mark => {
                json.push('"');
                return text.get(at + mark.len_utf8()..);
            }
            '\\' => match characters.next()?.1 {
                quote @ ('\'' | '`') => json.push(quote),
                'x' => json.push_str("\\u00"),
                // The string goes on in the next line.
                '\n' => {}
                other => {
                    json.push('\\');
                    json.push(other);
                }
            },
            '"' => json.push_str("\\\""),
            '\n' => json.push_str("\\n"),
            other => json.push(other),
        }
    }
    None
}

/// A word without quotation marks: a name, a number, or a value that is printed so.
fn word<'a>(json: &mut String, text: &'a str) -> Option<&'a str> {
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

/// JSON has no comma before a closing brace.
fn without_comma(json: &mut String) {
    let length = json.trim_end().len();
    if json.get(..length).is_some_and(|text| text.ends_with(',')) {
        json.truncate(length - 1);
    }
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
