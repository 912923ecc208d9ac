//! What may have been signed instead of what was received: tokens whose content is written anew after signing, as
//! software on the way does it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;

use std::collections::BTreeSet;
use std::time::Instant;

use oracle::Signer;
use proptest::prelude::*;
use rsa::traits::PublicKeyParts;
use sha2::{Digest, Sha256, Sha512};
use tokenscope::inspect::{self, Options};
use tokenscope::jose::base64url;
use tokenscope::report::Token;
use tokenscope::signature_doctor::Opening;
use tokenscope::signature_doctor::rewriting::{MOST, MOST_BYTES, Rewriting, rewritings};
use tokenscope::signature_doctor::rsa::{self as opener, digest_matches};
use tokenscope::time::Time;

const NOW: Time = Time::from_seconds(1_795_183_392);
const HEADER: &str = r#"{"alg":"RS256","typ":"JWT","kid":"k1"}"#;

fn read(text: &str) -> Token {
    let (report, _) = inspect::inspect(text, &Options::default(), NOW, NOW, &inspect::Answers::default());
    report.tokens.into_iter().next().unwrap()
}

/// A token of any text, also of one that is not recognised as a token where it stands alone.
fn token_of(text: &str) -> Token {
    let mut token = read("eyJhbGciOiJSUzI1NiJ9.e30.c2ln");
    let jose = tokenscope::jose::read(text);
    token.text = text.to_owned();
    token.kind = jose.kind;
    token.segments = jose.segments;
    token.header = jose.header;
    token.payload = jose.payload;
    token
}

fn encode(text: &[u8]) -> String {
    base64url::encode(text)
}

/// The token that shows one text, over whose signed form another was signed.
fn shown(header: &[u8], payload: &[u8], signature: &[u8]) -> Token {
    token_of(&[encode(header), encode(payload), encode(signature)].join("."))
}

/// Laws that every list keeps.
fn check_laws(token: &Token, list: &[Rewriting]) {
    let bytes: usize = list.iter().map(|item| item.signed.len() + item.shown.as_ref().map_or(0, Vec::len)).sum();
    assert!(list.len() <= MOST && bytes <= MOST_BYTES, "{} items, {bytes} bytes", list.len());
    let different: BTreeSet<&[u8]> = list.iter().map(|item| item.signed.as_slice()).collect();
    assert_eq!(different.len(), list.len(), "duplicates");
    if let [header, payload, ..] = token.segments.as_slice() {
        let received = &token.text[header.span.start..payload.span.end];
        assert!(!different.contains(received.as_bytes()), "what was received is among them");
    }
    for item in list {
        assert!(!item.words.is_empty(), "no words for {}", item.what);
        assert!(["header", "payload", "both", "signing-input"].contains(&item.part), "{}", item.part);
        // The JSON that is shown is what the signed bytes hold.
        let Some(json) = &item.shown else { continue };
        let text = encode(json);
        let text = String::from_utf8_lossy(&item.signed).replace('+', "-").replace('/', "_").contains(&text);
        assert!(text || item.signed.ends_with(json), "{}: {:?}", item.what, String::from_utf8_lossy(json));
    }
}

/// Signs those bytes, shows that token, and finds the bytes again: the opened signature tells which rewriting it was.
fn find(what: &str, part: &str, signed: &[u8], header: &[u8], payload: &[u8]) -> Rewriting {
    let signer = Signer::rsa(0);
    let signature = signer.sign("RS256", signed);
    let token = shown(header, payload, &signature);
    let list = rewritings(&token);
    check_laws(&token, &list);
    let Signer::Rsa(key) = &signer else { panic!("no RSA key") };
    let opening = Opening { modulus: key.n().to_bytes_be(), exponent: key.e().to_bytes_be(), signature };
    let received = [encode(header), encode(payload)].join(".");
    let padding = opener::read(&opener::open(&opening).unwrap(), 2048, received.as_bytes(), Some("SHA-256"));
    assert!(padding.is_proof() && !digest_matches(&padding, received.as_bytes()));
    let found: Vec<&Rewriting> = list.iter().filter(|item| digest_matches(&padding, &item.signed)).collect();
    let [found] = found.as_slice() else {
        panic!("{what} {part}: {} found for {}", found.len(), String::from_utf8_lossy(signed))
    };
    assert_eq!((found.what, found.part), (what, part), "{}", String::from_utf8_lossy(signed));
    assert_eq!(found.signed, signed);
    (*found).clone()
}

/// The form that was signed, by its key, and what is shown. Each is tried as payload and, where the key is one of a
/// style, as header and as both.
const JSON: &[(&str, &str, &str)] = &[
    (
        "compact",
        r#"{"iss":"https://issuer.example","n":[1,2]}"#,
        "{\n  \"iss\" : \"https:\\/\\/issuer.example\", \"n\":[1, 2]}",
    ),
    ("compact", r#"{"name":"Zoë & 😀"}"#, r#"{"name": "Zo\u00eb \u0026 \ud83d\ude00"}"#),
    ("minified", r#"{"a":"x\/y","b":"\u00e9"}"#, r#"{ "a" : "x\/y", "b" : "\u00e9" }"#),
    (
        "python",
        r#"{"iss": "https://issuer.example", "n": [1, 2], "o": {}, "l": []}"#,
        r#"{"iss":"https://issuer.example","n":[1,2],"o":{},"l":[]}"#,
    ),
    ("python", r#"{"name": "Zo\u00eb \ud83d\ude00"}"#, r#"{"name":"Zoë 😀"}"#),
    ("python-unicode", r#"{"name": "Zoë", "n": 1}"#, r#"{"name":"Zoë","n":1}"#),
    ("ascii", r#"{"name":"Zo\u00eb","n":1}"#, r#"{"name":"Zoë","n":1}"#),
    ("ascii-capitals", r#"{"name":"Zo\u00EB & Co"}"#, r#"{"name":"Zoë & Co"}"#),
    (
        "php",
        r#"{"iss":"https:\/\/issuer.example","name":"Zo\u00eb"}"#,
        r#"{"iss":"https://issuer.example","name":"Zoë"}"#,
    ),
    (
        "php-unicode",
        r#"{"iss":"https:\/\/issuer.example","name":"Zoë"}"#,
        r#"{"iss":"https://issuer.example","name":"Zoë"}"#,
    ),
    ("go", r#"{"name":"a \u003c b \u0026 c \u003e d"}"#, r#"{"name":"a < b & c > d"}"#),
    ("gson", r#"{"q":"a\u003db\u0026c\u003d\u0027d\u0027"}"#, r#"{"q":"a=b&c='d'"}"#),
    ("dotnet", r#"{"q":"a\u002Bb \u0022\u00EB\u0022","r":"c\\d"}"#, r#"{"q":"a+b \"ë\"","r":"c\\d"}"#),
    (
        "indent-2",
        "{\n  \"a\": 1,\n  \"b\": [\n    1,\n    {\n      \"c\": null\n    }\n  ],\n  \"d\": {},\n  \"e\": []\n}",
        r#"{"a":1,"b":[1,{"c":null}],"d":{},"e":[]}"#,
    ),
    ("indent-4", "{\n    \"a\": 1,\n    \"b\": {\n        \"c\": true\n    }\n}", r#"{"a":1,"b":{"c":true}}"#),
    ("indent-tab", "{\n\t\"a\": 1,\n\t\"b\": 2\n}", r#"{"a":1,"b":2}"#),
    ("indent-2-crlf", "{\r\n  \"a\": 1,\r\n  \"b\": 2\r\n}", r#"{"a":1,"b":2}"#),
    ("indent-4-crlf", "{\r\n    \"a\": 1,\r\n    \"b\": 2\r\n}", r#"{"a":1,"b":2}"#),
    ("indent-2-ascii", "{\n  \"name\": \"Zo\\u00eb\"\n}", r#"{"name":"Zoë"}"#),
    ("indent-4-ascii", "{\n    \"name\": \"Zo\\u00eb\"\n}", r#"{"name":"Zoë"}"#),
    ("indent-php", "{\n    \"iss\": \"https:\\/\\/issuer.example\"\n}", r#"{"iss":"https://issuer.example"}"#),
    (
        "indent-jackson",
        "{\n  \"a\" : 1,\n  \"b\" : [ 1, 2 ],\n  \"c\" : { },\n  \"d\" : [ ],\n  \"e\" : [ {\n    \"f\" : 1\n  }, 2 ]\n}",
        r#"{"a":1,"b":[1,2],"c":{},"d":[],"e":[{"f":1},2]}"#,
    ),
    ("sorted", r#"{"a":{"x":1,"y":2},"b":[{"m":1,"n":2}]}"#, r#"{"b":[{"n":2,"m":1}],"a":{"y":2,"x":1}}"#),
    (
        "sorted-outer",
        r#"{"a":{"y":2,"x":1},"b":1,"c":2,"d":3,"e":4}"#,
        r#"{"c":2,"b":1,"e":4,"a":{"y":2,"x":1},"d":3}"#,
    ),
    ("sorted-python", r#"{"a": 1, "b": 2, "c": 3}"#, r#"{"c":3,"a":1,"b":2}"#),
    ("sorted-ascii", r#"{"a":"Zo\u00eb","b":2}"#, r#"{"b":2,"a":"Zoë"}"#),
    ("sorted-go", r#"{"a":"\u003c","b":2}"#, r#"{"b":2,"a":"<"}"#),
    (
        "database",
        r#"{"b": 1, "aa": 2, "ab": 3, "sub": {"y": 1, "aaa": 2}}"#,
        r#"{"sub":{"aaa":2,"y":1},"ab":3,"aa":2,"b":1}"#,
    ),
    ("without-nulls", r#"{"a":{"x":1},"b":2}"#, r#"{"a":{"x":1,"y":null},"n":null,"b":2}"#),
    ("without-nulls", r#"{"a": 1, "b": 2}"#, r#"{"a": 1, "m": null, "n": null, "b": 2}"#),
    ("without-empty", r#"{"a":1,"b":0,"c":false}"#, r#"{"a":1,"d":"","b":0,"e":[],"c":false,"f":{}}"#),
    ("without-member", r#"{"a":1,"b":2}"#, r#"{"a":1,"x":[{}],"b":2}"#),
    ("without-member", r#"{"a":1,"b":2}"#, r#"{"a": 1, "b": 2, "x": "y"}"#),
    ("without-member", "{ \"a\" : 1 ,\n \"b\" : 2 }", "{ \"a\" : 1 ,\n \"b\" : 2,\n \"x\": 3 }"),
    ("without-last-members", r#"{"a":1,"b":2}"#, r#"{"a":1,"b":2,"x":1,"y":2,"z":3}"#),
    ("first-of-duplicates", r#"{"sub":"a","x":"c","n":1}"#, r#"{"sub":"a","sub":"b","x":"c","x":"d","n":1}"#),
    ("last-of-duplicates", r#"{"sub":"b","x":"d","n":1}"#, r#"{"sub":"a","sub":"b","x":"c","x":"d","n":1}"#),
    ("reordered", r#"{"c":3,"a":1,"d":4,"b":2}"#, r#"{"a":1,"b":2,"c":3,"d":4}"#),
    // As issuers write claims, from what was sorted, and from one another.
    (
        "reordered",
        r#"{"iss":"i","sub":"s","aud":"a","exp":2,"iat":1,"name":"n"}"#,
        r#"{"aud":"a","exp":2,"iat":1,"iss":"i","name":"n","sub":"s"}"#,
    ),
    (
        "reordered",
        r#"{"sub":"s","name":"n","admin":true,"role":"r","iat":1,"exp":2}"#,
        r#"{"exp":2,"iat":1,"sub":"s","name":"n","admin":true,"role":"r"}"#,
    ),
    (
        "reordered",
        r#"{"role":"r","unique_name":"n","nbf":1,"exp":2,"iat":1,"iss":"i","aud":"a"}"#,
        r#"{"aud":"a","exp":2,"iat":1,"iss":"i","nbf":1,"role":"r","unique_name":"n"}"#,
    ),
    (
        "reordered",
        r#"{"ver":1,"jti":"j","iss":"i","aud":"a","iat":1,"exp":2,"cid":"c","scp":["s"],"sub":"u"}"#,
        r#"{"aud":"a","cid":"c","exp":2,"iat":1,"iss":"i","jti":"j","scp":["s"],"sub":"u","ver":1}"#,
    ),
    (
        "reordered",
        r#"{"iss":"i","aud":"a","exp":2,"sub":"s","iat":1,"z":0}"#,
        r#"{"iss":"i","aud":"a","iat":1,"sub":"s","exp":2,"z":0}"#,
    ),
    ("reordered", r#"{"f":6,"b":2,"c":3,"d":4,"e":5,"a":1}"#, r#"{"b":2,"c":3,"d":4,"e":5,"a":1,"f":6}"#),
    ("numbers-plain", r#"{"exp":1763600000,"n":[-12,0,1200]}"#, r#"{"exp":1.7636E9,"n":[-12.0,0.0,1.2e+3]}"#),
    ("numbers-float", r#"{"exp":1763600000.0,"n":[1.0,2.5]}"#, r#"{"exp":1763600000,"n":[1,2.5]}"#),
    (
        "numbers-scientific",
        r#"{"exp":1.7636E9,"iat":1.763600001E9,"n":[1.0,1.0E7,-2.0]}"#,
        r#"{"exp":1763600000,"iat":1763600001,"n":[1,10000000,-2]}"#,
    ),
    ("numbers-text", r#"{"exp":"1763600000","n":["1"]}"#, r#"{"exp":1763600000,"n":[1]}"#),
    ("times-text", r#"{"exp":"1763600000","n":1}"#, r#"{"exp":1763600000,"n":1}"#),
    ("times-number", r#"{"exp":1763600000,"n":"1"}"#, r#"{"exp":"1763600000","n":"1"}"#),
    ("times-float", r#"{"exp":1763600000.0,"n":1}"#, r#"{"exp":1763600000,"n":1}"#),
    ("times-scientific", r#"{"iat":1.7636E9,"n":1}"#, r#"{"iat":1763600000,"n":1}"#),
    ("times-float", r#"{"exp": 1763600000.0, "n": 1}"#, r#"{"exp":1763600000,"n":1}"#),
    ("booleans-text", r#"{"email_verified":"true","x":["false"]}"#, r#"{"email_verified":true,"x":[false]}"#),
    ("booleans-plain", r#"{"email_verified":true,"x":[false]}"#, r#"{"email_verified":"true","x":["False"]}"#),
    ("audience-list", r#"{"aud":["api://default"]}"#, r#"{"aud":"api://default"}"#),
    ("audience-text", r#"{"aud":"api://default"}"#, r#"{"aud":["api://default"]}"#),
    ("scopes-list", r#"{"scope":["openid","email"]}"#, r#"{"scope":"openid email"}"#),
    ("scopes-text", r#"{"scp":"openid email"}"#, r#"{"scp":["openid","email"]}"#),
    ("trimmed", "{\"a\":{ \"b\":1}}", " {\"a\":{ \"b\":1}}\r\n"),
    ("line-feed", "{\"a\":1}\n", "{\"a\":1}"),
    ("line-feed", "{\"a\":1}\r\n", "{\"a\":1}"),
    ("line-feed", "{\"a\":1}\n", "{\"a\": 1}"),
    ("byte-order-mark", "\u{feff}{\"a\":1}", "{\"a\":1}"),
    ("line-ends", "{\r\n \"a\": 1\r\n}", "{\n \"a\": 1\n}"),
    ("line-ends", "{\n \"a\": 1\n}", "{\r\n \"a\": 1\r\n}"),
    ("utf-8-once", "{\"name\":\"Zoë\"}", "{\"name\":\"ZoÃ«\"}"),
    ("utf-8-twice", "{\"name\":\"ZoÃ«\"}", "{\"name\":\"Zoë\"}"),
];

#[test]
fn a_payload_that_was_written_anew_is_recovered() {
    for (what, signed, shown) in JSON {
        let input = [encode(HEADER.as_bytes()), encode(signed.as_bytes())].join(".");
        let found = find(what, "payload", input.as_bytes(), HEADER.as_bytes(), shown.as_bytes());
        assert_eq!(found.shown.as_deref(), Some(signed.as_bytes()));
    }
}

/// Latin-1 is no UTF-8, so it stands apart.
#[test]
fn another_character_set_is_recovered() {
    let signed = b"{\"name\":\"Zo\xeb\"}";
    let input = [encode(HEADER.as_bytes()), encode(signed)].join(".");
    let found = find("latin-1", "payload", input.as_bytes(), HEADER.as_bytes(), "{\"name\":\"Zoë\"}".as_bytes());
    assert_eq!(found.shown.as_deref(), Some(signed.as_slice()));
    // A byte order mark hides no JSON behind it.
    let input = [encode(HEADER.as_bytes()), encode(b"{\"a\":1}")].join(".");
    find("compact", "payload", input.as_bytes(), HEADER.as_bytes(), "\u{feff}{\"a\": 1}".as_bytes());
}

const PAYLOAD: &str = r#"{"iss":"https://issuer.example/","sub":"Zoë ÿþ??>>"}"#;

#[test]
fn a_header_that_was_written_anew_is_recovered() {
    for (what, signed, shown) in [
        ("compact", HEADER, r#"{ "alg": "RS256", "typ": "JWT", "kid": "k1" }"#),
        ("python", r#"{"alg": "RS256", "typ": "JWT", "kid": "k1"}"#, HEADER),
        ("indent-2", "{\n  \"alg\": \"RS256\",\n  \"typ\": \"JWT\",\n  \"kid\": \"k1\"\n}", HEADER),
        ("sorted", r#"{"alg":"RS256","kid":"k1","typ":"JWT"}"#, HEADER),
        ("reordered", r#"{"typ":"JWT","alg":"RS256","kid":"k1"}"#, HEADER),
        ("reordered", r#"{"kid":"k1","typ":"JWT","alg":"RS256"}"#, HEADER),
        ("without-member", r#"{"alg":"RS256","typ":"JWT"}"#, HEADER),
        ("without-last-members", r#"{"alg":"RS256"}"#, HEADER),
        ("line-feed", "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"k1\"}\n", HEADER),
    ] {
        let input = [encode(signed.as_bytes()), encode(PAYLOAD.as_bytes())].join(".");
        let found = find(what, "header", input.as_bytes(), shown.as_bytes(), PAYLOAD.as_bytes());
        assert_eq!(found.shown.as_deref(), Some(signed.as_bytes()));
    }
}

#[test]
fn both_parts_written_anew_are_recovered() {
    let header = r#"{"alg": "RS256", "typ": "JWT"}"#;
    let indented = "{\n  \"alg\": \"RS256\",\n  \"typ\": \"JWT\"\n}";
    for (what, signed_header, signed_payload) in [
        ("python", header, "{\"a\": \"/\", \"b\": 2}"),
        ("indent-2", indented, "{\n  \"a\": \"/\",\n  \"b\": 2\n}"),
        ("two-styles", header, "{\n  \"a\": \"/\",\n  \"b\": 2\n}"),
        ("two-styles", indented, "{\"a\":\"\\/\",\"b\":2}"),
    ] {
        let input = [encode(signed_header.as_bytes()), encode(signed_payload.as_bytes())].join(".");
        let found = find(what, "both", input.as_bytes(), br#"{"alg":"RS256","typ":"JWT"}"#, br#"{"a":"/","b":2}"#);
        assert_eq!(found.shown.as_deref(), Some(signed_payload.as_bytes()));
    }
}

/// Base64 of the standard alphabet, with padding, by the definition of RFC 4648, bit by bit.
fn base64(bytes: &[u8]) -> String {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u8> = bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let sextet = |bits: &[u8]| (0..6).fold(0, |value, at| value << 1 | bits.get(at).copied().unwrap_or(0));
    let text: String = bits.chunks(6).map(|bits| char::from(alphabet[usize::from(sextet(bits))])).collect();
    let padding = "=".repeat((4 - text.len() % 4) % 4);
    text + &padding
}

fn lines(text: &str, width: usize, end: &str) -> String {
    text.as_bytes().chunks(width).map(|line| str::from_utf8(line).unwrap()).collect::<Vec<_>>().join(end)
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What was signed instead of the two encoded parts, by its key.
fn assemblies(header: &[u8], payload: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let (one, two) = (encode(header), encode(payload));
    let received = [one.as_str(), two.as_str()].join(".");
    let (padded_one, padded_two) = (base64(header), base64(payload));
    let url = |text: &str| text.replace('+', "-").replace('/', "_");
    let bare = |text: &str| text.trim_end_matches('=').to_owned();
    let percent = |text: &str| text.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let both = |change: &dyn Fn(&str) -> String| [change(&padded_one), change(&padded_two)].join(".").into_bytes();
    let (sha256, sha512) = (Sha256::digest(received.as_bytes()), Sha512::digest(received.as_bytes()));
    let utf16 = |units: &dyn Fn(u16) -> [u8; 2]| received.encode_utf16().flat_map(units).collect::<Vec<u8>>();
    vec![
        ("padded", both(&url)),
        ("standard", both(&bare)),
        ("standard-padded", both(&str::to_owned)),
        ("unencoded", [one.as_bytes(), b".", payload].concat()),
        ("line-feed", format!("{received}\n").into_bytes()),
        ("line-feed", format!("{received}\r\n").into_bytes()),
        ("bearer", format!("Bearer {received}").into_bytes()),
        ("space", format!(" {received}").into_bytes()),
        ("space", format!("{received} ").into_bytes()),
        ("quoted", format!("\"{received}\"").into_bytes()),
        ("trailing-dot", format!("{received}.").into_bytes()),
        ("zero-byte", format!("{received}\0").into_bytes()),
        ("payload-text", two.clone().into_bytes()),
        ("payload-json", payload.to_vec()),
        ("header-text", one.clone().into_bytes()),
        ("swapped", format!("{two}.{one}").into_bytes()),
        ("joined-json", [header, b".", payload].concat()),
        ("joined-json", [header, payload].concat()),
        ("no-dot", format!("{one}{two}").into_bytes()),
        ("detached", format!("{one}.").into_bytes()),
        ("without-header", format!(".{two}").into_bytes()),
        ("percent-encoded", both(&percent)),
        ("percent-encoded", both(&|text| percent(&url(text)))),
        ("percent-encoded", both(&|text| percent(&bare(text)))),
        ("percent-encoded", format!("{one}%2E{two}").into_bytes()),
        ("encoded-twice", format!("{}.{}", encode(one.as_bytes()), encode(two.as_bytes())).into_bytes()),
        ("wrapped", both(&|text| lines(text, 76, "\r\n"))),
        ("wrapped", both(&|text| lines(text, 76, "\n"))),
        ("wrapped", both(&|text| lines(text, 64, "\n"))),
        ("wrapped", both(&|text| lines(text, 60, "\n") + "\n")),
        ("hashed", sha256.to_vec()),
        ("hashed", sha512.to_vec()),
        ("hashed-text", hexadecimal(&sha256).into_bytes()),
        ("hashed-text", hexadecimal(&sha256).to_uppercase().into_bytes()),
        ("hashed-text", hexadecimal(&sha512).into_bytes()),
        ("hashed-text", base64(&sha256).into_bytes()),
        ("hashed-text", encode(&sha256).into_bytes()),
        ("utf-16", utf16(&u16::to_le_bytes)),
        ("utf-16", [vec![0xfe, 0xff], utf16(&u16::to_be_bytes)].concat()),
    ]
}

/// Long enough to be wrapped, with both characters in which the alphabets differ.
const LONG: &str =
    r#"{"iss":"https://issuer.example/oauth2/default","sub":"ÿþ??>>~~","scp":["openid","email","profile"]}"#;

#[test]
fn another_signing_input_is_recovered() {
    for (what, signed) in assemblies(HEADER.as_bytes(), LONG.as_bytes()) {
        let found = find(what, "signing-input", &signed, HEADER.as_bytes(), LONG.as_bytes());
        assert_eq!(found.shown, None);
    }
    let json = LONG.replace("\":", "\": ").replace(",\"", ", \"").replace("\\u", "u");
    let ascii: String = json
        .chars()
        .flat_map(|c| {
            if c.is_ascii() { c.to_string() } else { format!("\\u{:04x}", c as u32) }.chars().collect::<Vec<_>>()
        })
        .collect();
    let parts = [base64(HEADER.as_bytes()), base64(ascii.as_bytes())];
    let url = |text: &str| text.replace('+', "-").replace('/', "_");
    for (what, signed) in [
        ("standard-padded-anew", parts.join(".")),
        ("padded-anew", url(&parts.join("."))),
        ("standard-anew", parts.join(".").replace('=', "")),
        ("unencoded", [encode(HEADER.as_bytes()), ascii.clone()].join(".")),
    ] {
        let found = find(what, "signing-input", signed.as_bytes(), HEADER.as_bytes(), LONG.as_bytes());
        assert_eq!(found.shown.as_deref(), Some(ascii.as_bytes()));
    }
}

/// A token in the standard alphabet whose signature covers the canonical form.
#[test]
fn the_canonical_form_is_recovered() {
    let signed = [encode(HEADER.as_bytes()), encode(LONG.as_bytes())].join(".");
    let text = [base64(HEADER.as_bytes()), base64(LONG.as_bytes()), "c2ln".to_owned()].join(".");
    let token = read(&text);
    let list = rewritings(&token);
    check_laws(&token, &list);
    let found = list.iter().find(|item| item.signed == signed.as_bytes()).unwrap();
    assert_eq!((found.what, found.part, &found.shown), ("base64url", "signing-input", &None));
}

/// Every row of the table of words belongs to a rewriting that is tested above, and every rewriting has its row.
#[test]
fn every_rewriting_has_words_and_a_test() {
    let table = tokenscope::json::read(include_bytes!("../src/data/rewritings.json").to_vec());
    assert!(table.is_json() && table.faults.is_empty());
    let words = table.member("words").unwrap().members();
    let orders = table.member("orders").unwrap().items();
    assert!((12..=48).contains(&orders.len()), "some dozens of orders: {}", orders.len());
    for order in orders {
        let names: Vec<&str> = order.items().iter().filter_map(tokenscope::json::Value::as_str).collect();
        let different: BTreeSet<&str> = names.iter().copied().collect();
        assert!(different.len() == names.len() && names.contains(&"*"), "{names:?}");
    }
    let mut tested: BTreeSet<&str> = JSON.iter().map(|(what, ..)| *what).collect();
    tested.extend(assemblies(HEADER.as_bytes(), LONG.as_bytes()).iter().map(|(what, _)| *what));
    tested.extend(["latin-1", "base64url", "two-styles", "padded-anew", "standard-anew", "standard-padded-anew"]);
    let rows: BTreeSet<&str> = words.iter().map(|member| member.name.as_str()).collect();
    assert_eq!(tested, rows);
    for member in words {
        let text = member.value.as_str().unwrap();
        assert!(text.ends_with('.') && text.matches('`').count() % 2 == 0, "{text}");
    }
}

/// An ordinary token keeps room for the pairs, which come last, and takes no time.
#[test]
fn ordinary_tokens_keep_within_the_bounds() {
    let payload = r#"{"ver":1,"jti":"AT.x","iss":"https://dev-1234.okta.com/oauth2/default","aud":"api://default","iat":1795183000,
        "exp":1795190000,"cid":"0oa1","uid":"00u1","scp":["openid","email"],"auth_time":1795182000,"sub":"zoë@app.example",
        "groups":["a","b"],"email_verified":true,"middle_name":null,"amr":["pwd"],"sid":"102"}"#;
    let token = shown(br#"{"kid":"k1","alg":"RS256"}"#, payload.as_bytes(), b"sig");
    let start = Instant::now();
    let list = rewritings(&token);
    println!("{} rewritings in {:?}", list.len(), start.elapsed());
    check_laws(&token, &list);
    assert!(list.len() < MOST, "{}", list.len());
    assert!(list.iter().any(|item| item.what == "two-styles"));
}

#[test]
fn hostile_payloads_keep_within_the_bounds() {
    let members = |count: usize, name: &dyn Fn(usize) -> String| {
        let members: Vec<String> = (0..count).map(|index| format!("\"{}\":{index}", name(index))).collect();
        format!("{{{}}}", members.join(","))
    };
    let mut slowest = 0;
    for (name, payload) in [
        ("many members", members(100_000, &|index| format!("m{index}"))),
        ("many duplicates", members(100_000, &|_| "exp".to_owned())),
        ("long", format!("{{\"a\":\"{}\"}}", "é".repeat(1 << 20))),
        ("long and plain", format!("{{\"a\":\"{}\"}}", "x".repeat(2 << 20))),
        ("half as long", format!("{{\"a\":\"{}\"}}", "/".repeat(1 << 19))),
        ("deep", format!("{{\"a\":{}{}}}", "[".repeat(500), "]".repeat(500))),
        ("deep and long", format!("{{\"a\":{}1{}{}}}", "[".repeat(500), ",1".repeat(300_000), "]".repeat(500))),
        ("white space", format!("{{{}}}", " ".repeat(2 << 20))),
        ("no JSON", "x".repeat(2 << 20)),
        ("64 members", members(64, &|index| format!("{index}{}", "x".repeat(2000)))),
        ("many numbers", format!("{{\"a\":[{}1]}}", "1.5e1,".repeat(300_000))),
    ] {
        let token = shown(HEADER.as_bytes(), payload.as_bytes(), b"sig");
        let start = Instant::now();
        let list = rewritings(&token);
        let took = start.elapsed();
        println!("{name}: {} rewritings in {took:?}", list.len());
        slowest = slowest.max(took.as_millis());
        check_laws(&token, &list);
        let header = shown(payload.as_bytes(), b"{}", b"sig");
        check_laws(&header, &rewritings(&header));
    }
    // Without optimisation, on a busy machine.
    assert!(slowest < 10_000, "{slowest} ms");
}

/// Sixteen times the members take no more than about sixteen times the time.
#[test]
fn time_grows_with_the_input() {
    let time = |count: usize| {
        let members: Vec<String> = (0..count).map(|index| format!("\"m{index}\":{index}")).collect();
        let token = shown(HEADER.as_bytes(), format!("{{{}}}", members.join(",")).as_bytes(), b"sig");
        (0..3)
            .map(|_| {
                let start = Instant::now();
                rewritings(&token);
                start.elapsed()
            })
            .min()
            .unwrap()
    };
    let (small, large) = (time(1_000), time(16_000));
    println!("{small:?} for 1,000 members, {large:?} for 16,000");
    assert!(large < small * 64 + std::time::Duration::from_millis(200));
}

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("\"false\"".to_owned()),
        "-?(0|[1-9][0-9]{0,12})(\\.[0-9]{1,3})?([eE][+-]?[0-9]{1,3})?",
        "\"([ -!#-\\[\\]-~é😀]|\\\\(n|/|u00e9|ud83d)){0,8}\"",
    ];
    leaf.prop_recursive(3, 20, 5, |inner| {
        let name = "(exp|iat|aud|scope|a|é)";
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(" , "))),
            proptest::collection::vec((name, inner), 0..6).prop_map(|members| {
                let members: Vec<String> =
                    members.into_iter().map(|(name, value)| format!("\"{name}\": {value}")).collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever the parts hold, the laws are kept, and what is a style of JSON stays the same value.
    #[test]
    fn the_laws_are_kept(header in json(), payload in json()) {
        let token = shown(header.as_bytes(), payload.as_bytes(), b"sig");
        let list = rewritings(&token);
        check_laws(&token, &list);
        let value = |text: &[u8]| serde_json::from_slice::<serde_json::Value>(text).ok();
        for item in list.iter().filter(|item| ["compact", "python", "dotnet", "indent-jackson"].contains(&item.what)) {
            let (Some(shown), "payload") = (&item.shown, item.part) else { continue };
            prop_assert_eq!(value(shown), value(payload.as_bytes()), "{}", String::from_utf8_lossy(shown));
        }
        for item in &list {
            if let Some(shown) = &item.shown {
                prop_assert!(item.what == "latin-1" || tokenscope::json::read(shown.clone()).root.is_some());
            }
        }
    }

    #[test]
    fn nothing_panics(header in ".{0,40}", payload in proptest::collection::vec(any::<u8>(), 0..80), text in "[A-Za-z0-9_=+/.-]{0,80}") {
        let token = shown(header.as_bytes(), &payload, b"sig");
        check_laws(&token, &rewritings(&token));
        let token = token_of(&text);
        check_laws(&token, &rewritings(&token));
    }
}
