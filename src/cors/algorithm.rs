//! The algorithm: an exchange to a decision, step by step.
//!
//! It follows [main fetch](https://fetch.spec.whatwg.org/#main-fetch), [HTTP
//! fetch](https://fetch.spec.whatwg.org/#http-fetch), [CORS-preflight
//! fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch) and [HTTP-redirect
//! fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch). Where an engine does something else, its row in
//! [`engine`](super::engine) says so.

use super::engine::Rules;
use super::request::{is_safelisted_method, preflight, taken, unsafe_names};
use super::response::{check_credentials, check_origin, forbidden_headers, hidden_headers, list};
use super::url::{self, Url};
use super::{
    Cause, Credentials, Decision, Engine, Exchange, Hop, Mode, NetworkError, Outcome, PreflightRequest, Redirect, Step,
    StepName, StepResult,
};
use crate::http::{Answer, Headers};

/// How many redirects are followed.
const MOST_REDIRECTS: usize = 20;

/// Decides what becomes of a request, by the rules of one engine.
///
/// Every step stands in the decision, in the order in which the engine takes it, and those that were not reached too. Where
/// an answer that is needed is not known, the outcome is [`Outcome::Unknown`].
///
/// ```
/// use tokenscope::cors::{Cause, Engine, Exchange, Outcome, Request, decide};
/// use tokenscope::http::Answer;
/// let request = Request { method: "GET".to_owned(), url: "https://api.example/".to_owned(), ..Request::default() };
/// let exchange = Exchange::new("https://app.example", request, None, Some(Answer { status: 200, ..Answer::default() }));
/// let decision = decide(&exchange, Engine::Chromium);
/// assert_eq!(decision.outcome, Outcome::Blocked);
/// assert_eq!(decision.cause, Some(Cause::MissingAllowOriginHeader));
/// ```
pub fn decide(exchange: &Exchange, engine: Engine) -> Decision {
    let mut run = Run {
        exchange,
        rules: engine.rules(),
        tainting: Tainting::Basic,
        tainted_origin: false,
        sticks: false,
        first: Headers::default(),
        ended: None,
        steps: Vec::new(),
        decision: Decision {
            engine,
            outcome: Outcome::Unknown,
            cause: None,
            parameter: String::new(),
            preflight: None,
            preflights: Vec::new(),
            methods: Vec::new(),
            urls: Vec::new(),
            origins: Vec::new(),
            steps: Vec::new(),
            hidden_headers: Vec::new(),
        },
    };
    run.run();
    run.decision.steps = run.steps;
    run.decision.preflight = run.decision.preflights.first().cloned().flatten();
    run.decision
}

/// The [response tainting](https://fetch.spec.whatwg.org/#concept-request-response-tainting).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tainting {
    Basic,
    Cors,
    Opaque,
}

/// How a step goes when it is reached.
enum Check {
    Passed,
    NotNeeded,
    Failed(Cause, String),
    Error(NetworkError),
    Unknown,
}

/// What goes on to the next URL.
struct Current {
    number: usize,
    url: Url,
    method: String,
    headers: Headers,
    /// The headers that a preflight names where it must.
    named: Headers,
}

struct Run<'a> {
    exchange: &'a Exchange,
    rules: &'static Rules,
    tainting: Tainting,
    /// The origin is `null` from now on.
    tainted_origin: bool,
    /// Every hop from here on is preflighted.
    sticks: bool,
    /// The headers as script set them.
    first: Headers,
    /// The outcome, once a step failed or could not be decided.
    ended: Option<Outcome>,
    steps: Vec<Step>,
    decision: Decision,
}

impl Run<'_> {
    fn run(&mut self) {
        let request = &self.exchange.request;
        let url = url::parse(&request.url).filter(|url| !url.has_credentials);
        let taken = taken(request, request.mode == Mode::NoCors, self.rules);
        let (url, (method, headers)) = match (url, taken) {
            (Some(url), Ok(taken)) => (url, taken),
            (url, taken) => {
                // `fetch` throws before anything is sent.
                let error = url.map_or(Some(NetworkError::Url), |_| taken.err()).unwrap_or(NetworkError::Url);
                self.record(0, StepName::OtherOrigin, Check::NotNeeded);
                self.record(0, StepName::ModeAndScheme, Check::Error(error));
                return self.end(Outcome::Blocked);
            }
        };
        self.sticks = self.rules.preflight_sticks && !unsafe_names(&headers, self.rules).is_empty();
        self.first.clone_from(&headers);
        let mut next = Some(Current { number: 0, url, method, named: headers.clone(), headers });
        while let Some(current) = next {
            next = self.hop(current);
        }
    }

    /// Takes one URL through its steps; returns the next one when a redirect is followed.
    fn hop(&mut self, current: Current) -> Option<Current> {
        let unknown = Hop::default();
        let hop = self.exchange.hops.get(current.number).unwrap_or(&unknown);
        let (number, include) = (current.number, self.exchange.request.credentials == Credentials::Include);
        self.decision.urls.push(current.url.text());
        self.decision.methods.push(current.method.clone());
        let origin = if self.tainted_origin { "null" } else { self.exchange.origin.as_str() }.to_owned();
        self.decision.origins.push(origin.clone());

        self.choose_tainting(&current);
        let cors = self.tainting == Tainting::Cors && self.ended.is_none();
        let forced = self.exchange.request.use_cors_preflight || self.sticks;
        let preflight = if cors { preflight(&current.method, &current.named, forced, self.rules) } else { None };
        let needed = if preflight.is_some() { Check::Passed } else { Check::NotNeeded };
        self.record(number, StepName::PreflightNeeded, needed);
        let asking = if self.rules.taints_preflight { &origin } else { &self.exchange.origin };
        for name in self.rules.preflight_order {
            let check = match (&preflight, &hop.preflight) {
                (None, _) => Check::NotNeeded,
                (Some(_), None) => Check::Unknown,
                (Some(asked), Some(answer)) => self.check_preflight(*name, asked, answer, &current, asking),
            };
            self.record(number, *name, check);
        }
        self.sticks |= self.rules.preflight_sticks && preflight.is_some();
        self.decision.preflights.push(preflight);

        let sent = match &hop.response {
            Some(answer) if is_broken(answer) => Check::Error(NetworkError::Answer),
            Some(answer) if self.is_lost(answer, &current.url) => Check::Error(NetworkError::Location),
            _ => Check::Passed,
        };
        self.record(number, StepName::RequestSent, sent);
        let received = hop.response.as_ref().map(|answer| &answer.headers);
        let check = match received {
            _ if !cors => Check::NotNeeded,
            None => Check::Unknown,
            Some(headers) => Check::of(check_origin(headers, &origin, include, self.rules)),
        };
        self.record(number, StepName::Origin, check);
        let check = match received {
            _ if !cors || !include => Check::NotNeeded,
            None => Check::Unknown,
            Some(headers) => Check::of(check_credentials(headers, self.rules)),
        };
        self.record(number, StepName::Credentials, check);

        let (check, outcome, next) = match &hop.response {
            None => (Check::Unknown, Outcome::Unknown, None),
            Some(answer) => self.follow(answer, current),
        };
        self.record(number, StepName::RedirectFollowed, check);
        if self.ended.is_none() && next.is_none() {
            self.end(outcome);
            if let (Outcome::Allowed, Some(answer)) = (outcome, &hop.response) {
                self.decision.hidden_headers = match self.tainting {
                    Tainting::Cors => hidden_headers(&answer.headers, include, self.rules),
                    _ => forbidden_headers(&answer.headers),
                };
            }
        }
        next.filter(|_| self.ended.is_none())
    }

    /// The beginning of main fetch: whether it is another origin, and whether mode and scheme allow that.
    fn choose_tainting(&mut self, current: &Current) {
        let request = &self.exchange.request;
        let own = current.url.is_http() && current.url.origin() == self.exchange.origin;
        let basic = self.tainting == Tainting::Basic && (own || current.url.scheme == "data");
        self.record(current.number, StepName::OtherOrigin, if basic { Check::NotNeeded } else { Check::Passed });
        let check = if basic {
            Check::NotNeeded
        } else if request.mode == Mode::SameOrigin && current.number > 0 && !self.rules.names_mode_on_redirect {
            Check::Error(NetworkError::Mode)
        } else if request.mode == Mode::SameOrigin {
            Check::Failed(Cause::DisallowedByMode, String::new())
        } else if request.mode == Mode::NoCors && request.redirect != Redirect::Follow {
            Check::Failed(Cause::NoCorsRedirectModeNotFollow, String::new())
        } else if !current.url.is_http() {
            Check::Failed(Cause::CorsDisabledScheme, String::new())
        } else {
            Check::Passed
        };
        if !basic {
            self.tainting = if request.mode == Mode::NoCors { Tainting::Opaque } else { Tainting::Cors };
        }
        self.record(current.number, StepName::ModeAndScheme, check);
    }

    fn check_preflight(
        &self,
        name: StepName,
        asked: &PreflightRequest,
        answer: &Answer,
        current: &Current,
        origin: &str,
    ) -> Check {
        let include = self.exchange.request.credentials == Credentials::Include;
        let list = |name: &str| list(&answer.headers, name);
        let own = !self.rules.taints_preflight && current.url.origin() == self.exchange.origin;
        match name {
            StepName::PreflightRedirect if is_broken(answer) => Check::Error(NetworkError::Answer),
            StepName::PreflightRedirect if self.is_lost(answer, &current.url) => Check::Error(NetworkError::Location),
            StepName::PreflightRedirect if is_redirect(answer) && answer.headers.has("location") => {
                Check::Failed(Cause::PreflightDisallowedRedirect, String::new())
            }
            StepName::PreflightStatus if !(200..300).contains(&answer.status) => {
                Check::Failed(Cause::PreflightInvalidStatus, String::new())
            }
            StepName::PreflightOrigin | StepName::PreflightCredentials if own => Check::NotNeeded,
            StepName::PreflightOrigin => {
                let checked = check_origin(&answer.headers, origin, include, self.rules);
                Check::of(checked.map_err(|(cause, parameter)| (of_preflight(cause), parameter)))
            }
            StepName::PreflightCredentials if !include => Check::NotNeeded,
            StepName::PreflightCredentials => {
                let checked = check_credentials(&answer.headers, self.rules);
                Check::of(checked.map_err(|(cause, parameter)| (of_preflight(cause), parameter)))
            }
            StepName::AllowMethodsSyntax if list(ALLOW_METHODS).is_none() => {
                Check::Failed(Cause::InvalidAllowMethodsPreflightResponse, String::new())
            }
            StepName::AllowHeadersSyntax if list(ALLOW_HEADERS).is_none() => {
                Check::Failed(Cause::InvalidAllowHeadersPreflightResponse, String::new())
            }
            StepName::Method => {
                let methods = list(ALLOW_METHODS).unwrap_or_default();
                let listed = |method: &str| methods.iter().any(|other| other == method);
                // With upload listeners alone the preflight need not name the method.
                let forced = self.exchange.request.use_cors_preflight && !answer.headers.has(ALLOW_METHODS);
                if is_safelisted_method(&asked.method) || listed(&asked.method) || forced || (!include && listed("*")) {
                    Check::Passed
                } else {
                    Check::Failed(Cause::MethodDisallowedByPreflightResponse, asked.method.clone())
                }
            }
            StepName::RequestHeaders => {
                let names = list(ALLOW_HEADERS).unwrap_or_default();
                match self.refused_header(&names, include, &current.named) {
                    Some(name) => Check::Failed(Cause::HeaderDisallowedByPreflightResponse, name),
                    None => Check::Passed,
                }
            }
            _ => Check::Passed,
        }
    }

    /// The first request header that must be allowed and is not.
    fn refused_header(&self, allowed: &[String], include: bool, headers: &Headers) -> Option<String> {
        let mut allowed: Vec<String> = allowed.iter().map(|name| name.to_ascii_lowercase()).collect();
        crate::order::sort(&mut allowed, |one, other| one < other);
        let listed = |name: &str| allowed.binary_search_by(|other| other.as_str().cmp(name)).is_ok();
        let all = !include && listed("*");
        let covered = |name: &str| all && (self.rules.wildcard_covers_authorization || name != "authorization");
        unsafe_names(headers, self.rules).into_iter().find(|name| !listed(name) && !covered(name))
    }

    /// What happens behind the CORS check of an answer.
    fn follow(&mut self, answer: &Answer, mut current: Current) -> (Check, Outcome, Option<Current>) {
        let done = if self.tainting == Tainting::Opaque { Outcome::Opaque } else { Outcome::Allowed };
        let request = &self.exchange.request;
        if !is_redirect(answer) {
            return (Check::NotNeeded, done, None);
        }
        if request.redirect == Redirect::Manual {
            return (Check::NotNeeded, Outcome::Opaque, None);
        }
        let refused = request.redirect == Redirect::Error;
        let location = answer.headers.values("location").next();
        let early =
            if location.is_none() { self.rules.redirects_without_location } else { !self.rules.location_before_mode };
        if refused && early {
            return (Check::Error(NetworkError::RedirectMode), Outcome::Blocked, None);
        }
        let Some(location) = location else {
            return (Check::NotNeeded, done, None);
        };
        let Some(target) = url::resolve(&current.url, location) else {
            return (Check::Error(NetworkError::Location), Outcome::Blocked, None);
        };
        let check = self.check_redirect(&target, current.number);
        if !matches!(check, Check::Passed) {
            return (check, Outcome::Blocked, None);
        }
        if refused {
            return (Check::Error(NetworkError::RedirectMode), Outcome::Blocked, None);
        }
        let origin = current.url.origin();
        let (changes, own) = (target.origin() != origin, target.origin() == self.exchange.origin);
        let rewritten = becomes_get(answer.status, &current.method);
        let hints = if own { &[] } else { self.rules.dropped_on_redirect };
        let stays = |name: &str| {
            let among = |names: &[&str]| names.iter().any(|other| other.eq_ignore_ascii_case(name));
            let gone = (rewritten && among(&OF_BODY)) || (changes && among(&["authorization"])) || among(hints);
            !gone
        };
        current.headers.0.retain(|(name, _)| stays(name));
        current.named.clone_from(if self.rules.preflight_sticks { &self.first } else { &current.headers });
        current.named.0.retain(|(name, _)| stays(name));
        if rewritten {
            current.method = "GET".to_owned();
        }
        if changes {
            let without_cors = request.mode == Mode::NoCors && self.rules.taints_without_cors;
            self.tainted_origin |= without_cors || origin != self.exchange.origin;
        }
        (Check::Passed, done, Some(Current { number: current.number + 1, url: target, ..current }))
    }

    /// Whether a redirect may lead there.
    fn check_redirect(&self, target: &Url, redirects: usize) -> Check {
        let cors = self.exchange.request.mode == Mode::Cors;
        let other = target.origin() != self.exchange.origin;
        let named = !self.rules.unsafe_schemes.contains(&target.scheme.as_str());
        if !target.is_http() {
            if cors && named && self.exchange.request.redirect != Redirect::Error {
                Check::Failed(Cause::CorsDisabledScheme, String::new())
            } else {
                Check::Error(NetworkError::Scheme)
            }
        } else if redirects >= MOST_REDIRECTS {
            Check::Error(NetworkError::TooManyRedirects)
        } else if target.has_credentials && (self.tainting == Tainting::Cors || (cors && other)) {
            Check::Failed(Cause::RedirectContainsCredentials, String::new())
        } else if target.has_credentials && !self.rules.follows_credentials {
            Check::Error(NetworkError::Location)
        } else {
            Check::Passed
        }
    }

    /// Whether the engine gives up on an answer because it can't read where it leads.
    fn is_lost(&self, answer: &Answer, url: &Url) -> bool {
        let mut locations = answer.headers.values("location").take(1);
        self.rules.reads_location_first
            && is_redirect(answer)
            && locations.any(|location| url::resolve(url, location).is_none())
    }

    fn record(&mut self, hop: usize, name: StepName, check: Check) {
        let result = match (check, self.ended) {
            (Check::Passed, None) => StepResult::Passed,
            (Check::NotNeeded, _) => StepResult::NotNeeded,
            (Check::Failed(cause, parameter), None) => {
                self.decision.cause = Some(cause);
                self.decision.parameter.clone_from(&parameter);
                self.end(Outcome::Blocked);
                StepResult::Failed(cause, parameter)
            }
            (Check::Error(error), None) => {
                self.end(Outcome::Blocked);
                StepResult::NetworkError(error)
            }
            (Check::Unknown, None) => {
                self.end(Outcome::Unknown);
                StepResult::Unknown
            }
            (Check::Unknown, Some(Outcome::Unknown)) => StepResult::Unknown,
            (Check::Failed(cause, parameter), Some(_)) => StepResult::NotReached(Some((cause, parameter))),
            (Check::Passed | Check::Error(_) | Check::Unknown, Some(_)) => StepResult::NotReached(None),
        };
        self.steps.push(Step { hop, name, result });
    }

    fn end(&mut self, outcome: Outcome) {
        self.ended = Some(outcome);
        self.decision.outcome = outcome;
    }
}

impl Check {
    fn of(checked: Result<(), (Cause, String)>) -> Check {
        match checked {
            Ok(()) => Check::Passed,
            Err((cause, parameter)) => Check::Failed(cause, parameter),
        }
    }
}

const ALLOW_METHODS: &str = "access-control-allow-methods";
const ALLOW_HEADERS: &str = "access-control-allow-headers";

/// [Request-body-header names](https://fetch.spec.whatwg.org/#request-body-header-name).
const OF_BODY: [&str; 4] = ["content-encoding", "content-language", "content-location", "content-type"];

/// A [redirect status](https://fetch.spec.whatwg.org/#redirect-status).
fn is_redirect(answer: &Answer) -> bool {
    matches!(answer.status, 301 | 302 | 303 | 307 | 308)
}

fn is_broken(answer: &Answer) -> bool {
    answer.headers.0.iter().any(|(_, value)| value.contains('\0'))
}

/// Whether the next request is a `GET` whatever this one was.
fn becomes_get(status: u16, method: &str) -> bool {
    match status {
        301 | 302 => method == "POST",
        303 => method != "GET" && method != "HEAD",
        _ => false,
    }
}

/// The cause by its name in a preflight.
fn of_preflight(cause: Cause) -> Cause {
    match cause {
        Cause::WildcardOriginNotAllowed => Cause::PreflightWildcardOriginNotAllowed,
        Cause::MissingAllowOriginHeader => Cause::PreflightMissingAllowOriginHeader,
        Cause::MultipleAllowOriginValues => Cause::PreflightMultipleAllowOriginValues,
        Cause::InvalidAllowOriginValue => Cause::PreflightInvalidAllowOriginValue,
        Cause::AllowOriginMismatch => Cause::PreflightAllowOriginMismatch,
        Cause::InvalidAllowCredentials => Cause::PreflightInvalidAllowCredentials,
        other => other,
    }
}
