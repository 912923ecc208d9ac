//! Whether a text is the beginning of a HAR file: it may be too long to be read here.

/// How far into the text the beginning is looked for.
const BEGINNING: usize = 1 << 16;

/// Whether the text begins as a HAR file does: an object with `log`, which is an object with `version`, `creator` or
/// `entries` ([HAR 1.2](http://www.softwareishard.com/blog/har-12-spec/)).
pub(crate) fn is_beginning(text: &str) -> bool {
    let mut end = text.len().min(BEGINNING);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = text.get(..end).unwrap_or_default();
    let text = text.trim_start_matches(|one: char| one.is_whitespace() || one == '\u{feff}');
    if !text.starts_with('{') {
        return false;
    }
    let members = |names: &[&str]| names.iter().any(|name| crate::text::contains(text, name));
    crate::text::positions(text, "\"log\"").into_iter().any(|at| {
        let behind = text.get(at + 5..).unwrap_or_default().trim_start();
        behind.strip_prefix(':').is_some_and(|behind| behind.trim_start().starts_with('{'))
    }) && members(&["\"entries\"", "\"creator\"", "\"version\"", "\"pages\"", "\"browser\""])
}
