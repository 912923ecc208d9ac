//! The conditions of the table: what has to hold of a token, or of what is expected of it, for a row to apply.
//!
//! A condition is a list: a source, an operator, and what the operator needs. Sources are JSON pointers into the token
//! (`/payload/jti`, `/header/typ`; a part in `<…>` is a pattern for names of members), `names` of the claims and
//! `parameters` of the header, and words for what stands beside the token: `token/…`, `expected/…`, `keys/…`. The
//! operators are in [`View::holds`]. `["any", …]` holds where one of its conditions does, and a list of conditions where
//! all of them do.
//!
//! What a hostile token can make these look at is bounded: so many members and items, each up to a length.

use std::borrow::Cow;

use super::pattern;
use crate::finding::Fact;
use crate::json::{Document, Kind, Member, Value};
use crate::report::{SignatureStatus, TokenKind, TokenName};
use crate::text;
use crate::time::Time;
use crate::why::Subject;

/// Of a larger object the first members are looked at.
const MOST_MEMBERS: usize = 512;

/// Of a longer list the first items are looked at for a condition.
const MOST_ITEMS: usize = 32;

/// A token with what is known beside it, for conditions to look at.
pub struct View<'a> {
    subject: &'a Subject<'a>,
    /// The members of the payload, found once.
    claims: &'a [Member],
    /// The members of the header.
    parameters: &'a [Member],
    /// What kind of the provider's tokens it is, once that is known.
    pub variant: Option<&'static str>,
    /// Whether the provider is certain, once that is known.
    pub certain: bool,
}

impl<'a> View<'a> {
    /// Looks at a token.
    pub fn new(subject: &'a Subject<'a>) -> View<'a> {
        let members = |document: &'a Option<Document>| {
            let members = document.as_ref().and_then(|document| document.root.as_ref()).map_or(&[][..], Value::members);
            members.get(..MOST_MEMBERS.min(members.len())).unwrap_or_default()
        };
        let (claims, parameters) = (members(&subject.token.payload), members(&subject.token.header));
        View { subject, claims, parameters, variant: None, certain: false }
    }

    /// The time that the claims are checked for.
    pub fn now(&self) -> Time {
        self.subject.now
    }

    /// The claims, of a payload that is an object.
    pub fn claims(&self) -> impl Iterator<Item = &'a str> {
        self.claims.iter().map(|member| member.name.as_str())
    }

    /// The parameters of the header.
    pub fn parameters(&self) -> impl Iterator<Item = &'a str> {
        self.parameters.iter().map(|member| member.name.as_str())
    }

    /// Whether every condition of a row holds.
    pub fn all_hold(&self, conditions: &[Value]) -> bool {
        conditions.iter().all(|condition| self.holds(condition))
    }

    /// Whether a condition holds.
    pub fn holds(&self, condition: &Value) -> bool {
        let parts = condition.items();
        let word = |at: usize| parts.get(at).and_then(Value::as_str).unwrap_or_default();
        let others = parts.get(2..).unwrap_or_default();
        let number = || word(2).parse::<i64>().unwrap_or(i64::MAX);
        let source = word(0);
        if parts.first().is_some_and(|first| !first.items().is_empty()) {
            return self.all_hold(parts);
        }
        if source == "any" {
            return parts.get(1..).unwrap_or_default().iter().any(|condition| self.holds(condition));
        }
        match word(1) {
            "present" => self.is_present(source),
            "absent" => !self.is_present(source),
            "is" => self.texts(source).iter().any(|text| is_one_of(text, others)),
            "isnt" => !self.texts(source).iter().any(|text| is_one_of(text, others)),
            "only" => {
                let texts = self.texts(source);
                !texts.is_empty() && texts.iter().all(|text| is_one_of(text, others))
            }
            "type" => self
                .values(source)
                .iter()
                .any(|(_, value)| others.iter().any(|name| name.as_str() == Some(value.type_name()))),
            "equals" => {
                let right = self.texts(word(2));
                self.texts(source).iter().any(|text| right.contains(text))
            }
            "differs" => {
                let (left, right) = (self.texts(source), self.texts(word(2)));
                !left.is_empty() && !right.is_empty() && !left.iter().any(|text| right.contains(text))
            }
            "more-than" => self.count(source) > number(),
            "above" => self.number(source).is_some_and(|value| value > number()),
            "below" => self.number(source).is_some_and(|value| value < number()),
            "past" => self.time(source).is_some_and(|time| time <= self.now()),
            "ahead" => self.time(source).is_some_and(|time| time.since(self.now()) > number()),
            "older" => self.time(source).is_some_and(|time| self.now().since(time) > number()),
            _ => false,
        }
    }

    /// What a source holds as texts: strings, numbers and booleans as written, and the items of lists.
    pub fn texts(&self, source: &str) -> Vec<Cow<'a, str>> {
        if source.starts_with('/') { self.first_texts(source, MOST_ITEMS) } else { self.beside(source) }
    }

    /// The same of a source in the token, with so many items of a list.
    pub fn first_texts(&self, source: &str, most: usize) -> Vec<Cow<'a, str>> {
        let mut texts = Vec::new();
        for (document, value) in self.values(source) {
            match &value.kind {
                Kind::Array(items) => {
                    texts.extend(items.iter().take(most).filter_map(|item| scalar(document, item)));
                }
                _ => texts.extend(scalar(document, value)),
            }
        }
        texts
    }

    /// What a source holds as a fact: `time …` and `duration …` before the source say how it is meant. A pattern says
    /// which of several texts is the one.
    pub fn fact(&self, source: &str, conditions: &[Value]) -> Option<Fact> {
        if let Some(source) = source.strip_prefix("time ") {
            return self.time(source).map(Fact::Time);
        }
        if let Some(source) = source.strip_prefix("duration ") {
            return self.number(source).map(Fact::Duration);
        }
        let mut texts = self.matching(source, conditions);
        match texts.len() {
            0 => None,
            1 => texts.pop().map(|text| Fact::Text(text.into_owned())),
            _ => Some(Fact::List(texts.into_iter().map(Cow::into_owned).collect())),
        }
    }

    /// The texts of a source that its condition is about: those that fit where one has a pattern, or else all.
    pub fn matching(&self, source: &str, conditions: &[Value]) -> Vec<Cow<'a, str>> {
        let mut texts = self.texts(source);
        let sought = conditions.iter().map(Value::items).find(|parts| {
            let word = |at: usize| parts.get(at).and_then(Value::as_str);
            word(0) == Some(source) && word(1) == Some("is")
        });
        if let Some(sought) = sought {
            texts.retain(|text| is_one_of(text, sought.get(2..).unwrap_or_default()));
        }
        texts
    }

    /// Whether any text of a source fits one of the patterns.
    pub fn holds_for(&self, source: &str, patterns: &[Value]) -> bool {
        self.texts(source).iter().any(|text| is_one_of(text, patterns))
    }

    fn is_present(&self, source: &str) -> bool {
        if source.starts_with('/') { !self.values(source).is_empty() } else { !self.beside(source).is_empty() }
    }

    /// The values that a pointer leads to.
    fn values(&self, source: &str) -> Vec<(&'a Document, &'a Value)> {
        let mut parts = source.split('/').skip(1);
        let (document, members) = match parts.next() {
            Some("header") => (&self.subject.token.header, self.parameters),
            _ => (&self.subject.token.payload, self.claims),
        };
        let Some(document) = document else { return Vec::new() };
        let Some(first) = parts.next() else {
            return document.root.iter().map(|root| (document, root)).collect();
        };
        let mut values = member_values(members, first);
        for part in parts {
            values =
                values.into_iter().flat_map(|value| member_values(value.members(), part)).take(MOST_MEMBERS).collect();
        }
        values.into_iter().map(|value| (document, value)).collect()
    }

    /// What stands beside the token.
    fn beside(&self, source: &str) -> Vec<Cow<'a, str>> {
        let (token, options) = (self.subject.token, self.subject.options);
        let expected = &options.expectations;
        let one = |word: &'a str| vec![Cow::Borrowed(word)];
        match source {
            "variant" => self.variant.map(one).unwrap_or_default(),
            "parameters" => self.parameters().map(Cow::Borrowed).collect(),
            "names" => self.claims().map(Cow::Borrowed).collect(),
            "token/text" => one(&token.text),
            "token/padding" if token.text.split('.').any(|part| part.ends_with('=')) => one("padded"),
            "token/prefix" => one(super::opaque::prefix(&token.text)),
            "token/before" => one(self.before()),
            "token/kind" => one(kind(token.kind)),
            "token/name" => token.name.map(|name| one(name_of(name))).unwrap_or_default(),
            "token/signature" => one(status(token.signature.status)),
            "token/finding" => token.findings.iter().map(|finding| Cow::Borrowed(finding.code.0)).collect(),
            "expected/issuer" => expected.issuers.iter().take(MOST_ITEMS).map(|text| Cow::Borrowed(&**text)).collect(),
            "expected/audience" => {
                expected.audiences.iter().take(MOST_ITEMS).map(|text| Cow::Borrowed(&**text)).collect()
            }
            "expected/client" => expected.client_id.iter().map(|text| Cow::Borrowed(&**text)).collect(),
            "expected/claim" => expected.required_claims.iter().map(|claim| Cow::Borrowed(&*claim.name)).collect(),
            "keys/url" => {
                let fetched = self.subject.places.iter().filter_map(|place| place.url.as_ref());
                options.fetch_from.iter().chain(fetched).take(MOST_ITEMS).map(|text| Cow::Borrowed(&**text)).collect()
            }
            _ => Vec::new(),
        }
    }

    /// What stands right before the token in the pasted text, where that belongs to it: no space between.
    fn before(&self) -> &'a str {
        /// The beginning of a token of another format is no longer than this.
        const MOST_BEFORE: usize = 16;
        let start = self.subject.token.pieces.first().map_or(0, |piece| piece.start);
        let before = self.subject.text.get(..start).unwrap_or_default();
        let belongs = |character: &char| character.is_ascii_alphanumeric() || *character == '.';
        let length: usize = before.chars().rev().take(MOST_BEFORE).take_while(belongs).map(char::len_utf8).sum();
        before.get(before.len() - length..).unwrap_or_default()
    }

    /// The number of items of a list.
    fn count(&self, source: &str) -> i64 {
        let count = self.values(source).iter().map(|(_, value)| value.items().len()).max().unwrap_or(0);
        i64::try_from(count).unwrap_or(i64::MAX)
    }

    /// A whole number of seconds; `token/lifetime` goes from `iat`, or else `nbf`, to `exp`.
    fn number(&self, source: &str) -> Option<i64> {
        if source == "token/lifetime" {
            let begin = self.time("/payload/iat").or_else(|| self.time("/payload/nbf"))?;
            return Some(self.time("/payload/exp")?.since(begin));
        }
        let (document, value) = *self.values(source).first()?;
        scalar(document, value)?.parse().ok()
    }

    fn time(&self, source: &str) -> Option<Time> {
        let (document, value) = *self.values(source).first()?;
        (value.kind == Kind::Number).then(|| Time::from_number(&document.raw(value)).ok()).flatten()
    }
}

/// Whether a text fits one of the patterns of a condition.
fn is_one_of(text: &str, patterns: &[Value]) -> bool {
    patterns.iter().filter_map(Value::as_str).any(|pattern| pattern::fits(pattern, text))
}

/// The members of that name, of which the last one counts, or of names that fit a pattern.
fn member_values<'a>(members: &'a [Member], name: &str) -> Vec<&'a Value> {
    let members = members.get(..MOST_MEMBERS.min(members.len())).unwrap_or_default();
    let name = &*text::replace(name, "~1", "/");
    if name.contains('<') {
        let fits = |member: &&Member| pattern::fits(name, &member.name);
        return members.iter().filter(fits).map(|member| &member.value).collect();
    }
    members.iter().rev().find(|member| member.name == name).map(|member| &member.value).into_iter().collect()
}

fn scalar<'a>(document: &'a Document, value: &'a Value) -> Option<Cow<'a, str>> {
    match &value.kind {
        Kind::String(text) => Some(Cow::Borrowed(text)),
        Kind::Number | Kind::Bool(_) => Some(Cow::Owned(document.raw(value))),
        _ => None,
    }
}

fn kind(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Jws => "jws",
        TokenKind::Jwe => "jwe",
        TokenKind::Unsecured => "unsecured",
        TokenKind::Incomplete => "incomplete",
        TokenKind::Opaque => "opaque",
    }
}

fn name_of(name: TokenName) -> &'static str {
    match name {
        TokenName::AccessToken => "access_token",
        TokenName::IdToken => "id_token",
        TokenName::RefreshToken => "refresh_token",
    }
}

fn status(status: SignatureStatus) -> &'static str {
    match status {
        SignatureStatus::Valid => "valid",
        SignatureStatus::Invalid => "invalid",
        SignatureStatus::NotChecked => "not-checked",
        SignatureStatus::Unsupported => "unsupported",
        SignatureStatus::None => "none",
    }
}
