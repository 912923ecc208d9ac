//! What to do, in order.

use super::Step;
use super::headline::next_phrase;
use super::phrases::words;
use super::rank::is_general;
use super::scene::Scene;
use crate::finding::{Certainty, Finding, Severity};
use crate::messages;

/// More than these nobody follows.
const MOST_STEPS: usize = 7;

/// What to do: the remedies of the findings in their order, those of what is only likely behind the others. A remedy stands
/// once, and what a more specific finding says better is left out.
pub(super) fn steps(scene: &Scene) -> Vec<Step> {
    let is_fault = |finding: &Finding| matches!(finding.severity, Severity::Error | Severity::Warning);
    let sure = |finding: &Finding| is_fault(finding) && finding.certainty != Certainty::Likely;
    let likely = |finding: &Finding| is_fault(finding) && finding.certainty == Certainty::Likely;
    let mut steps = Vec::new();
    // What leads comes first, however sure it is; a leading fact has a remedy too: keep polling.
    for (at, finding) in scene.findings.iter().enumerate() {
        if at == 0 && scene.is_led {
            add(&mut steps, scene, at, finding);
        }
    }
    for wanted in [&sure as &dyn Fn(&Finding) -> bool, &likely] {
        for (at, finding) in scene.findings.iter().enumerate() {
            if wanted(finding) && !is_general(finding, scene.findings, scene.catalogue) {
                add(&mut steps, scene, at, finding);
            }
        }
    }
    if let Some(lead) = scene.lead() {
        let last = words("last", next_phrase(scene, lead, scene.advice(lead).next));
        if !last.0.is_empty() && !steps.is_empty() && steps.len() < MOST_STEPS {
            steps.push(Step { text: last, place: Vec::new(), finding: 0 });
        }
    }
    steps
}

fn add(steps: &mut Vec<Step>, scene: &Scene, at: usize, finding: &Finding) {
    let words = scene.catalogue.words(finding, scene.now);
    let Some(text) = messages::to_do(finding, &words).cloned() else { return };
    if steps.len() < MOST_STEPS && !steps.iter().any(|step| step.text == text) {
        let place = scene.advice(finding).place.iter().map(|part| (*part).to_owned()).collect();
        steps.push(Step { text, place, finding: at });
    }
}
