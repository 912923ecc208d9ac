//! The one value that the view and `explainResponse` show.

pub mod advice;
mod checkup;
mod commands;
mod headline;
mod phrases;
mod places;
mod private;
mod rank;
mod report;
mod scene;
pub(crate) mod shell;
mod steps;
mod ticket;

use super::catalogue::Next;
use super::challenge::Challenge;
use super::evidence::Kind;
use super::join::Joined;
use super::scopes::ScopeRow;
use super::token::TokenFacts;
use super::{Case, Catalogue, Evidence, Said, answer, evidence, join};
use crate::finding::{Finding, Severity};
use crate::messages::Prose;
use crate::time::Time;
use scene::Scene;

/// A case explained.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What the answer was recognised as.
    pub kind: Kind,
    /// The status.
    pub status: Option<u16>,
    /// How the headline bears: the icon before it.
    pub severity: Severity,
    /// What is the case, in one sentence.
    pub headline: Prose,
    /// What that means for the next attempt.
    pub support: Prose,
    /// What makes the next attempt succeed, by the finding that leads.
    pub next: Next,
    /// All findings, ranked: errors and warnings by certainty, then facts and what is well.
    pub findings: Vec<Finding>,
    /// The scopes.
    pub scopes: Vec<ScopeRow>,
    /// The challenges, each with what its parameters mean.
    pub challenges: Vec<ReadChallenge>,
    /// The facts of the token.
    pub token: Option<TokenFacts>,
    /// What to do, in order.
    pub steps: Vec<Step>,
    /// Commands that would confirm it.
    pub commands: Vec<Command>,
    /// A text for a support ticket.
    pub ticket: Option<String>,
    /// The eight questions, in order.
    pub checkup: Vec<Check>,
    /// Request ids, by the name of the header or member.
    pub request_ids: Vec<(String, String)>,
    /// The server's clock when it answered.
    pub date: Option<Time>,
    /// Who answered, by its key in `src/data/senders.json`.
    pub sender: Option<&'static str>,
    /// Whether the first finding is the reason, which the headline says.
    pub is_led: bool,
}

impl Explanation {
    /// The finding that the headline says.
    pub fn lead(&self) -> Option<&Finding> {
        self.findings.first().filter(|_| self.is_led)
    }
}

/// A challenge, with what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadChallenge {
    /// The challenge.
    pub challenge: Challenge,
    /// What the scheme says.
    pub scheme: Prose,
    /// What each parameter says, in order.
    pub parameters: Vec<Prose>,
}

/// Something to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What to do.
    pub text: Prose,
    /// Where in the admin console, as a path; empty where it is elsewhere.
    pub place: Vec<String>,
    /// The finding that it answers, by its place in [`Explanation::findings`].
    pub finding: usize,
}

/// A command to run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Command {
    /// The key of its row: `introspect`, `rate-limit`, `system-log`, `discovery`, `keys`, `status`.
    pub key: &'static str,
    /// What it finds out.
    pub title: Prose,
    /// The command; a placeholder stands where a token or secret belongs.
    pub text: String,
    /// What to look for in its output.
    pub note: Prose,
}

/// A question of the checkup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// The key of its row: `connectivity`, `rate-limits`, `payload`, `expiry`, `scopes`, `issuer-audience`,
    /// `introspection`, `service-status`.
    pub key: &'static str,
    /// The question.
    pub question: Prose,
    /// How it is answered.
    pub state: CheckState,
    /// The answer.
    pub answer: Prose,
    /// What to run where the paste does not answer it.
    pub command: Option<Command>,
}

/// How a question is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckState {
    /// All is well.
    Pass,
    /// This is the fault, or one of them.
    Fail,
    /// It deserves a look.
    Warn,
    /// What was pasted does not tell.
    Unknown,
}

/// Explains a case.
///
/// ```
/// use tokenscope::response_doctor::{Case, Catalogue, explain};
/// let explanation = explain(&Case::default(), &Catalogue::default(), Default::default());
/// assert_eq!(explanation.headline.to_string(), "Paste an answer that failed");
/// ```
pub fn explain(case: &Case, catalogue: &Catalogue, now: Time) -> Explanation {
    let evidence = evidence::recognise(case);
    let said = answer::read(&evidence, catalogue);
    let joined = join::join(&evidence, &said, catalogue, now);
    explained(&evidence, &said, &joined, catalogue, now)
}

/// Explains what was found out about a case.
pub fn explained(evidence: &Evidence, said: &Said, joined: &Joined, catalogue: &Catalogue, now: Time) -> Explanation {
    let (findings, is_led) = rank::ranked(evidence, said, &joined.findings, catalogue);
    let mask = private::Mask::new(evidence.token.as_ref());
    let findings: Vec<Finding> = findings.iter().map(|finding| mask.finding(finding)).collect();
    let scene = Scene { evidence, said, joined, catalogue, findings: &findings, is_led, now };
    let headline = headline::headline(&scene);
    let steps = steps::steps(&scene);
    Explanation {
        kind: evidence.kind,
        status: evidence.status,
        severity: headline.severity,
        headline: headline.headline.clone(),
        support: headline.support,
        next: headline.next,
        scopes: joined.scopes.clone(),
        challenges: said.challenges.iter().map(|challenge| answer::explained(&mask.challenge(challenge))).collect(),
        token: joined.token.clone(),
        steps,
        commands: commands::commands(&scene),
        ticket: ticket::ticket(&scene, &headline.headline),
        checkup: checkup::checkup(&scene),
        request_ids: said.request_ids.clone(),
        date: said.date,
        sender: said.sender,
        is_led,
        findings,
    }
}

/// The explanation as Markdown, to send to others. It holds no secret of what was pasted, and no query of an address.
pub fn report(explanation: &Explanation, catalogue: &Catalogue, now: Time) -> String {
    report::report(explanation, catalogue, now)
}

/// Whether a finding is something to do.
fn is_fault(finding: &Finding) -> bool {
    matches!(finding.severity, Severity::Error | Severity::Warning)
}
