//! Valid JOSE objects of all kinds: the same number always makes the same object, and no two numbers the same one.

use std::sync::OnceLock;

use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use tokenscope::crypto::operation::{Generated, Operation, Outcome, RsaPadding};
use tokenscope::encryption::Content;
use tokenscope::jose::algorithm::ALGORITHMS;
use tokenscope::jose::base64url;
use tokenscope::jose::encryption::{AGREEMENT_CURVES, CONTENT_ENCRYPTIONS, Cipher, Hash, KEY_MANAGEMENTS, Kind};
use tokenscope::key::{Material, PrivateKey};
use tokenscope::report::KeySource;

use crate::dice::Dice;
use crate::oracle::{Signer, primitives};
use crate::{NOW, jwe};

/// The forms, each as often among fifty objects as it stands here.
pub const FORMS: [(Form, usize); 15] = [
    (Form::CompactSigned, 11),
    (Form::FlattenedSigned, 5),
    (Form::GeneralSigned, 5),
    (Form::DetachedCompact, 2),
    (Form::DetachedFlattened, 1),
    (Form::UnencodedCompact, 2),
    (Form::UnencodedFlattened, 1),
    (Form::CompactEncrypted, 7),
    (Form::FlattenedEncrypted, 4),
    (Form::GeneralEncrypted, 3),
    (Form::Nested, 2),
    (Form::Disclosing, 2),
    (Form::Bound, 2),
    (Form::BoundFlattened, 1),
    (Form::Proof, 2),
];

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Form {
    CompactSigned,
    FlattenedSigned,
    /// Two or three signatures, each with another algorithm.
    GeneralSigned,
    DetachedCompact,
    DetachedFlattened,
    /// `"b64":false`.
    UnencodedCompact,
    UnencodedFlattened,
    CompactEncrypted,
    /// With additional data and an unprotected header, every other one.
    FlattenedEncrypted,
    /// Two or three recipients.
    GeneralEncrypted,
    /// A signed token in an encrypted one.
    Nested,
    /// An SD-JWT.
    Disclosing,
    /// An SD-JWT with a key-binding token.
    Bound,
    BoundFlattened,
    /// A DPoP proof.
    Proof,
}

impl Form {
    pub fn is_json(self) -> bool {
        use Form::*;
        matches!(
            self,
            FlattenedSigned
                | GeneralSigned
                | DetachedFlattened
                | UnencodedFlattened
                | FlattenedEncrypted
                | GeneralEncrypted
                | BoundFlattened
        )
    }

    pub fn is_encrypted(self) -> bool {
        use Form::*;
        matches!(self, CompactEncrypted | FlattenedEncrypted | GeneralEncrypted | Nested)
    }

    pub fn is_disclosing(self) -> bool {
        matches!(self, Form::Disclosing | Form::Bound | Form::BoundFlattened)
    }
}

/// A valid object, and what shows that it is.
#[derive(Clone)]
pub struct Object {
    pub number: usize,
    pub form: Form,
    /// The algorithms.
    pub algorithms: String,
    pub text: String,
    /// The keys that verify or open it.
    pub keys: String,
    /// The password that opens it.
    pub secret: String,
    /// The payload that is pasted beside.
    pub beside: Option<String>,
    /// What was signed or encrypted.
    pub content: String,
    /// What an SD-JWT is made of: the token, its disclosures, and the token that binds it.
    pub disclosing: (String, Vec<String>, Option<String>),
    /// What encrypts another content in the same way.
    encrypting: Option<(String, PrivateKey)>,
}

impl Object {
    /// The same encrypted token with another content.
    pub fn encrypted_again(&self, content: &str) -> Option<String> {
        let (header, key) = self.encrypting.as_ref()?;
        Some(encrypted(header, content, key))
    }
}

/// The object of a number.
pub fn object(number: usize) -> Object {
    let all: usize = FORMS.iter().map(|(_, share)| share).sum();
    let (round, mut slot) = (number / all, number % all);
    let (form, share) = FORMS
        .iter()
        .find(|(_, share)| {
            let is_here = slot < *share;
            slot -= if is_here { 0 } else { *share };
            is_here
        })
        .unwrap();
    let mut dice = Dice::new(number as u64);
    let claims = claims(number, &mut dice);
    let blank = Object {
        number,
        form: *form,
        algorithms: String::new(),
        text: String::new(),
        keys: String::new(),
        secret: String::new(),
        beside: None,
        content: Value::Object(claims.clone()).to_string(),
        disclosing: Default::default(),
        encrypting: None,
    };
    // The how many-th of its form it is decides on its algorithms, so that none is left out.
    let which = round * share + slot;
    match form {
        Form::CompactEncrypted | Form::FlattenedEncrypted | Form::Nested => encrypted_object(blank, which, &mut dice),
        Form::GeneralEncrypted => for_several(blank, which, &mut dice),
        Form::Disclosing | Form::Bound | Form::BoundFlattened => disclosing(blank, which, &mut dice, claims),
        Form::Proof => proof(blank, which),
        Form::GeneralSigned => signed_by_several(blank, which, &mut dice),
        _ => signed(blank, which, &mut dice),
    }
}

fn claims(number: usize, dice: &mut Dice) -> Map<String, Value> {
    let length = 1 + dice.below(40);
    let claims = json!({
        "iss": "https://issuer.example",
        "aud": "https://api.example",
        "exp": NOW.seconds() + 600,
        "jti": format!("object-{number}"),
        "note": dice.id(length),
    });
    claims.as_object().unwrap().clone()
}

/// The signature algorithms with their keys: each of the table, and `EdDSA` with both of its curves.
pub fn signers() -> &'static [(&'static str, [Signer; 2])] {
    static SIGNERS: OnceLock<Vec<(&str, [Signer; 2])>> = OnceLock::new();
    SIGNERS.get_or_init(|| {
        let names = ALGORITHMS.iter().filter(|row| row.supported).map(|row| (row.name, row.name));
        let both = names.chain([("EdDSA", "Ed448")]);
        both.map(|(name, key)| (name, [0, 1].map(|number| Signer::of(key, number)))).collect()
    })
}

/// The algorithm of that number, which may be any, and one of its keys.
fn signer(which: usize) -> (&'static str, &'static Signer) {
    let all = signers();
    let (name, keys) = &all[which % all.len()];
    (name, &keys[which / all.len() % 2])
}

/// The same, without the shared secrets.
fn holder(which: usize) -> (&'static str, &'static Signer) {
    let all: Vec<_> = signers().iter().filter(|(name, _)| !name.starts_with("HS")).collect();
    let (name, keys) = all[which % all.len()];
    (name, &keys[which / all.len() % 2])
}

/// The public keys, or the secrets, of all signers, every eighth time; otherwise of the one alone.
fn key_set(signer: &Signer, dice: &mut Dice) -> String {
    if !dice.once_in(8) {
        return signer.jwk("");
    }
    let all: Vec<String> = signers().iter().flat_map(|(_, keys)| keys.iter().map(|key| key.jwk(""))).collect();
    format!(r#"{{"keys":[{}]}}"#, all.join(","))
}

fn encode(text: &str) -> String {
    base64url::encode(text.as_bytes())
}

fn signature(algorithm: &str, signer: &Signer, protected: &str, payload: &str) -> String {
    base64url::encode(&signer.sign(algorithm, [protected, ".", payload].concat().as_bytes()))
}

fn signed(object: Object, which: usize, dice: &mut Dice) -> Object {
    let (algorithm, signer) = signer(which);
    let is_free = matches!(object.form, Form::UnencodedCompact | Form::UnencodedFlattened);
    let more = if is_free { r#","b64":false,"crit":["b64"]"# } else { "" };
    let protected = encode(&format!(r#"{{"alg":"{algorithm}","n":{}{more}}}"#, object.number));
    let content = if object.form == Form::UnencodedCompact && dice.once_in(2) {
        // No full stop may stand in it.
        format!("object {} $ {}", object.number, dice.id(20))
    } else {
        object.content.clone()
    };
    let is_detached = matches!(object.form, Form::DetachedCompact | Form::DetachedFlattened)
        || object.form == Form::UnencodedCompact && content.contains('.');
    let payload = if is_free { content.clone() } else { encode(&content) };
    let signature = signature(algorithm, signer, &protected, &payload);
    let text = if object.form.is_json() {
        let mut token = Map::new();
        if !is_detached {
            token.insert("payload".to_owned(), payload.into());
        }
        token.insert("protected".to_owned(), protected.into());
        if dice.once_in(2) {
            token.insert("header".to_owned(), json!({ "note": dice.id(9) }));
        }
        token.insert("signature".to_owned(), signature.into());
        Value::Object(token).to_string()
    } else {
        let payload = if is_detached { String::new() } else { payload };
        [protected, payload, signature].join(".")
    };
    let beside = is_detached.then(|| content.clone());
    Object { algorithms: algorithm.to_owned(), text, keys: key_set(signer, dice), beside, content, ..object }
}

fn signed_by_several(object: Object, which: usize, dice: &mut Dice) -> Object {
    let several = 2 + dice.below(2);
    let payload = encode(&object.content);
    let (mut entries, mut keys, mut algorithms) = (Vec::new(), Vec::new(), Vec::new());
    for index in 0..several {
        let (algorithm, signer) = signer(which + 7 * index);
        let protected = encode(&format!(r#"{{"alg":"{algorithm}","n":{},"i":{index}}}"#, object.number));
        let signature = signature(algorithm, signer, &protected, &payload);
        let header = json!({ "note": dice.id(5) });
        entries.push(json!({ "protected": protected, "header": header, "signature": signature }));
        keys.push(signer.jwk(""));
        algorithms.push(algorithm);
    }
    Object {
        algorithms: algorithms.join(" "),
        text: json!({ "payload": payload, "signatures": entries }).to_string(),
        keys: format!(r#"{{"keys":[{}]}}"#, keys.join(",")),
        ..object
    }
}

/// Encrypts in the compact serialisation, by the product, whose tokens the tests of encryption hold against others.
fn encrypted(header: &str, content: &str, key: &PrivateKey) -> String {
    let public = key.public_key(KeySource::Pasted);
    let content = Content { header, plaintext: content.as_bytes(), key: public.as_ref(), secret: Some(key) };
    jwe::made(&content).unwrap()
}

fn encrypted_object(object: Object, which: usize, dice: &mut Dice) -> Object {
    // Nineteen and six have no common divisor, so that every pair has its turn.
    let management = &KEY_MANAGEMENTS[which % KEY_MANAGEMENTS.len()];
    let cipher = &CONTENT_ENCRYPTIONS[which % CONTENT_ENCRYPTIONS.len()];
    let is_password = management.kind == Kind::Password;
    let key = match management.kind {
        Kind::Password => PrivateKey::shared(format!("made-up password {which}").into_bytes()),
        Kind::Direct => primitives::key(Generated::Octets(cipher.key_length), which as u64),
        Kind::Wrap | Kind::GcmWrap => {
            primitives::key(Generated::Octets(management.wrapping_length.unwrap()), which as u64)
        }
        Kind::RsaPkcs1 | Kind::RsaOaep => primitives::key(Generated::Rsa(2048), which as u64 % 2),
        Kind::Agreement => {
            let curve = AGREEMENT_CURVES[which / KEY_MANAGEMENTS.len() % AGREEMENT_CURVES.len()];
            primitives::key(Generated::Curve(curve), which as u64 % 2)
        }
    };
    let mut more = format!(r#","n":{}"#, object.number);
    more.push_str(if dice.once_in(4) { r#","zip":"DEF""# } else { "" });
    more.push_str(if is_password { r#","p2c":7"# } else { "" });
    let mut algorithms = format!("{} {}", management.name, cipher.name);
    let mut keys = if is_password { String::new() } else { key.jwk() };
    let mut content = object.content.clone();
    if object.form == Form::Nested {
        let (algorithm, signer) = signer(which);
        let header = encode(&format!(r#"{{"alg":"{algorithm}","n":{}}}"#, object.number));
        let payload = encode(&content);
        content = [header.clone(), payload.clone(), signature(algorithm, signer, &header, &payload)].join(".");
        more.push_str(r#","cty":"JWT""#);
        algorithms = format!("{algorithm} in {algorithms}");
        keys = format!(r#"{{"keys":[{}]}}"#, [keys, signer.jwk("")].join(",").trim_start_matches(','));
    }
    let header = format!(r#"{{"alg":"{}","enc":"{}"{more}}}"#, management.name, cipher.name);
    let compact = encrypted(&header, &content, &key);
    let secret = if is_password { format!("made-up password {which}") } else { String::new() };
    let text = match object.form {
        Form::FlattenedEncrypted => flattened(&compact, dice),
        _ => compact,
    };
    Object { algorithms, text, keys, secret, content, encrypting: Some((header, key)), ..object }
}

/// In the flattened serialisation, every other time with a header that nothing protects.
fn flattened(compact: &str, dice: &mut Dice) -> String {
    let mut token: Value = serde_json::from_str(&tokenscope::encryption::flattened(compact).unwrap()).unwrap();
    if dice.once_in(2) {
        token["unprotected"] = json!({ "note": dice.id(9) });
    }
    if dice.once_in(2) {
        token["header"] = json!({ "remark": dice.id(9) });
    }
    token.to_string()
}

/// One content for several recipients, with additional data every other time; made here, because the product makes no such.
fn for_several(object: Object, which: usize, dice: &mut Dice) -> Object {
    let cipher = &CONTENT_ENCRYPTIONS[which % CONTENT_ENCRYPTIONS.len()];
    let number = object.number as u64;
    let Outcome::Bytes(content_key) =
        primitives::operate_with(&Operation::Random { number: 1, length: cipher.key_length }, number)
    else {
        unreachable!("random bytes")
    };
    let several = 2 + dice.below(2);
    let names = ["A128KW", "RSA-OAEP", "A256KW", "RSA1_5", "A192KW", "RSA-OAEP-256"];
    let (mut recipients, mut keys, mut algorithms) = (Vec::new(), Vec::new(), vec![cipher.name]);
    for index in 0..several {
        let name = names[(which + index) % names.len()];
        let (key, operation) = wrapping(name, &content_key, number);
        let Outcome::Bytes(wrapped) = primitives::operate_with(&operation, number) else { unreachable!("{name}") };
        recipients.push(json!({ "header": { "alg": name }, "encrypted_key": base64url::encode(&wrapped) }));
        keys.push(key.jwk());
        algorithms.push(name);
    }
    let protected = encode(&format!(r#"{{"enc":"{}","n":{number}}}"#, cipher.name));
    let additional = dice.once_in(2).then(|| encode(&dice.id(12)));
    let data = additional.as_ref().map_or(protected.clone(), |additional| [protected.as_str(), additional].join("."));
    let (vector, ciphertext, tag) = sealed(cipher.cipher, &content_key, data.as_bytes(), &object.content, number);
    let mut token = json!({ "protected": protected, "recipients": recipients });
    if let Some(additional) = additional {
        token["aad"] = additional.into();
    }
    for (name, bytes) in [("iv", vector), ("ciphertext", ciphertext), ("tag", tag)] {
        token[name] = base64url::encode(&bytes).into();
    }
    Object {
        algorithms: algorithms.join(" "),
        text: token.to_string(),
        keys: format!(r#"{{"keys":[{}]}}"#, keys.join(",")),
        ..object
    }
}

/// The key of a recipient, and what wraps the content's key for it.
fn wrapping(name: &str, content_key: &[u8], number: u64) -> (PrivateKey, Operation) {
    let data = content_key.to_vec();
    let padding = match name {
        "RSA1_5" => RsaPadding::Pkcs1,
        "RSA-OAEP" => RsaPadding::Oaep("SHA-1"),
        "RSA-OAEP-256" => RsaPadding::Oaep("SHA-256"),
        _ => {
            let length =
                KEY_MANAGEMENTS.iter().find(|row| row.name == name).and_then(|row| row.wrapping_length).unwrap();
            let key = primitives::key(Generated::Octets(length), number);
            let Material::Octets(octets) = &key.public else { unreachable!("a secret") };
            let operation = Operation::KeyWrap { key: octets.clone(), data };
            return (key, operation);
        }
    };
    let key = primitives::key(Generated::Rsa(2048), number % 2);
    let operation = Operation::RsaEncrypt { padding, key: key.public.clone(), data };
    (key, operation)
}

/// The initialisation vector, the ciphertext and the tag.
fn sealed(cipher: Cipher, key: &[u8], additional: &[u8], content: &str, number: u64) -> (Vec<u8>, Vec<u8>, Vec<u8>) {
    let bytes = |operation: &Operation| match primitives::operate_with(operation, number) {
        Outcome::Bytes(bytes) => bytes,
        _ => unreachable!("every cipher is there"),
    };
    let data = content.as_bytes().into();
    let Cipher::CbcHmac(hash) = cipher else {
        let vector = bytes(&Operation::Random { number: 2, length: 12 });
        let mut ciphertext = bytes(&Operation::GcmEncrypt {
            key: key.to_vec(),
            initialization_vector: vector.clone(),
            additional: additional.to_vec(),
            data,
        });
        let tag = ciphertext.split_off(ciphertext.len() - 16);
        return (vector, ciphertext, tag);
    };
    let vector = bytes(&Operation::Random { number: 2, length: 16 });
    let (mac_key, cipher_key) = key.split_at(key.len() / 2);
    let (key, initialization_vector) = (cipher_key.to_vec(), vector.clone());
    let ciphertext = bytes(&Operation::CbcEncrypt { key, initialization_vector, data });
    let length = (additional.len() as u64 * 8).to_be_bytes();
    let message = [additional, &vector, &ciphertext, &length].concat();
    let name = match hash {
        Hash::Sha256 => "HS256",
        Hash::Sha384 => "HS384",
        Hash::Sha512 => "HS512",
    };
    let mut tag = Signer::secret(mac_key).sign(name, &message);
    tag.truncate(mac_key.len());
    (vector, ciphertext, tag)
}

fn disclosing(object: Object, which: usize, dice: &mut Dice, mut claims: Map<String, Value>) -> Object {
    let (algorithm, signer) = signer(which);
    let (binding_algorithm, holder) = holder(which + 3);
    let is_bound = object.form != Form::Disclosing;
    let disclosures: Vec<String> = (0..2 + dice.below(3))
        .map(|index| encode(&json!([dice.id(16), format!("claim_{index}"), dice.id(12)]).to_string()))
        .collect();
    let digest = |text: &str| base64url::encode(&Sha256::digest(text.as_bytes()));
    let mut digests: Vec<String> = disclosures.iter().map(|text| digest(text)).collect();
    digests.sort_unstable();
    claims.insert("_sd".to_owned(), digests.into());
    claims.insert("_sd_alg".to_owned(), "sha-256".into());
    if is_bound {
        let jwk: Value = serde_json::from_str(&holder.jwk("")).unwrap();
        claims.insert("cnf".to_owned(), json!({ "jwk": jwk }));
    }
    let protected = encode(&format!(r#"{{"alg":"{algorithm}","n":{}}}"#, object.number));
    let payload = encode(&Value::Object(claims.clone()).to_string());
    let signature = signature(algorithm, signer, &protected, &payload);
    let token = [protected.as_str(), &payload, &signature].join(".");
    let presented = format!("{token}~{}~", disclosures.join("~"));
    let binding = is_bound.then(|| {
        let header = format!(r#"{{"alg":"{binding_algorithm}","typ":"kb+jwt"}}"#);
        let claims = json!({ "iat": NOW.seconds() - 5, "aud": "https://api.example", "nonce": format!("n-{}", object.number),
            "sd_hash": digest(&presented) });
        crate::oracle::token(&header, &claims.to_string(), holder)
    });
    let text = match object.form {
        Form::BoundFlattened => json!({ "payload": payload, "protected": protected, "signature": signature,
            "header": { "disclosures": disclosures, "kb_jwt": binding } })
        .to_string(),
        _ => presented + binding.as_deref().unwrap_or_default(),
    };
    Object {
        algorithms: if is_bound { format!("{algorithm} {binding_algorithm}") } else { algorithm.to_owned() },
        text,
        keys: key_set(signer, dice),
        content: Value::Object(claims).to_string(),
        disclosing: (token, disclosures, binding),
        ..object
    }
}

fn proof(object: Object, which: usize) -> Object {
    let (algorithm, holder) = holder(which);
    let jwk: Value = serde_json::from_str(&holder.jwk("")).unwrap();
    let header = json!({ "typ": "dpop+jwt", "alg": algorithm, "jwk": jwk }).to_string();
    let claims = json!({ "jti": format!("proof-{}", object.number), "htm": "POST", "htu": "https://api.example/things",
        "iat": NOW.seconds() - 5 });
    let text = crate::oracle::token(&header, &claims.to_string(), holder);
    Object { algorithms: algorithm.to_owned(), text, content: claims.to_string(), ..object }
}
