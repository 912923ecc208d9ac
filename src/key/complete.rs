//! Public keys that a text has in a form that only arithmetic makes usable: a point of which one coordinate was left out, and
//! private keys without their public half.
//!
//! The first verdict says that they are there, and no more; a second look computes what is missing.

use super::der::{self, BIT_STRING, OBJECT_IDENTIFIER, OCTET_STRING, Refusal, SEQUENCE, Structure};
use super::details::code;
use super::jwk::Jwk;
use super::parameter_set::{ParameterSet, SEED_LENGTH};
use super::private::structure::{self, Numbers};
use super::{Material, Place, Reading, Watcher, code as key_code, curve, export, foreign, pem, read_watched, worn};
use crate::crypto::operation::{Operation, Operations, Outcome};
use crate::finding::{Code, Finding};
use crate::jose::algorithm::{CURVES, Curve};
use crate::report::KeySource;

/// How many keys of one text are completed: that is arithmetic with large numbers, some milliseconds each.
const MOST_COMPLETED: usize = 16;

/// What the reader says of PEM that is worn beyond what it repairs.
const WORN: [Code; 5] = [
    key_code::HTML,
    key_code::NOT_AN_OBJECT,
    key_code::NOT_RECOGNISED,
    key_code::PEM_CHARACTER,
    key_code::PEM_NOT_BASE64,
];

/// What was computed of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completed {
    /// Whether they stand in the place of the whole text, which is of another form than the reader takes, so that what the reader
    /// says of it is beside the point.
    pub is_instead: bool,
    /// The keys as PEM, in order; empty where nothing was to be computed.
    pub pem: String,
    /// What is worth knowing about them.
    pub findings: Vec<Finding>,
    /// The primitives that it takes to know more.
    pub asks: Vec<Operation>,
}

/// Computes the public keys that a text of keys has only by implication, and takes those of forms that other worlds have.
///
/// ```
/// // The base point of P-256, of which the second coordinate is only known to be odd.
/// let pem = "-----BEGIN PUBLIC KEY-----
/// MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY=
/// -----END PUBLIC KEY-----";
/// assert!(tokenscope::key::complete(pem, &Default::default()).pem.starts_with("-----BEGIN PUBLIC KEY-----"));
/// ```
pub fn complete(text: &str, operations: &Operations) -> Completed {
    if let Some((finding, material)) = foreign::recognise(text) {
        let pem = material.as_ref().and_then(export::public_pem).unwrap_or_default();
        return Completed { is_instead: true, pem, findings: vec![finding], asks: Vec::new() };
    }
    let (completed, reading) = computed(text, operations);
    if !reading.keys.is_empty() || !completed.findings.is_empty() || !completed.asks.is_empty() {
        return completed;
    }
    let is_worn = reading.findings.iter().any(|finding| WORN.contains(&finding.code));
    let Some(mended) = worn::mended(text).filter(|_| is_worn) else { return completed };
    let (mut more, reading) = computed(&mended, operations);
    if reading.keys.is_empty() && more.pem.is_empty() && more.asks.is_empty() {
        return completed;
    }
    more.findings.push(Finding::warning(code::MENDED, "/keys").text("key", "#1"));
    Completed { is_instead: true, pem: mended + &more.pem, ..more }
}

fn computed(text: &str, operations: &Operations) -> (Completed, Reading) {
    let mut completer = Completer { named: named_curve(text), operations, completed: Completed::default(), count: 0 };
    let reading = read_watched(text, KeySource::Pasted, Some(&mut completer));
    (completer.completed, reading)
}

struct Completer<'a> {
    operations: &'a Operations,
    /// The curve of a block of parameters, which belongs to the key behind it.
    named: Option<&'static Curve>,
    completed: Completed,
    count: usize,
}

impl Watcher for Completer<'_> {
    /// Whether the halves of an ML-DSA key belong together, which takes more than arithmetic.
    fn jwk(&mut self, jwk: &mut Jwk<'_, '_, '_>, material: &Material) {
        let Material::AlgorithmKeyPair { algorithm, public } = material else { return };
        let (Some(_), Some(row)) = (jwk.value.member("priv"), ParameterSet::named(algorithm)) else { return };
        let Some(seed) = jwk.exact("priv", SEED_LENGTH) else { return };
        if self.public_half(row.algorithm, seed).is_some_and(|own| own != *public) {
            let finding = Finding::warning(code::PRIVATE_MISMATCH, jwk.subject.as_str()).text("key", jwk.name.as_str());
            self.completed.findings.push(finding);
        }
    }

    fn structure(&mut self, recognised: &Structure, bytes: &[u8], place: &mut Place<'_, '_>) -> bool {
        // The key is read on, so that it counts.
        let Err(refusal) = &recognised.key else { return false };
        self.count += 1;
        if self.count > MOST_COMPLETED {
            return true;
        }
        let computed = match refusal {
            Refusal::Compressed(curve, point) => uncompressed(curve, point),
            Refusal::PrivateOnly => self.public(bytes),
            Refusal::Explicit => self.unnamed(bytes),
            _ => return true,
        };
        let code = match (&computed, refusal) {
            (None, Refusal::Compressed(..)) => code::POINT_NOT_COMPRESSED,
            // Not yet, or never: of a curve without a name nothing can be known.
            (None, _) => return true,
            (Some(_), Refusal::Compressed(..)) => code::POINT_COMPUTED,
            (Some(_), Refusal::PrivateOnly) => code::PUBLIC_COMPUTED,
            (Some(_), _) => code::CURVE_FOUND,
        };
        let mut finding = Finding::info(code, place.subject).text("key", place.name);
        if let Refusal::Compressed(curve, _) = refusal {
            finding = finding.text("curve", *curve);
        }
        if let Some(material) = computed {
            if let Some(curve) = material.curve().filter(|_| code == code::CURVE_FOUND) {
                finding = finding.text("curve", curve);
            }
            self.completed.pem.push_str(&export::public_pem(&material).unwrap_or_default());
        } else {
            finding.severity = crate::finding::Severity::Warning;
        }
        self.completed.findings.push(finding);
        true
    }
}

impl Completer<'_> {
    /// The public half of a private key.
    fn public(&mut self, bytes: &[u8]) -> Option<Material> {
        let (algorithm, private) = match structure::read(bytes)?.numbers {
            Numbers::OnCurve { curve: row, private, .. } => {
                let (x, y) = curve::public(row.name, &private)?;
                let curve = row.name.to_owned();
                return Some(match row.key_type {
                    "EC" => Material::EllipticCurve { curve, x, y },
                    _ => Material::OctetKeyPair { curve, x },
                });
            }
            Numbers::Seed { algorithm, seed } => (algorithm, seed),
            Numbers::Expanded { algorithm, key } => (algorithm, key),
            Numbers::Rsa { .. } => return None,
        };
        let public = self.public_half(algorithm, private)?;
        Some(Material::AlgorithmKeyPair { algorithm: algorithm.to_owned(), public })
    }

    /// The public half of a key of ML-DSA, once that is known.
    fn public_half(&mut self, algorithm: &'static str, private: Vec<u8>) -> Option<Vec<u8>> {
        let operation = Operation::PublicHalf { algorithm, private };
        match self.operations.outcome(&operation) {
            Some(Outcome::Bytes(public)) => Some(public.clone()),
            Some(_) => None,
            None => {
                self.completed.asks.push(operation);
                None
            }
        }
    }

    /// The public half of an EC private key that does not name its curve: that of the parameters beside it, or the one where its
    /// number gives its point. Numbers of a curve that are spelt out count for nothing.
    fn unnamed(&self, bytes: &[u8]) -> Option<Material> {
        let outer = der::sequence(bytes)?;
        let children = match outer.as_slice() {
            // PKCS #8 around it.
            [_, algorithm, key, ..] if algorithm.tag == SEQUENCE => der::sequence(key.content)?,
            _ => outer,
        };
        let number = children.get(1).filter(|one| one.tag == OCTET_STRING)?;
        let number = der::number(number);
        let tagged = |tag: u8| children.iter().find(|child| child.tag == tag);
        let stated = tagged(0xa1)
            .and_then(|wrapper| der::element(wrapper.content).ok())
            .map(|(inner, _)| inner)
            .filter(|inner| inner.tag == BIT_STRING);
        let stated = stated.as_ref().and_then(der::bits);
        let fits = |row: &&'static Curve| {
            let mut private = vec![0; row.coordinate_length.checked_sub(number.len())?];
            private.extend_from_slice(&number);
            let (x, y) = curve::public(row.name, &private)?;
            let point = [&[4], x.as_slice(), &y].concat();
            let fits = stated.is_none_or(|stated| stated == point || stated.get(1..) == Some(x.as_slice()));
            fits.then(|| Material::EllipticCurve { curve: row.name.to_owned(), x, y })
        };
        match (self.named, stated) {
            (Some(row), _) => fits(&row),
            (None, Some(_)) => CURVES.iter().filter(|row| row.key_type == "EC").find_map(|row| fits(&row)),
            (None, None) => None,
        }
    }
}

fn uncompressed(curve: &str, point: &[u8]) -> Option<Material> {
    let (sign, x) = point.split_first()?;
    let row = Curve::named(curve).filter(|row| row.coordinate_length == x.len())?;
    let y = curve::other_coordinate(row.name, x, *sign == 3)?;
    Some(Material::EllipticCurve { curve: curve.to_owned(), x: x.to_vec(), y })
}

/// The curve that a block of EC parameters names ([RFC 5915 §4](https://www.rfc-editor.org/rfc/rfc5915#section-4)), where
/// all such blocks of a text name the same one.
fn named_curve(text: &str) -> Option<&'static Curve> {
    let mut blocks = pem::parameters(text);
    let first = blocks.next()?;
    if blocks.any(|other| other != first) {
        return None;
    }
    let (parameter, _) = der::element(&first).ok().filter(|(one, _)| one.tag == OBJECT_IDENTIFIER)?;
    der::curve(Some(&parameter)).ok()
}
