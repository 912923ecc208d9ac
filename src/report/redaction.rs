//! What of a token may stand in a report that is sent to others.
//!
//! The list names what is allowed, not what is forbidden: a claim that nobody thought of stays out.

use crate::discovery::overlap;
use crate::finding::{Fact, Finding};

/// Claims and header parameters whose values say nothing about a person. Names of clients, audiences and scopes are
/// what a report is about; whoever shares it sees them in it.
const PUBLIC: &[&str] = &[
    "acr",
    "alg",
    "amr",
    "aud",
    "auth_time",
    "azp",
    "cid",
    "client_id",
    "crit",
    "cty",
    "exp",
    "iat",
    "iss",
    "kid",
    "nbf",
    "scope",
    "scp",
    "token_use",
    "typ",
    "ver",
    "x5t",
    "x5t#S256",
];

/// Whether the value of a top-level claim or header parameter may be shown.
pub fn is_public(name: &str) -> bool {
    PUBLIC.contains(&name)
}

/// The same finding without values that may be personal, which are those of claims that are not on the list, and
/// without any part of the token, wherever it was typed.
pub fn redacted(finding: &Finding, token: &str) -> Finding {
    let mut redacted = finding.clone();
    let named = |part: &str| finding.subject.strip_prefix(part).and_then(|pointer| pointer.split('/').next());
    let claim = named("/payload/").or_else(|| named("/header/"));
    let is_shown = |text: &str| claim.is_none_or(is_public) && !overlap(text, token);
    for (name, fact) in &mut redacted.evidence {
        match fact {
            // The name of the finding that explains this one is our own word.
            Fact::Text(_) if *name == "reason" => {}
            Fact::Text(text) if !is_shown(text) => *text = stand_in(text),
            Fact::List(items) => {
                // A sentence names fewer than these. Looking through the token for each of a hundred thousand takes minutes.
                let items = items.iter_mut().enumerate();
                let hidden = items.filter(|(number, item)| *number >= MOST_ITEMS || !is_shown(item));
                hidden.for_each(|(_, item)| *item = stand_in(item))
            }
            _ => {}
        }
    }
    // Words that were made of these facts would still quote them.
    if !redacted.evidence.is_empty() {
        redacted.ready = None;
    }
    redacted
}

/// How many items of a list may be shown.
const MOST_ITEMS: usize = 32;

/// What stands in a report in place of a value: its length, which often explains a difference, and nothing else.
pub fn stand_in(text: &str) -> String {
    let count = text.chars().count();
    ["[", &count.to_string(), if count == 1 { " character]" } else { " characters]" }].concat()
}
