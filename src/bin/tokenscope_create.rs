//! The wasm module of the Create view, and of `sign`, `encrypt` and `generateKey`. It is loaded on first use.

fn main() {}

#[cfg(target_arch = "wasm32")]
mod exports {
    use tokenscope::views::create::{self, Event};
    use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

    /// Signs a header and a payload as they are, and resolves with the compact token (`docs/create.md`).
    #[wasm_bindgen]
    pub async fn sign(header: JsValue, payload: JsValue, key: JsValue, options: JsValue) -> Result<String, JsError> {
        tokenscope::api::sign(&header, &payload, &key, &options).await
    }

    /// Encrypts a text, and resolves with the compact token.
    #[wasm_bindgen]
    pub async fn encrypt(header: JsValue, plaintext: JsValue, key: JsValue) -> Result<String, JsError> {
        tokenscope::api::encrypt(&header, &plaintext, &key).await
    }

    /// Makes a key for an algorithm, and resolves with `{ publicJwk, privateJwk }`.
    #[wasm_bindgen(js_name = generateKey)]
    pub async fn generate_key(algorithm: JsValue, options: JsValue) -> Result<JsValue, JsError> {
        tokenscope::api::generate_key(&algorithm, &options).await
    }

    /// Starts the view.
    #[wasm_bindgen(js_name = startCreate)]
    pub fn start_create(host: tokenscope::views::Host) {
        create::start(host);
    }

    /// Takes a text that was pasted or dropped beside the fields, or that comes from the Inspect view.
    #[wasm_bindgen(js_name = createText)]
    pub fn create_text(text: String) {
        create::send(Event::Text(text));
    }

    /// Takes a file that was chosen or dropped.
    #[wasm_bindgen(js_name = createFile)]
    pub fn create_file(file: web_sys::Blob) {
        create::send(Event::File(file));
    }
}
