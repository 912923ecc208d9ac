//! Thumbprints: a name for a key that follows from the key itself.

use sha2::{Digest, Sha256};

use super::{Key, Material};
use crate::jose::base64url;
use crate::report::KeySummary;

impl Key {
    /// The SHA-256 thumbprint ([RFC 7638](https://www.rfc-editor.org/rfc/rfc7638), and for OKP keys
    /// [RFC 8037 §2](https://www.rfc-editor.org/rfc/rfc8037#section-2)), in base64url. `None` for secrets: "a JWK
    /// Thumbprint of a symmetric key ... might leak information about the key"
    /// ([§7](https://www.rfc-editor.org/rfc/rfc7638#section-7)).
    pub fn thumbprint(&self) -> Option<String> {
        of(&self.material)
    }

    /// What the key is called in findings: its `kid`, or else its type and size.
    pub fn name(&self) -> String {
        self.kid.clone().unwrap_or_else(|| self.material.description())
    }

    /// The key as the report shows it.
    pub fn summary(&self) -> KeySummary {
        KeySummary { kid: self.kid.clone(), description: self.material.description(), thumbprint: self.thumbprint() }
    }
}

/// The thumbprint of the key of these numbers.
pub(super) fn of(material: &Material) -> Option<String> {
    let jwk = material.jwk()?;
    Some(base64url::encode(&Sha256::digest(jwk.as_bytes())))
}
