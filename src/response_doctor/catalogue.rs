//! What is known of error codes, scopes and causes: data that is loaded when it is first needed.
//!
//! `src/data/catalogue` holds it, a file a kind; the build joins them into one file beside the page. Here it is one JSON
//! object from the name of each file to its content.

pub mod pages;
pub mod search;

use std::sync::OnceLock;

use super::WORDS;
use crate::finding::{Code, Finding, Severity};
use crate::json::{self, Document, Value};
use crate::messages::{self, Section, Words};
use crate::order;
use crate::time::Time;

/// The catalogue, read.
#[derive(Clone, Debug, Default)]
pub struct Catalogue {
    /// Every row of every file that has rows, in the order of the codes.
    pub rows: Vec<Row>,
    /// Okta's operations and the scopes that they need, in the order of the file.
    pub operations: Vec<Operation>,
    /// Okta's scopes, and what each lets one do.
    pub scopes: Vec<(&'static str, &'static str)>,
    /// The pages that are read without a paste: `401`, `403`, `429`, `500`, and those beside them.
    pub pages: Vec<pages::Page>,
    /// Where the data is from, by the name of the file.
    pub sources: Vec<(&'static str, Source)>,
    /// What the search goes by, made with the first query.
    pub index: OnceLock<search::Index>,
}

/// Where data is from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Source {
    /// What it is: "Okta API error codes".
    pub about: &'static str,
    /// Who published it.
    pub name: &'static str,
    /// Its date, `2026-08-21`.
    pub date: &'static str,
}

/// A row: an error code, a wording, or a topic, and what is said about it.
#[derive(Clone, Debug)]
pub struct Row {
    /// The code of its finding: `okta.E0000011`.
    pub code: Code,
    /// The name of the file that it stands in: `okta_api`.
    pub file: &'static str,
    /// The name by which it is known: `E0000011`, `invalid_client`.
    pub key: &'static str,
    /// The HTTP status that comes with it.
    pub status: Option<u16>,
    /// What it is, in a few words.
    pub title: &'static str,
    /// The OAuth error that the client gets, where the key is another: `access_denied`.
    pub error: &'static str,
    /// Fragments by which its text is recognised, compared without regard to case.
    pub fragments: Vec<&'static str>,
    /// What makes the next attempt succeed.
    pub next: Next,
    /// Where in the admin console.
    pub place: Vec<&'static str>,
    /// The misreadings that it excludes: `token`, `scope`, `quota`, `outage`.
    pub excludes: Vec<&'static str>,
    /// How it bears.
    pub severity: Severity,
    /// Who says it, where that is known: "Envoy or Istio".
    pub sender: &'static str,
    /// What it says of a token, where it says one of the usual things: `expired`, `audience`, ….
    pub says: &'static str,
    /// The words, with places for facts.
    pub problem: &'static str,
    /// Why.
    pub explanation: Option<&'static str>,
    /// What to do.
    pub remedy: Option<&'static str>,
    /// Where it is specified.
    pub reference: Option<&'static str>,
}

/// What makes the next attempt succeed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Next {
    /// Another access token, by refreshing.
    Renew,
    /// A new sign-in or authorization request.
    SignIn,
    /// Another request.
    Request,
    /// Another configuration, then perhaps another token.
    Setup,
    /// To wait for a told time.
    Wait,
    /// To repeat it later.
    Retry,
    /// To keep polling.
    Poll,
    /// The provider's help.
    Support,
    /// Nothing.
    #[default]
    None,
}

/// An operation of Okta's APIs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The method.
    pub method: &'static str,
    /// The path with its parameters in braces: `/api/v1/users/{userId}`.
    pub path: &'static str,
    /// The scopes that it needs, all of them; empty where it takes no OAuth scope.
    pub scopes: Vec<&'static str>,
    /// The flags of the source, `src/data/catalogue/scopes.json` says what they mean: 1 takes an SSWS token too.
    pub flags: u16,
    /// The standard admin roles that may do it, where that is known.
    pub roles: Vec<&'static str>,
}

impl Catalogue {
    /// Reads the catalogue: one JSON object from the name of each file to its content. What is missing or of another shape
    /// is left out. Its texts live as long as the program, because findings carry them: it is read once.
    ///
    /// ```
    /// use tokenscope::response_doctor::Catalogue;
    /// let text = r#"{"curl":{"prefix":"curl","rows":{"6":{"problem":"The host has no address","remedy":"Check DNS."}}}}"#;
    /// assert_eq!(Catalogue::read(text).row("curl.6").map(|row| row.problem), Some("The host has no address"));
    /// ```
    pub fn read(text: &str) -> Catalogue {
        let mut catalogue = Catalogue::default();
        let document = json::read(text.as_bytes().to_vec());
        for file in document.root.iter().flat_map(Value::members) {
            let (name, content) = (kept(&file.name), &file.value);
            if let Some(source) = content.member("source") {
                let text = |member| source.member(member).map_or("", word);
                let source =
                    Source { about: content.member("about").map_or("", word), name: text("name"), date: text("date") };
                catalogue.sources.push((name, source));
            }
            let prefix = content.member("prefix").and_then(Value::as_str).unwrap_or(name);
            for member in content.member("rows").map(Value::members).unwrap_or_default() {
                catalogue.rows.push(row(name, prefix, &member.name, &member.value, &document));
            }
            if content.member("operations").is_some() {
                read_scopes(content, &mut catalogue);
            }
            if let Some(pages) = content.member("pages") {
                catalogue.pages = pages::read(pages);
            }
        }
        order::sort(&mut catalogue.rows, |one, other| one.code < other.code);
        catalogue
    }

    /// The row of a code.
    pub fn row(&self, code: &str) -> Option<&Row> {
        self.rows.binary_search_by(|row| row.code.0.cmp(code)).ok().and_then(|at| self.rows.get(at))
    }

    /// Where the rows of a file are from.
    pub fn source(&self, file: &str) -> Option<&Source> {
        self.sources.iter().find(|(name, _)| *name == file).map(|(_, source)| source)
    }

    /// The words of a finding: of this room's own, or of a row.
    pub fn words(&self, finding: &Finding, now: Time) -> Words {
        let Some(row) = self.row(finding.code.0) else { return WORDS.words(finding, now) };
        let prose = |template| messages::fill(template, finding, now);
        Words {
            section: Section::Checks,
            brief: None,
            problem: prose(row.problem),
            explanation: row.explanation.map(prose),
            remedy: row.remedy.map(prose),
            reference: row.reference,
        }
    }
}

/// Text that lives as long as the program.
fn kept(text: &str) -> &'static str {
    text.to_owned().leak()
}

fn word(value: &Value) -> &'static str {
    value.as_str().map_or("", kept)
}

fn words_of(value: Option<&Value>) -> Vec<&'static str> {
    value.map(Value::items).unwrap_or_default().iter().map(word).collect()
}

fn row(file: &'static str, prefix: &str, key: &str, value: &Value, document: &Document) -> Row {
    let text = |name: &str| value.member(name).map(word);
    Row {
        code: Code(kept(&[prefix, ".", key].concat())),
        file,
        key: kept(key),
        status: value.member("status").and_then(|status| document.raw(status).parse().ok()),
        title: text("title").unwrap_or_default(),
        error: text("error").unwrap_or_default(),
        fragments: words_of(value.member("match")),
        next: next(text("next").unwrap_or_default()),
        place: words_of(value.member("place")),
        excludes: words_of(value.member("not")),
        severity: match text("severity") {
            Some("warning") => Severity::Warning,
            Some("info") => Severity::Info,
            _ => Severity::Error,
        },
        sender: text("sender").unwrap_or_default(),
        says: text("says").unwrap_or_default(),
        problem: text("problem").unwrap_or_default(),
        explanation: text("explanation"),
        remedy: text("remedy"),
        reference: text("reference"),
    }
}

/// The word that a row has for what comes next.
pub fn next(word: &str) -> Next {
    match word {
        "renew" => Next::Renew,
        "sign-in" => Next::SignIn,
        "request" => Next::Request,
        "setup" => Next::Setup,
        "wait" => Next::Wait,
        "retry" => Next::Retry,
        "poll" => Next::Poll,
        "support" => Next::Support,
        _ => Next::None,
    }
}

fn read_scopes(content: &Value, catalogue: &mut Catalogue) {
    let roles = content.member("roles");
    for line in content.member("operations").map(Value::items).unwrap_or_default() {
        let mut parts = line.as_str().unwrap_or_default().split(' ');
        let (Some(method), Some(path), Some(scopes)) = (parts.next(), parts.next(), parts.next()) else { continue };
        let name = [method, " ", path].concat();
        let hint = roles.and_then(|roles| roles.member(&name)).and_then(|hint| hint.member("roles"));
        catalogue.operations.push(Operation {
            method: kept(method),
            path: kept(path),
            scopes: if scopes == "-" { Vec::new() } else { scopes.split('+').map(kept).collect() },
            flags: parts.next().and_then(|flags| flags.parse().ok()).unwrap_or_default(),
            roles: words_of(hint),
        });
    }
    for scope in content.member("scopes").map(Value::members).unwrap_or_default() {
        catalogue.scopes.push((kept(&scope.name), word(&scope.value)));
    }
}
