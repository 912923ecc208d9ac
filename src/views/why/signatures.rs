//! The signatures of an object that has several.

use web_sys::Element;

use super::object::key;
use super::words;
use crate::messages::visible;
use crate::page::checks::chip;
use crate::page::dom::{self, Template};
use crate::report::{Beyond, Signature};

/// Signatures that are shown; an object may have hundreds.
const MOST: usize = 100;

/// Paints them, where there are several.
pub(super) fn paint(beyond: &Beyond) {
    let several = beyond.signatures.len() > 1;
    dom::show("sec-signatures", several);
    let rows: Vec<Element> = match several {
        true => beyond.signatures.iter().take(MOST).enumerate().map(row).collect(),
        false => Vec::new(),
    };
    dom::update("signatures", &rows);
}

fn row((number, signature): (usize, &Signature)) -> Element {
    let row = Template::fill("signature");
    row.set("row", "data-key", &number.to_string()).text("number", &(number + 1).to_string());
    row.text("algorithm", &signature.algorithm.as_deref().map_or_else(|| words::NONE.to_owned(), visible));
    row.push("key", &key(signature.key.as_ref()));
    let (icon, word) = words::signature(signature.status);
    row.replace("state", &chip(icon, word));
    row.done()
}
