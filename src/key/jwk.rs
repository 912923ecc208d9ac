//! JSON Web Keys and sets of them ([RFC 7517](https://www.rfc-editor.org/rfc/rfc7517)).
//!
//! Only what a public key needs is read. Private members are never even decoded.

use super::parameter_set::ParameterSet;
use super::{Key, Material, Reader, code, der};
use crate::finding::{Fact, Finding};
use crate::jose::algorithm::Curve;
use crate::jose::base64url;
use crate::json::{Document, FaultKind, Kind, Value};
use crate::report::KeySource;

/// Members that only a private key has ([RFC 7518 §6.2.2, §6.3.2](https://www.rfc-editor.org/rfc/rfc7518#section-6.2.2)).
const PRIVATE_MEMBERS: [&str; 8] = ["d", "p", "q", "dp", "dq", "qi", "oth", "priv"];

/// Members that hold the numbers of a public key or a secret.
const NUMBERS: [&str; 6] = ["n", "e", "x", "y", "pub", "k"];

/// How many leading zero bytes a coordinate may have lost and still be taken for the same number. Two are lost once in
/// 65,536 keys; more than three is no accident of numbers but a cut text.
const LOST_ZEROS: usize = 3;

/// Reads a JWK, and adds what it holds and what is wrong with it to the reading.
pub(super) fn read(reader: &mut Reader, document: &Document, value: &Value) {
    let mut jwk = Jwk { name: String::new(), subject: reader.next_subject(), document, value, reader };
    jwk.name = match value.member("kid").and_then(Value::as_str) {
        Some(kid) => kid.to_owned(),
        None => jwk.reader.next_name(),
    };
    if let Some(material) = jwk.material() {
        let key = Key {
            source: jwk.reader.source,
            kid: jwk.optional("kid"),
            algorithm: jwk.optional("alg"),
            public_key_use: jwk.optional("use"),
            key_operations: jwk.key_operations(),
            material,
            certificate: None,
        };
        if let Some(watcher) = jwk.reader.watcher.take() {
            watcher.jwk(&mut jwk, &key.material);
            jwk.reader.watcher = Some(watcher);
        }
        jwk.reader.keys.push(key);
    }
}

/// A JWK that is being read.
pub(super) struct Jwk<'a, 'b, 'c> {
    /// What the key is called in findings.
    pub(super) name: String,
    pub(super) subject: String,
    document: &'a Document,
    pub(super) value: &'a Value,
    pub(super) reader: &'b mut Reader<'c>,
}

impl Jwk<'_, '_, '_> {
    fn material(&mut self) -> Option<Material> {
        if !matches!(self.value.kind, Kind::Object(_)) {
            let finding = Finding::error(code::NOT_AN_OBJECT, self.subject.clone());
            self.push(finding.with("type", Fact::Words(self.value.type_name())));
            return None;
        }
        self.duplicates();
        if let Some(material) = self.certified() {
            return Some(material);
        }
        let key_type = self.text("kty")?;
        if key_type != "oct" {
            self.private_members();
        }
        match key_type.as_str() {
            "RSA" => {
                let modulus = self.number("n");
                let exponent = self.number("e");
                self.reader.rsa(&self.name, &self.subject, modulus?, exponent?)
            }
            "EC" => {
                let curve = self.text("crv")?;
                let (x, y) = (self.coordinate(&curve, "x"), self.coordinate(&curve, "y"));
                let (x, y) = (x?, y?);
                self.unsupported_curve(&curve);
                Some(Material::EllipticCurve { curve, x, y })
            }
            "OKP" => {
                let curve = self.text("crv")?;
                let x = match Curve::named(&curve) {
                    Some(row) => self.exact("x", row.coordinate_length)?,
                    None => self.binary("x")?,
                };
                self.unsupported_curve(&curve);
                Some(Material::OctetKeyPair { curve, x })
            }
            "AKP" => {
                let algorithm = self.text("alg")?;
                let Some(row) = ParameterSet::named(&algorithm) else {
                    let finding = Finding::info(code::TYPE_UNSUPPORTED, self.subject.clone());
                    self.push(finding.text("type", algorithm));
                    return None;
                };
                let public = self.exact("pub", row.public_length)?;
                Some(Material::AlgorithmKeyPair { algorithm, public })
            }
            "oct" => {
                let octets = self.binary("k")?;
                if matches!(self.reader.source, KeySource::Issuer | KeySource::JwksUrl) {
                    // Whoever can read it can sign with it, so a signature by it proves nothing.
                    let finding = Finding::error(code::SECRET_PUBLISHED, self.subject.clone());
                    self.push(finding);
                    return None;
                }
                if super::secret::is_public_key(&octets) {
                    let finding = Finding::error(code::SECRET_IS_A_KEY, self.subject.clone());
                    self.push(finding);
                    return None;
                }
                Some(Material::Octets(octets))
            }
            _ => {
                let finding = Finding::info(code::TYPE_UNSUPPORTED, self.subject.clone());
                self.push(finding.text("type", key_type));
                None
            }
        }
    }

    /// The key of the first certificate, where the JWK has none of the numbers. That is against RFC 7517 §4.7, which wants
    /// both and the same key in them.
    fn certified(&mut self) -> Option<Material> {
        if NUMBERS.iter().any(|name| self.value.member(name).is_some()) {
            return None;
        }
        let first = self.value.member("x5c")?.items().first()?.as_str()?;
        let material = der::recognise(&base64url::decode_standard(first).bytes).ok()?.key.ok()?.material;
        let finding = Finding::warning(code::FROM_X5C, self.subject.clone());
        self.push(finding);
        match material {
            Material::Rsa { modulus, exponent } => self.reader.rsa(&self.name, &self.subject, modulus, exponent),
            other => Some(other),
        }
    }

    /// Adds a finding about this key.
    pub(super) fn push(&mut self, finding: Finding) {
        self.reader.findings.push(finding.text("key", self.name.clone()));
    }

    /// RFC 7517 §4: "parsers MUST either reject JWKs with duplicate member names or use a JSON parser that returns only
    /// the lexically last duplicate member name". We do the latter, and say so.
    fn duplicates(&mut self) {
        let span = &self.value.span;
        let faults = &self.document.faults;
        // The faults are sorted by position; looking through all of them for each key would let a hostile set stop the
        // page.
        let first = faults.partition_point(|fault| fault.at < span.start);
        for fault in faults.iter().skip(first).take_while(|fault| fault.at < span.end) {
            if let FaultKind::DuplicateMember(name) = &fault.kind {
                let finding = Finding::warning(code::MEMBER_TWICE, self.subject.clone());
                self.push(finding.text("member", name.clone()));
            }
        }
    }

    fn private_members(&mut self) {
        let members = self.value.members().iter();
        let private: Vec<String> = members
            .filter(|member| PRIVATE_MEMBERS.contains(&member.name.as_str()))
            .map(|member| member.name.clone())
            .collect();
        if !private.is_empty() {
            let finding = Finding::warning(code::PRIVATE_MEMBERS, self.subject.clone());
            self.push(finding.with("members", Fact::List(private)));
        }
    }

    fn unsupported_curve(&mut self, curve: &str) {
        if !Curve::named(curve).is_some_and(|curve| curve.supported) {
            let finding = Finding::info(code::CURVE_UNSUPPORTED, self.subject.clone());
            self.push(finding.text("curve", curve));
        }
    }

    /// A required string.
    fn text(&mut self, name: &'static str) -> Option<String> {
        let Some(value) = self.value.member(name) else {
            let finding = Finding::error(code::MEMBER_MISSING, self.subject.clone());
            self.push(finding.text("member", name));
            return None;
        };
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            let finding = Finding::error(code::MEMBER_TYPE, self.subject.clone());
            let finding = finding.text("member", name).with("type", Fact::Words(value.type_name()));
            self.push(finding.with("needed", Fact::Words("string")));
        }
        text
    }

    /// An optional string. What is no string is left out and said; `null` is as good as absent.
    pub(super) fn optional(&mut self, name: &'static str) -> Option<String> {
        let value = self.value.member(name).filter(|value| value.kind != Kind::Null)?;
        let text = value.as_str().map(str::to_owned);
        if text.is_none() {
            self.ignored(name, value.type_name(), "string");
        }
        text
    }

    pub(super) fn key_operations(&mut self) -> Option<Vec<String>> {
        let value = self.value.member("key_ops").filter(|value| value.kind != Kind::Null)?;
        if !matches!(value.kind, Kind::Array(_)) {
            self.ignored("key_ops", value.type_name(), "array");
            return None;
        }
        Some(value.items().iter().filter_map(Value::as_str).map(str::to_owned).collect())
    }

    fn ignored(&mut self, name: &'static str, found: &'static str, needed: &'static str) {
        let finding = Finding::warning(code::MEMBER_IGNORED, self.subject.clone()).text("member", name);
        self.push(finding.with("type", Fact::Words(found)).with("needed", Fact::Words(needed)));
    }

    /// A required base64url member: strict, except where the bytes are beyond doubt.
    pub(super) fn binary(&mut self, name: &'static str) -> Option<Vec<u8>> {
        let text = self.text(name)?;
        let decoded = base64url::decode(&text);
        if let Some(fault) = decoded.faults.first() {
            let unambiguous = decoded.is_unambiguous();
            let finding = match unambiguous {
                true => Finding::warning(code::NOT_CANONICAL, self.subject.clone()),
                false => Finding::error(code::NOT_BASE64URL, self.subject.clone()),
            };
            self.push(finding.text("member", name).with("at", Fact::Count(fault.at as u64)));
            if !unambiguous {
                return None;
            }
        }
        if decoded.bytes.is_empty() {
            let finding = Finding::error(code::MEMBER_EMPTY, self.subject.clone());
            self.push(finding.text("member", name));
            return None;
        }
        Some(decoded.bytes)
    }

    /// A big-endian number. RFC 7518 §2: "represented with the minimum number of octets needed". §6.3.1.1 knows of
    /// libraries that "prefix an extra zero-valued octet": the zeros go, and it is said.
    pub(super) fn number(&mut self, name: &'static str) -> Option<Vec<u8>> {
        let mut bytes = self.binary(name)?;
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        if zeros > 0 {
            bytes.drain(..zeros);
            let finding = Finding::warning(code::LEADING_ZEROS, self.subject.clone());
            self.push(finding.text("member", name).with("zeros", Fact::Count(zeros as u64)));
        }
        Some(bytes)
    }

    /// A coordinate. RFC 7518 §6.2.1.2: "The length of this octet string MUST be the full size of a coordinate".
    pub(super) fn coordinate(&mut self, curve: &str, name: &'static str) -> Option<Vec<u8>> {
        let bytes = self.binary(name)?;
        let Some(curve) = Curve::named(curve) else { return Some(bytes) };
        let expected = curve.coordinate_length;
        if bytes.len() == expected {
            return Some(bytes);
        }
        let repaired = match bytes.len().checked_sub(expected) {
            Some(surplus) => {
                let (zeros, rest) = bytes.split_at(surplus);
                zeros.iter().all(|byte| *byte == 0).then(|| rest.to_vec())
            }
            None => {
                let mut padded = vec![0; expected - bytes.len()];
                let accident = padded.len() <= LOST_ZEROS;
                padded.extend_from_slice(&bytes);
                accident.then_some(padded)
            }
        };
        self.wrong_length(name, bytes.len(), expected, repaired.is_some());
        repaired
    }

    /// Bytes of one length and no other.
    pub(super) fn exact(&mut self, name: &'static str, needed: usize) -> Option<Vec<u8>> {
        let bytes = self.binary(name)?;
        if bytes.len() != needed {
            self.wrong_length(name, bytes.len(), needed, false);
            return None;
        }
        Some(bytes)
    }

    fn wrong_length(&mut self, name: &'static str, length: usize, needed: usize, repaired: bool) {
        let finding = match repaired {
            true => Finding::warning(code::LENGTH_REPAIRED, self.subject.clone()),
            false => Finding::error(code::WRONG_LENGTH, self.subject.clone()),
        };
        let finding = finding.text("member", name).with("length", Fact::Count(length as u64));
        self.push(finding.with("needed", Fact::Count(needed as u64)));
    }
}
