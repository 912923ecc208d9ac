//! What is secret in a field is hidden at once: a mark such as `[access token 1]` stands in its place, and the value is
//! kept here, in memory, for the explanation.

use std::collections::BTreeSet;

use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

use super::words;
use crate::messages::visible;
use crate::page::dom;
use crate::page::expectations::{set_value, value};
use crate::response_doctor::masking::{mask, restore};
use crate::text;

/// What is new in a text and came in at once is not typed if it has this many characters.
pub const PASTED: usize = 8;

/// What was hidden, and whether it is shown.
#[derive(Default)]
pub struct Hidden {
    /// Each mark, and the value that it stands for.
    values: Vec<(String, String)>,
    shown: bool,
    /// The texts of the fields when they were last looked at.
    texts: Vec<(String, String)>,
}

impl Hidden {
    /// Hides what is secret in a field, where it was pasted or left. Returns whether a text came in as a whole.
    pub fn field_changed(&mut self, id: &str, left: bool) -> bool {
        let text = value(id);
        let before = self.texts.iter().find(|(field, _)| field == id).map_or("", |(_, text)| text);
        let pasted = inserted(before, &text) >= PASTED;
        if !self.shown && (left || pasted) {
            let masked = self.masked(&text);
            if masked != text {
                replace(id, &text, &masked);
            }
        }
        self.texts.retain(|(field, _)| field != id);
        self.texts.push((id.to_owned(), value(id)));
        pasted
    }

    /// The text with the values in the place of their marks.
    pub fn restored(&self, text: &str) -> String {
        restore(text, &self.values)
    }

    /// The text with marks in the place of what is secret in it.
    pub fn masked(&mut self, text: &str) -> String {
        let masked = mask(text, &self.values);
        self.values.extend(masked.values);
        masked.text
    }

    /// A line of a text, with marks in any case, for places that show a part of what a field holds.
    pub fn masked_line(&self, line: &str) -> String {
        visible(&mask(line, &self.values).text)
    }

    /// Shows what is hidden, or hides it again.
    pub fn toggle(&mut self, fields: &[&str]) {
        self.shown = !self.shown;
        for id in fields {
            let text = value(id);
            set_value(id, &if self.shown { self.restored(&text) } else { self.masked(&text) });
        }
    }

    /// Takes a value out of the fields; `…` stands where it stood.
    pub fn remove(&mut self, secret: &str, fields: &[&str]) {
        if self.shown {
            self.toggle(fields);
        }
        let mark = self.values.iter().find(|(_, value)| value == secret).map(|(mark, _)| mark.clone());
        for id in fields {
            let mut text = text::replace(&value(id), secret, "…");
            if let Some(mark) = &mark {
                text = text::replace(&text, mark, "…");
            }
            set_value(id, &text);
        }
        self.values.retain(|(_, value)| value != secret);
    }

    /// Forgets the values whose marks stand in none of the texts. It is time for that when another text comes in: while one
    /// is edited, a mark that was cut or damaged may come back.
    pub fn prune(&mut self, texts: &[String]) {
        if self.shown {
            return;
        }
        let kept = marks(texts);
        self.values.retain(|(mark, _)| kept.contains(inner(mark)));
    }

    /// The line that says what is hidden in the fields.
    pub fn paint(&self, fields: &[&str]) {
        let texts: Vec<String> = fields.iter().map(|id| value(id)).collect();
        let present = marks(&texts);
        let mut counts: Vec<(&str, usize)> = Vec::new();
        // While the values are shown, the texts have no marks.
        for (mark, _) in self.values.iter().filter(|(mark, _)| self.shown || present.contains(inner(mark))) {
            // A mark is the name of the kind and a number.
            let name = inner(mark).rsplit_once(' ').map_or("", |(name, _)| name);
            match counts.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => counts.push((name, 1)),
            }
        }
        let counted = |(name, count): &(&str, usize)| {
            [count.to_string().as_str(), " ", name, if *count == 1 { "" } else { "s" }].concat()
        };
        let list = counts.iter().map(counted).collect::<Vec<_>>().join(", ");
        dom::show("response-hiding", !counts.is_empty());
        let state = if self.shown { words::SHOWN } else { words::HIDDEN };
        dom::set_text("response-hidden", &[state, ": ", &list].concat());
        dom::set_text("response-show-text", if self.shown { words::HIDE } else { words::SHOW });
    }
}

/// How many bytes stand where the texts differ. A shorter text can come in as a whole, too.
fn inserted(before: &str, text: &str) -> usize {
    let same = |(one, other): &(u8, u8)| one == other;
    let start = before.bytes().zip(text.bytes()).take_while(same).count();
    let rest = |text: &str| text.len() - start;
    let most = rest(before).min(rest(text));
    let end = before.bytes().rev().zip(text.bytes().rev()).take(most).take_while(same).count();
    rest(text) - end
}

/// What could be marks in the texts, without their brackets. Parts without a bracket, so that each is looked at once.
fn marks(texts: &[String]) -> BTreeSet<&str> {
    let parts = texts.iter().flat_map(|text| text.split('[').skip(1));
    parts.filter_map(|part| part.split_once(']').map(|(mark, _)| mark)).collect()
}

/// A mark without its brackets.
fn inner(mark: &str) -> &str {
    mark.trim_matches(['[', ']'])
}

/// Puts the masked text in the place of the pasted one. What stands behind the cursor stays behind it.
fn replace(id: &str, text: &str, masked: &str) {
    let field: HtmlTextAreaElement = dom::find::<dom::Field>(id).unchecked_into();
    let length = |text: &str| text.encode_utf16().count() as u32;
    let behind = length(text).saturating_sub(field.selection_end().ok().flatten().unwrap_or_default());
    // Not through the undo history, which would bring the secret back.
    field.set_value(masked);
    let at = length(masked).saturating_sub(behind);
    let _ = field.set_selection_range(at, at);
}
