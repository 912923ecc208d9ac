//! The cause that is left when nothing verifies.

use super::mismatch::curve_facts;
use super::{Found, Search, Tried};
use crate::crypto;
use crate::finding::{Certainty, Code, Fact};
use crate::jose;
use crate::jose::algorithm::Kind;
use crate::report::{SignatureStatus, TokenKind};
use crate::signature_doctor::case::{Candidate, has};
use crate::signature_doctor::words::{self, Facts};
use crate::signature_doctor::{code, origin, shape};

impl Search<'_> {
    pub(super) fn conclude(&mut self) -> Option<Found> {
        if self.is_waiting() {
            return None;
        }
        let case = &self.case;
        let found = |code: Code, certainty: Certainty, facts: Facts| Some(Found { code, certainty, facts });
        if let Some(found) = self.plain_form() {
            return Some(found);
        }
        let of_type = |one: &&Candidate| one.key.material.key_type() == case.key_type();
        let fitting = case.keys.iter().filter(of_type).count();
        let is_tried = |tried: &Tried| matches!(tried, Tried::Noise | Tried::Fails);
        let tried = self.tried.iter().filter(|tried| is_tried(tried)).count();
        let noise = self.tried.contains(&Tried::Noise);
        let is_rsa = case.key_type() == "RSA";
        // Of an RSA signature that no key opens, everything else is beside the point.
        if let Some(key) = self.plausible.filter(|_| is_rsa) {
            let mut found = self.altered(0, Some(key), Vec::new());
            found.certainty = Certainty::Likely;
            return Some(found);
        }
        // That no key at hand opens it is what is to be expected of a token for Graph, and no reason to look for another.
        if let Some(found) = self.for_graph() {
            return Some(found);
        }
        if is_rsa && noise {
            let certainty = if self.is_bounded { Certainty::Likely } else { Certainty::Proved };
            return self.other_key(certainty, "rsa", tried);
        }
        if let Some(found) = self.only_other_curves() {
            return Some(found);
        }
        // A cut leaves bits behind that belong to no byte: that is no other spelling.
        let is_short = !is_rsa && case.signature.len() < shape::needed(case);
        if let Some(found) = self.odd_length(fitting).filter(|_| is_short && !case.is_canonical()) {
            return Some(found);
        }
        if !case.is_canonical() {
            let mut facts = self.form_facts();
            let given = fitting > 0 || case.has_secret;
            facts.push(("proof", words::fact("proofs", if given { "unverified" } else { "form" })));
            facts.extend(words::spelling("unknown"));
            let certainty = if given { Certainty::Likely } else { Certainty::Proved };
            return found(self.spelling(), certainty, facts);
        }
        if let Some(found) = self.mismatched(fitting) {
            return Some(found);
        }
        let refused = has(case.subject, &[crypto::code::KEY_REFUSED]);
        if refused || self.has_damage(fitting) {
            let certainty = if refused { Certainty::Likely } else { Certainty::Proved };
            let damage = words::fact("damages", if refused { "refused" } else { "unread" });
            return found(code::KEY_DAMAGED, certainty, vec![("damage", damage)]);
        }
        if let Some(found) = self.odd_length(fitting) {
            return Some(found);
        }
        match case.kind() {
            Some(Kind::Hmac) if case.has_secret && self.readings > 0 => {
                self.other_key(Certainty::Likely, "hmac", self.readings)
            }
            Some(Kind::Ecdsa | Kind::Eddsa) if tried > 0 => self.other_key(Certainty::Likely, "curve", tried),
            Some(Kind::RsaPkcs1 | Kind::RsaPss) if fitting > 0 => {
                self.other_key(Certainty::Likely, "rsa-length", fitting)
            }
            _ => self.other_type(fitting),
        }
    }

    /// What Microsoft changed after signing, so that only its own API can verify it. Whoever has its keys can prove it.
    pub(super) fn for_graph(&self) -> Option<Found> {
        let which = if self.case.is_checked { "nonce" } else { "nonce-untried" };
        let facts = vec![("proof", words::fact("proofs", which))];
        let found = Found { code: code::GRAPH_NONCE, certainty: Certainty::Likely, facts };
        self.case.is_for_graph().then_some(found)
    }

    /// A form that no signature has, whatever the key.
    pub(super) fn plain_form(&self) -> Option<Found> {
        let code = self.forms.iter().find(|form| form.is_plain).and_then(|form| form.code)?;
        let mut facts = self.form_facts();
        facts.push(("proof", words::fact("proofs", "form")));
        Some(Found { code, certainty: Certainty::Proved, facts })
    }

    /// What the letters of a token that is not written as its bytes demand are.
    pub(super) fn spelling(&self) -> Code {
        let standard = [jose::code::BASE64URL_STANDARD_ALPHABET, jose::code::BASE64URL_PADDING];
        if has(self.case.subject, &standard) { code::STD_BASE64 } else { code::NONCANONICAL }
    }

    /// Another key made the signature.
    pub(super) fn other_key(&self, certainty: Certainty, kind: &'static str, count: usize) -> Option<Found> {
        let case = &self.case;
        let origin = origin::of(case);
        let is_absent = case.is_kid_absent();
        let published = origin.published.filter(|_| kind != "hmac");
        let advice = match &published {
            _ if kind == "hmac" => "secret",
            Some(_) => "keys-at",
            None => "keys",
        };
        let mut facts: Facts = self.form_facts();
        facts.extend([
            ("count", Fact::Count(count as u64)),
            ("summary", words::fact("summaries", kind)),
            ("opens", words::fact("verbs", kind)),
            ("why", words::fact("wrong-keys", kind)),
            ("advice", words::fact("advice", advice)),
            ("kid", case.kid.map_or(Fact::Words("missing"), |kid| Fact::Text(kid.to_owned()))),
            ("issuer-keys", published.map_or(Fact::Words(""), Fact::Text)),
        ]);
        let aside = match () {
            () if origin.is_sibling => "sibling",
            () if origin.differs => "issuer",
            () => "none",
        };
        facts.push(("aside", words::fact("asides", aside)));
        facts.extend(origin.from.map(|from| ("keys-from", Fact::Text(from))));
        let code = if is_absent && !origin.differs { code::KEY_ROTATED } else { code::WRONG_KEY };
        Some(Found { code, certainty, facts })
    }

    /// No key at hand is of the type, or on the curve, that the algorithm takes.
    pub(super) fn other_type(&self, fitting: usize) -> Option<Found> {
        let case = &self.case;
        let named = case.algorithm?;
        if case.subject.token.kind == TokenKind::Incomplete
            || case.subject.token.signature.status == SignatureStatus::Invalid && fitting == 0
        {
            return None;
        }
        let (code, facts) = if fitting > 0 {
            let curve = case.keys.iter().filter_map(|one| one.key.material.curve()).next()?;
            let needed = named.curve.filter(|needed| *needed != curve)?;
            (crypto::code::CURVE_MISMATCH, curve_facts(named, needed, curve))
        } else {
            let found = case.keys.first().map(|one| one.key.material.key_type());
            let found = found.or(case.has_secret.then_some("oct"))?;
            let facts = vec![
                ("algorithm", Fact::Text(named.name.to_owned())),
                ("type", Fact::Text(found.to_owned())),
                ("needed", Fact::Text(named.key_type.to_owned())),
            ];
            (crypto::code::KEY_TYPE, facts)
        };
        Some(Found { code, certainty: Certainty::Proved, facts })
    }
}
