//! Roles: the same token is right for one party and wrong for another.

use crate::finding::{Certainty, Code, Fact, Finding, Severity};
use crate::messages::Prose;
use crate::report::SignatureStatus;
use crate::why::Subject;
use crate::{profile, provider};

mod checks;
mod kind;

pub use kind::{Kind, kind};

use code::*;

/// The codes of this room.
pub mod code {
    crate::codes! {
        /// An ID token, looked at as an API.
        ID_TOKEN_AT_API = "role.id-token-at-api";
        /// A refresh token, looked at as an API.
        REFRESH_TOKEN_AT_API = "role.refresh-token-at-api";
        /// A token of another kind than an access token, looked at as an API.
        WRONG_KIND_AT_API = "role.wrong-kind-at-api";
        /// An access token, looked at as the client.
        ACCESS_TOKEN_AT_CLIENT = "role.access-token-at-client";
        /// An access token that its issuer calls opaque, looked at as the client.
        OPAQUE_ACCESS_TOKEN_AT_CLIENT = "role.opaque-access-token-at-client";
        /// An ID token, looked at as the client.
        ID_TOKEN_AT_CLIENT = "role.id-token-at-client";
    }
}

/// Whose eyes a token is looked at with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Role {
    /// The API that receives it.
    Api,
    /// The client, such as a single-page app, that asked for it.
    Client,
    /// Nobody in particular.
    #[default]
    Looking,
}

/// One of the checks that an API should run, with what this token gives it.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// Its stable name: `token-type`, `signature`, `issuer`, `audience`, `expiry`, `not-before`, `client`, `scopes`.
    pub key: &'static str,
    /// What the API checks.
    pub title: &'static str,
    /// How it ends for this token.
    pub outcome: Outcome,
    /// What this token gives the check.
    pub note: Prose,
    /// Where it is specified.
    pub reference: &'static str,
}

/// How a check ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It passes.
    Pass,
    /// It fails.
    Fail,
    /// It takes something that was not given: an expectation or a key.
    Unknown,
    /// It does not apply to this token.
    NotApplicable,
}

/// What follows from the chosen role, with codes `role.…`.
pub fn findings(subject: &Subject, profile: Option<&profile::Reading>) -> Vec<Finding> {
    if subject.choices.role == Role::Looking {
        return Vec::new();
    }
    // Some hints are certain for the tokens of one provider alone.
    let provider = provider::recognise(subject);
    let Some(kind) = kind(subject, profile, provider.as_ref()) else { return Vec::new() };
    let finding = match subject.choices.role {
        Role::Api => at_api(&kind),
        Role::Client => at_client(subject, &kind, profile, provider.as_ref()),
        Role::Looking => None,
    };
    finding.into_iter().collect()
}

/// What an API has to check, in the order of a verifier: the kind of token first, so that the rules of one kind are not
/// applied to another ([RFC 9068 §4](https://www.rfc-editor.org/rfc/rfc9068#section-4)). Each check is read off the
/// findings of the first verdict. Empty for a token whose claims can't be read: only its issuer can check that one.
pub fn server_checks(
    subject: &Subject,
    profile: Option<&profile::Reading>,
    provider: Option<&provider::Reading>,
) -> Vec<Check> {
    checks::of(subject, kind(subject, profile, provider).as_ref())
}

/// Every code of this room.
pub fn codes() -> Vec<Code> {
    ALL.to_vec()
}

/// Any kind but an access token is the wrong one for an API.
fn at_api(kind: &Kind) -> Option<Finding> {
    let code = match kind.id {
        "access" | "key" => return None,
        "id" if kind.for_api => return None,
        "id" => ID_TOKEN_AT_API,
        "refresh" => REFRESH_TOKEN_AT_API,
        _ => WRONG_KIND_AT_API,
    };
    let finding = if kind.sure {
        Finding::error(code, kind.at)
    } else {
        Finding::warning(code, kind.at).certainty(Certainty::Likely)
    };
    Some(worded(finding, kind))
}

/// An access token is not the client's to read; an ID token is the client's to check.
fn at_client(
    subject: &Subject,
    kind: &Kind,
    profile: Option<&profile::Reading>,
    provider: Option<&provider::Reading>,
) -> Option<Finding> {
    let finding = match kind.id {
        "access" if kind::is_opaque(profile, provider) => Finding::warning(OPAQUE_ACCESS_TOKEN_AT_CLIENT, kind.at),
        "access" => Finding::info(ACCESS_TOKEN_AT_CLIENT, kind.at),
        // Such a client hands it on, and leaves checking to the service that it is for.
        "id" if kind.for_api => return None,
        "id" => Finding::info(ID_TOKEN_AT_CLIENT, kind.at).with("left", left_to_compare(subject, profile)),
        _ => return None,
    };
    let finding = if kind.sure { finding } else { finding.certainty(Certainty::Likely) };
    Some(worded(finding, kind))
}

/// The facts that the sentences name.
fn worded(finding: Finding, kind: &Kind) -> Finding {
    finding
        .with("looks", Fact::Words(kind.looks))
        .with("kind", Fact::Words(kind.name))
        .with("purpose", Fact::Words(kind.purpose))
}

/// What a client compares of an ID token and has not been compared here.
fn left_to_compare(subject: &Subject, profile: Option<&profile::Reading>) -> Fact {
    let passed = |pointer: &str, prefix: &str| {
        let mut findings = subject.token.findings.iter();
        findings.any(|finding| {
            finding.severity == Severity::Ok && finding.subject == pointer && finding.code.0.starts_with(prefix)
        })
    };
    let met = |item: &str| {
        profile.is_some_and(|profile| {
            let mut requirements = profile.requirements.iter();
            requirements.any(|row| row.item == item && row.status == profile::Status::Met)
        })
    };
    let has = |name: &str| subject.token.payload.as_ref().is_some_and(|payload| payload.member(name).is_some());
    let is_valid = subject.token.signature.status == SignatureStatus::Valid;
    let compared = [
        ("signature", is_valid),
        ("iss", passed("/payload/iss", "claims.issuer")),
        ("aud", passed("/payload/aud", "claims.audience") || passed("/payload/aud", "claims.client")),
        ("nonce", !has("nonce") || passed("/payload/nonce", "claims.nonce")),
        ("at_hash", !has("at_hash") || met("at_hash")),
    ];
    let left: Vec<String> = compared.iter().filter(|row| !row.1).map(|row| row.0.to_owned()).collect();
    if left.is_empty() { Fact::Words(kind::phrase("nothing")) } else { Fact::List(left) }
}
