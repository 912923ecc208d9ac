//! What stands in, below and instead of the drawing, from `src/data/timeline.json`.

use std::sync::OnceLock;

use super::{Mark, Times};
use crate::finding::{Code, Fact, Finding};
use crate::json::{self, Document, Value};
use crate::messages::{Prose, fill};
use crate::time::Time;

/// How now stands to the life of a token.
pub(super) struct State {
    /// Its name in the table: `late`, `early`, `both`.
    now: &'static str,
    /// The same for the relation; empty where there is nothing to say.
    relation: &'static str,
    /// Which ends the life has: `both`, `until`, `since`, `open`, `never`.
    life: &'static str,
    facts: Finding,
}

impl State {
    /// The state of a token at a time, with this leeway.
    pub fn of(times: &Times, now: Time, leeway: i64) -> State {
        let (begin, end) = (times.begin(), times.expiry);
        let life = match (begin, end) {
            (Some(begin), Some(end)) if end <= begin => "never",
            (Some(_), Some(_)) => "both",
            (None, Some(_)) => "until",
            (Some(_), None) => "since",
            (None, None) => "open",
        };
        let passed = end.filter(|end| *end <= now);
        let ahead = begin.filter(|begin| now < *begin);
        let of_leeway = |outside: bool, names: [&'static str; 3]| match (outside, leeway) {
            (true, 0) => names[0],
            (true, _) => names[1],
            (false, _) => names[2],
        };
        let (state, relation, distance) = match (passed, ahead) {
            _ if life == "never" => ("never", "", 0),
            (Some(end), _) => {
                let outside = end.plus(leeway) <= now;
                let state = of_leeway(outside, ["late", "late-leeway", "late-within"]);
                (state, if outside { "late" } else { "late-within" }, now.since(end))
            }
            (None, Some(begin)) => {
                let outside = now.plus(leeway) < begin;
                let state = of_leeway(outside, ["early", "early-leeway", "early-within"]);
                (state, if outside { "early" } else { "early-within" }, begin.since(now))
            }
            _ => {
                let distance = end.map(|end| end.since(now)).or(begin.map(|begin| now.since(begin)));
                (life, if end.is_some() { "left" } else { "" }, distance.unwrap_or_default())
            }
        };
        let lifetime = end.zip(begin).map_or(0, |(end, begin)| end.since(begin));
        let facts = Finding::info(Code(""), "")
            .with("distance", Fact::Duration(distance))
            .with("leeway", Fact::Duration(leeway))
            .with("lifetime", Fact::Duration(lifetime))
            .text("start", times.begin_name());
        State { now: state, relation, life, facts }
    }
}

/// What stands inside the life bar.
pub(super) fn caption(state: &State) -> String {
    words("caption", state.life, &state.facts).to_string()
}

/// How now stands to the life of the token, in a few words.
pub(super) fn relation(state: &State) -> String {
    words("relation", state.relation, &state.facts).to_string()
}

/// The drawing in words, for whoever can't see it.
pub(super) fn description(state: &State, marks: &[Mark], leeway: i64) -> String {
    let day = same_day(marks);
    let named = |mark: &Mark| {
        let time = if day.is_some() { mark.at.clock_face() } else { mark.at.date_and_time() };
        [mark.name, " ", time.strip_suffix(" UTC").unwrap_or(&time)].concat()
    };
    let separator = if day.is_some() { ", " } else { "; " };
    let marks = marks.iter().map(named).collect::<Vec<_>>().join(separator);
    let facts = Finding::info(Code(""), "").with("leeway", Fact::Duration(leeway));
    let facts = facts.text("day", day.clone().unwrap_or_default());
    let template = template("times", if day.is_some() { "day" } else { "days" });
    let mut description = String::new();
    // The list is longer than a value may be, so it is put in as it is.
    let (before, behind) = crate::text::split_once(template, "{marks}").unwrap_or((template, ""));
    for part in [&fill(before, &facts, Time::default()).to_string(), &marks, behind, " "] {
        description.push_str(part);
    }
    description.push_str(&words("now", state.now, &state.facts).to_string());
    description
}

/// What stands below the drawing.
pub(super) fn note(times: &Times, marks: &[Mark], leeway: i64) -> Prose {
    let day = same_day(marks);
    let far: Vec<String> = marks.iter().filter(|mark| mark.beyond).map(|mark| mark.name.to_owned()).collect();
    let unread = |name: &str| times.unread.iter().any(|claim| claim == name);
    let has_no = |name: &str, time: Option<Time>| time.is_none() && !unread(name);
    let (no_iat, no_nbf) = (has_no("iat", times.issued), has_no("nbf", times.start));
    let sentences = [
        (day.is_some(), "day"),
        (day.is_none(), "days"),
        (leeway > 0 && (times.begin().is_some() || times.expiry.is_some()), "leeway"),
        (no_iat && no_nbf, "no-start"),
        (!no_iat && no_nbf && times.issued.is_some(), "no-nbf"),
        (no_iat && !no_nbf, "no-iat"),
        (has_no("exp", times.expiry), "no-exp"),
        (!times.unread.is_empty(), "left-out"),
        (far.len() == 1, "broken"),
        (far.len() > 1, "broken-several"),
    ];
    let mut note = Prose::default();
    for (_, name) in sentences.iter().filter(|(says, _)| *says) {
        let claims = if *name == "left-out" { times.unread.clone() } else { far.clone() };
        let facts = Finding::info(Code(""), "").with("leeway", Fact::Duration(leeway));
        let facts = facts.with("claims", Fact::List(claims));
        if !note.0.is_empty() {
            note.push_text(" ");
        }
        // The day is a word here, and no value.
        let template = template("note", name);
        let template =
            day.as_ref().map_or_else(|| template.to_owned(), |day| crate::text::replace(template, "{day}", day));
        note.append(fill(&template, &facts, Time::default()));
    }
    note
}

/// The day of all marks: "Fri 20 Nov 2026"; `None` where they differ.
fn same_day(marks: &[Mark]) -> Option<String> {
    let day = |mark: &Mark| mark.at.date_and_time().split(',').next().unwrap_or_default().to_owned();
    let first = marks.first().map(day)?;
    marks.iter().all(|mark| day(mark) == first).then_some(first)
}

fn words(section: &str, name: &str, facts: &Finding) -> Prose {
    fill(template(section, name), facts, Time::default())
}

fn template(section: &str, name: &str) -> &'static str {
    static TABLE: OnceLock<Document> = OnceLock::new();
    let table = TABLE.get_or_init(|| json::read(include_bytes!("../data/timeline.json").to_vec()));
    table.member(section).and_then(|section| section.member(name)).and_then(Value::as_str).unwrap_or_default()
}
