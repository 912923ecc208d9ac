//! Roles: the same token is right for one party and wrong for another.

use crate::finding::{Code, Finding};
use crate::messages::Prose;
use crate::why::Subject;
use crate::{profile, provider};

/// Whose eyes a token is looked at with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// The API that receives it.
    Api,
    /// The client, such as a single-page app, that asked for it.
    Client,
    /// Nobody in particular.
    #[default]
    Looking,
}

/// One of the checks that an API should run, with what this token gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Its stable name: `signature`, `issuer`, `audience`, `expiry`, `not-before`, `client`, `scopes`.
    pub key: &'static str,
    /// What the API checks.
    pub title: &'static str,
    /// How it ends for this token.
    pub outcome: Outcome,
    /// What this token gives the check.
    pub note: Prose,
    /// Where it is specified.
    pub reference: &'static str,
}

/// How a check ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It passes.
    Pass,
    /// It fails.
    Fail,
    /// It takes something that was not given: an expectation or a key.
    Unknown,
    /// It does not apply to this token.
    NotApplicable,
}

/// What follows from the chosen role, with codes `role.…`.
pub fn findings(_subject: &Subject, _profile: Option<&profile::Reading>) -> Vec<Finding> {
    Vec::new()
}

/// What an API has to check, in the order of a verifier.
pub fn server_checks(
    _subject: &Subject,
    _profile: Option<&profile::Reading>,
    _provider: Option<&provider::Reading>,
) -> Vec<Check> {
    Vec::new()
}

/// Every code of this room.
pub fn codes() -> Vec<Code> {
    Vec::new()
}
