//! The examples: tokens signed here and now, and the expectations that go with them.
//!
//! The private key below is public on purpose: it signs nothing but examples, for an issuer that cannot exist. Its public
//! half is served as `example/jwks.json` and fetched like any other key set.

use wasm_bindgen_futures::spawn_local;

use super::expectations::set_value;
use super::{Event, Page, dom, keys, send};
use crate::browser::{clock, subtle};
use crate::discovery::{Guard, public_url};
use crate::inspect::Fetch;
use crate::jose::algorithm::Algorithm;
use crate::jose::base64url;

const PRIVATE_JWK: &str = include_str!("examples/demonstration-key.json");
const SECRET: &str = "a-demonstration-secret-of-43-characters-long";
const ISSUER: &str = "https://demo.tokenscope.example";
const AUDIENCE: &str = "api://orders";

/// An example: what it changes about a good token.
struct Row {
    name: &'static str,
    audience: &'static str,
    /// Seconds from now to `exp`.
    expires: i64,
    tampered: bool,
    algorithm: &'static str,
}

const ROWS: [Row; 5] = [
    Row { name: "good", audience: AUDIENCE, expires: 3000, tampered: false, algorithm: "ES256" },
    Row { name: "expired", audience: AUDIENCE, expires: -192, tampered: false, algorithm: "ES256" },
    Row { name: "audience", audience: "api://default", expires: 3000, tampered: false, algorithm: "ES256" },
    Row { name: "tampered", audience: AUDIENCE, expires: 3000, tampered: true, algorithm: "ES256" },
    Row { name: "hs256", audience: AUDIENCE, expires: 3000, tampered: false, algorithm: "HS256" },
];

/// A signed example.
pub struct Example {
    token: String,
    shared_secret: bool,
}

impl Page {
    /// Signs an example; the page shows it when that is done.
    pub(super) fn load_example(&mut self, name: &str) {
        let Some(row) = ROWS.iter().find(|row| row.name == name) else { return };
        let now = clock::now().seconds();
        spawn_local(async move {
            let key = if row.algorithm == "HS256" { secret_jwk() } else { PRIVATE_JWK.to_owned() };
            let payload = payload(row, now, "orders.read");
            let signed =
                [&base64url::encode(header(row).as_bytes()), ".", &base64url::encode(payload.as_bytes())].concat();
            let Some(algorithm) = Algorithm::named(row.algorithm) else { return };
            let Some(signature) = subtle::sign(algorithm, &key, signed.as_bytes()).await else {
                return send(Event::ExampleFault);
            };
            let mut token = signed;
            if row.tampered {
                // What an attacker would like: more rights, under the old signature.
                let payload = self::payload(row, now, "orders.read orders.write");
                token =
                    [&base64url::encode(header(row).as_bytes()), ".", &base64url::encode(payload.as_bytes())].concat();
            }
            token.push('.');
            token.push_str(&base64url::encode(&signature));
            send(Event::Signed(Example { token, shared_secret: row.algorithm == "HS256" }));
        });
    }

    /// Fills the form for an example and shows it. The press that chose it said where the key comes from, so the key set
    /// is fetched at once.
    pub(super) fn show_example(&mut self, example: Example) {
        let base = dom::document().base_uri().ok().flatten().unwrap_or_default();
        let base = base.split(['#', '?']).next().unwrap_or_default();
        let directory = base.rsplit_once('/').map_or(base, |(directory, _)| directory);
        let key_set = [directory, "/example/jwks.json"].concat();
        for (id, text) in
            [("issuer", ISSUER), ("audience", AUDIENCE), ("client-id", "orders-app"), ("scopes", "orders.read")]
        {
            set_value(id, text);
        }
        for id in ["nonce", "required-claims", "leeway", "as-of", "pasted-keys", "secret", "jwks-url"] {
            set_value(id, "");
        }
        if example.shared_secret {
            keys::choose_source("secret");
            set_value("secret", SECRET);
            set_value("secret-encoding", "utf8");
        } else {
            keys::choose_source("url");
            set_value("jwks-url", &key_set);
        }
        dom::show("examples", false);
        dom::set(&dom::find("examples-button"), "aria-expanded", "false");
        self.settings_changed();
        self.replace_text(&example.token);
        if !example.shared_secret
            && let Ok(url) = public_url(&key_set, &Guard::default())
        {
            self.fetch_from(Fetch::Origins(vec![url.origin().to_owned()]));
        }
    }
}

fn header(row: &Row) -> String {
    let kid = if row.algorithm == "HS256" { "" } else { r#","kid":"demonstration""# };
    [r#"{"alg":""#, row.algorithm, r#"","typ":"at+jwt""#, kid, "}"].concat()
}

fn payload(row: &Row, now: i64, scope: &str) -> String {
    let expires = now + row.expires;
    let time = |seconds: i64| seconds.to_string();
    [
        r#"{"iss":""#,
        ISSUER,
        r#"","sub":"user-4711","aud":""#,
        row.audience,
        r#"","client_id":"orders-app","scope":""#,
        scope,
        r#"","iat":"#,
        &time(expires - 3600),
        r#","exp":"#,
        &time(expires),
        r#","jti":"example-"#,
        &time(now),
        r#"","tenant":9007199254740993,"roles":["buyer","approver"]}"#,
    ]
    .concat()
}

/// The shared secret as a JWK, which is the form that signing takes.
fn secret_jwk() -> String {
    [r#"{"kty":"oct","k":""#, &base64url::encode(SECRET.as_bytes()), r#""}"#].concat()
}
