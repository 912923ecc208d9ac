//! What is known without a case: the search, the cards of codes, scopes and operations, and the pages by status. All of it
//! is in the catalogue, which is on this machine.

use web_sys::Element;

use super::answer::{clipped, more};
use super::words::CARD;
use super::{View, focus, now, words};
use crate::finding::{Code, Finding};
use crate::messages::{self, visible};
use crate::page::checks::{certainty, specification};
use crate::page::dom::{self, Template};
use crate::page::expectations::{WIDE, set_value, value};
use crate::response_doctor::catalogue::pages::{Branch, Page};
use crate::response_doctor::catalogue::search::{Hit, HitKind, search};
use crate::response_doctor::catalogue::{Operation, Row, Source};

/// Results of a search that are shown.
const MOST_HITS: usize = 40;

/// Operations of a scope that are shown.
const MOST_OPERATIONS: usize = 120;

/// The file that operations and scopes stand in.
const SCOPES: &str = "scopes";

/// What is shown in the place of the explanation.
#[derive(Clone, PartialEq, Eq)]
pub enum Screen {
    /// The results of a search.
    Results,
    /// A page, by its key.
    Page(String),
    /// The card of a row, by its code.
    Row(String),
    /// The card of a scope.
    Scope(String),
    /// The card of an operation: `GET /api/v1/users`.
    Operation(String),
}

impl Screen {
    /// The screen as a button or an entry of the history carries it: `row okta.E0000006`.
    pub fn address(&self) -> String {
        let (kind, key) = match self {
            Screen::Results => ("results ", ""),
            Screen::Page(key) => ("page ", key.as_str()),
            Screen::Row(key) => ("row ", key.as_str()),
            Screen::Scope(key) => ("scope ", key.as_str()),
            Screen::Operation(key) => ("operation ", key.as_str()),
        };
        [kind, key].concat()
    }
}

impl View {
    /// What a link named.
    pub(super) fn settings(&mut self, settings: &str) {
        for setting in settings.split('&') {
            let Some((name, encoded)) = setting.split_once('=') else { continue };
            let Ok(text) = js_sys::decode_uri_component(encoded) else { continue };
            let text = String::from(text);
            match name {
                "page" => self.open(Screen::Page(text)),
                "code" => self.open(Screen::Row(text)),
                "scope" => self.open(Screen::Scope(text)),
                "search" => {
                    set_value("response-search", &text);
                    self.search();
                    focus("response-search");
                }
                _ => {}
            }
        }
    }

    pub(super) fn pressed_in_knowledge(&mut self, what: &str, value: &str) {
        match what {
            "open" => {
                if let Some(screen) = screen(value) {
                    self.open(screen);
                    self.remember(true);
                }
            }
            "first" => {
                let first = self.hits().first().and_then(|hit| screen(&address(hit)));
                if let Some(screen) = first {
                    self.open(screen);
                    self.remember(true);
                }
            }
            "back" if self.screens.len() < 2 => self.close_knowledge(),
            "back" => {
                self.screens.pop();
                self.show_screen();
                self.remember(true);
            }
            _ => {}
        }
    }

    /// The query changed.
    pub(super) fn search(&mut self) {
        if value("response-search").trim().is_empty() {
            if self.screens.last() == Some(&Screen::Results) {
                self.show_case();
            }
            return;
        }
        if self.screens.last() != Some(&Screen::Results) {
            self.screens = vec![Screen::Results];
        }
        self.paint_screen();
    }

    /// Shows the explanation again, or what is said without one.
    pub(super) fn show_case(&mut self) {
        if !self.screens.is_empty() {
            self.screens.clear();
            set_value("response-search", "");
            dom::set_text("response-found", "");
            self.remember(true);
        }
        self.paint_screen();
    }

    pub(super) fn close_knowledge(&mut self) {
        self.show_case();
        arrive("response-headline");
    }

    /// Opens a card or a page; what is not known is looked for.
    fn open(&mut self, screen: Screen) {
        if self.article(&screen).is_none() {
            let (Screen::Page(key) | Screen::Row(key) | Screen::Scope(key) | Screen::Operation(key)) = screen else {
                return;
            };
            set_value("response-search", &key);
            return self.search();
        }
        if self.screens.last() != Some(&screen) {
            self.screens.push(screen);
        }
        self.show_screen();
    }

    /// Paints what is on top, and moves the focus to its heading.
    pub(super) fn show_screen(&mut self) {
        self.paint_screen();
        let results = self.screens.last() == Some(&Screen::Results);
        arrive(if results { "response-list-title" } else { "response-article-title" });
    }

    fn paint_screen(&mut self) {
        let top = self.screens.last().cloned();
        dom::show("response-case", top.is_none());
        dom::show("response-known", top.is_some());
        self.paint_title();
        let Some(top) = top else { return };
        let below = self.screens.len().checked_sub(2).and_then(|at| self.screens.get(at));
        dom::set_text("response-back-text", &self.way_back(below));
        dom::show("response-list", top == Screen::Results);
        dom::show("response-article", top != Screen::Results);
        if top == Screen::Results {
            return self.paint_results();
        }
        let Some((title, body)) = self.article(&top) else { return };
        dom::set_text("response-article-title", &title);
        // A new page is no newer form of the old one: nothing of it is kept.
        dom::find::<Element>("response-article-body").set_text_content(None);
        dom::update("response-article-body", &[body]);
    }

    fn way_back(&self, to: Option<&Screen>) -> String {
        match to {
            None if self.is_empty() => "Back to the start".to_owned(),
            None => "Back to the explanation".to_owned(),
            Some(Screen::Results) => "Back to the results".to_owned(),
            Some(Screen::Row(code)) => {
                ["Back to ", self.catalogue.row(code).map_or(code.as_str(), |row| row.key)].concat()
            }
            Some(Screen::Page(key) | Screen::Scope(key) | Screen::Operation(key)) => ["Back to ", key].concat(),
        }
    }

    fn hits(&self) -> Vec<Hit> {
        search(&self.catalogue, value("response-search").trim(), MOST_HITS)
    }

    fn paint_results(&self) {
        let hits = self.hits();
        let count = match hits.len() {
            0 => "Nothing found".to_owned(),
            1 => "1 result".to_owned(),
            MOST_HITS => ["The first ", &MOST_HITS.to_string(), " results"].concat(),
            count => [&count.to_string(), " results"].concat(),
        };
        let query = clipped(value("response-search").trim());
        dom::set_text("response-list-title", &[&count, " for “", &query, "”"].concat());
        dom::set_text("response-found", &count);
        dom::show("response-none", hits.is_empty());
        dom::update("response-hits", &hits.iter().map(hit).collect::<Vec<_>>());
    }

    /// The links to the pages, beside the search and where there is no case.
    pub(super) fn paint_pages(&self) {
        let link = |page: &Page, text: &str| {
            let link = Template::fill("page-link");
            link.set("link", "href", &["#response?page=", page.key].concat()).text("link", text);
            if text != page.title {
                link.set("link", "aria-label", page.title);
            }
            link.done()
        };
        let pages = &self.catalogue.pages;
        dom::show("response-sec-pages", !pages.is_empty());
        dom::update("response-page-links", &pages.iter().map(|page| link(page, page.key)).collect::<Vec<_>>());
        dom::update("response-pages", &pages.iter().map(|page| link(page, page.title)).collect::<Vec<_>>());
    }

    /// The title and the body of a card or a page.
    pub(super) fn article(&self, screen: &Screen) -> Option<(String, Element)> {
        match screen {
            Screen::Results => None,
            Screen::Page(key) => {
                let page = self.catalogue.pages.iter().find(|page| page.key == key)?;
                Some((page.title.to_owned(), self.page(page)))
            }
            Screen::Row(code) => {
                let row = self.catalogue.row(code)?;
                let title = if row.title.is_empty() { row.key.to_owned() } else { [row.key, ": ", row.title].concat() };
                Some((title, self.row_card(row)))
            }
            Screen::Scope(name) => {
                let (name, about) = self.catalogue.scopes.iter().find(|(scope, _)| scope == name)?;
                Some(((*name).to_owned(), self.scope_card(name, about)))
            }
            Screen::Operation(name) => {
                let operation =
                    self.catalogue.operations.iter().find(|operation| operation_name(operation) == *name)?;
                Some((name.clone(), self.operation_card(operation)))
            }
        }
    }

    fn page(&self, page: &Page) -> Element {
        let painted = Template::fill("page");
        dom::push_marked(painted.slot("lead"), page.lead);
        for branch in &page.branches {
            painted.push("branches", &self.branch(branch));
        }
        for (list, section, items) in [("beliefs", "believed", &page.beliefs), ("sources", "from", &page.sources)] {
            for item in items {
                let line = dom::element("li");
                dom::push_marked(&line, item);
                painted.push(list, &line);
            }
            if items.is_empty() {
                painted.remove(section);
            }
        }
        painted.done()
    }

    fn branch(&self, branch: &Branch) -> Element {
        let painted = Template::fill("branch");
        for (slot, text) in [("seen", branch.seen), ("means", branch.means), ("remedy", branch.remedy)] {
            dom::push_marked(painted.slot(slot), text);
            if text.is_empty() {
                painted.remove(slot);
            }
        }
        let (class, word) = certainty(branch.certainty);
        painted.replace("tag", &dom::span("span", &["tag ", class].concat(), word));
        let mut any = false;
        // Codes of findings that only a case can have stand in no row.
        for row in branch.codes.iter().filter_map(|code| self.catalogue.row(code)) {
            any = true;
            let name = if row.title.is_empty() { row.key.to_owned() } else { [row.key, ": ", row.title].concat() };
            painted.push("codes", &chip(&name, &["row ", row.code.0].concat()));
        }
        if !any {
            painted.remove("codes");
        }
        painted.done()
    }

    fn row_card(&self, row: &Row) -> Element {
        let mut card = Card::new();
        let finding = Finding::info(Code(row.code.0), "");
        let words = self.catalogue.words(&finding, now());
        card.painted.prose("lead", &words.problem);
        card.text(CARD.status, row.status.map(|status| status.to_string()).unwrap_or_default().as_str());
        card.code(CARD.error, row.error);
        card.text(CARD.sender, row.sender);
        for (name, prose) in [(CARD.why, &words.explanation), (CARD.remedy, &words.remedy)] {
            if let Some(prose) = prose {
                dom::push_prose(&card.row(name), prose);
            }
        }
        card.text(CARD.next, words::next(row.next));
        let excluded: Vec<&str> = row.excludes.iter().map(|name| words::excluded(name)).collect();
        card.text(CARD.excludes, &excluded.join(", "));
        card.text(CARD.place, &row.place.join(" › "));
        for fragment in &row.fragments {
            card.code(CARD.texts, fragment);
        }
        if let Some(reference) = row.reference {
            let link = dom::span("a", "", &specification(reference));
            for (name, value) in [("href", reference), ("rel", "noopener noreferrer"), ("target", "_blank")] {
                dom::set(&link, name, value);
            }
            let _ = card.row(CARD.reference).append_child(&link);
        }
        card.source(self.catalogue.source(row.file));
        let pages = self.catalogue.pages.iter();
        let pages = pages.filter(|page| page.branches.iter().any(|branch| branch.codes.contains(&row.code.0)));
        let pages: Vec<Element> = pages.map(|page| chip(page.title, &["page ", page.key].concat())).collect();
        card.list(CARD.pages, &pages, String::new());
        card.done()
    }

    fn scope_card(&self, scope: &str, about: &str) -> Element {
        let mut card = Card::new();
        dom::push_marked(card.painted.slot("lead"), about);
        card.source(self.catalogue.source(SCOPES));
        let needing: Vec<&Operation> =
            self.catalogue.operations.iter().filter(|operation| operation.scopes.contains(&scope)).collect();
        let chips: Vec<Element> = needing
            .iter()
            .take(MOST_OPERATIONS)
            .map(|operation| {
                let name = operation_name(operation);
                code_chip(&name, &["operation ", &name].concat())
            })
            .collect();
        card.list(CARD.operations, &chips, more(needing.len(), MOST_OPERATIONS));
        card.done()
    }

    fn operation_card(&self, operation: &Operation) -> Element {
        let mut card = Card::new();
        let takes = match (operation.scopes.is_empty(), operation.flags & 1 == 1) {
            (false, true) => CARD.both,
            (false, false) => CARD.oauth_only,
            (true, true) => CARD.api_token_only,
            (true, false) => "",
        };
        card.text(CARD.credential, takes);
        card.text(CARD.roles, &operation.roles.join(", "));
        card.source(self.catalogue.source(SCOPES));
        let scopes: Vec<Element> =
            operation.scopes.iter().map(|scope| code_chip(scope, &["scope ", scope].concat())).collect();
        card.list(CARD.scopes, &scopes, String::new());
        card.done()
    }
}

/// Moves the focus to a heading. On a narrow window it stands below the fields, and what it heads is brought into view; on
/// a wide one it stands on top.
pub fn arrive(id: &str) {
    focus(id);
    let wide = dom::window().match_media(WIDE).ok().flatten().is_none_or(|query| query.matches());
    if wide {
        dom::window().scroll_to_with_x_and_y(0.0, 0.0);
    } else {
        dom::find::<Element>(id).scroll_into_view();
    }
}

/// A card that is being filled.
struct Card {
    painted: Template,
}

impl Card {
    fn new() -> Card {
        Card { painted: Template::fill("card") }
    }

    /// A new row; what it says goes into the element.
    fn row(&self, name: &str) -> Element {
        let row = Template::fill("card-row");
        row.text("name", name);
        self.painted.push("rows", &row.done());
        row.slot("text").clone()
    }

    fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            dom::push_text(&self.row(name), &messages::visible(text));
        }
    }

    fn code(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            let _ = self.row(name).append_child(&dom::span("code", "", &visible(text)));
        }
    }

    fn source(&mut self, source: Option<&Source>) {
        let Some(source) = source else { return };
        let mut parts = vec![source.name, source.date];
        parts.retain(|part| !part.is_empty());
        self.text(CARD.source, &parts.join(", "));
    }

    fn list(&mut self, title: &str, items: &[Element], more: String) {
        if items.is_empty() {
            return;
        }
        let list = Template::fill("card-list");
        list.text("title", title).text("more", &more);
        for item in items {
            list.push("items", item);
        }
        self.painted.push("lists", &list.done());
    }

    fn done(self) -> Element {
        self.painted.done()
    }
}

fn chip(name: &str, address: &str) -> Element {
    let chip = Template::fill("chip");
    chip.set("open", "data-value", address).text("open", name);
    chip.done()
}

fn code_chip(name: &str, address: &str) -> Element {
    let chip = Template::fill("chip");
    chip.set("open", "data-value", address).push("open", &dom::span("code", "", name));
    chip.done()
}

fn hit(hit: &Hit) -> Element {
    let painted = Template::fill("hit");
    let address = address(hit);
    painted.set("item", "data-key", &address).set("open", "data-value", &address);
    painted.text("name", &hit.name).text("title", &hit.title).text("kind", words::hit(hit.kind));
    painted.done()
}

fn operation_name(operation: &Operation) -> String {
    [operation.method, " ", operation.path].concat()
}

/// What a button carries to open something: `row okta.E0000006`.
fn address(hit: &Hit) -> String {
    let kind = match hit.kind {
        HitKind::Page => "page ",
        HitKind::Row => "row ",
        HitKind::Scope => "scope ",
        HitKind::Operation => "operation ",
    };
    [kind, &hit.key].concat()
}

/// What an address names, as [`Screen::address`] writes it.
pub fn screen(address: &str) -> Option<Screen> {
    let (kind, key) = address.split_once(' ')?;
    let key = key.to_owned();
    Some(match kind {
        "results" => Screen::Results,
        "page" => Screen::Page(key),
        "row" => Screen::Row(key),
        "scope" => Screen::Scope(key),
        "operation" => Screen::Operation(key),
        _ => return None,
    })
}
