//! The codes of this room.

crate::codes! {
    /// An address is none that may be fetched.
    ADDRESS_REFUSED = "discovery.address-refused";
    /// An address holds what must not leave the page.
    ADDRESS_HOLDS_SECRET = "discovery.address-holds-secret";
    /// The expected issuer is no URL, so that nothing tells where its keys are.
    ISSUER_NOT_URL = "discovery.issuer-not-url";
    /// The metadata is another issuer's.
    ISSUER_MISMATCH = "discovery.issuer-mismatch";
    /// The metadata's issuer has a place for the tenant in it.
    ISSUER_TEMPLATE = "discovery.issuer-template";
    /// The metadata has no issuer.
    ISSUER_MISSING = "discovery.issuer-missing";
    /// The metadata has no address of keys.
    JWKS_URI_MISSING = "discovery.jwks-uri-missing";
    /// No place has metadata.
    NO_METADATA = "discovery.no-metadata";
    /// The metadata is not at the first place.
    FOUND_ELSEWHERE = "discovery.found-elsewhere";
    /// The metadata is the expected issuer's.
    METADATA = "discovery.metadata";
    /// The keys are on an origin that was not allowed.
    OTHER_ORIGIN = "discovery.other-origin";
    /// Nothing was fetched, because nobody asked for it.
    NOT_FETCHED = "discovery.not-fetched";
    /// Keys were fetched.
    KEYS = "discovery.keys";
    /// The key set has no usable key.
    NO_KEYS = "discovery.no-keys";
    /// The keys have outlived their lifetime.
    STALE = "discovery.stale";
    /// The wanted key was not there, and the keys may be out of date.
    KID_UNKNOWN = "discovery.kid-unknown";
    /// The wanted key was not there even after fetching again.
    KID_UNKNOWN_REFETCHED = "discovery.kid-unknown-refetched";
    /// The wanted key came with fetching again.
    REFETCHED = "discovery.refetched";
    /// Fetching again failed.
    REFETCH_FAILED = "discovery.refetch-failed";
    /// A network error that hides its cause.
    BLOCKED_OR_UNREACHABLE = "fetch.blocked-or-unreachable";
    /// The browser's traces say that no response came.
    NO_RESPONSE = "fetch.no-response";
    /// An http address asked from an https page.
    MIXED_CONTENT = "fetch.mixed-content";
    /// An address on this machine or in its network, asked from a page elsewhere.
    LOCAL_NETWORK = "fetch.local-network";
    /// The browser's cache holds an answer without a fitting CORS header.
    POISONED_CACHE = "fetch.poisoned-cache";
    /// No complete answer in time.
    TIMEOUT = "fetch.timeout";
    /// The answer broke off.
    BROKEN_OFF = "fetch.broken-off";
    /// This page's own policy forbids the address.
    CONTENT_SECURITY_POLICY = "fetch.content-security-policy";
    /// The browser is offline.
    OFFLINE = "fetch.offline";
    /// The answer is a redirect.
    REDIRECT = "fetch.redirect";
    /// A redirect was followed.
    REDIRECTED = "fetch.redirected";
    /// A redirect was followed and led nowhere.
    REDIRECT_FAILED = "fetch.redirect-failed";
    /// 404 and its kin.
    NOT_FOUND = "fetch.not-found";
    /// 401 or 403.
    FORBIDDEN = "fetch.forbidden";
    /// 429.
    RATE_LIMITED = "fetch.rate-limited";
    /// 5xx.
    SERVER_ERROR = "fetch.server-error";
    /// Any other status.
    STATUS = "fetch.status";
    /// The body is beyond the limit.
    TOO_LARGE = "fetch.too-large";
    /// The body is empty.
    EMPTY = "fetch.empty";
    /// The body is HTML.
    HTML = "fetch.html";
    /// The body is no JSON object.
    NOT_JSON = "fetch.not-json";
    /// JSON under another content type.
    CONTENT_TYPE = "fetch.content-type";
}
