//! The pattern language of the table: what an issuer, an id or a prefix looks like.
//!
//! A pattern is text with places in it. `<name>` stands for one or more characters other than `/`, `<name*>` for one or
//! more of any kind, and `<name:class>` for one or more of a class: `digits`, `letters`, `hex`, `HEX`, `word` (letters and
//! digits), `token` (those, `-` and `_`). A number behind the class demands exactly so many: `<id:word17>`.
//! `<name:guid>` stands for a GUID.
//!
//! Matching takes time in proportion to the text times the pattern, because it walks all the ways at once.

/// Longer texts are cut where a pattern ends with a place for anything, and fit no other.
const LONGEST: usize = 512;

/// Whether the whole text fits the pattern.
pub fn fits(pattern: &str, text: &str) -> bool {
    let mut bytes = text.as_bytes();
    if bytes.len() > LONGEST {
        if !pattern.ends_with("*>") {
            return false;
        }
        bytes = bytes.get(..LONGEST).unwrap_or_default();
    }
    // Every position that the part of the pattern so far can end at, in order.
    let mut ends = vec![0];
    let mut rest = pattern;
    while !rest.is_empty() && !ends.is_empty() {
        let literal = rest.find('<').unwrap_or(rest.len());
        let (before, from) = rest.split_at_checked(literal).unwrap_or((rest, ""));
        ends.retain(|end| bytes.get(*end..).is_some_and(|left| left.starts_with(before.as_bytes())));
        for end in &mut ends {
            *end += before.len();
        }
        let Some((place, after)) = from.get(1..).and_then(|from| from.split_once('>')) else { break };
        ends = Place::read(place).ends(bytes, &ends);
        rest = after;
    }
    ends.last() == Some(&bytes.len())
}

/// A place of a pattern.
struct Place {
    takes: fn(u8) -> bool,
    count: Option<usize>,
}

impl Place {
    fn read(name: &str) -> Place {
        let Some((_, class)) = name.split_once(':') else {
            let takes: fn(u8) -> bool = if name.ends_with('*') { |_| true } else { |byte| byte != b'/' };
            return Place { takes, count: None };
        };
        if class == "guid" {
            return Place { takes: |byte| byte.is_ascii_hexdigit() || byte == b'-', count: Some(36) };
        }
        let word = class.trim_end_matches(|character: char| character.is_ascii_digit());
        let takes: fn(u8) -> bool = match word {
            "digits" => |byte| byte.is_ascii_digit(),
            "letters" => |byte| byte.is_ascii_alphabetic(),
            "hex" => |byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'),
            "HEX" => |byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'),
            "token" => |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'),
            _ => |byte| byte.is_ascii_alphanumeric(),
        };
        Place { takes, count: class.get(word.len()..).and_then(|count| count.parse().ok()) }
    }

    /// Every position that this place can end at, when it can begin at any of these.
    fn ends(&self, bytes: &[u8], begins: &[usize]) -> Vec<usize> {
        let takes = |at: usize| bytes.get(at).is_some_and(|byte| (self.takes)(*byte));
        if let Some(count) = self.count {
            let fits = |begin: &&usize| (**begin..**begin + count).all(takes);
            return begins.iter().filter(fits).map(|begin| begin + count).collect();
        }
        let mut ends = Vec::new();
        let mut begins = begins.iter().peekable();
        let mut at = begins.peek().map_or(bytes.len(), |begin| **begin);
        let mut open = false;
        while at < bytes.len() {
            open |= begins.next_if(|begin| **begin == at).is_some();
            open &= takes(at);
            at += 1;
            if open {
                ends.push(at);
            }
        }
        ends
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(pattern: &str, fitting: &[&str], others: &[&str]) {
        for text in fitting {
            assert!(fits(pattern, text), "{pattern} {text}");
        }
        for text in others {
            assert!(!fits(pattern, text), "{pattern} {text}");
        }
    }

    #[test]
    fn places_take_what_they_say() {
        check("a", &["a"], &["", "aa", "b"]);
        check("", &[""], &["a"]);
        check("https://<org>.okta.com", &["https://a.b.okta.com"], &["https://.okta.com", "https://a/.okta.com"]);
        check("<x*>/realms/<realm>", &["h/realms/a/realms/b"], &["h/realms/a/b", "/realms/a"]);
        check("<id:word17>", &["1abcdefghijklmnop"], &["1abcdefghijklmno", "1abcdefghijklmnopq", "1abcdefghijklmno_"]);
        check("<id:HEX32>", &["0123456789ABCDEF0123456789ABCDEF"], &["0123456789abcdef0123456789abcdef"]);
        check("<n:digits>:<t>", &["12:a"], &["a:a", ":a", "12:"]);
        check("<t:guid>!", &["9188040d-6c67-4c5b-b112-36a304b66dad!"], &["9188040d!"]);
        check("<a*><b*>c", &["xyc", "xycc"], &["xc", "xy"]);
    }

    #[test]
    fn long_texts_are_cut_for_an_open_end_only() {
        let long = format!("ya29.{}", "é".repeat(5000));
        check("ya29.<rest*>", &[&long], &[]);
        check("<a>", &[], &[&long]);
    }

    proptest! {
        /// The obvious matcher, which tries every length, is the independent implementation.
        #[test]
        fn it_fits_as_the_obvious_matcher_says(pattern in "(a|b|/|<x>|<x\\*>|<x:digits2>|<x:digits>){0,6}", text in "[ab/1]{0,9}") {
            prop_assert_eq!(fits(&pattern, &text), obvious(&pattern, text.as_bytes()));
        }

        #[test]
        fn it_never_panics(pattern in ".{0,20}", text in ".{0,20}") {
            fits(&pattern, &text);
        }
    }

    fn obvious(pattern: &str, text: &[u8]) -> bool {
        let Some(first) = pattern.chars().next() else { return text.is_empty() };
        if first != '<' {
            return text.first() == Some(&(first as u8)) && obvious(&pattern[1..], &text[1..]);
        }
        let (place, rest) = pattern[1..].split_once('>').unwrap();
        let takes = |byte: &u8| match place {
            "x" => *byte != b'/',
            "x*" => true,
            _ => byte.is_ascii_digit(),
        };
        (1..=text.len()).any(|length| {
            text[..length].iter().all(takes) && (place != "x:digits2" || length == 2) && obvious(rest, &text[length..])
        })
    }
}
