//! What is hidden of a pasted text, and that it comes back whole.

#![allow(clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use proptest::prelude::*;
use tokenscope::response_doctor::masking::{Masked, mask, restore, secrets};
use tokenscope::response_doctor::{Case, evidence};

#[path = "support/corpus.rs"]
mod corpus;

const JWT: &str =
    "eyJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2Rldi0xMjM0Lm9rdGEuY29tIn0.bWFkZS11cC1zaWduYXR1cmU";

fn check(text: &str, expected: &str) {
    let text = text.replace("JWT", JWT);
    let masked = mask(&text, &[]);
    assert_eq!(masked.text, expected, "{text}");
    assert_eq!(restore(&masked.text, &masked.values), text);
    assert_eq!(mask(&masked.text, &masked.values), Masked { text: masked.text.clone(), values: Vec::new() });
}

#[test]
fn headers_are_masked_but_for_their_schemes() {
    check("Authorization: Bearer JWT", "Authorization: Bearer [access token 1]");
    check("> authorization: DPoP JWT\n> DPoP: JWT2", "> authorization: DPoP [access token 1]\n> DPoP: [DPoP proof 1]");
    check("Authorization: SSWS 00made-up-token", "Authorization: SSWS [API token 1]");
    check("Authorization: Basic MG9hMTptYWRlLXVw", "Authorization: Basic [client secret 1]");
    check("Authorization: Bearer Bearer JWT", "Authorization: Bearer Bearer [access token 1]");
    check("Authorization: Bearer: \"JWT\"", "Authorization: Bearer: \"[access token 1]\"");
    check("Authorization: JWT", "Authorization: [access token 1]");
    check("Authorization: Token made-up-0123", "Authorization: Token [access token 1]");
    check(
        "curl -H 'Authorization: Bearer opaque' -H 'Accept: */*'",
        "curl -H 'Authorization: Bearer [access token 1]' -H 'Accept: */*'",
    );
    check("Cookie: sid=made; DT=up", "Cookie: sid=[cookie 1]; DT=[cookie 2]");
    check("set-cookie: sid=made; Path=/; Secure", "set-cookie: sid=[cookie 1]; Path=/; Secure");
    check("X-Api-Key: made-up\r\nHost: a", "X-Api-Key: [credential 1]\r\nHost: a");
    check("authorization\n  Bearer JWT\naccept\n  */*", "authorization\n  Bearer [access token 1]\naccept\n  */*");
    check("cookie:\nsid=made\naccept:\n*/*", "cookie:\nsid=[cookie 1]\naccept:\n*/*");
    check("@{\"authorization\"=\"Bearer JWT\"}", "@{\"authorization\"=\"Bearer [access token 1]\"}");
    check("{\\\"Authorization\\\":\\\"Bearer JWT\\\"}", "{\\\"Authorization\\\":\\\"Bearer [access token 1]\\\"}");
    check(
        "http GET a.example Authorization:\"Bearer opaque-1\"",
        "http GET a.example Authorization:\"Bearer [access token 1]\"",
    );
}

#[test]
fn members_and_parameters_are_masked() {
    check(
        "{\"access_token\":\"JWT\",\"token_type\":\"Bearer\",\"id_token\":\"a.b.c\",\"refresh_token\":\"made-up\",\"scope\":\"openid\"}",
        "{\"access_token\":\"[access token 1]\",\"token_type\":\"Bearer\",\"id_token\":\"[ID token 1]\",\"refresh_token\":\"[refresh token 1]\",\"scope\":\"openid\"}",
    );
    check(
        "grant_type=authorization_code&client_id=0oa1&client_secret=made-up&code=abc&code_verifier=def&redirect_uri=https%3A%2F%2Fapp.example",
        "grant_type=authorization_code&client_id=0oa1&client_secret=[client secret 1]&code=[code 1]&code_verifier=[code verifier 1]&redirect_uri=https%3A%2F%2Fapp.example",
    );
    check("token=JWT&token_type_hint=access_token", "token=[access token 1]&token_type_hint=access_token");
    check("https://app.example/cb?code=abc123&state=s", "https://app.example/cb?code=[code 1]&state=s");
    check(
        "https://app.example/cb#access_token=opaque&state=s",
        "https://app.example/cb#access_token=[access token 1]&state=s",
    );
    check("next=%2Fcb%3Fcode%3Dabc123%26state%3Ds", "next=%2Fcb%3Fcode%3D[code 1]%26state%3Ds");
    check(
        "{\"username\":\"jane\",\"password\":\"made up\",\"passCode\":\"123456\"}",
        "{\"username\":\"jane\",\"password\":\"[password 1]\",\"passCode\":\"[password 2]\"}",
    );
    check("SAMLResponse=PHNhbWw%2B&RelayState=x", "SAMLResponse=[SAML message 1]&RelayState=x");
    check("{ client_secret: 'made-up' }", "{ client_secret: '[client secret 1]' }");
    check(
        "{\"name\":\"Authorization\",\"value\":\"Bearer JWT\"}",
        "{\"name\":\"Authorization\",\"value\":\"Bearer [access token 1]\"}",
    );
    check(
        "\"cookies\":[{\"name\":\"sid\",\"value\":\"made\"}],\"x\":{\"value\":\"shown\"}",
        "\"cookies\":[{\"name\":\"sid\",\"value\":\"[cookie 1]\"}],\"x\":{\"value\":\"shown\"}",
    );
    check("device_code=made-up&user_code=ABCD-EFGH", "device_code=[code 1]&user_code=ABCD-EFGH");
    check(
        "{\"sessionToken\":\"made-up\",\"stateToken\":\"00up\"}",
        "{\"sessionToken\":\"[cookie 1]\",\"stateToken\":\"[cookie 2]\"}",
    );
    check(
        "{\"kty\":\"EC\",\"kid\":\"k\",\"x\":\"public-coordinate\",\"d\":\"made-up-private\"}",
        "{\"kty\":\"EC\",\"kid\":\"k\",\"x\":\"public-coordinate\",\"d\":\"[private key 1]\"}",
    );
}

#[test]
fn shapes_are_masked_anywhere() {
    check("the token JWT is refused", "the token [access token 1] is refused");
    check("Bearer opaque-0123", "Bearer [access token 1]");
    check("key 00aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789abcd end", "key [API token 1] end");
    check("curl -u 0oa1:made-up https://a.example", "curl -u 0oa1:[client secret 1] https://a.example");
    check("curl -su 'jane:made up' https://a.example", "curl -su 'jane:[password 1]' https://a.example");
    check("curl https://a.example -b 'sid=made'", "curl https://a.example -b 'sid=[cookie 1]'");
    check("https://jane:made-up@a.example/", "https://jane:[password 1]@a.example/");
    check(
        "-----BEGIN PRIVATE KEY-----\nbWFkZS11cA==\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----[private key 1]-----END PRIVATE KEY-----",
    );
    check(
        "<saml2:Assertion ID=\"i1\"><x>y</x></saml2:Assertion>",
        "<saml2:Assertion[SAML message 1]</saml2:Assertion>",
    );
}

#[test]
fn what_is_no_secret_stays() {
    for text in [
        "{\"errorCode\":\"E0000011\",\"errorSummary\":\"Invalid token provided\",\"errorId\":\"oaeAbC1dEfGhIjKlMnOpQrStU\"}",
        "{\"code\":401,\"message\":\"x\"}",
        "{\"error\":{\"code\":\"InvalidAuthenticationToken\",\"message\":\"Access token is empty.\"}}",
        "x-okta-request-id: Zabc1DEFghi2JKLmno3PQRstu4\nDPoP-Nonce: eyJ0ZXN0IjoibWFkZS11cCJ9\nDate: now",
        "WWW-Authenticate: Bearer realm=\"api\", error=\"invalid_token\", error_description=\"The access token expired\"",
        "WWW-Authenticate: DPoP error=\"use_dpop_nonce\", algs=\"ES256\"",
        "Bearer claims=\"eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7fX19\"",
        "https://app.example/cb?error=access_denied&code=E0000006&state=af0ifjsldkj&nonce=n-0S6_WzA2Mj",
        "response_type=code&client_id=0oab8eb55Kb9jdMIr5d6&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        "Access-Control-Allow-Headers: Authorization, Cookie",
        "Vary: Authorization",
        "{\"token_type\":\"DPoP\",\"expires_in\":3600}",
        "The password: it must not be empty",
        "{\"password\":\"is required\"}",
        "curl -H \"Authorization: Bearer $TOKEN\" -u $USER:$SECRET https://a.example",
        "Authorization: Bearer undefined",
        "Authorization: Bearer <token>",
        "client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer",
        "kid=k1&jti=AT.1&code=403",
        "\"Basic authentication is not supported\"",
        "bearer of news",
    ] {
        check(text, text);
    }
}

#[test]
fn marks_go_on_counting_over_several_texts() {
    let first = mask("access_token=made-up-1", &[]);
    let second = mask("access_token=made-up-2&refresh_token=made-up-1", &first.values);
    assert_eq!(second.text, "access_token=[access token 2]&refresh_token=[access token 1]");
    assert_eq!(second.values, [("[access token 2]".to_owned(), "made-up-2".to_owned())]);
    // A mark that stood there before is not given to another value.
    let third = mask("[access token 1] access_token=made-up-3", &[]);
    assert_eq!(third.text, "[access token 1] access_token=[access token 2]");
    assert_eq!(restore(&third.text, &third.values), "[access token 1] access_token=made-up-3");
}

fn corpus_texts() -> Vec<String> {
    let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/response_evidence");
    let mut files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.iter().map(|path| std::fs::read_to_string(path).unwrap().replace("[token]", JWT)).collect()
}

/// A masked text that is restored says the same, and no token of the corpus is left in it.
#[test]
fn the_corpus_is_masked_and_restored() {
    for text in corpus_texts() {
        let masked = mask(&text, &[]);
        assert_eq!(restore(&masked.text, &masked.values), text);
        assert!(!masked.text.contains(JWT), "{}", masked.text);
        assert!(!masked.text.contains("made-up-secret"), "{}", masked.text);
        let case = |answer: String| Case { answer, ..Case::default() };
        let restored = restore(&masked.text, &masked.values);
        assert_eq!(evidence::recognise(&case(restored)), evidence::recognise(&case(text)));
    }
}

/// Pieces of which texts with secrets are made, whole and broken.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("Authorization: ".to_owned()),
        Just("\"authorization\":\"".to_owned()),
        Just("Bearer ".to_owned()),
        Just("Basic ".to_owned()),
        Just("Cookie: a=b; ".to_owned()),
        Just("set-cookie\n".to_owned()),
        Just(JWT.to_owned()),
        Just("access_token=".to_owned()),
        Just("\"client_secret\": \"".to_owned()),
        Just("%26code%3D".to_owned()),
        Just("code=".to_owned()),
        Just("grant_type=".to_owned()),
        Just("error=".to_owned()),
        Just("\"name\":\"token\",\"value\":\"".to_owned()),
        Just("\"cookies\":[".to_owned()),
        Just("curl -u a:".to_owned()),
        Just(" -b 'x=".to_owned()),
        Just("https://a:".to_owned()),
        Just("-----BEGIN PRIVATE KEY-----".to_owned()),
        Just("-----END".to_owned()),
        Just("<a:Assertion ".to_owned()),
        Just("</a:Assertion>".to_owned()),
        Just("password=".to_owned()),
        Just("\\\"".to_owned()),
        Just("\"".to_owned()),
        Just("&".to_owned()),
        Just("\n".to_owned()),
        "[a-z0-9]{1,24}",
        "\\PC{0,6}",
    ]
}

proptest! {
    #![proptest_config(corpus::config())]

    /// Whatever is masked comes back, a masked text is not masked again, and the spans lie in order within the text.
    #[test]
    fn masks_come_off(parts in proptest::collection::vec(piece(), 0..24)) {
        let text = parts.concat();
        let mut end = 0;
        for secret in secrets(&text) {
            prop_assert!(secret.span.start >= end && !secret.span.is_empty());
            prop_assert!(text.get(secret.span.clone()).is_some());
            end = secret.span.end;
        }
        let masked = mask(&text, &[]);
        prop_assert_eq!(restore(&masked.text, &masked.values), text.clone());
        let again = mask(&masked.text, &masked.values);
        prop_assert_eq!(&again.text, &masked.text, "{}", text);
        prop_assert!(again.values.is_empty());
        prop_assert!(secrets(&masked.text).is_empty(), "{} {:?}", masked.text, secrets(&masked.text));
    }

    /// Texts that hold marks come back too.
    #[test]
    fn marks_of_others_stay(parts in proptest::collection::vec(prop_oneof![
        piece(), Just("[access token 1]".to_owned()), Just("[code 7]".to_owned()), Just("[cookie 01]".to_owned()), Just("[".to_owned()),
    ], 0..24)) {
        let text = parts.concat();
        let masked = mask(&text, &[]);
        prop_assert_eq!(restore(&masked.text, &masked.values), text);
    }
}

/// Long texts that are made to be slow are not.
#[test]
fn hostile_texts_are_masked_in_time() {
    let length = 1 << 21;
    for part in [
        "token=",
        "token=\"",
        "cookie: ",
        "Authorization: Bearer ",
        "bearer+",
        "\"cookies\":[",
        "eyJ",
        "eyJhbGciOiJub25lIn0.",
        "eyJhbGciOiJub25lIn0.e30.\n",
        "00",
        " -u a:",
        " curl -b '",
        "://a:",
        "-----BEGIN PRIVATE KEY-----",
        "<a:Assertion ",
        "code=a&",
        "\"d\":\"abcdefghijklmnop\",\"kty\"",
        "%3Dcode%3D",
        "password='",
        "[access token 1]",
        "[",
        "a",
        "set-cookie\n",
        "\\\"token\\\":\\\"",
    ] {
        let text = part.repeat(length / part.len());
        let started = std::time::Instant::now();
        let found = secrets(&text).len();
        let elapsed = started.elapsed();
        println!("{elapsed:?} {found} {part:?}");
        // A machine that does other things too still needs no more; what is quadratic needs minutes.
        assert!(elapsed.as_secs() < 20, "{part:?} {elapsed:?}");
    }
}
