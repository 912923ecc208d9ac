//! Reading a token: its parts, decoded as far as possible, and what is wrong with them.
//!
//! Reading never fails. A token that was cut off shows what came before the cut; a part that is not base64url shows the
//! bytes that could be decoded, and the position of the character that could not.
//!
//! Compact tokens ([RFC 7515 §7.1](https://www.rfc-editor.org/rfc/rfc7515#section-7.1)) are read here, the JSON serialisations
//! in [`serialized`]: of several signatures the first. Decrypting is left to [`crate::decryption`].

use crate::finding::{Certainty, Code, Fact, Finding};
use crate::json::{self, Document, FaultKind, Kind, Value};
use crate::report::{Segment, SegmentRole, TokenKind};
use crate::text;

pub mod algorithm;
pub mod base64url;
pub mod encryption;
mod rounding;
pub mod serialized;

use base64url::Decoded;
use serialized::Serialized;

/// The codes of this room.
pub mod code {
    crate::codes! {
        /// The `alg` of a JSON serialisation stands in the unprotected header.
        ALG_NOT_PROTECTED = "jose.alg-not-protected";
        /// The header has no `alg`.
        ALG_MISSING = "jose.alg-missing";
        /// The header's `alg` is not a string.
        ALG_NOT_STRING = "jose.alg-not-string";
        /// A character that base64url does not have.
        BASE64URL_CHARACTER = "jose.base64url-character";
        /// A part has a length that no base64url text has.
        BASE64URL_LENGTH = "jose.base64url-length";
        /// A part ends in padding.
        BASE64URL_PADDING = "jose.base64url-padding";
        /// A part is written in the standard alphabet.
        BASE64URL_STANDARD_ALPHABET = "jose.base64url-standard-alphabet";
        /// The unused bits at the end of a part are not zero.
        BASE64URL_STRAY_BITS = "jose.base64url-stray-bits";
        /// White space inside a part.
        BASE64URL_WHITESPACE = "jose.base64url-whitespace";
        /// Several spellings of one member.
        DUPLICATE_MEMBER = "jose.duplicate-member";
        /// A key, or the address of one, inside the token.
        EMBEDDED_KEY = "jose.embedded-key";
        /// The token is encrypted.
        ENCRYPTED = "jose.encrypted";
        /// One name in the protected and in the unprotected header.
        HEADER_NOT_DISJOINT = "jose.header-not-disjoint";
        /// A parameter in the unprotected header that has to be protected.
        HEADER_NOT_PROTECTED = "jose.header-not-protected";
        /// The text ends inside the JSON.
        JSON_CUT_OFF = "jose.json-cut-off";
        /// Not JSON.
        JSON_SYNTAX = "jose.json-syntax";
        /// JSON, but no object.
        JSON_NOT_OBJECT = "jose.json-not-object";
        /// The list of signatures or recipients is empty, or no list.
        LIST_EMPTY = "jose.list-empty";
        /// A string has half of a surrogate pair.
        LONE_SURROGATE = "jose.lone-surrogate";
        /// A member of a JSON serialisation has another type.
        MEMBER_TYPE = "jose.member-type";
        /// More remarks than are shown.
        MORE_REMARKS = "jose.more-remarks";
        /// A JSON serialisation with more than one signature.
        MORE_SIGNATURES = "jose.more-signatures";
        /// Bytes that are not UTF-8.
        NOT_UTF8 = "jose.not-utf8";
        /// A number that JavaScript would round.
        NUMBER_ROUNDED = "jose.number-rounded";
        /// More or fewer parts than a token has.
        PART_COUNT = "jose.part-count";
        /// A part is empty that must not be.
        PART_EMPTY = "jose.part-empty";
        /// The payload is not in the token.
        PAYLOAD_DETACHED = "jose.payload-detached";
        /// Members of both JSON serialisations side by side.
        SERIALIZATIONS_MIXED = "jose.serializations-mixed";
        /// A JSON serialisation without a signature.
        SIGNATURE_MISSING = "jose.signature-missing";
    }
}

/// What was read from a token.
#[derive(Clone, Debug, PartialEq)]
pub struct Jose {
    /// What its shape says it is.
    pub kind: TokenKind,
    /// Its dot-separated parts.
    pub segments: Vec<Segment>,
    /// The header, when the first part could be decoded to anything.
    pub header: Option<Document>,
    /// The payload, when there is a readable one.
    pub payload: Option<Document>,
    /// Whether every part is base64url exactly as its bytes would be written. Where it is not, a second text stands for
    /// the same bytes, and the signature does not count.
    pub canonical: bool,
    /// Whether its members are those of a JSON serialisation, each of its type and in its place; always true for a compact
    /// token. Where it is not, the signature does not count.
    pub sound: bool,
    /// What the signature is over, in a JSON serialisation; in a compact token that is its text up to the last dot.
    pub signed: Option<Vec<u8>>,
    /// What is wrong with it, in the order of the parts.
    pub findings: Vec<Finding>,
}

impl Jose {
    /// The header's `alg`, when it is a string.
    pub fn algorithm(&self) -> Option<&str> {
        self.header.as_ref()?.string("alg")
    }

    /// The bytes of the part with that role.
    pub fn bytes(&self, role: SegmentRole) -> Option<&[u8]> {
        self.segments.iter().find(|segment| segment.role == role).map(|segment| segment.bytes.as_slice())
    }
}

/// Reads a token in any serialisation; of several signatures the first. Never fails.
///
/// ```
/// let jose = tokenscope::jose::read("eyJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJhIn0.c2ln");
/// assert_eq!(jose.algorithm(), Some("HS256"));
/// assert_eq!(jose.payload.unwrap().string("iss"), Some("a"));
/// ```
pub fn read(text: &str) -> Jose {
    match Serialized::read(text) {
        Some(serialized) => serialized.jose(0),
        None => compact(text),
    }
}

/// Whether the payload stands in the token as it is ([RFC 7797 §3](https://www.rfc-editor.org/rfc/rfc7797#section-3)).
pub fn is_unencoded(header: &Document) -> bool {
    header.member("b64").is_some_and(|value| value.kind == Kind::Bool(false))
}

fn compact(text: &str) -> Jose {
    let count = text.bytes().filter(|byte| *byte == b'.').count() + 1;
    // Beyond five parts nothing is a token, and what is too much is one part: a hundred thousand dots must not stop the
    // page.
    let parts: Vec<&str> = text.splitn(if count > 5 { 4 } else { count }, '.').collect();
    let mut findings = Vec::new();
    let mut segments: Vec<Segment> = Vec::new();
    let mut canonical = true;
    let mut header = None;
    let mut at = 0;
    for (index, part) in parts.iter().enumerate() {
        let role = role(index, parts.len());
        let (bytes, is_canonical) = match role {
            SegmentRole::Payload if header.as_ref().is_some_and(is_unencoded) => (part.as_bytes().to_vec(), true),
            _ => decode_part(part, role, &mut findings),
        };
        canonical &= is_canonical;
        if index == 0 && !bytes.is_empty() {
            header = Some(json::read(bytes.clone()));
        }
        segments.push(Segment { span: at..at + part.len(), role, bytes });
        at += part.len() + 1;
    }

    let is_none = header.as_ref().and_then(|header| header.string("alg")) == Some("none");
    let kind = match count {
        3 if is_none => TokenKind::Unsecured,
        3 => TokenKind::Jws,
        5 => TokenKind::Jwe,
        _ => TokenKind::Incomplete,
    };
    let payload = segments
        .iter()
        .find(|segment| segment.role == SegmentRole::Payload && !segment.bytes.is_empty())
        .map(|segment| json::read(segment.bytes.clone()));
    match kind {
        TokenKind::Jwe => findings.push(Finding::info(code::ENCRYPTED, "/payload")),
        TokenKind::Incomplete => findings.push(part_count(count)),
        _ => {}
    }
    if let Some(header) = &header {
        check_document("/header", header, &mut findings);
    }
    // What is not encoded need not be JSON either.
    let is_free = header.as_ref().is_some_and(is_unencoded);
    if let Some(payload) = payload.as_ref().filter(|payload| !is_free || payload.bytes.starts_with(b"{")) {
        check_document("/payload", payload, &mut findings);
    }
    let is_signed = segments.iter().any(|segment| segment.role == SegmentRole::Signature && !segment.span.is_empty());
    for segment in &segments {
        let is_payload = segment.role == SegmentRole::Payload;
        if is_payload && segment.span.is_empty() && kind == TokenKind::Jws && is_signed {
            findings.push(Finding::info(code::PAYLOAD_DETACHED, "/payload"));
            continue;
        }
        let required = segment.role == SegmentRole::Header || is_payload;
        let unsigned = segment.role == SegmentRole::Signature && kind == TokenKind::Jws;
        if segment.span.is_empty() && (required || unsigned) {
            findings.push(
                Finding::error(code::PART_EMPTY, subject(segment.role))
                    .with("part", Fact::Words(role_name(segment.role))),
            );
        }
    }
    if let Some(header) = &header {
        check_header(header, &mut findings);
    }
    Jose { kind, segments, header, payload, canonical, sound: true, signed: None, findings }
}

/// Decodes a part; whether it is written as its bytes demand.
fn decode_part(part: &str, role: SegmentRole, findings: &mut Vec<Finding>) -> (Vec<u8>, bool) {
    let decoded = if role == SegmentRole::Surplus { Decoded::default() } else { base64url::decode(part) };
    // One finding a part and kind of fault: a part in the standard alphabet has it in many places.
    let mut told = Vec::new();
    for fault in &decoded.faults {
        let code = base64url_code(&fault.kind);
        if !told.contains(&code) {
            told.push(code);
            findings.push(base64url_finding(code, fault, part, role));
        }
    }
    (decoded.bytes, decoded.faults.is_empty())
}

fn role(index: usize, count: usize) -> SegmentRole {
    match (index, count) {
        (0, _) => SegmentRole::Header,
        (1, 5) => SegmentRole::EncryptedKey,
        (2, 5) => SegmentRole::InitializationVector,
        (3, 5) => SegmentRole::Ciphertext,
        (4, 5) => SegmentRole::AuthenticationTag,
        (1, _) => SegmentRole::Payload,
        (2, _) => SegmentRole::Signature,
        _ => SegmentRole::Surplus,
    }
}

/// What a part is called in a sentence.
pub fn role_name(role: SegmentRole) -> &'static str {
    match role {
        SegmentRole::Header => "header",
        SegmentRole::Payload => "payload",
        SegmentRole::Signature => "signature",
        SegmentRole::EncryptedKey => "encrypted key",
        SegmentRole::InitializationVector => "initialisation vector",
        SegmentRole::Ciphertext => "ciphertext",
        SegmentRole::AuthenticationTag => "authentication tag",
        SegmentRole::Surplus => "surplus part",
    }
}

/// The JSON pointer that stands for a part.
fn subject(role: SegmentRole) -> &'static str {
    match role {
        SegmentRole::Header => "/header",
        SegmentRole::Payload | SegmentRole::Ciphertext => "/payload",
        SegmentRole::Signature => "/signature",
        _ => "/token",
    }
}

fn base64url_code(kind: &base64url::FaultKind) -> Code {
    match kind {
        base64url::FaultKind::ImpossibleLength => code::BASE64URL_LENGTH,
        base64url::FaultKind::NotBase64(_) | base64url::FaultKind::UrlAlphabet(_) => code::BASE64URL_CHARACTER,
        base64url::FaultKind::Padding => code::BASE64URL_PADDING,
        base64url::FaultKind::StandardAlphabet(_) => code::BASE64URL_STANDARD_ALPHABET,
        base64url::FaultKind::StrayBits => code::BASE64URL_STRAY_BITS,
        base64url::FaultKind::Whitespace => code::BASE64URL_WHITESPACE,
    }
}

fn base64url_finding(code: Code, fault: &base64url::Fault, part: &str, role: SegmentRole) -> Finding {
    let character: String = part.get(fault.at..).and_then(|rest| rest.chars().next()).into_iter().collect();
    let position = part.get(..fault.at).map_or(0, |before| before.chars().count()) as u64 + 1;
    Finding::error(code, subject(role))
        .with("part", Fact::Words(role_name(role)))
        .with("position", Fact::Count(position))
        .with("length", Fact::Count(part.len() as u64))
        .text("character", character)
}

/// RFC 7515 §5.2 and RFC 7516 §5.2 know three and five parts; everything else is a piece of a token, or too many.
fn part_count(count: usize) -> Finding {
    let likely = match count {
        1 => "only the header is left",
        2 => "the signature is missing",
        4 => "an encrypted token lost one of its five parts, or text was glued to a signed one",
        _ => "several tokens or other text were glued together",
    };
    Finding::error(code::PART_COUNT, "/token")
        .with("count", Fact::Count(count as u64))
        .with("likely", Fact::Words(likely))
}

pub(crate) fn check_document(name: &'static str, document: &Document, findings: &mut Vec<Finding>) {
    let words = match name {
        "/header" => "header",
        "/payload" => "payload",
        _ => "token",
    };
    let part = Fact::Words(words);
    // After the first fatal fault the rest is unknown, so it is the only one told; the others each stand for themselves.
    let mut fatal = false;
    let mut remarks = Remarks { shown: 0, hidden: 0 };
    for fault in &document.faults {
        if fault.kind.is_fatal() {
            if std::mem::replace(&mut fatal, true) {
                continue;
            }
        } else if !remarks.another() {
            continue;
        }
        let finding = match &fault.kind {
            FaultKind::DuplicateMember(member) => {
                Finding::warning(code::DUPLICATE_MEMBER, pointer(name, member)).text("member", member.clone())
            }
            FaultKind::LoneSurrogate => Finding::warning(code::LONE_SURROGATE, name),
            FaultKind::InvalidUtf8 => Finding::error(code::NOT_UTF8, name),
            FaultKind::Ended => Finding::error(code::JSON_CUT_OFF, name),
            kind => Finding::error(code::JSON_SYNTAX, name).with("expected", Fact::Words(syntax(kind))),
        };
        findings.push(finding.with("part", part.clone()).with("position", Fact::Count(fault.at as u64 + 1)));
    }
    match &document.root {
        Some(root) if !matches!(root.kind, Kind::Object(_)) && !fatal => findings.push(
            Finding::error(code::JSON_NOT_OBJECT, name).with("part", part).with("type", Fact::Words(root.type_name())),
        ),
        Some(root) => {
            check_numbers(document, root, name, &mut Vec::new(), &mut remarks, findings);
        }
        None => {}
    }
    if remarks.hidden > 0 {
        findings.push(
            Finding::warning(code::MORE_REMARKS, name)
                .with("part", Fact::Words(words))
                .with("count", Fact::Count(remarks.hidden)),
        );
    }
}

/// Counts the remarks on a part: of a hundred thousand, the first ones are shown and the others counted.
struct Remarks {
    shown: u64,
    hidden: u64,
}

impl Remarks {
    const MOST: u64 = 50;

    /// Whether another remark is shown.
    fn another(&mut self) -> bool {
        if self.shown < Remarks::MOST {
            self.shown += 1;
            return true;
        }
        self.hidden += 1;
        false
    }
}

/// One step of a JSON pointer. Pointers are written only where there is something to say: writing each would copy a long
/// name as often as it has values.
enum Step<'a> {
    Name(&'a str),
    Index(usize),
}

fn syntax(kind: &FaultKind) -> &'static str {
    match kind {
        FaultKind::BadEscape => "a known escape sequence",
        FaultKind::BadNumber => "a number without a leading zero, with digits on both sides of its point",
        FaultKind::ByteOrderMark => "no byte order mark",
        FaultKind::ControlCharacter => "control characters to be escaped",
        FaultKind::Expected(expected) => expected,
        FaultKind::TooDeep => "no more than 512 levels",
        FaultKind::TrailingText => "nothing after the closing brace",
        _ => "JSON",
    }
}

/// Whole numbers beyond 2^53 are shown digit for digit here, and rounded by readers that use floating point.
fn check_numbers<'a>(
    document: &'a Document,
    value: &'a Value,
    root: &str,
    path: &mut Vec<Step<'a>>,
    remarks: &mut Remarks,
    findings: &mut Vec<Finding>,
) {
    match &value.kind {
        // A shorter number is smaller than 2^53.
        Kind::Number if value.span.len() >= 16 => {
            let raw = document.raw(value);
            let digits = raw.trim_start_matches('-');
            let Some(rounded) = rounding::rounded(digits) else {
                return;
            };
            if remarks.another() {
                let subject = path.iter().fold(root.to_owned(), |parent, step| match step {
                    Step::Name(name) => pointer(&parent, name),
                    Step::Index(index) => pointer(&parent, &index.to_string()),
                });
                let sign = if raw.starts_with('-') { "-" } else { "" };
                let rounded = [sign, &rounded].concat();
                findings.push(
                    Finding::warning(code::NUMBER_ROUNDED, subject)
                        .text("number", raw.clone())
                        .text("rounded", rounded),
                );
            }
        }
        Kind::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                path.push(Step::Index(index));
                check_numbers(document, item, root, path, remarks, findings);
                path.pop();
            }
        }
        Kind::Object(members) => {
            for member in members {
                path.push(Step::Name(&member.name));
                check_numbers(document, &member.value, root, path, remarks, findings);
                path.pop();
            }
        }
        _ => {}
    }
}

fn check_header(header: &Document, findings: &mut Vec<Finding>) {
    match header.member("alg") {
        None if header.is_json() => findings.push(Finding::error(code::ALG_MISSING, "/header/alg")),
        Some(value) if value.as_str().is_none() => {
            findings
                .push(Finding::error(code::ALG_NOT_STRING, "/header/alg").with("type", Fact::Words(value.type_name())));
        }
        _ => {}
    }
    for name in ["jwk", "jku", "x5c", "x5u"] {
        if header.member(name).is_some() {
            findings.push(
                Finding::info(code::EMBEDDED_KEY, pointer("/header", name))
                    .certainty(Certainty::Proved)
                    .with("parameter", Fact::Words(name)),
            );
        }
    }
}

/// Appends a member name to a JSON pointer ([RFC 6901 §3](https://www.rfc-editor.org/rfc/rfc6901#section-3)).
pub fn pointer(parent: &str, name: &str) -> String {
    let mut pointer = String::with_capacity(parent.len() + name.len() + 1);
    pointer.push_str(parent);
    pointer.push('/');
    pointer.push_str(&text::replace(&text::replace(name, "~", "~0"), "/", "~1"));
    pointer
}
