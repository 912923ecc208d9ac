//! The words: every finding's sentence, explanation and remedy, from the tables in `src/data/messages`. A row of the core
//! has its explanation and its reference in a table of their own, `explanations.json`, because the first load goes without.
//!
//! A template marks literal code with backticks and has a place for each fact: `{found}`, or `{exp:relative}` for a
//! time as a distance from now. The result is [`Prose`], text and code kept apart, so that a value that contains a
//! backtick, a brace or a control character cannot change how a sentence reads.

use std::fmt;
use std::sync::OnceLock;

use crate::finding::{Code, Fact, Finding, Severity};
use crate::json;
use crate::order;
use crate::time::{self, Time};

/// Values longer than this many characters are cut in the middle of a sentence; the full value stands in the evidence.
const LONGEST_VALUE: usize = 160;

/// Of a longer list the first items stand in a sentence, and the others are counted; all of them stand in the evidence.
const MOST_ITEMS: usize = 20;

/// Words with text and code kept apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prose(pub Vec<Span>);

/// A run of text or of code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Span {
    /// Words.
    Text(String),
    /// A value as received, or literal code.
    Code(String),
}

/// Where a finding is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// A row of the check list.
    Checks,
    /// A remark that does not bear on the verdict.
    Lint,
    /// About the pasted text.
    Input,
    /// About the places that keys come from.
    Keys,
    /// The sentence above everything else.
    Verdict,
}

/// The words of one finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// Where it is shown.
    pub section: Section,
    /// A clause for the headline: "expired 3 min 12 s ago".
    pub brief: Option<Prose>,
    /// What is the case, in one sentence.
    pub problem: Prose,
    /// Why.
    pub explanation: Option<Prose>,
    /// What to do.
    pub remedy: Option<Prose>,
    /// Where it is specified.
    pub reference: Option<&'static str>,
}

/// What is to be done about a finding, where there is something to do: every row has a remedy, but a check that passed
/// needs none, and some facts change nothing.
pub fn to_do<'a>(finding: &Finding, words: &'a Words) -> Option<&'a Prose> {
    let is_nothing = |remedy: &Prose| match remedy.0.first() {
        Some(Span::Text(text)) => text.starts_with("Nothing "),
        _ => false,
    };
    words.remedy.as_ref().filter(|remedy| finding.severity != Severity::Ok && !is_nothing(remedy))
}

/// The words of a finding, as of `now`. A code without a row is worded by its name: nothing is ever blank.
pub fn words(finding: &Finding, now: Time) -> Words {
    let mut words = first_words(finding, now);
    if let Some(row) = EXPLAINED.row(finding.code) {
        explain(&mut words, row, finding, now);
    }
    words
}

/// The same without why and where it is specified, for most findings of the core: what is the case and what to do. The
/// page's first module says that much by itself, and [`Explanations`] add the rest once the second one has come.
pub fn first_words(finding: &Finding, now: Time) -> Words {
    if let Some(ready) = &finding.ready {
        return (**ready).clone();
    }
    let row = CORE.row(finding.code).or_else(|| MORE.get().and_then(|more| more.row(finding.code)));
    worded(row, finding, now)
}

/// Adds the words of the rooms behind the first verdict to those of the core: a module that has these rooms calls it
/// before it words anything.
pub fn extend(catalogue: &'static Catalogue) {
    let _ = MORE.set(catalogue);
}

static MORE: OnceLock<&'static Catalogue> = OnceLock::new();

/// Why, and where it is specified, for the findings of the core: a JSON object from code to row.
pub const EXPLANATIONS: &str = include_str!("data/messages/explanations.json");

static EXPLAINED: Catalogue = Catalogue::new(&[EXPLANATIONS]);

/// Why, and where it is specified, in a module that does not carry these words itself.
pub struct Explanations(Vec<Row>);

impl Explanations {
    /// Reads a table like [`EXPLANATIONS`].
    pub fn read(table: &str) -> Explanations {
        Explanations(read(&[table]))
    }

    /// Adds to the words of a finding what this table has for it.
    pub fn explain(&'static self, words: &mut Words, finding: &Finding, now: Time) {
        if let Some(row) = find(&self.0, finding.code) {
            explain(words, row, finding, now);
        }
    }
}

/// What the words have already stays.
fn explain(words: &mut Words, row: &'static Row, finding: &Finding, now: Time) {
    if words.explanation.is_none() {
        words.explanation = row.explanation.as_deref().map(|template| fill(template, finding, now));
    }
    words.reference = words.reference.or(row.reference.as_deref());
}

/// Every code of the core that has a row, in the order of the codes.
pub fn codes() -> impl Iterator<Item = &'static str> {
    CORE.codes()
}

/// The words of some rooms: a wasm module carries only the catalogues that it uses.
pub struct Catalogue {
    tables: &'static [&'static str],
    rows: OnceLock<Vec<Row>>,
}

impl Catalogue {
    /// A catalogue of these tables, each a JSON object from code to row. They are read when they are first used.
    pub const fn new(tables: &'static [&'static str]) -> Catalogue {
        Catalogue { tables, rows: OnceLock::new() }
    }

    /// The words of a finding, as of `now`. A code without a row is worded by its name: nothing is ever blank.
    pub fn words(&'static self, finding: &Finding, now: Time) -> Words {
        worded(self.row(finding.code), finding, now)
    }

    /// Every code that has a row, in the order of the codes.
    pub fn codes(&'static self) -> impl Iterator<Item = &'static str> {
        self.rows().iter().map(|row| row.code.as_str())
    }

    fn row(&'static self, code: Code) -> Option<&'static Row> {
        find(self.rows(), code)
    }

    fn rows(&'static self) -> &'static [Row] {
        self.rows.get_or_init(|| read(self.tables))
    }
}

fn find(rows: &[Row], code: Code) -> Option<&Row> {
    rows.binary_search_by(|row| row.code.as_str().cmp(code.0)).ok().and_then(|at| rows.get(at))
}

fn worded(row: Option<&'static Row>, finding: &Finding, now: Time) -> Words {
    let prose = |template: &str| fill(template, finding, now);
    Words {
        section: row.map_or(Section::Checks, |row| row.section),
        brief: row.and_then(|row| row.brief.as_deref()).map(prose),
        problem: row.map_or_else(|| prose(finding.code.0), |row| prose(&row.problem)),
        explanation: row.and_then(|row| row.explanation.as_deref()).map(prose),
        remedy: row.and_then(|row| row.remedy.as_deref()).map(prose),
        reference: row.and_then(|row| row.reference.as_deref()),
    }
}

/// A value with what would not be seen, or would change the direction of the line, written as escapes.
///
/// ```
/// assert_eq!(tokenscope::messages::visible("a\n\u{202e}b"), "a\\n\\u{202e}b");
/// ```
pub fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => visible.push_str("\\n"),
            '\r' => visible.push_str("\\r"),
            '\t' => visible.push_str("\\t"),
            '\u{0}'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}' => {
                visible.push_str("\\u{");
                visible.push_str(&hexadecimal(character));
                visible.push('}');
            }
            other => visible.push(other),
        }
    }
    visible
}

fn hexadecimal(character: char) -> String {
    let code = u32::from(character);
    let first = (0..8).rev().find(|place| code >> (place * 4) & 15 != 0).unwrap_or(0);
    (0..=first).rev().filter_map(|place| char::from_digit(code >> (place * 4) & 15, 16)).collect()
}

impl Prose {
    /// Prose of one run of text.
    pub fn text(text: impl Into<String>) -> Prose {
        Prose(vec![Span::Text(text.into())])
    }

    /// Appends words, joining them to a run of words before.
    pub fn push_text(&mut self, text: &str) {
        match self.0.last_mut() {
            Some(Span::Text(last)) => last.push_str(text),
            _ => self.0.push(Span::Text(text.to_owned())),
        }
    }

    /// Appends other prose.
    pub fn append(&mut self, other: Prose) {
        for span in other.0 {
            match span {
                Span::Text(text) => self.push_text(&text),
                code => self.0.push(code),
            }
        }
    }

    /// The same words with code in backticks, for Markdown.
    pub fn markdown(&self) -> String {
        let mut markdown = String::new();
        for span in &self.0 {
            match span {
                Span::Text(text) => markdown.push_str(text),
                Span::Code(code) => {
                    // A fence is longer than every run of backticks in it (CommonMark §6.1): a value must not be able to end it.
                    let longest = code.split(|character| character != '`').map(str::len).max().unwrap_or(0);
                    let fence = "`".repeat(longest + 1);
                    let space = if longest > 0 { " " } else { "" };
                    for part in [&fence, space, code, space, &fence] {
                        markdown.push_str(part);
                    }
                }
            }
        }
        markdown
    }
}

/// Plain text, without marks around code.
impl fmt::Display for Prose {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for span in &self.0 {
            let (Span::Text(text) | Span::Code(text)) = span;
            formatter.write_str(text)?;
        }
        Ok(())
    }
}

struct Row {
    code: String,
    section: Section,
    brief: Option<String>,
    problem: String,
    explanation: Option<String>,
    remedy: Option<String>,
    reference: Option<String>,
}

static CORE: Catalogue = Catalogue::new(&[
    include_str!("data/messages/claims.json"),
    include_str!("data/messages/discovery.json"),
    include_str!("data/messages/inspect.json"),
    include_str!("data/messages/jose.json"),
    include_str!("data/messages/keys.json"),
    include_str!("data/messages/signature.json"),
]);

fn read(tables: &[&str]) -> Vec<Row> {
    let mut rows = Vec::new();
    for table in tables {
        let document = json::read(table.as_bytes().to_vec());
        for member in document.root.iter().flat_map(|root| root.members()) {
            let text = |name: &str| member.value.member(name)?.as_str().map(str::to_owned);
            rows.push(Row {
                code: member.name.clone(),
                section: section(member.value.member("section").and_then(|value| value.as_str())),
                brief: text("brief"),
                problem: text("problem").unwrap_or_default(),
                explanation: text("explanation"),
                remedy: text("remedy"),
                reference: text("reference"),
            });
        }
    }
    order::sort(&mut rows, |one: &Row, other| one.code < other.code);
    rows
}

fn section(name: Option<&str>) -> Section {
    match name {
        Some("lint") => Section::Lint,
        Some("input") => Section::Input,
        Some("keys") => Section::Keys,
        Some("verdict") => Section::Verdict,
        _ => Section::Checks,
    }
}

/// Fills a template with a finding's facts, as of `now`.
pub fn fill(template: &str, finding: &Finding, now: Time) -> Prose {
    let mut prose = Prose::default();
    let mut code = false;
    let mut rest = template;
    while let Some(at) = rest.find(['`', '{']) {
        let (before, from) = rest.split_at_checked(at).unwrap_or((rest, ""));
        push(&mut prose, before, code);
        if let Some(after) = from.strip_prefix('`') {
            code = !code;
            rest = after;
            continue;
        }
        let (place, after) = from.get(1..).and_then(|place| place.split_once('}')).unwrap_or((from, ""));
        let (name, style) = place.split_once(':').unwrap_or((place, ""));
        match finding.fact(name) {
            Some(fact) => push_fact(&mut prose, fact, style, code, now),
            None => push(&mut prose, "…", code),
        }
        rest = after;
    }
    push(&mut prose, rest, code);
    prose
}

fn push(prose: &mut Prose, text: &str, code: bool) {
    if text.is_empty() {
        return;
    }
    match prose.0.last_mut() {
        Some(Span::Code(last)) if code => last.push_str(text),
        _ if code => prose.0.push(Span::Code(text.to_owned())),
        _ => prose.push_text(text),
    }
}

fn push_fact(prose: &mut Prose, fact: &Fact, style: &str, code: bool, now: Time) {
    match fact {
        Fact::Count(count) => push(prose, &count.to_string(), code),
        Fact::Duration(seconds) => push(prose, &time::duration(*seconds), code),
        Fact::Words(words) => push(prose, words, code),
        Fact::Time(at) if style == "relative" => push(prose, &time::relative(*at, now), code),
        Fact::Time(at) => push(prose, &at.date_and_time(), code),
        Fact::Text(text) if code => push(prose, &clipped(text), true),
        // A value stands in a run of its own, so that it is not glued to literal code before it.
        Fact::Text(text) => prose.0.push(Span::Code(clipped(text))),
        Fact::List(items) => {
            for (number, item) in items.iter().enumerate() {
                if number == MOST_ITEMS && items.len() > MOST_ITEMS + 1 {
                    prose.push_text(" and ");
                    prose.push_text(&(items.len() - MOST_ITEMS).to_string());
                    prose.push_text(" more");
                    break;
                }
                if number > 0 {
                    prose.push_text(if number + 1 == items.len() { " and " } else { ", " });
                }
                prose.0.push(Span::Code(clipped(item)));
            }
        }
    }
}

fn clipped(text: &str) -> String {
    let Some((cut, _)) = text.char_indices().nth(LONGEST_VALUE) else {
        return visible(text);
    };
    let head = text.char_indices().nth(LONGEST_VALUE - 20).map_or(cut, |(at, _)| at);
    let tail = text.char_indices().rev().nth(14).map_or(cut, |(at, _)| at);
    let mut clipped = visible(text.get(..head).unwrap_or_default());
    clipped.push('…');
    clipped.push_str(&visible(text.get(tail..).unwrap_or_default()));
    clipped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(template: &str, expected: &str) {
        let now = Time::from_seconds(1_795_183_392);
        let finding = Finding::error(Code("test"), "/payload/exp")
            .text("found", "a`b{found}\n")
            .with("exp", Fact::Time(Time::from_seconds(1_795_183_200)))
            .with("late", Fact::Duration(192))
            .with("count", Fact::Count(3))
            .with("kids", Fact::List(vec!["a".to_owned(), "b".to_owned(), "c".to_owned()]));
        assert_eq!(fill(template, &finding, now).markdown(), expected);
    }

    #[test]
    fn facts_stand_in_their_places() {
        check("Expired {late} ago", "Expired 3 min 12 s ago");
        check("{exp}, {exp:relative}", "Fri 20 Nov 2026, 14:00:00 UTC, 3 min 12 s ago");
        check("{count} keys: {kids}", "3 keys: `a`, `b` and `c`");
        check("set `aud` to it", "set `aud` to it");
        check("{missing}", "…");
    }

    #[test]
    fn a_value_cannot_change_how_a_sentence_reads() {
        check("is {found}.", "is `` a`b{found}\\n ``.");
        let runs = Prose(vec![Span::Code("``<img src=x>``` a".to_owned())]);
        assert_eq!(runs.markdown(), "```` ``<img src=x>``` a ````");
    }

    #[test]
    fn long_values_are_cut_in_the_middle() {
        let text = format!("{}{}", "é".repeat(300), "end");
        let cut = clipped(&text);
        assert!(cut.chars().count() <= LONGEST_VALUE, "{cut}");
        assert!(cut.ends_with("end") && cut.contains('…'));
    }
}
