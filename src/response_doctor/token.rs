//! The facts of a token that was sent, without a verdict: nothing here verifies a signature.

use super::endpoint;
use super::evidence::SentToken;
use crate::jose::{self, Jose};
use crate::json::{Document, Fault, Kind, Value};
use crate::report::TokenKind;
use crate::text;
use crate::time::{Time, TimeFault};

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
    /// What tells an ID token or another JWT from an access token: the name of a claim, or `typ`. Empty for the others.
    pub sign: &'static str,
    /// Whether it is a refresh token that says so itself, as Keycloak's do.
    pub is_refresh: bool,
    /// Whether it begins like a JWT and is damaged: a part is missing, or its claims can't be read to their end.
    pub is_damaged: bool,
    /// The claims whose time can only be milliseconds, and when that would be.
    pub milliseconds: Vec<(&'static str, Time)>,
    /// What `roles` and `permissions` grant, by the name of the claim.
    pub roles: Vec<(&'static str, Vec<String>)>,
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

impl TokenFacts {
    /// Whether its claims can be read.
    pub fn is_jwt(&self) -> bool {
        matches!(self.what, TokenWhat::Access | TokenWhat::Id | TokenWhat::OtherJwt)
    }

    /// Whether it has a claim of that name.
    pub fn has(&self, claim: &str) -> bool {
        self.claims.iter().any(|name| name == claim)
    }

    /// The scheme that it was sent with is this one, in upper or lower case.
    pub fn was_sent_as(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }
}

/// Claims whose values nobody may repeat more often than this: the names of others are cut off.
const MOST_CLAIMS: usize = 1000;

/// Reads a token's facts; `None` without a token, and for what stands where a token should have been put.
pub fn read(token: &SentToken) -> Option<TokenFacts> {
    let text = bare(&token.text);
    if text.is_empty() || is_placeholder(text) {
        return None;
    }
    let mut facts = TokenFacts { scheme: token.scheme.clone(), ..TokenFacts::default() };
    let jose = jose::read(text);
    let has_header = jose.header.as_ref().and_then(|header| header.root.as_ref()).is_some_and(is_object);
    if jose.kind == TokenKind::Jwe && has_header {
        facts.what = TokenWhat::Encrypted;
        facts.read_header(&jose);
        return Some(facts);
    }
    let has_claims = jose.payload.as_ref().and_then(|payload| payload.root.as_ref()).is_some_and(is_object);
    if !has_header && !has_claims {
        let is_api_token = is_api_token(text) || (facts.was_sent_as("SSWS") && !text.contains('.'));
        facts.what = if is_api_token { TokenWhat::ApiToken } else { TokenWhat::Opaque };
        return Some(facts);
    }
    facts.read_header(&jose);
    facts.is_damaged = !matches!(jose.kind, TokenKind::Jws | TokenKind::Unsecured)
        || !has_header
        || jose.payload.as_ref().is_none_or(|payload| !payload.is_json());
    if let Some(payload) = &jose.payload {
        facts.read_claims(&Claims { payload });
    }
    Some(facts)
}

/// Whether a text stands where a token should have been put: `undefined`, `$TOKEN`, `<access_token>`.
///
/// ```
/// use tokenscope::response_doctor::token::is_placeholder;
/// assert!(is_placeholder("undefined") && is_placeholder("${ACCESS_TOKEN}") && is_placeholder("YOUR_TOKEN_HERE"));
/// assert!(!is_placeholder("eyJhbGciOiJub25lIn0.e30."));
/// ```
pub fn is_placeholder(text: &str) -> bool {
    /// What languages print for a value that is not there, and names that documentation uses.
    const WORDS: [&str; 17] = [
        "undefined",
        "null",
        "nil",
        "none",
        "nan",
        "false",
        "true",
        "[object object]",
        "token",
        "access_token",
        "accesstoken",
        "your_token",
        "your-token",
        "jwt",
        "xxx",
        "...",
        "…",
    ];
    let text = text.trim();
    let lower = text.to_ascii_lowercase();
    let wrapped = [("<", ">"), ("{", "}"), ("${", "}"), ("$(", ")"), ("%", "%"), ("[", "]")];
    WORDS.contains(&lower.as_str())
        || wrapped.iter().any(|(open, close)| text.len() > 2 && text.starts_with(open) && text.ends_with(close))
        || (text.starts_with('$') && text.len() > 1 && !text.contains('.'))
        || (text.len() <= 64 && !text.contains('.') && is_capital_name(text))
        || (lower.len() <= 64 && (lower.starts_with("your_") || lower.starts_with("your-")))
        || (!text.is_empty() && text.chars().all(|character| matches!(character, '*' | '•' | 'x' | 'X' | '.')))
}

/// `ACCESS_TOKEN`, `YOUR_TOKEN_HERE`: capitals and underscores, with the word in it.
fn is_capital_name(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'_' | b'-'))
        && (text::contains(text, "TOKEN") || text::contains(text, "JWT"))
}

/// Okta's API tokens: `00` and 40 more characters, or one or two more or less where a copy lost or gained some.
pub fn is_api_token(text: &str) -> bool {
    (40..=44).contains(&text.len())
        && text.starts_with("00")
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// An id of Okta's with that prefix: `0oa` for a client, `00u` for a user, and 17 more characters.
pub fn is_okta_id(text: &str, prefix: &str) -> bool {
    text.len() == 20 && text.starts_with(prefix) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

/// The token without quotes around it.
fn bare(text: &str) -> &str {
    text.trim().trim_matches(['"', '\'', '`']).trim()
}

fn is_object(value: &Value) -> bool {
    matches!(value.kind, Kind::Object(_))
}

/// The claims that could be read.
struct Claims<'a> {
    payload: &'a Document,
}

impl<'a> Claims<'a> {
    /// The claim, unless the JSON is broken in it or right behind it.
    fn value(&self, name: &str) -> Option<&'a Value> {
        let value = self.payload.member(name)?;
        let broken = |fault: &Fault| fault.kind.is_fatal() && (value.span.start..=value.span.end).contains(&fault.at);
        (!self.payload.faults.iter().any(broken)).then_some(value)
    }

    fn string(&self, name: &str) -> Option<&'a str> {
        self.value(name)?.as_str()
    }

    fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }
}

impl TokenFacts {
    fn read_header(&mut self, jose: &Jose) {
        let Some(header) = &jose.header else { return };
        self.key_id = header.string("kid").unwrap_or_default().to_owned();
        self.token_type = header.string("typ").unwrap_or_default().to_owned();
    }

    fn read_claims(&mut self, claims: &Claims) {
        let text = |name: &str| claims.string(name).unwrap_or_default().to_owned();
        let members = claims.payload.root.as_ref().map(Value::members).unwrap_or_default();
        self.claims = members.iter().take(MOST_CLAIMS).map(|member| member.name.clone()).collect();
        self.issuer = text("iss");
        self.subject = text("sub");
        self.audiences = claims.value("aud").map(words).unwrap_or_default();
        self.client = ["cid", "client_id", "azp", "appid"]
            .iter()
            .find_map(|name| claims.string(name))
            .unwrap_or_default()
            .to_owned();
        self.expires = self.time(claims, "exp");
        self.issued = self.time(claims, "iat");
        self.not_before = self.time(claims, "nbf");
        self.authenticated = self.time(claims, "auth_time");
        for name in ["scp", "scope"] {
            let Some(value) = claims.value(name) else { continue };
            if self.scope_claim.is_empty() {
                self.scope_claim = name;
            }
            self.scopes.get_or_insert_default().extend(scopes(value));
        }
        for name in ["roles", "permissions"] {
            if let Some(value) = claims.value(name) {
                self.roles.push((name, words(value)));
            }
        }
        self.is_dpop_bound = claims.value("cnf").and_then(|cnf| cnf.member("jkt")).is_some();
        self.is_machine = is_machine(claims, &self.client, &self.subject);
        self.read_kind(claims);
        self.read_okta(claims);
    }

    /// A NumericDate. Milliseconds are remembered and taken for no time: whoever reads them as seconds sees a time in a
    /// far future.
    fn time(&mut self, claims: &Claims, name: &'static str) -> Option<Time> {
        let value = claims.value(name)?;
        if value.kind != Kind::Number {
            return None;
        }
        match Time::from_number(&claims.payload.raw(value)) {
            Ok(time) => Some(time),
            Err(TimeFault::Milliseconds(time)) => {
                self.milliseconds.push((name, time));
                None
            }
            Err(TimeFault::OutOfRange) => None,
        }
    }

    /// What it is, by what states it outright before what only belongs to one kind.
    fn read_kind(&mut self, claims: &Claims) {
        let (what, sign) = self.kind(claims);
        self.what = what;
        self.sign = sign;
        self.is_refresh = matches!(claims.string("typ"), Some("Refresh" | "Offline"));
    }

    fn kind(&self, claims: &Claims) -> (TokenWhat, &'static str) {
        use TokenWhat::{Access, Id, OtherJwt};
        let token_type = self.token_type.to_ascii_lowercase();
        let token_type = token_type.strip_prefix("application/").unwrap_or(&token_type);
        // RFC 9068 §2.1, and Okta's own name for the tokens of its org server.
        if matches!(token_type, "at+jwt" | "okta-internal-at+jwt") {
            return (Access, "");
        }
        // RFC 8725 §3.11: every other explicit type names another kind of JWT.
        if token_type.ends_with("+jwt") || token_type.ends_with("+sd-jwt") {
            return (OtherJwt, "typ");
        }
        match (claims.string("typ"), claims.string("token_use")) {
            (Some("ID"), _) => return (Id, "typ"),
            (Some("Refresh" | "Offline"), _) => return (OtherJwt, "typ"),
            (_, Some("id")) => return (Id, "token_use"),
            (Some("Bearer"), _) | (_, Some("access")) => return (Access, ""),
            _ => {}
        }
        match claims.string("jti") {
            Some(id) if id.starts_with("ID.") => return (Id, "jti"),
            Some(id) if id.starts_with("AT.") => return (Access, ""),
            _ => {}
        }
        if claims.has("events") {
            return (OtherJwt, "events");
        }
        if claims.has("htm") && claims.has("htu") {
            return (OtherJwt, "htu");
        }
        if self.scopes.is_some() {
            return (Access, "");
        }
        if let Some(sign) = ["at_hash", "c_hash", "s_hash"].into_iter().find(|name| claims.has(name)) {
            return (Id, sign);
        }
        let audience = match self.audiences.as_slice() {
            [audience] => audience.as_str(),
            _ => "",
        };
        // RFC 7523 §3: a client that speaks for itself is both issuer and subject.
        if !self.issuer.is_empty() && self.issuer == self.subject && claims.has("aud") {
            return (OtherJwt, "sub");
        }
        let is_client = is_okta_id(audience, "0oa") || audience.ends_with(".apps.googleusercontent.com");
        if is_client && !claims.has("cid") {
            return (Id, "aud");
        }
        if claims.has("nonce") { (Id, "nonce") } else { (Access, "") }
    }

    /// Which of Okta's two kinds of authorization server issued it. A custom domain hides the host's name, and then only
    /// Okta's own claims tell.
    fn read_okta(&mut self, claims: &Claims) {
        let Some(server) = endpoint::okta_issuer(&self.issuer) else { return };
        let starts = |name: &str, prefix: &str| claims.string(name).is_some_and(|value| value.starts_with(prefix));
        let is_okta = server.is_okta_host
            || starts("jti", "AT.")
            || starts("jti", "ID.")
            || (starts("cid", "0oa") && claims.has("scp"))
            || text::contains(&self.token_type, "okta-internal-at+jwt");
        self.is_okta_org = is_okta && server.id.is_empty();
        self.is_okta_custom = is_okta && !server.id.is_empty();
    }
}

/// Whether a token speaks for a client alone: the subject is the client, or the provider says so in its own way.
fn is_machine(claims: &Claims, client: &str, subject: &str) -> bool {
    !claims.has("uid")
        && ((!client.is_empty() && client == subject)
            || subject.ends_with("@clients")
            || claims.string("gty") == Some("client-credentials")
            || claims.string("idtyp") == Some("app"))
}

/// The texts of a list, or a text alone.
fn words(value: &Value) -> Vec<String> {
    match value.as_str() {
        Some(text) => vec![text.to_owned()],
        None => value.items().iter().filter_map(Value::as_str).map(str::to_owned).collect(),
    }
}

/// The scopes of a claim: a list, or a text with spaces, which some write with commas.
fn scopes(value: &Value) -> Vec<String> {
    let Some(text) = value.as_str() else { return words(value) };
    let separator = if text.contains(',') && !text.contains(' ') { ',' } else { ' ' };
    text.split(separator).filter(|scope| !scope.is_empty()).map(str::to_owned).collect()
}
