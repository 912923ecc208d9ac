//! Pasted text to what it tells: the request, the answer, and the token that was sent.

use super::{Case, masking};
use crate::http::Headers;
use crate::http::text::{self, Message};
use crate::json::{self, Document, FaultKind};
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
    let mut evidence = recognised(cleaned::cleaned(&case.answer), NESTING);
    let field = request::of_field(&cleaned::cleaned(&case.request));
    evidence.request = merged(field, evidence.request.take());
    evidence.token = token(&case.token, evidence.request.as_ref(), evidence.token.take(), &case.request, &case.answer);
    evidence.registered = lines(&case.registered);
    if evidence.parameters.is_empty() && evidence.kind != Kind::Redirect {
        evidence.parameters = evidence.request.as_ref().map(asked).unwrap_or_default();
    }
    empty_secrets(&mut evidence);
    evidence
}

/// The parameters in the query and the fragment of a URL, or of a form: decoded, in order, with the values of secrets.
pub use parameters::{of_form, of_url};

/// How often a text may stand in a string inside of another.
const NESTING: usize = 3;

/// A text with what more than one recogniser looks at.
struct Pasted {
    text: String,
    messages: Vec<Message>,
}

/// From the most specific to the least.
const RECOGNISERS: &[fn(&Pasted) -> Option<Evidence>] = &[
    challenge_line::alone,
    json_alone,
    answer::with_status,
    powershell::read,
    curl_alone,
    answer::headers_and_body,
    page,
    found_json,
    log_event,
    url_or_form,
    saml_text,
    answer::headers_alone,
    challenge_inside,
    token_alone,
];

/// What the text of an answer tells. Nothing in it is emptied yet.
fn recognised(text: String, nesting: usize) -> Evidence {
    if text.trim().is_empty() {
        return Evidence::default();
    }
    // A text that stands in a string: read what it says.
    if nesting > 0
        && let Some(inside) = unquoted(&text)
    {
        return recognised(cleaned::cleaned(&inside), nesting - 1);
    }
    let messages = text::messages(&text);
    let pasted = Pasted { text, messages };
    let found = RECOGNISERS.iter().find_map(|recognise| recognise(&pasted));
    let mut evidence = found.unwrap_or_else(|| Evidence {
        kind: Kind::Text,
        text: pasted.text.trim().to_owned(),
        ..Evidence::default()
    });
    beside(&mut evidence, &pasted.text);
    evidence
}

/// The content of a text that is a JSON string, or whose quotation marks are escaped.
fn unquoted(text: &str) -> Option<String> {
    let trimmed = text.trim().trim_end_matches([',', ';']);
    if trimmed.starts_with('"') && trimmed.len() > 2 {
        let document = json::read(trimmed.as_bytes().to_vec());
        let inside = document.root.as_ref().filter(|_| document.is_json())?.as_str()?;
        return Some(inside.to_owned());
    }
    let escaped = trimmed.starts_with("{\\") || trimmed.starts_with("\"{\\");
    if escaped { embedded::unescaped(trimmed) } else { None }
}

/// What stands beside what was recognised: the request of a command, a status in a sentence.
fn beside(evidence: &mut Evidence, text: &str) {
    let has_url = evidence.request.as_ref().is_some_and(|request| !request.url.is_empty());
    if !has_url && !matches!(evidence.kind, Kind::Redirect | Kind::AuthorizationRequest | Kind::SystemLog) {
        let own = request::of_command(text).or_else(|| prose::request(text));
        evidence.request = merged(evidence.request.take(), own);
    }
    let by_words =
        matches!(evidence.kind, Kind::Json | Kind::Text | Kind::Curl | Kind::Html | Kind::Saml | Kind::Challenge);
    if evidence.status.is_none()
        && by_words
        && let Some((status, reason)) = status_beside(evidence, text)
    {
        evidence.status = Some(status);
        evidence.reason = reason;
    }
    if evidence.curl.is_none() && by_words {
        evidence.curl = prose::curl_code(text);
    }
    if matches!(evidence.kind, Kind::Json | Kind::Text | Kind::Html)
        && let Some(headers) = challenge_line::inside(text)
        && evidence.headers.0.is_empty()
    {
        evidence.headers = headers;
    }
}

/// The status that a body names, or a sentence beside it.
fn status_beside(evidence: &Evidence, text: &str) -> Option<(u16, String)> {
    match &evidence.body {
        Body::Json(document) => {
            let own = record::status_of_body(document).map(|status| (status, String::new()));
            // What the body says in its sentences is not the status of the answer; what stands beside it is.
            own.or_else(|| prose::status(&evidence.text))
        }
        Body::Html { title, text } => prose::status(title).or_else(|| text.lines().take(3).find_map(prose::status)),
        // Where several lines speak of several answers, only an error is what is asked about.
        _ => prose::status(text).filter(|(status, _)| *status >= 400 || !text.trim().contains('\n')),
    }
}

/// A text that is JSON as a whole, or was cut off.
fn json_alone(pasted: &Pasted) -> Option<Evidence> {
    let trimmed = pasted.text.trim();
    if !trimmed.starts_with(['{', '[']) {
        return None;
    }
    let document = match embedded::read(trimmed) {
        Some(document) => document,
        None => json::read(trimmed.as_bytes().to_vec()),
    };
    let cut = document.faults.iter().all(|fault| fault.kind == FaultKind::Ended);
    let root = document.root.as_ref().filter(|_| document.is_json() || cut)?;
    if root.members().is_empty() && root.items().is_empty() && cut && !document.is_json() {
        return None;
    }
    if let Some((inside, before)) = embedded::inside_of_string(root)
        && record::har(&document).is_none()
        && record::client_error(&document).is_none()
    {
        return Some(Evidence { text: before, ..of_document(inside) });
    }
    Some(of_document(document))
}

/// What a JSON text is.
fn of_document(document: Document) -> Evidence {
    if let Some(evidence) = record::har(&document) {
        return evidence;
    }
    if let Some(event) = system_log::of_json(&document) {
        return Evidence { kind: Kind::SystemLog, event: Some(event), ..Evidence::default() };
    }
    if let Some(evidence) = record::client_error(&document) {
        return evidence;
    }
    Evidence { kind: Kind::Json, body: Body::Json(document), ..Evidence::default() }
}

/// JSON with other text around it.
fn found_json(pasted: &Pasted) -> Option<Evidence> {
    let found = embedded::object(&pasted.text)?;
    let mut evidence = of_document(found.document);
    let before = pasted.text.get(..found.span.start).unwrap_or_default().trim();
    let behind = pasted.text.get(found.span.end..).unwrap_or_default().trim();
    if evidence.text.is_empty() {
        let between = if before.is_empty() || behind.is_empty() { "" } else { "\n" };
        evidence.text = [before, between, behind].concat();
    }
    Some(evidence)
}

/// curl's own words, without an answer.
fn curl_alone(pasted: &Pasted) -> Option<Evidence> {
    let code = prose::curl_code(&pasted.text)?;
    let sent = pasted.messages.iter().find(|message| !message.is_response());
    let request = sent.and_then(|head| request::of_message(&pasted.text, &pasted.messages, head));
    Some(Evidence {
        kind: Kind::Curl,
        curl: Some(code),
        request,
        text: pasted.text.trim().to_owned(),
        ..Evidence::default()
    })
}

/// An HTML page, unless JSON stands before it.
fn page(pasted: &Pasted) -> Option<Evidence> {
    let at = html::beginning(&pasted.text)?;
    let before = pasted.text.get(..at).unwrap_or_default();
    if embedded::object(before).is_some() {
        return None;
    }
    let body = html::body(pasted.text.get(at..).unwrap_or_default());
    Some(Evidence { kind: Kind::Html, body, text: before.trim().to_owned(), ..Evidence::default() })
}

/// An event of the System Log that is no JSON.
fn log_event(pasted: &Pasted) -> Option<Evidence> {
    let lower = pasted.text.to_ascii_lowercase();
    let named = ["eventtype", "event_type", "event type"].iter().any(|name| crate::text::contains(&lower, name));
    let event = if named { system_log::of_text(&pasted.text)? } else { return None };
    Some(Evidence { kind: Kind::SystemLog, event: Some(event), ..Evidence::default() })
}

/// A redirect, an authorization request, or a form.
fn url_or_form(pasted: &Pasted) -> Option<Evidence> {
    address::read(&pasted.text)
}

/// What speaks of SAML.
fn saml_text(pasted: &Pasted) -> Option<Evidence> {
    let text = saml::text(&pasted.text)?;
    Some(Evidence { kind: Kind::Saml, text, ..Evidence::default() })
}

/// A challenge inside of other text.
fn challenge_inside(pasted: &Pasted) -> Option<Evidence> {
    let headers = challenge_line::inside(&pasted.text)?;
    let text = pasted.text.trim().to_owned();
    Some(Evidence { kind: Kind::Challenge, headers, text, ..Evidence::default() })
}

/// A token that was pasted in place of an answer.
fn token_alone(pasted: &Pasted) -> Option<Evidence> {
    let text = pasted.text.trim();
    let words = text.split_whitespace().count();
    let begins = text.split_whitespace().last().is_some_and(|word| crate::sniff::begins_object(word.as_bytes()));
    if words > 2 || !begins {
        return None;
    }
    Some(Evidence { kind: Kind::Text, token: sent_token::of_field(text), ..Evidence::default() })
}

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
        && value.contains('$')
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
    let is_command = crate::text::contains(text, "curl");
    is_command && !places.is_empty() && places.iter().all(quoted)
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

fn lines(text: &str) -> Vec<String> {
    let marks = ['"', '\'', ',', '`'];
    let lines = text.lines().map(|line| line.trim_start_matches(['-', '*', '•', ' ']).trim_end().trim_matches(marks));
    lines.filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
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
