//! What stands behind a verdict: the rooms together.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;

use oracle::Signer;
use tokenscope::finding::Severity;
use tokenscope::inspect::Options;
use tokenscope::profile::Status;
use tokenscope::report::SignatureStatus;
use tokenscope::time::Time;
use tokenscope::why::Choices;

const NOW: Time = Time::from_seconds(1_795_183_392);

/// The oracle and the core agree on every algorithm, so that what the tests below make is what they say it is.
#[test]
fn the_oracle_signs_what_the_core_plans() {
    for algorithm in [
        "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
        "EdDSA", "Ed25519",
    ] {
        let signer = Signer::of(algorithm, 1);
        let token = oracle::token(&format!(r#"{{"alg":"{algorithm}"}}"#), r#"{"exp":1795190000}"#, &signer);
        for (key, expected) in [(1, SignatureStatus::Valid), (2, SignatureStatus::Invalid)] {
            let options = Options { keys: Signer::of(algorithm, key).jwk(""), ..Options::default() };
            let explained = oracle::explained(&token, &options, &Choices::default(), NOW);
            assert_eq!(explained.report.tokens[0].signature.status, expected, "{algorithm}");
        }
    }
}

/// A request with a proof brings the access token along, and what the proof says of it is compared.
#[test]
fn the_token_behind_the_scheme_dpop_is_the_one_of_the_proof() {
    let signer = Signer::of("ES256", 1);
    let access = oracle::token(r#"{"alg":"ES256","typ":"at+jwt"}"#, r#"{"exp":1795190000}"#, &signer);
    let header = format!(r#"{{"alg":"ES256","typ":"dpop+jwt","jwk":{}}}"#, signer.jwk(""));
    let ath = |text: &str| tokenscope::jose::base64url::encode(&<sha2::Sha256 as sha2::Digest>::digest(text));
    let check = |hashed: &str, status: Status| {
        let payload = r#"{"jti":"j","htm":"GET","htu":"https://api.example/","iat":1795183390,"ath":"HASH"}"#;
        let proof = oracle::token(&header, &payload.replace("HASH", &ath(hashed)), &signer);
        let text = format!("GET / HTTP/1.1\nAuthorization: DPoP {access}\nDPoP: {proof}\n");
        let explained = oracle::explained(&text, &Options::default(), &Choices::default(), NOW);
        let profile = explained.whys[1].profile.as_ref().unwrap();
        assert_eq!(profile.requirements.iter().find(|row| row.item == "ath").unwrap().status, status);
    };
    check(&access, Status::Met);
    check("another", Status::Broken);
}

/// A proof and an event have no `exp` by their specifications, so nothing is to be warned of.
#[test]
fn kinds_without_an_expiry_bring_no_warning_about_it() {
    let severity = |header: &str, payload: &str| {
        let token = oracle::token(header, payload, &Signer::of("ES256", 1));
        let explained = oracle::explained(&token, &Options::default(), &Choices::default(), NOW);
        let mut findings = explained.report.tokens[0].findings.iter();
        findings.find(|finding| finding.code.0 == "claims.no-expiry").unwrap().severity
    };
    let event = r#"{"iss":"https://id.example","iat":1795183000,"jti":"j","events":{"https://id.example/e":{}}}"#;
    for (typ, payload, expected) in [
        ("dpop+jwt", r#"{"jti":"j","htm":"GET","htu":"https://api.example/","iat":1795183390}"#, Severity::Info),
        ("secevent+jwt", event, Severity::Info),
        ("at+jwt", r#"{"iss":"https://id.example"}"#, Severity::Warning),
        ("JWT", r#"{"iss":"https://id.example"}"#, Severity::Warning),
    ] {
        assert_eq!(severity(&format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#), payload), expected, "{typ}");
    }
}

/// A good signature, nothing expected, and a token that names neither issuer nor audience: the headline is whole.
#[test]
fn an_open_verdict_says_what_is_open() {
    let signer = Signer::secret(b"a-string-secret-at-least-256-bits-long");
    let token = oracle::token(r#"{"alg":"HS256","typ":"JWT"}"#, r#"{"sub":"1","iat":1795183000}"#, &signer);
    let options = Options { secret: "a-string-secret-at-least-256-bits-long".to_owned(), ..Options::default() };
    let explained = oracle::explained(&token, &options, &Choices::default(), NOW);
    let headline = tokenscope::report::headline(&explained.report.tokens[0], NOW);
    assert_eq!(headline.sentence.to_string(), "Undecided: nothing says whose it should be and for whom");
}

/// What is weak about the key that a token was tried with, and a thumbprint that is not its certificate’s, is told of the
/// token. Neither decides anything about the signature.
#[test]
fn the_selected_key_and_its_certificate_are_looked_at() {
    use tokenscope::jose::base64url;
    use tokenscope::key::details;
    const CERTIFICATE: &str = include_str!("keys/ec-certificate.pem");
    const EXAMPLE: &str = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    let own = details::of(CERTIFICATE, NOW).keys.remove(0).certificates.remove(0);
    let check = |keys: &str, header: &str, expected: &[&str]| {
        let parts = [header.as_bytes(), b"{}", &[1; 64]].map(base64url::encode);
        let options = Options { keys: keys.to_owned(), ..Options::default() };
        let explained = oracle::explained(&parts.join("."), &options, &Choices::default(), NOW);
        let codes = details::code::ALL;
        let told = explained.report.tokens[0].findings.iter().filter(|finding| codes.contains(&finding.code));
        assert_eq!(told.map(|finding| finding.code.0).collect::<Vec<_>>(), expected, "{header}");
        assert_eq!(explained.report.tokens[0].signature.status, SignatureStatus::Invalid, "{header}");
    };
    check(CERTIFICATE, r#"{"alg":"ES256"}"#, &[]);
    check(CERTIFICATE, &format!(r#"{{"alg":"ES256","x5t":"{}","x5t#S256":"{}"}}"#, own.sha1, own.sha256), &[]);
    let other = base64url::encode(&[7; 20]);
    check(CERTIFICATE, &format!(r#"{{"alg":"ES256","x5t":"{other}"}}"#), &["keys.thumbprint-wrong"]);
    check(CERTIFICATE, &format!(r#"{{"alg":"ES256","x5t#S256":"{}="}}"#, own.sha256), &["keys.thumbprint-form"]);
    check(EXAMPLE, r#"{"alg":"EdDSA"}"#, &["keys.known"]);
    check(&Signer::of("ES256", 1).jwk(""), &format!(r#"{{"alg":"ES256","x5t":"{other}"}}"#), &[]);
}
