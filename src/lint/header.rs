//! The other header parameters: `kid`, `crit`, `b64` and `typ`. All of them are input that whoever made the token chose
//! ([RFC 8725 §3.10](https://www.rfc-editor.org/rfc/rfc8725#section-3.10)).

use std::sync::OnceLock;

use super::code;
use super::look::{Look, beginning, strings, table};
use crate::finding::{Fact, Finding};
use crate::jose;
use crate::json::{Document, Value};
use crate::text;

/// From so many characters on a `kid` names no key: a thumbprint has 43, an address of a key vault some 120.
const LONG_KID: usize = 256;

/// Of longer texts the beginning is searched, and a piece of it is shown.
const SEARCHED: usize = 4096;
const SHOWN: usize = 200;

/// Of so many names of `crit` the first ones are looked at.
const MOST_CRITICAL: usize = 64;

impl Look<'_> {
    pub(super) fn header(&mut self) {
        let Some(header) = self.whole_header() else { return };
        if let Some(kid) = header.string("kid") {
            self.key_id(kid);
        }
        self.critical(header);
        self.confusable();
    }

    /// A `kid` is looked up in files and databases, and has been used to read other files and to change the question.
    fn key_id(&mut self, kid: &str) {
        let shown = beginning(kid, SHOWN);
        let finding = |code| Finding::warning(code, "/header/kid").text("kid", shown);
        if kid.chars().any(char::is_control) {
            self.push(finding(code::KID_CONTROL));
        }
        if kid.len() >= LONG_KID {
            let count = kid.chars().count() as u64;
            self.push(finding(code::KID_LONG).with("length", Fact::Count(count)));
        }
        let searched = beginning(kid, SEARCHED).to_ascii_lowercase();
        let rows = rules().member("kid").map(Value::items).unwrap_or_default();
        let fits = |row: &&'static Value| strings(Some(row)).skip(1).all(|piece| has(&searched, piece));
        let Some(row) = rows.iter().find(fits) else { return };
        let name = row.items().first().and_then(Value::as_str).unwrap_or_default();
        match code::ALL.iter().find(|code| code.0 == name) {
            // Key vaults and decentralised identifiers name keys by their address.
            Some(code) if *code == code::KID_URL => {
                self.push_likely(Finding::info(*code, "/header/kid").text("kid", shown));
            }
            Some(code) => self.push_likely(finding(*code)),
            None => {}
        }
    }

    /// `crit` lists extensions that are there, and nothing else
    /// ([RFC 7515 §4.1.11](https://www.rfc-editor.org/rfc/rfc7515#section-4.1.11)).
    fn critical(&mut self, header: &Document) {
        let listed: Vec<&str> = header
            .member("crit")
            .map(Value::items)
            .unwrap_or_default()
            .iter()
            .take(MOST_CRITICAL)
            .filter_map(Value::as_str)
            .collect();
        let is_registered = |name: &str| strings(rules().member("registered")).any(|known| known == name);
        let owned = |names: Vec<&&str>| names.into_iter().map(|name| beginning(name, SHOWN).to_owned()).collect();
        let registered: Vec<String> = owned(listed.iter().filter(|name| is_registered(name)).collect());
        if !registered.is_empty() {
            let finding = Finding::warning(code::CRIT_REGISTERED, "/header/crit");
            self.push(finding.with("parameters", Fact::List(registered)));
        }
        let absent = |name: &&&str| !is_registered(name) && header.member(name).is_none();
        let absent: Vec<String> = owned(listed.iter().filter(absent).collect());
        if !absent.is_empty() {
            let finding = Finding::warning(code::CRIT_ABSENT, "/header/crit");
            self.push(finding.with("parameters", Fact::List(absent)));
        }
        if header.member("b64").is_some() && !listed.contains(&"b64") {
            self.push(Finding::warning(code::B64_NOT_CRITICAL, "/header/b64"));
        }
    }

    /// An access token and an ID token side by side, by one issuer, for one audience, and neither of an explicit type:
    /// where their rules do not exclude each other, one passes for the other
    /// ([RFC 8725 §3.12](https://www.rfc-editor.org/rfc/rfc8725#section-3.12)).
    fn confusable(&mut self) {
        let companions = self.subject.companions;
        let (Some(access), Some(id)) = (&companions.access_token, &companions.id_token) else { return };
        if *access != self.subject.token.text || access == id || id.len() > 1 << 16 {
            return;
        }
        let other = jose::read(id);
        let (Some(payload), Some(other_payload)) = (self.whole_payload(), &other.payload) else { return };
        let is_explicit = |header: Option<&Document>| {
            let typ = header.and_then(|header| header.string("typ")).unwrap_or("JWT");
            !typ.eq_ignore_ascii_case("JWT")
        };
        let same_issuer = payload.string("iss").is_some() && payload.string("iss") == other_payload.string("iss");
        let shared = audiences(payload).into_iter().find(|one| audiences(other_payload).contains(one));
        if let Some(shared) = shared.filter(|_| same_issuer)
            && !is_explicit(self.whole_header())
            && !is_explicit(other.header.as_ref())
        {
            let finding = Finding::info(code::TYPE_CONFUSABLE, "/header/typ");
            self.push(finding.text("audience", beginning(shared, SHOWN)));
        }
    }
}

/// The first audiences.
fn audiences(payload: &Document) -> Vec<&str> {
    let Some(value) = payload.member("aud") else { return Vec::new() };
    value.as_str().into_iter().chain(value.items().iter().take(32).filter_map(Value::as_str)).collect()
}

/// Whether a piece of a pattern is in a text, or at its beginning.
fn has(searched: &str, piece: &str) -> bool {
    match piece.strip_prefix('^') {
        Some(beginning) => searched.starts_with(beginning),
        None => text::contains(searched, piece),
    }
}

/// The table of what is known about headers.
pub(super) fn rules() -> &'static Document {
    static TABLE: OnceLock<Document> = OnceLock::new();
    TABLE.get_or_init(|| table(include_bytes!("../data/lint_header.json")))
}
