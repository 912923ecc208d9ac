//! Encrypted tokens: what their header tells of the algorithms.

use super::code;
use super::header::rules;
use super::look::{Look, is_bool};
use crate::finding::{Fact, Finding};
use crate::json::Kind;
use crate::report::TokenKind;

/// The successor of RFC 8725 advises to refuse more than about this: twice the 600,000 rounds that are advised for
/// PBKDF2 with SHA-256.
const MOST_ITERATIONS: u64 = 1_200_000;

/// "A minimum iteration count of 1000 is RECOMMENDED"
/// ([RFC 7518 §4.8.1.2](https://www.rfc-editor.org/rfc/rfc7518#section-4.8.1.2)).
const LEAST_ITERATIONS: u64 = 1000;

impl Look<'_> {
    pub(super) fn encryption(&mut self) {
        if self.subject.token.kind != TokenKind::Jwe {
            return;
        }
        let Some(header) = self.whole_header() else { return };
        let name = header.string("alg").unwrap_or_default();
        let row = rules().member("encryption").and_then(|rows| rows.member(name));
        let is = |property: &str| is_bool(row.and_then(|row| row.member(property)), true);
        if is("weak") {
            self.push(Finding::warning(code::RSA1_5, "/header/alg").text("algorithm", name));
        }
        if is("password")
            && let Some(count) = header.member("p2c").filter(|value| matches!(value.kind, Kind::Number))
        {
            let count = whole(&header.raw(count));
            let code = match count {
                Some(count) if count > MOST_ITERATIONS => Some((code::ITERATIONS_MANY, count, MOST_ITERATIONS)),
                Some(count) if count < LEAST_ITERATIONS => Some((code::ITERATIONS_FEW, count, LEAST_ITERATIONS)),
                _ => None,
            };
            if let Some((code, count, limit)) = code {
                let finding = Finding::warning(code, "/header/p2c").with("count", Fact::Count(count));
                self.push(finding.with("limit", Fact::Count(limit)));
            }
        }
        if header.member("zip").is_some() {
            self.push(Finding::info(code::COMPRESSED, "/header/zip"));
        }
        let nested = header.string("cty").is_some_and(|content| content.to_ascii_uppercase().ends_with("JWT"));
        if is("public") && !nested {
            self.push(Finding::info(code::ENCRYPTED_BY_ANYONE, "/header/alg").text("algorithm", name));
        }
    }
}

/// A whole number; what is too large counts as very large.
fn whole(raw: &str) -> Option<u64> {
    let digits = raw.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| {
        raw.bytes().fold(0, |value: u64, byte| value.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
    })
}
