//! Any token, in any serialisation: its parts make up the text, and what is canonical is written as its bytes are.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tokenscope::jose::serialized::Serialized;
use tokenscope::jose::{Jose, base64url, read};

fuzz_target!(|text: &str| {
    let jose = read(text);
    if let Some(serialized) = Serialized::read(text) {
        for index in 0..serialized.count().min(8) {
            check(text, &serialized.jose(index));
        }
    } else {
        let parts: Vec<&str> = jose.segments.iter().map(|segment| &text[segment.span.clone()]).collect();
        assert_eq!(parts.join("."), text);
        let is_free = jose.header.as_ref().is_some_and(tokenscope::jose::is_unencoded);
        if jose.canonical && !is_free {
            for (part, segment) in parts.iter().zip(&jose.segments).take(3) {
                assert_eq!(base64url::encode(&segment.bytes), *part);
            }
        }
    }
    check(text, &jose);
});

fn check(text: &str, jose: &Jose) {
    let mut at = 0;
    for segment in &jose.segments {
        assert!(at <= segment.span.start && text.get(segment.span.clone()).is_some(), "{:?}", segment.span);
        at = segment.span.end;
    }
    for document in [&jose.header, &jose.payload].into_iter().flatten() {
        tokenscope::claims::check(None, document, &Default::default(), Default::default());
    }
}
