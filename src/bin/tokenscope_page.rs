//! The page's wasm module: everything that the Inspect view needs, without the JavaScript API.
//!
//! Nothing starts by itself: `boot.js` calls the export. The `main` that cargo asks for is empty.

fn main() {}

#[cfg(target_arch = "wasm32")]
mod exports {
    use wasm_bindgen::prelude::wasm_bindgen;

    /// Starts the page, with what stood in its address: "fragment", "query", or shared settings with their `expect=`, and
    /// what `boot.js` does for it.
    #[wasm_bindgen(js_name = startPage)]
    pub fn start_page(arrival: Option<String>, host: tokenscope::page::Host) {
        tokenscope::page::start(arrival, host);
    }

    /// The answers to the page's requests, for the module that looks behind the verdict.
    #[wasm_bindgen]
    pub fn carried() -> String {
        tokenscope::page::carried()
    }

    /// Takes what stands behind the verdict.
    #[wasm_bindgen]
    pub fn explained(findings: String) {
        tokenscope::page::send(tokenscope::page::Event::Explained(findings));
    }

    /// Takes why, and where it is specified, for the findings of the first verdict.
    #[wasm_bindgen]
    pub fn learn(explanations: String) {
        tokenscope::page::send(tokenscope::page::Event::Learned(explanations));
    }

    /// Takes a text that was pasted or dropped beside the field, or that comes from another view.
    #[wasm_bindgen(js_name = receiveText)]
    pub fn receive_text(text: String) {
        tokenscope::page::send(tokenscope::page::Event::Pasted(text));
    }

    /// Takes a file that was chosen or dropped.
    #[wasm_bindgen(js_name = receiveFile)]
    pub fn receive_file(file: web_sys::Blob) {
        tokenscope::page::send(tokenscope::page::Event::File(file));
    }

    /// Takes a request of another module into the list: its number there, what became of it, and whether it left.
    #[wasm_bindgen(js_name = requestSent)]
    pub fn request_sent(number: usize, what: String, left: bool) {
        tokenscope::page::ledger::other(number, what, left);
    }

    /// Takes shared settings that were entered while the page is open, with their `expect=`.
    #[wasm_bindgen(js_name = sharedSettings)]
    pub fn shared_settings(settings: String) {
        tokenscope::page::send(tokenscope::page::Event::Shared(settings));
    }
}
