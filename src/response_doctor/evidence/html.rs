//! What can be read of an HTML page: its title and its text. No element is ever made of it.

use super::Body;

/// Elements whose content nobody reads.
const UNREAD: &[&str] = &["script", "style", "template", "svg", "head", "noscript"];

/// Elements that stand within a line.
const INLINE: &[&str] =
    &["a", "abbr", "b", "code", "em", "font", "i", "kbd", "mark", "small", "span", "strong", "u", "tt"];

/// Characters by their names, as error pages use them.
const NAMED: &[(&str, &str)] = &[
    ("amp", "&"),
    ("apos", "'"),
    ("copy", "©"),
    ("gt", ">"),
    ("hellip", "…"),
    ("laquo", "«"),
    ("ldquo", "“"),
    ("lsquo", "‘"),
    ("lt", "<"),
    ("mdash", "—"),
    ("middot", "·"),
    ("nbsp", " "),
    ("ndash", "–"),
    ("quot", "\""),
    ("raquo", "»"),
    ("rdquo", "”"),
    ("rsquo", "’"),
];

/// The longest name or number of a character.
const LONGEST_NAME: usize = 8;

/// Where an HTML page begins in a text.
pub(super) fn beginning(text: &str) -> Option<usize> {
    let starts =
        |at: usize, word: &str| text.get(at..at + word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word));
    let opens = |at: usize| ["<!doctype html", "<html"].iter().any(|word| starts(at, word));
    let own = text.len() - text.trim_start().len();
    if starts(own, "<!--") || ["<head", "<body", "<title", "<h1", "<center"].iter().any(|word| starts(own, word)) {
        return Some(own);
    }
    text.bytes().enumerate().filter(|(_, byte)| *byte == b'<').map(|(at, _)| at).find(|at| opens(*at))
}

/// Reads a page.
pub(super) fn body(page: &str) -> Body {
    let mut title = String::new();
    let mut text = String::new();
    let mut unread: Option<String> = None;
    let mut in_title = false;
    let mut rest = page;
    while !rest.is_empty() {
        let Some(at) = rest.find('<') else {
            push(in_title, unread.is_some(), &mut title, &mut text, rest);
            break;
        };
        let (before, behind) = rest.split_at_checked(at).unwrap_or((rest, ""));
        push(in_title, unread.is_some(), &mut title, &mut text, before);
        if let Some(comment) = behind.strip_prefix("<!--") {
            rest = crate::text::split_once(comment, "-->").map_or("", |(_, rest)| rest);
            continue;
        }
        let inside = behind.get(1..).unwrap_or_default();
        if !inside.starts_with(|one: char| one.is_ascii_alphabetic() || matches!(one, '/' | '!' | '?')) {
            // No element begins here.
            push(in_title, unread.is_some(), &mut title, &mut text, "<");
            rest = inside;
            continue;
        }
        let (tag, next) = element(inside);
        rest = next;
        let closes = tag.starts_with('/');
        let name = tag.trim_start_matches('/');
        let name = name.split(|one: char| !one.is_ascii_alphanumeric()).next().unwrap_or_default();
        let name = name.to_ascii_lowercase();
        match &unread {
            Some(element) if closes && *element == name => unread = None,
            // The title stands inside of the head.
            Some(element) if element == "head" && name == "title" => in_title = !closes,
            Some(element) if element == "head" && name == "body" => unread = None,
            Some(element) if element == "head" && is_raw(&name) && !closes => rest = behind_raw(rest, &name),
            Some(_) => {}
            None if name == "title" => in_title = !closes,
            None if is_raw(&name) => rest = if closes { rest } else { behind_raw(rest, &name) },
            None if !closes && !tag.ends_with('/') && UNREAD.contains(&name.as_str()) => unread = Some(name),
            None if !INLINE.contains(&name.as_str()) => text.push('\n'),
            None => {}
        }
    }
    Body::Html { title: lines(&title).join(" "), text: lines(&text).join("\n") }
}

/// The inside of a tag, and what stands behind it; a `>` inside quotation marks does not end it.
fn element(inside: &str) -> (&str, &str) {
    let mut quote = None;
    for (at, byte) in inside.bytes().enumerate().take(1 << 14) {
        match (quote, byte) {
            (None, b'>') => return (inside.get(..at).unwrap_or_default(), inside.get(at + 1..).unwrap_or_default()),
            (None, b'"' | b'\'') if inside.get(..at).is_some_and(|before| before.trim_end().ends_with('=')) => {
                quote = Some(byte);
            }
            (Some(mark), end) if mark == end => quote = None,
            _ => {}
        }
    }
    // It does not end, or not soon: up to the next sign of an end.
    match inside.find('>') {
        Some(at) => (inside.get(..at).unwrap_or_default(), inside.get(at + 1..).unwrap_or_default()),
        None => (inside, ""),
    }
}

/// Elements whose content is no markup.
fn is_raw(name: &str) -> bool {
    matches!(name, "script" | "style")
}

/// What stands behind the end of an element whose content is no markup.
fn behind_raw<'a>(text: &'a str, name: &str) -> &'a str {
    let ends = |at: usize| {
        let rest = text.get(at..).and_then(|rest| rest.strip_prefix("</"));
        rest.and_then(|rest| rest.get(..name.len())).is_some_and(|word| word.eq_ignore_ascii_case(name))
    };
    let mut places = text.bytes().enumerate().filter(|(_, byte)| *byte == b'<').map(|(at, _)| at);
    places.find(|at| ends(*at)).and_then(|at| text.get(at..)).unwrap_or_default()
}

fn push(in_title: bool, unread: bool, title: &mut String, text: &mut String, run: &str) {
    if in_title {
        push_decoded(title, run);
    } else if !unread {
        push_decoded(text, run);
    }
}

/// Lines without superfluous white space, and without empty ones.
fn lines(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| {
        let words: Vec<&str> = line.split_whitespace().collect();
        words.join(" ")
    });
    lines.filter(|line| !line.is_empty()).collect()
}

/// Appends a text with its character references resolved.
pub(super) fn push_decoded(plain: &mut String, text: &str) {
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('&') {
        plain.push_str(before);
        let end = behind.bytes().take(LONGEST_NAME + 1).position(|byte| byte == b';');
        let known = end.and_then(|end| Some((character(behind.get(..end)?)?, behind.get(end + 1..)?)));
        match known {
            Some((character, next)) => {
                plain.push_str(&character);
                rest = next;
            }
            None => {
                plain.push('&');
                rest = behind;
            }
        }
    }
    plain.push_str(rest);
}

/// The character that a reference names.
fn character(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(digits) => u32::from_str_radix(digits, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).map(String::from);
    }
    NAMED.iter().find(|(known, _)| *known == name).map(|(_, character)| (*character).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn title_and_text_are_read() {
        let check = |page: &str, title: &str, text: &str| {
            let expected = Body::Html { title: title.to_owned(), text: text.to_owned() };
            assert_eq!(body(page), expected, "{page}");
        };
        check(
            "<!DOCTYPE html><html><head><title>403 Forbidden</title><style>a>b{}</style></head><body>\n<center><h1>403 Forbidden</h1></center><hr><center>nginx</center></body></html>",
            "403 Forbidden",
            "403 Forbidden\nnginx",
        );
        check("<title>a &amp; b&#39;s &#x2014; &unknown;</title>", "a & b's — &unknown;", "");
        check("<p>1 < 2<script>if (a < b) document.write('<p>')</script> <b>bold</b> word", "", "1 < 2 bold word");
        check("<body class=\"a>b\" id='c'>x</body>", "", "x");
        check("<!-- <p>no</p> -->yes<", "", "yes<");
    }

    #[test]
    fn a_page_is_found_behind_other_text() {
        assert_eq!(beginning("answer:\n<!DOCTYPE html><html>"), Some(8));
        assert_eq!(beginning("  <h1>Forbidden</h1>"), Some(2));
        assert_eq!(beginning("<samlp:Response>"), None);
        assert_eq!(beginning("é<"), None);
    }
}
