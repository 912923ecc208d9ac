//! A wasm module for `tests/e2e/operate.test.mjs`: operations and plans carried out as the modules of the page do it.

fn main() {}

#[cfg(target_arch = "wasm32")]
mod exports {
    use tokenscope::browser::operate;
    use tokenscope::crypto::operation::carry;
    use wasm_bindgen::prelude::{JsError, wasm_bindgen};

    /// Carries out an operation; both ways it is the text of `crypto::operation::carry`.
    #[wasm_bindgen(js_name = carryOut)]
    pub async fn carry_out(operation: String) -> Result<String, JsError> {
        let operation = carry::read_operation(&operation).ok_or_else(|| JsError::new("expected an operation"))?;
        Ok(carry::write_outcome(&operate::carry_out(&operation).await))
    }

    /// Verifies a signature.
    #[wasm_bindgen]
    pub async fn verify(plan: String) -> Result<String, JsError> {
        let plan = carry::read_plan(&plan).ok_or_else(|| JsError::new("expected a plan"))?;
        Ok(carry::write_verification(&operate::verify(&plan).await))
    }
}
