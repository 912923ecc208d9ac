//! What was sent, and how: the kind of token, the header around it, and whether it got there.

use super::{Scene, code};
use crate::cors::url;
use crate::finding::{Certainty, Fact, Finding};
use crate::response_doctor::endpoint::What;
use crate::response_doctor::token::{self, TokenFacts, TokenWhat};

const HEADER: &str = "/request/headers/authorization";

impl Scene<'_> {
    pub(super) fn sent(&mut self) {
        if !self.is_for_resource() {
            return;
        }
        self.header();
        self.way();
        if let Some(token) = self.token.clone() {
            self.kind(&token);
            self.scheme(&token);
            self.user(&token);
        }
    }

    fn header(&mut self) {
        let Some(sent) = &self.evidence.token else { return };
        if token::is_placeholder(&sent.text) {
            let finding = self.fault(code::TOKEN_NOT_REPLACED, HEADER).text("sent", placeholder(&sent.text));
            return self.push(finding);
        }
        // The value as a whole stands for a header without a token: what is behind the scheme came in the token's place.
        let value = sent.written.as_deref().filter(|_| sent.text.is_empty()).unwrap_or_default();
        let place =
            value.trim().strip_prefix(sent.scheme.as_str()).unwrap_or(value).trim_matches(['"', '\'', ' ', ':']);
        if !place.is_empty() {
            let finding = self.fault(code::TOKEN_NOT_REPLACED, HEADER).text("sent", placeholder(place));
            return self.push(finding);
        }
        let known = ["", "bearer", "dpop", "ssws", "basic"];
        let odd = sent.written.clone().or_else(|| {
            let is_odd = !known.contains(&sent.scheme.to_ascii_lowercase().as_str());
            is_odd.then(|| [&sent.scheme, " …"].concat())
        });
        if let Some(written) = odd {
            let finding = self.fault(code::HEADER_WRITTEN_ODD, HEADER).text("written", written);
            self.push(finding);
        }
    }

    /// Whether the header was sent, and what became of it on the way.
    fn way(&mut self) {
        if self.is_success() || !self.is_refused() {
            return;
        }
        let Some(request) = &self.evidence.request else { return self.dropped() };
        let elsewhere =
            ["Cookie", "DPoP"].iter().any(|name| request.headers.has(name)) || self.form("access_token").is_some();
        let is_missing = request.has_headers && !request.headers.has("Authorization") && !elsewhere;
        let is_asked_for = self.evidence.status == Some(401) || self.is_forbidden() || self.has_said();
        if is_missing && is_asked_for {
            let finding = Finding::error(code::HEADER_NOT_SENT, HEADER);
            self.push(finding);
        }
        self.dropped();
    }

    /// curl and browsers leave `Authorization` out when a redirect leads to another host, port or scheme.
    fn dropped(&mut self) {
        if !self.is_unauthorized() && !self.is_forbidden() {
            return;
        }
        let mut before = url::parse(self.url);
        let mut crossing = None;
        for hop in &self.evidence.hops {
            before = url::parse(&hop.url).or(before);
            let Some(from) = &before else { continue };
            let Some(to) = url::resolve(from, &hop.location) else { continue };
            if from.origin() != to.origin() {
                crossing = Some((from.origin(), to.origin()));
            }
            before = Some(to);
        }
        if let Some((from, to)) = crossing {
            let finding = Finding::error(code::HEADER_DROPPED, HEADER).certainty(Certainty::Likely);
            self.push(finding.text("from", from).text("to", to));
        }
    }

    fn kind(&mut self, token: &TokenFacts) {
        let subject = "/token";
        if token.is_damaged {
            let finding = self.fault(code::TOKEN_DAMAGED, subject);
            return self.push(finding);
        }
        let finding = match token.what {
            TokenWhat::Access => return,
            TokenWhat::Id => {
                // A nonce alone could stand in an access token as well.
                let certainty = if token.sign == "nonce" { Certainty::Likely } else { Certainty::Proved };
                self.fault(code::ID_TOKEN_SENT, subject)
                    .text("sign", token.sign)
                    .with("audiences", Fact::List(token.audiences.clone()))
                    .certainty(certainty)
            }
            TokenWhat::OtherJwt if token.is_refresh => self.fault(code::REFRESH_TOKEN_SENT, subject),
            TokenWhat::OtherJwt => self.fault(code::OTHER_JWT_SENT, subject).text("sign", token.sign),
            TokenWhat::Encrypted => Finding::info(code::ENCRYPTED_TOKEN, subject),
            TokenWhat::ApiToken => return,
            TokenWhat::Opaque
                if self.is_refused() && (self.is_okta_api || self.endpoint.is_okta || self.wants_jwt()) =>
            {
                self.fault(code::REFRESH_OR_OPAQUE_TOKEN, subject).certainty(Certainty::Likely)
            }
            TokenWhat::Opaque => return,
        };
        self.push(finding);
    }

    /// Whether the server says that it could not read a JWT.
    fn wants_jwt(&self) -> bool {
        self.is_unauthorized()
            && super::statement::has_word(&self.statement, &["jwt", "malformed", "jws", "jwe", "segments"])
    }

    fn scheme(&mut self, token: &TokenFacts) {
        let fault = |code| self.fault(code, HEADER);
        let finding = match token.what {
            TokenWhat::ApiToken if token.was_sent_as("Bearer") => {
                // Behind an unknown host a text of the same shape could be another's token.
                let is_okta = self.is_okta_api || self.endpoint.is_okta;
                fault(code::API_TOKEN_AS_BEARER).certainty(if is_okta { Certainty::Proved } else { Certainty::Likely })
            }
            TokenWhat::Access | TokenWhat::Id if token.was_sent_as("SSWS") => fault(code::BEARER_AS_SSWS),
            TokenWhat::Access if token.is_dpop_bound && token.was_sent_as("Bearer") => {
                fault(code::DPOP_BOUND_AS_BEARER)
            }
            TokenWhat::Access if !token.is_dpop_bound && !token.is_damaged && token.was_sent_as("DPoP") => {
                fault(code::BEARER_AS_DPOP)
            }
            _ => return self.proof(token),
        };
        self.push(finding);
    }

    fn proof(&mut self, token: &TokenFacts) {
        let Some(request) = &self.evidence.request else { return };
        if token.was_sent_as("DPoP") && request.has_headers && !request.headers.has("DPoP") {
            let finding = self.fault(code::DPOP_PROOF_MISSING, "/request/headers/dpop");
            self.push(finding);
        }
    }

    /// Whether somebody is asked for who is not in the token.
    fn user(&mut self, token: &TokenFacts) {
        if token.what != TokenWhat::Access || !token.is_machine {
            return;
        }
        let path = self.endpoint.path.as_str();
        let is_for_user = self.endpoint.what == What::UserInfo
            || path.starts_with("/idp/myaccount")
            || path == "/api/v1/users/me"
            || path.starts_with("/api/v1/users/me/");
        let finding = if is_for_user {
            self.fault(code::MACHINE_TOKEN_FOR_USER, "/payload/sub").text("path", path)
        } else {
            Finding::info(code::MACHINE_TOKEN, "/payload/sub")
        };
        self.push(finding.text("subject", &token.subject));
    }
}

/// What stood in a token's place, as far as it is surely that: behind `&`, `=` and the like other parameters may follow,
/// and with them a secret.
fn placeholder(text: &str) -> String {
    const MOST: usize = 60;
    let text = text.trim();
    let own = text.split(['&', '=', '?', '#', '\n']).next().unwrap_or_default();
    let shown: String = own.chars().take(MOST).collect();
    if shown.len() < text.len() { shown + "…" } else { shown }
}
