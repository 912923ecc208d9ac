//! The redirect URI that was sent against those that are registered.

use super::{Scene, code, parameter};
use crate::finding::{Certainty, Code, Fact, Finding};
use crate::response_doctor::redirect_uri::{self, DifferenceKind};
use crate::text;

const SUBJECT: &str = "/request/parameters/redirect_uri";

/// So many kinds of difference are told: two URIs that differ in more have little in common.
const MOST_KINDS: usize = 3;

/// So many addresses of a message are looked at.
const MOST_ADDRESSES: usize = 20;

/// No redirect URI is longer.
const LONGEST: usize = 4096;

impl Scene<'_> {
    pub(super) fn redirect_uri(&mut self) {
        let Some(sent) = self.sent_uri() else { return };
        let registered = &self.evidence.registered;
        if redirect_uri::is_insecure(&sent) {
            self.push(Finding::warning(code::REDIRECT_URI_HTTP, SUBJECT).text("sent", &sent));
        }
        if registered.is_empty() {
            // What a message repeats is said where the message is read.
            if self.is_about_redirect() && !text::contains(&self.statement, &sent) {
                self.push(Finding::info(code::REDIRECT_URI_UNCHECKED, SUBJECT).text("sent", sent));
            }
            return;
        }
        if let Some(entry) = redirect_uri::wildcard(&sent, registered).filter(|entry| **entry != sent) {
            let finding = Finding::info(code::REDIRECT_URI_WILDCARD, SUBJECT).certainty(Certainty::Likely);
            return self.push(finding.text("sent", sent).text("registered", entry));
        }
        let Some(difference) = redirect_uri::compare(&sent, registered) else {
            return self.push(Finding::ok(code::REDIRECT_URI_REGISTERED, SUBJECT).text("sent", sent));
        };
        let finding = self.fault(code::REDIRECT_URI_DIFFERS, SUBJECT);
        self.push(
            finding
                .text("sent", &sent)
                .text("registered", &difference.registered)
                .with("position", Fact::Count(difference.at as u64 + 1)),
        );
        for kind in difference.kinds.iter().take(MOST_KINDS) {
            self.push(
                Finding::info(code_of(*kind), SUBJECT).text("sent", &sent).text("registered", &difference.registered),
            );
        }
    }

    /// The redirect URI of the request, or the one that the server repeats in its message.
    fn sent_uri(&self) -> Option<String> {
        let parameters = self.authorization_parameters();
        let sent = parameter(&parameters, "redirect_uri").or_else(|| self.form("redirect_uri")).or_else(|| {
            // A redirect with an error stands at the redirect URI itself, so only what is named counts.
            parameter(&self.evidence.parameters, "redirect_uri")
        });
        let sent = sent.map(str::to_owned).or_else(|| self.repeated_uri());
        sent.filter(|sent| !sent.is_empty() && sent.len() <= LONGEST)
    }

    /// Okta's longer message and Entra's repeat the URI that was sent.
    fn repeated_uri(&self) -> Option<String> {
        if !self.is_about_redirect() {
            return None;
        }
        let at = text::positions(&self.statement, "://").into_iter().take(MOST_ADDRESSES).find_map(|at| {
            let before = self.statement.get(..at)?;
            let scheme = before.bytes().rev().take_while(u8::is_ascii_alphanumeric).count();
            let address: String = self.statement.get(at..)?.chars().take(60).collect();
            // Links to documentation stand in such messages too.
            let is_link = ["okta.com/", "microsoft.com", "aka.ms"].iter().any(|host| text::contains(&address, host));
            (!is_link && scheme > 0).then_some(at - scheme)
        })?;
        let rest = self.statement.get(at..)?;
        let end = rest.find([' ', '\n', '\'', '"', '<', '>', ')', ',']).unwrap_or(rest.len());
        Some(rest.get(..end)?.trim_end_matches('.').to_owned())
    }

    fn is_about_redirect(&self) -> bool {
        let lower = self.statement.to_ascii_lowercase();
        let says = ["redirect_uri", "redirect uri", "reply url", "redirect url"]
            .iter()
            .any(|name| text::contains(&lower, name));
        says || self.error() == "redirect_uri_mismatch" || self.says("redirect-uri")
    }
}

fn code_of(kind: DifferenceKind) -> Code {
    match kind {
        DifferenceKind::Scheme => code::REDIRECT_URI_SCHEME,
        DifferenceKind::Host => code::REDIRECT_URI_HOST,
        DifferenceKind::Www => code::REDIRECT_URI_WWW,
        DifferenceKind::Loopback => code::REDIRECT_URI_LOOPBACK,
        DifferenceKind::Port => code::REDIRECT_URI_PORT,
        DifferenceKind::TrailingSlash => code::REDIRECT_URI_SLASH,
        DifferenceKind::Case => code::REDIRECT_URI_CASE,
        DifferenceKind::Path => code::REDIRECT_URI_PATH,
        DifferenceKind::Query => code::REDIRECT_URI_QUERY,
        DifferenceKind::Fragment => code::REDIRECT_URI_FRAGMENT,
        DifferenceKind::Encoding => code::REDIRECT_URI_ENCODING,
        DifferenceKind::Invisible => code::REDIRECT_URI_INVISIBLE,
        DifferenceKind::Lookalike => code::REDIRECT_URI_LOOKALIKE,
    }
}
