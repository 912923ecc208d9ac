//! What the second look found in the object that is shown: its signatures, how decrypting went, what it discloses, and the
//! tokens inside.

use web_sys::Element;

use super::{View, decryption, disclosure, signatures, words};
use crate::page::dom::{self, Template};
use crate::report::headline::token_noun;
use crate::report::{Beyond, Token, UsedKey};

/// The sections of this part.
const SECTIONS: [&str; 4] = ["sec-signatures", "sec-decryption", "sec-disclosure", "sec-inside"];

/// What is painted in them.
const PAINTED: [&str; 10] = [
    "signatures",
    "decryption-aside",
    "decryption-walk",
    "recipients",
    "decrypted",
    "disclosed",
    "disclosure-binding",
    "disclosure-kept",
    "disclosure-processed",
    "inside",
];

/// Characters of a text that are shown; what is longer says so.
pub(super) const MOST_SHOWN: usize = 200_000;

/// Tokens inside that are listed.
const MOST_INSIDE: usize = 20;

impl View {
    pub(super) fn paint_object(&self) {
        let Some(token) = self.token() else { return };
        let nothing = Beyond::default();
        let beyond = token.beyond.as_deref().unwrap_or(&nothing);
        signatures::paint(token, beyond);
        let inside = self.around();
        decryption::paint(token, beyond.decryption.as_ref(), inside.iter().any(|(_, is_inside)| *is_inside));
        let tokens = &self.explained.report.tokens;
        disclosure::paint(beyond.disclosure.as_ref(), tokens);
        let around: Vec<Element> = inside
            .into_iter()
            .take(MOST_INSIDE)
            .filter_map(|(number, is_inside)| Some(pick(number, tokens.get(number)?, is_inside)))
            .collect();
        dom::show("sec-inside", !around.is_empty());
        dom::update("inside", &around);
    }

    /// The token that the shown one stands inside, and those that stand inside it.
    fn around(&self) -> Vec<(usize, bool)> {
        let tokens = &self.explained.report.tokens;
        let shown = if self.chosen < tokens.len() { self.chosen } else { 0 };
        let outside = |number: usize| tokens.get(number)?.beyond.as_ref()?.inside;
        let mut around: Vec<(usize, bool)> = outside(shown).map(|number| (number, false)).into_iter().collect();
        around.extend((0..tokens.len()).filter(|number| outside(*number) == Some(shown)).map(|number| (number, true)));
        around
    }
}

/// Drops what was painted of an earlier token.
pub(super) fn erase() {
    for id in SECTIONS {
        dom::show(id, false);
    }
    for id in PAINTED {
        dom::update(id, &[]);
    }
}

/// A button that shows another token, as in the list of those that were found.
fn pick(number: usize, token: &Token, is_inside: bool) -> Element {
    let pick = Template::fill("pick");
    pick.set("button", "data-value", &number.to_string());
    pick.text("name", &[&(number + 1).to_string(), ". ", token_noun(token)].concat());
    pick.text("about", if is_inside { words::INSIDE } else { words::AROUND });
    pick.done()
}

/// The name of a key, and where it came from.
pub(super) fn key(key: Option<&UsedKey>) -> Element {
    let holder = dom::element("span");
    let Some(key) = key else {
        dom::push_text(&holder, words::NO_KEY);
        return holder;
    };
    if let Some(name) = key.kid.as_deref().or(key.thumbprint.as_deref()) {
        let _ = holder.append_child(&dom::span("code", "", &crate::messages::visible(name)));
        dom::push_text(&holder, " ");
    }
    let _ = holder.append_child(&dom::span("span", "muted", words::source(key.source)));
    holder
}

/// The beginning of a text that is too long to show; the end says so.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => [text.get(..end).unwrap_or_default(), words::CUT].concat(),
        None => text.to_owned(),
    }
}
