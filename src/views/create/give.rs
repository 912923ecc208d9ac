//! What the API under test is given, and the private key apart from it.

use super::{Mode, View, words};
use crate::create::generate;
use crate::key::{Material, PrivateKey, export, private};
use crate::page::dom;

impl View {
    pub(super) fn paint_give(&self) {
        let encrypts = self.mode == Mode::Encrypt;
        let text = self.public_text();
        let is_shared = matches!(self.read.material(), Some(Material::Octets(_)));
        dom::show("create-sec-give", !text.is_empty());
        // A secret has one form only.
        dom::show("create-forms", !is_shared);
        dom::set_text("create-public", &text);
        dom::set_text("create-give-note", words::give(encrypts, is_shared));
        let private = self.private_text();
        dom::show("create-private-part", !private.is_empty() && !is_shared);
        dom::set_text("create-private-note", words::private(encrypts));
        dom::set_text("create-private", if is_shared { "" } else { &private });
    }

    /// The key for the API, in the form that is chosen; a secret as a JWK.
    pub(super) fn public_text(&self) -> String {
        let Some(material) = self.read.material() else { return String::new() };
        let name = self.read.algorithm.map(|algorithm| algorithm.name.to_owned()).or(self.read.header("alg"));
        let kid = self.read.kid();
        let purpose = if self.mode == Mode::Encrypt { "enc" } else { "sig" };
        let jwk = generate::labelled(material, kid.as_deref(), purpose, name.as_deref().unwrap_or_default());
        match (material, self.form.as_str()) {
            (Material::Octets(_), _) | (_, "jwk") => jwk,
            (_, "pem") => export::public_pem(material).unwrap_or_else(|| words::NO_PEM.to_owned()),
            _ => ["{\"keys\":[", &jwk, "]}"].concat(),
        }
    }

    /// The private key: the one that signs, or the one that was made for the recipient.
    pub(super) fn private_text(&self) -> String {
        match self.mode {
            Mode::Sign => self.read.key.as_ref().map(|key| self.written(key)).unwrap_or_default(),
            Mode::Encrypt => self.recipient_private().unwrap_or_default(),
        }
    }

    /// The private half of the recipient's key, where it was made here.
    fn recipient_private(&self) -> Option<String> {
        let recipient = self.read.recipient.as_ref()?;
        let made = |text: &str| {
            let read = crate::key::read(text, crate::report::KeySource::Pasted);
            read.keys.first().is_some_and(|key| key.material == recipient.material)
        };
        let mut pairs = self.keys.iter().map(|(_, pair)| pair);
        let pair = pairs.find(|pair| pair.public.as_deref().is_some_and(made))?;
        private::read(&pair.private).keys.first().map(|key| self.written(key))
    }

    /// A private key in the form that is chosen, where it has that.
    fn written(&self, key: &PrivateKey) -> String {
        let pem = if self.form == "pem" { export::private_pem(key) } else { None };
        pem.unwrap_or_else(|| export::private_jwk(key))
    }

    /// What the Inspect view verifies with: the public half or the secret; what it decrypts with, where it is here.
    pub(super) fn keys_for_inspect(&self) -> String {
        match (self.mode, self.read.key.as_ref()) {
            (Mode::Sign, Some(key)) => key.public.jwk().unwrap_or_else(|| key.jwk()),
            (Mode::Encrypt, Some(key)) => key.jwk(),
            (Mode::Encrypt, None) => self.private_text(),
            (Mode::Sign, None) => String::new(),
        }
    }
}
