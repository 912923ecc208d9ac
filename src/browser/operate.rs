//! Carries out the primitives of [`crate::crypto::operation`]: by WebCrypto, and what it lacks by the module that has it.
//!
//! The page's own module keeps to [`super::subtle`]: what links this links `lacking.js`.

use std::cell::RefCell;

use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::subtle;
use crate::crypto::operation::{Generated, Operation, Outcome, carry};
use crate::crypto::{Plan, Verification, software};

/// Carries out an operation.
pub async fn carry_out(operation: &Operation) -> Outcome {
    let name = feature(operation);
    if !is_lacking(&name) {
        let outcome = subtle::operate(operation).await;
        if outcome != Outcome::Unsupported {
            return outcome;
        }
        remember(name);
    }
    if !software::has(operation) {
        return Outcome::Unsupported;
    }
    let Some(seed) = subtle::random(32) else { return Outcome::Unavailable };
    let answer = operate_lacking(&carry::write_operation(operation), &seed).await;
    read(answer, carry::read_outcome).unwrap_or(Outcome::Unavailable)
}

/// Verifies a signature.
pub async fn verify(plan: &Plan) -> Verification {
    let name = [plan.algorithm.name, " ", plan.key.curve().unwrap_or_default()].concat();
    if !is_lacking(&name) {
        let verification = subtle::verify(plan).await;
        if verification != Verification::Unsupported {
            return verification;
        }
        remember(name);
    }
    if !software::verifies(plan) {
        return Verification::Unsupported;
    }
    read(verify_lacking(&carry::write_plan(plan)).await, carry::read_verification).unwrap_or(Verification::Unavailable)
}

/// What a module could answer that came; none did where it could not be loaded.
fn read<T>(answer: Result<JsValue, JsValue>, reader: fn(&str) -> Option<T>) -> Option<T> {
    reader(&answer.ok()?.as_string()?)
}

#[wasm_bindgen(raw_module = "./lacking.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = operate)]
    async fn operate_lacking(operation: &str, seed: &[u8]) -> Result<JsValue, JsValue>;

    #[wasm_bindgen(catch, js_name = verify)]
    async fn verify_lacking(plan: &str) -> Result<JsValue, JsValue>;
}

thread_local! {
    /// What this browser was found to lack: asking again would take as long and bring the same.
    static LACKING: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

fn is_lacking(name: &str) -> bool {
    LACKING.with_borrow(|lacking| lacking.iter().any(|known| known == name))
}

fn remember(name: String) {
    LACKING.with_borrow_mut(|lacking| lacking.push(name));
}

/// What a browser has or lacks as a whole: an algorithm with a curve or with the size of a key.
fn feature(operation: &Operation) -> String {
    let detail = match operation {
        Operation::Sign { key, .. } => key.public.curve().unwrap_or_default().to_owned(),
        Operation::Agree { with, .. } => with.curve().unwrap_or_default().to_owned(),
        Operation::Generate(Generated::Curve(name) | Generated::AlgorithmKeyPair(name)) => (*name).to_owned(),
        Operation::KeyUnwrap { key, .. }
        | Operation::KeyWrap { key, .. }
        | Operation::GcmDecrypt { key, .. }
        | Operation::GcmEncrypt { key, .. }
        | Operation::CbcDecrypt { key, .. }
        | Operation::CbcEncrypt { key, .. } => key.len().to_string(),
        _ => String::new(),
    };
    [operation.name(), " ", &detail].concat()
}
