//! Encrypted tokens: from the serialisation to [`decryption`](crate::decryption), and what is made of what comes out.

use super::{Inner, Look, code, inside};
use crate::decryption::{self, Decryption, Encrypted, Openers, Recipient, Status, Step, decrypt_within};
use crate::finding::{Fact, Finding};
use crate::inspect::signature::critical;
use crate::jose::serialized::Serialized;
use crate::jose::{self, Jose, base64url};
use crate::json::{self, Value};
use crate::key::{self, Key, Material, PrivateKey};
use crate::report::{Beyond, KeySource, SegmentRole, Token, UsedKey};
use crate::why::Ask;

/// The keys that may open a token.
pub(super) struct Keys {
    keys: Vec<PrivateKey>,
    /// Public keys that were given.
    public: Vec<Key>,
}

/// For so many recipients decrypting is tried.
const MOST_RECIPIENTS: usize = 64;

impl Look<'_> {
    /// Decrypts a token as far as the answers allow. What comes out is its payload, or a token inside it.
    pub(super) fn decrypt(&mut self, token: &mut Token, beyond: &mut Beyond, mut findings: Vec<Finding>) -> Vec<Inner> {
        let serialized = Serialized::read(&token.text);
        let jose = jose::read(&token.text);
        let refusal = jose.header.as_ref().and_then(|header| critical(header, true)).map(|(_, finding)| finding);
        let decryption = if !jose.sound || !jose.canonical || refusal.is_some() {
            Decryption { status: Status::Failed, step: Some(Step::Header), ..Decryption::default() }
        } else {
            let encrypted = match &serialized {
                Some(serialized) => read_serialized(serialized, &jose),
                None => read_compact(&token.text, &jose),
            };
            let options = self.given.options;
            let (keys, operations) = self.keys();
            self.asks.extend(operations);
            let password = Some(options.secret.as_bytes()).filter(|secret| !secret.is_empty());
            let openers = Openers { keys: &keys.keys, password, public: &keys.public };
            let (decryption, operations) =
                decrypt_within(&encrypted, &openers, &self.answers.operations, &mut self.patience);
            self.openers = Some(keys);
            self.asks.extend(operations.into_iter().map(|operation| Ask::Operate(Box::new(operation))));
            decryption
        };
        // With several recipients each has an algorithm of its own, outside of what all of them share.
        let is_of_signatures = |finding: &&Finding| finding.code == jose::code::ALG_NOT_PROTECTED;
        findings.extend(jose.findings.iter().filter(|finding| !is_of_signatures(finding)).cloned());
        findings.extend(refusal);
        findings.extend(decryption.findings.iter().cloned());
        if let Some(code) = self.locked {
            let lacking = findings.iter_mut().filter(|finding| finding.code == decryption::code::NO_PRIVATE_KEY);
            lacking.for_each(|finding| finding.code = code);
        }
        let mut inner = Vec::new();
        if decryption.status == Status::Decrypted {
            findings.retain(|finding| finding.code != jose::code::ENCRYPTED);
            let plaintext = decryption.plaintext.as_deref().unwrap_or_default();
            inner.extend(inside::text(plaintext, jose.header.as_ref()));
            if let Some(inner) = inner.first() {
                findings.push(inside::finding(inner));
            } else {
                let document = json::read(plaintext.to_vec());
                if super::is_object(&document) {
                    jose::check_document("/payload", &document, &mut findings);
                    token.payload = Some(document);
                } else {
                    let count = Fact::Count(plaintext.len() as u64);
                    findings.push(Finding::info(code::CONTENT, "/payload").with("bytes", count));
                }
                findings.push(Finding::info(code::SENDER_UNKNOWN, "/signature"));
            }
        }
        beyond.decryption = Some(decryption);
        self.bench().judge(token, findings, None);
        inner
    }

    /// The keys that were given: private ones, and the secret.
    fn keys(&mut self) -> (Keys, Vec<Ask>) {
        if let Some(keys) = self.openers.take() {
            return (keys, Vec::new());
        }
        let options = self.given.options;
        let mut keys = key::private::read(&options.keys).keys;
        if !options.secret.is_empty() {
            let secrets = key::read_secret(&options.secret, options.secret_encoding).keys;
            keys.extend(secrets.into_iter().filter_map(|key| match key.material {
                Material::Octets(octets) => Some(PrivateKey {
                    kid: key.kid,
                    algorithm: key.algorithm,
                    public_key_use: key.public_key_use,
                    key_operations: key.key_operations,
                    ..PrivateKey::shared(octets)
                }),
                _ => None,
            }));
        }
        let public = key::read(&options.keys, KeySource::Pasted).keys;
        (Keys { keys, public }, Vec::new())
    }
}

fn part(jose: &Jose, role: SegmentRole) -> Vec<u8> {
    jose.bytes(role).unwrap_or_default().to_vec()
}

fn read_compact(text: &str, jose: &Jose) -> Encrypted {
    Encrypted {
        protected: text.split('.').next().unwrap_or_default().to_owned(),
        unprotected: None,
        recipients: vec![Recipient { header: None, encrypted_key: part(jose, SegmentRole::EncryptedKey) }],
        initialization_vector: part(jose, SegmentRole::InitializationVector),
        ciphertext: part(jose, SegmentRole::Ciphertext),
        tag: part(jose, SegmentRole::AuthenticationTag),
        additional: None,
    }
}

fn read_serialized(serialized: &Serialized, jose: &Jose) -> Encrypted {
    let bytes = |value: &Value| serialized.document.bytes.get(value.span.clone()).unwrap_or_default().to_vec();
    let text = |name| serialized.member(name).and_then(Value::as_str).map(str::to_owned);
    let recipient = |entry: &Value| Recipient {
        header: entry.member("header").map(bytes),
        encrypted_key: base64url::decode(entry.member("encrypted_key").and_then(Value::as_str).unwrap_or_default())
            .bytes,
    };
    let entries = (0..serialized.count().min(MOST_RECIPIENTS)).filter_map(|index| serialized.entry(index));
    Encrypted {
        protected: text("protected").unwrap_or_default(),
        unprotected: serialized.member("unprotected").map(bytes),
        recipients: entries.map(recipient).collect(),
        initialization_vector: part(jose, SegmentRole::InitializationVector),
        ciphertext: part(jose, SegmentRole::Ciphertext),
        tag: part(jose, SegmentRole::AuthenticationTag),
        additional: text("aad"),
    }
}

/// Whether a token was decrypted.
pub(super) fn is_decrypted(token: &Token) -> bool {
    let decryption = token.beyond.as_ref().and_then(|beyond| beyond.decryption.as_ref());
    decryption.is_some_and(|decryption| decryption.status == Status::Decrypted)
}

/// What the key that opened a token is called in a sentence: what it is, and its name where it has one.
pub(super) fn key_name(key: Option<&UsedKey>) -> (&'static str, Fact) {
    match key.map(|key| (key.source, key.kid.as_ref())) {
        Some((_, Some(kid))) => ("the key ", Fact::Text(kid.clone())),
        Some((KeySource::Secret, None)) => ("the secret", Fact::Words("")),
        _ => ("a pasted key", Fact::Words("")),
    }
}
