//! Every cause of a failing signature, made on purpose and found again; and signatures that fail for no cause that could be
//! proved, of which nothing is claimed.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;

use oracle::Signer;
use proptest::prelude::*;
use tokenscope::finding::{Certainty, Severity};
use tokenscope::inspect::Options;
use tokenscope::jose::base64url;
use tokenscope::key::SecretEncoding;
use tokenscope::report::{SignatureStatus, Verdict};
use tokenscope::signature_doctor::{CauseOutcome, Diagnosis};
use tokenscope::time::Time;
use tokenscope::why::{Answers, Ask, Choices, Explained, explain};

const NOW: Time = Time::from_seconds(1_795_183_392);

const HMAC: [&str; 3] = ["HS256", "HS384", "HS512"];
const RSA: [&str; 6] = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
const ECDSA: [&str; 3] = ["ES256", "ES384", "ES512"];
const ALL: [&str; 14] = [
    "HS256", "HS384", "HS512", "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512",
    "EdDSA", "Ed25519",
];

const PAYLOADS: [&str; 3] = [
    r#"{"iss":"https://dev-1234.okta.com/oauth2/default","aud":"api://default","sub":"a","iat":1795180000,"exp":1795190000}"#,
    r#"{"sub":"ü/é","exp":1795190000,"n":[1,2.50,{"a":null}],"url":"https://app.example/a?b"}"#,
    r#"{"exp":1795190000}"#,
];

fn header(algorithm: &str) -> String {
    format!(r#"{{"alg":"{algorithm}","typ":"JWT"}}"#)
}

fn named(algorithm: &str, kid: &str) -> String {
    format!(r#"{{"alg":"{algorithm}","kid":"{kid}"}}"#)
}

fn keys(keys: &str) -> Options {
    Options { keys: keys.to_owned(), ..Options::default() }
}

fn secret(secret: &str) -> Options {
    Options { secret: secret.to_owned(), ..Options::default() }
}

/// The signed text of a header and a payload, and a signature over it.
fn joined(signed: &str, signature: &[u8]) -> String {
    [signed, &base64url::encode(signature)].join(".")
}

fn signed(header: &str, payload: &str) -> String {
    [base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes())].join(".")
}

fn signature(token: &str) -> Vec<u8> {
    base64url::decode(token.rsplit('.').next().unwrap()).bytes
}

fn before_signature(token: &str) -> &str {
    &token[..token.rfind('.').unwrap()]
}

fn explained(token: &str, options: &Options) -> Explained {
    oracle::explained(token, options, &Choices::default(), NOW)
}

/// That a cause is found, and what holds of every diagnosis.
fn check(token: &str, options: &Options, cause: &str, certainty: Certainty) -> Diagnosis {
    let explained = explained(token, options);
    let found = &explained.report.tokens[0];
    let story = || format!("{cause} {token}\n{:#?}", explained.whys[0].diagnosis);
    assert_ne!(found.signature.status, SignatureStatus::Valid, "{}", story());
    assert_ne!(found.verdict, Verdict::Accepted, "{}", story());
    let diagnosis = explained.whys[0].diagnosis.clone().unwrap_or_else(|| panic!("{}", story()));
    let code = ["signature.", cause].concat();
    assert_eq!(diagnosis.cause.map(|code| code.0), Some(code.as_str()), "{}", story());
    let finding = found.findings.iter().find(|finding| finding.code.0 == code);
    let finding = finding.unwrap_or_else(|| panic!("{}", story()));
    assert_eq!(finding.certainty, certainty, "{}", story());
    consistent(&diagnosis);
    diagnosis
}

fn consistent(diagnosis: &Diagnosis) {
    assert_eq!(diagnosis.progress.left, 0, "{diagnosis:#?}");
    assert!(diagnosis.findings.len() <= 1, "{diagnosis:#?}");
    let found = diagnosis.causes.iter().filter(|cause| cause.outcome == CauseOutcome::Found).count();
    assert!(found <= 1, "{diagnosis:#?}");
    for cause in &diagnosis.causes {
        let note = cause.note.to_string();
        assert!(!note.is_empty() && !note.contains('…'), "{}: {note}", cause.code.0);
        tidy(&note);
        assert!(!cause.title.to_string().is_empty());
    }
    for key in &diagnosis.keys {
        let result = key.result.to_string();
        assert!(!result.is_empty() && !result.contains('…'), "{result}");
        tidy(&result);
    }
    for finding in &diagnosis.findings {
        let words = tokenscope::messages::words(finding, NOW);
        let sentence = format!("{} {:?} {:?}", words.problem, words.explanation, words.remedy);
        assert!(!sentence.contains('…'), "{}: {sentence}", finding.code.0);
        for prose in [Some(words.problem), words.brief, words.explanation, words.remedy.clone()].into_iter().flatten() {
            tidy(&prose.to_string());
        }
        assert!(words.reference.is_some() && words.remedy.is_some(), "{}", finding.code.0);
    }
}

/// That a sentence has no space too many, and counts one of a thing as one.
fn tidy(sentence: &str) {
    assert!(!sentence.contains("  ") && sentence.trim() == sentence, "{sentence:?}");
    let ones = ["1 keys", "1 readings", "1 public keys", "1 other ways"];
    assert!(
        ones.iter().all(|one| !sentence.starts_with(one) && !sentence.contains(&[" ", one].concat())),
        "{sentence:?}"
    );
}

use Certainty::{Likely, Proved};

#[test]
fn good_tokens_have_no_diagnosis() {
    for algorithm in ALL {
        for payload in PAYLOADS {
            let signer = Signer::of(algorithm, 1);
            let token = oracle::token(&named(algorithm, "a"), payload, &signer);
            let explained = explained(&token, &keys(&signer.jwk("a")));
            assert_eq!(explained.report.tokens[0].signature.status, SignatureStatus::Valid);
            assert_eq!(explained.whys[0].diagnosis, None);
        }
    }
    let token = oracle::token(&header("RS256"), PAYLOADS[0], &Signer::rsa(0));
    assert_eq!(explained(&token, &Options::default()).whys[0].diagnosis, None);
}

#[test]
fn a_wrong_key_is_proved_for_rsa_and_likely_for_the_others() {
    for algorithm in ALL {
        let certainty = if RSA.contains(&algorithm) { Proved } else { Likely };
        // What can't be opened is verified hundreds of times, over every rewriting.
        let most = if RSA.contains(&algorithm) || HMAC.contains(&algorithm) { 3 } else { 1 };
        for (payload, other) in PAYLOADS.iter().zip([2, 3, 0]).take(most) {
            let token = oracle::token(&header(algorithm), payload, &Signer::of(algorithm, 1));
            check(&token, &keys(&Signer::of(algorithm, other).jwk("")), "wrong-key", certainty);
        }
    }
    let token = oracle::token(&header("RS256"), PAYLOADS[0], &Signer::rsa(0));
    let found = check(&token, &keys(&Signer::rsa(1).pem()), "wrong-key", Proved);
    assert_eq!(found.keys.len(), 1);
    assert!(!found.keys[0].fits);
}

#[test]
fn signatures_of_chance_prove_nothing() {
    for algorithm in ALL {
        for number in 0..4_u8 {
            let signer = Signer::of(algorithm, 1);
            let token = oracle::token(&header(algorithm), PAYLOADS[0], &signer);
            let mut bytes = signature(&token);
            let mut state = u32::from(number) + 7;
            for byte in &mut bytes {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                *byte = (state >> 24) as u8 & 0x7f;
            }
            let token = joined(before_signature(&token), &bytes);
            // That no key at hand opens it is true of noise, too.
            let certainty = if RSA.contains(&algorithm) { Proved } else { Likely };
            check(&token, &keys(&signer.jwk("")), "wrong-key", certainty);
        }
    }
}

#[test]
fn wrong_secrets_of_every_form_prove_nothing() {
    for algorithm in HMAC {
        let token = oracle::token(&header(algorithm), PAYLOADS[0], &Signer::secret(b"made up: nothing of the below"));
        for wrong in [
            "another made-up secret",
            "bWFkZSB1cCBzZWNyZXQgdGhhdCBpcyB3cm9uZw==",
            "6d6164652075702073656372657421",
            "\"quoted\"",
            "with newline\n",
            "\u{feff}bom",
            " spaces ",
            "a\\nb",
            "a%20b",
            "{\"kty\":\"oct\",\"k\":\"bWFkZS11cA\"}",
            "ü",
            "=",
            "-",
        ] {
            check(&token, &secret(wrong), "wrong-key", Likely);
        }
    }
}

#[test]
fn rsa_signatures_tell_which_hash_padding_and_salt_they_have() {
    for named_algorithm in RSA {
        for actual in RSA.iter().filter(|actual| **actual != named_algorithm) {
            for (number, payload) in PAYLOADS.iter().enumerate().take(2) {
                let signer = Signer::rsa(number);
                let text = signed(&header(named_algorithm), payload);
                let token = joined(&text, &signer.sign(actual, text.as_bytes()));
                let cause = if named_algorithm[..2] == actual[..2] { "hash-mismatch" } else { "rs-ps-swap" };
                let found = check(&token, &keys(&signer.jwk("")), cause, Proved);
                let fact = found.findings[0].fact_text("actual").unwrap().to_owned();
                assert_eq!(fact, *actual);
                assert!(found.keys[0].fits);
            }
        }
    }
    for (algorithm, hash, length) in [("PS256", "256", 32), ("PS384", "384", 48), ("PS512", "512", 64)] {
        for salt in [0, 8, 20, 32, 48, 64, 100, 254 - length].into_iter().filter(|salt| *salt != length) {
            let signer = Signer::rsa(1);
            let text = signed(&header(algorithm), PAYLOADS[1]);
            let token = joined(&text, &signer.sign_with_salt(hash, salt.min(256 - length - 2), text.as_bytes()));
            check(&token, &keys(&signer.pem()), "pss-salt", Proved);
        }
    }
}

#[test]
fn altered_content_is_proved_by_the_right_key() {
    for algorithm in RSA {
        for payload in PAYLOADS {
            let signer = Signer::rsa(2);
            let token = oracle::token(&header(algorithm), payload, &signer);
            let edited = payload.replace("1795190000", "1795199999");
            let token = joined(&signed(&header(algorithm), &edited), &signature(&token));
            check(&token, &keys(&signer.jwk("")), "content-altered", Proved);
            // The header's algorithm changed after signing is a change of the content.
            let other = if algorithm == "RS256" { "RS384" } else { "RS256" };
            let token = oracle::token(&header(algorithm), payload, &signer);
            let token = joined(&signed(&header(other), payload), &signature(&token));
            check(&token, &keys(&signer.jwk("")), "content-altered", Proved);
        }
    }
    // An edit leaves no trace for the others.
    for algorithm in ["HS256", "ES256", "ES512", "EdDSA"] {
        let signer = Signer::of(algorithm, 1);
        let token = oracle::token(&header(algorithm), PAYLOADS[0], &signer);
        let token = joined(&signed(&header(algorithm), PAYLOADS[1]), &signature(&token));
        check(&token, &keys(&signer.jwk("")), "wrong-key", Likely);
    }
    // The header of an HMAC is edited, and the length tells.
    let signer = Signer::of("HS512", 1);
    let token = oracle::token(&header("HS512"), PAYLOADS[0], &signer);
    let token = joined(&signed(&header("HS256"), PAYLOADS[0]), &signature(&token));
    check(&token, &keys(&signer.jwk("")), "content-altered", Proved);
}

#[test]
fn a_rewriting_that_fits_is_named() {
    let compact = r#"{"sub":"ü/é","exp":1795190000,"n":[1,2],"url":"https://app.example/a?b"}"#;
    let pretty = r#"{
  "sub": "ü/é",
  "exp": 1795190000,
  "n": [
    1,
    2
  ],
  "url": "https://app.example/a?b"
}"#;
    let received = [
        pretty.to_owned(),
        compact.replace('/', r"\/"),
        compact.replace('ü', r"\u00fc").replace('é', r"\u00e9"),
        compact.replace("\":", "\": ").replace(',', ", "),
    ];
    for (index, algorithm) in ALL.into_iter().enumerate() {
        let signer = Signer::of(algorithm, 1);
        let token = oracle::token(&header(algorithm), compact, &signer);
        // What can't be opened is verified once for each rewriting, so of those one is enough.
        let is_quick = RSA.contains(&algorithm) || HMAC.contains(&algorithm);
        let from = if is_quick { 0 } else { index % received.len() };
        let most = if is_quick { received.len() } else { 1 };
        for rewritten in received.iter().skip(from).take(most) {
            let token = joined(&signed(&header(algorithm), rewritten), &signature(&token));
            let found = check(&token, &keys(&signer.jwk("")), "content-altered", Proved);
            assert!(found.findings[0].fact("what").is_some(), "{rewritten}");
        }
    }
}

/// Signatures that can't be opened prove a rewriting, too: by verifying it.
#[test]
fn sorted_claims_are_proved_without_opening() {
    let signed_claims = [
        r#"{"iss":"https://issuer.example","sub":"a","aud":"b","exp":1795190000,"iat":1795180000,"scope":"c"}"#,
        r#"{"sub":"a","name":"b","role":"c","iat":1795180000,"exp":1795190000}"#,
    ];
    for claims in signed_claims {
        let mut members: Vec<&str> = claims[1..claims.len() - 1].split(',').collect();
        members.sort_unstable();
        let sorted = format!("{{{}}}", members.join(","));
        for algorithm in ["HS256", "HS512", "ES256", "ES384", "Ed25519", "RS256"] {
            let signer = Signer::of(algorithm, 1);
            let token = oracle::token(&header(algorithm), claims, &signer);
            let token = joined(&signed(&header(algorithm), &sorted), &signature(&token));
            let found = check(&token, &keys(&signer.jwk("")), "content-altered", Proved);
            assert_eq!(found.findings[0].fact_text("signed"), Some(claims));
        }
    }
}

#[test]
fn an_hmac_tells_its_hash_by_its_length() {
    for named_algorithm in HMAC {
        for actual in HMAC.iter().filter(|actual| **actual != named_algorithm) {
            let text = signed(&header(named_algorithm), PAYLOADS[0]);
            let token = joined(&text, &Signer::secret(b"made-up secret").sign(actual, text.as_bytes()));
            check(&token, &secret("made-up secret"), "hash-mismatch", Proved);
            check(&token, &secret("another made-up secret"), "hash-mismatch", Likely);
        }
    }
}

#[test]
fn another_kind_of_algorithm_is_told() {
    let cases = [
        ("RS256", "HS256"),
        ("RS256", "HS512"),
        ("PS384", "HS384"),
        ("ES256", "HS256"),
        ("HS256", "RS256"),
        ("HS512", "PS512"),
        ("ES256", "EdDSA"),
        ("EdDSA", "ES256"),
        ("HS512", "ES256"),
        ("ES256", "RS256"),
    ];
    for (named_algorithm, actual) in cases {
        let text = signed(&header(named_algorithm), PAYLOADS[0]);
        let signer = if actual.starts_with("HS") { Signer::secret(b"made-up secret") } else { Signer::of(actual, 1) };
        let token = joined(&text, &signer.sign(actual, text.as_bytes()));
        let options = if actual.starts_with("HS") { secret("made-up secret") } else { keys(&signer.jwk("")) };
        check(&token, &options, "alg-mismatch", Proved);
    }
}

#[test]
fn another_key_of_the_set_is_found() {
    for algorithm in RSA.iter().chain(&ECDSA).chain(&["EdDSA"]) {
        let (right, wrong) = (Signer::of(algorithm, 1), Signer::of(algorithm, 2));
        let set = |one: &str, other: &str| keys(&format!(r#"{{"keys":[{one},{other}]}}"#));
        // The token names one key of the set, and another one signed.
        let token = oracle::token(&named(algorithm, "wrong"), PAYLOADS[0], &right);
        let options = set(&wrong.jwk("wrong"), &right.jwk("right"));
        check(&token, &options, "kid-mismatch", Proved);
        // The right one is labelled for something else.
        for label in [r#""use":"enc""#, r#""key_ops":["encrypt"]"#, r#""alg":"RSA-OAEP""#] {
            let jwk = format!(r#"{{"kid":"a",{label},{}}}"#, right.members());
            let token = oracle::token(&named(algorithm, "a"), PAYLOADS[0], &right);
            check(&token, &set(&jwk, &wrong.jwk("b")), "key-label", Proved);
        }
        // None of them is named so, and none fits.
        let token = oracle::token(&named(algorithm, "gone"), PAYLOADS[0], &right);
        let certainty = if RSA.contains(algorithm) { Proved } else { Likely };
        check(&token, &set(&wrong.jwk("b"), &Signer::of(algorithm, 3).jwk("c")), "key-rotated", certainty);
    }
}

/// What the page says first names a proved cause in a few words, and no other.
#[test]
fn the_headline_names_a_proved_cause() {
    let says = |token: &str, options: &Options, expected: &str| {
        let (first, _) =
            tokenscope::inspect::inspect(token, options, NOW, NOW, &tokenscope::inspect::Answers::default());
        let explained = explained(token, options);
        let sentence =
            |token: &tokenscope::report::Token| tokenscope::report::headline(token, NOW).sentence.to_string();
        assert_eq!(sentence(&explained.report.tokens[0]), expected);
        assert!(!sentence(&first.tokens[0]).contains(" ("), "{}", sentence(&first.tokens[0]));
    };
    let typed = "bWFkZS11cCBzZWNyZXQgZm9yIHRlc3RzIG9ubHkhIQ==";
    let decoded = base64url::decode_standard(typed).bytes;
    let token = oracle::token(&header("HS256"), PAYLOADS[0], &Signer::secret(&decoded));
    says(&token, &secret(typed), "Rejected: its signature is invalid (the secret is base64 on one side)");
    says(&token, &secret("another made-up secret"), "Rejected: its signature is invalid");
    let signer = Signer::rsa(1);
    let token = oracle::token(&header("RS256"), PAYLOADS[0], &signer);
    let edited = joined(&signed(&header("RS256"), PAYLOADS[2]), &signature(&token));
    let expected = "Rejected: its signature is invalid (its bytes were changed after signing)";
    says(&edited, &keys(&signer.jwk("")), expected);
}

/// What the signer did with a secret that was typed as this text.
#[test]
fn every_reading_of_a_secret_is_named() {
    let utf16 = |text: &str, big: bool| -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let encoded = |bytes: &[u8]| {
        let text = base64url::encode(bytes);
        let padding = "=".repeat((4 - text.len() % 4) % 4);
        text.replace('-', "+").replace('_', "/") + &padding
    };
    let base64 = "bWFkZS11cCBzZWNyZXQgZm9yIHRlc3RzIG9ubHkhIQ==";
    let base64_bytes = base64url::decode_standard(base64).bytes;
    let hex = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    let hex_bytes: Vec<u8> = (0..32).map(|at| u8::from_str_radix(&hex[at * 2..at * 2 + 2], 16).unwrap()).collect();
    let plain = "made-up-secret";
    let bytes = |text: &str| text.as_bytes().to_vec();
    let (utf16_little, utf16_big) = (encoded(&utf16(plain, false)), encoded(&utf16(plain, true)));
    let cases: Vec<(&str, Vec<u8>, &str)> = vec![
        (base64, base64_bytes.clone(), "secret-base64"),
        (
            "-_8-made_up_secret_in_base64url",
            base64url::decode("-_8-made_up_secret_in_base64url").bytes,
            "secret-base64",
        ),
        ("made up!", bytes("bWFkZSB1cCE="), "secret-base64"),
        (base64, bytes(&base64url::encode(base64.as_bytes())), "secret-base64"),
        (plain, base64url::decode("made-up-secr").bytes, "secret-base64-lenient"),
        ("made up secret.", base64url::decode("madeupsecret").bytes, "secret-base64-lenient"),
        (hex, hex_bytes.clone(), "secret-hex"),
        ("made up!", bytes("6d61646520757021"), "secret-hex"),
        (plain, bytes("made-up-secret\n"), "secret-newline"),
        (plain, bytes("made-up-secret\r\n"), "secret-newline"),
        ("made-up-secret\n", bytes(plain), "secret-newline"),
        ("made-up-secret\r\n", bytes("made-up-secret\n"), "secret-newline"),
        (base64, [&base64_bytes[..], b"\n"].concat(), "secret-newline"),
        (plain, bytes("made-up-secret "), "secret-whitespace"),
        (plain, bytes("made-up-secret\t"), "secret-whitespace"),
        (" made-up-secret ", bytes(plain), "secret-whitespace"),
        (plain, bytes("\u{feff}made-up-secret"), "secret-bom"),
        ("\u{feff}made-up-secret", bytes(plain), "secret-bom"),
        (plain, bytes("\"made-up-secret\""), "secret-quoted"),
        (plain, bytes("'made-up-secret'"), "secret-quoted"),
        (plain, bytes("“made-up-secret”"), "secret-quoted"),
        (plain, bytes("\"made-up-secret\"\n"), "secret-quoted"),
        ("\"made-up-secret\"", bytes(plain), "secret-quoted"),
        ("'made-up-secret'\n", bytes(plain), "secret-quoted"),
        (plain, utf16(plain, false), "secret-utf16"),
        (plain, utf16(plain, true), "secret-utf16"),
        (plain, [&[0xff, 0xfe][..], &utf16(plain, false)].concat(), "secret-utf16"),
        (plain, encoded(&utf16(plain, false)).into_bytes(), "secret-utf16"),
        (plain, encoded(&utf16(plain, true)).into_bytes(), "secret-utf16"),
        (utf16_little.as_str(), plain.as_bytes().to_vec(), "secret-utf16"),
        (utf16_big.as_str(), plain.as_bytes().to_vec(), "secret-utf16"),
        (plain, [&[0xfe, 0xff][..], &utf16(plain, true)].concat(), "secret-utf16"),
        ("geheim für später", "geheim für später".chars().map(|one| one as u8).collect(), "secret-latin1"),
        ("made\\nup", bytes("made\nup"), "secret-escaped"),
        ("made\nup", bytes("made\\nup"), "secret-escaped"),
        (plain, bytes("made-up-secret\\n"), "secret-escaped"),
        ("made%20up%2B", bytes("made up+"), "secret-percent-encoded"),
        ("made up+", bytes("made%20up%2B"), "secret-percent-encoded"),
        ("AABBCCDDEEFF00112233", bytes("aabbccddeeff00112233"), "secret-case"),
        ("made-up", bytes("MADE-UP"), "secret-case"),
    ];
    for algorithm in HMAC {
        for (typed, signing, cause) in &cases {
            let token = oracle::token(&header(algorithm), PAYLOADS[0], &Signer::secret(signing));
            check(&token, &secret(typed), cause, Proved);
        }
        // A zero byte counts where the secret is as long as a block of the hash.
        let long = "made up ".repeat(20);
        let token = oracle::token(
            &header(algorithm),
            PAYLOADS[0],
            &Signer::secret([long.as_bytes(), &[0]].concat().as_slice()),
        );
        check(&token, &secret(&long), "secret-nul", Proved);
        // The encoding that was chosen is wrong.
        let token = oracle::token(&header(algorithm), PAYLOADS[0], &Signer::secret(base64.as_bytes()));
        for encoding in [SecretEncoding::Base64, SecretEncoding::Base64Url, SecretEncoding::Hex] {
            check(&token, &Options { secret_encoding: encoding, ..secret(base64) }, "secret-plain", Proved);
        }
        let token = oracle::token(&header(algorithm), PAYLOADS[0], &Signer::secret(&hex_bytes));
        check(&token, &Options { secret_encoding: SecretEncoding::Base64, ..secret(hex) }, "secret-hex", Proved);
        // A JWK whose `k` was taken as it is written.
        let token = oracle::token(&header(algorithm), PAYLOADS[0], &Signer::secret(b"bWFkZSB1cCE"));
        check(&token, &keys(r#"{"kty":"oct","k":"bWFkZSB1cCE"}"#), "secret-base64", Proved);
    }
}

#[test]
fn no_finding_shows_a_secret() {
    let token = oracle::token(&header("HS256"), PAYLOADS[0], &Signer::secret(b"made-up-secret\n"));
    let found = check(&token, &secret("made-up-secret"), "secret-newline", Proved);
    assert!(!format!("{found:?}").contains("made-up-secret"));
}

#[test]
fn a_public_key_as_the_secret_is_a_forgery() {
    for algorithm in HMAC {
        let signer = Signer::rsa(1);
        let pem = signer.pem();
        let pkcs1 = {
            use rsa::pkcs1::EncodeRsaPublicKey;
            let Signer::Rsa(key) = &signer else { unreachable!() };
            key.to_public_key().to_pkcs1_pem(rsa::pkcs8::LineEnding::LF).unwrap()
        };
        let der =
            base64url::decode_standard(&pem.lines().filter(|line| !line.starts_with('-')).collect::<String>()).bytes;
        for text in [
            pem.as_bytes().to_vec(),
            pem.trim_end().as_bytes().to_vec(),
            pem.replace('\n', "\r\n").into_bytes(),
            pem.trim_end().replace('\n', "\r\n").into_bytes(),
            pkcs1.as_bytes().to_vec(),
            pkcs1.trim_end().as_bytes().to_vec(),
            der,
            signer.jwk("").into_bytes(),
        ] {
            let token = oracle::token(&header(algorithm), PAYLOADS[0], &Signer::secret(&text));
            for given in [pem.clone(), pkcs1.clone(), signer.jwk("")] {
                // The text of a JWK is only known where it was pasted.
                if text.starts_with(b"{") && !given.starts_with('{') {
                    continue;
                }
                let explained = explained(&token, &keys(&given));
                assert_eq!(explained.report.tokens[0].verdict, Verdict::Rejected);
                check(&token, &keys(&given), "alg-confusion", Proved);
            }
        }
        // It was typed into the field of the secret.
        let token = oracle::token(&header(algorithm), PAYLOADS[0], &Signer::secret(pem.as_bytes()));
        check(&token, &secret(&pem), "alg-confusion", Proved);
    }
    for algorithm in ECDSA.iter().chain(&["EdDSA"]) {
        let jwk = Signer::of(algorithm, 1).jwk("a");
        let token = oracle::token(&header("HS256"), PAYLOADS[0], &Signer::secret(jwk.as_bytes()));
        check(&token, &keys(&jwk), "alg-confusion", Proved);
    }
    // Without a forgery, it is only the wrong type of key.
    let token = oracle::token(&header("HS256"), PAYLOADS[0], &Signer::secret(b"made up"));
    check(&token, &keys(&Signer::rsa(1).pem()), "key-type", Proved);
}

/// The ASN.1 form of two numbers.
fn der(signature: &[u8]) -> Vec<u8> {
    let integer = |number: &[u8]| {
        let zeros = number.iter().take_while(|byte| **byte == 0).count();
        let mut bytes = number[zeros..].to_vec();
        if bytes[0] & 0x80 != 0 {
            bytes.insert(0, 0);
        }
        [&[2, bytes.len() as u8], bytes.as_slice()].concat()
    };
    let (r, s) = signature.split_at(signature.len() / 2);
    let content = [integer(r), integer(s)].concat();
    let length = if content.len() > 127 { vec![0x81, content.len() as u8] } else { vec![content.len() as u8] };
    [&[0x30][..], &length, &content].concat()
}

#[test]
fn forms_of_ecdsa_signatures_are_told() {
    for algorithm in ECDSA {
        let signer = Signer::of(algorithm, 1);
        let jwk = keys(&signer.jwk(""));
        for payload in PAYLOADS {
            let token = oracle::token(&header(algorithm), payload, &signer);
            let bytes = signature(&token);
            let text = before_signature(&token);
            check(&joined(text, &der(&bytes)), &jwk, "ecdsa-der", Proved);
            let (r, s) = bytes.split_at(bytes.len() / 2);
            for width in [r.len() + 1, r.len() + 2, 80] {
                let padded = |number: &[u8]| [vec![0; width - number.len()], number.to_vec()].concat();
                let surplus = [padded(r), padded(s)].concat();
                check(&joined(text, &surplus), &jwk, "ecdsa-overpadded", Proved);
            }
        }
        // Tokens whose numbers happen to be small.
        let mut found = 0;
        for number in 0..3000 {
            let token = oracle::token(&header(algorithm), &format!(r#"{{"exp":1795190000,"n":{number}}}"#), &signer);
            let bytes = signature(&token);
            let (r, s) = bytes.split_at(bytes.len() / 2);
            let small = |number: &[u8]| number.iter().take_while(|byte| **byte == 0).count();
            if small(r) + small(s) > 0 {
                let token = joined(before_signature(&token), &[&r[small(r)..], &s[small(s)..]].concat());
                check(&token, &jwk, "ecdsa-unpadded", Proved);
                found += 1;
            }
            if found == 12 {
                break;
            }
        }
        assert_eq!(found, 12);
    }
}

#[test]
fn curves_that_differ_are_told() {
    for named_algorithm in ECDSA {
        for actual in ECDSA.iter().filter(|actual| **actual != named_algorithm) {
            let signer = Signer::of(actual, 1);
            let text = signed(&header(named_algorithm), PAYLOADS[0]);
            // Signed with a key on another curve, which is at hand.
            let token = joined(&text, &signer.sign(actual, text.as_bytes()));
            check(&token, &keys(&signer.jwk("")), "curve-mismatch", Proved);
            // It is not at hand.
            check(&token, &keys(&Signer::of(named_algorithm, 1).jwk("")), "curve-mismatch", Likely);
            // The token is good, and the key at hand is on another curve.
            let token = oracle::token(&header(named_algorithm), PAYLOADS[0], &Signer::of(named_algorithm, 1));
            check(&token, &keys(&signer.jwk("")), "curve-mismatch", Proved);
        }
    }
}

#[test]
fn cut_tokens_are_told_with_and_without_a_key() {
    for algorithm in ALL {
        let signer = Signer::of(algorithm, 1);
        let token = oracle::token(&header(algorithm), PAYLOADS[0], &signer);
        let length = signature(&token).len();
        for cut in [12, 15, 20, 23] {
            let cut = &token[..token.len() - cut];
            check(cut, &keys(&signer.jwk("")), "truncated", Proved);
        }
        let payload = token.find('.').unwrap();
        for end in [token.rfind('.').unwrap(), payload + 40, payload + 1 + length.min(30)] {
            check(&token[..end], &keys(&signer.jwk("")), "truncated", Proved);
        }
        // A cut of a few characters may leave numbers that are merely short: then it is likely.
        for cut in 1..8 {
            let cut = &token[..token.len() - cut];
            let explained = explained(cut, &keys(&signer.jwk("")));
            let diagnosis = explained.whys[0].diagnosis.clone().unwrap();
            assert_eq!(diagnosis.cause.map(|code| code.0), Some("signature.truncated"), "{algorithm} {cut}");
        }
        // An ellipsis marks the place.
        check(&format!("{}...", &token[..token.len() - 13]), &keys(&signer.jwk("")), "truncated", Proved);
    }
    for limit in [255, 512] {
        let payload = format!(r#"{{"exp":1795190000,"pad":"{}"}}"#, "a".repeat(60));
        let token = oracle::token(&header("RS256"), &payload, &Signer::rsa(1));
        check(&token[..limit.min(token.len() - 2)], &keys(&Signer::rsa(1).pem()), "truncated", Proved);
    }
}

#[test]
fn other_spellings_of_the_parts_are_told() {
    let standard = |bytes: &[u8]| {
        let text = base64url::encode(bytes).replace('-', "+").replace('_', "/");
        let padding = "=".repeat((4 - text.len() % 4) % 4);
        text + &padding
    };
    for algorithm in ALL {
        for (number, payload) in PAYLOADS.iter().enumerate() {
            let signer = Signer::of(algorithm, 1);
            let header = header(algorithm);
            let token = oracle::token(&header, payload, &signer);
            // Rewritten on the way, and signed so.
            let text = [standard(header.as_bytes()), standard(payload.as_bytes())].join(".");
            let rewritten = [text.clone(), standard(&signature(&token))].join(".");
            let as_signed = [text.clone(), standard(&signer.sign(algorithm, text.as_bytes()))].join(".");
            for token in [rewritten, as_signed].iter().filter(|token| token.contains(['+', '/', '='])) {
                let found = check(token, &keys(&signer.jwk("")), "std-base64", Proved);
                let verified = algorithm.starts_with("HS") || found.keys[0].fits;
                assert!(verified, "{number} {found:#?}");
                // Without a key, the form is all there is.
                check(token, &Options::default(), "std-base64", Proved);
            }
        }
        // The last character of the signature has bits that belong to no byte.
        let signer = Signer::of(algorithm, 2);
        let token = oracle::token(&header(algorithm), PAYLOADS[0], &signer);
        if !signature(&token).len().is_multiple_of(3) {
            let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
            let last = alphabet.find(token.chars().last().unwrap()).unwrap();
            let other = format!("{}{}", &token[..token.len() - 1], &alphabet[last + 1..=last + 1]);
            check(&other, &keys(&signer.jwk("")), "noncanonical", Proved);
        }
    }
}

#[test]
fn signatures_that_are_text_are_told() {
    for algorithm in ALL {
        let signer = Signer::of(algorithm, 1);
        let token = oracle::token(&header(algorithm), PAYLOADS[0], &signer);
        let hex: String = signature(&token).iter().map(|byte| format!("{byte:02x}")).collect();
        let text = before_signature(&token);
        let options = [keys(&signer.jwk("")), keys(&Signer::of(algorithm, 2).jwk(""))];
        for options in &options {
            check(&joined(text, hex.as_bytes()), options, "signature-hex", Proved);
            check(&joined(text, hex.to_uppercase().as_bytes()), options, "signature-hex", Proved);
            check(&[text, &hex].join("."), options, "signature-hex", Proved);
            let twice = base64url::encode(&signature(&token));
            check(&joined(text, twice.as_bytes()), options, "encoded-twice", Proved);
        }
        let surplus = [signature(&token), b"abc".to_vec()].concat();
        check(&joined(text, &surplus), &options[0], "surplus", Proved);
    }
}

#[test]
fn a_token_for_microsoft_graph_is_told() {
    use sha2::{Digest, Sha256};
    let graph =
        r#"{"aud":"00000003-0000-0000-c000-000000000000","iss":"https://sts.windows.net/tenant/","exp":1795190000}"#;
    for number in 0..3 {
        for order in [
            r#"{"typ":"JWT","nonce":"NONCE","alg":"RS256","kid":"a"}"#,
            r#"{ "nonce" : "NONCE" , "alg":"RS256","kid":"a"}"#,
        ] {
            let nonce = format!("made-up-nonce-{number}");
            let signer = Signer::rsa(number);
            let hash = base64url::encode(&Sha256::digest(nonce.as_bytes()));
            let token = oracle::token(&order.replace("NONCE", &hash), graph, &signer);
            let token = joined(&signed(&order.replace("NONCE", &nonce), graph), &signature(&token));
            check(&token, &keys(&signer.jwk("a")), "graph-nonce", Proved);
            // No key that does not verify it is at fault, whatever its name and type.
            let others = [
                Options::default(),
                keys(&Signer::rsa(3).jwk("a")),
                keys(&Signer::rsa(3).jwk("b")),
                keys(&Signer::of("ES256", 1).jwk("a")),
                secret("made-up secret"),
            ];
            for options in &others {
                let found = check(&token, options, "graph-nonce", Likely);
                let failed = explained(&token, options).report.tokens[0].signature.status == SignatureStatus::Invalid;
                let is_warning = found.findings[0].severity == Severity::Warning;
                assert_eq!(is_warning, !failed && *options != Options::default(), "{found:#?}");
                assert!(
                    found
                        .causes
                        .iter()
                        .all(|cause| cause.code.0 != "signature.wrong-key" || cause.outcome != CauseOutcome::Found)
                );
            }
        }
    }
    // A `nonce` in the header of another token says nothing.
    let header = r#"{"alg":"RS256","nonce":"made-up-nonce","kid":"a"}"#;
    let token = oracle::token(header, PAYLOADS[0], &Signer::rsa(0));
    check(&token, &keys(&Signer::rsa(1).jwk("a")), "wrong-key", Proved);
    assert_eq!(explained(&token, &Options::default()).whys[0].diagnosis, None);
    // Nor is anything said of a token for Graph without one.
    let token = oracle::token(&named("RS256", "a"), graph, &Signer::rsa(0));
    check(&token, &keys(&Signer::rsa(1).jwk("a")), "wrong-key", Proved);
    assert_eq!(explained(&token, &Options::default()).whys[0].diagnosis, None);
}

#[test]
fn damaged_keys_are_told() {
    let token = oracle::token(&named("RS256", "a"), PAYLOADS[0], &Signer::rsa(1));
    let jwk = Signer::rsa(1).jwk("a");
    for damaged in
        [jwk.replace(r#""e":"AQAB""#, r#""e":65537"#), jwk.replace(r#""n":""#, r#""N":""#), jwk[..200].to_owned()]
    {
        check(&token, &keys(&damaged), "key-damaged", Proved);
    }
    let token = oracle::token(&named("ES256", "a"), PAYLOADS[0], &Signer::of("ES256", 1));
    let jwk = Signer::of("ES256", 1).jwk("a");
    let x = jwk.find(r#""x":""#).unwrap() + 5;
    check(&token, &keys(&[&jwk[..x], &jwk[x + 8..]].concat()), "key-damaged", Proved);
    // A point that is not on the curve: the browser says so.
    let moved = [&jwk[..x], if jwk[x..].starts_with('A') { "B" } else { "A" }, &jwk[x + 1..]].concat();
    check(&token, &keys(&moved), "key-damaged", Likely);
}

#[test]
fn keys_of_another_server_are_told_by_their_address() {
    let own = "https://dev-1234.okta.com/oauth2/v1/keys";
    let token = oracle::token(&named("RS256", "gone"), PAYLOADS[0], &Signer::rsa(1));
    let options = Options {
        fetch_from: Some(own.to_owned()),
        fetch: tokenscope::inspect::Fetch::Origins(vec!["https://dev-1234.okta.com".to_owned()]),
        ..Options::default()
    };
    let set = format!(r#"{{"keys":[{},{}]}}"#, Signer::rsa(2).jwk("b"), Signer::rsa(3).jwk("c"));
    let mut answers = Answers::default();
    for _ in 0..4 {
        let (_, asks) = explain(&token, &options, &Choices::default(), NOW, NOW, &answers);
        for ask in asks {
            if let Ask::Inspect(tokenscope::inspect::Ask::Fetch(request)) = ask {
                answers.inspect.respond(request.clone(), fetched(&set));
            }
        }
    }
    let explained = oracle::explained_with(&token, &options, &Choices::default(), NOW, answers);
    let diagnosis = explained.whys[0].diagnosis.clone().unwrap();
    assert_eq!(diagnosis.cause.map(|code| code.0), Some("signature.wrong-key"), "{diagnosis:#?}");
    let finding = &diagnosis.findings[0];
    assert_eq!(finding.certainty, Proved);
    assert_eq!(finding.fact_text("keys-from"), Some(own));
    assert_eq!(finding.fact_text("issuer-keys"), Some("https://dev-1234.okta.com/oauth2/default/v1/keys"));
    consistent(&diagnosis);
}

fn fetched(set: &str) -> tokenscope::discovery::Response {
    let answered = tokenscope::discovery::Answered {
        status: 200,
        url: "https://dev-1234.okta.com/oauth2/v1/keys".to_owned(),
        content_type: Some("application/json".to_owned()),
        body: set.as_bytes().to_vec(),
        received: NOW,
        ..Default::default()
    };
    tokenscope::discovery::Response::Answered(answered)
}

#[test]
fn a_search_that_was_stopped_asks_nothing_and_says_so() {
    let token = oracle::token(&header("RS256"), PAYLOADS[0], &Signer::rsa(1));
    let options = keys(&Signer::rsa(2).jwk(""));
    let mut answers = Answers::default();
    let (_, asks) = explain(&token, &options, &Choices::default(), NOW, NOW, &answers);
    for ask in asks {
        let Ask::Inspect(tokenscope::inspect::Ask::Verify(plan)) = ask else { panic!("{ask:?}") };
        let answer = oracle::verify(&plan);
        answers.inspect.verify(plan, answer);
    }
    let (waiting, asks) = explain(&token, &options, &Choices::default(), NOW, NOW, &answers);
    assert!(asks.iter().any(|ask| matches!(ask, Ask::Open(openings) if openings.len() == 1)));
    let diagnosis = waiting.whys[0].diagnosis.clone().unwrap();
    assert_eq!((diagnosis.cause, diagnosis.progress.left, diagnosis.progress.stopped), (None, 1, false));
    let stopped = Choices { stopped: true, ..Choices::default() };
    let (explained, asks) = explain(&token, &options, &stopped, NOW, NOW, &answers);
    assert!(asks.is_empty(), "{asks:?}");
    let diagnosis = explained.whys[0].diagnosis.clone().unwrap();
    assert!(diagnosis.progress.stopped);
    assert!(diagnosis.findings.iter().all(|finding| finding.certainty == Likely));
}

#[test]
fn many_tokens_and_many_keys_come_to_an_end() {
    let set: Vec<String> = (0..60).map(|number| Signer::of("ES256", number).jwk("")).collect();
    let options = keys(&format!(r#"{{"keys":[{}]}}"#, set.join(",")));
    let tokens: Vec<String> = (0..25)
        .map(|number| oracle::token(&header("ES256"), &format!(r#"{{"n":{number}}}"#), &Signer::of("ES256", 200)))
        .collect();
    let explained = explained(&tokens.join("\n"), &options);
    assert_eq!(explained.whys.len(), 25);
    assert!(explained.whys[0].diagnosis.is_some());
}

#[test]
fn what_is_merely_likely_rejects_nothing_by_itself() {
    let token = oracle::token(&header("RS256"), PAYLOADS[0], &Signer::rsa(1));
    let explained = explained(&token, &secret("made up"));
    let token = &explained.report.tokens[0];
    assert_eq!(token.verdict, Verdict::Undecided, "{:#?}", token.findings);
    let of_doctor = explained.whys[0].diagnosis.iter().flat_map(|diagnosis| &diagnosis.findings);
    assert!(of_doctor.into_iter().all(|finding| finding.severity != Severity::Error));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the token and the keys are, it comes to an end, and nothing is claimed twice.
    #[test]
    fn it_never_panics(
        header in prop_oneof![
            Just(r#"{"alg":"HS256"}"#.to_owned()), Just(r#"{"alg":"RS256","nonce":"a"}"#.to_owned()),
            Just(r#"{"alg":"ES256","kid":"a"}"#.to_owned()), Just(r#"{"alg":"EdDSA"}"#.to_owned()), "\\{.{0,20}"
        ],
        payload in ".{0,40}", bytes in proptest::collection::vec(any::<u8>(), 0..140),
        secret in ".{0,40}", mangle in any::<prop::sample::Index>(), which in 0..4_u8,
    ) {
        let mut token = joined(&signed(&header, &payload), &bytes);
        if which == 0 {
            token.truncate(mangle.index(token.len()));
        }
        let given = match which {
            1 => Signer::of("ES256", 1).jwk("b"),
            2 => Signer::rsa(0).jwk("a"),
            _ => String::new(),
        };
        let options = Options { keys: given, secret, ..Options::default() };
        let explained = explained(&token, &options);
        for why in &explained.whys {
            if let Some(diagnosis) = &why.diagnosis {
                let proved = diagnosis.findings.iter().filter(|finding| finding.certainty == Proved).count();
                prop_assert!(proved <= 1);
            }
        }
    }
}
