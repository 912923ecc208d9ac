//! The JSON reader against others: every file of the JSON Parsing Test Suite, and `serde_json` over random texts.
//!
//! The suite is Nicolas Seriot's ([MIT](https://github.com/nst/JSONTestSuite)). Of the texts whose fate RFC 8259 leaves
//! to the reader, [`FREE`] says what becomes of them here.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests are tests too")]

use std::path::PathBuf;
use std::process::Command;

use proptest::prelude::*;
use proptest::test_runner::Config;
use tokenscope::json::{self, Document, FaultKind, Kind, MAX_DEPTH, Value};

#[path = "support/corpus.rs"]
mod corpus;

/// What becomes of the texts that a reader may take or refuse ("i_" in the suite). Numbers are never too large, because
/// their text is kept. Half a surrogate pair is taken, and told; what is not UTF-8 is refused, and so is a byte order
/// mark.
const FREE: [(&str, bool); 35] = [
    ("number_double_huge_neg_exp", true),
    ("number_huge_exp", true),
    ("number_neg_int_huge_exp", true),
    ("number_pos_double_huge_exp", true),
    ("number_real_neg_overflow", true),
    ("number_real_pos_overflow", true),
    ("number_real_underflow", true),
    ("number_too_big_neg_int", true),
    ("number_too_big_pos_int", true),
    ("number_very_big_negative_int", true),
    ("object_key_lone_2nd_surrogate", true),
    ("string_1st_surrogate_but_2nd_missing", true),
    ("string_1st_valid_surrogate_2nd_invalid", true),
    ("string_UTF-16LE_with_BOM", false),
    ("string_UTF-8_invalid_sequence", false),
    ("string_UTF8_surrogate_U+D800", false),
    ("string_incomplete_surrogate_and_escape_valid", true),
    ("string_incomplete_surrogate_pair", true),
    ("string_incomplete_surrogates_escape_valid", true),
    ("string_invalid_lonely_surrogate", true),
    ("string_invalid_surrogate", true),
    ("string_invalid_utf-8", false),
    ("string_inverted_surrogates_U+1D11E", true),
    ("string_iso_latin_1", false),
    ("string_lone_second_surrogate", true),
    ("string_lone_utf8_continuation_byte", false),
    ("string_not_in_unicode_range", false),
    ("string_overlong_sequence_2_bytes", false),
    ("string_overlong_sequence_6_bytes", false),
    ("string_overlong_sequence_6_bytes_null", false),
    ("string_truncated-utf-8", false),
    ("string_utf16BE_no_BOM", false),
    ("string_utf16LE_no_BOM", false),
    ("structure_500_nested_arrays", true),
    ("structure_UTF-8_BOM_empty_object", false),
];

fn check(name: &str, bytes: &[u8]) {
    let document = json::read(bytes.to_vec());
    let expected = match name.split_once('_') {
        Some(("y", _)) => true,
        Some(("n", _)) => false,
        Some(("i", rest)) => {
            FREE.iter().find(|(known, _)| known == &rest).unwrap_or_else(|| panic!("{name} has no row")).1
        }
        _ => panic!("{name} says nothing"),
    };
    assert_eq!(document.is_json(), expected, "{name}: {:?}", document.faults);
    spans_are_in_range(&document).unwrap();
    if document.is_json() && document.faults.is_empty() {
        compare(&document).unwrap();
    }
}

#[test]
fn the_json_parsing_test_suite_is_read_as_it_says() {
    let folder = std::env::var_os("TOKENSCOPE_VECTORS")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors"), PathBuf::from);
    let archive = folder.join("jsontestsuite/JSONTestSuite-data.tar.gz");
    if !archive.exists() {
        assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing", archive.display());
        println!("skipped: {} is missing", archive.display());
        return;
    }
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("jsontestsuite");
    std::fs::create_dir_all(&target).unwrap();
    let unpacked = Command::new("tar").arg("-xzf").arg(&archive).arg("-C").arg(&target).status().unwrap();
    assert!(unpacked.success());
    let mut count = 0;
    for entry in std::fs::read_dir(target.join("JSONTestSuite/test_parsing")).unwrap() {
        let path = entry.unwrap().path();
        check(path.file_stem().unwrap().to_str().unwrap(), &std::fs::read(&path).unwrap());
        count += 1;
    }
    assert!(count > 300, "only {count} files");
}

/// Holds a document without faults against what `serde_json` reads. It gives up at 128 levels, and refuses half a
/// surrogate pair; both are known, and no disagreement.
fn compare(document: &Document) -> Result<(), TestCaseError> {
    let other: Result<serde_json::Value, _> = serde_json::from_slice(&document.bytes);
    let told = |kind: fn(&FaultKind) -> bool| document.faults.iter().any(|fault| kind(&fault.kind));
    match other {
        Ok(other) => {
            prop_assert!(document.is_json(), "refused: {:?}", document.faults);
            prop_assert!(same(document, document.root.as_ref().unwrap(), &other), "{other}");
        }
        Err(error) if document.is_json() => {
            let known = error.to_string().contains("recursion limit") || told(|kind| *kind == FaultKind::LoneSurrogate);
            prop_assert!(known, "taken, in spite of {error}");
        }
        Err(_) => {}
    }
    Ok(())
}

fn same(document: &Document, value: &Value, other: &serde_json::Value) -> bool {
    match (&value.kind, other) {
        (Kind::Null, serde_json::Value::Null) => true,
        (Kind::Bool(one), serde_json::Value::Bool(other)) => one == other,
        (Kind::Number, serde_json::Value::Number(other)) => {
            // serde_json keeps the text of a number but for the spelling of its exponent.
            let plain = |text: &str| text.replace('E', "e").replace('+', "");
            plain(&document.raw(value)) == plain(&other.to_string())
        }
        (Kind::String(one), serde_json::Value::String(other)) => one == other,
        (Kind::Array(one), serde_json::Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(document, one, other))
        }
        (Kind::Object(members), serde_json::Value::Object(other)) => {
            // Of duplicates the last value counts in both.
            members.iter().all(|member| other.contains_key(&member.name))
                && other
                    .iter()
                    .all(|(name, other)| value.member(name).is_some_and(|value| same(document, value, other)))
        }
        _ => false,
    }
}

/// Every span lies in its parent's, on the bytes that it speaks of.
fn spans_are_in_range(document: &Document) -> Result<(), TestCaseError> {
    fn walk(value: &Value, within: &std::ops::Range<usize>) -> Result<(), TestCaseError> {
        let span = &value.span;
        prop_assert!(within.start <= span.start && span.start <= span.end && span.end <= within.end, "{span:?}");
        for item in value.items() {
            walk(item, span)?;
        }
        for member in value.members() {
            let name = &member.name_span;
            prop_assert!(span.start <= name.start && name.end <= member.value.span.start, "{name:?} in {span:?}");
            walk(&member.value, span)?;
        }
        Ok(())
    }
    if let Some(root) = &document.root {
        walk(root, &(0..document.bytes.len()))?;
    }
    let mut last = 0;
    for fault in &document.faults {
        prop_assert!(last <= fault.at && fault.at <= document.bytes.len(), "{fault:?}");
        last = fault.at;
    }
    prop_assert_eq!(document.is_json(), document.root.is_some() && !document.faults.iter().any(|f| f.kind.is_fatal()));
    Ok(())
}

fn any_json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        Just("false".to_owned()),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,9})?([eE][+-]?[0-9]{1,4})?",
        any::<String>().prop_map(|text| serde_json::to_string(&text).unwrap()),
        "\"(\\\\u[0-9a-fA-F]{4}|\\\\[\"\\\\/bfnrt]|[ a-zé€😀]){0,6}\"",
    ];
    leaf.prop_recursive(6, 60, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(|items| format!("[{}]", items.join(" ,"))),
            prop::collection::vec(("[ab]{1,2}", inner), 0..6).prop_map(|members| {
                let members: Vec<String> =
                    members.iter().map(|(name, value)| format!("\"{name}\"\t:\n{value}")).collect();
                format!(" {{{}}}\r", members.join(","))
            }),
        ]
    })
}

proptest! {
    #![proptest_config(Config { cases: 2000, ..corpus::config() })]

    #[test]
    fn random_json_is_read_as_serde_json_reads_it(text in any_json()) {
        let document = json::read(text.into_bytes());
        spans_are_in_range(&document)?;
        prop_assert!(document.is_json(), "{:?}", document.faults);
        compare(&document)?;
    }

    #[test]
    fn damaged_json_is_refused_where_serde_json_refuses_it(
        text in any_json(),
        damage in prop::collection::vec((any::<prop::sample::Index>(), 0_u8..3, prop_oneof![
            any::<u8>(), prop::sample::select(b"\"\\{}[]:,-+.eE01u \n\x00\xff\xed\xa0tfn".to_vec()),
        ]), 1..5),
    ) {
        let mut bytes = text.into_bytes();
        for (at, how, byte) in damage {
            if bytes.is_empty() {
                break;
            }
            let at = at.index(bytes.len());
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                _ => drop(bytes.remove(at)),
            }
        }
        let document = json::read(bytes);
        spans_are_in_range(&document)?;
        compare(&document)?;
    }

    #[test]
    fn arbitrary_bytes_are_refused_where_serde_json_refuses_them(bytes in prop::collection::vec(any::<u8>(), 0..40)) {
        let document = json::read(bytes);
        spans_are_in_range(&document)?;
        compare(&document)?;
    }
}

#[test]
fn depth_is_the_one_limit() {
    let text = "[".repeat(MAX_DEPTH) + &"]".repeat(MAX_DEPTH);
    assert!(json::read(text.into_bytes()).is_json());
}
