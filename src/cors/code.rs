//! The codes of the CORS lab, and the one of each cause and neighbour.

use super::Cause;
use super::evidence::Neighbour;
use crate::finding::Code;

/// The code of a cause: its name in small letters, with hyphens.
pub fn of_cause(cause: Cause) -> Code {
    CAUSES.iter().find(|(other, _)| *other == cause).map_or(UNDECIDED, |(_, code)| *code)
}

/// The code of a neighbour.
pub fn of_neighbour(neighbour: Neighbour) -> Code {
    NEIGHBOURS.iter().find(|(other, _)| *other == neighbour).map_or(UNDECIDED, |(_, code)| *code)
}

const CAUSES: &[(Cause, Code)] = &[
    (Cause::DisallowedByMode, DISALLOWED_BY_MODE),
    (Cause::InvalidResponse, INVALID_RESPONSE),
    (Cause::WildcardOriginNotAllowed, WILDCARD_ORIGIN_NOT_ALLOWED),
    (Cause::MissingAllowOriginHeader, MISSING_ALLOW_ORIGIN_HEADER),
    (Cause::MultipleAllowOriginValues, MULTIPLE_ALLOW_ORIGIN_VALUES),
    (Cause::InvalidAllowOriginValue, INVALID_ALLOW_ORIGIN_VALUE),
    (Cause::AllowOriginMismatch, ALLOW_ORIGIN_MISMATCH),
    (Cause::InvalidAllowCredentials, INVALID_ALLOW_CREDENTIALS),
    (Cause::CorsDisabledScheme, CORS_DISABLED_SCHEME),
    (Cause::PreflightInvalidStatus, PREFLIGHT_INVALID_STATUS),
    (Cause::PreflightDisallowedRedirect, PREFLIGHT_DISALLOWED_REDIRECT),
    (Cause::PreflightWildcardOriginNotAllowed, PREFLIGHT_WILDCARD_ORIGIN_NOT_ALLOWED),
    (Cause::PreflightMissingAllowOriginHeader, PREFLIGHT_MISSING_ALLOW_ORIGIN_HEADER),
    (Cause::PreflightMultipleAllowOriginValues, PREFLIGHT_MULTIPLE_ALLOW_ORIGIN_VALUES),
    (Cause::PreflightInvalidAllowOriginValue, PREFLIGHT_INVALID_ALLOW_ORIGIN_VALUE),
    (Cause::PreflightAllowOriginMismatch, PREFLIGHT_ALLOW_ORIGIN_MISMATCH),
    (Cause::PreflightInvalidAllowCredentials, PREFLIGHT_INVALID_ALLOW_CREDENTIALS),
    (Cause::InvalidAllowMethodsPreflightResponse, INVALID_ALLOW_METHODS_PREFLIGHT_RESPONSE),
    (Cause::InvalidAllowHeadersPreflightResponse, INVALID_ALLOW_HEADERS_PREFLIGHT_RESPONSE),
    (Cause::MethodDisallowedByPreflightResponse, METHOD_DISALLOWED_BY_PREFLIGHT_RESPONSE),
    (Cause::HeaderDisallowedByPreflightResponse, HEADER_DISALLOWED_BY_PREFLIGHT_RESPONSE),
    (Cause::RedirectContainsCredentials, REDIRECT_CONTAINS_CREDENTIALS),
    (Cause::InsecureLocalNetwork, INSECURE_LOCAL_NETWORK),
    (Cause::InvalidLocalNetworkAccess, INVALID_LOCAL_NETWORK_ACCESS),
    (Cause::LocalNetworkAccessPermissionDenied, LOCAL_NETWORK_ACCESS_PERMISSION_DENIED),
    (Cause::NoCorsRedirectModeNotFollow, NO_CORS_REDIRECT_MODE_NOT_FOLLOW),
];

const NEIGHBOURS: &[(Neighbour, Code)] = &[
    (Neighbour::ContentSecurityPolicy, CONTENT_SECURITY_POLICY),
    (Neighbour::MixedContent, MIXED_CONTENT),
    (Neighbour::Dns, DNS),
    (Neighbour::Tls, TLS),
    (Neighbour::Unreachable, UNREACHABLE),
    (Neighbour::BlockedPort, BLOCKED_PORT),
    (Neighbour::LocalNetworkAccess, LOCAL_NETWORK_ACCESS),
    (Neighbour::ResourcePolicy, RESOURCE_POLICY),
    (Neighbour::Extension, EXTENSION),
    (Neighbour::LoginRedirect, LOGIN_REDIRECT),
    (Neighbour::CachedAnswer, CACHED_ANSWER),
    (Neighbour::OpaqueAnswer, OPAQUE_ANSWER),
    (Neighbour::ServiceWorker, SERVICE_WORKER),
    (Neighbour::Offline, OFFLINE),
    (Neighbour::TimedOut, TIMED_OUT),
    (Neighbour::Aborted, ABORTED),
    (Neighbour::BadUrl, BAD_URL),
];

crate::codes! {
    /// [`Cause::DisallowedByMode`](super::Cause::DisallowedByMode).
    DISALLOWED_BY_MODE = "cors.disallowed-by-mode";
    /// [`Cause::InvalidResponse`](super::Cause::InvalidResponse).
    INVALID_RESPONSE = "cors.invalid-response";
    /// [`Cause::WildcardOriginNotAllowed`](super::Cause::WildcardOriginNotAllowed).
    WILDCARD_ORIGIN_NOT_ALLOWED = "cors.wildcard-origin-not-allowed";
    /// [`Cause::MissingAllowOriginHeader`](super::Cause::MissingAllowOriginHeader).
    MISSING_ALLOW_ORIGIN_HEADER = "cors.missing-allow-origin-header";
    /// [`Cause::MultipleAllowOriginValues`](super::Cause::MultipleAllowOriginValues).
    MULTIPLE_ALLOW_ORIGIN_VALUES = "cors.multiple-allow-origin-values";
    /// [`Cause::InvalidAllowOriginValue`](super::Cause::InvalidAllowOriginValue).
    INVALID_ALLOW_ORIGIN_VALUE = "cors.invalid-allow-origin-value";
    /// [`Cause::AllowOriginMismatch`](super::Cause::AllowOriginMismatch).
    ALLOW_ORIGIN_MISMATCH = "cors.allow-origin-mismatch";
    /// [`Cause::InvalidAllowCredentials`](super::Cause::InvalidAllowCredentials).
    INVALID_ALLOW_CREDENTIALS = "cors.invalid-allow-credentials";
    /// [`Cause::CorsDisabledScheme`](super::Cause::CorsDisabledScheme).
    CORS_DISABLED_SCHEME = "cors.cors-disabled-scheme";
    /// [`Cause::PreflightInvalidStatus`](super::Cause::PreflightInvalidStatus).
    PREFLIGHT_INVALID_STATUS = "cors.preflight-invalid-status";
    /// [`Cause::PreflightDisallowedRedirect`](super::Cause::PreflightDisallowedRedirect).
    PREFLIGHT_DISALLOWED_REDIRECT = "cors.preflight-disallowed-redirect";
    /// [`Cause::PreflightWildcardOriginNotAllowed`](super::Cause::PreflightWildcardOriginNotAllowed).
    PREFLIGHT_WILDCARD_ORIGIN_NOT_ALLOWED = "cors.preflight-wildcard-origin-not-allowed";
    /// [`Cause::PreflightMissingAllowOriginHeader`](super::Cause::PreflightMissingAllowOriginHeader).
    PREFLIGHT_MISSING_ALLOW_ORIGIN_HEADER = "cors.preflight-missing-allow-origin-header";
    /// [`Cause::PreflightMultipleAllowOriginValues`](super::Cause::PreflightMultipleAllowOriginValues).
    PREFLIGHT_MULTIPLE_ALLOW_ORIGIN_VALUES = "cors.preflight-multiple-allow-origin-values";
    /// [`Cause::PreflightInvalidAllowOriginValue`](super::Cause::PreflightInvalidAllowOriginValue).
    PREFLIGHT_INVALID_ALLOW_ORIGIN_VALUE = "cors.preflight-invalid-allow-origin-value";
    /// [`Cause::PreflightAllowOriginMismatch`](super::Cause::PreflightAllowOriginMismatch).
    PREFLIGHT_ALLOW_ORIGIN_MISMATCH = "cors.preflight-allow-origin-mismatch";
    /// [`Cause::PreflightInvalidAllowCredentials`](super::Cause::PreflightInvalidAllowCredentials).
    PREFLIGHT_INVALID_ALLOW_CREDENTIALS = "cors.preflight-invalid-allow-credentials";
    /// [`Cause::InvalidAllowMethodsPreflightResponse`](super::Cause::InvalidAllowMethodsPreflightResponse).
    INVALID_ALLOW_METHODS_PREFLIGHT_RESPONSE = "cors.invalid-allow-methods-preflight-response";
    /// [`Cause::InvalidAllowHeadersPreflightResponse`](super::Cause::InvalidAllowHeadersPreflightResponse).
    INVALID_ALLOW_HEADERS_PREFLIGHT_RESPONSE = "cors.invalid-allow-headers-preflight-response";
    /// [`Cause::MethodDisallowedByPreflightResponse`](super::Cause::MethodDisallowedByPreflightResponse).
    METHOD_DISALLOWED_BY_PREFLIGHT_RESPONSE = "cors.method-disallowed-by-preflight-response";
    /// [`Cause::HeaderDisallowedByPreflightResponse`](super::Cause::HeaderDisallowedByPreflightResponse).
    HEADER_DISALLOWED_BY_PREFLIGHT_RESPONSE = "cors.header-disallowed-by-preflight-response";
    /// [`Cause::RedirectContainsCredentials`](super::Cause::RedirectContainsCredentials).
    REDIRECT_CONTAINS_CREDENTIALS = "cors.redirect-contains-credentials";
    /// [`Cause::InsecureLocalNetwork`](super::Cause::InsecureLocalNetwork).
    INSECURE_LOCAL_NETWORK = "cors.insecure-local-network";
    /// [`Cause::InvalidLocalNetworkAccess`](super::Cause::InvalidLocalNetworkAccess).
    INVALID_LOCAL_NETWORK_ACCESS = "cors.invalid-local-network-access";
    /// [`Cause::LocalNetworkAccessPermissionDenied`](super::Cause::LocalNetworkAccessPermissionDenied).
    LOCAL_NETWORK_ACCESS_PERMISSION_DENIED = "cors.local-network-access-permission-denied";
    /// [`Cause::NoCorsRedirectModeNotFollow`](super::Cause::NoCorsRedirectModeNotFollow).
    NO_CORS_REDIRECT_MODE_NOT_FOLLOW = "cors.no-cors-redirect-mode-not-follow";
    /// The CORS protocol lets script read the answer.
    ALLOWED = "cors.allowed";
    /// Page and address have the same origin.
    SAME_ORIGIN = "cors.same-origin";
    /// The evidence ends before the decision.
    UNDECIDED = "cors.undecided";
    /// The answer could be read, and is an error.
    STATUS = "cors.status";
    /// The answer that lacks CORS headers is an error.
    ERROR_ANSWER = "cors.error-answer";
    /// Script asked the authorization endpoint, which is for navigating to.
    AUTHORIZE_FETCHED = "cors.authorize-fetched";
    /// The preflight was asked for authentication.
    PREFLIGHT_AUTHENTICATION = "cors.preflight-authentication";
    /// The preflight was refused, for whatever reason.
    PREFLIGHT_REFUSED = "cors.preflight-refused";
    /// The server does not know `OPTIONS` there.
    PREFLIGHT_NOT_HANDLED = "cors.preflight-not-handled";
    /// The preflight was answered with an error.
    PREFLIGHT_ERROR = "cors.preflight-error";
    /// The engines do not decide alike.
    ENGINES_DIFFER = "cors.engines-differ";
    /// A redirect leads to a URL whose answer is not known.
    REDIRECT_UNKNOWN = "cors.redirect-unknown";
    /// From the second change of origin on, the origin is `null`.
    REDIRECT_NULL_ORIGIN = "cors.redirect-null-origin";
    /// `Authorization` does not follow a redirect to another origin.
    AUTHORIZATION_DROPPED = "cors.authorization-dropped";
    /// The page's origin is `null`.
    NULL_ORIGIN = "cors.null-origin";
    /// The answer that lacks CORS headers is a redirect.
    REDIRECT_ANSWER = "cors.redirect-answer";
    /// A redirect that was not to be followed.
    OPAQUE_REDIRECT = "cors.opaque-redirect";
    /// `*` covers `Authorization` today, although the standard forbids it.
    WILDCARD_AUTHORIZATION = "cors.wildcard-authorization";
    /// The server seems to allow whichever origin asks, with credentials.
    REFLECTS_ANY_ORIGIN = "cors.reflects-any-origin";
    /// The server allows the origin `null`.
    ALLOWS_NULL = "cors.allows-null";
    /// `*` together with `Access-Control-Allow-Credentials`.
    WILDCARD_CREDENTIALS = "cors.wildcard-credentials";
    /// The answer names one origin and lacks `Vary: Origin`.
    VARY_MISSING = "cors.vary-missing";
    /// How long the preflight's answer is kept.
    MAX_AGE = "cors.max-age";
    /// Headers of the answer that script can't read.
    HEADER_HIDDEN = "cors.header-hidden";
    /// An origin ends with a slash.
    ORIGIN_TRAILING_SLASH = "cors.origin-trailing-slash";
    /// An origin has a path.
    ORIGIN_PATH = "cors.origin-path";
    /// An origin has capital letters.
    ORIGIN_CASE = "cors.origin-case";
    /// An origin names the scheme's own port.
    ORIGIN_DEFAULT_PORT = "cors.origin-default-port";
    /// An origin has no scheme.
    ORIGIN_NO_SCHEME = "cors.origin-no-scheme";
    /// An origin is no origin.
    ORIGIN_INVALID = "cors.origin-invalid";
    /// The origins differ in the scheme.
    MISMATCH_SCHEME = "cors.mismatch-scheme";
    /// The origins differ in the port.
    MISMATCH_PORT = "cors.mismatch-port";
    /// `localhost` and `127.0.0.1` are two origins.
    MISMATCH_LOOPBACK = "cors.mismatch-loopback";
    /// The origins differ in a subdomain.
    MISMATCH_SUBDOMAIN = "cors.mismatch-subdomain";
    /// Headers were pasted.
    EVIDENCE_HEADERS = "cors.evidence-headers";
    /// Console text was pasted.
    EVIDENCE_CONSOLE = "cors.evidence-console";
    /// The console's words stand for several causes.
    EVIDENCE_AMBIGUOUS = "cors.evidence-ambiguous";
    /// The message gives no reason.
    EVIDENCE_FAILED = "cors.evidence-failed";
    /// This page's own probe.
    EVIDENCE_OWN_PROBE = "cors.evidence-own-probe";
    /// Probes from the app's own origin.
    EVIDENCE_PROBE = "cors.evidence-probe";
    /// A HAR file was pasted.
    EVIDENCE_HAR = "cors.evidence-har";
    /// Nothing in the text speaks of a request.
    EVIDENCE_UNRECOGNISED = "cors.evidence-unrecognised";
    /// Only the form is filled in.
    EVIDENCE_FORM = "cors.evidence-form";
    /// The command had no `Origin` header.
    CURL_WITHOUT_ORIGIN = "cors.curl-without-origin";
    /// The app's origin is not known.
    ORIGIN_UNKNOWN = "cors.origin-unknown";
    /// The preflight's answer is not known.
    PREFLIGHT_ANSWER_UNKNOWN = "cors.preflight-answer-unknown";
    /// The page's own policy forbids the request.
    CONTENT_SECURITY_POLICY = "cors.content-security-policy";
    /// A page over https asked for http.
    MIXED_CONTENT = "cors.mixed-content";
    /// The name could not be resolved.
    DNS = "cors.dns";
    /// The certificate or the handshake.
    TLS = "cors.tls";
    /// The connection was refused, reset or timed out.
    UNREACHABLE = "cors.unreachable";
    /// Browsers never connect to that port.
    BLOCKED_PORT = "cors.blocked-port";
    /// Leave to reach this machine or its network.
    LOCAL_NETWORK_ACCESS = "cors.local-network-access";
    /// `Cross-Origin-Resource-Policy`, or the page's embedder policy.
    RESOURCE_POLICY = "cors.resource-policy";
    /// A browser extension.
    EXTENSION = "cors.extension";
    /// A redirect to a page where people sign in.
    LOGIN_REDIRECT = "cors.login-redirect";
    /// A stored answer for another origin.
    CACHED_ANSWER = "cors.cached-answer";
    /// Mode `no-cors`: the answer is opaque.
    OPAQUE_ANSWER = "cors.opaque-answer";
    /// The answer of a service worker.
    SERVICE_WORKER = "cors.service-worker";
    /// The browser is offline.
    OFFLINE = "cors.offline";
    /// No answer in time.
    TIMED_OUT = "cors.timed-out";
    /// The request was given up.
    ABORTED = "cors.aborted";
    /// The URL can't be fetched at all.
    BAD_URL = "cors.bad-url";
    /// A probe could read the answer.
    PROBE_READABLE = "cors.probe-readable";
    /// The server answers, and script may not read it.
    PROBE_NOT_ALLOWED = "cors.probe-not-allowed";
    /// A redirect may be followed, the answer behind it may not be read.
    PROBE_REDIRECTED = "cors.probe-redirected";
    /// Plain requests pass, the app's own does not.
    PROBE_PREFLIGHT = "cors.probe-preflight";
    /// Requests without cookies pass, those with cookies do not.
    PROBE_CREDENTIALS = "cors.probe-credentials";
    /// No probe got an answer.
    PROBE_NO_ANSWER = "cors.probe-no-answer";
    /// The probes do not decide.
    PROBE_UNDECIDED = "cors.probe-undecided";
    /// What it may be, most likely first.
    CANDIDATES = "cors.candidates";
    /// Allow access to the local network.
    NEXT_LOCAL_NETWORK = "cors.next-local-network";
    /// Read the console's line about the page's policy.
    NEXT_POLICY = "cors.next-policy";
    /// The exact origin is trusted for CORS.
    TRUSTED = "cors.trusted";
    /// The origin is not in the list.
    TRUSTED_MISSING = "cors.trusted-missing";
    /// The entry is not for CORS.
    TRUSTED_NO_CORS = "cors.trusted-no-cors";
    /// The entry is not active.
    TRUSTED_INACTIVE = "cors.trusted-inactive";
    /// An entry is nearly the origin.
    TRUSTED_SIMILAR = "cors.trusted-similar";
    /// An entry with a wildcard covers the origin.
    TRUSTED_WILDCARD = "cors.trusted-wildcard";
    /// The list is empty.
    TRUSTED_EMPTY = "cors.trusted-empty";
    /// The list does not say whether it is for CORS.
    TRUSTED_UNKNOWN = "cors.trusted-unknown";
    /// There is nothing to compare the list with.
    TRUSTED_NO_ORIGIN = "cors.trusted-no-origin";
    /// Ask the server with the app's origin.
    NEXT_CURL = "cors.next-curl";
    /// Repeat the preflight.
    NEXT_PREFLIGHT = "cors.next-preflight";
    /// Ask the redirect's target.
    NEXT_TARGET = "cors.next-target";
    /// Paste the console.
    NEXT_CONSOLE = "cors.next-console";
    /// Open the address in a tab.
    NEXT_TAB = "cors.next-tab";
    /// Try without extensions.
    NEXT_PRIVATE_WINDOW = "cors.next-private-window";
    /// Probe from the app's origin.
    NEXT_SNIPPET = "cors.next-snippet";
    /// Enter the app's origin.
    NEXT_ORIGIN = "cors.next-origin";
    /// Find the reason of the status.
    NEXT_STATUS = "cors.next-status";
    /// Ask with a made-up origin.
    NEXT_MADE_UP_ORIGIN = "cors.next-made-up-origin";
    /// The method is none that `fetch` sends.
    METHOD_FORBIDDEN = "cors.method-forbidden";
    /// A header is none that `fetch` sends.
    HEADER_INVALID = "cors.header-invalid";
    /// The answer is no HTTP.
    ANSWER_BROKEN = "cors.answer-broken";
    /// A redirect, and redirect mode `error`.
    REDIRECT_MODE = "cors.redirect-mode";
    /// The `Location` can't be read.
    LOCATION_INVALID = "cors.location-invalid";
    /// A redirect to another scheme than http and https.
    REDIRECT_SCHEME = "cors.redirect-scheme";
    /// A redirect to another origin, with mode `same-origin`.
    SAME_ORIGIN_MODE = "cors.same-origin-mode";
    /// More than 20 redirects.
    TOO_MANY_REDIRECTS = "cors.too-many-redirects";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_has_the_code_of_its_name() {
        for cause in Cause::ALL {
            let mut expected = "cors.".to_owned();
            for (at, letter) in cause.name().chars().enumerate() {
                if at > 0 && letter.is_ascii_uppercase() {
                    expected.push('-');
                }
                expected.push(letter.to_ascii_lowercase());
            }
            assert_eq!(of_cause(*cause).0, expected);
        }
    }
}
