//! The left pane: where the evidence comes from, the text, and the form "Your request".

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlDetailsElement, HtmlInputElement};

use super::{View, field};
use crate::cors::Credentials;
use crate::cors::evidence::Evidence;
use crate::cors::explain::Form;
use crate::cors::snippet;
use crate::har::masked_url;
use crate::http::Headers;
use crate::page::dom;
use crate::page::expectations::{self, set_value, value};

/// The fields of the form.
pub const FIELDS: [&str; 5] = ["cors-origin", "cors-url", "cors-method", "cors-credentials", "cors-headers"];

fn radios() -> Vec<HtmlInputElement> {
    let Ok(list) = dom::document().query_selector_all("#cors [name=cors-source]") else { return Vec::new() };
    (0..list.length()).filter_map(|index| Some(list.get(index)?.unchecked_into())).collect()
}

/// The chosen source.
pub fn chosen() -> &'static str {
    let chosen = radios().into_iter().find(HtmlInputElement::checked).map(|radio| radio.value());
    let names = ["console", "har", "probe", "snippet", "origins"];
    names.into_iter().find(|name| chosen.as_deref() == Some(name)).unwrap_or("curl")
}

/// Chooses a source.
pub fn choose(name: &str) {
    if let Some(radio) = radios().into_iter().find(|radio| radio.value() == name) {
        radio.set_checked(true);
    }
}

/// The source that a text is from; `None` where it does not say.
pub fn of(evidence: &Evidence) -> Option<&'static str> {
    Some(match evidence {
        Evidence::Console(_) => "console",
        Evidence::Probes(_) => "snippet",
        Evidence::TrustedOrigins(_) => "origins",
        Evidence::Har => "har",
        Evidence::Nothing | Evidence::Unrecognised => return None,
        // Requests, answers and whole exchanges.
        _ => "curl",
    })
}

/// What the form says.
pub fn form() -> Form {
    let text = |id| value(id).trim().to_owned();
    Form {
        origin: text("cors-origin"),
        url: text("cors-url"),
        method: text("cors-method"),
        headers: text("cors-headers"),
        credentials: credentials(&value("cors-credentials")),
    }
}

fn credentials(name: &str) -> Option<Credentials> {
    match name {
        "omit" => Some(Credentials::Omit),
        "same-origin" => Some(Credentials::SameOrigin),
        "include" => Some(Credentials::Include),
        _ => None,
    }
}

/// On a narrow window source and form fold to one line each; the user's folding holds until the width changes.
pub fn fold() {
    let wide = dom::window().match_media(expectations::WIDE).ok().flatten().is_none_or(|query| query.matches());
    for id in ["cors-source", "cors-request"] {
        dom::find::<HtmlDetailsElement>(id).set_open(wide);
    }
}

impl View {
    /// Takes the values that a link brought: `url` and `origin`, nothing else. Nothing is sent.
    pub(super) fn settings(&mut self, settings: &str) {
        if settings.is_empty() {
            return;
        }
        for setting in settings.split('&') {
            let Some((name, encoded)) = setting.split_once('=') else { continue };
            let Ok(text) = js_sys::decode_uri_component(encoded) else { continue };
            match name {
                "url" => set_value("cors-url", &String::from(text)),
                "origin" => set_value("cors-origin", &String::from(text)),
                _ => {}
            }
        }
        // A request of this very page: its own probe answers for it.
        if value("cors-origin") == super::own_origin() && self.text.is_empty() {
            choose("probe");
        }
        self.refresh();
    }

    pub(super) fn paint_source(&self) {
        let source = chosen();
        let view: Element = dom::find("cors");
        if view.get_attribute("data-source").as_deref() != Some(source) {
            dom::set(&view, "data-source", source);
        }
        if let Some(radio) = radios().into_iter().find(|radio| radio.value() == source) {
            dom::set(&field(), "placeholder", &radio.get_attribute("data-placeholder").unwrap_or_default());
            let name = radio.parent_element().and_then(|label| label.query_selector("b").ok().flatten());
            dom::set_text("cors-source-summary", &name.and_then(|name| name.text_content()).unwrap_or_default());
        }
        let _ = dom::find::<Element>("cors-clear").toggle_attribute_with_force("disabled", self.text.is_empty());
        dom::show("cors-undo", self.cleared.is_some() && self.text.is_empty());
        self.paint_form();
        if source == "snippet" {
            let form = form();
            // Names alone: a value might be a token.
            let headers: Vec<String> = header_lines(&form.headers).0.into_iter().map(|(name, _)| name).collect();
            let credentials = form.credentials.unwrap_or_default();
            let method = if form.method.is_empty() { "GET" } else { &form.method };
            let url = Some(self.url()).filter(|url| !url.is_empty()).map(|url| {
                // Whoever runs the snippet sends this address: a query with a token or a code in it stays out.
                if masked_url(&url) == url { url } else { without_query(&url).to_owned() }
            });
            dom::set_text(
                "cors-snippet",
                &url.map(|url| snippet::snippet(&url, method, &headers, credentials)).unwrap_or_default(),
            );
        }
        dom::show("cors-snippet-empty", source == "snippet" && self.url().is_empty());
    }

    /// A probe speaks of the form alone, so the address that the text names is put there before the text steps back.
    pub(super) fn carry_url(&self) {
        let url = self.url();
        if chosen() == "probe" && form().url.is_empty() && !url.is_empty() {
            set_value("cors-url", without_query(&url));
        }
    }

    /// What the text says stands in the empty fields of the form, as a hint.
    fn paint_form(&self) {
        let request = self.explanation.exchange.as_ref().map(|exchange| (&exchange.origin, &exchange.request));
        let (origin, url) = match request {
            Some((origin, request)) => (origin.as_str(), request.url.as_str()),
            None => ("", ""),
        };
        for (id, known, otherwise) in [("cors-origin", origin, "http://localhost:3000"), ("cors-url", url, "https://…")]
        {
            let hint = if known.is_empty() { otherwise } else { known };
            dom::set(&dom::find(id), "placeholder", hint);
        }
        let method = request.map_or("", |(_, request)| request.method.as_str());
        let from = origin.rsplit('/').next().unwrap_or_default();
        let summary = if from.is_empty() { "not filled in".to_owned() } else { [method, " from ", from].concat() };
        dom::set_text("cors-request-summary", summary.trim());
    }

    /// The URL that the case is about: as typed, else as the text has it.
    pub(super) fn url(&self) -> String {
        let typed = form().url;
        match &self.explanation.exchange {
            Some(exchange) if typed.is_empty() => exchange.request.url.clone(),
            _ => typed,
        }
    }
}

/// An address without what may hold anything.
pub(super) fn without_query(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default().trim()
}

/// Header lines as typed, separated by commas or lines; a name alone stands for any value.
fn header_lines(text: &str) -> Headers {
    let line = |line: &str| match line.split_once(':') {
        Some((name, value)) => (name.trim().to_owned(), value.trim().to_owned()),
        None => (line.trim().to_owned(), String::new()),
    };
    text.split([',', '\n']).filter(|part| !part.trim().is_empty()).map(line).collect()
}
