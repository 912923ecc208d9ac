//! Pasted text without what the way of pasting put around it: colours, fences, marks of quotation, times of a log.

use crate::http::text::without_colours;

/// How often a text may be quoted.
const MOST_QUOTES: usize = 4;

/// The text with plain line ends, and without byte order marks, colours, fences, quotation and times before its lines.
pub(super) fn cleaned(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.split('\n') {
        let line = line.trim_start_matches('\u{feff}');
        let line = without_colours(line.trim_end_matches('\r'));
        if !is_fence(line.trim()) {
            lines.push(plainly_indented(&line));
        }
    }
    for _ in 0..MOST_QUOTES {
        if !unquote(&mut lines) {
            break;
        }
    }
    // The fences may stand inside of what is quoted.
    lines.retain(|line| !is_fence(line.trim()));
    untime(&mut lines);
    let whole = lines.join("\n");
    // Inline code.
    let trimmed = whole.trim();
    match trimmed.strip_prefix('`').and_then(|rest| rest.strip_suffix('`')) {
        Some(inside) if !inside.contains('`') => inside.to_owned(),
        _ => whole,
    }
}

/// A line that begins or ends code in Markdown or in the notation of Jira.
fn is_fence(line: &str) -> bool {
    let word = |rest: &str| rest.len() <= 16 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if let Some(rest) = line.strip_prefix("```").or_else(|| line.strip_prefix("~~~")) {
        return word(rest.trim());
    }
    let inside = line.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
    inside.is_some_and(|name| matches!(name.split(':').next(), Some("code" | "noformat")))
}

/// Spaces that do not break, as mail programs and chats put them, are spaces where they indent.
fn plainly_indented(line: &str) -> String {
    let rest = line.trim_start();
    let indent = line.get(..line.len() - rest.len()).unwrap_or_default();
    if indent.is_ascii() {
        return line.to_owned();
    }
    let mut plain: String = indent.chars().map(|one| if one == '\t' { '\t' } else { ' ' }).collect();
    plain.push_str(rest);
    plain
}

/// Takes a mark of quotation from every line, when every line has one.
fn unquote(lines: &mut [String]) -> bool {
    let mut filled = lines.iter().filter(|line| !line.trim().is_empty()).peekable();
    if filled.peek().is_none() || !filled.all(|line| line.trim_start().starts_with('>')) {
        return false;
    }
    for line in lines {
        let rest = line.trim_start().strip_prefix('>').unwrap_or_default();
        *line = rest.strip_prefix(' ').unwrap_or(rest).trim_start_matches('\u{feff}').to_owned();
    }
    true
}

/// Takes the times from the lines of a log: where every line has one, or before the marks of `curl -v --trace-time`.
fn untime(lines: &mut [String]) {
    let mut filled = lines.iter().filter(|line| !line.trim().is_empty());
    let several = filled.clone().nth(1).is_some();
    let all = several && filled.all(|line| behind_time(line).is_some());
    for line in lines {
        let Some(rest) = behind_time(line) else { continue };
        let marked = rest.starts_with(['<', '>', '*', '=', '{', '}']) || rest.starts_with("HTTP/");
        if all || marked {
            *line = rest.to_owned();
        }
    }
}

/// What stands behind a date and a time at the beginning of a line, or behind a time alone.
fn behind_time(line: &str) -> Option<&str> {
    let line = line.strip_prefix('[').unwrap_or(line);
    let date = line.get(..10).filter(|date| has_form(date.as_bytes(), b"0000-00-00"));
    let time = match date {
        Some(_) => line.get(10..)?.strip_prefix(['T', ' '])?,
        None => line,
    };
    time.get(..8).filter(|time| has_form(time.as_bytes(), b"00:00:00"))?;
    let rest = time.get(8..)?;
    let end = rest.find(|one: char| !(one.is_ascii_digit() || matches!(one, '.' | ',' | 'Z' | '+' | ':' | '-')));
    let rest = rest.get(end?..)?;
    let rest = rest.strip_prefix(']').unwrap_or(rest);
    rest.strip_prefix(' ').or_else(|| rest.strip_prefix('\t'))
}

/// Whether a text has digits where the form has zeros, and else the form's own characters.
fn has_form(text: &[u8], form: &[u8]) -> bool {
    text.len() == form.len()
        && text.iter().zip(form).all(|(one, wanted)| if *wanted == b'0' { one.is_ascii_digit() } else { one == wanted })
}

#[cfg(test)]
mod tests {
    use super::cleaned;

    #[test]
    fn what_pasting_put_around_is_taken_away() {
        let check = |text: &str, expected: &str| assert_eq!(cleaned(text), expected, "{text:?}");
        check("\u{feff}a\r\nb\r\n", "a\nb\n");
        check("\u{1b}[1mHTTP/2\u{1b}[0m 401", "HTTP/2 401");
        check("```http\nHTTP/2 401\n```", "HTTP/2 401");
        check("{code:json}\n{\"a\":1}\n{code}", "{\"a\":1}");
        check("> > HTTP/2 401\n> > a: b", "HTTP/2 401\na: b");
        check("`Bearer error=\"x\"`", "Bearer error=\"x\"");
        check("2026-11-20T13:41:07.123Z a\n2026-11-20T13:41:08Z b", "a\nb");
        check("13:41:07.123456 < HTTP/2 401\n{}", "< HTTP/2 401\n{}");
        check("2026-11-20 13:41:07 failed", "2026-11-20 13:41:07 failed");
        check("\u{a0}\u{a0}a\u{a0}b", "  a\u{a0}b");
    }
}
