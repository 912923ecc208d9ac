//! The scopes that the token has against those that are needed, and the roles behind them.

use super::{Scene, code};
use crate::finding::{Certainty, Fact, Finding, Severity};
use crate::response_doctor::catalogue::Operation;
use crate::response_doctor::endpoint::What;
use crate::response_doctor::scopes::{self, Nearness, Needed, Source};
use crate::response_doctor::token::{TokenFacts, TokenWhat};
use crate::text;

/// So many near misses are told; a token that misses more has another fault.
const MOST_NEAR: usize = 3;

/// Of a list that a server sends, so many scopes are looked at.
const MOST_STATED: usize = 64;

/// The flags of [`Operation`](crate::response_doctor::catalogue::Operation): API tokens are taken, no scope is listed.
const TAKES_API_TOKEN: u16 = 1;
const TAKES_NO_SCOPE: u16 = 4;

impl Scene<'_> {
    pub(super) fn granted(&mut self) {
        if !self.is_for_resource() {
            return;
        }
        let at_okta = self.is_okta_api || (self.endpoint.is_okta && self.endpoint.what == What::UserInfo);
        let needed = if at_okta { scopes::needed(self.method, self.url, self.catalogue) } else { Needed::default() };
        let stated = self.stated();
        let mut all = stated.clone();
        all.extend(needed.scopes.iter().filter(|scope| !stated.contains(scope)).cloned());
        let Some(token) = self.token.clone() else {
            self.scopes = scopes::rows(&all, None, needed.is_own);
            return;
        };
        if token.what == TokenWhat::ApiToken {
            return self.api_token(&needed);
        }
        self.scopes = scopes::rows(&all, token.scopes.as_deref(), needed.is_own);
        if token.what != TokenWhat::Access || token.is_damaged {
            return;
        }
        let takes_none = needed.operation.is_some_and(|operation| operation.flags & TAKES_NO_SCOPE != 0);
        if takes_none && self.is_refused() {
            self.push(Finding::info(code::OPERATION_WITHOUT_SCOPE, "/request/url").text("path", &self.endpoint.path));
        }
        let Some(granted) = token.scopes.clone() else { return self.without_scopes(&token, &all) };
        self.compare(&token, &granted, &stated, &needed);
        self.user_info_scopes(&granted);
    }

    /// The scopes that the server names as needed.
    fn stated(&self) -> Vec<String> {
        let mut stated: Vec<String> = Vec::new();
        let mut add = |scope: &str| {
            if !scope.is_empty() && stated.len() < MOST_STATED && !stated.iter().any(|other| other == scope) {
                stated.push(scope.to_owned());
            }
        };
        for challenge in &self.said.challenges {
            challenge.parameter("scope").unwrap_or_default().split_whitespace().for_each(&mut add);
        }
        if let Some(oauth) = self.said.oauth.as_ref().filter(|oauth| oauth.error == "insufficient_scope") {
            oauth.scopes.iter().for_each(|scope| add(scope));
        }
        stated
    }

    /// How a missing scope bears: it explains a 403 that is not said to be about something else.
    fn lacks(&self, code: crate::finding::Code, subject: &str) -> Finding {
        let severity = if self.excludes("scope") {
            Severity::Info
        } else if self.is_forbidden() || !self.is_answered() {
            Severity::Error
        } else {
            Severity::Warning
        };
        Finding { severity, ..Finding::error(code, subject) }
    }

    fn without_scopes(&mut self, token: &TokenFacts, needed: &[String]) {
        let is_about_scopes = !needed.is_empty() || self.error() == "insufficient_scope";
        if !is_about_scopes || self.is_success() {
            return;
        }
        let elsewhere = token.roles.iter().find_map(|(claim, values)| {
            needed.iter().find(|scope| values.contains(scope)).map(|scope| (*claim, scope.clone()))
        });
        let finding = match elsewhere {
            Some((claim, scope)) => self
                .lacks(code::SCOPE_IN_ROLES, &["/payload/", claim].concat())
                .text("claim", claim)
                .text("scope", scope),
            None => self.lacks(code::NO_SCOPES, "/payload"),
        };
        self.push(finding);
    }

    fn compare(&mut self, token: &TokenFacts, granted: &[String], stated: &[String], needed: &Needed) {
        let subject = ["/payload/", token.scope_claim].concat();
        let mut by_server = scopes::missing(stated, granted, needed.is_own);
        // UserInfo wants any one of several.
        if by_server.len() < stated.len() && text::contains(&self.statement, "at least one of") {
            by_server.clear();
        }
        let mut by_table = scopes::missing(&needed.scopes, granted, needed.is_own);
        by_table.retain(|scope| !stated.contains(scope));
        if by_server.is_empty() && by_table.is_empty() {
            return self.present(token, &subject, stated, needed);
        }
        if self.is_success() {
            return;
        }
        if !by_server.is_empty() {
            let finding = self.lacks(code::SCOPE_MISSING, &subject);
            self.push(
                finding
                    .text("claim", token.scope_claim)
                    .with("missing", Fact::List(by_server.clone()))
                    .with("needed", Fact::List(stated.to_vec())),
            );
        }
        if !by_table.is_empty() {
            let (code, certainty) = match needed.source {
                Source::Rule => (code::SCOPE_MISSING_BY_RULE, Certainty::Likely),
                _ => (code::SCOPE_MISSING_BY_TABLE, Certainty::Proved),
            };
            let path = needed.operation.map_or(self.endpoint.path.as_str(), |operation| operation.path);
            let date = self.catalogue.source("scopes").map_or("", |source| source.date);
            let finding = self.lacks(code, &subject).certainty(certainty).text("path", path).text("date", date);
            self.push(
                finding
                    .text("claim", token.scope_claim)
                    .text("method", self.method)
                    .with("missing", Fact::List(by_table.clone())),
            );
        }
        let missing: Vec<String> = by_server.into_iter().chain(by_table).take(MOST_NEAR).collect();
        for scope in missing {
            self.near(token, granted, &subject, &scope);
        }
    }

    /// A scope that the token has and that is nearly the missing one.
    fn near(&mut self, token: &TokenFacts, granted: &[String], subject: &str, missing: &str) {
        let in_roles = token.roles.iter().find(|(_, values)| values.iter().any(|value| value == missing));
        if let Some((claim, _)) = in_roles {
            let finding = Finding::info(code::SCOPE_IN_ROLES, ["/payload/", claim].concat());
            return self.push(finding.text("claim", *claim).text("scope", missing));
        }
        let Some((has, nearness)) = scopes::nearest(missing, granted, self.catalogue) else { return };
        let finding = match nearness {
            Nearness::ReadNotManage => Finding::info(code::SCOPE_READ_NOT_MANAGE, subject),
            Nearness::SelfOnly => Finding::info(code::SCOPE_SELF_ONLY, subject),
            _ => Finding::info(code::SCOPE_NEAR, subject).certainty(Certainty::Likely),
        };
        self.push(finding.text("has", has).text("needed", missing));
    }

    fn present(&mut self, token: &TokenFacts, subject: &str, stated: &[String], needed: &Needed) {
        let all: Vec<String> =
            stated.iter().chain(needed.scopes.iter().filter(|scope| !stated.contains(scope))).cloned().collect();
        if all.is_empty() {
            return self.listed(token, subject);
        }
        let finding = Finding::ok(code::SCOPES_PRESENT, subject).text("claim", token.scope_claim);
        self.push(finding.with("needed", Fact::List(all)));
        if !stated.is_empty() && self.error() == "insufficient_scope" {
            let finding = Finding::warning(code::SAYS_SCOPE_MISSING, subject);
            self.push(finding.with("needed", Fact::List(stated.to_vec())));
        }
        let is_role = self.envelope_code() == "E0000006"
            || (self.envelope_code().is_empty() && self.error().is_empty() && !self.excludes("scope"));
        if self.is_okta_api && self.is_forbidden() && is_role {
            self.push(Finding::error(code::ROLE_MISSING, "/answer").certainty(Certainty::Likely));
            self.known_roles(needed);
        }
    }

    /// The scopes of a token, where a 403 leaves open whether one is missing.
    fn listed(&mut self, token: &TokenFacts, subject: &str) {
        let scopes = token.scopes.clone().unwrap_or_default();
        if !self.is_forbidden() || self.excludes("scope") || scopes.is_empty() || self.is_okta_api {
            return;
        }
        let finding = Finding::info(code::SCOPES_LISTED, subject).text("claim", token.scope_claim);
        self.push(finding.with("scopes", Fact::List(scopes)));
    }

    fn known_roles(&mut self, needed: &Needed) {
        let Some(operation) = needed.operation.filter(|operation| !operation.roles.is_empty()) else { return };
        let roles = operation.roles.iter().map(|role| (*role).to_owned()).collect();
        self.push(
            Finding::info(code::ROLES_KNOWN, "/request/url")
                .with("roles", Fact::List(roles))
                .text("method", operation.method)
                .text("path", operation.path),
        );
    }

    /// API tokens have no scopes: they may do what their owner may.
    fn api_token(&mut self, needed: &Needed) {
        let is_for_oauth =
            |operation: &&Operation| operation.flags & TAKES_API_TOKEN == 0 && !operation.scopes.is_empty();
        if let Some(operation) = needed.operation.filter(is_for_oauth).filter(|_| self.is_refused()) {
            let finding = Finding::error(code::OPERATION_WITHOUT_API_TOKEN, "/request/url");
            return self.push(finding.text("method", operation.method).text("path", operation.path));
        }
        if self.envelope_code() == "E0000006" {
            self.push(Finding::error(code::ROLE_OF_OWNER_MISSING, "/answer").certainty(Certainty::Likely));
            self.known_roles(needed);
        }
    }

    /// UserInfo answers with what the scopes allow, and leaves the rest out without a word.
    fn user_info_scopes(&mut self, granted: &[String]) {
        if self.endpoint.what != What::UserInfo || !self.is_success() {
            return;
        }
        let absent: Vec<String> = ["profile", "email", "address", "phone"]
            .into_iter()
            .filter(|scope| !granted.iter().any(|has| has == scope))
            .map(str::to_owned)
            .collect();
        if !absent.is_empty() {
            self.push(Finding::info(code::USERINFO_SCOPES, "/payload/scp").with("absent", Fact::List(absent)));
        }
    }
}
