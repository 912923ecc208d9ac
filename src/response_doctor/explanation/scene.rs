//! Everything that is known of a case, for whatever is made from it.

use super::advice::{self, Advice};
use super::private::has_secret_segment;
use crate::cors::url;
use crate::finding::Finding;
use crate::response_doctor::evidence::{Body, Kind};
use crate::response_doctor::{Catalogue, Evidence, Said, endpoint, join::Joined};
use crate::time::Time;

/// Everything that is known of a case.
#[derive(Clone, Copy)]
pub(super) struct Scene<'a> {
    pub evidence: &'a Evidence,
    pub said: &'a Said,
    pub joined: &'a Joined,
    pub catalogue: &'a Catalogue,
    /// The findings, ranked.
    pub findings: &'a [Finding],
    /// Whether the first finding leads.
    pub is_led: bool,
    /// The reader's clock.
    pub now: Time,
}

impl<'a> Scene<'a> {
    /// The finding that leads.
    pub fn lead(&self) -> Option<&'a Finding> {
        self.findings.first().filter(|_| self.is_led)
    }

    /// The advice for a finding.
    pub fn advice(&self, finding: &Finding) -> Advice {
        advice::of(finding.code.0, self.catalogue)
    }

    /// The URL of the request; empty where it is not known, or longer than any that servers take.
    pub fn url(&self) -> &'a str {
        let url = self.evidence.request.as_ref().map_or("", |request| request.url.as_str());
        if url.len() > LONGEST_ADDRESS { "" } else { url }
    }

    /// The method of the request; empty where it is not known.
    pub fn method(&self) -> &'a str {
        self.evidence.request.as_ref().map_or("", |request| request.method.as_str())
    }

    /// What the request asked, when it is known.
    pub fn endpoint(&self) -> Option<endpoint::Endpoint> {
        Some(self.url()).filter(|url| !url.is_empty()).map(endpoint::read)
    }

    /// The moment that counts: the server's when it answered, else the reader's.
    pub fn moment(&self) -> Time {
        self.said.date.or(self.evidence.event.as_ref().and_then(|event| event.published)).unwrap_or(self.now)
    }

    /// Whether there is no answer, or something of it that could be one.
    pub fn has_no_answer(&self) -> bool {
        self.evidence.kind == Kind::Nothing
    }

    /// Whether another service than Okta answered, as far as sender and address tell.
    pub fn is_elsewhere(&self) -> bool {
        let is_okta = self.endpoint().map(|endpoint| endpoint.is_okta);
        match self.said.sender {
            Some(sender) => sender != "okta" && is_okta != Some(true),
            None => is_okta == Some(false),
        }
    }

    /// Whether a body is shown, be it empty.
    pub fn has_body(&self) -> bool {
        self.evidence.body != Body::Unknown
    }
}

/// Servers take addresses of 8,000 bytes ([RFC 9110 §4.1](https://www.rfc-editor.org/rfc/rfc9110#section-4.1)).
const LONGEST_ADDRESS: usize = 8000;

/// An address without query and fragment, when it is one of http or https without a password in it; it holds nothing but
/// what addresses are made of.
pub(super) fn address(text: &str) -> Option<String> {
    let text = Some(text).filter(|text| text.len() <= LONGEST_ADDRESS)?;
    let url = url::parse(text).filter(|url| url.is_http() && !url.has_credentials && !url.host.is_empty())?;
    let is_host =
        |character: char| character.is_alphanumeric() || matches!(character, '.' | '-' | '_' | ':' | '[' | ']');
    if !url.host.chars().all(is_host) {
        return None;
    }
    let end = url.path.find(['?', '#']).unwrap_or(url.path.len());
    let path = url.path.get(..end).unwrap_or_default();
    if has_secret_segment(path) {
        return None;
    }
    // What stands behind a semicolon in a segment belongs to a session, as in `;jsessionid=…`.
    let segments = path.split('/').map(|part| part.split(';').next().unwrap_or_default());
    let path = segments.collect::<Vec<_>>().join("/");
    let path = if path == "/" { "" } else { &path };
    Some([&url.origin(), path].concat()).filter(|address| !address.contains(char::is_control))
}
