//! The addresses that may be fetched mean to the browser what they mean to the core: otherwise a button would name
//! another host than the one that is asked.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::panic, reason = "the helpers of tests are tests too")]

use tokenscope::discovery::{Guard, public_url};
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen]
extern "C" {
    type URL;

    #[wasm_bindgen(constructor, catch)]
    fn new(text: &str) -> Result<URL, JsValue>;

    #[wasm_bindgen(method, getter)]
    fn href(this: &URL) -> String;

    #[wasm_bindgen(method, getter)]
    fn origin(this: &URL) -> String;

    #[wasm_bindgen(method, getter)]
    fn host(this: &URL) -> String;
}

/// Whether the core takes the text; if so, the browser must read the same from it.
fn check(text: &str) -> bool {
    let Ok(ours) = public_url(text, &Guard::default()) else {
        return false;
    };
    let theirs = URL::new(text).unwrap_or_else(|_| panic!("the browser refuses {text}"));
    // In a query the browser writes an apostrophe as %27, which every server reads as the same.
    let expected = match ours.as_str().split_once('?') {
        Some((before, query)) => format!("{before}?{}", query.replace('\'', "%27")),
        None => ours.as_str().to_owned(),
    };
    assert_eq!(theirs.href(), expected, "{text}");
    assert_eq!(theirs.origin(), ours.origin(), "{text}");
    assert_eq!(theirs.host(), ours.host(), "{text}");
    true
}

#[wasm_bindgen_test]
fn the_browser_reads_the_same_from_every_address_in_the_corpus() {
    let rows = include_str!("corpus/discovery/urls.txt").lines().filter(|line| !line.starts_with('#'));
    let taken = rows.filter_map(|line| line.split_once(" <- ")).filter(|(_, text)| check(text)).count();
    assert!(taken >= 12, "only {taken} were taken");
}

#[wasm_bindgen_test]
fn the_browser_reads_the_same_from_every_character_in_every_place() {
    let places = ["https://as.example/a", "https://as", "https://as.example:44", "https://as.example/a?b", "https:"];
    let mut taken = 0;
    for place in places {
        for first in 0..=0x100_u32 {
            for second in ["", ".", "/", "@b.example", "1", "%2e/c", "\\b"] {
                let first = char::from_u32(first).unwrap_or(' ');
                taken += u32::from(check(&format!("{place}{first}{second}")));
                taken += u32::from(check(&format!("{place}/{first}{second}?{first}")));
            }
        }
    }
    assert!(taken >= 1000, "only {taken} were taken");
}

#[wasm_bindgen_test]
fn the_browser_reads_the_same_from_addresses_put_together_at_random() {
    const PARTS: &[&str] = &[
        "https://",
        "http://",
        "HTTPS://",
        "localhost",
        "127.0.0.1",
        "as",
        ".",
        "example",
        "EXAMPLE",
        ":",
        "443",
        "80",
        "8443",
        "/",
        "//",
        "..",
        "%2E",
        "?",
        "&",
        "=",
        "%",
        "%zz",
        "-",
        "_",
        "0x7f",
        "1",
        "0",
        "256",
        "@",
        "xn--",
        "~",
        "'",
        ";",
    ];
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut taken = 0;
    for _ in 0..200_000 {
        let mut text = String::from("https://");
        for at in 0..7 {
            // Xorshift: the same addresses in every run.
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            let part = PARTS[(state >> 33) as usize % PARTS.len()];
            if at == 0 && part.ends_with("//") {
                text.clear();
            }
            text.push_str(part);
        }
        taken += u32::from(check(&text));
    }
    assert!(taken >= 5000, "only {taken} were taken");
}
