//! Verification with the browser's own WebCrypto: published vectors, and every algorithm with a fresh key.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::expect_used, clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use std::rc::Rc;

use js_sys::{Array, JSON, Object, Reflect, Uint8Array};
use tokenscope::browser::subtle;
use tokenscope::crypto::{self, Plan, Verification, import_parameters, plan};
use tokenscope::jose::algorithm::{ALGORITHMS, Algorithm, Kind};
use tokenscope::jose::base64url;
use tokenscope::json;
use tokenscope::key::{self, Material};
use tokenscope::report::KeySource;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Holds that the plan's signature is good, and that it is no longer when a bit of it, of the signed bytes or of the key
/// is another.
async fn check(name: &str, plan: Plan) {
    assert_eq!(subtle::verify(&plan).await, Verification::Valid, "{name}");
    let bits = |bytes: &[u8]| [0, bytes.len() * 4 + 3, bytes.len() * 8 - 1];
    for bit in bits(&plan.signature) {
        let mut other = plan.clone();
        Rc::make_mut(&mut other.signature)[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(subtle::verify(&other).await, Verification::Invalid, "{name}: bit {bit} of the signature");
    }
    for bit in bits(&plan.data) {
        let mut other = plan.clone();
        Rc::make_mut(&mut other.data)[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(subtle::verify(&other).await, Verification::Invalid, "{name}: bit {bit} of the signed bytes");
    }
    let mut other = plan.clone();
    match &mut other.key {
        Material::Rsa { modulus: bytes, .. }
        | Material::Octets(bytes)
        // A point with another coordinate is on no curve, or nobody's key.
        | Material::EllipticCurve { x: bytes, .. }
        | Material::OctetKeyPair { x: bytes, .. }
        | Material::AlgorithmKeyPair { public: bytes, .. } => bytes[5] ^= 4,
    }
    assert_ne!(subtle::verify(&other).await, Verification::Valid, "{name}: another key");
}

fn planned(algorithm: &'static Algorithm, jwk: &str, data: &[u8], signature: &[u8]) -> Plan {
    let reading = key::read(jwk, KeySource::Pasted);
    plan(algorithm, &reading.keys[0], data, signature).unwrap()
}

#[wasm_bindgen_test]
async fn vectors_of_the_standards_verify() {
    for (name, jwk, token) in VECTORS {
        let (input, signature) = token.rsplit_once('.').unwrap();
        let header = json::read(base64url::decode(input.split_once('.').unwrap().0).bytes);
        let algorithm = crypto::algorithm(&header).unwrap();
        check(name, planned(algorithm, jwk, input.as_bytes(), &base64url::decode(signature).bytes)).await;
    }
}

#[wasm_bindgen_test]
async fn every_algorithm_of_all_browsers_verifies_what_it_signed() {
    for algorithm in ALGORITHMS.iter().filter(|algorithm| algorithm.supported && !algorithm.fallback) {
        let private = private_jwk(algorithm).await;
        let data = b"eyJhbGciOiJ0ZXN0In0.e30";
        let signature = subtle::sign(algorithm, &private, data).await.expect(algorithm.name);
        check(algorithm.name, planned(algorithm, &private, data, &signature)).await;
    }
}

#[wasm_bindgen_test]
async fn a_signature_with_another_hash_and_salt_is_none_of_the_algorithm() {
    let (short, long) = (Algorithm::named("PS256").unwrap(), Algorithm::named("PS384").unwrap());
    let private = private_jwk(short).await;
    let signature = subtle::sign(short, &private, b"data").await.unwrap();
    assert_eq!(subtle::verify(&planned(short, &private, b"data", &signature)).await, Verification::Valid);
    assert_eq!(subtle::verify(&planned(long, &private, b"data", &signature)).await, Verification::Invalid);
}

#[wasm_bindgen_test]
async fn a_point_off_its_curve_is_refused() {
    let key = Material::EllipticCurve { curve: "P-256".to_owned(), x: vec![1; 32], y: vec![2; 32] };
    let algorithm = Algorithm::named("ES256").unwrap();
    let outcome =
        subtle::verify(&Plan { algorithm, key, data: Rc::from(*b"data"), signature: Rc::from([1; 64]) }).await;
    assert!(matches!(&outcome, Verification::KeyRefused(reason) if reason.contains("DataError")), "{outcome:?}");
}

#[wasm_bindgen_test]
async fn what_the_browser_lacks_is_called_unsupported() {
    let key = Material::EllipticCurve { curve: "secp256k1".to_owned(), x: vec![1; 32], y: vec![2; 32] };
    let algorithm = Algorithm::named("ES256K").unwrap();
    let outcome =
        subtle::verify(&Plan { algorithm, key, data: Rc::from(*b"data"), signature: Rc::from([1; 64]) }).await;
    assert_eq!(outcome, Verification::Unsupported);
}

#[wasm_bindgen_test]
async fn signing_with_what_is_no_key_gives_nothing() {
    let algorithm = Algorithm::named("ES256").unwrap();
    for jwk in ["", "7", "{}", r#"{"kty":"oct","k":"AQAB"}"#] {
        assert_eq!(subtle::sign(algorithm, jwk, b"data").await, None, "{jwk}");
    }
}

/// A fresh private key, as WebCrypto writes it.
async fn private_jwk(algorithm: &Algorithm) -> String {
    let subtle = web_sys::window().unwrap().crypto().unwrap().subtle();
    let parameters: Object = JSON::parse(&import_parameters(algorithm, None)).unwrap().unchecked_into();
    if matches!(algorithm.kind, Kind::RsaPkcs1 | Kind::RsaPss) {
        let exponent = Uint8Array::from(&[1, 0, 1][..]);
        Reflect::set(&parameters, &"publicExponent".into(), &exponent).unwrap();
        Reflect::set(&parameters, &"modulusLength".into(), &2048.into()).unwrap();
    }
    let usages = Array::of2(&"sign".into(), &"verify".into());
    let promise = subtle.generate_key_with_object(&parameters, true, &usages).unwrap();
    let generated = JsFuture::from(promise).await.unwrap();
    let private = Reflect::get(&generated, &"privateKey".into()).unwrap();
    let private = if private.is_undefined() { generated } else { private };
    let promise = subtle.export_key("jwk", &private.unchecked_into()).unwrap();
    let jwk: Object = JsFuture::from(promise).await.unwrap().unchecked_into();
    // Its labels speak of one algorithm; the tests do so themselves.
    Reflect::delete_property(&jwk, &"alg".into()).unwrap();
    String::from(JSON::stringify(&jwk).unwrap())
}

/// Where it stands, the public key or secret, and the token.
const VECTORS: [(&str, &str, &str); 6] = [
    (
        "RFC 7515 A.1",
        concat!(
            r#"{"kty":"oct","k":"AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZ"#,
            r#"r1Z9CAow"}"#,
        ),
        concat!(
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA",
            "6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        ),
    ),
    (
        "RFC 7515 A.2",
        concat!(
            r#"{"kty":"RSA","n":"ofgWCuLjybRlzo0tZWJjNiuSfb4p4fAkd_wWJcyQoTbji9k0l8W26mPddxHmfHQp-Vaw-4qPCJrcS2"#,
            r#"mJPMEzP1Pt0Bm4d4QlL-yRT-SFd2lZS-pCgNMsD1W_YpRPEwOWvG6b32690r2jZ47soMZo9wGzjb_7OMg0LOL-bSf63kpaSH"#,
            r#"SXndS5z5rexMdbBYUsLA9e-KXBdQOS-UTo7WTBEMa2R2CapHg665xsmtdVMTBQY4uDZlxvb3qCo5ZwKh9kG4LT6_I5IhlJH7"#,
            r#"aGhyxXFvUK-DWNmoudF8NAco9_h9iaGNj8q2ethFkMLs91kzk2PAcDTW9gb54h4FRWyuXpoQ","e":"AQAB"}"#,
        ),
        concat!(
            "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9",
            "pc19yb290Ijp0cnVlfQ.cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Q",
            "c_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARN",
            "PvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12jzDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6I",
            "eYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQGe77Rw",
        ),
    ),
    (
        "RFC 7515 A.3",
        concat!(
            r#"{"kty":"EC","crv":"P-256","x":"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU","y":"x_FEzRu9m36HLN_"#,
            r#"tue659LNpXW6pCyStikYjKIWI5a0"}"#,
        ),
        concat!(
            "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9",
            "pc19yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqP",
            "P3-Kg6NU1Q",
        ),
    ),
    (
        "RFC 7515 A.4",
        concat!(
            r#"{"kty":"EC","crv":"P-521","x":"AekpBQ8ST8a8VcfVOTNl353vSrDCLLJXmPk06wTjxrrjcBpXp5EOnYG_NjFZ6OvLF"#,
            r#"V1jSfS9tsz4qUxcWceqwQGk","y":"ADSmRA43Z1DSNx_RvcLI87cdL07l6jQyyBXMoxVg_l2Th-x3S1WDhjDly79ajL4Kkd"#,
            r#"0AZMaZmh9ubmf63e3kyMj2"}"#,
        ),
        concat!(
            "eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZq",
            "wqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2YBJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9E",
            "RBXukOXolLzeO_Jn",
        ),
    ),
    (
        "RFC 7520 4.2",
        concat!(
            r#"{"kty":"RSA","n":"n4EPtAOCc9AlkeQHPzHStgAbgs7bTZLwUBZdR8_KuKPEHLd4rHVTeT-O-XV2jRojdNhxJWTDvNd7nq"#,
            r#"Q0VEiZQHz_AJmSCpMaJMRBSFKrKb2wqVwGU_NsYOYL-QtiWN2lbzcEe6XC0dApr5ydQLrHqkHHig3RBordaZ6Aj-oBHqFEHY"#,
            r#"pPe7Tpe-OfVfHd1E6cS6M1FZcD1NNLYD5lFHpPI9bTwJlsde3uhGqC0ZCuEHg8lhzwOHrtIQbS0FVbb9k3-tVTU4fg_3L_vn"#,
            r#"iUFAKwuCLqKnS2BYwdq_mzSnbLY7h_qixoR7jig3__kRhuaxwUkRz5iaiQkqgc5gHdrNP5zw","e":"AQAB"}"#,
        ),
        concat!(
            "eyJhbGciOiJQUzM4NCIsImtpZCI6ImJpbGJvLmJhZ2dpbnNAaG9iYml0b24uZXhhbXBsZSJ9.SXTigJlzIGEgZGFuZ2Vyb3V",
            "zIGJ1c2luZXNzLCBGcm9kbywgZ29pbmcgb3V0IHlvdXIgZG9vci4gWW91IHN0ZXAgb250byB0aGUgcm9hZCwgYW5kIGlmIHl",
            "vdSBkb24ndCBrZWVwIHlvdXIgZmVldCwgdGhlcmXigJlzIG5vIGtub3dpbmcgd2hlcmUgeW91IG1pZ2h0IGJlIHN3ZXB0IG9",
            "mZiB0by4.cu22eBqkYDKgIlTpzDXGvaFfz6WGoz7fUDcfT0kkOy42miAh2qyBzk1xEsnk2IpN6-tPid6VrklHkqsGqDqHCdP",
            "6O8TTB5dDDItllVo6_1OLPpcbUrhiUSMxbbXUvdvWXzg-UD8biiReQFlfz28zGWVsdiNAUf8ZnyPEgVFn442ZdNqiVJRmBqr",
            "YRXe8P_ijQ7p8Vdz0TTrxUeT3lm8d9shnr2lfJT8ImUjvAA2Xez2Mlp8cBE5awDzT0qI0n6uiP1aCN_2_jLAeQTlqRHtfa64",
            "QQSUmFAAjVKPbByi7xho0uTOcbH510a6GYmJUAfmWjwZ6oD4ifKo8DYM-X72Eaw",
        ),
    ),
    (
        "RFC 8037 A.4",
        r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
        concat!(
            "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AI",
            "bQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
        ),
    ),
];
