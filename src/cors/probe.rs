//! What probes of a URL say, and what they can't say.
//!
//! Script learns little from a request that fails: the same error for all reasons. So several requests are made that
//! differ in one thing each, and what follows from their results is decided here, in a fixed order: what the two URLs say
//! by themselves, the page's own policy, the cache, the CORS protocol, and last what keeps any answer from arriving.
//! What stays indistinguishable is listed, with the one test that would tell.
//!
//! Source: the results of each situation in Chromium 156 and Firefox 153, measured on loopback; the blocked ports are those
//! of the [Fetch standard](https://fetch.spec.whatwg.org/#port-blocking).

use super::evidence::{Neighbour, Probe, ProbeKind, ProbeResult, ProbeRun, Traces};
use super::{Cause, Engine, url};
use crate::finding::Certainty;

/// What follows from a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conclusion {
    /// What is the case.
    pub says: Verdict,
    /// What may be the reason, most likely first. One alone when the run decides; empty where there is nothing to explain.
    pub candidates: Vec<Candidate>,
    /// How sure `says` is.
    pub certainty: Certainty,
    /// The one test that would tell the candidates apart; `None` when there is nothing to tell apart.
    pub next: Option<NextTest>,
    /// The origin that this is about: another one may be answered otherwise.
    pub decides_for: String,
}

/// What is the case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// No probe that decides anything was made.
    Nothing,
    /// The answer may be read, and what else was tried works too.
    Allowed {
        /// The status of the answer.
        status: u16,
        /// Whether a redirect led to it.
        redirected: bool,
    },
    /// A plain request works; what the app sends does not.
    RequestRefused {
        /// With the app's method and headers it fails: the preflight, or the answer to such a request.
        custom: bool,
        /// With credentials it fails.
        credentials: bool,
    },
    /// A stored answer stands in the way: past the cache it works.
    Cached,
    /// An answer comes, and script may not read it.
    Refused,
    /// A redirect may be followed, and the answer behind it may not be read.
    RefusedBehindRedirect,
    /// Something other than CORS stopped the request.
    Neighbour(Neighbour),
    /// No answer comes, or none that a page may have at all; the candidates say why.
    NoAnswer,
}

/// What may be the reason.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Candidate {
    /// The CORS protocol, for that cause.
    Cors(Cause),
    /// A redirect whose own answer lacks the headers: script can't tell it from an answer without them.
    Redirect,
    /// Something that looks like CORS.
    Neighbour(Neighbour),
}

/// What would tell more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextTest {
    /// `curl -i` with the app's `Origin`: shows the headers.
    CurlWithOrigin,
    /// The preflight by curl: `OPTIONS` with `Origin` and the two headers of a preflight.
    CurlPreflight,
    /// The URL in a tab of its own: shows errors of DNS, TLS and connections, and certificates.
    OpenInTab,
    /// The snippet in the app's own console: this page's probe speaks of this page's origin.
    RunSnippet,
    /// The same in a window without extensions.
    DisableExtensions,
    /// The permission for the local network, in the site's settings.
    AllowLocalNetwork,
    /// The console's message about the page's policy: it names the directive.
    ReadPolicy,
}

/// What follows from a run of probes.
///
/// ```
/// use tokenscope::cors::evidence::{Probe, ProbeKind, ProbeResult, ProbeRun, Traces};
/// use tokenscope::cors::probe::{Verdict, conclude};
/// let probe = |kind, result| Probe { kind, result, method: None, headers: vec![], credentials: Default::default() };
/// let run = ProbeRun {
///     origin: "https://app.example".to_owned(),
///     url: "https://api.example/".to_owned(),
///     probes: vec![
///         probe(ProbeKind::Plain, ProbeResult::Failed(Traces::default())),
///         probe(ProbeKind::Reload, ProbeResult::Read { status: 200, redirected: false }),
///     ],
///     ..Default::default()
/// };
/// assert_eq!(conclude(&run).says, Verdict::Cached);
/// ```
pub fn conclude(run: &ProbeRun) -> Conclusion {
    let facts = Facts::of(run);
    DECISIONS.iter().find_map(|decide| decide(&facts)).unwrap_or_else(|| facts.conclusion(Verdict::Nothing))
}

/// What a run found, by the letters of the probes.
struct Facts<'a> {
    run: &'a ProbeRun,
    fixed: Vec<Neighbour>,
    plain: Option<&'a ProbeResult>,
    reload: Option<&'a ProbeResult>,
    no_cors: Option<&'a ProbeResult>,
    manual: Option<&'a ProbeResult>,
    custom: Option<&'a Probe>,
    credentials: Option<&'a ProbeResult>,
    elsewhere: Option<&'a ProbeResult>,
}

/// The decisions in their order. The first that has an answer counts.
const DECISIONS: &[fn(&Facts) -> Option<Conclusion>] = &[
    worked,
    offline,
    by_the_urls,
    policy,
    cached,
    local_network,
    timed_out,
    behind_redirect,
    refused,
    this_path_alone,
    no_answer,
];

fn worked(facts: &Facts) -> Option<Conclusion> {
    let Some(ProbeResult::Read { status, redirected }) = facts.plain else { return None };
    let failed = |result: &ProbeResult| matches!(result, ProbeResult::Failed(_));
    let custom = facts.custom.filter(|probe| failed(&probe.result));
    let credentials = facts.credentials.is_some_and(failed);
    if custom.is_none() && !credentials {
        return Some(facts.conclusion(Verdict::Allowed { status: *status, redirected: *redirected }));
    }
    let mut conclusion = facts.conclusion(Verdict::RequestRefused { custom: custom.is_some(), credentials });
    if let Some(probe) = custom {
        conclusion.next = Some(NextTest::CurlPreflight);
        conclusion.candidates.extend(preflight_candidates(facts, probe));
    } else {
        conclusion.next = Some(NextTest::CurlWithOrigin);
    }
    if credentials {
        let causes = [Cause::WildcardOriginNotAllowed, Cause::InvalidAllowCredentials];
        conclusion.candidates.extend(causes.map(Candidate::Cors));
    }
    Some(conclusion)
}

fn preflight_candidates(facts: &Facts, probe: &Probe) -> Vec<Candidate> {
    let mut causes = Vec::new();
    if !probe.headers.is_empty() {
        causes.push(Cause::HeaderDisallowedByPreflightResponse);
    }
    let method = probe.method.as_deref().unwrap_or("GET");
    if !["GET", "HEAD", "POST"].iter().any(|safe| method.eq_ignore_ascii_case(safe)) {
        causes.push(Cause::MethodDisallowedByPreflightResponse);
    }
    causes.extend([
        Cause::PreflightMissingAllowOriginHeader,
        Cause::PreflightInvalidStatus,
        Cause::PreflightDisallowedRedirect,
    ]);
    // Firefox leaves no trace of time for a request that its preflight kept from being sent.
    let never_sent = facts.run.engine == Some(Engine::Firefox)
        && matches!(&probe.result, ProbeResult::Failed(traces) if traces.no_response);
    if !never_sent {
        // With a header such as Authorization the server may answer otherwise: 401, without the CORS headers.
        causes.push(Cause::MissingAllowOriginHeader);
    }
    causes.into_iter().map(Candidate::Cors).collect()
}

fn offline(facts: &Facts) -> Option<Conclusion> {
    facts.run.offline.then(|| facts.neighbour(Neighbour::Offline))
}

/// What the two URLs say by themselves; only the local network is a matter of leave.
fn by_the_urls(facts: &Facts) -> Option<Conclusion> {
    facts.plain?;
    let certain = facts.fixed.iter().find(|neighbour| **neighbour != Neighbour::LocalNetworkAccess)?;
    // Chromium lets a page ask for leave to reach an address of the local network, where http is no matter then.
    let local = facts.fixed.contains(&Neighbour::LocalNetworkAccess) && *certain == Neighbour::MixedContent;
    if local {
        let mut conclusion = facts.conclusion(Verdict::NoAnswer);
        conclusion.candidates =
            [Neighbour::LocalNetworkAccess, Neighbour::MixedContent].map(Candidate::Neighbour).to_vec();
        conclusion.next = Some(NextTest::AllowLocalNetwork);
        return Some(conclusion);
    }
    Some(facts.neighbour(*certain))
}

fn policy(facts: &Facts) -> Option<Conclusion> {
    let blocked = |result: Option<&ProbeResult>| traces(result).is_some_and(|traces| traces.policy.is_some());
    let mut conclusion = facts.neighbour(Neighbour::ContentSecurityPolicy);
    conclusion.next = Some(NextTest::ReadPolicy);
    (blocked(facts.plain) || (blocked(facts.no_cors) && facts.plain.is_none())).then_some(conclusion)
}

fn cached(facts: &Facts) -> Option<Conclusion> {
    let worked = matches!(facts.reload, Some(ProbeResult::Read { .. })) && traces(facts.plain).is_some();
    let mut conclusion = facts.conclusion(Verdict::Cached);
    conclusion.candidates.push(Candidate::Neighbour(Neighbour::CachedAnswer));
    worked.then_some(conclusion)
}

/// The browser's leave was asked for and refused: it says so itself.
fn local_network(facts: &Facts) -> Option<Conclusion> {
    let (before, after) = facts.permission()?;
    let likely = facts.fixed.contains(&Neighbour::LocalNetworkAccess);
    let denied = after == "denied" && (before != "denied" || likely);
    if !denied || facts.no_cors == Some(&ProbeResult::Opaque) {
        return None;
    }
    let mut conclusion = facts.neighbour(Neighbour::LocalNetworkAccess);
    conclusion.certainty = if before == "denied" { Certainty::Likely } else { Certainty::Proved };
    conclusion.next = Some(NextTest::AllowLocalNetwork);
    Some(conclusion)
}

fn timed_out(facts: &Facts) -> Option<Conclusion> {
    let late = |result: Option<&ProbeResult>| traces(result).is_some_and(|traces| traces.timed_out);
    if !late(facts.plain) {
        return None;
    }
    let mut conclusion = facts.neighbour(Neighbour::TimedOut);
    conclusion.certainty = Certainty::Likely;
    conclusion.next = Some(NextTest::OpenInTab);
    // While the browser asks for leave, the request waits.
    if facts.permission().is_some_and(|(_, after)| after == "prompt") && facts.local() {
        conclusion.candidates.insert(0, Candidate::Neighbour(Neighbour::LocalNetworkAccess));
        conclusion.next = Some(NextTest::AllowLocalNetwork);
    }
    Some(conclusion)
}

/// The redirect's own answer passed, or it would not have come back as one.
fn behind_redirect(facts: &Facts) -> Option<Conclusion> {
    traces(facts.plain)?;
    if facts.manual != Some(&ProbeResult::OpaqueRedirect) {
        return None;
    }
    let mut conclusion = facts.conclusion(Verdict::RefusedBehindRedirect);
    conclusion.candidates = vec![
        Candidate::Neighbour(Neighbour::LoginRedirect),
        Candidate::Cors(Cause::MissingAllowOriginHeader),
        Candidate::Cors(Cause::AllowOriginMismatch),
    ];
    conclusion.next = Some(NextTest::CurlWithOrigin);
    Some(conclusion)
}

/// An answer comes when nobody asks to read it.
fn refused(facts: &Facts) -> Option<Conclusion> {
    let failed = traces(facts.plain)?;
    let came = facts.no_cors == Some(&ProbeResult::Opaque) || failed.responded || failed.status.is_some();
    if !came {
        return None;
    }
    let mut conclusion = facts.conclusion(Verdict::Refused);
    let redirect = failed.status.is_some_and(|status| (300..400).contains(&status));
    let causes = [Cause::MissingAllowOriginHeader, Cause::AllowOriginMismatch].map(Candidate::Cors);
    conclusion.candidates.extend(causes);
    conclusion.candidates.insert(if redirect { 0 } else { 2 }, Candidate::Redirect);
    conclusion.next = Some(if facts.run.own { NextTest::RunSnippet } else { NextTest::CurlWithOrigin });
    Some(conclusion)
}

/// Another path of the host answers: it is this path that something keeps away.
fn this_path_alone(facts: &Facts) -> Option<Conclusion> {
    traces(facts.no_cors)?;
    if facts.elsewhere != Some(&ProbeResult::Opaque) {
        return None;
    }
    let mut conclusion = facts.conclusion(Verdict::NoAnswer);
    conclusion.candidates = [Neighbour::ResourcePolicy, Neighbour::Extension].map(Candidate::Neighbour).to_vec();
    conclusion.next = Some(NextTest::CurlWithOrigin);
    Some(conclusion)
}

fn no_answer(facts: &Facts) -> Option<Conclusion> {
    let failed = traces(facts.no_cors).or(traces(facts.plain))?;
    let mut neighbours =
        vec![Neighbour::Unreachable, Neighbour::Dns, Neighbour::Tls, Neighbour::Extension, Neighbour::ResourcePolicy];
    if facts.run.engine == Some(Engine::Firefox) {
        if failed.no_response {
            // No answer came, so none was withheld.
            neighbours.retain(|neighbour| *neighbour != Neighbour::ResourcePolicy);
        } else if failed.entry == Some(true) {
            // Time passed: the connection was made.
            neighbours = vec![Neighbour::ResourcePolicy, Neighbour::Unreachable, Neighbour::Extension];
        }
    }
    let local = facts.local();
    if local || facts.permission().is_some_and(|(_, after)| after == "denied") {
        neighbours.insert(0, Neighbour::LocalNetworkAccess);
    }
    let mut conclusion = facts.conclusion(Verdict::NoAnswer);
    conclusion.candidates = neighbours.into_iter().map(Candidate::Neighbour).collect();
    conclusion.next = Some(NextTest::OpenInTab);
    if facts.no_cors.is_none() {
        // Nothing tells yet whether there is an answer that may not be read.
        let causes = [Cause::MissingAllowOriginHeader, Cause::AllowOriginMismatch].map(Candidate::Cors);
        conclusion.candidates.splice(0..0, causes.into_iter().chain([Candidate::Redirect]));
        conclusion.next = Some(NextTest::RunSnippet);
    }
    Some(conclusion)
}

fn traces(result: Option<&ProbeResult>) -> Option<&Traces> {
    match result {
        Some(ProbeResult::Failed(traces)) => Some(traces),
        _ => None,
    }
}

impl<'a> Facts<'a> {
    fn of(run: &'a ProbeRun) -> Facts<'a> {
        let probe = |kind: ProbeKind| run.probes.iter().find(|probe| probe.kind == kind);
        let result = |kind: ProbeKind| probe(kind).map(|probe| &probe.result);
        Facts {
            run,
            fixed: statically(&run.origin, &run.url),
            plain: result(ProbeKind::Plain),
            reload: result(ProbeKind::Reload),
            no_cors: result(ProbeKind::NoCors),
            manual: result(ProbeKind::Manual),
            custom: probe(ProbeKind::Custom),
            credentials: result(ProbeKind::Credentials),
            elsewhere: result(ProbeKind::NoCorsElsewhere),
        }
    }

    fn conclusion(&self, says: Verdict) -> Conclusion {
        Conclusion {
            says,
            candidates: Vec::new(),
            certainty: Certainty::Proved,
            next: None,
            decides_for: self.run.origin.clone(),
        }
    }

    fn neighbour(&self, neighbour: Neighbour) -> Conclusion {
        let candidates = vec![Candidate::Neighbour(neighbour)];
        Conclusion { candidates, ..self.conclusion(Verdict::Neighbour(neighbour)) }
    }

    /// The permission for the local network before and after the last probe that failed with one.
    fn permission(&self) -> Option<(&str, &str)> {
        let pair = |probe: &'a Probe| traces(Some(&probe.result))?.permission.as_ref();
        let mut pairs = self.run.probes.iter().filter_map(pair);
        let (before, first_after) = pairs.next()?;
        let after = pairs.next_back().map_or(first_after, |(_, after)| after);
        Some((before, after))
    }

    /// Whether the host is one of the local network by its name, or may be: a name without a dot, or of an inner zone.
    fn local(&self) -> bool {
        let inner = [".internal", ".lan", ".home", ".corp", ".intranet", ".home.arpa", ".test"];
        self.fixed.contains(&Neighbour::LocalNetworkAccess)
            || url::parse(&self.run.url)
                .is_some_and(|url| !url.host.contains('.') || inner.iter().any(|zone| url.host.ends_with(zone)))
    }
}

/// What the two URLs say without a request: an unknown scheme or a user name, a blocked port, http from a page of https,
/// and an address that is local by its name. In this order; empty where they say nothing.
///
/// An address of this machine is exempt from the rule for http as Chromium and Firefox have it; Safari's rule has no such
/// exemption. Pages of this machine may reach every network, and so may files, whose origin is `null`.
///
/// ```
/// use tokenscope::cors::evidence::Neighbour;
/// use tokenscope::cors::probe::statically;
/// assert_eq!(statically("https://app.example", "http://api.example/"), [Neighbour::MixedContent]);
/// assert_eq!(statically("https://app.example", "https://api.example:6000/"), [Neighbour::BlockedPort]);
/// assert_eq!(statically("https://app.example", "https://api.example/"), []);
/// ```
pub fn statically(origin: &str, target: &str) -> Vec<Neighbour> {
    let mut neighbours = Vec::new();
    let Some(url) = url::parse(target) else { return vec![Neighbour::BadUrl] };
    if !url.is_http() || url.has_credentials {
        neighbours.push(Neighbour::BadUrl);
    }
    let port = url.port.unwrap_or(if url.scheme == "https" { 443 } else { 80 });
    if BLOCKED_PORTS.contains(&port) {
        neighbours.push(Neighbour::BlockedPort);
    }
    let space = space(&url.host);
    let page = url::parse(origin);
    let page_space = page.as_ref().map(|page| self::space(&page.host));
    if page.as_ref().is_some_and(|page| page.scheme == "https") && url.scheme == "http" && space != Space::Loopback {
        neighbours.push(Neighbour::MixedContent);
    }
    if page_space == Some(Space::Public) && space != Space::Public {
        neighbours.push(Neighbour::LocalNetworkAccess);
    }
    neighbours
}

/// Ports that browsers never connect to.
const BLOCKED_PORTS: &[u16] = &[
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/// Address spaces of [Local Network Access](https://wicg.github.io/local-network-access/), as far as a host's name tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Space {
    Loopback,
    Local,
    Public,
}

fn space(host: &str) -> Space {
    let host = host.trim_end_matches('.');
    if host == "localhost" || host.ends_with(".localhost") || host == "[::1]" {
        return Space::Loopback;
    }
    if host.ends_with(".local") {
        return Space::Local;
    }
    if let Some(address) = host.strip_prefix('[') {
        // Unique local addresses and those of one link: fc00::/7 and fe80::/10.
        let first = address.split(':').next().and_then(|group| u16::from_str_radix(group, 16).ok()).unwrap_or(0);
        let local = (0xfc00..0xfe00).contains(&first) || (0xfe80..0xfec0).contains(&first);
        return if local { Space::Local } else { Space::Public };
    }
    let mut numbers = host.split('.').map(str::parse::<u8>);
    let (Some(Ok(first)), Some(Ok(second)), Some(Ok(_)), Some(Ok(_)), None) =
        (numbers.next(), numbers.next(), numbers.next(), numbers.next(), numbers.next())
    else {
        return Space::Public;
    };
    match (first, second) {
        (127, _) => Space::Loopback,
        (10, _) | (172, 16..=31) | (192, 168) | (169, 254) | (100, 64..=127) => Space::Local,
        _ => Space::Public,
    }
}

#[cfg(test)]
mod tests;
