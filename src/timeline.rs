//! The times of a token on one line, as a drawing of numbers: whoever shows it only scales it.

use crate::messages::Prose;
use crate::time::Time;
use crate::why::Subject;

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
    /// What stands inside the life bar: "valid for 1 h".
    pub caption: String,
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
pub fn timeline(_subject: &Subject) -> Option<Timeline> {
    None
}
