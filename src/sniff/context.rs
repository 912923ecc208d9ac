//! What a token was found in, and what the text around it calls it.

use std::ops::Range;

use super::Candidate;
use crate::report::{InputKind, TokenName};
use crate::text;

/// How far around a token is looked for what it stands in, in bytes. A text of many tokens is read in time because of it.
const NEAR: usize = 1024;

/// Longer addresses are not known as such.
const LONGEST_ADDRESS: usize = 1 << 16;

/// What a text is, by its shape alone; [`InputKind::Text`] when it has none of the known ones.
pub fn of(text: &str) -> InputKind {
    let trimmed = text.trim_start_matches(['$', '%', '>', ' ', '\t', '\r', '\n']);
    if starts_with_word(trimmed, "curl") {
        return InputKind::Curl;
    }
    if trimmed.starts_with('{')
        && ["access_token", "id_token", "refresh_token"].iter().any(|name| text::contains(trimmed, name))
    {
        return InputKind::TokenResponse;
    }
    let is_url = trimmed.starts_with("https://") || trimmed.starts_with("http://");
    if is_url && text::contains(trimmed, "jwt.io/") && text::contains(trimmed, "token=") {
        return InputKind::JwtIoLink;
    }
    let is_url = is_url
        || text::split_once(trimmed, "://")
            .is_some_and(|(scheme, _)| scheme.len() < 40 && !scheme.contains(char::is_whitespace));
    if (is_url && trimmed.contains(['#', '?']))
        || trimmed.starts_with("#access_token=")
        || trimmed.starts_with("#id_token=")
    {
        return InputKind::CallbackUrl;
    }
    InputKind::Text
}

/// What a token was found in: the text's own shape, or else what stands right before the token.
pub fn around(text: &str, pieces: &[Range<usize>], context: InputKind) -> InputKind {
    if context != InputKind::Text {
        return context;
    }
    let start = pieces.first().map_or(0, |piece| piece.start);
    let end = pieces.last().map_or(0, |piece| piece.end);
    let before = text.get(..start).unwrap_or_default();
    let quotes = |character: char| {
        character.is_whitespace() || matches!(character, '"' | '\'' | '`' | '“' | '”' | '‘' | '’' | '\u{feff}')
    };
    let after = text.get(end..).unwrap_or_default();
    if before.len() <= NEAR
        && after.len() <= NEAR
        && before.chars().all(quotes)
        && after.chars().all(|character| quotes(character) || matches!(character, ',' | ';'))
    {
        return InputKind::Bare;
    }
    let line = last_bytes(before, NEAR).rsplit('\n').next().unwrap_or_default().to_ascii_lowercase();
    let line = text::replace(&line, "%20", " ");
    let scheme = line.trim_end_matches(|character: char| quotes(character));
    let has_scheme = scheme.ends_with("bearer") || scheme.ends_with("dpop");
    if text::contains(&line, "authorization") && (has_scheme || scheme.ends_with(':')) {
        return InputKind::AuthorizationHeader;
    }
    if has_scheme {
        return InputKind::Bearer;
    }
    InputKind::Text
}

/// What the text before a token calls it: `"id_token": "` in JSON, `access_token=` in a URL or a form.
pub fn name_before(text: &str, start: usize) -> Option<TokenName> {
    let quotes = ['"', '\'', '`', ' ', '\\', '\t', '\n', '\r'];
    let before = text.get(..start)?.trim_end_matches(quotes);
    let before = before.strip_suffix([':', '='])?.trim_end_matches(quotes);
    let name_start =
        before.rfind(|character: char| !character.is_ascii_alphanumeric() && character != '_' && character != '-');
    let name = before.get(
        name_start
            .map_or(0, |at| at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8))..,
    )?;
    named(name)
}

/// The token that goes by this name in JSON, in URLs and in the storage of the usual client libraries.
pub fn named(name: &str) -> Option<TokenName> {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    match plain.as_str() {
        "accesstoken" => Some(TokenName::AccessToken),
        "idtoken" | "idtokenhint" => Some(TokenName::IdToken),
        "refreshtoken" => Some(TokenName::RefreshToken),
        _ => None,
    }
}

/// The parameter that a token stands in when that is in the query of a URL, where every server on the way writes it into
/// its log.
pub fn in_query<'a>(text: &'a str, candidate: &Candidate) -> Option<&'a str> {
    let start = candidate.pieces.first().map_or(0, |piece| piece.start);
    let before = last_bytes(text.get(..start).unwrap_or_default(), LONGEST_ADDRESS);
    let word = before
        .rsplit(|character: char| character.is_whitespace() || matches!(character, '"' | '\'' | '`' | '<' | '('))
        .next()
        .unwrap_or_default();
    let (_, address) = text::split_once(word, "://")?;
    if address.contains('#') || !address.contains('?') {
        return None;
    }
    address.strip_suffix('=')?.rsplit(['?', '&']).next()
}

/// The end of a text, of at most that many bytes.
fn last_bytes(text: &str, most: usize) -> &str {
    let mut start = text.len().saturating_sub(most);
    while !text.is_char_boundary(start) {
        start += 1;
    }
    text.get(start..).unwrap_or_default()
}

fn starts_with_word(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
        && text.get(word.len()..).is_some_and(|rest| rest.starts_with([' ', '\t', '.']))
}
