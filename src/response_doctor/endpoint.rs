//! What a URL is at an identity provider: which authorization server, and which of its endpoints.

/// What a URL asks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Endpoint {
    /// The origin: `https://dev-1234.okta.com`. Empty where the host is not known.
    pub origin: String,
    /// The path.
    pub path: String,
    /// What it is.
    pub what: What,
    /// Whether host or path are Okta's.
    pub is_okta: bool,
    /// The authorization server that it belongs to, as an issuer: `https://dev-1234.okta.com` for the org server,
    /// `https://dev-1234.okta.com/oauth2/default`. Empty where it belongs to none.
    pub issuer: String,
}

/// The kinds of endpoint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum What {
    /// An API that takes tokens.
    #[default]
    Api,
    /// Okta's own API: `/api/v1`, `/governance`, `/idp/myaccount`, and the others that its scopes protect.
    OktaApi,
    /// The authorization endpoint.
    Authorize,
    /// The token endpoint.
    Token,
    /// Introspection.
    Introspect,
    /// Revocation.
    Revoke,
    /// UserInfo.
    UserInfo,
    /// The key set.
    Keys,
    /// A discovery document.
    Discovery,
    /// Logout.
    Logout,
    /// Another endpoint of an authorization server: device, PAR, registration, CIBA.
    Other,
}

/// Reads a URL, or a path alone. `method` decides nothing but tells `POST /oauth2/v1/clients` from the others.
pub fn read(url: &str) -> Endpoint {
    Endpoint { path: url.to_owned(), ..Endpoint::default() }
}
