//! Providers: who issued a token, recognised by its claims and not only by a host, and what is to be known of them.
//!
//! Everything about a provider is data: `src/data/providers.json` says by what its tokens are recognised, what its claims
//! mean, where it keeps scopes, roles and the client, which traps apply when, and how to ask it about a token. The code
//! here only reads that table. The words of the traps stand in `src/data/messages/provider.json`.
//!
//! Anyone can write any claim, so a provider is what a token says, never a proof of where it comes from.

mod condition;
mod opaque;
mod pattern;
mod reading;
mod revocation;
mod table;

use crate::finding::{Code, Finding};
use crate::messages::Prose;
use crate::why::Subject;

/// Who issued a token.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The provider's `id`, such as `okta`. Of a token that is no JSON Web Token it may be one that [`all`] does not list,
    /// such as `slack`.
    pub id: &'static str,
    /// Its name, that of the variant where there is one.
    pub name: &'static str,
    /// Which of its kinds of issuer or token, such as `org` or `custom` at Okta.
    pub variant: Option<&'static str>,
    /// Whether its issuer says so, or a mark that nothing else has; otherwise its claims make it likely.
    pub certain: bool,
    /// What it was recognised by, each a clause: "`jti` begins with `AT.`".
    pub evidence: Vec<Prose>,
    /// What its claims mean, for those that are in the token: the claim's name and its meaning here. A parameter of the
    /// header that only this provider writes stands there as `/header/NAME`.
    pub claims: Vec<(String, Prose)>,
    /// Where it keeps scopes, roles and the client, each with what the token has there.
    pub places: Vec<Place>,
    /// The traps that apply to this token, with codes `provider.ID.TRAP`.
    pub findings: Vec<Finding>,
}

/// Where a provider keeps something, and what the token has there.
#[derive(Clone, Debug, PartialEq)]
pub struct Place {
    /// What is kept: "scopes", "roles", "client".
    pub what: &'static str,
    /// Where, in words: "`scp`, a list".
    pub place: Prose,
    /// The values there.
    pub values: Vec<String>,
}

/// How to ask the issuer of a token whether it is still good.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Revocation {
    /// The introspection endpoint ([RFC 7662](https://www.rfc-editor.org/rfc/rfc7662)) of this very authorization server;
    /// `None` where it has none, or where none is known.
    pub introspection: Option<String>,
    /// The user info endpoint, which refuses an access token that is no longer good and was issued to a person.
    pub userinfo: Option<String>,
    /// Who may ask, or why there is no introspection: whole sentences.
    pub explanation: Prose,
    /// What to do instead, or in addition: whole sentences.
    pub alternative: Prose,
    /// Where it is documented.
    pub reference: &'static str,
}

/// How to ask an issuer whether its token is still good: `reading` is what [`recognise`] made of the token, `issuer` its
/// `iss`, which may be empty. Placeholders such as `<your domain>` stand where the token does not tell.
pub fn revocation(reading: Option<&Reading>, issuer: &str) -> Revocation {
    revocation::revocation(reading, issuer)
}

/// The `id` and the name of every provider, in the order of the table.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    table::providers().map(|row| (table::text(row, "id"), table::text(row, "name")))
}

/// Recognises who issued a token; `None` where nothing tells one provider from others.
pub fn recognise(subject: &Subject) -> Option<Reading> {
    if let Some(reading) = opaque::recognise(subject) {
        return Some(reading);
    }
    reading::recognise(subject)
}

/// Every code of this room.
pub fn codes() -> Vec<Code> {
    table::codes()
}
