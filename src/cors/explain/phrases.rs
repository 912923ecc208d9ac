//! The words around the findings: headlines, the walk, the drawing. They stand in `src/data/cors_steps.json` and
//! `src/data/cors_causes.json`; what is looked up here is a template by its name, filled in with facts.

use std::sync::OnceLock;

use crate::cors::{Cause, StepName};
use crate::finding::{Code, Fact, Finding};
use crate::json::{self, Document, Value};
use crate::messages::{Prose, fill};
use crate::time::Time;

static STEPS: OnceLock<Document> = OnceLock::new();
static CAUSES: OnceLock<Document> = OnceLock::new();

/// What the templates have places for.
#[derive(Clone, Debug)]
pub(crate) struct Facts(Finding);

impl Default for Facts {
    fn default() -> Facts {
        Facts(Finding::info(Code("cors.facts"), ""))
    }
}

impl Facts {
    /// The same facts and one more value, worded as code.
    pub fn text(self, name: &'static str, value: impl Into<String>) -> Facts {
        self.with(name, Fact::Text(value.into()))
    }

    /// The same facts and one more.
    pub fn with(mut self, name: &'static str, fact: Fact) -> Facts {
        self.0.evidence.retain(|(other, _)| *other != name);
        self.0.evidence.push((name, fact));
        self
    }

    /// The fact of that name, for a finding that needs it too.
    pub fn get(&self, name: &str) -> Option<&Fact> {
        self.0.fact(name)
    }

    /// A template filled in.
    pub fn fill(&self, template: &str) -> Prose {
        fill(template, &self.0, Time::default())
    }

    /// The phrase of that name, filled in.
    pub fn phrase(&self, name: &str) -> Prose {
        self.fill(phrase(name).unwrap_or(name))
    }

    /// The phrase of that name as plain text.
    pub fn words(&self, name: &str) -> String {
        self.phrase(name).to_string()
    }
}

/// The template of that name.
pub(crate) fn phrase(name: &str) -> Option<&'static str> {
    steps().member("phrases")?.member(name)?.as_str()
}

/// A text of a step's row: `id`, `passed`, `question`, `found`, `ahead`, `skipped`.
pub(crate) fn of_step(step: StepName, part: &str) -> Option<&'static str> {
    step_row(step)?.member(part)?.as_str()
}

/// The section of the standard that a step follows: its name and address.
pub(crate) fn reference(step: StepName) -> Option<(&'static str, &'static str)> {
    match step_row(step)?.member("reference")?.items() {
        [name, address] => Some((name.as_str()?, address.as_str()?)),
        _ => None,
    }
}

/// A text of a cause's row: `headline`, `provider`, `support`, `because`, `fix`, `step`.
pub(crate) fn of_cause(cause: Cause, part: &str) -> Option<&'static str> {
    let causes = CAUSES.get_or_init(|| json::read(include_bytes!("../../data/cors_causes.json").to_vec()));
    causes.member(cause.name())?.member(part)?.as_str()
}

/// The step that fails with a cause.
pub(crate) fn step_of(cause: Cause) -> Option<StepName> {
    let name = of_cause(cause, "step")?;
    STEP_NAMES.iter().find(|(_, other)| *other == name).map(|(step, _)| *step)
}

fn step_row(step: StepName) -> Option<&'static Value> {
    let name = STEP_NAMES.iter().find(|(other, _)| *other == step)?.1;
    steps().member("steps")?.member(name)
}

fn steps() -> &'static Document {
    STEPS.get_or_init(|| json::read(include_bytes!("../../data/cors_steps.json").to_vec()))
}

/// The steps by their names in the tables.
pub(crate) const STEP_NAMES: &[(StepName, &str)] = &[
    (StepName::OtherOrigin, "OtherOrigin"),
    (StepName::ModeAndScheme, "ModeAndScheme"),
    (StepName::PreflightNeeded, "PreflightNeeded"),
    (StepName::PreflightRedirect, "PreflightRedirect"),
    (StepName::PreflightOrigin, "PreflightOrigin"),
    (StepName::PreflightCredentials, "PreflightCredentials"),
    (StepName::PreflightStatus, "PreflightStatus"),
    (StepName::AllowMethodsSyntax, "AllowMethodsSyntax"),
    (StepName::AllowHeadersSyntax, "AllowHeadersSyntax"),
    (StepName::Method, "Method"),
    (StepName::RequestHeaders, "RequestHeaders"),
    (StepName::RequestSent, "RequestSent"),
    (StepName::Origin, "Origin"),
    (StepName::Credentials, "Credentials"),
    (StepName::RedirectFollowed, "RedirectFollowed"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_has_its_row_and_every_step_too() {
        for cause in Cause::ALL {
            for part in ["headline", "support", "because", "fix"] {
                assert!(of_cause(*cause, part).is_some(), "{cause:?} has no {part}");
            }
            assert!(step_of(*cause).is_some(), "{cause:?} has no step");
        }
        for (step, name) in STEP_NAMES {
            assert_eq!(format!("{step:?}"), *name);
            for part in ["id", "passed", "question"] {
                assert!(of_step(*step, part).is_some(), "{step:?} has no {part}");
            }
            assert!(reference(*step).is_some_and(|(_, address)| address.starts_with("https://")), "{step:?}");
        }
    }

    /// Every name of a phrase in the sources has its row, and every row is used.
    #[test]
    fn every_phrase_is_there_and_used() {
        let sources = [
            include_str!("../explain.rs"),
            include_str!("decided.rs"),
            include_str!("headline.rs"),
            include_str!("probes.rs"),
            include_str!("told.rs"),
            include_str!("trusted.rs"),
            include_str!("walk.rs"),
            include_str!("../fix.rs"),
            include_str!("../sequence.rs"),
        ]
        .concat();
        let rows = steps().member("phrases").unwrap();
        for member in rows.members() {
            let name = member.name.as_str();
            let family = ["headline-neighbour-", "headline-error-", "why-", "candidate-"]
                .iter()
                .any(|start| name.starts_with(start));
            let halves = ["headline-", "support-"].iter().filter_map(|start| name.strip_prefix(start));
            let used = halves.chain([name]).any(|name| sources.contains(&format!("\"{name}\"")));
            assert!(family || used, "{name} is not used");
        }
        for call in [".phrase(\"", ".words(\""] {
            for (at, _) in sources.match_indices(call) {
                let name = sources[at + call.len()..].split('"').next().unwrap();
                assert!(phrase(name).is_some(), "there is no phrase {name}");
            }
        }
    }
}
