//! What must work in a worker, where there is no window.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use tokenscope::browser::subtle;
use tokenscope::crypto::{Verification, plan};
use tokenscope::jose::algorithm::Algorithm;
use tokenscope::jose::base64url;
use tokenscope::key;
use tokenscope::report::KeySource;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
async fn signatures_are_verified_without_a_window() {
    // RFC 8037 A.4 and A.5.
    let jwk = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let data = b"eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature = "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let key = &key::read(jwk, KeySource::Pasted).keys[0];
    let algorithm = Algorithm::named("EdDSA").unwrap();
    let plan = plan(algorithm, key, data, &base64url::decode(signature).bytes).unwrap();
    assert_eq!(subtle::verify(&plan).await, Verification::Valid);
}
