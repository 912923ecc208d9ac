//! The client that the token was issued to, and the `nonce` that it sent.

use sha2::{Digest, Sha256};

use super::audience::{owned, texts};
use super::{Checks, code, pointer};
use crate::finding::{Fact, Finding};

/// The claims that name the client: OpenID Connect, Auth0, Keycloak and Entra v2 use `azp`, Okta `cid`,
/// [RFC 9068 §2.2](https://www.rfc-editor.org/rfc/rfc9068#section-2.2) and Cognito `client_id`, Entra v1 `appid`.
const NAMES: [&str; 4] = ["azp", "cid", "client_id", "appid"];

impl Checks<'_> {
    /// Every claim that names a client must name the expected one: two that differ prove nothing.
    pub(super) fn client(&mut self) {
        let expected = self.expectations.client_id.as_deref();
        let mut same = Vec::new();
        let mut other = None;
        let mut faulty = false;
        for name in NAMES {
            let Some(value) = self.claim(name) else { continue };
            match value.as_str() {
                None => {
                    faulty = true;
                    self.wrong_type(code::CLIENT_TYPE, name, value, expected.is_some());
                }
                Some(found) if expected.is_none_or(|expected| expected == found) => same.push((name, found)),
                Some(found) => other = other.or(Some((name, found))),
            }
        }
        self.several_audiences();
        let Some(expected) = expected else {
            if let Some((name, found)) = same.first() {
                let finding = Finding::info(code::CLIENT_NOT_COMPARED, pointer(name));
                self.findings.push(finding.text("claim", *name).text("value", *found));
            }
            return;
        };
        match (same.first(), other) {
            (Some((matching, _)), Some((name, found))) => self.findings.push(
                Finding::error(code::CLIENT_CONFLICT, pointer(name))
                    .text("claim", name)
                    .text("matching", *matching)
                    .text("found", found)
                    .text("expected", expected),
            ),
            (None, Some((name, found))) => self.findings.push(
                Finding::error(code::CLIENT_MISMATCH, pointer(name))
                    .text("claim", name)
                    .text("found", found)
                    .text("expected", expected),
            ),
            (Some((name, found)), None) => self.pass(name, found),
            (None, None) if faulty => {}
            (None, None) => self.unnamed(expected),
        }
    }

    /// An ID token may leave `azp` out: its audience is the client
    /// ([OpenID Connect Core 1.0 §2](https://openid.net/specs/openid-connect-core-1_0.html#IDToken)).
    fn unnamed(&mut self, expected: &str) {
        let audience = self.value("aud").map(texts).unwrap_or_default();
        if !audience.is_empty() && !self.has("scp") && !self.has("scope") {
            if audience.contains(&expected) {
                return self.pass("aud", expected);
            }
            if self.expectations.audiences.iter().any(|audience| audience == expected) {
                // The audience check has failed already, for the same reason.
                return;
            }
            if self.looks_like_id_token() {
                // The client is the audience, and it is another one.
                let found = match audience.as_slice() {
                    [only] => Fact::Text((*only).to_owned()),
                    several => Fact::List(owned(several)),
                };
                let finding = Finding::error(code::CLIENT_MISMATCH, "/payload/aud").text("claim", "aud");
                return self.findings.push(finding.with("found", found).text("expected", expected));
            }
        }
        let names = NAMES.map(str::to_owned).to_vec();
        let finding = Finding::error(code::CLIENT_MISSING, "/payload").text("expected", expected);
        self.missing("client_id", finding.with("claims", Fact::List(names)));
    }

    fn pass(&mut self, name: &str, found: &str) {
        self.findings.push(Finding::ok(code::CLIENT, pointer(name)).text("claim", name).text("value", found));
    }

    /// OpenID Connect Core 1.0 once told clients to look for `azp` here, and its errata took that back; verifiers that
    /// follow the old text still refuse.
    fn several_audiences(&mut self) {
        let count = self.value("aud").map_or(0, |aud| texts(aud).len());
        if count > 1 && !self.has("azp") && self.looks_like_id_token() {
            let finding = Finding::info(code::CLIENT_AZP_MISSING, "/payload/aud");
            self.findings.push(finding.with("count", Fact::Count(count as u64)));
        }
    }

    /// The nonce ties an ID token to the sign-in that asked for it
    /// ([OpenID Connect Core 1.0 §3.1.3.7](https://openid.net/specs/openid-connect-core-1_0.html#IDTokenValidation)).
    pub(super) fn nonce(&mut self) {
        let expected = self.expectations.nonce.as_deref();
        let value = self.claim("nonce");
        let finding = match (value.map(|value| (value, value.as_str())), expected) {
            (None, None) => return,
            (None, Some(expected)) => {
                let finding = Finding::error(code::NONCE_MISSING, "/payload/nonce").text("expected", expected);
                return self.missing("nonce", finding);
            }

            (Some((value, None)), expected) => {
                return self.wrong_type(code::NONCE_TYPE, "nonce", value, expected.is_some());
            }
            (Some((_, Some(found))), None) => {
                Finding::info(code::NONCE_NOT_COMPARED, "/payload/nonce").text("value", found)
            }
            (Some((_, Some(found))), Some(expected)) if found == expected => {
                Finding::ok(code::NONCE, "/payload/nonce").text("value", found)
            }
            (Some((_, Some(found))), Some(expected)) => {
                self.findings.push(
                    Finding::error(code::NONCE_MISMATCH, "/payload/nonce")
                        .text("found", found)
                        .text("expected", expected),
                );
                if is_hash(found, expected) {
                    // This reason is no guess: the hash was computed.
                    self.reason(Finding::info(code::NONCE_HASHED, "/payload/nonce").text("expected", expected));
                }
                return;
            }
        };
        self.findings.push(finding);
    }
}

/// Whether `found` is the SHA-256 hash of `text` in hexadecimal, as sign-in kits for Apple and Google send it.
fn is_hash(found: &str, text: &str) -> bool {
    let digest = Sha256::digest(text.as_bytes());
    let digits = digest.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    found.len() == 64
        && found.bytes().zip(digits).all(|(found, digit)| char::from(found).to_digit(16) == Some(u32::from(digit)))
}
