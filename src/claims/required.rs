//! Claims that must be there, with a value or with a value among others: groups, roles, tenants.

use super::{Checks, RequiredClaim, code, likely, pointer};
use crate::finding::Finding;
use crate::json::{Kind, Value};
use crate::text;

impl<'a> Checks<'a> {
    pub(super) fn required_claims(&mut self) {
        let expectations = self.expectations;
        for required in &expectations.required_claims {
            self.required_claim(required);
        }
    }

    fn required_claim(&mut self, required: &RequiredClaim) {
        let name = required.name.as_str();
        let (value, subject) = match self.claim(name) {
            Some(value) => (Some(value), pointer(name)),
            None => self.nested(name),
        };
        let Some(value) = value else {
            self.missing(name, Finding::error(code::REQUIRED_MISSING, &*subject).text("claim", name));
            return self.overage(name, &subject);
        };
        let raw = value.as_str().map_or_else(|| self.payload.raw(value), str::to_owned);
        let mut passed = true;
        if let Some(expected) = required.value.as_deref().filter(|expected| !self.equals(value, expected)) {
            passed = false;
            let finding = Finding::error(code::REQUIRED_VALUE, &*subject).text("claim", name);
            self.findings.push(finding.text("found", &*raw).text("expected", expected));
            self.other_case(&subject, &[&*raw], expected);
        }
        if let Some(expected) = &required.contains {
            let words = self.words(value);
            if !words.iter().any(|word| word == expected) && value.as_str() != Some(expected) {
                passed = false;
                let finding = Finding::error(code::REQUIRED_CONTAINS, &*subject).text("claim", name);
                let words: Vec<&str> = words.iter().map(String::as_str).collect();
                self.findings.push(finding.text("value", self.payload.raw(value)).text("wanted", expected));
                self.other_case(&subject, &words, expected);
            }
        }
        if passed {
            let wanted = required.contains.clone().or(required.value.clone());
            let finding = Finding::ok(code::REQUIRED, subject).text("claim", name);
            self.findings.push(finding.text("value", wanted.unwrap_or(raw)));
        }
    }

    /// The value that a JSON pointer leads to, and the pointer into the token's parts.
    fn nested(&self, name: &str) -> (Option<&'a Value>, String) {
        let Some(path) = name.strip_prefix('/') else { return (None, pointer(name)) };
        let mut value = self.payload.root.as_ref();
        // Written anew, because what was typed need not be a pointer in good form.
        let mut subject = String::from("/payload");
        for step in path.split('/') {
            let step = text::replace(&text::replace(step, "~1", "/"), "~0", "~");
            subject = crate::jose::pointer(&subject, &step);
            value = value.and_then(|value| match value.kind {
                Kind::Array(_) => step.parse().ok().and_then(|index: usize| value.items().get(index)),
                _ => value.member(&step),
            });
        }
        (value.and_then(|value| self.readable(value)), subject)
    }

    /// A string with that text, or a number, boolean or null written like that.
    fn equals(&self, value: &Value, expected: &str) -> bool {
        match &value.kind {
            Kind::String(text) => text == expected,
            Kind::Number | Kind::Bool(_) | Kind::Null => self.payload.raw(value) == expected,
            Kind::Array(_) | Kind::Object(_) => false,
        }
    }

    /// What a claim can contain.
    fn words(&self, value: &Value) -> Vec<String> {
        match &value.kind {
            Kind::String(text) => text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect(),
            // `{"admin":false}` says that somebody is no administrator.
            Kind::Object(members) => members
                .iter()
                .filter(|member| !matches!(member.value.kind, Kind::Bool(false) | Kind::Null))
                .map(|member| member.name.clone())
                .collect(),
            Kind::Array(items) => {
                items.iter().map(|item| item.as_str().map_or_else(|| self.payload.raw(item), str::to_owned)).collect()
            }
            Kind::Number | Kind::Bool(_) | Kind::Null => Vec::new(),
        }
    }

    fn other_case(&mut self, subject: &str, found: &[&str], expected: &str) {
        if let Some(found) = found.iter().find(|found| found.eq_ignore_ascii_case(expected)) {
            let finding = likely::finding(code::REQUIRED_CASE, subject);
            self.reason(finding.text("found", *found).text("expected", expected));
        }
    }

    /// Entra leaves groups out when a person is in too many, and says where to ask for them
    /// ([OpenID Connect Core 1.0 §5.6.2](https://openid.net/specs/openid-connect-core-1_0.html#AggregatedDistributedClaims)).
    fn overage(&mut self, name: &str, subject: &str) {
        let distributed = self.value("_claim_names").is_some_and(|names| names.member(name).is_some());
        let implicit = name == "groups" && self.has("hasgroups");
        if distributed || implicit {
            self.reason(likely::finding(code::REQUIRED_OVERAGE, subject).text("claim", name));
        }
    }
}
