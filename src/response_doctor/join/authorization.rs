//! An authorization request, parameter by parameter, and the silent one that fails without a session.

use super::{Scene, code, parameter};
use crate::finding::{Certainty, Fact, Finding};
use crate::response_doctor::endpoint::{self, What};
use crate::response_doctor::evidence::Kind;
use crate::response_doctor::scopes;

/// A SHA-256 hash in base64url ([RFC 7636 §4.2](https://www.rfc-editor.org/rfc/rfc7636#section-4.2)).
const CHALLENGE_LENGTH: usize = 43;

/// A URL has no more parameters than this; of a longer list the beginning is looked at.
const MOST_PARAMETERS: usize = 200;

impl Scene<'_> {
    pub(super) fn authorization(&mut self) {
        self.silent();
        let parameters = self.authorization_parameters();
        if parameters.is_empty() {
            return;
        }
        self.required(&parameters);
        self.flow(&parameters);
        self.proof_key(&parameters);
        self.repeated(&parameters);
        let scope = parameter(&parameters, "scope").unwrap_or_default().to_owned();
        self.asked_scopes(&scope, "/request/parameters/scope");
    }

    /// The parameters of the authorization request, where one is at hand.
    pub(super) fn authorization_parameters(&self) -> Vec<(String, String)> {
        if self.evidence.kind == Kind::AuthorizationRequest {
            return self.evidence.parameters.clone();
        }
        if self.endpoint.what != What::Authorize {
            return Vec::new();
        }
        let query = self.url.split_once('?').map_or("", |(_, query)| query.split('#').next().unwrap_or_default());
        let pairs = query.split('&').filter(|pair| !pair.is_empty()).take(MOST_PARAMETERS);
        pairs
            .map(|pair| {
                let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
                (decoded(name), decoded(value))
            })
            .collect()
    }

    fn required(&mut self, parameters: &[(String, String)]) {
        // The parameters of a pushed or a signed request stand elsewhere.
        let is_elsewhere = ["request", "request_uri"].iter().any(|name| parameter(parameters, name).is_some());
        if is_elsewhere {
            return;
        }
        let names = ["response_type", "client_id", "redirect_uri", "scope"];
        let missing: Vec<String> =
            names.iter().filter(|name| parameter(parameters, name).is_none()).map(|name| (*name).to_owned()).collect();
        if !missing.is_empty() {
            let finding = Finding::error(code::REQUEST_INCOMPLETE, "/request/parameters");
            self.push(finding.with("missing", Fact::List(missing)));
        }
        if parameter(parameters, "state").is_none() {
            self.push(Finding::warning(code::STATE_MISSING, "/request/parameters/state"));
        }
    }

    fn flow(&mut self, parameters: &[(String, String)]) {
        let types = parameter(parameters, "response_type").unwrap_or_default();
        let has = |name: &str| types.split(' ').any(|part| part == name);
        if has("token") || has("id_token") {
            let finding = Finding::info(code::IMPLICIT_FLOW, "/request/parameters/response_type");
            self.push(finding.text("types", types));
        }
        if has("id_token") && parameter(parameters, "nonce").is_none() {
            self.push(Finding::error(code::NONCE_MISSING, "/request/parameters/nonce"));
        }
    }

    fn proof_key(&mut self, parameters: &[(String, String)]) {
        let types = parameter(parameters, "response_type").unwrap_or_default();
        if !types.split(' ').any(|part| part == "code") {
            return;
        }
        let subject = "/request/parameters/code_challenge";
        let Some(challenge) = parameter(parameters, "code_challenge") else {
            return self.push(Finding::warning(code::PKCE_MISSING, subject));
        };
        let method = parameter(parameters, "code_challenge_method").unwrap_or("plain");
        if method != "S256" {
            let finding = Finding::error(code::PKCE_PLAIN, "/request/parameters/code_challenge_method");
            return self.push(finding.text("method", method));
        }
        let is_base64url = challenge.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'));
        // An empty value was hidden when it was pasted.
        if !challenge.is_empty() && (challenge.len() != CHALLENGE_LENGTH || !is_base64url) {
            // Whether it is refused shows at the token endpoint; and who pastes a request may have shortened it.
            let finding = Finding::warning(code::PKCE_CHALLENGE_FORM, subject);
            self.push(finding.with("length", Fact::Count(challenge.chars().count() as u64)));
        }
    }

    fn repeated(&mut self, parameters: &[(String, String)]) {
        let parameters = parameters.get(..MOST_PARAMETERS.min(parameters.len())).unwrap_or_default();
        let twice = parameters.iter().enumerate().find(|(at, (name, _))| {
            // RFC 8707 §2 lets `resource` stand several times.
            name != "resource" && parameters.iter().take(*at).any(|(other, _)| other == name)
        });
        if let Some((_, (name, _))) = twice {
            self.push(Finding::error(code::PARAMETER_TWICE, "/request/parameters").text("name", name));
        }
    }

    /// The scopes that are asked for, against the server that is asked.
    pub(super) fn asked_scopes(&mut self, scope: &str, subject: &str) {
        let asked: Vec<&str> = scope.split_whitespace().take(MOST_PARAMETERS).collect();
        let has = |name: &str| asked.contains(&name);
        let needs_openid: Vec<String> = ["profile", "email", "address", "phone"]
            .into_iter()
            .filter(|name| has(name) && !has("openid"))
            .map(str::to_owned)
            .collect();
        if !needs_openid.is_empty() && !self.is_success() {
            let finding = Finding::error(code::OPENID_MISSING, subject);
            self.push(finding.with("scopes", Fact::List(needs_openid)));
        }
        if has("openid") && self.error() == "access_denied" && self.is_custom_server() {
            self.push(Finding::info(code::OPENID_SCOPES_NEED_A_RULE, subject));
        }
        let others = asked.iter().filter(|scope| !scopes::is_openid(scope)).count();
        if others > 0 && others < asked.len() {
            self.push(Finding::info(code::SCOPES_MIXED, subject));
        }
        if self.is_success() || !self.endpoint.is_okta {
            return;
        }
        let issuer = self.endpoint.issuer.clone();
        // MyAccount's scopes can be added to a custom server by hand.
        let is_org_only = |scope: &str| scopes::is_okta(scope) && !scope.starts_with("okta.myAccount.");
        let (code, wrong): (_, Vec<String>) = if self.is_custom_server() {
            (code::SCOPES_NOT_ON_SERVER, picked(&asked, is_org_only))
        } else {
            let is_custom_scope = |scope: &str| !scopes::is_okta(scope) && !scopes::is_openid(scope);
            (code::CUSTOM_SCOPES_AT_ORG_SERVER, picked(&asked, is_custom_scope))
        };
        if !wrong.is_empty() {
            let server = if issuer.is_empty() { self.endpoint.path.clone() } else { issuer };
            let right = endpoint::okta_issuer(&self.endpoint.issuer)
                .map_or_else(|| "/oauth2/v1".to_owned(), |server| server.origin);
            let finding = Finding::error(code, subject).with("scopes", Fact::List(wrong));
            self.push(finding.text("server", server).text("right", right));
        }
    }

    /// Whether a custom authorization server of Okta was asked, and not the org server.
    fn is_custom_server(&self) -> bool {
        let rest = self.endpoint.path.strip_prefix("/oauth2/");
        self.endpoint.is_okta && rest.is_some_and(|rest| !rest.starts_with("v1/"))
    }

    /// `prompt=none` without a session, which rules about third-party cookies bring about in a frame.
    fn silent(&mut self) {
        if self.error() == "login_required" {
            self.push(Finding::info(code::SILENT_SIGN_IN, "/request").certainty(Certainty::Likely));
        }
    }
}

fn picked(scopes: &[&str], wanted: impl Fn(&str) -> bool) -> Vec<String> {
    scopes.iter().filter(|scope| wanted(scope)).map(|scope| (*scope).to_owned()).collect()
}

/// A part of a query: `+` is a space, and percent-encoding is taken off.
pub(super) fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let digit = |at: usize| behind.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(if *first == b'+' { b' ' } else { *first });
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
