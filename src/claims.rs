//! The claims of a token against what is expected of it.
//!
//! [`check`] runs every check and reports each of them: a failed check as [`Severity::Error`], a passed one as
//! [`Severity::Ok`], and one that could not run as [`Severity::Info`]. It never stops at the first failure, and what
//! was not expected cannot fail. Where a comparison fails for a well-known reason, a second finding with the same
//! subject follows it: [`Severity::Info`], and [`Certainty::Likely`](crate::finding::Certainty::Likely) unless the
//! reason can be proved. The failure names its code as the fact `reason`.
//!
//! # Deviations
//!
//! - An `iat` in the future fails. [RFC 7519 §4.1.6](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.6) says only
//!   that it "can be used to determine the age of the JWT", but nothing is issued before it exists: a clock is wrong or
//!   the value is, and widespread verifiers (Okta's own, PyJWT) refuse such a token.
//! - A missing `exp` is a warning. RFC 7519 calls `exp` optional; profiles of it demand one.

mod audience;
mod client;
pub mod code;
mod issuer;
mod likely;
mod registered;
mod required;
mod scopes;
mod times;

pub use registered::{Explained, Meaning, explanation, header_explanation, wording};

use crate::finding::{Code, Fact, Finding, Severity};
use crate::json::{Document, Fault, Value};
use crate::time::Time;

/// What is expected of a token. What is not given is not compared, and never fails.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Expectations {
    /// The accepted values of `iss`, compared byte for byte. Empty when any will do.
    pub issuers: Vec<String>,
    /// The accepted values of `aud`: the token must name at least one of them. Empty when any will do.
    pub audiences: Vec<String>,
    /// The client that the token must have been issued to: `azp`, `cid`, `client_id` or `appid`.
    pub client_id: Option<String>,
    /// The `nonce` that was sent with the authorization request.
    pub nonce: Option<String>,
    /// The scopes that must all be granted.
    pub required_scopes: Vec<String>,
    /// The claims that must all be there.
    pub required_claims: Vec<RequiredClaim>,
    /// By how many seconds the clocks of the issuer and of this machine may differ. Default 0; negative counts as 0.
    pub leeway: i64,
}

/// A claim that must be there, and what it must be.
///
/// ```
/// use tokenscope::claims::{Expectations, RequiredClaim, check};
/// use tokenscope::{finding::Severity, json, time::Time};
/// let admin = RequiredClaim { name: "/realm_access/roles".into(), value: None, contains: Some("admin".into()) };
/// let expectations = Expectations { required_claims: vec![admin], ..Expectations::default() };
/// let payload = json::read(br#"{"exp":2000000000,"realm_access":{"roles":["admin"]}}"#.to_vec());
/// let findings = check(None, &payload, &expectations, Time::from_seconds(1_795_183_200));
/// assert!(findings.iter().all(|finding| finding.severity != Severity::Error));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequiredClaim {
    /// The name of a member of the payload, such as `groups` or `https://example.com/roles`; where there is no member
    /// of that name, a JSON pointer such as `/realm_access/roles`
    /// ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)).
    pub name: String,
    /// What the claim must equal: a string with this text, or a number, boolean or `null` written like this.
    pub value: Option<String>,
    /// What the claim must contain: an item of an array, a word of a space-separated string, or a member name of an
    /// object, which is how Zitadel writes roles, unless its value is `false` or `null`.
    pub contains: Option<String>,
}

/// Checks the claims of a token for the time `now`. The header, where there is one, tells access tokens from ID tokens
/// by its `typ` ([RFC 9068 §2.1](https://www.rfc-editor.org/rfc/rfc9068#section-2.1)).
///
/// The order of the findings is fixed: `exp`, `nbf`, `iat`, `auth_time`, `iss`, `aud`, the client, `nonce`, scopes,
/// required claims, revocation.
///
/// ```
/// use tokenscope::claims::{Expectations, check, code};
/// use tokenscope::{json, time::Time};
/// let payload = json::read(br#"{"exp":1795183200}"#.to_vec());
/// let findings = check(None, &payload, &Expectations::default(), Time::from_seconds(1_795_183_200));
/// assert_eq!(findings[0].code, code::EXPIRED, "on exp is too late");
/// ```
pub fn check(header: Option<&Document>, payload: &Document, expectations: &Expectations, now: Time) -> Vec<Finding> {
    let leeway = expectations.leeway.max(0);
    let mut checks = Checks { header, payload, expectations, now, leeway, findings: Vec::new() };
    if payload.root.as_ref().is_none_or(|root| root.type_name() != "object") {
        checks.not_an_object();
    } else {
        checks.times();
        checks.issuer();
        checks.audience();
        checks.client();
        checks.nonce();
        checks.scopes();
        checks.required_claims();
    }
    checks.findings.push(Finding::info(code::REVOCATION_UNKNOWN, "/revocation"));
    checks.findings
}

/// Of so many values of a repeated claim the first ones are listed.
const MOST_DUPLICATES: usize = 4;

/// The checks of one token, and what they found so far.
struct Checks<'a> {
    header: Option<&'a Document>,
    payload: &'a Document,
    expectations: &'a Expectations,
    now: Time,
    leeway: i64,
    findings: Vec<Finding>,
}

impl<'a> Checks<'a> {
    /// A payload without claims fails what is expected of it, and nothing else: a signed text is no fault in itself.
    fn not_an_object(&mut self) {
        let nothing = Expectations { leeway: self.expectations.leeway, ..Expectations::default() };
        let severity = if *self.expectations == nothing { Severity::Info } else { Severity::Error };
        let mut finding = Finding::info(code::NOT_AN_OBJECT, "/payload");
        finding.severity = severity;
        let found = self.payload.root.as_ref().map_or("nothing that can be read", |root| with_article(root));
        self.findings.push(finding.with("type", Fact::Words(found)));
    }

    /// The claim of that name, after a warning when there are several.
    fn claim(&mut self, name: &str) -> Option<&'a Value> {
        let payload = self.payload;
        let members = payload.root.as_ref().map(Value::members).unwrap_or_default();
        let mut same = members.iter().filter(|member| member.name == name);
        let value = self.readable(&same.next_back()?.value)?;
        // A hostile payload may repeat a claim a hundred thousand times.
        let others: Vec<String> = same.clone().take(MOST_DUPLICATES).map(|member| payload.raw(&member.value)).collect();
        let warned = |finding: &Finding| finding.code == code::DUPLICATE && finding.fact_text("claim") == Some(name);
        if !others.is_empty() && !self.findings.iter().any(warned) {
            let finding = Finding::warning(code::DUPLICATE, pointer(name))
                .text("claim", name)
                .with("count", Fact::Count(same.count() as u64 + 1))
                .text("used", payload.raw(value))
                .with("others", Fact::List(others));
            self.findings.push(finding);
        }
        Some(value)
    }

    /// The claim of that name, without a warning about duplicates.
    fn value(&self, name: &str) -> Option<&'a Value> {
        self.payload.member(name).and_then(|value| self.readable(value))
    }

    /// The value, unless the JSON is broken in it or right behind it: of a token that was cut in the middle of
    /// `"exp":1795183200`, nobody knows when it expires.
    fn readable(&self, value: &'a Value) -> Option<&'a Value> {
        let (start, end) = (value.span.start, value.span.end);
        let broken = |fault: &Fault| fault.kind.is_fatal() && (start..=end).contains(&fault.at);
        (!self.payload.faults.iter().any(broken)).then_some(value)
    }

    fn string(&self, name: &str) -> Option<&'a str> {
        self.value(name)?.as_str()
    }

    fn has(&self, name: &str) -> bool {
        self.value(name).is_some()
    }

    /// Reports an absent claim. In a damaged payload it may stand in the part that could not be read.
    fn missing(&mut self, claim: &str, finding: Finding) {
        if self.payload.is_json() {
            return self.findings.push(finding);
        }
        let mut unread = Finding::info(code::UNREAD, finding.subject).text("claim", claim);
        if finding.severity == Severity::Error {
            unread.severity = Severity::Error;
        }
        self.findings.push(unread);
    }

    /// A claim that is there but of the wrong type: it fails an expectation, and without one it is worth a warning.
    fn wrong_type(&mut self, code: Code, name: &'static str, value: &Value, expected: bool) {
        let finding =
            if expected { Finding::error(code, pointer(name)) } else { Finding::warning(code, pointer(name)) };
        self.findings.push(
            finding
                .text("claim", name)
                .text("value", self.payload.raw(value))
                .with("type", Fact::Words(with_article(value))),
        );
    }

    /// Reports the reason of the failure that was reported last, and names it there as `reason`: findings are sorted
    /// later, and the two belong together.
    fn reason(&mut self, reason: Finding) {
        let Some(failure) = self.findings.last_mut() else { return };
        if failure.subject == reason.subject && failure.code != code::UNREAD {
            failure.evidence.push(("reason", Fact::Text(reason.code.0.to_owned())));
            self.findings.push(reason);
        }
    }

    fn absent(&mut self, name: &'static str) {
        self.missing(name, Finding::info(code::ABSENT, pointer(name)).text("claim", name));
    }

    /// Whether the token has the marks of an ID token, and none of an access token.
    fn looks_like_id_token(&self) -> bool {
        let typ = self.header.and_then(|header| header.string("typ")).unwrap_or_default();
        let access = typ.to_ascii_lowercase().ends_with("at+jwt") || self.has("scp") || self.has("scope");
        let marks = ["nonce", "at_hash", "c_hash", "s_hash"].iter().any(|name| self.has(name));
        // Cognito, Keycloak and Okta say it outright.
        let stated = self.string("token_use") == Some("id")
            || self.string("typ") == Some("ID")
            || self.string("jti").is_some_and(|jti| jti.starts_with("ID."));
        stated || (marks && !access)
    }
}

/// The pointer to a member of the payload ([RFC 6901 §3](https://www.rfc-editor.org/rfc/rfc6901#section-3)).
fn pointer(name: &str) -> String {
    let mut pointer = String::from("/payload/");
    for character in name.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
    pointer
}

/// The type of a value, as a sentence says it.
pub(crate) fn with_article(value: &Value) -> &'static str {
    match value.type_name() {
        "array" => "an array",
        "object" => "an object",
        "string" => "a string",
        "number" => "a number",
        "boolean" => "a boolean",
        _ => "null",
    }
}
