//! A list of trusted origins against the origin of an app: the entry that allows it, or the nearest ones and what differs.
//!
//! Everything here is a fact; the words are the explanation's. A fact names both sides where there are two.

use super::evidence::TrustedOrigin;
use super::url;
use crate::order;

/// What a comparison found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The list is empty.
    Empty,
    /// The origin itself is none: `null`, or no URL at all. No entry can be equal to it.
    NoOrigin,
    /// The entry at this place of the list allows it.
    Allowed(usize),
    /// The entry at this place has a wildcard that covers it: some lists of Okta take `https://*.example.com`, others don't.
    /// Likely, not sure.
    LikelyAllowed(usize),
    /// None does. The nearest entries, best first and at most [`MOST`] of them; empty when none is near.
    Missing(Vec<NearMiss>),
}

/// How many near misses are named.
pub const MOST: usize = 3;

/// An entry that is not the origin, but nearly.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// Its place in the list.
    pub entry: usize,
    /// What differs, in the order of [`Difference`]. Never empty.
    pub differences: Vec<Difference>,
}

/// What is wrong with an entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Difference {
    /// The entry is equal, and inactive.
    Inactive,
    /// The entry is equal, and not for CORS: for redirects alone, or for embedding.
    NotForCors,
    /// White space around it.
    WhiteSpace,
    /// Capital letters, which browsers never send.
    Case,
    /// A slash at its end.
    TrailingSlash,
    /// A path, query or fragment, which no origin has: this one.
    Path(String),
    /// The port that its scheme has anyway, which browsers leave out: this one.
    DefaultPort(u16),
    /// Another scheme: the entry's, and the origin's.
    Scheme(String, String),
    /// Another port: the entry's and the origin's, `None` for the scheme's own.
    Port(Option<u16>, Option<u16>),
    /// One of the two has `www.` before the same host: whether it is the entry.
    Www(bool),
    /// `localhost` here, `127.0.0.1` or `[::1]` there: the entry's host, and the origin's.
    Loopback(String, String),
    /// The entry is the domain above the origin's host, or below it: the entry's host, and the origin's.
    Subdomain(String, String),
    /// The hosts differ in few letters: the entry's, and the origin's.
    Spelling(String, String),
    /// A wildcard that does not cover the origin: the entry's host.
    Wildcard(String),
}

/// Compares a list with an origin.
///
/// An entry counts as equal when browsers would send exactly its text. Where the list does not say whether an entry is
/// active or for CORS, it is taken to be.
///
/// ```
/// use tokenscope::cors::evidence::TrustedOrigin;
/// use tokenscope::cors::trusted_origins::{Comparison, Difference, compare};
/// let entry = |origin: &str| TrustedOrigin { origin: origin.to_owned(), ..Default::default() };
/// assert_eq!(compare(&[entry("https://app.example")], "https://app.example"), Comparison::Allowed(0));
/// let Comparison::Missing(misses) = compare(&[entry("https://app.example/")], "https://app.example") else { panic!() };
/// assert_eq!(misses[0].differences, [Difference::TrailingSlash]);
/// ```
pub fn compare(list: &[TrustedOrigin], origin: &str) -> Comparison {
    if list.is_empty() {
        return Comparison::Empty;
    }
    let origin = origin.trim();
    let Some(wanted) = Parts::of(origin).filter(|_| origin != "null") else { return Comparison::NoOrigin };
    let origin = wanted.origin();
    let usable = |entry: &TrustedOrigin| entry.active != Some(false) && entry.cors != Some(false);
    if let Some(at) = list.iter().position(|entry| usable(entry) && entry.origin == origin) {
        return Comparison::Allowed(at);
    }
    if let Some(at) = list.iter().position(|entry| usable(entry) && covers(&entry.origin, &wanted)) {
        return Comparison::LikelyAllowed(at);
    }
    let mut misses: Vec<(u32, NearMiss)> = Vec::new();
    for (entry, trusted) in list.iter().enumerate() {
        let Some((distance, differences)) = differences(trusted, &wanted) else { continue };
        misses.push((distance, NearMiss { entry, differences }));
    }
    order::sort(&mut misses, |one, other| one.0 < other.0);
    Comparison::Missing(misses.into_iter().take(MOST).map(|(_, miss)| miss).collect())
}

/// A URL in the parts that are compared; the host may have a wildcard.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Parts {
    scheme: String,
    host: String,
    port: Option<u16>,
    written_port: Option<u16>,
    path: String,
}

impl Parts {
    fn of(text: &str) -> Option<Parts> {
        let (scheme, rest) = crate::text::split_once(text, "://")?;
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, path) = (rest.get(..end)?, rest.get(end..)?);
        // A wildcard is no host for the reader of URLs.
        let plain = ["http", "https"].contains(&scheme.to_ascii_lowercase().as_str());
        let (host, written) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()) => {
                (host, Some(port.parse().ok()?))
            }
            _ => (authority, None),
        };
        let host = match url::parse(&[scheme, "://", host].concat()) {
            Some(url) if !host.contains('*') => url.host,
            _ => host.to_ascii_lowercase(),
        };
        let scheme = scheme.to_ascii_lowercase();
        let default = if scheme == "https" { 443 } else { 80 };
        let port = written.filter(|port| *port != default);
        let good = plain && !host.is_empty() && !host.contains(|one: char| one.is_whitespace() || one == '@');
        good.then(|| Parts { scheme, host, port, written_port: written, path: path.to_owned() })
    }

    fn origin(&self) -> String {
        let mut origin = [self.scheme.as_str(), "://", self.host.as_str()].concat();
        if let Some(port) = self.port {
            origin.push(':');
            origin.push_str(&port.to_string());
        }
        origin
    }
}

/// Whether an entry with `*.` before its host covers the origin: any number of labels in the place of the star.
fn covers(entry: &str, wanted: &Parts) -> bool {
    let Some(parts) = Parts::of(entry).filter(|parts| parts.path.is_empty()) else { return false };
    let Some(domain) = parts.host.strip_prefix("*.") else { return false };
    let below = wanted.host.strip_suffix(domain).is_some_and(|label| label.len() > 1 && label.ends_with('.'));
    below && parts.scheme == wanted.scheme && parts.port == wanted.port
}

/// What keeps an entry from being the origin, with how far it is away; `None` when the two have nothing in common.
fn differences(trusted: &TrustedOrigin, wanted: &Parts) -> Option<(u32, Vec<Difference>)> {
    let text = trusted.origin.trim();
    let parts = Parts::of(text)?;
    let mut found = Vec::new();
    let mut distance = 0;
    let mut add = |weight: u32, difference: Difference| {
        distance += weight;
        found.push(difference);
    };
    if trusted.active == Some(false) {
        add(1, Difference::Inactive);
    }
    if trusted.cors == Some(false) {
        add(1, Difference::NotForCors);
    }
    if text.len() != trusted.origin.len() {
        add(1, Difference::WhiteSpace);
    }
    let authority = text.get(..text.len() - parts.path.len()).unwrap_or(text);
    if authority.bytes().any(|byte| byte.is_ascii_uppercase()) {
        add(1, Difference::Case);
    }
    match parts.path.as_str() {
        "" => {}
        "/" => add(1, Difference::TrailingSlash),
        path => add(2, Difference::Path(path.to_owned())),
    }
    if let Some(port) = parts.written_port.filter(|_| parts.port.is_none()) {
        add(1, Difference::DefaultPort(port));
    }
    if parts.scheme != wanted.scheme {
        add(2, Difference::Scheme(parts.scheme.clone(), wanted.scheme.clone()));
    }
    if parts.port != wanted.port {
        add(3, Difference::Port(parts.port, wanted.port));
    }
    if parts.host != wanted.host {
        let (weight, difference) = host_difference(&parts.host, &wanted.host)?;
        add(weight, difference);
    }
    (!found.is_empty()).then_some((distance, found))
}

fn host_difference(entry: &str, wanted: &str) -> Option<(u32, Difference)> {
    let both = || (entry.to_owned(), wanted.to_owned());
    let loopback = |host: &str| matches!(host, "localhost" | "127.0.0.1" | "[::1]" | "0.0.0.0");
    let below = |host: &str, domain: &str| {
        domain.contains('.') && host.strip_suffix(domain).is_some_and(|label| label.len() > 1 && label.ends_with('.'))
    };
    if let Some(domain) = entry.strip_prefix("*.") {
        let near = wanted == domain || below(wanted, domain);
        return near.then(|| (3, Difference::Wildcard(entry.to_owned())));
    }
    if entry.strip_prefix("www.") == Some(wanted) {
        return Some((3, Difference::Www(true)));
    }
    if wanted.strip_prefix("www.") == Some(entry) {
        return Some((3, Difference::Www(false)));
    }
    if loopback(entry) && loopback(wanted) {
        let (entry, wanted) = both();
        return Some((3, Difference::Loopback(entry, wanted)));
    }
    if below(entry, wanted) || below(wanted, entry) {
        let (entry, wanted) = both();
        return Some((4, Difference::Subdomain(entry, wanted)));
    }
    if letters_apart(entry, wanted) <= 2 {
        let (entry, wanted) = both();
        return Some((4, Difference::Spelling(entry, wanted)));
    }
    None
}

/// The longest host that is compared letter by letter, which takes time in proportion to its square.
const LONGEST: usize = 64;

/// How many letters one must change, add or leave out (Levenshtein's distance); large for long or very different texts.
fn letters_apart(one: &str, other: &str) -> usize {
    if one.len() > LONGEST || other.len() > LONGEST || one.len().abs_diff(other.len()) > 2 {
        return usize::MAX;
    }
    // In four letters two are no slip of the hand.
    if one.len().min(other.len()) < 6 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (line, letter) in one.bytes().enumerate() {
        let mut diagonal = line;
        let mut left = line + 1;
        for (column, wanted) in other.bytes().enumerate() {
            let Some(cell) = row.get(column + 1).copied() else { break };
            let change = diagonal + usize::from(letter != wanted);
            diagonal = cell;
            let best = change.min(cell + 1).min(left + 1);
            if let Some(place) = row.get_mut(column) {
                *place = left;
            }
            left = best;
        }
        if let Some(last) = row.last_mut() {
            *last = left;
        }
    }
    row.last().copied().unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn entry(origin: &str) -> TrustedOrigin {
        TrustedOrigin { origin: origin.to_owned(), ..TrustedOrigin::default() }
    }

    fn check(trusted: TrustedOrigin, origin: &str, expected: &[Difference]) {
        let text = format!("{trusted:?} {origin}");
        match compare(&[trusted], origin) {
            Comparison::Missing(misses) => {
                let found: Vec<Difference> = misses.into_iter().flat_map(|miss| miss.differences).collect();
                assert_eq!(found, expected, "{text}");
            }
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn every_near_miss_is_named() {
        use Difference::*;
        let app = "https://app.example.com";
        check(entry("https://app.example.com/"), app, &[TrailingSlash]);
        check(entry("https://app.example.com/login?x#y"), app, &[Path("/login?x#y".to_owned())]);
        check(entry("https://APP.example.com"), app, &[Case]);
        check(entry(" https://app.example.com"), app, &[WhiteSpace]);
        check(entry("https://app.example.com:443"), app, &[DefaultPort(443)]);
        check(entry("http://app.example.com"), app, &[Scheme("http".to_owned(), "https".to_owned())]);
        check(entry("https://app.example.com:8443"), app, &[Port(Some(8443), None)]);
        check(entry("http://localhost:3000"), "http://localhost:5173", &[Port(Some(3000), Some(5173))]);
        check(entry("https://www.example.com"), "https://example.com", &[Www(true)]);
        check(entry("https://example.com"), "https://www.example.com", &[Www(false)]);
        let (host, other) = ("127.0.0.1".to_owned(), "localhost".to_owned());
        check(entry("http://127.0.0.1:3000"), "http://localhost:3000", &[Loopback(host, other)]);
        let (above, below) = ("example.com".to_owned(), "app.example.com".to_owned());
        check(entry("https://example.com"), app, &[Subdomain(above.clone(), below.clone())]);
        check(entry(app), "https://example.com", &[Subdomain(below.clone(), above)]);
        check(entry("https://ap.example.com"), app, &[Spelling("ap.example.com".to_owned(), below)]);
        check(entry("https://*.example.com"), "https://example.com", &[Wildcard("*.example.com".to_owned())]);
        check(entry("https://other.test"), app, &[]);
        check(entry("app.example.com"), app, &[]);
        check(TrustedOrigin { cors: Some(false), ..entry(app) }, app, &[NotForCors]);
        check(TrustedOrigin { active: Some(false), ..entry(app) }, app, &[Inactive]);
        check(
            TrustedOrigin { active: Some(false), cors: Some(false), ..entry("http://App.example.com:80/") },
            app,
            &[
                Inactive,
                NotForCors,
                Case,
                TrailingSlash,
                DefaultPort(80),
                Scheme("http".to_owned(), "https".to_owned()),
            ],
        );
    }

    #[test]
    fn the_nearest_come_first() {
        let list: Vec<TrustedOrigin> = [
            "https://other.test",
            "https://example.com",
            "https://app.example.com:8443",
            "http://app.example.com",
            "https://app.example.com/",
        ]
        .map(entry)
        .to_vec();
        let Comparison::Missing(misses) = compare(&list, "https://app.example.com") else { panic!() };
        assert_eq!(misses.iter().map(|miss| miss.entry).collect::<Vec<_>>(), [4, 3, 2]);
    }

    #[test]
    fn what_allows_is_found() {
        let list = [entry("https://other.test"), entry("https://*.example.com"), entry("https://app.example.com")];
        assert_eq!(compare(&list, "https://app.example.com"), Comparison::Allowed(2));
        assert_eq!(compare(&list, "https://api.example.com"), Comparison::LikelyAllowed(1));
        assert_eq!(compare(&list, "https://a.b.example.com"), Comparison::LikelyAllowed(1));
        assert_eq!(compare(&list, "HTTPS://App.Example.com:443"), Comparison::Allowed(2));
        assert_eq!(compare(&[], "https://app.example.com"), Comparison::Empty);
        assert_eq!(compare(&list, "null"), Comparison::NoOrigin);
        assert_eq!(compare(&list, "app.example.com"), Comparison::NoOrigin);
    }

    proptest! {
        #[test]
        fn any_texts_are_compared(origin in "\\PC{0,30}", other in "(https?://)?[a-c.:/*@0-9]{0,12}") {
            compare(&[entry(&origin), entry(&other)], &other);
            compare(&[entry(&other)], &origin);
        }

        #[test]
        fn an_origin_is_at_no_distance_from_itself(one in "[a-c]{0,8}", other in "[a-c]{0,8}") {
            prop_assert!(one.len() < 6 || letters_apart(&one, &one) == 0);
            prop_assert_eq!(letters_apart(&one, &other), letters_apart(&other, &one));
        }
    }
}
