//! The short words of this part, by what they stand for.

use crate::compare::Bearing;
use crate::profile::{Level, Reading, Status};
use crate::role::Outcome;
use crate::signature_doctor::CauseOutcome;

/// Before what the doctor concluded, where it is read out.
pub const DOCTOR: &str = "Signature doctor";

/// The same where it concluded nothing.
pub const NOT_PROVED: &str = "none of the known causes could be proved";

/// The same where the search was stopped.
pub const STOPPED: &str = "the search was stopped before a cause was found";

/// How far a search is.
pub fn searched(done: usize, all: usize) -> String {
    [&done.to_string(), " of ", &count(all, "test", "tests")].concat()
}

/// How many keys were tried, and how many of them fit.
pub fn tried(all: usize, fitting: usize) -> String {
    let fit = if fitting == 0 { "none fits".to_owned() } else { count(fitting, "fits", "fit") };
    [&all.to_string(), ", ", &fit].concat()
}

/// How many causes are ruled out, and how many could not be decided.
pub fn ruled_out(out: usize, open: usize) -> String {
    let out = [&count(out, "cause", "causes"), " ruled out"].concat();
    if open == 0 { out } else { [&out, ", ", &open.to_string(), " not decided"].concat() }
}

/// How many verifiers would accept a token.
pub fn accepting(accepting: usize, all: usize) -> String {
    match accepting {
        0 => "none of ".to_owned() + &all.to_string(),
        _ if accepting == all => "all ".to_owned() + &all.to_string(),
        _ => [&accepting.to_string(), " of ", &all.to_string()].concat(),
    }
}

/// Whether a signature opens with a key: its icon and its word.
pub fn key(fits: bool) -> (&'static str, &'static str) {
    if fits { ("pass", "Fits") } else { ("fail", "Fail") }
}

/// What came of looking into a cause.
pub fn cause(outcome: CauseOutcome) -> (&'static str, &'static str) {
    match outcome {
        CauseOutcome::Found => ("fail", "Found"),
        CauseOutcome::RuledOut => ("pass", "Ruled out"),
        CauseOutcome::NotDecided => ("skip", "Not decided"),
    }
}

/// Whether a verifier would accept a token now.
pub fn verifier(accepts: bool) -> (&'static str, &'static str) {
    if accepts { ("pass", "Accepts") } else { ("fail", "Refuses") }
}

/// How a kind of token is known.
pub fn known(reading: &Reading) -> &'static str {
    match reading {
        Reading { chosen: true, .. } => "Chosen",
        Reading { declared: true, .. } => "The token says so",
        _ => "Likely",
    }
}

/// The state of a requirement. A kind that was only recognised is no expectation: breaking it is a warning.
pub fn status(status: Status, chosen: bool) -> (&'static str, &'static str) {
    match status {
        Status::Met => ("pass", "Met"),
        Status::Broken => (if chosen { "fail" } else { "warn" }, "Broken"),
        Status::NotApplicable => ("skip", "Not applicable"),
        Status::NotChecked => ("note", "Not checked"),
    }
}

/// How binding a requirement is.
pub fn level(level: Level) -> &'static str {
    match level {
        Level::Required => "Required",
        Level::Recommended => "Recommended",
        Level::Optional => "Optional",
        Level::Conditional => "Conditional",
        Level::Forbidden => "Forbidden",
    }
}

/// Whether it is certain who issued a token.
pub fn certain(certain: bool) -> &'static str {
    if certain { "Its issuer says so" } else { "Likely" }
}

/// How a check ends.
pub fn outcome(outcome: Outcome) -> (&'static str, &'static str) {
    match outcome {
        Outcome::Pass => ("pass", "Pass"),
        Outcome::Fail => ("fail", "Fail"),
        Outcome::Unknown => ("note", "Not known"),
        Outcome::NotApplicable => ("skip", "Not applicable"),
    }
}

/// How a difference bears on a failure.
pub fn bearing(bearing: Bearing) -> (&'static str, &'static str) {
    match bearing {
        Bearing::Explains => ("fail", "Explains it"),
        Bearing::Possible => ("warn", "May explain it"),
        Bearing::Expected => ("pass", "Expected"),
        Bearing::None => ("note", "Of no effect"),
    }
}

/// A number of things.
pub fn count(count: usize, one: &str, more: &str) -> String {
    [count.to_string().as_str(), " ", if count == 1 { one } else { more }].concat()
}
