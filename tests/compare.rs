//! A token that works beside one that does not: which difference explains it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;

use std::time::{Duration, Instant};

use corpus::Case;
use oracle::Signer;
use proptest::prelude::*;
use tokenscope::claims::{Expectations, RequiredClaim};
use tokenscope::compare::{Bearing, Comparison, Which};
use tokenscope::inspect::Options;
use tokenscope::time::Time;
use tokenscope::why::Choices;

const NOW: Time = Time::from_seconds(1_795_183_392);

fn compared(first: &str, second: &str, options: &Options) -> Option<Comparison> {
    let choices = Choices { compare_with: Some(second.to_owned()), ..Choices::default() };
    oracle::explained(first, options, &choices, NOW).comparison
}

/// The token of two lines, header and payload, signed with the key of that number; or a text behind `raw:`.
fn token(lines: &mut dyn Iterator<Item = &str>, key: &str) -> String {
    let header = lines.next().unwrap();
    if let Some(text) = header.strip_prefix("raw:") {
        return text.trim().to_owned();
    }
    let document = tokenscope::json::read(header.as_bytes().to_vec());
    let algorithm = document.string("alg").unwrap_or("HS256").to_owned();
    let (number, damage) = key.strip_suffix('!').map_or((key, false), |number| (number, true));
    let mut token = oracle::token(header, lines.next().unwrap(), &Signer::of(&algorithm, number.parse().unwrap()));
    if damage {
        let last = if token.ends_with("AA") { "BB" } else { "AA" };
        token.replace_range(token.len() - 8..token.len() - 6, last);
    }
    token
}

/// The options of a case: what is expected, and the public keys as `number=kid`, of ES256 unless the kid says so.
fn options(case: &Case) -> Options {
    let list = |key: &str| case.values(key).map(str::to_owned).collect::<Vec<_>>();
    let keys: Vec<String> = case
        .values("key")
        .map(|key| {
            let mut parts = key.split(' ');
            let (algorithm, number) = (parts.next().unwrap(), parts.next().unwrap());
            Signer::of(algorithm, number.parse().unwrap()).jwk(parts.next().unwrap_or_default())
        })
        .collect();
    let required = |claim: &str| match claim.split_once(" contains ") {
        Some((name, contains)) => {
            RequiredClaim { name: name.to_owned(), value: None, contains: Some(contains.to_owned()) }
        }
        None => {
            let (name, value) = claim.split_once(" = ").map_or((claim, None), |(name, value)| (name, Some(value)));
            RequiredClaim { name: name.to_owned(), value: value.map(str::to_owned), contains: None }
        }
    };
    Options {
        expectations: Expectations {
            issuers: list("issuer"),
            audiences: list("audience"),
            client_id: case.value("client").map(str::to_owned),
            nonce: case.value("nonce").map(str::to_owned),
            required_scopes: list("scope"),
            required_claims: case.values("claim").map(required).collect(),
            leeway: 0,
        },
        keys: if keys.is_empty() { String::new() } else { format!(r#"{{"keys":[{}]}}"#, keys.join(",")) },
        algorithms: list("algorithm"),
        ..Options::default()
    }
}

/// The names of the differences with that bearing, those of rooms that judge the whole token left out.
fn names(comparison: &Comparison, bearing: Bearing) -> String {
    let of = comparison.differences.iter().filter(|difference| difference.bearing == bearing);
    let of = of.filter(|difference| !matches!(difference.area, "profile" | "provider"));
    of.map(|difference| difference.name.as_str()).collect::<Vec<_>>().join(" | ")
}

fn works(comparison: &Comparison) -> &'static str {
    match comparison.works {
        Some(Which::First) => "first",
        Some(Which::Second) => "second",
        None => "unknown",
    }
}

/// The same comparison seen from the other side.
fn mirrored(comparison: &Comparison) -> Vec<(String, Option<String>, Option<String>, Bearing)> {
    let of = comparison.differences.iter();
    of.map(|difference| {
        (difference.name.clone(), difference.second.clone(), difference.first.clone(), difference.bearing)
    })
    .collect()
}

fn straight(comparison: &Comparison) -> Vec<(String, Option<String>, Option<String>, Bearing)> {
    let of = comparison.differences.iter();
    of.map(|difference| {
        (difference.name.clone(), difference.first.clone(), difference.second.clone(), difference.bearing)
    })
    .collect()
}

#[test]
fn the_corpus_is_explained_as_it_says() {
    let cases = corpus::cases("compare");
    assert!(cases.len() >= 40, "{} cases", cases.len());
    let mut wrong = String::new();
    for case in cases {
        let mut lines = case.text.lines().filter(|line| !line.is_empty());
        let first = token(&mut lines, case.value("first").unwrap_or("1"));
        let second = token(&mut lines, case.value("second").unwrap_or("1"));
        let options = options(&case);
        let comparison = compared(&first, &second, &options).unwrap_or_else(|| panic!("{}", case.name));
        let found = [
            ("headline", comparison.findings[0].code.0.to_owned()),
            ("works", works(&comparison).to_owned()),
            ("explains", names(&comparison, Bearing::Explains)),
            ("possible", names(&comparison, Bearing::Possible)),
            ("expected", names(&comparison, Bearing::Expected)),
            ("none", names(&comparison, Bearing::None)),
            ("says", comparison.headline.to_string()),
        ];
        for (key, found) in found {
            // Every case says all of it; what is empty may be left out.
            let expected = case.value(key).unwrap_or_default();
            if expected != found {
                wrong.push_str(&format!("{}: {key}: {found}\n    expected: {expected}\n", case.name));
            }
        }
        let back = compared(&second, &first, &options).unwrap();
        assert_eq!(mirrored(&comparison), straight(&back), "{}", case.name);
        assert_eq!(comparison.findings[0].code, back.findings[0].code, "{}", case.name);
        let turned = back.works.map(|which| if which == Which::First { Which::Second } else { Which::First });
        assert_eq!(comparison.works, turned, "{}", case.name);
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_text_without_a_token_is_compared_with_nothing() {
    let token = oracle::token(r#"{"alg":"HS256"}"#, "{}", &Signer::of("HS256", 1));
    assert_eq!(compared(&token, "", &Options::default()), None);
    assert_eq!(compared("", &token, &Options::default()), None);
}

/// A payload of a hundred thousand members costs their sorting, and the list stays short.
#[test]
fn hostile_payloads_are_compared_in_bounds() {
    let signer = Signer::of("HS256", 1);
    let wide = |value: usize| {
        let members: Vec<String> = (0..100_000).map(|number| format!(r#""a{number}":{value}"#)).collect();
        format!(r#"{{"aud":"{value}",{}}}"#, members.join(","))
    };
    let deep = |value: usize| format!("{}{value}{}", r#"{"a":"#.repeat(500), "}".repeat(500));
    let list = |value: usize| {
        let items: Vec<String> = (value..value + 50_000).map(|number| number.to_string()).collect();
        format!(r#"{{"groups":[{}]}}"#, items.join(","))
    };
    let repeated = |value: usize| format!(r#"{{{}"a":1}}"#, format!(r#""a":{value},"#).repeat(50_000));
    let long = |value: usize| {
        let name = "n".repeat(200_000);
        let members: Vec<String> = (0..10_000).map(|number| format!(r#""{number}":{value}"#)).collect();
        format!(r#"{{"{name}":{{{}}}}}"#, members.join(","))
    };
    let cases: [&dyn Fn(usize) -> String; 5] = [&wide, &deep, &list, &repeated, &long];
    for (number, payload) in cases.iter().enumerate() {
        let tokens = [1, 2].map(|value| oracle::token(r#"{"alg":"HS256"}"#, &payload(value), &signer));
        let start = Instant::now();
        let explained =
            tokens.each_ref().map(|token| oracle::explained(token, &Options::default(), &Choices::default(), NOW));
        let prepared = start.elapsed();
        let comparison = tokenscope::compare::compare(&explained[0], &explained[1], NOW).unwrap();
        let compared = start.elapsed() - prepared;
        assert!(comparison.differences.len() <= 200 && !comparison.differences.is_empty());
        assert!(comparison.same.len() <= 200);
        assert!(compared < Duration::from_secs(20), "case {number}: {compared:?}");
        if number == 0 {
            let names: Vec<&str> = comparison.differences.iter().map(|difference| difference.name.as_str()).collect();
            assert_eq!(names[0], "aud", "what verifiers look at is listed before all others");
            assert_eq!(comparison.findings[1].code.0, "compare.too-many");
        }
    }
}

/// Any JSON value, with names that repeat, so that two payloads share some.
fn value() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("1".to_owned()),
        Just("1.0".to_owned()),
        Just("1e400".to_owned()),
        Just("1795185600".to_owned()),
        "[a-c é\"\\\\]{0,4}".prop_map(|text| tokenscope::json::quoted(&text)),
    ];
    leaf.prop_recursive(3, 16, 4, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            proptest::collection::vec((name(), inner), 0..5).prop_map(|members| object(&members)),
        ]
    })
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![
        proptest::sample::select(vec![
            "iss", "aud", "exp", "iat", "nbf", "scp", "scope", "sub", "cid", "jti", "kid", "nonce"
        ])
        .prop_map(str::to_owned),
        "[a~/é]{0,2}",
    ]
}

fn object(members: &[(String, String)]) -> String {
    let members: Vec<String> =
        members.iter().map(|(name, value)| format!("{}:{value}", tokenscope::json::quoted(name))).collect();
    format!("{{{}}}", members.join(","))
}

fn payload() -> impl Strategy<Value = String> {
    prop_oneof![9 => proptest::collection::vec((name(), value()), 0..8).prop_map(|members| object(&members)), 1 => value()]
}

proptest! {
    #![proptest_config(corpus::heavy())]

    /// A token is equal to itself, and the comparison of two does not depend on which one comes first.
    #[test]
    fn comparing_is_even_handed(first in payload(), second in payload(), expected in any::<bool>()) {
        let signer = Signer::of("HS256", 1);
        let [first, second] = [first, second].map(|payload| oracle::token(r#"{"alg":"HS256"}"#, &payload, &signer));
        let mut options = Options::default();
        if expected {
            options.expectations.audiences.push("a".to_owned());
            options.expectations.required_scopes.push("b".to_owned());
        }
        // Each is explained once: that takes longer than comparing.
        let explained =
            [&first, &second].map(|token| oracle::explained(token, &options, &Choices::default(), NOW));
        let [one, other] = &explained;
        let compare = tokenscope::compare::compare;
        let same = compare(one, one, NOW).unwrap();
        prop_assert!(same.differences.is_empty(), "{:?}", same.differences);
        prop_assert_eq!(same.findings[0].code.0, "compare.identical");
        let there = compare(one, other, NOW).unwrap();
        let back = compare(other, one, NOW).unwrap();
        prop_assert_eq!(mirrored(&there), straight(&back));
        prop_assert_eq!(there.findings[0].code, back.findings[0].code);
        prop_assert_eq!(there.works.is_some(), back.works.is_some());
        prop_assert!(first == second || there.findings[0].code.0 != "compare.identical");
    }

    /// Any two texts can be compared.
    #[test]
    fn nothing_panics(first in ".{0,80}", second in ".{0,80}") {
        let _ = compared(&first, &second, &Options::default());
    }
}
