//! Whether a token's signature is good: which keys to try, and what the answers say together.

use super::{Answers, Options, Published, code};
use crate::crypto::{self, Plan, Verification};
use crate::finding::{Code, Fact, Finding, Severity};
use crate::jose::algorithm::Algorithm;
use crate::jose::{self, Jose};
use crate::json::{Document, Kind};
use crate::key::{self, Key};
use crate::report::{KeySource, SegmentRole, Signature, SignatureStatus, TokenKind, UsedKey};

/// What is known of a signature, and what must be asked to know more.
pub struct Signed {
    pub signature: Signature,
    pub findings: Vec<Finding>,
    pub plans: Vec<Plan>,
}

/// A signature, and what is to be known to check it.
#[derive(Clone, Copy)]
pub struct Case<'a> {
    /// The token as it was read.
    pub jose: &'a Jose,
    /// What the signature is over.
    pub signed: &'a [u8],
    /// The only keys that may be tried; `None` for those at hand.
    pub only: Option<&'a [Key]>,
    /// Whether this is the second look, which knows payloads that are not encoded and algorithms that browsers lack.
    pub thorough: bool,
}

/// Examines the signature of a token with the user's own keys first, then the published ones.
pub(super) fn examine(
    case: &Case<'_>,
    own: &[Vec<Key>],
    published: &[&Published],
    options: &Options,
    answers: &Answers,
    patience: &mut Patience,
) -> Signed {
    let jose = case.jose;
    let algorithm = match known_algorithm(case, options) {
        Ok(algorithm) => algorithm,
        Err((status, finding)) => return settled(jose, status, finding),
    };
    let header = match &jose.header {
        // What is wrong with its members was said when they were read.
        _ if !jose.sound => return settled(jose, SignatureStatus::Invalid, None),
        Some(header) if jose.canonical && header.is_json() => header,
        // Other text could stand for the same bytes, so the signature over this text proves nothing: RFC 7515 §5.2 has
        // the parts decoded "following the restriction that no line breaks, whitespace, or other additional characters
        // have been used", and the header verified to be "a UTF-8-encoded representation of a completely valid JSON object".
        Some(header) if !header.is_json() => return settled(jose, SignatureStatus::Invalid, None),
        _ => {
            let finding = Finding::error(code::NOT_BASE64URL, "/signature");
            return settled(jose, SignatureStatus::Invalid, Some(finding));
        }
    };
    // Without its bytes nothing can be said about what was signed.
    if !case.thorough && jose.findings.iter().any(|finding| finding.code == jose::code::PAYLOAD_DETACHED) {
        return settled(jose, SignatureStatus::NotChecked, None);
    }
    let mut trial = Trial {
        algorithm,
        header,
        signed: case.signed,
        signature: jose.bytes(SegmentRole::Signature).unwrap_or_default(),
        thorough: case.thorough,
        answers,
        tried: Vec::new(),
        names: Vec::new(),
        findings: Vec::new(),
        plans: Vec::new(),
        patience,
        left: 0,
    };

    if let Some(keys) = case.only {
        trial.attempt(keys);
        return trial.conclude(&[], &[]);
    }
    for keys in own {
        trial.attempt(keys);
    }
    for place in published {
        trial.attempt(&place.look.keys);
    }
    trial.conclude(own, published)
}

/// The algorithm, when there is one that can be checked; or else what that means for the signature.
fn known_algorithm(
    case: &Case<'_>,
    options: &Options,
) -> Result<&'static Algorithm, (SignatureStatus, Option<Finding>)> {
    let jose = case.jose;
    let critical = jose.header.as_ref().and_then(|header| critical(header, case.thorough));
    let name = match (jose.kind, jose.algorithm()) {
        (TokenKind::Unsecured, _) => {
            return Err((SignatureStatus::None, Some(Finding::error(crypto::code::NONE, "/header/alg"))));
        }
        // What is wrong with these was said when they were read.
        (TokenKind::Jws, Some(name)) => name,
        // Whatever it may be encrypted for, it may not be read.
        (TokenKind::Jwe, _) => return Err((SignatureStatus::NotChecked, critical.map(|(_, finding)| finding))),
        _ => return Err((SignatureStatus::NotChecked, None)),
    };
    if !options.algorithms.is_empty() && !options.algorithms.iter().any(|allowed| allowed == name) {
        let finding = Finding::error(code::ALGORITHM_NOT_ALLOWED, "/header/alg")
            .text("algorithm", name)
            .with("allowed", Fact::List(options.algorithms.clone()));
        return Err((SignatureStatus::NotChecked, Some(finding)));
    }
    if let Some((status, finding)) = critical {
        return Err((status, Some(finding)));
    }
    let header = jose.header.as_ref().ok_or((SignatureStatus::NotChecked, None))?;
    if case.thorough
        && let Some(algorithm) = Algorithm::named(name)
    {
        return Ok(algorithm);
    }
    crypto::algorithm(header).map_err(|finding| (SignatureStatus::Unsupported, Some(finding)))
}

/// RFC 7515 §4.1.11: if any listed extension is "not understood and supported by the recipient, then the JWS is
/// invalid". `b64` is understood, and left to the second look, so it is named as unsupported instead.
pub fn critical(header: &Document, thorough: bool) -> Option<(SignatureStatus, Finding)> {
    let critical = header.member("crit")?;
    let names: Vec<String> = critical.items().iter().filter_map(|item| item.as_str().map(str::to_owned)).collect();
    let is_list = matches!(&critical.kind, Kind::Array(items) if !items.is_empty() && items.len() == names.len());
    // RFC 7797 §3 has `b64` as "a JSON boolean"; what another value means nobody can understand.
    let is_boolean = header.member("b64").is_some_and(|value| matches!(value.kind, Kind::Bool(_)));
    if is_list && is_boolean && names.iter().all(|name| name == "b64") {
        let finding = Finding::info(code::UNENCODED_PAYLOAD, "/header/crit");
        return (!thorough).then_some((SignatureStatus::Unsupported, finding));
    }
    let finding = Finding::error(code::CRITICAL_EXTENSION, "/header/crit").with("extensions", Fact::List(names));
    Some((SignatureStatus::Invalid, finding))
}

fn settled(jose: &Jose, status: SignatureStatus, finding: Option<Finding>) -> Signed {
    let signature = Signature { status, algorithm: jose.algorithm().map(str::to_owned), key: None };
    Signed { signature, findings: finding.into_iter().collect(), plans: Vec::new() }
}

/// One signature on trial with one key after the other.
struct Trial<'a> {
    algorithm: &'static Algorithm,
    header: &'a Document,
    signed: &'a [u8],
    signature: &'a [u8],
    thorough: bool,
    answers: &'a Answers,
    tried: Vec<(UsedKey, Outcome)>,
    /// What each of those is called in findings.
    names: Vec<String>,
    findings: Vec<Finding>,
    plans: Vec<Plan>,
    /// What may still be tried of all signatures of the text.
    patience: &'a mut Patience,
    /// How many fitting keys were not tried.
    left: u64,
}

/// How much of the work on signatures is done at most, so that neither a thousand keys nor two hundred tokens stop the
/// page.
pub struct Patience {
    tries: usize,
    bytes: usize,
}

impl Default for Patience {
    /// 1024 tries over 64 MiB of signed bytes: every key of the largest sets in use for any log that a person reads.
    fn default() -> Patience {
        Patience { tries: 1024, bytes: 64 << 20 }
    }
}

impl Patience {
    /// Whether one more try over that many bytes is made.
    fn take(&mut self, bytes: usize) -> bool {
        let enough = self.tries > 0 && self.bytes >= bytes;
        if enough {
            self.tries -= 1;
            self.bytes -= bytes;
        }
        enough
    }
}

/// What is said of a key that fits and is weak all the same.
const WEAK: [Code; 2] = [key::code::TOO_SMALL, key::code::ROCA];

/// Below this many bits a modulus is no secret: one of 829 was factored in 2020, with public programs.
const BREAKABLE_BITS: u64 = 1024;

/// Whether anybody can find the private key, so that a good signature shows nothing about who made it. Between that and what
/// [RFC 7518 §3.3](https://www.rfc-editor.org/rfc/rfc7518#section-3.3) demands, 2048 bits, it is a warning.
fn is_breakable(finding: &Finding) -> bool {
    let is_rsa = finding.fact("needed") == Some(&Fact::Count(2048));
    let is_short = matches!(finding.fact("bits"), Some(Fact::Count(bits)) if *bits < BREAKABLE_BITS);
    finding.code == key::code::ROCA || finding.code == key::code::TOO_SMALL && is_rsa && is_short
}

enum Outcome {
    Asked,
    /// No signature of this kind can be by this key.
    Impossible(Finding),
    /// The key is beyond what this page can do, which says nothing about the signature.
    Unsupported(Finding),
    Answered(Verification),
}

impl Trial<'_> {
    /// Tries the fitting ones of the keys from one place.
    fn attempt(&mut self, keys: &[Key]) {
        if keys.is_empty() {
            return;
        }
        let selection = key::select(keys, self.header, self.algorithm);
        // Why a key does not fit is the evidence for the one finding about the signature, which alone bears on the
        // verdict.
        self.findings.extend(selection.findings.into_iter().map(|finding| match finding.severity {
            Severity::Error => Finding { severity: Severity::Warning, ..finding },
            _ => finding,
        }));
        for key in selection.candidates.iter().filter_map(|index| keys.get(*index)) {
            if !self.patience.take(self.signed.len()) {
                self.left += 1;
                continue;
            }
            let used = UsedKey { source: key.source, kid: key.kid.clone(), thumbprint: key.thumbprint() };
            let outcome = match self.plan(key) {
                Ok(_) if key.material.is_forgeable() => {
                    Outcome::Answered(Verification::KeyRefused(crypto::software::NO_KEY.to_owned()))
                }
                Err(finding) if finding.severity == Severity::Error => Outcome::Impossible(finding),
                Err(finding) => Outcome::Unsupported(finding),
                Ok(plan) => match self.answers.verification(&plan) {
                    Some(verification) => Outcome::Answered(verification.clone()),
                    None => {
                        self.plans.push(plan);
                        Outcome::Asked
                    }
                },
            };
            self.tried.push((used, outcome));
            self.names.push(key.name());
        }
    }

    fn plan(&self, key: &Key) -> Result<Plan, Finding> {
        let plan = if self.thorough { crypto::plan_thoroughly } else { crypto::plan };
        plan(self.algorithm, key, self.signed, self.signature)
    }

    fn conclude(mut self, own: &[Vec<Key>], published: &[&Published]) -> Signed {
        let algorithm = self.algorithm.name;
        let is =
            |wanted: &Verification, outcome: &Outcome| matches!(outcome, Outcome::Answered(answer) if answer == wanted);
        let valid = self.tried.iter().find(|(_, outcome)| is(&Verification::Valid, outcome));
        let (status, key, finding) = if let Some((used, _)) = valid {
            let finding = Finding::ok(crypto::code::VALID, "/signature")
                .text("algorithm", algorithm)
                .text(
                    "key",
                    used.kid.clone().or_else(|| used.thumbprint.clone()).unwrap_or_else(|| "without a kid".to_owned()),
                )
                .with("source", Fact::Words(source_name(used.source)));
            (SignatureStatus::Valid, Some(used.clone()), finding)
        } else if self.tried.iter().any(|(_, outcome)| matches!(outcome, Outcome::Asked)) {
            (SignatureStatus::NotChecked, None, Finding::info(code::CHECKING, "/signature"))
        } else if let Some((used, _)) = self.tried.iter().find(|(_, outcome)| is(&Verification::Unavailable, outcome)) {
            (SignatureStatus::NotChecked, Some(used.clone()), Finding::info(crypto::code::UNAVAILABLE, "/signature"))
        } else if self.left > 0 {
            // The right one may be among those that were not tried.
            let finding = Finding::info(code::TOO_MANY_TO_CHECK, "/signature");
            let finding = finding.with("tried", Fact::Count(self.tried.len() as u64));
            (SignatureStatus::NotChecked, None, finding.with("left", Fact::Count(self.left)))
        } else if let Some((used, outcome)) = self.tried.iter().find(|(_, outcome)| !outcome.is_no()) {
            // Nor does the answer about one key say anything about another that could not be asked about.
            self.refused(used, outcome)
        } else if let Some((used, outcome)) =
            self.tried.iter().find(|(_, outcome)| is(&Verification::Invalid, outcome)).or(self.tried.first())
        {
            let count = self.tried.len() as u64;
            let finding = match outcome {
                Outcome::Impossible(finding) => finding.clone(),
                _ => Finding::error(crypto::code::INVALID, "/signature")
                    .text("algorithm", algorithm)
                    .with("keys", Fact::Count(count))
                    .with("source", Fact::Words(source_name(used.source))),
            };
            (SignatureStatus::Invalid, Some(used.clone()), finding)
        } else {
            (SignatureStatus::NotChecked, None, self.without_key(own, published))
        };
        if status == SignatureStatus::Valid {
            // What does not fit elsewhere is of no interest once a key has fitted; that it is weak still is.
            self.findings.retain(|finding| finding.severity == Severity::Info || WEAK.contains(&finding.code));
            let name = self.tried.iter().zip(&self.names).find(|((_, outcome), _)| is(&Verification::Valid, outcome));
            for finding in self.findings.iter_mut().filter(|finding| is_breakable(finding)) {
                if name.is_some_and(|(_, name)| finding.fact_text("key") == Some(name)) {
                    finding.severity = Severity::Error;
                }
            }
        }
        let mut findings = vec![finding];
        findings.append(&mut self.findings);
        let signature = Signature { status, algorithm: Some(algorithm.to_owned()), key };
        Signed { signature, findings, plans: if status == SignatureStatus::Valid { Vec::new() } else { self.plans } }
    }

    /// No key could be tried: because there is none, or because none of them fits.
    fn without_key(&self, own: &[Vec<Key>], published: &[&Published]) -> Finding {
        let issuer = published
            .iter()
            .find(|place| place.issuer.is_some() && place.look.fresh && !place.look.key_sets.is_empty());
        if let Some(issuer) = issuer.filter(|_| own.iter().all(Vec::is_empty)) {
            return Finding::error(code::NO_FITTING_KEY, "/signature")
                .text("issuer", issuer.issuer.clone().unwrap_or_default())
                .text("algorithm", self.algorithm.name)
                .with(
                    "kid",
                    self.header.string("kid").map_or(Fact::Words("missing"), |kid| Fact::Text(kid.to_owned())),
                );
        }
        let count = own.iter().map(Vec::len).sum::<usize>()
            + published.iter().map(|place| place.look.keys.len()).sum::<usize>();
        let failed = published.iter().flat_map(|place| &place.look.key_sets).flat_map(|set| &set.findings);
        let failed =
            failed.filter(|finding| matches!(finding.severity, Severity::Error | Severity::Warning)).count() > 0;
        let code = match count {
            0 if failed => code::KEYS_NOT_FETCHED,
            0 => code::NO_KEY,
            _ => code::NO_KEY_FITS,
        };
        Finding::info(code, "/signature")
            .text("algorithm", self.algorithm.name)
            .with("keys", Fact::Count(count as u64))
            .with("needs", Fact::Words(needs(self.algorithm)))
    }

    /// A key that is beyond this page or this browser.
    fn refused(&self, used: &UsedKey, outcome: &Outcome) -> (SignatureStatus, Option<UsedKey>, Finding) {
        let (status, finding) = match outcome {
            Outcome::Answered(Verification::KeyRefused(reason)) => (
                SignatureStatus::NotChecked,
                Finding::info(crypto::code::KEY_REFUSED, "/signature").text("reason", reason.clone()),
            ),
            Outcome::Unsupported(finding) => (SignatureStatus::Unsupported, finding.clone()),
            _ => (
                SignatureStatus::Unsupported,
                Finding::info(crypto::code::BROWSER_LACKS, "/header/alg").text("algorithm", self.algorithm.name),
            ),
        };
        (status, Some(used.clone()), finding)
    }
}

impl Outcome {
    /// Whether it is certain that the signature is not by this key.
    fn is_no(&self) -> bool {
        matches!(self, Outcome::Impossible(_) | Outcome::Answered(Verification::Invalid))
    }
}

fn source_name(source: KeySource) -> &'static str {
    match source {
        KeySource::Pasted => "the pasted keys",
        KeySource::Secret => "the secret",
        KeySource::Issuer => "the issuer’s key set",
        KeySource::JwksUrl => "the key set URL",
        KeySource::Token => "the token itself",
    }
}

fn needs(algorithm: &Algorithm) -> &'static str {
    if algorithm.key_type == "oct" { "the shared secret" } else { "the issuer’s public key" }
}
