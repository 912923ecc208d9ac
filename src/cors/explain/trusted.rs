//! A list of trusted origins against the app's origin.

use super::phrases::{Facts, phrase};
use super::remarks::difference;
use super::{Case, Explanation, Fix, headline};
use crate::cors::evidence::TrustedOrigin;
use crate::cors::url::{OriginFault, corrected_origin, serialized_origin};
use crate::cors::{Outcome, code, provider};
use crate::finding::{Certainty, Code, Fact, Finding};
use crate::messages::Prose;

/// More entries that are nearly the origin are not listed.
const MOST_SIMILAR: usize = 5;

/// Fills in what follows from a list of trusted origins.
pub(super) fn compared(explanation: &mut Explanation, list: &[TrustedOrigin], case: &Case) {
    explanation.exchange = None;
    let Some(origin) = corrected_origin(&case.form.origin).filter(|origin| origin != "null") else {
        say(explanation, "trusted-no-origin", &Facts::default());
        explanation.findings.push(Finding::info(code::TRUSTED_NO_ORIGIN, "/origin"));
        explanation.next_test = Some(Finding::info(code::NEXT_ORIGIN, "/input"));
        return;
    };
    let finding = |severity: fn(Code, &'static str) -> Finding, code: Code| {
        severity(code, "/input").text("origin", origin.as_str())
    };
    let error: fn(Code, &'static str) -> Finding = |code, subject| Finding::error(code, subject);
    let info: fn(Code, &'static str) -> Finding = |code, subject| Finding::info(code, subject);
    let ok: fn(Code, &'static str) -> Finding = |code, subject| Finding::ok(code, subject);
    let exact = |entry: &&TrustedOrigin| serialized_origin(&entry.origin).as_ref() == Ok(&origin);
    let mut found: Vec<Finding> = Vec::new();
    for entry in list.iter().filter(exact) {
        found.push(match (entry.cors, entry.active) {
            (_, Some(false)) => finding(error, code::TRUSTED_INACTIVE),
            (Some(false), _) => finding(error, code::TRUSTED_NO_CORS),
            (Some(true), Some(true)) => finding(ok, code::TRUSTED),
            _ => finding(info, code::TRUSTED_UNKNOWN),
        });
    }
    // One good entry is enough, whatever others say.
    let best = found.iter().position(|one| one.code == code::TRUSTED || one.code == code::TRUSTED_UNKNOWN);
    let trusted = best.is_some();
    match best {
        Some(at) => explanation.findings.push(found.swap_remove(at)),
        None if found.is_empty() => explanation.findings.push(finding(error, code::TRUSTED_MISSING)),
        None => explanation.findings.append(&mut found),
    }
    if !trusted {
        let similar = list.iter().filter(|entry| !exact(entry)).filter_map(|entry| {
            let difference = phrase(how(&entry.origin, &origin)?)?;
            let finding = Finding::warning(code::TRUSTED_SIMILAR, "/input").text("origin", origin.as_str());
            Some(finding.text("found", entry.origin.as_str()).with("difference", Fact::Words(difference)))
        });
        explanation.findings.extend(similar.take(MOST_SIMILAR));
    }
    let open = list.iter().filter(|entry| {
        matches!(serialized_origin(&entry.origin), Err(OriginFault::Wildcard | OriginFault::HostPattern))
    });
    for entry in open.take(MOST_SIMILAR) {
        explanation
            .findings
            .push(Finding::warning(code::TRUSTED_TOO_OPEN, "/input").text("found", entry.origin.as_str()));
    }
    let facts = Facts::default().text("origin", origin.as_str());
    say(explanation, if trusted { "trusted" } else { "not-trusted" }, &facts);
    explanation.outcome = if trusted { Outcome::Unknown } else { Outcome::Blocked };
    explanation.certainty = Certainty::Likely;
    explanation.not_cors = false;
    let entered = list.iter().any(|entry| exact(&entry));
    explanation.fix = fix(&facts, &origin, trusted, entered);
    explanation.next_test = trusted.then(|| Finding::info(code::NEXT_CONSOLE, "/input"));
    explanation.walk.clear();
    explanation.engines.clear();
    explanation.sequence = None;
    explanation.confirm = None;
}

fn say(explanation: &mut Explanation, name: &str, facts: &Facts) {
    (explanation.headline, explanation.support) = headline::pair(name, facts);
}

/// In what an entry differs from the origin, where it is nearly the same: the name of a phrase.
fn how(entry: &str, origin: &str) -> Option<&'static str> {
    if corrected_origin(entry).as_deref() == Some(origin) {
        return match serialized_origin(entry).err()? {
            OriginFault::TrailingSlash => Some("difference-slash"),
            OriginFault::UpperCase => Some("difference-case"),
            OriginFault::DefaultPort => Some("difference-default-port"),
            _ => Some("difference-path"),
        };
    }
    let finding = difference(entry, origin)?;
    let names = [
        (code::MISMATCH_SCHEME, "difference-scheme"),
        (code::MISMATCH_PORT, "difference-port"),
        (code::MISMATCH_LOOPBACK, "difference-loopback"),
        (code::MISMATCH_SUBDOMAIN, "difference-subdomain"),
    ];
    names.iter().find(|(code, _)| *code == finding.code).map(|(_, name)| *name)
}

/// Lists of trusted origins are Okta's.
fn fix(facts: &Facts, origin: &str, trusted: bool, entered: bool) -> Option<Fix> {
    let okta = provider::all().find(|provider| provider.name() == "Okta")?;
    let fill = |template: &str| facts.fill(template);
    let remarks: Vec<Prose> = okta.not_this().map(|remark| fill(remark.text)).collect();
    if trusted {
        return Some(Fix {
            title: facts.phrase("fix-trusted"),
            not_this: remarks,
            link: okta.link(),
            ..Fix::default()
        });
    }
    Some(Fix {
        title: if entered { facts.phrase("fix-trusted-entry") } else { facts.phrase("fix-not-trusted") },
        copy: Some(origin.to_owned()),
        path: okta.path(),
        notes: okta.notes().map(fill).collect(),
        link: okta.link(),
        not_this: remarks,
        ..Fix::default()
    })
}
