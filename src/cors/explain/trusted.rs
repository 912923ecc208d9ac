//! A list of trusted origins against the app's origin.

use super::phrases::{Facts, phrase};
use super::{Case, Explanation, Fix, headline};
use crate::cors::evidence::TrustedOrigin;
use crate::cors::trusted_origins::{Comparison, Difference, compare};
use crate::cors::url::corrected_origin;
use crate::cors::{Outcome, code, provider};
use crate::finding::{Certainty, Fact, Finding};
use crate::messages::Prose;

/// Fills in what follows from a list of trusted origins.
pub(super) fn compared(explanation: &mut Explanation, list: &[TrustedOrigin], case: &Case) {
    explanation.exchange = None;
    let origin = corrected_origin(&case.form.origin).unwrap_or_default();
    let entry = |at: usize| list.get(at).map_or("", |entry| entry.origin.as_str());
    let with = |finding: Finding| finding.text("origin", origin.as_str());
    let mut entered = false;
    let (trusted, certainty) = match compare(list, &origin) {
        _ if origin.is_empty() => return without_origin(explanation),
        Comparison::NoOrigin => return without_origin(explanation),
        Comparison::Empty => {
            explanation.findings.push(with(Finding::error(code::TRUSTED_EMPTY, "/input")));
            (false, Certainty::Proved)
        }
        Comparison::Allowed(at) => {
            let told = list.get(at).is_some_and(|entry| entry.active.is_some() && entry.cors.is_some());
            explanation.findings.push(with(match told {
                true => Finding::ok(code::TRUSTED, "/input"),
                false => Finding::info(code::TRUSTED_UNKNOWN, "/input"),
            }));
            (true, if told { Certainty::Proved } else { Certainty::Likely })
        }
        Comparison::LikelyAllowed(at) => {
            let finding = Finding::warning(code::TRUSTED_WILDCARD, "/input").text("found", entry(at));
            explanation.findings.push(with(finding).certainty(Certainty::Likely));
            (true, Certainty::Likely)
        }
        Comparison::Missing(misses) => {
            for miss in &misses {
                let code = match miss.differences.first() {
                    Some(Difference::Inactive) => Some(code::TRUSTED_INACTIVE),
                    Some(Difference::NotForCors) => Some(code::TRUSTED_NO_CORS),
                    _ => None,
                };
                entered |= code.is_some();
                explanation.findings.extend(code.map(|code| with(Finding::error(code, "/input"))));
                let name = miss.differences.first().and_then(named).and_then(phrase);
                explanation.findings.extend(name.map(|name| {
                    let finding = Finding::warning(code::TRUSTED_SIMILAR, "/input").text("found", entry(miss.entry));
                    with(finding).with("difference", Fact::Words(name))
                }));
            }
            if !entered {
                explanation.findings.insert(0, with(Finding::error(code::TRUSTED_MISSING, "/input")));
            }
            (false, Certainty::Proved)
        }
    };
    let facts = Facts::default().text("origin", origin.as_str());
    say(explanation, if trusted { "trusted" } else { "not-trusted" }, &facts);
    explanation.outcome = if trusted { Outcome::Unknown } else { Outcome::Blocked };
    explanation.certainty = certainty;
    explanation.fix = fix(&facts, &origin, trusted, entered);
    explanation.next_test = trusted.then(|| Finding::info(code::NEXT_CONSOLE, "/input"));
    explanation.walk.clear();
    explanation.engines.clear();
    explanation.sequence = None;
    explanation.confirm = None;
}

fn without_origin(explanation: &mut Explanation) {
    say(explanation, "trusted-no-origin", &Facts::default());
    explanation.findings.push(Finding::info(code::TRUSTED_NO_ORIGIN, "/origin"));
    explanation.next_test = Some(Finding::info(code::NEXT_ORIGIN, "/input"));
}

fn say(explanation: &mut Explanation, name: &str, facts: &Facts) {
    (explanation.headline, explanation.support) = headline::pair(name, facts);
}

/// The phrase for a difference; `None` for those that have findings of their own.
fn named(difference: &Difference) -> Option<&'static str> {
    Some(match difference {
        Difference::Inactive | Difference::NotForCors => return None,
        Difference::WhiteSpace => "difference-white-space",
        Difference::Case => "difference-case",
        Difference::TrailingSlash => "difference-slash",
        Difference::Path(_) => "difference-path",
        Difference::DefaultPort(_) => "difference-default-port",
        Difference::Scheme(..) => "difference-scheme",
        Difference::Port(..) => "difference-port",
        Difference::Www(_) => "difference-www",
        Difference::Loopback(..) => "difference-loopback",
        Difference::Subdomain(..) => "difference-subdomain",
        Difference::Spelling(..) => "difference-spelling",
        Difference::Wildcard(_) => "difference-wildcard",
    })
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
