//! What stands behind a verdict as JSON, as `docs/report.md` describes it: the report with its rooms filled.

use super::Explained;
use crate::report::json::Node;

/// The explained report on a text, as a JSON value.
pub fn node(explained: &Explained, text: &str) -> Node {
    crate::report::json::node(&explained.report, text)
}
