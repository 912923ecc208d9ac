//! Lifetime and revocation: what the times say about the policy that minted a token, what a token cannot show, and how to
//! ask the issuer.

use crate::finding::{Code, Finding};
use crate::messages::Prose;
use crate::why::Subject;
use crate::{profile, provider};

/// What a token's lifetime says, and what only its issuer can say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lifetime {
    /// From `iat` (or `nbf`) to `exp`, in seconds.
    pub seconds: Option<i64>,
    /// What that says about the policy that minted it.
    pub about: Vec<Prose>,
    /// What the token cannot show: revocation, deactivation, the order of policies.
    pub unknown: Vec<Prose>,
    /// The commands that ask the issuer, with placeholders where token and credentials belong.
    pub commands: Vec<Command>,
    /// What is worth a finding, with codes `lifetime.…`.
    pub findings: Vec<Finding>,
}

/// A command to run elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// Its stable name: `introspect`, `userinfo`.
    pub key: &'static str,
    /// What it is for.
    pub title: Prose,
    /// The command, for a POSIX shell.
    pub text: String,
    /// What its answer means.
    pub note: Prose,
}

/// Reads the lifetime of a token. `None` where there are no claims.
pub fn read(
    _subject: &Subject,
    _profile: Option<&profile::Reading>,
    _provider: Option<&provider::Reading>,
) -> Option<Lifetime> {
    None
}

/// Every code of this room.
pub fn codes() -> Vec<Code> {
    Vec::new()
}
