//! The claim checks on the corpus in `tests/corpus/claims`: a file a case.
//!
//! A case has three parts, with an empty line between them: what is expected of the token (`now` in seconds, and any of
//! `leeway`, `issuer`, `audience`, `client`, `nonce`, `scope`, `claim` and `header`), the payload, and every finding in
//! order: how it bears on the verdict, its code and its subject. Indented lines below a finding are facts of it.

// The exception for tests in clippy.toml covers test functions, not the helpers beside them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use tokenscope::claims::{self, Expectations, Meaning, RequiredClaim, code, explanation, header_explanation};
use tokenscope::finding::{Certainty, Fact, Finding, Severity};
use tokenscope::json::{self, Value};
use tokenscope::time::Time;

struct Case {
    name: String,
    findings: Vec<Finding>,
    expected: String,
}

fn cases() -> Vec<Case> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/claims");
    let mut paths: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(read).collect()
}

fn read(path: &PathBuf) -> Case {
    let name = path.file_stem().unwrap().to_string_lossy().into_owned();
    let text = fs::read_to_string(path).unwrap();
    let (settings, rest) = text.split_once("\n\n").unwrap();
    let (payload, expected) = rest.split_once("\n\n").unwrap();
    let mut expectations = Expectations::default();
    let mut now = None;
    let mut header = None;
    for line in settings.lines() {
        let (setting, value) = line.split_once(": ").unwrap();
        // Quotes show white space at an end.
        let value = value.strip_prefix('"').and_then(|value| value.strip_suffix('"')).unwrap_or(value).to_owned();
        match setting {
            "now" => now = Some(Time::from_milliseconds((value.parse::<f64>().unwrap() * 1000.0) as i64)),
            "leeway" => expectations.leeway = value.parse().unwrap(),
            "issuer" => expectations.issuers.push(value),
            "audience" => expectations.audiences.push(value),
            "client" => expectations.client_id = Some(value),
            "nonce" => expectations.nonce = Some(value),
            "scope" => expectations.required_scopes.push(value),
            "claim" => expectations.required_claims.push(required_claim(&value)),
            "header" => header = Some(json::read(value.into_bytes())),
            other => panic!("{name}: no such setting: {other}"),
        }
    }
    let payload = json::read(payload.as_bytes().to_vec());
    let findings = claims::check(header.as_ref(), &payload, &expectations, now.unwrap());
    Case { name, findings, expected: expected.trim_end().to_owned() }
}

/// `groups`, `groups = admin` or `groups contains admin`.
fn required_claim(text: &str) -> RequiredClaim {
    let (name, value, contains) = if let Some((name, value)) = text.split_once(" = ") {
        (name, Some(value.to_owned()), None)
    } else if let Some((name, contains)) = text.split_once(" contains ") {
        (name, None, Some(contains.to_owned()))
    } else {
        (text, None, None)
    };
    RequiredClaim { name: name.to_owned(), value, contains }
}

/// Holds that a case has exactly its findings, and each the facts that the case lists.
fn check(case: &Case) -> Result<(), String> {
    let actual: Vec<String> = case.findings.iter().map(line).collect();
    let expected: Vec<&str> = case.expected.lines().filter(|line| !line.starts_with(' ')).collect();
    if actual != expected {
        return Err(format!("{}\n{}\n", case.name, actual.join("\n")));
    }
    for pair in case.findings.windows(2) {
        let is_reason = pair[1].certainty == Certainty::Likely || pair[1].code == code::NONCE_HASHED;
        if is_reason && (pair[0].fact_text("reason") != Some(pair[1].code.0) || pair[0].severity != Severity::Error) {
            return Err(format!("{}: nothing names the reason {}\n", case.name, pair[1].code.0));
        }
    }
    let mut findings = case.findings.iter();
    let mut finding = None;
    for line in case.expected.lines() {
        let Some(fact) = line.strip_prefix("  ") else {
            finding = findings.next();
            continue;
        };
        let (name, value) = fact.split_once(": ").unwrap();
        let actual = finding.unwrap().fact(name).map(fact_text).unwrap_or_default();
        if actual != value {
            return Err(format!("{}: {}\n  {name}: {actual}\n", case.name, finding.unwrap().code.0));
        }
    }
    Ok(())
}

fn line(finding: &Finding) -> String {
    let word = match (finding.severity, finding.certainty) {
        (Severity::Info, Certainty::Likely) => "likely",
        (Severity::Info, _) => "info",
        (Severity::Error, _) => "error",
        (Severity::Warning, _) => "warning",
        (Severity::Ok, _) => "ok",
    };
    format!("{word} {} {}", finding.code.0, finding.subject)
}

fn fact_text(fact: &Fact) -> String {
    match fact {
        Fact::Count(count) => count.to_string(),
        Fact::Duration(seconds) => format!("{seconds} s"),
        Fact::List(items) => items.join(", "),
        Fact::Text(text) => text.clone(),
        Fact::Time(time) => time.rfc3339(),
        Fact::Words(words) => (*words).to_owned(),
    }
}

#[test]
fn every_case_has_exactly_its_findings() {
    let cases = cases();
    let wrong: Vec<String> = cases.iter().filter_map(|case| check(case).err()).collect();
    assert!(wrong.is_empty(), "{} of {} cases:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

#[test]
fn every_code_occurs_in_the_corpus() {
    let cases = cases();
    let seen: BTreeSet<&str> = cases.iter().flat_map(|case| &case.findings).map(|finding| finding.code.0).collect();
    let missing: Vec<&str> = code::ALL.iter().map(|code| code.0).filter(|code| !seen.contains(code)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_finding_has_words_and_a_fact_for_every_place_in_them() {
    let table: serde_json::Value =
        serde_json::from_str(include_str!("../src/data/messages/claims.json")).expect("a table");
    let codes: BTreeSet<&str> = code::ALL.iter().map(|code| code.0).collect();
    assert_eq!(table.as_object().unwrap().keys().map(String::as_str).collect::<BTreeSet<_>>(), codes);
    let explanations: serde_json::Value = serde_json::from_str(tokenscope::messages::EXPLANATIONS).expect("a table");
    for case in cases() {
        for finding in &case.findings {
            let mut row = table[finding.code.0].as_object().unwrap().clone();
            row.extend(explanations[finding.code.0].as_object().cloned().unwrap_or_default());
            if matches!(finding.severity, Severity::Error | Severity::Warning) {
                assert!(row.contains_key("remedy") && row.contains_key("reference"), "{}", finding.code.0);
            }
            if finding.severity == Severity::Error {
                assert!(row.contains_key("brief"), "{}", finding.code.0);
            }
            for (part, text) in &row {
                // Braces inside backticks are code.
                let text: String = text.as_str().unwrap().split('`').step_by(2).collect();
                for place in text.split('{').skip(1) {
                    let name = place.split(['}', ':']).next().unwrap();
                    assert!(
                        finding.fact(name).is_some(),
                        "{}: {} has no {name} for its {part}",
                        case.name,
                        finding.code.0
                    );
                }
            }
        }
    }
}

#[test]
fn every_registered_claim_is_explained() {
    for table in ["claims.json", "header_parameters.json"] {
        let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/data").join(table);
        let document = json::read(fs::read(path).unwrap());
        assert!(document.is_json() && document.faults.is_empty(), "{table}");
        for group in ["registered", "providers"] {
            for row in document.member(group).unwrap().members().iter().flat_map(|group| group.value.items()) {
                let name = row.items()[0].as_str().unwrap();
                let found = if table == "claims.json" { explanation(name) } else { header_explanation(name) };
                let found = found.unwrap();
                assert!(found.explanation.ends_with('.'), "{name}: {}", found.explanation);
                assert_eq!(found.specification.is_some(), group == "registered", "{name}");
                let sentence = row.items().get(if group == "registered" { 2 } else { 1 }).and_then(Value::as_str);
                assert_eq!(Some(found.explanation), sentence, "{name} stands there twice");
            }
        }
    }
    for name in ["exp", "nbf", "iat", "auth_time", "updated_at", "toe"] {
        assert_eq!(explanation(name).unwrap().meaning, Meaning::Time, "{name}");
    }
    assert_eq!(explanation("cid").unwrap().provider, Some("Okta"));
    assert_eq!(explanation("no such claim"), None);
}

fn errors(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().filter(|finding| finding.severity == Severity::Error).map(|finding| finding.code.0).collect()
}

/// JSON texts whose members are often the checked claims, with values of any kind.
fn payloads() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i64>().prop_map(|value| value.to_string()),
        "-?[0-9]{1,30}(\\.[0-9]{1,12})?([eE][+-]?[0-9]{1,4})?",
        "\\PC{0,12}".prop_map(|text| json::quoted(&text)),
        "(https?://)?[a-zA-Z.-]{1,20}(/[a-z0-9]{0,8}){0,3}".prop_map(|text| json::quoted(&text)),
    ];
    let value = leaf.prop_recursive(2, 12, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::vec(("[a-z/~]{0,6}", inner), 0..4).prop_map(|members| object(&members)),
        ]
    });
    let name = prop_oneof![
        3 => prop::sample::select(vec![
            "exp", "nbf", "iat", "auth_time", "iss", "aud", "azp", "cid", "client_id", "appid", "nonce", "scp", "scope",
            "groups", "roles", "at_hash", "token_use", "typ", "jti", "_claim_names", "hasgroups",
        ])
        .prop_map(str::to_owned),
        1 => "\\PC{0,8}",
    ];
    prop::collection::vec((name, value), 0..10).prop_map(|members| object(&members))
}

fn object(members: &[(String, String)]) -> String {
    let members: Vec<String> = members.iter().map(|(name, value)| format!("{}:{value}", json::quoted(name))).collect();
    format!("{{{}}}", members.join(","))
}

/// Everything expected at once, so that every check runs.
fn all_expectations(leeway: i64) -> Expectations {
    let required = |name: &str, value: Option<&str>, contains: Option<&str>| RequiredClaim {
        name: name.to_owned(),
        value: value.map(str::to_owned),
        contains: contains.map(str::to_owned),
    };
    Expectations {
        issuers: vec!["https://issuer.example".to_owned(), "https://issuer.example/oauth2/default".to_owned()],
        audiences: vec!["api://orders".to_owned()],
        client_id: Some("client".to_owned()),
        nonce: Some("nonce".to_owned()),
        required_scopes: vec!["orders.read".to_owned()],
        required_claims: vec![
            required("groups", None, Some("admin")),
            required("/roles/0", Some("1"), None),
            required("", None, None),
        ],
        leeway,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_payload_stops_the_checks(payload in payloads(), cut in any::<prop::sample::Index>(), leeway: i64, now: i64) {
        let bytes = payload.into_bytes();
        let cut = cut.index(bytes.len() + 1);
        for bytes in [bytes[..cut].to_vec(), bytes] {
            let document = json::read(bytes);
            for expectations in [Expectations { leeway, ..Expectations::default() }, all_expectations(leeway)] {
                let findings = claims::check(Some(&document), &document, &expectations, Time::from_seconds(now));
                prop_assert!(!findings.is_empty());
            }
        }
    }

    #[test]
    fn any_bytes_are_checked(bytes: Vec<u8>) {
        let document = json::read(bytes);
        claims::check(None, &document, &all_expectations(0), Time::default());
    }

    #[test]
    fn what_is_not_expected_never_fails(payload in payloads()) {
        let document = json::read(payload.into_bytes());
        let findings = claims::check(None, &document, &Expectations::default(), Time::from_seconds(1_795_183_392));
        for finding in findings {
            let subject = finding.subject.as_str();
            let time = matches!(subject, "/payload/exp" | "/payload/nbf" | "/payload/iat");
            prop_assert!(finding.severity != Severity::Error || time, "{finding:?}");
        }
    }

    /// RFC 7519 §4.1.4 and §4.1.5, over the whole numbers: expired from `exp` on, and not valid before `nbf`.
    #[test]
    fn the_limits_of_time_are_exact(
        time in -60_000_000_000_i64..99_000_000_000,
        distance in prop_oneof![-3_i64..4, -4000_i64..4000, any::<i32>().prop_map(i64::from)],
        leeway in prop_oneof![Just(0_i64), 0_i64..4000, any::<i64>()],
    ) {
        let now = time + distance;
        let check = |claim: &str| {
            let payload = json::read(format!("{{\"{claim}\":{time}}}").into_bytes());
            let expectations = Expectations { leeway, ..Expectations::default() };
            claims::check(None, &payload, &expectations, Time::from_seconds(now))
        };
        let (time, now, leeway) = (i128::from(time), i128::from(now), i128::from(leeway.max(0)));
        let expired = errors(&check("exp")) == [code::EXPIRED.0];
        prop_assert_eq!(expired, time + leeway <= now);
        let early = errors(&check("nbf")) == [code::NOT_YET_VALID.0];
        prop_assert_eq!(early, now + leeway < time);
        let future = errors(&check("iat")) == [code::ISSUED_IN_FUTURE.0];
        prop_assert_eq!(future, now + leeway < time);
    }

    /// The leeway that a failed time check names is the smallest that passes.
    #[test]
    fn the_leeway_that_is_named_is_enough(claim in prop::sample::select(vec!["exp", "nbf", "iat"]), milliseconds in -9_999_999_i64..9_999_999) {
        let now = Time::from_milliseconds(1_795_183_392_000 + milliseconds);
        let payload = json::read(format!("{{\"{claim}\":1795183392.25}}").into_bytes());
        let run = |leeway| {
            let expectations = Expectations { leeway, ..Expectations::default() };
            claims::check(None, &payload, &expectations, now)
        };
        let needed = run(0).iter().find(|finding| finding.severity == Severity::Error).map(|finding| {
            match finding.fact("needed") {
                Some(Fact::Count(needed)) => *needed as i64,
                other => panic!("{other:?}"),
            }
        });
        if let Some(needed) = needed {
            prop_assert_eq!(errors(&run(needed)), Vec::<&str>::new());
            prop_assert_ne!(errors(&run(needed - 1)), Vec::<&str>::new());
        }
    }
}
