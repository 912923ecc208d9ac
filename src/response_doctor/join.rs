//! Answer, token and request brought together: what follows from them that none of them says alone.
//!
//! Nothing is claimed that is not shown: a finding is [`Certainty::Proved`](crate::finding::Certainty::Proved) where it
//! follows from the texts at hand, and [`Certainty::Likely`](crate::finding::Certainty::Likely) where it is what usually
//! leads to such an answer. Where the server says what the token contradicts, that is said as well.

mod authorization;
pub mod code;
mod granted;
mod published;
mod redirect;
mod rest;
mod sent;
mod server;
mod skew;
mod statement;
mod times;
mod token_request;

use super::endpoint::{self, Endpoint, What};
use super::evidence::{Body, Kind};
use super::scopes::ScopeRow;
use super::token::{self, TokenFacts};
use super::{Catalogue, Evidence, Said};
use crate::finding::{Code, Finding, Severity};
use crate::json::Document;
use crate::time::Time;

/// What follows.
#[derive(Clone, Debug, Default)]
pub struct Joined {
    /// The findings, unranked.
    pub findings: Vec<Finding>,
    /// The scopes, those that are missing first.
    pub scopes: Vec<ScopeRow>,
    /// The facts of the token.
    pub token: Option<TokenFacts>,
}

/// Brings them together. `now` is the reader's clock, which counts only where the answer has no `Date`.
pub fn join(evidence: &Evidence, said: &Said, catalogue: &Catalogue, now: Time) -> Joined {
    let mut scene = Scene::new(evidence, said, catalogue, now);
    scene.sent();
    scene.times();
    scene.server();
    scene.granted();
    scene.published();
    scene.authorization();
    scene.token_request();
    scene.redirect_uri();
    scene.rest();
    Joined { findings: scene.findings, scopes: scene.scopes, token: scene.token }
}

/// What is at hand, what was made of it, and what was found so far.
struct Scene<'a> {
    evidence: &'a Evidence,
    said: &'a Said,
    catalogue: &'a Catalogue,
    now: Time,
    token: Option<TokenFacts>,
    method: &'a str,
    url: &'a str,
    endpoint: Endpoint,
    /// Whether the request is for one of Okta's own APIs, by its URL or by who answers.
    is_okta_api: bool,
    /// What the server says in words: descriptions, summaries, a text body.
    statement: String,
    findings: Vec<Finding>,
    scopes: Vec<ScopeRow>,
}

impl<'a> Scene<'a> {
    fn new(evidence: &'a Evidence, said: &'a Said, catalogue: &'a Catalogue, now: Time) -> Scene<'a> {
        let (method, url) = asked(evidence, said);
        let endpoint = endpoint::read(url);
        let token = evidence.token.as_ref().and_then(token::read);
        let is_okta_api = is_okta_api(&endpoint, said, token.as_ref());
        let statement = statement::of(evidence, said);
        let (findings, scopes) = (Vec::new(), Vec::new());
        Scene { evidence, said, catalogue, now, token, method, url, endpoint, is_okta_api, statement, findings, scopes }
    }

    fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// A mistake in what was sent: an error where that was refused, or no answer is there; a warning where the server put
    /// up with it, or answers something that has other reasons.
    fn fault(&self, code: Code, subject: &str) -> Finding {
        let is_reason = self.evidence.status.is_none_or(|status| matches!(status, 300..=403));
        if is_reason { Finding::error(code, subject) } else { Finding::warning(code, subject) }
    }

    fn is_success(&self) -> bool {
        self.evidence.status.is_some_and(|status| (200..300).contains(&status))
    }

    /// Whether there is an answer at all, or something that a server said.
    fn is_answered(&self) -> bool {
        self.evidence.status.is_some() || self.has_said()
    }

    fn has_said(&self) -> bool {
        self.said.oauth.is_some() || self.said.envelope.is_some() || !self.said.challenges.is_empty()
    }

    fn is_refused(&self) -> bool {
        match self.evidence.status {
            Some(status) => status >= 400,
            None => self.has_said(),
        }
    }

    /// Whether the answer is a 401, or says what comes with one.
    fn is_unauthorized(&self) -> bool {
        match self.evidence.status {
            Some(status) => status == 401,
            None => self.error() == "invalid_token",
        }
    }

    /// Whether the answer is a 403, or says what comes with one.
    fn is_forbidden(&self) -> bool {
        match self.evidence.status {
            Some(status) => status == 403,
            None => self.error() == "insufficient_scope" || self.envelope_code() == "E0000006",
        }
    }

    /// The OAuth error that the server states.
    fn error(&self) -> &str {
        let stated = self.said.oauth.as_ref().map(|oauth| oauth.error.as_str()).filter(|error| !error.is_empty());
        stated
            .or_else(|| self.said.challenges.iter().find_map(|challenge| challenge.parameter("error")))
            .unwrap_or_default()
    }

    fn envelope_code(&self) -> &str {
        self.said.envelope.as_ref().map_or("", |envelope| envelope.code.as_str())
    }

    /// Whether a row that the answer names excludes that misreading: `token`, `scope`.
    fn excludes(&self, misreading: &str) -> bool {
        self.rows().any(|row| row.excludes.contains(&misreading))
    }

    /// Whether a row that the answer names says that of the token: `expired`, `audience`.
    fn says(&self, what: &str) -> bool {
        self.rows().any(|row| row.says == what)
    }

    fn rows(&self) -> impl Iterator<Item = &'a super::catalogue::Row> + use<'a> {
        let (said, catalogue) = (self.said, self.catalogue);
        said.named.iter().filter_map(|named| catalogue.row(named.code.0))
    }

    /// Whether the token was sent to be let in, and not to be asked about or exchanged.
    fn is_for_resource(&self) -> bool {
        let is_resource = matches!(self.endpoint.what, What::Api | What::OktaApi | What::UserInfo);
        let is_flow = matches!(self.evidence.kind, Kind::AuthorizationRequest | Kind::Redirect)
            || self.form("grant_type").is_some()
            || (self.url.is_empty() && is_flow_error(self.error()));
        is_resource && !is_flow && !self.is_introspection()
    }

    /// The parameter of the form that was sent.
    fn form(&self, name: &str) -> Option<&'a str> {
        parameter(&self.evidence.request.as_ref()?.form, name)
    }

    /// The JSON body of the answer.
    fn body(&self) -> Option<&'a Document> {
        match &self.evidence.body {
            Body::Json(document) => Some(document),
            _ => None,
        }
    }

    /// Whether something was found that explains a refusal.
    fn has_error(&self) -> bool {
        self.findings.iter().any(|finding| finding.severity == Severity::Error)
    }

    fn has(&self, code: Code) -> bool {
        self.findings.iter().any(|finding| finding.code == code)
    }
}

/// Method and URL that were asked: of the request, else as an event or Okta's challenge tells them.
fn asked<'a>(evidence: &'a Evidence, said: &'a Said) -> (&'a str, &'a str) {
    if let Some(request) = &evidence.request {
        return (&request.method, &request.url);
    }
    let from_event = evidence.event.as_ref().and_then(|event| parameter(&event.debug, "requestUri"));
    let from_challenge = || said.challenges.iter().find_map(|challenge| challenge.parameter("resource"));
    ("", from_event.or_else(from_challenge).unwrap_or_default())
}

/// Okta's APIs are told by the host; behind a custom domain by who answers, or by the token's issuer having the same host.
fn is_okta_api(endpoint: &Endpoint, said: &Said, token: Option<&TokenFacts>) -> bool {
    if endpoint.what != What::Api {
        return endpoint.what == What::OktaApi;
    }
    let answers =
        said.sender == Some("okta") || said.envelope.as_ref().is_some_and(|row| row.code.starts_with("E0000"));
    let issued = token.is_some_and(|token| {
        (token.is_okta_org || token.is_okta_custom)
            && endpoint::origin_and_path(&token.issuer).0 == endpoint.origin
            && !endpoint.origin.is_empty()
    });
    endpoint.path.starts_with("/api/v1/") && (answers || issued || endpoint.is_okta)
}

/// Errors of authorization and token requests, which say nothing of a token that was sent to an API.
fn is_flow_error(error: &str) -> bool {
    [
        "invalid_grant",
        "invalid_client",
        "invalid_scope",
        "unauthorized_client",
        "unsupported_grant_type",
        "unsupported_response_type",
        "access_denied",
        "login_required",
        "consent_required",
        "interaction_required",
        "authorization_pending",
        "slow_down",
    ]
    .contains(&error)
}

/// The first parameter of that name.
fn parameter<'a>(parameters: &'a [(String, String)], name: &str) -> Option<&'a str> {
    parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}
