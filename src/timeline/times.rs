//! The times of a token, as the first verdict has read them.

use crate::claims::code;
use crate::finding::{Code, Fact};
use crate::report::Token;
use crate::time::Time;

/// The times that could be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Times {
    /// `iat`.
    pub issued: Option<Time>,
    /// `nbf`.
    pub start: Option<Time>,
    /// `exp`.
    pub expiry: Option<Time>,
    /// `auth_time`.
    pub signed_in: Option<Time>,
    /// The claims whose time is there and can't be read.
    pub unread: Vec<String>,
}

impl Times {
    /// From when on the token is good: the checks refuse it before `nbf`, and before `iat`.
    pub fn begin(&self) -> Option<Time> {
        self.issued.max(self.start)
    }

    /// The name of the claim that says so.
    pub fn begin_name(&self) -> &'static str {
        if self.start.is_some() && self.start >= self.issued { "nbf" } else { "iat" }
    }

    /// From `iat`, or without one from `nbf`, to `exp`; only where that is a length of time.
    pub fn lifetime(&self) -> Option<i64> {
        let lifetime = self.expiry?.since(self.issued.or(self.start)?);
        (lifetime > 0).then_some(lifetime)
    }
}

/// The findings that say that a time can't be read.
const UNREAD: [Code; 4] = [code::TIME_MILLISECONDS, code::TIME_OUT_OF_RANGE, code::TIME_AS_TEXT, code::TIME_TYPE];

/// The times of a token.
pub(crate) fn times(token: &Token) -> Times {
    let time = |pointer: &str| {
        let mut findings = token.findings.iter().filter(|finding| finding.subject == pointer);
        findings.find_map(|finding| match finding.fact("time") {
            Some(Fact::Time(time)) => Some(*time),
            _ => None,
        })
    };
    let unread = token.findings.iter().filter(|finding| UNREAD.contains(&finding.code));
    Times {
        issued: time("/payload/iat"),
        start: time("/payload/nbf"),
        expiry: time("/payload/exp"),
        signed_in: time("/payload/auth_time"),
        unread: unread.filter_map(|finding| finding.fact_text("claim").map(str::to_owned)).collect(),
    }
}
