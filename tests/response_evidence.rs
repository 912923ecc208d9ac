//! What the texts of a case are recognised as: a file a case in `tests/corpus/response_evidence`, in parts as those of
//! `tests/corpus/response`. `[token]` stands for the made-up token of [`TOKEN`], and `\u{1b}` for a character by its number.
//! `TOKENSCOPE_UPDATE=1 cargo test --test response_evidence` writes what comes out, for reading.

#![allow(clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use std::path::{Path, PathBuf};

use tokenscope::http::Headers;
use tokenscope::response_doctor::Case;
use tokenscope::response_doctor::evidence::{Body, Evidence, Request, recognise};

#[path = "support/corpus.rs"]
mod corpus;

/// A token without a signature that anything would accept.
const TOKEN: &str =
    "eyJraWQiOiJrMSIsImFsZyI6IlJTMjU2In0.eyJpc3MiOiJodHRwczovL2Rldi0xMjM0Lm9rdGEuY29tIn0.bWFkZS11cC1zaWduYXR1cmU";

struct Parsed {
    name: String,
    path: PathBuf,
    case: Case,
    expected: String,
}

fn cases() -> Vec<Parsed> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/response_evidence");
    let mut files: Vec<PathBuf> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(parsed).collect()
}

fn parsed(path: PathBuf) -> Parsed {
    let text = std::fs::read_to_string(&path).unwrap();
    let name = path.file_name().unwrap().to_string_lossy().into_owned();
    let mut case = Case::default();
    let mut expected = String::new();
    let mut part = &mut String::new();
    let mut is_expected = false;
    for line in text.split_inclusive('\n') {
        match line.trim_end().strip_prefix("--- ") {
            Some("answer") => part = &mut case.answer,
            Some("request") => part = &mut case.request,
            Some("token") => part = &mut case.token,
            Some("registered") => part = &mut case.registered,
            Some("expected") => {
                part = &mut expected;
                is_expected = true;
            }
            Some(other) => panic!("{name}: there is no part {other}"),
            None if is_expected => part.push_str(line),
            None => part.push_str(&unescaped(line).replace("[token]", TOKEN)),
        }
    }
    for part in [&mut case.answer, &mut case.request, &mut case.token, &mut case.registered] {
        *part = part.strip_suffix('\n').unwrap_or(part).to_owned();
    }
    Parsed { name, path, case, expected }
}

fn unescaped(line: &str) -> String {
    let mut unescaped = String::new();
    let mut rest = line;
    while let Some((before, after)) = rest.split_once("\\u{") {
        let (code, behind) = after.split_once('}').unwrap();
        unescaped.push_str(before);
        unescaped.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
        rest = behind;
    }
    unescaped + rest
}

/// What is held of the evidence.
fn outline(evidence: &Evidence) -> String {
    let mut lines = vec![format!("kind: {:?}", evidence.kind)];
    lines.extend(evidence.request.iter().map(request));
    if let Some(status) = evidence.status {
        lines.push(format!("status: {status} {}", evidence.reason));
    }
    if !evidence.headers.0.is_empty() || evidence.has_headers {
        lines.push(format!("headers{}: {}", whole(evidence.has_headers), headers(&evidence.headers)));
    }
    match &evidence.body {
        Body::Unknown => {}
        Body::Empty => lines.push("body: empty".to_owned()),
        Body::Json(document) => {
            let raw = document.root.as_ref().map(|root| document.raw(root)).unwrap_or_default();
            let raw: Vec<&str> = raw.split_whitespace().collect();
            lines.push(format!("body: json{} {}", if document.is_json() { "" } else { " (broken)" }, raw.join(" ")));
        }
        Body::Html { title, text } => lines.push(format!("body: html {title:?} {text:?}")),
        Body::Text(text) => lines.push(format!("body: text {text:?}")),
    }
    lines.extend(evidence.parameters.iter().map(|(name, value)| format!("parameter: {name}={value}")));
    lines.extend(evidence.hops.iter().map(|hop| format!("hop: {} {} -> {}", hop.url, hop.status, hop.location)));
    lines.extend(evidence.curl.iter().map(|code| format!("curl: {code}")));
    if let Some(event) = &evidence.event {
        let published = event.published.map(|time| time.rfc3339()).unwrap_or_default();
        lines.push(format!(
            "event: {} {} {} at {published} in {}",
            event.event_type, event.result, event.reason, event.transaction
        ));
        lines.extend(event.targets.iter().map(|(name, kind)| format!("target: {name} ({kind})")));
        lines.extend(event.debug.iter().map(|(name, value)| format!("debug: {name}={value}")));
    }
    if let Some(token) = &evidence.token {
        let text = if token.text == TOKEN { "[token]" } else { token.text.as_str() };
        let written = token.written.as_ref().map(|written| format!(" written {written:?}")).unwrap_or_default();
        lines.push(format!("token: {} {text}{written}", token.scheme));
    }
    lines.extend(evidence.registered.iter().map(|uri| format!("registered: {uri}")));
    if !evidence.text.is_empty() {
        lines.push(format!("text: {:?}", evidence.text.replace(TOKEN, "[token]")));
    }
    let lines: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    lines.join("\n") + "\n"
}

fn request(request: &Request) -> String {
    let method = if request.method.is_empty() { "?" } else { &request.method };
    let url = if request.url.is_empty() { "?" } else { &request.url };
    let mut line = format!("request: {method} {url}");
    if !request.headers.0.is_empty() || request.has_headers {
        line.push_str(&format!(" headers{}: {}", whole(request.has_headers), headers(&request.headers)));
    }
    if !request.form.is_empty() {
        let form: Vec<String> = request.form.iter().map(|(name, value)| format!("{name}={value}")).collect();
        line.push_str(&format!(" form: {}", form.join("&")));
    }
    line
}

fn whole(whole: bool) -> &'static str {
    if whole { " (whole)" } else { "" }
}

fn headers(headers: &Headers) -> String {
    headers.0.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<String>>().join("; ")
}

#[test]
fn every_case_is_recognised_as_its_file_says() {
    let mut wrong = Vec::new();
    let cases = cases();
    for case in &cases {
        let outline = outline(&recognise(&case.case));
        if std::env::var_os("TOKENSCOPE_UPDATE").is_some() {
            let text = std::fs::read_to_string(&case.path).unwrap();
            let (before, _) = text.split_once("--- expected\n").unwrap_or((&text, ""));
            let before = before.strip_suffix('\n').unwrap_or(before);
            std::fs::write(&case.path, format!("{before}\n--- expected\n{outline}")).unwrap();
        } else if outline != case.expected {
            wrong.push(format!("{}\nexpected:\n{}\nfound:\n{outline}", case.name, case.expected));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
