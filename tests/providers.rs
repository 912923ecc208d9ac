//! Providers: who is recognised by what, which traps apply when, and how to ask each about its tokens.
//!
//! A file of `tests/corpus/providers` is a token with what is to be said of it: `header` and `payload` (or `jwe`, a header
//! alone, or `text`), what is expected beside it, and the provider, its variant, whether that is certain, and exactly the
//! codes of the traps, without `provider.` before them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;

use proptest::prelude::*;
use tokenscope::claims::RequiredClaim;
use tokenscope::crypto::Verification;
use tokenscope::discovery::{Answered, Fetch, Response};
use tokenscope::finding::Severity;
use tokenscope::inspect::{self, Options};
use tokenscope::jose::base64url;
use tokenscope::json::{self, Document, Value};
use tokenscope::messages::Span;
use tokenscope::provider::{self, Reading, Revocation};
use tokenscope::time::Time;
use tokenscope::why::{self, Answers, Ask, Choices, Explained};

const NOW: Time = Time::from_seconds(1_795_183_392);
const ANOTHER_KEY: &str = r#"{"kty":"RSA","kid":"another","n":"sXchDaQebHnPiGvyDOAT4saGEUetSyo9MKLOoWFsueri23bOdgWp4Dy1WlUzewbgBHod5pcM9H95GQRV3JDXboIRROSBigeC5yjU1hGzHHyXss8UDprecbAYxknTcQkhslANGRUZmdTOQ5qTRsLAt6BTYuyvVRdhS8exSZEy_c4gs_7svlJJQ4H9_NxsiIoLwAEk7-Q3UXERGYw_75IDrGA84-lA_-Ct4eTlXHBIY2EaV7t7LjJaynVJCpkv4LKjTTAumiGUIuQhrNhZLuF_RJLqHpM2kgWFLU7-VTdL1VbC2tejvcI2BlMkEpk1BzBZI0KQB0GaDWFLN-aEAw3vRw","e":"AQAB"}"#;

/// A file of the corpus.
struct Case {
    name: String,
    document: Document,
}

impl Case {
    fn all() -> Vec<Case> {
        let mut cases: Vec<Case> = std::fs::read_dir("tests/corpus/providers")
            .unwrap()
            .map(|file| file.unwrap().path())
            .map(|path| Case {
                name: path.file_stem().unwrap().to_string_lossy().into_owned(),
                document: json::read(std::fs::read(&path).unwrap()),
            })
            .collect();
        cases.sort_by(|one, other| one.name.cmp(&other.name));
        assert!(cases.iter().all(|case| case.document.is_json()));
        cases
    }

    fn strings(&self, name: &str) -> Vec<String> {
        let items = self.document.member(name).map(Value::items).unwrap_or_default();
        items.iter().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    fn raw(&self, name: &str) -> Option<String> {
        self.document.member(name).map(|value| self.document.raw(value))
    }

    fn text(&self) -> String {
        if let Some(text) = self.document.string("text") {
            return text.to_owned();
        }
        if let Some(header) = self.raw("jwe") {
            return format!("Authorization: Bearer {}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA", encoded(&header));
        }
        let parts = [self.raw("header").unwrap(), self.raw("payload").unwrap()];
        let padded = self.document.member("padded").is_some();
        let [header, payload] = parts.map(|part| {
            let mut part = encoded(&part);
            while padded && !part.len().is_multiple_of(4) {
                part.push('=');
            }
            part
        });
        format!("{header}.{payload}.{}", base64url::encode(&[7; 64]))
    }

    fn options(&self) -> Options {
        let mut options = Options::default();
        options.expectations.issuers = self.strings("issuers");
        options.expectations.audiences = self.strings("audiences");
        let required = |name| RequiredClaim { name, value: None, contains: None };
        options.expectations.required_claims = self.strings("claims").into_iter().map(required).collect();
        options.fetch_from = self.document.string("keys_url").map(str::to_owned);
        if self.document.member("wrong_key").is_some() {
            match &options.fetch_from {
                Some(_) => options.fetch = Fetch::Origins(vec!["https://login.microsoftonline.com".to_owned()]),
                None => options.keys = ANOTHER_KEY.to_owned(),
            }
        }
        options
    }

    fn explained(&self) -> Explained {
        explain(&self.text(), &self.options())
    }

    /// The only token's reading.
    fn reading(&self) -> Option<Reading> {
        let explained = self.explained();
        assert_eq!(explained.whys.len(), 1, "{}", self.name);
        explained.whys[0].provider.clone()
    }
}

fn encoded(text: &str) -> String {
    base64url::encode(text.as_bytes())
}

/// Explains a text. What is fetched is a set of one key that made none of the tokens, and no signature verifies.
fn explain(text: &str, options: &Options) -> Explained {
    let mut answers = Answers::default();
    for _ in 0..10 {
        let (explained, asks) = why::explain(text, options, &Choices::default(), NOW, NOW, &answers);
        let mut answered = false;
        for ask in asks {
            match ask {
                Ask::Inspect(inspect::Ask::Fetch(request)) => {
                    let url = request.url.as_str().to_owned();
                    let body = format!(r#"{{"keys":[{ANOTHER_KEY}]}}"#).into_bytes();
                    let response = Answered { status: 200, url, body, received: NOW, ..Answered::default() };
                    answers.inspect.respond(request, Response::Answered(response));
                    answered = true;
                }
                Ask::Inspect(inspect::Ask::Verify(plan)) => {
                    answers.inspect.verify(plan, Verification::Invalid);
                    answered = true;
                }
                Ask::VerifyMany(_) | Ask::Open(_) | Ask::Operate(_) => {}
            }
        }
        if !answered {
            return explained;
        }
    }
    panic!("asks without end")
}

fn codes(reading: &Reading) -> Vec<&str> {
    reading.findings.iter().map(|finding| finding.code.0.strip_prefix("provider.").unwrap()).collect()
}

#[test]
fn every_token_of_the_corpus_is_read_as_it_says() {
    let mut wrong = Vec::new();
    for case in Case::all() {
        let reading = case.reading();
        let expected = (
            case.document.string("provider"),
            case.document.string("variant"),
            case.raw("certain").unwrap_or_else(|| "false".to_owned()) == "true",
            case.strings("traps"),
        );
        let found = reading.as_ref().map_or((None, None, false, Vec::new()), |reading| {
            let traps = codes(reading).into_iter().map(str::to_owned).collect();
            (Some(reading.id), reading.variant, reading.certain, traps)
        });
        if found != expected {
            let evidence: Vec<_> =
                reading.iter().flat_map(|reading| reading.evidence.iter().map(ToString::to_string)).collect();
            wrong.push(format!("{}:\n  found    {found:?}\n  expected {expected:?}\n  {evidence:?}", case.name));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_provider_has_a_token_and_every_trap_one_with_it_and_one_without() {
    let readings: Vec<Reading> = Case::all().iter().filter_map(Case::reading).collect();
    let ids: BTreeSet<&str> = readings.iter().map(|reading| reading.id).collect();
    assert_eq!(provider::all().count(), 25);
    for (id, _) in provider::all() {
        assert!(ids.contains(id), "{id} has no token");
    }
    for code in provider::codes() {
        let name = code.0.strip_prefix("provider.").unwrap();
        let with = readings.iter().filter(|reading| codes(reading).contains(&name));
        assert!(with.count() > 0, "{name} never applies");
        let provider = name.split('.').next().unwrap();
        let without = readings.iter().filter(|reading| !codes(reading).contains(&name));
        let of_the_same = |reading: &&Reading| reading.id == provider || provider == "not-a-jwt";
        assert!(without.filter(of_the_same).count() > 0, "{name} always applies");
    }
}

/// A token that is as its provider makes it, looked at without expectations, is no reason to warn.
#[test]
fn ordinary_tokens_bring_no_warning() {
    const ORDINARY: [&str; 37] = [
        "alb",
        "apns",
        "apple",
        "apple-client-secret",
        "appstore",
        "auth0",
        "auth0-machine",
        "b2c",
        "cloudflare",
        "cognito-access",
        "cognito-id",
        "duende",
        "entra-v1",
        "entra-v1-app-only",
        "entra-v2",
        "entra-v2-app-only",
        "external-id",
        "firebase",
        "github-actions",
        "github-app",
        "gitlab-ci",
        "google",
        "google-sa",
        "hydra",
        "keycloak",
        "keycloak-id",
        "kubernetes-bound",
        "kubernetes-legacy",
        "ms-graph",
        "okta-custom",
        "okta-id",
        "okta-org",
        "pingfederate",
        "pingone",
        "spiffe",
        "supabase",
        "vapid",
    ];
    let cases = Case::all();
    for name in ORDINARY {
        let reading = cases.iter().find(|case| case.name == name).unwrap().reading().unwrap();
        assert!(reading.findings.iter().all(|finding| finding.severity == Severity::Info), "{name}");
    }
    let refused = |case: &&Case| case.reading().is_some_and(|reading| reading.findings.iter().any(is_error));
    assert_eq!(cases.iter().filter(refused).count(), 0, "no trap is an error");
}

fn is_error(finding: &tokenscope::finding::Finding) -> bool {
    finding.severity == Severity::Error
}

#[test]
fn every_sentence_is_filled_and_every_recognition_has_evidence() {
    for case in Case::all() {
        let Some(reading) = case.reading() else { continue };
        assert!(!reading.evidence.is_empty(), "{}", case.name);
        let words = reading.findings.iter().map(|finding| why::WORDS.words(finding, NOW));
        let mut prose: Vec<_> = words
            .flat_map(|words| [Some(words.problem), words.explanation, words.remedy])
            .flatten()
            .chain(reading.evidence.clone())
            .chain(reading.claims.iter().map(|(_, prose)| prose.clone()))
            .collect();
        prose.extend(reading.places.iter().map(|place| place.place.clone()));
        for prose in prose {
            let text = prose.to_string();
            // An ellipsis of our own stands in code; one among the words stands in place of a fact.
            let is_missing = |span: &Span| matches!(span, Span::Text(text) if text.contains('…'));
            assert!(!prose.0.iter().any(is_missing) && !text.trim().is_empty(), "{}: {text}", case.name);
        }
    }
}

#[test]
fn claims_are_explained_as_this_provider_means_them() {
    let explained = |case: &str, claim: &str| {
        let case = Case::all().into_iter().find(|known| known.name == case).unwrap();
        let reading = case.reading().unwrap();
        let found = reading.claims.iter().find(|(name, _)| name == claim);
        found.unwrap_or_else(|| panic!("{claim}")).1.to_string()
    };
    assert!(explained("okta-custom", "sub").contains("login"));
    assert!(explained("okta-custom-client-credentials", "sub").contains("client itself"));
    assert!(explained("okta-custom-refresh-token", "jti").contains("oar"));
    assert!(explained("entra-v2", "sub").contains("only this app"));
    assert!(explained("entra-v2-app-only", "sub").contains("service principal"));
    assert!(explained("entra-v1", "appidacr").contains("client secret"));
    assert!(explained("entra-v2", "xms_ftd").contains("Internal"));
    assert!(explained("entra-v1", "uti").contains("logs"));
    assert!(explained("entra-v1-app-only-without-idtyp", "roles").contains("the app itself"));
    assert!(explained("firebase-emulator", "/header/alg").contains("emulator"));
    assert!(explained("cognito-access", "token_use").contains("access token"));
    assert!(explained("cognito-id", "cognito:groups").contains("Groups"));
    assert!(explained("keycloak", "typ").contains("access token"));
    assert!(explained("keycloak-account", "aud").contains("no API"));
    assert!(explained("kubernetes-legacy", "kubernetes.io/serviceaccount/namespace").contains("old form"));
    assert!(explained("alb", "/header/signer").contains("load balancer"));
    assert!(explained("ms-graph", "/header/nonce").contains("Microsoft"));
    assert!(explained("supabase", "aal").contains("One factor"));
    assert!(explained("gitlab-sign-in", "https://gitlab.org/claims/groups/owner").contains("role"));
}

#[test]
fn scopes_roles_and_clients_stand_where_the_provider_keeps_them() {
    let values = |case: &str, what: &str| {
        let case = Case::all().into_iter().find(|known| known.name == case).unwrap();
        let places = case.reading().unwrap().places;
        assert_eq!(places.iter().map(|place| place.what).collect::<Vec<_>>(), ["scopes", "roles", "client"]);
        places.into_iter().find(|place| place.what == what).unwrap().values
    };
    assert_eq!(values("okta-custom", "scopes"), ["openid", "orders.read"]);
    assert_eq!(values("okta-custom", "client"), ["0oa1bcdefGHIJKLmno4x"]);
    assert_eq!(values("entra-v1-app-only", "roles"), ["Orders.Read.All"]);
    assert_eq!(values("entra-v1-app-only", "scopes"), [""; 0]);
    assert_eq!(values("keycloak", "roles"), ["default-roles-shop", "view-profile"]);
    assert_eq!(values("keycloak", "scopes"), ["openid", "profile"]);
    assert_eq!(values("cognito-id", "roles"), ["admins"]);
    assert_eq!(values("duende", "scopes"), ["openid", "orders.read"]);
    assert_eq!(values("auth0", "roles"), ["read:orders"]);
    assert_eq!(values("alb", "client"), ["0oa1bcdefGHIJKLmno4x"]);
    // In an ID token the client is the audience.
    for (case, client) in [
        ("okta-id", "0oa1bcdefGHIJKLmno4x"),
        ("entra-v2-id", "5c1f8e02-93ab-4d7e-b6f0-1a2b3c4d5e6f"),
        ("cognito-id", "1example23456789abcdefghij"),
        ("apple", "com.example.app"),
    ] {
        assert_eq!(values(case, "client"), [client], "{case}");
    }
    assert_eq!(values("cloudflare", "client").len(), 1);
    assert_eq!(values("entra-v2-app-only", "client").len(), 1);
}

#[test]
fn each_authorization_server_is_asked_at_its_own_address() {
    let of = |case: &str| -> Revocation {
        let case = Case::all().into_iter().find(|known| known.name == case).unwrap();
        let payload = case.document.member("payload");
        let issuer = payload.and_then(|payload| payload.member("iss")).and_then(Value::as_str).unwrap_or_default();
        provider::revocation(case.reading().as_ref(), issuer)
    };
    let introspection = |case: &str| of(case).introspection.unwrap_or_default();
    assert_eq!(introspection("okta-custom"), "https://dev-1234.okta.com/oauth2/default/v1/introspect");
    assert_eq!(introspection("okta-org"), "https://dev-1234.okta.com/oauth2/v1/introspect");
    assert_eq!(
        introspection("okta-custom-domain"),
        "https://login.example.com/oauth2/aus1bcdefGHIJKLmno4x/v1/introspect"
    );
    assert_eq!(
        introspection("keycloak"),
        "https://sso.example.com/realms/shop/protocol/openid-connect/token/introspect"
    );
    assert_eq!(introspection("duende"), "https://id.example.com/connect/introspect");
    assert_eq!(introspection("pingone"), "https://auth.pingone.eu/8f4b2c1e-6a3d-4b7f-9c2e-1d5a7e9b3c40/as/introspect");
    for none in ["entra-v1", "entra-v2", "cognito-access", "auth0", "google", "hydra", "github-actions", "vapid"] {
        assert_eq!(introspection(none), "", "{none}");
    }
    assert_eq!(of("auth0").userinfo.as_deref(), Some("https://dev-1234.eu.auth0.com/userinfo"));
    for case in Case::all() {
        let revocation = of(&case.name);
        assert!(!revocation.explanation.to_string().is_empty(), "{}", case.name);
        assert!(!revocation.alternative.to_string().is_empty(), "{}", case.name);
        assert!(revocation.reference.starts_with("https://"), "{}", case.name);
        for endpoint in [revocation.introspection, revocation.userinfo].into_iter().flatten() {
            assert!(endpoint.starts_with("http") && !endpoint.contains("//v1"), "{}: {endpoint}", case.name);
        }
    }
    // An issuer tells without a token, and where nothing is known the metadata does.
    let alone = |issuer: &str| provider::revocation(None, issuer);
    assert!(alone("https://dev-1234.okta.com").introspection.unwrap().ends_with("/oauth2/v1/introspect"));
    assert!(
        alone("https://dev-1234.okta.com/oauth2/default").introspection.unwrap().ends_with("default/v1/introspect")
    );
    let unknown = alone("https://id.example.com");
    assert_eq!((unknown.introspection, unknown.userinfo), (None, None));
    assert!(unknown.explanation.to_string().contains("https://id.example.com"));
    assert!(alone("").explanation.to_string().contains("no issuer"));
}

/// The words of the table keep to the rules of all words: nobody is blamed, and every sentence is whole.
#[test]
fn the_words_of_the_table_are_whole_and_blame_nobody() {
    let text = include_str!("../src/data/providers.json");
    for word in ["you entered", "your mistake", "oops", "sorry", "illegal", "please"] {
        assert!(!text.to_lowercase().contains(word), "{word}");
    }
    let table = json::read(text.as_bytes().to_vec());
    assert!(table.is_json() && table.faults.is_empty());
    for provider in table.member("providers").unwrap().items() {
        for claim in provider.member("claims").unwrap().items() {
            let words = claim.items()[1].as_str().unwrap();
            assert!(words.ends_with('.') && words.matches('`').count() % 2 == 0, "{words}");
        }
        for row in provider.member("revocation").unwrap().items() {
            for name in ["explanation", "alternative"] {
                assert!(row.member(name).unwrap().as_str().unwrap().ends_with('.'), "{name}");
            }
        }
    }
}

/// What an ordinary and a hostile token cost: the page must not stop.
#[test]
fn a_hostile_token_costs_little() {
    let members: Vec<String> = (0..40_000).map(|number| format!(r#""xms_{number}":["AT.x","repo:a"]"#)).collect();
    let payload = format!(r#"{{"iss":"https://{}.okta.com",{}}}"#, "a.okta.com/".repeat(20_000), members.join(","));
    let text = format!("{}.{}.AAAA", encoded(r#"{"alg":"RS256"}"#), encoded(&payload));
    let explained = explain(&text, &Options::default());
    assert_eq!(explained.whys.len(), 1);
    let reading = explained.whys[0].provider.clone();
    assert!(reading.is_none_or(|reading| reading.claims.len() < 600));
}

fn claim() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "iss",
        "aud",
        "sub",
        "jti",
        "typ",
        "azp",
        "cid",
        "uid",
        "scp",
        "scope",
        "role",
        "exp",
        "iat",
        "nbf",
        "ext",
        "tid",
        "oid",
        "ver",
        "kubernetes.io",
        "firebase",
        "realm_access",
        "tfp",
        "nonce",
        "email",
        "idtyp",
        "roles",
        "aal",
    ]);
    let value = prop_oneof![
        Just("null".to_owned()),
        Just(r#""AT.a.oarb""#.to_owned()),
        Just(r#""https://dev-1234.okta.com""#.to_owned()),
        Just(r#""https://x.auth0.com/""#.to_owned()),
        Just(r#""https://sso.example.com/realms/x""#.to_owned()),
        Just(r#"[1,["a"],{"b":"c"},"account"]"#.to_owned()),
        Just(r#"{"roles":["a"],"warnafter":1e9,"sign_in_provider":"x","pod":{"name":1}}"#.to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        ".{0,12}".prop_map(|text| json::quoted(&text)),
    ];
    (name, value).prop_map(|(name, value)| format!("{}:{value}", json::quoted(name)))
}

proptest! {
    #[test]
    fn it_never_panics(
        header in prop::collection::vec(claim(), 0..4),
        claims in prop::collection::vec(claim(), 0..12),
        issuer in ".{0,20}",
        cut in 0_usize..40,
    ) {
        let text = format!(
            "{}.{}.AAAA",
            encoded(&format!("{{{}}}", [vec![r#""alg":"RS256""#.to_owned()], header].concat().join(","))),
            encoded(&format!("{{{}}}", claims.join(",")))
        );
        let mut options = Options::default();
        options.expectations.issuers = vec![issuer.clone()];
        for text in [&text, text.get(..text.len().saturating_sub(cut)).unwrap()] {
            for why in explain(text, &options).whys {
                let errors = why.provider.iter().flat_map(|reading| &reading.findings).filter(|finding| is_error(finding));
                prop_assert_eq!(errors.count(), 0);
                provider::revocation(why.provider.as_ref(), &issuer);
            }
        }
    }
}
