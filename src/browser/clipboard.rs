//! The clipboard, for what the user asks to copy.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlDocument, HtmlTextAreaElement};

/// Puts a text on the clipboard; says whether the browser did so.
pub async fn write(text: &str) -> bool {
    let Some(window) = web_sys::window() else { return false };
    // Over plain http from another host there is no `navigator.clipboard`, and asking for it would throw.
    if window.is_secure_context() && JsFuture::from(window.navigator().clipboard().write_text(text)).await.is_ok() {
        return true;
    }
    write_by_selection(text).unwrap_or(false)
}

/// The old way: a field with the text, selected and copied.
fn write_by_selection(text: &str) -> Option<bool> {
    let document: HtmlDocument = web_sys::window()?.document()?.unchecked_into();
    let focused = document.active_element().map(JsCast::unchecked_into::<web_sys::HtmlElement>);
    let field: HtmlTextAreaElement = document.create_element("textarea").ok()?.unchecked_into();
    field.set_class_name("vh");
    field.set_value(text);
    document.body()?.append_child(&field).ok()?;
    field.select();
    let copied = document.exec_command("copy").unwrap_or(false);
    field.remove();
    if let Some(focused) = focused {
        let _ = focused.focus();
    }
    Some(copied)
}
