//! The signature doctor: why a signature fails, proved where it can be.
//!
//! It looks at tokens whose signature is invalid, or for which no key fits. Each of its tests tries one cause; the first
//! one that is proved is the result, and the others stand beside it as ruled out or not decided. No repair that it tries
//! makes a token valid.

use crate::finding::{Code, Finding};
use crate::messages::Prose;
use crate::provider;
use crate::why::{Answers, Ask, Subject};

pub mod rewriting;
pub mod rsa;

/// What the doctor found out about one signature.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diagnosis {
    /// Whether there are tests still to come, and how many were made.
    pub progress: Progress,
    /// The cause, one of [`Diagnosis::findings`].
    pub cause: Option<Code>,
    /// The keys that were tried, with what each gave.
    pub keys: Vec<KeyTried>,
    /// What it is not, and what could not be decided.
    pub causes: Vec<CauseTried>,
    /// The cause as a finding, and what else the tests showed. At most one of them is proved as a cause.
    pub findings: Vec<Finding>,
}

/// How far the search is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Tests that were made.
    pub done: usize,
    /// Tests that are asked for and not answered yet.
    pub left: usize,
    /// Whether the search was stopped.
    pub stopped: bool,
}

/// A key that was tried.
#[derive(Clone, Debug, PartialEq)]
pub struct KeyTried {
    /// Its name.
    pub name: String,
    /// Its type, size and use.
    pub description: String,
    /// Whether the signature opens or verifies with it.
    pub fits: bool,
    /// What came of it: "decrypts to noise, no PKCS#1 padding".
    pub result: Prose,
}

/// A cause that was looked into.
#[derive(Clone, Debug, PartialEq)]
pub struct CauseTried {
    /// Its code.
    pub code: Code,
    /// Its name: "Cut or altered while copying".
    pub title: Prose,
    /// What came of it.
    pub outcome: CauseOutcome,
    /// The evidence.
    pub note: Prose,
}

/// What came of looking into a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CauseOutcome {
    /// This is it.
    Found,
    /// It is not this.
    RuledOut,
    /// It takes something that is not at hand.
    NotDecided,
}

/// A question that takes a while: what an RSA signature opens to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Opening {
    /// The key's `n`, big-endian without leading zeros.
    pub modulus: Vec<u8>,
    /// The key's `e`.
    pub exponent: Vec<u8>,
    /// The signature.
    pub signature: Vec<u8>,
}

/// Opens an RSA signature: `s^e mod n`, as long as the modulus. `None` where it cannot be, because the signature is not
/// smaller than the modulus or the numbers are beyond what is tried.
pub fn open(opening: &Opening) -> Option<Vec<u8>> {
    rsa::open(opening)
}

/// Finds out why a signature fails. `None` where it does not, or where there is nothing to go by.
pub fn diagnose(
    _subject: &Subject,
    _provider: Option<&provider::Reading>,
    _answers: &Answers,
) -> (Option<Diagnosis>, Vec<Ask>) {
    (None, Vec::new())
}

/// Every code of this room.
pub fn codes() -> Vec<Code> {
    Vec::new()
}
