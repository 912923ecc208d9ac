//! A refused request of a recording, as the text that the Response view reads: what `curl -v` would have printed.

use js_sys::Array;
use wasm_bindgen::JsCast;

use super::result::Refusal;

/// Where the token belongs. What is in a recording cannot hold this character, since JSON has it escaped.
const TOKEN: char = '\u{0}';

/// The text; [`with_token`] puts the token in.
pub fn text(refusal: &Refusal) -> String {
    let status = refusal.status().unwrap_or_default() as u64;
    let mut text = ["> ", &refusal.method(), " ", &refusal.url(), " HTTP/1.1\n"].concat();
    let mut push = |parts: &[&str]| parts.iter().for_each(|part| text.push_str(part));
    if refusal.token().is_some() {
        let scheme = refusal.scheme().unwrap_or_default();
        push(&["> Authorization: ", scheme.trim_end(), " ", &TOKEN.to_string(), "\n"]);
    }
    push(&["> \n< HTTP/1.1 ", &status.to_string(), "\n"]);
    for pair in refusal.headers().iter().map(JsCast::unchecked_into::<Array>) {
        let word = |at| pair.get(at).as_string().unwrap_or_default();
        push(&["< ", &word(0), ": ", &word(1), "\n"]);
    }
    push(&["< \n", &refusal.body()]);
    text
}

/// The text with the token in its place.
pub fn with_token(text: &str, token: &str) -> String {
    let (before, behind) = text.split_once(TOKEN).unwrap_or((text, ""));
    [before, token, behind].concat()
}
