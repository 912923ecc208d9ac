//! The keys: which source is shown, and the buttons that fetch. A button always names scheme and host, and only its
//! press lets anything out.

use gloo_timers::callback::Timeout;
use web_sys::{Element, HtmlInputElement};

use super::checks::{chip, state};
use super::dom::{self, Template};
use super::expectations::{self, value};
use super::{Event, Page, explanations, send};
use crate::browser::clock;
use crate::discovery::{self, Guard, PublicUrl, public_url};
use crate::finding::{Finding, Severity};
use crate::inspect::Fetch;
use crate::messages::{Section, Words, visible};
use crate::report::{KeySet, KeySource};

/// How long fetching may take before the button says so, in milliseconds.
const PATIENCE: u32 = 400;

const SOURCES: [&str; 4] = ["issuer", "url", "pasted", "secret"];

/// The chosen key source.
pub fn source() -> &'static str {
    let chosen = |name: &&&str| dom::find::<HtmlInputElement>(&["source-", name].concat()).checked();
    SOURCES.iter().find(chosen).copied().unwrap_or("issuer")
}

/// Chooses a key source.
pub fn choose_source(name: &str) {
    dom::find::<HtmlInputElement>(&["source-", name].concat()).set_checked(true);
}

/// Shows the fields of the chosen source. What stands in the others stays and stays in use.
pub fn show_source() {
    let source = source();
    for (body, sources) in
        [("body-url", "url"), ("body-fetch", "issuer url"), ("body-pasted", "pasted"), ("body-secret", "secret")]
    {
        dom::show(body, sources.split(' ').any(|name| name == source));
    }
}

/// What the fetch button does when it is pressed.
struct Offer {
    /// What is expected first, when nothing was: the token's own issuer.
    expect: Option<String>,
    /// Where it goes, or why it cannot.
    url: Result<PublicUrl, String>,
}

impl Page {
    fn offer(&self) -> Option<Offer> {
        let (address, expect) = if source() == "url" {
            (value("jwks-url").trim().to_owned(), None)
        } else {
            let issuers = expectations::options(Fetch::Never).expectations.issuers;
            let claimed = self.token()?.payload.as_ref().and_then(|payload| payload.string("iss"));
            match issuers.iter().find(|issuer| Some(issuer.as_str()) == claimed).or(issuers.first()) {
                Some(issuer) => (issuer.clone(), None),
                None => (claimed?.to_owned(), Some(claimed?.to_owned())),
            }
        };
        if address.is_empty() {
            return None;
        }
        let url = public_url(&address, &Guard::default());
        Some(Offer { expect, url: url.map_err(|fault| ["The address ", fault.words(), "."].concat()) })
    }

    /// The origin that a finding about the keys asks leave for: metadata that names another host, or a redirect.
    fn other_origin(&self) -> Option<(&Finding, String)> {
        let findings = self.report.key_sets.iter().flat_map(|set| &set.findings);
        findings
            .filter(|finding| matches!(finding.code, discovery::code::OTHER_ORIGIN | discovery::code::REDIRECT))
            .find_map(|finding| {
                let address = finding.fact_text("origin").or(finding.fact_text("url"))?;
                Some((finding, public_url(address, &Guard::default()).ok()?.origin().to_owned()))
            })
    }

    /// Paints the buttons and what is known about the keys.
    pub(super) fn paint_keys(&self) {
        let offer = self.offer();
        let button: Element = dom::find("fetch");
        let ready = offer.as_ref().is_some_and(|offer| offer.url.is_ok());
        let _ = button.toggle_attribute_with_force("disabled", !ready);
        // Not disabled while it works: the focus would be lost.
        dom::set(&button, "aria-busy", if self.fetching { "true" } else { "false" });
        let fetched = self.fetched_set();
        let label = match &offer {
            _ if self.slow => "Fetching…".to_owned(),
            Some(Offer { url: Ok(url), expect }) => {
                let verb = match (expect, fetched.is_some()) {
                    (Some(_), _) => "Expect and fetch from ",
                    (None, true) => "Fetch again from ",
                    (None, false) => "Fetch keys from ",
                };
                [verb, url.origin()].concat()
            }
            _ => "Fetch keys".to_owned(),
        };
        dom::set_text("fetch-text", &label);
        dom::set_text("fetch-note", &self.fetch_note(&offer, fetched));
        let other = self.other_origin().filter(|_| !self.fetching);
        dom::show("fetch-other", other.is_some());
        if let Some((finding, origin)) = other {
            let redirect = finding.code == discovery::code::REDIRECT;
            let verb = if redirect { "Follow the redirect from " } else { "Fetch also from " };
            dom::set_text("fetch-other-text", &[verb, &origin].concat());
        }
        let keys: usize = self.report.key_sets.iter().map(|set| set.keys.len()).sum();
        let used = self.token().and_then(|token| token.signature.key.as_ref()).is_some();
        // One that only the second look could read.
        let count = match keys.max(usize::from(used)) {
            0 => "none".to_owned(),
            1 => "1 key".to_owned(),
            _ => [&keys.to_string(), " keys"].concat(),
        };
        let fit = match (used, keys) {
            (true, _) => ", 1 fits",
            (false, 0) => " yet",
            (false, _) => ", none fits",
        };
        let summary = [&count, fit].concat();
        dom::set_text("keys-summary", &summary);
        dom::set_text("keys-aside", &summary);
        dom::update("key-notes", &self.key_notes());
    }

    fn fetched_set(&self) -> Option<&KeySet> {
        let wanted = if source() == "url" { KeySource::JwksUrl } else { KeySource::Issuer };
        self.report.key_sets.iter().find(|set| set.source == wanted && set.fetched.is_some())
    }

    fn fetch_note(&self, offer: &Option<Offer>, fetched: Option<&KeySet>) -> String {
        let sends = "Sends no token and no cookies. No host is contacted without a press of its button.";
        match (offer, fetched.and_then(|set| set.fetched)) {
            (Some(Offer { url: Err(fault), .. }), _) => fault.clone(),
            (Some(Offer { expect: Some(issuer), .. }), _) => {
                ["Sets the expected issuer to the one that the token names, ", &visible(issuer), ". ", sends].concat()
            }
            (_, Some(time)) => {
                let age = crate::time::relative(time, clock::now());
                ["Fetched ", &time.time_of_day(), ", ", &age, ". ", sends].concat()
            }
            (Some(_), None) => sends.to_owned(),
            (None, None) if source() == "url" => "Type the address of a key set.".to_owned(),
            (None, None) => "Type the issuer: the token names none.".to_owned(),
        }
    }

    fn key_notes(&self) -> Vec<Element> {
        let findings = self.report.key_sets.iter().flat_map(|set| &set.findings);
        let serious = findings.filter(|finding| finding.severity <= Severity::Warning);
        serious
            .map(|finding| (finding, explanations::words(finding, self.now())))
            .filter(|(_, words)| words.section == Section::Keys)
            .map(|(finding, words)| headline(finding, &words))
            .collect()
    }

    /// The fetch button was pressed: what it named may be asked now, once.
    pub(super) fn fetch(&mut self) {
        let Some(Offer { expect, url: Ok(url) }) = self.offer().filter(|_| !self.fetching) else { return };
        if let Some(issuer) = expect {
            expectations::set_value("issuer", &issuer);
            self.settings_changed();
        }
        self.fetch_from(Fetch::Origins(vec![url.origin().to_owned()]));
    }

    /// The second button was pressed: the metadata's other host, or the redirect.
    pub(super) fn fetch_other(&mut self) {
        let Some((finding, origin)) = self.other_origin() else { return };
        let redirect = finding.code == discovery::code::REDIRECT;
        let mut origins = vec![origin];
        if let Some(Offer { url: Ok(url), .. }) = self.offer() {
            origins.push(url.origin().to_owned());
        }
        self.fetch_from(if redirect { Fetch::Follow(origins) } else { Fetch::Origins(origins) });
    }

    pub(super) fn fetch_from(&mut self, fetch: Fetch) {
        {
            let responses = &mut self.answers.borrow_mut().responses;
            discovery::forget_stale(responses, clock::now());
            // "Fetch again" means it: what is at hand from there is asked for once more.
            if let Fetch::Origins(origins) = &fetch
                && !self
                    .report
                    .key_sets
                    .iter()
                    .any(|set| set.findings.iter().any(|finding| finding.code == discovery::code::OTHER_ORIGIN))
            {
                responses.retain(|(request, _)| !origins.iter().any(|origin| origin == request.url.origin()));
            }
        }
        self.fetching = true;
        // A wait is worth a word only when it is felt.
        self.patience = Some(Timeout::new(PATIENCE, || send(Event::Slow)));
        self.refresh(fetch);
        if !self.waiting {
            self.fetched();
            self.paint_results();
        }
    }

    /// Fetching has come to its end.
    pub(super) fn fetched(&mut self) {
        self.fetching = false;
        self.slow = false;
        self.patience = None;
    }
}

/// A finding's sentence alone: the pane is narrow, and the rest stands with the key set in the results.
fn headline(finding: &Finding, words: &Words) -> Element {
    let note = Template::fill("note");
    let (name, word) = state(finding.severity);
    note.set("item", "data-code", finding.code.0).replace("state", &chip(name, word)).prose("problem", &words.problem);
    note.done()
}
