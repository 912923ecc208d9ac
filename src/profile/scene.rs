//! A token as the tests and wants of the table look at it.

use super::test::{Companion, Part, Path};
use crate::disclosure::{self, Disclosure};
use crate::jose::{self, Jose};
use crate::json::{Document, Fault, Value};
use crate::provider;
use crate::report::TokenKind;
use crate::time::Time;
use crate::why::Subject;

/// A token, and what came with it.
pub(super) struct Scene<'a> {
    pub subject: &'a Subject<'a>,
    /// The media type of the header's `typ`, in lower case and without `application/`, which
    /// [RFC 7515 §4.1.9](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.9) recommends to leave out.
    pub typ: Option<String>,
    /// The `id` of its provider.
    pub provider: Option<&'static str>,
    /// What it discloses; `None` for what is no SD-JWT.
    pub disclosure: Option<Disclosure>,
    /// The key binding JWT behind the disclosures.
    pub binding: Option<Jose>,
}

/// A value, where it stands, and what it was written as.
pub(super) struct Found<'s> {
    pub value: &'s Value,
    document: &'s Document,
    /// The JSON pointer to it, as findings have it.
    pub pointer: String,
}

/// What looking for a value came to.
pub(super) enum Lookup<'s> {
    /// It is there.
    Present(Found<'s>),
    /// It is not there; the pointer says where it would be.
    Absent(String),
    /// It may stand in what could not be read.
    Unreadable,
}

impl<'a> Scene<'a> {
    /// `None` for what is no JSON Web Token.
    pub(super) fn new(subject: &'a Subject<'a>, provider: Option<&provider::Reading>) -> Option<Scene<'a>> {
        let token = subject.token;
        if token.kind == TokenKind::Opaque || (token.header.is_none() && token.payload.is_none()) {
            return None;
        }
        let typ = token.header.as_ref().and_then(|header| header.string("typ")).map(|typ| {
            let typ = typ.to_ascii_lowercase();
            typ.strip_prefix("application/").map_or(typ.clone(), str::to_owned)
        });
        let disclosure = disclosed(subject);
        let binding = disclosure.as_ref().and_then(|disclosure| disclosure.key_binding.as_deref()).map(jose::read);
        Some(Scene { subject, typ, provider: provider.map(|provider| provider.id), disclosure, binding })
    }

    /// The value at a place; `None` also where it cannot be read.
    pub(super) fn value(&self, path: &Path) -> Option<&Value> {
        self.found(path).map(|found| found.value)
    }

    /// The value at a place, with all that is known of it.
    pub(super) fn found(&self, path: &Path) -> Option<Found<'_>> {
        match self.look(path) {
            Lookup::Present(found) => Some(found),
            _ => None,
        }
    }

    /// Looks for the value at a place.
    pub(super) fn look(&self, path: &Path) -> Lookup<'_> {
        let mut pointer = String::from(match path.part {
            Part::Header => "/header",
            Part::Payload => "/payload",
            Part::BindingHeader | Part::Binding => "/input",
        });
        let Some(document) = self.document(path.part) else { return Lookup::Unreadable };
        let mut value = document.root.as_ref();
        for name in &path.names {
            if path.part == Part::Header || path.part == Part::Payload {
                pointer = jose::pointer(&pointer, name);
            }
            value = value.and_then(|value| value.member(name));
        }
        let Some(value) = value else {
            return if document.is_json() { Lookup::Absent(pointer) } else { Lookup::Unreadable };
        };
        // Half of a value is another value.
        let broken = |fault: &Fault| fault.kind.is_fatal() && (value.span.start..=value.span.end).contains(&fault.at);
        if document.faults.iter().any(broken) {
            return Lookup::Unreadable;
        }
        Lookup::Present(Found { value, document, pointer })
    }

    /// What came with the token; never the token itself.
    pub(super) fn companion(&self, companion: Companion) -> Option<&'a str> {
        let companions = self.subject.companions;
        let text = match companion {
            Companion::AccessToken => companions.access_token.as_deref(),
            Companion::Code => companions.code.as_deref(),
            Companion::State => companions.state.as_deref(),
        };
        text.map(str::trim).filter(|text| !text.is_empty() && *text != self.subject.token.text)
    }

    /// The header's `alg`.
    pub(super) fn algorithm(&self) -> Option<&str> {
        self.subject.token.header.as_ref()?.string("alg")
    }

    fn document(&self, part: Part) -> Option<&Document> {
        match part {
            Part::Header => self.subject.token.header.as_ref(),
            Part::Payload => self.subject.token.payload.as_ref(),
            Part::BindingHeader => self.binding.as_ref()?.header.as_ref(),
            Part::Binding => self.binding.as_ref()?.payload.as_ref(),
        }
    }
}

/// What the token discloses: as the second look has it, or read here.
fn disclosed(subject: &Subject) -> Option<Disclosure> {
    let beyond = subject.token.beyond.as_ref();
    if let Some(known) = beyond.and_then(|beyond| beyond.disclosure.as_ref()) {
        return Some(known.clone());
    }
    let nothing = Document::default();
    let payload = subject.token.payload.as_ref().unwrap_or(&nothing);
    disclosure::read(&disclosure::whole(subject.text, subject.token), payload)
}

impl Found<'_> {
    /// The exact text of the value; of a string that is not empty, what it says.
    pub(super) fn raw(&self) -> String {
        let text = self.value.as_str().filter(|text| !text.is_empty());
        text.map_or_else(|| self.json(), str::to_owned)
    }

    /// The exact text of the value as JSON.
    pub(super) fn json(&self) -> String {
        self.document.raw(self.value)
    }

    /// The time that a number stands for.
    pub(super) fn time(&self) -> Option<Time> {
        match self.value.kind {
            crate::json::Kind::Number => Time::from_number(&self.document.raw(self.value)).ok(),
            _ => None,
        }
    }
}
