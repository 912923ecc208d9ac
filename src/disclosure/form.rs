//! The two forms of an SD-JWT: texts divided by tildes ([RFC 9901 §4](https://www.rfc-editor.org/rfc/rfc9901#section-4)), and
//! the JSON serialisation ([§8](https://www.rfc-editor.org/rfc/rfc9901#section-8)).

use super::{code, shown};
use crate::finding::{Fact, Finding};
use crate::json::{self, Document, Kind, Value};
use crate::report::Token;

/// An SD-JWT in its parts.
#[derive(Default)]
pub(super) struct Form {
    /// The disclosures, in order.
    pub disclosures: Vec<String>,
    /// How many more there are than are read.
    pub surplus: usize,
    /// The key-binding token.
    pub binding: Option<String>,
    /// What its `sd_hash` is the hash of: everything up to and including the last tilde.
    pub presented: Option<String>,
    /// Whether no tilde stands behind the last disclosure.
    is_open: bool,
    /// Whether the members of a JSON serialisation stand where drafts had them.
    pub is_draft: bool,
    /// Whether a later signature has such members.
    is_misplaced: bool,
    /// Whether what stands behind the token is too long to be read.
    is_cut: bool,
    /// What stands as `disclosures` and is no list of texts.
    wrong_list: Option<String>,
}

/// More than that behind a token is no SD-JWT that anybody sends.
const LONGEST: usize = 1 << 20;

/// What stands in the place of something longer.
const CUT: &str = "~…~";

/// Of more disclosures than these the first ones are read.
const MOST: usize = 4096;

/// The whole of a token of a pasted text.
pub(super) fn whole(text: &str, token: &Token) -> String {
    let mut whole = token.text.clone();
    let end = token.pieces.last().map(|piece| piece.end);
    let Some(rest) = end.and_then(|end| text.get(end..)).filter(|_| !whole.contains('~')) else { return whole };
    let unbroken = rest.trim_start_matches(['\r', '\n']);
    if !unbroken.starts_with('~') {
        return whole;
    }
    let wrapped = is_wrapped(text);
    if !wrapped && unbroken.len() != rest.len() {
        return whole;
    }
    let rest = unbroken;
    for character in rest.chars() {
        match character {
            _ if whole.len() - token.text.len() > LONGEST => return [&token.text, CUT].concat(),
            '\r' | '\n' if wrapped => {}
            other if is_part(other) => whole.push(other),
            _ => break,
        }
    }
    whole
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
    character.is_ascii_alphanumeric() || matches!(character, '-' | '_' | '.' | '~' | '=')
}

/// Divides an SD-JWT into its parts; `None` for a token that comes alone.
pub(super) fn read(text: &str) -> Option<Form> {
    let trimmed = text.trim();
    if trimmed.starts_with('{') {
        let document = json::read(trimmed.as_bytes().to_vec());
        return serialised(&document);
    }
    if trimmed.ends_with(CUT) {
        return Some(Form { is_cut: true, ..Form::default() });
    }
    let (before, last) = trimmed.rsplit_once('~')?;
    // A full stop behind a token ends the sentence that it stands in; one behind two parts belongs to them.
    let is_whole = last.bytes().filter(|byte| *byte == b'.').count() == 2;
    let last = if is_whole { last } else { last.trim_end_matches('.') };
    let is_binding = last.contains('.');
    let mut form = Form { is_open: !last.is_empty() && !is_binding, ..Form::default() };
    let mut texts = before.split('~').skip(1).chain(form.is_open.then_some(last));
    form.disclosures = texts.by_ref().take(MOST).map(str::to_owned).collect();
    form.surplus = texts.count();
    form.binding = is_binding.then(|| last.to_owned());
    form.presented = Some([before, "~"].concat());
    Some(form)
}

/// What the JSON serialisation has in the unprotected header of its first signature, and of no other.
const MEMBERS: [&str; 2] = ["disclosures", "kb_jwt"];

/// The JSON serialisation: `disclosures` and `kb_jwt` stand in the unprotected header of the first signature.
fn serialised(document: &Document) -> Option<Form> {
    let root = document.root.as_ref()?;
    let signature = root.member("signatures").and_then(|signatures| signatures.items().first()).unwrap_or(root);
    let standard = signature.member("header").filter(|header| MEMBERS.iter().any(|name| header.member(name).is_some()));
    let holder = standard.unwrap_or(root);
    let list = holder.member("disclosures");
    // What is no text binds nothing, and is said to be unreadable.
    let binding = holder.member("kb_jwt").map(|value| value.as_str().unwrap_or_default().to_owned());
    let later = root.member("signatures").map(Value::items).unwrap_or_default().iter().skip(1);
    let has = |signature: &Value| {
        let header = signature.member("header");
        header.is_some_and(|header| MEMBERS.iter().any(|name| header.member(name).is_some()))
    };
    let is_misplaced = later.into_iter().any(has);
    if list.is_none() && binding.is_none() {
        return is_misplaced.then(|| Form { is_misplaced, ..Form::default() });
    }
    let mut form = Form { is_draft: standard.is_none(), is_misplaced, binding, ..Form::default() };
    let items = list.map(Value::items).unwrap_or_default();
    let texts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
    if let Some(list) = list
        && (!matches!(list.kind, Kind::Array(_)) || texts.len() != items.len())
    {
        form.wrong_list = Some(shown(document, list));
    }
    form.surplus = texts.len().saturating_sub(MOST);
    // The hash is one of the compact form, which stands nowhere in the text
    // ([RFC 9901 §8.1](https://www.rfc-editor.org/rfc/rfc9901#section-8.1)).
    let text = |holder: &Value, name: &str| holder.member(name).and_then(Value::as_str).map(str::to_owned);
    let parts = [text(signature, "protected"), text(root, "payload"), text(signature, "signature")];
    if let [Some(protected), Some(payload), Some(signature)] = parts {
        let mut presented = [protected, payload, signature].join(".");
        for text in &texts {
            presented.push('~');
            presented.push_str(text);
        }
        presented.push('~');
        form.presented = Some(presented);
    }
    form.disclosures = texts.into_iter().take(MOST).map(str::to_owned).collect();
    Some(form)
}

/// What is wrong with the form.
pub(super) fn check(form: &Form, findings: &mut Vec<Finding>) {
    if form.is_open {
        let last = form.disclosures.last().cloned().unwrap_or_default();
        findings.push(Finding::error(code::NO_TILDE, "/disclosures").text("found", last));
    }
    if let Some(gap) = form.disclosures.iter().position(String::is_empty) {
        findings.push(Finding::error(code::GAP, "/disclosures").with("number", Fact::Count(gap as u64 + 1)));
    }
    if let Some(list) = &form.wrong_list {
        findings.push(Finding::error(code::LIST, "/disclosures").text("found", list.clone()));
    }
    if form.is_draft {
        findings.push(Finding::warning(code::DRAFT_FORM, "/disclosures"));
    }
    if form.is_misplaced {
        findings.push(Finding::error(code::MISPLACED, "/disclosures"));
    }
    if form.is_cut {
        let limit = Fact::Count(LONGEST as u64 >> 20);
        findings.push(Finding::info(code::TOO_LONG, "/disclosures").with("limit", limit));
    }
    if form.surplus > 0 {
        findings.push(
            Finding::info(code::TOO_MANY, "/disclosures")
                .with("count", Fact::Count((form.surplus + form.disclosures.len()) as u64))
                .with("read", Fact::Count(form.disclosures.len() as u64)),
        );
    }
}
