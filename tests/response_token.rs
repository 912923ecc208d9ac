//! Tokens as they are sent: what is read of 300 of them, and of those that are something else.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests too")]

use tokenscope::jose::base64url;
use tokenscope::response_doctor::evidence::SentToken;
use tokenscope::response_doctor::token::{self, TokenFacts, TokenWhat};
use tokenscope::time::Time;

fn read(text: &str) -> TokenFacts {
    token::read(&SentToken { text: text.to_owned(), ..SentToken::default() }).unwrap()
}

fn jwt(header: &str, payload: &str) -> String {
    let signature = base64url::encode(&[7; 256]);
    [base64url::encode(header.as_bytes()), base64url::encode(payload.as_bytes()), signature].join(".")
}

/// A generator that gives the same numbers every time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn word(&mut self, length: usize) -> String {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        (0..length).map(|_| char::from(LETTERS[self.below(LETTERS.len())])).collect()
    }
}

struct Sample {
    token: String,
    payload: String,
    name: String,
    subject: String,
    expires: i64,
    scopes: Vec<&'static str>,
}

const NAMES: [&str; 8] = ["Jane Doe", "Ann Lee", "Max Roe", "Al Poe", "Kim O'Neil", "Pat Q. Roe", "Lou", "Bo Ek"];
const OTHER_NAMES: [&str; 8] = [
    "Ζωή Παπαδοπούλου",
    "ソフィー ターナー",
    "李小龍 （東京）",
    "Фёдор Ющенко-Шпак",
    "Ｍａｒｉａ Ｓｃｈｏｅｎ",
    "ひろし ﾔﾏﾀﾞ",
    "مُحَمَّد عَلي",
    "Борис Щукин",
];

/// Tokens of the shape that Okta's custom servers give, in every third a name that is not ASCII where that is wanted.
fn samples(has_other_names: bool) -> Vec<Sample> {
    let mut numbers = Numbers(20_261_120);
    let all = ["openid", "profile", "email", "offline_access", "orders.read", "orders.write", "groups"];
    (0..300)
        .map(|index| {
            let is_other = has_other_names && index % 3 == 0;
            let name = if is_other { OTHER_NAMES[numbers.below(8)] } else { NAMES[numbers.below(8)] };
            let (given, family) = name.split_once(' ').unwrap_or((name, name));
            let length = 4 + numbers.below(12);
            let subject = format!("{}@example.com", numbers.word(length).to_lowercase());
            let scopes = all[..1 + numbers.below(all.len())].to_vec();
            let (id, client, user) = (numbers.word(42), numbers.word(17), numbers.word(17));
            // A URL with a query, as profiles have them: `?` is what makes `-` and `_` in ASCII.
            let size = 16 + numbers.below(500);
            let picture = format!(r#","picture":"https://app.example/avatar?size={size}""#);
            let picture = if numbers.below(7) < 3 { picture } else { String::new() };
            let issued = 1_795_000_000 + numbers.below(100_000) as i64;
            let expires = issued + 300 * (1 + numbers.below(12) as i64);
            let payload = format!(
                r#"{{"ver":1,"jti":"AT.{id}","iss":"https://dev-1234.okta.com/oauth2/default","aud":"api://default","iat":{issued},"exp":{expires},"cid":"0oa{client}","uid":"00u{user}","scp":["{}"],"auth_time":{},"sub":"{subject}","name":"{name}","given_name":"{given}","family_name":"{family}"{picture}}}"#,
                scopes.join("\",\""),
                issued - 61,
            );
            let header = format!(r#"{{"kid":"{}","alg":"RS256"}}"#, numbers.word(43));
            let token = jwt(&header, &payload);
            Sample { token, payload, name: name.to_owned(), subject, expires, scopes }
        })
        .collect()
}

/// What the guides' shell script does: it cuts the payload out, adds as many `=` as `printf '=%.0s' $(seq 1 $missing)`
/// prints, which is one where none is missing, and gives that to `base64 -d`, which knows the standard alphabet alone.
fn shell_script(token: &str) -> Option<String> {
    let mut payload = token.split('.').nth(1)?.to_owned();
    let missing = (4 - payload.len() % 4) % 4;
    payload.push_str(&"=".repeat(missing.max(1)));
    let body = payload.trim_end_matches('=');
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    if !payload.len().is_multiple_of(4) || payload.len() - body.len() > 2 {
        return None;
    }
    let (mut bytes, mut bits, mut waiting) = (Vec::new(), 0_u32, 0);
    for byte in body.bytes() {
        bits = bits << 6 | alphabet.iter().position(|letter| *letter == byte)? as u32;
        waiting += 6;
        if waiting >= 8 {
            waiting -= 8;
            bytes.push((bits >> waiting) as u8);
            bits &= (1 << waiting) - 1;
        }
    }
    String::from_utf8(bytes).ok()
}

fn is_right(sample: &Sample) -> bool {
    let facts = read(&sample.token);
    let payload = base64url::decode(sample.token.split('.').nth(1).unwrap()).bytes;
    facts.what == TokenWhat::Access
        && !facts.is_damaged
        && facts.is_okta_custom
        && !facts.is_machine
        && facts.subject == sample.subject
        && facts.expires == Some(Time::from_seconds(sample.expires))
        && facts.scopes.as_deref().is_some_and(|scopes| scopes == sample.scopes)
        && tokenscope::json::read(payload).string("name") == Some(&sample.name)
}

#[test]
fn three_hundred_tokens_are_read_where_the_shell_script_fails() {
    for (has_other_names, kind) in [(false, "plain"), (true, "a third with names beyond ASCII")] {
        let samples = samples(has_other_names);
        let ours = samples.iter().filter(|sample| is_right(sample)).count();
        let theirs =
            samples.iter().filter(|sample| shell_script(&sample.token).as_ref() != Some(&sample.payload)).count();
        println!("{kind}: {ours} of 300 read rightly; the shell script fails on {theirs}");
        assert_eq!(ours, 300, "{kind}");
        assert!(theirs > 100, "{kind}: {theirs}");
        for remainder in 0..3 {
            assert!(samples.iter().any(|sample| sample.payload.len() % 3 == remainder), "{kind}: {remainder} mod 3");
        }
        for remainder in 0..4 {
            assert!(samples.iter().any(|sample| sample.payload.len() % 4 == remainder), "{kind}: {remainder} mod 4");
        }
        for remainder in [0, 2, 3] {
            let part = |sample: &Sample| sample.token.split('.').nth(1).unwrap().len() % 4;
            assert!(samples.iter().any(|sample| part(sample) == remainder), "{kind}: text {remainder} mod 4");
        }
        if has_other_names {
            for sign in ['-', '_'] {
                let has = |sample: &Sample| sample.token.split('.').nth(1).unwrap().contains(sign);
                assert!(samples.iter().any(has), "{kind}: {sign}");
            }
        }
    }
}

#[test]
fn the_shell_script_reads_what_it_can() {
    let token = jwt("{}", r#"{"exp":1}"#);
    assert_eq!(shell_script(&token), None, "its text has a length that needs no padding");
    assert_eq!(shell_script(&jwt("{}", r#"{"exp":10}"#)).as_deref(), Some(r#"{"exp":10}"#));
}

#[test]
fn any_base64_is_read() {
    let sample = &samples(true)[0];
    let standard = sample.token.replace('-', "+").replace('_', "/");
    let padded = sample.token.split('.').map(|part| format!("{part}{}", "=".repeat((4 - part.len() % 4) % 4)));
    let padded = padded.collect::<Vec<_>>().join(".");
    for text in [standard, padded, format!("\"{}\"", sample.token), format!("\n{} ", sample.token)] {
        assert_eq!(read(&text).subject, sample.subject, "{text}");
    }
}

#[test]
fn what_a_token_is_is_told_by_what_only_that_kind_has() {
    let check = |header: &str, payload: &str, what: TokenWhat, sign: &str| {
        let facts = read(&jwt(header, payload));
        assert_eq!((facts.what, facts.sign), (what, sign), "{header} {payload}");
    };
    use TokenWhat::{Access, Id, OtherJwt};
    check("{}", r#"{"scp":["openid"],"nonce":"n"}"#, Access, "");
    check(r#"{"typ":"at+jwt"}"#, r#"{"nonce":"n"}"#, Access, "");
    check(r#"{"typ":"application/okta-internal-at+jwt"}"#, "{}", Access, "");
    check("{}", r#"{"jti":"ID.abc","aud":"0oab8eb55Kb9jdMIr5d6"}"#, Id, "jti");
    check("{}", r#"{"aud":"0oab8eb55Kb9jdMIr5d6","sub":"00u1"}"#, Id, "aud");
    check("{}", r#"{"aud":"app","at_hash":"x"}"#, Id, "at_hash");
    check("{}", r#"{"aud":"app","nonce":"x"}"#, Id, "nonce");
    check("{}", r#"{"token_use":"id"}"#, Id, "token_use");
    check("{}", r#"{"token_use":"access","client_id":"x"}"#, Access, "");
    check("{}", r#"{"typ":"ID"}"#, Id, "typ");
    check("{}", r#"{"typ":"Refresh"}"#, OtherJwt, "typ");
    check(r#"{"typ":"dpop+jwt"}"#, r#"{"htm":"GET","htu":"https://api.example.com"}"#, OtherJwt, "typ");
    check("{}", r#"{"htm":"GET","htu":"https://api.example.com"}"#, OtherJwt, "htu");
    check("{}", r#"{"events":{},"aud":"x"}"#, OtherJwt, "events");
    check("{}", r#"{"iss":"app","sub":"app","aud":"https://id.example.com/token"}"#, OtherJwt, "sub");
    check("{}", r#"{"sub":"x"}"#, Access, "");
}

#[test]
fn what_is_no_readable_token_is_told_too() {
    let check = |text: &str, what: TokenWhat| assert_eq!(read(text).what, what, "{text}");
    check("00aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789_-ab", TokenWhat::ApiToken);
    check("x7Qd0cV3kPq2mS9tR5wY8zA1bC4eF6gH0jK2lM4nO6p", TokenWhat::Opaque);
    check("ya29.a0AfH6SMBx", TokenWhat::Opaque);
    check(
        "eyJhbGciOiJkaXIiLCJlbmMiOiJBMjU2R0NNIn0..aaaaaaaaaaaaaaaa.bbbb.cccccccccccccccccccccc",
        TokenWhat::Encrypted,
    );
    let cut = jwt("{}", r#"{"iss":"https://dev-1234.okta.com","exp":1795183200}"#);
    let facts = read(&cut[..cut.len() - 380]);
    assert!(facts.is_damaged && facts.what == TokenWhat::Access);
    for text in [
        "",
        " ",
        "undefined",
        "null",
        "[object Object]",
        "$TOKEN",
        "${token}",
        "<access_token>",
        "{{token}}",
        "YOUR_TOKEN",
    ] {
        assert_eq!(token::read(&SentToken { text: text.to_owned(), ..SentToken::default() }), None, "{text}");
    }
}

#[test]
fn facts_are_those_of_the_claims() {
    let facts = read(&jwt(
        r#"{"kid":"k1","typ":"JWT"}"#,
        r#"{"iss":"https://id.example.com","sub":"0oa1","cid":"0oa1","aud":["a","b"],"scope":"x y","roles":["admin"],"cnf":{"jkt":"t"},"exp":1795183200000,"iat":1795179600,"nbf":1795179600,"jti":"AT.1"}"#,
    ));
    assert_eq!(facts.scopes.as_deref(), Some(["x".to_owned(), "y".to_owned()].as_slice()));
    assert_eq!((facts.scope_claim, facts.key_id.as_str(), facts.token_type.as_str()), ("scope", "k1", "JWT"));
    assert_eq!(facts.audiences, ["a", "b"]);
    assert!(facts.is_machine && facts.is_dpop_bound && facts.is_okta_org && !facts.is_okta_custom);
    assert_eq!(
        (facts.expires, facts.milliseconds.as_slice()),
        (None, [("exp", Time::from_seconds(1_795_183_200))].as_slice())
    );
    assert_eq!(facts.roles, [("roles", vec!["admin".to_owned()])]);
    assert_eq!(facts.not_before, facts.issued);
}

proptest::proptest! {
    #[test]
    fn no_text_breaks_it(text in "\\PC{0,200}", scheme in "[A-Za-z]{0,6}") {
        let _ = token::read(&SentToken { text, scheme, written: None });
    }

    #[test]
    fn no_payload_breaks_it(payload in r#"\{("(exp|iat|aud|scp|scope|cnf|jti|typ|roles)":("x y"|1|-1e400|\["a",1\]|\{"jkt":null\}|null),?){0,6}\}?"#) {
        let _ = read(&jwt("{}", &payload));
    }
}
