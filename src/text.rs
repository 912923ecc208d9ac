//! Searching text for text.
//!
//! The standard library searches for needles of any length in linear time. Ours are a few characters long, and its
//! search, with the messages and Unicode tables that it may fail with, weighs several kilobytes; so nothing else in the
//! core asks it to look for a string.

/// Where `needle` stands in `text` for the first time, in bytes. An empty needle stands nowhere.
///
/// ```
/// assert_eq!(tokenscope::text::find("https://a", "://"), Some(5));
/// ```
pub fn find(text: &str, needle: &str) -> Option<usize> {
    let (text, needle) = (text.as_bytes(), needle.as_bytes());
    let first = needle.first()?;
    let mut rest = text;
    loop {
        rest = rest.get(rest.iter().position(|byte| byte == first)?..)?;
        if rest.starts_with(needle) {
            return Some(text.len() - rest.len());
        }
        rest = rest.get(1..)?;
    }
}

/// Every place where `needle` stands in `text`, without overlaps.
pub fn positions(text: &str, needle: &str) -> Vec<usize> {
    let mut positions = Vec::new();
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| find(rest, needle)) {
        positions.push(from + at);
        from += at + needle.len();
    }
    positions
}

/// Whether `needle` stands in `text`.
pub fn contains(text: &str, needle: &str) -> bool {
    find(text, needle).is_some()
}

/// What stands before the first `needle`, and what behind it.
///
/// ```
/// assert_eq!(tokenscope::text::split_once("https://a", "://"), Some(("https", "a")));
/// ```
pub fn split_once<'a>(text: &'a str, needle: &str) -> Option<(&'a str, &'a str)> {
    let at = find(text, needle)?;
    Some((text.get(..at)?, text.get(at + needle.len()..)?))
}

/// The text with every `needle` replaced.
///
/// ```
/// assert_eq!(tokenscope::text::replace("a~1b~1", "~1", "/"), "a/b/");
/// ```
pub fn replace(text: &str, needle: &str, by: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = split_once(rest, needle) {
        replaced.push_str(before);
        replaced.push_str(by);
        rest = behind;
    }
    replaced.push_str(rest);
    replaced
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    proptest! {
        /// The standard library is the independent implementation.
        #[test]
        fn everything_is_found_where_the_standard_library_finds_it(text in "[ab~é]{0,12}", needle in "[ab~é]{1,3}") {
            let needle = needle.as_str();
            prop_assert_eq!(super::find(&text, needle), text.find(needle));
            prop_assert_eq!(super::contains(&text, needle), text.contains(needle));
            prop_assert_eq!(super::split_once(&text, needle), text.split_once(needle));
            prop_assert_eq!(super::replace(&text, needle, "x"), text.replace(needle, "x"));
            let positions: Vec<usize> = text.match_indices(needle).map(|(at, _)| at).collect();
            prop_assert_eq!(super::positions(&text, needle), positions);
        }
    }
}
