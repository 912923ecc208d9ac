//! What stands between a client and an API, and refuses what a library accepts: rules that can be held against the token
//! alone. Whether such a gateway is in the token's way at all, nobody can tell from a token, so this is information.

use std::sync::OnceLock;

use super::code;
use super::look::{Look, beginning, strings, table};
use crate::finding::{Fact, Finding};
use crate::jose;
use crate::jose::algorithm::Algorithm;
use crate::json::{Document, Value};
use crate::report::TokenKind;
use crate::role::Role;
use crate::text;

/// Above this a request with a few other headers is beyond what the strictest servers take.
const LARGE: usize = 7 * 1024;

/// What the other headers of a request take.
const ROOM: usize = 1024;

/// So much of the pasted text is searched for the marks of a gateway.
const SEARCHED: usize = 1 << 16;

/// Longer values are no names.
const LONGEST: usize = 100;

/// What one rule has against the token.
struct Refusal {
    about: &'static str,
    subject: String,
    found: Option<String>,
    gateways: Vec<String>,
    sources: Vec<String>,
}

impl Look<'_> {
    pub(super) fn gateways(&mut self) {
        if !self.kind.is_sent || !matches!(self.subject.token.kind, TokenKind::Jws | TokenKind::Jwe) {
            return;
        }
        self.size();
        if self.subject.token.kind != TokenKind::Jws {
            return;
        }
        let (Some(header), Some(payload)) = (self.whole_header(), self.whole_payload()) else { return };
        let mut refusals: Vec<Refusal> = Vec::new();
        for row in gateways().member("rows").map(Value::items).unwrap_or_default() {
            let text = |name: &str| row.member(name).and_then(Value::as_str);
            let rule = text("rule").unwrap_or_default();
            let Some((subject, found)) = self.refused(row, rule, header, payload) else { continue };
            let about = text("about").unwrap_or(rule);
            let gateway = text("gateway").unwrap_or_default().to_owned();
            let source = text("source").unwrap_or_default().to_owned();
            match refusals.iter_mut().find(|refusal| refusal.about == about) {
                Some(refusal) => {
                    refusal.gateways.push(gateway);
                    refusal.sources.push(source);
                }
                None => {
                    refusals.push(Refusal { about, subject, found, gateways: vec![gateway], sources: vec![source] });
                }
            }
        }
        for refusal in refusals {
            self.refuse(refusal);
        }
    }

    /// Whether the rule of a row refuses the token: what about it, and the value found there.
    fn refused(
        &self,
        row: &'static Value,
        rule: &str,
        header: &Document,
        payload: &Document,
    ) -> Option<(String, Option<String>)> {
        let list = |name: &str| strings(row.member(name));
        let algorithm = header.string("alg").filter(|name| Algorithm::named(name).is_some())?;
        match rule {
            "algorithm" => {
                let refused = !list("accepts").any(|name| name == algorithm) && self.counts(row, rule, algorithm);
                refused.then(|| ("/header/alg".to_owned(), Some(algorithm.to_owned())))
            }
            "typ" => {
                let typ = header.string("typ").filter(|typ| typ.len() <= LONGEST)?.to_ascii_lowercase();
                let short = typ.strip_prefix("application/").unwrap_or(&typ);
                let refused = !list("accepts").any(|name| name == short) && self.counts(row, rule, short);
                refused.then(|| ("/header/typ".to_owned(), header.string("typ").map(str::to_owned)))
            }
            "claim" => {
                let about = row.member("about").and_then(Value::as_str).unwrap_or_default();
                let missing = !list("needs").any(|name| payload.member(name).is_some());
                missing.then(|| (jose::pointer("/payload", about), None))
            }
            _ => {
                let applies = list("algorithms").any(|name| name == algorithm);
                let about = row.member("about").and_then(Value::as_str).unwrap_or_default();
                let missing = applies && !list("needs").any(|name| header.member(name).is_some());
                missing.then(|| (jose::pointer("/header", about), None))
            }
        }
    }

    /// A value that most tokens have is told only where the gateway has to do with the token, as far as the pasted text
    /// shows, or where an API looks at it.
    fn counts(&self, row: &'static Value, rule: &str, value: &str) -> bool {
        let common = gateways().member("common").and_then(|common| common.member(rule)?.member("values"));
        if !strings(common).any(|name| name == value) || self.subject.choices.role == Role::Api {
            return true;
        }
        let searched = beginning(self.subject.text, SEARCHED);
        strings(row.member("marks")).any(|mark| text::contains(searched, mark))
    }

    fn refuse(&mut self, refusal: Refusal) {
        let rule = gateways().member("rules").and_then(|rules| rules.member(refusal.about));
        let words = |name: &str| rule.and_then(|rule| rule.member(name)?.as_str()).unwrap_or_default();
        let found = refusal.found.map_or(Fact::Words("nothing"), Fact::Text);
        let finding = Finding::info(code::GATEWAY_REFUSES, refusal.subject)
            .with("about", Fact::Words(words("about")))
            .with("gateways", Fact::List(refusal.gateways))
            .with("found", found)
            .with("remedy", Fact::Words(words("remedy")))
            .with("sources", Fact::List(refusal.sources));
        self.push_likely(finding);
    }

    fn size(&mut self) {
        let size = self.subject.token.text.len();
        if size <= LARGE {
            return;
        }
        let servers = gateways().member("servers").map(Value::items).unwrap_or_default();
        let limit =
            |server: &Value| server.member("bytes").and_then(|bytes| gateways().raw(bytes).parse::<usize>().ok());
        let exceeded = servers.iter().filter(|server| limit(server).is_some_and(|limit| limit < size + ROOM));
        let exceeded = exceeded.filter_map(|server| server.member("server")?.as_str()).map(str::to_owned).collect();
        let finding = Finding::warning(code::TOO_LARGE_FOR_HEADERS, "/token")
            .with("size", Fact::Count(size as u64))
            .with("servers", Fact::List(exceeded));
        self.push_likely(finding);
    }
}

fn gateways() -> &'static Document {
    static TABLE: OnceLock<Document> = OnceLock::new();
    TABLE.get_or_init(|| table(include_bytes!("../data/lint_gateways.json")))
}
