//! Any SD-JWT: what is behind a token, what it discloses, and the payload that comes of it, which is JSON.
#![no_main]

use libfuzzer_sys::fuzz_target;
use tokenscope::jose::base64url;
use tokenscope::{disclosure, json};

fuzz_target!(|input: (&str, &str, Vec<&str>)| {
    let (payload, behind, disclosures) = input;
    let mut text = ["eyJhbGciOiJFUzI1NiJ9", &base64url::encode(payload.as_bytes()), "c2ln"].join(".");
    for disclosure in disclosures {
        text.push('~');
        text.push_str(&base64url::encode(disclosure.as_bytes()));
    }
    text.push('~');
    text.push_str(behind);
    for text in [text.as_str(), behind] {
        let Some(disclosure) = disclosure::read(text, &json::read(payload.as_bytes().to_vec())) else { continue };
        let _ = disclosure.holder_key();
        if let Some(processed) = disclosure.processed {
            assert!(json::read(processed).is_json());
        }
    }
});
