//! The views that are loaded when they are first opened. Each fills templates of `www/index.html`, as the page does.

pub mod cors;
pub mod create;
pub mod har;
pub mod response;
pub mod why;

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use web_sys::Worker;

#[wasm_bindgen]
extern "C" {
    /// What `boot.js` does for a view: it knows the other modules.
    pub type Host;

    /// Adds a request to the list of all requests, or says what became of it: its number among this module's requests,
    /// the request in words, and whether it left.
    #[wasm_bindgen(method)]
    pub fn sent(this: &Host, number: usize, what: &str, left: bool);

    /// Takes a text to the Inspect view.
    #[wasm_bindgen(method)]
    pub fn inspect(this: &Host, text: &str);

    /// Takes a token to the Inspect view, and the keys that verify or decrypt it.
    #[wasm_bindgen(method, js_name = inspect)]
    pub fn inspect_with(this: &Host, text: &str, keys: &str);

    /// Takes a text to another of the views that are loaded on first use: `cors`, `response` or `create`.
    #[wasm_bindgen(method)]
    pub fn carry(this: &Host, view: &str, text: &str);

    /// Hands what stands behind the verdict to the Inspect view, as `why::carry` writes it.
    #[wasm_bindgen(method)]
    pub fn explained(this: &Host, findings: &str);

    /// Starts the worker.
    #[wasm_bindgen(method, js_name = startWorker)]
    pub fn start_worker(this: &Host) -> Worker;

    /// Says something to the worker, as `{ [what]: value }`.
    #[wasm_bindgen(method)]
    pub fn tell(this: &Host, worker: &Worker, what: &str, value: &JsValue);
}
