//! The operations of [`crate::crypto::operation`] as calls of WebCrypto.

use js_sys::{Array, ArrayBuffer, Object, Uint8Array};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, SubtleCrypto};

use super::{crypto, import, is_unsupported, object, subtle, words};
use crate::crypto::operation::{Generated, Operation, Outcome, RsaPadding};
use crate::crypto::{import_parameters, signature_parameters};
use crate::jose::algorithm::Curve;
use crate::json::{self, quoted};
use crate::key::{Material, PrivateKey};

/// Carries out an operation.
pub async fn operate(operation: &Operation) -> Outcome {
    if let Operation::Random { length, .. } | Operation::Generate(Generated::Octets(length)) = operation {
        return random(*length).map_or(Outcome::Unavailable, Outcome::Bytes);
    }
    let Some(subtle) = subtle() else { return Outcome::Unavailable };
    match answer(&subtle, operation).await {
        Ok(bytes) => Outcome::Bytes(bytes),
        Err(Refusal::Lacking) => Outcome::Unsupported,
        Err(Refusal::Key(error) | Refusal::Data(error)) if is_unsupported(&error) => Outcome::Unsupported,
        Err(Refusal::Key(error)) => Outcome::KeyRefused(words(error)),
        Err(Refusal::Data(_)) => Outcome::Failed,
    }
}

/// Random bytes from the browser.
pub fn random(length: usize) -> Option<Vec<u8>> {
    // More at once it does not give (https://www.w3.org/TR/WebCryptoAPI/#Crypto-method-getRandomValues).
    const MOST: usize = 65536;
    let crypto = crypto()?;
    let mut bytes = vec![0; length];
    for chunk in bytes.chunks_mut(MOST) {
        crypto.get_random_values_with_u8_array(chunk).ok()?;
    }
    Some(bytes)
}

/// What was refused, with the browser's error.
enum Refusal {
    /// The algorithm, which is known without asking.
    Lacking,
    /// The key.
    Key(JsValue),
    /// The data: a wrong tag, padding or check.
    Data(JsValue),
}

#[wasm_bindgen]
extern "C" {
    /// The parameters of an algorithm that are no text.
    type Parameters;

    #[wasm_bindgen(method, setter, js_name = iv)]
    fn set_initialization_vector(this: &Parameters, value: &Uint8Array);

    #[wasm_bindgen(method, setter, js_name = additionalData)]
    fn set_additional_data(this: &Parameters, value: &Uint8Array);

    #[wasm_bindgen(method, setter)]
    fn set_salt(this: &Parameters, value: &Uint8Array);

    #[wasm_bindgen(method, setter, js_name = publicExponent)]
    fn set_public_exponent(this: &Parameters, value: &Uint8Array);

    #[wasm_bindgen(method, setter)]
    fn set_public(this: &Parameters, value: &CryptoKey);

    /// Two keys of which one is private.
    type KeyPair;

    #[wasm_bindgen(method, getter, js_name = privateKey)]
    fn private_key(this: &KeyPair) -> CryptoKey;
}

async fn answer(subtle: &SubtleCrypto, operation: &Operation) -> Result<Vec<u8>, Refusal> {
    match operation {
        Operation::Sign { algorithm, key, data } => {
            let curve = key.public.curve();
            let parameters = key_object(&import_parameters(algorithm, curve))?;
            let imported = import_private(subtle, key, &parameters, "sign").await?;
            let parameters = key_object(&signature_parameters(algorithm, curve))?;
            done(subtle.sign_with_object_and_js_u8_array(&parameters, &imported, &array(data))).await
        }
        Operation::RsaDecrypt { padding, key, data } => {
            let parameters = oaep(*padding)?;
            let imported = import_private(subtle, key, &parameters, "decrypt").await?;
            done(subtle.decrypt_with_object_and_js_u8_array(&parameters, &imported, &array(data))).await
        }
        Operation::RsaEncrypt { padding, key, data } => {
            let parameters = oaep(*padding)?;
            let imported = import_public(subtle, key, &parameters, "encrypt").await?;
            done(subtle.encrypt_with_object_and_js_u8_array(&parameters, &imported, &array(data))).await
        }
        Operation::KeyUnwrap { key, data } => {
            let key = import_aes(subtle, "AES-KW", key, "unwrapKey").await?;
            let (wrapping, secret) = (object(r#"{"name":"AES-KW"}"#).map_err(Refusal::Key)?, secret_parameters()?);
            let usages = Array::of1(&JsValue::from_str("sign"));
            let promise = subtle.unwrap_key_with_js_u8_array_and_object_and_object(
                "raw",
                &array(data),
                &key,
                &wrapping,
                &secret,
                true,
                &usages,
            );
            let key: CryptoKey = settled(promise).await.map_err(Refusal::Data)?.unchecked_into();
            done(subtle.export_key("raw", &key)).await
        }
        Operation::KeyWrap { key, data } => {
            let key = import_aes(subtle, "AES-KW", key, "wrapKey").await?;
            let wrapped = import(subtle, "raw", &array(data), &secret_parameters()?, true, "sign").await;
            let promise = subtle.wrap_key_with_str("raw", &wrapped.map_err(Refusal::Data)?, &key, "AES-KW");
            done(promise).await
        }
        Operation::GcmDecrypt { key, initialization_vector, additional, data, tag } => {
            let key = import_aes(subtle, "AES-GCM", key, "decrypt").await?;
            let parameters = gcm(initialization_vector, additional)?;
            let sealed = [data, tag.as_slice()].concat();
            done(subtle.decrypt_with_object_and_js_u8_array(&parameters, &key, &array(&sealed))).await
        }
        Operation::GcmEncrypt { key, initialization_vector, additional, data } => {
            let key = import_aes(subtle, "AES-GCM", key, "encrypt").await?;
            let parameters = gcm(initialization_vector, additional)?;
            done(subtle.encrypt_with_object_and_js_u8_array(&parameters, &key, &array(data))).await
        }
        Operation::CbcDecrypt { key, initialization_vector, data } => {
            let key = import_aes(subtle, "AES-CBC", key, "decrypt").await?;
            let parameters = cbc(initialization_vector)?;
            done(subtle.decrypt_with_object_and_js_u8_array(&parameters, &key, &array(data))).await
        }
        Operation::CbcEncrypt { key, initialization_vector, data } => {
            let key = import_aes(subtle, "AES-CBC", key, "encrypt").await?;
            let parameters = cbc(initialization_vector)?;
            done(subtle.encrypt_with_object_and_js_u8_array(&parameters, &key, &array(data))).await
        }
        Operation::Agree { key, with } => agree(subtle, key, with).await,
        Operation::Derive { hash, password, salt, iterations, length } => {
            let name = key_object(r#"{"name":"PBKDF2"}"#)?;
            let key = import(subtle, "raw", &array(password), &name, false, "deriveBits").await;
            let (iterations, length) = (iterations.to_string(), u32::try_from(*length * 8).unwrap_or(u32::MAX));
            let json = [r#"{"name":"PBKDF2","hash":""#, hash, r#"","iterations":"#, &iterations, "}"].concat();
            let parameters: Parameters = key_object(&json)?.unchecked_into();
            parameters.set_salt(&array(salt));
            done(subtle.derive_bits_with_object(parameters.unchecked_ref(), &key.map_err(Refusal::Key)?, length)).await
        }
        Operation::Generate(generated) => generate(subtle, *generated).await,
        Operation::PublicHalf { .. } | Operation::Random { .. } => Err(Refusal::Lacking),
    }
}

async fn agree(subtle: &SubtleCrypto, key: &PrivateKey, with: &Material) -> Result<Vec<u8>, Refusal> {
    let Some(curve) = with.curve().and_then(Curve::named) else { return Err(Refusal::Lacking) };
    let json = match with {
        Material::EllipticCurve { .. } => [r#"{"name":"ECDH","namedCurve":""#, curve.name, r#""}"#].concat(),
        _ => [r#"{"name":""#, curve.name, r#""}"#].concat(),
    };
    let parameters = key_object(&json)?;
    let private = import_private(subtle, key, &parameters, "deriveBits").await?;
    let public = import_public(subtle, with, &parameters, "").await?;
    let parameters: Parameters = parameters.unchecked_into();
    parameters.set_public(&public);
    let length = u32::try_from(curve.coordinate_length * 8).unwrap_or(u32::MAX);
    let promise = subtle.derive_bits_with_object(parameters.unchecked_ref(), &private, length);
    // What can be wrong is a point of low order, and that is a key.
    settled(promise).await.map(bytes).map_err(Refusal::Key)
}

async fn generate(subtle: &SubtleCrypto, generated: Generated) -> Result<Vec<u8>, Refusal> {
    let named = |name: &str| [r#"{"name":""#, name, r#""}"#].concat();
    let (json, usage) = match generated {
        Generated::Rsa(bits) => {
            let bits = bits.to_string();
            let json = [r#"{"name":"RSASSA-PKCS1-v1_5","hash":"SHA-256","modulusLength":"#, &bits, "}"].concat();
            (json, "sign")
        }
        Generated::Curve(name) => match Curve::named(name) {
            Some(curve) if curve.key_type == "EC" => {
                ([r#"{"name":"ECDSA","namedCurve":""#, name, r#""}"#].concat(), "sign")
            }
            Some(curve) if curve.signature_length == 0 => (named(name), "deriveBits"),
            _ => (named(name), "sign"),
        },
        Generated::AlgorithmKeyPair(name) => (named(name), "sign"),
        Generated::Octets(_) => return Err(Refusal::Lacking),
    };
    let parameters: Parameters = key_object(&json)?.unchecked_into();
    if let Generated::Rsa(_) = generated {
        parameters.set_public_exponent(&array(&[1, 0, 1]));
    }
    let usages = Array::of1(&JsValue::from_str(usage));
    let promise = subtle.generate_key_with_object(parameters.unchecked_ref(), true, &usages);
    let pair: KeyPair = settled(promise).await.map_err(Refusal::Key)?.unchecked_into();
    let jwk = settled(subtle.export_key("jwk", &pair.private_key())).await.map_err(Refusal::Key)?;
    let text = js_sys::JSON::stringify(jwk.unchecked_ref()).map(String::from).map_err(Refusal::Key)?;
    Ok(without_labels(&text).into_bytes())
}

/// A JWK with the members that make the key, and without `ext`, `key_ops` and an `alg` that nobody chose.
fn without_labels(jwk: &str) -> String {
    const MEMBERS: [&str; 14] = ["kty", "crv", "x", "y", "n", "e", "d", "p", "q", "dp", "dq", "qi", "pub", "priv"];
    let document = json::read(jwk.as_bytes().to_vec());
    let mut text = String::from("{");
    // Of a key for one algorithm its name is a part.
    let own = (document.string("kty") == Some("AKP")).then_some("alg");
    for name in MEMBERS.into_iter().chain(own) {
        let Some(value) = document.string(name) else { continue };
        if text.len() > 1 {
            text.push(',');
        }
        text.push_str(&quoted(name));
        text.push(':');
        text.push_str(&quoted(value));
    }
    text.push('}');
    text
}

/// Imports a private key, or the secret of a shared one.
async fn import_private(
    subtle: &SubtleCrypto,
    key: &PrivateKey,
    parameters: &Object,
    usage: &str,
) -> Result<CryptoKey, Refusal> {
    match &key.public {
        Material::Octets(octets) => import(subtle, "raw", &array(octets), parameters, false, usage).await,
        _ => import(subtle, "jwk", &key_object(&key.jwk())?, parameters, false, usage).await,
    }
    .map_err(Refusal::Key)
}

async fn import_public(
    subtle: &SubtleCrypto,
    key: &Material,
    parameters: &Object,
    usage: &str,
) -> Result<CryptoKey, Refusal> {
    let jwk = key_object(&key.jwk().unwrap_or_default())?;
    import(subtle, "jwk", &jwk, parameters, false, usage).await.map_err(Refusal::Key)
}

/// Imports a key of AES. Nothing can be wrong with one but its length: where a browser does not take one of 192 bits, it
/// lacks these, whatever it calls that (Chromium: an `OperationError`).
async fn import_aes(subtle: &SubtleCrypto, name: &str, key: &[u8], usage: &str) -> Result<CryptoKey, Refusal> {
    let parameters = key_object(&[r#"{"name":""#, name, r#""}"#].concat())?;
    let imported = import(subtle, "raw", &array(key), &parameters, false, usage).await;
    imported.map_err(|error| if key.len() == 24 { Refusal::Lacking } else { Refusal::Key(error) })
}

/// A wrapped key may have any length, and of all kinds of keys only those of HMAC may.
fn secret_parameters() -> Result<Object, Refusal> {
    key_object(r#"{"name":"HMAC","hash":"SHA-256"}"#)
}

fn oaep(padding: RsaPadding) -> Result<Object, Refusal> {
    let RsaPadding::Oaep(hash) = padding else { return Err(Refusal::Lacking) };
    key_object(&[r#"{"name":"RSA-OAEP","hash":""#, hash, r#""}"#].concat())
}

fn gcm(vector: &[u8], additional: &[u8]) -> Result<Object, Refusal> {
    let parameters: Parameters = key_object(r#"{"name":"AES-GCM","tagLength":128}"#)?.unchecked_into();
    parameters.set_initialization_vector(&array(vector));
    parameters.set_additional_data(&array(additional));
    Ok(parameters.unchecked_into())
}

fn cbc(vector: &[u8]) -> Result<Object, Refusal> {
    let parameters: Parameters = key_object(r#"{"name":"AES-CBC"}"#)?.unchecked_into();
    parameters.set_initialization_vector(&array(vector));
    Ok(parameters.unchecked_into())
}

fn key_object(json: &str) -> Result<Object, Refusal> {
    object(json).map_err(Refusal::Key)
}

fn array(bytes: &[u8]) -> Uint8Array {
    Uint8Array::from(bytes)
}

fn bytes(buffer: JsValue) -> Vec<u8> {
    Uint8Array::new(buffer.unchecked_ref::<ArrayBuffer>()).to_vec()
}

async fn settled<P>(promise: Result<P, JsValue>) -> Result<JsValue, JsValue>
where
    JsFuture: From<P>,
{
    JsFuture::from(promise?).await
}

/// The bytes that a call gives; what it refuses is the data, because the key was taken before.
async fn done<P>(promise: Result<P, JsValue>) -> Result<Vec<u8>, Refusal>
where
    JsFuture: From<P>,
{
    settled(promise).await.map(bytes).map_err(Refusal::Data)
}
