//! Collecting private keys while the public reader goes through a text.

use super::structure;
use super::{Private, PrivateKey};
use crate::finding::Finding;
use crate::jose::algorithm::Curve;
use crate::key::details::code;
use crate::key::jwk::Jwk;
use crate::key::parameter_set::SEED_LENGTH;
use crate::key::{Material, Place, Watcher, curve, der, factors, ssh};

/// How many keys of one text are completed or compared with their public halves: that is arithmetic with large numbers,
/// some milliseconds each.
const MOST_COMPUTED: usize = 16;

#[derive(Default)]
pub(super) struct Collector {
    pub(super) keys: Vec<PrivateKey>,
    computed: usize,
}

impl Watcher for Collector {
    fn jwk(&mut self, jwk: &mut Jwk<'_, '_, '_>, material: &Material) {
        let private = match material {
            Material::Octets(_) => Some(Private::Shared),
            Material::Rsa { modulus, exponent } => {
                if jwk.value.member("d").is_none() {
                    return;
                }
                self.rsa(jwk, modulus, exponent)
            }
            Material::EllipticCurve { curve, .. } | Material::OctetKeyPair { curve, .. } => {
                if jwk.value.member("d").is_none() {
                    return;
                }
                let number = match material {
                    Material::EllipticCurve { .. } => jwk.coordinate(curve, "d"),
                    _ => Curve::named(curve).and_then(|row| jwk.exact("d", row.coordinate_length)),
                };
                number.map(Private::Number)
            }
            Material::AlgorithmKeyPair { .. } => {
                if jwk.value.member("priv").is_none() {
                    return;
                }
                jwk.exact("priv", SEED_LENGTH).map(Private::Number)
            }
        };
        // Why it was not read has been said.
        let Some(private) = private else { return };
        if self.belongs(material, &private) == Some(false) {
            let finding = Finding::warning(code::PRIVATE_MISMATCH, jwk.subject.clone());
            jwk.push(finding);
        }
        self.keys.push(PrivateKey {
            kid: jwk.optional("kid"),
            algorithm: jwk.optional("alg"),
            public_key_use: jwk.optional("use"),
            key_operations: jwk.key_operations(),
            public: material.clone(),
            private,
        });
    }

    fn structure(&mut self, recognised: &der::Structure, bytes: &[u8], place: &mut Place<'_, '_>) -> bool {
        if !recognised.is_private || matches!(recognised.key, Err(der::Refusal::Encrypted)) {
            // A public key is passed over; how it is with a key under a password the reader says.
            return !recognised.is_private;
        }
        let cipher = bytes.strip_prefix(ssh::PRIVATE_MAGIC).and_then(ssh::private);
        if cipher.is_some_and(|(cipher, _)| cipher != b"none") {
            place.push(Finding::warning(code::ENCRYPTED_SSH, place.subject));
            return true;
        }
        let read = structure::read(bytes);
        match read {
            Some(read) => self.take(read, place),
            // Why there is none the public half says, too, where it is the algorithm or the curve.
            None if recognised.key.is_err() && !matches!(recognised.key, Err(der::Refusal::PrivateOnly)) => {
                return false;
            }
            None => place.push(Finding::error(code::PRIVATE_BROKEN, place.subject)),
        }
        true
    }
}

impl Collector {
    fn rsa(&mut self, jwk: &mut Jwk<'_, '_, '_>, modulus: &[u8], exponent: &[u8]) -> Option<Private> {
        if jwk.value.member("oth").is_some() {
            let finding = Finding::info(code::PRIVATE_PRIMES, jwk.subject.clone());
            jwk.push(finding);
            return None;
        }
        let private = jwk.number("d")?;
        let has_primes = ["p", "q"].iter().all(|name| jwk.value.member(name).is_some());
        let primes = match has_primes {
            true => Some((jwk.number("p")?, jwk.number("q")?)),
            false => None,
        };
        let read = self.rsa_private(modulus, exponent, &private, primes.as_ref().map(|(p, q)| [&p[..], &q[..]]));
        if read.is_none() {
            let finding = Finding::error(code::PRIVATE_BROKEN, jwk.subject.clone());
            jwk.push(finding);
        }
        read
    }

    /// Exponents and coefficient are computed even where they are given: wrong ones give away the primes with the first
    /// signature.
    fn rsa_private(
        &mut self,
        modulus: &[u8],
        exponent: &[u8],
        private: &[u8],
        primes: Option<[&[u8]; 2]>,
    ) -> Option<Private> {
        self.has_time()?;
        match primes {
            Some(primes) => factors::of_primes(modulus, exponent, private, primes),
            None => factors::of_exponent(modulus, exponent, private),
        }
    }

    fn take(&mut self, read: structure::Read, place: &mut Place<'_, '_>) {
        let (public, private) = match read.numbers {
            structure::Numbers::Rsa { modulus, exponent, private, primes: [first, second] } => {
                let is_sound = |material: &Material| matches!(material, Material::Rsa { .. });
                let Some(public) = place.reader.rsa(place.name, place.subject, modulus, exponent).filter(is_sound)
                else {
                    return;
                };
                let Material::Rsa { modulus, exponent } = &public else { return };
                let Some(private) = self.rsa_private(modulus, exponent, &private, Some([&first, &second])) else {
                    return place.push(Finding::error(code::PRIVATE_BROKEN, place.subject));
                };
                (public, private)
            }
            structure::Numbers::OnCurve { curve: row, private, public } => {
                let computed = self.has_time().and_then(|()| curve::public(row.name, &private));
                let public = public.or_else(|| computed.clone());
                let Some((x, y)) = public else {
                    return place.push(Finding::error(code::PRIVATE_BROKEN, place.subject));
                };
                if computed.is_some_and(|computed| computed != (x.clone(), y.clone())) {
                    place.push(Finding::warning(code::PRIVATE_MISMATCH, place.subject));
                }
                let curve = row.name.to_owned();
                let public = match row.key_type {
                    "EC" => Material::EllipticCurve { curve, x, y },
                    _ => Material::OctetKeyPair { curve, x },
                };
                (public, Private::Number(private))
            }
            structure::Numbers::Seed { algorithm, seed } => {
                let public = Material::AlgorithmKeyPair { algorithm: algorithm.to_owned(), public: Vec::new() };
                place.push(Finding::info(code::PRIVATE_SEED, place.subject));
                (public, Private::Number(seed))
            }
            structure::Numbers::Expanded { .. } => {
                return place.push(Finding::info(code::PRIVATE_EXPANDED, place.subject));
            }
        };
        self.keys.push(PrivateKey {
            kid: None,
            algorithm: read.algorithm.map(str::to_owned),
            public_key_use: None,
            key_operations: None,
            public,
            private,
        });
    }

    /// Whether the halves belong together; `None` where that is not known.
    fn belongs(&mut self, public: &Material, private: &Private) -> Option<bool> {
        let Private::Number(number) = private else { return None };
        let (name, x, y) = match public {
            Material::EllipticCurve { curve, x, y } => (curve, x, y.as_slice()),
            Material::OctetKeyPair { curve, x } => (curve, x, &[][..]),
            _ => return None,
        };
        Curve::named(name)?;
        self.has_time()?;
        Some(curve::public(name, number).is_some_and(|(own_x, own_y)| (&own_x, own_y.as_slice()) == (x, y)))
    }

    fn has_time(&mut self) -> Option<()> {
        self.computed += 1;
        (self.computed <= MOST_COMPUTED).then_some(())
    }
}

impl Place<'_, '_> {
    fn push(&mut self, finding: Finding) {
        self.reader.findings.push(finding.text("key", self.name));
    }
}
