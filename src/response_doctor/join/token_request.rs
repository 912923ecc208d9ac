//! A token request, and what it may have failed for beyond what its answer says.

use super::{Scene, code};
use crate::finding::{Certainty, Fact, Finding};
use crate::response_doctor::endpoint::What;
use crate::response_doctor::scopes;

impl Scene<'_> {
    pub(super) fn token_request(&mut self) {
        self.refresh_token_in_answer();
        let is_token_request = self.endpoint.what == What::Token || self.form("grant_type").is_some();
        let Some(request) = self.evidence.request.as_ref().filter(|_| is_token_request) else {
            return self.refresh();
        };
        if !self.is_success() {
            let is_post = request.method.is_empty() || request.method.eq_ignore_ascii_case("POST");
            if self.endpoint.what == What::Token && !is_post {
                let finding = Finding::error(code::TOKEN_REQUEST_METHOD, "/request/method");
                return self.push(finding.text("method", &request.method));
            }
            let content_type = request.headers.combined("Content-Type").unwrap_or_default().to_ascii_lowercase();
            if self.endpoint.what == What::Token && content_type.starts_with("application/json") {
                return self.push(Finding::error(code::TOKEN_REQUEST_JSON, "/request/headers/content-type"));
            }
            if !request.form.is_empty() && self.form("grant_type").is_none() {
                self.push(Finding::error(code::GRANT_TYPE_MISSING, "/request/form/grant_type"));
            }
        }
        match self.form("grant_type").unwrap_or_default() {
            "client_credentials" => self.client_credentials(),
            "authorization_code" => self.code(),
            _ => {}
        }
        let scope = self.form("scope").unwrap_or_default();
        self.asked_scopes(scope, "/request/form/scope");
        self.refresh();
    }

    fn client_credentials(&mut self) {
        if self.is_success() {
            return;
        }
        let scope = self.form("scope").unwrap_or_default();
        let user: Vec<String> =
            scope.split_whitespace().filter(|scope| scopes::is_openid(scope)).take(8).map(str::to_owned).collect();
        if !user.is_empty() {
            let finding = Finding::error(code::CLIENT_CREDENTIALS_OPENID, "/request/form/scope");
            self.push(finding.with("scopes", Fact::List(user)));
        }
        let is_org = self.endpoint.is_okta && self.endpoint.path.starts_with("/oauth2/v1/");
        let asks_okta = scope.split_whitespace().any(scopes::is_okta);
        let basic = self.evidence.request.as_ref().and_then(|request| request.headers.combined("Authorization"));
        let is_basic = basic.is_some_and(|value| value.to_ascii_lowercase().starts_with("basic"));
        if is_org && asks_okta && (is_basic || self.form("client_secret").is_some()) {
            self.push(
                Finding::error(code::SERVICE_APP_SECRET, "/request/form/client_secret").certainty(Certainty::Likely),
            );
        }
    }

    fn code(&mut self) {
        if self.is_success() {
            return;
        }
        if self.form("redirect_uri").is_none() {
            self.push(Finding::warning(code::TOKEN_REDIRECT_URI_MISSING, "/request/form/redirect_uri"));
        }
        if self.form("code_verifier").is_none() {
            self.push(Finding::info(code::VERIFIER_MISSING, "/request/form/code_verifier"));
        }
    }

    /// A refresh token that is not good any more: its idle time, and its second use where tokens rotate.
    fn refresh(&mut self) {
        let grant = self.form("grant_type").or_else(|| {
            let event = self.evidence.event.as_ref()?;
            super::parameter(&event.debug, "grantType")
        });
        if self.error() == "invalid_grant" && grant == Some("refresh_token") {
            for code in [code::REFRESH_TOKEN_IDLE, code::REFRESH_REUSED] {
                self.push(Finding::info(code, "/request/form/refresh_token").certainty(Certainty::Likely));
            }
        }
    }

    fn refresh_token_in_answer(&mut self) {
        let has = |name: &str| self.body().is_some_and(|body| body.member(name).is_some());
        if has("refresh_token") && (has("access_token") || has("id_token")) {
            self.push(Finding::info(code::REFRESH_TOKEN_IN_PAGE, "/answer"));
        }
    }
}
