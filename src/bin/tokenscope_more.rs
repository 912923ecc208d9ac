//! The wasm module of what the Inspect view does not need: the CORS lab, its view, and the reader of HAR files.
//!
//! It is loaded on first use, by `boot.js` for a view, by `worker.js` for a file, and by `tokenscope.js` for scripts.

fn main() {}

/// What tests call.
#[cfg(target_arch = "wasm32")]
mod cors_model {
    use tokenscope::cors::{decide, decision_json, exchange_json};
    use wasm_bindgen::prelude::{JsError, JsValue, wasm_bindgen};

    /// Explains an exchange, or a text that tells of one, and resolves with what `docs/cors.md` describes.
    #[wasm_bindgen(js_name = explainCors)]
    pub async fn explain_cors(exchange: JsValue, form: JsValue) -> Result<JsValue, JsError> {
        tokenscope::api::explain_cors(&exchange, &form)
    }

    /// Decides by one engine's rules what becomes of a request; exchange and decision are JSON. The tests compare it with
    /// what browsers do.
    #[wasm_bindgen(js_name = decideCors)]
    pub fn decide_cors(exchange: &str, engine: &str) -> Result<String, JsError> {
        let document = tokenscope::json::read(exchange.as_bytes().to_vec());
        let exchange = exchange_json::read(&document).map_err(|fault| JsError::new(&fault.to_string()))?;
        let engine = decision_json::engine(engine).ok_or_else(|| JsError::new("expected an engine's name"))?;
        Ok(decision_json::text(&decide(&exchange, engine)))
    }
}

/// What `worker.js` and `tokenscope.js` call for a HAR file.
#[cfg(target_arch = "wasm32")]
mod har_file {
    use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
    use web_sys::Blob;
    use web_sys::js_sys::Function;

    /// Reads a HAR file in chunks and resolves with what is in it (`docs/har.md`).
    #[wasm_bindgen(js_name = analyseHar)]
    pub async fn analyse_har(
        file: Blob,
        on_progress: Option<Function>,
        options: Option<HarOptions>,
    ) -> Result<JsValue, JsValue> {
        let reveal = options.is_some_and(|options| options.reveal() == Some(true));
        tokenscope::browser::har::analyse(&file, on_progress, reveal).await
    }

    #[wasm_bindgen]
    extern "C" {
        /// `{ reveal }`
        pub type HarOptions;

        #[wasm_bindgen(method, getter)]
        fn reveal(this: &HarOptions) -> Option<bool>;
    }
}

/// What `boot.js` calls for the CORS view.
#[cfg(target_arch = "wasm32")]
mod cors_view {
    use tokenscope::views::cors::{self, Event};
    use wasm_bindgen::prelude::wasm_bindgen;

    /// Starts the CORS view.
    #[wasm_bindgen(js_name = startCors)]
    pub fn start_cors(host: tokenscope::views::Host) {
        cors::start(host);
    }

    /// Takes the form's values from a link, `url=…&origin=…`. Nothing is sent.
    #[wasm_bindgen(js_name = corsSettings)]
    pub fn cors_settings(settings: String) {
        cors::send(Event::Settings(settings));
    }

    /// Takes a text that was pasted or dropped beside the field, or that comes from the Inspect view.
    #[wasm_bindgen(js_name = corsText)]
    pub fn cors_text(text: String) {
        cors::send(Event::Text(text));
    }

    /// Takes a file that was chosen or dropped, its name, and whether it is a recording of the network.
    #[wasm_bindgen(js_name = corsFile)]
    pub fn cors_file(file: web_sys::Blob, name: String, recording: bool) {
        cors::send(if recording { Event::Recording(file, name) } else { Event::File(file, name) });
    }
}
