//! Why, and where it is specified: words that the first load goes without. The module behind the first verdict brings them.

use std::sync::OnceLock;

use crate::finding::Finding;
use crate::messages::{self, Explanations, Words};
use crate::time::Time;

static LEARNED: OnceLock<Explanations> = OnceLock::new();

/// Takes the words in, as [`messages::EXPLANATIONS`] has them.
pub fn learn(table: &str) {
    let _ = LEARNED.set(Explanations::read(table));
}

/// The words of a finding, as far as they are here.
pub fn words(finding: &Finding, now: Time) -> Words {
    let mut words = messages::first_words(finding, now);
    if let Some(learned) = LEARNED.get() {
        learned.explain(&mut words, finding, now);
    }
    words
}
