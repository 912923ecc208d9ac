//! The wasm module of what browsers lack. It is loaded when WebCrypto refuses an algorithm.

fn main() {}
