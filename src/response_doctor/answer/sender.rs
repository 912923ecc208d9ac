//! Who answered, by the marks that each leaves: headers, parameters of its challenge, members and wordings of its body.
//!
//! `src/data/senders.json` lists the marks, each with what it weighs. A header that every answer of a proxy carries weighs
//! too little to name it: most often what stands behind it has answered.

use std::sync::OnceLock;

use super::texts::{Texts, folded};
use super::wordings::Wordings;
use crate::json;
use crate::response_doctor::Evidence;
use crate::response_doctor::challenge::Challenge;
use crate::response_doctor::evidence::Body;
use crate::text;

/// Someone who answers requests.
#[derive(Debug)]
pub struct Sender {
    /// Its key: `okta`, `aws-http-api`.
    pub key: String,
    /// Its name.
    pub name: String,
    /// Whether it stands in front of the API.
    pub is_gateway: bool,
    /// What is worth knowing about its answers.
    pub note: String,
    tells: Vec<Tell>,
}

impl Sender {
    /// Whether a row of the catalogue means it, which may name it less or more exactly: "AWS API Gateway".
    pub fn is_named(&self, name: &str) -> bool {
        let (own, name) = (self.name.to_ascii_lowercase(), name.to_ascii_lowercase());
        text::contains(&own, &name) || text::contains(&name, &own)
    }
}

#[derive(Debug)]
struct Tell {
    kind: String,
    name: String,
    fragment: Fragment,
    weight: u32,
}

#[derive(Debug)]
enum Fragment {
    /// It stands in the value; an empty one stands in every value.
    Within(String),
    /// The value begins with it.
    Begins(String),
    /// It is the value.
    Whole(String),
}

/// The least weight by which a sender is named.
const ENOUGH: u32 = 2;

/// Who answered, as far as its marks tell.
pub fn sender(evidence: &Evidence, challenges: &[Challenge], texts: &Texts) -> Option<&'static Sender> {
    if evidence.event.is_some() {
        return senders().iter().find(|sender| sender.key == "okta");
    }
    let wordings = wordings();
    let mut occurs = vec![false; wordings.count];
    for text in texts.all() {
        for (occurs, length) in occurs.iter_mut().zip(wordings.wordings.within(&text.folded)) {
            *occurs = *occurs || length > 0;
        }
    }
    let mut occurs = occurs.into_iter();
    let mut best: Option<(u32, &'static Sender)> = None;
    for sender in senders() {
        let mut weight = 0;
        for tell in &sender.tells {
            // In the order in which the wordings were numbered.
            let told = if tell.is_wording() {
                occurs.next().unwrap_or_default()
            } else {
                tells(tell, evidence, challenges, texts)
            };
            weight += if told { tell.weight } else { 0 };
        }
        if weight >= ENOUGH && best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, sender));
        }
    }
    best.map(|(_, sender)| sender)
}

/// The sender of that key.
pub fn of_key(key: &str) -> Option<&'static Sender> {
    senders().iter().find(|sender| sender.key == key)
}

/// The sender of a row of the catalogue, by its name: "Envoy or Istio".
pub fn of_row(name: &str) -> Option<&'static Sender> {
    senders().iter().find(|sender| !name.is_empty() && sender.is_named(name))
}

/// All that are known.
pub fn senders() -> &'static [Sender] {
    static SENDERS: OnceLock<Vec<Sender>> = OnceLock::new();
    SENDERS.get_or_init(|| {
        let document = json::read(include_bytes!("../../data/senders.json").to_vec());
        let rows = document.member("rows").map(json::Value::items).unwrap_or_default();
        rows.iter().map(|row| read(row, &document)).collect()
    })
}

/// The wordings of all senders, numbered in their order.
struct AllWordings {
    count: usize,
    wordings: Wordings,
}

fn wordings() -> &'static AllWordings {
    static WORDINGS: OnceLock<AllWordings> = OnceLock::new();
    WORDINGS.get_or_init(|| {
        let tells = || senders().iter().flat_map(|sender| &sender.tells).filter(|tell| tell.is_wording());
        let fragments = tells().enumerate().filter_map(|(number, tell)| match &tell.fragment {
            Fragment::Within(text) => Some((number, text.as_str())),
            _ => None,
        });
        let count = tells().count();
        AllWordings { count, wordings: Wordings::new(count, fragments) }
    })
}

impl Tell {
    /// Whether it is a wording that may stand anywhere in any text.
    fn is_wording(&self) -> bool {
        self.kind == "text" && matches!(self.fragment, Fragment::Within(_))
    }
}

fn read(row: &json::Value, document: &json::Document) -> Sender {
    let string = |name: &str| row.member(name).and_then(json::Value::as_str).unwrap_or_default().to_owned();
    let tells = row.member("tells").map(json::Value::items).unwrap_or_default();
    let tell = |tell: &json::Value| {
        let [kind, name, fragment, weight] = tell.items() else { return None };
        let text = folded(fragment.as_str()?);
        let fragment = match (text.strip_prefix('='), text.strip_prefix('^')) {
            (Some(whole), _) => Fragment::Whole(whole.to_owned()),
            (_, Some(begin)) => Fragment::Begins(begin.to_owned()),
            _ => Fragment::Within(text),
        };
        let weight = document.raw(weight).parse().ok()?;
        Some(Tell { kind: kind.as_str()?.to_owned(), name: name.as_str()?.to_owned(), fragment, weight })
    };
    Sender {
        key: string("key"),
        name: string("name"),
        is_gateway: matches!(row.member("gateway").map(|value| &value.kind), Some(json::Kind::Bool(true))),
        note: string("note"),
        tells: tells.iter().filter_map(tell).collect(),
    }
}

fn tells(tell: &Tell, evidence: &Evidence, challenges: &[Challenge], texts: &Texts) -> bool {
    match tell.kind.as_str() {
        "header" => evidence.headers.values(&tell.name).any(|value| tell.fragment.is_in(&folded(value))),
        "parameter" => challenges
            .iter()
            .any(|challenge| challenge.parameter(&tell.name).is_some_and(|value| tell.fragment.is_in(&folded(value)))),
        "members" => match &evidence.body {
            Body::Json(document) => has_members(document, &tell.name),
            _ => false,
        },
        "text" => texts.all().any(|text| tell.fragment.is_in(&text.folded)),
        "page" => tell.fragment.is_in(&texts.page.folded),
        "host" => url(evidence).is_some_and(|url| match &tell.fragment {
            Fragment::Within(suffix) => {
                let host = host(url).to_ascii_lowercase();
                host == suffix.trim_start_matches('.') || (suffix.starts_with('.') && host.ends_with(suffix.as_str()))
            }
            _ => false,
        }),
        "url" => url(evidence).is_some_and(|url| tell.fragment.is_in(&folded(url))),
        _ => false,
    }
}

impl Fragment {
    fn is_in(&self, value: &str) -> bool {
        match self {
            Fragment::Within(text) => text.is_empty() || text::contains(value, text),
            Fragment::Begins(text) => value.starts_with(text.as_str()),
            Fragment::Whole(text) => value == text,
        }
    }
}

/// Whether the outermost object, or the first of an array, has all of these members; a point leads into one.
fn has_members(document: &json::Document, names: &str) -> bool {
    let Some(root) = &document.root else { return false };
    let root = root.items().first().unwrap_or(root);
    names.split(' ').all(|name| {
        let mut value = Some(root);
        for part in name.split('.') {
            value = value.and_then(|value| value.member(part));
        }
        value.is_some()
    })
}

/// The URL that was asked last.
fn url(evidence: &Evidence) -> Option<&str> {
    evidence.request.as_ref().map(|request| request.url.as_str()).filter(|url| !url.is_empty())
}

/// The host of a URL, without user and port.
pub fn host(url: &str) -> &str {
    let Some((_, behind)) = text::split_once(url, "://") else { return "" };
    let authority = behind.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    host.split(':').next().unwrap_or_default()
}
