//! What an answer, or the lack of one, says: as much as script can know, and the next test for the rest.
//!
//! A network error hides its cause on purpose: a missing CORS header, a refused connection and a blocking extension look
//! the same to script, in every engine. They share [`code::BLOCKED_OR_UNREACHABLE`], which lists them.

use super::public_url::digits;
use super::{Answered, BODY_LIMIT, FailureCause, FetchFailure, PublicUrl, TIMEOUT_MILLISECONDS, code};
use crate::finding::{Certainty, Code, Fact, Finding};
use crate::json::{self, Document, Kind};
use crate::text;

/// What is looked for at an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Metadata,
    KeySet,
}

impl What {
    /// Its name.
    pub fn words(self) -> Fact {
        Fact::Words(match self {
            What::Metadata => "metadata",
            What::KeySet => "key set",
        })
    }

    /// What findings about it are about.
    pub fn subject(self) -> &'static str {
        match self {
            What::Metadata => "/issuer",
            What::KeySet => "/keys",
        }
    }

    /// The content types that it may have besides `application/json` ([RFC 7517
    /// §8.5.2](https://www.rfc-editor.org/rfc/rfc7517#section-8.5.2)).
    fn takes(self, content_type: &str) -> bool {
        content_type.is_empty()
            || content_type == "application/json"
            || (self == What::KeySet && content_type == "application/jwk-set+json")
    }
}

/// The JSON object in an answer and what is worth saying about it, or why there is none.
pub(super) fn object(what: What, url: &PublicUrl, answered: &Answered) -> Result<(Document, Vec<Finding>), Finding> {
    let fault = |code: Code| about(Finding::warning(code, what.subject()), what, url);
    let status = |code: Code| fault(code).with("status", Fact::Count(u64::from(answered.status)));
    match answered.status {
        200..=299 => {}
        401 | 403 => return Err(status(code::FORBIDDEN)),
        404 | 405 | 410 => return Err(status(code::NOT_FOUND)),
        429 => return Err(status(code::RATE_LIMITED)),
        500.. => return Err(status(code::SERVER_ERROR)),
        _ => return Err(status(code::STATUS)),
    }
    if answered.too_large {
        return Err(fault(code::TOO_LARGE).with("limit", Fact::Count(BODY_LIMIT as u64)));
    }
    // Fetch decodes JSON after removing the mark (https://fetch.spec.whatwg.org/#dom-body-json), and so do we.
    let body = answered.body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&answered.body).trim_ascii();
    if body.is_empty() {
        return Err(fault(code::EMPTY));
    }
    let content_type = answered.content_type.as_deref().unwrap_or_default();
    let content_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if body.starts_with(b"<") {
        return Err(fault(code::HTML));
    }
    let document = json::read(body.to_vec());
    let is_object = document.root.as_ref().is_some_and(|root| matches!(root.kind, Kind::Object(_)));
    if !document.is_json() || !is_object {
        let at = document.faults.first().map_or(0, |fault| fault.at);
        return Err(fault(code::NOT_JSON).with("position", Fact::Count(at as u64)).text("begin", begin(body)));
    }
    let mut findings = Vec::new();
    if !what.takes(&content_type) {
        let finding = about(Finding::info(code::CONTENT_TYPE, what.subject()), what, url);
        findings.push(finding.text("type", content_type));
    }
    Ok((document, findings))
}

/// Whether an answer that has no metadata says "not here", so that the next place is worth asking.
pub(super) fn says_not_here(answered: &Answered) -> bool {
    match answered.status {
        401 | 429 => false,
        400..=499 => true,
        status => (200..300).contains(&status) && !answered.too_large,
    }
}

/// What a failure says, the most important first.
pub(super) fn findings(what: What, url: &PublicUrl, failure: &FetchFailure, followed: bool) -> Vec<Finding> {
    let about = |code: Code| about(Finding::warning(code, what.subject()), what, url);
    let no_response = match failure.cause {
        FailureCause::Network { no_response } => no_response,
        FailureCause::Timeout => {
            let seconds = i64::from(TIMEOUT_MILLISECONDS / 1000);
            return vec![about(code::TIMEOUT).with("limit", Fact::Duration(seconds))];
        }
        FailureCause::OpaqueRedirect => return vec![about(code::REDIRECT)],
        FailureCause::BrokenOff(status) => {
            return vec![about(code::BROKEN_OFF).with("status", Fact::Count(u64::from(status)))];
        }
        FailureCause::ContentSecurityPolicy => {
            return vec![about(code::CONTENT_SECURITY_POLICY).text("origin", url.origin())];
        }
        FailureCause::Offline => return vec![about(code::OFFLINE)],
    };
    let code = if followed { code::REDIRECT_FAILED } else { code::BLOCKED_OR_UNREACHABLE };
    let main = about(code).text("origin", failure.origin.as_str()).text("command", command(url, &failure.origin));
    let mut findings = vec![main.text("host", url.host())];
    let mut likely = |code: Code| {
        let finding = Finding::info(code, what.subject()).certainty(Certainty::Likely).text("host", url.host());
        findings.push(finding.text("origin", failure.origin.as_str()));
    };
    if no_response {
        likely(code::NO_RESPONSE);
    }
    if failure.origin.starts_with("https:") && url.as_str().starts_with("http:") {
        likely(code::MIXED_CONTENT);
    }
    if is_local(url) && !is_local_origin(&failure.origin) {
        likely(code::LOCAL_NETWORK);
    }
    findings
}

/// The finding with what was looked for and where.
fn about(finding: Finding, what: What, url: &PublicUrl) -> Finding {
    finding.text("url", url.as_str()).with("what", what.words())
}

/// The command that shows what the server sends, as a browser on this page would be sent it.
fn command(url: &PublicUrl, origin: &str) -> String {
    let mut command = String::from("curl -i -H 'Origin: ");
    command.push_str(origin);
    command.push_str("' '");
    // An apostrophe would end the argument; everything else that is in a URL is plain inside of them.
    command.push_str(&text::replace(url.as_str(), "'", "%27"));
    command.push('\'');
    command
}

/// Whether an address names this machine or its network: [Local Network
/// Access](https://wicg.github.io/local-network-access/) then asks for a permission.
fn is_local(url: &PublicUrl) -> bool {
    is_local_host(url.host())
}

fn is_local_origin(origin: &str) -> bool {
    // A page opened from a file is on this machine, and measured to need no permission.
    origin == "null" || is_local_host(text::split_once(origin, "://").map_or("", |(_, host)| host))
}

fn is_local_host(host: &str) -> bool {
    let host = host.split(':').next().unwrap_or_default();
    let mut octets = host.split('.').map(digits);
    let first = octets.next().flatten();
    let second = octets.next().flatten();
    host == "localhost"
        || host.ends_with(".local")
        || match (first, second) {
            (Some(127 | 10), Some(_)) | (Some(192), Some(168)) | (Some(169), Some(254)) => true,
            (Some(172), Some(second)) => second >> 4 == 1,
            _ => false,
        }
}

/// The beginning of a body that is no JSON object, for a person to recognise it by.
fn begin(body: &[u8]) -> String {
    String::from_utf8_lossy(body.get(..body.len().min(60)).unwrap_or_default()).into_owned()
}
