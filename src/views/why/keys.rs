//! The keys at hand, looked at closely: their thumbprints, and what their certificates say about themselves.

use web_sys::Element;

use super::{View, words};
use crate::beyond;
use crate::finding::Finding;
use crate::key::details::{self, CertificateDetails, Details, KeyDetails, Name};
use crate::messages::{self, visible};
use crate::page::checks::{chip, remark, remark_state};
use crate::page::dom::{self, Template};
use crate::page::expectations::value;
use crate::time::Time;

/// Keys that are shown; a key set may have a thousand.
const MOST: usize = 50;

/// The list of what is worth knowing about them.
const NOTES: &str = "key-findings";

/// Longer texts of keys are not looked at again with every painting.
const LONGEST: usize = 1 << 18;

impl View {
    /// Of the pasted keys, and of the certificates in the token's header.
    pub(super) fn paint_key_details(&self) {
        let now = self.now();
        let pasted = value("pasted-keys");
        let Details { mut keys, mut findings } = match pasted.trim() {
            "" => Details::default(),
            _ if pasted.len() > LONGEST => Details::default(),
            _ => details::of(&pasted, now),
        };
        let header = self.token().and_then(|token| token.header.as_ref());
        if let Some(Details { keys: carried, findings: said }) = header.map(|header| details::header(header, now)) {
            keys.extend(carried);
            findings.extend(said);
        }
        let shown: Vec<Element> = keys.iter().take(MOST).enumerate().map(key).collect();
        let notes = self.key_findings(&findings);
        dom::show("sec-keys", !(shown.is_empty() && notes.is_empty()));
        dom::update("key-details", &shown);
        dom::update(NOTES, &notes);
        dom::set_text("key-details-more", &words::left_out(keys.len().saturating_sub(MOST)));
    }

    /// What only the second look knows of the keys; the rest the page says.
    fn key_findings(&self, close: &[Finding]) -> Vec<Element> {
        let is_ours =
            |finding: &&Finding| details::code::ALL.contains(&finding.code) || finding.code == beyond::code::KEYS_MIXED;
        let sets = self.explained.report.key_sets.iter().flat_map(|set| &set.findings);
        let findings = sets.chain(close).filter(is_ours).take(MOST);
        let note =
            |finding: &Finding| remark(finding, &messages::words(finding, self.now()), remark_state(finding.severity));
        findings.map(note).collect()
    }
}

/// Makes the place for what is worth knowing about the keys.
pub(super) fn prepare() {
    let notes = dom::span("ul", "lint", "");
    dom::set(&notes, "id", NOTES);
    let _ = dom::find::<Element>("key-details").after_with_node_1(&notes);
}

/// Drops what was painted of earlier keys.
pub(super) fn erase() {
    dom::update(NOTES, &[]);
    dom::show("sec-keys", false);
    dom::update("key-details", &[]);
}

fn key((number, key): (usize, &KeyDetails)) -> Element {
    let row = Template::fill("key-details");
    row.set("item", "data-key", &number.to_string());
    row.text("name", &visible(&key.name)).text("type", &visible(&key.description));
    // Only secrets have no thumbprint.
    let half = match (&key.thumbprint, key.is_private) {
        (None, _) if key.certificates.is_empty() => words::SHARED,
        (_, true) => words::PRIVATE_HALF,
        (_, false) => words::PUBLIC_HALF,
    };
    row.text("half", half);
    match &key.thumbprint {
        Some(thumbprint) => row.text("thumbprint", thumbprint),
        None => row.remove("thumbprint-part"),
    };
    if key.certificates.is_empty() {
        row.remove("chain");
    }
    for (number, certificate) in key.certificates.iter().enumerate() {
        row.push("rows", &certificate_row(number, certificate));
    }
    row.done()
}

fn certificate_row(number: usize, certificate: &CertificateDetails) -> Element {
    let row = Template::fill("certificate");
    row.text("number", &(number + 1).to_string());
    row.text("subject", &name(&certificate.subject));
    row.text("issuer", if certificate.is_self_signed { words::SELF_SIGNED } else { "" });
    if !certificate.is_self_signed {
        row.text("issuer", &name(&certificate.issuer));
    }
    // The time of day matters to nobody here.
    let day = |time: Time| time.date_and_time().split(',').next().unwrap_or_default().to_owned();
    let date = |time: Option<Time>| time.map_or_else(|| words::NONE.to_owned(), day);
    row.text("from", &date(certificate.not_before)).text("until", &date(certificate.not_after));
    row.text("thumbprint", &certificate.sha256);
    let (icon, word) = words::validity(certificate.is_early, certificate.is_expired);
    row.replace("state", &chip(icon, word));
    row.done()
}

fn name(name: &Name) -> String {
    name.text().map_or_else(|| words::NONE.to_owned(), visible)
}
