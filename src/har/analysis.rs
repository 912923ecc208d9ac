//! What a recording comes to: groups by cause, tokens, findings.

use std::collections::{BTreeMap, BTreeSet};

use super::diagnosis::{Diagnosis, blank, diagnose};
use super::mask::masked_url;
use super::pairs::{Pairs, pairs};
use super::tokens::{self, Carried, TokenReport};
use super::{Entry, MOST_ENTRIES, MOST_TOKENS, Recording, code};
use crate::cors::evidence::Neighbour;
use crate::cors::{Cause, Exchange, url};
use crate::finding::{Certainty, Code, Fact, Finding, Severity};
use crate::order;
use crate::text;
use crate::time::Time;

/// Of the URLs of a group so many are listed; the others are counted.
pub const MOST_URLS: usize = 20;

/// Requests that have the same problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// What is wrong.
    pub code: Code,
    /// How grave it is.
    pub severity: Severity,
    /// How sure it is, for the first of them.
    pub certainty: Certainty,
    /// The rule of the CORS protocol.
    pub cause: Option<Cause>,
    /// What goes with the cause, for the first of them.
    pub parameter: String,
    /// What it was instead.
    pub neighbour: Option<Neighbour>,
    /// The page's origin, where the problem is one between origins.
    pub origin: String,
    /// The host that was asked, with its port. Empty where the problem is not one of a host.
    pub host: String,
    /// The entries, counted from 0, in the file's order.
    pub entries: Vec<usize>,
    /// The first of them in time.
    pub first: usize,
    /// Their URLs, masked, each once, up to [`MOST_URLS`].
    pub urls: Vec<String>,
    /// How many different URLs there are.
    pub url_count: usize,
    /// The token that is at fault, by its place in [`Recording::tokens`].
    pub token: Option<usize>,
    /// The exchange that the algorithm ran over, for the first of them.
    pub exchange: Option<Box<Exchange>>,
}

/// All that is known about a recording.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Analysis {
    /// What was read.
    pub recording: Recording,
    /// What is known of each entry, in their order.
    pub diagnoses: Vec<Diagnosis>,
    /// The groups: the gravest first, and of those the largest.
    pub groups: Vec<Group>,
    /// The tokens, in the order of [`Recording::tokens`].
    pub tokens: Vec<TokenReport>,
    /// What is known of the file as a whole. Words: [`super::WORDS`].
    pub findings: Vec<Finding>,
    /// How the entries belong together.
    pairs: Pairs,
    /// How many entries were diagnosed.
    diagnosed: usize,
    /// Who carries the tokens.
    carried: Vec<Carried>,
}

/// So many entries are diagnosed at once.
const STEP: usize = 256;

impl Analysis {
    /// Looks into a recording. `now` is the time for tokens of recordings without times.
    pub fn new(recording: Recording, now: Time) -> Analysis {
        let mut analysis = Analysis::begin(recording);
        while analysis.step(now) {}
        analysis
    }

    /// The same before anything was looked into: [`Analysis::step`] does it piece by piece.
    pub fn begin(recording: Recording) -> Analysis {
        let pairs = pairs(&recording);
        let diagnoses = blank(&recording, &pairs);
        let carried = tokens::carried(&recording);
        let findings = findings(&recording);
        let (groups, tokens) = (Vec::new(), Vec::new());
        Analysis { recording, diagnoses, groups, tokens, findings, pairs, diagnosed: 0, carried }
    }

    /// Looks into the next few entries or the next token. Whether there is more to do.
    pub fn step(&mut self, now: Time) -> bool {
        let count = self.recording.entries.len();
        if self.diagnosed < count {
            let end = (self.diagnosed + STEP).min(count);
            diagnose(&self.recording, &self.pairs, self.diagnosed..end, &mut self.diagnoses);
            self.diagnosed = end;
            if end == count {
                self.groups = groups(&self.recording, &self.diagnoses, &self.carried);
            }
            return true;
        }
        let number = self.tokens.len();
        let (Some(carried), Some(text)) = (self.carried.get_mut(number), self.recording.tokens.get(number)) else {
            return false;
        };
        self.tokens.push(tokens::report(number, text, std::mem::take(carried), now));
        true
    }
}

/// The groups of what was read so far.
pub fn groups_so_far(recording: &Recording) -> Vec<Group> {
    let pairs = pairs(recording);
    let mut diagnoses = blank(recording, &pairs);
    diagnose(recording, &pairs, 0..recording.entries.len(), &mut diagnoses);
    groups(recording, &diagnoses, &tokens::carried(recording))
}

fn groups(recording: &Recording, diagnoses: &[Diagnosis], carried: &[Carried]) -> Vec<Group> {
    let mut gathering = Gathering { recording, groups: Vec::new(), places: BTreeMap::new(), urls: Vec::new() };
    for (number, (entry, diagnosis)) in recording.entries.iter().zip(diagnoses).enumerate() {
        let host = host(&entry.url);
        if let Some((code, severity)) = code::of(diagnosis, entry) {
            let group = gathering.add(code, severity, number, entry, (&diagnosis.origin, &host, None));
            if let Some(group) = group.filter(|group| group.entries.len() == 1) {
                group.cause = diagnosis.cause;
                group.parameter = diagnosis.parameter.clone();
                group.neighbour = diagnosis.neighbour;
                group.certainty = diagnosis.certainty;
                group.exchange = diagnosis.exchange.clone();
            }
        }
        let status = entry.status.filter(|_| !entry.is_preflight());
        if let Some((code, severity)) = status.and_then(code::of_status) {
            gathering.add(code, severity, number, entry, ("", &host, None));
        }
        if entry.tokens.iter().any(|(_, carrier)| *carrier == super::Carrier::Url) {
            gathering.add(code::TOKEN_IN_URL, Severity::Warning, number, entry, ("", &host, None));
        }
    }
    for (token, carried) in carried.iter().enumerate() {
        for number in &carried.expired {
            if let Some(entry) = recording.entries.get(*number) {
                gathering.add(code::TOKEN_EXPIRED, Severity::Error, *number, entry, ("", "", Some(token)));
            }
        }
    }
    let mut groups = gathering.groups;
    order::sort(&mut groups, |one, other| {
        (one.severity, other.entries.len(), one.first) < (other.severity, one.entries.len(), other.first)
    });
    groups
}

/// Groups while they grow.
struct Gathering<'a> {
    recording: &'a Recording,
    groups: Vec<Group>,
    places: BTreeMap<(Code, String, String, Option<usize>), usize>,
    /// The URLs of each group.
    urls: Vec<BTreeSet<&'a str>>,
}

impl<'a> Gathering<'a> {
    fn add(
        &mut self,
        code: Code,
        severity: Severity,
        number: usize,
        entry: &'a Entry,
        (origin, host, token): (&str, &str, Option<usize>),
    ) -> Option<&mut Group> {
        let key = (code, origin.to_owned(), host.to_owned(), token);
        let place = *self.places.entry(key).or_insert_with(|| {
            self.groups.push(Group {
                code,
                severity,
                certainty: Certainty::Proved,
                cause: None,
                parameter: String::new(),
                neighbour: None,
                origin: origin.to_owned(),
                host: host.to_owned(),
                entries: Vec::new(),
                first: number,
                urls: Vec::new(),
                url_count: 0,
                token,
                exchange: None,
            });
            self.urls.push(BTreeSet::new());
            self.groups.len() - 1
        });
        let group = self.groups.get_mut(place)?;
        let first = self.recording.entries.get(group.first);
        if first.is_some_and(|first| entry.started.is_some() && entry.started < first.started) {
            group.first = number;
        }
        group.entries.push(number);
        if self.urls.get_mut(place)?.insert(&entry.url) {
            group.url_count += 1;
            if group.urls.len() < MOST_URLS {
                group.urls.push(masked_url(&entry.url));
            }
        }
        Some(group)
    }
}

impl Group {
    /// The group as a finding: its facts are those that the words name. Causes of the CORS protocol have their words in
    /// `cors`, everything else in [`super::WORDS`].
    pub fn finding(&self, recording: &Recording) -> Finding {
        let mut finding = Finding::error(self.code, "/log/entries");
        finding.severity = self.severity;
        finding.certainty = self.certainty;
        let first = recording.entries.get(self.first);
        let url = first.map(|entry| masked_url(&entry.url)).unwrap_or_default();
        let mut finding = finding
            .with("count", Fact::Count(self.entries.len() as u64))
            .with("requests", Fact::Words(if self.entries.len() == 1 { "request" } else { "requests" }))
            .text("url", url)
            .text("origin", if self.origin.is_empty() { "unknown" } else { &self.origin })
            .text("host", self.host.as_str())
            .text("parameter", self.parameter.as_str())
            .text("value", self.parameter.as_str())
            .with("Server", Fact::Words("The server"))
            .with("server", Fact::Words("the server"));
        if let Some(entry) = first {
            finding = finding.text("method", entry.method.as_str());
            finding = finding.text("error", entry.error.as_deref().unwrap_or("status 0"));
            finding = finding.with("status", Fact::Count(u64::from(entry.status.unwrap_or(0))));
            let late = self.token.and_then(|token| tokens::expiry(recording.tokens.get(token)?)).zip(entry.started);
            if let Some((expires, sent)) = late {
                finding = finding.with("late", Fact::Duration(sent.since(expires)));
            }
        }
        if let Some(token) = self.token {
            finding = finding.text("token", super::letter(token));
        }
        finding
    }
}

/// Host and port of a URL.
pub(super) fn host(address: &str) -> String {
    let origin = url::origin_of(address).unwrap_or_default();
    text::split_once(&origin, "://").map_or_else(String::new, |(_, host)| host.to_owned())
}

fn findings(recording: &Recording) -> Vec<Finding> {
    let shape = &recording.shape;
    let mut findings = Vec::new();
    let file = |code: Code, severity: Severity| {
        let mut finding = Finding::info(code, "/file").with("entries", Fact::Count(shape.entries));
        finding.severity = severity;
        finding.with("bytes", Fact::Count(shape.bytes))
    };
    if let Some(format) = shape.other_format {
        return vec![file(code::OTHER_FORMAT, Severity::Error).with("format", Fact::Words(format))];
    }
    if !shape.has_entries {
        return vec![file(code::NOT_HAR, Severity::Error)];
    }
    if shape.entries == 0 {
        findings.push(file(code::EMPTY, Severity::Warning));
    }
    if shape.is_stopped {
        findings.push(file(code::STOPPED, Severity::Info));
    } else if shape.is_truncated {
        findings.push(file(code::TRUNCATED, Severity::Warning));
    }
    if let Some(at) = shape.damage {
        findings.push(file(code::DAMAGED, Severity::Warning).with("at", Fact::Count(at)));
    }
    if shape.entries > MOST_ENTRIES as u64 {
        findings.push(file(code::TOO_MANY_ENTRIES, Severity::Warning).with("kept", Fact::Count(MOST_ENTRIES as u64)));
    }
    if shape.further_tokens > 0 {
        let more = file(code::TOO_MANY_TOKENS, Severity::Warning).with("more", Fact::Count(shape.further_tokens));
        findings.push(more.with("kept", Fact::Count(MOST_TOKENS as u64)));
    }
    if shape.cut > 0 {
        findings.push(file(code::CUT, Severity::Info).with("count", Fact::Count(shape.cut)));
    }
    if is_sanitized(recording) {
        findings.push(file(code::SANITIZED, Severity::Info));
    }
    findings
}

/// Whether credentials were taken out: preflights asked for leave to send `Authorization`, and nothing was sent.
fn is_sanitized(recording: &Recording) -> bool {
    let asks = |entry: &Entry| {
        let names = entry.request_headers.combined("access-control-request-headers").unwrap_or_default();
        names.split(',').any(|name| name.trim().eq_ignore_ascii_case("authorization"))
    };
    let has_any = |entry: &Entry| entry.has_cookies || entry.sets_cookies || entry.request_headers.has("authorization");
    let entries = &recording.entries;
    // A lone preflight may have been refused, and its request not been recorded.
    entries.iter().any(|entry| entry.is_preflight() && asks(entry))
        && entries.iter().any(|entry| !entry.is_preflight())
        && !entries.iter().any(has_any)
}
