//! The scopes that a request needs, and those that the token has.

/// A row of the table of scopes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScopeRow {
    /// The scope.
    pub scope: String,
    /// Whether the token has it; `None` where there is no token to read, or it has no claim for scopes.
    pub in_token: Option<bool>,
    /// Whether the request needs it.
    pub needed: bool,
    /// The scope of the token that stands for it: `okta.users.manage` for `okta.users.read`.
    pub covered_by: Option<String>,
}
