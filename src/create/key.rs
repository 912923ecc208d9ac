//! The key that someone gave: a private key in any form, or a secret.

use super::{code, fits};
use crate::crypto::operation::{Operation, Operations};
use crate::finding::{Fact, Finding, Severity};
use crate::jose::algorithm::Algorithm;
use crate::jose::encryption::{self, KeyManagement};
use crate::json;
use crate::key::{self, Key, Material, PrivateKey, SecretEncoding, encrypted, private};
use crate::report::KeySource;

/// What someone gave to sign with.
#[derive(Clone, Copy)]
pub enum KeyChoice<'a> {
    /// A shared secret, and how its text stands for its bytes.
    Secret(&'a str, SecretEncoding),
    /// A text with keys, in any form.
    Text(&'a str),
}

/// Reads the key to sign with, and what is worth knowing about what was given. Of several keys it is the one that the
/// header names, else the first that can sign, for `algorithm` where one was chosen.
pub fn read_key(
    choice: KeyChoice<'_>,
    header: &str,
    algorithm: Option<&Algorithm>,
) -> (Option<PrivateKey>, Vec<Finding>) {
    match choice {
        KeyChoice::Secret("", _) => (None, vec![Finding::info(code::SECRET_MISSING, "/keys")]),
        KeyChoice::Secret(text, encoding) => {
            let reading = key::read_secret(text, encoding);
            let octets = reading.keys.into_iter().find_map(|key| match key.material {
                Material::Octets(octets) => {
                    Some(PrivateKey { kid: key.kid, algorithm: key.algorithm, ..PrivateKey::shared(octets) })
                }
                _ => None,
            });
            // How long it must be depends on the algorithm, and is told by `check_key`.
            let findings = reading.findings.into_iter().filter(|finding| finding.code != key::code::SECRET_SHORT);
            (octets, findings.collect())
        }
        KeyChoice::Text(text) if text.trim().is_empty() => (None, vec![Finding::info(code::KEY_MISSING, "/keys")]),
        KeyChoice::Text(text) => read_text(text, header, algorithm),
    }
}

/// As [`read_key`] of a text, in which keys may be under a password. What has to be carried out to open them is asked
/// for; while that is not answered they count as closed.
pub fn read_locked(
    text: &str,
    password: &str,
    header: &str,
    algorithm: Option<&Algorithm>,
    operations: &Operations,
) -> (Option<PrivateKey>, Vec<Finding>, Vec<Operation>) {
    let (unlocked, asked, opened) = encrypted::unlock(text, password, operations);
    let (key, mut findings) = read_key(KeyChoice::Text(unlocked.as_deref().unwrap_or(text)), header, algorithm);
    // That there is a password is said by whoever tried it.
    findings.retain(|finding| finding.code != key::code::PRIVATE_ENCRYPTED);
    if key.is_none() && !(opened.is_empty() && asked.is_empty()) {
        findings.clear();
    }
    findings.extend(opened);
    (key, findings, asked)
}

/// Reads the public key to encrypt for, and what is worth knowing about what was given: the first one that `algorithm`
/// takes.
pub fn read_recipient(text: &str, algorithm: Option<&KeyManagement>) -> (Option<Key>, Vec<Finding>) {
    if text.trim().is_empty() {
        return (None, vec![Finding::info(code::RECIPIENT_MISSING, "/keys")]);
    }
    let key::Reading { mut keys, mut findings } = key::read(text, KeySource::Pasted);
    if keys.is_empty() {
        let completed = key::complete(text, &Operations::default());
        keys = key::read(&completed.pem, KeySource::Pasted).keys;
        if !keys.is_empty() || completed.is_instead {
            findings = completed.findings;
        }
    }
    let fits = |key: &Key| {
        let agrees = |curve| encryption::agreement_curve(curve).is_some();
        let takes = |algorithm: &KeyManagement| algorithm.key_types.contains(&key.material.key_type());
        algorithm.is_none_or(takes) && key.material.curve().is_none_or(agrees)
    };
    let first = keys.first().map(|key| key.material.description());
    let chosen = keys.into_iter().find(fits);
    if chosen.is_none() && findings.iter().all(|finding| finding.severity != Severity::Error) {
        findings.push(match (first, algorithm) {
            (Some(first), Some(algorithm)) => Finding::error(code::KEY_UNFIT, "/keys")
                .text("algorithm", algorithm.name)
                .text("needed", algorithm.key_types.first().copied().unwrap_or_default())
                .text("key", first),
            _ => Finding::error(code::RECIPIENT_UNREAD, "/keys"),
        });
    }
    (chosen, findings)
}

fn read_text(text: &str, header: &str, algorithm: Option<&Algorithm>) -> (Option<PrivateKey>, Vec<Finding>) {
    let private::Reading { mut keys, mut findings } = private::read(text);
    // What stands in the place of a text of another form.
    let mut instead = None;
    if keys.is_empty() {
        let completed = key::complete(text, &Operations::default());
        if completed.is_instead {
            keys = private::read(&completed.pem).keys;
            findings = completed.findings;
            instead = Some(completed.pem);
        }
    }
    if keys.is_empty() {
        // What to paste instead is another thing here than for verifying.
        findings.retain(|finding| finding.code != key::code::NOT_RECOGNISED);
        let public = key::read(instead.as_deref().unwrap_or(text), KeySource::Pasted);
        let code = if public.keys.is_empty() { code::KEY_UNREAD } else { code::KEY_PUBLIC };
        if instead.is_none() && findings.iter().all(|finding| finding.severity != Severity::Error) {
            findings = if public.keys.is_empty() { public.findings } else { Vec::new() };
            findings.retain(|finding| finding.code != key::code::NOT_RECOGNISED);
        }
        if findings.iter().all(|finding| finding.severity != Severity::Error) {
            findings.insert(0, Finding::error(code, "/keys"));
        }
        return (None, findings);
    }
    let count = keys.len();
    let document = json::read(header.as_bytes().to_vec());
    let named = document.string("kid");
    let is_named = |key: &&PrivateKey| named.is_some() && key.kid.as_deref() == named;
    let can = |key: &&PrivateKey| match algorithm {
        Some(algorithm) => fits(algorithm, &key.public),
        None => super::algorithms_of(&key.public).next().is_some(),
    };
    let fitting = keys.iter().find(|key| can(key));
    let chosen = keys.iter().find(|key| is_named(key) && can(key)).or(fitting).or(keys.first()).cloned();
    if count > 1 {
        findings.push(Finding::info(code::KEY_SEVERAL, "/keys").with("count", Fact::Count(count as u64)));
    }
    (chosen, findings)
}
