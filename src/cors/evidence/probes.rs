//! What the snippet prints: the result of its probes as JSON.

use crate::cors::evidence::{Probe, ProbeKind, ProbeResult, ProbeRun, Traces};
use crate::cors::{Credentials, Engine};
use crate::json::{Document, Kind, Value};

/// How the snippet's result begins, wherever a console puts it.
pub(super) const MARK: &str = "{\"tokenscope\":\"cors-probe\"";

/// The probes by their names in the JSON.
pub(crate) const KINDS: &[(&str, ProbeKind)] = &[
    ("plain", ProbeKind::Plain),
    ("reload", ProbeKind::Reload),
    ("noCors", ProbeKind::NoCors),
    ("manual", ProbeKind::Manual),
    ("custom", ProbeKind::Custom),
    ("credentials", ProbeKind::Credentials),
    ("noCorsElsewhere", ProbeKind::NoCorsElsewhere),
];

const ENGINES: &[(&str, Engine)] =
    &[("chromium", Engine::Chromium), ("firefox", Engine::Firefox), ("webkit", Engine::WebKit)];

const CREDENTIALS: &[(&str, Credentials)] =
    &[("omit", Credentials::Omit), ("same-origin", Credentials::SameOrigin), ("include", Credentials::Include)];

/// Reads a run; `None` when the JSON is another one. Probes that can't be read are left out.
pub(super) fn read(document: &Document) -> Option<ProbeRun> {
    if document.string("tokenscope") != Some("cors-probe") {
        return None;
    }
    let root = document.root.as_ref()?;
    let probes = root.member("probes").map(Value::items).unwrap_or_default();
    Some(ProbeRun {
        origin: text(root, "origin").unwrap_or_default(),
        url: text(root, "url").unwrap_or_default(),
        own: flag(root, "own"),
        engine: text(root, "engine").and_then(|name| named(ENGINES, &name)),
        offline: flag(root, "offline"),
        probes: probes.iter().filter_map(|probe| read_probe(document, probe)).collect(),
    })
}

fn read_probe(document: &Document, value: &Value) -> Option<Probe> {
    let number = |name: &str| value.member(name).and_then(|value| document.raw(value).parse::<u32>().ok());
    let status = |name: &str| number(name).and_then(|number| u16::try_from(number).ok()).filter(|status| *status > 0);
    let result = match text(value, "result")?.as_str() {
        "read" => ProbeResult::Read { status: status("status")?, redirected: flag(value, "redirected") },
        "opaque" => ProbeResult::Opaque,
        "opaqueredirect" => ProbeResult::OpaqueRedirect,
        "failed" => ProbeResult::Failed(Traces {
            policy: text(value, "policy"),
            elapsed: number("elapsed").unwrap_or(0),
            entry: value.member("entry").and_then(|entry| match entry.kind {
                Kind::Bool(entry) => Some(entry),
                _ => None,
            }),
            no_response: flag(value, "noResponse"),
            responded: flag(value, "responded"),
            status: status("entryStatus"),
            timed_out: flag(value, "timedOut"),
            permission: value.member("permission").and_then(|pair| match pair.items() {
                [before, after] => Some((before.as_str()?.to_owned(), after.as_str()?.to_owned())),
                _ => None,
            }),
        }),
        _ => return None,
    };
    let headers = value.member("headers").map(Value::items).unwrap_or_default();
    Some(Probe {
        kind: named(KINDS, &text(value, "kind")?)?,
        result,
        method: text(value, "method"),
        headers: headers.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect(),
        credentials: text(value, "credentials").and_then(|name| named(CREDENTIALS, &name)).unwrap_or(Credentials::Omit),
    })
}

fn text(value: &Value, name: &str) -> Option<String> {
    value.member(name).and_then(Value::as_str).map(str::to_owned)
}

fn flag(value: &Value, name: &str) -> bool {
    value.member(name).is_some_and(|value| value.kind == Kind::Bool(true))
}

fn named<T: Copy>(names: &[(&str, T)], name: &str) -> Option<T> {
    names.iter().find(|(other, _)| *other == name).map(|(_, value)| *value)
}
