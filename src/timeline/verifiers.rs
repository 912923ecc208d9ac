//! Who would accept the times of a token now.

use std::sync::OnceLock;

use super::{Times, Verifier};
use crate::json::{self, Document, Value};
use crate::response_doctor::endpoint;
use crate::role;
use crate::time::Time;
use crate::why::Subject;

/// The verifiers that are about this kind of token, in the order of their skew. None of them where a time can't be read:
/// what a verifier makes of such a value is not known.
pub(super) fn of(subject: &Subject, times: &Times) -> Vec<Verifier> {
    if !times.unread.is_empty() {
        return Vec::new();
    }
    let kind = role::kind(subject, None, None).map_or("other", |kind| kind.id);
    let rows = table().member("rows").map(Value::items).unwrap_or_default();
    rows.iter().filter(|row| is_about(row, kind, subject)).filter_map(|row| verifier(row, times, subject.now)).collect()
}

fn table() -> &'static Document {
    static TABLE: OnceLock<Document> = OnceLock::new();
    TABLE.get_or_init(|| json::read(include_bytes!("../data/verifier_skews.json").to_vec()))
}

fn is_about(row: &Value, kind: &str, subject: &Subject) -> bool {
    holds(row, "kinds", kind) && (row.member("issuer").is_none() || is_okta(subject))
}

/// Whether Okta issued the token, by its issuer or by the ids that it gives tokens.
fn is_okta(subject: &Subject) -> bool {
    let text = |name: &str| subject.token.payload.as_ref().and_then(|payload| payload.string(name)).unwrap_or_default();
    let issuer = endpoint::okta_issuer(text("iss"));
    issuer.is_some_and(|issuer| issuer.is_okta_host || !issuer.id.is_empty() && text("jti").get(2..3) == Some("."))
}

fn verifier(row: &'static Value, times: &Times, now: Time) -> Option<Verifier> {
    let skew: i64 = table().raw(row.member("skew")?).parse().ok()?;
    let checked = |name: &str, time: Option<Time>| time.filter(|_| holds(row, "checks", name));
    let (expiry, start) = (checked("exp", times.expiry), checked("nbf", times.start));
    let issued = checked("iat", times.issued);
    let is_early = times.start.is_some_and(|start| now < start);
    let is_past = times.expiry.is_some_and(|expiry| expiry <= now);
    // Of a verifier whose skew is documented for other claims alone nobody knows what it does at `exp` or before `nbf`;
    // and one that checks nothing of what is there has no say.
    let is_unknown = is_past && expiry.is_none() || is_early && start.is_none();
    if (is_unknown && row.member("window").is_none()) || (expiry, start, issued) == (None, None, None) {
        return None;
    }
    let accepts = expiry.is_none_or(|expiry| now < expiry.plus(skew))
        && start.is_none_or(|start| start <= now.plus(skew))
        && issued.is_none_or(|issued| issued <= now.plus(skew))
        && (row.member("window").is_none() || issued.is_none_or(|issued| now <= issued.plus(skew)));
    Some(Verifier { name: row.member("name")?.as_str()?, skew, accepts })
}

fn holds(row: &Value, list: &str, text: &str) -> bool {
    row.member(list).is_some_and(|list| list.items().iter().any(|item| item.as_str() == Some(text)))
}
