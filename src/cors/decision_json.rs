//! A decision as JSON: what a test compares with what a browser did.

use super::{Decision, Engine, Outcome, StepName, StepResult};
use crate::json::quoted;

/// The engine of that name: "standard", "chromium", "firefox" or "webkit".
pub fn engine(name: &str) -> Option<Engine> {
    Engine::ALL.into_iter().find(|engine| engine_name(*engine) == name)
}

/// Its name, as [`engine`] reads it.
pub fn engine_name(engine: Engine) -> &'static str {
    match engine {
        Engine::Standard => "standard",
        Engine::Chromium => "chromium",
        Engine::Firefox => "firefox",
        Engine::WebKit => "webkit",
    }
}

/// The outcome's name: "allowed", "opaque", "blocked" or "unknown".
pub fn outcome_name(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Allowed => "allowed",
        Outcome::Opaque => "opaque",
        Outcome::Blocked => "blocked",
        Outcome::Unknown => "unknown",
    }
}

/// Writes `{ outcome, cause, parameter, hops: [{ url, method, origin, otherOrigin, preflight: { method, headers, origin },
/// sent }], hiddenHeaders }`.
pub fn text(decision: &Decision) -> String {
    let mut json = String::from("{\"outcome\":");
    json.push_str(&quoted(outcome_name(decision.outcome)));
    json.push_str(",\"cause\":");
    push_text(&mut json, decision.cause.map(|cause| cause.name()));
    json.push_str(",\"parameter\":");
    json.push_str(&quoted(&decision.parameter));
    json.push_str(",\"hops\":[");
    let hops = decision.urls.iter().zip(&decision.methods).zip(&decision.origins).zip(&decision.preflights);
    for (number, (((url, method), origin), preflight)) in hops.enumerate() {
        json.push_str(if number == 0 { "{\"url\":" } else { ",{\"url\":" });
        json.push_str(&quoted(url));
        json.push_str(",\"method\":");
        json.push_str(&quoted(method));
        json.push_str(",\"origin\":");
        json.push_str(&quoted(origin));
        json.push_str(",\"preflight\":");
        match preflight {
            None => json.push_str("null"),
            Some(preflight) => {
                json.push_str("{\"method\":");
                json.push_str(&quoted(&preflight.method));
                json.push_str(",\"headers\":");
                push_text(&mut json, preflight.headers.as_deref());
                json.push_str(",\"origin\":");
                let first = decision.origins.first().unwrap_or(origin);
                json.push_str(&quoted(if decision.engine.rules().taints_preflight { origin } else { first }));
                json.push('}');
            }
        }
        let went = |name: StepName| decision.steps.iter().find(|step| step.hop == number && step.name == name);
        let passed = |name: StepName| went(name).is_some_and(|step| step.result == StepResult::Passed);
        let sent = went(StepName::RequestSent)
            .is_some_and(|step| matches!(step.result, StepResult::Passed | StepResult::NetworkError(_)));
        json.push_str(",\"otherOrigin\":");
        json.push_str(if passed(StepName::OtherOrigin) { "true" } else { "false" });
        json.push_str(",\"sent\":");
        json.push_str(if sent { "true}" } else { "false}" });
    }
    json.push_str("],\"hiddenHeaders\":[");
    for (number, name) in decision.hidden_headers.iter().enumerate() {
        if number > 0 {
            json.push(',');
        }
        json.push_str(&quoted(name));
    }
    json.push_str("]}");
    json
}

fn push_text(json: &mut String, text: Option<&str>) {
    match text {
        Some(text) => json.push_str(&quoted(text)),
        None => json.push_str("null"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cors::{Exchange, Request, decide};

    #[test]
    fn a_decision_is_json() {
        let request = Request {
            method: "put".to_owned(),
            url: "https://api.example/a".to_owned(),
            headers: [("X-Trace", "1")].into_iter().collect(),
            ..Request::default()
        };
        let exchange = Exchange::new("https://app.example", request, None, None);
        assert_eq!(
            text(&decide(&exchange, Engine::Firefox)),
            r#"{"outcome":"unknown","cause":null,"parameter":"","hops":[{"url":"https://api.example/a","method":"PUT","origin":"https://app.example","preflight":{"method":"PUT","headers":"x-trace","origin":"https://app.example"},"otherOrigin":true,"sent":false}],"hiddenHeaders":[]}"#
        );
    }

    #[test]
    fn engines_have_names() {
        for each in Engine::ALL {
            assert_eq!(engine(engine_name(each)), Some(each));
        }
        assert_eq!(engine("gecko"), None);
    }
}
