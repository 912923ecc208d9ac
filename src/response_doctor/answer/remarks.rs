//! What an answer says beside the rows of the catalogue: limits, challenges, who answered, and what is missing.

use super::code;
use super::meaning;
use super::named::{Found, UnknownCode, clipped};
use super::oauth::redirect_uri_of;
use super::sender::Sender;
use super::texts::Texts;
use super::{RateLimit, Said};
use crate::finding::{Certainty, Fact, Finding, Severity};
use crate::response_doctor::challenge::Challenge;
use crate::response_doctor::evidence::{Body, Evidence, Kind};
use crate::text;

/// The longest window of Okta, in seconds, with some leeway: a longer wait is most likely in other units.
const LONGEST_WAIT: i64 = 120;

const BODY: &str = "/answer/body";
const STATUS: &str = "/answer/status";
const CHALLENGE: &str = "/answer/headers/www-authenticate";
const LIMIT: &str = "/answer/headers/rate-limit";

/// What the remarks are made from.
pub struct Scene<'a> {
    /// What the pasted texts tell.
    pub evidence: &'a Evidence,
    /// What was read so far.
    pub said: &'a Said,
    /// The rows that are named.
    pub found: &'a [Found<'a>],
    /// The codes without a row.
    pub unknown: &'a [UnknownCode],
    /// What is said in words.
    pub texts: &'a Texts,
    /// Who answered.
    pub sender: Option<&'static Sender>,
}

/// The findings: one for each row that is named, and the remarks.
pub fn findings(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = rows(scene);
    for remarks in [limits, challenges, described, page_or_nothing, senders, excluded] {
        remarks(scene, &mut findings);
    }
    let is_failing = |finding: &Finding| finding.severity == Severity::Error;
    if scene.evidence.status.is_some_and(|status| status >= 400)
        && scene.found.is_empty()
        && !findings.iter().any(is_failing)
        && let Some(words) = scene.texts.own_words()
    {
        findings.push(stated(Finding::error(code::OWN_WORDS, BODY)).text("text", clipped(words)));
    }
    let is_told = |finding: &Finding| matches!(finding.severity, Severity::Error | Severity::Warning);
    let is_known = !scene.found.is_empty() || findings.iter().any(is_told);
    match scene.evidence.status {
        Some(status) if status >= 400 && !is_known => {
            let finding = Finding::info(code::NO_REASON, STATUS).with("status", Fact::Count(status.into()));
            findings.push(stated(finding));
        }
        // A request alone, and a token alone, say nothing of an answer.
        None if matches!(scene.evidence.kind, Kind::Nothing | Kind::AuthorizationRequest) => {}
        None if !is_known && findings.is_empty() => findings.push(stated(Finding::info(code::UNREAD, "/answer"))),
        _ => {}
    }
    findings
}

fn stated(finding: Finding) -> Finding {
    finding.certainty(Certainty::Stated)
}

/// The rows, the codes that have none, and a status that is not the one of the code.
fn rows(scene: &Scene<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for found in scene.found.iter().filter(|found| !found.is_general) {
        let make = match found.row.severity {
            Severity::Error => Finding::error,
            Severity::Warning => Finding::warning,
            Severity::Info => Finding::info,
            Severity::Ok => Finding::ok,
        };
        let mut finding = make(found.row.code, found.subject).certainty(found.certainty).text("text", &*found.text);
        if let Some(status) = scene.evidence.status {
            finding = finding.with("status", Fact::Count(status.into()));
        }
        findings.push(finding);
    }
    for unknown in scene.unknown {
        findings.push(stated(Finding::warning(code::UNKNOWN_CODE, unknown.subject)).text("code", &*unknown.code));
    }
    let by_code = scene.found.iter().find(|found| found.by_code && found.row.code.0.starts_with("okta."));
    if let Some(found) = by_code
        && let (Some(usual), Some(status)) = (found.row.status, scene.evidence.status)
        && usual != status
        && !(300..400).contains(&status)
    {
        let finding = stated(Finding::info(code::STATUS_DIFFERS, STATUS)).text("code", found.row.key);
        let finding = finding.with("status", Fact::Count(status.into()));
        findings.push(finding.with("usual", Fact::Count(usual.into())));
    }
    findings
}

fn limits(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    let said = scene.said;
    // An event of the System Log says by its type which limit was reached: `core.concurrency.org.limit.violation`.
    let event = scene.evidence.event.as_ref().map_or("", |event| event.event_type.as_str());
    let violation = text::contains(event, "limit.violation");
    let at_once = violation && text::contains(event, "concurrency");
    let over = violation
        || scene.evidence.status == Some(429)
        || said.envelope.as_ref().is_some_and(|envelope| envelope.code == "E0000047");
    let other = scene.found.iter().find(|found| found.row.excludes.contains(&"quota"));
    let limit = said.limit.clone().unwrap_or_default();
    // GitHub and others answer 403 when a limit is used up.
    let is_empty = limit.remaining == Some(0) && limit.limit.is_some_and(|most| most > 0);
    let over = over || (scene.evidence.status == Some(403) && is_empty);
    let mut told_wait = false;
    if over {
        let left = limit.remaining.is_some_and(|remaining| remaining > 0);
        let finding = if limit.is_concurrency || at_once {
            Finding::error(code::CONCURRENCY_LIMIT, LIMIT)
        } else if let Some(found) = other {
            Finding::info(code::OTHER_LIMIT, STATUS).with("which", Fact::Words(found.row.title))
        } else if left {
            Finding::error(code::OTHER_LIMIT, LIMIT).with("which", Fact::Words(meaning::other_limit()))
        } else if let Some(wait) = limit.wait.or(said.retry_after) {
            told_wait = true;
            Finding::error(code::RATE_LIMITED, LIMIT).with("wait", Fact::Duration(wait))
        } else if limit.reset.is_some() {
            Finding::error(code::RATE_LIMITED_UNTIL, LIMIT)
        } else {
            Finding::error(code::RATE_LIMITED_UNTOLD, STATUS)
        };
        findings.push(stated(with_limit(finding, &limit)));
    } else if let (Some(remaining), Some(most)) = (limit.remaining, limit.limit)
        && most > 0
    {
        let finding = if remaining.saturating_mul(10) < most {
            Finding::warning(code::RATE_LIMIT_LOW, LIMIT)
        } else {
            Finding::ok(code::RATE_LIMIT_OK, LIMIT)
        };
        findings.push(stated(with_limit(finding, &limit)));
    }
    if let Some(wait) = said.retry_after.filter(|_| !told_wait) {
        let finding = Finding::info(code::RETRY_AFTER, "/answer/headers/retry-after");
        findings.push(stated(finding.with("wait", Fact::Duration(wait))));
    }
    let is_okta = scene.evidence.headers.has("x-rate-limit-reset");
    if let Some(wait) = limit.wait.filter(|wait| is_okta && *wait > LONGEST_WAIT) {
        findings.push(stated(Finding::warning(code::LIMIT_ODD, LIMIT).with("wait", Fact::Duration(wait))));
    }
}

fn with_limit(mut finding: Finding, limit: &RateLimit) -> Finding {
    let count = |number: i64| Fact::Count(u64::try_from(number).unwrap_or_default());
    if let Some(most) = limit.limit {
        finding = finding.with("limit", count(most));
    }
    if let Some(remaining) = limit.remaining {
        finding = finding.with("remaining", count(remaining));
    }
    if let Some(reset) = limit.reset {
        finding = finding.with("reset", Fact::Time(reset));
    }
    finding
}

fn challenges(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    let said = scene.said;
    let mut faults = Vec::new();
    for fault in said.challenges.iter().flat_map(|challenge| &challenge.faults) {
        if !faults.contains(fault) {
            faults.push(*fault);
            let finding =
                Finding::info(code::CHALLENGE_ODD, CHALLENGE).with("fault", Fact::Words(meaning::fault(*fault)));
            findings.push(stated(finding));
        }
    }
    if let Some(finding) = no_credentials(scene) {
        findings.push(stated(finding));
    }
    let asks = |challenge: &Challenge| {
        let asked = ["acr_values", "max_age"].into_iter();
        let asked = asked.filter_map(|name| {
            Some([name, "=", challenge.parameter(name).filter(|value| !value.is_empty())?].concat())
        });
        Some(asked.collect::<Vec<_>>()).filter(|asked| !asked.is_empty())
    };
    if let Some(asked) = said.challenges.iter().find_map(asks) {
        findings.push(stated(Finding::error(code::STEP_UP, CHALLENGE).with("asked", Fact::List(asked))));
    }
    let of_challenge = said.challenges.iter().find_map(|challenge| challenge.parameter("claims"));
    let of_body = match &scene.evidence.body {
        Body::Json(document) if said.oauth.is_some() => document.string("claims"),
        _ => None,
    };
    if let Some(claims) = of_challenge.or(of_body).filter(|claims| !claims.is_empty()) {
        let claims = clipped(&meaning::decoded_claims(claims));
        findings.push(stated(Finding::error(code::CLAIMS_CHALLENGE, CHALLENGE).text("claims", claims)));
    }
}

/// No token arrived: a challenge without an error ([RFC 6750 §3.1](https://www.rfc-editor.org/rfc/rfc6750#section-3.1)), or
/// words that say so.
fn no_credentials(scene: &Scene<'_>) -> Option<Finding> {
    let said = scene.said;
    let missing =
        scene.found.iter().any(|found| found.row.says == "missing" || found.row.key == "access_token_missing");
    let silent = said.oauth.is_none() && said.envelope.is_none() && matches!(scene.evidence.status, None | Some(401));
    let takes_tokens =
        |challenge: &&Challenge| ["Bearer", "DPoP"].iter().any(|scheme| challenge.scheme.eq_ignore_ascii_case(scheme));
    let bearer = said.challenges.iter().filter(takes_tokens);
    let bare = silent && bearer.clone().next().is_some() && bearer.clone().all(Challenge::is_bare);
    let has_failed = scene.found.iter().any(|found| !found.row.says.is_empty() && found.row.says != "missing");
    // A subscription key or a password that is missing is no token.
    let is_other = !said.challenges.is_empty() && bearer.clone().next().is_none();
    ((missing && !is_other) || (bare && !has_failed)).then(|| {
        let scheme = bearer.clone().next().map_or("Bearer", |challenge| challenge.scheme.as_str());
        Finding::error(code::NO_CREDENTIALS_ARRIVED, CHALLENGE).text("scheme", scheme)
    })
}

/// What stands in the descriptions: causes, scopes, a redirect URI; and the nonce beside them.
fn described(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    let said = scene.said;
    if let Some(envelope) = said.envelope.as_ref().filter(|envelope| !envelope.causes.is_empty()) {
        let causes = envelope.causes.iter().map(|cause| clipped(cause)).collect();
        let finding = Finding::info(code::CAUSES, "/answer/body/errorCauses").with("causes", Fact::List(causes));
        findings.push(stated(finding));
    }
    let Some(oauth) = &said.oauth else { return };
    let of_scopes = ["access_denied", "invalid_scope", "consent_required", "insufficient_scope"];
    let listed = super::oauth::scopes_of(&oauth.description);
    if of_scopes.contains(&oauth.error.as_str()) && !listed.is_empty() {
        let finding = Finding::info(code::SCOPES_DENIED, "/answer/error_description");
        findings.push(stated(finding.with("scopes", Fact::List(listed))));
    }
    if let Some(uri) = redirect_uri_of(&oauth.description) {
        let finding = Finding::info(code::REDIRECT_URI_SENT, "/answer/error_description");
        findings.push(stated(finding.text("uri", clipped(uri))));
    }
    if oauth.error == "use_dpop_nonce" {
        let subject = "/answer/headers/dpop-nonce";
        if scene.evidence.headers.has("dpop-nonce") {
            findings.push(stated(Finding::info(code::DPOP_NONCE, subject)));
        } else if scene.evidence.has_headers {
            findings.push(stated(Finding::warning(code::DPOP_NONCE_MISSING, subject)));
        }
    }
}

/// An answer without a readable reason: a page, an empty body, a server that failed.
fn page_or_nothing(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    let said = scene.said;
    let evidence = scene.evidence;
    let silent = said.oauth.is_none() && said.envelope.is_none() && scene.found.is_empty();
    let is_okta = scene.sender.is_some_and(|sender| sender.key == "okta");
    let empty = match &evidence.body {
        Body::Empty => true,
        Body::Unknown => evidence.headers.values("content-length").any(|length| length.trim() == "0"),
        _ => false,
    };
    let refused = matches!(evidence.status, Some(401 | 403)) && said.challenges.is_empty();
    if is_okta && refused && silent && empty {
        if evidence.status == Some(403) {
            findings.push(stated(Finding::warning(code::EMPTY_403, CHALLENGE)));
        }
        findings.push(stated(Finding::info(code::SCRIPT_BLIND, CHALLENGE)));
    }
    let mut explained = !silent;
    if let Body::Html { title, .. } = &evidence.body {
        let title = if title.trim().is_empty() { "<html>" } else { title };
        let finding =
            Finding::warning(code::HTML_PAGE, BODY).certainty(Certainty::Stated).text("title", clipped(title));
        findings.push(finding);
        explained = explained || evidence.status.is_none();
    }
    if let Some(status) = evidence.status.filter(|status| *status >= 500 && !explained) {
        let finding = Finding::error(code::SERVER_ERROR, STATUS).with("status", Fact::Count(status.into()));
        findings.push(stated(finding));
    }
}

fn senders(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    let Some(sender) = scene.sender else { return };
    let told = scene.evidence.kind != Kind::Nothing && sender.key != "okta" && !sender.note.is_empty();
    if told {
        let code = if sender.is_gateway { code::GATEWAY_ANSWERED } else { code::SENDER };
        let finding = Finding::info(code, "/answer").certainty(Certainty::Likely);
        let finding = finding.with("sender", Fact::Words(&sender.name));
        findings.push(finding.with("note", Fact::Words(&sender.note)));
    }
}

/// What the rows exclude: the misreading that the status suggests.
fn excluded(scene: &Scene<'_>, findings: &mut Vec<Finding>) {
    let codes = [("token", code::NOT_THE_TOKEN), ("scope", code::NOT_A_SCOPE), ("quota", code::NOT_A_QUOTA)];
    for (word, code) in codes {
        let row = scene.found.iter().find(|found| !found.is_general && found.row.excludes.contains(&word));
        if let Some(found) = row {
            let finding = Finding::info(code, STATUS).certainty(found.certainty);
            findings.push(finding.with("why", Fact::Words(found.row.title)).text("code", found.row.key));
        }
    }
}
