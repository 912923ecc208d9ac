//! What is secret in a field is hidden at once: a mark such as `[access token 1]` stands in its place, and the value is
//! kept here, in memory, for the explanation.

use wasm_bindgen::JsCast;
use web_sys::HtmlTextAreaElement;

use super::words;
use crate::page::dom;
use crate::page::expectations::{set_value, value};
use crate::response_doctor::masking::{self, SecretKind};
use crate::text;

/// A text that grew by this many characters at once was not typed.
pub const PASTED: usize = 8;

/// No mark has more characters than this.
const LONGEST_MARK: usize = 40;

/// What was hidden, and whether it is shown.
#[derive(Default)]
pub struct Hidden {
    values: Vec<HiddenValue>,
    shown: bool,
    /// The kind of each mark that was ever made: a number is not used twice.
    made: Vec<SecretKind>,
    /// The lengths of the fields when they were last looked at.
    lengths: Vec<(String, usize)>,
}

/// One value that was hidden.
struct HiddenValue {
    mark: String,
    kind: SecretKind,
    value: String,
}

impl Hidden {
    /// Hides what is secret in a field, where it was pasted or left.
    pub fn field_changed(&mut self, id: &str, left: bool) {
        let text = value(id);
        let before = self.lengths.iter().find(|(field, _)| field == id).map_or(0, |(_, length)| *length);
        if !self.shown && (left || text.len() >= before + PASTED) {
            let masked = self.mask(&text);
            if masked != text {
                replace(id, &text, &masked);
            }
        }
        self.lengths.retain(|(field, _)| field != id);
        self.lengths.push((id.to_owned(), value(id).len()));
    }

    /// The text with the values in the place of their marks.
    pub fn restored(&self, text: &str) -> String {
        let mut restored = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('[') {
            let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
            restored.push_str(before);
            let end = from.char_indices().take(LONGEST_MARK).find(|(_, character)| *character == ']');
            let hidden = end.and_then(|(end, _)| from.get(..=end)).and_then(|mark| self.by_mark(mark));
            let (text, length) = hidden.map_or(("[", 1), |hidden| (hidden.value.as_str(), hidden.mark.len()));
            restored.push_str(text);
            rest = from.get(length..).unwrap_or_default();
        }
        restored.push_str(rest);
        restored
    }

    /// The text with marks in the place of what is secret in it.
    pub fn mask(&mut self, text: &str) -> String {
        let plain = self.restored(text);
        let mut masked = String::new();
        let mut at = 0;
        for secret in masking::secrets(&plain) {
            let Some(value) = plain.get(secret.span.clone()).filter(|value| !value.is_empty()) else { continue };
            masked.push_str(plain.get(at..secret.span.start).unwrap_or_default());
            masked.push_str(&self.mark_of(value, secret.kind));
            at = secret.span.end;
        }
        masked.push_str(plain.get(at..).unwrap_or_default());
        masked
    }

    /// A line of a text that was restored, with marks again, for places that show it.
    pub fn masked_line(&self, line: &str) -> String {
        let mut shown = String::new();
        let mut at = 0;
        for secret in masking::secrets(line) {
            shown.push_str(line.get(at..secret.span.start).unwrap_or_default());
            shown.push('…');
            at = secret.span.end;
        }
        shown.push_str(line.get(at..).unwrap_or_default());
        crate::messages::visible(&shown)
    }

    /// Shows what is hidden, or hides it again.
    pub fn toggle(&mut self, fields: &[&str]) {
        self.shown = !self.shown;
        for id in fields {
            let text = value(id);
            set_value(id, &if self.shown { self.restored(&text) } else { self.mask(&text) });
        }
    }

    /// Takes a value out of the fields; `…` stands where it stood.
    pub fn remove(&mut self, secret: &str, fields: &[&str]) {
        if self.shown {
            self.toggle(fields);
        }
        let mark = self.values.iter().find(|hidden| hidden.value == secret).map(|hidden| hidden.mark.clone());
        for id in fields {
            let mut text = text::replace(&value(id), secret, "…");
            if let Some(mark) = &mark {
                text = text::replace(&text, mark, "…");
            }
            set_value(id, &text);
        }
        self.values.retain(|hidden| hidden.value != secret);
    }

    /// Forgets the values whose marks stand in none of the texts.
    pub fn prune(&mut self, texts: &[String]) {
        if self.shown {
            return;
        }
        let mut kept = Vec::new();
        for text in texts {
            for part in text.split('[').skip(1) {
                let end = part.char_indices().take(LONGEST_MARK).find(|(_, character)| *character == ']');
                let mark = end.and_then(|(end, _)| part.get(..=end));
                kept.extend(mark.map(|mark| ["[", mark].concat()));
            }
        }
        self.values.retain(|hidden| kept.contains(&hidden.mark));
    }

    /// The line that says what is hidden.
    pub fn paint(&self) {
        let mut counts: Vec<(SecretKind, usize)> = Vec::new();
        for hidden in &self.values {
            match counts.iter_mut().find(|(kind, _)| *kind == hidden.kind) {
                Some((_, count)) => *count += 1,
                None => counts.push((hidden.kind, 1)),
            }
        }
        let counted = |(kind, count): &(SecretKind, usize)| {
            [count.to_string().as_str(), " ", words::secret(*kind), if *count == 1 { "" } else { "s" }].concat()
        };
        let list = counts.iter().map(counted).collect::<Vec<_>>().join(", ");
        dom::show("response-hiding", !self.values.is_empty());
        dom::set_text("response-hidden", &[if self.shown { "Shown: " } else { "Hidden: " }, &list].concat());
        dom::set_text("response-show-text", if self.shown { "Hide" } else { "Show" });
    }

    fn by_mark(&self, mark: &str) -> Option<&HiddenValue> {
        self.values.iter().find(|hidden| hidden.mark == mark)
    }

    fn mark_of(&mut self, value: &str, kind: SecretKind) -> String {
        if let Some(known) = self.values.iter().find(|hidden| hidden.value == value) {
            return known.mark.clone();
        }
        self.made.push(kind);
        let number = self.made.iter().filter(|made| **made == kind).count();
        let mark = ["[", words::secret(kind), " ", &number.to_string(), "]"].concat();
        self.values.push(HiddenValue { mark: mark.clone(), kind, value: value.to_owned() });
        mark
    }
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
