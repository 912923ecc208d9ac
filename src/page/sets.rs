//! The places that keys came from, and the keys in each.

use web_sys::Element;

use super::checks::{chip, remark, state};
use super::dom::{self, Template};
use super::{Page, explanations};
use crate::browser::clock;
use crate::discovery;
use crate::finding::{Finding, Severity};
use crate::messages::visible;
use crate::report::{KeySet, KeySource, KeySummary, SignatureStatus, Token};
use crate::time::relative;

impl Page {
    pub(super) fn paint_sets(&self) {
        let Some(token) = self.token() else { return };
        let worth = |set: &&KeySet| !set.keys.is_empty() || set.fetched.is_some() || !set.findings.is_empty();
        let sets: Vec<Element> = self.report.key_sets.iter().filter(worth).map(|set| self.set(set, token)).collect();
        dom::show("sec-sets", !sets.is_empty());
        dom::update("sets", &sets);
    }

    fn set(&self, set: &KeySet, token: &Token) -> Element {
        let painted = Template::fill("set");
        painted.text("title", title(set.source));
        let mut about = set.url.as_deref().map(visible).unwrap_or_default();
        if let Some(fetched) = set.fetched {
            about.push_str(&[", fetched ", &fetched.time_of_day(), ", ", &relative(fetched, clock::now())].concat());
        }
        painted.text("about", &about);
        // That keys came is said above them already.
        for finding in set.findings.iter().filter(|finding| finding.severity != Severity::Ok) {
            let words = explanations::words(finding, self.now());
            let (name, word) =
                if finding.severity == Severity::Info { ("note", "Note") } else { state(finding.severity) };
            let remark = remark(finding, &words, (name, word));
            if let Some((link, text)) = cors_link(finding).zip(remark.last_element_child()) {
                let _ = text.append_child(&link);
            }
            painted.push("findings", &remark);
        }
        if set.keys.is_empty() {
            painted.remove("table");
        }
        for key in &set.keys {
            painted.push("rows", &row(key, set.source, token));
        }
        painted.done()
    }
}

/// A link to the CORS view with the address that could not be read, and this page's origin.
fn cors_link(finding: &Finding) -> Option<Element> {
    if !matches!(finding.code, discovery::code::BLOCKED_OR_UNREACHABLE | discovery::code::REDIRECT_FAILED) {
        return None;
    }
    let encoded = |name| Some(String::from(js_sys::encode_uri_component(finding.fact_text(name)?)));
    let link = Template::fill("cors-link");
    link.set("link", "href", &["#cors?url=", &encoded("url")?, "&origin=", &encoded("origin")?].concat());
    Some(link.done())
}

fn title(source: KeySource) -> &'static str {
    match source {
        KeySource::Pasted => "Pasted",
        KeySource::Secret => "Secret",
        KeySource::Issuer => "From the issuer",
        KeySource::JwksUrl => "From the JWKS URL",
        KeySource::Token => "In the token itself, which proves nothing",
    }
}

fn row(key: &KeySummary, source: KeySource, token: &Token) -> Element {
    let row = Template::fill("key");
    row.text("kid", &key.kid.as_deref().map_or_else(|| "none".to_owned(), visible));
    row.text("type", &key.description);
    row.text("thumbprint", key.thumbprint.as_deref().unwrap_or("not shown"));
    let used = token
        .signature
        .key
        .as_ref()
        .is_some_and(|used| used.source == source && used.kid == key.kid && (used.thumbprint == key.thumbprint));
    let result = match token.signature.status {
        SignatureStatus::Valid if used => chip("pass", "Verified the signature"),
        SignatureStatus::Invalid if used => chip("fail", "Tried, does not verify"),
        _ => dom::span("span", "muted", if used { "Used" } else { "Not used" }),
    };
    row.push("result", &result);
    row.done()
}
