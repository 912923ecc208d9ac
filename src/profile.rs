//! Profiles: what kind of token it is, by which evidence, and every requirement of that kind.

use crate::finding::{Code, Finding};
use crate::provider;
use crate::why::Subject;

mod beside;
mod check;
mod disclosure;
mod recognise;
mod request;
mod scene;
mod shape;
mod table;
mod test;

use scene::Scene;

/// The profile of a token, and how it meets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    /// The profile's `id`, such as `oidc-id-token`; `other` for a kind that declares itself and has no requirements here.
    pub id: &'static str,
    /// Its name, such as "OIDC ID token".
    pub name: &'static str,
    /// Where it is specified, in words: "RFC 9068 §2".
    pub specification: &'static str,
    /// The address of the specification.
    pub reference: &'static str,
    /// What it is for, in broad terms.
    pub kind: Kind,
    /// Whether the user chose it; otherwise it was recognised.
    pub chosen: bool,
    /// Whether the token itself says so, by its `typ` or by its form; otherwise the evidence makes it likely.
    pub declared: bool,
    /// What it was recognised by, each a clause: "`typ` is `at+jwt`".
    pub evidence: Vec<crate::messages::Prose>,
    /// Other profiles that fit less well, by `id`.
    pub alternatives: Vec<&'static str>,
    /// Every requirement, in the order of the table.
    pub requirements: Vec<Requirement>,
    /// A finding for each broken requirement, with the code `profile.ID.ITEM`.
    pub findings: Vec<Finding>,
}

impl Reading {
    /// Whether a token of this kind has no `exp` by its specification: it tells of a moment, or is good for one request.
    pub fn lives_without_expiry(&self) -> bool {
        matches!(self.kind, Kind::DpopProof | Kind::SecurityEvent | Kind::IntrospectionResponse | Kind::KeyBinding)
    }
}

/// One requirement of a profile, and whether the token meets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Requirement {
    /// What it is about: `header typ`, `aud`, `at_hash`.
    pub item: &'static str,
    /// How binding it is.
    pub level: Level,
    /// The rule in words.
    pub rule: &'static str,
    /// Whether the token meets it.
    pub status: Status,
    /// What was found, or why it does not apply.
    pub note: crate::messages::Prose,
    /// Where it is specified.
    pub reference: &'static str,
}

/// How binding a requirement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Level {
    /// Must be there.
    Required,
    /// Should be there.
    Recommended,
    /// May be there, and then has to be right.
    Optional,
    /// Must be there under a condition.
    Conditional,
    /// Must not be there.
    Forbidden,
}

/// Whether a requirement is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It is.
    Met,
    /// It is not.
    Broken,
    /// Its condition does not hold, or what it speaks of is absent and may be.
    NotApplicable,
    /// It takes something that is not at hand, which the note names.
    NotChecked,
}

/// What a token is for, in broad terms: who may send it to whom follows from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// Tells a client who signed in.
    IdToken,
    /// Opens an API.
    AccessToken,
    /// Renews the other tokens.
    RefreshToken,
    /// Shows an authorization server which client calls.
    ClientAssertion,
    /// Is exchanged for an access token.
    AuthorizationGrant,
    /// Carries the parameters of an authorization request.
    RequestObject,
    /// Carries the parameters of an authorization response.
    AuthorizationResponse,
    /// Ends a session.
    LogoutToken,
    /// Shows that the sender of a request has a key.
    DpopProof,
    /// Reports what happened to an account.
    SecurityEvent,
    /// Says what its holder may show to others.
    Credential,
    /// Shows that the holder of a credential has a key.
    KeyBinding,
    /// Says what an authorization server knows of another token.
    IntrospectionResponse,
    /// Anything else.
    #[default]
    Other,
}

/// The `id` and the name of every profile, in the order of the table.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    table::table().profiles.iter().map(|profile| (profile.id, profile.name))
}

/// Reads the profile of a token: the chosen one, or the one that it is recognised as. `None` where nothing tells what
/// kind of token it is.
pub fn read(subject: &Subject, provider: Option<&provider::Reading>) -> Option<Reading> {
    let scene = Scene::new(subject, provider)?;
    let recognised = recognise::recognise(&scene);
    let chosen = subject.choices.profile.as_deref();
    match chosen.and_then(|id| table::table().profiles.iter().find(|profile| profile.id == id)) {
        Some(profile) => Some(check::reading(&scene, profile, &recognised, true)),
        None => match recognised.first()? {
            recognise::Candidate::Profile { profile, .. } => Some(check::reading(&scene, profile, &recognised, false)),
            recognise::Candidate::Other { other, evidence, .. } => {
                Some(check::declared(&scene, other, evidence.clone(), &recognised))
            }
        },
    }
}

/// Every code of this room.
pub fn codes() -> Vec<Code> {
    let mut codes = vec![check::DECLARED_OTHER];
    let rules = table::table().profiles.iter().flat_map(|profile| &profile.rules);
    codes.extend(rules.filter(|rule| !rule.is_said_of_disclosures()).map(|rule| rule.code));
    codes
}
