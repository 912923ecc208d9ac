//! What the signature doctor says beside the cause: what each key gave, and what it is not.

use super::case::{Candidate, has};
use super::search::{Found, Search, Tried};
use super::words::{self, Facts};
use super::{CauseOutcome, CauseTried, KeyTried, code, shape};
use crate::crypto;
use crate::finding::{Certainty, Code, Fact, Finding};
use crate::inspect;
use crate::jose;
use crate::jose::algorithm::Kind;
use crate::json::Value;
use crate::messages::Prose;
use crate::time::Time;
use crate::why;

/// What each key gave.
pub fn keys(search: &Search, found: Option<&Found>) -> Vec<KeyTried> {
    let now = search.case.subject.now;
    let mut keys: Vec<KeyTried> = Vec::new();
    for (index, one) in search.case.keys.iter().enumerate() {
        let tried = search.tried.get(index).copied().unwrap_or(Tried::Not);
        keys.push(KeyTried {
            name: one.key.name(),
            description: description(one),
            fits: matches!(tried, Tried::Opens(_) | Tried::Verifies),
            result: result(search, one, tried, now),
        });
    }
    if search.case.has_secret && search.case.kind() == Some(Kind::Hmac) {
        let fits = found.is_some_and(is_right);
        let id = if fits { "secret-fits" } else { "secret" };
        let facts = vec![("readings", Fact::Count(search.readings as u64))];
        keys.push(KeyTried {
            name: words::words("names", "secret").to_owned(),
            description: words::words("names", "secret-type").to_owned(),
            fits,
            result: words::prose("results", id, facts, now),
        });
    }
    keys
}

fn description(one: &Candidate) -> String {
    let mut description = one.key.material.description();
    if let Some(usage) = &one.key.public_key_use {
        description.push_str(", ");
        description.push_str(usage);
    }
    description
}

fn result(search: &Search, one: &Candidate, tried: Tried, now: Time) -> Prose {
    let case = &search.case;
    let facts = vec![
        ("bits", Fact::Count(one.key.material.bits() as u64)),
        ("length", Fact::Count(case.signature.len() as u64)),
        ("algorithm", Fact::Words(case.algorithm_name())),
    ];
    let id = match tried {
        Tried::Not if one.key.material.key_type() != case.key_type() => "type",
        Tried::Not if curve_differs(search, one) => "curve",
        Tried::Not if has(case.subject, &[crypto::code::KEY_REFUSED]) => "refused",
        Tried::Not => "not-tried",
        Tried::Length => "length",
        Tried::Noise => "noise",
        Tried::Opens(id) => id,
        Tried::Verifies => "verifies",
        Tried::Fails => "fails",
    };
    words::prose("results", id, facts, now)
}

fn curve_differs(search: &Search, one: &Candidate) -> bool {
    let named = search.case.algorithm.and_then(|algorithm| algorithm.curve);
    named.is_some_and(|named| one.key.material.curve() != Some(named))
}

/// Whether the signature verifies, or opens, after all: then the key is known.
fn is_right(found: &Found) -> bool {
    let verified = words::words("proofs", "verified");
    found.facts.iter().any(|(name, fact)| *name == "proof" && *fact == Fact::Words(verified))
}

/// Every cause of the table that applies, with what came of it.
pub fn causes(search: &Search, found: Option<&Found>, finding: Option<&Finding>, is_waiting: bool) -> Vec<CauseTried> {
    let now = search.case.subject.now;
    let facts = facts(search);
    let mut causes = Vec::new();
    for row in words::rows("causes") {
        let texts: Vec<&str> = row.items().iter().filter_map(Value::as_str).collect();
        let [id, title, codes @ ..] = texts.as_slice() else { continue };
        let title = Prose::text(*title);
        let known = codes.iter().filter_map(|name| named(name));
        if let (Some(found), Some(finding)) = (found, finding)
            && known.clone().any(|code| code == found.code)
        {
            let note = why::WORDS.codes().any(|code| code == found.code.0);
            let note = if note { why::WORDS.words(finding, now) } else { crate::messages::words(finding, now) };
            causes.push(CauseTried { code: found.code, title, outcome: CauseOutcome::Found, note: note.problem });
            continue;
        }
        let Some(code) = codes.first().and_then(|name| named(name)) else { continue };
        let Some((mut outcome, mut note)) = outcome(search, found, id) else { continue };
        if is_waiting && outcome == CauseOutcome::NotDecided {
            note = "waiting";
        } else if is_waiting && matches!(*id, "wrong-key" | "kid" | "content" | "algorithm" | "pss" | "graph") {
            (outcome, note) = (CauseOutcome::NotDecided, "waiting");
        }
        causes.push(CauseTried { code, title, outcome, note: words::prose("notes", note, facts.clone(), now) });
    }
    causes
}

fn named(name: &str) -> Option<Code> {
    const OTHERS: [Code; 9] = [
        code::NOT_A_JWS,
        code::TYP,
        code::UTF8,
        code::SHORT_SECRET,
        code::TIME,
        crypto::code::ECDSA_DER,
        crypto::code::CURVE_MISMATCH,
        code::NONCANONICAL,
        inspect::code::PREFIX,
    ];
    code::ALL.iter().chain(&OTHERS).find(|code| code.0 == name).copied()
}

/// The facts that the notes use.
fn facts(search: &Search) -> Facts {
    let case = &search.case;
    let text = |name: &str| {
        let value = case.header.and_then(|header| header.string(name));
        value.map_or(Fact::Words("missing"), |value| Fact::Text(value.to_owned()))
    };
    let count = |count: usize| Fact::Count(count as u64);
    let fitting = case.keys.iter().filter(|one| one.key.material.key_type() == case.key_type()).count();
    vec![
        ("algorithm", Fact::Text(case.algorithm_name().to_owned())),
        ("length", count(case.signature.len())),
        ("needed", count(shape::needed(case))),
        ("keys", count(fitting)),
        ("public", count(case.keys.len())),
        ("readings", count(search.readings)),
        ("rewritten", count(search.rewritten)),
        ("kid", text("kid")),
        ("typ", text("typ")),
    ]
}

/// What came of a cause that is not the one, and the note that says why; `None` where it does not apply.
fn outcome(search: &Search, found: Option<&Found>, id: &str) -> Option<(CauseOutcome, &'static str)> {
    use CauseOutcome::{NotDecided, RuledOut};
    let case = &search.case;
    let kind = case.kind();
    let is_hmac = kind == Some(Kind::Hmac);
    let is_rsa = matches!(kind, Some(Kind::RsaPkcs1 | Kind::RsaPss));
    let right = found.is_some_and(is_right);
    let proved = found.is_some_and(|found| found.certainty == Certainty::Proved);
    let noise = search.tried.contains(&Tried::Noise);
    let tried = search.tried.iter().any(|tried| matches!(tried, Tried::Noise | Tried::Fails));
    let fits = case.signature.len() == shape::needed(case)
        || case.keys.iter().any(|one| shape::modulus_length(&one.key.material) == Some(case.signature.len()));
    let either = |ruled_out: bool, yes: &'static str, no: &'static str| {
        Some(if ruled_out { (RuledOut, yes) } else { (NotDecided, no) })
    };
    match id {
        "wrong-key" if right => Some((RuledOut, if is_hmac { "right-secret" } else { "right-key" })),
        "wrong-key" if is_rsa && noise => Some((NotDecided, "another-server")),
        "wrong-key" => Some((NotDecided, if tried || search.readings > 0 { "closed" } else { "untried" })),
        "rotated" if is_hmac => None,
        "rotated" if right => Some((RuledOut, "right-key")),
        "rotated" if case.kid.is_none() => Some((RuledOut, "no-kid")),
        "rotated" => either(!case.is_kid_absent() && !case.keys.is_empty(), "kid-present", "kid-absent"),
        "kid" if is_hmac => None,
        "kid" if right => Some((RuledOut, "kid-right")),
        "kid" => either(tried, "every-key", "untried"),
        "damaged" => either(!case.keys.is_empty() || case.has_secret, "keys-read", "untried"),
        "algorithm" if is_rsa && noise => Some((RuledOut, "no-padding")),
        "algorithm" if right => Some((RuledOut, "algorithm-right")),
        "algorithm" => either(fits, "length-fits", "length-differs"),
        "pss" if !is_rsa => None,
        "pss" if right => Some((RuledOut, "padding-right")),
        "pss" => Some((NotDecided, "only-opened")),
        "secret" if !is_hmac => None,
        "secret" if right => Some((RuledOut, "secret-right")),
        "secret" => either(search.readings > 0, "readings", "no-secret"),
        "content" if right => Some((RuledOut, "content-right")),
        "content" if is_rsa => Some((NotDecided, "only-opened")),
        "content" => Some((NotDecided, if search.rewritten > 0 { "rewritten" } else { "only-verified" })),
        "ecdsa" | "curve" if kind != Some(Kind::Ecdsa) => None,
        "ecdsa" | "curve" => either(fits, "two-numbers", "length-differs"),
        "truncated" if right && proved => Some((RuledOut, "whole")),
        "truncated" => either(fits && case.is_canonical(), "whole", "length-differs"),
        "spelling" => either(case.is_canonical(), "canonical", "not-canonical"),
        "signature-text" => Some((RuledOut, "no-text")),
        "copied" => {
            let left_out = has(case.subject, &[inspect::code::PREFIX, inspect::code::LINE_BREAKS]);
            Some((RuledOut, if left_out { "left-out" } else { "nothing-around" }))
        }
        "forgery" if !is_hmac => Some((RuledOut, "no-hmac")),
        "forgery" if right => Some((RuledOut, "right-secret")),
        "forgery" => either(!case.keys.is_empty(), "public-texts", "no-public-key"),
        "graph" if !is_rsa => None,
        "graph" => either(case.header?.member("nonce").is_none(), "no-nonce", "nonce"),
        "not-a-jws" => Some((RuledOut, "three-parts")),
        "typ" => Some((RuledOut, "typ")),
        "utf8" => either(!has(case.subject, &[jose::code::NOT_UTF8]), "utf8", "not-utf8"),
        "short" => is_hmac.then_some((RuledOut, "short")),
        "time" => Some((RuledOut, "time")),
        _ => None,
    }
}
