//! The report as JSON, as `docs/report.md` describes it. Positions are UTF-16 units of the pasted text, because that is
//! what JavaScript counts in.

use std::ops::Range;

use super::headline::headline;
use super::{
    InputKind, KeySet, KeySource, KeySummary, Report, Segment, SegmentRole, Signature, SignatureStatus, Token,
    TokenKind, TokenName, UsedKey, Verdict,
};
use crate::finding::{Certainty, Fact, Finding, Severity};
use crate::json::{Document, Kind, Value, quoted};
use crate::messages;
use crate::time::Time;

/// The version of the report's shape. It rises when a field changes its meaning or goes; new fields leave it as it is.
pub const VERSION: i64 = 1;

/// A JSON value on its way out.
#[derive(Clone, Debug, PartialEq)]
pub enum Node {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A whole number.
    Number(i64),
    /// A string.
    Text(String),
    /// An array.
    List(Vec<Node>),
    /// An object, in this order.
    Object(Vec<(&'static str, Node)>),
}

/// The report on a text, as a JSON value. `text` is the text that was inspected.
pub fn node(report: &Report, text: &str) -> Node {
    let units = Units::new(text);
    Node::Object(vec![
        ("version", Node::Number(VERSION)),
        ("now", Node::Number(report.now.seconds())),
        (
            "inputs",
            list(&report.inputs, |input| {
                Node::Object(vec![("kind", word(input_kind(input.kind))), ("from", units.node(&input.span))])
            }),
        ),
        ("tokens", list(&report.tokens, |token| token_node(token, &units, report.now))),
        ("keySets", list(&report.key_sets, |set| key_set(set, report.now))),
        ("exchanges", Node::List(Vec::new())),
        ("findings", list(&report.findings, |finding| finding_node(finding, report.now))),
    ])
}

/// The report on a text, as JSON text.
pub fn text(report: &Report, text: &str) -> String {
    let mut json = String::new();
    write(&node(report, text), &mut json);
    json
}

/// Writes a value as JSON text.
pub fn write(node: &Node, json: &mut String) {
    match node {
        Node::Null => json.push_str("null"),
        Node::Bool(true) => json.push_str("true"),
        Node::Bool(false) => json.push_str("false"),
        Node::Number(number) => json.push_str(&number.to_string()),
        Node::Text(text) => json.push_str(&quoted(text)),
        Node::List(items) => {
            json.push('[');
            for (number, item) in items.iter().enumerate() {
                if number > 0 {
                    json.push(',');
                }
                write(item, json);
            }
            json.push(']');
        }
        Node::Object(members) => {
            json.push('{');
            for (number, (name, value)) in members.iter().enumerate() {
                if number > 0 {
                    json.push(',');
                }
                json.push_str(&quoted(name));
                json.push(':');
                write(value, json);
            }
            json.push('}');
        }
    }
}

/// From byte offsets to UTF-16 units. In a text of ASCII characters, which most are, they are the same.
struct Units {
    /// The unit at each byte; empty for ASCII.
    at: Vec<u32>,
    length: usize,
}

impl Units {
    fn new(text: &str) -> Units {
        let mut at = Vec::new();
        if !text.is_ascii() {
            let mut unit = 0;
            for character in text.chars() {
                at.extend(std::iter::repeat_n(unit, character.len_utf8()));
                unit += character.len_utf16() as u32;
            }
            at.push(unit);
        }
        Units { at, length: text.len() }
    }

    fn unit(&self, byte: usize) -> i64 {
        match self.at.get(byte).or(self.at.last()) {
            Some(unit) => i64::from(*unit),
            None => byte.min(self.length) as i64,
        }
    }

    fn node(&self, span: &Range<usize>) -> Node {
        Node::Object(vec![("start", Node::Number(self.unit(span.start))), ("end", Node::Number(self.unit(span.end)))])
    }
}

fn token_node(token: &Token, units: &Units, now: Time) -> Node {
    let headline = headline(token, now);
    let segment = |role: SegmentRole| token.segments.iter().find(|segment| segment.role == role);
    let members = |document: &Option<Document>, role: SegmentRole| match (document, segment(role)) {
        (Some(document), segment) => {
            // What was decrypted, or made of two headers, stands nowhere in the text.
            let segment = segment.filter(|segment| segment.bytes == document.bytes);
            members_node(document, &Place { token, segment, units })
        }
        _ => Node::Null,
    };
    let start = token.pieces.first().map_or(0, |piece| piece.start);
    let end = token.pieces.last().map_or(0, |piece| piece.end);
    Node::Object(vec![
        ("kind", word(token_kind(token.kind))),
        ("name", token.name.map_or(Node::Null, |name| word(token_name(name)))),
        ("foundIn", word(input_kind(token.found_in))),
        ("from", if token.pieces.is_empty() { Node::Null } else { units.node(&(start..end)) }),
        ("pieces", list(&token.pieces, |piece| units.node(piece))),
        ("segments", list(&token.segments, |segment| segment_node(token, segment, units))),
        ("header", members(&token.header, SegmentRole::Header)),
        ("payload", members(&token.payload, SegmentRole::Payload)),
        ("profile", Node::Null),
        ("provider", Node::Null),
        ("signature", signature(&token.signature)),
        ("signatures", list(token.signatures(), signature)),
        ("decryption", Node::Null),
        ("verdict", word(verdict(token.verdict))),
        ("headline", Node::Text(headline.sentence.to_string())),
        ("support", Node::Text(headline.support.to_string())),
        ("findings", list(&token.findings, |finding| finding_node(finding, now))),
        ("nested", Node::Null),
    ])
}

fn segment_node(token: &Token, segment: &Segment, units: &Units) -> Node {
    Node::Object(vec![
        ("role", word(segment_role(segment.role))),
        ("from", pasted(token, &segment.span, units)),
        ("characters", Node::Number(segment.span.len() as i64)),
        ("bytes", Node::Number(segment.bytes.len() as i64)),
    ])
}

/// A part of the token's text, as a range of the pasted text.
fn pasted(token: &Token, span: &Range<usize>, units: &Units) -> Node {
    match (token.pasted_offset(span.start), token.pasted_offset(span.end.saturating_sub(1))) {
        (Some(start), Some(last)) if !span.is_empty() => units.node(&(start..last + 1)),
        (Some(start), _) => units.node(&(start..start)),
        _ => Node::Null,
    }
}

impl Token {
    /// Each of its signatures: more than one in a JSON serialisation only, and all of them only after the second look.
    pub fn signatures(&self) -> &[Signature] {
        let all = self.beyond.as_ref().map(|beyond| beyond.signatures.as_slice()).unwrap_or_default();
        if all.is_empty() { std::slice::from_ref(&self.signature) } else { all }
    }

    /// Where a byte of [`Token::text`] stands in the pasted text. The end of the token maps to the end of its last
    /// piece.
    pub fn pasted_offset(&self, offset: usize) -> Option<usize> {
        let mut before = 0;
        for piece in &self.pieces {
            if offset < before + piece.len() {
                return Some(piece.start + offset - before);
            }
            before += piece.len();
        }
        self.pieces.last().filter(|_| offset == before).map(|piece| piece.end)
    }
}

/// Where the bytes of a document stand in the pasted text.
struct Place<'a> {
    token: &'a Token,
    segment: Option<&'a Segment>,
    units: &'a Units,
}

impl Place<'_> {
    /// Four characters stand for three bytes, so bytes map to characters by counting, as long as every character of the
    /// part counts; `null` where some do not.
    fn node(&self, bytes: &Range<usize>) -> Node {
        let encoded = |segment: &&Segment| (segment.bytes.len() * 4).div_ceil(3) == segment.span.len();
        let Some(segment) = self.segment.filter(encoded) else { return Node::Null };
        let start = segment.span.start + bytes.start * 4 / 3;
        let end = segment.span.start + (bytes.end * 4).div_ceil(3);
        pasted(self.token, &(start..end), self.units)
    }
}

fn members_node(document: &Document, place: &Place) -> Node {
    match &document.root {
        Some(root) if matches!(root.kind, Kind::Object(_)) => members_of(document, root, place),
        _ => Node::Null,
    }
}

fn members_of(document: &Document, value: &Value, place: &Place) -> Node {
    list(value.members(), |member| {
        let mut fields =
            vec![("name", Node::Text(member.name.clone())), ("rawName", Node::Text(document.text(&member.name_span)))];
        fields.extend(value_fields(document, &member.value, place));
        Node::Object(fields)
    })
}

fn value_fields(document: &Document, value: &Value, place: &Place) -> Vec<(&'static str, Node)> {
    let mut fields = vec![
        ("raw", Node::Text(document.raw(value))),
        ("type", word(value.type_name())),
        ("from", place.node(&value.span)),
    ];
    match &value.kind {
        Kind::String(text) => fields.push(("value", Node::Text(text.clone()))),
        Kind::Bool(flag) => fields.push(("value", Node::Bool(*flag))),
        Kind::Object(_) => fields.push(("members", members_of(document, value, place))),
        Kind::Array(items) => {
            fields.push(("items", list(items, |item| Node::Object(value_fields(document, item, place)))));
        }
        Kind::Null | Kind::Number => {}
    }
    fields
}

fn signature(signature: &Signature) -> Node {
    Node::Object(vec![
        ("status", word(signature_status(signature.status))),
        ("algorithm", optional(&signature.algorithm)),
        ("key", signature.key.as_ref().map_or(Node::Null, used_key)),
    ])
}

/// A key behind a signature or a decryption.
pub(crate) fn used_key(key: &UsedKey) -> Node {
    Node::Object(vec![
        ("source", word(key_source(key.source))),
        ("kid", optional(&key.kid)),
        ("thumbprint", optional(&key.thumbprint)),
    ])
}

fn key_set(set: &KeySet, now: Time) -> Node {
    Node::Object(vec![
        ("source", word(key_source(set.source))),
        ("url", optional(&set.url)),
        ("fetched", set.fetched.map_or(Node::Null, |time| Node::Number(time.seconds()))),
        ("keys", list(&set.keys, key_summary)),
        ("findings", list(&set.findings, |finding| finding_node(finding, now))),
    ])
}

fn key_summary(key: &KeySummary) -> Node {
    Node::Object(vec![
        ("kid", optional(&key.kid)),
        ("description", Node::Text(key.description.clone())),
        ("thumbprint", optional(&key.thumbprint)),
    ])
}

/// A finding with its words from the catalogue of the core.
pub fn finding_node(finding: &Finding, now: Time) -> Node {
    worded_node(finding, messages::words(finding, now))
}

/// A finding with its words, from whichever catalogue.
pub fn worded_node(finding: &Finding, words: messages::Words) -> Node {
    let prose = |prose: Option<messages::Prose>| prose.map_or(Node::Null, |prose| Node::Text(prose.to_string()));
    let evidence = finding.evidence.iter().map(|(name, fact)| (*name, fact_node(fact))).collect();
    Node::Object(vec![
        ("code", word(finding.code.0)),
        ("severity", word(severity(finding.severity))),
        ("certainty", word(certainty(finding.certainty))),
        ("subject", Node::Text(finding.subject.clone())),
        ("problem", prose(Some(words.problem))),
        ("explanation", prose(words.explanation)),
        ("remedy", prose(words.remedy)),
        ("evidence", Node::Object(evidence)),
        ("reference", words.reference.map_or(Node::Null, word)),
    ])
}

fn fact_node(fact: &Fact) -> Node {
    match fact {
        Fact::Count(count) => Node::Number(i64::try_from(*count).unwrap_or(i64::MAX)),
        Fact::Duration(seconds) => Node::Number(*seconds),
        Fact::List(items) => list(items, |item| Node::Text(item.clone())),
        Fact::Text(text) => Node::Text(text.clone()),
        Fact::Time(time) => Node::Number(time.seconds()),
        Fact::Words(words) => word(words),
    }
}

fn list<T>(items: &[T], node: impl FnMut(&T) -> Node) -> Node {
    Node::List(items.iter().map(node).collect())
}

fn word(word: &str) -> Node {
    Node::Text(word.to_owned())
}

fn optional(text: &Option<String>) -> Node {
    text.as_ref().map_or(Node::Null, |text| Node::Text(text.clone()))
}

/// The name of a verdict in JSON and in the page's attributes.
pub fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Accepted => "accepted",
        Verdict::Rejected => "rejected",
        Verdict::Undecided => "undecided",
    }
}

/// The name of a signature's status.
pub fn signature_status(status: SignatureStatus) -> &'static str {
    match status {
        SignatureStatus::Invalid => "invalid",
        SignatureStatus::None => "none",
        SignatureStatus::NotChecked => "not-checked",
        SignatureStatus::Unsupported => "unsupported",
        SignatureStatus::Valid => "valid",
    }
}

/// The name of a place that keys come from.
pub fn key_source(source: KeySource) -> &'static str {
    match source {
        KeySource::Issuer => "issuer",
        KeySource::JwksUrl => "jwks-url",
        KeySource::Pasted => "pasted",
        KeySource::Secret => "secret",
        KeySource::Token => "token",
    }
}

/// The name of a severity.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Info => "info",
        Severity::Ok => "ok",
        Severity::Warning => "warning",
    }
}

fn certainty(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Likely => "likely",
        Certainty::Proved => "proved",
        Certainty::Stated => "stated",
    }
}

/// The word of a kind of token.
pub fn token_kind(kind: TokenKind) -> &'static str {
    match kind {
        TokenKind::Incomplete => "incomplete",
        TokenKind::Jwe => "jwe",
        TokenKind::Jws => "jws",
        TokenKind::Opaque => "opaque",
        TokenKind::Unsecured => "unsecured",
    }
}

fn token_name(name: TokenName) -> &'static str {
    match name {
        TokenName::AccessToken => "access_token",
        TokenName::IdToken => "id_token",
        TokenName::RefreshToken => "refresh_token",
    }
}

fn input_kind(kind: InputKind) -> &'static str {
    match kind {
        InputKind::AuthorizationHeader => "authorization-header",
        InputKind::Bare => "bare",
        InputKind::Bearer => "bearer",
        InputKind::CallbackUrl => "callback-url",
        InputKind::Curl => "curl",
        InputKind::JwtIoLink => "jwt-io-link",
        InputKind::Text => "text",
        InputKind::TokenResponse => "token-response",
    }
}

/// The name of a part of a token.
pub fn segment_role(role: SegmentRole) -> &'static str {
    match role {
        SegmentRole::AuthenticationTag => "tag",
        SegmentRole::Ciphertext => "ciphertext",
        SegmentRole::EncryptedKey => "encrypted-key",
        SegmentRole::Header => "header",
        SegmentRole::InitializationVector => "iv",
        SegmentRole::Payload => "payload",
        SegmentRole::Signature => "signature",
        SegmentRole::Surplus => "surplus",
    }
}
