//! What an SD-JWT discloses, what it keeps, the payload that comes of it, and whether it is bound to its holder.

use web_sys::Element;

use super::{fill, object, words};
use crate::disclosure::{Disclosed, Disclosure};
use crate::messages::visible;
use crate::page::checks::chip;
use crate::page::dom::{self, Template};
use crate::report::{SignatureStatus, Token};

/// Rows that are shown; there may be thousands.
const MOST: usize = 200;

/// Characters of a value that are shown in its row; the processed payload has it all.
const LONGEST_VALUE: usize = 400;

/// Paints it. Among all tokens of the text stands the one that binds it to a key.
pub(super) fn paint(disclosure: Option<&Disclosure>, tokens: &[Token]) {
    let shown = disclosure.filter(|found| found.is_presented || !found.undisclosed.is_empty());
    dom::show("sec-disclosure", shown.is_some());
    let Some(disclosure) = shown else {
        dom::update("disclosed", &[]);
        dom::update("disclosure-kept", &[]);
        dom::update("disclosure-processed", &[]);
        return;
    };
    dom::set_text("disclosure-aside", &words::disclosures(disclosure.disclosed.len(), disclosure.undisclosed.len()));
    let rows: Vec<Element> = disclosure.disclosed.iter().take(MOST).enumerate().map(row).collect();
    fill("disclosed", "disclosed-part", &rows);
    dom::set_text("disclosed-more", &words::left_out(disclosure.disclosed.len().saturating_sub(MOST)));
    let kept: Vec<Element> = disclosure.undisclosed.iter().take(MOST).enumerate().map(digest).collect();
    fill("disclosure-kept", "disclosure-kept-part", &kept);
    dom::set_text("disclosure-kept-count", &words::undisclosed(disclosure.undisclosed.len()));
    dom::set_text("disclosure-kept-more", &words::left_out(disclosure.undisclosed.len().saturating_sub(MOST)));
    paint_binding(disclosure, tokens);
    let processed = disclosure.processed.as_deref().filter(|_| disclosure.is_presented);
    dom::show("disclosure-processed-part", processed.is_some());
    let text = processed.map(|bytes| object::shown(&String::from_utf8_lossy(bytes))).unwrap_or_default();
    dom::set_text("disclosure-processed", &text);
}

fn row((number, disclosed): (usize, &Disclosed)) -> Element {
    let row = Template::fill("disclosed");
    row.set("row", "data-key", &number.to_string());
    match &disclosed.name {
        Some(name) => row.text("name", &visible(name)),
        None => row.replace("name", &dom::span("span", "muted", words::ELEMENT)),
    };
    let value = match disclosed.value.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => [disclosed.value.get(..end).unwrap_or_default(), "…"].concat(),
        None => disclosed.value.clone(),
    };
    row.text("value", &visible(&value));
    match &disclosed.place {
        Some(place) => row.text("place", &visible(place)),
        None => row.replace("place", &dom::span("span", "muted", words::NONE)),
    };
    let (icon, word) = words::disclosed(disclosed.place.is_some(), disclosed.digest.is_empty());
    row.replace("state", &chip(icon, word));
    row.done()
}

fn digest((number, (place, digest)): (usize, &(String, String))) -> Element {
    let row = Template::fill("digest");
    row.set("item", "data-key", &number.to_string());
    row.text("digest", &visible(digest)).text("place", &visible(place));
    row.done()
}

fn paint_binding(disclosure: &Disclosure, tokens: &[Token]) {
    let holder = dom::element("p");
    let token = disclosure.key_binding.as_ref().and_then(|text| tokens.iter().find(|token| token.text == *text));
    let status = token.map_or(SignatureStatus::NotChecked, |token| token.signature.status);
    let (icon, word, sentence) = match (&disclosure.key_binding, disclosure.is_bound, status) {
        (None, ..) => words::NOT_BOUND,
        (_, Some(false), _) => words::BOUND_ELSEWHERE,
        (_, _, SignatureStatus::Invalid | SignatureStatus::None) => words::BINDING_FORGED,
        (_, Some(true), SignatureStatus::Valid) => words::BOUND,
        _ => words::BINDING_UNKNOWN,
    };
    let _ = holder.append_child(&chip(icon, word));
    dom::push_text(&holder, " ");
    dom::push_marked(&holder, sentence);
    dom::show("disclosure-binding-part", disclosure.is_presented);
    dom::update_from("disclosure-binding", &holder);
}
