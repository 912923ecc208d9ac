//! The explanation as Markdown, for a ticket. What is secret is taken out of it once more.

use super::{View, now, words};
use crate::messages;
use crate::page::checks::{certainty, remark_state};
use crate::response_doctor::explanation::Command;
use crate::response_doctor::masking;

impl View {
    pub(super) fn report(&self) -> String {
        let explanation = &self.explanation;
        let mut report =
            ["# ", &explanation.headline.markdown(), "\n\n", &explanation.support.markdown(), "\n"].concat();
        let mut push = |parts: &[&str]| parts.iter().for_each(|part| report.push_str(part));
        if let Some(status) = explanation.status {
            push(&["\n- Status: ", &status.to_string(), "\n"]);
        }
        for (name, id) in &explanation.request_ids {
            push(&["- ", name, ": ", id, "\n"]);
        }
        if !self.needed_scopes().is_empty() {
            push(&["\n## Scopes\n\n"]);
        }
        for scope in self.needed_scopes() {
            let held = match scope.in_token {
                Some(true) => "in the token",
                Some(false) => "not in the token",
                None => "token not known",
            };
            push(&["- `", &scope.scope, "`: ", held, if scope.needed { ", needed" } else { "" }, "\n"]);
        }
        if !explanation.findings.is_empty() {
            push(&["\n## What is known\n\n"]);
        }
        for finding in &explanation.findings {
            let said = self.catalogue.words(finding, now());
            let (state, sure) = (remark_state(finding.severity).1, certainty(finding.certainty).1);
            push(&["- ", state, ", ", sure, ": ", &said.problem.markdown(), "\n"]);
            for prose in [said.explanation.as_ref(), messages::to_do(finding, &said)].into_iter().flatten() {
                push(&["  ", &prose.markdown(), "\n"]);
            }
        }
        if !explanation.steps.is_empty() {
            push(&["\n## Next steps\n\n"]);
        }
        for (number, step) in explanation.steps.iter().enumerate() {
            push(&[&(number + 1).to_string(), ". ", &step.text.markdown()]);
            if !step.place.is_empty() {
                push(&[" (", &step.place.join(" › "), ")"]);
            }
            push(&["\n"]);
        }
        if !explanation.commands.is_empty() {
            push(&["\n## Commands that would confirm it\n\n"]);
        }
        for command in &explanation.commands {
            push(&[&block(command)]);
        }
        if !explanation.checkup.is_empty() {
            push(&["\n## Checkup\n\n"]);
        }
        for (number, check) in explanation.checkup.iter().enumerate() {
            let state = words::check(check.state).1;
            push(&[&(number + 1).to_string(), ". ", &check.question.markdown(), " ", state, ": "]);
            push(&[&check.answer.markdown(), "\n"]);
        }
        // Nothing secret should have come this far.
        masking::mask(&report, &[]).text
    }
}

fn block(command: &Command) -> String {
    let text = crate::text::replace(&command.text, "\n", "\n    ");
    [&command.title.markdown(), "\n\n    ", &text, "\n\n"].concat()
}
