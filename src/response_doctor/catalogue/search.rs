//! Search in the catalogue, for every keystroke.

use super::Catalogue;

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What kind of thing it is.
    pub kind: HitKind,
    /// By which it is opened again: a code, a scope, `GET /api/v1/users`, the key of a page.
    pub key: String,
    /// Its name, as code: `E0000011`.
    pub name: String,
    /// What it is, in a few words.
    pub title: String,
}

/// The kinds of things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HitKind {
    /// A page.
    Page,
    /// An error code, a wording or a topic.
    Row,
    /// A scope.
    Scope,
    /// An operation of Okta's APIs.
    Operation,
}

/// What fits a query, the best first, at most `limit`.
pub fn search(catalogue: &Catalogue, query: &str, limit: usize) -> Vec<Hit> {
    let _ = (catalogue, query, limit);
    Vec::new()
}
