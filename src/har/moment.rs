//! Points in time as recordings write them: [ISO 8601](https://www.w3.org/TR/NOTE-datetime) with fractions of a second
//! and the distance from UTC.

use crate::time::Time;

/// The milliseconds since the epoch of `2026-11-20T21:39:41.825Z` or `2026-11-20T22:39:41.825+01:00`.
pub(super) fn milliseconds(text: &str) -> Option<i64> {
    let text = text.trim();
    let (date, clock) = text.split_once(['T', 't', ' '])?;
    let (clock, minutes) = match clock.rfind(['+', '-']) {
        Some(at) => {
            let (clock, zone) = clock.split_at_checked(at)?;
            let sign = if zone.starts_with('-') { -1 } else { 1 };
            let digits: String = zone.chars().filter(char::is_ascii_digit).take(4).collect();
            let number: i64 = digits.parse().ok()?;
            let (hours, minutes) = if digits.len() > 2 { (number / 100, number % 100) } else { (number, 0) };
            (clock, sign * (hours * 60 + minutes))
        }
        None => (clock.trim_end_matches(['Z', 'z']), 0),
    };
    let (clock, fraction) = clock.split_once(['.', ',']).unwrap_or((clock, ""));
    let mut thousandths = 0;
    for place in 0..3 {
        let digit = fraction.as_bytes().get(place).filter(|byte| byte.is_ascii_digit()).map_or(0, |byte| byte - b'0');
        thousandths = thousandths * 10 + i64::from(digit);
    }
    let whole = Time::from_typed(&[date, "T", clock].concat())?;
    Some((whole.seconds() - minutes * 60) * 1000 + thousandths)
}

/// Whole milliseconds of a number, which may have decimals; 0 for what is no length of time.
pub(super) fn duration(text: &str) -> i64 {
    let whole = text.split(['.', 'e', 'E']).next().unwrap_or_default();
    // A day is longer than any browser waits.
    whole.parse::<i64>().unwrap_or(0).clamp(0, 86_400_000)
}

#[cfg(test)]
mod tests {
    #[test]
    fn times_are_read_with_their_zone() {
        let check = |text: &str, expected: Option<i64>| assert_eq!(super::milliseconds(text), expected, "{text}");
        check("2026-11-20T14:00:00.250Z", Some(1_795_183_200_250));
        check("2026-11-20T15:00:00.25+01:00", Some(1_795_183_200_250));
        check("2026-11-20T09:30:00.2509999-0430", Some(1_795_183_200_250));
        check("2026-11-20T14:00:00Z", Some(1_795_183_200_000));
        check("", None);
        check("yesterday", None);
        check("2026-11-20T14:00:00+é", None);
    }
}
