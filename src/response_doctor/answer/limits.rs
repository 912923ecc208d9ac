//! Limits of requests, waiting times, the server's clock and request ids: what the headers tell beside the reason.

use super::RateLimit;
use crate::http::Headers;
use crate::response_doctor::Evidence;
use crate::response_doctor::evidence::Body;
use crate::time::Time;

/// From here on a number of seconds is a point in time and no length: 2001.
const EPOCH_FROM: i64 = 1_000_000_000;

/// From here on it is milliseconds.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// The families of headers: limit, remaining, reset.
const FAMILIES: [[&str; 3]; 5] = [
    ["x-rate-limit-limit", "x-rate-limit-remaining", "x-rate-limit-reset"],
    ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"],
    ["ratelimit-limit", "ratelimit-remaining", "ratelimit-reset"],
    ["x-ratelimit-limit-requests", "x-ratelimit-remaining-requests", "x-ratelimit-reset-requests"],
    ["x-ratelimit-limit-minute", "x-ratelimit-remaining-minute", "ratelimit-reset"],
];

/// Headers and members by which the server's operators find a request.
const IDS: [&str; 19] = [
    "X-Okta-Request-Id",
    "x-ms-request-id",
    "request-id",
    "client-request-id",
    "x-ms-correlation-request-id",
    "apim-request-id",
    "X-Amzn-RequestId",
    "x-amz-request-id",
    "apigw-requestid",
    "x-amz-apigw-id",
    "x-amz-cf-id",
    "X-Amzn-Trace-Id",
    "cf-ray",
    "x-kong-request-id",
    "x-auth0-requestid",
    "X-Request-Id",
    "X-Correlation-Id",
    "traceparent",
    "x-cloud-trace-context",
];

/// Members of a body, or of its `error.innerError`, that are ids.
const MEMBERS: [&str; 8] =
    ["errorId", "trace_id", "correlation_id", "request-id", "client-request-id", "requestId", "request_id", "traceId"];

/// More ids than these find nothing more.
const MOST_IDS: usize = 20;

/// No cache keeps an answer longer than this many seconds: ten years.
const OLDEST: i64 = 315_360_000;

/// `Date`, or what a gateway has renamed it to. An answer out of a cache keeps the date of when it was made; how long it
/// has lain there stands in `Age` ([RFC 9111 §5.1](https://www.rfc-editor.org/rfc/rfc9111#section-5.1)).
pub fn date(headers: &Headers) -> Option<Time> {
    let names = ["date", "x-amzn-remapped-date", "x-original-date"];
    let made =
        names.iter().find_map(|name| headers.values(name).find_map(|value| Time::from_http_date(value.trim())))?;
    let age = headers.values("age").find_map(|value| number(value.trim())).filter(|age| *age <= OLDEST);
    Some(made.plus(age.unwrap_or_default()))
}

/// `Retry-After` in seconds: a length, or a date that is compared with the answer's own.
pub fn retry_after(headers: &Headers, date: Option<Time>) -> Option<i64> {
    let seconds = |value: &str| {
        let value = value.trim();
        number(value).or_else(|| Some(Time::from_http_date(value)?.since(date?).max(0)))
    };
    let milliseconds = |name: &str| {
        let value = headers.values(name).find_map(|value| number(value.trim()))?;
        Some(value.saturating_add(999) / 1000)
    };
    headers
        .values("retry-after")
        .find_map(seconds)
        .or_else(|| milliseconds("retry-after-ms"))
        .or_else(|| milliseconds("x-ms-retry-after-ms"))
}

/// The limit that the headers tell. Where they tell several, the one that resets last counts.
pub fn limit(headers: &Headers, date: Option<Time>) -> Option<RateLimit> {
    let family = FAMILIES.iter().find_map(|family| of_family(headers, *family, date));
    family.or_else(|| structured(headers, date))
}

/// The request ids, by the name of the header or member, each once.
pub fn request_ids(evidence: &Evidence) -> Vec<(String, String)> {
    let mut ids: Vec<(String, String)> = Vec::new();
    let mut add = |name: &str, id: &str| {
        let id = id.trim();
        if ids.len() < MOST_IDS
            && !id.is_empty()
            && !ids.iter().any(|(other, known)| other.eq_ignore_ascii_case(name) && known == id)
        {
            ids.push((name.to_owned(), id.to_owned()));
        }
    };
    for name in IDS {
        for id in evidence.headers.values(name) {
            add(name, id);
        }
    }
    if let Body::Json(document) = &evidence.body {
        let root = document.root.as_ref().map(|root| root.items().first().unwrap_or(root));
        let error = root.and_then(|root| root.member("error"));
        let inner = error.and_then(|error| error.member("innerError").or_else(|| error.member("innererror")));
        for object in [root, error, inner].into_iter().flatten() {
            for name in MEMBERS {
                add(name, object.member(name).and_then(|value| value.as_str()).unwrap_or_default());
            }
        }
    }
    if let Some(event) = &evidence.event {
        add("transaction.id", &event.transaction);
        for (name, value) in event.debug.iter().filter(|(name, _)| name.eq_ignore_ascii_case("requestId")) {
            add(name, value);
        }
    }
    ids
}

fn of_family(headers: &Headers, names: [&str; 3], date: Option<Time>) -> Option<RateLimit> {
    let [limits, remainings, mut resets] = names.map(|name| numbers(headers, name));
    if resets.is_empty() {
        resets.extend(names.get(2).and_then(|name| headers.values(name).find_map(|value| units(value.trim()))));
    }
    // Okta sends the three headers twice where two limits apply: the larger reset counts, and what stands with it.
    let largest = resets.iter().copied().max();
    let at = largest.and_then(|largest| resets.iter().position(|reset| *reset == largest)).unwrap_or_default();
    let beside = |values: &[i64]| values.get(at).or_else(|| values.first()).copied();
    let limit = beside(&limits);
    let remaining = beside(&remainings);
    if limit.is_none() && remaining.is_none() {
        return None;
    }
    Some(read(limit, remaining, largest, date))
}

fn read(limit: Option<i64>, remaining: Option<i64>, reset: Option<i64>, date: Option<Time>) -> RateLimit {
    let is_concurrency = limit == Some(0) && remaining == Some(0);
    let mut read = RateLimit { limit, remaining, is_concurrency, ..RateLimit::default() };
    match reset {
        Some(reset) if reset >= EPOCH_FROM => {
            let reset =
                if reset >= MILLISECONDS_FROM { Time::from_milliseconds(reset) } else { Time::from_seconds(reset) };
            read.reset = Some(reset);
            read.wait = date.map(|date| wait(reset.since(date)));
        }
        Some(delta) => {
            read.reset = date.map(|date| date.plus(delta));
            read.wait = Some(wait(delta));
        }
        None => {}
    }
    read
}

/// One second more than the distance, because clocks are cut to whole seconds; nothing where it has passed.
fn wait(distance: i64) -> i64 {
    if distance < 0 { 0 } else { distance.saturating_add(1) }
}

/// `RateLimit: limit=100, remaining=0, reset=30`, and `RateLimit: "default";r=0;t=30` with `RateLimit-Policy`
/// ([draft-ietf-httpapi-ratelimit-headers](https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/)).
fn structured(headers: &Headers, date: Option<Time>) -> Option<RateLimit> {
    let value = headers.combined("ratelimit")?;
    let member = |item: &str, names: [&str; 2]| {
        item.split([',', ';']).find_map(|part| {
            let (name, value) = part.split_once('=')?;
            names.iter().any(|known| name.trim().eq_ignore_ascii_case(known)).then(|| number(value.trim()))?
        })
    };
    let policy = headers.combined("ratelimit-policy").unwrap_or_default();
    let is_list = value.trim_start().starts_with('"');
    let items: Vec<&str> = if is_list { value.split(',').collect() } else { vec![value.as_str()] };
    let remaining = |item: &str| member(item, ["remaining", "r"]);
    let mut least = items.first().copied()?;
    for item in items {
        if remaining(item).unwrap_or(i64::MAX) < remaining(least).unwrap_or(i64::MAX) {
            least = item;
        }
    }
    let name = least.split(';').next().unwrap_or_default().trim();
    let named = policy.split(',').find(|item| is_list && item.trim_start().starts_with(name)).unwrap_or(&policy);
    let limit = member(least, ["limit", "l"]).or_else(|| member(named, ["q", "limit"]));
    let remaining = remaining(least);
    if limit.is_none() && remaining.is_none() {
        return None;
    }
    Some(read(limit, remaining, member(least, ["reset", "t"]), date))
}

/// The numbers of every header of that name, and of several in one value. `100;w=60` is 100.
fn numbers(headers: &Headers, name: &str) -> Vec<i64> {
    let values = headers.values(name).flat_map(|value| value.split(','));
    values.filter_map(|value| number(value.split(';').next().unwrap_or_default().trim())).collect()
}

/// Seconds out of a length with units, as in `1m30s` and `820ms`; what is begun counts as a whole second.
fn units(text: &str) -> Option<i64> {
    let mut milliseconds = 0_i64;
    let mut rest = text;
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let behind = rest.get(digits..)?;
        let decimals =
            behind.strip_prefix('.').map_or(0, |tail| tail.bytes().take_while(u8::is_ascii_digit).count() + 1);
        let unit = behind.get(decimals..)?;
        let letters = unit.bytes().take_while(u8::is_ascii_alphabetic).count();
        let factor = match unit.get(..letters)? {
            "ms" => 1,
            "s" => 1000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return None,
        };
        let number: i64 = rest.get(..digits).filter(|digits| digits.len() <= 9)?.parse().ok()?;
        milliseconds = milliseconds.saturating_add(number.saturating_mul(factor));
        rest = unit.get(letters..)?;
    }
    (!text.is_empty()).then_some(milliseconds.saturating_add(999) / 1000)
}

/// A number without sign; decimals are cut off, as in `30.5`, and so is the unit of `30s`.
fn number(text: &str) -> Option<i64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (digits, rest) = text.split_at_checked(digits)?;
    let tail = rest.trim_start_matches('.').trim_start_matches(|digit: char| digit.is_ascii_digit());
    if digits.is_empty() || digits.len() > 15 || !matches!(tail, "" | "s") {
        return None;
    }
    digits.parse().ok()
}
