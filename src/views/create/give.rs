//! What the API under test is given, and the private key apart from it.

use super::side::Side;
use super::{Mode, View, words};
use crate::create::generate;
use crate::key::{Material, PrivateKey, export, private};
use crate::page::dom;

impl View {
    pub(super) fn paint_give(&self) {
        for side in [Side::Own, Side::Outer] {
            self.paint_key_given(side);
        }
    }

    fn paint_key_given(&self, side: Side) {
        let encrypts = self.mode_of(side) == Mode::Encrypt;
        let text = self.public_text(side);
        let is_shared = matches!(self.read_of(side).material(), Some(Material::Octets(_)));
        let show = |field, shown| dom::show(&side.id(field), shown);
        let say = |field, text| dom::set_text(&side.id(field), text);
        show("sec-give", !text.is_empty());
        // A secret has one form only.
        show("forms", !is_shared);
        say("public", &text);
        say("give-note", words::give(encrypts, is_shared));
        let private = self.private_text(side);
        show("private-part", !private.is_empty() && !is_shared);
        say("private-note", words::private(encrypts));
        say("private", if is_shared { "" } else { &private });
    }

    fn form(&self, side: Side) -> &str {
        if side == Side::Outer { &self.forms.1 } else { &self.forms.0 }
    }

    /// The key for the API, in the form that is chosen; a secret as a JWK.
    pub(super) fn public_text(&self, side: Side) -> String {
        let read = self.read_of(side);
        let Some(material) = read.material() else { return String::new() };
        let jwk = self.labelled(side).unwrap_or_default();
        match (material, self.form(side)) {
            (Material::Octets(_), _) | (_, "jwk") => jwk,
            (_, "pem") => export::public_pem(material).unwrap_or_else(|| words::NO_PEM.to_owned()),
            _ => ["{\"keys\":[", &jwk, "]}"].concat(),
        }
    }

    /// The key for the API as a JWK that says what it is for.
    fn labelled(&self, side: Side) -> Option<String> {
        let read = self.read_of(side);
        let name = read.algorithm.map(|algorithm| algorithm.name.to_owned()).or(read.header("alg"));
        let purpose = if self.mode_of(side) == Mode::Encrypt { "enc" } else { "sig" };
        Some(generate::labelled(read.material()?, read.kid().as_deref(), purpose, name.as_deref().unwrap_or_default()))
    }

    /// The private key: the one that signs, or the one that was made for the recipient.
    pub(super) fn private_text(&self, side: Side) -> String {
        let key = match self.mode_of(side) {
            Mode::Sign => self.read.key.clone(),
            Mode::Encrypt => self.recipient_private(side),
        };
        key.map(|key| self.written(&key, self.form(side))).unwrap_or_default()
    }

    /// The private half of the recipient's key, where it was made here.
    fn recipient_private(&self, side: Side) -> Option<PrivateKey> {
        let recipient = self.read_of(side).recipient.as_ref()?;
        let made = |text: &str| {
            let read = crate::key::read(text, crate::report::KeySource::Pasted);
            read.keys.first().is_some_and(|key| key.material == recipient.material)
        };
        let mut pairs = self.keys.iter().map(|(_, pair)| pair);
        let pair = pairs.find(|pair| pair.public.as_deref().is_some_and(made))?;
        private::read(&pair.private).keys.into_iter().next()
    }

    /// A private key in a form, where it has that.
    fn written(&self, key: &PrivateKey, form: &str) -> String {
        let pem = if form == "pem" { export::private_pem(key) } else { None };
        pem.unwrap_or_else(|| export::private_jwk(key))
    }

    /// What the Inspect view verifies with: the public half or the secret; what it decrypts with, where it is here.
    pub(super) fn keys_for_inspect(&self) -> String {
        let keys: Vec<String> = self.sides().filter_map(|side| self.key_for_inspect(side)).collect();
        match keys.as_slice() {
            [] => String::new(),
            [key] => key.clone(),
            _ => ["{\"keys\":[", &keys.join(","), "]}"].concat(),
        }
    }

    fn key_for_inspect(&self, side: Side) -> Option<String> {
        match (self.mode_of(side), self.read_of(side).key.as_ref()) {
            (Mode::Sign, Some(key)) => Some(key.public.jwk().unwrap_or_else(|| key.jwk())),
            (Mode::Encrypt, Some(key)) => Some(key.jwk()),
            (Mode::Encrypt, None) => self.recipient_private(side).map(|key| export::private_jwk(&key)),
            (Mode::Sign, None) => None,
        }
    }
}
