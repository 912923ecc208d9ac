//! `scp` and `scope`: what the token allows.

use super::audience::{owned, texts};
use super::{Checks, code, likely, pointer};
use crate::finding::{Fact, Finding};
use crate::json::{Kind, Value};

/// The claims that list scopes: `scope` by [RFC 8693 §4.2](https://www.rfc-editor.org/rfc/rfc8693#section-4.2), a
/// space-separated string; `scp` as an array at Okta and Ory Hydra, as a string at Entra.
const NAMES: [&str; 2] = ["scp", "scope"];

/// Claims that grant something else than scopes, where a scope may stand by mistake.
const OTHERS: [&str; 2] = ["roles", "permissions"];

impl Checks<'_> {
    /// Whole words are compared, upper and lower case apart: "each string is case-sensitive"
    /// ([RFC 6749 §3.3](https://www.rfc-editor.org/rfc/rfc6749#section-3.3)).
    pub(super) fn scopes(&mut self) {
        // A scope holds no space, so one that does is several, typed into one field.
        let required: Vec<&str> =
            self.expectations.required_scopes.iter().flat_map(|scopes| scopes.split_whitespace()).collect();
        let mut granted: Vec<&str> = Vec::new();
        let mut named = None;
        let mut faulty = false;
        for name in NAMES {
            let Some(value) = self.claim(name) else { continue };
            match self.listed(name, value, !required.is_empty()) {
                Some(scopes) => {
                    named = named.or(Some(name));
                    granted.extend(scopes);
                }
                None => faulty = true,
            }
        }
        let subject = pointer(named.unwrap_or("scope"));
        let granted_fact = Fact::List(owned(&granted));
        if required.is_empty() {
            if let Some(name) = named {
                let finding = Finding::info(code::SCOPES_NOT_COMPARED, subject).text("claim", name);
                let count = Fact::Count(granted.len() as u64);
                self.findings.push(finding.with("granted", granted_fact).with("count", count));
            }
            return;
        }
        let missing: Vec<&str> = required.iter().copied().filter(|scope| !granted.contains(scope)).collect();
        let required_fact = Fact::List(owned(&required));
        let Some(name) = named else {
            if !faulty {
                let finding = Finding::error(code::SCOPE_ABSENT, &*subject).with("required", required_fact);
                self.missing("scope", finding);
                self.scope_reason(&subject, &missing, &granted);
            }
            return;
        };
        let finding = if missing.is_empty() {
            Finding::ok(code::SCOPES, &*subject)
        } else {
            Finding::error(code::SCOPE_MISSING, &*subject).with("missing", Fact::List(owned(&missing)))
        };
        self.findings.push(
            finding
                .text("claim", name)
                .with("required", required_fact)
                .with("granted", granted_fact)
                .with("count", Fact::Count(granted.len() as u64)),
        );
        if !missing.is_empty() {
            self.scope_reason(&subject, &missing, &granted);
        }
    }

    /// The scopes in a claim, after warnings about an unusual form; `None` when it lists none.
    fn listed<'v>(&mut self, name: &'static str, value: &'v Value, expected: bool) -> Option<Vec<&'v str>> {
        match &value.kind {
            Kind::String(text) => {
                let commas = text.contains(',') && !text.contains(' ');
                if commas {
                    self.findings.push(
                        Finding::warning(code::SCOPE_COMMAS, pointer(name)).text("claim", name).text("value", text),
                    );
                }
                let separator = if commas { ',' } else { ' ' };
                Some(text.split(separator).filter(|scope| !scope.is_empty()).collect())
            }
            Kind::Array(items) if items.iter().all(|item| item.as_str().is_some()) => {
                if name == "scope" {
                    self.findings.push(Finding::warning(code::SCOPE_ARRAY, pointer(name)));
                }
                Some(texts(value))
            }
            _ => {
                self.wrong_type(code::SCOPE_TYPE, name, value, expected);
                None
            }
        }
    }

    /// The best reason why a scope is missing: one that the token has in another form, or a token of another kind.
    fn scope_reason(&mut self, subject: &str, missing: &[&str], granted: &[&str]) {
        for scope in missing {
            let other_case = granted.iter().find(|granted| granted.eq_ignore_ascii_case(scope));
            let short = last_word(scope);
            let other_prefix = || granted.iter().find(|granted| !short.is_empty() && last_word(granted) == short);
            let form = other_case
                .map(|granted| (code::SCOPE_CASE, granted))
                .or_else(|| other_prefix().map(|granted| (code::SCOPE_PREFIX, granted)));
            if let Some((code, granted)) = form {
                let finding = likely::finding(code, subject).text("found", *granted).text("expected", *scope);
                return self.reason(finding);
            }
            let elsewhere =
                OTHERS.iter().find(|name| self.value(name).is_some_and(|value| texts(value).contains(scope)));
            if let Some(name) = elsewhere {
                let finding = likely::finding(code::SCOPE_IN_ROLES, subject).text("claim", *name).text("scope", *scope);
                return self.reason(finding);
            }
        }
        if self.looks_like_id_token() {
            self.reason(likely::finding(code::SCOPE_ID_TOKEN, subject));
        }
    }
}

/// A scope without the address of the resource that Entra and Google put before it.
fn last_word(scope: &str) -> &str {
    if crate::text::contains(scope, "://") { scope.rsplit('/').next().unwrap_or(scope) } else { scope }
}
