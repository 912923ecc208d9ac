//! `iss`: who issued the token.

use super::{Checks, code, likely};
use crate::finding::{Fact, Finding};

impl Checks<'_> {
    /// Compares byte for byte: an issuer is "a case-sensitive string"
    /// ([RFC 7519 §4.1.1](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.1)), and RFC 9068 §4 wants it to "exactly
    /// match", so there is no normalising of URLs here.
    pub(super) fn issuer(&mut self) {
        let accepted = &self.expectations.issuers;
        let value = self.claim("iss");
        let Some(value) = value else {
            if accepted.is_empty() {
                self.absent("iss");
            } else {
                let finding =
                    Finding::error(code::ISSUER_MISSING, "/payload/iss").with("accepted", Fact::List(accepted.clone()));
                self.missing("iss", finding);
            }
            return;
        };
        let Some(found) = value.as_str() else {
            return self.wrong_type(code::ISSUER_TYPE, "iss", value, !accepted.is_empty());
        };
        if accepted.is_empty() {
            self.findings.push(Finding::info(code::ISSUER_NOT_COMPARED, "/payload/iss").text("value", found));
        } else if accepted.iter().any(|issuer| issuer == found) {
            self.findings.push(Finding::ok(code::ISSUER, "/payload/iss").text("value", found));
        } else {
            let (reason, expected) = likely::issuer(found, accepted);
            self.findings.push(
                Finding::error(code::ISSUER_MISMATCH, "/payload/iss")
                    .text("found", found)
                    .text("expected", expected)
                    .with("accepted", Fact::List(accepted.clone())),
            );
            if let Some(code) = reason {
                self.reason(likely::finding(code, "/payload/iss").text("found", found).text("expected", expected));
            }
        }
    }
}
