//! The token's times against the server's own clock.

use super::{Scene, code, skew};
use crate::finding::{Certainty, Fact, Finding};
use crate::response_doctor::token::{TokenFacts, TokenWhat};
use crate::text;
use crate::time::Time;

/// What a finding about the end of a token is about.
pub(super) const EXPIRY: &str = "/payload/exp";

/// Two clocks that agree can show a second of difference: both cut off what is below.
const ROUNDING: i64 = 1;

/// A token that was issued so many seconds after the sign-in came by a refresh, or by a session.
const LATER: i64 = 300;

impl Scene<'_> {
    pub(super) fn times(&mut self) {
        let Some(token) = self.token.clone().filter(TokenFacts::is_jwt) else { return };
        if let Some((claim, meaning)) = token.milliseconds.first() {
            let claims = token.milliseconds.iter().map(|(claim, _)| (*claim).to_owned()).collect();
            let finding = self.fault(code::TIME_IN_MILLISECONDS, &["/payload/", claim].concat());
            self.push(
                finding.with("claims", Fact::List(claims)).text("claim", *claim).with("meaning", Fact::Time(*meaning)),
            );
        }
        let date = self.date();
        self.expiry(&token, date);
        self.start(&token, date);
        self.lifetime(&token);
        self.sign_in(&token);
    }

    /// The server's clock when it answered.
    pub(super) fn date(&self) -> Option<Time> {
        self.said.date.or_else(|| self.evidence.event.as_ref()?.published)
    }

    fn expiry(&mut self, token: &TokenFacts, date: Option<Time>) {
        let Some(expires) = token.expires else {
            if !token.has("exp") && !token.is_damaged {
                self.push(Finding::warning(code::NO_EXPIRY, "/payload/exp"));
            }
            return;
        };
        let subject = EXPIRY;
        let Some(date) = date else {
            let is_expired = expires <= self.now;
            let finding = if is_expired {
                // Most tokens have expired by the time that somebody asks why they were refused.
                if self.is_unauthorized() && !self.excludes("token") {
                    Finding::error(code::EXPIRED_BY_OWN_CLOCK, subject)
                } else if self.error() == "insufficient_scope" || self.is_introspection() {
                    Finding::info(code::EXPIRED_BY_OWN_CLOCK, subject)
                } else {
                    Finding::warning(code::EXPIRED_BY_OWN_CLOCK, subject)
                }
            } else {
                let finding = Finding::ok(code::VALID_BY_OWN_CLOCK, subject);
                finding.with("remaining", Fact::Duration(expires.since(self.now)))
            };
            return self.push(
                finding.certainty(Certainty::Likely).with("exp", Fact::Time(expires)).with("now", Fact::Time(self.now)),
            );
        };
        let times = |finding: Finding| finding.with("exp", Fact::Time(expires)).with("date", Fact::Time(date));
        if expires <= date {
            // A server that looked at the scopes has let the times pass, within its tolerance.
            let is_accepted = self.error() == "insufficient_scope" || self.excludes("token");
            let finding = if is_accepted {
                Finding::warning(code::TOKEN_EXPIRED, subject)
            } else {
                self.fault(code::TOKEN_EXPIRED, subject)
            };
            return self.push(times(finding).with("late", Fact::Duration(date.since(expires))));
        }
        self.push(
            times(Finding::ok(code::TOKEN_VALID_THEN, subject)).with("remaining", Fact::Duration(expires.since(date))),
        );
        if self.says_expired() {
            self.push(times(Finding::warning(code::SAYS_EXPIRED, subject)));
        }
        if expires <= self.now {
            let finding = times(Finding::info(code::TOKEN_EXPIRED_SINCE, subject));
            self.push(finding.with("late", Fact::Duration(self.now.since(expires))));
        }
    }

    /// Whether the server says that the token has expired.
    pub(super) fn says_expired(&self) -> bool {
        let says = |sentence: &str| text::contains(&self.statement.to_ascii_lowercase(), sentence);
        self.is_unauthorized()
            && (self.says("expired") || says("token has expired") || says("jwt is expired") || says("token expired"))
    }

    fn start(&mut self, token: &TokenFacts, date: Option<Time>) {
        // The reader's own clock would prove nothing about the server's.
        let Some(date) = date else { return };
        if let Some(start) = token.not_before.filter(|start| start.since(date) > ROUNDING) {
            let finding = self.fault(code::NOT_YET_VALID, "/payload/nbf");
            self.push(
                finding
                    .with("nbf", Fact::Time(start))
                    .with("date", Fact::Time(date))
                    .with("early", Fact::Duration(start.since(date))),
            );
        }
        if let Some(issued) = token.issued.filter(|issued| issued.since(date) > ROUNDING) {
            let early = issued.since(date);
            let (accepts, refuses) = skew::who(early);
            let blames = self.is_unauthorized() && !self.excludes("token");
            let finding = if blames {
                Finding::error(code::CLOCK_SKEW, "/payload/iat")
            } else {
                Finding::warning(code::CLOCK_SKEW, "/payload/iat")
            };
            self.push(
                finding
                    .with("iat", Fact::Time(issued))
                    .with("date", Fact::Time(date))
                    .with("early", Fact::Duration(early))
                    .with("seconds", Fact::Count(early.unsigned_abs()))
                    .with("accepts", Fact::Words(accepts))
                    .with("refuses", Fact::Words(refuses)),
            );
        }
    }

    fn lifetime(&mut self, token: &TokenFacts) {
        let (Some(expires), Some(issued)) = (token.expires, token.issued) else { return };
        let seconds = expires.since(issued);
        let lifetime = |finding: Finding| {
            finding
                .with("lifetime", Fact::Duration(seconds))
                .with("seconds", Fact::Count(seconds.max(0).unsigned_abs()))
        };
        let is_odd =
            (token.is_okta_custom && !(300..=86_400).contains(&seconds)) || (token.is_okta_org && seconds != 3600);
        if is_odd {
            let finding = lifetime(Finding::warning(code::LIFETIME_NOT_OKTAS, EXPIRY));
            return self.push(finding.text("issuer", &token.issuer));
        }
        let code = if token.what == TokenWhat::Id { code::ID_TOKEN_LIFETIME } else { code::LIFETIME };
        self.push(lifetime(Finding::info(code, EXPIRY)));
    }

    fn sign_in(&mut self, token: &TokenFacts) {
        let (Some(at), true) = (token.authenticated, self.is_refused()) else { return };
        // It matters where something that a policy grants is missing, and where the token is not that of the sign-in itself.
        let is_later = token.issued.is_some_and(|issued| issued.since(at) > LATER);
        if !is_later && !self.is_forbidden() {
            return;
        }
        let finding = Finding::info(code::POLICY_OF_SIGN_IN, "/payload/auth_time").with("at", Fact::Time(at));
        self.push(finding);
    }
}
