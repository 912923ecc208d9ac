//! What to change: at the provider, on a server of one's own, or in the app's code. The words stand in
//! `src/data/cors_fixes.json` and in the rows of the providers.

use std::sync::OnceLock;

use super::explain::{Facts, Fix, of_cause};
use super::provider::Recognised;
use super::server::{self, Allowance};
use super::url::{self, serialized_origin};
use super::{Cause, Credentials, Decision, Exchange};
use crate::json::{self, Document, Value};

static FIXES: OnceLock<Document> = OnceLock::new();

/// What a fix depends on.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Need<'a> {
    /// The row of the fix.
    pub kind: &'a str,
    /// What was exchanged.
    pub exchange: &'a Exchange,
    /// What was decided about it.
    pub decision: &'a Decision,
    /// The URL that failed: the last one of a chain of redirects.
    pub url: &'a str,
    /// Who answers there.
    pub provider: Option<&'a Recognised>,
    /// The facts for the words.
    pub facts: &'a Facts,
}

/// The row of the fix for a cause.
pub(crate) fn kind_of(cause: Cause, origin: &str) -> &'static str {
    match of_cause(cause, "fix").unwrap_or_default() {
        "origin" | "exact" | "once" if origin == "null" => "null-origin",
        kind => kind,
    }
}

/// What to change. `None` without a row.
pub(crate) fn fix(need: &Need) -> Option<Fix> {
    let mut fix = match need.provider {
        Some(recognised) => at_provider(need, recognised)?,
        None => of_row(need, row(need.kind)?, true),
    };
    if need.kind == "redirect" {
        fix.copy = target(need);
    }
    Some(fix)
}

fn at_provider(need: &Need, recognised: &Recognised) -> Option<Fix> {
    let provider = recognised.provider;
    let bearer = need.exchange.request.headers.has("authorization");
    let open = need.kind == "origin" && provider.is_open(need.url, bearer);
    let listed = (need.kind == "origin" && !open) || (need.kind == "credentials" && provider.allows_cookies());
    let mut fix = if listed {
        let origin = serialized_origin(&need.exchange.origin).ok().filter(|_| !provider.path().is_empty());
        Fix {
            title: need.facts.fill(provider.title()),
            copy: origin,
            path: provider.path(),
            notes: provider.notes().map(|note| need.facts.fill(note)).collect(),
            ..Fix::default()
        }
    } else {
        let kind = if open { "open" } else { need.kind };
        let own = [kind, "-provider"].concat();
        of_row(need, row(&own).or_else(|| row(kind))?, false)
    };
    let include = need.exchange.request.credentials == Credentials::Include;
    let error = need.exchange.hops.iter().filter_map(|hop| hop.response.as_ref()).any(|answer| answer.status >= 400);
    let applies = |when: &str| match when {
        "bearer" => bearer,
        "error" => error,
        "http" => url::parse(need.url).is_some_and(|url| url.scheme == "http"),
        "include" => include,
        "public" => provider.is_public(need.url),
        _ => listed,
    };
    let remarks = provider.not_this().filter(|remark| applies(remark.when));
    fix.not_this = remarks.map(|remark| need.facts.fill(remark.text)).collect();
    fix.link = provider.link();
    fix.recognised = Some(recognition(need.facts, recognised));
    Some(fix)
}

/// By what the provider was recognised.
fn recognition(facts: &Facts, recognised: &Recognised) -> crate::messages::Prose {
    let facts = facts
        .clone()
        .with("provider", crate::finding::Fact::Words(recognised.provider.name()))
        .text("header", recognised.header.unwrap_or_default())
        .text("path", recognised.path.unwrap_or_default());
    match (&recognised.host, recognised.header) {
        (Some(_), Some(_)) => facts.phrase("recognised-both"),
        (Some(host), None) => facts.text("host", host.as_str()).phrase("recognised-host"),
        (None, Some(_)) => facts.phrase("recognised-header"),
        (None, None) => facts.phrase("recognised-path"),
    }
}

fn of_row(need: &Need, row: &'static Value, own_server: bool) -> Fix {
    let text = |name: &str| row.member(name).and_then(Value::as_str).unwrap_or_default();
    let notes = row.member("notes").map_or(&[] as &[Value], Value::items);
    let configured = row.member("configurations").is_some_and(|value| value.kind == json::Kind::Bool(true));
    let allowance = Allowance::of(need.exchange, need.decision).filter(|_| configured && own_server);
    Fix {
        title: need.facts.fill(text("title")),
        copy: allowance.as_ref().map(|allowance| allowance.origin.clone()),
        notes: notes.iter().filter_map(Value::as_str).map(|note| need.facts.fill(note)).collect(),
        configurations: allowance.map(|allowance| server::configurations(&allowance)).unwrap_or_default(),
        ..Fix::default()
    }
}

/// Where a redirected preflight was sent.
fn target(need: &Need) -> Option<String> {
    let number = need.decision.urls.len().checked_sub(1)?;
    let answer = need.exchange.hops.get(number)?.preflight.as_ref()?;
    let location = answer.headers.values("location").next()?;
    Some(url::resolve(&url::parse(need.url)?, location)?.text())
}

fn row(kind: &str) -> Option<&'static Value> {
    FIXES.get_or_init(|| json::read(include_bytes!("../data/cors_fixes.json").to_vec())).member(kind)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_cause_has_its_fix() {
        for cause in Cause::ALL {
            for origin in ["https://app.example", "null"] {
                assert!(row(kind_of(*cause, origin)).is_some(), "{cause:?}");
            }
        }
    }
}
