//! One token under the lint: what every check asks about it.

use super::kind::{self, Kind};
use crate::finding::{Certainty, Finding};
use crate::jose::algorithm::Algorithm;
use crate::json::{self, Document, Kind as JsonKind, Value};
use crate::profile;
use crate::provider;
use crate::why::Subject;

/// A token, what is known about it, and what was found so far.
pub(super) struct Look<'a> {
    pub(super) subject: &'a Subject<'a>,
    pub(super) profile: Option<&'a profile::Reading>,
    pub(super) provider: Option<&'a provider::Reading>,
    /// What kind of token it is.
    pub(super) kind: Kind,
    pub(super) findings: Vec<Finding>,
}

impl<'a> Look<'a> {
    pub(super) fn new(
        subject: &'a Subject<'a>,
        profile: Option<&'a profile::Reading>,
        provider: Option<&'a provider::Reading>,
    ) -> Look<'a> {
        Look { subject, profile, provider, kind: kind::of(subject, profile, provider), findings: Vec::new() }
    }

    /// The header, when it is a whole JSON object.
    pub(super) fn whole_header(&self) -> Option<&'a Document> {
        self.subject.token.header.as_ref().filter(|header| header.is_json() && is_object(header))
    }

    /// The claims, when they are a whole JSON object: of a damaged one, nobody knows what is missing.
    pub(super) fn whole_payload(&self) -> Option<&'a Document> {
        self.payload_object().filter(|payload| payload.is_json())
    }

    /// The claims, as far as they can be read.
    pub(super) fn payload_object(&self) -> Option<&'a Document> {
        self.subject.token.payload.as_ref().filter(|payload| is_object(payload))
    }

    /// The algorithm that the header names exactly.
    pub(super) fn named_algorithm(&self) -> Option<&'static Algorithm> {
        Algorithm::named(self.whole_header()?.string("alg")?)
    }

    /// Whether the profile or the provider says something about that place already.
    pub(super) fn is_said(&self, subject: &str) -> bool {
        let profile = self.profile.iter().flat_map(|profile| &profile.findings);
        let provider = self.provider.iter().flat_map(|provider| &provider.findings);
        profile.chain(provider).any(|finding| finding.subject == subject)
    }

    pub(super) fn push(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Adds what is the most probable reading, and no proof.
    pub(super) fn push_likely(&mut self, finding: Finding) {
        self.findings.push(finding.certainty(Certainty::Likely));
    }
}

fn is_object(document: &Document) -> bool {
    document.root.as_ref().is_some_and(|root| matches!(root.kind, JsonKind::Object(_)))
}

/// A table of this room, which is JSON.
pub(super) fn table(bytes: &[u8]) -> Document {
    json::read(bytes.to_vec())
}

/// The strings of a list in a table.
pub(super) fn strings(value: Option<&'static Value>) -> impl Iterator<Item = &'static str> {
    value.map(Value::items).unwrap_or_default().iter().filter_map(Value::as_str)
}

/// The beginning of a text that may be very long.
pub(super) fn beginning(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.get(..end).unwrap_or_default()
}

/// Whether a value is the literal `true` or `false` that is asked for.
pub(super) fn is_bool(value: Option<&Value>, wanted: bool) -> bool {
    matches!(value.map(|value| &value.kind), Some(JsonKind::Bool(found)) if *found == wanted)
}
