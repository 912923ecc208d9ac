//! The times of a token on one line, as a drawing of numbers: whoever shows it only scales it.
//!
//! The times are those of the findings of the first verdict, so that drawing and checks can't disagree. The words stand in
//! `src/data/timeline.json`, the verifiers in `src/data/verifier_skews.json`.

use crate::messages::Prose;
use crate::time::Time;
use crate::why::Subject;

mod labels;
mod scale;
mod times;
mod verifiers;
mod words;

pub(crate) use times::{Times, times};

use scale::Scale;
use words::State;

/// The times of a token on one line. Positions are in thousandths of the width, 0 to 1000.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// The points, from left to right.
    pub marks: Vec<Mark>,
    /// From when to when the token is good.
    pub life: (u32, u32),
    /// The bands that the leeway adds, before and after.
    pub leeway: Vec<(u32, u32)>,
    /// From the end to now, for a token that came too late; or from now to the start, for one that came too early.
    pub late: Option<(u32, u32)>,
    /// Where the axis is broken, so that what lies years away does not squash the rest.
    pub breaks: Vec<u32>,
    /// What stands inside the life bar: "valid for 1 h".
    pub caption: String,
    /// How now stands to the life of the token: "3 min 12 s late", "57 min left". Empty where neither can be said.
    pub relation: String,
    /// The drawing in one sentence.
    pub description: String,
    /// What stands below it.
    pub note: Prose,
    /// Who would accept it now, at which skew.
    pub verifiers: Vec<Verifier>,
}

/// A point in time.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark {
    /// Its name: `iat`, `nbf`, `exp`, `auth_time`, `now`.
    pub name: &'static str,
    /// When.
    pub at: Time,
    /// Where on the line.
    pub position: u32,
    /// Its label: "14:00:00", with the day where the days differ.
    pub label: String,
    /// The row that its label stands in: 0 above the bar, 1 below it, 2 above row 0, 3 below row 1, and so on. Labels of
    /// one row don't overlap in a drawing of 340 px or more, with letters of 7 px and the name before the label.
    pub row: u8,
    /// To which side of the mark its label runs.
    pub anchor: Anchor,
    /// Whether it lies behind a break of the axis, further away than drawn.
    pub beyond: bool,
}

/// To which side of its mark a label runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Anchor {
    /// It begins at the mark.
    #[default]
    Start,
    /// It ends at the mark.
    End,
}

/// A verifier with its usual skew, and whether it would accept the token now.
#[derive(Clone, Debug, PartialEq)]
pub struct Verifier {
    /// Its name.
    pub name: &'static str,
    /// The skew that it allows, in seconds.
    pub skew: i64,
    /// Whether its time checks pass now.
    pub accepts: bool,
}

/// Draws the times of a token. `None` where there are fewer than one.
pub fn timeline(subject: &Subject) -> Option<Timeline> {
    let times = times(subject.token);
    let named = [("auth_time", times.signed_in), ("iat", times.issued), ("nbf", times.start), ("exp", times.expiry)];
    let mut points: Vec<(&'static str, Time)> =
        named.into_iter().filter_map(|(name, time)| Some((name, time?))).collect();
    if points.is_empty() {
        return None;
    }
    let now = drawable(subject.now);
    points.push(("now", now));
    crate::order::sort(&mut points, |one, other| one.1 < other.1);

    let leeway = subject.options.expectations.leeway.max(0);
    let state = State::of(&times, now, leeway);
    let seconds: Vec<i64> = points.iter().map(|point| point.1.seconds()).collect();
    let scale = Scale::new(&seconds, core(&times, now), now.seconds());
    let mut marks: Vec<Mark> = points
        .into_iter()
        .map(|(name, at)| Mark {
            name,
            at,
            position: scale.position(at.seconds()),
            label: String::new(),
            row: 0,
            anchor: Anchor::Start,
            beyond: scale.is_beyond(at.seconds()),
        })
        .collect();
    labels::write(&mut marks);
    let (life, bands, late) = bars(&times, &scale, now, leeway);
    Some(Timeline {
        life,
        leeway: bands,
        late,
        breaks: scale.breaks(),
        caption: words::caption(&state),
        relation: words::relation(&state),
        description: words::description(&state, &marks, leeway),
        note: words::note(&times, &marks, leeway),
        verifiers: verifiers::of(subject, &times),
        marks,
    })
}

/// A time within the years 1 to 9999, which is what can be written on a label.
fn drawable(now: Time) -> Time {
    const YEAR_1: i64 = -62_135_596_800;
    const END_OF_9999: i64 = 253_402_300_799;
    if (YEAR_1..=END_OF_9999).contains(&now.seconds()) {
        now
    } else {
        Time::from_seconds(now.seconds().clamp(YEAR_1, END_OF_9999))
    }
}

/// What the drawing is made for: the life of the token, or the way from its one limit to now.
fn core(times: &Times, now: Time) -> (i64, i64) {
    let (one, other) = match (times.begin(), times.expiry) {
        (Some(begin), Some(end)) => (begin, end),
        (Some(only), None) | (None, Some(only)) => (only, now),
        (None, None) => (times.signed_in.unwrap_or(now), now),
    };
    (one.min(other).seconds(), one.max(other).seconds())
}

type Bar = (u32, u32);

/// The life bar, the bands of the leeway and the part that is too late or too early.
fn bars(times: &Times, scale: &Scale, now: Time, leeway: i64) -> (Bar, Vec<Bar>, Option<Bar>) {
    let at = |time: Time| scale.position(time.seconds());
    let (begin, end) = (times.begin(), times.expiry);
    let life = match (begin, end) {
        (Some(begin), Some(end)) if begin < end => (at(begin), at(end)),
        (Some(_), Some(end)) => (at(end), at(end)),
        (begin, end) => (begin.map_or(0, at), end.map_or(1000, at)),
    };
    let is_never = begin.zip(end).is_some_and(|(begin, end)| end <= begin);
    let before = begin.map(|begin| (at(begin.plus(-leeway)), at(begin)));
    let after = end.map(|end| (at(end), at(end.plus(leeway))));
    let bands = [before, after].into_iter().flatten().filter(|band| band.0 < band.1 && !is_never).collect();
    let late = match (begin, end) {
        (_, Some(end)) if end.plus(leeway) <= now => Some((at(end.plus(leeway)), at(now))),
        (Some(begin), _) if now.plus(leeway) < begin => Some((at(now), at(begin.plus(-leeway)))),
        _ => None,
    };
    (life, bands, late)
}
