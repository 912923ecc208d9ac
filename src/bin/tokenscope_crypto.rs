//! The wasm module of what browsers lack: algorithms in software. `lacking.js` loads it when WebCrypto refuses one.
//!
//! What goes in and out is the text of `crypto::operation::carry`.

fn main() {}

#[cfg(target_arch = "wasm32")]
mod exports {
    use tokenscope::crypto::operation::{Outcome, carry};
    use tokenscope::crypto::{Verification, software};
    use wasm_bindgen::prelude::wasm_bindgen;

    /// Carries out an operation. `seed` is 32 random bytes, other ones for each call.
    #[wasm_bindgen]
    pub fn operate(operation: &str, seed: &[u8]) -> String {
        let outcome = match (carry::read_operation(operation), seed.try_into()) {
            (Some(operation), Ok(seed)) => software::operate(&operation, seed),
            _ => Outcome::Unsupported,
        };
        carry::write_outcome(&outcome)
    }

    /// Verifies a signature.
    #[wasm_bindgen]
    pub fn verify(plan: &str) -> String {
        let verification = carry::read_plan(plan).map_or(Verification::Unsupported, |plan| software::verify(&plan));
        carry::write_verification(&verification)
    }
}
