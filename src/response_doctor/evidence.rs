//! Pasted text to what it tells: the request, the answer, and the token that was sent.

use super::Case;
use crate::http::Headers;
use crate::json::Document;
use crate::time::Time;

/// What the pasted texts tell. What a text does not show is empty or `None`, and never guessed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// What the text of the answer was recognised as.
    pub kind: Kind,
    /// The request, where a text shows it.
    pub request: Option<Request>,
    /// The status of the final answer.
    pub status: Option<u16>,
    /// The words behind the status.
    pub reason: String,
    /// The headers of the final answer, trailing ones included.
    pub headers: Headers,
    /// Whether the headers were pasted as a whole, so that one which is not there was not sent.
    pub has_headers: bool,
    /// The body of the final answer.
    pub body: Body,
    /// The parameters of a redirect URL (query and fragment), of an authorization request, or of a form body that was
    /// pasted as the answer: decoded, in order, repetitions kept. Values of secrets are emptied.
    pub parameters: Vec<(String, String)>,
    /// The answers before the final one, where redirects were followed: the URL asked, the status, where it pointed.
    pub hops: Vec<Hop>,
    /// The exit code of curl, where it failed.
    pub curl: Option<u16>,
    /// An event of the System Log.
    pub event: Option<Event>,
    /// The token that was sent with the request: from the case's own field, else from the request's headers.
    pub token: Option<SentToken>,
    /// The redirect URIs that are registered.
    pub registered: Vec<String>,
    /// What is free text: error messages without a shape, and everything else that was not read.
    pub text: String,
}

/// What a text was recognised as.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// There is no text.
    #[default]
    Nothing,
    /// An HTTP answer with status or headers: `curl -i`, `curl -v`, a raw head.
    Http,
    /// A header table of a Network panel, or header lines alone.
    HeaderTable,
    /// An entry of a HAR file, as JSON.
    HarEntry,
    /// A JSON body.
    Json,
    /// A `WWW-Authenticate` line, or its value.
    Challenge,
    /// The URL of a redirect that carries an error.
    Redirect,
    /// An authorization request.
    AuthorizationRequest,
    /// An HTML page.
    Html,
    /// An event of Okta's System Log, as JSON.
    SystemLog,
    /// What curl says when it gets no answer.
    Curl,
    /// A SAML error text, status or response.
    Saml,
    /// A text that none of the others is: an error message, a line of a log.
    Text,
}

/// The body of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Body {
    /// The text does not show it.
    #[default]
    Unknown,
    /// It is empty.
    Empty,
    /// JSON, or what begins like it.
    Json(Document),
    /// An HTML page: its title and what can be read of it, without markup.
    Html {
        /// The text of `<title>`.
        title: String,
        /// The text of the page.
        text: String,
    },
    /// Something else.
    Text(String),
}

/// A request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The method; empty where it is not known.
    pub method: String,
    /// The URL; a path alone where the host is not known.
    pub url: String,
    /// Its headers. Values of secrets are emptied, a scheme of `Authorization` is kept: `Bearer `.
    pub headers: Headers,
    /// Whether the headers were pasted as a whole.
    pub has_headers: bool,
    /// The parameters of a form body, decoded; values of secrets are emptied.
    pub form: Vec<(String, String)>,
}

/// One answer of a chain of redirects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hop {
    /// The URL that was asked; empty where it is not known.
    pub url: String,
    /// The status.
    pub status: u16,
    /// Where it pointed.
    pub location: String,
}

/// A token that was sent, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SentToken {
    /// The token.
    pub text: String,
    /// The scheme of `Authorization` as it was written: `Bearer`, `DPoP`, `SSWS`, `bearer`. Empty where it is not known.
    pub scheme: String,
    /// What is odd about the way it was written: the value of the header around the token, where it is not exactly
    /// `<scheme> <token>`; the token stands in it as `…`: `Bearer Bearer …`, `"Bearer …"`, `Bearer: …`.
    pub written: Option<String>,
}

/// An event of Okta's System Log
/// ([LogEvent](https://developer.okta.com/docs/api/openapi/okta-management/management/tag/SystemLog/)).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Event {
    /// `eventType`: `app.oauth2.as.authorize.code`.
    pub event_type: String,
    /// `outcome.result`: `FAILURE`.
    pub result: String,
    /// `outcome.reason`: `no_matching_policy`.
    pub reason: String,
    /// `published`.
    pub published: Option<Time>,
    /// `transaction.id`.
    pub transaction: String,
    /// The names and kinds of the targets: the authorization server, the app, the policy.
    pub targets: Vec<(String, String)>,
    /// Members of `debugContext.debugData` that say more: `requestId`, `requestUri`, `requestedScopes`, `grantType`, ….
    pub debug: Vec<(String, String)>,
}

/// Recognises the texts of a case. Nothing is refused; what is not recognised is [`Evidence::text`].
pub fn recognise(case: &Case) -> Evidence {
    Evidence { text: case.answer.clone(), ..Evidence::default() }
}
