//! Tests that need a browser: what WebCrypto, the DOM or a 32-bit target could change.
//!
//! `script/test wasm` runs them in headless Chromium. Files named `tests/browser*.rs` belong to this step.
#![cfg(target_arch = "wasm32")]

use tokenscope::time::Time;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn times_read_as_the_browser_writes_them() {
    for seconds in [-62_135_596_800_i64, -1, 0, 951_782_400, 1_795_183_200, 4_294_967_296, 253_402_300_799] {
        let here = Time::from_seconds(seconds).rfc3339();
        let theirs = String::from(js_sys::Date::new(&(seconds as f64 * 1000.0).into()).to_iso_string());
        assert_eq!(here.trim_end_matches('Z'), theirs.trim_end_matches(".000Z"), "{seconds} seconds");
    }
}
