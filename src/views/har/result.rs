//! What the worker says, member by member, as `worker.js` and `docs/har.md` describe it.

use js_sys::{Array, Object};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// A message of the worker; it has one of these members.
    pub type Message;
    #[wasm_bindgen(method, getter)]
    pub fn ready(this: &Message) -> Option<bool>;
    #[wasm_bindgen(method, getter)]
    pub fn progress(this: &Message) -> Option<Progress>;
    #[wasm_bindgen(method, getter)]
    pub fn result(this: &Message) -> Option<Outcome>;
    #[wasm_bindgen(method, getter)]
    pub fn token(this: &Message) -> Option<Token>;
    #[wasm_bindgen(method, getter)]
    pub fn error(this: &Message) -> Option<String>;

    /// How far reading has come.
    #[derive(Clone)]
    pub type Progress;
    #[wasm_bindgen(method, getter)]
    pub fn read(this: &Progress) -> f64;
    #[wasm_bindgen(method, getter)]
    pub fn total(this: &Progress) -> f64;
    #[wasm_bindgen(method, getter)]
    pub fn entries(this: &Progress) -> f64;
    #[wasm_bindgen(method, getter)]
    pub fn causes(this: &Progress) -> Array;

    /// The whole result.
    pub type Outcome;
    #[wasm_bindgen(method, getter)]
    pub fn recorder(this: &Outcome) -> Recorder;
    #[wasm_bindgen(method, getter)]
    pub fn recorded(this: &Outcome) -> Span;
    #[wasm_bindgen(method, getter)]
    pub fn bytes(this: &Outcome) -> f64;
    #[wasm_bindgen(method, getter)]
    pub fn stopped(this: &Outcome) -> bool;
    #[wasm_bindgen(method, getter)]
    pub fn counts(this: &Outcome) -> Counts;
    #[wasm_bindgen(method, getter)]
    pub fn causes(this: &Outcome) -> Array;
    #[wasm_bindgen(method, getter)]
    pub fn tokens(this: &Outcome) -> Array;
    #[wasm_bindgen(method, getter)]
    pub fn exchanges(this: &Outcome) -> Array;
    #[wasm_bindgen(method, getter)]
    pub fn findings(this: &Outcome) -> Array;
    #[wasm_bindgen(method, getter)]
    pub fn refusals(this: &Outcome) -> Array;

    /// The program that recorded.
    pub type Recorder;
    #[wasm_bindgen(method, getter)]
    pub fn name(this: &Recorder) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn version(this: &Recorder) -> String;

    /// Begin and end, in milliseconds since the epoch.
    pub type Span;
    #[wasm_bindgen(method, getter)]
    pub fn from(this: &Span) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    pub fn to(this: &Span) -> Option<f64>;

    /// How many there are.
    pub type Counts;
    #[wasm_bindgen(method, getter)]
    pub fn entries(this: &Counts) -> f64;
    #[wasm_bindgen(method, getter, js_name = withProblem)]
    pub fn with_problem(this: &Counts) -> f64;
    #[wasm_bindgen(method, getter)]
    pub fn preflights(this: &Counts) -> f64;
    #[wasm_bindgen(method, getter)]
    pub fn hosts(this: &Counts) -> f64;

    /// A group of requests with one cause, or a finding about the file, which has less.
    pub type Cause;
    #[wasm_bindgen(method, getter)]
    pub fn code(this: &Cause) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn severity(this: &Cause) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn problem(this: &Cause) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn explanation(this: &Cause) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn remedy(this: &Cause) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn headline(this: &Cause) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn fix(this: &Cause) -> Option<Fix>;
    #[wasm_bindgen(method, getter)]
    pub fn origin(this: &Cause) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn host(this: &Cause) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn parameter(this: &Cause) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn token(this: &Cause) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn count(this: &Cause) -> f64;
    #[wasm_bindgen(method, getter)]
    pub fn entries(this: &Cause) -> Array;

    /// What to change, at a provider with a console of its own.
    pub type Fix;
    #[wasm_bindgen(method, getter)]
    pub fn title(this: &Fix) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn path(this: &Fix) -> Array;

    /// A request.
    pub type Exchange;
    #[wasm_bindgen(method, getter)]
    pub fn number(this: &Exchange) -> f64;
    #[wasm_bindgen(method, getter)]
    pub fn time(this: &Exchange) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    pub fn method(this: &Exchange) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn url(this: &Exchange) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn status(this: &Exchange) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    pub fn error(this: &Exchange) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn outcome(this: &Exchange) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn cause(this: &Exchange) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn tokens(this: &Exchange) -> Array;
    /// What the walk goes through; absent where the protocol does not apply.
    #[wasm_bindgen(method, getter)]
    pub fn exchange(this: &Exchange) -> Option<Object>;

    /// An answer that says no.
    pub type Refusal;
    #[wasm_bindgen(method, getter)]
    pub fn number(this: &Refusal) -> f64;
    #[wasm_bindgen(method, getter)]
    pub fn method(this: &Refusal) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn url(this: &Refusal) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn status(this: &Refusal) -> Option<f64>;
    #[wasm_bindgen(method, getter)]
    pub fn scheme(this: &Refusal) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn token(this: &Refusal) -> Option<String>;
    #[wasm_bindgen(method, getter)]
    pub fn headers(this: &Refusal) -> Array;
    #[wasm_bindgen(method, getter)]
    pub fn body(this: &Refusal) -> String;

    /// A token.
    pub type Token;
    #[wasm_bindgen(method, getter)]
    pub fn letter(this: &Token) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn masked(this: &Token) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn headline(this: &Token) -> String;
    #[wasm_bindgen(method, getter)]
    pub fn expired(this: &Token) -> bool;
    #[wasm_bindgen(method, getter)]
    pub fn places(this: &Token) -> Array;
    #[wasm_bindgen(method, getter)]
    pub fn entries(this: &Token) -> Array;
    #[wasm_bindgen(method, getter)]
    pub fn text(this: &Token) -> Option<String>;
}
