//! The first wasm module: everything that the Inspect view needs.
//!
//! Nothing starts by itself: `boot.js` calls the exports. The `main` that cargo asks for is empty.

fn main() {}
