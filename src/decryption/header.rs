//! The header of one recipient: three headers in one, and what it says to do.

use super::{Encrypted, Recipient, Step, Stop, code};
use crate::crypto::operation::RsaPadding;
use crate::finding::{Fact, Finding};
use crate::jose::algorithm::{Algorithm, Curve};
use crate::jose::encryption::{
    BLOCK_LENGTH, Cipher, Compression, ContentEncryption, GCM_INITIALIZATION_VECTOR_LENGTH, GCM_TAG_LENGTH,
    KeyManagement, Kind, agreement_curve,
};
use crate::jose::{base64url, pointer, role_name};
use crate::json::{self, Document, Value};
use crate::key::Material;
use crate::order;
use crate::report::SegmentRole;

/// Ten million: several seconds of hashing. Who advises most, advises a seventh of that.
pub const MOST_ITERATIONS: u32 = 10_000_000;

/// "The salt ... MUST be 8 or more octets" ([RFC 7518 §4.8.1.1](https://www.rfc-editor.org/rfc/rfc7518#section-4.8.1.1)).
pub const SHORTEST_SALT: usize = 8;

/// Of a hundred thousand names that are wrong, so many are told, because each recipient is told of them.
const MOST_NAMES: usize = 50;

/// AES Key Wrap puts 8 bytes of its own before the key ([RFC 3394 §2.2.1](https://www.rfc-editor.org/rfc/rfc3394#section-2.2.1)).
const KEY_WRAP_OVERHEAD: usize = 8;

/// The headers that all recipients share, read once.
pub struct Shared {
    protected: Option<Document>,
    unprotected: Option<Document>,
    /// Every name in them, in order.
    names: Vec<String>,
    fault: Option<Finding>,
    broken: bool,
}

/// What is to be done for one recipient.
pub struct Plan {
    pub management: &'static KeyManagement,
    pub content: &'static ContentEncryption,
    pub way: Way,
    pub compressed: bool,
}

impl Plan {
    /// How often each try hashes a password.
    pub fn iterations(&self) -> u32 {
        match self.way {
            Way::Password { iterations, .. } => iterations,
            _ => 0,
        }
    }
}

/// The parameters of an algorithm, read.
pub enum Way {
    Direct,
    Wrap,
    GcmWrap { initialization_vector: Vec<u8>, tag: Vec<u8> },
    Rsa(RsaPadding),
    Agreement { ephemeral: Material, curve: &'static Curve, party_u: Vec<u8>, party_v: Vec<u8> },
    Password { salt: Vec<u8>, iterations: u32 },
}

impl Shared {
    pub fn read(encrypted: &Encrypted) -> Shared {
        let mut shared = Shared { protected: None, unprotected: None, names: Vec::new(), fault: None, broken: false };
        if !encrypted.protected.is_empty() {
            let decoded = base64url::decode(&encrypted.protected);
            let canonical = decoded.faults.is_empty();
            let document = json::read(decoded.bytes);
            if !canonical || !is_object(&document) {
                shared.broken = true;
                // Of a compact token that has been said when it was read.
                let finding = Finding::error(code::HEADER_UNREADABLE, "/header");
                shared.fault = Some(finding).filter(|_| !is_plain(encrypted));
            }
            shared.protected = Some(document);
        }
        if let Some(bytes) = &encrypted.unprotected {
            let document = json::read(bytes.clone());
            if !is_object(&document) {
                shared.broken = true;
                shared.fault = Some(Finding::error(code::HEADER_TYPE, "/unprotected"));
            }
            shared.unprotected = Some(document);
        }
        let (protected, unprotected) = (names(&shared.protected), names(&shared.unprotected));
        let mut repeated = Vec::new();
        for name in &unprotected {
            match protected.binary_search(name) {
                Ok(_) if repeated.len() < MOST_NAMES => repeated.push((*name).to_owned()),
                Ok(_) => {}
                Err(_) => shared.names.push((*name).to_owned()),
            }
        }
        shared.names.extend(protected.iter().map(|name| (*name).to_owned()));
        order::sort(&mut shared.names, |one, other| one < other);
        if !repeated.is_empty() && !shared.broken {
            shared.broken = true;
            shared.fault =
                Some(Finding::error(code::PARAMETER_REPEATED, "/header").with("parameters", Fact::List(repeated)));
        }
        shared
    }

    /// The parameters that all recipients share.
    pub fn parameters(&self) -> Parameters<'_> {
        let mut parameters = Parameters::default();
        if let Some(document) = &self.unprotected {
            parameters.add(document, false);
        }
        if let Some(document) = &self.protected {
            parameters.add(document, true);
        }
        parameters
    }
}

/// The header of one recipient, with what all share.
pub struct Header<'a> {
    shared: &'a Shared,
    common: Parameters<'a>,
    own: Option<Document>,
}

impl<'a> Header<'a> {
    pub fn of(shared: &'a Shared, common: Parameters<'a>, recipient: &Recipient) -> Header<'a> {
        Header { shared, common, own: recipient.header.as_ref().map(|bytes| json::read(bytes.clone())) }
    }

    /// Its `alg` and its `kid`, whatever else is wrong.
    pub fn labels(&self) -> (Option<String>, Option<String>) {
        let parameters = self.parameters();
        let text = |name: &str| parameters.get(name).and_then(|found| found.value.as_str()).map(str::to_owned);
        (text("alg"), text("kid"))
    }

    fn parameters(&self) -> Parameters<'_> {
        let mut parameters = self.common;
        if let Some(document) = &self.own {
            parameters.add(document, false);
        }
        parameters
    }

    /// RFC 7516 §5.2, steps 2 to 8: what the header says to do, and whether the parts have the lengths that it demands.
    pub fn plan(&self, encrypted: &Encrypted, recipient: &Recipient) -> Result<Plan, Stop> {
        self.whole()?;
        let parameters = self.parameters();
        critical(&parameters)?;
        let management = management(&parameters, encrypted)?;
        let content = content(&parameters)?;
        let compressed = compressed(&parameters)?;
        if encrypted.additional.as_ref().is_some_and(|text| !base64url::decode(text).faults.is_empty()) {
            return Err(failed(Finding::error(code::PARAMETER_BASE64URL, "/aad").text("parameter", "aad")));
        }
        let way = way(management, &parameters)?;
        encrypted_key(management, content, &recipient.encrypted_key)?;
        parts(content, encrypted)?;
        Ok(Plan { management, content, way, compressed })
    }

    /// Whether the three headers are one: "the same Header Parameter name also MUST NOT occur in distinct JSON object
    /// values that together comprise the JOSE Header" (RFC 7516 §5.2, step 4).
    fn whole(&self) -> Result<(), Stop> {
        if self.shared.broken {
            return Err(Stop::Failed(Step::Header, self.shared.fault.clone()));
        }
        let Some(own) = &self.own else { return Ok(()) };
        if !is_object(own) {
            return Err(failed(Finding::error(code::HEADER_TYPE, "/header")));
        }
        let shared = &self.shared.names;
        let is_shared = |name: &&str| shared.binary_search_by(|known| known.as_str().cmp(name)).is_ok();
        let repeated: Vec<String> = own
            .root
            .iter()
            .flat_map(Value::members)
            .map(|member| member.name.as_str())
            .filter(is_shared)
            .take(MOST_NAMES)
            .map(str::to_owned)
            .collect();
        if repeated.is_empty() {
            return Ok(());
        }
        Err(failed(Finding::error(code::PARAMETER_REPEATED, "/header").with("parameters", Fact::List(repeated))))
    }
}

/// Whether all of its header is protected, as in a compact token, of which reading it has said what is wrong with it.
fn is_plain(encrypted: &Encrypted) -> bool {
    encrypted.unprotected.is_none() && encrypted.recipients.iter().all(|recipient| recipient.header.is_none())
}

fn is_object(document: &Document) -> bool {
    document.is_json() && document.root.as_ref().is_some_and(|root| matches!(root.kind, json::Kind::Object(_)))
}

/// The names of a header, each once, in order.
fn names(document: &Option<Document>) -> Vec<&str> {
    let members = document.iter().filter_map(|document| document.root.as_ref()).flat_map(Value::members);
    let mut names: Vec<&str> = members.map(|member| member.name.as_str()).collect();
    order::sort(&mut names, |one, other| one < other);
    names.dedup();
    names
}

/// The parameters that decryption reads.
const READ: [&str; 12] = ["alg", "enc", "zip", "crit", "kid", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c"];

/// Those of them that are there: found in one pass, because a header may have a hundred thousand others.
#[derive(Clone, Copy, Default)]
pub struct Parameters<'a>([Option<Parameter<'a>>; READ.len()]);

#[derive(Clone, Copy)]
struct Parameter<'a> {
    document: &'a Document,
    value: &'a Value,
    protected: bool,
}

impl<'a> Parameters<'a> {
    fn add(&mut self, document: &'a Document, protected: bool) {
        for member in document.root.iter().flat_map(Value::members) {
            let place = READ.iter().position(|name| *name == member.name).and_then(|at| self.0.get_mut(at));
            if let Some(place) = place {
                *place = Some(Parameter { document, value: &member.value, protected });
            }
        }
    }

    fn get(&self, name: &str) -> Option<Parameter<'a>> {
        let at = READ.iter().position(|known| *known == name)?;
        self.0.get(at).copied().flatten()
    }

    fn required(&self, name: &'static str, algorithm: &str) -> Result<Parameter<'a>, Stop> {
        self.get(name).ok_or_else(|| {
            let finding = Finding::error(code::PARAMETER_MISSING, "/header").text("parameter", name);
            failed(finding.text("algorithm", algorithm))
        })
    }

    /// The bytes of a parameter in base64url; `None` where it is absent.
    fn bytes(&self, name: &'static str) -> Result<Option<Vec<u8>>, Stop> {
        let Some(found) = self.get(name) else { return Ok(None) };
        octets(name, found.value).map(Some)
    }

    /// The bytes of a parameter in base64url, of which there must be so many.
    fn exactly(&self, name: &'static str, length: usize, algorithm: &str) -> Result<Vec<u8>, Stop> {
        let bytes = octets(name, self.required(name, algorithm)?.value)?;
        if bytes.len() == length {
            return Ok(bytes);
        }
        let finding = Finding::error(code::PARAMETER_LENGTH, subject(name)).text("parameter", name);
        let finding = finding.text("algorithm", algorithm).with("length", Fact::Count(bytes.len() as u64));
        Err(failed(finding.with("needed", Fact::Count(length as u64))))
    }
}

fn failed(finding: Finding) -> Stop {
    Stop::Failed(Step::Header, Some(finding))
}

fn subject(name: &str) -> String {
    pointer("/header", name)
}

fn string<'a>(name: &str, value: &'a Value) -> Result<&'a str, Stop> {
    value.as_str().ok_or_else(|| wrong_type(name, value, "string"))
}

fn wrong_type(name: &str, value: &Value, expected: &'static str) -> Stop {
    let finding = Finding::error(code::PARAMETER_TYPE, subject(name)).text("parameter", name);
    let finding = finding.with("type", Fact::Words(value.type_name()));
    failed(finding.with("expected", Fact::Words(expected)))
}

fn octets(name: &str, value: &Value) -> Result<Vec<u8>, Stop> {
    let decoded = base64url::decode(string(name, value)?);
    if decoded.faults.is_empty() {
        return Ok(decoded.bytes);
    }
    Err(failed(Finding::error(code::PARAMETER_BASE64URL, subject(name)).text("parameter", name)))
}

/// RFC 7516 §4.1.13 has `crit` as RFC 7515 §4.1.11 does: "If any of the listed extension Header Parameters are not
/// understood and supported by the recipient, then the JWS is invalid". None is registered for encrypted tokens, so none
/// is understood; and a list that is empty or no list is not allowed.
fn critical(parameters: &Parameters<'_>) -> Result<(), Stop> {
    let Some(found) = parameters.get("crit") else { return Ok(()) };
    if !found.protected {
        return Err(unprotected("crit"));
    }
    let items = found.value.items().iter().take(MOST_NAMES);
    let names: Vec<String> =
        items.map(|item| item.as_str().map_or_else(|| found.document.raw(item), str::to_owned)).collect();
    Err(failed(Finding::error(code::CRITICAL, subject("crit")).with("extensions", Fact::List(names))))
}

fn unprotected(name: &'static str) -> Stop {
    failed(Finding::error(code::PARAMETER_UNPROTECTED, subject(name)).text("parameter", name))
}

fn management(parameters: &Parameters<'_>, encrypted: &Encrypted) -> Result<&'static KeyManagement, Stop> {
    let name = parameters.required("alg", "JWE").and_then(|found| string("alg", found.value)).map_err(|stop| {
        // Of a compact token that has been said when it was read.
        if is_plain(encrypted) { Stop::Failed(Step::Header, None) } else { stop }
    })?;
    KeyManagement::named(name).ok_or_else(|| match Algorithm::named(name) {
        Some(_) => failed(Finding::error(code::ALGORITHM_SIGNS, subject("alg")).text("algorithm", name)),
        None => unknown(code::ALGORITHM_UNKNOWN, "alg", name),
    })
}

fn content(parameters: &Parameters<'_>) -> Result<&'static ContentEncryption, Stop> {
    let name = string("enc", parameters.required("enc", "JWE")?.value)?;
    ContentEncryption::named(name).ok_or_else(|| unknown(code::ENCRYPTION_UNKNOWN, "enc", name))
}

/// RFC 7516 §4.1.3: `zip` "MUST occur only within the JWE Protected Header".
fn compressed(parameters: &Parameters<'_>) -> Result<bool, Stop> {
    let Some(found) = parameters.get("zip") else { return Ok(false) };
    if !found.protected {
        return Err(unprotected("zip"));
    }
    let name = string("zip", found.value)?;
    Compression::named(name).map(|_| true).ok_or_else(|| unknown(code::COMPRESSION_UNKNOWN, "zip", name))
}

fn unknown(code: crate::finding::Code, parameter: &str, name: &str) -> Stop {
    Stop::Unsupported(Step::Header, Finding::info(code, subject(parameter)).text("algorithm", name))
}

fn way(management: &'static KeyManagement, parameters: &Parameters<'_>) -> Result<Way, Stop> {
    let name = management.name;
    Ok(match management.kind {
        Kind::Direct => Way::Direct,
        Kind::Wrap => Way::Wrap,
        Kind::GcmWrap => Way::GcmWrap {
            initialization_vector: parameters.exactly("iv", GCM_INITIALIZATION_VECTOR_LENGTH, name)?,
            tag: parameters.exactly("tag", GCM_TAG_LENGTH, name)?,
        },
        Kind::RsaPkcs1 => Way::Rsa(RsaPadding::Pkcs1),
        Kind::RsaOaep => Way::Rsa(RsaPadding::Oaep(management.hash)),
        Kind::Agreement => {
            let (ephemeral, curve) = ephemeral(parameters.required("epk", name)?.value)?;
            let party_u = parameters.bytes("apu")?.unwrap_or_default();
            let party_v = parameters.bytes("apv")?.unwrap_or_default();
            Way::Agreement { ephemeral, curve, party_u, party_v }
        }
        Kind::Password => {
            let salt = octets("p2s", parameters.required("p2s", name)?.value)?;
            if salt.len() < SHORTEST_SALT {
                let finding = Finding::error(code::SALT_SHORT, subject("p2s"));
                let finding = finding.with("length", Fact::Count(salt.len() as u64));
                return Err(failed(finding.with("needed", Fact::Count(SHORTEST_SALT as u64))));
            }
            Way::Password { salt, iterations: iterations(parameters.required("p2c", name)?)? }
        }
    })
}

/// A public key on a curve that keys are agreed on over, its coordinates as long as the curve's field. Whether the point
/// lies on the curve says who agrees on a secret with it.
fn ephemeral(value: &Value) -> Result<(Material, &'static Curve), Stop> {
    if !matches!(value.kind, json::Kind::Object(_)) {
        return Err(wrong_type("epk", value, "object"));
    }
    let text = |name: &'static str| value.member(name).and_then(Value::as_str);
    let name = text("crv").unwrap_or_default();
    let wrong = || failed(Finding::error(code::EPHEMERAL_KEY, subject("epk")).text("curve", name));
    let Some(curve) = agreement_curve(name) else {
        if name.is_empty() {
            return Err(wrong());
        }
        let finding = Finding::info(code::CURVE_UNKNOWN, subject("epk")).text("curve", name);
        return Err(Stop::Unsupported(Step::Header, finding));
    };
    let coordinate = |name: &'static str| {
        let decoded = base64url::decode(text(name)?);
        (decoded.faults.is_empty() && decoded.bytes.len() == curve.coordinate_length).then_some(decoded.bytes)
    };
    let material = || {
        let curve = name.to_owned();
        Some(match text("kty")? {
            "EC" => Material::EllipticCurve { curve, x: coordinate("x")?, y: coordinate("y")? },
            "OKP" => Material::OctetKeyPair { curve, x: coordinate("x")? },
            _ => return None,
        })
    };
    let material = material().filter(|material| material.key_type() == curve.key_type).ok_or_else(wrong)?;
    Ok((material, curve))
}

/// RFC 7518 §4.8.1.2: "a positive JSON integer".
fn iterations(found: Parameter<'_>) -> Result<u32, Stop> {
    if !matches!(found.value.kind, json::Kind::Number) {
        return Err(wrong_type("p2c", found.value, "number"));
    }
    let raw = found.document.raw(found.value);
    if !raw.bytes().all(|byte| byte.is_ascii_digit()) || raw == "0" {
        return Err(failed(Finding::error(code::ITERATIONS, subject("p2c")).text("found", raw)));
    }
    let count = raw.parse().ok().filter(|count| *count <= MOST_ITERATIONS);
    count.ok_or_else(|| {
        let finding = Finding::warning(code::ITERATIONS_REFUSED, subject("p2c")).text("count", raw);
        Stop::Unsupported(Step::Key, finding.with("limit", Fact::Count(u64::from(MOST_ITERATIONS))))
    })
}

/// Whether the encrypted key can be one of the algorithm. Of RSA that is known with the key.
fn encrypted_key(management: &KeyManagement, content: &ContentEncryption, encrypted_key: &[u8]) -> Result<(), Stop> {
    let stop = |finding: Finding| Stop::Failed(Step::Key, Some(finding));
    let algorithm = management.name;
    let subject = "/token";
    if management.is_direct() {
        if encrypted_key.is_empty() {
            return Ok(());
        }
        return Err(stop(Finding::error(code::ENCRYPTED_KEY_SURPLUS, subject).text("algorithm", algorithm)));
    }
    if encrypted_key.is_empty() {
        return Err(stop(Finding::error(code::ENCRYPTED_KEY_MISSING, subject).text("algorithm", algorithm)));
    }
    let needed = match management.kind {
        Kind::RsaPkcs1 | Kind::RsaOaep => return Ok(()),
        Kind::GcmWrap => content.key_length,
        _ => content.key_length + KEY_WRAP_OVERHEAD,
    };
    length(Step::Key, SegmentRole::EncryptedKey, algorithm, encrypted_key.len(), needed)
}

fn parts(content: &ContentEncryption, encrypted: &Encrypted) -> Result<(), Stop> {
    let name = content.name;
    let vector = encrypted.initialization_vector.len();
    length(Step::Tag, SegmentRole::InitializationVector, name, vector, content.initialization_vector_length)?;
    length(Step::Tag, SegmentRole::AuthenticationTag, name, encrypted.tag.len(), content.tag_length)?;
    let ciphertext = encrypted.ciphertext.len();
    if matches!(content.cipher, Cipher::CbcHmac(_)) && (ciphertext == 0 || !ciphertext.is_multiple_of(BLOCK_LENGTH)) {
        let finding = Finding::error(code::CIPHERTEXT_BLOCKS, "/payload").text("algorithm", name);
        let finding = finding.with("length", Fact::Count(ciphertext as u64));
        return Err(Stop::Failed(Step::Tag, Some(finding.with("block", Fact::Count(BLOCK_LENGTH as u64)))));
    }
    Ok(())
}

/// Whether a part has the length that the algorithm demands.
fn length(step: Step, part: SegmentRole, algorithm: &str, found: usize, needed: usize) -> Result<(), Stop> {
    if found == needed {
        return Ok(());
    }
    let finding = Finding::error(code::PART_LENGTH, "/token").with("part", Fact::Words(role_name(part)));
    let finding = finding.text("algorithm", algorithm).with("length", Fact::Count(found as u64));
    Err(Stop::Failed(step, Some(finding.with("needed", Fact::Count(needed as u64)))))
}
