//! The theme: the system's, light, or dark. `boot.js` sets the stored one before the first paint.

use web_sys::HtmlInputElement;

use super::dom;
use crate::browser::storage;

const STORED: &str = "tokenscope.theme";
const CHOICES: [(&str, &str); 3] = [("theme-auto", ""), ("theme-light", "light"), ("theme-dark", "dark")];

/// Lets the switch show the theme in use.
pub fn start() {
    let stored = storage::read(STORED).unwrap_or_default();
    for (id, theme) in CHOICES {
        dom::find::<HtmlInputElement>(id).set_checked(theme == stored);
    }
}

/// Back to the system's theme, and nothing stored.
pub fn forget() {
    storage::remove(STORED);
    start();
    chosen();
}

/// The user chose a theme.
pub fn chosen() {
    let chosen = CHOICES.iter().find(|(id, _)| dom::find::<HtmlInputElement>(id).checked());
    let theme = chosen.map_or("", |(_, theme)| theme);
    if let Some(root) = dom::document().document_element() {
        if theme.is_empty() {
            let _ = root.remove_attribute("data-theme");
        } else {
            dom::set(&root, "data-theme", theme);
        }
    }
    if theme.is_empty() {
        storage::remove(STORED)
    } else {
        storage::write(STORED, theme);
    }
}
