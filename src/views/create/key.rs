//! What signs or encrypts: the choice, the key, and what the fields say together.

use web_sys::Element;

use super::side::Side;
use super::{Event, Mode, View, buttons, send, words, words_of};
use crate::browser::make;
use crate::create::generate::{self, KeyPair};
use crate::create::{self, KeyChoice, code};
use crate::crypto::operation::{Generated, Operation};
use crate::finding::Finding;
use crate::jose::algorithm::{Algorithm, Kind};
use crate::jose::encryption::{KEY_MANAGEMENTS, KeyManagement};
use crate::json::{self, quoted};
use crate::key::{Key, Material, PrivateKey, SecretEncoding, encrypted};
use crate::page::checks::{remark, remark_state};
use crate::page::{dom, expectations};

/// What signs at first.
pub const FIRST: &str = "HS256";

/// What the fields say.
#[derive(Default)]
pub struct Read {
    header: String,
    payload: String,
    /// What signs; `None` for encrypted tokens, and where no key says it.
    pub algorithm: Option<&'static Algorithm>,
    /// What signs, or the secret that encrypts.
    pub key: Option<PrivateKey>,
    /// For whom it is encrypted.
    pub recipient: Option<Key>,
    /// What is worth knowing.
    pub findings: Vec<Finding>,
    /// Why nothing can be made of it.
    pub fault: Option<Finding>,
    /// Whether a key is under a password.
    pub locked: bool,
    /// What has to be carried out to open it.
    pub asked: Vec<Operation>,
}

/// What a token is made of.
pub struct Content {
    header: String,
    payload: String,
    algorithm: Option<&'static Algorithm>,
    key: Option<PrivateKey>,
    recipient: Option<Key>,
    /// What encrypts it once it is signed.
    pub outer: Option<Box<Content>>,
}

/// What came of it.
pub struct Made {
    /// The token.
    pub token: String,
    /// The signed token inside an encrypted one.
    pub inside: Option<String>,
}

impl Content {
    /// Makes it.
    pub async fn make(&self) -> Result<Made, Finding> {
        let token = self.of(&self.payload).await?;
        Ok(match &self.outer {
            Some(outer) => Made { token: outer.of(&token).await?, inside: Some(token) },
            None => Made { token, inside: None },
        })
    }

    async fn of(&self, payload: &str) -> Result<String, Finding> {
        match self.algorithm {
            Some(algorithm) => make::sign(&self.header, payload, algorithm, self.key.as_ref()).await,
            None => make::encrypt(&self.header, payload, self.recipient.as_ref(), self.key.as_ref()).await,
        }
    }
}

impl Read {
    /// What the token is made of.
    pub fn content(&self) -> Content {
        Content {
            header: self.header.clone(),
            payload: self.payload.clone(),
            algorithm: self.algorithm,
            key: self.key.clone(),
            recipient: self.recipient.clone(),
            outer: None,
        }
    }

    /// The numbers that may be given away, or the secret.
    pub fn material(&self) -> Option<&Material> {
        let own = self.key.as_ref().map(|key| &key.public);
        self.recipient.as_ref().map(|key| &key.material).or(own)
    }

    /// The public half as a JWK, for a header.
    pub fn public_jwk(&self) -> Option<String> {
        self.key.as_ref()?.public.jwk()
    }

    /// Whether who can verify can't sign.
    pub fn is_asymmetric(&self) -> bool {
        let is_shared = |algorithm: &Algorithm| matches!(algorithm.kind, Kind::Hmac | Kind::None);
        self.algorithm.is_some_and(|algorithm| !is_shared(algorithm)) || self.recipient.is_some()
    }

    /// The name that the header gives the key, or that the key has.
    pub fn kid(&self) -> Option<String> {
        let document = json::read(self.header.as_bytes().to_vec());
        let own = self.key.as_ref().and_then(|key| key.kid.clone());
        document.string("kid").map(str::to_owned).or(own)
    }

    /// A member of the header.
    pub fn header(&self, name: &str) -> Option<String> {
        json::read(self.header.as_bytes().to_vec()).string(name).map(str::to_owned)
    }

    /// Takes what was read of a key: what is worth knowing, and why there is none.
    fn take(&mut self, (key, findings): (Option<PrivateKey>, Vec<Finding>)) {
        self.findings.extend(findings);
        if key.is_none() {
            let of_key = |finding: &&Finding| finding.subject.starts_with("/keys") || finding.subject == "/secret";
            let found = self.findings.iter().filter(of_key).min_by_key(|finding| finding.severity);
            self.fault = found.cloned().or(Some(Finding::info(code::KEY_MISSING, "/keys")));
        }
        self.key = key;
    }
}

impl View {
    /// What a side makes.
    pub(super) fn mode_of(&self, side: Side) -> Mode {
        if side == Side::Outer { Mode::Encrypt } else { self.mode }
    }

    /// What was read of a side's fields.
    pub(super) fn read_of(&self, side: Side) -> &Read {
        if side == Side::Outer { &self.outer } else { &self.read }
    }

    /// The algorithm that is chosen by name; `None` where the key decides, or the header.
    fn algorithm_name(&self, side: Side) -> Option<String> {
        match (self.mode_of(side), self.choice.as_str()) {
            (Mode::Encrypt, _) | (Mode::Sign, "other") => Some(expectations::value(&side.id("algorithm"))),
            (Mode::Sign, "paste") => None,
            (Mode::Sign, name) => Some(name.to_owned()),
        }
    }

    pub(super) fn read_fields(&self, side: Side) -> Read {
        let mut read = Read { header: expectations::value(&side.id("header")), ..Read::default() };
        if side == Side::Own {
            read.payload = expectations::value("create-payload");
        }
        match self.mode_of(side) {
            Mode::Sign => self.read_signing(&mut read),
            Mode::Encrypt => self.read_encrypting(&mut read, side),
        }
        read
    }

    fn read_signing(&self, read: &mut Read) {
        let header = read.header.clone();
        let chosen = self.algorithm_name(Side::Own).and_then(|name| Algorithm::named(&name));
        match chosen {
            Some(algorithm) if algorithm.kind == Kind::None => {}
            Some(algorithm) if algorithm.kind == Kind::Hmac => {
                let secret = expectations::value("create-secret");
                read.take(create::read_key(secret_choice(&secret, Side::Own), &header, chosen));
            }
            Some(algorithm) => {
                let made = self.made_key(algorithm.name).map(|pair| pair.private.as_str()).unwrap_or_default();
                read.take(create::read_key(KeyChoice::Text(made), &header, chosen));
            }
            None => {
                let (text, password) = (expectations::value("create-key"), expectations::value("create-password"));
                read.locked = encrypted::is_encrypted(&text);
                let (key, findings, asked) = create::read_locked(&text, &password, &header, None, &self.operations);
                read.take((key, findings));
                read.asked = asked;
            }
        }
        read.algorithm = chosen.or_else(|| create::choose(&header, read.key.as_ref()?));
        if let (Some(key), None) = (&read.key, read.algorithm) {
            let finding = Finding::error(code::KEY_SIGNS_NOT, "/keys").text("key", key.public.description());
            read.findings.push(finding.clone());
            read.fault = Some(finding);
        }
        let mut findings = create::check(&header, &read.payload, read.algorithm);
        if let (Some(key), Some(algorithm)) = (&read.key, read.algorithm) {
            read.findings.extend(create::check_key(key, algorithm, &header));
        }
        findings.append(&mut read.findings);
        read.findings = findings;
    }

    fn read_encrypting(&self, read: &mut Read, side: Side) {
        let algorithm = self.algorithm_name(side).and_then(|name| KeyManagement::named(&name));
        if algorithm.is_some_and(KeyManagement::takes_private_key) {
            let (recipient, findings) = create::read_recipient(&expectations::value(&side.id("key")), algorithm);
            if recipient.is_none() {
                read.fault = findings.iter().min_by_key(|finding| finding.severity).cloned();
            }
            (read.recipient, read.findings) = (recipient, findings);
        } else {
            let text = expectations::value(&side.id("secret"));
            read.take(create::read_key(secret_choice(&text, side), &read.header, None));
        }
        let mut findings = match side {
            Side::Own => create::check_encryption(&read.header, &read.payload),
            Side::Outer => create::check_nested(&read.header),
        };
        findings.append(&mut read.findings);
        read.findings = findings;
    }

    /// The key that was made for an algorithm.
    pub(super) fn made_key(&self, algorithm: &str) -> Option<&KeyPair> {
        self.keys.iter().find(|(name, _)| name == algorithm).map(|(_, pair)| pair)
    }

    /// The kinds of keys that can be made now.
    fn kinds(&self, side: Side) -> Vec<Generated> {
        let encryption = expectations::value(&side.id("encryption"));
        let encryption = (self.mode_of(side) == Mode::Encrypt).then_some(encryption.as_str());
        self.algorithm_name(side).map_or_else(Vec::new, |name| generate::kinds(&name, encryption))
    }

    /// Paints the choices of a side, the fields that belong to them, and what is worth knowing about its key.
    pub(super) fn paint_key(&self, side: Side) {
        let (encrypts, read) = (self.mode_of(side) == Mode::Encrypt, self.read_of(side));
        let making = match side {
            Side::Own if encrypts => words::ENCRYPTING,
            Side::Own => words::SIGNING,
            Side::Outer => words::NESTING,
        };
        dom::set_text(&side.id("with"), making.heading);
        dom::set_text(&side.id("key-label"), making.key);
        let paste = !encrypts && self.choice == "paste";
        self.paint_algorithms(side, encrypts, paste);
        let kinds = self.kinds(side);
        let secret = kinds.iter().find_map(|kind| match kind {
            Generated::Octets(bytes) => Some(*bytes),
            _ => None,
        });
        let show = |field, shown| dom::show(&side.id(field), shown);
        show("row-encryption", encrypts);
        show("row-secret", secret.is_some());
        show("row-key", paste || (encrypts && secret.is_none()));
        show("row-password", read.locked);
        show("row-kind", kinds.len() > 1);
        if kinds.len() > 1 {
            let options: Vec<Element> = kinds
                .iter()
                .enumerate()
                .map(|(number, kind)| buttons::option(&number.to_string(), &generate::name(*kind)))
                .collect();
            let field = side.id("kind");
            let before = expectations::value(&field);
            dom::update(&field, &options);
            let is_there = before.parse().is_ok_and(|number: usize| number < kinds.len());
            expectations::set_value(&field, if is_there { &before } else { "0" });
        }
        show("key-buttons", !kinds.is_empty());
        let again = self.algorithm_name(side).is_some_and(|name| self.made_key(&name).is_some());
        let text =
            if self.generating == Some(side) { words::GENERATING.to_owned() } else { words::generate(secret, again) };
        buttons::say(&["#", side.prefix(), "-key-buttons [data-create=generate]"].concat(), &text);
        let of_key = |finding: &&Finding| finding.subject.starts_with("/keys") || finding.subject == "/secret";
        // That there is no key yet is said by the headline.
        let is_missing = |finding: &Finding| finding.code == code::KEY_MISSING || finding.code == code::SECRET_MISSING;
        let notes: Vec<Element> = read
            .findings
            .iter()
            .filter(of_key)
            .filter(|finding| !is_missing(finding))
            .map(|finding| remark(finding, &words_of(finding), remark_state(finding.severity)))
            .collect();
        dom::update(&side.id("key-notes"), &notes);
    }

    /// The list of algorithms: those without a choice of their own, those that the pasted key fits, or those that encrypt.
    fn paint_algorithms(&self, side: Side, encrypts: bool, paste: bool) {
        let field = side.id("algorithm");
        let names: Vec<&str> = if encrypts {
            KEY_MANAGEMENTS.iter().map(|row| row.name).collect()
        } else if paste {
            let material = self.read.key.as_ref().map(|key| &key.public);
            material.map_or_else(Vec::new, |own| create::algorithms_of(own).map(|row| row.name).collect())
        } else {
            buttons::other_algorithms()
        };
        let shown = if paste { names.len() > 1 } else { encrypts || self.choice == "other" };
        dom::show(&side.id("row-algorithm"), shown);
        if !shown && !names.is_empty() && !paste {
            return;
        }
        let before = expectations::value(&field);
        let options: Vec<Element> = names.iter().map(|name| buttons::option(name, name)).collect();
        dom::update(&field, &options);
        let said = self.read.algorithm.filter(|_| paste).map(|algorithm| algorithm.name.to_owned());
        let wanted = said.unwrap_or(before);
        let first = names.first().copied().unwrap_or_default();
        let is_there = names.contains(&wanted.as_str());
        expectations::set_value(&field, if is_there { &wanted } else { first });
    }

    /// Another choice was made.
    pub(super) fn chosen(&mut self, name: &str, value: &str) {
        match name {
            "create-form" => self.forms.0 = value.to_owned(),
            "outer-form" => self.forms.1 = value.to_owned(),
            _ => {
                self.choose(value);
                self.name_algorithm();
                self.fill_jwk();
                return self.refresh();
            }
        }
        self.paint_give();
    }

    /// Makes a choice: an algorithm with a choice of its own, or one of the others.
    pub(super) fn choose(&mut self, value: &str) {
        let own = words::CHOICES.iter().any(|(choice, _)| *choice == value);
        self.choice = if own { value.to_owned() } else { "other".to_owned() };
        buttons::check("create-choice", &self.choice);
        self.paint_algorithms(Side::Own, false, self.choice == "paste");
        if !own {
            expectations::set_value("create-algorithm", value);
        }
    }

    /// Another algorithm was chosen in a list, or another encryption of the content.
    pub(super) fn algorithm_chosen(&mut self, side: Side, name: &str, field: &str) {
        self.set_header(side, name, &quoted(&expectations::value(&side.id(field))));
        self.fill_jwk();
    }

    /// Writes the algorithm that is chosen into the header: choosing one says so.
    pub(super) fn name_algorithm(&mut self) {
        self.read = self.read_fields(Side::Own);
        let name = match self.mode {
            Mode::Sign => {
                self.algorithm_name(Side::Own).or(self.read.algorithm.map(|algorithm| algorithm.name.to_owned()))
            }
            Mode::Encrypt => self.algorithm_name(Side::Own),
        };
        if let Some(name) = name {
            self.set_header(Side::Own, "alg", &quoted(&name));
        }
    }

    /// A header with a `jwk` gets the key that is chosen now.
    pub(super) fn fill_jwk(&mut self) {
        self.read = self.read_fields(Side::Own);
        let has_jwk = json::read(self.read.header.as_bytes().to_vec()).member("jwk").is_some();
        if let Some(jwk) = self.read.public_jwk().filter(|_| has_jwk) {
            self.set_header(Side::Own, "jwk", &jwk);
        }
    }

    /// The view makes something else than before: the lists follow, and the header's algorithms are chosen in them.
    pub(super) fn mode_changed(&mut self, side: Side) {
        let encrypts = self.mode_of(side) == Mode::Encrypt;
        self.paint_algorithms(side, encrypts, !encrypts && self.choice == "paste");
        if encrypts {
            let document = json::read(expectations::value(&side.id("header")).into_bytes());
            for (name, field) in [("alg", "algorithm"), ("enc", "encryption")] {
                if let Some(value) = document.string(name) {
                    expectations::set_value(&side.id(field), value);
                }
            }
        }
    }

    /// Makes a key for the algorithm that is chosen.
    pub(super) fn generate(&mut self, side: Side) {
        let Some(name) = self.algorithm_name(side).filter(|_| self.generating.is_none()) else { return };
        let kinds = self.kinds(side);
        let number: usize = expectations::value(&side.id("kind")).parse().unwrap_or(0);
        let Some(kind) = kinds.get(number).or(kinds.first()).copied() else { return };
        self.generating = Some(side);
        self.paint_key(side);
        wasm_bindgen_futures::spawn_local(async move {
            let made = make::generate(kind, &name).await;
            send(Event::Generated(name, made));
        });
    }

    /// A key was made.
    pub(super) fn generated(&mut self, algorithm: &str, made: Result<KeyPair, Finding>) {
        let side = self.generating.take().unwrap_or(Side::Own);
        match made {
            Ok(pair) => {
                if pair.public.is_none() {
                    let document = json::read(pair.private.clone().into_bytes());
                    expectations::set_value(&side.id("secret"), document.string("k").unwrap_or_default());
                    expectations::set_value(&side.id("secret-encoding"), "base64url");
                } else if self.mode_of(side) == Mode::Encrypt {
                    expectations::set_value(&side.id("key"), pair.public.as_deref().unwrap_or_default());
                }
                self.keys.retain(|(name, _)| name != algorithm);
                self.keys.push((algorithm.to_owned(), pair));
                self.fill_jwk();
                self.refresh();
            }
            Err(finding) => {
                self.refresh();
                self.made = Some(Err(finding));
                self.pending = false;
                self.paint();
            }
        }
    }
}

/// The secret as it is typed.
fn secret_choice(text: &str, side: Side) -> KeyChoice<'_> {
    KeyChoice::Secret(
        text,
        match expectations::value(&side.id("secret-encoding")).as_str() {
            "base64" => SecretEncoding::Base64,
            "base64url" => SecretEncoding::Base64Url,
            "hex" => SecretEncoding::Hex,
            _ => SecretEncoding::Utf8,
        },
    )
}
