//! Parts of messages put together, and messages about one request made one.

use super::fold::Folded;
use super::table::{Found, Part, Place, Row, table};
use super::{Fragment, status};
use crate::cors::evidence::{ConsoleMessage, Neighbour, Says};
use crate::cors::{Cause, Engine};

/// How far a reason may stand behind its frame, in bytes: a space, a line break with its indentation folded.
const NEAR: usize = 12;

/// How far the line with the URL may stand behind WebKit's reason: the place in the source stands between them.
const LINE: usize = 600;

/// How far a word of the Network panel may stand behind its URL.
const PANEL: usize = 40;

/// Among how many neighbours a message looks for one that says more.
const WINDOW: usize = 16;

/// A message that is being put together.
#[derive(Clone, Debug, Default)]
pub(super) struct Draft {
    pub engine: Option<Engine>,
    pub url: Option<String>,
    pub from: Option<String>,
    pub origin: Option<String>,
    pub parameter: Option<String>,
    pub status: Option<u16>,
    pub causes: Vec<Cause>,
    pub says: Option<Says>,
    /// The reason was said to be the preflight's.
    pub preflight: bool,
    /// A more specific message outweighs it.
    pub generic: bool,
    /// There is a reason.
    pub reason: bool,
    /// The line of WebKit that names the URL is there.
    pub after: bool,
    pub start: usize,
    pub end: usize,
}

/// Puts the fragments together.
pub(super) fn drafts(text: &Folded, fragments: Vec<Fragment>) -> Vec<Draft> {
    let mut drafts: Vec<Draft> = Vec::new();
    let mut fragments = fragments.into_iter().peekable();
    while let Some(fragment) = fragments.next() {
        match fragment {
            Fragment::Code { start, end, code, status } => {
                let says = Some(table().code(&code));
                let url = url_before(text, drafts.last().map_or(0, |draft| draft.end), start, 3);
                let engine = Some(if code.starts_with("ERR_") { Engine::Chromium } else { Engine::Firefox });
                let parameter = Some(code);
                drafts.push(Draft {
                    engine,
                    url,
                    parameter,
                    status,
                    says,
                    reason: true,
                    start,
                    end,
                    ..Draft::default()
                });
            }
            Fragment::Row(found) => {
                let Some(row) = table().rows.get(found.row) else { continue };
                let after_follows =
                    matches!(fragments.peek(), Some(Fragment::Row(next)) if part(next) == Some(Part::After));
                put(text, &mut drafts, row, found, after_follows);
            }
        }
    }
    drafts
}

fn part(found: &Found) -> Option<Part> {
    table().rows.get(found.row).map(|row| row.part)
}

/// Adds a part to the message that it belongs to, or begins a new one.
fn put(text: &Folded, drafts: &mut Vec<Draft>, row: &Row, found: Found, after_follows: bool) {
    let near = |draft: &Draft, distance: usize| found.start <= draft.end + distance;
    match row.part {
        Part::Whole | Part::Frame | Part::Issue => {
            let mut draft = Draft { start: found.start, ..Draft::default() };
            draft.take(row, &found);
            drafts.push(draft);
        }
        Part::Preflight => match drafts.last_mut().filter(|draft| !draft.reason && near(draft, NEAR)) {
            Some(draft) => {
                draft.preflight = true;
                draft.end = found.end;
            }
            None => {
                let mut draft = Draft { start: found.start, preflight: true, ..Draft::default() };
                draft.take(row, &found);
                drafts.push(draft);
            }
        },
        Part::Reason => match drafts.last_mut() {
            Some(draft) if !draft.reason && !draft.after && near(draft, NEAR) => draft.take(row, &found),
            // WebKit's line with the URL came first.
            Some(draft) if draft.after && !draft.reason && !after_follows && near(draft, LINE) => {
                draft.take(row, &found)
            }
            _ if row.generic => {}
            _ => {
                let mut draft = Draft { start: found.start, ..Draft::default() };
                draft.take(row, &found);
                drafts.push(draft);
            }
        },
        Part::Tail => {
            if let Some(draft) = drafts.last_mut().filter(|draft| near(draft, NEAR)) {
                draft.take(row, &found);
            }
        }
        Part::After => match drafts.last_mut() {
            Some(draft) if draft.reason && draft.url.is_none() && draft.engine == row.engine && near(draft, LINE) => {
                draft.after = true;
                draft.take(row, &found);
            }
            _ => {
                let mut draft = Draft { start: found.start, after: true, ..Draft::default() };
                draft.take(row, &found);
                drafts.push(draft);
            }
        },
        Part::Failed | Part::Panel => {
            let distance = if row.part == Part::Panel { PANEL } else { 3 };
            let url = url_before(text, drafts.last().map_or(0, |draft| draft.end), found.start, distance);
            let mut draft = Draft { start: found.start, url, ..Draft::default() };
            draft.take(row, &found);
            drafts.push(draft);
        }
    }
}

impl Draft {
    /// Takes over what a part says.
    fn take(&mut self, row: &Row, found: &Found) {
        self.end = found.end;
        self.engine = self.engine.or(row.engine);
        let keep = |to: &mut Option<String>, place: Place| {
            if let Some(value) = found.value(place).filter(|_| to.is_none()) {
                *to = Some(value.to_owned());
            }
        };
        keep(&mut self.url, Place::Url);
        keep(&mut self.from, Place::From);
        keep(&mut self.origin, Place::Origin);
        keep(&mut self.parameter, Place::Parameter);
        keep(&mut self.parameter, Place::Policy);
        if self.status.is_none() {
            self.status = found.value(Place::Status).and_then(|digits| status(digits.as_bytes()));
        }
        if self.origin.is_none() {
            self.origin = found.value(Place::Page).and_then(crate::cors::url::origin_of);
        }
        if matches!(row.part, Part::Whole | Part::Reason | Part::Failed | Part::Panel) {
            self.reason = true;
            self.causes.clone_from(&row.causes);
            self.says.clone_from(&row.says);
            self.generic = row.generic;
        }
    }

    /// How much a message says: the less the more.
    fn rank(&self) -> u8 {
        match &self.says {
            _ if !self.reason && self.after => 3,
            Some(Says::Failed) => 3,
            Some(_) if self.generic => 2,
            _ if self.generic => 1,
            _ => 0,
        }
    }

    /// What the message says, with the causes in the order that its facts suggest.
    fn says(&self) -> Says {
        if let Some(says) = &self.says {
            return says.clone();
        }
        if self.after && !self.reason {
            return Says::Failed;
        }
        let mut causes = self.causes.clone();
        if self.engine == Some(Engine::Chromium) {
            // It says whether it speaks of the preflight.
            let two =
                causes.iter().any(|cause| is_preflight(*cause)) && !causes.iter().all(|cause| is_preflight(*cause));
            if two {
                causes.retain(|cause| is_preflight(*cause) == self.preflight);
            }
        } else {
            let first = |cause: &Cause| {
                let wrong_side = is_preflight(*cause) != self.preflight && causes.len() > 1;
                u8::from(!self.suggests(*cause)) * 2 + u8::from(wrong_side)
            };
            let mut order: Vec<(u8, Cause)> = causes.iter().map(|cause| (first(cause), *cause)).collect();
            crate::order::sort(&mut order, |one, other| one.0 < other.0);
            causes = order.into_iter().map(|(_, cause)| cause).collect();
        }
        Says::Cors(causes)
    }

    /// Whether parameter and status are what that cause comes with: Firefox and WebKit have one text for several.
    fn suggests(&self, cause: Cause) -> bool {
        use Cause::*;
        let redirect = self.status.is_some_and(|status| (300..400).contains(&status));
        let value = self.parameter.as_deref();
        match cause {
            PreflightDisallowedRedirect => redirect || self.causes.len() == 1,
            PreflightInvalidStatus => !redirect,
            MultipleAllowOriginValues | PreflightMultipleAllowOriginValues => {
                value.is_none_or(|value| value.contains([' ', ',']))
            }
            InvalidAllowOriginValue | PreflightInvalidAllowOriginValue => {
                value.is_some_and(|value| !value.contains([' ', ',']) && !is_origin_like(value))
            }
            AllowOriginMismatch | PreflightAllowOriginMismatch => value.is_some_and(is_origin_like),
            _ => true,
        }
    }
}

fn is_preflight(cause: Cause) -> bool {
    cause.name().starts_with("Preflight")
}

/// Whether Chromium would call the value another origin and not an invalid one: `null`, or a URL.
fn is_origin_like(value: &str) -> bool {
    value == "null"
        || (!value.contains([' ', ','])
            && value.split_once(':').is_some_and(|(scheme, rest)| {
                scheme.starts_with(|first: char| first.is_ascii_alphabetic())
                    && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.'))
                    && (!matches!(scheme, "http" | "https") || !rest.trim_start_matches('/').is_empty())
            }))
}

/// Makes messages about one request one, and says what they say.
pub(super) fn messages(text: &Folded, mut drafts: Vec<Draft>) -> Vec<ConsoleMessage> {
    let specific = drafts.iter().any(|draft| draft.rank() < 3);
    let mut dropped = vec![false; drafts.len()];
    for at in 0..drafts.len() {
        let Some(draft) = drafts.get(at).cloned() else { break };
        if draft.rank() == 0 {
            continue;
        }
        let window = at.saturating_sub(WINDOW)..drafts.len().min(at + WINDOW + 1);
        let better = window.rev().find(|other| {
            let other = drafts.get(*other);
            other.is_some_and(|other| other.rank() < draft.rank() && draft.url.is_some() && other.url == draft.url)
        });
        match better.and_then(|better| drafts.get_mut(better)) {
            Some(better) => {
                better.status = better.status.or(draft.status);
                // Firefox says so about a request that failed before it was sent: in its preflight.
                better.preflight |= draft.engine == Some(Engine::Firefox) && draft.rank() == 2;
            }
            None if draft.rank() == 3 && draft.url.is_none() && specific => {}
            None => continue,
        }
        if let Some(dropped) = dropped.get_mut(at) {
            *dropped = true;
        }
    }
    let kept = drafts.into_iter().zip(dropped).filter(|(_, dropped)| !dropped).map(|(draft, _)| draft);
    let mut messages: Vec<ConsoleMessage> = Vec::new();
    for draft in kept {
        let message = ConsoleMessage {
            engine: draft.engine,
            says: draft.says(),
            span: text.original(draft.start)..text.original(draft.end),
            url: draft.url,
            redirected_from: draft.from,
            origin: draft.origin,
            parameter: draft.parameter,
            status: draft.status,
        };
        let recent = messages.iter().rev().take(WINDOW);
        if !recent.into_iter().any(|other| repeats(&message, other)) {
            messages.push(message);
        }
    }
    messages
}

/// Whether a message says nothing that the other one does not say.
fn repeats(message: &ConsoleMessage, other: &ConsoleMessage) -> bool {
    let covered = |one: &Option<String>, other: &Option<String>| one.is_none() || one == other;
    message.says == other.says
        && message.engine == other.engine
        && covered(&message.url, &other.url)
        && covered(&message.origin, &other.origin)
        && (covered(&message.parameter, &other.parameter)
            || matches!(message.says, Says::Neighbour(Neighbour::ContentSecurityPolicy)))
        && (message.status.is_none() || message.status == other.status)
}

/// The URL that ends at most so many bytes before a place, and not before the message before.
pub(super) fn url_before(text: &Folded, from: usize, at: usize, distance: usize) -> Option<String> {
    let from = from.max(at.saturating_sub(2048));
    let before = text.text.get(from..at)?;
    let start = (0..before.len()).rev().find(|start| {
        before.get(*start..).is_some_and(|rest| rest.starts_with(b"https://") || rest.starts_with(b"http://"))
    })?;
    let length = before.get(start..)?.iter().position(|byte| *byte == b' ').unwrap_or(before.len() - start);
    if start + length + distance < before.len() {
        return None;
    }
    let url = text.value(from + start..from + start + length);
    let url = url.trim_end_matches([',', '.', ':', ';', ')', '\'', '"', '’', '”', '»', '(']);
    Some(url.to_owned())
}
