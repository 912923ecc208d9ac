//! The pure function that ties the rooms together.
//!
//! [`inspect`] is called again, with the answers so far, until it asks nothing more. It never waits: whoever drives it
//! carries out the asks and may call it at any time, so a late answer is harmless and nothing needs cancelling.

use std::fmt;
use std::ops::Range;

use crate::claims::{self, Expectations};
use crate::crypto::{Plan, Verification};
use crate::discovery::{self, Guard, Look, Request, Response, Sources};
use crate::finding::{Finding, Severity};
use crate::jose::{self, Jose};
use crate::json::{Document, Kind, Value};
use crate::key::{self, Key, SecretEncoding};
use crate::order;
use crate::report::{KeySet, KeySource, Report, Signature, SignatureStatus, Token, TokenKind, Verdict};
use crate::sniff::{self, Candidate};
use crate::time::Time;

pub use crate::discovery::Fetch;

pub(crate) mod signature;

/// The codes of this room.
pub mod code {
    crate::codes! {
        /// No JSON Web Token, but a reference that only its issuer can resolve.
        OPAQUE = "inspect.opaque";
        /// The signature's algorithm is not among the accepted ones.
        ALGORITHM_NOT_ALLOWED = "signature.algorithm-not-allowed";
        /// The signature is being checked.
        CHECKING = "signature.checking";
        /// The header demands an extension that is not supported.
        CRITICAL_EXTENSION = "signature.critical-extension";
        /// There is no key, because fetching the keys failed.
        KEYS_NOT_FETCHED = "signature.keys-not-fetched";
        /// Line breaks and spaces between the pieces of a token were left out.
        LINE_BREAKS = "signature.line-breaks";
        /// The expected issuer publishes no key that fits.
        NO_FITTING_KEY = "signature.no-fitting-key";
        /// There is no key to check the signature with.
        NO_KEY = "signature.no-key";
        /// None of the keys at hand fits, and there may be others.
        NO_KEY_FITS = "signature.no-key-fits";
        /// A part is not written as its bytes demand, so the signature does not count.
        NOT_BASE64URL = "signature.not-base64url";
        /// Text around a token was left out.
        PREFIX = "signature.prefix";
        /// There are more signatures and keys than are tried at once.
        TOO_MANY_TO_CHECK = "signature.too-many-to-check";
        /// The payload is not base64url encoded, which is not supported yet.
        UNENCODED_PAYLOAD = "signature.unencoded-payload";
    }
}

/// What a person expects of a token, and what to check it with.
#[derive(Clone, Default, PartialEq)]
pub struct Options {
    /// What the claims are checked against.
    pub expectations: Expectations,
    /// Keys as pasted: a JWK, a JWKS, PEM public keys or certificates. Empty for none.
    pub keys: String,
    /// A shared secret as typed. Empty for none.
    pub secret: String,
    /// How [`Options::secret`] is to be read. Default UTF-8.
    pub secret_encoding: SecretEncoding,
    /// The only `alg` values to accept. Empty accepts every supported one; `none` is never accepted.
    pub algorithms: Vec<String>,
    /// Whether the keys that the expected issuers publish are looked at. Default false.
    pub issuer_keys: bool,
    /// Whether the issuer's keys, or those at [`Options::fetch_from`], may be asked for. Answers that are already there
    /// are used in any case.
    pub fetch: Fetch,
    /// A key set URL that the user typed.
    pub fetch_from: Option<String>,
}

/// Without the keys, which may be private ones, and the secret: one in a log is one lost.
impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = formatter.debug_struct("Options");
        fields.field("expectations", &self.expectations);
        fields.field("algorithms", &self.algorithms);
        fields.field("issuer_keys", &self.issuer_keys);
        fields.field("fetch", &self.fetch);
        fields.field("fetch_from", &self.fetch_from);
        fields.finish_non_exhaustive()
    }
}

/// Something that only the outside world can answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ask {
    /// Fetch a public URL.
    Fetch(Request),
    /// Verify a signature.
    Verify(Plan),
}

/// How many answers about signatures are kept, and over how many signed bytes: twice what one inspection asks.
const MOST_ANSWERS: usize = 2048;
const MOST_KEPT: usize = 128 << 20;

/// What the outside world answered so far, by ask.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Answers to [`Ask::Fetch`].
    pub responses: Vec<(Request, Response)>,
    /// Answers to [`Ask::Verify`].
    pub verifications: Vec<(Plan, Verification)>,
}

impl Answers {
    /// Adds the answer to a fetch.
    pub fn respond(&mut self, request: Request, response: Response) {
        self.responses.retain(|(known, _)| *known != request);
        self.responses.push((request, response));
    }

    /// Adds the answer to a verification.
    pub fn verify(&mut self, plan: Plan, verification: Verification) {
        self.verify_many(vec![(plan, verification)]);
    }

    /// Adds the answers to many verifications.
    pub fn verify_many(&mut self, answers: Vec<(Plan, Verification)>) {
        self.verifications.retain(|(known, _)| !answers.iter().any(|(plan, _)| plan == known));
        self.verifications.extend(answers);
        // Each keystroke in a token makes another plan, and each holds the signed bytes; trials of one share them.
        let kept = self.verifications.iter().rev();
        let mut bytes = 0_usize;
        let mut shared: *const u8 = std::ptr::null();
        let kept = kept.take_while(|(plan, _)| {
            let own = if std::mem::replace(&mut shared, plan.data.as_ptr()) == shared { 0 } else { plan.data.len() };
            bytes = bytes.saturating_add(own);
            bytes <= MOST_KEPT
        });
        let kept = kept.take(MOST_ANSWERS).count();
        self.verifications.drain(..self.verifications.len() - kept);
    }

    /// What is known about a plan.
    pub fn verification(&self, plan: &Plan) -> Option<&Verification> {
        self.verifications.iter().find(|(known, _)| known == plan).map(|(_, verification)| verification)
    }
}
/// Inspects a text: what is in it, whether it is what is expected, and whether its signature is good. Returns what is
/// known so far, and what must be asked to know more. Without asks the report is final for these options and this time.
///
/// Claims are checked as of `now`; `clock` is what the clock says, which decides how old fetched keys are. They differ
/// only when someone asks whether a token was good at another time.
///
/// ```
/// use tokenscope::inspect::{inspect, Answers, Options};
/// use tokenscope::report::Verdict;
/// use tokenscope::time::Time;
///
/// let now = Time::from_seconds(1_795_183_392);
/// let token = "eyJhbGciOiJub25lIn0.eyJleHAiOjE3OTUxODMyMDB9.";
/// let (report, asks) = inspect(token, &Options::default(), now, now, &Answers::default());
/// assert_eq!(report.tokens[0].verdict, Verdict::Rejected);
/// assert!(asks.is_empty());
/// ```
pub fn inspect(text: &str, options: &Options, now: Time, clock: Time, answers: &Answers) -> (Report, Vec<Ask>) {
    let sniffed = sniff::sniff(text);
    let read = read_tokens(text, sniffed.candidates);

    let mut asks = Vec::new();
    let mut key_sets = Vec::new();
    let mut bench = Bench::new(&read, options, (now, clock), answers, &mut key_sets);
    for look in &bench.looks {
        for request in &look.look.requests {
            add(&mut asks, Ask::Fetch(request.clone()));
        }
    }
    key_sets.extend(bench.looks.iter().flat_map(|look| look.look.key_sets.iter().cloned()));

    let mut tokens = Vec::new();
    // The text without white space around it, looked for once: two hundred tokens may stand behind megabytes of it.
    let begin = text.len() - text.trim_start().len();
    let content = begin..text.trim_end().len().max(begin);
    for (candidate, token, jose) in read {
        let findings = left_out(&content, &candidate);
        tokens.push(bench.examine(findings, candidate, token, jose, None));
    }
    for plan in bench.plans {
        add(&mut asks, Ask::Verify(plan));
    }
    (Report { now, inputs: sniffed.inputs, tokens, key_sets, findings: sniffed.findings }, asks)
}

/// What tokens are examined with: the keys at hand, what is expected, and how much may still be tried.
pub(crate) struct Bench<'a> {
    own: Vec<Vec<Key>>,
    looks: Vec<Published>,
    options: &'a Options,
    now: Time,
    answers: &'a Answers,
    patience: signature::Patience,
    /// What must be asked to know more.
    pub plans: Vec<Plan>,
}

/// What a token that proves the possession of a key is examined with.
#[derive(Clone, Copy)]
pub(crate) struct Proof<'a> {
    /// The only keys that may be tried.
    pub keys: &'a [Key],
    /// What is expected of its claims.
    pub expectations: &'a Expectations,
}

/// A token on its way: what it was found as, its text, and what was read from it.
pub(crate) type Found = (Candidate, String, Option<Jose>);

impl<'a> Bench<'a> {
    /// Reads the keys that were given and looks at those that are published. The times are the one that claims are checked
    /// for, and the clock's.
    pub fn new(
        read: &[Found],
        options: &'a Options,
        (now, clock): (Time, Time),
        answers: &'a Answers,
        key_sets: &mut Vec<KeySet>,
    ) -> Bench<'a> {
        let looks = look(read, options, clock, answers);
        let own = own_keys(options, key_sets);
        Bench { own, looks, options, now, answers, patience: signature::Patience::default(), plans: Vec::new() }
    }

    /// Goes on with the questions of another one, and with what it leaves of the work.
    pub fn follow(&mut self, other: Bench<'_>) {
        self.patience = other.patience;
        self.plans = other.plans;
    }

    /// The requests for keys.
    pub fn requests(&self) -> Vec<Request> {
        self.looks.iter().flat_map(|look| look.look.requests.iter().cloned()).collect()
    }

    /// Examines a token: its signature, with the only keys that may be tried where there are such, its claims, and what follows from both.
    pub fn examine(
        &mut self,
        mut findings: Vec<Finding>,
        candidate: Candidate,
        token: String,
        jose: Option<Jose>,
        proof: Option<Proof<'_>>,
    ) -> Token {
        let mut token = Token {
            kind: TokenKind::Opaque,
            name: candidate.name,
            found_in: candidate.found_in,
            pieces: candidate.pieces,
            text: token,
            segments: Vec::new(),
            header: None,
            payload: None,
            signature: Signature { status: SignatureStatus::NotChecked, algorithm: None, key: None },
            verdict: Verdict::Undecided,
            findings: Vec::new(),
            beyond: None,
        };
        let Some(jose) = jose else {
            findings.push(Finding::info(code::OPAQUE, "/token"));
            token.findings = findings;
            return token;
        };
        let only = proof.map(|proof| proof.keys);
        let case = signature::Case { jose: &jose, signed: signed(&token.text, &jose), only, thorough: false };
        let signature::Signed { signature, findings: about, plans } = self.signature(&case);
        self.plans.extend(plans);
        findings.extend(jose.findings.iter().cloned());
        findings.extend(about);
        token.kind = jose.kind;
        token.segments = jose.segments;
        token.header = jose.header;
        token.payload = jose.payload;
        token.signature = signature;
        self.judge(&mut token, findings, proof.map(|proof| proof.expectations));
        token
    }

    /// Examines a signature with the keys at hand, or with the only ones that the case allows.
    pub fn signature(&mut self, case: &signature::Case<'_>) -> signature::Signed {
        let published: Vec<&Published> = match issuer_of(case.jose) {
            // Where several issuers are accepted, one's keys prove nothing about a token that names another.
            Some(claimed) if self.looks.iter().any(|look| look.issuer.as_deref() == Some(claimed)) => {
                let is_own = |look: &&Published| look.issuer.as_deref().is_none_or(|issuer| issuer == claimed);
                self.looks.iter().filter(is_own).collect()
            }
            _ => self.looks.iter().collect(),
        };
        signature::examine(case, &self.own, &published, self.options, self.answers, &mut self.patience)
    }

    /// Checks the claims of a token, against other expectations than those of the options where there are such, and gives its
    /// verdict by all findings together.
    pub fn judge(&self, token: &mut Token, mut findings: Vec<Finding>, others: Option<&Expectations>) {
        if let Some(payload) = token.payload.as_ref().filter(|payload| is_object(payload)) {
            let expectations = others.unwrap_or(&self.options.expectations);
            findings.extend(claims::check(token.header.as_ref(), payload, expectations, self.now));
        }
        // A stable sort keeps the order of the rooms within each severity: shape, signature, claims.
        order::sort(&mut findings, |one, other| one.severity < other.severity);
        token.verdict = verdict(token, &findings, &self.options.expectations);
        token.findings = findings;
    }
}

/// What the signature of a token is over: in the compact serialisation its text up to the last dot.
pub(crate) fn signed<'a>(text: &'a str, jose: &'a Jose) -> &'a [u8] {
    match &jose.signed {
        Some(signed) => signed,
        None => text.rfind('.').and_then(|at| text.get(..at)).unwrap_or_default().as_bytes(),
    }
}

/// Keys at hand, with the place that they come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// What kind of place.
    pub source: KeySource,
    /// The issuer that publishes them, where one does.
    pub issuer: Option<String>,
    /// The address that they were fetched from.
    pub url: Option<String>,
    /// The keys.
    pub keys: Vec<Key>,
}

/// Every key at hand: those that the user gave, and those that were fetched for any of the tokens.
pub fn places(text: &str, options: &Options, clock: Time, answers: &Answers) -> Vec<Place> {
    let read = read_tokens(text, sniff::sniff(text).candidates);
    let mut sets = Vec::new();
    let own = own_keys(options, &mut sets);
    let own = own.into_iter().zip(sets);
    let mut places: Vec<Place> =
        own.map(|(keys, set)| Place { source: set.source, issuer: None, url: None, keys }).collect();
    for look in look(&read, options, clock, answers) {
        let url = look.look.key_sets.iter().rev().find_map(|set| set.url.clone().filter(|_| !set.keys.is_empty()));
        let source = if look.issuer.is_some() { KeySource::Issuer } else { KeySource::JwksUrl };
        places.push(Place { source, issuer: look.issuer, url, keys: look.look.keys });
    }
    places
}

pub(crate) fn read_tokens(text: &str, candidates: Vec<Candidate>) -> Vec<Found> {
    let read = |candidate: Candidate| {
        let token = candidate.text(text);
        let jose = (!candidate.opaque).then(|| jose::read(&token));
        (candidate, token, jose)
    };
    candidates.into_iter().map(read).collect()
}

/// What was found of one place that keys are published at.
struct Published {
    /// The issuer whose keys they are; `None` for a key set URL that the user typed.
    issuer: Option<String>,
    look: Look,
}

fn add(asks: &mut Vec<Ask>, ask: Ask) {
    if !asks.contains(&ask) {
        asks.push(ask);
    }
}

/// Reads the keys and the secret that the user gave, each a group of its own.
fn own_keys(options: &Options, key_sets: &mut Vec<KeySet>) -> Vec<Vec<Key>> {
    let mut own = Vec::new();
    let mut take = |source: KeySource, reading: key::Reading| {
        key_sets.push(KeySet {
            source,
            url: None,
            fetched: None,
            keys: reading.keys.iter().map(Key::summary).collect(),
            findings: reading.findings,
        });
        own.push(reading.keys);
    };
    if !options.keys.trim().is_empty() {
        take(KeySource::Pasted, key::read(&options.keys, KeySource::Pasted));
    }
    if !options.secret.is_empty() {
        take(KeySource::Secret, key::read_secret(&options.secret, options.secret_encoding));
    }
    own
}

/// Looks at what the expected issuers and the typed key set URL publish. Of several accepted issuers only the ones that
/// a token names are looked at, or the first when no token names any: a token never chooses an issuer by itself.
fn look(read: &[Found], options: &Options, clock: Time, answers: &Answers) -> Vec<Published> {
    let joses: Vec<&Jose> = read.iter().filter_map(|(_, _, jose)| jose.as_ref()).collect();
    let mut secrets: Vec<&str> = vec![&options.secret];
    let mut claims: Vec<&str> = Vec::new();
    let mut allowed: Vec<&str> = options.expectations.issuers.iter().map(String::as_str).collect();
    allowed.extend(options.expectations.client_id.as_deref());
    if let Fetch::Origins(origins) | Fetch::Follow(origins) = &options.fetch {
        allowed.extend(origins.iter().map(String::as_str));
    }
    for (_, token, _) in read {
        secrets.push(token);
    }
    for jose in &joses {
        for document in [&jose.header, &jose.payload].into_iter().flatten() {
            document.root.iter().for_each(|root| strings(root, &mut claims));
        }
    }
    let issuers = joses.iter().filter_map(|jose| issuer_of(jose)).collect();
    let guard = Guard { secrets, claims, allowed, issuers };

    let mut sources: Vec<Sources> = Vec::new();
    let named = |issuer: &&String| joses.iter().any(|jose| issuer_of(jose) == Some(issuer.as_str()));
    let issuers = &options.expectations.issuers;
    let mut wanted: Vec<&String> = issuers.iter().filter(|_| options.issuer_keys).filter(named).collect();
    if wanted.is_empty() && options.issuer_keys {
        wanted.extend(issuers.first());
    }
    wanted.dedup();
    sources.extend(wanted.into_iter().map(|issuer| Sources { issuer: Some(issuer), jwks_url: None }));
    sources.extend(options.fetch_from.as_deref().map(|url| Sources { issuer: None, jwks_url: Some(url) }));

    sources
        .into_iter()
        .map(|source| {
            let look =
                |kid: Option<&str>| discovery::look(source, &answers.responses, kid, &options.fetch, &guard, clock);
            let first = look(None);
            // A kid that the keys at hand lack is worth one more fetch: issuers rotate their keys.
            let unknown = joses
                .iter()
                .filter(|jose| {
                    source.issuer.is_none_or(|issuer| issuer_of(jose).is_none_or(|claimed| claimed == issuer))
                })
                .filter_map(|jose| jose.header.as_ref()?.string("kid"))
                .find(|kid| !first.keys.is_empty() && !first.keys.iter().any(|key| key.kid.as_deref() == Some(kid)));
            let look = match unknown {
                Some(kid) => look(Some(kid)),
                None => first,
            };
            Published { issuer: source.issuer.map(str::to_owned), look }
        })
        .collect()
}

fn issuer_of(jose: &Jose) -> Option<&str> {
    jose.payload.as_ref()?.string("iss")
}

/// Every string of a document, however deep, for the guard against leaks.
fn strings<'a>(value: &'a Value, found: &mut Vec<&'a str>) {
    match &value.kind {
        Kind::String(text) => found.push(text),
        Kind::Array(items) => items.iter().for_each(|item| strings(item, found)),
        Kind::Object(members) => members.iter().for_each(|member| strings(&member.value, found)),
        _ => {}
    }
}

pub(crate) fn is_object(document: &Document) -> bool {
    document.root.as_ref().is_some_and(|root| matches!(root.kind, Kind::Object(_)))
}

/// What sniffing left out around and inside a token: information, because the verdict is the inner token's.
fn left_out(content: &Range<usize>, candidate: &Candidate) -> Vec<Finding> {
    let mut findings = Vec::new();
    let start = candidate.pieces.first().map_or(0, |piece| piece.start);
    let end = candidate.pieces.last().map_or(0, |piece| piece.end);
    // Of a dot that is percent-encoded, the digits are left out.
    let is_encoded =
        |pair: &&[Range<usize>]| matches!(pair, [one, other] if one.len() == 1 && other.start == one.end + 2);
    let encoded = candidate.pieces.windows(2).filter(is_encoded).count();
    if (!content.is_empty() && (content.start < start || end < content.end)) || encoded > 0 {
        findings.push(Finding::info(code::PREFIX, "/input"));
    }
    let places = candidate.pieces.len().saturating_sub(1 + encoded * 2);
    if places > 0 {
        let places = crate::finding::Fact::Count(places as u64);
        findings.push(Finding::info(code::LINE_BREAKS, "/input").with("places", places));
    }
    findings
}

/// The rules of the design: rejected when anything failed; accepted when nothing did, issuer and audience were given and
/// held against its claims, and the signature is valid by a key from a place that the user trusts; undecided otherwise.
fn verdict(token: &Token, findings: &[Finding], expectations: &Expectations) -> Verdict {
    if findings.iter().any(|finding| finding.severity == Severity::Error) {
        return Verdict::Rejected;
    }
    let was_checked = token.payload.as_ref().is_some_and(is_object);
    let is_expected = !expectations.issuers.is_empty() && !expectations.audiences.is_empty();
    if was_checked && is_expected && is_trusted(&token.signature) {
        return Verdict::Accepted;
    }
    Verdict::Undecided
}

/// Whether a signature is valid by a key from a place that the user trusts.
pub(crate) fn is_trusted(signature: &Signature) -> bool {
    signature.status == SignatureStatus::Valid
        && signature.key.as_ref().is_some_and(|key| key.source != KeySource::Token)
}
