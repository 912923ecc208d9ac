//! Examples, one for each kind of case. Tokens are encoded here and now: a ready-made one in the module would be a false
//! find for whoever searches the network's log.

use super::View;
use crate::jose::base64url::encode;
use crate::page::expectations::set_value;
use crate::text::replace;

struct Example {
    name: &'static str,
    /// The response; `{token}` stands where the token belongs.
    answer: &'static str,
    /// The claims of the token; empty without one.
    claims: &'static str,
    request: &'static str,
    registered: &'static str,
}

const EXAMPLES: [Example; 8] = [
    Example {
        name: "scope",
        answer: include_str!("examples/scope.txt"),
        claims: include_str!("examples/scope.json"),
        request: "",
        registered: "",
    },
    Example {
        name: "expired",
        answer: include_str!("examples/expired.txt"),
        claims: include_str!("examples/expired.json"),
        request: "GET https://api.example.com/v1/orders",
        registered: "",
    },
    Example {
        name: "limit",
        answer: include_str!("examples/limit.txt"),
        claims: "",
        request: "GET https://dev-1234.okta.com/api/v1/users?limit=200",
        registered: "",
    },
    Example {
        name: "role",
        answer: include_str!("examples/role.txt"),
        claims: include_str!("examples/role.json"),
        request: "POST https://dev-1234.okta.com/api/v1/users",
        registered: "",
    },
    Example {
        name: "grant",
        answer: include_str!("examples/grant.txt"),
        claims: "",
        request: "POST https://dev-1234.okta.com/oauth2/default/v1/token",
        registered: "",
    },
    Example {
        name: "redirect",
        answer: include_str!("examples/redirect.txt"),
        claims: "",
        request: "",
        registered: "",
    },
    Example {
        name: "gateway",
        answer: include_str!("examples/gateway.txt"),
        claims: "",
        request: "GET https://api.example.com/v1/orders",
        registered: "",
    },
    Example {
        name: "authorize",
        answer: include_str!("examples/authorize.txt"),
        claims: "",
        request: "",
        registered: "https://app.example/callback\nhttp://localhost:3000/callback",
    },
];

/// The header of the tokens, and a signature of no meaning.
const HEADER: &str = r#"{"alg":"RS256","typ":"JWT","kid":"example"}"#;
const SIGNATURE: [u8; 64] = [0x5a; 64];

impl View {
    pub(super) fn load_example(&mut self, name: &str) {
        let Some(example) = EXAMPLES.iter().find(|example| example.name == name) else { return };
        set_value("response-request", example.request);
        set_value("response-registered", example.registered);
        let parts = [HEADER.as_bytes(), example.claims.trim().as_bytes(), &SIGNATURE];
        let token = if example.claims.is_empty() { String::new() } else { parts.map(encode).join(".") };
        let answer = replace(example.answer.trim_end(), "{token}", &token);
        // A token that does not stand in the response was given beside it.
        self.given_token = if answer.len() == example.answer.trim_end().len() { token } else { String::new() };
        self.set_text(&answer);
        self.show_case();
        // The button that was pressed is gone.
        super::knowledge::arrive("response-headline");
    }
}
