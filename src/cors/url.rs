//! URLs as far as CORS needs them: origins, and where a `Location` leads.
//!
//! # Deviation
//!
//! This is the [URL Standard](https://url.spec.whatwg.org/) for `http:` and `https:` without two of its parts: host
//! names that are not ASCII (IDNA) are taken as they stand, in lower case, and IPv4 and IPv6 addresses in unusual spelling
//! are not rewritten. For other schemes only the scheme is known.

/// A URL taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Url {
    /// In lower case, without the colon.
    pub scheme: String,
    /// Whether there is a user name or a password.
    pub has_credentials: bool,
    /// In lower case. Empty for schemes without hosts.
    pub host: String,
    /// `None` when it is the default port.
    pub port: Option<u16>,
    /// Path and query, percent-encoded where they must be; what follows the colon for schemes without hosts.
    pub path: String,
}

impl Url {
    /// Whether the scheme is `http` or `https`: an
    /// [HTTP(S) scheme](https://fetch.spec.whatwg.org/#http-scheme).
    pub fn is_http(&self) -> bool {
        default_port(&self.scheme).is_some()
    }

    /// The serialized origin; `null` for other schemes than `http` and `https`.
    pub fn origin(&self) -> String {
        if !self.is_http() {
            return "null".to_owned();
        }
        let mut origin = self.scheme.clone();
        origin.push_str("://");
        origin.push_str(&self.host);
        if let Some(port) = self.port {
            origin.push(':');
            origin.push_str(&port.to_string());
        }
        origin
    }

    /// The URL as text, without user name, password and fragment.
    pub fn text(&self) -> String {
        let mut text = if self.is_http() {
            self.origin()
        } else {
            let mut scheme = self.scheme.clone();
            scheme.push(':');
            scheme
        };
        text.push_str(&self.path);
        text
    }
}

/// The serialized origin of a URL with the scheme `http` or `https`; `None` for everything else.
///
/// ```
/// use tokenscope::cors::url::origin_of;
/// assert_eq!(origin_of("HTTPS://User@API.example:443/a?b#c").as_deref(), Some("https://api.example"));
/// assert_eq!(origin_of("/a"), None);
/// ```
pub fn origin_of(url: &str) -> Option<String> {
    parse(url).filter(Url::is_http).map(|url| url.origin())
}

/// Reads an absolute URL.
pub fn parse(text: &str) -> Option<Url> {
    let text = cleaned(text);
    let (scheme, rest) = split_scheme(&text)?;
    parse_behind_scheme(scheme, rest)
}

/// Reads what a `Location` says, [against the URL](https://url.spec.whatwg.org/#concept-url-parser) that answered with it.
///
/// ```
/// use tokenscope::cors::url::{parse, resolve};
/// let base = parse("https://api.example/a/b?c").unwrap();
/// assert_eq!(resolve(&base, "../d?e").unwrap().text(), "https://api.example/d?e");
/// assert_eq!(resolve(&base, "//login.example").unwrap().text(), "https://login.example/");
/// ```
pub fn resolve(base: &Url, location: &str) -> Option<Url> {
    let text = cleaned(location);
    if let Some((scheme, rest)) = split_scheme(&text) {
        let relative = !rest.starts_with(['/', '\\']) && scheme == base.scheme && base.is_http();
        // `https:a` is relative to an https: URL, and only to such a one.
        return if relative { resolve_relative(base, rest) } else { parse_behind_scheme(scheme, rest) };
    }
    if base.is_http() { resolve_relative(base, &text) } else { None }
}

/// What is wrong with an origin as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OriginFault {
    /// There is none.
    Empty,
    /// Space before, behind or within it.
    Whitespace,
    /// `*`: every origin, and not one.
    Wildcard,
    /// A `*` in the host, which the CORS protocol does not know.
    HostPattern,
    /// No `https://` before the host.
    NoScheme,
    /// Another scheme than `http` and `https`.
    Scheme,
    /// A user name or a password.
    Credentials,
    /// No host, or none that could be.
    Host,
    /// No port that could be.
    Port,
    /// A slash behind it, and nothing more.
    TrailingSlash,
    /// A path, a query or a fragment.
    Path,
    /// Capital letters, which browsers never send.
    UpperCase,
    /// The scheme's own port, which browsers leave out.
    DefaultPort,
}

/// Takes an origin exactly as browsers [serialize](https://html.spec.whatwg.org/#ascii-serialisation-of-an-origin) it:
/// `https://app.example`, `http://localhost:3000`, or `null`.
///
/// # Errors
///
/// The first [`OriginFault`]. [`corrected_origin`] says what was meant.
///
/// ```
/// use tokenscope::cors::url::{OriginFault, corrected_origin, serialized_origin};
/// assert_eq!(serialized_origin("http://localhost:3000").as_deref(), Ok("http://localhost:3000"));
/// assert_eq!(serialized_origin("https://app.example/"), Err(OriginFault::TrailingSlash));
/// assert_eq!(corrected_origin("HTTPS://app.example:443/login").as_deref(), Some("https://app.example"));
/// ```
pub fn serialized_origin(text: &str) -> Result<String, OriginFault> {
    if text.is_empty() {
        return Err(OriginFault::Empty);
    }
    if text.contains(char::is_whitespace) {
        return Err(OriginFault::Whitespace);
    }
    if text == "null" {
        return Ok(text.to_owned());
    }
    if text == "*" {
        return Err(OriginFault::Wildcard);
    }
    let (scheme, rest) = crate::text::split_once(text, "://").ok_or(OriginFault::NoScheme)?;
    if !is_scheme(scheme) {
        return Err(OriginFault::NoScheme);
    }
    if default_port(&scheme.to_ascii_lowercase()).is_none() {
        return Err(OriginFault::Scheme);
    }
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at_checked(end).unwrap_or((rest, ""));
    if authority.contains('@') {
        return Err(OriginFault::Credentials);
    }
    let (host, port) = split_port(authority);
    if host.contains('*') {
        return Err(OriginFault::HostPattern);
    }
    if !is_host(host) {
        return Err(OriginFault::Host);
    }
    if port.is_some_and(|port| read_port(port).is_none()) {
        return Err(OriginFault::Port);
    }
    if tail == "/" {
        return Err(OriginFault::TrailingSlash);
    }
    if !tail.is_empty() {
        return Err(OriginFault::Path);
    }
    let origin = origin_of(text).ok_or(OriginFault::Host)?;
    if origin == text {
        return Ok(origin);
    }
    let upper = text.contains(|character: char| character.is_ascii_uppercase());
    Err(if upper { OriginFault::UpperCase } else { OriginFault::DefaultPort })
}

/// The origin that was meant, where something is wrong with it that leaves no doubt.
pub fn corrected_origin(text: &str) -> Option<String> {
    let text = text.trim();
    serialized_origin(text).ok().or_else(|| {
        if crate::text::contains(text, "://") && !text.contains(['*', ' ', ',']) { origin_of(text) } else { None }
    })
}

/// Leading and trailing controls and spaces, and every tab and line break, are ignored in URLs.
fn cleaned(text: &str) -> String {
    let trimmed = text.trim_matches(|character: char| character <= ' ');
    trimmed.chars().filter(|character| !matches!(character, '\t' | '\n' | '\r')).collect()
}

fn split_scheme(text: &str) -> Option<(String, &str)> {
    let (scheme, rest) = text.split_once(':')?;
    is_scheme(scheme).then(|| (scheme.to_ascii_lowercase(), rest))
}

fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
}

fn default_port(scheme: &str) -> Option<u16> {
    match scheme {
        "http" => Some(80),
        "https" => Some(443),
        _ => None,
    }
}

fn parse_behind_scheme(scheme: String, rest: &str) -> Option<Url> {
    if default_port(&scheme).is_none() {
        let path = without_fragment(rest).to_owned();
        return Some(Url { scheme, path, ..Url::default() });
    }
    // However many slashes and backslashes there are.
    parse_authority(scheme, rest.trim_start_matches(['/', '\\']))
}

fn parse_authority(scheme: String, rest: &str) -> Option<Url> {
    let end = rest.find(['/', '\\', '?', '#']).unwrap_or(rest.len());
    let (authority, tail) = rest.split_at_checked(end)?;
    let (credentials, host_and_port) = authority.rsplit_once('@').map_or((None, authority), |(user, host)| {
        // `https://@host` and `https://:@host` have neither name nor password.
        (Some(user).filter(|user| !user.is_empty() && *user != ":"), host)
    });
    let (host, port) = split_port(host_and_port);
    let host = percent_decoded(host).to_ascii_lowercase();
    if !is_host(&host) {
        return None;
    }
    let port = match port {
        None | Some("") => None,
        Some(port) => Some(read_port(port)?).filter(|port| Some(*port) != default_port(&scheme)),
    };
    let (path, query) = split_query(without_fragment(tail));
    let mut target = joined(&[], path);
    push_query(&mut target, query);
    Some(Url { scheme, has_credentials: credentials.is_some(), host, port, path: target })
}

fn resolve_relative(base: &Url, text: &str) -> Option<Url> {
    if text.starts_with("//") || text.starts_with("/\\") || text.starts_with("\\/") || text.starts_with("\\\\") {
        return parse_authority(base.scheme.clone(), text.trim_start_matches(['/', '\\']));
    }
    let (path, query) = split_query(without_fragment(text));
    let (base_path, base_query) = split_query(&base.path);
    let mut target = if path.is_empty() {
        base_path.to_owned()
    } else if path.starts_with(['/', '\\']) {
        joined(&[], path)
    } else {
        let mut segments: Vec<&str> = base_path.split('/').skip(1).collect();
        segments.pop();
        joined(&segments, path)
    };
    push_query(&mut target, if path.is_empty() && query.is_none() { base_query } else { query });
    // What the URL has before the host stays for a relative reference.
    Some(Url { path: target, ..base.clone() })
}

/// A path behind others, without `.` and `..` segments.
fn joined(before: &[&str], path: &str) -> String {
    let path = path.strip_prefix(['/', '\\']).unwrap_or(path);
    let mut segments: Vec<String> = before.iter().map(|segment| (*segment).to_owned()).collect();
    let mut rest = path.split(['/', '\\']).peekable();
    while let Some(segment) = rest.next() {
        let last = rest.peek().is_none();
        let dots = crate::text::replace(&crate::text::replace(segment, "%2e", "."), "%2E", ".");
        if dots == ".." {
            segments.pop();
        }
        if dots != "." && dots != ".." {
            segments.push(percent_encoded(segment, b" \"#<>?^`{}"));
        } else if last {
            segments.push(String::new());
        }
    }
    let mut joined = String::new();
    for segment in &segments {
        joined.push('/');
        joined.push_str(segment);
    }
    if joined.is_empty() { "/".to_owned() } else { joined }
}

fn push_query(target: &mut String, query: Option<&str>) {
    if let Some(query) = query {
        target.push('?');
        target.push_str(&percent_encoded(query, b" \"#<>'"));
    }
}

fn without_fragment(text: &str) -> &str {
    text.split('#').next().unwrap_or_default()
}

fn split_query(text: &str) -> (&str, Option<&str>) {
    text.split_once('?').map_or((text, None), |(path, query)| (path, Some(query)))
}

/// The host and, behind the colon that is not within an IPv6 address, the port.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    let from = authority.find(']').unwrap_or(0);
    match authority.get(from..).and_then(|rest| rest.find(':')) {
        Some(at) => (authority.get(..from + at).unwrap_or_default(), authority.get(from + at + 1..)),
        None => (authority, None),
    }
}

fn read_port(text: &str) -> Option<u16> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = text.trim_start_matches('0');
    if digits.is_empty() { Some(0) } else { digits.parse().ok() }
}

/// Whether nothing in it is a
/// [forbidden domain code point](https://url.spec.whatwg.org/#forbidden-domain-code-point).
fn is_host(host: &str) -> bool {
    if let Some(address) = host.strip_prefix('[') {
        let inner = address.strip_suffix(']').unwrap_or_default();
        let colons = inner.bytes().filter(|byte| *byte == b':').count();
        return (2..=7).contains(&colons)
            && inner.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b':' || byte == b'.');
    }
    let forbidden = |character: char| character <= ' ' || character == '\x7f' || "#/:<>?@[\\]^|%".contains(character);
    if host.is_empty() || host.contains(forbidden) {
        return false;
    }
    // What ends in a number is an IPv4 address or nothing.
    let labels = host.strip_suffix('.').unwrap_or(host);
    let last = labels.rsplit('.').next().unwrap_or_default();
    if last.is_empty() || !last.bytes().all(|byte| byte.is_ascii_digit()) {
        return true;
    }
    let parts = labels.split('.').count();
    parts <= 4
        && labels.split('.').enumerate().all(|(number, part)| {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            let most = if number + 1 == parts { 256_u64.pow(5 - parts as u32) } else { 256 };
            digits && part.parse::<u64>().is_ok_and(|value| value < most)
        })
}

fn percent_decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
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
    String::from_utf8_lossy(&decoded).into_owned()
}

fn percent_encoded(text: &str, set: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    let digit = |value: u8| DIGITS.get(usize::from(value)).copied().map_or('0', char::from);
    let mut encoded = String::with_capacity(text.len());
    for character in text.chars() {
        let mut buffer = [0; 4];
        for byte in character.encode_utf8(&mut buffer).bytes() {
            if !(0x20..=0x7e).contains(&byte) || set.contains(&byte) {
                encoded.push('%');
                encoded.push(digit(byte >> 4));
                encoded.push(digit(byte & 15));
            } else {
                encoded.push(char::from(byte));
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_serialized_as_browsers_do() {
        let check = |url: &str, expected: Option<&str>| assert_eq!(origin_of(url).as_deref(), expected, "{url}");
        check("https://app.example", Some("https://app.example"));
        check("https://app.example:443/", Some("https://app.example"));
        check("https://app.example:80/", Some("https://app.example:80"));
        check("http://App.Example:080/", Some("http://app.example"));
        check("http:app.example/a", Some("http://app.example"));
        check("http:\\\\app.example\\a", Some("http://app.example"));
        check(" https://app.example\n", Some("https://app.example"));
        check("https://a:b@app.example/", Some("https://app.example"));
        check("https://app%2Eexample", Some("https://app.example"));
        check("http://[::1]:3000", Some("http://[::1]:3000"));
        check("https://app.example:65536", None);
        check("https://app example", None);
        check("https://", None);
        check("http://256.1.1.1", None);
        check("app.example", None);
        check("localhost:3000", None);
        check("data:text/plain,a", None);
    }

    #[test]
    fn a_location_is_resolved() {
        let base = parse("https://api.example:8443/a/b/c?d").unwrap();
        let check = |location: &str, expected: &str| {
            assert_eq!(resolve(&base, location).unwrap().text(), expected, "{location}");
        };
        check("", "https://api.example:8443/a/b/c?d");
        check("#e", "https://api.example:8443/a/b/c?d");
        check("?e", "https://api.example:8443/a/b/c?e");
        check("e", "https://api.example:8443/a/b/e");
        check("./e/.", "https://api.example:8443/a/b/e/");
        check("../../../e", "https://api.example:8443/e");
        check("/e f", "https://api.example:8443/e%20f");
        check("//b.example/x#y", "https://b.example/x");
        check("https:e", "https://api.example:8443/a/b/e");
        check("http:e", "http://e/");
        check("HTTPS://B.example", "https://b.example/");
        check("data:text/plain,a", "data:text/plain,a");
        assert_eq!(resolve(&base, "https://a b/"), None);
        assert!(resolve(&base, "//user:word@b.example/").unwrap().has_credentials);
        assert!(!resolve(&base, "//@b.example/").unwrap().has_credentials);
    }

    #[test]
    fn what_is_wrong_with_an_origin_is_said() {
        let check = |text: &str, fault: OriginFault, meant: Option<&str>| {
            assert_eq!(serialized_origin(text), Err(fault), "{text}");
            assert_eq!(corrected_origin(text).as_deref(), meant, "{text}");
        };
        check("", OriginFault::Empty, None);
        check(" https://app.example", OriginFault::Whitespace, Some("https://app.example"));
        check("https://a.example https://b.example", OriginFault::Whitespace, None);
        check("*", OriginFault::Wildcard, None);
        check("https://*.example", OriginFault::HostPattern, None);
        check("app.example", OriginFault::NoScheme, None);
        check("localhost:3000", OriginFault::NoScheme, None);
        check("ftp://app.example", OriginFault::Scheme, None);
        check("https://a@app.example", OriginFault::Credentials, Some("https://app.example"));
        check("https://", OriginFault::Host, None);
        check("https://app.example:x", OriginFault::Port, None);
        check("https://app.example/", OriginFault::TrailingSlash, Some("https://app.example"));
        check("https://app.example/login", OriginFault::Path, Some("https://app.example"));
        check("https://app.example?", OriginFault::Path, Some("https://app.example"));
        check("https://App.example", OriginFault::UpperCase, Some("https://app.example"));
        check("https://app.example:443", OriginFault::DefaultPort, Some("https://app.example"));
        assert_eq!(serialized_origin("null").as_deref(), Ok("null"));
    }
}
