//! The second look: what the first verdict leaves to a module that is loaded after it.
//!
//! The first verdict reads signed tokens with the algorithms of WebCrypto, which is what nearly everybody pastes. Everything
//! else is read here, with the same report: encrypted tokens, detached payloads, what browsers lack, selective disclosure,
//! tokens inside tokens. A token that a second look changes has [`Token::beyond`](crate::report::Token::beyond), and the
//! page then shows it instead of its own.

mod encrypted;
mod inside;
mod proof;
mod selective;
mod signatures;

pub use inside::conclude;
pub use proof::is_proof;

use crate::claims::Expectations;
use crate::decryption::Patience;
use crate::finding::{Code, Fact, Finding};
use crate::inspect::{self, Bench, Found, Options, Proof};
use crate::jose::algorithm::{Algorithm, CURVES, Kind};
use crate::jose::{self, Jose};
use crate::json::Document;
use crate::key::{self, Key, details, encrypted as locked};
use crate::report::{Beyond, KeySet, KeySource, Report, SegmentRole, SignatureStatus, Token, TokenKind};
use crate::sniff::Candidate;
use crate::time::Time;
use crate::why::{Answers, Ask, Choices};

/// The codes of this room.
pub mod code {
    crate::codes! {
        /// `b64` of one signature is not that of the others.
        B64_DIFFERS = "beyond.b64-differs";
        /// What was encrypted is neither a JSON object nor a token.
        CONTENT = "beyond.content";
        /// An encrypted token that was decrypted, with claims inside.
        DECRYPTED = "verdict.decrypted";
        /// An encrypted token that was decrypted, with a token inside.
        DECRYPTED_TOKEN = "verdict.decrypted-token";
        /// Another token stands inside.
        INSIDE = "beyond.inside";
        /// The token that binds this one to a key is not verified.
        BINDING_UNDECIDED = "beyond.binding-undecided";
        /// Nothing is decided about the token inside.
        INSIDE_UNDECIDED = "beyond.inside-undecided";
        /// The token inside is rejected.
        INSIDE_REJECTED = "beyond.inside-rejected";
        /// The private key that was pasted is under a password.
        KEY_LOCKED = "beyond.key-locked";
        /// The password does not open it.
        KEY_PASSWORD = "beyond.key-password";
        /// Secrets and public keys stand in one set.
        KEYS_MIXED = "beyond.keys-mixed";
        /// The payload beside the token was taken.
        PAYLOAD_BESIDE = "beyond.payload-beside";
        /// The payload is empty, and signed as such.
        PAYLOAD_EMPTY = "beyond.payload-empty";
        /// Signed with the key that is bound to a credential.
        BOUND = "verdict.bound";
        /// Signed with the key in its own header, as a proof has it.
        POSSESSION = "verdict.possession";
        /// Nothing shows who encrypted it.
        SENDER_UNKNOWN = "beyond.sender-unknown";
        /// Which of several signatures a finding is about.
        SIGNATURE_NUMBER = "beyond.signature-number";
        /// More signatures than are looked at.
        SIGNATURES_LEFT = "beyond.signatures-left";
        /// Tokens inside tokens, deeper than is looked.
        TOO_DEEP = "beyond.too-deep";
    }
}

/// What is said of keys that take arithmetic before they can be used.
const LACKING: [Code; 3] = [key::code::POINT_COMPRESSED, key::code::PRIVATE_ONLY, key::code::CURVE_EXPLICIT];

/// How deep tokens inside tokens are looked for.
pub const MOST_DEPTH: usize = 8;

/// How long the tokens inside others may be together.
const MOST_BYTES: usize = 4 << 20;

/// How many tokens a report may have with those inside others.
const MOST_TOKENS: usize = 400;

/// Longer texts of keys are not looked at closely.
const LONGEST_KEYS: usize = 1 << 18;

/// What is looked at.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// The whole pasted text.
    pub text: &'a str,
    /// What is expected, and the keys.
    pub options: &'a Options,
    /// What was chosen beside: the detached payload, the password of a key.
    pub choices: &'a Choices,
    /// The time that the claims are checked for.
    pub now: Time,
    /// The time by the clock.
    pub clock: Time,
}

/// Looks again at the tokens of a report, which [`crate::inspect::inspect`] made of the same text. Changes those that it
/// knows more about, appends the tokens that stand inside them, and returns what must be asked to know more.
pub fn extend(report: &mut Report, given: &Given<'_>, answers: &Answers) -> Vec<Ask> {
    // Only secrets have no thumbprint.
    let is_mixed = |set: &&mut KeySet| {
        let secrets = set.keys.iter().filter(|key| key.thumbprint.is_none()).count();
        secrets > 0 && secrets < set.keys.len()
    };
    for set in report.key_sets.iter_mut().filter(is_mixed) {
        set.findings.push(Finding::warning(code::KEYS_MIXED, "/keys"));
    }
    let mut asks = Vec::new();
    let completed = completed(report, given, answers, &mut asks);
    let opened = completed.is_some();
    let given = &Given { options: completed.as_ref().unwrap_or(given.options), ..*given };
    let is_worth_it = |token: &Token, tail: &str| is_worth_it(token, tail) || opened && is_unchecked(token);
    if !report.tokens.iter().any(|token| is_worth_it(token, &selective::behind(token, given.text))) {
        return asks;
    }
    let found = |token: &Token| {
        let opaque = token.kind == TokenKind::Opaque;
        (candidate(token), token.text.clone(), (!opaque).then(|| jose::read(&token.text)))
    };
    let mut look = Look {
        given,
        answers,
        read: report.tokens.iter().map(found).collect(),
        bench: None,
        openers: None,
        patience: Patience::default(),
        inside: Vec::new(),
        bytes: 0,
        asks,
        locked: locked_code(report),
    };
    let mut at = 0;
    while let Some(token) = report.tokens.get(at) {
        let inner = look.inside.iter().find(|(number, _)| *number == at).map(|(_, inner)| inner.clone());
        let is_bound = inner.is_some() && !token.pieces.is_empty();
        let inner = inner.unwrap_or_else(|| Inner {
            text: String::new(),
            tail: selective::behind(token, given.text),
            only: proof::keys(token).map(|keys| Only { keys, expectations: given.bare() }),
        });
        if is_bound || is_worth_it(token, &inner.tail) {
            let mut token = token.clone();
            let inner = look.again(&mut token, &inner);
            let mut has_room = depth(report, at) < MOST_DEPTH;
            for one in inner {
                // The token that binds another one to a key stands in the text, where it was found already.
                let found = report
                    .tokens
                    .iter()
                    .skip(at + 1)
                    .position(|other| other.text == one.text && other.inside().is_none());
                if let Some(found) = found.map(|found| found + at + 1) {
                    if let Some(other) = report.tokens.get_mut(found) {
                        other.beyond = Some(Box::new(Beyond { inside: Some(at), ..Beyond::default() }));
                    }
                    look.inside.push((found, one));
                    continue;
                }
                look.bytes = look.bytes.saturating_add(one.text.len());
                has_room &= look.bytes <= MOST_BYTES && report.tokens.len() < MOST_TOKENS;
                if !has_room {
                    let count = Fact::Count(MOST_DEPTH as u64);
                    token.findings.push(Finding::warning(code::TOO_DEEP, "/payload").with("count", count));
                    break;
                }
                let inner = look.inner(&token, &one, at);
                look.inside.push((report.tokens.len(), one));
                report.tokens.push(inner);
            }
            if let Some(slot) = report.tokens.get_mut(at) {
                *slot = token;
            }
        }
        at += 1;
    }
    if let Some(bench) = look.bench {
        look.asks.extend(bench.plans.into_iter().map(|plan| Ask::Inspect(inspect::Ask::Verify(plan))));
    }
    let mut asks: Vec<Ask> = Vec::new();
    for ask in look.asks {
        if !asks.contains(&ask) {
            asks.push(ask);
        }
    }
    asks
}

/// Says of the pasted keys what a close look finds: what is weak or does not fit together. Factoring takes some milliseconds a
/// key, so whoever hands a report over does this once, and no round before.
pub fn look_closely(report: &mut Report, keys: &str) {
    let now = report.now;
    if let Some(set) = report.key_sets.iter_mut().find(|set| set.source == KeySource::Pasted)
        && keys.len() <= LONGEST_KEYS
    {
        set.findings.extend(details::of(keys, now).findings);
    }
}

/// Whether a token is in the compact serialisation with everything in its place, so that what reads its text knows it all.
pub fn is_plain(token: &Token) -> bool {
    let about_the_payload = [jose::code::PAYLOAD_DETACHED, code::PAYLOAD_BESIDE, code::PAYLOAD_EMPTY];
    !token.text.starts_with('{')
        && token.header.as_ref().is_none_or(|header| header.member("b64").is_none())
        && !token.findings.iter().any(|finding| about_the_payload.contains(&finding.code))
}

/// Whether the first verdict left something of a token.
fn is_worth_it(token: &Token, tail: &str) -> bool {
    let algorithm = token.signature.algorithm.as_deref().and_then(Algorithm::named);
    // Here the answer may be known already, by the module that has what browsers lack; the page does not have it.
    let lacks = algorithm.is_some_and(|row| {
        let unsupported = token.signature.status == SignatureStatus::Unsupported;
        unsupported || row.fallback || row.kind == Kind::Eddsa && is_beyond_browsers(token)
    });
    let detached = token.findings.iter().any(|finding| finding.code == jose::code::PAYLOAD_DETACHED);
    let names_b64 = token.header.as_ref().is_some_and(|header| header.member("b64").is_some());
    let is_whole = matches!(token.kind, TokenKind::Jws | TokenKind::Unsecured);
    token.kind == TokenKind::Jwe
        || is_whole && (token.text.starts_with('{') || lacks || detached || names_b64 || !tail.is_empty())
        || is_whole && selective::has_digests(payload(token))
        || is_whole && inside::text(payload(token), token.header.as_ref()).is_some()
        || proof::keys(token).is_some()
}

/// Whether an `EdDSA` signature has the length of Ed448.
fn is_beyond_browsers(token: &Token) -> bool {
    let signature = token.segments.iter().find(|segment| segment.role == SegmentRole::Signature);
    let length = signature.map_or(0, |segment| segment.bytes.len());
    CURVES
        .iter()
        .any(|curve| curve.fallback && curve.key_type == "OKP" && curve.signature_length == length && length > 0)
}

/// Whether a signature waits for a key, or for another one.
fn is_unchecked(token: &Token) -> bool {
    let waits = matches!(token.signature.status, SignatureStatus::NotChecked | SignatureStatus::Invalid);
    token.kind == TokenKind::Jws && waits
}

/// The options with the keys that a second look makes usable: those that a password opened, once it has, and those that take
/// arithmetic.
fn completed(report: &mut Report, given: &Given<'_>, answers: &Answers, asks: &mut Vec<Ask>) -> Option<Options> {
    let keys = &given.options.keys;
    let set = report.key_sets.iter_mut().find(|set| set.source == KeySource::Pasted)?;
    let mut more = String::new();
    let mut findings = Vec::new();
    let mut said: Vec<String> = Vec::new();
    let mut is_instead = false;
    let is_lacking = |finding: &Finding| LACKING.contains(&finding.code);
    // What is read as JSON holds no further blocks.
    let is_json = keys.trim_start().starts_with(['{', '[']);
    // Whether the halves belong together.
    let is_pair = |finding: &Finding| finding.code == key::code::PRIVATE_MEMBERS;
    let has_pair = || set.findings.iter().any(is_pair) && set.keys.iter().any(|key| key.description.starts_with("AKP"));
    if set.keys.is_empty() || !is_json && set.findings.iter().any(is_lacking) || has_pair() {
        let computed = key::complete(keys, &answers.operations);
        asks.extend(computed.asks.into_iter().map(|operation| Ask::Operate(Box::new(operation))));
        said.extend(computed.findings.iter().map(|finding| finding.subject.clone()));
        (more, findings) = (computed.pem, computed.findings);
        is_instead = computed.is_instead;
    }
    let mut opened = None;
    let mut is_told = false;
    if locked::is_encrypted(keys) {
        let password = given.choices.key_password.as_deref().unwrap_or_default();
        let (text, operations, found) = locked::unlock(keys, password, &answers.operations);
        asks.extend(operations.into_iter().map(|operation| Ask::Operate(Box::new(operation))));
        // Whoever tried to open them says how they are encrypted.
        is_told = text.is_some() || !found.is_empty();
        findings.extend(found);
        opened = text;
    }
    let whole = if is_instead { "" } else { opened.as_deref().unwrap_or(keys) };
    let completed = (opened.is_some() || !more.is_empty()).then(|| [whole, "\n", &more].concat());
    if let Some(keys) = &completed {
        let reading = key::read(keys, KeySource::Pasted);
        set.keys = reading.keys.iter().map(Key::summary).collect();
        set.findings = reading.findings;
    } else if is_instead {
        set.findings.clear();
    }
    set.findings.retain(|finding| {
        let is_encrypted = is_told && finding.code == key::code::PRIVATE_ENCRYPTED;
        !(is_encrypted || is_lacking(finding) && said.contains(&finding.subject))
    });
    set.findings.extend(findings);
    completed.map(|keys| Options { keys, ..given.options.clone() })
}

/// Why the private keys that were pasted could not be used.
fn locked_code(report: &Report) -> Option<Code> {
    let set = report.key_sets.iter().find(|set| set.source == KeySource::Pasted)?;
    let has = |code| set.findings.iter().any(|finding| finding.code == code);
    match (has(details::code::PASSWORD_WRONG), has(details::code::PASSWORD_MISSING)) {
        (true, _) => Some(code::KEY_PASSWORD),
        (false, true) => Some(code::KEY_LOCKED),
        (false, false) => None,
    }
}

/// The bytes of a token's payload.
fn payload(token: &Token) -> &[u8] {
    let segment = token.segments.iter().find(|segment| segment.role == SegmentRole::Payload);
    segment.map(|segment| segment.bytes.as_slice()).unwrap_or_default()
}

fn candidate(token: &Token) -> Candidate {
    let opaque = token.kind == TokenKind::Opaque;
    Candidate { pieces: token.pieces.clone(), name: token.name, found_in: token.found_in, opaque }
}

/// How many tokens stand around one.
fn depth(report: &Report, mut at: usize) -> usize {
    let mut depth = 0;
    while let Some(around) = report.tokens.get(at).and_then(|token| token.beyond.as_ref()?.inside) {
        depth += 1;
        at = around;
    }
    depth
}

/// A token that stands inside another one.
#[derive(Clone, Debug)]
struct Inner {
    text: String,
    /// What stands behind it, divided by tildes.
    tail: String,
    /// What it is examined with, where it proves the possession of a key.
    only: Option<Only>,
}

/// What a token that proves the possession of a key is examined with.
#[derive(Clone, Debug)]
struct Only {
    /// The only keys that it may be signed with.
    keys: Vec<Key>,
    /// What is expected of it: nobody issues such a token to anybody.
    expectations: Expectations,
}

impl Only {
    fn proof(&self) -> Proof<'_> {
        Proof { keys: &self.keys, expectations: &self.expectations }
    }
}

impl Given<'_> {
    /// What is expected of any token, whoever issued it to whom.
    fn bare(&self) -> Expectations {
        Expectations { leeway: self.options.expectations.leeway, ..Expectations::default() }
    }
}

/// The second look, on its way through the tokens.
struct Look<'a> {
    given: &'a Given<'a>,
    answers: &'a Answers,
    read: Vec<Found>,
    bench: Option<Bench<'a>>,
    openers: Option<encrypted::Keys>,
    /// What may still be tried to decrypt.
    patience: Patience,
    /// The tokens that stand inside others, by their number.
    inside: Vec<(usize, Inner)>,
    /// How long those are together.
    bytes: usize,
    asks: Vec<Ask>,
    /// What is said where there is no private key, because the one that was pasted was not opened.
    locked: Option<Code>,
}

impl<'a> Look<'a> {
    fn bench(&mut self) -> &mut Bench<'a> {
        let Given { options, now, clock, .. } = *self.given;
        let (read, answers) = (&self.read, &self.answers.inspect);
        self.bench.get_or_insert_with(|| Bench::new(read, options, (now, clock), answers, &mut Vec::new()))
    }

    /// Looks at one token again; gives the tokens inside it.
    fn again(&mut self, token: &mut Token, known: &Inner) -> Vec<Inner> {
        let inside = token.beyond.as_ref().and_then(|beyond| beyond.inside);
        let mut beyond = Box::new(Beyond { inside, ..Beyond::default() });
        let kept: Vec<Finding> = token.findings.iter().filter(|finding| is_about_the_text(finding)).cloned().collect();
        let inner = if token.kind == TokenKind::Jwe {
            self.decrypt(token, &mut beyond, kept)
        } else {
            self.verify(token, &mut beyond, kept, known)
        };
        token.beyond = Some(beyond);
        inner
    }

    /// Examines a token inside another one like any other.
    fn inner(&mut self, around: &Token, inner: &Inner, at: usize) -> Token {
        let candidate = Candidate { pieces: Vec::new(), name: None, found_in: around.found_in, opaque: false };
        let jose = jose::read(&inner.text);
        self.read.push((candidate.clone(), inner.text.clone(), Some(jose.clone())));
        // Whose keys are looked for depends on all the tokens that name an issuer.
        if self.given.options.issuer_keys
            && let Some(old) = self.bench.take()
        {
            self.bench().follow(old);
            let requests = self.bench().requests();
            self.asks.extend(requests.into_iter().map(|request| Ask::Inspect(inspect::Ask::Fetch(request))));
        }
        let mut token = self.bench().examine(
            Vec::new(),
            candidate,
            inner.text.clone(),
            Some(jose),
            inner.only.as_ref().map(Only::proof),
        );
        token.beyond = Some(Box::new(Beyond { inside: Some(at), ..Beyond::default() }));
        token
    }
}

/// Findings of the first verdict that are about where the token stood, not about the token.
fn is_about_the_text(finding: &Finding) -> bool {
    [inspect::code::PREFIX, inspect::code::LINE_BREAKS].contains(&finding.code)
}

/// Whether a document is a JSON object.
fn is_object(document: &Document) -> bool {
    inspect::is_object(document) && document.is_json()
}
