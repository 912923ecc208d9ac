//! The pages of the decision tree: what a status means, readable without a paste.

use super::{kept, word, words_of};
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

/// Reads the pages of the catalogue: an object from the key of each page to the page, in the order of the file. What is
/// missing or of another shape is left out; a branch of unknown certainty is likely.
///
/// ```
/// use tokenscope::{json, response_doctor::catalogue::pages};
/// let text = br#"{"429":{"title":"Too many requests","branches":[{"seen":"`Retry-After`","sure":"stated"}]}}"#;
/// let pages = pages::read(json::read(text.to_vec()).root.as_ref().unwrap());
/// assert_eq!((pages[0].key, pages[0].branches[0].seen), ("429", "`Retry-After`"));
/// ```
pub fn read(pages: &Value) -> Vec<Page> {
    pages.members().iter().map(|member| page(&member.name, &member.value)).collect()
}

fn page(key: &str, value: &Value) -> Page {
    Page {
        key: kept(key),
        title: text(value, "title"),
        lead: text(value, "lead"),
        branches: value.member("branches").map(Value::items).unwrap_or_default().iter().map(branch).collect(),
        beliefs: words_of(value.member("beliefs")),
        sources: words_of(value.member("sources")),
    }
}

fn branch(value: &Value) -> Branch {
    Branch {
        seen: text(value, "seen"),
        means: text(value, "means"),
        remedy: text(value, "do"),
        codes: words_of(value.member("codes")),
        certainty: match text(value, "sure") {
            "proved" => Certainty::Proved,
            "stated" => Certainty::Stated,
            _ => Certainty::Likely,
        },
    }
}

fn text(value: &Value, name: &str) -> &'static str {
    value.member(name).map_or("", word)
}
