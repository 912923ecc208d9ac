//! The signatures of an object that has several.

use web_sys::Element;

use super::object::key;
use super::words;
use crate::jose::serialized::Serialized;
use crate::messages::visible;
use crate::page::checks::chip;
use crate::page::dom::{self, Template};
use crate::report::{Beyond, Signature, Token};

/// Signatures that are shown; an object may have hundreds.
const MOST: usize = 100;

/// Paints them, where there are several.
pub(super) fn paint(token: &Token, beyond: &Beyond) {
    let several = beyond.signatures.len() > 1;
    dom::show("sec-signatures", several);
    let serialized = if several { Serialized::read(&token.text) } else { None };
    let kid = |number: usize| {
        let header = serialized.as_ref()?.jose(number).header?;
        header.string("kid").map(visible)
    };
    let signatures = beyond.signatures.iter().take(if several { MOST } else { 0 }).enumerate();
    let rows: Vec<Element> = signatures.map(|(number, signature)| row(number, kid(number), signature)).collect();
    dom::update("signatures", &rows);
}

fn row(number: usize, kid: Option<String>, signature: &Signature) -> Element {
    let row = Template::fill("signature");
    row.set("row", "data-key", &number.to_string()).text("number", &(number + 1).to_string());
    row.text("algorithm", &signature.algorithm.as_deref().map_or_else(|| words::NONE.to_owned(), visible));
    // The key that its header names, and the one that was tried.
    let tried = signature.key.as_ref();
    if let Some(kid) = kid.filter(|kid| tried.and_then(|key| key.kid.as_ref()) != Some(kid)) {
        row.push("key", &dom::span("code", "", &kid));
        dom::push_text(row.slot("key"), " ");
    }
    row.push("key", &key(tried));
    let (icon, word) = words::signature(signature.status);
    row.replace("state", &chip(icon, word));
    row.done()
}
