//! `alg`: names that only look registered, and algorithms that do not belong to the issuer or to the key.

use super::code;
use super::look::Look;
use crate::finding::Finding;
use crate::jose::algorithm::{ALGORITHMS, Algorithm, Kind};
use crate::report::TokenKind;

/// Longer texts are no names.
const LONGEST: usize = 40;

impl Look<'_> {
    /// Names are compared letter by letter ([RFC 7515 §4.1.1](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.1));
    /// the successor of RFC 8725 asks for that explicitly, because `noNE` has passed filters against `none`.
    pub(super) fn algorithm(&mut self) {
        if !matches!(self.subject.token.kind, TokenKind::Jws | TokenKind::Unsecured) {
            return;
        }
        let Some(name) = self.whole_header().and_then(|header| header.string("alg")) else { return };
        let Some(algorithm) = Algorithm::named(name) else { return self.misspelled(name) };
        // RFC 9864 §4.1.2 deprecates the names that leave something to the key.
        if ALGORITHMS.iter().any(|other| other.also == Some(algorithm.name)) {
            self.push(Finding::info(code::ALGORITHM_EDDSA, "/header/alg").text("algorithm", algorithm.name));
        }
        if algorithm.kind == Kind::Hmac
            && self.kind.never_by_secret
            && let Some(provider) = self.provider
        {
            let finding = Finding::warning(code::SECRET_ALGORITHM, "/header/alg").text("algorithm", algorithm.name);
            self.push_likely(finding.with("provider", crate::finding::Fact::Words(provider.name)));
        }
        self.key_for_another(algorithm);
    }

    fn misspelled(&mut self, name: &str) {
        let trimmed = name.trim();
        if trimmed.len() > LONGEST {
            return;
        }
        let same = |algorithm: &&Algorithm| algorithm.name.eq_ignore_ascii_case(trimmed);
        let Some(registered) = ALGORITHMS.iter().find(same) else { return };
        let code = if registered.kind == Kind::None { code::NONE_SPELLED } else { code::ALGORITHM_CASE };
        let finding = Finding::warning(code, "/header/alg").text("found", name);
        self.push(finding.text("registered", registered.name));
    }

    /// "One key, one algorithm": a key that says what it is for, under the `kid` of the token, and another algorithm of
    /// the same kind of key in the header. Keys of other kinds are passed over with a reason of their own.
    fn key_for_another(&mut self, algorithm: &'static Algorithm) {
        let Some(kid) = self.whole_header().and_then(|header| header.string("kid")) else { return };
        let keys = self.subject.places.iter().flat_map(|place| &place.keys);
        let differs = |name: &str| {
            let other = Algorithm::named(name);
            let alias = algorithm.also == Some(name) || other.is_some_and(|other| other.also == Some(algorithm.name));
            name != algorithm.name && !alias && other.is_some_and(|other| other.key_type == algorithm.key_type)
        };
        let mut named = keys.filter(|key| key.kid.as_deref() == Some(kid));
        let Some(label) = named.find_map(|key| key.algorithm.as_deref().filter(|name| differs(name))) else { return };
        let finding = Finding::warning(code::ALGORITHM_OF_KEY, "/header/alg").text("algorithm", algorithm.name);
        self.push(finding.text("label", label).text("kid", super::look::beginning(kid, 200)));
    }
}
