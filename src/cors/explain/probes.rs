//! What probes come down to, in words.

use super::phrases::{Facts, phrase};
use super::told::stopped_by;
use super::{Case, Explanation, explain_exchange, headline};
use crate::cors::evidence::{Neighbour, ProbeRun};
use crate::cors::probe::{Candidate, Conclusion, NextTest, Verdict, conclude};
use crate::cors::url;
use crate::cors::{Hop, Outcome, code};
use crate::finding::{Code, Fact, Finding};
use crate::http::{Answer, Headers};

/// Fills in what probes say. `decides` tells whether nothing else does.
pub(super) fn probed(explanation: &mut Explanation, run: &ProbeRun, case: &Case, decides: bool) {
    let conclusion = conclude(run);
    let facts = Facts::default()
        .text("origin", run.origin.as_str())
        .text("url", run.url.as_str())
        .text("host", url::parse(&run.url).map_or_else(String::new, |url| url.host))
        .text("target", url::origin_of(&run.url).unwrap_or_default());
    match conclusion.says {
        Verdict::Neighbour(neighbour) => stopped(explanation, &conclusion, neighbour, run, decides),
        Verdict::Cached => stopped(explanation, &conclusion, Neighbour::CachedAnswer, run, decides),
        says => {
            let (name, code, outcome) = worded(says);
            verdict(explanation, &conclusion, &facts, (name, code, outcome), decides);
        }
    }
    candidates(explanation, &conclusion);
    if decides {
        let next = conclusion.next.map(|next| with(Finding::info(of_test(next), "/input"), &facts));
        explanation.next_test = next.or(explanation.next_test.take());
    }
    source(explanation, run, case);
}

/// The name of the headline, the code and the outcome of what is no neighbour.
fn worded(says: Verdict) -> (&'static str, Code, Outcome) {
    match says {
        Verdict::Allowed { .. } => ("probe-readable", code::PROBE_READABLE, Outcome::Allowed),
        Verdict::RequestRefused { custom: true, .. } => ("probe-preflight", code::PROBE_PREFLIGHT, Outcome::Blocked),
        Verdict::RequestRefused { .. } => ("probe-credentials", code::PROBE_CREDENTIALS, Outcome::Blocked),
        Verdict::Refused => ("probe-not-allowed", code::PROBE_NOT_ALLOWED, Outcome::Blocked),
        Verdict::RefusedBehindRedirect => ("probe-redirected", code::PROBE_REDIRECTED, Outcome::Blocked),
        Verdict::NoAnswer => ("probe-no-answer", code::PROBE_NO_ANSWER, Outcome::Unknown),
        Verdict::Nothing | Verdict::Cached | Verdict::Neighbour(_) => {
            ("probe-undecided", code::PROBE_UNDECIDED, Outcome::Unknown)
        }
    }
}

fn stopped(
    explanation: &mut Explanation,
    conclusion: &Conclusion,
    neighbour: Neighbour,
    run: &ProbeRun,
    decides: bool,
) {
    if decides {
        return stopped_by(explanation, neighbour, &run.url, conclusion.certainty);
    }
    let target = url::origin_of(&run.url).unwrap_or_default();
    let finding = Finding::warning(code::of_neighbour(neighbour), "/request/url").certainty(conclusion.certainty);
    let host = url::parse(&run.url).map_or_else(String::new, |url| url.host);
    explanation.findings.push(finding.text("host", host).text("url", run.url.as_str()).text("target", target));
}

fn verdict(
    explanation: &mut Explanation,
    conclusion: &Conclusion,
    facts: &Facts,
    (name, code, outcome): (&'static str, Code, Outcome),
    decides: bool,
) {
    let finding = match outcome {
        Outcome::Blocked => Finding::error(code, "/request/url"),
        Outcome::Allowed => Finding::ok(code, "/request/url"),
        _ => Finding::info(code, "/request/url"),
    };
    let finding = with(finding.certainty(conclusion.certainty), facts);
    if !decides {
        return explanation.findings.push(finding);
    }
    explanation.findings.insert(0, finding);
    (explanation.headline, explanation.support) = headline::pair(name, facts);
    explanation.outcome = outcome;
    // Of the causes that the probes can't tell apart, the first one is named only where all lead to the same change.
    explanation.cause = match (conclusion.says, conclusion.candidates.as_slice()) {
        (_, [Candidate::Cors(cause)]) | (Verdict::Refused, [Candidate::Cors(cause), ..]) => Some(*cause),
        _ => None,
    };
    if let (Verdict::Refused, Some(exchange)) = (conclusion.says, &explanation.exchange) {
        let mut refused = exchange.clone();
        refused.hops = vec![Hop { preflight: None, response: Some(Answer { status: 200, ..Answer::default() }) }];
        refused.request.headers = Headers::default();
        explanation.fix = explain_exchange(refused).fix;
    }
    explanation.certainty =
        if conclusion.candidates.len() > 1 { crate::finding::Certainty::Likely } else { conclusion.certainty };
    explanation.not_cors = outcome == Outcome::Allowed;
    explanation.walk.clear();
    explanation.engines.clear();
    explanation.sequence = None;
    explanation.next_test = None;
}

/// What the probes can't tell apart.
fn candidates(explanation: &mut Explanation, conclusion: &Conclusion) {
    if conclusion.candidates.len() < 2 {
        return;
    }
    let named = conclusion.candidates.iter().map(|candidate| match candidate {
        Candidate::Cors(cause) => cause.name(),
        Candidate::Redirect => phrase("candidate-redirect").unwrap_or_default(),
        Candidate::Neighbour(neighbour) => {
            phrase(&["candidate-", headline::name_of(*neighbour)].concat()).unwrap_or_default()
        }
    });
    let list = named.map(str::to_owned).collect();
    explanation.findings.push(Finding::info(code::CANDIDATES, "/input").with("candidates", Fact::List(list)));
}

fn of_test(test: NextTest) -> Code {
    match test {
        NextTest::CurlWithOrigin => code::NEXT_CURL,
        NextTest::CurlPreflight => code::NEXT_PREFLIGHT,
        NextTest::OpenInTab => code::NEXT_TAB,
        NextTest::RunSnippet => code::NEXT_SNIPPET,
        NextTest::DisableExtensions => code::NEXT_PRIVATE_WINDOW,
        NextTest::AllowLocalNetwork => code::NEXT_LOCAL_NETWORK,
        NextTest::ReadPolicy => code::NEXT_POLICY,
    }
}

fn with(mut finding: Finding, facts: &Facts) -> Finding {
    for name in ["origin", "url", "host", "target"] {
        if let Some(fact) = facts.get(name) {
            finding = finding.with(name, fact.clone());
        }
    }
    finding
}

/// Whose origin the probes speak of.
fn source(explanation: &mut Explanation, run: &ProbeRun, case: &Case) {
    let typed = case.form.origin.trim();
    explanation.findings.push(if run.own {
        let app = match typed {
            "" => Fact::Words("the app's own"),
            typed => Fact::Text(typed.to_owned()),
        };
        Finding::info(code::EVIDENCE_OWN_PROBE, "/input").text("own", run.origin.as_str()).with("origin", app)
    } else {
        Finding::info(code::EVIDENCE_PROBE, "/input").text("origin", run.origin.as_str())
    });
}
