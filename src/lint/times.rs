//! How long a token lives, for its kind.

use super::code;
use super::look::Look;
use crate::finding::{Fact, Finding};
use crate::json::Kind;
use crate::lifetime;
use crate::time::{self, Time};

/// From here on a token is as good as one that never expires.
const A_YEAR: i64 = 365 * 86_400;

impl Look<'_> {
    /// A time that is no NumericDate has a finding of its own, and a lifetime that is none too.
    pub(super) fn times(&mut self) {
        let Some(longest) = self.kind.longest else { return };
        let Some(expiry) = self.moment("exp").filter(|_| !self.is_said("/payload/exp")) else { return };
        let begin = self.moment("iat").or_else(|| self.moment("nbf")).unwrap_or(self.subject.now);
        let seconds = expiry.since(begin);
        // What the words do not tell apart is no difference: clocks and roundings are off by that much.
        let is_longer = seconds > longest && time::duration(seconds) != time::duration(longest);
        if !is_longer || seconds < A_YEAR && self.is_outside_range() {
            return;
        }
        let code = if seconds >= A_YEAR { code::LIFETIME_YEARS } else { code::LIFETIME_LONG };
        let finding = Finding::warning(code, "/payload/exp")
            .with("kind", Fact::Words(self.kind.words))
            .with("lifetime", Fact::Duration(seconds))
            .with("usual", Fact::Duration(longest));
        self.push_likely(finding);
    }

    /// Whether the room of lifetimes says that the provider mints no token of such a lifetime.
    fn is_outside_range(&self) -> bool {
        let read = lifetime::read(self.subject, self.profile, self.provider);
        read.is_some_and(|read| read.findings.iter().any(|finding| finding.subject == "/payload/exp"))
    }

    fn moment(&self, name: &str) -> Option<Time> {
        let payload = self.whole_payload()?;
        let value = payload.member(name).filter(|value| matches!(value.kind, Kind::Number))?;
        Time::from_number(&payload.raw(value)).ok()
    }
}
