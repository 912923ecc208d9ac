//! `exp`, `nbf`, `iat` and `auth_time`.
//!
//! With a leeway of 0 a token is good from `nbf` on and until just before `exp`:
//! [RFC 7519 §4.1.4](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.4) refuses it "on or after" `exp`, and
//! [§4.1.5](https://www.rfc-editor.org/rfc/rfc7519#section-4.1.5) "before" `nbf`. A leeway moves both limits outwards.

use super::{Checks, code, pointer, with_article};
use crate::finding::{Code, Fact, Finding, Severity};
use crate::json::Kind;
use crate::time::{Time, TimeFault};

impl Checks<'_> {
    pub(super) fn times(&mut self) {
        // `iat` is read before `exp` to know the lifetime, but its findings stand behind those of `exp` and `nbf`.
        let (issued, issued_findings) = self.aside(|checks| checks.time("iat", Severity::Error));
        let (start, start_findings) = self.aside(|checks| checks.time("nbf", Severity::Error));
        let expiry = self.time("exp", Severity::Error);
        self.expiry(expiry, issued, start);
        self.findings.extend(start_findings);
        self.start(start);
        self.findings.extend(issued_findings);
        self.issue(issued);
        if self.has("auth_time") {
            let signed_in = self.time("auth_time", Severity::Warning);
            self.sign_in(signed_in);
        }
    }

    fn expiry(&mut self, expiry: Option<Time>, issued: Option<Time>, start: Option<Time>) {
        let Some(expiry) = expiry else {
            if !self.has("exp") {
                self.missing("exp", Finding::warning(code::NO_EXPIRY, "/payload/exp"));
            }
            return;
        };
        let lifetime = issued.map(|issued| expiry.since(issued)).filter(|seconds| *seconds > 0);
        let lifetime = lifetime.map_or(Fact::Words("unknown without a usable iat"), Fact::Duration);
        let finding = if expiry.plus(self.leeway) <= self.now {
            self.limit(Finding::error(code::EXPIRED, "/payload/exp"), expiry)
                .with("late", Fact::Duration(self.now.since(expiry)))
                // The token would pass with one second more than its whole seconds of delay: `exp` itself is too late.
                .with("needed", Fact::Count(self.now.since(expiry).unsigned_abs().saturating_add(1)))
        } else if expiry <= self.now {
            self.limit(Finding::warning(code::EXPIRED_WITHIN_LEEWAY, "/payload/exp"), expiry)
                .with("late", Fact::Duration(self.now.since(expiry)))
        } else {
            self.limit(Finding::ok(code::NOT_EXPIRED, "/payload/exp"), expiry)
                .with("remaining", Fact::Duration(expiry.since(self.now)))
        };
        self.findings.push(finding.with("lifetime", lifetime));
        for (name, begin) in [("nbf", start), ("iat", issued)] {
            if let Some(begin) = begin.filter(|begin| expiry <= *begin) {
                let finding = Finding::warning(code::NO_LIFETIME, "/payload/exp")
                    .text("claim", name)
                    .with("time", Fact::Time(expiry))
                    .with("begin", Fact::Time(begin));
                self.findings.push(finding);
                break;
            }
        }
    }

    fn start(&mut self, start: Option<Time>) {
        let Some(start) = start else { return self.absent_unless_faulty("nbf") };
        let codes = (code::NOT_YET_VALID, code::NOT_YET_VALID_WITHIN_LEEWAY, code::STARTED);
        self.must_have_passed("/payload/nbf", start, codes);
    }

    fn issue(&mut self, issued: Option<Time>) {
        let Some(issued) = issued else { return self.absent_unless_faulty("iat") };
        let codes = (code::ISSUED_IN_FUTURE, code::ISSUED_IN_FUTURE_WITHIN_LEEWAY, code::ISSUED);
        self.must_have_passed("/payload/iat", issued, codes);
    }

    /// A sign-in in the future bears on no rule of its own, so it is a warning.
    fn sign_in(&mut self, signed_in: Option<Time>) {
        let Some(signed_in) = signed_in else { return };
        let finding = if self.now.plus(self.leeway) < signed_in {
            self.limit(Finding::warning(code::SIGNED_IN_IN_FUTURE, "/payload/auth_time"), signed_in)
                .with("early", Fact::Duration(whole_seconds_until(signed_in, self.now)))
        } else {
            self.limit(Finding::ok(code::SIGNED_IN, "/payload/auth_time"), signed_in)
        };
        self.findings.push(finding);
    }

    /// Fails while `time` lies further ahead than the leeway.
    fn must_have_passed(&mut self, subject: &str, time: Time, (ahead, within_leeway, passed): (Code, Code, Code)) {
        let finding = if self.now.plus(self.leeway) < time {
            Finding::error(ahead, subject)
        } else if self.now < time {
            Finding::warning(within_leeway, subject)
        } else {
            Finding::ok(passed, subject)
        };
        let finding = if self.now < time {
            let early = whole_seconds_until(time, self.now);
            finding.with("early", Fact::Duration(early)).with("needed", Fact::Count(early.unsigned_abs()))
        } else {
            finding
        };
        let finding = self.limit(finding, time);
        self.findings.push(finding);
    }

    /// What every time check is made from.
    fn limit(&self, finding: Finding, time: Time) -> Finding {
        finding
            .with("time", Fact::Time(time))
            .with("now", Fact::Time(self.now))
            .with("leeway", Fact::Duration(self.leeway))
    }

    /// Reads a NumericDate; what is there and none becomes a finding of that severity.
    fn time(&mut self, name: &'static str, severity: Severity) -> Option<Time> {
        let value = self.claim(name)?;
        let raw = self.payload.raw(value);
        let (code, meaning) = match &value.kind {
            Kind::Number => match Time::from_number(&raw) {
                Ok(time) => return Some(time),
                Err(TimeFault::Milliseconds(time)) => (code::TIME_MILLISECONDS, Some(time)),
                Err(TimeFault::OutOfRange) => (code::TIME_OUT_OF_RANGE, None),
            },
            Kind::String(text) => match meaning(text) {
                Some(time) => (code::TIME_AS_TEXT, Some(time)),
                None => (code::TIME_TYPE, None),
            },
            _ => (code::TIME_TYPE, None),
        };
        let mut finding = Finding::error(code, pointer(name)).text("claim", name).text("value", raw);
        finding.severity = severity;
        if let Some(meaning) = meaning {
            finding = finding.with("meaning", Fact::Time(meaning));
        }
        if code == code::TIME_TYPE {
            finding = finding.with("type", Fact::Words(with_article(value)));
        }
        self.findings.push(finding);
        None
    }

    fn absent_unless_faulty(&mut self, name: &'static str) {
        if !self.has(name) {
            self.absent(name);
        }
    }

    /// Runs something whose findings are put elsewhere.
    fn aside<T>(&mut self, run: impl FnOnce(&mut Self) -> T) -> (T, Vec<Finding>) {
        let length = self.findings.len();
        let result = run(self);
        (result, self.findings.split_off(length))
    }
}

/// The time that a text stands for: the digits of a NumericDate, or a date as RFC 3339 writes it.
fn meaning(text: &str) -> Option<Time> {
    match Time::from_number(text.trim()) {
        Ok(time) | Err(TimeFault::Milliseconds(time)) => Some(time),
        Err(TimeFault::OutOfRange) => Time::from_typed(text),
    }
}

/// Seconds until a time ahead, rounded up, so that a wait of that length is enough.
fn whole_seconds_until(time: Time, now: Time) -> i64 {
    now.since(time).saturating_neg()
}
