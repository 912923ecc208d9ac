//! The key that `sign` and `encrypt` of the JavaScript API take, and the options beside it.

use super::{Given, OptionFault, as_json, fault, secret_encoding, text, whole};
use crate::create::KeyChoice;
use crate::create::generate::{self, kinds};
use crate::crypto::operation::Generated;
use crate::key::SecretEncoding;

/// A key as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum GivenKey {
    /// A JWK, a set of them or PEM, as text.
    Text(String),
    /// A shared secret.
    Secret(String, SecretEncoding),
}

impl GivenKey {
    /// The same for [`crate::create`].
    pub fn choice(&self) -> KeyChoice<'_> {
        match self {
            GivenKey::Text(text) => KeyChoice::Text(text),
            GivenKey::Secret(text, encoding) => KeyChoice::Secret(text, *encoding),
        }
    }
}

/// Reads a key: a JWK or a set of them as text or object, PEM, or `{ secret, secretEncoding }`.
///
/// # Errors
///
/// [`OptionFault`] for what is none of these.
///
/// ```
/// use tokenscope::options::{Given, key_form::{GivenKey, read}};
/// let key = Given::Object(vec![("kty".to_owned(), Given::Text("oct".to_owned()))]);
/// assert_eq!(read(&key), Ok(GivenKey::Text(r#"{"kty":"oct"}"#.to_owned())));
/// ```
pub fn read(given: &Given) -> Result<GivenKey, OptionFault> {
    let expected = || fault("key", "a JWK, PEM text or { secret, secretEncoding }");
    match given {
        Given::Text(text) => Ok(GivenKey::Text(text.clone())),
        Given::Object(members) if members.iter().any(|(name, _)| name == "secret") => {
            let (mut secret, mut encoding) = (String::new(), SecretEncoding::Utf8);
            for (name, value) in members {
                match name.as_str() {
                    "secret" => secret = text("key.secret", value)?,
                    "secretEncoding" if *value == Given::Nothing => {}
                    "secretEncoding" => encoding = secret_encoding("key.secretEncoding", value)?,
                    unknown => return Err(OptionFault::Argument(["key.", unknown].concat(), KEY_NAMES)),
                }
            }
            Ok(GivenKey::Secret(secret, encoding))
        }
        Given::Object(_) | Given::List(_) => as_json("key", given).map(GivenKey::Text),
        _ => Err(expected()),
    }
}

const KEY_NAMES: &str = "secret and secretEncoding";

/// The options of `sign`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignOptions {
    /// The algorithm that counts in place of what the header says.
    pub algorithm: Option<String>,
    /// The password of an encrypted private key.
    pub key_password: String,
}

/// Reads the options of `sign`.
///
/// # Errors
///
/// [`OptionFault`] for the first option that is unknown or of the wrong type.
pub fn read_sign_options(given: &Given) -> Result<SignOptions, OptionFault> {
    let mut options = SignOptions::default();
    for (name, value) in members(given)? {
        match (name.as_str(), value) {
            (_, Given::Nothing) => {}
            ("algorithm", value) => options.algorithm = Some(text(name, value)?),
            ("keyPassword", value) => options.key_password = text(name, value)?,
            (unknown, _) => return Err(OptionFault::Argument(unknown.to_owned(), SIGN_NAMES)),
        }
    }
    Ok(options)
}

const SIGN_NAMES: &str = "algorithm and keyPassword";

/// Reads what key `generateKey` is to make: for an algorithm, with the options `modulusLength`, `curve` and `encryption`.
///
/// # Errors
///
/// [`OptionFault`] for an unknown algorithm or option, and for what the algorithm does not take.
pub fn read_kind(algorithm: &str, given: &Given) -> Result<Generated, OptionFault> {
    let (mut bits, mut curve, mut encryption) = (None, None, None);
    for (name, value) in members(given)? {
        match (name.as_str(), value) {
            (_, Given::Nothing) => {}
            ("modulusLength", value) => bits = Some(whole(name, value)?),
            ("curve", value) => curve = Some(text(name, value)?),
            ("encryption", value) => encryption = Some(text(name, value)?),
            (unknown, _) => return Err(OptionFault::Argument(unknown.to_owned(), KIND_NAMES)),
        }
    }
    if generate::kinds(algorithm, Some("A256GCM")).is_empty() {
        return Err(fault("algorithm", "the name of a registered algorithm that takes a key"));
    }
    let kinds = kinds(algorithm, encryption.as_deref());
    let Some(first) = kinds.first().copied() else {
        return Err(fault("encryption", "the name of the content encryption, whose key this is"));
    };
    let fits = |kind: &Generated| match kind {
        Generated::Rsa(size) => bits.is_none_or(|bits| bits == i64::from(*size)) && curve.is_none(),
        Generated::Curve(name) => curve.as_deref().is_none_or(|curve| curve == *name) && bits.is_none(),
        _ => bits.is_none() && curve.is_none(),
    };
    kinds.iter().copied().find(fits).ok_or_else(|| match first {
        Generated::Rsa(_) => fault("modulusLength", "2048, 3072 or 4096, and no curve"),
        Generated::Curve(_) => fault("curve", "a curve of that algorithm, and no modulusLength"),
        _ => fault("modulusLength and curve", "left out for that algorithm"),
    })
}

const KIND_NAMES: &str = "modulusLength, curve and encryption";

fn members(given: &Given) -> Result<&[(String, Given)], OptionFault> {
    match given {
        Given::Nothing => Ok(&[]),
        Given::Object(members) => Ok(members),
        _ => Err(OptionFault::NotAnObject),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(members: &[(&str, Given)]) -> Given {
        Given::Object(members.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect())
    }

    fn text(text: &str) -> Given {
        Given::Text(text.to_owned())
    }

    #[test]
    fn a_secret_has_an_encoding() {
        let check = |given: &[(&str, Given)], expected: Result<GivenKey, &str>| {
            let read = read(&object(given)).map_err(|fault| fault.to_string());
            assert_eq!(read, expected.map_err(str::to_owned));
        };
        check(&[("secret", text("x"))], Ok(GivenKey::Secret("x".to_owned(), SecretEncoding::Utf8)));
        let hexadecimal = [("secret", text("00")), ("secretEncoding", text("hex"))];
        check(&hexadecimal, Ok(GivenKey::Secret("00".to_owned(), SecretEncoding::Hex)));
        check(&[("secret", Given::Number(1.0))], Err("expected the option key.secret to be a string"));
        check(
            &[("secret", text("x")), ("encoding", text("hex"))],
            Err("there is no option key.encoding; the options are secret and secretEncoding"),
        );
    }

    #[test]
    fn what_is_no_key_is_named() {
        for given in [Given::Nothing, Given::Bool(true), Given::Number(1.0)] {
            let fault = read(&given).unwrap_err().to_string();
            assert_eq!(fault, "expected the option key to be a JWK, PEM text or { secret, secretEncoding }");
        }
    }

    #[test]
    fn the_kind_of_key_follows_from_the_algorithm_and_its_options() {
        let check = |algorithm: &str, given: &[(&str, Given)], expected: Result<Generated, &str>| {
            let read = read_kind(algorithm, &object(given)).map_err(|fault| fault.to_string());
            assert_eq!(read, expected.map_err(str::to_owned), "{algorithm}");
        };
        check("RS256", &[], Ok(Generated::Rsa(2048)));
        check("PS512", &[("modulusLength", Given::Number(4096.0))], Ok(Generated::Rsa(4096)));
        check("EdDSA", &[("curve", text("Ed448"))], Ok(Generated::Curve("Ed448")));
        check("ECDH-ES", &[("curve", text("X448"))], Ok(Generated::Curve("X448")));
        check("dir", &[("encryption", text("A128CBC-HS256"))], Ok(Generated::Octets(32)));
        check(
            "dir",
            &[],
            Err("expected the option encryption to be the name of the content encryption, whose key this is"),
        );
        let sizes = "expected the option modulusLength to be 2048, 3072 or 4096, and no curve";
        check("RS256", &[("modulusLength", Given::Number(1024.0))], Err(sizes));
        check("RS256", &[("curve", text("P-256"))], Err(sizes));
        let curves = "expected the option curve to be a curve of that algorithm, and no modulusLength";
        check("ES256", &[("curve", text("P-384"))], Err(curves));
        let names = "expected the option algorithm to be the name of a registered algorithm that takes a key";
        for name in ["none", "rs256", ""] {
            check(name, &[], Err(names));
        }
        check(
            "RS256",
            &[("size", text("2048"))],
            Err("there is no option size; the options are modulusLength, curve and encryption"),
        );
    }

    #[test]
    fn sign_has_two_options() {
        assert_eq!(read_sign_options(&Given::Nothing), Ok(SignOptions::default()));
        let given = object(&[("algorithm", text("ES256")), ("keyPassword", text("made up"))]);
        let expected = SignOptions { algorithm: Some("ES256".to_owned()), key_password: "made up".to_owned() };
        assert_eq!(read_sign_options(&given), Ok(expected));
        let fault = read_sign_options(&object(&[("alg", text("ES256"))])).unwrap_err().to_string();
        assert_eq!(fault, "there is no option alg; the options are algorithm and keyPassword");
        assert_eq!(read_sign_options(&text("ES256")), Err(OptionFault::NotAnObject));
    }
}
