//! Who issued the token, and for whom: against the server that was called.

use super::{Scene, code, statement};
use crate::finding::{Certainty, Fact, Finding};
use crate::response_doctor::endpoint::{self, What};
use crate::response_doctor::token::{TokenFacts, TokenWhat};

const ISSUER: &str = "/payload/iss";
const AUDIENCE: &str = "/payload/aud";

impl Scene<'_> {
    pub(super) fn server(&mut self) {
        self.admin_host();
        let Some(token) = self.token.clone().filter(|token| token.is_jwt() && !token.is_damaged) else { return };
        if !self.is_for_resource() {
            return;
        }
        if token.what == TokenWhat::Access {
            self.okta(&token);
            self.user_info(&token);
        }
        self.expected_issuer(&token);
        self.expected_audience(&token);
        self.client_as_audience(&token);
    }

    /// The admin console's host serves the console; orgs are called, and name themselves, without `-admin`.
    fn admin_host(&mut self) {
        if self.is_success() {
            return;
        }
        let issuer = self.token.as_ref().map(|token| endpoint::origin_and_path(&token.issuer).0).unwrap_or_default();
        let named =
            statement::expected(&self.statement).map(|value| endpoint::origin_and_path(value).0).unwrap_or_default();
        let origins = [(self.endpoint.origin.clone(), "/request/url"), (issuer, ISSUER), (named, "/answer")];
        for (origin, subject) in origins {
            if let Some(right) = endpoint::without_admin(&origin) {
                let finding =
                    Finding::error(code::ISSUER_ADMIN_HOST, subject).text("host", origin).text("right", right);
                return self.push(finding);
            }
        }
    }

    fn okta(&mut self, token: &TokenFacts) {
        let issuer_origin = endpoint::origin_and_path(&token.issuer).0;
        let origin = self.endpoint.origin.clone();
        let path = self.endpoint.path.clone();
        if token.is_okta_custom {
            // MyAccount takes tokens of custom servers that have its scopes.
            if self.is_okta_api && !path.starts_with("/idp/myaccount") {
                let finding = self.fault(code::CUSTOM_SERVER_TOKEN_AT_OKTA_API, ISSUER);
                self.push(finding.text("issuer", &token.issuer).text("path", path).text("right", issuer_origin));
            }
            return;
        }
        if !token.is_okta_org {
            return;
        }
        if !self.is_okta_api {
            // `/api/v1` at another host could be Okta behind a custom domain, and without a host it most likely is Okta.
            let could_be_okta = path.starts_with("/api/v1/");
            let is_known = !origin.is_empty() || !could_be_okta;
            if self.endpoint.what == What::Api && !path.is_empty() && !self.endpoint.is_okta && is_known {
                let certainty = if could_be_okta { Certainty::Likely } else { Certainty::Proved };
                let finding = self.fault(code::ORG_SERVER_TOKEN_AT_OWN_API, ISSUER).certainty(certainty);
                let called = if origin.is_empty() { path } else { origin };
                self.push(finding.text("issuer", &token.issuer).text("api", called));
            }
            return;
        }
        let called = endpoint::without_admin(&origin).unwrap_or(origin);
        if called.is_empty() || issuer_origin.eq_ignore_ascii_case(&called) {
            return;
        }
        let is_okta = |origin: &str| endpoint::is_okta_host(endpoint::host(origin));
        let finding = if is_okta(&called) && is_okta(&issuer_origin) {
            self.fault(code::OTHER_ORG, ISSUER)
        } else {
            Finding::info(code::OTHER_HOST, ISSUER).certainty(Certainty::Likely)
        };
        self.push(finding.text("issuer", &token.issuer).text("called", called));
    }

    /// UserInfo belongs to one authorization server and takes that server's tokens.
    fn user_info(&mut self, token: &TokenFacts) {
        let asked = self.endpoint.issuer.clone();
        if self.endpoint.what != What::UserInfo || asked.is_empty() || token.issuer.is_empty() {
            return;
        }
        if let Some(certainty) = differs(&token.issuer, &asked) {
            let finding = self.fault(code::OTHER_SERVER, ISSUER).certainty(certainty);
            self.push(finding.text("issuer", &token.issuer).text("asked", asked));
        }
    }

    fn expected_issuer(&mut self, token: &TokenFacts) {
        let is_about = statement::is_about_issuer(&self.statement) && !statement::is_about_audience(&self.statement);
        if !self.is_refused() || !(is_about || self.says("issuer")) || token.issuer.is_empty() {
            return;
        }
        let expected = statement::expected(&self.statement).filter(|value| crate::text::contains(value, "://"));
        let finding = match expected {
            Some(expected) if expected == token.issuer => return,
            Some(expected) => {
                let is_slash = expected.trim_end_matches('/') == token.issuer.trim_end_matches('/');
                let code = if is_slash { code::ISSUER_TRAILING_SLASH } else { code::ISSUER_DIFFERS };
                Finding::error(code, ISSUER).text("expected", expected)
            }
            None => Finding::info(code::ISSUER_REFUSED, ISSUER).certainty(Certainty::Stated),
        };
        self.push(finding.text("issuer", &token.issuer));
    }

    fn expected_audience(&mut self, token: &TokenFacts) {
        let is_about = statement::is_about_audience(&self.statement) && !statement::is_about_issuer(&self.statement);
        if !self.is_refused() || !(is_about || self.says("audience")) || token.audiences.is_empty() {
            return;
        }
        let found = Fact::List(token.audiences.clone());
        let expected = statement::expected(&self.statement).map(str::to_owned);
        let finding = match expected {
            Some(expected) if token.audiences.contains(&expected) => return,
            Some(expected) => Finding::error(code::AUDIENCE_DIFFERS, AUDIENCE).text("expected", expected),
            None => Finding::info(code::AUDIENCE_REFUSED, AUDIENCE).certainty(Certainty::Stated),
        };
        self.push(finding.with("audiences", found));
        if token.is_okta_custom {
            self.push(Finding::info(code::TWO_AUDIENCES, AUDIENCE).text("issuer", &token.issuer));
        }
    }

    /// A client as the audience is right in an ID token, and rarely what an API expects.
    fn client_as_audience(&mut self, token: &TokenFacts) {
        let is_client = !token.client.is_empty() && token.audiences.contains(&token.client);
        if token.what != TokenWhat::Access || !is_client || !self.is_refused() {
            return;
        }
        let finding = Finding::warning(code::AUDIENCE_IS_CLIENT_ID, AUDIENCE).certainty(Certainty::Likely);
        self.push(finding.text("client", &token.client));
    }
}

/// Whether two issuers are of different servers. Where only the hosts differ and one of them is not Okta's, it may be a
/// custom domain of the same org.
pub(super) fn differs(one: &str, other: &str) -> Option<Certainty> {
    let (one_origin, one_path) = endpoint::origin_and_path(one);
    let (other_origin, other_path) = endpoint::origin_and_path(other);
    let bare = |path: &str| path.trim_end_matches('/').to_owned();
    let is_same_path = bare(&one_path) == bare(&other_path);
    if is_same_path && one_origin == other_origin {
        return None;
    }
    let is_okta = |origin: &str| endpoint::is_okta_host(endpoint::host(origin));
    let may_be_domain = is_same_path && is_okta(&one_origin) != is_okta(&other_origin);
    Some(if may_be_domain { Certainty::Likely } else { Certainty::Proved })
}
