//! Which of two tokens works, and what the other one fails for.

use super::Which;
use super::table::{Table, table};
use crate::finding::{Finding, Severity};
use crate::report::{SignatureStatus, Token, Verdict};

/// What is known about which one works.
pub struct Judged<'a> {
    /// The one that works.
    pub works: Option<Which>,
    /// What speaks against the first one and not against the second, the most important first.
    pub first: Vec<&'a Finding>,
    /// The same the other way round.
    pub second: Vec<&'a Finding>,
    /// What speaks against both.
    pub both: Vec<&'a Finding>,
    /// What says more about the failure of one of them, without being a failure.
    pub hints: Vec<&'a Finding>,
    /// Why it was judged so.
    pub ground: Ground,
}

/// Why a token was taken for the one that works.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// Nothing speaks against either.
    Neither,
    /// Something speaks against one of them.
    One,
    /// Something speaks against both, and more against one.
    More,
    /// One has only expired, and something else speaks against the other.
    ExpiredSince,
    /// The same speaks against both.
    Alike,
    /// Each has its own.
    Each,
    /// The signature of one is valid, and there is no key for the other's.
    NoKey,
}

/// Judges two tokens by what was found about them.
pub fn judge<'a>(first: &'a Token, second: &'a Token) -> Judged<'a> {
    let (one, other) = (errors(first), errors(second));
    let only = |these: &[&'a Finding], those: &[&'a Finding]| -> Vec<&'a Finding> {
        these.iter().filter(|this| !those.iter().any(|that| same(this, that))).copied().collect()
    };
    let both: Vec<&Finding> = one.iter().filter(|this| other.iter().any(|that| same(this, that))).copied().collect();
    let (one, other) = (only(&one, &other), only(&other, &one));
    let table = table();
    let (works, ground) = match (one.is_empty(), other.is_empty()) {
        (true, true) if !both.is_empty() => (None, Ground::Alike),
        (true, true) => return undecided(first, second, table),
        (true, false) => (Some(Which::First), if both.is_empty() { Ground::One } else { Ground::More }),
        (false, true) => (Some(Which::Second), if both.is_empty() { Ground::One } else { Ground::More }),
        (false, false) => match (only_time(&one, table), only_time(&other, table)) {
            (true, false) => (Some(Which::First), Ground::ExpiredSince),
            (false, true) => (Some(Which::Second), Ground::ExpiredSince),
            _ => (None, Ground::Each),
        },
    };
    let mut hints = Vec::new();
    for (errors, token) in [(&one, first), (&other, second)] {
        if errors.iter().any(|error| error.subject == "/signature") {
            hints.extend(listed(token, &table.hints));
        }
    }
    Judged { works, first: one, second: other, both, hints, ground }
}

/// No check failed: a signature may still be undecided for one of them.
fn undecided<'a>(first: &'a Token, second: &'a Token, table: &Table) -> Judged<'a> {
    let open = |token: &'a Token| listed(token, &table.undecided);
    let valid = |token: &Token| token.signature.status == SignatureStatus::Valid;
    let (one, other) = match (valid(first), valid(second)) {
        (true, false) => (Vec::new(), open(second)),
        (false, true) => (open(first), Vec::new()),
        _ => (Vec::new(), Vec::new()),
    };
    let (works, ground) = match (one.is_empty(), other.is_empty()) {
        (true, false) => (Some(Which::First), Ground::NoKey),
        (false, true) => (Some(Which::Second), Ground::NoKey),
        _ => (None, Ground::Neither),
    };
    Judged { works, first: one, second: other, both: Vec::new(), hints: Vec::new(), ground }
}

/// Of so many findings the first ones are looked at.
const MOST: usize = 200;

fn listed<'a>(token: &'a Token, codes: &[String]) -> Vec<&'a Finding> {
    token.findings.iter().filter(|finding| codes.iter().any(|code| code == finding.code.0)).take(MOST).collect()
}

fn errors(token: &Token) -> Vec<&Finding> {
    if token.verdict != Verdict::Rejected {
        return Vec::new();
    }
    token.findings.iter().filter(|finding| finding.severity == Severity::Error).take(MOST).collect()
}

fn same(one: &Finding, other: &Finding) -> bool {
    one.code == other.code && one.subject == other.subject
}

fn only_time(findings: &[&Finding], table: &Table) -> bool {
    findings.iter().all(|finding| table.time.iter().any(|code| code == finding.code.0))
}
