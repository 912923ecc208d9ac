//! Parameters of URLs and forms: `application/x-www-form-urlencoded`
//! ([URL Standard](https://url.spec.whatwg.org/#application/x-www-form-urlencoded)), in queries, fragments and bodies.

use crate::response_doctor::masking;

/// A parameter: its name and its value.
pub(super) type Parameter = (String, String);

/// More parameters than any request has.
const MOST: usize = 1000;

/// The parameters in the query and the fragment of a URL, decoded, in order.
pub fn of_url(url: &str) -> Vec<Parameter> {
    let (before, fragment) = url.split_once('#').unwrap_or((url, ""));
    let query = before.split_once('?').map_or("", |(_, query)| query);
    let mut parameters = of_form(query);
    // A page that routes by fragments has its own path in there: `#/callback?error=…`.
    let fragment = fragment.split_once('?').filter(|(path, _)| !path.contains('=')).map_or(fragment, |(_, rest)| rest);
    parameters.extend(of_form(fragment.trim_start_matches(['/', '!'])));
    parameters
}

/// The parameters of a form, decoded, in order.
pub fn of_form(form: &str) -> Vec<Parameter> {
    let pairs = form.split('&').filter(|pair| !pair.is_empty()).take(MOST);
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decoded(name), decoded(value))
        })
        .collect()
}

/// The first value of that name.
pub(super) fn value<'a>(parameters: &'a [Parameter], name: &str) -> Option<&'a str> {
    parameters.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
}

/// Empties the values of secrets.
pub(super) fn empty_secrets(parameters: &mut [Parameter]) {
    let is_error = parameters.iter().any(|(name, _)| name == "error");
    for (name, value) in parameters {
        if masking::is_secret_name(name) || (name == "code" && !is_error) {
            value.clear();
        }
    }
}

/// A URL whose parameters have no values where these are secret, nor a user name and a password. All else stays as it is.
pub(super) fn without_secrets(url: &str) -> String {
    let mut plain = String::with_capacity(url.len());
    let mut rest = url;
    if let Some((scheme, behind)) = crate::text::split_once(url, "://") {
        let host = behind.split(['/', '?', '#']).next().unwrap_or_default();
        plain.push_str(scheme);
        plain.push_str("://");
        rest = match host.rfind('@') {
            Some(at) => behind.get(at + 1..).unwrap_or_default(),
            None => behind,
        };
    }
    let is_error = crate::text::contains(url, "error=");
    while !rest.is_empty() {
        let end = rest.find(['?', '#', '&']).map_or(rest.len(), |at| at + 1);
        let (part, behind) = rest.split_at_checked(end).unwrap_or((rest, ""));
        rest = behind;
        let pair = part.strip_suffix(['?', '#', '&']).unwrap_or(part);
        match pair.split_once('=') {
            Some((name, value)) if masking::is_secret_name(&decoded(name)) || (name == "code" && !is_error) => {
                plain.push_str(name);
                plain.push('=');
                plain.push_str(part.get(name.len() + 1 + value.len()..).unwrap_or_default());
            }
            _ => plain.push_str(part),
        }
    }
    plain
}

/// A name or a value, percent-decoded; `+` is a space, and what is not UTF-8 is marked.
pub fn decoded(text: &str) -> String {
    if !text.contains(['%', '+']) {
        return text.to_owned();
    }
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digit = |place: usize| bytes.get(place).and_then(|byte| char::from(*byte).to_digit(16));
        match (byte, digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                plain.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                plain.push(if *byte == b'+' { b' ' } else { *byte });
                at += 1;
            }
        }
    }
    String::from_utf8_lossy(&plain).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_decoded_in_order() {
        let check = |url: &str, expected: &[(&str, &str)]| {
            let read = of_url(url);
            let read: Vec<(&str, &str)> = read.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            assert_eq!(read, expected, "{url}");
        };
        check("https://a.example/b?c=d+e&f=%C3%A9%zz#g=h", &[("c", "d e"), ("f", "é%zz"), ("g", "h")]);
        check("https://a.example/#/callback?error=x&state=", &[("error", "x"), ("state", "")]);
        check("com.okta.dev:/callback?error=x", &[("error", "x")]);
        check("https://a.example/b", &[]);
    }

    #[test]
    fn secrets_are_emptied_in_place() {
        let check = |url: &str, expected: &str| assert_eq!(without_secrets(url), expected, "{url}");
        check(
            "https://a.example/b?access_token=x&y=%20z#id_token=q",
            "https://a.example/b?access_token=&y=%20z#id_token=",
        );
        check("https://u:p@a.example/b?code=x", "https://a.example/b?code=");
        check("https://a.example/b?error=x&code=7", "https://a.example/b?error=x&code=7");
        check("/api/v1/users?q=a@b", "/api/v1/users?q=a@b");
    }
}
