//! Any text: tokens are ranges of it, in order and apart.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut at = 0;
    for candidate in tokenscope::sniff::sniff(text).candidates {
        assert!(!candidate.pieces.is_empty());
        for piece in &candidate.pieces {
            assert!(at <= piece.start && piece.start < piece.end && text.get(piece.clone()).is_some());
            at = piece.end;
        }
    }
});
