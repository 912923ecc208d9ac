//! The wasm module of what the Inspect view does not need: the CORS lab, its view, and the reader of HAR files.
//!
//! It is loaded on first use, by `boot.js` for a view, by `worker.js` for a file, and by `tokenscope.js` for scripts.

fn main() {}

#[cfg(target_arch = "wasm32")]
mod exports {
    use tokenscope::cors::{decide, decision_json, exchange_json};
    use tokenscope::views::cors::{self, Event};
    use wasm_bindgen::prelude::{JsError, wasm_bindgen};

    /// Decides by one engine's rules what becomes of a request; exchange and decision are JSON. The tests compare it with
    /// what browsers do.
    #[wasm_bindgen(js_name = decideCors)]
    pub fn decide_cors(exchange: &str, engine: &str) -> Result<String, JsError> {
        let document = tokenscope::json::read(exchange.as_bytes().to_vec());
        let exchange = exchange_json::read(&document).map_err(|fault| JsError::new(&fault.to_string()))?;
        let engine = decision_json::engine(engine).ok_or_else(|| JsError::new("expected an engine's name"))?;
        Ok(decision_json::text(&decide(&exchange, engine)))
    }

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

    /// Takes a file that was chosen or dropped.
    #[wasm_bindgen(js_name = corsFile)]
    pub fn cors_file(file: web_sys::Blob) {
        cors::send(Event::File(file));
    }
}
