//! Putting what is disclosed into its place ([RFC 9901 §7.1](https://www.rfc-editor.org/rfc/rfc9901#section-7.1)).
//!
//! The processed payload is a copy of the received bytes: what is not touched is not written anew, so numbers, escapes and
//! spaces stay as the issuer signed them. Each disclosure is put in once, so the work is bounded by the size of the text.

use super::parts::{Part, SUBJECT, numbered};
use super::{code, shown};
use crate::finding::{Finding, Severity};
use crate::jose;
use crate::json::{Document, Kind, MAX_DEPTH, Member, Value};
use crate::order;

/// What processing came to.
pub(super) struct Processed {
    /// The payload, as JSON bytes.
    pub payload: Option<Vec<u8>>,
    /// Where each disclosure belongs, in their order.
    pub places: Vec<Option<String>>,
    /// Pointers and digests without a disclosure.
    pub undisclosed: Vec<(String, String)>,
}

/// Of longer pointers the beginning is kept: a name of a megabyte must not be repeated for each digest below it.
const LONGEST_POINTER: usize = 400;

/// Whether a payload has anything that only SD-JWTs have.
pub(super) fn has_digests(payload: &Document) -> bool {
    let mut waiting: Vec<&Value> = payload.root.iter().collect();
    while let Some(value) = waiting.pop() {
        let is_sign = |member: &Member| matches!(member.name.as_str(), "_sd" | "_sd_alg");
        if value.members().iter().any(is_sign) || value.items().iter().any(|item| digest_of_element(item).is_some()) {
            return true;
        }
        waiting.extend(value.members().iter().map(|member| &member.value));
        waiting.extend(value.items());
    }
    false
}

/// Puts the disclosures into the payload. Where they can't be matched, only what holds without is said.
pub(super) fn process(
    payload: &Document,
    parts: &[Part],
    is_matched: bool,
    is_presented: bool,
    findings: &mut Vec<Finding>,
) -> Processed {
    let places = parts.iter().map(|_| None).collect();
    let Some(root) = payload.root.as_ref().filter(|_| payload.is_json()) else {
        return Processed { payload: None, places, undisclosed: Vec::new() };
    };
    let mut sorted: Vec<(&str, usize)> = Vec::new();
    if is_matched {
        let fresh = parts.iter().enumerate().filter(|(_, part)| !part.is_repeated && !part.text.is_empty());
        sorted.extend(fresh.map(|(at, part)| (part.digest.as_str(), at)));
        order::sort(&mut sorted, |one, other| one.0 < other.0);
    }
    let mut walk = Walk {
        parts,
        sorted,
        is_presented,
        written: Vec::with_capacity(payload.bytes.len()),
        path: "/payload".to_owned(),
        places,
        digests: Vec::new(),
        undisclosed: Vec::new(),
        findings,
        too_deep: false,
    };
    walk.copy(payload, root, 0);
    walk.repeated_digests();
    walk.not_referred(is_matched);
    let Walk { written, places, undisclosed, .. } = walk;
    match is_matched {
        true => Processed { payload: Some(written), places, undisclosed },
        false => Processed { payload: None, places, undisclosed: Vec::new() },
    }
}

/// The digest that an element of an array stands for.
fn digest_of_element(item: &Value) -> Option<&str> {
    match item.members() {
        [only] if only.name == "..." => only.value.as_str(),
        _ => None,
    }
}

struct Walk<'a, 'f> {
    parts: &'a [Part],
    /// Digests of the disclosures, in order, and which disclosure each is of.
    sorted: Vec<(&'a str, usize)>,
    /// Whether the token came as an SD-JWT; a JWT alone may have claims of these names for reasons of its own.
    is_presented: bool,
    written: Vec<u8>,
    /// The JSON pointer of what is being looked at.
    path: String,
    places: Vec<Option<String>>,
    /// Every digest that was met.
    digests: Vec<&'a str>,
    undisclosed: Vec<(String, String)>,
    findings: &'f mut Vec<Finding>,
    too_deep: bool,
}

/// A document, and up to where it was copied.
struct Source<'a> {
    document: &'a Document,
    copied: usize,
}

/// The names in an object, each list in order.
#[derive(Default)]
struct Names<'a> {
    /// Those of its members.
    there: Vec<&'a str>,
    /// Those that were disclosed.
    disclosed: Vec<&'a str>,
}

impl<'a> Names<'a> {
    /// Takes a name, unless it is taken.
    fn take(&mut self, name: &'a str) -> bool {
        let at = match self.disclosed.binary_search(&name) {
            Err(at) if self.there.binary_search(&name).is_err() => at,
            _ => return false,
        };
        self.disclosed.insert(at, name);
        true
    }
}

impl<'a> Walk<'a, '_> {
    /// Copies a value of a document, with what is disclosed in it.
    fn copy(&mut self, document: &'a Document, value: &'a Value, depth: usize) {
        let mut source = Source { document, copied: value.span.start };
        self.value(&mut source, value, depth);
        self.up_to(&mut source, value.span.end);
    }

    /// Copies what stands before a position and was not copied yet.
    fn up_to(&mut self, source: &mut Source<'a>, position: usize) {
        self.written.extend_from_slice(source.document.bytes.get(source.copied..position).unwrap_or_default());
        source.copied = position;
    }

    fn value(&mut self, source: &mut Source<'a>, value: &'a Value, depth: usize) {
        match &value.kind {
            Kind::Array(_) | Kind::Object(_) if depth > MAX_DEPTH => {
                if !self.too_deep {
                    self.findings.push(Finding::info(code::TOO_DEEP, self.pointer()));
                }
                self.too_deep = true;
            }
            Kind::Array(items) => self.array(source, value, items, depth),
            Kind::Object(members) => self.object(source, value, members, depth),
            _ => {}
        }
    }

    fn object(&mut self, source: &mut Source<'a>, value: &'a Value, members: &'a [Member], depth: usize) {
        let goes = |member: &Member| member.name == "_sd" || depth == 0 && member.name == "_sd_alg";
        if !members.iter().any(goes) {
            for member in members {
                self.member(source, member, depth);
            }
            return;
        }
        self.up_to(source, value.span.start + 1);
        let mut count = 0;
        for member in members.iter().filter(|member| !goes(member)) {
            self.separate(&mut count);
            source.copied = member.name_span.start;
            self.member(source, member, depth);
            self.up_to(source, member.value.span.end);
        }
        let mut names = Names::default();
        for list in members.iter().filter(|member| member.name == "_sd") {
            self.list(source.document, &list.value);
            for (at, digest) in list.value.items().iter().enumerate() {
                let Some(digest) = digest.as_str() else { continue };
                self.digests.push(digest);
                let Some(found) = self.disclosure(digest) else {
                    let before = self.enter("_sd");
                    self.enter(&at.to_string());
                    self.undisclosed.push((self.pointer(), digest.to_owned()));
                    self.path.truncate(before);
                    continue;
                };
                if names.there.is_empty() {
                    names.there = members.iter().map(|member| member.name.as_str()).collect();
                    order::sort(&mut names.there, |one, other| one < other);
                }
                self.disclose_member(found, &mut names, &mut count, depth);
            }
        }
        self.written.push(b'}');
        source.copied = value.span.end;
    }

    fn member(&mut self, source: &mut Source<'a>, member: &'a Member, depth: usize) {
        let before = self.enter(&member.name);
        if member.name == "_sd_alg" && depth > 0 {
            self.findings.push(Finding::warning(code::HASH_NESTED, self.pointer()));
        }
        self.value(source, &member.value, depth + 1);
        self.path.truncate(before);
    }

    /// Puts a disclosure beside the members of an object.
    fn disclose_member(&mut self, found: usize, names: &mut Names<'a>, count: &mut usize, depth: usize) {
        let Some(part) = self.parts.get(found) else { return };
        let Some(value) = part.value() else { return self.place(found) };
        let Some((written, name)) = part.named() else {
            self.place(found);
            let finding = Finding::error(code::NAME_MISSING, SUBJECT);
            self.findings.push(numbered(finding, found).text("text", part.text.clone()));
            return;
        };
        let before = self.enter(name);
        self.place(found);
        // What the reserved names would be is said already, and a verifier stops there.
        if matches!(name, "_sd" | "...") {
        } else if names.take(name) {
            self.separate(count);
            let quoted = part.document.bytes.get(written.span.clone()).unwrap_or_default();
            self.written.extend_from_slice(quoted);
            self.written.push(b':');
            self.copy(&part.document, value, depth + 1);
        } else {
            let finding = Finding::error(code::NAME_EXISTS, self.pointer());
            self.findings.push(numbered(finding, found).text("name", name));
        }
        self.path.truncate(before);
    }

    fn array(&mut self, source: &mut Source<'a>, value: &'a Value, items: &'a [Value], depth: usize) {
        let has_digests = items.iter().any(|item| digest_of_element(item).is_some());
        if has_digests {
            self.up_to(source, value.span.start + 1);
        }
        let mut count = 0;
        for (at, item) in items.iter().enumerate() {
            let digest = digest_of_element(item);
            let found = digest.and_then(|digest| {
                self.digests.push(digest);
                self.disclosure(digest)
            });
            // What stays undisclosed is not counted: others move up.
            let before = self.enter(&if found.is_none() && digest.is_some() { at } else { count }.to_string());
            match (digest, found) {
                (Some(_), Some(found)) => self.disclose_element(found, &mut count, depth),
                (Some(digest), None) => self.undisclosed.push((self.pointer(), digest.to_owned())),
                (None, _) if has_digests => {
                    self.strange_element(source.document, item);
                    self.separate(&mut count);
                    source.copied = item.span.start;
                    self.value(source, item, depth + 1);
                    self.up_to(source, item.span.end);
                }
                (None, _) => {
                    self.strange_element(source.document, item);
                    self.value(source, item, depth + 1);
                    count += 1;
                }
            }
            self.path.truncate(before);
        }
        if has_digests {
            self.written.push(b']');
            source.copied = value.span.end;
        }
    }

    fn disclose_element(&mut self, found: usize, count: &mut usize, depth: usize) {
        let Some(part) = self.parts.get(found) else { return };
        self.place(found);
        let Some(value) = part.value() else { return };
        if part.name().is_some() {
            let finding = Finding::error(code::NAME_SURPLUS, SUBJECT);
            self.findings.push(numbered(finding, found).text("text", part.text.clone()));
            return;
        }
        self.separate(count);
        self.copy(&part.document, value, depth + 1);
    }

    /// An element that has `...` and is no digest: a verifier leaves it where it is.
    fn strange_element(&mut self, document: &Document, item: &Value) {
        if item.members().iter().any(|member| member.name == "...") {
            let finding = Finding::warning(code::ELEMENT_DIGEST, self.pointer());
            self.findings.push(finding.text("found", shown(document, item)));
        }
    }

    /// `_sd` has to be a list of texts.
    fn list(&mut self, document: &Document, list: &Value) {
        let items = list.items();
        if !matches!(list.kind, Kind::Array(_)) || items.iter().any(|item| item.as_str().is_none()) {
            let before = self.enter("_sd");
            let finding = Finding::warning(code::DIGESTS, self.pointer());
            self.findings.push(finding.text("found", shown(document, list)));
            self.path.truncate(before);
        }
    }

    /// The disclosure with that digest; one that is in its place already is not put into a second one.
    fn disclosure(&self, digest: &str) -> Option<usize> {
        let at = self.sorted.binary_search_by(|(known, _)| (*known).cmp(digest)).ok()?;
        let found = self.sorted.get(at).map(|(_, found)| *found)?;
        self.places.get(found)?.is_none().then_some(found)
    }

    fn place(&mut self, found: usize) {
        let pointer = self.pointer();
        if let Some(place) = self.places.get_mut(found) {
            *place = Some(pointer);
        }
    }

    fn separate(&mut self, count: &mut usize) {
        if *count > 0 {
            self.written.push(b',');
        }
        *count += 1;
    }

    /// Goes one step down, and returns how long the path was before.
    fn enter(&mut self, name: &str) -> usize {
        let before = self.path.len();
        self.path.push_str(&jose::pointer("", name));
        before
    }

    fn pointer(&self) -> String {
        if self.path.len() <= LONGEST_POINTER {
            return self.path.clone();
        }
        let end = (0..=LONGEST_POINTER).rev().find(|end| self.path.is_char_boundary(*end)).unwrap_or(0);
        let mut pointer = self.path.get(..end).unwrap_or_default().to_owned();
        pointer.push('…');
        pointer
    }

    /// No digest may be there twice, disclosed or not.
    fn repeated_digests(&mut self) {
        let mut digests = std::mem::take(&mut self.digests);
        order::sort(&mut digests, |one, other| one < other);
        let mut said = "";
        for pair in digests.windows(2) {
            if let [one, other] = pair
                && one == other
                && *one != said
            {
                said = one;
                let mut finding = Finding::error(code::DIGEST_TWICE, "/payload").text("digest", *one);
                if !self.is_presented {
                    finding.severity = Severity::Warning;
                }
                self.findings.push(finding);
            }
        }
    }

    /// Every disclosure has to be referred to. One that can't be read at all has a finding of its own.
    fn not_referred(&mut self, is_matched: bool) {
        if !is_matched || self.too_deep {
            return;
        }
        for (at, part) in self.parts.iter().enumerate() {
            let is_placed = self.places.get(at).is_some_and(Option::is_some);
            if part.is_whole && !part.is_repeated && !is_placed {
                let finding = numbered(Finding::error(code::NOT_REFERRED, SUBJECT), at);
                self.findings.push(finding.text("text", part.text.clone()).text("digest", part.digest.clone()));
            }
        }
    }
}
