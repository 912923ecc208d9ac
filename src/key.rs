//! Keys: reading them in every form that people paste, and choosing the one that fits a token.
//!
//! [`read`] takes whatever text there is; [`select`] says which of the keys can have signed a token, and why the others
//! can't. One broken key never hides another: each has its own finding.

pub mod code;
mod complete;
mod curve;
mod der;
pub mod details;
pub mod encrypted;
pub mod export;
mod factors;
mod foreign;
mod jwk;
mod literal;
mod material;
mod mistaken;
mod parameter_set;
mod pem;
pub mod private;
mod secret;
mod select;
mod shake;
mod ssh;
mod thumbprint;
mod weak;
mod worn;
mod x509;

pub use complete::{Completed, complete};
pub use material::Material;
pub use private::{Private, PrivateKey};
pub use secret::{SecretEncoding, read_secret};
pub use select::{Selection, select};
pub(crate) use shake::shake256;

use crate::finding::{Fact, Finding};
use crate::json::{self, FaultKind, Kind};
use crate::order;
use crate::report::KeySource;
use crate::time::Time;

/// How many keys of one text are read, so that a hostile set cannot stop the page. Real sets have a handful; Google's
/// service accounts and large tenants some dozens.
pub const MAX_KEYS: usize = 1000;

/// A key that can verify signatures, or a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// Where it came from.
    pub source: KeySource,
    /// Its name, `kid` ([RFC 7517 §4.5](https://www.rfc-editor.org/rfc/rfc7517#section-4.5)).
    pub kid: Option<String>,
    /// The only algorithm it is for, `alg` ([§4.4](https://www.rfc-editor.org/rfc/rfc7517#section-4.4)).
    pub algorithm: Option<String>,
    /// What it is for, `use`: "sig" or "enc" ([§4.2](https://www.rfc-editor.org/rfc/rfc7517#section-4.2)).
    pub public_key_use: Option<String>,
    /// What may be done with it, `key_ops` ([§4.3](https://www.rfc-editor.org/rfc/rfc7517#section-4.3)).
    pub key_operations: Option<Vec<String>>,
    /// The numbers.
    pub material: Material,
    /// The certificate that it was taken from. Nobody has checked it.
    pub certificate: Option<Certificate>,
}

/// What a certificate says about itself. Nothing here is proved: no signature and no chain is checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The common name of its subject.
    pub subject: Option<String>,
    /// The first moment of its validity.
    pub not_before: Option<Time>,
    /// The last moment of its validity.
    pub not_after: Option<Time>,
}

/// What was found in a text: the keys, and what is worth knowing about them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reading {
    /// The keys, in order.
    pub keys: Vec<Key>,
    /// What was wrong, repaired or worth knowing.
    pub findings: Vec<Finding>,
}

/// Reads every key in a text: a JWK, a JWK set, PEM blocks (public keys, certificates, and private keys whose public
/// half is in them), the bytes inside them in base64 or hexadecimal, public keys of SSH, or a JSON object of PEM blocks by
/// `kid`. What looks like something else is named for what it is.
/// Empty text has no keys and no findings.
///
/// ```
/// use tokenscope::{key, report::KeySource};
/// let reading = key::read(r#"{"kty":"OKP","crv":"Ed25519","x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#, KeySource::Pasted);
/// // The thumbprint of RFC 8037 A.3.
/// assert_eq!(reading.keys[0].thumbprint().as_deref(), Some("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"));
/// ```
pub fn read(text: &str, source: KeySource) -> Reading {
    read_watched(text, source, None)
}

/// Reads every key in a text, and lets somebody watch.
fn read_watched(text: &str, source: KeySource, watcher: Option<&mut dyn Watcher>) -> Reading {
    let mut reader = Reader { source, watcher, keys: Vec::new(), findings: Vec::new(), seen: 0 };
    reader.text(text);
    reader.repeated_names();
    Reading { keys: reader.keys, findings: reader.findings }
}

/// Who watches sees each key as it stands in the text, behind everything that was repaired to get there. Verifying needs
/// nobody who does, so that what only a second look knows stays out of the first module.
trait Watcher {
    /// A JWK whose public half was read.
    fn jwk(&mut self, jwk: &mut jwk::Jwk<'_, '_, '_>, material: &Material);

    /// A DER structure that was recognised, and its bytes. Returns whether nothing else is to be done with it.
    fn structure(&mut self, structure: &der::Structure, bytes: &[u8], place: &mut Place<'_, '_>) -> bool;
}

/// Where a structure stands, for findings about it.
struct Place<'a, 'b> {
    /// What the key is called in findings.
    name: &'a str,
    /// Where it stands.
    subject: &'a str,
    reader: &'a mut Reader<'b>,
}

/// Collects keys and findings while a text is read.
struct Reader<'a> {
    source: KeySource,
    watcher: Option<&'a mut dyn Watcher>,
    keys: Vec<Key>,
    findings: Vec<Finding>,
    /// How many keys were met, the broken ones included.
    seen: usize,
}

impl Reader<'_> {
    fn text(&mut self, text: &str) {
        let trimmed = text.trim_matches(|character: char| character.is_whitespace() || character == '\u{feff}');
        if trimmed.is_empty() {
            return;
        }
        if let Some(wrong) = mistaken::recognise(trimmed) {
            self.findings.push(wrong);
        } else if trimmed.starts_with(['{', '[']) {
            self.json(trimmed);
        } else if !ssh::read(self, trimmed) {
            pem::read(self, trimmed);
        }
    }

    fn json(&mut self, text: &str) {
        let mut document = json::read(text.as_bytes().to_vec());
        if document.faults.iter().any(|fault| fault.kind.is_fatal() && fault.kind != FaultKind::Ended) {
            let printed = literal::json(text).map(|text| json::read(text.into_bytes()));
            if let Some(printed) = printed.filter(json::Document::is_json) {
                self.findings.push(Finding::info(code::JSON_LITERAL, "/keys"));
                document = printed;
            }
        }
        let Some(root) = &document.root else { return };
        let fault = document.faults.iter().find(|fault| fault.kind.is_fatal());
        // What stands behind the first fault may be cut or misread, and half a number is another key. A value that ends
        // right there is whole only when it is JSON by itself.
        let is_whole = |value: &json::Value| match fault {
            Some(fault) if value.span.end == fault.at => json::read(document.raw(value).into_bytes()).is_json(),
            Some(fault) => value.span.end < fault.at,
            None => true,
        };
        if let Some(fault) = fault {
            let code = if fault.kind == FaultKind::Ended { code::JSON_CUT } else { code::JSON_BROKEN };
            self.findings.push(Finding::error(code, "/keys").with("at", Fact::Count(fault.at as u64)));
        }
        let set = root.member("keys").or_else(|| root.member("jwks").and_then(|set| set.member("keys")));
        let pem = |member: &&json::Member| member.value.as_str().is_some_and(pem::has_armour);
        if let Some(set) = set.or(matches!(root.kind, Kind::Array(_)).then_some(root)) {
            if !matches!(set.kind, Kind::Array(_)) {
                let finding = Finding::error(code::NO_KEY_LIST, "/keys");
                self.findings.push(finding.with("type", Fact::Words(set.type_name())));
            } else if set.items().is_empty() && fault.is_none() {
                self.findings.push(Finding::error(code::SET_EMPTY, "/keys"));
            }
            for item in set.items().iter().filter(|item| is_whole(item)) {
                if !self.has_room() {
                    break;
                }
                jwk::read(self, &document, item);
            }
        } else if root.members().iter().any(|member| pem(&member)) {
            // Google's /oauth2/v1/certs: certificates by `kid`. Where other members stand beside them, the names are no
            // key names (a service account's file, for example).
            let by_name = root.members().iter().all(|member| pem(&member));
            for member in root.members().iter().filter(pem).filter(|member| is_whole(&member.value)) {
                let first = self.keys.len();
                pem::read(self, member.value.as_str().unwrap_or_default());
                for key in self.keys.iter_mut().skip(first).filter(|_| by_name) {
                    key.kid = Some(member.name.clone());
                }
            }
        } else if let Some(finding) = mistaken::metadata(root) {
            self.findings.push(finding);
        } else if is_whole(root) {
            jwk::read(self, &document, root);
        }
    }

    /// Two keys of one name: a token that names it means one of them, and nobody can tell which.
    fn repeated_names(&mut self) {
        let mut names: Vec<&str> = self.keys.iter().filter_map(|key| key.kid.as_deref()).collect();
        order::sort(&mut names, |one, other| one < other);
        let mut repeated: Vec<String> = Vec::new();
        for pair in names.windows(2) {
            if let [one, other] = pair
                && one == other
                && repeated.last().is_none_or(|last| last != one)
            {
                repeated.push((*one).to_owned());
            }
        }
        for name in repeated {
            self.findings.push(Finding::warning(code::KID_TWICE, "/keys").text("kid", name));
        }
    }

    /// Whether another key may be read; says so, once, when not.
    fn has_room(&mut self) -> bool {
        if self.seen == MAX_KEYS {
            self.seen += 1;
            self.findings.push(Finding::warning(code::TOO_MANY, "/keys").with("count", Fact::Count(MAX_KEYS as u64)));
        }
        self.seen < MAX_KEYS
    }

    /// Where the key that comes next stands: `/keys/0` for the first.
    fn next_subject(&mut self) -> String {
        self.seen += 1;
        "/keys/".to_owned() + &(self.seen - 1).to_string()
    }

    /// What the key that [`Reader::next_subject`] announced is called while it has no `kid`: `#1` for the first.
    fn next_name(&self) -> String {
        "#".to_owned() + &self.seen.to_string()
    }

    /// Takes the numbers of an RSA key, without leading zeros, unless no signature by them means anything.
    fn rsa(&mut self, name: &str, subject: &str, modulus: Vec<u8>, exponent: Vec<u8>) -> Option<Material> {
        // With the exponent 1 a signature is the padded hash itself: anybody can write one. An even one has no inverse.
        let odd = |number: &[u8]| number.last().is_some_and(|byte| byte & 1 == 1);
        if !odd(&exponent) || exponent == [1] || !odd(&modulus) {
            self.findings.push(Finding::error(code::RSA_NUMBERS, subject).text("key", name));
            return None;
        }
        Some(Material::Rsa { modulus, exponent })
    }
}

/// Whether the bytes are exactly a DER sequence of two integers, as most libraries outside JOSE write ECDSA signatures.
pub(crate) fn is_der_integer_pair(bytes: &[u8]) -> bool {
    der::is_integer_pair(bytes)
}
