//! Random damage to valid objects, and what has to come of each, worked out from the text alone.

use serde_json::{Map, Value, json};
use tokenscope::jose::algorithm::ALGORITHMS;
use tokenscope::jose::base64url;
use tokenscope::jose::encryption::KEY_MANAGEMENTS;

use crate::dice::Dice;
use crate::objects::{Form, Object};
use crate::oracle::Signer;

/// A damaged object.
#[derive(Clone, Debug)]
pub struct Damage {
    pub name: &'static str,
    pub text: String,
    /// The payload that is pasted beside.
    pub beside: Option<String>,
    pub expected: Expected,
}

/// What has to come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Nothing verifies, nothing opens, nothing is accepted.
    Refused,
    /// What it means was not touched: everything is as before.
    Same,
    /// Of several signatures or recipients exactly these are good, and the verdict is no better.
    Only(Vec<usize>),
    /// An SD-JWT whose issuer's signature is good and that discloses only this.
    Discloses(Vec<String>),
    /// An SD-JWT that is rejected, whatever its signature is.
    Rejected,
    /// It opens, and what stands inside is refused.
    InsideRefused,
}

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// One random damage; `other` is another object of any kind, `like` one of the same form.
pub fn damaged(object: &Object, like: &Object, other: &Object, dice: &mut Dice) -> Damage {
    loop {
        let (name, text) = match dice.below(10) {
            0..3 => ("a bit flipped", flipped(object, dice)),
            3 => ("characters cut", cut(&object.text, dice)),
            4 => ("a character inserted", inserted(&object.text, dice)),
            _ if object.beside.is_some() && dice.once_in(4) => {
                let beside = object.beside.as_deref().map(|payload| match dice.below(3) {
                    0 => cut(payload, dice),
                    1 => inserted(payload, dice),
                    _ => like.beside.clone().unwrap_or_default(),
                });
                if beside == object.beside {
                    continue;
                }
                let (name, text, expected) = ("another payload beside", object.text.clone(), Expected::Refused);
                return Damage { name, text, beside, expected };
            }
            _ => {
                let from = if dice.once_in(3) { other } else { like };
                let made = match object.form {
                    Form::Nested if dice.once_in(2) => {
                        let inside = flipped_text(&object.content, dice);
                        let text = object.encrypted_again(&inside).unwrap();
                        let (name, expected) = ("damaged before it was encrypted", Expected::InsideRefused);
                        return Damage { name, text, beside: None, expected };
                    }
                    form if form.is_json() => in_json(object, from, dice),
                    Form::Disclosing | Form::Bound if dice.once_in(2) => in_disclosures(object, from, dice),
                    _ => in_parts(object, from, dice),
                };
                let Some(made) = made else { continue };
                made
            }
        };
        if text != object.text {
            let expected = expected(object, &text);
            return Damage { name, text, beside: object.beside.clone(), expected };
        }
    }
}

/// A change that means nothing.
pub fn rewritten(object: &Object, dice: &mut Dice) -> Damage {
    let text = &object.text;
    let (name, text) = if object.form.is_json() {
        let mut value: Value = serde_json::from_str(text).unwrap();
        match dice.below(3) {
            0 => ("written with spaces", serde_json::to_string_pretty(&value).unwrap()),
            1 => {
                let members: Vec<(String, Value)> = value.as_object().unwrap().clone().into_iter().collect();
                ("members in another order", Value::Object(members.into_iter().rev().collect()).to_string())
            }
            _ => {
                value["unknown"] = json!({ "signature": [1] });
                ("an unknown member", value.to_string())
            }
        }
    } else {
        match dice.below(3) {
            0 => ("spaces around it", format!(" \t{text}\r\n")),
            1 if !text.contains(' ') => ("behind a word", format!("Authorization: Bearer {text}")),
            1 | 2 if object.form != Form::UnencodedCompact => {
                let lines: Vec<&str> =
                    text.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
                ("broken into lines", lines.join("\n"))
            }
            _ => ("in quotes", format!("\"{text}\"")),
        }
    };
    Damage { name, text, beside: object.beside.clone(), expected: Expected::Same }
}

/// One bit of one character. In an SD-JWT no line break comes of it: that of a broken text is left out, wherever it stands.
fn flipped(object: &Object, dice: &mut Dice) -> String {
    loop {
        let text = flipped_text(&object.text, dice);
        if !object.form.is_disclosing() || !text.contains(['\r', '\n']) {
            return text;
        }
    }
}

fn flipped_text(text: &str, dice: &mut Dice) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let at = dice.below(bytes.len());
    bytes[at] ^= 1 << dice.below(7);
    String::from_utf8(bytes).unwrap()
}

fn cut(text: &str, dice: &mut Dice) -> String {
    let start = dice.below(text.len());
    let longest = text.len() - start;
    let most = if dice.once_in(2) { longest } else { longest.min(4) };
    let length = 1 + dice.below(most);
    [&text[..start], &text[start + length..]].concat()
}

/// Inside, not at the ends: there it would be text around a token, which is left out.
fn inserted(text: &str, dice: &mut Dice) -> String {
    let at = 1 + dice.below(text.len() - 1);
    let character = char::from(ALPHABET[dice.below(64)]);
    format!("{}{character}{}", &text[..at], &text[at..])
}

/// Damage to the parts of a compact token.
fn in_parts(object: &Object, from: &Object, dice: &mut Dice) -> Option<(&'static str, String)> {
    let (token, behind) = object.text.split_at(object.text.find('~').unwrap_or(object.text.len()));
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    let at = dice.below(parts.len());
    let name = match dice.below(8) {
        0 | 1 => {
            parts[0] = with_another_algorithm(&parts[0], dice)?;
            let is_none = base64url::decode(&parts[0]).bytes.windows(6).any(|window| window == b"\"none\"");
            if is_none && parts.len() == 3 && dice.once_in(2) {
                parts[2].clear();
            }
            "another algorithm"
        }
        2 | 3 => {
            let others: Vec<&str> = from.text.split('~').next().unwrap_or_default().split('.').collect();
            parts[at] = (*others.get(at).filter(|_| others.len() == parts.len())?).to_owned();
            "a part of another"
        }
        4 => {
            parts.remove(at);
            "a part cut"
        }
        5 => {
            parts.insert(at, parts[at].clone());
            "a part doubled"
        }
        6 => {
            let to = dice.below(parts.len());
            parts.swap(at, to);
            "parts exchanged"
        }
        _ => {
            return in_writing(&mut parts[at], object, dice).map(|name| (name, parts.join(".") + behind)).or_else(
                || {
                    // The public key is known to everybody, so it must not be anybody's secret.
                    let is_public = !object.algorithms.starts_with("HS") && parts.len() == 3;
                    let secret = Signer::secret(object.keys.as_bytes());
                    let header =
                        with_algorithm(&parts[0], "HS256".into()).filter(|_| is_public && object.beside.is_none())?;
                    let signed = [header.as_str(), &parts[1]].join(".");
                    let signature = base64url::encode(&secret.sign("HS256", signed.as_bytes()));
                    Some(("the public key as a secret", [signed, signature].join(".") + behind))
                },
            );
        }
    };
    Some((name, parts.join(".") + behind))
}

/// The same bytes, written in another way than theirs.
fn in_writing(part: &mut String, object: &Object, dice: &mut Dice) -> Option<&'static str> {
    if part.is_empty() || object.form == Form::UnencodedCompact {
        return None;
    }
    match dice.below(3) {
        0 if !part.len().is_multiple_of(4) => {
            let last = part.pop()?;
            let index = ALPHABET.iter().position(|one| char::from(*one) == last)?;
            part.push(char::from(ALPHABET[index ^ 1]));
            Some("stray bits")
        }
        1 if part.contains(['-', '_']) => {
            *part = part.replace('-', "+").replace('_', "/");
            Some("the other alphabet")
        }
        2 => {
            part.push('=');
            Some("padding")
        }
        _ => None,
    }
}

fn with_another_algorithm(header: &str, dice: &mut Dice) -> Option<String> {
    let names = ALGORITHMS.iter().map(|row| row.name).chain(KEY_MANAGEMENTS.iter().map(|row| row.name));
    let mut values: Vec<Value> = names.map(Value::from).collect();
    values.extend(["None", "NONE", "hs256", "RS256 ", ""].map(Value::from));
    values.extend([Value::Null, 7.into(), json!(["RS256"])]);
    with_algorithm(header, values[dice.below(values.len())].clone())
}

fn with_algorithm(header: &str, algorithm: Value) -> Option<String> {
    let mut value: Value = serde_json::from_slice(&base64url::decode(header).bytes).ok()?;
    if value["alg"] == algorithm {
        return None;
    }
    value["alg"] = algorithm;
    Some(base64url::encode(value.to_string().as_bytes()))
}

/// Damage to a member of a JSON serialisation.
fn in_json(object: &Object, from: &Object, dice: &mut Dice) -> Option<(&'static str, String)> {
    let mut token: Map<String, Value> = serde_json::from_str(&object.text).unwrap();
    let other: Map<String, Value> = serde_json::from_str(&from.text).unwrap_or_default();
    let list = if object.form.is_encrypted() { "recipients" } else { "signatures" };
    let entries = token.get(list).and_then(Value::as_array).map_or(0, Vec::len);
    if entries > 0 && dice.once_in(2) {
        let at = dice.below(entries);
        let foreign = other.get(list).and_then(Value::as_array).and_then(|list| list.get(at).or(list.first())).cloned();
        let entries = token.get_mut(list).and_then(Value::as_array_mut)?;
        let name = match dice.below(5) {
            0 => {
                entries.remove(at);
                "an entry cut"
            }
            1 => {
                entries.insert(at, entries[at].clone());
                "an entry doubled"
            }
            2 => {
                entries[at] = foreign?;
                "an entry of another"
            }
            _ => in_members(entries[at].as_object_mut()?, foreign?.as_object()?, object, dice)?,
        };
        return Some((name, Value::Object(token).to_string()));
    }
    if dice.once_in(8) {
        // The last one counts (RFC 7515 §4).
        let name = token.keys().nth(dice.below(token.len()))?.clone();
        let (first, text) = (other.get(&name)?, &object.text);
        let doubled = match dice.once_in(2) {
            true => format!("{{{}:{first},{}", Value::from(name), &text[1..]),
            false => format!("{},{}:{first}}}", &text[..text.len() - 1], Value::from(name)),
        };
        return Some(("a member doubled", doubled));
    }
    if dice.once_in(12) {
        let name = if object.form.is_encrypted() { "signatures" } else { "ciphertext" };
        token.insert(name.to_owned(), "AAAA".into());
        // Read as what it was, it would be as before; but nobody can say what it is.
        return (name == "ciphertext").then(|| ("a member of the other kind", Value::Object(token).to_string()));
    }
    let name = in_members(&mut token, &other, object, dice)?;
    Some((name, Value::Object(token).to_string()))
}

fn in_members(
    members: &mut Map<String, Value>,
    other: &Map<String, Value>,
    object: &Object,
    dice: &mut Dice,
) -> Option<&'static str> {
    let name = members.keys().nth(dice.below(members.len()))?.clone();
    let name = name.as_str();
    match dice.below(8) {
        0 => {
            members[name] = other.get(name)?.clone();
            Some("a member of another")
        }
        1 => {
            members.remove(name);
            Some("a member cut")
        }
        2 => {
            members[name] = [Value::Null, 7.into(), json!([]), json!({}), true.into()][dice.below(5)].clone();
            Some("a member of another type")
        }
        3 => {
            members["protected"] = with_another_algorithm(members.get("protected")?.as_str()?, dice)?.into();
            Some("another algorithm")
        }
        4 => {
            let parameter = ["alg", "crit", "b64", "zip"][dice.below(4)];
            let value =
                [json!("none"), json!(["x"]), json!(false), json!("DEF"), json!("HS256")][dice.below(5)].clone();
            let header = members.entry("header").or_insert_with(|| json!({})).as_object_mut()?;
            header.insert(parameter.to_owned(), value);
            Some("a parameter without protection")
        }
        5 => {
            let mut text = members.get(name)?.as_str()?.to_owned();
            if object.form == Form::UnencodedFlattened && name == "payload" {
                return None;
            }
            let done = in_writing(&mut text, object, dice)?;
            members[name] = text.into();
            Some(done)
        }
        6 => {
            let text = members.get(name)?.as_str()?;
            members[name] = if text.len() > 1 { cut(text, dice) } else { return None }.into();
            Some("a member shortened")
        }
        _ => {
            let text = members.get(name)?.as_str()?;
            members[name] = if text.is_empty() { return None } else { flipped_text(text, dice) }.into();
            Some("a bit of a member flipped")
        }
    }
}

/// Damage to what stands behind the token of an SD-JWT.
fn in_disclosures(object: &Object, from: &Object, dice: &mut Dice) -> Option<(&'static str, String)> {
    let (token, mut disclosures, mut binding) = object.disclosing.clone();
    let (_, foreign, foreign_binding) = &from.disclosing;
    let at = dice.below(disclosures.len());
    let name = match dice.below(8) {
        0 => {
            disclosures.remove(at);
            "a disclosure cut"
        }
        1 => {
            disclosures[at] = foreign.first()?.clone();
            "a disclosure of another"
        }
        2 => {
            disclosures.insert(at, disclosures[at].clone());
            "a disclosure doubled"
        }
        3 => {
            disclosures.reverse();
            "disclosures in another order"
        }
        4 => {
            let forged = json!(["made-up salt", "admin", true]).to_string();
            disclosures.push(base64url::encode(forged.as_bytes()));
            "a disclosure made up"
        }
        5 => {
            binding = Some(foreign_binding.clone()?);
            "the binding of another"
        }
        6 => {
            binding.take()?;
            "the binding cut"
        }
        _ => {
            let binding = binding.as_mut().filter(|_| dice.once_in(2));
            let text = binding.unwrap_or(&mut disclosures[at]);
            *text = inserted(text, dice);
            "a disclosure or the binding changed"
        }
    };
    Some((name, [&token, "~", &disclosures.join("~"), "~", binding.as_deref().unwrap_or_default()].concat()))
}

/// What has to come of a text in the place of an object's own.
fn expected(object: &Object, text: &str) -> Expected {
    match object.form {
        Form::Disclosing | Form::Bound => {
            let is_part = |character: char| character.is_ascii_alphanumeric() || "-_.~=".contains(character);
            let text = &text[..text.find(|character| !is_part(character)).unwrap_or(text.len())];
            let (token, behind) = match text.split_once('~') {
                // A full stop at the end of a text ends its sentence.
                Some((token, behind)) => (token, behind.trim_end_matches('.')),
                None => return discloses(object, text, &[], None),
            };
            let mut disclosures: Vec<&str> = behind.split('~').collect();
            match disclosures.pop().unwrap_or_default() {
                "" => discloses(object, token, &disclosures, None),
                last if last.contains('.') => discloses(object, token, &disclosures, Some(last)),
                _ if token == object.disclosing.0 => Expected::Rejected,
                _ => Expected::Refused,
            }
        }
        Form::BoundFlattened => {
            let Ok(Value::Object(token)) = serde_json::from_str(text) else { return Expected::Refused };
            let part = |name: &str| token.get(name).and_then(Value::as_str).unwrap_or_default();
            let compact = [part("protected"), part("payload"), part("signature")].join(".");
            let nothing = json!({});
            let header = token.get("header").unwrap_or(&nothing);
            if token.contains_key("ciphertext") || !is_allowed(part("protected"), &[header]) {
                return Expected::Refused;
            }
            let list = header.get("disclosures");
            let texts: Option<Vec<&str>> =
                list.map_or(Some(Vec::new()), |list| list.as_array()?.iter().map(Value::as_str).collect());
            let Some(texts) = texts.filter(|_| compact == object.disclosing.0) else {
                return if compact == object.disclosing.0 { Expected::Rejected } else { Expected::Refused };
            };
            discloses(object, &compact, &texts, header.get("kb_jwt").and_then(Value::as_str))
        }
        form if form.is_json() && form.is_encrypted() => recipients(object, text),
        form if form.is_json() => signatures(object, text),
        _ => Expected::Refused,
    }
}

fn discloses(object: &Object, token: &str, disclosures: &[&str], binding: Option<&str>) -> Expected {
    let (own, all, own_binding) = &object.disclosing;
    if token != own {
        return Expected::Refused;
    }
    // One that is there twice discloses no more than once (RFC 9901 §7.1).
    let is_own = |text: &&str| all.iter().any(|one| one == text);
    let is_bound = binding.is_none_or(|binding| own_binding.as_deref() == Some(binding) && all == disclosures);
    match disclosures.iter().all(is_own) && is_bound {
        true => Expected::Discloses(disclosures.iter().map(|text| (*text).to_owned()).collect()),
        false => Expected::Rejected,
    }
}

/// Which signatures are still those that were made.
fn signatures(object: &Object, text: &str) -> Expected {
    let (Ok(old), Ok(new)) = (serde_json::from_str(&object.text), serde_json::from_str::<Value>(text)) else {
        return Expected::Refused;
    };
    let old: Value = old;
    let is_mixed = new.get("signatures").is_some()
        && ["protected", "header", "signature"].iter().any(|name| new.get(name).is_some());
    if is_mixed || new.get("ciphertext").is_some() || new.get("payload") != old.get("payload") {
        return Expected::Refused;
    }
    let entries = |token: &Value| match token.get("signatures") {
        Some(list) => list.as_array().cloned().unwrap_or_default(),
        None => vec![token.clone()],
    };
    let (before, after) = (entries(&old), entries(&new));
    let is_good = |entry: &&Value| {
        let is_own = |one: &Value| ["protected", "signature"].iter().all(|name| one.get(name) == entry.get(name));
        let protected = entry.get("protected").and_then(Value::as_str).unwrap_or_default();
        before.iter().any(is_own) && is_allowed(protected, &[entry.get("header").unwrap_or(&json!({}))])
    };
    only(after.iter().map(|entry| is_good(&entry)).collect(), before.len())
}

/// For which recipients it is still what was made.
fn recipients(object: &Object, text: &str) -> Expected {
    let (Ok(old), Ok(new)) = (serde_json::from_str(&object.text), serde_json::from_str::<Value>(text)) else {
        return Expected::Refused;
    };
    let old: Value = old;
    let is_mixed =
        new.get("recipients").is_some() && ["header", "encrypted_key"].iter().any(|name| new.get(name).is_some());
    let shared = ["protected", "iv", "ciphertext", "tag", "aad"];
    if is_mixed || shared.iter().any(|name| new.get(name) != old.get(name)) {
        return Expected::Refused;
    }
    let entries = |token: &Value| match token.get("recipients") {
        Some(list) => list.as_array().cloned().unwrap_or_default(),
        None => vec![token.clone()],
    };
    let (before, after) = (entries(&old), entries(&new));
    let nothing = json!({});
    let algorithm = |entry: &Value| entry.get("header").and_then(|header| header.get("alg")).cloned();
    let is_readable = |entry: &Value| {
        let key = entry.get("encrypted_key").map_or(Some(""), Value::as_str);
        key.is_some_and(|key| base64url::decode(key).faults.is_empty())
    };
    let protected = new.get("protected").and_then(Value::as_str).unwrap_or_default();
    let has_header = |entry: &Value| {
        let others = [new.get("unprotected").unwrap_or(&nothing), entry.get("header").unwrap_or(&nothing)];
        is_allowed(protected, &others)
    };
    // Where a part is no part at all, the whole is no token; the first recipient's header is read with it.
    if !after.iter().all(is_readable) || !after.first().is_some_and(has_header) {
        return Expected::Refused;
    }
    let is_good = |entry: &Value| {
        has_header(entry)
            && before
                .iter()
                .any(|one| one.get("encrypted_key") == entry.get("encrypted_key") && algorithm(one) == algorithm(entry))
    };
    only(after.iter().map(is_good).collect(), before.len())
}

fn only(good: Vec<bool>, count: usize) -> Expected {
    match good.iter().filter(|good| **good).count() {
        0 => Expected::Refused,
        all if all == good.len() && all == count => Expected::Same,
        _ => Expected::Only((0..good.len()).filter(|index| good[*index]).collect()),
    }
}

/// Whether headers may stand beside a protected one: objects, without what must be protected, and with no name twice.
fn is_allowed(protected: &str, others: &[&Value]) -> bool {
    let protected: Value = serde_json::from_slice(&base64url::decode(protected).bytes).unwrap_or_default();
    let mut names: Vec<&String> = protected.as_object().iter().flat_map(|header| header.keys()).collect();
    others.iter().all(|header| {
        let Some(header) = header.as_object() else { return false };
        header.keys().all(|name| {
            let is_new = !names.contains(&name) && !["crit", "b64", "zip"].contains(&name.as_str());
            names.push(name);
            is_new
        })
    })
}
