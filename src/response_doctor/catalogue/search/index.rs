//! The words of the catalogue in lower case, by their first letter.

use super::super::{Catalogue, Row, pages::Page};
use super::{Hit, HitKind};

/// Words by their first letter: `a` to `z`, `0` to `9`, and all others.
const BUCKETS: usize = 37;

/// Everything that can be found, and by which words.
#[derive(Clone, Debug, Default)]
pub struct Index {
    /// All words in lower case, without anything in between.
    text: String,
    words: Vec<Vec<Word>>,
    pub(super) entries: Vec<Entry>,
}

/// A word of an entry.
#[derive(Clone, Copy, Debug)]
pub(super) struct Word {
    /// Where it begins in the text.
    pub at: usize,
    /// Where it ends: `api` of `apiTokens`.
    pub end: usize,
    /// Where the word around it ends.
    pub stop: usize,
    /// Where what is written in one piece with it ends: `invalid_grant` is found as `invalidgrant` too.
    pub limit: usize,
    pub entry: usize,
    pub field: Field,
}

/// Where a word stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Field {
    Name,
    Status,
    Title,
    Text,
}

/// Something that can be found. Its texts are places in the text of the index; empty ones are equal.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub kind: HitKind,
    /// Its place in the catalogue's list of that kind.
    pub position: usize,
    pub name: (usize, usize),
    pub code: (usize, usize),
    /// What it is called too: the OAuth error that the client gets, the end of a path.
    pub also: (usize, usize),
    /// Whether a page names it.
    pub named: bool,
}

/// A word as [`fold`] finds it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Part {
    pub at: usize,
    pub end: usize,
    /// Where the word around it ends.
    pub stop: usize,
    /// A word within a word: `Tokens` of `apiTokens`, `47` of `E0000047`.
    pub inner: bool,
    /// The number of the piece between white space that it stands in.
    pub piece: usize,
}

impl Index {
    pub(super) fn new(catalogue: &Catalogue) -> Index {
        let mut index = Index { words: vec![Vec::new(); BUCKETS], ..Index::default() };
        for (position, page) in catalogue.pages.iter().enumerate() {
            index.add_page(position, page);
        }
        for (position, row) in catalogue.rows.iter().enumerate() {
            index.add_row(position, row);
        }
        for code in catalogue.pages.iter().flat_map(|page| &page.branches).flat_map(|branch| &branch.codes) {
            let at = catalogue.rows.binary_search_by(|row| row.code.0.cmp(code));
            // The rows stand behind the pages.
            if let Some(entry) = at.ok().and_then(|at| index.entries.get_mut(catalogue.pages.len() + at)) {
                entry.named = true;
            }
        }
        for (position, (scope, title)) in catalogue.scopes.iter().enumerate() {
            index.begin(HitKind::Scope, position, "", scope);
            index.add(Field::Title, title);
        }
        for (position, operation) in catalogue.operations.iter().enumerate() {
            index.begin(HitKind::Operation, position, "", &[operation.method, " ", operation.path].concat());
            let end = index.add(Field::Title, operation.path.rsplit('/').next().unwrap_or_default());
            if let Some(entry) = index.entries.last_mut().filter(|_| !operation.path.ends_with('}')) {
                entry.also = end;
            }
            index.add_all(Field::Text, &operation.scopes);
            index.add_all(Field::Text, &operation.roles);
        }
        index
    }

    pub(super) fn text(&self, range: (usize, usize)) -> &str {
        self.text.get(range.0..range.1).unwrap_or_default()
    }

    /// The words that begin with the same letter.
    pub(super) fn words(&self, term: &str) -> &[Word] {
        self.words.get(bucket(term)).map(Vec::as_slice).unwrap_or_default()
    }

    fn add_page(&mut self, position: usize, page: &Page) {
        self.begin(HitKind::Page, position, "", page.key);
        self.add(Field::Title, page.title);
        self.add(Field::Text, page.lead);
        for branch in &page.branches {
            self.add_all(Field::Text, &[branch.seen, branch.means, branch.remedy]);
            self.add_all(Field::Text, &branch.codes);
        }
        self.add_all(Field::Text, &page.beliefs);
    }

    fn add_row(&mut self, position: usize, row: &Row) {
        // With the prefix of the code, so that `okta.E0000047` finds it as `E0000047` does.
        let prefix = row.code.0.get(..row.code.0.len() - row.key.len()).unwrap_or_default();
        self.begin(HitKind::Row, position, prefix, row.key);
        let error = self.add(Field::Title, row.error);
        if let Some(entry) = self.entries.last_mut() {
            entry.also = error;
        }
        if let Some(status) = row.status {
            self.add(Field::Status, &status.to_string());
        }
        self.add(Field::Title, row.title);
        self.add_all(Field::Title, &row.fragments);
        self.add(Field::Text, row.problem);
        self.add_all(Field::Text, row.explanation.as_slice());
        self.add_all(Field::Text, row.remedy.as_slice());
        self.add_all(Field::Text, &row.place);
        self.add_all(Field::Text, &[row.sender, row.says]);
    }

    fn begin(&mut self, kind: HitKind, position: usize, prefix: &str, name: &str) {
        let entry = self.entries.len();
        // A path is many words, and each of them says less than the name of a row.
        let field = if kind == HitKind::Operation { Field::Title } else { Field::Name };
        let mut words = Vec::new();
        let (start, at) = self.write(entry, Field::Text, prefix, &mut words);
        let (_, end) = self.write(entry, field, name, &mut words);
        self.entries.push(Entry {
            kind,
            position,
            name: (at, end),
            code: (start, end),
            also: (end, end),
            named: false,
        });
        self.index(&words);
    }

    fn add_all(&mut self, field: Field, texts: &[&str]) {
        for text in texts {
            self.add(field, text);
        }
    }

    /// Adds a text to the last entry, and says where it stands.
    fn add(&mut self, field: Field, text: &str) -> (usize, usize) {
        let mut words = Vec::new();
        let range = self.write(self.entries.len().saturating_sub(1), field, text, &mut words);
        self.index(&words);
        range
    }

    fn write(&mut self, entry: usize, field: Field, text: &str, words: &mut Vec<Word>) -> (usize, usize) {
        let start = self.text.len();
        let (mut piece, mut first) = (0, words.len());
        fold(text, &mut self.text, |part| {
            if part.piece != piece {
                (piece, first) = (part.piece, words.len());
            }
            let Part { at, end, stop, .. } = part;
            words.iter_mut().skip(first).for_each(|word| word.limit = stop);
            words.push(Word { at, end, stop, limit: stop, entry, field });
        });
        (start, self.text.len())
    }

    /// Puts the words where they are looked for, in both spellings.
    fn index(&mut self, words: &[Word]) {
        for word in words {
            self.put(*word);
            if let Some(respelt) = respelt(self.text((word.at, word.stop))) {
                let at = self.text.len();
                self.text.push_str(&respelt);
                let end = self.text.len();
                self.put(Word { at, end, stop: end, limit: end, ..*word });
            }
        }
    }

    fn put(&mut self, word: Word) {
        let bucket = bucket(self.text((word.at, word.end)));
        if let Some(words) = self.words.get_mut(bucket) {
            words.push(word);
        }
    }
}

impl Entry {
    /// What is shown of it.
    pub(super) fn hit(&self, catalogue: &Catalogue) -> Option<Hit> {
        let hit = |key: String, name: &str, title: &str| Hit {
            kind: self.kind,
            key,
            name: name.to_owned(),
            title: title.to_owned(),
        };
        Some(match self.kind {
            HitKind::Page => {
                let page = catalogue.pages.get(self.position)?;
                hit(page.key.to_owned(), page.key, page.title)
            }
            HitKind::Row => {
                let row = catalogue.rows.get(self.position)?;
                hit(row.code.0.to_owned(), row.key, row.title)
            }
            HitKind::Scope => {
                let (scope, title) = catalogue.scopes.get(self.position)?;
                hit((*scope).to_owned(), scope, title)
            }
            HitKind::Operation => {
                let operation = catalogue.operations.get(self.position)?;
                let name = [operation.method, " ", operation.path].concat();
                hit(name.clone(), &name, &operation.scopes.join(", "))
            }
        })
    }
}

fn bucket(word: &str) -> usize {
    match word.bytes().next() {
        Some(letter @ b'a'..=b'z') => usize::from(letter - b'a'),
        Some(digit @ b'0'..=b'9') => usize::from(digit - b'0') + 26,
        _ => BUCKETS - 1,
    }
}

/// Writes the words of a text in lower case, without anything in between, and tells of each. `e-mail` is one word.
pub(super) fn fold(text: &str, folded: &mut String, mut found: impl FnMut(Part)) {
    let mut characters = text.chars().peekable();
    // Where words begin, and whether what stands before ends there: it does in `apiTokens`, not in `E0000047`.
    let mut starts: Vec<(usize, bool)> = Vec::new();
    let mut piece = 0;
    while let Some(first) = characters.next() {
        if !is_of_word(first) {
            piece += usize::from(first.is_ascii_whitespace());
            continue;
        }
        let begin = folded.len();
        starts.clear();
        starts.push((begin, true));
        folded.push(first.to_ascii_lowercase());
        let mut last = first;
        let mut zeros = false;
        while let Some(&next) = characters.peek() {
            let is_mail = next == '-' && folded.get(begin..) == Some("e");
            if !is_of_word(next) && !is_mail {
                break;
            }
            characters.next();
            if is_mail {
                continue;
            }
            let hump = last.is_ascii_lowercase() && next.is_ascii_uppercase();
            let number = last.is_ascii_alphabetic() && next.is_ascii_digit();
            // The first digit behind the zeros that a number begins with.
            let significant = zeros && matches!(next, '1'..='9');
            zeros = next == '0' && (number || zeros);
            if hump || number || significant {
                starts.push((folded.len(), hump));
            }
            folded.push(next.to_ascii_lowercase());
            last = next;
        }
        let stop = folded.len();
        for (number, (at, _)) in starts.iter().enumerate() {
            let next = starts.iter().skip(number + 1).find(|(_, ends)| *ends);
            found(Part { at: *at, end: next.map_or(stop, |(at, _)| *at), stop, inner: number > 0, piece });
        }
    }
}

/// The spelling that British and American writing have in common, where it is another one: `ise` as `ize`, `our` as `or`,
/// `ence` as `ense`, `lled` as `led`. The beginning of a word gets the beginning of its spelling.
pub(super) fn respelt(word: &str) -> Option<String> {
    // Nearly all words have one spelling, and need no text of their own.
    let pairs = word.as_bytes().windows(2);
    if !pairs.into_iter().any(|pair| matches!(pair, b"is" | b"ys" | b"nc" | b"ou" | b"ll")) {
        return None;
    }
    let mut spelt = String::with_capacity(word.len());
    let [mut before, mut last] = ['\0'; 2];
    for (number, character) in word.chars().enumerate() {
        match character {
            's' if matches!(last, 'i' | 'y') => spelt.push('z'),
            'c' if before == 'e' && last == 'n' => spelt.push('s'),
            'u' if last == 'o' => {}
            // Not in short words, which both have: `all`, `called`.
            'l' if last == 'l' && number > 4 => {}
            other => spelt.push(other),
        }
        (before, last) = (last, character);
    }
    (spelt != word).then_some(spelt)
}

/// Letters and digits. Beyond ASCII everything counts but spaces and punctuation, for which no table is needed.
fn is_of_word(character: char) -> bool {
    match character {
        '\u{0}'..='\u{7f}' => character.is_ascii_alphanumeric(),
        '\u{80}'..='\u{bf}' | '\u{2000}'..='\u{206f}' | '\u{3000}'..='\u{303f}' | '\u{feff}' => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let mut folded = String::new();
        let mut parts = Vec::new();
        fold(text, &mut folded, |part| parts.push(part));
        let words: Vec<&str> = parts.iter().map(|part| &folded[part.at..part.end]).collect();
        assert_eq!(words.join(" "), expected, "{text}");
    }

    #[test]
    fn words_are_taken_apart_where_people_type_them_apart() {
        check("invalid_grant", "invalid grant");
        check("okta.apiTokens.read", "okta api tokens read");
        check("E0000047", "e0000047 0000047 47");
        check("AADSTS50011", "aadsts50011 50011");
        check("e-mail", "email");
        check("GET /api/v1/users/{userId}", "get api v1 1 users user id");
        check("Zürich’s “e-mail”", "zürich s email");
        check(" \u{2028}·\u{feff} ", "");
    }

    #[test]
    fn spellings_of_a_word_are_the_same() {
        for (british, american) in [
            ("authorisation", "authorization"),
            ("recognise", "recognize"),
            ("behaviour", "behavior"),
            ("licence", "license"),
            ("cancelled", "canceled"),
            ("enrolment", "enrollment"),
            ("analyse", "analyze"),
        ] {
            let spelt = |word: &str| respelt(word).unwrap_or_else(|| word.to_owned());
            assert_eq!(spelt(british), spelt(american));
            for word in [british, american] {
                for end in 1..word.len() {
                    assert!(spelt(word).starts_with(&spelt(&word[..end])), "{}", &word[..end]);
                }
            }
        }
    }
}
