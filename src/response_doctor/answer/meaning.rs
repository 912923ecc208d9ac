//! What the schemes and parameters of a challenge say, from `src/data/challenge_parameters.json`.

use std::sync::OnceLock;

use super::named::clipped;
use crate::finding::{Code, Fact, Finding};
use crate::jose::base64url;
use crate::json::{self, Value};
use crate::messages::{self, Prose};
use crate::response_doctor::challenge::{Challenge, ChallengeFault};
use crate::response_doctor::explanation::ReadChallenge;
use crate::time::Time;

/// The number of values of a list that are shown.
const MOST: usize = 50;

/// A challenge with what its scheme and each parameter say, in order.
pub fn explained(challenge: &Challenge) -> ReadChallenge {
    let scheme = match challenge.scheme.as_str() {
        "" => filled(words("schemes", "missing"), "", ""),
        scheme => filled(words("schemes", &scheme.to_ascii_lowercase()).or(words("schemes", "unknown")), scheme, ""),
    };
    let parameters = challenge.parameters.iter();
    let parameters = parameters.map(|(name, value)| meaning(name, value, &challenge.scheme)).collect();
    ReadChallenge { challenge: challenge.clone(), scheme, parameters }
}

/// What a parameter of a challenge of that scheme says.
pub fn meaning(name: &str, value: &str, scheme: &str) -> Prose {
    let key = name.to_ascii_lowercase();
    let of_error = (key == "error").then(|| words("errors", value)).flatten();
    let of_scheme = words("parameters", &[&scheme.to_ascii_lowercase(), " ", &key].concat());
    let empty = value.trim().is_empty().then(|| words("empty", &key).or(words("empty", "unknown"))).flatten();
    let template = empty.or(of_error).or(of_scheme).or_else(|| words("parameters", &key));
    filled(template.or_else(|| words("parameters", "unknown")), name, value)
}

/// The claims that a challenge asks for: base64 or base64url of JSON, or the JSON itself. What is neither stays as it is.
pub fn decoded_claims(value: &str) -> String {
    let value = value.trim();
    if value.starts_with('{') {
        return value.to_owned();
    }
    let decoded = if value.contains(['+', '/']) { base64url::decode_standard(value) } else { base64url::decode(value) };
    match String::from_utf8(decoded.bytes) {
        Ok(text) if decoded.faults.len() < 2 && json::read(text.clone().into_bytes()).is_json() => text,
        _ => value.to_owned(),
    }
}

/// Where a challenge departs from the grammar, in a few words.
pub fn fault(fault: ChallengeFault) -> &'static str {
    let key = match fault {
        ChallengeFault::MissingComma => "missing-comma",
        ChallengeFault::Unquoted => "unquoted",
        ChallengeFault::UnescapedQuote => "unescaped-quote",
        ChallengeFault::Unterminated => "unterminated",
        ChallengeFault::StrayComma => "stray-comma",
        ChallengeFault::CurlyQuotes => "curly-quotes",
        ChallengeFault::SingleQuotes => "single-quotes",
        ChallengeFault::MissingScheme => "missing-scheme",
        ChallengeFault::StrayText => "stray-text",
        ChallengeFault::ControlCharacter => "control-character",
    };
    words("faults", key).unwrap_or(key)
}

/// What limits where the limit that the headers tell does not.
pub fn other_limit() -> &'static str {
    words("limits", "other").unwrap_or_default()
}

fn filled(template: Option<&str>, name: &str, value: &str) -> Prose {
    let finding = Finding::info(Code("response.challenge"), CHALLENGE).text("name", name).text("value", clipped(value));
    let list: Vec<String> = value.split_whitespace().take(MOST).map(str::to_owned).collect();
    let mut finding = finding.with("values", Fact::List(list)).text("claims", clipped(&decoded_claims(value)));
    if let Ok(seconds) = value.trim().parse::<u32>() {
        finding = finding.with("duration", Fact::Duration(seconds.into()));
    }
    messages::fill(template.unwrap_or("{value}"), &finding, Time::default())
}

const CHALLENGE: &str = "/answer/headers/www-authenticate";

/// The words of a key in a part of the table.
fn words(part: &str, key: &str) -> Option<&'static str> {
    static TABLE: OnceLock<json::Document> = OnceLock::new();
    let table = TABLE.get_or_init(|| json::read(include_bytes!("../../data/challenge_parameters.json").to_vec()));
    table.member(part)?.member(key).and_then(Value::as_str)
}
