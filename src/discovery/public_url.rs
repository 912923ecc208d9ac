//! The only addresses that may be fetched: public ones, in which nothing of a token stands.
//!
//! The reader takes less than a browser does, so that both always mean the same address: ASCII only, no user info, no
//! fragment, no `.` or `..` segments, no backslashes, no IPv4 address in another spelling, no IPv6 address.

use std::fmt;

use crate::text;

/// How many characters in a row may not be those of a secret.
pub const WINDOW: usize = 16;

/// The longest address that is taken. Longer ones gain nothing but room for what should not leave.
pub const MAX_LENGTH: usize = 2048;

/// An address that may be fetched: https, or http to `localhost` or 127.0.0.1; without user info and fragment.
///
/// It is made by [`public_url`] alone, which checks it against what must not leave the page. Scheme and host are in
/// lower case, the default port is left out, and an empty path is `/`, as in a browser.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicUrl {
    text: String,
    /// The length of scheme, host and port.
    origin: usize,
}

impl PublicUrl {
    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Scheme, host and port: `https://issuer.example`, `http://localhost:3000`.
    pub fn origin(&self) -> &str {
        self.text.get(..self.origin).unwrap_or_default()
    }

    /// The host, and the port where it is not the default one: `issuer.example`, `localhost:3000`.
    pub fn host(&self) -> &str {
        text::split_once(self.origin(), "://").map_or("", |(_, host)| host)
    }

    /// The path, without the query. It begins with a slash.
    pub fn path(&self) -> &str {
        let rest = self.text.get(self.origin..).unwrap_or_default();
        rest.split('?').next().unwrap_or_default()
    }

    /// Whether there is a query, be it an empty one.
    pub fn has_query(&self) -> bool {
        self.text.contains('?')
    }

    /// Whether it is on this machine: `localhost` or 127.0.0.1.
    pub fn is_loopback(&self) -> bool {
        matches!(self.host().split(':').next(), Some("localhost" | "127.0.0.1"))
    }
}

impl fmt::Debug for PublicUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// The texts that an address is checked against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Guard<'a> {
    /// What may stand in no address at all: the tokens' text, and a typed secret.
    pub secrets: Vec<&'a str>,
    /// The tokens' claim values, each string of a list for itself: these may stand in no address either, except where
    /// [`Guard::allowed`] says the same. A tenant is often both a claim and a part of the issuer.
    pub claims: Vec<&'a str>,
    /// What was typed, preset or named on the button: issuers, the tenant, the client id.
    pub allowed: Vec<&'a str>,
    /// The tokens' `iss`, which are among the claims too: they are excepted in addresses on their own origin. Without
    /// this the keys of `https://a.example` could not be asked for, at `https://a.example/oauth2/v1/keys`, while a token
    /// of `https://a.example/oauth2/default` is looked at.
    pub issuers: Vec<&'a str>,
}

/// Why an address is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UrlFault {
    /// It does not begin with a scheme: a bare host or a path, which a browser would look for on this page's own host.
    NotAbsolute,
    /// Neither https, nor http to this machine.
    Scheme,
    /// A user name or a password before the host.
    UserInfo,
    /// A `#` and what follows it, which is never sent.
    Fragment,
    /// No host, or one that is spelled in an unusual way.
    Host,
    /// No port number, or one of those that browsers never fetch from.
    Port,
    /// A character that a URL cannot hold.
    Character,
    /// A `.` or `..` segment in the path.
    DotSegment,
    /// Longer than [`MAX_LENGTH`].
    TooLong,
    /// [`WINDOW`] characters in a row are those of a token, a secret or a claim.
    Secret,
}

impl UrlFault {
    /// What is wrong, as a clause with the address as its subject: "has no https:// before the host".
    pub fn words(self) -> &'static str {
        match self {
            UrlFault::NotAbsolute => "has no https:// before the host",
            UrlFault::Scheme => "is neither https nor http to this machine",
            UrlFault::UserInfo => "has a user name before the host",
            UrlFault::Fragment => "has a fragment, which is never sent",
            UrlFault::Host => "has no host that could be asked",
            UrlFault::Port => "has a port that browsers never fetch from",
            UrlFault::Character => "holds a character that a URL cannot hold",
            UrlFault::DotSegment => "has a . or .. segment in its path",
            UrlFault::TooLong => "is longer than 2048 characters",
            UrlFault::Secret => "holds characters of a token, a secret or a claim",
        }
    }
}

/// Reads an address, and refuses it when it holds [`WINDOW`] characters in a row of what must not leave the page, as
/// written or percent-decoded.
///
/// The time is linear in the length of the guarded texts, so that a token of 1 MB does not stop the page.
///
/// # Errors
///
/// The first [`UrlFault`] found.
///
/// ```
/// use tokenscope::discovery::{Guard, UrlFault, public_url};
/// let guard = Guard { claims: vec!["ac5b2f9e-0f6d-4f3a"], ..Guard::default() };
/// assert_eq!(public_url("https://Issuer.example:443", &guard).unwrap().as_str(), "https://issuer.example/");
/// assert_eq!(public_url("issuer.example/keys", &guard), Err(UrlFault::NotAbsolute));
/// assert_eq!(public_url("https://a.example/?u=ac5b2f9e%2D0f6d-4f3a", &guard), Err(UrlFault::Secret));
/// ```
pub fn public_url(text: &str, guard: &Guard) -> Result<PublicUrl, UrlFault> {
    let url = parse(text)?;
    if holds_secret(text, url.origin(), guard) {
        return Err(UrlFault::Secret);
    }
    Ok(url)
}

fn parse(text: &str) -> Result<PublicUrl, UrlFault> {
    if text.len() > MAX_LENGTH {
        return Err(UrlFault::TooLong);
    }
    let (scheme, rest) = text::split_once(text, "://").ok_or(UrlFault::NotAbsolute)?;
    let secure = scheme.eq_ignore_ascii_case("https");
    if !secure && !scheme.eq_ignore_ascii_case("http") {
        // `issuer.example/?to=https://…` has no scheme either.
        let is_scheme = scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        return Err(if is_scheme && !scheme.contains('.') { UrlFault::Scheme } else { UrlFault::NotAbsolute });
    }
    if rest.contains('#') {
        return Err(UrlFault::Fragment);
    }
    if !rest.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?@!$&'()*+,;=%".contains(&byte)) {
        return Err(UrlFault::Character);
    }
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at_checked(end).ok_or(UrlFault::Host)?;
    if authority.contains('@') {
        return Err(UrlFault::UserInfo);
    }
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(usable_port(port).ok_or(UrlFault::Port)?)),
        None => (authority, None),
    };
    let host = host.to_ascii_lowercase();
    if !is_host(&host) {
        return Err(UrlFault::Host);
    }
    if !secure && host != "localhost" && host != "127.0.0.1" {
        return Err(UrlFault::Scheme);
    }
    let path = tail.split('?').next().unwrap_or_default();
    if path.split('/').any(is_dot_segment) {
        return Err(UrlFault::DotSegment);
    }

    let mut url = String::with_capacity(text.len() + 1);
    url.push_str(if secure { "https://" } else { "http://" });
    url.push_str(&host);
    if let Some(port) = port.filter(|port| *port != if secure { "443" } else { "80" }) {
        url.push(':');
        url.push_str(port);
    }
    let origin = url.len();
    if path.is_empty() {
        url.push('/');
    }
    url.push_str(tail);
    Ok(PublicUrl { text: url, origin })
}

/// A host as DNS has it, or an IPv4 address in its one usual spelling: browsers read `127.1`, `0x7f000001` and
/// `2130706433` as addresses too, and then the page would name another host than it asks.
fn is_host(host: &str) -> bool {
    let labels_fit = host.split('.').all(|label| {
        !label.is_empty()
            && label.len() <= 63
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    });
    let last = host.rsplit('.').next().unwrap_or_default();
    if !last.starts_with(|first: char| first.is_ascii_digit()) {
        return labels_fit && host.len() <= 253;
    }
    let is_octet =
        |part: &str| digits(part).is_some_and(|octet| octet < 256) && (part == "0" || !part.starts_with('0'));
    host.split('.').count() == 4 && host.split('.').all(is_octet)
}

/// Whether a segment is one or two dots, each of them plain or percent-encoded.
fn is_dot_segment(segment: &str) -> bool {
    let decoded = percent_decoded(segment.as_bytes());
    decoded == b"." || decoded == b".."
}

/// A port as browsers write it, without zeros before it.
fn usable_port(text: &str) -> Option<&str> {
    let port = u16::try_from(digits(text)?).ok()?;
    (!BAD_PORTS.contains(&port)).then(|| text.trim_start_matches('0'))
}

/// The value of a text of digits alone; what is too large counts as very large.
pub(super) fn digits(text: &str) -> Option<u64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| {
        text.bytes().fold(0, |value: u64, byte| value.saturating_mul(10).saturating_add(u64::from(byte - b'0')))
    })
}

/// Ports that no browser fetches from: [Fetch, port blocking](https://fetch.spec.whatwg.org/#port-blocking).
const BAD_PORTS: [u16; 83] = [
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/// Whether [`WINDOW`] characters in a row of the address are those of a guarded text.
///
/// Sixteen bytes are one `u128`, so the windows of the address are a set of numbers, and the guarded texts slide past it
/// a byte at a time. Where a text is not ASCII, sixteen bytes are fewer than sixteen characters: stricter.
fn holds_secret(text: &str, origin: &str, guard: &Guard) -> bool {
    let spellings = spellings(text);
    let mut own = Windows::new(spellings.iter().map(Vec::len).sum());
    for spelling in &spellings {
        each_window(spelling, |window| {
            own.insert(window);
            false
        });
    }
    if guard.secrets.iter().any(|secret| own.meet(secret)) {
        return true;
    }
    let is_own =
        |issuer: &&&str| issuer.strip_prefix(origin).is_some_and(|path| path.is_empty() || path.starts_with('/'));
    for text in guard.allowed.iter().chain(guard.issuers.iter().filter(is_own)) {
        each_window(text.as_bytes(), |window| {
            own.remove(window);
            false
        });
    }
    guard.claims.iter().any(|claim| own.meet(claim))
}

/// Whether two texts have [`WINDOW`] characters in a row in common. It takes as long as they are, whatever they hold.
///
/// ```
/// use tokenscope::discovery::overlap;
/// assert!(overlap("see eyJhbGciOiJIUzI1NiJ9 there", "eyJhbGciOiJIUzI1NiJ9.e30."));
/// assert!(!overlap("eyJhbGciOiJIUzI", "eyJhbGciOiJIUzI1NiJ9.e30."));
/// ```
pub fn overlap(one: &str, other: &str) -> bool {
    let mut own = Windows::new(one.len());
    each_window(one.as_bytes(), |window| {
        own.insert(window);
        false
    });
    own.meet(other)
}

/// The address as written and percent-decoded, up to three times, with `+` as it is and as the space that it stands for
/// in forms.
fn spellings(text: &str) -> Vec<Vec<u8>> {
    let mut spellings = vec![text.as_bytes().to_vec()];
    if text.contains('+') {
        spellings.push(text::replace(text, "+", " ").into_bytes());
    }
    for start in 0..spellings.len() {
        let mut last = spellings.get(start).cloned().unwrap_or_default();
        for _ in 0..3 {
            let decoded = percent_decoded(&last);
            if decoded == last {
                break;
            }
            spellings.push(decoded.clone());
            last = decoded;
        }
    }
    spellings
}

fn percent_decoded(text: &[u8]) -> Vec<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut decoded = Vec::with_capacity(text.len());
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                decoded.push(*byte);
                at += 1;
            }
        }
    }
    decoded
}

/// A set of windows: a hash table with open addressing. The standard library's would cost several kilobytes of module.
struct Windows {
    /// A power of two of slots, at most half of them taken.
    slots: Vec<Slot>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Slot {
    Free,
    Taken(u128),
    Removed(u128),
}

impl Windows {
    /// An empty set with room for that many windows.
    fn new(most: usize) -> Windows {
        Windows { slots: vec![Slot::Free; (most * 2 + 1).next_power_of_two()] }
    }

    /// The slot that holds a window, or the free one where it belongs.
    fn slot(&self, window: u128) -> usize {
        let mask = self.slots.len() - 1;
        // Multiplying by odd constants spreads both halves over the upper bits (Knuth, TAOCP 6.4).
        let mixed = (window as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ (window >> 64) as u64;
        let mut at = (mixed.wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 32) as usize & mask;
        while let Some(Slot::Taken(other) | Slot::Removed(other)) = self.slots.get(at)
            && *other != window
        {
            at = (at + 1) & mask;
        }
        at
    }

    fn insert(&mut self, window: u128) {
        let at = self.slot(window);
        if let Some(slot) = self.slots.get_mut(at) {
            *slot = Slot::Taken(window);
        }
    }

    fn remove(&mut self, window: u128) {
        let at = self.slot(window);
        if let Some(slot) = self.slots.get_mut(at)
            && *slot == Slot::Taken(window)
        {
            *slot = Slot::Removed(window);
        }
    }

    /// Whether a window of the text is one of these.
    fn meet(&self, text: &str) -> bool {
        each_window(text.as_bytes(), |window| self.slots.get(self.slot(window)) == Some(&Slot::Taken(window)))
    }
}

/// Calls `found` with each window of the text, until it says `true`; returns whether it did.
fn each_window(text: &[u8], mut found: impl FnMut(u128) -> bool) -> bool {
    let mut window = 0_u128;
    for (at, byte) in text.iter().enumerate() {
        // What is shifted out at the top is the byte that left the window.
        window = window << 8 | u128::from(*byte);
        if at + 1 >= WINDOW && found(window) {
            return true;
        }
    }
    false
}
