//! HAR files: what is read of them whole, cut off, cut up and damaged, and what stopped each request.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests too")]

use std::path::PathBuf;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use serde_json::{Value, json};
use tokenscope::finding::Finding;
use tokenscope::har::{self, Analysis, Carrier, Entry, Reader, Recording, WORDS};
use tokenscope::time::Time;

#[path = "support/corpus.rs"]
mod corpus;

const NOW: Time = Time::from_seconds(1_795_183_392);

fn read(bytes: &[u8]) -> Recording {
    let mut reader = Reader::new();
    reader.push(bytes);
    reader.finish()
}

fn analysis(bytes: &[u8]) -> Analysis {
    Analysis::new(read(bytes), NOW)
}

fn as_json(analysis: &Analysis) -> Value {
    serde_json::from_str(&har::json::text(analysis, false, NOW)).unwrap()
}

/// The files of a folder of the vectors; empty where there are none.
fn vectors(folder: &str) -> Vec<PathBuf> {
    let root = std::env::var_os("TOKENSCOPE_VECTORS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors"), PathBuf::from);
    let Ok(files) = std::fs::read_dir(root.join(folder)) else {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{folder} is missing");
        println!("skipped: {folder} is missing");
        return Vec::new();
    };
    let mut files: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// What a recording comes to, in figures alone: the files are other people's.
fn summary(analysis: &Analysis) -> String {
    let recording = &analysis.recording;
    let mut lines = vec![
        format!("recorder: {} {}", recording.recorder, recording.recorder_version),
        format!("entries: {}", recording.shape.entries),
    ];
    let preflights = recording.entries.iter().filter(|entry| entry.is_preflight()).count();
    lines.push(format!("preflights: {preflights}"));
    for finding in &analysis.findings {
        lines.push(format!("finding: {}", finding.code.0));
    }
    for group in &analysis.groups {
        lines.push(format!(
            "cause: {} {} first {}, {} urls",
            group.code.0,
            group.entries.len(),
            group.first + 1,
            group.url_count
        ));
    }
    for token in &analysis.tokens {
        let places: Vec<&str> = token.places.iter().map(|place| place.name()).collect();
        lines.push(format!("token {}: {} in {} entries", token.letter, places.join(", "), token.entries.len()));
    }
    lines.join("\n") + "\n"
}

#[test]
fn every_public_file_gives_its_summary() {
    for path in vectors("har") {
        let bytes = std::fs::read(&path).unwrap();
        let analysis = analysis(&bytes);
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Ok(other) = serde_json::from_str::<Value>(text.trim_start_matches('\u{feff}')) {
            let entries = other["log"]["entries"].as_array().map_or(0, Vec::len);
            assert_eq!(analysis.recording.shape.entries, entries as u64, "{name}");
        }
        let expected = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/corpus/har/expected/{name}.txt"));
        let found = summary(&analysis);
        if std::env::var_os("TOKENSCOPE_UPDATE").is_some() {
            std::fs::write(&expected, &found).unwrap();
        }
        let known = std::fs::read_to_string(&expected).unwrap_or_default();
        assert_eq!(found, known, "{name}: TOKENSCOPE_UPDATE=1 cargo test --test har");
        // Nothing secret is in the JSON: no token, however it was carried.
        let json = har::json::text(&analysis, false, NOW);
        for token in &analysis.recording.tokens {
            assert!(!json.contains(token.as_str()), "{name} shows a token");
        }
        let revealed: Value = serde_json::from_str(&har::json::text(&analysis, true, NOW)).unwrap();
        for (token, shown) in analysis.recording.tokens.iter().zip(revealed["tokens"].as_array().unwrap()) {
            assert_eq!(shown["text"], json!(token));
        }
    }
}

/// A case of the sample, and what Chromium said of it.
#[test]
fn each_case_of_the_sample_has_the_cause_that_chromium_named() {
    let Some(har) = vectors("har").into_iter().find(|path| path.ends_with("dev-sample-devtools156.har")) else {
        return;
    };
    let sample = vectors("cors").into_iter().find(|path| path.ends_with("dev-sample-20.json")).unwrap();
    let sample: Value = serde_json::from_slice(&std::fs::read(sample).unwrap()).unwrap();
    let analysis = as_json(&analysis(&std::fs::read(har).unwrap()));
    let mut compared = 0;
    for case in sample["chromium"]["scenarios"].as_array().unwrap() {
        let url = case["request"]["url"].as_str().unwrap();
        let mut told = case["network"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|event| event["corsErrorStatus"]["corsError"].as_str());
        let expected = told.next_back();
        let exchanges = analysis["exchanges"].as_array().unwrap();
        let of_case: Vec<&Value> = exchanges.iter().filter(|exchange| exchange["url"] == url).collect();
        if of_case.is_empty() {
            continue;
        }
        let causes: Vec<&str> = of_case.iter().filter_map(|exchange| exchange["cause"].as_str()).collect();
        assert_eq!(causes, Vec::from_iter(expected), "{}", case["id"]);
        compared += 1;
    }
    assert_eq!(compared, 18);
}

/// An entry as recorders write it, with what a case is about.
fn entry(
    method: &str,
    url: &str,
    request: &[(&str, &str)],
    status: u16,
    response: &[(&str, &str)],
    more: Value,
) -> Value {
    let headers = |list: &[(&str, &str)]| -> Vec<Value> {
        list.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
    };
    let mut entry = json!({
        "startedDateTime": "2026-11-20T14:00:00.000Z",
        "time": 5,
        "request": {"method": method, "url": url, "headers": headers(request)},
        "response": {"status": status, "headers": headers(response)},
    });
    for (path, value) in more.as_object().unwrap() {
        match path.split_once('.') {
            Some((object, member)) => entry[object][member] = value.clone(),
            None => entry[path] = value.clone(),
        }
    }
    entry
}

fn har(recorder: &str, entries: &[Value]) -> Vec<u8> {
    json!({"log": {"creator": {"name": recorder, "version": "1"}, "entries": entries}}).to_string().into_bytes()
}

const API: &str = "https://api.example/items";
const PAGE: (&str, &str) = ("Origin", "https://app.example");
const CORS: (&str, &str) = ("Sec-Fetch-Mode", "cors");
const LEAVE: (&str, &str) = ("Access-Control-Allow-Origin", "https://app.example");
const METHOD: (&str, &str) = ("Access-Control-Request-Method", "GET");
const NAMES: (&str, &str) = ("Access-Control-Request-Headers", "authorization");

/// What each exchange of a recording comes to: its cause, its neighbour, or its outcome.
fn check(recorder: &str, entries: &[Value], expected: &[&str]) {
    let analysis = as_json(&analysis(&har(recorder, entries)));
    let found: Vec<&str> = analysis["exchanges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|exchange| {
            let told = |name: &str| exchange[name].as_str();
            told("cause").or(told("neighbour")).or(told("outcome")).unwrap()
        })
        .collect();
    assert_eq!(found, expected, "{recorder}: {entries:#?}");
}

#[test]
fn browsers_without_errors_in_their_files_are_read_by_the_headers() {
    let get = |status: u16, response: &[(&str, &str)]| entry("GET", API, &[PAGE, CORS], status, response, json!({}));
    check("Firefox", &[get(200, &[("Date", "today")])], &["MissingAllowOriginHeader"]);
    check("Firefox", &[get(200, &[])], &["unknown"]);
    check("Firefox", &[get(200, &[LEAVE])], &["allowed"]);
    check("Firefox", &[get(200, &[("Access-Control-Allow-Origin", "*")])], &["allowed"]);
    check("Firefox", &[get(0, &[])], &["blocked"]);
    // Confirmed by 304, or from the cache: the headers that count are not here.
    check("Firefox", &[get(304, &[("Date", "today")])], &["allowed"]);
    check("mitmproxy", &[get(200, &[("Access-Control-Allow-Origin", "https://b.example")])], &["AllowOriginMismatch"]);
    // Cookies went along, so the asterisk does not do.
    let cookie =
        |response: &[(&str, &str)]| entry("GET", API, &[PAGE, CORS, ("Cookie", "a=b")], 200, response, json!({}));
    check("Charles Proxy", &[cookie(&[("Access-Control-Allow-Origin", "*")])], &["WildcardOriginNotAllowed"]);
    check("Charles Proxy", &[cookie(&[LEAVE])], &["InvalidAllowCredentials"]);
    // A page that is opened, and an image, need no leave.
    let page = entry("GET", API, &[("Sec-Fetch-Mode", "navigate")], 200, &[], json!({}));
    check("Firefox", &[page], &["allowed"]);
    check("Firefox", &[entry("GET", API, &[], 200, &[], json!({}))], &["allowed"]);
}

#[test]
fn preflights_are_paired_in_any_order() {
    let asked = |status: u16, response: &[(&str, &str)]| {
        entry("OPTIONS", API, &[PAGE, METHOD, NAMES], status, response, json!({}))
    };
    let get = |status: u16, response: &[(&str, &str)]| {
        entry("GET", API, &[PAGE, CORS, ("Authorization", "Bearer x")], status, response, json!({}))
    };
    let leave = [LEAVE, ("Access-Control-Allow-Headers", "authorization")];
    check("Firefox", &[asked(204, &leave), get(200, &[LEAVE])], &["allowed", "allowed"]);
    check("Firefox", &[get(200, &[LEAVE]), asked(204, &leave)], &["allowed", "allowed"]);
    check("Firefox", &[asked(204, &[LEAVE]), get(0, &[])], &["allowed", "HeaderDisallowedByPreflightResponse"]);
    check("Firefox", &[asked(405, &[LEAVE]), get(0, &[])], &["allowed", "PreflightInvalidStatus"]);
    // The same twice, and a preflight whose request is not there.
    let twice = [get(0, &[]), asked(405, &leave), get(0, &[]), asked(405, &leave)];
    check("Firefox", &twice, &["PreflightInvalidStatus", "allowed", "PreflightInvalidStatus", "allowed"]);
    check("Firefox", &[asked(204, &[])], &["PreflightMissingAllowOriginHeader"]);
    // A request that Chromium never sent, although its preflight would do without credentials: so there were some.
    let failed = json!({"response._error": "net::ERR_FAILED"});
    let failed = entry("GET", API, &[("authorization", "Bearer x")], 0, &[], failed);
    check("WebInspector", &[asked(204, &leave), failed.clone()], &["allowed", "PreflightInvalidAllowCredentials"]);
    let leave =
        [LEAVE, ("Access-Control-Allow-Headers", "authorization"), ("Access-Control-Allow-Credentials", "true")];
    check("WebInspector", &[asked(204, &leave), failed], &["allowed", "blocked"]);
}

#[test]
fn errors_that_are_named_are_no_cors() {
    let named = |error: &str| {
        let error = json!({"response._error": error, "_resourceType": "fetch"});
        entry("GET", API, &[("Referer", "https://app.example/")], 0, &[], error)
    };
    check("WebInspector", &[named("net::ERR_NAME_NOT_RESOLVED")], &["dns"]);
    check("WebInspector", &[named("net::ERR_CERT_DATE_INVALID")], &["tls"]);
    check("WebInspector", &[named("net::ERR_BLOCKED_BY_CLIENT")], &["extension"]);
    check("WebInspector", &[named("net::ERR_FAILED")], &["blocked"]);
    check("WebKit Web Inspector", &[named("Could not connect to the server.")], &["unreachable"]);
    check(
        "WebKit Web Inspector",
        &[named("Preflight response is not successful. Status code: 405")],
        &["PreflightInvalidStatus"],
    );
    let local =
        json!({"response._error": "net::ERR_FAILED", "_resourceType": "fetch", "request.url": "http://192.168.0.1/"});
    let local = entry("GET", API, &[("Referer", "https://app.example/")], 0, &[], local);
    check("WebInspector", &[local], &["LocalNetworkAccessPermissionDenied"]);
    let file = json!({"response._error": "net::ERR_FAILED", "_resourceType": "fetch", "request.url": "file:///a"});
    let file = entry("GET", API, &[("Referer", "https://app.example/")], 0, &[], file);
    check("WebInspector", &[file], &["CorsDisabledScheme"]);
    // A script without CORS, and one that waits for its answer.
    let image = json!({"_resourceType": "image", "response._error": null});
    check("WebInspector", &[entry("GET", API, &[("Referer", "https://app.example/")], 200, &[], image)], &["opaque"]);
    let pending = json!({"_resourceType": "fetch", "response._error": null});
    check("WebInspector", &[entry("GET", API, &[PAGE, CORS], 0, &[], pending)], &["unknown"]);
}

#[test]
fn redirects_are_followed_to_the_answer_that_was_refused() {
    let hop = |url: &str, status: u16, response: &[(&str, &str)], error: Value| {
        entry("GET", url, &[PAGE, CORS], status, response, json!({"_resourceType": "fetch", "response._error": error}))
    };
    let other = "https://other.example/items";
    let refused = json!("net::ERR_FAILED");
    let first = hop(API, 302, &[LEAVE, ("Location", other)], Value::Null);
    check(
        "WebInspector",
        &[first.clone(), hop(other, 200, &[], refused.clone())],
        &["allowed", "MissingAllowOriginHeader"],
    );
    check("WebInspector", &[first, hop(other, 200, &[LEAVE], Value::Null)], &["allowed", "allowed"]);
    let without = hop(API, 302, &[("Location", other)], refused.clone());
    check("WebInspector", &[without], &["MissingAllowOriginHeader"]);
    let password = hop(API, 302, &[LEAVE, ("Location", "https://a:b@other.example/")], refused);
    check("WebInspector", &[password], &["RedirectContainsCredentials"]);
    // From the second origin on that is not the page's, the origin is `null`.
    let chain = [
        hop(API, 302, &[LEAVE, ("Location", other)], Value::Null),
        hop(
            other,
            307,
            &[("Access-Control-Allow-Origin", "null"), ("Location", "https://third.example/")],
            Value::Null,
        ),
        hop("https://third.example/", 200, &[LEAVE], json!("net::ERR_FAILED")),
    ];
    check("WebInspector", &chain, &["allowed", "allowed", "AllowOriginMismatch"]);
}

const TOKEN: &str = "eyJhbGciOiJSUzI1NiJ9.eyJleHAiOjE3OTUxODMyMDB9.c2ln";

#[test]
fn tokens_are_found_in_every_place_and_shown_in_none() {
    let url = format!("https://api.example/?code=abc123&access_token={TOKEN}#id_token={TOKEN}");
    let bearer = format!("Bearer {TOKEN}");
    let body = json!({"access_token": TOKEN}).to_string();
    let more = json!({
        "startedDateTime": "2026-11-20T14:10:00.000Z",
        "request.postData": {"mimeType": "application/x-www-form-urlencoded", "text": format!("token={TOKEN}"), "params": []},
        "request.cookies": [{"name": "session", "value": TOKEN}],
        "response.content": {"mimeType": "application/json", "text": body},
        "response.cookies": [{"name": "session", "value": TOKEN}],
        "response.redirectURL": format!("/next?token={TOKEN}"),
        "_webSocketMessages": [{"type": "send", "data": body}],
    });
    let entry = entry("POST", &url, &[("authorization", &bearer), ("X-Token", TOKEN)], 302, &[], more);
    let bytes = har("WebInspector", &[entry]);
    let analysis = analysis(&bytes);
    assert_eq!(analysis.recording.tokens, [TOKEN]);
    let mut places = analysis.tokens[0].places.clone();
    places.sort();
    let all = [
        Carrier::Authorization,
        Carrier::Cookie,
        Carrier::RequestHeader,
        Carrier::Url,
        Carrier::Fragment,
        Carrier::RequestBody,
        Carrier::SetCookie,
        Carrier::ResponseHeader,
        Carrier::ResponseBody,
        Carrier::Message,
    ];
    assert_eq!(places, all);
    let json = as_json(&analysis);
    let token = &json["tokens"][0];
    assert_eq!((token["letter"].as_str(), token["expired"].as_bool()), (Some("A"), Some(true)));
    assert_eq!(token["headline"], "Rejected: expired 10 min ago");
    let text = json.to_string();
    for secret in [TOKEN, "abc123", "eyJ"] {
        assert!(!text.contains(secret), "{text}");
    }
    let codes: Vec<&str> =
        json["causes"].as_array().unwrap().iter().filter_map(|group| group["code"].as_str()).collect();
    assert_eq!(codes, ["har.token-expired", "har.token-in-url"]);
    let problem = json["causes"][0]["problem"].as_str().unwrap();
    assert_eq!(problem, "Token A had expired before it was sent in 1 request");
}

#[test]
fn base64_bodies_are_looked_into() {
    use tokenscope::jose::base64url;
    let body = base64url::encode(format!(r#"{{"id_token":"{TOKEN}"}}"#).as_bytes());
    for (encoding, expected) in [("base64", 1), ("", 0)] {
        let content = json!({"response.content": {"text": body, "encoding": encoding}});
        let recording = read(&har("x", &[entry("GET", API, &[], 200, &[], content)]));
        assert_eq!(recording.tokens.len(), expected, "{encoding}");
    }
}

#[test]
fn a_sanitized_export_is_recognised() {
    let asked = entry("OPTIONS", API, &[PAGE, METHOD, NAMES], 204, &[LEAVE], json!({}));
    let sanitized = |request: &[(&str, &str)]| {
        let get = entry("GET", API, request, 401, &[LEAVE], json!({"response._error": null, "_resourceType": "fetch"}));
        let analysis = analysis(&har("WebInspector", &[asked.clone(), get]));
        // The header that is not there was sent all the same: the preflight belongs to the request.
        assert_eq!(analysis.diagnoses[1].preflight, Some(0));
        analysis.findings.iter().any(|finding| finding.code == har::code::SANITIZED)
    };
    assert!(sanitized(&[PAGE, CORS]));
    assert!(!sanitized(&[PAGE, CORS, ("Authorization", "Bearer x")]));
}

/// What a file of any shape comes to: how many entries, and the findings about it.
fn check_shape(bytes: &[u8], entries: u64, findings: &[&str]) {
    let analysis = analysis(bytes);
    let found: Vec<&str> = analysis.findings.iter().map(|finding| finding.code.0).collect();
    let name = String::from_utf8_lossy(&bytes[..bytes.len().min(80)]).into_owned();
    assert_eq!((analysis.recording.shape.entries, found.as_slice()), (entries, findings), "{name}");
}

#[test]
fn files_of_every_shape_give_what_can_be_read() {
    let one = r#"{"startedDateTime":"2026-11-20T14:00:00Z","request":{"method":"GET","url":"https://a.example/"},"response":{"status":200}}"#;
    let whole = format!(r#"{{"log":{{"entries":[{one},{one}],"creator":{{"name":"x"}}}}}}"#);
    check_shape(whole.as_bytes(), 2, &[]);
    check_shape(format!("\u{feff}{whole}").as_bytes(), 2, &[]);
    check_shape(format!("{whole}\n\n").as_bytes(), 2, &[]);
    check_shape(format!("{whole} trailing junk").as_bytes(), 2, &["har.damaged"]);
    check_shape(&whole.as_bytes()[..whole.len() - 30], 2, &["har.truncated"]);
    check_shape(&whole.as_bytes()[..230], 2, &["har.truncated"]);
    // Without `log`; entries alone; an entry a line.
    check_shape(format!(r#"{{"entries":[{one}]}}"#).as_bytes(), 1, &[]);
    check_shape(format!("[{one},{one}]").as_bytes(), 2, &[]);
    check_shape(format!("{one}\n{one}\n{one}\n").as_bytes(), 3, &[]);
    // No HAR at all.
    check_shape(b"", 0, &["har.not-har"]);
    check_shape(b"[1, 2]", 0, &["har.not-har"]);
    check_shape(br#"{"a": "b"}"#, 0, &["har.not-har"]);
    check_shape(b"<!doctype html><title>Sign in</title>", 0, &["har.not-har"]);
    check_shape(br#"{"log":{"entries":[]}}"#, 0, &["har.empty"]);
    check_shape(&[0x1f, 0x8b, 8, 0, 0], 0, &["har.other-format"]);
    let utf16: Vec<u8> = whole.encode_utf16().flat_map(u16::to_le_bytes).collect();
    check_shape(&utf16, 0, &["har.other-format"]);
    // Damage: missing and superfluous commas, what is left open, no UTF-8, nested too deep.
    check_shape(format!(r#"{{"log":{{"entries":[{one} {one},,{one}]}}}}"#).as_bytes(), 3, &["har.damaged"]);
    check_shape(
        format!(r#"{{"log":{{"entries":[{one},{{"request":{{"url":"x"],"a":1}}}}"#).as_bytes(),
        2,
        &["har.damaged"],
    );
    check_shape(&[whole.as_bytes(), b"\xff\xfe"].concat(), 2, &["har.damaged"]);
    check_shape("[".repeat(1_000_000).as_bytes(), 0, &["har.not-har"]);
    let deep = format!(r#"{{"log":{{"entries":[{one},{{"a":{}"#, "[".repeat(100_000));
    check_shape(deep.as_bytes(), 1, &["har.damaged"]);
}

#[test]
fn wrong_types_are_read_as_they_are_meant() {
    let odd = json!({"log": {"entries": [
        {
            "startedDateTime": 12,
            "time": "5",
            "request": {"method": null, "url": "https://a.example/", "headers": {"Origin": "https://app.example", "X": 1}},
            "response": {"status": "401", "headers": {"WWW-Authenticate": "Bearer"}, "_error": {"code": "E", "message": "m"}},
        },
        {"request": null, "response": []},
        null,
        "entry",
        {},
        {"request": {"url": 7, "headers": [null, 1, {"name": "A"}, {"value": "B"}, ["C"]]}, "response": {"status": 1e99}},
    ]}});
    let recording = read(odd.to_string().as_bytes());
    assert_eq!(recording.entries.len(), 4);
    let first = &recording.entries[0];
    assert_eq!(first.status, Some(401));
    assert_eq!(first.request_headers.combined("origin").as_deref(), Some("https://app.example"));
    assert_eq!(first.headers.combined("www-authenticate").as_deref(), Some("Bearer"));
    assert!(first.error.is_some());
    // A member that is there twice counts as the last one.
    let twice =
        br#"{"log":{"entries":[{"request":{"url":"a","url":"b","headers":[{"name":"X","value":"1"}],"headers":[]}}]}}"#;
    let recording = read(twice);
    assert_eq!(recording.entries[0].url, "b");
    assert!(recording.entries[0].request_headers.0.is_empty());
}

#[test]
fn long_texts_are_kept_in_part_and_told() {
    let long = format!("https://a.example/?a={}", "b".repeat(200_000));
    let analysis = analysis(&har("x", &[entry("GET", &long, &[], 200, &[], json!({}))]));
    assert_eq!(analysis.recording.entries[0].url.len(), har::LONGEST_KEPT);
    assert!(analysis.findings.iter().any(|finding| finding.code == har::code::CUT));
    let many: Vec<(String, String)> = (0..1000).map(|number| (format!("x-{number}"), "v".to_owned())).collect();
    let many: Vec<(&str, &str)> = many.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let recording = read(&har("x", &[entry("GET", API, &many, 500, &many, json!({}))]));
    assert_eq!(recording.entries[0].headers.0.len(), har::MOST_HEADERS);
}

/// How long hostile recordings may take, as in `tests/hostile.rs`.
const LIMIT: Duration = Duration::from_secs(if cfg!(debug_assertions) { 10 } else { 4 });

#[test]
fn hostile_recordings_are_read_in_time() {
    let check = |what: &str, bytes: &[u8]| {
        let begin = Instant::now();
        let _ = har::json::text(&analysis(bytes), false, NOW);
        assert!(begin.elapsed() < LIMIT, "{what}: {:?}", begin.elapsed());
    };
    // All preflights and requests for one URL at one time.
    let one = entry("OPTIONS", API, &[PAGE, METHOD, NAMES], 405, &[], json!({}));
    let other = entry("GET", API, &[], 0, &[], json!({"response._error": "net::ERR_FAILED"}));
    let pair = [one, other];
    check("one URL", &har("WebInspector", &pair.iter().cycle().take(1500).cloned().collect::<Vec<_>>()));
    let circle = entry("GET", API, &[PAGE, CORS], 302, &[LEAVE, ("Location", API)], json!({}));
    check("a circle", &har("WebInspector", &vec![circle; 1500]));
    let hosts = |number: usize| {
        entry("GET", &format!("https://a{number}.example/"), &[PAGE, CORS], 401, &[("A", "b")], json!({}))
    };
    check("many hosts", &har("Firefox", &(0..1500).map(hosts).collect::<Vec<_>>()));
    let body =
        |text: String| har("x", &[entry("GET", API, &[], 200, &[], json!({"response.content": {"text": text}}))]);
    check("nearly tokens", &body("eyJhbGciOiJub25lIn0.".repeat(50_000)));
    check("beginnings", &body("eyJ ".repeat(200_000)));
    check("many tokens", &body((0..20_000).map(|number| format!("{TOKEN}{number} ")).collect()));
    check("escapes", &body("\"\\\u{1}".repeat(200_000)));
    check(
        "a long URL",
        &har("x", &[entry("GET", &format!("https://a.example/?{}", "a=b&".repeat(200_000)), &[], 0, &[], json!({}))]),
    );
}

#[test]
fn every_code_has_its_words_and_every_row_its_code() {
    let mut codes: Vec<&str> = har::code::ALL.iter().map(|code| code.0).collect();
    codes.sort_unstable();
    assert_eq!(WORDS.codes().collect::<Vec<_>>(), codes);
    for code in har::code::ALL {
        let words = WORDS.words(&Finding::error(*code, "/file"), NOW);
        let problem = words.problem.to_string();
        assert!(!problem.is_empty() && !problem.ends_with('.'), "{code:?}");
        for prose in [words.explanation, words.remedy].into_iter().flatten() {
            assert!(prose.to_string().ends_with(['.', '?']), "{code:?}: {prose}");
        }
    }
}

#[test]
fn every_place_in_the_words_has_its_fact() {
    let all = |entries: &[Value]| analysis(&har("WebInspector", entries));
    let failed = |error: &str| {
        let error = json!({"response._error": error, "_resourceType": "fetch"});
        entry("GET", API, &[("Referer", "https://app.example/")], 0, &[], error)
    };
    let mut entries: Vec<Value> =
        ["ERR_NAME_NOT_RESOLVED", "ERR_CERT_X", "ERR_TIMED_OUT", "ERR_ABORTED", "ERR_FAILED", "ERR_UNSAFE_PORT"]
            .map(|error| failed(&["net::", error].concat()))
            .to_vec();
    entries.extend([401, 403, 429, 500].map(|status| entry("GET", API, &[], status, &[], json!({}))));
    let analysis = all(&entries);
    assert_eq!(analysis.groups.len(), 10);
    for group in &analysis.groups {
        let words = WORDS.words(&group.finding(&analysis.recording), NOW);
        for prose in [Some(words.problem), words.explanation, words.remedy].into_iter().flatten() {
            assert!(!prose.to_string().contains('…'), "{:?}: {prose}", group.code);
        }
    }
}

#[test]
fn every_field_is_documented() {
    let document = include_str!("../docs/har.md");
    fn names(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Array(items) => items.iter().for_each(|item| names(item, found)),
            Value::Object(members) => members.iter().for_each(|(name, value)| {
                found.push(name.clone());
                // The facts of a finding are its own.
                if name != "evidence" {
                    names(value, found);
                }
            }),
            _ => {}
        }
    }
    let failed = json!({"response._error": "net::ERR_FAILED"});
    let refused = entry("GET", API, &[PAGE, CORS], 401, &[], failed);
    let analysis = analysis(&[sample(), har("WebInspector", &[refused]), b"{".to_vec()].concat());
    let mut found = Vec::new();
    names(&serde_json::from_str(&har::json::text(&analysis, true, NOW)).unwrap(), &mut found);
    found.sort();
    found.dedup();
    // Of a finding, which `docs/report.md` describes.
    found.retain(|name| name != "subject");
    assert!(found.len() > 60, "{found:?}");
    for name in found {
        assert!(document.contains(&format!("`{name}`")), "{name}");
    }
}

/// A recording with a bit of everything.
fn sample() -> Vec<u8> {
    let bearer = format!("Bearer {TOKEN}");
    let body = json!({"response.content": {"mimeType": "text/html", "text": format!("\u{1f600}<a>\"{TOKEN}\"</a>\n"), "encoding": "no"}});
    let entries = [
        entry("GET", API, &[PAGE, ("authorization", &bearer)], 200, &[LEAVE], body),
        entry("OPTIONS", API, &[PAGE, METHOD, NAMES], 204, &[LEAVE], json!({"response._error": null})),
        entry(
            "GET",
            "https://b.example/é?\u{10348}",
            &[],
            0,
            &[],
            json!({"response._error": "net::ERR_FAILED", "time": 1.5}),
        ),
    ];
    let text = String::from_utf8(har("WebInspector", &entries)).unwrap();
    // Every character beyond ASCII once as it is and once as an escape.
    text.replace('é', "\\u00e9").replace('\u{1f600}', "\\ud83d\\ude00").into_bytes()
}

#[test]
fn a_file_cut_at_any_byte_gives_the_first_of_its_entries() {
    let bytes = sample();
    let whole = read(&bytes);
    for end in 0..bytes.len() {
        let cut = read(&bytes[..end]);
        let entries: &[Entry] = match cut.entries.split_last() {
            Some((last, others)) if last.is_cut => others,
            _ => &cut.entries,
        };
        assert_eq!(entries, &whole.entries[..entries.len()], "cut at {end}");
        assert!(cut.entries.len() <= whole.entries.len());
        let _ = har::json::text(&Analysis::new(cut, NOW), true, NOW);
    }
}

#[test]
fn chunks_of_every_size_give_the_same() {
    let bytes = sample();
    let whole = read(&bytes);
    for size in 1..64 {
        let mut reader = Reader::new();
        bytes.chunks(size).for_each(|chunk| reader.push(chunk));
        assert_eq!(reader.finish(), whole, "chunks of {size}");
    }
}

proptest! {
    #![proptest_config(corpus::config())]

    /// Whatever is changed in a file: nothing panics, and how it is cut up makes no difference.
    #[test]
    fn damaged_files_are_read_alike_however_they_are_cut_up(
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::collection::vec(prop::sample::select(b"\"\\{}[]:,nu1e.\xff\n ".to_vec()), 0..3), 0..3_usize), 0..6),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..8),
    ) {
        let mut bytes = sample();
        for (place, inserted, removed) in changes {
            let at = place.index(bytes.len());
            let end = (at + removed).min(bytes.len());
            bytes.splice(at..end, inserted);
        }
        let whole = read(&bytes);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(bytes.len())).collect();
        cuts.sort_unstable();
        let mut reader = Reader::new();
        let mut begin = 0;
        for cut in cuts {
            reader.push(&bytes[begin..cut]);
            begin = cut;
        }
        reader.push(&bytes[begin..]);
        prop_assert_eq!(&reader.finish(), &whole);
        let text = har::json::text(&Analysis::new(whole, NOW), false, NOW);
        prop_assert!(serde_json::from_str::<Value>(&text).is_ok());
        prop_assert!(!text.contains(TOKEN));
    }

    /// Bytes that were never a file.
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = Analysis::new(read(&bytes), NOW);
    }
}

#[test]
fn an_answer_that_says_no_keeps_what_says_why() {
    let entry = |status: u16, content: &str| {
        format!(
            r#"{{"request":{{"method":"GET","url":"https://api.example/orders","headers":[]}},"response":{{"status":{status},
            "headers":[{{"name":"WWW-Authenticate","value":"Bearer"}}],"content":{content}}}}}"#
        )
    };
    let plain = r#"{"mimeType":"application/json","text":"{\"errorCode\":\"E0000006\",\"x\":\"é\"}"}"#;
    let base64 = r#"{"mimeType":"application/json","text":"eyJlcnJvciI6ImludmFsaWRfZ3JhbnQifQ==","encoding":"base64"}"#;
    let file =
        format!(r#"{{"log":{{"entries":[{},{},{}]}}}}"#, entry(403, plain), entry(400, base64), entry(200, plain));
    let bodies =
        |recording: &Recording| -> Vec<String> { recording.entries.iter().map(|entry| entry.body.clone()).collect() };
    let expected = [r#"{"errorCode":"E0000006","x":"é"}"#, r#"{"error":"invalid_grant"}"#, ""];
    for chunk in [1, 7, file.len()] {
        let mut reader = Reader::new();
        file.as_bytes().chunks(chunk).for_each(|part| {
            reader.push(part);
        });
        assert_eq!(bodies(&reader.finish()), expected, "in chunks of {chunk}");
    }
}
