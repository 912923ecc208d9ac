//! Answer, token and request brought together: what follows from them that none of them says alone.

use super::scopes::ScopeRow;
use super::token::TokenFacts;
use super::{Catalogue, Evidence, Said};
use crate::finding::Finding;
use crate::time::Time;

/// What follows.
#[derive(Clone, Debug, Default)]
pub struct Joined {
    /// The findings, unranked.
    pub findings: Vec<Finding>,
    /// The scopes, those that are missing first.
    pub scopes: Vec<ScopeRow>,
    /// The facts of the token.
    pub token: Option<TokenFacts>,
}

/// Brings them together. `now` is the reader's clock, which counts only where the answer has no `Date`.
pub fn join(evidence: &Evidence, said: &Said, catalogue: &Catalogue, now: Time) -> Joined {
    let _ = (evidence, said, catalogue, now);
    Joined::default()
}
