//! The second look at keys: certificates, thumbprints, weaknesses and keys that everybody knows. The certificates in
//! `tests/keys` were made by OpenSSL for these tests.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/keys.rs"]
mod support;
#[path = "support/vectors.rs"]
mod vectors;

use proptest::prelude::*;
use tokenscope::finding::{Code, Severity};
use tokenscope::jose::base64url;
use tokenscope::json;
use tokenscope::key::details::{self, CertificateDetails, Details, code};
use tokenscope::key::{self, Material};
use tokenscope::report::KeySource;
use tokenscope::time::Time;
use tokenscope::why::WORDS;

const CHAIN: &str = include_str!("keys/chain.pem");
/// A month after the certificates were made.
const NOW: Time = Time::from_seconds(1_797_900_000);

fn check(text: &str, findings: &[Code]) -> Details {
    let details = details::of(text, NOW);
    let found: Vec<Code> = details.findings.iter().map(|finding| finding.code).collect();
    assert_eq!(found, findings, "{:.200}", text);
    for finding in &details.findings {
        assert!(finding.severity != Severity::Error && finding.fact("key").is_some(), "{finding:?}");
    }
    details
}

/// The blocks of the chain, and the base64 in each.
fn blocks() -> Vec<(String, String)> {
    let blocks = CHAIN.split_inclusive("-----END CERTIFICATE-----\n");
    blocks.map(|block| (block.to_owned(), block.lines().filter(|line| !line.starts_with('-')).collect())).collect()
}

/// A JWK of the first certificate's key, with these members besides.
fn jwk(more: &str) -> String {
    let key = key::read(CHAIN, KeySource::Pasted).keys.remove(0).material.jwk().unwrap();
    format!("{},{more}}}", &key[..key.len() - 1])
}

fn x5c(order: &[usize]) -> String {
    let blocks = blocks();
    let items: Vec<String> = order.iter().map(|at| json::quoted(&blocks[*at].1)).collect();
    format!("\"x5c\":[{}]", items.join(","))
}

#[test]
fn a_chain_is_read_certificate_by_certificate() {
    let details = check(CHAIN, &[]);
    assert_eq!(details.keys.len(), 3);
    let chain = &details.keys[0].certificates;
    let names: Vec<_> = chain.iter().map(|one| one.subject.common_name.as_deref().unwrap()).collect();
    assert_eq!(names, ["keys.issuer.example", "Example Issuing", "Example Root"]);
    assert_eq!(chain.iter().map(|one| one.is_self_signed).collect::<Vec<_>>(), [false, false, true]);
    let leaf = &chain[0];
    // As `openssl x509` prints them.
    assert_eq!((leaf.serial.as_str(), leaf.signature_algorithm.as_str()), ("a1b2c3", "ECDSA with SHA-384"));
    assert_eq!(leaf.not_before.unwrap().date_and_time(), "Sat 21 Nov 2026, 13:15:29 UTC");
    assert_eq!(leaf.not_after.unwrap().date_and_time(), "Sun 21 Nov 2027, 13:15:29 UTC");
    assert_eq!(leaf.issuer.common_name.as_deref(), Some("Example Issuing"));
    assert_eq!(leaf.subject.organization.as_deref(), Some("Example"));
    assert_eq!(leaf.sha1, "WXKwegHmgRjJzGyCgkHyS_VPOnk");
    assert_eq!(leaf.sha256, "DFvnQgm2Qe-ZVXC_H0rHZNT1Mb9k8dffUxHJbQs65fA");
    assert_eq!(leaf.key.as_deref(), Some("EC P-256"));
    assert!(!leaf.is_expired && !leaf.is_early);
}

#[test]
fn a_chain_out_of_order_is_said() {
    let blocks = blocks();
    let text = |order: &[usize]| order.iter().map(|at| blocks[*at].0.as_str()).collect::<String>();
    check(&text(&[0, 1]), &[]);
    check(&text(&[0]), &[]);
    // Two that have nothing to do with one another are two keys.
    check(&text(&[0, 2]), &[]);
    check(&text(&[1, 0, 2]), &[code::CHAIN_ORDER]);
    check(&jwk(&x5c(&[0, 1, 2])), &[code::CHAIN_UNTRUSTED]);
    check(&jwk(&x5c(&[0, 2])), &[code::CHAIN_UNTRUSTED, code::CHAIN_GAP]);
    let other = check(&jwk(&x5c(&[1, 2])), &[code::CHAIN_UNTRUSTED, code::CHAIN_KEY]);
    assert_eq!(other.keys[0].certificates.len(), 2);
    check(&jwk(r#""x5c":["AAAA"]"#), &[code::CERTIFICATE_BROKEN]);
    let url = x5c(&[0]).replace('+', "-").replace('/', "_");
    assert_ne!(url, x5c(&[0]));
    check(&jwk(&url), &[code::CERTIFICATE_ALPHABET, code::CHAIN_UNTRUSTED]);
}

/// A file a case, made by Python's `cryptography` and OpenSSL; a line `certificate:` has what is shown of one, with its
/// fingerprint as they compute it.
#[test]
fn chains_are_shown_as_others_read_them_and_what_is_wrong_is_said() {
    let mut wrong = String::new();
    for case in corpus::cases("keys_chains") {
        let details = details::of(&case.text, Time::from_seconds(1_797_811_200));
        let shown: Vec<String> = details.keys[0].certificates.iter().map(shown).collect();
        let findings: Vec<&str> = details.findings.iter().map(|finding| finding.code.0).collect();
        let expected: Vec<&str> = case.values("certificate").collect();
        if shown != expected || findings != case.values("finding").collect::<Vec<_>>() {
            wrong += &format!("{}: {shown:#?} {findings:?}\n", case.name);
        }
        for finding in &details.findings {
            let words = WORDS.words(finding, NOW);
            let text = words.problem.markdown();
            assert!(!text.contains('{') && finding.severity != Severity::Error, "{text}");
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn shown(certificate: &CertificateDetails) -> String {
    let issuer = if certificate.is_self_signed { "itself" } else { certificate.issuer.text().unwrap() };
    let state = match (certificate.is_early, certificate.is_expired) {
        (true, _) => "early",
        (_, true) => "expired",
        _ => "now",
    };
    format!("{} by {issuer}, {state}, {}", certificate.subject.text().unwrap(), certificate.sha256)
}

#[test]
fn dates_are_held_against_the_clock() {
    for (seconds, finding) in [(0, code::CERTIFICATE_EARLY), (4_000_000_000, code::CERTIFICATE_EXPIRED)] {
        let details = details::of(&blocks()[0].0, Time::from_seconds(seconds));
        assert_eq!(details.findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), [finding]);
    }
}

#[test]
fn a_wrong_thumbprint_is_said_and_another_form_of_the_right_one_is_told_apart() {
    let right = r#""x5t":"WXKwegHmgRjJzGyCgkHyS_VPOnk","x5t#S256":"DFvnQgm2Qe-ZVXC_H0rHZNT1Mb9k8dffUxHJbQs65fA""#;
    for (thumbprints, finding) in [
        (right, None),
        (r#""x5t":"AXKwegHmgRjJzGyCgkHyS_VPOnk""#, Some(code::THUMBPRINT_WRONG)),
        (r#""x5t#S256":"WXKwegHmgRjJzGyCgkHyS_VPOnk""#, Some(code::THUMBPRINT_WRONG)),
        // The digits as text, in base64url, as one provider's older keys have them.
        (r#""x5t":"NTk3MkIwN0EwMUU2ODExOEM5Q0M2QzgyODI0MUYyNEJGNTRGM0E3OQ""#, Some(code::THUMBPRINT_FORM)),
        (r#""x5t":"59:72:B0:7A:01:E6:81:18:C9:CC:6C:82:82:41:F2:4B:F5:4F:3A:79""#, Some(code::THUMBPRINT_FORM)),
        (r#""x5t":"WXKwegHmgRjJzGyCgkHyS/VPOnk=""#, Some(code::THUMBPRINT_FORM)),
    ] {
        let findings: Vec<Code> = [Some(code::CHAIN_UNTRUSTED), finding].into_iter().flatten().collect();
        let both = format!("{},{thumbprints}", x5c(&[0]));
        check(&jwk(&both), &findings);
        let header = details::header(&json::read(format!("{{{both}}}").into_bytes()), NOW);
        assert_eq!(header.findings.iter().map(|finding| finding.code).collect::<Vec<_>>(), findings);
        assert_eq!(header.keys[0].certificates.len(), 1);
    }
    // Without a certificate there is nothing to hold a thumbprint against.
    check(&jwk(right), &[]);
}

#[test]
fn weak_keys_of_wycheproof_are_found() {
    let Some(text) = vectors::text("wycheproof/json_web_key_test.json") else { return };
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    for group in document["testGroups"].as_array().unwrap() {
        let keys = if group["public"].is_null() { &group["private"] } else { &group["public"] };
        let is_roca = group["comment"] == "jws_rsa_roca_key";
        let is_off = group["comment"] == "invalid_point";
        let found: Vec<Code> =
            details::of(&keys.to_string(), NOW).findings.into_iter().map(|finding| finding.code).collect();
        assert_eq!(found.contains(&key::code::ROCA), is_roca, "{group}");
        assert_eq!(found.contains(&code::POINT_OFF_CURVE), is_off, "{group}");
        assert_eq!(found.len(), usize::from(is_roca || is_off), "{group}");
    }
}

fn rsa(modulus: &rsa::BigUint, exponent: &str) -> String {
    format!(r#"{{"kty":"RSA","n":"{}","e":"{exponent}"}}"#, base64url::encode(&modulus.to_bytes_be()))
}

#[test]
fn moduli_that_anybody_can_factor_are_found() {
    use rsa::pkcs8::DecodePrivateKey as _;
    use rsa::traits::{PrivateKeyParts as _, PublicKeyParts as _};
    let key = rsa::RsaPrivateKey::from_pkcs8_pem(include_str!("keys/rsa-pkcs8-private.pem")).unwrap();
    check(&rsa(key.n(), "AQAB"), &[]);
    check(&rsa(key.n(), "Aw"), &[code::EXPONENT_SMALL]);
    for factor in [3_u32, 7, 4_099, 9_973] {
        let details = check(&rsa(&(key.n() * factor), "AQAB"), &[code::FACTOR]);
        assert_eq!(details.findings[0].fact("factor"), Some(&tokenscope::finding::Fact::Count(u64::from(factor))));
    }
    // Two factors side by side, neither of which is divisible by a small prime.
    let one = &key.primes()[0];
    let is_rough = |number: &rsa::BigUint| (2_u32..10_000).all(|divisor| number % divisor != rsa::BigUint::from(0_u8));
    let other = (1_u32..).map(|step| one + 2 * step).find(is_rough).unwrap();
    check(&rsa(&(one * other), "AQAB"), &[code::FACTORS_CLOSE]);
}

#[test]
fn a_point_off_its_curve_is_found() {
    for (curve, length) in [("P-256", 32), ("P-384", 48), ("P-521", 66), ("secp256k1", 32)] {
        let x = base64url::encode(&vec![1; length]);
        let text = format!(r#"{{"kty":"EC","crv":"{curve}","x":"{x}","y":"{x}"}}"#);
        check(&text, &[code::POINT_OFF_CURVE]);
    }
    for name in ["ec-p256", "ec-p384", "ec-p512", "ec-secp256k1", "okp-ed448"] {
        let Some(text) = vectors::text(&format!("joserfc-fixtures/tests/keys/{name}-public.pem")) else { continue };
        check(&text, &[]);
    }
}

#[test]
fn points_of_small_order_are_found() {
    let hex = |digits: &str| -> Vec<u8> {
        let pairs = digits.as_bytes().chunks(2);
        pairs.map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap()).collect()
    };
    let mut points: Vec<(&str, Vec<u8>)> = vec![
        // Encodings of points of order 8 or less.
        ("Ed25519", hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")),
        ("Ed25519", hex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85")),
        ("Ed25519", hex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")),
        ("X25519", hex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800")),
        ("X25519", hex("5f9c95bca3508c24b1d0b1559c83ef5b04445cc4581c8e86d8224eddd09f1157")),
    ];
    let mut prime = [0xff; 32];
    (prime[0], prime[31]) = (0xed, 0x7f);
    for curve in ["Ed25519", "X25519"] {
        for least in [0xec, 0xed, 0xee] {
            let mut point = prime;
            point[0] = least;
            points.push((curve, point.to_vec()));
        }
    }
    for (curve, length) in [("Ed25519", 32), ("X25519", 32), ("Ed448", 57), ("X448", 56)] {
        points.push((curve, vec![0; length]));
        let mut one = vec![0; length];
        one[0] = 1;
        points.push((curve, one));
    }
    for (curve, point) in points {
        let text = format!(r#"{{"kty":"OKP","crv":"{curve}","x":"{}"}}"#, base64url::encode(&point));
        check(&text, &[code::POINT_SMALL]);
    }
    check(include_str!("keys/ed25519-public.pem"), &[]);
}

#[test]
fn public_examples_are_known_and_other_keys_are_not() {
    for (path, known) in [
        ("latchset-vectors/tests/vectors/rfc7515_A.2.jwk", 1),
        ("latchset-vectors/tests/vectors/rfc7515_A.6.jwkset", 2),
        ("latchset-vectors/tests/vectors/rfc7517_A.1.jwkset", 2),
        ("latchset-vectors/tests/vectors/rfc7520_3.1.jwk", 1),
        ("latchset-vectors/tests/vectors/rfc7520_3.3.jwk", 1),
        ("latchset-vectors/tests/vectors/rfc7638_3.1.jwk", 1),
        ("joserfc-fixtures/tests/keys/rsa-openssl-public.pem", 0),
        ("joserfc-fixtures/tests/keys/firebase-cert.pem", 0),
    ] {
        let Some(text) = vectors::text(path) else { continue };
        let found = details::of(&text, NOW).findings;
        assert_eq!(found.iter().filter(|finding| finding.code == code::KNOWN).count(), known, "{path}");
    }
    let jwt_io = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9q9UU8I5mEovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==";
    check(jwt_io, &[code::KNOWN]);
    for name in ["44", "65", "87"] {
        let Some(text) = vectors::text(&format!("ml-dsa-jose/ML_DSA_{name}.jose.json")) else { continue };
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let details = check(&document["jwk"].to_string(), &[code::KNOWN]);
        // The `kid` of these keys is their thumbprint.
        assert_eq!(details.keys[0].thumbprint.as_deref(), document["jwk"]["kid"].as_str());
    }
}

#[test]
fn a_hostile_set_takes_a_moment() {
    let modulus = base64url::encode(&[0xff; 2048]);
    let one = format!(r#"{{"kty":"RSA","n":"{modulus}","e":"AQAB","x5c":[]}}"#);
    let began = std::time::Instant::now();
    details::of(&format!(r#"{{"keys":[{}{{}}]}}"#, (one + ",").repeat(1000)), NOW);
    let chain = CHAIN.repeat(300);
    details::of(&chain, NOW);
    assert!(began.elapsed().as_secs() < 20, "{:?}", began.elapsed());
}

proptest! {
    /// Damaged certificates are read without panic.
    #[test]
    fn damaged_certificates_are_read(at in 0_usize..3000, octet: u8) {
        let mut bytes = base64url::decode_standard(&blocks()[0].1).bytes;
        let at = at % bytes.len();
        bytes[at] = octet;
        let text = base64url::encode(&bytes);
        details::of(&text, NOW);
        details::of(&jwk(&format!(r#""x5c":["{text}"]"#)), NOW);
    }

    /// Numbers of any size are looked at.
    #[test]
    fn any_numbers_are_looked_at(mut modulus in prop::collection::vec(any::<u8>(), 0..300), x in prop::collection::vec(any::<u8>(), 66)) {
        if let Some(last) = modulus.last_mut() {
            *last |= 1;
        }
        details::weaknesses(&Material::Rsa { modulus: modulus.clone(), exponent: vec![3] }, "a");
        for curve in ["P-256", "P-521", "Ed25519", "X448", "other"] {
            let (curve, y) = (curve.to_owned(), modulus.clone());
            details::weaknesses(&Material::EllipticCurve { curve: curve.clone(), x: x.clone(), y }, "a");
            details::weaknesses(&Material::OctetKeyPair { curve, x: x.clone() }, "a");
        }
    }
}
