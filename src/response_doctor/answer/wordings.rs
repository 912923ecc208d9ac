//! Many fragments sought in a text at once: the text is gone over once, however many there are.

use super::texts::folded;

/// Fragments by their first byte, each with the number of what it stands for.
pub struct Wordings {
    by_first: Vec<Vec<(String, usize)>>,
    count: usize,
}

impl Wordings {
    /// The fragments of `count` things, each with the number of its thing.
    pub fn new<'a>(count: usize, fragments: impl Iterator<Item = (usize, &'a str)>) -> Wordings {
        let mut by_first: Vec<Vec<(String, usize)>> = vec![Vec::new(); 256];
        for (number, fragment) in fragments {
            let fragment = folded(fragment);
            let first = fragment.bytes().next().map(usize::from);
            if let Some(list) = first.and_then(|first| by_first.get_mut(first)) {
                list.push((fragment, number));
            }
        }
        Wordings { by_first, count }
    }

    /// For each thing the length of the longest of its fragments that occurs in a folded text, or 0. A fragment that
    /// begins with a letter begins where a word begins.
    pub fn within(&self, text: &str) -> Vec<usize> {
        let mut lengths = vec![0_usize; self.count];
        let bytes = text.as_bytes();
        let mut inside = false;
        for (at, byte) in bytes.iter().enumerate() {
            let is_word = byte.is_ascii_alphanumeric() || *byte == b'_';
            if !(inside && is_word) {
                let rest = bytes.get(at..).unwrap_or_default();
                for (fragment, number) in self.by_first.get(usize::from(*byte)).into_iter().flatten() {
                    if rest.starts_with(fragment.as_bytes())
                        && let Some(length) = lengths.get_mut(*number)
                    {
                        *length = fragment.len().max(*length);
                    }
                }
            }
            inside = is_word;
        }
        lengths
    }
}
