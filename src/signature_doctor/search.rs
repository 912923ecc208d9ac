//! The search for the cause: every test in its order, each with a bound.

use text::Text;

use super::case::Case;
use super::rewriting::Rewriting;
use super::shape::{self, Form};
use super::words::Facts;
use super::{Opening, code};
use crate::crypto::Plan;
use crate::finding::{Certainty, Code};
use crate::why::Answers;

mod conclude;
mod mac;
mod mismatch;
mod opened;
mod success;
mod text;
mod verified;

/// So many keys open a signature before the others do.
const FIRST_KEYS: usize = 8;

/// So many bytes are hashed at most in one call: some milliseconds.
const MOST_HASHED: usize = 384 << 10;

/// So many bytes are handed out to be verified at most.
const MOST_ASKED: usize = 8 << 20;

/// So many signatures are asked about at most in one call of everything that is explained.
const MOST_ATTEMPTS: usize = 1000;

/// A curve has so many hashes.
const MOST_ALGORITHMS: usize = 4;

/// Of so many public keys the texts are tried as secrets.
const MOST_FORGED: usize = 8;

/// What was found.
pub struct Found {
    pub code: Code,
    pub certainty: Certainty,
    pub facts: Facts,
}

/// What came of a key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Tried {
    /// It was not tried yet.
    Not,
    /// It makes signatures of another length.
    Length,
    /// The signature does not open with it.
    Noise,
    /// The signature opens with it: the id of the words.
    Opens(&'static str),
    /// The signature verifies with it, in one form or another.
    Verifies,
    /// The signature does not verify with it.
    Fails,
}

pub struct Search<'a> {
    pub case: Case<'a>,
    answers: &'a Answers,
    pub forms: Vec<Form>,
    texts: Vec<Text>,
    rewritings: Option<Vec<Rewriting>>,
    pub plans: Vec<Plan>,
    pub openings: Vec<Opening>,
    pub tried: Vec<Tried>,
    /// How many tests were made.
    pub done: usize,
    /// How many readings of the secret were tried.
    pub readings: usize,
    /// How many rewritings were tried.
    pub rewritten: usize,
    /// Whether a key looks right without proof.
    pub plausible: Option<usize>,
    /// Whether there was more to try than is tried.
    pub is_bounded: bool,
    hashed: usize,
    asked: usize,
    /// How many more signatures may be asked about, or were.
    room: usize,
    /// Where the last answer stood: answers come in the order of the plans.
    cursor: usize,
}

impl<'a> Search<'a> {
    pub fn new(case: Case<'a>, answers: &'a Answers) -> Search<'a> {
        let forms = shape::forms(&case);
        let texts = text::texts(&case);
        let tried = vec![Tried::Not; case.keys.len()];
        let room = MOST_ATTEMPTS / tokens(case.subject.text, case.subject.token.text.len());
        Search {
            case,
            answers,
            forms,
            texts,
            rewritings: None,
            plans: Vec::new(),
            openings: Vec::new(),
            tried,
            done: 0,
            readings: 0,
            rewritten: 0,
            plausible: None,
            is_bounded: false,
            hashed: 0,
            asked: 0,
            room,
            cursor: 0,
        }
    }

    /// The cause, as far as it is known.
    pub fn run(&mut self) -> Option<Found> {
        if let Some((certainty, facts)) = shape::truncated(&self.case, &self.forms) {
            let is_sure = self.case.is_checked || certainty == Certainty::Proved;
            let found = Found { code: code::TRUNCATED, certainty, facts };
            return if is_sure { Some(found) } else { self.for_graph() };
        }
        if !self.case.is_checked {
            return self.plain_form().or_else(|| self.for_graph());
        }
        let readings = if self.may_be_mac() { self.secrets() } else { Vec::new() };
        // A forgery comes before rewritings: they are so many that the bound on what is hashed ends them.
        self.macs(&readings)
            .or_else(|| self.forgery())
            .or_else(|| self.rewritten_macs(&readings))
            .or_else(|| self.opened())
            .or_else(|| self.verified())
            .or_else(|| self.conclude())
    }

    /// Whether something is asked that may still change the answer.
    pub fn is_waiting(&self) -> bool {
        !self.plans.is_empty() || !self.openings.is_empty()
    }
}

/// About how many tokens a text holds, from 1 to 20: what is asked for all of them has to be kept at once.
fn tokens(text: &str, length: usize) -> usize {
    const MOST: usize = 20;
    if text.len() < length * 2 {
        return 1;
    }
    if text.len() > 1 << 18 {
        return MOST;
    }
    let bytes = text.as_bytes();
    let starts = |at: &usize| at.checked_sub(1).and_then(|before| bytes.get(before)) != Some(&b'.');
    let found = crate::text::positions(text, "eyJ").iter().filter(|at| starts(at)).count();
    found.clamp(1, MOST)
}
