//! What recorders say went wrong, as a table: Chromium's names of network errors, and Safari's sentences.
//!
//! Source: the names in Chromium's `net/base/net_error_list.h` (BSD-3-Clause, The Chromium Authors), and the reasons
//! that WebKit and Apple's networking give (seen in recordings). Only names and fragments are used.

use crate::cors::Cause;
use crate::cors::evidence::Neighbour;
use crate::text;

/// What an error says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// Something else than the CORS protocol.
    Neighbour(Neighbour),
    /// The CORS protocol, for this cause at the latest, where the wording tells.
    Cors(Option<Cause>),
    /// That it failed, and nothing more. The CORS protocol is one of the reasons.
    Failed,
}

use Says::{Cors, Failed, Neighbour as Is};

/// The beginning of Chromium's names, behind `net::`. The longer of two stands first.
const CHROMIUM: &[(&str, Says)] = &[
    ("ERR_FAILED", Failed),
    ("ERR_INVALID_REDIRECT", Cors(Some(Cause::PreflightDisallowedRedirect))),
    ("ERR_ABORTED", Is(Neighbour::Aborted)),
    ("ERR_TIMED_OUT", Is(Neighbour::TimedOut)),
    ("ERR_CONNECTION_TIMED_OUT", Is(Neighbour::TimedOut)),
    ("ERR_INTERNET_DISCONNECTED", Is(Neighbour::Offline)),
    ("ERR_NETWORK_CHANGED", Is(Neighbour::Unreachable)),
    ("ERR_NETWORK_IO_SUSPENDED", Is(Neighbour::Offline)),
    ("ERR_NETWORK_ACCESS_DENIED", Is(Neighbour::Unreachable)),
    ("ERR_BLOCKED_BY_CLIENT", Is(Neighbour::Extension)),
    ("ERR_BLOCKED_BY_CSP", Is(Neighbour::ContentSecurityPolicy)),
    ("ERR_BLOCKED_BY_RESPONSE", Is(Neighbour::ResourcePolicy)),
    ("ERR_BLOCKED_BY_ORB", Is(Neighbour::OpaqueAnswer)),
    ("ERR_BLOCKED_BY_LOCAL_NETWORK", Is(Neighbour::LocalNetworkAccess)),
    ("ERR_BLOCKED_BY_PRIVATE_NETWORK", Is(Neighbour::LocalNetworkAccess)),
    ("ERR_CONNECTION_BLOCKED_BY_LOCAL_NETWORK", Is(Neighbour::LocalNetworkAccess)),
    ("ERR_BLOCKED_BY_MIXED", Is(Neighbour::MixedContent)),
    ("ERR_UNSAFE_PORT", Is(Neighbour::BlockedPort)),
    ("ERR_UNKNOWN_URL_SCHEME", Is(Neighbour::BadUrl)),
    ("ERR_DISALLOWED_URL_SCHEME", Is(Neighbour::BadUrl)),
    ("ERR_INVALID_URL", Is(Neighbour::BadUrl)),
    ("ERR_ICANN_NAME_COLLISION", Is(Neighbour::Dns)),
    ("ERR_NAME_", Is(Neighbour::Dns)),
    ("ERR_DNS_", Is(Neighbour::Dns)),
    ("ERR_CERT", Is(Neighbour::Tls)),
    ("ERR_SSL_", Is(Neighbour::Tls)),
    ("ERR_BAD_SSL_CLIENT_AUTH_CERT", Is(Neighbour::Tls)),
    ("ERR_ECH_", Is(Neighbour::Tls)),
    ("ERR_CONNECTION_", Is(Neighbour::Unreachable)),
    ("ERR_ADDRESS_", Is(Neighbour::Unreachable)),
    ("ERR_PROXY_", Is(Neighbour::Unreachable)),
    ("ERR_TUNNEL_", Is(Neighbour::Unreachable)),
    ("ERR_SOCKS_", Is(Neighbour::Unreachable)),
    ("ERR_SOCKET_", Is(Neighbour::Unreachable)),
    ("ERR_EMPTY_RESPONSE", Is(Neighbour::Unreachable)),
    ("ERR_RESPONSE_HEADERS_", Is(Neighbour::Unreachable)),
    ("ERR_INCOMPLETE_CHUNKED", Is(Neighbour::Unreachable)),
    ("ERR_CONTENT_LENGTH_MISMATCH", Is(Neighbour::Unreachable)),
    ("ERR_INVALID_HTTP_RESPONSE", Is(Neighbour::Unreachable)),
    ("ERR_INVALID_CHUNKED", Is(Neighbour::Unreachable)),
    ("ERR_HTTP2_", Is(Neighbour::Unreachable)),
    ("ERR_HTTP_1_1_REQUIRED", Is(Neighbour::Unreachable)),
    ("ERR_QUIC_", Is(Neighbour::Unreachable)),
];

/// Fragments of sentences, in lower case.
const SENTENCES: &[(&str, Says)] = &[
    ("preflight response is not successful", Cors(Some(Cause::PreflightInvalidStatus))),
    ("cannot use wildcard in access-control-allow-origin", Cors(Some(Cause::WildcardOriginNotAllowed))),
    ("cannot contain more than one origin", Cors(Some(Cause::MultipleAllowOriginValues))),
    ("access-control-allow-credentials is not", Cors(Some(Cause::InvalidAllowCredentials))),
    ("credentials flag is true", Cors(Some(Cause::InvalidAllowCredentials))),
    ("not allowed by access-control-allow-origin", Cors(None)),
    ("not allowed by access-control-allow-methods", Cors(Some(Cause::MethodDisallowedByPreflightResponse))),
    ("not allowed by access-control-allow-headers", Cors(Some(Cause::HeaderDisallowedByPreflightResponse))),
    ("access control checks", Cors(None)),
    ("cross-origin redirection", Cors(None)),
    ("cors", Cors(None)),
    ("content security policy", Is(Neighbour::ContentSecurityPolicy)),
    ("content blocker", Is(Neighbour::Extension)),
    ("mixed content", Is(Neighbour::MixedContent)),
    ("insecure content", Is(Neighbour::MixedContent)),
    ("cross-origin-resource-policy", Is(Neighbour::ResourcePolicy)),
    ("hostname could not be found", Is(Neighbour::Dns)),
    ("could not resolve", Is(Neighbour::Dns)),
    ("name or service not known", Is(Neighbour::Dns)),
    ("certificate", Is(Neighbour::Tls)),
    ("ssl error", Is(Neighbour::Tls)),
    ("tls", Is(Neighbour::Tls)),
    ("secure connection", Is(Neighbour::Tls)),
    ("offline", Is(Neighbour::Offline)),
    ("timed out", Is(Neighbour::TimedOut)),
    ("timeout", Is(Neighbour::TimedOut)),
    ("cancel", Is(Neighbour::Aborted)),
    ("abort", Is(Neighbour::Aborted)),
    ("restricted network port", Is(Neighbour::BlockedPort)),
    ("unsupported url", Is(Neighbour::BadUrl)),
    ("bad url", Is(Neighbour::BadUrl)),
    ("could not connect", Is(Neighbour::Unreachable)),
    ("connection was lost", Is(Neighbour::Unreachable)),
    ("connection refused", Is(Neighbour::Unreachable)),
    ("econnrefused", Is(Neighbour::Unreachable)),
    ("econnreset", Is(Neighbour::Unreachable)),
    ("enotfound", Is(Neighbour::Dns)),
];

/// What an error says.
pub(super) fn says(error: &str) -> Says {
    let name = error.strip_prefix("net::").unwrap_or(error);
    if name.starts_with("ERR_") {
        return CHROMIUM.iter().find(|(start, _)| name.starts_with(start)).map_or(Failed, |(_, says)| *says);
    }
    let lower = error.to_ascii_lowercase();
    SENTENCES.iter().find(|(fragment, _)| text::contains(&lower, fragment)).map_or(Failed, |(_, says)| *says)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_are_told_apart() {
        let check = |error: &str, expected: Says| assert_eq!(says(error), expected, "{error}");
        check("net::ERR_FAILED", Failed);
        check("net::ERR_CERT_AUTHORITY_INVALID", Is(Neighbour::Tls));
        check("net::ERR_NAME_NOT_RESOLVED", Is(Neighbour::Dns));
        check("net::ERR_CONNECTION_REFUSED", Is(Neighbour::Unreachable));
        check("net::ERR_CONNECTION_TIMED_OUT", Is(Neighbour::TimedOut));
        check("net::ERR_BLOCKED_BY_RESPONSE.NotSameOrigin", Is(Neighbour::ResourcePolicy));
        check("net::ERR_SOMETHING_NEW", Failed);
        check("Origin https://app.example is not allowed by Access-Control-Allow-Origin. Status code: 200", Cors(None));
        check("Could not connect to the server.", Is(Neighbour::Unreachable));
        check("Load failed", Failed);
    }
}
