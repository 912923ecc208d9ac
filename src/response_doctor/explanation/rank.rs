//! The order of the findings, and which of them leads.

use super::phrases::{holds, is_about, matches, table};
use super::{advice, is_fault};
use crate::finding::{Certainty, Finding, Severity};
use crate::json::Value;
use crate::order;
use crate::response_doctor::evidence::Kind;
use crate::response_doctor::{Catalogue, Evidence, Said};

/// Findings in order, each once: first the one that leads, then errors and warnings by certainty, then facts, then what is
/// well. Says too whether the first one leads.
pub(super) fn ranked(
    evidence: &Evidence,
    said: &Said,
    joined: &[Finding],
    catalogue: &Catalogue,
) -> (Vec<Finding>, bool) {
    let mut findings = distinct(said.findings.iter().chain(joined));
    let has_worked = evidence.status.is_some_and(|status| (200..300).contains(&status));
    let leads = |finding: &Finding, findings: &[Finding], excluded: &[&str]| {
        // What is odd about a token is no reason when the request worked, and a remark never is one.
        let is_reason = is_error(finding) || !has_worked || said.findings.contains(finding);
        let is_remark = !is_error(finding) && matches(table().member("remarks"), finding.code.0);
        if is_reason && !is_remark { leads(finding, findings, excluded, catalogue) } else { None }
    };
    order::sort(&mut findings, |one, other| place(one) < place(other));
    let excluded = excluded(said, catalogue);
    let lead = (0..findings.len())
        .filter_map(|at| Some((at, leads(findings.get(at)?, &findings, &excluded)?)))
        // The first one of the least rank.
        .reduce(|one, other| if other.1 < one.1 { other } else { one });
    if let Some((at, _)) = lead {
        let lead = findings.remove(at);
        findings.insert(0, lead);
    }
    let unread = table().member("unread");
    // That a text says nothing is no news where there is none, or where something else says it.
    let is_of_answer = |finding: &Finding| finding.subject == "/answer" && !matches(unread, finding.code.0);
    let has_more = lead.is_some() || evidence.kind == Kind::Nothing || joined.iter().any(is_of_answer);
    findings.retain(|finding| !has_more || !matches(unread, finding.code.0));
    (findings, lead.is_some())
}

fn is_error(finding: &Finding) -> bool {
    finding.severity == Severity::Error
}

/// Each finding once. Of those with one code, subject and facts the surest stays.
fn distinct<'a>(all: impl Iterator<Item = &'a Finding>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    for finding in all {
        let same = |other: &&mut Finding| other.code == finding.code && other.evidence == finding.evidence;
        if let Some(other) = findings.iter_mut().find(same) {
            if finding.certainty < other.certainty {
                *other = finding.clone();
            }
        } else if findings.len() < MOST_FINDINGS {
            findings.push(finding.clone());
        }
    }
    findings
}

/// A case has a few dozen findings; more than these would be repetitions.
const MOST_FINDINGS: usize = 200;

/// By what findings are sorted; those that agree keep their order.
fn place(finding: &Finding) -> (u8, u8, u8) {
    let certainty = match finding.certainty {
        Certainty::Proved => 0,
        Certainty::Stated => 1,
        Certainty::Likely => 2,
    };
    match finding.severity {
        Severity::Error => (0, certainty, 0),
        Severity::Warning => (0, certainty, 1),
        Severity::Info => (1, 0, 0),
        Severity::Ok => (2, 0, 0),
    }
}

/// How well a finding leads, 0 best; `None` for what never does. Something sure leads before something likely, and an error
/// before a warning; what a more specific finding stands in for comes after that, and what the server's own words exclude
/// after all that could be the reason.
fn leads(finding: &Finding, findings: &[Finding], excluded: &[&str], catalogue: &Catalogue) -> Option<u8> {
    let sure = finding.certainty != Certainty::Likely;
    let rank = match finding.severity {
        Severity::Error if sure => 0,
        Severity::Error => 2,
        Severity::Warning => 4,
        // A fact that the server states by a code of its own is the answer: `authorization_pending`.
        Severity::Info if catalogue.row(finding.code.0).is_some() => 6,
        Severity::Info | Severity::Ok => return None,
    };
    if excluded.iter().any(|what| is_about(what, finding.code.0, catalogue)) {
        return Some(rank.max(3));
    }
    Some(rank + u8::from(is_general(finding, findings, catalogue)))
}

/// Whether a specific finding says with the facts of a case what a general one says: `response.scope-missing` for
/// `oauth.insufficient_scope`. A row of the catalogue stands in for the OAuth error that comes with it.
fn stands_in_for(specific: &Finding, general: &Finding, catalogue: &Catalogue) -> bool {
    let (specific, general) = (specific.code.0, general.code.0);
    if specific == general {
        return false;
    }
    let says = catalogue.row(general).map(|row| row.says).filter(|says| !says.is_empty());
    let rows = table().member("standsInFor").map(Value::items).unwrap_or_default();
    let by_table = rows.iter().any(|row| {
        let says_it = || says.is_some_and(|says| row.member("says").is_some_and(|list| holds(list, says)));
        matches(row.member("specific"), specific) && (matches(row.member("general"), general) || says_it())
    });
    let error = catalogue.row(specific).map(|row| row.error).unwrap_or_default();
    by_table || (!error.is_empty() && general.strip_prefix("oauth.") == Some(error))
}

/// The misreadings that the server's own words exclude.
fn excluded(said: &Said, catalogue: &Catalogue) -> Vec<&'static str> {
    said.named.iter().flat_map(|named| advice::of(named.code.0, catalogue).excludes).collect()
}

/// Whether another finding, at least as sure, says the same with more facts.
pub(super) fn is_general(finding: &Finding, findings: &[Finding], catalogue: &Catalogue) -> bool {
    let others = findings.iter().filter(|other| is_fault(other) && other.certainty <= finding.certainty);
    others.into_iter().any(|other| stands_in_for(other, finding, catalogue))
}
