//! The one value that the CORS view, `explainCors` and the HAR reader show: what failed, whose rule it is, how sure that
//! is, and what to change where.

mod confirm;
mod decided;
mod headline;
mod known;
mod mask;
mod phrases;
mod probes;
mod remarks;
mod told;
mod trusted;
mod walk;

pub(crate) use mask::{MASK, is_secret_header, masked};
pub(crate) use phrases::{Facts, of_cause, of_step};
pub(crate) use walk::{Place, Walk, is_of_preflight, path};

use super::evidence::{Evidence, ProbeRun};
use super::{Cause, Credentials, Engine, Exchange, Outcome, Step};
use crate::finding::{Certainty, Finding};
use crate::messages::Prose;
use known::Known;

/// Explains a case: recognises the text, brings it together with the form, runs the algorithm by the rules that browsers
/// share today, and says what failed, whose rule it is, and what to change where.
///
/// ```
/// use tokenscope::cors::{Cause, explain::{Case, explain}};
/// let text = "Access to fetch at 'https://api.example/' from origin 'https://app.example' has been blocked by CORS \
///             policy: No 'Access-Control-Allow-Origin' header is present on the requested resource.";
/// let explanation = explain(&Case { text: text.to_owned(), ..Case::default() });
/// assert_eq!(explanation.cause, Some(Cause::MissingAllowOriginHeader));
/// ```
pub fn explain(case: &Case) -> Explanation {
    let evidence = super::evidence::recognise(&case.text);
    explain_evidence(case, evidence)
}

/// Explains an exchange that is known as a whole, such as one of a recording.
pub fn explain_exchange(exchange: Exchange) -> Explanation {
    explain_evidence(&Case::default(), Evidence::Exchange(Box::new(exchange)))
}

fn explain_evidence(case: &Case, evidence: Evidence) -> Explanation {
    let known = known::known(&evidence, case);
    let mut explanation = Explanation::nothing(evidence);
    decided::decided(&mut explanation, &known, case);
    told::told(&mut explanation, &known, case);
    rank(&mut explanation.findings);
    mask::mask(&mut explanation);
    explanation
}

/// The cause comes first, as it was put there; behind it errors, warnings, facts and what is well.
fn rank(findings: &mut Vec<Finding>) {
    crate::order::sort(findings, |one, other| one.severity < other.severity);
}

impl Explanation {
    fn nothing(evidence: Evidence) -> Explanation {
        Explanation {
            evidence,
            exchange: None,
            outcome: Outcome::Unknown,
            not_cors: false,
            preflight_needed: None,
            cause: None,
            parameter: String::new(),
            certainty: Certainty::Likely,
            failed_step: None,
            steps: Vec::new(),
            headline: Prose::default(),
            support: Prose::default(),
            walk: Vec::new(),
            engines: Vec::new(),
            findings: Vec::new(),
            fix: None,
            sequence: None,
            next_test: None,
            confirm: None,
        }
    }

    /// Whether a console says that the request was redirected.
    fn redirected(&self) -> bool {
        match &self.evidence {
            Evidence::Console(messages) => messages.iter().any(|message| message.redirected_from.is_some()),
            _ => false,
        }
    }
}

/// Everything that is known about a case before it is explained.
#[derive(Clone, Debug, Default)]
pub struct Case {
    /// The pasted text.
    pub text: String,
    /// What was filled in by hand: it counts where the text is silent.
    pub form: Form,
    /// What this page's own probes found.
    pub probes: Option<ProbeRun>,
    /// The origin of this page, for saying what its own probe decides.
    pub own_origin: String,
}

/// The form "Your request", as typed. Empty means unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    /// The app's origin.
    pub origin: String,
    /// The URL that is asked.
    pub url: String,
    /// The method.
    pub method: String,
    /// The names of the headers that the app sets, or whole header lines, separated by commas or lines.
    pub headers: String,
    /// The credentials mode, when chosen.
    pub credentials: Option<Credentials>,
}

/// A case explained.
#[derive(Clone, Debug)]
pub struct Explanation {
    /// What the text was recognised as.
    pub evidence: Evidence,
    /// The exchange that the algorithm ran over, where the evidence makes one.
    pub exchange: Option<Exchange>,
    /// What becomes of the request in browsers today.
    pub outcome: Outcome,
    /// Whether the CORS protocol can't be what stopped it: the request was stopped by a neighbour, or worked.
    pub not_cors: bool,
    /// Whether the first request needs a preflight; `None` when the request is not known well enough.
    pub preflight_needed: Option<bool>,
    /// Why it is blocked.
    pub cause: Option<Cause>,
    /// What goes with the cause.
    pub parameter: String,
    /// How sure that is.
    pub certainty: Certainty,
    /// The step that failed, among `steps`.
    pub failed_step: Option<usize>,
    /// The raw steps, by the rules that browsers share today.
    pub steps: Vec<Step>,
    /// The verdict in one sentence.
    pub headline: Prose,
    /// What follows for the person, in one line.
    pub support: Prose,
    /// The walk, for people: a line for each step that matters.
    pub walk: Vec<WalkLine>,
    /// What each engine would decide and print.
    pub engines: Vec<EngineView>,
    /// What is known, ranked: the cause first. Words: [`super::WORDS`].
    pub findings: Vec<Finding>,
    /// What to change.
    pub fix: Option<Fix>,
    /// The exchange drawn.
    pub sequence: Option<Sequence>,
    /// The one test that would tell more, where the evidence does not decide. Words: [`super::WORDS`].
    pub next_test: Option<Finding>,
    /// The command that confirms the fix.
    pub confirm: Option<String>,
}

/// How a line of the walk went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WalkState {
    /// It passed.
    Pass,
    /// It failed.
    Fail,
    /// An earlier line failed.
    NotReached,
    /// The evidence does not say.
    Unknown,
}

/// A line of the walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalkLine {
    /// How it went.
    pub state: WalkState,
    /// The question, or what was done.
    pub question: Prose,
    /// What was found; for a line that was not reached, whether it would fail next.
    pub answer: Option<Prose>,
    /// The headers that decide, for a line that failed.
    pub headers: Vec<HeaderLine>,
    /// Why, for a line that failed.
    pub cause: Option<Prose>,
    /// The section of the standard: its name and address.
    pub reference: Option<(&'static str, &'static str)>,
}

/// A header line as evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeaderLine {
    /// Which way it went.
    pub kind: HeaderKind,
    /// The line.
    pub text: String,
    /// The part that matters, as bytes of `text`.
    pub mark: Option<std::ops::Range<usize>>,
}

/// What a header line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderKind {
    /// Sent by the browser.
    Sent,
    /// Received.
    Received,
    /// Missing, or wrong.
    Missing,
    /// Needed in its place.
    Needed,
}

/// One engine's view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EngineView {
    /// Which.
    pub engine: Engine,
    /// What it decides.
    pub outcome: Outcome,
    /// Its cause: the engines check in different orders.
    pub cause: Option<Cause>,
    /// What its console would say; `None` when it says nothing.
    pub console: Option<String>,
}

/// What to change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fix {
    /// "Add this exact origin in Okta".
    pub title: Prose,
    /// The exact text to enter there.
    pub copy: Option<String>,
    /// The way through the admin console.
    pub path: Vec<String>,
    /// What to watch for.
    pub notes: Vec<Prose>,
    /// By what the provider was recognised.
    pub recognised: Option<Prose>,
    /// Where the provider documents it: title and address.
    pub link: Option<(String, String)>,
    /// When the usual advice is not the cause here.
    pub not_this: Vec<Prose>,
    /// The same as configuration for servers of one's own: name of the server, file or place, text.
    pub configurations: Vec<Configuration>,
}

/// Header lines as a server's configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Configuration {
    /// "nginx".
    pub server: String,
    /// Where it belongs: "in the `location` block".
    pub place: Prose,
    /// The text.
    pub text: String,
}

/// The exchange as a drawing: what page, browser and server did, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sequence {
    /// The page's side: "localhost:3000".
    pub page: String,
    /// The server's name: "Okta" or "Server", and its host.
    pub server: (String, String),
    /// Where a redirect led to another host: its name and host.
    pub other: Option<(String, String)>,
    /// The messages.
    pub messages: Vec<Message>,
    /// How it ends: "fetch() rejects: TypeError: Failed to fetch".
    pub end: String,
    /// Whether it ends well.
    pub good: bool,
    /// The whole drawing in words.
    pub text: String,
}

/// An arrow of the drawing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// From server to browser, not from browser to server.
    pub back: bool,
    /// With the other server of a redirect.
    pub to_other: bool,
    /// What is above the arrow: "OPTIONS /api/v1/sessions/me".
    pub label: String,
    /// What is below it: "preflight, step 3".
    pub note: String,
    /// How it went.
    pub kind: MessageKind,
}

/// How an arrow is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MessageKind {
    /// It was sent.
    #[default]
    Sent,
    /// Here it failed.
    Failed,
    /// It was never sent.
    Never,
    /// Whether it was sent is not known.
    Unknown,
}
