//! Servers of one's own: the headers that let an exchange pass, and the same as configuration. A row each in
//! `src/data/cors_servers.json`.

use std::sync::OnceLock;

use super::explain::Configuration;
use super::request::unsafe_names;
use super::url::serialized_origin;
use super::{Credentials, Decision, Engine, Exchange, Outcome};
use crate::finding::{Code, Finding};
use crate::http::is_token;
use crate::http::{Answer, Headers};
use crate::json::{self, Document, Value};
use crate::messages::fill;
use crate::text;
use crate::time::Time;

static SERVERS: OnceLock<Document> = OnceLock::new();

/// What a server has to allow for a request to pass.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowance {
    /// The origin.
    pub origin: String,
    /// The methods, the request's own and those that were allowed already.
    pub methods: Vec<String>,
    /// The request headers that need leave.
    pub headers: Vec<String>,
    /// The headers of the answer that script may read.
    pub exposed: Vec<String>,
    /// Whether cookies go with it.
    pub credentials: bool,
}

impl Allowance {
    /// What an exchange needs. `None` for an origin that should not be allowed, such as `null`, or that is none.
    pub fn of(exchange: &Exchange, decision: &Decision) -> Option<Allowance> {
        let origin = serialized_origin(&exchange.origin).ok().filter(|origin| origin != "null")?;
        let answers = || exchange.hops.iter().flat_map(|hop| [hop.preflight.as_ref(), hop.response.as_ref()]).flatten();
        let listed = |name: &str| -> Vec<String> {
            let values = answers().flat_map(|answer| answer.headers.values(name));
            let items = values.flat_map(|value| value.split(',')).map(str::trim);
            items.filter(|item| is_token(item) && *item != "*").take(MOST_ITEMS).map(str::to_owned).collect()
        };
        let mut methods: Vec<String> = decision.methods.iter().filter(|method| is_token(method)).cloned().collect();
        methods.append(&mut listed("access-control-allow-methods"));
        let mut headers = unsafe_names(&exchange.request.headers, Engine::Chromium.rules());
        headers.retain(|name| is_token(name));
        headers.truncate(MOST_ITEMS);
        headers.append(&mut listed("access-control-allow-headers"));
        let mut exposed = listed("access-control-expose-headers");
        if decision.outcome == Outcome::Allowed {
            let worth = decision.hidden_headers.iter().filter(|name| is_worth_reading(name));
            exposed.extend(worth.take(MOST_ITEMS).cloned());
        }
        Some(Allowance {
            origin,
            methods: unique(methods, true),
            headers: unique(headers, false),
            exposed: unique(exposed, false),
            credentials: exchange.request.credentials == Credentials::Include,
        })
    }

    /// The answer to a preflight that allows it.
    pub fn preflight(&self) -> Answer {
        let mut headers = self.common();
        headers.push("Access-Control-Allow-Methods", self.methods.join(", "));
        if !self.headers.is_empty() {
            headers.push("Access-Control-Allow-Headers", self.headers.join(", "));
        }
        headers.push("Access-Control-Max-Age", "600");
        Answer { status: 204, headers }
    }

    /// An answer to the request itself that script may read.
    pub fn response(&self, status: u16) -> Answer {
        let mut headers = self.common();
        if !self.exposed.is_empty() {
            headers.push("Access-Control-Expose-Headers", self.exposed.join(", "));
        }
        Answer { status, headers }
    }

    fn common(&self) -> Headers {
        let mut headers = Headers::default();
        headers.push("Access-Control-Allow-Origin", self.origin.as_str());
        if self.credentials {
            headers.push("Access-Control-Allow-Credentials", "true");
        }
        headers.push("Vary", "Origin");
        headers
    }

    /// The value of a place in a template: a list bare, or each item in quotes behind `_quoted`.
    fn place(&self, name: &str) -> Option<String> {
        let (name, quoted) = name.strip_suffix("_quoted").map_or((name, false), |name| (name, true));
        let list = |items: &[String]| {
            let mut list = String::new();
            for item in items {
                list.push_str(if list.is_empty() { "" } else { ", " });
                let quote = if quoted { "\"" } else { "" };
                [quote, item, quote].iter().for_each(|part| list.push_str(part));
            }
            list
        };
        match name {
            "origin" => Some(self.origin.clone()),
            "methods" => Some(list(&self.methods)),
            "headers" => Some(list(&self.headers)),
            "exposed" => Some(list(&self.exposed)),
            "credentials" => Some(if self.credentials { "true" } else { "" }.to_owned()),
            "?credentials" => Some(if self.credentials { "\u{0}" } else { "" }.to_owned()),
            _ => None,
        }
    }
}

/// The configuration of every server that lets it pass.
pub fn configurations(allowance: &Allowance) -> Vec<Configuration> {
    let text = |row: &'static Value, name: &str| row.member(name).and_then(Value::as_str).unwrap_or_default();
    rows()
        .iter()
        .map(|row| Configuration {
            server: text(row, "server").to_owned(),
            place: fill(text(row, "place"), &Finding::info(Code("cors.facts"), ""), Time::default()),
            text: rendered(row.member("lines").map_or(&[], Value::items), allowance),
        })
        .collect()
}

/// The headers of an answer that an app is likely to want.
pub(crate) fn is_worth_reading(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    WORTH_READING.contains(&name.as_str()) || text::contains(&name, "rate-limit") || text::contains(&name, "ratelimit")
}

const WORTH_READING: &[&str] = &[
    "dpop-nonce",
    "www-authenticate",
    "retry-after",
    "x-okta-request-id",
    "x-request-id",
    "x-correlation-id",
    "x-ms-request-id",
    "x-amzn-requestid",
    "link",
    "location",
    "etag",
    "content-disposition",
    "x-total-count",
    "x-next-page",
];

/// No server allows more.
const MOST_ITEMS: usize = 100;

fn rows() -> &'static [Value] {
    let document = SERVERS.get_or_init(|| json::read(include_bytes!("../data/cors_servers.json").to_vec()));
    document.member("servers").map_or(&[], Value::items)
}

/// The lines with their places filled in. A line with a place for which there is nothing is left out.
fn rendered(lines: &[Value], allowance: &Allowance) -> String {
    let mut text = String::new();
    for line in lines.iter().filter_map(Value::as_str) {
        if let Some(line) = filled(line, allowance) {
            text.push_str(&line);
            text.push('\n');
        }
    }
    text.truncate(text.trim_end().len());
    text
}

fn filled(line: &str, allowance: &Allowance) -> Option<String> {
    let mut filled = String::new();
    let mut rest = line;
    while let Some((before, behind)) = rest.split_once('{') {
        filled.push_str(before);
        let place = behind.split_once('}').and_then(|(name, behind)| Some((allowance.place(name)?, behind)));
        match place {
            Some((value, _)) if value.is_empty() => return None,
            Some((value, behind)) => {
                filled.push_str(value.trim_matches('\u{0}'));
                rest = behind;
            }
            // A brace of the configuration's own.
            None => {
                filled.push('{');
                rest = behind;
            }
        }
    }
    filled.push_str(rest);
    Some(filled)
}

fn unique(items: Vec<String>, case: bool) -> Vec<String> {
    let mut kept: Vec<String> = Vec::new();
    for item in items {
        let same = |other: &String| if case { *other == item } else { other.eq_ignore_ascii_case(&item) };
        if !kept.iter().any(same) {
            kept.push(item);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_its_value_is_left_out() {
        let mut allowance = Allowance {
            origin: "https://app.example".to_owned(),
            methods: vec!["GET".to_owned(), "PUT".to_owned()],
            ..Allowance::default()
        };
        assert_eq!(
            filled("a {origin} {methods_quoted}", &allowance).unwrap(),
            "a https://app.example \"GET\", \"PUT\""
        );
        assert_eq!(filled("a {headers}", &allowance), None);
        assert_eq!(filled("x,{?credentials}", &allowance), None);
        assert_eq!(filled("if (a) {", &allowance).unwrap(), "if (a) {");
        allowance.credentials = true;
        assert_eq!(filled("x,{?credentials}", &allowance).unwrap(), "x,");
    }
}
