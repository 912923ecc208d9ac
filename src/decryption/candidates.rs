//! Choosing what may open a token for one recipient, with reasons: as [`key::select`](crate::key::select) does for
//! signatures.

use sha2::{Digest, Sha256};

use super::header::{Plan, Way};
use super::{Openers, code};
use crate::finding::{Code, Fact, Finding};
use crate::jose::base64url;
use crate::jose::encryption::Kind;
use crate::key::{Key, Material, PrivateKey, code as key_code};
use crate::order;
use crate::report::{KeySource, UsedKey};

/// Something that may open it.
#[derive(Clone, Copy)]
pub enum Candidate<'a> {
    Key(&'a PrivateKey),
    Password(&'a [u8]),
}

impl Candidate<'_> {
    /// The key as the report names it.
    pub fn used(&self) -> UsedKey {
        match self {
            Candidate::Password(_) => UsedKey { source: KeySource::Secret, kid: None, thumbprint: None },
            Candidate::Key(key) => {
                let is_secret = matches!(key.public, Material::Octets(_));
                let thumbprint = key.public.jwk().map(|jwk| base64url::encode(&Sha256::digest(jwk.as_bytes())));
                let source = if is_secret && key.kid.is_none() { KeySource::Secret } else { KeySource::Pasted };
                UsedKey { source, kid: key.kid.clone(), thumbprint }
            }
        }
    }
}

/// What may open it, the most promising first.
#[derive(Default)]
pub struct Candidates<'a> {
    pub list: Vec<Candidate<'a>>,
    pub findings: Vec<Finding>,
}

/// Chooses for a recipient of that name. `others` are the names of the other recipients: a key of such a name is theirs.
///
/// A key that was given is tried even under another name as long as none has the right one: who pastes a single key
/// wants it tried.
pub fn choose<'a>(openers: &Openers<'a>, plan: &Plan, kid: Option<&str>, others: &[&str]) -> Candidates<'a> {
    let misfits: Vec<Option<Misfit>> = openers.keys.iter().map(|key| misfit(key, plan)).collect();
    let mut candidates = Candidates::default();
    let mut fitting: Vec<&PrivateKey> =
        openers.keys.iter().zip(&misfits).filter(|(_, misfit)| misfit.is_none()).map(|(key, _)| key).collect();
    let named = |key: &PrivateKey| kid.is_some() && key.kid.as_deref() == kid;
    let is_matched = fitting.iter().any(|key| named(key));
    let stays = |key: &PrivateKey| match key.kid.as_deref() {
        None => true,
        Some(_) if is_matched => named(key),
        Some(name) => !others.contains(&name),
    };
    let passed: Vec<String> = fitting.iter().filter(|key| !stays(key)).map(|key| name(key)).collect();
    if let Some(kid) = kid
        && !passed.is_empty()
    {
        let finding = Finding::info(key_code::OTHER_KID, "/keys").with("keys", Fact::List(passed));
        candidates.findings.push(finding.text("kid", kid));
    }
    fitting.retain(|key| stays(key));
    order::sort(&mut fitting, |one, other| named(one) && !named(other));
    let known: Vec<String> = fitting.iter().filter_map(|key| key.kid.clone()).collect();
    if let Some(kid) = kid
        && !is_matched
        && !known.is_empty()
    {
        let finding = Finding::info(key_code::KID_DIFFERS, "/header/kid").text("found", kid);
        candidates.findings.push(finding.with("expected", Fact::List(known)));
    }
    if let (Way::Password { .. }, Some(password)) = (&plan.way, openers.password) {
        let is_same = |key: &&PrivateKey| matches!(&key.public, Material::Octets(octets) if octets == password);
        fitting.retain(|key| !is_same(key));
        candidates.list.push(Candidate::Password(password));
    }
    candidates.list.extend(fitting.into_iter().map(Candidate::Key));
    candidates.findings.extend(passed_over(openers, plan, &misfits));
    // Where a secret has the wrong size, that alone says what is needed.
    if candidates.list.is_empty() && !misfits.contains(&Some(Misfit::Size)) {
        candidates.findings.insert(0, nothing_fits(openers, plan, &misfits));
    }
    candidates
}

/// Why a key cannot open the token, whatever it is called. The first that applies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Misfit {
    Type,
    Curve,
    Size,
    Algorithm,
    Use,
    Operations,
}

fn misfit(key: &PrivateKey, plan: &Plan) -> Option<Misfit> {
    if !plan.management.key_types.contains(&key.public.key_type()) {
        return Some(Misfit::Type);
    }
    if let Way::Agreement { curve, .. } = &plan.way
        && key.public.curve() != Some(curve.name)
    {
        return Some(Misfit::Curve);
    }
    if needed_length(plan).is_some_and(|needed| key.public.bits() != needed * 8) {
        return Some(Misfit::Size);
    }
    // RFC 7520 §5.6 labels a secret for `dir` with the `enc` that it is the key of.
    let direct = plan.management.kind == Kind::Direct;
    let is_for = |label: &str| label == plan.management.name || direct && label == plan.content.name;
    if key.algorithm.as_deref().is_some_and(|label| !is_for(label)) {
        return Some(Misfit::Algorithm);
    }
    if key.public_key_use.as_deref().is_some_and(|usage| usage != "enc") {
        return Some(Misfit::Use);
    }
    let allowed = operations(plan.management.kind);
    let opens = |one: &String| allowed.contains(&one.as_str());
    key.key_operations.as_deref().is_some_and(|named| !named.iter().any(opens)).then_some(Misfit::Operations)
}

/// Bytes of the shared secret; `None` where the key is none, or a password of any length.
fn needed_length(plan: &Plan) -> Option<usize> {
    match plan.management.kind {
        Kind::Direct => Some(plan.content.key_length),
        Kind::Wrap | Kind::GcmWrap => plan.management.wrapping_length,
        Kind::RsaPkcs1 | Kind::RsaOaep | Kind::Agreement | Kind::Password => None,
    }
}

/// The `key_ops` of a key that opens tokens ([RFC 7517 §4.3](https://www.rfc-editor.org/rfc/rfc7517#section-4.3)): keys are
/// unwrapped, which not everybody tells from decrypting.
fn operations(kind: Kind) -> &'static [&'static str] {
    match kind {
        Kind::Direct => &["decrypt"],
        Kind::Wrap | Kind::GcmWrap | Kind::RsaPkcs1 | Kind::RsaOaep => &["unwrapKey", "decrypt"],
        Kind::Agreement | Kind::Password => &["deriveKey", "deriveBits"],
    }
}

fn passed_over(openers: &Openers<'_>, plan: &Plan, misfits: &[Option<Misfit>]) -> Vec<Finding> {
    let algorithm = plan.management.name;
    let curve = match &plan.way {
        Way::Agreement { curve, .. } => curve.name,
        _ => "",
    };
    let operation = operations(plan.management.kind).first().copied().unwrap_or_default();
    let types: Vec<String> = plan.management.key_types.iter().map(|name| (*name).to_owned()).collect();
    let rows: [(Misfit, Code, Fact); 6] = [
        (Misfit::Type, key_code::OTHER_TYPE, Fact::List(types)),
        (Misfit::Curve, key_code::OTHER_CURVE, Fact::Text(curve.to_owned())),
        (Misfit::Size, code::OTHER_SIZE, Fact::Count(needed_length(plan).unwrap_or(0) as u64)),
        (Misfit::Algorithm, key_code::OTHER_ALGORITHM, Fact::Text(algorithm.to_owned())),
        (Misfit::Use, key_code::OTHER_USE, Fact::Text("enc".to_owned())),
        (Misfit::Operations, key_code::OTHER_OPERATIONS, Fact::Text(operation.to_owned())),
    ];
    let mut findings = Vec::new();
    for (misfit, code, needed) in rows {
        let keys = openers.keys.iter().zip(misfits).filter(|(_, found)| **found == Some(misfit));
        // Of a secret it is the size that matters, also where it has a name.
        let name = |key: &PrivateKey| if misfit == Misfit::Size { key.public.description() } else { name(key) };
        let names: Vec<String> = keys.map(|(key, _)| name(key)).collect();
        if !names.is_empty() {
            let finding = Finding::info(code, "/keys").with("keys", Fact::List(names)).with("needed", needed);
            let purpose = if plan.management.kind == Kind::Direct { plan.content.name } else { algorithm };
            findings.push(finding.text("algorithm", purpose));
        }
    }
    findings
}

/// What is missing: a private key, a secret or a password.
fn nothing_fits(openers: &Openers<'_>, plan: &Plan, misfits: &[Option<Misfit>]) -> Finding {
    let algorithm = plan.management.name;
    if plan.management.kind == Kind::Password {
        return Finding::info(code::NO_PASSWORD, "/keys").text("algorithm", algorithm);
    }
    if !plan.management.takes_private_key() {
        let finding = Finding::info(code::NO_SECRET, "/keys").text("algorithm", algorithm);
        return finding.with("needed", Fact::Count(needed_length(plan).unwrap_or(0) as u64));
    }
    let is_half = |material: &Material| match &plan.way {
        Way::Agreement { curve, .. } => material.curve() == Some(curve.name),
        _ => plan.management.key_types.contains(&material.key_type()),
    };
    // Of a key that was given whole the public half is at hand as well; why it does not fit has been said.
    let is_whole = |key: &Key| openers.keys.iter().any(|given| given.public == key.material);
    if let Some(key) = openers.public.iter().find(|key| is_half(&key.material) && !is_whole(key)) {
        return Finding::info(code::PUBLIC_HALF, "/keys").text("key", key.name()).text("algorithm", algorithm);
    }
    let secrets = openers.keys.iter().all(|key| matches!(key.public, Material::Octets(_)));
    let given = openers.password.is_some() || !misfits.is_empty();
    let code = if secrets && given { code::SECRET_FOR_PRIVATE_KEY } else { code::NO_PRIVATE_KEY };
    let finding = Finding::info(code, "/keys").text("algorithm", algorithm);
    let types = plan.management.key_types.iter().map(|name| (*name).to_owned()).collect();
    match &plan.way {
        Way::Agreement { curve, .. } => finding.text("needed", curve.name),
        _ => finding.with("needed", Fact::List(types)),
    }
}

fn name(key: &PrivateKey) -> String {
    key.kid.clone().unwrap_or_else(|| key.public.description())
}
