//! Tokens inside tokens: what counts as one, and what it means for the token around it.

use super::{Inner, code};
use crate::finding::{Finding, Severity};
use crate::inspect;
use crate::jose;
use crate::json::Document;
use crate::messages::{self, Prose};
use crate::order;
use crate::report::headline::token_noun;
use crate::report::{KeySource, Report, SignatureStatus, Token, TokenKind, Verdict};
use crate::sniff;
use crate::time::Time;

/// The token that a content is, and nothing else: by what it looks like, or by what `cty` says
/// ([RFC 7519 §5.2](https://www.rfc-editor.org/rfc/rfc7519#section-5.2)).
pub(super) fn text(content: &[u8], header: Option<&Document>) -> Option<Inner> {
    let begins = content.iter().find(|byte| !byte.is_ascii_whitespace() && **byte != b'"')?;
    if !matches!(begins, b'e' | b'I' | b'C' | b'D' | b'{') {
        return None;
    }
    let text = std::str::from_utf8(content).ok()?.trim();
    // Some libraries write the token as a JSON string.
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let (token, tail) = text.split_at(text.find('~').filter(|_| !text.starts_with('{')).unwrap_or(text.len()));
    let is_jwt = header.and_then(|header| header.string("cty")).is_some_and(|kind| kind.eq_ignore_ascii_case("JWT"));
    let is_token = if token.starts_with('{') {
        crate::json::read(token.as_bytes().to_vec()).root.is_some_and(|root| jose::serialized::is_token(&root))
    } else {
        let dots = token.bytes().filter(|byte| *byte == b'.').count();
        sniff::begins_object(token.as_bytes()) && (dots == 2 || dots == 4 || is_jwt && dots > 0) && is_plain(token)
    };
    is_token.then(|| Inner { text: token.to_owned(), tail: tail.to_owned(), only: None })
}

fn is_plain(token: &str) -> bool {
    token.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'+' | b'/' | b'='))
}

/// Gives the tokens around others the verdict that follows from those inside, once all is known about these, and the words
/// that stand below their headline.
pub fn conclude(report: &mut Report) {
    // One inside stands behind the one around it, so the innermost come first.
    for at in (0..report.tokens.len()).rev() {
        let is_inside = |token: &&Token| token.beyond.as_ref().is_some_and(|beyond| beyond.inside == Some(at));
        let inside: Vec<(Verdict, &'static str, bool)> = report
            .tokens
            .iter()
            .filter(is_inside)
            .map(|token| (token.verdict, noun(token), token.signature.status == SignatureStatus::Valid))
            .collect();
        let now = report.now;
        let unbound = unbound(report, at);
        let Some(token) = report.tokens.get_mut(at) else { continue };
        if inside.iter().any(|(verdict, ..)| *verdict == Verdict::Rejected) {
            token.findings.push(Finding::error(code::INSIDE_REJECTED, "/payload"));
            token.verdict = Verdict::Rejected;
        }
        // Who sent claims with a token that binds them to a key is known once that one's signature is.
        if unbound.is_some() && token.signature.status == SignatureStatus::Valid && token.verdict != Verdict::Rejected {
            if unbound == Some(true) {
                token.findings.push(Finding::info(code::BINDING_UNDECIDED, "/keyBinding"));
            }
            token.verdict = Verdict::Undecided;
        }
        let is_decrypted = token.kind == TokenKind::Jwe && super::encrypted::is_decrypted(token);
        let all_accepted = !inside.is_empty() && inside.iter().all(|(verdict, ..)| *verdict == Verdict::Accepted);
        let has_errors = token.findings.iter().any(|finding| finding.severity == Severity::Error);
        // What is only around another token is as good as that one.
        let is_around = is_decrypted || !has_claims(token) && inspect::is_trusted(&token.signature);
        if is_around && all_accepted && !has_errors {
            token.verdict = Verdict::Accepted;
        }
        if is_around && !all_accepted && !inside.is_empty() && !has_errors {
            token.findings.push(Finding::info(code::INSIDE_UNDECIDED, "/payload"));
        }
        order::sort(&mut token.findings, |one, other| one.severity < other.severity);
        if !is_decrypted {
            if let Some(support) = possession(token, now)
                && let Some(beyond) = token.beyond.as_mut()
            {
                beyond.support = Some(support);
            }
            continue;
        }
        let (code, what) = match inside.first() {
            Some((_, noun, _)) => (code::DECRYPTED_TOKEN, *noun),
            None => (code::DECRYPTED, ""),
        };
        let Some(beyond) = token.beyond.as_mut() else { continue };
        let key = beyond.decryption.as_ref().and_then(|decryption| decryption.key.as_ref());
        let (by, name) = super::encrypted::key_name(key);
        let finding = Finding::info(code, "/payload").with("by", crate::finding::Fact::Words(by));
        let finding = finding.with("key", name).with("what", crate::finding::Fact::Words(what));
        beyond.support = Some(messages::words(&finding, now).problem);
    }
}

/// Whether the claims of a token are its own.
fn has_claims(token: &Token) -> bool {
    let payload = token.payload.as_ref().filter(|payload| inspect::is_object(payload));
    payload.and_then(|payload| payload.root.as_ref()).is_some_and(|root| !jose::serialized::is_token(root))
}

/// What a good signature says where the key came with the token: that its private half was at hand.
fn possession(token: &Token, now: Time) -> Option<Prose> {
    let key = token.signature.key.as_ref().filter(|_| token.signature.status == SignatureStatus::Valid)?;
    let own = token.header.as_ref().is_some_and(|header| header.member("jwk").is_some());
    let code = if own { code::POSSESSION } else { code::BOUND };
    (key.source == KeySource::Token).then(|| messages::words(&Finding::info(code, "/signature"), now).problem)
}

/// Whether the token that binds another one to a key was not shown to be good, and that is final; `None` where it was, or
/// where there is none. Without it anybody may have sent the disclosures
/// ([RFC 9901 §7.3](https://www.rfc-editor.org/rfc/rfc9901#section-7.3)).
fn unbound(report: &Report, at: usize) -> Option<bool> {
    let disclosure = report.tokens.get(at)?.beyond.as_ref()?.disclosure.as_ref()?;
    let text = disclosure.key_binding.as_deref()?;
    let binding = report.tokens.iter().find(|token| token.inside() == Some(at) && token.text == text);
    match binding {
        Some(binding) if binding.signature.status == SignatureStatus::Valid => None,
        Some(binding) => Some(!binding.findings.iter().any(|finding| finding.code == inspect::code::CHECKING)),
        None => Some(true),
    }
}

/// What a token inside another one is called in a sentence.
fn noun(token: &Token) -> &'static str {
    match token.kind {
        TokenKind::Jws => "a signed token",
        TokenKind::Jwe => "an encrypted token",
        TokenKind::Unsecured => "an unsigned token",
        _ => token_noun(token),
    }
}

/// What is said of a token that has another one inside.
pub(super) fn finding(inner: &Inner) -> Finding {
    let kind = match jose::read(&inner.text).kind {
        TokenKind::Jwe => "an encrypted token",
        TokenKind::Unsecured => "an unsigned token",
        _ => "a signed token",
    };
    Finding::info(code::INSIDE, "/payload").with("what", crate::finding::Fact::Words(kind))
}
