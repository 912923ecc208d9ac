//! Values that are no JSON Web Tokens and say by their form whose they are.

use super::Reading;
use super::condition::View;
use super::table::{self, list, text};
use crate::finding::Certainty;
use crate::report::TokenKind;
use crate::why::Subject;

/// Recognises whose token it is that is no JSON Web Token.
pub fn recognise(subject: &Subject) -> Option<Reading> {
    if !matches!(subject.token.kind, TokenKind::Opaque | TokenKind::Incomplete) {
        return None;
    }
    let view = View::new(subject);
    let row = table::opaque().iter().find(|row| view.all_hold(list(row, "when")))?;
    let value = view.texts("token/prefix");
    let finding = table::finding(row).certainty(Certainty::Likely);
    Some(Reading {
        id: text(row, "id"),
        name: text(row, "name"),
        variant: None,
        certain: row.member("certain").is_some(),
        evidence: vec![table::words(text(row, "evidence"), value.first().map_or("", |value| value))],
        claims: Vec::new(),
        places: Vec::new(),
        findings: vec![finding],
    })
}

/// How many characters of an opaque value show whose it is: never enough to use it.
pub fn prefix(text: &str) -> &str {
    let end = text.char_indices().nth(5).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default()
}
