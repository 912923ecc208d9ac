//! The snippet: probes that a developer runs in the console of the app itself, where they speak of the app's own origin.
//!
//! Its text is `src/data/snippet.js`; a comment in it marks each place. It carries no token: header values are
//! placeholders.

use super::Credentials;
use crate::json;
use crate::text;

const TEMPLATE: &str = include_str!("../data/snippet.js");

/// The snippet for a request. Of the headers only names are used; a line `name: value` gives its name. With
/// [`Credentials::Include`] one of the probes is made with credentials.
///
/// Methods that may change something on the server are not sent: the snippet has a constant to opt in.
///
/// ```
/// use tokenscope::cors::{Credentials, snippet::snippet};
/// let text = snippet("https://api.example/</script>", "PUT", &["Authorization: Bearer x".to_owned()], Credentials::Omit);
/// assert!(text.contains("\"https://api.example/\\u003c/script>\""));
/// assert!(text.contains("[\"Authorization\"]"));
/// assert!(!text.contains("Bearer x"));
/// ```
pub fn snippet(url: &str, method: &str, headers: &[String], credentials: Credentials) -> String {
    let names: Vec<String> = headers.iter().filter_map(|line| name(line)).map(quoted).collect();
    let mut list = String::from("[");
    for (at, name) in names.iter().enumerate() {
        if at > 0 {
            list.push_str(", ");
        }
        list.push_str(name);
    }
    list.push(']');
    let method = Some(method.trim()).filter(|method| is_token(method)).unwrap_or("GET");
    let credentials = match credentials {
        Credentials::Omit => "omit",
        Credentials::SameOrigin => "same-origin",
        Credentials::Include => "include",
    };
    let mut filled = String::with_capacity(TEMPLATE.len() + url.len() + list.len());
    let mut rest = TEMPLATE;
    for (mark, value) in [
        ("/*url*/ \"\"", quoted(url.trim())),
        ("/*method*/ \"GET\"", quoted(method)),
        ("/*headers*/ []", list),
        ("/*credentials*/ \"include\"", quoted(credentials)),
    ] {
        // The places stand in this order, and what was filled in is never looked at again.
        let Some((before, behind)) = text::split_once(rest, mark) else { continue };
        filled.push_str(before);
        filled.push_str(&value);
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

/// The name in a header line, when it is one.
fn name(line: &str) -> Option<&str> {
    let name = line.split(':').next().unwrap_or_default().trim();
    is_token(name).then_some(name)
}

fn is_token(text: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(token)
}

/// A text as a JavaScript string that stays one inside markup, and in engines to which U+2028 ends a line.
fn quoted(value: &str) -> String {
    let value = json::quoted(value);
    let value = text::replace(&value, "<", "\\u003c");
    let value = text::replace(&value, "\u{2028}", "\\u2028");
    text::replace(&value, "\u{2029}", "\\u2029")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_place_is_filled_once() {
        let text =
            snippet("https://api.example/", "PATCH", &["x-a".to_owned(), "b c".to_owned()], Credentials::SameOrigin);
        for line in [
            "const URL_PROBED = \"https://api.example/\";",
            "const METHOD = \"PATCH\";",
            "const HEADERS = [\"x-a\"];",
            "const CREDENTIALS = \"same-origin\";",
            "const SEND_METHOD = false;",
        ] {
            assert_eq!(text.matches(line).count(), 1, "{line}");
        }
    }

    proptest! {
        /// Nothing breaks out of the strings: each is JSON that reads back as what was put in.
        #[test]
        fn nothing_breaks_out(url in "[ -~\u{2028}\u{2029}\n\r\t<\"\\\\/*`${}é]{0,40}", header in "\\PC{0,12}") {
            let text = snippet(&url, &url, std::slice::from_ref(&header), Credentials::Omit);
            let line = text.lines().find_map(|line| line.trim().strip_prefix("const URL_PROBED = ")).unwrap();
            let read: String = serde_json::from_str(line.strip_suffix(';').unwrap()).unwrap();
            prop_assert_eq!(read, url.trim());
            prop_assert_eq!(text.lines().count(), TEMPLATE.lines().count());
            let code_before = TEMPLATE.split("/*url*/").next().unwrap();
            prop_assert!(text.starts_with(code_before));
            let inserted = text.strip_prefix(code_before).unwrap();
            let has = |mark: &str| inserted.split("const SAFE").next().unwrap().contains(mark);
            for mark in ["<", "\u{2028}", "\u{2029}"] {
                prop_assert!(!has(mark), "{}", text);
            }
        }
    }
}
