//! Signatures that the first verdict leaves: all of a JSON serialisation, over payloads that are not in the token or not
//! encoded, and of algorithms that browsers lack.

use std::rc::Rc;

use super::{Inner, Jose, Look, code, inside};
use crate::claims;
use crate::finding::{Fact, Finding, Severity};
use crate::inspect;
use crate::inspect::signature::{Case, Signed};
use crate::jose::serialized::Serialized;
use crate::jose::{self, base64url};
use crate::json::{self, Value};
use crate::key::Key;
use crate::messages;
use crate::report::{Beyond, SignatureStatus, Token, Verdict};

/// Of so many signatures of one token the first ones are looked at.
const MOST_SIGNATURES: usize = 100;

/// Each is read with the whole token: of a token of megabytes fewer are looked at.
const MOST_READ: usize = 16 << 20;

impl Look<'_> {
    /// Verifies what can be verified of a signed token.
    pub(super) fn verify(
        &mut self,
        token: &mut Token,
        beyond: &mut Beyond,
        mut findings: Vec<Finding>,
        known: &Inner,
    ) -> Vec<Inner> {
        let serialized = Serialized::read(&token.text);
        let count = serialized.as_ref().map_or(1, Serialized::count).max(1);
        let most = count.min(MOST_SIGNATURES).min(MOST_READ / token.text.len().max(1)).max(1);
        let mut seen = Vec::new();
        for index in 0..most {
            let jose = match &serialized {
                Some(serialized) => serialized.jose(index),
                None => jose::read(&token.text),
            };
            let entry = serialized.as_ref().and_then(|one| one.entry(index));
            seen.push(self.one(token, entry, jose, known.only.as_ref().map(|only| only.keys.as_slice())));
        }
        let best = (0..seen.len()).reduce(|best, index| {
            let rank = |index: usize| seen.get(index).map_or(9, |seen| rank(seen.signed.signature.status));
            if rank(index) < rank(best) { index } else { best }
        });
        let is_valid = |seen: &Seen| seen.signed.signature.status == SignatureStatus::Valid;
        // RFC 7797 §3: of several signatures, `b64` "MUST be the same for all of them".
        let is_raw = |seen: &&Seen| seen.jose.header.as_ref().is_some_and(jose::is_unencoded);
        let raw = seen.iter().filter(is_raw).count();
        let any_valid = seen.iter().any(is_valid);
        beyond.signatures = seen.iter().map(|seen| seen.signed.signature.clone()).collect();
        for (index, seen) in seen.into_iter().enumerate() {
            let is_best = best == Some(index);
            if is_best {
                // Which payload it is depends on the header: `b64` of one signature may be another than that of the next.
                token.kind = seen.jose.kind;
                token.header = seen.jose.header.clone();
                token.segments = seen.jose.segments.clone();
                token.signature = seen.signed.signature.clone();
                token.payload = match &seen.beside {
                    Some(bytes) => Some(json::read(bytes.clone())),
                    None => seen.jose.payload.clone(),
                };
            }
            let own =
                seen.jose.findings.into_iter().filter(|finding| is_best || finding.subject.starts_with("/header"));
            let own = own.chain(seen.signed.findings.into_iter().take(if is_best { usize::MAX } else { 1 }));
            for mut finding in own.filter(|finding| finding.code != jose::code::MORE_SIGNATURES) {
                // An application may ask for one good signature or for all of them (RFC 7515 §5.2): what is wrong with
                // another one is told, and left to it.
                if any_valid && !is_best && finding.severity == Severity::Error {
                    finding.severity = Severity::Warning;
                }
                findings.push(if count > 1 { self.numbered(finding, index, count) } else { finding });
            }
        }
        if raw > 0 && raw < most {
            findings.push(Finding::warning(code::B64_DIFFERS, "/header/b64"));
        }
        if count > most {
            let finding = Finding::warning(code::SIGNATURES_LEFT, "/signature");
            let finding = finding.with("count", Fact::Count(count as u64));
            findings.push(finding.with("left", Fact::Count((count - most) as u64)));
        }
        let mut inner: Vec<Inner> = inside::text(super::payload(token), token.header.as_ref()).into_iter().collect();
        if let Some(inner) = inner.first() {
            // A token is no JSON, and need not be.
            findings.retain(|finding| finding.subject != "/payload" || !NO_JSON.contains(&finding.code));
            findings.push(inside::finding(inner));
        }
        let text = token.payload.as_ref().filter(|payload| inner.is_empty() && !inspect::is_object(payload));
        if let Some(text) = text {
            let words = text.root.as_ref().map_or("no JSON", claims::with_article);
            let finding = Finding::info(claims::code::NOT_AN_OBJECT, "/payload");
            findings.push(finding.with("type", Fact::Words(words)));
        }
        let is_around = !inner.is_empty();
        inner.extend(self.disclose(token, beyond, &known.tail, &mut findings));
        if known.only.is_some() {
            // A proof is verified with the key in it; everywhere else that key is not used.
            findings.retain(|finding| finding.code != jose::code::EMBEDDED_KEY);
        }
        // A token in a JSON serialisation is an object as well, and no claims.
        let original = if is_around { token.payload.take() } else { token.payload.clone() };
        let processed = beyond.disclosure.as_ref().and_then(|disclosure| disclosure.processed.clone());
        if let Some(processed) = processed {
            token.payload = Some(json::read(processed));
        }
        let presented = self.presented(token, beyond);
        let others = known.only.as_ref().map(|only| &only.expectations).or(presented.as_ref());
        self.bench().judge(token, findings, others);
        token.payload = original;
        // What could not be put into its place may be what a verifier stumbles over.
        if token.verdict == Verdict::Accepted && beyond.disclosure.as_ref().is_some_and(|one| !one.is_settled()) {
            token.verdict = Verdict::Undecided;
        }
        inner
    }

    /// One signature with its header.
    fn one(&mut self, token: &Token, entry: Option<&Value>, mut jose: Jose, only: Option<&[Key]>) -> Seen {
        let is_detached = jose.findings.iter().any(|finding| finding.code == jose::code::PAYLOAD_DETACHED);
        let is_free = jose.header.as_ref().is_some_and(jose::is_unencoded);
        let beside = self.given.choices.detached_payload.as_ref().filter(|_| is_detached && token.beyond.is_none());
        let mut signed = inspect::signed(&token.text, &jose).to_vec();
        if let Some(payload) = beside {
            let protected = match entry {
                Some(entry) => entry.member("protected").and_then(Value::as_str).unwrap_or_default(),
                None => token.text.split('.').next().unwrap_or_default(),
            };
            let payload = if is_free { payload.clone() } else { base64url::encode(payload.as_bytes()) };
            signed = [protected, ".", &payload].concat().into_bytes();
            jose.findings.retain(|finding| finding.code != jose::code::PAYLOAD_DETACHED);
            jose.findings.push(Finding::info(code::PAYLOAD_BESIDE, "/payload"));
        }
        let case = Case { jose: &jose, signed: &signed, only, thorough: true };
        let bench = self.bench();
        let mut outcome = bench.signature(&case);
        bench.plans.append(&mut outcome.plans);
        if is_detached && beside.is_none() {
            match outcome.signature.status {
                SignatureStatus::Valid => {
                    jose.findings.retain(|finding| finding.code != jose::code::PAYLOAD_DETACHED);
                    jose.findings.push(Finding::info(code::PAYLOAD_EMPTY, "/payload"));
                }
                // That it is not over nothing proves nothing.
                SignatureStatus::Invalid if jose.sound && jose.canonical => {
                    outcome.signature.status = SignatureStatus::NotChecked;
                    outcome.findings.clear();
                }
                _ => outcome.findings.retain(|finding| finding.code != inspect::code::CHECKING),
            }
        }
        Seen { beside: beside.map(|payload| payload.clone().into_bytes()), jose, signed: outcome }
    }

    /// The finding with the number of its signature before its words.
    fn numbered(&self, mut finding: Finding, index: usize, count: usize) -> Finding {
        let now = self.given.now;
        let mut words = messages::words(&finding, now);
        let number = Finding::info(code::SIGNATURE_NUMBER, "").with("number", Fact::Count(index as u64 + 1));
        let mut problem = messages::words(&number.with("count", Fact::Count(count as u64)), now).problem;
        problem.push_text(": ");
        problem.append(words.problem);
        words.problem = problem;
        finding.ready = Some(Rc::new(words));
        finding
    }
}

/// What is known of one signature.
struct Seen {
    jose: Jose,
    signed: Signed,
    /// The payload that was pasted beside.
    beside: Option<Vec<u8>>,
}

/// What is said of a payload that is no JSON object.
const NO_JSON: [crate::finding::Code; 4] =
    [jose::code::JSON_SYNTAX, jose::code::JSON_CUT_OFF, jose::code::JSON_NOT_OBJECT, jose::code::NOT_UTF8];

/// Lower is better: one that is good, then one that may be.
fn rank(status: SignatureStatus) -> usize {
    match status {
        SignatureStatus::Valid => 0,
        SignatureStatus::NotChecked => 1,
        SignatureStatus::Unsupported => 2,
        SignatureStatus::Invalid => 3,
        SignatureStatus::None => 4,
    }
}
