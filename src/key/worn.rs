//! PEM that went through more than a terminal: web pages, addresses, editors, source code, version control. The reader takes
//! what environment variables and chat windows do to a key; a second look takes the rest.

use crate::text;

/// Longer texts are not mended, in bytes.
const LONGEST: usize = 1 << 18;

/// Characters with names in HTML, as far as PEM and what stands around it has them.
const NAMED: [(&str, char); 9] = [
    ("nbsp", ' '),
    ("quot", '"'),
    ("apos", '\''),
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("plus", '+'),
    ("sol", '/'),
    ("equals", '='),
];

/// The blocks of PEM in a text, written as they should be; `None` where there are none to be found.
pub(super) fn mended(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let plain = characters(&percent_decoded(text));
    let lines: Vec<&str> = plain.lines().map(content).filter(|line| !line.is_empty()).collect();
    let mut mended = String::new();
    let mut open: Option<(String, Vec<&str>)> = None;
    for line in lines {
        match boundary(line) {
            Some((false, label)) => open = Some((label, Vec::new())),
            Some((true, end)) => {
                let (label, body) = open.take().unwrap_or_else(|| (end, Vec::new()));
                write(&mut mended, &label, &body);
            }
            None => {
                if let Some((_, body)) = &mut open {
                    body.push(line);
                }
            }
        }
    }
    if let Some((label, body)) = open {
        write(&mut mended, &label, &body);
    }
    Some(mended).filter(|mended| !mended.is_empty())
}

fn write(mended: &mut String, label: &str, body: &[&str]) {
    // RFC 1421 has lines with a name and a colon before the key.
    let lines = || body.iter().filter(|line| !line.contains(':'));
    // Lines that version control shows as added begin with a plus sign, every one of them.
    let is_added = lines().count() > 1 && lines().all(|line| line.starts_with('+'));
    if lines().count() == 0 {
        return;
    }
    for part in ["-----BEGIN ", label, "-----\n"] {
        mended.push_str(part);
    }
    for line in lines() {
        mended.push_str(line.strip_prefix('+').filter(|_| is_added).unwrap_or(line));
        mended.push('\n');
    }
    for part in ["-----END ", label, "-----\n"] {
        mended.push_str(part);
    }
}

/// Whether a line is a BEGIN line or an END line, and its label in capitals.
fn boundary(line: &str) -> Option<(bool, String)> {
    let upper = line.to_ascii_uppercase();
    let (before, behind) = match text::split_once(&upper, "BEGIN ") {
        Some(parts) => parts,
        None => match text::split_once(&upper, "END ") {
            Some((before, behind)) => return is_frame(before).then(|| label(behind)).flatten().map(|one| (true, one)),
            // The beginning of the line was not copied.
            None => {
                return upper
                    .split_once(' ')
                    .filter(|_| upper.ends_with("--"))
                    .and_then(|(_, rest)| Some((false, label(rest)?)));
            }
        },
    };
    is_frame(before).then(|| label(behind)).flatten().map(|label| (false, label))
}

/// Whether nothing but hyphens and decoration stands before the word.
fn is_frame(before: &str) -> bool {
    !before.contains(|character: char| character.is_ascii_alphabetic()) || before.ends_with('-')
}

fn label(behind: &str) -> Option<String> {
    let label = behind.trim_matches(|character: char| !character.is_ascii_alphanumeric());
    let is_label = |character: char| character.is_ascii_alphanumeric() || character == ' ';
    let known = ["KEY", "CERTIFICATE"].iter().any(|word| label.ends_with(word));
    (known && label.chars().all(is_label)).then(|| label.to_owned())
}

/// What of a line is the key's: what stands in quotes, without numbers and signs around it.
fn content(line: &str) -> &str {
    let is_quote = |character: char| matches!(character, '"' | '\'' | '`');
    let inside = match (line.find(is_quote), line.rfind(is_quote)) {
        (Some(first), Some(last)) if first < last => line.get(first + 1..last),
        _ => None,
    };
    let line = inside.unwrap_or(line).trim();
    // What joins the lines of a string in source code. A line of padding alone is the key's.
    if !line.contains(|character: char| character.is_ascii_alphanumeric()) && !line.bytes().all(|byte| byte == b'=') {
        return "";
    }
    let line = line.trim_start_matches(['>', '|', '"', '\'']).trim_end_matches([';', ',', '\\', '"', '\'']).trim();
    match line.split_once(char::is_whitespace) {
        Some((number, rest))
            if !number.is_empty()
                && number.trim_end_matches([':', '|', '.']).bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            rest.trim_start_matches(['|', ':', ' ', '\t'])
        }
        _ => line,
    }
}

/// The text of an address or of a form, where it is one.
fn percent_decoded(text: &str) -> String {
    let is_encoded = ["%0A", "%0a", "%0D", "%0d"].iter().any(|mark| text::contains(text, mark));
    if !is_encoded {
        return text.to_owned();
    }
    let mut octets = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let digit = |at: usize| behind.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        rest = behind;
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                octets.push((high << 4 | low) as u8);
                rest = behind.get(2..).unwrap_or_default();
            }
            (b'+', ..) => octets.push(b' '),
            _ => octets.push(*first),
        }
    }
    String::from_utf8_lossy(&octets).into_owned()
}

/// The characters that are meant: entities and escapes resolved, tags as line breaks, what is invisible left out.
fn characters(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let behind = rest.get(first.len_utf8()..).unwrap_or_default();
        rest = behind;
        let meant = match first {
            '&' => entity(behind),
            '\\' => escape(behind),
            '<' => tag(behind),
            _ => None,
        };
        let (character, length) = meant.unwrap_or((first, 0));
        rest = rest.get(length..).unwrap_or_default();
        match character {
            '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}' => {}
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{fe58}' | '\u{fe63}' | '\u{ff0d}' => plain.push('-'),
            '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => plain.push('\n'),
            '\n' => plain.push('\n'),
            other if other.is_whitespace() => plain.push(' '),
            other => plain.push(other),
        }
    }
    plain
}

/// The character of an entity, and how long the rest of it is.
fn entity(behind: &str) -> Option<(char, usize)> {
    let name = behind.get(..behind.bytes().take(10).position(|byte| byte == b';')?)?;
    let character = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
        None => NAMED.iter().find(|(known, _)| *known == name)?.1,
    };
    Some((character, name.len() + 1))
}

/// The character of an escape of JSON, and how long the rest of it is.
fn escape(behind: &str) -> Option<(char, usize)> {
    match behind.chars().next()? {
        'n' | 'r' => Some(('\n', 1)),
        't' => Some((' ', 1)),
        'u' => {
            let code = u32::from_str_radix(behind.get(1..5)?, 16).ok()?;
            Some((char::from_u32(code)?, 5))
        }
        slash @ ('/' | '"' | '\'' | '\\') => Some((slash, 1)),
        _ => None,
    }
}

/// A line break in the place of a tag, and how long the rest of the tag is.
fn tag(behind: &str) -> Option<(char, usize)> {
    let length = behind.bytes().take(100).position(|byte| byte == b'>')?;
    // What is marked as text is no part of the tag.
    let text = behind.strip_prefix("![CDATA[").map(|_| 8);
    Some(('\n', text.unwrap_or(length + 1)))
}
