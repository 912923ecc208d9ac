//! The second look: a file a case in `tests/corpus/beyond`, the public vectors of signed tokens, and laws.
//!
//! A case begins with lines that say what is given and what is expected, then `---`, then the text. In the text
//! `<header|payload|algorithm number>` stands for a part or a signature, as `made` below says. Expected are, for each token
//! in order, `token` with its kind, the status of its signature, its verdict and what it stands inside; `finding` with the
//! severity and code of those that are no passed checks; and `signatures` for those of the first one.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;
#[path = "support/vectors.rs"]
mod vectors;

use corpus::{Case, cases};
use oracle::Signer;
use proptest::prelude::*;
use tokenscope::claims::Expectations;
use tokenscope::crypto::operation::{Operation, Outcome};
use tokenscope::decryption::Status;
use tokenscope::finding::Severity;
use tokenscope::inspect::{self, Options};
use tokenscope::jose::base64url;
use tokenscope::report::{KeySource, SignatureStatus, Token};
use tokenscope::time::Time;
use tokenscope::why::{Choices, Explained, carry};

const NOW: Time = Time::from_seconds(1_795_183_392);

/// The keys that the placeholders sign with.
fn keys() -> String {
    let keys = ["RS256", "ES256", "ES512", "Ed25519", "HS256"].map(|name| Signer::of(name, 1).jwk(""));
    let shared = base64url::encode(&[7; 16]);
    format!(r#"{{"keys":[{},{{"kty":"oct","use":"enc","k":"{shared}"}}]}}"#, keys.join(","))
}

fn explained(case: &Case) -> Explained {
    let text = made(&case.text);
    let options = Options {
        keys: case.value("keys").map_or_else(keys, |keys| if keys == "none" { String::new() } else { made(keys) }),
        secret: case.value("secret").unwrap_or_default().to_owned(),
        expectations: expectations(case),
        ..Options::default()
    };
    let choices = Choices { detached_payload: case.value("payload").map(made), ..Choices::default() };
    oracle::explained(&text, &options, &choices, NOW)
}

/// What is expected of the issuer and of the audience.
fn expectations(case: &Case) -> Expectations {
    let values = |key| case.values(key).map(str::to_owned).collect();
    Expectations { issuers: values("issuer"), audiences: values("audience"), ..Expectations::default() }
}

fn check(case: &Case) {
    let explained = explained(case);
    let told: Vec<String> = explained.report.tokens.iter().map(described).collect();
    let expected: Vec<&str> = case.values("token").collect();
    assert_eq!(told, expected, "{}: {:#?}", case.name, findings(&explained));
    let expected: Vec<&str> = case.values("finding").collect();
    assert_eq!(findings(&explained), expected, "{}", case.name);
    if let Some(expected) = case.value("signatures") {
        assert_eq!(statuses(&explained.report.tokens[0]), expected, "{}", case.name);
    }
    if let Some(expected) = case.value("headline") {
        let headline = tokenscope::report::headline(&explained.report.tokens[0], NOW);
        assert_eq!(headline.sentence.to_string(), expected, "{}", case.name);
    }
}

fn statuses(token: &Token) -> String {
    let told: Vec<String> = token.signatures().iter().map(|one| format!("{:?}", one.status)).collect();
    told.join(" ")
}

/// What the second look and the rooms of the first verdict say, which is not that all is well.
fn findings(explained: &Explained) -> Vec<String> {
    let rooms = ["beyond.", "decryption.", "inspect.", "jose.", "signature."];
    let findings = explained.report.tokens.iter().flat_map(|token| &token.findings);
    let told = findings.filter(|finding| {
        finding.severity != Severity::Ok
            && rooms.iter().any(|room| finding.code.0.starts_with(room))
            && finding.code.0 != "signature.prefix"
    });
    told.map(|finding| format!("{:?} {}", finding.severity, finding.code.0).to_lowercase()).collect()
}

fn described(token: &Token) -> String {
    let inside = token.beyond.as_ref().and_then(|beyond| beyond.inside);
    let inside = inside.map_or(String::new(), |at| format!(" inside {}", at + 1));
    format!("{:?} {:?} {:?}{inside}", token.kind, token.signature.status, token.verdict)
}

/// The text with its placeholders filled: `<=text>` is base64url of the text, `<ES256 header.payload>` a signature over what
/// stands there once that is filled, `<encrypted text>` a compact encrypted token, and `<nested 3>` tokens in one another.
/// They may stand in one another.
fn made(text: &str) -> String {
    let mut text = text.to_owned();
    while let Some(end) = text.find('>') {
        let start = text[..end].rfind('<').unwrap_or_else(|| panic!("no beginning: {text}"));
        let inner = text[start + 1..end].to_owned();
        let filled = match inner.split_once(' ') {
            _ if inner.starts_with('=') => base64url::encode(&inner.as_bytes()[1..]),
            Some(("encrypted", text)) => encrypted(text),
            Some(("nested", depth)) => nested(depth.parse().unwrap()),
            Some((algorithm, signed)) => {
                base64url::encode(&Signer::of(algorithm, 1).sign(algorithm, signed.as_bytes()))
            }
            None => panic!("no placeholder: {inner}"),
        };
        text.replace_range(start..=end, &filled);
    }
    text
}

/// Text encrypted directly with the shared key.
fn encrypted(text: &str) -> String {
    let header = base64url::encode(br#"{"alg":"dir","enc":"A128GCM"}"#);
    let operation = Operation::GcmEncrypt {
        key: vec![7; 16],
        initialization_vector: vec![1; 12],
        additional: header.clone().into_bytes(),
        data: text.as_bytes().into(),
    };
    let Outcome::Bytes(sealed) = oracle::primitives::operate(&operation) else { panic!("it was not encrypted") };
    let (ciphertext, tag) = sealed.split_at(sealed.len() - 16);
    [header, String::new(), base64url::encode(&[1; 12]), base64url::encode(ciphertext), base64url::encode(tag)]
        .join(".")
}

/// A token in a token, so many times.
fn nested(depth: usize) -> String {
    let header = r#"{"alg":"HS256","cty":"JWT"}"#;
    let mut token = oracle::token(r#"{"alg":"HS256"}"#, r#"{"exp":1795190000}"#, &Signer::of("HS256", 1));
    for _ in 0..depth {
        token = oracle::token(header, &token, &Signer::of("HS256", 1));
    }
    token
}

#[test]
fn every_case_of_the_corpus_is_as_written() {
    let cases = cases("beyond");
    assert!(cases.len() >= 20, "only {} cases", cases.len());
    cases.iter().for_each(check);
}

fn read(path: &std::path::Path) -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Keys as one set: of an object, a list of objects, or a set.
fn set(keys: &serde_json::Value) -> String {
    let keys = keys.get("keys").unwrap_or(keys);
    let list = keys.as_array().cloned().unwrap_or_else(|| vec![keys.clone()]);
    serde_json::json!({ "keys": list }).to_string()
}

/// How a signed token fares with these keys: every one of its signatures has to be good.
fn verify(name: &str, text: &str, keys: &str, secret: &str, payload: Option<&str>) {
    let options = Options { keys: keys.to_owned(), secret: secret.to_owned(), ..Options::default() };
    let choices = Choices { detached_payload: payload.map(str::to_owned), ..Choices::default() };
    let explained = oracle::explained(text, &options, &choices, NOW);
    let [token, ..] = explained.report.tokens.as_slice() else { panic!("{name}: no token in {text}") };
    let bad: Vec<_> = token.signatures().iter().filter(|one| one.status != SignatureStatus::Valid).collect();
    assert!(bad.is_empty(), "{name}: {bad:?} {:#?}", token.findings);
}

/// How an encrypted token fares: it has to come to this text.
fn decrypt(name: &str, text: &str, keys: &str, secret: &str, expected: &str) {
    let options = Options { keys: keys.to_owned(), secret: secret.to_owned(), ..Options::default() };
    let explained = oracle::explained(text, &options, &Choices::default(), NOW);
    let [token, ..] = explained.report.tokens.as_slice() else { panic!("{name}: no token in {text}") };
    let decryption = token.beyond.as_ref().and_then(|beyond| beyond.decryption.as_ref()).unwrap();
    assert_eq!(decryption.status, Status::Decrypted, "{name}: {:#?}", decryption.findings);
    assert_eq!(String::from_utf8_lossy(decryption.plaintext.as_deref().unwrap()), expected, "{name}");
}

/// The serialisations of an example of the cookbook.
fn serialisations(example: &serde_json::Value) -> Vec<(&'static str, String)> {
    let forms = ["compact", "json", "json_flat"].into_iter();
    forms
        .filter_map(|form| {
            let value = example["output"].get(form)?;
            Some((form, value.as_str().map_or_else(|| value.to_string(), str::to_owned)))
        })
        .collect()
}

#[test]
fn every_signature_of_the_cookbook_is_good() {
    let Some(folder) = vectors::path("cookbook") else { return };
    let mut count = 0;
    for file in ["jws", "curve25519/jws.json", "rfc7797"].map(|name| folder.join(name)) {
        let files = match file.is_dir() {
            true => std::fs::read_dir(&file).unwrap().map(|entry| entry.unwrap().path()).collect(),
            false => vec![file],
        };
        for file in files.iter().filter(|file| file.extension().is_some_and(|extension| extension == "json")) {
            let example = read(file);
            let payload = example["input"]["payload"].as_str();
            for (form, text) in serialisations(&example) {
                let name = format!("{} {form}", file.display());
                verify(&name, &text, &set(&example["input"]["key"]), "", payload);
                count += 1;
            }
        }
    }
    assert_eq!(count, COOKBOOK_SIGNED);
}

/// Eight examples of RFC 7520 §4, one of RFC 8037 and two of RFC 7797, each in up to three forms.
const COOKBOOK_SIGNED: usize = 28;

#[test]
fn every_encrypted_token_of_the_cookbook_is_opened() {
    let Some(folder) = vectors::path("cookbook") else { return };
    let mut count = 0;
    let files = std::fs::read_dir(folder.join("jwe")).unwrap().map(|entry| entry.unwrap().path());
    for file in files.chain([folder.join("curve25519/ecdh-es.json")]) {
        let example = read(&file);
        let input = &example["input"];
        let secret = input["pwd"].as_str().unwrap_or_default();
        let keys = input.get("key").map(set).unwrap_or_default();
        for (form, text) in serialisations(&example) {
            decrypt(&format!("{} {form}", file.display()), &text, &keys, secret, input["plaintext"].as_str().unwrap());
            count += 1;
        }
    }
    assert_eq!(count, COOKBOOK_ENCRYPTED);
}

/// Thirteen examples of RFC 7520 §5 and one of RFC 8037, each in up to three forms.
const COOKBOOK_ENCRYPTED: usize = 37;

/// RFC 7520 §6: signed, then encrypted. Both are told, and the claims are those of the token inside.
#[test]
fn the_nested_token_of_the_cookbook_is_read_to_its_claims() {
    let Some(folder) = vectors::path("cookbook") else { return };
    let example = read(&folder.join("6.nesting_signatures_and_encryption.json"));
    let keys = format!(r#"{{"keys":[{},{}]}}"#, example["sign"]["input"]["key"], example["encrypt"]["input"]["key"]);
    for form in ["compact", "json", "json_flat"] {
        let Some(text) = example["encrypt"]["output"].get(form) else { continue };
        let text = text.as_str().map_or_else(|| text.to_string(), str::to_owned);
        let explained =
            oracle::explained(&text, &Options { keys: keys.clone(), ..Options::default() }, &Choices::default(), NOW);
        let told: Vec<String> = explained.report.tokens.iter().map(described).collect();
        assert_eq!(told, ["Jwe NotChecked Rejected", "Jws Valid Rejected inside 1"], "{form}");
        let inner = explained.report.tokens[1].payload.as_ref().unwrap();
        assert_eq!(inner.string("iss"), Some("hobbiton.example"));
    }
}

/// The vectors of latchset/jose: a token and its key have one name.
#[test]
fn every_token_of_latchset_is_good() {
    let Some(folder) = vectors::path("latchset-vectors/tests/vectors") else { return };
    let mut counts = [0, 0];
    for entry in std::fs::read_dir(&folder).unwrap() {
        let file = entry.unwrap().path();
        let kind = file.extension().unwrap().to_string_lossy().into_owned();
        let text = |kind: &str| std::fs::read_to_string(file.with_extension(kind)).ok();
        if !kind.starts_with("jws") && !kind.starts_with("jwe") {
            continue;
        }
        let name = file.display().to_string();
        let base = file.with_extension("").display().to_string();
        let keys: Vec<serde_json::Value> = ["", ".1", ".2", ".3"]
            .iter()
            .filter_map(|number| std::fs::read_to_string(format!("{base}{number}.jwk")).ok())
            .map(|text| serde_json::from_str(&text).unwrap())
            .collect();
        let keys = text("jwkset").unwrap_or_else(|| set(&keys.into()));
        let token = std::fs::read_to_string(&file).unwrap();
        if kind.starts_with("jws") {
            // RFC 7515 A.5 is the unsecured one.
            if name.contains("A.5") {
                continue;
            }
            verify(&name, &token, &keys, "", text("payl").as_deref());
            counts[0] += 1;
        } else {
            let secret: String = text("pwd").map(|text| serde_json::from_str(&text).unwrap()).unwrap_or_default();
            let keys = if secret.is_empty() { keys } else { String::new() };
            decrypt(&name, &token, &keys, &secret, &text("pt").unwrap());
            counts[1] += 1;
        }
    }
    assert_eq!(counts, LATCHSET);
}

/// Signed and encrypted ones.
const LATCHSET: [usize; 2] = [26, 32];

#[test]
fn every_signature_of_joserfc_is_good() {
    let Some(folder) = vectors::path("joserfc-fixtures/tests") else { return };
    let mut count = 0;
    for file in ["jws_rfc7520", "jws_examples", "jwt_use_jws", "jws_rfc7797"] {
        let fixture = read(&folder.join("fixtures").join(file).with_extension("json"));
        for test in fixture["tests"].as_array().unwrap() {
            let name = format!("{file} {}", test["name"]);
            let own = test["public_key"].as_str().or(test["key"].as_str()).or(test["private_key"].as_str());
            let keys = own.map(|name| std::fs::read_to_string(folder.join("keys").join(name)).unwrap());
            let secret = test["secret"].as_str();
            let payload = test["payload"].as_str().or(fixture["payload"].as_str());
            // RFC 7515, appendix A.1.
            let shared = r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"}"#;
            let keys = keys.unwrap_or_else(|| if file == "jws_rfc7797" { shared.to_owned() } else { String::new() });
            for form in ["compact", "token", "general_json", "flattened_json"] {
                let Some(text) = test.get(form) else { continue };
                let text = text.as_str().map_or_else(|| text.to_string(), str::to_owned);
                verify(&format!("{name} {form}"), &text, &keys, secret.unwrap_or_default(), payload);
                count += 1;
            }
        }
    }
    assert_eq!(count, JOSERFC);
}

/// Of four fixtures those with a serialisation written down.
const JOSERFC: usize = 44;

/// The examples of RFC 9901: the issuer's signature, and the holder's with the key that the issuer names.
#[test]
fn every_example_of_selective_disclosure_verifies_with_its_key_binding() {
    let Some(folder) = vectors::path("sd-jwt") else { return };
    let all = read(&folder.join("sd-jwt-examples.json"));
    let options = Options { keys: set(&all["issuer_key"]), ..Options::default() };
    let mut bound = 0;
    for example in all["examples"].as_array().unwrap() {
        for (form, text) in example.as_object().unwrap() {
            let Some(text) = text.as_str().filter(|text| text.contains('~')) else { continue };
            let explained = oracle::explained(text, &options, &Choices::default(), NOW);
            let name = format!("{} {form}", example["name"]);
            let [token, binding @ ..] = explained.report.tokens.as_slice() else { panic!("{name}: no token") };
            assert_eq!(token.signature.status, SignatureStatus::Valid, "{name}");
            assert!(token.beyond.as_ref().unwrap().disclosure.is_some(), "{name}");
            for binding in binding {
                assert_eq!(binding.inside(), Some(0), "{name}");
                assert_eq!(binding.signature.status, SignatureStatus::Valid, "{name}");
                assert_eq!(binding.signature.key.as_ref().unwrap().source, KeySource::Token, "{name}");
                bound += 1;
            }
        }
    }
    assert!(bound > 0);
}

#[test]
fn hostile_tokens_are_read_in_time() {
    let header = base64url::encode(br#"{"alg":"HS256"}"#);
    let many = format!(r#"{{"protected":"{header}","signature":"AAAA"}},"#).repeat(10_000);
    let names: String = (0..20_000).map(|number| format!(r#""a{number}":1,"#)).collect();
    let texts = [
        format!(r#"{{"payload":"e30","signatures":[{}]}}"#, many.trim_end_matches(',')),
        format!(r#"{{"payload":"{}","protected":"{header}","signature":"AAAA"}}"#, "A".repeat(1_000_000)),
        format!(r#"{{"payload":"e30","protected":"{header}","header":{{{names}"z":1}},"signature":"AAAA"}}"#),
        r#"{"protected":"#.repeat(20_000),
        r#"{"signature":{"#.repeat(20_000),
        r#"}"protected""#.repeat(20_000),
        format!("{}\"protected\"", "{".repeat(200_000)),
        format!(r#"{{"ciphertext":"AAAA","recipients":[{}]}}"#, vec!["{}"; 10_000].join(",")),
        format!(
            r#"{{"a":{}}}"#,
            format!(r#"{{"payload":"e30","protected":"{header}","signature":"AAAA"}},"#).repeat(3000)
        ),
        format!(r#"{{"protected":"{header}","signature":"AAAA","payload":"e30"}} "#).repeat(3000),
        nested(20),
        format!("{header}.{}", "a b".repeat(200_000)),
    ];
    let options = Options { keys: keys(), ..Options::default() };
    for (number, text) in texts.iter().enumerate() {
        let start = std::time::Instant::now();
        let explained = oracle::explained(text, &options, &Choices::default(), NOW);
        let took = start.elapsed();
        println!("{number}: {took:?}, {} tokens", explained.report.tokens.len());
        assert!(took.as_secs() < 20, "{number}: {took:?}");
        assert!(explained.report.tokens.len() <= 400);
    }
}

/// What stands behind the page comes to it as it is: the same verdicts, signatures and findings.
#[test]
fn what_is_carried_to_the_page_is_what_was_found() {
    let options = Options { keys: keys(), ..Options::default() };
    for case in cases("beyond") {
        let text = made(&case.text);
        let explained = oracle::explained(&text, &options, &Choices::default(), NOW);
        let carried = carry::read(&carry::write(&explained, 3)).unwrap();
        let (mut report, _) = inspect::inspect(&text, &options, NOW, NOW, &inspect::Answers::default());
        for whole in &carried.whole {
            whole.put(&mut report.tokens, true);
        }
        for (ours, theirs) in explained.report.tokens.iter().zip(&report.tokens) {
            if ours.beyond.is_none() {
                continue;
            }
            let told = |token: &Token| {
                let bytes =
                    |document: &Option<tokenscope::json::Document>| document.as_ref().map(|one| one.bytes.clone());
                let codes: Vec<_> = token.findings.iter().map(|one| (one.severity, one.code)).collect();
                let words = tokenscope::report::headline(token, NOW);
                let documents = (bytes(&token.header), bytes(&token.payload));
                // The key is another one there: of those at hand the one that was used, for decrypting too.
                let signature = (token.signature.status, token.signature.algorithm.clone());
                (described(token), token.text.clone(), documents, signature, codes, words)
            };
            assert_eq!(told(ours), told(theirs), "{}", case.name);
        }
        assert_eq!(explained.report.tokens.len(), report.tokens.len(), "{}", case.name);
        let pasted = explained.report.key_sets.iter().find(|set| set.source == KeySource::Pasted);
        assert_eq!(carried.pasted.map(|pasted| pasted.keys), pasted.map(|set| set.keys.clone()), "{}", case.name);
    }
}

/// What was mended is a key to the page, too, and no fault.
#[test]
fn a_key_that_was_mended_is_carried_to_the_page() {
    let worn = include_str!("corpus/keys_worn/html-entities-of-line-breaks.txt").split_once("---\n").unwrap().1;
    let text = oracle::token(r#"{"alg":"ES256"}"#, r#"{"exp":1795190000}"#, &Signer::of("ES256", 1));
    let options = Options { keys: worn.to_owned(), ..Options::default() };
    let (mut report, _) = inspect::inspect(&text, &options, NOW, NOW, &inspect::Answers::default());
    assert!(report.key_sets[0].keys.is_empty());
    let explained = oracle::explained(&text, &options, &Choices::default(), NOW);
    let carried = carry::read(&carry::write(&explained, 3)).unwrap();
    carried.pasted.unwrap().put(&mut report.key_sets);
    let [set] = report.key_sets.as_slice() else { panic!("one set") };
    assert_eq!(set.keys.len(), 1);
    assert!(set.findings.iter().all(|finding| finding.severity != Severity::Error), "{:?}", set.findings);
}

proptest! {
    #![proptest_config(corpus::heavy())]

    #[test]
    fn nothing_panics_on_what_looks_like_a_token(
        names in prop::collection::vec(prop::sample::select(vec![
            "payload", "protected", "header", "signature", "signatures", "ciphertext", "recipients", "encrypted_key", "iv", "tag", "aad", "unprotected",
        ]), 1..6),
        values in prop::collection::vec(prop::sample::select(vec![
            r#""eyJhbGciOiJIUzI1NiJ9""#, r#""eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIn0""#, r#""e30""#, r#""""#, "7", "null", "[]", "[{}]", "{}", r#""%""#,
            r#"{"alg":"HS256"}"#, r#"[{"signature":"AAAA","protected":"eyJhbGciOiJIUzI1NiJ9"}]"#, r#""eyJhbGciOiJIUzI1NiIsImI2NCI6ZmFsc2V9""#,
            r#"[{"header":{"alg":"A128KW"},"encrypted_key":"AAAA"},7]"#,
        ]), 6),
        cut in 0..400_usize,
        payload in prop::option::of("[ -~]{0,20}"),
    ) {
        let members: Vec<String> = names.iter().zip(&values).map(|(name, value)| format!(r#""{name}":{value}"#)).collect();
        let text = format!("{{{}}}", members.join(","));
        let text = text.get(..text.len() - cut.min(text.len()) / 8).unwrap_or_default();
        let options = Options { keys: keys(), secret: "secret".to_owned(), ..Options::default() };
        let choices = Choices { detached_payload: payload, ..Choices::default() };
        let explained = oracle::explained(text, &options, &choices, NOW);
        let json = tokenscope::why::json::text(&explained, text);
        prop_assert!(serde_json::from_str::<serde_json::Value>(&json).is_ok());
    }
}

#[test]
fn what_browsers_lack_is_carried_to_the_page() {
    for (algorithm, made_by) in [
        ("ES256K", "ES256K"),
        ("Ed448", "Ed448"),
        ("EdDSA", "Ed448"),
        ("ML-DSA-44", "ML-DSA-44"),
        ("ES256", "ES256"),
        ("EdDSA", "Ed25519"),
    ] {
        let signer = Signer::of(made_by, 1);
        let text = oracle::token(&format!(r#"{{"alg":"{algorithm}"}}"#), "{}", &signer);
        let options = Options { keys: signer.jwk(""), ..Options::default() };
        let explained = oracle::explained(&text, &options, &Choices::default(), NOW);
        let [token] = explained.report.tokens.as_slice() else { panic!("one token") };
        assert_eq!(token.signature.status, SignatureStatus::Valid, "{algorithm}");
        let lacked = !["ES256", "Ed25519"].contains(&made_by);
        assert_eq!(token.beyond.is_some(), lacked, "{algorithm} by {made_by}");
        let carried = carry::read(&carry::write(&explained, 1)).unwrap();
        assert_eq!(carried.whole.len(), usize::from(lacked), "{algorithm} by {made_by}");
    }
}

/// However many names stand there twice, one that stands in both headers is found, and quickly.
#[test]
fn repeated_names_hide_none_that_stands_in_both_headers() {
    for count in [0, 60, 20_000] {
        let header = base64url::encode(br#"{"alg":"RS256"}"#);
        let signature = base64url::encode(&Signer::of("HS256", 1).sign("HS256", format!("{header}.e30").as_bytes()));
        let repeated = r#""a":1,"#.repeat(count);
        let text = format!(
            r#"{{"payload":"e30","protected":"{header}","header":{{{repeated}"alg":"HS256"}},"signature":"{signature}"}}"#
        );
        let options = Options { keys: keys(), ..Options::default() };
        let start = std::time::Instant::now();
        let explained = oracle::explained(&text, &options, &Choices::default(), NOW);
        let [token] = explained.report.tokens.as_slice() else { panic!("one token") };
        assert_eq!(token.signature.status, SignatureStatus::Invalid, "{count}");
        let said = token.findings.iter().any(|finding| finding.code == tokenscope::jose::code::HEADER_NOT_DISJOINT);
        assert!(said, "{count}");
        assert!(start.elapsed().as_secs() < 20, "{count}: {:?}", start.elapsed());
    }
}

/// A token for the last of so many keys, with a content key of its own.
fn for_the_last_key(number: u8, keys: u8) -> String {
    let wrap = Operation::KeyWrap { key: vec![keys - 1; 16], data: vec![number; 16] };
    let header = base64url::encode(br#"{"alg":"A128KW","enc":"A128GCM"}"#);
    let encrypt = Operation::GcmEncrypt {
        key: vec![number; 16],
        initialization_vector: vec![1; 12],
        additional: header.clone().into_bytes(),
        data: (*b"{}").into(),
    };
    let [wrapped, sealed] = [wrap, encrypt].map(|operation| match oracle::primitives::operate(&operation) {
        Outcome::Bytes(bytes) => bytes,
        outcome => panic!("{outcome:?}"),
    });
    let (ciphertext, tag) = sealed.split_at(sealed.len() - 16);
    let parts = [&wrapped, [1; 12].as_slice(), ciphertext, tag].map(base64url::encode);
    [&[header], parts.as_slice()].concat().join(".")
}

/// However many tokens and keys there are, the questions about some never push out the answers about others.
#[test]
fn many_encrypted_tokens_with_many_keys_come_to_an_end() {
    for (tokens, keys) in [(3, 64), (40, 40), (200, 2), (100, 64)] {
        let set: Vec<String> =
            (0..keys).map(|key| format!(r#"{{"kty":"oct","k":"{}"}}"#, base64url::encode(&[key; 16]))).collect();
        let text: Vec<String> = (0..tokens).map(|number| for_the_last_key(number, keys)).collect();
        let options = Options { keys: format!(r#"{{"keys":[{}]}}"#, set.join(",")), ..Options::default() };
        let choices = Choices { compare_with: Some(text.join("\n")), ..Choices::default() };
        let explained = oracle::explained(&text.join("\n"), &options, &choices, NOW);
        let mut opened = 0;
        for token in &explained.report.tokens {
            let decryption = token.beyond.as_ref().and_then(|beyond| beyond.decryption.as_ref()).unwrap();
            let is_left =
                |finding: &tokenscope::finding::Finding| finding.code == tokenscope::decryption::code::TOO_MANY_TRIES;
            match decryption.status {
                Status::Decrypted => opened += 1,
                status => {
                    assert_eq!(status, Status::NoKey, "{tokens} {keys}");
                    assert!(token.findings.iter().any(is_left), "{tokens} {keys}: {:#?}", token.findings);
                }
            }
        }
        let expected = usize::from(tokens).min(320 / usize::from(keys));
        assert_eq!((explained.report.tokens.len(), opened), (usize::from(tokens), expected), "{keys}");
    }
}
