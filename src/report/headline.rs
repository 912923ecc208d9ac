//! The verdict in one sentence, and one line of support.

use super::{InputKind, KeySource, Report, SignatureStatus, Token, TokenKind, TokenName, Verdict};
use crate::finding::{Certainty, Code, Fact, Finding, Severity};
use crate::messages::{self, Prose, Section};
use crate::time::Time;

/// What the page says first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headline {
    /// The verdict with its most important reasons: "Rejected: expired 3 min 12 s ago and meant for another audience".
    pub sentence: Prose,
    /// What is known about the signature, which decides how far the rest can be relied on.
    pub support: Prose,
}

/// The codes of this room. They name sentences, and never stand in a token's findings.
pub mod code {
    crate::codes! {
        /// Accepted.
        ACCEPTED = "verdict.accepted";
        /// An encrypted token.
        ENCRYPTED = "verdict.encrypted";
        /// A token that is no JSON Web Token.
        OPAQUE = "verdict.opaque";
        /// Rejected.
        REJECTED = "verdict.rejected";
        /// An invalid signature.
        SIGNATURE_INVALID = "verdict.signature-invalid";
        /// No signature.
        SIGNATURE_NONE = "verdict.signature-none";
        /// A signature that was not checked.
        SIGNATURE_NOT_CHECKED = "verdict.signature-not-checked";
        /// A signature that can't be checked.
        SIGNATURE_UNSUPPORTED = "verdict.signature-unsupported";
        /// A valid signature by the issuer's key.
        SIGNATURE_VALID = "verdict.signature-valid";
        /// A valid signature by another key.
        SIGNATURE_VALID_KEY = "verdict.signature-valid-key";
        /// Undecided.
        UNDECIDED = "verdict.undecided";
        /// Undecided, although every check that could run passed.
        UNDECIDED_OPEN = "verdict.undecided-open";
    }
}

/// How many reasons the sentence names; the others are counted.
const MOST_REASONS: usize = 2;

/// The headline of a token's verdict, as of `now`.
pub fn headline(token: &Token, now: Time) -> Headline {
    Headline { sentence: sentence(token, now), support: support(token, now) }
}

fn sentence(token: &Token, now: Time) -> Prose {
    let (code, severity) = match token.verdict {
        Verdict::Accepted => return say(code::ACCEPTED, now, Vec::new()),
        Verdict::Rejected => (code::REJECTED, Severity::Error),
        Verdict::Undecided => (code::UNDECIDED, Severity::Info),
    };
    let mut reasons: Vec<Prose> = Vec::new();
    for finding in token.findings.iter().filter(|finding| finding.severity == severity) {
        let words = messages::first_words(finding, now);
        // Two findings with the same clause are one reason to the reader.
        if let Some(brief) = words.brief.filter(|brief| words.section == Section::Checks && !reasons.contains(brief)) {
            let is_signature = token.signature.status == SignatureStatus::Invalid && finding.subject == SIGNATURE;
            reasons.push(match cause(token, now).filter(|_| is_signature) {
                Some(cause) => with_cause(brief, cause),
                None => brief,
            });
        }
    }
    if reasons.is_empty() && token.verdict == Verdict::Undecided {
        return say(code::UNDECIDED_OPEN, now, Vec::new());
    }
    let mut sentence = say(code, now, Vec::new());
    let hidden = reasons.len().saturating_sub(MOST_REASONS);
    let shown = reasons.len() - hidden;
    for (number, reason) in reasons.into_iter().take(MOST_REASONS).enumerate() {
        if number > 0 {
            sentence.push_text(if number + 1 == shown && hidden == 0 { " and " } else { ", " });
        }
        sentence.append(reason);
    }
    if hidden > 0 {
        sentence.push_text(&[" and ", &hidden.to_string(), " more"].concat());
    }
    sentence
}

/// What findings about a signature are about.
const SIGNATURE: &str = "/signature";

/// The proved cause of an invalid signature, where the doctor has found one: information behind the failed check.
fn cause(token: &Token, now: Time) -> Option<Prose> {
    let is_cause = |finding: &&Finding| {
        finding.subject == SIGNATURE && finding.severity == Severity::Info && finding.certainty == Certainty::Proved
    };
    token.findings.iter().filter(is_cause).find_map(|finding| messages::first_words(finding, now).brief)
}

fn with_cause(mut reason: Prose, cause: Prose) -> Prose {
    reason.push_text(" (");
    reason.append(cause);
    reason.push_text(")");
    reason
}

fn support(token: &Token, now: Time) -> Prose {
    if let Some(support) = token.beyond.as_ref().and_then(|beyond| beyond.support.clone()) {
        return support;
    }
    let code = match (token.kind, token.signature.status) {
        (TokenKind::Opaque, _) => code::OPAQUE,
        (TokenKind::Jwe, _) => code::ENCRYPTED,
        (_, SignatureStatus::Invalid) => code::SIGNATURE_INVALID,
        (_, SignatureStatus::None) => code::SIGNATURE_NONE,
        (_, SignatureStatus::NotChecked) => code::SIGNATURE_NOT_CHECKED,
        (_, SignatureStatus::Unsupported) => code::SIGNATURE_UNSUPPORTED,
        (_, SignatureStatus::Valid) => return valid(token, now),
    };
    say(code, now, Vec::new())
}

fn valid(token: &Token, now: Time) -> Prose {
    let source = token.signature.key.as_ref().map(|key| key.source);
    let issuer = token.payload.as_ref().and_then(|payload| payload.string("iss"));
    // A token may name another issuer than the one whose key it is: then that one did not issue it.
    let compared = token.findings.iter().any(|finding| finding.code == crate::claims::code::ISSUER);
    if let (Some(KeySource::Issuer), Some(issuer), true) = (source, issuer, compared) {
        return say(code::SIGNATURE_VALID, now, vec![("issuer", Fact::Text(issuer.to_owned()))]);
    }
    let source = match source {
        Some(KeySource::Secret) => "the secret",
        Some(KeySource::JwksUrl) => "a key from the key set URL",
        Some(KeySource::Issuer) => "a key of the expected issuer",
        _ => "a pasted key",
    };
    say(code::SIGNATURE_VALID_KEY, now, vec![("source", Fact::Words(source))])
}

fn say(code: Code, now: Time, evidence: Vec<(&'static str, Fact)>) -> Prose {
    let mut finding = Finding::info(code, "");
    finding.evidence = evidence;
    messages::first_words(&finding, now).problem
}

/// What a token is called in a sentence: "access token", "ID token", "encrypted token".
pub fn token_noun(token: &Token) -> &'static str {
    match (token.name, token.kind) {
        (Some(TokenName::AccessToken), _) => "access token",
        (Some(TokenName::IdToken), _) => "ID token",
        (Some(TokenName::RefreshToken), _) => "refresh token",
        (None, TokenKind::Jwe) => "encrypted token",
        (None, TokenKind::Unsecured) => "unsigned token",
        (None, TokenKind::Incomplete) => "incomplete token",
        (None, TokenKind::Opaque) => "opaque token",
        (None, TokenKind::Jws) => "token",
    }
}

/// What a text is called in a sentence that begins "found": "in a curl command".
pub fn place(kind: InputKind) -> &'static str {
    match kind {
        InputKind::AuthorizationHeader => "in an Authorization header",
        InputKind::Bare => "pasted on its own",
        InputKind::Bearer => "behind Bearer",
        InputKind::CallbackUrl => "in a redirect URL",
        InputKind::Curl => "in a curl command",
        InputKind::JwtIoLink => "in a jwt.io link",
        InputKind::Text => "in the text",
        InputKind::TokenResponse => "in a token response",
    }
}

/// The line above the pasted text, the number and its noun apart from the place: "1 access token" and "in a curl
/// command".
pub fn found(report: &Report) -> (String, &'static str) {
    let place = report.inputs.first().map_or("", |input| place(input.kind));
    // What stands inside another token was not found in the text.
    let tokens: Vec<&Token> = report.tokens.iter().filter(|token| token.inside().is_none()).collect();
    let noun = match tokens.as_slice() {
        [] => return ("Nothing found".to_owned(), place),
        [only] => return (["1 ", token_noun(only)].concat(), place),
        _ => "tokens",
    };
    ([&tokens.len().to_string(), " ", noun].concat(), place)
}
