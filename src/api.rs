//! The JavaScript API: `inspect`, `explainCors`, `explainResponse`, `sign`, `encrypt` and `generateKey`. Values cross as
//! plain objects; everything behind it is the same core that the page uses.

use std::cell::RefCell;

use js_sys::{Array, JSON, Object, Reflect, Symbol};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{JsError, JsValue};

use crate::beyond;
use crate::browser::{clock, driver, make};
use crate::cors::explain::{self, Case};
use crate::cors::{self, exchange_json};
use crate::create;
use crate::create::generate::KeyPair;
use crate::finding::Finding;
use crate::jose::algorithm::{Algorithm, Kind};
use crate::jose::encryption::KeyManagement;
use crate::options::key_form::{self, GivenKey};
use crate::options::{self, Asked, Given, OptionFault, cors_form, response_form};
use crate::response_doctor::{self, Catalogue};
use crate::why::{self, Answers};

/// Inspects a text and resolves with its report (`docs/report.md`).
///
/// # Errors
///
/// Rejects with an `Error` when the text is none, and with one that names the option, when there is no such option or it
/// has another type. Nothing in the text makes it reject.
pub async fn inspect(text: JsValue, options: JsValue) -> Result<JsValue, JsError> {
    // Taken as it comes: the glue would write whatever is no text beyond the end of the memory.
    let text = text.as_string().ok_or_else(|| JsError::new("expected a text to inspect"))?;
    let given = given(&options, 0).ok_or_else(|| JsError::new("expected the options to be plain values"))?;
    let asked = options::read(&given).map_err(|fault| JsError::new(&fault.to_string()))?;
    let answers = RefCell::new(Answers::default());
    let Asked { options, now, choices } = &asked;
    let told = driver::Listeners { keep_going: &|| true, step: &|_| {}, progress: &mut |_| {} };
    let mut explained =
        driver::explain(&text, options, choices, *now, &answers, Some(driver::door), told).await.unwrap_or_default();
    beyond::look_closely(&mut explained.report, &options.keys);
    // One import builds all of it, and members keep names such as `__proto__` as they are.
    JSON::parse(&why::json::text(&explained, &text)).map_err(|_| JsError::new("the report could not be handed over"))
}

/// Explains an exchange, or a text that tells of one, and resolves with what `docs/cors.md` describes. `form` says of the
/// request what a text leaves open.
///
/// # Errors
///
/// An `Error` that names the member, when an exchange has one that does not exist, lacks one, or has one of another type.
/// Nothing in a text makes it reject.
pub fn explain_cors(exchange: &JsValue, form: &JsValue) -> Result<JsValue, JsError> {
    let plain = || JsError::new("expected a text, or an exchange of plain values");
    let explanation = match given(exchange, 0).ok_or_else(plain)? {
        Given::Text(text) => {
            let form = given(form, 0).ok_or_else(plain)?;
            let form = cors_form::read(&form).map_err(|fault| JsError::new(&fault.to_string()))?;
            explain::explain(&Case { text, form, ..Case::default() })
        }
        object @ Given::Object(_) => {
            let document = crate::json::read(options::json(&object).into_bytes());
            let exchange = exchange_json::read(&document).map_err(|fault| JsError::new(&fault.to_string()))?;
            explain::explain_exchange(exchange)
        }
        _ => return Err(plain()),
    };
    JSON::parse(&cors::json::text(&explanation)).map_err(|_| JsError::new("the explanation could not be handed over"))
}

/// Explains an answer, with the token and the request beside it, and gives what `docs/response.md` describes.
///
/// # Errors
///
/// An `Error` when the text is none, and one that names the option, when there is no such option or it has another type.
/// Nothing in the text makes it fail.
pub fn explain_response(text: &JsValue, options: &JsValue, catalogue: &Catalogue) -> Result<JsValue, JsError> {
    let text = text.as_string().ok_or_else(|| JsError::new("expected the text of an answer"))?;
    let given = given(options, 0).ok_or_else(|| JsError::new("expected the options to be plain values"))?;
    let beside = response_form::read(&given).map_err(|fault| JsError::new(&fault.to_string()))?;
    let now = beside.now.unwrap_or_else(clock::now);
    let explanation = response_doctor::explain(&beside.case(text), catalogue, now);
    let json = response_doctor::json::text(&explanation, catalogue, now);
    JSON::parse(&json).map_err(|_| JsError::new("the explanation could not be handed over"))
}

/// Signs a header and a payload as they are, and gives the compact token (`docs/create.md`).
///
/// # Errors
///
/// An `Error` that names the argument or option, where it is none or of another type, and one that says why the key can't
/// sign so.
pub async fn sign(header: &JsValue, payload: &JsValue, key: &JsValue, options: &JsValue) -> Result<String, JsError> {
    let (header, payload) = (argument("header", header)?, argument("payload", payload)?);
    let asked = key_form::read_sign_options(&plain("options", options)?).map_err(as_error)?;
    let document = crate::json::read(header.clone().into_bytes());
    let Some(name) = asked.algorithm.or_else(|| document.string("alg").map(str::to_owned)) else {
        return Err(JsError::new("expected an alg in the header, or the option algorithm"));
    };
    let algorithm = Algorithm::named(&name).ok_or_else(|| JsError::new(&["no algorithm signs as ", &name].concat()))?;
    if algorithm.kind == Kind::None {
        return make::sign(&header, &payload, algorithm, None).await.map_err(in_words);
    }
    let given = key_form::read(&plain("key", key)?).map_err(as_error)?;
    let (key, findings) = match &given {
        GivenKey::Text(text) => make::unlocked(text, &asked.key_password, &header, algorithm).await,
        GivenKey::Secret(..) => create::read_key(given.choice(), &header, Some(algorithm)),
    };
    let key = key.ok_or_else(|| first_in_words(findings))?;
    make::sign(&header, &payload, algorithm, Some(&key)).await.map_err(in_words)
}

/// Encrypts a text for a key, and gives the compact token.
///
/// # Errors
///
/// As [`sign`].
pub async fn encrypt(header: &JsValue, plaintext: &JsValue, key: &JsValue) -> Result<String, JsError> {
    let (header, plaintext) = (argument("header", header)?, argument("plaintext", plaintext)?);
    let given = key_form::read(&plain("key", key)?).map_err(as_error)?;
    let document = crate::json::read(header.clone().into_bytes());
    let name = document.string("alg").unwrap_or_default();
    let algorithm =
        KeyManagement::named(name).ok_or_else(|| JsError::new(&["no algorithm encrypts as ", name].concat()))?;
    if let (true, GivenKey::Text(text)) = (algorithm.takes_private_key(), &given) {
        let (recipient, findings) = create::read_recipient(text, Some(algorithm));
        let recipient = recipient.ok_or_else(|| first_in_words(findings))?;
        return make::encrypt(&header, &plaintext, Some(&recipient), None).await.map_err(in_words);
    }
    let (secret, findings) = create::read_key(given.choice(), &header, None);
    let secret = secret.ok_or_else(|| first_in_words(findings))?;
    make::encrypt(&header, &plaintext, None, Some(&secret)).await.map_err(in_words)
}

/// Makes a key for an algorithm, and gives `{ publicJwk, privateJwk }`.
///
/// # Errors
///
/// An `Error` that names the argument or option, where it is none or of another type.
pub async fn generate_key(algorithm: &JsValue, options: &JsValue) -> Result<JsValue, JsError> {
    let algorithm = argument("algorithm", algorithm)?;
    let kind = key_form::read_kind(&algorithm, &plain("options", options)?).map_err(as_error)?;
    let KeyPair { public, private } = make::generate(kind, &algorithm).await.map_err(in_words)?;
    let public = public.unwrap_or_else(|| "null".to_owned());
    let json = ["{\"publicJwk\":", &public, ",\"privateJwk\":", &private, "}"].concat();
    JSON::parse(&json).map_err(|_| JsError::new("the key could not be handed over"))
}

fn argument(name: &str, value: &JsValue) -> Result<String, JsError> {
    value.as_string().ok_or_else(|| JsError::new(&["expected ", name, " to be a string"].concat()))
}

fn plain(name: &str, value: &JsValue) -> Result<Given, JsError> {
    given(value, 0).ok_or_else(|| JsError::new(&["expected ", name, " to be plain values"].concat()))
}

fn as_error(fault: OptionFault) -> JsError {
    JsError::new(&fault.to_string())
}

fn in_words(finding: Finding) -> JsError {
    JsError::new(&create::words(&finding, clock::now()).problem.to_string())
}

fn first_in_words(findings: Vec<Finding>) -> JsError {
    let worst = findings.into_iter().min_by_key(|finding| finding.severity);
    worst.map_or_else(|| JsError::new("expected a key"), in_words)
}

/// Deeper options than any, so that an object which holds itself ends too.
const MAX_DEPTH: usize = 64;

/// A value as the options are read from; `None` for what is not plain: a function, a symbol, a big integer, or an object
/// that keeps its content elsewhere than in its members, such as a `Map`.
fn given(value: &JsValue, depth: usize) -> Option<Given> {
    if value.is_undefined() || value.is_null() {
        return Some(Given::Nothing);
    }
    if let Some(flag) = value.as_bool() {
        return Some(Given::Bool(flag));
    }
    if let Some(number) = value.as_f64() {
        return Some(Given::Number(number));
    }
    if let Some(text) = value.as_string() {
        return Some(Given::Text(text));
    }
    if !value.is_object() || depth > MAX_DEPTH {
        return None;
    }
    if Array::is_array(value) {
        let items: &Array = value.unchecked_ref();
        return items.iter().map(|item| given(&item, depth + 1)).collect::<Option<_>>().map(Given::List);
    }
    if Reflect::has(value, &Symbol::iterator()).unwrap_or(true) {
        return None;
    }
    let member = |entry: JsValue| {
        let entry: Array = entry.unchecked_into();
        Some((entry.get(0).as_string()?, given(&entry.get(1), depth + 1)?))
    };
    Object::entries(value.unchecked_ref()).iter().map(member).collect::<Option<_>>().map(Given::Object)
}
