//! What the Inspect view shows behind the first verdict.

use super::Host;

/// Starts this part of the page.
pub fn start(_host: Host) {}

/// Looks at what the Inspect view shows: the answers to its requests, which of its inputs they belong to, and which of the
/// tokens is shown.
pub fn look(_responses: &str, _generation: u32, _chosen: usize) {}
