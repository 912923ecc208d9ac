//! The page's own layer over the document: templates and their slots, the patch, and a whole page that is started on
//! the real markup.
#![cfg(target_arch = "wasm32")]
#![allow(clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use js_sys::{Function, Object, Reflect};
use tokenscope::jose::base64url::encode;
use tokenscope::page::{self, dom, dom::Template};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::{
    DomParser, Element, Event, EventInit, HtmlDetailsElement, HtmlInputElement, HtmlSelectElement, HtmlTemplateElement,
    HtmlTextAreaElement, SupportedType,
};

wasm_bindgen_test_configure!(run_in_browser);

/// What each template is filled with: its slots in document order.
const TEMPLATES: &[(&str, &[&str])] = &[
    ("state", &["state", "icon", "word"]),
    ("pick", &["button", "name", "about"]),
    ("part", &["swatch", "text"]),
    ("check", &["item", "details", "state", "subject", "problem", "body"]),
    ("check-line", &["item", "state", "subject", "problem"]),
    ("diff", &["found", "expected"]),
    ("reasons", &["reasons"]),
    ("why", &["text"]),
    ("fix", &["text"]),
    ("spec", &["link"]),
    ("sure", &["tag", "text"]),
    ("claim", &["line", "source", "name", "value", "meaning"]),
    ("lines", &["count"]),
    ("lint", &["item", "state", "problem", "more", "link"]),
    ("note", &["item", "state", "problem"]),
    ("unproven", &[]),
    ("callout", &["callout", "problem", "more", "fix"]),
    ("notice-insecure", &[]),
    ("notice-link", &[]),
    ("notice-refused", &[]),
    ("notice-file-large", &[]),
    ("notice-file-unreadable", &[]),
    ("notice-example", &[]),
    ("set", &["title", "about", "findings", "table", "rows"]),
    ("key", &["kid", "type", "thumbprint", "result"]),
    ("request", &["time", "what"]),
    ("option", &["option"]),
    ("button", &["button", "picture", "icon", "text"]),
    ("choice", &["input", "text"]),
    ("menu-item", &["button", "name", "about"]),
    ("cors-link", &["link"]),
    (
        "walk",
        &[
            "item",
            "number",
            "state",
            "question",
            "answer",
            "more",
            "headers",
            "reasons",
            "cause-row",
            "cause",
            "spec-row",
            "link",
        ],
    ),
    ("header-line", &["line", "said", "text"]),
    ("engine", &["row", "engine", "outcome", "console"]),
    ("server", &["item", "name", "place", "copy", "text"]),
    ("cause", &["item", "state", "problem", "count", "fix", "body"]),
    ("requests", &["caption", "rows", "buttons"]),
    ("har-row", &["row", "number", "time", "method", "url", "status", "detail"]),
    ("har-button", &["button"]),
    ("har-token", &["item", "state", "name", "about", "masked", "buttons"]),
    ("known", &["item", "details", "state", "problem", "tag", "body"]),
    ("known-line", &["item", "state", "problem", "tag"]),
    ("says", &["text"]),
    ("place", &["path"]),
    ("more", &["open"]),
    ("scope", &["row", "scope", "held", "needed", "result"]),
    ("challenge", &["list"]),
    ("parameter", &["line", "name", "meaning"]),
    ("step", &["item", "text", "path"]),
    ("command", &["item", "title", "copy", "text", "note"]),
    ("question", &["item", "number", "state", "question", "answer", "more"]),
    ("ask", &["item", "title", "copy", "text", "note"]),
    ("same-command", &["number"]),
    ("doctor", &["callout", "problem", "tag", "difference", "explanation", "remedy", "buttons", "issuer-keys", "link"]),
    ("doctor-wait", &[]),
    ("doctor-unknown", &[]),
    ("doctor-stopped", &[]),
    ("tried", &["row", "name", "type", "state", "result"]),
    ("signature", &["row", "number", "algorithm", "key", "state"]),
    ("disclosed", &["row", "name", "value", "place", "state"]),
    ("digest", &["item", "digest", "place"]),
    ("key-details", &["item", "name", "type", "half", "thumbprint-part", "thumbprint", "chain", "rows"]),
    ("certificate", &["number", "subject", "issuer", "from", "until", "thumbprint", "state"]),
    ("told", &[]),
    ("verifier", &["item", "state", "name", "skew"]),
    ("requirement", &["item", "state", "name", "rule", "level", "note", "link"]),
    ("link", &["link"]),
    ("difference", &["row", "name", "area", "first", "second", "meaning", "state"]),
    ("page-link", &["link"]),
    ("hit", &["item", "open", "name", "title", "kind"]),
    ("branch", &["item", "seen", "tag", "means", "remedy", "codes"]),
    ("chip", &["open"]),
    ("page", &["lead", "branches", "believed", "beliefs", "from", "sources"]),
    ("card", &["lead", "rows", "lists"]),
    ("card-row", &["name", "text"]),
    ("card-list", &["title", "items", "more"]),
];

/// Puts the page's markup into the test's document, once.
fn load_markup() {
    let document = dom::document();
    if document.get_element_by_id("main").is_some() {
        return;
    }
    let parser = DomParser::new().unwrap();
    let parsed = parser.parse_from_string(include_str!("../www/index.html"), SupportedType::TextHtml).unwrap();
    let body = document.body().unwrap();
    while let Some(node) = parsed.body().unwrap().first_child() {
        body.append_child(&node).unwrap();
    }
}

/// An element from a shorthand: `p`, or `p#key` with a key, and a text.
fn element(shorthand: &str, text: &str) -> Element {
    let (tag, key) = shorthand.split_once('#').unwrap_or((shorthand, ""));
    let element = dom::span(tag, "", text);
    if !key.is_empty() {
        dom::set(&element, "data-key", key);
    }
    element
}

fn parent(children: &[(&str, &str)]) -> Element {
    let parent = dom::element("div");
    for (shorthand, text) in children {
        parent.append_child(&element(shorthand, text)).unwrap();
    }
    parent
}

#[wasm_bindgen_test]
fn every_template_has_the_slots_that_are_filled() {
    load_markup();
    for (name, slots) in TEMPLATES {
        let template = Template::fill(name);
        assert_eq!(template.slots().collect::<Vec<_>>(), *slots, "{name}");
        for slot in *slots {
            template.text(slot, slot);
        }
        let done = template.done();
        assert!(done.query_selector("[data-slot]").unwrap().is_none(), "{name} keeps no mark of its slots");
    }
    let count = dom::document().query_selector_all("template").unwrap().length();
    assert_eq!(count as usize, TEMPLATES.len(), "every template is listed here");
}

#[wasm_bindgen_test]
fn every_element_that_is_found_by_its_id_is_of_the_type_that_the_page_takes_it_for() {
    load_markup();
    let check = |id: &str, is: fn(&Element) -> bool| {
        let element = dom::document().get_element_by_id(id);
        assert!(element.is_some_and(|element| is(&element)), "{id}");
    };
    for (name, _) in TEMPLATES {
        check(&format!("t-{name}"), |element| element.is_instance_of::<HtmlTemplateElement>());
        let template: HtmlTemplateElement = dom::find(&format!("t-{name}"));
        let first = template.content().first_child().unwrap();
        assert!(first.is_instance_of::<Element>(), "{name} begins with an element");
    }
    let inputs = ["as-of", "single-keys", "theme-auto", "theme-light", "theme-dark"];
    for id in inputs.into_iter().chain(["source-issuer", "source-url", "source-pasted", "source-secret"]) {
        check(id, |element| element.is_instance_of::<HtmlInputElement>());
    }
    for id in ["role-api", "role-client", "role-looking"] {
        check(id, |element| element.is_instance_of::<HtmlInputElement>());
    }
    for id in ["expectations", "keys", "beside"] {
        check(id, |element| element.is_instance_of::<HtmlDetailsElement>());
    }
    for id in ["input", "create-header", "create-payload", "create-key"] {
        check(id, |element| element.is_instance_of::<HtmlTextAreaElement>());
    }
    let fields =
        ["issuer", "audience", "client-id", "nonce", "scopes", "required-claims", "leeway", "as-of", "jwks-url"];
    let keys = ["pasted-keys", "secret", "secret-encoding", "preset", "preset-name"];
    let beside = [
        "beside-access-token",
        "beside-code",
        "beside-state",
        "beside-certificate",
        "beside-payload",
        "beside-password",
    ];
    let behind = ["kind-choice", "compare-text"];
    for id in fields.into_iter().chain(keys).chain(beside).chain(behind) {
        check(id, |element| {
            element.is_instance_of::<HtmlTextAreaElement>()
                || element.is_instance_of::<HtmlInputElement>()
                || element.is_instance_of::<HtmlSelectElement>()
        });
    }
}

#[wasm_bindgen_test]
fn a_patch_ends_with_what_was_wanted_and_keeps_what_agrees() {
    let check = |old: &[(&str, &str)], new: &[(&str, &str)], kept: &[(usize, usize)]| {
        let (live, fresh) = (parent(old), parent(new));
        let before: Vec<Element> = (0..old.len() as u32).filter_map(|at| live.children().item(at)).collect();
        let wanted = fresh.clone_node_with_deep(true).unwrap();
        dom::patch_children(&live, &fresh);
        assert!(live.is_equal_node(Some(&wanted)), "{old:?} -> {new:?}: {}", live.outer_html());
        for (from, to) in kept {
            let now = live.children().item(*to as u32);
            assert_eq!(now.as_ref(), before.get(*from), "{old:?} -> {new:?}: {from} is kept as {to}");
        }
    };
    check(&[], &[("p", "a"), ("p", "b")], &[]);
    check(&[("p", "a"), ("p", "b")], &[], &[]);
    check(&[("p", "a"), ("p", "b")], &[("p", "a"), ("p", "c"), ("p", "d")], &[(0, 0), (1, 1)]);
    check(&[("p", "a"), ("p", "b")], &[("b", "a"), ("p", "b")], &[(0, 1)]);
    check(&[("p#1", "a"), ("p#2", "b")], &[("p#2", "b"), ("p#1", "x")], &[(0, 1), (1, 0)]);
    check(&[("p#1", "a"), ("p#2", "b"), ("p#3", "c")], &[("p#3", "c")], &[(2, 0)]);
    check(&[("p#1", "a")], &[("p#0", "new"), ("p#1", "a")], &[(0, 1)]);
    check(&[("p#1", "a")], &[("li#1", "a")], &[]);
}

#[wasm_bindgen_test]
fn what_the_user_opened_stays_open_until_the_page_would_have_it_otherwise() {
    let details = |by_default: &str| {
        let details = element("details#exp", "text");
        dom::set(&details, "data-open", by_default);
        details.toggle_attribute_with_force("open", by_default == "true").unwrap();
        details
    };
    let live = dom::element("div");
    live.append_child(&details("true")).unwrap();
    let kept: HtmlDetailsElement = live.first_element_child().unwrap().dyn_into().unwrap();
    let patch = |by_default: &str| {
        let fresh = dom::element("div");
        fresh.append_child(&details(by_default)).unwrap();
        dom::patch_children(&live, &fresh);
        assert!(live.first_element_child().unwrap().is_same_node(Some(&kept)));
    };
    kept.set_open(false);
    patch("true");
    assert!(!kept.open(), "closed by the user");
    patch("false");
    kept.set_open(true);
    patch("false");
    assert!(kept.open(), "opened by the user");
    patch("true");
    assert!(kept.open());
    kept.set_open(true);
    patch("false");
    assert!(!kept.open(), "the check passes now");
}

/// Types into the field, as a person would.
fn type_text(text: &str) {
    let input: HtmlTextAreaElement = dom::find("input");
    input.set_value(text);
    let bubbling = EventInit::new();
    bubbling.set_bubbles(true);
    input.dispatch_event(&Event::new_with_event_init_dict("input", &bubbling).unwrap()).unwrap();
}

/// What `boot.js` does for the page: here nothing.
fn host() -> page::Host {
    let host = Object::new();
    Reflect::set(&host, &"inspected".into(), &Function::new_no_args("")).unwrap();
    host.unchecked_into()
}

fn text(selector: &str) -> String {
    let found = dom::document().query_selector(selector).unwrap();
    found.unwrap_or_else(|| panic!("{selector} is not there")).text_content().unwrap_or_default()
}

#[wasm_bindgen_test]
fn the_page_paints_whatever_is_typed() {
    load_markup();
    page::start(None, host());
    let token = |header: &str, payload: &str, signature: &[u8]| {
        [encode(header.as_bytes()), encode(payload.as_bytes()), encode(signature)].join(".")
    };
    let expired = token(r#"{"alg":"none"}"#, r#"{"exp":1,"big":9007199254740993,"big":{"a":["<b>",1.0,[]]}}"#, b"");
    for (typed, state, verdict) in [
        ("", "empty", ""),
        ("hello <img src=x>", "nothing", "undecided"),
        (&*expired, "found", "rejected"),
        (&*[&expired, " and ", &expired].concat(), "found", "rejected"),
        (&*token(r#"{"alg":"RS256"}"#, "not JSON \u{202e}", &[0; 256]), "found", ""),
        ("eyJhbGciOiJub25lIn0", "found", ""),
        ("eyJhbGciOiJSUzI1NiJ9.e30.AA.AA.AA", "found", ""),
        ("", "empty", ""),
    ] {
        type_text(typed);
        let main: Element = dom::find("main");
        assert_eq!(main.get_attribute("data-state").as_deref(), Some(state), "{typed}");
        assert_eq!(text("#mirror"), [typed, "\n"].concat(), "the copy holds exactly what the field holds");
        if !verdict.is_empty() {
            let block: Element = dom::find("verdict");
            assert_eq!(block.get_attribute("data-verdict").as_deref(), Some(verdict), "{typed}");
        }
        assert!(dom::document().query_selector("main img, main b b").unwrap().is_none(), "text stays text: {typed}");
    }
    type_text(&expired);
    assert!(text("#payload").contains("9007199254740993"), "{}", text("#payload"));
    assert_eq!(text("#raw"), r#"{"exp":1,"big":9007199254740993,"big":{"a":["<b>",1.0,[]]}}"#);
    assert!(!text("#headline").is_empty());
}
