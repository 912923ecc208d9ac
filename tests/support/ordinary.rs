//! Ordinary tokens of all kinds, drawn at random: each is as its issuer makes it, and good.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256, Sha384, Sha512};
use tokenscope::jose::base64url;

use super::oracle::Signer;

/// A random choice of everything: the same seed always draws the same.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    /// A number below that one (SplitMix64).
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % limit as u64) as usize
    }

    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        least + self.below((most - least + 1) as usize) as i64
    }

    /// Whether it comes true, once in so many times.
    pub fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub fn pick<'a>(&mut self, items: &[&'a str]) -> &'a str {
        items[self.below(items.len())]
    }

    fn characters(&mut self, alphabet: &str, length: usize) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..length).map(|_| alphabet[self.below(alphabet.len())]).collect()
    }

    pub fn id(&mut self, length: usize) -> String {
        self.characters("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", length)
    }

    fn url(&mut self, length: usize) -> String {
        self.characters("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", length)
    }

    fn hex(&mut self, length: usize) -> String {
        self.characters("0123456789abcdef", length)
    }

    fn digits(&mut self, length: usize) -> String {
        self.characters("123456789", length)
    }

    fn guid(&mut self) -> String {
        [self.hex(8), self.hex(4), format!("4{}", self.hex(3)), format!("a{}", self.hex(3)), self.hex(12)].join("-")
    }

    fn word(&mut self) -> &'static str {
        self.pick(&["orders", "stock", "billing", "reports", "catalog", "search", "devices", "tickets"])
    }

    /// The name of nobody, in one of several scripts.
    fn person(&mut self) -> &'static str {
        self.pick(&[
            "Test User",
            "Zoë Example",
            "Ünal Beispiel",
            "テスト ユーザー",
            "Тест Пример",
            "علي مثال",
            "O'Example-Ñandú",
            "👩‍🚀 Test",
        ])
    }

    fn email(&mut self) -> String {
        format!("user{}@example.com", self.below(1000))
    }

    fn host(&mut self) -> String {
        format!("{}{}.example.com", self.word(), self.below(100))
    }

    fn some(&mut self, items: &[&str]) -> Vec<String> {
        let count = 1 + self.below(items.len());
        items.iter().take(count).map(|item| (*item).to_owned()).collect()
    }
}

/// A token before it is signed, and what is expected of it.
pub struct Ordinary {
    /// Its kind, for messages.
    pub kind: &'static str,
    pub header: Map<String, Value>,
    pub payload: Map<String, Value>,
    /// The `id` of its profile, where it has one of its own.
    pub profile: Option<&'static str>,
    /// What is appended to the token in the pasted text.
    pub behind: String,
    /// The moment that it is looked at.
    pub now: i64,
    /// The access token and the code that came with it.
    pub access_token: Option<String>,
    pub code: Option<String>,
    /// Which of its signers' keys it is signed with.
    pub key: u8,
    /// The claim that names the client that it was issued to.
    pub client: Option<&'static str>,
    /// The claims that hold its scopes.
    pub scopes: Option<&'static str>,
    /// Whether an API may take it (an access token), or a client (an ID token).
    pub role: Option<tokenscope::role::Role>,
}

impl Ordinary {
    fn new(kind: &'static str, algorithm: &str, header: Value, payload: Value) -> Ordinary {
        let mut whole = Map::new();
        whole.insert("alg".to_owned(), json!(algorithm));
        whole.extend(header.as_object().unwrap().clone());
        Ordinary {
            kind,
            header: whole,
            payload: payload.as_object().unwrap().clone(),
            profile: None,
            behind: String::new(),
            now: 0,
            access_token: None,
            code: None,
            key: 0,
            client: None,
            scopes: None,
            role: None,
        }
    }

    pub fn algorithm(&self) -> &str {
        self.header["alg"].as_str().unwrap()
    }

    fn access(mut self, client: Option<&'static str>, scopes: Option<&'static str>) -> Ordinary {
        (self.client, self.scopes) = (client, scopes);
        self.role = Some(tokenscope::role::Role::Api);
        self
    }

    fn identity(mut self) -> Ordinary {
        self.role = Some(tokenscope::role::Role::Client);
        self
    }

    fn profile(mut self, profile: &'static str) -> Ordinary {
        self.profile = Some(profile);
        self
    }

    fn with(mut self, name: &str, value: Value) -> Ordinary {
        self.payload.insert(name.to_owned(), value);
        self
    }
}

/// The left half of the hash of a value, by the token's algorithm (OpenID Connect Core 1.0 §3.1.3.6).
fn half_hash(algorithm: &str, value: &str) -> String {
    let hash = match algorithm.get(2..) {
        Some("256") => Sha256::digest(value).to_vec(),
        Some("384") => Sha384::digest(value).to_vec(),
        _ => Sha512::digest(value).to_vec(),
    };
    base64url::encode(&hash[..hash.len() / 2])
}

const PUBLIC: [&str; 10] = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"];

fn public(dice: &mut Dice) -> &'static str {
    // Curves are quick to sign with, so they are drawn more often.
    if dice.once_in(3) { dice.pick(&PUBLIC) } else { dice.pick(&["ES256", "ES384", "EdDSA", "Ed25519"]) }
}

type Maker = fn(&mut Dice, i64) -> Ordinary;

/// Every kind. A maker draws a token that is issued at that second; its lifetime is `exp - iat`.
pub const KINDS: &[Maker] = &[
    okta_custom,
    okta_service,
    okta_org,
    okta_identity,
    identity,
    rfc9068,
    rfc9068_client,
    entra_v1,
    entra_v2,
    entra_app,
    entra_identity,
    b2c,
    auth0,
    auth0_machine,
    auth0_identity,
    keycloak,
    keycloak_identity,
    cognito,
    cognito_identity,
    google,
    firebase,
    github,
    gitlab,
    kubernetes,
    apple,
    apple_secret,
    client_assertion,
    client_assertion_new,
    client_secret_assertion,
    dpop_proof,
    logout_token,
    security_event,
    request_object,
    introspection,
    authorization_response,
    identity_grant,
    mtls_bound,
    dpop_bound,
    sd_jwt_vc,
    supabase,
    duende,
    hydra,
    spiffe,
    github_app,
    google_service,
    web_push,
    shared_secret,
];

fn okta_issuer(dice: &mut Dice) -> String {
    let server = if dice.once_in(2) { "default".to_owned() } else { format!("aus{}", dice.id(17)) };
    format!("https://dev-{}.okta.com/oauth2/{server}", dice.digits(7))
}

fn okta_custom(dice: &mut Dice, at: i64) -> Ordinary {
    let refresh = if dice.once_in(3) { format!(".oar{}", dice.id(17)) } else { String::new() };
    let payload = json!({
        "ver": 1, "jti": format!("AT.{}{refresh}", dice.url(43)), "iss": okta_issuer(dice),
        "aud": format!("api://{}", dice.word()), "iat": at, "exp": at + 300 * dice.between(1, 288),
        "cid": format!("0oa{}", dice.id(17)), "uid": format!("00u{}", dice.id(17)),
        "scp": dice.some(&["openid", "profile", "orders.read", "orders.write"]), "auth_time": at - dice.between(0, 30_000),
        "sub": dice.email(),
    });
    let mut made = Ordinary::new("okta custom", "RS256", json!({"kid": dice.url(43)}), payload);
    if dice.once_in(3) {
        made = made.with("groups", json!(["Everyone", dice.word(), dice.person()]));
    }
    made.access(Some("cid"), Some("scp")).profile("okta-at-custom")
}

fn okta_service(dice: &mut Dice, at: i64) -> Ordinary {
    let client = format!("0oa{}", dice.id(17));
    let payload = json!({
        "ver": 1, "jti": format!("AT.{}", dice.url(43)), "iss": okta_issuer(dice), "aud": format!("api://{}", dice.word()),
        "iat": at, "exp": at + 3600, "cid": client, "scp": ["orders.read"], "sub": client,
    });
    Ordinary::new("okta service", "RS256", json!({"kid": dice.url(43)}), payload).access(Some("cid"), Some("scp"))
}

fn okta_org(dice: &mut Dice, at: i64) -> Ordinary {
    let org = format!("https://dev-{}.okta.com", dice.digits(7));
    let payload = json!({
        "ver": 1, "jti": format!("AT.{}", dice.url(43)), "iss": org, "aud": org, "sub": dice.email(), "iat": at,
        "exp": at + 3600, "cid": format!("0oa{}", dice.id(17)), "uid": format!("00u{}", dice.id(17)),
        "scp": ["openid", "okta.users.read.self"], "auth_time": at - dice.between(0, 3000),
    });
    let header = json!({"typ": "application/okta-internal-at+jwt", "kid": dice.url(43)});
    let mut made = Ordinary::new("okta org", "RS256", header, payload).access(Some("cid"), Some("scp"));
    // Nobody but Okta itself is the API.
    made.role = None;
    made
}

fn okta_identity(dice: &mut Dice, at: i64) -> Ordinary {
    let token = dice.url(200);
    let issuer = if dice.once_in(2) { okta_issuer(dice) } else { format!("https://dev-{}.okta.com", dice.digits(7)) };
    let mut payload = json!({
        "sub": format!("00u{}", dice.id(17)), "name": dice.person(), "email": dice.email(), "ver": 1, "iss": issuer,
        "aud": format!("0oa{}", dice.id(17)), "iat": at, "exp": at + 3600, "jti": format!("ID.{}", dice.url(43)),
        "amr": ["pwd"], "idp": format!("00o{}", dice.id(17)), "nonce": dice.url(22), "preferred_username": dice.email(),
        "auth_time": at - dice.between(0, 3000), "at_hash": half_hash("RS256", &token),
    });
    if dice.once_in(3) {
        payload["sid"] = json!(dice.url(20));
    }
    let mut made = Ordinary::new("okta id", "RS256", json!({"kid": dice.url(43)}), payload).identity();
    made.access_token = dice.once_in(2).then_some(token);
    made.profile("okta-id")
}

fn identity(dice: &mut Dice, at: i64) -> Ordinary {
    let algorithm = public(dice);
    let (token, code) = (dice.url(60), dice.url(40));
    let payload = json!({
        "iss": format!("https://{}", dice.host()), "sub": dice.id(20), "aud": dice.url(24), "iat": at,
        "exp": at + dice.between(300, 3600), "auth_time": at - dice.between(0, 20_000), "nonce": dice.url(22),
        "acr": "urn:mace:incommon:iap:silver", "amr": ["pwd", "otp"], "name": dice.person(), "email": dice.email(),
        "email_verified": true, "locale": "de",
    });
    let mut made = Ordinary::new("oidc id", algorithm, json!({"kid": dice.id(8), "typ": "JWT"}), payload).identity();
    if dice.once_in(2) {
        made = made.with("at_hash", json!(half_hash(algorithm, &token)));
        made.access_token = Some(token);
    }
    if dice.once_in(3) {
        made = made.with("c_hash", json!(half_hash(algorithm, &code)));
        made.code = Some(code);
    }
    made.profile("oidc-id-token")
}

fn rfc9068(dice: &mut Dice, at: i64) -> Ordinary {
    let payload = json!({
        "iss": format!("https://{}", dice.host()), "sub": dice.id(20), "aud": format!("https://{}/{}", dice.host(), dice.word()),
        "exp": at + dice.between(60, 7200), "iat": at, "jti": dice.url(22), "client_id": dice.url(20),
        "scope": dice.some(&["orders.read", "orders.write", "profile"]).join(" "), "auth_time": at - dice.between(0, 9000),
        "roles": dice.some(&["buyer", "approver"]),
    });
    let kid = dice.id(8);
    let header = json!({"typ": dice.pick(&["at+jwt", "application/at+jwt"]), "kid": kid});
    let algorithm = public(dice);
    Ordinary::new("rfc9068", algorithm, header, payload).access(Some("client_id"), Some("scope")).profile("rfc9068")
}

fn rfc9068_client(dice: &mut Dice, at: i64) -> Ordinary {
    let client = dice.url(20);
    let payload = json!({
        "iss": format!("https://{}", dice.host()), "sub": client, "aud": [format!("https://{}", dice.host())],
        "exp": at + dice.between(60, 3600), "iat": at, "nbf": at, "jti": dice.guid(), "client_id": client, "scope": "orders.read",
    });
    let algorithm = public(dice);
    Ordinary::new("rfc9068 client", algorithm, json!({"typ": "at+jwt", "kid": dice.id(8)}), payload)
        .access(Some("client_id"), Some("scope"))
}

fn entra_v1(dice: &mut Dice, at: i64) -> Ordinary {
    let (tenant, kid) = (dice.guid(), dice.url(27));
    let payload = json!({
        "aud": format!("api://{}", dice.guid()), "iss": format!("https://sts.windows.net/{tenant}/"), "iat": at, "nbf": at,
        "exp": at + dice.between(3600, 5400), "acr": "1", "aio": dice.url(40), "amr": ["pwd", "mfa"], "appid": dice.guid(),
        "appidacr": "0", "family_name": dice.person(), "given_name": dice.person(), "ipaddr": "203.0.113.7",
        "name": dice.person(), "oid": dice.guid(), "rh": format!("0.A{}.", dice.url(20)), "scp": "Orders.Read Orders.Write",
        "sub": dice.url(43), "tid": tenant, "unique_name": dice.email(), "upn": dice.email(), "uti": dice.url(22), "ver": "1.0",
    });
    Ordinary::new("entra v1", "RS256", json!({"typ": "JWT", "x5t": kid, "kid": kid}), payload)
        .access(Some("appid"), Some("scp"))
}

fn entra_v2(dice: &mut Dice, at: i64) -> Ordinary {
    let tenant = dice.guid();
    let payload = json!({
        "aud": dice.guid(), "iss": format!("https://login.microsoftonline.com/{tenant}/v2.0"), "iat": at, "nbf": at,
        "exp": at + dice.between(3600, 5400), "aio": dice.url(40), "azp": dice.guid(), "azpacr": "0", "name": dice.person(),
        "oid": dice.guid(), "preferred_username": dice.email(), "rh": format!("0.A{}.", dice.url(20)), "scp": "Orders.Read",
        "sid": dice.guid(), "sub": dice.url(43), "tid": tenant, "uti": dice.url(22), "ver": "2.0",
    });
    Ordinary::new("entra v2", "RS256", json!({"typ": "JWT", "kid": dice.url(27)}), payload)
        .access(Some("azp"), Some("scp"))
}

fn entra_app(dice: &mut Dice, at: i64) -> Ordinary {
    let (tenant, app) = (dice.guid(), dice.guid());
    let payload = json!({
        "aud": dice.guid(), "iss": format!("https://login.microsoftonline.com/{tenant}/v2.0"), "iat": at, "nbf": at,
        "exp": at + 3900, "aio": dice.url(40), "azp": dice.guid(), "azpacr": "1", "oid": app, "rh": format!("0.A{}.", dice.url(20)),
        "roles": ["Orders.Read.All"], "sub": app, "tid": tenant, "uti": dice.url(22), "ver": "2.0", "idtyp": "app",
    });
    Ordinary::new("entra app", "RS256", json!({"typ": "JWT", "kid": dice.url(27)}), payload).access(Some("azp"), None)
}

fn entra_identity(dice: &mut Dice, at: i64) -> Ordinary {
    let tenant = dice.guid();
    let payload = json!({
        "ver": "2.0", "iss": format!("https://login.microsoftonline.com/{tenant}/v2.0"), "sub": dice.url(43), "aud": dice.guid(),
        "exp": at + 3900, "iat": at, "nbf": at, "name": dice.person(), "preferred_username": dice.email(), "oid": dice.guid(),
        "tid": tenant, "nonce": dice.guid(), "aio": dice.url(40), "uti": dice.url(22), "rh": format!("0.A{}.", dice.url(20)),
    });
    Ordinary::new("entra id", "RS256", json!({"typ": "JWT", "kid": dice.url(27)}), payload).identity()
}

fn b2c(dice: &mut Dice, at: i64) -> Ordinary {
    let tenant = dice.guid();
    let payload = json!({
        "ver": "1.0", "iss": format!("https://contoso-test.b2clogin.com/{tenant}/v2.0/"), "sub": dice.guid(), "aud": dice.guid(),
        "exp": at + 3600, "nonce": dice.url(20), "iat": at, "nbf": at, "auth_time": at, "name": dice.person(), "emails": [dice.email()],
        "tfp": "B2C_1_signin",
    });
    Ordinary::new("b2c", "RS256", json!({"typ": "JWT", "kid": dice.url(43)}), payload).identity()
}

fn auth0_issuer(dice: &mut Dice) -> String {
    let region = dice.pick(&["us.", "eu.", "au."]);
    format!("https://dev-{}.{region}auth0.com/", dice.hex(8))
}

fn auth0(dice: &mut Dice, at: i64) -> Ordinary {
    let issuer = auth0_issuer(dice);
    let payload = json!({
        "iss": issuer, "sub": format!("auth0|{}", dice.hex(24)), "aud": [format!("https://{}", dice.host()), format!("{issuer}userinfo")],
        "iat": at, "exp": at + 86_400, "scope": "openid profile orders:read", "azp": dice.id(32), "permissions": ["orders:read"],
        "https://app.example/roles": [dice.person()],
    });
    Ordinary::new("auth0", "RS256", json!({"typ": "JWT", "kid": dice.url(21)}), payload)
        .access(Some("azp"), Some("scope"))
}

fn auth0_machine(dice: &mut Dice, at: i64) -> Ordinary {
    let client = dice.id(32);
    let payload = json!({
        "iss": auth0_issuer(dice), "sub": format!("{client}@clients"), "aud": format!("https://{}/", dice.host()), "iat": at,
        "exp": at + 86_400, "scope": "orders:read", "gty": "client-credentials", "azp": client,
    });
    Ordinary::new("auth0 machine", "RS256", json!({"typ": "JWT", "kid": dice.url(21)}), payload)
        .access(Some("azp"), Some("scope"))
}

fn auth0_identity(dice: &mut Dice, at: i64) -> Ordinary {
    let payload = json!({
        "nickname": "test", "name": dice.person(), "picture": "https://app.example/p.png", "updated_at": "2026-11-01T10:00:00.000Z",
        "email": dice.email(), "email_verified": true, "iss": auth0_issuer(dice), "aud": dice.id(32),
        "sub": format!("google-oauth2|{}", dice.digits(21)), "iat": at, "exp": at + 36_000, "sid": dice.url(32), "nonce": dice.url(43),
    });
    Ordinary::new("auth0 id", "RS256", json!({"typ": "JWT", "kid": dice.url(21)}), payload).identity()
}

fn keycloak(dice: &mut Dice, at: i64) -> Ordinary {
    let payload = json!({
        "exp": at + dice.between(60, 1800), "iat": at, "auth_time": at - 10, "jti": format!("onrtac:{}", dice.guid()),
        "iss": format!("https://{}/realms/{}", dice.host(), dice.word()), "aud": [dice.word(), "account"], "sub": dice.guid(),
        "typ": "Bearer", "azp": "web-app", "sid": dice.guid(), "acr": "1", "allowed-origins": ["https://app.example"],
        "realm_access": {"roles": ["offline_access", "uma_authorization", dice.person()]},
        "resource_access": {"account": {"roles": ["manage-account", "view-profile"]}}, "scope": "openid email profile",
        "email_verified": true, "name": dice.person(), "preferred_username": "test", "email": dice.email(),
    });
    let algorithm = dice.pick(&["RS256", "ES256", "PS256"]);
    Ordinary::new("keycloak", algorithm, json!({"typ": "JWT", "kid": dice.url(43)}), payload)
        .access(Some("azp"), Some("scope"))
}

fn keycloak_identity(dice: &mut Dice, at: i64) -> Ordinary {
    let client = "web-app";
    let token = dice.url(300);
    let payload = json!({
        "exp": at + 300, "iat": at, "auth_time": at - 10, "jti": dice.guid(), "iss": format!("https://{}/realms/{}", dice.host(), dice.word()),
        "aud": client, "sub": dice.guid(), "typ": "ID", "azp": client, "nonce": dice.guid(), "sid": dice.guid(),
        "at_hash": half_hash("RS256", &token), "acr": "1", "email_verified": true, "name": dice.person(), "preferred_username": "test",
    });
    let mut made =
        Ordinary::new("keycloak id", "RS256", json!({"typ": "JWT", "kid": dice.url(43)}), payload).identity();
    made.access_token = dice.once_in(2).then_some(token);
    made
}

fn cognito_issuer(dice: &mut Dice) -> String {
    format!("https://cognito-idp.eu-central-1.amazonaws.com/eu-central-1_{}", dice.id(9))
}

fn cognito(dice: &mut Dice, at: i64) -> Ordinary {
    let payload = json!({
        "sub": dice.guid(), "cognito:groups": ["admins"], "iss": cognito_issuer(dice), "version": 2, "client_id": dice.id(26),
        "origin_jti": dice.guid(), "event_id": dice.guid(), "token_use": "access", "scope": "aws.cognito.signin.user.admin openid",
        "auth_time": at, "exp": at + 3600, "iat": at, "jti": dice.guid(), "username": dice.guid(),
    });
    Ordinary::new("cognito", "RS256", json!({"kid": dice.url(43)}), payload).access(Some("client_id"), Some("scope"))
}

fn cognito_identity(dice: &mut Dice, at: i64) -> Ordinary {
    let token = dice.url(300);
    let payload = json!({
        "at_hash": half_hash("RS256", &token), "sub": dice.guid(), "email_verified": true, "iss": cognito_issuer(dice),
        "cognito:username": "test", "origin_jti": dice.guid(), "aud": dice.id(26), "event_id": dice.guid(), "token_use": "id",
        "auth_time": at, "exp": at + 3600, "iat": at, "jti": dice.guid(), "email": dice.email(),
    });
    let mut made = Ordinary::new("cognito id", "RS256", json!({"kid": dice.url(43)}), payload).identity();
    made.access_token = dice.once_in(2).then_some(token);
    made
}

fn google(dice: &mut Dice, at: i64) -> Ordinary {
    let client = format!("{}-{}.apps.googleusercontent.com", dice.digits(12), dice.hex(32));
    let payload = json!({
        "iss": dice.pick(&["https://accounts.google.com", "accounts.google.com"]), "azp": client, "aud": client,
        "sub": dice.digits(21), "hd": "example.com", "email": dice.email(), "email_verified": true, "nonce": dice.url(22),
        "nbf": at, "name": dice.person(), "picture": "https://app.example/p", "given_name": dice.person(), "iat": at, "exp": at + 3600,
        "jti": dice.hex(40),
    });
    Ordinary::new("google", "RS256", json!({"kid": dice.hex(40), "typ": "JWT"}), payload).identity()
}

fn firebase(dice: &mut Dice, at: i64) -> Ordinary {
    let (project, user) = (format!("test-{}", dice.hex(5)), dice.id(28));
    let payload = json!({
        "name": dice.person(), "iss": format!("https://securetoken.google.com/{project}"), "aud": project, "auth_time": at - 100,
        "user_id": user, "sub": user, "iat": at, "exp": at + 3600, "email": dice.email(), "email_verified": false,
        "firebase": {"identities": {"email": [dice.email()]}, "sign_in_provider": "password"},
    });
    // Firebase has no access tokens: its ID tokens are sent to APIs.
    let made = Ordinary::new("firebase", "RS256", json!({"kid": dice.hex(40), "typ": "JWT"}), payload).identity();
    Ordinary { role: None, ..made }
}

fn github(dice: &mut Dice, at: i64) -> Ordinary {
    let repository = format!("example-org/{}", dice.word());
    let payload = json!({
        "jti": dice.guid(), "sub": format!("repo:{repository}:ref:refs/heads/main"), "aud": "https://github.com/example-org",
        "ref": "refs/heads/main", "sha": dice.hex(40), "repository": repository, "repository_owner": "example-org",
        "repository_owner_id": dice.digits(6), "run_id": dice.digits(10), "run_number": "7", "run_attempt": "1",
        "repository_visibility": "private", "repository_id": dice.digits(9), "actor_id": dice.digits(6), "actor": "test-user",
        "workflow": dice.person(), "head_ref": "", "base_ref": "", "event_name": "push", "ref_protected": "true", "ref_type": "branch",
        "workflow_ref": format!("{repository}/.github/workflows/ci.yml@refs/heads/main"), "workflow_sha": dice.hex(40),
        "job_workflow_ref": format!("{repository}/.github/workflows/ci.yml@refs/heads/main"), "job_workflow_sha": dice.hex(40),
        "runner_environment": "github-hosted", "iss": "https://token.actions.githubusercontent.com", "nbf": at - 600,
        "exp": at + 300, "iat": at,
    });
    Ordinary::new("github actions", "RS256", json!({"typ": "JWT", "kid": dice.guid(), "x5t": dice.url(27)}), payload)
}

fn gitlab(dice: &mut Dice, at: i64) -> Ordinary {
    let payload = json!({
        "namespace_id": "72", "namespace_path": "example-group", "project_id": "20", "project_path": "example-group/app",
        "user_id": "1", "user_login": "test", "user_email": dice.email(), "pipeline_id": "574", "pipeline_source": "push",
        "job_id": "302", "ref": "main", "ref_type": "branch", "ref_path": "refs/heads/main", "ref_protected": "true",
        "runner_id": 1, "runner_environment": "gitlab-hosted", "sha": dice.hex(40), "jti": dice.guid(), "iss": "https://gitlab.com",
        "iat": at, "nbf": at - 5, "exp": at + 3600, "sub": "project_path:example-group/app:ref_type:branch:ref:main",
        "aud": format!("https://{}", dice.host()),
    });
    Ordinary::new("gitlab", "RS256", json!({"typ": "JWT", "kid": dice.url(43)}), payload)
}

fn kubernetes(dice: &mut Dice, at: i64) -> Ordinary {
    let payload = json!({
        "aud": ["https://kubernetes.default.svc"], "exp": at + 3607, "iat": at, "iss": "https://kubernetes.default.svc",
        "jti": dice.guid(), "kubernetes.io": {"namespace": "default", "node": {"name": "node-1", "uid": dice.guid()},
        "pod": {"name": "web-0", "uid": dice.guid()}, "serviceaccount": {"name": "web", "uid": dice.guid()}},
        "nbf": at, "sub": "system:serviceaccount:default:web",
    });
    Ordinary::new("kubernetes", "RS256", json!({"kid": dice.url(43)}), payload)
}

fn apple(dice: &mut Dice, at: i64) -> Ordinary {
    let token = dice.url(60);
    let payload = json!({
        "iss": "https://appleid.apple.com", "aud": "com.example.app", "exp": at + 86_400, "iat": at,
        "sub": format!("{}.{}.{}", dice.digits(6), dice.hex(32), dice.digits(4)), "nonce": dice.hex(64),
        "at_hash": half_hash("RS256", &token), "email": dice.email(), "email_verified": if dice.once_in(2) { json!("true") } else { json!(true) },
        "is_private_email": "true", "auth_time": at, "nonce_supported": true, "real_user_status": 2,
    });
    Ordinary::new("apple", "RS256", json!({"kid": dice.id(10)}), payload).identity()
}

fn apple_secret(dice: &mut Dice, at: i64) -> Ordinary {
    let payload = json!({
        "iss": dice.id(10).to_uppercase(), "iat": at, "exp": at + 15_000_000, "aud": "https://appleid.apple.com", "sub": "com.example.app",
    });
    Ordinary::new("apple secret", "ES256", json!({"kid": dice.id(10)}), payload)
}

fn client_assertion(dice: &mut Dice, at: i64) -> Ordinary {
    let client = format!("0oa{}", dice.id(17));
    let payload = json!({
        "iss": client, "sub": client, "aud": format!("{}/v1/token", okta_issuer(dice)), "exp": at + dice.between(30, 3600), "iat": at,
        "jti": dice.guid(),
    });
    let algorithm = public(dice);
    Ordinary::new("client assertion", algorithm, json!({"kid": dice.id(12)}), payload).profile("client-assertion")
}

fn client_assertion_new(dice: &mut Dice, at: i64) -> Ordinary {
    let client = dice.url(20);
    let payload = json!({
        "iss": client, "sub": client, "aud": format!("https://{}", dice.host()), "exp": at + 300, "iat": at, "jti": dice.guid(),
    });
    let algorithm = public(dice);
    let header = json!({"typ": "client-authentication+jwt", "kid": dice.id(12)});
    Ordinary::new("client assertion, new form", algorithm, header, payload).profile("client-assertion")
}

fn client_secret_assertion(dice: &mut Dice, at: i64) -> Ordinary {
    let client = dice.url(20);
    let payload = json!({
        "iss": client, "sub": client, "aud": format!("https://{}/token", dice.host()), "exp": at + 300, "iat": at, "jti": dice.guid(),
    });
    Ordinary::new("client assertion by secret", "HS256", json!({}), payload).profile("client-assertion")
}

fn dpop_proof(dice: &mut Dice, at: i64) -> Ordinary {
    let algorithm = dice.pick(&["ES256", "ES384", "EdDSA", "Ed25519", "RS256", "PS256"]);
    let key = dice.below(4) as u8;
    let jwk: Value = serde_json::from_str(&Signer::of(algorithm, key).jwk("")).unwrap();
    let token = dice.url(80);
    let mut payload = json!({
        "jti": dice.url(22), "htm": dice.pick(&["GET", "POST", "DELETE"]), "htu": format!("https://{}/{}", dice.host(), dice.word()), "iat": at,
    });
    let with_token = dice.once_in(2);
    if with_token {
        payload["ath"] = json!(base64url::encode(&Sha256::digest(&token)));
    }
    if dice.once_in(2) {
        payload["nonce"] = json!(dice.url(20));
    }
    let mut made = Ordinary::new("dpop proof", algorithm, json!({"typ": "dpop+jwt", "jwk": jwk}), payload);
    made.key = key;
    made.access_token = with_token.then_some(token);
    made.profile("dpop-proof")
}

fn logout_token(dice: &mut Dice, at: i64) -> Ordinary {
    let mut payload = json!({
        "iss": format!("https://{}", dice.host()), "aud": dice.url(20), "iat": at, "exp": at + 120, "jti": dice.guid(),
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    });
    payload[dice.pick(&["sub", "sid"])] = json!(dice.url(20));
    let algorithm = public(dice);
    Ordinary::new("logout token", algorithm, json!({"typ": "logout+jwt", "kid": dice.id(8)}), payload)
        .profile("logout-token")
}

fn security_event(dice: &mut Dice, at: i64) -> Ordinary {
    let payload = json!({
        "iss": format!("https://{}", dice.host()), "aud": format!("https://{}", dice.host()), "iat": at, "jti": dice.guid(), "txn": dice.guid(),
        "sub_id": {"format": "email", "email": dice.email()},
        "events": {"https://schemas.openid.net/secevent/caep/event-type/session-revoked": {"event_timestamp": at}},
    });
    let algorithm = public(dice);
    Ordinary::new("security event", algorithm, json!({"typ": "secevent+jwt", "kid": dice.id(8)}), payload)
        .profile("set")
}

fn request_object(dice: &mut Dice, at: i64) -> Ordinary {
    let client = dice.url(20);
    let payload = json!({
        "iss": client, "aud": format!("https://{}", dice.host()), "exp": at + 300, "iat": at, "jti": dice.guid(), "response_type": "code",
        "client_id": client, "redirect_uri": "https://app.example/callback", "scope": "openid profile", "state": dice.url(20),
        "nonce": dice.url(20), "code_challenge": dice.url(43), "code_challenge_method": "S256",
    });
    let algorithm = public(dice);
    Ordinary::new("request object", algorithm, json!({"typ": "oauth-authz-req+jwt", "kid": dice.id(8)}), payload)
        .profile("request-object")
}

fn introspection(dice: &mut Dice, at: i64) -> Ordinary {
    let inner = if dice.once_in(3) {
        json!({"active": false})
    } else {
        json!({"active": true, "client_id": dice.url(20), "scope": "orders.read", "exp": at + 600, "sub": dice.id(12)})
    };
    let payload = json!({
        "iss": format!("https://{}", dice.host()), "aud": format!("https://{}", dice.host()), "iat": at, "token_introspection": inner,
    });
    let algorithm = public(dice);
    Ordinary::new("introspection", algorithm, json!({"typ": "token-introspection+jwt", "kid": dice.id(8)}), payload)
        .profile("introspection-jwt")
}

fn authorization_response(dice: &mut Dice, at: i64) -> Ordinary {
    let payload = json!({
        "iss": format!("https://{}", dice.host()), "aud": dice.url(20), "exp": at + dice.between(60, 600), "code": dice.url(40),
        "state": dice.url(20),
    });
    let algorithm = public(dice);
    Ordinary::new("authorization response", algorithm, json!({"kid": dice.id(8)}), payload).profile("jarm")
}

fn identity_grant(dice: &mut Dice, at: i64) -> Ordinary {
    let payload = json!({
        "iss": format!("https://{}", dice.host()), "sub": dice.id(20), "aud": format!("https://{}", dice.host()), "client_id": dice.url(20),
        "jti": dice.guid(), "exp": at + 300, "iat": at, "scope": "orders.read", "resource": format!("https://{}", dice.host()),
    });
    let algorithm = public(dice);
    let header = json!({"typ": "oauth-id-jag+jwt", "kid": dice.id(8)});
    Ordinary::new("identity grant", algorithm, header, payload).profile("jwt-bearer-grant")
}

fn mtls_bound(dice: &mut Dice, at: i64) -> Ordinary {
    let mut made = rfc9068(dice, at).with("cnf", json!({"x5t#S256": dice.url(42) + "A"}));
    (made.kind, made.profile) = ("mtls bound", None);
    made
}

fn dpop_bound(dice: &mut Dice, at: i64) -> Ordinary {
    let mut made = rfc9068(dice, at).with("cnf", json!({"jkt": dice.url(42) + "A"}));
    (made.kind, made.profile) = ("dpop bound", None);
    made
}

fn sd_jwt_vc(dice: &mut Dice, at: i64) -> Ordinary {
    let name = dice.person();
    let salt = dice.url(22);
    let disclosure = base64url::encode(json!([salt, "given_name", name]).to_string().as_bytes());
    let payload = json!({
        "iss": format!("https://{}", dice.host()), "vct": "https://credentials.example.com/identity", "iat": at, "nbf": at,
        "exp": at + 31_000_000, "_sd_alg": "sha-256", "_sd": [base64url::encode(&Sha256::digest(&disclosure))],
        "cnf": {"jwk": serde_json::from_str::<Value>(&Signer::of("ES256", 3).jwk("")).unwrap()},
    });
    let mut made = Ordinary::new("sd-jwt vc", "ES256", json!({"typ": "dc+sd-jwt", "kid": dice.id(8)}), payload);
    made.behind = format!("~{disclosure}~");
    made.profile("sd-jwt-vc")
}

fn supabase(dice: &mut Dice, at: i64) -> Ordinary {
    let payload = json!({
        "iss": format!("https://{}.supabase.co/auth/v1", dice.hex(20)), "sub": dice.guid(), "aud": "authenticated", "exp": at + 3600,
        "iat": at, "email": dice.email(), "phone": "", "app_metadata": {"provider": "email", "providers": ["email"]},
        "user_metadata": {"name": dice.person()}, "role": "authenticated", "aal": "aal1", "amr": [{"method": "password", "timestamp": at}],
        "session_id": dice.guid(), "is_anonymous": false,
    });
    let algorithm = dice.pick(&["ES256", "HS256"]);
    Ordinary::new("supabase", algorithm, json!({"typ": "JWT", "kid": dice.guid()}), payload).access(None, None)
}

fn duende(dice: &mut Dice, at: i64) -> Ordinary {
    let payload = json!({
        "iss": format!("https://{}", dice.host()), "nbf": at, "iat": at, "exp": at + 3600, "aud": dice.word(), "scope": ["openid", "orders"],
        "amr": ["pwd"], "client_id": "interactive", "sub": dice.digits(5), "auth_time": at - 5, "idp": "local", "sid": dice.hex(32), "jti": dice.hex(32),
    });
    Ordinary::new("duende", "RS256", json!({"kid": dice.hex(32), "typ": "at+jwt"}), payload)
        .access(Some("client_id"), Some("scope"))
}

fn hydra(dice: &mut Dice, at: i64) -> Ordinary {
    let payload = json!({
        "aud": [format!("https://{}", dice.host())], "client_id": dice.guid(), "exp": at + 3599, "ext": {}, "iat": at,
        "iss": format!("https://{}", dice.host()), "jti": dice.guid(), "nbf": at, "scp": ["openid", "offline"], "sub": dice.guid(),
    });
    Ordinary::new("hydra", "RS256", json!({"kid": dice.guid(), "typ": "JWT"}), payload)
        .access(Some("client_id"), Some("scp"))
}

fn spiffe(dice: &mut Dice, at: i64) -> Ordinary {
    let payload = json!({
        "sub": format!("spiffe://example.org/ns/default/sa/{}", dice.word()), "aud": [dice.word()], "exp": at + 300, "iat": at,
    });
    let algorithm = dice.pick(&["ES256", "RS256"]);
    Ordinary::new("spiffe", algorithm, json!({"kid": dice.id(32), "typ": "JWT"}), payload)
}

fn github_app(dice: &mut Dice, at: i64) -> Ordinary {
    Ordinary::new(
        "github app",
        "RS256",
        json!({"typ": "JWT"}),
        json!({"iat": at, "exp": at + 540, "iss": dice.digits(6)}),
    )
}

fn google_service(dice: &mut Dice, at: i64) -> Ordinary {
    let payload = json!({
        "iss": format!("test@project-{}.iam.gserviceaccount.com", dice.hex(4)), "scope": "https://www.googleapis.com/auth/devstorage.read_only",
        "aud": "https://oauth2.googleapis.com/token", "exp": at + 3600, "iat": at,
    });
    Ordinary::new("google service account", "RS256", json!({"typ": "JWT", "kid": dice.hex(40)}), payload)
}

fn web_push(dice: &mut Dice, at: i64) -> Ordinary {
    let payload =
        json!({"aud": format!("https://{}", dice.host()), "exp": at + 43_200, "sub": "mailto:push@example.com"});
    Ordinary::new("web push", "ES256", json!({"typ": "JWT"}), payload)
}

fn shared_secret(dice: &mut Dice, at: i64) -> Ordinary {
    let payload = json!({
        "iss": format!("https://{}", dice.host()), "sub": dice.person(), "aud": dice.word(), "iat": at, "nbf": at, "exp": at + dice.between(60, 86_400),
        "jti": dice.guid(),
    });
    let algorithm = dice.pick(&["HS256", "HS384", "HS512"]);
    Ordinary::new("shared secret", algorithm, json!({"typ": "JWT"}), payload)
}
