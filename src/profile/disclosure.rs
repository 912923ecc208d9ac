//! What stands behind an SD-JWT, divided by tildes: its disclosures, and the JWT that binds it to a key
//! ([RFC 9901 §4](https://www.rfc-editor.org/rfc/rfc9901#section-4)).

use super::beside::Hash;
use super::scene::{Found, Scene};
use super::shape::{Fault, Outcome};
use super::table::table;
use super::test::Path;
use crate::jose::base64url;
use crate::json::{self, Document, Kind, Value};
use crate::order;
use crate::why::Subject;

/// Something that disclosures have to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// The form as a whole ends in a tilde or in a key binding JWT.
    Form,
    /// Each is an array of two or three elements, and stands where its number of elements belongs.
    Elements,
    /// None discloses a name that it must not, or one that is there already.
    Names,
    /// No digest and no disclosure is there twice.
    Once,
    /// Each is referred to by a digest.
    Referred,
    /// The name of the hash stands at the top level and nowhere else.
    HashName,
    /// Digests stand in lists of texts.
    Lists,
    /// None discloses what has to be readable at once.
    Kept,
    /// The key binding JWT is for exactly these disclosures.
    Presentation,
}

impl Want {
    pub(super) fn named(name: &str) -> Option<Want> {
        match name {
            "sd-form" => Some(Want::Form),
            "sd-elements" => Some(Want::Elements),
            "sd-names" => Some(Want::Names),
            "sd-once" => Some(Want::Once),
            "sd-referred" => Some(Want::Referred),
            "sd-hash-name" => Some(Want::HashName),
            "sd-lists" => Some(Want::Lists),
            "sd-kept" => Some(Want::Kept),
            "sd-presentation" => Some(Want::Presentation),
            _ => None,
        }
    }
}

/// What stands behind a token, divided by tildes.
pub(super) struct Disclosures {
    /// The disclosures, in order.
    disclosures: Vec<Disclosure>,
    /// The key binding JWT.
    pub binding: Option<String>,
    /// Whether the last part is empty or a JWT.
    is_closed: bool,
    /// Everything up to and including the last tilde.
    presented: String,
}

/// One disclosure.
struct Disclosure {
    text: String,
    document: Document,
    /// Whether its text is base64url as its bytes would be written.
    is_canonical: bool,
}

/// More than that is no SD-JWT that anybody sends.
const LONGEST: usize = 1 << 20;

/// Of more disclosures than these nothing is said.
const MOST: usize = 4096;

impl Disclosures {
    /// Reads what stands behind a token; `None` where that is no tilde.
    pub(super) fn behind(subject: &Subject) -> Option<Disclosures> {
        let end = subject.token.pieces.last()?.end;
        let rest = subject.text.get(end..).filter(|rest| rest.starts_with('~'))?;
        let wrapped = is_wrapped(subject.text);
        let mut tail = String::new();
        for character in rest.chars() {
            match character {
                _ if tail.len() > LONGEST => return None,
                '\r' | '\n' if wrapped => {}
                other if is_part(other) => tail.push(other),
                _ => break,
            }
        }
        let (parts, last) = tail.rsplit_once('~')?;
        let binding = (last.bytes().filter(|byte| *byte == b'.').count() == 2).then(|| last.to_owned());
        let mut texts: Vec<&str> = parts.split('~').skip(1).collect();
        let is_closed = last.is_empty() || binding.is_some();
        if !is_closed {
            texts.push(last);
        }
        if texts.len() > MOST {
            return None;
        }
        let presented = [subject.token.text.as_str(), parts, "~"].concat();
        let disclosures = texts.into_iter().map(disclosure).collect();
        Some(Disclosures { disclosures, binding, is_closed, presented })
    }
}

fn disclosure(text: &str) -> Disclosure {
    let decoded = base64url::decode(text);
    Disclosure { text: text.to_owned(), is_canonical: decoded.faults.is_empty(), document: json::read(decoded.bytes) }
}

impl Disclosure {
    fn items(&self) -> &[Value] {
        self.document.root.as_ref().map(Value::items).unwrap_or_default()
    }

    /// The name that it discloses; an element of an array has none.
    fn name(&self) -> Option<&str> {
        match self.items() {
            [_, name, _] => name.as_str(),
            _ => None,
        }
    }

    /// The value that it discloses.
    fn value(&self) -> Option<&Value> {
        self.items().last().filter(|_| self.items().len() > 1)
    }

    /// Salt and value, and for a member of an object the name between them.
    fn is_whole(&self) -> bool {
        let texts = match self.items() {
            [salt, _] => salt.as_str().is_some(),
            [salt, name, _] => salt.as_str().is_some() && name.as_str().is_some(),
            _ => false,
        };
        texts && self.is_canonical && self.document.is_json()
    }
}

/// Whether the whole text is one token that was broken into lines of one length.
fn is_wrapped(text: &str) -> bool {
    let mut lines = text.trim().lines();
    let Some(first) = lines.next() else { return false };
    let mut shorter = false;
    first.len() >= 16
        && first.chars().all(is_part)
        && lines.all(|line| {
            let fits = !shorter && line.len() <= first.len() && line.chars().all(is_part);
            shorter = line.len() < first.len();
            fits
        })
}

fn is_part(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '~')
}

/// What the wants about disclosures come to.
pub(super) fn outcome(scene: &Scene, want: Want) -> Outcome {
    let words = |name| table().words("notes", name);
    let Some(payload) = scene.subject.token.payload.as_ref().filter(|payload| payload.is_json()) else {
        return Outcome::NotChecked(words("unreadable"));
    };
    if want == Want::Presentation {
        return presentation(scene);
    }
    let behind = scene.disclosures.as_ref();
    if behind.is_none() {
        match want {
            Want::Form => return Outcome::NotChecked(words("paste-disclosures")),
            Want::Elements | Want::Names | Want::Referred | Want::Kept => {
                return Outcome::NotApplicable(words("no-disclosures"));
            }
            _ => {}
        }
    }
    let disclosures = behind.map_or(&[][..], |behind| &behind.disclosures);
    let mut digests = Digests::of(payload, disclosures);
    let met = |count: usize| Outcome::Met(vec![count.to_string()]);
    match want {
        Want::Form => form(behind),
        Want::HashName => hash_name(scene, &digests),
        Want::Lists => match digests.wrong_list.take() {
            Some(list) => broken("value", list),
            None if digests.lists == 0 => Outcome::NotApplicable(words("optional")),
            None => met(digests.lists),
        },
        Want::Once => match twice(&digests, disclosures) {
            Some(text) => broken("twice", text),
            None => met(digests.all.len()),
        },
        Want::Kept => {
            let kept = |name: &str| table().list("sd-kept").any(|kept| kept == name);
            match disclosures.iter().filter_map(Disclosure::name).find(|name| kept(name)) {
                Some(name) => broken("disclosed", name.to_owned()),
                None => met(disclosures.len()),
            }
        }
        Want::Elements if disclosures.iter().any(|disclosure| !disclosure.is_whole()) => {
            let wrong = disclosures.iter().find(|disclosure| !disclosure.is_whole());
            broken("elements", wrong.map(|wrong| wrong.text.clone()).unwrap_or_default())
        }
        Want::Names if disclosures.iter().filter_map(Disclosure::name).any(is_reserved) => {
            let wrong = disclosures.iter().filter_map(Disclosure::name).find(|name| is_reserved(name));
            broken("name", wrong.unwrap_or_default().to_owned())
        }
        Want::Elements | Want::Names | Want::Referred => {
            let Some(hash) = hash(scene) else { return Outcome::NotChecked(words("digests-unknown")) };
            let matched = Matched::new(hash, disclosures);
            let wrong = match want {
                Want::Elements => matched.misplaced(&digests).map(|text| ("place", text)),
                Want::Names => matched.clash(payload).map(|text| ("clash", text)),
                _ => return referred(&matched, digests),
            };
            match wrong {
                Some((name, text)) => broken(name, text),
                None => met(disclosures.len()),
            }
        }
        Want::Presentation => Outcome::NotApplicable(words("no-disclosures")),
    }
}

fn broken(found: &'static str, value: String) -> Outcome {
    Outcome::Broken(Fault::new(found, vec![value], "/input"))
}

fn is_reserved(name: &str) -> bool {
    matches!(name, "_sd" | "...")
}

/// The hash that `_sd_alg` names; SHA-256 where it is absent.
fn hash(scene: &Scene) -> Option<Hash> {
    match scene.found(&Path::read("payload/_sd_alg")) {
        Some(found) => Hash::named(found.value.as_str()?),
        None => Some(Hash::Sha256),
    }
}

fn form(behind: Option<&Disclosures>) -> Outcome {
    let Some(behind) = behind else { return Outcome::NotChecked(table().words("notes", "paste-disclosures")) };
    if let Some(last) = behind.disclosures.last().filter(|_| !behind.is_closed) {
        return broken("open", last.text.clone());
    }
    if behind.disclosures.iter().any(|disclosure| disclosure.text.is_empty()) {
        return Outcome::Broken(Fault::new("gap", Vec::new(), "/input"));
    }
    Outcome::Met(vec![behind.disclosures.len().to_string()])
}

fn hash_name(scene: &Scene, digests: &Digests) -> Outcome {
    if digests.nested_hash_name {
        return Outcome::Broken(Fault::new("nested", Vec::new(), "/payload"));
    }
    let wrong = |found: &Found| Outcome::Broken(Fault::new("value", vec![found.json()], found.pointer.clone()));
    match scene.found(&Path::read("payload/_sd_alg")) {
        None => Outcome::NotApplicable(table().words("notes", "default-hash")),
        Some(found) if found.value.as_str().is_some_and(|name| !name.is_empty()) => Outcome::Met(vec![found.raw()]),
        Some(found) => wrong(&found),
    }
}

fn referred(matched: &Matched, digests: Digests) -> Outcome {
    let mut known: Vec<&str> = digests.all.iter().map(|digest| digest.text).collect();
    order::sort(&mut known, |one, other| one < other);
    let lost = matched.sorted.iter().find(|(digest, _)| known.binary_search(&digest.as_str()).is_err());
    match lost {
        Some((digest, disclosure)) => Outcome::Broken(
            Fault::new("not-referred", vec![disclosure.text.clone()], "/input").against("digest", digest.clone()),
        ),
        None => Outcome::Met(vec![matched.sorted.len().to_string()]),
    }
}

/// A digest or a disclosure that is there twice.
fn twice(digests: &Digests, disclosures: &[Disclosure]) -> Option<String> {
    repeated(digests.all.iter().map(|digest| digest.text).collect())
        .or_else(|| repeated(disclosures.iter().map(|disclosure| disclosure.text.as_str()).collect()))
}

fn repeated(mut texts: Vec<&str>) -> Option<String> {
    order::sort(&mut texts, |one, other| one < other);
    texts.windows(2).find_map(|pair| match pair {
        [one, other] if one == other => Some((*one).to_owned()),
        _ => None,
    })
}

/// The key binding JWT has the hash of everything before it
/// ([RFC 9901 §4.3.1](https://www.rfc-editor.org/rfc/rfc9901#section-4.3.1)).
fn presentation(scene: &Scene) -> Outcome {
    let words = |name| table().words("notes", name);
    let Some(behind) = scene.disclosures.as_ref().filter(|_| scene.binding.is_some()) else {
        return Outcome::NotApplicable(words("no-binding"));
    };
    let Some(found) = scene.found(&Path::read("binding/sd_hash")) else {
        return Outcome::Broken(Fault::absent("/input".to_owned()));
    };
    let Some(value) = found.value.as_str() else {
        return Outcome::Broken(Fault::new("value", vec![found.json()], "/input"));
    };
    let Some(hash) = hash(scene) else { return Outcome::NotChecked(words("digests-unknown")) };
    let computed = base64url::encode(&hash.of(behind.presented.as_bytes()));
    if value == computed {
        return Outcome::Met(vec![computed]);
    }
    Outcome::Broken(Fault::new("value", vec![value.to_owned()], "/input").against("presentation", computed))
}

/// Every digest in the payload and in the values that are disclosed.
struct Digests<'s> {
    all: Vec<Digest<'s>>,
    /// How many `_sd` lists there are.
    lists: usize,
    /// An `_sd` that is no list of texts.
    wrong_list: Option<String>,
    /// Whether `_sd_alg` stands below the top level.
    nested_hash_name: bool,
}

struct Digest<'s> {
    text: &'s str,
    /// Whether it stands for an element of an array, and not for a member of an object.
    is_element: bool,
}

impl<'s> Digests<'s> {
    fn of(payload: &'s Document, disclosures: &'s [Disclosure]) -> Digests<'s> {
        let mut digests = Digests { all: Vec::new(), lists: 0, wrong_list: None, nested_hash_name: false };
        if let Some(root) = &payload.root {
            digests.walk(payload, root);
        }
        for disclosure in disclosures {
            if let Some(value) = disclosure.value() {
                // What is disclosed stands below the top level, or in a member of its own.
                digests.nested_hash_name |= value.member("_sd_alg").is_some();
                digests.walk(&disclosure.document, value);
            }
        }
        digests
    }

    fn walk(&mut self, document: &'s Document, root: &'s Value) {
        let mut waiting = vec![(root, false)];
        while let Some((value, is_nested)) = waiting.pop() {
            for member in value.members() {
                match member.name.as_str() {
                    "_sd" => self.list(document, &member.value),
                    "_sd_alg" => self.nested_hash_name |= is_nested,
                    _ => waiting.push((&member.value, true)),
                }
            }
            for item in value.items() {
                match item.members() {
                    [only] if only.name == "..." => {
                        let text = only.value.as_str();
                        self.all.extend(text.map(|text| Digest { text, is_element: true }));
                    }
                    _ => waiting.push((item, true)),
                }
            }
        }
    }

    fn list(&mut self, document: &'s Document, value: &'s Value) {
        self.lists += 1;
        let texts = value.items().iter().filter_map(Value::as_str);
        let before = self.all.len();
        self.all.extend(texts.map(|text| Digest { text, is_element: false }));
        if !matches!(value.kind, Kind::Array(_)) || self.all.len() - before != value.items().len() {
            self.wrong_list.get_or_insert_with(|| document.raw(value));
        }
    }
}

/// The disclosures by their digests.
struct Matched<'s> {
    sorted: Vec<(String, &'s Disclosure)>,
}

impl<'s> Matched<'s> {
    fn new(hash: Hash, disclosures: &'s [Disclosure]) -> Matched<'s> {
        // The digest is one of the text as it is sent, and not of what it decodes to.
        let digest = |disclosure: &Disclosure| base64url::encode(&hash.of(disclosure.text.as_bytes()));
        let mut sorted: Vec<_> = disclosures.iter().map(|disclosure| (digest(disclosure), disclosure)).collect();
        order::sort(&mut sorted, |one, other| one.0 < other.0);
        Matched { sorted }
    }

    fn of(&self, digest: &str) -> Option<&'s Disclosure> {
        let at = self.sorted.binary_search_by(|(known, _)| known.as_str().cmp(digest)).ok()?;
        self.sorted.get(at).map(|(_, disclosure)| *disclosure)
    }

    /// A disclosure with a name where an element is meant, or the other way round.
    fn misplaced(&self, digests: &Digests) -> Option<String> {
        digests.all.iter().find_map(|digest| {
            let disclosure = self.of(digest.text)?;
            let wrong = digest.is_element == disclosure.name().is_some();
            wrong.then(|| disclosure.text.clone())
        })
    }

    /// A disclosed name that is there already, beside the digest.
    fn clash(&self, payload: &Document) -> Option<String> {
        let disclosed = self.sorted.iter().filter_map(|(_, disclosure)| disclosure.value());
        let mut waiting: Vec<&Value> = payload.root.iter().chain(disclosed).collect();
        while let Some(value) = waiting.pop() {
            waiting.extend(value.items());
            waiting.extend(value.members().iter().map(|member| &member.value));
            let Some(list) = value.member("_sd") else { continue };
            let mut digests: Vec<&str> = list.items().iter().filter_map(Value::as_str).collect();
            // A digest that is there twice is a matter of another rule.
            order::sort(&mut digests, |one, other| one < other);
            digests.dedup();
            let disclosed: Vec<&str> = digests.into_iter().filter_map(|digest| self.of(digest)?.name()).collect();
            let mut names: Vec<&str> = value.members().iter().map(|member| member.name.as_str()).collect();
            order::sort(&mut names, |one, other| one < other);
            if let Some(name) = disclosed.iter().find(|name| names.binary_search(name).is_ok()) {
                return Some((*name).to_owned());
            }
            if let Some(name) = repeated(disclosed) {
                return Some(name);
            }
        }
        None
    }
}
