//! The wasm module for other pages and for scripts: the JavaScript API, without the page.
//!
//! What a module exports stands in its binary and not in the library, where every module would carry all of it.

fn main() {}

#[cfg(target_arch = "wasm32")]
mod exports {
    use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

    /// Inspects a text and resolves with its report (`docs/report.md`).
    #[wasm_bindgen]
    pub async fn inspect(text: JsValue, options: JsValue) -> Result<JsValue, JsError> {
        tokenscope::api::inspect(text, options).await
    }
}
