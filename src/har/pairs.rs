//! Which preflight belongs to which request, and where redirects led: recordings say neither, so URL, method, headers
//! and time decide.

use super::{Entry, Recording};
use crate::cors::url;
use crate::order;

/// How long before a preflight began, and after it ended, its request may begin, in milliseconds. Chromium writes the
/// request's beginning first, Firefox and proxies the preflight's.
const NEAR: i64 = 5000;

/// How long after a redirect the next request may begin.
const NEXT: i64 = 10_000;

/// Of requests for one URL at one time so many are looked at.
const MOST_CANDIDATES: usize = 256;

/// How the entries belong together, by their numbers from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Pairs {
    /// The preflight of each request.
    pub(super) preflight: Vec<Option<usize>>,
    /// The request of each preflight.
    pub(super) request: Vec<Option<usize>>,
    /// Where each redirect led.
    pub(super) next: Vec<Option<usize>>,
    /// Which redirect led here.
    pub(super) previous: Vec<Option<usize>>,
}

/// When an entry began and ended. Without a time the order in the file stands for it.
fn times(number: usize, entry: &Entry) -> (i64, i64) {
    entry.milliseconds.unwrap_or((number as i64, number as i64))
}

/// The entries by URL, and those of one URL by time.
struct ByUrl<'a>(Vec<(&'a str, i64, usize)>);

impl<'a> ByUrl<'a> {
    fn new(entries: &'a [Entry]) -> ByUrl<'a> {
        let requests = entries.iter().enumerate().filter(|(_, entry)| !entry.is_preflight());
        let mut rows: Vec<_> =
            requests.map(|(number, entry)| (sent(&entry.url), times(number, entry).0, number)).collect();
        order::sort(&mut rows, |one, other| one < other);
        ByUrl(rows)
    }

    /// The requests for a URL that began in this time, a few of them when they are many.
    fn near(&self, url: &str, from: i64, to: i64) -> impl Iterator<Item = (i64, usize)> {
        let start = self.0.partition_point(|row| (row.0, row.1) < (url, from));
        let rows = self.0.get(start..).unwrap_or_default().iter();
        let url = url.to_owned();
        rows.take_while(move |row| row.0 == url && row.1 <= to).map(|row| (row.1, row.2)).take(MOST_CANDIDATES)
    }
}

/// The part of a URL that is sent.
fn sent(url: &str) -> &str {
    url.split('#').next().unwrap_or_default()
}

pub(super) fn pairs(recording: &Recording) -> Pairs {
    let entries = &recording.entries;
    let none = vec![None; entries.len()];
    let mut pairs = Pairs { preflight: none.clone(), request: none.clone(), next: none.clone(), previous: none };
    let by_url = ByUrl::new(entries);
    let mut in_order: Vec<usize> = (0..entries.len()).collect();
    order::sort(&mut in_order, |one, other| match (entries.get(*one), entries.get(*other)) {
        (Some(first), Some(second)) => times(*one, first) < times(*other, second),
        _ => false,
    });
    for number in in_order {
        let Some(entry) = entries.get(number) else { continue };
        if entry.is_preflight() {
            let found = request_of(number, entry, entries, &by_url, &pairs.preflight);
            link(&mut pairs.request, &mut pairs.preflight, number, found);
        } else if let Some(target) = target(entry) {
            let found = next_of(number, entry, &target, entries, &by_url, &pairs.previous);
            link(&mut pairs.next, &mut pairs.previous, number, found);
        }
    }
    pairs
}

fn link(there: &mut [Option<usize>], back: &mut [Option<usize>], from: usize, to: Option<usize>) {
    let Some(to) = to else { return };
    if let (Some(there), Some(back)) = (there.get_mut(from), back.get_mut(to)) {
        *there = Some(to);
        *back = Some(from);
    }
}

/// The request that a preflight asked for: same URL, the method it names, the headers it names, nearest in time.
fn request_of(
    number: usize,
    preflight: &Entry,
    entries: &[Entry],
    by_url: &ByUrl,
    taken: &[Option<usize>],
) -> Option<usize> {
    let method = preflight.request_headers.combined("access-control-request-method");
    let names = preflight.request_headers.combined("access-control-request-headers").unwrap_or_default();
    let (begin, end) = times(number, preflight);
    let mut best: Option<((usize, i64, usize), usize)> = None;
    for (at, candidate) in by_url.near(sent(&preflight.url), begin.saturating_sub(NEAR), end.saturating_add(NEAR)) {
        let Some(entry) = entries.get(candidate) else { continue };
        let is_free = taken.get(candidate) == Some(&None);
        if !is_free || method.as_ref().is_some_and(|method| *method != entry.method) {
            continue;
        }
        // In a sanitized file the header is not there, though it was sent.
        let is_missing = |name: &&str| !entry.request_headers.has(name) && !name.eq_ignore_ascii_case("authorization");
        let missing = names.split(',').map(str::trim).filter(|name| !name.is_empty()).filter(is_missing).count();
        let rank = (missing.min(1), (at - begin).abs(), candidate.abs_diff(number));
        if best.is_none_or(|(least, _)| rank < least) {
            best = Some((rank, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Where a redirect leads: the absolute URL, as far as it is one.
pub(super) fn target(entry: &Entry) -> Option<String> {
    if !matches!(entry.status, Some(301 | 302 | 303 | 307 | 308)) {
        return None;
    }
    let location = match entry.headers.combined("location") {
        Some(location) => location,
        None => entry.redirect_url.clone(),
    };
    if location.is_empty() {
        return None;
    }
    let base = url::parse(&entry.url)?;
    Some(url::resolve(&base, &location)?.text())
}

fn next_of(
    number: usize,
    entry: &Entry,
    target: &str,
    entries: &[Entry],
    by_url: &ByUrl,
    taken: &[Option<usize>],
) -> Option<usize> {
    let (begin, end) = times(number, entry);
    let fits = |(at, candidate): &(i64, usize)| {
        let Some(other) = entries.get(*candidate) else { return false };
        *candidate != number
            && (*at > begin || *candidate > number)
            && taken.get(*candidate) == Some(&None)
            && other.is_navigation == entry.is_navigation
            && other.resource_type == entry.resource_type
    };
    let near = by_url.near(target, begin, end.saturating_add(NEXT)).filter(fits);
    near.min_by_key(|(at, candidate)| ((at - end).abs(), candidate.abs_diff(number))).map(|(_, candidate)| candidate)
}
