//! Findings: what is known about a token, how sure that is, and the facts behind it.
//!
//! A finding carries facts, not sentences. The words live in `src/data/messages`, by [`Code`], with a place for each
//! fact; [`crate::messages`] joins the two. A test holds that every code has its words and every fact its place.

use std::rc::Rc;

use crate::messages::Words;
use crate::time::Time;

/// The stable name of a kind of finding, such as `claims.expired`. Codes are part of the interface and documented in
/// `docs/report.md`; the words behind them may change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code(pub &'static str);

/// Declares the codes of a room, one row each, and `ALL`, which lists them.
///
/// ```
/// tokenscope::codes! {
///     /// `exp` lies in the past.
///     EXPIRED = "claims.expired";
/// }
/// assert_eq!(ALL, [EXPIRED]);
/// ```
#[macro_export]
macro_rules! codes {
    ($($(#[$documentation:meta])* $name:ident = $text:literal;)*) => {
        $($(#[$documentation])* pub const $name: $crate::finding::Code = $crate::finding::Code($text);)*
        /// Every code of this room.
        pub const ALL: &[$crate::finding::Code] = &[$($name),*];
    };
}

/// How a finding bears on the verdict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// A check failed.
    Error,
    /// Worth a change, without bearing on the verdict.
    Warning,
    /// A check that could not run, or a fact worth knowing.
    Info,
    /// A check passed.
    Ok,
}

/// How sure a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// Follows from the bytes at hand.
    Proved,
    /// A server said so.
    Stated,
    /// The most probable reading of the evidence.
    Likely,
}

/// A fact behind a finding; the message table says how it is worded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// A number of things, or a position counted from 0.
    Count(u64),
    /// A length of time in seconds.
    Duration(i64),
    /// Several values.
    List(Vec<String>),
    /// A value as received, worded as code.
    Text(String),
    /// A point in time.
    Time(Time),
    /// Words of our own from a table, worded as they are.
    Words(&'static str),
}

/// One thing that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// What kind of finding it is.
    pub code: Code,
    /// How it bears on the verdict.
    pub severity: Severity,
    /// How sure it is.
    pub certainty: Certainty,
    /// What it is about, as a JSON pointer ([RFC 6901](https://www.rfc-editor.org/rfc/rfc6901)) into the token's parts:
    /// `/header/alg`, `/payload/exp`, `/signature`; or `/input`, `/keys`, `/issuer` for what stands outside the token.
    pub subject: String,
    /// The facts, by the names that the message table uses.
    pub evidence: Vec<(&'static str, Fact)>,
    /// Its words, where another module found it and has them.
    pub ready: Option<Rc<Words>>,
}

impl Finding {
    /// A failed check, proved unless [`Finding::certainty`] says otherwise.
    pub fn error(code: Code, subject: impl Into<String>) -> Finding {
        Finding::new(Severity::Error, code, subject)
    }

    /// Something worth a change.
    pub fn warning(code: Code, subject: impl Into<String>) -> Finding {
        Finding::new(Severity::Warning, code, subject)
    }

    /// A fact, or a check that could not run.
    pub fn info(code: Code, subject: impl Into<String>) -> Finding {
        Finding::new(Severity::Info, code, subject)
    }

    /// A passed check.
    pub fn ok(code: Code, subject: impl Into<String>) -> Finding {
        Finding::new(Severity::Ok, code, subject)
    }

    fn new(severity: Severity, code: Code, subject: impl Into<String>) -> Finding {
        Finding {
            code,
            severity,
            certainty: Certainty::Proved,
            subject: subject.into(),
            evidence: Vec::new(),
            ready: None,
        }
    }

    /// The same finding with another certainty.
    pub fn certainty(mut self, certainty: Certainty) -> Finding {
        self.certainty = certainty;
        self
    }

    /// The same finding with one more fact.
    pub fn with(mut self, name: &'static str, fact: Fact) -> Finding {
        self.evidence.push((name, fact));
        self
    }

    /// The same finding with one more value as received.
    pub fn text(self, name: &'static str, text: impl Into<String>) -> Finding {
        self.with(name, Fact::Text(text.into()))
    }

    /// The fact of that name.
    pub fn fact(&self, name: &str) -> Option<&Fact> {
        self.evidence.iter().find(|(key, _)| *key == name).map(|(_, fact)| fact)
    }

    /// The text of the fact of that name, when it is [`Fact::Text`].
    pub fn fact_text(&self, name: &str) -> Option<&str> {
        match self.fact(name)? {
            Fact::Text(text) => Some(text),
            _ => None,
        }
    }
}
