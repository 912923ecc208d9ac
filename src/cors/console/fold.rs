//! A text in the one form that messages are compared in: quotation marks, spaces and line breaks made alike.
//!
//! Consoles wrap lines, colour them and translate quotation marks; people paste what comes of it. Every place in the
//! folded text knows where it stands in the original, so that values are taken from there.

/// A folded text.
pub(super) struct Folded<'a> {
    original: &'a str,
    /// What is compared: ASCII quotation marks, single spaces, no control characters.
    pub text: Vec<u8>,
    /// Where each byte of `text` comes from; one more for the end.
    from: Vec<usize>,
}

/// The longest escape sequence that is taken for one: longer ones are text.
const LONGEST_ESCAPE: usize = 32;

impl<'a> Folded<'a> {
    /// Folds a text, in one pass.
    pub fn new(original: &'a str) -> Folded<'a> {
        let mut folded =
            Folded { original, text: Vec::with_capacity(original.len()), from: Vec::with_capacity(original.len() + 1) };
        let mut rest = original.char_indices();
        // Behind an opening guillemet a space belongs to it, as French sets it.
        let mut swallow = true;
        while let Some((at, character)) = rest.next() {
            match character {
                '\u{1b}' => {
                    let length = escape_length(original.get(at..).unwrap_or_default());
                    for _ in 1..length {
                        rest.next();
                    }
                }
                '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' => {}
                white if white.is_whitespace() => {
                    if !swallow {
                        folded.push(b' ', at);
                        swallow = true;
                    }
                }
                '«' | '‹' | '„' => {
                    folded.push(b'\'', at);
                    swallow = true;
                }
                '»' | '›' => {
                    if folded.text.last() == Some(&b' ') {
                        folded.text.pop();
                        folded.from.pop();
                    }
                    folded.push(b'\'', at);
                    swallow = false;
                }
                other => {
                    folded.push_character(other, at);
                    swallow = false;
                }
            }
        }
        folded.from.push(original.len());
        folded
    }

    /// Where a byte of the folded text stands in the original.
    pub fn original(&self, at: usize) -> usize {
        self.from.get(at).copied().unwrap_or(self.original.len())
    }

    /// A part of the text as it was written; only a line break inside it, and what came with that, is left out.
    pub fn value(&self, range: std::ops::Range<usize>) -> String {
        // The end is where the last byte of the value ends, not where the next one begins: between them may be a colour.
        let Some(last) = range.end.checked_sub(1).filter(|last| *last >= range.start) else { return String::new() };
        let rest = self.original.get(self.original(last)..).unwrap_or_default();
        let end = self.original(last) + rest.chars().next().map_or(0, char::len_utf8);
        let written = self.original.get(self.original(range.start)..end).unwrap_or_default();
        if !written.contains(char::is_control) {
            return written.to_owned();
        }
        let mut value = String::with_capacity(written.len());
        let mut rest = written.char_indices();
        while let Some((at, character)) = rest.next() {
            match character {
                '\u{1b}' => {
                    for _ in 1..escape_length(written.get(at..).unwrap_or_default()) {
                        rest.next();
                    }
                }
                '\n' | '\r' => {}
                other => value.push(other),
            }
        }
        value
    }

    fn push(&mut self, byte: u8, at: usize) {
        self.text.push(byte);
        self.from.push(at);
    }

    fn push_character(&mut self, character: char, at: usize) {
        let plain = match character {
            '"' | '`' | '´' | '‘' | '’' | '‚' | '“' | '”' | '「' | '」' | '『' | '』' | '《' | '》' => {
                '\''
            }
            '（' => '(',
            '）' => ')',
            '：' => ':',
            other => other,
        };
        let mut buffer = [0; 4];
        for byte in plain.encode_utf8(&mut buffer).bytes() {
            self.push(byte, at);
        }
    }
}

/// A template of the table in the same form.
pub(super) fn folded(text: &str) -> Vec<u8> {
    let mut plain = Vec::with_capacity(text.len());
    let mut folded = Folded { original: text, text: Vec::new(), from: Vec::new() };
    for (at, character) in text.char_indices() {
        folded.push_character(character, at);
    }
    plain.append(&mut folded.text);
    plain
}

/// How many characters the escape sequence at the start of a text has: `ESC [ … letter`
/// ([ECMA-48 §5.4](https://ecma-international.org/publications-and-standards/standards/ecma-48/)).
pub(crate) fn escape_length(text: &str) -> usize {
    let mut characters = text.chars();
    if characters.next() != Some('\u{1b}') {
        return 0;
    }
    if characters.next() != Some('[') {
        return 1;
    }
    let parameters = characters.take(LONGEST_ESCAPE).position(|character| ('\u{40}'..='\u{7e}').contains(&character));
    parameters.map_or(1, |length| length + 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(String::from_utf8_lossy(&Folded::new(text).text), expected, "{text:?}");
    }

    #[test]
    fn quotation_marks_spaces_and_colours_are_made_alike() {
        check("a  b\r\n\tc", "a b c");
        check("‘x’ “x” „x“ «\u{a0}x\u{202f}» 「x」 `x`", "'x' 'x' 'x' 'x' 'x' 'x'");
        check("\u{1b}[1mdate\u{1b}[0m: x\u{1b}", "date: x");
        check("\u{feff}\u{2068}x\u{2069}", "x");
        check("（原因：x）", "(原因:x)");
    }

    #[test]
    fn values_are_taken_as_they_were_written() {
        let text = "at «\u{a0}https://a.example/’\u{a0}»";
        let folded = Folded::new(text);
        let end = folded.text.len();
        assert_eq!(folded.value(4..end - 1), "https://a.example/’");
        let wrapped = Folded::new("https://a.exa\u{1b}[0m\nmple/");
        assert_eq!(wrapped.value(0..wrapped.text.len()), "https://a.example/");
    }
}
