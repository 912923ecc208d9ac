//! The catalogue of the response doctor, joined from its files as the build joins them.

use std::path::Path;
use std::sync::OnceLock;

use tokenscope::response_doctor::Catalogue;

/// One JSON object from the name of each file to its content.
pub fn text() -> String {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/data/catalogue");
    let mut files: Vec<_> = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let member = |path: &std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap();
        format!("{name:?}:{}", std::fs::read_to_string(path).unwrap())
    };
    format!("{{{}}}", files.iter().map(member).collect::<Vec<_>>().join(","))
}

/// The catalogue, read once.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| Catalogue::read(&text()))
}
