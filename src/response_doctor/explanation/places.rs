//! Which addresses an authorization server answers at, by its issuer.

use super::scene::{Scene, address};
use crate::response_doctor::token::TokenFacts;
use crate::text;

/// The addresses of an authorization server; those that only its metadata tells are `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Places {
    /// The issuer.
    pub issuer: String,
    /// Introspection ([RFC 7662](https://www.rfc-editor.org/rfc/rfc7662)).
    pub introspection: Option<String>,
    /// The key set.
    pub jwks: Option<String>,
    /// UserInfo.
    pub user_info: Option<String>,
    /// The metadata.
    pub discovery: String,
}

/// The authorization server that issued the token; without a token the one that the request asks.
pub(super) fn of(scene: &Scene) -> Option<Places> {
    let token = scene.joined.token.as_ref().filter(|token| !token.issuer.is_empty());
    match token {
        Some(token) => of_issuer(token),
        None => {
            let endpoint = scene.endpoint().filter(|endpoint| !endpoint.issuer.is_empty())?;
            let is_org = address(&endpoint.issuer)? == endpoint.origin;
            let facts = TokenFacts {
                is_okta_org: endpoint.is_okta && is_org,
                is_okta_custom: endpoint.is_okta && !is_org,
                issuer: endpoint.issuer,
                ..TokenFacts::default()
            };
            of_issuer(&facts)
        }
    }
}

fn of_issuer(token: &TokenFacts) -> Option<Places> {
    let issuer = address(&token.issuer)?;
    let issuer = issuer.trim_end_matches('/').to_owned();
    let at = |path: &str| Some([&issuer, path].concat());
    let discovery = [&issuer, "/.well-known/openid-configuration"].concat();
    let (introspection, jwks, user_info) = if token.is_okta_org {
        (at("/oauth2/v1/introspect"), at("/oauth2/v1/keys"), at("/oauth2/v1/userinfo"))
    } else if token.is_okta_custom {
        (at("/v1/introspect"), at("/v1/keys"), at("/v1/userinfo"))
    } else if text::contains(&issuer, "/realms/") {
        // Keycloak, with or without `/auth` before it.
        (
            at("/protocol/openid-connect/token/introspect"),
            at("/protocol/openid-connect/certs"),
            at("/protocol/openid-connect/userinfo"),
        )
    } else {
        (None, None, None)
    };
    Some(Places { issuer, introspection, jwks, user_info, discovery })
}

/// The origin of the Okta org that answered, when the address of the request says so.
pub(super) fn org(scene: &Scene) -> Option<String> {
    let endpoint = scene.endpoint().filter(|endpoint| endpoint.is_okta || scene.said.sender == Some("okta"))?;
    let text = if endpoint.origin.is_empty() { scene.url() } else { endpoint.origin.as_str() };
    crate::cors::url::origin_of(text).and_then(|origin| address(&origin))
}
