//! A redirect URI against the registered ones, character by character
//! ([RFC 9700 §2.1](https://www.rfc-editor.org/rfc/rfc9700#section-2.1)).

mod distance;
mod lookalike;

/// How two redirect URIs differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The registered URI that is nearest.
    pub registered: String,
    /// Where the first difference stands, in characters from 0.
    pub at: usize,
    /// What kind of difference it is, the one that explains the most first.
    pub kinds: Vec<DifferenceKind>,
}

/// Kinds of difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DifferenceKind {
    /// `http` for `https`, or the reverse.
    Scheme,
    /// Another host.
    Host,
    /// `www.` more or less.
    Www,
    /// `localhost` for `127.0.0.1`.
    Loopback,
    /// Another port, or one where there is none.
    Port,
    /// A slash at the end, more or less.
    TrailingSlash,
    /// Upper and lower case.
    Case,
    /// Another path.
    Path,
    /// A query that the other has not.
    Query,
    /// A fragment, which no redirect URI may have.
    Fragment,
    /// Percent-encoding, once too often or not at all.
    Encoding,
    /// White space or invisible characters.
    Invisible,
    /// Characters that look alike: another script, another hyphen.
    Lookalike,
}

/// Nobody registers more, and the search for the nearest one has to end.
const MOST_REGISTERED: usize = 100;

/// Compares; `None` when one of the registered ones is equal, and when there is none to compare with.
///
/// ```
/// use tokenscope::response_doctor::redirect_uri::{DifferenceKind, compare};
/// let difference = compare("https://app.example/cb/", &["https://app.example/cb".to_owned()]).unwrap();
/// assert_eq!((difference.at, difference.kinds.as_slice()), (22, [DifferenceKind::TrailingSlash].as_slice()));
/// ```
pub fn compare(sent: &str, registered: &[String]) -> Option<Difference> {
    if registered.iter().any(|other| other == sent) {
        return None;
    }
    let mut nearest: Option<(usize, &String)> = None;
    for other in registered.iter().take(MOST_REGISTERED) {
        let distance = distance::between(sent, other);
        if nearest.is_none_or(|(least, _)| distance < least) {
            nearest = Some((distance, other));
        }
    }
    let (_, nearest) = nearest?;
    let at = sent.chars().zip(nearest.chars()).take_while(|(one, other)| one == other).count();
    Some(Difference { registered: nearest.clone(), at, kinds: kinds(sent, nearest) })
}

/// The registered entry with a wildcard that would take the URI: `*` stands for one or more characters of a label of the
/// host, as where Okta allows it. Exact matching, which the standard demands, knows no wildcard.
///
/// ```
/// use tokenscope::response_doctor::redirect_uri::wildcard;
/// let registered = ["https://*.app.example/cb".to_owned()];
/// assert!(wildcard("https://pr-7.app.example/cb", &registered).is_some());
/// assert!(wildcard("https://a.b.app.example/cb", &registered).is_none());
/// ```
pub fn wildcard<'a>(sent: &str, registered: &'a [String]) -> Option<&'a String> {
    registered.iter().take(MOST_REGISTERED).find(|pattern| {
        let Some((before, behind)) = pattern.split_once('*') else { return false };
        let taken = sent.strip_prefix(before).and_then(|rest| rest.strip_suffix(behind));
        taken.is_some_and(|taken| !taken.is_empty() && !taken.contains(['.', '/', ':', '?', '#', '@']))
    })
}

/// Whether a URI is `http:` at a host that is not the machine itself.
pub fn is_insecure(uri: &str) -> bool {
    let parts = Parts::of(uri);
    parts.scheme.eq_ignore_ascii_case("http") && !is_loopback(parts.host)
}

fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host == "127.0.0.1" || host == "[::1]" || host.ends_with(".localhost")
}

/// The parts of a URI as they are written: nothing is made equal here.
#[derive(Clone, Copy)]
struct Parts<'a> {
    scheme: &'a str,
    host: &'a str,
    port: &'a str,
    path: &'a str,
    query: Option<&'a str>,
    fragment: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn of(uri: &'a str) -> Parts<'a> {
        let (rest, fragment) = uri.split_once('#').map_or((uri, None), |(rest, fragment)| (rest, Some(fragment)));
        let (rest, query) = rest.split_once('?').map_or((rest, None), |(rest, query)| (rest, Some(query)));
        // `com.example.app:/callback` has a scheme and no host.
        let (scheme, rest) = rest.split_once(':').unwrap_or(("", rest));
        let (authority, path) = match rest.strip_prefix("//") {
            Some(rest) => rest.split_at_checked(rest.find('/').unwrap_or(rest.len())).unwrap_or((rest, "")),
            None => ("", rest),
        };
        let bracket = authority.find(']').map_or(0, |at| at + 1);
        let colon = authority.get(bracket..).and_then(|rest| rest.find(':')).map(|at| bracket + at);
        let (host, port) = match colon {
            Some(at) => (authority.get(..at).unwrap_or_default(), authority.get(at + 1..).unwrap_or_default()),
            None => (authority, ""),
        };
        Parts { scheme, host, port, path, query, fragment }
    }
}

fn kinds(sent: &str, registered: &str) -> Vec<DifferenceKind> {
    use DifferenceKind::{
        Case, Encoding, Fragment, Host, Invisible, Lookalike, Loopback, Path, Port, Query, Scheme, TrailingSlash, Www,
    };
    let mut kinds = Vec::new();
    let mut push = |kind| {
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
    };
    let (one, other) = (lookalike::visible(sent), lookalike::visible(registered));
    if one.len() != sent.len() || other.len() != registered.len() {
        push(Invisible);
    }
    if one == other {
        return kinds;
    }
    // The whole of it, or parts of it, encoded once too often or not at all.
    if decoded(&one) == decoded(&other) {
        push(Encoding);
        return kinds;
    }
    if lookalike::skeleton(&one) == lookalike::skeleton(&other) {
        push(Lookalike);
        return kinds;
    }
    let (one, other) = (Parts::of(&one), Parts::of(&other));
    if one.scheme != other.scheme {
        push(if one.scheme.eq_ignore_ascii_case(other.scheme) { Case } else { Scheme });
    }
    if one.host != other.host {
        let bare = |host: &str| {
            let lower = host.to_ascii_lowercase();
            lower.strip_prefix("www.").map(str::to_owned).unwrap_or(lower)
        };
        push(if one.host.eq_ignore_ascii_case(other.host) {
            Case
        } else if is_loopback(one.host) && is_loopback(other.host) {
            Loopback
        } else if bare(one.host) == bare(other.host) {
            Www
        } else if lookalike::skeleton(one.host) == lookalike::skeleton(other.host) {
            Lookalike
        } else {
            Host
        });
    }
    if one.port != other.port {
        push(Port);
    }
    if one.path != other.path {
        let bare = |path: &str| path.strip_suffix('/').unwrap_or(path).to_owned();
        push(if bare(one.path) == bare(other.path) {
            TrailingSlash
        } else if one.path.eq_ignore_ascii_case(other.path) {
            Case
        } else if decoded(one.path) == decoded(other.path) {
            Encoding
        } else if lookalike::skeleton(one.path) == lookalike::skeleton(other.path) {
            Lookalike
        } else {
            Path
        });
    }
    if one.query != other.query {
        push(Query);
    }
    if one.fragment != other.fragment {
        push(Fragment);
    }
    kinds
}

/// The text with percent-encoding taken off until nothing is left of it, at most three times.
fn decoded(text: &str) -> String {
    let mut text = text.to_owned();
    for _ in 0..3 {
        if !text.contains('%') {
            break;
        }
        text = decoded_once(&text);
    }
    text
}

fn decoded_once(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, behind @ ..] = rest {
        let digit = |at: usize| behind.get(at).and_then(|byte| char::from(*byte).to_digit(16));
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                rest = behind.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = behind;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::DifferenceKind::*;
    use super::*;

    fn check(sent: &str, registered: &str, at: usize, kinds: &[DifferenceKind]) {
        let difference = compare(sent, &[registered.to_owned()]).expect(sent);
        assert_eq!((difference.at, difference.kinds.as_slice()), (at, kinds), "{sent} against {registered}");
    }

    #[test]
    fn every_kind_of_difference_is_named_with_its_place() {
        let registered = "https://app.example/cb";
        check("http://app.example/cb", registered, 4, &[Scheme]);
        check("https://app.example/cb/", registered, 22, &[TrailingSlash]);
        check("https://app.example/CB", registered, 20, &[Case]);
        check("https://App.example/cb", registered, 8, &[Case]);
        check("https://www.app.example/cb", registered, 8, &[Www]);
        check("https://app.example:443/cb", registered, 19, &[Port]);
        check("https://api.example/cb", registered, 10, &[Host]);
        check("https://app.example/callback", registered, 21, &[Path]);
        check("https://app.example/cb?x=1", registered, 22, &[Query]);
        check("https://app.example/cb#", registered, 22, &[Fragment]);
        check("https://app.example/cb ", registered, 22, &[Invisible]);
        check("https://app.example/\u{200b}cb", registered, 20, &[Invisible]);
        check("https%3A%2F%2Fapp.example%2Fcb", registered, 5, &[Encoding]);
        check("https%253A%252F%252Fapp.example%252Fcb", registered, 5, &[Encoding]);
        check("https://\u{430}pp.example/cb", registered, 8, &[Lookalike]);
        check("https://app.example/c\u{2011}b", "https://app.example/c-b", 21, &[Lookalike]);
        check("http://localhost:3000/cb", "http://127.0.0.1:3000/cb", 7, &[Loopback]);
        check("http://localhost:3000/cb", "http://localhost:8080/cb", 17, &[Port]);
        check("http://app.example:8080/cb/", registered, 4, &[Scheme, Port, TrailingSlash]);
        check("com.example.app:/cb", "com.example.app://cb", 17, &[Host, Path]);
        check("https://app.example", "https://app.example/", 19, &[TrailingSlash]);
    }

    #[test]
    fn an_equal_one_is_found_among_several() {
        let registered = ["https://app.example/a".to_owned(), "https://app.example/b".to_owned()];
        assert_eq!(compare("https://app.example/b", &registered), None);
        assert_eq!(compare("https://app.example/b", &[]), None);
    }

    #[test]
    fn of_several_the_nearest_is_named() {
        let registered =
            ["https://other.example/login", "https://app.example/callback", "http://localhost:3000/callback"];
        let registered = registered.map(str::to_owned);
        let nearest = |sent: &str| compare(sent, &registered).unwrap().registered;
        assert_eq!(nearest("https://app.example/callback/"), registered[1]);
        assert_eq!(nearest("http://localhost:8080/callback"), registered[2]);
    }

    #[test]
    fn http_is_for_the_machine_itself() {
        assert!(is_insecure("http://app.example/cb"));
        for uri in [
            "https://app.example/cb",
            "http://localhost:3000/cb",
            "http://127.0.0.1/cb",
            "http://[::1]:1/cb",
            "app:/cb",
        ] {
            assert!(!is_insecure(uri), "{uri}");
        }
    }

    #[test]
    fn long_lists_of_long_texts_end_soon() {
        let registered: Vec<String> =
            (0..5000).map(|number| format!("https://app.example/{number}{}", "a".repeat(2000))).collect();
        let started = std::time::Instant::now();
        assert!(compare(&"b".repeat(1_000_000), &registered).is_some());
        assert!(started.elapsed().as_secs() < 10);
    }

    proptest::proptest! {
        /// Whatever differs has a place and a kind, and equal texts have neither.
        #[test]
        fn what_differs_has_a_kind(sent in "[a-cA:/.?#%20é\u{200b}-]{0,24}", registered in "[a-cA:/.?#%20é\u{200b}-]{0,24}") {
            match compare(&sent, std::slice::from_ref(&registered)) {
                None => proptest::prop_assert_eq!(&sent, &registered),
                Some(difference) => {
                    proptest::prop_assert!(!difference.kinds.is_empty());
                    proptest::prop_assert!(difference.at <= sent.chars().count());
                }
            }
        }
    }
}
