//! Carries out the primitives of [`crate::crypto::operation`]: by WebCrypto, and what it lacks by the module that has it.

use crate::crypto::operation::{Operation, Outcome};

/// Carries out an operation.
pub async fn carry_out(operation: &Operation) -> Outcome {
    let _ = operation;
    Outcome::Unsupported
}
