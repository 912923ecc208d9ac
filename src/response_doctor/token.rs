//! The facts of a token that was sent, without a verdict: nothing here verifies a signature.

use super::evidence::SentToken;
use crate::time::Time;

/// What a token says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TokenFacts {
    /// What it is.
    pub what: TokenWhat,
    /// The scheme that it was sent with, as written; empty where it is not known.
    pub scheme: String,
    /// `iss`.
    pub issuer: String,
    /// `aud`.
    pub audiences: Vec<String>,
    /// `exp`.
    pub expires: Option<Time>,
    /// `iat`.
    pub issued: Option<Time>,
    /// `nbf`.
    pub not_before: Option<Time>,
    /// `auth_time`.
    pub authenticated: Option<Time>,
    /// The scopes, of `scp` or `scope`, list or text; `None` where there is neither.
    pub scopes: Option<Vec<String>>,
    /// The name of the claim that the scopes stand in.
    pub scope_claim: &'static str,
    /// The client: `cid`, `client_id`, `azp`, `appid`.
    pub client: String,
    /// `sub`.
    pub subject: String,
    /// Whether it speaks for no user: no `uid`, and the subject is the client.
    pub is_machine: bool,
    /// `kid`.
    pub key_id: String,
    /// `typ` of the header.
    pub token_type: String,
    /// Whether it is bound to a key: `cnf.jkt`.
    pub is_dpop_bound: bool,
    /// Whether an Okta org's own authorization server issued it.
    pub is_okta_org: bool,
    /// Whether a custom authorization server of Okta issued it.
    pub is_okta_custom: bool,
    /// The names of all claims.
    pub claims: Vec<String>,
}

/// What a token is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TokenWhat {
    /// A JWT that could be an access token.
    #[default]
    Access,
    /// An ID token.
    Id,
    /// Another JWT: a client assertion, a logout token, a DPoP proof.
    OtherJwt,
    /// An encrypted token.
    Encrypted,
    /// Okta's API token (SSWS).
    ApiToken,
    /// No JWT: opaque.
    Opaque,
}

/// Reads a token's facts; `None` without a token.
pub fn read(token: &SentToken) -> Option<TokenFacts> {
    if token.text.is_empty() { None } else { Some(TokenFacts::default()) }
}
