//! What the texts of a case are recognised as: a file a case in `tests/corpus/response_evidence`, in parts as those of
//! `tests/corpus/response`. `[token]` stands for the made-up token of [`TOKEN`], and `\u{1b}` for a character by its number.
//! `TOKENSCOPE_UPDATE=1 cargo test --test response_evidence` writes what comes out, for reading.

#![allow(clippy::panic, clippy::unwrap_used, reason = "the helpers of tests are tests too")]

use std::path::{Path, PathBuf};
use std::time::Instant;

use proptest::prelude::*;
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

/// How lines end, and what stands around the text, makes no difference to what it says.
#[test]
fn the_way_of_pasting_changes_nothing() {
    for case in cases() {
        let plain = outline(&recognise(&case.case));
        let with = |change: fn(&str) -> String| {
            let answer = change(&case.case.answer);
            outline(&recognise(&Case { answer, ..case.case.clone() }))
        };
        assert_eq!(with(|text| text.replace('\n', "\r\n")), plain, "{}", case.name);
        assert_eq!(with(|text| format!("\u{feff}{text}")), plain, "{}", case.name);
        assert_eq!(with(|text| format!("\n\n{text}\n\n")), plain, "{}", case.name);
        assert_eq!(with(|text| format!("```\n{text}\n```\n")), plain, "{}", case.name);
        // Where every line is quoted, none of them is a line of `curl -v` that was sent.
        let quote = |text: &str| text.lines().map(|line| format!("> {line}\n")).collect();
        assert_eq!(with(quote), plain, "{}", case.name);
    }
}

/// No secret of the corpus is left in what goes on from here but the token, which is what is asked about, and the body.
#[test]
fn secrets_do_not_go_on() {
    let mut with_secrets = 0;
    for case in cases() {
        let mut evidence = recognise(&case.case);
        evidence.token = None;
        evidence.body = Body::Unknown;
        let shown = format!("{evidence:?}");
        let pasted = [case.case.answer.as_str(), &case.case.request].concat();
        for secret in
            [TOKEN, "made-up-secret", "made-up-code", "made-up-refresh", "made-up-key", "sid=made", "MG9hMTptYWRlLXVw"]
        {
            with_secrets += usize::from(pasted.contains(secret));
            assert!(!shown.contains(secret), "{}: {secret} in {shown}", case.name);
        }
    }
    assert!(with_secrets > 20, "{with_secrets}");
}

/// A text that ends anywhere gives what could be read.
#[test]
fn every_beginning_of_a_text_is_read() {
    for case in cases() {
        for at in (0..case.case.answer.len()).filter(|at| case.case.answer.is_char_boundary(*at)).step_by(3) {
            let answer = case.case.answer[..at].to_owned();
            let _ = recognise(&Case { answer, ..Case::default() });
        }
    }
}

/// Pieces that begin every form, and break it.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("HTTP/1.1 403 Forbidden\n".to_owned()),
        Just("> POST /token HTTP/1.1\n> Authorization: Bearer ".to_owned()),
        Just("< HTTP/2 401\n< www-authenticate: Bearer\n<\n".to_owned()),
        Just("curl -u a:b 'https://a.example' -d \"".to_owned()),
        Just("fetch(\"https://a.example\", {".to_owned()),
        Just("Invoke-WebRequest -Uri \"".to_owned()),
        Just("StatusCode : 403\nContent : {".to_owned()),
        Just("{\"errorCode\":\"E0000006\"".to_owned()),
        Just("\"{\\\"error\\\":".to_owned()),
        Just("{ error: 'it".to_owned()),
        Just("{\"log\":{\"entries\":[{\"request\":{\"url\":\"a\"},\"response\":".to_owned()),
        Just("[{\"eventType\":\"a.b\",\"outcome\":{".to_owned()),
        Just("eventType,outcome.result,c\n".to_owned()),
        Just("<html><title>".to_owned()),
        Just("<script>".to_owned()),
        Just("&#x1F600;&amp".to_owned()),
        Just("https://a.example/?error=x&error_description=%C3%A9%".to_owned()),
        Just("SAMLResponse=PD94".to_owned()),
        Just("curl: (6) ".to_owned()),
        Just("status code 403".to_owned()),
        Just("www-authenticate: Bearer realm=\"".to_owned()),
        Just("Response Headers\n".to_owned()),
        Just("Bearer Bearer ".to_owned()),
        Just(TOKEN.to_owned()),
        Just("}".to_owned()),
        Just("\n".to_owned()),
        "[\\[{}\\]\"':,<>&%=\\\\ \n\t\u{1b}\u{a0}é…-]{0,6}",
        "\\PC{0,8}",
    ]
}

proptest! {
    #![proptest_config(corpus::config())]

    /// No text makes recognition panic, in whatever field it stands.
    #[test]
    fn any_text_is_recognised(parts in proptest::collection::vec(piece(), 0..12), other in proptest::collection::vec(piece(), 0..6)) {
        let (one, two) = (parts.concat(), other.concat());
        let case = Case { answer: one.clone(), request: two.clone(), token: two.clone(), registered: one.clone() };
        let _ = recognise(&case);
        let case = Case { answer: two.clone(), request: one.clone(), token: one, registered: two };
        let _ = recognise(&case);
    }

    /// Nor does a text of the corpus in which something was changed.
    #[test]
    fn changed_texts_are_recognised(number in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), length in 0_usize..20, put in piece()) {
        let texts = TEXTS.get_or_init(|| cases().into_iter().map(|case| case.case).collect());
        let mut case = number.get(texts).clone();
        for text in [&mut case.answer, &mut case.request, &mut case.token] {
            let characters: Vec<char> = text.chars().collect();
            let at = at.index(characters.len() + 1);
            let end = (at + length).min(characters.len());
            *text = characters[..at].iter().collect::<String>() + &put + &characters[end..].iter().collect::<String>();
        }
        let _ = recognise(&case);
    }
}

/// The corpus, read once.
static TEXTS: std::sync::OnceLock<Vec<Case>> = std::sync::OnceLock::new();

/// Long texts that are made to be slow are not: of 2 MB where each byte begins something, of 128 KB in every field.
#[test]
fn hostile_texts_take_time_in_proportion() {
    let long = [
        "{",
        "{\"a\":",
        "<",
        "curl:",
        "%",
        "&error=x",
        "eventType: a.b\n",
        "Content : {\n",
        "HTTP/1.1 401\na: b\n\n",
        "w",
        "Authorization: ",
    ];
    let mut slowest = Vec::new();
    let mut measure = |case: &Case, part: &'static str| {
        let bytes = case.answer.len() + case.request.len() + case.token.len();
        let started = Instant::now();
        let _ = recognise(case);
        let elapsed = started.elapsed();
        // What is quadratic takes minutes, also where nothing else runs beside it.
        assert!(elapsed.as_secs() < 60, "{elapsed:?} {bytes} bytes of {part:?}");
        slowest.push((elapsed, part, bytes));
    };
    for part in long {
        measure(&Case { answer: part.repeat((1 << 21) / part.len()), ..Case::default() }, part);
    }
    for part in [
        "{",
        "[",
        "{\"a\":",
        "{\"error\":\"",
        "{'",
        "{\"a\":{}}",
        "{\"message\":\"{\"}",
        "\"{",
        "{\\\"",
        "<",
        "<a ",
        "<!--",
        "<html>",
        "<script>",
        "<a b=\"",
        "&",
        "&#",
        "curl:",
        "curl: (",
        "curl https://a.example\n",
        "curl 'a\\\n",
        "fetch(\"https://a.example\",{",
        "%",
        "%2",
        "error=",
        "?error=",
        "https://a.example/?error=a ",
        "&error=x",
        "HTTP/1.1 200 OK\n",
        "HTTP/1.1 401\na: b\n\n",
        "> GET / HTTP/1.1\n",
        "< HTTP/1.1 302\n< location: /?error=a\n<\n",
        "date: a\n",
        "www-authenticate: ",
        "www-authenticate: Bearer\n",
        "Bearer ",
        "w",
        "a",
        "403 ",
        "status ",
        "SAML",
        "SAMLResponse=A",
        "StatusCode ",
        "eventType",
        "eventType,a,b\n",
        "eventType: a.b\n",
        "StatusCode : 4\n",
        "Content : {\n",
        "> ",
        "> >\n",
        "```\n",
        "\u{1b}[",
        "\u{a0}",
        "\n",
        "2026-11-20T13:41:07 a\n",
        "Authorization: ",
        "Authorization: Bearer ",
        "authorization",
        "access_token=",
        "eyJ",
        "eyJhbGciOiJub25lIn0.e30.a ",
        "GET /a ",
        "Invoke-WebRequest -Uri ",
        "Response Headers\n",
        "\\n",
        "\"",
        "'",
        "`",
    ] {
        let length = 1 << 17;
        let text = part.repeat(length / part.len());
        for case in [
            Case { answer: text.clone(), ..Case::default() },
            Case { request: text.clone(), ..Case::default() },
            Case { token: text.clone(), ..Case::default() },
        ] {
            measure(&case, part);
        }
    }
    slowest.sort();
    for (elapsed, part, bytes) in slowest.iter().rev().take(12) {
        println!("{elapsed:?} {bytes} bytes {part:?}");
    }
}
