//! What may have been signed instead of what was received: the ways in which software on the way, or the signer itself,
//! is known to write the same token differently.
//!
//! Every rewriting is a guess at the bytes that were signed. Which one it was, if any, the signature tells: the hash in
//! an opened RSA signature, or another verification. A rewriting that fits explains a failure; it makes no token valid.
//!
//! # Incomplete support
//!
//! Unicode normalisation forms are not tried: they take tables that are larger than everything else here. A number that
//! was rounded is not found again. JSON of more than 256 KiB is not written anew, only put together differently.

use std::sync::OnceLock;

use crate::jose::base64url::encode;
use crate::json::{self, Document, Value};
use crate::report::{Segment, SegmentRole, Token, TokenKind};

mod edit;
mod encoding;
mod style;

use encoding::Input;
use style::Style;

/// Bytes that may have been signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rewriting {
    /// The stable key of the form that would have been signed, such as "compact": with [`Rewriting::part`] it says what
    /// was done. Several rewritings may have the same.
    pub what: &'static str,
    /// How the signed form differs from the one that was received and who writes it, in full sentences.
    pub words: &'static str,
    /// What of the token was written differently: "header", "payload", "both" or "signing-input".
    pub part: &'static str,
    /// The bytes that would have been signed.
    pub signed: Vec<u8>,
    /// The JSON of the part as it would have been signed; of "both", and of a "signing-input" in which it differs, that
    /// of the payload. `None` where the JSON is the one received.
    pub shown: Option<Vec<u8>>,
}

/// The most rewritings of one token.
pub const MOST: usize = 512;

/// The most bytes that the rewritings of one token hold together.
pub const MOST_BYTES: usize = 1 << 20;

/// So many bytes are written at most, those included that turn out to be known already.
const MOST_WORK: usize = 8 << 20;

/// JSON that is longer is not written anew: no header field carries it, and a hundred thousand members would stop the page.
const LONGEST_JSON: usize = 256 << 10;

/// The byte strings that may have been signed instead of what was received, the likely ones first; without duplicates,
/// and never what was received.
///
/// ```
/// use tokenscope::signature_doctor::rewriting::rewritings;
/// use tokenscope::{inspect, time::Time};
///
/// let now = Time::from_seconds(1_795_183_392);
/// // The payload is `{"sub": "a"}`, with a space.
/// let token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiAiYSJ9.c2ln";
/// let (report, _) = inspect::inspect(token, &Default::default(), now, now, &Default::default());
/// let rewritings = rewritings(&report.tokens[0]);
/// assert_eq!(rewritings[0].what, "compact");
/// assert_eq!(rewritings[0].shown.as_deref(), Some(br#"{"sub":"a"}"#.as_slice()));
/// ```
pub fn rewritings(token: &Token) -> Vec<Rewriting> {
    let Some((header, payload)) = parts(token) else { return Vec::new() };
    let mut list = List::new(&header, &payload);
    list.restyle(&payload);
    list.restyle(&header);
    list.assemble();
    list.select(&payload);
    list.edit(&payload);
    list.select(&header);
    list.transcode(&payload);
    list.transcode(&header);
    list.restyle_both();
    list.items
}

/// The two parts that a signature covers.
fn parts(token: &Token) -> Option<(Part<'_>, Part<'_>)> {
    if matches!(token.kind, TokenKind::Jwe | TokenKind::Opaque) {
        return None;
    }
    let part = |name, role| {
        let segment: &Segment = token.segments.iter().find(|segment| segment.role == role)?;
        Some(Part::new(name, token.text.get(segment.span.clone())?, &segment.bytes))
    };
    Some((part("header", SegmentRole::Header)?, part("payload", SegmentRole::Payload)?))
}

/// The header or the payload.
struct Part<'a> {
    name: &'static str,
    /// Its text in the token.
    text: &'a str,
    bytes: &'a [u8],
    /// Its JSON, when that is what it is and it is not too long.
    document: Option<Document>,
}

impl<'a> Part<'a> {
    fn new(name: &'static str, text: &'a str, bytes: &'a [u8]) -> Part<'a> {
        // A byte order mark makes it no JSON, and yet it is what may have been put there.
        let json = Some(encoding::trimmed(bytes)).filter(|json| json.len() <= LONGEST_JSON);
        let document = json.map(|json| json::read(json.to_vec())).filter(Document::is_json);
        Part { name, text, bytes, document }
    }
}

/// What was found so far, within its bounds.
struct List<'a> {
    header: &'a Part<'a>,
    payload: &'a Part<'a>,
    items: Vec<Rewriting>,
    /// A sum over the bytes of each item, and of what was received, so that few have to be compared.
    sums: Vec<u64>,
    received: String,
    bytes: usize,
    work: usize,
}

impl<'a> List<'a> {
    fn new(header: &'a Part<'a>, payload: &'a Part<'a>) -> List<'a> {
        let received = [header.text, ".", payload.text].concat();
        List { header, payload, items: Vec::new(), sums: Vec::new(), received, bytes: 0, work: 0 }
    }

    fn is_full(&self) -> bool {
        self.items.len() >= MOST || self.bytes >= MOST_BYTES || self.work >= MOST_WORK
    }

    /// How long a JSON text may still be.
    fn room(&self) -> usize {
        MOST_BYTES.saturating_sub(self.bytes) / 7 * 3
    }

    fn add(&mut self, what: &'static str, part: &'static str, signed: Vec<u8>, shown: Option<Vec<u8>>) {
        let length = signed.len() + shown.as_ref().map_or(0, Vec::len);
        self.work += length;
        if self.is_full() || self.bytes + length > MOST_BYTES || signed == self.received.as_bytes() {
            return;
        }
        let sum = sum(&signed);
        let mut known = self.sums.iter().zip(&self.items);
        if known.any(|(known, item)| *known == sum && item.signed == signed) {
            return;
        }
        self.bytes += length;
        self.sums.push(sum);
        self.items.push(Rewriting { what, words: words(what), part, signed, shown });
    }

    /// Adds another JSON text of one part, beside the other part as it was received.
    fn add_json(&mut self, what: &'static str, part: &Part, json: Vec<u8>) {
        let anew = encode(&json);
        let pieces = match part.name {
            "header" => [&anew, ".", self.payload.text],
            _ => [self.header.text, ".", &anew],
        };
        self.add(what, part.name, pieces.concat().into_bytes(), Some(json));
    }

    /// Writes a document; what gets too long counts as work, so that it does not happen often.
    fn write(&mut self, document: &Document, style: &Style) -> Option<Vec<u8>> {
        if self.is_full() {
            return None;
        }
        let written = style::write(document, style, self.room());
        if written.is_none() {
            self.work += MOST_BYTES;
        }
        written
    }

    fn restyle(&mut self, part: &Part) {
        let Some(document) = &part.document else { return };
        for style in style::STYLES.iter().chain([&style::WITHOUT_NULLS]) {
            if let Some(json) = self.write(document, style) {
                self.add_json(style.what, part, json);
            }
        }
    }

    fn assemble(&mut self) {
        let (header, payload) = (self.header, self.payload);
        let input = Input {
            header: header.text,
            payload: payload.text,
            header_bytes: header.bytes,
            payload_bytes: payload.bytes,
        };
        for assembly in &encoding::ASSEMBLIES {
            if self.is_full() {
                return;
            }
            if let Some(signed) = assembly.of(&input) {
                self.add(assembly.what, "signing-input", signed, None);
            }
        }
    }

    fn select(&mut self, part: &Part) {
        let Some(document) = &part.document else { return };
        let members = document.root.as_ref().map(Value::members).unwrap_or_default();
        if self.is_full() || members.is_empty() || document.bytes.len() > self.room() {
            return;
        }
        for (what, selection) in edit::selections(members, orders()) {
            if self.is_full() {
                return;
            }
            if let Some(json) = edit::selected(document, &selection) {
                self.add_edited(what, part, json, &[style::COMPACT]);
            }
        }
    }

    fn edit(&mut self, part: &Part) {
        let Some(document) = &part.document else { return };
        for edit in &edit::EDITS {
            if self.is_full() || document.bytes.len() > self.room() {
                return;
            }
            if let Some(json) = edit::edited(document, edit) {
                self.add_edited(edit.what, part, json, &[style::COMPACT, style::PYTHON]);
            }
        }
    }

    /// Adds an edited text in the layout that it has, and in others.
    fn add_edited(&mut self, what: &'static str, part: &Part, json: Vec<u8>, styles: &[Style]) {
        let document = json::read(json);
        self.work += document.bytes.len();
        for style in styles {
            if let Some(json) = self.write(&document, style) {
                self.add_json(what, part, json);
            }
        }
        self.add_json(what, part, document.bytes);
    }

    fn transcode(&mut self, part: &Part) {
        let compact = part.document.as_ref().and_then(|document| self.write(document, &style::COMPACT));
        for text in [Some(part.bytes), compact.as_deref()].into_iter().flatten() {
            for transcoding in &encoding::TRANSCODINGS {
                if self.is_full() || text.len() > self.room() {
                    return;
                }
                if let Some(json) = transcoding.of(text) {
                    self.add_json(transcoding.what, part, json);
                }
            }
        }
    }

    /// Pairs: both parts in one style, in two usual styles, and a usual style of the payload in another encoding.
    fn restyle_both(&mut self) {
        let (Some(header), Some(payload)) = (&self.header.document, &self.payload.document) else { return };
        for style in &style::STYLES {
            if let (Some(header), Some(payload)) = (self.write(header, style), self.write(payload, style)) {
                let signed = [encode(&header), encode(&payload)].join(".").into_bytes();
                self.add(style.what, "both", signed, Some(payload));
            }
        }
        let usual = || style::STYLES.iter().take(style::PAIRED);
        for style in usual() {
            let Some(json) = self.write(payload, style) else { continue };
            for encoding in &encoding::ENCODINGS {
                if self.is_full() {
                    return;
                }
                let signed = [(encoding.encode)(self.header.bytes), (encoding.encode)(&json)].join(".").into_bytes();
                self.add(encoding.what, "signing-input", signed, Some(json.clone()));
            }
            let signed = [self.header.text.as_bytes(), b".", &json].concat();
            self.add("unencoded", "signing-input", signed, Some(json));
        }
        let headers: Vec<String> =
            usual().filter_map(|style| self.write(header, style)).map(|json| encode(&json)).collect();
        for style in usual() {
            let Some(json) = self.write(payload, style) else { continue };
            let text = encode(&json);
            for header in &headers {
                if self.is_full() {
                    return;
                }
                self.add("two-styles", "both", [header, ".", &text].concat().into_bytes(), Some(json.clone()));
            }
        }
    }
}

/// FNV-1a: equal bytes have equal sums.
fn sum(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |sum, byte| (sum ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The words for a rewriting. A row of `src/data/rewritings.json` is the key of the signed form, and its words.
fn words(what: &str) -> &'static str {
    table().member("words").and_then(|words| words.member(what)).and_then(Value::as_str).unwrap_or_default()
}

/// The orders in which programs that issue tokens write their claims: names, and `*` for all others.
fn orders() -> &'static [Value] {
    table().member("orders").map(Value::items).unwrap_or_default()
}

fn table() -> &'static Document {
    static TABLE: OnceLock<Document> = OnceLock::new();
    TABLE.get_or_init(|| json::read(include_bytes!("../data/rewritings.json").to_vec()))
}
