//! What is secret in a pasted text, so that it can be hidden at once and put back for reading.

use std::ops::Range;

/// A secret in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// Where its value stands, in bytes.
    pub span: Range<usize>,
    /// What it is.
    pub kind: SecretKind,
}

/// What a secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// A token that was sent: `Authorization: Bearer …`, `access_token=…`, or a JWT anywhere else.
    AccessToken,
    /// An ID token by its name.
    IdToken,
    /// A refresh token.
    RefreshToken,
    /// An API token of Okta, sent with `SSWS` or by its shape.
    ApiToken,
    /// A client's secret: `client_secret=…`, or `Authorization: Basic …`.
    ClientSecret,
    /// A client assertion.
    ClientAssertion,
    /// An authorization code or device code.
    Code,
    /// A PKCE verifier.
    Verifier,
    /// A password.
    Password,
    /// A cookie, or a session token.
    Cookie,
    /// A DPoP proof.
    Proof,
    /// A SAML assertion or response.
    SamlMessage,
    /// A private key.
    PrivateKey,
    /// Another credential: an API key header, `state` and `nonce` are none.
    Other,
}

/// The secrets in a text, in order, without overlap.
pub fn secrets(text: &str) -> Vec<Secret> {
    let _ = text;
    Vec::new()
}

/// Whether a parameter of that name holds a secret.
pub(crate) fn is_secret_name(name: &str) -> bool {
    const NAMES: &[&str] = &[
        "access_token",
        "id_token",
        "refresh_token",
        "token",
        "client_secret",
        "client_assertion",
        "code_verifier",
        "device_code",
        "password",
        "passcode",
        "SAMLResponse",
        "SAMLRequest",
        "assertion",
        "subject_token",
        "actor_token",
        "api_key",
        "sessionToken",
        "stateToken",
        "id_token_hint",
        "logout_token",
        "key",
        "auth_req_id",
    ];
    NAMES.iter().any(|known| known.eq_ignore_ascii_case(name))
}

/// The value of a header without its secrets; the scheme of `Authorization` and the names of cookies are kept.
pub(crate) fn emptied_header(name: &str, value: &str) -> String {
    let lower = name.to_ascii_lowercase();
    match lower.as_str() {
        "authorization" | "proxy-authorization" => {
            value.split_inclusive(' ').next().filter(|word| word.ends_with(' ')).unwrap_or_default().to_owned()
        }
        "cookie" | "set-cookie" | "dpop" | "x-api-key" => String::new(),
        _ => value.to_owned(),
    }
}
