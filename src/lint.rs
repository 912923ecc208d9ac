//! Lint: what is unusual or unwise about a token, by RFC 8725 and its successor, and what gateways refuse.
//!
//! Nothing here bears on the verdict: what is found is a warning where it is worth a change, and information otherwise.
//! What the checks of the first verdict, the profile or the provider say already is not said again. A payload's values
//! never become evidence.

mod algorithm;
mod claims;
pub mod code;
mod encryption;
mod gateway;
mod guessable;
mod header;
mod key_address;
mod kind;
mod look;
mod payload;
mod secret;
mod times;

use crate::finding::{Code, Finding};
use crate::why::{Answers, Ask, Subject};
use crate::{profile, provider};

use look::Look;

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
    subject: &Subject,
    profile: Option<&profile::Reading>,
    provider: Option<&provider::Reading>,
    answers: &Answers,
) -> Linted {
    let mut look = Look::new(subject, profile, provider);
    look.algorithm();
    look.header();
    look.key_addresses();
    look.encryption();
    look.claims();
    look.times();
    look.payload();
    look.gateways();
    let plans = look.secrets(answers);
    look.guessable_secret();
    let asks = if plans.is_empty() { Vec::new() } else { vec![Ask::VerifyMany(plans)] };
    Linted { findings: look.findings, asks }
}

/// Every code of this room.
pub fn codes() -> Vec<Code> {
    code::ALL.to_vec()
}
