//! A driver of the core without network and cryptography: one issuer that publishes what a test says, and a WebCrypto
//! that answers everything with the same word.

use tokenscope::crypto::Verification;
use tokenscope::discovery::{Answered, Response};
use tokenscope::inspect::{Answers, Ask, Options, inspect};
use tokenscope::report::Report;
use tokenscope::time::Time;

/// The time that everything is checked for.
pub const NOW: Time = Time::from_seconds(1_795_183_392);

/// The issuer that publishes keys.
pub const ISSUER: &str = "https://issuer.example";

/// Options that expect that issuer, and an audience.
pub fn expecting() -> Options {
    let mut options = Options::default();
    options.expectations.issuers = vec![ISSUER.to_owned()];
    options.expectations.audiences = vec!["api://orders".to_owned()];
    options
}

/// Inspects with the issuer publishing `set`, and every verification answered with the same word. Returns the addresses
/// that were asked too.
pub fn settle(text: &str, options: &Options, set: &str, verification: &Verification) -> (Report, Vec<String>) {
    let mut answers = Answers::default();
    let mut asked = Vec::new();
    for _ in 0..20 {
        let (report, asks) = inspect(text, options, NOW, NOW, &answers);
        if asks.is_empty() {
            return (report, asked);
        }
        for ask in asks {
            match ask {
                Ask::Fetch(request) => {
                    let url = request.url.as_str().to_owned();
                    let body = match url.as_str() {
                        "https://issuer.example/.well-known/openid-configuration" => {
                            r#"{"issuer":"https://issuer.example","jwks_uri":"https://issuer.example/jwks"}"#.to_owned()
                        }
                        "https://issuer.example/jwks" => set.to_owned(),
                        _ => String::new(),
                    };
                    let status = if body.is_empty() { 404 } else { 200 };
                    asked.push(url.clone());
                    let answered =
                        Answered { status, url, body: body.into_bytes(), received: NOW, ..Answered::default() };
                    answers.respond(request, Response::Answered(answered));
                }
                Ask::Verify(plan) => answers.verify(plan, verification.clone()),
            }
        }
    }
    unreachable!("asks without end")
}
