//! The wasm module of what the Inspect view does not need: the CORS lab, its view, and the reader of HAR files.
//!
//! It is loaded on first use, by `boot.js` for a view, by `worker.js` for a file, and by `tokenscope.js` for scripts.

fn main() {}

#[cfg(target_arch = "wasm32")]
mod exports {}
