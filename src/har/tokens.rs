//! The tokens of a recording: what was known of each when it was sent.

use super::{Carrier, Recording};
use crate::inspect::{Answers, Options, inspect};
use crate::json;
use crate::report::{Token, headline};
use crate::time::Time;

/// A token of a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct TokenReport {
    /// Its letter: "A", "B", … "Z", "AA".
    pub letter: String,
    /// What the Inspect view would show, as of [`TokenReport::at`]; `None` when its text is none that is read.
    pub token: Option<Token>,
    /// The verdict in one sentence, as of [`TokenReport::at`].
    pub headline: String,
    /// When it was first sent, or else received.
    pub at: Time,
    /// When it expires.
    pub expires: Option<Time>,
    /// Where in the entries it stands, each place once.
    pub places: Vec<Carrier>,
    /// The entries that carried it, counted from 0.
    pub entries: Vec<usize>,
    /// The entries that sent it after it had expired.
    pub expired: Vec<usize>,
}

/// The letter of a token, by its place in the list: "A" to "Z", then "AA".
pub fn letter(number: usize) -> String {
    let last = char::from(b'A' + (number % 26) as u8);
    if number < 26 {
        return last.to_string();
    }
    let mut text = letter(number / 26 - 1);
    text.push(last);
    text
}

/// When a token expires, without looking at anything else in it.
pub(super) fn expiry(token: &str) -> Option<Time> {
    let payload = token.split('.').nth(1)?;
    let document = json::read(crate::jose::base64url::decode(payload).bytes);
    let value = document.member("exp")?;
    Time::from_number(&document.raw(value)).ok()
}

/// Who carried a token.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Carried {
    pub(super) first_sent: Option<Time>,
    pub(super) first_seen: Option<Time>,
    pub(super) places: Vec<Carrier>,
    pub(super) entries: Vec<usize>,
    pub(super) expired: Vec<usize>,
    pub(super) expires: Option<Time>,
}

/// Who carried each token, in the order of [`Recording::tokens`].
pub(super) fn carried(recording: &Recording) -> Vec<Carried> {
    let mut all: Vec<Carried> =
        recording.tokens.iter().map(|token| Carried { expires: expiry(token), ..Carried::default() }).collect();
    for (number, entry) in recording.entries.iter().enumerate() {
        for (token, carrier) in &entry.tokens {
            let Some(carried) = all.get_mut(*token) else { continue };
            if !carried.places.contains(carrier) {
                carried.places.push(*carrier);
            }
            if carried.entries.last() != Some(&number) {
                carried.entries.push(number);
            }
            let earlier = |known: Option<Time>| known.into_iter().chain(entry.started).min();
            carried.first_seen = earlier(carried.first_seen);
            if !carrier.is_sent() {
                continue;
            }
            carried.first_sent = earlier(carried.first_sent);
            // In a body or a URL it may be a hint, or be sent to be revoked, whatever its age.
            let is_late = matches!((carried.expires, entry.started), (Some(expires), Some(sent)) if expires <= sent);
            if is_late && *carrier == Carrier::Authorization && carried.expired.last() != Some(&number) {
                carried.expired.push(number);
            }
        }
    }
    all
}

/// Looks into a token, as of when it was first sent; `now` stands in where the recording has no times.
pub(super) fn report(number: usize, text: &str, carried: Carried, now: Time) -> TokenReport {
    let at = carried.first_sent.or(carried.first_seen).unwrap_or(now);
    let (report, _) = inspect(text, &Options::default(), at, at, &Answers::default());
    let token = report.tokens.into_iter().next();
    TokenReport {
        letter: letter(number),
        headline: token.as_ref().map_or_else(String::new, |token| headline(token, at).sentence.to_string()),
        token,
        at,
        expires: carried.expires,
        places: carried.places,
        entries: carried.entries,
        expired: carried.expired,
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn letters_go_on_after_z() {
        let letters: Vec<String> = [0, 25, 26, 27, 51, 52, 701, 702].into_iter().map(super::letter).collect();
        assert_eq!(letters, ["A", "Z", "AA", "AB", "AZ", "BA", "ZZ", "AAA"]);
    }
}
