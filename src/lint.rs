//! Lint: what is unusual or unwise about a token, by RFC 8725 and its successor, and what gateways refuse.

use crate::finding::{Code, Finding};
use crate::why::{Answers, Ask, Subject};
use crate::{profile, provider};

/// What the lint found, and what it has to ask to find more.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Linted {
    /// Its findings, with codes `lint.…`.
    pub findings: Vec<Finding>,
    /// Plans with well-known secrets, for tokens that are signed with a secret.
    pub asks: Vec<Ask>,
}

/// Looks a token over.
pub fn lint(
    _subject: &Subject,
    _profile: Option<&profile::Reading>,
    _provider: Option<&provider::Reading>,
    _answers: &Answers,
) -> Linted {
    Linted::default()
}

/// Every code of this room.
pub fn codes() -> Vec<Code> {
    Vec::new()
}
