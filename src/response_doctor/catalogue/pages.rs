//! The pages of the decision tree: what a status means, readable without a paste.

use crate::finding::Certainty;
use crate::json::Value;

/// A page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// Its key, as addresses have it: `401`.
    pub key: &'static str,
    /// Its title.
    pub title: &'static str,
    /// What the status says, in a few sentences; backticks mark code.
    pub lead: &'static str,
    /// The branches, in the order in which they are asked.
    pub branches: Vec<Branch>,
    /// What is often believed, and is not so.
    pub beliefs: Vec<&'static str>,
    /// Where it is from, and of which date.
    pub sources: Vec<&'static str>,
}

/// A branch: what is seen, what it means, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// What is seen in the answer.
    pub seen: &'static str,
    /// What it means.
    pub means: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// The codes of the findings that say it with the facts of a case.
    pub codes: Vec<&'static str>,
    /// How sure the reading is.
    pub certainty: Certainty,
}

/// Reads the pages of the catalogue.
pub fn read(pages: &Value) -> Vec<Page> {
    let _ = pages;
    Vec::new()
}
