//! The first wasm module: everything that the Inspect view needs.
//!
//! Nothing starts by itself: `boot.js` calls the exports. The `main` that cargo asks for is empty.

// Linking the library is enough: its exports come along.
#[cfg(target_arch = "wasm32")]
use tokenscope::api as _;

fn main() {}

#[cfg(target_arch = "wasm32")]
mod exports {
    use wasm_bindgen::prelude::wasm_bindgen;

    /// Starts the page, with what was pasted and what stood in the page's own address before the module was ready.
    #[wasm_bindgen(js_name = startPage)]
    pub fn start_page(held: Option<String>, arrival: Option<String>) {
        let _ = (held, arrival);
    }
}
