//! Characters that are not seen, and characters that look like others.

/// The text without white space and without characters that have no width.
pub(super) fn visible(text: &str) -> String {
    text.chars().filter(|character| !is_invisible(*character)).collect()
}

fn is_invisible(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        )
}

/// Two texts that look alike have the same skeleton: every character is replaced by the ASCII one that it looks like. These are
/// the ones that keyboards and word processors bring in, of the many that
/// [UTS 39 §4](https://www.unicode.org/reports/tr39/#Confusable_Detection) lists.
pub(super) fn skeleton(text: &str) -> String {
    text.chars().map(alike).collect()
}

fn alike(character: char) -> char {
    const PAIRS: [(&str, char); 22] = [
        ("аαɑ", 'a'),
        ("сϲ", 'c'),
        ("ԁ", 'd'),
        ("еє", 'e'),
        ("һ", 'h'),
        ("іıι", 'i'),
        ("ј", 'j'),
        ("ⅼӏ", 'l'),
        ("оο", 'o'),
        ("рρ", 'p'),
        ("ԛ", 'q'),
        ("ѕ", 's'),
        ("υ", 'u'),
        ("ν", 'v'),
        ("ԝ", 'w'),
        ("х", 'x'),
        ("уγ", 'y'),
        ("‐‑‒–—−﹣", '-'),
        ("⁄∕", '/'),
        ("∶꞉", ':'),
        ("․。", '.'),
        ("‿", '_'),
    ];
    // The full-width forms stand in the order of ASCII.
    if ('\u{ff01}'..='\u{ff5e}').contains(&character) {
        return char::from_u32(character as u32 - 0xfee0).unwrap_or(character);
    }
    PAIRS.iter().find(|(others, _)| others.contains(character)).map_or(character, |(_, ascii)| *ascii)
}

#[cfg(test)]
mod tests {
    use super::{skeleton, visible};

    #[test]
    fn what_looks_alike_has_one_skeleton() {
        assert_eq!(skeleton("ехаmple—ｃｂ"), "example-cb");
        assert_eq!(skeleton("Zoë"), "Zoë");
        assert_eq!(visible("a\u{feff} b\u{ad}\n"), "ab");
    }
}
