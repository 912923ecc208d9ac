//! What is known of a case: the text, and what was filled in by hand where the text is silent.

use super::{Case, Form};
use crate::cors::evidence::{Answered, ConsoleMessage, Evidence, Neighbour, Says};
use crate::cors::request::{is_forbidden_header, is_safelisted_method, normalised_method, unsafe_names};
use crate::cors::url::corrected_origin;
use crate::cors::{Cause, Credentials, Engine, Exchange, Hop, Mode, Request};
use crate::http::{Answer, Headers, is_token};

/// What the evidence comes down to.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// The exchange, as far as there is one.
    pub exchange: Option<Exchange>,
    /// Whether the answers come from a request with an `Origin` header; `None` where the text does not show it.
    pub with_origin: Option<bool>,
    /// Whether an answer's place is a guess: the text does not show its request.
    pub guessed: bool,
    /// Whether an answer's status is a guess: a table of headers does not show it.
    pub without_status: bool,
    /// What the console said, the line that decides.
    pub said: Option<ConsoleMessage>,
    /// A console line that warns, beside it.
    pub warned: bool,
}

impl Known {
    /// Whether any answer is known.
    pub fn has_answers(&self) -> bool {
        let answered = |hop: &Hop| hop.preflight.is_some() || hop.response.is_some();
        self.exchange.as_ref().is_some_and(|exchange| exchange.hops.iter().any(answered))
    }
}

/// Brings evidence and form together.
pub(super) fn known(evidence: &Evidence, case: &Case) -> Known {
    match evidence {
        Evidence::Exchange(exchange) => Known { exchange: Some(without_empty_answers(exchange)), ..Known::default() },
        Evidence::Answers(answers) => of_answers(answers, &case.form),
        Evidence::Console(messages) => of_console(&case.text, messages, &case.form),
        Evidence::Request(asked, page) => {
            let page = page.clone().unwrap_or_else(|| origin(&case.form));
            let mut asked = asked.as_ref().clone();
            asked.credentials = case.form.credentials.unwrap_or(asked.credentials);
            Known { exchange: Some(Exchange::new(&page, asked, None, None)), ..Known::default() }
        }
        Evidence::Probes(run) => {
            let request = Request { url: run.url.clone(), ..request(&case.form) };
            Known { exchange: Some(Exchange::new(&run.origin, request, None, None)), ..Known::default() }
        }
        _ => of_form(&case.form),
    }
}

/// An answer of status 0 without headers is none: recordings write it where there was no answer.
fn without_empty_answers(exchange: &Exchange) -> Exchange {
    let mut exchange = exchange.clone();
    for hop in &mut exchange.hops {
        for answer in [&mut hop.preflight, &mut hop.response] {
            if answer.as_ref().is_some_and(|answer| answer.status == 0 && answer.headers.0.is_empty()) {
                *answer = None;
            }
        }
    }
    exchange
}

fn of_form(form: &Form) -> Known {
    let request = request(form);
    let exchange = (!request.url.is_empty()).then(|| Exchange::new(&origin(form), request, None, None));
    Known { exchange, ..Known::default() }
}

/// The origin of the form as browsers would send it, where it leaves no doubt; otherwise as it was typed.
fn origin(form: &Form) -> String {
    let typed = form.origin.trim();
    corrected_origin(typed).unwrap_or_else(|| typed.to_owned())
}

fn request(form: &Form) -> Request {
    let method = form.method.trim();
    Request {
        method: if method.is_empty() { "GET".to_owned() } else { method.to_owned() },
        url: form.url.trim().to_owned(),
        headers: form_headers(&form.headers),
        credentials: form.credentials.unwrap_or_default(),
        ..Request::default()
    }
}

/// Header lines, or names separated by commas.
fn form_headers(text: &str) -> Headers {
    let mut headers = Headers::default();
    for line in text.lines() {
        if let Some((name, value)) = line.split_once(':').filter(|(name, _)| is_token(name.trim())) {
            headers.push(name.trim(), value.trim());
            continue;
        }
        for name in line.split([',', ';']).map(str::trim).filter(|name| is_token(name)) {
            headers.push(name, usual_value(name));
        }
    }
    headers
}

/// A value that a header usually has, for where only its name is known. What matters is whether it needs leave.
fn usual_value(name: &str) -> &'static str {
    match name.to_ascii_lowercase().as_str() {
        "authorization" => "Bearer",
        "content-type" => "application/json",
        "accept" => "application/json",
        "accept-language" | "content-language" => "en",
        "range" => "bytes=0-",
        _ => "1",
    }
}

/// What browsers and command-line tools add by themselves.
const ADDED: &[&str] = &[
    "accept",
    "accept-language",
    "cache-control",
    "if-modified-since",
    "if-none-match",
    "pragma",
    "priority",
    "purpose",
    "upgrade-insecure-requests",
    "user-agent",
    "http2-settings",
    "x-forwarded-for",
    "x-forwarded-proto",
];

fn of_answers(answers: &[Answered], form: &Form) -> Known {
    let mut known = Known::default();
    let mut asked = request(form);
    let mut page = origin(form);
    let needs_preflight = |request: &Request| {
        let method = normalised_method(&request.method);
        !is_safelisted_method(&method) || !unsafe_names(&request.headers, Engine::Chromium.rules()).is_empty()
    };
    let answers: Vec<&Answered> =
        answers.iter().filter(|answered| !(100..200).contains(&answered.answer.status)).collect();
    let first = answers.iter().find(|answered| answered.request_headers.is_some() || answered.url.is_some());
    if let Some(url) = first.and_then(|answered| answered.url.as_ref()) {
        asked.url = absolute(url, &asked.url);
    }
    if let Some(headers) = answers.iter().find_map(|answered| answered.request_headers.as_ref()) {
        match headers.combined("origin") {
            Some(origin) => {
                page = origin;
                known.with_origin = Some(true);
            }
            None => known.with_origin = Some(false),
        }
    }
    for answered in &answers {
        take_request(answered, form, &mut asked);
    }
    let mut hops: Vec<Hop> = Vec::new();
    let mut preflight = None;
    known.without_status = answers.iter().any(|answered| !answered.status_known);
    for answered in &answers {
        let answer = answered.answer.clone();
        let done = hops.last().and_then(|hop| hop.response.as_ref()).is_some_and(|last| !is_redirect(last));
        if done {
            break;
        }
        let only = answers.len() == 1;
        if is_preflight(answered, needs_preflight(&asked) && only) {
            known.guessed |= answered.method.is_none();
            preflight = Some(answer);
        } else {
            known.guessed |= answered.method.is_none() && only && needs_preflight(&asked);
            hops.push(Hop { preflight: preflight.take(), response: Some(answer) });
        }
    }
    if preflight.is_some() || hops.is_empty() {
        hops.push(Hop { preflight, response: None });
    }
    // A preflight that was sent was needed, whatever is known of the request.
    let sent = hops.first().is_some_and(|hop| hop.preflight.is_some());
    asked.use_cors_preflight = sent && !needs_preflight(&asked);
    known.exchange = Some(Exchange { origin: page, request: asked, hops });
    known
}

/// What an answer's request tells of the request that script made.
fn take_request(answered: &Answered, form: &Form, asked: &mut Request) {
    let options = answered.method.as_deref() == Some("OPTIONS");
    if let Some(method) = answered.method.as_ref().filter(|_| !options) {
        asked.method.clone_from(method);
    }
    let Some(headers) = &answered.request_headers else { return };
    if let Some(method) = headers.values("access-control-request-method").next() {
        method.trim().clone_into(&mut asked.method);
        let names = headers.values("access-control-request-headers").flat_map(|value| value.split(','));
        let names: Vec<&str> = names.map(str::trim).filter(|name| is_token(name)).collect();
        for name in names {
            if !asked.headers.has(name) {
                asked.headers.push(name, usual_value(name));
            }
        }
        return;
    }
    for (name, value) in &headers.0 {
        let added = ADDED.iter().any(|added| added.eq_ignore_ascii_case(name));
        if is_token(name) && !added && !is_forbidden_header(name, value) && !asked.headers.has(name) {
            asked.headers.push(name.as_str(), value.as_str());
        }
    }
    if form.credentials.is_none() && headers.has("cookie") {
        asked.credentials = Credentials::Include;
    }
    if headers.values("sec-fetch-mode").any(|mode| mode == "no-cors") {
        asked.mode = Mode::NoCors;
    }
}

fn is_redirect(answer: &Answer) -> bool {
    matches!(answer.status, 301 | 302 | 303 | 307 | 308)
}

/// Whether an answer is that to a preflight: by its request, or by what only such answers have.
fn is_preflight(answered: &Answered, needed: bool) -> bool {
    let headers = &answered.answer.headers;
    match answered.method.as_deref() {
        Some("OPTIONS") => true,
        Some(_) => false,
        None => {
            let only = ["access-control-allow-methods", "access-control-allow-headers", "access-control-max-age"];
            let empty = headers.values("content-length").any(|length| length.trim() == "0");
            only.iter().any(|name| headers.has(name))
                || needed && (empty || answered.answer.status == 204 || headers.has("allow"))
        }
    }
}

/// The path of a request line, with the form's host where it has one.
fn absolute(url: &str, typed: &str) -> String {
    if crate::text::contains(url, "://") || !url.starts_with('/') {
        return if url.is_empty() { typed.to_owned() } else { url.to_owned() };
    }
    match crate::cors::url::origin_of(typed) {
        Some(origin) => [origin.as_str(), url].concat(),
        None => url.to_owned(),
    }
}

fn of_console(text: &str, messages: &[ConsoleMessage], form: &Form) -> Known {
    let warned = messages.iter().any(|message| message.says == Says::WildcardAuthorization);
    let mut known = Known { warned, ..Known::default() };
    // A named cause counts most, then a neighbour, then "failed".
    let rank = |message: &&ConsoleMessage| match &message.says {
        Says::Cors(_) => 0,
        Says::Neighbour(Neighbour::Aborted) => 2,
        Says::Neighbour(_) => 1,
        Says::WildcardAuthorization => 3,
        Says::Status => 4,
        Says::Failed => 5,
    };
    let Some(said) = messages.iter().min_by_key(rank).cloned() else { return known };
    let mut asked = request(form);
    let url = said.redirected_from.as_ref().or(said.url.as_ref());
    if let Some(url) = url {
        // The form speaks of another request than the console, when it names another address.
        asked.url.clone_from(url);
        if let Some(method) = method_of(text, url) {
            method.clone_into(&mut asked.method);
        }
    }
    if let Says::Cors(causes) = &said.says {
        for cause in causes.iter().take(1) {
            take_cause(*cause, said.parameter.as_deref().unwrap_or_default(), &mut asked);
        }
    }
    let page = said.origin.clone().filter(|origin| !origin.is_empty()).unwrap_or_else(|| origin(form));
    if !asked.url.is_empty() {
        known.exchange = Some(Exchange::new(&page, asked, None, None));
    }
    known.said = Some(said);
    known
}

/// The method that Chromium prints before the URL in the line beside the reason: `POST https://api.example/ net::ERR_FAILED`.
fn method_of<'a>(text: &'a str, url: &str) -> Option<&'a str> {
    let mut lines = text.lines().filter_map(crate::cors::console::request_line);
    lines.find(|(_, other, _)| *other == url).map(|(method, _, _)| method)
}

/// What a cause tells of the request.
fn take_cause(cause: Cause, parameter: &str, asked: &mut Request) {
    match cause {
        Cause::MethodDisallowedByPreflightResponse if is_token(parameter) => parameter.clone_into(&mut asked.method),
        Cause::HeaderDisallowedByPreflightResponse if is_token(parameter) && !asked.headers.has(parameter) => {
            asked.headers.push(parameter, usual_value(parameter));
        }
        Cause::WildcardOriginNotAllowed
        | Cause::PreflightWildcardOriginNotAllowed
        | Cause::InvalidAllowCredentials
        | Cause::PreflightInvalidAllowCredentials => asked.credentials = Credentials::Include,
        Cause::NoCorsRedirectModeNotFollow => asked.mode = Mode::NoCors,
        Cause::DisallowedByMode => asked.mode = Mode::SameOrigin,
        _ => {}
    }
    let needs_preflight = super::phrases::step_of(cause).is_some_and(super::walk::is_of_preflight);
    let names = unsafe_names(&asked.headers, Engine::Chromium.rules());
    asked.use_cors_preflight =
        needs_preflight && names.is_empty() && is_safelisted_method(&normalised_method(&asked.method));
}
