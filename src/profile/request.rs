//! The request that a DPoP proof was sent with, where the pasted text has it: its method and its URL
//! ([RFC 9449 §4.3](https://www.rfc-editor.org/rfc/rfc9449#section-4.3)).

use super::scene::{Found, Scene};
use super::shape::{Fault, Outcome};
use crate::cors::evidence::{answers, command};
use crate::http::Headers;
use crate::http::text;

/// A request that was sent with a proof.
struct Request {
    method: String,
    url: String,
    /// Whether the text shows the scheme. Below a request line there is only `Host`.
    has_scheme: bool,
}

/// Longer texts are not looked through for requests.
const LONGEST: usize = 1 << 18;

/// A method that was found right by itself, beside the one of the request.
pub(super) fn method(scene: &Scene, found: &Found) -> Outcome {
    let Some(request) = request(scene).filter(|request| !request.method.is_empty()) else {
        return Outcome::Met(vec![found.raw()]);
    };
    if found.value.as_str() == Some(request.method.as_str()) {
        return Outcome::Met(vec![request.method]);
    }
    Outcome::Broken(Fault::new("value", vec![found.raw()], found.pointer.clone()).against("request", request.method))
}

/// A URL that was found right by itself, beside the one of the request.
pub(super) fn address(scene: &Scene, found: &Found) -> Outcome {
    let Some(request) = request(scene) else { return Outcome::Met(vec![found.raw()]) };
    let own = found.value.as_str().map(normal);
    let (own, sent) = (own.unwrap_or_default(), normal(&request.url));
    let behind_scheme = |url: &str| url.split_once(':').map_or(String::new(), |(_, rest)| rest.to_owned());
    // What is no absolute URL, or has another port for another scheme, proves nothing.
    let same = match request.has_scheme {
        true => own == sent,
        false => behind_scheme(&own) == behind_scheme(&sent),
    };
    if same || sent.is_empty() {
        return Outcome::Met(vec![found.raw()]);
    }
    let url = request.url.split(['?', '#']).next().unwrap_or_default().to_owned();
    Outcome::Broken(Fault::new("value", vec![found.raw()], found.pointer.clone()).against("request", url))
}

/// The one request of the text whose header `DPoP` is this token. Of several, nothing is said.
fn request(scene: &Scene) -> Option<Request> {
    let whole = scene.subject.text;
    let proof = scene.subject.token.text.as_str();
    if whole.len() > LONGEST || whole.trim().len() == proof.len() {
        return None;
    }
    let is_sent = |headers: &Headers| headers.combined("DPoP").is_some_and(|value| value.trim() == proof);
    let mut requests = Vec::new();
    for command in command::commands(whole).into_iter().filter(|command| is_sent(&command.sent)) {
        requests.push(Request { method: command.request.method, url: command.request.url, has_scheme: true });
    }
    if requests.is_empty() {
        let heads = text::messages(whole);
        for head in heads.into_iter().filter(|head| !head.is_response() && is_sent(&head.headers)) {
            let text::Start::Request { method, target } = &head.start else { continue };
            let Some(url) = answers::url_of(&head, "https", None) else { continue };
            requests.push(Request { method: method.clone(), has_scheme: !target.starts_with('/'), url });
        }
    }
    let request = requests.pop()?;
    requests.is_empty().then_some(request).filter(|request| crate::text::contains(&request.url, "://"))
}

/// A URL without query and fragment, with the differences taken out that make no other address: upper case in scheme and
/// host, the scheme's own port, an empty path ([RFC 3986 §6.2](https://www.rfc-editor.org/rfc/rfc3986#section-6.2)), and escapes of
/// characters that need none. Empty for what is none.
fn normal(url: &str) -> String {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    let Some((scheme, rest)) = crate::text::split_once(url, "://") else { return String::new() };
    let scheme = scheme.to_ascii_lowercase();
    let end = rest.find('/').unwrap_or(rest.len());
    let (host, path) = rest.split_at_checked(end).unwrap_or((rest, ""));
    let mut host = host.to_ascii_lowercase();
    let port = if scheme == "https" { ":443" } else { ":80" };
    if let Some(without) = host.strip_suffix(port).or(host.strip_suffix(':')) {
        host = without.to_owned();
    }
    let mut normal = [scheme.as_str(), "://", host.as_str()].concat();
    let mut steps: Vec<String> = Vec::new();
    let mut last = "";
    for step in path.split('/').skip(1) {
        last = step;
        match step {
            "." => {}
            ".." => drop(steps.pop()),
            step => steps.push(unescaped(step)),
        }
    }
    if matches!(last, "." | "..") || steps.is_empty() {
        steps.push(String::new());
    }
    for step in steps {
        normal.push('/');
        normal.push_str(&step);
    }
    normal
}

/// Escapes of what needs none are undone, and the others written in capitals.
fn unescaped(step: &str) -> String {
    let mut unescaped = String::with_capacity(step.len());
    let mut rest = step.chars();
    while let Some(character) = rest.next() {
        let mut ahead = rest.clone();
        let digits = (ahead.next().filter(char::is_ascii_hexdigit), ahead.next().filter(char::is_ascii_hexdigit));
        match (character, digits) {
            ('%', (Some(high), Some(low))) => {
                rest = ahead;
                let code = high.to_digit(16).unwrap_or(0) * 16 + low.to_digit(16).unwrap_or(0);
                match char::from_u32(code) {
                    Some(one) if one.is_ascii_alphanumeric() || matches!(one, '-' | '.' | '_' | '~') => {
                        unescaped.push(one);
                    }
                    _ => unescaped.extend(['%', high.to_ascii_uppercase(), low.to_ascii_uppercase()]),
                }
            }
            _ => unescaped.push(character),
        }
    }
    unescaped
}

#[cfg(test)]
mod tests {
    use super::normal;

    fn check(one: &str, other: &str, expected: bool) {
        assert_eq!(normal(one) == normal(other), expected, "{one} {other}");
    }

    #[test]
    fn addresses_that_are_the_same_are_taken_for_the_same() {
        check("https://api.example", "HTTPS://API.example:443/?a=1#b", true);
        check("http://api.example:80/a", "http://api.example/a", true);
        check("https://api.example/%7ea/./b/../c", "https://api.example/~a/c", true);
        check("https://api.example/a%2fb", "https://api.example/a%2Fb", true);
        check("https://api.example/a%2fb", "https://api.example/a/b", false);
        check("https://api.example/a", "https://api.example/A", false);
        check("https://api.example/a", "https://api.example/a/", false);
        check("https://api.example/a", "http://api.example/a", false);
        check("https://api.example:8443/a", "https://api.example/a", false);
        assert_eq!((normal("/a"), normal("")), (String::new(), String::new()));
    }
}
