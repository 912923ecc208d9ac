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
mod says;
mod sign;
pub mod template;

pub use check::{check, check_encryption, check_key, check_nested};
pub use key::{KeyChoice, read_key, read_locked, read_recipient};
pub use says::{Line, Saying, says};
pub use sign::{algorithms_of, choose, failed, fits, sign, signing_input};

use crate::encryption;
use crate::finding::{Code, Finding};
use crate::messages::{self, Catalogue, Words};
use crate::time::Time;

/// The words of this room, and of encryption, which nothing else words.
pub static WORDS: Catalogue =
    Catalogue::new(&[include_str!("data/messages/create.json"), include_str!("data/messages/encryption.json")]);

/// Every code of this room and of encryption.
pub fn codes() -> Vec<Code> {
    let mut codes = code::ALL.to_vec();
    codes.extend(encryption::codes());
    codes
}

/// The words of a finding: of this room's, or of what the rooms of keys and secrets found.
pub fn words(finding: &Finding, now: Time) -> Words {
    let is_of = |catalogue: &'static Catalogue| catalogue.codes().any(|code| code == finding.code.0);
    if is_of(&WORDS) {
        WORDS.words(finding, now)
    } else if is_of(&BESIDE) {
        BESIDE.words(finding, now)
    } else {
        messages::words(finding, now)
    }
}

/// The words of the second look at keys, which are not the core's.
static BESIDE: Catalogue = Catalogue::new(&[include_str!("data/messages/key_details.json")]);
