//! Words of a shell command, and templates of commands.

use crate::text;

/// A word of a shell command in single quotes, inside of which nothing means anything to the shell but the quote itself.
/// `None` with a control character in it, which could end the line or move the cursor, or with one that turns the
/// direction of writing: what is read would not be what is run.
pub(crate) fn quoted(word: &str) -> Option<String> {
    if crate::messages::visible(word) != word {
        return None;
    }
    let mut quoted = String::with_capacity(word.len() + 2);
    quoted.push('\'');
    for character in word.chars() {
        match character {
            '\'' => quoted.push_str("'\\''"),
            other => quoted.push(other),
        }
    }
    quoted.push('\'');
    Some(quoted)
}

/// A line with every `<<name>>` replaced; `None` where a value is not known. What is put in is not looked through again.
pub(crate) fn filled(template: &str, values: &[(&'static str, String)]) -> Option<String> {
    let mut filled = String::with_capacity(template.len() + 64);
    let mut rest = template;
    while let Some((before, from)) = text::split_once(rest, "<<") {
        let (name, behind) = text::split_once(from, ">>")?;
        filled.push_str(before);
        filled.push_str(values.iter().find(|(other, _)| *other == name).map(|(_, value)| value.as_str())?);
        rest = behind;
    }
    filled.push_str(rest);
    Some(filled)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shell_sees_one_word() {
        assert_eq!(quoted("a'; rm -rf \"$(x)`").as_deref(), Some("'a'\\''; rm -rf \"$(x)`'"));
        assert_eq!(quoted("").as_deref(), Some("''"));
        for text in ["a\nb", "a\rb", "\u{1b}[2J", "a\0", "\u{202e}b", "\u{200b}"] {
            assert_eq!(quoted(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_value_is_no_template() {
        let values = [("url", "'<<token>>'".to_owned()), ("token", "x".to_owned())];
        assert_eq!(filled("curl <<url>> -d <<token>>", &values).as_deref(), Some("curl '<<token>>' -d x"));
        assert_eq!(filled("curl <<other>>", &values), None);
    }
}
