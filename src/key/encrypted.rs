//! Private keys under a password: PKCS #8 with PBES2 ([RFC 8018 §6.2](https://www.rfc-editor.org/rfc/rfc8018#section-6.2)).
//!
//! Opening one takes two primitives, which are asked for one after the other. What tools write by default today is opened;
//! what takes a primitive that no browser has is named.

use super::der::{self, Element, INTEGER, OBJECT_IDENTIFIER, OCTET_STRING, Refusal, SEQUENCE, Structure};
use super::details::code;
use super::jwk::Jwk;
use super::{Material, Place, Watcher, code as key_code, export, read_watched, ssh};
use crate::crypto::operation::{Operation, Operations, Outcome};
use crate::finding::{Fact, Finding};
use crate::json::{self, Value, quoted};
use crate::report::KeySource;

/// How many encrypted keys of one text are opened: each takes as long as its iterations.
const MOST_OPENED: usize = 4;

/// The most iterations that are carried out: some seconds.
const MOST_ITERATIONS: u32 = 10_000_000;

const PBES2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0d";
const PBKDF2: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0c";

/// HMAC with the hash of that name, as WebCrypto has it.
const PSEUDORANDOM_FUNCTIONS: [(&[u8], &str); 4] = [
    (b"\x2a\x86\x48\x86\xf7\x0d\x02\x07", "SHA-1"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x02\x09", "SHA-256"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x02\x0a", "SHA-384"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x02\x0b", "SHA-512"),
];

/// AES in CBC mode, with keys of so many bytes.
const CIPHERS: [(&[u8], usize); 3] = [
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x02", 16),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x16", 24),
    (b"\x60\x86\x48\x01\x65\x03\x04\x01\x2a", 32),
];

/// Ways to encrypt that are known and not carried out.
const NAMES: [(&[u8], &str); 7] = [
    (b"\x2a\x86\x48\x86\xf7\x0d\x03\x07", "Triple DES"),
    (b"\x2b\x06\x01\x04\x01\xda\x47\x04\x0b", "scrypt"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x03", "MD5 and DES"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0a", "SHA-1 and DES"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x03", "SHA-1 and Triple DES"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x01\x0c\x01\x06", "SHA-1 and RC2"),
    (b"\x2a\x86\x48\x86\xf7\x0d\x02\x08", "HMAC with SHA-224"),
];

/// Whether a text has a private key under a password.
pub fn is_encrypted(text: &str) -> bool {
    let mut found = Found::default();
    let reading = read_watched(text, KeySource::Pasted, Some(&mut found));
    !found.structures.is_empty()
        || found.ciphers > 0
        || reading.findings.iter().any(|finding| finding.code == key_code::PRIVATE_ENCRYPTED)
}

/// Opens the private keys of a text that are under a password: their PKCS #8 as PEM, once every primitive was carried out;
/// which primitives to carry out; and what is worth knowing. A text without such keys gives nothing.
pub fn open(text: &str, password: &str, operations: &Operations) -> (Option<String>, Vec<Operation>, Vec<Finding>) {
    let mut found = Found::default();
    let reading = read_watched(text, KeySource::Pasted, Some(&mut found));
    let (mut opened, mut asked, mut findings) = (String::new(), Vec::new(), Vec::new());
    for (name, bytes) in found.structures.iter().take(MOST_OPENED) {
        match one(bytes, password, operations) {
            Ok(Ok(bytes)) => opened.push_str(&export::armoured("PRIVATE KEY", &bytes)),
            Ok(Err(operation)) => asked.push(operation),
            Err(finding) => findings.push(finding.text("key", name.as_str())),
        }
    }
    if found.ciphers > 0 {
        findings.push(Finding::warning(code::ENCRYPTED_SSH, "/keys"));
    }
    // Those of the old kind say it in a line before the key.
    let said = reading.findings.iter().filter(|finding| finding.code == key_code::PRIVATE_ENCRYPTED).count();
    if said > 0 {
        findings.push(Finding::warning(code::ENCRYPTED_TRADITIONAL, "/keys"));
    }
    (Some(opened).filter(|opened| !opened.is_empty()), asked, findings)
}

/// The same text with what the password opens beside it, in a form that [`key::read`](super::read) and
/// [`private::read`](super::private::read) take: behind PEM more PEM, in a JSON object of PEM texts each key at its own name.
pub fn unlock(text: &str, password: &str, operations: &Operations) -> (Option<String>, Vec<Operation>, Vec<Finding>) {
    let trimmed = text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
    let document = json::read(trimmed.as_bytes().to_vec());
    let members = document.root.as_ref().map(Value::members).unwrap_or_default();
    if members.is_empty() {
        let (opened, asked, findings) = open(text, password, operations);
        return (opened.map(|opened| [text, "\n", &opened].concat()), asked, findings);
    }
    let (mut unlocked, mut asked, mut findings) = (String::new(), Vec::new(), Vec::new());
    let mut at = 0;
    for member in members.iter().filter(|member| member.value.as_str().is_some_and(is_encrypted)).take(MOST_OPENED) {
        let own = member.value.as_str().unwrap_or_default();
        let (opened, operations, found) = open(own, password, operations);
        asked.extend(operations);
        findings.extend(found.into_iter().map(|mut finding| {
            // Alone, each of them is the first.
            for (_, fact) in finding.evidence.iter_mut().filter(|(name, _)| *name == "key") {
                *fact = Fact::Text(member.name.clone());
            }
            finding
        }));
        if let Some(opened) = opened {
            unlocked.push_str(trimmed.get(at..member.value.span.start).unwrap_or_default());
            unlocked.push_str(&quoted(&[own, "\n", &opened].concat()));
            at = member.value.span.end;
        }
    }
    unlocked.push_str(trimmed.get(at..).unwrap_or_default());
    (Some(unlocked).filter(|_| at > 0), asked, findings)
}

/// The encrypted keys of a text.
#[derive(Default)]
struct Found {
    structures: Vec<(String, Vec<u8>)>,
    /// How many keys of OpenSSH's own format are encrypted.
    ciphers: usize,
}

impl Watcher for Found {
    fn jwk(&mut self, _: &mut Jwk<'_, '_, '_>, _: &Material) {}

    fn structure(&mut self, recognised: &Structure, bytes: &[u8], place: &mut Place<'_, '_>) -> bool {
        if matches!(recognised.key, Err(Refusal::Encrypted)) {
            self.structures.push((place.name.to_owned(), bytes.to_vec()));
        } else if let Some((cipher, _)) = bytes.strip_prefix(ssh::PRIVATE_MAGIC).and_then(ssh::private)
            && cipher != b"none"
        {
            self.ciphers += 1;
        }
        true
    }
}

/// How one key is encrypted.
struct Scheme {
    hash: &'static str,
    salt: Vec<u8>,
    iterations: u32,
    key_length: usize,
    initialization_vector: Vec<u8>,
    data: Vec<u8>,
}

/// What it opens to, or the primitive that is missing.
fn one(bytes: &[u8], password: &str, operations: &Operations) -> Result<Result<Vec<u8>, Operation>, Finding> {
    let scheme = scheme(bytes)?;
    if password.is_empty() {
        return Err(Finding::info(code::PASSWORD_MISSING, "/keys"));
    }
    let derive = Operation::Derive {
        hash: scheme.hash,
        password: password.as_bytes().to_vec(),
        salt: scheme.salt,
        iterations: scheme.iterations,
        length: scheme.key_length,
    };
    let Some(key) = carried_out(&derive, operations)? else { return Ok(Err(derive)) };
    let decrypt =
        Operation::CbcDecrypt { key, initialization_vector: scheme.initialization_vector, data: scheme.data.into() };
    let Some(opened) = carried_out(&decrypt, operations)? else { return Ok(Err(decrypt)) };
    // With a wrong password the padding looks right once in 256 times.
    match der::recognise(&opened) {
        Ok(structure) if structure.is_private => Ok(Ok(opened)),
        _ => Err(Finding::warning(code::PASSWORD_WRONG, "/keys")),
    }
}

/// The bytes that came of it; `None` where it has not been carried out.
fn carried_out(operation: &Operation, operations: &Operations) -> Result<Option<Vec<u8>>, Finding> {
    match operations.outcome(operation) {
        None => Ok(None),
        Some(Outcome::Bytes(bytes)) => Ok(Some(bytes.clone())),
        Some(Outcome::Failed | Outcome::KeyRefused(_)) => Err(Finding::warning(code::PASSWORD_WRONG, "/keys")),
        Some(Outcome::Unsupported | Outcome::Unavailable) => Err(unsupported(operation.name())),
    }
}

fn unsupported(algorithm: &str) -> Finding {
    Finding::warning(code::ENCRYPTED_UNSUPPORTED, "/keys").text("algorithm", algorithm)
}

/// Reads EncryptedPrivateKeyInfo ([RFC 5958 §3](https://www.rfc-editor.org/rfc/rfc5958#section-3)).
fn scheme(bytes: &[u8]) -> Result<Scheme, Finding> {
    let broken = || Finding::warning(code::ENCRYPTED_BROKEN, "/keys");
    let outer = der::sequence(bytes).ok_or_else(broken)?;
    let [algorithm, data] = outer.as_slice() else { return Err(broken()) };
    let parameters = named(algorithm, PBES2).map_err(|name| name.map_or_else(broken, |name| unsupported(&name)))?;
    let parameters = parameters.filter(|parameters| parameters.tag == SEQUENCE).ok_or_else(broken)?;
    let children = der::elements(parameters.content).ok_or_else(broken)?;
    let [derivation, cipher] = children.as_slice() else { return Err(broken()) };

    let parameters = named(derivation, PBKDF2).map_err(|name| name.map_or_else(broken, |name| unsupported(&name)))?;
    let children = parameters.and_then(|parameters| der::elements(parameters.content)).ok_or_else(broken)?;
    let [salt, iterations, rest @ ..] = children.as_slice() else { return Err(broken()) };
    let function = rest.iter().find(|element| element.tag == SEQUENCE);
    let hash = match function {
        None => "SHA-1",
        Some(function) => {
            let (identifier, _) = identified(function).ok_or_else(broken)?;
            let row = PSEUDORANDOM_FUNCTIONS.iter().find(|(known, _)| *known == identifier);
            row.ok_or_else(|| unsupported(&name(identifier)))?.1
        }
    };
    let (identifier, vector) = identified(cipher).ok_or_else(broken)?;
    let row = CIPHERS.iter().find(|(known, _)| *known == identifier);
    let (_, key_length) = row.ok_or_else(|| unsupported(&name(identifier)))?;
    let vector = vector.filter(|vector| vector.tag == OCTET_STRING && vector.content.len() == 16).ok_or_else(broken)?;
    let whole = !data.content.is_empty() && data.content.len().is_multiple_of(16);
    if salt.tag != OCTET_STRING || iterations.tag != INTEGER || !whole {
        return Err(broken());
    }
    let count = iterations.content.iter().fold(0_u64, |count, byte| count.saturating_mul(256) | u64::from(*byte));
    let iterations = u32::try_from(count).ok().filter(|count| (1..=MOST_ITERATIONS).contains(count));
    let iterations = iterations.ok_or_else(|| {
        let finding = Finding::warning(code::ENCRYPTED_ITERATIONS, "/keys").with("count", Fact::Count(count));
        finding.with("most", Fact::Count(u64::from(MOST_ITERATIONS)))
    })?;
    Ok(Scheme {
        hash,
        salt: salt.content.to_vec(),
        iterations,
        key_length: *key_length,
        initialization_vector: vector.content.to_vec(),
        data: data.content.to_vec(),
    })
}

/// The parameters of an algorithm that has to be this one; else the name of what it is, where it has one.
fn named<'a>(algorithm: &Element<'a>, expected: &[u8]) -> Result<Option<Element<'a>>, Option<String>> {
    match identified(algorithm) {
        Some((identifier, parameters)) if identifier == expected => Ok(parameters),
        Some((identifier, _)) => Err(Some(name(identifier))),
        None => Err(None),
    }
}

fn identified<'a>(algorithm: &Element<'a>) -> Option<(&'a [u8], Option<Element<'a>>)> {
    let children = der::elements(algorithm.content)?;
    let identifier = children.first().filter(|first| first.tag == OBJECT_IDENTIFIER)?;
    Some((identifier.content, children.get(1).copied()))
}

fn name(identifier: &[u8]) -> String {
    let known = NAMES.iter().find(|(known, _)| *known == identifier);
    known.map_or_else(|| der::dotted(identifier), |(_, name)| (*name).to_owned())
}
