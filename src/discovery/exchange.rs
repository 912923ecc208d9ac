//! What is asked of the network, and what comes back: values only, carried out by `browser::fetch`.

use super::public_url::PublicUrl;
use crate::time::Time;

/// The most bytes that are read of a body: 1 MiB. The largest key sets in use have a few dozen keys of a few kilobytes.
pub const BODY_LIMIT: usize = 1 << 20;

/// How long an answer may take, body included: 10 s, in milliseconds.
pub const TIMEOUT_MILLISECONDS: u32 = 10_000;

/// A GET request without body, credentials, referrer or headers of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Where to.
    pub url: PublicUrl,
    /// How the browser's cache takes part.
    pub cache: CacheMode,
    /// What happens on a redirect.
    pub redirect: RedirectMode,
}

impl Request {
    /// The request that is sent first: through the browser's cache, and without following redirects.
    pub fn new(url: PublicUrl) -> Request {
        Request { url, cache: CacheMode::Default, redirect: RedirectMode::Manual }
    }

    /// The same request past the browser's cache.
    pub fn reload(&self) -> Request {
        Request { cache: CacheMode::Reload, ..self.clone() }
    }

    /// The same request through the browser's cache.
    pub fn through_cache(&self) -> Request {
        Request { cache: CacheMode::Default, ..self.clone() }
    }

    /// The same request with redirects followed.
    pub fn follow(&self) -> Request {
        Request { redirect: RedirectMode::Follow, ..self.clone() }
    }
}

/// The [cache modes](https://fetch.spec.whatwg.org/#concept-request-cache-mode) in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CacheMode {
    /// What every other script on a page does.
    Default,
    /// Straight to the server; the answer replaces what the browser had stored.
    Reload,
}

/// The [redirect modes](https://fetch.spec.whatwg.org/#concept-request-redirect-mode) in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RedirectMode {
    /// A redirect is an answer, whose target script may not see.
    Manual,
    /// Redirects are followed, up to the browser's limit of 20.
    Follow,
}

/// What came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// A server answered, and script may read it.
    Answered(Answered),
    /// Nothing that script may read came back.
    Failed(FetchFailure),
}

impl Response {
    /// When it came.
    pub fn received(&self) -> Time {
        match self {
            Response::Answered(answered) => answered.received,
            Response::Failed(failure) => failure.received,
        }
    }
}

/// An answer that script may read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// The HTTP status.
    pub status: u16,
    /// The URL that answered in the end: another one than was asked where redirects were followed.
    pub url: String,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The `Cache-Control` header.
    pub cache_control: Option<String>,
    /// The `Age` header. Script sees it only where the server exposes it.
    pub age: Option<String>,
    /// The body, up to [`BODY_LIMIT`] bytes of it.
    pub body: Vec<u8>,
    /// Whether the body was longer than that.
    pub too_large: bool,
    /// When it came.
    pub received: Time,
}

/// Why nothing readable came back, as far as script can know, and the facts that go with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchFailure {
    /// What is known about the cause.
    pub cause: FailureCause,
    /// The origin of this page, as sent in the `Origin` header: `https://tools.example`, or `null` for a page opened
    /// from a file.
    pub origin: String,
    /// When it was known.
    pub received: Time,
}

/// The causes that script can tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureCause {
    /// A network error, which hides its cause from script on purpose.
    Network {
        /// Whether the resource timing of the request has a duration of 0, which says that no response came. Firefox
        /// gives that away, Chromium hides it.
        no_response: bool,
    },
    /// No complete answer within [`TIMEOUT_MILLISECONDS`].
    Timeout,
    /// The answer was a redirect, and redirects were not to be followed.
    OpaqueRedirect,
    /// The answer began, with this status, and then broke off.
    BrokenOff(u16),
    /// This page's own policy forbids the address, as a `securitypolicyviolation` event said.
    ContentSecurityPolicy,
    /// The browser says that it is offline.
    Offline,
}
