//! The wants of the table: what a value has to be. Each is generic, and the table says where it is looked for.

use super::scene::{Found, Lookup, Scene};
use super::table::{Rule, table};
use super::test::{Companion, Path, is_one_of};
use super::{beside, disclosure, request};
use crate::jose::algorithm::{self, Algorithm};
use crate::json::{Kind, Value};
use crate::report::TokenKind;
use crate::text;
use crate::time;

/// What a value has to be.
pub(super) enum Want {
    /// Anything but null.
    Anything,
    /// A text that is not empty.
    Text,
    /// A text of at most so many ASCII characters.
    Ascii(usize),
    /// A text with no spaces but between its words.
    Words,
    /// A list of texts.
    Texts,
    /// A list of texts that is not empty.
    SomeTexts,
    /// A text, or a list of them, not empty.
    TextOrTexts,
    /// Seconds since 1970.
    Seconds,
    /// An object.
    Object,
    /// One of these values.
    OneOf(Vec<&'static str>),
    /// One of these media types.
    Media(Vec<&'static str>),
    /// A media type that is none of these.
    OtherThan(Vec<&'static str>),
    /// A text that begins so.
    Begins(Vec<&'static str>),
    /// Nothing: it must not be there.
    Absent,
    /// The same text as there.
    Same(Path),
    /// Another text than there.
    Differs(Path),
    /// An `https` URL without query and fragment, or one of these values.
    Issuer(Vec<&'static str>),
    /// A URL without query and fragment.
    Address,
    /// An HTTP method.
    Method,
    /// The method of the request that it was sent with.
    RequestMethod,
    /// The URL of the request that it was sent with, without query and fragment.
    RequestAddress,
    /// A signature algorithm: `signed` for any, `asymmetric` for one with a key pair.
    Algorithm(&'static str),
    /// A public key as a JWK.
    PublicKey,
    /// An object whose member of that name is an object.
    Member(&'static str),
    /// An object with at least one member whose name is a URI.
    UriMembers,
    /// The two times lie so many seconds apart.
    Lifetime(i64, i64),
    /// The audience of a client assertion: any form, and the note says who wants it.
    ServerAudience,
    /// An object that, where its member says that a token is inactive, has no others.
    Introspection,
    /// The left half of the hash of what came with it.
    HalfHash(Companion),
    /// The SHA-256 hash of what came with it.
    Hash(Companion),
    /// The thumbprint of the key that the access token beside is bound to.
    BoundKey,
    /// The thumbprint of the key of the DPoP proof beside it.
    BoundProof,
    /// The SHA-256 hash of the client certificate.
    Certificate,
    /// Something about the disclosures.
    Disclosures(disclosure::Want),
    /// What the table should not have.
    Never,
}

/// What a rule came to.
pub(super) enum Outcome {
    /// The value is right.
    Met(Vec<String>),
    /// It is right, and these words of the table say more.
    Said(&'static str, Vec<String>),
    /// It is not.
    Broken(Fault),
    /// It does not apply, for the reason that the words give.
    NotApplicable(&'static str),
    /// It takes something else, which the words name.
    NotChecked(&'static str),
}

/// How a rule is broken.
pub(super) struct Fault {
    /// The name of the words for what was found.
    pub found: &'static str,
    /// The value found.
    pub value: Vec<String>,
    /// The name of the words between the two values.
    pub contrast: &'static str,
    /// The value that it should be.
    pub computed: Vec<String>,
    /// Whether it contradicts what came with the token, or fails whoever looks at it.
    pub contradiction: bool,
    /// Whether there is no value at all.
    pub absent: bool,
    /// Where it stands.
    pub pointer: String,
}

impl Fault {
    /// A value that is wrong.
    pub(super) fn new(found: &'static str, value: Vec<String>, pointer: impl Into<String>) -> Fault {
        let pointer = pointer.into();
        Fault { found, value, contrast: "", computed: Vec::new(), contradiction: false, absent: false, pointer }
    }

    /// No value where there should be one.
    pub(super) fn absent(pointer: String) -> Fault {
        Fault { absent: true, ..Fault::new("missing", Vec::new(), pointer) }
    }

    /// A value that something else proves wrong.
    pub(super) fn against(self, contrast: &'static str, computed: String) -> Fault {
        Fault { contrast, computed: vec![computed], contradiction: true, ..self }
    }
}

impl Want {
    /// Reads a want of the table: its name alone, or a list of its name and what belongs to it.
    pub(super) fn read(row: &'static Value) -> Want {
        let name = row.as_str().or_else(|| row.items().first()?.as_str()).unwrap_or_default();
        let texts: Vec<&'static str> = row.items().iter().skip(1).filter_map(Value::as_str).collect();
        let first = texts.first().copied().unwrap_or_default();
        let number = |at: usize| texts.get(at).and_then(|text| text.parse::<i64>().ok());
        let some =
            |want: fn(Vec<&'static str>) -> Want| if texts.is_empty() { Want::Never } else { want(texts.clone()) };
        let companion = |want: fn(Companion) -> Want| Companion::read(first).map_or(Want::Never, want);
        match name {
            "anything" => Want::Anything,
            "text" => Want::Text,
            "ascii" => number(0).and_then(|most| usize::try_from(most).ok()).map_or(Want::Never, Want::Ascii),
            "words" => Want::Words,
            "texts" => Want::Texts,
            "some-texts" => Want::SomeTexts,
            "text-or-texts" => Want::TextOrTexts,
            "seconds" => Want::Seconds,
            "object" => Want::Object,
            "one-of" => some(Want::OneOf),
            "media" => some(Want::Media),
            "other-than" => some(Want::OtherThan),
            "begins" => some(Want::Begins),
            "absent" => Want::Absent,
            "same" => Want::Same(Path::read(first)),
            "differs" => Want::Differs(Path::read(first)),
            "issuer" => Want::Issuer(texts),
            "address" => Want::Address,
            "method" => Want::Method,
            "request-method" => Want::RequestMethod,
            "request-address" => Want::RequestAddress,
            "algorithm" => Want::Algorithm(first),
            "public-key" => Want::PublicKey,
            "member" => Want::Member(first),
            "uri-members" => Want::UriMembers,
            "lifetime" => match (number(0), number(1)) {
                (Some(least), Some(most)) => Want::Lifetime(least, most),
                _ => Want::Never,
            },
            "server-audience" => Want::ServerAudience,
            "introspection" => Want::Introspection,
            "half-hash" => companion(Want::HalfHash),
            "hash" => companion(Want::Hash),
            "bound-key" => Want::BoundKey,
            "bound-proof" => Want::BoundProof,
            "certificate" => Want::Certificate,
            other => disclosure::Want::named(other).map_or(Want::Never, Want::Disclosures),
        }
    }

    /// What the rule with this want comes to, as if it applied.
    pub(super) fn outcome(&self, scene: &Scene, rule: &Rule) -> Outcome {
        match self {
            Want::Lifetime(least, most) => lifetime(scene, &rule.at, *least, *most),
            Want::BoundKey => beside::bound_key(scene),
            Want::Disclosures(want) => disclosure::outcome(scene, *want),
            _ => self.of_value(scene, rule),
        }
    }

    /// Looks at the first of the rule's places that has a value.
    fn of_value(&self, scene: &Scene, rule: &Rule) -> Outcome {
        let mut absent = None;
        let mut unreadable = false;
        for path in &rule.at {
            match scene.look(path) {
                Lookup::Present(found) => return self.judge(scene, &found),
                Lookup::Absent(pointer) => absent = absent.or(Some(pointer)),
                Lookup::Unreadable => unreadable = true,
            }
        }
        match (self, absent) {
            _ if unreadable => Outcome::NotChecked(table().words("notes", "unreadable")),
            (Want::Absent | Want::Differs(_), _) => Outcome::Said(table().words("notes", "absent"), Vec::new()),
            (_, pointer) => Outcome::Broken(Fault::absent(pointer.unwrap_or_default())),
        }
    }

    fn judge(&self, scene: &Scene, found: &Found) -> Outcome {
        let value = found.value;
        let raw = || vec![found.raw()];
        let fault = |name: &'static str| Outcome::Broken(Fault::new(name, vec![found.json()], found.pointer.clone()));
        let all_texts = |items: &[Value]| items.iter().all(|item| item.as_str().is_some_and(|text| !text.is_empty()));
        let text = value.as_str().filter(|text| !text.is_empty());
        let right = match self {
            Want::Anything => value.kind != Kind::Null,
            Want::Text => text.is_some(),
            Want::Ascii(most) => text.is_some_and(|text| text.is_ascii() && text.len() <= *most),
            Want::Words => text.is_some_and(|text| text.split(' ').all(|word| !word.is_empty())),
            Want::Texts => matches!(&value.kind, Kind::Array(items) if all_texts(items)),
            Want::SomeTexts => matches!(&value.kind, Kind::Array(items) if !items.is_empty() && all_texts(items)),
            Want::TextOrTexts => {
                text.is_some() || matches!(&value.kind, Kind::Array(items) if !items.is_empty() && all_texts(items))
            }
            Want::Seconds => found.time().is_some(),
            Want::Object => matches!(value.kind, Kind::Object(_)),
            Want::OneOf(values) => is_one_of(found, values),
            Want::Media(types) => text.is_some_and(|text| types.contains(&media_type(text).as_str())),
            Want::OtherThan(types) => text.is_some_and(|text| !types.contains(&media_type(text).as_str())),
            Want::Begins(beginnings) => text
                .is_some_and(|text| beginnings.iter().any(|begin| text.starts_with(begin) && text.len() > begin.len())),
            Want::Absent => return fault("forbidden"),
            Want::Same(path) => match scene.value(path).and_then(Value::as_str) {
                Some(other) => texts(value).contains(&other),
                // Its absence is a matter of another rule.
                None => return Outcome::NotChecked(table().words("notes", "nothing-to-compare")),
            },
            Want::Differs(path) => scene.value(path).is_none_or(|other| text.is_none() || other.as_str() != text),
            Want::Issuer(others) => text.is_some_and(|text| is_issuer(text) || others.contains(&text)),
            Want::Address => text.is_some_and(|text| is_address(text, &["https://", "http://"])),
            Want::Method => text.is_some_and(is_method),
            Want::RequestMethod if text.is_some_and(is_method) => return request::method(scene, found),
            Want::RequestAddress if text.is_some_and(|text| is_address(text, &["https://", "http://"])) => {
                return request::address(scene, found);
            }
            Want::RequestMethod | Want::RequestAddress => false,
            Want::BoundProof => return beside::bound_proof(scene, found),
            Want::Algorithm(kind) => return algorithm_of(scene, found, kind),
            Want::PublicKey => return public_key(found),
            Want::Member(name) => value.member(name).is_some_and(|member| matches!(member.kind, Kind::Object(_))),
            Want::UriMembers => value.members().iter().any(|member| is_uri(&member.name)),
            Want::ServerAudience => return server_audience(found),
            Want::Introspection => return introspection(found),
            Want::HalfHash(companion) => return beside::half_hash(scene, found, *companion),
            Want::Hash(companion) => return beside::hash(scene, found, *companion),
            Want::Certificate => return beside::certificate(scene, found),
            Want::Lifetime(..) | Want::BoundKey | Want::Disclosures(_) | Want::Never => false,
        };
        if right { Outcome::Met(raw()) } else { fault("value") }
    }
}

/// The texts of a list, or a text alone.
pub(super) fn texts(value: &Value) -> Vec<&str> {
    match value.as_str() {
        Some(text) => vec![text],
        None => value.items().iter().filter_map(Value::as_str).collect(),
    }
}

fn media_type(text: &str) -> String {
    let text = text.to_ascii_lowercase();
    text.strip_prefix("application/").map_or(text.clone(), str::to_owned)
}

/// An issuer on one's own machine needs no certificate: it is one that somebody develops against.
fn is_issuer(text: &str) -> bool {
    let own = ["http://localhost", "http://127.0.0.1", "http://[::1]"];
    let on_own =
        |begin: &&str| text.strip_prefix(*begin).is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '/']));
    is_address(text, &["https://"]) || own.iter().any(on_own) && is_address(text, &["http://"])
}

/// Whether a text is a URL with one of these beginnings, a host, and neither query nor fragment.
fn is_address(text: &str, beginnings: &[&str]) -> bool {
    let scheme =
        beginnings.iter().find(|begin| text.get(..begin.len()).is_some_and(|is| is.eq_ignore_ascii_case(begin)));
    let rest = scheme.and_then(|scheme| text.get(scheme.len()..)).unwrap_or_default();
    !rest.is_empty()
        && !rest.starts_with('/')
        && !rest.contains(['?', '#'])
        && !rest.contains(|character: char| character.is_whitespace() || character.is_control())
}

/// Whether a text is a URI: a scheme, a colon, and something behind it
/// ([RFC 3986 §3](https://www.rfc-editor.org/rfc/rfc3986#section-3)).
fn is_uri(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, rest)| {
        let of_scheme = |character: char| character.is_ascii_alphanumeric() || matches!(character, '+' | '-' | '.');
        scheme.starts_with(|character: char| character.is_ascii_alphabetic())
            && scheme.chars().all(of_scheme)
            && !rest.is_empty()
            && !rest.contains(char::is_whitespace)
    })
}

/// Methods are case-sensitive, and the registered ones are written in capitals
/// ([RFC 9110 §9.1](https://www.rfc-editor.org/rfc/rfc9110#section-9.1)).
fn is_method(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'-')
}

fn algorithm_of(scene: &Scene, found: &Found, kind: &str) -> Outcome {
    // In an encrypted token `alg` says how the key is encrypted; the signature is inside.
    if scene.subject.token.kind == TokenKind::Jwe {
        return Outcome::NotChecked(table().words("notes", "encrypted"));
    }
    let none = |text: &str| text.eq_ignore_ascii_case("none");
    let Some(text) = found.value.as_str().filter(|text| !text.is_empty() && !none(text)) else {
        return Outcome::Broken(Fault::new("value", vec![found.json()], found.pointer.clone()));
    };
    let known = Algorithm::named(text).map(|algorithm| algorithm.kind);
    if kind == "asymmetric" && known == Some(algorithm::Kind::Hmac) {
        return Outcome::Broken(Fault::new("value", vec![found.json()], found.pointer.clone()));
    }
    match known {
        Some(_) => Outcome::Met(vec![found.raw()]),
        None => Outcome::NotChecked(table().words("notes", "algorithm")),
    }
}

/// A key without the members that only a private or a secret key has.
fn public_key(found: &Found) -> Outcome {
    if found.value.member("kty").and_then(Value::as_str).is_none() {
        return Outcome::Broken(Fault::new("no-key", Vec::new(), found.pointer.clone()));
    }
    let secret: Vec<String> =
        table().list("private-members").filter(|name| found.value.member(name).is_some()).map(str::to_owned).collect();
    if secret.is_empty() {
        Outcome::Met(found.value.member("kty").and_then(Value::as_str).map(str::to_owned).into_iter().collect())
    } else {
        // The names are shown and never the numbers: they are the private key.
        // Whoever reads it can sign as its owner, so a verifier refuses it whatever it thinks of the rest.
        let fault = Fault::new("private-key", secret, found.pointer.clone());
        Outcome::Broken(Fault { contradiction: true, ..fault })
    }
}

/// The audience of what a client sends to an authorization server. Servers disagree about what it has to be.
fn server_audience(found: &Found) -> Outcome {
    let audiences = texts(found.value);
    let whole = match &found.value.kind {
        Kind::Array(items) => items.len() == audiences.len(),
        _ => true,
    };
    if !whole || audiences.is_empty() || audiences.iter().any(|audience| audience.is_empty()) {
        return Outcome::Broken(Fault::new("value", vec![found.json()], found.pointer.clone()));
    }
    let form = match audiences.as_slice() {
        [audience] if table().list("endpoints").any(|end| audience.ends_with(end)) => "audience-endpoint",
        [_] => "audience-issuer",
        _ => "audience-several",
    };
    let values = audiences.iter().map(|audience| (*audience).to_owned()).collect();
    Outcome::Said(table().words("notes", form), values)
}

/// What an authorization server says of a token: of an inactive one nothing else
/// ([RFC 7662 §2.2](https://www.rfc-editor.org/rfc/rfc7662#section-2.2)).
fn introspection(found: &Found) -> Outcome {
    let active = found.value.member("active").map(|active| &active.kind);
    let more = found.value.members().len() > 1;
    match active {
        Some(Kind::Bool(true)) => Outcome::Met(vec!["active".to_owned()]),
        Some(Kind::Bool(false)) if !more => Outcome::Met(vec!["inactive".to_owned()]),
        _ => Outcome::Broken(Fault::new("value", vec![found.json()], found.pointer.clone())),
    }
}

fn lifetime(scene: &Scene, at: &[Path], least: i64, most: i64) -> Outcome {
    let time = |index: usize| scene.found(at.get(index)?)?.time();
    let (Some(begin), Some(end)) = (time(0), time(1)) else {
        return Outcome::NotChecked(table().words("notes", "lifetime"));
    };
    let seconds = end.since(begin);
    let value = vec![time::duration(seconds)];
    if (least..=most).contains(&seconds) {
        Outcome::Met(value)
    } else {
        let name = if seconds < 0 { "negative" } else { "value" };
        Outcome::Broken(Fault::new(name, value, "/payload/exp"))
    }
}

/// The part of a text between two marks.
pub(super) fn between<'t>(text: &'t str, before: &str, behind: &str) -> Option<&'t str> {
    let (_, rest) = text::split_once(text, before)?;
    text::split_once(rest, behind).map(|(inside, _)| inside)
}
