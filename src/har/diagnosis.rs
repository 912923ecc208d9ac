//! Each request to the rule that stopped it, or to what else did.
//!
//! A recording holds neither the credentials mode nor the reason of a refusal. The algorithm is run for what it may have
//! been, and the outcome that the recording knows decides between them: `Access-Control-Allow-Origin: *` and a refusal
//! mean that credentials went along.

use std::ops::Range;

use super::network_error::{Says, says};
use super::pairs::{Pairs, target};
use super::{Entry, Recording};
use crate::cors::evidence::Neighbour;
use crate::cors::request::is_safelisted_method;
use crate::cors::url::{self, Url};
use crate::cors::{
    Cause, Credentials, Decision, Engine, Exchange, Hop, Mode, Outcome, Request, StepResult, decide, unvaried_origin,
};
use crate::finding::Certainty;
use crate::http::{Answer, Headers};
use crate::text;

/// More redirects than any browser follows.
const MOST_HOPS: usize = 21;

/// What is known of an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    /// What script got.
    pub outcome: Outcome,
    /// The rule of the CORS protocol that stopped it.
    pub cause: Option<Cause>,
    /// What goes with the cause: the header's value, or the name of the method or header.
    pub parameter: String,
    /// What stopped it instead, or explains the cause.
    pub neighbour: Option<Neighbour>,
    /// How sure that is.
    pub certainty: Certainty,
    /// Whether it failed without any reason being known.
    pub is_unexplained: bool,
    /// The page's origin, as far as it is known; empty when not.
    pub origin: String,
    /// The preflight of this request, counted from 0.
    pub preflight: Option<usize>,
    /// The request that this preflight is for, counted from 0.
    pub request: Option<usize>,
    /// Where a redirect led, counted from 0.
    pub next: Option<usize>,
    /// The exchange that the algorithm ran over, where it found a cause.
    pub exchange: Option<Box<Exchange>>,
}

impl Default for Diagnosis {
    fn default() -> Diagnosis {
        Diagnosis {
            outcome: Outcome::Unknown,
            cause: None,
            parameter: String::new(),
            neighbour: None,
            certainty: Certainty::Proved,
            is_unexplained: false,
            origin: String::new(),
            preflight: None,
            request: None,
            next: None,
            exchange: None,
        }
    }
}

/// Whose rules the recorder applied: of a proxy's recordings nobody knows, and most browsers are Chromium.
pub(super) fn engine(recording: &Recording) -> Engine {
    match recording.recorder.as_str() {
        "Firefox" => Engine::Firefox,
        "WebKit Web Inspector" => Engine::WebKit,
        _ => Engine::Chromium,
    }
}

/// Diagnoses of which nothing is known but what belongs together.
pub(super) fn blank(recording: &Recording, pairs: &Pairs) -> Vec<Diagnosis> {
    let at = |list: &[Option<usize>], number: usize| list.get(number).copied().flatten();
    (0..recording.entries.len())
        .map(|number| Diagnosis {
            preflight: at(&pairs.preflight, number),
            request: at(&pairs.request, number),
            next: at(&pairs.next, number),
            ..Diagnosis::default()
        })
        .collect()
}

/// Fills in what is known of these entries, and of those that redirects lead to.
pub(super) fn diagnose(recording: &Recording, pairs: &Pairs, numbers: Range<usize>, diagnoses: &mut [Diagnosis]) {
    let entries = &recording.entries;
    let knows_errors = recording.shape.knows_errors;
    let context = Context { recording, entries, pairs, knows_errors, engine: engine(recording) };
    for number in numbers {
        match entries.get(number) {
            Some(entry) if entry.is_preflight() => context.preflight(number, entry, diagnoses),
            Some(_) if pairs.previous.get(number) == Some(&None) => context.chain(number, diagnoses),
            _ => {}
        }
    }
}

/// How a request ended, by the recording alone.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// Script got the answer.
    Known,
    /// An answer came, and whether script got it nobody says.
    Answered,
    /// It failed; the recording says more or less why.
    Failed(Says),
    /// Nothing is recorded of an end.
    Open,
}

struct Context<'a> {
    recording: &'a Recording,
    entries: &'a [Entry],
    pairs: &'a Pairs,
    knows_errors: bool,
    engine: Engine,
}

impl Context<'_> {
    fn entry(&self, number: usize) -> Option<&Entry> {
        self.entries.get(number)
    }

    fn ending(&self, entry: &Entry) -> Ending {
        match (&entry.error, entry.status) {
            (Some(error), _) => Ending::Failed(says(error)),
            (None, None) => Ending::Open,
            (None, Some(0)) if self.knows_errors || entry.is_cut => Ending::Open,
            (None, Some(0)) => Ending::Failed(Says::Failed),
            _ if self.knows_errors => Ending::Known,
            _ => Ending::Answered,
        }
    }

    /// A request and the redirects that it was sent through.
    fn chain(&self, head: usize, diagnoses: &mut [Diagnosis]) {
        let mut chain = vec![head];
        while let Some(next) = chain.last().and_then(|last| self.pairs.next.get(*last).copied().flatten()) {
            if chain.len() >= MOST_HOPS {
                // The others are as they were recorded.
                self.chain(next, diagnoses);
                break;
            }
            chain.push(next);
        }
        let (Some(first), Some(last)) = (self.entry(head), chain.last().and_then(|last| self.entry(*last))) else {
            return;
        };
        let origin = self.origin(&chain);
        let mode = mode(first, self.preflight_of(head).is_some());
        for number in &chain {
            let Some(diagnosis) = diagnoses.get_mut(*number) else { continue };
            diagnosis.origin = origin.clone();
            if matches!(self.entry(*number).map(|entry| self.ending(entry)), Some(Ending::Known | Ending::Answered)) {
                diagnosis.outcome = Outcome::Allowed;
            }
        }
        let Some(place) = chain.last().copied() else { return };
        let verdict = self.verdict(&chain, last, &origin, mode);
        let Some(diagnosis) = diagnoses.get_mut(verdict.number.unwrap_or(place)) else { return };
        let Verdict { outcome, cause, parameter, neighbour, certainty, is_unexplained, exchange, .. } = verdict;
        *diagnosis = Diagnosis {
            outcome,
            cause,
            parameter,
            neighbour,
            certainty,
            is_unexplained,
            exchange: exchange.map(Box::new),
            ..std::mem::take(diagnosis)
        };
    }

    fn verdict(&self, chain: &[usize], last: &Entry, origin: &str, mode: Option<Mode>) -> Verdict {
        let ending = self.ending(last);
        let by_neighbour = |neighbour: Neighbour| Verdict {
            outcome: if neighbour == Neighbour::OpaqueAnswer { Outcome::Opaque } else { Outcome::Blocked },
            neighbour: Some(neighbour),
            // The one neighbour that Chromium counts among the causes.
            cause: (neighbour == Neighbour::LocalNetworkAccess).then_some(Cause::LocalNetworkAccessPermissionDenied),
            certainty: Certainty::Stated,
            ..Verdict::default()
        };
        match ending {
            Ending::Open => Verdict::default(),
            Ending::Known | Ending::Answered if mode == Some(Mode::NoCors) && self.is_other_origin(chain, origin) => {
                Verdict { outcome: Outcome::Opaque, ..Verdict::default() }
            }
            Ending::Known if target(last).is_some() => self.unfollowed(chain, last, origin, mode),
            Ending::Known => Verdict { outcome: Outcome::Allowed, ..Verdict::default() },
            Ending::Answered => {
                // What a cache gave, or confirmed with 304, has headers that were not recorded.
                let cors = mode == Some(Mode::Cors) && last.status != Some(304);
                if !last.has_headers && mode == Some(Mode::Cors) && self.is_other_origin(chain, origin) {
                    return Verdict::default();
                }
                let found = if cors { self.cors(chain, origin, ending, None) } else { None };
                found.unwrap_or(Verdict { outcome: Outcome::Allowed, ..Verdict::default() })
            }
            // Without CORS the answer comes, and is hidden: from the recorder too.
            Ending::Failed(Says::Neighbour(Neighbour::Aborted))
                if last.status.is_some_and(|status| status > 0) && !last.has_headers =>
            {
                by_neighbour(Neighbour::OpaqueAnswer)
            }
            Ending::Failed(Says::Neighbour(neighbour)) => by_neighbour(neighbour),
            Ending::Failed(reason) => {
                let stated = if let Says::Cors(cause) = reason { cause } else { None };
                let cors = if mode == Some(Mode::NoCors) && reason == Says::Failed {
                    None
                } else {
                    self.cors(chain, origin, ending, stated)
                };
                if let Some(verdict) = cors {
                    return verdict;
                }
                let preflight = chain.last().and_then(|last| self.preflight_of(*last));
                if let Some(Says::Neighbour(neighbour)) = preflight.and_then(|entry| entry.error.as_deref()).map(says) {
                    return by_neighbour(neighbour);
                }
                if let Some(cause) = stated {
                    let (outcome, certainty) = (Outcome::Blocked, Certainty::Stated);
                    return Verdict { outcome, cause: Some(cause), certainty, ..Verdict::default() };
                }
                let certainty = Certainty::Likely;
                match self.likely_neighbour(last, origin) {
                    Some(neighbour) => Verdict { certainty, ..by_neighbour(neighbour) },
                    None => {
                        let outcome = Outcome::Blocked;
                        Verdict { outcome, certainty, is_unexplained: true, ..Verdict::default() }
                    }
                }
            }
        }
    }

    /// What the CORS protocol says, for the credentials modes that are possible.
    fn cors(&self, chain: &[usize], origin: &str, ending: Ending, stated: Option<Cause>) -> Option<Verdict> {
        if origin.is_empty() || !self.is_other_origin(chain, origin) {
            return None;
        }
        let has_cookies = chain
            .iter()
            .filter_map(|number| self.entry(*number))
            .any(|entry| entry.has_cookies && url::origin_of(&entry.url).is_some_and(|other| other != origin));
        let mut found: Vec<(Decision, Exchange)> = Vec::new();
        for credentials in [Credentials::SameOrigin, Credentials::Include] {
            let exchange = self.exchange(chain, origin, credentials);
            let decision = decide(&exchange, self.engine);
            // A hop that the recording shows to have been followed was not refused.
            let is_last = failing_hop(&decision).is_none_or(|hop| hop + 1 >= chain.len() || !self.knows_errors);
            if decision.outcome == Outcome::Blocked && decision.cause.is_some() && is_last {
                found.push((decision, exchange));
            }
        }
        let is_one = found.len() == 2 && found.first().map(|row| row.0.cause) == found.last().map(|row| row.0.cause);
        let with_credentials = |row: &(Decision, Exchange)| row.1.request.credentials == Credentials::Include;
        // An answer that came is refused only to requests with credentials: whether they went along, cookies tell.
        let is_guess = found.iter().all(with_credentials) && (ending == Ending::Answered || !self.knows_errors);
        if is_guess && !has_cookies {
            return None;
        }
        let place = found.iter().position(|row| match stated {
            Some(cause) => row.0.cause == Some(cause),
            None => with_credentials(row) == has_cookies,
        });
        let certainty = match () {
            _ if is_one || stated.is_some() => Certainty::Proved,
            _ if found.len() == 1 && !is_guess => Certainty::Proved,
            _ => Certainty::Likely,
        };
        let (decision, exchange) = if found.is_empty() { None } else { Some(found.swap_remove(place.unwrap_or(0))) }?;
        let number = failing_hop(&decision).and_then(|hop| chain.get(hop)).copied();
        Some(Verdict {
            number,
            outcome: Outcome::Blocked,
            neighbour: number.and_then(|number| self.cached(number, decision.cause)),
            cause: decision.cause,
            parameter: decision.parameter,
            certainty,
            is_unexplained: false,
            exchange: Some(exchange),
        })
    }

    /// A redirect whose target was not recorded.
    fn unfollowed(&self, chain: &[usize], last: &Entry, origin: &str, mode: Option<Mode>) -> Verdict {
        let target = target(last).unwrap_or_default();
        let elsewhere = url::origin_of(&target).is_some_and(|other| !origin.is_empty() && other != origin);
        if mode != Some(Mode::Cors) || !elsewhere || !is_sign_in(&target) {
            return Verdict::default();
        }
        // Pages where people sign in are made for people: none of them answers script of another origin.
        let mut exchange = self.exchange(chain, origin, Credentials::SameOrigin);
        exchange
            .hops
            .push(Hop { preflight: None, response: Some(Answer { status: 200, headers: Headers::default() }) });
        let decision = decide(&exchange, self.engine);
        exchange.hops.pop();
        Verdict {
            outcome: decision.outcome,
            cause: decision.cause,
            parameter: decision.parameter,
            neighbour: Some(Neighbour::LoginRedirect),
            certainty: Certainty::Likely,
            exchange: Some(exchange),
            ..Verdict::default()
        }
    }

    /// A preflight without its request: it is all there is. One with a request is told of there.
    fn preflight(&self, number: usize, entry: &Entry, diagnoses: &mut [Diagnosis]) {
        let Some(diagnosis) = diagnoses.get_mut(number) else { return };
        diagnosis.origin = entry.request_headers.combined("origin").unwrap_or_default();
        let says = entry.error.as_deref().map(says);
        if entry.status.is_some_and(|status| status > 0) && says.is_none() {
            diagnosis.outcome = Outcome::Allowed;
        }
        if diagnosis.request.is_some() {
            return;
        }
        if let Some(Says::Neighbour(neighbour)) = says {
            diagnosis.outcome = Outcome::Blocked;
            diagnosis.neighbour = Some(neighbour);
            diagnosis.certainty = Certainty::Stated;
            return;
        }
        let Some(answer) = answer(entry) else { return };
        let request = asked(entry, &entry.url, None);
        let exchange = Exchange::new(&diagnosis.origin, request, Some(answer), None);
        let decision = decide(&exchange, self.engine);
        if decision.outcome == Outcome::Blocked {
            diagnosis.outcome = Outcome::Blocked;
            diagnosis.cause = decision.cause;
            diagnosis.parameter = decision.parameter;
            diagnosis.exchange = Some(Box::new(exchange));
        }
    }

    fn preflight_of(&self, number: usize) -> Option<&Entry> {
        self.pairs.preflight.get(number).copied().flatten().and_then(|number| self.entry(number))
    }

    /// The exchange that a chain of requests was.
    fn exchange(&self, chain: &[usize], origin: &str, credentials: Credentials) -> Exchange {
        let mut hops = Vec::new();
        let mut request = Request::default();
        for number in chain {
            let Some(entry) = self.entry(*number) else { continue };
            let preflight = self.preflight_of(*number);
            if hops.is_empty() {
                request = match preflight {
                    Some(preflight) => asked(preflight, &entry.url, Some(entry)),
                    None => unasked(entry),
                };
                request.credentials = credentials;
            }
            hops.push(Hop { preflight: preflight.and_then(answer), response: answer(entry) });
        }
        Exchange { origin: origin.to_owned(), request, hops }
    }

    /// The page's origin: what the request says, or its preflight, or else the page that it came from.
    fn origin(&self, chain: &[usize]) -> String {
        let head = chain.first().and_then(|head| self.entry(*head));
        let entries = || chain.iter().filter_map(|number| self.entry(*number));
        let stated = head.and_then(|entry| entry.request_headers.combined("origin"));
        let preflight = chain.first().and_then(|head| self.preflight_of(*head));
        let stated = stated.or_else(|| preflight.and_then(|entry| entry.request_headers.combined("origin")));
        let stated = stated.filter(|origin| !origin.is_empty());
        stated.unwrap_or_else(|| {
            let referrer = entries().find_map(|entry| url::origin_of(&entry.request_headers.combined("referer")?));
            let page = head.and_then(|entry| self.recording.pages.iter().find(|page| page.0 == entry.page));
            referrer.or_else(|| url::origin_of(&page?.1)).unwrap_or_default()
        })
    }

    fn is_other_origin(&self, chain: &[usize], origin: &str) -> bool {
        let mut urls = chain.iter().filter_map(|number| url::parse(&self.entry(*number)?.url));
        // Of other schemes these belong to whoever made them.
        let is_own = |url: &Url| matches!(url.scheme.as_str(), "data" | "blob" | "about");
        !origin.is_empty() && urls.any(|url| url.origin() != origin && !is_own(&url))
    }

    /// An answer for another origin that a cache kept, because it was not told that answers differ.
    fn cached(&self, number: usize, cause: Option<Cause>) -> Option<Neighbour> {
        let entry = self.entry(number)?;
        let is_origin = matches!(cause, Some(Cause::MissingAllowOriginHeader | Cause::AllowOriginMismatch));
        let is_unvaried = answer(entry).is_some_and(|answer| unvaried_origin(&answer));
        (is_origin && entry.is_from_cache && (is_unvaried || cause == Some(Cause::MissingAllowOriginHeader)))
            .then_some(Neighbour::CachedAnswer)
    }

    /// What most likely stopped a request of which nothing more is recorded.
    fn likely_neighbour(&self, entry: &Entry, origin: &str) -> Option<Neighbour> {
        let target = url::parse(&entry.url)?;
        let page = url::parse(origin)?;
        if entry.status.is_some_and(|status| status > 0) || is_private(&page) {
            return None;
        }
        if is_private(&target) {
            return Some(Neighbour::LocalNetworkAccess);
        }
        (page.scheme == "https" && target.scheme == "http").then_some(Neighbour::MixedContent)
    }
}

struct Verdict {
    /// The entry that it speaks of; `None` for the last one of the chain.
    number: Option<usize>,
    outcome: Outcome,
    cause: Option<Cause>,
    parameter: String,
    neighbour: Option<Neighbour>,
    certainty: Certainty,
    is_unexplained: bool,
    exchange: Option<Exchange>,
}

impl Default for Verdict {
    fn default() -> Verdict {
        Verdict {
            number: None,
            outcome: Outcome::Unknown,
            cause: None,
            parameter: String::new(),
            neighbour: None,
            certainty: Certainty::Proved,
            is_unexplained: false,
            exchange: None,
        }
    }
}

fn failing_hop(decision: &Decision) -> Option<usize> {
    decision.steps.iter().find(|step| matches!(step.result, StepResult::Failed(..))).map(|step| step.hop)
}

/// The mode of a request; `None` for what script does not ask for: pages, sockets.
fn mode(entry: &Entry, has_preflight: bool) -> Option<Mode> {
    if has_preflight {
        return Some(Mode::Cors);
    }
    match entry.request_headers.combined("sec-fetch-mode").as_deref() {
        Some("cors") => return Some(Mode::Cors),
        Some("no-cors") => return Some(Mode::NoCors),
        Some("same-origin") => return Some(Mode::SameOrigin),
        Some(_) => return None,
        None => {}
    }
    match entry.resource_type.as_str() {
        "fetch" | "xhr" | "eventsource" => Some(Mode::Cors),
        "document" | "websocket" | "ping" | "preflight" => None,
        _ if entry.is_navigation => None,
        _ if entry.request_headers.has("origin") => Some(Mode::Cors),
        "" => None,
        _ => Some(Mode::NoCors),
    }
}

/// The answer, where one was recorded with its headers.
fn answer(entry: &Entry) -> Option<Answer> {
    let status = entry.status.filter(|status| *status > 0)?;
    let mut headers = entry.headers.clone();
    if !entry.redirect_url.is_empty() && !headers.has("location") && (300..400).contains(&status) {
        headers.push("location", entry.redirect_url.as_str());
    }
    Some(Answer { status, headers })
}

/// A request as its preflight asked for it: the method and the headers that needed leave are named there.
fn asked(preflight: &Entry, url: &str, request: Option<&Entry>) -> Request {
    let asked = |name: &str| preflight.request_headers.combined(name);
    let names = asked("access-control-request-headers").unwrap_or_default();
    let names = names.split(',').map(str::trim).filter(|name| !name.is_empty());
    let headers: Headers = names
        .map(|name| {
            (name, request.and_then(|entry| entry.request_headers.combined(name)).unwrap_or_else(|| unsafe_value(name)))
        })
        .collect();
    let method = asked("access-control-request-method").unwrap_or_else(|| "GET".to_owned());
    Request {
        url: url.to_owned(),
        // Upload listeners and streamed bodies are preflighted without a method or a header that needs it. Only then may
        // the answer leave the method out.
        use_cors_preflight: headers.0.is_empty() && is_safelisted_method(&method),
        method,
        headers,
        ..Request::default()
    }
}

/// A value that needs leave, for a header that was named in a preflight and is not in the recording.
fn unsafe_value(name: &str) -> String {
    if name.eq_ignore_ascii_case("content-type") { "application/json" } else { "" }.to_owned()
}

/// A request without a recorded preflight. Where an answer came, leave had been given before or was not needed, and
/// only the answer counts.
fn unasked(entry: &Entry) -> Request {
    let mut request = Request { method: entry.method.clone(), url: entry.url.clone(), ..Request::default() };
    if answer(entry).is_some() {
        request.method = "GET".to_owned();
        return request;
    }
    const BROWSERS: &[&str] = &["origin", "referer", "access-control-request-method", "access-control-request-headers"];
    for (name, value) in &entry.request_headers.0 {
        let lower = name.to_ascii_lowercase();
        if !BROWSERS.contains(&lower.as_str()) && !lower.starts_with("sec-") {
            request.headers.push(name.as_str(), value.as_str());
        }
    }
    request
}

/// Whether an address looks like a page where people sign in.
fn is_sign_in(address: &str) -> bool {
    const WORDS: &[&str] =
        &["login", "logon", "signin", "sign-in", "sign_in", "authorize", "/auth", "saml", "/sso", "adfs", "oauth"];
    let lower = address.to_ascii_lowercase();
    WORDS.iter().any(|word| text::contains(&lower, word))
}

/// Whether a host is this machine or in its network, as far as the name tells.
fn is_private(url: &Url) -> bool {
    let host = url.host.as_str();
    if host == "localhost" || host.ends_with(".localhost") || host.ends_with(".local") || host == "[::1]" {
        return true;
    }
    let mut numbers = host.split('.').map(str::parse::<u8>);
    let (Some(Ok(first)), Some(Ok(second)), Some(Ok(_)), Some(Ok(_)), None) =
        (numbers.next(), numbers.next(), numbers.next(), numbers.next(), numbers.next())
    else {
        return false;
    };
    matches!((first, second), (10 | 127, _) | (192, 168) | (172, 16..=31) | (169, 254) | (100, 64..=127))
}
