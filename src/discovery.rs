//! From an issuer to its keys, and the only URLs that may be fetched.
//!
//! [`look`] says which requests are needed next, from the answers so far; it never sends one itself. Three rules hold:
//!
//! - Nothing is asked that [`Fetch`] does not allow; what would be asked is in [`Look::offers`], for a button to name.
//! - The same request is never asked twice: a driver that keeps the answers comes to an end.
//! - Every address is a [`PublicUrl`], checked against the texts that must not leave the page.
//!
//! # The order of places
//!
//! An issuer's metadata is looked for in up to three places: where
//! [OpenID Connect Discovery §4](https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderConfig) puts it,
//! where [RFC 8414 §3](https://www.rfc-editor.org/rfc/rfc8414#section-3) puts it, and where Okta puts it besides.
//!
//! # Deviation
//!
//! The next place is asked only after an answer that says "not here": a client error other than 401 and 429, or
//! something else than metadata. A network error ends the search: the places lie on one host, and a host that hangs
//! would otherwise cost 10 s for each of them. A server that sends its CORS header from one place only is missed by
//! this, and its key set URL can be typed.

use crate::key::Key;
use crate::report::KeySet;
use crate::time::Time;

mod cache;
pub mod carry;
pub mod code;
mod exchange;
mod failure;
mod metadata;
pub mod public_url;
mod search;

pub use cache::{forget_stale, is_fresh, lifetime};
pub use exchange::{
    Answered, BODY_LIMIT, CacheMode, FailureCause, FetchFailure, RedirectMode, Request, Response, TIMEOUT_MILLISECONDS,
};
pub use public_url::{Guard, PublicUrl, UrlFault, overlap, public_url};

/// Whether keys may be fetched. Answers that are already there are used in any case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Fetch {
    /// Nothing new is asked for.
    #[default]
    Never,
    /// The expected issuer's keys may be fetched, from any host that its metadata names.
    Issuer,
    /// Only these origins may be asked: the ones that the pressed button named. An address on another origin becomes a
    /// finding that names it.
    Origins(Vec<String>),
    /// As [`Fetch::Origins`], and redirects from these origins are followed wherever they lead.
    Follow(Vec<String>),
}

impl Fetch {
    /// Whether a request may be sent.
    pub fn allows(&self, request: &Request) -> bool {
        match self {
            Fetch::Never => false,
            Fetch::Issuer => request.redirect == RedirectMode::Manual,
            Fetch::Origins(origins) => request.redirect == RedirectMode::Manual && names(origins, request),
            Fetch::Follow(origins) => names(origins, request),
        }
    }
}

fn names(origins: &[String], request: &Request) -> bool {
    let origin = request.url.origin();
    origins.iter().any(|named| named.trim_end_matches('/') == origin)
}

/// Where keys are looked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sources<'a> {
    /// The expected issuer.
    pub issuer: Option<&'a str>,
    /// A key set URL that the user typed.
    pub jwks_url: Option<&'a str>,
}

/// What a look at the answers came to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Look {
    /// What is to be asked now. All of it is allowed, and none of it was answered yet.
    pub requests: Vec<Request>,
    /// What would be asked next if it were allowed: what a button may name.
    pub offers: Vec<Request>,
    /// One for each source, in the order of [`Sources`], with all findings about it.
    pub key_sets: Vec<KeySet>,
    /// The keys of all sources.
    pub keys: Vec<Key>,
    /// Whether the keys at hand are all that the expected issuer publishes now: fetched within their lifetime, fetched
    /// again where the wanted `kid` is not among them, and each of them readable. Only then does a missing key speak
    /// against a token.
    pub fresh: bool,
}

/// Looks for keys among the answers so far, and says what to ask next.
///
/// `wanted_kid` is the token's `kid`: when it is not among the keys they are fetched once more, past the browser's cache.
/// `now` is the clock's time, not the time that claims are checked for.
///
/// ```
/// use tokenscope::discovery::{Fetch, Guard, Sources, look};
/// use tokenscope::time::Time;
///
/// let sources = Sources { issuer: Some("https://issuer.example"), jwks_url: None };
/// let look = look(sources, &[], None, &Fetch::Never, &Guard::default(), Time::default());
/// assert!(look.requests.is_empty());
/// assert_eq!(look.offers[0].url.as_str(), "https://issuer.example/.well-known/openid-configuration");
/// ```
pub fn look(
    sources: Sources,
    responses: &[(Request, Response)],
    wanted_kid: Option<&str>,
    fetch: &Fetch,
    guard: &Guard,
    now: Time,
) -> Look {
    search::search(sources, responses, wanted_kid, fetch, guard, now)
}
