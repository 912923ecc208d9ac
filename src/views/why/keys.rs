//! The keys at hand, looked at closely: their thumbprints, and what their certificates say about themselves.

use web_sys::Element;

use super::{View, words};
use crate::key::details::{self, CertificateDetails, Details, KeyDetails, Name};
use crate::messages::visible;
use crate::page::checks::chip;
use crate::page::dom::{self, Template};
use crate::page::expectations::value;
use crate::time::Time;

/// Keys that are shown; a key set may have a thousand.
const MOST: usize = 50;

/// Longer texts of keys are not looked at again with every painting.
const LONGEST: usize = 1 << 18;

impl View {
    /// Of the pasted keys, and of the certificates in the token's header.
    pub(super) fn paint_key_details(&self) {
        let now = self.now();
        let pasted = value("pasted-keys");
        let mut keys: Vec<KeyDetails> = Vec::new();
        if pasted.len() <= LONGEST && !pasted.trim().is_empty() {
            keys.extend(details::of(&pasted, now).keys);
        }
        let header = self.token().and_then(|token| token.header.as_ref());
        if let Some(Details { keys: carried, .. }) = header.map(|header| details::header(header, now)) {
            keys.extend(carried);
        }
        let shown: Vec<Element> = keys.iter().take(MOST).enumerate().map(key).collect();
        dom::show("sec-keys", !shown.is_empty());
        dom::update("key-details", &shown);
        dom::set_text("key-details-more", &words::left_out(keys.len().saturating_sub(MOST)));
    }
}

/// Drops what was painted of earlier keys.
pub(super) fn erase() {
    dom::show("sec-keys", false);
    dom::update("key-details", &[]);
}

fn key((number, key): (usize, &KeyDetails)) -> Element {
    let row = Template::fill("key-details");
    row.set("item", "data-key", &number.to_string());
    row.text("name", &visible(&key.name)).text("type", &visible(&key.description));
    row.text("half", if key.is_private { words::PRIVATE_HALF } else { words::PUBLIC_HALF });
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
    let text = name.common_name.as_ref().or(name.organization.as_ref());
    text.map_or_else(|| words::NONE.to_owned(), |text| visible(text))
}
