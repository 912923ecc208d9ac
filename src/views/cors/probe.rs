//! The live probe: two buttons that name the host, and what came of each request.

use wasm_bindgen_futures::spawn_local;
use web_sys::Element;

use super::{Event, View, own_origin, send, source};
use crate::browser::fetch::{self, LedgerEntry, Outcome};
use crate::cors::evidence::{Probe, ProbeKind, ProbeResult, ProbeRun};
use crate::cors::{Credentials, Engine};
use crate::discovery::{Guard, PublicUrl, public_url};
use crate::page::checks::chip;
use crate::page::dom::{self, Template};
use crate::page::ledger::words;
use crate::sniff::sniff;

/// Which button was pressed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Whether script may read an answer.
    First,
    /// Whether there is an answer at all.
    Second,
}

impl View {
    /// Where the probes would go, or why they can't; `None` without any URL. The query is left out: it may hold anything.
    fn target(&self) -> Option<Result<PublicUrl, &'static str>> {
        let url = self.url();
        let url = source::without_query(&url);
        if url.is_empty() {
            return None;
        }
        let tokens: Vec<String> =
            sniff(&self.text).candidates.iter().map(|candidate| candidate.text(&self.text)).collect();
        let guard = Guard { secrets: tokens.iter().map(String::as_str).collect(), ..Guard::default() };
        Some(public_url(url, &guard).map_err(|fault| fault.words()))
    }

    /// Whether probes were sent to the URL that the case is about now.
    pub(super) fn is_about(&self, run: &ProbeRun) -> bool {
        matches!(self.target(), Some(Ok(url)) if url.as_str() == run.url)
    }

    pub(super) fn probe(&mut self, step: Step) {
        let Some(Ok(url)) = self.target().filter(|_| !self.probing) else { return };
        let earlier = self.probes.take().filter(|run| step == Step::Second && run.url == url.as_str());
        let mut run = earlier.unwrap_or_else(|| ProbeRun {
            origin: own_origin(),
            url: url.as_str().to_owned(),
            own: true,
            engine: Some(engine()),
            offline: fetch::is_offline(),
            probes: Vec::new(),
        });
        self.probing = true;
        let host = self.host.clone();
        spawn_local(async move {
            let elsewhere = public_url(&[url.origin(), "/favicon.ico"].concat(), &Guard::default());
            let kinds: &[ProbeKind] = match step {
                Step::First => &[ProbeKind::Plain, ProbeKind::Reload, ProbeKind::Manual],
                Step::Second => &[ProbeKind::NoCors, ProbeKind::NoCorsElsewhere],
            };
            for kind in kinds {
                let url = match (&elsewhere, kind) {
                    (Ok(elsewhere), ProbeKind::NoCorsElsewhere) => elsewhere,
                    _ => &url,
                };
                let number = fetch::ledger().len();
                let pending = LedgerEntry { url: url.clone(), time: super::now(), outcome: Outcome::Pending };
                host.sent(number, &words(&pending), true);
                let result = fetch::probe(url, *kind).await;
                if let Some(entry) = fetch::ledger().get(number) {
                    host.sent(number, &words(entry), entry.outcome != Outcome::NotSent);
                }
                let decided = !matches!(result, ProbeResult::Failed(_));
                let credentials = Credentials::Omit;
                run.probes.push(Probe { kind: *kind, result, method: None, headers: Vec::new(), credentials });
                if decided {
                    break;
                }
                send(Event::Probed(Box::new(run.clone()), false));
            }
            send(Event::Probed(Box::new(run), true));
        });
        self.paint_probe();
    }

    pub(super) fn paint_probe(&self) {
        let target = self.target();
        let ready = matches!(target, Some(Ok(_)));
        let about = self.probes.as_ref().filter(|run| self.is_about(run));
        let unread = about.is_some_and(|run| {
            run.probes.iter().all(|probe| matches!(probe.result, ProbeResult::Failed(_)))
                && run.probes.iter().all(|probe| probe.kind != ProbeKind::NoCors)
        });
        for id in ["cors-probe", "cors-reach"] {
            let button: Element = dom::find(id);
            let _ = button.toggle_attribute_with_force("disabled", !ready);
            dom::set(&button, "aria-busy", if self.probing { "true" } else { "false" });
        }
        dom::show("cors-reach", unread && !self.probing);
        let (mut first, mut second) = ("Probe".to_owned(), String::new());
        if let Some(Ok(url)) = &target {
            first = [if about.is_some() { "Probe again " } else { "Probe " }, url.origin()].concat();
            second = ["Also test whether ", url.origin(), " can be reached (follows redirects)"].concat();
        }
        dom::set_text("cors-probe-text", &first);
        dom::set_text("cors-reach-text", &second);
        let stripped = self.url().contains(['?', '#']);
        let note = match target {
            None => "Fill in the URL below.".to_owned(),
            Some(Err(fault)) => ["The URL ", fault, "."].concat(),
            Some(Ok(_)) if stripped => "The query string is left out: it may hold what must not be sent.".to_owned(),
            Some(Ok(_)) => String::new(),
        };
        dom::set_text("cors-probe-note", &note);
        let probes = about.map_or(&[][..], |run| &run.probes);
        dom::update("cors-probes", &probes.iter().map(line).collect::<Vec<_>>());
        let text = if source::chosen() == "probe" && self.probing { "Probing" } else { "" };
        if !text.is_empty() {
            dom::set_text("announcer", text);
        }
    }
}

fn line(probe: &Probe) -> Element {
    let line = Template::fill("note");
    let what = match probe.kind {
        ProbeKind::Plain => "Through the cache: ",
        ProbeKind::Reload => "Past the cache: ",
        ProbeKind::Manual => "For a redirect: ",
        ProbeKind::NoCors => "Without CORS: ",
        ProbeKind::NoCorsElsewhere => "Without CORS, /favicon.ico: ",
        ProbeKind::Custom | ProbeKind::Credentials => "",
    };
    let (icon, word, found) = match &probe.result {
        ProbeResult::Read { status, .. } => ("pass", "Read", ["an answer with status ", &status.to_string()].concat()),
        ProbeResult::Opaque => ("warn", "Opaque", "an answer that no script may look into".to_owned()),
        ProbeResult::OpaqueRedirect => ("warn", "Redirect", "a redirect, not followed".to_owned()),
        ProbeResult::Failed(traces) if traces.policy.is_some() => {
            ("skip", "Not sent", "this page’s own policy forbids it".to_owned())
        }
        ProbeResult::Failed(traces) if traces.timed_out => ("fail", "Failed", "no answer in time".to_owned()),
        ProbeResult::Failed(_) => ("fail", "Failed", "nothing that this page may read".to_owned()),
    };
    line.replace("state", &chip(icon, word)).text("problem", &[what, &found].concat());
    line.done()
}

/// Whose engine this is, by what its style sheets can do.
fn engine() -> Engine {
    let supports = |name, value| web_sys::css::supports_with_value(name, value).unwrap_or(false);
    if supports("-moz-orient", "block") {
        Engine::Firefox
    } else if supports("font", "-apple-system-body") {
        Engine::WebKit
    } else {
        Engine::Chromium
    }
}
