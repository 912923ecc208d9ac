//! Making tokens and keys: what is signed is exactly the bytes that are shown.
//!
//! Header and payload are texts. Nothing here writes them anew: [`signing_input`] encodes their bytes as they are, and
//! [`edit`] replaces the value of one member and leaves every other byte. [`check`] says what is worth knowing before
//! someone relies on the token; [`sign`] asks for the one primitive that it takes.

mod check;
pub mod code;
pub mod edit;
pub mod generate;
mod key;
mod sign;
pub mod template;

pub use check::{check, check_encryption, check_key};
pub use key::{KeyChoice, read_key, read_recipient};
pub use sign::{algorithms_of, choose, failed, fits, sign, signing_input};

use crate::finding::{Code, Finding};
use crate::messages::{self, Catalogue, Words};
use crate::time::Time;

/// The words of this room.
pub static WORDS: Catalogue = Catalogue::new(&[include_str!("data/messages/create.json")]);

/// Every code of this room.
pub fn codes() -> Vec<Code> {
    code::ALL.to_vec()
}

/// The words of a finding: of this room's, or of what the rooms of keys and secrets found.
pub fn words(finding: &Finding, now: Time) -> Words {
    if code::ALL.contains(&finding.code) { WORDS.words(finding, now) } else { messages::words(finding, now) }
}
