//! What the server says, in whatever dialect: challenges, error envelopes, rate limits, request ids, and who it is.

use super::challenge::Challenge;
use super::{Catalogue, Evidence};
use crate::finding::{Certainty, Finding};
use crate::time::Time;

/// What the server says.
#[derive(Clone, Debug, Default)]
pub struct Said {
    /// The challenges of `WWW-Authenticate`, or of a line of it that was pasted alone.
    pub challenges: Vec<Challenge>,
    /// Okta's error envelope.
    pub envelope: Option<Envelope>,
    /// The OAuth error, from the body, the challenge, the redirect, or the event.
    pub oauth: Option<OauthError>,
    /// The rows of the catalogue that the answer names, the surest and most specific first.
    pub named: Vec<Named>,
    /// The limits of requests that the headers tell.
    pub limit: Option<RateLimit>,
    /// `Retry-After` in seconds from the answer's own `Date`.
    pub retry_after: Option<i64>,
    /// `Date`: the server's clock when it answered.
    pub date: Option<Time>,
    /// The ids by which the server's operators find the request, by the name of the header or member: `X-Okta-Request-Id`.
    pub request_ids: Vec<(String, String)>,
    /// Who answered, by its key in `src/data/senders.json`: `okta`, `entra`, `auth0`, `aws-http-api`, `envoy`.
    pub sender: Option<&'static str>,
    /// The findings of all that, each [`Certainty::Stated`] unless it is recognised by its wording alone.
    pub findings: Vec<Finding>,
}

/// Okta's [error envelope](https://developer.okta.com/docs/reference/error-codes/).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// `errorCode`.
    pub code: String,
    /// `errorSummary`.
    pub summary: String,
    /// `errorId`.
    pub id: String,
    /// The `errorSummary` of each of `errorCauses`.
    pub causes: Vec<String>,
}

/// An OAuth error ([RFC 6749 §5.2](https://www.rfc-editor.org/rfc/rfc6749#section-5.2)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OauthError {
    /// `error`.
    pub error: String,
    /// `error_description`.
    pub description: String,
    /// `scope` of the challenge, or the scopes that the description lists.
    pub scopes: Vec<String>,
}

/// A row of the catalogue that an answer names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// The code of its finding: `okta.E0000011`.
    pub code: crate::finding::Code,
    /// [`Certainty::Stated`] by a code of its own, [`Certainty::Likely`] by its wording.
    pub certainty: Certainty,
}

/// A limit of requests, as headers tell it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RateLimit {
    /// The number of requests that a window allows.
    pub limit: Option<i64>,
    /// How many of them are left.
    pub remaining: Option<i64>,
    /// When the window ends, by the server's clock.
    pub reset: Option<Time>,
    /// How long to wait, in seconds, from the answer's own `Date` to the reset, and one second more.
    pub wait: Option<i64>,
    /// Whether it is the number of requests at once that is limited: limit and remaining are both 0.
    pub is_concurrency: bool,
}

/// Reads what the server says.
pub fn read(evidence: &Evidence, catalogue: &Catalogue) -> Said {
    let _ = (evidence, catalogue);
    Said::default()
}
