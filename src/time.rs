//! Points in time and their wording. There is no clock here: "now" is always an argument.
//!
//! JSON Web Tokens count seconds since 1970-01-01T00:00:00Z, ignoring leap seconds, and allow decimals
//! ([RFC 7519 §2, NumericDate](https://www.rfc-editor.org/rfc/rfc7519#section-2)). [`Time`] keeps nanoseconds, so that
//! a decimal `exp` is compared exactly and never passes through a float.

/// The first second that can no longer be a date anybody meant: year 10000.
const YEAR_10000: i64 = 253_402_300_800;

/// Values from here on are read as milliseconds by mistake: as seconds they lie after the year 5138.
const MILLISECONDS_FROM: i64 = 100_000_000_000;

/// A point in time: seconds since the epoch, and nanoseconds after that second.
///
/// ```
/// use tokenscope::time::Time;
/// assert_eq!(Time::from_seconds(1_795_183_200).date_and_time(), "Fri 20 Nov 2026, 14:00:00 UTC");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time {
    seconds: i64,
    nanoseconds: u32,
}

/// Why the text of a JSON number is not a usable NumericDate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeFault {
    /// The number is so large that it must be milliseconds (or microseconds); the value is what it means then.
    Milliseconds(Time),
    /// The number lies outside the years 1 to 9999.
    OutOfRange,
}

impl Time {
    /// The time that many whole seconds after the epoch.
    pub const fn from_seconds(seconds: i64) -> Time {
        Time { seconds, nanoseconds: 0 }
    }

    /// The time that many milliseconds after the epoch, as `Date.now()` gives it.
    pub const fn from_milliseconds(milliseconds: i64) -> Time {
        Time { seconds: milliseconds.div_euclid(1000), nanoseconds: (milliseconds.rem_euclid(1000) * 1_000_000) as u32 }
    }

    /// Whole seconds since the epoch, rounded down.
    pub const fn seconds(self) -> i64 {
        self.seconds
    }

    /// This time moved by whole seconds; it stops at the ends of the range instead of wrapping round.
    pub const fn plus(self, seconds: i64) -> Time {
        Time { seconds: self.seconds.saturating_add(seconds), nanoseconds: self.nanoseconds }
    }

    /// Seconds from `earlier` to this time, rounded down; negative when this time is the earlier one.
    pub const fn since(self, earlier: Time) -> i64 {
        let whole = self.seconds.saturating_sub(earlier.seconds);
        if self.nanoseconds < earlier.nanoseconds { whole.saturating_sub(1) } else { whole }
    }

    /// Reads the exact text of a JSON number as a NumericDate, decimals and exponents included.
    ///
    /// # Errors
    ///
    /// [`TimeFault::Milliseconds`] from 1e11 on, where the number can only be milliseconds or microseconds, and
    /// [`TimeFault::OutOfRange`] where no year from 1 to 9999 is meant.
    ///
    /// ```
    /// use tokenscope::time::{Time, TimeFault};
    /// assert_eq!(Time::from_number("1.7951832e9"), Ok(Time::from_seconds(1_795_183_200)));
    /// assert_eq!(Time::from_number("1795183200000"), Err(TimeFault::Milliseconds(Time::from_seconds(1_795_183_200))));
    /// ```
    pub fn from_number(text: &str) -> Result<Time, TimeFault> {
        let time = decimal(text).ok_or(TimeFault::OutOfRange)?;
        if time.seconds < MILLISECONDS_FROM {
            // Year 1 is far enough back: no token was issued before it.
            return if time.seconds < -62_135_596_800 { Err(TimeFault::OutOfRange) } else { Ok(time) };
        }
        let thousandth = Time::from_milliseconds(time.seconds);
        if thousandth.seconds < YEAR_10000 {
            return Err(TimeFault::Milliseconds(thousandth));
        }
        let millionth = Time::from_seconds(time.seconds / 1_000_000);
        if millionth.seconds < YEAR_10000 {
            return Err(TimeFault::Milliseconds(millionth));
        }
        Err(TimeFault::OutOfRange)
    }

    /// The absolute wording, in UTC with the weekday: "Fri 20 Nov 2026, 14:00:00 UTC".
    pub fn date_and_time(self) -> String {
        let days = self.seconds.div_euclid(86_400);
        let (year, month, day) = civil(days);
        // 1970-01-01 was a Thursday.
        let weekday = WEEKDAYS[(days + 4).rem_euclid(7) as usize];
        let month = MONTHS[month as usize - 1];
        [weekday, " ", &day.to_string(), " ", month, " ", &year.to_string(), ", ", &self.time_of_day()].concat()
    }

    /// The time of day alone: "14:00:00 UTC".
    pub fn time_of_day(self) -> String {
        [&self.clock_face(), " UTC"].concat()
    }

    /// The wording of [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339), to the second: "2026-11-20T14:00:00Z".
    pub fn rfc3339(self) -> String {
        let (year, month, day) = civil(self.seconds.div_euclid(86_400));
        let (year, month, day) = (padded(year, 4), padded(month, 2), padded(day, 2));
        [&year, "-", &month, "-", &day, "T", &self.clock_face(), "Z"].concat()
    }

    /// The time of day in UTC without its name: "14:00:00".
    pub fn clock_face(self) -> String {
        let second = self.seconds.rem_euclid(86_400);
        [second / 3600, second / 60 % 60, second % 60].map(|number| padded(number, 2)).join(":")
    }

    /// Reads [RFC 3339](https://www.rfc-editor.org/rfc/rfc3339) in UTC, seconds and the `Z` optional, or whole seconds
    /// since the epoch: what a person may type into an "as of" field. `None` when it is neither.
    ///
    /// ```
    /// use tokenscope::time::Time;
    /// assert_eq!(Time::from_typed("2026-11-20 14:00"), Some(Time::from_seconds(1_795_183_200)));
    /// assert_eq!(Time::from_typed("1795183200"), Some(Time::from_seconds(1_795_183_200)));
    /// assert_eq!(Time::from_typed("tomorrow"), None);
    /// ```
    pub fn from_typed(text: &str) -> Option<Time> {
        let text = text.trim();
        let text = text.strip_suffix("UTC").unwrap_or(text).trim_end_matches(['Z', 'z', ' ']);
        if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return text.parse().ok().filter(|seconds| *seconds < YEAR_10000).map(Time::from_seconds);
        }
        let (date, time) = text.split_once(['T', 't', ' ']).unwrap_or((text, "00:00"));
        let mut date = date.split('-').map(digits);
        let (year, month, day) = (date.next()??, date.next()??, date.next()??);
        let mut time = time.trim().split(':').map(digits);
        let (hour, minute, second) = (time.next()??, time.next()??, time.next().unwrap_or(Some(0))?);
        let fits = (1..=9999).contains(&year)
            && (1..=12).contains(&month)
            && (1..=31).contains(&day)
            && hour < 24
            && minute < 60
            && second < 60;
        let days = fits.then(|| days_from_civil(year, month, day))?;
        // A day such as 31 February does not come back as it went in.
        (civil(days) == (year, month, day))
            .then(|| Time::from_seconds(days * 86_400 + hour * 3600 + minute * 60 + second))
    }

    /// Reads the date of an HTTP header in any of the three forms of
    /// [RFC 9110 §5.6.7](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7). The weekday is not compared with the date.
    ///
    /// ```
    /// use tokenscope::time::Time;
    /// let time = Some(Time::from_seconds(784_111_777));
    /// assert_eq!(Time::from_http_date("Sun, 06 Nov 1994 08:49:37 GMT"), time);
    /// assert_eq!(Time::from_http_date("Sunday, 06-Nov-94 08:49:37 GMT"), time);
    /// assert_eq!(Time::from_http_date("Sun Nov  6 08:49:37 1994"), time);
    /// assert_eq!(Time::from_http_date("120"), None);
    /// ```
    pub fn from_http_date(text: &str) -> Option<Time> {
        let words: Vec<&str> = text.split([' ', ',', '-']).filter(|word| !word.is_empty()).take(7).collect();
        let weekday = |word: &&str| {
            let day = word.get(..3).unwrap_or_default();
            WEEKDAYS.iter().any(|name| name.eq_ignore_ascii_case(day))
        };
        match words.split_first() {
            Some((first, rest)) if weekday(first) => http_date(rest),
            _ => http_date(&words),
        }
    }
}

/// Reads "06 Nov 1994 08:49:37 GMT", "06-Nov-94 08:49:37 GMT" and "Nov 6 08:49:37 1994", the weekday taken off.
fn http_date(words: &[&str]) -> Option<Time> {
    let (day, month, year, clock) = match *words {
        [month, day, clock, year] if month.starts_with(|first: char| first.is_ascii_alphabetic()) => {
            (day, month, year, clock)
        }
        [day, month, year, clock] | [day, month, year, clock, "GMT" | "UTC" | "Z"] => (day, month, year, clock),
        _ => return None,
    };
    let month = MONTHS.iter().position(|name| name.eq_ignore_ascii_case(month))? as i64 + 1;
    let (day, written) = (digits(day)?, digits(year)?);
    // Two digits are of RFC 850. No answer of this subject is older than the web.
    let year = written
        + if year.len() > 2 {
            0
        } else if written < 90 {
            2000
        } else {
            1900
        };
    let mut clock = clock.split(':').map(digits);
    let (hour, minute, second) = (clock.next()??, clock.next()??, clock.next()??);
    let fits = (1..=9999).contains(&year)
        && (1..=31).contains(&day)
        && hour < 24
        && minute < 60
        // A leap second is the first second of the next minute.
        && second <= 60
        && clock.next().is_none();
    let days = fits.then(|| days_from_civil(year, month, day))?;
    (civil(days) == (year, month, day)).then(|| Time::from_seconds(days * 86_400 + hour * 3600 + minute * 60 + second))
}

/// A number with leading zeros. (The formatting of the standard library does the same and weighs several kilobytes.)
fn padded(number: i64, width: usize) -> String {
    let digits = number.to_string();
    let zeros = "000".get(..width.saturating_sub(digits.len())).unwrap_or_default();
    [zeros, &digits].concat()
}

/// A length of time in the two largest units that fit: "3 min 12 s", "1 h 3 min", "26 days 4 h". Negative lengths are
/// worded like positive ones; say "ago" or "in" outside.
///
/// ```
/// assert_eq!(tokenscope::time::duration(192), "3 min 12 s");
/// ```
pub fn duration(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    let units = [
        (seconds / 31_557_600, " year"),
        (seconds % 31_557_600 / 86_400, " day"),
        (seconds % 86_400 / 3600, " h"),
        (seconds % 3600 / 60, " min"),
        (seconds % 60, " s"),
    ];
    let first = units.iter().position(|unit| unit.0 > 0).unwrap_or(4);
    let mut text = String::new();
    for (count, name) in units.iter().skip(first).take(2) {
        if *count == 0 && !text.is_empty() {
            continue;
        }
        let plural = if *count != 1 && matches!(*name, " year" | " day") { "s" } else { "" };
        let space = if text.is_empty() { "" } else { " " };
        for part in [space, &count.to_string(), name, plural] {
            text.push_str(part);
        }
    }
    text
}

/// The distance from `now`: "3 min 12 s ago", "in 26 min 48 s", "now".
pub fn relative(time: Time, now: Time) -> String {
    if time == now {
        return "now".to_owned();
    }
    if time < now {
        return match now.since(time) {
            0 => "just now".to_owned(),
            seconds => [&duration(seconds), " ago"].concat(),
        };
    }
    match time.since(now) {
        0 => "in under 1 s".to_owned(),
        seconds => ["in ", &duration(seconds)].concat(),
    }
}

const WEEKDAYS: [&str; 7] = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

fn digits(text: &str) -> Option<i64> {
    (!text.is_empty() && text.len() <= 4 && text.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| text.parse().ok())?
}

/// The exact value of a JSON number, cut below a nanosecond; `None` beyond 18 digits before the point.
fn decimal(text: &str) -> Option<Time> {
    let (negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => {
            (mantissa, exponent.parse::<i32>().unwrap_or(if exponent.starts_with('-') { -9999 } else { 9999 }))
        }
        None => (text, 0),
    };
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let all: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
    if all.is_empty() || !all.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // Where the point stands among the digits, once the exponent is applied.
    let point = i64::try_from(whole.len()).ok()?.saturating_add(i64::from(exponent));
    let digit = |place: i64| {
        usize::try_from(place).ok().and_then(|place| all.get(place)).map_or(0, |byte| i64::from(byte - b'0'))
    };
    let leading = all.iter().take_while(|byte| **byte == b'0').count() as i64;
    if leading == all.len() as i64 {
        return Some(Time::default());
    }
    if point - leading > 18 {
        return None;
    }
    let seconds = (leading.min(point)..point).fold(0_i64, |sum, place| sum * 10 + digit(place));
    let nanoseconds = (point..point + 9).fold(0_i64, |sum, place| sum * 10 + digit(place));
    if !negative {
        return Some(Time { seconds, nanoseconds: nanoseconds as u32 });
    }
    Some(if nanoseconds == 0 {
        Time::from_seconds(-seconds)
    } else {
        Time { seconds: -seconds - 1, nanoseconds: (1_000_000_000 - nanoseconds) as u32 }
    })
}

/// Year, month and day of a day counted from the epoch, in the proleptic Gregorian calendar. The method counts in eras
/// of 400 years that begin on 1 March, so that the leap day is the last day of its year.
fn civil(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let march_month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * march_month + 2) / 5 + 1;
    let month = if march_month < 10 { march_month + 3 } else { march_month - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = year - i64::from(month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let march_month = if month > 2 { month - 3 } else { month + 9 };
    let day_of_year = (153 * march_month + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_exactly() {
        let check = |text: &str, expected: Result<(i64, u32), TimeFault>| {
            let expected = expected.map(|(seconds, nanoseconds)| Time { seconds, nanoseconds });
            assert_eq!(Time::from_number(text), expected, "{text}");
        };
        check("0", Ok((0, 0)));
        check("-1", Ok((-1, 0)));
        check("-0.5", Ok((-1, 500_000_000)));
        check("1795183200.25", Ok((1_795_183_200, 250_000_000)));
        check("1.7951832e9", Ok((1_795_183_200, 0)));
        check("17951832000E-1", Ok((1_795_183_200, 0)));
        check("0.0000000001e10", Ok((1, 0)));
        check("0e999999999999", Ok((0, 0)));
        check("1e-999999999999", Ok((0, 0)));
        check("1e400", Err(TimeFault::OutOfRange));
        check("-1e400", Err(TimeFault::OutOfRange));
        check("1795183200000", Err(TimeFault::Milliseconds(Time::from_seconds(1_795_183_200))));
        check("1795183200000000", Err(TimeFault::Milliseconds(Time::from_seconds(1_795_183_200))));
        check("9223372036854775807", Err(TimeFault::OutOfRange));
    }

    #[test]
    fn dates_are_worded() {
        assert_eq!(Time::from_seconds(0).date_and_time(), "Thu 1 Jan 1970, 00:00:00 UTC");
        assert_eq!(Time::from_seconds(-1).rfc3339(), "1969-12-31T23:59:59Z");
        assert_eq!(Time::from_seconds(951_782_400).rfc3339(), "2000-02-29T00:00:00Z");
    }

    #[test]
    fn typed_times_come_back() {
        for seconds in [0, 951_782_399, 951_782_400, 1_795_183_200, 4_102_444_800] {
            let time = Time::from_seconds(seconds);
            assert_eq!(Time::from_typed(&time.rfc3339()), Some(time));
        }
        for wrong in ["", "now", "2026-02-30", "2026-11-20 24:00", "20-11-2026x"] {
            assert_eq!(Time::from_typed(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn dates_of_headers_are_read() {
        let check = |text: &str, expected: Option<&str>| {
            assert_eq!(Time::from_http_date(text).map(Time::rfc3339).as_deref(), expected, "{text}");
        };
        check("Fri, 20 Nov 2026 14:00:00 GMT", Some("2026-11-20T14:00:00Z"));
        check("fri, 20 nov 2026 14:00:00 GMT", Some("2026-11-20T14:00:00Z"));
        check("Fri, 20 Nov 2026 14:00:00", Some("2026-11-20T14:00:00Z"));
        check("20 Nov 2026 14:00:00 UTC", Some("2026-11-20T14:00:00Z"));
        check("Friday, 20-Nov-26 14:00:00 GMT", Some("2026-11-20T14:00:00Z"));
        check("Fri Nov 20 14:00:00 2026", Some("2026-11-20T14:00:00Z"));
        check("Sat, 31 Dec 2016 23:59:60 GMT", Some("2017-01-01T00:00:00Z"));
        check("Fri, 20 Nov 2026 14:00:00 +0100", None);
        check("Fri, 31 Feb 2026 14:00:00 GMT", None);
        check("Fri, 20 Nov 2026 24:00:00 GMT", None);
        check("Fri, 20 Nov 2026 14:00 GMT", None);
        check("Fri, 20 Foo 2026 14:00:00 GMT", None);
        check("", None);
        check("Fri", None);
        check("été, 20 Nov 2026 14:00:00 GMT", None);
    }

    #[test]
    fn distances_are_worded_in_two_units() {
        let now = Time::from_seconds(1_000_000);
        assert_eq!(relative(now.plus(-192), now), "3 min 12 s ago");
        assert_eq!(relative(now.plus(3600), now), "in 1 h");
        assert_eq!(relative(now, now), "now");
        assert_eq!(duration(0), "0 s");
        assert_eq!(duration(86_400 * 2 + 30), "2 days");
        assert_eq!(duration(31_557_600), "1 year");
    }
}
