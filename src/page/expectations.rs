//! The form: what is expected of the token, read from its fields and filled from a token.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDetailsElement, HtmlInputElement};

use super::dom::Field;
use super::{Page, dom};
use crate::claims::{Expectations, RequiredClaim};
use crate::inspect::{Fetch, Options};
use crate::json::{Document, Value};
use crate::key::SecretEncoding;
use crate::time::Time;

/// When input and results stand side by side, and nothing folds.
pub const WIDE: &str = "(min-width: 901px)";

/// The text of a field, whichever kind of field it is.
pub fn value(id: &str) -> String {
    dom::find::<Field>(id).value()
}

/// Sets the text of a field.
pub fn set_value(id: &str, text: &str) {
    dom::find::<Field>(id).set_value(text);
}

/// Everything that the form says, for an inspection that may fetch this much.
pub fn options(fetch: Fetch) -> Options {
    let given = |id| Some(value(id).trim().to_owned()).filter(|text| !text.is_empty());
    Options {
        expectations: Expectations {
            issuers: several(&value("issuer")),
            audiences: several(&value("audience")),
            client_id: given("client-id"),
            nonce: given("nonce"),
            required_scopes: value("scopes")
                .split([' ', ',', '\n'])
                .filter(|scope| !scope.is_empty())
                .map(str::to_owned)
                .collect(),
            required_claims: several(&value("required-claims")).iter().map(|text| required_claim(text)).collect(),
            leeway: leeway(&value("leeway")).unwrap_or(0),
        },
        keys: value("pasted-keys"),
        secret: value("secret"),
        secret_encoding: match value("secret-encoding").as_str() {
            "base64" => SecretEncoding::Base64,
            "base64url" => SecretEncoding::Base64Url,
            "hex" => SecretEncoding::Hex,
            _ => SecretEncoding::Utf8,
        },
        algorithms: Vec::new(),
        issuer_keys: super::keys::source() == "issuer",
        fetch,
        fetch_from: given("jwks-url").filter(|_| super::keys::source() == "url"),
    }
}

/// The time to check the claims for; `None` for the clock's.
pub fn as_of() -> Option<Time> {
    Time::from_typed(&value("as-of"))
}

/// Values separated by commas or lines.
fn several(text: &str) -> Vec<String> {
    text.split([',', '\n']).map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// `name`, `name=value` or `name contains value`.
fn required_claim(text: &str) -> RequiredClaim {
    if let Some((name, value)) = crate::text::split_once(text, " contains ") {
        let (name, contains) = (name.trim().to_owned(), Some(value.trim().to_owned()));
        return RequiredClaim { name, value: None, contains };
    }
    match text.split_once('=') {
        Some((name, value)) => {
            RequiredClaim { name: name.trim().to_owned(), value: Some(value.trim().to_owned()), contains: None }
        }
        None => RequiredClaim { name: text.to_owned(), value: None, contains: None },
    }
}

/// Seconds as typed: `60`, `60 s`, `2 min`.
fn leeway(text: &str) -> Option<i64> {
    let text = text.trim();
    let unit = text.trim_start_matches(|character: char| character.is_ascii_digit());
    let number: i64 = text.get(..text.len() - unit.len())?.parse().ok()?;
    match unit.trim() {
        "" | "s" | "sec" | "seconds" => Some(number),
        "m" | "min" | "minutes" => number.checked_mul(60),
        _ => None,
    }
}

/// Gives each growing field its height, through the hidden copy of its value.
pub fn grow() {
    let Ok(fields) = dom::document().query_selector_all(".grow > textarea") else { return };
    for index in 0..fields.length() {
        let Some(field) = fields.get(index).map(JsCast::unchecked_into::<Field>) else { continue };
        if let Some(parent) = field.parent_element() {
            dom::set(&parent, "data-value", &field.value());
        }
    }
}

/// The one line that a folded form shows, and what could not be read of it.
pub fn summarise() {
    let mut parts = [value("issuer"), value("audience"), value("client-id"), value("scopes")]
        .map(|text| several(&text).join(", "))
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>();
    if let Some(seconds) = leeway(&value("leeway")) {
        parts.push(["skew ", &crate::time::duration(seconds)].concat());
    }
    // What is left from another token must not decide unseen, and another time above all.
    if !value("nonce").trim().is_empty() {
        parts.push("a nonce".to_owned());
    }
    let required = several(&value("required-claims")).len();
    if required > 0 {
        parts.push(
            [required.to_string().as_str(), if required == 1 { " required claim" } else { " required claims" }]
                .concat(),
        );
    }
    if let Some(time) = as_of() {
        parts.push(["as of ", &time.date_and_time()].concat());
    }
    dom::set_text("expectations-summary", &if parts.is_empty() { "none set".to_owned() } else { parts.join(", ") });
    mark("leeway", value("leeway").trim().is_empty() || leeway(&value("leeway")).is_some());
    mark("as-of", value("as-of").trim().is_empty() || as_of().is_some());
}

fn mark(id: &str, good: bool) {
    let field: Element = dom::find(id);
    if good {
        let _ = field.remove_attribute("aria-invalid");
    } else {
        dom::set(&field, "aria-invalid", "true");
    }
    dom::show(&[id, "-fault"].concat(), !good);
}

/// Shows the clock where "as of" is left empty.
pub fn show_clock(now: Time) {
    let field: HtmlInputElement = dom::find("as-of");
    field.set_placeholder(&["now, ", &now.clock_face()].concat());
}

/// Expects what the token says. A token's own word is no proof of anything, so this happens at a press only.
pub fn fill_from(payload: &Document) {
    let text = |name: &str| payload.string(name).map(str::to_owned);
    let list = |value: &Value, between: &str| match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.items().iter().filter_map(Value::as_str).collect::<Vec<_>>().join(between),
    };
    set_value("issuer", &text("iss").unwrap_or_default());
    set_value("audience", &payload.member("aud").map(|value| list(value, "\n")).unwrap_or_default());
    let client = ["azp", "cid", "client_id", "appid"].into_iter().find_map(text);
    set_value("client-id", &client.unwrap_or_default());
    let scopes = ["scp", "scope"].into_iter().find_map(|name| payload.member(name));
    set_value("scopes", &scopes.map(|value| list(value, " ")).unwrap_or_default());
}

impl Page {
    /// On a narrow window the form and the keys fold to one line each; the user's folding holds until the width changes.
    pub(super) fn fold(&self) {
        let wide = dom::window().match_media(WIDE).ok().flatten().is_none_or(|query| query.matches());
        for id in ["expectations", "keys"] {
            dom::find::<HtmlDetailsElement>(id).set_open(wide);
        }
    }
}
