//! Any token: its parts make up the text, and what is canonical is written as its bytes are.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tokenscope::jose::{base64url, read};

fuzz_target!(|text: &str| {
    let jose = read(text);
    let parts: Vec<&str> = jose.segments.iter().map(|segment| &text[segment.span.clone()]).collect();
    assert_eq!(parts.join("."), text);
    if jose.canonical {
        for (part, segment) in parts.iter().zip(&jose.segments).take(3) {
            assert_eq!(base64url::encode(&segment.bytes), *part);
        }
    }
    for document in [&jose.header, &jose.payload].into_iter().flatten() {
        tokenscope::claims::check(None, document, &Default::default(), Default::default());
    }
});
