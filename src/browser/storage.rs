//! What outlives the page: settings, and nothing that was pasted.

use web_sys::Storage;

fn storage() -> Option<Storage> {
    // Refused where the user blocks storage: settings then live as long as the page.
    web_sys::window()?.local_storage().ok()?
}

/// The stored text of that name.
pub fn read(name: &str) -> Option<String> {
    storage()?.get_item(name).ok()?
}

/// Stores a text; says whether the browser took it.
pub fn write(name: &str, text: &str) -> bool {
    storage().is_some_and(|storage| storage.set_item(name, text).is_ok())
}

/// Deletes a stored text.
pub fn remove(name: &str) {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(name);
    }
}
