//! Who accepts which difference of clocks: `src/data/clock_skew.json`.

use crate::json::{self, Value};

/// Who accepts a token that is that many seconds ahead, and who refuses it.
pub(super) fn who(seconds: i64) -> (Vec<String>, Vec<String>) {
    let document = json::read(include_bytes!("../../data/clock_skew.json").to_vec());
    let (mut accepts, mut refuses) = (Vec::new(), Vec::new());
    for row in document.member("rows").map(Value::items).unwrap_or_default() {
        let who = row.member("who").and_then(Value::as_str).unwrap_or_default().to_owned();
        let allowed =
            row.member("seconds").and_then(|value| document.raw(value).parse::<i64>().ok()).unwrap_or_default();
        if seconds <= allowed { accepts.push(who) } else { refuses.push(who) }
    }
    (accepts, refuses)
}

#[cfg(test)]
mod tests {
    use super::who;

    #[test]
    fn who_accepts_a_difference_depends_on_its_length() {
        assert_eq!(who(0).1, [""; 0]);
        let (accepts, refuses) = who(45);
        assert!(refuses.iter().any(|name| name.starts_with("Okta’s own")) && accepts.len() == 5, "{refuses:?}");
        assert_eq!(who(301).0, [""; 0]);
    }
}
