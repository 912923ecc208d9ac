//! The public test vectors. They are not copied here: their folder stands beside the repository, or where
//! `TOKENSCOPE_VECTORS` says.

use std::path::{Path, PathBuf};

/// A file or a folder of them. `None`, and a line that says so, where the vectors are not installed; where `CI` is "true" they
/// have to be.
pub fn path(name: &str) -> Option<PathBuf> {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/vectors");
    let path = std::env::var_os("TOKENSCOPE_VECTORS").map_or_else(beside, PathBuf::from).join(name);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{} is missing", path.display());
    println!("skipped: no {}", path.display());
    None
}

/// The text of a file of them.
#[allow(dead_code, reason = "some tests read whole folders")]
pub fn text(name: &str) -> Option<String> {
    path(name).map(|path| std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display())))
}
