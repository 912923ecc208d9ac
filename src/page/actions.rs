//! What the buttons do.

use gloo_timers::callback::Timeout;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Blob, Element, HtmlDocument, HtmlElement, HtmlTextAreaElement};

use super::expectations::{fill_from, set_value};
use super::{Event, Page, dom, input, send};
use crate::browser::{clipboard, file};
use crate::inspect::Fetch;

/// Longer texts are set at once, without a place in the field's undo history: inserting them can take seconds.
const LONGEST_INSERTED: usize = 100_000;

impl Page {
    pub(super) fn pressed(&mut self, what: &str, value: &str) {
        match what {
            "clear" => self.clear(),
            "undo" => {
                if let Some(text) = self.cleared.take() {
                    self.replace_text(&text);
                    focus("clear");
                }
            }
            "examples" => toggle("examples-button", "examples"),
            "example" => self.load_example(value),
            "pick" => {
                self.chosen = value.parse().unwrap_or(0);
                self.paint_input();
                self.paint_results();
                self.inspected();
            }
            "lines" => self.unfold_lines(),
            "fill" => {
                if let Some(payload) = self.token().and_then(|token| token.payload.as_ref()) {
                    fill_from(payload);
                    self.setting("");
                }
            }
            "fetch" => self.fetch(),
            "fetch-other" => self.fetch_other(),
            "preset-name" => {
                dom::show("preset-naming", true);
                focus("preset-name");
            }
            "preset-save" => self.save_preset(),
            "preset-delete" => self.delete_preset(),
            "copy-report" => self.copy_report(),
            "copy-claims" => copy("copy-claims", self.claims()),
            "copy-payload" => copy("copy-payload", self.claims()),
            "share" => copy("share", self.share_link()),
            "forget" => self.forget(),
            "key-sheet" => {
                let sheet: Element = dom::find("key-sheet");
                let hidden = sheet.has_attribute("hidden");
                dom::show("key-sheet", hidden);
                if hidden {
                    focus("key-sheet");
                }
            }
            _ => {}
        }
    }

    /// Puts a text in the place of the old one.
    pub(super) fn replace_text(&mut self, text: &str) {
        replace(&input(), text);
        self.typed();
    }

    fn clear(&mut self) {
        if self.text.is_empty() {
            return;
        }
        let text = self.text.clone();
        self.replace_text("");
        self.cleared = Some(text);
        let _ = input().focus();
        self.paint_input();
    }

    pub(super) fn read_file(&mut self, blob: Blob) {
        spawn_local(async move {
            match file::read_text(&blob).await {
                Ok(text) => send(Event::Pasted(text)),
                Err(fault) => send(Event::FileFault(fault)),
            }
        });
    }

    fn copy_report(&self) {
        if self.token().is_none() {
            return;
        }
        let (host, generation) = (self.host.clone(), self.generation);
        spawn_local(async move {
            let text = host.report(generation).await.ok().and_then(|text| text.as_string());
            let worked = match text {
                Some(text) => clipboard::write(&text).await,
                None => false,
            };
            send(Event::Copied("copy-report", worked));
        });
    }

    fn claims(&self) -> String {
        let payload = self.token().and_then(|token| token.payload.as_ref());
        payload.map(|payload| String::from_utf8_lossy(&payload.bytes).into_owned()).unwrap_or_default()
    }

    /// Drops everything that was typed, pasted or fetched, and what this browser stored. The ledger stays: the requests
    /// have been sent.
    fn forget(&mut self) {
        for id in [
            "issuer",
            "audience",
            "client-id",
            "nonce",
            "scopes",
            "required-claims",
            "leeway",
            "as-of",
            "jwks-url",
            "pasted-keys",
            "secret",
        ] {
            set_value(id, "");
        }
        *self.answers.borrow_mut() = Default::default();
        self.forget_presets();
        super::theme::forget();
        super::keyboard::forget();
        self.single_keys = true;
        // Not through the undo history, which would bring the text back.
        input().set_value("");
        self.typed();
        self.cleared = None;
        self.report = Default::default();
        self.settings_changed();
        self.refresh(Fetch::Never);
        dom::show("forgotten", true);
        self.announced = "Forgotten".to_owned();
        dom::set_text("announcer", "Forgotten");
        let _ = input().focus();
    }

    /// Says on the button how copying went, and takes it back after two seconds.
    pub(super) fn copied(&mut self, id: &'static str, worked: bool) {
        let button: Element = dom::find(id);
        let word = if worked { "Copied" } else { "Not copied" };
        if let Ok(Some(said)) = button.query_selector("[data-said]") {
            said.set_text_content(Some(word));
        }
        let _ = button.class_list().add_1("said");
        dom::set_text("announcer", if worked { word } else { "The browser refused to copy" });
        self.announced = String::new();
        Timeout::new(2000, move || send(Event::CopiedLongAgo(id))).forget();
    }
}

/// The button says again what it does.
pub fn unsay(id: &str) {
    let button: Element = dom::find(id);
    let _ = button.class_list().remove_1("said");
    if let Ok(Some(said)) = button.query_selector("[data-said]") {
        said.set_text_content(None);
    }
}

/// Puts a text in the place of a field's old one, as if it had been typed: the field's undo history takes it in.
pub(crate) fn replace(field: &HtmlTextAreaElement, text: &str) {
    let has_focus = || dom::document().active_element().is_some_and(|focused| focused.is_same_node(Some(field)));
    let had_focus = has_focus();
    field.select();
    let _ = field.focus();
    let document: HtmlDocument = dom::document().unchecked_into();
    let command = if text.is_empty() { "delete" } else { "insertText" };
    // While its view is hidden the focus stays in another field, and what is inserted would stand there.
    let inserted = text.len() <= LONGEST_INSERTED
        && has_focus()
        && document.exec_command_with_show_ui_and_value(command, false, text).unwrap_or(false);
    // A browser may take fewer characters than it says, for instance without the line breaks.
    if !inserted || field.value() != text {
        field.set_value(text);
    }
    let _ = field.set_selection_range(0, 0);
    // Leaves single keys at work, and a phone's keyboard closed.
    if !had_focus {
        let _ = field.blur();
    }
}

fn copy(id: &'static str, text: String) {
    spawn_local(async move { send(Event::Copied(id, clipboard::write(&text).await)) });
}

/// Moves the focus.
pub fn focus(id: &str) {
    let _ = dom::find::<HtmlElement>(id).focus();
}

/// Opens or closes a menu, and says so on its button.
fn toggle(button: &str, menu: &str) {
    let open = dom::find::<Element>(menu).has_attribute("hidden");
    dom::show(menu, open);
    dom::set(&dom::find(button), "aria-expanded", if open { "true" } else { "false" });
    if open && let Ok(Some(first)) = dom::document().query_selector(&["#", menu, " button"].concat()) {
        let _ = first.unchecked_into::<HtmlElement>().focus();
    }
}
