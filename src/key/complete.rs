//! Public keys that a text has in a form that only arithmetic makes usable: a point of which one coordinate was left out, and
//! private keys without their public half.
//!
//! The first verdict says that they are there, and no more; a second look computes what is missing.

use super::der::{self, BIT_STRING, OBJECT_IDENTIFIER, OCTET_STRING, Refusal, SEQUENCE, Structure};
use super::details::code;
use super::jwk::Jwk;
use super::private::structure::{self, Numbers};
use super::{Material, Place, Watcher, curve, export, foreign, pem, read_watched};
use crate::finding::Finding;
use crate::jose::algorithm::{CURVES, Curve};
use crate::report::KeySource;

/// How many keys of one text are completed: that is arithmetic with large numbers, some milliseconds each.
const MOST_COMPLETED: usize = 16;

/// What was computed of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Completed {
    /// Whether the text is of another form than the reader takes, so that what the reader says of it is beside the point.
    pub is_foreign: bool,
    /// The keys as PEM, in order; empty where nothing was to be computed.
    pub pem: String,
    /// What is worth knowing about them.
    pub findings: Vec<Finding>,
}

/// Computes the public keys that a text of keys has only by implication, and takes those of forms that other worlds have.
///
/// ```
/// // The base point of P-256, of which the second coordinate is only known to be odd.
/// let pem = "-----BEGIN PUBLIC KEY-----
/// MDkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDIgADaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpY=
/// -----END PUBLIC KEY-----";
/// assert!(tokenscope::key::complete(pem).pem.starts_with("-----BEGIN PUBLIC KEY-----"));
/// ```
pub fn complete(text: &str) -> Completed {
    if let Some((finding, material)) = foreign::recognise(text) {
        let pem = material.as_ref().and_then(export::public_pem).unwrap_or_default();
        return Completed { is_foreign: true, pem, findings: vec![finding] };
    }
    let mut completer = Completer { named: named_curve(text), completed: Completed::default(), count: 0 };
    read_watched(text, KeySource::Pasted, Some(&mut completer));
    completer.completed
}

struct Completer {
    /// The curve of a block of parameters, which belongs to the key behind it.
    named: Option<&'static Curve>,
    completed: Completed,
    count: usize,
}

impl Watcher for Completer {
    fn jwk(&mut self, _: &mut Jwk<'_, '_, '_>, _: &Material) {}

    fn structure(&mut self, recognised: &Structure, bytes: &[u8], place: &mut Place<'_, '_>) -> bool {
        let Err(refusal) = &recognised.key else { return true };
        self.count += 1;
        if self.count > MOST_COMPLETED {
            return true;
        }
        let computed = match refusal {
            Refusal::Compressed(curve, point) => uncompressed(curve, point),
            Refusal::PrivateOnly => public(bytes),
            Refusal::Explicit => self.unnamed(bytes),
            _ => return true,
        };
        let code = match (&computed, refusal) {
            (None, Refusal::Compressed(..)) => code::POINT_NOT_COMPRESSED,
            // Of ML-DSA it takes more than arithmetic, and of a curve without a name nothing can be known.
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

impl Completer {
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

/// The public half of a private key.
fn public(bytes: &[u8]) -> Option<Material> {
    let Numbers::OnCurve { curve: row, private, .. } = structure::read(bytes)?.numbers else { return None };
    let (x, y) = curve::public(row.name, &private)?;
    let curve = row.name.to_owned();
    Some(match row.key_type {
        "EC" => Material::EllipticCurve { curve, x, y },
        _ => Material::OctetKeyPair { curve, x },
    })
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
