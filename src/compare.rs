//! Compare: a token that works beside one that does not, and the difference that explains the failure.

use crate::finding::{Code, Finding};
use crate::messages::Prose;
use crate::time::Time;
use crate::why::Explained;

/// What differs between two tokens.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Which difference explains that one works and the other does not, in one sentence.
    pub headline: Prose,
    /// The differences, those that explain the failure first.
    pub differences: Vec<Difference>,
    /// The names of the claims that are the same in both.
    pub same: Vec<String>,
    /// What was concluded, with codes `compare.…`.
    pub findings: Vec<Finding>,
}

/// One thing that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// What kind of thing: `header`, `claim`, `key`, `lifetime`, `scopes`, `profile`, `provider`, `signature`.
    pub area: &'static str,
    /// Its name, such as `aud`.
    pub name: String,
    /// The first token's value as received; `None` where it has none.
    pub first: Option<String>,
    /// The second token's.
    pub second: Option<String>,
    /// What the difference means.
    pub meaning: Prose,
    /// How it bears on the failure.
    pub bearing: Bearing,
}

/// How a difference bears on the failure of one of the tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearing {
    /// It explains the failure.
    Explains,
    /// It may.
    Possible,
    /// Tokens of one kind always differ in it, such as `jti` and `iat`.
    Expected,
    /// It changes nothing for a verifier.
    None,
}

/// Compares the first tokens of two texts. `None` where one of them has none.
pub fn compare(_first: &Explained, _second: &Explained, _now: Time) -> Option<Comparison> {
    None
}

/// Every code of this room.
pub fn codes() -> Vec<Code> {
    Vec::new()
}
