//! The redacted report holds nothing of the token and nothing personal.

use tokenscope::inspect::{Answers, Options, inspect};
use tokenscope::jose::base64url;
use tokenscope::report::markdown;
use tokenscope::time::Time;

const NOW: Time = Time::from_seconds(1_795_183_392);

fn check(payload: &str, options: &Options) -> String {
    let header = base64url::encode(br#"{"alg":"RS256","kid":"key-1"}"#);
    let token = format!("{header}.{}.{}", base64url::encode(payload.as_bytes()), base64url::encode(&[5; 256]));
    let (report, _) = inspect(&token, options, NOW, NOW, &Answers::default());
    let markdown = markdown::redacted(&report.tokens[0], NOW);
    for at in 0..token.len() - 16 {
        assert!(!markdown.contains(&token[at..at + 16]), "{} in\n{markdown}", &token[at..at + 16]);
    }
    markdown
}

#[test]
fn personal_values_are_left_out_and_their_lengths_stay() {
    let payload = r#"{"iss":"https://issuer.example","aud":"api://orders","sub":"alice@example.com","email":"alice@example.com","nonce":"n-0S6_WzA2Mj","exp":1795183200}"#;
    let mut options = Options::default();
    options.expectations.nonce = Some("n-other-nonce".to_owned());
    options.expectations.issuers = vec!["https://issuer.example/".to_owned()];
    let markdown = check(payload, &options);
    for personal in ["alice", "n-0S6_WzA2Mj", "n-other-nonce"] {
        assert!(!markdown.contains(personal), "{personal} in\n{markdown}");
    }
    for public in ["https://issuer.example", "api://orders", "key-1", "\"email\": [19 characters]", "Expired"] {
        assert!(markdown.contains(public), "no {public} in\n{markdown}");
    }
    assert!(markdown.contains("Likely: The two differ in the slash at the end."), "{markdown}");
    assert!(!markdown.contains("| Skip | `iss` |"), "a likely reason is no check:\n{markdown}");
}

#[test]
fn a_piece_of_the_token_typed_into_a_field_is_left_out() {
    let payload = r#"{"iss":"https://issuer.example","azp":"orders-app","exp":1795183200}"#;
    let mut options = Options::default();
    options.expectations.client_id = Some(base64url::encode(payload.as_bytes()));
    let whole = base64url::encode(br#"{"alg":"RS256","kid":"key-1"}"#);
    options.expectations.issuers = vec![format!("https://issuer.example/{whole}")];
    check(payload, &options);
}
