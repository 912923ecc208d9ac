//! An explanation in steps, so that whoever makes one can let others run in between: each room that looks at each token is
//! a step of its own.

use std::borrow::Cow;

use super::{Answers, Ask, Choices, Companions, Explained, Subject, WORDS, Why, companions, selected};
use crate::beyond;
use crate::claims;
use crate::compare;
use crate::finding::{Finding, Severity};
use crate::inspect::{self, Options, Place};
use crate::lifetime;
use crate::lint;
use crate::messages;
use crate::order;
use crate::profile;
use crate::provider;
use crate::report::Verdict;
use crate::role;
use crate::signature_doctor;
use crate::time::Time;
use crate::timeline;

/// Of so many tokens of one text the first ones are explained.
const MOST_EXPLAINED: usize = 20;

/// [`explain`](super::explain), one step after the other.
///
/// ```
/// use tokenscope::why::{Answers, Choices, Explanation};
/// use tokenscope::{inspect::Options, time::Time};
///
/// let (now, answers) = (Time::from_seconds(1_795_183_392), Answers::default());
/// let token = "eyJhbGciOiJub25lIiwidHlwIjoiYXQrand0In0.e30.";
/// let (options, choices) = (Options::default(), Choices::default());
/// let mut explanation = Explanation::begin(token, &options, &choices, now, now, &answers);
/// while explanation.step(&answers) {
///     // Others may run here.
/// }
/// assert_eq!(explanation.end().0.whys.len(), 1);
/// ```
pub struct Explanation<'a> {
    text: &'a str,
    options: &'a Options,
    choices: Cow<'a, Choices>,
    now: Time,
    clock: Time,
    next: Step,
    /// Whether the first verdict waits for no answer: while it does, a doctor could only guess.
    settled: bool,
    companions: Companions,
    places: Vec<Place>,
    /// What is known of the key of the token before.
    selected: selected::Known,
    asks: Vec<Ask>,
    explained: Explained,
    /// What is known so far about the token whose turn it is.
    why: Why,
    /// The text to compare with, and its own explanation once that has begun.
    compare_with: Option<&'a str>,
    other: Option<Box<Explanation<'a>>>,
}

/// What is done next; the rooms, each for the token whose turn it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    /// What the first verdict leaves.
    Beyond,
    /// What came with the tokens.
    Beside,
    /// The keys at hand.
    Keys,
    /// The key that was selected, and certificates.
    Selected,
    Provider,
    Profile,
    Lint,
    Doctor,
    Times,
    /// What the rooms found joins the token's own findings.
    Join,
    /// A step of the other text.
    Other,
    Compare,
    End,
}

impl<'a> Explanation<'a> {
    /// The first step, which is the first verdict.
    pub fn begin(
        text: &'a str,
        options: &'a Options,
        choices: &'a Choices,
        now: Time,
        clock: Time,
        answers: &Answers,
    ) -> Explanation<'a> {
        let explanation = Explanation::of(text, options, Cow::Borrowed(choices), now, clock, answers);
        Explanation { compare_with: choices.compare_with.as_deref(), ..explanation }
    }

    fn of(
        text: &'a str,
        options: &'a Options,
        choices: Cow<'a, Choices>,
        now: Time,
        clock: Time,
        answers: &Answers,
    ) -> Explanation<'a> {
        messages::extend(&WORDS);
        let (report, asks) = inspect::inspect(text, options, now, clock, &answers.inspect);
        Explanation {
            text,
            options,
            choices,
            now,
            clock,
            next: Step::Beyond,
            settled: false,
            companions: Companions::default(),
            places: Vec::new(),
            selected: None,
            asks: asks.into_iter().map(Ask::Inspect).collect(),
            explained: Explained { report, ..Explained::default() },
            why: Why::default(),
            compare_with: None,
            other: None,
        }
    }

    /// Makes the next step; whether there are more.
    pub fn step(&mut self, answers: &Answers) -> bool {
        self.next = match self.next {
            Step::Beyond => {
                let (text, options, now, clock) = (self.text, self.options, self.now, self.clock);
                let given = beyond::Given { text, options, choices: &self.choices, now, clock };
                self.asks.extend(beyond::extend(&mut self.explained.report, &given, answers));
                self.settled = self.asks.is_empty();
                Step::Beside
            }
            Step::Beside => {
                self.companions = companions::of(self.text, &self.explained.report, &self.choices);
                Step::Keys
            }
            Step::Keys => {
                self.places = inspect::places(self.text, self.options, self.clock, &answers.inspect);
                self.turn()
            }
            Step::Join => {
                self.join();
                self.turn()
            }
            Step::Other => self.other(answers),
            Step::Compare => {
                self.compare();
                Step::End
            }
            Step::End => Step::End,
            room => self.examine(room, answers),
        };
        self.next != Step::End
    }

    /// What is known, and what must be asked to know more.
    pub fn end(self) -> (Explained, Vec<Ask>) {
        let mut asks = self.asks;
        if self.choices.stopped {
            asks.retain(|ask| matches!(ask, Ask::Inspect(_) | Ask::Operate(_)));
        }
        (self.explained, asks)
    }

    /// The first step of the next token, or what comes behind the last one.
    fn turn(&mut self) -> Step {
        let (turn, all) = (self.explained.whys.len(), self.explained.report.tokens.len());
        if turn < all.min(MOST_EXPLAINED) {
            return Step::Selected;
        }
        self.explained.whys.resize_with(all, Why::default);
        beyond::conclude(&mut self.explained.report);
        if self.compare_with.is_some() { Step::Other } else { Step::End }
    }

    /// One room looks at the token whose turn it is.
    fn examine(&mut self, room: Step, answers: &Answers) -> Step {
        let Explanation { explained, why, companions, places, choices, asks, selected, .. } = self;
        let Some(token) = explained.report.tokens.get(explained.whys.len()) else { return Step::End };
        let (text, options, now) = (self.text, self.options, self.now);
        let subject = Subject { text, token, companions, options, choices, places, now };
        let Why { provider, profile, findings, .. } = why;
        match room {
            Step::Selected => {
                findings.extend(selected::findings(&subject, selected));
                Step::Provider
            }
            Step::Provider => {
                *provider = provider::recognise(&subject);
                Step::Profile
            }
            Step::Profile => {
                *profile = profile::read(&subject, provider.as_ref());
                findings.extend(profile.iter().flat_map(|profile| profile.findings.iter().cloned()));
                findings.extend(provider.iter().flat_map(|provider| provider.findings.iter().cloned()));
                findings.extend(role::findings(&subject, profile.as_ref()));
                Step::Lint
            }
            Step::Lint => {
                let linted = lint::lint(&subject, profile.as_ref(), provider.as_ref(), answers);
                findings.extend(linted.findings);
                if !self.settled {
                    return Step::Times;
                }
                asks.extend(linted.asks);
                // The doctor knows the text of a token only, and the keys at hand, of which none is that of a proof.
                if beyond::is_plain(token) && !beyond::is_proof(token) { Step::Doctor } else { Step::Times }
            }
            Step::Doctor => {
                let (diagnosis, more) = signature_doctor::diagnose(&subject, provider.as_ref(), answers);
                findings.extend(diagnosis.iter().flat_map(|diagnosis| diagnosis.findings.iter().cloned()));
                asks.extend(more);
                why.diagnosis = diagnosis;
                Step::Times
            }
            _ => {
                let lifetime = lifetime::read(&subject, profile.as_ref(), provider.as_ref());
                findings.extend(lifetime.iter().flat_map(|lifetime| lifetime.findings.iter().cloned()));
                why.server_checks = role::server_checks(&subject, profile.as_ref(), provider.as_ref());
                why.timeline = timeline::timeline(&subject);
                why.lifetime = lifetime;
                Step::Join
            }
        }
    }

    fn join(&mut self) {
        let why = std::mem::take(&mut self.why);
        if let Some(token) = self.explained.report.tokens.get_mut(self.explained.whys.len()) {
            if why.profile.as_ref().is_some_and(profile::Reading::lives_without_expiry) {
                let is_absent = |finding: &&mut Finding| finding.code == claims::code::NO_EXPIRY;
                token.findings.iter_mut().filter(is_absent).for_each(|finding| finding.severity = Severity::Info);
            }
            token.findings.extend(why.findings.iter().cloned());
            order::sort(&mut token.findings, |one, other| one.severity < other.severity);
            if why.findings.iter().any(|finding| finding.severity == Severity::Error) {
                token.verdict = Verdict::Rejected;
            }
        }
        self.explained.whys.push(why);
    }

    /// A step of the other text, which is explained as this one is, by itself.
    fn other(&mut self, answers: &Answers) -> Step {
        if let Some(other) = &mut self.other {
            return if other.step(answers) { Step::Other } else { Step::Compare };
        }
        let Some(text) = self.compare_with else { return Step::End };
        let alone = Choices { compare_with: None, ..self.choices.as_ref().clone() };
        let other = Explanation::of(text, self.options, Cow::Owned(alone), self.now, self.clock, answers);
        self.other = Some(Box::new(other));
        Step::Other
    }

    fn compare(&mut self) {
        let Some(other) = self.other.take() else { return };
        let (other, more) = other.end();
        self.asks.extend(more);
        self.explained.comparison = compare::compare(&self.explained, &other, self.now);
    }
}
