//! The lint: each finding on a token that brings it, and silence on its neighbours and on good tokens.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/corpus.rs"]
mod corpus;
#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;

use std::collections::BTreeSet;

use corpus::Case;
use oracle::Signer;
use proptest::prelude::*;
use tokenscope::finding::{Certainty, Code, Fact, Finding, Severity};
use tokenscope::inspect::{self, Options};
use tokenscope::jose::base64url;
use tokenscope::lint;
use tokenscope::messages;
use tokenscope::profile::{self, Level, Requirement, Status};
use tokenscope::provider;
use tokenscope::report::Verdict;
use tokenscope::role::Role;
use tokenscope::time::Time;
use tokenscope::why::{Answers, Ask, Choices, Companions, MOST_PLANS, Subject, Why};

const NOW: Time = Time::from_seconds(1_795_183_392);

/// A token to look over, and what is known beside it.
#[derive(Default)]
struct Scene {
    text: String,
    options: Options,
    choices: Choices,
    companions: Companions,
    profile: Option<profile::Reading>,
    provider: Option<provider::Reading>,
}

impl Scene {
    fn of(text: String) -> Scene {
        Scene { text, ..Scene::default() }
    }

    /// Looks the first token over, with every ask carried out.
    fn findings(&self) -> Vec<Finding> {
        let mut answers = Answers::default();
        for _ in 0..4 {
            let (findings, asks) = self.look(&answers);
            if asks.is_empty() {
                return findings;
            }
            for plan in asks {
                let answer = oracle::verify(&plan);
                answers.inspect.verify(plan, answer);
            }
        }
        panic!("asks without end: {}", self.text);
    }

    fn look(&self, answers: &Answers) -> (Vec<Finding>, Vec<tokenscope::crypto::Plan>) {
        let (report, asks) = inspect::inspect(&self.text, &self.options, NOW, NOW, &answers.inspect);
        let mut plans: Vec<_> = asks
            .into_iter()
            .map(|ask| match ask {
                inspect::Ask::Verify(plan) => plan,
                inspect::Ask::Fetch(request) => panic!("nothing is fetched in tests: {request:?}"),
            })
            .collect();
        let Some(token) = report.tokens.first() else { return (Vec::new(), plans) };
        let places = inspect::places(&self.text, &self.options, NOW, &answers.inspect);
        let subject = Subject {
            text: &self.text,
            token,
            companions: &self.companions,
            options: &self.options,
            choices: &self.choices,
            places: &places,
            now: NOW,
        };
        let linted = lint::lint(&subject, self.profile.as_ref(), self.provider.as_ref(), answers);
        for ask in linted.asks {
            let Ask::VerifyMany(more) = ask else { panic!("the lint asks for verifications alone: {ask:?}") };
            assert!(!more.is_empty() && more.len() <= MOST_PLANS, "{} plans at once", more.len());
            plans.extend(more);
        }
        (linted.findings, plans)
    }
}

/// The scene that a case of the corpus describes.
fn scene(case: &Case) -> Scene {
    let (header, payload) = case.text.split_once('\n').unwrap();
    let mut payload = payload.to_owned();
    if let Some(fill) = case.value("fill") {
        let long = "x".repeat(fill.parse().unwrap());
        payload = payload.replacen('{', &format!(r#"{{"groups":"{long}","#), 1);
    }
    let token = token(header, &payload, case.value("signed-with"));
    let mut scene = Scene::of(case.value("around").map_or(token.clone(), |around| around.replace("TOKEN", &token)));
    let value = |name: &str| case.value(name).unwrap_or_default().to_owned();
    scene.options.keys = value("keys");
    scene.options.secret = value("secret");
    scene.options.expectations.issuers = case.values("expects").map(str::to_owned).collect();
    scene.choices.role = if case.value("role") == Some("api") { Role::Api } else { Role::Looking };
    if let Some(other) = case.value("id-token") {
        scene.companions.access_token = Some(token);
        scene.companions.id_token = Some(self::token(r#"{"alg":"ES256","typ":"JWT"}"#, other, None));
    }
    scene.profile = case.value("profile").map(|id| profile(id, case.value("broken"), case.value("said")));
    scene.provider = case.value("provider").map(provider);
    scene
}

/// A signed token; an encrypted one where the header says so, and one of filler where the algorithm is none of ours.
fn token(header: &str, payload: &str, secret: Option<&str>) -> String {
    let document = tokenscope::json::read(header.as_bytes().to_vec());
    let algorithm = document.string("alg").unwrap_or_default();
    if document.member("enc").is_some() {
        return [header.as_bytes(), b"key", b"iv", b"content", b"tag"].map(base64url::encode).join(".");
    }
    if algorithm == "none" {
        return [base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes()), String::new()].join(".");
    }
    let known = tokenscope::jose::algorithm::Algorithm::named(algorithm).is_some_and(|algorithm| algorithm.supported);
    if !known {
        return [header.as_bytes(), payload.as_bytes(), &[7; 64]].map(base64url::encode).join(".");
    }
    let signer = secret.map_or_else(|| Signer::of(algorithm, 1), |secret| Signer::secret(secret.as_bytes()));
    oracle::token(header, payload, &signer)
}

/// A reading with what the lint looks at; the rest is any token's.
fn profile(id: &str, broken: Option<&str>, said: Option<&str>) -> profile::Reading {
    let any = explained(r#"{"alg":"ES256","typ":"at+jwt"}"#, "{}").profile.unwrap();
    let requirement = |item: &str| Requirement {
        item: item.to_owned().leak(),
        level: Level::Required,
        status: Status::Broken,
        ..any.requirements[0].clone()
    };
    profile::Reading {
        id: id.to_owned().leak(),
        requirements: broken.into_iter().map(requirement).collect(),
        findings: said.into_iter().map(|subject| Finding::warning(Code("profile.test"), subject)).collect(),
        ..any
    }
}

fn provider(id: &str) -> provider::Reading {
    let payload = r#"{"iss":"https://dev-1234.okta.com/oauth2/default"}"#;
    let any = explained(r#"{"alg":"ES256"}"#, payload).provider.unwrap();
    provider::Reading { id: id.to_owned().leak(), certain: true, findings: Vec::new(), ..any }
}

fn explained(header: &str, payload: &str) -> Why {
    let token = token(header, payload, None);
    oracle::explained(&token, &Options::default(), &Choices::default(), NOW).whys.remove(0)
}

fn line(finding: &Finding) -> String {
    let severity = match finding.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "info",
        Severity::Ok => "ok",
    };
    let certainty = match finding.certainty {
        Certainty::Proved => "proved",
        Certainty::Stated => "stated",
        Certainty::Likely => "likely",
    };
    format!("{severity} {certainty} {} {}", finding.code.0, finding.subject)
}

#[test]
fn each_case_of_the_corpus_brings_what_it_says_and_nothing_else() {
    let mut wrong = Vec::new();
    for case in corpus::cases("lint") {
        let mut found: Vec<String> = scene(&case).findings().iter().map(line).collect();
        let mut expected: Vec<String> = case.values("finds").map(str::to_owned).collect();
        found.sort();
        expected.sort();
        if found != expected {
            wrong.push(format!("{}\n  expected {expected:#?}\n  found {found:#?}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_has_a_case_that_brings_it_and_one_beside_it_that_does_not() {
    let cases = corpus::cases("lint");
    let brought: BTreeSet<&str> =
        cases.iter().flat_map(|case| case.values("finds")).filter_map(|line| line.split(' ').nth(2)).collect();
    let codes: BTreeSet<&str> = lint::codes().iter().map(|code| code.0).collect();
    assert_eq!(brought, codes);
    let silent = cases.iter().filter(|case| case.values("finds").next().is_none()).count();
    assert!(silent > 60, "{silent}");
}

#[test]
fn good_tokens_of_the_providers_bring_no_warning() {
    let good: Vec<Case> = corpus::cases("lint").into_iter().filter(|case| case.name.starts_with("good-")).collect();
    assert!(good.len() > 35, "{}", good.len());
    for case in good {
        let scene = scene(&case);
        for finding in scene.findings() {
            assert_eq!(finding.severity, Severity::Info, "{}: {}", case.name, line(&finding));
        }
        // With every room, where the provider is recognised as the one of the case.
        let explained = oracle::explained(&scene.text, &scene.options, &scene.choices, NOW);
        for why in &explained.whys {
            let recognised = why.provider.as_ref().map(|provider| provider.id);
            if case.value("provider").is_some_and(|id| recognised != Some(id)) {
                continue;
            }
            for finding in why.findings.iter().filter(|finding| finding.code.0.starts_with("lint.")) {
                assert_eq!(finding.severity, Severity::Info, "{}: {}", case.name, line(finding));
            }
        }
    }
}

/// The payloads of `src/page/examples.rs`, with the expectations that the page fills in.
#[test]
fn the_examples_of_the_page_bring_nothing() {
    let payload = |audience: &str, expires: i64, scope: &str| {
        let (now, expires) = (NOW.seconds(), NOW.seconds() + expires);
        format!(
            r#"{{"iss":"https://demo.tokenscope.example","sub":"user-4711","aud":"{audience}","client_id":"orders-app","scope":"{scope}","iat":{},"exp":{expires},"jti":"example-{now}","tenant":9007199254740993,"roles":["buyer","approver"]}}"#,
            expires - 3600
        )
    };
    let secret = "a-demonstration-secret-of-43-characters-long";
    for (algorithm, audience, expires) in [
        ("ES256", "api://orders", 3000),
        ("ES256", "api://orders", -192),
        ("ES256", "api://default", 3000),
        ("HS256", "api://orders", 3000),
    ] {
        let by_secret = algorithm == "HS256";
        let header = match by_secret {
            true => r#"{"alg":"HS256","typ":"at+jwt"}"#,
            false => r#"{"alg":"ES256","typ":"at+jwt","kid":"demonstration"}"#,
        };
        let signed = token(header, &payload(audience, expires, "orders.read"), by_secret.then_some(secret));
        let other = base64url::encode(payload(audience, expires, "orders.read orders.write").as_bytes());
        let pieces: Vec<&str> = signed.split('.').collect();
        for text in [signed.clone(), [pieces[0], &other, pieces[2]].join(".")] {
            let mut scene = Scene::of(text);
            scene.options.expectations.issuers = vec!["https://demo.tokenscope.example".to_owned()];
            scene.options.expectations.audiences = vec!["api://orders".to_owned()];
            scene.options.expectations.client_id = Some("orders-app".to_owned());
            match by_secret {
                true => scene.options.secret = secret.to_owned(),
                false => scene.options.keys = Signer::of("ES256", 1).jwk("demonstration"),
            }
            assert_eq!(scene.findings().iter().map(line).collect::<Vec<_>>(), Vec::<String>::new());
            let explained = oracle::explained(&scene.text, &scene.options, &scene.choices, NOW);
            let mut findings = explained.whys.iter().flat_map(|why| &why.findings);
            assert_eq!(findings.find(|finding| finding.code.0.starts_with("lint.")), None);
        }
    }
}

#[test]
fn nothing_of_the_lint_bears_on_the_verdict() {
    for case in corpus::cases("lint") {
        let scene = scene(&case);
        assert!(scene.findings().iter().all(|finding| finding.severity > Severity::Error), "{}", case.name);
    }
    let signer = Signer::secret(b"secret");
    let token = oracle::token(r#"{"alg":"HS256"}"#, r#"{"iss":"a","aud":"b","exp":1795190000}"#, &signer);
    let mut options = Options { secret: "secret".to_owned(), ..Options::default() };
    options.expectations.issuers = vec!["a".to_owned()];
    options.expectations.audiences = vec!["b".to_owned()];
    let explained = oracle::explained(&token, &options, &Choices::default(), NOW);
    let why = &explained.whys[0];
    assert!(why.findings.iter().any(|finding| finding.code == lint::code::WELL_KNOWN_SECRET), "{:?}", why.findings);
    assert_eq!(explained.report.tokens[0].verdict, Verdict::Accepted);
}

#[test]
fn every_finding_is_worded_with_all_of_its_facts() {
    messages::extend(&tokenscope::why::WORDS);
    for case in corpus::cases("lint") {
        for finding in scene(&case).findings() {
            let words = messages::words(&finding, NOW);
            let (explanation, remedy) = (words.explanation.unwrap(), words.remedy.unwrap());
            assert!(words.reference.is_some_and(|reference| reference.starts_with("https://")), "{}", case.name);
            for prose in [words.problem, explanation, remedy] {
                let text = prose.to_string();
                assert!(!text.contains('…') || text.len() > 160, "{}: {text}", case.name);
                assert!(!text.contains(['{', '}']) || finding.code.0.starts_with("lint.kid-"), "{}: {text}", case.name);
            }
        }
    }
}

#[test]
fn the_secrets_are_asked_for_once_and_for_the_first_token_alone() {
    let unknown = Signer::secret(b"kB7vQ2pXz9LmR4tYw8NcJ6hGd3FsA5eU");
    let tokens: Vec<String> = (0..12)
        .map(|number| oracle::token(r#"{"alg":"HS256"}"#, &format!(r#"{{"sub":"{number}"}}"#), &unknown))
        .collect();
    let other = oracle::token(r#"{"alg":"ES256"}"#, "{}", &Signer::of("ES256", 1));
    let text = [other, tokens.join("\n")].join("\n");
    let mut answers = Answers::default();
    let mut asked = 0;
    for round in 0..4 {
        let (_, asks) = tokenscope::why::explain(&text, &Options::default(), &Choices::default(), NOW, NOW, &answers);
        let many = asks.iter().filter_map(|ask| match ask {
            Ask::VerifyMany(plans) => Some(plans.clone()),
            _ => None,
        });
        let plans: Vec<_> = many.flatten().collect();
        assert!(round == 0 || plans.is_empty(), "asked again: {}", plans.len());
        asked += plans.len();
        for plan in plans {
            let answer = oracle::verify(&plan);
            answers.inspect.verify(plan, answer);
        }
    }
    assert!((300..=450).contains(&asked), "{asked}");
    // Beside a second text the answers of both are kept, so that the asks come to an end.
    let choices = Choices { compare_with: Some(text.replace("eyJzdWIi", "eyJhdWQi")), ..Choices::default() };
    oracle::explained(&text, &Options::default(), &choices, NOW);
}

#[test]
fn a_signature_that_is_good_by_another_secret_asks_nothing() {
    let secret = "kB7vQ2pXz9LmR4tYw8NcJ6hGd3FsA5eU";
    let mut scene = Scene::of(token(r#"{"alg":"HS256"}"#, "{}", Some(secret)));
    scene.options.secret = secret.to_owned();
    let (_, plans) = scene.look(&Answers::default());
    let mut answers = Answers::default();
    let own = plans.into_iter().next().unwrap();
    let answer = oracle::verify(&own);
    answers.inspect.verify(own, answer);
    assert_eq!(scene.look(&answers).1, []);
}

#[test]
fn a_hostile_payload_is_linted_within_bounds() {
    let many: Vec<String> =
        (0..100_000).map(|number| format!(r#""email{number}":"a@example.com","password":"p""#)).collect();
    let stars = vec![r#""*""#; 100_000].join(",");
    let deep = format!("{}1{}", r#"{"token":["#.repeat(200), "]}".repeat(200));
    let long =
        format!(r#"{{"alg":"HS256","kid":"{}","crit":[{}]}}"#, "../".repeat(50_000), vec![r#""x""#; 50_000].join(","));
    for (header, payload) in [
        (r#"{"alg":"HS256"}"#, format!("{{{}}}", many.join(","))),
        (r#"{"alg":"HS256"}"#, format!(r#"{{"aud":[{stars}],"scp":[{stars}],"scope":"{}"}}"#, "* ".repeat(100_000))),
        (r#"{"alg":"HS256"}"#, deep),
        (long.as_str(), r#"{"iss":"a"}"#.to_owned()),
    ] {
        let scene = Scene::of(token(header, &payload, None));
        let (findings, plans) = scene.look(&Answers::default());
        assert!(findings.len() < 30, "{}", findings.len());
        let size: usize = findings.iter().map(|finding| format!("{finding:?}").len()).sum();
        assert!(size < 40_000, "{size}");
        assert!(plans.len() <= MOST_PLANS);
    }
}

/// Names that the lint knows, for tokens that it has much to say about.
const NAMES: [&str; 16] = [
    "email",
    "name",
    "address",
    "ssn",
    "password",
    "client_secret",
    "refresh_token",
    "card_number",
    "sub",
    "birthdate",
    "phone_number",
    "api_key",
    "payment",
    "https://example.com/claims/email",
    "iban",
    "user",
];

proptest! {
    #![proptest_config(corpus::config())]

    /// Whatever a token holds, the lint has an answer.
    #[test]
    fn it_never_panics(header in ".{0,80}", payload in ".{0,200}", member in "[a-z_]{1,10}", value in any::<i64>()) {
        for (header, payload) in [
            (header.clone(), payload.clone()),
            (format!(r#"{{"alg":"HS256","kid":{0:?},"jku":{0:?},"crit":[{0:?}]}}"#, header), format!(r#"{{"{member}":{value},"exp":{value},"aud":{payload:?}}}"#)),
            (r#"{"alg":"RSA1_5","enc":"A","p2c":1e999}"#.to_owned(), payload),
        ] {
            let scene = Scene::of([header.as_bytes(), payload.as_bytes(), &[7; 32]].map(base64url::encode).join("."));
            scene.look(&Answers::default());
        }
    }

    /// Values of personal claims, passwords and the like never become evidence, nor does the typed secret.
    #[test]
    fn values_are_never_shown(names in prop::collection::vec(prop::sample::select(NAMES.to_vec()), 1..6), shape in 0..5_u8, number in 0..1000_u32) {
        let canary = format!("canary{number:04}");
        let value = match shape {
            0 => format!(r#""{canary}""#),
            1 => format!(r#"["{canary}"]"#),
            2 => format!(r#"{{"street_address":"{canary}","email":"{canary}@example.com"}}"#),
            3 => format!(r#""-----BEGIN PRIVATE KEY-----\n{canary}\n-----END PRIVATE KEY-----""#),
            _ => format!(r#""eyJhbGciOiJIUzI1NiJ9.{canary}.AAAAAAAAAAAAAAAAAAAAAA""#),
        };
        let members: Vec<String> = names.iter().map(|name| format!(r#""{name}":{value}"#)).collect();
        let payload = format!("{{{}}}", members.join(","));
        let mut scene = Scene::of(token(r#"{"alg":"HS256"}"#, &payload, Some(&canary)));
        scene.options.secret = format!("{canary}{canary}{canary}");
        let (findings, _) = scene.look(&Answers::default());
        prop_assert!(!findings.is_empty());
        for finding in findings {
            let shown = format!("{:?} {}", finding.evidence, finding.subject);
            prop_assert!(!shown.contains("canary"), "{}", shown);
            for (_, fact) in &finding.evidence {
                if let Fact::List(items) = fact {
                    prop_assert!(items.iter().all(|item| item.len() <= 200));
                }
            }
        }
    }
}
