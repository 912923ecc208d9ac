//! Lifetime and revocation: what the times say about the policy that minted a token, what a token cannot show, and how to
//! ask the issuer.
//!
//! What is known of each provider and of each kind of token stands in `src/data/lifetimes.json`.

use crate::finding::{Certainty, Code, Fact, Finding};
use crate::messages::{Prose, fill};
use crate::report::TokenKind;
use crate::role;
use crate::time::Time;
use crate::timeline::{Times, times};
use crate::why::Subject;
use crate::{profile, provider};

mod commands;
mod table;

use table::{Case, list, number, text};

use code::*;

/// The codes of this room.
pub mod code {
    crate::codes! {
        /// The lifetime is none that the recognised provider can mint.
        OUTSIDE_RANGE = "lifetime.outside-range";
        /// Issued more than a day ago, and good for long.
        OLD = "lifetime.old";
    }
}

/// What a token's lifetime says, and what only its issuer can say.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lifetime {
    /// From `iat` (or `nbf`) to `exp`, in seconds.
    pub seconds: Option<i64>,
    /// What that says about the policy that minted it.
    pub about: Vec<Prose>,
    /// What the token cannot show: revocation, deactivation, the order of policies.
    pub unknown: Vec<Prose>,
    /// How its issuer can be asked, or why it can't: whole sentences.
    pub asking: Vec<Prose>,
    /// Where that is documented; empty where it is not known.
    pub reference: &'static str,
    /// The commands that ask the issuer, with placeholders where token and credentials belong.
    pub commands: Vec<Command>,
    /// What is worth a finding, with codes `lifetime.…`.
    pub findings: Vec<Finding>,
}

/// A command to run elsewhere.
#[derive(Clone, Debug, PartialEq)]
pub struct Command {
    /// Its stable name: `introspect`, `userinfo`.
    pub key: &'static str,
    /// What it is for.
    pub title: Prose,
    /// The command, for a POSIX shell.
    pub text: String,
    /// What its answer means.
    pub note: Prose,
}

/// Tokens that were issued so many seconds ago are worth a question: a day.
const OLD_FROM: i64 = 86_400;

/// What still lives shorter than this needs no question any more.
const LONG_FROM: i64 = 3600;

/// Reads the lifetime of a token. `None` where there are no claims, unless it is an opaque token: of that one it says what
/// it can't show, and how to ask an expected issuer.
pub fn read(
    subject: &Subject,
    profile: Option<&profile::Reading>,
    provider: Option<&provider::Reading>,
) -> Option<Lifetime> {
    let kind = role::kind(subject, profile, provider);
    let is_opaque = subject.token.kind == TokenKind::Opaque;
    let root = subject.token.payload.as_ref().and_then(|payload| payload.root.as_ref());
    if !is_opaque && root.is_none_or(|root| root.type_name() != "object") {
        return None;
    }
    let times = times(subject.token);
    let seconds = times.lifetime();
    let case = Case { subject, profile, provider, kind: kind.map_or("other", |kind| kind.id) };
    let revocation = provider::revocation(provider, commands::issuer(subject).as_deref().unwrap_or_default());
    let is_asked = is_opaque || case.first("hints").is_some();
    Some(Lifetime {
        seconds,
        about: if is_opaque { Vec::new() } else { about(&case, seconds) },
        unknown: unknown(&case, if is_opaque { "opaque" } else { "unknown" }),
        asking: if is_asked { asking(&case, &revocation) } else { Vec::new() },
        reference: revocation.reference,
        commands: commands::commands(&case, &revocation),
        findings: findings(&case, &times, seconds),
    })
}

/// Every code of this room.
pub fn codes() -> Vec<Code> {
    ALL.to_vec()
}

/// What the lifetime says about the policy behind it.
fn about(case: &Case, seconds: Option<i64>) -> Vec<Prose> {
    let template = match seconds {
        Some(seconds) => case.first("rows").and_then(|row| table::said(row, seconds)),
        None => case.first("timeless").and_then(|row| text(row, "text")),
    };
    let facts = Finding::info(OUTSIDE_RANGE, "").with("lifetime", Fact::Duration(seconds.unwrap_or_default()));
    template.map(|template| fill(template, &facts, case.subject.now)).into_iter().collect()
}

/// How the issuer can be asked, or why it can't.
fn asking(case: &Case, revocation: &provider::Revocation) -> Vec<Prose> {
    let mut asking = vec![revocation.explanation.clone(), revocation.alternative.clone()];
    if let Some(issuer) = commands::foreign(case.subject) {
        let nameless = provider::revocation(None, "");
        asking.retain(|prose| *prose != nameless.explanation && *prose != nameless.alternative);
        let there = provider::revocation(case.provider, issuer);
        // Of a provider that is known to answer nobody there is nothing to withhold.
        if asking.is_empty() || there.introspection.is_some() || there.userinfo.is_some() {
            let facts = Finding::info(OLD, "").text("issuer", issuer);
            asking.insert(0, fill(table::word("foreign"), &facts, case.subject.now));
        }
    }
    asking.retain(|prose| !prose.0.is_empty());
    asking
}

/// What the token can't show.
fn unknown(case: &Case, section: &str) -> Vec<Prose> {
    let rows = list(section).iter().filter(|row| case.fits(row));
    rows.filter_map(|row| text(row, "text"))
        .map(|template| fill(template, &Finding::info(OLD, ""), Time::default()))
        .collect()
}

fn findings(case: &Case, times: &Times, seconds: Option<i64>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let now = case.subject.now;
    if let (Some(seconds), Some(provider)) = (seconds, case.provider)
        && let Some(row) = case.first("rows").filter(|row| row.member("providers").is_some())
    {
        let (least, most) = (number(row, "least").unwrap_or(1), number(row, "most").unwrap_or(i64::MAX));
        if !(least..=most).contains(&seconds) {
            let finding = Finding::info(OUTSIDE_RANGE, "/payload/exp").certainty(Certainty::Likely);
            let finding =
                finding.with("lifetime", Fact::Duration(seconds)).with("provider", Fact::Words(provider.name));
            findings.push(finding.with("range", Fact::Words(text(row, "range").unwrap_or_default())));
        }
    }
    // Only what opens an API, or renews what does, is good for whoever has it.
    if let (Some(issued), Some(expiry), "access" | "refresh" | "other") = (times.issued, times.expiry, case.kind) {
        let (age, remaining) = (now.since(issued), expiry.since(now));
        if age >= OLD_FROM && remaining >= LONG_FROM {
            let finding = Finding::info(OLD, "/payload/iat").with("issued", Fact::Time(issued));
            findings.push(finding.with("remaining", Fact::Duration(remaining)));
        }
    }
    findings
}
