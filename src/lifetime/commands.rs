//! The commands that ask an issuer about its token. A hostile issuer stays one word of the shell, and neither the token
//! nor a secret stands in a command: both are asked for when it runs.

use super::Command;
use super::table::{self, Case, text};
use crate::discovery::{Guard, public_url};
use crate::finding::{Code, Finding};
use crate::json::Value;
use crate::messages::fill;
use crate::provider::Revocation;
use crate::report::TokenKind;
use crate::response_doctor::explanation::shell::{filled, quoted};
use crate::why::Subject;

/// Longer values are none that an authorization server gives its clients.
const LONGEST_CLIENT: usize = 200;

/// The issuer that may be asked: the token's own where it is the expected one or none is expected; of an opaque token the
/// only one that is expected. Client credentials follow the token to that address, so where the token names another
/// issuer than the expected ones there is none. https alone, without query and fragment.
pub(super) fn issuer(subject: &Subject) -> Option<String> {
    let expected = &subject.options.expectations.issuers;
    let claimed = subject.token.payload.as_ref().and_then(|payload| payload.string("iss"));
    let issuer = match (claimed, expected.as_slice()) {
        (Some(claimed), []) => claimed,
        (Some(claimed), expected) => expected.iter().find(|issuer| *issuer == claimed)?,
        (None, [only]) if subject.token.kind == TokenKind::Opaque => only,
        _ => return None,
    };
    let url = public_url(issuer, &Guard::default()).ok()?;
    let is_secure = url.as_str().starts_with("https://") && !url.has_query();
    is_secure.then(|| issuer.to_owned())
}

/// The token's own issuer, where another one is expected.
pub(super) fn foreign<'a>(subject: &Subject<'a>) -> Option<&'a str> {
    let expected = &subject.options.expectations.issuers;
    let claimed = subject.token.payload.as_ref()?.string("iss")?;
    (!expected.is_empty() && !expected.iter().any(|issuer| issuer == claimed)).then_some(claimed)
}

/// The commands for a token; none without an issuer that may be asked, and none for a kind that no issuer answers about.
pub(super) fn commands(case: &Case, revocation: &Revocation) -> Vec<Command> {
    let Some(issuer) = issuer(case.subject) else { return Vec::new() };
    let hint = case.first("hints").and_then(|row| text(row, "hint"));
    let base = issuer.strip_suffix('/').unwrap_or(&issuer);
    let mut commands = Vec::new();
    if let Some(hint) = hint {
        let name = match &revocation.introspection {
            Some(_) if signs_in_by_assertion(case) => Some("introspect-assertion"),
            Some(_) => Some("introspect"),
            // Of a provider that is known it is known, too, that it has none.
            None if case.provider.is_none() => Some("introspect-metadata"),
            None => None,
        };
        let values = [
            ("client", quoted(client(case).unwrap_or(table::word("client")))),
            ("hint", Some(hint.to_owned())),
            ("introspection", revocation.introspection.as_deref().and_then(quoted)),
            ("discovery", quoted(&[base, "/.well-known/openid-configuration"].concat())),
        ];
        commands.extend(name.and_then(|name| command(case, name, "introspect", &values, &issuer)));
    }
    if hint == Some("access_token") && is_for_user_info(case.subject) {
        let values = [("userinfo", revocation.userinfo.as_deref().and_then(quoted))];
        commands.extend(command(case, "userinfo", "userinfo", &values, &issuer));
    }
    commands
}

/// The command of that name with its values; `None` where one of them is not known.
fn command(
    case: &Case,
    name: &str,
    key: &'static str,
    values: &[(&'static str, Option<String>)],
    issuer: &str,
) -> Option<Command> {
    let row = table::command(name)?;
    let values: Vec<(&'static str, String)> =
        values.iter().filter_map(|(name, value)| Some((*name, value.clone()?))).collect();
    let mut lines = Vec::new();
    for line in row.member("text").map(Value::items).unwrap_or_default().iter().filter_map(Value::as_str) {
        lines.push(filled(line, &values)?);
    }
    let text = lines.join("\n");
    let facts = Finding::info(Code(""), "").text("host", host(&text, issuer));
    let words = |template: &str| fill(template, &facts, case.subject.now);
    let mut note = words(table::text(row, "note").unwrap_or_default());
    if case.subject.options.expectations.issuers.is_empty() {
        note.push_text(" ");
        note.append(words(table::word("trust")));
    }
    Some(Command { key, title: words(table::text(row, "title").unwrap_or_default()), text, note })
}

/// The host that a command asks.
fn host(command: &str, issuer: &str) -> String {
    let behind = |text: &str| {
        let (_, rest) = crate::text::split_once(text, "https://")?;
        rest.split(['/', '\'', ' ']).next().map(str::to_owned)
    };
    behind(command).or_else(|| behind(issuer)).unwrap_or_default()
}

/// The client that the token was issued to, where that one is to ask and its id is a plain one: behind a colon curl would
/// read a password. Elsewhere the API asks, as a client of its own.
fn client<'a>(case: &Case<'a>) -> Option<&'a str> {
    let payload = case.subject.token.payload.as_ref().filter(|_| case.first("clients").is_some())?;
    let client = ["cid", "client_id", "azp", "appid"].into_iter().find_map(|name| payload.string(name))?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    let fits = !client.is_empty() && client.len() <= LONGEST_CLIENT && !client.starts_with('-');
    (fits && client.bytes().all(is_plain)).then_some(client)
}

/// Whether it is a token of a client without a user, from a server where such a client can't sign in with a secret.
fn signs_in_by_assertion(case: &Case) -> bool {
    let payload = case.subject.token.payload.as_ref();
    let text = |name: &str| payload.and_then(|payload| payload.string(name));
    case.first("assertions").is_some() && text("cid").is_some() && text("cid") == text("sub")
}

/// Whether a user info endpoint takes the token: it was given for a sign-in, and is bound to no key.
fn is_for_user_info(subject: &Subject) -> bool {
    let Some(payload) = subject.token.payload.as_ref() else { return true };
    let is_open_id = |value: &Value| match value.as_str() {
        Some(scopes) => scopes.split(' ').any(|scope| scope == "openid"),
        None => value.items().iter().any(|scope| scope.as_str() == Some("openid")),
    };
    let scopes = ["scp", "scope"].into_iter().filter_map(|name| payload.member(name));
    payload.member("cnf").is_none() && scopes.into_iter().any(is_open_id)
}
