//! Where the keys come from, and where those of the token's issuer are published.

use super::case::Case;
use super::words;
use crate::json::Value;

/// Where the keys at hand come from and where they should come from.
#[derive(Default)]
pub struct Origin {
    /// The address, or the issuer, of the keys at hand, where they were fetched.
    pub from: Option<String>,
    /// The address of the keys of the issuer that the token names, where that follows from its name.
    pub published: Option<String>,
    /// Whether the two are different servers.
    pub differs: bool,
    /// Whether the two servers are on one host.
    pub is_sibling: bool,
}

/// Compares the places of the keys with the issuer that the token names.
pub fn of(case: &Case) -> Origin {
    let issuer = case.subject.token.payload.as_ref().and_then(|payload| payload.string("iss"));
    let Some(issuer) = issuer else { return Origin::default() };
    let published = published(issuer);
    let fetched = case
        .subject
        .places
        .iter()
        .find(|place| !place.keys.is_empty() && (place.url.is_some() || place.issuer.is_some()));
    let Some(place) = fetched else { return Origin { published, ..Origin::default() } };
    let from = place.url.clone().or(place.issuer.clone());
    let same_issuer = place.issuer.as_deref().map(|known| known == issuer);
    let same_address = match (&place.url, &published) {
        (Some(url), Some(published)) => Some(without_slash(url) == without_slash(published)),
        _ => None,
    };
    let is_own = same_issuer.unwrap_or(false) || same_address.unwrap_or(false);
    let differs = !is_own && (same_issuer == Some(false) || same_address == Some(false));
    let is_sibling =
        differs && from.as_deref().is_some_and(|from| host(from) == host(published.as_deref().unwrap_or(issuer)));
    Origin { from, published, differs, is_sibling }
}

fn without_slash(url: &str) -> &str {
    url.strip_suffix('/').unwrap_or(url)
}

/// The host of an address, without what tells the administration's host from the organisation's.
fn host(url: &str) -> &str {
    let rest = url.strip_prefix("https://").unwrap_or(url);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// The address of an issuer's keys, by the table's patterns.
fn published(issuer: &str) -> Option<String> {
    if issuer.len() > 300 {
        return None;
    }
    words::rows("key-sets").iter().find_map(|row| {
        let mut texts = row.items().iter().filter_map(Value::as_str);
        let (pattern, address) = (texts.next()?, texts.next()?);
        let mut bound = Vec::new();
        matches(pattern, issuer, &mut bound).then(|| filled(address, &bound))
    })
}

/// Whether a text fits a pattern, in which `<name>` stands for one or more characters other than `/`.
fn matches<'a>(pattern: &'a str, text: &'a str, bound: &mut Vec<(&'a str, &'a str)>) -> bool {
    let Some((literal, rest)) = pattern.split_once('<') else { return pattern == text };
    let (Some(text), Some((name, rest))) = (text.strip_prefix(literal), rest.split_once('>')) else { return false };
    for (at, character) in text.char_indices() {
        if character == '/' {
            return false;
        }
        let Some((taken, left)) = text.split_at_checked(at + character.len_utf8()) else { return false };
        bound.push((name, taken));
        if matches(rest, left, bound) {
            return true;
        }
        bound.pop();
    }
    false
}

fn filled(address: &str, bound: &[(&str, &str)]) -> String {
    let mut filled = String::new();
    let mut rest = address;
    while let Some((literal, behind)) = rest.split_once('<') {
        filled.push_str(literal);
        let (name, behind) = behind.split_once('>').unwrap_or((behind, ""));
        filled.push_str(bound.iter().find(|(known, _)| *known == name).map_or("", |(_, text)| *text));
        rest = behind;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::published;

    #[test]
    fn the_address_of_the_keys_follows_from_the_issuer() {
        let check =
            |issuer: &str, expected: Option<&str>| assert_eq!(published(issuer).as_deref(), expected, "{issuer}");
        check("https://dev-1234.okta.com/oauth2/default", Some("https://dev-1234.okta.com/oauth2/default/v1/keys"));
        check("https://dev-1234.okta.com", Some("https://dev-1234.okta.com/oauth2/v1/keys"));
        check("https://id.app.example/oauth2/aus1", Some("https://id.app.example/oauth2/aus1/v1/keys"));
        check("https://id.app.example/realms/a", Some("https://id.app.example/realms/a/protocol/openid-connect/certs"));
        check("https://id.app.example", None);
    }
}
