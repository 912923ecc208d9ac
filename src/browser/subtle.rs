//! WebCrypto: carries out the plans and operations of [`crate::crypto`], and adds nothing to them.
//!
//! What a browser can do is found out by asking it, never from its name. Works in a page and in a worker alike.

mod operations;

use js_sys::{Array, JSON, Object, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Crypto, CryptoKey, DomException, SubtleCrypto, WorkerGlobalScope};

pub use operations::{operate, random};

use crate::crypto::{Plan, Verification, import_parameters, signature_parameters};
use crate::jose::algorithm::Algorithm;
use crate::key::Material;

/// Asks whether the plan's signature is good.
///
/// The key is imported for the plan's algorithm only, and cannot be exported again.
pub async fn verify(plan: &Plan) -> Verification {
    let Some(subtle) = subtle() else { return Verification::Unavailable };
    match ask(&subtle, plan).await {
        Ok(answer) if answer.is_truthy() => Verification::Valid,
        Ok(_) => Verification::Invalid,
        Err(error) if is_unsupported(&error) => Verification::Unsupported,
        Err(error) => Verification::KeyRefused(words(error)),
    }
}

/// Signs bytes with a private JWK, or with a secret as a JWK of type `oct`. `None` when there is no WebCrypto, or when it
/// does not take the key or the algorithm.
pub async fn sign(algorithm: &'static Algorithm, private_jwk: &str, data: &[u8]) -> Option<Vec<u8>> {
    let subtle = subtle()?;
    let parameters = object(&import_parameters(algorithm, None)).ok()?;
    let key = import(&subtle, "jwk", &object(private_jwk).ok()?, &parameters, false, "sign").await.ok()?;
    let parameters = object(&signature_parameters(algorithm, None)).ok()?;
    let promise = subtle.sign_with_object_and_js_u8_array(&parameters, &key, &Uint8Array::from(data)).ok()?;
    let signature = JsFuture::from(promise).await.ok()?;
    Some(Uint8Array::new(&signature).to_vec())
}

/// The browser's `crypto`. Without a secure connection it has no `subtle`.
fn crypto() -> Option<Crypto> {
    // The cast is unchecked because it is none: in a page the global object is a window, and a window has the same
    // `crypto` as a worker's.
    let global: WorkerGlobalScope = js_sys::global().unchecked_into();
    global.crypto().ok().filter(|crypto| !crypto.is_undefined())
}

/// `crypto.subtle`. Over plain http from another host there is a `crypto` without it.
fn subtle() -> Option<SubtleCrypto> {
    let subtle = crypto()?.subtle();
    (!subtle.is_undefined()).then_some(subtle)
}

async fn ask(subtle: &SubtleCrypto, plan: &Plan) -> Result<JsValue, JsValue> {
    let curve = plan.key.curve();
    let parameters = object(&import_parameters(plan.algorithm, curve))?;
    let key = match (&plan.key, plan.key.jwk()) {
        (Material::Octets(octets), _) => {
            import(subtle, "raw", &Uint8Array::from(octets.as_slice()), &parameters, false, "verify").await?
        }
        (_, jwk) => import(subtle, "jwk", &object(&jwk.unwrap_or_default())?, &parameters, false, "verify").await?,
    };
    let parameters = object(&signature_parameters(plan.algorithm, curve))?;
    let (signature, data) = (Uint8Array::from(&*plan.signature), Uint8Array::from(&*plan.data));
    let promise =
        subtle.verify_with_object_and_buffer_source_and_buffer_source(&parameters, &key, &signature, &data)?;
    JsFuture::from(promise).await
}

/// Imports a key for one usage; none for the empty name.
async fn import(
    subtle: &SubtleCrypto,
    format: &str,
    key: &Object,
    parameters: &Object,
    extractable: bool,
    usage: &str,
) -> Result<CryptoKey, JsValue> {
    let usages = if usage.is_empty() { Array::new() } else { Array::of1(&JsValue::from_str(usage)) };
    let promise = subtle.import_key_with_object(format, key, parameters, extractable, &usages)?;
    JsFuture::from(promise).await.map(JsCast::unchecked_into)
}

/// A JavaScript object from JSON of our own writing. One import does the work of a setter for every member.
fn object(json: &str) -> Result<Object, JsValue> {
    JSON::parse(json).map(JsCast::unchecked_into)
}

fn is_unsupported(error: &JsValue) -> bool {
    error.unchecked_ref::<DomException>().name() == "NotSupportedError"
}

/// Everything that WebCrypto throws has a name and a message.
fn words(error: JsValue) -> String {
    let error: DomException = error.unchecked_into();
    [error.name().as_str(), ": ", &error.message()].concat()
}
