//! How long an answer stays good: [RFC 9111 §4.2](https://www.rfc-editor.org/rfc/rfc9111#section-4.2), for a private
//! cache, over a passed-in now.

use super::public_url::digits;
use super::{Answered, CacheMode, Request, Response};
use crate::time::Time;

/// The lifetime of an answer without a usable `Cache-Control`, in seconds: 10 minutes.
///
/// RFC 9111 §4.2.2 leaves it to the cache. Issuers publish a new key well before they sign with it, and an unknown `kid`
/// is asked for at once whatever the lifetime.
pub const DEFAULT_LIFETIME: i64 = 600;

/// The longest lifetime that is believed, in seconds: a day. A withdrawn key must not be trusted for a year because of
/// one header.
pub const LONGEST_LIFETIME: i64 = 86_400;

/// How long an answer speaks for its server whatever it says about storing, in seconds: the minute in which it is read.
const MOMENT: i64 = 60;

/// How long an answer may be used again from when it came, in seconds; 0 when it may not be.
///
/// Of a directive that stands twice the first counts, and one that cannot be read means stale (RFC 9111 §4.2.1:
/// "encouraged to consider responses that have invalid freshness information … to be stale"). `s-maxage` is for shared
/// caches. The `Age` that an answer came with counts against its lifetime.
pub fn lifetime(answered: &Answered) -> i64 {
    let mut max_age = None;
    for (name, value) in directives(answered.cache_control.as_deref().unwrap_or_default()) {
        if name.eq_ignore_ascii_case("no-store") || name.eq_ignore_ascii_case("no-cache") {
            return 0;
        }
        if name.eq_ignore_ascii_case("max-age") {
            max_age = max_age.or(Some(seconds(value).unwrap_or(0)));
        }
    }
    let age = answered.age.as_deref().and_then(seconds).unwrap_or(0);
    max_age.unwrap_or(DEFAULT_LIFETIME).saturating_sub(age).clamp(0, LONGEST_LIFETIME)
}

/// How old an answer is, in seconds. A clock that was set back makes it new, not negative.
pub fn age(answered: &Answered, now: Time) -> i64 {
    now.since(answered.received).max(0)
}

/// Whether an answer still says what its server says.
pub fn is_fresh(answered: &Answered, now: Time) -> bool {
    age(answered, now) <= lifetime(answered).max(MOMENT)
}

/// To be called when a button is pressed, before anything is inspected: drops what is worth asking for again, which are
/// failures, error answers and what has outlived its lifetime.
///
/// What a reload brought takes the place of the older answer, so that a `kid` that is still unknown can be asked for
/// once more in the new press.
pub fn forget_stale(responses: &mut Vec<(Request, Response)>, now: Time) {
    let kept = |response: &Response| match response {
        Response::Answered(answered) => {
            (200..300).contains(&answered.status) && !answered.too_large && age(answered, now) < lifetime(answered)
        }
        Response::Failed(_) => false,
    };
    responses.retain(|(_, response)| kept(response));
    let reloaded: Vec<Request> = responses
        .iter()
        .filter(|(request, _)| request.cache == CacheMode::Reload)
        .map(|(request, _)| request.through_cache())
        .collect();
    responses.retain(|(request, _)| !reloaded.contains(request));
    for (request, _) in responses {
        *request = request.through_cache();
    }
}

/// The directives of a `Cache-Control` header, in order: names, and values without their quotes.
fn directives(header: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut quoted = false;
    let parts = header.split(move |character| {
        quoted ^= character == '"';
        character == ',' && !quoted
    });
    parts.map(|part| {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        (name.trim(), value.trim().trim_matches('"'))
    })
}

/// RFC 9111 §1.2.2: digits alone; what is too large for an integer counts as very long.
fn seconds(text: &str) -> Option<i64> {
    digits(text.trim()).map(|seconds| i64::try_from(seconds).unwrap_or(i64::MAX))
}
