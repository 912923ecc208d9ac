//! The clock: the only place that says what time it is.

use crate::time::Time;

/// The time by this machine's clock.
pub fn now() -> Time {
    Time::from_milliseconds(js_sys::Date::now() as i64)
}
