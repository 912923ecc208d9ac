//! Keys in every form, selection, and verification plans, against published vectors and keys made by OpenSSL.
//!
//! The keys in `tests/keys` were made by OpenSSL for these tests and sign nothing else.

#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/keys.rs"]
mod support;
#[path = "support/vectors.rs"]
mod vectors;

use proptest::prelude::*;
use tokenscope::crypto::{self, Plan};
use tokenscope::finding::{Code, Fact, Finding, Severity};
use tokenscope::jose::algorithm::{ALGORITHMS, Algorithm};
use tokenscope::jose::base64url;
use tokenscope::json;
use tokenscope::key::{self, Key, Material, Reading, SecretEncoding, code, read_secret, select};
use tokenscope::report::KeySource;

fn named(name: &str) -> &'static Algorithm {
    Algorithm::named(name).unwrap()
}

/// The codes of the findings, each of which has all the facts that its words have places for.
fn found(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().for_each(check_words);
    findings.iter().map(|finding| finding.code.0).collect()
}

static EXPLANATIONS: std::sync::LazyLock<serde_json::Value> =
    std::sync::LazyLock::new(|| serde_json::from_str(tokenscope::messages::EXPLANATIONS).unwrap());

fn check_words(finding: &Finding) {
    let code = finding.code.0;
    let tables = [
        include_str!("../src/data/messages/keys.json"),
        include_str!("../src/data/messages/signature.json"),
        include_str!("../src/data/messages/inspect.json"),
    ];
    let mut row = tables
        .iter()
        .find_map(|table| serde_json::from_str::<serde_json::Value>(table).unwrap()[code].as_object().cloned())
        .unwrap_or_else(|| panic!("{code} has no words"));
    row.extend(EXPLANATIONS[code].as_object().cloned().unwrap_or_default());
    for (name, text) in &row {
        for place in text.as_str().unwrap().split('{').skip(1) {
            let place = place.split([':', '}']).next().unwrap();
            assert!(finding.fact(place).is_some(), "{code}: {name} has {{{place}}}, the evidence has not");
        }
    }
    let is_fault = matches!(finding.severity, Severity::Error | Severity::Warning);
    assert!(!is_fault || row.contains_key("remedy"), "{code}: what is wrong, and nothing to do");
}

fn expected(codes: &[Code]) -> Vec<&'static str> {
    codes.iter().map(|code| code.0).collect()
}

/// Reads pasted text, and holds what comes out, by description, against what is expected.
fn check(text: &str, descriptions: &[&str], findings: &[Code]) -> Reading {
    let reading = key::read(text, KeySource::Pasted);
    let keys: Vec<String> = reading.keys.iter().map(|key| key.summary().description).collect();
    assert_eq!(keys, descriptions, "{text}\n{:?}", reading.findings);
    assert_eq!(found(&reading.findings), expected(findings), "{text}");
    reading
}

const EC_PUBLIC: &str = include_str!("keys/ec-public.pem");
const ED25519_PUBLIC: &str = include_str!("keys/ed25519-public.pem");
const ED25519_PRIVATE: &str = include_str!("keys/ed25519-private.pem");
const EC_CERTIFICATE: &str = include_str!("keys/ec-certificate.pem");

mod forms {
    use super::*;

    #[test]
    fn thumbprints_are_those_of_the_standards() {
        if let (Some(key), Some(thumbprint)) = (
            vectors::text("latchset-vectors/tests/vectors/rfc7638_3.1.jwk"),
            vectors::text("latchset-vectors/tests/vectors/rfc7638_3.1.thp"),
        ) {
            let reading = check(&key, &["RSA 2048"], &[]);
            assert_eq!(reading.keys[0].thumbprint().as_deref(), Some(thumbprint.trim()));
        }
        // RFC 9449 §6.1 states the thumbprint of this key.
        let dpop = r#"{"kty":"EC","x":"l8tFrhx-34tV3hRICRDY9zCkDlpBhF42UQUfWVAWBFs",
            "y":"9VE4jf_Ok_o64zbTTlcuNJajHmt6v9TDVrU0CdvGRDA","crv":"P-256"}"#;
        let reading = check(dpop, &["EC P-256"], &[]);
        assert_eq!(reading.keys[0].thumbprint().as_deref(), Some("0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I"));
    }

    /// 201 random keys of every type, with the thumbprints that npm `jose` and PyPI `jwcrypto` give them, who agree on all.
    #[test]
    fn thumbprints_are_those_that_others_compute() {
        let rows: serde_json::Value = serde_json::from_str(include_str!("keys/thumbprints.json")).unwrap();
        let mut types = std::collections::BTreeMap::new();
        for row in rows.as_array().unwrap() {
            let reading = key::read(&row["jwk"].to_string(), KeySource::Pasted);
            let key = &reading.keys[0];
            assert_eq!(key.thumbprint().as_deref(), row["thumbprint"].as_str(), "{row}");
            *types.entry(key.material.key_type()).or_insert(0) += 1;
        }
        assert_eq!(Vec::from_iter(types), [("AKP", 9), ("EC", 80), ("OKP", 68), ("RSA", 44)]);
    }

    #[test]
    fn published_key_sets_are_read_whole() {
        for (path, descriptions, findings) in [
            ("rfc7515_A.2.jwk", &["RSA 2048"][..], &[code::PRIVATE_MEMBERS][..]),
            ("rfc7515_A.3.jwk", &["EC P-256"], &[code::PRIVATE_MEMBERS]),
            ("rfc7515_A.4.jwk", &["EC P-521"], &[code::PRIVATE_MEMBERS]),
            ("rfc7515_A.6.jwkset", &["RSA 2048", "EC P-256"], &[code::PRIVATE_MEMBERS, code::PRIVATE_MEMBERS]),
            ("rfc7517_A.1.jwkset", &["EC P-256", "RSA 2048"], &[]),
            ("rfc7517_A.3.jwkset", &["secret, 16 bytes", "secret, 64 bytes"], &[]),
            ("rfc7520_3.1.jwk", &["EC P-521"], &[]),
            ("rfc7520_3.5.jwk", &["secret, 32 bytes"], &[]),
        ] {
            let Some(text) = vectors::text(&("latchset-vectors/tests/vectors/".to_owned() + path)) else { continue };
            check(&text, descriptions, findings);
        }
    }

    #[test]
    fn pem_gives_the_same_key_as_its_private_half() {
        for (name, description) in
            [("ec-p256", "EC P-256"), ("ec-p384", "EC P-384"), ("ec-p512", "EC P-521"), ("rsa-openssl", "RSA 4096")]
        {
            let path = |half: &str| ["joserfc-fixtures/tests/keys/", name, half].concat();
            let (Some(public), Some(private)) =
                (vectors::text(&path("-public.pem")), vectors::text(&path("-private.pem")))
            else {
                continue;
            };
            let public = check(&public, &[description], &[]);
            let private = check(&private, &[description], &[code::PRIVATE_KEY]);
            assert_eq!(public.keys[0].material, private.keys[0].material);
        }
    }

    #[test]
    fn other_vectors_are_named_for_what_they_are() {
        for (name, descriptions, findings) in [
            ("firebase-cert.pem", &["RSA 2048"][..], &[code::CERTIFICATE_DATED][..]),
            ("ec-secp256k1-public.pem", &["EC secp256k1"], &[]),
            ("okp-ed448-public.pem", &["OKP Ed448"], &[]),
            ("okp-ed448-private.pem", &[], &[code::PRIVATE_ONLY]),
            ("ssh-rsa-public.pem", &["RSA 4096"], &[]),
            ("ssh-ecdsa-public.pem", &["EC P-256"], &[]),
            ("ssh-ed25519-public.pem", &["OKP Ed25519"], &[]),
            ("ssh-rsa-private.pem", &["RSA 4096"], &[code::PRIVATE_KEY]),
            ("okp-ed25519-public.json", &["OKP Ed25519"], &[]),
            ("okp-ed25519-private.json", &["OKP Ed25519"], &[code::PRIVATE_MEMBERS]),
            ("okp-x25519-alice.json", &["OKP X25519"], &[code::PRIVATE_MEMBERS]),
        ] {
            let Some(text) = vectors::text(&("joserfc-fixtures/tests/keys/".to_owned() + name)) else { continue };
            check(&text, descriptions, findings);
        }
    }

    #[test]
    fn a_certificate_gives_its_key_its_owner_and_its_dates() {
        // As `openssl x509 -noout -subject -dates` prints them.
        let (from, until) = ("Fri 20 Nov 2026, 23:37:18 UTC", "Mon 17 Nov 2036, 23:37:18 UTC");
        let mut certificates = vec![(EC_CERTIFICATE.to_owned(), "EC P-256", "issuer.example", from, until)];
        certificates.extend(vectors::text("joserfc-fixtures/tests/keys/firebase-cert.pem").map(|text| {
            let owner = "securetoken.system.gserviceaccount.com";
            (text, "RSA 2048", owner, "Tue 10 Dec 2024, 07:32:49 UTC", "Thu 26 Dec 2024, 19:47:49 UTC")
        }));
        for (text, description, owner, from, until) in certificates {
            // Google's form: certificates by `kid`.
            let by_name = format!("{{{}: {}}}", json::quoted("k-1"), json::quoted(&text));
            for (text, kid) in [(text, None), (by_name, Some("k-1"))] {
                let reading = check(&text, &[description], &[code::CERTIFICATE_DATED]);
                assert_eq!(reading.keys[0].kid.as_deref(), kid);
                let certificate = reading.keys[0].certificate.as_ref().unwrap();
                assert_eq!(certificate.subject.as_deref(), Some(owner));
                assert_eq!(certificate.not_before.unwrap().date_and_time(), from);
                assert_eq!(certificate.not_after.unwrap().date_and_time(), until);
            }
        }
    }

    #[test]
    fn worn_pem_is_repaired_and_said() {
        let lines: Vec<&str> = EC_PUBLIC.lines().collect();
        let bare = lines[1..3].concat();
        let original = key::read(EC_PUBLIC, KeySource::Pasted).keys;
        for (text, findings) in [
            (EC_PUBLIC.replace('\n', "\r\n"), &[][..]),
            (format!("Here it is:\n\n    {}\n", EC_PUBLIC.replace('\n', "\n    ")), &[]),
            (EC_PUBLIC.replace('\n', "\\n"), &[code::PEM_ESCAPED]),
            (format!("\"{}\"", EC_PUBLIC.replace('\n', "\\n")), &[code::PEM_ESCAPED]),
            (EC_PUBLIC.replace('\n', " "), &[code::PEM_ONE_LINE]),
            (EC_PUBLIC.replace('\n', ""), &[code::PEM_ONE_LINE]),
            (EC_PUBLIC.replace("-----", "—"), &[code::PEM_FRAME]),
            (EC_PUBLIC[2..].to_owned(), &[code::PEM_FRAME]),
            (EC_PUBLIC.replace("-----END PUBLIC KEY-----\n", ""), &[code::PEM_NO_END]),
            (EC_PUBLIC.replace("PUBLIC KEY", "RSA PUBLIC KEY"), &[code::PEM_LABEL]),
            (bare.clone(), &[code::PEM_NO_ARMOUR]),
            (lines[1..].join("\n"), &[code::PEM_NO_ARMOUR]),
            (bare.trim_end_matches('=').to_owned(), &[code::PEM_NO_ARMOUR]),
        ] {
            assert_eq!(check(&text, &["EC P-256"], findings).keys, original);
        }
    }

    #[test]
    fn what_cannot_be_repaired_is_an_error() {
        let lines: Vec<&str> = EC_PUBLIC.lines().collect();
        check(&EC_PUBLIC.replace(lines[2], ""), &[], &[code::DER_CUT]);
        check(lines[1], &[], &[code::DER_CUT]);
        check(&EC_PUBLIC.replace("MFkw", "MF…w"), &[], &[code::PEM_CHARACTER]);
        check(&EC_PUBLIC.replace("MFkw", "MFkwwww"), &[], &[code::PEM_NOT_BASE64]);
        check("-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----", &[], &[code::DER_UNKNOWN]);
        check("hello", &[], &[code::NOT_RECOGNISED]);
        check("-----BEGIN PGP MESSAGE-----", &[], &[code::NOT_RECOGNISED]);
        check(" \n", &[], &[]);
    }

    #[test]
    fn several_blocks_give_several_keys() {
        let broken = "-----BEGIN PUBLIC KEY-----\nMAA=\n-----END PUBLIC KEY-----\n";
        let text = [EC_PUBLIC, broken, ED25519_PUBLIC].concat();
        check(&text, &["EC P-256", "OKP Ed25519"], &[code::DER_UNKNOWN]);
    }

    #[test]
    fn the_other_structures_of_openssl_are_known() {
        check(include_str!("keys/rsa-pkcs1-public.pem"), &["RSA 2048"], &[]);
        check(include_str!("keys/rsa-pkcs8-private.pem"), &["RSA 2048"], &[code::PRIVATE_KEY]);
        check(include_str!("keys/ec-pkcs8-private.pem"), &["EC P-256"], &[code::PRIVATE_KEY]);
        check(include_str!("keys/ec-parameters-private.pem"), &["EC P-384"], &[code::PRIVATE_KEY]);
        check(include_str!("keys/ec-compressed-public.pem"), &[], &[code::POINT_COMPRESSED]);
        check(include_str!("keys/ec-explicit-public.pem"), &[], &[code::CURVE_EXPLICIT]);
        check(include_str!("keys/encrypted-private.pem"), &[], &[code::PRIVATE_ENCRYPTED]);
        check(include_str!("keys/encrypted-traditional-private.pem"), &[], &[code::PRIVATE_ENCRYPTED]);
        check(include_str!("keys/dsa-public.pem"), &[], &[code::DER_ALGORITHM]);
        check(ED25519_PRIVATE, &[], &[code::PRIVATE_ONLY]);
        let pss = check(include_str!("keys/rsa-pss-public.pem"), &["RSA 2048"], &[code::RSA_PSS]);
        assert_eq!(pss.keys[0].algorithm.as_deref(), Some("PS384"));
    }

    #[test]
    fn one_broken_key_never_hides_the_others() {
        let good = r#"{"kty":"OKP","crv":"Ed25519","kid":"good","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        for (broken, finding) in [
            ("7", code::NOT_AN_OBJECT),
            (r#"{"kid":"a"}"#, code::MEMBER_MISSING),
            (r#"{"kty":1}"#, code::MEMBER_TYPE),
            (r#"{"kty":"RSA","n":"AQAB"}"#, code::MEMBER_MISSING),
            (r#"{"kty":"RSA","n":"!","e":"AQAB"}"#, code::NOT_BASE64URL),
            (r#"{"kty":"RSA","n":"","e":"AQAB"}"#, code::MEMBER_EMPTY),
            (r#"{"kty":"RSA","n":"4Q","e":"AQ"}"#, code::RSA_NUMBERS),
            (r#"{"kty":"EC","crv":"P-256","x":"AQAB","y":"AQAB"}"#, code::WRONG_LENGTH),
            (r#"{"kty":"OKP","crv":"Ed25519","x":"AQAB"}"#, code::WRONG_LENGTH),
            (r#"{"kty":"oct","k":""}"#, code::MEMBER_EMPTY),
            (r#"{"kty":"AKP","alg":"ML-DSA-44","pub":"AQAB"}"#, code::WRONG_LENGTH),
            (r#"{"kty":"AKP","alg":"a","pub":"AQAB"}"#, code::TYPE_UNSUPPORTED),
        ] {
            let reading = key::read(&format!(r#"{{"keys":[{broken},{good}]}}"#), KeySource::Pasted);
            assert_eq!(reading.keys.len(), 1, "{broken}");
            assert_eq!(reading.keys[0].kid.as_deref(), Some("good"));
            assert_eq!(found(&reading.findings)[0], finding.0, "{broken}");
            assert!(reading.findings.iter().all(|finding| finding.fact("key").is_some()), "{broken}");
        }
    }

    #[test]
    fn numbers_that_are_plain_in_spite_of_their_form_are_used_and_said() {
        let key = |x: &str, y: &str| format!(r#"{{"kty":"EC","crv":"P-256","x":"{x}","y":"{y}"}}"#);
        // RFC 7515 A.3.1's key, with the first coordinate's form varied.
        let (x, y) = ("f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0");
        let original = check(&key(x, y), &["EC P-256"], &[]).keys;
        let padded = format!("{x}=");
        assert_eq!(check(&key(&padded, y), &["EC P-256"], &[code::NOT_CANONICAL]).keys, original);
        let long = base64url::encode(&[&[0], base64url::decode(x).bytes.as_slice()].concat());
        assert_eq!(check(&key(&long, y), &["EC P-256"], &[code::LENGTH_REPAIRED]).keys, original);
        // A coordinate whose first byte is zero, with and without it.
        let zero = [&[0], &base64url::decode(x).bytes[1..]].concat();
        let whole = check(&key(&base64url::encode(&zero), y), &["EC P-256"], &[]).keys;
        let short = check(&key(&base64url::encode(&zero[1..]), y), &["EC P-256"], &[code::LENGTH_REPAIRED]).keys;
        assert_eq!(short, whole);

        let rsa = |n: &[u8]| format!(r#"{{"kty":"RSA","n":"{}","e":"AQAB"}}"#, base64url::encode(n));
        let number = [0xc1; 256];
        let plain = check(&rsa(&number), &["RSA 2048"], &[]).keys;
        let signed = check(&rsa(&[&[0], &number[..]].concat()), &["RSA 2048"], &[code::LEADING_ZEROS]).keys;
        assert_eq!(signed, plain);
    }

    #[test]
    fn a_cut_or_broken_set_gives_the_keys_before_the_fault() {
        let one = r#"{"kty":"OKP","crv":"Ed25519","kid":"1","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
        // The second key's number is cut, which must not make another key of it.
        let cut = format!(r#"{{"keys":[{one},{}"#, &one[..one.len() - 6]);
        check(&cut, &["OKP Ed25519"], &[code::JSON_CUT]);
        check(&format!(r#"{{"keys":[{one},]}}"#), &["OKP Ed25519"], &[code::JSON_LITERAL]);
        // As Python and JavaScript print them.
        let python = one.replace('"', "'");
        check(&format!("{{'keys': [{python}], 'a': None, 'b': True}}"), &["OKP Ed25519"], &[code::JSON_LITERAL]);
        let javascript = one.replace("\"kty\"", "kty").replace("\"x\"", "x");
        check(&format!("{{keys: [{javascript},],}}"), &["OKP Ed25519"], &[code::JSON_LITERAL]);
        check(&one[..one.len() - 6], &[], &[code::JSON_CUT]);
        check(&format!(r#"{{"keys":[{one}"#), &["OKP Ed25519"], &[code::JSON_CUT]);
        check(&format!(r#"{{"keys":[{},"more":{{}}"#, &one[..one.len() - 1]), &[], &[code::JSON_CUT]);
        check("{'keys':[]}", &[], &[code::JSON_LITERAL, code::SET_EMPTY]);
        check("{'keys':[", &[], &[code::JSON_BROKEN]);
    }

    #[test]
    fn a_hostile_set_is_read_up_to_a_bound() {
        let many = |one: &str| format!(r#"{{"keys":[{}{{}}]}}"#, (one.to_owned() + ",").repeat(100_000));
        for set in [many("{}"), many(r#"{"a":1,"a":1}"#), "-----BEGIN PUBLIC KEY-----".repeat(100_000)] {
            let reading = key::read(&set, KeySource::JwksUrl);
            assert_eq!(reading.findings.iter().filter(|finding| finding.code == code::TOO_MANY).count(), 1);
            assert!(reading.findings.len() < 10 * key::MAX_KEYS);
        }
    }

    #[test]
    fn what_is_no_key_is_named() {
        check("<!doctype html><title>Sign in</title>", &[], &[code::HTML]);
        check("https://issuer.example/jwks", &[], &[code::URL]);
        check("eyJhbGciOiJub25lIn0.e30.", &[], &[code::TOKEN]);
        check(r#"{"issuer":"https://a","jwks_uri":"https://a/jwks"}"#, &[], &[code::METADATA]);
        check(r#"{"keys":[]}"#, &[], &[code::SET_EMPTY]);
        check(r#"{"keys":{}}"#, &[], &[code::NO_KEY_LIST]);
        check("{}", &[], &[code::MEMBER_MISSING]);
    }

    #[test]
    fn labels_are_read_and_wrong_ones_said() {
        let x = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";
        let with = |labels: &str| format!(r#"{{"kty":"OKP","crv":"Ed25519","x":"{x}",{labels}}}"#);
        let text = with(r#""kid":7,"alg":null,"use":"sig","key_ops":["verify"]"#);
        let reading = check(&text, &["OKP Ed25519"], &[code::MEMBER_IGNORED]);
        let key = &reading.keys[0];
        assert_eq!((key.kid.as_deref(), key.algorithm.as_deref()), (None, None));
        assert_eq!(key.public_key_use.as_deref(), Some("sig"));
        assert_eq!(key.key_operations.as_deref(), Some(&["verify".to_owned()][..]));
        let twice = check(&with(r#""kid":"a","kid":"b""#), &["OKP Ed25519"], &[code::MEMBER_TWICE]);
        assert_eq!(twice.keys[0].kid.as_deref(), Some("b"));
        let set = format!(r#"[{},{{"kty":"oct","k":"AQAB","kid":"a"}}]"#, with(r#""kid":"a""#));
        check(&set, &["OKP Ed25519", "secret, 3 bytes"], &[code::KID_TWICE]);
        let published = key::read(&set, KeySource::JwksUrl);
        // It is not even a key here: whoever can read it can sign with it.
        assert_eq!((published.keys.len(), found(&published.findings)), (1, vec!["keys.secret-published"]));
    }
}

mod secrets {
    use super::*;

    fn check(text: &str, encoding: SecretEncoding, octets: Option<&[u8]>, findings: &[Code]) {
        let reading = read_secret(text, encoding);
        let bytes = reading.keys.first().map(|key| match &key.material {
            Material::Octets(octets) => octets.as_slice(),
            other => panic!("{other:?}"),
        });
        assert_eq!(bytes, octets, "{text}");
        assert_eq!(found(&reading.findings), expected(findings), "{text}");
        // No finding carries a part of the secret.
        assert!(text.trim().len() < 8 || !format!("{reading:?}").contains(text.trim()), "{text}");
    }

    #[test]
    fn every_encoding_gives_its_bytes() {
        let plain = "a secret, with enough to it: 32 b";
        check(plain, SecretEncoding::Utf8, Some(plain.as_bytes()), &[]);
        let bytes: Vec<u8> = (0xe0..=0xff).collect();
        let standard = "4OHi4+Tl5ufo6err7O3u7/Dx8vP09fb3+Pn6+/z9/v8=";
        let url = "4OHi4-Tl5ufo6err7O3u7_Dx8vP09fb3-Pn6-_z9_v8";
        check(standard, SecretEncoding::Base64, Some(&bytes), &[]);
        check(url, SecretEncoding::Base64Url, Some(&bytes), &[]);
        check(url, SecretEncoding::Base64, Some(&bytes), &[code::SECRET_LENIENT]);
        check(standard, SecretEncoding::Base64Url, Some(&bytes), &[code::SECRET_LENIENT]);
        check(standard, SecretEncoding::Utf8, Some(standard.as_bytes()), &[code::SECRET_LOOKS_ENCODED]);
        check(url, SecretEncoding::Utf8, Some(url.as_bytes()), &[code::SECRET_LOOKS_ENCODED]);
        let hex: String = bytes.iter().map(|byte| format!("{byte:02X}")).collect();
        check(&hex, SecretEncoding::Hex, Some(&bytes), &[]);
        check(&format!("0x{hex}\n"), SecretEncoding::Hex, Some(&bytes), &[]);
        check(&hex, SecretEncoding::Utf8, Some(hex.as_bytes()), &[code::SECRET_LOOKS_ENCODED]);
    }

    #[test]
    fn what_stands_at_the_ends_is_kept_and_said() {
        let plain = "a secret, with enough to it: 32 b";
        for (text, finding) in [
            (format!("{plain}\n"), code::SECRET_LINE_BREAK),
            (format!("{plain}\r\n"), code::SECRET_LINE_BREAK),
            (format!(" {plain}"), code::SECRET_SPACE),
            (format!("{plain} "), code::SECRET_SPACE),
            (format!("\u{feff}{plain}"), code::SECRET_BYTE_ORDER_MARK),
            (format!("\"{plain}\""), code::SECRET_QUOTED),
        ] {
            check(&text, SecretEncoding::Utf8, Some(text.as_bytes()), &[finding]);
        }
    }

    #[test]
    fn what_cannot_be_a_secret_is_refused() {
        check("", SecretEncoding::Utf8, None, &[code::SECRET_EMPTY]);
        check("", SecretEncoding::Hex, None, &[code::SECRET_EMPTY]);
        check("short", SecretEncoding::Utf8, Some(b"short"), &[code::SECRET_SHORT]);
        check("abc", SecretEncoding::Hex, None, &[code::SECRET_NOT_ENCODED]);
        check("zz", SecretEncoding::Hex, None, &[code::SECRET_NOT_ENCODED]);
        check("a!bc", SecretEncoding::Base64, None, &[code::SECRET_NOT_ENCODED]);
        check(EC_PUBLIC, SecretEncoding::Utf8, None, &[code::SECRET_IS_A_KEY]);
        check(r#"{"kty":"RSA"}"#, SecretEncoding::Utf8, None, &[code::SECRET_IS_A_KEY]);
        let jwk = r#"{"kty":"oct","k":"AQAB"}"#;
        check(jwk, SecretEncoding::Utf8, Some(&[1, 0, 1]), &[code::SECRET_IS_JWK, code::SECRET_SHORT]);
        check(r#"{"keys":[]}"#, SecretEncoding::Utf8, None, &[code::SECRET_IS_A_KEY, code::SET_EMPTY]);
    }
}

mod selection {
    use super::*;

    fn key_of(material: Material, kid: Option<&str>, source: KeySource) -> Key {
        Key {
            source,
            kid: kid.map(str::to_owned),
            algorithm: None,
            public_key_use: None,
            key_operations: None,
            material,
            certificate: None,
        }
    }

    fn edwards(curve: &str) -> Material {
        Material::OctetKeyPair { curve: curve.to_owned(), x: vec![1; 32] }
    }

    fn issuer(kid: &str) -> Key {
        key_of(edwards("Ed25519"), Some(kid), KeySource::Issuer)
    }

    fn pasted(kid: Option<&str>) -> Key {
        key_of(edwards("Ed25519"), kid, KeySource::Pasted)
    }

    fn check(keys: &[Key], header: &str, algorithm: &str, candidates: &[usize], findings: &[Code]) {
        let selection = select(keys, &json::read(header.as_bytes().to_vec()), named(algorithm));
        assert_eq!(selection.candidates, candidates, "{:?}", selection.findings);
        assert_eq!(found(&selection.findings), expected(findings));
    }

    #[test]
    fn the_named_key_is_chosen() {
        let keys = [issuer("a"), issuer("b")];
        check(&keys, r#"{"kid":"b"}"#, "EdDSA", &[1], &[code::CHOSEN_BY_KID, code::OTHER_KID]);
        check(&keys, "{}", "EdDSA", &[0, 1], &[code::SEVERAL_FIT]);
        check(&keys[..1], "{}", "EdDSA", &[0], &[code::CHOSEN]);
        check(&[], "{}", "EdDSA", &[], &[]);
    }

    #[test]
    fn an_unknown_kid_names_those_that_are_there() {
        let keys = [issuer("a"), issuer("b")];
        let selection = select(&keys, &json::read(br#"{"kid":"c"}"#.to_vec()), named("EdDSA"));
        assert!(selection.candidates.is_empty());
        assert_eq!(selection.findings.len(), 1);
        let finding = &selection.findings[0];
        check_words(finding);
        assert_eq!((finding.code, finding.severity), (code::KID_UNKNOWN, Severity::Error));
        assert_eq!(finding.fact_text("found"), Some("c"));
        assert_eq!(finding.fact("expected"), Some(&Fact::List(vec!["a".to_owned(), "b".to_owned()])));
        let mut nameless = keys;
        nameless.iter_mut().for_each(|key| key.kid = None);
        check(&nameless, r#"{"kid":"c"}"#, "EdDSA", &[], &[code::KIDS_MISSING]);
        let keys = [issuer("a"), issuer("b")];
        // It stays distinct when none of the keys would fit under its own name, so that the caller can fetch again.
        let selection = select(&keys, &json::read(br#"{"kid":"c"}"#.to_vec()), named("ES256"));
        assert!(selection.findings.iter().any(|finding| finding.code == code::KID_UNKNOWN));
    }

    #[test]
    fn a_pasted_key_is_tried_under_any_name() {
        check(&[pasted(Some("mine"))], r#"{"kid":"c"}"#, "EdDSA", &[0], &[code::CHOSEN, code::KID_DIFFERS]);
        check(&[pasted(None)], r#"{"kid":"c"}"#, "EdDSA", &[0], &[code::CHOSEN]);
        // The issuer's key of the right name comes first, and a nameless pasted one is not overruled.
        let keys = [pasted(None), issuer("c"), pasted(Some("mine"))];
        check(&keys, r#"{"kid":"c"}"#, "EdDSA", &[1, 0], &[code::SEVERAL_FIT, code::OTHER_KID]);
    }

    #[test]
    fn a_key_is_used_for_what_it_says_only() {
        let with = |change: fn(&mut Key)| {
            let mut key = issuer("a");
            change(&mut key);
            [key]
        };
        let none = code::NONE_FITS;
        check(&[issuer("a")], "{}", "ES256", &[], &[none, code::OTHER_TYPE]);
        check(&[issuer("a")], "{}", "Ed25519", &[0], &[code::CHOSEN]);
        let other = with(|key| key.algorithm = Some("ES256".to_owned()));
        check(&other, "{}", "EdDSA", &[], &[none, code::OTHER_ALGORITHM]);
        let encryption = with(|key| key.public_key_use = Some("enc".to_owned()));
        check(&encryption, "{}", "EdDSA", &[], &[none, code::OTHER_USE]);
        check(&encryption, r#"{"kid":"a"}"#, "EdDSA", &[], &[none, code::KID_MISFIT, code::OTHER_USE]);
        let operations = with(|key| key.key_operations = Some(vec!["deriveKey".to_owned()]));
        check(&operations, "{}", "EdDSA", &[], &[none, code::OTHER_OPERATIONS]);
        let private = |source| {
            let mut key = key_of(edwards("Ed25519"), None, source);
            key.key_operations = Some(vec!["sign".to_owned()]);
            [key]
        };
        check(&private(KeySource::Pasted), "{}", "EdDSA", &[0], &[code::CHOSEN]);
        check(&private(KeySource::Issuer), "{}", "EdDSA", &[], &[none, code::OTHER_OPERATIONS]);
        let agreement = [key_of(edwards("X25519"), Some("a"), KeySource::Issuer)];
        check(&agreement, "{}", "EdDSA", &[], &[none, code::OTHER_CURVE]);
    }

    #[test]
    fn both_names_of_ed25519_are_one_algorithm() {
        let labelled = |label: &str| {
            let mut key = issuer("a");
            key.algorithm = Some(label.to_owned());
            [key]
        };
        check(&labelled("EdDSA"), "{}", "Ed25519", &[0], &[code::CHOSEN, code::ALGORITHM_ALIAS]);
        check(&labelled("Ed25519"), "{}", "EdDSA", &[0], &[code::CHOSEN, code::ALGORITHM_ALIAS]);
        check(&labelled("Ed448"), "{}", "EdDSA", &[], &[code::NONE_FITS, code::OTHER_ALGORITHM]);
    }

    #[test]
    fn secrets_and_public_keys_never_stand_in_for_each_other() {
        let secret = &read_secret("a secret, with enough to it: 32 b", SecretEncoding::Utf8).keys;
        check(secret, "{}", "HS256", &[0], &[code::CHOSEN]);
        check(secret, "{}", "HS384", &[0], &[code::CHOSEN, code::TOO_SMALL]);
        check(secret, "{}", "RS256", &[], &[code::SECRET_FOR_PUBLIC_KEY, code::OTHER_TYPE]);
        check(&[issuer("a")], "{}", "HS256", &[], &[code::HMAC_WITH_PUBLIC_KEY, code::OTHER_TYPE]);
    }
}

mod plans {
    use super::*;

    fn check(keys: &str, token: &str) -> Result<Plan, Finding> {
        let (input, signature) = token.trim().rsplit_once('.').unwrap();
        let header = json::read(base64url::decode(input.split_once('.').unwrap().0).bytes);
        let algorithm = crypto::algorithm(&header)?;
        let keys = key::read(keys, KeySource::Pasted).keys;
        let first = select(&keys, &header, algorithm).candidates[0];
        crypto::plan(algorithm, &keys[first], input.as_bytes(), &base64url::decode(signature).bytes)
    }

    #[test]
    fn vectors_come_to_a_plan() {
        for name in ["7515_A.1", "7515_A.2", "7515_A.3", "7515_A.4", "7520_4.1", "7520_4.2", "7520_4.4"] {
            let path = |kind: &str| ["latchset-vectors/tests/vectors/rfc", name, kind].concat();
            let (Some(keys), Some(token)) = (vectors::text(&path(".jwk")), vectors::text(&path(".jwsc"))) else {
                continue;
            };
            let plan = check(&keys, &token).unwrap();
            assert_eq!(&*plan.data, token.trim().rsplit_once('.').unwrap().0.as_bytes(), "{name}");
        }
    }

    #[test]
    fn fixtures_come_to_the_expected_plan() {
        let Some(text) = vectors::text("signature-fixtures.json") else { return };
        let fixtures: serde_json::Value = serde_json::from_str(&text).unwrap();
        for fixture in fixtures["fixtures"].as_array().unwrap() {
            let (id, token) = (fixture["id"].as_str().unwrap(), fixture["token"].as_str().unwrap());
            let outcome = match id {
                "rs256-good" | "es256-good" | "rs256-wrong-key" | "rs256-header-rs384-sig" | "ps256-max-salt" => Ok(()),
                "es256-der" => Err("signature.ecdsa-der"),
                "truncated-signature" => Err("signature.length"),
                _ => continue,
            };
            let plan = check(fixture["key"].as_str().unwrap(), token);
            assert_eq!(plan.map(|_| ()).map_err(|finding| found(&[finding])[0]), outcome, "{id}");
        }
    }

    #[test]
    fn what_is_beyond_doubt_is_not_asked() {
        let plan = |algorithm: &str, material: &Material, length: usize| {
            let mut key = key::read(EC_PUBLIC, KeySource::Pasted).keys.remove(0);
            key.material = material.clone();
            match crypto::plan(named(algorithm), &key, b"e30.e30", &vec![0; length]) {
                Ok(_) => "",
                Err(finding) => found(&[finding])[0],
            }
        };
        let curve = |curve: &str, length| {
            let curve = curve.to_owned();
            Material::EllipticCurve { curve, x: vec![1; length], y: vec![1; length] }
        };
        let (p_256, p_384, p_521) = (curve("P-256", 32), curve("P-384", 48), curve("P-521", 66));
        let edwards = |curve: &str| Material::OctetKeyPair { curve: curve.to_owned(), x: vec![1; 32] };
        let lattice = |name: &str| Material::AlgorithmKeyPair { algorithm: name.to_owned(), public: vec![1; 1312] };
        let rsa = Material::Rsa { modulus: vec![0xff; 256], exponent: vec![1, 0, 1] };
        let secret = |length| Material::Octets(vec![1; length]);
        for (algorithm, material, length, outcome) in [
            ("ES512", &p_521, 132, ""),
            ("EdDSA", &edwards("Ed25519"), 64, ""),
            ("RS512", &rsa, 256, ""),
            ("HS384", &secret(1), 48, ""),
            ("ES256", &p_256, 70, "signature.length"),
            ("ES256", &p_256, 0, "signature.empty"),
            ("ES256", &p_384, 64, "signature.curve-mismatch"),
            ("ES256", &rsa, 64, "signature.key-type"),
            ("HS256", &rsa, 32, "signature.key-type"),
            ("HS256", &secret(0), 32, "signature.secret-empty"),
            ("HS256", &secret(32), 64, "signature.length"),
            ("RS256", &rsa, 255, "signature.length"),
            ("EdDSA", &edwards("Ed448"), 114, ""),
            ("Ed448", &edwards("Ed448"), 114, ""),
            ("Ed25519", &edwards("Ed448"), 64, "signature.curve-mismatch"),
            ("EdDSA", &edwards("X25519"), 64, "signature.curve-unsupported"),
            ("ES256K", &curve("secp256k1", 32), 64, ""),
            ("ES256K", &p_256, 64, "signature.curve-mismatch"),
            ("ML-DSA-44", &lattice("ML-DSA-44"), 2420, ""),
            ("ML-DSA-44", &lattice("ML-DSA-44"), 2421, "signature.length"),
            ("ML-DSA-44", &lattice("ML-DSA-65"), 2420, "signature.key-type"),
            ("ML-DSA-44", &rsa, 2420, "signature.key-type"),
            ("none", &rsa, 0, "signature.none"),
        ] {
            assert_eq!(plan(algorithm, material, length), outcome, "{algorithm} {material:?} {length}");
        }
    }

    #[test]
    fn headers_name_their_algorithm_or_say_why_not() {
        for (header, outcome) in [
            (r#"{"alg":"RS256"}"#, Ok("RS256")),
            (r#"{"alg":"rs256"}"#, Err("signature.algorithm-unknown")),
            (r#"{"alg":"NONE"}"#, Err("signature.algorithm-unknown")),
            (r#"{"alg":"none"}"#, Err("signature.none")),
            (r#"{"alg":"ML-DSA-44"}"#, Ok("ML-DSA-44")),
            (r#"{"alg":"ES256K"}"#, Ok("ES256K")),
            (r#"{"alg":7}"#, Err("signature.algorithm-missing")),
            ("{}", Err("signature.algorithm-missing")),
        ] {
            let algorithm = crypto::algorithm(&json::read(header.as_bytes().to_vec()));
            let name = algorithm.map(|row| row.name).map_err(|finding| found(&[finding])[0]);
            assert_eq!(name, outcome, "{header}");
        }
    }

    #[test]
    fn parameters_are_those_of_webcrypto() {
        for (name, import, verify) in [
            ("HS256", r#"{"name":"HMAC","hash":"SHA-256"}"#, r#"{"name":"HMAC"}"#),
            ("RS384", r#"{"name":"RSASSA-PKCS1-v1_5","hash":"SHA-384"}"#, r#"{"name":"RSASSA-PKCS1-v1_5"}"#),
            ("PS512", r#"{"name":"RSA-PSS","hash":"SHA-512"}"#, r#"{"name":"RSA-PSS","saltLength":64}"#),
            ("ES512", r#"{"name":"ECDSA","namedCurve":"P-521"}"#, r#"{"name":"ECDSA","hash":"SHA-512"}"#),
            ("ES256K", r#"{"name":"ECDSA","namedCurve":"secp256k1"}"#, r#"{"name":"ECDSA","hash":"SHA-256"}"#),
            ("Ed448", r#"{"name":"Ed448"}"#, r#"{"name":"Ed448"}"#),
            ("ML-DSA-65", r#"{"name":"ML-DSA-65"}"#, r#"{"name":"ML-DSA-65"}"#),
        ] {
            assert_eq!(crypto::import_parameters(named(name), None), import);
            assert_eq!(crypto::signature_parameters(named(name), None), verify);
        }
        // The older name leaves the curve to the key.
        for curve in ["Ed25519", "Ed448"] {
            let parameters = [r#"{"name":""#, curve, r#""}"#].concat();
            assert_eq!(crypto::import_parameters(named("EdDSA"), Some(curve)), parameters);
            assert_eq!(crypto::signature_parameters(named("EdDSA"), Some(curve)), parameters);
        }
    }

    #[test]
    fn secrets_do_not_show_when_printed() {
        let key = &read_secret("correct horse battery staple", SecretEncoding::Utf8).keys[0];
        let plan = crypto::plan(named("HS256"), key, b"e30.e30", &[0; 32]).unwrap();
        for text in [format!("{key:?}"), format!("{plan:?}")] {
            let hidden = !text.contains("horse") && !text.contains("99, 111");
            assert!(hidden && text.contains("secret, 28 bytes"), "{text}");
        }
    }
}

mod wycheproof {
    use super::*;

    /// Of the key tests, those whose defect lies in the key or its labels are refused without asking WebCrypto.
    #[test]
    fn bad_keys_are_refused_before_verifying() {
        let Some(text) = vectors::text("wycheproof/json_web_key_test.json") else { return };
        let file: serde_json::Value = serde_json::from_str(&text).unwrap();
        let mut refused = Vec::new();
        for group in file["testGroups"].as_array().unwrap() {
            // A secret is pasted: a published one is none, and is not used.
            let (keys, source) = match group["public"].is_null() {
                true => (&group["private"], KeySource::Pasted),
                false => (&group["public"], KeySource::JwksUrl),
            };
            let reading = key::read(&keys.to_string(), source);
            for test in group["tests"].as_array().unwrap() {
                let (input, signature) = test["jws"].as_str().unwrap().rsplit_once('.').unwrap();
                let header = json::read(base64url::decode(input.split_once('.').unwrap().0).bytes);
                let plans = match crypto::algorithm(&header) {
                    Err(_) => 0,
                    Ok(algorithm) => {
                        let selection = select(&reading.keys, &header, algorithm);
                        let signature = base64url::decode(signature).bytes;
                        let weak = selection.findings.iter().any(|finding| finding.code == code::TOO_SMALL);
                        let plan = |index: &&usize| {
                            crypto::plan(algorithm, &reading.keys[**index], input.as_bytes(), &signature).is_ok()
                        };
                        if weak { 0 } else { selection.candidates.iter().filter(plan).count() }
                    }
                };
                if plans == 0 {
                    assert_eq!(test["result"], "invalid", "{test}");
                    refused.push(test["tcId"].as_u64().unwrap());
                }
            }
        }
        // What is left to the signature itself: an altered signature and key (3, 22), sets that are called
        // ambiguous (1, 4), and a key whose weakness takes a computation to see (7).
        assert_eq!(refused, [6, 8, 9, 10, 11, 12, 16, 17, 18, 19, 20, 21, 23, 24, 25, 26]);
    }

    #[test]
    fn every_other_key_is_read_without_a_panic() {
        for name in ["signature", "encryption", "crypto"] {
            let Some(text) = vectors::text(&format!("wycheproof/json_web_{name}_test.json")) else { continue };
            let file: serde_json::Value = serde_json::from_str(&text).unwrap();
            let groups = file["testGroups"].as_array().unwrap().iter();
            let halves = groups.flat_map(|group| [&group["public"], &group["private"]]).filter(|half| !half.is_null());
            let count: usize = halves.map(|half| key::read(&half.to_string(), KeySource::Pasted).keys.len()).sum();
            assert!(count > 0, "{name}");
        }
    }
}

const DAMAGED: [&str; 7] = [
    EC_PUBLIC,
    ED25519_PUBLIC,
    ED25519_PRIVATE,
    EC_CERTIFICATE,
    include_str!("keys/rsa-pkcs1-public.pem"),
    include_str!("keys/rsa-pss-public.pem"),
    include_str!("keys/ec-pkcs8-private.pem"),
];

proptest! {
    #![proptest_config(corpus::config())]

    #[test]
    fn base64url_reads_what_it_wrote(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let decoded = base64url::decode(&base64url::encode(&bytes));
        prop_assert_eq!(decoded.bytes, bytes);
        prop_assert!(decoded.faults.is_empty());
    }

    #[test]
    fn text_is_canonical_exactly_when_it_comes_back(
        text in r"[A-Za-z0-9_+/= \n.é-]{0,40}|[A-Za-z0-9_-]{0,12}",
    ) {
        let decoded = base64url::decode(&text);
        prop_assert_eq!(decoded.faults.is_empty(), base64url::encode(&decoded.bytes) == text);
        for fault in decoded.faults {
            prop_assert!(text.is_char_boundary(fault.at) && fault.at < text.len());
        }
    }

    #[test]
    fn base64_agrees_with_base64url(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
        let url = base64url::encode(&bytes);
        let standard = url.replace('-', "+").replace('_', "/") + &"=".repeat((4 - url.len() % 4) % 4);
        let decoded = base64url::decode_standard(&standard);
        prop_assert_eq!(decoded.bytes, bytes);
        prop_assert!(decoded.faults.is_empty());
    }

    #[test]
    fn any_text_is_read_without_a_panic(text in any::<String>()) {
        base64url::decode(&text);
        base64url::decode_standard(&text);
        key::read(&text, KeySource::Pasted);
        key::read(&("-----BEGIN PUBLIC KEY-----".to_owned() + &text), KeySource::Pasted);
        for encoding in [SecretEncoding::Utf8, SecretEncoding::Base64, SecretEncoding::Base64Url, SecretEncoding::Hex] {
            read_secret(&text, encoding);
        }
    }

    #[test]
    fn damaged_pem_is_read_without_a_panic(
        which in 0..DAMAGED.len(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
        cut in prop::option::of(any::<prop::sample::Index>()),
    ) {
        let body: String = DAMAGED[which].lines().filter(|line| !line.starts_with('-')).collect();
        let mut bytes = base64url::decode_standard(&body).bytes;
        for (index, byte) in changes {
            let at = index.index(bytes.len());
            bytes[at] = byte;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len()));
        }
        let body = base64url::encode(&bytes);
        let reading = key::read(&format!("-----BEGIN X KEY-----\n{body}\n-----END X KEY-----"), KeySource::Pasted);
        // Whatever happened, there is something to say: at least that the label is none.
        prop_assert!(!reading.findings.is_empty());
    }

    #[test]
    fn any_signature_is_planned_without_a_panic(
        signature in prop::collection::vec(any::<u8>(), 0..150),
        pick in 0..ALGORITHMS.len(),
    ) {
        let algorithm = &ALGORITHMS[pick];
        for text in DAMAGED {
            for key in &key::read(text, KeySource::Pasted).keys {
                if let Ok(plan) = crypto::plan(algorithm, key, b"e30.e30", &signature) {
                    prop_assert_eq!(plan.key.key_type(), algorithm.key_type);
                }
            }
        }
    }
}
