//! Ordinary tokens bring no alarm: thousands of good ones, of every kind, with right expectations and right keys.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;
#[path = "support/ordinary.rs"]
mod ordinary;

use std::collections::BTreeMap;
use std::fmt::Write as _;

use oracle::Signer;
use ordinary::{Dice, KINDS, Ordinary};
use serde_json::Value;
use tokenscope::finding::{Finding, Severity};
use tokenscope::inspect::Options;
use tokenscope::report::SignatureStatus;
use tokenscope::time::Time;
use tokenscope::why::Choices;

/// How many tokens are drawn.
const TOKENS: usize = 2_000;

/// The rooms that must be silent about an ordinary token.
const ROOMS: [&str; 6] = ["profile.", "provider.", "lint.", "role.", "lifetime.", "signature."];

/// Warnings that are right: of a kind (or of every kind, where that is empty), its code, and why.
const RIGHT: &[(&str, &str, &str)] = &[];

/// What a token is checked with.
struct Case {
    text: String,
    options: Options,
    choices: Choices,
    now: Time,
}

/// Signs a token, gives its right key and some others, and in half of the cases the right expectations.
fn case(made: &Ordinary, dice: &mut Dice) -> Case {
    let mut options = Options::default();
    let algorithm = made.algorithm().to_owned();
    let signer = if algorithm.starts_with("HS") {
        let secret = dice.id(64);
        options.secret.clone_from(&secret);
        Signer::secret(secret.as_bytes())
    } else {
        let kid = made.header.get("kid").and_then(Value::as_str);
        let signer = Signer::of(&algorithm, made.key);
        let name = |kid: &str| if kid.is_empty() { String::new() } else { format!(r#","kid":"{kid}""#) };
        let mut keys = vec![format!("{{{}{}}}", signer.members(), name(kid.unwrap_or_default()))];
        if dice.once_in(2) {
            keys.push(format!(r#"{{{}{},"use":"sig"}}"#, Signer::of("ES256", 7).members(), name("another")));
            keys.rotate_left(dice.below(2));
        }
        options.keys = format!(r#"{{"keys":[{}]}}"#, keys.join(","));
        signer
    };
    let header = Value::Object(made.header.clone()).to_string();
    let payload = Value::Object(made.payload.clone()).to_string();
    let mut text = oracle::token(&header, &payload, &signer);
    text.push_str(&made.behind);

    let mut choices = Choices::default();
    choices.access_token.clone_from(&made.access_token);
    choices.code.clone_from(&made.code);
    if dice.once_in(4) {
        choices.profile = made.profile.map(str::to_owned);
    }
    if dice.once_in(2) {
        expect(made, &mut options, dice);
        if dice.once_in(2) {
            choices.role = made.role.unwrap_or_default();
        }
    }
    Case { text, options, choices, now: Time::from_seconds(made.now) }
}

fn expect(made: &Ordinary, options: &mut Options, dice: &mut Dice) {
    let string = |name: &str| made.payload.get(name).and_then(Value::as_str).map(str::to_owned);
    let expectations = &mut options.expectations;
    expectations.issuers.extend(string("iss"));
    let first = made.payload.get("aud").and_then(|aud| aud.as_array()?.first()?.as_str()).map(str::to_owned);
    expectations.audiences.extend(string("aud").or(first));
    expectations.client_id = made.client.and_then(string);
    if made.role == Some(tokenscope::role::Role::Client) {
        expectations.nonce = string("nonce");
    }
    let scopes = made.scopes.and_then(|claim| made.payload.get(claim)).and_then(|scopes| match scopes {
        Value::String(text) => text.split(' ').next().map(str::to_owned),
        list => list.as_array()?.first()?.as_str().map(str::to_owned),
    });
    expectations.required_scopes.extend(scopes.filter(|_| dice.once_in(2)));
}

fn is_alarm(kind: &str, finding: &Finding) -> bool {
    let code = finding.code.0;
    match finding.severity {
        Severity::Error => true,
        Severity::Warning => {
            let right = RIGHT.iter().any(|(of, known, _)| (of.is_empty() || *of == kind) && *known == code);
            ROOMS.iter().any(|room| code.starts_with(room)) && !right
        }
        _ => false,
    }
}

#[test]
fn ordinary_tokens_bring_no_alarm() {
    let mut dice = Dice::new(20_261_121);
    // By code and kind: how often, and one token that shows it.
    let mut alarms: BTreeMap<(&str, &str), (usize, String)> = BTreeMap::new();
    for number in 0..TOKENS {
        let issued = dice.between(1_600_000_000, 1_900_000_000);
        let mut made = KINDS[number % KINDS.len()](&mut dice, issued);
        let life = made.payload.get("exp").and_then(Value::as_i64).map_or(60, |exp| exp - issued);
        made.now = issued + dice.between(0, life - 1);
        let case = case(&made, &mut dice);
        let explained = oracle::explained(&case.text, &case.options, &case.choices, case.now);
        let token = &explained.report.tokens[0];
        assert_eq!(token.signature.status, SignatureStatus::Valid, "{}: {}", made.kind, case.text);
        for finding in token.findings.iter().filter(|finding| is_alarm(made.kind, finding)) {
            let alarm = alarms.entry((finding.code.0, made.kind)).or_insert_with(|| {
                let words = tokenscope::messages::words(finding, case.now);
                let payload = Value::Object(made.payload.clone());
                (0, format!("{:?} {}: {}\n    {payload}", finding.severity, finding.subject, words.problem))
            });
            alarm.0 += 1;
        }
    }
    let mut list = String::new();
    for ((code, kind), (count, example)) in &alarms {
        let _ = writeln!(list, "{code}, {kind}, {count} times: {example}");
    }
    assert!(alarms.is_empty(), "{} alarms:\n{list}", alarms.len());
}

/// The five examples of the page, with the expectations that it fills in: the lint has nothing to say about them.
#[test]
fn the_lint_is_silent_on_the_examples() {
    let source = include_str!("../src/page/examples.rs");
    let literal = |name: &str| {
        let (_, behind) = source.split_once(&format!("const {name}: &str = \"")).unwrap();
        behind.split_once('"').unwrap().0.to_owned()
    };
    let (issuer, audience, secret) = (literal("ISSUER"), literal("AUDIENCE"), literal("SECRET"));
    // The shape is that of the page's own functions `header` and `payload`: this holds them to it.
    for part in [
        r##"r#"","sub":"user-4711","aud":""#"##,
        r##"r#"","client_id":"orders-app","scope":""#"##,
        r##"r#"","iat":"#"##,
        r##"r#","exp":"#"##,
        r##"r#","jti":"example-"#"##,
        r##"r#"","tenant":9007199254740993,"roles":["buyer","approver"]}"#"##,
        r##"r#"","typ":"at+jwt""#"##,
        "time(expires - 3600)",
    ] {
        assert!(source.contains(part), "the examples of the page have another shape: {part}");
    }
    let rows: Vec<&str> = source.lines().filter(|line| line.trim_start().starts_with("Row { name:")).collect();
    assert_eq!(rows.len(), 5);
    let now = 1_795_183_392;
    for row in rows {
        let field = |name: &str| {
            let value = row.split_once(&format!("{name}: ")).unwrap().1;
            value.split_once([',', ' ']).unwrap().0.trim_matches('"').to_owned()
        };
        let (algorithm, expires) = (field("algorithm"), now + field("expires").parse::<i64>().unwrap());
        let named = field("audience");
        let of = if named == "AUDIENCE" { audience.clone() } else { named };
        let shared = algorithm == "HS256";
        let kid = if shared { "" } else { r#","kid":"demonstration""# };
        let header = format!(r#"{{"alg":"{algorithm}","typ":"at+jwt"{kid}}}"#);
        let payload = |scope: &str| {
            format!(
                r#"{{"iss":"{issuer}","sub":"user-4711","aud":"{of}","client_id":"orders-app","scope":"{scope}","iat":{},"exp":{expires},"jti":"example-{now}","tenant":9007199254740993,"roles":["buyer","approver"]}}"#,
                expires - 3600
            )
        };
        let signer = if shared { Signer::secret(secret.as_bytes()) } else { Signer::of("ES256", 1) };
        let mut token = oracle::token(&header, &payload("orders.read"), &signer);
        if field("tampered") == "true" {
            let forged = oracle::token(&header, &payload("orders.read orders.write"), &signer);
            token = [forged.rsplit_once('.').unwrap().0, token.rsplit_once('.').unwrap().1].join(".");
        }
        let mut options = Options::default();
        options.expectations.issuers.push(issuer.clone());
        options.expectations.audiences.push(audience.clone());
        options.expectations.client_id = Some("orders-app".to_owned());
        options.expectations.required_scopes.push("orders.read".to_owned());
        if shared {
            options.secret.clone_from(&secret);
        } else {
            options.keys = signer.jwk("demonstration");
        }
        let explained = oracle::explained(&token, &options, &Choices::default(), Time::from_seconds(now));
        let lint: Vec<&Finding> =
            explained.whys[0].findings.iter().filter(|finding| finding.code.0.starts_with("lint.")).collect();
        assert!(lint.is_empty(), "{}: {lint:#?}", field("name"));
    }
}
