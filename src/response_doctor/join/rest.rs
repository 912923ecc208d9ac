//! What is left when nothing is found: a header that did not arrive, revocation, the resource itself.

use super::{Scene, code, statement};
use crate::finding::{Certainty, Fact, Finding};
use crate::response_doctor::challenge::Challenge;
use crate::response_doctor::endpoint::What;
use crate::response_doctor::evidence::Body;
use crate::response_doctor::token::{TokenFacts, TokenWhat};

impl Scene<'_> {
    pub(super) fn rest(&mut self) {
        // RFC 9110 §15.5.6 and §15.6.2: the method is known and not allowed here, or not known at all.
        if self.method.eq_ignore_ascii_case("HEAD") && matches!(self.evidence.status, Some(405 | 501)) {
            self.push(Finding::error(code::HEAD_REQUEST, "/request/method"));
        }
        let Some(token) = self.token.clone().filter(|_| self.is_for_resource()) else { return };
        self.groups(&token);
        if self.is_bare() && !self.has_error() {
            let finding = Finding::error(code::HEADER_NOT_ARRIVED, "/request/headers/authorization");
            return self.push(finding.certainty(Certainty::Likely));
        }
        if token.what != TokenWhat::Access || token.is_damaged || !self.is_unauthorized() {
            return;
        }
        self.other_scheme();
        if self.is_elimination() {
            self.push(Finding::error(code::REVOKED_OR_RESOURCE, "/token").certainty(Certainty::Likely));
        }
        if self.endpoint.what == What::Api && !self.is_okta_api {
            self.push(Finding::info(code::VALIDATION_LIST, "/token"));
        }
    }

    /// Whether the server asks for credentials without a word about those that were sent, which is how it asks when there
    /// are none ([RFC 6750 §3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1)).
    fn is_bare(&self) -> bool {
        // A page in HTML, or "Unauthorized" alone, says no more than the status.
        let is_page = matches!(self.evidence.body, Body::Html { .. });
        let words = self.statement.trim();
        self.is_unauthorized()
            && self.said.challenges.iter().any(takes_tokens)
            && self.error().is_empty()
            && self.said.envelope.is_none()
            && (is_page || words.is_empty() || words.eq_ignore_ascii_case("unauthorized"))
    }

    /// A server that asks for a password alone takes no token, and neither missed nor refused one.
    fn other_scheme(&mut self) {
        let challenges = &self.said.challenges;
        let is_named = challenges.iter().all(|challenge| !challenge.scheme.is_empty());
        if challenges.is_empty() || challenges.iter().any(takes_tokens) || !is_named || self.has_error() {
            return;
        }
        // What the answer says by a code of its own is the reason, such as a subscription key that is missing.
        if self.said.named.is_empty() && self.error().is_empty() {
            let mut schemes: Vec<String> = challenges.iter().map(|challenge| challenge.scheme.clone()).collect();
            schemes.dedup();
            schemes.truncate(8);
            let finding = Finding::error(code::OTHER_SCHEME_ASKED, "/answer/headers/www-authenticate");
            self.push(finding.certainty(Certainty::Stated).with("schemes", Fact::List(schemes)));
        }
    }

    /// Whether a 401 speaks of the token in general, and everything that can be checked is well.
    fn is_elimination(&self) -> bool {
        let is_in_time = self.has(code::TOKEN_VALID_THEN) || self.has(code::VALID_BY_OWN_CLOCK);
        let is_general = matches!(self.error(), "" | "invalid_token") && !self.excludes("token");
        let names = [
            "issuer",
            "iss",
            "audience",
            "audiences",
            "aud",
            "signature",
            "kid",
            "jwks",
            "algorithm",
            "nonce",
            "dpop",
            "revoked",
        ];
        let is_specific = statement::has_word(&self.statement, &names)
            || ["issuer", "audience", "signature", "key-not-found", "algorithm", "malformed", "revoked", "type"]
                .iter()
                .any(|what| self.says(what));
        // Behind a host of its own the org cannot be told, so that not all is well that can be checked.
        let is_open = self.has(code::OTHER_HOST) || self.says_expired();
        is_in_time && is_general && !is_specific && !is_open && !self.has_error()
    }

    /// A claim `groups` that is not there, where groups matter.
    fn groups(&mut self, token: &TokenFacts) {
        let is_okta = token.is_okta_org || token.is_okta_custom;
        let asked = token.scopes.as_ref().is_some_and(|scopes| scopes.iter().any(|scope| scope == "groups"));
        let named = self.is_refused() && statement::has_word(&self.statement, &["group", "groups"]);
        if is_okta && !token.has("groups") && !token.is_damaged && (asked || named) {
            self.push(Finding::info(code::GROUPS_MISSING, "/payload/groups"));
        }
    }
}

/// Whether a challenge asks for a token. Schemes of a server's own, such as Salesforce's `Token`, may do so as well.
fn takes_tokens(challenge: &Challenge) -> bool {
    let others = ["Basic", "Digest", "Negotiate", "NTLM", "Kerberos", "HOBA", "Mutual", "SCRAM-SHA-256"];
    !others.iter().any(|scheme| challenge.scheme.eq_ignore_ascii_case(scheme))
}
