//! What probes come down to.

use super::phrases::Facts;
use super::told::stopped_by;
use super::{Case, Explanation, headline};
use crate::cors::evidence::{Neighbour, ProbeKind, ProbeResult, ProbeRun, Traces};
use crate::cors::url;
use crate::cors::{Cause, Outcome, code};
use crate::finding::{Certainty, Code, Fact, Finding};

/// What is concluded from the probes of one address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Conclusion {
    /// Plain requests pass.
    Readable,
    /// The server answers, and script may not read it.
    NotAllowed,
    /// Only requests that need a preflight fail.
    Preflight,
    /// Only requests with cookies fail.
    Credentials,
    /// The address redirects.
    Redirect,
    /// A neighbour stops it.
    Neighbour(Neighbour, Certainty),
    /// Nothing reached the server.
    Unreachable,
    /// There are too few probes.
    Undecided,
}

/// Fills in what probes say. `decides` tells whether nothing else does.
pub(super) fn probed(explanation: &mut Explanation, run: &ProbeRun, case: &Case, decides: bool) {
    let conclusion = conclude(run);
    let host = url::parse(&run.url).map_or_else(String::new, |url| url.host);
    let facts = Facts::default()
        .text("origin", run.origin.as_str())
        .text("url", run.url.as_str())
        .text("host", host.as_str())
        .text("target", url::origin_of(&run.url).unwrap_or_default());
    let (name, code, outcome, cause) = match conclusion {
        Conclusion::Readable => ("probe-readable", code::PROBE_READABLE, Outcome::Allowed, None),
        Conclusion::NotAllowed => {
            ("probe-not-allowed", code::PROBE_NOT_ALLOWED, Outcome::Blocked, Some(Cause::MissingAllowOriginHeader))
        }
        Conclusion::Preflight => ("probe-preflight", code::PROBE_PREFLIGHT, Outcome::Blocked, None),
        Conclusion::Credentials => ("probe-credentials", code::PROBE_CREDENTIALS, Outcome::Blocked, None),
        Conclusion::Redirect => ("probe-redirect", code::PROBE_REDIRECT, Outcome::Unknown, None),
        Conclusion::Unreachable => ("probe-unreachable", code::PROBE_UNREACHABLE, Outcome::Unknown, None),
        Conclusion::Undecided => ("probe-undecided", code::PROBE_UNDECIDED, Outcome::Unknown, None),
        Conclusion::Neighbour(neighbour, certainty) => {
            if decides {
                stopped_by(explanation, neighbour, &run.url, certainty);
            } else {
                let finding = Finding::warning(code::of_neighbour(neighbour), "/request/url").certainty(certainty);
                explanation.findings.push(with(finding, &facts));
            }
            return source(explanation, run, case);
        }
    };
    let severity: fn(Code, &'static str) -> Finding = match outcome {
        Outcome::Blocked => |code, subject| Finding::error(code, subject),
        Outcome::Allowed => |code, subject| Finding::ok(code, subject),
        _ => |code, subject| Finding::info(code, subject),
    };
    let certain = matches!(conclusion, Conclusion::Readable | Conclusion::Preflight | Conclusion::Credentials);
    let certainty = if certain { Certainty::Proved } else { Certainty::Likely };
    let finding = with(severity(code, "/request/url").certainty(certainty), &facts);
    if !decides {
        explanation.findings.push(finding);
        return source(explanation, run, case);
    }
    explanation.findings.insert(0, finding);
    (explanation.headline, explanation.support) = headline::pair(name, &facts);
    explanation.outcome = outcome;
    explanation.cause = cause;
    explanation.certainty = certainty;
    explanation.not_cors = outcome == Outcome::Allowed;
    explanation.walk.clear();
    explanation.engines.clear();
    explanation.sequence = None;
    let next = match conclusion {
        // The app's own origin may fare otherwise.
        Conclusion::Readable | Conclusion::NotAllowed if run.own => Some(code::NEXT_SNIPPET),
        Conclusion::Readable => None,
        Conclusion::NotAllowed | Conclusion::Redirect => Some(code::NEXT_CURL),
        Conclusion::Preflight => Some(code::NEXT_PREFLIGHT),
        Conclusion::Credentials => Some(code::NEXT_CURL),
        Conclusion::Unreachable => Some(code::NEXT_TAB),
        _ => Some(code::NEXT_CONSOLE),
    };
    explanation.next_test = next.map(|code| with(Finding::info(code, "/input"), &facts));
    source(explanation, run, case);
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

fn conclude(run: &ProbeRun) -> Conclusion {
    use Certainty::{Likely, Proved, Stated};
    if run.offline {
        return Conclusion::Neighbour(Neighbour::Offline, Stated);
    }
    let of = |kind: ProbeKind| run.probes.iter().find(|probe| probe.kind == kind).map(|probe| &probe.result);
    let failed = |kind: ProbeKind| matches!(of(kind), Some(ProbeResult::Failed(_)));
    let read = |kind: ProbeKind| matches!(of(kind), Some(ProbeResult::Read { .. }));
    let traces = || {
        run.probes.iter().filter_map(|probe| match &probe.result {
            ProbeResult::Failed(traces) => Some(traces),
            _ => None,
        })
    };
    if read(ProbeKind::Plain) {
        return if failed(ProbeKind::Custom) {
            Conclusion::Preflight
        } else if failed(ProbeKind::Credentials) {
            Conclusion::Credentials
        } else {
            Conclusion::Readable
        };
    }
    if traces().any(|traces: &Traces| traces.policy.is_some()) {
        return Conclusion::Neighbour(Neighbour::ContentSecurityPolicy, Proved);
    }
    let mixed = run.origin.starts_with("https://")
        && url::parse(&run.url).is_some_and(|url| url.scheme == "http" && !is_loopback(&url.host));
    if mixed && !run.probes.is_empty() {
        return Conclusion::Neighbour(Neighbour::MixedContent, Likely);
    }
    if failed(ProbeKind::Plain) && read(ProbeKind::Reload) {
        return Conclusion::Neighbour(Neighbour::CachedAnswer, Proved);
    }
    if of(ProbeKind::Manual) == Some(&ProbeResult::OpaqueRedirect) {
        return Conclusion::Redirect;
    }
    if of(ProbeKind::NoCors) == Some(&ProbeResult::Opaque) {
        return Conclusion::NotAllowed;
    }
    let denied = |traces: &Traces| {
        traces.permission.as_ref().is_some_and(|(before, after)| before != "denied" && after == "denied")
    };
    if traces().any(denied) {
        return Conclusion::Neighbour(Neighbour::LocalNetworkAccess, Proved);
    }
    if failed(ProbeKind::NoCors) && of(ProbeKind::NoCorsElsewhere) == Some(&ProbeResult::Opaque) {
        return Conclusion::Neighbour(Neighbour::ResourcePolicy, Likely);
    }
    if traces().any(|traces| traces.responded) {
        return Conclusion::NotAllowed;
    }
    if traces().any(|traces| traces.timed_out) {
        return Conclusion::Neighbour(Neighbour::TimedOut, Stated);
    }
    if failed(ProbeKind::NoCors) { Conclusion::Unreachable } else { Conclusion::Undecided }
}

/// Whether a host is this machine, which browsers do not count as mixed content.
pub(super) fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.ends_with(".localhost") || host.starts_with("127.") || host == "[::1]"
}
