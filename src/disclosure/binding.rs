//! The key-binding token ([RFC 9901 §4.3](https://www.rfc-editor.org/rfc/rfc9901#section-4.3)).

use super::form::Form;
use super::{Hash, code, shown};
use crate::finding::{Finding, Severity};
use crate::jose::{self, base64url};
use crate::json::{Document, Kind, Value};

/// Whether a value is of the form that it has to have.
type Test = fn(&Value) -> bool;

/// What a key-binding token has to have: whether in the header, the name, and the form of the value.
const REQUIRED: [(bool, &str, Test); 5] = [
    (true, "typ", |value| value.as_str().is_some_and(is_binding_type)),
    (false, "iat", |value| matches!(value.kind, Kind::Number)),
    (false, "aud", is_text),
    (false, "nonce", is_text),
    (false, "sd_hash", is_text),
];

/// Checks it, and says whether it is for exactly what stands before it.
pub(super) fn check(form: &Form, hash: Option<Hash>, findings: &mut Vec<Finding>) -> Option<bool> {
    let binding = jose::read(form.binding.as_deref()?);
    let readable = |part: Option<Document>| part.filter(Document::is_json);
    let (Some(header), Some(payload)) = (readable(binding.header), readable(binding.payload)) else {
        findings.push(Finding::error(code::BINDING_UNREADABLE, "/keyBinding"));
        return None;
    };
    let before = findings.len();
    for (in_header, name, is_right) in REQUIRED {
        let (document, part) =
            if in_header { (&header, "/keyBinding/header") } else { (&payload, "/keyBinding/payload") };
        let pointer = jose::pointer(part, name);
        match document.member(name) {
            None => findings.push(Finding::error(code::BINDING_MISSING, pointer).text("name", name)),
            Some(value) if !is_right(value) => {
                let finding = Finding::error(code::BINDING_VALUE, pointer).text("name", name);
                findings.push(finding.text("found", shown(document, value)));
            }
            Some(_) => {}
        }
    }
    if header.string("alg").is_none_or(|alg| alg.eq_ignore_ascii_case("none")) {
        let found = header.member("alg").map(|alg| shown(&header, alg));
        let finding = match found {
            Some(found) => Finding::error(code::BINDING_VALUE, "/keyBinding/header/alg").text("found", found),
            None => Finding::error(code::BINDING_MISSING, "/keyBinding/header/alg"),
        };
        findings.insert(before, finding.text("name", "alg"));
    }
    let found = payload.string("sd_hash").filter(|found| !found.is_empty())?;
    let computed = base64url::encode(&hash?.of(form.presented.as_deref()?.as_bytes()));
    if found == computed {
        return Some(true);
    }
    let mut finding = Finding::error(code::BINDING_HASH, "/keyBinding/payload/sd_hash")
        .text("found", found)
        .text("computed", computed);
    if form.is_draft {
        // Of the form of the drafts libraries hash the JSON as they wrote it, spaces included.
        finding.severity = Severity::Warning;
    }
    findings.push(finding);
    (!form.is_draft).then_some(false)
}

fn is_text(value: &Value) -> bool {
    value.as_str().is_some_and(|text| !text.is_empty())
}

fn is_binding_type(typ: &str) -> bool {
    let typ = typ.to_ascii_lowercase();
    typ.strip_prefix("application/").unwrap_or(&typ) == "kb+jwt"
}
