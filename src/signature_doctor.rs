//! The signature doctor: why a signature fails, proved where it can be.
//!
//! It looks at tokens whose signature is invalid, or for which no key fits. Each of its tests tries one cause; the first
//! one that is proved is the result, and the others stand beside it as ruled out or not decided. No repair that it tries
//! makes a token valid.

use case::Case;
use search::{Found, Search};

use crate::finding::{Certainty, Code, Finding, Severity};
use crate::messages::Prose;
use crate::provider;
use crate::report::TokenKind;
use crate::why::{Answers, Ask, Subject};

mod case;
mod causes;
pub mod code;
mod mac;
mod origin;
mod public_text;
mod reading;
pub mod rewriting;
pub mod rsa;
mod search;
mod shape;
mod words;

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
    subject: &Subject,
    _provider: Option<&provider::Reading>,
    answers: &Answers,
) -> (Option<Diagnosis>, Vec<Ask>) {
    let Some(case) = Case::of(subject) else { return (None, Vec::new()) };
    let mut search = Search::new(case, answers);
    let found = search.run();
    // What is proved needs no further tests.
    let is_proved = found.as_ref().is_some_and(|found| found.certainty == Certainty::Proved);
    if is_proved {
        search.plans.clear();
        search.openings.clear();
    }
    let stopped = subject.choices.stopped;
    let left = search.plans.len() + search.openings.len();
    let mut asks = Vec::new();
    if !stopped && !search.openings.is_empty() {
        asks.push(Ask::Open(std::mem::take(&mut search.openings)));
    }
    if !stopped && !search.plans.is_empty() {
        asks.push(Ask::VerifyMany(std::mem::take(&mut search.plans)));
    }
    let found = found.filter(|_| is_proved || asks.is_empty());
    if found.is_none() && left == 0 && search.done == 0 {
        return (None, Vec::new());
    }
    let finding = found.as_ref().map(|found| finding(&search, found));
    let said = finding.as_ref().is_some_and(|finding| case::has(subject, &[finding.code]));
    let diagnosis = Diagnosis {
        progress: Progress { done: search.done, left, stopped: stopped && left > 0 },
        cause: finding.as_ref().map(|finding| finding.code),
        keys: causes::keys(&search, found.as_ref()),
        causes: causes::causes(&search, found.as_ref(), finding.as_ref(), !asks.is_empty()),
        findings: finding.into_iter().filter(|_| !said).collect(),
    };
    (Some(diagnosis), asks)
}

/// The cause as a finding. Behind a check that failed already it is the reason; a forgery, and what no signature can
/// look like, is a failed check of its own.
fn finding(search: &Search, found: &Found) -> Finding {
    let is_incomplete = search.case.subject.token.kind == TokenKind::Incomplete;
    let is_impossible = found.certainty == Certainty::Proved && IMPOSSIBLE.contains(&found.code);
    let severity = match () {
        () if found.code == code::ALG_CONFUSION => Severity::Error,
        () if search.case.has_failed() || is_incomplete => Severity::Info,
        // Nothing was checked, so nothing is wrong either: it is how such tokens are.
        () if found.code == code::GRAPH_NONCE && !search.case.is_checked => Severity::Info,
        () if is_impossible => Severity::Error,
        () => Severity::Warning,
    };
    let subject = if is_incomplete { "/token" } else { "/signature" };
    let mut finding = Finding::info(found.code, subject).certainty(found.certainty);
    finding.severity = severity;
    finding.evidence = found.facts.clone();
    finding
}

/// Forms that no signature has.
const IMPOSSIBLE: [Code; 4] =
    [code::TRUNCATED, code::SIGNATURE_HEX, code::ENCODED_TWICE, crate::crypto::code::ECDSA_DER];

/// Every code of this room.
pub fn codes() -> Vec<Code> {
    code::ALL.to_vec()
}
