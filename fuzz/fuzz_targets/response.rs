//! Answers in any form: what is pasted is recognised, explained and written out, whatever it is.

#![no_main]

use std::sync::OnceLock;

use libfuzzer_sys::fuzz_target;
use tokenscope::response_doctor::{Case, Catalogue, explain, explanation, json, masking};
use tokenscope::time::Time;

fuzz_target!(|text: &str| {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    // A few rows are enough: what is fuzzed is the reading of answers, not the data.
    let catalogue = CATALOGUE.get_or_init(|| {
        Catalogue::read(concat!(
            r#"{"okta_oauth":"#,
            include_str!("../../src/data/catalogue/okta_oauth.json"),
            r#","bodies":"#,
            include_str!("../../src/data/catalogue/bodies.json"),
            r#","scopes":"#,
            include_str!("../../src/data/catalogue/scopes.json"),
            "}"
        ))
    });
    let now = Time::from_seconds(1_795_183_200);
    let (answer, request) = text.split_once("--- request\n").unwrap_or((text, ""));
    let case = Case { answer: answer.to_owned(), request: request.to_owned(), ..Case::default() };
    let explained = explain(&case, catalogue, now);
    let _ = json::text(&explained, catalogue, now);
    let _ = explanation::report(&explained, catalogue, now);
    let masked = masking::mask(answer, &[]);
    assert_eq!(masking::mask(&masked.text, &masked.values).text, masked.text);
});
