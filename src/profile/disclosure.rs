//! The rules about disclosures, as [`crate::disclosure`] finds them kept or broken
//! ([RFC 9901 §4](https://www.rfc-editor.org/rfc/rfc9901#section-4)). What is broken has a finding there, and none here.

use super::scene::Scene;
use super::shape::{Fault, Outcome};
use super::table::table;
use crate::disclosure::{Disclosure, code};
use crate::finding::{Code, Fact, Finding};

/// Something that disclosures have to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// The form as a whole ends in a tilde or in a key-binding token.
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
    /// The key-binding token is for exactly these disclosures.
    Presentation,
}

/// How a broken rule is shown among the requirements: the want, the code of the finding, the name of the words for it, the
/// fact that is its value, and for a contrast the name of its words and the fact.
type Shown = (Want, Code, &'static str, &'static str, &'static str, &'static str);

const BROKEN_BY: [Shown; 19] = [
    (Want::Form, code::NO_TILDE, "open", "found", "", ""),
    (Want::Form, code::GAP, "gap", "", "", ""),
    (Want::Form, code::LIST, "value", "found", "", ""),
    (Want::Elements, code::BASE64URL, "elements", "text", "", ""),
    (Want::Elements, code::NOT_JSON, "elements", "found", "", ""),
    (Want::Elements, code::ELEMENTS, "elements", "found", "", ""),
    (Want::Elements, code::NAME_MISSING, "place", "text", "", ""),
    (Want::Elements, code::NAME_SURPLUS, "place", "text", "", ""),
    (Want::Elements, code::STRAY_BITS, "elements", "text", "", ""),
    (Want::Elements, code::SALT, "elements", "found", "", ""),
    (Want::Names, code::NAME_RESERVED, "name", "name", "", ""),
    (Want::Names, code::NAME_EXISTS, "clash", "name", "", ""),
    (Want::Once, code::DIGEST_TWICE, "twice", "digest", "", ""),
    (Want::Once, code::TWICE, "twice", "text", "", ""),
    (Want::Referred, code::NOT_REFERRED, "not-referred", "text", "digest", "digest"),
    (Want::HashName, code::HASH_NAME, "value", "found", "", ""),
    (Want::HashName, code::HASH_NESTED, "nested", "", "", ""),
    (Want::Lists, code::DIGESTS, "value", "found", "", ""),
    (Want::Presentation, code::BINDING_HASH, "value", "found", "presentation", "computed"),
];

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

/// What the wants about disclosures come to.
pub(super) fn outcome(scene: &Scene, want: Want) -> Outcome {
    let words = |name| table().words("notes", name);
    if !scene.subject.token.payload.as_ref().is_some_and(|payload| payload.is_json()) {
        return Outcome::NotChecked(words("unreadable"));
    }
    let Some(disclosure) = scene.disclosure.as_ref() else {
        return match want {
            Want::Form => Outcome::NotChecked(words("paste-disclosures")),
            Want::HashName => Outcome::NotApplicable(words("default-hash")),
            Want::Lists => Outcome::NotApplicable(words("optional")),
            Want::Once => Outcome::Met(vec!["0".to_owned()]),
            Want::Presentation => Outcome::NotApplicable(words("no-binding")),
            _ => Outcome::NotApplicable(words("no-disclosures")),
        };
    };
    if want == Want::Presentation {
        return presentation(scene, disclosure);
    }
    if !disclosure.is_presented {
        match want {
            Want::Form => return Outcome::NotChecked(words("paste-disclosures")),
            Want::Elements | Want::Names | Want::Referred | Want::Kept => {
                return Outcome::NotApplicable(words("no-disclosures"));
            }
            _ => {}
        }
    }
    if let Some(broken) = broken(disclosure, want) {
        return broken;
    }
    let names = || disclosure.disclosed.iter().filter_map(|disclosed| disclosed.name.as_deref());
    let count = disclosure.disclosed.len();
    let digests = disclosure.undisclosed.len() + disclosure.disclosed.iter().filter(|one| one.place.is_some()).count();
    let is_unmatched = disclosure.processed.is_none();
    match want {
        Want::Kept => match names().find(|name| table().list("sd-kept").any(|kept| kept == *name)) {
            Some(name) => Outcome::Broken(Fault::new("disclosed", vec![name.to_owned()], "/input")),
            None => Outcome::Met(vec![count.to_string()]),
        },
        Want::HashName => match scene.subject.token.payload.as_ref().and_then(|payload| payload.string("_sd_alg")) {
            Some(name) => Outcome::Met(vec![name.to_owned()]),
            None => Outcome::NotApplicable(words("default-hash")),
        },
        Want::Elements | Want::Names | Want::Referred if is_unmatched => Outcome::NotChecked(words("digests-unknown")),
        Want::Lists if digests == 0 => Outcome::NotApplicable(words("optional")),
        Want::Lists | Want::Once => Outcome::Met(vec![digests.to_string()]),
        _ => Outcome::Met(vec![count.to_string()]),
    }
}

/// How a want is broken, by the findings.
fn broken(disclosure: &Disclosure, want: Want) -> Option<Outcome> {
    let (finding, (_, _, words, value, contrast, computed)) = disclosure.findings.iter().find_map(|finding| {
        let shown = BROKEN_BY.iter().find(|(broken, code, ..)| *broken == want && *code == finding.code)?;
        Some((finding, shown))
    })?;
    let mut fault = Fault::new(words, fact(finding, value), finding.subject.clone());
    if !contrast.is_empty() {
        fault = fault.against(contrast, fact(finding, computed).concat());
    }
    Some(Outcome::Broken(fault))
}

fn fact(finding: &Finding, name: &str) -> Vec<String> {
    match finding.fact(name) {
        Some(Fact::Text(text)) => vec![text.clone()],
        _ => Vec::new(),
    }
}

/// The key-binding token has the hash of everything before it
/// ([RFC 9901 §4.3.1](https://www.rfc-editor.org/rfc/rfc9901#section-4.3.1)).
fn presentation(scene: &Scene, disclosure: &Disclosure) -> Outcome {
    let words = |name| table().words("notes", name);
    let Some(binding) = scene.binding.as_ref() else { return Outcome::NotApplicable(words("no-binding")) };
    if let Some(broken) = broken(disclosure, Want::Presentation) {
        return broken;
    }
    let found = binding.payload.as_ref().and_then(|payload| payload.string("sd_hash"));
    match (disclosure.is_bound, found) {
        (Some(_), Some(found)) => Outcome::Met(vec![found.to_owned()]),
        (None, Some(_)) => Outcome::NotChecked(words("digests-unknown")),
        _ => Outcome::Broken(Fault::absent("/input".to_owned())),
    }
}
