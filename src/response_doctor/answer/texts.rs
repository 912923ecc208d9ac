//! What an answer says in words: messages of its body, descriptions, the text of its page, and what was pasted as text.

use super::OauthError;
use crate::json::{Kind, Value};
use crate::response_doctor::Evidence;
use crate::response_doctor::evidence::Body;
use crate::text;

/// Of a longer text the beginning is searched: no wording of an error stands behind it.
const LONGEST: usize = 200_000;

/// The number of texts that are taken out of a body.
const MOST: usize = 200;

/// The number of values of a body that are looked at.
const VALUES: usize = 5_000;

/// Members whose strings are words about what went wrong, in small letters.
const MEMBERS: [&str; 29] = [
    "cause",
    "causes",
    "code",
    "description",
    "detail",
    "details",
    "developermessage",
    "error",
    "error_description",
    "error_message",
    "errorcauses",
    "errordescription",
    "errormessage",
    "errors",
    "errorsummary",
    "exception",
    "exp",
    "fault",
    "faultstring",
    "hint",
    "innererror",
    "message",
    "msg",
    "nbf",
    "reason",
    "response",
    "status",
    "title",
    "type",
];

/// A text, and how it is compared.
#[derive(Default)]
pub struct Text {
    /// [`folded`].
    pub folded: String,
    /// As it was written.
    pub original: String,
}

/// What an answer says in words.
#[derive(Default)]
pub struct Texts {
    /// What the server says: descriptions and messages.
    pub said: Vec<Text>,
    /// The body as JSON without white space, and headers that tell something: some wordings are known with the quotes
    /// or the name around them.
    pub written: Vec<Text>,
    /// The title and the text of an HTML page.
    pub page: Text,
    /// What was pasted as free text.
    pub free: Text,
}

impl Text {
    fn new(text: &str) -> Text {
        Text { folded: folded(text), original: text.trim().to_owned() }
    }
}

impl Texts {
    /// All of them that are not empty.
    pub fn all(&self) -> impl Iterator<Item = &Text> {
        let texts = self.said.iter().chain(&self.written).chain([&self.page, &self.free]);
        texts.filter(|text| !text.folded.is_empty())
    }
}

/// What is said with a status and says no more than it.
const BARE: [&str; 16] = [
    "access denied",
    "access is denied",
    "an error occurred",
    "authentication required",
    "authorization required",
    "bad gateway",
    "bad request",
    "gateway timeout",
    "internal server error",
    "invalid request",
    "method not allowed",
    "not authenticated",
    "not authorized",
    "not found",
    "service unavailable",
    "too many requests",
];

impl Texts {
    /// The sentence in which the server says why, be it one that nobody else says: the longest one that says more than the
    /// status.
    pub fn own_words(&self) -> Option<&str> {
        let mut best: Option<&Text> = None;
        for text in &self.said {
            let plain = text.folded.trim_matches(|character: char| !character.is_alphanumeric());
            let is_sentence = plain.contains(' ') && !BARE.contains(&plain);
            if is_sentence && best.is_none_or(|best| text.folded.len() > best.folded.len()) {
                best = Some(text);
            }
        }
        best.map(|text| text.original.as_str())
    }
}

/// The texts of an answer.
pub fn texts(evidence: &Evidence, descriptions: &[&str], oauth: Option<&OauthError>) -> Texts {
    let mut texts = Texts { free: Text::new(&evidence.text), ..Texts::default() };
    let mut add = |text: &str| {
        let text = Text::new(text);
        let known = texts.said.iter().any(|known| known.folded == text.folded);
        if !text.folded.is_empty() && texts.said.len() < MOST && !known {
            texts.said.push(text);
        }
    };
    if let Some(oauth) = oauth {
        add(&oauth.description);
        add(&oauth.error);
    }
    for text in descriptions {
        add(text);
    }
    match &evidence.body {
        Body::Json(document) => {
            for text in document.root.iter().flat_map(messages) {
                add(text);
            }
            let written = document.bytes.get(..LONGEST).unwrap_or(&document.bytes);
            texts.written.push(Text::new(&without_space(&String::from_utf8_lossy(written))));
        }
        Body::Html { title, text } => {
            texts.page = Text { folded: folded(&page(title, text)), original: title.clone() };
        }
        Body::Text(text) => add(text),
        Body::Unknown | Body::Empty => {}
    }
    for (name, value) in &evidence.headers.0 {
        if HEADERS.iter().any(|known| name.eq_ignore_ascii_case(known)) && texts.written.len() < MOST {
            texts.written.push(Text::new(&[name, ": ", value].concat()));
        }
    }
    texts
}

/// Headers whose values are words.
const HEADERS: [&str; 6] =
    ["server", "www-authenticate", "x-amzn-remapped-www-authenticate", "x-amzn-errortype", "cf-mitigated", "x-cache"];

/// JSON without the white space between its parts.
fn without_space(json: &str) -> String {
    let mut compact = String::with_capacity(json.len());
    let (mut in_string, mut escaped) = (false, false);
    for character in json.chars() {
        if !in_string && character.is_ascii_whitespace() {
            continue;
        }
        if character == '"' && !escaped {
            in_string = !in_string;
        }
        escaped = in_string && character == '\\' && !escaped;
        compact.push(character);
    }
    compact
}

/// Title and text of a page, the title with its markup and with that around the heading of NGINX, which repeats it.
fn page(title: &str, text: &str) -> String {
    let is_nginx = ["nginx", "openresty"].iter().any(|name| text::contains(text, name));
    let (before, after) = if is_nginx { ("<center><h1>", "</h1></center>") } else { ("", "") };
    ["<title>", title, "</title>\n", before, title, after, "\n", text].concat()
}

/// The strings of a JSON body that are words about what went wrong. A body that is a string alone is one too.
fn messages(root: &Value) -> Vec<&str> {
    let mut found = Vec::new();
    let mut waiting = vec![root];
    let mut looked_at = 0;
    // In the order of their depth: what stands further out says more.
    while let Some(value) = waiting.get(looked_at).copied() {
        looked_at += 1;
        if looked_at > VALUES || found.len() >= MOST {
            break;
        }
        match &value.kind {
            Kind::String(text) => found.push(text.as_str()),
            Kind::Array(items) => waiting.extend(items.iter().take(MOST)),
            Kind::Object(members) => {
                let of_use = members.iter().take(MOST).filter(|member| {
                    let is_word = MEMBERS.iter().any(|name| member.name.eq_ignore_ascii_case(name));
                    is_word || matches!(member.value.kind, Kind::Object(_) | Kind::Array(_))
                });
                waiting.extend(of_use.map(|member| &member.value));
            }
            _ => {}
        }
    }
    found
}

/// A text in the form in which wordings are compared: ASCII in small letters, quotes of ASCII, and single spaces.
pub fn folded(text: &str) -> String {
    let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at < LONGEST).last().unwrap_or_default();
    let mut folded = String::with_capacity(text.len().min(LONGEST));
    for (at, character) in text.char_indices() {
        if at > end {
            break;
        }
        match character {
            '’' | '‘' => folded.push('\''),
            '“' | '”' => folded.push('"'),
            _ if character.is_whitespace() => {
                if !folded.is_empty() && !folded.ends_with(' ') {
                    folded.push(' ');
                }
            }
            _ => folded.push(character.to_ascii_lowercase()),
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}
