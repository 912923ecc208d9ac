//! What a text says of SAML: a status, or the sentence of an error
//! ([SAML core §3.2.2](https://docs.oasis-open.org/security/saml/v2.0/saml-core-2.0-os.pdf)).

use super::parameters;
use crate::jose::base64url;

/// How every status of SAML begins.
const STATUS: &str = "urn:oasis:names:tc:SAML:2.0:status:";

/// Longer messages are not looked into.
const LONGEST: usize = 1 << 20;

/// The text that tells of the error: the statuses and the message of a response, or the text as it stands.
pub(super) fn text(text: &str) -> Option<String> {
    if let Some(message) = of_xml(text) {
        return Some(message);
    }
    // The response as it is posted, or as a query has it.
    let parts = text.split(['?', '&', '\n', ' ', '"']).filter_map(|part| part.strip_prefix("SAMLResponse="));
    if let Some(value) = parts.filter(|value| value.len() < LONGEST).max_by_key(|value| value.len()) {
        let value = parameters::decoded(&crate::text::replace(value, "+", "%2B"));
        let decoded = base64url::decode_standard(value.trim()).bytes;
        return Some(of_xml(&String::from_utf8_lossy(&decoded)).unwrap_or_default());
    }
    let speaks = crate::text::contains(text, "SAML")
        || crate::text::contains(text, "saml2")
        || crate::text::contains(text, "Saml");
    speaks.then(|| text.trim().to_owned())
}

/// Status codes and status message of an XML text; `None` where it has none.
fn of_xml(xml: &str) -> Option<String> {
    if !xml.contains('<') {
        return None;
    }
    let mut lines: Vec<String> = Vec::new();
    for at in crate::text::positions(xml, "StatusCode").into_iter().take(16) {
        let tag = xml.get(at..).and_then(|rest| rest.split('>').next()).unwrap_or_default();
        if let Some((_, value)) = crate::text::split_once(tag, STATUS) {
            let end = value.find(|one: char| !one.is_ascii_alphanumeric()).unwrap_or(value.len());
            lines.push([STATUS, value.get(..end).unwrap_or_default()].concat());
        }
    }
    if let Some((_, behind)) = crate::text::split_once(xml, "StatusMessage>") {
        let mut message = String::new();
        super::html::push_decoded(&mut message, behind.split('<').next().unwrap_or_default().trim());
        lines.push(message);
    }
    (!lines.is_empty()).then(|| lines.join("\n"))
}
