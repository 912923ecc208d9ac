//! What the server says, in whatever dialect: challenges, error envelopes, rate limits, request ids, and who it is.

pub mod code;
mod limits;
mod meaning;
mod named;
mod oauth;
mod remarks;
mod sender;
mod texts;
mod wordings;

pub use meaning::{explained, meaning};
pub use sender::{Sender, of_key, senders};

use super::challenge::{self, Challenge};
use super::evidence::{Body, Kind};
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
    let date = limits::date(&evidence.headers);
    let mut said = Said {
        challenges: challenges(evidence),
        envelope: oauth::envelope(evidence),
        limit: limits::limit(&evidence.headers, date),
        retry_after: limits::retry_after(&evidence.headers, date),
        date,
        request_ids: limits::request_ids(evidence),
        ..Said::default()
    };
    said.oauth = oauth::oauth(evidence, &said.challenges).or_else(|| in_words(evidence, &said, catalogue));
    let envelope = said.envelope.iter();
    let descriptions: Vec<&str> = envelope
        .flat_map(|envelope| envelope.causes.iter().map(String::as_str).chain([envelope.summary.as_str()]))
        .chain(said.challenges.iter().filter_map(|challenge| challenge.parameter("error_description")))
        .chain(evidence.event.iter().map(|event| event.reason.as_str()))
        .collect();
    let texts = texts::texts(evidence, &descriptions, said.oauth.as_ref());
    let sender = sender::sender(evidence, &said.challenges, &texts);
    let sought =
        named::Sought { evidence, envelope: said.envelope.as_ref(), oauth: said.oauth.as_ref(), texts: &texts, sender };
    let (found, unknown) = named::find(&sought, catalogue);
    // A wording that only one sender has names it too.
    let of_row = || found.iter().filter(|found| !found.is_general).find_map(|found| sender::of_row(found.row.sender));
    let sender = sender.or_else(of_row);
    let scene = remarks::Scene { evidence, said: &said, found: &found, unknown: &unknown, texts: &texts, sender };
    let findings = remarks::findings(&scene);
    // The specific ones first, and among them the order in which they were found.
    let (general, specific): (Vec<_>, Vec<_>) = found.iter().partition(|found| found.is_general);
    let name = |found: &&named::Found<'_>| Named { code: found.row.code, certainty: found.certainty };
    said.named = specific.iter().chain(&general).map(name).collect();
    said.sender = sender.map(|sender| sender.key.as_str());
    said.findings = findings;
    said
}

/// Headers that carry challenges: those of the server and of a proxy, and those that gateways rename.
const CHALLENGES: [&str; 4] =
    ["www-authenticate", "proxy-authenticate", "x-amzn-remapped-www-authenticate", "x-original-www-authenticate"];

/// The challenges of the headers, each once, or of a line that was pasted alone.
fn challenges(evidence: &Evidence) -> Vec<Challenge> {
    let mut challenges: Vec<Challenge> = Vec::new();
    let mut add = |value: &str| {
        for challenge in challenge::read(value) {
            if !challenges.contains(&challenge) {
                challenges.push(challenge);
            }
        }
    };
    let mut is_told = false;
    for value in CHALLENGES.iter().flat_map(|name| evidence.headers.values(name)) {
        is_told = true;
        add(value);
    }
    if !is_told && evidence.kind == Kind::Challenge {
        for value in pasted_challenges(&evidence.text) {
            add(&value);
        }
    }
    challenges
}

/// The values in a pasted text: one for each line that begins with the name of such a header, with the lines that are
/// folded behind it; the whole where none does.
fn pasted_challenges(text: &str) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    for line in text.lines() {
        let bare = line.trim_start_matches([' ', '\t', '<', '>', '-', '\'', '"']);
        let named = bare.split_once(':').filter(|(name, _)| {
            let name = name.trim().trim_matches(['"', '\'']);
            CHALLENGES.iter().any(|known| known.eq_ignore_ascii_case(name))
        });
        match (named, values.last_mut()) {
            (Some((_, value)), _) => values.push(value.trim().to_owned()),
            (None, Some(last)) => {
                last.push('\n');
                last.push_str(line);
            }
            (None, None) => values.push(line.to_owned()),
        }
    }
    values
}

/// An OAuth error that a free text names: a line of a log, a message that someone passes on.
fn in_words(evidence: &Evidence, said: &Said, catalogue: &Catalogue) -> Option<OauthError> {
    if said.envelope.is_some() || !matches!(evidence.kind, Kind::Text | Kind::Http | Kind::HeaderTable) {
        return None;
    }
    let text = match &evidence.body {
        Body::Text(text) => text,
        _ => &evidence.text,
    };
    let words = text.split(|character: char| !(character.is_ascii_alphanumeric() || character == '_'));
    let mut errors = words.filter(|word| word.contains('_') && oauth::is_error(word)).take(1_000);
    let error = errors.find(|word| catalogue.row(&["oauth.", word].concat()).is_some())?;
    let scopes = oauth::scopes_of(text);
    Some(OauthError { error: error.to_owned(), description: text.trim().chars().take(4_000).collect(), scopes })
}
