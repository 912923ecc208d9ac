//! What it means that a signature verifies after all.

use super::{Found, Search};
use crate::finding::{Certainty, Code, Fact};
use crate::signature_doctor::case::Candidate;
use crate::signature_doctor::words::{self, Facts};
use crate::signature_doctor::{code, shape};

impl Search<'_> {
    /// The cause, when a signature verifies after all: of everything that is different, what is furthest from the key.
    pub(super) fn success(
        &self,
        form: usize,
        text: Option<usize>,
        algorithm: Option<(Code, Facts)>,
        reading: Option<(Code, Facts)>,
        key: Option<usize>,
    ) -> Found {
        let of_form = self.forms.get(form).and_then(|form| form.code).map(|code| (code, Vec::new()));
        let of_text = text.and_then(|text| self.texts.get(text)).and_then(|text| text.deviation.clone());
        let of_key = key.and_then(|key| self.case.keys.get(key)).map(|one| self.key_deviation(one));
        let causes = [of_form, of_text, algorithm, reading, of_key];
        let (code, mut facts) = causes.into_iter().flatten().next().unwrap_or((code::CONTENT_ALTERED, Vec::new()));
        facts.extend(self.form_facts());
        facts.push(("proof", words::fact("proofs", "verified")));
        if let Some(one) = key.and_then(|key| self.case.keys.get(key)) {
            facts.push(("key", Fact::Text(one.key.name())));
        }
        Found { code, certainty: Certainty::Proved, facts }
    }

    /// What is special about a key that made the signature and was not found by the first verdict.
    pub(super) fn key_deviation(&self, one: &Candidate) -> (Code, Facts) {
        let kid = || ("kid", self.case.kid.map_or(Fact::Words("missing"), |kid| Fact::Text(kid.to_owned())));
        if one.from_certificate {
            return (code::KEY_DAMAGED, vec![("damage", words::fact("damages", "certificate"))]);
        }
        if self.case.kid.is_some() && one.key.kid.as_deref() != self.case.kid {
            let named = self.case.keys.iter().any(|other| other.key.kid.as_deref() == self.case.kid);
            let which = if named { "other" } else { "absent" };
            return (code::KID_MISMATCH, vec![kid(), ("which", words::fact("kids", which))]);
        }
        let label = match &one.key {
            key if key.public_key_use.as_deref().is_some_and(|usage| usage != "sig") => "use",
            key if key.algorithm.as_deref().is_some_and(|name| name != self.case.algorithm_name()) => "alg",
            _ => "key_ops",
        };
        (code::KEY_LABEL, vec![kid(), ("label", Fact::Text(label.to_owned()))])
    }

    /// The facts that every finding about a form has.
    pub fn form_facts(&self) -> Facts {
        vec![
            ("algorithm", Fact::Text(self.case.algorithm_name().to_owned())),
            ("length", Fact::Count(self.case.signature.len() as u64)),
            ("needed", Fact::Count(shape::needed(&self.case) as u64)),
        ]
    }

    /// The signature fits another text than the one received. Without facts it is not known which.
    pub(super) fn altered(&self, form: usize, key: Option<usize>, mut facts: Facts) -> Found {
        let mut found = self.success(form, None, None, None, key);
        found.code = code::CONTENT_ALTERED;
        if facts.is_empty() {
            facts.push(("rewriting", words::fact("rewritings", "unknown")));
        }
        let which = if key.is_some() { "key" } else { "secret" };
        facts.push(("which", words::fact("rights", which)));
        found.facts.extend(facts);
        found
    }

    /// The algorithm that signed; one that has no name in tokens is described.
    pub(super) fn other_algorithm(&self, actual: &str, hash: &'static str) -> Facts {
        let actual = match actual == hash {
            true => words::fact("names", "unregistered"),
            false => Fact::Text(actual.to_owned()),
        };
        vec![("actual", actual), ("hash", Fact::Words(hash))]
    }
}
