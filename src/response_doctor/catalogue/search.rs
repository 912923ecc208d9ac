//! Search in the catalogue, for every keystroke.
//!
//! Every word that is typed must begin a word of what is found, in its name, its title or its text, in any order; case,
//! what stands between words, and British or American spelling make no difference. An index of all words is made with the
//! first query; a query then looks only at the words that begin with the same letter.

mod index;

use super::{Catalogue, Operation};
use crate::order;
use index::{Entry, Field, Word};

pub use index::Index;

/// Of a longer query this many characters count, so that a pasted log costs no more than a sentence.
const LONGEST_QUERY: usize = 256;

/// Of more words the first ones count.
const MOST_TERMS: usize = 12;

/// Something found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// What kind of thing it is.
    pub kind: HitKind,
    /// By which it is opened again: a code, a scope, `GET /api/v1/users`, the key of a page.
    pub key: String,
    /// Its name, as code: `E0000011`.
    pub name: String,
    /// What it is, in a few words.
    pub title: String,
}

/// The kinds of things.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HitKind {
    /// A page.
    Page,
    /// An error code, a wording or a topic.
    Row,
    /// A scope.
    Scope,
    /// An operation of Okta's APIs.
    Operation,
}

/// What fits a query, the best first, at most `limit`: first what has that name, then what has a name that begins so, then
/// what has the words in its name, in its title or path, and in its text. A number finds the codes that have it, and then the codes
/// with that status; a path with ids in it finds its operation. Nothing fits an empty query.
///
/// ```
/// use tokenscope::response_doctor::{Catalogue, catalogue::search::search};
/// let text = r#"{"okta_api":{"prefix":"okta","rows":{"E0000047":{"title":"Rate limit reached"}}}}"#;
/// let catalogue = Catalogue::read(text);
/// assert_eq!(search(&catalogue, "47", 10), search(&catalogue, "rate-limit", 10));
/// assert_eq!(search(&catalogue, "e0000047", 10)[0].key, "okta.E0000047");
/// ```
pub fn search(catalogue: &Catalogue, query: &str, limit: usize) -> Vec<Hit> {
    let query = query.char_indices().nth(LONGEST_QUERY).and_then(|(at, _)| query.get(..at)).unwrap_or(query);
    let index = catalogue.index.get_or_init(|| Index::new(catalogue));
    let query = Query::new(query);
    let mut ranks = ranks(index, &query);
    rank_operations(catalogue, index, &query, &mut ranks);
    order::sort(&mut ranks, |one, other| one < other);
    ranks.iter().take(limit).filter_map(|rank| index.entries.get(rank.entry)?.hit(catalogue)).collect()
}

/// A query, in words as the index is.
struct Query<'a> {
    /// As it was typed.
    text: &'a str,
    /// All words of it, without anything in between.
    joined: String,
    /// Each word, and its other spelling.
    terms: Vec<(String, Option<String>)>,
}

impl Query<'_> {
    fn new(text: &str) -> Query<'_> {
        let mut joined = String::with_capacity(text.len());
        let mut words = Vec::new();
        index::fold(text, &mut joined, |part| {
            if !part.inner {
                words.push((part.at, part.stop));
            }
        });
        let word = |(at, stop)| joined.get(at..stop).map(|word| (word.to_owned(), index::respelt(word)));
        let terms = words.into_iter().take(MOST_TERMS).filter_map(word).collect();
        Query { text, joined, terms }
    }

    /// A number and nothing else.
    fn is_number(&self) -> bool {
        !self.joined.is_empty() && self.joined.bytes().all(|byte| byte.is_ascii_digit())
    }
}

/// How well an entry fits, the less the better; members are compared in their order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    tier: u8,
    /// What the pages name comes first.
    minor: bool,
    /// How many words of the query are only the beginning of a word, or how many parameters a path has.
    cost: usize,
    kind: u8,
    length: usize,
    entry: usize,
}

const EXACT: u8 = 0;
const CALLED_SO_TOO: u8 = 1;
const NAME_BEGINS: u8 = 2;
const WORDS: u8 = 3;

impl Rank {
    fn new(index: &Index, entry: usize, tier: u8, cost: usize) -> Option<Rank> {
        let found = index.entries.get(entry)?;
        let length = found.name.1 - found.name.0;
        Some(Rank { tier, minor: !found.named, cost, kind: found.kind as u8, length, entry })
    }
}

/// What is known of an entry while the words of a query are looked up.
#[derive(Clone, Copy, Default)]
struct Tally {
    /// How many words were found in it so far.
    terms: usize,
    /// The best place of the last of them.
    last: u8,
    /// The worst of the best places.
    worst: u8,
    /// How many are only the beginning of a word.
    beginnings: usize,
}

fn ranks(index: &Index, query: &Query) -> Vec<Rank> {
    let mut tallies = vec![Tally::default(); index.entries.len()];
    let mut count = 0;
    for (term, respelt) in &query.terms {
        for spelling in [Some(term), respelt.as_ref()].into_iter().flatten() {
            for word in index.words(spelling) {
                let Some(place) = place(index, word, spelling) else { continue };
                let Some(tally) = tallies.get_mut(word.entry) else { continue };
                if tally.terms == count {
                    (tally.terms, tally.last) = (count + 1, place);
                } else if tally.terms == count + 1 {
                    tally.last = tally.last.min(place);
                }
            }
        }
        count += 1;
        for tally in tallies.iter_mut().filter(|tally| tally.terms == count) {
            tally.worst = tally.worst.max(tally.last);
            tally.beginnings += usize::from(BEGINNINGS.contains(&tally.last));
        }
    }
    let fitting = tallies.iter().enumerate().filter(|(_, tally)| count > 0 && tally.terms == count);
    fitting
        .filter_map(|(entry, tally)| {
            let tier = index.entries.get(entry).map_or(WORDS, |found| tier(index, found, query, *tally));
            Rank::new(index, entry, tier, tally.beginnings)
        })
        .collect()
}

fn tier(index: &Index, entry: &Entry, query: &Query, tally: Tally) -> u8 {
    let joined = query.joined.as_str();
    let is = |range: (usize, usize)| index.text(range) == joined;
    // `47` is the number of E0000047: a whole word of the name, behind the letters.
    if is(entry.name) || is(entry.code) || (query.is_number() && tally.worst == 0) {
        EXACT
    } else if is(entry.also) {
        // The end of a path is as good as a word of a name.
        if entry.kind == HitKind::Operation { WORDS } else { CALLED_SO_TOO }
    } else if index.text(entry.name).starts_with(joined) {
        NAME_BEGINS
    } else {
        WORDS + tally.worst
    }
}

/// Places where a term is only the beginning of a word.
const BEGINNINGS: [u8; 3] = [3, 4, 6];

/// How good a place is to find a term at, the best first; `None` where the term does not stand there.
fn place(index: &Index, word: &Word, term: &str) -> Option<u8> {
    let end = word.at + term.len();
    if end > word.limit || index.text((word.at, end)) != term {
        return None;
    }
    let whole = end == word.end || end == word.stop || end == word.limit;
    Some(match (word.field, whole) {
        (Field::Name, true) => 0,
        (Field::Status, true) => 1,
        (Field::Title, true) => 2,
        (Field::Name, false) => 3,
        (Field::Title, false) => 4,
        (Field::Text, true) => 5,
        (Field::Text, false) => 6,
        (Field::Status, false) => return None,
    })
}

/// Operations are found by paths as they are sent, with ids where the table has parameters.
fn rank_operations(catalogue: &Catalogue, index: &Index, query: &Query, ranks: &mut Vec<Rank>) {
    let Some((method, path)) = path(query.text) else { return };
    for (entry, found) in index.entries.iter().enumerate().filter(|(_, entry)| entry.kind == HitKind::Operation) {
        let Some(operation) = catalogue.operations.get(found.position) else { continue };
        let Some((tier, parameters)) = fits(operation, method, path) else { continue };
        if let Some(rank) = Rank::new(index, entry, tier, parameters) {
            match ranks.iter_mut().find(|rank| rank.entry == entry) {
                Some(known) => *known = rank.min(*known),
                None => ranks.push(rank),
            }
        }
    }
}

/// The method, which may be empty, and the path of a query that has a path.
fn path(query: &str) -> Option<(&str, &str)> {
    let query = query.trim();
    let (method, target) = query.split_once(' ').unwrap_or(("", query));
    let target = target.trim();
    let path = match crate::text::split_once(target, "://") {
        Some((_, behind)) => behind.get(behind.find('/')?..)?,
        None => target,
    };
    let path = path.split(['?', '#', ' ']).next()?;
    let is_method = method.bytes().all(|byte| byte.is_ascii_alphabetic());
    (is_method && path.contains('/')).then(|| (method, path.trim_matches('/')))
}

/// The tier of an operation for a path, and for how many segments it has parameters.
fn fits(operation: &Operation, method: &str, path: &str) -> Option<(u8, usize)> {
    if !method.is_empty() && !operation.method.eq_ignore_ascii_case(method) {
        return None;
    }
    let mut known = operation.path.trim_matches('/').split('/');
    let mut parameters = 0;
    let mut tier = EXACT;
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        let expected = known.next()?;
        if expected.starts_with('{') {
            parameters += 1;
        } else if !expected.eq_ignore_ascii_case(segment) {
            let begins = expected.get(..segment.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(segment));
            if segments.peek().is_some() || !begins {
                return None;
            }
            tier = NAME_BEGINS;
        }
    }
    let whole = known.next().is_none();
    Some((if whole { tier } else { NAME_BEGINS }, parameters))
}
