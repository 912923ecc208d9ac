//! Say why: what kind of token it is and what its rules are, who issued it, what is unusual about it, and why its
//! signature fails.
//!
//! [`explain`] is [`inspect`](crate::inspect::inspect) and what stands behind the first verdict. It works the same way: a pure function that is
//! called again, with the answers so far, until it asks nothing more. The page loads it after the first verdict, so that
//! nobody waits for it; the JavaScript API calls it at once.

use std::fmt;

use crate::beyond;
use crate::compare::{self, Comparison};
use crate::crypto::Plan;
use crate::crypto::operation::{Operation, Operations};
use crate::decryption;
use crate::disclosure;
use crate::finding::{Code, Finding};
use crate::inspect::{self, Options, Place};
use crate::key;
use crate::lifetime::{self, Lifetime};
use crate::lint;
use crate::messages::Catalogue;
use crate::profile;
use crate::provider;
use crate::report::{Report, Token};
use crate::role::{self, Check, Role};
use crate::signature_doctor::{self, Diagnosis, Opening};
use crate::time::Time;
use crate::timeline::Timeline;

pub mod carry;
mod companions;
mod explanation;
pub mod json;
mod selected;

pub use companions::Companions;
pub use explanation::Explanation;

/// The words of everything behind the first verdict.
pub static WORDS: Catalogue = Catalogue::new(&[
    include_str!("data/messages/beyond.json"),
    include_str!("data/messages/compare.json"),
    include_str!("data/messages/decryption.json"),
    include_str!("data/messages/disclosure.json"),
    include_str!("data/messages/doctor.json"),
    include_str!("data/messages/key_details.json"),
    include_str!("data/messages/lifetime.json"),
    include_str!("data/messages/lint.json"),
    include_str!("data/messages/profile.json"),
    include_str!("data/messages/provider.json"),
    include_str!("data/messages/role.json"),
]);

/// Every code of these rooms.
pub fn codes() -> Vec<Code> {
    let mut codes = Vec::new();
    codes.extend(beyond::code::ALL);
    codes.extend(compare::codes());
    codes.extend(decryption::codes());
    codes.extend(key::details::code::ALL);
    codes.extend(disclosure::codes());
    codes.extend(lifetime::codes());
    codes.extend(lint::codes());
    codes.extend(profile::codes());
    codes.extend(provider::codes());
    codes.extend(role::codes());
    codes.extend(signature_doctor::codes());
    codes
}

/// What a person chose beside the options of the first verdict. The default chooses nothing.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Whose eyes the token is looked at with.
    pub role: Role,
    /// The `id` of the profile to hold the token against; `None` for the recognised one.
    pub profile: Option<String>,
    /// The access token that came with an ID token or a DPoP proof, when it is not in the text.
    pub access_token: Option<String>,
    /// The authorization code that came with an ID token, when it is not in the text.
    pub code: Option<String>,
    /// The `state` that was sent, when it is not in the text.
    pub state: Option<String>,
    /// The client certificate of a token that is bound to one, as PEM.
    pub client_certificate: Option<String>,
    /// The payload of a detached signature ([RFC 7515, appendix F](https://www.rfc-editor.org/rfc/rfc7515#appendix-F)): its
    /// bytes are what was signed.
    pub detached_payload: Option<String>,
    /// The password of an encrypted private key.
    pub key_password: Option<String>,
    /// A second text: its token is held beside the first one's.
    pub compare_with: Option<String>,
    /// Whether searching was stopped: nothing more is asked, and what is known stays.
    pub stopped: bool,
}

/// Without what was pasted: a token in a log is one lost.
impl fmt::Debug for Choices {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut fields = formatter.debug_struct("Choices");
        fields.field("role", &self.role).field("profile", &self.profile).field("stopped", &self.stopped);
        fields.finish_non_exhaustive()
    }
}

/// What every room behind the first verdict looks at: one token, and what is known beside it.
#[derive(Clone, Copy)]
pub struct Subject<'a> {
    /// The whole pasted text, which may hold more than the token: the disclosures of an SD-JWT, for instance.
    pub text: &'a str,
    /// The token as the first verdict has it: its header, payload, signature status and findings.
    pub token: &'a Token,
    /// What came with it.
    pub companions: &'a Companions,
    /// What is expected of it.
    pub options: &'a Options,
    /// What was chosen beside.
    pub choices: &'a Choices,
    /// The keys at hand, by the place that they come from.
    pub places: &'a [Place],
    /// The time that the claims are checked for.
    pub now: Time,
}

/// What is known about one token beyond the first verdict.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Why {
    /// Its kind, with the evidence, and every requirement of that kind.
    pub profile: Option<profile::Reading>,
    /// Who issued it.
    pub provider: Option<provider::Reading>,
    /// What an API has to check, with what this token gives each.
    pub server_checks: Vec<Check>,
    /// What its lifetime says, what it cannot show, and how to ask the issuer.
    pub lifetime: Option<Lifetime>,
    /// Its times on one line.
    pub timeline: Option<Timeline>,
    /// Why its signature fails; `None` where it does not.
    pub diagnosis: Option<Diagnosis>,
    /// The findings of all these rooms, which the token's own list has too.
    pub findings: Vec<Finding>,
}

/// A report, and what stands behind it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Explained {
    /// The report, with the findings of every room and the verdict that follows from all of them.
    pub report: Report,
    /// One for each token of the report, in the same order.
    pub whys: Vec<Why>,
    /// The first token beside the one of [`Choices::compare_with`].
    pub comparison: Option<Comparison>,
}

/// Something that only the outside world can answer, or that takes so long that whoever carries it out has to let others
/// run in between.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// What the first verdict asks.
    Inspect(inspect::Ask),
    /// Verify signatures, at most [`MOST_PLANS`] of them.
    VerifyMany(Vec<Plan>),
    /// Carry out a primitive of decryption.
    Operate(Box<Operation>),
    /// Open RSA signatures, one after the other: [`signature_doctor::open`] does one.
    Open(Vec<Opening>),
}

/// The most plans of one [`Ask::VerifyMany`].
pub const MOST_PLANS: usize = 512;

/// What was answered so far.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Answers to [`Ask::Inspect`] and to [`Ask::VerifyMany`].
    pub inspect: inspect::Answers,
    /// Answers to [`Ask::Operate`].
    pub operations: Operations,
    /// Answers to [`Ask::Open`]: what each signature opened to.
    pub openings: Vec<(Opening, Option<Vec<u8>>)>,
}

impl Answers {
    /// Adds the answer to an opening.
    pub fn open(&mut self, opening: Opening, opened: Option<Vec<u8>>) {
        self.openings.retain(|(known, _)| *known != opening);
        self.openings.push((opening, opened));
    }

    /// What a signature opened to: `None` where that has not been asked, `Some(None)` where it does not open at all.
    pub fn opened(&self, opening: &Opening) -> Option<Option<&[u8]>> {
        self.openings.iter().find(|(known, _)| known == opening).map(|(_, opened)| opened.as_deref())
    }
}

/// Explains a text: the first verdict, and what stands behind it. [`Explanation`] does the same in steps.
///
/// ```
/// use tokenscope::why::{Answers, Choices, explain};
/// use tokenscope::{inspect::Options, time::Time};
///
/// let now = Time::from_seconds(1_795_183_392);
/// let token = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.e30.";
/// let (explained, asks) = explain(token, &Options::default(), &Choices::default(), now, now, &Answers::default());
/// assert_eq!(explained.whys.len(), 1);
/// assert!(asks.is_empty());
/// ```
pub fn explain(
    text: &str,
    options: &Options,
    choices: &Choices,
    now: Time,
    clock: Time,
    answers: &Answers,
) -> (Explained, Vec<Ask>) {
    let mut explanation = Explanation::begin(text, options, choices, now, clock, answers);
    while explanation.step(answers) {}
    explanation.end()
}
