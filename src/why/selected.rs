//! The key that a token was verified with, looked at closely, and what the token's header says of certificates.

use super::Subject;
use crate::finding::Finding;
use crate::key::details::{self, Details};
use crate::key::{Key, Material};
use crate::report::KeySource;

/// Longer texts of keys are not looked through for certificates.
const LONGEST: usize = 1 << 18;

/// What was found about a key: several tokens may be by one, and factoring takes some milliseconds.
pub(super) type Known = Option<(Material, Vec<Finding>)>;

/// What makes the key of a token weak, and whether the certificates that its header names are there and its own.
pub(super) fn findings(subject: &Subject<'_>, known: &mut Known) -> Vec<Finding> {
    let mut findings = Vec::new();
    let key = selected(subject);
    if let Some(key) = key {
        if known.as_ref().is_none_or(|(material, _)| *material != key.material) {
            *known = Some((key.material.clone(), details::weaknesses(&key.material, &key.name())));
        }
        findings.extend(known.iter().flat_map(|(_, findings)| findings.iter().cloned()));
    }
    let Some(header) = &subject.token.header else { return findings };
    findings.extend(details::header(header, subject.now).findings);
    // What stands in the header itself is held against the certificate beside it.
    let names = ["x5t", "x5t#S256"].iter().any(|name| header.member(name).is_some()) && header.member("x5c").is_none();
    let keys = &subject.options.keys;
    if let Some(key) = key.filter(|key| names && key.source == KeySource::Pasted && keys.len() <= LONGEST) {
        let Details { keys, .. } = details::of(keys, subject.now);
        let thumbprint = key.thumbprint();
        let own = keys.iter().find(|one| one.thumbprint == thumbprint && !one.certificates.is_empty());
        findings.extend(own.map(|own| details::stated(header, own)).unwrap_or_default());
    }
    // The first verdict may have said the same.
    let is_said = |finding: &Finding| subject.token.findings.iter().any(|known| known.code == finding.code);
    findings.retain(|finding| !is_said(finding));
    findings
}

/// The key that the signature is good with, or was tried with.
fn selected<'a>(subject: &Subject<'a>) -> Option<&'a Key> {
    // Of secrets, which have no thumbprint, nothing is told here.
    let used = subject.token.signature.key.as_ref().filter(|used| used.thumbprint.is_some())?;
    let is_it = |key: &&Key| key.kid == used.kid && key.thumbprint() == used.thumbprint;
    subject.places.iter().filter(|place| place.source == used.source).flat_map(|place| &place.keys).find(is_it)
}
