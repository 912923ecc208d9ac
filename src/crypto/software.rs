//! What browsers lack, from audited crates: it stands in a module of its own, `tokenscope_crypto`, which is loaded when it is
//! first needed.

use super::operation::{Operation, Outcome};
use super::{Plan, Verification};

/// Verifies a signature that WebCrypto cannot.
pub fn verify(plan: &Plan) -> Verification {
    let _ = plan;
    Verification::Unsupported
}

/// Carries out an operation that WebCrypto cannot. `seed` is 32 random bytes, for those that need some.
pub fn operate(operation: &Operation, seed: &[u8; 32]) -> Outcome {
    let _ = (operation, seed);
    Outcome::Unsupported
}
