//! Holding a token against the rules of its profile.

use super::recognise::Candidate;
use super::scene::Scene;
use super::shape::{Fault, Outcome};
use super::table::{Other, Profile, Rule, When, table};
use super::{Level, Reading, Requirement, Status};
use crate::finding::{Certainty, Code, Fact, Finding, Severity};
use crate::messages::{self, Prose};

/// The token says that it is of a kind that has no rules here.
pub(super) const DECLARED_OTHER: Code = Code("profile.declared-other");

/// Of the alternatives the first ones are named.
const MOST_ALTERNATIVES: usize = 4;

/// The reading of a token by that profile.
pub(super) fn reading(scene: &Scene, profile: &'static Profile, recognised: &[Candidate], chosen: bool) -> Reading {
    let own = recognised.iter().find_map(|candidate| match candidate {
        Candidate::Profile { profile: found, declared, evidence, .. } if found.id == profile.id => {
            Some((*declared, evidence.clone()))
        }
        _ => None,
    });
    let (declared, evidence) = own.unwrap_or_default();
    let judge = Judge { scene, chosen, declared };
    let mut requirements = Vec::new();
    let mut findings = Vec::new();
    for rule in &profile.rules {
        let (requirement, finding) = judge.requirement(rule);
        requirements.push(requirement);
        findings.extend(finding);
    }
    Reading {
        id: profile.id,
        name: profile.name,
        specification: profile.specification,
        reference: profile.reference,
        kind: profile.kind,
        chosen,
        declared,
        evidence,
        alternatives: alternatives(recognised, profile.id),
        requirements,
        findings,
    }
}

/// The reading of a token that says of itself what it is, and is nothing that has rules here.
pub(super) fn declared(
    scene: &Scene,
    other: &'static Other,
    evidence: Vec<Prose>,
    recognised: &[Candidate],
) -> Reading {
    let typ = scene.subject.token.header.as_ref().and_then(|header| header.string("typ"));
    let finding = Finding::info(DECLARED_OTHER, "/header/typ")
        .with("kind", Fact::Words(other.name))
        .with("specification", Fact::Words(other.specification))
        .text("typ", typ.unwrap_or_default());
    Reading {
        id: "other",
        name: other.name,
        specification: other.specification,
        reference: other.reference,
        kind: other.kind,
        chosen: false,
        declared: true,
        evidence,
        alternatives: alternatives(recognised, ""),
        requirements: Vec::new(),
        findings: vec![finding],
    }
}

fn alternatives(recognised: &[Candidate], leader: &str) -> Vec<&'static str> {
    let ids = recognised.iter().filter_map(|candidate| match candidate {
        Candidate::Profile { profile, .. } if profile.id != leader => Some(profile.id),
        _ => None,
    });
    ids.take(MOST_ALTERNATIVES).collect()
}

/// Who says how grave a broken rule is.
struct Judge<'s, 'a> {
    scene: &'s Scene<'a>,
    chosen: bool,
    declared: bool,
}

impl Judge<'_, '_> {
    fn requirement(&self, rule: &'static Rule) -> (Requirement, Option<Finding>) {
        let outcome = self.outcome(rule);
        let facts = Finding::info(rule.code, "");
        let (status, template, facts) = match &outcome {
            Outcome::Met(value) => {
                let template = if rule.note.is_empty() { "{value}" } else { rule.note };
                (Status::Met, template, facts.with("value", Fact::List(value.clone())))
            }
            Outcome::Said(words, value) => (Status::Met, *words, facts.with("value", Fact::List(value.clone()))),
            Outcome::Broken(fault) => {
                (Status::Broken, "{found}{value}{contrast}{computed}", fault.facts(facts, "notes"))
            }
            Outcome::NotApplicable(words) => (Status::NotApplicable, *words, facts),
            Outcome::NotChecked(words) => (Status::NotChecked, *words, facts),
        };
        let requirement = Requirement {
            item: rule.item,
            level: rule.level,
            rule: rule.rule,
            status,
            note: messages::fill(template, &facts, self.scene.subject.now),
            reference: rule.reference,
        };
        let finding = match outcome {
            Outcome::Broken(fault) => Some(self.finding(rule, &fault)).filter(|finding| !self.is_said(rule, finding)),
            _ => None,
        };
        (requirement, finding)
    }

    /// Whether the first verdict has a finding that says the same of the same place, and no less gravely; or whether the
    /// disclosures have one.
    fn is_said(&self, rule: &Rule, own: &Finding) -> bool {
        rule.is_said_of_disclosures()
            || self.scene.subject.token.findings.iter().any(|finding| {
                let is_elsewhere = finding.subject.starts_with("/payload/") && finding.subject != own.subject;
                rule.said_by.contains(&finding.code.0) && !is_elsewhere && finding.severity <= own.severity
            })
    }

    fn finding(&self, rule: &'static Rule, fault: &Fault) -> Finding {
        let mut finding = Finding::warning(rule.code, fault.pointer.clone());
        finding.severity = match rule.level {
            _ if fault.contradiction => Severity::Error,
            Level::Recommended => Severity::Info,
            _ if self.chosen => rule.most,
            _ => Severity::Warning,
        };
        // Which kind it is is proved only where the token says so; that it breaks the rules of a chosen one always is.
        if !fault.contradiction && !self.chosen && !self.declared {
            finding.certainty = Certainty::Likely;
        }
        fault.facts(finding, "found")
    }

    /// What the rule comes to: its condition first, and then its value.
    fn outcome(&self, rule: &'static Rule) -> Outcome {
        let words = |name| table().words("notes", name);
        let outcome = rule.want.outcome(self.scene, rule);
        // What is not there, by its condition, is not unreadable.
        if let (Outcome::NotChecked(said), When::Test(test, otherwise)) = (&outcome, &rule.when)
            && *said == words("unreadable")
            && !test.holds(self.scene)
        {
            return Outcome::NotApplicable(otherwise);
        }
        let Outcome::Broken(fault) = &outcome else { return outcome };
        if !fault.absent {
            return outcome;
        }
        match (&rule.when, rule.level) {
            (When::Test(test, otherwise), _) if !test.holds(self.scene) => Outcome::NotApplicable(otherwise),
            (When::Test(..), _) => outcome,
            (When::Unknown(words), _) => Outcome::NotChecked(words),
            (When::Always, Level::Optional) => Outcome::NotApplicable(words("optional")),
            (When::Always, _) => outcome,
        }
    }
}

impl Fault {
    /// The facts of what was found: as a clause for findings, as a note for requirements.
    fn facts(&self, finding: Finding, group: &str) -> Finding {
        let words = |group, name| Fact::Words(table().words(group, name));
        let comparison = match self.found {
            _ if !self.contrast.is_empty() => "different",
            found @ ("missing" | "value") => found,
            _ => "value",
        };
        finding
            .with("comparison", words("comparisons", comparison))
            .with("found", words(group, self.found))
            .with("value", Fact::List(self.value.clone()))
            .with("contrast", words("contrasts", self.contrast))
            .with("computed", Fact::List(self.computed.clone()))
    }
}
