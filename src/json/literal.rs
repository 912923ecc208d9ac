//! Objects as programs print them, in place of JSON: the literals of Python and JavaScript.

/// No printed object is longer.
const LONGEST: usize = 1 << 20;

/// What a way of printing allows.
pub(crate) struct Dialect {
    /// The marks around strings.
    pub marks: &'static [char],
    /// Whether a string may go on in the next line.
    pub spans_lines: bool,
    /// Writes what stands at the start of a text and is no string, brace or punctuation as JSON, and gives what stands
    /// behind it; `None` when it is not written so.
    pub word: for<'a> fn(&mut String, &'a str) -> Option<&'a str>,
    /// Whether what starts with a brace or bracket is a word.
    pub is_word: fn(&str) -> bool,
}

/// The text as JSON, as far as it can be told; `None` when it is not written like a literal.
pub(crate) fn json(text: &str, dialect: &Dialect) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let mut json = String::with_capacity(text.len() + 64);
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let behind = rest.get(first.len_utf8()..)?;
        rest = match first {
            mark if dialect.marks.contains(&mark) => string(&mut json, dialect, mark, behind)?,
            '{' | '[' if (dialect.is_word)(rest) => (dialect.word)(&mut json, rest)?,
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
            _ => (dialect.word)(&mut json, rest)?,
        };
    }
    Some(json)
}

/// A string that began with this mark; what stands behind it.
fn string<'a>(json: &mut String, dialect: &Dialect, mark: char, text: &'a str) -> Option<&'a str> {
    json.push('"');
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match character {
            end if end == mark => {
                json.push('"');
                return text.get(at + mark.len_utf8()..);
            }
            '\\' => match characters.next()?.1 {
                quote if quote != '"' && dialect.marks.contains(&quote) => json.push(quote),
                'x' => json.push_str("\\u00"),
                '\n' if dialect.spans_lines => {}
                other => {
                    json.push('\\');
                    json.push(other);
                }
            },
            '"' => json.push_str("\\\""),
            '\n' if dialect.spans_lines => json.push_str("\\n"),
            other => json.push(other),
        }
    }
    None
}

/// JSON has no comma before a closing brace.
fn without_comma(json: &mut String) {
    let length = json.trim_end().len();
    if json.get(..length).is_some_and(|text| text.ends_with(',')) {
        json.truncate(length - 1);
    }
}
