//! Choosing the key that can have signed a token, with reasons.
//!
//! The rules are those of [RFC 7517 §4](https://www.rfc-editor.org/rfc/rfc7517#section-4) read strictly: a key that
//! says what it is for is used for nothing else. A `kid` only narrows the choice; it never makes a key fit.

use super::{Key, Material, code, weak};
use crate::finding::{Fact, Finding};
use crate::jose::algorithm::{Algorithm, Curve};
use crate::json::Document;
use crate::order;
use crate::report::KeySource;

/// The keys to try, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// Indices of the keys that fit, the most promising first. Each is worth a try.
    pub candidates: Vec<usize>,
    /// Which key was chosen and why, and why the others were not.
    pub findings: Vec<Finding>,
}

/// Chooses among keys for a token with this header. Without keys there is nothing to say and no finding.
///
/// A key from a published set fits only under the token's `kid`, when the token has one. A key that the user pasted is
/// tried even under another name as long as no key has the right one: who pastes a single key wants it tried.
pub fn select(keys: &[Key], header: &Document, algorithm: &Algorithm) -> Selection {
    let mut selection = Selection::default();
    if keys.is_empty() {
        return selection;
    }
    let misfits: Vec<Option<Misfit>> = keys.iter().map(|key| misfit(key, algorithm)).collect();
    let fitting: Vec<usize> = (0..keys.len()).filter(|index| matches!(misfits.get(*index), Some(None))).collect();
    let kid = header.string("kid");
    selection.candidates = narrow(keys, fitting.clone(), kid, &misfits, &mut selection.findings);
    let rank = |index: &usize| keys.get(*index).map_or(0, |key| rank(key, kid));
    order::sort(&mut selection.candidates, |one, other| rank(one) < rank(other));

    verdict(keys, kid, algorithm, &fitting, &mut selection);
    for (misfit, code, expected) in [
        (Misfit::Type, code::OTHER_TYPE, algorithm.key_type),
        (Misfit::Curve, code::OTHER_CURVE, algorithm.curve.unwrap_or("Ed25519")),
        (Misfit::Algorithm, code::OTHER_ALGORITHM, algorithm.name),
        (Misfit::Use, code::OTHER_USE, "sig"),
        (Misfit::Operations, code::OTHER_OPERATIONS, "verify"),
    ] {
        let names = names(keys, (0..keys.len()).filter(|index| misfits.get(*index) == Some(&Some(misfit))));
        if !names.is_empty() {
            let finding = Finding::info(code, "/keys").with("keys", Fact::List(names));
            selection.findings.push(finding.text("needed", expected).text("algorithm", algorithm.name));
        }
    }
    for index in &selection.candidates {
        if let Some(key) = keys.get(*index) {
            selection.findings.extend(remarks(key, name(keys, *index), algorithm));
        }
    }
    selection
}

/// Why a key cannot have signed the token, whatever it is called. The first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Misfit {
    Type,
    Curve,
    Algorithm,
    Use,
    Operations,
}

fn misfit(key: &Key, algorithm: &Algorithm) -> Option<Misfit> {
    if key.material.key_type() != algorithm.key_type {
        return Some(Misfit::Type);
    }
    let curve_fits = match (key.material.curve(), algorithm.curve) {
        (Some(found), Some(expected)) => found == expected,
        // `EdDSA` leaves the curve to the key, but a curve for key agreement signs nothing.
        (Some(found), None) => Curve::named(found).is_some_and(|curve| curve.signature_length > 0),
        (None, _) => true,
    };
    if !curve_fits {
        return Some(Misfit::Curve);
    }
    if key.algorithm.as_deref().is_some_and(|name| name != algorithm.name && !is_alias(name, key, algorithm)) {
        return Some(Misfit::Algorithm);
    }
    // A key of this type is for the one algorithm of its parameters.
    if matches!(&key.material, Material::AlgorithmKeyPair { algorithm: own, .. } if own != algorithm.name) {
        return Some(Misfit::Algorithm);
    }
    if key.public_key_use.as_deref().is_some_and(|usage| usage != "sig") {
        return Some(Misfit::Use);
    }
    let operations = key.key_operations.as_deref();
    // A private key that was pasted whole is labelled for its other half.
    let verifies = |one: &String| one == "verify" || one == "sign" && is_given(key);
    operations.is_some_and(|operations| !operations.iter().any(verifies)).then_some(Misfit::Operations)
}

/// Whether the key's `alg` is another name for the token's: RFC 9864 §2.2 gives `Ed25519` a name of its own, which
/// until then was `EdDSA` with that curve.
fn is_alias(name: &str, key: &Key, algorithm: &Algorithm) -> bool {
    let narrow = |row: &Algorithm, wide: &str| row.also == Some(wide) && row.curve == key.material.curve();
    narrow(algorithm, name) || Algorithm::named(name).is_some_and(|row| narrow(row, algorithm.name))
}

/// Whether the user gave this key, as against a published set.
fn is_given(key: &Key) -> bool {
    matches!(key.source, KeySource::Pasted | KeySource::Secret)
}

/// Narrows the fitting keys by the token's `kid`.
fn narrow(
    keys: &[Key],
    mut fitting: Vec<usize>,
    kid: Option<&str>,
    misfits: &[Option<Misfit>],
    findings: &mut Vec<Finding>,
) -> Vec<usize> {
    let Some(kid) = kid else { return fitting };
    let is_named = |key: &Key| key.kid.as_deref() == Some(kid);
    let key = |index: &usize| keys.get(*index);
    let matched = fitting.iter().filter_map(key).any(is_named);
    let stays =
        |index: &usize| key(index).is_some_and(|key| is_named(key) || is_given(key) && (!matched || key.kid.is_none()));
    let others: Vec<usize> = fitting.iter().copied().filter(|index| !stays(index)).collect();
    fitting.retain(stays);
    if matched {
        // Which of them is meant nothing says, and one of the two may be another's.
        let mut named = fitting.iter().filter_map(key).filter(|key| is_named(key));
        if let Some(first) = named.next()
            && named.any(|other| other.material != first.material)
        {
            findings.push(Finding::error(code::KID_AMBIGUOUS, "/header/kid").text("kid", kid));
        }
        let others = names(keys, others.into_iter());
        if !others.is_empty() {
            let finding = Finding::info(code::OTHER_KID, "/keys").with("keys", Fact::List(others));
            findings.push(finding.text("kid", kid));
        }
        return fitting;
    }
    let unfit = (0..keys.len())
        .any(|index| misfits.get(index).is_some_and(Option::is_some) && keys.get(index).is_some_and(is_named));
    let known: Vec<String> = keys.iter().filter_map(|key| key.kid.clone()).collect();
    if unfit {
        findings.push(severity(keys, code::KID_MISFIT).text("kid", kid));
    } else if fitting.iter().filter_map(key).any(|key| key.kid.is_some()) {
        let finding = Finding::info(code::KID_DIFFERS, "/header/kid").text("found", kid);
        findings.push(finding.with("expected", Fact::List(known)));
    } else if known.is_empty() && !keys.iter().all(is_given) {
        findings.push(Finding::error(code::KIDS_MISSING, "/header/kid").text("kid", kid));
    } else if !keys.iter().all(is_given) {
        let finding = Finding::error(code::KID_UNKNOWN, "/header/kid").text("found", kid);
        findings.push(finding.with("expected", Fact::List(known)));
    }
    fitting
}

/// Lower is more promising: the right name first, then keys that say what they are for.
fn rank(key: &Key, kid: Option<&str>) -> usize {
    let named = kid.is_some() && key.kid.as_deref() == kid;
    let labels = usize::from(key.algorithm.is_some()) + usize::from(key.public_key_use.is_some());
    if named { 2 - labels } else { 5 - labels }
}

/// Says which key was chosen, that several fit, or that none does.
fn verdict(keys: &[Key], kid: Option<&str>, algorithm: &Algorithm, fitting: &[usize], selection: &mut Selection) {
    let finding = match selection.candidates.as_slice() {
        [] => {
            // The `kid` alone was at fault, and that has been said.
            if !fitting.is_empty() {
                let codes = [code::KID_UNKNOWN, code::KIDS_MISSING, code::KID_MISFIT];
                let said = |finding: &Finding| codes.contains(&finding.code);
                if selection.findings.iter().any(said) {
                    return;
                }
            }
            let only = |secret: bool| keys.iter().all(|key| matches!(key.material, Material::Octets(_)) == secret);
            let code = match algorithm.key_type {
                "oct" if only(false) => code::HMAC_WITH_PUBLIC_KEY,
                _ if only(true) => code::SECRET_FOR_PUBLIC_KEY,
                _ => code::NONE_FITS,
            };
            severity(keys, code).with("count", Fact::Count(keys.len() as u64)).text("type", algorithm.key_type)
        }
        [only] => {
            let named = kid.is_some() && keys.get(*only).is_some_and(|key| key.kid.as_deref() == kid);
            let code = if named { code::CHOSEN_BY_KID } else { code::CHOSEN };
            Finding::ok(code, "/keys").text("key", name(keys, *only))
        }
        several => {
            let names = names(keys, several.iter().copied());
            let finding = Finding::info(code::SEVERAL_FIT, "/keys").with("keys", Fact::List(names));
            finding.with("count", Fact::Count(several.len() as u64))
        }
    };
    selection.findings.insert(0, finding.text("algorithm", algorithm.name));
}

/// No key in a published set is a failed check; a wrong key in the user's hand only leaves the question open.
fn severity(keys: &[Key], code: crate::finding::Code) -> Finding {
    match keys.iter().all(is_given) {
        true => Finding::warning(code, "/keys"),
        false => Finding::error(code, "/keys"),
    }
}

/// What is worth knowing about a key that is about to be tried.
fn remarks(key: &Key, name: String, algorithm: &Algorithm) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some(label) = key.algorithm.as_deref().filter(|label| *label != algorithm.name) {
        let finding = Finding::info(code::ALGORITHM_ALIAS, "/keys").text("key", name.clone());
        findings.push(finding.text("label", label).text("algorithm", algorithm.name));
    }
    let bits = key.material.bits();
    // That a secret is too short for every algorithm was said when it was read.
    let said = key.source == KeySource::Secret && bits < super::secret::SHORTEST_BITS;
    if bits < algorithm.minimum_key_bits && !said {
        let finding = match key.material {
            // Short secrets are common in development, and most libraries take them. A key that says what it is for and is
            // too small for that is another matter.
            Material::Octets(_) if key.algorithm.is_none() => Finding::warning(code::TOO_SMALL, "/keys"),
            _ => Finding::error(code::TOO_SMALL, "/keys"),
        };
        let finding = finding.text("key", name.clone()).text("algorithm", algorithm.name);
        let finding = finding.with("bits", Fact::Count(bits as u64));
        findings.push(finding.with("needed", Fact::Count(algorithm.minimum_key_bits as u64)));
    }
    if let Material::Rsa { modulus, .. } = &key.material
        && weak::is_roca(modulus, bits)
    {
        findings.push(Finding::error(code::ROCA, "/keys").text("key", name));
    }
    findings
}

fn names(keys: &[Key], indices: impl Iterator<Item = usize>) -> Vec<String> {
    indices.map(|index| name(keys, index)).collect()
}

fn name(keys: &[Key], index: usize) -> String {
    keys.get(index).map(Key::name).unwrap_or_default()
}
