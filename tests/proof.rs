//! Proofs of possession: DPoP proofs beside requests and access tokens, and the key binding of an SD-JWT.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;
#[path = "support/vectors.rs"]
mod vectors;

use serde_json::{Value, json};
use tokenscope::finding::Severity;
use tokenscope::inspect::Options;
use tokenscope::jose::base64url;
use tokenscope::profile::Status;
use tokenscope::report::{KeySource, SignatureStatus, Token, Verdict};
use tokenscope::time::Time;
use tokenscope::why::{Choices, Explained};

const NOW: Time = Time::from_seconds(1_795_183_392);

fn examples(path: &str) -> Option<Value> {
    vectors::text(path).map(|text| serde_json::from_str(&text).unwrap())
}

fn explained(text: &str, choices: &Choices, now: Time) -> Explained {
    oracle::explained(text, &Options::default(), choices, now)
}

fn errors(token: &Token) -> Vec<&'static str> {
    let errors = token.findings.iter().filter(|finding| finding.severity == Severity::Error);
    errors.map(|finding| finding.code.0).collect()
}

fn status(explained: &Explained, at: usize, item: &str) -> Status {
    let requirements = &explained.whys[at].profile.as_ref().unwrap().requirements;
    requirements.iter().find(|requirement| requirement.item == item).unwrap_or_else(|| panic!("{item}")).status
}

#[test]
fn the_examples_of_rfc_9449_are_good_and_prove_possession_only() {
    let Some(examples) = examples("dpop/rfc9449-examples.json") else { return };
    let text = |name: &str| examples[name].as_str().unwrap().to_owned();
    let then = Time::from_seconds(1_562_262_620);
    for name in ["token_request_proof", "resource_request_proof"] {
        let alone = explained(&text(name), &Choices::default(), then);
        let token = &alone.report.tokens[0];
        assert_eq!(token.signature.status, SignatureStatus::Valid, "{name}");
        assert_eq!(token.signature.key.as_ref().unwrap().source, KeySource::Token);
        assert_eq!(token.signature.key.as_ref().unwrap().thumbprint.as_deref(), examples["expected"]["jkt"].as_str());
        assert_eq!((token.verdict, errors(token)), (Verdict::Undecided, Vec::new()), "{name}");
    }
    let choices = Choices { access_token: Some(text("resource_access_token")), ..Choices::default() };
    let with_token = explained(&text("resource_request_proof"), &choices, then);
    assert_eq!(status(&with_token, 0, "ath"), Status::Met);
    // A token request has no access token yet.
    let other = Choices { access_token: Some("another.opaque.one".to_owned()), ..Choices::default() };
    let with_other = explained(&text("resource_request_proof"), &other, then);
    assert_eq!(errors(&with_other.report.tokens[0]), ["profile.dpop-proof.ath"]);
    // The bound access token names the key of the proof.
    let both = format!("{}\nDPoP: {}", text("bound_access_token"), text("token_request_proof"));
    let both = explained(&both, &Choices::default(), then);
    assert_eq!(status(&both, 0, "cnf.jkt"), Status::Met);
}

/// A proof by a key, for a method and a URL, and its access token.
fn proof(signer: &oracle::Signer, htm: &str, htu: &str, token: &str) -> String {
    use sha2::{Digest, Sha256};
    let jwk: Value = serde_json::from_str(&signer.jwk("")).unwrap();
    let mut jwk = jwk.as_object().unwrap().clone();
    jwk.remove("kid");
    let header = json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk }).to_string();
    let ath = base64url::encode(&Sha256::digest(token.as_bytes()));
    let claims = json!({ "jti": "j-1", "htm": htm, "htu": htu, "iat": 1_795_183_390, "ath": ath }).to_string();
    oracle::token(&header, &claims, signer)
}

fn access_token(jkt: &str) -> String {
    let claims = json!({ "iss": "https://issuer.example", "sub": "u", "aud": "https://api.example", "client_id": "c",
        "jti": "a-1", "iat": 1_795_183_000, "exp": 1_795_186_600, "scope": "read", "cnf": { "jkt": jkt } });
    oracle::token(r#"{"alg":"ES256","typ":"at+jwt"}"#, &claims.to_string(), &oracle::Signer::curve("ES256", 9))
}

fn thumbprint(signer: &oracle::Signer) -> String {
    let keys = tokenscope::key::read(&signer.jwk("k"), KeySource::Pasted).keys;
    keys[0].thumbprint().unwrap()
}

#[test]
fn a_proof_is_for_the_request_beside_it() {
    let signer = oracle::Signer::curve("ES256", 1);
    let token = access_token(&thumbprint(&signer));
    let check = |htm: &str, htu: &str, line: &str, expected: &[&str]| {
        let proof = proof(&signer, htm, htu, &token);
        let text = line.replace("TOKEN", &token).replace("PROOF", &proof);
        let explained = explained(&text, &Choices::default(), NOW);
        let at = explained.report.tokens.iter().position(|token| token.text == proof).unwrap();
        assert_eq!(errors(&explained.report.tokens[at]), expected, "{htm} {htu} {line}");
        let other = explained.report.tokens.iter().position(|one| one.text == token).unwrap();
        assert_eq!(errors(&explained.report.tokens[other]), [""; 0], "{line}");
    };
    let curl = "curl -X POST 'https://api.example/things?page=2' -H 'Authorization: DPoP TOKEN' -H 'DPoP: PROOF'";
    let head = "GET /things?page=2 HTTP/1.1\nHost: api.example\nAuthorization: DPoP TOKEN\nDPoP: PROOF\n\n";
    check("POST", "https://api.example/things", curl, &[]);
    check("GET", "https://api.example/things", head, &[]);
    check("POST", "HTTPS://API.example:443/things", curl, &[]);
    check("GET", "https://api.example/things", curl, &["profile.dpop-proof.htm"]);
    check("POST", "https://api.example/thing", curl, &["profile.dpop-proof.htu"]);
    check("POST", "https://other.example/things", head, &["profile.dpop-proof.htm", "profile.dpop-proof.htu"]);
    // Of a request with another proof, and of no request at all, nothing follows.
    check("PUT", "https://other.example/", "curl 'https://api.example/' -H 'DPoP: x' # TOKEN PROOF", &[]);
    check("PUT", "https://other.example/", "Authorization: DPoP TOKEN\nDPoP: PROOF", &[]);
}

#[test]
fn token_and_proof_name_the_same_key() {
    let (own, other) = (oracle::Signer::curve("ES256", 1), oracle::Signer::curve("ES256", 2));
    let token = access_token(&thumbprint(&own));
    let text = |signer: &oracle::Signer| {
        let proof = proof(signer, "GET", "https://api.example/things", &token);
        format!("Authorization: DPoP {token}\nDPoP: {proof}")
    };
    let good = explained(&text(&own), &Choices::default(), NOW);
    assert_eq!((errors(&good.report.tokens[0]), errors(&good.report.tokens[1])), (Vec::new(), Vec::new()));
    assert_eq!(status(&good, 0, "cnf.jkt"), Status::Met);
    let bad = explained(&text(&other), &Choices::default(), NOW);
    assert_eq!(errors(&bad.report.tokens[0]), ["profile.rfc9068.jkt"]);
    assert_eq!(errors(&bad.report.tokens[1]), ["profile.dpop-proof.jkt"]);
    // Of several proofs one has to fit: the others may belong to other requests.
    let several =
        [text(&other), "\nDPoP: ".to_owned(), proof(&own, "GET", "https://api.example/things", &token)].concat();
    let several = explained(&several, &Choices::default(), NOW);
    assert_eq!(errors(&several.report.tokens[0]), [""; 0]);
}

#[test]
fn what_is_expected_of_a_token_is_not_expected_of_its_proof() {
    let expectations = tokenscope::claims::Expectations {
        issuers: vec!["https://issuer.example".to_owned()],
        audiences: vec!["https://api.example".to_owned()],
        client_id: Some("c".to_owned()),
        required_scopes: vec!["read".to_owned()],
        ..Default::default()
    };
    let holder = oracle::Signer::curve("ES256", 1);
    let token = access_token(&thumbprint(&holder));
    let text =
        format!("Authorization: DPoP {token}\nDPoP: {}", proof(&holder, "GET", "https://api.example/things", &token));
    let keys = oracle::Signer::curve("ES256", 9).jwk("");
    let options = Options { keys, expectations, ..Options::default() };
    let both = oracle::explained(&text, &options, &Choices::default(), NOW);
    let told: Vec<_> = both.report.tokens.iter().map(|token| (token.verdict, errors(token))).collect();
    assert_eq!(told, [(Verdict::Accepted, Vec::new()), (Verdict::Undecided, Vec::new())]);
    // Nor is anything accepted because it says that it is a proof, whoever signed it.
    let claims = r#"{"jti":"j","htm":"GET","htu":"https://api.example/","iat":1795183390}"#;
    for typ in ["dpop+jwt", "kb+jwt", "application/KB+JWT"] {
        let header = format!(r#"{{"alg":"ES256","typ":"{typ}"}}"#);
        let signed = oracle::token(&header, claims, &oracle::Signer::curve("ES256", 9));
        let alone = oracle::explained(&signed, &options, &Choices::default(), NOW);
        assert_ne!(alone.report.tokens[0].verdict, Verdict::Accepted, "{typ}");
    }
}

#[test]
fn a_proof_that_gives_its_key_away_or_was_changed_is_rejected() {
    let signer = oracle::Signer::curve("ES256", 1);
    let mut jwk: Value = serde_json::from_str(&signer.jwk("k")).unwrap();
    let claims = json!({ "jti": "j", "htm": "GET", "htu": "https://api.example/", "iat": 1_795_183_390 }).to_string();
    let header = |jwk: &Value| json!({ "typ": "dpop+jwt", "alg": "ES256", "jwk": jwk }).to_string();
    let good = oracle::token(&header(&jwk), &claims, &signer);
    let (signed, _) = good.rsplit_once('.').unwrap();
    let forged = format!("{signed}.{}", base64url::encode(&[1; 64]));
    let explained_forged = explained(&forged, &Choices::default(), NOW);
    assert_eq!(explained_forged.report.tokens[0].signature.status, SignatureStatus::Invalid);
    assert_eq!(explained_forged.report.tokens[0].verdict, Verdict::Rejected);
    jwk["d"] = "AQ".into();
    let exposed = explained(&oracle::token(&header(&jwk), &claims, &signer), &Choices::default(), NOW);
    assert!(errors(&exposed.report.tokens[0]).contains(&"profile.dpop-proof.jwk"), "{exposed:?}");
}

#[test]
fn the_holder_of_an_sd_jwt_is_shown_by_the_key_in_it() {
    let Some(examples) = examples("sd-jwt/sd-jwt-examples.json") else { return };
    let mut key = examples["issuer_key"].as_object().unwrap().clone();
    key.remove("d");
    let options = Options { keys: Value::Object(key).to_string(), ..Options::default() };
    let now = Time::from_seconds(1_795_210_400);
    let mut bound = 0;
    for example in examples["examples"].as_array().unwrap() {
        let name = &example["name"];
        let text = match &example["sd_jwt_presentation"] {
            Value::String(text) => text.clone(),
            object => object.to_string(),
        };
        let explained = oracle::explained(&text, &options, &Choices::default(), now);
        let token = &explained.report.tokens[0];
        assert_eq!(token.signature.status, SignatureStatus::Valid, "{name}");
        assert_eq!(errors(token), [""; 0], "{name}");
        let disclosure = token.beyond.as_ref().and_then(|beyond| beyond.disclosure.as_ref());
        let disclosure = disclosure.unwrap_or_else(|| panic!("{name}"));
        let processed: Value = serde_json::from_slice(disclosure.processed.as_ref().unwrap()).unwrap();
        assert_eq!(processed, example["verified_contents"], "{name}");
        if let Some(binding) = &disclosure.key_binding {
            let inner = explained.report.tokens.iter().find(|token| token.text == *binding).unwrap();
            assert_eq!(inner.signature.status, SignatureStatus::Valid, "{name}");
            assert_eq!(inner.signature.key.as_ref().unwrap().source, KeySource::Token, "{name}");
            bound += 1;
        }
    }
    assert_eq!(bound, 6);
}

#[test]
fn an_sd_jwt_that_a_verifier_refuses_is_rejected() {
    let signer = oracle::Signer::curve("ES256", 1);
    let options = Options { keys: signer.jwk("k"), ..Options::default() };
    let disclosure = base64url::encode(br#"["s","name","Ada"]"#);
    let token = oracle::token(
        r#"{"alg":"ES256"}"#,
        r#"{"iss":"https://issuer.example","exp":1795190000,"_sd":["x"]}"#,
        &signer,
    );
    let explained = oracle::explained(&format!("{token}~{disclosure}~"), &options, &Choices::default(), NOW);
    let token = &explained.report.tokens[0];
    assert_eq!(token.signature.status, SignatureStatus::Valid);
    assert_eq!((token.verdict, errors(token)), (Verdict::Rejected, vec!["disclosure.not-referred"]));
    let codes: Vec<&str> = token.findings.iter().map(|finding| finding.code.0).collect();
    assert_eq!(codes.iter().filter(|code| **code == "disclosure.not-referred").count(), 1, "{codes:?}");
}

/// An SD-JWT with a key-binding token: the claims that the issuer adds, the header and the signer of the binding, and for
/// whom it is. `HASH` stands for the hash of what comes before it.
fn presented(claims: &str, header: &str, holder: &oracle::Signer, audience: &str) -> String {
    use sha2::{Digest, Sha256};
    let disclosure = base64url::encode(br#"["s","name","Ada"]"#);
    let digest = base64url::encode(&Sha256::digest(disclosure.as_bytes()));
    let payload = format!(r#"{{"iss":"https://issuer.example","exp":1795190000,"_sd":["{digest}"]{claims}}}"#);
    let token = oracle::token(r#"{"alg":"ES256"}"#, &payload, &oracle::Signer::curve("ES256", 1));
    let before = format!("{token}~{disclosure}~");
    let hash = base64url::encode(&Sha256::digest(before.as_bytes()));
    let binding = format!(r#"{{"iat":1795183300,"aud":"{audience}","nonce":"n-1","sd_hash":"{hash}"}}"#);
    before + &oracle::token(header, &binding, holder)
}

/// Nobody issues a key-binding token, and the audience of a presentation stands in it unless the issuer named one.
#[test]
fn what_is_expected_of_a_presentation_is_held_against_the_token_that_says_it() {
    let (holder, other) = (oracle::Signer::curve("ES256", 5), oracle::Signer::curve("ES256", 6));
    let secret = oracle::Signer::secret(&[7; 32]);
    let cnf = |signer: &oracle::Signer| format!(r#","cnf":{{"jwk":{}}}"#, signer.jwk(""));
    let own_audience = format!(r#"{},"aud":"https://verifier.example""#, cnf(&holder));
    let (header, verifier) = (r#"{"alg":"ES256","typ":"kb+jwt"}"#, "https://verifier.example");
    let symmetric = r#"{"alg":"HS256","typ":"kb+jwt"}"#;
    let check = |text: &str, verdict: Verdict, status: SignatureStatus, expected: &[&str]| {
        let expectations = tokenscope::claims::Expectations {
            issuers: vec!["https://issuer.example".to_owned()],
            audiences: vec![verifier.to_owned()],
            client_id: None,
            nonce: Some("n-1".to_owned()),
            ..Default::default()
        };
        let keys = oracle::Signer::curve("ES256", 1).jwk("");
        let options = Options { keys, expectations, ..Options::default() };
        let explained = oracle::explained(text, &options, &Choices::default(), NOW);
        let [token, binding] = explained.report.tokens.as_slice() else { panic!("{text}") };
        assert_eq!(token.verdict, verdict, "{text} {:?} {:?}", errors(token), errors(binding));
        assert_eq!((binding.signature.status, errors(binding)), (status, expected.to_vec()), "{text}");
        assert!(explained.whys[1].diagnosis.is_none(), "{text}");
    };
    let (accepted, rejected, undecided) = (Verdict::Accepted, Verdict::Rejected, Verdict::Undecided);
    let (valid, invalid, unchecked) = (SignatureStatus::Valid, SignatureStatus::Invalid, SignatureStatus::NotChecked);
    check(&presented(&cnf(&holder), header, &holder, verifier), accepted, valid, &[]);
    check(&presented(&own_audience, header, &holder, "https://other.example"), accepted, valid, &[]);
    let elsewhere = presented(&cnf(&holder), header, &holder, "https://other.example");
    check(&elsewhere, rejected, valid, &["claims.audience-mismatch"]);
    check(&presented(&cnf(&holder), header, &other, verifier), rejected, invalid, &["signature.invalid"]);
    // Without the holder’s key nothing shows that it was the holder, and a secret that stands in the token is none.
    check(&presented("", header, &holder, verifier), undecided, unchecked, &[]);
    check(&presented(r#","cnf":{"kid":"1"}"#, header, &holder, verifier), undecided, unchecked, &[]);
    check(&presented(&cnf(&secret), symmetric, &secret, verifier), undecided, unchecked, &[]);
}

/// A proof has neither an issuer nor an audience, and only one public key can have signed it.
#[test]
fn a_proof_is_held_against_its_own_key_alone() {
    let signer = oracle::Signer::curve("ES256", 1);
    let secret = oracle::Signer::secret(&[7; 32]);
    let claims = r#"{"jti":"j","htm":"GET","htu":"https://api.example/","iat":1795183390}"#;
    let check = |header: &str, signer: &oracle::Signer, verdict: Verdict, status: SignatureStatus| {
        let expectations = tokenscope::claims::Expectations {
            issuers: vec!["https://issuer.example".to_owned()],
            audiences: vec!["api".to_owned()],
            ..Default::default()
        };
        let keys = oracle::Signer::curve("ES256", 1).jwk("");
        let options = Options { keys, expectations, ..Options::default() };
        let text = oracle::token(header, claims, signer);
        let explained = oracle::explained(&text, &options, &Choices::default(), NOW);
        let [token] = explained.report.tokens.as_slice() else { panic!("{text}") };
        assert_eq!((token.verdict, token.signature.status), (verdict, status), "{header} {:?}", errors(token));
    };
    let (undecided, unchecked) = (Verdict::Undecided, SignatureStatus::NotChecked);
    let (own, shared) = (signer.jwk(""), secret.jwk(""));
    let typ = r#""typ":"dpop+jwt""#;
    check(&format!(r#"{{"alg":"ES256",{typ},"jwk":{own}}}"#), &signer, undecided, SignatureStatus::Valid);
    check(&format!(r#"{{"alg":"ES256",{typ}}}"#), &signer, undecided, unchecked);
    check(&format!(r#"{{"alg":"ES256",{typ},"jwk":{{"keys":[{own},{own}]}}}}"#), &signer, undecided, unchecked);
    check(&format!(r#"{{"alg":"HS256",{typ},"jwk":{shared}}}"#), &secret, Verdict::Rejected, unchecked);
}

/// Found by random damage: what the binding says is known, who says it is not.
#[test]
fn an_sd_jwt_whose_binding_cannot_be_verified_is_not_accepted() {
    use sha2::{Digest, Sha256};
    let (issuer, holder) = (oracle::Signer::curve("ES256", 1), oracle::Signer::curve("ES256", 2));
    let expectations = tokenscope::claims::Expectations {
        issuers: vec!["https://issuer.example".to_owned()],
        audiences: vec!["https://api.example".to_owned()],
        ..Default::default()
    };
    let options = Options { keys: issuer.jwk("k"), expectations, ..Options::default() };
    let jwk: Value = serde_json::from_str(&holder.jwk("")).unwrap();
    let check = |cnf: Value, algorithm: &str, expected: Verdict, code: &str| {
        let claims = json!({ "iss": "https://issuer.example", "aud": "https://api.example", "exp": 1_795_190_000, "cnf": cnf,
            "_sd_alg": "sha-256" });
        let token = oracle::token(r#"{"alg":"ES256"}"#, &claims.to_string(), &issuer) + "~";
        let claims = json!({ "iat": 1_795_183_390, "aud": "https://api.example", "nonce": "n",
            "sd_hash": base64url::encode(&Sha256::digest(token.as_bytes())) });
        let binding = oracle::token(r#"{"alg":"ES256","typ":"kb+jwt"}"#, &claims.to_string(), &holder);
        let header = base64url::encode(format!(r#"{{"alg":"{algorithm}","typ":"kb+jwt"}}"#).as_bytes());
        let binding = [&header, binding.split_once('.').unwrap().1].join(".");
        let explained = oracle::explained(&(token + &binding), &options, &Choices::default(), NOW);
        let token = &explained.report.tokens[0];
        assert_eq!(token.signature.status, SignatureStatus::Valid);
        assert_eq!(token.verdict, expected, "{algorithm}");
        let has = token.findings.iter().any(|finding| finding.code.0 == code);
        assert_eq!(has, expected != Verdict::Accepted, "{algorithm}");
    };
    check(json!({ "jwk": jwk }), "ES256", Verdict::Accepted, "beyond.binding-undecided");
    check(json!({ "jwk": jwk }), "ES257", Verdict::Undecided, "beyond.binding-undecided");
    check(json!({ "kid": "elsewhere" }), "ES256", Verdict::Undecided, "beyond.binding-undecided");
    check(json!({ "jwk": jwk }), "ES384", Verdict::Undecided, "beyond.binding-undecided");
    let other: Value = serde_json::from_str(&oracle::Signer::curve("ES256", 3).jwk("")).unwrap();
    check(json!({ "jwk": other }), "ES256", Verdict::Rejected, "beyond.inside-rejected");
}
