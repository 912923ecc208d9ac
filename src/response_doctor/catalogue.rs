//! What is known of error codes, scopes and causes: data that is loaded when it is first needed.
//!
//! `src/data/catalogue` holds it, a file a kind; the build joins them into one file beside the page. Here it is one JSON
//! object from the name of each file to its content.

pub mod pages;
pub mod search;

use super::WORDS;
use crate::finding::{Code, Finding, Severity};
use crate::messages::Words;
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
    /// The pages that are read without a paste: `401`, `403`, `429`, `500`.
    pub pages: Vec<pages::Page>,
    /// Where the data is from, by the name of the file.
    pub sources: Vec<(&'static str, Source)>,
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
    /// Reads the catalogue. Its texts live as long as the program, because findings carry them: it is read once.
    pub fn read(text: &str) -> Catalogue {
        let _ = text;
        Catalogue::default()
    }

    /// The row of a code.
    pub fn row(&self, code: &str) -> Option<&Row> {
        self.rows.binary_search_by(|row| row.code.0.cmp(code)).ok().and_then(|at| self.rows.get(at))
    }

    /// The words of a finding: of this room's own, or of a row.
    pub fn words(&self, finding: &Finding, now: Time) -> Words {
        WORDS.words(finding, now)
    }
}
