//! The disclosures one by one ([RFC 9901 §4.2](https://www.rfc-editor.org/rfc/rfc9901#section-4.2)).

use super::{Disclosed, Hash, code, shown};
use crate::finding::{Fact, Finding};
use crate::jose::base64url::{self, FaultKind};
use crate::json::{self, Document, Value};
use crate::order;

/// One disclosure.
pub(super) struct Part {
    /// As it stands in the text.
    pub text: String,
    /// What it decodes to.
    pub document: Document,
    /// The digest of its text; empty where the hash can't be computed.
    pub digest: String,
    /// Whether it is an array of two elements, or of three with a name, and can be put into the payload.
    pub is_whole: bool,
    /// Whether the same text stands before it.
    pub is_repeated: bool,
}

/// Reads the disclosures, each by itself.
pub(super) fn read(texts: &[String], hash: Option<Hash>, findings: &mut Vec<Finding>) -> Vec<Part> {
    let mut parts: Vec<Part> = texts.iter().enumerate().map(|(at, text)| part(at, text, hash, findings)).collect();
    let mut sorted: Vec<usize> = (0..texts.len()).collect();
    // The earlier one first, so that a repetition is the later one.
    order::sort(&mut sorted, |one, other| (texts.get(*one), one) < (texts.get(*other), other));
    for pair in sorted.windows(2) {
        if let [one, other] = pair
            && let (Some(first), Some(part)) = (texts.get(*one), parts.get_mut(*other))
            && *first == part.text
            && !first.is_empty()
        {
            part.is_repeated = true;
            findings.push(numbered(Finding::warning(code::TWICE, SUBJECT), *other).text("text", first.clone()));
        }
    }
    parts
}

/// The subject of findings about a disclosure; which one it is they say by its number.
pub(super) const SUBJECT: &str = "/disclosures";

/// A finding with the number of the disclosure, as people count.
pub(super) fn numbered(finding: Finding, at: usize) -> Finding {
    finding.with("number", Fact::Count(at as u64 + 1))
}

fn part(at: usize, text: &str, hash: Option<Hash>, findings: &mut Vec<Finding>) -> Part {
    let decoded = base64url::decode(text);
    let mut part = Part {
        text: text.to_owned(),
        // The digest is one of the text as it is sent, and not of what it decodes to.
        digest: hash.map(|hash| base64url::encode(&hash.of(text.as_bytes()))).unwrap_or_default(),
        document: json::read(decoded.bytes),
        is_whole: false,
        is_repeated: false,
    };
    if text.is_empty() {
        // Two tildes with nothing between them are a matter of the form.
        return part;
    }
    let position = |finding: Finding, at: usize| finding.with("at", Fact::Count(at as u64));
    if let Some(fault) = decoded.faults.first() {
        let only_bits = decoded.faults.iter().all(|fault| fault.kind == FaultKind::StrayBits);
        let finding = match only_bits {
            true => Finding::warning(code::STRAY_BITS, SUBJECT),
            false => Finding::error(code::BASE64URL, SUBJECT),
        };
        findings.push(position(numbered(finding, at), fault.at).text("text", text));
        if !only_bits {
            return part;
        }
    }
    if let Some(fault) = part.document.faults.iter().find(|fault| fault.kind.is_fatal()) {
        let finding = position(numbered(Finding::error(code::NOT_JSON, SUBJECT), at), fault.at);
        findings.push(finding.text("found", String::from_utf8_lossy(&part.document.bytes).into_owned()));
        return part;
    }
    let raw = || part.document.root.as_ref().map(|root| shown(&part.document, root)).unwrap_or_default();
    let salt = match part.items() {
        [salt, _] => salt,
        [salt, name, _] if name.as_str().is_some() => salt,
        _ => {
            findings.push(numbered(Finding::error(code::ELEMENTS, SUBJECT), at).text("found", raw()));
            return part;
        }
    };
    if salt.as_str().is_none() {
        let found = shown(&part.document, salt);
        findings.push(numbered(Finding::warning(code::SALT, SUBJECT), at).text("found", found));
    }
    part.is_whole = true;
    if let Some(name) = part.name().filter(|name| matches!(*name, "_sd" | "...")) {
        findings.push(numbered(Finding::error(code::NAME_RESERVED, SUBJECT), at).text("name", name));
    }
    part
}

impl Part {
    fn items(&self) -> &[Value] {
        self.document.root.as_ref().map(Value::items).unwrap_or_default()
    }

    /// Its name as JSON, and what it says; an element of an array has none.
    pub(super) fn named(&self) -> Option<(&Value, &str)> {
        match self.items() {
            [_, name, _] => Some((name, name.as_str()?)),
            _ => None,
        }
    }

    /// The name that it discloses; an element of an array has none.
    pub(super) fn name(&self) -> Option<&str> {
        self.named().map(|(_, name)| name)
    }

    /// The value that it discloses.
    pub(super) fn value(&self) -> Option<&Value> {
        self.items().last().filter(|_| self.is_whole)
    }

    /// As others see it, with its place.
    pub(super) fn disclosed(&self, place: Option<String>) -> Disclosed {
        Disclosed {
            text: self.text.clone(),
            name: self.name().map(str::to_owned),
            value: self.value().map(|value| self.document.raw(value)).unwrap_or_default(),
            digest: self.digest.clone(),
            place,
        }
    }
}
