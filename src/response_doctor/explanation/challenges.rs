//! What a challenge means, scheme and parameters.

use super::ReadChallenge;
use super::phrases::{row, words};
use crate::finding::Code;
use crate::finding::Finding;
use crate::messages::Prose;
use crate::response_doctor::Catalogue;
use crate::response_doctor::challenge::Challenge;
use crate::time::Time;

/// The challenges, each with what its parts mean.
pub(super) fn read(challenges: &[Challenge], catalogue: &Catalogue) -> Vec<ReadChallenge> {
    challenges
        .iter()
        .map(|challenge| ReadChallenge {
            challenge: challenge.clone(),
            scheme: known("schemes", &challenge.scheme),
            parameters: challenge.parameters.iter().map(|(name, value)| parameter(name, value, catalogue)).collect(),
        })
        .collect()
}

fn parameter(name: &str, value: &str, catalogue: &Catalogue) -> Prose {
    let row = if name.eq_ignore_ascii_case("error") { catalogue.row(&["oauth.", value].concat()) } else { None };
    let Some(row) = row else { return known("parameters", name) };
    let mut meaning = catalogue.words(&Finding::info(Code(row.code.0), ""), Time::default()).problem;
    meaning.push_text(".");
    meaning
}

/// The meaning of a name, compared without regard to case; that of an unknown one otherwise.
fn known(group: &str, name: &str) -> Prose {
    let lower = name.to_ascii_lowercase();
    words(group, if row(group, &lower).is_some() { &lower } else { "" })
}
