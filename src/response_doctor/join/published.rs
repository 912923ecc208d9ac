//! What an authorization server publishes or answers about a token: introspection, key sets, discovery.

use super::server::differs;
use super::{Scene, code, times};
use crate::finding::{Certainty, Fact, Finding};
use crate::json::{Kind, Value};
use crate::response_doctor::endpoint::{self, What};
use crate::response_doctor::token::TokenFacts;

/// Key sets are short; of a hostile one the beginning is looked at.
const MOST_KEYS: usize = 200;

impl Scene<'_> {
    pub(super) fn published(&mut self) {
        self.introspection();
        self.keys();
        self.discovery();
    }

    /// Whether the answer is one of introspection: of its endpoint, or by its shape.
    pub(super) fn is_introspection(&self) -> bool {
        self.endpoint.what == What::Introspect || (self.url.is_empty() && self.active().is_some())
    }

    fn active(&self) -> Option<bool> {
        match self.body()?.member("active")?.kind {
            Kind::Bool(active) => Some(active),
            _ => None,
        }
    }

    fn introspection(&mut self) {
        if !self.is_introspection() {
            return;
        }
        let token = self.token.clone().filter(TokenFacts::is_jwt).unwrap_or_default();
        let active = self.active();
        if active != Some(true) && !token.issuer.is_empty() && !self.endpoint.issuer.is_empty() {
            let asked = self.endpoint.issuer.clone();
            if let Some(certainty) = differs(&token.issuer, &asked) {
                let right = endpoint::of_okta(&token.issuer, "introspect").unwrap_or_else(|| token.issuer.clone());
                let finding = Finding::error(code::INTROSPECTION_WRONG_SERVER, "/request/url").certainty(certainty);
                self.push(finding.text("issuer", &token.issuer).text("asked", asked).text("right", right));
            }
        }
        match active {
            Some(true) => self.push(Finding::ok(code::INTROSPECTION_ACTIVE, "/answer").certainty(Certainty::Stated)),
            Some(false) => {
                self.push(Finding::warning(code::INTROSPECTION_INACTIVE, "/answer").certainty(Certainty::Stated));
                self.why_inactive(&token);
            }
            None => {}
        }
    }

    fn why_inactive(&mut self, token: &TokenFacts) {
        let (date, certainty) = self.date().map_or((self.now, Certainty::Likely), |date| (date, Certainty::Proved));
        let Some(expires) = token.expires else { return };
        if expires <= date {
            let finding = Finding::error(code::INTROSPECTION_EXPIRED, times::EXPIRY).certainty(certainty);
            return self
                .push(finding.with("exp", Fact::Time(expires)).with("late", Fact::Duration(date.since(expires))));
        }
        let is_right_server = !self.endpoint.issuer.is_empty() && !self.has(code::INTROSPECTION_WRONG_SERVER);
        if is_right_server {
            self.push(Finding::error(code::INTROSPECTION_REVOKED, "/answer").certainty(Certainty::Likely));
        }
    }

    fn keys(&mut self) {
        let keys = self.body().and_then(|body| body.member("keys")).map(Value::items);
        let is_keys = self.endpoint.what == What::Keys || (self.url.is_empty() && keys.is_some());
        if !is_keys {
            return;
        }
        if let Some(cache) = self.evidence.headers.combined("Cache-Control").filter(|cache| !cache.is_empty()) {
            self.push(Finding::info(code::KEYS_CACHE, "/answer/headers/cache-control").text("cache", cache));
        }
        let Some(token) = self.token.clone().filter(TokenFacts::is_jwt) else { return };
        let asked = self.endpoint.issuer.clone();
        if let Some(certainty) =
            differs(&token.issuer, &asked).filter(|_| !asked.is_empty() && !token.issuer.is_empty())
        {
            let right = endpoint::of_okta(&token.issuer, "keys").unwrap_or_else(|| token.issuer.clone());
            let finding = Finding::error(code::KEYS_WRONG_SET, "/request/url").certainty(certainty);
            self.push(finding.text("issuer", &token.issuer).text("asked", asked).text("right", right));
        }
        let Some(keys) = keys.filter(|_| !token.key_id.is_empty()) else { return };
        let ids: Vec<String> = keys
            .iter()
            .take(MOST_KEYS)
            .filter_map(|key| key.member("kid").and_then(Value::as_str))
            .map(str::to_owned)
            .collect();
        let finding = if ids.contains(&token.key_id) {
            Finding::ok(code::KEY_ID_IN_SET, "/header/kid")
        } else {
            Finding::error(code::KEY_ID_NOT_IN_SET, "/header/kid").with("count", Fact::Count(ids.len() as u64))
        };
        self.push(finding.text("kid", &token.key_id));
    }

    fn discovery(&mut self) {
        let is_missing = matches!(self.evidence.status, Some(400 | 404)) && self.endpoint.what == What::Discovery;
        if !is_missing {
            return;
        }
        let origin = endpoint::without_admin(&self.endpoint.origin).unwrap_or_else(|| self.endpoint.origin.clone());
        let document = |issuer: &str| [issuer.trim_end_matches('/'), "/.well-known/openid-configuration"].concat();
        let token_issuer = self.token.as_ref().map(|token| token.issuer.clone()).filter(|issuer| !issuer.is_empty());
        let right = match token_issuer {
            Some(issuer) => vec![document(&issuer)],
            None if self.endpoint.is_okta => vec![document(&origin), document(&[&origin, "/oauth2/default"].concat())],
            None => vec![document(&self.endpoint.issuer)],
        };
        let finding = Finding::error(code::DISCOVERY_NOT_FOUND, "/request/url").text("path", &self.endpoint.path);
        self.push(finding.with("right", Fact::List(right)));
    }
}
