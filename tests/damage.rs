//! Random damage to valid objects of every kind: none verifies, none opens, none is accepted, and none stops the page.
//!
//! Every object is shown to be good first. Damage that leaves what was signed or encrypted as it was, such as a changed
//! header that nothing protects, has an exact expectation of its own: see `support/damages.rs`.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "the helpers of tests are tests too")]
#![cfg(not(target_arch = "wasm32"))]

#[path = "support/damages.rs"]
mod damages;
#[path = "support/dice.rs"]
mod dice;
#[path = "support/jwe.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod jwe;
#[path = "support/objects.rs"]
mod objects;
#[path = "support/oracle.rs"]
#[allow(dead_code, reason = "other tests use the rest")]
mod oracle;
use oracle::primitives;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use damages::{Damage, Expected, damaged, rewritten};
use dice::Dice;
use objects::{Form, Object, object};
use serde_json::Value;
use tokenscope::claims::Expectations;
use tokenscope::decryption::Status;
use tokenscope::finding::Severity;
use tokenscope::inspect::Options;
use tokenscope::jose::base64url;
use tokenscope::report::{SignatureStatus, Token, Verdict};
use tokenscope::time::Time;
use tokenscope::why::{Choices, Explained};

const NOW: Time = Time::from_seconds(1_795_183_392);

/// How many valid objects are damaged: in the long run all of them.
fn how_many() -> usize {
    if std::env::var_os("TOKENSCOPE_LONG").is_some() { 5_000 } else { 1_000 }
}

/// How many times each was damaged in which way, and what was wrong.
#[derive(Default)]
struct Tally {
    counts: BTreeMap<(Form, &'static str, &'static str), usize>,
    wrong: Vec<String>,
}

#[test]
fn no_damaged_object_verifies_opens_or_is_accepted() {
    let seed: u64 = std::env::var("TOKENSCOPE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_120);
    let begun = std::time::Instant::now();
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let objects: Vec<Object> = in_parallel(threads, object);
    let texts: BTreeSet<&str> = objects.iter().map(|object| object.text.as_str()).collect();
    assert_eq!(texts.len(), objects.len(), "some objects are the same");
    let made = begun.elapsed();
    let tallies = in_parallel(threads, |number| check(&objects, number, seed));
    let mut all = Tally::default();
    for tally in tallies {
        for (key, count) in tally.counts {
            *all.counts.entry(key).or_default() += count;
        }
        all.wrong.extend(tally.wrong);
    }
    println!("{}", table(&all));
    let harmed = all.counts.iter().filter(|((.., class), _)| !["means the same", "undisclosed"].contains(class));
    let harmed: usize = harmed.map(|(_, count)| count).sum();
    println!("{} objects, made in {made:.1?}; all in {:.1?}; seed {seed}", objects.len(), begun.elapsed());
    assert!(harmed >= objects.len() || !all.wrong.is_empty(), "only {harmed} were damaged");
    let some: Vec<&str> = all.wrong.iter().take(12).map(String::as_str).collect();
    assert!(all.wrong.is_empty(), "{} wrong, among them:\n{}", all.wrong.len(), some.join("\n"));
}

/// Found by the law above: the encrypted keys of all recipients but the first were read leniently.
#[test]
fn an_encrypted_key_that_is_no_base64url_stops_all() {
    let object = (0..200).map(object).find(|object| object.form == Form::GeneralEncrypted).unwrap();
    for change in [|key: &str| Value::from(format!("{key}=")), |_: &str| Value::from(7), |_: &str| Value::from("A")] {
        let mut token: Value = serde_json::from_str(&object.text).unwrap();
        let key = &mut token["recipients"][1]["encrypted_key"];
        *key = change(key.as_str().unwrap());
        let explained = explained(&object, &token.to_string(), None);
        let token = &explained.report.tokens[0];
        assert!(!is_trusted(token));
        let codes: Vec<&str> = token.findings.iter().map(|finding| finding.code.0).collect();
        let says = |code: &&str| code.starts_with("jose.") && *code != "jose.encrypted";
        assert!(codes.iter().any(says), "{codes:?}");
    }
}

/// One value for each number, made by several threads.
fn in_parallel<T: Send>(threads: usize, make: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let make = &make;
    let count = how_many();
    let mut values: Vec<(usize, T)> = std::thread::scope(|scope| {
        let part =
            |first: usize| (first..count).step_by(threads).map(|number| (number, make(number))).collect::<Vec<_>>();
        let running: Vec<_> = (0..threads).map(|first| scope.spawn(move || part(first))).collect();
        running.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    values.sort_by_key(|(number, _)| *number);
    values.into_iter().map(|(_, value)| value).collect()
}

/// Shows that an object is good, damages it, and shows what came of it.
fn check(objects: &[Object], number: usize, seed: u64) -> Tally {
    let object = &objects[number];
    let mut dice = Dice::new(seed.wrapping_mul(0x9e37).wrapping_add(number as u64));
    let mut tally = Tally::default();
    let before = explained(object, &object.text, object.beside.clone());
    if let Err(reason) = good(object, &before) {
        tally.wrong.push(format!("{:?} {}, not damaged: {reason}\n  {}", object.form, object.algorithms, object.text));
        return tally;
    }
    let same_form: Vec<&Object> =
        objects.iter().filter(|one| one.form == object.form && one.number != number).collect();
    let like = same_form[dice.below(same_form.len())];
    let other = &objects[dice.below(objects.len())];
    let mut damages = Vec::new();
    // What turns out to mean the same is held to that, and is no damage yet.
    while damages.iter().all(|damage: &Damage| matches!(damage.expected, Expected::Same | Expected::Discloses(_))) {
        damages.push(damaged(object, like, other, &mut dice));
    }
    if dice.once_in(5) {
        damages.push(rewritten(object, &mut dice));
    }
    for damage in damages {
        *tally.counts.entry((object.form, damage.name, class(&damage.expected))).or_default() += 1;
        let after = explained(object, &damage.text, damage.beside.clone());
        if let Err(reason) = judge(object, &damage, &before, &after) {
            let Damage { name, text, expected, .. } = &damage;
            let at = text.bytes().zip(object.text.bytes()).take_while(|(one, other)| one == other).count();
            let around =
                |text: &str| text.get(at.saturating_sub(40)..(at + 40).min(text.len())).unwrap_or_default().to_owned();
            tally.wrong.push(format!(
                "{number}, {:?} {}, {name}, expected {expected:?}: {reason}\n  at {at}: {}\n  was {}\n  {text}",
                object.form,
                object.algorithms,
                around(text),
                around(&object.text)
            ));
        }
    }
    tally
}

fn explained(object: &Object, text: &str, beside: Option<String>) -> Explained {
    let expectations = Expectations {
        issuers: vec!["https://issuer.example".to_owned()],
        audiences: vec!["https://api.example".to_owned()],
        ..Expectations::default()
    };
    let options =
        Options { keys: object.keys.clone(), secret: object.secret.clone(), expectations, ..Options::default() };
    // The doctor asks why a signature fails; here nobody does.
    let choices = Choices { detached_payload: beside, stopped: true, ..Choices::default() };
    oracle::explained(text, &options, &choices, NOW)
}

/// Which of its signatures, or recipients, are good.
fn statuses(token: &Token) -> Vec<bool> {
    let decryption = token.beyond.as_ref().and_then(|beyond| beyond.decryption.as_ref());
    match decryption {
        Some(decryption) => decryption.recipients.iter().map(|one| one.status == Status::Decrypted).collect(),
        None => token.signatures().iter().map(|one| one.status == SignatureStatus::Valid).collect(),
    }
}

fn is_trusted(token: &Token) -> bool {
    let decryption = token.beyond.as_ref().and_then(|beyond| beyond.decryption.as_ref());
    let is_open = decryption.is_some_and(|one| one.status == Status::Decrypted || one.plaintext.is_some());
    is_open
        || token.signature.status == SignatureStatus::Valid
        || statuses(token).contains(&true)
        || token.verdict == Verdict::Accepted
}

/// What was signed, or what came out.
fn content(token: &Token) -> Option<&[u8]> {
    let decryption = token.beyond.as_ref().and_then(|beyond| beyond.decryption.as_ref());
    match decryption {
        Some(decryption) => decryption.plaintext.as_deref(),
        None => token.payload.as_ref().map(|payload| payload.bytes.as_slice()),
    }
}

/// Whether an object that was not damaged is all that it should be.
fn good(object: &Object, explained: &Explained) -> Result<(), String> {
    let Some(token) = explained.report.tokens.first() else { return Err("no token".to_owned()) };
    let codes = || {
        token.findings.iter().filter(|one| one.severity == Severity::Error).map(|one| one.code.0).collect::<Vec<_>>()
    };
    ensure(statuses(token).iter().all(|good| *good) && !statuses(token).is_empty(), || {
        format!("{:?} {:?} {:?}", statuses(token), token.signature, codes())
    })?;
    ensure(content(token) == Some(object.content.as_bytes()), || "another content".to_owned())?;
    let is_json = object.content.starts_with('{');
    let expected = match object.form {
        Form::CompactEncrypted | Form::FlattenedEncrypted | Form::GeneralEncrypted | Form::Proof => Verdict::Undecided,
        _ if is_json || object.form == Form::Nested => Verdict::Accepted,
        _ => token.verdict,
    };
    ensure(token.verdict == expected, || format!("{:?} {:?}", token.verdict, codes()))?;
    if object.form == Form::Nested {
        let inside = explained.report.tokens.get(1).map(|one| (one.signature.status, one.verdict));
        ensure(inside == Some((SignatureStatus::Valid, Verdict::Accepted)), || format!("inside: {inside:?}"))?;
    }
    if object.form.is_disclosing() {
        discloses(object, token, &object.disclosing.1)?;
        let binding = object.disclosing.2.as_ref();
        let bound = explained.report.tokens.iter().find(|token| Some(&token.text) == binding);
        let is_good = bound.is_none_or(|token| token.signature.status == SignatureStatus::Valid);
        ensure(bound.is_some() == binding.is_some() && is_good, || "the binding".to_owned())?;
    }
    Ok(())
}

fn judge(object: &Object, damage: &Damage, before: &Explained, after: &Explained) -> Result<(), String> {
    let tokens = &after.report.tokens;
    let first = || tokens.first().ok_or_else(|| "no token".to_owned());
    let binding = object.disclosing.2.as_deref();
    // A token that binds an SD-JWT to a key is good by itself, and accepts nothing.
    let trusted = tokens.iter().filter(|token| {
        is_trusted(token) && (binding != Some(token.text.as_str()) || token.verdict == Verdict::Accepted)
    });
    let trusted: Vec<&str> = trusted.map(|token| token.text.as_str()).collect();
    let no_better = |token: &Token| {
        ensure(rank(token.verdict) <= rank(before.report.tokens[0].verdict), || format!("{:?}", token.verdict))
    };
    match &damage.expected {
        Expected::Refused => ensure(trusted.is_empty(), || format!("trusted: {trusted:?}")),
        Expected::Same => {
            let token = first()?;
            let old = &before.report.tokens[0];
            ensure(statuses(token) == statuses(old) && token.verdict == old.verdict, || {
                let codes: Vec<_> =
                    token.findings.iter().filter(|one| one.severity == Severity::Error).map(|one| one.code.0).collect();
                format!("{:?} {:?} {:?} {codes:?}", statuses(token), token.signature.status, token.verdict)
            })?;
            ensure(content(token) == content(old), || "another content".to_owned())
        }
        Expected::Only(good) => {
            let token = first()?;
            let found: Vec<usize> =
                statuses(token).iter().enumerate().filter(|(_, good)| **good).map(|(at, _)| at).collect();
            ensure(found == *good, || format!("good are {found:?}"))?;
            ensure(content(token) == Some(object.content.as_bytes()), || "another content".to_owned())?;
            no_better(token)
        }
        Expected::Discloses(disclosures) => {
            let token = first()?;
            ensure(token.signature.status == SignatureStatus::Valid, || format!("{:?}", token.signature.status))?;
            discloses(object, token, disclosures)?;
            no_better(token)
        }
        Expected::Rejected => {
            let token = first()?;
            // Of a binding whose algorithm is unknown, or not the key's, nothing is proved; and nothing is accepted.
            let is_unknown = |token: &Token| {
                matches!(token.signature.status, SignatureStatus::Unsupported | SignatureStatus::NotChecked)
            };
            let is_open = token.verdict == Verdict::Undecided && tokens[1..].iter().any(is_unknown);
            ensure(token.verdict == Verdict::Rejected || is_open, || format!("{:?}", token.verdict))?;
            ensure(tokens.iter().all(|token| token.verdict != Verdict::Accepted), || "one is accepted".to_owned())?;
            let bytes = content(token).unwrap_or_default();
            ensure(bytes == object.content.as_bytes(), || "another content".to_owned())
        }
        Expected::InsideRefused => {
            let token = first()?;
            ensure(statuses(token) == [true], || "it does not open".to_owned())?;
            ensure(token.verdict != Verdict::Accepted && !tokens[1..].iter().any(is_trusted), || {
                format!("trusted: {trusted:?}")
            })
        }
    }
}

/// Whether the processed payload is what these disclosures make of it, and nothing is wrong.
fn discloses(object: &Object, token: &Token, disclosures: &[String]) -> Result<(), String> {
    let mut expected: Value = serde_json::from_str(&object.content).unwrap();
    let members = expected.as_object_mut().unwrap();
    members.remove("_sd");
    members.remove("_sd_alg");
    for text in disclosures {
        let disclosure: Value = serde_json::from_slice(&base64url::decode(text).bytes).unwrap();
        members.insert(disclosure[1].as_str().unwrap().to_owned(), disclosure[2].clone());
    }
    let disclosure = token.beyond.as_ref().and_then(|beyond| beyond.disclosure.as_ref());
    let Some(disclosure) = disclosure else { return Err("no SD-JWT".to_owned()) };
    let processed: Value =
        serde_json::from_slice(disclosure.processed.as_deref().unwrap_or_default()).unwrap_or_default();
    ensure(processed == expected, || format!("processed: {processed}"))?;
    let errors: Vec<_> =
        disclosure.findings.iter().filter(|one| one.severity == Severity::Error).map(|one| one.code.0).collect();
    ensure(errors.is_empty(), || format!("{errors:?}"))
}

fn ensure(holds: bool, reason: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(reason()) }
}

fn rank(verdict: Verdict) -> usize {
    match verdict {
        Verdict::Rejected => 0,
        Verdict::Undecided => 1,
        Verdict::Accepted => 2,
    }
}

fn class(expected: &Expected) -> &'static str {
    match expected {
        Expected::Refused => "refused",
        Expected::Same => "means the same",
        Expected::Only(_) => "one of several refused",
        Expected::Discloses(_) => "undisclosed",
        Expected::Rejected => "rejected",
        Expected::InsideRefused => "refused inside",
    }
}

/// The counts, by form and by damage.
fn table(tally: &Tally) -> String {
    let mut text = String::new();
    let mut forms: BTreeMap<Form, BTreeMap<&str, usize>> = BTreeMap::new();
    let mut names: BTreeMap<&str, BTreeMap<&str, usize>> = BTreeMap::new();
    for ((form, name, class), count) in &tally.counts {
        *forms.entry(*form).or_default().entry(class).or_default() += count;
        *names.entry(name).or_default().entry(class).or_default() += count;
    }
    let line = |counts: &BTreeMap<&str, usize>| {
        counts.iter().map(|(class, count)| format!("{count} {class}")).collect::<Vec<_>>().join(", ")
    };
    for (form, counts) in &forms {
        writeln!(text, "{:>34}: {}", format!("{form:?}"), line(counts)).unwrap();
    }
    for (name, counts) in &names {
        writeln!(text, "{name:>34}: {}", line(counts)).unwrap();
    }
    text
}
