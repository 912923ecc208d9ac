//! The token that was sent, and how it was written.

use super::{SentToken, embedded, parameters};
use crate::cors::evidence::command;
use crate::json::Value;
use crate::{sniff, text};

/// What stands in place of a token.
const TOKEN: &str = "…";

/// The schemes that send a token. Others are taken for a token's too, and are odd.
const SCHEMES: &[&str] = &["bearer", "dpop", "ssws"];

/// Schemes that send something else.
const OTHER_SCHEMES: &[&str] =
    &["basic", "digest", "negotiate", "ntlm", "aws4-hmac-sha256", "signature", "hoba", "mutual", "vapid", "hawk"];

/// What programs send where a variable has no value.
const NO_VALUES: &[&str] =
    &["undefined", "null", "none", "nil", "nan", "true", "false", "[object object]", "[object promise]"];

/// Names that people put in place of a token before they paste.
const STAND_INS: &[&str] =
    &["token", "access_token", "accesstoken", "my_token", "jwt", "redacted", "hidden", "secret", "removed"];

/// The token in a field of its own, in whatever it stands.
pub(super) fn of_field(field: &str) -> Option<SentToken> {
    let field = field.trim();
    if field.is_empty() {
        return None;
    }
    if let Some(token) = of_command(field).or_else(|| of_line(field)) {
        return Some(token);
    }
    if field.starts_with(['{', '[']) {
        return of_json(field);
    }
    let named = ["access_token=", "accessToken="].iter().find_map(|name| text::split_once(field, name));
    if let Some((_, value)) = named {
        let end = value
            .find(|one: char| one.is_whitespace() || matches!(one, '&' | ';' | '#' | '"' | '\'' | ','))
            .unwrap_or(value.len());
        return bare(&parameters::decoded(value.get(..end)?));
    }
    // Quotation marks around it are of the text that it was copied from.
    let inside = field.trim_end_matches([',', ';']).trim_matches(['"', '\'', '`', '“', '”', '‘', '’']).trim();
    let first = inside.split_whitespace().next().unwrap_or_default();
    let has_scheme = SCHEMES.iter().chain(OTHER_SCHEMES).chain(&["token", "jwt"]).any(|scheme| {
        let word = first.trim_end_matches([':', ',']);
        word.eq_ignore_ascii_case(scheme) || text::contains(&first.to_ascii_lowercase(), &[scheme, "%20"].concat())
    });
    if has_scheme { of_value(inside) } else { bare(inside) }
}

/// The token in the value of an `Authorization` header; `None` where it sends something else.
pub(super) fn of_value(value: &str) -> Option<SentToken> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    let mut rest = value;
    let mut written = String::new();
    let skip = |rest: &mut &str, written: &mut String, characters: &[char]| {
        let next = rest.trim_start_matches(characters);
        written.push_str(rest.get(..rest.len() - next.len()).unwrap_or_default());
        *rest = next;
    };
    skip(&mut rest, &mut written, &['"', '\'', ' ']);
    let mut scheme = String::new();
    while let Some((word, end)) = scheme_word(rest, scheme.is_empty()) {
        if OTHER_SCHEMES.iter().any(|other| other.eq_ignore_ascii_case(word)) {
            return None;
        }
        if scheme.is_empty() {
            scheme = word.to_owned();
        }
        written.push_str(rest.get(..end)?);
        rest = rest.get(end..)?;
    }
    skip(&mut rest, &mut written, &['"', '\'', ' ', '<', '“', '‘']);
    let core = rest.trim_end_matches(['"', '\'', ' ', '>', ',', ';', '”', '’']);
    let behind = rest.get(core.len()..)?;
    if core.is_empty() {
        return Some(SentToken { text: String::new(), scheme, written: Some(value.to_owned()) });
    }
    if is_unfilled(core) {
        return Some(SentToken { text: String::new(), scheme, written: Some(value.to_owned()) });
    }
    if is_stand_in(rest) || is_stand_in(core) {
        return Some(SentToken { text: String::new(), scheme, written: None });
    }
    let mut token = String::new();
    let mut left = core;
    loop {
        let (piece, between, next) = piece(left);
        token.push_str(piece);
        if !piece.is_empty() {
            written.push_str(TOKEN);
        }
        written.push_str(between);
        if next.is_empty() {
            break;
        }
        left = next;
    }
    written.push_str(behind);
    let usual = SCHEMES.iter().any(|known| known.eq_ignore_ascii_case(&scheme));
    let is_usual = usual && written == [scheme.as_str(), " ", TOKEN].concat();
    Some(SentToken { text: token, scheme, written: (!is_usual).then_some(written) })
}

/// The token in the query or the form of a request.
pub(super) fn of_parameters(parameters: &[parameters::Parameter]) -> Option<SentToken> {
    let token = parameters::value(parameters, "access_token").filter(|token| !token.is_empty())?;
    Some(SentToken { text: token.to_owned(), ..SentToken::default() })
}

/// The word of a scheme at the beginning, and where the token may begin behind it.
fn scheme_word(rest: &str, first: bool) -> Option<(&str, usize)> {
    let length = rest.find(|one: char| !(one.is_ascii_alphanumeric() || one == '-')).unwrap_or(rest.len());
    let word = rest.get(..length)?;
    let known = SCHEMES.iter().chain(OTHER_SCHEMES).any(|scheme| scheme.eq_ignore_ascii_case(word));
    let behind = rest.get(length..)?;
    let marks = behind.len() - behind.trim_start_matches([':', ',', '=']).len();
    let spaced = behind.get(marks..)?;
    let mut spaces = spaced.len() - spaced.trim_start().len();
    if known && spaces == 0 && spaced.starts_with("%20") {
        spaces = 3;
    }
    // Another scheme is one by what stands behind it; a token is no word.
    let other = first && spaces > 0 && length <= 16 && word.starts_with(|one: char| one.is_ascii_alphabetic());
    let ends = spaces > 0 || spaced.is_empty() || marks > 0;
    ((known && ends) || other).then_some((word, length + marks + spaces))
}

/// A piece of a token, what breaks it there, and what follows.
fn piece(text: &str) -> (&str, &str, &str) {
    let breaks = |at: usize| {
        let rest = text.get(at..).unwrap_or_default();
        let white = rest.len() - rest.trim_start().len();
        let escaped =
            ["\\r\\n", "\\n", "\\r", "%0D%0A", "%0A", "%0a", "%20"].iter().find(|escape| rest.starts_with(**escape));
        if white > 0 { white } else { escaped.map_or(0, |escape| escape.len()) }
    };
    let found =
        text.char_indices().filter(|(_, one)| one.is_whitespace() || matches!(one, '\\' | '%')).find_map(|(at, _)| {
            let length = breaks(at);
            (length > 0).then_some((at, length))
        });
    let Some((at, length)) = found else { return (text, "", "") };
    let part = |from: usize, to: usize| text.get(from..to).unwrap_or_default();
    (part(0, at), part(at, at + length), part(at + length, text.len()))
}

/// Whether this is what is sent where a variable was not filled in.
fn is_unfilled(core: &str) -> bool {
    let lower = core.to_ascii_lowercase();
    let lower = lower.trim_end_matches(']');
    NO_VALUES.iter().any(|word| word.trim_end_matches(']') == lower)
        || core.starts_with("{{")
        || core.starts_with('$')
        || core.starts_with("<%")
        || (core.len() > 2 && core.len() < 64 && core.starts_with('%') && core.ends_with('%'))
}

/// Whether somebody put this in place of a token before pasting.
fn is_stand_in(core: &str) -> bool {
    let word = core.trim_matches(['<', '>', '[', ']', '{', '}', '(', ')', '*', ' ']);
    let lower = word.get(..word.len().min(64)).unwrap_or_default().to_ascii_lowercase();
    let joined = text::replace(&text::replace(&lower, "-", "_"), " ", "_");
    let wrapped = core.starts_with(['<', '[', '{']) && core.ends_with(['>', ']', '}']) && !word.contains('.');
    core.contains('…')
        || text::contains(core, "...")
        || text::contains(core, "***")
        || wrapped
        || joined.starts_with("your_")
        || joined.starts_with("xxx")
        || STAND_INS.contains(&joined.as_str())
        || word.is_empty()
}

/// A token alone. Where it is wrapped, its pieces are put together.
fn bare(value: &str) -> Option<SentToken> {
    if value.is_empty() || is_stand_in(value) {
        return None;
    }
    if is_unfilled(value) {
        return Some(SentToken { written: Some(value.to_owned()), ..SentToken::default() });
    }
    let sniffed = sniff::sniff(value);
    if let Some(found) = sniffed.candidates.first() {
        return Some(SentToken { text: found.text(value), ..SentToken::default() });
    }
    let joined: String = value.split_whitespace().collect();
    Some(SentToken { text: joined, ..SentToken::default() })
}

/// The header of a command.
fn of_command(field: &str) -> Option<SentToken> {
    let sent = match command::fetch(field) {
        Some(fetch) => fetch.sent,
        None => command::commands(field).pop()?.sent,
    };
    sent.combined("authorization").and_then(|value| of_value(&value))
}

/// A header line, in the notation of HTTP, of JSON, or of a program.
fn of_line(field: &str) -> Option<SentToken> {
    let name = "authorization";
    let places = field.char_indices().filter(|(_, one)| matches!(one, 'a' | 'A')).map(|(at, _)| at);
    for at in places.take(1 << 16) {
        let is_name = field.get(at..at + name.len()).is_some_and(|word| word.eq_ignore_ascii_case(name));
        let in_word = field.get(..at)?.ends_with(|one: char| one.is_ascii_alphanumeric() || matches!(one, '-' | '_'));
        if !is_name || in_word {
            continue;
        }
        let behind = field.get(at + name.len()..)?;
        let after_name = behind.strip_prefix(['"', '\'']).unwrap_or(behind).trim_start();
        let Some(value) = after_name.strip_prefix([':', '=']) else { continue };
        let value = value.trim_start();
        // The quotation marks of the notation are no part of the value.
        let opened = field.get(..at)?.chars().next_back().filter(|one| matches!(one, '"' | '\''));
        let quoted = behind.starts_with(['"', '\'']).then(|| value.chars().next()).flatten();
        let (value, end) = match (quoted.filter(|one| matches!(one, '"' | '\'')), opened) {
            (Some(mark), _) => (value.get(1..)?, mark),
            (None, Some(mark)) if !behind.starts_with(mark) => (value, mark),
            _ => (value, '\n'),
        };
        return of_value(value.split([end, '\n']).next().unwrap_or_default());
    }
    None
}

/// A token response, or any JSON that has a token.
fn of_json(field: &str) -> Option<SentToken> {
    let document = embedded::read(field)?;
    let root = document.root.as_ref()?;
    let token = ["access_token", "accessToken", "token", "id_token", "idToken"]
        .iter()
        .find_map(|name| find(root, name, 4).and_then(Value::as_str).filter(|token| !token.is_empty()));
    match token {
        Some(token) => Some(SentToken {
            text: token.to_owned(),
            scheme: find(root, "token_type", 4).and_then(Value::as_str).unwrap_or_default().to_owned(),
            written: None,
        }),
        None => {
            let sniffed = sniff::sniff(field);
            let found = sniffed.candidates.first()?;
            Some(SentToken { text: found.text(field), ..SentToken::default() })
        }
    }
}

fn find<'a>(value: &'a Value, name: &str, depth: usize) -> Option<&'a Value> {
    let own = value.member(name);
    if own.is_some() || depth == 0 {
        return own;
    }
    let inside = |value| find(value, name, depth - 1);
    value
        .members()
        .iter()
        .map(|member| &member.value)
        .find_map(inside)
        .or_else(|| value.items().iter().find_map(inside))
}

#[cfg(test)]
mod tests {
    use super::*;

    const JWT: &str = "eyJhbGciOiJub25lIn0.e30.c2ln";

    fn check(value: &str, text: &str, scheme: &str, written: Option<&str>) {
        let expected =
            SentToken { text: text.to_owned(), scheme: scheme.to_owned(), written: written.map(str::to_owned) };
        assert_eq!(of_value(&value.replace("JWT", JWT)), Some(expected), "{value}");
    }

    #[test]
    fn usual_values_are_not_odd() {
        check("Bearer JWT", JWT, "Bearer", None);
        check("bearer JWT", JWT, "bearer", None);
        check("DPoP JWT", JWT, "DPoP", None);
        check("SSWS 00abc", "00abc", "SSWS", None);
        check("Bearer <token>", "", "Bearer", None);
        check("Bearer eyJhbGciOi...", "", "Bearer", None);
        check("Bearer YOUR_ACCESS_TOKEN", "", "Bearer", None);
        check("Bearer [access token 1]", "", "Bearer", None);
        assert_eq!(of_value("Basic abc"), None);
    }

    #[test]
    fn odd_values_are_shown_around_the_token() {
        check("Bearer Bearer JWT", JWT, "Bearer", Some("Bearer Bearer …"));
        check("Bearer: JWT", JWT, "Bearer", Some("Bearer: …"));
        check("\"Bearer JWT\"", JWT, "Bearer", Some("\"Bearer …\""));
        check("Bearer \"JWT\"", JWT, "Bearer", Some("Bearer \"…\""));
        check("Bearer  JWT", JWT, "Bearer", Some("Bearer  …"));
        check("Bearer%20JWT", JWT, "Bearer", Some("Bearer%20…"));
        check("Bearer JWT\\n", JWT, "Bearer", Some("Bearer …\\n"));
        check("Bearer a1b2\nc3d4", "a1b2c3d4", "Bearer", Some("Bearer …\n…"));
        check("Token JWT", JWT, "Token", Some("Token …"));
        check("JWT", JWT, "", Some("…"));
        check("Bearer <JWT>", JWT, "Bearer", Some("Bearer <…>"));
        check("Bearer", "", "Bearer", Some("Bearer"));
        check("Bearer undefined", "", "Bearer", Some("Bearer undefined"));
        check("Bearer [object Object]", "", "Bearer", Some("Bearer [object Object]"));
        check("Bearer null", "", "Bearer", Some("Bearer null"));
        check("Bearer {{token}}", "", "Bearer", Some("Bearer {{token}}"));
        check("Bearer $TOKEN", "", "Bearer", Some("Bearer $TOKEN"));
    }

    #[test]
    fn a_field_may_hold_a_token_in_anything() {
        let check = |field: &str, text: &str, scheme: &str, written: Option<&str>| {
            let expected =
                SentToken { text: text.to_owned(), scheme: scheme.to_owned(), written: written.map(str::to_owned) };
            assert_eq!(of_field(&field.replace("JWT", JWT)), Some(expected), "{field}");
        };
        check("JWT", JWT, "", None);
        check("\"JWT\",", JWT, "", None);
        check("Bearer JWT", JWT, "Bearer", None);
        check("Bearer Bearer JWT", JWT, "Bearer", Some("Bearer Bearer …"));
        check("Authorization: Bearer JWT", JWT, "Bearer", None);
        check("authorization: JWT", JWT, "", Some("…"));
        check("\"Authorization\": \"Bearer JWT\",", JWT, "Bearer", None);
        check("-H 'Authorization: DPoP JWT' \\", JWT, "DPoP", None);
        check("curl https://a.example -H 'Authorization: Bearer JWT'", JWT, "Bearer", None);
        check("{\"token_type\":\"Bearer\",\"access_token\":\"JWT\",\"expires_in\":3600}", JWT, "Bearer", None);
        check("Cookie: a=b; access_token=JWT; c=d", JWT, "", None);
        check("sid=1; id=JWT", JWT, "", None);
        check("00aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789abcd", "00aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789abcd", "", None);
        check("eyJhbGciOiJub25lIn0.\ne30.c2ln", JWT, "", None);
        assert_eq!(of_field("  "), None);
    }
}
