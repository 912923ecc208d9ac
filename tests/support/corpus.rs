//! The reader of the corpus: a file a case.
//!
//! Lines of `key: value` say what is expected; below `---` stands the text.

#![allow(clippy::panic, clippy::unwrap_used, reason = "a case that cannot be read is a failed test")]
#![allow(dead_code, reason = "every test that reads a corpus compiles this file, and uses a part of it")]

use std::path::PathBuf;

use proptest::test_runner::{Config, RngSeed};

/// A case of the corpus.
pub struct Case {
    /// Its file name.
    pub name: String,
    /// The lines above the text, in order.
    lines: Vec<(String, String)>,
    /// The text, escapes resolved, without its final line break.
    pub text: String,
}

impl Case {
    /// The values of a key, in order.
    pub fn values<'a>(&'a self, key: &'a str) -> impl Iterator<Item = &'a str> {
        self.lines.iter().filter(move |(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// The only value of a key.
    pub fn value<'a>(&'a self, key: &'a str) -> Option<&'a str> {
        self.values(key).next()
    }
}

/// Every case of a folder, by name.
pub fn cases(folder: &str) -> Vec<Case> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/corpus").join(folder);
    let mut files: Vec<PathBuf> = std::fs::read_dir(&root).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
        .into_iter()
        .map(|path| {
            let whole = std::fs::read_to_string(&path).unwrap();
            let (head, text) =
                whole.split_once("---\n").unwrap_or_else(|| panic!("{}: no line of dashes", path.display()));
            let lines = head
                .lines()
                .map(|line| line.split_once(':').unwrap_or_else(|| panic!("{}: {line}", path.display())))
                .map(|(key, value)| (key.trim().to_owned(), unescaped(value.trim())))
                .collect();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            Case { name, lines, text: unescaped(text.strip_suffix('\n').unwrap_or(text)) }
        })
        .collect()
}

/// The settings of the property tests: the fixed seed, or the one that `--fresh` drew.
pub fn config() -> Config {
    let seed = std::env::var("TOKENSCOPE_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_261_120);
    let long = std::env::var_os("TOKENSCOPE_LONG").is_some();
    Config {
        cases: if long { 20_000 } else { 512 },
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..Config::default()
    }
}

/// For laws whose cases are whole explanations or long arithmetic: a tenth of the cases of a long run.
#[allow(dead_code, reason = "not every test that reads a corpus has such laws")]
pub fn heavy() -> Config {
    let config = config();
    Config { cases: if config.cases > 1000 { config.cases / 10 } else { config.cases }, ..config }
}

fn unescaped(text: &str) -> String {
    let mut unescaped = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\\u{") {
        let (code, behind) = after.split_once('}').unwrap();
        unescaped.push_str(before);
        unescaped.push(char::from_u32(u32::from_str_radix(code, 16).unwrap()).unwrap());
        rest = behind;
    }
    unescaped + rest
}
