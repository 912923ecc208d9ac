//! The conditions of the table: small tests on a token and on what came with it.

use super::scene::{Found, Scene};
use crate::json::{Kind, Value};
use crate::report::{InputKind, TokenName};
use crate::text;
use crate::time::Time;

/// A condition.
pub(super) enum Test {
    /// `["typ", …]`: the media type of the header's `typ` is one of these.
    Typ(Vec<&'static str>),
    /// `["typ-ends", …]`: it ends in one of these.
    TypEnds(Vec<&'static str>),
    /// `["has", …]`: one of these places has a value.
    Has(Vec<Path>),
    /// `["is", place, …]`: the value is one of these texts, or a number or boolean written so.
    Is(Path, Vec<&'static str>),
    /// `["like", place, …]`: the text, or an item of the list, fits one of these patterns, in which `*` stands for any
    /// text.
    Like(Path, Vec<&'static str>),
    /// `["type", place, …]`: the value is of one of these JSON types.
    Type(Path, Vec<&'static str>),
    /// `["member", place, name]`: the object there has a member of that name.
    Member(Path, &'static str),
    /// `["same", place, place]`: both have the same text.
    Same(Path, Path),
    /// `["later", place, seconds]`: the time there is that one or a later one.
    Later(Path, Time),
    /// `["named", …]`: the text around the token calls it so.
    Named(Vec<&'static str>),
    /// `["redirected"]`: it came in the URL of a redirect.
    Redirected,
    /// `["disclosures"]`: a tilde follows it.
    Disclosures,
    /// `["key-binding"]`: a key binding JWT stands behind its disclosures.
    KeyBinding,
    /// `["provider", …]`: it was issued by one of these.
    Provider(Vec<&'static str>),
    /// `["beside", …]`: one of these came with it.
    Beside(Vec<Companion>),
    /// `["several-keys"]`: one of the key sets at hand has more than one key.
    SeveralKeys,
    /// `["all", …]`
    All(Vec<Test>),
    /// `["any", …]`
    Any(Vec<Test>),
    /// `["not", …]`
    Not(Box<Test>),
    /// What the table should not have.
    Never,
}

/// What may have come with a token.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Companion {
    AccessToken,
    Code,
    State,
}

/// Where a value stands: `payload/cnf/jkt`, `header/typ`; `binding/nonce` and `binding-header/typ` in the key binding
/// JWT.
pub(super) struct Path {
    pub part: Part,
    pub names: Vec<&'static str>,
}

/// The JSON text that a path begins in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Header,
    Payload,
    BindingHeader,
    Binding,
}

impl Path {
    pub(super) fn read(text: &'static str) -> Path {
        let (part, rest) = text.split_once('/').unwrap_or((text, ""));
        let part = match part {
            "header" => Part::Header,
            "binding-header" => Part::BindingHeader,
            "binding" => Part::Binding,
            _ => Part::Payload,
        };
        Path { part, names: rest.split('/').filter(|name| !name.is_empty()).collect() }
    }
}

impl Companion {
    pub(super) fn read(name: &str) -> Option<Companion> {
        match name {
            "access_token" => Some(Companion::AccessToken),
            "code" => Some(Companion::Code),
            "state" => Some(Companion::State),
            _ => None,
        }
    }
}

impl Test {
    /// Reads a test of the table.
    pub(super) fn read(row: &'static Value) -> Test {
        let items = row.items();
        let Some((name, rest)) = items.split_first() else { return Test::Never };
        let texts = || rest.iter().filter_map(Value::as_str);
        let paths = || texts().map(Path::read).collect();
        let tests = || rest.iter().map(Test::read).collect();
        let first = || texts().next().map(Path::read);
        let behind = || texts().skip(1).collect::<Vec<_>>();
        let read = match name.as_str().unwrap_or_default() {
            "typ" => Some(Test::Typ(texts().collect())),
            "typ-ends" => Some(Test::TypEnds(texts().collect())),
            "has" => Some(Test::Has(paths())),
            "is" => first().map(|path| Test::Is(path, behind())),
            "like" => first().map(|path| Test::Like(path, behind())),
            "type" => first().map(|path| Test::Type(path, behind())),
            "member" => first().zip(behind().first().copied()).map(|(path, name)| Test::Member(path, name)),
            "same" => first().zip(behind().first().copied().map(Path::read)).map(|(one, other)| Test::Same(one, other)),
            "later" => {
                let time = behind().first().and_then(|seconds| Time::from_number(seconds).ok());
                first().zip(time).map(|(path, time)| Test::Later(path, time))
            }
            "named" => Some(Test::Named(texts().collect())),
            "redirected" => Some(Test::Redirected),
            "disclosures" => Some(Test::Disclosures),
            "key-binding" => Some(Test::KeyBinding),
            "provider" => Some(Test::Provider(texts().collect())),
            "beside" => Some(Test::Beside(texts().filter_map(Companion::read).collect())),
            "several-keys" => Some(Test::SeveralKeys),
            "all" => Some(Test::All(tests())),
            "any" => Some(Test::Any(tests())),
            "not" => rest.first().map(|inner| Test::Not(Box::new(Test::read(inner)))),
            _ => None,
        };
        read.unwrap_or(Test::Never)
    }

    /// Whether it holds.
    pub(super) fn holds(&self, scene: &Scene) -> bool {
        match self {
            Test::Typ(types) => scene.typ.as_deref().is_some_and(|typ| types.contains(&typ)),
            Test::TypEnds(ends) => scene.typ.as_deref().is_some_and(|typ| ends.iter().any(|end| typ.ends_with(end))),
            Test::Has(paths) => paths.iter().any(|path| scene.value(path).is_some()),
            Test::Is(path, texts) => scene.found(path).is_some_and(|found| is_one_of(&found, texts)),
            Test::Like(path, patterns) => scene.value(path).is_some_and(|value| is_like(value, patterns)),
            Test::Type(path, types) => scene.value(path).is_some_and(|value| types.contains(&value.type_name())),
            Test::Member(path, name) => scene.value(path).is_some_and(|value| value.member(name).is_some()),
            Test::Same(one, other) => match (scene.value(one), scene.value(other)) {
                (Some(one), Some(other)) => one.as_str().is_some() && one.as_str() == other.as_str(),
                _ => false,
            },
            Test::Later(path, time) => scene.found(path).and_then(|found| found.time()).is_some_and(|at| at >= *time),
            Test::Named(names) => scene.subject.token.name.is_some_and(|name| names.contains(&word(name))),
            Test::Redirected => scene.subject.token.found_in == InputKind::CallbackUrl,
            Test::Disclosures => scene.disclosure.as_ref().is_some_and(|disclosure| disclosure.is_presented),
            Test::KeyBinding => scene.binding.is_some(),
            Test::Provider(ids) => scene.provider.is_some_and(|id| ids.contains(&id)),
            Test::Beside(companions) => companions.iter().any(|companion| scene.companion(*companion).is_some()),
            Test::SeveralKeys => scene.subject.places.iter().any(|place| place.keys.len() > 1),
            Test::All(tests) => tests.iter().all(|test| test.holds(scene)),
            Test::Any(tests) => tests.iter().any(|test| test.holds(scene)),
            Test::Not(test) => !test.holds(scene),
            Test::Never => false,
        }
    }

    /// Whether nothing in it was misread.
    #[cfg(test)]
    pub(super) fn is_whole(&self) -> bool {
        match self {
            Test::Never => false,
            Test::All(tests) | Test::Any(tests) => !tests.is_empty() && tests.iter().all(Test::is_whole),
            Test::Not(test) => test.is_whole(),
            Test::Typ(list) | Test::TypEnds(list) | Test::Named(list) | Test::Provider(list) => !list.is_empty(),
            Test::Has(paths) => !paths.is_empty() && paths.iter().all(|path| !path.names.is_empty()),
            Test::Is(path, list) | Test::Like(path, list) | Test::Type(path, list) => {
                !path.names.is_empty() && !list.is_empty()
            }
            Test::Beside(list) => !list.is_empty(),
            _ => true,
        }
    }
}

/// Whether a value is one of these texts, or a number or boolean written so.
pub(super) fn is_one_of(found: &Found, texts: &[&str]) -> bool {
    match &found.value.kind {
        Kind::String(text) => texts.contains(&text.as_str()),
        Kind::Number | Kind::Bool(_) => texts.contains(&found.raw().as_str()),
        _ => false,
    }
}

/// Of longer lists only the beginning is looked at, so that a hostile token cannot stop the page.
const MOST: usize = 32;

fn is_like(value: &Value, patterns: &[&str]) -> bool {
    let mut texts = value.as_str().into_iter().chain(value.items().iter().take(MOST).filter_map(Value::as_str));
    texts.any(|text| patterns.iter().any(|pattern| fits(pattern, text)))
}

/// Whether a text fits a pattern in which `*` stands for any text.
fn fits(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if parts.peek().is_none() {
            return rest.ends_with(part);
        }
        match text::split_once(rest, part) {
            Some((_, behind)) => rest = behind,
            None if part.is_empty() => {}
            None => return false,
        }
    }
    true
}

fn word(name: TokenName) -> &'static str {
    match name {
        TokenName::AccessToken => "access_token",
        TokenName::IdToken => "id_token",
        TokenName::RefreshToken => "refresh_token",
    }
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn a_star_stands_for_any_text() {
        for (pattern, text, expected) in [
            ("AT.*", "AT.x", true),
            ("AT.*", "ID.x", false),
            ("https://*/oauth2/*", "https://a.example/oauth2/default", true),
            ("https://*/oauth2/*", "https://a.example/", false),
            ("*/token", "https://a.example/v1/token", true),
            ("*/token", "https://a.example/v1/tokens", false),
            ("a", "a", true),
            ("a", "ab", false),
            ("*", "", true),
            ("a*a", "a", false),
        ] {
            assert_eq!(fits(pattern, text), expected, "{pattern} {text}");
        }
    }
}
