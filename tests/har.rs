//! HAR files: what is read of them whole, cut off, cut up and damaged, and what stopped each request.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests too")]

use std::path::PathBuf;

use proptest::prelude::*;
use serde_json::{Value, json};
use tokenscope::finding::Finding;
use tokenscope::har::{self, Analysis, Carrier, Entry, Reader, Recording, WORDS};
use tokenscope::time::Time;

#[path = "support/corpus.rs"]
#[allow(dead_code, reason = "a part of it is used")]
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
        let told = case["network"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|event| event["corsErrorStatus"]["corsError"].as_str());
        let expected = told.last();
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
