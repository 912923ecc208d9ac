//! The page's wasm module: everything that the Inspect view needs, without the JavaScript API.
//!
//! Nothing starts by itself: `boot.js` calls the export. The `main` that cargo asks for is empty.

fn main() {}

#[cfg(target_arch = "wasm32")]
mod exports {
    use wasm_bindgen::prelude::wasm_bindgen;

    /// Starts the page, with what stood in its address: "fragment", "query", or shared settings with their `expect=`.
    #[wasm_bindgen(js_name = startPage)]
    pub fn start_page(arrival: Option<String>) {
        tokenscope::page::start(arrival);
    }

    /// Takes shared settings that were entered while the page is open, with their `expect=`.
    #[wasm_bindgen(js_name = sharedSettings)]
    pub fn shared_settings(settings: String) {
        tokenscope::page::send(tokenscope::page::Event::Shared(settings));
    }
}
