//! Presets and shared settings: what is expected and where the keys are. Never a token, key, secret or nonce.

use web_sys::Element;

use super::dom::{self, Template};
use super::expectations::{set_value, value};
use super::{Page, keys};
use crate::browser::storage;
use crate::discovery::overlap;
use crate::json::{self, Document, Value};
use crate::text;

/// The name under which presets are stored.
const STORED: &str = "tokenscope.presets";

/// The fields that a preset holds, by their ids. A shared link holds them too, except required claims, which may name a
/// person.
const FIELDS: [&str; 6] = ["issuer", "audience", "client-id", "scopes", "leeway", "jwks-url"];

/// What a shared link holds. The address of a key set is not among it: keys from there count as the user's own choice,
/// and whoever makes a link must not be able to make that choice for another.
const SHARED: [&str; 5] = ["issuer", "audience", "client-id", "scopes", "leeway"];
const REQUIRED_CLAIMS: &str = "required-claims";

/// What a preset or a shared link says: fields and their texts.
pub type Settings = Vec<(String, String)>;

/// The presets of this browser.
#[derive(Default)]
pub struct Presets {
    saved: Vec<(String, Settings)>,
    /// The preset that the form was last filled from.
    chosen: Option<usize>,
}

impl Presets {
    /// The stored presets; none where the storage cannot be read.
    pub fn load() -> Presets {
        let document = json::read(storage::read(STORED).unwrap_or_default().into_bytes());
        let members = document.root.iter().flat_map(Value::members);
        Presets { saved: members.map(|preset| (preset.name.clone(), settings(&preset.value))).collect(), chosen: None }
    }

    fn store(&self) -> bool {
        let presets: Vec<String> =
            self.saved.iter().map(|(name, settings)| [&json::quoted(name), ":", &object(settings)].concat()).collect();
        storage::write(STORED, &["{", &presets.join(","), "}"].concat())
    }

    /// Fills the list to choose from.
    pub fn list(&self) {
        let option = |value: &str, name: &str| {
            let option = Template::fill("option");
            option.set("option", "value", value).text("option", name);
            option.done()
        };
        let mut options = vec![option("", "None")];
        options.extend(self.saved.iter().enumerate().map(|(number, (name, _))| option(&number.to_string(), name)));
        dom::update("preset", &options);
        set_value("preset", &self.chosen.map(|chosen| chosen.to_string()).unwrap_or_default());
        let _ = dom::find::<Element>("preset-delete").toggle_attribute_with_force("disabled", self.chosen.is_none());
    }

    /// Says of each field whether it was changed since it was filled from the preset.
    pub fn mark_edited(&self) {
        let preset = self.chosen.and_then(|chosen| self.saved.get(chosen));
        let mut edited = false;
        for id in FIELDS.iter().chain([&REQUIRED_CLAIMS]) {
            let differs = preset.is_some_and(|(_, settings)| text_of(settings, id) != value(id));
            let _ = dom::find::<Element>(id).class_list().toggle_with_force("edited", differs);
            edited |= differs;
        }
        dom::show("edited-note", edited);
    }
}

fn text_of<'a>(settings: &'a Settings, id: &str) -> &'a str {
    settings.iter().find(|(name, _)| name == id).map_or("", |(_, text)| text)
}

fn settings(object: &Value) -> Settings {
    let member = |member: &json::Member| Some((member.name.clone(), member.value.as_str()?.to_owned()));
    object.members().iter().filter_map(member).collect()
}

fn object(settings: &Settings) -> String {
    let members: Vec<String> =
        settings.iter().map(|(name, text)| [json::quoted(name), json::quoted(text)].join(":")).collect();
    ["{", &members.join(","), "}"].concat()
}

fn fill(settings: &Settings) {
    for id in FIELDS.iter().chain([&REQUIRED_CLAIMS]) {
        set_value(id, text_of(settings, id));
    }
    keys::choose_source(if text_of(settings, "jwks-url").is_empty() { "issuer" } else { "url" });
}

/// Fills the form from a shared link's `expect=…`. Returns the issuer that it chose, if it was such a link.
pub fn receive(fragment: &str) -> Option<String> {
    let text = fragment.strip_prefix("expect=").and_then(|text| js_sys::decode_uri_component(text).ok());
    let document: Document = json::read(String::from(text.unwrap_or_default()).into_bytes());
    // Only the shared fields: a link must not be able to set anything else.
    let settings = document.root.iter().flat_map(settings);
    let settings: Settings = settings.filter(|(name, _)| SHARED.contains(&name.as_str())).collect();
    fill(&settings);
    (!settings.is_empty()).then(|| text_of(&settings, "issuer").to_owned())
}

impl Page {
    /// What the form says, for storing or sharing. A field that holds a piece of the token, or something that looks like
    /// one, is left out: it was pasted into the wrong field.
    fn settings(&self, ids: &[&str]) -> Settings {
        let leaks = |text: &str| {
            text::contains(text, "eyJ") || self.report.tokens.iter().any(|token| overlap(text, &token.text))
        };
        let field = |id: &&str| (id.to_string(), value(id));
        ids.iter().map(field).filter(|(_, text)| !text.is_empty() && !leaks(text)).collect()
    }

    /// The link that opens this page with these settings.
    pub(super) fn share_link(&self) -> String {
        let location = dom::window().location();
        let page = location.href().unwrap_or_default();
        let page = page.split(['#', '?']).next().unwrap_or_default();
        let settings = object(&self.settings(&SHARED));
        [page, "#expect=", &String::from(js_sys::encode_uri_component(&settings))].concat()
    }

    pub(super) fn preset_chosen(&mut self) {
        self.presets.chosen = value("preset").parse().ok();
        if let Some((_, settings)) = self.presets.chosen.and_then(|chosen| self.presets.saved.get(chosen)) {
            fill(settings);
        }
        self.presets.list();
    }

    /// Saves the form under the name that was typed; a preset of that name is replaced.
    pub(super) fn save_preset(&mut self) {
        let name = value("preset-name").trim().to_owned();
        if name.is_empty() {
            return;
        }
        let mut ids = FIELDS.to_vec();
        ids.push(REQUIRED_CLAIMS);
        let settings = self.settings(&ids);
        self.presets.saved.retain(|(saved, _)| *saved != name);
        self.presets.saved.push((name, settings));
        self.presets.chosen = Some(self.presets.saved.len() - 1);
        let stored = self.presets.store();
        dom::show("preset-naming", false);
        dom::set_text("announcer", if stored { "Preset saved" } else { "This browser refuses to store presets" });
        self.presets.list();
        self.presets.mark_edited();
    }

    pub(super) fn delete_preset(&mut self) {
        if let Some(chosen) = self.presets.chosen.take().filter(|chosen| *chosen < self.presets.saved.len()) {
            self.presets.saved.remove(chosen);
            self.presets.store();
            dom::set_text("announcer", "Preset deleted");
        }
        self.presets.list();
        self.presets.mark_edited();
    }

    pub(super) fn forget_presets(&mut self) {
        self.presets = Presets::default();
        storage::remove(STORED);
        self.presets.list();
    }
}
