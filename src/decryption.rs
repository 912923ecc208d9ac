//! Decrypting: which key, which step, and what came out.
//!
//! [`decrypt`] is pure, as everything in the core: it returns the primitives that it needs carried out, and is called again
//! with their outcomes.

use crate::crypto::operation::{MOST_KEPT, Operation, Operations};
use crate::finding::{Code, Fact, Finding, Severity};
use crate::jose;
use crate::key::{self, Key, PrivateKey};
use crate::report::UsedKey;

mod attempt;
mod candidates;
pub mod code;
pub(crate) mod derivation;
mod header;

use attempt::{Asker, Content};
use header::{Header, Plan, Shared};
pub(crate) use header::{MOST_ITERATIONS, SHORTEST_SALT};

/// An encrypted token, as its serialisation has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encrypted {
    /// The protected header, as it stands in the token: base64url text, which is authenticated as it is. Empty for none.
    pub protected: String,
    /// The shared unprotected header of a JSON serialisation, as JSON bytes.
    pub unprotected: Option<Vec<u8>>,
    /// For whom it is encrypted: one in the compact serialisation.
    pub recipients: Vec<Recipient>,
    /// The initialisation vector.
    pub initialization_vector: Vec<u8>,
    /// The ciphertext.
    pub ciphertext: Vec<u8>,
    /// The authentication tag.
    pub tag: Vec<u8>,
    /// The additional authenticated data of a JSON serialisation, `aad`, as it stands there: base64url text.
    pub additional: Option<String>,
}

/// One recipient of an encrypted token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recipient {
    /// Its own unprotected header, as JSON bytes.
    pub header: Option<Vec<u8>>,
    /// The encrypted key; empty where the algorithm has none.
    pub encrypted_key: Vec<u8>,
}

/// What may open it.
#[derive(Clone, Copy)]
pub struct Openers<'a> {
    /// Private keys, and secrets as keys of the type `oct`.
    pub keys: &'a [PrivateKey],
    /// A password, for the algorithms of PBES2: the bytes of the secret as it was typed.
    pub password: Option<&'a [u8]>,
    /// Public keys that were given: they open nothing, and that is said of the one that the token was made for.
    pub public: &'a [Key],
}

/// How decrypting went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Decryption {
    /// Whether it was decrypted, and if not, why.
    pub status: Status,
    /// The step that failed, or that could not be done.
    pub step: Option<Step>,
    /// How it went for each recipient.
    pub recipients: Vec<Tried>,
    /// The key that opened it, or that was tried last.
    pub key: Option<UsedKey>,
    /// What came out.
    pub plaintext: Option<Vec<u8>>,
    /// What is worth knowing.
    pub findings: Vec<Finding>,
}

/// How it went for one recipient.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tried {
    /// Its `alg`.
    pub algorithm: Option<String>,
    /// Its `kid`.
    pub kid: Option<String>,
    /// Whether it was decrypted for this recipient, and if not, why.
    pub status: Status,
    /// The step that failed, or that could not be done.
    pub step: Option<Step>,
}

/// Whether a token was decrypted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Status {
    /// There is no key that could open it.
    #[default]
    NoKey,
    /// A primitive is being carried out.
    Waiting,
    /// It was decrypted, and its tag is right.
    Decrypted,
    /// It was not: [`Decryption::step`] says where it failed.
    Failed,
    /// An algorithm is unknown, or neither the browser nor the page has it.
    Unsupported,
}

/// A step of decryption, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The header says what to do.
    Header,
    /// The content encryption key is agreed on, decrypted or unwrapped.
    Key,
    /// The content is decrypted and its tag compared.
    Tag,
    /// The plaintext is inflated.
    Inflate,
}

/// How many recipients are looked at, so that a hostile list cannot stop the page.
const MOST_RECIPIENTS: usize = 100;

/// How many keys are tried for one token: each takes up to three primitives, and of a thousand keys nobody waits for the last.
const MOST_TRIES: usize = 64;

/// How much is tried at most for all tokens of a text, so that together they never ask for more than
/// [`Operations`] keeps: else the outcomes for one would push out those for another, without end.
///
/// What a token may cost is taken off before its outcomes are known, so that it is the same every time.
pub struct Patience {
    tries: usize,
    /// Bytes that are authenticated in the core.
    bytes: usize,
    /// Iterations of hashing passwords.
    iterations: u64,
}

impl Default for Patience {
    /// 320 tries over 64 MiB, and fifty million iterations: a key or two for every token of any log that a person reads.
    fn default() -> Patience {
        Patience { tries: MOST_KEPT / 6, bytes: 64 << 20, iterations: 50_000_000 }
    }
}

impl Patience {
    /// How many of the tries that a token would take are made.
    fn take(&mut self, wanted: usize, bytes: usize, iterations: u32) -> usize {
        let mut taken = wanted.min(self.tries).min(self.bytes / bytes.max(1));
        if iterations > 0 {
            taken = taken.min(usize::try_from(self.iterations / u64::from(iterations)).unwrap_or(taken));
        }
        self.tries -= taken;
        self.bytes -= taken * bytes;
        self.iterations -= taken as u64 * u64::from(iterations);
        taken
    }
}

/// Decrypts a token as far as the outcomes at hand allow. Returns what is known so far, and which primitives must be
/// carried out to know more.
///
/// The order is that of [RFC 7516 §5.2](https://www.rfc-editor.org/rfc/rfc7516#section-5.2), for every recipient by itself.
/// Compressed contents are inflated to 8 MiB at most, and passwords hashed ten million times at most.
///
/// ```
/// use tokenscope::crypto::operation::Operations;
/// use tokenscope::decryption::{Encrypted, Openers, Recipient, Status, Step, decrypt};
///
/// let openers = Openers { keys: &[], password: None, public: &[] };
/// // {"alg":"dir","enc":"A128GCM","crit":["x"],"x":1}
/// let protected = "eyJhbGciOiJkaXIiLCJlbmMiOiJBMTI4R0NNIiwiY3JpdCI6WyJ4Il0sIngiOjF9".to_owned();
/// let encrypted = Encrypted { protected, recipients: vec![Recipient::default()], ..Encrypted::default() };
/// let (decryption, asks) = decrypt(&encrypted, &openers, &Operations::default());
/// assert_eq!((decryption.status, decryption.step), (Status::Failed, Some(Step::Header)));
/// assert!(asks.is_empty());
/// ```
pub fn decrypt(encrypted: &Encrypted, openers: &Openers<'_>, operations: &Operations) -> (Decryption, Vec<Operation>) {
    decrypt_within(encrypted, openers, operations, &mut Patience::default())
}

/// [`decrypt`] with what other tokens of the same text left of the work.
pub fn decrypt_within(
    encrypted: &Encrypted,
    openers: &Openers<'_>,
    operations: &Operations,
    patience: &mut Patience,
) -> (Decryption, Vec<Operation>) {
    let shared = Shared::read(encrypted);
    let common = shared.parameters();
    let headers: Vec<Header<'_>> = encrypted
        .recipients
        .iter()
        .take(MOST_RECIPIENTS)
        .map(|recipient| Header::of(&shared, common, recipient))
        .collect();
    let labels: Vec<(Option<String>, Option<String>)> = headers.iter().map(Header::labels).collect();
    let content = Content::of(encrypted);
    let asker = Asker { operations, asks: Vec::new() };
    let mut work = Work { content, openers, asker, patience, left: MOST_TRIES };
    let mut results = Vec::new();
    for (index, ((recipient, header), (algorithm, kid))) in
        encrypted.recipients.iter().zip(&headers).zip(labels.iter().cloned()).enumerate()
    {
        let others = labels.iter().enumerate().filter(|(other, (_, name))| *other != index && *name != kid);
        let others: Vec<&str> = others.filter_map(|(_, (_, name))| name.as_deref()).collect();
        let mut result = match header.plan(encrypted, recipient) {
            Ok(plan) => work.recipient(&plan, recipient, kid.as_deref(), &others),
            Err(stop) => Settled::of(stop),
        };
        if encrypted.recipients.len() > 1 {
            for finding in &mut result.findings {
                finding.subject = jose::pointer("/recipients", &index.to_string()) + &finding.subject;
            }
        }
        results.push((Tried { algorithm, kid, status: result.status, step: result.step }, result));
    }
    (together(encrypted, results), work.asker.asks)
}

/// Why a try goes no further.
enum Stop {
    /// A primitive is being carried out.
    Waiting,
    /// It failed; without a finding where what is wrong is said elsewhere.
    Failed(Step, Option<Finding>),
    /// It cannot be done here.
    Unsupported(Step, Finding),
}

/// What is known of one recipient.
#[derive(Default)]
struct Settled {
    status: Status,
    step: Option<Step>,
    key: Option<UsedKey>,
    plaintext: Option<Vec<u8>>,
    findings: Vec<Finding>,
}

impl Settled {
    fn of(stop: Stop) -> Settled {
        let (status, step, finding) = match stop {
            Stop::Waiting => (Status::Waiting, None, None),
            Stop::Failed(step, finding) => (Status::Failed, Some(step), finding),
            Stop::Unsupported(step, finding) => (Status::Unsupported, Some(step), Some(finding)),
        };
        Settled { status, step, findings: finding.into_iter().collect(), ..Settled::default() }
    }

    /// How much it says: of several tries the one that came furthest is the one to tell of.
    fn rank(&self) -> (u8, u8) {
        let status = match self.status {
            Status::NoKey => 0,
            Status::Failed => 1,
            // That one key fails says nothing of another that could not be tried.
            Status::Unsupported => 2,
            Status::Waiting => 3,
            Status::Decrypted => 4,
        };
        let step = match self.step {
            None => 0,
            Some(Step::Header) => 1,
            Some(Step::Key) => 2,
            Some(Step::Tag) => 3,
            Some(Step::Inflate) => 4,
        };
        (status, step)
    }
}

/// What all tries have in common.
struct Work<'a> {
    content: Content<'a>,
    openers: &'a Openers<'a>,
    asker: Asker<'a>,
    patience: &'a mut Patience,
    /// How many keys may still be tried for this token.
    left: usize,
}

impl Work<'_> {
    /// Tries what fits for one recipient.
    fn recipient(&mut self, plan: &Plan, recipient: &Recipient, kid: Option<&str>, others: &[&str]) -> Settled {
        let chosen = candidates::choose(self.openers, plan, kid, others);
        let mut best = Settled { step: Some(Step::Key), ..Settled::default() };
        let bytes = self.content.ciphertext.len() + self.content.additional.len();
        let taken = self.patience.take(chosen.list.len().min(self.left), bytes, plan.iterations());
        self.left -= taken;
        let (mut tried, passed) = (0, (chosen.list.len() - taken) as u64);
        for candidate in chosen.list.into_iter().take(taken) {
            tried += 1;
            let settled = match attempt::attempt(plan, recipient, candidate, &self.content, &mut self.asker) {
                Ok(plaintext) => {
                    Settled { status: Status::Decrypted, plaintext: Some(plaintext), ..Settled::default() }
                }
                Err(stop) => Settled::of(stop),
            };
            if tried == 1 || settled.rank() > best.rank() {
                best = Settled { key: Some(candidate.used()), ..settled };
            }
            if best.status == Status::Decrypted {
                break;
            }
        }
        if passed > 0 && best.status != Status::Decrypted {
            // The right one may be among those that were not tried.
            if best.status != Status::Waiting {
                best.status = Status::NoKey;
                best.findings.clear();
            }
            let finding = Finding::info(code::TOO_MANY_TRIES, "/keys").with("tried", Fact::Count(tried));
            best.findings.push(finding.with("left", Fact::Count(passed)));
        }
        // What does not fit is of no interest once a key has fitted; that it has another name still is.
        let is_told = |finding: &Finding| best.status != Status::Decrypted || finding.code == key::code::KID_DIFFERS;
        let reasons: Vec<Finding> = chosen.findings.into_iter().filter(is_told).collect();
        best.findings.extend(reasons);
        best
    }
}

/// RFC 7516 §5.2, step 18: it is decrypted when it is for one of the recipients.
fn together(encrypted: &Encrypted, results: Vec<(Tried, Settled)>) -> Decryption {
    let mut decryption = Decryption::default();
    let ranks: Vec<(u8, u8)> = results.iter().map(|(_, settled)| settled.rank()).collect();
    let best = ranks.iter().max().and_then(|best| ranks.iter().position(|rank| rank == best));
    let status = best.and_then(|at| results.get(at)).map(|(_, settled)| settled.status).unwrap_or_default();
    for (index, (tried, settled)) in results.into_iter().enumerate() {
        let is_best = best == Some(index);
        for mut finding in settled.findings {
            // One that fails beside one that opened it, or that could not be tried, is told of and bears on nothing.
            if finding.severity == Severity::Error && status != Status::Failed {
                finding.severity = Severity::Info;
            }
            let is_same = |known: &Finding| known.code == finding.code && known.evidence == finding.evidence;
            if (is_best || settled.status == Status::Failed) && !decryption.findings.iter().any(is_same) {
                decryption.findings.push(finding);
            }
        }
        if is_best {
            decryption.status = settled.status;
            decryption.step = settled.step;
            decryption.key = settled.key;
            decryption.plaintext = settled.plaintext;
        }
        decryption.recipients.push(tried);
    }
    if encrypted.recipients.is_empty() {
        decryption.status = Status::Failed;
        decryption.step = Some(Step::Header);
        decryption.findings.push(Finding::error(code::NO_RECIPIENT, "/recipients"));
    }
    let count = encrypted.recipients.len();
    if count > MOST_RECIPIENTS {
        decryption.recipients.resize_with(count, Tried::default);
        let finding = Finding::info(code::TOO_MANY_RECIPIENTS, "/recipients").with("count", Fact::Count(count as u64));
        decryption.findings.push(finding.with("limit", Fact::Count(MOST_RECIPIENTS as u64)));
    }
    decryption
}

/// Every code of decryption.
pub fn codes() -> Vec<Code> {
    code::ALL.to_vec()
}
