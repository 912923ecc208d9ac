//! The JSON serialisations of signed tokens ([RFC 7515 §7.2](https://www.rfc-editor.org/rfc/rfc7515#section-7.2)) and of
//! encrypted ones ([RFC 7516 §7.2](https://www.rfc-editor.org/rfc/rfc7516#section-7.2)), general and flattened.
//!
//! What a compact token has in five parts stands here in members, once for all or once for each signature or recipient. One
//! of these at a time is made a [`Jose`] of, so that whoever reads tokens needs no second way.

use std::ops::Range;

use super::{Jose, check_document, check_header, code, decode_part, pointer};
use crate::finding::{Fact, Finding};
use crate::json::{self, Document, FaultKind, Kind, Value};
use crate::order;
use crate::report::{Segment, SegmentRole, TokenKind};

/// A token in a JSON serialisation.
#[derive(Clone, Debug)]
pub struct Serialized {
    /// The whole text, read.
    pub document: Document,
    encrypted: bool,
}

/// Whether a JSON object is a token: it has what only tokens have.
pub(crate) fn is_token(value: &Value) -> bool {
    let text = |name| value.member(name).and_then(Value::as_str);
    let begins = |name| text(name).is_some_and(|text| crate::sniff::begins_object(text.as_bytes()));
    let has_header = begins("protected") || value.member("header").is_some_and(|header| header.member("alg").is_some());
    let list = value.member("signatures").filter(|list| matches!(list.kind, Kind::Array(_)));
    let signs = |item: &Value| ["protected", "header", "signature"].iter().any(|name| item.member(name).is_some());
    text("ciphertext").is_some()
        && ["protected", "unprotected", "recipients", "header", "iv", "tag"]
            .iter()
            .any(|name| value.member(name).is_some())
        || list.is_some_and(|list| {
            list.items().iter().all(signs) && (text("payload").is_some() || !list.items().is_empty())
        })
        || has_header && (text("signature").is_some() || text("payload").is_some())
}

impl Serialized {
    /// Reads a token in a JSON serialisation; `None` for text that begins no JSON object.
    pub fn read(text: &str) -> Option<Serialized> {
        let document = text.starts_with('{').then(|| json::read(text.as_bytes().to_vec()))?;
        let root = document.root.as_ref()?;
        let encrypted = ["ciphertext", "recipients", "encrypted_key"].iter().any(|name| root.member(name).is_some());
        Some(Serialized { document, encrypted })
    }

    /// How many signatures, or recipients, it has; the flattened form has one.
    pub fn count(&self) -> usize {
        self.list().map_or(1, |list| list.items().len())
    }

    /// The member of the outermost object with that name.
    pub fn member(&self, name: &str) -> Option<&Value> {
        self.document.member(name)
    }

    /// The object with what is one signature's, or one recipient's, own: the outermost one in the flattened form.
    pub fn entry(&self, index: usize) -> Option<&Value> {
        match self.list() {
            Some(list) => list.items().get(index),
            None => self.document.root.as_ref(),
        }
    }

    fn list(&self) -> Option<&Value> {
        self.member(if self.encrypted { "recipients" } else { "signatures" })
    }

    /// The token with one of its signatures, or for one of its recipients.
    pub fn jose(&self, index: usize) -> Jose {
        let mut reading = Reading {
            document: &self.document,
            segments: Vec::new(),
            findings: Vec::new(),
            canonical: true,
            sound: self.document.is_json(),
        };
        reading.shape(self.encrypted);
        let nothing = Value { span: 0..0, kind: Kind::Null };
        let entry = self.entry(index).unwrap_or(&nothing);
        let root = self.document.root.as_ref().unwrap_or(&nothing);
        let header = match self.encrypted {
            true => reading.header(root.member("protected"), &[root.member("unprotected"), entry.member("header")]),
            false => reading.header(entry.member("protected"), &[entry.member("header")]),
        };
        let is_raw = header.as_ref().is_some_and(super::is_unencoded);
        let mut signed = None;
        let mut payload = None;
        let mut kind = TokenKind::Jwe;
        if self.encrypted {
            reading.part(entry, "encrypted_key", SegmentRole::EncryptedKey);
            reading.part(root, "iv", SegmentRole::InitializationVector);
            reading.part(root, "ciphertext", SegmentRole::Ciphertext);
            reading.part(root, "tag", SegmentRole::AuthenticationTag);
            if let Some(value) = root.member("aad").filter(|value| value.as_str().is_none()) {
                reading.wrong_type("aad", value);
            }
            reading.other_keys(self.list().map(Value::items).unwrap_or_default(), index);
            reading.findings.push(Finding::info(code::ENCRYPTED, "/payload"));
        } else {
            let is_none = header.as_ref().and_then(|header| header.string("alg")) == Some("none");
            kind = if is_none { TokenKind::Unsecured } else { TokenKind::Jws };
            let text = |value: &Value, name| value.member(name).and_then(Value::as_str).unwrap_or_default().to_owned();
            signed = Some([text(entry, "protected").as_bytes(), b".", text(root, "payload").as_bytes()].concat());
            match root.member("payload").filter(|payload| payload.as_str() != Some("")) {
                None => reading.findings.push(Finding::info(code::PAYLOAD_DETACHED, "/payload")),
                Some(value) if is_raw && value.as_str().is_some() => {
                    let bytes = value.as_str().unwrap_or_default().as_bytes().to_vec();
                    reading.segments.push(Segment { span: inner(value), role: SegmentRole::Payload, bytes });
                }
                Some(_) => reading.part(root, "payload", SegmentRole::Payload),
            }
            reading.part(entry, "signature", SegmentRole::Signature);
            if kind == TokenKind::Jws && self.entry(index).is_some() && text(entry, "signature").is_empty() {
                reading.findings.push(Finding::error(code::SIGNATURE_MISSING, "/signature"));
                reading.sound = false;
            }
            let count = self.count();
            if count > 1 {
                let others = Fact::Count(count as u64 - 1);
                reading.findings.push(Finding::info(code::MORE_SIGNATURES, "/signature").with("others", others));
            }
            let bytes = reading.segments.iter().find(|segment| segment.role == SegmentRole::Payload);
            payload =
                bytes.filter(|segment| !segment.bytes.is_empty()).map(|segment| json::read(segment.bytes.clone()));
        }
        let Reading { mut segments, mut findings, canonical, sound, .. } = reading;
        // Parts that stand behind one another can be painted.
        order::sort(&mut segments, |one, other| one.span.start < other.span.start);
        check_document("/token", &self.document, &mut findings);
        if let Some(header) = &header {
            check_document("/header", header, &mut findings);
            check_header(header, &mut findings);
        }
        // Only a compact token is a JSON Web Token, whose payload must be an object: here it may be anything.
        if let Some(payload) = payload.as_ref().filter(|payload| is_object(payload)) {
            check_document("/payload", payload, &mut findings);
        }
        Jose { kind, segments, header, payload, canonical, sound, signed, findings }
    }
}

fn is_object(document: &Document) -> bool {
    document.root.as_ref().is_some_and(|root| matches!(root.kind, Kind::Object(_)))
}

/// Where the text of a string stands, without its quotes.
fn inner(value: &Value) -> Range<usize> {
    let start = value.span.start + 1;
    start..value.span.end.saturating_sub(1).max(start)
}

struct Reading<'a> {
    document: &'a Document,
    segments: Vec<Segment>,
    findings: Vec<Finding>,
    canonical: bool,
    sound: bool,
}

impl Reading<'_> {
    /// What may not stand side by side, and what has to be a list.
    fn shape(&mut self, encrypted: bool) {
        let (list, own): (_, &[&str]) = match encrypted {
            true => ("recipients", &["header", "encrypted_key"]),
            false => ("signatures", &["protected", "header", "signature"]),
        };
        let Some(value) = self.document.member(list) else { return };
        if let Some(other) = own.iter().find(|name| self.document.member(name).is_some()) {
            let finding = Finding::error(code::SERIALIZATIONS_MIXED, pointer("/token", other));
            self.fault(finding.with("member", Fact::Words(other)).with("list", Fact::Words(list)));
        }
        let is_list = matches!(&value.kind, Kind::Array(items) if !items.is_empty());
        if !is_list {
            self.fault(Finding::error(code::LIST_EMPTY, pointer("/token", list)).with("list", Fact::Words(list)));
        }
    }

    fn fault(&mut self, finding: Finding) {
        self.findings.push(finding);
        self.sound = false;
    }

    fn wrong_type(&mut self, name: &'static str, value: &Value) {
        let finding = Finding::error(code::MEMBER_TYPE, pointer("/token", name));
        self.fault(finding.with("member", Fact::Words(name)).with("type", Fact::Words(value.type_name())));
    }

    /// Decodes a member that is base64url text.
    fn part(&mut self, object: &Value, name: &'static str, role: SegmentRole) {
        let Some(value) = object.member(name) else { return };
        let Some(text) = value.as_str() else { return self.wrong_type(name, value) };
        let (bytes, canonical) = decode_part(text, role, &mut self.findings);
        self.canonical &= canonical;
        self.segments.push(Segment { span: inner(value), role, bytes });
    }

    /// The encrypted keys of the other recipients: what is read as one of them has to be written as its bytes demand too.
    fn other_keys(&mut self, recipients: &[Value], own: usize) {
        for (at, recipient) in recipients.iter().enumerate().filter(|(at, _)| *at != own) {
            let (before, kept) = (self.findings.len(), self.segments.len());
            self.part(recipient, "encrypted_key", SegmentRole::EncryptedKey);
            self.segments.truncate(kept);
            if let Some(finding) = self.findings.get_mut(before) {
                let recipient = pointer("/token/recipients", &at.to_string());
                finding.subject = pointer(&recipient, "encrypted_key");
                // One is enough: of a hundred thousand all would be the same.
                return;
            }
        }
    }

    /// The header: the members of the protected one and of the others together.
    fn header(&mut self, protected: Option<&Value>, others: &[Option<&Value>]) -> Option<Document> {
        let mut own = None;
        if let Some(value) = protected.filter(|value| value.as_str() != Some("")) {
            match value.as_str() {
                Some(text) => {
                    let (bytes, canonical) = decode_part(text, SegmentRole::Header, &mut self.findings);
                    self.canonical &= canonical;
                    self.segments.push(Segment { span: inner(value), role: SegmentRole::Header, bytes: bytes.clone() });
                    own = Some(json::read(bytes));
                }
                None => self.wrong_type("protected", value),
            }
        }
        for value in others.iter().flatten() {
            if !matches!(value.kind, Kind::Object(_)) {
                self.wrong_type("header", value);
                continue;
            }
            for name in MUST_BE_PROTECTED.iter().filter(|name| value.member(name).is_some()) {
                let finding = Finding::error(code::HEADER_NOT_PROTECTED, pointer("/header", name));
                self.fault(finding.with("parameter", Fact::Words(name)));
            }
            if value.member("alg").is_some() && own.as_ref().is_none_or(|own| own.member("alg").is_none()) {
                self.findings.push(Finding::warning(code::ALG_NOT_PROTECTED, "/header/alg"));
            }
            if own.is_none() && self.segments.is_empty() {
                let bytes = self.document.bytes.get(value.span.clone()).unwrap_or_default().to_vec();
                self.segments.push(Segment { span: value.span.clone(), role: SegmentRole::Header, bytes });
            }
            let joined = joined(own.as_ref(), self.document.bytes.get(value.span.clone()).unwrap_or_default());
            // Names are compared by the reader, in time for a hundred thousand of them.
            let repeated = joined.faults.iter().filter_map(|fault| match &fault.kind {
                FaultKind::DuplicateMember(name) => Some(name),
                _ => None,
            });
            let [own_names, its_names] =
                [own.as_ref().and_then(|own| own.root.as_ref()), Some(*value)].map(sorted_names);
            let clash = |name: &&String| {
                [&own_names, &its_names].iter().all(|names| names.binary_search(&name.as_str()).is_ok())
            };
            if let Some(name) = repeated.into_iter().find(clash) {
                let finding = Finding::error(code::HEADER_NOT_DISJOINT, pointer("/header", name));
                self.fault(finding.text("parameter", name.clone()));
            }
            own = Some(joined);
        }
        own
    }
}

/// The names in an object, in order: a header may have a hundred thousand, and each may stand there twice.
fn sorted_names(object: Option<&Value>) -> Vec<&str> {
    let members = object.map(Value::members).unwrap_or_default();
    let mut names: Vec<&str> = members.iter().map(|member| member.name.as_str()).collect();
    order::sort(&mut names, |one, other| one < other);
    names
}

/// RFC 7515 §4.1.11, RFC 7797 §3 and RFC 7516 §4.1.3: these three "MUST be integrity protected".
const MUST_BE_PROTECTED: [&str; 3] = ["crit", "b64", "zip"];

/// One object with the members of both. What is no object can't be taken apart: the findings about it are its own.
fn joined(own: Option<&Document>, other: &[u8]) -> Document {
    let own = match own {
        Some(own) if own.is_json() && is_object(own) => own,
        Some(own) => return own.clone(),
        None => return json::read(other.to_vec()),
    };
    let (one, other) = (inside(&own.bytes), inside(other));
    let is_empty = |text: &[u8]| text.iter().all(u8::is_ascii_whitespace);
    let comma: &[u8] = if is_empty(one) || is_empty(other) { b"" } else { b"," };
    json::read([b"{", one, comma, other, b"}"].concat())
}

/// What stands between the braces of an object.
fn inside(object: &[u8]) -> &[u8] {
    let start = object.iter().position(|byte| *byte == b'{').map_or(0, |at| at + 1);
    let end = object.iter().rposition(|byte| *byte == b'}').unwrap_or(object.len()).max(start);
    object.get(start..end).unwrap_or_default()
}
