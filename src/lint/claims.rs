//! Claims that are missing, empty, or wider than they should be.

use super::code;
use super::key_address::is_internal;
use super::kind;
use super::look::{Look, beginning, strings};
use super::payload::names;
use crate::finding::{Code, Fact, Finding};
use crate::json::{Document, Kind, Value};
use crate::profile::{Level, Status};
use crate::report::TokenKind;
use crate::text;

/// "It MUST NOT exceed 255 ASCII characters in length"
/// ([OpenID Connect Core §2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)).
const LONGEST_SUBJECT: usize = 255;

/// More audiences than this are more than one token is for.
const MOST_AUDIENCES: usize = 20;

/// Of longer lists the beginning is looked at.
const LOOKED_AT: usize = 1000;

const SHOWN: usize = 200;

impl Look<'_> {
    pub(super) fn claims(&mut self) {
        let Some(payload) = self.payload_object() else { return };
        self.missing("iss", "/payload/iss", code::ISSUER_MISSING);
        self.missing("aud", "/payload/aud", code::AUDIENCE_MISSING);
        self.issuer(payload);
        self.audience(payload);
        if let Some(subject) = payload.string("sub")
            && subject.len() > LONGEST_SUBJECT
            && !self.is_said("/payload/sub")
        {
            let count = subject.chars().count() as u64;
            self.push(Finding::warning(code::SUBJECT_LONG, "/payload/sub").with("length", Fact::Count(count)));
        }
        self.scopes(payload);
        let is_empty = |name: &&str| payload.string(name).is_some_and(|text| text.trim().is_empty());
        let empty: Vec<String> = strings(names().member("important")).filter(is_empty).map(str::to_owned).collect();
        if !empty.is_empty() {
            self.push(Finding::warning(code::CLAIMS_EMPTY, "/payload").with("claims", Fact::List(empty)));
        }
    }

    /// A profile that demands the claim says so itself. For a kind that nobody recognised it is worth knowing, and for
    /// one that does without it there is nothing to say.
    fn missing(&mut self, name: &str, subject: &str, code: Code) {
        let Some(payload) = self.whole_payload() else { return };
        // An expectation that cannot be met is a failed check already.
        let checks = &self.subject.options.expectations;
        let is_expected = if name == "iss" { !checks.issuers.is_empty() } else { !checks.audiences.is_empty() };
        if payload.member(name).is_some() || is_expected || self.is_said(subject) {
            return;
        }
        let Some(profile) = self.profile.filter(|profile| kind::is_of_a_kind(profile)) else {
            let is_token = matches!(self.subject.token.kind, TokenKind::Jws | TokenKind::Unsecured);
            if is_token && self.provider.is_none() && self.kind.is_sent {
                self.push(Finding::info(code, subject));
            }
            return;
        };
        let demands = profile.requirements.iter().any(|requirement| {
            requirement.item == name && requirement.level == Level::Required && requirement.status == Status::Broken
        });
        if demands {
            self.push(Finding::warning(code, subject));
        }
    }

    /// An address of this machine or of a network of its own is what developers use.
    fn issuer(&mut self, payload: &Document) {
        let Some(issuer) = payload.string("iss").filter(|issuer| !issuer.is_empty()) else { return };
        let issuer = beginning(issuer, 2048);
        let Some((scheme, rest)) = text::split_once(issuer, "://") else { return };
        if !scheme.eq_ignore_ascii_case("http") || self.is_said("/payload/iss") {
            return;
        }
        let host = rest.split(['/', ':', '?', '#']).next().unwrap_or_default().to_ascii_lowercase();
        // Some servers have a name that looks like an address and is none.
        let is_name = strings(names().member("http_names")).any(|ending| issuer.ends_with(ending));
        if !is_internal(&host) && !host.is_empty() && !is_name {
            self.push(Finding::warning(code::ISSUER_HTTP, "/payload/iss").text("issuer", beginning(issuer, SHOWN)));
        }
    }

    fn audience(&mut self, payload: &Document) {
        let Some(value) = payload.member("aud") else { return };
        let count = value.items().len();
        if count > MOST_AUDIENCES {
            self.push(Finding::info(code::AUDIENCE_MANY, "/payload/aud").with("count", Fact::Count(count as u64)));
        }
        let mut found =
            value.as_str().into_iter().chain(value.items().iter().take(LOOKED_AT).filter_map(Value::as_str));
        if let Some(wide) = found.find(|audience| is_wildcard(audience)) {
            let finding = Finding::warning(code::AUDIENCE_WILDCARD, "/payload/aud");
            self.push(finding.text("audience", beginning(wide, SHOWN)));
        }
    }

    fn scopes(&mut self, payload: &Document) {
        for (name, subject) in [("scope", "/payload/scope"), ("scp", "/payload/scp")] {
            let Some(value) = payload.member(name) else { continue };
            let words = match &value.kind {
                Kind::String(text) => beginning(text, 1 << 16),
                _ => "",
            };
            let items = value.items().iter().take(LOOKED_AT).filter_map(Value::as_str);
            let mut scopes = words.split(' ').take(LOOKED_AT).chain(items);
            if let Some(wide) = scopes.find(|scope| is_wildcard(scope)) {
                let finding = Finding::warning(code::SCOPE_WILDCARD, subject);
                return self.push(finding.text("scope", beginning(wide, SHOWN)));
            }
        }
    }
}

/// A star, alone or after a separator: one that stands for anything.
fn is_wildcard(text: &str) -> bool {
    let Some(before) = text.strip_suffix('*') else { return false };
    before.is_empty() || before.ends_with([':', '.', '/', '*'])
}
