//! Pasted text to what it tells: the request, the answer, and the token that was sent.

use super::{Case, masking};
use crate::http::Headers;
use crate::json::Document;
use crate::time::Time;

mod address;
mod answer;
mod body;
mod challenge_line;
mod cleaned;
mod embedded;
mod html;
mod literal;
mod parameters;
mod powershell;
mod prose;
mod recognisers;
mod record;
mod request;
mod saml;
mod sent_token;
mod system_log;

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
    /// What is free text: error messages without a shape, and everything else that was not read. `…` stands in place of
    /// its secrets.
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
///
/// ```
/// use tokenscope::response_doctor::{Case, evidence};
/// let answer = "HTTP/2 401\nwww-authenticate: Bearer error=\"invalid_token\"\n".to_owned();
/// let case = Case { answer, request: "GET /api/v1/users".to_owned(), ..Case::default() };
/// let evidence = evidence::recognise(&case);
/// assert_eq!(evidence.status, Some(401));
/// assert_eq!(evidence.request.unwrap().url, "/api/v1/users");
/// ```
pub fn recognise(case: &Case) -> Evidence {
    let mut evidence = recognisers::recognised(cleaned::cleaned(&case.answer));
    let field = request::of_field(&cleaned::cleaned(&case.request));
    evidence.request = merged(field, evidence.request.take());
    evidence.token = token(&case.token, evidence.request.as_ref(), evidence.token.take(), &case.request, &case.answer);
    evidence.registered = lines(&case.registered);
    // GitHub's token endpoint answers with a form, and with the status 200 when it refuses.
    if let Body::Text(body) = &evidence.body
        && evidence.parameters.is_empty()
        && body.trim_start().starts_with("error=")
    {
        evidence.parameters = of_form(body.trim());
    }
    if evidence.parameters.is_empty() && evidence.kind != Kind::Redirect {
        evidence.parameters = evidence.request.as_ref().map(asked).unwrap_or_default();
    }
    empty_secrets(&mut evidence);
    evidence
}

/// The parameters in the query and the fragment of a URL, or of a form: decoded, in order, with the values of secrets.
pub use parameters::{of_form, of_url};

/// Two requests as one; what the first one says counts.
fn merged(first: Option<Request>, second: Option<Request>) -> Option<Request> {
    let (Some(mut first), Some(second)) = (first.clone(), second.clone()) else { return first.or(second) };
    if first.url.is_empty() || (first.url.starts_with('/') && second.url.ends_with(first.url.as_str())) {
        first.url = second.url;
    } else if first.url.starts_with('/')
        && let Some(origin) = crate::cors::url::origin_of(&second.url)
        && second.method == first.method
    {
        first.url = [origin, first.url].concat();
    }
    if first.method.is_empty() {
        first.method = second.method;
    }
    if first.headers.0.is_empty() {
        first.headers = second.headers;
        first.has_headers = second.has_headers;
    } else {
        let others = second.headers.0.into_iter().filter(|(name, _)| !first.headers.has(name)).collect::<Vec<_>>();
        first.headers.0.extend(others);
        first.has_headers |= second.has_headers;
    }
    if first.form.is_empty() {
        first.form = second.form;
    }
    Some(first)
}

/// The token of a request: from its own field, from the headers, or from the URL.
fn token(
    field: &str,
    request: Option<&Request>,
    pasted: Option<SentToken>,
    commands: &str,
    answer: &str,
) -> Option<SentToken> {
    let own = sent_token::of_field(&cleaned::cleaned(field));
    let header = request.and_then(|request| request.headers.combined("authorization"));
    let mut sent = header.as_deref().and_then(sent_token::of_value);
    if let (Some(found), Some(value)) = (&mut sent, &header)
        && found.text.is_empty()
        && value.contains(['$', '%'])
        && [commands, answer].iter().any(|text| is_expanded(text, value))
    {
        // The shell puts in what the variable holds.
        found.written = None;
    }
    let sent = sent.or_else(|| {
        let request = request?;
        sent_token::of_parameters(&of_url(&request.url)).or_else(|| {
            match crate::text::contains(&request.url, "/token") {
                true => None,
                false => sent_token::of_parameters(&request.form),
            }
        })
    });
    match (own, sent) {
        (Some(mut own), Some(sent)) => {
            if own.scheme.is_empty() && own.written.is_none() {
                own.scheme = sent.scheme;
                own.written = sent.written;
            }
            Some(own)
        }
        (own, sent) => own.or(sent).or(pasted),
    }
}

/// Whether a shell puts the value of a variable into this value of a command: nowhere in single quotes.
fn is_expanded(text: &str, value: &str) -> bool {
    let places = crate::text::positions(text, value);
    let quoted = |at: &usize| {
        let line = text.get(..*at).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
        let open = line.rfind(['\'', '"']).and_then(|at| line.get(at..));
        open.is_some_and(|open| open.starts_with('"'))
    };
    // Where it does not stand as one piece, it is put together by the shell.
    let is_command = crate::text::contains(text, "curl ") || crate::text::contains(text, "Invoke-");
    is_command && places.iter().all(quoted)
}

/// The parameters of an authorization request that a request is.
fn asked(request: &Request) -> Vec<(String, String)> {
    let query = of_url(&request.url);
    if address::is_authorization_request(&query) {
        query
    } else if address::is_authorization_request(&request.form) {
        request.form.clone()
    } else {
        Vec::new()
    }
}

/// No server registers a longer address; what is longer would stand in full in what is said about it.
const LONGEST_LINE: usize = 8000;

fn lines(text: &str) -> Vec<String> {
    let marks = ['"', '\'', ',', '`'];
    let lines = text.lines().map(|line| line.trim_start_matches(['-', '*', '•', ' ']).trim_end().trim_matches(marks));
    lines.filter(|line| !line.trim().is_empty() && line.len() <= LONGEST_LINE).map(str::to_owned).collect()
}

/// Empties the values of secrets. The token alone is kept, for it is what is asked about.
fn empty_secrets(evidence: &mut Evidence) {
    parameters::empty_secrets(&mut evidence.parameters);
    empty_headers(&mut evidence.headers);
    if let Some(request) = &mut evidence.request {
        request.url = parameters::without_secrets(&request.url);
        empty_headers(&mut request.headers);
        parameters::empty_secrets(&mut request.form);
    }
    for hop in &mut evidence.hops {
        hop.url = parameters::without_secrets(&hop.url);
        hop.location = parameters::without_secrets(&hop.location);
    }
    evidence.text = masking::without_secrets(&evidence.text);
    if let Some(event) = &mut evidence.event {
        for (_, value) in &mut event.debug {
            *value = parameters::without_secrets(value);
        }
    }
}

fn empty_headers(headers: &mut Headers) {
    for (name, value) in &mut headers.0 {
        *value = masking::emptied_header(name, value);
    }
}
