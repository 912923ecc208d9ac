//! What else is known: the findings behind the cause, the next test, the configurations, and the command that confirms.

use web_sys::Element;

use super::{View, now};
use crate::cors::evidence::Evidence;
use crate::cors::{Outcome, WORDS};
use crate::page::checks::{remark, remark_state};
use crate::page::dom;

impl View {
    pub(super) fn paint_findings(&self) {
        let explanation = &self.explanation;
        let remarks: Vec<Element> = explanation
            .findings
            .iter()
            .map(|finding| remark(finding, &WORDS.words(finding, now()), remark_state(finding.severity)))
            .collect();
        // That nothing was recognised is the headline already, and what was looked for stands below it.
        dom::show("cors-sec-findings", !remarks.is_empty() && explanation.evidence != Evidence::Unrecognised);
        dom::update("cors-findings", &remarks);
        self.paint_next();
        dom::show("cors-sec-servers", explanation.fix.as_ref().is_some_and(|fix| !fix.configurations.is_empty()));
        dom::show("cors-sec-confirm", explanation.confirm.is_some());
        let refused = explanation.outcome == Outcome::Blocked;
        dom::show("cors-confirm-fix", refused);
        dom::show("cors-confirm-ask", !refused);
        dom::set_text("cors-confirm", explanation.confirm.as_deref().unwrap_or_default());
    }
}
