//! The verdict: what each combination of keys, answers and expectations comes to. A test driver answers the asks.

#[path = "support/issuer.rs"]
mod issuer;

use issuer::{ISSUER, NOW, expecting, settle};
use tokenscope::crypto::Verification;
use tokenscope::discovery::Fetch;
use tokenscope::finding::Severity;
use tokenscope::inspect::Options;
use tokenscope::jose::base64url;
use tokenscope::report::{KeySource, SignatureStatus, Token, Verdict, headline};

const SET: &str = r#"{"keys":[{"kty":"EC","crv":"P-256","kid":"k1","alg":"ES256","use":"sig","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"}]}"#;

fn token(header: &str, payload: &str) -> String {
    let signature = base64url::encode(&[7; 64]);
    format!("{}.{}.{signature}", base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes()))
}

fn good() -> String {
    token(
        r#"{"alg":"ES256","kid":"k1"}"#,
        r#"{"iss":"https://issuer.example","aud":"api://orders","sub":"alice","iat":1795183000,"exp":1795186600}"#,
    )
}

fn check(text: &str, options: &Options, set: &str, verification: Verification) -> Checked {
    let (mut report, asked) = settle(text, options, set, &verification);
    assert_eq!(report.tokens.len(), 1);
    let token = report.tokens.remove(0);
    let headline = headline(&token, NOW).sentence.to_string();
    Checked { token, headline, asked }
}

struct Checked {
    token: Token,
    headline: String,
    asked: Vec<String>,
}

impl Checked {
    fn is(self, verdict: Verdict, status: SignatureStatus, errors: &[&str], headline: &str) -> Checked {
        let found: Vec<&str> = self
            .token
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .map(|finding| finding.code.0)
            .collect();
        assert_eq!(found, errors, "{}", self.headline);
        assert_eq!((self.token.verdict, self.token.signature.status), (verdict, status), "{}", self.headline);
        assert_eq!(self.headline, headline);
        self
    }
}

#[test]
fn the_issuers_key_and_both_expectations_make_it_accepted() {
    let options = Options { issuer_keys: true, fetch: Fetch::Issuer, ..expecting() };
    let checked = check(&good(), &options, SET, Verification::Valid).is(
        Verdict::Accepted,
        SignatureStatus::Valid,
        &[],
        "Accepted: its signature, issuer, audience and times are good",
    );
    assert_eq!(checked.token.signature.key.unwrap().source, KeySource::Issuer);
    assert_eq!(
        checked.asked,
        ["https://issuer.example/.well-known/openid-configuration", "https://issuer.example/jwks"]
    );
}

#[test]
fn nothing_is_asked_without_consent() {
    let options = Options { issuer_keys: true, fetch: Fetch::Never, ..expecting() };
    let checked = check(&good(), &options, SET, Verification::Valid).is(
        Verdict::Undecided,
        SignatureStatus::NotChecked,
        &[],
        "Undecided: the signature is not checked",
    );
    assert!(checked.asked.is_empty());
}

#[test]
fn a_pasted_key_decides_too() {
    let options = Options { keys: SET.to_owned(), ..expecting() };
    let checked = check(&good(), &options, "", Verification::Valid);
    assert_eq!(checked.token.signature.key.as_ref().unwrap().source, KeySource::Pasted);
    checked.is(
        Verdict::Accepted,
        SignatureStatus::Valid,
        &[],
        "Accepted: its signature, issuer, audience and times are good",
    );
}

#[test]
fn without_an_expected_audience_it_stays_undecided() {
    let mut options = Options { keys: SET.to_owned(), ..expecting() };
    options.expectations.audiences.clear();
    check(&good(), &options, "", Verification::Valid).is(
        Verdict::Undecided,
        SignatureStatus::Valid,
        &[],
        "Undecided: no audience is expected yet",
    );
}

#[test]
fn a_signature_that_does_not_verify_is_invalid() {
    let options = Options { keys: SET.to_owned(), ..expecting() };
    check(&good(), &options, "", Verification::Invalid).is(
        Verdict::Rejected,
        SignatureStatus::Invalid,
        &["signature.invalid"],
        "Rejected: its signature is invalid",
    );
}

#[test]
fn no_answer_is_not_an_invalid_signature() {
    let options = Options { keys: SET.to_owned(), ..expecting() };
    let not_checked = [Verification::Unavailable, Verification::KeyRefused("no".to_owned())];
    for verification in not_checked {
        let token = check(&good(), &options, "", verification).token;
        assert_eq!((token.verdict, token.signature.status), (Verdict::Undecided, SignatureStatus::NotChecked));
    }
    let token = check(&good(), &options, "", Verification::Unsupported).token;
    assert_eq!((token.verdict, token.signature.status), (Verdict::Undecided, SignatureStatus::Unsupported));
}

#[test]
fn an_issuer_without_a_fitting_key_rejects_after_one_refetch() {
    let options = Options { issuer_keys: true, fetch: Fetch::Issuer, ..expecting() };
    let other = SET.replace("k1", "k2");
    let checked = check(&good(), &options, &other, Verification::Valid).is(
        Verdict::Rejected,
        SignatureStatus::NotChecked,
        &["signature.no-fitting-key"],
        "Rejected: its issuer publishes no key that fits",
    );
    let jwks = checked.asked.iter().filter(|url| url.ends_with("/jwks")).count();
    assert_eq!(jwks, 2, "{:?}", checked.asked);
}

#[test]
fn a_token_does_not_choose_its_issuer() {
    let foreign = token(
        r#"{"alg":"ES256","kid":"k1"}"#,
        r#"{"iss":"https://evil.example","aud":"api://orders","exp":1795186600}"#,
    );
    let options = Options { issuer_keys: true, fetch: Fetch::Issuer, ..expecting() };
    let checked = check(&foreign, &options, SET, Verification::Invalid);
    assert!(checked.asked.iter().all(|url| url.starts_with(ISSUER)), "{:?}", checked.asked);
    assert_eq!(checked.token.verdict, Verdict::Rejected);
}

#[test]
fn every_reason_is_told() {
    let bad = token(
        r#"{"alg":"ES256","kid":"k1"}"#,
        r#"{"iss":"https://issuer.example/","aud":"api://default","iat":1795179600,"exp":1795183200}"#,
    );
    let options = Options { keys: SET.to_owned(), ..expecting() };
    check(&bad, &options, "", Verification::Valid).is(
        Verdict::Rejected,
        SignatureStatus::Valid,
        &["claims.expired", "claims.issuer-mismatch", "claims.audience-mismatch"],
        "Rejected: expired 3 min 12 s ago, issued by another issuer and 1 more",
    );
}

#[test]
fn an_unsigned_token_is_none_and_rejected() {
    let unsigned = "eyJhbGciOiJub25lIn0.eyJpc3MiOiJodHRwczovL2lzc3Vlci5leGFtcGxlIiwiYXVkIjoiYXBpOi8vb3JkZXJzIiwiZXhwIjoxNzk1MTg2NjAwfQ.";
    check(unsigned, &expecting(), "", Verification::Valid).is(
        Verdict::Rejected,
        SignatureStatus::None,
        &["signature.none"],
        "Rejected: it is not signed",
    );
}

#[test]
fn a_repaired_token_never_counts() {
    let padded = good() + "==";
    let options = Options { keys: SET.to_owned(), ..expecting() };
    let checked = check(&padded, &options, "", Verification::Valid);
    assert_eq!((checked.token.verdict, checked.token.signature.status), (Verdict::Rejected, SignatureStatus::Invalid));
}

#[test]
fn an_unknown_algorithm_is_unsupported_and_not_invalid() {
    let options = Options { keys: SET.to_owned(), ..expecting() };
    let payload = r#"{"iss":"https://issuer.example","aud":"api://orders","exp":1795186600}"#;
    for algorithm in ["XS256", "None", "es256"] {
        let text = token(&format!(r#"{{"alg":"{algorithm}"}}"#), payload);
        let checked = check(&text, &options, "", Verification::Valid);
        assert_eq!(checked.token.signature.status, SignatureStatus::Unsupported, "{algorithm}");
        assert_eq!(checked.token.verdict, Verdict::Undecided, "{algorithm}: {}", checked.headline);
    }
}

#[test]
fn critical_extensions_are_respected() {
    let options = Options { keys: SET.to_owned(), ..expecting() };
    let payload = r#"{"iss":"https://issuer.example","aud":"api://orders","exp":1795186600}"#;
    for (critical, status) in [
        (r#"["exp2"]"#, SignatureStatus::Invalid),
        (r#"[]"#, SignatureStatus::Invalid),
        (r#""b64""#, SignatureStatus::Invalid),
        (r#"["b64"]"#, SignatureStatus::Unsupported),
    ] {
        let text = token(&format!(r#"{{"alg":"ES256","b64":false,"crit":{critical}}}"#), payload);
        assert_eq!(check(&text, &options, "", Verification::Valid).token.signature.status, status, "{critical}");
    }
}

#[test]
fn only_allowed_algorithms_are_verified() {
    let options = Options { keys: SET.to_owned(), algorithms: vec!["RS256".to_owned()], ..expecting() };
    check(&good(), &options, "", Verification::Valid).is(
        Verdict::Rejected,
        SignatureStatus::NotChecked,
        &["signature.algorithm-not-allowed"],
        "Rejected: its algorithm is not accepted",
    );
}

#[test]
fn a_public_key_is_no_hmac_secret() {
    let text = token(
        r#"{"alg":"HS256","kid":"k1"}"#,
        r#"{"iss":"https://issuer.example","aud":"api://orders","exp":1795186600}"#,
    );
    let options = Options { keys: SET.to_owned(), ..expecting() };
    let checked = check(&text, &options, "", Verification::Valid);
    assert_eq!(
        (checked.token.verdict, checked.token.signature.status),
        (Verdict::Undecided, SignatureStatus::NotChecked)
    );
}

#[test]
fn the_keys_of_one_accepted_issuer_say_nothing_about_another() {
    let mut options = Options { issuer_keys: true, fetch: Fetch::Issuer, ..expecting() };
    options.expectations.issuers = vec!["https://other.example".to_owned(), ISSUER.to_owned()];
    let checked = check(&good(), &options, SET, Verification::Valid);
    assert!(checked.asked.iter().all(|url| url.starts_with(ISSUER)), "{:?}", checked.asked);
    assert_eq!(checked.token.verdict, Verdict::Accepted);
}

#[test]
fn a_key_beyond_this_page_says_nothing_about_the_signature() {
    let ed448 = r#"{"kty":"OKP","crv":"Ed448","x":"X9dEm1m0Yf0s54fsYWrUah2hNCSFpw4fig6nXYDpZ3jt8SR2m0bHBhvWeD3x5Q9s0foavq_oJWGA"}"#;
    let text = token(r#"{"alg":"EdDSA"}"#, r#"{"iss":"https://issuer.example","aud":"api://orders","exp":1795186600}"#);
    // An Ed448 signature has 114 bytes.
    let text = text.rsplit_once('.').unwrap().0.to_owned() + "." + &base64url::encode(&[7; 114]);
    let options = Options { keys: ed448.to_owned(), ..expecting() };
    let checked = check(&text, &options, "", Verification::Unsupported);
    assert_eq!(
        (checked.token.verdict, checked.token.signature.status),
        (Verdict::Undecided, SignatureStatus::Unsupported)
    );
}

#[test]
fn a_key_that_is_too_small_is_told_even_where_it_verifies() {
    let text = token(r#"{"alg":"HS512"}"#, r#"{"iss":"https://issuer.example","aud":"api://orders","exp":1795186600}"#);
    let options = Options { secret: "a secret of some thirty-five bytes.".to_owned(), ..expecting() };
    let token = check(&text, &options, "", Verification::Valid).token;
    assert_eq!(token.signature.status, SignatureStatus::Valid);
    assert!(token.findings.iter().any(|finding| finding.code.0 == "keys.too-small"), "{:?}", token.findings);
}

/// Whoever finds the private key signs tokens that are good; a key of 1,024 bits is too small and still not found by anybody.
#[test]
fn a_key_whose_private_half_anybody_can_find_makes_no_token_accepted() {
    let text = token(r#"{"alg":"RS256"}"#, r#"{"iss":"https://issuer.example","aud":"api://orders","exp":1795186600}"#);
    let with = |bytes: usize| {
        let modulus = [&[0xc5][..], &vec![0x33; bytes - 2], &[0x8b]].concat();
        let keys = format!(r#"{{"kty":"RSA","n":"{}","e":"AQAB"}}"#, base64url::encode(&modulus));
        let text = text.rsplit_once('.').unwrap().0.to_owned() + "." + &base64url::encode(&vec![7; bytes]);
        let token = check(&text, &Options { keys, ..expecting() }, "", Verification::Valid).token;
        let weak = token.findings.iter().find(|finding| finding.code.0 == "keys.too-small");
        (token.verdict, token.signature.status, weak.map(|finding| finding.severity))
    };
    assert_eq!(with(64), (Verdict::Rejected, SignatureStatus::Valid, Some(Severity::Error)));
    assert_eq!(with(127), (Verdict::Rejected, SignatureStatus::Valid, Some(Severity::Error)));
    assert_eq!(with(128), (Verdict::Accepted, SignatureStatus::Valid, Some(Severity::Warning)));
    assert_eq!(with(256), (Verdict::Accepted, SignatureStatus::Valid, None));
}

/// With a key of small order anybody makes signatures that fit, and browsers differ in whether they take it.
#[test]
fn a_key_that_anybody_can_sign_for_makes_no_signature_good() {
    let points = [
        [&[0; 31][..], &[0]],
        [&[0; 31][..], &[0x80]],
        [&[&[1][..], &[0; 30]].concat()[..], &[0]],
        [&[&[1][..], &[0; 30]].concat()[..], &[0x80]],
        [&[&[0xec][..], &[0xff; 30]].concat()[..], &[0x7f]],
        [&[&[0xed][..], &[0xff; 30]].concat()[..], &[0xff]],
        [&[&[0xee][..], &[0xff; 30]].concat()[..], &[0x7f]],
        [&base64url::decode("JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU").bytes[..31], &[0x05]],
        [&base64url::decode("JuiVj8KyJ7BFw_SJ8u-Y8NXfrAXTxjM5sTgCiG1T_AU").bytes[..31], &[0x85]],
        [&base64url::decode("xxdqcD1N2E-6PAt2DRBnDyogU_osOczGTsf9d5KsA3o").bytes[..31], &[0x7a]],
    ];
    let claims = r#"{"iss":"https://issuer.example","aud":"api://orders","exp":1795186600}"#;
    let text = token(r#"{"alg":"EdDSA"}"#, claims).rsplit_once('.').unwrap().0.to_owned();
    let text = text + "." + &base64url::encode(&[&[1][..], &[0; 63]].concat());
    let key = |x: &[u8]| format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{}"}}"#, base64url::encode(x));
    for point in points {
        let options = Options { keys: key(&point.concat()), ..expecting() };
        let token = check(&text, &options, "", Verification::Valid).token;
        assert_eq!((token.verdict, token.signature.status), (Verdict::Undecided, SignatureStatus::NotChecked));
    }
    let options = Options { keys: key(&[7; 32]), ..expecting() };
    assert_eq!(check(&text, &options, "", Verification::Valid).token.verdict, Verdict::Accepted);
}

#[test]
fn keys_that_could_not_be_fetched_are_no_verdict() {
    let mut options = Options { issuer_keys: true, fetch: Fetch::Issuer, ..expecting() };
    options.expectations.issuers = vec!["https://silent.example".to_owned()];
    let text = token(
        r#"{"alg":"ES256","kid":"k1"}"#,
        r#"{"iss":"https://silent.example","aud":"api://orders","iat":1795183000,"exp":1795186600}"#,
    );
    check(&text, &options, "", Verification::Valid).is(
        Verdict::Undecided,
        SignatureStatus::NotChecked,
        &[],
        "Undecided: the keys could not be fetched",
    );
}
