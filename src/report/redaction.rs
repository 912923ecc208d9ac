//! What of a token may stand in a report that is sent to others.
//!
//! The list names what is allowed, not what is forbidden: a claim that nobody thought of stays out.

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

/// The same finding without values that may be personal: those of claims that are not on the list.
pub fn redacted(finding: &Finding) -> Finding {
    let mut redacted = finding.clone();
    if finding
        .subject
        .strip_prefix("/payload/")
        .is_none_or(|claim| is_public(claim.split('/').next().unwrap_or_default()))
    {
        return redacted;
    }
    for (_, fact) in &mut redacted.evidence {
        match fact {
            Fact::Text(text) => *text = stand_in(text),
            Fact::List(items) => items.iter_mut().for_each(|item| *item = stand_in(item)),
            Fact::Count(_) | Fact::Duration(_) | Fact::Time(_) | Fact::Words(_) => {}
        }
    }
    redacted
}

/// What stands in a report in place of a value: its length, which often explains a difference, and nothing else.
pub fn stand_in(text: &str) -> String {
    let count = text.chars().count();
    format!("[{count} character{}]", if count == 1 { "" } else { "s" })
}
