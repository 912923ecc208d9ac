//! Selective disclosure: what an SD-JWT discloses, what it keeps, and every rule that it can break.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/vectors.rs"]
mod vectors;

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};

use proptest::prelude::*;
use serde_json::{Value, json};
use sha2::{Digest, Sha256, Sha384, Sha512};
use tokenscope::disclosure::{self, Disclosure, code};
use tokenscope::finding::{Code, Severity};
use tokenscope::inspect;
use tokenscope::jose::{self, base64url};
use tokenscope::json;
use tokenscope::time::Time;
use tokenscope::why;

/// A disclosure as an issuer writes it, and its digest.
fn part(text: &str) -> (String, String) {
    let encoded = base64url::encode(text.as_bytes());
    let digest = base64url::encode(&Sha256::digest(encoded.as_bytes()));
    (encoded, digest)
}

/// The header and the signature that no test here looks at.
fn jwt(payload: &str) -> String {
    ["eyJhbGciOiJFUzI1NiJ9", &base64url::encode(payload.as_bytes()), "c2lnbmF0dXJl"].join(".")
}

fn read(text: &str) -> Disclosure {
    let payload = jose::read(text.split('~').next().unwrap()).payload.unwrap();
    disclosure::read(text, &payload).unwrap_or_else(|| panic!("no SD-JWT: {text}"))
}

/// An SD-JWT of a payload with `@0`, `@1`… in place of the digests of these disclosures.
fn presentation(payload: &str, disclosures: &[&str]) -> String {
    let parts: Vec<_> = disclosures.iter().map(|text| part(text)).collect();
    let mut payload = payload.to_owned();
    for (at, (_, digest)) in parts.iter().enumerate() {
        payload = payload.replace(&format!("@{at}"), digest);
    }
    let mut text = jwt(&payload) + "~";
    for (encoded, _) in parts {
        text += &encoded;
        text.push('~');
    }
    text
}

fn codes(disclosure: &Disclosure) -> Vec<Code> {
    disclosure.findings.iter().map(|finding| finding.code).collect()
}

fn processed(disclosure: &Disclosure) -> String {
    String::from_utf8(disclosure.processed.clone().unwrap()).unwrap()
}

fn check(payload: &str, disclosures: &[&str], expected: &str, places: &[Option<&str>]) -> Disclosure {
    let disclosure = read(&presentation(payload, disclosures));
    assert_eq!(processed(&disclosure), expected, "{payload} {disclosures:?}");
    let found: Vec<_> = disclosure.disclosed.iter().map(|disclosed| disclosed.place.as_deref()).collect();
    assert_eq!(found, places, "{payload} {disclosures:?}");
    disclosure
}

#[test]
fn every_example_of_the_working_group_is_read() {
    let Some(shared) = vectors::text("sd-jwt/sd-jwt-examples.json") else { return };
    let shared: Value = serde_json::from_str(&shared).unwrap();
    let mut count = 0;
    for example in shared["examples"].as_array().unwrap() {
        for form in ["sd_jwt_presentation", "sd_jwt_issuance"] {
            let name = &example["name"];
            let (text, payload) = match &example[form] {
                Value::String(text) => (text.clone(), jose::read(text.split('~').next().unwrap()).payload.unwrap()),
                object => {
                    let payload = base64url::decode(object["payload"].as_str().unwrap()).bytes;
                    (object.to_string(), json::read(payload))
                }
            };
            let disclosure = disclosure::read(&text, &payload).unwrap_or_else(|| panic!("{name}"));
            // The library that made them writes the JSON serialisation of a draft, and as `sd_hash` the hash of that JSON
            // where RFC 9901 §8.1 has the one of the compact form.
            let is_draft = example[form].is_object();
            let expected: &[Code] = match is_draft {
                true if form == "sd_jwt_presentation" => &[code::DRAFT_FORM, code::BINDING_HASH],
                true => &[code::DRAFT_FORM],
                false => &[],
            };
            assert!(disclosure.findings.iter().all(|finding| finding.severity == Severity::Warning), "{name}");
            assert_eq!(codes(&disclosure), expected, "{name} {form}");
            let value: Value = serde_json::from_str(&processed(&disclosure)).unwrap();
            if form == "sd_jwt_presentation" {
                assert_eq!(value, example["verified_contents"], "{name}");
                let is_bound = example.get("kb_jwt_payload").filter(|_| !is_draft).map(|_| true);
                assert_eq!(disclosure.is_bound, is_bound, "{name}");
                let key = disclosure.holder_key().map(|key| serde_json::from_str::<Value>(&key).unwrap());
                if disclosure.key_binding.is_some() {
                    assert_eq!(key.unwrap()["x"], shared["holder_key"]["x"], "{name}");
                }
            } else {
                // With everything disclosed nothing is left out but decoys.
                for (claim, expected) in example["user_claims"].as_object().unwrap() {
                    assert_eq!(&value[claim], expected, "{name} {claim}");
                }
            }
            for disclosed in &disclosure.disclosed {
                let place = disclosed.place.as_deref().unwrap().strip_prefix("/payload").unwrap();
                let stands = value.pointer(place).unwrap_or_else(|| panic!("{name} {place}"));
                if !disclosed.value.contains("_sd") && !disclosed.value.contains("...") {
                    assert_eq!(&serde_json::from_str::<Value>(&disclosed.value).unwrap(), stands, "{name} {place}");
                }
            }
            count += 1;
        }
    }
    assert_eq!(count, 30);
}

#[test]
fn what_is_disclosed_goes_where_its_digest_stands() {
    let name = r#"["s1","name","Ada"]"#;
    // Everything that is not touched stays as it was signed: order, spaces, numbers, escapes.
    check(
        r#"{ "n" : 1.50, "_sd" : ["@0"],"t":"\u0041", "big":9007199254740993 , "_sd_alg":"sha-256" }"#,
        &[name],
        r#"{"n" : 1.50,"t":"\u0041","big":9007199254740993,"name":"Ada"}"#,
        &[Some("/payload/name")],
    );
    check(r#"{"a":{ "b" : [ 1 ] },"_sd":[]}"#, &[], r#"{"a":{ "b" : [ 1 ] }}"#, &[]);
    check(r#"{"_sd_alg":"sha-256"}"#, &[], "{}", &[]);
    // Elements, and those behind them move up.
    let (one, two) = (r#"["s","DE"]"#, r#"["t",{"x" : 1e2}]"#);
    let kept = check(
        r#"{"l":[ {"...":"x"}, 0 ,{"...":"@1"}, {"...":"@0"}]}"#,
        &[one, two],
        r#"{"l":[0,{"x" : 1e2},"DE"]}"#,
        &[Some("/payload/l/2"), Some("/payload/l/1")],
    );
    assert_eq!(kept.undisclosed, [("/payload/l/0".to_owned(), "x".to_owned())]);
    // In what is disclosed something may be disclosed.
    let (_, inner) = part(r#"["s","street","Road 1"]"#);
    let outer = format!(r#"["s","address",{{"_sd":["{inner}","decoy"],"c/o":"x"}}]"#);
    let nested = check(
        r#"{"_sd":["@1"]}"#,
        &[r#"["s","street","Road 1"]"#, &outer],
        r#"{"address":{"c/o":"x","street":"Road 1"}}"#,
        &[Some("/payload/address/street"), Some("/payload/address")],
    );
    assert_eq!(nested.undisclosed, [("/payload/address/_sd/1".to_owned(), "decoy".to_owned())]);
    assert_eq!(nested.findings, []);
    // Without the outer one there is no place for the inner one.
    let lost = read(&presentation(r#"{"_sd":["x"]}"#, &[r#"["s","street","Road 1"]"#]));
    assert_eq!(codes(&lost), [code::NOT_REFERRED]);
}

#[test]
fn other_registered_hashes_are_computed() {
    let encoded = base64url::encode(br#"["s","a",1]"#);
    for (name, digest) in [
        ("sha-384", Sha384::digest(encoded.as_bytes()).to_vec()),
        ("sha-512", Sha512::digest(encoded.as_bytes()).to_vec()),
    ] {
        let payload = json!({ "_sd_alg": name, "_sd": [base64url::encode(&digest)] }).to_string();
        let disclosure = read(&format!("{}~{encoded}~", jwt(&payload)));
        assert_eq!((processed(&disclosure).as_str(), codes(&disclosure)), (r#"{"a":1}"#, Vec::new()), "{name}");
    }
}

#[test]
fn what_can_be_told_without_the_hash_is() {
    for name in ["sha3-256", "SHA-256"] {
        let disclosure = read(&presentation(&format!(r#"{{"_sd_alg":"{name}","_sd":["@0"]}}"#), &[r#"["s","a",1]"#]));
        assert_eq!(codes(&disclosure), [code::HASH_UNKNOWN]);
        assert_eq!((disclosure.processed, disclosure.undisclosed.len()), (None, 0));
        assert_eq!(disclosure.disclosed[0].name.as_deref(), Some("a"));
    }
}

#[test]
fn a_token_that_is_no_sd_jwt_is_none() {
    for payload in [r#"{"iss":"a"}"#, r#"{"l":[{"...":1},{"...":"x","y":1}]}"#, "[]", "1"] {
        assert_eq!(disclosure::read(&jwt(payload), &json::read(payload.as_bytes().to_vec())), None, "{payload}");
    }
    // The JWT alone says what it keeps, and nothing is wrong with that.
    let payload = r#"{"a":{"_sd":["x"]},"l":[{"...":"y"}]}"#;
    let alone = read(&jwt(payload));
    assert_eq!((alone.is_presented, alone.undisclosed.len(), codes(&alone)), (false, 2, Vec::new()));
    assert_eq!(processed(&alone), r#"{"a":{},"l":[]}"#);
}

const HEADER: &str = r#"{"alg":"ES256","typ":"kb+jwt"}"#;

/// A presentation with a key-binding token of this header and these claims; `@` stands for the right hash.
fn bound(header: &str, claims: &str) -> String {
    let before = presentation(r#"{"_sd":["@0"],"cnf":{"jwk":{"kty":"EC"}}}"#, &[r#"["s","a",1]"#]);
    let hash = base64url::encode(&Sha256::digest(before.as_bytes()));
    let text = |text: &str| base64url::encode(text.replace('@', &hash).as_bytes());
    format!("{before}{}.{}.c2ln", text(header), text(claims))
}

/// For each code a text that has it, and nothing else.
fn broken() -> Vec<(Code, String)> {
    let ada = r#"["s","name","Ada"]"#;
    let one = r#"{"_sd":["@0"]}"#;
    let whole = presentation(one, &[ada]);
    let (encoded, digest) = part(ada);
    // A text whose last character has stray bits: the digest is one of the text.
    let stray = |text: &str| {
        let encoded = base64url::encode(text.as_bytes());
        let last = encoded.chars().last().unwrap();
        let changed = char::from_u32(last as u32 + 1).unwrap();
        format!("{}{changed}", &encoded[..encoded.len() - 1])
    };
    let raw = |text: &str| {
        let digest = base64url::encode(&Sha256::digest(text.as_bytes()));
        format!("{}~{text}~", jwt(&format!(r#"{{"_sd":["{digest}"]}}"#)))
    };
    let claims = r#""iat":1,"aud":"v","nonce":"n","sd_hash":"@""#;
    let deep = {
        // Each disclosure holds the digest of the next one, 300 arrays deep.
        let mut texts: Vec<String> = Vec::new();
        let mut digest = "end".to_owned();
        for number in 0..3 {
            let value = format!(r#"{}{{"_sd":["{digest}"]}}{}"#, "[".repeat(300), "]".repeat(300));
            let (encoded, next) = part(&format!(r#"["s{number}","n",{value}]"#));
            texts.push(encoded);
            digest = next;
        }
        format!("{}~{}~", jwt(&format!(r#"{{"_sd":["{digest}"]}}"#)), texts.join("~"))
    };
    let serialised = |header: Value| {
        let mut parts = whole.split('~').next().unwrap().split('.');
        let mut part = || parts.next().unwrap().to_owned();
        let mut object = json!({ "protected": part(), "payload": part(), "signature": part() });
        object.as_object_mut().unwrap().extend(header.as_object().unwrap().clone());
        object.to_string()
    };
    vec![
        (code::BASE64URL, raw(&(encoded.clone() + "="))),
        (code::BASE64URL, raw("WyJz.IiwiYSIsMV0").replace("~WyJz.", "~WyJz+")),
        (code::STRAY_BITS, raw(&stray(r#"["s","a",1]"#))),
        (code::NOT_JSON, raw(&base64url::encode(br#"["s","a",01]"#))),
        (code::NOT_JSON, raw(&base64url::encode(b"[\"s\",\"a\",\"\xff\"]"))),
        (code::ELEMENTS, presentation(one, &[r#"["s","a","b","c"]"#])),
        (code::ELEMENTS, presentation(one, &[r#"["s"]"#])),
        (code::ELEMENTS, presentation(one, &[r#"["s",1,2]"#])),
        (code::ELEMENTS, presentation(one, &[r#"{"s":1}"#])),
        (code::ELEMENTS, presentation("{}", &["1"])),
        (code::SALT, presentation(one, &[r#"[1,"a",2]"#])),
        (code::NAME_MISSING, presentation(one, &[r#"["s","a"]"#])),
        (code::NAME_SURPLUS, presentation(r#"{"l":[{"...":"@0"}]}"#, &[ada])),
        (code::NAME_RESERVED, presentation(one, &[r#"["s","_sd",["x"]]"#])),
        (code::NAME_RESERVED, presentation(one, &[r#"["s","...","x"]"#])),
        (code::NAME_EXISTS, presentation(r#"{"name":1,"_sd":["@0"]}"#, &[ada])),
        (code::NAME_EXISTS, presentation(r#"{"_sd":["@0","@1"]}"#, &[ada, r#"["t","name","Bob"]"#])),
        (code::DIGEST_TWICE, presentation(r#"{"_sd":["@0"],"a":{"_sd":["@0"]}}"#, &[ada])),
        (code::DIGEST_TWICE, presentation(r#"{"_sd":["@0","x"],"l":[{"...":"x"}]}"#, &[ada])),
        (code::TWICE, presentation(one, &[ada, ada])),
        (code::NOT_REFERRED, presentation(r#"{"_sd":["x"]}"#, &[ada])),
        (code::NOT_REFERRED, presentation("{}", &[ada])),
        (code::HASH_UNKNOWN, presentation(r#"{"_sd_alg":"sha-1","_sd":[]}"#, &[])),
        (code::HASH_NAME, presentation(r#"{"_sd_alg":256,"_sd":[]}"#, &[])),
        (code::HASH_NAME, presentation(r#"{"_sd_alg":"","_sd":[]}"#, &[])),
        (code::HASH_NESTED, presentation(r#"{"a":{"_sd_alg":"sha-256"}}"#, &[])),
        (code::DIGESTS, presentation(r#"{"_sd":"x"}"#, &[])),
        (code::DIGESTS, presentation(r#"{"_sd":["x",1]}"#, &[])),
        (code::ELEMENT_DIGEST, presentation(r#"{"l":[{"...":"x","y":1}]}"#, &[])),
        (code::ELEMENT_DIGEST, presentation(r#"{"l":[{"...":1}]}"#, &[])),
        (code::NO_TILDE, whole.trim_end_matches('~').to_owned()),
        (code::GAP, whole.replacen('~', "~~", 1)),
        (code::DRAFT_FORM, serialised(json!({ "disclosures": [encoded] }))),
        (code::LIST, serialised(json!({ "header": { "disclosures": { "a": digest } } }))),
        (code::LIST, serialised(json!({ "header": { "disclosures": [encoded, 1] } }))),
        (code::MISPLACED, {
            let entry =
                |header: Value| json!({ "protected": "eyJhbGciOiJFUzI1NiJ9", "header": header, "signature": "c2ln" });
            let list = json!([entry(json!({})), entry(json!({ "disclosures": [encoded] }))]);
            json!({ "payload": "e30", "signatures": list }).to_string()
        }),
        (code::BINDING_UNREADABLE, serialised(json!({ "header": { "disclosures": [encoded], "kb_jwt": 7 } }))),
        (code::TOO_LONG, disclosure::whole(&(whole.clone() + &"a".repeat(1 << 21)), &token_of(&whole))),
        (code::TOO_MANY, presentation("{}", &[]) + &"WyJzIl0~".repeat(5000)),
        (code::TOO_DEEP, deep),
        (code::BINDING_UNREADABLE, bound(HEADER, "{")),
        (code::BINDING_UNREADABLE, whole.clone() + "a.b.c"),
        (code::BINDING_MISSING, bound(r#"{"alg":"ES256"}"#, &format!("{{{claims}}}"))),
        (code::BINDING_MISSING, bound(HEADER, r#"{"aud":"v","nonce":"n","sd_hash":"@"}"#)),
        (code::BINDING_MISSING, bound(HEADER, r#"{"iat":1,"nonce":"n","sd_hash":"@"}"#)),
        (code::BINDING_MISSING, bound(HEADER, r#"{"iat":1,"aud":"v","sd_hash":"@"}"#)),
        (code::BINDING_MISSING, bound(HEADER, r#"{"iat":1,"aud":"v","nonce":"n"}"#)),
        (code::BINDING_MISSING, bound(r#"{"typ":"kb+jwt"}"#, &format!("{{{claims}}}"))),
        (code::BINDING_VALUE, bound(r#"{"alg":"ES256","typ":"JWT"}"#, &format!("{{{claims}}}"))),
        (code::BINDING_VALUE, bound(r#"{"alg":"none","typ":"kb+jwt"}"#, &format!("{{{claims}}}"))),
        (code::BINDING_VALUE, bound(HEADER, &format!("{{{claims}}}").replace("1,", "\"1\","))),
        (code::BINDING_VALUE, bound(HEADER, &format!("{{{claims}}}").replace("\"v\"", "[\"v\"]"))),
        (code::BINDING_VALUE, bound(HEADER, &format!("{{{claims}}}").replace("\"n\"", "\"\""))),
        (code::BINDING_VALUE, bound(HEADER, &format!("{{{claims}}}").replace("\"@\"", "7"))),
        (code::BINDING_HASH, bound(HEADER, &format!("{{{claims}}}").replace('@', &digest))),
    ]
}

/// The first token of a text, as it is found there.
fn token_of(text: &str) -> tokenscope::report::Token {
    let (options, now) = (inspect::Options::default(), Time::from_seconds(0));
    inspect::inspect(text, &options, now, now, &inspect::Answers::default()).0.tokens.remove(0)
}

#[test]
fn every_rule_has_texts_that_break_it() {
    let mut seen = BTreeSet::new();
    for (expected, text) in broken() {
        let payload = match text.starts_with('{') {
            true => {
                let object: Value = serde_json::from_str(&text).unwrap();
                json::read(base64url::decode(object["payload"].as_str().unwrap()).bytes)
            }
            false => jose::read(text.split('~').next().unwrap()).payload.unwrap(),
        };
        let disclosure = disclosure::read(&text, &payload).unwrap();
        let mut found = codes(&disclosure);
        found.dedup();
        // Of what hides in thousands of disclosures the gravest is told.
        match expected {
            code::TOO_MANY => assert!(disclosure.findings.len() <= 50),
            _ => assert_eq!(found, [expected], "{text}"),
        }
        for finding in &disclosure.findings {
            let words = why::WORDS.words(finding, Time::from_seconds(0));
            for prose in [Some(&words.problem), words.explanation.as_ref(), words.remedy.as_ref(), words.brief.as_ref()]
            {
                let text = prose.map(ToString::to_string).unwrap_or_default();
                assert!(!text.contains(" …"), "{text}");
            }
            assert!(words.brief.is_some() || finding.severity != Severity::Error, "{finding:?}");
        }
        seen.insert(expected);
    }
    assert_eq!(seen.into_iter().collect::<Vec<_>>().len(), disclosure::codes().len());
}

#[test]
fn a_key_binding_is_for_what_stands_before_it() {
    let claims = r#"{"iat":1,"aud":"v","nonce":"n","sd_hash":"@"}"#;
    let text = bound(HEADER, claims);
    let disclosure = read(&text);
    assert_eq!((disclosure.is_bound, codes(&disclosure)), (Some(true), Vec::new()));
    assert_eq!(disclosure.holder_key().as_deref(), Some(r#"{"kty":"EC"}"#));
    // Leaving the disclosure out changes it, in the JSON serialisation too.
    let mut parts: Vec<&str> = text.split('~').collect();
    let binding = parts[2];
    let mut jwt = parts[0].split('.');
    let mut part = || jwt.next().unwrap().to_owned();
    let (protected, payload, signature) = (part(), part(), part());
    let serialised = |disclosures: &[&str]| {
        let header = json!({ "disclosures": disclosures, "kb_jwt": binding });
        let general = json!({ "payload": payload, "signatures": [
            { "protected": protected, "signature": signature, "header": header },
            { "protected": "e30", "signature": "", "header": {} },
        ]});
        let document = json::read(base64url::decode(&payload).bytes);
        disclosure::read(&general.to_string(), &document).unwrap()
    };
    assert_eq!(codes(&serialised(&[parts[1]])), Vec::new());
    assert_eq!(serialised(&[parts[1]]).is_bound, Some(true));
    assert_eq!(codes(&serialised(&[])), [code::BINDING_HASH]);
    parts.remove(1);
    let without = read(&parts.join("~"));
    assert_eq!((without.is_bound, codes(&without)), (Some(false), vec![code::BINDING_HASH]));
}

#[test]
fn hostile_texts_take_no_time() {
    let names: Vec<String> = (0..60_000).map(|number| format!(r#""n{number}":{{"_sd":["x"]}}"#)).collect();
    let nested = format!(r#"{}{{"...":[]}}{}"#, r#"{"a":[{"...":1,"b":"#.repeat(120), "}]}".repeat(120));
    let long = format!(r#"{{"{}":[{}]}}"#, "n".repeat(500_000), vec![r#"{"...":"x"}"#; 40_000].join(","));
    let many: Vec<String> = (0..4096).map(|number| part(&format!(r#"["s","m{}",1]"#, 9999 - number)).0).collect();
    let digests: Vec<String> =
        many.iter().map(|text| format!("\"{}\"", base64url::encode(&Sha256::digest(text.as_bytes())))).collect();
    for (payload, behind) in [
        (format!("{{{}}}", names.join(",")), String::new()),
        (nested, String::new()),
        (long, String::new()),
        (format!(r#"{{"_sd":[{}],{}}}"#, digests.join(","), names.join(",")), many.join("~") + "~"),
        ("{}".to_owned(), "~".repeat(1 << 20)),
    ] {
        let text = format!("{}~{behind}", jwt(&payload));
        let begun = std::time::Instant::now();
        let disclosure = read(&text);
        assert!(begun.elapsed().as_secs() < 4, "{} {:?}", &payload[..40], begun.elapsed());
        assert!(disclosure.findings.len() <= 50);
    }
}

/// Any JSON, without the names that mean digests.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "[a-z~/ \"\u{e9}]{0,6}".prop_map(Value::from),
        Just(Value::Null),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map("[a-z~/]{1,5}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// A digest that nothing has.
fn decoy() -> String {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    format!("decoy-{}", NUMBER.fetch_add(1, Ordering::Relaxed))
}

/// Hides members and elements behind digests, by the bits of a number; adds a decoy to each list.
fn hide(value: &Value, bits: &mut u64, disclosures: &mut Vec<String>) -> Value {
    let mut next = || {
        *bits = bits.rotate_left(7).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x55;
        *bits >> 20 & 1 == 1
    };
    match value {
        Value::Object(members) => {
            let hidden: Vec<bool> = members.iter().map(|_| next()).collect();
            let mut kept = serde_json::Map::new();
            let mut digests = Vec::new();
            for ((name, value), hidden) in members.iter().zip(hidden) {
                let value = hide(value, bits, disclosures);
                if hidden {
                    let (text, digest) = part(&json!([format!("s{}", disclosures.len()), name, value]).to_string());
                    disclosures.push(text);
                    digests.push(Value::from(digest));
                } else {
                    kept.insert(name.clone(), value);
                }
            }
            if !digests.is_empty() {
                digests.push(Value::from(decoy()));
                kept.insert("_sd".to_owned(), Value::from(digests));
            }
            Value::Object(kept)
        }
        Value::Array(items) => {
            let hidden: Vec<bool> = items.iter().map(|_| next()).collect();
            let mut kept = Vec::new();
            for (item, hidden) in items.iter().zip(hidden) {
                let item = hide(item, bits, disclosures);
                if hidden {
                    let (text, digest) = part(&json!([format!("s{}", disclosures.len()), item]).to_string());
                    disclosures.push(text);
                    kept.push(json!({ "...": digest }));
                    kept.push(json!({ "...": decoy() }));
                } else {
                    kept.push(item);
                }
            }
            Value::Array(kept)
        }
        other => other.clone(),
    }
}

/// The same, whatever the order of members.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let map: std::collections::BTreeMap<_, _> =
                members.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
            Value::Object(map.into_iter().collect())
        }
        Value::Array(items) => items.iter().map(sorted).collect(),
        other => other.clone(),
    }
}

proptest! {
    /// What an issuer hides a verifier finds again, and nothing is wrong with it.
    #[test]
    fn everything_hidden_is_found_again(value in values(), mut bits: u64) {
        let whole = json!({ "claims": value });
        let mut disclosures = Vec::new();
        let payload = hide(&whole, &mut bits, &mut disclosures).to_string();
        let text = format!("{}~{}", jwt(&payload), disclosures.iter().map(|text| format!("{text}~")).collect::<String>());
        let disclosure = read(&text);
        prop_assert_eq!(codes(&disclosure), Vec::new());
        let found: Value = serde_json::from_str(&processed(&disclosure)).unwrap();
        prop_assert_eq!(sorted(&found), sorted(&whole));
        for disclosed in &disclosure.disclosed {
            let place = disclosed.place.as_deref().unwrap().strip_prefix("/payload").unwrap();
            prop_assert!(found.pointer(place).is_some(), "{}", place);
        }
        prop_assert!(disclosure.undisclosed.iter().all(|(_, digest)| digest.starts_with("decoy")));
    }

    /// Leaving disclosures out never makes an SD-JWT wrong, unless one stood in another.
    #[test]
    fn any_text_behind_a_token_is_read(behind in "[A-Za-z0-9~._=-]{0,80}", payload in values()) {
        let text = format!("{}~{behind}", jwt(&payload.to_string()));
        let disclosure = read(&text);
        for finding in &disclosure.findings {
            why::WORDS.words(finding, Time::from_seconds(0));
        }
        if let Some(processed) = &disclosure.processed {
            prop_assert!(json::read(processed.clone()).is_json());
        }
    }

    /// A disclosure whose text is changed in one place is never taken for the one that was signed.
    #[test]
    fn a_changed_disclosure_is_refused(at in 0usize..24, by in 1u8..63) {
        let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let text = presentation(r#"{"_sd":["@0"]}"#, &[r#"["salt","name","Ada"]"#]);
        let start = text.find('~').unwrap() + 1 + at;
        let mut bytes = text.into_bytes();
        let old = alphabet.iter().position(|one| *one == bytes[start]).unwrap();
        bytes[start] = alphabet[(old + by as usize) % 64];
        let disclosure = read(&String::from_utf8(bytes).unwrap());
        prop_assert!(disclosure.findings.iter().any(|finding| finding.severity == Severity::Error));
        prop_assert_eq!(processed(&disclosure), "{}");
    }
}
