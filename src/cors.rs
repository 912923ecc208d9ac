//! The CORS lab: the Fetch standard's algorithm over whatever evidence there is.
//!
//! The data flows down this list:
//!
//! 1. [`cause`]: why a request is refused, by the names that Chromium gives the causes.
//! 2. `engine`: where Chromium, Firefox and WebKit depart from the standard, as data.
//! 3. `algorithm`: an [`Exchange`] to a [`Decision`], step by step, for the standard and for each engine.
//! 4. `console`: what the engines print, to read it and to say it.
//! 5. [`evidence`]: pasted text to exchanges, console messages, probe results or a list of trusted origins.
//! 6. [`explain`]: a case to an [`explain::Explanation`]: what failed, whose rule it is, and what to change where.
//!
//! Everything here is pure: the live probe is carried out by `browser`, its results are evidence like any other.

pub mod algorithm;
pub mod cause;
pub mod code;
pub mod console;
pub mod decision_json;
pub mod engine;
pub mod evidence;
pub mod exchange_json;
pub mod explain;
pub mod fix;
pub mod json;
pub mod probe;
pub mod provider;
pub mod request;
pub mod response;
pub mod sequence;
pub mod server;
pub mod snippet;
pub mod trusted_origins;
pub mod url;

pub use algorithm::decide;
pub use cause::Cause;
pub use response::{preflight_lifetime, unvaried_origin, vary_on_origin};

use crate::http::{Answer, Headers};
use crate::messages::Catalogue;

/// The words of this room's findings.
pub static WORDS: Catalogue = Catalogue::new(&[include_str!("data/messages/cors.json")]);

/// A request as script made it, from a page of an origin.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The method as script gave it, before [normalisation](https://fetch.spec.whatwg.org/#concept-method-normalize).
    pub method: String,
    /// The URL, absolute.
    pub url: String,
    /// The headers that script set; not what the browser adds by itself.
    pub headers: Headers,
    /// Whether cookies and the like go with it.
    pub credentials: Credentials,
    /// The mode.
    pub mode: Mode,
    /// What happens on a redirect.
    pub redirect: Redirect,
    /// Whether a preflight is sent in any case: `XMLHttpRequest` with upload listeners, or a streamed body.
    pub use_cors_preflight: bool,
}

/// The [credentials mode](https://fetch.spec.whatwg.org/#concept-request-credentials-mode).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Credentials {
    /// Never.
    Omit,
    /// To the page's own origin only; what `fetch` does unless told otherwise.
    #[default]
    SameOrigin,
    /// Always.
    Include,
}

/// The [mode](https://fetch.spec.whatwg.org/#concept-request-mode).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// With the CORS protocol; what `fetch` does unless told otherwise.
    #[default]
    Cors,
    /// Without it: the answer is opaque.
    NoCors,
    /// To the page's own origin only.
    SameOrigin,
}

/// The [redirect mode](https://fetch.spec.whatwg.org/#concept-request-redirect-mode).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Redirect {
    /// Redirects are followed.
    #[default]
    Follow,
    /// A redirect is a network error.
    Error,
    /// A redirect is an opaque answer.
    Manual,
}

/// What was sent for one URL, and what came back. `None` says that it is not known; whether it was sent at all is what
/// the algorithm decides.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hop {
    /// The answer to the preflight.
    pub preflight: Option<Answer>,
    /// The answer to the request itself.
    pub response: Option<Answer>,
}

/// A request and everything that is known of the answers to it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Exchange {
    /// The page's origin, [serialized](https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin):
    /// `https://app.example`, or `null`.
    pub origin: String,
    /// The request.
    pub request: Request,
    /// The answers: first for the request's URL, then one for each redirect that was followed. Never empty when made by
    /// [`Exchange::new`].
    pub hops: Vec<Hop>,
}

impl Exchange {
    /// A request with what came back for its own URL.
    pub fn new(origin: &str, request: Request, preflight: Option<Answer>, response: Option<Answer>) -> Exchange {
        Exchange { origin: origin.to_owned(), request, hops: vec![Hop { preflight, response }] }
    }
}

/// Whose rules are applied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// The Fetch standard to the letter.
    Standard,
    /// Chrome, Edge, Opera and other browsers built on Chromium.
    Chromium,
    /// Firefox.
    Firefox,
    /// Safari, and every browser on iOS.
    WebKit,
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Script gets the answer.
    Allowed,
    /// Script gets an answer that it cannot look into: mode `no-cors`, or a redirect that was not to be followed.
    Opaque,
    /// The promise is rejected; [`Decision::cause`] says by which rule.
    Blocked,
    /// The evidence ends before the decision.
    Unknown,
}

/// The steps, in the order of the standard. The engines take some of them in another order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepName {
    /// Is it another origin? Otherwise none of this applies. <https://fetch.spec.whatwg.org/#main-fetch>
    OtherOrigin,
    /// Do mode and scheme allow a request to another origin? <https://fetch.spec.whatwg.org/#main-fetch>
    ModeAndScheme,
    /// Must the browser ask first? <https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names>
    PreflightNeeded,
    /// The answer to the preflight is no redirect.
    PreflightRedirect,
    /// `Access-Control-Allow-Origin` of the preflight. <https://fetch.spec.whatwg.org/#concept-cors-check>
    PreflightOrigin,
    /// `Access-Control-Allow-Credentials` of the preflight.
    PreflightCredentials,
    /// An ok status. <https://fetch.spec.whatwg.org/#cors-preflight-fetch>
    PreflightStatus,
    /// `Access-Control-Allow-Methods` can be read.
    AllowMethodsSyntax,
    /// `Access-Control-Allow-Headers` can be read.
    AllowHeadersSyntax,
    /// The method is allowed.
    Method,
    /// Every header that must be is allowed.
    RequestHeaders,
    /// The request itself is sent.
    RequestSent,
    /// `Access-Control-Allow-Origin` of the answer.
    Origin,
    /// `Access-Control-Allow-Credentials` of the answer.
    Credentials,
    /// The redirect may be followed. <https://fetch.spec.whatwg.org/#http-redirect-fetch>
    RedirectFollowed,
}

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepResult {
    /// It passed.
    Passed,
    /// It does not apply: no preflight is needed, or no credentials go with the request.
    NotNeeded,
    /// It failed, for this cause and with this parameter: the header's value, or the name of the method or header.
    Failed(Cause, String),
    /// An earlier step failed. With what it would have failed next, where the evidence tells.
    NotReached(Option<(Cause, String)>),
    /// It failed, but not by a rule of the CORS protocol.
    NetworkError(NetworkError),
    /// The evidence ends here.
    Unknown,
}

/// What ends a request besides the CORS protocol: a
/// [network error](https://fetch.spec.whatwg.org/#concept-network-error), or an exception before anything is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NetworkError {
    /// The URL can't be read, or has a user name or a password. <https://fetch.spec.whatwg.org/#dom-request>
    Url,
    /// The method is none, or a forbidden one; or mode `no-cors` does not take it.
    /// <https://fetch.spec.whatwg.org/#forbidden-method>
    Method,
    /// The name or the value of a header is none. <https://fetch.spec.whatwg.org/#headers-validate>
    Header,
    /// The answer is no HTTP: a NUL byte stands in a header.
    Answer,
    /// A redirect, with redirect mode `error`.
    RedirectMode,
    /// The `Location` of a redirect can't be read. <https://fetch.spec.whatwg.org/#concept-response-location-url>
    Location,
    /// A redirect to another scheme than `http` and `https`. <https://fetch.spec.whatwg.org/#http-redirect-fetch>
    Scheme,
    /// A redirect to another origin, with mode `same-origin`.
    Mode,
    /// More than 20 redirects.
    TooManyRedirects,
}

/// A step of one hop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Which of [`Exchange::hops`], from 0.
    pub hop: usize,
    /// Which step.
    pub name: StepName,
    /// How it went.
    pub result: StepResult,
}

/// What the browser asks before it sends the request itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreflightRequest {
    /// `Access-Control-Request-Method`.
    pub method: String,
    /// The value of `Access-Control-Request-Headers`: names in lower case, sorted, joined by `,`. Without any, there is
    /// no such header.
    pub headers: Option<String>,
}

/// What the algorithm says about an exchange, by one engine's rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Whose rules.
    pub engine: Engine,
    /// What becomes of the request.
    pub outcome: Outcome,
    /// Why, when it is blocked.
    pub cause: Option<Cause>,
    /// What goes with the cause: the header's value, or the name of the method or header. Empty without one.
    pub parameter: String,
    /// The preflight for the request's own URL; `None` when none is sent.
    pub preflight: Option<PreflightRequest>,
    /// The preflight of each hop, the first one included.
    pub preflights: Vec<Option<PreflightRequest>>,
    /// The method of each hop: a redirect can make a `GET` of it.
    pub methods: Vec<String>,
    /// The URL of each hop, in order; one more than there are answers where a redirect leads to a URL whose answer is not
    /// known.
    pub urls: Vec<String>,
    /// The `Origin` header of each hop, if one is sent: `null` from the second change of origin on.
    pub origins: Vec<String>,
    /// Every step, those not reached too.
    pub steps: Vec<Step>,
    /// The headers of the last answer that script may not read, names as received. Empty unless allowed.
    pub hidden_headers: Vec<String>,
}

impl Decision {
    /// What blocks the request besides the CORS protocol.
    pub fn network_error(&self) -> Option<NetworkError> {
        self.steps.iter().find_map(|step| match step.result {
            StepResult::NetworkError(error) => Some(error),
            _ => None,
        })
    }
}
