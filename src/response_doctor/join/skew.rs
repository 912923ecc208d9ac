//! Who accepts which difference of clocks: `src/data/clock_skew.json`.

use std::sync::OnceLock;

use crate::json::{self, Value};

/// Differences up to a limit, who accepts them, and who does not.
struct Band {
    limit: i64,
    accepts: String,
    refuses: String,
}

/// Who accepts a token that is that many seconds ahead, and who refuses it.
pub(super) fn who(seconds: i64) -> (&'static str, &'static str) {
    static BANDS: OnceLock<Vec<Band>> = OnceLock::new();
    let band = BANDS.get_or_init(bands).iter().find(|band| seconds <= band.limit);
    band.map_or(("", ""), |band| (&band.accepts, &band.refuses))
}

fn bands() -> Vec<Band> {
    let document = json::read(include_bytes!("../../data/clock_skew.json").to_vec());
    let none = document.string("none").unwrap_or_default();
    let rows: Vec<(i64, &str)> = document
        .member("rows")
        .map(Value::items)
        .unwrap_or_default()
        .iter()
        .filter_map(|row| {
            let seconds = document.raw(row.member("seconds")?).parse().ok()?;
            Some((seconds, row.member("who")?.as_str()?))
        })
        .collect();
    // A band ends where somebody stops to accept; the rows stand in that order.
    let mut limits: Vec<i64> = rows.iter().map(|row| row.0).collect();
    limits.dedup();
    limits.push(i64::MAX);
    let names = |wanted: &dyn Fn(i64) -> bool| {
        let names: Vec<&str> = rows.iter().filter(|row| wanted(row.0)).map(|row| row.1).collect();
        listed(&names, none)
    };
    limits
        .into_iter()
        .map(|limit| Band { limit, accepts: names(&|own| own >= limit), refuses: names(&|own| own < limit) })
        .collect()
}

fn listed(names: &[&str], none: &str) -> String {
    match names {
        [] => none.to_owned(),
        [name] => (*name).to_owned(),
        [others @ .., last] => [&others.join(", "), " and ", last].concat(),
    }
}

#[cfg(test)]
mod tests {
    use super::who;

    #[test]
    fn who_accepts_a_difference_depends_on_its_length() {
        let check = |seconds: i64, accepts: &str, refuses: &str| {
            let (by, not) = who(seconds);
            assert!(by.contains(accepts) && not.contains(refuses), "{seconds}: {by} | {not}");
            assert!(!by.contains(refuses) && !not.contains(accepts), "{seconds}: {by} | {not}");
        };
        check(2, "Okta’s own APIs", "none of those");
        check(30, "Okta’s own APIs", "none of those");
        check(31, "Spring Security", "Okta’s own APIs");
        check(90, "okta-auth-js and ASP.NET Core", "Spring Security");
        check(301, "none of those", "okta-auth-js");
    }
}
