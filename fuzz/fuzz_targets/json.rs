//! Any bytes: spans nest, faults are in order, and a text that is JSON is read again as itself.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tokenscope::json::{Value, read};

fn walk(value: &Value, start: usize, end: usize) {
    assert!(start <= value.span.start && value.span.start <= value.span.end && value.span.end <= end);
    value.items().iter().for_each(|item| walk(item, value.span.start, value.span.end));
    for member in value.members() {
        assert!(member.name_span.end <= member.value.span.start);
        walk(&member.value, value.span.start, value.span.end);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let document = read(bytes.to_vec());
    assert!(document.faults.windows(2).all(|pair| pair[0].at <= pair[1].at));
    if let Some(root) = &document.root {
        walk(root, 0, bytes.len());
    }
    if document.is_json() {
        assert!(std::str::from_utf8(bytes).is_ok());
        let root = document.root.as_ref().unwrap();
        assert!(read(document.raw(root).into_bytes()).is_json());
    }
});
