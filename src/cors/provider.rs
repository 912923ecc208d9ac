//! Providers: by what they are recognised, and where each of them lets an origin in. A row each in
//! `src/data/cors_providers.json`.

use std::sync::OnceLock;

use super::url;
use crate::http::Answer;
use crate::json::{self, Document, Value};
use crate::text;

static PROVIDERS: OnceLock<Document> = OnceLock::new();

/// A provider's row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Provider(&'static Value);

/// A provider, and by what it was recognised.
#[derive(Clone, Debug, PartialEq)]
pub struct Recognised {
    /// The provider.
    pub provider: Provider,
    /// The host, when it is one of the provider's own.
    pub host: Option<String>,
    /// The header that only this provider sends.
    pub header: Option<&'static str>,
    /// The part of the path, when neither host nor header tells.
    pub path: Option<&'static str>,
}

/// A remark on when the usual advice is not the cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotThis {
    /// When it applies: `bearer`, `error`, `http`, `include`, `origin`, `public`.
    pub when: &'static str,
    /// The template of the remark.
    pub text: &'static str,
}

/// Recognises the provider of a URL, by its host, the headers of its answers, or its path, in this order.
///
/// ```
/// use tokenscope::cors::provider::recognise;
/// let recognised = recognise("https://dev-1234.okta.com/oauth2/v1/keys", &[]).unwrap();
/// assert_eq!(recognised.provider.name(), "Okta");
/// assert_eq!(recognise("https://api.example/", &[]), None);
/// ```
pub fn recognise(address: &str, answers: &[&Answer]) -> Option<Recognised> {
    let url = url::parse(address);
    let host = url.as_ref().map_or("", |url| url.host.as_str());
    let path = url.as_ref().map_or("", |url| url.path.as_str());
    let header_of = |provider: Provider| {
        let mut names = provider.texts("headers");
        names.find(|name| answers.iter().any(|answer| answer.headers.has(name)))
    };
    let by_host = all().find(|provider| provider.texts("hosts").any(|pattern| is_host(host, pattern)));
    if let Some(provider) = by_host {
        let header = header_of(provider);
        return Some(Recognised { provider, host: Some(host.to_owned()), header, path: None });
    }
    if let Some((provider, header)) = all().find_map(|provider| Some((provider, header_of(provider)?))) {
        return Some(Recognised { provider, host: None, header: Some(header), path: None });
    }
    let path_of = |provider: Provider| provider.texts("paths").find(|part| text::contains(path, part));
    let (provider, path) = all().find_map(|provider| Some((provider, path_of(provider)?)))?;
    Some(Recognised { provider, host: None, header: None, path: Some(path) })
}

/// Every provider.
pub fn all() -> impl Iterator<Item = Provider> {
    let document = PROVIDERS.get_or_init(|| json::read(include_bytes!("../data/cors_providers.json").to_vec()));
    document.member("providers").map_or(&[] as &[Value], Value::items).iter().map(Provider)
}

impl Provider {
    /// Its name, for sentences.
    pub fn name(self) -> &'static str {
        self.text("name")
    }

    /// The title of what to change there.
    pub fn title(self) -> &'static str {
        self.text("title")
    }

    /// The way through its admin console; empty where there is no list of origins.
    pub fn path(self) -> Vec<String> {
        self.texts("path").map(str::to_owned).collect()
    }

    /// What to watch for.
    pub fn notes(self) -> impl Iterator<Item = &'static str> {
        self.texts("notes")
    }

    /// Whether its list of origins lets cookies in too.
    pub fn allows_cookies(self) -> bool {
        self.text("cookies") == "origin"
    }

    /// Where it documents that: title and address.
    pub fn link(self) -> Option<(String, String)> {
        let mut link = self.texts("link");
        Some((link.next()?.to_owned(), link.next()?.to_owned()))
    }

    /// Whether an address is one of those that answer every origin by themselves.
    pub fn is_public(self, address: &str) -> bool {
        let path = url::parse(address).map(|url| url.path).unwrap_or_default();
        let path = path.split(['?', '#']).next().unwrap_or_default();
        self.texts("public").any(|end| path.ends_with(end))
    }

    /// Whether a request is of a kind that is answered from every origin, so that a list of origins is not the cause.
    pub fn is_open(self, address: &str, bearer: bool) -> bool {
        self.texts("open").any(|kind| if kind == "bearer" { bearer } else { self.is_public(address) })
    }

    /// When the usual advice is not the cause.
    pub fn not_this(self) -> impl Iterator<Item = NotThis> {
        let rows = self.0.member("notThis").map_or(&[] as &[Value], Value::items);
        rows.iter().filter_map(|row| {
            Some(NotThis { when: row.member("when")?.as_str()?, text: row.member("text")?.as_str()? })
        })
    }

    fn text(self, name: &str) -> &'static str {
        self.0.member(name).and_then(Value::as_str).unwrap_or_default()
    }

    fn texts(self, name: &str) -> impl Iterator<Item = &'static str> {
        self.0.member(name).map_or(&[] as &[Value], Value::items).iter().filter_map(Value::as_str)
    }
}

/// Whether a host fits a pattern: `.okta.com` for every host below it, `auth.pingone.*` with one star for anything.
fn is_host(host: &str, pattern: &str) -> bool {
    if pattern.starts_with('.') {
        return host.len() > pattern.len() && host.ends_with(pattern);
    }
    match pattern.split_once('*') {
        Some((start, end)) => host.len() > start.len() + end.len() && host.starts_with(start) && host.ends_with(end),
        None => host == pattern,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, header: &str, expected: Option<&str>) {
        let answer = Answer { status: 200, headers: [(header, "1")].into_iter().collect() };
        let recognised = recognise(address, &[&answer]);
        assert_eq!(recognised.map(|recognised| recognised.provider.name()), expected, "{address}");
    }

    #[test]
    fn providers_are_recognised() {
        check("https://login.example.com/api/v1/sessions/me", "X-Okta-Request-Id", Some("Okta"));
        check("https://login.example.com/oauth2/default/v1/token", "a", Some("Okta"));
        check("https://okta.com.example/", "a", None);
        check("https://tenant.eu.auth0.com/oauth/token", "a", Some("Auth0"));
        check("https://login.microsoftonline.com/common/oauth2/v2.0/token", "a", Some("Microsoft Entra"));
        check("https://id.example/realms/shop/protocol/openid-connect/token", "a", Some("Keycloak"));
        check(
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a/.well-known/jwks.json",
            "a",
            Some("Amazon Cognito"),
        );
        check("https://www.googleapis.com/oauth2/v3/certs", "a", Some("Google"));
        check("https://auth.pingone.eu/1/as/jwks", "a", Some("PingOne"));
        check("https://sso.example/pf/JWKS", "a", Some("PingFederate"));
        check("https://id.example/.well-known/openid-configuration/jwks", "a", Some("Duende IdentityServer"));
        check("https://fs.example/adfs/oauth2/token", "a", Some("AD FS"));
        check("https://gitlab.com/oauth/discovery/keys", "a", Some("GitLab"));
        check("https://shop.zitadel.cloud/oauth/v2/token", "a", Some("ZITADEL"));
        check("https://id.example/application/o/shop/jwks/", "a", Some("authentik"));
        check("https://api.example/orders", "x-ms-request-id", None);
    }

    #[test]
    fn every_row_is_whole() {
        assert_eq!(all().count(), 13);
        for provider in all() {
            let name = provider.name();
            assert!(!name.is_empty() && provider.title().starts_with("Fix: "), "{name}");
            assert!(provider.link().is_some_and(|(_, address)| address.starts_with("https://")), "{name}");
            assert!(provider.notes().next().is_some(), "{name}");
            for remark in provider.not_this() {
                let known = ["bearer", "error", "http", "include", "origin", "public"].contains(&remark.when);
                assert!(known && remark.text.ends_with('.'), "{name}: {remark:?}");
            }
        }
    }
}
