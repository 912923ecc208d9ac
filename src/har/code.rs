//! The codes of this room. Causes of the CORS protocol have theirs in `cors`.

use super::{Diagnosis, Entry};
use crate::cors::code::of_cause;
use crate::cors::evidence::Neighbour;
use crate::finding::{Code, Severity};

crate::codes! {
    /// The file is in another format: packed, or in another encoding.
    OTHER_FORMAT = "har.other-format";
    /// The file is no HAR file.
    NOT_HAR = "har.not-har";
    /// The file has no entries.
    EMPTY = "har.empty";
    /// The file ends in the middle.
    TRUNCATED = "har.truncated";
    /// A part of the file is no JSON.
    DAMAGED = "har.damaged";
    /// Reading was stopped.
    STOPPED = "har.stopped";
    /// Long texts are kept in part.
    CUT = "har.cut";
    /// There are more entries than are kept.
    TOO_MANY_ENTRIES = "har.too-many-entries";
    /// There are more tokens than are kept.
    TOO_MANY_TOKENS = "har.too-many-tokens";
    /// The recorder took out credentials.
    SANITIZED = "har.sanitized";
    /// A request failed without a reason.
    BLOCKED = "har.blocked";
    /// The page's own policy.
    CONTENT_SECURITY_POLICY = "har.content-security-policy";
    /// http from an https page.
    MIXED_CONTENT = "har.mixed-content";
    /// The name could not be resolved.
    DNS = "har.dns";
    /// Certificate or handshake.
    TLS = "har.tls";
    /// No connection.
    UNREACHABLE = "har.unreachable";
    /// A port that browsers never connect to.
    BLOCKED_PORT = "har.blocked-port";
    /// Leave to reach this machine or its network.
    LOCAL_NETWORK_ACCESS = "har.local-network-access";
    /// `Cross-Origin-Resource-Policy`.
    RESOURCE_POLICY = "har.resource-policy";
    /// A browser extension.
    EXTENSION = "har.extension";
    /// A redirect to a page where people sign in.
    LOGIN_REDIRECT = "har.login-redirect";
    /// A stored answer for another origin.
    CACHED_ANSWER = "har.cached-answer";
    /// An answer that script can't look into.
    OPAQUE_ANSWER = "har.opaque-answer";
    /// A service worker's answer.
    SERVICE_WORKER = "har.service-worker";
    /// The browser was offline.
    OFFLINE = "har.offline";
    /// No answer in time.
    TIMED_OUT = "har.timed-out";
    /// Given up by the page.
    ABORTED = "har.aborted";
    /// An address that can't be fetched.
    BAD_URL = "har.bad-url";
    /// 401
    UNAUTHORIZED = "har.unauthorized";
    /// 403
    FORBIDDEN = "har.forbidden";
    /// 429
    RATE_LIMITED = "har.rate-limited";
    /// 5xx
    SERVER_ERROR = "har.server-error";
    /// A token had expired before it was sent.
    TOKEN_EXPIRED = "har.token-expired";
    /// A token in a URL.
    TOKEN_IN_URL = "har.token-in-url";
}

/// What looks like CORS, its name in JSON, its code, and how grave it is.
const NEIGHBOURS: &[(Neighbour, &str, Code, Severity)] = &[
    (Neighbour::ContentSecurityPolicy, "content-security-policy", CONTENT_SECURITY_POLICY, Severity::Error),
    (Neighbour::MixedContent, "mixed-content", MIXED_CONTENT, Severity::Error),
    (Neighbour::Dns, "dns", DNS, Severity::Error),
    (Neighbour::Tls, "tls", TLS, Severity::Error),
    (Neighbour::Unreachable, "unreachable", UNREACHABLE, Severity::Error),
    (Neighbour::BlockedPort, "blocked-port", BLOCKED_PORT, Severity::Error),
    (Neighbour::LocalNetworkAccess, "local-network-access", LOCAL_NETWORK_ACCESS, Severity::Error),
    (Neighbour::ResourcePolicy, "resource-policy", RESOURCE_POLICY, Severity::Error),
    (Neighbour::Extension, "extension", EXTENSION, Severity::Warning),
    (Neighbour::LoginRedirect, "login-redirect", LOGIN_REDIRECT, Severity::Error),
    (Neighbour::CachedAnswer, "cached-answer", CACHED_ANSWER, Severity::Error),
    (Neighbour::OpaqueAnswer, "opaque-answer", OPAQUE_ANSWER, Severity::Info),
    (Neighbour::ServiceWorker, "service-worker", SERVICE_WORKER, Severity::Warning),
    (Neighbour::Offline, "offline", OFFLINE, Severity::Error),
    (Neighbour::TimedOut, "timed-out", TIMED_OUT, Severity::Error),
    (Neighbour::Aborted, "aborted", ABORTED, Severity::Info),
    (Neighbour::BadUrl, "bad-url", BAD_URL, Severity::Error),
];

/// The name of a neighbour in JSON.
pub fn neighbour_name(neighbour: Neighbour) -> &'static str {
    NEIGHBOURS.iter().find(|row| row.0 == neighbour).map_or("", |row| row.1)
}

/// The code of the group that a failed request belongs to, and how grave it is; `None` for one that did not fail.
pub fn of(diagnosis: &Diagnosis, entry: &Entry) -> Option<(Code, Severity)> {
    let neighbour = diagnosis.neighbour.and_then(|neighbour| NEIGHBOURS.iter().find(|row| row.0 == neighbour));
    if let Some((_, _, code, severity)) = neighbour {
        return Some((*code, *severity));
    }
    if let Some(cause) = diagnosis.cause {
        return Some((of_cause(cause), Severity::Error));
    }
    // Without an error it may as well not have been recorded.
    let severity = if entry.error.is_some() { Severity::Error } else { Severity::Warning };
    diagnosis.is_unexplained.then_some((BLOCKED, severity))
}

/// The code of a status that is a problem.
pub fn of_status(status: u16) -> Option<(Code, Severity)> {
    match status {
        401 => Some((UNAUTHORIZED, Severity::Error)),
        403 => Some((FORBIDDEN, Severity::Error)),
        429 => Some((RATE_LIMITED, Severity::Warning)),
        500..=599 => Some((SERVER_ERROR, Severity::Error)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_are_called_alike_in_json_and_in_codes() {
        for (_, name, code, _) in NEIGHBOURS {
            assert_eq!(code.0.strip_prefix("har."), Some(*name));
        }
    }
}
