//! A whole exchange as JSON, in the shape that `explainCors` takes.
//!
//! An unknown member is a fault that names it: a mistyped `credentails` must not pass for a request without credentials.

use std::fmt;

use super::{Credentials, Exchange, Hop, Mode, Redirect, Request};
use crate::http::{Answer, Headers};
use crate::json::{Document, Kind, Value};

/// Why a value is no exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExchangeFault {
    /// Where: `request.headers`, `redirects[1].response.status`; empty for the whole.
    pub path: String,
    /// What is wrong there.
    pub kind: ExchangeFaultKind,
}

/// The kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ExchangeFaultKind {
    /// There is no member of that name; these are.
    Unknown(&'static str),
    /// It can't be left out.
    Missing,
    /// It has another type or value than this.
    Expected(&'static str),
}

impl fmt::Display for ExchangeFault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = if self.path.is_empty() { "the exchange" } else { self.path.as_str() };
        let parts: [&str; 5] = match self.kind {
            ExchangeFaultKind::Unknown(names) => ["an exchange has no ", path, "; the members there are ", names, ""],
            ExchangeFaultKind::Missing => ["expected ", path, " to be given", "", ""],
            ExchangeFaultKind::Expected(expected) => ["expected ", path, " to be ", expected, ""],
        };
        parts.iter().try_for_each(|part| formatter.write_str(part))
    }
}

/// Reads `{ origin, request: { method, url, headers, credentials, mode, redirect, useCorsPreflight }, preflight, response,
/// redirects }`. `preflight` and `response` are `{ status, headers }` or `null`; `redirects` is a list of `{ preflight,
/// response }`, one for each redirect that was followed. Headers are an object, where a value may be a list, or a list of
/// pairs. All but `origin` and `request.url` may be left out.
///
/// # Errors
///
/// The first [`ExchangeFault`].
///
/// ```
/// use tokenscope::cors::exchange_json::read;
/// let text = br#"{"origin":"https://app.example","request":{"url":"https://api.example/"},"response":{"status":200}}"#;
/// let exchange = read(&tokenscope::json::read(text.to_vec())).unwrap();
/// assert_eq!(exchange.request.method, "GET");
/// assert_eq!(exchange.hops[0].response.as_ref().unwrap().status, 200);
///
/// let text = br#"{"origin":"null","request":{"url":"https://api.example/","credentails":"include"}}"#;
/// assert_eq!(read(&tokenscope::json::read(text.to_vec())).unwrap_err().path, "request.credentails");
/// ```
pub fn read(document: &Document) -> Result<Exchange, ExchangeFault> {
    let root = document.root.as_ref().filter(|_| document.is_json()).ok_or_else(|| fault("", "JSON"))?;
    let members = Members::new("", root)?;
    let mut exchange = Exchange { hops: vec![Hop::default()], ..Exchange::default() };
    let (mut origin, mut request) = (false, false);
    for (name, path, value) in members {
        match name {
            "origin" => {
                exchange.origin = text(&path, value)?;
                origin = true;
            }
            "request" => {
                exchange.request = read_request(document, &path, value)?;
                request = true;
            }
            "preflight" | "response" => {
                let answer = read_answer(document, &path, value)?;
                if let Some(hop) = exchange.hops.first_mut() {
                    *if name == "preflight" { &mut hop.preflight } else { &mut hop.response } = answer;
                }
            }
            "redirects" => match &value.kind {
                Kind::Null => {}
                Kind::Array(items) => {
                    for (number, item) in items.iter().enumerate() {
                        let hop = read_hop(document, &numbered(&path, number), item)?;
                        exchange.hops.push(hop);
                    }
                }
                _ => return Err(fault(&path, "a list")),
            },
            _ => return Err(unknown(path, "origin, request, preflight, response and redirects")),
        }
    }
    match (origin, request) {
        (true, true) => Ok(exchange),
        (false, _) => Err(ExchangeFault { path: "origin".to_owned(), kind: ExchangeFaultKind::Missing }),
        _ => Err(ExchangeFault { path: "request".to_owned(), kind: ExchangeFaultKind::Missing }),
    }
}

fn read_request(document: &Document, path: &str, value: &Value) -> Result<Request, ExchangeFault> {
    const NAMES: &str = "method, url, headers, credentials, mode, redirect and useCorsPreflight";
    let mut request = Request { method: "GET".to_owned(), ..Request::default() };
    let mut url = false;
    for (name, path, value) in Members::new(path, value)? {
        match name {
            "url" => {
                request.url = text(&path, value)?;
                url = true;
            }
            _ if value.kind == Kind::Null && NAMES_WITH_DEFAULTS.contains(&name) => {}
            "method" => request.method = text(&path, value)?,
            "headers" => request.headers = read_headers(document, &path, value)?,
            "credentials" => {
                request.credentials = match value.as_str() {
                    Some("omit") => Credentials::Omit,
                    Some("same-origin") => Credentials::SameOrigin,
                    Some("include") => Credentials::Include,
                    _ => return Err(fault(&path, "\"omit\", \"same-origin\" or \"include\"")),
                }
            }
            "mode" => {
                request.mode = match value.as_str() {
                    Some("cors") => Mode::Cors,
                    Some("no-cors") => Mode::NoCors,
                    Some("same-origin") => Mode::SameOrigin,
                    _ => return Err(fault(&path, "\"cors\", \"no-cors\" or \"same-origin\"")),
                }
            }
            "redirect" => {
                request.redirect = match value.as_str() {
                    Some("follow") => Redirect::Follow,
                    Some("error") => Redirect::Error,
                    Some("manual") => Redirect::Manual,
                    _ => return Err(fault(&path, "\"follow\", \"error\" or \"manual\"")),
                }
            }
            "useCorsPreflight" => match value.kind {
                Kind::Bool(flag) => request.use_cors_preflight = flag,
                _ => return Err(fault(&path, "true or false")),
            },
            _ if OF_FETCH.contains(&name) => {}
            _ => return Err(unknown(path, NAMES)),
        }
    }
    if url { Ok(request) } else { Err(ExchangeFault { path: within(path, "url"), kind: ExchangeFaultKind::Missing }) }
}

/// What else a [`RequestInit`](https://fetch.spec.whatwg.org/#requestinit) may hold: it has no part in the decision.
const OF_FETCH: [&str; 11] = [
    "body",
    "cache",
    "duplex",
    "integrity",
    "keepalive",
    "priority",
    "referrer",
    "referrerPolicy",
    "signal",
    "targetAddressSpace",
    "window",
];

/// What else a recorded answer may hold, without a part in the decision.
const OF_ANSWER: [&str; 7] = ["body", "httpVersion", "ok", "redirected", "statusText", "type", "url"];

const NAMES_WITH_DEFAULTS: [&str; 6] = ["method", "headers", "credentials", "mode", "redirect", "useCorsPreflight"];

fn read_hop(document: &Document, path: &str, value: &Value) -> Result<Hop, ExchangeFault> {
    const NAMES: &str = "preflight and response";
    let mut hop = Hop::default();
    for (name, path, value) in Members::new(path, value)? {
        match name {
            "preflight" => hop.preflight = read_answer(document, &path, value)?,
            "response" => hop.response = read_answer(document, &path, value)?,
            _ => return Err(unknown(path, NAMES)),
        }
    }
    Ok(hop)
}

fn read_answer(document: &Document, path: &str, value: &Value) -> Result<Option<Answer>, ExchangeFault> {
    const NAMES: &str = "status and headers";
    if value.kind == Kind::Null {
        return Ok(None);
    }
    let mut answer = Answer::default();
    let mut status = false;
    for (name, path, value) in Members::new(path, value)? {
        match name {
            "status" => {
                answer.status = read_status(document, value).ok_or_else(|| fault(&path, "a status from 100 to 999"))?;
                status = true;
            }
            "headers" if value.kind == Kind::Null => {}
            "headers" => answer.headers = read_headers(document, &path, value)?,
            _ if OF_ANSWER.contains(&name) => {}
            _ => return Err(unknown(path, NAMES)),
        }
    }
    if status {
        // Recordings write the status 0 where no answer came.
        Ok(Some(answer).filter(|answer| answer.status != 0))
    } else {
        Err(ExchangeFault { path: within(path, "status"), kind: ExchangeFaultKind::Missing })
    }
}

fn read_status(document: &Document, value: &Value) -> Option<u16> {
    let digits = (value.kind == Kind::Number).then(|| document.raw(value))?;
    let fits = digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits.parse().ok().filter(|status| (fits && *status >= 100) || digits == "0")
}

fn read_headers(document: &Document, path: &str, value: &Value) -> Result<Headers, ExchangeFault> {
    let mut headers = Headers::default();
    match &value.kind {
        Kind::Object(members) => {
            for member in members {
                let path = within(path, &member.name);
                match &member.value.kind {
                    Kind::Array(items) => {
                        for item in items {
                            headers.push(member.name.as_str(), header_value(document, &path, item)?);
                        }
                    }
                    _ => headers.push(member.name.as_str(), header_value(document, &path, &member.value)?),
                }
            }
        }
        Kind::Array(pairs) => {
            for (number, pair) in pairs.iter().enumerate() {
                let path = numbered(path, number);
                match (pair.items(), pair.member("name"), pair.member("value")) {
                    // As recordings write it.
                    ([], Some(name), Some(value)) | ([name, value], None, None) => {
                        headers.push(text(&path, name)?, header_value(document, &path, value)?);
                    }
                    _ => return Err(fault(&path, "a name and a value")),
                }
            }
        }
        _ => return Err(fault(path, "an object or a list of pairs")),
    }
    Ok(headers)
}

/// A value as on the wire; whoever writes `200` or `true` without quotes means the same.
fn header_value(document: &Document, path: &str, value: &Value) -> Result<String, ExchangeFault> {
    match &value.kind {
        Kind::String(text) => Ok(text.clone()),
        Kind::Number | Kind::Bool(_) => Ok(document.raw(value)),
        _ => Err(fault(path, "a string or a list of strings")),
    }
}

/// The members of an object with their paths, in order: with duplicates the last one counts.
struct Members<'a> {
    path: &'a str,
    rest: std::slice::Iter<'a, crate::json::Member>,
}

impl<'a> Members<'a> {
    fn new(path: &'a str, value: &'a Value) -> Result<Members<'a>, ExchangeFault> {
        match &value.kind {
            Kind::Object(members) => Ok(Members { path, rest: members.iter() }),
            _ => Err(fault(path, "an object")),
        }
    }
}

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, String, &'a Value);

    fn next(&mut self) -> Option<Self::Item> {
        let member = self.rest.next()?;
        Some((&member.name, within(self.path, &member.name), &member.value))
    }
}

fn text(path: &str, value: &Value) -> Result<String, ExchangeFault> {
    value.as_str().map(str::to_owned).ok_or_else(|| fault(path, "a string"))
}

fn fault(path: &str, expected: &'static str) -> ExchangeFault {
    ExchangeFault { path: path.to_owned(), kind: ExchangeFaultKind::Expected(expected) }
}

fn unknown(path: String, names: &'static str) -> ExchangeFault {
    ExchangeFault { path, kind: ExchangeFaultKind::Unknown(names) }
}

fn within(path: &str, name: &str) -> String {
    let mut inner = String::with_capacity(path.len() + name.len() + 1);
    inner.push_str(path);
    if !path.is_empty() {
        inner.push('.');
    }
    inner.push_str(name);
    inner
}

fn numbered(path: &str, number: usize) -> String {
    let mut inner = path.to_owned();
    inner.push('[');
    inner.push_str(&number.to_string());
    inner.push(']');
    inner
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Result<(), &str>) {
        let result = read(&crate::json::read(text.as_bytes().to_vec()));
        assert_eq!(result.map(drop).map_err(|fault| fault.to_string()), expected.map_err(str::to_owned), "{text}");
    }

    #[test]
    fn what_is_no_exchange_is_named() {
        check(r#"{"origin":"null","request":{"url":"x"}}"#, Ok(()));
        check(r#"{"origin":"null","request":{"url":"x","method":null},"preflight":null,"redirects":null}"#, Ok(()));
        check(
            r#"{"origin":"null","request":{"url":"x","body":"{}","cache":"no-store"},"response":{"status":200,"statusText":"OK"}}"#,
            Ok(()),
        );
        check("", Err("expected the exchange to be JSON"));
        check("[]", Err("expected the exchange to be an object"));
        check(r#"{"request":{"url":"x"}}"#, Err("expected origin to be given"));
        check(r#"{"origin":"null"}"#, Err("expected request to be given"));
        check(r#"{"origin":"null","request":{}}"#, Err("expected request.url to be given"));
        check(
            r#"{"origin":"null","request":{"url":"x"},"redirects":[{"response":{"status":"200"}}]}"#,
            Err("expected redirects[0].response.status to be a status from 100 to 999"),
        );
        check(
            r#"{"origin":"null","request":{"url":"x"},"answer":null}"#,
            Err("an exchange has no answer; the members there are origin, request, preflight, response and redirects"),
        );
        check(
            r#"{"origin":"null","request":{"url":"x","headers":{"a":{}}}}"#,
            Err("expected request.headers.a to be a string or a list of strings"),
        );
    }

    #[test]
    fn headers_are_an_object_or_pairs() {
        let read = |headers: &str| {
            let mut text = r#"{"origin":"null","request":{"url":"x","headers":"#.to_owned();
            text.push_str(headers);
            text.push_str("}}");
            read(&crate::json::read(text.into_bytes())).unwrap().request.headers
        };
        assert_eq!(read(r#"{"a":["1","2"],"B":"3"}"#), Headers::from_iter([("a", "1"), ("a", "2"), ("B", "3")]));
        assert_eq!(read(r#"[{"name":"a","value":"1"}]"#), Headers::from_iter([("a", "1")]));
        assert_eq!(
            read(r#"[["a","1"],["B",3],["a",true]]"#),
            Headers::from_iter([("a", "1"), ("B", "3"), ("a", "true")])
        );
    }
}
