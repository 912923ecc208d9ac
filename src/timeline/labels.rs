//! The labels of the marks, and the rows that they stand in without touching each other.

use super::{Anchor, Mark};
use crate::time::Time;

/// The width of a character in thousandths of a drawing that is 340 px wide: 7.1 px.
const CHARACTER: u32 = 21;

/// Free room between two labels of one row.
const SPACE: u32 = 15;

/// The marks in the order in which they choose their rows: what matters most stands nearest to the bar.
const ORDER: [&str; 5] = ["exp", "iat", "now", "nbf", "auth_time"];

/// Below the bar stand those that are no limits of the token's life.
const BELOW: [&str; 2] = ["now", "auth_time"];

/// Writes the label of each mark, and finds its row and side.
pub(super) fn write(marks: &mut [Mark]) {
    let form = form(marks);
    for mark in marks.iter_mut() {
        mark.label = label(mark.at, form);
    }
    let mut taken: Vec<(u8, u32, u32)> = Vec::new();
    for name in ORDER {
        let Some(mark) = marks.iter_mut().find(|mark| mark.name == name) else { continue };
        let width = CHARACTER * (mark.name.len() + 1 + mark.label.chars().count()) as u32;
        let (row, anchor, from, to) = place(mark, width, &taken);
        mark.row = row;
        mark.anchor = anchor;
        taken.push((row, from, to));
    }
}

/// Which parts of date and time tell the marks apart.
#[derive(Clone, Copy, PartialEq)]
enum Form {
    Clock,
    Day,
    Year,
}

fn form(marks: &[Mark]) -> Form {
    let dates: Vec<String> = marks.iter().map(|mark| mark.at.rfc3339()).collect();
    let same = |length: usize| {
        let mut beginnings = dates.iter().map(|date| date.get(..length));
        let first = beginnings.next();
        beginnings.all(|other| Some(other) == first)
    };
    match () {
        // `2026-11-20T14:00:00Z`: the day ends at 10, the year at 4.
        () if same(10) => Form::Clock,
        () if same(4) => Form::Day,
        () => Form::Year,
    }
}

/// "14:00:00", "20 Nov, 14:00", or "20 Nov 2026".
fn label(at: Time, form: Form) -> String {
    let clock = at.clock_face();
    if form == Form::Clock {
        return clock;
    }
    // "Fri 20 Nov 2026, 14:00:00 UTC"
    let written = at.date_and_time();
    let date = written.split(',').next().unwrap_or_default();
    let date = date.split_once(' ').map_or(date, |(_, date)| date);
    match form {
        Form::Year => date.to_owned(),
        _ => [date.rsplit_once(' ').map_or(date, |(day, _)| day), ", ", clock.get(..5).unwrap_or_default()].concat(),
    }
}

/// The first row that has room for a label, on either side of its mark.
fn place(mark: &Mark, width: u32, taken: &[(u8, u32, u32)]) -> (u8, Anchor, u32, u32) {
    let starting = (Anchor::Start, mark.position, mark.position + width);
    let ending = (Anchor::End, mark.position.saturating_sub(width), mark.position);
    let fits = |(anchor, _, to): &(Anchor, u32, u32)| match anchor {
        Anchor::Start => *to <= 1000,
        Anchor::End => mark.position >= width,
    };
    let sides = if mark.position <= 500 { [starting, ending] } else { [ending, starting] };
    let first: [u8; 2] = if BELOW.contains(&mark.name) { [1, 0] } else { [0, 1] };
    for row in first.into_iter().chain(2..=ORDER.len() as u8) {
        let is_free = |from: u32, to: u32| {
            let mut others = taken.iter().filter(|other| other.0 == row);
            !others.any(|(_, start, end)| from < end + SPACE && *start < to + SPACE)
        };
        for side in sides.into_iter().filter(|side| fits(side)) {
            if is_free(side.1, side.2) {
                return (row, side.0, side.1, side.2);
            }
        }
    }
    // More rows than labels were looked at, so this is a label that is longer than the drawing.
    (ORDER.len() as u8, Anchor::Start, mark.position, 1000)
}
