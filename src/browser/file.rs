//! Files that the user chose or dropped.

use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// The largest file that is read as text.
pub const SIZE_LIMIT: f64 = 16.0 * 1024.0 * 1024.0;

/// Why a file was not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFault {
    /// It is larger than [`SIZE_LIMIT`].
    TooLarge,
    /// The browser could not read it.
    Unreadable,
}

/// The text of a file, read as UTF-8.
///
/// # Errors
///
/// When the file is too large or can't be read.
pub async fn read_text(file: &Blob) -> Result<String, FileFault> {
    if file.size() > SIZE_LIMIT {
        return Err(FileFault::TooLarge);
    }
    let text = JsFuture::from(file.text()).await.map_err(|_| FileFault::Unreadable)?;
    text.as_string().ok_or(FileFault::Unreadable)
}
