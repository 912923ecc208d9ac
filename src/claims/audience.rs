//! `aud`: whom the token is meant for.

use super::{Checks, code, likely};
use crate::finding::{Fact, Finding};
use crate::json::{Kind, Value};

impl Checks<'_> {
    /// One of the accepted audiences must be named
    /// ([RFC 7519 §4.1.3](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.3)): "if the principal processing the claim
    /// does not identify itself with a value in the "aud" claim …, then the JWT MUST be rejected".
    pub(super) fn audience(&mut self) {
        let accepted = &self.expectations.audiences;
        let Some(value) = self.claim("aud") else { return self.no_audience() };
        if !matches!(value.kind, Kind::String(_) | Kind::Array(_)) {
            return self.wrong_type(code::AUDIENCE_TYPE, "aud", value, !accepted.is_empty());
        }
        let found = texts(value);
        if found.is_empty() && !value.items().is_empty() {
            return self.wrong_type(code::AUDIENCE_TYPE, "aud", value, !accepted.is_empty());
        }
        if let Some(item) = value.items().iter().find(|item| item.as_str().is_none()) {
            self.wrong_type(code::AUDIENCE_ITEM_TYPE, "aud", item, false);
        }
        if value.as_str().is_none() && value.items().is_empty() {
            let severity = if accepted.is_empty() { Finding::warning } else { Finding::error };
            return self.findings.push(severity(code::AUDIENCE_EMPTY, "/payload/aud".to_owned()));
        }
        if accepted.is_empty() {
            self.findings.push(
                Finding::info(code::AUDIENCE_NOT_COMPARED, "/payload/aud").with("values", Fact::List(owned(&found))),
            );
        } else if let Some(matching) = found.iter().find(|found| accepted.iter().any(|accepted| accepted == *found)) {
            let finding = Finding::ok(code::AUDIENCE, "/payload/aud")
                .text("value", *matching)
                .with("count", Fact::Count(found.len() as u64));
            self.findings.push(finding);
        } else {
            self.mismatch(&found);
        }
    }

    fn no_audience(&mut self) {
        let accepted = &self.expectations.audiences;
        if accepted.is_empty() {
            return self.absent("aud");
        }
        let finding = Finding::error(code::AUDIENCE_MISSING, "/payload/aud");
        self.missing("aud", finding.with("accepted", Fact::List(accepted.clone())));
        if self.string("token_use") == Some("access") {
            self.reason(likely::finding(code::AUDIENCE_COGNITO, "/payload/aud"));
        }
    }

    fn mismatch(&mut self, found: &[&str]) {
        let accepted = &self.expectations.audiences;
        let near = likely::near_audience(found, accepted);
        let reason = match near {
            Some((code, ..)) => Some(code),
            None if self.is_id_token_by_mistake(found) => Some(code::AUDIENCE_ID_TOKEN),
            None => likely::known_audience(found, accepted).map(|(code, ..)| code),
        };
        // A difference of characters can be shown between two texts, not between two lists.
        let (found_fact, expected_fact) = match near {
            Some((_, found, expected)) => (Fact::Text(found.to_owned()), Fact::Text(expected.to_owned())),
            None => (list(&owned(found)), list(accepted)),
        };
        self.findings.push(
            Finding::error(code::AUDIENCE_MISMATCH, "/payload/aud")
                .with("found", found_fact.clone())
                .with("expected", expected_fact.clone())
                .with("values", Fact::List(owned(found)))
                .with("accepted", Fact::List(accepted.clone())),
        );
        if let Some(code) = reason {
            let finding =
                likely::finding(code, "/payload/aud").with("found", found_fact).with("expected", expected_fact);
            self.reason(finding);
        }
    }

    /// An ID token, unless one is expected: a nonce belongs to ID tokens alone, and so does the client as audience.
    fn is_id_token_by_mistake(&self, found: &[&str]) -> bool {
        let expectations = self.expectations;
        let client = expectations.client_id.as_ref();
        let wanted = expectations.nonce.is_some() || client.is_some_and(|id| expectations.audiences.contains(id));
        let scoped = self.has("scp") || self.has("scope");
        let for_client = client.is_some_and(|id| found.contains(&id.as_str()))
            || self.string("azp").is_some_and(|azp| found.contains(&azp));
        !wanted && (self.looks_like_id_token() || (for_client && !scoped))
    }
}

/// The texts of a string or of an array of strings.
pub(super) fn texts(value: &Value) -> Vec<&str> {
    match value.as_str() {
        Some(text) => vec![text],
        None => value.items().iter().filter_map(Value::as_str).collect(),
    }
}

pub(super) fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn list(texts: &[String]) -> Fact {
    match texts {
        [text] => Fact::Text(text.clone()),
        several => Fact::List(several.to_vec()),
    }
}
