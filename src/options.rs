//! The options of the JavaScript API, read from a plain object. An unknown option is an error that names it: a mistyped
//! `audiance` must not pass for an audience that was checked.

use std::fmt;

pub mod cors_form;
pub mod key_form;
pub mod response_form;

use crate::claims::RequiredClaim;
use crate::inspect::{Fetch, Options};
use crate::json::quoted;
use crate::key::SecretEncoding;
use crate::profile;
use crate::role::Role;
use crate::time::Time;
use crate::why::Choices;

/// A value as JavaScript gave it.
#[derive(Clone, Debug, PartialEq)]
pub enum Given {
    /// `null` or `undefined`
    Nothing,
    /// A boolean.
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Given>),
    /// An object.
    Object(Vec<(String, Given)>),
}

/// What was asked for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Asked {
    /// What to check, and with what.
    pub options: Options,
    /// The time to check claims for; `None` for the clock's.
    pub now: Option<Time>,
    /// What was chosen beside: the role, the profile, what came with the token.
    pub choices: Choices,
}

/// Why options can't be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OptionFault {
    /// The options are no object.
    NotAnObject,
    /// There is no option of that name.
    Unknown(String),
    /// Another function has no option of that name; those that it has.
    Argument(String, &'static str),
    /// The option has another type.
    Type {
        /// Its name.
        option: String,
        /// What it takes.
        expected: &'static str,
    },
}

impl fmt::Display for OptionFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: [&str; 5] = match self {
            OptionFault::NotAnObject => ["expected the options to be an object", "", "", "", ""],
            OptionFault::Unknown(name) => ["there is no option ", name, "; the options are ", NAMES, ""],
            OptionFault::Argument(name, names) => ["there is no option ", name, "; the options are ", names, ""],
            OptionFault::Type { option, expected } => ["expected the option ", option, " to be ", expected, ""],
        };
        parts.iter().try_for_each(|part| formatter.write_str(part))
    }
}

const NAMES: &str = "issuer, audience, clientId, nonce, requiredScopes, requiredClaims, leeway, now, keys, secret, \
                     secretEncoding, algorithms, fetch, fetchFrom, role, profile, accessToken, code, state, \
                     clientCertificate, payload, keyPassword and compareWith";

/// Reads options. Nothing and an empty object are the defaults.
///
/// # Errors
///
/// [`OptionFault`] for the first option that is unknown or of the wrong type.
///
/// ```
/// use tokenscope::options::{Given, read};
/// let given = Given::Object(vec![("audience".to_owned(), Given::Text("api://orders".to_owned()))]);
/// assert_eq!(read(&given).unwrap().options.expectations.audiences, ["api://orders"]);
/// ```
pub fn read(given: &Given) -> Result<Asked, OptionFault> {
    let members = match given {
        Given::Nothing => return Ok(Asked::default()),
        Given::Object(members) => members,
        _ => return Err(OptionFault::NotAnObject),
    };
    let mut asked = Asked::default();
    for (name, value) in members {
        if *value != Given::Nothing {
            take(&mut asked, name, value)?;
        }
    }
    // Naming a key set's address is asking for it, and for nothing else.
    if asked.options.fetch_from.is_some() && !asked.options.issuer_keys {
        asked.options.fetch = Fetch::Issuer;
    }
    Ok(asked)
}

fn take(asked: &mut Asked, name: &str, value: &Given) -> Result<(), OptionFault> {
    let Asked { options: Options { expectations, .. }, choices, .. } = asked;
    match name {
        "issuer" => expectations.issuers = texts(name, value)?,
        "audience" => expectations.audiences = texts(name, value)?,
        "clientId" => expectations.client_id = Some(text(name, value)?),
        "nonce" => expectations.nonce = Some(text(name, value)?),
        "requiredScopes" => expectations.required_scopes = texts(name, value)?,
        "requiredClaims" => expectations.required_claims = required_claims(name, value)?,
        "leeway" => expectations.leeway = whole(name, value)?,
        "now" => asked.now = Some(Time::from_milliseconds((number(name, value)? * 1000.0) as i64)),
        "keys" => asked.options.keys = text(name, value).or_else(|_| as_json(name, value))?,
        "secret" => asked.options.secret = text(name, value)?,
        "secretEncoding" => asked.options.secret_encoding = secret_encoding(name, value)?,
        "algorithms" => asked.options.algorithms = texts(name, value)?,
        "fetch" => {
            asked.options.fetch = match text(name, value)?.as_str() {
                "never" => Fetch::Never,
                "issuer" => {
                    asked.options.issuer_keys = true;
                    Fetch::Issuer
                }
                _ => return Err(fault(name, "\"never\" or \"issuer\"")),
            };
        }
        "fetchFrom" => {
            asked.options.fetch_from = Some(text(name, value)?);
        }
        "role" => {
            choices.role = match text(name, value)?.as_str() {
                "api" => Role::Api,
                "client" => Role::Client,
                _ => return Err(fault(name, "\"api\" or \"client\"")),
            };
        }
        "profile" => {
            let id = text(name, value)?;
            if !profile::all().any(|(known, _)| known == id) {
                return Err(fault(name, "the name of a profile"));
            }
            choices.profile = Some(id);
        }
        "accessToken" => choices.access_token = Some(text(name, value)?),
        "code" => choices.code = Some(text(name, value)?),
        "state" => choices.state = Some(text(name, value)?),
        "clientCertificate" => choices.client_certificate = Some(text(name, value)?),
        "payload" => choices.detached_payload = Some(text(name, value)?),
        "keyPassword" => choices.key_password = Some(text(name, value)?),
        "compareWith" => choices.compare_with = Some(text(name, value)?),
        unknown => return Err(OptionFault::Unknown(unknown.to_owned())),
    }
    Ok(())
}

fn fault(option: &str, expected: &'static str) -> OptionFault {
    OptionFault::Type { option: option.to_owned(), expected }
}

fn text(option: &str, value: &Given) -> Result<String, OptionFault> {
    match value {
        Given::Text(text) => Ok(text.clone()),
        _ => Err(fault(option, "a string")),
    }
}

fn texts(option: &str, value: &Given) -> Result<Vec<String>, OptionFault> {
    let expected = "a string or a list of strings";
    match value {
        Given::Text(text) => Ok(vec![text.clone()]),
        Given::List(items) => {
            items.iter().map(|item| text(option, item).map_err(|_| fault(option, expected))).collect()
        }
        _ => Err(fault(option, expected)),
    }
}

fn number(option: &str, value: &Given) -> Result<f64, OptionFault> {
    match value {
        Given::Number(number) if number.is_finite() => Ok(*number),
        _ => Err(fault(option, "a number of seconds")),
    }
}

fn whole(option: &str, value: &Given) -> Result<i64, OptionFault> {
    match number(option, value)? {
        number if number >= 0.0 && number.fract() == 0.0 => Ok(number as i64),
        _ => Err(fault(option, "a whole number of seconds, 0 or more")),
    }
}

fn secret_encoding(option: &str, value: &Given) -> Result<SecretEncoding, OptionFault> {
    match text(option, value)?.as_str() {
        "utf8" => Ok(SecretEncoding::Utf8),
        "base64" => Ok(SecretEncoding::Base64),
        "base64url" => Ok(SecretEncoding::Base64Url),
        "hex" => Ok(SecretEncoding::Hex),
        _ => Err(fault(option, "\"utf8\", \"base64\", \"base64url\" or \"hex\"")),
    }
}

fn required_claims(option: &str, value: &Given) -> Result<Vec<RequiredClaim>, OptionFault> {
    let expected = "a list of objects with a name, and a value or contains";
    let Given::List(items) = value else { return Err(fault(option, expected)) };
    items
        .iter()
        .map(|item| {
            let Given::Object(members) = item else { return Err(fault(option, expected)) };
            let mut claim = RequiredClaim { name: String::new(), value: None, contains: None };
            for (name, value) in members {
                match (name.as_str(), value) {
                    (_, Given::Nothing) => {}
                    ("name", Given::Text(text)) => claim.name.clone_from(text),
                    ("value", value) => claim.value = Some(plain(value).ok_or_else(|| fault(option, expected))?),
                    ("contains", value) => claim.contains = Some(plain(value).ok_or_else(|| fault(option, expected))?),
                    (unknown, _) => return Err(OptionFault::Unknown([option, ".", unknown].concat())),
                }
            }
            if claim.name.is_empty() { Err(fault(option, expected)) } else { Ok(claim) }
        })
        .collect()
}

/// A string, or the text of a number or boolean.
fn plain(value: &Given) -> Option<String> {
    match value {
        Given::Text(text) => Some(text.clone()),
        Given::Bool(flag) => Some(flag.to_string()),
        Given::Number(number) => whole_text(*number),
        _ => None,
    }
}

/// The text of a whole number that JavaScript keeps exactly. No key member and hardly any claim is a fraction, and the
/// code that writes fractions weighs 12 KB.
fn whole_text(number: f64) -> Option<String> {
    let exact = number.fract() == 0.0 && number.abs() < 9_007_199_254_740_992.0;
    exact.then(|| (number as i64).to_string())
}

/// Keys that were given as an object instead of its text.
fn as_json(option: &str, value: &Given) -> Result<String, OptionFault> {
    if !matches!(value, Given::Object(_) | Given::List(_)) {
        return Err(fault(option, "a string or a key object"));
    }
    Ok(json(value))
}

/// A value as JSON text. Numbers that JavaScript does not keep exactly are `null`.
pub fn json(value: &Given) -> String {
    let mut json = String::new();
    write(value, &mut json);
    json
}

fn write(value: &Given, json: &mut String) {
    match value {
        Given::Nothing => json.push_str("null"),
        Given::Bool(flag) => json.push_str(if *flag { "true" } else { "false" }),
        Given::Number(number) => json.push_str(&whole_text(*number).unwrap_or_else(|| "null".to_owned())),
        Given::Text(text) => json.push_str(&quoted(text)),
        Given::List(items) => {
            json.push('[');
            for (index, item) in items.iter().enumerate() {
                json.push_str(if index > 0 { "," } else { "" });
                write(item, json);
            }
            json.push(']');
        }
        Given::Object(members) => {
            json.push('{');
            for (index, (name, value)) in members.iter().enumerate() {
                json.push_str(if index > 0 { "," } else { "" });
                json.push_str(&quoted(name));
                json.push(':');
                write(value, json);
            }
            json.push('}');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, value: Given, expected: &str) {
        let outcome = read(&Given::Object(vec![(name.to_owned(), value)]));
        assert_eq!(outcome.map_err(|fault| fault.to_string()).map(|_| ()), Err(expected.to_owned()));
    }

    #[test]
    fn a_wrong_option_is_named() {
        let text = |text: &str| Given::Text(text.to_owned());
        check("audiance", text("x"), &format!("there is no option audiance; the options are {NAMES}"));
        check("issuer", Given::Number(1.0), "expected the option issuer to be a string or a list of strings");
        check("leeway", Given::Number(-1.0), "expected the option leeway to be a whole number of seconds, 0 or more");
        check("role", text("god"), "expected the option role to be \"api\" or \"client\"");
        check("profile", text("jot"), "expected the option profile to be the name of a profile");
        check("fetch", text("always"), "expected the option fetch to be \"never\" or \"issuer\"");
        check(
            "secretEncoding",
            text("rot13"),
            "expected the option secretEncoding to be \"utf8\", \"base64\", \"base64url\" or \"hex\"",
        );
        assert_eq!(read(&text("x")), Err(OptionFault::NotAnObject));
    }

    #[test]
    fn every_named_option_is_taken() {
        for name in NAMES.replace(" and ", ", ").split(", ") {
            let unknown = OptionFault::Unknown(name.to_owned());
            let outcome = read(&Given::Object(vec![(name.to_owned(), Given::Bool(true))]));
            assert_ne!(outcome, Err(unknown), "{name}");
            assert!(outcome.is_err(), "{name} takes no boolean");
        }
    }

    #[test]
    fn keys_may_be_an_object() {
        let key = Given::Object(vec![("kty".to_owned(), Given::Text("oct".to_owned()))]);
        let asked = read(&Given::Object(vec![("keys".to_owned(), key)])).unwrap();
        assert_eq!(asked.options.keys, r#"{"kty":"oct"}"#);
    }

    #[test]
    fn nothing_is_the_default() {
        assert_eq!(read(&Given::Nothing), Ok(Asked::default()));
    }
}
