//! Recognising a token: each sign of the table that holds adds its weight, and the heaviest kind leads.
//!
//! The weights put the signs in order: form and `typ` before what an issuer writes of its own, that before claims of the
//! standards, and what the text around the token calls it among them.

use super::scene::Scene;
use super::table::{DECLARES, Other, Profile, Sign, table};
use crate::finding::{Code, Fact, Finding};
use crate::messages::{self, Prose};
use crate::order;

/// Lighter kinds are no candidates at all.
const LEAST: u32 = 60;

/// From here on a kind is recognised; below it only stands among the alternatives.
const ENOUGH: u32 = 100;

/// A kind that the token may be of.
pub(super) enum Candidate {
    /// One with rules.
    Profile { profile: &'static Profile, weight: u32, declared: bool, evidence: Vec<Prose> },
    /// One without.
    Other { other: &'static Other, weight: u32, evidence: Vec<Prose> },
}

impl Candidate {
    pub(super) fn weight(&self) -> u32 {
        match self {
            Candidate::Profile { weight, .. } | Candidate::Other { weight, .. } => *weight,
        }
    }
}

/// The kinds that a token may be of, the most probable first. Empty where nothing tells.
pub(super) fn recognise(scene: &Scene) -> Vec<Candidate> {
    let table = table();
    let mut candidates: Vec<Candidate> = Vec::new();
    for profile in &table.profiles {
        let (weight, declared, evidence) = weigh(scene, profile.signs.iter());
        if weight >= LEAST {
            candidates.push(Candidate::Profile { profile, weight, declared, evidence });
        }
    }
    for other in &table.others {
        let (weight, _, evidence) = weigh(scene, std::iter::once(&other.sign));
        if weight >= LEAST {
            candidates.push(Candidate::Other { other, weight, evidence });
        }
    }
    order::sort(&mut candidates, |one, other| one.weight() > other.weight());
    if candidates.first().is_none_or(|first| first.weight() < ENOUGH) {
        candidates.clear();
    }
    candidates
}

fn weigh<'t>(scene: &Scene, signs: impl Iterator<Item = &'t Sign>) -> (u32, bool, Vec<Prose>) {
    let (mut total, mut declared, mut evidence) = (0, false, Vec::new());
    for sign in signs.filter(|sign| sign.test.holds(scene)) {
        total += sign.weight;
        declared |= sign.weight >= DECLARES;
        evidence.push(worded(scene, sign.evidence));
    }
    (total, declared, evidence)
}

fn worded(scene: &Scene, template: &str) -> Prose {
    let token = scene.subject.token;
    let payload = |name: &str| token.payload.as_ref().and_then(|payload| payload.string(name)).unwrap_or_default();
    let typ = token.header.as_ref().and_then(|header| header.string("typ")).unwrap_or_default();
    let facts = Finding::info(Code("profile.evidence"), "")
        .text("typ", typ)
        .text("iss", payload("iss"))
        .text("sub", payload("sub"))
        .with("none", Fact::List(Vec::new()));
    messages::fill(template, &facts, scene.subject.now)
}
