//! Making tokens: only what is asked for changes, what is signed is what is shown, and no text breaks anything.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use proptest::prelude::*;
use tokenscope::create::edit::member;
use tokenscope::create::{self, KeyChoice};
use tokenscope::crypto::operation::{Operation, Operations, Outcome};
use tokenscope::jose::algorithm::Algorithm;
use tokenscope::jose::base64url;
use tokenscope::key::SecretEncoding;
use tokenscope::time::Time;
use tokenscope::{json, key};

/// A JSON value in one of the ways to write it.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("1.0".to_owned()),
        Just("-0".to_owned()),
        Just("9007199254740993".to_owned()),
        Just("1e400".to_owned()),
        Just("\"\\u0065xp\"".to_owned()),
        Just("\"é\u{1f600}\"".to_owned()),
        "\"[a-z:{}, ]{0,8}\"",
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[ {} ]", items.join(" ,"))),
            prop::collection::vec(("[a-c]|exp", inner), 0..4).prop_map(|members| {
                let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\":\t{value}")).collect();
                format!("{{{}}}", members.join(",\n"))
            }),
        ]
    })
}

/// An object with whitespace of all kinds, and names that repeat.
fn object() -> impl Strategy<Value = String> {
    let space = "[ \t\r\n]{0,3}";
    let member = (space, "[a-c]|exp|\\\\u0065xp", space, space, value(), space)
        .prop_map(|(a, name, b, c, value, d)| format!("{a}\"{name}\"{b}:{c}{value}{d}"));
    (space, prop::collection::vec(member, 0..6), space).prop_map(|(before, members, after)| {
        let inside = if members.is_empty() { " \n".to_owned() } else { members.join(",") };
        format!("{before}{{{inside}}}{after}")
    })
}

proptest! {
    #[test]
    fn setting_a_member_leaves_every_other_byte(text in object(), name in "exp|[a-d]", new in value()) {
        let edit = member(&text, &name, &new).unwrap();
        let changed = edit.applied(&text);
        // What stands before and behind the place is as it was, byte for byte.
        prop_assert_eq!(&changed[..edit.range.start], &text[..edit.range.start]);
        prop_assert_eq!(&changed[edit.range.start + edit.text.len()..], &text[edit.range.end..]);
        let (before, after) = (json::read(text.clone().into_bytes()), json::read(changed.into_bytes()));
        prop_assert!(after.is_json());
        prop_assert_eq!(after.raw(after.member(&name).unwrap()), new);
        // And only the member that counts is another one.
        let members = |document: &json::Document| -> Vec<(String, String)> {
            let root = document.root.as_ref().unwrap();
            root.members().iter().map(|member| (member.name.clone(), document.raw(&member.value))).collect()
        };
        let (old, mut now) = (members(&before), members(&after));
        let at = now.iter().rposition(|(known, _)| *known == name).unwrap();
        match old.len() == now.len() {
            true => now[at].1.clone_from(&old[at].1),
            false => drop(now.remove(at)),
        }
        prop_assert_eq!(old, now);
    }

    #[test]
    fn no_text_breaks_anything_and_what_is_signed_is_the_text(header in any::<String>(), payload in any::<String>(), secret in any::<String>()) {
        let algorithm = Algorithm::named("HS256").unwrap();
        for finding in create::check(&header, &payload, Some(algorithm)).into_iter().chain(create::check_encryption(&header, &payload)) {
            prop_assert!(!create::words(&finding, Time::default()).problem.0.is_empty());
        }
        let _ = member(&payload, &header, &secret);
        for choice in [KeyChoice::Secret(&secret, SecretEncoding::Utf8), KeyChoice::Text(&secret)] {
            let (key, _) = create::read_key(choice, &header, Some(algorithm));
            let Some(key) = key else { continue };
            create::check_key(&key, algorithm, &header);
            let mut operations = Operations::default();
            let Ok(Err(operation)) = create::sign(&header, &payload, algorithm, Some(&key), &operations) else { continue };
            let signs = matches!(&operation, Operation::Sign { .. });
            prop_assert!(signs);
            operations.answer(operation, Outcome::Bytes(vec![1; 32]));
            let token = create::sign(&header, &payload, algorithm, Some(&key), &operations).unwrap().unwrap();
            let parts: Vec<Vec<u8>> = token.split('.').map(|part| base64url::decode(part).bytes).collect();
            prop_assert_eq!(&parts, &[header.clone().into_bytes(), payload.clone().into_bytes(), vec![1; 32]]);
        }
    }
}

/// What is said of a key, by the codes.
fn check_key(text: &str, header: &str, expected: &[&str]) {
    let (key, findings) = create::read_key(KeyChoice::Text(text), header, None);
    let mut codes: Vec<&str> = findings.iter().map(|finding| finding.code.0).collect();
    if let Some(key) = &key {
        let algorithm = create::choose(header, key).unwrap();
        codes.extend(create::check_key(key, algorithm, header).iter().map(|finding| finding.code.0));
    }
    assert_eq!(codes, expected, "{text}");
}

/// What another program keeps is named, with the command that takes the key out; a private key is never guessed at.
#[test]
fn key_stores_are_named() {
    for (text, expected) in [
        (include_str!("corpus/keys_foreign/keytool-pkcs12.txt"), &["keys.pkcs-12"][..]),
        (include_str!("corpus/keys_foreign/keytool-jks.txt"), &["keys.java-key-store"]),
        (include_str!("corpus/keys_foreign/pgp-private.txt"), &["keys.pgp"]),
        (include_str!("corpus/keys_foreign/putty.txt"), &["create.key-public", "keys.putty"]),
        (include_str!("corpus/keys_foreign/rsa-xml.txt"), &["create.key-public", "keys.rsa-xml"]),
    ] {
        check_key(text.split_once("---\n").unwrap().1, "{}", expected);
    }
}

// RFC 8037, appendix A.1.
const ED25519: &str = r#"{"kty":"OKP","crv":"Ed25519","d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

#[test]
fn keys_are_held_against_what_they_are_used_for() {
    let public = r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;
    check_key(ED25519, r#"{"alg":"EdDSA"}"#, &[]);
    check_key("", "{}", &["create.key-missing"]);
    check_key(public, "{}", &["create.key-public"]);
    check_key("nothing of that kind", "{}", &["create.key-unread"]);
    check_key(ED25519, &format!(r#"{{"alg":"EdDSA","jwk":{public}}}"#), &[]);
    check_key(ED25519, r#"{"alg":"EdDSA","jwk":{"kty":"OKP","crv":"Ed25519","x":"AA"}}"#, &["create.jwk-other"]);
    let labelled = |labels: &str| ED25519.replacen('{', &format!("{{{labels},"), 1);
    check_key(&labelled(r#""use":"enc""#), "{}", &["create.key-for-encryption"]);
    check_key(&labelled(r#""alg":"ES256""#), "{}", &["create.key-other-algorithm"]);
    check_key(&labelled(r#""alg":"Ed25519""#), r#"{"alg":"EdDSA"}"#, &[]);
}

#[test]
fn of_several_keys_the_named_one_signs() {
    let second = ED25519.replacen('{', r#"{"kid":"second","#, 1);
    let set = format!(r#"{{"keys":[{ED25519},{second}]}}"#);
    let read = |header: &str| create::read_key(KeyChoice::Text(&set), header, None).0.unwrap();
    assert_eq!(read("{}").kid, None);
    assert_eq!(read(r#"{"kid":"second"}"#).kid.as_deref(), Some("second"));
    assert_eq!(read(r#"{"kid":"third"}"#).kid, None);
}

#[test]
fn what_is_given_away_is_the_public_half() {
    let key = key::private::read(ED25519).keys.remove(0);
    let jwk = create::generate::labelled(&key.public, Some("a"), "sig", "EdDSA");
    let read = key::read(&jwk, tokenscope::report::KeySource::Pasted);
    assert_eq!(read.findings, []);
    assert_eq!(read.keys[0].material, key.public);
    assert!(!jwk.contains("\"d\""));
}
