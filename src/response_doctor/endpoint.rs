//! What a URL is at an identity provider: which authorization server, and which of its endpoints.
//!
//! Hosts and paths are public and documented. Where an issuer can't be told from a URL it is left empty, not guessed.

use crate::cors::url;
use crate::text;

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

/// An issuer of the shape that Okta's have: an origin, or `/oauth2/{id}` behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OktaIssuer {
    /// The origin.
    pub origin: String,
    /// The id of the custom authorization server; empty for the org server.
    pub id: String,
    /// Whether the host is one of Okta's own.
    pub is_okta_host: bool,
}

/// Reads a URL, or a path alone. `method` decides nothing but tells `POST /oauth2/v1/clients` from the others.
///
/// ```
/// use tokenscope::response_doctor::endpoint::{What, read};
/// let endpoint = read("https://dev-1234.okta.com/oauth2/default/v1/introspect");
/// assert_eq!((endpoint.what, endpoint.issuer.as_str()), (What::Introspect, "https://dev-1234.okta.com/oauth2/default"));
/// ```
pub fn read(url: &str) -> Endpoint {
    let (origin, path) = origin_and_path(url);
    let host = host(&origin).to_owned();
    let segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).take(MOST_SEGMENTS).collect();
    let place = Place { origin: &origin, host: &host, segments: &segments };
    let (what, is_okta, issuer) = place.okta().or_else(|| place.provider()).or_else(|| place.standard()).map_or_else(
        || (What::Api, is_okta_host(&host), String::new()),
        |found| (found.what, found.is_okta, found.issuer),
    );
    Endpoint { what, is_okta, issuer, origin, path }
}

/// Longer paths are none of an identity provider; only their beginning is looked at.
const MOST_SEGMENTS: usize = 32;

/// Whether a host is of the domains that Okta gives its orgs.
///
/// ```
/// use tokenscope::response_doctor::endpoint::is_okta_host;
/// assert!(is_okta_host("dev-1234.okta.com") && !is_okta_host("okta.com.example.com"));
/// ```
pub fn is_okta_host(host: &str) -> bool {
    const DOMAINS: [&str; 6] =
        [".okta.com", ".oktapreview.com", ".okta-emea.com", ".okta-gov.com", ".okta.mil", ".trex-govcloud.com"];
    DOMAINS.iter().any(|domain| host.strip_suffix(domain).is_some_and(|label| !label.is_empty()))
}

/// The same origin without the `-admin` of Okta's admin console; `None` where there is none.
///
/// ```
/// use tokenscope::response_doctor::endpoint::without_admin;
/// assert_eq!(without_admin("https://dev-1234-admin.okta.com").as_deref(), Some("https://dev-1234.okta.com"));
/// assert_eq!(without_admin("https://dev-1234.okta.com"), None);
/// ```
pub fn without_admin(origin: &str) -> Option<String> {
    let host = host(origin);
    let (label, _) = host.split_once('.')?;
    (is_okta_host(host) && label.ends_with("-admin")).then(|| text::replace(origin, "-admin.", "."))
}

/// An issuer of the shape that Okta's have; `None` for another shape.
pub fn okta_issuer(issuer: &str) -> Option<OktaIssuer> {
    let (scheme, rest) = text::split_once(issuer, "://")?;
    if scheme != "https" && scheme != "http" {
        return None;
    }
    let rest = rest.strip_suffix('/').unwrap_or(rest);
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let id = match path {
        "" => "",
        path => path.strip_prefix("oauth2/").filter(|id| !id.is_empty() && !id.contains('/'))?,
    };
    let origin = [scheme, "://", authority].concat();
    (!authority.is_empty()).then(|| OktaIssuer { is_okta_host: is_okta_host(host(&origin)), origin, id: id.to_owned() })
}

/// The address of an endpoint of an Okta issuer: `introspect`, `keys`, `token`; `None` where the issuer is none of Okta's.
///
/// ```
/// use tokenscope::response_doctor::endpoint::of_okta;
/// let keys = |issuer: &str| of_okta(issuer, "keys").unwrap();
/// assert_eq!(keys("https://dev-1234.okta.com"), "https://dev-1234.okta.com/oauth2/v1/keys");
/// assert_eq!(keys("https://dev-1234.okta.com/oauth2/default"), "https://dev-1234.okta.com/oauth2/default/v1/keys");
/// ```
pub fn of_okta(issuer: &str, name: &str) -> Option<String> {
    let server = okta_issuer(issuer)?;
    match (server.id.as_str(), server.is_okta_host) {
        // Another host alone is any issuer; `/oauth2/{id}` behind it is an Okta org's own domain.
        ("", false) => None,
        ("", true) => Some([&server.origin, "/oauth2/v1/", name].concat()),
        (id, _) => Some([&server.origin, "/oauth2/", id, "/v1/", name].concat()),
    }
}

/// The host of an origin, without the port.
pub fn host(origin: &str) -> &str {
    let authority = text::split_once(origin, "://").map_or("", |(_, authority)| authority);
    authority.split(':').next().unwrap_or_default()
}

/// Origin and path of a URL, without query and fragment. A path alone has no origin.
pub fn origin_and_path(url: &str) -> (String, String) {
    let url = url.trim();
    let bare = url.split(['?', '#']).next().unwrap_or_default();
    if bare.starts_with('/') || bare.is_empty() {
        return (String::new(), bare.to_owned());
    }
    // Without a scheme the first part is a host when it looks like one: `dev-1234.okta.com/api/v1/users`.
    let absolute = if text::contains(bare, "://") {
        bare.to_owned()
    } else if bare.split('/').next().is_some_and(|first| first.contains('.') || first.starts_with("localhost")) {
        ["https://", bare].concat()
    } else {
        return (String::new(), bare.to_owned());
    };
    match url::parse(&absolute).filter(url::Url::is_http) {
        Some(parsed) => (parsed.origin(), parsed.path.split('?').next().unwrap_or_default().to_owned()),
        None => (String::new(), bare.to_owned()),
    }
}

struct Place<'a> {
    origin: &'a str,
    host: &'a str,
    segments: &'a [&'a str],
}

struct Found {
    what: What,
    is_okta: bool,
    issuer: String,
}

/// The last part of a path, and what it asks: Okta's names, then those of others.
const NAMES: [(&str, What); 27] = [
    ("authorize", What::Authorize),
    ("token", What::Token),
    ("introspect", What::Introspect),
    ("revoke", What::Revoke),
    ("userinfo", What::UserInfo),
    ("keys", What::Keys),
    ("logout", What::Logout),
    ("par", What::Other),
    ("device", What::Other),
    ("bc", What::Other),
    ("challenge", What::Other),
    ("oob-authenticate", What::Other),
    ("primary-authenticate", What::Other),
    ("interact", What::Other),
    ("auth", What::Authorize),
    ("userInfo", What::UserInfo),
    ("certs", What::Keys),
    ("jwks", What::Keys),
    ("jwks.json", What::Keys),
    ("introspection", What::Introspect),
    ("revocation", What::Revoke),
    ("endsession", What::Logout),
    ("devicecode", What::Other),
    ("code", What::Other),
    ("register", What::Other),
    ("tokeninfo", What::Introspect),
    ("deviceauthorization", What::Other),
];

/// How many of [`NAMES`] are Okta's.
const OKTA_NAMES: usize = 14;

fn named(name: &str) -> Option<What> {
    NAMES.iter().find(|(known, _)| *known == name).map(|(_, what)| *what)
}

/// The first parts of the paths of Okta's APIs that no other API is likely to have.
const OKTA_APIS: [[&str; 2]; 9] = [
    ["idp", "myaccount"],
    ["governance", "api"],
    ["integrations", "api"],
    ["privileged-access", "api"],
    ["attack-protection", "api"],
    ["okta-personal-settings", "api"],
    ["webauthn-registration", "api"],
    ["device-access", "api"],
    ["security", "api"],
];

/// Hosts of other providers that have paths like Okta's.
const NOT_OKTA: [&str; 3] = [".googleapis.com", ".oraclecloud.com", ".amazoncognito.com"];

impl Place<'_> {
    fn found(&self, what: What, is_okta: bool, path: &[&str]) -> Option<Found> {
        // Without a host there is no issuer to tell.
        let mut issuer = self.origin.to_owned();
        for part in path.iter().filter(|_| !self.origin.is_empty()) {
            issuer.push('/');
            issuer.push_str(part);
        }
        Some(Found { what, is_okta, issuer })
    }

    /// Okta's paths. A custom domain hides the host's name, so the paths of the authorization servers count at any host;
    /// `/api/v1`, which half of all APIs have, counts at Okta's hosts alone.
    fn okta(&self) -> Option<Found> {
        if NOT_OKTA.iter().any(|domain| self.host.ends_with(domain)) {
            return None;
        }
        let at_okta = is_okta_host(self.host);
        let endpoint = |name: &str| NAMES.iter().take(OKTA_NAMES).find(|(known, _)| *known == name).map(|row| row.1);
        match self.segments {
            ["oauth2", "v1", "clients" | "global-token-revocation", ..] => self.api(),
            ["oauth2", "v1", name, ..] => self.found(endpoint(name)?, true, &[]),
            ["oauth2", id, "v1", name, ..] => self.found(endpoint(name)?, true, &["oauth2", id]),
            ["oauth2", id, ".well-known", "openid-configuration" | "oauth-authorization-server"] => {
                self.found(What::Discovery, true, &["oauth2", id])
            }
            ["oauth2", ".well-known", ..] if at_okta => {
                Some(Found { what: What::Discovery, is_okta: true, issuer: String::new() })
            }
            [".well-known", "openid-configuration" | "oauth-authorization-server"] if at_okta => {
                self.found(What::Discovery, true, &[])
            }
            [".well-known", "oauth-authorization-server", "oauth2", id] if at_okta => {
                self.found(What::Discovery, true, &["oauth2", id])
            }
            ["api", "v1", ..] if at_okta => self.api(),
            [first, second, ..] if OKTA_APIS.contains(&[first, second]) => {
                // `/security/api` is no rare path; the others are Okta's alone.
                if at_okta || *first != "security" { self.api() } else { None }
            }
            _ => None,
        }
    }

    fn api(&self) -> Option<Found> {
        Some(Found { what: What::OktaApi, is_okta: true, issuer: String::new() })
    }

    /// Other providers, by their hosts and by paths that only they have.
    fn provider(&self) -> Option<Found> {
        self.entra().or_else(|| self.auth0()).or_else(|| self.google()).or_else(|| self.keycloak()).or_else(|| {
            let [pool, rest @ ..] = self.segments else { return None };
            let is_pool = self.host.starts_with("cognito-idp.") && self.host.ends_with(".amazonaws.com");
            match rest {
                [".well-known", "jwks.json"] if is_pool => self.found(What::Keys, false, &[pool]),
                [".well-known", "openid-configuration"] if is_pool => self.found(What::Discovery, false, &[pool]),
                _ => None,
            }
        })
    }

    /// Microsoft Entra: the tenant is the first part of the path, and only a GUID stands in the issuer.
    fn entra(&self) -> Option<Found> {
        let is_entra =
            ["login.microsoftonline.com", "login.microsoftonline.us", "login.windows.net", "sts.windows.net"]
                .contains(&self.host)
                || self.host == "login.partner.microsoftonline.cn"
                || self.host.ends_with(".b2clogin.com")
                || self.host.ends_with(".ciamlogin.com");
        let [tenant, rest @ ..] = self.segments else { return None };
        if !is_entra {
            return None;
        }
        let last = rest.last()?;
        let what = match *last {
            "openid-configuration" => What::Discovery,
            name => named(name)?,
        };
        let is_second = rest.contains(&"v2.0");
        let has_issuer = is_guid(tenant) && self.host.starts_with("login.microsoftonline.");
        let issuer = match (has_issuer, is_second) {
            (false, _) => String::new(),
            (true, true) => [self.origin, "/", tenant, "/v2.0"].concat(),
            (true, false) => ["https://sts.windows.net/", tenant, "/"].concat(),
        };
        Some(Found { what, is_okta: false, issuer })
    }

    fn auth0(&self) -> Option<Found> {
        if !self.host.ends_with(".auth0.com") {
            return None;
        }
        let what = match self.segments {
            ["authorize"] => What::Authorize,
            ["oauth", "token"] => What::Token,
            ["oauth", "revoke"] => What::Revoke,
            ["oauth", ..] | ["oidc", "register"] => What::Other,
            ["userinfo"] => What::UserInfo,
            ["v2" | "oidc", "logout"] => What::Logout,
            [".well-known", "jwks.json"] => What::Keys,
            [".well-known", "openid-configuration"] => What::Discovery,
            _ => return None,
        };
        // Auth0's issuers end in a slash.
        Some(Found { what, is_okta: false, issuer: [self.origin, "/"].concat() })
    }

    fn google(&self) -> Option<Found> {
        let what = match (self.host, self.segments) {
            ("accounts.google.com", ["o", "oauth2", .., "auth"]) => What::Authorize,
            ("accounts.google.com", [".well-known", "openid-configuration"]) => What::Discovery,
            ("accounts.google.com", ["o", "oauth2", "token"]) | ("oauth2.googleapis.com", ["token"]) => What::Token,
            ("oauth2.googleapis.com", ["revoke"]) => What::Revoke,
            ("oauth2.googleapis.com" | "www.googleapis.com", [.., "tokeninfo"]) => What::Introspect,
            ("openidconnect.googleapis.com" | "www.googleapis.com", [.., "userinfo"]) => What::UserInfo,
            ("www.googleapis.com", ["oauth2", .., "certs"]) => What::Keys,
            _ => return None,
        };
        Some(Found { what, is_okta: false, issuer: "https://accounts.google.com".to_owned() })
    }

    /// Keycloak, wherever it runs: `/realms/{realm}/protocol/openid-connect/…`.
    fn keycloak(&self) -> Option<Found> {
        let at = self.segments.iter().position(|segment| *segment == "realms")?;
        let (issuer, rest) = self.segments.split_at_checked(at + 2)?;
        let what = match rest {
            ["protocol", "openid-connect", "token", "introspect"] => What::Introspect,
            ["protocol", "openid-connect", "auth", "device"] => What::Other,
            ["protocol", "openid-connect", name] => named(name)?,
            [".well-known", "openid-configuration"] => What::Discovery,
            _ => return None,
        };
        self.found(what, false, issuer)
    }

    /// Discovery as OpenID Connect Discovery 1.0 §4 and RFC 8414 §3 place it, and the usual names behind `oauth2`.
    fn standard(&self) -> Option<Found> {
        match self.segments {
            [issuer @ .., ".well-known", "openid-configuration"] => self.found(What::Discovery, false, issuer),
            [".well-known", "oauth-authorization-server", issuer @ ..] => self.found(What::Discovery, false, issuer),
            [.., ".well-known", "jwks.json"] => Some(unknown(What::Keys)),
            [before @ .., name] => {
                let is_server = |part: &str| matches!(part, "oauth" | "oauth2" | "connect" | "openid-connect" | "oidc");
                before.iter().any(|part| is_server(part)).then(|| named(name).map(unknown))?
            }
            [] => None,
        }
    }
}

fn unknown(what: What) -> Found {
    Found { what, is_okta: false, issuer: String::new() }
}

fn is_guid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(url: &str, what: What, is_okta: bool, issuer: &str) {
        let endpoint = read(url);
        assert_eq!((endpoint.what, endpoint.is_okta, endpoint.issuer.as_str()), (what, is_okta, issuer), "{url}");
    }

    #[test]
    fn okta_has_an_org_server_and_custom_ones() {
        let org = "https://dev-1234.okta.com";
        check("https://dev-1234.okta.com/oauth2/v1/token", What::Token, true, org);
        check("https://dev-1234.okta.com/oauth2/v1/keys?client_id=x", What::Keys, true, org);
        check("https://dev-1234.okta.com/.well-known/openid-configuration", What::Discovery, true, org);
        check(
            "https://DEV-1234.okta.com/oauth2/default/v1/authorize",
            What::Authorize,
            true,
            &[org, "/oauth2/default"].concat(),
        );
        check(
            "https://id.example.com/oauth2/aus1abc/v1/userinfo",
            What::UserInfo,
            true,
            "https://id.example.com/oauth2/aus1abc",
        );
        check(
            "https://dev-1234.okta.com/oauth2/aus1/.well-known/oauth-authorization-server",
            What::Discovery,
            true,
            &[org, "/oauth2/aus1"].concat(),
        );
        check("https://dev-1234.okta.com/oauth2/.well-known/openid-configuration", What::Discovery, true, "");
        check("/oauth2/default/v1/introspect", What::Introspect, true, "");
        check("https://dev-1234.okta.com/oauth2/v1/device/authorize", What::Other, true, org);
    }

    #[test]
    fn oktas_apis_are_told_from_other_apis() {
        check("https://dev-1234.okta.com/api/v1/users/me", What::OktaApi, true, "");
        check("dev-1234.oktapreview.com/api/v1/users", What::OktaApi, true, "");
        check("https://dev-1234.okta.com/oauth2/v1/clients", What::OktaApi, true, "");
        check("https://id.example.com/idp/myaccount/profile", What::OktaApi, true, "");
        check("https://api.example.com/api/v1/users", What::Api, false, "");
        check("https://dev-1234.okta.com.example.com/api/v1/users", What::Api, false, "");
        check("/v1/orders", What::Api, false, "");
        check("", What::Api, false, "");
    }

    #[test]
    fn other_providers_are_told_as_far_as_a_url_tells() {
        let guid = "00000000-0000-0000-0000-000000000001";
        let tenant = |rest: &str| ["https://login.microsoftonline.com/", guid, rest].concat();
        check(&tenant("/oauth2/v2.0/token"), What::Token, false, &tenant("/v2.0"));
        check(&tenant("/oauth2/token"), What::Token, false, &["https://sts.windows.net/", guid, "/"].concat());
        check("https://login.microsoftonline.com/common/discovery/v2.0/keys", What::Keys, false, "");
        check("https://dev.eu.auth0.com/oauth/token", What::Token, false, "https://dev.eu.auth0.com/");
        check("https://dev.eu.auth0.com/api/v2/users", What::Api, false, "");
        check("https://www.googleapis.com/oauth2/v1/userinfo", What::UserInfo, false, "https://accounts.google.com");
        check(
            "https://sso.example.com/auth/realms/app/protocol/openid-connect/certs",
            What::Keys,
            false,
            "https://sso.example.com/auth/realms/app",
        );
        check(
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a/.well-known/jwks.json",
            What::Keys,
            false,
            "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_a",
        );
        check("https://app.auth.eu-west-1.amazoncognito.com/oauth2/token", What::Token, false, "");
        check("https://id.example.com/connect/introspect", What::Introspect, false, "");
        check(
            "https://id.example.com/t/.well-known/openid-configuration",
            What::Discovery,
            false,
            "https://id.example.com/t",
        );
    }

    #[test]
    fn the_admin_host_is_told() {
        assert_eq!(without_admin("https://dev-1-admin.okta.com").as_deref(), Some("https://dev-1.okta.com"));
        assert_eq!(without_admin("https://dev-admin.example.com"), None);
        assert_eq!(
            okta_issuer("https://dev-1.okta.com/oauth2/default/").map(|server| server.id).as_deref(),
            Some("default")
        );
        assert_eq!(okta_issuer("https://dev-1.okta.com/a/b"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_url_breaks_it(url in "[a-z:/.?#%{}é-]{0,80}") {
            let endpoint = read(&url);
            proptest::prop_assert!(!endpoint.path.contains(['?', '#']));
        }
    }
}
