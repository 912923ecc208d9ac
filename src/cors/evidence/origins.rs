//! Lists of trusted origins: as Okta's API returns them, or as lines.

use crate::cors::evidence::TrustedOrigin;
use crate::cors::url;
use crate::http::text::Message;
use crate::json::{self, Document, Kind, Value};

/// The list in a JSON text: an array, or a single entry.
pub(super) fn of_json(document: &Document) -> Option<Vec<TrustedOrigin>> {
    let root = document.root.as_ref()?;
    let entries: Vec<TrustedOrigin> = match &root.kind {
        Kind::Array(items) => items.iter().filter_map(entry).collect(),
        Kind::Object(_) => entry(root).into_iter().collect(),
        _ => Vec::new(),
    };
    (!entries.is_empty()).then_some(entries)
}

/// The list in the body of an answer.
pub(super) fn of_bodies(text: &str, messages: &[Message]) -> Option<Vec<TrustedOrigin>> {
    messages.iter().rev().filter(|message| message.is_response()).find_map(|message| {
        let body = text.get(message.body.clone())?.trim_start();
        let json = body.starts_with(['{', '[']).then(|| json::read(body.as_bytes().to_vec()))?;
        of_json(&json)
    })
}

/// An entry as the [Trusted Origins API](https://developer.okta.com/docs/api/openapi/okta-management/management/tag/TrustedOrigin/)
/// returns it.
fn entry(value: &Value) -> Option<TrustedOrigin> {
    let text = |name: &str| value.member(name).and_then(Value::as_str);
    let origin = text("origin")?;
    let scopes = value.member("scopes");
    let status = text("status");
    // An exchange has an origin too.
    if (scopes.is_none() && status.is_none()) || value.member("request").is_some() {
        return None;
    }
    let has = |wanted: &str| {
        scopes.map(|scopes| {
            scopes.items().iter().any(|scope| {
                let name = scope.as_str().or_else(|| scope.member("type").and_then(Value::as_str));
                name.is_some_and(|name| name.eq_ignore_ascii_case(wanted))
            })
        })
    };
    Some(TrustedOrigin {
        name: text("name").map(str::to_owned),
        origin: origin.to_owned(),
        cors: has("CORS"),
        redirect: has("REDIRECT"),
        active: status.map(|status| status.eq_ignore_ascii_case("ACTIVE")),
    })
}

/// The list as lines: an origin each, or the columns of a table, separated by tabs. `None` when a line is something else.
pub(super) fn of_lines(text: &str) -> Option<Vec<TrustedOrigin>> {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let entries = lines.iter().map(|line| line_entry(line)).collect::<Option<Vec<TrustedOrigin>>>()?;
    // A URL by itself is a list only when it is an origin.
    let single = entries.len() == 1 && !lines.first().is_some_and(|line| line.contains('\t'));
    let is_origin = |entry: &TrustedOrigin| {
        let rest = crate::text::split_once(&entry.origin, "://").map_or("", |(_, rest)| rest);
        !rest.trim_end_matches('/').contains(['/', '?', '#'])
    };
    (!entries.is_empty() && (!single || entries.iter().all(is_origin))).then_some(entries)
}

fn line_entry(line: &str) -> Option<TrustedOrigin> {
    let columns: Vec<&str> = line.split('\t').map(str::trim).filter(|column| !column.is_empty()).collect();
    let position = columns.iter().position(|column| origin_column(column).is_some())?;
    let origin = columns.get(position).and_then(|column| origin_column(column))?;
    let others = || columns.iter().enumerate().filter(|(at, _)| *at != position).map(|(_, column)| *column);
    let word = |wanted: &str| {
        others().any(|column| column.split([',', ' ', '/']).any(|word| word.eq_ignore_ascii_case(wanted)))
    };
    let scopes = word("CORS") || word("Redirect");
    let name = others().next().filter(|_| position > 0);
    Some(TrustedOrigin {
        name: name.map(str::to_owned),
        origin: origin.to_owned(),
        cors: scopes.then(|| word("CORS")),
        redirect: scopes.then(|| word("Redirect")),
        active: if word("Inactive") { Some(false) } else { word("Active").then_some(true) },
    })
}

/// An origin without the signs of a list around it.
fn origin_column(column: &str) -> Option<&str> {
    let bare = column.trim_start_matches(['-', '*', '•', '+']).trim_start();
    let bare = bare.trim_matches(|one: char| {
        matches!(one, '"' | '\'' | '`' | ',' | ';' | '<' | '>' | '[' | ']') || one.is_whitespace()
    });
    let http = bare.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"))
        || bare.get(..8).is_some_and(|scheme| scheme.eq_ignore_ascii_case("https://"));
    let known = http && !bare.contains(char::is_whitespace) && (url::parse(bare).is_some() || bare.contains('*'));
    known.then_some(bare)
}
