//! What of a paste may stand in a text that is sent to others.

use crate::cors::explain::{MASK, is_secret_header, masked};
use crate::finding::{Fact, Finding};
use crate::json::{Document, Kind, Value, quoted};
use crate::messages::visible;
use crate::response_doctor::challenge::Challenge;
use crate::response_doctor::evidence::SentToken;
use crate::response_doctor::masking;
use crate::text;

/// A longer text is cut; a server's operators have the whole of it.
const LONGEST: usize = 4000;

/// Tokens shorter than this are no tokens, and would blot out words.
const SHORTEST_TOKEN: usize = 8;

/// By so many characters a token is known.
const LONGEST_BEGINNING: usize = 40;

/// Hides secrets: those that are recognised in a text, and the token that was sent.
#[derive(Clone, Copy)]
pub(super) struct Mask<'a> {
    /// The beginning of the token: looking for the whole of a long one would take time in proportion to both lengths.
    token: &'a str,
}

impl<'a> Mask<'a> {
    /// A mask for this token, and for everything that is secret by itself.
    pub fn new(token: Option<&'a SentToken>) -> Mask<'a> {
        let token = token.map_or("", |token| token.text.trim());
        let end = token.char_indices().nth(LONGEST_BEGINNING).map_or(token.len(), |(at, _)| at);
        Mask { token: if token.len() < SHORTEST_TOKEN { "" } else { token.get(..end).unwrap_or_default() } }
    }

    /// A text of words: without secrets, and without whatever looks like one.
    pub fn text(&self, shown: &str) -> String {
        masked(&self.value(clipped(shown)))
    }

    /// A value that is no secret by what it is, such as the id of a key: without the secrets that it would hold all the same.
    pub fn value(&self, shown: &str) -> String {
        let mut hidden = String::with_capacity(shown.len());
        let mut from = 0;
        for secret in masking::secrets(shown) {
            hidden.push_str(shown.get(from..secret.span.start).unwrap_or_default());
            hidden.push_str(MASK);
            from = secret.span.end;
        }
        hidden.push_str(shown.get(from..).unwrap_or_default());
        // A JWT wherever it stands, be it cut off: no other text begins like this.
        let hidden = without(&hidden, "eyJ");
        without(&without_told(&hidden), self.token)
    }

    /// A finding whose facts hold no secret.
    pub fn finding(&self, finding: &Finding) -> Finding {
        let mut masked = finding.clone();
        for (name, fact) in &mut masked.evidence {
            match fact {
                // A server's own words may hold whatever was sent to it.
                Fact::Text(text) if *name == "text" => *text = self.text(text),
                Fact::Text(text) => *text = self.value(text),
                Fact::List(items) => items.iter_mut().for_each(|item| *item = self.value(item)),
                _ => {}
            }
        }
        masked
    }

    /// Such a value, cut where nobody reads on.
    pub fn short(&self, shown: &str) -> String {
        self.value(clipped(shown))
    }

    /// An address, or a path alone, without its query; people in its path are hidden, ids stay.
    pub fn address(&self, url: &str) -> String {
        let url = clipped(url);
        let end = url.find(['?', '#']).unwrap_or(url.len());
        // As a whole first: what is no address may hold a secret anywhere.
        let path = visible(&self.text(url.get(..end).unwrap_or_default()));
        let mut before = "";
        let shown = |part: &'_ str| {
            let is_person = part.contains('@') || text::contains(&part.to_ascii_lowercase(), "%40");
            let is_hidden = is_person || is_secret_segment(before, part);
            before = PLACES.iter().find(|place| place.eq_ignore_ascii_case(part)).copied().unwrap_or_default();
            if is_hidden { MASK.to_owned() } else { part.to_owned() }
        };
        // What stands behind a semicolon in a segment belongs to a session, as in `;jsessionid=…`.
        let segments = path.split('/').map(|part| part.split(';').next().unwrap_or_default());
        segments.map(shown).collect::<Vec<_>>().join("/")
    }

    /// A header line.
    pub fn header(&self, name: &str, value: &str) -> String {
        let value = match () {
            () if is_secret_header(name) => MASK.to_owned(),
            () if name.eq_ignore_ascii_case("location") => self.address(value),
            // The word behind the scheme is a parameter here, and no credential.
            () if name.to_ascii_lowercase().ends_with("authenticate") => {
                let (scheme, parameters) = value.split_once(' ').unwrap_or((value, ""));
                // Without parameters it is what `Negotiate` and its like exchange.
                let is_exchange = parameters.len() >= SHORTEST_TOLD && !parameters.contains(['"', ' ', ',']);
                let parameters = if is_exchange { MASK.to_owned() } else { self.text(parameters) };
                visible(&[&self.text(scheme), " ", &parameters].concat())
            }
            () => visible(&self.text(value)),
        };
        [&visible(&self.text(name)), ": ", &value].concat()
    }

    /// A challenge whose parameters hold no secret.
    pub fn challenge(&self, challenge: &Challenge) -> Challenge {
        let mut masked = challenge.clone();
        masked.parameters.iter_mut().for_each(|(_, value)| *value = self.value(value));
        masked
    }

    /// A JSON text, member by member.
    pub fn json(&self, document: &Document) -> String {
        let mut json = String::new();
        if let Some(root) = &document.root {
            self.push(document, root, &mut json, 0);
        }
        json
    }

    fn push(&self, document: &Document, value: &Value, json: &mut String, depth: usize) {
        if json.len() > LONGEST || depth > DEEPEST {
            json.push_str(&quoted(MASK));
            return;
        }
        match &value.kind {
            Kind::Object(members) => {
                json.push('{');
                let is_key = value.member("kty").is_some();
                let names = ["name", "key", "header"].into_iter().find_map(|name| value.member(name)?.as_str());
                let is_pair = names.is_some_and(is_secret_name);
                for (number, member) in members.iter().enumerate().take(MOST_ITEMS) {
                    json.push_str(if number > 0 { ", " } else { "" });
                    json.push_str(&quoted(&self.text(&member.name)));
                    json.push_str(": ");
                    let is_private = is_key && ["p", "q", "dp", "dq", "qi", "k"].contains(&member.name.as_str());
                    if is_private || is_secret_member(&member.name) || (is_pair && member.name == "value") {
                        json.push_str(&quoted(MASK));
                    } else {
                        self.push(document, &member.value, json, depth + 1);
                    }
                }
                json.push('}');
            }
            Kind::Array(items) => {
                json.push('[');
                let is_pair = items.len() == 2 && items.first().and_then(Value::as_str).is_some_and(is_secret_name);
                for (number, item) in items.iter().enumerate().take(MOST_ITEMS) {
                    json.push_str(if number > 0 { ", " } else { "" });
                    if is_pair && number == 1 {
                        json.push_str(&quoted(MASK));
                    } else {
                        self.push(document, item, json, depth + 1);
                    }
                }
                json.push(']');
            }
            Kind::String(text) => json.push_str(&quoted(&visible(&self.text(text)))),
            // A number may be a code that was sent to a telephone; its member says so, and is masked above.
            Kind::Number | Kind::Bool(_) | Kind::Null => json.push_str(&document.raw(value)),
        }
    }
}

/// The text without whatever begins like this and goes on like a token.
fn without(shown: &str, beginning: &str) -> String {
    let mut hidden = String::with_capacity(shown.len());
    let mut rest = shown;
    while let Some((before, behind)) = text::split_once(rest, beginning) {
        hidden.push_str(before);
        hidden.push_str(MASK);
        let is_of_token = |character: char| character.is_ascii_alphanumeric() || "-_.~+/=".contains(character);
        rest = behind.trim_start_matches(is_of_token);
    }
    hidden.push_str(rest);
    hidden
}

/// A word behind "token" or "code" that is shorter is a word.
const SHORTEST_TOLD: usize = 16;

/// The text without the values that a sentence names: "The code 'x' is invalid", "Unknown refresh token x".
fn without_told(shown: &str) -> String {
    const NOUNS: [&str; 6] = ["token", "code", "passcode", "password", "secret", "assertion"];
    let mut hidden = String::with_capacity(shown.len());
    let mut is_named = false;
    for part in shown.split_inclusive(char::is_whitespace) {
        let is_mark = |character: char| !character.is_alphanumeric();
        let word = part.trim_matches(is_mark);
        let has = |kind: fn(&u8) -> bool| word.as_bytes().iter().any(kind);
        let is_long = word.len() >= SHORTEST_TOLD && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic);
        let is_address = text::contains(word, "//") || word.contains(['"', '=']);
        if is_named && is_long && !is_address {
            let start = part.len() - part.trim_start_matches(is_mark).len();
            hidden.push_str(part.get(..start).unwrap_or_default());
            hidden.push_str(MASK);
            hidden.push_str(part.get(start + word.len()..).unwrap_or_default());
        } else {
            hidden.push_str(part);
        }
        is_named = NOUNS.iter().any(|noun| noun.eq_ignore_ascii_case(word))
            || (is_named && ["is", "was", "value", ""].contains(&word));
    }
    hidden
}

/// Segments of a path behind which a one-time token stands, as in the links of messages.
const PLACES: [&str; 8] =
    ["token", "reset", "reset-password", "password-reset", "activate", "verify", "welcome", "magic-link"];

/// Whether a segment of a path is a one-time token, by the segment before it.
fn is_secret_segment(before: &str, part: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| part.as_bytes().iter().any(kind);
    let is_place = PLACES.iter().any(|place| place.eq_ignore_ascii_case(before));
    is_place && part.len() >= SHORTEST_TOLD && has(u8::is_ascii_digit) && has(u8::is_ascii_alphabetic)
}

/// Whether a path has such a token.
pub(super) fn has_secret_segment(path: &str) -> bool {
    let mut before = "";
    path.split('/').any(|part| is_secret_segment(std::mem::replace(&mut before, part), part))
}

/// Whether a header or a member is secret by its name.
fn is_secret_name(name: &str) -> bool {
    is_secret_header(name) || is_secret_member(name)
}

/// Deeper and longer than any error body.
const DEEPEST: usize = 32;
const MOST_ITEMS: usize = 100;

fn clipped(shown: &str) -> &str {
    match shown.char_indices().nth(LONGEST) {
        Some((at, _)) => shown.get(..at).unwrap_or_default(),
        None => shown,
    }
}

/// Whether a member is secret by its name: letters alone count, so that `accessToken` is `access_token`.
fn is_secret_member(name: &str) -> bool {
    const WORDS: [&str; 16] = [
        "accesstoken",
        "apikey",
        "assertion",
        "authorization",
        "clientsecret",
        "cookie",
        "devicecode",
        "idtoken",
        "jwt",
        "passcode",
        "password",
        "privatekey",
        "refreshtoken",
        "secret",
        "sessiontoken",
        "statetoken",
    ];
    let letters = name.chars().filter(char::is_ascii_alphanumeric);
    let plain: String = letters.map(|letter| letter.to_ascii_lowercase()).collect();
    // `code` is not among them: in the body of an answer it is the code of the error.
    matches!(
        plain.as_str(),
        "token"
            | "usercode"
            | "otp"
            | "pin"
            | "key"
            | "login"
            | "email"
            | "d"
            | "auth"
            | "authcode"
            | "bearer"
            | "credentials"
            | "csrf"
            | "session"
            | "signature"
    ) || WORDS.iter().any(|word| text::contains(&plain, word))
        || plain.ends_with("token")
        || masking::is_secret_name(name)
}
