//! The wasm module of what stands behind the first verdict: profile, provider, lint, signature doctor, comparison. It is
//! loaded after the first verdict.

fn main() {}

#[cfg(target_arch = "wasm32")]
mod exports {
    use tokenscope::views::why;
    use wasm_bindgen::prelude::wasm_bindgen;

    /// Starts this part of the page.
    #[wasm_bindgen(js_name = startWhy)]
    pub fn start_why(host: tokenscope::views::Host) {
        why::start(host);
    }

    /// Why, and where it is specified, for the findings that the page's own module has.
    #[wasm_bindgen]
    pub fn explanations() -> String {
        tokenscope::messages::EXPLANATIONS.to_owned()
    }

    /// Looks at what the Inspect view shows: the answers to its requests as `discovery::carry` writes them, which of its
    /// inputs they belong to, and which of the tokens is shown.
    #[wasm_bindgen(js_name = lookWhy)]
    pub fn look_why(responses: String, generation: u32, chosen: usize) {
        why::look(&responses, generation, chosen);
    }

    /// The redacted report on the token that is shown, once everything about that input is known.
    #[wasm_bindgen(js_name = reportWhy)]
    pub fn report_why(generation: u32) -> Option<String> {
        why::report(generation)
    }
}
