//! The wasm module of the Response view and of `explainResponse`. It is loaded on first use, with the catalogue beside it.

fn main() {}

#[cfg(target_arch = "wasm32")]
mod exports {
    use std::cell::OnceCell;

    use tokenscope::response_doctor::Catalogue;
    use tokenscope::views::response::{self, Event};
    use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

    thread_local! {
        static CATALOGUE: OnceCell<Catalogue> = const { OnceCell::new() };
    }

    /// Explains an answer, and resolves with what `docs/response.md` describes. `catalogue` is the text of `catalogue.js`;
    /// it is read at the first call.
    #[wasm_bindgen(js_name = explainResponse)]
    pub async fn explain_response(text: JsValue, options: JsValue, catalogue: String) -> Result<JsValue, JsError> {
        CATALOGUE.with(|read| {
            let catalogue = read.get_or_init(|| Catalogue::read(&catalogue));
            tokenscope::api::explain_response(&text, &options, catalogue)
        })
    }

    /// Starts the view, with the text of the catalogue.
    #[wasm_bindgen(js_name = startResponse)]
    pub fn start_response(host: tokenscope::views::Host, catalogue: String) {
        response::start(host, &catalogue);
    }

    /// Takes what a link names: `page=403`, `code=okta.E0000006`, `search=…`.
    #[wasm_bindgen(js_name = responseSettings)]
    pub fn response_settings(settings: String) {
        response::send(Event::Settings(settings));
    }

    /// Takes a text that was pasted or dropped beside the fields, or that comes from another view.
    #[wasm_bindgen(js_name = responseText)]
    pub fn response_text(text: String) {
        response::send(Event::Text(text));
    }

    /// Takes a file that was chosen or dropped, and its name.
    #[wasm_bindgen(js_name = responseFile)]
    pub fn response_file(file: web_sys::Blob, name: String) {
        response::send(Event::File(file, name));
    }
}
