//! Keys that only arithmetic makes usable: compressed points, private keys without their public half, and keys that do not
//! name their curve; and the forms of other worlds. A file a case, made by OpenSSL, keytool, GnuPG and Python's `cryptography`; a line `key:` has what is to be computed,
//! with the thumbprint that jwcrypto gives it.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "every test that signs compiles this file, and uses a part of it")]
mod oracle;
#[path = "support/keys.rs"]
mod support;

use ml_dsa::{MlDsa44, MlDsa65, MlDsa87, MlDsaParams};
use oracle::Signer;
use proptest::prelude::*;
use support::{element, hex, inside, line, pem};
use tokenscope::crypto::operation::{Operations, carry};
use tokenscope::crypto::software;
use tokenscope::finding::{Finding, Severity};
use tokenscope::inspect::Options;
use tokenscope::key::{self, code, details, private};
use tokenscope::report::{KeySource, SignatureStatus};
use tokenscope::time::Time;
use tokenscope::why::Choices;

const NOW: Time = Time::from_seconds(1_795_183_392);

fn cases() -> impl Iterator<Item = corpus::Case> {
    ["keys_complete", "keys_foreign", "keys_worn"].into_iter().flat_map(corpus::cases)
}

#[test]
fn every_case_gives_what_others_compute() {
    let mut wrong = String::new();
    for case in cases() {
        let completed = key::complete(&case.text, &Operations::default());
        let keys: Vec<String> = key::read(&completed.pem, KeySource::Pasted).keys.iter().map(line).collect();
        let findings: Vec<&str> = completed.findings.iter().map(|finding| finding.code.0).collect();
        let expected: Vec<&str> = case.values("key").collect();
        if keys != expected || findings != case.values("finding").collect::<Vec<_>>() {
            wrong += &format!("{}: {keys:?} {findings:?}\n", case.name);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// Until then the first verdict says what is the matter, and never that the key is broken.
#[test]
fn what_can_be_computed_is_no_error_before() {
    for case in corpus::cases("keys_complete") {
        let reading = key::read(&case.text, KeySource::Pasted);
        let lacking = [code::POINT_COMPRESSED, code::PRIVATE_ONLY, code::CURVE_EXPLICIT];
        let lacks = reading.findings.iter().filter(|finding| lacking.contains(&finding.code)).count();
        assert!(lacks >= case.values("key").count(), "{}: {:?}", case.name, reading.findings);
    }
}

/// What a second look says of other worlds' forms stands in the place of what the reader said.
#[test]
fn a_foreign_form_is_named_once_with_what_to_do() {
    let token = oracle::token(r#"{"alg":"ES256"}"#, r#"{"exp":4102444800}"#, &Signer::curve("ES256", 0));
    for case in corpus::cases("keys_foreign") {
        let (_, findings, keys) = explained(&token, &case.text);
        let codes: Vec<&str> = findings.iter().map(|finding| finding.code.0).collect();
        let expected: Vec<&str> = case.values("finding").collect();
        if expected.is_empty() {
            assert_eq!(codes, [code::NOT_RECOGNISED.0], "{}", case.name);
        } else {
            assert_eq!(codes, expected, "{}", case.name);
        }
        assert_eq!(keys, case.values("key").count(), "{}", case.name);
    }
}

/// Carries out what completing a text asks, as the module that has ML-DSA does.
fn carried_out(text: &str) -> key::Completed {
    let mut operations = Operations::default();
    for ask in key::complete(text, &operations).asks {
        assert!(software::has(&ask));
        let carried = carry::read_operation(&carry::write_operation(&ask)).unwrap();
        let outcome = software::operate(&carried, &[7; 32]);
        operations.answer(ask, outcome);
    }
    let completed = key::complete(text, &operations);
    assert!(completed.asks.is_empty(), "{text}");
    completed
}

/// Seeds and public halves are those of Python's `cryptography`.
#[test]
fn keys_of_ml_dsa_get_their_public_halves() {
    let mut wrong = String::new();
    let cases = corpus::cases("keys_ml_dsa");
    assert_eq!(cases.len(), 9);
    for case in cases {
        assert_eq!(key::complete(&case.text, &Operations::default()).asks.len(), 1, "{}", case.name);
        let completed = carried_out(&case.text);
        let keys: Vec<String> = key::read(&completed.pem, KeySource::Pasted).keys.iter().map(line).collect();
        let findings: Vec<&str> = completed.findings.iter().map(|finding| finding.code.0).collect();
        if keys != case.values("key").collect::<Vec<_>>() || findings != case.values("finding").collect::<Vec<_>>() {
            wrong += &format!("{}: {keys:?} {findings:?}\n", case.name);
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// The other two forms of RFC 9881: the expanded key alone, and both. The expanded key is the one that the crate computes of
/// the seed.
#[test]
fn expanded_keys_of_ml_dsa_get_their_public_halves_or_are_refused() {
    let expanded: [Expand; 3] = [expanded::<MlDsa44>, expanded::<MlDsa65>, expanded::<MlDsa87>];
    for (case, expanded) in
        corpus::cases("keys_ml_dsa").iter().filter(|case| case.name.starts_with("seed")).zip(expanded)
    {
        let der = inside(&case.text);
        let (head, seed) = der.split_at(der.len() - 32);
        let key = expanded(seed);
        // The algorithm stands behind the version.
        let algorithm = &head[5..18];
        let form = |private: &[u8]| {
            let parts = [&[2, 1, 0], algorithm, &element(4, private)].concat();
            pem("PRIVATE KEY", &element(0x30, &parts))
        };
        let check = |private: &[u8], is_read: bool| {
            let completed = carried_out(&form(private));
            let keys: Vec<String> = key::read(&completed.pem, KeySource::Pasted).keys.iter().map(line).collect();
            assert_eq!(keys, Vec::from_iter(case.values("key").filter(|_| is_read)));
        };
        check(&element(0x80, seed), true);
        check(&element(4, &key), true);
        check(&element(0x30, &[element(4, seed), element(4, &key)].concat()), true);
        check(&element(4, &key[1..]), false);
        for at in [0, 70, 128, 200, 500] {
            for octet in [0xff, 0x01] {
                let mut damaged = key.clone();
                damaged[at] ^= octet;
                check(&element(4, &damaged), false);
            }
        }
    }
}

/// Computes the expanded key of a seed.
type Expand = fn(&[u8]) -> Vec<u8>;

#[allow(deprecated, reason = "keys that were written without their seed are read")]
fn expanded<P: MlDsaParams>(seed: &[u8]) -> Vec<u8> {
    let key = ml_dsa::SigningKey::<P>::from_seed(&ml_dsa::Seed::try_from(seed).unwrap());
    key.expanded_key().to_expanded().to_vec()
}

#[test]
fn a_token_is_signed_with_a_seed_and_verified_with_it() {
    for case in corpus::cases("keys_ml_dsa").iter().filter(|case| case.name.starts_with("seed")) {
        let key = private::read(&case.text).keys.remove(0);
        let algorithm = key.algorithm.clone().unwrap();
        let header = format!(r#"{{"alg":"{algorithm}"}}"#);
        let token = oracle::token(&header, r#"{"exp":4102444800}"#, &Signer::Software(Box::new(key)));
        let (status, findings, keys) = explained(&token, &case.text);
        assert_eq!((status, keys), (SignatureStatus::Valid, 1), "{findings:?}");
        let public = findings.iter().filter(|finding| finding.code == details::code::PUBLIC_COMPUTED);
        assert_eq!(public.count(), 1, "{findings:?}");
    }
}

fn point(algorithm: &str, number: u8) -> Vec<u8> {
    match Signer::curve(algorithm, number) {
        Signer::P256(key) => key.verifying_key().to_sec1_point(true).as_bytes().to_vec(),
        Signer::P384(key) => key.verifying_key().to_sec1_point(true).as_bytes().to_vec(),
        Signer::P521(key) => key.verifying_key().to_sec1_point(true).as_bytes().to_vec(),
        _ => panic!("{algorithm}"),
    }
}

/// A compressed public key of OpenSSL's form.
fn compressed(algorithm: &str, number: u8) -> String {
    let curve = match algorithm {
        "ES256" => "06082a8648ce3d030107",
        "ES384" => "06052b81040022",
        _ => "06052b81040023",
    };
    let identifiers = [hex("06072a8648ce3d0201"), hex(curve)].concat();
    let bits = [vec![0], point(algorithm, number)].concat();
    pem("PUBLIC KEY", &element(0x30, &[element(0x30, &identifiers), element(3, &bits)].concat()))
}

fn explained(text: &str, keys: &str) -> (SignatureStatus, Vec<Finding>, usize) {
    let options = Options { keys: keys.to_owned(), ..Options::default() };
    let explained = oracle::explained(text, &options, &Choices::default(), NOW);
    let set = &explained.report.key_sets[0];
    (explained.report.tokens[0].signature.status, set.findings.clone(), set.keys.len())
}

#[test]
fn a_token_is_verified_with_a_compressed_key() {
    for algorithm in ["ES256", "ES384", "ES512"] {
        for number in 0..4 {
            let header = format!(r#"{{"alg":"{algorithm}"}}"#);
            let token = oracle::token(&header, r#"{"exp":4102444800}"#, &Signer::curve(algorithm, number));
            let (status, findings, keys) = explained(&token, &compressed(algorithm, number));
            assert_eq!((status, keys), (SignatureStatus::Valid, 1), "{findings:?}");
            let codes: Vec<_> = findings.iter().map(|finding| finding.code).collect();
            assert_eq!(codes, [details::code::POINT_COMPUTED]);
            // Another key's never does, beside or alone.
            let (status, ..) = explained(&token, &compressed(algorithm, number + 1));
            assert_eq!(status, SignatureStatus::Invalid);
            let other = Signer::curve(algorithm, number + 1).jwk("other");
            let other = key::read(&other, KeySource::Pasted).keys.remove(0).material;
            let both = key::export::public_pem(&other).unwrap() + &compressed(algorithm, number);
            assert_eq!(explained(&token, &both).0, SignatureStatus::Valid);
        }
    }
}

#[test]
fn a_token_is_verified_with_a_private_key_that_has_no_public_half() {
    let cases = corpus::cases("keys_complete");
    let mut count = 0;
    for case in cases.iter().filter(|case| case.text.contains("PRIVATE KEY") && case.value("key").is_some()) {
        let key = private::read(&case.text).keys;
        let Some(key) = key.first().filter(|key| key.public.key_type() == "OKP") else { continue };
        let (_, algorithm) = match key.public.curve() {
            Some("Ed25519") => (0, "Ed25519"),
            Some("Ed448") => (0, "Ed448"),
            _ => continue,
        };
        let header = format!(r#"{{"alg":"{algorithm}"}}"#);
        let token = oracle::token(&header, r#"{"exp":4102444800}"#, &Signer::Software(Box::new(key.clone())));
        let (status, findings, _) = explained(&token, &case.text);
        assert_eq!(status, SignatureStatus::Valid, "{}: {findings:?}", case.name);
        assert!(findings.iter().all(|finding| finding.severity != Severity::Error), "{findings:?}");
        count += 1;
    }
    assert_eq!(count, 2);
}

proptest! {
    #![proptest_config(corpus::heavy())]

    /// No damage to a text makes anything panic.
    #[test]
    fn damaged_cases_are_read(number in 0_usize..1000, at: prop::sample::Index, octet in 0x20_u8..0x7f, cut: bool) {
        let cases = texts();
        let mut bytes = cases[number % cases.len()].clone().into_bytes();
        let at = at.index(bytes.len());
        bytes[at] = octet;
        bytes.truncate(if cut { at } else { bytes.len() });
        key::complete(&String::from_utf8_lossy(&bytes), &Operations::default());
    }

    /// Damage makes another key or none, never a panic; what is computed is on its curve.
    #[test]
    fn damaged_points_are_on_the_curve_or_refused(number in 0_u8..8, at: prop::sample::Index, octet: u8, which in 0_usize..3) {
        let algorithm = ["ES256", "ES384", "ES512"][which];
        let mut bytes = inside(&compressed(algorithm, number));
        let at = at.index(bytes.len());
        bytes[at] = octet;
        let completed = key::complete(&pem("PUBLIC KEY", &bytes), &Operations::default());
        for key in key::read(&completed.pem, KeySource::Pasted).keys {
            prop_assert!(details::weaknesses(&key.material, "#1").is_empty());
        }
    }
}

fn texts() -> &'static [String] {
    static TEXTS: std::sync::OnceLock<Vec<String>> = std::sync::OnceLock::new();
    TEXTS.get_or_init(|| cases().map(|case| case.text).collect())
}

#[test]
fn a_hostile_text_takes_a_moment() {
    let began = std::time::Instant::now();
    key::complete(&compressed("ES512", 1).repeat(900), &Operations::default());
    key::complete(
        &"-----BEGIN EC PARAMETERS-----\nBgUrgQQAIw==\n-----END EC PARAMETERS-----\n".repeat(9_000),
        &Operations::default(),
    );
    assert!(began.elapsed().as_secs() < 10, "{:?}", began.elapsed());
}
