//! The explanation as JSON, as `docs/response.md` describes it: the result of `explainResponse`.

use super::evidence::Kind;
use super::{Catalogue, Explanation};
use crate::time::Time;

/// The explanation as JSON text, with relative times as of `now`.
pub fn text(explanation: &Explanation, catalogue: &Catalogue, now: Time) -> String {
    let _ = (explanation, catalogue, now);
    String::new()
}

/// The name of what a text was recognised as.
pub fn kind_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Nothing => "nothing",
        Kind::Http => "http",
        Kind::HeaderTable => "header-table",
        Kind::HarEntry => "har-entry",
        Kind::Json => "json",
        Kind::Challenge => "challenge",
        Kind::Redirect => "redirect",
        Kind::AuthorizationRequest => "authorization-request",
        Kind::Html => "html",
        Kind::SystemLog => "system-log",
        Kind::Curl => "curl",
        Kind::Saml => "saml",
        Kind::Text => "text",
    }
}
