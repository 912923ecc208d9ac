//! Texts that people paste in place of keys, each named for what it is.

use super::code;
use crate::finding::Finding;
use crate::json::Value;

/// Recognises what is certainly no key.
pub(super) fn recognise(text: &str) -> Option<Finding> {
    let starts = |prefixes: &[&str]| prefixes.iter().any(|prefix| text.starts_with(prefix));
    let code = if text.starts_with('<') {
        code::HTML
    } else if starts(&["https://", "http://"]) && !text.contains(char::is_whitespace) {
        let finding = Finding::error(code::URL, "/keys").text("url", text);
        return Some(finding);
    } else if starts(&["eyJ", "ewo", "Bearer "]) && text.bytes().filter(|byte| *byte == b'.').count() >= 2 {
        code::TOKEN
    } else {
        return None;
    };
    Some(Finding::error(code, "/keys"))
}

/// Recognises an issuer's metadata ([RFC 8414 §2](https://www.rfc-editor.org/rfc/rfc8414#section-2)) by the member that
/// says where the keys are.
pub(super) fn metadata(root: &Value) -> Option<Finding> {
    let url = root.member("jwks_uri")?.as_str()?;
    root.member("kty").is_none().then(|| Finding::error(code::METADATA, "/keys").text("url", url))
}
