//! What is secret in a pasted text, so that it can be hidden at once and put back for reading.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::order;

mod named;
mod names;
mod shaped;

/// A secret in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Secret {
    /// Where its value stands, in bytes.
    pub span: Range<usize>,
    /// What it is.
    pub kind: SecretKind,
}

/// What a secret is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SecretKind {
    /// A token that was sent: `Authorization: Bearer …`, `access_token=…`, or a JWT anywhere else.
    AccessToken,
    /// An ID token by its name.
    IdToken,
    /// A refresh token.
    RefreshToken,
    /// An API token of Okta, sent with `SSWS` or by its shape.
    ApiToken,
    /// A client's secret: `client_secret=…`, or `Authorization: Basic …`.
    ClientSecret,
    /// A client assertion.
    ClientAssertion,
    /// An authorization code or device code.
    Code,
    /// A PKCE verifier.
    Verifier,
    /// A password.
    Password,
    /// A cookie, or a session token.
    Cookie,
    /// A DPoP proof.
    Proof,
    /// A SAML assertion or response.
    SamlMessage,
    /// A private key.
    PrivateKey,
    /// Another credential: an API key header, `state` and `nonce` are none.
    Other,
}

impl SecretKind {
    /// What it is called in a mark.
    pub fn name(self) -> &'static str {
        NAMES.iter().find(|(kind, _)| *kind == self).map_or("credential", |(_, name)| name)
    }
}

/// The names of the kinds. No two begin alike up to their end, so that a mark is read back as what it was.
const NAMES: &[(SecretKind, &str)] = &[
    (SecretKind::AccessToken, "access token"),
    (SecretKind::IdToken, "ID token"),
    (SecretKind::RefreshToken, "refresh token"),
    (SecretKind::ApiToken, "API token"),
    (SecretKind::ClientSecret, "client secret"),
    (SecretKind::ClientAssertion, "client assertion"),
    (SecretKind::Code, "code"),
    (SecretKind::Verifier, "code verifier"),
    (SecretKind::Password, "password"),
    (SecretKind::Cookie, "cookie"),
    (SecretKind::Proof, "DPoP proof"),
    (SecretKind::SamlMessage, "SAML message"),
    (SecretKind::PrivateKey, "private key"),
    (SecretKind::Other, "credential"),
];

/// A text without its secrets, and what stood in their place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Masked {
    /// The text, each secret replaced by a mark: `[access token 1]`.
    pub text: String,
    /// The marks that were not known before, and the values that they stand for, in order.
    pub values: Vec<(String, String)>,
}

/// Another pass finds what only the masks of the pass before have brought near; more than these are never needed.
const MOST_PASSES: usize = 4;

/// The secrets in a text, in order, without overlap. What is a mark already is none.
///
/// Hidden are values, not names: the scheme of `Authorization` and the names of cookies stay. Ids of errors and requests,
/// error codes, `state`, `nonce`, `kid` and ids of clients are no secrets.
///
/// ```
/// use tokenscope::response_doctor::masking::secrets;
/// let text = "Authorization: SSWS 00made-up";
/// assert_eq!(text[secrets(text)[0].span.clone()], *"00made-up");
/// ```
pub fn secrets(text: &str) -> Vec<Secret> {
    let mut found = named::find(text);
    found.extend(shaped::find(text));
    without_overlap(text, found)
}

/// Replaces every secret of a text by a mark that is numbered by its kind. `known` are the marks of other texts, which go
/// on counting there; a value that is known keeps its mark. Masking a masked text again changes nothing.
///
/// ```
/// use tokenscope::response_doctor::masking::{mask, restore};
/// let masked = mask("client_id=0oa1&client_secret=made-up", &[]);
/// assert_eq!(masked.text, "client_id=0oa1&client_secret=[client secret 1]");
/// assert_eq!(restore(&masked.text, &masked.values), "client_id=0oa1&client_secret=made-up");
/// ```
pub fn mask(text: &str, known: &[(String, String)]) -> Masked {
    let mut numbers: BTreeMap<&'static str, u32> = BTreeMap::new();
    let mut marks: BTreeMap<String, String> = BTreeMap::new();
    for (mark, value) in known {
        marks.entry(value.clone()).or_insert_with(|| mark.clone());
    }
    // A number that is taken here or elsewhere is not given again.
    let taken = known.iter().flat_map(|(mark, _)| marks_in(mark)).chain(marks_in(text));
    for (_, name, number) in taken {
        let last = numbers.entry(name).or_default();
        *last = number.max(*last);
    }
    let mut masked = Masked { text: text.to_owned(), values: Vec::new() };
    for _ in 0..MOST_PASSES {
        let secrets = secrets(&masked.text);
        if secrets.is_empty() {
            break;
        }
        let mut next = String::with_capacity(masked.text.len());
        let mut at = 0;
        for secret in secrets {
            let value = masked.text.get(secret.span.clone()).unwrap_or_default();
            let mark = marks.entry(value.to_owned()).or_insert_with(|| {
                let number = numbers.entry(secret.kind.name()).or_default();
                *number = number.saturating_add(1);
                let mark = ["[", secret.kind.name(), " ", &number.to_string(), "]"].concat();
                masked.values.push((mark.clone(), value.to_owned()));
                mark
            });
            next.push_str(masked.text.get(at..secret.span.start).unwrap_or_default());
            next.push_str(mark);
            at = secret.span.end;
        }
        next.push_str(masked.text.get(at..).unwrap_or_default());
        masked.text = next;
    }
    masked
}

/// Puts the values back in the place of their marks. Marks without a value stay.
pub fn restore(text: &str, values: &[(String, String)]) -> String {
    let values: BTreeMap<&str, &str> = values.iter().map(|(mark, value)| (mark.as_str(), value.as_str())).collect();
    let mut restored = String::with_capacity(text.len());
    let mut at = 0;
    for (span, _, _) in marks_in(text) {
        let Some(value) = text.get(span.clone()).and_then(|mark| values.get(mark)) else { continue };
        restored.push_str(text.get(at..span.start).unwrap_or_default());
        restored.push_str(value);
        at = span.end;
    }
    restored.push_str(text.get(at..).unwrap_or_default());
    restored
}

/// Whether a parameter of that name holds a secret. `code` is none here: it may be the code of an error.
pub(crate) fn is_secret_name(name: &str) -> bool {
    named::is_secret(name)
}

/// The value of a header without its secrets; the scheme of `Authorization` and the names of cookies are kept.
pub(crate) fn emptied_header(name: &str, value: &str) -> String {
    if ["authorization", "proxy-authorization"].iter().any(|known| known.eq_ignore_ascii_case(name)) {
        // Nothing behind the scheme stays, whatever it is.
        let end = value.find(' ').map_or(0, |at| at + 1);
        let scheme = value.get(..end).unwrap_or_default();
        let is_scheme = scheme.bytes().all(|byte| byte.is_ascii_alphabetic() || matches!(byte, b' ' | b'-' | b':'));
        return if is_scheme && scheme.len() <= 24 { scheme.to_owned() } else { String::new() };
    }
    let line = [name, ": ", value].concat();
    let start = name.len() + 2;
    let mut emptied = String::with_capacity(value.len());
    let mut at = start;
    for secret in secrets(&line) {
        emptied.push_str(line.get(at..secret.span.start.max(start)).unwrap_or_default());
        at = secret.span.end.max(at);
    }
    emptied.push_str(line.get(at..).unwrap_or_default());
    emptied
}

/// A text in which `…` stands in place of each secret.
pub(crate) fn without_secrets(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut at = 0;
    for secret in secrets(text) {
        plain.push_str(text.get(at..secret.span.start).unwrap_or_default());
        plain.push('…');
        at = secret.span.end;
    }
    plain.push_str(text.get(at..).unwrap_or_default());
    plain
}

/// The marks in a text: where each stands, the name of its kind, and its number.
fn marks_in(text: &str) -> impl Iterator<Item = (Range<usize>, &'static str, u32)> + '_ {
    text.bytes().enumerate().filter(|(_, byte)| *byte == b'[').filter_map(|(start, _)| {
        let behind = text.get(start + 1..)?;
        NAMES.iter().find_map(|(_, name)| {
            let digits = behind.strip_prefix(name)?.strip_prefix(' ')?;
            let length = digits.bytes().take_while(u8::is_ascii_digit).count();
            let number = digits.get(..length).filter(|digits| !digits.starts_with('0'))?.parse().ok()?;
            let closes = digits.get(length..)?.starts_with(']');
            closes.then_some((start..start + name.len() + length + 3, *name, number))
        })
    })
}

/// The secrets in order; what two of them share belongs to the first, and no mark to any.
fn without_overlap(text: &str, mut found: Vec<Secret>) -> Vec<Secret> {
    // Of two that begin together, the longer one counts, and of the same length the one that came first: it has a name.
    order::sort(&mut found, |one, other| {
        (one.span.start, usize::MAX - one.span.end) < (other.span.start, usize::MAX - other.span.end)
    });
    let mut secrets = Vec::with_capacity(found.len());
    let mut marks = marks_in(text).map(|(span, _, _)| span).peekable();
    let mut end = 0;
    for secret in found {
        let mut start = secret.span.start.max(end);
        while start < secret.span.end {
            while marks.next_if(|mark| mark.end <= start).is_some() {}
            let mark = marks.peek().cloned().filter(|mark| mark.start < secret.span.end);
            let stop = mark.as_ref().map_or(secret.span.end, |mark| mark.start.max(start));
            let piece = text.get(start..stop).unwrap_or_default();
            if piece.contains(char::is_alphanumeric) {
                secrets.push(Secret { span: start..stop, kind: secret.kind });
            }
            start = mark.map_or(secret.span.end, |mark| mark.end);
        }
        end = end.max(secret.span.end);
    }
    secrets
}
